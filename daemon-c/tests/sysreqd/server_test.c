#include <asm/unistd.h>
#include <linux/errno.h>
#include <string.h>

#include "../../sysreqd/sysreqd.h"
#include "../check.h"
#include "kernel.h"
#include "suites.h"

enum { IDENT = 16, REQUEST = 56, REPLY = 8 };

static char memory[8192];

static void serve_one(void)
{
    serve(7, 7);
}

static void serve_two(void)
{
    serve(0, 1);
}

static long answer_number(const struct kernel_call *call)
{
    return call->nr == __NR_getpid ? 4711 : call->nr == __NR_getuid ? -EPERM : 0;
}

static void serves_until_the_end(void)
{
    kernel.answer = answer_number;
    CHECK_EQUAL(kernel_run(serve_one), EXIT_ENDED);
}

static void the_banner_says_what_is_served(void)
{
    serves_until_the_end();
    CHECK_EQUAL(kernel.output_size, IDENT);
    CHECK(memcmp(kernel.output, "kuid-sysreq\1", 12) == 0);
#if defined(__x86_64__)
    CHECK(memcmp(kernel.output + 12, "\76\0\1\0", 4) == 0);
#else
    CHECK(memcmp(kernel.output + 12, "\267\0\1\0", 4) == 0);
#endif
}

static void the_banner_tells_of_two_descriptors(void)
{
    kernel.output_fd = CONNECTION_OUT;
    kernel_request(__NR_write, CONNECTION, (long)memory, 3);
    CHECK_EQUAL(kernel_run(serve_two), EXIT_ENDED);
    CHECK_EQUAL(kernel.output[14], 5);
    CHECK_EQUAL(kernel.output_size, IDENT + 3 + REPLY);
}

static void results_come_in_order(void)
{
    kernel_request(__NR_getpid, 0, 0, 0);
    kernel_request(__NR_getuid, 0, 0, 0);
    kernel_request(__NR_getpid, 0, 0, 0);
    serves_until_the_end();
    CHECK_EQUAL(kernel.output_size, IDENT + 3 * REPLY);
    CHECK_EQUAL(kernel_reply(IDENT), 4711);
    CHECK_EQUAL(kernel_reply(IDENT + REPLY), -EPERM);
    CHECK_EQUAL(kernel_reply(IDENT + 2 * REPLY), 4711);
}

static void all_six_arguments_arrive(void)
{
    const long request[7] = { 9999, 1, -2, 1L << 62, 4, 5, -6 };

    kernel_data(request, sizeof request);
    serves_until_the_end();
    CHECK(memcmp(&kernel.calls[kernel_find(9999, 0)], request, sizeof request) == 0);
}

static void a_cut_request_is_not_run(void)
{
    for (long size = 0; size < REQUEST; size++) {
        kernel.input_size = kernel.input_at = kernel.output_size = kernel.count = 0;
        kernel_request(__NR_getpid, 0, 0, 0);
        kernel.input_size = size;
        serves_until_the_end();
        CHECK_EQUAL(kernel_find(__NR_getpid, 0), -1);
        CHECK_EQUAL(kernel.output_size, IDENT);
    }
}

static void an_upload_that_is_cut_has_no_reply(void)
{
    kernel_request(__NR_read, CONNECTION, (long)memory, 100);
    kernel_data("not a hundred", 13);
    serves_until_the_end();
    CHECK_EQUAL(kernel.output_size, IDENT);
}

static void a_drained_upload_that_is_cut_has_no_reply(void)
{
    kernel_request(__NR_read, CONNECTION, 1, 100);
    kernel_data("not a hundred", 13);
    serves_until_the_end();
    CHECK_EQUAL(kernel.output_size, IDENT);
}

static void sizes_that_are_none_move_nothing(void)
{
    kernel_request(__NR_read, CONNECTION, (long)memory, 0);
    kernel_request(__NR_write, CONNECTION, (long)memory, 0);
    kernel_request(__NR_read, CONNECTION, (long)memory, -1);
    kernel_request(__NR_write, CONNECTION, (long)memory, -1);
    kernel_request(__NR_write, CONNECTION, 1, 0);
    kernel_request(__NR_getpid, 0, 0, 0);
    serves_until_the_end();
    CHECK_EQUAL(kernel.output_size, IDENT + 6 * REPLY);
    CHECK_EQUAL(kernel_reply(IDENT), 0);
    CHECK_EQUAL(kernel_reply(IDENT + REPLY), 0);
    CHECK_EQUAL(kernel_reply(IDENT + 2 * REPLY), -EINVAL);
    CHECK_EQUAL(kernel_reply(IDENT + 3 * REPLY), -EINVAL);
    CHECK_EQUAL(kernel_reply(IDENT + 4 * REPLY), 0);
    CHECK_EQUAL(kernel_reply(IDENT + 5 * REPLY), 4711);
}

static void other_descriptors_are_the_kernels(void)
{
    kernel_request(__NR_read, 5, (long)memory, 10);
    kernel_request(__NR_write, 5, (long)memory, 10);
    kernel_request(__NR_pwrite64, CONNECTION, (long)memory, 10);
    serves_until_the_end();
    CHECK_EQUAL(kernel.output_size, IDENT + 3 * REPLY);
    CHECK_EQUAL(kernel.calls[kernel_find(__NR_pwrite64, 0)].a, CONNECTION);
}

static void nothing_else_is_open_while_serving(void)
{
    serves_until_the_end();
    const struct kernel_call *close_range = &kernel.calls[kernel_find(__NR_close_range, 0)];

    CHECK_EQUAL(kernel.calls[0].nr, __NR_dup3);
    CHECK_EQUAL(kernel.calls[0].a, 7);
    CHECK_EQUAL(kernel.calls[0].b, CONNECTION);
    CHECK_EQUAL(close_range->a, CONNECTION + 1);
    CHECK_EQUAL(close_range->b, ~0u);
    CHECK(kernel_find(__NR_close_range, 0) < kernel_find(__NR_write, 0));
}

const struct test server_tests[] = {
    { "the banner says what is served", the_banner_says_what_is_served },
    { "a connection of two descriptors says so and answers on the second", the_banner_tells_of_two_descriptors },
    { "results come in the order of the requests", results_come_in_order },
    { "all six arguments arrive", all_six_arguments_arrive },
    { "a request cut at any position is not run", a_cut_request_is_not_run },
    { "an upload that is cut has no reply", an_upload_that_is_cut_has_no_reply },
    { "a drained upload that is cut has no reply", a_drained_upload_that_is_cut_has_no_reply },
    { "no bytes and a negative number of bytes move nothing", sizes_that_are_none_move_nothing },
    { "reads and writes of other descriptors are the kernel's", other_descriptors_are_the_kernels },
    { "nothing but the connection and stderr is open while serving", nothing_else_is_open_while_serving },
    { 0 },
};
