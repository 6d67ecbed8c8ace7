#!/usr/bin/env bash
# manual.sh CS ROOT - the manual page, the help and the rows agree.
#
# Every command has a section "Ss cs NAME" in docs/man/cs.1, and every option
# that its help prints is an item of that section; no item names an option that
# is gone. Every configuration key is an item, and so is every exit status. The
# help of each command fits a screen of 24 lines.
set -euo pipefail
export LC_ALL=C

cs=$1
page=$2/docs/man/cs.1
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

# section NAME - the lines of one subsection or section of the page.
section() {
    awk -v name="$1" '
        /^\.S[sh] / { inside = ($0 == ".Ss " name || $0 == ".Sh " name); next }
        inside' "$page"
}

documented() {
    section "$1" | sed -n 's/^\.It.*Fl -\([a-z-]*\).*/\1/p' | sort
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
    [ -n "$(section "cs $command")" ] ||
        complain "$command: no section in the manual page"
    compare "$command" "$(options_of help "$command")" \
        "$(documented "cs $command")"
    lines=$("$cs" help "$command" | wc -l)
    [ "$lines" -le 24 ] || complain "$command: the help has $lines lines"
    "$cs" help "$command" | head -n 1 | grep -q '^Example: cs ' ||
        complain "$command: the help does not begin with an example"
done
compare "every command" "$(options_of help)" "$(documented OPTIONS)"
compare "commands" "$(sort <<<"$commands")" \
    "$(sed -n 's/^\.Ss cs //p' "$page" | sort)"

keys=$("$cs" help keys | sed -n 's/^  \([a-z_]\{4,\}\) .*/\1/p' | sort)
[ "$(wc -w <<<"$keys")" -ge 10 ] || complain "help keys lists no keys"
compare "keys" "$keys" \
    "$(section CONFIGURATION | grep '^\.It Cm ' |
        grep -o 'Cm [a-z_]*' | cut -c 4- | sort)"
compare "exit status" \
    "$("$cs" help exit-codes | awk 'NR > 1 { print $1 }' | sort)" \
    "$(section "EXIT STATUS" | sed -n 's/^\.It \([0-9]*\)$/\1/p' | sort)"

[ "$status" != 0 ] || echo "the manual page agrees with $(wc -w <<<"$commands") commands"
exit "$status"
