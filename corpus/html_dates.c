/* html_dates.c - when an article was published and changed: metadata first,
 * then what the page shows, its address, its file's name. */
#include "corpus/html_page.h"

#include <string.h>

#include "corpus/html_home.h"
#include "corpus/text_match.h"

enum {
    NEAR_HEADLINE = 400, /* nodes */
    DATE_LINE_BYTES = 160,
    BESIDE_DATE_BYTES = 60, /* in its line: a name, a place */
    TEXTS_BEFORE_DATE = 3   /* paragraphs, the deck among them */
};

bool lede_html_date_parse(const lede_html_page *page, lede_span text,
                          lede_when *out)
{
    lede_when when;

    text = lede_span_trim(text);
    if (text.len == 0 || !lede_date_parse(text, &page->hints, &when)) {
        return false;
    }
    if (when.instant == LEDE_INSTANT_NONE) {
        return false;
    }
    if (when.year_source == LEDE_YEAR_EXPLICIT) {
        when.year_source = LEDE_YEAR_METADATA;
    }
    *out = when;
    return true;
}

static bool is_set(const lede_when *when)
{
    return when->precision != LEDE_PRECISION_NONE;
}

/* The first of a list of <meta> that is a date. */
static bool meta_date(const lede_html_page *page, const char *const *keys,
                      lede_when *out)
{
    for (; *keys != NULL; keys++) {
        uint32_t at = 0;
        lede_span text;

        while ((text = lede_html_meta_next(&page->meta, *keys, &at)).len > 0) {
            if (lede_html_date_parse(page, text, out)) {
                return true;
            }
        }
    }
    return false;
}

static bool prop_date(lede_html_page *page, const char *prop, lede_when *out)
{
    lede_span text =
        lede_html_prop_get(&page->meta, prop, page->arena, &page->failed);

    return lede_html_date_parse(page, text, out);
}

static bool ld_date(const lede_html_page *page, const char *key, lede_when *out)
{
    return lede_html_date_parse(
               page, lede_json_member_text(page->ld.article, key), out) ||
           (page->ld.article == NULL &&
            lede_html_date_parse(
                page, lede_json_member_text(page->ld.page, key), out));
}

/* A date in seconds or milliseconds, as scripts like it. */
static bool number_date(const lede_html_page *page, lede_span text,
                        lede_when *out)
{
    int64_t number = 0;
    size_t i;

    if (text.len != 10 && text.len != 13) {
        return false;
    }
    for (i = 0; i < text.len; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9') {
            return false;
        }
        number = number * 10 + (text.bytes[i] - '0');
    }
    if (!lede_date_from_number(number, out) ||
        out->local.year > page->hints.year_max) {
        *out = lede_when_none();
        return false;
    }
    out->text = text;
    out->year_source = LEDE_YEAR_METADATA;
    return true;
}

/* The value of an element that shows a date. */
bool lede_html_element_date(lede_html_page *page, const lede_html_node *node,
                            lede_when *out)
{
    return lede_html_date_parse(
               page, lede_html_attr_get(node, LEDE_ATTR_DATETIME), out) ||
           number_date(page, lede_html_attr_get(node, LEDE_ATTR_DATA_SECONDS),
                       out) ||
           number_date(page, lede_html_attr_get(node, LEDE_ATTR_DATA_TIMESTAMP),
                       out) ||
           lede_html_date_parse(
               page, lede_html_attr_get(node, LEDE_ATTR_DATA_DATETIME), out) ||
           lede_html_date_parse(
               page, lede_html_attr_get(node, LEDE_ATTR_DATA_LAST_UPDATED),
               out);
}

/* Elements with a date, from the headline on; those that say "updated" are not
 * asked for. */
static bool shown_date(lede_html_page *page, lede_when *out)
{
    lede_html_node *node = page->tree.root;
    lede_html_node *top = page->h1;
    uint32_t begin = 0;
    int i;

    for (i = 0; i < 4 && top != NULL && top->parent != NULL; i++) {
        top = top->parent;
    }
    begin = top == NULL ? 0 : top->order;
    while (node != NULL) {
        if (node->order >= begin &&
            (node->marks & LEDE_HTML_MARK_HIDDEN) == 0 &&
            !lede_html_attr_contains(node, LEDE_ATTR_CLASS, "updat") &&
            !lede_html_attr_contains(node, LEDE_ATTR_CLASS, "modif") &&
            !lede_html_attr_contains(node, LEDE_ATTR_ITEMPROP, "modif") &&
            node->attr_count > 0 && lede_html_element_date(page, node, out) &&
            !lede_html_is_elsewhere(node)) {
            return true;
        }
        node = lede_html_next(page->tree.root, node);
    }
    *out = lede_when_none();
    return false;
}

/* Lines. ------------------------------------------------------------------ */

/* What parts a date from what else is in its line. */
static size_t sign_len(lede_span text, bool at_end)
{
    static const char *const signs[] = {"|", ",", ":",      ";",      "(",
                                        ")", "/", "-",      "\u00B7", "\u2022",
                                        "[", "]", "\u2013", "\u2014"};
    size_t i;

    for (i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t len = strlen(signs[i]);
        size_t at = at_end && text.len > len ? text.len - len : 0;

        if (text.len >= len && memcmp(text.bytes + at, signs[i], len) == 0) {
            return len;
        }
    }
    return 0;
}

/* A line that is there for its date, which stands between `begin` and `end`: it
 * begins with it, or ends in it, and is no sentence. */
static bool is_date_line(const lede_html_page *page, lede_span text,
                         size_t begin, size_t end)
{
    lede_span before = lede_span_trim(lede_span_part(text, 0, begin));
    lede_span after = lede_span_trim(lede_span_part(text, end, text.len));
    bool is_last = after.len == 0;
    lede_when when;

    if (before.len > 0 && sign_len(before, true) == 0 &&
        !(is_last && before.len <= BESIDE_DATE_BYTES) &&
        !lede_date_parse(lede_span_part(text, 0, end), &page->hints, &when)) {
        return false;
    }
    return is_last || sign_len(after, false) > 0 ||
           (after.len <= BESIDE_DATE_BYTES &&
            !lede_match_ends_in(after, ".!?", false));
}

/* Whether the words before a date say that it is that of a change. */
static bool says_updated(lede_span words)
{
    static const char *const signs[] = {
        "update",           "modifi",
        "revised",          "mis \u00E0 jour",
        "mise \u00E0 jour", "mis a jour",
        "aktuali",          "ge\u00E4ndert",
        "stand:",           "actualiza",
        "atualiza",         "aggiorna",
        "bijgewerkt",       "uppdatera",
        "oppdater",         "opdater",
        "p\u00E4ivitetty",  "g\u00FCncelle",
        "frissit",          "\u043E\u0431\u043D\u043E\u0432\u043B",
        "\u66F4\u65B0",
    };
    size_t i;

    for (i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (lede_match_find(words, 0, signs[i]) != LEDE_MATCH_NONE) {
            return true;
        }
    }
    return false;
}

/* What the lines around the headline tell. */
typedef struct line_dates {
    lede_when published, updated;
} line_dates;

static void put_date(line_dates *found, lede_span words, const lede_when *when)
{
    lede_when *to = says_updated(words) ? &found->updated : &found->published;

    if (!is_set(to) && when->instant != LEDE_INSTANT_NONE) {
        *to = *when;
    }
}

/* The dates of a line that is there for them. */
static void block_dates(const lede_html_page *page,
                        const lede_html_block *block, line_dates *found)
{
    lede_span text = block->text;
    size_t from = 0;
    size_t begin;
    size_t end;
    lede_when when;

    if (text.len > DATE_LINE_BYTES || lede_html_is_elsewhere(block->node)) {
        return;
    }
    if (is_set(&page->captured) &&
        lede_date_ago(text, page->captured.instant, &when)) {
        put_date(found, text, &when);
        return;
    }
    if (lede_date_parse(text, &page->hints, &when)) { /* "01.04.24", too */
        put_date(found, text, &when);
        return;
    }
    while (lede_date_find(text, from, &page->hints, &begin, &end, &when)) {
        if (from == 0 && !is_date_line(page, text, begin, end)) {
            return;
        }
        put_date(found, lede_span_part(text, from, begin - from), &when);
        from = end;
    }
}

/* Whether a line above the headline belongs to it, and not to the site. */
static bool is_of_headline(const lede_html_page *page,
                           const lede_html_block *block)
{
    const lede_html_node *at = block->node;

    while ((at->marks & LEDE_HTML_MARK_HEADLINE) == 0 && at->parent != NULL) {
        at = at->parent;
    }
    return page->h1->parent == at ||
           (at->tag != LEDE_TAG_BODY && at->tag != LEDE_TAG_HTML &&
            at->parent != NULL);
}

/* The dates of lines below the headline, before the text is well under way, or
 * else just above it. */
static line_dates read_lines(const lede_html_page *page)
{
    line_dates found = {lede_when_none(), lede_when_none()};
    const lede_html_block *blocks = page->blocks.items;
    uint32_t from = page->h1 == NULL ? 0 : page->h1->order;
    uint32_t first = 0;
    uint32_t i;
    unsigned texts = 0;

    while (first < page->blocks.count && blocks[first].order < from) {
        first++;
    }
    for (i = first; i < page->blocks.count && texts < TEXTS_BEFORE_DATE &&
                    blocks[i].order <= from + NEAR_HEADLINE;
         i++) {
        block_dates(page, &blocks[i], &found);
        texts += !blocks[i].is_aside && lede_html_block_good(&blocks[i]) > 0;
    }
    for (i = first; i > 0 && !is_set(&found.published) &&
                    blocks[i - 1].order + NEAR_HEADLINE / 4 >= from;
         i--) {
        if (is_of_headline(page, &blocks[i - 1])) {
            block_dates(page, &blocks[i - 1], &found);
        }
    }
    return found;
}

/* What is only said to have been changed was there by then. */
static bool line_date(const lede_html_page *page, lede_when *out)
{
    line_dates found = read_lines(page);

    *out = is_set(&found.published) ? found.published : found.updated;
    return is_set(out);
}

void lede_html_set_published(lede_html_page *page, lede_entry *entry)
{
    static const char *const first_keys[] = {
        "article:published_time", "article:published", "og:published_time",
        "og:article:published_time", NULL};
    static const char *const named_keys[] = {"datepublished", NULL};
    static const char *const later_keys[] = {
        "pubdate",
        "publishdate",
        "publish-date",
        "publish_date",
        "publication_date",
        "published_time",
        "date",
        "dc.date.issued",
        "dcterms.created",
        "dcterms.issued",
        "dcterms.date",
        "dc.date.created",
        "dc.date",
        "dc.created",
        "parsely-pub-date",
        "sailthru.date",
        "originalpublicationdate",
        "cxenseparse:recs:publishtime",
        "cxenseparse:publishtime",
        "cxensesite:datestamp",
        "article.published",
        "article_date_original",
        "article.created",
        "bt:pubdate",
        "og:pubdate",
        "og:regdate",
        "rnews:datepublished",
        "vr:published_time",
        "shareaholic:article_published_time",
        "last-modified-date",
        "citation_publication_date",
        "citation_date",
        "creation_date",
        "created",
        "time",
        NULL};
    lede_when *when = &entry->published;

    page->from_published = NULL;
    if (is_set(&page->context->published)) {
        *when = page->context->published;
        page->from_published = "the record around the page";
        return;
    }
    if (ld_date(page, "datePublished", when)) {
        page->from_published = "JSON-LD datePublished";
    } else if (meta_date(page, first_keys, when)) {
        page->from_published = "meta published_time";
    } else if (prop_date(page, "datepublished", when)) {
        page->from_published = "microdata datePublished";
    } else if (meta_date(page, named_keys, when)) {
        page->from_published = "meta datePublished";
    } else if (ld_date(page, "dateCreated", when) ||
               ld_date(page, "uploadDate", when)) {
        page->from_published = "JSON-LD dateCreated";
    } else if (meta_date(page, later_keys, when)) {
        page->from_published = "meta of another name";
    } else if (shown_date(page, when)) {
        page->from_published = "an element with a date near the headline";
    }
    if (page->from_published != NULL) {
        lede_when_midnight_to_day(when);
    } else if (page->url.len > 0 && lede_date_in_path(page->url, true, when)) {
        page->from_published = "the address";
    } else if (line_date(page, when)) {
        page->from_published = "a line near the headline";
    } else if (lede_date_in_path(lede_span_text(page->path), false, when)) {
        page->from_published = "the name of the file";
    } else {
        *when = lede_when_none();
    }
}

void lede_html_set_updated(lede_html_page *page, lede_entry *entry)
{
    static const char *const keys[] = {"article:modified_time",
                                       "og:updated_time",
                                       "article:modified",
                                       "og:modified_time",
                                       "last-modified",
                                       "dcterms.modified",
                                       "dc.date.modified",
                                       "lastmod",
                                       "article.updated",
                                       "vr:updated_time",
                                       NULL};
    static const char *const named_keys[] = {"datemodified", NULL};
    const int64_t day = 24 * 60 * 60;
    lede_when *when = &entry->updated;

    page->from_updated = NULL;
    if (ld_date(page, "dateModified", when)) {
        page->from_updated = "JSON-LD dateModified";
    } else if (meta_date(page, keys, when)) {
        page->from_updated = "meta modified_time";
    } else if (prop_date(page, "datemodified", when)) {
        page->from_updated = "microdata dateModified";
    } else if (meta_date(page, named_keys, when)) {
        page->from_updated = "meta dateModified";
    } else {
        *when = read_lines(page).updated;
        if (!is_set(when)) {
            return;
        }
        page->from_updated = "a line near the headline";
    }
    lede_when_midnight_to_day(when);
    if (is_set(&entry->published) &&
        when->instant < entry->published.instant - day) {
        *when = lede_when_none();
        page->from_updated = NULL;
    }
}
