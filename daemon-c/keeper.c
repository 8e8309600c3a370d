/*
 * kuid-keeper: the parent of a job that outlives its daemon.
 *
 *     kuid-keeper PID LIMIT DRAIN
 *
 * started by keep.c with the descriptors that keep.h lists.  PID is the job's;
 * LIMIT is how many bytes the log may have, 0 for any number; DRAIN is for how
 * many milliseconds output is read after the job's exit that others still hold,
 * or - for until they let go.
 *
 * Constraint.  Daemons come and go while the job runs, and none of its output,
 * nor its status, may depend on one being there.  The order of stdout and
 * stderr is to be the same for all of them.
 *
 * Scheme.  One loop reads whichever pipe has something and appends it to one
 * log, a record each, in one writev; nothing is in memory only.  A daemon reads
 * the log like any file, from the beginning, and is told of additions by
 * inotify.  The job is seen to exit by its pidfd and stays a zombie, so that its
 * number cannot come to mean another group while a daemon may signal it; its
 * status and resources are a record as well.  The lock of the log, which is the
 * open file's and goes with it, says that the keeper is alive: no pid can be
 * mistaken for it.
 *
 * Consequence.  While the disk takes nothing the keeper does not read, and the
 * job waits in its write: nothing is lost, and it goes on when there is room.
 * Whoever kills the keeper loses the job's output and status.  So signals do not:
 * all are blocked, and SIGTERM alone means something, that output which others
 * than the job hold is to be waited for no longer.  SIGKILL remains.
 */
#include "keep.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#include "exit.h"
#include "pidfd.h"
#include "signals.h"

enum {
    RETRY_MS = 250,             /* nothing tells when a full disk has room again */
    LATE_BYTES = 64 * 1024,     /* what may lie in a pipe that is waited for no longer */
    STAT_SIZE = 1024,
};

struct keeper {
    int job;
    int64_t limit, drain;       /* drain: milliseconds, -1 for as long as it takes */
    int64_t size;               /* of the log */
    int64_t began;              /* of the job: microseconds of CLOCK_BOOTTIME */
    int64_t deadline;           /* when its output is given up, in the same; -1 for never */
    int signals;
    bool open[2];               /* stdout, stderr */
    bool exited, hurried, full;
};

static const int pipes[2] = { KEEPER_STDOUT, KEEPER_STDERR };
static uint32_t sums[256];

static int64_t now(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static void prepare_sums(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t sum = i;

        for (int bit = 0; bit < 8; bit++)
            sum = sum & 1 ? sum >> 1 ^ UINT32_C(0x82f63b78) : sum >> 1;
        sums[i] = sum;
    }
}

static uint32_t add_to_sum(uint32_t sum, const void *bytes, size_t length)
{
    const unsigned char *byte = bytes;

    while (length-- > 0)
        sum = sums[(sum ^ *byte++) & 0xff] ^ sum >> 8;
    return sum;
}

static void note_signals(struct keeper *keeper)
{
    struct signalfd_siginfo info;

    while (read(keeper->signals, &info, sizeof info) == sizeof info)
        keeper->hurried = true;
}

/* Until all of it is in the log, however long that takes. */
static void append(struct keeper *keeper, enum kept_type type, const void *payload, size_t length)
{
    struct kept_header header = {
        .magic = KEPT_MAGIC, .length = (uint32_t)length, .type = type, .time = now(CLOCK_REALTIME),
    };
    const size_t summed = offsetof(struct kept_header, length);
    uint32_t sum = add_to_sum(~0U, (const char *)&header + summed, sizeof header - summed);
    struct iovec part[2] = {
        { .iov_base = &header, .iov_len = sizeof header },
        { .iov_base = (void *)(uintptr_t)payload, .iov_len = length },
    };

    header.sum = ~add_to_sum(sum, payload, length);
    keeper->size += (int64_t)(sizeof header + length);
    while (part[0].iov_len + part[1].iov_len > 0) {
        ssize_t count = writev(KEEPER_LOG, part, 2);

        if (count < 0) {
            if (errno != EINTR) {
                struct pollfd signal = { .fd = keeper->signals, .events = POLLIN };

                poll(&signal, 1, RETRY_MS);
                note_signals(keeper);
            }
            continue;
        }
        for (int i = 0; i < 2; i++) {
            size_t taken = (size_t)count < part[i].iov_len ? (size_t)count : part[i].iov_len;

            part[i].iov_base = (char *)part[i].iov_base + taken;
            part[i].iov_len -= taken;
            count -= (ssize_t)taken;
        }
    }
}

static size_t read_file(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t count = fd < 0 ? 0 : read(fd, text, size - 1);

    if (fd >= 0)
        close(fd);
    text[count > 0 ? count : 0] = '\0';
    return count > 0 ? (size_t)count : 0;
}

/* Field 22 of /proc/PID/stat; the name in field 2 may have spaces and parentheses. */
static uint64_t start_of(int pid)
{
    char path[32], stat[STAT_SIZE];

    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    read_file(path, stat, sizeof stat);
    char *field = strrchr(stat, ')');
    for (int i = 2; field != NULL && i < 22; i++)
        field = strchr(field + 1, ' ');
    return field == NULL ? 0 : strtoull(field, NULL, 10);
}

static void note_start(struct keeper *keeper)
{
    struct kept_started started = {
        .version = KEPT_VERSION,
        .keeper = (int32_t)getpid(), .keeper_start = start_of(getpid()),
        .job = keeper->job, .job_start = start_of(keeper->job),
    };
    char boot_id[64];

    read_file("/proc/sys/kernel/random/boot_id", boot_id, sizeof boot_id);
    boot_id[strcspn(boot_id, "\n")] = '\0';
    memcpy(started.boot_id, boot_id, strnlen(boot_id, sizeof started.boot_id - 1));
    keeper->began = (int64_t)started.job_start * (1000000 / sysconf(_SC_CLK_TCK));
    append(keeper, KEPT_STARTED, &started, sizeof started);
}

/* Looks at it and leaves it there, a zombie until the keeper ends. */
static void note_exit(struct keeper *keeper)
{
    siginfo_t info = { 0 };
    struct rusage usage;

    /* One that is traced is its tracer's to see first, and then there is nothing yet. */
    if (pidfd_wait(KEEPER_JOB, &info, WEXITED | WNOHANG | WNOWAIT, &usage) != 0 || info.si_pid == 0) {
        poll(NULL, 0, RETRY_MS);
        return;
    }
    struct kept_exited exited = {
        .wait_status = wait_status(&info),
        .user_microseconds = microseconds(usage.ru_utime),
        .system_microseconds = microseconds(usage.ru_stime),
        .max_rss_bytes = (int64_t)usage.ru_maxrss * 1024,
        .lived = now(CLOCK_BOOTTIME) - keeper->began,
    };
    append(keeper, KEPT_EXITED, &exited, sizeof exited);
    keeper->exited = true;
    if (keeper->drain >= 0)
        keeper->deadline = now(CLOCK_BOOTTIME) + keeper->drain * 1000;
}

/* One read, at most; at the end of the file the pipe is closed.  The number of bytes, 0 where there is nothing. */
static size_t take(struct keeper *keeper, int which)
{
    static char buffer[KEPT_PAYLOAD];

    if (!keeper->open[which] || keeper->full)
        return 0;
    ssize_t count = read(pipes[which], buffer, sizeof buffer);
    if (count == 0) {
        close(pipes[which]);
        keeper->open[which] = false;
    }
    if (count <= 0)
        return 0;
    append(keeper, which == 0 ? KEPT_STDOUT : KEPT_STDERR, buffer, (size_t)count);
    if (keeper->limit > 0 && keeper->size >= keeper->limit) {
        append(keeper, KEPT_FULL, NULL, 0);
        keeper->full = true;
    }
    return (size_t)count;
}

/* How long to wait at most, in milliseconds; -1 for as long as it takes. */
static int patience(const struct keeper *keeper)
{
    if (!keeper->exited || keeper->deadline < 0)
        return -1;
    int64_t left = (keeper->deadline - now(CLOCK_BOOTTIME) + 999) / 1000;
    return left < 0 ? 0 : left > INT32_MAX ? INT32_MAX : (int)left;
}

static void wait_for_something(struct keeper *keeper)
{
    /* A negative descriptor is not looked at. */
    struct pollfd ready[4] = {
        { .fd = keeper->open[0] && !keeper->full ? pipes[0] : -1, .events = POLLIN },
        { .fd = keeper->open[1] && !keeper->full ? pipes[1] : -1, .events = POLLIN },
        { .fd = keeper->exited ? -1 : KEEPER_JOB, .events = POLLIN },
        { .fd = keeper->signals, .events = POLLIN },
    };

    if (poll(ready, 4, patience(keeper)) < 0)
        return;
    for (int which = 0; which < 2; which++)
        if (ready[which].revents != 0)
            take(keeper, which);
    if (ready[3].revents != 0)
        note_signals(keeper);
    if (ready[2].revents != 0)
        note_exit(keeper);
}

static bool is_over(const struct keeper *keeper)
{
    return keeper->exited
        && (keeper->full || keeper->hurried || (!keeper->open[0] && !keeper->open[1])
            || (keeper->deadline >= 0 && now(CLOCK_BOOTTIME) >= keeper->deadline));
}

static void note_end(struct keeper *keeper)
{
    for (int which = 0; which < 2; which++)
        for (size_t late = 0, count = 1; late < LATE_BYTES && count > 0; late += count)
            count = take(keeper, which);

    struct kept_end end = {
        .incomplete = keeper->open[0] || keeper->open[1],
        .lived = now(CLOCK_BOOTTIME) - keeper->began,
    };
    append(keeper, KEPT_END, &end, sizeof end);
    fdatasync(KEEPER_LOG);
}

static int block_signals(void)
{
    sigset_t terminate;

    signal_mask_set(SIGNAL_MASK_ALL, NULL);
    sigemptyset(&terminate);
    sigaddset(&terminate, SIGTERM);
    return signalfd(-1, &terminate, SFD_NONBLOCK | SFD_CLOEXEC);
}

int main(int argc, char **argv)
{
    struct stat log;
    struct keeper keeper = { .deadline = -1, .open = { true, true }, .signals = block_signals() };

    /* A folder that it stands in could not be unmounted. */
    if (argc != 4 || keeper.signals < 0 || fstat(KEEPER_LOG, &log) != 0 || chdir("/") != 0)
        return 2;
    keeper.job = atoi(argv[1]);
    keeper.limit = strtoll(argv[2], NULL, 10);
    keeper.drain = strcmp(argv[3], "-") == 0 ? -1 : strtoll(argv[3], NULL, 10);
    for (int which = 0; which < 2; which++)
        fcntl(pipes[which], F_SETFL, O_NONBLOCK);
    prepare_sums();
    note_start(&keeper);
    while (!is_over(&keeper))
        wait_for_something(&keeper);
    note_end(&keeper);
    return 0;
}
