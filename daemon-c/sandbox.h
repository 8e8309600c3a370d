/*
 * The parts of kuid-sandbox.  Each step returns 0, or -1 and errno, and main
 * reports the number that spawn.h has for it.
 */
#ifndef KUID_SANDBOX_H
#define KUID_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "spawn.h"

struct sandbox {
    bool as_root;               /* has the namespaces made as root, for another user */
    char **writable;            /* NULL-terminated, as all of these */
    char **hidden;
    const char *cwd;
    struct kuid_spawn_isolation isolation;
    struct kuid_spawn_request request;
};

/* Reads what to do from a descriptor; false if it is not that. */
bool sandbox_read(struct sandbox *, int fd);

int sandbox_unshare(const struct sandbox *);
int sandbox_map_user(const struct sandbox *);

/* The mounts, in this order; the last one in the new pid namespace. */
int sandbox_detach(const struct sandbox *);
int sandbox_keep_writable(const struct sandbox *);
int sandbox_make_read_only(const struct sandbox *);
int sandbox_mount_temporary(const struct sandbox *);
int sandbox_mount_writable(const struct sandbox *);
int sandbox_hide(const struct sandbox *);
int sandbox_mount_proc(const struct sandbox *);

int sandbox_raise_loopback(const struct sandbox *);

#endif
