#include "corpus/text_gather.h"

#include "corpus/text_match.h"

enum { PARAGRAPH_BYTES = 1 << 20 };

/* A line that goes on is put together in room for a whole paragraph, which the
 * next long line uses again: growing it in the arena would take up many times
 * its size. */
static void settle_line(lede_text_gather *text)
{
    lede_text_block *block;
    lede_span *line;

    if (!text->is_unended) {
        return;
    }
    text->is_unended = false;
    block = &text->blocks[text->count - 1];
    line = &block->lines[block->line_count - 1];
    if (line->bytes == text->paragraph) {
        *line = lede_arena_copy(text->arena, *line);
        text->failed |= line->bytes == NULL;
    }
}

void lede_text_gather_end_block(lede_text_gather *text)
{
    settle_line(text);
    text->is_open = false;
}

static lede_text_block *open_block(lede_text_gather *text)
{
    if (text->is_open) {
        return &text->blocks[text->count - 1];
    }
    if (text->count == text->room) {
        uint32_t room = text->room == 0 ? 32 : text->room * 2;
        lede_text_block *grown =
            lede_arena_array(text->arena, room, sizeof *grown);

        if (grown == NULL) {
            return NULL;
        }
        if (text->count > 0) {
            memcpy(grown, text->blocks, text->count * sizeof *grown);
        }
        text->blocks = grown;
        text->room = room;
    }
    text->blocks[text->count] = (lede_text_block){NULL, 0};
    text->line_room = 0;
    text->is_open = true;
    return &text->blocks[text->count++];
}

static bool append_line(lede_text_gather *text, lede_text_block *block,
                        lede_span line)
{
    if (block->line_count == text->line_room) {
        uint32_t room = text->line_room == 0 ? 4 : text->line_room * 2;
        lede_span *grown = lede_arena_array(text->arena, room, sizeof *grown);

        if (grown == NULL) {
            return false;
        }
        if (block->line_count > 0) {
            memcpy(grown, block->lines, block->line_count * sizeof *grown);
        }
        block->lines = grown;
        text->line_room = room;
    }
    block->lines[block->line_count++] = line;
    return true;
}

/* The rest of a line that was cut because of its length; false if the paragraph
 * has no room for it. */
static bool extend_line(lede_text_gather *text, lede_span more, bool ended)
{
    lede_text_block *block = &text->blocks[text->count - 1];
    lede_span *line = &block->lines[block->line_count - 1];

    if (line->len + 1 + more.len > PARAGRAPH_BYTES) {
        return false;
    }
    if (text->paragraph == NULL) {
        text->paragraph = lede_arena_get(text->arena, PARAGRAPH_BYTES);
        if (text->paragraph == NULL) {
            text->failed = true;
            return true;
        }
    }
    if (line->bytes != text->paragraph) {
        memcpy(text->paragraph, line->bytes, line->len);
        line->bytes = text->paragraph;
    }
    text->paragraph[line->len] = ' ';
    memcpy(text->paragraph + line->len + 1, more.bytes, more.len);
    line->len += 1 + more.len;
    if (ended) {
        settle_line(text);
    }
    return true;
}

void lede_text_gather_add(lede_text_gather *text, lede_span line, bool ended)
{
    lede_text_block *block;
    lede_span trimmed = lede_match_trim(line);

    if (text->arena->used_bytes > LEDE_ENTRY_TEXT_BYTES) {
        text->is_full |= trimmed.len > 0;
        return;
    }
    if (trimmed.len == 0) {
        if (!text->is_unended || ended) {
            lede_text_gather_end_block(text);
        }
        return;
    }
    if (text->is_unended) {
        if (extend_line(text, trimmed, ended)) {
            return;
        }
        lede_text_gather_end_block(text);
    } else if (text->is_dense) {
        text->is_open = false;
    }
    block = open_block(text);
    trimmed = lede_arena_copy(text->arena, trimmed);
    if (block == NULL || trimmed.bytes == NULL ||
        !append_line(text, block, trimmed)) {
        text->failed = true;
        return;
    }
    text->is_unended = !ended;
}
