#ifndef KUID_EXECUTE_H
#define KUID_EXECUTE_H

#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

#include "spawn.h"

/* Tries the candidates of a request; returns, -1 and errno, only if it failed. */
static inline int execute(const struct kuid_spawn_request *request)
{
    bool denied = false;

    errno = ENOENT;
    for (const char *const *path = request->paths; *path != NULL; path++) {
        execve(*path, request->argv, request->envp);
        if (errno == EACCES)
            denied = true;
        else if (errno != ENOENT && errno != ENOTDIR)
            return -1;
    }
    if (denied)
        errno = EACCES;
    return -1;
}

#endif
