#include <linux/kcmp.h>

#include "sys.h"
#include "sysreqd.h"

struct service service;

static _Bool equal(const char *a, const char *b)
{
    while (*a == *b && *a != '\0')
        a++, b++;
    return *a == *b;
}

/* A port, 0 if the text is none. */
static unsigned parse_port(const char *text)
{
    unsigned port = 0;

    for (; *text != '\0'; text++) {
        unsigned digit = (unsigned)*text - '0';

        if (digit > 9 || (port = port * 10 + digit) > 65535)
            return 0;
    }
    return port;
}

static _Bool has_slash(const char *text)
{
    while (*text != '\0')
        if (*text++ == '/')
            return 1;
    return 0;
}

/* Descriptors below the connection's must be something, or a socket would become one of them, and /dev/null must stand above
   the connection's, which are written over; so all of them are filled with it. */
static void open_null(void)
{
    do
        service.null = sys_open("/dev/null", O_RDWR);
    while (service.null >= 0 && service.null <= CONNECTION_OUT);
}

/* Not knowing, as on a kernel without kcmp, is "no": as two descriptors the connection works in any case. */
static _Bool same_description(int a, int b)
{
    return sys_call5(__NR_kcmp, service.manager, service.manager, KCMP_FILE, a, b) == 0;
}

void sysreqd(long *stack)
{
    long count = stack[0];
    const char *const *argument = (const char *const *)(stack + 1);
    unsigned port;

    service.look = count == 3 && equal(argument[2], "look");
    if (count != 2 + service.look)
        goto usage;
    open_null();
    service.manager = sys_call0(__NR_getpid);
    signals_prepare();
    if (equal(argument[1], "-"))
        serve(0, !same_description(0, 1));
    if (has_slash(argument[1])) {
        service.path = argument[1];
        door_open_unix();
    } else if ((port = parse_port(argument[1])) != 0)
        door_open_loopback(port);
    else
        goto usage;
    manage();

usage:
    say("usage: kuid-sysreqd PATH|PORT|- [look]", 0);
    sys_exit(EXIT_USAGE);
}
