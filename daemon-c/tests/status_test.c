#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "job.h"
#include "suites.h"

static struct kuid_exit run_shell(const char *script)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL(script));

    return job_run(&request);
}

static void exit_code(void)
{
    char script[16];

    for (int code = 0; code < 256; code += 5) {
        snprintf(script, sizeof script, "exit %d", code);
        CHECK_EQUAL(run_shell(script).wait_status, code << 8);
    }
}

static void killed(void)
{
    CHECK_EQUAL(run_shell("kill -KILL $$").wait_status, SIGKILL);
    CHECK_EQUAL(run_shell("kill -TERM $$").wait_status, SIGTERM);
    CHECK_EQUAL(run_shell("kill -PIPE $$").wait_status, SIGPIPE);
}

static void require_core_files_in_cwd(void)
{
    char pattern[128] = "";
    int fd = open("/proc/sys/kernel/core_pattern", O_RDONLY | O_CLOEXEC);

    if (fd < 0 || read(fd, pattern, sizeof pattern - 1) <= 0)
        check_skipped("core_pattern is unreadable");
    close(fd);
    if (strpbrk(pattern, "|/@") != NULL)
        check_skipped("core_pattern leads outside of the working directory");
}

static void dumped_core(void)
{
    char directory[] = "/tmp/kuid-core-XXXXXX";
    char command[64];
    struct rlimit limit;

    require_core_files_in_cwd();
    CHECK_EQUAL(getrlimit(RLIMIT_CORE, &limit), 0);
    if (limit.rlim_max != RLIM_INFINITY)
        check_skipped("the hard core limit is finite");
    limit.rlim_cur = RLIM_INFINITY;
    CHECK_EQUAL(setrlimit(RLIMIT_CORE, &limit), 0);

    CHECK(mkdtemp(directory) != NULL);
    struct kuid_spawn_request request = job_request(JOB_SHELL("kill -ABRT $$"));
    request.cwd = directory;
    int status = job_run(&request).wait_status;
    snprintf(command, sizeof command, "rm -rf %s", directory);
    CHECK_EQUAL(run_shell(command).wait_status, 0);

    CHECK_EQUAL(status, SIGABRT | 0x80);
    CHECK(WCOREDUMP(status));
}

static void no_core_flag_without_core(void)
{
    struct rlimit none = { 0 };

    CHECK_EQUAL(setrlimit(RLIMIT_CORE, &none), 0);
    CHECK_EQUAL(run_shell("kill -ABRT $$").wait_status, SIGABRT);
}

static void resources(void)
{
    struct kuid_exit result =
        run_shell("i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done; cat /dev/null");

    CHECK_EQUAL(result.wait_status, 0);
    CHECK(result.user_microseconds > 1000);
    CHECK(result.system_microseconds >= 0);
    CHECK(result.user_microseconds + result.system_microseconds < 60 * 1000000);
    CHECK(result.max_rss_bytes > 100 * 1024);
    CHECK(result.max_rss_bytes < INT64_C(1) << 40);
    CHECK_EQUAL(result.reserved, 0);
}

/* A child which lives until the other end of its stdin is closed. */
static struct kuid_spawn_reply start_reader(int *writer)
{
    struct kuid_spawn_request request = job_request((const char *const[]){ "/bin/cat", NULL });
    int ends[2];

    CHECK_EQUAL(pipe2(ends, O_CLOEXEC), 0);
    request.stdio[0] = ends[0];
    struct kuid_spawn_reply reply = job_start(&request);
    close(ends[0]);
    *writer = ends[1];
    return reply;
}

static void reap_before_exit(void)
{
    struct kuid_exit result;
    int writer;
    struct kuid_spawn_reply reply = start_reader(&writer);

    CHECK_EQUAL(kuid_reap(reply.pidfd, &result), EAGAIN);
    close(writer);
    CHECK_EQUAL(job_finish(reply.pidfd).wait_status, 0);
}

static void reap_twice(void)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("exit 3"));
    struct kuid_spawn_reply reply = job_start(&request);
    struct kuid_exit result;

    wait_readable(reply.pidfd);
    CHECK_EQUAL(kuid_reap(reply.pidfd, &result), 0);
    CHECK_EQUAL(kuid_reap(reply.pidfd, &result), ECHILD);
    CHECK_EQUAL(kuid_signal(reply.pidfd, SIGKILL), ESRCH);
    close(reply.pidfd);
}

static void reap_other_things(void)
{
    struct kuid_exit result;

    CHECK_EQUAL(kuid_reap(999, &result), EBADF);
    CHECK_EQUAL(kuid_reap(STDIN_FILENO, &result), EBADF);
    CHECK_EQUAL(kuid_reap(-1, &result), EINVAL);
}

static void signalled(void)
{
    int writer;
    struct kuid_spawn_reply reply = start_reader(&writer);

    CHECK_EQUAL(kuid_signal(reply.pidfd, 0), 0);
    CHECK_EQUAL(kuid_signal(reply.pidfd, 65), EINVAL);
    CHECK_EQUAL(kuid_signal(999, SIGTERM), EBADF);
    CHECK_EQUAL(kuid_signal(reply.pidfd, SIGTERM), 0);
    CHECK_EQUAL(job_finish(reply.pidfd).wait_status, SIGTERM);
    close(writer);
}

const struct test status_tests[] = {
    { "an exit code comes back as code << 8", exit_code },
    { "a death by signal comes back as the signal", killed },
    { "a core dump sets the flag 0x80", dumped_core },
    { "without a core file the flag stays clear", no_core_flag_without_core },
    { "CPU time and memory of the child are told", resources },
    { "reaping a running child gives EAGAIN and does no harm", reap_before_exit },
    { "a second reap gives ECHILD, a signal after it ESRCH", reap_twice },
    { "reaping what is no pidfd is an error", reap_other_things },
    { "a signal arrives by pidfd, and a bad one is refused", signalled },
    { 0 },
};
