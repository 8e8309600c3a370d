#!/bin/sh
# Runs every suite against what `make build` left in bin/ and ends with the line "N passed, N failed, N skipped".
#
#   tests/run.sh [FILTER]     FILTER is dotnet test's --filter expression; with it the C tests are left out
#
# A suite is a project below tests/ whose name ends in .Tests; the C tests of daemon-c count one a line. What failed is said
# where it happened and again before the last line, because the end of the output is what people keep. Just before that line
# stands what became of the rows of the fault catalogue (tests/rows.awk).
set -u
cd "$(dirname "$0")/.." || exit 1
results=$(mktemp -d) || exit 1
trap 'rm -rf "$results"' EXIT

passed=0
failed=0
skipped=0

# again NAME STATUS FAILURES - keeps for the end what of a suite failed. A suite that broke without counting a failure is one.
again() {
    [ "$2" -ne 0 ] || [ "$3" -ne 0 ] || return
    {
        echo "== $1"
        awk -f tests/failures.awk "$results/$1.log"
    } >> "$results/failures"
    if [ "$3" -eq 0 ] || grep -qE 'Test host process crashed|[Tt]est run was aborted' "$results/$1.log"; then
        {
            echo "FAILED $1 broke with exit code $2; its log ends so:"
            tail -n 15 "$results/$1.log" | cut -c1-300 | sed 's/^/  /'
        } >> "$results/failures"
    fi
    [ "$3" -ne 0 ] || failed=$((failed + 1))
}

# The C tests print "N passed, N failed[, N skipped]" at the end of each of their programs.
if [ $# -eq 0 ]; then
    status=0
    make -C daemon-c test OUT="$PWD/daemon-c/build" > "$results/daemon-c.log" 2>&1 || status=$?
    grep -v '^ok ' "$results/daemon-c.log"
    counts=$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed\(, \([0-9]*\) skipped\)\{0,1\}$/\1 \2 \4/p' "$results/daemon-c.log")
    while read -r p f s; do
        [ -n "$p" ] || continue
        passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + ${s:-0}))
    done <<EOF
$counts
EOF
    again daemon-c "$status" "$failed"
fi

for project in $(find tests -name '*.Tests.csproj' | sort); do
    name=$(basename "$project" .csproj)
    echo "== $name"
    status=0 total=0 p=0 f=0
    dotnet test "$project" -c Release --nologo -v quiet ${1:+--filter "$1"} \
        --logger "trx;LogFileName=$results/$name.trx" --logger "console;verbosity=normal" > "$results/$name.log" 2>&1 || status=$?
    grep -vE '^ *$|^  Passed |^Test run for|^A total of|^Results File|^  [A-Za-z.]+ -> |\[xUnit.net' "$results/$name.log"
    if [ -f "$results/$name.trx" ]; then
        total=$(sed -n 's/.*<Counters total="\([0-9]*\)".*/\1/p' "$results/$name.trx")
        p=$(sed -n 's/.*<Counters .* passed="\([0-9]*\)".*/\1/p' "$results/$name.trx")
        f=$(sed -n 's/.*<Counters .* failed="\([0-9]*\)".*/\1/p' "$results/$name.trx")
    else
        echo "$name left no results"
        [ "$status" -ne 0 ] || status=1
    fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + total - p - f))
    again "$name" "$status" "$f"
done

[ ! -f "$results/failures" ] || cat "$results/failures"
find "$results" -name '*.trx' -o -name 'daemon-c.log' | xargs -r awk -f tests/rows.awk tests/rows.tsv
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
