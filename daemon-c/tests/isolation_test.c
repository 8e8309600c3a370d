/*
 * What rights a child loses, and that one which cannot lose them does not start.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "job.h"
#include "suites.h"

enum { NOBODY = 65534 };

static const uint32_t groups[] = { 7, 11 };

static const struct kuid_spawn_isolation as_nobody = {
    .flags = KUID_ISOLATION_NO_NEW_PRIVS | KUID_ISOLATION_USER | KUID_ISOLATION_UMASK,
    .umask = 027, .uid = NOBODY, .gid = NOBODY, .groups = groups, .group_count = 2,
};

static const struct kuid_spawn_isolation no_new_privs = { .flags = KUID_ISOLATION_NO_NEW_PRIVS };

static void rights_of(const struct kuid_spawn_isolation *isolation, char *rights, size_t size)
{
    struct kuid_spawn_request request = job_request(JOB_PROBE("rights"));

    request.isolation = isolation;
    CHECK_EQUAL(job_output(request, rights, size), 0);
}

static void must_have(const char *rights, const char *line)
{
    if (strstr(rights, line) == NULL)
        check_failed("\"%s\" is not in \"%s\"", line, rights);
}

static void nothing_by_itself(void)
{
    static const struct kuid_spawn_isolation none = { 0 };
    char without[1024], with[1024];

    rights_of(NULL, without, sizeof without);
    rights_of(&none, with, sizeof with);
    CHECK(strcmp(without, with) == 0);
    must_have(without, "NoNewPrivs:\t0\n");
}

static void sets_no_new_privs(void)
{
    char rights[1024];

    rights_of(&no_new_privs, rights, sizeof rights);
    must_have(rights, "NoNewPrivs:\t1\n");
    CHECK_EQUAL(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
}

static void becomes_another_user(void)
{
    char rights[1024];

    if (geteuid() != 0)
        check_skipped("only root can become another user");
    rights_of(&as_nobody, rights, sizeof rights);
    must_have(rights, "Umask:\t0027\n");
    must_have(rights, "Uid:\t65534\t65534\t65534\t65534\n");
    must_have(rights, "Gid:\t65534\t65534\t65534\t65534\n");
    must_have(rights, "Groups:\t7 11 \n");
    must_have(rights, "CapInh:\t0000000000000000\n");
    must_have(rights, "CapPrm:\t0000000000000000\n");
    must_have(rights, "CapEff:\t0000000000000000\n");
    must_have(rights, "CapBnd:\t0000000000000000\n");
    must_have(rights, "CapAmb:\t0000000000000000\n");
    must_have(rights, "NoNewPrivs:\t1\n");
}

static void without_groups(void)
{
    struct kuid_spawn_isolation isolation = as_nobody;
    char rights[1024];

    if (geteuid() != 0)
        check_skipped("only root can become another user");
    isolation.group_count = 0;
    rights_of(&isolation, rights, sizeof rights);
    must_have(rights, "Groups:\t \n");
}

static void caller_stays(void)
{
    uid_t uid = getuid();
    int groups_before = getgroups(0, NULL);
    char rights[1024];

    if (geteuid() != 0)
        check_skipped("only root can become another user");
    rights_of(&as_nobody, rights, sizeof rights);
    CHECK_EQUAL(getuid(), uid);
    CHECK_EQUAL(getgroups(0, NULL), groups_before);
    CHECK_EQUAL(prctl(PR_CAPBSET_READ, 0, 0, 0, 0), 1);
    CHECK_EQUAL(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
}

/* What root may enter and the user may not fails, so it is the user who enters. */
static void enters_as_the_user(void)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));

    if (geteuid() != 0)
        check_skipped("only root can become another user");
    request.isolation = &as_nobody;
    request.cwd = "/proc/1/fd";
    job_must_fail(&request, KUID_SPAWN_CHDIR, EACCES);
}

static void others_cannot(void)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));

    if (geteuid() == 0 && syscall(SYS_setresuid, NOBODY, NOBODY, NOBODY) != 0)
        check_skipped("cannot become a user without rights");
    request.isolation = &as_nobody;
    job_must_fail(&request, KUID_SPAWN_BOUNDING, EPERM);
}

static void unknown_flags(void)
{
    static const struct kuid_spawn_isolation unknown = { .flags = 1U << 31 };
    static const struct kuid_spawn_isolation reserved = { .flags = KUID_ISOLATION_REPORT, .report = 2 };
    struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));

    request.isolation = &unknown;
    job_must_fail(&request, KUID_SPAWN_NONE, EINVAL);
    request.isolation = &reserved;
    job_must_fail(&request, KUID_SPAWN_NONE, EINVAL);
}

static void step_must_fail(enum kuid_spawn_step step, long number,
                           const struct kuid_spawn_isolation *isolation)
{
    struct kuid_spawn_request request = job_request(JOB_SHELL("exit 0"));

    request.isolation = isolation;
    inject(number, ENOTRECOVERABLE);
    job_must_fail(&request, step, ENOTRECOVERABLE);
}

static void bounding_fails(void)
{
    step_must_fail(KUID_SPAWN_BOUNDING, SYS_prctl, &as_nobody);
}

static void groups_fail(void)
{
    if (geteuid() != 0)
        check_skipped("only root gets as far");
    step_must_fail(KUID_SPAWN_GROUPS, SYS_setgroups, &as_nobody);
}

static void gid_fails(void)
{
    if (geteuid() != 0)
        check_skipped("only root gets as far");
    step_must_fail(KUID_SPAWN_GROUP_ID, SYS_setresgid, &as_nobody);
}

static void uid_fails(void)
{
    if (geteuid() != 0)
        check_skipped("only root gets as far");
    step_must_fail(KUID_SPAWN_USER_ID, SYS_setresuid, &as_nobody);
}

static void capabilities_fail(void)
{
    if (geteuid() != 0)
        check_skipped("only root gets as far");
    step_must_fail(KUID_SPAWN_CAPABILITIES, SYS_capset, &as_nobody);
}

static void no_new_privs_fails(void)
{
    step_must_fail(KUID_SPAWN_NO_NEW_PRIVS, SYS_prctl, &no_new_privs);
}

const struct test isolation_tests[] = {
    { "a child loses nothing that it was not told to", nothing_by_itself },
    { "no_new_privs is set in the child alone", sets_no_new_privs },
    { "a child is another user with no capability, and none to come", becomes_another_user },
    { "a child without groups has none of its caller's", without_groups },
    { "the rights of the caller stay as they are", caller_stays },
    { "the directory is entered as the user", enters_as_the_user },
    { "a caller without rights cannot change the user, and nothing starts", others_cannot },
    { "unknown isolation is refused before any step", unknown_flags },
    { "a failing drop of the bounding set is told", bounding_fails },
    { "a failing setgroups is told", groups_fail },
    { "a failing setresgid is told", gid_fails },
    { "a failing setresuid is told", uid_fails },
    { "a failing capset is told", capabilities_fail },
    { "a failing no_new_privs is told", no_new_privs_fails },
    { 0 },
};
