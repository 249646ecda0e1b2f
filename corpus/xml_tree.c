#include "corpus/xml_tree.h"

#include <string.h>

#include "base/buf.h"
#include "corpus/entities.h"
#include "corpus/text_match.h"

enum { NAME_BYTES = 64, ATTRS_MAX = 64 };

typedef struct xml_reader {
    lede_span text;
    size_t at;
    lede_arena *arena;
    lede_xml_node *root, *open; /* NULL before the first element */
    uint32_t depth, count;
    bool failed;
} xml_reader;

static bool is_name_byte(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
           c == ':' || c >= 0x80;
}

static bool is_name_start(uint8_t c)
{
    return is_name_byte(c) && c != '-' && c != '.' && !(c >= '0' && c <= '9');
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static size_t find(lede_span text, size_t at, const char *mark)
{
    size_t len = strlen(mark);

    while (at < text.len && text.len - at >= len) {
        const uint8_t *hit =
            memchr(text.bytes + at, mark[0], text.len - at - len + 1);

        if (hit == NULL) {
            break;
        }
        at = (size_t)(hit - text.bytes);
        if (memcmp(hit, mark, len) == 0) {
            return at;
        }
        at++;
    }
    return text.len;
}

static bool starts(lede_span text, size_t at, const char *mark)
{
    size_t len = strlen(mark);

    return text.len - at >= len && memcmp(text.bytes + at, mark, len) == 0;
}

static size_t behind(lede_span text, size_t at, const char *mark)
{
    at = find(text, at, mark);
    return at == text.len ? at : at + strlen(mark);
}

/* Behind a document type, with its subset in brackets. */
static size_t skip_doctype(lede_span text, size_t at)
{
    size_t depth = 0;

    for (; at < text.len; at++) {
        uint8_t c = text.bytes[at];

        if (c == '[') {
            depth++;
        } else if (c == ']' && depth > 0) {
            depth--;
        } else if (c == '>' && depth == 0) {
            return at + 1;
        }
    }
    return at;
}

/* Behind what is no element and no text; `at` if there is nothing of it. */
static size_t skip_markup(lede_span text, size_t at)
{
    if (starts(text, at, "<!--")) {
        return behind(text, at + 4, "-->");
    }
    if (starts(text, at, "<?")) {
        return behind(text, at + 2, ">");
    }
    if (starts(text, at, "<!") && !starts(text, at, "<![CDATA[")) {
        return skip_doctype(text, at + 2);
    }
    return at;
}

static lede_span lower(xml_reader *r, lede_span name)
{
    lede_span copy;
    size_t i;

    for (i = 0; i < name.len; i++) {
        if (name.bytes[i] >= 'A' && name.bytes[i] <= 'Z') {
            break;
        }
    }
    if (i == name.len) {
        return name;
    }
    copy = lede_arena_copy(r->arena, name);
    if (copy.bytes == NULL) {
        r->failed = true;
        return copy;
    }
    for (i = 0; i < copy.len; i++) {
        uint8_t *c = (uint8_t *)(uintptr_t)copy.bytes + i;

        *c = *c >= 'A' && *c <= 'Z' ? (uint8_t)(*c + 32) : *c;
    }
    return copy;
}

/* "dc:Creator" as "dc" and "creator", with the colon between them. */
static void take_name(xml_reader *r, lede_span *prefix, lede_span *name)
{
    size_t begin = r->at;
    const uint8_t *colon;
    lede_span all;

    while (r->at < r->text.len && is_name_byte(r->text.bytes[r->at])) {
        r->at++;
    }
    all = lower(r, lede_span_part(r->text, begin, r->at - begin));
    colon = all.len == 0 ? NULL : memchr(all.bytes, ':', all.len);
    *prefix = lede_span_of(NULL, 0);
    if (colon != NULL && colon + 1 < all.bytes + all.len) {
        size_t len = (size_t)(colon - all.bytes);

        *prefix = lede_span_part(all, 0, len);
        all = lede_span_part(all, len + 1, all.len);
    }
    *name = all;
}

static lede_span decode(xml_reader *r, lede_span text)
{
    lede_buf out = {0};

    if (text.len == 0 || memchr(text.bytes, '&', text.len) == NULL) {
        return text;
    }
    lede_entity_decode_all(text, &out);
    text = lede_arena_copy(r->arena, lede_buf_span(&out));
    r->failed |= text.bytes == NULL || out.failed;
    lede_buf_done(&out);
    return text;
}

static void skip_blanks(xml_reader *r)
{
    while (r->at < r->text.len && is_blank(r->text.bytes[r->at])) {
        r->at++;
    }
}

static lede_span take_value(xml_reader *r)
{
    uint8_t c = r->at < r->text.len ? r->text.bytes[r->at] : 0;
    size_t begin = r->at;

    if (c == '"' || c == '\'') {
        const char mark[2] = {(char)c, 0};
        size_t end = find(r->text, ++begin, mark);

        r->at = end < r->text.len ? end + 1 : end;
        return lede_span_part(r->text, begin, end - begin);
    }
    while (r->at < r->text.len && !is_blank(r->text.bytes[r->at]) &&
           r->text.bytes[r->at] != '>') {
        r->at++;
    }
    return lede_span_part(r->text, begin, r->at - begin);
}

/* Attributes up to the end of the tag; true if it closes itself. */
static bool take_attrs(xml_reader *r, lede_xml_node *node)
{
    lede_xml_attr attrs[ATTRS_MAX];
    uint32_t count = 0;
    bool is_empty = false;

    for (;;) {
        lede_xml_attr attr = {{NULL, 0}, {NULL, 0}, {NULL, 0}};

        skip_blanks(r);
        if (r->at >= r->text.len || r->text.bytes[r->at] == '<') {
            break; /* never ended */
        }
        if (r->text.bytes[r->at] == '>') {
            r->at++;
            break;
        }
        if (starts(r->text, r->at, "/>")) {
            r->at += 2;
            is_empty = true;
            break;
        }
        if (!is_name_byte(r->text.bytes[r->at])) {
            r->at++;
            continue;
        }
        take_name(r, &attr.prefix, &attr.name);
        skip_blanks(r);
        if (r->at < r->text.len && r->text.bytes[r->at] == '=') {
            r->at++;
            skip_blanks(r);
            attr.value = lede_span_trim(decode(r, take_value(r)));
        }
        if (count < ATTRS_MAX) {
            attrs[count++] = attr;
        }
    }
    if (count > 0) {
        node->attrs = lede_arena_array(r->arena, count, sizeof *attrs);
        if (node->attrs == NULL) {
            r->failed = true;
        } else {
            memcpy(node->attrs, attrs, count * sizeof *attrs);
            node->attr_count = (uint16_t)count;
        }
    }
    return is_empty;
}

/* A node at the end of what is open; NULL when there is no room for more. */
static lede_xml_node *append(xml_reader *r)
{
    lede_xml_node *node;

    if (r->count >= LEDE_XML_NODES_MAX) {
        return NULL;
    }
    node = lede_arena_get(r->arena, sizeof *node);
    if (node == NULL) {
        r->failed = true;
        return NULL;
    }
    r->count++;
    node->parent = r->open;
    if (r->open == NULL) {
        r->root = node;
    } else if (r->open->last == NULL) {
        r->open->first = r->open->last = node;
    } else {
        r->open->last->next = node;
        r->open->last = node;
    }
    return node;
}

static void close_to(xml_reader *r, const lede_xml_node *node, size_t end)
{
    while (r->open != NULL) {
        lede_xml_node *closed = r->open;

        closed->inner.len = end - (size_t)(closed->inner.bytes - r->text.bytes);
        r->open = closed->parent;
        r->depth--;
        if (closed == node) {
            closed->is_closed = true;
            return;
        }
    }
}

static void take_start(xml_reader *r)
{
    lede_xml_node *node = append(r);
    lede_xml_node spare = {0};
    lede_span prefix;
    bool is_new = node != NULL;
    bool is_empty;

    node = is_new ? node : &spare;
    r->at++;
    take_name(r, &prefix, &node->name);
    node->prefix_len = prefix.len > UINT16_MAX ? 0 : (uint16_t)prefix.len;
    is_empty = take_attrs(r, node);
    node->inner = lede_span_of(r->text.bytes + r->at, 0);
    node->is_closed = is_empty;
    if (is_new && !is_empty && r->depth < LEDE_XML_DEPTH_MAX) {
        r->open = node;
        r->depth++;
    }
}

static void take_end(xml_reader *r)
{
    size_t begin = r->at;
    lede_span prefix;
    lede_span name;
    lede_xml_node *node;

    r->at += 2;
    take_name(r, &prefix, &name);
    while (r->at < r->text.len && r->text.bytes[r->at] != '>' &&
           r->text.bytes[r->at] != '<') {
        r->at++;
    }
    r->at += r->at < r->text.len && r->text.bytes[r->at] == '>';
    for (node = r->open; node != NULL; node = node->parent) {
        if (lede_span_equal(node->name, name) &&
            lede_span_equal(lede_xml_prefix(node), prefix)) {
            close_to(r, node, begin);
            return;
        }
    }
}

static void put_text(xml_reader *r, lede_span text, bool is_raw)
{
    lede_xml_node *node;

    if (text.len == 0 || r->open == NULL) {
        return;
    }
    node = append(r);
    if (node != NULL) {
        node->text = is_raw ? text : decode(r, text);
    }
}

/* Whether a "<" begins something. */
static bool is_markup(lede_span text, size_t at)
{
    uint8_t c = at + 1 < text.len ? text.bytes[at + 1] : 0;

    return c == '!' || c == '?' || is_name_start(c) ||
           (c == '/' && at + 2 < text.len && is_name_start(text.bytes[at + 2]));
}

static void take_text(xml_reader *r)
{
    size_t begin = r->at;

    while ((r->at = find(r->text, r->at, "<")) < r->text.len &&
           !is_markup(r->text, r->at)) {
        r->at++;
    }
    put_text(r, lede_span_part(r->text, begin, r->at - begin), false);
}

static void take_one(xml_reader *r)
{
    if (r->text.bytes[r->at] != '<' || !is_markup(r->text, r->at)) {
        take_text(r);
    } else if (starts(r->text, r->at, "<![CDATA[")) {
        size_t begin = r->at + 9;
        size_t end = find(r->text, begin, "]]>");

        r->at = end == r->text.len ? end : end + 3;
        put_text(r, lede_span_part(r->text, begin, end - begin), true);
    } else if (r->text.bytes[r->at + 1] == '!' ||
               r->text.bytes[r->at + 1] == '?') {
        r->at = skip_markup(r->text, r->at);
    } else if (r->text.bytes[r->at + 1] == '/') {
        take_end(r);
    } else {
        take_start(r);
    }
}

lede_status lede_xml_read(lede_span text, size_t *at, lede_arena *arena,
                          lede_xml_node **out, lede_error *err)
{
    xml_reader r = {.text = text, .at = *at, .arena = arena};

    while (r.at < text.len && !r.failed && (r.root == NULL || r.open != NULL)) {
        take_one(&r);
    }
    if (r.failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    *at = r.at;
    if (r.root == NULL) {
        return LEDE_END;
    }
    close_to(&r, NULL, text.len);
    *out = r.root;
    return LEDE_OK;
}

/* Blanks and byte order marks, of which programs write more than one. */
static size_t blank_len(lede_span text, size_t at)
{
    static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};

    if (at < text.len && is_blank(text.bytes[at])) {
        return 1;
    }
    return text.len - at >= sizeof mark &&
                   memcmp(text.bytes + at, mark, sizeof mark) == 0
               ? sizeof mark
               : 0;
}

bool lede_xml_root(lede_span head, char *name, size_t *at)
{
    size_t i = 0;
    size_t len = 0;

    for (;;) {
        size_t next;

        while ((next = blank_len(head, i)) > 0) {
            i += next;
        }
        next = i < head.len ? skip_markup(head, i) : i;
        if (next == i) {
            break;
        }
        i = next;
    }
    if (i + 1 >= head.len || head.bytes[i] != '<' ||
        !is_name_start(head.bytes[i + 1])) {
        return false;
    }
    *at = i++;
    for (; i < head.len && is_name_byte(head.bytes[i]); i++) {
        uint8_t c = head.bytes[i];

        if (c == ':') {
            len = 0;
        } else if (len + 1 < NAME_BYTES) {
            name[len++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        }
    }
    name[len] = '\0';
    return len > 0;
}

lede_span lede_xml_prefix(const lede_xml_node *node)
{
    return node->prefix_len == 0
               ? lede_span_of(NULL, 0)
               : lede_span_of(node->name.bytes - 1 - node->prefix_len,
                              node->prefix_len);
}

bool lede_xml_is(const lede_xml_node *node, const char *name)
{
    return lede_span_is(node->name, name);
}

lede_xml_node *lede_xml_child(const lede_xml_node *node, const char *name)
{
    lede_xml_node *child = node == NULL ? NULL : node->first;

    while (child != NULL && !lede_xml_is(child, name)) {
        child = child->next;
    }
    return child;
}

lede_xml_node *lede_xml_sibling(const lede_xml_node *node, const char *name)
{
    lede_xml_node *next = node->next;

    while (next != NULL && !lede_xml_is(next, name)) {
        next = next->next;
    }
    return next;
}

lede_xml_node *lede_xml_next_outside(const lede_xml_node *top,
                                     lede_xml_node *at)
{
    while (at != top && at->next == NULL) {
        at = at->parent;
    }
    return at == top ? NULL : at->next;
}

lede_xml_node *lede_xml_next(const lede_xml_node *top, lede_xml_node *at)
{
    return at->first != NULL ? at->first : lede_xml_next_outside(top, at);
}

lede_xml_node *lede_xml_find(const lede_xml_node *node, const char *name)
{
    lede_xml_node *at = (lede_xml_node *)(uintptr_t)node;

    while (at != NULL && (at = lede_xml_next(node, at)) != NULL) {
        if (lede_xml_is(at, name)) {
            return at;
        }
    }
    return NULL;
}

lede_span lede_xml_attr_get(const lede_xml_node *node, const char *name)
{
    uint32_t i;

    for (i = 0; node != NULL && i < node->attr_count; i++) {
        if (lede_span_is(node->attrs[i].name, name)) {
            return node->attrs[i].value;
        }
    }
    return lede_span_of(NULL, 0);
}

lede_span lede_xml_text(const lede_xml_node *node, lede_arena *arena,
                        bool *failed)
{
    lede_xml_node *at = (lede_xml_node *)(uintptr_t)node;
    lede_buf out = {0};
    lede_span text = {NULL, 0};

    if (node == NULL) {
        return text;
    }
    if (node->first != NULL && node->first->next == NULL &&
        node->first->name.len == 0) {
        return lede_span_trim(node->first->text);
    }
    while ((at = lede_xml_next(node, at)) != NULL) {
        if (at->name.len == 0) {
            lede_buf_put_span(&out, at->text);
        }
    }
    text = lede_span_trim(lede_buf_span(&out));
    if (text.len > 0) {
        text = lede_arena_copy(arena, text);
    }
    *failed |= out.failed || (text.len > 0 && text.bytes == NULL);
    lede_buf_done(&out);
    return text.len > 0 ? text : lede_span_of(NULL, 0);
}

lede_span lede_xml_child_text(const lede_xml_node *node, const char *name,
                              lede_arena *arena, bool *failed)
{
    return lede_xml_text(lede_xml_child(node, name), arena, failed);
}

lede_span lede_xml_line(const lede_xml_node *node, lede_arena *arena,
                        bool *failed)
{
    lede_span text = lede_xml_text(node, arena, failed);
    lede_buf out = {0};
    lede_span word;
    size_t at = 0;

    while ((word = lede_match_word(text, &at)).len > 0) {
        if (out.len > 0) {
            lede_buf_put_byte(&out, ' ');
        }
        lede_buf_put_span(&out, word);
    }
    text = lede_buf_span(&out);
    if (text.len > 0) {
        text = lede_arena_copy(arena, text);
    }
    *failed |= out.failed || (text.len > 0 && text.bytes == NULL);
    lede_buf_done(&out);
    return text.len > 0 ? text : lede_span_of(NULL, 0);
}
