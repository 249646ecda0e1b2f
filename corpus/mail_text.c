#include "corpus/mail_text.h"

#include <string.h>

#include "base/utf8.h"
#include "corpus/mime.h"
#include "corpus/text_match.h"
#include "corpus/text_wrap.h"

enum {
    SIGNATURE_LINES = 12,
    TAIL_BLOCKS = 8,      /* among which a newsletter takes leave */
    WIDTH_MIN_CHARS = 60, /* to which mail is cut */
    WIDTH_MAX_CHARS = 80
};

lede_span lede_mail_charset(lede_span type)
{
    static const char *const unknown[] = {"unknown", "x-unknown", "default",
                                          "binary", "8bit"};
    lede_span charset = lede_mime_parameter(type, "charset");
    size_t i;

    for (i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        if (lede_match_starts(charset, unknown[i])) {
            return lede_span_of(NULL, 0);
        }
    }
    return charset;
}

/* A line as it stands, without its end. */
static bool next_line(lede_span *text, lede_span *line)
{
    const uint8_t *end =
        text->len == 0 ? NULL : memchr(text->bytes, '\n', text->len);
    size_t len = end == NULL ? text->len : (size_t)(end - text->bytes);

    if (text->len == 0) {
        return false;
    }
    *line = lede_span_part(*text, 0, len);
    *text = lede_span_part(*text, len + 1, text->len);
    if (line->len > 0 && line->bytes[line->len - 1] == '\r') {
        line->len--;
    }
    return true;
}

static lede_span without_signature(lede_span text)
{
    lede_span rest = text;
    lede_span line;
    size_t begin = text.len;
    unsigned lines = 0;

    while (rest.len > 0) {
        size_t at = text.len - rest.len;

        if (next_line(&rest, &line) && lede_span_is(line, "-- ")) {
            begin = at;
            lines = 0;
        }
        lines++;
    }
    return lines > SIGNATURE_LINES ? text : lede_span_part(text, 0, begin);
}

/* Flowed text. ------------------------------------------------------------ */

typedef struct flowed_line {
    lede_span text;
    size_t depth; /* of quotation */
    bool goes_on;
} flowed_line;

static flowed_line flowed_of(lede_span line, bool drops_blank)
{
    flowed_line out = {.text = line};

    while (out.depth < line.len && line.bytes[out.depth] == '>') {
        out.depth++;
    }
    out.text = lede_span_part(line, out.depth, line.len);
    if (out.text.len > 0 && out.text.bytes[0] == ' ') {
        out.text = lede_span_part(out.text, 1, out.text.len);
    }
    out.goes_on = out.text.len > 0 && out.text.bytes[out.text.len - 1] == ' ' &&
                  !lede_span_is(out.text, "-- ");
    out.text.len -= out.goes_on && drops_blank;
    return out;
}

/* Senders say "flowed" of what they have cut all the same. */
static bool has_flow(lede_span text)
{
    lede_span line;

    while (next_line(&text, &line)) {
        if (flowed_of(line, false).goes_on) {
            return true;
        }
    }
    return false;
}

static void put_paragraph(lede_draft *draft, lede_buf *paragraph, size_t depth)
{
    lede_span text = lede_match_trim(lede_buf_span(paragraph));
    size_t bullet = depth > 0 ? 0 : lede_bullet_len(text);

    if (text.len > 0) {
        lede_draft_put_block(
            draft,
            depth > 0    ? LEDE_BLOCK_QUOTE
            : bullet > 0 ? LEDE_BLOCK_LI
                         : LEDE_BLOCK_P,
            lede_draft_copy(draft, lede_span_part(text, bullet, text.len)));
    }
    draft->failed |= paragraph->failed;
    lede_buf_clear(paragraph);
}

static void put_flowed(lede_draft *draft, lede_span text, bool drops_blank)
{
    lede_buf paragraph = {0};
    size_t depth = 0;
    lede_span line;

    while (next_line(&text, &line)) {
        flowed_line flowed = flowed_of(line, drops_blank);

        if (flowed.depth != depth) {
            put_paragraph(draft, &paragraph, depth);
            depth = flowed.depth;
        }
        lede_buf_put_span(&paragraph, flowed.text);
        if (!flowed.goes_on) {
            put_paragraph(draft, &paragraph, depth);
        }
    }
    put_paragraph(draft, &paragraph, depth);
    lede_buf_done(&paragraph);
}

/* Other text. ------------------------------------------------------------- */

/* Whether each line that another follows ends where the next word would have
 * made it longer than the longest: even one such line tells. */
static bool is_cut(lede_span text)
{
    lede_span rest = text;
    size_t width = 0;
    size_t chars = 0; /* of the line before, 0 if that was blank */
    lede_span line;
    bool indented;

    while (lede_text_next_line(&rest, &line, &indented)) {
        size_t len = lede_utf8_count(line);

        width = len > width ? len : width;
    }
    if (width < WIDTH_MIN_CHARS || width > WIDTH_MAX_CHARS) {
        return false;
    }
    while (lede_text_next_line(&text, &line, &indented)) {
        size_t at = 0;

        if (chars > 0 && line.len > 0 && !indented &&
            chars + 1 + lede_utf8_count(lede_match_word(line, &at)) <= width) {
            return false;
        }
        chars = lede_utf8_count(line);
    }
    return true;
}

void lede_mail_put_plain(lede_draft *draft, lede_span text, lede_span type)
{
    text = without_signature(text);
    if (lede_match_is(lede_mime_parameter(type, "format"), "flowed") &&
        has_flow(text)) {
        put_flowed(draft, text,
                   lede_match_is(lede_mime_parameter(type, "delsp"), "yes"));
    } else {
        lede_draft_put_lines(draft, text,
                             lede_text_is_wrapped(text) || is_cut(text));
    }
}

/* Furniture. --------------------------------------------------------------- */

/* What senders put around the text: where else to read it, how to leave. */
static bool is_furniture(lede_span text)
{
    static const char *const words[] = {"unsubscribe",
                                        "view in browser",
                                        "view this email",
                                        "view it in your",
                                        "view online",
                                        "read online",
                                        "manage your preferences",
                                        "update your preferences",
                                        "email preferences",
                                        "you are receiving",
                                        "you're receiving",
                                        "forward to a friend",
                                        "im browser ansehen",
                                        "abmelden"};
    size_t i;

    for (i = 0; i < sizeof words / sizeof words[0] && text.len < 300; i++) {
        if (lede_match_find(text, 0, words[i]) != LEDE_MATCH_NONE) {
            return true;
        }
    }
    return false;
}

void lede_mail_drop_furniture(lede_body *body)
{
    uint32_t kept = 0;
    uint32_t i;

    for (i = 0; i < body->count; i++) {
        bool is_edge = i < 2 || i + TAIL_BLOCKS >= body->count;

        if (!is_edge || !is_furniture(body->blocks[i].text)) {
            body->blocks[kept++] = body->blocks[i];
        }
    }
    body->count = kept;
}
