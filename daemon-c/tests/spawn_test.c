#include <stdio.h>

#include "job.h"
#include "kept.h"
#include "suites.h"

int main(int argc, char **argv)
{
    if (argc != 3 || !job_setup(argv[1])) {
        fprintf(stderr, "usage: spawn_test PROBE KEEPER\n");
        return 2;
    }
    keeper_path = argv[2];
    check_run(status_tests);
    check_run(state_tests);
    check_run(limit_tests);
    check_run(stdio_tests);
    check_run(tree_tests);
    check_run(failure_tests);
    check_run(injection_tests);
    check_run(isolation_tests);
    check_run(sandbox_tests);
    check_run(thread_tests);
    check_run(keep_tests);
    return check_summary();
}
