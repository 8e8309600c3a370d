/*
 * The read-only profile: a seccomp filter with a list of what is allowed.
 *
 * Constraint.  A client can write any memory of the process that serves it, its stack included, and so can run whatever
 * code it puts together there.  The profile must hold against the process, and not only against the requests.
 *
 * Scheme.  What is not listed is refused by an errno: nothing is killed for a question.  openat is allowed by its flags, which
 * are in a register; openat2, whose flags are in memory, is not.  write reaches the connection only: everything else that
 * is open is /dev/null, stderr, or was opened to be read.  Calls since Linux 5.1 have one number everywhere and do not exist
 * here (ENOSYS), so that who probes for them falls back; the rest is not permitted (EPERM).
 *
 * Consequence.  No call of this list changes a file, another process, or what the next connection finds.
 */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <stddef.h>

#include "sys.h"
#include "sysreqd.h"

#if defined(__x86_64__)
enum { THIS_ARCH = AUDIT_ARCH_X86_64 };
#else
enum { THIS_ARCH = AUDIT_ARCH_AARCH64 };
#endif

enum { FIRST_NEW_CALL = 424 };  /* pidfd_send_signal; also below every number of the x32 entry */

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ANSWER(value) BPF_STMT(BPF_RET | BPF_K, value)
#define ALLOW ANSWER(SECCOMP_RET_ALLOW)
#define REFUSE(error) ANSWER(SECCOMP_RET_ERRNO | (error))

static const struct sock_filter filter[] = {
    LOAD(arch),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCH, 1, 0),
    REFUSE(EPERM),
    REFUSE(EPERM),
};

/* Without its filter the process would not be what its client was promised: it ends. */
void look_only(void)
{
    const struct sock_fprog program = { sizeof filter / sizeof *filter, (struct sock_filter *)filter };

    sys_call5(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    long error = sys_call3(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, (long)&program);
    if (error < 0)
        fail("seccomp", error);
}
