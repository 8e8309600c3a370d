#include "sys.h"
#include "sysreqd.h"

static char *append(char *to, const char *text)
{
    while (*text != '\0')
        *to++ = *text++;
    return to;
}

/* One write, so that a line stays a line beside others.  Texts are short and our own. */
void say(const char *what, long error)
{
    char line[128], digits[24];
    char *end = append(line, "kuid-sysreqd: ");

    end = append(end, what);
    if (error != 0) {
        unsigned number = (unsigned)-error;
        char *digit = digits + sizeof digits;

        *--digit = '\0';
        do
            *--digit = (char)('0' + number % 10);
        while ((number /= 10) != 0);
        end = append(append(end, ": errno "), digit);
    }
    *end++ = '\n';
    sys_write(2, line, end - line);
}

void fail(const char *what, long error)
{
    say(what, error);
    sys_exit(EXIT_FAILED);
}
