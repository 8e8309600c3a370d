/*
 * The pool: POOL children wait for a connection, whatever number of others serve one.
 *
 * Constraint.  A connection must not wait until another one ends, so a child that takes one has to be replaced at that moment;
 * a child that dies waiting has to be replaced, too, but not as fast as it dies; and one that dies serving has not.
 *
 * Scheme.  A child that has taken a connection makes its own replacement, by CLONE_PARENT as another child of the manager, and
 * then leaves for a session of its own.  The children in the manager's process group are therefore those that wait, dead or
 * alive: wait4(0) finds the dead among them, for each of which the manager makes another, after a pause.
 *
 * Consequence.  Manager and children share nothing and tell each other nothing.  Where a replacement cannot be made (no
 * process is to be had), the child serves without leaving the group, and the manager replaces it when it ends.
 */
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/time_types.h>
#include <linux/wait.h>

#include "sys.h"
#include "sysreqd.h"

static long clone(long flags)
{
    return sys_call5(__NR_clone, flags | SIGCHLD, 0, 0, 0, 0);
}

/* Dies with the manager, even with one that died before it could be arranged. */
static void die_with_manager(void)
{
    sys_call2(__NR_prctl, PR_SET_PDEATHSIG, SIGKILL);
    if (sys_call0(__NR_getppid) != service.manager)
        sys_exit(EXIT_ENDED);
}

static _Noreturn void wait_and_serve(void)
{
    for (;;) {
        die_with_manager();
        long fd = door_accept();
        long replacement = clone(CLONE_PARENT);
        if (replacement > 0)
            sys_call0(__NR_setsid);
        if (replacement != 0)
            serve(fd, fd);
        sys_close(fd);
    }
}

static void pause(void)
{
    const struct __kernel_timespec tenth = { .tv_nsec = 100000000 };

    sys_poll(0, 0, &tenth);
}

void manage(void)
{
    static siginfo_t dead;
    int waiting = 0;

    for (;;) {
        dead.si_pid = 0;
        while (waiting < POOL) {
            long child = clone(0);
            if (child == 0)
                wait_and_serve();
            if (child < 0)
                break;
            waiting++;
        }
        sys_call5(__NR_waitid, P_ALL, 0, (long)&dead, WEXITED | WNOWAIT | (waiting < POOL ? WNOHANG : 0), 0);
        if (sys_call4(__NR_wait4, 0, 0, WNOHANG, 0) > 0)
            waiting--;
        else if (dead.si_pid != 0)
            sys_call4(__NR_wait4, dead.si_pid, 0, WNOHANG, 0);
        if (waiting < POOL)
            pause();
    }
}
