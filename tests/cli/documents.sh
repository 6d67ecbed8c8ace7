#!/usr/bin/env bash
# documents.sh - the commands that README, docs/, the manual pages and the help
# show can be typed as they stand, and answer as shown.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
man=$top/docs/man
documents=("$top"/README.md "$top"/docs/*.md "$top"/systemd/README.md)

expect 0 help
awk '/^$/ { part++; next } part == 2 { print $1 }' "$BOX/out" >"$BOX/verbs"
while read -r verb; do
    expect 0 help "$verb"
    sed -n 's/^Example: //p' "$BOX/out"
done <"$BOX/verbs" >"$BOX/examples"

# shown - every command line of cs in the documents, without what follows it.
shown() {
    # shellcheck disable=SC2016
    grep -hoE '`cs [^`]*`' "${documents[@]}" | tr -d '`'
    awk 'FNR == 1 { code = 0 }
        /^```/ { code = !code; next }
        code && /^(\$ )?cs / {
            sub(/^\$ /, "")
            sub(/(  +| #).*/, "")
            print
        }' "${documents[@]}"
    sed -n 's/^\.Ic \(cs .*\)/\1/p; /^\.Bd/,/^\.Ed/{/^cs /p}' "$man"/*
    cat "$BOX/examples"
}

# Each command exists and knows each option: with --help behind it nothing is
# done, but all of it is read. So are the words that are actions of a command.
words_of() {
    case $1 in
    maintenance) cs __complete tasks ;;
    scheduler) cs __complete timers ;;
    config) cs __complete settings ;;
    help) cs __complete topics && cat "$BOX/verbs" ;;
    *) return 1 ;;
    esac
}

shown | sed 's/ >.*//; s/ && .*//; s/ [.,;]$//' | sort -u >"$BOX/shown"
[ "$(wc -l <"$BOX/shown")" -ge 50 ] || fail "the documents show no commands"
words=()
while IFS= read -r line; do
    eval "words=(${line#cs})"
    cs "${words[@]}" --help
    [ "$STATUS" = 0 ] || fail "documented: $line"
    [[ ${words[1]:-} =~ ^[a-z-]+$ && ${words[1]} != -* ]] || continue
    if known=$(words_of "${words[0]}" && cat "$BOX/out"); then
        grep -qx -- "${words[1]}" <<<"$known" ||
            fail "documented: $line: no such action"
    fi
    ok
done <"$BOX/shown"

start_fake
use_server
expect 0 sync

# What the README shows is what comes, but for ages and times.
plain() {
    sed -E 's/\x1b\[[0-9;]*m//g; s/[0-9]+ [a-z]+ ago/AGE/; s/[0-9.]+ ms/MS/'
}
awk '/^\$ cs search/ { inside = 1; next } /^```/ { inside = 0 }
    inside && !/^  \.\.\.$/' "$top/README.md" | plain >"$BOX/transcript"
[ "$(wc -l <"$BOX/transcript")" -ge 5 ] || fail "the README shows no answer"
eval "words=($(sed -n 's/^\$ cs //p' "$top/README.md"))"
expect 0 --color always "${words[@]}"
cat "$BOX/out" "$BOX/err" | plain >"$BOX/answer"
while IFS= read -r line; do
    grep -qxF -- "$line" "$BOX/answer" || fail "README.md shows: $line"
    ok
done <"$BOX/transcript"

# Queries of cs-query(7) are understood; those of Confluence mean what stands
# beside them.
literal() { # N - the Nth literal block of the page, as a reader sees it
    awk -v n="$1" '/^\.Ed/ { inside = 0 } inside; /^\.Bd/ { inside = ++i == n }' \
        "$man/cs-query.7" |
        sed 's/\\e/\\/g; s/\\\*(Gt/>/g; s/\\\*(Lt/</g'
}
understood() {
    cs search --json -- "$1"
    [ "$STATUS" -le 1 ] || fail "query: $1"
    jq -r .query.expression "$BOX/out" | sed 's/T[0-9:.]*Z/T/g'
}
while IFS= read -r line; do
    understood "${line%%   *}" >/dev/null
    json '.query.warnings | length' 0
done < <(literal 1)
while IFS= read -r line; do
    theirs=${line%%   *}
    same "$(understood "$theirs")" "$(understood "${line##*   }")" "$theirs"
done < <(literal 2)

# The fields and filters of --format are those of cs-search(1).
for wrong in '{nosuch}' '{title|nosuch}'; do
    expect 2 search --format "$wrong" pool
    for word in $(sed 's/.*there are: //; s/:N//' "$BOX/err"); do
        sed -n '/^\.It Fl -format/,/^\.It Fl l/p' "$man/cs-search.1" |
            grep -qw -- "$word" || fail "cs-search.1 does not tell of $word"
        ok
    done
done

# The configurations that are shown are read without complaint.
awk '/^```/ { inside = 0 } /^root = / { inside = 1 } inside' "$top/README.md" \
    >"$BOX/readme.config"
sed -n '/^root = /,/^\.Ed/{/^\.Ed/!p}' "$man/cs-config.5" >"$BOX/man.config"
for name in readme man; do
    grep -q space_keys "$BOX/$name.config" || fail "no configuration in $name"
    expect 0 --config "$BOX/$name.config" config
done

# The examples of the help answer; the rest asks, or needs a systemd.
mkdir -p "$HOME_DIR/src/shop" "$HOME_DIR/.local/share/bash-completion/completions"
echo '<p>x</p>' >"$BOX/page.xhtml"
mkdir "$BOX/bin"
ln -s "$(realpath "$CS")" "$BOX/bin/cs"
while IFS= read -r line; do
    case $line in
    "cs setup" | "cs scheduler enable" | "cs open 1") continue ;;
    esac
    (
        cd "$BOX"
        env -i "PATH=$BOX/bin:$PATH" "HOME=$HOME_DIR" "${VARIABLES[@]}" \
            ${SANITIZER_ENV[@]+"${SANITIZER_ENV[@]}"} \
            bash -c "$line" >"$BOX/out" 2>"$BOX/err" </dev/null
    ) || fail "the example: $line"
    ok
done <"$BOX/examples"

# So do the orders that the sample server's README gives, one after the other.
sed -n '/^```sh/,/^```/{/^curl/p}' "$top/tests/fake/README.md" >"$BOX/orders"
[ "$(wc -l <"$BOX/orders")" -ge 20 ] || fail "the README gives no orders"
while IFS= read -r line; do
    U=http://127.0.0.1:$PORT bash -c "${line/curl/curl -sS --fail}" \
        >"$BOX/out" 2>"$BOX/err" || fail "tests/fake/README.md: $line"
    ok
done <"$BOX/orders"

finish
