#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PASSED = 0, FAILED = 1, SKIPPED = 77, WHY_SIZE = 400 };

static char *why;               /* shared with the process of the test */
static int passed, failed, skipped;

noreturn void check_failed(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(why, WHY_SIZE, format, arguments);
    va_end(arguments);
    _exit(FAILED);
}

noreturn void check_skipped(const char *reason)
{
    snprintf(why, WHY_SIZE, "%s", reason);
    _exit(SKIPPED);
}

void check_equal(const char *file, int line, const char *what, long long actual,
                 long long expected)
{
    if (actual != expected)
        check_failed("%s:%d: %s is %lld, not %lld", file, line, what, actual, expected);
}

static int count_descriptors(void)
{
    DIR *directory = opendir("/proc/self/fd");
    int count = 0;

    if (directory == NULL)
        check_failed("/proc/self/fd: %s", strerror(errno));
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}

static noreturn void run_isolated(void (*run)(void))
{
    int descriptors = count_descriptors();

    run();
    int left = count_descriptors() - descriptors;
    if (left != 0)
        check_failed("%d descriptors left open", left);
    if (waitpid(-1, NULL, WNOHANG | __WALL) != -1 || errno != ECHILD)
        check_failed("a child is left");
    _exit(PASSED);
}

static void report(const char *sentence, int status)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == PASSED) {
        passed++;
        printf("ok - %s\n", sentence);
    } else if (WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED) {
        skipped++;
        printf("skip - %s (%s)\n", sentence, why);
    } else {
        failed++;
        if (WIFSIGNALED(status))
            snprintf(why, WHY_SIZE, "killed by signal %d", WTERMSIG(status));
        printf("not ok - %s (%s)\n", sentence, why);
    }
}

void check_run(const struct test *tests)
{
    if (why == NULL) {
        why = mmap(NULL, WHY_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (why == MAP_FAILED)
            abort();
    }
    for (const struct test *test = tests; test->sentence != NULL; test++) {
        int status;

        strcpy(why, "no reason given");
        fflush(stdout);
        pid_t pid = fork();
        if (pid == 0)
            run_isolated(test->run);
        if (pid < 0 || waitpid(pid, &status, 0) != pid)
            abort();
        report(test->sentence, status);
    }
}

int check_summary(void)
{
    printf("%d passed, %d failed", passed, failed);
    if (skipped > 0)
        printf(", %d skipped", skipped);
    putchar('\n');
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
