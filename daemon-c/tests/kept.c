#include "kept.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "job.h"

const char *keeper_path;

struct kept_job kept_start(const char *script, const char *directory, const char *limit, const char *drain)
{
    struct kept_job job = { .reply = { .pid = -1 } };
    struct kuid_spawn_request request = job_request(JOB_SHELL(script));
    char pid[KEEPER_PID_ROOM] = "";
    int out[2], err[2];

    snprintf(job.path, sizeof job.path, "%s/kuid-kept-XXXXXX", directory);
    int log = mkostemp(job.path, O_APPEND | O_CLOEXEC);
    CHECK(log >= 0);
    CHECK_EQUAL(flock(log, LOCK_EX | LOCK_NB), 0);
    CHECK_EQUAL(pipe2(out, O_CLOEXEC), 0);
    CHECK_EQUAL(pipe2(err, O_CLOEXEC), 0);
    request.stdio[1] = out[1];
    request.stdio[2] = err[1];
    job.keeper = (struct kuid_keeper){
        .path = keeper_path,
        .argv = (char *[]){ (char *)"kuid-keeper", pid, (char *)(uintptr_t)limit, (char *)(uintptr_t)drain, NULL },
        .envp = request.envp, .log = log, .output = { out[0], err[0] },
    };
    int result = kuid_spawn_kept(&request, &job.keeper, &job.reply);
    close(log);
    for (int i = 0; i < 2; i++) {
        close(out[i]);
        close(err[i]);
    }
    if (result != 0) {
        unlink(job.path);
        CHECK_EQUAL(job.keeper.pidfd, -1);
        return job;
    }
    CHECK(job.reply.pid > 0);
    CHECK_EQUAL(atoi(pid), job.reply.pid);
    CHECK_EQUAL(job.reply.pidfd, -1);
    CHECK_EQUAL(fcntl(job.keeper.pidfd, F_GETFD), FD_CLOEXEC);
    return job;
}

static uint32_t sum_of(const unsigned char *bytes, size_t length)
{
    uint32_t sum = ~0U;

    for (; length > 0; length--) {
        sum ^= *bytes++;
        for (int bit = 0; bit < 8; bit++)
            sum = sum & 1 ? sum >> 1 ^ UINT32_C(0x82f63b78) : sum >> 1;
    }
    return ~sum;
}

static void add(struct kept_log *log, const struct kept_header *header, const char *payload, size_t count)
{
    static const char letters[] = "?SOEXFQ";

    CHECK(header->type >= KEPT_STARTED && header->type <= KEPT_END);
    log->order[count] = letters[header->type];
    switch (header->type) {
    case KEPT_STARTED:
        CHECK_EQUAL(header->length, sizeof log->started);
        memcpy(&log->started, payload, sizeof log->started);
        break;
    case KEPT_EXITED:
        CHECK_EQUAL(header->length, sizeof log->exited);
        memcpy(&log->exited, payload, sizeof log->exited);
        break;
    case KEPT_END:
        CHECK_EQUAL(header->length, sizeof log->end);
        memcpy(&log->end, payload, sizeof log->end);
        break;
    case KEPT_FULL:
        CHECK_EQUAL(header->length, 0);
        break;
    default: {
        int which = header->type == KEPT_STDERR;

        memcpy(log->bytes[which] + log->length[which], payload, header->length);
        log->length[which] += header->length;
        log->bytes[which][log->length[which]] = '\0';
    }
    }
}

struct kept_log kept_read(const char *path)
{
    struct kept_log log = { 0 };
    struct stat stat;
    size_t place = 0, count = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    CHECK(fd >= 0);
    CHECK_EQUAL(fstat(fd, &stat), 0);
    size_t size = (size_t)stat.st_size;
    char *all = malloc(size + 1);
    CHECK(all != NULL);
    for (size_t have = 0; have < size;) {
        ssize_t part = read(fd, all + have, size - have);
        CHECK(part > 0);
        have += (size_t)part;
    }
    close(fd);
    for (int which = 0; which < 2; which++)
        CHECK((log.bytes[which] = calloc(1, size + 1)) != NULL);
    CHECK((log.order = calloc(1, size / sizeof(struct kept_header) + 1)) != NULL);

    while (size - place >= sizeof(struct kept_header)) {
        struct kept_header header;

        memcpy(&header, all + place, sizeof header);
        CHECK_EQUAL(header.magic, KEPT_MAGIC);
        CHECK(header.length <= KEPT_PAYLOAD);
        if (size - place < sizeof header + header.length)
            break;
        CHECK_EQUAL(header.sum, sum_of((unsigned char *)all + place + 8, sizeof header - 8 + header.length));
        add(&log, &header, all + place + sizeof header, count++);
        place += sizeof header + header.length;
    }
    log.torn = place < size;
    free(all);
    return log;
}

struct kept_log kept_finish(struct kept_job *job)
{
    CHECK_EQUAL(job_finish(job->keeper.pidfd).wait_status, 0);
    struct kept_log log = kept_read(job->path);

    unlink(job->path);
    return log;
}

void kept_free(struct kept_log *log)
{
    free(log->bytes[0]);
    free(log->bytes[1]);
    free(log->order);
}
