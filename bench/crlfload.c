// crlfload: bounded load generator for the sockproc wire protocol.
//
//   crlfload ADDR CONNS TOTAL COMMAND [STDIN_BYTES]
//
// ADDR is a Unix socket path, or all digits for a TCP port on 127.0.0.1. CONNS requests are kept in
// flight until TOTAL have been answered. It is a closed loop: a connection's next request starts when
// its last reply has ended, so the rate is what the daemon sustains with CONNS clients that wait, and
// the latencies, from connect to end of file, say nothing about an open stream of arrivals.
//
// Every reply's framing is checked to the last byte, because a daemon that drops output would
// otherwise look fast. A reply that is not exactly
//
//   status:<n>\r\n<count>\r\n<stdout><count>\r\n<stderr>
//
// counts as bad, and so does one whose <n> is not 0: whoever refuses a request is fast too. Any bad reply makes the exit code 1, and the
// first one is shown. MB/s counts reply bytes only.
//
// One thread and one epoll: the generator shares the cores with the daemon it measures, so what it
// costs should be little and the same for every daemon.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
    FIRST_BUFFER = 1 << 16,
    EVENTS_PER_WAIT = 256,
    STALL_MS = 120000,
    SHOWN_BYTES = 400,
    BACKLOG_RETRIES = 20000,
    BACKLOG_RETRY_US = 100,
};

struct connection {
    int fd;
    double started_at;
    size_t sent;
    char *reply;
    size_t length;
    size_t capacity;
};

static union {
    struct sockaddr any;
    struct sockaddr_in tcp;
    struct sockaddr_un local;
} address;
static socklen_t address_length;

static char *request;
static size_t request_length;

static int poller;
static long total, started, finished, bad;
static double *latencies;
static unsigned long long reply_bytes;

static void die(const char *what)
{
    fprintf(stderr, "crlfload: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void *must(void *memory)
{
    if (memory == NULL)
        die("memory");
    return memory;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void parse_address(const char *text)
{
    if (text[strspn(text, "0123456789")] == '\0') {
        address.tcp.sin_family = AF_INET;
        address.tcp.sin_port = htons(atoi(text));
        address.tcp.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address_length = sizeof address.tcp;
        return;
    }
    if (strlen(text) >= sizeof address.local.sun_path) {
        errno = ENAMETOOLONG;
        die(text);
    }
    address.local.sun_family = AF_UNIX;
    strcpy(address.local.sun_path, text);
    address_length = sizeof address.local;
}

static void build_request(const char *command, long stdin_bytes)
{
    request = must(malloc(strlen(command) + 64 + stdin_bytes));
    request_length = sprintf(request, "%s\r\n%ld\r\n", command, stdin_bytes);
    memset(request + request_length, 'x', stdin_bytes);
    request_length += stdin_bytes;
}

// A full Unix backlog answers EAGAIN and offers nothing to poll for, so trying again is all there is.
static int dial(void)
{
    int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0)
        die("socket");
    for (int i = 0; i < BACKLOG_RETRIES; i++) {
        if (connect(fd, &address.any, address_length) == 0 || errno == EINPROGRESS)
            return fd;
        if (errno != EAGAIN)
            break;
        usleep(BACKLOG_RETRY_US);
    }
    close(fd);
    return -1;
}

// Each connection is a descriptor, and the soft limit is often 1024.
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        die("getrlimit");
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        die("setrlimit");
}

static void watch(struct connection *c, int operation, unsigned events)
{
    struct epoll_event event = { .events = events, .data.ptr = c };
    if (epoll_ctl(poller, operation, c->fd, &event) < 0)
        die("epoll_ctl");
}

// Puts the connection's next request in flight; one that cannot connect is answered badly at once.
static void start_next(struct connection *c)
{
    while (started < total) {
        started++;
        c->sent = 0;
        c->length = 0;
        c->started_at = now();
        c->fd = dial();
        if (c->fd >= 0) {
            watch(c, EPOLL_CTL_ADD, EPOLLIN | EPOLLOUT);
            return;
        }
        bad++;
        finished++;
    }
}

static void send_some(struct connection *c)
{
    ssize_t n = send(c->fd, request + c->sent, request_length - c->sent, MSG_NOSIGNAL);
    if (n > 0)
        c->sent += n;
    if (c->sent == request_length)
        watch(c, EPOLL_CTL_MOD, EPOLLIN);
}

// True when the reply has ended, by end of file or by an error that the framing check will expose.
static bool receive_all_there_is(struct connection *c)
{
    for (;;) {
        if (c->length == c->capacity) {
            c->capacity *= 2;
            c->reply = must(realloc(c->reply, c->capacity));
        }
        ssize_t n = recv(c->fd, c->reply + c->length, c->capacity - c->length, 0);
        if (n <= 0)
            return n == 0 || errno != EAGAIN;
        c->length += n;
    }
}

// Moves past "<digits>\r\n" and the bytes they announce; null when they are not all there.
static const char *skip_counted(const char *p, const char *end)
{
    const char *line_end = memmem(p, end - p, "\r\n", 2);
    if (line_end == NULL)
        return NULL;
    char *digits_end;
    long count = strtol(p, &digits_end, 10);
    p = line_end + 2;
    if (digits_end != line_end || count < 0 || count > end - p)
        return NULL;
    return p + count;
}

static bool is_good(const struct connection *c)
{
    static const char success[] = "status:0\r\n";
    const size_t length = sizeof success - 1;
    const char *end = c->reply + c->length;
    if (c->length < length || memcmp(c->reply, success, length) != 0)
        return false;
    const char *p = skip_counted(c->reply + length, end);
    if (p != NULL)
        p = skip_counted(p, end);
    return p == end;
}

static void finish(struct connection *c)
{
    latencies[finished++] = now() - c->started_at;
    reply_bytes += c->length;
    if (!is_good(c) && bad++ == 0)
        fprintf(stderr, "a bad reply: %.*s\n", (int)(c->length < SHOWN_BYTES ? c->length : SHOWN_BYTES), c->reply);
    close(c->fd);
}

static void handle(struct connection *c, unsigned events)
{
    if ((events & EPOLLOUT) && c->sent < request_length)
        send_some(c);
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) && receive_all_there_is(c)) {
        finish(c);
        start_next(c);
    }
}

static void run(long connections)
{
    poller = epoll_create1(EPOLL_CLOEXEC);
    if (poller < 0)
        die("epoll_create1");
    struct connection *pool = must(calloc(connections, sizeof *pool));
    for (long i = 0; i < connections; i++) {
        pool[i].capacity = FIRST_BUFFER;
        pool[i].reply = must(malloc(FIRST_BUFFER));
        start_next(&pool[i]);
    }
    struct epoll_event events[EVENTS_PER_WAIT];
    while (finished < total) {
        int n = epoll_wait(poller, events, EVENTS_PER_WAIT, STALL_MS);
        if (n <= 0) {
            fprintf(stderr, "stalled: %ld of %ld done\n", finished, total);
            exit(1);
        }
        for (int i = 0; i < n; i++)
            handle(events[i].data.ptr, events[i].events);
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void report(double seconds)
{
    qsort(latencies, total, sizeof *latencies, by_value);
    printf("requests=%ld bad=%ld rate=%.0f/s p50=%.2fms p99=%.2fms max=%.2fms MB/s=%.1f bytes=%llu\n",
           total, bad, total / seconds,
           latencies[total / 2] * 1e3,
           latencies[(long)(total * .99)] * 1e3,
           latencies[total - 1] * 1e3,
           reply_bytes / seconds / 1e6,
           reply_bytes);
}

int main(int argc, char **argv)
{
    long connections = argc > 2 ? atol(argv[2]) : 0;
    long stdin_bytes = argc > 5 ? atol(argv[5]) : 0;
    total = argc > 3 ? atol(argv[3]) : 0;
    if (argc < 5 || argc > 6 || connections < 1 || total < 1 || stdin_bytes < 0) {
        fprintf(stderr, "usage: crlfload ADDR CONNS TOTAL COMMAND [STDIN_BYTES]\n");
        return 2;
    }
    raise_descriptor_limit();
    parse_address(argv[1]);
    build_request(argv[4], stdin_bytes);
    latencies = must(calloc(total, sizeof *latencies));

    double start = now();
    run(connections);
    report(now() - start);
    return bad > 0;
}
