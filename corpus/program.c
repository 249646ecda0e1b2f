/* prlimit, pipe2 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "corpus/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    COPY_BYTES = 64 * 1024,
    WAIT_MS = 100 /* between looks at whether to stop */
};

static const rlim_t memory_max_bytes = (rlim_t)2 << 30;

extern char **environ;

typedef struct run {
    const char *const *words;
    pid_t pid;
    int from; /* what it writes */
    time_t deadline;
    const volatile int *stop;
    uint64_t max_bytes;
    lede_source *text;
    lede_error *cut; /* why not all of it came */
} run;

static time_t now(void)
{
    struct timespec t = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

static int spawn(const char *const *words, pid_t *pid, int in, int out)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t reset, none;
    int error = posix_spawn_file_actions_init(&files);

    if (error != 0) {
        return error;
    }
    error = posix_spawnattr_init(&how);
    if (error != 0) {
        posix_spawn_file_actions_destroy(&files);
        return error;
    }
    sigemptyset(&none);
    sigemptyset(&reset);
    sigaddset(&reset, SIGPIPE);
    if ((error = posix_spawn_file_actions_adddup2(&files, in, 0)) == 0 &&
        (error = posix_spawn_file_actions_adddup2(&files, out, 1)) == 0 &&
        (error = posix_spawn_file_actions_addopen(&files, 2, "/dev/null",
                                                  O_WRONLY, 0)) == 0 &&
        (error = posix_spawnattr_setsigdefault(&how, &reset)) == 0 &&
        (error = posix_spawnattr_setsigmask(&how, &none)) == 0 &&
        (error = posix_spawnattr_setflags(
             &how, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)) == 0) {
        error = posix_spawnp(pid, words[0], &files, &how,
                             (char **)(uintptr_t)words, environ);
    }
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

static lede_status start(run *c, int document, lede_error *err)
{
    const struct rlimit memory = {memory_max_bytes, memory_max_bytes};
    const struct rlimit cpu = {LEDE_PROGRAM_SECONDS_MAX,
                               LEDE_PROGRAM_SECONDS_MAX};
    int ends[2];
    int error;

    if (pipe2(ends, O_CLOEXEC) != 0) {
        return lede_fail(err, LEDE_IO, "a pipe: %s", strerror(errno));
    }
    error = spawn(c->words, &c->pid, document, ends[1]);
    close(ends[1]);
    if (error != 0) {
        close(ends[0]);
        return lede_fail(err, error == ENOENT ? LEDE_NOT_FOUND : LEDE_BAD_INPUT,
                         "%s cannot be run: %s", c->words[0], strerror(error));
    }
    (void)prlimit(c->pid, RLIMIT_AS, &memory, NULL);
    (void)prlimit(c->pid, RLIMIT_CPU, &cpu, NULL);
    c->from = ends[0];
    c->deadline = now() + LEDE_PROGRAM_SECONDS_MAX;
    return LEDE_OK;
}

/* Takes what the program writes. LEDE_END: all of it, or c->cut says why not.
 */
static lede_status take_some(run *c, uint8_t *bytes, lede_error *err)
{
    struct pollfd from = {.fd = c->from, .events = POLLIN};
    ssize_t n;

    if (c->stop != NULL && *c->stop != 0) {
        return lede_fail(err, LEDE_INTERRUPTED, "interrupted");
    }
    if (now() >= c->deadline) {
        (void)lede_fail(c->cut, LEDE_CORRUPT, "%s took more than %d seconds",
                        c->words[0], LEDE_PROGRAM_SECONDS_MAX);
        return LEDE_END;
    }
    if (poll(&from, 1, WAIT_MS) <= 0) {
        return LEDE_OK; /* not yet, or a signal */
    }
    n = read(c->from, bytes, COPY_BYTES);
    if (n < 0 && errno == EINTR) {
        return LEDE_OK;
    }
    if (n <= 0) {
        return n == 0 ? LEDE_END
                      : lede_fail(err, LEDE_IO, "%s: %s", c->words[0],
                                  strerror(errno));
    }
    if (c->text->size + (size_t)n > c->max_bytes) {
        (void)lede_fail(c->cut, LEDE_CORRUPT, "%s wrote more than %u MiB",
                        c->words[0], (unsigned)(c->max_bytes >> 20));
        return LEDE_END;
    }
    return lede_spool_put(c->text, bytes, (size_t)n, err);
}

/* Ends it whatever it does, so that no process is left behind. */
static void finish(run *c, bool is_done)
{
    int how = 0;
    pid_t got;

    close(c->from);
    if (!is_done) {
        (void)kill(c->pid, SIGKILL);
    }
    do {
        got = waitpid(c->pid, &how, 0);
    } while (got < 0 && errno == EINTR);
    if (is_done && got == c->pid &&
        (!WIFEXITED(how) || WEXITSTATUS(how) != 0)) {
        (void)lede_fail(c->cut, LEDE_CORRUPT, "%s cannot read it%s",
                        c->words[0], c->text->size > 0 ? " to its end" : "");
    }
}

lede_status lede_program_run(const char *const *words, int fd,
                             const volatile int *stop, uint64_t max_bytes,
                             lede_source *text, lede_error *cut,
                             lede_error *err)
{
    run c = {.words = words,
             .stop = stop,
             .max_bytes = max_bytes,
             .text = text,
             .cut = cut};
    uint8_t *bytes = malloc(COPY_BYTES);
    lede_status status = bytes == NULL
                             ? lede_fail(err, LEDE_NO_MEMORY, "out of memory")
                             : start(&c, fd, err);

    *cut = (lede_error){0};
    if (status == LEDE_OK) {
        while (status == LEDE_OK) {
            status = take_some(&c, bytes, err);
        }
        finish(&c, status == LEDE_END && cut->status == LEDE_OK);
        status = status == LEDE_END ? LEDE_OK : status;
    }
    free(bytes);
    if (status == LEDE_OK && cut->status != LEDE_OK && text->size == 0) {
        return lede_fail(err, LEDE_BAD_INPUT, "%s", cut->message);
    }
    return status;
}
