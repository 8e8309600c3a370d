/*
 * A test is a sentence and a function.  Each one runs in a process of its own,
 * so that it may ruin its limits, signals and descriptors as it likes, and each
 * one must end with the descriptors it began with and without a child.
 */
#ifndef KUID_CHECK_H
#define KUID_CHECK_H

#include <stdnoreturn.h>

struct test {
    const char *sentence;
    void (*run)(void);
};

/* Ends the test at the first condition which does not hold. */
#define CHECK(condition) \
    ((condition) ? (void)0 : check_failed("%s:%d: %s", __FILE__, __LINE__, #condition))

#define CHECK_EQUAL(actual, expected) \
    check_equal(__FILE__, __LINE__, #actual, (long long)(actual), (long long)(expected))

noreturn void check_failed(const char *format, ...) __attribute__((format(printf, 1, 2)));
noreturn void check_skipped(const char *why);
void check_equal(const char *file, int line, const char *what, long long actual,
                 long long expected);

/* Runs tests up to the one without a sentence. */
void check_run(const struct test *tests);

/* Prints the totals; the exit code of the program. */
int check_summary(void);

#endif
