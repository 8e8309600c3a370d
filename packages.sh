#!/bin/sh
# packages.sh GROUP... - installs the Debian packages a group of work needs.
#
#   build   compiling the native parts (and checks for the .NET SDK, which Debian does not carry)
#   run     the first job of make run
#   test    the clients and tools the test suites drive
#   bench   what make bench loads the daemon with and compares it with
#
# A group with a question mark in the table is wanted and not needed: what uses such a package is skipped without it.
#
# One script for the whole project, so that a new requirement is one line in the table below.
# It is silent when nothing is missing and exits 1 when something stays missing.
set -u

TABLE='
build gcc                   compiles the C helpers and the benchmarks
build libc6-dev             C library headers and start files for gcc
build make                  drives the builds
run   socat                 speaks to the socket of the daemon
run   curl                  speaks to its HTTP door
run   tzdata                the time zones of schedules
test  socat                 sockproc client over a Unix socket
test  telnet                sockproc client over TCP
test  nginx-light           hosts the Lua clients
test  libnginx-mod-http-lua cosockets in nginx, what the Lua clients speak through
test  lua-cjson             JSON for the Lua client of the HTTP API
test  curl                  drives nginx and the HTTP door
test  tzdata                the time zones of schedules
test  strace                shows which system calls the daemon makes
test  util-linux            setsid, prlimit, unshare and flock
test  procps                ps, pgrep and kill by process id
test  iproute2              ss, which shows who listens where
test  tmux                  a terminal for kuid shell
test? zsh                   one of the shells in which Tab is pressed
test? fish                  another one
test? mandoc                says what is wrong with the manual pages
test  python3               scripted clients that misbehave on purpose
test? python3-prometheus-client      the reader of the Prometheus project, which reads /metrics
test? gcc-aarch64-linux-gnu builds kuid-sysreqd for the other architecture
test? linux-libc-dev-arm64-cross   kernel headers for that compiler
test? qemu-user             runs what it built
test? busybox              ash, one of the shells that a coprocess session can have
test? systemd              systemd-analyze, which reads the units of deploy/
test  binutils              readelf, which shows what kind of file a program is
test  luajit2               checks Lua modules outside nginx, with the library the nginx module loads
bench? nghttp2-client       h2load, the load generator for HTTP
bench? webhook              runs programs over HTTP too, to be compared with
bench? util-linux           prlimit, for a daemon that opens many files
'
SDK_MAJOR=10
POLICY=/usr/sbin/policy-rc.d

say() { echo "packages.sh: $*" >&2; }

packages_of() { echo "$TABLE" | awk -v group="$1" '$1 == group || $1 == group "?" { print $2 }'; }

needed() { echo "$TABLE" | awk -v name="$1" '$2 == name && $1 !~ /\?$/ { found = 1 } END { exit !found }'; }

purpose_of() { echo "$TABLE" | awk -v name="$1" '$2 == name { $1 = $2 = ""; sub(/^ +/, ""); print; exit }'; }

present() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

installable() { LC_ALL=C apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [^(]'; }

missing_of() {
    for name; do present "$name" || echo "$name"; done
}

# Prints what to put before a command that needs root: nothing, or sudo that asks no question.
root_prefix() {
    [ "$(id -u)" -eq 0 ] && return 0
    sudo -n true 2>/dev/null && echo 'sudo -n'
}

# A package with a service starts it on installation, and a test machine wants no web server on port 80;
# a policy the administrator has put there already is theirs and stays.
forbid_services() {
    [ -e "$POLICY" ] && return
    policy_is_ours=yes
    printf '#!/bin/sh\nexit 101\n' | $root sh -Cc "cat >$POLICY && chmod 755 $POLICY" || policy_is_ours=
}

clean_up() {
    rm -f "$log"
    [ -z "$policy_is_ours" ] || $root rm -f "$POLICY"
    policy_is_ours=
}

# Whatever fails here shows in what is still missing afterwards, which is the only verdict that counts.
install() {
    log=$(mktemp) || return
    policy_is_ours=
    trap clean_up EXIT
    trap 'exit 130' INT TERM HUP
    run_quietly apt-get update -qq
    known=$(for name; do installable "$name" && echo "$name"; done)
    if [ -n "$known" ]; then
        say "installing" $known
        nginx_was_here=$(present nginx && echo yes)
        forbid_services
        # One package that cannot come in fails the whole set, so a failed set is tried one by one.
        apt_install $known || for name in $known; do apt_install "$name"; done
        # The policy holds off today's start only; nginx must not listen after the next boot either.
        [ -z "$nginx_was_here" ] && present nginx && run_quietly update-rc.d nginx disable
    fi
    clean_up
}

# --no-remove, because no test is worth a package that somebody else has installed.
apt_install() {
    run_quietly env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends --no-remove \
        -o DPkg::Lock::Timeout=300 "$@"
}

run_quietly() {
    $root "$@" >"$log" 2>&1 </dev/null && return
    cat "$log" >&2
    return 1
}

need_packages() {
    missing=$(missing_of "$@")
    [ -z "$missing" ] && return 0
    if root=$(root_prefix); then
        install $missing
    else
        say "not root, and sudo is absent or wants a password: nothing can be installed"
    fi
    lacking=
    for name in $(missing_of $missing); do
        if needed "$name"; then
            lacking=yes
            say "missing package $name: $(purpose_of "$name")"
        else
            say "without package $name something is skipped: $(purpose_of "$name")"
        fi
    done
    [ -z "$lacking" ]
}

need_sdk() {
    if ! command -v dotnet >/dev/null; then
        say "missing dotnet: the .NET $SDK_MAJOR SDK builds the daemon; it is no Debian package, install it from Microsoft"
        return 1
    fi
    dotnet --list-sdks | grep -q "^$SDK_MAJOR\." && return 0
    say "missing .NET SDK $SDK_MAJOR: dotnet is here but has only:" $(dotnet --list-sdks | cut -d' ' -f1)
    return 1
}

[ $# -gt 0 ] || { say "usage: packages.sh GROUP... (build, run, test, bench)"; exit 2; }
wanted=
for group; do
    names=$(packages_of "$group")
    [ -n "$names" ] || { say "no group $group (there are build, run, test and bench)"; exit 2; }
    wanted="$wanted $names"
done

verdict=0
if command -v dpkg-query >/dev/null; then
    need_packages $wanted || verdict=1
else
    say "this is no Debian system and nothing is installed; what follows needs the like of:" $wanted
fi
for group; do
    [ "$group" != build ] || need_sdk || verdict=1
done
exit $verdict
