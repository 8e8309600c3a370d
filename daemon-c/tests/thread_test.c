#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "job.h"
#include "suites.h"

enum { THREADS = 8, SPAWNS = 500 };

static void spawn_one(int number)
{
    char script[64], expected[32], output[64];

    snprintf(script, sizeof script, "echo %d; exit %d", number, number % 256);
    snprintf(expected, sizeof expected, "%d\n", number);
    struct kuid_spawn_request request = job_request(JOB_SHELL(script));
    CHECK_EQUAL(job_output(request, output, sizeof output), number % 256 << 8);
    CHECK_EQUAL(strcmp(output, expected), 0);
}

static void fail_one(void)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));

    request.cwd = "/nonexistent";
    job_must_fail(&request, KUID_SPAWN_CHDIR, ENOENT);
}

static void *spawn_many(void *first)
{
    int *number = first;

    for (int i = 0; i < SPAWNS; i++) {
        spawn_one(*number + i);
        if (i % 10 == 0)
            fail_one();
    }
    return NULL;
}

static void run_threads(void)
{
    pthread_t threads[THREADS];
    int first[THREADS];

    for (int i = 0; i < THREADS; i++) {
        first[i] = i * SPAWNS;
        CHECK_EQUAL(pthread_create(&threads[i], NULL, spawn_many, &first[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        CHECK_EQUAL(pthread_join(threads[i], NULL), 0);
}

static atomic_bool storm_is_over;
static atomic_int handled_elsewhere;
static pid_t owner;

/* In a child which shares our memory, this would count. */
static void handler(int signo)
{
    (void)signo;
    if (getpid() != owner)
        atomic_fetch_add(&handled_elsewhere, 1);
}

static void *signal_storm(void *unused)
{
    while (!atomic_load(&storm_is_over))
        kill(0, SIGUSR1);
    return unused;
}

/* A fresh child is in our process group until its setsid, so kill(0) hits it. */
static void handlers_stay_out_of_children(void)
{
    struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };
    struct kuid_spawn_request request = job_request((const char *const[]){ "/bin/true", NULL });
    pthread_t storm;

    owner = getpid();
    CHECK_EQUAL(setpgid(0, 0), 0);
    CHECK_EQUAL(sigaction(SIGUSR1, &action, NULL), 0);
    CHECK_EQUAL(pthread_create(&storm, NULL, signal_storm, NULL), 0);
    for (int i = 0; i < SPAWNS; i++) {
        int status = job_run(&request).wait_status;
        CHECK(status == 0 || status == SIGUSR1);
    }
    atomic_store(&storm_is_over, true);
    CHECK_EQUAL(pthread_join(storm, NULL), 0);
    CHECK_EQUAL(atomic_load(&handled_elsewhere), 0);
}

const struct test thread_tests[] = {
    { "8 threads spawn 500 children each, all right and no leak", run_threads },
    { "no handler of the caller runs in a child, in a storm of signals",
      handlers_stay_out_of_children },
    { 0 },
};
