# shellcheck shell=bash source-path=SCRIPTDIR/.. source=lib.sh
# delay.sh - a server that takes 50 ms for each answer: how many answers a second
# come while texts are fetched, beside as many as N in flight allow.
. "$(dirname "$0")/../lib.sh"

rm -rf "${box:?}"/*
access=/dev/stdout

# stamp - the lines that are read, each with the time.
stamp() {
    local line
    while IFS= read -r line; do
        echo "$EPOCHREALTIME $line"
    done
}

# phase JOBS WHAT SERVER... - one first sync, and its row. The phase begins with
# the first text; its first answer was asked for 50 ms before.
phase() {
    local jobs=$1 what=$2 rate
    shift 2
    mirror=$box/mirror-$jobs-$1-$2-$#
    serve "$@" --delay 50 > >(stamp >"$box/log")
    configure "jobs = $jobs"
    user "$cs" sync --quiet
    stop
    rate=$(awk '/\/api\/v2\/pages\?body-format/ && !start {start = $1 - 0.05}
        start && !/\/users-bulk/ {n++; end = $1}
        END {printf "%.1f", n / (end - start)}' "$box/log")
    row "50 ms an answer, $jobs in flight, $what, answers/s" "$rate" \
        "$jobs / 50 ms: $((jobs * 20))" "$(calc "$rate / ($jobs * 20)")" \
        ">= 0.95"
}

for jobs in 1 2 4; do
    phase "$jobs" "50 texts each" --generate "$(size slow)"
done
phase 4 "comments, labels" --generate "$(size talked)" --comments 100
