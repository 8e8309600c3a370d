#ifndef KUID_SUITES_H
#define KUID_SUITES_H

#include "check.h"

extern const struct test status_tests[];        /* how a child ended */
extern const struct test state_tests[];         /* what a child starts with */
extern const struct test limit_tests[];         /* what it may use */
extern const struct test stdio_tests[];         /* which files it gets */
extern const struct test tree_tests[];          /* cgroup, orphans, OOM score */
extern const struct test failure_tests[];       /* spawns which cannot succeed */
extern const struct test injection_tests[];     /* steps failed by a seccomp filter */
extern const struct test isolation_tests[];     /* what rights it loses */
extern const struct test sandbox_tests[];       /* jobs in namespaces of their own */
extern const struct test thread_tests[];        /* many spawns at once */
extern const struct test keep_tests[];           /* jobs below a keeper */

#endif
