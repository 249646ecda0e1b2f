#include "corpus/html_byline.h"

#include <string.h>

#include "base/utf8.h"
#include "corpus/live_bylines.h"
#include "corpus/page_words.h"
#include "corpus/text_match.h"

enum {
    LINE_MAX_BYTES = 300,
    NAME_MAX_BYTES = 120,
    NAME_WORDS = 8,
    SIGN_MAX_BYTES = 8,
    BEFORE_H1 = 150, /* nodes */
    BEHIND_H1 = 600,
    LINE_BEHIND_H1 = 300,
    LINKS_MAX = 8, /* in a byline */
    SIGNATURE_WORDS = 4,
    TEXT_BYTES = 100 /* of a paragraph that is no line of the page's head */
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
    "von: ",
    "by: ",
    "por: ",
    "par: ",
    "penulis: ",
    "autorin/autor ",
    "autor/in: ",
};

/* What stands before a name even where no element is named for it: all of the
 * line, or its first words. */
static const char *const line_openings[] = {
    "by ",          "by: ",      "written by ", "words by ", "story by ",
    "reported by ", "von ",      "von: ",       "por ",      "por: ",
    "par ",         "par: ",     "door ",       "oleh ",     "autor: ",
    "autorka: ",    "autore: ",  "author: ",    "authors: ", "autorin/autor ",
    "autor/in: ",   "penulis: ", "reporter: ",  "text: ",    "автор: ",
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

/* "AFP", "MDR" at the beginning: letters of one case as no first name is. */
static bool starts_in_capitals(lede_span text)
{
    size_t at = 0;
    lede_span word = lede_match_word(text, &at);
    size_t i;

    for (i = 0; i < word.len; i++) {
        if (word.bytes[i] < 'A' || word.bytes[i] > 'Z') {
            return false;
        }
    }
    return word.len >= 2;
}

static bool is_byline_name(lede_span name)
{
    return lede_match_word_count(name) >= 2 && lede_byline_is_name(name) &&
           memchr(name.bytes, ':', name.len) == NULL;
}

/* "Bob Ray for The Paper", "Dan Poe in London": the name. */
static lede_span without_tail(lede_span name)
{
    static const char *const words[] = {
        " for ", " in ", " at ", " reporting", " f\u00FCr ", " pour ", " para ",
    };
    size_t i;

    for (i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t at = lede_match_find(name, 0, words[i]);

        if (at != LEDE_MATCH_NONE) {
            return lede_match_trim(lede_span_part(name, 0, at));
        }
    }
    return name;
}

/* The names in a line; what follows the first that is none is a role, a place,
 * an outlet, a date. */
static void put_names(lede_html_page *page, lede_authors *authors,
                      lede_span line)
{
    const lede_span none = {NULL, 0};
    bool in_capitals = false;
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
        if (!is_byline_name(name)) {
            name = without_tail(name);
        }
        if (!is_byline_name(name) ||
            (begin > 0 && !in_capitals && starts_in_capitals(name))) {
            return;
        }
        in_capitals = starts_in_capitals(name);
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

static bool has_letter(lede_span text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        if (text.bytes[i] >= 0x80 ||
            (uint8_t)((text.bytes[i] | 0x20) - 'a') < 26) {
            return true;
        }
    }
    return false;
}

static bool is_no_name(lede_span name)
{
    return name.len == 0 || !has_letter(name) || name.len > NAME_MAX_BYTES ||
           name.bytes[0] == '(' || name.bytes[0] == '@' ||
           memchr(name.bytes, '@', name.len) != NULL ||
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

/* What Korean papers write behind a name. */
static lede_span korean_role(lede_span name)
{
    static const char *const roles[] = {
        " \uAE30\uC790",             /* reporter */
        " \uC120\uC784\uAE30\uC790", /* senior reporter */
        " \uC778\uD134\uAE30\uC790", /* intern */
        " \uD2B9\uD30C\uC6D0",       /* correspondent */
        " \uB17C\uC124\uC704\uC6D0"  /* writer of leaders */
    };
    size_t i;

    for (i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (lede_match_ends(name, roles[i])) {
            return lede_span_part(name, name.len - strlen(roles[i]) + 1,
                                  name.len);
        }
    }
    return lede_span_of(NULL, 0);
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
        lede_span role;

        if (is_no_name(name)) {
            continue;
        }
        name = without_sign(name);
        role = korean_role(name);
        if (role.len > 0) {
            name =
                lede_match_trim(lede_span_part(name, 0, name.len - role.len));
        } else {
            role = found->authors[i].role;
        }
        if (has_person && (lede_span_equal(name, publisher) ||
                           lede_match_word_count(name) > NAME_WORDS)) {
            continue;
        }
        put_joined(page, authors, name, role);
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

/* "twitter:label1" says what "twitter:data1" is. */
static void from_labels(lede_html_page *page, lede_authors *authors)
{
    static const char *const pairs[][2] = {
        {"twitter:label1", "twitter:data1"},
        {"twitter:label2", "twitter:data2"},
    };
    static const char *const labels[] = {
        "written by",
        "verfasst von",
        "geschrieben von",
        "escrito por",
        "\u00E9crit par",
        "scritto da",
        "geschreven door",
        "autor",
        "author",
        "by",
        "von",
        "napisane przez",
        "skrevet av",
        "skrevet af",
        "skriven av",
        "yazan",
    };
    size_t i, k;

    for (i = 0; i < 2 && authors->count == 0; i++) {
        lede_span label = lede_html_meta_get(&page->meta, pairs[i][0]);

        for (k = 0; k < sizeof labels / sizeof labels[0]; k++) {
            if (lede_match_is(label, labels[k])) {
                put_names(page, authors,
                          lede_html_meta_get(&page->meta, pairs[i][1]));
            }
        }
    }
    if (authors->count == 0) {
        put_names(page, authors,
                  lede_html_meta_get(&page->meta, "twitter:misc:written by"));
    }
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
            lede_html_attr_contains(node, LEDE_ATTR_ID, parts[i]) ||
            lede_html_attr_contains(node, LEDE_ATTR_DATA_TESTID, parts[i])) {
            return (node->marks & LEDE_HTML_MARK_CREDIT) == 0 &&
                   !lede_html_attr_contains(node, LEDE_ATTR_CLASS, "bild") &&
                   !lede_html_attr_contains(node, LEDE_ATTR_CLASS, "foto") &&
                   !lede_html_attr_contains(node, LEDE_ATTR_CLASS, "photo");
        }
    }
    return false;
}

static bool is_near_headline(const lede_html_page *page, uint32_t order,
                             uint32_t behind)
{
    return page->h1 == NULL || (order + BEFORE_H1 >= page->h1->order &&
                                order <= page->h1->order + behind);
}

static void from_elements(lede_html_page *page, lede_authors *authors)
{
    lede_html_node *node = page->tree.root;

    while (node != NULL && authors->count == 0) {
        if (is_near_headline(page, node->order, BEHIND_H1) &&
            node->attr_count > 0 &&
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

/* A teaser of another article. */
static bool is_in_link(const lede_html_node *node)
{
    while (node != NULL && node->tag != LEDE_TAG_A) {
        node = node->parent;
    }
    return node != NULL;
}

/* "Von: Ann Lee, Bo Ray", in whatever element. */
static void from_lines(lede_html_page *page, lede_authors *authors)
{
    uint32_t i;
    size_t k;

    for (i = 0; i < page->blocks.count && authors->count == 0; i++) {
        const lede_html_block *block = &page->blocks.items[i];

        if (block->text.len > LINE_MAX_BYTES || block->is_caption ||
            !is_near_headline(page, block->order, LINE_BEHIND_H1) ||
            is_in_link(block->node)) {
            continue;
        }
        for (k = 0; k < sizeof line_openings / sizeof line_openings[0]; k++) {
            if (lede_match_starts(block->text, line_openings[k])) {
                put_names(page, authors, block->text);
                break;
            }
        }
    }
}

static bool is_to_the_right(const lede_html_node *node)
{
    return lede_html_attr_contains(node, LEDE_ATTR_STYLE, "text-align:right") ||
           lede_html_attr_contains(node, LEDE_ATTR_STYLE, "text-align: right");
}

/* A name on the right, where the text ends: in places that are named for
 * something else if all of the text is. */
static void from_signature(lede_html_page *page, lede_authors *authors)
{
    bool is_aside = false;
    uint32_t i;

    for (i = 0; i < page->blocks.count && authors->count == 0; i++) {
        const lede_html_block *block = &page->blocks.items[i];

        if (block->text.len >= TEXT_BYTES) {
            is_aside = block->is_aside;
        }
        if (block->link_bytes == 0 && is_to_the_right(block->node) &&
            lede_match_word_count(block->text) <= SIGNATURE_WORDS &&
            !block->is_caption && block->is_aside == is_aside) {
            put_names(page, authors, block->text);
        }
    }
}

/* Scripts that part no words: a name is one. */
static bool has_no_words(lede_span name)
{
    const uint8_t *p = name.bytes;
    uint32_t c = 0;

    if (name.len > 0) {
        lede_utf8_decode(p, p + name.len, &c);
    }
    return c >= 0x0E00;
}

bool lede_html_byline_is_person(const lede_html_page *page,
                                const lede_author *authors, uint32_t count,
                                lede_span publisher)
{
    lede_span site = lede_html_meta_get(&page->meta, "og:site_name");
    uint32_t i;

    for (i = 0; i < count; i++) {
        lede_span name = authors[i].name;

        if ((is_full_name(name) || has_no_words(name)) &&
            !lede_match_equal(name, publisher) &&
            !lede_match_equal(name, page->source) &&
            !lede_match_equal(name, site) &&
            lede_match_find(name, 0, "www.") == LEDE_MATCH_NONE) {
            return true;
        }
    }
    return false;
}

/* The first paragraph of a text, if it is a name and nothing else. */
static void from_first_paragraph(lede_html_page *page, lede_authors *authors)
{
    uint32_t i;

    for (i = 0; i + 1 < page->blocks.count; i++) {
        const lede_html_block *block = &page->blocks.items[i];
        const lede_html_block *next = &page->blocks.items[i + 1];

        if (is_near_headline(page, block->order, BEHIND_H1) &&
            next->text.len >= TEXT_BYTES && lede_html_block_is_text(next)) {
            if (block->node->tag == LEDE_TAG_P && block->link_bytes == 0 &&
                block->node->parent == next->node->parent &&
                next->node->tag == LEDE_TAG_P && !block->is_caption &&
                !block->is_aside &&
                (page->h1 == NULL || block->order > page->h1->order) &&
                lede_match_word_count(block->text) <= SIGNATURE_WORDS &&
                !lede_words_has_role(block->text)) {
                put_names(page, authors, block->text);
            }
            return;
        }
    }
}

/* Whom the page names, though no metadata does: the first place that has a
 * person, else the first that has anyone. */
static const char *from_page(lede_html_page *page, lede_authors *authors)
{
    static const struct place {
        void (*look)(lede_html_page *page, lede_authors *authors);
        const char *from;
    } places[] = {
        {from_elements, "an element that is named as a byline"},
        {from_labels, "meta twitter:data1"},
        {from_lines, "a line near the headline"},
        {from_first_paragraph, "a name in front of the text"},
        {from_signature, "a line on the right"},
    };
    const char *from = NULL;
    size_t i;

    for (i = 0; i < sizeof places / sizeof places[0]; i++) {
        lede_authors found = {0};

        places[i].look(page, &found);
        authors->failed |= found.failed;
        if (lede_html_byline_is_person(page, found.items, found.count,
                                       page->source)) {
            *authors = found;
            return places[i].from;
        }
        if (found.count > 0 && from == NULL) {
            *authors = found;
            from = places[i].from;
        }
    }
    return from;
}

void lede_html_byline_set(lede_html_page *page, lede_entry *entry)
{
    lede_authors authors = {0};
    lede_authors shown = {0};
    const char *from = "meta";

    from_meta(page, &authors);
    if (!lede_html_byline_is_person(page, authors.items, authors.count,
                                    page->source)) {
        const char *place = from_page(page, &shown);

        page->failed |= shown.failed;
        if (place != NULL) {
            authors = shown;
            from = place;
        }
    }
    page->failed |= authors.failed;
    if (authors.count > 0 &&
        (entry->author_count == 0 ||
         lede_html_byline_is_person(page, authors.items, authors.count,
                                    page->source))) {
        entry->authors = authors.items;
        entry->author_count = authors.count;
        page->from_authors = from;
    }
}
