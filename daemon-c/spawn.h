/*
 * libkuidspawn: start a process, reap it, signal it.
 *
 * This is the whole surface between the daemon (C#, by P/Invoke) and C.  The
 * structures are an ABI: fields are only ever appended, and the assertions
 * below are repeated on the managed side.
 */
#ifndef KUID_SPAWN_H
#define KUID_SPAWN_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#define KUID_API __attribute__((visibility("default")))

/* The step of a spawn which failed.  The numbers are recorded: append only. */
enum kuid_spawn_step {
    KUID_SPAWN_NONE = 0,        /* with an error: refused before any step */
    KUID_SPAWN_CLONE = 1,
    KUID_SPAWN_SETSID = 2,
    KUID_SPAWN_SIGNALS = 3,
    KUID_SPAWN_STDIO = 4,
    KUID_SPAWN_CLOSE_RANGE = 5, /* ENOSYS: the kernel is older than 5.9 */
    KUID_SPAWN_NOFILE = 6,
    KUID_SPAWN_CHDIR = 7,
    KUID_SPAWN_EXEC = 8,
    KUID_SPAWN_PARENT = 9,
    KUID_SPAWN_LIMIT_CPU = 10,
    KUID_SPAWN_LIMIT_AS = 11,
    KUID_SPAWN_LIMIT_FSIZE = 12,
    KUID_SPAWN_LIMIT_NOFILE = 13,
    KUID_SPAWN_LIMIT_NPROC = 14,
    KUID_SPAWN_LIMIT_CORE = 15,
    KUID_SPAWN_TERMINAL = 16,
    KUID_SPAWN_CGROUP = 20,     /* the cgroup takes no process; ENOSYS: no clone3(2) here */
    KUID_SPAWN_ORPHANS = 21,
    KUID_SPAWN_OOM = 22,
    KUID_SPAWN_SCHEDULING = 23,
    KUID_SPAWN_BOUNDING = 25,
    KUID_SPAWN_GROUPS = 26,
    KUID_SPAWN_GROUP_ID = 27,
    KUID_SPAWN_USER_ID = 28,
    KUID_SPAWN_CAPABILITIES = 29,
    KUID_SPAWN_NO_NEW_PRIVS = 30,
    KUID_SPAWN_UMASK = 31,
    KUID_SPAWN_SANDBOX = 32,    /* this and the following are kuid-sandbox's */
    KUID_SPAWN_UNSHARE = 33,
    KUID_SPAWN_USER_MAP = 34,
    KUID_SPAWN_DETACH = 35,
    KUID_SPAWN_WRITABLE = 36,
    KUID_SPAWN_READ_ONLY = 37,
    KUID_SPAWN_TEMPORARY = 38,
    KUID_SPAWN_HIDE = 39,
    KUID_SPAWN_LOOPBACK = 40,
    KUID_SPAWN_FORK = 41,
    KUID_SPAWN_PROC = 42,
    KUID_SPAWN_KEEPER = 50,     /* keep.c */
};

#define KUID_SPAWN_NOFILE_LEAVE UINT64_MAX
#define KUID_SPAWN_LIMIT_LEAVE UINT64_MAX

/* The flags of a request. */
#define KUID_SPAWN_ON_TERMINAL 1U       /* stdin is a terminal and becomes the session's own */
#define KUID_SPAWN_SUBREAPER 2U         /* the child is the parent of its orphaned descendants (PR_SET_CHILD_SUBREAPER) */
#define KUID_SPAWN_PLAIN_OOM 4U         /* oom_score_adj of the child is 0 and not the caller's */
#define KUID_SPAWN_PLAIN_SCHEDULING 8U  /* the child is scheduled as most are (SCHED_OTHER) and not as the caller */

/* What the child may use, soft and hard limit, or KUID_SPAWN_LIMIT_LEAVE.  Only
   the hard limit of cpu is a second later: where both are the same, the kernel
   sends SIGKILL at once and nothing tells what the child died of. */
struct kuid_spawn_limits {
    uint64_t cpu;               /* seconds */
    uint64_t as;                /* bytes, as are fsize and core */
    uint64_t fsize;
    uint64_t nofile;            /* takes the place of nofile_soft */
    uint64_t nproc;
    uint64_t core;
};

/* What keeps a child from what its caller may; the flags say which of it is wanted. */
#define KUID_ISOLATION_NO_NEW_PRIVS 1U
#define KUID_ISOLATION_USER 2U          /* uid, gid and groups, and no capability left */
#define KUID_ISOLATION_UMASK 4U
#define KUID_ISOLATION_NO_CAPABILITIES 8U   /* of USER that part */
#define KUID_ISOLATION_REPORT 16U       /* descriptor 3 is the report, and stays open */

struct kuid_spawn_isolation {
    uint32_t flags;
    uint32_t umask;
    uint32_t uid;
    uint32_t gid;
    const uint32_t *groups;     /* all supplementary ones; none is allowed */
    uint32_t group_count;
    int32_t report;             /* above 2 */
};

struct kuid_spawn_request {
    /* Candidate program files, NULL-terminated, tried in order as execvp(3)
       does: ENOENT, ENOTDIR and EACCES go on to the next one, and an EACCES is
       reported in preference to what the later ones gave. */
    const char *const *paths;
    char *const *argv;
    char *const *envp;
    const char *cwd;            /* NULL: the caller's */
    int32_t stdio[3];           /* become 0, 1 and 2; may overlap them in any way */
    uint32_t flags;             /* KUID_SPAWN_... flags */
    uint64_t nofile_soft;       /* soft RLIMIT_NOFILE, capped at the hard one */
    /* The caller's process id, for a child that gets SIGTERM when the calling
       thread ends, however it ends; 0 for one that lives on. */
    int32_t die_with;
    int32_t reserved;           /* must be 0 */
    const struct kuid_spawn_limits *limits; /* NULL: the caller's */
    /* A directory of cgroup v2, which the child is in from its first instruction
       (O_PATH suffices); 0 or -1: the caller's. */
    int32_t cgroup_fd;
    int32_t cgroup_reserved;    /* must be 0 */
    const struct kuid_spawn_isolation *isolation;   /* NULL: none */
};

struct kuid_spawn_reply {
    int32_t pid;                /* -1 if the spawn failed, as is pidfd */
    int32_t pidfd;              /* close-on-exec, owned by the caller */
    int32_t step;               /* enum kuid_spawn_step */
    int32_t error;              /* errno of that step */
};

struct kuid_exit {
    int32_t wait_status;        /* as wait(2): code << 8, signal, signal | 0x80 */
    int32_t reserved;
    /* Resources of the process and of the children it waited for. */
    int64_t user_microseconds;
    int64_t system_microseconds;
    /* An upper bound: exec(2) carries the peak of the memory it leaves over to
       the process, so no value is below the caller's own peak at the spawn. */
    int64_t max_rss_bytes;
};

#if UINTPTR_MAX == UINT64_MAX
static_assert(offsetof(struct kuid_spawn_request, stdio) == 32, "ABI");
static_assert(offsetof(struct kuid_spawn_request, flags) == 44, "ABI");
static_assert(offsetof(struct kuid_spawn_request, nofile_soft) == 48, "ABI");
static_assert(offsetof(struct kuid_spawn_request, die_with) == 56, "ABI");
static_assert(offsetof(struct kuid_spawn_request, limits) == 64, "ABI");
static_assert(offsetof(struct kuid_spawn_request, cgroup_fd) == 72, "ABI");
static_assert(offsetof(struct kuid_spawn_request, isolation) == 80, "ABI");
static_assert(sizeof(struct kuid_spawn_request) == 88, "ABI");
static_assert(offsetof(struct kuid_spawn_isolation, groups) == 16, "ABI");
static_assert(sizeof(struct kuid_spawn_isolation) == 32, "ABI");
#endif
static_assert(offsetof(struct kuid_spawn_limits, core) == 40, "ABI");
static_assert(sizeof(struct kuid_spawn_limits) == 48, "ABI");
static_assert(sizeof(struct kuid_spawn_reply) == 16, "ABI");
static_assert(offsetof(struct kuid_exit, user_microseconds) == 8, "ABI");
static_assert(sizeof(struct kuid_exit) == 32, "ABI");

/* Starts a process in its own session.  0 as soon as the program is executing;
   -1, with step and error in the reply and nothing left behind, if it is not. */
KUID_API int kuid_spawn(const struct kuid_spawn_request *, struct kuid_spawn_reply *);

/* Collects an exited child.  0 or an errno: EAGAIN while it still runs, ECHILD
   if it was collected before.  Never blocks, and leaves the pidfd open. */
KUID_API int kuid_reap(int32_t pidfd, struct kuid_exit *);

/* Sends a signal to the one process.  0 or an errno: ESRCH once it is reaped. */
KUID_API int kuid_signal(int32_t pidfd, int32_t signo);

#endif
