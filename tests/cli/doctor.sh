#!/usr/bin/env bash
# doctor.sh - each thing that can be wrong is named, with what to do about it.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# finds CHECK STATE TEXT HINT - the last examination has such a line.
finds() {
    jq -e --arg check "$1" --arg state "$2" --arg text "$3" --arg hint "$4" \
        'any(.checks[]; .check == $check and .state == $state
            and (.message | contains($text))
            and (.hint // "" | contains($hint)))' "$BOX/out" >/dev/null ||
        fail "no $2 of $1 that says $3; $4: $(jq -c '.checks[]' "$BOX/out")"
    ok
}

# states STATE - how many checks are in it.
states() {
    jq --arg state "$1" '[.checks[] | select(.state == $state)] | length' \
        "$BOX/out"
}

start_fake

# --- Nothing is configured; a configuration that cannot be read.
VARIABLES=("CONTEXT_SYNC_DIR=$MIRROR")
expect 3 doctor --json
finds configuration problem "no source is configured" "cs setup"
config=$HOME_DIR/.config/context-sync/config
mkdir -p "$config"
expect 3 doctor --json
finds configuration problem "$config" "make it readable"
rmdir "$config"
printf 'source confluence {\n    base_ulr = "x"\n}\n' >"$config"
expect 3 doctor --json
finds configuration problem "$config:2" ""
printf 'source confluence {\n    api_token = "secret-token"\n}\n' >"$config"
chmod 644 "$config"
expect 3 doctor --json
finds configuration problem "can be read by others" "chmod 600"
rm "$config"

# --- All is well, before the first sync and after it.
use_server
expect 0 doctor --json
finds folder advice "not there yet" "cs sync"
finds index advice "nothing was synced" "cs sync"
[ ! -e "$MIRROR" ] || fail "it made the folder of the mirror"
expect 0 sync
before=$(snapshot; stat -c '%y %s' "$MIRROR/.cs/index.db")
expect 0 doctor --json
same "$(states ok)" "$(jq '.checks | length' "$BOX/out")" "lines that are ok"
finds site ok "Demo User" ""
finds clock ok "agrees" ""
finds rights ok "2 spaces" ""
same "$(snapshot; stat -c '%y %s' "$MIRROR/.cs/index.db")" "$before" "mirror"
expect 0 doctor
same "$(grep -vc '^ok ' "$BOX/out")" 0 "lines that are not ok"

# --- Credentials: none, refused, without rights, one that nobody may read.
good=("${VARIABLES[@]}")
VARIABLES=("${good[@]}" CONFLUENCE_API_TOKEN=)
expect 3 doctor --json
finds credential problem "token" "CONFLUENCE_API_TOKEN"
VARIABLES=("${good[@]}" CONFLUENCE_API_TOKEN=expired-token)
expect 3 doctor --json
finds site problem "refused the credential" "token"
! grep -q expired-token "$BOX/out" "$BOX/err" || fail "the token is shown"
expect 0 doctor --json --offline
finds credential ok "demo@example.com" ""
VARIABLES=("${good[@]}")
for answer in 401 403; do
    control fault "{\"path\":\"/\",\"contains\":\"/content?\",\"count\":-1,
        \"kind\":\"status\",\"status\":$answer}" >/dev/null
    control fault "{\"path\":\"/\",\"contains\":\"/pages?\",\"count\":-1,
        \"kind\":\"status\",\"status\":$answer}" >/dev/null
    expect 3 doctor --json
    jq -e '.checks[] | select(.check == "rights" and .state == "problem"
        and .hint != null)' "$BOX/out" >/dev/null || fail "rights at $answer"
    ok
    control clear-faults '{}' >/dev/null
done
VARIABLES=("${good[@]}" "CONFLUENCE_SPACE_KEYS=ENG,NOSUCH")
expect 3 doctor --json
finds rights problem NOSUCH "check its key"
VARIABLES=("${good[@]}" CONFLUENCE_SPACE_KEYS=NOSUCH)
expect 3 doctor --json
finds rights problem "can read no space" "ask for access"

# --- The way to the site.
VARIABLES=("${good[@]}" CONFLUENCE_BASE_URL=http://127.0.0.1:1/wiki)
expect 3 doctor --json
finds site problem "127.0.0.1:1" "base URL"
VARIABLES=("${good[@]}" CONFLUENCE_BASE_URL=http://wiki.example.com/wiki)
expect 3 doctor --json
finds site problem "http" ""

# --- A clock that is an hour off.
VARIABLES=("${good[@]}")
date=$(LC_ALL=C date -u -d '-1 hour' '+%a, %d %b %Y %H:%M:%S GMT')
control fault "{\"path\":\"/wiki/rest/api/user/current\",\"kind\":\"status\",
    \"status\":200,\"header\":\"Date\",\"value\":\"$date\",
    \"body\":\"{\\\"type\\\":\\\"known\\\",\\\"accountId\\\":\\\"a\\\",
        \\\"displayName\\\":\\\"Ada\\\"}\"}" >/dev/null
VARIABLES=("${good[@]}" CONFLUENCE_DEPLOYMENT=cloud)
expect 3 doctor --json
finds clock problem "ahead of that of the site" "timedatectl"
VARIABLES=("${good[@]}")

# --- The mirror: open to others, a file, an index that is broken or of late.
chmod 755 "$MIRROR"
expect 0 doctor --json
finds folder advice "open to others" "chmod 700"
chmod 700 "$MIRROR"
sql "UPDATE source SET last_success = last_success - 172800000"
expect 3 doctor --json
finds freshness problem "2 days ago" "cs sync"
cp "$MIRROR/.cs/index.db" "$BOX/index.db"
size=$(stat -c %s "$MIRROR/.cs/index.db")
printf 'XXXXXXXX' | dd of="$MIRROR/.cs/index.db" bs=1 conv=notrunc \
    seek=$((size / 2 / 4096 * 4096 + 2000)) status=none
expect 3 doctor --json
finds index problem "" "cs maintenance"
head -c 100 /dev/urandom >"$MIRROR/.cs/index.db"
expect 3 doctor --json
finds index problem "not a database" "cs maintenance recover"
VARIABLES=("${good[@]}" "CONTEXT_SYNC_DIR=$BOX/page")
echo text >"$BOX/page"
expect 3 doctor --json --offline
finds folder problem "is no folder" "another root"

# --- A full disk is a real one.
if [ "${CS_TEST_SYSTEM:-}" = 1 ] && unshare -rm true 2>/dev/null; then
    mkdir "$BOX/small"
    env -i PATH="$PATH" HOME="$HOME_DIR" "${good[@]}" \
        CONTEXT_SYNC_DIR="$BOX/small" unshare -rm bash -c \
        'mount -t tmpfs -o size=64k,mode=700 tmpfs "$1" && "$2" doctor --json' \
        - "$BOX/small" "$CS" >"$BOX/out" 2>"$BOX/err" && fail "a full disk is ok"
    finds disk problem "full" "make room"
fi
finish
