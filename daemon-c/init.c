/*
 * The duties of PID 1, for a container whose first process is the daemon.
 *
 * Orphans become children of PID 1, and a managed runtime which finds itself
 * there reaps them together with the jobs whose status the daemon needs.  And
 * the kernel drops every signal to PID 1 which is neither caught nor blocked.
 * So the launcher stays as PID 1, with all signals blocked and taken one by one
 * from the queue: no handler, hence no race between a wait and a signal.
 */
#include "init.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>

static bool is_forwarded(int signo)
{
    return signo == SIGTERM || signo == SIGINT || signo == SIGHUP || signo == SIGQUIT
        || signo == SIGUSR1 || signo == SIGUSR2;
}

/* Reaps all there is, as one SIGCHLD may stand for several children.  True
   when the daemon was among them. */
static bool reap_children(pid_t daemon, int *daemon_status)
{
    bool daemon_ended = false;
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == daemon) {
            *daemon_status = status;
            daemon_ended = true;
        }
    }
    return daemon_ended;
}

int init_serve(pid_t daemon)
{
    sigset_t all;
    int status = 0;

    sigfillset(&all);
    while (!reap_children(daemon, &status)) {
        int signo = sigwaitinfo(&all, NULL);

        if (is_forwarded(signo))
            kill(daemon, signo);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
