#!/bin/sh
# Says what in openapi.yaml would break clients of the last tag's.
#
# Exit codes: 0 nothing, or the major version has gone up and may break; 1 something does.
set -u
cd "$(dirname "$0")/.." || exit 1
if ! tag=$(git describe --tags --abbrev=0 2> /dev/null); then
    echo "openapi.yaml: there is no tag yet whose clients it could break"
    exit 0
fi
older=$(mktemp) || exit 1
trap 'rm -f "$older"' EXIT
if ! git show "$tag:openapi.yaml" > "$older" 2> /dev/null; then
    echo "openapi.yaml: $tag has no contract that it could break"
    exit 0
fi
said=$(dotnet run --project tests/Kuid.ContractChanges -c Release -- "$older" openapi.yaml)
verdict=$?
if [ -n "$said" ]; then
    echo "openapi.yaml breaks clients of $tag:"
    echo "$said"
    [ "$verdict" -ne 0 ] || echo "which its new major version allows"
elif [ "$verdict" -eq 0 ]; then
    echo "openapi.yaml breaks nothing of $tag"
fi
exit $verdict
