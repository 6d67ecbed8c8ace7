# What the checks of the fake share; sourced with $binary and $site set.
work=$(mktemp -d)
failed=0
count=0
trap 'rm -rf "$work"' EXIT

# Start a server and set $url. It ends when its standard input closes, that
# is, at the latest with the script.
serve() { # OPTIONS...
    coproc SERVER {
        exec "$binary" --site "$site" --until-stdin-eof "$@"
    }
    server_pid=$SERVER_PID
    read -r _ _ url <&"${SERVER[0]}"
}

check() { # NAME WANTED GOT
    count=$((count + 1))
    [[ "$2" == "$3" ]] && return
    failed=$((failed + 1))
    printf 'FAIL %s\n  wanted: %s\n  got:    %s\n' "$1" "$2" "$3"
}

code() { # CURL_ARGS...: the status alone
    curl -s --globoff -m 5 -o "$work/body" -w '%{http_code}' "$@"
}

post() { # ACTION JSON: an order to the control surface
    curl -sS -o "$work/order" -w '%{http_code}' -d "$2" "$url/_control/$1"
}

stop() { # end the server and look at its exit status
    [[ -n "${SERVER[1]:-}" ]] && exec {SERVER[1]}>&-
    wait "$server_pid"
    check 'a clean end' 0 $?
}

finish() {
    stop
    printf '%d checks, %d failed\n' "$count" "$failed"
    [[ "$failed" == 0 ]]
}
