/* html_marks.c - what the names of elements (class, id, role) say of them. */
#include "corpus/html_blocks.h"

#include <ctype.h>
#include <string.h>

#include "corpus/text_match.h"

enum {
    WORD_MAX_BYTES = 32,
    WORDS_MAX = 48,
    ID_WORDS_MAX = 6 /* with more it is a heading's words in a row */
};

/* A word of a name, or its beginning where it ends in *. */
static const char *const aside_words[] = {
    "abo",           "ad",          "ads",          "adslot",    "adv*",
    "affiliate*",    "author*",     "autor*",       "banner*",   "bio",
    "bookmark*",     "breadcrumb*", "byline*",      "consent*",  "cookie*",
    "copyright*",    "cta",         "dateline",     "dfp",       "disclaimer*",
    "donat*",        "fallback",    "follow*",      "footer*",   "gdpr",
    "leia",          "liveblogs",   "login*",       "masthead*", "menu*",
    "meta",          "metadata",    "modal*",       "nav",       "navbar*",
    "navigation*",   "newsletter*", "overlay*",     "pager*",    "paginat*",
    "partner*",      "pullquote*",  "placeholder*", "poll",      "polls",
    "quiz*",         "excerpt",     "infobox",      "popup*",    "print",
    "rating*",       "register*",   "onetrust*",    "ccpa*",     "didomi*",
    "usercentrics*", "truste*",     "cmp",          "share*",    "sharing*",
    "sidebar*",      "signup*",     "skip*",        "social*",   "sponsor*",
    "subscri*",      "survey",      "tags",         "taglist*",  "timestamp*",
    "toolbar*",      "tooltip*",
};

/* The same of what others wrote, or of other articles. */
static const char *const other_words[] = {
    "card",      "cards",    "comment*", "disqus*",    "outbrain*",
    "popular*",  "promo*",   "recirc*",  "recommend*", "related*",
    "relacion*", "taboola*", "teaser*",  "trending*",  "zergnet*",
};

/* Two words in a row that are the text of an article. */
static const char *const text_firsts[] = {
    "article", "artikel",   "articulo", "story", "post", "entry",
    "content", "main",      "news",     "page",  "nota", "single",
    "detail",  "paragraph", "body",     "rich",
};
static const char *const text_seconds[] = {
    "body", "content", "text", "copy", "main", "txt", "inner", "contents",
};
static const char *const text_words[] = {
    "articlebody",  "storybody",      "postcontent", "entrycontent",
    "articletext",  "articlecontent", "bodycopy",    "bodytext",
    "storycontent", "postbody",       "newstext",    "articlecopy",
};

typedef struct words {
    char items[WORDS_MAX][WORD_MAX_BYTES];
    size_t count;
} words;

/* Cuts a name at what is no letter, and between aB. */
static void cut_words(lede_span name, words *out)
{
    size_t len = 0;
    size_t i;

    for (i = 0; i <= name.len && out->count < WORDS_MAX; i++) {
        uint8_t c = i < name.len ? name.bytes[i] : ' ';
        bool is_letter = isalpha(c) != 0 && c < 0x80;
        bool is_hump = is_letter && c <= 'Z' && i > 0 && len > 0 &&
                       name.bytes[i - 1] >= 'a' && name.bytes[i - 1] <= 'z';

        if ((!is_letter || is_hump) && len > 0) {
            out->items[out->count++][len] = 0;
            len = 0;
        }
        if (is_letter && len < WORD_MAX_BYTES - 1 && out->count < WORDS_MAX) {
            out->items[out->count][len++] = (char)(c | 0x20);
        }
    }
}

/* The names in a class; those that count at times only ("print:flex",
 * "[.open_&]:mt-0") are of layout. */
static void cut_classes(lede_span names, words *out)
{
    size_t end;
    size_t i;

    for (i = 0; i < names.len; i = end + 1) {
        lede_span name;

        for (end = i; end < names.len && names.bytes[end] > ' '; end++) {
        }
        name = lede_span_part(names, i, end - i);
        if (name.len > 0 && memchr(name.bytes, ':', name.len) == NULL) {
            cut_words(name, out);
        }
    }
}

static void cut_id(lede_span id, words *out)
{
    size_t before = out->count;

    cut_words(id, out);
    if (out->count - before > ID_WORDS_MAX) {
        out->count = before;
    }
}

static bool word_is(const char *word, const char *pattern)
{
    size_t len;

    if (word[0] != pattern[0]) {
        return false; /* nearly always */
    }
    len = strlen(pattern);
    return pattern[len - 1] == '*' ? strncmp(word, pattern, len - 1) == 0
                                   : strcmp(word, pattern) == 0;
}

static bool is_one_of(const char *word, const char *const *list, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (word_is(word, list[i])) {
            return true;
        }
    }
    return false;
}

#define IS_ONE_OF(word, list)                                                  \
    is_one_of((word), (list), sizeof(list) / sizeof(list)[0])

static bool is_pair(const words *w, size_t i, const char *first,
                    const char *second)
{
    return i + 1 < w->count && strcmp(w->items[i], first) == 0 &&
           strcmp(w->items[i + 1], second) == 0;
}

/* Text for screen readers: labels, not words of the article. */
static bool is_for_readers_aloud(const words *w)
{
    size_t i;

    for (i = 0; i < w->count; i++) {
        if (strcmp(w->items[i], "visuallyhidden") == 0 ||
            strcmp(w->items[i], "offscreen") == 0 ||
            is_pair(w, i, "visually", "hidden") ||
            is_pair(w, i, "off", "screen") || is_pair(w, i, "sr", "only") ||
            is_pair(w, i, "screen", "reader") || is_pair(w, i, "u", "vh")) {
            return true;
        }
    }
    return false;
}

static bool is_picture_word(const char *word)
{
    static const char *const pictures[] = {"image",   "img",    "photo",
                                           "picture", "bild",   "foto",
                                           "imagen",  "images", "photos"};

    return IS_ONE_OF(word, pictures);
}

static uint8_t marks_of_words(const words *w)
{
    uint8_t marks = 0;
    size_t i;

    for (i = 0; i < w->count; i++) {
        const char *word = w->items[i];

        if (IS_ONE_OF(word, aside_words) || is_pair(w, i, "sign", "up")) {
            marks |= LEDE_HTML_MARK_ASIDE;
        }
        if (IS_ONE_OF(word, other_words) || is_pair(w, i, "most", "read") ||
            is_pair(w, i, "read", "more") || is_pair(w, i, "read", "next") ||
            is_pair(w, i, "more", "stories") || is_pair(w, i, "also", "read") ||
            is_pair(w, i, "read", "also") || is_pair(w, i, "up", "next")) {
            marks |= LEDE_HTML_MARK_ASIDE | LEDE_HTML_MARK_OTHER;
        }
        if (IS_ONE_OF(word, text_words) ||
            (i + 1 < w->count && IS_ONE_OF(word, text_firsts) &&
             IS_ONE_OF(w->items[i + 1], text_seconds))) {
            marks |= LEDE_HTML_MARK_TEXT;
        }
        if (strncmp(word, "caption", 7) == 0 ||
            strcmp(word, "figcaption") == 0 ||
            strcmp(word, "bildunterschrift") == 0) {
            marks |= LEDE_HTML_MARK_CAPTION;
        }
        if (is_picture_word(word)) {
            marks |= LEDE_HTML_MARK_PICTURE;
        }
        if (strncmp(word, "credit", 6) == 0 ||
            strcmp(word, "photographer") == 0 ||
            is_pair(w, i, "image", "source") || is_pair(w, i, "photo", "by")) {
            marks |= LEDE_HTML_MARK_CREDIT;
        }
    }
    return marks;
}

/* Pages that a server streams (React) send parts as hidden elements "S:1f",
 * which a script moves to where they are shown. */
static bool is_streamed(const lede_html_node *node)
{
    lede_span id = lede_html_attr_get(node, LEDE_ATTR_ID);
    size_t i;

    for (i = 2; i < id.len && isxdigit(id.bytes[i]) != 0; i++) {
    }
    return id.len > 2 && i == id.len && lede_span_starts(id, "S:");
}

/* Kept from ears: what is behind a paywall is shown once that is open. */
static bool is_not_spoken(const lede_html_node *node)
{
    return lede_html_attr_is(node, LEDE_ATTR_ARIA_HIDDEN, "true") &&
           !lede_html_attr_has_word(node, LEDE_ATTR_CLASS, "paywall");
}

static bool is_hidden(const lede_html_node *node)
{
    return (lede_html_attr_has(node, LEDE_ATTR_HIDDEN) && !is_streamed(node)) ||
           is_not_spoken(node) ||
           lede_html_attr_contains(node, LEDE_ATTR_STYLE, "display:none") ||
           lede_html_attr_contains(node, LEDE_ATTR_STYLE, "display: none");
}

static bool is_aside_by_kind(const lede_html_node *node)
{
    static const char *const roles[] = {
        "navigation", "banner", "contentinfo", "complementary",
        "dialog",     "search", "menu",        "alert",
    };
    size_t i;

    if (node->tag == LEDE_TAG_NAV || node->tag == LEDE_TAG_FOOTER ||
        node->tag == LEDE_TAG_ASIDE || node->tag == LEDE_TAG_FORM) {
        return true;
    }
    for (i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (lede_html_attr_is(node, LEDE_ATTR_ROLE, roles[i])) {
            return true;
        }
    }
    return false;
}

/* Not shown by its class; one that is shown at some widths has a variant of it
 * ("md:block", "d-lg-block"). */
static bool is_hidden_by_class(const lede_html_node *node)
{
    lede_span names = lede_html_attr_get(node, LEDE_ATTR_CLASS);

    return (lede_html_attr_has_word(node, LEDE_ATTR_CLASS, "hidden") ||
            lede_html_attr_has_word(node, LEDE_ATTR_CLASS, "d-none")) &&
           memchr(names.bytes, ':', names.len) == NULL &&
           lede_match_find(names, 0, "-block") == LEDE_MATCH_NONE &&
           lede_match_find(names, 0, "-flex") == LEDE_MATCH_NONE;
}

/* Named as the article's text and nothing else: other names are of layout. */
static bool names_article_text(const words *w)
{
    static const char *const texts[] = {"content", "body", "text"};
    size_t i;
    size_t k;

    for (i = 0; i < w->count; i++) {
        for (k = 0; k < 3; k++) {
            if (is_pair(w, i, "article", texts[k])) {
                return true;
            }
        }
    }
    return false;
}

static uint8_t marks_of(const lede_html_node *node)
{
    words w;
    uint8_t marks = 0;

    w.count = 0; /* the rest is written before it is read */

    if (node->attr_count == 0) {
        return is_aside_by_kind(node) ? LEDE_HTML_MARK_ASIDE : 0;
    }
    if (is_hidden(node)) {
        return LEDE_HTML_MARK_HIDDEN;
    }
    cut_classes(lede_html_attr_get(node, LEDE_ATTR_CLASS), &w);
    cut_id(lede_html_attr_get(node, LEDE_ATTR_ID), &w);
    cut_words(lede_html_attr_get(node, LEDE_ATTR_DATA_TESTID), &w);
    cut_words(lede_html_attr_get(node, LEDE_ATTR_DATA_COMPONENT), &w);
    if (is_for_readers_aloud(&w)) {
        return LEDE_HTML_MARK_HIDDEN;
    }
    marks = marks_of_words(&w);
    if ((marks & LEDE_HTML_MARK_TEXT) != 0 && names_article_text(&w)) {
        /* "sidebar-grid" around it */
        marks &= (uint8_t) ~(LEDE_HTML_MARK_ASIDE | LEDE_HTML_MARK_OTHER);
    }
    if (is_aside_by_kind(node) || is_hidden_by_class(node) ||
        lede_html_attr_has_word(node, LEDE_ATTR_CLASS, "widget")) {
        marks |= LEDE_HTML_MARK_ASIDE;
    }
    if (lede_html_attr_has_word(node, LEDE_ATTR_ITEMPROP, "articlebody")) {
        marks |= LEDE_HTML_MARK_TEXT;
        marks &= (uint8_t) ~(LEDE_HTML_MARK_ASIDE | LEDE_HTML_MARK_OTHER);
    }
    /* These have the names of all that is on the page. */
    if (node->tag == LEDE_TAG_HTML || node->tag == LEDE_TAG_BODY ||
        node->tag == LEDE_TAG_MAIN || node->tag == LEDE_TAG_ARTICLE) {
        marks &= (uint8_t) ~(LEDE_HTML_MARK_ASIDE | LEDE_HTML_MARK_OTHER |
                             LEDE_HTML_MARK_TEXT);
    }
    return marks;
}

void lede_html_mark(const lede_html_tree *tree)
{
    lede_html_node *node = tree->root;

    while (node != NULL) {
        if (node->tag != LEDE_TAG_TEXT) {
            node->marks = marks_of(node);
        }
        node = lede_html_next(tree->root, node);
    }
}
