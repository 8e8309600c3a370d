/*
 * A kept job and its record log, for tests: the log is read with nothing of the
 * keeper's code, sums and all.
 */
#ifndef KUID_KEPT_H
#define KUID_KEPT_H

#include <stdbool.h>
#include <stddef.h>

#include "keep.h"

extern const char *keeper_path;

struct kept_job {
    struct kuid_keeper keeper;
    struct kuid_spawn_reply reply;
    char path[64];              /* of the log */
};

/* What a log says, all of it. */
struct kept_log {
    struct kept_started started;
    struct kept_exited exited;
    struct kept_end end;
    char *bytes[2];             /* stdout, stderr; terminated */
    size_t length[2];
    char *order;                /* a letter for each record: SOEXFQ, by type */
    bool torn;                  /* ends within a record */
};

/* Starts a shell script below a keeper with a log in a directory. */
struct kept_job kept_start(const char *script, const char *directory, const char *limit, const char *drain);

/* Waits for the end of the keeper, reads the log and removes it. */
struct kept_log kept_finish(struct kept_job *);

/* Reads the log as it is. */
struct kept_log kept_read(const char *path);

void kept_free(struct kept_log *);

#endif
