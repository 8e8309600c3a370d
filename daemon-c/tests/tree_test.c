/*
 * How the whole tree of a job is kept together: the cgroup that the child starts
 * in, and where there is none, a leader that its orphans come back to.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "job.h"
#include "suites.h"

static char cgroup[PATH_MAX];

/* Where v2 is mounted alone, and where it is mounted beside v1. */
static int own_cgroup(void)
{
    static const char *const mounts[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" };

    for (size_t i = 0; i < sizeof mounts / sizeof *mounts; i++) {
        char kill_file[PATH_MAX + 16];

        snprintf(cgroup, sizeof cgroup, "%s/kuid-spawn-test-%d", mounts[i], (int)getpid());
        if (mkdir(cgroup, 0700) != 0)
            continue;
        snprintf(kill_file, sizeof kill_file, "%s/cgroup.kill", cgroup);
        if (access(kill_file, W_OK) == 0)
            return open(cgroup, O_PATH | O_DIRECTORY | O_CLOEXEC);
        rmdir(cgroup);
    }
    check_skipped("no cgroup v2 that may be written to here");
    return -1;
}

static void remove_cgroup(int fd)
{
    close(fd);
    /* A process is counted until it is reaped or a moment longer. */
    while (rmdir(cgroup) != 0)
        CHECK_EQUAL(errno, EBUSY);
}

static void child_starts_in_its_cgroup(void)
{
    char output[4096];
    struct kuid_spawn_request request = job_request(JOB_SHELL("cat /proc/self/cgroup"));
    int fd = own_cgroup();

    request.cgroup_fd = fd;
    CHECK_EQUAL(job_output(request, output, sizeof output), 0);
    CHECK(strstr(output, "kuid-spawn-test-") != NULL);
    request.stdio[1] = request.stdio[0];
    for (int round = 0; round < 200; round++)
        CHECK_EQUAL(job_run(&request).wait_status, 0);
    remove_cgroup(fd);
}

static void failed_exec_leaves_the_cgroup_empty(void)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));
    int fd = own_cgroup();

    request.cgroup_fd = fd;
    request.paths = (const char *const[]){ "/nonexistent", NULL };
    job_must_fail(&request, KUID_SPAWN_EXEC, ENOENT);
    remove_cgroup(fd);
}

static void no_cgroup(void)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));
    int fd = own_cgroup();

    request.cgroup_fd = request.stdio[0];
    job_must_fail(&request, KUID_SPAWN_CGROUP, EBADF);
    request.cgroup_fd = 900;
    job_must_fail(&request, KUID_SPAWN_CGROUP, EBADF);
    request.cgroup_fd = fd;
    CHECK_EQUAL(rmdir(cgroup), 0);
    job_must_fail(&request, KUID_SPAWN_CGROUP, ENOENT);
    close(fd);
    request.cgroup_fd = -1;
    CHECK_EQUAL(job_run(&request).wait_status, 0);
}

static void orphans_come_to_the_leader(void)
{
    /* The leader reads what its orphan writes, and so is there until the orphan has come to it, or has given up. */
    char output[256];
    struct kuid_spawn_request request = job_request(JOB_SHELL(
        "echo $$; echo $( (sh -c 'for i in $(seq 2000); do"
        " p=$(cut -d\" \" -f4 /proc/$$/stat); [ $p = $0 ] && break; done; echo $p' $$ &) )"));

    request.flags = KUID_SPAWN_SUBREAPER;
    CHECK_EQUAL(job_output(request, output, sizeof output), 0);

    int leader, parent;
    CHECK_EQUAL(sscanf(output, "%d %d", &leader, &parent), 2);
    CHECK_EQUAL(parent, leader);
}

static void write_score(const char *score)
{
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

    if (write(fd, score, strlen(score)) < 0)
        check_skipped("a lower OOM score needs a privilege");
    close(fd);
}

static void score_is_the_childs_own(void)
{
    char output[64];
    struct kuid_spawn_request request = job_request(JOB_SHELL("cat /proc/self/oom_score_adj"));

    write_score("-100");
    CHECK_EQUAL(job_output(request, output, sizeof output), 0);
    CHECK(strcmp(output, "-100\n") == 0);
    request.flags = KUID_SPAWN_PLAIN_OOM;
    CHECK_EQUAL(job_output(request, output, sizeof output), 0);
    CHECK(strcmp(output, "0\n") == 0);

    int fd = open("/proc/self/oom_score_adj", O_RDONLY | O_CLOEXEC);
    CHECK(read(fd, output, sizeof output) > 0);
    close(fd);
    CHECK(strncmp(output, "-100", 4) == 0);
    write_score("0");
}

static void scheduling_is_the_childs_own(void)
{
    static const struct sched_param none;
    char output[64];
    struct kuid_spawn_request request = job_request(JOB_SHELL("chrt -p $$ | head -n 1 | sed 's/.*: //'"));

    CHECK_EQUAL(sched_setscheduler(0, SCHED_BATCH, &none), 0);
    CHECK_EQUAL(job_output(request, output, sizeof output), 0);
    CHECK(strcmp(output, "SCHED_BATCH\n") == 0);
    request.flags = KUID_SPAWN_PLAIN_SCHEDULING;
    CHECK_EQUAL(job_output(request, output, sizeof output), 0);
    CHECK(strcmp(output, "SCHED_OTHER\n") == 0);
    CHECK_EQUAL(sched_getscheduler(0), SCHED_BATCH);
    CHECK_EQUAL(sched_setscheduler(0, SCHED_OTHER, &none), 0);
}

const struct test tree_tests[] = {
    { "a child starts in the cgroup that it is given", child_starts_in_its_cgroup },
    { "a failed exec leaves the cgroup empty", failed_exec_leaves_the_cgroup_empty },
    { "what is no cgroup, or one no more, is told", no_cgroup },
    { "orphans of a subreaper become its children", orphans_come_to_the_leader },
    { "a plain OOM score is the child's and not the caller's", score_is_the_childs_own },
    { "plain scheduling is the child's and not the caller's", scheduling_is_the_childs_own },
    { 0 },
};
