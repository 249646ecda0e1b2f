#include "corpus/html_meta.h"

#include <string.h>

#include "corpus/dates.h"
#include "corpus/text_match.h"

enum { LIST_MAX = 1024, TITLE_MAX_BYTES = 1024, VALUE_MAX_BYTES = 4096 };

/* Addresses of web archives. ---------------------------------------------- */

/* "https://web.archive.org/web/20200101000000id_/https://..." */
static size_t archive_prefix(lede_span url, lede_span *stamp)
{
    size_t at = lede_match_find(url, 0, "web.archive.org/web/");
    size_t begin;

    if (at == LEDE_MATCH_NONE || at > 8) {
        return 0;
    }
    at += strlen("web.archive.org/web/");
    begin = at;
    while (at < url.len && url.bytes[at] >= '0' && url.bytes[at] <= '9') {
        at++;
    }
    *stamp = lede_span_part(url, begin, at - begin);
    while (at < url.len && url.bytes[at] != '/') {
        at++;
    }
    return at < url.len ? at + 1 : 0;
}

lede_span lede_html_bare_address(lede_span url)
{
    lede_span stamp;
    size_t len = archive_prefix(url, &stamp);

    return len > 0 && len < url.len ? lede_span_part(url, len, url.len) : url;
}

/* Savers. ----------------------------------------------------------------- */

static lede_span line_behind(lede_span text, const char *key)
{
    size_t at = lede_match_find(text, 0, key);
    size_t len = 0;

    if (at == LEDE_MATCH_NONE) {
        return lede_span_of(NULL, 0);
    }
    text = lede_span_part(text, at + strlen(key), text.len);
    while (len < text.len && text.bytes[len] != '\n' &&
           text.bytes[len] != '\r') {
        len++;
    }
    return lede_span_trim(lede_span_part(text, 0, len));
}

static bool is_url(lede_span text)
{
    return lede_match_starts(text, "http://") ||
           lede_match_starts(text, "https://");
}

/* A JavaScript date may have the zone's name behind it, in any language. */
static void take_saved_date(lede_html_meta *meta, lede_span text)
{
    const uint8_t *bracket =
        text.len == 0 ? NULL : memchr(text.bytes, '(', text.len);
    lede_when when;

    if (bracket != NULL) {
        text = lede_span_part(text, 0, (size_t)(bracket - text.bytes));
    }
    if (meta->saved.precision == LEDE_PRECISION_NONE &&
        lede_date_parse(lede_span_trim(text), NULL, &when) &&
        when.instant != LEDE_INSTANT_NONE) {
        meta->saved = when;
    }
}

/* "20030502030405" */
static void take_stamp(lede_html_meta *meta, lede_span stamp)
{
    lede_when when;
    int64_t number = 0;
    size_t i;

    if (stamp.len != 14) {
        return;
    }
    for (i = 0; i < stamp.len; i++) {
        if (stamp.bytes[i] < '0' || stamp.bytes[i] > '9') {
            return;
        }
        number = number * 10 + (stamp.bytes[i] - '0');
    }
    if (lede_date_from_number(number, &when)) {
        meta->saved = when;
    }
}

static void take_saved_url(lede_html_meta *meta, lede_span url)
{
    lede_span stamp = {NULL, 0};

    if (archive_prefix(url, &stamp) > 0) {
        take_stamp(meta, stamp);
    }
    url = lede_html_bare_address(url);
    if (meta->saved_url.len == 0 && is_url(url)) {
        meta->saved_url = url;
    }
}

/* The next text in quotation marks from *at on; empty if there is none. */
static lede_span next_quoted(lede_span text, size_t *at)
{
    lede_span rest = lede_span_part(text, *at, text.len);
    const uint8_t *open =
        rest.len == 0 ? NULL : memchr(rest.bytes, '"', rest.len);
    const uint8_t *close;

    if (open == NULL) {
        return lede_span_of(NULL, 0);
    }
    open++;
    close = memchr(open, '"', (size_t)(rest.bytes + rest.len - open));
    if (close == NULL) {
        return lede_span_of(NULL, 0);
    }
    *at += (size_t)(close - rest.bytes) + 1;
    return lede_span_of(open, (size_t)(close - open));
}

/* __wm.wombat("address","20030502030405", ... */
static void read_archiver(lede_html_meta *meta, lede_span script)
{
    size_t at = 0;

    take_saved_url(meta, next_quoted(script, &at));
    take_stamp(meta, next_quoted(script, &at));
}

static void read_comment(lede_html_meta *meta, lede_span comment)
{
    size_t at = lede_match_find(comment, 0, "saved from url=(");

    if (at != LEDE_MATCH_NONE) {
        lede_span rest = lede_span_part(comment, at, comment.len);
        const uint8_t *close = memchr(rest.bytes, ')', rest.len);

        if (close != NULL) {
            size_t begin = (size_t)(close - rest.bytes) + 1;
            size_t word_at = begin;

            take_saved_url(meta, lede_match_word(rest, &word_at));
        }
    }
    if (lede_match_find(comment, 0, "singlefile") != LEDE_MATCH_NONE) {
        take_saved_url(meta, line_behind(comment, "url: "));
        take_saved_date(meta, line_behind(comment, "saved date: "));
    }
    if (lede_match_starts(comment, "__wm.wombat(")) {
        read_archiver(meta, comment);
        return;
    }
    at = lede_match_find(comment, 0, "file archived on ");
    if (at != LEDE_MATCH_NONE) {
        /* "FILE ARCHIVED ON 12:13:14 Feb 03, 2020 AND RETRIEVED FROM ..." */
        lede_span rest = line_behind(comment, "file archived on ");
        size_t end = lede_match_find(rest, 0, " and ");
        lede_buf text = {0};

        rest = lede_span_part(rest, 0, end == LEDE_MATCH_NONE ? 40 : end);
        if (rest.len > 9) {
            lede_buf_put_span(&text, lede_span_part(rest, 9, rest.len));
            lede_buf_put_text(&text, ", ");
            lede_buf_put_span(&text, lede_span_part(rest, 0, 8));
            lede_buf_put_text(&text, " GMT");
            if (!text.failed) {
                lede_when before = meta->saved;

                take_saved_date(meta, lede_buf_span(&text));
                /* Its words die with the buffer. */
                if (before.precision == LEDE_PRECISION_NONE &&
                    meta->saved.precision != LEDE_PRECISION_NONE) {
                    meta->saved.text = rest;
                    meta->saved.zone_text = lede_span_of(NULL, 0);
                }
            }
        }
        lede_buf_done(&text);
    }
}

/* Gathering. -------------------------------------------------------------- */

static void put_node(lede_html_node ***list, uint32_t *count, lede_arena *arena,
                     lede_html_node *node, bool *failed)
{
    uint32_t n = *count;

    if (n == LIST_MAX) {
        return;
    }
    if ((n & (n - 1)) == 0) { /* a power of two: full */
        lede_html_node **grown =
            lede_arena_array(arena, n == 0 ? 1 : n * 2, sizeof(*grown));

        if (grown == NULL) {
            *failed = true;
            return;
        }
        if (n > 0) {
            memcpy(grown, *list, n * sizeof *grown);
        }
        *list = grown;
    }
    (*list)[(*count)++] = node;
}

static void read_link(lede_html_meta *meta, const lede_html_node *node)
{
    lede_span href = lede_html_attr_get(node, LEDE_ATTR_HREF);

    if (meta->canonical.len == 0 &&
        lede_html_attr_has_word(node, LEDE_ATTR_REL, "canonical")) {
        meta->canonical = lede_html_bare_address(href);
    }
}

lede_status lede_html_meta_read(const lede_html_tree *tree, lede_arena *arena,
                                lede_html_meta *out, lede_error *err)
{
    lede_html_node *node = tree->root;
    uint32_t i;

    *out = (lede_html_meta){.tree = tree, .saved = lede_when_none()};
    while (node != NULL) {
        lede_html_node *next = lede_html_next(tree->root, node);

        if (node->tag == LEDE_TAG_META &&
            lede_html_attr_has(node, LEDE_ATTR_CONTENT)) {
            put_node(&out->metas, &out->meta_count, arena, node, &out->failed);
        } else if (node->tag == LEDE_TAG_LINK) {
            read_link(out, node);
        } else if (node->tag == LEDE_TAG_TITLE && out->title.len == 0) {
            out->title =
                lede_html_line(node, TITLE_MAX_BYTES, arena, &out->failed);
        } else if (node->tag == LEDE_TAG_HTML && out->lang.len == 0) {
            out->lang = lede_html_attr_get(node, LEDE_ATTR_LANG);
        } else if (node->tag == LEDE_TAG_SVG) {
            next = lede_html_next_outside(tree->root, node);
        }
        if (lede_html_attr_has(node, LEDE_ATTR_ITEMPROP)) {
            put_node(&out->props, &out->prop_count, arena, node, &out->failed);
        }
        node = next;
    }
    for (i = 0; i < tree->comment_count; i++) {
        read_comment(out, tree->comments[i]);
    }
    return out->failed ? lede_fail(err, LEDE_NO_MEMORY, "out of memory")
                       : LEDE_OK;
}

lede_span lede_html_meta_next(const lede_html_meta *meta, const char *key,
                              uint32_t *at)
{
    while (*at < meta->meta_count) {
        const lede_html_node *node = meta->metas[(*at)++];

        if (lede_html_attr_is(node, LEDE_ATTR_NAME, key) ||
            lede_html_attr_is(node, LEDE_ATTR_PROPERTY, key) ||
            lede_html_attr_is(node, LEDE_ATTR_ITEMPROP, key) ||
            lede_html_attr_is(node, LEDE_ATTR_HTTP_EQUIV, key)) {
            lede_span content = lede_html_attr_get(node, LEDE_ATTR_CONTENT);

            if (content.len > 0) {
                return content;
            }
        }
    }
    return lede_span_of(NULL, 0);
}

lede_span lede_html_meta_get(const lede_html_meta *meta, const char *key)
{
    uint32_t at = 0;

    return lede_html_meta_next(meta, key, &at);
}

static lede_span value_of(const lede_html_node *node, lede_arena *arena,
                          bool *failed)
{
    lede_span value = lede_html_attr_get(node, LEDE_ATTR_CONTENT);

    if (value.len == 0) {
        value = lede_html_attr_get(node, LEDE_ATTR_DATETIME);
    }
    if (value.len == 0) {
        value = lede_html_line(node, VALUE_MAX_BYTES, arena, failed);
    }
    return value;
}

lede_span lede_html_prop_get(const lede_html_meta *meta, const char *prop,
                             lede_arena *arena, bool *failed)
{
    uint32_t i;

    for (i = 0; i < meta->prop_count; i++) {
        if (lede_html_attr_has_word(meta->props[i], LEDE_ATTR_ITEMPROP, prop)) {
            lede_span value = value_of(meta->props[i], arena, failed);

            if (value.len > 0) {
                return value;
            }
        }
    }
    return lede_span_of(NULL, 0);
}
