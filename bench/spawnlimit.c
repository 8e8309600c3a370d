// spawnlimit: how many programs a second this machine can run at all.
//
//   spawnlimit THREADS PER_THREAD [PROGRAM ARGUMENT...]
//
// Each thread does, PER_THREAD times, the least that running a command can mean: three pipes,
// posix_spawn of `/bin/sh -c true` or of what is given, read both outputs to end of file, wait.
// No socket, no protocol, no bookkeeping. A job daemon cannot be faster than this, and how near it
// comes is its overhead.
//
// glibc's posix_spawn is CLONE_VM | CLONE_VFORK, so the size of the parent does not count.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_THREADS = 64 };

struct pipe_ends {
    int read;
    int write;
};

extern char **environ;

static char *shell[] = { "/bin/sh", "-c", "true", NULL };

static long per_thread;
static char **arguments = shell;

static void die(const char *what, int error)
{
    fprintf(stderr, "spawnlimit: %s: %s\n", what, strerror(error));
    exit(1);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static struct pipe_ends open_pipe(void)
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) < 0)
        die("pipe2", errno);
    return (struct pipe_ends){ .read = fds[0], .write = fds[1] };
}

static void read_to_end(int fd)
{
    char bytes[256];
    while (read(fd, bytes, sizeof bytes) > 0)
        ;
}

static pid_t spawn(int in, int out, int err)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
    pid_t child;
    int error = posix_spawn(&child, arguments[0], &actions, NULL, arguments, environ);
    if (error != 0)
        die("posix_spawn", error);
    posix_spawn_file_actions_destroy(&actions);
    return child;
}

static void run_one(void)
{
    struct pipe_ends in = open_pipe();
    struct pipe_ends out = open_pipe();
    struct pipe_ends err = open_pipe();
    pid_t child = spawn(in.read, out.write, err.write);
    close(in.read);
    close(in.write);
    close(out.write);
    close(err.write);
    read_to_end(out.read);
    read_to_end(err.read);
    int status;
    if (waitpid(child, &status, 0) < 0)
        die("waitpid", errno);
    if (status != 0)
        die("the program failed", 0);
    close(out.read);
    close(err.read);
}

static void *work(void *unused)
{
    (void)unused;
    for (long i = 0; i < per_thread; i++)
        run_one();
    return NULL;
}

int main(int argc, char **argv)
{
    int threads = argc > 1 ? atoi(argv[1]) : 0;
    per_thread = argc > 2 ? atol(argv[2]) : 0;
    if (threads < 1 || threads > MAX_THREADS || per_thread < 1) {
        fprintf(stderr, "usage: spawnlimit THREADS PER_THREAD [PROGRAM ARGUMENT...] (at most %d threads)\n", MAX_THREADS);
        return 2;
    }
    if (argc > 3)
        arguments = argv + 3;
    pthread_t ids[MAX_THREADS];
    double start = now();
    for (int i = 0; i < threads; i++) {
        int error = pthread_create(&ids[i], NULL, work, NULL);
        if (error != 0)
            die("pthread_create", error);
    }
    for (int i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
    double seconds = now() - start;
    printf("threads=%d %.0f/s %.3fms each\n", threads, threads * per_thread / seconds, seconds / per_thread * 1e3);
    return 0;
}
