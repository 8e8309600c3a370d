/*
 * Constraint.  A client that is gone must not kill the server by SIGPIPE, and the programs it runs must find SIGPIPE as it
 * is by default.  An ignored signal stays ignored across execve; a caught one becomes the default.
 *
 * Scheme.  SIGPIPE is caught and nothing is done about it.  SIGTERM and SIGINT end the process in the handler itself, so
 * that there is no moment between looking at a flag and waiting; as PID 1, too, where a signal without a handler is lost.
 * SIGCHLD must not be ignored, or there would be nothing to wait for, and none of these blocked.
 *
 * Consequence.  A child of the manager has the same handlers, and only the manager removes the socket, if it is still its own.
 */
#include <linux/signal.h>
#include <linux/stat.h>

#include "sys.h"
#include "sysreqd.h"

static void handle(int signal)
{
    struct statx is;

    if (signal == SIGPIPE)
        return;
    if (service.path != 0 && sys_call0(__NR_getpid) == service.manager
        && sys_statx(AT_FDCWD, service.path, AT_SYMLINK_NOFOLLOW, STATX_INO, &is) == 0 && is.stx_ino == service.socket_inode)
        sys_unlink(service.path);
    sys_exit(EXIT_ENDED);
}

void signals_prepare(void)
{
    static const char signals[] = { SIGCHLD, SIGPIPE, SIGTERM, SIGINT };
    struct sigaction action = { .sa_handler = SIG_DFL, .sa_flags = SA_RESTORER, .sa_restorer = signal_return };

    for (unsigned i = 0; i < sizeof signals; i++) {
        sys_call4(__NR_rt_sigaction, signals[i], (long)&action, 0, sizeof action.sa_mask);
        action.sa_handler = handle;
    }
    sys_call4(__NR_rt_sigprocmask, SIG_SETMASK, (long)&action.sa_mask, 0, sizeof action.sa_mask);
}
