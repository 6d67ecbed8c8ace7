#!/usr/bin/env bash
# setup.sh - the wizard on a terminal, and without one.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

PTY=$(dirname "$FAKE")/../lib/cs-test-pty
CONFIG=$HOME_DIR/.config/context-sync
FILE=$CONFIG/config

# talk [NAME=VALUE...] -- ARG... <STEPS - run cs on a terminal of its own, as
# the steps say; what it shows goes to $BOX/out without carriage returns.
talk() {
    local settings=()
    while [ "$1" != -- ]; do
        settings+=("$1")
        shift
    done
    shift
    cat >"$BOX/steps"
    STATUS=0
    env -i "PATH=$PATH" "HOME=$HOME_DIR" TERM=xterm NO_COLOR=1 LC_ALL=C.UTF-8 \
        ${SANITIZER_ENV[@]+"${SANITIZER_ENV[@]}"} \
        ${settings[@]+"${settings[@]}"} \
        "$PTY" "$BOX/steps" "$CS" "$@" >"$BOX/raw" 2>"$BOX/err" || STATUS=$?
    tr -d '\r' <"$BOX/raw" >"$BOX/out"
    [ "$STATUS" != 125 ] || fail "the dialogue: $(cat "$BOX/err")"
    ok
}

# stdin TEXT ARG... - run cs with this on standard input, no terminal.
stdin() {
    local text=$1
    shift
    STATUS=0
    printf '%s\n' "$text" | env -i "PATH=$PATH" "HOME=$HOME_DIR" \
        ${SANITIZER_ENV[@]+"${SANITIZER_ENV[@]}"} \
        "$CS" "$@" >"$BOX/out" 2>"$BOX/err" || STATUS=$?
}

nothing_written() {
    [ -z "$(find "$HOME_DIR" -type f)" ] ||
        fail "written: $(find "$HOME_DIR" -type f)"
    ok
}

no_secret() {
    ! grep -qE 'demo-token|wrong-token' "$BOX/out" "$BOX/err" ||
        fail "a token is shown"
    ok
}

start_fake

# ---- on a terminal: Cloud ----

# A wrong address, a wrong token, a space that is not there; then all is well.
talk CONFLUENCE_DEPLOYMENT=cloud -- setup <<STEPS
expect Address:
send not an address
expect Address:
send http://127.0.0.1:1/wiki
expect Address:
send http://127.0.0.1:$PORT/wiki/spaces/ENG/pages/65601/Payment+service?x=1
expect Confluence Cloud at http://127.0.0.1:$PORT/wiki
expect e-mail
send demo@example.com
expect id.atlassian.com
expect API token:
hidden
send wrong-token
expect (11 characters)
expect refused
expect [demo@example.com]:
shown
send
expect API token:
hidden
send demo-token
expect knows you as Demo User
expect ENG
expect OPS
expect [*]:
shown
send eng NOSUCH
expect no space NOSUCH
expect [*]:
send ?oper
expect Operations
expect [*]:
send eng, 2
expect mirror [$HOME_DIR/context-sync]:
send $MIRROR
expect Written
expect now?
send n
expect cs sync
STEPS
same "$STATUS" 0 "status of the dialogue"
no_secret
same "$(stat -c %a "$FILE")" 600 "mode of the configuration"
cmp "$FILE" - <<CONFIG || fail "the configuration: $(cat "$FILE")"
# Configuration of cs; cs help keys describes it.

root = "$MIRROR"

source confluence {
    base_url = "$URL"
    username = "demo@example.com"
    api_token = demo-token
    space_keys = {ENG, OPS}
    deployment = cloud
}
CONFIG
ok

# Again: everything is there, Enter keeps it; the file stays byte for byte.
cp "$FILE" "$BOX/before"
talk -- setup <<'STEPS'
expect Address [http
send
expect [demo@example.com]:
send
expect keeps the one there is
hidden
send
expect [ENG OPS]:
send 1-3
expect no space 1-3
expect [ENG OPS]:
send 1-2
expect mirror [
send
expect now?
send n
STEPS
same "$STATUS" 0 "status of the second dialogue"
cmp -s "$FILE" "$BOX/before" || fail "the file changed: $(cat "$FILE")"

# Comments and other keys stay when something is changed; the sync runs.
sed -i 's/^root/# my mirror\nroot/; s/    username/    jobs = 2 # slow\n&/' "$FILE"
talk -- setup <<'STEPS'
expect Address
send
expect [demo@example.com]:
send
expect keeps
send
expect [ENG OPS]:
send 2
expect mirror [
send
expect now? [Y/n]
send maybe
expect y or n
send y
expect = 
expect cs search
STEPS
same "$STATUS" 0 "status with a sync"
file_has "$FILE" "# my mirror"
file_has "$FILE" "    jobs = 2 # slow"
file_has "$FILE" "    space_keys = {OPS}"
[ -f "$MIRROR/confluence/OPS/Operations.md" ] || fail "nothing was fetched"
[ ! -e "$MIRROR/confluence/ENG" ] || fail "more was fetched"
expect 0 search pool

# Another site: the credential is not sent there.
stop_fake
rm -rf "$CONFIG" "$MIRROR"
: >"$BOX/access"
start_fake --flavour datacenter --bearer pat-token
mkdir -p "$CONFIG"
printf 'source confluence {\n base_url = "https://other.invalid"\n username = ada\n api_token = other-secret\n}\n' >"$FILE"
chmod 600 "$FILE"
talk -- setup <<STEPS
expect [https://other.invalid]:
send http://127.0.0.1:$PORT/confluence/display/ENG/Some+Page
expect Confluence at http://127.0.0.1:$PORT/confluence
expect with a personal access token):
send
expect usertokens.action
expect access token:
hidden
send pat-token
expect knows you as
expect [*]:
send
expect mirror
send
expect now?
send n
STEPS
same "$STATUS" 0 "status for a Data Center"
file_has "$FILE" "api_token = pat-token"
! grep -q username "$FILE" || fail "the user name of another site is kept"
file_has "$FILE" 'space_keys = {"*"}'

# The same with a password, from before there were tokens.
rm -rf "$CONFIG"
talk -- setup --no-sync --no-timer <<STEPS
expect Address:
send 127.0.0.1:$PORT/confluence
expect Address:
send http://127.0.0.1:$PORT/confluence/pages/viewpage.action?pageId=65601
expect with a personal access token):
send demo@example.com
expect Password:
hidden
send demo-token
expect knows you as
expect [*]:
send OPS
expect mirror
send
expect Written
STEPS
same "$STATUS" 0 "status with a password"
file_has "$FILE" "username = "
no_secret
stop_fake

# ---- Ctrl-C at every question: nothing is written, the terminal is as before --

start_fake
rm -rf "$CONFIG"
steps=("expect Address:" "send $URL" "expect e-mail" "send demo@example.com"
    "expect API token:" "send demo-token" "expect all [*]:" "send 1"
    "expect mirror [" "send $MIRROR")
for ((i = 0; i < ${#steps[@]}; i += 2)); do
    for key in "key C-c" "key C-d" "signal TERM"; do
        talk CONFLUENCE_DEPLOYMENT=cloud -- setup < <(
            printf '%s\n' "${steps[@]:0:i+1}"
            [ "$i" != 4 ] || echo hidden
            echo "$key"
        )
        same "$STATUS" 130 "status after $key at question $((i / 2))"
        out_has "nothing was written"
        nothing_written
    done
done
# While the site thinks, too.
stop_fake
start_fake --delay 20000
talk -- setup <<STEPS
expect Address:
send $URL
key C-c
STEPS
same "$STATUS" 130 "status after Ctrl-C at work"
nothing_written
stop_fake
start_fake
# Ctrl-Z and Ctrl-\ do nothing while nothing shows.
talk CONFLUENCE_DEPLOYMENT=cloud -- setup <<STEPS
expect Address:
send $URL
expect e-mail
send demo@example.com
expect API token:
hidden
key C-z
key C-c
STEPS
same "$STATUS" 130 "status after Ctrl-Z"
# After the configuration is written, that is what is said.
talk "CONFLUENCE_BASE_URL=$URL" CONFLUENCE_USERNAME=demo@example.com \
    CONFLUENCE_API_TOKEN=demo-token "CONTEXT_SYNC_DIR=$MIRROR" \
    CONFLUENCE_SPACE_KEYS=OPS -- setup <<'STEPS'
expect now?
key C-c
STEPS
same "$STATUS" 130 "status after Ctrl-C at the end"
out_has "the configuration is written"
no_secret
file_has "$FILE" "space_keys = {OPS}"
rm -rf "$CONFIG"

# ---- without a terminal ----

expect 2 setup
err_has "--url"
expect 2 setup --url "$URL"
err_has "--token-stdin"
expect 78 setup --url 'ftp://x'
expect 75 setup --url http://127.0.0.1:1
expect 78 setup --url http://wiki.example.org
err_has "allow_http"
expect 2 setup --sync --no-sync
expect 2 setup --token-stdin --token-file x
expect 78 setup --url "$URL" --token-file "$BOX/nothing"
stdin wrong-token setup --url "$URL" --username demo@example.com --token-stdin
check_status 77 "a wrong token"
stdin '' setup --url "$URL" --username demo@example.com --token-stdin
check_status 78 "an empty token"
stdin demo-token setup --url "$URL" --username demo@example.com --token-stdin \
    --spaces ENG,NOSUCH
check_status 78 "a space that is not there"
err_has NOSUCH
stdin demo-token setup --url "$URL/nowhere" --username demo@example.com \
    --token-stdin
check_status 0 "an address below the site"
rm -rf "$CONFIG"
stdin demo-token setup --url "http://127.0.0.1:$PORT/elsewhere" \
    --username demo@example.com --token-stdin
check_status 78 "no Confluence there"
nothing_written

# All by options; the answer as JSON.
stdin demo-token --root "$MIRROR" setup --url "$URL" --token-stdin \
    --username demo@example.com --spaces 'ENG, OPS' --json
check_status 0 "setup by options"
json '.schema, .file, .base_url, .identity.name, (.space_keys | join(",")), .root, .sync' \
    "cs.setup/1
$FILE
$URL
Demo User
ENG,OPS
$MIRROR
false"
no_secret
cp "$BOX/out" "$BOX/setup.json"
expect 0 sync
rm -rf "$CONFIG" "$MIRROR"

# All by the environment, with a sync; then it works without it.
use_server
VARIABLES+=(CONTEXT_SYNC_SETUP_SYNC=yes CONFLUENCE_SPACE_KEYS=OPS
    CONFLUENCE_DEPLOYMENT=cloud)
expect 0 setup
out_has "= "
VARIABLES=()
expect 0 sync
expect 0 config get confluence.deployment
same "$(cat "$BOX/out")" cloud deployment
expect 0 setup --no-input
rm -rf "$CONFIG" "$MIRROR"

# The token stays where it is.
printf 'demo-token\n' >"$BOX/token"
chmod 644 "$BOX/token"
expect 78 setup --url "$URL" --username demo@example.com --token-file \
    "$BOX/token"
err_has "chmod 600"
chmod 600 "$BOX/token"
(cd "$BOX" && "$CS" --version >/dev/null)
cd "$BOX"
expect 0 setup --url "$URL" --username demo@example.com --token-file token
cd /
file_has "$FILE" "api_token_file = \"$BOX/token\""
! grep -q demo-token "$FILE" || fail "the token was copied"
expect 0 setup --token-command "cat '$BOX/token'"
file_has "$FILE" "api_token_command = "
! grep -q api_token_file "$FILE" || fail "the file still holds"
expect 0 doctor
stdin demo-token setup --token-stdin
check_status 0 "a token in the configuration"
! grep -q api_token_command "$FILE" || fail "the command still holds"

# A second source, in a file of its own name.
expect 0 --config "$BOX/other.conf" setup --source other --url "$URL" \
    --username demo@example.com --token-file "$BOX/token" --spaces OPS
file_has "$BOX/other.conf" "source other {"
file_has "$BOX/other.conf" "type = confluence"
expect 0 --config "$BOX/other.conf" --root "$BOX/m2" sync other
same "$(stat -c %a "$BOX/other.conf")" 600 "mode of the other file"
expect 78 setup --source 'Bad Name' --url "$URL" --username demo@example.com \
    --token-file "$BOX/token"

# A configuration that cannot be read is not written over.
printf 'jops = 3\n' >"$FILE"
expect 78 setup --url "$URL" --username x --token-file "$BOX/token"
same "$(cat "$FILE")" "jops = 3" "the broken file"
rm -rf "$CONFIG"

# ---- the timer ----

# Without systemd: the line for cron, and no question.
mkdir "$BOX/none" "$BOX/played"
ln -s "$(command -v env)" "$BOX/none/env"
given=("CONFLUENCE_BASE_URL=$URL" CONFLUENCE_USERNAME=demo@example.com
    CONFLUENCE_API_TOKEN=demo-token "CONTEXT_SYNC_DIR=$MIRROR"
    CONFLUENCE_SPACE_KEYS=OPS)
talk "${given[@]}" "PATH=$BOX/none" -- setup --no-sync <<'STEPS'
expect crontab -e
expect sync --scheduled
expect Next:
STEPS
same "$STATUS" 0 "status without systemd"
cs_env "${given[@]}" "PATH=$BOX/none" -- setup --timer --sync
check_status 3 "a timer where there is none"
err_has "crontab"
[ -f "$MIRROR/confluence/OPS/Operations.md" ] || fail "nothing was fetched"

# With one that is played: asked, switched on; the next time it is on.
units=$HOME_DIR/.config/systemd/user
cat >"$BOX/played/systemctl" <<END
#!$(command -v bash)
PATH=$PATH
units='$units'
wanted=\$units/timers.target.wants/context-sync.timer
while [[ \$1 == --* ]]; do shift; done
case "\$*" in
show-environment) printf '%s\n' 'HOME=$HOME_DIR' PATH=/usr/bin:/bin ;;
show*UnitPath*) echo "UnitPath=\$units" ;;
show*)
    [ ! -e "\$units/context-sync.timer" ] || echo LoadState=loaded
    [ ! -L "\$wanted" ] || echo UnitFileState=enabled
    echo "ActiveState=\$(cat '$BOX/active' 2>/dev/null)"
    echo "FragmentPath=\$units/context-sync.timer"
    echo "NextElapseUSecRealtime=Fri 2040-01-06 10:11:12 UTC"
    echo
    sed -n 's/^ExecStart="\([^"]*\)".*/ExecStart={ path=\1 ; argv[]=\1 sync ;/p' \
        "\$units/context-sync.service" 2>/dev/null || true
    ;;
enable*) mkdir -p "\${wanted%/*}" && ln -sfn "\$units/context-sync.timer" "\$wanted" ;;
restart*) cat '$BOX/becomes' >'$BOX/active' ;;
esac
END
chmod +x "$BOX/played/systemctl"
echo failed >"$BOX/becomes"
talk "${given[@]}" "PATH=$BOX/played:$PATH" -- setup --no-sync <<'STEPS'
expect every hour? [Y/n]
send y
expect but it is
expect Next:
STEPS
same "$STATUS" 0 "status with a timer that does not start"
echo active >"$BOX/becomes"
talk "${given[@]}" "PATH=$BOX/played:$PATH" -- setup --no-sync <<'STEPS'
expect every hour? [Y/n]
key C-c
STEPS
same "$STATUS" 130 "status after Ctrl-C at the timer"
out_has "the configuration is written"
talk "${given[@]}" "PATH=$BOX/played:$PATH" -- setup --no-sync <<'STEPS'
expect every hour? [Y/n]
send
expect Timer: next run in
expect Next:
STEPS
same "$STATUS" 0 "status with a timer"
file_has "$units/context-sync.service" "sync --scheduled"
talk "${given[@]}" "PATH=$BOX/played:$PATH" -- setup --no-sync <<'STEPS'
expect Timer: next run in
lacks every hour?
expect Next:
STEPS
cs_env "${given[@]}" "PATH=$BOX/played:$PATH" CONTEXT_SYNC_SETUP_TIMER=yes -- \
    setup --json
check_status 0 "a timer by the environment"
json '.timer, .sync' $'true\nfalse'
no_secret
rm -rf "$HOME_DIR/.config" "$MIRROR"

# ---- nothing to read ----

stop_fake
printf '{"cloudId":"11111111-aaaa-4bbb-8ccc-222222222222","users":[{"id":"u1","name":"Lonely","email":"demo@example.com","me":true}],"spaces":[],"content":[]}' \
    >"$BOX/site.json"
mkdir "$BOX/empty"
mv "$BOX/site.json" "$BOX/empty/site.json"
SERVE=(--site "$BOX/empty")
start_fake
SERVE=(--site "$SITE")
expect 77 setup --url "$URL" --username demo@example.com --token-file \
    "$BOX/token"
err_has "can read no space"
talk CONFLUENCE_DEPLOYMENT=cloud -- setup --url "$URL" <<'STEPS'
expect e-mail
send demo@example.com
expect token:
send demo-token
expect can read no space
expect another account? [Y/n]
send y
expect [demo@example.com]:
send
expect token:
send demo-token
expect another account? [Y/n]
send n
STEPS
same "$STATUS" 77 "status without spaces"
nothing_written
stop_fake

# ---- from the Python tool ----

start_fake
OLD=$BOX/old
mkdir -p "$OLD/context-sync/confluence/ENG/Sub"
cat >"$OLD/.env" <<ENV
# what the old tool read
export CONFLUENCE_BASE_URL="$URL"
export CONFLUENCE_USERNAME=demo@example.com   # me
CONFLUENCE_API_TOKEN='demo-token'
CONFLUENCE_SPACE_KEYS="ENG,OPS"
CONFLUENCE_OUTPUT_DIR=./context-sync/confluence
CONFLUENCE_WORKERS=3
UNRELATED=\$(touch "$BOX/executed")
touch "$BOX/executed"
ENV
echo '{"last_sync": "2025-01-01"}' >"$OLD/context-sync/confluence/.sync_state"
echo '# Old page' >"$OLD/context-sync/confluence/ENG/Old.md"
echo '# Old page' >"$OLD/context-sync/confluence/ENG/Sub/Old.md"
cp -r "$OLD/context-sync/confluence" "$BOX/kept"
expect 0 setup --import "$OLD/.env"
err_has "CONFLUENCE_WORKERS is not used"
err_has "holds 2 Markdown files"
err_lacks UNRELATED
[ ! -e "$BOX/executed" ] || fail "the file was executed"
diff -r "$OLD/context-sync/confluence" "$BOX/kept" || fail "touched"
file_has "$FILE" "output_dir = \"$OLD/context-sync/confluence\""
file_has "$FILE" "space_keys = {ENG, OPS}"
no_secret
# With consent it is moved as a whole, and nothing in it changes.
talk -- setup --import "$OLD/.env" <<'STEPS'
expect index and logs [
send
expect Move it? [Y/n]
send n
expect It stays
expect now?
send n
STEPS
diff -r "$OLD/context-sync/confluence" "$BOX/kept" || fail "touched"
expect 0 setup --import "$OLD/.env" --move-old --sync
day=$(date -u +%F)
diff -r "$OLD/context-sync/confluence.before-cs-$day" "$BOX/kept" ||
    fail "the old folder is another one"
[ -f "$OLD/context-sync/confluence/OPS/Operations.md" ] || fail "no mirror"
# Ours is not moved.
expect 0 setup --no-input --move-old
err_lacks "did not write"
[ -f "$OLD/context-sync/confluence/OPS/Operations.md" ] || fail "moved"
# Never the home folder, nor where somebody stands.
echo '# mine' >"$HOME_DIR/mine.md"
printf 'CONFLUENCE_OUTPUT_DIR=%s\n' "$HOME_DIR" >"$BOX/home.env"
expect 0 --root "$BOX/m3" setup --import "$BOX/home.env" --move-old
err_has "They stay there"
[ -f "$HOME_DIR/mine.md" ] || fail "the home folder is gone"
rm -f "$HOME_DIR/mine.md"
rm -rf "$CONFIG"

# What a shell would have to work out is not guessed.
# shellcheck disable=SC2016 # it is for nobody to expand
printf 'CONFLUENCE_API_TOKEN="$(pass wiki)"\n' >"$BOX/computed.env"
expect 78 setup --import "$BOX/computed.env" --url "$URL"
err_has "computed.env:1: CONFLUENCE_API_TOKEN"
echo nothing >"$BOX/nothing.env"
expect 78 setup --import "$BOX/nothing.env"
expect 78 setup --import "$BOX/not-there.env"
[ ! -e "$FILE" ] || fail "written all the same"

finish
