/*
 * claim.c - reading the head of a file.
 */
#include "index/store/claim.h"

#include "src/path.h"
#include "src/text.h"

#include <errno.h>
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

/* Why a file cannot be one of ours, rather than cannot be read just now. */
static bool is_foreign(int errnum)
{
    return errnum == EACCES || errnum == ELOOP || errnum == ENOENT ||
           errnum == ENOTDIR || errnum == ENXIO;
}

/* At most HEAD_MAX bytes of the file, or -1 with errno. */
static ssize_t read_head(const char *path, char *head)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return is_foreign(errno) ? 0 : -1;
    ssize_t n = fstat(fd, &st);
    if (n == 0 && S_ISREG(st.st_mode))
        n = read(fd, head, HEAD_MAX);
    int errnum = errno;
    (void)close(fd);
    errno = errnum;
    return n;
}

void cs_claim_parse(char *head, struct cs_claim *ret)
{
    char *end = strstr(head, "\n---\n");
    *ret = (struct cs_claim){{0}, {0}};
    if (!cs_str_starts(head, "---\n") || !end)
        return;
    end[1] = '\0';
    read_key(head, "\nid: \"", ret->id, sizeof(ret->id));
    read_key(head, "\nsource: \"", ret->source, sizeof(ret->source));
}

enum cs_status cs_claim_read(struct cs_dir *dir, const char *name,
                             struct cs_claim *ret, struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    cs_path_join(&path, cs_dir_path(dir), name);
    enum cs_status status = cs_strbuf_status(&path, err);
    if (status)
        return status;
    char *head = malloc(HEAD_MAX + 1);
    if (!head)
        return cs_error_no_memory(err);
    ssize_t n = read_head(path.data, head);
    if (n < 0)
        status = cs_error_errno(err, errno, "%s", path.data);
    head[n < 0 ? 0 : n] = '\0';
    cs_claim_parse(head, ret);
    free(head);
    return status;
}
