#define _GNU_SOURCE /* prctl's constants */
#include "storage/apart.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_MS = 100, READ_BYTES = 4096 };

/* --- There ---------------------------------------------------------------- */

static bool write_all(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len > 0) {
        ssize_t n = write(fd, at, len);

        if (n < 0 && errno != EINTR) {
            return false;
        }
        at += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

void lede_apart_say(int out, const char *line)
{
    write_all(out, line, strlen(line));
    write_all(out, "\n", 1);
}

/* What a crash prints is told by its signal; no file is made of it. */
static bool prepare(const lede_apart *apart, pid_t parent)
{
    const struct rlimit no_core = {0, 0};
    struct rlimit compute;
    int null = open("/dev/null", O_WRONLY);

    if (null < 0 || dup2(null, STDERR_FILENO) < 0 ||
        prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent ||
        getrlimit(RLIMIT_CPU, &compute) != 0) {
        return false;
    }
    if (apart->compute_s > 0 && apart->compute_s < compute.rlim_cur) {
        compute.rlim_cur = apart->compute_s;
    }
    return setrlimit(RLIMIT_CORE, &no_core) == 0 &&
           setrlimit(RLIMIT_CPU, &compute) == 0 &&
           signal(SIGXCPU, SIG_DFL) != SIG_ERR;
}

/* Behind the lines comes a NUL, and the result as a whole lede_error. */
static void work_there(const lede_apart *apart, int out, pid_t parent)
{
    lede_error result = {0};

    if (!prepare(apart, parent)) {
        _exit(1);
    }
    result.status = apart->work(apart->ctx, out, &result);
    _exit(write_all(out, "", 1) && write_all(out, &result, sizeof result) ? 0
                                                                          : 1);
}

/* --- Here ----------------------------------------------------------------- */

typedef struct hearing {
    const lede_apart *apart;
    char line[LEDE_APART_LINE_BYTES];
    size_t len;        /* of the line, or of the result behind the NUL */
    bool has_all_said; /* the NUL came */
    lede_error result;
} hearing;

static void hear_byte(hearing *h, char byte)
{
    if (h->has_all_said) {
        if (h->len < sizeof h->result) {
            ((char *)&h->result)[h->len++] = byte;
        }
    } else if (byte == '\n') {
        h->line[h->len] = '\0';
        h->len = 0;
        if (h->apart->line != NULL) {
            h->apart->line(h->apart->ctx, h->line);
        }
    } else if (byte == '\0') {
        h->len = 0;
        h->has_all_said = true;
    } else if (h->len + 1 < sizeof h->line) {
        h->line[h->len++] = byte;
    }
}

static bool has_result(const hearing *h)
{
    return h->has_all_said && h->len == sizeof h->result;
}

/* Hears all that is said; false if it was stopped before. */
static bool hear(hearing *h, int in)
{
    struct pollfd poller = {.fd = in, .events = POLLIN};
    char bytes[READ_BYTES];

    for (;;) {
        ssize_t n;
        int ready = poll(&poller, 1, LOOK_MS);

        if (h->apart->stop != NULL && *h->apart->stop != 0) {
            return false;
        }
        if (ready <= 0) {
            if (h->apart->look != NULL) {
                h->apart->look(h->apart->ctx);
            }
            continue;
        }
        n = read(in, bytes, sizeof bytes);
        if (n == 0 || (n < 0 && errno != EINTR)) {
            return true;
        }
        for (ssize_t i = 0; i < n; i++) {
            hear_byte(h, bytes[i]);
        }
    }
}

static lede_status how_it_ended(const lede_apart *apart, int state,
                                lede_error *err)
{
    if (WIFSIGNALED(state) && WTERMSIG(state) == SIGXCPU) {
        return lede_fail(err, LEDE_BUG, "no end of it in %u s of computing",
                         apart->compute_s);
    }
    return WIFSIGNALED(state)
               ? lede_fail(err, LEDE_BUG, "ended by signal %d (%s)",
                           WTERMSIG(state), strsignal(WTERMSIG(state)))
               : lede_fail(err, LEDE_BUG, "ended before its end");
}

static lede_status await(const lede_apart *apart, pid_t child, int in,
                         lede_error *err)
{
    hearing h = {.apart = apart};
    bool is_stopped = !hear(&h, in);
    int state = 0;

    if (is_stopped) {
        kill(child, SIGKILL);
    }
    while (waitpid(child, &state, 0) < 0 && errno == EINTR) {
    }
    if (is_stopped) {
        return lede_fail(err, LEDE_INTERRUPTED, "stopped");
    }
    if (!has_result(&h)) {
        return how_it_ended(apart, state, err);
    }
    h.result.message[sizeof h.result.message - 1] = '\0';
    return h.result.status == LEDE_OK
               ? LEDE_OK
               : lede_fail(err, h.result.status, "%s", h.result.message);
}

lede_status lede_apart_run(const lede_apart *apart, lede_error *err)
{
    pid_t parent = getpid(), child;
    int ends[2];
    lede_status status;

    if (pipe(ends) != 0) {
        return lede_fail(err, LEDE_IO, "a pipe: %s", strerror(errno));
    }
    child = fork();
    if (child == 0) {
        close(ends[0]);
        work_there(apart, ends[1], parent);
    }
    close(ends[1]);
    status = child < 0
                 ? lede_fail(err, LEDE_IO, "a process: %s", strerror(errno))
                 : await(apart, child, ends[0], err);
    close(ends[0]);
    return status;
}
