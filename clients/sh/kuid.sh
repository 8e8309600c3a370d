# kuid.sh - a client of Kuid's HTTP API in functions for any POSIX shell; it needs curl 7.84 or newer, and awk.
#
#   . clients/sh/kuid.sh
#   KUID_SOCKET=/path/to/http.sock       where the daemon is, or
#   KUID_URL=http://127.0.0.1:8080 KUID_TOKEN_FILE=/path/to/token
#
#   kuid_submit JSON [KEY]               submits a job, prints the Job
#   kuid_get ID                          prints the Job
#   kuid_wait ID                         prints the Job when it has ended
#   kuid_list [QUERY]                    prints a page, QUERY as in listJobs: 'state=running&limit=10'
#   kuid_cancel ID                       ends the job, prints the Job
#   kuid_read ID [STREAM] [OFFSET]       prints what the job has written: stdout, stderr or output
#   kuid_follow ID [STREAM] [OFFSET]     the same as it comes, until the job has ended
#   kuid_member NAME                     the member of the Job on standard input: kuid_get 1 | kuid_member state
#   kuid_json TEXT                       TEXT as a JSON string, quotes and all
#   kuid_request METHOD PATH [CURL ...]  any operation; more words are curl's, a body is --data-binary @FILE
#
# Each returns 0, or non-zero with the reason on standard error. What fails to connect and what is told to come back later
# is tried again for KUID_PATIENCE seconds (30). Text from elsewhere never becomes part of a command: it goes as an argument
# or on standard input.

# The functions run in subshells of their own, so all that is left in the caller's shell has a name with kuid_ in front.

kuid_json() {
    printf '%s\n' "$1" | LC_ALL=C awk '
        BEGIN {
            ORS = ""
            for (i = 1; i < 32; i++) code[sprintf("%c", i)] = sprintf("\\u%04x", i)
            code["\""] = "\\\""
            code["\\"] = "\\\\"
            print "\""
        }
        {
            if (NR > 1) print "\\n"
            for (i = 1; i <= length($0); i++) {
                c = substr($0, i, 1)
                print (c in code) ? code[c] : c
            }
        }
        END { print "\"" }'
}

# A Job is one flat object whose id, state, reason and numbers come before anything that its submitter wrote, and a quote
# inside a string has a backslash, so the first member of that name is the job's own.
kuid_member() {
    LC_ALL=C awk -v name="$1" '
        { text = text $0 }
        END {
            start = index(text, "\"" name "\":")
            if (!start) exit 1
            value = substr(text, start + length(name) + 3)
            if (match(value, /^"([^"\\]|\\.)*"/)) print substr(value, 2, RLENGTH - 2)
            else if (match(value, /^[^,}\]]*/)) print substr(value, 1, RLENGTH)
        }'
}

# _kuid_curl PATH [CURL ...] - curl to the daemon. The token goes by its standard input, and not where ps shows it.
_kuid_curl() (
    path=$1
    shift
    if [ -n "${KUID_SOCKET:-}" ]; then
        exec curl -q -sSN --unix-socket "$KUID_SOCKET" "$@" "http://localhost$path"
    elif [ -n "${KUID_URL:-}" ] && [ -r "${KUID_TOKEN_FILE:-}" ]; then
        { printf 'Authorization: Bearer '; cat "$KUID_TOKEN_FILE"; } | curl -q -sSN -H @- "$@" "${KUID_URL%/}$path"
    else
        echo "KUID_SOCKET, or KUID_URL and KUID_TOKEN_FILE, has to say where the daemon is" >&2
        exit 2
    fi
)

_kuid_now() { date +%s; }

# _kuid_send REPEATABLE METHOD PATH [CURL ...] - prints the body of an answer below 400 and returns 0; else what the daemon said
# goes to standard error. Who wants the ETag too names a file for it in _kuid_etag_file.
_kuid_send() (
    repeatable=$1 method=$2 path=$3
    shift 3
    body=$(mktemp) || exit
    trap 'rm -f "$body"' EXIT
    trap 'exit 130' INT TERM HUP
    deadline=$(($(_kuid_now) + ${KUID_PATIENCE:-30}))
    pause=1
    while :; do
        said=$(_kuid_curl "$path" -X "$method" -o "$body" -w '%{http_code} %header{etag} %header{retry-after}' --max-time 90 "$@" 2>&1)
        failed=$?
        [ "$failed" -ne 2 ] || { echo "kuid: $said" >&2; exit 2; }
        # curl says what went wrong first and fills in the format last.
        status=${said##*
}
        if [ "$failed" -ne 0 ]; then
            # 7 is no connection: nothing was sent.
            if { "$repeatable" || [ "$failed" -eq 7 ]; } && [ $(($(_kuid_now) + pause)) -le "$deadline" ]; then
                sleep "$pause"
                pause=$((pause < 4 ? 2 * pause : 5))
                continue
            fi
            # Of a socket curl says localhost port 80.
            echo "kuid: $method $path at ${KUID_SOCKET:-$KUID_URL}: ${said%%
*}" >&2
            exit 1
        fi
        rest=${status#* }
        status=${status%% *}
        case $status in
            [123]??)
                cat "$body"
                [ -z "${_kuid_etag_file:-}" ] || echo "${rest%% *}" > "$_kuid_etag_file"
                exit 0
                ;;
            429 | 503)
                # The last word is Retry-After; such an answer means that nothing was done.
                later=${rest##* }
                case $later in
                    '' | *[!0-9]*) ;;
                    *) if [ $(($(_kuid_now) + later)) -le "$deadline" ]; then
                        sleep "$later"
                        continue
                    fi ;;
                esac
                ;;
        esac
        echo "kuid: $method $path: $status $(cat "$body")" >&2
        exit 1
    done
)

kuid_request() {
    case $1 in
        GET) _kuid_send true "$@" ;;
        *) _kuid_send false "$@" ;;
    esac
}

_kuid_key() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# The key is made once and sent each time, so a submission that has to be sent again is one job.
kuid_submit() {
    printf '%s' "$1" | (
        file=$(mktemp) || exit
        trap 'rm -f "$file"' EXIT
        cat > "$file"
        _kuid_send true POST /v1/jobs -H 'Content-Type: application/json' -H "Idempotency-Key: ${2:-$(_kuid_key)}" --data-binary "@$file"
    )
}

kuid_get() { _kuid_send true GET "/v1/jobs/$1"; }

kuid_cancel() { _kuid_send true POST "/v1/jobs/$1/cancel"; }

kuid_list() { _kuid_send true GET "/v1/jobs${1:+?$1}"; }

kuid_wait() (
    _kuid_etag_file=$(mktemp) || exit
    trap 'rm -f "$_kuid_etag_file"' EXIT
    trap 'exit 130' INT TERM HUP
    job=$(_kuid_send true GET "/v1/jobs/$1") || exit
    while :; do
        etag=$(cat "$_kuid_etag_file")
        case $(printf '%s' "$job" | kuid_member state) in
            succeeded | failed | canceled | lost) printf '%s\n' "$job"; exit 0 ;;
        esac
        asked=$(_kuid_now)
        answer=$(_kuid_send true GET "/v1/jobs/$1?wait=60" -H "If-None-Match: $etag") || exit
        # 304 has no body: the job is as it was. One that was not held comes from a daemon that is being stopped.
        if [ -n "$answer" ]; then job=$answer; elif [ "$(_kuid_now)" -eq "$asked" ]; then sleep 1; fi
    done
)

kuid_read() { _kuid_output "$1" "${2:-stdout}" "${3:-0}" ''; }

kuid_follow() { _kuid_output "$1" "${2:-stdout}" "${3:-0}" '&follow=true'; }

# curl says how many bytes of the body came, also when the connection broke; the next request begins behind them. An answer that
# leaves bytes out cannot be gone on with by counting, so its headers are read first, which `read` does without taking more.
_kuid_output() (
    job=$1 stream=$2 offset=$3 follow=$4
    said=$(mktemp) || exit
    trap 'rm -f "$said"' EXIT
    trap 'exit 130' INT TERM HUP
    deadline=
    exec 3>&1
    while :; do
        _kuid_curl "/v1/jobs/$job/$stream?offset=$offset$follow" -i -w '%{stderr}
%{exitcode} %{size_download} %header{retry-after}' 2> "$said" | _kuid_body
        taken=$?
        { read -r failed size later; } <<EOF
$(tail -n 1 "$said")
EOF
        now=$(_kuid_now)
        case $taken in
            0) [ "$failed" != 0 ] || exit 0 ;;
            "$_kuid_later") [ -n "$later" ] || later=1 ;;
            "$_kuid_truncated")
                echo "kuid: job $job wrote more to $stream than was kept; from $offset on it is not whole" >&2
                exit 1
                ;;
            "$_kuid_nothing") size=0 ;;
            # The daemon refused, which has been said, or whoever reads this is gone.
            *) exit 1 ;;
        esac
        [ "$taken" -ne 0 ] || offset=$((offset + size))
        # The patience begins anew with each byte.
        if [ "$taken" -eq 0 ] && [ "$size" -gt 0 ] || [ -z "$deadline" ]; then deadline=$((now + ${KUID_PATIENCE:-30})); fi
        if [ $((now + ${later:-0})) -ge "$deadline" ]; then
            echo "kuid: $stream of job $job broke off at $offset again and again: $(head -n 1 "$said")" >&2
            exit 1
        fi
        [ "$taken" -eq 0 ] && [ "$size" -gt 0 ] || sleep "${later:-1}"
    done
)

_kuid_later=10
_kuid_truncated=11
_kuid_nothing=12

# Reads an answer with its headers and sends the body to descriptor 3, unless the headers are against it.
_kuid_body() {
    status=
    while IFS= read -r line && line=${line%"$_kuid_cr"} && [ -n "$line" ]; do
        case $line in
            HTTP/*) status=${line#* } status=${status%% *} truncated=false ;;
            [Kk][Uu][Ii][Dd]-[Tt][Rr][Uu][Nn][Cc][Aa][Tt][Ee][Dd]:*true*) truncated=true ;;
        esac
    done
    case $status in
        200) ! $truncated || return "$_kuid_truncated"; cat >&3 ;;
        429 | 503) cat > /dev/null; return "$_kuid_later" ;;
        '') return "$_kuid_nothing" ;;
        *) { printf 'kuid: %s ' "$status"; cat; echo; } >&2; return 1 ;;
    esac
}

_kuid_cr=$(printf '\r')
