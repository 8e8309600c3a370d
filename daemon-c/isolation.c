/*
 * Rights that a child loses before it executes.
 *
 * Constraint.  The child borrows the caller's memory, and glibc thinks that it
 * still is the caller: its setuid(2), setgid(2) and setgroups(2) would interrupt
 * every thread of the daemon and make all of them change their user.
 *
 * Scheme.  The kernel knows of no such thing: there, credentials are a thread's
 * own.  So the bare system calls change those of the child alone.
 */
#include "isolation.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    KNOWN_FLAGS = KUID_ISOLATION_NO_NEW_PRIVS | KUID_ISOLATION_USER | KUID_ISOLATION_UMASK
        | KUID_ISOLATION_NO_CAPABILITIES | KUID_ISOLATION_REPORT,
    REPORT_FD = 3,
    MOST_CAPABILITIES = 64,
};

static bool wants(const struct kuid_spawn_request *request, uint32_t flag)
{
    return request->isolation != NULL && (request->isolation->flags & flag) != 0;
}

bool isolation_is_known(const struct kuid_spawn_request *request)
{
    const struct kuid_spawn_isolation *isolation = request->isolation;

    return isolation == NULL
        || ((isolation->flags & ~(uint32_t)KNOWN_FLAGS) == 0
            && (isolation->report >= REPORT_FD || !wants(request, KUID_ISOLATION_REPORT)));
}

/* dup2 onto itself is a no-op and would leave FD_CLOEXEC set. */
int isolation_report(const struct kuid_spawn_request *request)
{
    if (!wants(request, KUID_ISOLATION_REPORT))
        return 0;
    int result = request->isolation->report == REPORT_FD
        ? fcntl(REPORT_FD, F_SETFD, 0)
        : dup2(request->isolation->report, REPORT_FD);
    return result < 0 ? -1 : 1;
}

/* The kernel has no more capabilities than it knows: EINVAL is the end of them. */
int isolation_bound(const struct kuid_spawn_request *request)
{
    if (!wants(request, KUID_ISOLATION_USER | KUID_ISOLATION_NO_CAPABILITIES))
        return 0;
    for (int capability = 0; capability < MOST_CAPABILITIES; capability++)
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0)
            return errno == EINVAL && capability > CAP_SETPCAP ? 0 : -1;
    return 0;
}

int isolation_groups(const struct kuid_spawn_request *request)
{
    return wants(request, KUID_ISOLATION_USER)
        ? (int)syscall(SYS_setgroups, request->isolation->group_count, request->isolation->groups)
        : 0;
}

int isolation_gid(const struct kuid_spawn_request *request)
{
    return wants(request, KUID_ISOLATION_USER)
        ? (int)syscall(SYS_setresgid, request->isolation->gid, request->isolation->gid,
                       request->isolation->gid)
        : 0;
}

int isolation_uid(const struct kuid_spawn_request *request)
{
    return wants(request, KUID_ISOLATION_USER)
        ? (int)syscall(SYS_setresuid, request->isolation->uid, request->isolation->uid,
                       request->isolation->uid)
        : 0;
}

/* The change from root has taken them unless a securebit said otherwise; the
   inheritable ones stay in any case, and the ambient ones go with them. */
int isolation_capabilities(const struct kuid_spawn_request *request)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    const struct __user_cap_data_struct none[2] = { { 0 }, { 0 } };

    return wants(request, KUID_ISOLATION_USER | KUID_ISOLATION_NO_CAPABILITIES)
        ? (int)syscall(SYS_capset, &header, none)
        : 0;
}

int isolation_no_new_privs(const struct kuid_spawn_request *request)
{
    return wants(request, KUID_ISOLATION_NO_NEW_PRIVS) ? prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) : 0;
}

/* The umask belongs to what CLONE_FS shares, and the child does not. */
int isolation_umask(const struct kuid_spawn_request *request)
{
    if (wants(request, KUID_ISOLATION_UMASK))
        umask(request->isolation->umask);
    return 0;
}
