/*
 * The read-only profile, by seccomp.
 *
 * Constraint.  A client can write any memory of the process that serves it, its stack included, and so run whatever code it
 * puts together there.  The profile must hold against the process, and not only against the requests.
 *
 * Scheme.  Two filters, both of which a call must pass.  One is made here of the list of what is allowed; in the other stand
 * the architecture and the calls that are allowed by their arguments: opening without writing, creating or truncating, write
 * to the connection (all else that is open is /dev/null, stderr, or was opened to be read), prlimit64 of the process itself,
 * and syslog where it reads and does not clear.  A refusal is an errno, EPERM, as no question deserves a death.  Calls since
 * Linux 5.1 do not exist (ENOSYS), so that who probes for one falls back; openat2 is among them, whose flags no filter sees.
 *
 * Consequence.  No call of the list changes a file, another process, or what the next connection finds, except that what is
 * read from a pipe or a terminal is gone from there.  The 32-bit entry is another architecture, and the numbers of x32 are
 * above FIRST_NEW_CALL.
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

enum { CHANGES = O_ACCMODE | O_CREAT | O_TRUNC | __O_TMPFILE };
enum { SYSLOG_READ_ALL = 3, SYSLOG_SIZE_BUFFER = 10 };
enum { FIRST_NEW_CALL = 424 };  /* the first to have one number on every architecture */

static const unsigned short allowed[] = {
    __NR_openat, __NR_write, __NR_prlimit64, __NR_syslog,
    __NR_read, __NR_pread64, __NR_readv, __NR_lseek, __NR_close, __NR_getdents64,
    __NR_newfstatat, __NR_fstat, __NR_statx, __NR_readlinkat, __NR_faccessat, __NR_statfs, __NR_fstatfs,
    __NR_getxattr, __NR_lgetxattr, __NR_fgetxattr, __NR_listxattr, __NR_llistxattr, __NR_flistxattr,
    __NR_getcwd, __NR_chdir, __NR_fchdir,
    __NR_mmap, __NR_munmap, __NR_mremap, __NR_brk,
    __NR_getpid, __NR_getppid, __NR_gettid, __NR_getpgid, __NR_getsid, __NR_getpriority,
    __NR_getuid, __NR_geteuid, __NR_getgid, __NR_getegid, __NR_getgroups,
    __NR_uname, __NR_sysinfo, __NR_getrlimit, __NR_getrusage, __NR_times, __NR_sched_getaffinity, __NR_getrandom,
    __NR_clock_gettime, __NR_clock_getres, __NR_gettimeofday, __NR_nanosleep, __NR_clock_nanosleep, __NR_ppoll,
    __NR_restart_syscall, __NR_rt_sigreturn, __NR_exit, __NR_exit_group,
#if defined(__x86_64__)
    __NR_open, __NR_stat, __NR_lstat, __NR_access, __NR_readlink, __NR_getdents, __NR_getpgrp, __NR_time, __NR_poll,
#endif
};

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define IS(test, value, yes, no) BPF_JUMP(BPF_JMP | BPF_K | (test), value, yes, no)
#define RETURN(value) BPF_STMT(BPF_RET | BPF_K, value)
#define REFUSE(error) RETURN(SECCOMP_RET_ERRNO | (error))

/* A label is the position of its instruction, and a jump counts from the one after it. */
#define AT(label, ...) [label] = __VA_ARGS__
#define AT_IS(label, test, value, yes, no) AT(label, IS(test, value, (yes) - (label) - 1, (no) - (label) - 1))
#define AT_NR(label, nr, yes) AT_IS(label, BPF_JEQ, nr, yes, (label) + 1)

enum label {
    ARCH, IS_OURS, NR, IS_OPENAT, IS_WRITE, IS_PRLIMIT, IS_SYSLOG,
#if defined(__NR_open)
    IS_OPEN,
#endif
    TO_ALLOWED,
#if defined(__NR_open)
    OPEN, OPEN_CHANGES,
#endif
    OPENAT, OPENAT_CHANGES, WRITE, WRITES_THERE, WRITES_OUT, PRLIMIT, OF_ITSELF, SYSLOG, READS_ALL, TELLS_SIZE,
    REFUSED, ALLOWED, LENGTH,
};

/* Of an argument that is an int the kernel takes the lower half, and that is what is loaded. */
static const struct sock_filter by_argument[LENGTH] = {
    AT(ARCH, LOAD(arch)),
    AT_IS(IS_OURS, BPF_JEQ, THIS_ARCH, NR, REFUSED),
    AT(NR, LOAD(nr)),
    AT_NR(IS_OPENAT, __NR_openat, OPENAT),
    AT_NR(IS_WRITE, __NR_write, WRITE),
    AT_NR(IS_PRLIMIT, __NR_prlimit64, PRLIMIT),
    AT_NR(IS_SYSLOG, __NR_syslog, SYSLOG),
#if defined(__NR_open)
    AT_NR(IS_OPEN, __NR_open, OPEN),
#endif
    AT(TO_ALLOWED, RETURN(SECCOMP_RET_ALLOW)),
#if defined(__NR_open)
    AT(OPEN, LOAD(args[1])),
    AT_IS(OPEN_CHANGES, BPF_JSET, CHANGES, REFUSED, ALLOWED),
#endif
    AT(OPENAT, LOAD(args[2])),
    AT_IS(OPENAT_CHANGES, BPF_JSET, CHANGES, REFUSED, ALLOWED),
    AT(WRITE, LOAD(args[0])),
    AT_IS(WRITES_THERE, BPF_JEQ, CONNECTION, ALLOWED, WRITES_OUT),
    AT_IS(WRITES_OUT, BPF_JEQ, CONNECTION_OUT, ALLOWED, REFUSED),
    AT(PRLIMIT, LOAD(args[0])),
    AT_IS(OF_ITSELF, BPF_JEQ, 0, ALLOWED, REFUSED),
    AT(SYSLOG, LOAD(args[0])),
    AT_IS(READS_ALL, BPF_JEQ, SYSLOG_READ_ALL, ALLOWED, TELLS_SIZE),
    AT_IS(TELLS_SIZE, BPF_JEQ, SYSLOG_SIZE_BUFFER, ALLOWED, REFUSED),
    AT(REFUSED, REFUSE(EPERM)),
    AT(ALLOWED, RETURN(SECCOMP_RET_ALLOW)),
};

enum { COUNT = sizeof allowed / sizeof *allowed };
static struct sock_filter by_number[2 + COUNT + 3];

/* Without its filters the process would not be what its client is told: it ends. */
static __attribute__((noinline)) void install(const struct sock_filter *filter, unsigned short length)
{
    const struct sock_fprog program = { length, (struct sock_filter *)(address)filter };
    long error = sys_call3(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, (long)&program);

    if (error < 0)
        fail("seccomp: errno ", error);
}

/* The list comes last, as seccomp itself is not on it. */
void look_only(void)
{
    struct sock_filter *list = by_number + 2;

    by_number[0] = (struct sock_filter)LOAD(nr);
    by_number[1] = (struct sock_filter)IS(BPF_JGE, FIRST_NEW_CALL, COUNT + 2, 0);
    for (int i = 0; i < COUNT; i++)
        list[i] = (struct sock_filter)IS(BPF_JEQ, allowed[i], (unsigned char)(COUNT - i), 0);
    list[COUNT] = (struct sock_filter)REFUSE(EPERM);
    list[COUNT + 1] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
    list[COUNT + 2] = (struct sock_filter)REFUSE(ENOSYS);
    sys_call5(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    install(by_argument, LENGTH);
    install(by_number, sizeof by_number / sizeof *by_number);
}
