#include "corpus/unread.h"

#include <stdio.h>
#include <string.h>

#include "corpus/html_tags.h"
#include "corpus/json_fields.h"
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
    {0, "%PDF-", 5, "a PDF document"},
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

/* The next line of *text, without its end. */
static lede_span take_line(lede_span *text)
{
    const uint8_t *newline =
        text->len == 0 ? NULL : memchr(text->bytes, '\n', text->len);
    size_t len = newline == NULL ? text->len : (size_t)(newline - text->bytes);
    lede_span line = lede_span_part(*text, 0, len);

    *text = lede_span_part(*text, len + 1, text->len);
    if (line.len > 0 && line.bytes[line.len - 1] == '\r') {
        line.len--;
    }
    return line;
}

/* XML, SGML, HTML. */

typedef struct root {
    const char *tag;
    const char *name; /* NULL: a page, which is read */
} root;

static const root roots[] = {
    {"<!doctype netscape-bookmark-file-1", "a bookmark file"},
    {"<!doctype html", NULL},
    {"<html", NULL},
    {"<head", NULL},
    {"<body", NULL},
    {"<article", NULL},
    {"<meta", NULL},
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

/* Tables. */

static const char *unread_table(lede_span head)
{
    static const char separators[] = ",;\t";
    lede_span line = take_line(&head);
    const char *separator;

    if (line.len > 2000) {
        return NULL;
    }
    for (separator = separators; *separator != 0; separator++) {
        unsigned known = 0;
        size_t begin = 0;
        size_t i;

        for (i = 0; i <= line.len; i++) {
            if (i == line.len || line.bytes[i] == (uint8_t)*separator) {
                char folded[LEDE_JSON_KEY_MAX_BYTES];
                lede_span cell =
                    lede_span_trim(lede_span_part(line, begin, i - begin));
                size_t len;

                if (cell.len >= 2 && cell.bytes[0] == '"') {
                    cell = lede_span_part(cell, 1, cell.len - 2);
                }
                len = lede_json_key_fold(cell, folded);
                known += lede_json_key_find(lede_span_of(folded, len)).field !=
                         LEDE_JSON_FIELD_NONE;
                begin = i + 1;
            }
        }
        if (known >= 2) {
            return "a table (CSV)";
        }
    }
    return NULL;
}

const char *lede_unread_text(lede_span head, const char *path)
{
    const char *name = unread_markup(head);

    (void)path;
    return name == NULL ? unread_table(head) : name;
}
