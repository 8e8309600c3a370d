#!/bin/sh
# Tests of libkuidcoprocess.so as a file:  coprocess_test.sh LIBRARY
#
# What it does in a shell is tested from the other end of its socket, in
# tests/Kuid.Jobd.Core.Tests/Coprocess.  Here is that it loads into any program and
# leaves alone the ones that are none of its business.

library=$(realpath "$1")
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
passed=0
failed=0

# expect SENTENCE OUTPUT COMMAND...
expect() {
    sentence=$1 output=$2
    shift 2
    actual=$("$@" 2>&1 < /dev/null)
    if [ "$actual" = "$output" ]; then
        passed=$((passed + 1))
        echo "ok - $sentence"
    else
        failed=$((failed + 1))
        echo "not ok - $sentence (output: $actual)"
    fi
}

needed() { readelf -d "$library" | grep NEEDED; }
undefined() { readelf --dyn-syms -W "$library" | awk '$7 == "UND" && $8 != "" { print $8 }' | sort | tr '\n' ' '; }
defined() { readelf --dyn-syms -W "$library" | awk '$7 ~ /^[0-9]+$/ { print $8 }' | sort | tr '\n' ' '; }
preloaded() { LD_PRELOAD=$library "$@"; }

if command -v readelf > /dev/null; then
    expect "it needs no library" "" needed
    expect "it wants errno and the environment of whatever C library there is, and nothing else" \
        "__errno_location environ " undefined
    expect "it puts itself in front of open and close, and of nothing else" \
        "__open64_2 __open_2 close open open64 " defined
else
    echo "skip - what it needs (readelf is not installed)"
fi

expect "a program that has no socket as stdin is left alone, its environment too" \
    "$library" preloaded sh -c 'echo $LD_PRELOAD'
expect "paths of its own are nothing there" \
    "none" preloaded sh -c 'cat /.coprocess/line/ 2> /dev/null || echo none'

cat > "$directory/files.c" <<'END'
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int fd = open(argv[1], O_RDWR | O_CREAT | O_EXCL, 0640);
    int flags = fcntl(fd, F_GETFD), first = close(fd);
    int second = close(fd), unknown = errno;
    int again = open(argv[1], O_RDWR | O_CREAT | O_EXCL, 0600), exists = errno;
    printf("%d %d %d %d %d %d %d\n", fd >= 0, flags, first, second, unknown == EBADF, again, exists == EEXIST);
    return argc != 2;
}
END
for compiler in "${CC:-cc}" musl-gcc; do
    if command -v "$compiler" > /dev/null && "$compiler" -o "$directory/files" "$directory/files.c"; then
        rm -f "$directory/file"
        expect "open and close work through it and set errno ($compiler)" "1 0 0 -1 1 -1 1" \
            preloaded "$directory/files" "$directory/file"
        expect "the mode of a new file arrives ($compiler)" "640" stat -c %a "$directory/file"
    else
        echo "skip - a program of $compiler (it is not installed)"
    fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
