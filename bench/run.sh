#!/bin/sh
# run.sh - measures kuid-jobd, alternating with the original sockproc when there is one.
#
#   SOCKPROC=path    the original's binary; without it kuid-jobd is measured alone
#   KUID_JOBD=path   the daemon to measure, by default bin/kuid-jobd of this repository
#   RUNS=6           rounds; each runs every case once on either daemon
#   CASES='a b'      only these cases; a partial table is printed, but RESULTS.md keeps whole ones
#   RESULTS=path     where the report goes, by default RESULTS.md beside this script
set -u
bench=$(cd "$(dirname "$0")" && pwd) || exit 1

KUID_JOBD=${KUID_JOBD:-$bench/../bin/kuid-jobd}
SOCKPROC=${SOCKPROC:-}
RUNS=${RUNS:-6}
CASES=${CASES:-}
RESULTS=${RESULTS:-$bench/RESULTS.md}
READY_SECONDS=10
STALL_SECONDS=300

# name | connections or threads | requests | stdin bytes | figure | command
# The figure is rate (requests/s), p50 (ms), bulk:N (MB/s for N MB a request, from the p50) or limit.
CASE_TABLE='
true-8  | 8 | 3000 | 0        | rate     | true
uname-8 | 8 | 2000 | 0        | rate     | uname -a
true-1  | 1 | 1000 | 0        | p50      | true
stdout  | 1 | 7    | 0        | bulk:100 | head -c 100000000 /dev/zero
stdin   | 1 | 7    | 50000000 | bulk:50  | cat >/dev/null
limit   | 2 | 1500 | 0        | limit    | spawnlimit
'

say() { echo "run.sh: $*" >&2; }

# Notes go into the report, so that a figure that is absent is explained next to those that are not.
note() {
    echo "* $*" >>"$scratch/notes"
    say "$*"
}

select_cases() {
    echo "$CASE_TABLE" | sed 's/ *| */|/g' | awk -F'|' -v only=" $CASES " \
        'NF == 6 && (only ~ /^ *$/ || index(only, " " $1 " "))'
}

clean_up() {
    [ -z "$pids" ] || kill $pids 2>/dev/null
    wait
    rm -rf "$scratch"
}

# Ready means that a command comes back whole, which no fixed wait can promise.
wait_ready() {
    deadline=$(($(date +%s) + READY_SECONDS))
    until "$bench/build/crlfload" "$scratch/$1.sock" 1 1 true >/dev/null 2>&1; do
        kill -0 "$2" 2>/dev/null && [ "$(date +%s)" -lt $deadline ] || return 1
        sleep 0.05
    done
}

# start NAME COMMAND... - the daemon listens on $scratch/NAME.sock and takes part once it answers.
start() {
    name=$1
    shift
    "$@" >"$scratch/$name.log" 2>&1 </dev/null &
    pids="$pids $!"
    if wait_ready "$name" $!; then
        daemons="$daemons $name"
    else
        note "$name was not measured: it does not answer. $(tail -n 1 "$scratch/$name.log")"
    fi
}

start_daemons() {
    if [ -x "$KUID_JOBD" ]; then
        mkdir "$scratch/data"
        start kuid "$KUID_JOBD" "$scratch/kuid.sock" --foreground --data "$scratch/data"
    else
        note "kuid was not measured: there is no $(basename "$KUID_JOBD") yet, build it first."
    fi
    if [ -n "$SOCKPROC" ]; then
        start original "$SOCKPROC" "$scratch/original.sock" --foreground
    else
        note "The original was not measured: SOCKPROC does not name its binary."
    fi
}

# Turns a line of crlfload or spawnlimit into the one number the case asks for.
extract() {
    awk -v figure="$1" '{
        for (i = 1; i <= NF; i++) { split($i, pair, "="); value[pair[1]] = pair[2] + 0 }
        if (figure == "limit") print $2 + 0
        else if (figure ~ /^bulk:/) printf "%.1f\n", substr(figure, 6) / value["p50"] * 1000
        else print value[figure]
    }'
}

# measure WHO COMMAND... - a case that failed once on a daemon is not tried on it again.
measure() {
    who=$1
    shift
    [ ! -e "$scratch/$case.$who.failed" ] || return
    if line=$(timeout $STALL_SECONDS "$@" 2>&1 </dev/null); then
        echo "$case|$who|$number|$(echo "$line" | extract "$figure")" >>"$scratch/figures"
    else
        : >"$scratch/$case.$who.failed"
        note "$case on $who failed in round $number: $line"
    fi
}

# Going first after another case costs a few per cent, so the daemons change places every round.
turns() {
    if [ $((number % 2)) -eq 1 ]; then echo "$daemons"; else echo "$daemons" | awk '{ print $2, $1 }'; fi
}

run_case() {
    say "round $number of $RUNS: $case"
    if [ "$figure" = limit ]; then
        measure limit "$bench/build/spawnlimit" "$connections" "$requests"
        return
    fi
    for daemon in $(turns); do
        measure "$daemon" "$bench/build/crlfload" \
            "$scratch/$daemon.sock" "$connections" "$requests" "$command" "$stdin_bytes"
    done
}

run_rounds() {
    number=1
    while [ $number -le "$RUNS" ]; do
        while IFS='|' read -r case connections requests stdin_bytes figure command <&3; do
            run_case
        done 3<"$scratch/cases"
        number=$((number + 1))
    done
}

report() {
    echo "# Results"
    echo
    echo "$(date -u '+%Y-%m-%d %H:%M') UTC, $(uname -srm), $(nproc) cores," \
        ".NET SDK $(dotnet --version 2>/dev/null || echo 'not installed'), $RUNS rounds." \
        "Each cell is the median, then the lowest and the highest round."
    echo
    awk -f "$bench/table.awk" "$scratch/cases" "$scratch/figures"
    [ ! -s "$scratch/notes" ] || { echo; cat "$scratch/notes"; }
}

make -s -C "$bench" || exit 1
pids=
daemons=
scratch=$(mktemp -d) || exit 1
trap clean_up EXIT
trap 'exit 130' INT TERM HUP
: >"$scratch/figures"
select_cases >"$scratch/cases"
[ -s "$scratch/cases" ] || { say "no such case: $CASES"; exit 2; }

start_daemons
run_rounds
report >"$scratch/report"
cat "$scratch/report"
case $daemons in *kuid*) ;; *) exit 1 ;; esac
[ -n "$CASES" ] || cp "$scratch/report" "$RESULTS"
! ls "$scratch" | grep -q '\.failed$'
