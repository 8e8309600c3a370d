/*
 * A spawn of two: the keeper, and below it the job.
 *
 * Constraint.  Only its parent can wait for a process, and the status of a job
 * that is to outlive the daemon must not die with the daemon; so the parent is
 * a keeper.  But all that a job is started with (its descriptors, directory,
 * limits, isolation) is pointers into the daemon's memory, and a second spawn,
 * in the keeper, from a serialized request would be another one to get right.
 *
 * Scheme.  The keeper is cloned as spawn.c clones a job, and before it executes
 * its program, while it still borrows the daemon's memory, it calls kuid_spawn
 * itself, with the very request.  The job is then its child, whatever it
 * executes afterwards, and the descriptors of the pidfd and of the pipes that it
 * is to read are in its table.  The calling thread sleeps through both.
 *
 * Consequence.  Whatever kuid_spawn learns, a surviving job has.  A failed step
 * of the job is reported as ever.  If only the keeper cannot execute, the job
 * runs already: it is killed and collected here, and the step is KUID_SPAWN_KEEPER.
 * The daemon may be killed at any moment of it: the keeper is a process of its
 * own, in a session of its own, and keeps the memory alive that it borrows.
 */
#include "keep.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdalign.h>
#include <sys/wait.h>

#include "pidfd.h"
#include "signals.h"

enum {
    STACK_SIZE = 64 * 1024,     /* that of kuid_spawn, with the child's within */
    SOURCES = 4,
    FIRST_FREE = KEEPER_JOB + 1,
};

struct keeping {
    const struct kuid_spawn_request *request;
    struct kuid_keeper *keeper;
    struct kuid_spawn_reply *reply;
};

static void write_number(char *text, int number)
{
    char digits[KEEPER_PID_ROOM];
    int count = 0;

    do
        digits[count++] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    while (count > 0)
        *text++ = digits[--count];
    *text = '\0';
}

/* As install_stdio in spawn.c: sources first move out of the way of the targets. */
static int install_descriptors(const struct kuid_keeper *keeper, int job)
{
    int source[SOURCES] = { keeper->log, keeper->output[0], keeper->output[1], job };
    int null_device = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (null_device < 0)
        return -1;
    for (int i = 0; i < SOURCES; i++) {
        source[i] = fcntl(source[i], F_DUPFD_CLOEXEC, FIRST_FREE);
        if (source[i] < 0)
            return -1;
    }
    null_device = fcntl(null_device, F_DUPFD_CLOEXEC, FIRST_FREE);
    if (null_device < 0)
        return -1;
    for (int target = 0; target < KEEPER_LOG; target++)
        if (dup2(null_device, target) < 0)
            return -1;
    for (int i = 0; i < SOURCES; i++)
        if (dup2(source[i], KEEPER_LOG + i) < 0)
            return -1;
    return (int)syscall(SYS_close_range, FIRST_FREE, ~0U, 0);
}

/* By its number, which is safe with a child that is not collected: its pidfd may have lost its own by now. */
static void kill_job(int pid)
{
    kill(-pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}

static int keeper_main(void *argument)
{
    struct keeping *keeping = argument;
    struct kuid_keeper *keeper = keeping->keeper;
    struct kuid_spawn_reply *reply = keeping->reply;

    if (setsid() < 0) {
        reply->step = KUID_SPAWN_KEEPER;
        reply->error = errno;
        _exit(127);
    }
    if (kuid_spawn(keeping->request, reply) != 0)
        _exit(127);
    write_number(keeper->argv[1], reply->pid);
    if (signal_defaults() == 0 && install_descriptors(keeper, reply->pidfd) == 0)
        execve(keeper->path, keeper->argv, keeper->envp);
    reply->error = errno;
    reply->step = KUID_SPAWN_KEEPER;
    kill_job(reply->pid);
    reply->pid = -1;
    _exit(127);
}

int kuid_spawn_kept(const struct kuid_spawn_request *request, struct kuid_keeper *keeper,
                    struct kuid_spawn_reply *reply)
{
    alignas(16) unsigned char stack[STACK_SIZE];
    struct keeping keeping = { .request = request, .keeper = keeper, .reply = reply };
    uint64_t mask;
    int pidfd = -1;

    *reply = (struct kuid_spawn_reply){ .pid = -1, .pidfd = -1 };
    keeper->pid = keeper->pidfd = -1;
    if (request->die_with != 0 || keeper->reserved != 0) {
        reply->error = EINVAL;
        return -1;
    }

    signal_mask_set(SIGNAL_MASK_ALL, &mask);
    int pid = clone(keeper_main, stack + sizeof stack,
                    CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &keeping, &pidfd);
    if (pid < 0) {
        reply->step = KUID_SPAWN_CLONE;
        reply->error = errno;
    } else if (reply->pid < 0) {
        while (pidfd_wait(pidfd, NULL, WEXITED, NULL) != 0 && errno == EINTR)
            continue;
        close(pidfd);
    } else {
        keeper->pid = pid;
        keeper->pidfd = pidfd;
    }
    reply->pidfd = -1;          /* a number of the keeper's */
    signal_mask_set(mask, NULL);
    return reply->pid < 0 ? -1 : 0;
}
