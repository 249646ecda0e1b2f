#include "corpus/html_live_alike.h"

#include <string.h>

#include "corpus/html_live_clock.h"
#include "corpus/text_match.h"

enum {
    MIN_ALIKE = 3,
    GOOD_BYTES = 60,       /* of text that make an element an update */
    LIVE_PER_HUNDRED = 50, /* of a page's text, in its updates */
    CLOCK_BYTES = 48,      /* a text that is a time is no longer */
    TIMES_TRIED = 50,
    LEVELS_UP = 12
};

bool lede_html_post_list_put(lede_html_page *page, lede_html_post_list *list,
                             lede_html_node *node)
{
    if (list->items == NULL) {
        list->items = lede_arena_array(page->arena, LEDE_HTML_POSTS_MAX,
                                       sizeof(*list->items));
        list->ends = lede_arena_array(page->arena, LEDE_HTML_POSTS_MAX,
                                      sizeof(*list->ends));
        page->failed |= list->items == NULL || list->ends == NULL;
    }
    if (list->items == NULL || list->ends == NULL ||
        list->count == LEDE_HTML_POSTS_MAX) {
        return false;
    }
    list->ends[list->count] = lede_html_end_order(page, node);
    list->items[list->count++] = node;
    return true;
}

/* Live pages. ------------------------------------------------------------- */

/* Whether a sign stands in a text as words of its own: no "director" for
 * "directo". */
static bool has_sign(lede_span text, const char *sign)
{
    size_t len = strlen(sign);
    bool is_word =
        (sign[len - 1] | 0x20) >= 'a' && (sign[len - 1] | 0x20) <= 'z';
    size_t at = 0;

    while ((at = lede_match_find(text, at, sign)) != LEDE_MATCH_NONE) {
        uint8_t after = at + len < text.len ? text.bytes[at + len] : ' ';
        uint8_t before = at > 0 ? text.bytes[at - 1] : ' ';

        if ((!is_word || !(((after | 0x20) >= 'a' && (after | 0x20) <= 'z') ||
                           after >= 0x80)) &&
            !((before | 0x20) >= 'a' && (before | 0x20) <= 'z')) {
            return true;
        }
        at++;
    }
    return false;
}

static bool has_any_sign(const lede_html_page *page, const char *const *signs,
                         size_t count)
{
    lede_span og = lede_html_meta_get(&page->meta, "og:title");
    size_t i;

    for (i = 0; i < count; i++) {
        if (has_sign(page->url, signs[i]) ||
            has_sign(page->meta.title, signs[i]) || has_sign(og, signs[i])) {
            return true;
        }
    }
    return false;
}

bool lede_html_calls_itself_live(const lede_html_page *page)
{
    static const char *const signs[] = {
        "live updates",
        "live-updates",
        "latest updates",
        "live coverage",
        "rolling coverage",
        "live blog",
        "live-blog",
        "liveblog",
        "liveblogg",
        "newsblog",
        "livefeed",
        "liveticker",
        "live-ticker",
        "newsticker",
        "live:",
        "live |",
        "| live",
        "- live",
        "live -",
        "live \u2013",
        "\u2013 live",
        "/live/",
        "/live-",
        "-live-",
        "as it happened",
        "as it happens",
        "minute by minute",
        "minute-by-minute",
        "minuto a minuto",
        "minute par minute",
        "en direct",
        "en vivo",
        "en directo",
        "directo:",
        "ao vivo",
        "in diretta",
        "diretta:",
        "na \u017Cywo",
        "direktsending",
        "livebericht",
        "\u043E\u043D\u043B\u0430\u0439\u043D-\u0442\u0440\u0430\u043D\u0441",
    };

    return lede_html_ld_is(page->ld.article, "LiveBlogPosting") ||
           has_any_sign(page, signs, sizeof signs / sizeof signs[0]);
}

/* Words that other pages have, too. */
static bool may_be_live(const lede_html_page *page)
{
    static const char *const signs[] = {
        "live", "ticker",   "diretta", "direct", "directo",    "direkte",
        "vivo", "timeline", "updates", "suora",  "canl\u0131", "relacja"};

    return has_any_sign(page, signs, sizeof signs / sizeof signs[0]);
}

/* Parts of a page. -------------------------------------------------------- */

uint32_t lede_html_end_order(const lede_html_page *page, lede_html_node *top)
{
    const lede_html_node *next = lede_html_next_outside(page->tree.root, top);

    return next == NULL ? UINT32_MAX : next->order;
}

uint32_t lede_html_first_block(const lede_html_page *page,
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

static size_t text_until(const lede_html_page *page, const lede_html_node *top,
                         uint32_t end)
{
    size_t len = 0;
    uint32_t i;

    for (i = lede_html_first_block(page, top);
         i < page->blocks.count && page->blocks.items[i].order < end; i++) {
        const lede_html_block *block = &page->blocks.items[i];

        len += block->text.len > block->link_bytes
                   ? block->text.len - block->link_bytes
                   : 0;
    }
    return len;
}

bool lede_html_live_are_most(lede_html_page *page,
                             const lede_html_post_list *list)
{
    size_t len = 0;
    uint32_t i;

    if (lede_html_calls_itself_live(page)) {
        return true;
    }
    for (i = 0; i < list->count; i++) {
        len += text_until(page, list->items[i], list->ends[i]);
    }
    return len * 100 >=
           text_until(page, page->tree.root, UINT32_MAX) * LIVE_PER_HUNDRED;
}

/* Alike. ------------------------------------------------------------------ */

/* Elements and texts that say a time, in the page's order. */
typedef struct time_list {
    lede_html_node **items;
    uint32_t count;
} time_list;

static bool says_time(const lede_html_page *page, const lede_html_node *node)
{
    lede_live_clock clock;
    lede_span text;
    lede_span rest;
    size_t i = 0;

    if (node->tag != LEDE_TAG_TEXT) {
        return node->tag == LEDE_TAG_TIME &&
               lede_html_attr_has(node, LEDE_ATTR_DATETIME);
    }
    text = lede_match_trim(node->text);
    if (node->parent->first == node && text.len > 0 && text.bytes[0] >= '0' &&
        text.bytes[0] <= '9' &&
        lede_live_clock_split(page, text, &clock, &rest)) {
        return true;
    }
    if (text.len > CLOCK_BYTES) {
        return false;
    }
    while (i < text.len && !(text.bytes[i] >= '0' && text.bytes[i] <= '9')) {
        i++;
    }
    return i < text.len && lede_live_clock_parse(page, text, &clock) &&
           (clock.time.has_clock || clock.time.is_relative);
}

static void find_times(lede_html_page *page, time_list *list)
{
    lede_html_node *node = page->tree.root;

    list->items =
        lede_arena_array(page->arena, LEDE_HTML_POSTS_MAX, sizeof *list->items);
    page->failed |= list->items == NULL;
    for (; node != NULL && list->items != NULL &&
           list->count < LEDE_HTML_POSTS_MAX;
         node = lede_html_next(page->tree.root, node)) {
        if (says_time(page, node)) {
            list->items[list->count++] = node;
        }
    }
}

static bool has_time(const lede_html_page *page, const time_list *times,
                     lede_html_node *top)
{
    uint32_t low = 0;
    uint32_t high = times->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (times->items[middle]->order < top->order) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < times->count &&
           times->items[low]->order < lede_html_end_order(page, top);
}

static bool is_alike(const lede_html_node *a, const lede_html_node *b)
{
    return a->tag == b->tag &&
           lede_span_equal(lede_html_attr_get(a, LEDE_ATTR_CLASS),
                           lede_html_attr_get(b, LEDE_ATTR_CLASS));
}

/* An element that is alike, or has a class word more: "post", "post pinned". */
static bool is_akin(const lede_html_node *a, const lede_html_node *b)
{
    lede_span x = lede_html_attr_get(a, LEDE_ATTR_CLASS);
    lede_span y = lede_html_attr_get(b, LEDE_ATTR_CLASS);
    lede_span less = x.len < y.len ? x : y;
    lede_span more = x.len < y.len ? y : x;

    return a->tag == b->tag && less.len > 0 &&
           (lede_span_equal(less, more) ||
            (memcmp(more.bytes, less.bytes, less.len) == 0 &&
             more.bytes[less.len] == ' '));
}

static bool is_flat(const lede_html_node *node)
{
    return node->tag == LEDE_TAG_P || lede_tag_is_heading((lede_tag)node->tag);
}

/* Whether an element that follows an update is none of it. */
static bool is_behind(const lede_html_node *node, const lede_html_node *update)
{
    return node->tag == LEDE_TAG_FOOTER || node->tag == LEDE_TAG_NAV ||
           node->tag == LEDE_TAG_ASIDE ||
           (node->marks & LEDE_HTML_MARK_OTHER) != 0 ||
           (is_flat(update)
                ? lede_tag_is_heading((lede_tag)node->tag) &&
                      node->tag <= update->tag
                : node->tag != LEDE_TAG_P && node->tag != LEDE_TAG_UL &&
                      node->tag != LEDE_TAG_OL &&
                      node->tag != LEDE_TAG_BLOCKQUOTE &&
                      node->tag != LEDE_TAG_FIGURE);
}

static bool is_item(const lede_html_page *page, const time_list *times,
                    const lede_html_node *like, lede_html_node *node)
{
    return (is_alike(node, like) || is_akin(node, like)) &&
           has_time(page, times, node);
}

/* The siblings of an element that are like it, each with those behind it that
 * belong to it. */
static void take_siblings(lede_html_page *page, const time_list *times,
                          const lede_html_node *like, lede_html_post_list *list)
{
    lede_html_node *sibling = like->parent->first;

    list->count = 0;
    while (sibling != NULL) {
        lede_html_node *item = sibling;
        uint32_t end = lede_html_end_order(page, item);

        sibling = sibling->next;
        if (!is_item(page, times, like, item)) {
            continue;
        }
        while (sibling != NULL && !is_item(page, times, like, sibling) &&
               (sibling->tag == LEDE_TAG_TEXT || !is_behind(sibling, item))) {
            end = lede_html_end_order(page, sibling);
            sibling = sibling->next;
        }
        if (list->count < MIN_ALIKE &&
            text_until(page, item, end) < GOOD_BYTES) {
            continue;
        }
        if (!lede_html_post_list_put(page, list, item)) {
            return;
        }
        list->ends[list->count - 1] = end;
    }
}

/* Elements whose siblings were looked at. */
typedef struct tried_list {
    const lede_html_node *items[TIMES_TRIED * LEVELS_UP];
    uint32_t count;
} tried_list;

static bool was_tried(tried_list *tried, const lede_html_node *node)
{
    uint32_t i;

    for (i = 0; i < tried->count; i++) {
        if (tried->items[i]->parent == node->parent &&
            is_alike(tried->items[i], node)) {
            return true;
        }
    }
    tried->items[tried->count++] = node;
    return false;
}

void lede_html_live_alike(lede_html_page *page, lede_html_post_list *list)
{
    bool is_live = lede_html_calls_itself_live(page);
    time_list times = {0};
    tried_list tried = {.count = 0};
    uint32_t i;

    list->count = 0;
    if (!is_live && !may_be_live(page)) {
        return;
    }
    find_times(page, &times);
    for (i = 0; i < times.count && i < TIMES_TRIED && list->count < MIN_ALIKE;
         i++) {
        const lede_html_node *at = times.items[i];
        unsigned levels = 0;

        /* Up from a time to an element that has siblings like it. */
        for (; at->parent != NULL && list->count < MIN_ALIKE &&
               levels < LEVELS_UP;
             at = at->parent, levels++) {
            if (at->tag != LEDE_TAG_TEXT && !was_tried(&tried, at)) {
                take_siblings(page, &times, at, list);
            }
        }
    }
    if (list->count < MIN_ALIKE || !lede_html_live_are_most(page, list)) {
        list->count = 0;
    }
}
