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

/* The place after the opening calls: serving begins with the banner. */
static long first_call_of_serving(void)
{
    return kernel_find(__NR_write, 0);
}

static long reply_at(long offset)
{
    long value;

    CHECK(offset + REPLY <= kernel.output_size);
    memcpy(&value, kernel.output + offset, sizeof value);
    return value;
}

static void serves_until_the_end(void)
{
    kernel.answer = answer_number;
    CHECK_EQUAL(kernel_run(serve_one), EXIT_ENDED);
}

static void bad_pages(void)
{
    kernel.bad_from = (unsigned long)memory + 4096;
    kernel.bad_to = (unsigned long)memory + sizeof memory;
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
    CHECK_EQUAL(reply_at(IDENT), 4711);
    CHECK_EQUAL(reply_at(IDENT + REPLY), -EPERM);
    CHECK_EQUAL(reply_at(IDENT + 2 * REPLY), 4711);
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

/* Everything a session can hold: a call, an upload and a download, good, half bad and wholly bad. */
static void prepare_session(void)
{
    static char bytes[40000];

    bad_pages();
    memset(bytes, 'x', sizeof bytes);
    memset(memory, 'm', 4096);
    kernel_request(__NR_getpid, 0, 0, 0);
    kernel_request(__NR_read, CONNECTION, (long)memory, 100);
    kernel_data(bytes, 100);
    kernel_request(__NR_read, CONNECTION, (long)memory + 4000, 40000);
    kernel_data(bytes, 40000);
    kernel_request(__NR_read, CONNECTION, 1, 10);
    kernel_data(bytes, 10);
    kernel_request(__NR_write, CONNECTION, (long)memory + 50, 100);
    kernel_request(__NR_write, CONNECTION, (long)memory + 4000, 40000);
    kernel_request(__NR_write, CONNECTION, 1, 10);
    kernel_request(__NR_getpid, 0, 0, 0);
}

static void check_session(void)
{
    const char *at = kernel.output + IDENT + 4 * REPLY;

    CHECK_EQUAL(kernel.output_size, IDENT + 8 * REPLY + 100 + 40000 + 10);
    CHECK_EQUAL(reply_at(IDENT), 4711);
    CHECK_EQUAL(reply_at(IDENT + REPLY), 100);
    CHECK_EQUAL(reply_at(IDENT + 2 * REPLY), -EFAULT);
    CHECK_EQUAL(reply_at(IDENT + 3 * REPLY), -EFAULT);
    for (int i = 0; i < 100; i++)
        CHECK_EQUAL(at[i], i < 50 ? 'x' : 'm');
    CHECK_EQUAL(reply_at(at + 100 - kernel.output), 100);
    at += 100 + REPLY;
    for (int i = 0; i < 40000; i++)
        CHECK_EQUAL(at[i], i < 96 ? 'x' : 0);
    CHECK_EQUAL(reply_at(at + 40000 - kernel.output), -EFAULT);
    at += 40000 + REPLY;
    for (int i = 0; i < 10; i++)
        CHECK_EQUAL(at[i], 0);
    CHECK_EQUAL(reply_at(at + 10 - kernel.output), -EFAULT);
    CHECK_EQUAL(reply_at(at + 10 + REPLY - kernel.output), 4711);
}

static void bad_addresses_do_not_lose_step(void)
{
    prepare_session();
    serves_until_the_end();
    check_session();
}

static void pieces_make_no_difference(void)
{
    static const long pieces[] = { 97, 1000, 4096, 16384 };

    for (unsigned i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        kernel.input_size = kernel.input_at = kernel.output_size = kernel.count = 0;
        kernel.piece = pieces[i];
        prepare_session();
        serves_until_the_end();
        check_session();
    }
}

static void single_bytes_make_no_difference(void)
{
    kernel.piece = 1;
    kernel_request(__NR_getpid, 0, 0, 0);
    kernel_request(__NR_read, CONNECTION, (long)memory, 4);
    kernel_data("abcd", 4);
    kernel_request(__NR_write, CONNECTION, (long)memory, 4);
    serves_until_the_end();
    CHECK_EQUAL(kernel.output_size, IDENT + 3 * REPLY + 4);
    CHECK(memcmp(kernel.output + IDENT + 2 * REPLY, "abcd", 4) == 0);
}

static void interrupts_make_no_difference(void)
{
    for (long every = 2; every < 9; every++) {
        kernel.input_size = kernel.input_at = kernel.output_size = kernel.count = 0;
        kernel.piece = 5000;
        prepare_session();
        /* The request's own call is not repeated: its EINTR is the client's. */
        kernel.input_size = kernel.input_at = 0;
        kernel_request(__NR_read, CONNECTION, (long)memory, 20);
        kernel_data("twenty bytes of data", 20);
        kernel_request(__NR_write, CONNECTION, (long)memory, 20);
        kernel.fail_at = every;
        kernel.fail_every = true;
        kernel.fail_with = every % 2 == 0 ? -EINTR : -EAGAIN;
        serves_until_the_end();
        CHECK_EQUAL(kernel.output_size, IDENT + 2 * REPLY + 20);
        CHECK(memcmp(kernel.output + IDENT + REPLY, "twenty bytes of data", 20) == 0);
    }
}

static void a_descriptor_that_is_not_ready_is_waited_for(void)
{
    kernel_request(__NR_getpid, 0, 0, 0);
    serves_until_the_end();
    long banner = first_call_of_serving();

    kernel.input_at = kernel.output_size = kernel.count = 0;
    kernel.fail_at = banner + 1;
    kernel.fail_with = -EAGAIN;
    serves_until_the_end();
    CHECK_EQUAL(kernel.calls[banner + 1].nr, __NR_ppoll);
    CHECK_EQUAL(reply_at(IDENT), 4711);
}

/* Whatever call fails, what was sent is the beginning of what is right, and nothing is out of step. */
static void any_failure_ends_in_step(void)
{
    static char whole[KERNEL_OUTPUT];

    prepare_session();
    serves_until_the_end();
    long calls = kernel.count, size = kernel.output_size;
    memcpy(whole, kernel.output, (size_t)size);

    for (kernel.fail_at = 1; kernel.fail_at < calls; kernel.fail_at++) {
        kernel.input_size = kernel.input_at = kernel.output_size = kernel.count = 0;
        kernel.fail_with = -ECONNRESET;
        prepare_session();
        serves_until_the_end();
        bool moved = kernel.calls[kernel.fail_at - 1].nr == __NR_read || kernel.calls[kernel.fail_at - 1].nr == __NR_write;
        if (moved) {
            CHECK(kernel.output_size <= size);
            CHECK(memcmp(kernel.output, whole, (size_t)kernel.output_size) == 0);
        } else
            CHECK_EQUAL(kernel.output_size, size);
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
    CHECK_EQUAL(reply_at(IDENT), 0);
    CHECK_EQUAL(reply_at(IDENT + REPLY), 0);
    CHECK_EQUAL(reply_at(IDENT + 2 * REPLY), -EINVAL);
    CHECK_EQUAL(reply_at(IDENT + 3 * REPLY), -EINVAL);
    CHECK_EQUAL(reply_at(IDENT + 4 * REPLY), 0);
    CHECK_EQUAL(reply_at(IDENT + 5 * REPLY), 4711);
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
    CHECK(kernel_find(__NR_close_range, 0) < first_call_of_serving());
}

const struct test server_tests[] = {
    { "the banner says what is served", the_banner_says_what_is_served },
    { "a connection of two descriptors says so and answers on the second", the_banner_tells_of_two_descriptors },
    { "results come in the order of the requests", results_come_in_order },
    { "all six arguments arrive", all_six_arguments_arrive },
    { "a request cut at any position is not run", a_cut_request_is_not_run },
    { "bad addresses, half or whole, do not lose step", bad_addresses_do_not_lose_step },
    { "how the bytes are cut into pieces makes no difference", pieces_make_no_difference },
    { "single bytes make no difference", single_bytes_make_no_difference },
    { "EINTR and EAGAIN make no difference", interrupts_make_no_difference },
    { "a descriptor that is not ready is waited for", a_descriptor_that_is_not_ready_is_waited_for },
    { "whichever call fails, what was sent is right", any_failure_ends_in_step },
    { "an upload that is cut has no reply", an_upload_that_is_cut_has_no_reply },
    { "a drained upload that is cut has no reply", a_drained_upload_that_is_cut_has_no_reply },
    { "no bytes and a negative number of bytes move nothing", sizes_that_are_none_move_nothing },
    { "reads and writes of other descriptors are the kernel's", other_descriptors_are_the_kernels },
    { "nothing but the connection and stderr is open while serving", nothing_else_is_open_while_serving },
    { 0 },
};
