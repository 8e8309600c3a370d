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

# The terminal sends Ctrl-C to the daemon too, which then stops by itself; a TERM for this script is passed on.
trap : INT
bin/kuid-jobd "$socket" --foreground &
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

cat <<EOF

The first job has run. What was sent, and what came back:

    printf 'uname -a\\r\\n0\\r\\n' | socat -t5 - UNIX:$socket

$reply

Try next, in another terminal:

    printf 'wc -c\\r\\n5\\r\\nhello' | socat -t5 - UNIX:$socket
    socat - UNIX:$socket,crlf     then type a command, Enter, 0, Enter
    bin/kuid-jobd --help

Ctrl-C stops the daemon.
EOF

# A signal interrupts wait, not the daemon: wait again until it has ended.
while alive; do wait "$daemon"; done
wait "$daemon"
