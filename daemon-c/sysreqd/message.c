#include "sys.h"
#include "sysreqd.h"

/* One write, so that a line stays a line beside others.  Texts are short and our own. */
__attribute__((noinline)) void say(const char *what, long error)
{
    char line[128], *end = line;
    const char *from = "kuid-sysreqd: ";

    for (;; from = what, what = 0) {
        while (*from != '\0')
            *end++ = *from++;
        if (what == 0)
            break;
    }
    for (long digit = 100; digit != 0; digit /= 10)
        if (-error >= digit)
            *end++ = (char)('0' - error / digit % 10);
    *end++ = '\n';
    sys_write(2, line, end - line);
}

__attribute__((noinline)) void fail(const char *what, long error)
{
    say(what, error);
    sys_exit(EXIT_FAILED);
}
