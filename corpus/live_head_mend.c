#include "corpus/live_head_parts.h"

#include "corpus/text_match.h"

static const char lost[] = "\uFFFD";
enum { LOST_BYTES = sizeof lost - 1 };

/* A line in which something stands for what was lost. */
typedef struct guess {
    uint8_t bytes[LEDE_HEAD_SHORT_BYTES];
    size_t at;    /* of the lost character, here and in the line */
    size_t extra; /* bytes that it has more in the line */
    lede_span text;
} guess;

static bool is_lost_at(lede_span text, size_t at)
{
    return lede_span_starts(lede_span_part(text, at, text.len), lost);
}

/* One character was lost, or the bytes of one: true with its place. */
static bool find_lost(lede_span line, size_t *at, size_t *len)
{
    *at = 0;
    while (*at < line.len && !is_lost_at(line, *at)) {
        ++*at;
    }
    *len = 0;
    while (is_lost_at(line, *at + *len)) {
        *len += LOST_BYTES;
    }
    for (size_t i = *at + *len; i < line.len; i++) {
        if (is_lost_at(line, i)) {
            return false;
        }
    }
    return *len > 0;
}

static bool begin_guess(guess *g, lede_span line)
{
    uint8_t bytes[LEDE_HEAD_SHORT_BYTES];
    lede_span plain = {bytes, line.len};
    size_t len;

    if (line.len > sizeof bytes || !find_lost(line, &g->at, &len)) {
        return false;
    }
    lede_match_plain(line, bytes);
    g->extra = len - 1;
    g->text = lede_span_of(g->bytes, line.len - g->extra);
    memcpy(g->bytes, plain.bytes, g->at);
    memcpy(g->bytes + g->at + 1, plain.bytes + g->at + len,
           plain.len - g->at - len);
    return true;
}

static bool parse_guess(const guess *g, const lede_date_hints *hints,
                        lede_head *out)
{
    if (lede_head_parse_short(g->text, g->text, hints, out)) {
        return out->form <= LEDE_HEAD_F;
    }
    return lede_head_parse_g(g->text, g->text, out);
}

static size_t place_in_line(const guess *g, size_t at)
{
    return at <= g->at ? at : at + g->extra;
}

static lede_span span_in_line(const guess *g, lede_span line, lede_span part)
{
    size_t begin;
    size_t end;

    if (part.len == 0) {
        return part;
    }
    begin = (size_t)(part.bytes - g->bytes);
    end = place_in_line(g, begin + part.len);
    begin = place_in_line(g, begin);
    return lede_span_part(line, begin, end - begin);
}

/* Leaves what another guess says too. */
static void agree(lede_head_time *time, const lede_head_time *other)
{
    if (time->has_clock != other->has_clock ||
        time->local.hour != other->local.hour ||
        time->local.minute != other->local.minute ||
        time->local.second != other->local.second) {
        *time = (lede_head_time){.begin = time->begin, .end = time->end};
    }
    if (time->local.year != other->local.year ||
        time->local.month != other->local.month ||
        time->local.day != other->local.day) {
        time->local.year = 0;
        time->local.month = 0;
        time->local.day = 0;
        time->weekday = 0;
    }
    if (strcmp(time->zone, other->zone) != 0) {
        time->zone[0] = '\0';
    }
    if (time->has_offset != other->has_offset ||
        time->offset_min != other->offset_min) {
        time->has_offset = false;
        time->offset_min = 0;
    }
}

bool lede_head_parse_mended(lede_span line, const lede_date_hints *hints,
                            lede_head *out)
{
    guess g;
    lede_head head;
    bool found = false;

    if (!begin_guess(&g, line)) {
        return false;
    }
    for (uint8_t c = ' '; c < 0x7F; c++) {
        g.bytes[g.at] = c;
        if (!parse_guess(&g, hints, &head)) {
            continue;
        }
        if (found) {
            agree(&out->time, &head.time);
            continue;
        }
        found = true;
        *out = head;
        out->is_damaged = true;
        out->headline = span_in_line(&g, line, head.headline);
        out->author = span_in_line(&g, line, head.author);
        out->time.begin = place_in_line(&g, head.time.begin);
        out->time.end = place_in_line(&g, head.time.end);
    }
    return found;
}
