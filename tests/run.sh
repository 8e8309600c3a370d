#!/bin/sh
# Runs every suite against what `make build` left in bin/ and ends with the line "N passed, N failed, N skipped".
#
#   tests/run.sh [FILTER]     FILTER is dotnet test's --filter expression; with it the C tests are left out
#
# A suite is a project below tests/ whose name ends in .Tests; the C tests of daemon-c count one a line.
set -u
cd "$(dirname "$0")/.." || exit 1
results=$(mktemp -d) || exit 1
trap 'rm -rf "$results"' EXIT

broken=0
passed=0
failed=0
skipped=0

# The C tests print "N passed, N failed[, N skipped]" at the end of each of their programs.
if [ $# -eq 0 ]; then
    make -C daemon-c test OUT="$PWD/daemon-c/build" > "$results/c.log" 2>&1 || broken=1
    grep -v '^ok ' "$results/c.log"
    counts=$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed\(, \([0-9]*\) skipped\)\{0,1\}$/\1 \2 \4/p' "$results/c.log")
    while read -r p f s; do
        [ -n "$p" ] || continue
        passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + ${s:-0}))
    done <<EOF
$counts
EOF
fi

for project in $(find tests -name '*.Tests.csproj' | sort); do
    name=$(basename "$project" .csproj)
    echo "== $name"
    dotnet test "$project" -c Release --nologo -v quiet ${1:+--filter "$1"} \
        --logger "trx;LogFileName=$results/$name.trx" --logger "console;verbosity=normal" > "$results/$name.log" 2>&1 || broken=1
    grep -vE '^ *$|^  Passed |^Test run for|^A total of|^Results File|^  [A-Za-z.]+ -> |\[xUnit.net' "$results/$name.log"
    [ -f "$results/$name.trx" ] || { echo "$name left no results"; broken=1; continue; }
    total=$(sed -n 's/.*<Counters total="\([0-9]*\)".*/\1/p' "$results/$name.trx")
    p=$(sed -n 's/.*<Counters .* passed="\([0-9]*\)".*/\1/p' "$results/$name.trx")
    f=$(sed -n 's/.*<Counters .* failed="\([0-9]*\)".*/\1/p' "$results/$name.trx")
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + total - p - f))
done

# A suite that broke without counting a failure is a failure.
[ "$broken" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
