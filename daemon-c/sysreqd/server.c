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
static void wait_ready(int fd, short events)
{
    struct pollfd ready = { .fd = fd, .events = events };

    sys_poll(&ready, 1, 0);
}

/* Reads or writes all of it; less only where the address is bad. */
static long move(long nr, int fd, address at, long size)
{
    long done = 0;

    while (done < size) {
        long moved = sys_call3(nr, fd, (long)(at + (address)done), size - done);

        if (moved > 0)
            done += moved;
        else if (moved == -EAGAIN)
            wait_ready(fd, nr == __NR_read ? POLLIN : POLLOUT);
        else if (moved == -EFAULT)
            break;
        else if (moved != -EINTR)
            sys_exit(EXIT_ENDED);
    }
    return done;
}

/* For what is this program's own, so that a bad address cannot be. */
static void move_own(long nr, int fd, const void *at, long size)
{
    if (move(nr, fd, address_of(at), size) != size)
        sys_exit(EXIT_FAILED);
}

/* An upload or a download of the client's, by its address; the result for the client. */
static long transfer(long nr, int fd, address at, long size)
{
    if (size < 0)
        return -EINVAL;
    long done = move(nr, fd, at, size);
    if (done == size)
        return size;
    for (long left = size - done, piece; left > 0; left -= piece) {
        piece = left < (long)sizeof sink ? left : (long)sizeof sink;
        move_own(nr, fd, nr == __NR_read ? sink : zeros, piece);
    }
    return -EFAULT;
}

static long run(const struct request *request, int out)
{
    const long *a = request->arguments;

    if (a[0] == CONNECTION && request->nr == __NR_read)
        return transfer(__NR_read, CONNECTION, (address)a[1], a[2]);
    if (a[0] == CONNECTION && request->nr == __NR_write)
        return transfer(__NR_write, out, (address)a[1], a[2]);
    return sys_call6(request->nr, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* Puts the connection where it belongs and closes everything else but stderr; the descriptor to write to. */
static int settle(int in, int out)
{
    int last = in == out ? CONNECTION : CONNECTION_OUT;
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

void serve(int in, int out)
{
    out = settle(in, out);
    if (service.look)
        look_only();

    const struct ident ident = {
        .name = "kuid-sysreq", .version = IDENT_VERSION, .architecture = ARCHITECTURE,
        .flags = (unsigned short)(IDENT_PIPELINE | (service.look ? IDENT_LOOK : 0)
                                  | (out != CONNECTION ? IDENT_TWO_DESCRIPTORS : 0)),
    };
    move_own(__NR_write, out, &ident, sizeof ident);
    for (;;) {
        struct request request;

        move_own(__NR_read, CONNECTION, &request, sizeof request);
        long result = run(&request, out);
        move_own(__NR_write, out, &result, sizeof result);
    }
}
