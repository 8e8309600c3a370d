/*
 * What waitid(2) tells of an exit, in the daemon's terms: the wait status of
 * wait(2), and times in microseconds.
 */
#ifndef KUID_EXIT_H
#define KUID_EXIT_H

#include <stdint.h>
#include <sys/time.h>
#include <sys/wait.h>

static inline int64_t microseconds(struct timeval time)
{
    return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

static inline int32_t wait_status(const siginfo_t *info)
{
    switch (info->si_code) {
    case CLD_EXITED:
        return (info->si_status & 0xff) << 8;
    case CLD_DUMPED:
        return info->si_status | 0x80;
    default:
        return info->si_status;
    }
}

#endif
