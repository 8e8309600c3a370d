#!/bin/sh
# Tests of the launcher:  launch_test.sh LAUNCHER PROBE
#
# The daemon is played by a link to /bin/sh, so that each test can say in its
# arguments what the daemon does.  Where the launcher is to be PID 1 it runs in a
# PID namespace, and signals to it are sent by the daemon itself: nothing has to
# be waited for.

launcher=$(realpath "$1")
probe=$(realpath "$2")
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
mkdir -p "$directory/bin/lib" "$directory/alone"
cp "$launcher" "$directory/bin/kuid-jobd"
cp "$launcher" "$directory/alone/kuid-jobd"
ln -s /bin/sh "$directory/bin/lib/kuid-jobd"
ln -s bin/kuid-jobd "$directory/link"
jobd=$directory/bin/kuid-jobd
unset KUID_LAUNCH_NOFILE DOTNET_EnableDiagnostics DOTNET_GCgen0size
passed=0
failed=0

# expect SENTENCE OUTPUT STATUS COMMAND...
expect() {
    sentence=$1 output=$2 status=$3
    shift 3
    # A shell whose command dies by a signal says so, in words of its own.
    { actual=$("$@" 2>&1); actual_status=$?; } 2>/dev/null
    if [ "$actual" = "$output" ] && [ $actual_status -eq "$status" ]; then
        passed=$((passed + 1))
        echo "ok - $sentence"
    else
        failed=$((failed + 1))
        echo "not ok - $sentence (status $actual_status, output: $actual)"
    fi
}

as_pid_1() {
    timeout 60 unshare --pid --fork --kill-child --mount-proc "$@"
}

expect "the daemon runs with the same arguments, argv[0] included" "name|a b||c" 0 \
    bash -c 'exec -a name "$@"' bash "$jobd" -c 'IFS="|"; echo "$0|$*"' name "a b" "" c
expect "argv[0] is kept where the daemon shows it" "sh: 0: Illegal option -y" 2 \
    bash -c 'exec -a sh "$@"' bash "$jobd" -y
expect "a link to the launcher finds the daemon by the launcher" "found" 0 \
    "$directory/link" -c 'echo found'
expect "the exit code is the daemon's" "" 7 "$jobd" -c 'exit 7'
expect "a missing daemon is one line and exit 111" \
    "kuid-jobd: cannot run $directory/alone/lib/kuid-jobd: No such file or directory" 111 \
    "$directory/alone/kuid-jobd"
expect "an empty argv does no harm" \
    "kuid-jobd: cannot run $directory/alone/lib/kuid-jobd: No such file or directory" 111 \
    "$probe" no-arguments "$directory/alone/kuid-jobd"

expect "the soft NOFILE limit is recorded and left" "1024 1024 20000" 0 \
    prlimit --nofile=1024:20000 "$jobd" -c 'echo $KUID_LAUNCH_NOFILE $(ulimit -Sn) $(ulimit -Hn)'
expect "an inherited record is overwritten" "512" 0 \
    env KUID_LAUNCH_NOFILE=77 prlimit --nofile=512:20000 "$jobd" -c 'echo $KUID_LAUNCH_NOFILE'
expect "the daemon lets others run on, and says so" "SCHED_BATCH batch" 0 \
    "$jobd" -c 'echo $(chrt -p $$ | sed -n "s/.*policy: //p") $KUID_LAUNCH_SCHEDULING'
expect "a policy that was chosen is left as it is" "SCHED_IDLE" 0 \
    env KUID_LAUNCH_SCHEDULING=batch chrt -i 0 "$jobd" -c 'echo $(chrt -p $$ | sed -n "s/.*policy: //p") $KUID_LAUNCH_SCHEDULING'
expect "the diagnostics socket is off by default" "0" 0 \
    "$jobd" -c 'echo $DOTNET_EnableDiagnostics'
expect "the runtime takes little memory between two collections" "400000" 0 \
    "$jobd" -c 'echo $DOTNET_GCgen0size'
expect "what is set is left as it is" "1" 0 \
    env DOTNET_EnableDiagnostics=1 \
    "$jobd" -c 'echo $DOTNET_EnableDiagnostics'

expect "ignored signals become default" "blocked 0, not default:" 0 \
    sh -c 'trap "" TERM INT HUP QUIT PIPE CHLD TTIN TTOU USR1; exec "$@"' sh \
    "$jobd" -c "exec $probe signals"
expect "blocked signals become unblocked" "blocked 0, not default:" 0 \
    env --block-signal "$jobd" -c "exec $probe signals"
expect "TERM ends a daemon started with TERM ignored" "" 143 \
    sh -c 'trap "" TERM; exec "$@"' sh "$jobd" -c 'kill -TERM $$; echo alive'

for fd in 0 1 2; do
    other=$((fd == 1 ? 2 : 1))
    expect "a closed $fd becomes /dev/null" "/dev/null" 0 \
        sh -c "exec \"\$@\" $fd>&-" sh \
        "$jobd" -c "file=\$(readlink /proc/\$\$/fd/$fd); echo \$file >&$other"
done
expect "an inherited descriptor is left alone" "/etc/passwd" 0 \
    sh -c 'exec "$@" 9</etc/passwd' sh "$jobd" -c 'readlink /proc/self/fd/9'

if ! as_pid_1 true 2>/dev/null; then
    echo "skip - the launcher as PID 1 (no PID namespaces here)"
    echo "$passed passed, $failed failed"
    [ $failed -eq 0 ]
    exit
fi

expect "PID 1 runs the daemon as its child" "parent 1, session own" 0 \
    as_pid_1 "$jobd" -c 'read -r pid name state parent group session rest </proc/$$/stat
        [ $session = $$ ] && echo "parent $parent, session own"'
expect "PID 1 starts the daemon with default signals" "blocked 0, not default:" 0 \
    as_pid_1 "$jobd" -c "exec $probe signals"
expect "PID 1 exits with the code of the daemon" "" 7 as_pid_1 "$jobd" -c 'exit 7'
expect "PID 1 exits with 128 + signal of a killed daemon" "" 137 \
    as_pid_1 "$jobd" -c 'kill -KILL $$'
expect "PID 1 tells a missing daemon, too" \
    "kuid-jobd: cannot run $directory/alone/lib/kuid-jobd: No such file or directory" 111 \
    as_pid_1 "$directory/alone/kuid-jobd"
for signal in TERM INT HUP QUIT USR1 USR2; do
    expect "PID 1 forwards $signal" "got $signal" 5 \
        as_pid_1 "$jobd" -c "trap 'echo got $signal; exit 5' $signal; kill -$signal 1
            sleep 60 >/dev/null 2>&1 & wait"
done
expect "PID 1 survives the other signals" "alive" 0 \
    as_pid_1 "$jobd" -c 'kill -PIPE 1; kill -ALRM 1; kill -SEGV 1; kill -WINCH 1; echo alive'
# The end of file comes when the last orphan has ended; then only PID 1 and the
# daemon must remain, and the loop lasts until it is so.
expect "PID 1 reaps every orphan" "200" 0 \
    as_pid_1 "$jobd" -c 'count=$(i=0; while [ $i -lt 200 ]; do (echo x &); i=$((i + 1)); done)
        while set -- /proc/[0-9]*; [ $# -gt 2 ]; do :; done
        set -- $count; echo $#'
expect "PID 1 exits with the daemon though orphans live" "" 4 \
    as_pid_1 "$jobd" -c '(sleep 1000 >/dev/null 2>&1 &); exit 4'

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
