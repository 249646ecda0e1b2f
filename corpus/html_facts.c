/* html_facts.c - an article's headline, dates, authors and the rest, from the
 * most trusted of the places in a page that have them. */
#include "corpus/html_page.h"

#include <string.h>
#include <time.h>

#include "base/buf.h"

#include "corpus/entry_parts.h"
#include "corpus/html_byline.h"
#include "corpus/html_deck.h"
#include "corpus/html_home.h"
#include "corpus/markup.h"
#include "corpus/page_words.h"
#include "corpus/reasons.h"
#include "corpus/text_match.h"

enum { TAGS_MAX = 64, TAG_MAX_BYTES = 100 };

lede_span lede_html_clean(lede_html_page *page, lede_span text)
{
    return lede_markup_line(text, page->arena, &page->failed);
}

static bool is_url(lede_span text)
{
    return lede_match_starts(text, "http://") ||
           lede_match_starts(text, "https://");
}

/* Addresses. -------------------------------------------------------------- */

/* A page's address, and not the site's front page, which careless pages name.
 */
static bool is_page_url(lede_span url)
{
    size_t at = lede_match_find(url, 0, "://");
    const uint8_t *slash;

    if (!is_url(url) || at == LEDE_MATCH_NONE) {
        return false;
    }
    url = lede_span_part(url, at + 3, url.len);
    slash = url.len == 0 ? NULL : memchr(url.bytes, '/', url.len);
    return slash != NULL && slash + 1 < url.bytes + url.len;
}

static lede_span ld_url(const lede_json_value *object)
{
    lede_span url = lede_json_member_text(object, "url");
    const lede_json_value *page = lede_json_member(object, "mainEntityOfPage");

    if (!is_url(url)) {
        url = lede_json_member_text(page, "@id");
    }
    if (!is_url(url)) {
        url = lede_json_value_text(page);
    }
    return url;
}

static void set_url(lede_html_page *page)
{
    lede_span candidates[4] = {
        page->context->url, page->meta.canonical,
        lede_html_bare_address(lede_html_meta_get(&page->meta, "og:url")),
        page->meta.saved_url};
    size_t i;

    for (i = 0; i < 4 && page->url.len == 0; i++) {
        if (is_page_url(candidates[i])) {
            page->url = candidates[i];
        }
    }
    for (i = 0; i < 4 && page->url.len == 0; i++) {
        if (is_url(candidates[i])) {
            page->url = candidates[i];
        }
    }
}

static lede_span host_of(lede_html_page *page, lede_span url)
{
    lede_span host = lede_words_host(url);
    uint8_t *bytes;
    size_t i;

    if (lede_match_starts(host, "www.")) {
        host = lede_span_part(host, 4, host.len);
    }
    host = lede_arena_copy(page->arena, host);
    if (host.bytes == NULL) {
        page->failed = true;
        return host;
    }
    bytes = (uint8_t *)(uintptr_t)host.bytes; /* the arena's, so ours */
    for (i = 0; i < host.len; i++) {
        if (bytes[i] >= 'A' && bytes[i] <= 'Z') {
            bytes[i] |= 0x20;
        }
    }
    return host;
}

static void set_source(lede_html_page *page)
{
    const struct place {
        lede_span source;
        const char *from;
    } places[] = {
        {page->context->source, "what it came in"},
        {lede_html_ld_publisher(&page->ld, page->ld.article),
         "JSON-LD publisher"},
        {lede_html_meta_get(&page->meta, "og:site_name"), "og:site_name"},
        {lede_html_meta_get(&page->meta, "application-name"),
         "meta application-name"},
    };
    lede_span source = {NULL, 0};
    size_t i;

    for (i = 0; i < sizeof places / sizeof places[0] && source.len == 0; i++) {
        source = places[i].source;
        page->from_source = places[i].from;
    }
    source = lede_html_clean(page, source);
    if (source.len == 0 || source.len > 100 || is_url(source)) {
        source = host_of(page, page->url);
        page->from_source = "the address";
    }
    page->source = source;
}

/* "en_US" as "en-us"; nothing for what is no language. */
static lede_span language_of(lede_html_page *page, lede_span text)
{
    lede_span copy;
    uint8_t *bytes;
    size_t i;

    if (text.len < 2 || text.len > 35 ||
        !(text.len == 2 || text.len == 3 ||
          memchr("-_", text.bytes[2], 2) != NULL ||
          memchr("-_", text.bytes[3], 2) != NULL)) {
        return lede_span_of(NULL, 0);
    }
    copy = lede_arena_copy(page->arena, text);
    if (copy.bytes == NULL) {
        page->failed = true;
        return copy;
    }
    bytes = (uint8_t *)(uintptr_t)copy.bytes;
    for (i = 0; i < copy.len; i++) {
        uint8_t c = bytes[i];

        bytes[i] = (uint8_t)(c == '_'               ? '-'
                             : c >= 'A' && c <= 'Z' ? c + 32
                                                    : c);
        if (!(bytes[i] == '-' || (bytes[i] >= 'a' && bytes[i] <= 'z') ||
              (bytes[i] >= '0' && bytes[i] <= '9'))) {
            return lede_span_of(NULL, 0);
        }
    }
    return copy;
}

static void set_language(lede_html_page *page)
{
    static const char *const from[] = {"what it came in", "html lang",
                                       "JSON-LD inLanguage", "og:locale",
                                       "meta content-language"};
    const lede_read_options *options = page->context->options;
    lede_span candidates[5] = {
        page->context->language, page->meta.lang,
        lede_json_member_text(page->ld.article, "inLanguage"),
        lede_html_meta_get(&page->meta, "og:locale"),
        lede_html_meta_get(&page->meta, "content-language")};
    size_t i;

    for (i = 0; i < 5 && page->lang.len == 0; i++) {
        page->lang = language_of(page, candidates[i]);
        page->from_lang = page->lang.len > 0 ? from[i] : NULL;
    }
    if (page->lang.len == 0 && options != NULL) {
        page->lang = lede_span_text(options->default_language);
    }
}

static void set_hints(lede_html_page *page)
{
    const lede_read_options *options = page->context->options;
    int64_t now = options != NULL && options->now != 0 ? options->now
                                                       : (int64_t)time(NULL);
    lede_civil civil;

    lede_civil_from_instant(now, 0, &civil);
    page->hints.year_max = civil.year + 2;
    page->hints.site = lede_words_site(page->context->site, page->url);
    page->hints.default_zone = options == NULL ? NULL : options->default_zone;
    lede_date_hints_set_language(&page->hints, page->lang);
}

static bool is_set(const lede_when *when)
{
    return when->precision != LEDE_PRECISION_NONE;
}

/* Authors. ---------------------------------------------------------------- */

void lede_html_ld_set_authors(lede_html_page *page,
                              const lede_json_value *value, lede_span publisher,
                              lede_entry *entry)
{
    lede_json_byline byline = {.arena = page->arena};

    if (lede_html_ld_authors(&page->ld, value, &byline, NULL) != LEDE_OK) {
        page->failed = true;
        return;
    }
    lede_html_byline_tidy(page, &byline, publisher, entry);
}

static void set_authors(lede_html_page *page, lede_entry *entry)
{
    const lede_json_value *article = page->ld.article;
    const lede_json_value *author = lede_json_member(article, "author");

    lede_span publisher = lede_html_ld_publisher(&page->ld, article);

    if (author == NULL) {
        author = lede_json_member(article, "creator");
    }
    lede_html_ld_set_authors(page, author, publisher, entry);
    page->from_authors = "JSON-LD author";
    if (!lede_html_byline_is_person(page, entry->authors, entry->author_count,
                                    publisher)) {
        lede_html_byline_set(page, entry);
    }
}

/* Sections and tags. ------------------------------------------------------ */

static void put_tag(lede_html_page *page, lede_entry *entry, lede_span tag)
{
    uint32_t i;

    tag = lede_html_clean(page, tag);
    if (tag.len == 0 || tag.len > TAG_MAX_BYTES ||
        entry->tag_count == TAGS_MAX || is_url(tag)) {
        return;
    }
    for (i = 0; i < entry->tag_count; i++) {
        if (lede_span_equal(entry->tags[i], tag)) {
            return;
        }
    }
    if (entry->tags == NULL) {
        entry->tags = lede_arena_array(page->arena, TAGS_MAX, sizeof tag);
        if (entry->tags == NULL) {
            page->failed = true;
            return;
        }
    }
    entry->tags[entry->tag_count++] = tag;
}

static void put_tags(lede_html_page *page, lede_entry *entry, lede_span list)
{
    size_t begin = 0;
    size_t i;

    for (i = 0; i <= list.len; i++) {
        if (i == list.len || list.bytes[i] == ',' || list.bytes[i] == ';') {
            put_tag(page, entry, lede_span_part(list, begin, i - begin));
            begin = i + 1;
        }
    }
}

static void set_tags(lede_html_page *page, lede_entry *entry)
{
    const lede_json_value *words =
        lede_json_member(page->ld.article, "keywords");
    lede_span text;
    uint32_t at = 0;

    if (words != NULL && words->type == LEDE_JSON_ARRAY) {
        for (words = words->first; words != NULL; words = words->next) {
            put_tag(page, entry, lede_json_value_text(words));
        }
    } else {
        put_tags(page, entry, lede_json_value_text(words));
    }
    while ((text = lede_html_meta_next(&page->meta, "article:tag", &at)).len >
           0) {
        put_tag(page, entry, text);
    }
    if (entry->tag_count == 0) {
        put_tags(page, entry, lede_html_meta_get(&page->meta, "news_keywords"));
    }
    if (entry->tag_count == 0) {
        put_tags(page, entry, lede_html_meta_get(&page->meta, "keywords"));
    }
    text = lede_json_member_text(page->ld.article, "articleSection");
    if (text.len == 0) {
        text = lede_html_meta_get(&page->meta, "article:section");
    }
    if (text.len == 0) {
        text = lede_html_prop_get(&page->meta, "articlesection", page->arena,
                                  &page->failed);
    }
    text = lede_html_clean(page, text);
    entry->section = is_url(text) ? lede_span_of(NULL, 0) : text;
}

static void set_labels(lede_html_page *page, lede_entry *entry)
{
    static const struct kind_of_article {
        const char *type;
        const char *label;
    } kinds[] = {
        {"OpinionNewsArticle", "Opinion"},
        {"AnalysisNewsArticle", "Analysis"},
        {"BackgroundNewsArticle", "Background"},
        {"ReviewNewsArticle", "Review"},
        {"SatiricalArticle", "Satire"},
        {"AdvertiserContentArticle", "Advertisement"},
    };
    size_t i;

    for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (lede_html_ld_is(page->ld.article, kinds[i].type) &&
            !lede_entry_add_label(entry, page->arena,
                                  lede_span_text(kinds[i].label))) {
            page->failed = true;
        }
    }
}

static bool is_paywalled(const lede_html_page *page)
{
    const lede_json_value *free =
        lede_json_member(page->ld.article, "isAccessibleForFree");

    return free != NULL && (free->type == LEDE_JSON_FALSE ||
                            (free->type == LEDE_JSON_STRING &&
                             lede_match_is(free->text, "false")));
}

void lede_html_facts_page(lede_html_page *page)
{
    set_url(page);
    if (page->url.len == 0 && is_url(ld_url(page->ld.article))) {
        page->url = ld_url(page->ld.article);
    }
    set_source(page);
    set_language(page);
    set_hints(page);
    page->captured = is_set(&page->context->captured) ? page->context->captured
                                                      : page->meta.saved;
    lede_html_find_h1(page);
    lede_html_mark_headline(page->h1);
}

/* What all entries of a page have from it. */
static void tell_page(const lede_html_page *page, lede_reasons *reasons)
{
    lede_reasons_set(reasons, LEDE_REASON_CAPTURED,
                     is_set(&page->context->captured) ? "what it came in"
                                                      : "the saver's comment");
    lede_reasons_set(reasons, LEDE_REASON_LANGUAGE, page->from_lang);
    lede_reasons_set(reasons, LEDE_REASON_OUTLET, page->from_source);
}

void lede_html_tell_entry(lede_html_page *page, lede_entry *entry)
{
    lede_reasons reasons = {0};

    lede_reasons_set(&reasons, LEDE_REASON_HEADLINE, page->from_headline);
    lede_reasons_set(&reasons, LEDE_REASON_PUBLISHED, page->from_published);
    lede_reasons_set(&reasons, LEDE_REASON_UPDATED, page->from_updated);
    lede_reasons_set(&reasons, LEDE_REASON_TEXT, page->from_text);
    lede_reasons_set(&reasons, LEDE_REASON_AUTHORS, page->from_authors);
    tell_page(page, &reasons);
    page->failed |= !lede_reasons_tell(&reasons, page->arena, entry);
}

void lede_html_tell_post(lede_html_page *page, lede_entry *entry)
{
    lede_reasons reasons = {0};
    int i;

    for (i = 0; i < LEDE_REASON_COUNT; i++) {
        lede_reasons_set(&reasons, (lede_reason)i, page->from_updates);
    }
    tell_page(page, &reasons);
    page->failed |= !lede_reasons_tell(&reasons, page->arena, entry);
}

void lede_html_facts_entry(lede_html_page *page, lede_entry *entry)
{
    lede_entry_init(entry);
    entry->kind = LEDE_KIND_ARTICLE;
    entry->flags = page->flags;
    entry->url = page->url;
    entry->source = page->source;
    entry->lang = page->lang;
    lede_html_set_headlines(page, entry);
    entry->deck = lede_html_deck_first(page);
    lede_html_set_published(page, entry);
    lede_html_set_updated(page, entry);
    entry->captured = page->captured;
    set_authors(page, entry);
    set_tags(page, entry);
    set_labels(page, entry);
    entry->flags |= lede_when_flags(&entry->published);
    if (is_paywalled(page)) {
        entry->flags |= LEDE_FLAG_PAYWALLED;
    }
}
