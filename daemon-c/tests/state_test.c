#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "job.h"
#include "signals.h"
#include "suites.h"

static void must_print(const struct kuid_spawn_request *request, const char *expected)
{
    char output[4096];

    CHECK_EQUAL(job_output(*request, output, sizeof output), 0);
    if (strcmp(output, expected) != 0)
        check_failed("printed \"%s\", not \"%s\"", output, expected);
}

static void own_session(void)
{
    struct kuid_spawn_request request = job_request(JOB_PROBE("session"));

    must_print(&request, "session own, group own");
}

/* SIGCHLD stays as it is: a parent which ignores it cannot reap. */
static void ignore_all_signals(void)
{
    struct { uintptr_t handler; uint64_t rest[3]; } ignore = { .handler = (uintptr_t)SIG_IGN };

    for (int signo = 1; signo <= SIGNAL_LAST; signo++)
        if (signo != SIGKILL && signo != SIGSTOP && signo != SIGCHLD)
            CHECK_EQUAL(syscall(SYS_rt_sigaction, signo, &ignore, NULL, sizeof(uint64_t)), 0);
}

static void default_signals(void)
{
    struct kuid_spawn_request request = job_request(JOB_PROBE("signals"));

    ignore_all_signals();
    signal_mask_set(SIGNAL_MASK_ALL, NULL);
    must_print(&request, "blocked 0, not default:");
}

static void mask_of_parent(void)
{
    /* All but KILL, STOP and TERM: the bits the kernel would drop, and one. */
    const uint64_t mask = SIGNAL_MASK_ALL & ~(UINT64_C(1) << (SIGKILL - 1))
        & ~(UINT64_C(1) << (SIGSTOP - 1)) & ~(UINT64_C(1) << (SIGTERM - 1));
    struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));
    struct kuid_spawn_reply reply;
    uint64_t after;

    signal_mask_set(mask, NULL);
    job_run(&request);
    signal_mask_set(mask, &after);
    CHECK(after == mask);

    request.cwd = "/nonexistent";
    CHECK_EQUAL(kuid_spawn(&request, &reply), -1);
    signal_mask_set(mask, &after);
    CHECK(after == mask);

    request.flags = UINT32_C(1) << 31;
    CHECK_EQUAL(kuid_spawn(&request, &reply), -1);
    signal_mask_set(mask, &after);
    CHECK(after == mask);
}

static void handlers_of_parent(void)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));
    struct sigaction action;

    signal(SIGPIPE, SIG_IGN);
    job_run(&request);
    CHECK_EQUAL(sigaction(SIGPIPE, NULL, &action), 0);
    CHECK(action.sa_handler == SIG_IGN);
}

static void soft_nofile(void)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("ulimit -Sn; ulimit -Hn"));
    struct rlimit limit = { .rlim_cur = 700, .rlim_max = 900 }, after;

    CHECK_EQUAL(setrlimit(RLIMIT_NOFILE, &limit), 0);
    must_print(&request, "700\n900\n");
    request.nofile_soft = 300;
    must_print(&request, "300\n900\n");
    request.nofile_soft = 900;
    must_print(&request, "900\n900\n");
    request.nofile_soft = 1024;
    must_print(&request, "900\n900\n");
    request.nofile_soft = UINT64_MAX - 1;
    must_print(&request, "900\n900\n");
    CHECK_EQUAL(getrlimit(RLIMIT_NOFILE, &after), 0);
    CHECK_EQUAL(after.rlim_cur, 700);
}

static void only_stdio_open(void)
{
    enum { COUNT = 500 };
    struct kuid_spawn_request request = job_request(JOB_PROBE("fds"));
    struct rlimit limit;
    int fds[COUNT];

    CHECK_EQUAL(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    CHECK_EQUAL(setrlimit(RLIMIT_NOFILE, &limit), 0);
    for (int i = 0; i < COUNT; i++)
        CHECK((fds[i] = fcntl(request.stdio[0], F_DUPFD, 3 + i)) >= 0);
    int far = fcntl(request.stdio[0], F_DUPFD, limit.rlim_cur > 5000 ? 5000 : 1000);
    must_print(&request, "0 1 2 ");
    for (int i = 0; i < COUNT; i++)
        close(fds[i]);
    close(far);
}

static void working_directory(void)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("pwd -P"));
    char here[PATH_MAX];

    request.cwd = "/proc/sys";
    must_print(&request, "/proc/sys\n");
    CHECK_EQUAL(chdir("/usr"), 0);
    request.cwd = "bin/..";
    must_print(&request, "/usr\n");
    request.cwd = NULL;
    must_print(&request, "/usr\n");
    CHECK(getcwd(here, sizeof here) != NULL && strcmp(here, "/usr") == 0);
}

static void environment_and_arguments(void)
{
    struct kuid_spawn_request request =
        job_request((const char *const[]){ "/bin/sh", "-c",
                                           "printf '%s|' \"$0\" \"$@\" \"$A\" \"$HOME\"",
                                           "zero", "", "a b", "\xff", NULL });

    setenv("HOME", "/of/the/caller", 1);
    request.envp = (char *const[]){ "A=1=2", NULL };
    must_print(&request, "zero||a b|\xff|1=2||");
}

static void longest_argument(void)
{
    static char argument[131072];
    struct kuid_spawn_request request = job_request(JOB_PROBE("length", argument));

    memset(argument, 'x', sizeof argument - 1);
    must_print(&request, "131071");
}

static void candidates_in_order(void)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("echo $0"));

    request.argv = (char *const[]){ "name", "-c", "echo $0", NULL };
    request.paths = (const char *const[]){ "/nonexistent/sh", "/etc/passwd/sh", "/etc/passwd",
                                           "/bin/sh", "/bin/false", NULL };
    must_print(&request, "name\n");
}

const struct test state_tests[] = {
    { "a child leads its own session and group", own_session },
    { "all signals, 32 and 33 too, are default and unblocked", default_signals },
    { "the signal mask of the caller is restored on every way out", mask_of_parent },
    { "the dispositions of the caller stay as they are", handlers_of_parent },
    { "the soft NOFILE limit is set, or capped, or left", soft_nofile },
    { "only 0, 1 and 2 are open, whatever the caller holds", only_stdio_open },
    { "the working directory is the requested one", working_directory },
    { "arguments and environment arrive byte for byte", environment_and_arguments },
    { "an argument of 131071 bytes is passed", longest_argument },
    { "candidates are tried in order, and argv[0] is free", candidates_in_order },
    { 0 },
};
