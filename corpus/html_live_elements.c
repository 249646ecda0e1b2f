/* html_live_elements.c - updates by the elements that hold them. */
#include <ctype.h>
#include <string.h>

#include "corpus/entry_parts.h"
#include "corpus/html_live.h"
#include "corpus/html_live_alike.h"
#include "corpus/html_live_byline.h"
#include "corpus/html_live_clock.h"
#include "corpus/live_bylines.h"
#include "corpus/live_heads.h"
#include "corpus/page_words.h"
#include "corpus/text_match.h"

enum {
    MIN_POSTS = 2,
    BLOCK_ID_CHARS = 6, /* at least */
    LINE_MAX_BYTES = 2000,
    TITLE_MAX_BYTES = 400,
    NEAR_CLOCK = 12, /* nodes */
    DAY_LINES = 12,  /* above an update */
    BYLINE_BYTES = 100,
    LABEL_BYTES = 40,
    HEAD_TEXTS = 12, /* in which a time is looked for */
    MEDIA_MAX = 64,
    JOINS_MAX = 1000
};

/* Hooks. ------------------------------------------------------------------ */

static bool class_has(const lede_html_node *node, const char *part)
{
    return lede_html_attr_contains(node, LEDE_ATTR_CLASS, part);
}

static bool id_starts(const lede_html_node *node, const char *start)
{
    return lede_match_starts(lede_html_attr_get(node, LEDE_ATTR_ID), start);
}

static bool is_content_post(const lede_html_node *node)
{
    return lede_html_attr_is(node, LEDE_ATTR_DATA_TESTID, "content-post") ||
           lede_html_attr_is(node, LEDE_ATTR_DATA_TESTID,
                             "live-blog-feed-item") ||
           lede_html_attr_is(node, LEDE_ATTR_DATA_TESTID, "live-blog-post");
}

static bool is_asset_heading(const lede_html_node *node)
{
    return lede_tag_is_heading((lede_tag)node->tag) &&
           id_starts(node, "asset:");
}

static bool is_stream_post(const lede_html_node *node)
{
    return class_has(node, "lx-stream__post-container");
}

/* "block-67b34f1e8f08...": other sites have blocks too, with names. */
static bool is_guardian_block(const lede_html_node *node)
{
    lede_span id = lede_html_attr_get(node, LEDE_ATTR_ID);
    size_t digits = 0;
    size_t i;

    if (!lede_match_starts(id, "block-") ||
        (node->tag != LEDE_TAG_ARTICLE &&
         !lede_html_attr_has_word(node, LEDE_ATTR_CLASS, "block"))) {
        return false;
    }
    for (i = 6; i < id.len && isxdigit(id.bytes[i]) != 0; i++) {
        digits += isdigit(id.bytes[i]) != 0;
    }
    return i == id.len && id.len >= 6 + BLOCK_ID_CHARS && digits > 0;
}

static bool is_story_post(const lede_html_node *node)
{
    return class_has(node, "live-story-post__wrapper") ||
           lede_html_attr_has_word(node, LEDE_ATTR_CLASS, "live-story-post");
}

static bool is_update_prop(const lede_html_node *node)
{
    return lede_html_attr_has_word(node, LEDE_ATTR_ITEMPROP, "liveblogupdate");
}

static bool is_feed_article(const lede_html_node *node)
{
    const lede_html_node *at = node->parent;

    if (!lede_html_attr_is(node, LEDE_ATTR_ROLE, "article") &&
        node->tag != LEDE_TAG_ARTICLE) {
        return false;
    }
    for (; at != NULL; at = at->parent) {
        if (lede_html_attr_is(at, LEDE_ATTR_ROLE, "feed")) {
            return true;
        }
    }
    return false;
}

static bool is_named_post(const lede_html_node *node)
{
    static const char *const names[] = {
        "liveblog-entry",   "liveblog-post",     "liveblog__entry",
        "liveblog__post",   "live-blog-entry",   "live-blog-post",
        "live-blog-update", "live-post",         "live-entry",
        "live-update-item", "lb-post",           "liveticker-entry",
        "ticker-entry",     "ticker__entry",     "live-blog__post",
        "livefeed-post",    "wp-block-liveblog", "live_post",
        "liveblog_post",    "live-stream-post",  "timeline-post",
    };
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (lede_html_attr_has_word(node, LEDE_ATTR_CLASS, names[i])) {
            return true;
        }
    }
    return lede_match_starts(lede_html_attr_get(node, LEDE_ATTR_CLASS),
                             "wp-block-") &&
           class_has(node, "live") && class_has(node, "post");
}

static bool is_liveblog_child(const lede_html_node *node)
{
    return node->parent != NULL && id_starts(node->parent, "liveblog-") &&
           lede_html_attr_has(node, LEDE_ATTR_ID);
}

typedef bool (*hook)(const lede_html_node *node);

/* The first ones are of live pages alone: what they find are updates, dated or
 * not. */
enum { SURE_HOOKS = 4 };
static const hook hooks[] = {
    is_content_post,   is_asset_heading, is_stream_post,
    is_guardian_block, is_story_post,    is_update_prop,
    is_named_post,     is_feed_article,  is_liveblog_child,
};

/* The largest element around a heading that has no other heading like it. */
static lede_html_node *around(const lede_html_page *page, lede_html_node *node)
{
    lede_html_node *at = node;

    while (at->parent != NULL && at->parent != page->tree.root) {
        lede_html_node *inner = at->parent;
        unsigned count = 0;

        while (count < 2 &&
               (inner = lede_html_next(at->parent, inner)) != NULL) {
            count += is_asset_heading(inner);
        }
        if (count > 1 || at->parent->tag == LEDE_TAG_MAIN ||
            at->parent->tag == LEDE_TAG_BODY) {
            return at;
        }
        at = at->parent;
    }
    return at;
}

static void find_by_hook(lede_html_page *page, hook is_post,
                         lede_html_post_list *list)
{
    lede_html_node *node = page->tree.root;

    list->count = 0;
    while (node != NULL) {
        lede_html_node *post = node;

        if ((node->attr_count == 0 && node->tag != LEDE_TAG_ARTICLE) ||
            !is_post(node)) {
            node = lede_html_next(page->tree.root, node);
            continue;
        }
        if (is_post == is_asset_heading) {
            post = around(page, node);
        }
        if (!lede_html_post_list_put(page, list, post)) {
            return;
        }
        node = lede_html_next_outside(page->tree.root, post);
    }
}

/* One update. ------------------------------------------------------------- */

static bool date_of_attrs(lede_html_page *page, const lede_html_node *node,
                          lede_when *out)
{
    return node->attr_count > 0 && lede_html_element_date(page, node, out);
}

static bool is_timestamp(const lede_html_node *node)
{
    return node->tag == LEDE_TAG_TIME ||
           lede_html_attr_contains(node, LEDE_ATTR_DATA_TESTID, "timestamp") ||
           class_has(node, "timestamp") || class_has(node, "post-meta") ||
           class_has(node, "date") || class_has(node, "time");
}

/* What is read aloud, and may begin with "published at". */
static bool is_spoken(const lede_html_node *node)
{
    return class_has(node, "visually-hidden") ||
           class_has(node, "visuallyhidden") || class_has(node, "sr-only") ||
           class_has(node, "screen-reader");
}

/* A line that stands there for the eye and again for the ear. */
static lede_span once(lede_span line)
{
    lede_span half = lede_span_part(line, 0, line.len / 2);

    return line.len % 2 == 0 &&
                   lede_span_equal(half,
                                   lede_span_part(line, half.len, half.len))
               ? half
               : line;
}

/* What is found of an update's head. */
typedef struct head_state {
    lede_html_page *page;
    lede_entry *entry;
    lede_live_clock *clock;
    uint32_t clock_order; /* the node that has the clock */
    unsigned texts;       /* looked at */
    bool is_dated;        /* by an attribute */
} head_state;

static bool has_time(const lede_live_clock *clock)
{
    return clock->is_printed &&
           (clock->time.has_clock || clock->time.is_relative);
}

static void copy_day(const lede_civil *from, lede_civil *to)
{
    to->year = from->year;
    to->month = from->month;
    to->day = from->day;
}

/* A day and a time may stand in elements of their own. */
static void take_clock(head_state *state, const lede_html_node *node,
                       const lede_live_clock *found)
{
    lede_live_clock *clock = state->clock;
    lede_live_clock before = *clock;

    if (has_time(clock)) {
        if (!found->time.has_clock && clock->time.local.month == 0 &&
            node->order <= state->clock_order + NEAR_CLOCK) {
            copy_day(&found->time.local, &clock->time.local);
        }
        return;
    }
    if (before.is_printed && !has_time(found)) {
        return;
    }
    *clock = *found;
    clock->day = before.day;
    clock->text = lede_arena_copy(state->page->arena, found->text);
    state->page->failed |= clock->text.bytes == NULL;
    if (before.is_printed && found->time.local.month == 0) {
        copy_day(&before.time.local, &clock->time.local);
    }
    state->clock_order = node->order;
}

/* Whether an attribute's date is the update's: one far behind its clock is that
 * of something quoted. */
static bool is_near_clock(const head_state *state, const lede_html_node *node)
{
    return !state->clock->is_printed ||
           (!state->clock->time.has_clock && !state->clock->time.is_relative) ||
           node->order <= state->clock_order + NEAR_CLOCK;
}

/* The line of a BBC head has time and headline. */
static void read_heading(head_state *state, const lede_html_node *node)
{
    lede_html_page *page = state->page;
    lede_entry *entry = state->entry;
    lede_span line =
        lede_html_line_aloud(node, LINE_MAX_BYTES, page->arena, &page->failed);
    lede_live_clock clock;
    lede_head head;

    if (lede_head_parse(line, &page->hints, &head) &&
        head.form == LEDE_HEAD_A) {
        clock = (lede_live_clock){
            .is_printed = true, .time = head.time, .text = line};
        entry->headline = lede_match_trim(head.headline);
        take_clock(state, node, &clock);
        return;
    }
    if (lede_live_clock_is_line(page, line)) {
        return; /* read as a text */
    }
    if (lede_live_clock_split(page, line, &clock, &entry->headline)) {
        take_clock(state, node, &clock);
        return;
    }
    entry->headline =
        lede_html_line(node, LINE_MAX_BYTES, page->arena, &page->failed);
    entry->headline = entry->headline.len > 0 ? entry->headline : once(line);
}

static void read_time(head_state *state, const lede_html_node *node)
{
    lede_html_page *page = state->page;
    lede_live_clock clock;
    lede_span line;
    lede_span rest;

    if (node->tag == LEDE_TAG_TEXT) {
        line = lede_match_trim(node->text);
        state->texts += line.len > 0;
        if (state->texts > HEAD_TEXTS ||
            (!lede_live_clock_parse(page, line, &clock) &&
             !lede_live_clock_split(page, line, &clock, &rest))) {
            return;
        }
    } else {
        if (!is_timestamp(node) && !is_spoken(node)) {
            return;
        }
        line =
            lede_html_line(node, TITLE_MAX_BYTES, page->arena, &page->failed);
        if (!lede_live_clock_parse(page, once(line), &clock)) {
            return;
        }
    }
    take_clock(state, node, &clock);
}

/* The update's time and headline. */
static void read_head(lede_html_page *page, lede_html_node *top,
                      lede_entry *entry, lede_live_clock *clock)
{
    head_state state = {page, entry, clock, 0, 0, false};
    lede_html_node *node = top;

    state.is_dated = date_of_attrs(page, top, &entry->published);
    for (; node != NULL; node = lede_html_next(top, node)) {
        lede_when when;

        if (node != top && !state.is_dated && is_near_clock(&state, node) &&
            date_of_attrs(page, node, &when)) {
            entry->published = when;
            state.is_dated = true;
        }
        if (lede_tag_is_heading((lede_tag)node->tag) &&
            entry->headline.len == 0) {
            read_heading(&state, node);
        }
        read_time(&state, node);
    }
}

static lede_span id_of(const lede_html_page *page, lede_html_node *top)
{
    lede_html_node *node = top;

    for (; node != NULL; node = lede_html_next(top, node)) {
        lede_span id = lede_html_attr_get(node, LEDE_ATTR_ID);

        if (id.len >= 4 && (node == top || lede_match_starts(id, "asset:") ||
                            lede_match_starts(id, "post_") ||
                            lede_match_starts(id, "block-"))) {
            return id;
        }
        if (lede_tag_is_heading((lede_tag)node->tag) && id.len >= 4) {
            return id;
        }
    }
    (void)page;
    return lede_span_of(NULL, 0);
}

static bool is_aside_inside(const lede_html_node *node,
                            const lede_html_node *top)
{
    for (; node != NULL && node != top; node = node->parent) {
        if ((node->marks & LEDE_HTML_MARK_ASIDE) != 0) {
            return true;
        }
    }
    return false;
}

/* What an update's text is made of. */
typedef struct post_text {
    const lede_html_node *byline; /* an element that is none of it, or NULL */
    const lede_live_clock *clock; /* printed above it, or NULL */
    uint32_t end;                 /* the number of the node behind it */
    lede_entry *entry;
    lede_authors *authors; /* NULL: none are wanted */
    lede_body *body;
} post_text;

/* "1:05 p.m. ETAnn Lee": what stands behind the time in its line. */
static lede_span behind_clock(const post_text *post, lede_span line)
{
    lede_span none = {NULL, 0};
    lede_span clock = post->clock == NULL ? none : post->clock->text;

    return clock.len == 0 || clock.len >= line.len ||
                   memcmp(line.bytes, clock.bytes, clock.len) != 0
               ? none
               : lede_match_trim(lede_span_part(line, clock.len, line.len));
}

/* The byline above an update's text, in one block or two ("Ann Lee", "Political
 * correspondent"): the number of blocks. */
static uint32_t byline_blocks(lede_html_page *page, const post_text *post,
                              const lede_html_block *block, bool is_last)
{
    lede_span lines[2] = {behind_clock(post, block->text), {NULL, 0}};
    lede_authors more = {0};
    lede_authors *authors = post->authors == NULL ? &more : post->authors;
    uint32_t count = lines[0].len > 0;

    if (count > 0 && !lede_byline_is_name(lines[0])) {
        return 0;
    }
    if (count == 0) {
        lines[0] = block->text;
        if (lede_html_live_byline_line(page, lines[0], authors)) {
            return 1;
        }
    }
    if (!is_last && block[1].text.len < BYLINE_BYTES &&
        !lede_match_ends_in(block[1].text, ".!?:;", false)) {
        const lede_text_block both = {lines, 2};
        const lede_text_block name = {lines, 1};
        const lede_text_block role = {lines + 1, 1};

        lines[1] = block[1].text;
        if (lede_byline_is_name(lines[0]) &&
            (lede_byline_is_pair(&name, &role)
                 ? lede_byline_take_pair(&name, &role, page->arena, authors)
                 : lede_byline_take(&both, false, page->arena, authors))) {
            return 2;
        }
    }
    if (count > 0) {
        lede_authors_add(authors, page->arena, lines[0], lines[1], lines[1]);
    }
    return count;
}

/* An item of a list, unless the list is of updates. */
static lede_block_type type_of(const lede_html_block *block,
                               const lede_html_node *top)
{
    const lede_html_node *at = block->node;

    if (block->type != LEDE_BLOCK_LI) {
        return block->type;
    }
    while (at != NULL && at != top && at->tag != LEDE_TAG_LI) {
        at = at->parent;
    }
    return at == NULL || at == top ? LEDE_BLOCK_P : LEDE_BLOCK_LI;
}

static bool is_no_text(const lede_html_page *page, const post_text *post,
                       const lede_html_block *block)
{
    return (post->byline != NULL &&
            lede_html_is_inside(block->node, post->byline)) ||
           !lede_html_block_is_text(block) ||
           lede_span_equal(block->text, post->entry->headline) ||
           (block->type == LEDE_BLOCK_HEADING &&
            post->entry->headline.len > 0 &&
            lede_span_equal(behind_clock(post, block->text),
                            post->entry->headline)) ||
           lede_live_clock_is_line(page, block->text) ||
           (block->type == LEDE_BLOCK_HEADING && post->body->count == 0 &&
            lede_match_starts(block->text, "published at"));
}

static void put_blocks(lede_html_page *page, lede_html_node *top,
                       const post_text *post, bool with_asides)
{
    uint32_t end = post->end;
    const lede_html_blocks *blocks = &page->blocks;
    uint32_t i = lede_html_first_block(page, top);

    while (i < blocks->count && blocks->items[i].order < end) {
        const lede_html_block *block = &blocks->items[i++];
        bool is_last = i == blocks->count || block[1].order >= end;
        uint32_t byline;

        if ((!with_asides && is_aside_inside(block->node, top)) ||
            is_no_text(page, post, block)) {
            continue;
        }
        byline = post->body->count > 0
                     ? 0
                     : byline_blocks(page, post, block, is_last);
        if (byline > 0) {
            i += byline - 1;
        } else if (block->text.len < LABEL_BYTES &&
                   lede_words_is_label(block->text)) {
            page->failed |=
                !lede_entry_add_label(post->entry, page->arena, block->text);
        } else {
            lede_span rest = behind_clock(post, block->text);

            lede_body_add(post->body, page->arena, type_of(block, top),
                          rest.len > 0 ? rest : block->text);
        }
    }
    page->failed |= post->body->failed;
}

/* All of an update may stand in something whose name says little. */
static void put_body(lede_html_page *page, lede_html_node *top,
                     const post_text *post)
{
    put_blocks(page, top, post, false);
    if (post->body->count == 0) {
        put_blocks(page, top, post, true);
    }
}

static void put_media(lede_html_page *page, const lede_html_node *top,
                      uint32_t end, lede_entry *entry)
{
    const lede_html_blocks *blocks = &page->blocks;
    uint32_t low = 0;
    uint32_t high = blocks->picture_count;
    uint32_t i;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (blocks->pictures[middle].node->order < top->order) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (high = low;
         high < blocks->picture_count &&
         blocks->pictures[high].node->order < end && high - low < MEDIA_MAX;
         high++) {
    }
    if (high == low) {
        return;
    }
    entry->media =
        lede_arena_array(page->arena, high - low, sizeof *entry->media);
    if (entry->media == NULL) {
        page->failed = true;
        return;
    }
    for (i = low; i < high; i++) {
        const lede_media *media = &blocks->pictures[i].media;

        if (media->caption.len > 0 || media->alt.len > 0 ||
            media->credit.len > 0) {
            entry->media[entry->media_count++] = *media;
        }
    }
}

/* The update of an element, unless nothing is in it. */
static void put_post(lede_html_page *page, lede_html_node *top, uint32_t end,
                     lede_live_clock *clock, lede_html_posts *posts)
{
    lede_entry *entry = lede_html_post_new(page, posts);
    lede_authors authors = {0};
    lede_body body = {0};
    post_text post = {NULL, clock, end, entry, &authors, &body};

    if (entry == NULL) {
        return;
    }
    *clock = (lede_live_clock){.day = clock->day};
    entry->native_id = id_of(page, top);
    read_head(page, top, entry, clock);
    post.byline = lede_html_live_byline(page, top, &authors);
    put_body(page, top, &post);
    entry->authors = authors.items;
    entry->author_count = authors.count;
    page->failed |= authors.failed;
    put_media(page, top, end, entry);
    if (class_has(top, "breaking") &&
        !lede_entry_add_label(entry, page->arena, lede_span_text("Breaking"))) {
        page->failed = true;
    }
    entry->body = body.blocks;
    entry->block_count = body.count;
    if (entry->headline.len == 0 && body.count == 0 &&
        entry->media_count == 0) {
        posts->count--;
    }
}

/* A line between two updates, or above the first beside it, that is a day and
 * nothing else. */
static void read_day_above(const lede_html_page *page, uint32_t from,
                           const lede_html_node *top, lede_civil *day)
{
    uint32_t i = lede_html_first_block(page, top);
    unsigned looked_at = 0;

    *day = (lede_civil){0};
    while (i-- > 0 && page->blocks.items[i].order >= from &&
           looked_at++ < DAY_LINES) {
        if (lede_live_clock_is_day(page, page->blocks.items[i].text, day)) {
            return;
        }
    }
}

/* False if none of them says when it was. */
static bool put_posts(lede_html_page *page, const lede_html_post_list *list,
                      lede_html_posts *posts)
{
    lede_live_clock *clocks =
        lede_arena_array(page->arena, list->count, sizeof *clocks);
    uint32_t from =
        list->items[0]->parent == NULL ? 0 : list->items[0]->parent->order;
    uint32_t i;

    if (clocks == NULL) {
        page->failed = true;
        return false;
    }
    for (i = 0; i < list->count; i++) {
        lede_live_clock *clock = &clocks[posts->count];

        read_day_above(page, from, list->items[i], &clock->day);
        put_post(page, list->items[i], list->ends[i], clock, posts);
        from = list->ends[i];
    }
    lede_live_clock_settle(page, clocks, posts);
    for (i = 0; i < posts->count &&
                posts->items[i].published.precision == LEDE_PRECISION_NONE &&
                !clocks[i].is_printed;
         i++) {
    }
    return i < posts->count;
}

void lede_html_live_elements(lede_html_page *page, lede_html_posts *posts)
{
    lede_html_post_list list = {0};
    size_t h;

    for (h = 0; h < sizeof hooks / sizeof hooks[0] && list.count < MIN_POSTS;
         h++) {
        find_by_hook(page, hooks[h], &list);
    }
    /* h is behind the hook that found them. */
    if (list.count >= MIN_POSTS && h > SURE_HOOKS &&
        !lede_html_live_are_most(page, &list)) {
        list.count = 0;
    }
    if (list.count < MIN_POSTS) {
        h = sizeof hooks / sizeof hooks[0];
        lede_html_live_alike(page, &list);
        if (list.count < MIN_POSTS) {
            return;
        }
    }
    posts->first = list.items[0]->order;
    /* Other elements without times are no updates, whatever they are called. */
    if (!put_posts(page, &list, posts) && h > SURE_HOOKS) {
        posts->count = 0;
    }
}

void lede_html_live_join(lede_html_page *page, lede_span id, lede_span headline,
                         lede_body *body)
{
    lede_html_node *node = page->tree.root;

    if (id.len == 0 || page->joins++ >= JOINS_MAX) {
        return;
    }
    for (; node != NULL; node = lede_html_next(page->tree.root, node)) {
        lede_span node_id;

        if (node->attr_count == 0 || node->tag == LEDE_TAG_SCRIPT) {
            continue;
        }
        node_id = lede_html_attr_get(node, LEDE_ATTR_ID);
        if (lede_span_equal(node_id, id)) {
            break;
        }
    }
    if (node != NULL) {
        lede_entry known = {.headline = headline};
        post_text post = {NULL,   NULL, lede_html_end_order(page, node),
                          &known, NULL, body};

        put_body(page, node, &post);
    }
}
