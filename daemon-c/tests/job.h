/*
 * What the tests share: a request with harmless defaults, and the ways to wait
 * for its end.  Nothing here sleeps; the end of a child is the readiness of its
 * pidfd, and the end of its output is an end of file.
 */
#ifndef KUID_JOB_H
#define KUID_JOB_H

#include <stdbool.h>
#include <stddef.h>

#include "spawn.h"

extern const char *probe_path;

/* Before all else: finds the probe and opens what every test needs. */
bool job_setup(const char *probe);

/* A request for argv[0] with /dev/null as stdin, and our stdout and stderr. */
struct kuid_spawn_request job_request(const char *const *argv);

/* Spawns; the test fails unless the program starts. */
struct kuid_spawn_reply job_start(const struct kuid_spawn_request *);

/* Waits for the end of the process, reaps it and closes the pidfd. */
struct kuid_exit job_finish(int pidfd);

/* Both of the above. */
struct kuid_exit job_run(const struct kuid_spawn_request *);

/* Runs with stdout in a pipe; the output, terminated, and the wait status. */
int job_output(struct kuid_spawn_request, char *output, size_t size);

/* The spawn must fail at the step with the error, and leave nothing behind. */
void job_must_fail(const struct kuid_spawn_request *, enum kuid_spawn_step, int error);

/* From now on the system call fails; for the process of this test. */
void inject(long number, int error);

/* The same where one of its arguments is this, counted from 0. */
void inject_when(long number, int argument, unsigned value, int error);

void wait_readable(int fd);

#define JOB_SHELL(script) ((const char *const[]){ "/bin/sh", "-c", script, NULL })
#define JOB_PROBE(...) ((const char *const[]){ probe_path, __VA_ARGS__, NULL })

#endif
