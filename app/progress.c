#define _DEFAULT_SOURCE /* winsize */
#include "app/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "app/app.h"
#include "app/progress_line.h"

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A line can be drawn over. */
static bool can_redraw(void)
{
    const char *term = getenv("TERM");

    return isatty(STDERR_FILENO) == 1 && term != NULL &&
           strcmp(term, "dumb") != 0;
}

void lede_progress_start(lede_progress *progress, bool wanted)
{
    struct winsize size = {0};

    *progress = (lede_progress){
        .wanted = wanted, .terminal = can_redraw(), .width = 80};
    if (progress->terminal && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 &&
        size.ws_col > 1) {
        progress->width = size.ws_col;
    }
    progress->started_s = now_s();
    progress->last_s = progress->started_s;
}

void lede_progress_again(lede_progress *progress)
{
    progress->started_s = now_s();
}

double lede_progress_seconds(const lede_progress *progress)
{
    return now_s() - progress->started_s;
}

void lede_progress_clear(lede_progress *progress)
{
    if (progress->drawn) {
        fputs("\r\033[K", stderr);
        progress->drawn = false;
    }
}

static lede_progress_state state_of(const lede_progress *progress, double now,
                                    const char *phase, uint64_t done,
                                    uint64_t all, const char *what)
{
    double seconds = now - progress->started_s;
    lede_progress_state state = {phase, what, 0, 0, -1};

    state.part = all == 0 ? 0 : (double)done / (double)all;
    if (state.part > 1) {
        state.part = 1;
    }
    if (seconds > 0.5 && !progress->counts_steps) {
        state.bytes_per_s = (double)done / seconds;
    }
    if (seconds > 0.5 && state.part > 0.01 && state.part < 1) {
        state.left_s = seconds / state.part - seconds;
    }
    return state;
}

void lede_progress_show(lede_progress *progress, const char *phase,
                        uint64_t done, uint64_t all, const char *what)
{
    double now = now_s();
    lede_progress_state state;
    lede_buf line = {0};

    if (!progress->wanted ||
        now - progress->last_s < (progress->terminal ? 0.1 : 5.0)) {
        return;
    }
    progress->last_s = now;
    state = state_of(progress, now, phase, done, all, what);
    /* The last column stays free: some terminals go to the next line there. */
    lede_put_progress_line(&line, &state,
                           progress->terminal ? progress->width - 1 : SIZE_MAX,
                           progress->terminal);
    if (progress->terminal) {
        fprintf(stderr, "\r%.*s\033[K", (int)line.len,
                line.failed ? "" : (const char *)line.bytes);
        progress->drawn = true;
    } else if (!line.failed) {
        fprintf(stderr, "%.*s\n", (int)line.len, (const char *)line.bytes);
    }
    lede_buf_done(&line);
}
