#!/bin/sh
# budget.sh COMPILE SOURCE... - prints what each source of kuid-sysreqd takes: code and constants of its object, compiled
# alone. Linked together they come out a little smaller, as the compiler then sees them all.

compile=$1
shift
object=$(mktemp) || exit
trap 'rm -f "$object"' EXIT
for source; do
    $compile -fno-lto -c -o "$object" "$source" || exit
    size "$object" | awk -v name="$(basename "$source")" 'NR == 2 { printf "%6d %s\n", $1, name }'
done
