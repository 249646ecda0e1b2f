/* pdf.c - PDF documents: their text as pdftotext (of poppler-utils) gives it,
 * read as a plain article.
 *
 * A PDF's own code is no matter for a reader of news: the program does that, in
 * a process of its own that has no more time, memory and output than any
 * document needs. It is started as it is, by no shell. */
/* prlimit, pipe2 */
#define _GNU_SOURCE

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

#include "corpus/format.h"
#include "corpus/spool.h"

enum {
    COPY_BYTES = 64 * 1024,
    SECONDS_MAX = 60,
    WAIT_MS = 100 /* between looks at whether to stop */
};

static const uint64_t document_max_bytes = UINT64_C(512) << 20;
static const uint64_t text_max_bytes = UINT64_C(16) << 20;
static const rlim_t memory_max_bytes = (rlim_t)2 << 30;

extern char **environ;

typedef struct converter {
    pid_t pid;
    int from; /* what it writes */
    time_t deadline;
    const volatile int *stop;
    lede_source *text;
    lede_error cut; /* why not all of it came */
} converter;

static time_t now(void)
{
    struct timespec t = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

/* The program wants a file that it can go back and forth in. */
static lede_status copy_document(lede_input *input, lede_source *spool,
                                 lede_error *err)
{
    uint8_t *bytes = malloc(COPY_BYTES);
    lede_status status = bytes == NULL
                             ? lede_fail(err, LEDE_NO_MEMORY, "out of memory")
                             : LEDE_OK;
    uint64_t all = 0;
    size_t got;

    while (status == LEDE_OK) {
        status = lede_input_read(input, bytes, COPY_BYTES, &got, err);
        if (status == LEDE_OK && (all += got) > document_max_bytes) {
            status = lede_fail(err, LEDE_BAD_INPUT,
                               "a PDF document of more than 512 MiB");
        }
        if (status == LEDE_OK) {
            status = lede_spool_put(spool, bytes, got, err);
        }
    }
    free(bytes);
    return status == LEDE_END ? LEDE_OK : status;
}

/* ---- The program ---- */

static int spawn(pid_t *pid, int in, int out)
{
    static const char *const words[] = {
        "pdftotext", "-q",   "-enc",       "UTF-8", "-nopgbrk",
        "-eol",      "unix", "/dev/stdin", "-",     NULL};
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
        error =
            posix_spawnp(pid, words[0], &files, &how, (char **)words, environ);
    }
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

static lede_status start(converter *c, int document, lede_error *err)
{
    const struct rlimit memory = {memory_max_bytes, memory_max_bytes};
    const struct rlimit cpu = {SECONDS_MAX, SECONDS_MAX};
    int ends[2];
    int error;

    if (pipe2(ends, O_CLOEXEC) != 0) {
        return lede_fail(err, LEDE_IO, "a pipe: %s", strerror(errno));
    }
    error = spawn(&c->pid, document, ends[1]);
    close(ends[1]);
    if (error != 0) {
        close(ends[0]);
        return error == ENOENT
                   ? lede_fail(err, LEDE_BAD_INPUT,
                               "a PDF document: reading it takes the program "
                               "pdftotext (of poppler-utils), which is not "
                               "installed")
                   : lede_fail(err, LEDE_BAD_INPUT,
                               "a PDF document: pdftotext cannot be run: %s",
                               strerror(error));
    }
    (void)prlimit(c->pid, RLIMIT_AS, &memory, NULL);
    (void)prlimit(c->pid, RLIMIT_CPU, &cpu, NULL);
    c->from = ends[0];
    c->deadline = now() + SECONDS_MAX;
    return LEDE_OK;
}

/* Takes what the program writes. LEDE_END: all of it, or c->cut says why not.
 */
static lede_status take_some(converter *c, uint8_t *bytes, lede_error *err)
{
    struct pollfd from = {.fd = c->from, .events = POLLIN};
    ssize_t n;

    if (c->stop != NULL && *c->stop != 0) {
        return lede_fail(err, LEDE_INTERRUPTED, "interrupted");
    }
    if (now() >= c->deadline) {
        (void)lede_fail(&c->cut, LEDE_CORRUPT,
                        "pdftotext took more than %d seconds", SECONDS_MAX);
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
        return n == 0
                   ? LEDE_END
                   : lede_fail(err, LEDE_IO, "pdftotext: %s", strerror(errno));
    }
    if (c->text->size + (size_t)n > text_max_bytes) {
        (void)lede_fail(&c->cut, LEDE_CORRUPT,
                        "a PDF document with more than 16 MiB of text");
        return LEDE_END;
    }
    return lede_spool_put(c->text, bytes, (size_t)n, err);
}

/* Ends it whatever it does, so that no process is left behind. */
static void finish(converter *c, bool is_done)
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
        (void)lede_fail(&c->cut, LEDE_CORRUPT,
                        "a PDF document that pdftotext cannot read%s",
                        c->text->size > 0 ? " to its end" : "");
    }
}

static lede_status convert(converter *c, int document, lede_error *err)
{
    uint8_t *bytes = malloc(COPY_BYTES);
    lede_status status = bytes == NULL
                             ? lede_fail(err, LEDE_NO_MEMORY, "out of memory")
                             : start(c, document, err);

    if (status == LEDE_OK) {
        while (status == LEDE_OK) {
            status = take_some(c, bytes, err);
        }
        finish(c, status == LEDE_END && c->cut.status == LEDE_OK);
        status = status == LEDE_END ? LEDE_OK : status;
    }
    free(bytes);
    if (status == LEDE_OK && c->cut.status != LEDE_OK) {
        if (c->text->size == 0) {
            return lede_fail(err, LEDE_BAD_INPUT, "%s", c->cut.message);
        }
        lede_spool_fail(c->text, &c->cut);
    }
    return status;
}

/* ---- The format ---- */

/* Takes the text over. */
static lede_status read_text(lede_source *text, const char *path,
                             const lede_read_context *context,
                             const lede_sink *sink, lede_error *err)
{
    lede_input *input = NULL;
    lede_status status = lede_input_open_source(text, path, &input, err);

    if (status == LEDE_OK) {
        lede_input_watch(input, context->options->stop, NULL);
        status = lede_format_article.read(input, context, sink, err);
        lede_input_close(input);
    }
    return status;
}

static lede_status read_pdf(lede_input *input, const lede_read_context *context,
                            const lede_sink *sink, lede_error *err)
{
    lede_source *document = lede_spool_new();
    converter c = {.text = lede_spool_new(), .stop = context->options->stop};
    lede_status status = document == NULL || c.text == NULL
                             ? lede_fail(err, LEDE_NO_MEMORY, "out of memory")
                             : copy_document(input, document, err);
    int fd = -1;

    if (status == LEDE_OK) {
        status = lede_spool_file(document, &fd, err);
    }
    if (status == LEDE_OK) {
        status = convert(&c, fd, err);
    }
    lede_source_close(document);
    if (status != LEDE_OK) {
        lede_source_close(c.text);
        return status;
    }
    return read_text(c.text, lede_input_path(input), context, sink, err);
}

static bool claims_pdf(lede_span head, bool whole, const char *path)
{
    (void)whole;
    (void)path;
    return lede_span_starts(head, "%PDF-");
}

const lede_format lede_format_pdf = {"PDF", claims_pdf, read_pdf};
