#!/usr/bin/env bash
# tls.sh - behind a real TLS front that speaks HTTP/2: certificates are
# checked, a cut stream is read again, and https never falls to http.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

command -v nginx >/dev/null && command -v openssl >/dev/null || exit 77

FRONT=
stop_front() {
    if [ -n "$FRONT" ]; then
        kill "$FRONT" 2>/dev/null || true
        wait "$FRONT" 2>/dev/null || true
    fi
    FRONT=
}
trap 'stop_front; clean_up' EXIT

# make_certificate NAME SAN [DAYS] - signed by our own authority.
make_certificate() {
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -keyout "$BOX/$1.key" -out "$BOX/$1.csr" -subj "/CN=$1" 2>/dev/null
    printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "$2" \
        >"$BOX/$1.ext"
    openssl x509 -req -in "$BOX/$1.csr" -CA "$BOX/ca.pem" \
        -CAkey "$BOX/ca.key" -CAcreateserial -days 2 \
        -extfile "$BOX/$1.ext" -out "$BOX/$1.pem" 2>/dev/null
}

make_authority() { # NAME
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -days 2 -keyout "$BOX/$1.key" -out "$BOX/$1.pem" -subj "/CN=$1" \
        -addext basicConstraints=critical,CA:TRUE \
        -addext keyUsage=critical,keyCertSign 2>/dev/null
}

server_block() { # PORT CERTIFICATE UPSTREAM
    cat <<EOF
    server {
        listen 127.0.0.1:$1 ssl http2;
        ssl_certificate $BOX/$2.pem;
        ssl_certificate_key $BOX/$2.key;
        location / {
            proxy_pass http://127.0.0.1:$3;
            proxy_http_version 1.1;
            proxy_buffering off;
            proxy_pass_request_headers on;
        }
    }
EOF
}

write_front() {
    cat <<EOF
daemon off;
worker_processes 1;
pid $BOX/front.pid;
error_log $BOX/front.err;
events { worker_connections 256; }
http {
    log_format short '\$server_protocol \$status \$request_uri';
    access_log $BOX/front.log short;
    client_body_temp_path $BOX/t1; proxy_temp_path $BOX/t2;
    fastcgi_temp_path $BOX/t3; uwsgi_temp_path $BOX/t4;
    scgi_temp_path $BOX/t5;
$(server_block "$GOOD" good "$PORT")
$(server_block "$OTHER" other "$PORT")
$(server_block "$((OTHER + 1))" good "$MEDIA")
}
EOF
}

# start_front - on three free ports: a good certificate, one for another host,
# and one in front of the media host.
start_front() {
    local tries=0
    until [ "$tries" -gt 20 ]; do
        GOOD=$((20000 + RANDOM % 20000))
        OTHER=$((GOOD + 1))
        write_front >"$BOX/front.conf"
        nginx -p "$BOX" -c "$BOX/front.conf" </dev/null 2>"$BOX/nginx.err" &
        FRONT=$!
        if wait_for_front; then
            return
        fi
        stop_front
        tries=$((tries + 1))
    done
    fail "nginx did not start: $(cat "$BOX/nginx.err" "$BOX/front.err")"
}

wait_for_front() {
    local i
    for i in {1..100}; do
        kill -0 "$FRONT" 2>/dev/null || return 1
        curl -sk -o /dev/null "https://127.0.0.1:$GOOD/" && return 0
        sleep 0.05
    done
    return 1
}

# The mirror's files, with the address of the site taken out of them.
pages() {
    (cd "$MIRROR" && find . -name '*.md' -type f | sort | while read -r file; do
        printf '== %s\n' "$file"
        sed "s|$URL|SITE|g" "$file"
    done)
}

make_authority ca
make_authority stranger
make_certificate good DNS:localhost,IP:127.0.0.1
make_certificate other DNS:elsewhere.example

# The mirror of the plain server is what the others must equal.
start_fake
use_server
expect 0 sync
pages >"$BOX/plain"
rm -rf "$MIRROR"

# Downloads are led to another host, which has its own front.
MEDIA=$(curl -sS "http://127.0.0.1:$PORT/_control/ports" | jq .media)
start_front
control set "{\"media\":\"https://localhost:$((OTHER + 1))\"}" >/dev/null
: >"$BOX/front.log"
URL=https://localhost:$GOOD/wiki
use_server
VARIABLES+=("SSL_CERT_FILE=$BOX/ca.pem")
expect 0 sync
cmp -s "$BOX/plain" <(pages) || fail "the mirror through TLS is another one"
ok
! grep -qv '^HTTP/2.0 ' "$BOX/front.log" || fail "not all of it was HTTP/2"
grep -q " 200 /file/" "$BOX/front.log" ||
    fail "no attachment came by the front"
[ "$(wc -l <"$BOX/front.log")" -gt 3 ] || fail "nothing went by the front"
ok

# Streams that are cut: HTTP/2 has no connection to close for that.
control fault '{"kind":"truncate","path":"/wiki/api/v2/"}' >/dev/null
rm -rf "$MIRROR"
expect 0 sync
cmp -s "$BOX/plain" <(pages) || fail "a cut stream left its mark"
ok
same "$(curl -sS "http://127.0.0.1:$PORT/_control/faults" | jq .waiting)" 0 \
    "faults that wait"

# Certificates: an authority nobody knows, and the name of another host. No
# request gets through, so no credential either.
: >"$BOX/access"
VARIABLES[${#VARIABLES[@]} - 1]="SSL_CERT_FILE=$BOX/stranger.pem"
expect 78 sync
err_has "ca_file"
URL=https://localhost:$OTHER/wiki
use_server
VARIABLES+=("SSL_CERT_FILE=$BOX/ca.pem")
expect 78 sync
[ ! -s "$BOX/access" ] || fail "a request went to a host that is not trusted"
ok

# https never falls to http, not even on the same host.
URL=https://localhost:$GOOD/wiki
use_server
VARIABLES+=("SSL_CERT_FILE=$BOX/ca.pem")
control reset-media '' >/dev/null
control fault '{"kind":"redirect","to":"media","path":"/wiki",
    "count":-1}' >/dev/null
cs sync
[ "$STATUS" != 0 ] || fail "a redirect to http was followed"
ok
same "$(curl -sS "http://127.0.0.1:$PORT/_control/media")" '[]' \
    "what went to the other host"
control clear-faults '' >/dev/null
expect 0 sync
finish
