/*
 * The steps of a spawn that take rights away from the child, in the order in
 * which they have to come: the bounding set while there is CAP_SETPCAP, groups
 * before the user who may change them, capabilities after him.  Each returns 0,
 * or -1 and errno; one that is not wanted makes no system call.
 */
#ifndef KUID_ISOLATION_H
#define KUID_ISOLATION_H

#include <stdbool.h>

#include "spawn.h"

bool isolation_is_known(const struct kuid_spawn_request *);

/* How many descriptors above 2 stay open: 1 with a report, 0 without; or -1. */
int isolation_report(const struct kuid_spawn_request *);

int isolation_bound(const struct kuid_spawn_request *);
int isolation_groups(const struct kuid_spawn_request *);
int isolation_gid(const struct kuid_spawn_request *);
int isolation_uid(const struct kuid_spawn_request *);
int isolation_capabilities(const struct kuid_spawn_request *);
int isolation_no_new_privs(const struct kuid_spawn_request *);
int isolation_umask(const struct kuid_spawn_request *);

#endif
