#include "app/names_edit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/naming.h"

enum { COULD_NOT_RUN = 127 };

static const char *editor(void)
{
    const char *names[] = {getenv("VISUAL"), getenv("EDITOR")};
    unsigned i;

    for (i = 0; i < 2; i++) {
        if (names[i] != NULL && names[i][0] != '\0') {
            return names[i];
        }
    }
    return "vi";
}

/* By a shell, since $EDITOR may have words of its own ("code --wait"). */
static bool run_editor(const char *path)
{
    lede_buf command = {0};
    int result;
    pid_t child;

    lede_buf_put_format(&command, "%s \"$1\"", editor());
    if (lede_buf_text(&command) == NULL) {
        lede_say("out of memory");
        return false;
    }
    fflush(NULL);
    child = fork();
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", lede_buf_text(&command), "sh", path,
              (char *)NULL);
        _exit(COULD_NOT_RUN);
    }
    lede_buf_done(&command);
    while (child > 0 && waitpid(child, &result, 0) < 0) {
        if (errno != EINTR) {
            child = -1;
        }
    }
    if (child < 0 || !WIFEXITED(result) || WEXITSTATUS(result) != 0) {
        lede_say("the editor '%s' failed", editor());
        return false;
    }
    return true;
}

/* The bytes of the corrections as they are; empty without a file. */
static bool read_text(const char *path, lede_buf *out)
{
    lede_corrections *corrections = NULL;
    lede_error err = {0};

    if (lede_corrections_open(path, &corrections, &err) != LEDE_OK) {
        lede_say_failure(&err);
        return false;
    }
    lede_corrections_format(corrections, out);
    lede_corrections_free(corrections);
    if (out->failed) {
        lede_say("out of memory");
    }
    return !out->failed;
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

static bool copy(const char *from, const char *to)
{
    lede_corrections *corrections = NULL;
    lede_error err = {0};
    bool fine = lede_corrections_open(from, &corrections, &err) == LEDE_OK &&
                lede_corrections_save(corrections, to, &err) == LEDE_OK;

    if (!fine) {
        lede_say_failure(&err);
    }
    lede_corrections_free(corrections);
    return fine;
}

/* Puts the text in the file's place if it can be read. */
static int take_over(const char *path, const char *beside,
                     const lede_buf *before)
{
    lede_corrections *corrections = NULL;
    lede_error err = {0};
    lede_buf now = {0};
    int result = LEDE_EXIT_ERROR;

    if (lede_corrections_open(beside, &corrections, &err) != LEDE_OK) {
        lede_say_failure(&err);
    } else if (lede_app_say_corrections(beside, corrections)) {
        lede_say("the corrections are as they were; what you wrote is in %s: "
                 "edit again to go on with it, or remove it",
                 beside);
    } else if (!read_text(path, &now)) {
        lede_say("what you wrote is in %s", beside);
    } else if (!lede_span_equal(lede_buf_span(&now), lede_buf_span(before))) {
        lede_say("%s was changed meanwhile: what you wrote is in %s", path,
                 beside);
    } else if (lede_corrections_save(corrections, path, &err) != LEDE_OK) {
        lede_say_failure(&err);
    } else {
        unlink(beside);
        result = LEDE_EXIT_DONE;
    }
    lede_corrections_free(corrections);
    lede_buf_done(&now);
    return result;
}

int lede_names_edit(const char *path)
{
    lede_buf beside = {0}, before = {0};
    int result = LEDE_EXIT_ERROR;

    lede_buf_put_format(&beside, "%s.edit", path);
    if (lede_buf_text(&beside) == NULL) {
        lede_say("out of memory");
    } else if (read_text(path, &before)) {
        const char *text = lede_buf_text(&beside);
        bool goes_on = is_there(text);

        if (goes_on) {
            lede_say("going on with %s", text);
        }
        if ((goes_on || copy(path, text)) && run_editor(text)) {
            result = take_over(path, text, &before);
        }
    }
    lede_buf_done(&beside);
    lede_buf_done(&before);
    return result;
}
