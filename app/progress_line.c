#include "app/progress_line.h"

#include <string.h>

#include "app/app.h"

enum { BAR_CELLS = 24, BAR_CELLS_LEAST = 6, BAR_FRAME = 3, PHASE_LEAST = 4 };

static void put_time_left(lede_buf *line, double seconds)
{
    unsigned long whole =
        seconds < 1e9 ? (unsigned long)(seconds + 0.5) : 1000000000ul;

    if (whole >= 100 * 86400ul) {
        lede_buf_put_text(line, ", > 99 d left");
    } else if (whole >= 2 * 86400ul) {
        lede_buf_put_format(line, ", %lu d left", whole / 86400);
    } else if (whole >= 3600) {
        lede_buf_put_format(line, ", %lu h %02lu min left", whole / 3600,
                            whole / 60 % 60);
    } else if (whole >= 60) {
        lede_buf_put_format(line, ", %lu min %02lu s left", whole / 60,
                            whole % 60);
    } else {
        lede_buf_put_format(line, ", %lu s left", whole);
    }
}

static void put_bar(lede_buf *line, double part, size_t cells)
{
    size_t full = (size_t)(part * (double)cells);
    size_t i;

    lede_buf_put_byte(line, '[');
    for (i = 0; i < cells; i++) {
        lede_buf_put_byte(line, i < full ? '#' : '.');
    }
    lede_buf_put_text(line, "] ");
}

/* As many of the last pieces of `what` as fit. */
static const char *fitting(const char *what, size_t width)
{
    while (strlen(what) > width) {
        const char *next = strstr(what, ", ");

        if (next == NULL) {
            return "";
        }
        what = next + 2;
    }
    return what;
}

static size_t less(size_t a, size_t b)
{
    return a > b ? a - b : 0;
}

void lede_put_progress_line(lede_buf *out, const lede_progress_state *state,
                            size_t width, bool bar)
{
    const char *what = state->what;
    lede_buf rate = {0};
    lede_buf left = {0};
    char share[16];
    size_t room;
    size_t phase_len = strlen(state->phase);

    snprintf(share, sizeof share, "%3.0f %%", state->part * 100);
    if (state->bytes_per_s > 0) {
        lede_buf_put_text(&rate, ", ");
        lede_put_bytes(&rate, (uint64_t)state->bytes_per_s);
        lede_buf_put_text(&rate, "/s");
    }
    if (state->left_s >= 0) {
        put_time_left(&left, state->left_s);
    }
    room = less(width, strlen(share));
    left.len = left.len <= room ? left.len : 0;
    room -= left.len;
    rate.len = rate.len <= room ? rate.len : 0;
    room -= rate.len;
    if (phase_len + 1 > room) {
        phase_len = room > PHASE_LEAST ? room - 1 : 0;
    }
    room -= phase_len > 0 ? phase_len + 1 : 0;
    what = fitting(what, less(room, 2));
    room -= *what != '\0' ? strlen(what) + 2 : 0;
    if (bar && room >= BAR_CELLS_LEAST + BAR_FRAME) {
        room = less(room, BAR_FRAME);
        put_bar(out, state->part, room < BAR_CELLS ? room : BAR_CELLS);
    }
    if (phase_len > 0) {
        lede_buf_put_format(out, "%.*s ", (int)phase_len, state->phase);
    }
    lede_buf_put(out, share, strlen(share) < width ? strlen(share) : width);
    lede_buf_put_format(out, "%s%s", *what != '\0' ? ", " : "", what);
    lede_buf_put_span(out, lede_buf_span(&rate));
    lede_buf_put_span(out, lede_buf_span(&left));
    lede_buf_done(&rate);
    lede_buf_done(&left);
}
