#include "corpus/unread.h"

#include <stdio.h>
#include <string.h>

#include "corpus/html_tags.h"
#include "corpus/text_match.h"
#include "corpus/xml_tree.h"

enum {
    ROOT_BYTES = 4096 /* a root element stands this early */
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

static const char *unread_markup(lede_span head)
{
    lede_span start = lede_span_part(head, 0, ROOT_BYTES);
    const char *name = NULL;

    head = lede_span_trim(head);
    if (head.len == 0 || head.bytes[0] != '<' || find_root(start, &name)) {
        return name;
    }
    if (lede_match_starts(head, "<doc>") &&
        lede_match_find(start, 0, "<docno>") != LEDE_MATCH_NONE) {
        return "TREC documents";
    }
    if (lede_match_starts(head, "<!element") ||
        lede_match_starts(head, "<!attlist") ||
        lede_match_starts(head, "<!entity")) {
        return "a document type (DTD)";
    }
    return lede_match_starts(head, "<?xml") || is_fragment(head) ? "XML" : NULL;
}

const char *lede_unread_text(lede_span head, const char *path)
{
    (void)path;
    return unread_markup(head);
}
