/*
 * The program the tests spawn.  It tells of the state it was started in:
 *
 *   probe fds               the numbers of the open descriptors
 *   probe session           whether it leads its own session and group
 *   probe signals           what is ignored or blocked, 32 and 33 included
 *   probe inodes N N N      exit 0 if these are behind 0, 1 and 2
 *   probe limits            its resource limits, soft and hard
 *   probe rights            its users, groups, capabilities, umask, no_new_privs
 *   probe length            the length of its second argument
 *   probe no-arguments FILE executes FILE with an empty argv
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "signals.h"

static int print_descriptors(void)
{
    DIR *directory = opendir("/proc/self/fd");
    struct dirent *entry;

    if (directory == NULL)
        return 1;
    while ((entry = readdir(directory)) != NULL)
        if (entry->d_name[0] != '.' && atoi(entry->d_name) != dirfd(directory))
            printf("%s ", entry->d_name);
    return 0;
}

static int print_session(void)
{
    pid_t pid = getpid();

    printf("session %s, group %s", getsid(0) == pid ? "own" : "foreign",
           getpgrp() == pid ? "own" : "foreign");
    return 0;
}

static int print_signals(void)
{
    struct { uintptr_t handler; uint64_t rest[3]; } action;
    uint64_t blocked = 0;

    syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &blocked, sizeof blocked);
    printf("blocked %" PRIx64 ", not default:", blocked);
    for (int signo = 1; signo <= SIGNAL_LAST; signo++) {
        memset(&action, 0, sizeof action);
        syscall(SYS_rt_sigaction, signo, NULL, &action, sizeof(uint64_t));
        if (action.handler != (uintptr_t)SIG_DFL)
            printf(" %d", signo);
    }
    return 0;
}

static int print_limits(void)
{
    static const struct { const char *name; __rlimit_resource_t resource; } limits[] = {
        { "cpu", RLIMIT_CPU }, { "as", RLIMIT_AS }, { "fsize", RLIMIT_FSIZE },
        { "nofile", RLIMIT_NOFILE }, { "nproc", RLIMIT_NPROC }, { "core", RLIMIT_CORE },
    };
    struct rlimit limit;

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        if (getrlimit(limits[i].resource, &limit) != 0)
            return 1;
        printf("%s%s %llu %llu", i == 0 ? "" : ", ", limits[i].name,
               (unsigned long long)limit.rlim_cur, (unsigned long long)limit.rlim_max);
    }
    return 0;
}

static int print_rights(void)
{
    static const char *const names[] = { "Umask:", "Uid:", "Gid:", "Groups:", "CapInh:", "CapPrm:",
                                         "CapEff:", "CapBnd:", "CapAmb:", "NoNewPrivs:" };
    FILE *status = fopen("/proc/self/status", "r");
    char line[1024];

    if (status == NULL)
        return 1;
    while (fgets(line, sizeof line, status) != NULL)
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (strncmp(line, names[i], strlen(names[i])) == 0)
                fputs(line, stdout);
    return fclose(status);
}

static int compare_inodes(char **expected)
{
    struct stat status;

    for (int fd = 0; fd < 3; fd++)
        if (fstat(fd, &status) != 0 || status.st_ino != strtoull(expected[fd], NULL, 10))
            return 1 + fd;
    return 0;
}

static int execute_without_arguments(const char *path)
{
    char *none[] = { NULL };

    execv(path, none);
    perror(path);
    return 126;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";

    if (strcmp(what, "fds") == 0)
        return print_descriptors();
    if (strcmp(what, "session") == 0)
        return print_session();
    if (strcmp(what, "signals") == 0)
        return print_signals();
    if (strcmp(what, "limits") == 0)
        return print_limits();
    if (strcmp(what, "rights") == 0)
        return print_rights();
    if (strcmp(what, "inodes") == 0 && argc == 5)
        return compare_inodes(argv + 2);
    if (strcmp(what, "length") == 0 && argc == 3)
        return printf("%zu", strlen(argv[2])) < 0;
    if (strcmp(what, "no-arguments") == 0 && argc == 3)
        return execute_without_arguments(argv[2]);
    return 125;
}
