#!/bin/sh
# Installs the npm packages of the contract's tools and of the TypeScript client, each into the node_modules beside its
# package.json. Does nothing when they are those of the lock files already.
#
# Node is wanted and not needed: without it, or where npm cannot reach a registry, this says so and exits 0, and what would
# use the packages is skipped with the reason.
set -u
cd "$(dirname "$0")/.." || exit 1

say() { echo "contract/install.sh: $*" >&2; }

if ! command -v node > /dev/null || ! command -v npm > /dev/null; then
    say "no Node.js here: the linters, the generators, the validating proxy and the TypeScript client are left out"
    exit 0
fi
if ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; then
    say "Node.js $(node --version) is older than 20.19: what needs it is left out"
    exit 0
fi

# npm writes the hidden lock file last, so an installation that was cut short is none.
current() { [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] && [ "$1/node_modules/.package-lock.json" -nt "$1/package.json" ]; }

install() {
    current "$1" && return
    say "installing the packages of $1"
    log=$(mktemp) || return
    if (cd "$1" && timeout 600 npm ci --no-progress) > "$log" 2>&1 < /dev/null; then
        touch "$1/node_modules/.package-lock.json"
    else
        head -n 20 "$log" | cut -c1-300 >&2
        say "npm could not install the packages of $1: what needs them is left out"
        rm -rf "$1/node_modules"
    fi
    rm -f "$log"
}

# Two runs at once would tear each other's folders away.
exec 9< "$0"
flock 9 2> /dev/null
install contract
install clients/typescript
exit 0
