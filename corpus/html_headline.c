/* html_headline.c - which of the lines that a page has for its headline is the
 * one that the publisher wrote for readers: others are for search engines, for
 * networks, or have a kicker or the site's name. */
#include "corpus/html_page.h"

#include <string.h>

#include "base/utf8.h"
#include "corpus/publishers.h"
#include "corpus/text_match.h"

enum {
    HEADLINE_MAX_BYTES = 1000,
    SITE_WORDS = 3, /* in what may be a site's name */
    HEADS_MAX = 64, /* headings looked at */
    PARTS_MAX = 8,  /* of one heading */
    HEAD_WORDS = 3  /* fewer are the name of a section */
};

/* What is shown. ---------------------------------------------------------- */

/* Whether a heading is none of the article's: not shown, or in the menus. */
static bool is_elsewhere(const lede_html_node *node)
{
    for (; node != NULL; node = node->parent) {
        if ((node->marks & LEDE_HTML_MARK_HIDDEN) != 0 ||
            node->tag == LEDE_TAG_NAV || node->tag == LEDE_TAG_ASIDE) {
            return true;
        }
    }
    return false;
}

/* How much an h1 looks like the article's and not the site's: named or marked
 * as headline, inside an article or main. 0 for what is not shown. */
static int h1_worth(const lede_html_node *node)
{
    const lede_html_node *at = node;
    int worth = 1;

    if (is_elsewhere(node)) {
        return 0;
    }
    if (lede_html_attr_has_word(node, LEDE_ATTR_ITEMPROP, "headline") ||
        lede_html_attr_contains(node, LEDE_ATTR_CLASS, "headline") ||
        lede_html_attr_contains(node, LEDE_ATTR_CLASS, "title")) {
        worth += 2;
    }
    for (; at != NULL; at = at->parent) {
        if (at->tag == LEDE_TAG_ARTICLE || at->tag == LEDE_TAG_MAIN) {
            return worth + 2;
        }
    }
    return worth;
}

void lede_html_find_h1(lede_html_page *page)
{
    lede_html_node *node = page->tree.root;
    int best = 0;

    for (; node != NULL; node = lede_html_next(page->tree.root, node)) {
        if (node->tag == LEDE_TAG_H1) {
            int worth = h1_worth(node);

            if (worth > best) {
                page->h1 = node;
                best = worth;
            }
        }
    }
}

static lede_span line_of(lede_html_page *page, const lede_html_node *node)
{
    return lede_html_line(node, HEADLINE_MAX_BYTES, page->arena, &page->failed);
}

/* Lines and their letters. ------------------------------------------------ */

/* "Headline - Site", "Headline | Section | Site": without what comes last, if
 * that is the site's name or as short as one. */
static lede_span without_site(const lede_html_page *page, lede_span title,
                              bool guesses)
{
    static const char *const seams[] = {
        " | ", " - ", " \u2013 ", " \u2014 ", " \u00B7 ", " :: ", " \u2022 "};
    size_t i;

    for (i = 0; i < sizeof seams / sizeof seams[0]; i++) {
        size_t at = lede_match_find_last(title, seams[i]);

        if (at != LEDE_MATCH_NONE && at > 0) {
            lede_span end =
                lede_span_part(title, at + strlen(seams[i]), title.len);

            if (lede_span_equal(end, page->source) ||
                (i == 0 && lede_match_word_count(end) <= SITE_WORDS) ||
                (guesses && end.len * 2 < at && !lede_match_starts_lower(end) &&
                 lede_match_word_count(end) <= SITE_WORDS)) {
                return lede_span_trim(lede_span_part(title, 0, at));
            }
        }
    }
    return title;
}

/* The next letter or digit, small if ASCII; 0 at the end. */
static uint32_t next_letter(lede_span text, size_t *at)
{
    while (*at < text.len) {
        uint32_t c;

        *at += lede_utf8_decode(text.bytes + *at, text.bytes + text.len, &c);
        if (c >= 'A' && c <= 'Z') {
            return c | 0x20;
        }
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
            (c >= 0xC0 && !(c >= 0x2000 && c < 0x2070))) {
            return c;
        }
    }
    return 0;
}

/* Whether two headlines have the same letters: quotation marks, dashes and
 * blanks differ between the places of a page. ASCII case aside. */
static bool is_same(lede_span a, lede_span b)
{
    size_t i = 0;
    size_t j = 0;

    for (;;) {
        uint32_t c = next_letter(a, &i);
        uint32_t d = next_letter(b, &j);

        if (c != d || c == 0) {
            return c == d;
        }
    }
}

/* Whether `text` is `start` and the name of a site or section behind it. */
static bool is_with_site(lede_span text, lede_span start)
{
    size_t at = start.len;

    return start.len > 0 && text.len > start.len &&
           memcmp(text.bytes, start.bytes, start.len) == 0 &&
           at + 1 < text.len && text.bytes[at] == ' ' &&
           (text.bytes[at + 1] == '|' || text.bytes[at + 1] == '-' ||
            text.bytes[at + 1] == 0xE2 || text.bytes[at + 1] == 0xC2);
}

/* Whether `text` is a kicker and `end`: "Tennis: Final is rained off". */
static bool is_with_kicker(lede_span text, lede_span end)
{
    size_t at = text.len - end.len;

    return end.len > 0 && text.len > end.len + 2 &&
           memcmp(text.bytes + at, end.bytes, end.len) == 0 &&
           text.bytes[at - 1] == ' ' && text.bytes[at - 2] == ':';
}

/* Choosing. --------------------------------------------------------------- */

/* What the places of a page that have its headline say; each may be empty. */
typedef struct headlines {
    lede_span in_ld, og, shown;
    lede_span named; /* <meta name="headline"> */
    lede_span title; /* where metadata has no headline */
} headlines;

static headlines find_headlines(lede_html_page *page)
{
    headlines found = {0};

    found.in_ld = without_site(
        page,
        lede_html_clean(page,
                        lede_json_member_text(page->ld.article, "headline")),
        false);
    found.og = without_site(
        page,
        lede_html_clean(page, lede_html_meta_get(&page->meta, "og:title")),
        true);
    found.named =
        lede_html_clean(page, lede_html_meta_get(&page->meta, "headline"));
    /* Sites have their name behind many kinds of seams. */
    if (found.named.len > 0 && found.og.len > found.named.len &&
        memcmp(found.og.bytes, found.named.bytes, found.named.len) == 0) {
        found.og = found.named;
    }
    if (found.in_ld.len == 0 && found.og.len == 0) {
        found.title =
            without_site(page, lede_html_clean(page, page->meta.title), true);
    }
    if (page->h1 != NULL) {
        found.shown = line_of(page, page->h1);
    }
    return found;
}

/* What a heading, or a part of it, says that a place of metadata says too. */
static lede_span agreed(lede_html_page *page, const headlines *found,
                        lede_span text)
{
    if (lede_match_word_count(text) < HEAD_WORDS) {
        return lede_span_of(NULL, 0);
    }
    if (is_same(text, found->og)) {
        page->from_headline = "og:title, which a heading says too";
        return found->og;
    }
    if (is_same(text, found->in_ld)) {
        page->from_headline = "JSON-LD headline, which a heading says too";
        return found->in_ld;
    }
    if (is_same(text, found->title)) {
        page->from_headline = "a heading, which title says too";
        return text;
    }
    return lede_span_of(NULL, 0);
}

/* The same of a heading's parts, where it has some: a kicker stands first. */
static lede_span agreed_part(lede_html_page *page, const headlines *found,
                             const lede_html_node *head)
{
    lede_html_node *at = lede_html_next(head, (lede_html_node *)head);
    lede_span text = {NULL, 0};
    unsigned parts = 0;

    for (; at != NULL && text.len == 0 && parts < PARTS_MAX;
         at = lede_html_next(head, at)) {
        if (at->tag != LEDE_TAG_TEXT && !is_elsewhere(at)) {
            text = agreed(page, found, line_of(page, at));
            parts++;
        }
    }
    return text;
}

/* The part of an h1 that metadata has behind a kicker, where the h1 has another
 * one: then no two places agree on more. */
static lede_span without_kicker(lede_html_page *page, const headlines *found)
{
    lede_html_node *at = lede_html_next(page->h1, page->h1);
    unsigned parts = 0;

    for (; at != NULL && parts < PARTS_MAX; at = lede_html_next(page->h1, at)) {
        lede_span text;

        if (at->tag == LEDE_TAG_TEXT || is_elsewhere(at)) {
            continue;
        }
        parts++;
        text = line_of(page, at);
        if (lede_match_word_count(text) >= HEAD_WORDS &&
            (is_with_kicker(found->og, text) ||
             is_with_kicker(found->in_ld, text))) {
            page->from_headline = "h1 without its kicker";
            return text;
        }
    }
    return lede_span_of(NULL, 0);
}

/* Pages that have an h1 for search engines, small and above, show their
 * headline as an h2: one that metadata knows, and the h1 does not say. */
static lede_span agreed_h2(lede_html_page *page, const headlines *found)
{
    lede_html_node *node = page->tree.root;
    lede_span text = {NULL, 0};
    unsigned heads = 0;

    for (; node != NULL && text.len == 0 && heads < HEADS_MAX;
         node = lede_html_next(page->tree.root, node)) {
        if (node->tag == LEDE_TAG_H2 && !is_elsewhere(node)) {
            heads++;
            text = agreed_part(page, found, node);
            text =
                text.len > 0 ? text : agreed(page, found, line_of(page, node));
        }
    }
    return text;
}

/* Where this publisher has its headlines, if that is known. */
static lede_span known_place(lede_html_page *page, const headlines *found)
{
    switch (lede_publisher_headline(page->url)) {
    case LEDE_HEADLINE_OG:
        page->from_headline = "og:title, where this publisher has it";
        return found->og;
    case LEDE_HEADLINE_LD:
        page->from_headline = "JSON-LD headline, where this publisher has it";
        return found->in_ld;
    case LEDE_HEADLINE_TITLE:
        page->from_headline = "title, where this publisher has it";
        return without_site(
            page,
            without_site(page, lede_html_clean(page, page->meta.title), true),
            false); /* "Headline | Section | Site" */
    default:
        return lede_span_of(NULL, 0);
    }
}

/* What is shown counts if others say the same: JSON-LD may have a headline for
 * search engines. The others have the marks between its parts, too. */
static lede_span choose_shown(lede_html_page *page, const headlines *found)
{
    lede_span text = agreed_h2(page, found);

    if (text.len > 0 && !is_same(text, found->shown)) {
        return text;
    }
    if (found->shown.len > 0 && is_same(found->shown, found->og) &&
        !is_same(found->shown, found->in_ld)) {
        page->from_headline = "og:title, which h1 says too";
        return found->og;
    }
    if (is_with_site(found->in_ld, found->shown)) {
        page->from_headline = "h1, which JSON-LD has with the site's name";
        return found->shown;
    }
    if (found->in_ld.len == 0 && is_with_site(found->og, found->shown)) {
        page->from_headline = "h1, which og:title has with the site's name";
        return found->shown;
    }
    return page->h1 == NULL || is_same(found->shown, found->in_ld)
               ? lede_span_of(NULL, 0)
               : without_kicker(page, found);
}

/* The first that there is. */
static lede_span choose_first(lede_html_page *page, const headlines *found)
{
    lede_span text;

    page->from_headline = found->in_ld.len > 0   ? "JSON-LD headline"
                          : found->og.len > 0    ? "og:title"
                          : found->shown.len > 0 ? "h1"
                                                 : "title";
    text = found->in_ld.len > 0 ? found->in_ld
           : found->og.len > 0  ? found->og
                                : found->shown;
    if (text.len == 0) {
        text = lede_html_clean(page,
                               lede_json_member_text(page->ld.article, "name"));
    }
    if (text.len == 0) {
        text = lede_html_clean(page,
                               lede_html_prop_get(&page->meta, "headline",
                                                  page->arena, &page->failed));
    }
    if (text.len == 0) {
        text = found->named;
    }
    if (text.len == 0) {
        text =
            without_site(page, lede_html_clean(page, page->meta.title), true);
    }
    if (text.len == 0) {
        text = lede_html_clean(page, page->context->title);
    }
    return text;
}

void lede_html_set_headlines(lede_html_page *page, lede_entry *entry)
{
    headlines found = find_headlines(page);
    lede_span others[3] = {found.shown, found.og, found.in_ld};
    size_t i;

    entry->headline = known_place(page, &found);
    if (entry->headline.len == 0) {
        entry->headline = choose_shown(page, &found);
    }
    if (entry->headline.len == 0) {
        entry->headline = choose_first(page, &found);
    }
    /* Another one is searched too. */
    for (i = 0; i < 3 && entry->page_title.len == 0; i++) {
        if (others[i].len > 0 && !is_same(others[i], entry->headline) &&
            !is_with_site(others[i], entry->headline)) {
            entry->page_title = others[i];
        }
    }
}
