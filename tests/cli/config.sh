#!/usr/bin/env bash
# config.sh - show and change the configuration.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

FILE=$HOME_DIR/.config/context-sync/config

# Without a file: defaults, and where a file would be.
expect 0 config path
same "$(cat "$BOX/out")" "$FILE" path
expect 0 config
out_has "jobs "
! grep -q 'index_dir' "$BOX/out" || fail "what is not set is listed"
expect 0 config list --all
grep -qE '^index_dir +- +not set$' "$BOX/out" || fail "no index_dir"
expect 0 config get root
same "$(cat "$BOX/out")" "$HOME_DIR/context-sync" root
[ ! -e "$FILE" ] || fail "a look made a file"

# Set: the file comes into being, for its owner alone.
expect 0 config set jobs 8
same "$(stat -c %a "$FILE")" 600 "mode of the file"
same "$(stat -c %a "$(dirname "$FILE")")" 700 "mode of its folder"
expect 0 config get jobs
same "$(cat "$BOX/out")" 8 jobs

# Comments and order survive.
cat >"$FILE" <<'CONFIG'
# the team's wiki
jobs = 8 # be gentle

source confluence {
    base_url = "https://wiki.example.org" # no /wiki
    space_keys = {OPS}
}
CONFIG
expect 0 config set confluence.space_keys ENG 'a, b'
expect 0 config set confluence.username 'ada "x" {}$HOME\'
expect 0 config set jobs 6
cmp "$FILE" - <<'CONFIG' || fail "the file is another one: $(cat "$FILE")"
# the team's wiki
jobs = 6 # be gentle

source confluence {
    base_url = "https://wiki.example.org" # no /wiki
    space_keys = {ENG, "a, b"}
    username = "ada \"x\" {}\$HOME\\"
}
CONFIG
expect 0 config get username
same "$(cat "$BOX/out")" 'ada "x" {}$HOME\' username
expect 0 config set confluence.space_keys ENG,OPS
expect 0 config get confluence.space_keys
same "$(cat "$BOX/out")" "ENG, OPS" "space_keys"
expect 0 config unset username confluence.space_keys
expect 1 config get username
expect 1 config unset username
file_has "$FILE" "# no /wiki"

# A path counts from where the user stands, in the file from its folder.
cd "$BOX"
expect 0 config set ca_file some/ca.pem
cd /
file_has "$FILE" "ca_file = \"$BOX/some/ca.pem\""

# Secrets: not on the command line, not shown.
expect 2 config set confluence.api_token s3cret-value
err_has "--stdin"
STATUS=0
printf 's3cret-value\n' | env -i "PATH=$PATH" "HOME=$HOME_DIR" "$CS" config \
    set confluence.api_token --stdin >"$BOX/out" 2>"$BOX/err" || STATUS=$?
check_status 0 "config set --stdin"
file_has "$FILE" "api_token = s3cret-value"
for words in "config" "config --all" "config --json" "config get --json api_token"; do
    # shellcheck disable=SC2086
    expect 0 $words
    ! grep -q s3cret "$BOX/out" "$BOX/err" || fail "a secret is shown"
done
expect 2 config get api_token
expect 2 config set api_token --stdin x
expect 78 config set api_token --stdin

# Origins.
cs_env CONFLUENCE_BASE_URL=https://other.example.org -- config
check_status 0 config
# shellcheck disable=SC2016 # the name of the variable
grep -qE '^confluence.base_url +https://other.example.org +\$CONFLUENCE_BASE_URL$' \
    "$BOX/out" || fail "no variable"
grep -qE '^confluence.api_token +\(hidden\) +file$' "$BOX/out" ||
    fail "no token"
cs_env CONFLUENCE_BASE_URL=https://other.example.org -- config set base_url \
    https://third.example.org
check_status 0 "config set"
err_has "CONFLUENCE_BASE_URL in the environment wins"
expect 0 --root "$BOX/elsewhere" config --json
json '.entries[] | select(.name == "root") | .value, .origin' \
    "$BOX/elsewhere
option"
json '.entries[] | select(.name == "jobs") | .value, .origin' $'6\nfile'
json '.entries[] | select(.name == "confluence.jobs") | .value, .inherited' \
    $'6\ntrue'
json '.entries[] | select(.name == "comments") | .value, .origin' \
    $'yes\ndefault'
json '.file' "$FILE"

# Refusals leave the file alone.
cp "$FILE" "$BOX/before"
expect 78 config set jops 3
err_has "did you mean jobs?"
expect 78 config set jobs many
expect 78 config set confluence.root /x
expect 78 config set 'Bad Name.jobs' 3
expect 2 config set jobs
expect 2 config nonsense
expect 2 config get
expect 2 config get nonsense
expect 1 config get other.jobs
expect 2 config path x
cmp -s "$FILE" "$BOX/before" || fail "a refusal changed the file"

# A file that nothing else can read can be mended.
printf 'jops = 3\njobs = 99\n' >"$FILE"
expect 78 config
expect 0 config set jobs 9
expect 0 config unset jops
expect 0 config get jobs
printf 'source x {\n' >"$FILE"
expect 78 config set jobs 9
err_has "config:"

# An editor gets the file; what it wrote is read at once.
cat >"$BOX/editor" <<'SH'
#!/bin/sh
printf '%s\n' "$TEXT" >"$1"
chmod 644 "$1"
SH
chmod +x "$BOX/editor"
cs_env "EDITOR=$BOX/editor" "TEXT=jobs = 5" -- config edit
check_status 0 "config edit"
same "$(stat -c %a "$FILE")" 600 "mode after the editor"
cs_env "EDITOR=$BOX/editor" "TEXT=jobs = x" -- config edit
check_status 78 "config edit, wrong"
err_has "config:1: jobs"

# A link to a file elsewhere stays a link.
rm "$FILE"
printf 'jobs = 2\n' >"$BOX/dotfile"
ln -s "$BOX/dotfile" "$FILE"
expect 0 config set jobs 3
[ -L "$FILE" ] || fail "the link is gone"
file_has "$BOX/dotfile" "jobs = 3"

finish
