/*
 * completion.c - three scripts with the same parts: which word is the verb,
 * which option is before the word, and what may stand there.
 */
#include "cli/completion.h"

#include "cli/complete.h"
#include "src/text.h"

/* Call for the options of every command and for those of each verb. */
typedef void option_fn(const char *verb, const struct cs_option *row,
                       struct cs_strbuf *out);

static void each_option(option_fn *visit, struct cs_strbuf *out)
{
    for (const struct cs_option *row = cs_global_options; row->name; row++)
        visit("", row, out);
    for (size_t i = 0; cs_verbs[i]; i++) {
        const struct cs_option *row = cs_verbs[i]->options;
        for (; !cs_verbs[i]->hidden && row && row->name; row++)
            visit(cs_verbs[i]->name, row, out);
    }
}

static void put_names(const struct cs_option *rows, struct cs_strbuf *out)
{
    for (; rows && rows->name; rows++)
        cs_strbuf_printf(out, " --%s", rows->name);
}

static void put_verbs(struct cs_strbuf *out)
{
    for (size_t i = 0; cs_verbs[i]; i++)
        if (!cs_verbs[i]->hidden)
            cs_strbuf_printf(out, " %s", cs_verbs[i]->name);
}

/* One arm of "case $verb:$option in", for bash and zsh. */
static void put_arm(const char *verb, const struct cs_option *row,
                    struct cs_strbuf *out)
{
    const char *kind = cs_complete_option(row->name);
    if (row->type == CS_OPTION_FLAG)
        return;
    cs_strbuf_printf(out, "        %s:--%s", *verb ? verb : "*", row->name);
    if (row->letter)
        cs_strbuf_printf(out, "|%s:-%c", *verb ? verb : "*", row->letter);
    cs_strbuf_printf(out, ") kind=%s ;;\n", kind ? kind : "NONE");
}

/* What bash and zsh share: from $verb, $before and $cur to $kind and $list. */
static void put_cases(struct cs_strbuf *out)
{
    cs_strbuf_puts(out, "    case $verb:$before in\n");
    each_option(put_arm, out);
    cs_strbuf_puts(out, "    esac\n"
                        "    if [[ -z $kind ]]; then\n"
                        "        case $verb in\n");
    for (size_t i = 0; cs_verbs[i]; i++) {
        const char *kind = cs_complete_words(cs_verbs[i]->name);
        if (cs_verbs[i]->hidden)
            continue;
        cs_strbuf_printf(out, "        %s) kind=%s list='", cs_verbs[i]->name,
                         kind ? kind : "NONE");
        put_names(cs_verbs[i]->options, out);
        cs_strbuf_puts(out, "' ;;\n");
    }
    cs_strbuf_puts(out, "        '') kind=VERBS ;;\n"
                        "        esac\n"
                        "        [[ $cur != -* ]] || kind=OPTIONS\n"
                        "    fi\n");
}

/* The words of options of every command that take the next word. */
static void put_takers(struct cs_strbuf *out)
{
    const char *gap = "";
    for (const struct cs_option *row = cs_global_options; row->name; row++) {
        if (row->type == CS_OPTION_FLAG)
            continue;
        cs_strbuf_printf(out, "%s--%s", gap, row->name);
        gap = "|";
    }
}

/* Which word is completed, and which verb it belongs to. */
static void put_bash_words(struct cs_strbuf *out)
{
    cs_strbuf_puts(out,
                   "# bash completion for cs\n"
                   "_cs() {\n"
                   "    local line=${COMP_LINE:0:COMP_POINT} cur before verb= "
                   "kind= list=\n"
                   "    local words=() word skip=0 strip=\n"
                   "    read -ra words <<<\"$line\"\n"
                   "    case $line in *[[:space:]]) words+=('') ;; esac\n"
                   "    cur=${words[${#words[@]} - 1]}\n"
                   "    before=${words[${#words[@]} - 2]-}\n"
                   "    for word in \"${words[@]:1:${#words[@]} - 2}\"; do\n"
                   "        if ((skip)); then skip=0; continue; fi\n"
                   "        case $word in\n"
                   "        ");
    put_takers(out);
    cs_strbuf_puts(out, ") skip=1 ;;\n"
                        "        -*) ;;\n"
                        "        *) verb=$word; break ;;\n"
                        "        esac\n"
                        "    done\n"
                        "    case $cur in --*=*)\n"
                        "        before=${cur%%=*}\n"
                        "        cur=${cur#*=} ;;\n"
                        "    esac\n");
}

/* What is offered, by the kind of the word. */
static void put_bash_kinds(struct cs_strbuf *out)
{
    cs_strbuf_puts(out, "'\n    COMPREPLY=()\n"
                        "    case $kind in\n"
                        "    VERBS) mapfile -t COMPREPLY "
                        "< <(compgen -W '");
    put_verbs(out);
    cs_strbuf_puts(
        out, "' -- \"$cur\") ;;\n"
             "    OPTIONS) mapfile -t COMPREPLY "
             "< <(compgen -W \"$list\" -- \"$cur\") ;;\n"
             "    FILES) compopt -o filenames 2>/dev/null\n"
             "        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\") ;;\n"
             "    FOLDERS) compopt -o filenames 2>/dev/null\n"
             "        mapfile -t COMPREPLY < <(compgen -d -- \"$cur\") ;;\n"
             "    NONE) ;;\n"
             "    *)\n"
             "        # bash counts a word from the last of its word breaks\n"
             "        strip=\n"
             "        if [[ $COMP_WORDBREAKS == *:* && $cur == *:* ]]; then\n"
             "            strip=${cur%\"${cur##*:}\"}\n"
             "        fi\n"
             "        while IFS= read -r word; do\n"
             "            word=${word#\"$strip\"}\n"
             "            [[ $word != *[!A-Za-z0-9_.,:@%+/-]* ]] || "
             "printf -v word %q \"$word\"\n"
             "            COMPREPLY+=(\"$word\")\n"
             "        done < <(\"${COMP_WORDS[0]}\" __complete \"$kind\" -- "
             "\"$cur\" "
             "2>/dev/null) ;;\n"
             "    esac\n"
             "    [[ ${COMPREPLY[0]-} != *[:,=] ]] || compopt -o nospace "
             "2>/dev/null\n"
             "}\n"
             "complete -F _cs cs\n");
}

void cs_completion_bash(struct cs_strbuf *out)
{
    put_bash_words(out);
    put_cases(out);
    cs_strbuf_puts(out, "    list+='");
    put_names(cs_global_options, out);
    put_bash_kinds(out);
}

void cs_completion_zsh(struct cs_strbuf *out)
{
    cs_strbuf_puts(
        out, "#compdef cs\n"
             "# zsh completion for cs\n"
             "_cs() {\n"
             "    local cur=$PREFIX before=${words[CURRENT-1]} verb= kind="
             " list= word\n"
             "    local -i skip=0\n"
             "    local -a found\n"
             "    for word in \"${(@)words[2,CURRENT-1]}\"; do\n"
             "        if ((skip)); then skip=0; continue; fi\n"
             "        case $word in\n"
             "        ");
    put_takers(out);
    cs_strbuf_puts(out, ") skip=1 ;;\n"
                        "        -*) ;;\n"
                        "        *) verb=$word; break ;;\n"
                        "        esac\n"
                        "    done\n"
                        "    if [[ $cur == --*=* ]]; then\n"
                        "        before=${cur%%=*}\n"
                        "        compset -P '*='\n"
                        "        cur=$PREFIX\n"
                        "    fi\n");
    put_cases(out);
    cs_strbuf_puts(out, "    list+='");
    put_names(cs_global_options, out);
    cs_strbuf_puts(out, "'\n"
                        "    case $kind in\n"
                        "    VERBS) compadd --");
    put_verbs(out);
    cs_strbuf_puts(out, " ;;\n"
                        "    OPTIONS) compadd -- ${=list} ;;\n"
                        "    FILES) _files ;;\n"
                        "    FOLDERS) _files -/ ;;\n"
                        "    NONE) ;;\n"
                        "    *)\n"
                        "        found=(\"${(@f)$(\"${words[1]}\" __complete "
                        "$kind -- \"$cur\" 2>/dev/null)}\")\n"
                        "        compadd -S '' -- ${found:#} ;;\n"
                        "    esac\n"
                        "}\n"
                        "if [[ $funcstack[1] == _cs ]]; then\n"
                        "    _cs \"$@\"\n"
                        "else\n"
                        "    compdef _cs cs\n"
                        "fi\n");
}

/* A text between single quotes, as fish reads them. */
static void put_fish_text(const char *text, struct cs_strbuf *out)
{
    cs_strbuf_putc(out, '\'');
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            cs_strbuf_putc(out, '\\');
        cs_strbuf_putc(out, *text);
    }
    cs_strbuf_putc(out, '\'');
}

static void put_fish_values(const char *kind, struct cs_strbuf *out)
{
    if (!kind)
        cs_strbuf_puts(out, " -x");
    else if (cs_str_equal(kind, CS_COMPLETE_FILES))
        cs_strbuf_puts(out, " -rF");
    else if (cs_str_equal(kind, CS_COMPLETE_FOLDERS))
        cs_strbuf_puts(out, " -xa '(__fish_complete_directories)'");
    else
        cs_strbuf_printf(out, " -xa '(__cs_values %s)'", kind);
}

static void put_fish_option(const char *verb, const struct cs_option *row,
                            struct cs_strbuf *out)
{
    cs_strbuf_puts(out, "complete -c cs");
    if (*verb)
        cs_strbuf_printf(out, " -n '__fish_seen_subcommand_from %s'", verb);
    if (row->letter)
        cs_strbuf_printf(out, " -s %c", row->letter);
    cs_strbuf_printf(out, " -l %s", row->name);
    if (row->type != CS_OPTION_FLAG)
        put_fish_values(cs_complete_option(row->name), out);
    if (row->help) {
        cs_strbuf_puts(out, " -d ");
        put_fish_text(row->help, out);
    }
    cs_strbuf_putc(out, '\n');
}

void cs_completion_fish(struct cs_strbuf *out)
{
    cs_strbuf_puts(
        out, "# fish completion for cs\n"
             "function __cs_values\n"
             "    set -l words (commandline -opc)\n"
             "    set -l word (string replace -r '^--[a-z-]+=' '' --"
             " (commandline -ct))\n"
             "    $words[1] __complete $argv[1] -- \"$word\" 2>/dev/null\n"
             "end\n"
             "complete -c cs -f\n");
    for (size_t i = 0; cs_verbs[i]; i++) {
        const char *kind = cs_complete_words(cs_verbs[i]->name);
        if (cs_verbs[i]->hidden)
            continue;
        cs_strbuf_printf(out,
                         "complete -c cs -n __fish_use_subcommand -a %s -d ",
                         cs_verbs[i]->name);
        put_fish_text(cs_verbs[i]->summary, out);
        cs_strbuf_putc(out, '\n');
        if (!kind)
            continue;
        cs_strbuf_printf(out,
                         "complete -c cs -n '__fish_seen_subcommand_from %s'",
                         cs_verbs[i]->name);
        if (cs_str_equal(kind, CS_COMPLETE_FILES))
            cs_strbuf_puts(out, " -F\n");
        else
            cs_strbuf_printf(out, " -a '(__cs_values %s)'\n", kind);
    }
    each_option(put_fish_option, out);
}
