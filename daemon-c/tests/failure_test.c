#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "job.h"
#include "suites.h"

static void exec_must_fail(int error, const char *const *paths)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));

    request.paths = paths;
    job_must_fail(&request, KUID_SPAWN_EXEC, error);
}

#define PATHS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void no_such_program(void)
{
    exec_must_fail(ENOENT, PATHS("/nonexistent"));
    exec_must_fail(ENOENT, PATHS("/nonexistent", "/nonexistent/again"));
    exec_must_fail(ENOENT, PATHS(""));
    exec_must_fail(ENOENT, PATHS(NULL));
    exec_must_fail(ENOTDIR, PATHS("/etc/passwd/program"));
}

static void access_denied_first(void)
{
    exec_must_fail(EACCES, PATHS("/etc/passwd"));
    exec_must_fail(EACCES, PATHS("/etc"));
    exec_must_fail(EACCES, PATHS("/nonexistent", "/etc/passwd"));
    exec_must_fail(EACCES, PATHS("/etc/passwd", "/nonexistent"));
    exec_must_fail(EACCES, PATHS("/etc/passwd", "/etc/passwd/program"));
}

static void loop_of_links(void)
{
    char path[64];

    snprintf(path, sizeof path, "/tmp/kuid-loop-%d", (int)getpid());
    CHECK_EQUAL(symlink(path, path), 0);
    exec_must_fail(ELOOP, PATHS(path, "/bin/true"));
    unlink(path);
}

static void not_executable_format(void)
{
    char path[64];

    snprintf(path, sizeof path, "/tmp/kuid-noexec-%d", (int)getpid());
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
    CHECK_EQUAL(write(fd, "no format\n", 10), 10);
    close(fd);
    exec_must_fail(ENOEXEC, PATHS(path, "/bin/true"));
    unlink(path);
}

static void argument_too_long(void)
{
    static char argument[131073];
    struct kuid_spawn_request request = job_request(JOB_PROBE("length", argument));

    memset(argument, 'x', sizeof argument - 1);
    job_must_fail(&request, KUID_SPAWN_EXEC, E2BIG);
}

static void bad_directory(void)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));

    request.cwd = "/nonexistent";
    job_must_fail(&request, KUID_SPAWN_CHDIR, ENOENT);
    request.cwd = "/etc/passwd";
    job_must_fail(&request, KUID_SPAWN_CHDIR, ENOTDIR);
    request.cwd = "";
    job_must_fail(&request, KUID_SPAWN_CHDIR, ENOENT);
}

static void bad_stdio(void)
{
    for (int target = 0; target < 3; target++) {
        struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));

        request.stdio[target] = -1;
        job_must_fail(&request, KUID_SPAWN_STDIO, EBADF);
        request.stdio[target] = 900;
        job_must_fail(&request, KUID_SPAWN_STDIO, EBADF);
    }
}

static void closed_stdio(void)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));
    int saved = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);

    request.stdio[0] = STDIN_FILENO;
    close(STDIN_FILENO);
    job_must_fail(&request, KUID_SPAWN_STDIO, EBADF);
    CHECK_EQUAL(dup2(saved, STDIN_FILENO), STDIN_FILENO);
    close(saved);
}

static void reserved_flags(void)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));

    request.flags = UINT32_C(1) << 31;
    job_must_fail(&request, KUID_SPAWN_NONE, EINVAL);
}

static void no_descriptor_for_pidfd(void)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));
    struct rlimit limit, none;

    CHECK_EQUAL(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = (struct rlimit){ .rlim_cur = 0, .rlim_max = limit.rlim_max };
    CHECK_EQUAL(setrlimit(RLIMIT_NOFILE, &none), 0);
    job_must_fail(&request, KUID_SPAWN_CLONE, EMFILE);
    CHECK_EQUAL(setrlimit(RLIMIT_NOFILE, &limit), 0);
    CHECK_EQUAL(job_run(&request).wait_status, 0);
}

static void failures_leave_nothing(void)
{
    /* The descriptors are counted, and children looked for, after each test. */
    for (int i = 0; i < 1000; i++)
        no_such_program();
}

const struct test failure_tests[] = {
    { "a missing program is ENOENT or ENOTDIR at exec", no_such_program },
    { "EACCES of one candidate is reported over ENOENT of others", access_denied_first },
    { "another error ends the search at once", loop_of_links },
    { "a file of no executable format is ENOEXEC", not_executable_format },
    { "an argument of 131072 bytes is E2BIG", argument_too_long },
    { "a bad working directory fails at chdir", bad_directory },
    { "a bad descriptor fails at stdio, whichever it is", bad_stdio },
    { "a closed 0 to be kept as 0 fails at stdio", closed_stdio },
    { "reserved flags are refused before any step", reserved_flags },
    { "a full descriptor table fails at clone, and passes", no_descriptor_for_pidfd },
    { "5000 failures leave no descriptor and no zombie", failures_leave_nothing },
    { 0 },
};
