#include "kernel.h"

#include <asm/unistd.h>
#include <linux/errno.h>
#include <setjmp.h>
#include <string.h>

#include "../check.h"

struct kernel kernel = { .output_fd = 3 };

static jmp_buf at_exit_of_process;

int kernel_run(void (*run)(void))
{
    int code = setjmp(at_exit_of_process);

    if (code != 0)
        return code - 1;
    run();
    return KERNEL_RETURNED;
}

long kernel_find(long nr, long from)
{
    for (; from < kernel.count; from++)
        if (kernel.calls[from].nr == nr)
            return from;
    return -1;
}

long kernel_times(long nr)
{
    long times = 0;

    for (long at = -1; (at = kernel_find(nr, at + 1)) >= 0;)
        times++;
    return times;
}

long kernel_reply(long offset)
{
    long value;

    CHECK(offset + (long)sizeof value <= kernel.output_size);
    memcpy(&value, kernel.output + offset, sizeof value);
    return value;
}

void kernel_data(const void *bytes, long size)
{
    CHECK(kernel.input_size + size <= KERNEL_INPUT);
    memcpy(kernel.input + kernel.input_size, bytes, (size_t)size);
    kernel.input_size += size;
}

void kernel_request(long nr, long a, long b, long c)
{
    const long request[7] = { nr, a, b, c };

    kernel_data(request, sizeof request);
}

/* How many bytes from `at` can be copied. */
static long good(unsigned long at, long size)
{
    if (at < 4096 || (at >= kernel.bad_from && at < kernel.bad_to))
        return 0;
    if (at < kernel.bad_from && at + (unsigned long)size > kernel.bad_from)
        return (long)(kernel.bad_from - at);
    return size;
}

/* What of `size` bytes at `at` one call moves, or -EFAULT. */
static long portion(unsigned long at, long size)
{
    long moved = good(at, size);

    if (moved == 0 && size > 0)
        return -EFAULT;
    return kernel.piece != 0 && moved > kernel.piece ? kernel.piece : moved;
}

static long read_connection(unsigned long to, long size)
{
    long left = kernel.input_size - kernel.input_at;
    long moved;

    if (left == 0)
        return 0;
    moved = portion(to, size < left ? size : left);
    if (moved > 0) {
        memcpy((void *)to, kernel.input + kernel.input_at, (size_t)moved);
        kernel.input_at += moved;
    }
    return moved;
}

static long keep(char *where, long *used, long room, unsigned long from, long size)
{
    long moved = portion(from, size);

    if (moved > 0) {
        CHECK(*used + moved <= room);
        memcpy(where + *used, (const void *)from, (size_t)moved);
        *used += moved;
    }
    return moved;
}

long kernel_call(long nr, long a, long b, long c, long d, long e, long f)
{
    CHECK(kernel.count < KERNEL_CALLS);
    struct kernel_call *call = &kernel.calls[kernel.count++];
    *call = (struct kernel_call){ nr, a, b, c, d, e, f };

    if (nr == __NR_exit_group)
        longjmp(at_exit_of_process, (int)a + 1);
    if (kernel.fail_at != 0 && (kernel.fail_every ? kernel.count % kernel.fail_at == 0 : kernel.count == kernel.fail_at))
        return kernel.fail_with;
    if (nr == __NR_read && a == 3)
        return read_connection((unsigned long)b, c);
    if (nr == __NR_write && a == kernel.output_fd)
        return keep(kernel.output, &kernel.output_size, KERNEL_OUTPUT, (unsigned long)b, c);
    if (nr == __NR_write && a == 2)
        return keep(kernel.message, &kernel.message_size, sizeof kernel.message, (unsigned long)b, c);
    return kernel.answer != NULL ? kernel.answer(call) : 0;
}
