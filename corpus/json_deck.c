#include "corpus/json_deck.h"

#include <string.h>

#include "base/analyze.h"
#include "base/utf8.h"
#include "corpus/text_match.h"

/* How much of a body is searched, and for how long a text: the product bounds
 * the work. */
enum { SEARCHED_BYTES = 64 << 10, SOUGHT_BYTES = 1 << 10 };

/* Without the dots of a text that goes on elsewhere. */
static lede_span without_dots(lede_span text)
{
    static const char *const ends[] = {"\u2026", "...", "[]"};
    bool is_changed = true;
    size_t i;

    text = lede_span_trim(text);
    while (is_changed) {
        is_changed = false;
        for (i = 0; i < sizeof ends / sizeof ends[0]; i++) {
            size_t len = strlen(ends[i]);

            if (text.len >= len &&
                memcmp(text.bytes + text.len - len, ends[i], len) == 0) {
                text.len -= len;
                text = lede_span_trim(text);
                is_changed = true;
            }
        }
    }
    return text;
}

/* So much of a text begins like `part` if any of it does: a fold makes no text
 * three times as long or short. */
static size_t enough_for(lede_span part)
{
    return part.len * 3 + 64;
}

static bool begins_like(lede_span text, lede_span part, bool *failed)
{
    lede_buf folded = {0};
    lede_buf wanted = {0};
    bool is_so;

    part = without_dots(part);
    if (text.len > enough_for(part)) {
        text.len = lede_utf8_floor(text, enough_for(part));
    }
    lede_fold_text(text, true, &folded);
    lede_fold_text(part, true, &wanted);
    is_so = wanted.len == 0 ||
            (wanted.len <= folded.len &&
             memcmp(folded.bytes, wanted.bytes, wanted.len) == 0);
    *failed |= folded.failed || wanted.failed;
    lede_buf_done(&folded);
    lede_buf_done(&wanted);
    return is_so;
}

static bool is_of_word(uint8_t c)
{
    return c >= 0x80 || (c >= '0' && c <= '9') ||
           ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Whole words of the text, from `p` to `end`. */
static bool is_whole(lede_span text, const uint8_t *p, const uint8_t *end)
{
    return (p == text.bytes || !is_of_word(p[-1]) || !is_of_word(p[0])) &&
           (end == text.bytes + text.len || !is_of_word(end[-1]) ||
            !is_of_word(end[0]));
}

static bool is_inside(lede_span text, lede_span part)
{
    const uint8_t *p = text.bytes;
    const uint8_t *end;

    if (part.len == 0 || part.len > text.len) {
        return part.len == 0;
    }
    for (end = text.bytes + (text.len - part.len) + 1; p < end; p++) {
        p = memchr(p, part.bytes[0], (size_t)(end - p));
        if (p == NULL) {
            return false;
        }
        if (memcmp(p, part.bytes, part.len) == 0 &&
            is_whole(text, p, p + part.len)) {
            return true;
        }
    }
    return false;
}

bool lede_json_deck_says(lede_span deck, lede_span text, bool *failed)
{
    return begins_like(deck, text, failed);
}

bool lede_json_body_says(const lede_body *body, lede_span text, bool *failed)
{
    lede_buf begin = {0};
    size_t left = SEARCHED_BYTES;
    bool is_so;
    uint32_t i;

    for (i = 0; i < body->count && begin.len < enough_for(text); i++) {
        lede_span block = body->blocks[i].text;

        if (block.len > enough_for(text)) {
            block.len = lede_utf8_floor(block, enough_for(text));
        }
        lede_buf_put_span(&begin, block);
        lede_buf_put_byte(&begin, ' ');
    }
    is_so = begins_like(lede_buf_span(&begin), text, failed);
    *failed |= begin.failed;
    lede_buf_done(&begin);
    text = without_dots(text);
    for (i = 0; i < body->count && left > 0 && !is_so; i++) {
        lede_span block = lede_span_part(body->blocks[i].text, 0, left);

        is_so = text.len <= SOUGHT_BYTES && is_inside(block, text);
        left -= block.len;
    }
    return is_so;
}

lede_span lede_json_deck_join(const lede_span *texts, uint32_t count,
                              const lede_body *body, lede_arena *arena,
                              bool *failed)
{
    lede_buf more = {0};
    lede_buf all = {0};
    lede_span first = {NULL, 0};
    uint32_t i;

    for (i = 0; i < count && !*failed; i++) {
        if (begins_like(first, texts[i], failed)) {
            continue;
        }
        if (more.len == 0 && begins_like(texts[i], first, failed)) {
            first = texts[i];
        } else if (!is_inside(lede_buf_span(&more), texts[i]) &&
                   !lede_json_body_says(body, texts[i], failed)) {
            lede_buf_put_byte(&more, '\n');
            lede_buf_put_span(&more, texts[i]);
        }
    }
    if (more.len > 0) {
        lede_buf_put_span(&all, first);
        lede_buf_put_span(&all, lede_buf_span(&more));
        first = lede_arena_copy(arena, lede_buf_span(&all));
    }
    *failed |=
        more.failed || all.failed || (all.len > 0 && first.bytes == NULL);
    lede_buf_done(&more);
    lede_buf_done(&all);
    return first;
}
