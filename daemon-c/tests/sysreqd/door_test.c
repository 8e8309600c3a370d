#include <asm/socket.h>
#include <asm/unistd.h>
#include <linux/errno.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/stat.h>
#include <linux/un.h>
#include <string.h>

#include "../../sysreqd/sysreqd.h"
#include "../check.h"
#include "kernel.h"
#include "suites.h"

enum { INET6 = 10 };

/* What is at the path, and what the machine has. */
static long connect_says = -ECONNREFUSED, bind6_says, socket6_says = 6, user = 1000;
static unsigned short mode_of_path;
static bool path_is_taken;
static char directory_opened[128], path_bound[128];

static long answer_bind(const struct sockaddr_in *name)
{
    if (name->sin_family == INET6)
        return bind6_says;
    if (name->sin_family == 1)
        strncpy(path_bound, ((const struct sockaddr_un *)name)->sun_path, sizeof path_bound - 1);
    return name->sin_family == 1 && path_is_taken ? -EADDRINUSE : 0;
}

static long answer(const struct kernel_call *call)
{
    switch (call->nr) {
    case __NR_openat:
        strncpy(directory_opened, (const char *)call->b, sizeof directory_opened - 1);
        return 9;
    case __NR_socket:
        return call->a == INET6 ? socket6_says : 5;
    case __NR_bind:
        return answer_bind((const struct sockaddr_in *)call->b);
    case __NR_connect:
        return connect_says;
    case __NR_statx:
        ((struct statx *)call->e)->stx_mode = mode_of_path;
        ((struct statx *)call->e)->stx_ino = 77;
        return 0;
    case __NR_unlinkat:
        path_is_taken = false;
        return 0;
    case __NR_umask:
        return 022;
    case __NR_geteuid:
        return user;
    default:
        return 0;
    }
}

static bool said(const char *text)
{
    return kernel.message_size == (long)strlen(text) && memcmp(kernel.message, text, strlen(text)) == 0;
}

static void open_unix(void)
{
    door_open_unix();
}

static void open_loopback(void)
{
    door_open_loopback(32000);
}

static int opens(void (*open)(void), const char *path)
{
    kernel.answer = answer;
    service.path = path;
    return kernel_run(open);
}

static void a_unix_socket_has_its_mode_from_the_first_moment(void)
{
    CHECK_EQUAL(opens(open_unix, "/some/where/s"), KERNEL_RETURNED);
    long bound = kernel_find(__NR_bind, 0);

    CHECK_EQUAL(kernel.calls[bound - 1].nr, __NR_umask);
    CHECK_EQUAL(kernel.calls[bound - 1].a, 0177);
    CHECK_EQUAL(kernel.calls[bound + 1].nr, __NR_umask);
    CHECK_EQUAL(kernel.calls[bound + 1].a, 022);
    CHECK(strcmp(path_bound, "/some/where/s") == 0);
    CHECK_EQUAL(service.door[0].fd, 5);
    CHECK_EQUAL(service.door[1].fd, -1);
    CHECK_EQUAL(service.socket_inode, 77);
    CHECK_EQUAL(kernel_times(__NR_unlinkat), 0);
}

static void the_directory_is_locked_from_bind_to_listen(void)
{
    CHECK_EQUAL(opens(open_unix, "/some/where/s"), KERNEL_RETURNED);
    CHECK(strcmp(directory_opened, "/some/where/") == 0);
    long locked = kernel_find(__NR_flock, 0);
    CHECK(locked >= 0 && locked < kernel_find(__NR_bind, 0));
    CHECK_EQUAL(kernel.calls[locked].a, 9);
    long listening = kernel_find(__NR_listen, 0);
    CHECK_EQUAL(kernel_find(__NR_close, 0), listening + 1);
    CHECK_EQUAL(kernel.calls[listening + 1].a, 9);
}

static void a_stale_socket_is_replaced(void)
{
    path_is_taken = true;
    mode_of_path = S_IFSOCK;
    CHECK_EQUAL(opens(open_unix, "./s"), KERNEL_RETURNED);
    CHECK_EQUAL(kernel_times(__NR_unlinkat), 1);
    CHECK_EQUAL(kernel_times(__NR_bind), 2);
    CHECK_EQUAL(kernel_times(__NR_listen), 1);
}

static void refused(const char *path, const char *message)
{
    CHECK_EQUAL(opens(open_unix, path), EXIT_FAILED);
    CHECK(said(message));
    CHECK_EQUAL(kernel_times(__NR_unlinkat), 0);
    CHECK_EQUAL(kernel_times(__NR_listen), 0);
}

static void a_living_socket_is_refused(void)
{
    path_is_taken = true;
    mode_of_path = S_IFSOCK;
    connect_says = 0;
    refused("/s", "kuid-sysreqd: socket is in use\n");
}

/* EAGAIN: the backlog is full, so somebody has it. */
static void a_busy_socket_is_refused(void)
{
    path_is_taken = true;
    mode_of_path = S_IFSOCK;
    connect_says = -EAGAIN;
    refused("/s", "kuid-sysreqd: socket is in use\n");
}

static void what_is_no_socket_is_refused(void)
{
    path_is_taken = true;
    mode_of_path = S_IFREG;
    refused("/s", "kuid-sysreqd: path is no socket\n");
}

static void a_long_path_is_refused(void)
{
    static char path[200];

    memset(path, '/', 108);
    refused(path, "kuid-sysreqd: path is longer than 107 bytes\n");
}

static void the_longest_path_is_bound(void)
{
    static char path[200];

    memset(path, '/', 107);
    CHECK_EQUAL(opens(open_unix, path), KERNEL_RETURNED);
    const struct sockaddr_un *bound = (const struct sockaddr_un *)kernel.calls[kernel_find(__NR_bind, 0)].b;
    CHECK_EQUAL(strlen(bound->sun_path), 107);
}

static void whichever_call_fails_nothing_of_others_is_removed(void)
{
    mode_of_path = S_IFSOCK;
    connect_says = 0;
    for (kernel.fail_at = 1; kernel.fail_at < 20; kernel.fail_at++) {
        path_is_taken = kernel.fail_at % 2 == 0;
        kernel.fail_with = -EIO;
        kernel.count = kernel.message_size = 0;
        opens(open_unix, "/s");
        CHECK_EQUAL(kernel_times(__NR_unlinkat), 0);
    }
}

static void both_loopback_addresses_are_bound(void)
{
    CHECK_EQUAL(opens(open_loopback, 0), KERNEL_RETURNED);
    CHECK_EQUAL(service.door[0].fd, 5);
    CHECK_EQUAL(service.door[1].fd, 6);
    CHECK_EQUAL(kernel.message_size, 0);
    CHECK_EQUAL(kernel_times(__NR_listen), 2);
}

static void without_the_family_there_is_one_door(void)
{
    socket6_says = -EAFNOSUPPORT;
    bind6_says = -EBADF;
    CHECK_EQUAL(opens(open_loopback, 0), KERNEL_RETURNED);
    CHECK_EQUAL(service.door[1].fd, -1);
}

static void without_the_address_there_is_one_door(void)
{
    bind6_says = -EADDRNOTAVAIL;
    CHECK_EQUAL(opens(open_loopback, 0), KERNEL_RETURNED);
    CHECK_EQUAL(service.door[1].fd, -1);
}

static void a_port_of_somebody_else_is_an_error(void)
{
    bind6_says = -EADDRINUSE;
    CHECK_EQUAL(opens(open_loopback, 0), EXIT_FAILED);
    CHECK(said("kuid-sysreqd: bind: errno 98\n"));
}

static void root_is_told_loudly(void)
{
    user = 0;
    CHECK_EQUAL(opens(open_loopback, 0), KERNEL_RETURNED);
    CHECK(said("kuid-sysreqd: runs as root: WHOEVER REACHES THIS PORT IS ROOT\n"));
}

const struct test door_tests[] = {
    { "a Unix socket has its mode from the first moment, and the umask is given back",
      a_unix_socket_has_its_mode_from_the_first_moment },
    { "the directory is locked from before the bind until it listens", the_directory_is_locked_from_bind_to_listen },
    { "a stale socket is replaced", a_stale_socket_is_replaced },
    { "a living socket is refused", a_living_socket_is_refused },
    { "a socket that is too busy to answer is refused", a_busy_socket_is_refused },
    { "a path that is no socket is refused", what_is_no_socket_is_refused },
    { "a path of 108 bytes is refused", a_long_path_is_refused },
    { "a path of 107 bytes is bound", the_longest_path_is_bound },
    { "whichever call fails, nothing of others is removed", whichever_call_fails_nothing_of_others_is_removed },
    { "both loopback addresses are bound", both_loopback_addresses_are_bound },
    { "without IPv6 there is one door", without_the_family_there_is_one_door },
    { "without ::1 there is one door", without_the_address_there_is_one_door },
    { "a port that somebody else has on ::1 is an error", a_port_of_somebody_else_is_an_error },
    { "root is told loudly who becomes root", root_is_told_loudly },
    { 0 },
};
