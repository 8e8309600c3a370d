/*
 * kuid-sysreqd: runs the system calls that its clients ask for.
 *
 *   main.c      arguments
 *   message.c   what goes to stderr
 *   signals.c   the signals of manager and server
 *   door.c      the listening sockets, and who may come in
 *   manager.c   the pool of children
 *   server.c    one connection
 *   look.c      the read-only profile
 */
#ifndef KUID_SYSREQD_H
#define KUID_SYSREQD_H

#include <linux/poll.h>

enum { EXIT_ENDED = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* The connection's place in the process that serves it, which is part of the protocol; the second one is taken where the
   connection comes as two descriptors, one to read and one to write. */
enum { CONNECTION = 3, CONNECTION_OUT = 4 };

enum { POOL = 4 };

enum { DOORS = 2 };

/* What one process serves by; every child has the manager's copy. */
struct service {
    const char *path;           /* of the Unix socket, or NULL */
    struct pollfd door[DOORS];  /* the listening sockets, -1 where there is none */
    long null;                  /* /dev/null */
    long manager;               /* process id */
    unsigned long socket_inode; /* of path */
    _Bool look;                 /* the read-only profile */
};

extern struct service service;

/* Writes "kuid-sysreqd: WHAT" and the number of the error, a negative one as calls return it, unless that is 0. */
void say(const char *what, long error);
_Noreturn void fail(const char *what, long error);

/* Ends by SIGTERM and SIGINT, the manager with its socket; nothing ends by SIGPIPE. */
void signals_prepare(void);

void door_open_unix(void);
void door_open_loopback(unsigned port);

/* Waits for a connection from someone who may. */
long door_accept(void);

_Noreturn void manage(void);

/* Serves the connection whose read end is `in` and whose write end is `out`, which may be the same. */
_Noreturn void serve(long in, long out);

/* From here on this process only looks. */
void look_only(void);

/* Called by _start with the address of argc. */
_Noreturn void sysreqd(long *stack);
void signal_return(void);

#endif
