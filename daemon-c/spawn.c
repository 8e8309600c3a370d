/*
 * A spawn for a caller with many threads, much memory and foreign handlers.
 *
 * Constraint.  The caller is a managed runtime: fork(2) would copy its page
 * tables, and after it only async-signal-safe calls are allowed.  posix_spawn(3)
 * has no attribute for the soft RLIMIT_NOFILE which the runtime has raised, nor
 * does it return a pidfd, and a wrapper program in front halves the rate.
 *
 * Scheme.  clone(2) with CLONE_VM and CLONE_VFORK: the child borrows the memory
 * of the caller, and the calling thread sleeps until the child has left it by
 * execve(2) or _exit(2).  So the stack of the child can be an array in the frame
 * of the sleeping caller, the request needs no copy, and a failed step reports
 * itself by plain stores into the reply.
 *
 * Consequence.  Until it execs, the child must change nothing the other threads
 * can see but its own stack, the reply and errno (the sleeper's).  A signal
 * handler of the runtime would; therefore all signals are blocked before the
 * clone, and unblocked in the child only when every disposition is the default.
 * Lazy binding would, too; therefore the library is linked with -z now.
 */
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <stdalign.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "execute.h"
#include "isolation.h"
#include "pidfd.h"
#include "signals.h"

enum {
    STACK_SIZE = 16 * 1024,     /* the deepest call is a bare system call */
    FIRST_UNSHARED_FD = 3,
};

#define KNOWN_FLAGS \
    (KUID_SPAWN_ON_TERMINAL | KUID_SPAWN_SUBREAPER | KUID_SPAWN_PLAIN_OOM | KUID_SPAWN_PLAIN_SCHEDULING)

/* Of what clone3(2) fails with, these come without a cgroup too: too many
   processes (there or elsewhere), no memory, no descriptor for the pidfd. */
static bool is_of_cgroup(int error)
{
    return error != EAGAIN && error != ENOMEM && error != EMFILE && error != ENFILE;
}

struct child {
    const struct kuid_spawn_request *request;
    struct kuid_spawn_reply *reply;
};

static int enter_session(const struct kuid_spawn_request *request)
{
    (void)request;
    return setsid() < 0 ? -1 : 0;
}

/* A caller that ended before this could be arranged has left the child to another parent. */
static int die_with_caller(const struct kuid_spawn_request *request)
{
    if (request->die_with == 0)
        return 0;
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0)
        return -1;
    if (getppid() == request->die_with)
        return 0;
    errno = ESRCH;
    return -1;
}

/* A program that leads a tree is the parent of those in it whose own has died. */
static int adopt_orphans(const struct kuid_spawn_request *request)
{
    return request->flags & KUID_SPAWN_SUBREAPER ? prctl(PR_SET_CHILD_SUBREAPER, 1) : 0;
}

/* The caller's score may be one that protects it.  The kernel spares a caller
   whose memory is only borrowed: a child in vfork(2) changes nobody's but its own. */
static int be_killable(const struct kuid_spawn_request *request)
{
    if (!(request->flags & KUID_SPAWN_PLAIN_OOM))
        return 0;
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    bool written = write(fd, "0", 1) == 1;
    int error = errno;
    close(fd);
    errno = error;
    return written ? 0 : -1;
}

/* The caller may be one that lets others run on when it wakes (launch.c). */
static int be_scheduled_plainly(const struct kuid_spawn_request *request)
{
    static const struct sched_param none;

    return request->flags & KUID_SPAWN_PLAIN_SCHEDULING ? sched_setscheduler(0, SCHED_OTHER, &none) : 0;
}

static int reset_signals(const struct kuid_spawn_request *request)
{
    (void)request;
    return signal_defaults();
}

/* Sources among 0..2 first move out of the way, so that no dup2 can overwrite
   one which is still needed; then the order of the targets does not matter. */
static int install_stdio(const struct kuid_spawn_request *request)
{
    int source[3];

    for (int target = 0; target < 3; target++) {
        source[target] = request->stdio[target];
        if (source[target] < FIRST_UNSHARED_FD && source[target] != target)
            source[target] = fcntl(source[target], F_DUPFD_CLOEXEC, FIRST_UNSHARED_FD);
        if (source[target] < 0)
            return -1;
    }
    for (int target = 0; target < 3; target++) {
        /* dup2 onto itself is a no-op and would leave FD_CLOEXEC set. */
        int result = source[target] == target ? fcntl(target, F_SETFD, 0)
                                              : dup2(source[target], target);
        if (result < 0)
            return -1;
    }
    return 0;
}

/* A new session has none; this one is taken only while it is nobody else's. */
static int take_terminal(const struct kuid_spawn_request *request)
{
    return request->flags & KUID_SPAWN_ON_TERMINAL ? ioctl(STDIN_FILENO, TIOCSCTTY, 0) : 0;
}

static int close_others(const struct kuid_spawn_request *request)
{
    int kept = isolation_report(request);

    return kept < 0 ? -1 : (int)syscall(SYS_close_range, FIRST_UNSHARED_FD + kept, ~0U, 0);
}

static int limit_nofile(const struct kuid_spawn_request *request)
{
    struct rlimit limit;

    if (request->nofile_soft == KUID_SPAWN_NOFILE_LEAVE)
        return 0;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return -1;
    limit.rlim_cur = request->nofile_soft < limit.rlim_max ? request->nofile_soft : limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit);
}

/* A limit that cannot be set fails the spawn: no child runs without it. */
static int limit_both(int resource, uint64_t value)
{
    struct rlimit limit = { .rlim_cur = value, .rlim_max = value };

    return value == KUID_SPAWN_LIMIT_LEAVE ? 0 : setrlimit(resource, &limit);
}

static int limit_cpu(const struct kuid_spawn_request *request)
{
    struct rlimit limit;

    if (request->limits == NULL || request->limits->cpu == KUID_SPAWN_LIMIT_LEAVE)
        return 0;
    if (getrlimit(RLIMIT_CPU, &limit) != 0)
        return -1;
    limit.rlim_cur = request->limits->cpu;
    if (limit.rlim_cur != limit.rlim_max)
        limit.rlim_max = limit.rlim_cur + 1;
    return setrlimit(RLIMIT_CPU, &limit);
}

static int limit_as(const struct kuid_spawn_request *request)
{
    return request->limits == NULL ? 0 : limit_both(RLIMIT_AS, request->limits->as);
}

static int limit_fsize(const struct kuid_spawn_request *request)
{
    return request->limits == NULL ? 0 : limit_both(RLIMIT_FSIZE, request->limits->fsize);
}

static int limit_open_files(const struct kuid_spawn_request *request)
{
    return request->limits == NULL ? 0 : limit_both(RLIMIT_NOFILE, request->limits->nofile);
}

static int limit_nproc(const struct kuid_spawn_request *request)
{
    return request->limits == NULL ? 0 : limit_both(RLIMIT_NPROC, request->limits->nproc);
}

static int limit_core(const struct kuid_spawn_request *request)
{
    return request->limits == NULL ? 0 : limit_both(RLIMIT_CORE, request->limits->core);
}

static int enter_directory(const struct kuid_spawn_request *request)
{
    return request->cwd == NULL ? 0 : chdir(request->cwd);
}

static int unblock_signals(const struct kuid_spawn_request *request)
{
    (void)request;
    return signal_mask_set(SIGNAL_MASK_NONE, NULL);
}

static const struct {
    enum kuid_spawn_step step;
    int (*run)(const struct kuid_spawn_request *);
} child_steps[] = {
    { KUID_SPAWN_SETSID, enter_session },
    { KUID_SPAWN_ORPHANS, adopt_orphans },
    { KUID_SPAWN_OOM, be_killable },
    { KUID_SPAWN_SCHEDULING, be_scheduled_plainly },
    { KUID_SPAWN_SIGNALS, reset_signals },
    { KUID_SPAWN_STDIO, install_stdio },
    { KUID_SPAWN_TERMINAL, take_terminal },
    { KUID_SPAWN_CLOSE_RANGE, close_others },
    { KUID_SPAWN_NOFILE, limit_nofile },
    { KUID_SPAWN_LIMIT_CPU, limit_cpu },
    { KUID_SPAWN_LIMIT_AS, limit_as },
    { KUID_SPAWN_LIMIT_FSIZE, limit_fsize },
    { KUID_SPAWN_LIMIT_NOFILE, limit_open_files },
    { KUID_SPAWN_LIMIT_NPROC, limit_nproc },
    { KUID_SPAWN_LIMIT_CORE, limit_core },
    { KUID_SPAWN_BOUNDING, isolation_bound },
    { KUID_SPAWN_GROUPS, isolation_groups },
    { KUID_SPAWN_GROUP_ID, isolation_gid },
    { KUID_SPAWN_USER_ID, isolation_uid },
    { KUID_SPAWN_CAPABILITIES, isolation_capabilities },
    { KUID_SPAWN_NO_NEW_PRIVS, isolation_no_new_privs },
    { KUID_SPAWN_UMASK, isolation_umask },
    { KUID_SPAWN_PARENT, die_with_caller },     /* a change of user would undo it */
    { KUID_SPAWN_CHDIR, enter_directory },
    { KUID_SPAWN_SIGNALS, unblock_signals },
    { KUID_SPAWN_EXEC, execute },
};

static int child_main(void *argument)
{
    const struct child *child = argument;
    size_t i = 0;

    /* The last step returns only if it failed. */
    while (child_steps[i].run(child->request) == 0)
        i++;
    child->reply->error = errno;
    child->reply->step = (int32_t)child_steps[i].step;
    _exit(127);
}

static void discard_failed_child(int pidfd)
{
    while (pidfd_wait(pidfd, NULL, WEXITED, NULL) != 0 && errno == EINTR)
        continue;
    close(pidfd);
}

/*
 * clone3(2) alone can put a child into a cgroup before it runs, and has no
 * wrapper that takes a stack: the child comes back from the call with an empty
 * one, so that it may not return through any frame of C.
 */
static int clone_into_cgroup(int cgroup_fd, unsigned char *stack, int (*run)(void *), void *argument, int *pidfd)
{
    struct clone_args args = {
        .flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | CLONE_INTO_CGROUP,
        .pidfd = (uintptr_t)pidfd,
        .exit_signal = SIGCHLD,
        .stack = (uintptr_t)stack,
        .stack_size = STACK_SIZE,
        .cgroup = (unsigned)cgroup_fd,
    };
    long result;
#if defined __x86_64__
    register int (*function)(void *) __asm__("r8") = run;
    register void *its_argument __asm__("r9") = argument;

    __asm__ volatile(
        "syscall\n\t"
        "test %%rax, %%rax\n\t"
        "jnz 1f\n\t"
        "xor %%ebp, %%ebp\n\t"         /* no frame is behind this one */
        "mov %%r9, %%rdi\n\t"
        "call *%%r8\n\t"
        "ud2\n"
        "1:"
        : "=a"(result)
        : "0"((long)SYS_clone3), "D"(&args), "S"(sizeof args), "r"(function), "r"(its_argument)
        : "rcx", "r11", "memory");
#elif defined __aarch64__
    register long x0 __asm__("x0") = (long)&args;
    register long x1 __asm__("x1") = sizeof args;
    register long x8 __asm__("x8") = SYS_clone3;
    register int (*function)(void *) __asm__("x9") = run;
    register void *its_argument __asm__("x10") = argument;

    __asm__ volatile(
        "svc #0\n\t"
        "cbnz x0, 1f\n\t"
        "mov x29, xzr\n\t"            /* no frame is behind this one */
        "mov x0, x10\n\t"
        "blr x9\n\t"
        "brk #0\n"
        "1:"
        : "+r"(x0)
        : "r"(x1), "r"(x8), "r"(function), "r"(its_argument)
        : "memory");
    result = x0;
#else
    (void)run;
    (void)argument;
    (void)args;
    result = -ENOSYS;
#endif
    if (result >= 0)
        return (int)result;
    errno = (int)-result;
    return -1;
}

int kuid_spawn(const struct kuid_spawn_request *request, struct kuid_spawn_reply *reply)
{
    alignas(16) unsigned char stack[STACK_SIZE];
    struct child child = { .request = request, .reply = reply };
    uint64_t mask;
    int pidfd = -1;

    *reply = (struct kuid_spawn_reply){ .pid = -1, .pidfd = -1 };
    if ((request->flags & ~KNOWN_FLAGS) != 0 || request->reserved != 0 || request->cgroup_reserved != 0
        || !isolation_is_known(request)) {
        reply->error = EINVAL;
        return -1;
    }

    signal_mask_set(SIGNAL_MASK_ALL, &mask);
    int pid = request->cgroup_fd > 0
        ? clone_into_cgroup(request->cgroup_fd, stack, child_main, &child, &pidfd)
        : clone(child_main, stack + sizeof stack,
                CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &child, &pidfd);
    if (pid < 0) {
        reply->error = errno;
        reply->step = request->cgroup_fd > 0 && is_of_cgroup(errno) ? KUID_SPAWN_CGROUP : KUID_SPAWN_CLONE;
    } else if (reply->step != KUID_SPAWN_NONE) {
        discard_failed_child(pidfd);
    } else {
        reply->pid = pid;
        reply->pidfd = pidfd;
    }
    signal_mask_set(mask, NULL);
    return reply->pid < 0 ? -1 : 0;
}
