#include "job.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"

const char *probe_path;

static char *const environment[] = { "PATH=/usr/local/bin:/usr/bin:/bin", NULL };

/* The request only points to it: one for each thread, and for ever. */
static _Thread_local const char *one_path[2];

static int null_device;

bool job_setup(const char *probe)
{
    probe_path = realpath(probe, NULL);
    null_device = open("/dev/null", O_RDWR | O_CLOEXEC);
    return probe_path != NULL && null_device >= 0;
}

struct kuid_spawn_request job_request(const char *const *argv)
{
    one_path[0] = argv[0];
    return (struct kuid_spawn_request){
        .paths = one_path,
        .argv = (char *const *)argv,
        .envp = environment,
        .stdio = { null_device, STDOUT_FILENO, STDERR_FILENO },
        .nofile_soft = KUID_SPAWN_NOFILE_LEAVE,
    };
}

struct kuid_spawn_reply job_start(const struct kuid_spawn_request *request)
{
    struct kuid_spawn_reply reply;

    if (kuid_spawn(request, &reply) != 0)
        check_failed("spawn failed at step %d with errno %d", reply.step, reply.error);
    CHECK(reply.pid > 0);
    CHECK_EQUAL(reply.step, KUID_SPAWN_NONE);
    CHECK_EQUAL(reply.error, 0);
    CHECK_EQUAL(fcntl(reply.pidfd, F_GETFD), FD_CLOEXEC);
    return reply;
}

void wait_readable(int fd)
{
    struct pollfd ready = { .fd = fd, .events = POLLIN };

    while (poll(&ready, 1, -1) != 1)
        CHECK_EQUAL(errno, EINTR);
}

struct kuid_exit job_finish(int pidfd)
{
    struct kuid_exit result;

    wait_readable(pidfd);
    CHECK_EQUAL(kuid_reap(pidfd, &result), 0);
    close(pidfd);
    return result;
}

struct kuid_exit job_run(const struct kuid_spawn_request *request)
{
    return job_finish(job_start(request).pidfd);
}

int job_output(struct kuid_spawn_request request, char *output, size_t size)
{
    int ends[2];
    size_t length = 0;
    ssize_t count;

    CHECK_EQUAL(pipe2(ends, O_CLOEXEC), 0);
    request.stdio[1] = ends[1];
    struct kuid_spawn_reply reply = job_start(&request);
    close(ends[1]);
    while ((count = read(ends[0], output + length, size - 1 - length)) > 0)
        length += (size_t)count;
    output[length] = '\0';
    close(ends[0]);
    return job_finish(reply.pidfd).wait_status;
}

void job_must_fail(const struct kuid_spawn_request *request, enum kuid_spawn_step step, int error)
{
    struct kuid_spawn_reply reply;

    CHECK_EQUAL(kuid_spawn(request, &reply), -1);
    CHECK_EQUAL(reply.step, step);
    CHECK_EQUAL(reply.error, error);
    CHECK_EQUAL(reply.pid, -1);
    CHECK_EQUAL(reply.pidfd, -1);
}
