#!/usr/bin/env bash
# scheduler_inside.sh CS FAKE SITE [installed] - what a user does with the
# timer, from his first `enable` to the last `disable`. In user_systemd.sh only.
# shellcheck source-path=SCRIPTDIR source=../cli/lib.sh
. "$(dirname "$0")/lib.sh" "$1" "$2" "$3"
mode=${4:-}

HOME_DIR=$HOME # the manager's
MIRROR="$HOME/my mirror 100%"
units=$HOME/.config/systemd/user
config=$HOME/.config/context-sync/config
stamp=$HOME/.local/share/systemd/timers/stamp-context-sync.timer
SESSION=("XDG_RUNTIME_DIR=$XDG_RUNTIME_DIR"
    "DBUS_SESSION_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS")
VARIABLES=("${SESSION[@]}")

# wait_for WHAT COMMAND... - until it succeeds, half a minute at most.
wait_for() {
    local what=$1 tries=0
    shift
    until "$@"; do
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || fail "waited in vain for $what"
        sleep 0.1
    done
    ok
}

unit() { # UNIT PROPERTY
    systemctl --user show "$1" -p "$2" --value
}

runs() { # how many runs were begun so far
    journalctl --user-unit=context-sync.service -q -o json |
        jq -s '[.[] | select(.MESSAGE | tostring | startswith("Starting"))]
            | length'
}

more_runs_than() {
    [ "$(runs)" -gt "$1" ]
}

finds() {
    cs search "$1" && [ "$STATUS" = 0 ]
}

# fire_every SPEC - instead of the hour; takes effect at once.
fire_every() {
    mkdir -p "$units/context-sync.timer.d"
    printf '[Timer]\nOnCalendar=\nOnCalendar=%s\nRandomizedDelaySec=0\n%s\n' \
        "$1" AccuracySec=10ms >"$units/context-sync.timer.d/90-test.conf"
    systemctl --user daemon-reload
    systemctl --user restart context-sync.timer
}

rarely() {
    fire_every "2099-01-01"
    wait_for "the end of the run" idle
}

running() {
    [ "$(unit context-sync.service ActiveState)" = activating ]
}

idle() {
    [ "$(unit context-sync.service ActiveState)" != activating ]
}

start_fake
expect 3 scheduler status
err_has "the timer is not enabled"
if [ "$mode" = installed ]; then # then there is something to start
    expect 3 scheduler start --wait
    err_has "the last run failed: the configuration is wrong"
else
    expect 78 scheduler start
    err_has "run cs scheduler enable"
fi

# --- enable -------------------------------------------------------------------

use_server
VARIABLES+=("${SESSION[@]}")
expect 78 scheduler enable
err_has "the timer does not see CONTEXT_SYNC_DIR, CONFLUENCE_BASE_URL"
expect 0 scheduler enable --yes
out_has "next run in "
[ "$mode" = installed ] || out_has "last run  none yet"
out_has "loginctl enable-linger"
same "$(unit context-sync.timer ActiveState)" active "the timer"
same "$(unit context-sync.timer UnitFileState)" enabled "the timer"
if [ "$mode" = installed ]; then
    same "$(unit context-sync.timer FragmentPath)" \
        /usr/local/lib/systemd/user/context-sync.timer "the unit"
    [ -z "$(find "$units" -type f)" ] || fail "units were written"
else
    same "$(unit context-sync.timer FragmentPath)" \
        "$units/context-sync.timer" "the unit"
fi
VARIABLES=("${SESSION[@]}")
expect 0 scheduler enable --json
json .state active
json .calendar '*-*-* *:00:00'
json '.next | fromdate - now | . > 0 and . <= 3900' true
json .program "$CS"
touch "/var/lib/systemd/linger/$USER"
cs scheduler
out_has "also while you are logged out"
rm "/var/lib/systemd/linger/$USER"

# --- it fires, and fires again ------------------------------------------------

fire_every '*:*:0/2'
wait_for "the first run" test -e "$MIRROR/confluence/OPS/Operations.md"
wait_for "something to find" finds pgbouncer
control edit '{"id":"70011","body":"<p>Restart the quokka first.</p>"}' \
    >/dev/null
wait_for "the edited page" finds quokka
grep -q "Restart the quokka first" "$MIRROR/confluence/OPS/Runbooks/"*.md ||
    fail "the file has the old text"
expect 0 scheduler status --json
json .last_result success
json '.last_trigger | fromdate > 1700000000' true
json '.last_end >= .last_start' true
json '.last_success | fromdate > 1700000000' true
expect 0 status
out_has "timer  "
expect 0 status --json
json .timer.state active

# --- what the runs say --------------------------------------------------------

expect 0 scheduler logs
out_has "journal of context-sync.service"
out_has "listed = 49 stored = 49 indexed"
out_has "logs/sync_"
expect 0 scheduler logs --json
json '.journal | length > 3' true
n=$(runs)
env -i "PATH=$PATH" "HOME=$HOME" "${SESSION[@]}" "$CS" scheduler logs -f -n 1 \
    >"$BOX/follow" 2>&1 &
follower=$!
wait_for "another run" more_runs_than "$n"
wait_for "its lines" grep -q "start, scheduled" "$BOX/follow"
kill "$follower" 2>/dev/null || true
wait "$follower" 2>/dev/null || true

# --- a run that is going on is not doubled ------------------------------------

rarely
exec 9>"$MIRROR/.cs/lock"
flock -x 9
expect 0 scheduler start --wait
out_has "another run was at work"
json_exit() {
    cs scheduler status --json
    jq -r .last_exit "$BOX/out"
}
same "$(json_exit)" 7 "exit status of a second writer"
same "$(unit context-sync.service Result)" success "its result"
exec 9>&-
control fault '{"kind":"delay","ms":3000,"count":1}' >/dev/null
expect 0 scheduler start
n=$(runs)
expect 0 scheduler start # joins the one that is at work
expect 0 scheduler start --wait
same "$(runs)" "$n" "runs"

# --- the network comes late, as after a sleep ---------------------------------

stop_fake
expect 0 scheduler start
wait_for "a run that is at work" running
start_fake --port "$PORT"
expect 0 scheduler start --wait
out_has ": done"

# --- a credential that was refused is not sent again --------------------------

cp "$config" "$BOX/config"
sed -i 's/api_token = .*/api_token = wrong-token/' "$config"
cs scheduler start --wait
check_status 3 "start with a wrong token"
out_has "the site refused the credential"
err_has "cs scheduler logs says more"
sent=$(wc -l <"$BOX/access")
expect 3 scheduler start --wait
same "$(wc -l <"$BOX/access")" "$sent" "requests with a refused credential"
in_journal() { # PRIORITY WHAT: a line of cs that begins so
    journalctl --user-unit=context-sync.service -q -o json |
        jq -e -s --arg priority "$1" --arg what "cs: $2" 'any(.[];
            .PRIORITY == $priority and
            (.MESSAGE | tostring | startswith($what)))' >/dev/null
}
wait_for "an error in the journal" in_journal 3 "the site refused this"
wait_for "a warning in the journal" in_journal 4 "another cs is writing"
cp "$BOX/config" "$config"
expect 0 scheduler start --wait
out_has ": done"

# --- what the unit may not do, and what it must -------------------------------

# probe - tries from within; what api_token_command prints is the token.
cat >"$HOME/probe" <<'END'
#!/bin/bash
{
    grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status
    echo "umask $(umask)"
    echo "nice $(nice)"
    echo "io $(ionice)"
    unshare -U true 2>/dev/null && echo "can make namespaces"
    touch "$HOME/probe.file"
    chmod u+s "$HOME/probe.file" 2>/dev/null && echo "can set uid bits"
    setarch -R true 2>/dev/null && echo "can change personality"
    strace true >/dev/null 2>&1 && echo "can trace"
    python3 -c 'import socket; socket.socket(socket.AF_VSOCK, 1)' 2>&1 |
        grep -qE "not permitted|not supported|not found" || echo "can vsock"
    echo "home $(test -w "$HOME" && echo writable)"
    echo "tmp $(ls -d "$1")"
} >"$HOME/probe.out" 2>&1
echo demo-token
END
chmod +x "$HOME/probe"
sed -i "s|api_token = .*|api_token_command = \"$HOME/probe $BOX\"|" "$config"
expect 0 scheduler start --wait
out_has ": done"
for want in "NoNewPrivs:	1" "Seccomp:	2" "umask 0077" "nice 10" "io idle" \
    "home writable" "tmp $BOX"; do
    file_has "$HOME/probe.out" "$want"
done
! grep -E "^(can|odd) " "$HOME/probe.out" || fail "the sandbox leaks"

# What systemd/README.md says lifts all of it.
mkdir -p "$units/context-sync.service.d"
sed -n '/^    \[Service\]/,/^$/s/^    //p' "$(dirname "$0")/README.md" \
    >"$units/context-sync.service.d/free.conf"
systemctl --user daemon-reload
expect 0 scheduler start --wait
file_has "$HOME/probe.out" "NoNewPrivs:	0"
file_has "$HOME/probe.out" "can make namespaces"
rm -r "$units/context-sync.service.d/free.conf"
systemctl --user daemon-reload

# Settings of the user's own, as docs/SCHEDULER.md says; `enable` leaves them.
if command -v script >/dev/null; then
    cat >"$HOME/editor" <<'END'
#!/bin/sh
case $1 in *timer*) text='[Timer]\nRandomizedDelaySec=7' ;; *) text='[Service]\nNice=15' ;; esac
sed -i "2a $text" "$1"
END
    chmod +x "$HOME/editor"
    for unit in context-sync.service context-sync.timer; do
        env -u VISUAL TERM=dumb SYSTEMD_EDITOR="$HOME/editor" \
            script -qec "systemctl --user edit $unit" /dev/null >"$BOX/out" ||
            fail "systemctl --user edit $unit"
    done
    for _ in before after; do
        same "$(unit context-sync.service Nice)" 15 "an edited service"
        same "$(unit context-sync.timer RandomizedDelayUSec)" 7s "an edited timer"
        expect 0 scheduler enable
    done
    rm "$units"/context-sync.*.d/override.conf
    systemctl --user daemon-reload
fi

# gpg, with an agent of its own.
if command -v gpg >/dev/null && command -v gpg-agent >/dev/null; then
    gpg -q --batch --passphrase '' --quick-gen-key cs@example.org ed25519/default \
        default never 2>"$BOX/gpg" || true
    gpg -q --batch --passphrase '' --quick-gen-key cs2@example.org \
        rsa2048 encrypt never 2>>"$BOX/gpg" || fail "gpg: $(cat "$BOX/gpg")"
    printf demo-token | gpg -q --batch --trust-model always -e -r cs2@example.org \
        -o "$HOME/token.gpg" || fail "gpg does not encrypt"
    gpgconf --kill gpg-agent
    sed -i "s|api_token_command = .*|api_token_command = \"gpg -q --batch -d $HOME/token.gpg\"|" \
        "$config"
    expect 0 scheduler enable # fetches it, too
    expect 0 scheduler start --wait
    out_has ": done"
    gpgconf --kill gpg-agent
fi

# The secret service.
if command -v secret-tool >/dev/null && command -v gnome-keyring-daemon \
    >/dev/null && command -v dbus-daemon >/dev/null; then
    dbus-daemon --session --address="$DBUS_SESSION_BUS_ADDRESS" --fork \
        --nopidfile
    printf secret | gnome-keyring-daemon --unlock --components=secrets \
        >/dev/null 2>&1
    printf demo-token | secret-tool store --label=cs service cs ||
        fail "the secret service does not store"
    sed -i 's|api_token_command = .*|api_token_command = "secret-tool lookup service cs"|' \
        "$config"
    expect 0 scheduler enable
    expect 0 scheduler start --wait
    out_has ": done"
else
    echo "not tried: the secret service"
fi

# A token that systemd hands over, by a drop-in of the user.
sed -i '/api_token_command/d' "$config"
printf demo-token >"$HOME/token"
mkdir -p "$units/context-sync.service.d"
printf '[Service]\nLoadCredential=confluence:%s\n' "$HOME/token" \
    >"$units/context-sync.service.d/token.conf"
expect 0 scheduler enable
expect 0 scheduler start --wait
out_has ": done"
rm "$units/context-sync.service.d/token.conf"
cp "$BOX/config" "$config"

# --- options with anything in them --------------------------------------------

other="$HOME/a b%h\$HOME\"'x"
expect 0 --root "$other" scheduler enable
expect 0 scheduler start --wait
[ -e "$other/confluence/OPS/Operations.md" ] || fail "no mirror in $other"
expect 0 scheduler enable
expect 0 scheduler start --wait
out_has ": done"

# --- the program is built anew, and goes --------------------------------------

if [ "$mode" != installed ]; then
    mkdir "$HOME/bin"
    built=$CS
    CS=$HOME/bin/cs
    cp "$built" "$CS"
    expect 0 scheduler enable
    cp "$built" "$CS.new"
    mv "$CS.new" "$CS"
    expect 0 scheduler start --wait
    out_has ": done"
    CS=$built
    expect 0 scheduler status --json
    json .program "$HOME/bin/cs"
    rm "$HOME/bin/cs"
    expect 3 scheduler start --wait
    err_has "the program is not there any more"
    expect 0 scheduler enable
    expect 0 scheduler start --wait
fi

# --- from a login that is none, as under cron ---------------------------------

VARIABLES=()
cs_env XDG_RUNTIME_DIR= -- scheduler status
check_status 0 "status without XDG_RUNTIME_DIR"
cs_env XDG_RUNTIME_DIR= -- scheduler enable
check_status 0 "enable without XDG_RUNTIME_DIR"
VARIABLES=("${SESSION[@]}")

# --- off ----------------------------------------------------------------------

rm -r "$units/context-sync.timer.d" # the test's own
expect 0 scheduler disable
same "$(unit context-sync.timer ActiveState)" inactive "the timer"
same "$(systemctl --user list-timers --all --no-legend | grep -c context-sync)" \
    0 "timers"
[ ! -e "$stamp" ] || fail "its stamp is still there"
[ -z "$(find "$HOME/.config/systemd" 2>/dev/null)" ] ||
    fail "left: $(find "$HOME/.config/systemd")"
expect 3 scheduler status
expect 0 scheduler disable

# --- made up for after a sleep ------------------------------------------------

# Hourly as ever, only without the delay of minutes.
mkdir -p "$units/context-sync.timer.d" "${stamp%/*}"
printf '[Timer]\nRandomizedDelaySec=0\nAccuracySec=10ms\n' \
    >"$units/context-sync.timer.d/90-test.conf"
touch -d '3 hours ago' "$stamp"
control edit '{"id":"70011","body":"<p>Restart the wombat first.</p>"}' \
    >/dev/null
n=$(runs)
expect 0 scheduler enable
wait_for "the run that was missed" more_runs_than "$n"
wait_for "its text" finds wombat
wait_for "its end" idle
same "$(runs)" $((n + 1)) "runs to make up for three hours"
rm -r "$units/context-sync.timer.d"
expect 0 scheduler disable

finish
