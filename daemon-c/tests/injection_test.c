/*
 * Steps which do not fail by themselves are made to, by a seccomp filter that
 * answers one system call with an error.  It lasts as long as the process, which
 * is that of one test.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "job.h"
#include "suites.h"

void inject_when(long number, int argument, unsigned value, int error)
{
    /* Without an argument the second test is passed in any case. */
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                 (unsigned)(offsetof(struct seccomp_data, args) + 8 * (size_t)(argument < 0 ? 0 : argument))),
        BPF_JUMP(BPF_JMP | (argument < 0 ? BPF_JGE : BPF_JEQ) | BPF_K, argument < 0 ? 0 : value, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = { sizeof program / sizeof *program, program };

    CHECK_EQUAL(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0)
        check_skipped("no seccomp filters here");
}

void inject(long number, int error)
{
    inject_when(number, -1, 0, error);
}

static void step_must_fail(enum kuid_spawn_step step, long number, int error)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));

    request.nofile_soft = 256;
    request.die_with = (int32_t)getpid();
    inject(number, error);
    job_must_fail(&request, step, error);
}

static void clone_fails(void)
{
    step_must_fail(KUID_SPAWN_CLONE, SYS_clone, EAGAIN);
}

static void clone3_is_not_there(void)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));

    inject(SYS_clone3, ENOSYS);
    request.cgroup_fd = request.stdio[0];
    job_must_fail(&request, KUID_SPAWN_CGROUP, ENOSYS);
    request.cgroup_fd = 0;
    CHECK_EQUAL(job_run(&request).wait_status, 0);
}

static void no_process_in_the_cgroup(void)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));

    inject(SYS_clone3, EAGAIN);
    request.cgroup_fd = request.stdio[0];
    job_must_fail(&request, KUID_SPAWN_CLONE, EAGAIN);
}

static void setsid_fails(void)
{
    step_must_fail(KUID_SPAWN_SETSID, SYS_setsid, EPERM);
}

static void prctl_fails(void)
{
    step_must_fail(KUID_SPAWN_PARENT, SYS_prctl, EINVAL);
}

static void signals_fail(void)
{
    step_must_fail(KUID_SPAWN_SIGNALS, SYS_rt_sigaction, EFAULT);
}

static void close_range_fails(void)
{
    step_must_fail(KUID_SPAWN_CLOSE_RANGE, SYS_close_range, ENOSYS);
}

static void nofile_fails(void)
{
    step_must_fail(KUID_SPAWN_NOFILE, SYS_prlimit64, EPERM);
}

static void exec_fails(void)
{
    step_must_fail(KUID_SPAWN_EXEC, SYS_execve, ENOMEM);
}

const struct test injection_tests[] = {
    { "no process to be had is EAGAIN at clone", clone_fails },
    { "a system without clone3 is told as ENOSYS, and has jobs without a cgroup", clone3_is_not_there },
    { "no process to be had in a cgroup is EAGAIN at clone", no_process_in_the_cgroup },
    { "a failing setsid is told", setsid_fails },
    { "a failing prctl is told", prctl_fails },
    { "a failing rt_sigaction is told", signals_fail },
    { "a kernel without close_range is told as ENOSYS", close_range_fails },
    { "a failing setrlimit is told", nofile_fails },
    { "an execve without memory is told", exec_fails },
    { 0 },
};
