#define _DEFAULT_SOURCE /* winsize */
#include "app/progress.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "app/app.h"

enum { BAR_CELLS = 24 };

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void lede_progress_start(lede_progress *progress, bool wanted)
{
    struct winsize size = {0};

    *progress = (lede_progress){
        .wanted = wanted, .terminal = isatty(STDERR_FILENO) == 1, .width = 80};
    if (progress->terminal && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 &&
        size.ws_col > 20) {
        progress->width = size.ws_col;
    }
    progress->started_s = now_s();
    progress->last_s = progress->started_s;
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

static void put_time_left(lede_buf *line, double seconds)
{
    unsigned long whole = (unsigned long)(seconds + 0.5);

    if (whole >= 3600) {
        lede_buf_put_format(line, ", %lu h %02lu min left", whole / 3600,
                            whole / 60 % 60);
    } else if (whole >= 60) {
        lede_buf_put_format(line, ", %lu min %02lu s left", whole / 60,
                            whole % 60);
    } else {
        lede_buf_put_format(line, ", %lu s left", whole);
    }
}

static void put_bar(lede_buf *line, double part)
{
    int full = (int)(part * BAR_CELLS);
    int i;

    lede_buf_put_byte(line, '[');
    for (i = 0; i < BAR_CELLS; i++) {
        lede_buf_put_byte(line, i < full ? '#' : '.');
    }
    lede_buf_put_text(line, "] ");
}

static void put_state(lede_buf *line, const lede_progress *progress,
                      const char *phase, uint64_t done, uint64_t all,
                      const char *what, double now)
{
    double seconds = now - progress->started_s;
    double part = all == 0 ? 0 : (double)done / (double)all;

    if (part > 1) {
        part = 1;
    }
    if (progress->terminal) {
        put_bar(line, part);
    }
    lede_buf_put_format(line, "%s %3.0f %%", phase, part * 100);
    if (*what != '\0') {
        lede_buf_put_format(line, ", %s", what);
    }
    if (seconds > 0.5 && done > 0 && !progress->counts_steps) {
        lede_buf_put_text(line, ", ");
        lede_put_bytes(line, (uint64_t)((double)done / seconds));
        lede_buf_put_text(line, "/s");
    }
    if (seconds > 0.5 && part > 0.01 && part < 1) {
        put_time_left(line, seconds / part - seconds);
    }
}

void lede_progress_show(lede_progress *progress, const char *phase,
                        uint64_t done, uint64_t all, const char *what)
{
    double now = now_s();
    lede_buf line = {0};

    if (!progress->wanted ||
        now - progress->last_s < (progress->terminal ? 0.1 : 5.0)) {
        return;
    }
    progress->last_s = now;
    put_state(&line, progress, phase, done, all, what, now);
    if (progress->terminal) {
        if (line.len > progress->width - 1) {
            line.len = progress->width - 1;
        }
        fprintf(stderr, "\r%.*s\033[K", (int)line.len,
                line.failed ? "" : (const char *)line.bytes);
        progress->drawn = true;
    } else if (!line.failed) {
        fprintf(stderr, "%.*s\n", (int)line.len, (const char *)line.bytes);
    }
    lede_buf_done(&line);
}
