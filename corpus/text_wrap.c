#include "corpus/text_wrap.h"

#include <string.h>

#include "base/utf8.h"
#include "corpus/text_match.h"

enum {
    WIDTH_MIN_CHARS = 40,
    WIDTH_MAX_CHARS = 120,
    ENDS_MIN = 2 /* fewer line ends prove nothing */
};

/* The ends of lines that another line of the same paragraph follows. */
typedef struct line_ends {
    size_t count, inside, full, without_capital;
    bool has_small;
} line_ends;

bool lede_text_next_line(lede_span *text, lede_span *out, bool *indented)
{
    const uint8_t *newline;
    size_t len;

    if (text->len == 0) {
        return false;
    }
    newline = memchr(text->bytes, '\n', text->len);
    len = newline == NULL ? text->len : (size_t)(newline - text->bytes);
    *indented = len >= 2 && text->bytes[0] == ' ' && text->bytes[1] == ' ';
    *indented |= len >= 1 && text->bytes[0] == '\t';
    *out = lede_span_trim(lede_span_part(*text, 0, len));
    *text = lede_span_part(*text, len + 1, text->len);
    return true;
}

/* In characters; 0 if a line is too wide. */
static size_t find_width(lede_span text)
{
    size_t width = 0;
    lede_span line;
    bool indented;

    while (lede_text_next_line(&text, &line, &indented)) {
        size_t chars;

        if (line.len > (size_t)WIDTH_MAX_CHARS * 4) {
            return 0; /* most paragraphs, so it pays to say so at once */
        }
        chars = lede_utf8_count(line);
        width = chars > width ? chars : width;
    }
    return width <= WIDTH_MAX_CHARS ? width : 0;
}

static bool has_small_letter(lede_span line)
{
    size_t i;

    for (i = 0; i < line.len; i++) {
        if ((line.bytes[i] >= 'a' && line.bytes[i] <= 'z') ||
            line.bytes[i] >= 0x80) {
            return true;
        }
    }
    return false;
}

static void survey(lede_span text, size_t width, line_ends *out)
{
    lede_span before = {NULL, 0};
    lede_span line;
    bool indented;

    while (lede_text_next_line(&text, &line, &indented)) {
        out->has_small |= has_small_letter(line);
        if (before.len > 0 && line.len > 0 && !indented) {
            out->count++;
            out->inside += !lede_match_ends_in(before, ".!?:;\"')", true);
            out->full += lede_utf8_count(before) * 10 >= width * 6;
            out->without_capital += !lede_match_starts_upper(line);
        }
        before = line;
    }
}

bool lede_text_is_wrapped(lede_span text)
{
    line_ends ends = {0};
    size_t width = find_width(text);

    if (width < WIDTH_MIN_CHARS) {
        return false;
    }
    survey(text, width, &ends);
    return ends.count >= ENDS_MIN && ends.inside * 10 >= ends.count * 6 &&
           ends.full * 10 >= ends.count * 7 &&
           (!ends.has_small || ends.without_capital * 2 >= ends.count);
}
