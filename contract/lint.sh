#!/bin/sh
# Lints openapi.yaml with redocly and with spectral; a warning is a failure. Quiet but for one line when there is nothing to say.
#
#   contract/lint.sh [FILE]     FILE is another contract than ../openapi.yaml
#
# Exit codes: 0 clean, 1 findings, 3 the linters are not installed.
set -u
file=$(realpath "${1:-$(dirname "$0")/../openapi.yaml}") || exit 1
cd "$(dirname "$0")" || exit 1
if [ ! -x node_modules/.bin/redocly ]; then
    echo "openapi.yaml was not linted: the linters are npm packages, which contract/install.sh installs where Node.js is" >&2
    exit 3
fi

# Neither has anything to tell its makers.
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

verdict=0
# Redocly speaks of Node's age, with what it has found, on its standard error.
if ! node_modules/.bin/redocly lint --config redocly.yaml --format stylish --max-problems 1000 "$file" > "$log" 2>&1; then
    cat "$log" >&2
    verdict=1
fi
if ! node_modules/.bin/spectral lint --ruleset .spectral.yaml --fail-severity hint "$file" > "$log" 2>&1; then
    cat "$log" >&2
    verdict=1
fi
[ "$verdict" -ne 0 ] || echo "openapi.yaml: redocly and spectral find nothing"
exit $verdict
