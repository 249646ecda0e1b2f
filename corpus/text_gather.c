#include "corpus/text_gather.h"

#include "corpus/text_match.h"

void lede_text_gather_end_block(lede_text_gather *text)
{
    text->is_open = false;
    text->is_unended = false;
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

/* The rest of a line that was cut because of its length. */
static bool extend_line(lede_text_gather *text, lede_span more)
{
    lede_text_block *block = &text->blocks[text->count - 1];
    lede_span pair[2] = {block->lines[block->line_count - 1], more};
    lede_text_block joint = {pair, 2};
    lede_span whole = lede_block_join(&joint, 0, 2, text->arena);

    block->lines[block->line_count - 1] = whole;
    return whole.bytes != NULL;
}

void lede_text_gather_add(lede_text_gather *text, lede_span line, bool ended)
{
    enum { PARAGRAPH_BYTES = 1 << 20 };
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
    if (text->is_unended && text->is_open) {
        block = &text->blocks[text->count - 1];
        if (block->lines[block->line_count - 1].len + trimmed.len <
            PARAGRAPH_BYTES) {
            text->failed |= !extend_line(text, trimmed);
            text->is_unended = !ended;
            return;
        }
        text->is_open = false;
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
