/*
 * kuid-sandbox: executes a job in namespaces of its own.
 *
 * Constraint.  What waits for a job reads its raw wait status, signals its group
 * and kills it by SIGKILL.  But a process that makes a pid namespace is not in
 * it, and the first one within is PID 1: signals that it has no handler for do
 * not reach it, and with it everything ends.
 *
 * Scheme.  Three processes of one group.  This one, outside, blocks all signals,
 * waits, and ends as the job did, by the same signal if it was one.  Its child
 * is PID 1 within: it reaps, and passes the job's status on by a pipe.  Its child
 * is the job, which signals to the group reach as any other.
 *
 * Consequence.  PID 1 ends with the job, and the kernel kills whatever else is
 * within; SIGKILL to the group, or the end of this process, kills PID 1.
 *
 * Descriptor 3 is a socket.  What to do comes from there (sandbox_arguments.c),
 * and until the job executes a step that fails is told there: its number and
 * errno, two 32-bit numbers.  An end of file in place of them is success.
 */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdnoreturn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "execute.h"
#include "isolation.h"
#include "signals.h"

enum { REPORT_FD = 3, FAILED = 127 };

static noreturn void fail(enum kuid_spawn_step step)
{
    const int32_t report[2] = { (int32_t)step, errno };

    while (write(REPORT_FD, report, sizeof report) < 0 && errno == EINTR)
        continue;
    _exit(FAILED);
}

struct step {
    enum kuid_spawn_step step;
    int (*run)(const struct sandbox *);
};

static void take(const struct step *steps, const struct sandbox *sandbox)
{
    for (; steps->run != NULL; steps++)
        if (steps->run(sandbox) != 0)
            fail(steps->step);
}

/* What the job has on 0, 1 and 2 is its own to close. */
static void let_go_of_stdio(void)
{
    for (int fd = 0; fd <= REPORT_FD; fd++)
        close(fd);
}

static const struct step outside[] = {
    { KUID_SPAWN_UNSHARE, sandbox_unshare },
    { KUID_SPAWN_USER_MAP, sandbox_map_user },
    { KUID_SPAWN_DETACH, sandbox_detach },
    { KUID_SPAWN_WRITABLE, sandbox_keep_writable },
    { KUID_SPAWN_READ_ONLY, sandbox_make_read_only },
    { KUID_SPAWN_TEMPORARY, sandbox_mount_temporary },
    { KUID_SPAWN_WRITABLE, sandbox_mount_writable },
    { KUID_SPAWN_HIDE, sandbox_hide },
    { KUID_SPAWN_LOOPBACK, sandbox_raise_loopback },
    { 0, NULL },
};

static const struct step inside[] = {
    { KUID_SPAWN_PROC, sandbox_mount_proc },
    { 0, NULL },
};

static int isolate(const struct sandbox *sandbox)
{
    static const struct {
        enum kuid_spawn_step step;
        int (*run)(const struct kuid_spawn_request *);
    } steps[] = {
        { KUID_SPAWN_BOUNDING, isolation_bound },
        { KUID_SPAWN_GROUPS, isolation_groups },
        { KUID_SPAWN_GROUP_ID, isolation_gid },
        { KUID_SPAWN_USER_ID, isolation_uid },
        { KUID_SPAWN_CAPABILITIES, isolation_capabilities },
        { KUID_SPAWN_NO_NEW_PRIVS, isolation_no_new_privs },
    };

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i].run(&sandbox->request) != 0)
            return (int)steps[i].step;
    return KUID_SPAWN_NONE;
}

static noreturn void be_job(const struct sandbox *sandbox)
{
    if (chdir(sandbox->cwd) != 0)
        fail(KUID_SPAWN_CHDIR);
    if (signal_mask_set(SIGNAL_MASK_NONE, NULL) != 0)
        fail(KUID_SPAWN_SIGNALS);
    execute(&sandbox->request);
    fail(KUID_SPAWN_EXEC);
}

/* The change of user has undone what was said about the parent's death before. */
static void end_with_parent(int status_fd)
{
    struct pollfd parent = { .fd = status_fd };

    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        fail(KUID_SPAWN_PARENT);
    if (poll(&parent, 1, 0) == 1 && (parent.revents & POLLERR) != 0)
        _exit(FAILED);
}

static noreturn void be_init(const struct sandbox *sandbox, int status_fd)
{
    int status = 0;
    pid_t job, ended;

    take(inside, sandbox);
    enum kuid_spawn_step failed = (enum kuid_spawn_step)isolate(sandbox);
    if (failed != KUID_SPAWN_NONE)
        fail(failed);
    end_with_parent(status_fd);
    job = fork();
    if (job < 0)
        fail(KUID_SPAWN_FORK);
    if (job == 0)
        be_job(sandbox);
    let_go_of_stdio();
    do
        ended = waitpid(-1, &status, 0);
    while (ended != job && (ended > 0 || errno == EINTR));
    while (write(status_fd, &status, sizeof status) < 0 && errno == EINTR)
        continue;
    _exit(0);
}

/* Signals are pending that were sent to the group; only the one is let through. */
static noreturn void end_like(int status)
{
    const struct rlimit none = { 0, 0 };

    if (WIFEXITED(status))
        _exit(WEXITSTATUS(status));
    prctl(PR_SET_DUMPABLE, 0);
    setrlimit(RLIMIT_CORE, &none);
    kill(getpid(), WTERMSIG(status));
    signal_mask_set(SIGNAL_MASK_ALL & ~(UINT64_C(1) << (WTERMSIG(status) - 1)), NULL);
    _exit(FAILED);
}

int main(void)
{
    struct sandbox sandbox;
    int ends[2], status;
    ssize_t count;

    signal_mask_set(SIGNAL_MASK_ALL, NULL);
    if (fcntl(REPORT_FD, F_SETFD, FD_CLOEXEC) != 0)
        return FAILED;
    errno = EINVAL;
    if (!sandbox_read(&sandbox, REPORT_FD))
        fail(KUID_SPAWN_SANDBOX);
    take(outside, &sandbox);
    if (pipe2(ends, O_CLOEXEC) != 0)
        fail(KUID_SPAWN_FORK);

    pid_t init = fork();
    if (init < 0)
        fail(KUID_SPAWN_FORK);
    if (init == 0) {
        close(ends[0]);
        be_init(&sandbox, ends[1]);
    }
    close(ends[1]);
    let_go_of_stdio();
    while ((count = read(ends[0], &status, sizeof status)) < 0 && errno == EINTR)
        continue;
    while (waitpid(init, NULL, 0) < 0 && errno == EINTR)
        continue;

    /* PID 1 says nothing only when it was killed, or a step failed, which is told already. */
    end_like(count == sizeof status ? status : SIGKILL);
}
