#include "corpus/paragraphs.h"

#include "base/utf8.h"
#include "corpus/text_match.h"

enum { WRAP_MIN_CHARS = 40, WRAP_MAX_CHARS = 120 };

static size_t first_word_chars(lede_span line)
{
    size_t at = 0;

    return lede_utf8_count(lede_match_word(line, &at));
}

bool lede_block_is_wrapped(const lede_text_block *block)
{
    size_t width = 0;
    bool inside = false;

    if (block->line_count < 2) {
        return false;
    }
    for (uint32_t i = 0; i < block->line_count; i++) {
        size_t chars;

        if (block->lines[i].len > (size_t)WRAP_MAX_CHARS * 4) {
            return false; /* most paragraphs, so it pays to say so at once */
        }
        chars = lede_utf8_count(block->lines[i]);
        width = chars > width ? chars : width;
    }
    if (width < WRAP_MIN_CHARS || width > WRAP_MAX_CHARS) {
        return false;
    }
    for (uint32_t i = 0; i + 1 < block->line_count; i++) {
        lede_span line = block->lines[i];
        lede_span next = block->lines[i + 1];

        /* What begins with a bullet begins a line anyway. */
        if (lede_bullet_len(next) == 0 && !lede_is_numbered_item(next)) {
            if (lede_utf8_count(line) + 1 + first_word_chars(next) <= width) {
                return false;
            }
            inside |= !lede_match_ends_in(line, ".!?:\"", true) ||
                      lede_match_starts_lower(next);
        }
    }
    return inside;
}

size_t lede_bullet_len(lede_span line)
{
    static const char *const bullets[] = {"\u2022", "\u25CF", "\u25AA",
                                          "\u25E6", "\u2023", "\u2013",
                                          "\u00B7", "*",      "-"};

    for (size_t i = 0; i < sizeof bullets / sizeof *bullets; i++) {
        size_t len = strlen(bullets[i]);

        if (lede_span_starts(line, bullets[i]) &&
            lede_match_blank(line, len) != 0) {
            while (lede_match_blank(line, len) != 0) {
                len += lede_match_blank(line, len);
            }
            return len;
        }
    }
    return 0;
}

bool lede_is_numbered_item(lede_span line)
{
    uint32_t number;
    size_t len = lede_match_number(line, 3, &number);

    return len > 0 && len < line.len &&
           (line.bytes[len] == '.' || line.bytes[len] == ')') &&
           lede_match_blank(line, len + 1) != 0;
}

void lede_body_add(lede_body *body, lede_arena *arena, lede_block_type type,
                   lede_span text)
{
    text = lede_match_trim(text);
    if (text.len == 0 || body->failed) {
        return;
    }
    if (body->count == body->room) {
        uint32_t room = body->room == 0 ? 16 : body->room * 2;
        lede_block *grown = lede_arena_array(arena, room, sizeof *grown);

        if (grown == NULL) {
            body->failed = true;
            return;
        }
        if (body->count > 0) {
            memcpy(grown, body->blocks, body->count * sizeof *grown);
        }
        body->blocks = grown;
        body->room = room;
    }
    body->blocks[body->count].type = type;
    body->blocks[body->count].text = text;
    body->count++;
}

static void add_text(lede_body *body, lede_arena *arena, lede_span text)
{
    size_t bullet = lede_bullet_len(text);

    if (bullet > 0) {
        lede_body_add(body, arena, LEDE_BLOCK_LI,
                      lede_span_part(text, bullet, text.len));
    } else {
        lede_body_add(
            body, arena,
            lede_is_numbered_item(text) ? LEDE_BLOCK_LI : LEDE_BLOCK_P, text);
    }
}

static void add_lines(lede_body *body, lede_arena *arena,
                      const lede_text_block *block, uint32_t from, bool wrapped)
{
    for (uint32_t i = from; i < block->line_count;) {
        uint32_t end = i + 1;
        lede_span text;

        while (wrapped && end < block->line_count &&
               lede_bullet_len(block->lines[end]) == 0 &&
               !lede_is_numbered_item(block->lines[end])) {
            end++;
        }
        text = lede_block_join(block, i, end, arena);
        if (text.len == 0 && block->lines[i].len > 0) {
            body->failed = true;
            return;
        }
        add_text(body, arena, text);
        i = end;
    }
}

void lede_body_add_lines(lede_body *body, lede_arena *arena,
                         const lede_text_block *block, uint32_t from)
{
    add_lines(body, arena, block, from, lede_block_is_wrapped(block));
}

void lede_body_add_wrapped(lede_body *body, lede_arena *arena,
                           const lede_text_block *block, uint32_t from)
{
    add_lines(body, arena, block, from, true);
}

lede_span lede_block_join(const lede_text_block *block, uint32_t from,
                          uint32_t end, lede_arena *arena)
{
    size_t len = 0;
    uint8_t *bytes;
    size_t at = 0;

    if (end - from == 1) {
        return block->lines[from];
    }
    for (uint32_t i = from; i < end; i++) {
        len += block->lines[i].len + 1;
    }
    bytes = lede_arena_get(arena, len);
    if (bytes == NULL) {
        return lede_span_of(NULL, 0);
    }
    for (uint32_t i = from; i < end; i++) {
        if (i > from) {
            bytes[at++] = ' ';
        }
        memcpy(bytes + at, block->lines[i].bytes, block->lines[i].len);
        at += block->lines[i].len;
    }
    return lede_span_of(bytes, at);
}
