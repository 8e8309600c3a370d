#include <asm/unistd.h>
#include <linux/errno.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/wait.h>

#include "../../sysreqd/sysreqd.h"
#include "../check.h"
#include "kernel.h"
#include "suites.h"

enum { MANAGER = 100, FIRST_CHILD = 101, ENOUGH = 600, TEST_ENDS = 9 };

/* The world of the manager: what happens next is a list of pids, those below IDLE_LIMIT waiting ones. */
static long next_child, events[8];
static int event_count, event_at;
static bool forks_fail, in_child, in_replacement, replacement_fails;
static long parent = MANAGER;

enum { SERVING = 1000 };        /* pids from here on have left the group */

static noreturn void end_test(void)
{
    kernel_call(__NR_exit_group, TEST_ENDS, 0, 0, 0, 0, 0);
    check_failed("the process went on after its end");
}

static long answer_clone(long flags)
{
    if (flags & CLONE_PARENT)
        return replacement_fails ? -EAGAIN : in_replacement ? 0 : 555;
    if (forks_fail)
        return -EAGAIN;
    return in_child ? 0 : next_child++;
}

static long answer_waitid(const struct kernel_call *call)
{
    if (event_at == event_count) {
        if (call->d & WNOHANG)
            return 0;
        end_test();
    }
    CHECK(call->d & WNOWAIT);
    ((siginfo_t *)call->c)->si_pid = (int)events[event_at];
    return 0;
}

static long answer_wait4(const struct kernel_call *call)
{
    if (event_at == event_count || (call->a == 0 && events[event_at] >= SERVING))
        return 0;
    CHECK(call->a == 0 || call->a == events[event_at]);
    return events[event_at++];
}

static long answer(const struct kernel_call *call)
{
    if (kernel.count > ENOUGH)
        end_test();
    switch (call->nr) {
    case __NR_clone:
        return answer_clone(call->a);
    case __NR_waitid:
        return answer_waitid(call);
    case __NR_wait4:
        return answer_wait4(call);
    case __NR_getppid:
        return parent;
    case __NR_ppoll:
        if (call->a != 0)
            service.door[0].revents = 1;
        return 0;
    case __NR_accept4:
        if (in_replacement && kernel_times(__NR_accept4) == 2)
            end_test();
        return 8;
    default:
        return 0;
    }
}

static void manages(int code)
{
    next_child = FIRST_CHILD;
    service.manager = MANAGER;
    kernel.answer = answer;
    CHECK_EQUAL(kernel_run(manage), code);
}

static void pool_is_made(void)
{
    manages(TEST_ENDS);
    CHECK_EQUAL(kernel_times(__NR_clone), POOL);
    CHECK_EQUAL(kernel_times(__NR_ppoll), 0);
}

static void a_child_that_dies_waiting_is_replaced_after_a_pause(void)
{
    events[event_count++] = FIRST_CHILD + 1;
    manages(TEST_ENDS);
    CHECK_EQUAL(kernel_times(__NR_clone), POOL + 1);
    long paused = kernel_find(__NR_ppoll, 0);
    CHECK(paused > kernel_find(__NR_wait4, 0));
    CHECK(kernel_find(__NR_clone, paused) > paused);
}

static void a_child_that_dies_serving_is_reaped_and_not_replaced(void)
{
    events[event_count++] = SERVING;
    events[event_count++] = SERVING + 1;
    manages(TEST_ENDS);
    CHECK_EQUAL(event_at, event_count);
    CHECK_EQUAL(kernel_times(__NR_clone), POOL);
    CHECK_EQUAL(kernel_times(__NR_ppoll), 0);
}

static void many_deaths_are_many_replacements(void)
{
    events[event_count++] = FIRST_CHILD;
    events[event_count++] = SERVING;
    events[event_count++] = FIRST_CHILD + 2;
    events[event_count++] = FIRST_CHILD + 1;
    manages(TEST_ENDS);
    CHECK_EQUAL(kernel_times(__NR_clone), POOL + 3);
    CHECK_EQUAL(kernel_times(__NR_ppoll), 3);
}

/* Between two attempts there is a pause, and children are reaped meanwhile. */
static void without_processes_it_tries_again_and_again_after_pauses(void)
{
    forks_fail = true;
    manages(TEST_ENDS);
    CHECK(kernel_times(__NR_clone) > 10);
    CHECK(kernel_times(__NR_ppoll) + 1 >= kernel_times(__NR_clone));
    CHECK(kernel_times(__NR_waitid) + 1 >= kernel_times(__NR_clone));
}

static void a_child_dies_with_the_manager(void)
{
    in_child = true;
    manages(EXIT_ENDED);
    const struct kernel_call *prctl = &kernel.calls[kernel_find(__NR_prctl, 0)];

    CHECK_EQUAL(prctl->a, PR_SET_PDEATHSIG);
    CHECK_EQUAL(prctl->b, SIGKILL);
    CHECK(kernel_find(__NR_getppid, 0) > kernel_find(__NR_prctl, 0));
}

static void a_child_whose_manager_is_gone_already_serves_nobody(void)
{
    in_child = true;
    parent = 1;
    manages(EXIT_ENDED);
    CHECK_EQUAL(kernel_times(__NR_accept4), 0);
}

static void a_child_that_takes_a_connection_makes_its_replacement_and_leaves(void)
{
    in_child = true;
    manages(EXIT_ENDED);
    long replaced = kernel_find(__NR_clone, kernel_find(__NR_accept4, 0));

    CHECK_EQUAL(kernel.calls[replaced].a, CLONE_PARENT | SIGCHLD);
    CHECK_EQUAL(kernel.calls[replaced + 1].nr, __NR_setsid);
    CHECK_EQUAL(kernel.output_size, 16);
}

static void the_replacement_closes_the_connection_and_waits(void)
{
    in_child = true;
    in_replacement = true;
    manages(TEST_ENDS);
    long closed = kernel_find(__NR_close, 0);

    CHECK_EQUAL(kernel.calls[closed].a, 8);
    CHECK_EQUAL(kernel.calls[closed + 1].nr, __NR_prctl);
    CHECK_EQUAL(kernel_times(__NR_setsid), 0);
    CHECK_EQUAL(kernel.output_size, 0);
}

static void without_a_replacement_it_serves_as_one_of_the_pool(void)
{
    in_child = true;
    replacement_fails = true;
    manages(EXIT_ENDED);
    CHECK_EQUAL(kernel_times(__NR_setsid), 0);
    CHECK_EQUAL(kernel.output_size, 16);
}

const struct test manager_tests[] = {
    { "the pool is made at once", pool_is_made },
    { "a child that dies waiting is replaced after a pause", a_child_that_dies_waiting_is_replaced_after_a_pause },
    { "a child that dies serving is reaped and not replaced", a_child_that_dies_serving_is_reaped_and_not_replaced },
    { "as many are replaced as died waiting", many_deaths_are_many_replacements },
    { "without processes it tries again after pauses", without_processes_it_tries_again_and_again_after_pauses },
    { "a child asks to die with the manager", a_child_dies_with_the_manager },
    { "a child whose manager is gone already serves nobody", a_child_whose_manager_is_gone_already_serves_nobody },
    { "a child that takes a connection makes its replacement, leaves the group and serves",
      a_child_that_takes_a_connection_makes_its_replacement_and_leaves },
    { "the replacement closes the connection and waits", the_replacement_closes_the_connection_and_waits },
    { "without a replacement it serves as one of the pool", without_a_replacement_it_serves_as_one_of_the_pool },
    { 0 },
};
