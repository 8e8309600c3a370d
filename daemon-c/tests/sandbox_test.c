/*
 * kuid-sandbox, spoken to as the daemon does: how its jobs end, what ends with
 * them, and that no job runs of which a step failed.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "job.h"
#include "suites.h"

enum { MOUNT_FLAGS = 3, FORK_FLAGS = 0x01200011 };

struct message {
    uint32_t sizes[2];
    char text[4096];
};

static void say(struct message *message, const char *word)
{
    size_t length = strlen(word) + 1;

    CHECK(message->sizes[1] + length <= sizeof message->text);
    memcpy(message->text + message->sizes[1], word, length);
    message->sizes[0]++;
    message->sizes[1] += (uint32_t)length;
}

struct sandboxed {
    const char *cwd, *file, *script, *writable, *hidden;
};

static bool as_root(void)
{
    return geteuid() == 0;
}

/* Without what is not given: /bin/sh in /tmp. */
static void describe(struct message *message, const struct sandboxed *job)
{
    const char *user = as_root() ? "65534" : "-";

    *message = (struct message){ 0 };
    say(message, "0");
    say(message, job->writable == NULL ? "0" : "1");
    say(message, job->hidden == NULL ? "0" : "1");
    say(message, "1");
    say(message, "1");
    say(message, user);
    say(message, user);
    say(message, job->cwd == NULL ? "/tmp" : job->cwd);
    say(message, "");
    if (job->writable != NULL)
        say(message, job->writable);
    say(message, "");
    if (job->hidden != NULL)
        say(message, job->hidden);
    say(message, "");
    say(message, "PATH=/usr/bin:/bin");
    say(message, "");
    say(message, job->file == NULL ? "/bin/sh" : job->file);
    say(message, "");
    say(message, "sh");
    say(message, "-c");
    say(message, job->script);
}

/* Starts kuid-sandbox; what it reports, or 0 and 0, and its reply. */
static struct kuid_spawn_reply start(const struct message *message, int32_t report[2], int *output)
{
    static char program[PATH_MAX];
    struct kuid_spawn_isolation isolation = { .flags = KUID_ISOLATION_NO_NEW_PRIVS | KUID_ISOLATION_REPORT };
    struct kuid_spawn_request request = job_request(((const char *const[]){ program, NULL }));
    int ends[2], pipes[2];

    snprintf(program, sizeof program, "%.*s/../kuid-sandbox", (int)(strrchr(probe_path, '/') - probe_path), probe_path);
    CHECK_EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    CHECK_EQUAL(pipe2(pipes, O_CLOEXEC), 0);
    isolation.report = ends[1];
    request.isolation = &isolation;
    if (output != NULL)
        request.stdio[1] = pipes[1];
    struct kuid_spawn_reply reply = job_start(&request);
    close(ends[1]);
    close(pipes[1]);
    size_t size = sizeof message->sizes + message->sizes[1];
    CHECK_EQUAL(send(ends[0], message, size, MSG_NOSIGNAL), (long long)size);
    shutdown(ends[0], SHUT_WR);
    memset(report, 0, 2 * sizeof *report);
    ssize_t count = recv(ends[0], report, 2 * sizeof *report, MSG_WAITALL);
    CHECK(count == 0 || count == 2 * sizeof *report);
    close(ends[0]);
    if (output == NULL)
        close(pipes[0]);
    else
        *output = pipes[0];
    return reply;
}

static int run(const char *script)
{
    struct message message;
    int32_t report[2];

    describe(&message, &(struct sandboxed){ .script = script });
    struct kuid_spawn_reply reply = start(&message, report, NULL);
    if (report[0] == KUID_SPAWN_UNSHARE || report[0] == KUID_SPAWN_PROC)
        check_skipped("no namespaces to be had here");
    CHECK_EQUAL(report[0], 0);
    return job_finish(reply.pidfd).wait_status;
}

static void must_say(const struct sandboxed *job, const char *expected)
{
    struct message message;
    int32_t report[2];
    char text[4096];
    size_t length = 0;
    ssize_t count;
    int output;

    run("exit 0");
    describe(&message, job);
    struct kuid_spawn_reply reply = start(&message, report, &output);
    CHECK_EQUAL(report[0], 0);
    while ((count = read(output, text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)count;
    text[length] = '\0';
    close(output);
    CHECK_EQUAL(job_finish(reply.pidfd).wait_status, 0);
    if (strcmp(text, expected) != 0)
        check_failed("said \"%s\", not \"%s\"", text, expected);
}

static void exit_codes(void)
{
    char script[32];

    for (int code = 0; code < 256; code += code < 3 || code > 250 ? 1 : 31) {
        snprintf(script, sizeof script, "exit %d", code);
        CHECK_EQUAL(run(script), code << 8);
    }
}

static void signals(void)
{
    static const int numbers[] = { SIGHUP, SIGINT, SIGKILL, SIGTERM, SIGSEGV, SIGABRT, SIGUSR1, SIGPIPE, 40 };
    char script[32];

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        snprintf(script, sizeof script, "kill -%d $$", numbers[i]);
        CHECK_EQUAL(run(script), numbers[i]);
    }
}

/* What is to be signalled is the group, as jobs are; the job says when it is ready. */
static int signalled(const char *script, int signo)
{
    struct message message;
    int32_t report[2];
    int output;
    char ready;

    run("exit 0");
    describe(&message, &(struct sandboxed){ .script = script });
    struct kuid_spawn_reply reply = start(&message, report, &output);
    CHECK_EQUAL(read(output, &ready, 1), 1);
    CHECK_EQUAL(kill(-reply.pid, signo), 0);
    int status = job_finish(reply.pidfd).wait_status;
    close(output);
    return status;
}

static void group_signals(void)
{
    CHECK_EQUAL(signalled("echo; exec sleep 60", SIGTERM), SIGTERM);
    CHECK_EQUAL(signalled("echo; exec sleep 60", SIGKILL), SIGKILL);
    CHECK_EQUAL(signalled("trap 'exit 7' TERM; echo; while :; do sleep 0.1; done", SIGTERM), 7 << 8);
}

/* The pipe ends when the last one that holds it has. */
static void leaves_nothing(void)
{
    struct message message;
    int32_t report[2];
    int output;
    char text[64];

    run("exit 0");
    describe(&message, &(struct sandboxed){ .script = "(setsid sh -c 'trap \"\" TERM HUP; sleep 600; sleep 600' &) ; exit 3" });
    struct kuid_spawn_reply reply = start(&message, report, &output);
    CHECK_EQUAL(job_finish(reply.pidfd).wait_status, 3 << 8);
    CHECK_EQUAL(read(output, text, sizeof text), 0);
    close(output);
}

static void closed_streams(void)
{
    struct message message;
    int32_t report[2];
    int output;
    char text[64];

    run("exit 0");
    describe(&message, &(struct sandboxed){ .script = "exec >&-; exec sleep 600" });
    struct kuid_spawn_reply reply = start(&message, report, &output);
    CHECK_EQUAL(read(output, text, sizeof text), 0);
    CHECK_EQUAL(kill(-reply.pid, SIGKILL), 0);
    CHECK_EQUAL(job_finish(reply.pidfd).wait_status, SIGKILL);
    close(output);
}

static void sees(void)
{
    must_say(&(struct sandboxed){ .script = "ls -A /tmp /run | tr -d '\\n'; cut -d: -f1 /proc/net/dev | tail -n +3 | tr -d ' '" }, "/run:/tmp:lo\n");
    must_say(&(struct sandboxed){ .script = "touch /tmp/a && echo tmp; touch /a /etc/a /var/a 2>/dev/null || echo no" }, "tmp\nno\n");
    must_say(&(struct sandboxed){ .script = "echo /proc/[0-9]*; grep -c '^Cap...:.0*$' /proc/self/status" }, "/proc/1 /proc/2\n5\n");
}

static void folders(void)
{
    char writable[] = "/tmp/kuid-sandbox-XXXXXX", file[64];

    CHECK(mkdtemp(writable) != NULL);
    CHECK_EQUAL(chmod(writable, 0777), 0);
    must_say(&(struct sandboxed){ .writable = writable, .cwd = writable, .script = "touch mine && ls" }, "mine\n");
    snprintf(file, sizeof file, "%s/mine", writable);
    CHECK_EQUAL(unlink(file), 0);
    CHECK_EQUAL(rmdir(writable), 0);
    must_say(&(struct sandboxed){ .hidden = "/etc", .script = "ls /etc/passwd 2>/dev/null || echo hidden" }, "hidden\n");
    must_say(&(struct sandboxed){ .hidden = "/etc/passwd", .script = "wc -c < /etc/passwd" }, "0\n");
    must_say(&(struct sandboxed){ .hidden = "/no/such", .script = "echo on" }, "on\n");
}

/* The umask is the job's to come, and may not be that of the folders above what the job can write to. */
static void folders_below_a_narrow_umask(void)
{
    char above[] = "/tmp/kuid-sandbox-XXXXXX", writable[64], file[80];
    mode_t before = umask(0);

    CHECK(mkdtemp(above) != NULL);
    CHECK_EQUAL(chmod(above, 0755), 0);
    snprintf(writable, sizeof writable, "%s/inner", above);
    CHECK_EQUAL(mkdir(writable, 0777), 0);
    umask(077);
    must_say(&(struct sandboxed){ .writable = writable, .cwd = writable, .script = "touch mine && stat -c %a mine" }, "600\n");
    umask(before);
    snprintf(file, sizeof file, "%s/mine", writable);
    CHECK_EQUAL(unlink(file), 0);
    CHECK_EQUAL(rmdir(writable), 0);
    CHECK_EQUAL(rmdir(above), 0);
}

static void must_report(const struct sandboxed *job, enum kuid_spawn_step step, int error)
{
    struct message message;
    int32_t report[2];

    describe(&message, job);
    struct kuid_spawn_reply reply = start(&message, report, NULL);
    CHECK_EQUAL(report[0], step);
    CHECK_EQUAL(report[1], error);
    job_finish(reply.pidfd);
}

static void reports_what_the_job_cannot(void)
{
    run("exit 0");
    must_report(&(struct sandboxed){ .script = "", .file = "/no/such" }, KUID_SPAWN_EXEC, ENOENT);
    must_report(&(struct sandboxed){ .script = "", .cwd = "/no/such" }, KUID_SPAWN_CHDIR, ENOENT);
    must_report(&(struct sandboxed){ .script = "", .writable = "/no/such" }, KUID_SPAWN_WRITABLE, ENOENT);
}

static void damaged_message(void)
{
    struct message message = { 0 };
    int32_t report[2];

    for (int words = 0; words < 12; words++) {
        struct kuid_spawn_reply reply = start(&message, report, NULL);
        CHECK_EQUAL(report[0], KUID_SPAWN_SANDBOX);
        job_finish(reply.pidfd);
        say(&message, words < 5 ? "3" : "-");
    }
}

#define FAILS(name, step, number, argument, value) \
    static void name(void) \
    { \
        if (!as_root()) \
            check_skipped("only root gets as far"); \
        run("exit 0"); \
        inject_when(number, argument, value, ENOTRECOVERABLE); \
        must_report(&(struct sandboxed){ .script = "exit 0", .writable = "/srv", .hidden = "/etc/passwd" }, step, ENOTRECOVERABLE); \
    }

FAILS(unshare_fails, KUID_SPAWN_UNSHARE, SYS_unshare, -1, 0)
FAILS(detach_fails, KUID_SPAWN_DETACH, SYS_mount, MOUNT_FLAGS, 16384 | 1 << 18)
FAILS(open_tree_fails, KUID_SPAWN_WRITABLE, SYS_open_tree, -1, 0)
FAILS(read_only_fails, KUID_SPAWN_READ_ONLY, SYS_mount_setattr, 2, 0x8000)
FAILS(temporary_fails, KUID_SPAWN_TEMPORARY, SYS_mount, MOUNT_FLAGS, 6)
FAILS(move_mount_fails, KUID_SPAWN_WRITABLE, SYS_move_mount, -1, 0)
FAILS(hide_fails, KUID_SPAWN_HIDE, SYS_mount, MOUNT_FLAGS, 4096)
FAILS(loopback_fails, KUID_SPAWN_LOOPBACK, SYS_ioctl, -1, 0)
FAILS(fork_fails, KUID_SPAWN_FORK, SYS_clone, 0, FORK_FLAGS)
FAILS(proc_fails, KUID_SPAWN_PROC, SYS_mount, MOUNT_FLAGS, 14)
FAILS(groups_fail, KUID_SPAWN_GROUPS, SYS_setgroups, -1, 0)
FAILS(gid_fails, KUID_SPAWN_GROUP_ID, SYS_setresgid, -1, 0)
FAILS(uid_fails, KUID_SPAWN_USER_ID, SYS_setresuid, -1, 0)
FAILS(capabilities_fail, KUID_SPAWN_CAPABILITIES, SYS_capset, -1, 0)
FAILS(parent_fails, KUID_SPAWN_PARENT, SYS_prctl, 0, 1)
FAILS(bounding_fails, KUID_SPAWN_BOUNDING, SYS_prctl, 0, 24)
FAILS(chdir_fails, KUID_SPAWN_CHDIR, SYS_chdir, -1, 0)

const struct test sandbox_tests[] = {
    { "a job in a sandbox has the exit code that it has outside", exit_codes },
    { "a job in a sandbox dies of the signal that it dies of outside", signals },
    { "signals to the group reach the job in a sandbox", group_signals },
    { "what a job in a sandbox leaves behind ends with it", leaves_nothing },
    { "a stream that a job in a sandbox closes is closed", closed_streams },
    { "a job in a sandbox has an empty /tmp, no network and no capability", sees },
    { "a job in a sandbox writes where it may and sees nothing that is hidden", folders },
    { "a job in a sandbox reaches its folder whatever its umask is", folders_below_a_narrow_umask },
    { "a program or a folder that is not there is told from within", reports_what_the_job_cannot },
    { "a message that is none starts nothing", damaged_message },
    { "a failing unshare starts nothing", unshare_fails },
    { "a failing detachment starts nothing", detach_fails },
    { "a failing open_tree starts nothing", open_tree_fails },
    { "a failing mount_setattr starts nothing", read_only_fails },
    { "a failing mount of tmpfs starts nothing", temporary_fails },
    { "a failing move_mount starts nothing", move_mount_fails },
    { "a failing bind mount starts nothing", hide_fails },
    { "a failing loopback starts nothing", loopback_fails },
    { "a failing fork starts nothing", fork_fails },
    { "a failing mount of proc starts nothing", proc_fails },
    { "a failing setgroups within starts nothing", groups_fail },
    { "a failing setresgid within starts nothing", gid_fails },
    { "a failing setresuid within starts nothing", uid_fails },
    { "a failing capset within starts nothing", capabilities_fail },
    { "a failing PDEATHSIG within starts nothing", parent_fails },
    { "a failing drop of the bounding set within starts nothing", bounding_fails },
    { "a failing chdir within starts nothing", chdir_fails },
    { 0 },
};
