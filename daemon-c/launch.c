/*
 * kuid-jobd, the launcher: undoes what the daemon cannot undo itself, then
 * becomes DIR/lib/kuid-jobd, where DIR is the directory of this executable.
 *
 * Constraint.  By the time managed code runs, the runtime has raised the soft
 * RLIMIT_NOFILE, and the original, which belongs to the jobs, is lost.  It has
 * also decided, from the dispositions it inherited, which signals it will ever
 * deliver (one that is ignored stays ignored) and whether it reaps all children
 * by itself (it does where SIGCHLD is ignored, or as PID 1).
 *
 * Scheme.  Do these few things before the runtime exists, in a program small
 * enough to be certain of, and hand the limit over in the environment.
 *
 * Consequence.  The daemon may assume open stdio, default dispositions, an empty
 * mask and a PID other than 1, and needs no code for the other cases.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "init.h"
#include "signals.h"

#define DAEMON_FROM_HERE "/lib/kuid-jobd"

enum { EXIT_CANNOT_RUN = 111 };

/* The runtime alone takes most of these; with fewer it dies of errors which do
   not name the cause. */
enum { LEAST_FILES = 128 };

static _Noreturn void die(const char *verb, const char *object)
{
    dprintf(STDERR_FILENO, "kuid-jobd: cannot %s %s: %s\n", verb, object, strerror(errno));
    _exit(EXIT_CANNOT_RUN);
}

/* A socket which took the number of a closed stdout would receive the output
   meant for it. */
static void open_missing_stdio(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            continue;
        if (open("/dev/null", O_RDWR) < 0)      /* the lowest free number is fd */
            die("open", "/dev/null");
    }
}

static void set_variable(const char *name, const char *value)
{
    if (setenv(name, value, 1) != 0)
        die("set", name);
}

static void set_default(const char *name, const char *value)
{
    if (getenv(name) == NULL)
        set_variable(name, value);
}

static void record_nofile(void)
{
    struct rlimit limit;
    char text[32];

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        die("read", "RLIMIT_NOFILE");
    if (limit.rlim_max < LEAST_FILES) {
        dprintf(STDERR_FILENO, "kuid-jobd: needs %d open files, the hard limit is %llu\n",
                LEAST_FILES, (unsigned long long)limit.rlim_max);
        _exit(EXIT_CANNOT_RUN);
    }
    snprintf(text, sizeof text, "%llu", (unsigned long long)limit.rlim_cur);
    set_variable("KUID_LAUNCH_NOFILE", limit.rlim_cur == RLIM_INFINITY ? "unlimited" : text);
}

/*
 * Constraint.  A job is a chain of short moments: the daemon starts it, the job
 * runs, the daemon hears that it ended.  A thread that wakes may take the place
 * of whatever runs; where many jobs come at once each of them is stopped in its
 * middle, again and again, for the beginning of another one.
 *
 * Scheme.  The daemon's threads are SCHED_BATCH: when one wakes, what runs is
 * left alone until its turn is over.  Their share of the time stays the same.
 *
 * Consequence.  Jobs, which would inherit it, are scheduled as most processes
 * are again; so this is done only where the daemon itself was started as that.
 */
static void let_jobs_run(void)
{
    static const struct sched_param none;

    if (sched_getscheduler(0) == SCHED_OTHER && sched_setscheduler(0, SCHED_BATCH, &none) == 0)
        set_variable("KUID_LAUNCH_SCHEDULING", "batch");
    else
        unsetenv("KUID_LAUNCH_SCHEDULING");
}

static void set_up_runtime(void)
{
    /* The runtime would take as much new memory between two collections as
       the machine's largest cache has, which is hundreds of megabytes on a
       server; hexadecimal, 4 MiB. It cannot be set in a file. */
    set_default("DOTNET_GCgen0size", "400000");

    /* The diagnostic socket in /tmp would let every job of the same user dump
       the memory of the daemon. */
    set_default("DOTNET_EnableDiagnostics", "0");
}

static void find_daemon(char path[PATH_MAX])
{
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX);

    if (length < 0)
        die("read", "/proc/self/exe");
    while (length > 0 && path[length - 1] != '/')
        length--;
    if (length == 0 || (size_t)length - 1 + sizeof DAEMON_FROM_HERE > PATH_MAX) {
        errno = ENAMETOOLONG;
        die("locate", "the directory of /proc/self/exe");
    }
    memcpy(path + length - 1, DAEMON_FROM_HERE, sizeof DAEMON_FROM_HERE);
}

static _Noreturn void run_daemon(const char *path, char **argv)
{
    signal_mask_set(SIGNAL_MASK_NONE, NULL);
    execv(path, argv);
    die("run", path);
}

static int run_under_init(const char *path, char **argv)
{
    pid_t daemon = fork();

    if (daemon < 0)
        die("fork for", path);
    if (daemon == 0) {
        /* Apart from the terminal, or a Ctrl-C would reach the daemon twice:
           from the kernel and forwarded. */
        setsid();
        run_daemon(path, argv);
    }
    return init_serve(daemon);
}

int main(int argc, char **argv)
{
    static char *no_arguments[] = { "kuid-jobd", NULL };
    char path[PATH_MAX];

    signal_mask_set(SIGNAL_MASK_ALL, NULL);
    signal_defaults();
    open_missing_stdio();
    record_nofile();
    let_jobs_run();
    set_up_runtime();
    find_daemon(path);
    /* Kernels before 5.18 let argc be 0. */
    if (argc == 0)
        argv = no_arguments;
    if (getpid() == 1)
        return run_under_init(path, argv);
    run_daemon(path, argv);
}
