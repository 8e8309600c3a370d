#!/bin/sh
# The second half of `make run`: starts the daemon in the foreground, runs a first job through its socket, stays until Ctrl-C.
#
#   first-run.sh [SOCKET]
set -u
cd "$(dirname "$0")" || exit 1
socket=${1:-/tmp/shell.sock}

if socat -u OPEN:/dev/null "UNIX:$socket" 2>/dev/null; then
    echo "another daemon answers on $socket; stop it first, or: make run SOCKET=/other/path" >&2
    exit 1
fi

# Where the daemon keeps what it keeps; said to it in so many words, so that both mean the same folder.
case ${XDG_STATE_HOME:-} in
    /*) state=$XDG_STATE_HOME/kuid ;;
    *) [ "$(id -u)" -eq 0 ] && state=/var/lib/kuid || state=$HOME/.local/state/kuid ;;
esac
data=${KUID_DATA:-$state}
http=$data/http.sock

# The terminal sends Ctrl-C to the daemon too, which then stops by itself; a TERM for this script is passed on.
trap : INT
bin/kuid-jobd "$socket" --foreground --data "$data" --http-socket "$http" &
daemon=$!
trap 'kill "$daemon"' TERM

alive() { kill -0 "$daemon" 2>/dev/null; }

# Until there is an answer or the daemon has given up, which it has said why by itself.
reply=
while [ -z "$reply" ] && alive; do
    [ ! -S "$socket" ] || reply=$(printf 'uname -a\r\n0\r\n' | socat -t5 - "UNIX:$socket" 2>/dev/null)
    [ -n "$reply" ] || sleep 0.1
done
alive || { wait "$daemon"; exit; }

ask() { curl -sS --unix-socket "$http" "$@"; }
job=$(ask -D - -o /dev/null -H 'Content-Type: application/json' -d '{"kind":"shell","command":"sleep 1; echo hi"}' \
    http://localhost/v1/jobs | tr -d '\r' | sed -n 's/^Location: //p')
ended=$(ask "http://localhost$job?wait=30")
output=$(ask "http://localhost$job/stdout")

cat <<EOF

The first job has run. What was sent, and what came back:

    printf 'uname -a\\r\\n0\\r\\n' | socat -t5 - UNIX:$socket

$reply

The second one came in by HTTP: it was submitted, waited for, and its output read.

    curl --unix-socket $http -H 'Content-Type: application/json' \\
        -d '{"kind":"shell","command":"sleep 1; echo hi"}' http://localhost/v1/jobs
    curl --unix-socket $http 'http://localhost$job?wait=30'
    curl --unix-socket $http http://localhost$job/stdout

$ended
$output

Try next, in another terminal:

    printf 'wc -c\\r\\n5\\r\\nhello' | socat -t5 - UNIX:$socket
    socat - UNIX:$socket,crlf     then type a command, Enter, 0, Enter
    bin/kuid run --socket $http -- uname -a
    bin/kuid-jobd --help

There is no TCP port: started with --http 127.0.0.1:8080 the daemon has one, for those who send the token in
$data/token (Authorization: Bearer TOKEN).

Ctrl-C stops the daemon.
EOF

# A signal interrupts wait, not the daemon: wait again until it has ended.
while alive; do wait "$daemon"; done
wait "$daemon"
