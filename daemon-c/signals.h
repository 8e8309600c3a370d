/*
 * The kernel's signal calls without glibc in between, which keeps signals 32
 * and 33 to itself: it can neither block them nor reset them.
 */
#ifndef KUID_SIGNALS_H
#define KUID_SIGNALS_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SIGNAL_LAST = 64 };      /* _NSIG of the kernel; signal n is bit n - 1 */

#define SIGNAL_MASK_ALL UINT64_MAX
#define SIGNAL_MASK_NONE UINT64_C(0)

static inline int signal_mask_set(uint64_t mask, uint64_t *old)
{
    return (int)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, old, sizeof mask);
}

static inline int signal_defaults(void)
{
    /* struct sigaction of the kernel differs between architectures, but all
       zeros mean SIG_DFL, no flags and an empty mask in each of them. */
    static const uint64_t sig_dfl[4];

    for (int signo = 1; signo <= SIGNAL_LAST; signo++) {
        if (signo == SIGKILL || signo == SIGSTOP)
            continue;
        if (syscall(SYS_rt_sigaction, signo, sig_dfl, NULL, sizeof(uint64_t)) != 0)
            return -1;
    }
    return 0;
}

#endif
