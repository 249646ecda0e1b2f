#include "corpus/html_byline.h"

#include <string.h>

#include "corpus/live_bylines.h"
#include "corpus/text_match.h"

enum {
    LINE_MAX_BYTES = 300,
    NAME_MAX_BYTES = 120,
    NAME_WORDS = 8,
    SIGN_MAX_BYTES = 8,
    BEFORE_H1 = 150, /* nodes */
    BEHIND_H1 = 600,
    LINKS_MAX = 8 /* in a byline */
};

/* What stands before a name, in the languages of newspapers. */
static const char *const openings[] = {
    "by ",
    "written by ",
    "words by ",
    "story by ",
    "reported by ",
    "von ",
    "text von ",
    "text: ",
    "text ",
    "por ",
    "par ",
    "di ",
    "door ",
    "af ",
    "av ",
    "autor: ",
    "autor ",
    "autorka: ",
    "autore: ",
    "author: ",
    "authors: ",
    "author ",
    "yazar: ",
    "tekst: ",
    "tekst ",
    "from ",
    "oleh ",
    "texte ",
    "propos recueillis par ",
    "szerző: ",
    "kirjoittaja: ",
    "reporter: ",
    "opinion by ",
    "analysis by ",
    "автор: ",
    "автор ",
};

/* Between two names. */
static const char *const seams[] = {
    " and ",    " und ", " et ",     " y ",  " e ",    " og ", " och ",
    " & ",      " en ",  " i ",      " a ",  ", ",     "; ",   " / ",
    " \u2022 ", " | ",   " \u00B7 ", " ve ", " et al",
};

static lede_span without_opening(lede_span line)
{
    size_t i;

    for (i = 0; i < sizeof openings / sizeof openings[0]; i++) {
        if (lede_match_starts(line, openings[i])) {
            return lede_span_trim(
                lede_span_part(line, strlen(openings[i]), line.len));
        }
    }
    return line;
}

static size_t seam_at(lede_span line, size_t at)
{
    size_t i;

    for (i = 0; i < sizeof seams / sizeof seams[0]; i++) {
        size_t len = strlen(seams[i]);

        if (line.len - at >= len &&
            lede_match_is(lede_span_part(line, at, len), seams[i])) {
            return len;
        }
    }
    return 0;
}

/* The names in a line; what follows the first that is none is a role, a place,
 * a date. */
static void put_names(lede_html_page *page, lede_authors *authors,
                      lede_span line)
{
    const lede_span none = {NULL, 0};
    size_t begin = 0;
    size_t at = 0;

    line = without_opening(lede_match_trim(line));
    while (at <= line.len && line.len > 0) {
        size_t seam = at == line.len ? 1 : seam_at(line, at);
        lede_span name;

        if (seam == 0) {
            at++;
            continue;
        }
        name = lede_match_trim(lede_span_part(line, begin, at - begin));
        if (!lede_byline_is_name(name) || lede_match_word_count(name) < 2) {
            return;
        }
        lede_authors_add(authors, page->arena, name, none, none);
        at += seam;
        begin = at;
    }
}

/* Names of metadata. ------------------------------------------------------- */

/* Words between two full names, that are no part of either. */
static size_t joint_at(lede_span text, size_t at)
{
    static const char *const joints[] = {" und ", " et ", " y ",  " og ",
                                         " och ", " e ",  " en ", " / "};
    size_t i;

    for (i = 0; i < sizeof joints / sizeof joints[0]; i++) {
        size_t len = strlen(joints[i]);

        if (text.len - at >= len &&
            lede_match_is(lede_span_part(text, at, len), joints[i])) {
            return len;
        }
    }
    return 0;
}

static bool is_full_name(lede_span text)
{
    return lede_match_word_count(text) >= 2 && lede_byline_is_name(text);
}

static bool is_no_name(lede_span name)
{
    return name.len == 0 || name.len > NAME_MAX_BYTES || name.bytes[0] == '(' ||
           name.bytes[0] == '@' || memchr(name.bytes, '@', name.len) != NULL ||
           lede_match_find(name, 0, "://") != LEDE_MATCH_NONE;
}

/* Without a sign in brackets. */
static lede_span without_sign(lede_span name)
{
    const uint8_t *open = memchr(name.bytes, '(', name.len);

    if (open == NULL || open == name.bytes || name.bytes[name.len - 1] != ')' ||
        (size_t)(name.bytes + name.len - open) > SIGN_MAX_BYTES) {
        return name;
    }
    return lede_span_trim(
        lede_span_of(name.bytes, (size_t)(open - name.bytes)));
}

static void put_joined(lede_html_page *page, lede_authors *authors,
                       lede_span text, lede_span role)
{
    const lede_span none = {NULL, 0};
    size_t at;

    for (at = 1; at < text.len; at++) {
        size_t joint = joint_at(text, at);
        lede_span left = lede_span_part(text, 0, at);
        lede_span right = lede_span_part(text, at + joint, text.len);

        if (joint > 0 && is_full_name(left) && is_full_name(right)) {
            lede_authors_add(authors, page->arena, left, role, none);
            text = right;
            at = 0;
        }
    }
    lede_authors_add(authors, page->arena, text, role, none);
}

static void put_tidy(lede_html_page *page, lede_authors *authors,
                     const lede_json_byline *found, lede_span publisher)
{
    bool has_person = false;
    uint32_t i;

    for (i = 0; i < found->count; i++) {
        has_person |= is_full_name(found->authors[i].name) &&
                      !lede_span_equal(found->authors[i].name, publisher) &&
                      !lede_span_equal(found->authors[i].name, page->source);
    }
    for (i = 0; i < found->count; i++) {
        lede_span name = lede_match_trim(found->authors[i].name);

        if (is_no_name(name)) {
            continue;
        }
        name = without_sign(name);
        if (has_person && (lede_span_equal(name, publisher) ||
                           lede_match_word_count(name) > NAME_WORDS)) {
            continue;
        }
        put_joined(page, authors, name, found->authors[i].role);
    }
}

void lede_html_byline_tidy(lede_html_page *page, const lede_json_byline *found,
                           lede_span publisher, lede_entry *entry)
{
    lede_authors authors = {0};

    put_tidy(page, &authors, found, publisher);
    page->failed |= authors.failed;
    entry->authors = authors.items;
    entry->author_count = authors.count;
}

static void from_meta(lede_html_page *page, lede_authors *authors)
{
    static const char *const keys[] = {"author",
                                       "article:author_name",
                                       "parsely-author",
                                       "sailthru.author",
                                       "dc.creator",
                                       "dc.contributor",
                                       "byl",
                                       "article:author",
                                       "og:article:author",
                                       "og:author",
                                       "cxenseparse:author",
                                       "rbauthors",
                                       "citation_author",
                                       "creator",
                                       "article.author",
                                       "authors",
                                       "dcterms.creator"};
    lede_json_byline byline = {.arena = page->arena};
    const lede_span none = {NULL, 0};
    size_t i;

    for (i = 0; i < sizeof keys / sizeof keys[0] && byline.count == 0; i++) {
        lede_span text;
        uint32_t at = 0;

        while ((text = lede_html_meta_next(&page->meta, keys[i], &at)).len >
               0) {
            if (lede_span_equal(text, page->source) || text.bytes[0] == '@') {
                continue;
            }
            if (lede_json_byline_add(&byline, without_opening(text), none, none,
                                     NULL) != LEDE_OK) {
                page->failed = true;
                return;
            }
        }
    }
    put_tidy(page, authors, &byline, page->source);
}

static bool is_byline(const lede_html_node *node)
{
    static const char *const parts[] = {"byline", "author", "autor", "writer",
                                        "contributor"};
    size_t i;

    if (lede_html_attr_has_word(node, LEDE_ATTR_ITEMPROP, "author") ||
        lede_html_attr_has_word(node, LEDE_ATTR_REL, "author")) {
        return true;
    }
    for (i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (lede_html_attr_contains(node, LEDE_ATTR_CLASS, parts[i]) ||
            lede_html_attr_contains(node, LEDE_ATTR_DATA_TESTID, parts[i])) {
            return true;
        }
    }
    return false;
}

static void from_elements(lede_html_page *page, lede_authors *authors)
{
    uint32_t h1 = page->h1 == NULL ? 0 : page->h1->order;
    lede_html_node *node = page->tree.root;

    while (node != NULL && authors->count == 0) {
        bool is_near = page->h1 == NULL || (node->order + BEFORE_H1 >= h1 &&
                                            node->order <= h1 + BEHIND_H1);

        if (is_near && node->attr_count > 0 &&
            (node->marks & LEDE_HTML_MARK_HIDDEN) == 0 && is_byline(node)) {
            lede_html_node *name = node;
            lede_span line;

            while ((name = lede_html_next(node, name)) != NULL &&
                   !lede_html_attr_has_word(name, LEDE_ATTR_ITEMPROP, "name")) {
            }
            line = lede_html_line(name == NULL ? node : name, LINE_MAX_BYTES,
                                  page->arena, &page->failed);
            put_names(page, authors, line);
            if (authors->count == 0) {
                /* Names as links, with other words between. */
                lede_html_node *link = node;
                unsigned links = 0;

                while ((link = lede_html_next(node, link)) != NULL &&
                       links < LINKS_MAX) {
                    if (link->tag == LEDE_TAG_A) {
                        links++;
                        put_names(page, authors,
                                  lede_html_line(link, LINE_MAX_BYTES,
                                                 page->arena, &page->failed));
                    }
                }
            }
        }
        node = lede_html_next(page->tree.root, node);
    }
}

void lede_html_byline_set(lede_html_page *page, lede_entry *entry)
{
    lede_authors authors = {0};

    from_meta(page, &authors);
    if (authors.count == 0) {
        from_elements(page, &authors);
    }
    page->failed |= authors.failed;
    if (authors.count > 0) {
        entry->authors = authors.items;
        entry->author_count = authors.count;
    }
}
