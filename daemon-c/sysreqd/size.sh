#!/bin/sh
# size.sh LIMIT ARCHITECTURE:FILE... - prints the sizes of kuid-sysreqd and fails if one is above the limit, in bytes.

limit=$1
shift
verdict=0
seen=
for pair; do
    architecture=${pair%%:*} file=${pair#*:}
    case $seen in *" $architecture "*) continue ;; esac
    seen="$seen $architecture "
    if [ ! -f "$file" ]; then
        echo "kuid-sysreqd, $architecture: not built (gcc-$architecture-linux-gnu is not here)"
        continue
    fi
    size=$(wc -c < "$file")
    if [ "$size" -le "$limit" ]; then
        echo "kuid-sysreqd, $architecture: $size of $limit bytes"
    else
        echo "kuid-sysreqd, $architecture: $size bytes, $((size - limit)) above the limit of $limit" >&2
        verdict=1
    fi
done
exit $verdict
