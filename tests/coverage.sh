#!/bin/sh
# Runs a suite with its lines counted and prints, for each file, how many of them ran.
#
#   tests/coverage.sh [PROJECT] [FILE...]     PROJECT is a folder below tests/, FILE the end of a path;
#                                             without FILEs the sockproc request parser's
#
# The line of a file that several assemblies or classes contain counts once. Exits 1 when the suite fails or a file has no lines.
set -u
cd "$(dirname "$0")/.." || exit 1
project=${1:-Kuid.Jobd.Tests}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- RequestReader.cs HttpRequestLine.cs
results=$(mktemp -d) || exit 1
trap 'rm -rf "$results"' EXIT

# Counting makes the fuzzing slow and a fraction of it reaches every line that all of it does.
KUID_FUZZ_COUNT=${KUID_FUZZ_COUNT:-50000} dotnet test "tests/$project" -c Release --nologo -v quiet \
    --collect:"XPlat Code Coverage" --results-directory "$results" > "$results/log" 2>&1 || { cat "$results/log"; exit 1; }
report=$(find "$results" -name coverage.cobertura.xml | head -n 1)
[ -n "$report" ] || { echo "coverage.sh: the suite left no report" >&2; exit 1; }

# <class ... filename="A/B.cs" ...> ... <line number="7" hits="2" ... />, repeated below its method.
for file; do
    awk -v file="$file" '
        function attribute(name,    from) {
            from = index($0, " " name "=\"")
            if (!from) return ""
            from += length(name) + 3
            return substr($0, from, index(substr($0, from), "\"") - 1)
        }
        /<class / {
            path = "/" attribute("filename")
            wanted = substr(path, length(path) - length(file)) == "/" file
        }
        wanted && /<line / {
            key = path ":" attribute("number")
            if (!(key in hits)) order[++lines] = key
            hits[key] += attribute("hits")
        }
        END {
            if (!lines) { print file ": no lines"; exit 1 }
            for (i = 1; i <= lines; i++)
                if (hits[order[i]] > 0) ran++; else missed = missed " " substr(order[i], index(order[i], ":") + 1)
            printf "%s: %d of %d lines, %.1f %%%s\n", file, ran, lines, 100 * ran / lines, missed == "" ? "" : ", not" missed
        }' "$report" || failed=1
done
exit "${failed:-0}"
