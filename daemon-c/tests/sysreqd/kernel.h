/*
 * The other side of the platform seam: a kernel in memory.
 *
 * Descriptor 3 reads what a test has prepared and every write is kept; reads and writes come in pieces of any size, some
 * addresses are bad, the Nth call fails.  What else is called is answered by the test.  The end of the process ends the call
 * of kernel_run.
 */
#ifndef KUID_KERNEL_H
#define KUID_KERNEL_H

#include <stdbool.h>

enum { KERNEL_INPUT = 1 << 17, KERNEL_OUTPUT = 1 << 17, KERNEL_CALLS = 4096 };

struct kernel_call {
    long nr, a, b, c, d, e, f;
};

struct kernel {
    char input[KERNEL_INPUT];           /* what read(3) gives, then the end of the file */
    long input_size, input_at;
    char output[KERNEL_OUTPUT];         /* what was written to output_fd */
    long output_size, output_fd;
    char message[512];                  /* what was written to 2 */
    long message_size;
    long piece;                         /* most that one read or write moves, 0 for any number */
    unsigned long bad_from, bad_to;     /* addresses at which copying stops, beside the first page */
    long fail_at, fail_with;            /* the call that fails, counted from 1; 0 for none */
    bool fail_every;                    /* every fail_at-th call fails */
    long count;
    struct kernel_call calls[KERNEL_CALLS];     /* all of them, in order */
    long (*answer)(const struct kernel_call *); /* for what is no read of 3 and no write to output_fd or 2 */
};

extern struct kernel kernel;

/* Runs until the process exits; the code, or KERNEL_RETURNED. */
enum { KERNEL_RETURNED = -1 };
int kernel_run(void (*run)(void));

/* The position of the first call of that number at or after `from`, -1 if there is none; and how many there are. */
long kernel_find(long nr, long from);
long kernel_times(long nr);

/* The result that is there in the output. */
long kernel_reply(long offset);

/* Puts a request at the end of the input. */
void kernel_request(long nr, long a, long b, long c);
void kernel_data(const void *bytes, long size);

long kernel_call(long nr, long a, long b, long c, long d, long e, long f);

#define sys_call0(nr) kernel_call(nr, 0, 0, 0, 0, 0, 0)
#define sys_call1(nr, a) kernel_call(nr, a, 0, 0, 0, 0, 0)
#define sys_call2(nr, a, b) kernel_call(nr, a, b, 0, 0, 0, 0)
#define sys_call3(nr, a, b, c) kernel_call(nr, a, b, c, 0, 0, 0)
#define sys_call4(nr, a, b, c, d) kernel_call(nr, a, b, c, d, 0, 0)
#define sys_call5(nr, a, b, c, d, e) kernel_call(nr, a, b, c, d, e, 0)
#define sys_call6(nr, a, b, c, d, e, f) kernel_call(nr, a, b, c, d, e, f)

#endif
