#!/usr/bin/env bash
# manual.sh CS ROOT - the manual pages, the help and the rows agree.
#
# Every command has a page docs/man/cs-NAME.1 whose summary is that of the
# overview, in whose order cs(1) lists them, and every option that its help prints
# is an item of that page; no item names an option that is gone. Every
# configuration key is an item of cs-config(5) that tells its default and its
# choices, every task one of cs-maintenance(1), every field of a query one of
# cs-query(7), and every exit status one of cs(1). The help of each command fits a
# screen of 24 lines. Pages are clean under mandoc, where there is one.
set -euo pipefail
export LC_ALL=C

cs=$1
man=$2/docs/man
status=0

complain() {
    echo "$*"
    status=1
}

# options_of COMMAND... - the long options that help prints for it: one a line,
# and those that are only named behind "Also:".
options_of() {
    "$cs" "$@" | awk '
        /^  ..[, ] --/ { sub(/^  ..[, ] --/, ""); sub(/[^a-z-].*/, ""); print }
        /^Also: / { others = 1 }
        /^$/ { others = 0 }
        others {
            while (match($0, /--[a-z-]+/)) {
                print substr($0, RSTART + 2, RLENGTH - 2)
                $0 = substr($0, RSTART + RLENGTH)
            }
        }' | sort
}

# section PAGE NAME - the lines of one section of a page.
section() {
    awk -v name="$2" '
        /^\.Sh / { inside = ($0 == ".Sh " name); next }
        inside' "$man/$1"
}

# items PAGE SECTION MACRO - the words of its items of this kind.
items() {
    section "$1" "$2" | sed -n "s/^\\.It $3 //p" |
        sed 's/ \(Ar\|Op\|Ns\) .*//; s/ , Cm / /g' | tr -s ' ' '\n' | sort
}

# item PAGE NAME - the text of an item, without its macros, in one line.
item() {
    awk -v name="$2" '
        /^\.(It|El|Bl)/ {
            inside = 0
            for (i = 3; i <= NF; i++)
                inside = inside || (/^\.It Cm/ && $i == name)
            next
        }
        inside { sub(/^\.[A-Z][a-z] /, ""); gsub(/"/, ""); print }' \
        "$man/$1" | xargs -d '\n'
}

# documented PAGE SECTION - the options that are items of it.
documented() {
    section "$1" "$2" | sed -n 's/^\.It.*Fl -\([a-z-]*\).*/\1/p' | sort
}

# summary_of PAGE - what its NAME says, as the overview has it.
summary_of() {
    sed -n 's/^\.Nd \(.\)\(.*\)/\1\2/p' "$man/$1"
}

compare() { # TITLE PRINTED DOCUMENTED
    local missing extra
    missing=$(comm -23 <(printf '%s\n' "$2") <(printf '%s\n' "$3") | xargs)
    extra=$(comm -13 <(printf '%s\n' "$2") <(printf '%s\n' "$3") | xargs)
    [ -z "$missing" ] || complain "$1: not in the manual page: $missing"
    [ -z "$extra" ] || complain "$1: only in the manual page: $extra"
}

commands=$("$cs" help | awk '/^$/ { part++; next } part == 2 { print $1 }')
[ "$(wc -w <<<"$commands")" -ge 5 ] || complain "the overview lists no commands"
for command in $commands; do
    page=cs-$command.1
    [ -f "$man/$page" ] || {
        complain "$command: no manual page"
        continue
    }
    summary=$("$cs" help | awk -v name="$command" '
        $1 == name { $1 = ""; sub(/^ /, ""); print; exit }')
    [ "${summary,}" = "$(summary_of "$page")" ] ||
        complain "$page: its summary is not: ${summary,}"
    compare "$command" "$(options_of help "$command")" \
        "$(documented "$page" DESCRIPTION)"
    lines=$("$cs" help "$command" | wc -l)
    [ "$lines" -le 24 ] || complain "$command: the help has $lines lines"
    "$cs" help "$command" | head -n 1 | grep -q '^Example: cs ' ||
        complain "$command: the help does not begin with an example"
done
[ "$(xargs <<<"$commands")" = \
    "$(section cs.1 COMMANDS | sed -n 's/^\.It Xr cs-\(.*\) 1$/\1/p' | xargs)" ] ||
    complain "cs.1 lists other commands than the overview, or in another order"
compare "every command" "$(options_of help)" "$(documented cs.1 OPTIONS)"
compare "commands" "$(sort <<<"$commands")" \
    "$(cd "$man" && printf '%s\n' cs-*.1 | sed 's/^cs-//; s/\.1$//' | sort)"

keys=$("$cs" help keys | sed -n 's/^  \([a-z_]\{4,\}\) .*/\1/p' | sort)
[ "$(wc -w <<<"$keys")" -ge 10 ] || complain "help keys lists no keys"
compare "keys" "$keys" \
    "$(items cs-config.5 DESCRIPTION Cm)"
while IFS=$'\t' read -r key word; do
    [[ " $(item cs-config.5 "$key") " =~ [[:space:]]"$word"[[:space:].,\;] ]] ||
        complain "cs-config.5: $key: does not tell of $word"
done < <("$cs" help keys | awk '
    /^  [a-z]/ { key = $1 }
    /^   .*default / {
        value = $0
        sub(/.*default /, "", value)
        sub(/;.*/, "", value)
        print key "\t" value
    }
    /^   .* \| / {
        sub(/, default.*/, "")
        n = split($0, choices, / *\| */)
        for (i = 1; i <= n; i++) {
            gsub(/ /, "", choices[i])
            print key "\t" choices[i]
        }
    }')
compare "tasks" "$("$cs" __complete tasks | sort)" \
    "$(items cs-maintenance.1 DESCRIPTION Cm)"
compare "fields of a query" \
    "$(for letter in {a..z}; do "$cs" __complete query "$letter"; done |
        tr -d : | sort)" \
    "$(sed -n '/^\.Ss Fields/,/^\.Ss Times/s/^\.It Li //p' "$man/cs-query.7" |
        grep -o '[a-z]*:' | tr -d : | sort)"
compare "exit status" \
    "$("$cs" help exit-codes | awk 'NR > 1 { print $1 }' | sort)" \
    "$(section cs.1 "EXIT STATUS" | sed -n 's/^\.It \([0-9]*\)$/\1/p' | sort)"

if command -v mandoc >/dev/null; then
    found=$(mandoc -Tlint -W warning "$man"/* || true)
    [ -z "$found" ] || complain "$found"
fi

[ "$status" != 0 ] || echo "the manual pages agree with $(wc -w <<<"$commands") commands"
exit "$status"
