#include "corpus/html_tree.h"

#include <pthread.h>
#include <string.h>

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "corpus/html_ends.h"
#include "corpus/html_thin.h"
#include "corpus/text_match.h"

enum {
    ATTR_MAX_COUNT = 32,
    ATTR_MAX_BYTES = 64 * 1024,
    COMMENT_MAX_COUNT = 16,
    ARCHIVER_NODES = 100,
    COMMENT_MAX_BYTES = 4096,
    PARSER_DEPTH_MAX = 600 /* names that the parser remembers */
};

/* Building. --------------------------------------------------------------- */

typedef struct builder {
    lede_html_tree *tree;
    lede_arena *arena;
    htmlParserCtxtPtr parser;
    lede_html_node *at;
    unsigned depth;
    unsigned too_deep; /* open elements that are not in the tree */
    lede_buf text;     /* on its way to a node */
    bool keeps_script; /* inside one that holds data */
    bool in_script;
    bool failed;
} builder;

static bool is_full(builder *b)
{
    if (b->tree->count >= LEDE_HTML_NODES_MAX ||
        b->arena->used_bytes >= LEDE_HTML_TREE_BYTES_MAX) {
        b->tree->is_cut = true;
    }
    return b->tree->is_cut || b->failed;
}

static lede_html_node *node_new(builder *b, lede_tag tag)
{
    lede_html_node *node;

    if (is_full(b)) {
        return NULL;
    }
    node = lede_arena_get(b->arena, sizeof *node);
    if (node == NULL) {
        b->failed = true;
        return NULL;
    }
    node->tag = (uint8_t)tag;
    node->order = b->tree->count++;
    node->parent = b->at;
    if (b->at != NULL) {
        if (b->at->last == NULL) {
            b->at->first = node;
        } else {
            b->at->last->next = node;
        }
        b->at->last = node;
    }
    return node;
}

static void flush_text(builder *b)
{
    lede_html_node *node;
    lede_span text;

    if (b->text.failed) {
        b->failed = true;
    }
    if (b->text.len == 0) {
        return;
    }
    text = lede_buf_span(&b->text);
    if (b->in_script) {
        if (b->keeps_script && !is_full(b)) {
            b->at->text = lede_arena_copy(b->arena, text);
            b->failed |= b->at->text.bytes == NULL;
        }
    } else {
        node = node_new(b, LEDE_TAG_TEXT);
        if (node != NULL) {
            node->text = lede_arena_copy(b->arena, text);
            b->failed |= node->text.bytes == NULL;
        }
    }
    lede_buf_clear(&b->text);
}

static void put_attrs(builder *b, lede_html_node *node, const xmlChar **attrs)
{
    lede_html_attr found[ATTR_MAX_COUNT];
    uint16_t count = 0;

    for (; attrs[0] != NULL && count < ATTR_MAX_COUNT; attrs += 2) {
        lede_attr name = lede_attr_find((const char *)attrs[0]);
        lede_span value = lede_span_text((const char *)attrs[1]);

        if (name == LEDE_ATTR_NONE) {
            continue;
        }
        value = lede_span_trim(value);
        if (value.len > ATTR_MAX_BYTES) {
            value.len = lede_utf8_floor(value, ATTR_MAX_BYTES);
        }
        found[count].name = name;
        found[count].value = lede_arena_copy(b->arena, value);
        if (found[count].value.bytes == NULL) {
            b->failed = true;
            return;
        }
        count++;
    }
    if (count == 0) {
        return;
    }
    node->attrs = lede_arena_array(b->arena, count, sizeof *node->attrs);
    if (node->attrs == NULL) {
        b->failed = true;
        return;
    }
    memcpy(node->attrs, found, count * sizeof *found);
    node->attr_count = count;
}

/* Scripts that hold data. */
static bool is_data_script(const lede_html_node *node)
{
    return lede_html_attr_contains(node, LEDE_ATTR_TYPE, "ld+json") ||
           lede_html_attr_is(node, LEDE_ATTR_ID, "__next_data__");
}

/* A template that is shown, as its parent's shadow: savers write it so. */
static bool is_shadow(lede_tag tag, const xmlChar **attrs)
{
    if (tag != LEDE_TAG_TEMPLATE || attrs == NULL) {
        return false;
    }
    for (; attrs[0] != NULL; attrs += 2) {
        if (strcmp((const char *)attrs[0], "shadowrootmode") == 0 ||
            strcmp((const char *)attrs[0], "shadowroot") == 0) {
            return true;
        }
    }
    return false;
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar **attrs)
{
    builder *b = ctx;
    lede_tag tag = lede_tag_find((const char *)name);
    bool is_deep = b->depth >= LEDE_HTML_DEPTH_MAX;
    lede_html_node *node;

    flush_text(b);
    node = node_new(b, is_shadow(tag, attrs) ? LEDE_TAG_DIV : tag);
    if (node != NULL && attrs != NULL) {
        put_attrs(b, node, attrs);
    }
    if (tag == LEDE_TAG_SCRIPT || tag == LEDE_TAG_STYLE) {
        b->in_script = true;
        b->keeps_script = node != NULL && !is_deep && is_data_script(node);
    }
    if (node == NULL || is_deep) {
        b->too_deep++;
    } else {
        b->at = node;
        b->depth++;
    }
    /* The parser looks through the names of all open elements at each end tag;
     * to forget the deepest makes that linear, and is what browsers do. Their
     * end tags are not called back then. */
    if (b->parser->nameNr > PARSER_DEPTH_MAX && !b->in_script) {
        b->parser->nameNr--;
        b->parser->nameTab[b->parser->nameNr] = NULL;
        b->parser->name = b->parser->nameTab[b->parser->nameNr - 1];
        b->too_deep -= b->too_deep > 0;
    }
}

static void on_end(void *ctx, const xmlChar *name)
{
    builder *b = ctx;

    (void)name;
    flush_text(b);
    b->in_script = false;
    if (b->too_deep > 0) {
        b->too_deep--;
    } else if (b->depth > 0) {
        b->at = b->at->parent;
        b->depth--;
    }
}

static void keep_comment(builder *b, lede_span comment)
{
    lede_span start = lede_span_part(comment, 0, COMMENT_MAX_BYTES);

    if (b->tree->comment_count == COMMENT_MAX_COUNT) {
        return;
    }
    start.len = lede_utf8_floor(comment, start.len);
    start = lede_arena_copy(b->arena, start);
    if (start.bytes == NULL) {
        b->failed = true;
        return;
    }
    b->tree->comments[b->tree->comment_count++] = start;
}

/* The Wayback Machine says in a script at the very top what it kept. */
static void keep_archiver(builder *b, lede_span script)
{
    size_t at = b->tree->count < ARCHIVER_NODES
                    ? lede_match_find(script, 0, "__wm.wombat(")
                    : LEDE_MATCH_NONE;

    if (at != LEDE_MATCH_NONE) {
        keep_comment(b, lede_span_part(script, at, script.len));
    }
}

static void on_text(void *ctx, const xmlChar *text, int len)
{
    builder *b = ctx;

    if (len > 0 && (!b->in_script || b->keeps_script) && !is_full(b)) {
        lede_buf_put(&b->text, text, (size_t)len);
    } else if (len > 0) {
        keep_archiver(b, lede_span_of(text, (size_t)len));
    }
}

static void on_comment(void *ctx, const xmlChar *text)
{
    lede_span comment = lede_span_text((const char *)text);
    lede_span start = lede_span_part(comment, 0, COMMENT_MAX_BYTES);

    if (lede_match_find(start, 0, "saved from url") != LEDE_MATCH_NONE ||
        lede_match_find(start, 0, "singlefile") != LEDE_MATCH_NONE ||
        lede_match_find(start, 0, "file archived on") != LEDE_MATCH_NONE) {
        keep_comment(ctx, comment);
    }
}

static void start_parser_library(void)
{
    xmlInitParser();
}

lede_status lede_html_tree_read(lede_span page, lede_arena *arena,
                                lede_html_tree *out, lede_error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    builder b = {.tree = out, .arena = arena};
    lede_buf thinned = {0};
    lede_buf ended = {0};
    xmlSAXHandler calls = {.startElement = on_start,
                           .endElement = on_end,
                           .characters = on_text,
                           .ignorableWhitespace = on_text,
                           .cdataBlock = on_text,
                           .comment = on_comment};

    pthread_once(&once, start_parser_library);
    *out = (lede_html_tree){0};
    out->comments =
        lede_arena_array(arena, COMMENT_MAX_COUNT, sizeof *out->comments);
    out->root = node_new(&b, LEDE_TAG_OTHER);
    b.at = out->root;
    if (out->root == NULL || out->comments == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    if (page.len == 0) {
        return LEDE_OK;
    }
    page = lede_html_put_ends(lede_html_thin(page, &thinned), &ended);
    b.parser = thinned.failed || ended.failed
                   ? NULL
                   : htmlCreateMemoryParserCtxt((const char *)page.bytes,
                                                (int)page.len);
    if (b.parser == NULL) {
        lede_buf_done(&thinned);
        lede_buf_done(&ended);
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    htmlCtxtUseOptions(b.parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
                                     HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                     HTML_PARSE_NOIMPLIED |
                                     HTML_PARSE_IGNORE_ENC);
    *b.parser->sax = calls;
    b.parser->userData = &b;
    xmlSwitchEncoding(b.parser, XML_CHAR_ENCODING_UTF8);
    htmlParseDocument(b.parser);
    flush_text(&b);
    if (b.parser->errNo == XML_ERR_NO_MEMORY) {
        b.failed = true;
    }
    if (b.parser->myDoc != NULL) {
        xmlFreeDoc(b.parser->myDoc);
    }
    htmlFreeParserCtxt(b.parser);
    lede_buf_done(&b.text);
    lede_buf_done(&thinned);
    lede_buf_done(&ended);
    return b.failed ? lede_fail(err, LEDE_NO_MEMORY, "out of memory") : LEDE_OK;
}

/* Walking. ---------------------------------------------------------------- */

lede_html_node *lede_html_next_outside(const lede_html_node *top,
                                       lede_html_node *at)
{
    while (at != top && at->next == NULL) {
        at = at->parent;
    }
    return at == top ? NULL : at->next;
}

lede_html_node *lede_html_next(const lede_html_node *top, lede_html_node *at)
{
    return at->first != NULL ? at->first : lede_html_next_outside(top, at);
}

lede_html_node *lede_html_find_tag(const lede_html_node *top, lede_tag tag)
{
    lede_html_node *at = (lede_html_node *)(uintptr_t)top;

    while ((at = lede_html_next(top, at)) != NULL) {
        if (at->tag == tag) {
            return at;
        }
    }
    return NULL;
}

bool lede_html_is_inside(const lede_html_node *node, const lede_html_node *top)
{
    while (node != NULL && node != top) {
        node = node->parent;
    }
    return node != NULL;
}

/* Attributes. ------------------------------------------------------------- */

static const lede_html_attr *find_attr(const lede_html_node *node,
                                       lede_attr name)
{
    uint16_t i;

    for (i = 0; i < node->attr_count; i++) {
        if (node->attrs[i].name == name) {
            return &node->attrs[i];
        }
    }
    return NULL;
}

lede_span lede_html_attr_get(const lede_html_node *node, lede_attr name)
{
    const lede_html_attr *attr = find_attr(node, name);

    return attr == NULL ? lede_span_of(NULL, 0) : attr->value;
}

bool lede_html_attr_has(const lede_html_node *node, lede_attr name)
{
    return find_attr(node, name) != NULL;
}

bool lede_html_attr_is(const lede_html_node *node, lede_attr name,
                       const char *lower)
{
    const lede_html_attr *attr = find_attr(node, name);

    return attr != NULL && lede_match_is(attr->value, lower);
}

/* Words of attributes are parted by ASCII blanks. */
static bool is_blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool lede_html_attr_has_word(const lede_html_node *node, lede_attr name,
                             const char *lower)
{
    const lede_html_attr *attr = find_attr(node, name);
    lede_span value;
    size_t len;
    size_t at = 0;

    if (attr == NULL) {
        return false;
    }
    value = attr->value;
    len = strlen(lower);
    while (at + len <= value.len) {
        size_t end = at;

        while (end < value.len && !is_blank(value.bytes[end])) {
            end++;
        }
        if (end - at == len &&
            lede_match_is(lede_span_part(value, at, len), lower)) {
            return true;
        }
        at = end + 1;
    }
    return false;
}

bool lede_html_attr_contains(const lede_html_node *node, lede_attr name,
                             const char *part)
{
    const lede_html_attr *attr = find_attr(node, name);

    return attr != NULL &&
           lede_match_find(attr->value, 0, part) != LEDE_MATCH_NONE;
}

/* Text. ------------------------------------------------------------------- */

/* The blank at `i`: its bytes, 0 if there is none. Most are ASCII, and most
 * letters too. */
static size_t blank_at(lede_span text, size_t i)
{
    return text.bytes[i] < 0x80 ? is_blank(text.bytes[i])
                                : lede_match_blank(text, i);
}

static void put_line(lede_buf *line, lede_span text, size_t max)
{
    size_t i = 0;

    while (i < text.len && line->len < max) {
        size_t blank = blank_at(text, i);
        size_t begin = i;

        if (blank > 0) {
            if (line->len > 0 && line->bytes[line->len - 1] != ' ') {
                lede_buf_put_byte(line, ' ');
            }
            i += blank;
            continue;
        }
        while (i < text.len && blank_at(text, i) == 0) {
            i++;
        }
        lede_buf_put_span(line, lede_span_part(text, begin, i - begin));
    }
}

static lede_span line_of(const lede_html_node *node, uint8_t passed, size_t max,
                         lede_arena *arena, bool *failed)
{
    lede_html_node *at = (lede_html_node *)(uintptr_t)node;
    lede_buf line = {0};
    lede_span text;

    while (at != NULL && line.len < max) {
        bool is_passed = at != node && (lede_tag_is_unread((lede_tag)at->tag) ||
                                        (at->marks & passed) != 0);

        if (at->tag == LEDE_TAG_TEXT) {
            put_line(&line, at->text, max);
        } else if (at->tag == LEDE_TAG_BR ||
                   lede_tag_is_block((lede_tag)at->tag)) {
            put_line(&line, lede_span_text(" "), max);
        }
        at = is_passed ? lede_html_next_outside(node, at)
                       : lede_html_next(node, at);
    }
    text = lede_match_trim(lede_buf_span(&line));
    if (text.len > max) {
        text.len = lede_utf8_floor(text, max);
    }
    text = lede_arena_copy(arena, text);
    *failed |= line.failed || text.bytes == NULL;
    lede_buf_done(&line);
    return text;
}

lede_span lede_html_line(const lede_html_node *node, size_t max,
                         lede_arena *arena, bool *failed)
{
    return line_of(node, LEDE_HTML_MARK_HIDDEN, max, arena, failed);
}

lede_span lede_html_line_aloud(const lede_html_node *node, size_t max,
                               lede_arena *arena, bool *failed)
{
    return line_of(node, 0, max, arena, failed);
}
