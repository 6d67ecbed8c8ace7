/*
 * claim.c - reading the head of a file.
 */
#include "index/store/claim.h"

#include "src/path.h"
#include "src/text.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Only the front matter is read. */
enum { HEAD_MAX = 64 << 10 };

/* The value of `key: "value"` at the start of a line; escapes do not occur in
 * names of sources and in ids. */
static void read_key(const char *head, const char *key, char *value,
                     size_t size)
{
    const char *line = strstr(head, key);
    if (!line)
        return;
    line += strlen(key);
    size_t len = strcspn(line, "\"\\\n");
    if (line[len] != '"' || len >= size)
        return;
    memcpy(value, line, len);
    value[len] = '\0';
}

/* At most HEAD_MAX bytes of the file; 0 when it cannot be read. */
static size_t read_head(const char *path, char *head)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t n = fstat(fd, &st) == 0 && S_ISREG(st.st_mode)
                    ? read(fd, head, HEAD_MAX)
                    : 0;
    (void)close(fd);
    return n > 0 ? (size_t)n : 0;
}

void cs_claim_read(struct cs_dir *dir, const char *name, struct cs_claim *ret)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    char *head = malloc(HEAD_MAX + 1);
    *ret = (struct cs_claim){{0}, {0}};
    cs_path_join(&path, cs_dir_path(dir), name);
    if (head && path.status == CS_OK) {
        head[read_head(path.data, head)] = '\0';
        char *end = strstr(head, "\n---\n");
        if (cs_str_starts(head, "---\n") && end) {
            end[1] = '\0';
            read_key(head, "\nid: \"", ret->id, sizeof(ret->id));
            read_key(head, "\nsource: \"", ret->source, sizeof(ret->source));
        }
    }
    free(head);
}
