#include <asm/unistd.h>
#include <linux/errno.h>
#include <linux/signal.h>
#include <linux/stat.h>
#include <string.h>

#include "../../sysreqd/sysreqd.h"
#include "../check.h"
#include "kernel.h"
#include "suites.h"

enum { MANAGER = 100, STARTED = 9 };

static long stack[5], self = MANAGER, inode = 77, null_fd = 3, kcmp_says;
static void (*handlers[65])(int);

static long answer(const struct kernel_call *call)
{
    switch (call->nr) {
    case __NR_getpid:
        return self;
    case __NR_openat:
        return null_fd++;
    case __NR_kcmp:
        return kcmp_says;
    case __NR_statx:
        ((struct statx *)call->e)->stx_ino = (unsigned long)inode;
        return 0;
    case __NR_rt_sigaction:
        handlers[call->a] = ((const struct sigaction *)call->b)->sa_handler;
        return 0;
    case __NR_geteuid:
        return 1000;
    case __NR_clone:        /* the manager has started */
        kernel_call(__NR_exit_group, STARTED, 0, 0, 0, 0, 0);
        return 0;
    default:
        return 0;
    }
}

static void run(void)
{
    sysreqd(stack);
}

static int starts(long count, const char *first, const char *second)
{
    stack[0] = count;
    stack[1] = (long)"kuid-sysreqd";
    stack[2] = (long)first;
    stack[3] = (long)second;
    kernel.answer = answer;
    kernel.count = kernel.message_size = 0;
    return kernel_run(run);
}

static bool said(const char *text)
{
    return kernel.message_size == (long)strlen(text) && memcmp(kernel.message, text, strlen(text)) == 0;
}

static void wrong_use_is_told(void)
{
    static const char *const wrong[] = { "", "x", "0", "65536", "99999999999999999999", "-1", "12x", "--", " 1", "+1" };
    static const char *const usage = "kuid-sysreqd: usage: kuid-sysreqd PATH|PORT|- [look]\n";

    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK_EQUAL(starts(2, wrong[i], NULL), EXIT_USAGE);
        CHECK(said(usage));
    }
    CHECK_EQUAL(starts(0, NULL, NULL), EXIT_USAGE);
    CHECK_EQUAL(starts(1, NULL, NULL), EXIT_USAGE);
    CHECK_EQUAL(starts(3, "/s", "looks"), EXIT_USAGE);
    CHECK_EQUAL(starts(3, "/s", "loo"), EXIT_USAGE);
    CHECK_EQUAL(starts(3, "/s", ""), EXIT_USAGE);
    CHECK_EQUAL(starts(4, "/s", "look"), EXIT_USAGE);
    CHECK(said(usage));
    CHECK_EQUAL(kernel_times(__NR_socket), 0);
}

static void each_use_is_understood(void)
{
    static const char *const ports[] = { "1", "32000", "65535", "00080" };

    CHECK_EQUAL(starts(2, "/s", NULL), STARTED);
    CHECK(service.path != NULL);
    CHECK_EQUAL(service.look, 0);
    service.path = NULL;
    for (unsigned i = 0; i < sizeof ports / sizeof *ports; i++) {
        CHECK_EQUAL(starts(3, ports[i], "look"), STARTED);
        CHECK(service.path == NULL);
        CHECK_EQUAL(service.look, 1);
    }
    CHECK_EQUAL(starts(2, "1/", NULL), STARTED);
    CHECK(service.path != NULL);
}

static void standard_descriptors_are_served(void)
{
    CHECK_EQUAL(starts(2, "-", NULL), EXIT_ENDED);
    CHECK_EQUAL(kernel.output[14], 1);
    kcmp_says = 1;
    kernel.output_fd = CONNECTION_OUT;
    kernel.output_size = 0;
    CHECK_EQUAL(starts(2, "-", NULL), EXIT_ENDED);
    CHECK_EQUAL(kernel.output[14], 5);
}

static void without_kcmp_they_are_two(void)
{
    kcmp_says = -ENOSYS;
    kernel.output_fd = CONNECTION_OUT;
    CHECK_EQUAL(starts(2, "-", NULL), EXIT_ENDED);
    CHECK_EQUAL(kernel.output[14], 5);
}

static void closed_descriptors_become_null(void)
{
    null_fd = 0;
    CHECK_EQUAL(starts(2, "/s", NULL), STARTED);
    CHECK(service.null > CONNECTION_OUT);
}

static void without_null_it_starts(void)
{
    null_fd = -ENOENT;
    CHECK_EQUAL(starts(2, "/s", NULL), STARTED);
}

static void signals_have_their_handlers(void)
{
    CHECK_EQUAL(starts(2, "/s", NULL), STARTED);
    CHECK(handlers[SIGCHLD] == SIG_DFL);
    CHECK(handlers[SIGPIPE] == handlers[SIGTERM] && handlers[SIGTERM] == handlers[SIGINT]);
    CHECK_EQUAL(kernel_times(__NR_rt_sigaction), 4);
    long before = kernel.count;
    handlers[SIGPIPE](SIGPIPE);
    CHECK_EQUAL(kernel.count, before);
}

static void terminate(void)
{
    handlers[SIGTERM](SIGTERM);
}

static void the_manager_ends_with_its_socket(void)
{
    CHECK_EQUAL(starts(2, "/s", NULL), STARTED);
    CHECK_EQUAL(kernel_run(terminate), EXIT_ENDED);
    CHECK_EQUAL(kernel_times(__NR_unlinkat), 1);
}

static void a_socket_of_another_is_left(void)
{
    CHECK_EQUAL(starts(2, "/s", NULL), STARTED);
    inode = 78;
    CHECK_EQUAL(kernel_run(terminate), EXIT_ENDED);
    CHECK_EQUAL(kernel_times(__NR_unlinkat), 0);
}

static void a_child_ends_without_the_socket(void)
{
    CHECK_EQUAL(starts(2, "/s", NULL), STARTED);
    self = MANAGER + 1;
    CHECK_EQUAL(kernel_run(terminate), EXIT_ENDED);
    CHECK_EQUAL(kernel_times(__NR_unlinkat), 0);
}

static void whichever_call_fails_it_starts_or_says_why(void)
{
    static const char *const arguments[] = { "/s", "32000" };

    for (int i = 0; i < 2; i++)
        for (kernel.fail_at = 1; kernel.fail_at < 30; kernel.fail_at++) {
            kernel.fail_with = -EMFILE;
            service = (struct service){ 0 };
            int code = starts(2, arguments[i], NULL);
            long last = kernel.fail_at - 1;

            if (code != STARTED && !(code == EXIT_FAILED && kernel.message_size > 0)
                && !(last < kernel.count && kernel.calls[last].nr == __NR_clone))
                check_failed("call %ld of %s failed and the end was %d", kernel.fail_at, arguments[i], code);
            CHECK_EQUAL(kernel_times(__NR_unlinkat), 0);
        }
}

const struct test start_tests[] = {
    { "wrong use is told, with status 2", wrong_use_is_told },
    { "a path, a port and the profile are understood", each_use_is_understood },
    { "stdin and stdout are served, as one or two descriptors", standard_descriptors_are_served },
    { "without kcmp stdin and stdout are two descriptors", without_kcmp_they_are_two },
    { "closed descriptors become /dev/null, up to one above the connection's", closed_descriptors_become_null },
    { "without /dev/null it starts", without_null_it_starts },
    { "signals have their handlers, and SIGPIPE does nothing", signals_have_their_handlers },
    { "the manager ends with its socket", the_manager_ends_with_its_socket },
    { "a socket that is another's by now is left", a_socket_of_another_is_left },
    { "a child ends without touching the socket", a_child_ends_without_the_socket },
    { "whichever call fails, it starts or says why not", whichever_call_fails_it_starts_or_says_why },
    { 0 },
};
