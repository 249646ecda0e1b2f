#include "corpus/live_entry.h"

#include "base/utf8.h"
#include "corpus/entry_parts.h"
#include "corpus/live_bylines.h"
#include "corpus/live_media.h"
#include "corpus/page_words.h"
#include "corpus/text_match.h"

enum { TITLE_CHARS = 140, LONG_TITLE_CHARS = 300 };

/* Pieces. ---------------------------------------------------------------- */

static lede_span without_link_marks(lede_span text, lede_arena *arena)
{
    uint8_t *bytes = NULL;
    size_t len = 0;

    for (size_t at = 0; at < text.len;) {
        size_t mark = text.bytes[at] == ',' || text.bytes[at] == 0xD8
                          ? lede_words_take_link_mark(text, at)
                          : 0;

        if (mark > 0 && bytes == NULL) {
            bytes = lede_arena_get(arena, text.len);
            if (bytes == NULL) {
                return lede_span_of(NULL, 0);
            }
            memcpy(bytes, text.bytes, at);
            len = at;
        }
        if (mark > 0) {
            at += mark;
            continue;
        }
        if (bytes != NULL) {
            bytes[len++] = text.bytes[at];
        }
        at++;
    }
    return bytes == NULL ? text : lede_span_of(bytes, len);
}

void lede_drop_link_marks(lede_body *body, lede_arena *arena)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < body->count; i++) {
        lede_block block = body->blocks[i];
        lede_span text = without_link_marks(block.text, arena);

        body->failed |= text.bytes == NULL;
        block.text = lede_match_trim(text);
        if (block.text.len > 0) { /* of a mark alone nothing is left */
            body->blocks[kept++] = block;
        }
    }
    body->count = kept;
}

/* The reading of an entry's blocks. --------------------------------------- */

typedef struct reading {
    const lede_text_gather *text;
    const lede_live_entry_rules *rules;
    lede_entry *entry;
    lede_live_found *found;
    lede_arena *arena;
    lede_authors authors;
    lede_media_list media;
    lede_body body;
    uint32_t at;       /* the block */
    uint32_t line;     /* the first of its lines not yet read */
    bool has_title;    /* no headline is looked for any more */
    bool in_head;      /* labels and bylines may still come */
    bool is_first;     /* no block was read as text, byline or media */
    bool ends_in_body; /* what was read last was body */
    bool failed;
} reading;

/* The unread part of a block. */
static lede_text_block rest_of_block(const reading *r, uint32_t at)
{
    lede_text_block block = r->text->blocks[at];
    uint32_t from = at == r->at ? r->line : 0;

    block.lines += from;
    block.line_count -= from;
    return block;
}

static bool is_dropped(const reading *r, lede_span line)
{
    lede_head_time time;

    return lede_words_is_furniture(line) ||
           lede_head_parse_updated(line, r->rules->hints, &time);
}

/* Whether any text follows block `at`. */
static bool is_followed(const reading *r, uint32_t at)
{
    for (uint32_t i = at + 1; i < r->text->count; i++) {
        const lede_text_block *block = &r->text->blocks[i];

        for (uint32_t j = 0; j < block->line_count; j++) {
            if (!is_dropped(r, block->lines[j])) {
                return true;
            }
        }
    }
    return false;
}

/* Whether a block could be a headline at all. */
static bool is_title_block(const reading *r, const lede_text_block *block,
                           size_t max_chars)
{
    lede_span line;

    if (block->line_count != 1) {
        return false;
    }
    line = block->lines[0];
    return lede_utf8_count(line) <= max_chars && !is_dropped(r, line) &&
           !lede_match_ends_in(line, ".", false) &&
           lede_bullet_len(line) == 0 && !lede_media_is_line(line) &&
           !lede_byline_is_line(block);
}

/* On pages where most updates have no headline, a first line must look like
 * nothing else. */
static bool is_sure_title(lede_span line)
{
    lede_span sentence = lede_match_first_sentence(line, TITLE_CHARS);

    return !lede_match_ends_in(line, ".?!:;,\"'", true) &&
           strchr("#@\"'(", line.bytes[0]) == NULL &&
           !lede_span_starts(line, "\u201C") &&
           !lede_span_starts(line, "\u2018") &&
           !lede_match_starts_lower(line) && sentence.len == line.len;
}

/* A label before another headline is a label; alone it is the headline. */
static bool is_label_before_title(const reading *r,
                                  const lede_text_block *block)
{
    lede_text_block next;

    if (!lede_words_is_label(block->lines[0])) {
        return false;
    }
    if (lede_words_is_flag_label(block->lines[0])) {
        return true;
    }
    if (r->at + 1 >= r->text->count) {
        return false;
    }
    next = r->text->blocks[r->at + 1];
    return is_title_block(r, &next, TITLE_CHARS) &&
           !lede_match_ends_in(next.lines[0], ":", false) &&
           is_followed(r, r->at + 1);
}

/* Between a head and a byline there is only a headline. */
static bool is_before_byline(const reading *r, const lede_text_block *block)
{
    return block->line_count == 1 && r->at + 1 < r->text->count &&
           lede_utf8_count(block->lines[0]) <= LONG_TITLE_CHARS &&
           !lede_words_is_label(block->lines[0]) &&
           !lede_byline_is_line(block) &&
           !lede_media_is_line(block->lines[0]) &&
           lede_byline_is_line(&r->text->blocks[r->at + 1]);
}

static bool accepts_title(const reading *r, const lede_text_block *block)
{
    if (r->rules->title != LEDE_LIVE_TITLE_NEVER &&
        is_before_byline(r, block)) {
        return true;
    }
    switch (r->rules->title) {
    case LEDE_LIVE_TITLE_ALWAYS:
        return is_title_block(r, block, LONG_TITLE_CHARS) ||
               (block->line_count == 1 && is_followed(r, r->at) &&
                !lede_media_is_line(block->lines[0]) &&
                !lede_byline_is_line(block) &&
                lede_utf8_count(block->lines[0]) <= TITLE_CHARS);
    case LEDE_LIVE_TITLE_OFTEN:
        return is_title_block(r, block, TITLE_CHARS);
    case LEDE_LIVE_TITLE_SELDOM:
        return is_title_block(r, block, TITLE_CHARS) &&
               is_sure_title(block->lines[0]) && is_followed(r, r->at);
    default:
        return false;
    }
}

/* A headline whose text follows on the next line, without a blank one. */
static bool is_stacked(const reading *r, const lede_text_block *block)
{
    lede_text_block first = {block->lines, 1};

    return r->rules->is_stacked && block->line_count > 1 &&
           is_title_block(r, &first, TITLE_CHARS) &&
           is_sure_title(block->lines[0]) && !lede_block_is_wrapped(block) &&
           !lede_media_is_line(block->lines[1]) &&
           !lede_byline_take(block, false, r->arena, &(lede_authors){0});
}

/* "Ann Lee" alone above a text. */
static bool is_name_alone(const reading *r, const lede_text_block *block)
{
    lede_text_block next;

    if (!r->rules->has_names || block->line_count != 1 ||
        r->at + 1 >= r->text->count || !lede_byline_is_name(block->lines[0]) ||
        memchr(block->lines[0].bytes, ' ', block->lines[0].len) == NULL) {
        return false;
    }
    next = r->text->blocks[r->at + 1];
    return lede_match_ends_in(next.lines[next.line_count - 1], ".", true);
}

static void next_block(reading *r)
{
    r->at++;
    r->line = 0;
}

/* Reads the block as headline; false if it is none. */
static bool read_title(reading *r)
{
    lede_text_block block = rest_of_block(r, r->at);

    if (r->has_title || is_label_before_title(r, &block)) {
        return false;
    }
    r->has_title = true;
    if (r->at + 1 < r->text->count &&
        lede_byline_is_pair(&block, &r->text->blocks[r->at + 1])) {
        return false;
    }
    if (is_name_alone(r, &block)) {
        lede_authors_add(&r->authors, r->arena, block.lines[0],
                         lede_span_of(NULL, 0), lede_span_of(NULL, 0));
        next_block(r);
        return true;
    }
    if (lede_match_is(block.lines[0], "post update") &&
        r->rules->title == LEDE_LIVE_TITLE_ALWAYS) {
        next_block(r);
        return true;
    }
    if (is_stacked(r, &block)) {
        r->entry->headline = block.lines[0];
        r->line++;
        return true;
    }
    if (!accepts_title(r, &block)) {
        return false;
    }
    r->entry->headline = block.lines[0];
    next_block(r);
    return true;
}

static bool read_label(reading *r)
{
    lede_text_block block = rest_of_block(r, r->at);

    if (!lede_words_is_label(block.lines[0])) {
        return false;
    }
    r->failed |= !lede_entry_add_label(r->entry, r->arena, block.lines[0]);
    r->line++;
    return true;
}

static bool read_byline(reading *r)
{
    lede_text_block block = rest_of_block(r, r->at);

    if (lede_media_is_block(&block)) {
        return false;
    }
    if (r->at + 1 < r->text->count &&
        lede_byline_take_pair(&block, &r->text->blocks[r->at + 1], r->arena,
                              &r->authors)) {
        next_block(r);
        next_block(r);
        return true;
    }
    if (r->text->is_dense && r->at + 1 < r->text->count) {
        lede_span lines[2] = {block.lines[0],
                              r->text->blocks[r->at + 1].lines[0]};
        lede_text_block pair = {lines, 2};

        if (lede_byline_take(&pair, false, r->arena, &r->authors)) {
            next_block(r);
            next_block(r);
            return true;
        }
    }
    if (lede_byline_take(&block, r->is_first, r->arena, &r->authors)) {
        next_block(r);
        return true;
    }
    if (r->rules->is_stacked && block.line_count > 1) {
        block.line_count = 1; /* the byline stands on the text too */
        if (lede_byline_is_line(&block) &&
            lede_byline_take(&block, false, r->arena, &r->authors)) {
            r->line++;
            return true;
        }
    }
    return false;
}

/* Media at the front of the block; true if some were taken. */
static bool read_media(reading *r)
{
    lede_text_block block = rest_of_block(r, r->at);
    uint32_t taken = 0;

    if (lede_media_take_caption(&r->media, r->arena, &block)) {
        next_block(r);
        return true;
    }
    lede_media_take(&r->media, r->arena, &block, &taken);
    r->line += taken;
    return taken > 0;
}

/* The lines up to the next that is a medium's or furniture. */
static void read_body(reading *r)
{
    lede_text_block block = rest_of_block(r, r->at);
    uint32_t end = 1;

    while (end < block.line_count && !lede_media_is_line(block.lines[end]) &&
           !is_dropped(r, block.lines[end])) {
        end++;
    }
    block.line_count = end;
    lede_body_add_lines(&r->body, r->arena, &block, 0);
    r->line += end;
    r->media.has_open = false;
}

static bool read_dropped(reading *r)
{
    lede_span line = rest_of_block(r, r->at).lines[0];
    lede_head_time time;

    if (lede_head_parse_updated(line, r->rules->hints, &time)) {
        r->found->has_updated = true;
        r->found->updated = time;
    } else if (!lede_words_is_furniture(line) ||
               (r->in_head && lede_words_is_label(line))) {
        return false;
    }
    r->line++;
    return true;
}

static void read_next(reading *r)
{
    if (r->line >= r->text->blocks[r->at].line_count) {
        next_block(r);
        return;
    }
    r->ends_in_body = false;
    if (read_dropped(r) || (r->in_head && read_title(r))) {
        return;
    }
    if (read_media(r)) {
        r->is_first = false;
        return;
    }
    if (r->in_head && read_label(r)) {
        return;
    }
    if (r->in_head && read_byline(r)) {
        r->is_first = false;
        return;
    }
    r->in_head = false;
    r->ends_in_body = true;
    read_body(r);
}

lede_status lede_live_entry_fill(const lede_text_gather *text,
                                 const lede_live_entry_rules *rules,
                                 lede_entry *entry, lede_live_found *found,
                                 lede_error *err)
{
    reading r = {
        .text = text,
        .rules = rules,
        .entry = entry,
        .found = found,
        .arena = text->arena,
        .authors = {.items = entry->authors,
                    .count = entry->author_count,
                    .room = entry->author_count},
        .has_title = rules->title == LEDE_LIVE_TITLE_ON_HEAD ||
                     rules->title == LEDE_LIVE_TITLE_NEVER,
        .in_head = true,
        .is_first = true,
    };

    *found = (lede_live_found){0};
    while (r.at < text->count && !r.failed) {
        read_next(&r);
    }
    if (rules->is_bbc) {
        lede_drop_link_marks(&r.body, r.arena);
    }
    if (r.failed || text->failed || r.authors.failed || r.media.failed ||
        r.body.failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "live text: out of memory");
    }
    entry->authors = r.authors.items;
    entry->author_count = r.authors.count;
    entry->media = r.media.items;
    entry->media_count = r.media.count;
    entry->body = r.body.blocks;
    entry->block_count = r.body.count;
    found->ends_open = r.ends_in_body && lede_body_ends_open(&r.body);
    if (text->is_full) {
        entry->flags |= LEDE_FLAG_TRUNCATED;
    }
    return LEDE_OK;
}
