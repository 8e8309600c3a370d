/*
 * What to do comes on descriptor 3, not as arguments and environment: those are
 * for all the machine to read, and an environment that says LD_PRELOAD would have
 * its say here, where somebody else may still be root.
 *
 * Two 32-bit numbers, how many words and how many bytes, and the words, each ended
 * by a NUL.  The first five are the numbers of groups, of writable and of hidden
 * paths, of variables and of files; then uid and gid, or - twice, and the directory;
 * then those lists, each followed by an empty word; the rest are the arguments.
 */
#include "sandbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COUNTS = 5, MOST_GROUPS = 65536, MOST_BYTES = 64 << 20 };

static bool number(const char *text, unsigned long most, unsigned long *value)
{
    char *end;

    *value = strtoul(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == '\0' && *value <= most;
}

/* A list of so many arguments, ended in place; NULL if there are not so many. */
static char **list(char ***next, char **end, unsigned long count)
{
    char **first = *next;

    if ((unsigned long)(end - first) <= count)
        return NULL;
    first[count] = NULL;
    *next = first + count + 1;
    return first;
}

static bool read_groups(struct kuid_spawn_isolation *isolation, char **words, size_t count)
{
    uint32_t *groups = calloc(count + 1, sizeof *groups);
    unsigned long value;

    for (size_t i = 0; groups != NULL && i < count; i++) {
        if (!number(words[i], UINT32_MAX - 1, &value))
            return false;
        groups[i] = (uint32_t)value;
    }
    isolation->groups = groups;
    isolation->group_count = (uint32_t)count;
    return groups != NULL;
}

static bool read_words(struct sandbox *sandbox, char **words, size_t word_count)
{
    char **next = words, **end = words + word_count;
    unsigned long counts[COUNTS], uid = 0, gid = 0;

    *sandbox = (struct sandbox){ 0 };
    if (word_count < COUNTS + 3)
        return false;
    for (int i = 0; i < COUNTS; i++)
        if (!number(*next++, MOST_GROUPS * 64UL, &counts[i]))
            return false;
    sandbox->as_root = next[0][0] != '-';
    if (sandbox->as_root
        && (!number(next[0], UINT32_MAX - 1, &uid) || !number(next[1], UINT32_MAX - 1, &gid) || uid == 0))
        return false;
    sandbox->cwd = next[2];
    next += 3;

    char **groups = list(&next, end, counts[0]);
    sandbox->writable = groups == NULL ? NULL : list(&next, end, counts[1]);
    sandbox->hidden = sandbox->writable == NULL ? NULL : list(&next, end, counts[2]);
    char **variables = sandbox->hidden == NULL ? NULL : list(&next, end, counts[3]);
    char **files = variables == NULL ? NULL : list(&next, end, counts[4]);
    if (files == NULL || !read_groups(&sandbox->isolation, groups, counts[0]))
        return false;

    sandbox->isolation.flags = KUID_ISOLATION_NO_NEW_PRIVS
        | (sandbox->as_root ? KUID_ISOLATION_USER : KUID_ISOLATION_NO_CAPABILITIES);
    sandbox->isolation.uid = (uint32_t)uid;
    sandbox->isolation.gid = (uint32_t)gid;
    sandbox->request = (struct kuid_spawn_request){
        .paths = (const char *const *)files,
        .argv = next,
        .envp = variables,
        .isolation = &sandbox->isolation,
    };
    return true;
}

static bool receive(int fd, void *bytes, size_t size)
{
    for (size_t have = 0; have < size;) {
        ssize_t count = read(fd, (char *)bytes + have, size - have);

        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        have += (size_t)count;
    }
    return true;
}

bool sandbox_read(struct sandbox *sandbox, int fd)
{
    uint32_t sizes[2];

    if (!receive(fd, sizes, sizeof sizes) || sizes[0] > MOST_BYTES || sizes[1] > MOST_BYTES)
        return false;
    char **words = calloc(sizes[0] + 1, sizeof *words);
    char *text = malloc(sizes[1] + 1);
    if (words == NULL || text == NULL || !receive(fd, text, sizes[1]))
        return false;
    text[sizes[1]] = '\0';
    char *next = text;
    for (uint32_t i = 0; i < sizes[0]; i++) {
        if (next >= text + sizes[1])
            return false;
        words[i] = next;
        next += strlen(next) + 1;
    }
    return read_words(sandbox, words, sizes[0]);
}
