/* One session in many deliveries: cut into pieces, interrupted, not ready, and with each call failing in turn. */
#include <asm/unistd.h>
#include <linux/errno.h>
#include <string.h>

#include "../../sysreqd/sysreqd.h"
#include "../check.h"
#include "kernel.h"
#include "suites.h"

enum { IDENT = 16, REPLY = 8 };

static char memory[8192];

static void serve_one(void)
{
    serve(7, 7);
}

static long answer_number(const struct kernel_call *call)
{
    return call->nr == __NR_getpid ? 4711 : 0;
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
    CHECK_EQUAL(kernel_reply(IDENT), 4711);
    CHECK_EQUAL(kernel_reply(IDENT + REPLY), 100);
    CHECK_EQUAL(kernel_reply(IDENT + 2 * REPLY), -EFAULT);
    CHECK_EQUAL(kernel_reply(IDENT + 3 * REPLY), -EFAULT);
    for (int i = 0; i < 100; i++)
        CHECK_EQUAL(at[i], i < 50 ? 'x' : 'm');
    CHECK_EQUAL(kernel_reply(at + 100 - kernel.output), 100);
    at += 100 + REPLY;
    for (int i = 0; i < 40000; i++)
        CHECK_EQUAL(at[i], i < 96 ? 'x' : 0);
    CHECK_EQUAL(kernel_reply(at + 40000 - kernel.output), -EFAULT);
    at += 40000 + REPLY;
    for (int i = 0; i < 10; i++)
        CHECK_EQUAL(at[i], 0);
    CHECK_EQUAL(kernel_reply(at + 10 - kernel.output), -EFAULT);
    CHECK_EQUAL(kernel_reply(at + 10 + REPLY - kernel.output), 4711);
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
    long banner = kernel_find(__NR_write, 0);

    kernel.input_at = kernel.output_size = kernel.count = 0;
    kernel.fail_at = banner + 1;
    kernel.fail_with = -EAGAIN;
    serves_until_the_end();
    CHECK_EQUAL(kernel.calls[banner + 1].nr, __NR_ppoll);
    CHECK_EQUAL(kernel_reply(IDENT), 4711);
}

/* A connection that fails is the end, and what was sent by then is the beginning of what is right. */
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
            CHECK_EQUAL(kernel.calls[kernel.fail_at].nr, __NR_exit_group);
            CHECK_EQUAL(kernel.count, kernel.fail_at + 1);
            CHECK(memcmp(kernel.output, whole, (size_t)kernel.output_size) == 0);
        } else
            CHECK_EQUAL(kernel.output_size, size);
    }
}

const struct test delivery_tests[] = {
    { "bad addresses, half or whole, do not lose step", bad_addresses_do_not_lose_step },
    { "how the bytes are cut into pieces makes no difference", pieces_make_no_difference },
    { "single bytes make no difference", single_bytes_make_no_difference },
    { "EINTR and EAGAIN make no difference", interrupts_make_no_difference },
    { "a descriptor that is not ready is waited for", a_descriptor_that_is_not_ready_is_waited_for },
    { "whichever call fails, what was sent is right", any_failure_ends_in_step },
    { 0 },
};
