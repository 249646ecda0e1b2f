#include "corpus/unread.h"

#include <stdio.h>
#include <string.h>

#include "corpus/html_tags.h"
#include "corpus/text_match.h"
#include "corpus/xml_tree.h"

enum {
    ROOT_BYTES = 4096, /* a root element stands this early */
    LIST_LINES = 20    /* fewer words may be a poem */
};

typedef struct magic {
    size_t at;
    const char *bytes;
    size_t len;
    const char *name;
} magic;

static const magic magics[] = {
    {0, "7z\xBC\xAF\x27\x1C", 6, "a 7z archive"},
    {0, "Rar!\x1A\x07", 6, "a rar archive"},
    {0, "SQLite format 3\0", 16, "an SQLite database"},
};

const char *lede_unread_binary(lede_span head)
{
    size_t i;

    for (i = 0; i < sizeof magics / sizeof magics[0]; i++) {
        lede_span part = lede_span_part(head, magics[i].at, magics[i].len);

        if (lede_span_equal(part,
                            lede_span_of(magics[i].bytes, magics[i].len))) {
            return magics[i].name;
        }
    }
    return NULL;
}

/* XML, SGML, HTML. */

typedef struct root {
    const char *tag;
    const char *name; /* NULL: a page, which is read */
} root;

static const root roots[] = {
    {"<!doctype html", NULL}, {"<html", NULL},    {"<head", NULL},
    {"<body", NULL},          {"<article", NULL}, {"<meta", NULL},
};

static bool is_tag_end(lede_span text, size_t at)
{
    return at >= text.len || strchr(" \t\r\n>/", text.bytes[at]) != NULL;
}

/* The first root in the text: false if there is none. */
static bool find_root(lede_span text, const char **name)
{
    size_t at;

    for (at = 0; at < text.len; at++) {
        lede_span rest;
        size_t i;

        if (text.bytes[at] != '<') {
            continue;
        }
        rest = lede_span_part(text, at, text.len);
        for (i = 0; i < sizeof roots / sizeof roots[0]; i++) {
            size_t len = strlen(roots[i].tag);

            if (lede_match_starts(rest, roots[i].tag) &&
                (roots[i].tag[len - 1] == ' ' || is_tag_end(rest, len))) {
                *name = roots[i].name;
                return true;
            }
        }
    }
    return false;
}

/* An element that HTML does not have, and its end. */
static bool is_fragment(lede_span head)
{
    char name[64];
    char end[70];
    size_t at;

    if (!lede_xml_root(head, name, &at) ||
        lede_tag_find(name) != LEDE_TAG_OTHER) {
        return false;
    }
    snprintf(end, sizeof end, "</%s", name);
    return lede_match_find(head, at, end) != LEDE_MATCH_NONE;
}

/* What stands behind comments and blanks. */
static lede_span skip_comments(lede_span text)
{
    text = lede_span_trim(text);
    while (lede_span_starts(text, "<!--")) {
        size_t end = lede_match_find(text, 4, "-->");

        if (end == LEDE_MATCH_NONE) {
            break;
        }
        text = lede_span_trim(lede_span_part(text, end + 3, text.len));
    }
    return text;
}

static bool is_opml(lede_span head)
{
    char name[64];
    size_t at;

    return lede_xml_root(head, name, &at) && strcmp(name, "opml") == 0;
}

static const char *unread_markup(lede_span head, bool *has_none)
{
    lede_span start = lede_span_part(head, 0, ROOT_BYTES);
    const char *name = NULL;

    head = skip_comments(head);
    if (head.len == 0 || head.bytes[0] != '<') {
        return NULL;
    }
    *has_none = true;
    if (lede_match_starts(head, "<!element") ||
        lede_match_starts(head, "<!attlist") ||
        lede_match_starts(head, "<!entity")) {
        return "a document type (DTD)";
    }
    if (is_opml(head)) {
        return "a list of feeds (OPML)";
    }
    *has_none = false;
    if (find_root(start, &name)) {
        return name;
    }
    if (lede_match_starts(head, "<doc>") &&
        lede_match_find(start, 0, "<docno>") != LEDE_MATCH_NONE) {
        return "TREC documents";
    }
    return lede_match_starts(head, "<?xml") || is_fragment(head) ? "XML" : NULL;
}

/* Lines of one word each, in small letters, as lists of categories are. */
static bool is_word_list(lede_span text)
{
    size_t words = 0; /* in the line */
    size_t lines = 0;
    size_t i;

    for (i = 0; i <= text.len; i++) {
        uint8_t c = i < text.len ? text.bytes[i] : '\n';
        bool is_begin = i == 0 || text.bytes[i - 1] <= ' ';

        if (c == '\n') {
            lines += words;
            words = 0;
        } else if (c > ' ') {
            words += is_begin;
            if (words > 1 || c == '.' || c == ',' || c == '!' || c == '?' ||
                c == ':' || c == '/' || c >= 0x7F || (c >= 'A' && c <= 'Z')) {
                return false;
            }
        }
    }
    return lines >= LIST_LINES;
}

const char *lede_unread_text(lede_span head, bool whole, const char *path,
                             bool *has_none)
{
    (void)path;
    *has_none = false;
    if (whole && is_word_list(head)) {
        *has_none = true;
        return "a list of words";
    }
    return unread_markup(head, has_none);
}
