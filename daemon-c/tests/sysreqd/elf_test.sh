#!/bin/sh
# What kind of file kuid-sysreqd is:  elf_test.sh LIMIT ARCHITECTURE:FILE...
#
# A file that is not there is that of an architecture without a compiler here, and skipped.

limit=$1
shift
passed=0
failed=0
skipped=0

# check SENTENCE COMMAND...   the sentence holds if the command, which may explain itself, succeeds
check() {
    sentence="$1 ($architecture)"
    shift
    if why=$("$@" 2>&1); then
        passed=$((passed + 1))
        echo "ok - $sentence"
    else
        failed=$((failed + 1))
        echo "not ok - $sentence ($(echo "$why" | tr '\n' ' ' | cut -c1-200))"
    fi
}

skip() {
    skipped=$((skipped + 1))
    echo "skip - $1"
}

fits() { size=$(wc -c < "$file"); echo "$size bytes"; [ "$size" -le "$limit" ]; }
machine_is() { readelf -hW "$file" | grep -q "Machine:.*$1"; }
is_static() { readelf -hW "$file" | grep 'Type:' | grep -q 'EXEC'; }
segments() {
    LC_ALL=C readelf -lW "$file" |
        sed -n 's/^  \([A-Z][A-Z_]*\) *0x.* 0x[0-9a-f]* \([R ][W ][E ]\) 0x[0-9a-f]*$/\1 \2/p'
}
segments_are() { echo "$1" | tr ',' '\n' > "$expected"; segments | diff "$expected" -; }
has_none_of() { ! LC_ALL=C readelf "$1" "$file" | grep "$2"; }
needs_nothing() { LC_ALL=C readelf -dW "$file" | grep 'There is no dynamic section'; }

if ! command -v readelf > /dev/null; then
    for pair; do skip "the file of ${pair%%:*} (no readelf here)"; done
    echo "0 passed, 0 failed, $skipped skipped"
    exit
fi
expected=$(mktemp) || exit
trap 'rm -f "$expected"' EXIT

seen=
for pair; do
    architecture=${pair%%:*} file=${pair#*:}
    case $seen in *" $architecture "*) continue ;; esac
    seen="$seen $architecture "
    if [ ! -f "$file" ]; then
        skip "the file of $architecture (no compiler for it here: gcc-$architecture-linux-gnu)"
        continue
    fi
    case $architecture in
    x86_64) machine=X86-64 ;;
    *) machine=AArch64 ;;
    esac
    check "the file has at most $limit bytes" fits
    check "it is for its architecture" machine_is $machine
    check "it is linked to fixed addresses" is_static
    check "code cannot be written, data cannot be run, the stack neither" segments_are 'LOAD R E,LOAD RW ,GNU_STACK RW '
    check "it has no interpreter" has_none_of -lW INTERP
    check "it has no dynamic section" needs_nothing
    check "it has no relocations" has_none_of -rW 'R_'
done

if [ $skipped -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ $failed -eq 0 ]
