#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/capability.h>

#include "job.h"
#include "suites.h"

#define LEAVE_ALL \
    { KUID_SPAWN_LIMIT_LEAVE, KUID_SPAWN_LIMIT_LEAVE, KUID_SPAWN_LIMIT_LEAVE, \
      KUID_SPAWN_LIMIT_LEAVE, KUID_SPAWN_LIMIT_LEAVE, KUID_SPAWN_LIMIT_LEAVE }

static void must_print(const struct kuid_spawn_request *request, const char *expected)
{
    char output[4096];

    CHECK_EQUAL(job_output(*request, output, sizeof output), 0);
    if (strcmp(output, expected) != 0)
        check_failed("printed \"%s\", not \"%s\"", output, expected);
}

static void each_limit(void)
{
    static const struct kuid_spawn_limits limits = {
        .cpu = 11, .as = 1 << 30, .fsize = 13, .nofile = 14, .nproc = 15, .core = 0,
    };
    struct kuid_spawn_request request = job_request(JOB_PROBE("limits"));

    request.limits = &limits;
    must_print(&request, "cpu 11 12, as 1073741824 1073741824, fsize 13 13, "
                         "nofile 14 14, nproc 15 15, core 0 0");
}

static void limits_left(void)
{
    static const struct kuid_spawn_limits leave = LEAVE_ALL;
    const struct rlimit cpu = { .rlim_cur = 700, .rlim_max = 900 };
    struct kuid_spawn_request request = job_request(JOB_PROBE("limits"));
    char without[4096], with[4096];

    CHECK_EQUAL(setrlimit(RLIMIT_CPU, &cpu), 0);
    CHECK_EQUAL(job_output(request, without, sizeof without), 0);
    CHECK(strstr(without, "cpu 700 900, ") != NULL);
    request.limits = &leave;
    CHECK_EQUAL(job_output(request, with, sizeof with), 0);
    CHECK(strcmp(with, without) == 0);
}

static void caller_is_not_limited(void)
{
    static const struct kuid_spawn_limits limits = {
        .cpu = 11, .as = 1 << 30, .fsize = 13, .nofile = 14, .nproc = 15, .core = 0,
    };
    static const int resources[] = { RLIMIT_CPU, RLIMIT_AS, RLIMIT_FSIZE,
                                     RLIMIT_NOFILE, RLIMIT_NPROC, RLIMIT_CORE };
    struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));
    struct rlimit before[6], after[6];

    request.limits = &limits;
    for (int i = 0; i < 6; i++)
        CHECK_EQUAL(getrlimit((__rlimit_resource_t)resources[i], &before[i]), 0);
    job_run(&request);
    for (int i = 0; i < 6; i++)
        CHECK_EQUAL(getrlimit((__rlimit_resource_t)resources[i], &after[i]), 0);
    CHECK(memcmp(before, after, sizeof before) == 0);
}

static void out_of_time(void)
{
    struct kuid_spawn_limits limits = LEAVE_ALL;
    struct kuid_spawn_request request = job_request(JOB_SHELL("while :; do :; done"));

    limits.cpu = 1;
    limits.core = 0;
    request.limits = &limits;
    CHECK_EQUAL(WTERMSIG(job_run(&request).wait_status), SIGXCPU);
}

static void out_of_room(void)
{
    struct kuid_spawn_limits limits = LEAVE_ALL;
    struct kuid_spawn_request request = job_request(JOB_SHELL("exec printf 12345"));
    FILE *file = tmpfile();

    CHECK(file != NULL);
    limits.fsize = 4;
    limits.core = 0;
    request.limits = &limits;
    request.stdio[1] = fileno(file);
    int status = job_run(&request).wait_status;
    CHECK(WIFSIGNALED(status));
    CHECK_EQUAL(WTERMSIG(status), SIGXFSZ);
    fclose(file);
}

/* What would let a process raise its hard limits. */
static void drop_sys_resource(void)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct data[2];

    CHECK_EQUAL(syscall(SYS_capget, &header, data), 0);
    data[0].effective &= ~(1U << CAP_SYS_RESOURCE);
    CHECK_EQUAL(syscall(SYS_capset, &header, data), 0);
}

static void above_the_hard_limit(void)
{
    static const struct {
        __rlimit_resource_t resource;
        rlim_t hard;
        enum kuid_spawn_step step;
    } cases[] = {
        { RLIMIT_CPU, 1000, KUID_SPAWN_LIMIT_CPU },
        { RLIMIT_AS, (rlim_t)1 << 40, KUID_SPAWN_LIMIT_AS },
        { RLIMIT_FSIZE, 1 << 30, KUID_SPAWN_LIMIT_FSIZE },
        { RLIMIT_NOFILE, 100, KUID_SPAWN_LIMIT_NOFILE },
        { RLIMIT_NPROC, 100000, KUID_SPAWN_LIMIT_NPROC },
        { RLIMIT_CORE, 100, KUID_SPAWN_LIMIT_CORE },
    };

    drop_sys_resource();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rlimit own;
        struct kuid_spawn_limits limits = LEAVE_ALL;
        struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));
        uint64_t *const values[] = { &limits.cpu, &limits.as, &limits.fsize,
                                     &limits.nofile, &limits.nproc, &limits.core };

        CHECK_EQUAL(getrlimit(cases[i].resource, &own), 0);
        if (own.rlim_max > cases[i].hard)
            own.rlim_max = cases[i].hard;
        own.rlim_cur = own.rlim_max;
        CHECK_EQUAL(setrlimit(cases[i].resource, &own), 0);
        request.limits = &limits;
        *values[i] = own.rlim_max + 1;
        job_must_fail(&request, cases[i].step, EPERM);
        *values[i] = own.rlim_max;
        CHECK_EQUAL(job_run(&request).wait_status, 0);
    }
}

const struct test limit_tests[] = {
    { "each limit is set, soft and hard", each_limit },
    { "a limit which is left is the one of the caller", limits_left },
    { "the limits of the caller stay as they are", caller_is_not_limited },
    { "a child which has used its time dies of SIGXCPU", out_of_time },
    { "a child which writes too large a file dies of SIGXFSZ", out_of_room },
    { "a limit above the hard one fails at its own step", above_the_hard_limit },
    { 0 },
};
