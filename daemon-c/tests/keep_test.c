#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "job.h"
#include "kept.h"
#include "suites.h"

static struct kept_log run(const char *script)
{
    struct kept_job job = kept_start(script, "/tmp", "0", "-");

    CHECK(job.reply.pid > 0);
    return kept_finish(&job);
}

static void status_and_output(void)
{
    struct kept_log log = run("echo one; echo two >&2; exit 7");

    CHECK_EQUAL(log.exited.wait_status, 7 << 8);
    CHECK_EQUAL(strcmp(log.bytes[0], "one\n"), 0);
    CHECK_EQUAL(strcmp(log.bytes[1], "two\n"), 0);
    CHECK_EQUAL(log.order[0], 'S');
    CHECK_EQUAL(log.order[strlen(log.order) - 1], 'Q');
    CHECK_EQUAL(log.end.incomplete, 0);
    CHECK(log.end.lived >= log.exited.lived);
    CHECK_EQUAL(strlen(log.started.boot_id), 36);
    CHECK(log.started.keeper_start <= log.started.job_start);
    CHECK(!log.torn);
    kept_free(&log);
}

static void signals_as_status(void)
{
    struct kept_log log = run("kill -KILL $$");

    CHECK_EQUAL(log.exited.wait_status, SIGKILL);
    kept_free(&log);
    log = run("kill -PIPE $$");
    CHECK_EQUAL(log.exited.wait_status, SIGPIPE);
    kept_free(&log);
}

static void same_guarantees(void)
{
    struct kept_log log = run("ls /proc/self/fd | wc -l; grep Sig[IBC] /proc/self/status; "
                              "[ $(cut -d' ' -f6 /proc/self/stat) = $$ ] && echo leader");

    /* 0, 1, 2 and the directory that ls reads. */
    CHECK_EQUAL(strncmp(log.bytes[0], "4\n", 2), 0);
    CHECK(strstr(log.bytes[0], "SigBlk:\t0000000000000000") != NULL);
    CHECK(strstr(log.bytes[0], "SigIgn:\t0000000000000000") != NULL);
    CHECK(strstr(log.bytes[0], "leader") != NULL);
    kept_free(&log);
}

static void resources_of_the_job(void)
{
    struct kept_log log = run("i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done");

    CHECK(log.exited.user_microseconds > 1000);
    CHECK(log.exited.max_rss_bytes > 100 * 1024);
    CHECK(log.exited.lived > 0);
    kept_free(&log);
}

static void hundred_megabytes(void)
{
    struct kept_log log = run("yes 0123456789abcde | head -c 104857600; exit 3");

    CHECK_EQUAL(log.length[0], 104857600);
    for (size_t i = 0; i < log.length[0]; i += 16)
        CHECK_EQUAL(memcmp(log.bytes[0] + i, "0123456789abcde\n", 16), 0);
    CHECK_EQUAL(log.exited.wait_status, 3 << 8);
    kept_free(&log);
}

static void closed_pipes(void)
{
    struct kept_log log = run("echo said; exec >&- 2>&-; sleep 0.2; exit 4");

    CHECK_EQUAL(strcmp(log.bytes[0], "said\n"), 0);
    CHECK_EQUAL(log.exited.wait_status, 4 << 8);
    CHECK_EQUAL(log.end.incomplete, 0);
    kept_free(&log);
}

static void grandchild_holds_them(void)
{
    struct kept_log log = run("(sleep 0.3; echo late) & exit 5");

    CHECK_EQUAL(log.exited.wait_status, 5 << 8);
    CHECK_EQUAL(strcmp(log.bytes[0], "late\n"), 0);
    CHECK_EQUAL(log.end.incomplete, 0);
    kept_free(&log);
}

static void drained_no_longer(void)
{
    struct kept_job job = kept_start("sleep 60 & echo $!; exit 6", "/tmp", "0", "100");
    struct kept_log log = kept_finish(&job);

    CHECK_EQUAL(log.exited.wait_status, 6 << 8);
    CHECK_EQUAL(log.end.incomplete, 1);
    CHECK_EQUAL(kill(atoi(log.bytes[0]), SIGKILL), 0);
    kept_free(&log);
}

static struct kept_log wait_for(const struct kept_job *job, char letter)
{
    for (;;) {
        struct kept_log log = kept_read(job->path);

        if (strchr(log.order, letter) != NULL)
            return log;
        kept_free(&log);
        poll(NULL, 0, 5);
    }
}

static void hurried_by_sigterm(void)
{
    struct kept_job job = kept_start("sleep 60 & echo $!; exit 6", "/tmp", "0", "-");
    struct kept_log log = wait_for(&job, 'X');

    CHECK_EQUAL(kuid_signal(job.keeper.pidfd, SIGTERM), 0);
    kept_free(&log);
    log = kept_finish(&job);
    CHECK_EQUAL(log.end.incomplete, 1);
    CHECK_EQUAL(kill(atoi(log.bytes[0]), SIGKILL), 0);
    kept_free(&log);
}

static void signals_do_not_matter(void)
{
    struct kept_job job = kept_start("sleep 0.4; echo done", "/tmp", "0", "-");
    struct kept_log log = wait_for(&job, 'S');

    kept_free(&log);
    for (int signo = 1; signo < SIGSYS; signo++)
        if (signo != SIGKILL && signo != SIGSTOP)
            CHECK_EQUAL(kuid_signal(job.keeper.pidfd, signo), 0);
    log = kept_finish(&job);
    CHECK_EQUAL(strcmp(log.bytes[0], "done\n"), 0);
    kept_free(&log);
}

/* The leader's number is nobody else's until the keeper ends. */
static void zombie_until_the_end(void)
{
    struct kept_job job = kept_start("(read line < /proc/self/fd/0; sleep 0.3) & exit 0", "/tmp", "0", "-");
    struct kept_log log = wait_for(&job, 'X');

    CHECK_EQUAL(kill(job.reply.pid, 0), 0);
    kept_free(&log);
    log = kept_finish(&job);
    kept_free(&log);
}

static void lock_means_alive(void)
{
    struct kept_job job = kept_start("sleep 0.3", "/tmp", "0", "-");
    int fd = open(job.path, O_RDONLY | O_CLOEXEC);

    CHECK_EQUAL(flock(fd, LOCK_SH | LOCK_NB), -1);
    CHECK_EQUAL(errno, EWOULDBLOCK);
    struct kept_log log = kept_finish(&job);
    CHECK_EQUAL(flock(fd, LOCK_SH | LOCK_NB), 0);
    close(fd);
    kept_free(&log);
}

static void limited(void)
{
    struct kept_job job = kept_start("yes; exit 1", "/tmp", "200000", "-");
    struct kept_log log = wait_for(&job, 'F');

    CHECK(log.length[0] >= 200000 - 24 * 20 && log.length[0] < 200000 + KEPT_PAYLOAD);
    kept_free(&log);
    CHECK_EQUAL(kill(-job.reply.pid, SIGKILL), 0);
    log = kept_finish(&job);
    CHECK_EQUAL(log.exited.wait_status, SIGKILL);
    CHECK_EQUAL(log.end.incomplete, 1);
    kept_free(&log);
}

/* The keeper inherits the limit, and is told EFBIG as it would be told ENOSPC; then somebody raises it. */
static void no_room_for_a_while(void)
{
    struct rlimit small = { .rlim_cur = 50001, .rlim_max = RLIM_INFINITY }, before, large = { RLIM_INFINITY, RLIM_INFINITY };

    CHECK_EQUAL(getrlimit(RLIMIT_FSIZE, &before), 0);
    if (before.rlim_max != RLIM_INFINITY)
        check_skipped("the hard limit of file sizes is finite");
    CHECK_EQUAL(setrlimit(RLIMIT_FSIZE, &small), 0);
    struct kept_job job = kept_start("i=0; while [ $i -lt 20000 ]; do echo $i; i=$((i + 1)); done; exit 9", "/tmp", "0", "-");
    CHECK_EQUAL(setrlimit(RLIMIT_FSIZE, &before), 0);
    struct stat stat;
    do {
        poll(NULL, 0, 5);
        CHECK_EQUAL(lstat(job.path, &stat), 0);
    } while (stat.st_size < 50001);
    struct kept_log log = kept_read(job.path);
    CHECK(log.torn);
    kept_free(&log);
    CHECK_EQUAL(prlimit(job.keeper.pid, RLIMIT_FSIZE, &large, NULL), 0);
    log = kept_finish(&job);
    CHECK_EQUAL(log.exited.wait_status, 9 << 8);
    char *line = log.bytes[0];
    for (int i = 0; i < 20000; i++)
        CHECK_EQUAL(strtol(line, &line, 10), i);
    CHECK(!log.torn);
    kept_free(&log);
}

static void full_disk(void)
{
    char directory[] = "/tmp/kuid-full-XXXXXX", filler[64];

    CHECK(mkdtemp(directory) != NULL);
    if (mount("none", directory, "tmpfs", 0, "size=256k") != 0) {
        rmdir(directory);
        check_skipped("a small tmpfs needs root");
    }
    snprintf(filler, sizeof filler, "%s/filler", directory);
    int fd = open(filler, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    static char zeros[100 * 1024];
    CHECK_EQUAL(write(fd, zeros, sizeof zeros), sizeof zeros);
    close(fd);
    struct kept_job job = kept_start("head -c 200000 /dev/zero; echo rest; exit 8", directory, "0", "-");
    struct stat stat;
    do {
        poll(NULL, 0, 5);
        CHECK_EQUAL(lstat(job.path, &stat), 0);
    } while (stat.st_size < 150000);
    poll(NULL, 0, 300);
    CHECK_EQUAL(unlink(filler), 0);
    struct kept_log log = kept_finish(&job);
    CHECK_EQUAL(log.exited.wait_status, 8 << 8);
    CHECK_EQUAL(log.length[0], 200005);
    CHECK_EQUAL(strcmp(log.bytes[0] + 200000, "rest\n"), 0);
    CHECK(!log.torn);
    kept_free(&log);
    CHECK_EQUAL(umount(directory), 0);
    rmdir(directory);
}

/* A log that its keeper was killed over ends where it ends, and nothing of it is wrong. */
static void killed_keeper(void)
{
    CHECK_EQUAL(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    struct kept_job job = kept_start("while echo line; do :; done; sleep 60", "/tmp", "0", "-");
    struct kept_log log = wait_for(&job, 'O');

    kept_free(&log);
    CHECK_EQUAL(kuid_signal(job.keeper.pidfd, SIGKILL), 0);
    CHECK_EQUAL(job_finish(job.keeper.pidfd).wait_status, SIGKILL);
    log = kept_read(job.path);
    CHECK(strchr(log.order, 'Q') == NULL);
    kept_free(&log);
    unlink(job.path);
    CHECK_EQUAL(kill(-job.reply.pid, SIGKILL), 0);
    CHECK_EQUAL(waitpid(job.reply.pid, NULL, 0), job.reply.pid);
}

static void no_such_program(void)
{
    struct kuid_spawn_request request = job_request((const char *const[]){ "/nonexistent", NULL });
    struct kuid_keeper keeper = {
        .path = keeper_path, .argv = (char *[]){ (char *)"kuid-keeper", (char[KEEPER_PID_ROOM]){ "" }, (char *)"0", (char *)"-", NULL },
        .envp = request.envp,
    };
    struct kuid_spawn_reply reply;

    CHECK_EQUAL(kuid_spawn_kept(&request, &keeper, &reply), -1);
    CHECK_EQUAL(reply.step, KUID_SPAWN_EXEC);
    CHECK_EQUAL(reply.error, ENOENT);
    CHECK_EQUAL(keeper.pid, -1);
}

static void no_keeper(void)
{
    const char *path = keeper_path;

    keeper_path = "/nonexistent/keeper";
    struct kept_job job = kept_start("sleep 60", "/tmp", "0", "-");
    keeper_path = path;
    CHECK_EQUAL(job.reply.pid, -1);
    CHECK_EQUAL(job.reply.step, KUID_SPAWN_KEEPER);
    CHECK_EQUAL(job.reply.error, ENOENT);
}

static void refused_requests(void)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));
    struct kuid_keeper keeper = { .path = keeper_path };
    struct kuid_spawn_reply reply;

    request.die_with = getpid();
    CHECK_EQUAL(kuid_spawn_kept(&request, &keeper, &reply), -1);
    CHECK_EQUAL(reply.error, EINVAL);
    request.die_with = 0;
    keeper.reserved = 1;
    CHECK_EQUAL(kuid_spawn_kept(&request, &keeper, &reply), -1);
    CHECK_EQUAL(reply.error, EINVAL);
}

const struct test keep_tests[] = {
    { "a kept job's output and status are in its log", status_and_output },
    { "a signal that ended a kept job is its status", signals_as_status },
    { "a kept job starts with what every job starts with", same_guarantees },
    { "the log has a kept job's resources", resources_of_the_job },
    { "a hundred megabytes are kept in order", hundred_megabytes },
    { "a kept job that closes its pipes is waited for", closed_pipes },
    { "what a grandchild writes after a kept job's exit is kept", grandchild_holds_them },
    { "pipes that a grandchild holds are given up after the drain time", drained_no_longer },
    { "SIGTERM makes the keeper give up pipes that others hold", hurried_by_sigterm },
    { "no signal but SIGKILL ends a keeper before its job", signals_do_not_matter },
    { "a kept job that has exited keeps its number until its keeper ends", zombie_until_the_end },
    { "the log is locked for as long as the keeper lives", lock_means_alive },
    { "a keeper reads no more than its limit", limited },
    { "a record that found no room is finished when there is some", no_room_for_a_while },
    { "a full disk holds a kept job up and loses nothing", full_disk },
    { "the log of a killed keeper has no end and nothing wrong", killed_keeper },
    { "a kept program that does not exist fails at exec", no_such_program },
    { "a keeper that does not exist leaves no job", no_keeper },
    { "a request that cannot be kept is refused", refused_requests },
    { 0 },
};
