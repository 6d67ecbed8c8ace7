#!/usr/bin/env bash
# scheduler.sh - the timer without a systemd, and with one that is played: what
# is asked for, written, kept and removed. tests/system/ has the real one.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

CS=$(realpath "$CS")
units=$HOME_DIR/.config/systemd/user
config=$HOME_DIR/.config/context-sync/config
mkdir "$BOX/none" "$BOX/played"
ln -s "$(command -v env)" "$BOX/none/env"

# --- without systemd ----------------------------------------------------------

start_fake
use_server
on_path() {
    use_server
    VARIABLES+=("PATH=$1")
}

on_path "$BOX/none"
expect 3 scheduler enable
out_has "there is no systemd here"
grep -Eq "^[0-9]+ \* \* \* \* nice $CS --quiet sync --scheduled$" "$BOX/out" ||
    fail "no line for crontab"
err_has "crontab -e"
err_has "first: the timer does not see CONTEXT_SYNC_DIR, CONFLUENCE_BASE_URL"
[ ! -e "$config" ] || fail "a configuration was written without consent"
expect 3 scheduler enable --interval 15min
out_has "*/15 * * * * nice $CS"
expect 3 scheduler enable --interval "not a time"
expect 3 --root "$BOX/it's 100%" scheduler
out_has "--root '$BOX/it'\\''s 100'\\%'' --quiet sync"
expect 3 scheduler status --json
json .schema cs.scheduler/1
json .state no-systemd
json .next null
expect 3 scheduler start
expect 0 scheduler disable
expect 3 scheduler enable --yes
file_has "$config" "api_token = "
err_lacks "first:"
rm "$config"
expect 0 sync
expect 0 status
! grep -q '^timer' "$BOX/out" || fail "status tells of a timer that cannot be"
expect 0 status --json
json .timer.state no-systemd

# Nothing said a word yet; then the log file does, without a journal.
expect 0 scheduler logs
out_has "logs/sync_"
out_has "end: ok, 49 listed"
expect 0 scheduler logs -n 1
same "$(grep -c . "$BOX/out")" 2 "lines of logs -n 1"
expect 0 scheduler logs --json
json '.journal | length' 0
json '.lines | length > 3' true
FOLLOWER=
# Followed: what comes is printed, and at midnight the next file.
trap '[ -z "$FOLLOWER" ] || kill "$FOLLOWER"; clean_up' EXIT
follow() { # ARG... sets FOLLOWER
    : >"$BOX/follow"
    exec_cs scheduler logs -f "$@" >"$BOX/follow" 2>&1 &
    FOLLOWER=$!
}
follows() { # TEXT
    local tries=0
    until grep -qF -- "$1" "$BOX/follow"; do
        tries=$((tries + 1))
        [ "$tries" -le 200 ] || fail "logs -f does not say: $1"
        sleep 0.05
    done
    ok
}
log=$(find "$MIRROR/logs" -name 'sync_*.log')
follow -n 1
follows "maintenance: 1 done"
same "$(grep -c . "$BOX/follow")" 1 "lines of logs -f -n 1"
printf 'of today \033[31mred\n' >>"$log"
follows "of today "
echo "late" >>"$log"
echo "of tomorrow" >"$MIRROR/logs/sync_29990101.log"
follows "of tomorrow"
echo "soon after" >>"$MIRROR/logs/sync_29990101.log"
follows "soon after"
kill -TERM "$FOLLOWER"
wait "$FOLLOWER" || true
FOLLOWER=
same "$(tail -n 4 "$BOX/follow" | cut -c 1-9 | tr '\n' ,)" \
    "of today ,late,of tomorr,soon afte," "what was followed"
! grep -q "$(printf '\033')" "$BOX/follow" || fail "an escape passed"
rm "$MIRROR/logs/sync_29990101.log"

expect 2 scheduler status -f
expect 2 scheduler logs -f --json
expect 2 scheduler enable --wait
expect 2 scheduler dance
expect 2 scheduler stats
err_has "cs scheduler status"

# A systemctl that finds no manager.
if command -v systemctl >/dev/null; then
    on_path "$PATH"
    expect 3 scheduler enable
    out_has "no systemd manager runs for this user"
    expect 3 scheduler status --json
    json .state no-manager
    expect 0 scheduler disable
    [ ! -e "$units" ] || fail "units were written for nobody"
fi

# --- with one that is played --------------------------------------------------

cat >"$BOX/played/systemctl" <<END
#!$(command -v bash)
PATH=$PATH
echo "\$*" >>'$BOX/calls'
units='$units'
[ "\${SYSTEMD_IGNORE_CHROOT:-}" = 1 ] || exit 0 # as it does in a chroot
while [[ \$1 == --* ]]; do shift; done
wanted=\$units/timers.target.wants/context-sync.timer
case \$1 in
show-environment)
    echo "HOME=$HOME_DIR"
    echo PATH=/usr/bin:/bin
    cat '$BOX/environment' 2>/dev/null || true
    ;;
show)
    case \$* in *UnitPath*) echo "UnitPath=\$units /usr/lib/systemd/user"; exit ;; esac
    if [ -e "\$units/context-sync.timer" ]; then load=loaded; else load=not-found; fi
    if [ -L "\$wanted" ]; then state=enabled; else state=disabled; fi
    echo "LoadState=\$load"
    echo "UnitFileState=\$state"
    echo "ActiveState=\$(cat '$BOX/active' 2>/dev/null || echo inactive)"
    echo "FragmentPath=\$units/context-sync.timer"
    echo "NextElapseUSecRealtime=Fri 2040-01-06 10:11:12 UTC"
    echo "TimersCalendar={ OnCalendar=*-*-* *:00:00 ; next_elapse=n/a }"
    echo
    sed -n 's/^ExecStart="\([^"]*\)".*/ExecStart={ path=\1 ; argv[]=\1 sync ;/p' \
        "\$units/context-sync.service" 2>/dev/null
    grep -qs ActiveState= '$BOX/service' || echo ActiveState=inactive
    cat '$BOX/service' 2>/dev/null || true
    ;;
enable) mkdir -p "\${wanted%/*}" && ln -sfn "\$units/context-sync.timer" "\$wanted" ;;
disable) rm -f "\$wanted"; rmdir "\${wanted%/*}" 2>/dev/null || true ;;
restart) cat '$BOX/becomes' >'$BOX/active' ;;
stop) echo inactive >'$BOX/active' ;;
start) cp '$BOX/started' '$BOX/service' 2>/dev/null || true ;;
daemon-reload | clean) ;;
*) echo "Unknown command verb \$1." >&2; exit 1 ;;
esac
END
chmod +x "$BOX/played/systemctl"
echo active >"$BOX/becomes"
on_path "$BOX/played:$PATH"

# What only the shell says is named, and nothing is done without consent.
expect 78 scheduler enable
err_has "CONTEXT_SYNC_DIR, CONFLUENCE_BASE_URL, CONFLUENCE_USERNAME, CONFLUENCE_API_TOKEN"
err_lacks demo-token
[ ! -e "$units" ] && [ ! -e "$config" ] || fail "done without consent"
# What systemd has in its environment is not missing.
printf '%s\n' "CONFLUENCE_BASE_URL=$URL" 'CONFLUENCE_USERNAME=demo@example.com' \
    "CONTEXT_SYNC_DIR=$MIRROR" "CONFLUENCE_API_TOKEN=\$'demo\\x2dtoken'" \
    >"$BOX/environment"
expect 0 scheduler enable
[ ! -e "$config" ] || fail "a configuration was written for no reason"
expect 0 scheduler disable
rm "$BOX/environment"

# Systemd's environment wins over the file, with old values too.
echo "CONFLUENCE_API_TOKEN=old" >"$BOX/environment"
expect 78 scheduler enable --yes
err_has "run: systemctl --user unset-environment CONFLUENCE_API_TOKEN"
err_lacks demo-token
rm "$BOX/environment" "$config"

# At a terminal it asks, and does nothing without a yes.
if command -v script >/dev/null; then
    ask() { # ANSWER
        printf '%s\n' "$1" | env -i "PATH=$BOX/played:$PATH" TERM=dumb \
            "HOME=$HOME_DIR" "XDG_RUNTIME_DIR=$BOX" "${VARIABLES[@]}" \
            script -qec "'$CS' scheduler enable" /dev/null >"$BOX/out" || true
        out_has "does not see the environment of this shell: CONTEXT_SYNC_DIR"
    }
    ask n
    [ ! -e "$config" ] || fail "written against the user's will"
    ask y
    out_has "written to $config"
    out_has "next run in"
    rm "$config"
    expect 0 scheduler disable
fi

# With it, the file says the same, for its owner alone.
expect 0 scheduler enable --yes
out_has "next run in "
out_has "every hour"
err_lacks demo-token
file_has "$config" 'api_token = '
file_has "$config" "root = \"$MIRROR\""
same "$(stat -c %a "$config")" 600 "mode of the configuration"
file_has "$units/context-sync.service" "ExecStart=\"$CS\" sync --scheduled"
file_has "$BOX/calls" "--user --no-pager daemon-reload"
[ ! -e "$units/context-sync.service.d" ] || fail "a drop-in for nothing"
VARIABLES=("PATH=$BOX/played:$PATH")
expect 0 scheduler enable # nothing is missing any more
expect 0 scheduler status --json
json .state active
json .next 2040-01-06T10:11:12Z
json .program "$CS"
json .last_result null
expect 0 status
out_has "next run in"
expect 0 status --json
json .timer.state active
json .timer.next 2040-01-06T10:11:12Z

# An interval stays until another is given.
expect 0 scheduler enable --interval 15min
file_has "$units/context-sync.timer.d/50-cs.conf" "OnCalendar=*:0/15"
expect 0 scheduler enable
file_has "$units/context-sync.timer.d/50-cs.conf" "OnCalendar=*:0/15"
if command -v systemd-analyze >/dev/null; then
    expect 0 scheduler enable --interval "Mon..Fri 8..18:00"
    file_has "$units/context-sync.timer.d/50-cs.conf" \
        "OnCalendar=Mon..Fri 8..18:00"
    expect 2 scheduler enable --interval "every now and then"
fi
expect 2 scheduler enable --interval $'daily\nUnit=evil.service'
expect 0 scheduler enable --interval hourly
[ ! -e "$units/context-sync.timer.d" ] || fail "the interval is still there"

# Options and variables that no key stands for go along, whatever is in them.
odd="$BOX/a b%h\$HOME\"'x"
cs_env "HTTPS_PROXY=http://u:p%41@proxy:1" NO_PROXY= -- \
    --root "$odd" scheduler enable
check_status 0 "enable with odd options"
drop_in=$units/context-sync.service.d/50-cs.conf
file_has "$drop_in" 'Environment="HTTPS_PROXY=http://u:p%%41@proxy:1"'
file_has "$drop_in" "--root \"$BOX/a b%%h\$\$HOME\\\"'x\" sync --scheduled"
! grep -q NO_PROXY "$drop_in" || fail "an empty variable went along"
same "$(stat -c %a "$drop_in")" 600 "mode of the drop-in"
expect 0 scheduler enable
[ ! -e "$drop_in" ] || fail "the drop-in is still there"

# A token that cannot be had without this shell.
cp "$config" "$BOX/good-config"
sed -i '/api_token/d' "$config"
expect 78 scheduler enable
err_has "without this shell's environment: source confluence has no api_token"
sed -i "s|^source confluence {|&\n    api_token_command = \"printenv MY_TOKEN\"|" \
    "$config"
cs_env MY_TOKEN=demo-token -- scheduler enable
check_status 78 "enable with a command that needs this shell"
err_has "printenv failed"
mkdir -p "$units/context-sync.service.d"
sed -i '/api_token/d' "$config"
printf '[Service]\nLoadCredential=confluence:/x\n' \
    >"$units/context-sync.service.d/token.conf"
expect 0 scheduler enable
cp "$BOX/good-config" "$config"

# cs doctor knows it, too.
doctor() { # STATE MESSAGE
    cs doctor --offline --json
    json '.checks[] | select(.check == "timer") | .state' "$1"
    json ".checks[] | select(.check == \"timer\") | .message |
        contains(\"$2\")" true
}
doctor ok "every hour"

# With a journal, that is what is followed, by its own program: which ends
# without a word when nobody reads any more.
cat >"$BOX/played/journalctl" <<END
#!$(command -v bash)
echo "\$*" >>'$BOX/calls'
echo "the journal says"
while [[ \$* == *" -f" ]]; do echo "and says"; done
END
chmod +x "$BOX/played/journalctl"
(exec_cs scheduler logs -f -n 7 2>"$BOX/err") | head -n 3 >"$BOX/out" || true
out_has "and says"
[ ! -s "$BOX/err" ] || fail "logs -f complains of a closed pipe"
file_has "$BOX/calls" "--user-unit=context-sync.service --no-pager -q -o short-iso -n 7 -f"
rm "$BOX/played/journalctl"

# A run that is waited for: done, going on, not begun.
invoked() { # FILE ID STATE
    printf 'InvocationID=%s\nActiveState=%s\nResult=success\n' "$2" "$3" \
        >"$BOX/$1"
}
begin_run() {
    : >"$BOX/calls"
    invoked service 1 inactive
    invoked started 2 activating
    exec_cs scheduler start --wait >"$BOX/out" 2>"$BOX/err" &
    FOLLOWER=$!
    local tries=0
    until [ "$(sed -n '/ start /,$p' "$BOX/calls" | grep -c ' show ')" -gt 2 ]; do
        tries=$((tries + 1))
        [ "$tries" -le 200 ] || fail "start --wait does not look"
        sleep 0.05
    done
}
end_run() { # STATUS
    STATUS=0
    wait "$FOLLOWER" || STATUS=$?
    FOLLOWER=
    check_status "$1" "start --wait"
}
begin_run
invoked service 2 inactive
end_run 0
begin_run
kill -TERM "$FOLLOWER"
end_run 130
err_has "the run goes on; cs scheduler status tells how"
invoked service 1 inactive
rm "$BOX/started"
expect 74 scheduler start --wait
err_has "systemd did not start the run; see: systemctl --user status context-sync.service"
rm "$BOX/service"

# What the last run was like.
outcome() { # RESULT EXIT
    printf 'Result=%s\nExecMainStatus=%s\n%s\n%s\n' "$1" "$2" \
        "ExecMainStartTimestamp=Fri 2026-01-02 03:04:05 UTC" \
        "ExecMainExitTimestamp=Fri 2026-01-02 03:04:45 UTC" >"$BOX/service"
}
outcome success 0
expect 0 scheduler
out_has ", took 40 seconds: done"
outcome success 75
expect 0 scheduler
out_has "could not be reached"
outcome exit-code 77
expect 3 scheduler
err_has "the site refused the credential"
err_has "cs scheduler logs"
doctor problem "the site refused the credential"
expect 0 scheduler enable # is not about the last run
outcome timeout 0
expect 3 scheduler status
outcome signal 9
expect 3 scheduler status --json
json .last_result signal
json .last_exit 9
rm "$BOX/service"

# It does not start: said, and not taken for granted.
echo failed >"$BOX/becomes"
expect 74 scheduler enable
err_has "it is inactive"
echo active >"$BOX/becomes"

# Disabled, all is gone that was written, and nothing else.
expect 0 scheduler disable
out_has "the timer is off"
same "$(find "$units" -type f)" "$units/context-sync.service.d/token.conf" \
    "what is left"
expect 3 scheduler status
err_has "the timer is not enabled; run cs scheduler enable"
doctor advice "by itself"
expect 0 scheduler disable # twice does no harm
rm -r "$units"

# Units of the same name from elsewhere are kept under another one.
mkdir -p "$units"
echo "# mine" >"$units/context-sync.service"
ln -s /elsewhere/context-sync.timer "$units/context-sync.timer"
expect 78 scheduler enable
err_has "was not written by cs"
file_has "$units/context-sync.service" "# mine"
expect 0 scheduler enable --yes
same "$(cat "$units"/context-sync.service.before-cs-2*)" "# mine" "kept"
same "$(readlink "$units"/context-sync.timer.before-cs-2*)" \
    /elsewhere/context-sync.timer "kept"
expect 0 scheduler disable
same "$(find "$units" -mindepth 1 | wc -l)" 2 "left behind"

# A systemctl that fails is quoted.
printf '#!/bin/sh\necho "Failed: \033[31mred" >&2\nexit 1\n' \
    >"$BOX/played/systemctl"
expect 74 scheduler status
err_has "systemctl --user show: Failed: "
! grep -q "$(printf '\033')" "$BOX/err" || fail "an escape passed"
expect 0 status # it is about the mirror

finish
