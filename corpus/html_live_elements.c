/* html_live_elements.c - updates by the elements that hold them. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "corpus/entry_parts.h"
#include "corpus/html_live.h"
#include "corpus/html_live_byline.h"
#include "corpus/live_bylines.h"
#include "corpus/live_heads.h"
#include "corpus/page_words.h"
#include "corpus/text_match.h"
#include "corpus/years.h"

enum {
    POSTS_MAX = 20000,
    MIN_POSTS = 2,
    MIN_ALIKE = 3,
    BLOCK_ID_CHARS = 6,    /* at least */
    LIVE_PER_HUNDRED = 50, /* of a page's text, in its updates */
    LINE_MAX_BYTES = 2000,
    GOOD_BYTES = 60, /* of text that make an element an update */
    TITLE_MAX_BYTES = 400,
    TIME_LINE_BYTES = 80,
    TIMES_TRIED = 50,
    LEVELS_UP = 12,
    MEDIA_MAX = 64,
    JOINS_MAX = 1000
};

typedef struct post_list {
    lede_html_node **items;
    uint32_t count;
} post_list;

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

static bool list_put(lede_html_page *page, post_list *list,
                     lede_html_node *node)
{
    if (list->items == NULL) {
        list->items =
            lede_arena_array(page->arena, POSTS_MAX, sizeof(*list->items));
        page->failed |= list->items == NULL;
    }
    if (list->items == NULL || list->count == POSTS_MAX) {
        return false;
    }
    list->items[list->count++] = node;
    return true;
}

static void find_by_hook(lede_html_page *page, hook is_post, post_list *list)
{
    lede_html_node *node = page->tree.root;

    list->count = 0;
    while (node != NULL) {
        lede_html_node *post = node;

        if (node->attr_count == 0 || !is_post(node)) {
            node = lede_html_next(page->tree.root, node);
            continue;
        }
        if (is_post == is_asset_heading) {
            post = around(page, node);
        }
        if (!list_put(page, list, post)) {
            return;
        }
        node = lede_html_next_outside(page->tree.root, post);
    }
}

/* Elements that are alike. ------------------------------------------------ */

static lede_html_node *find_time(const lede_html_node *top)
{
    lede_html_node *node = (lede_html_node *)(uintptr_t)top;

    while ((node = lede_html_next(top, node)) != NULL) {
        if (node->tag == LEDE_TAG_TIME &&
            lede_html_attr_has(node, LEDE_ATTR_DATETIME)) {
            return node;
        }
    }
    return NULL;
}

static bool is_alike(const lede_html_node *a, const lede_html_node *b)
{
    return a->tag == b->tag &&
           lede_span_equal(lede_html_attr_get(a, LEDE_ATTR_CLASS),
                           lede_html_attr_get(b, LEDE_ATTR_CLASS));
}

static bool calls_itself_live(const lede_html_page *page)
{
    static const char *const signs[] = {
        "live updates",    "liveticker", "live-ticker",    "live blog",
        "liveblog",        "live-blog",  "as it happened", "en direct",
        "newsblog",        "newsticker", "live:",          "live |",
        "minuto a minuto", "en vivo",    "directo",        "/live/",
        "/live-",          "-live-",     "newsblog",       "in diretta",
    };
    size_t i;

    if (lede_html_ld_is(page->ld.article, "LiveBlogPosting")) {
        return true;
    }
    for (i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (lede_match_find(page->url, 0, signs[i]) != LEDE_MATCH_NONE ||
            lede_match_find(page->meta.title, 0, signs[i]) != LEDE_MATCH_NONE) {
            return true;
        }
    }
    return false;
}

/* The number behind the last node inside an element. */
static uint32_t end_order(const lede_html_page *page, lede_html_node *top)
{
    const lede_html_node *next = lede_html_next_outside(page->tree.root, top);

    return next == NULL ? UINT32_MAX : next->order;
}

/* The first block inside an element: blocks are in the order of their nodes. */
static uint32_t first_block(const lede_html_page *page,
                            const lede_html_node *top)
{
    uint32_t low = 0;
    uint32_t high = page->blocks.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (page->blocks.items[middle].order < top->order) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Bytes of text in an element that are no links. */
static size_t text_in(const lede_html_page *page, lede_html_node *top)
{
    uint32_t end = end_order(page, top);
    size_t len = 0;
    uint32_t i;

    for (i = first_block(page, top);
         i < page->blocks.count && page->blocks.items[i].order < end; i++) {
        const lede_html_block *block = &page->blocks.items[i];

        len += block->text.len - block->link_bytes;
    }
    return len;
}

static void find_alike(lede_html_page *page, post_list *list)
{
    lede_html_node *node = page->tree.root;
    unsigned tried = 0;

    list->count = 0;
    if (!calls_itself_live(page)) {
        return;
    }
    for (; node != NULL && list->count < MIN_ALIKE && tried < TIMES_TRIED;
         node = lede_html_next(page->tree.root, node)) {
        lede_html_node *at = node->tag == LEDE_TAG_TIME ? node : NULL;
        unsigned levels = 0;

        tried += at != NULL;
        /* Up from a time to an element that has siblings like it. */
        for (; at != NULL && at->parent != NULL && list->count < MIN_ALIKE &&
               levels < LEVELS_UP;
             at = at->parent, levels++) {
            lede_html_node *sibling = at->parent->first;

            list->count = 0;
            for (; sibling != NULL; sibling = sibling->next) {
                if (is_alike(sibling, at) && find_time(sibling) != NULL &&
                    (list->count >= MIN_ALIKE ||
                     text_in(page, sibling) >= GOOD_BYTES) &&
                    !list_put(page, list, sibling)) {
                    return;
                }
            }
        }
    }
}

/* One update. ------------------------------------------------------------- */

typedef struct clock_state {
    lede_civil day; /* of the post before; month 0: none yet */
    int32_t minute; /* of its day; -1: none yet */
} clock_state;

/* The day that a page's own dates give to a time without one. */
static void start_clock(const lede_html_page *page, clock_state *clock)
{
    static const char *const keys[] = {"dateModified", "coverageEndTime",
                                       "datePublished"};
    lede_when when;
    size_t i;

    *clock = (clock_state){.minute = -1};
    for (i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (lede_html_date_parse(
                page, lede_json_member_text(page->ld.article, keys[i]),
                &when)) {
            clock->day = when.local;
            return;
        }
    }
    if (lede_html_date_parse(
            page, lede_html_meta_get(&page->meta, "article:modified_time"),
            &when) ||
        lede_html_date_parse(
            page, lede_html_meta_get(&page->meta, "article:published_time"),
            &when) ||
        (page->url.len > 0 && lede_date_in_path(page->url, true, &when))) {
        clock->day = when.local;
    } else if (page->meta.saved.precision != LEDE_PRECISION_NONE) {
        lede_civil_from_instant(page->meta.saved.instant, 0, &clock->day);
    } else if (page->context->captured.precision != LEDE_PRECISION_NONE) {
        lede_civil_from_instant(page->context->captured.instant, 0,
                                &clock->day);
    }
}

static void day_before(lede_civil *day)
{
    lede_civil_from_days(
        lede_days_from_civil(day->year, day->month, day->day) - 1, day);
}

/* A time as printed, with the parts that are not from the page's dates. */
static bool settle_time(const lede_html_page *page, const lede_head_time *time,
                        clock_state *clock, lede_when *out)
{
    lede_civil local = time->local;
    int32_t minute = local.hour * 60 + local.minute;
    lede_year_source source = LEDE_YEAR_EXPLICIT;

    if (local.month == 0) {
        if (clock->day.month == 0 || !time->has_clock) {
            return false;
        }
        if (clock->minute >= 0 && minute > clock->minute + 60) {
            day_before(&clock->day); /* newest first */
        }
        local.year = clock->day.year;
        local.month = clock->day.month;
        local.day = clock->day.day;
        source = LEDE_YEAR_METADATA;
    } else if (local.year == 0) {
        if (clock->day.year == 0) {
            return false;
        }
        local.year = lede_years_nearest(&clock->day, local.month, local.day);
        source = LEDE_YEAR_METADATA;
    }
    if (!lede_when_make(&local, time->precision, lede_span_text(time->zone),
                        &page->hints, out)) {
        return false;
    }
    out->year_source = source;
    clock->day = local;
    clock->minute = minute;
    return true;
}

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

/* The zone has to outlive the head it was read from. */
static void keep_words(lede_html_page *page, lede_span text, lede_when *when)
{
    when->text = lede_arena_copy(page->arena, text);
    when->zone_text = lede_arena_copy(page->arena, when->zone_text);
    page->failed |= when->text.bytes == NULL || when->zone_text.bytes == NULL;
}

/* A time and day, also in the forms of whole heads ("17 Feb 2025 - 14:40 (14:40
 * GMT)"). */
static bool parse_time(const lede_html_page *page, lede_span line,
                       lede_head_time *out)
{
    lede_head head;

    if (lede_head_parse_time(line, &page->hints, out)) {
        return true;
    }
    if (!lede_head_parse(line, &page->hints, &head) || head.time.is_relative ||
        head.headline.len > 0) {
        return false;
    }
    *out = head.time;
    if (out->has_offset && out->zone[0] == 0) {
        int minutes = out->offset_min < 0 ? -out->offset_min : out->offset_min;

        snprintf(out->zone, sizeof out->zone, "%c%02d:%02d",
                 out->offset_min < 0 ? '-' : '+', minutes / 60 % 24,
                 minutes % 60);
    }
    return true;
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

/* The update's time and headline. The line of a BBC head has both. */
static void read_head(lede_html_page *page, lede_html_node *top,
                      clock_state *clock, lede_entry *entry)
{
    lede_html_node *node = top;
    bool is_dated = date_of_attrs(page, top, &entry->published);

    for (; node != NULL; node = lede_html_next(top, node)) {
        lede_when when;
        lede_head head;
        lede_span line;

        if (node != top && node->tag != LEDE_TAG_TEXT && !is_dated &&
            date_of_attrs(page, node, &when)) {
            entry->published = when;
            is_dated = true;
        }
        if (node->tag == LEDE_TAG_TEXT) {
            continue;
        }
        if (lede_tag_is_heading((lede_tag)node->tag) &&
            entry->headline.len == 0) {
            line = lede_html_line_aloud(node, LINE_MAX_BYTES, page->arena,
                                        &page->failed);
            if (lede_head_parse(line, &page->hints, &head) &&
                head.form == LEDE_HEAD_A) {
                entry->headline = lede_match_trim(head.headline);
                if (!is_dated && settle_time(page, &head.time, clock, &when)) {
                    entry->published = when;
                    keep_words(page, line, &entry->published);
                    is_dated = true;
                }
            } else {
                entry->headline = lede_html_line(node, LINE_MAX_BYTES,
                                                 page->arena, &page->failed);
                entry->headline =
                    entry->headline.len > 0 ? entry->headline : once(line);
            }
        }
        if (!is_dated && (is_timestamp(node) || is_spoken(node))) {
            lede_head_time time;

            line = lede_html_line(node, TITLE_MAX_BYTES, page->arena,
                                  &page->failed);
            if (lede_match_starts(line, "published at ") ||
                lede_match_starts(line, "posted at ")) {
                size_t at = lede_match_find(line, 0, " at ");

                line = lede_span_part(line, at + 4, line.len);
            }
            if (parse_time(page, line, &time) &&
                settle_time(page, &time, clock, &when)) {
                entry->published = when;
                keep_words(page, line, &entry->published);
                is_dated = true;
            }
        }
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

/* "14:05", "14:05 Ann Lee", "Updated at 19.38 GMT". */
static bool is_time_line(const lede_html_page *page, lede_span text)
{
    lede_precision precision;
    lede_head_time time;
    lede_civil civil;
    size_t clock;
    lede_span rest;

    if (text.len >= TIME_LINE_BYTES) {
        return false;
    }
    if (parse_time(page, text, &time) ||
        lede_head_parse_updated(text, &page->hints, &time)) {
        return true;
    }
    clock = lede_clock_take(text, &civil, &precision);
    rest = lede_match_trim(lede_span_part(text, clock, text.len));
    return clock > 0 && (rest.len == 0 || lede_byline_is_name(rest));
}

static void put_blocks(lede_html_page *page, lede_html_node *top,
                       const lede_html_node *byline, bool with_asides,
                       lede_entry *entry, lede_authors *authors,
                       lede_body *body)
{
    uint32_t end = end_order(page, top);
    uint32_t i;

    for (i = first_block(page, top);
         i < page->blocks.count && page->blocks.items[i].order < end; i++) {
        const lede_html_block *block = &page->blocks.items[i];

        if ((!with_asides && is_aside_inside(block->node, top)) ||
            (byline != NULL && lede_html_is_inside(block->node, byline)) ||
            !lede_html_block_is_text(block) ||
            (entry != NULL && lede_span_equal(block->text, entry->headline)) ||
            is_time_line(page, block->text) ||
            (body->count == 0 &&
             lede_html_live_byline_line(page, block->text, authors))) {
            continue;
        }
        if (block->type == LEDE_BLOCK_HEADING && body->count == 0 &&
            entry != NULL && lede_match_starts(block->text, "published at")) {
            continue;
        }
        if (entry != NULL && block->text.len < 40 &&
            lede_words_is_label(block->text)) {
            page->failed |=
                !lede_entry_add_label(entry, page->arena, block->text);
            continue;
        }
        lede_body_add(body, page->arena, block->type, block->text);
    }
    page->failed |= body->failed;
}

/* All of an update may stand in something whose name says little. */
static void put_body(lede_html_page *page, lede_html_node *top,
                     const lede_html_node *byline, lede_entry *entry,
                     lede_authors *authors, lede_body *body)
{
    put_blocks(page, top, byline, false, entry, authors, body);
    if (body->count == 0) {
        put_blocks(page, top, byline, true, entry, authors, body);
    }
}

static void put_media(lede_html_page *page, lede_html_node *top,
                      lede_entry *entry)
{
    const lede_html_blocks *blocks = &page->blocks;
    uint32_t end = end_order(page, top);
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

static void put_post(lede_html_page *page, lede_html_node *top,
                     clock_state *clock, lede_html_posts *posts)
{
    lede_entry *entry = lede_html_post_new(page, posts);
    const lede_html_node *byline;
    lede_authors authors = {0};
    lede_body body = {0};

    if (entry == NULL) {
        return;
    }
    entry->native_id = id_of(page, top);
    read_head(page, top, clock, entry);
    byline = lede_html_live_byline(page, top, &authors);
    put_body(page, top, byline, entry, &authors, &body);
    entry->authors = authors.items;
    entry->author_count = authors.count;
    page->failed |= authors.failed;
    put_media(page, top, entry);
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

/* Whether the page is about these elements: many an article has a list of news
 * beside it. */
static bool are_most(lede_html_page *page, const post_list *list)
{
    size_t len = 0;
    uint32_t i;

    if (calls_itself_live(page)) {
        return true;
    }
    for (i = 0; i < list->count; i++) {
        len += text_in(page, list->items[i]);
    }
    return len * 100 >= text_in(page, page->tree.root) * LIVE_PER_HUNDRED;
}

void lede_html_live_elements(lede_html_page *page, lede_html_posts *posts)
{
    post_list list = {0};
    clock_state clock;
    size_t h;
    uint32_t i;

    for (h = 0; h < sizeof hooks / sizeof hooks[0] && list.count < MIN_POSTS;
         h++) {
        find_by_hook(page, hooks[h], &list);
    }
    /* h is behind the hook that found them. */
    if (list.count >= MIN_POSTS && h > SURE_HOOKS && !are_most(page, &list)) {
        list.count = 0;
    }
    if (list.count < MIN_POSTS) {
        find_alike(page, &list);
        if (list.count < MIN_ALIKE) {
            return;
        }
    }
    start_clock(page, &clock);
    for (i = 0; i < list.count; i++) {
        put_post(page, list.items[i], &clock, posts);
    }
    posts->first = list.items[0]->order;
    if (h <= SURE_HOOKS) {
        return;
    }
    /* Other elements without dates are no updates, whatever they are called. */
    for (i = 0; i < posts->count; i++) {
        if (posts->items[i].published.precision != LEDE_PRECISION_NONE) {
            return;
        }
    }
    posts->count = 0;
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

        put_body(page, node, NULL, &known, NULL, body);
    }
}
