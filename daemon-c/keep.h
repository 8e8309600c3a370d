/*
 * A job that outlives its daemon: the call that starts it below a keeper, and
 * the record log that the keeper writes (keeper.c) and the daemon reads.
 */
#ifndef KUID_KEEP_H
#define KUID_KEEP_H

#include "spawn.h"

/* The descriptors that a keeper begins with; 0, 1 and 2 are /dev/null. */
enum {
    KEEPER_LOG = 3,             /* the record log, open for appending and locked by flock(2) */
    KEEPER_STDOUT = 4,          /* where the job's output is read from */
    KEEPER_STDERR = 5,
    KEEPER_JOB = 6,             /* the job's pidfd */
};

#define KEEPER_PID_ROOM 12      /* bytes that argv[1] of a keeper has for the job's pid */

struct kuid_keeper {
    const char *path;           /* its program */
    char *const *argv;          /* kuid-keeper, room for the pid, LIMIT, DRAIN: see keeper.c */
    char *const *envp;
    int32_t log;                /* these three become KEEPER_LOG and the next two */
    int32_t output[2];
    int32_t pid;                /* of the keeper; filled in, as is the pidfd, or -1 */
    int32_t pidfd;              /* close-on-exec, owned by the caller */
    int32_t reserved;           /* must be 0 */
};

#if UINTPTR_MAX == UINT64_MAX
static_assert(offsetof(struct kuid_keeper, log) == 24, "ABI");
static_assert(offsetof(struct kuid_keeper, pid) == 36, "ABI");
static_assert(sizeof(struct kuid_keeper) == 48, "ABI");
#endif

/* As kuid_spawn, but the job's parent is a keeper, which is the caller's child.
   The reply has the job's pid and no pidfd: only its parent can collect it. */
KUID_API int kuid_spawn_kept(const struct kuid_spawn_request *, struct kuid_keeper *,
                             struct kuid_spawn_reply *);

/* The record log.  Little-endian; records follow one another without a gap.
   What is shorter than its record says is the tail of a write that is under way
   or was torn; what is whole and has another sum is damaged. */
#define KEPT_MAGIC UINT32_C(0x4345524b) /* the bytes "KREC" */
#define KEPT_VERSION 1U

enum kept_type {                /* recorded: append only */
    KEPT_STARTED = 1,           /* struct kept_started; the first one */
    KEPT_STDOUT = 2,            /* bytes, as they came: their order is the order of the records */
    KEPT_STDERR = 3,
    KEPT_EXITED = 4,            /* struct kept_exited; output may follow */
    KEPT_FULL = 5,              /* nothing: the limit is reached, and nothing more is read */
    KEPT_END = 6,               /* struct kept_end; the last one, on disk before the keeper ends */
};

enum { KEPT_PAYLOAD = 64 * 1024 };      /* the longest payload */

struct kept_header {
    uint32_t magic;
    uint32_t sum;               /* CRC-32C of what follows, payload and all */
    uint32_t length;            /* of the payload */
    uint32_t type;
    int64_t time;               /* microseconds since 1970, UTC */
};

struct kept_started {
    uint32_t version;
    int32_t keeper;             /* pids, and their starts: field 22 of /proc/PID/stat */
    int32_t job;
    uint32_t reserved;
    uint64_t keeper_start;
    uint64_t job_start;
    char boot_id[40];           /* /proc/sys/kernel/random/boot_id, filled up with zeros */
};

struct kept_exited {
    int32_t wait_status;        /* as in struct kuid_exit, as are the three below */
    uint32_t reserved;
    int64_t user_microseconds;
    int64_t system_microseconds;
    int64_t max_rss_bytes;
    int64_t lived;              /* microseconds since the job's start, suspended or not */
};

struct kept_end {
    uint32_t incomplete;        /* 1: others still held the output when it was given up */
    uint32_t reserved;
    int64_t lived;              /* as above, until here */
};

static_assert(sizeof(struct kept_header) == 24, "format");
static_assert(sizeof(struct kept_started) == 72, "format");
static_assert(sizeof(struct kept_exited) == 40, "format");
static_assert(sizeof(struct kept_end) == 16, "format");
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "format");

#endif
