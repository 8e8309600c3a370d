/*
 * The filters of the profile, run by an interpreter of the few instructions they are made of, for every number and many
 * arguments.  That the kernel takes them is seen by the tests of the whole program.
 */
#include <asm/unistd.h>
#include <linux/audit.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/filter.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <string.h>

#include "../../sysreqd/sysreqd.h"
#include "../check.h"
#include "kernel.h"
#include "suites.h"

#if defined(__x86_64__)
enum { OURS = AUDIT_ARCH_X86_64, FOREIGN = AUDIT_ARCH_I386 };
#else
enum { OURS = AUDIT_ARCH_AARCH64, FOREIGN = AUDIT_ARCH_ARM };
#endif

static struct sock_fprog filters[4];
static int filter_count;

static long answer(const struct kernel_call *call)
{
    if (call->nr == __NR_seccomp)
        filters[filter_count++] = *(const struct sock_fprog *)call->c;
    return 0;
}

static unsigned interpret(const struct sock_fprog *program, const struct seccomp_data *data)
{
    unsigned a = 0;

    for (unsigned at = 0; at < program->len; at++) {
        const struct sock_filter *i = &program->filter[at];

        switch (i->code) {
        case BPF_LD | BPF_W | BPF_ABS:
            CHECK(i->k % 4 == 0 && i->k < sizeof *data);
            memcpy(&a, (const char *)data + i->k, sizeof a);
            break;
        case BPF_JMP | BPF_JEQ | BPF_K:
            at += a == i->k ? i->jt : i->jf;
            break;
        case BPF_JMP | BPF_JGE | BPF_K:
            at += a >= i->k ? i->jt : i->jf;
            break;
        case BPF_JMP | BPF_JSET | BPF_K:
            at += a & i->k ? i->jt : i->jf;
            break;
        case BPF_RET | BPF_K:
            return i->k;
        default:
            check_failed("instruction %u has the code %#x", at, i->code);
        }
    }
    check_failed("a filter has no end");
}

/* 0, or the error; of equal actions the filter installed last counts. */
static unsigned verdict(unsigned arch, long nr, unsigned long a, unsigned long b, unsigned long c)
{
    const struct seccomp_data data = { .nr = (int)nr, .arch = arch, .args = { a, b, c, ~0ul, ~0ul, ~0ul } };
    unsigned result = SECCOMP_RET_ALLOW;

    for (int i = filter_count - 1; i >= 0; i--) {
        unsigned of_this = interpret(&filters[i], &data);

        CHECK(of_this == SECCOMP_RET_ALLOW || (of_this & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO);
        if (result == SECCOMP_RET_ALLOW)
            result = of_this;
    }
    return result == SECCOMP_RET_ALLOW ? 0 : result & SECCOMP_RET_DATA;
}

static void install(void)
{
    kernel.answer = answer;
    CHECK_EQUAL(kernel_run(look_only), KERNEL_RETURNED);
    CHECK_EQUAL(filter_count, 2);
}

static void no_privileges_come_before_the_filters(void)
{
    install();
    CHECK_EQUAL(kernel.calls[0].nr, __NR_prctl);
    CHECK_EQUAL(kernel.calls[0].a, PR_SET_NO_NEW_PRIVS);
    CHECK_EQUAL(kernel.calls[0].b, 1);
}

/* seccomp itself has to pass the first filter to install the second. */
static void the_second_filter_can_be_installed(void)
{
    install();
    filter_count = 1;
    CHECK_EQUAL(verdict(OURS, __NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, 4096), 0);
}

static void a_kernel_without_filters_ends_the_process(void)
{
    kernel.answer = answer;
    for (kernel.fail_at = 2; kernel.fail_at <= 3; kernel.fail_at++) {
        kernel.fail_with = -ENOSYS;
        kernel.count = 0;
        CHECK_EQUAL(kernel_run(look_only), EXIT_FAILED);
    }
}

static void reading_is_allowed(void)
{
    static const long calls[] = {
        __NR_read, __NR_close, __NR_getdents64, __NR_newfstatat, __NR_statx, __NR_readlinkat, __NR_statfs, __NR_chdir,
        __NR_mmap, __NR_munmap, __NR_brk, __NR_getpid, __NR_uname, __NR_sysinfo, __NR_exit_group, __NR_rt_sigreturn,
#if defined(__x86_64__)
        __NR_stat, __NR_lstat, __NR_access, __NR_readlink, __NR_getdents,
#endif
    };

    install();
    for (unsigned i = 0; i < sizeof calls / sizeof *calls; i++)
        CHECK_EQUAL(verdict(OURS, calls[i], ~0ul, ~0ul, ~0ul), 0);
}

static void changing_is_not(void)
{
    static const long calls[] = {
        __NR_execve, __NR_clone, __NR_kill, __NR_tkill, __NR_tgkill, __NR_socket, __NR_connect, __NR_bind, __NR_ptrace,
        __NR_process_vm_readv, __NR_process_vm_writev, __NR_bpf, __NR_mount, __NR_umount2, __NR_pivot_root, __NR_chroot,
        __NR_kexec_load, __NR_kexec_file_load, __NR_init_module, __NR_finit_module, __NR_delete_module, __NR_keyctl,
        __NR_add_key, __NR_request_key, __NR_unlinkat, __NR_renameat2, __NR_mkdirat, __NR_linkat, __NR_symlinkat, __NR_mknodat,
        __NR_fchmodat, __NR_fchownat, __NR_ftruncate, __NR_truncate, __NR_utimensat, __NR_setxattr, __NR_writev, __NR_pwrite64,
        __NR_sendfile, __NR_splice, __NR_copy_file_range, __NR_fallocate, __NR_ioctl, __NR_fcntl, __NR_dup, __NR_dup3,
        __NR_setuid, __NR_setns, __NR_unshare, __NR_reboot, __NR_sethostname, __NR_settimeofday, __NR_clock_settime,
        __NR_perf_event_open, __NR_userfaultfd, __NR_memfd_create, __NR_execveat, __NR_prctl, __NR_personality, __NR_setrlimit,
        __NR_shmget, __NR_msgget, __NR_semget, __NR_mq_open, __NR_seccomp, __NR_open_by_handle_at, __NR_sync, __NR_flock,
#if defined(__x86_64__)
        __NR_creat, __NR_unlink, __NR_rename, __NR_mkdir, __NR_rmdir, __NR_link, __NR_symlink, __NR_chmod, __NR_chown,
        __NR_fork, __NR_vfork, __NR_modify_ldt, __NR_arch_prctl, __NR_iopl, __NR_ioperm, __NR_utime,
#endif
    };

    install();
    for (unsigned i = 0; i < sizeof calls / sizeof *calls; i++)
        CHECK_EQUAL(verdict(OURS, calls[i], 0, 0, 0), EPERM);
}

static void the_list_is_no_longer_than_it_was_thought(void)
{
    int count = 0;

    install();
    for (long nr = 0; nr < 424; nr++)
        if (nr != __NR_openat && nr != __NR_write && nr != __NR_prlimit64 && nr != __NR_syslog)
            count += verdict(OURS, nr, 0, 0, 0) == 0;
#if defined(__x86_64__)
    CHECK_EQUAL(count, 63);
#else
    CHECK_EQUAL(count, 54);
#endif
}

static void new_calls_do_not_exist(void)
{
    install();
    for (long nr = 424; nr < 600; nr++)
        CHECK_EQUAL(verdict(OURS, nr, 0, 0, 0), ENOSYS);
    CHECK_EQUAL(verdict(OURS, -1, 0, 0, 0), ENOSYS);
}

static void other_entries_are_refused(void)
{
    install();
    for (long nr = 0; nr < 600; nr++) {
        CHECK(verdict(FOREIGN, nr, 0, 0, 0) != 0);
        CHECK(verdict(OURS, nr | 0x40000000, 0, 0, 0) != 0);
    }
}

static void files_are_opened_to_be_read(void)
{
    static const int bad[] = { O_WRONLY, O_RDWR, O_ACCMODE, O_CREAT, O_TRUNC, O_TMPFILE, O_CREAT | O_DIRECTORY };
    static const int good[] = { O_RDONLY, O_DIRECTORY, O_CLOEXEC, O_NOFOLLOW, O_NONBLOCK, O_PATH, O_NOATIME };

    install();
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_EQUAL(verdict(OURS, __NR_openat, 0, 0, (unsigned long)bad[i]), EPERM);
    for (unsigned i = 0; i < sizeof good / sizeof *good; i++)
        CHECK_EQUAL(verdict(OURS, __NR_openat, 0, 0, (unsigned long)good[i] | 1ul << 32), 0);
#if defined(__x86_64__)
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_EQUAL(verdict(OURS, __NR_open, 0, (unsigned long)bad[i], 0), EPERM);
    for (unsigned i = 0; i < sizeof good / sizeof *good; i++)
        CHECK_EQUAL(verdict(OURS, __NR_open, 0, (unsigned long)good[i], O_CREAT), 0);
#endif
}

static void only_the_connection_is_written(void)
{
    install();
    for (unsigned long fd = 0; fd < 300; fd++)
        CHECK_EQUAL(verdict(OURS, __NR_write, fd, 0, 0), fd == CONNECTION || fd == CONNECTION_OUT ? 0 : EPERM);
    CHECK_EQUAL(verdict(OURS, __NR_write, 2 | 3ul << 32, 0, 0), EPERM);
}

static void limits_are_the_processes_own(void)
{
    install();
    CHECK_EQUAL(verdict(OURS, __NR_prlimit64, 0, 7, 0), 0);
    CHECK_EQUAL(verdict(OURS, __NR_prlimit64, 1, 7, 0), EPERM);
    CHECK_EQUAL(verdict(OURS, __NR_prlimit64, (unsigned long)-1, 7, 0), EPERM);
}

static void the_kernel_log_is_read_and_not_cleared(void)
{
    install();
    for (unsigned long type = 0; type < 20; type++)
        CHECK_EQUAL(verdict(OURS, __NR_syslog, type, 0, 0), type == 3 || type == 10 ? 0 : EPERM);
}

const struct test look_tests[] = {
    { "new privileges are given up before the filters come", no_privileges_come_before_the_filters },
    { "the first filter lets the second be installed", the_second_filter_can_be_installed },
    { "a kernel without filters ends the process", a_kernel_without_filters_ends_the_process },
    { "what reads is allowed", reading_is_allowed },
    { "what changes is refused", changing_is_not },
    { "the list is as long as it was thought to be", the_list_is_no_longer_than_it_was_thought },
    { "calls since Linux 5.1 do not exist", new_calls_do_not_exist },
    { "the 32-bit and x32 entries are refused", other_entries_are_refused },
    { "files are opened to be read", files_are_opened_to_be_read },
    { "nothing but the connection is written to", only_the_connection_is_written },
    { "limits are read and set of the process itself only", limits_are_the_processes_own },
    { "the kernel's log is read and not cleared", the_kernel_log_is_read_and_not_cleared },
    { 0 },
};
