#include "corpus/live_media.h"

#include "corpus/page_words.h"
#include "corpus/text_match.h"

static lede_media *add(lede_media_list *list, lede_arena *arena)
{
    if (list->failed) {
        return NULL;
    }
    if (list->count == list->room) {
        uint32_t room = list->room == 0 ? 4 : list->room * 2;
        lede_media *grown = lede_arena_array(arena, room, sizeof *grown);

        if (grown == NULL) {
            list->failed = true;
            return NULL;
        }
        if (list->count > 0) {
            memcpy(grown, list->items, list->count * sizeof *grown);
        }
        list->items = grown;
        list->room = room;
    }
    list->items[list->count] = (lede_media){.type = LEDE_MEDIA_IMAGE};
    return &list->items[list->count++];
}

/* A caption goes to the medium opened last, else to a new one. */
static void set_caption(lede_media_list *list, lede_arena *arena,
                        lede_media_type type, lede_span caption)
{
    lede_media *media;

    if (list->has_open && list->count > 0 &&
        list->items[list->count - 1].caption.len == 0) {
        media = &list->items[list->count - 1];
    } else {
        media = add(list, arena);
    }
    if (media != NULL) {
        media->caption = caption;
        media->type = type;
    }
    list->has_open = false;
}

/* Where a caption's hidden words begin inside a line: "Image caption, A
 * manImage source, EPA". */
static size_t find_inner_caption(lede_span line, size_t *len,
                                 lede_media_type *type)
{
    for (size_t at = 0; at < line.len; at++) {
        if ((line.bytes[at] | 0x20) == 'i' || (line.bytes[at] | 0x20) == 'm' ||
            (line.bytes[at] | 0x20) == 'v' || (line.bytes[at] | 0x20) == 'a') {
            *len = lede_words_take_caption(lede_span_part(line, at, line.len),
                                           type);
            if (*len > 0) {
                return at;
            }
        }
    }
    return LEDE_MATCH_NONE;
}

static void take_credit_line(lede_media_list *list, lede_arena *arena,
                             lede_span line, size_t begin, size_t end)
{
    lede_span alt = lede_match_trim(lede_span_part(line, 0, begin));
    lede_span credit = lede_match_trim(lede_span_part(line, end, line.len));
    lede_media *media = add(list, arena);
    lede_media_type type = LEDE_MEDIA_IMAGE;
    size_t len = 0;
    size_t at = find_inner_caption(alt, &len, &type);

    if (media == NULL) {
        return;
    }
    if (at != LEDE_MATCH_NONE) {
        media->caption =
            lede_match_trim(lede_span_part(alt, at + len, alt.len));
        alt = lede_match_trim(lede_span_part(alt, 0, at));
    }
    at = find_inner_caption(credit, &len, &type);
    if (at != LEDE_MATCH_NONE) { /* all on one line */
        media->caption =
            lede_match_trim(lede_span_part(credit, at + len, credit.len));
        credit = lede_match_trim(lede_span_part(credit, 0, at));
    }
    media->type = type;
    media->alt = alt;
    media->credit = credit;
    list->has_open = media->caption.len == 0;
}

static lede_span copyright_of(lede_span line)
{
    static const char word[] = "copyright: ";

    return lede_match_starts(line, word) && line.len <= 120
               ? lede_match_trim(lede_span_part(line, strlen(word), line.len))
               : lede_span_of(NULL, 0);
}

bool lede_media_is_line(lede_span line)
{
    lede_media_type type;
    size_t begin;
    size_t end;

    return lede_words_take_caption(line, &type) > 0 ||
           copyright_of(line).len > 0 ||
           lede_words_find_credit(line, &begin, &end);
}

bool lede_media_is_block(const lede_text_block *block)
{
    for (uint32_t i = 0; i < block->line_count; i++) {
        if (lede_media_is_line(block->lines[i])) {
            return true;
        }
    }
    return false;
}

static void take_line(lede_media_list *list, lede_arena *arena, lede_span line)
{
    lede_media_type type = LEDE_MEDIA_IMAGE;
    size_t begin;
    size_t end;
    size_t len = lede_words_take_caption(line, &type);
    lede_span rest = lede_match_trim(lede_span_part(line, len, line.len));

    if (lede_words_find_credit(line, &begin, &end)) {
        take_credit_line(list, arena, line, begin, end);
    } else if (len > 0 && rest.len > 0) {
        set_caption(list, arena, type, rest);
    } else if (len > 0) {
        list->wants_caption = true;
        list->wanted_type = type;
    } else {
        lede_media *media = list->has_open && list->count > 0
                                ? &list->items[list->count - 1]
                                : add(list, arena);

        if (media != NULL) {
            media->credit = copyright_of(line);
        }
    }
}

void lede_media_take(lede_media_list *list, lede_arena *arena,
                     const lede_text_block *block, uint32_t *from)
{
    while (*from < block->line_count &&
           lede_media_is_line(block->lines[*from])) {
        take_line(list, arena, block->lines[*from]);
        (*from)++;
    }
}

bool lede_media_take_caption(lede_media_list *list, lede_arena *arena,
                             const lede_text_block *block)
{
    if (!list->wants_caption) {
        return false;
    }
    list->wants_caption = false;
    if (block->line_count != 1 || lede_media_is_line(block->lines[0]) ||
        lede_words_is_label(block->lines[0])) {
        return false;
    }
    set_caption(list, arena, list->wanted_type, block->lines[0]);
    return true;
}
