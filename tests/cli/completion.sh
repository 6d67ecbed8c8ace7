#!/usr/bin/env bash
# completion.sh - shells parse what cs completion prints, bash's function
# completes verbs, options and live values.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

for shell in bash zsh fish; do
    expect 0 completion "$shell"
    cp "$BOX/out" "$BOX/cs.$shell"
    # Every verb and every option of the help is in it.
    "$CS" help | awk '/^$/ { part++; next } part == 2 { print $1 }' >"$BOX/verbs"
    while IFS= read -r verb; do
        grep -qw -- "$verb" "$BOX/cs.$shell" || fail "$shell: no $verb"
    done <"$BOX/verbs"
    if command -v "$shell" >/dev/null; then
        "$shell" -n "$BOX/cs.$shell" || fail "$shell does not parse it"
        ok
    fi
done
! grep -q __complete "$BOX/verbs" || fail "the overview lists __complete"
expect 2 completion tcsh
expect 2 completion
expect 0 __complete nosuchkind x
expect 4 __complete spaces

start_fake
use_server
expect 0 sync
expect 0 search --save pools pool
expect 0 search --save payments payment

cat >"$BOX/drive" <<'SH'
# drive LINE - what bash's function offers at the end of LINE.
. "$BOX/cs.bash"
COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=("$CS") COMPREPLY=()
_cs
printf '%s\n' "${COMPREPLY[@]}"
SH

# offers LINE WANT - exactly that, in this order.
offers() {
    local got
    got=$(env -i "PATH=$PATH" "HOME=$HOME_DIR" LC_ALL=C.UTF-8 "BOX=$BOX" \
        ${SANITIZER_ENV[@]+"${SANITIZER_ENV[@]}"} \
        "CS=$CS" "${VARIABLES[@]}" bash "$BOX/drive" "$1" 2>"$BOX/err" |
        xargs -d '\n' || true)
    same "${got% }" "$2" "offered for \"$1\""
    same "$(wc -c <"$BOX/err")" 0 "messages of the function"
}

offers "cs sea" "search"
offers "cs searc" "search"
offers "cs --color " "auto always never"
offers "cs --color never sea" "search"
offers "cs search --sp" "--space"
offers "cs search --space " "ENG OPS"
offers "cs search --space O" "OPS"
offers "cs search --space=O" "OPS"
offers "cs search --space OPS,E" "OPS,ENG"
offers "cs search --label pay" "payments"
offers "cs search --label payments,run" "payments,runbook"
offers "cs search --author Jon" 'Jonas\ Weber'
offers "cs search --source " "confluence"
offers "cs search --type " "page blogpost"
offers "cs config uns" "unset"
offers "cs config set confluence.space" "confluence.space_keys"
offers "cs help key" "keys"
offers "cs search --sort " "relevance updated created title"
offers "cs search --facets space,ye" "space,year"
offers "cs search --forget p" "pools payments"
offers "cs search -n " ""
offers "cs search --save " ""
offers "cs search @p" "@pools @payments"
offers "cs search pool @po" "@pools"
offers "cs search spa" "space:"
offers "cs search space:O" "OPS"
offers "cs search -- label:run" "runbook"
offers "cs search pool" ""
offers "cs sync --sp" "--space"
offers "cs sync co" "confluence"
offers "cs maintenance --d" "--dry-run"
offers "cs maintenance reco" "reconvert recover"
offers "cs help exit" "exit-codes"
offers "cs completion " "bash zsh fish"
offers "cs nosuch x" ""
touch "$BOX/a.xhtml"
offers "cs convert $BOX/a." "$BOX/a.xhtml"
offers "cs --root $BOX/hom" "$BOX/home"
offers "cs similar --form" "--format"

# --- The others, asked as their users ask them.
mkdir "$BOX/bin"
ln -s "$CS" "$BOX/bin/cs"
in_shell() {
    env -i "PATH=$BOX/bin:$PATH" "HOME=$HOME_DIR" LC_ALL=C.UTF-8 "BOX=$BOX" \
        TERM=dumb ${SANITIZER_ENV[@]+"${SANITIZER_ENV[@]}"} "${VARIABLES[@]}" \
        "$@" 2>"$BOX/err"
}

# fish_offers LINE WANT - what fish proposes, descriptions left out, sorted.
fish_offers() {
    same "$(in_shell fish --no-config -c \
        'source $BOX/cs.fish; complete -C $argv[1]' "$1" | cut -f 1 | sort |
        xargs)" "$2" "fish, \"$1\""
}
if command -v fish >/dev/null; then
    fish_offers "cs searc" "search"
    fish_offers "cs search --space " "ENG OPS"
    fish_offers "cs search --forget p" "payments pools"
    fish_offers "cs search @po" "@pools"
    fish_offers "cs maintenance reco" "reconvert recover"
fi

# A zsh at a terminal of its own: the line, a tab, and the line that is then
# there.
cat >"$BOX/drive.zsh" <<'SH'
zmodload zsh/zpty
zpty cs zsh -f -i
zpty -w cs 'PS1=; PROMPT=; autoload -Uz compinit; compinit -u -D
    source $BOX/cs.zsh
    report() { print -rn -- "<<$BUFFER>>" >$BOX/line; exit }
    zle -N report; bindkey "^X" report; print ready'
zpty -r -m cs line '*ready*'
zpty -w -n cs "$1"$'\t\x18'
zpty -r cs line '*<<*' || :
while [[ ! -s $BOX/line ]]; do zpty -r cs line || break; done
zpty -d cs
SH
zsh_completes() {
    rm -f "$BOX/line"
    in_shell timeout 20 zsh -f "$BOX/drive.zsh" "$1" >/dev/null || true
    same "$(cat "$BOX/line" 2>/dev/null)" "<<$2>>" "zsh, \"$1\""
}
if command -v zsh >/dev/null; then
    zsh_completes "cs searc" "cs search "
    zsh_completes "cs search --space O" "cs search --space OPS"
    zsh_completes "cs search @po" "cs search @pools"
    zsh_completes "cs maintenance --dr" "cs maintenance --dry-run "
fi

# What comes from the site cannot harm a shell's line.
control label '{"id":"70011","add":"pay\u001b[31m"}' >/dev/null
control edit '{"id":"70011","append":"<p>x</p>"}' >/dev/null
expect 0 sync --full
expect 0 __complete labels pay
! LC_ALL=C grep -q $'\033' "$BOX/out" || fail "an escape among the values"

finish
