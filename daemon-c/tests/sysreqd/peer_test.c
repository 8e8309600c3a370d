/* Who is let in, and what becomes of those who are not. */
#include <asm/unistd.h>
#include <linux/errno.h>

#include "../../sysreqd/sysreqd.h"
#include "../check.h"
#include "kernel.h"
#include "suites.h"

enum { ACCEPTED = 20, USER = 1000, TEST_ENDS = 9, ATTEMPTS = 3 };

static long accept_says = ACCEPTED;
static unsigned peer = USER;

static long answer(const struct kernel_call *call)
{
    switch (call->nr) {
    case __NR_geteuid:
        return USER;
    case __NR_getsockopt:
        ((unsigned *)call->d)[1] = peer;
        return 0;
    case __NR_ppoll:
        if (kernel_times(__NR_ppoll) > ATTEMPTS)
            kernel_call(__NR_exit_group, TEST_ENDS, 0, 0, 0, 0, 0);
        service.door[0].revents = 1;
        return 1;
    case __NR_accept4:
        return accept_says;
    default:
        return 0;
    }
}

static void accept_one(void)
{
    CHECK_EQUAL(door_accept(), ACCEPTED);
}

static int accepts(const char *path)
{
    kernel.answer = answer;
    service.path = path;
    service.door[0].fd = 5;
    return kernel_run(accept_one);
}

static void who_enters(const char *path, unsigned uid, bool may)
{
    peer = uid;
    CHECK_EQUAL(accepts(path), may ? KERNEL_RETURNED : TEST_ENDS);
    CHECK_EQUAL(kernel_times(__NR_close), may ? 0 : ATTEMPTS);
}

static void the_same_user_enters(void)
{
    who_enters("/s", 1000, true);
}

static void root_enters(void)
{
    who_enters("/s", 0, true);
}

static void another_user_is_turned_away(void)
{
    who_enters("/s", 1001, false);
}

static void everybody_enters_by_the_port(void)
{
    who_enters(0, 1001, true);
    CHECK_EQUAL(kernel_times(__NR_getsockopt), 0);
}

static void a_connection_that_is_gone_is_no_error(void)
{
    accept_says = -EAGAIN;
    CHECK_EQUAL(accepts("/s"), TEST_ENDS);
}

static void without_descriptors_the_child_ends(void)
{
    accept_says = -ENFILE;
    CHECK_EQUAL(accepts("/s"), EXIT_FAILED);
}

const struct test peer_tests[] = {
    { "the same user may enter", the_same_user_enters },
    { "root may enter", root_enters },
    { "another user is turned away", another_user_is_turned_away },
    { "everybody may enter by the port", everybody_enters_by_the_port },
    { "a connection that is gone before it is taken is no error", a_connection_that_is_gone_is_no_error },
    { "a child that cannot take a connection ends", without_descriptors_the_child_ends },
    { 0 },
};
