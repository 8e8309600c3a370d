#include <stdio.h>

#include "job.h"
#include "suites.h"

int main(int argc, char **argv)
{
    if (argc != 2 || !job_setup(argv[1])) {
        fprintf(stderr, "usage: spawn_test PROBE\n");
        return 2;
    }
    check_run(status_tests);
    check_run(state_tests);
    check_run(limit_tests);
    check_run(stdio_tests);
    check_run(failure_tests);
    check_run(injection_tests);
    check_run(isolation_tests);
    check_run(thread_tests);
    return check_summary();
}
