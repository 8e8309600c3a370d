/*
 * libkuidcoprocess.so: hands the descriptors of each request to an unmodified, persistent shell.
 *
 * Constraint.  A session is a real shell, because only that keeps all of a shell's
 * state.  Every request of the session brings three descriptors which are to be
 * the shell's own 0, 1 and 2 while its text runs: a terminal stays a terminal, a
 * file is written at its offset, a socket works.  No shell has a command which
 * receives descriptors; a path in /proc opens anew, which loses the offset and
 * fails for a socket; a relay in between is no terminal.
 *
 * Scheme.  The daemon preloads this library into the shell.  It interposes open
 * and close, and the shell's only input is one line in a memfd, wound back for
 * every request:
 *
 *     dash, ash   \command . /.coprocess/eval/$?
 *     bash        \command . /.coprocess/eval/$? 799</.coprocess/end
 *
 * To open eval/STATUS reports STATUS as the end of the last text, waits for the
 * next request, puts the first three of its descriptors onto 0, 1 and 2, and
 * returns the fourth, the text.  The text is over when the shell closes it; bash,
 * which reads all of it first, closes 799 instead, when it undoes the redirection
 * of the line.  Then 0 is the line again, 1 and 2 are /dev/null, and whatever the
 * shell itself prompts, traces or complains about goes nowhere.  `command` keeps
 * a syntax error and a failed special builtin from ending the shell; the backslash
 * is for those who have an alias of that name.
 *
 * The shell is an interactive one without job control: SIGINT, an unset variable
 * under set -u and the like end the text and not the session.  Between two texts
 * SIGINT is for nobody.  It is blocked when a text ends; what is pending is thrown
 * away when the next has come, and then the daemon is told that it has started,
 * so that an interruption which was meant for it comes after that.
 *
 * Consequence.  Nothing of this may show in what the shell runs: the descriptors
 * are at 800 and above and close-on-exec, LD_PRELOAD is what it was before us, a
 * subshell is told by its pid and finds plain open and close.  What a shell opens
 * on its own before its first line (rc files, history, the terminal) it does not
 * find.  There are raw system calls only and no DT_NEEDED: one file for every C
 * library.  A shell whose daemon is gone reads the end of its input and leaves.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "coprocess_sys.h"

#define EXPORT __attribute__((visibility("default")))
#define ROOT "/.coprocess/"
#define END_MARK 799            /* in the line of bash, as text */

enum {
    OWN = 800,                  /* above what scripts use; flock's idiom is 200 */
    SHELLS_OWN = 10,            /* from here on shells have what scripts are not to see */
};

/* What the shell reads first: a shell tells itself best what it is.  Then bash has more
   than one line, as it unblocks SIGINT on its way back from one that was interrupted, and
   the next can cost it the line that it has just read. */
static const char first_line[] =
    "unset HISTFILE; case ${BASH_VERSION:+bash} in bash) set +H +o history +o emacs; esac; "
    "\\command . " ROOT "line/${BASH_VERSION:+bash}\n";
static const char line[] = "\\command . " ROOT "eval/$?\n";
#define LINE_OF_BASH "\\command . " ROOT "eval/$? 799<" ROOT "end\n"
static const char lines_of_bash[] = LINE_OF_BASH LINE_OF_BASH LINE_OF_BASH LINE_OF_BASH;

/* The socket's messages; Kuid.Jobd.Core/Coprocess/ShellSocket.cs has the other side. */
struct request { uint32_t flags; };             /* with four descriptors: 0, 1, 2 and the text */
struct report { uint32_t kind, value; };
enum { ON_TERMINAL = 1 };
enum { READY = 1, STARTED = 2, REFUSED = 3 };   /* exit status; 0; error number */
enum { DESCRIPTORS = 4, TEXT = 3 };

static struct {
    int owner;                  /* the shell's pid; 0 where this library has nothing to do */
    int socket, line, null;
    bool starting;              /* until the shell has said what it is */
    bool bash;
    int text;                   /* whose closing is the end of the text; -1 when none runs */
    bool on_terminal;           /* the text's terminal is the session's own */
} session = { .text = -1 };

static bool is_shell(void)
{
    return session.owner != 0 && sys_pid() == session.owner;
}

/* Moves a descriptor up; returns -errno and leaves nothing open where there is no number left. */
static int move(int fd, int least)
{
    int moved = sys_fcntl(fd, F_DUPFD_CLOEXEC, least);

    if (moved < 0 && least > SHELLS_OWN)
        moved = sys_fcntl(fd, F_DUPFD_CLOEXEC, SHELLS_OWN);
    sys_close(fd);
    return moved;
}

static void take_terminal(int terminal)
{
    session.on_terminal = sys_ioctl(terminal, TIOCSCTTY, 0) == 0;
}

/*
 * TIOCNOTTY hangs up the terminal's foreground group, which is the shell's, with
 * all its background jobs.  So another group is put there first, that of a child
 * which has already exited; it is unknown to the shell, for it ends without SIGCHLD.
 */
static void leave_terminal(void)
{
    int terminal = sys_open("/dev/tty", O_RDWR | O_CLOEXEC, 0);
    signal_set mask;

    session.on_terminal = false;
    if (terminal < 0)
        return;                 /* it has hung up itself */
    sys_mask(SIG_BLOCK, SIGNAL_BIT(SIGTTOU), &mask);
    int child = sys_fork(0);
    if (child == 0) {
        sys_set_group(0, 0);
        sys_exit(0);
    }
    if (child > 0) {
        sys_wait(child, WNOWAIT);
        if (sys_ioctl(terminal, TIOCSPGRP, (long)&child) == 0)
            sys_ioctl(terminal, TIOCNOTTY, 0);
        sys_wait(child, 0);
    }
    sys_mask(SIG_SETMASK, mask, NULL);
    sys_close(terminal);
}

/* What the shell has between two texts. */
static void put_own_descriptors(void)
{
    sys_dup_to(session.line, 0);
    sys_dup_to(session.null, 1);
    sys_dup_to(session.null, 2);
}

static void end_text(void)
{
    sys_mask(SIG_BLOCK, SIGNAL_BIT(SIGINT), NULL);
    if (session.on_terminal)
        leave_terminal();
    session.text = -1;
    put_own_descriptors();
}

static void report(uint32_t kind, uint32_t value)
{
    struct report content = { kind, value };
    struct iovec part = { &content, sizeof content };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

    while (sys_send(session.socket, &message) == -EINTR)
        continue;
}

/* Returns 0, or -errno when not all descriptors came, and then none is left; -EPIPE is
   the end of the daemon. */
static int receive(struct request *request, int received[DESCRIPTORS])
{
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(DESCRIPTORS * sizeof(int))];
    } control;
    struct iovec part = { request, sizeof *request };
    struct msghdr message;
    long size;

    do {
        message = (struct msghdr){ .msg_iov = &part, .msg_iovlen = 1,
                                   .msg_control = &control, .msg_controllen = sizeof control };
        size = sys_receive(session.socket, &message);
    } while (size == -EINTR);
    if (size != sizeof *request)
        return -EPIPE;

    const int *passed = (const int *)CMSG_DATA(&control.header);
    int count = 0;
    if (message.msg_controllen >= CMSG_LEN(0))
        count = (int)((control.header.cmsg_len - CMSG_LEN(0)) / sizeof(int));
    for (int i = 0; i < count; i++)
        received[i] = passed[i];
    if (count == DESCRIPTORS)
        return 0;
    while (count > 0)
        sys_close(received[--count]);
    return -EMFILE;
}

/* Puts the descriptors of a request where the text will find them; returns the text's. */
static int start_text(const struct request *request, int received[DESCRIPTORS])
{
    /* All of them first, for one may have come as 0, 1 or 2 where the shell has closed these. */
    for (int i = 0; i < DESCRIPTORS; i++)
        received[i] = move(received[i], SHELLS_OWN);
    for (int i = 0; i < DESCRIPTORS; i++) {
        if (received[i] >= 0)
            continue;
        for (int j = 0; j < DESCRIPTORS; j++)
            if (received[j] >= 0)
                sys_close(received[j]);
        return -EMFILE;
    }

    if (request->flags & ON_TERMINAL)
        take_terminal(received[0]);
    for (int i = 0; i < TEXT; i++) {
        sys_dup_to(received[i], i);
        sys_close(received[i]);
    }
    if (session.bash)
        sys_fcntl(END_MARK, F_SETFD, FD_CLOEXEC);
    session.text = session.bash ? END_MARK : received[TEXT];
    return received[TEXT];
}

static int next_text(uint32_t status)
{
    struct request request = { 0 };
    int received[DESCRIPTORS];

    if (session.text >= 0)
        end_text();
    sys_mask(SIG_BLOCK, SIGNAL_BIT(SIGINT), NULL);
    report(READY, status);
    int result = receive(&request, received);
    while (sys_take_signal(SIGINT))
        continue;
    if (result != -EPIPE)
        sys_rewind(session.line);       /* only now is there another line to read */
    if (result == 0)
        result = start_text(&request, received);
    if (result >= 0)
        report(STARTED, 0);
    else if (result != -EPIPE)
        report(REFUSED, (uint32_t)-result);
    sys_mask(SIG_UNBLOCK, SIGNAL_BIT(SIGINT), NULL);
    return result;
}

static void write_line(const char *bytes, unsigned long size)
{
    sys_truncate(session.line);
    sys_write_first(session.line, bytes, size);
    sys_rewind(session.line);
}

/* The rest of a path that begins with something, else NULL. */
static const char *after(const char *path, const char *beginning)
{
    while (*beginning != '\0')
        if (*path++ != *beginning++)
            return NULL;
    return path;
}

static uint32_t number(const char *digits)
{
    uint32_t value = 0;

    while (*digits >= '0' && *digits <= '9')
        value = value * 10 + (uint32_t)(*digits++ - '0');
    return value;
}

static int empty_file(void)
{
    return sys_fcntl(session.null, F_DUPFD_CLOEXEC, SHELLS_OWN);
}

/* Opens what only exists for the shell. */
static int open_own(const char *name)
{
    const char *rest;

    if ((rest = after(name, "eval/")) != NULL)
        return session.starting ? -ENOENT : next_text(number(rest));
    if (after(name, "end") != NULL)
        return empty_file();
    if ((rest = after(name, "line/")) != NULL && session.starting) {
        session.starting = false;
        session.bash = *rest != '\0';
        if (session.bash)
            write_line(lines_of_bash, sizeof lines_of_bash - 1);
        else
            write_line(line, sizeof line - 1);
        return empty_file();
    }
    return -ENOENT;
}

static int result_of(int result)
{
    if (result >= 0)
        return result;
    errno = -result;
    return -1;
}

static int open_any(const char *path, int flags, unsigned mode)
{
    const char *name = path == NULL ? NULL : after(path, ROOT);

    if (name != NULL && is_shell())
        return result_of(open_own(name));
    if (session.starting && is_shell())
        return result_of(-ENOENT);
    return result_of(sys_open(path, flags, mode));
}

EXPORT int open(const char *path, int flags, ...)
{
    unsigned mode = 0;

    if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE) {
        va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, unsigned);
        va_end(rest);
    }
    return open_any(path, flags, mode);
}

EXPORT int open64(const char *path, int flags, ...) __attribute__((alias("open")));

/* What <fcntl.h> makes of open where _FORTIFY_SOURCE is on. */
EXPORT int __open_2(const char *path, int flags);
EXPORT int __open_2(const char *path, int flags)
{
    return open_any(path, flags, 0);
}

EXPORT int __open64_2(const char *path, int flags) __attribute__((alias("__open_2")));

EXPORT int close(int fd)
{
    bool is_end = fd >= 0 && fd == session.text && is_shell();
    int result = sys_close(fd);

    if (is_end)
        end_text();
    return result_of(result);
}

/* Takes our part out of the environment: LD_PRELOAD has this library first, then what was
   there before. */
static void hide(char **environment)
{
    char **to = environment;

    for (char **from = environment; *from != NULL; from++) {
        const char *rest = after(*from, "LD_PRELOAD=");
        if (rest != NULL) {
            char *value = *from + (rest - *from);
            while (*rest != '\0' && *rest != ':')
                rest++;
            if (*rest == '\0')
                continue;
            while ((*value++ = *++rest) != '\0')
                continue;
        }
        *to++ = *from;
    }
    *to = NULL;
}

/*
 * The socket comes as 0; a program that is started otherwise is none of ours.
 * musl calls a constructor without arguments, and glibc may call it before it has
 * set environ: it is one array either way.
 */
extern char **environ __attribute__((weak));

__attribute__((constructor)) static void begin(int argc, char **argv, char **envp)
{
    int socket = move(sys_fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, SHELLS_OWN), OWN);
    int32_t type = 0;
    uint32_t size = sizeof type;

    (void)argc;
    (void)argv;
    if (sys_call5(SYS_getsockopt, socket, SOL_SOCKET, SO_TYPE, (long)&type, (long)&size) != 0) {
        sys_close(socket);
        return;
    }
    sys_fcntl(socket, F_SETFL, 0);      /* the daemon's are non-blocking */
    hide(&environ != NULL && environ != NULL ? environ : envp);
    session.owner = sys_pid();
    session.socket = socket;
    session.line = move(sys_memfd("coprocess"), OWN);
    session.null = move(sys_open("/dev/null", O_RDWR | O_CLOEXEC, 0), OWN);
    session.starting = true;
    write_line(first_line, sizeof first_line - 1);
    /* And no signal is blocked: bash gives what it starts the mask that it finds now. */
    put_own_descriptors();
}
