/*
 * One connection.
 *
 * Constraint.  Client and server agree about where a request ends only as long as every length is kept, whatever goes wrong.
 * An address comes from the client and may be bad from its first byte or from any later one; only the kernel can tell, and it
 * tells by EFAULT, having moved as much as its copying went well, and nothing is lost that it did not count.
 *
 * Scheme.  Data goes between the connection and the client's address directly, until the kernel says EFAULT.  What is left
 * then goes to a sink, or comes from zeros, so that exactly the announced bytes have moved when the result -EFAULT follows.
 *
 * Consequence.  The end of the connection ends the process wherever it is noticed, and a request that came in part was not
 * there: it is run only when all 56 bytes are.
 */
#include <linux/elf-em.h>
#include <linux/in.h>
#include <linux/poll.h>
#include <linux/tcp.h>

#include "sys.h"
#include "sysreqd.h"

enum { IDENT_VERSION = 1, IDENT_PIPELINE = 1, IDENT_LOOK = 2, IDENT_TWO_DESCRIPTORS = 4 };

#if defined(__x86_64__)
enum { ARCHITECTURE = EM_X86_64 };
#else
enum { ARCHITECTURE = EM_AARCH64 };
#endif

struct ident {
    char name[11];
    unsigned char version;
    unsigned short architecture, flags;
};

struct request {
    long nr, arguments[6];
};

_Static_assert(sizeof(struct ident) == 16 && sizeof(struct request) == 56, "these are the wire");

static char sink[16384], zeros[16384];

/* A descriptor is non-blocking when a program that was lent it has left it so. */
static void wait_ready(long fd, short events)
{
    struct pollfd ready = { .fd = (int)fd, .events = events };

    sys_poll(&ready, 1, 0);
}

/* Reads or writes `size` bytes, all of them in any case; `size`, or -EFAULT if not all of them at the address. */
static long move(long nr, long fd, address at, long size)
{
    long result = size;

    if (size < 0)
        return -EINVAL;
    while (size > 0) {
        long piece = size;

        if (result < 0) {
            at = address_of(nr == __NR_read ? sink : zeros);
            piece = size < (long)sizeof sink ? size : (long)sizeof sink;
        }
        long moved = sys_call3(nr, fd, (long)at, piece);
        if (moved > 0) {
            at += (address)moved;
            size -= moved;
        } else if (moved == -EFAULT && result > 0)
            result = -EFAULT;
        else if (moved == -EAGAIN)
            wait_ready(fd, nr == __NR_read ? POLLIN : POLLOUT);
        else if (moved != -EINTR)
            sys_exit(EXIT_ENDED);
    }
    return result;
}

static long run(const struct request *request, long out)
{
    const long *a = request->arguments;
    long nr = request->nr;

    if (a[0] == CONNECTION && (nr == __NR_read || nr == __NR_write))
        return move(nr, nr == __NR_read ? CONNECTION : out, (address)a[1], a[2]);
    return sys_call6(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* Puts the connection where it belongs and closes everything else but stderr; the descriptor to write to. */
static long settle(long in, long out)
{
    long last = in == out ? CONNECTION : CONNECTION_OUT;
    const int on = 1;

    sys_dup_to(in, CONNECTION);
    if (in != out)
        sys_dup_to(out, CONNECTION_OUT);
    sys_dup_to(service.null, 0);
    sys_dup_to(service.null, 1);
    sys_call3(__NR_close_range, last + 1, ~0u, 0);
    sys_call5(__NR_setsockopt, CONNECTION, IPPROTO_TCP, TCP_NODELAY, (long)&on, sizeof on);
    return last;
}

void serve(long in, long out)
{
    out = settle(in, out);
    if (service.look)
        look_only();

    const struct ident ident = {
        .name = "kuid-sysreq", .version = IDENT_VERSION, .architecture = ARCHITECTURE,
        .flags = (unsigned short)(IDENT_PIPELINE + service.look * IDENT_LOOK + (out - CONNECTION) * IDENT_TWO_DESCRIPTORS),
    };
    move(__NR_write, out, address_of(&ident), sizeof ident);
    for (;;) {
        struct request request;

        move(__NR_read, CONNECTION, address_of(&request), sizeof request);
        long result = run(&request, out);
        move(__NR_write, out, address_of(&result), sizeof result);
    }
}
