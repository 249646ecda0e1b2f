#include "corpus/html_blocks.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "corpus/html_meta.h"
#include "corpus/page_words.h"
#include "corpus/text_match.h"

enum {
    BLOCK_MAX_BYTES = 1 << 20, /* a longer paragraph is cut */
    CAPTION_MAX_BYTES = 4096,
    FIGURE_LINE_BYTES = 200, /* a line in a figure is a caption */
    LABEL_BYTES = 100,
    LAYOUT_NODES = 300,    /* of a table that are looked at */
    LAYOUT_PARAGRAPHS = 2, /* in a cell: more are a text */
    LAYOUT_BREAKS = 4,
    PICTURE_TEXT_BYTES = 500, /* so is what stands with a picture alone */
    BLOCKS_MAX = 1 << 19
};

/* What is around the text at hand. */
typedef struct place {
    const lede_html_node *node; /* innermost block element */
    unsigned links, quotes;
    bool in_item, in_heading, in_row, in_figure, in_caption, is_aside;
    bool is_layout; /* the table around it */
} place;

typedef struct gatherer {
    lede_arena *arena;
    lede_html_blocks *out;
    lede_buf text; /* of the block at hand */
    uint32_t link_bytes;
    uint32_t order;
    place begin; /* where the block at hand began */
    bool owes_blank;
    unsigned breaks; /* in a row */
    bool failed;
} gatherer;

static lede_block_type type_of(const place *at)
{
    return at->in_heading   ? LEDE_BLOCK_HEADING
           : at->in_row     ? LEDE_BLOCK_TABLE
           : at->in_item    ? LEDE_BLOCK_LI
           : at->quotes > 0 ? LEDE_BLOCK_QUOTE
                            : LEDE_BLOCK_P;
}

static lede_html_block *block_new(gatherer *g)
{
    lede_html_blocks *out = g->out;

    if (out->count == out->room) {
        uint32_t room = out->room == 0 ? 64 : out->room * 2;
        lede_html_block *grown;

        if (out->count >= BLOCKS_MAX) {
            return NULL;
        }
        grown = lede_arena_array(g->arena, room, sizeof *grown);
        if (grown == NULL) {
            g->failed = true;
            return NULL;
        }
        if (out->count > 0) {
            memcpy(grown, out->items, out->count * sizeof *grown);
        }
        out->items = grown;
        out->room = room;
    }
    return &out->items[out->count++];
}

static void end_block(gatherer *g)
{
    lede_html_block *block;

    if (g->text.len > 0) {
        lede_span text = lede_match_trim(lede_buf_span(&g->text));

        block = text.len == 0 ? NULL : block_new(g);
        if (block != NULL) {
            text = lede_arena_copy(g->arena, text);
            block->type = type_of(&g->begin);
            block->text = text;
            block->link_bytes = g->link_bytes;
            block->node = g->begin.node;
            block->order = g->order;
            block->is_caption =
                g->begin.in_caption ||
                (g->begin.in_figure && text.len < FIGURE_LINE_BYTES &&
                 block->type == LEDE_BLOCK_P);
            block->is_aside = g->begin.is_aside;
            g->failed |= text.bytes == NULL;
        }
    }
    g->failed |= g->text.failed;
    lede_buf_clear(&g->text);
    g->link_bytes = 0;
    g->owes_blank = false;
    g->breaks = 0;
}

static void put_word(gatherer *g, const place *at, const lede_html_node *node,
                     lede_span word)
{
    if (g->breaks >= 2 || g->text.len > BLOCK_MAX_BYTES) {
        end_block(g);
    }
    g->breaks = 0;
    if (g->text.len == 0) {
        g->begin = *at;
        g->order = node->order;
    } else if (g->owes_blank) {
        lede_buf_put_byte(&g->text, ' ');
    }
    g->owes_blank = false;
    lede_buf_put_span(&g->text, word);
    if (at->links > 0) {
        g->link_bytes += (uint32_t)word.len + 1;
    }
}

/* References by number to what windows-1252 has at 0x80 to 0x9F, in pages of
 * writers who thought that to be Unicode. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
    0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
};

static bool is_blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A wide blank at `i`, but for the kinds that join or have no width. */
static size_t wide_blank(lede_span text, size_t i)
{
    static const char *const blanks[] = {"\xC2\xA0",     "\xE2\x80\x89",
                                         "\xE2\x80\xAF", "\xE2\x80\x82",
                                         "\xE2\x80\x83", "\xE3\x80\x80"};
    lede_span rest = lede_span_part(text, i, text.len);
    size_t k;

    for (k = 0; k < sizeof blanks / sizeof blanks[0]; k++) {
        size_t len = k == 0 ? 2 : 3;

        if (rest.len >= len && memcmp(rest.bytes, blanks[k], len) == 0) {
            return len;
        }
    }
    return 0;
}

static void put_text(gatherer *g, const place *at, const lede_html_node *node)
{
    lede_span text = node->text;
    size_t i = 0;

    while (i < text.len) {
        size_t begin = i;
        size_t wide = 0;

        if (is_blank(text.bytes[i])) {
            g->owes_blank = true;
            i++;
            continue;
        }
        for (; i < text.len && !is_blank(text.bytes[i]); i++) {
            uint8_t c = text.bytes[i];

            if (c == 0xC2 && i + 1 < text.len && text.bytes[i + 1] < 0xA0) {
                break;
            }
            if ((c == 0xC2 || c == 0xE2 || c == 0xE3) &&
                (wide = wide_blank(text, i)) > 0) {
                break;
            }
        }
        if (i > begin) {
            put_word(g, at, node, lede_span_part(text, begin, i - begin));
        }
        if (wide > 0) {
            g->owes_blank = true;
            i += wide;
        } else if (i < text.len && text.bytes[i] == 0xC2) {
            uint8_t bytes[4];
            size_t len =
                lede_utf8_encode(bytes, windows_1252[text.bytes[i + 1] & 31]);

            put_word(g, at, node, lede_span_of(bytes, len));
            i += 2;
        }
    }
}

/* Pictures. --------------------------------------------------------------- */

static lede_html_picture *last_picture(gatherer *g)
{
    return g->out->picture_count == 0
               ? NULL
               : &g->out->pictures[g->out->picture_count - 1];
}

static void put_picture(gatherer *g, const lede_html_node *node)
{
    lede_html_blocks *out = g->out;
    lede_span src = lede_html_attr_get(node, LEDE_ATTR_SRC);
    lede_html_picture *picture;

    if (src.len == 0 || lede_match_starts(src, "data:")) {
        src = lede_html_attr_get(node, LEDE_ATTR_DATA_SRC);
    }
    if (out->picture_count == out->picture_room) {
        uint32_t room = out->picture_room == 0 ? 8 : out->picture_room * 2;
        lede_html_picture *grown =
            lede_arena_array(g->arena, room, sizeof *grown);

        if (grown == NULL) {
            g->failed = true;
            return;
        }
        if (out->picture_count > 0) {
            memcpy(grown, out->pictures, out->picture_count * sizeof *grown);
        }
        out->pictures = grown;
        out->picture_room = room;
    }
    picture = &out->pictures[out->picture_count++];
    *picture = (lede_html_picture){.node = node};
    picture->media.type = LEDE_MEDIA_IMAGE;
    picture->media.alt = lede_html_attr_get(node, LEDE_ATTR_ALT);
    picture->media.url = lede_html_bare_address(src);
}

static const lede_html_node *figure_around(const lede_html_node *node)
{
    while (node != NULL && node->tag != LEDE_TAG_FIGURE) {
        node = node->parent;
    }
    return node;
}

/* Drawings are the icons of buttons, but for one that has a figure to itself.
 */
static bool is_icon(gatherer *g, const lede_html_node *node)
{
    static const char ending[] = ".svg";
    lede_span src = lede_html_attr_get(node, LEDE_ATTR_SRC);
    size_t end = lede_match_find(src, 0, ending);
    const lede_html_node *figure = figure_around(node);
    const lede_html_picture *picture = last_picture(g);

    if (end == LEDE_MATCH_NONE) {
        return false;
    }
    end += sizeof ending - 1;
    if (end < src.len && src.bytes[end] != '?' && src.bytes[end] != '#') {
        return false;
    }
    return figure == NULL ||
           (picture != NULL && lede_html_is_inside(picture->node, figure));
}

/* The picture that a caption or credit stands with: the last one in the same
 * figure, or else the one just before. */
static lede_html_picture *picture_of(gatherer *g, const lede_html_node *node)
{
    enum { NEAR = 60 };
    const lede_html_node *figure = figure_around(node);
    lede_html_picture *picture = last_picture(g);

    if (figure != NULL) {
        if (picture != NULL && lede_html_is_inside(picture->node, figure)) {
            return picture;
        }
        put_picture(g, figure);
        return last_picture(g);
    }
    return picture != NULL && node->order - picture->node->order < NEAR
               ? picture
               : NULL;
}

/* A caption, maybe with the credit inside it. */
static void put_caption(gatherer *g, lede_html_node *node)
{
    lede_html_picture *picture = picture_of(g, node);
    lede_html_node *credit = NULL;
    lede_html_node *at = node;
    lede_span text;

    if (picture == NULL) {
        return;
    }
    while ((at = lede_html_next(node, at)) != NULL) {
        if ((at->marks & LEDE_HTML_MARK_CREDIT) != 0) {
            credit = at;
            break;
        }
    }
    if (credit != NULL) {
        uint8_t marks = credit->marks;
        uint8_t tag = credit->tag;

        picture->media.credit =
            lede_html_line(credit, CAPTION_MAX_BYTES, g->arena, &g->failed);
        credit->tag = LEDE_TAG_TEMPLATE; /* out of sight for a moment */
        text = lede_html_line(node, CAPTION_MAX_BYTES, g->arena, &g->failed);
        credit->tag = tag;
        credit->marks = marks;
    } else {
        text = lede_html_line(node, CAPTION_MAX_BYTES, g->arena, &g->failed);
    }
    if ((node->marks & LEDE_HTML_MARK_CREDIT) != 0 &&
        node->tag != LEDE_TAG_FIGCAPTION &&
        (node->marks & LEDE_HTML_MARK_CAPTION) == 0) {
        picture->media.credit = text;
    } else if (picture->media.caption.len == 0) {
        picture->media.caption = text;
        if (picture->media.credit.len == 0) {
            lede_words_cut_credit(&picture->media.caption,
                                  &picture->media.credit);
        }
    }
}

/* "Image source, " for screen readers, and then the credit for all. */
static bool is_labelled_credit(gatherer *g, const lede_html_node *node)
{
    const lede_html_node *label = node->first;
    lede_span line;
    size_t begin;
    size_t end;

    if (label == NULL || label->next == NULL ||
        (label->marks & LEDE_HTML_MARK_HIDDEN) == 0) {
        return false;
    }
    line = lede_html_line_aloud(node, LABEL_BYTES, g->arena, &g->failed);
    return line.len > 0 && lede_words_find_credit(line, &begin, &end) &&
           begin == 0;
}

/* The walk. --------------------------------------------------------------- */

static bool is_caption(const lede_html_node *node)
{
    if (node->tag == LEDE_TAG_FIGCAPTION) {
        return true;
    }
    if ((node->marks & (LEDE_HTML_MARK_CAPTION | LEDE_HTML_MARK_CREDIT)) == 0 ||
        node->tag == LEDE_TAG_FIGURE || node->tag == LEDE_TAG_IMG) {
        return false;
    }
    return lede_html_find_tag(node, LEDE_TAG_IMG) == NULL;
}

static bool is_cell(lede_tag tag)
{
    return tag == LEDE_TAG_TD || tag == LEDE_TAG_TH;
}

/* Whether a table is there for the looks of the page: whole texts stand in its
 * cells. */
static bool is_layout(const lede_html_node *table)
{
    lede_html_node *node = (lede_html_node *)(uintptr_t)table;
    unsigned nodes = 0;
    unsigned paragraphs = 0;
    unsigned breaks = 0;

    while ((node = lede_html_next(table, node)) != NULL &&
           nodes++ < LAYOUT_NODES) {
        lede_tag tag = (lede_tag)node->tag;

        if (tag == LEDE_TAG_TD) {
            paragraphs = breaks = 0;
        }
        paragraphs += tag == LEDE_TAG_P;
        breaks += tag == LEDE_TAG_BR;
        if (tag == LEDE_TAG_TABLE || tag == LEDE_TAG_H1 ||
            tag == LEDE_TAG_ARTICLE || paragraphs > LAYOUT_PARAGRAPHS ||
            breaks > LAYOUT_BREAKS) {
            return true;
        }
    }
    return false;
}

static void enter(place *at, const lede_html_node *node)
{
    lede_tag tag = (lede_tag)node->tag;

    if (lede_tag_is_block(tag) || (at->is_layout && is_cell(tag))) {
        at->node = node;
    }
    at->links += tag == LEDE_TAG_A;
    at->quotes += tag == LEDE_TAG_BLOCKQUOTE;
    at->in_heading |= lede_tag_is_heading(tag);
    if (tag == LEDE_TAG_TABLE) {
        at->in_row = false;
        at->is_layout = is_layout(node);
    }
    at->in_row |= tag == LEDE_TAG_TR && !at->is_layout;
    at->in_figure |= tag == LEDE_TAG_FIGURE;
    if (tag == LEDE_TAG_LI) {
        at->in_item = true;
    } else if (tag == LEDE_TAG_P) {
        at->in_heading = false;
    }
    if (tag == LEDE_TAG_ARTICLE) {
        at->in_item = false; /* a list of articles, not of items */
    }
    at->is_aside |= (node->marks & LEDE_HTML_MARK_ASIDE) != 0;
}

/* An element that is named for a picture, and holds one with little text. */
static bool is_picture_box(gatherer *g, const lede_html_node *node)
{
    lede_span text;

    if ((node->marks & LEDE_HTML_MARK_PICTURE) == 0 ||
        !lede_tag_is_block((lede_tag)node->tag) ||
        node->tag == LEDE_TAG_FIGURE || node->tag == LEDE_TAG_ARTICLE ||
        lede_html_find_tag(node, LEDE_TAG_IMG) == NULL ||
        lede_html_find_tag(node, LEDE_TAG_H1) != NULL) {
        return false;
    }
    text = lede_html_line(node, PICTURE_TEXT_BYTES, g->arena, &g->failed);
    return text.len > 0 && text.len < PICTURE_TEXT_BYTES;
}

static void end_picture_box(gatherer *g, const lede_html_node *node)
{
    lede_html_picture *picture = last_picture(g);

    if (picture != NULL && lede_html_is_inside(picture->node, node) &&
        picture->media.caption.len == 0) {
        picture->media.caption =
            lede_html_line(node, PICTURE_TEXT_BYTES, g->arena, &g->failed);
    }
}

static void walk(gatherer *g, lede_html_node *node, place at)
{
    bool is_block = lede_tag_is_block((lede_tag)node->tag);
    bool is_box;
    lede_html_node *child;

    if (is_block) {
        end_block(g);
    }
    is_box = !at.in_caption && is_picture_box(g, node);
    at.in_caption |= is_box;
    enter(&at, node);
    if (!at.in_caption && is_labelled_credit(g, node)) {
        node->marks |= LEDE_HTML_MARK_CREDIT;
    }
    if (is_caption(node) && !at.in_caption) {
        end_block(g);
        put_caption(g, node);
        at.in_caption = true;
        at.node = node;
        is_block = true;
    }
    for (child = node->first; child != NULL && !g->failed;
         child = child->next) {
        lede_tag tag = (lede_tag)child->tag;

        if ((child->marks & LEDE_HTML_MARK_HIDDEN) != 0 ||
            lede_tag_is_unread(tag)) {
            continue;
        }
        if (tag == LEDE_TAG_TEXT) {
            put_text(g, &at, child);
        } else if (tag == LEDE_TAG_BR) {
            g->owes_blank = true;
            g->breaks++;
        } else if (tag == LEDE_TAG_IMG) {
            if (!is_icon(g, child)) {
                put_picture(g, child);
            }
        } else {
            if (is_cell(tag) && at.is_layout) {
                end_block(g);
            } else if (is_cell(tag)) {
                g->owes_blank = true;
            }
            walk(g, child, at);
        }
    }
    if (is_block) {
        end_block(g);
    }
    if (is_box) {
        end_picture_box(g, node);
    }
}

lede_status lede_html_blocks_read(const lede_html_node *top, lede_arena *arena,
                                  lede_html_blocks *out, lede_error *err)
{
    gatherer g = {.arena = arena, .out = out};
    place at = {.node = top};

    *out = (lede_html_blocks){0};
    walk(&g, (lede_html_node *)(uintptr_t)top, at);
    end_block(&g);
    lede_buf_done(&g.text);
    return g.failed ? lede_fail(err, LEDE_NO_MEMORY, "out of memory") : LEDE_OK;
}
