#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "job.h"
#include "suites.h"

enum {
    SOURCES = 5,                /* 0, 1, 2, and two above */
    STAGING = 220,
};

static const int source_fd[SOURCES] = { 0, 1, 2, 203, 211 };

/* Puts a file of its own, hence with an inode of its own, behind each source. */
static void open_sources(int flags, char inode[SOURCES][24])
{
    for (int i = 0; i < SOURCES; i++) {
        struct stat status;
        int fd = memfd_create("source", MFD_CLOEXEC);

        CHECK_EQUAL(fcntl(fd, F_DUPFD_CLOEXEC, STAGING + i), STAGING + i);
        close(fd);
        CHECK_EQUAL(fstat(STAGING + i, &status), 0);
        snprintf(inode[i], sizeof inode[i], "%llu", (unsigned long long)status.st_ino);
    }
    for (int i = 0; i < SOURCES; i++) {
        if (flags == O_CLOEXEC)
            CHECK_EQUAL(dup3(STAGING + i, source_fd[i], O_CLOEXEC), source_fd[i]);
        else
            CHECK_EQUAL(dup2(STAGING + i, source_fd[i]), source_fd[i]);
        close(STAGING + i);
    }
}

static void run_every_mapping(int flags)
{
    char inode[SOURCES][24];

    open_sources(flags, inode);
    for (int n = 0; n < SOURCES * SOURCES * SOURCES; n++) {
        int a = n % SOURCES, b = n / SOURCES % SOURCES, c = n / SOURCES / SOURCES;
        struct kuid_spawn_request request =
            job_request(JOB_PROBE("inodes", inode[a], inode[b], inode[c]));

        request.stdio[0] = source_fd[a];
        request.stdio[1] = source_fd[b];
        request.stdio[2] = source_fd[c];
        int status = job_run(&request).wait_status;
        if (status != 0)
            check_failed("sources %d %d %d: status %#x", source_fd[a], source_fd[b],
                         source_fd[c], (unsigned)status);
        for (int i = 0; i < SOURCES; i++)
            CHECK_EQUAL(fcntl(source_fd[i], F_GETFD), flags == O_CLOEXEC ? FD_CLOEXEC : 0);
    }
    close(source_fd[3]);
    close(source_fd[4]);
}

static void inheritable_sources(void)
{
    run_every_mapping(0);
}

static void close_on_exec_sources(void)
{
    run_every_mapping(O_CLOEXEC);
}

static void end_of_file_at_exit(void)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("cat; echo end >&2"));
    char output[64];
    int ends[2];

    CHECK_EQUAL(pipe2(ends, O_CLOEXEC), 0);
    request.stdio[0] = ends[0];
    CHECK_EQUAL(write(ends[1], "hello\n", 6), 6);
    close(ends[1]);
    request.stdio[2] = request.stdio[0];        /* the reading end: the echo fails */
    CHECK(job_output(request, output, sizeof output) != 0);
    CHECK_EQUAL(output[0], 'h');
    close(ends[0]);
}

const struct test stdio_tests[] = {
    { "every mapping of sources in and above 0..2 gives the right files", inheritable_sources },
    { "so does every mapping of close-on-exec sources", close_on_exec_sources },
    { "pipes carry input, output and the end of file", end_of_file_at_exit },
    { 0 },
};
