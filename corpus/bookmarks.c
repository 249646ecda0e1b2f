/* bookmarks.c - what browsers and read-later services keep of pages: the
 * bookmark files of Netscape's kind, Pocket's export, and the bookmarks of
 * Chrome and Firefox as JSON. An entry per address, without a text. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "corpus/draft.h"
#include "corpus/json_tree.h"
#include "corpus/page_words.h"
#include "corpus/text_match.h"
#include "corpus/xml_tree.h"

enum { HEAD_BYTES = 4096, DEPTH_MAX = 64, LINK_MAX_BYTES = 64 * 1024 };

static const size_t file_max_bytes = (size_t)64 << 20;

typedef struct bookmark_reader {
    lede_draft draft;
    lede_arena tree;
    const lede_sink *sink;
    uint64_t entries;
} bookmark_reader;

static bool claims_bookmarks(lede_span head, bool whole, const char *path)
{
    (void)whole;
    (void)path;
    head = lede_span_trim(lede_span_part(head, 0, HEAD_BYTES));
    if (lede_match_starts(head, "{")) {
        return (lede_match_find(head, 0, "\"roots\"") != LEDE_MATCH_NONE &&
                lede_match_find(head, 0, "\"bookmark_bar\"") !=
                    LEDE_MATCH_NONE) ||
               lede_match_find(head, 0, "\"text/x-moz-place") !=
                   LEDE_MATCH_NONE;
    }
    return lede_match_find(head, 0, "<!doctype netscape-bookmark-file") !=
               LEDE_MATCH_NONE ||
           lede_match_find(head, 0, "<title>pocket export") != LEDE_MATCH_NONE;
}

/* Seconds since 1970, or micro- or milliseconds, or Chrome's microseconds since
 * 1601. */
static void take_number(lede_span text, lede_when *into)
{
    char digits[24] = "";
    long long number;
    lede_when when;

    text = lede_span_trim(text);
    if (text.len == 0 || text.len > 18) {
        return;
    }
    memcpy(digits, text.bytes, text.len);
    number = strtoll(digits, NULL, 10);
    if (text.len == 17 && number / 1000000 > 11644473600) {
        number = number / 1000000 - 11644473600;
    }
    if (lede_date_from_number(number, &when)) {
        *into = when;
    }
}

static void take_tags(lede_draft *d, lede_span text)
{
    size_t at = 0;

    while (at < text.len) {
        size_t comma = lede_match_find(text, at, ",");

        comma = comma == LEDE_MATCH_NONE ? text.len : comma;
        lede_draft_put_tag(d, lede_span_part(text, at, comma - at));
        at = comma + 1;
    }
}

static lede_status give(bookmark_reader *r, lede_error *err)
{
    lede_draft *d = &r->draft;
    lede_when published;

    if (!lede_match_starts(d->entry.url, "http") ||
        d->entry.headline.len == 0) {
        return LEDE_OK;
    }
    d->entry.source = lede_words_host(d->entry.url);
    if (lede_match_starts(d->entry.source, "www.")) {
        d->entry.source = lede_span_part(d->entry.source, 4, SIZE_MAX);
    }
    if (lede_date_in_path(d->entry.url, true, &published)) {
        d->entry.published = published;
        lede_draft_reason(d, LEDE_REASON_PUBLISHED, "the address");
    }
    r->entries++;
    return lede_draft_give(d, r->sink, d->context->location, err);
}

/* HTML. ------------------------------------------------------------------- */

/* Where the next link begins, "<A " in any case; the end if there is none. */
static size_t find_link(lede_span text, size_t at)
{
    while (at < text.len) {
        const uint8_t *open = memchr(text.bytes + at, '<', text.len - at);

        if (open == NULL) {
            break;
        }
        at = (size_t)(open - text.bytes);
        if (text.len - at > 2 && (text.bytes[at + 1] | 0x20) == 'a' &&
            lede_match_blank(text, at + 2) > 0) {
            return at;
        }
        at++;
    }
    return text.len;
}

/* <A HREF="..." ADD_DATE="..." TAGS="...">Title</A> <DD>what it is: the text up
 * to the next link. */
static lede_status give_link(bookmark_reader *r, lede_span text,
                             lede_error *err)
{
    lede_draft *d = &r->draft;
    lede_xml_node *link = NULL;
    lede_xml_node *note = NULL;
    size_t at = 0;
    lede_status status;

    lede_arena_clear(&r->tree);
    status = lede_xml_read(text, &at, &r->tree, &link, err);
    if (status != LEDE_OK) {
        return status == LEDE_END ? LEDE_OK : status;
    }
    status = lede_xml_read(text, &at, &r->tree, &note, err);
    if (status != LEDE_OK && status != LEDE_END) {
        return status;
    }
    lede_draft_begin(d, LEDE_KIND_BOOKMARK);
    d->entry.url = lede_xml_attr_get(link, "href");
    d->entry.headline = lede_xml_line(link, &d->arena, &d->failed);
    lede_draft_reason(d, LEDE_REASON_HEADLINE, "the link's text");
    lede_draft_reason(d, LEDE_REASON_CAPTURED, "when it was added");
    take_number(lede_xml_attr_get(link, "add_date"), &d->entry.captured);
    take_number(lede_xml_attr_get(link, "time_added"), &d->entry.captured);
    take_tags(d, lede_xml_attr_get(link, "tags"));
    if (note != NULL && lede_xml_is(note, "dd") && note->first != NULL &&
        note->first->name.len == 0) {
        d->entry.deck = lede_draft_line(d, note->first->text);
    }
    return give(r, err);
}

static lede_status give_links(bookmark_reader *r, lede_span text,
                              lede_error *err)
{
    size_t at = find_link(text, 0);
    lede_status status = LEDE_OK;

    while (at < text.len && status == LEDE_OK) {
        size_t next = find_link(text, at + 1);
        lede_span link = lede_span_part(text, at, next - at);

        link.len = lede_utf8_floor(link, LINK_MAX_BYTES);
        status = give_link(r, link, err);
        at = next;
    }
    return status;
}

/* JSON. ------------------------------------------------------------------- */

static lede_status give_value(bookmark_reader *r, const lede_json_value *value,
                              unsigned depth, lede_error *err)
{
    lede_draft *d = &r->draft;
    lede_status status = LEDE_OK;
    const lede_json_value *child;

    if (depth > DEPTH_MAX) {
        return LEDE_OK;
    }
    if (value->type == LEDE_JSON_OBJECT) {
        lede_span url = lede_json_member_text(value, "url");
        lede_span name = lede_json_member_text(value, "name");

        url = url.len > 0 ? url : lede_json_member_text(value, "uri");
        name = name.len > 0 ? name : lede_json_member_text(value, "title");
        if (url.len > 0) {
            lede_draft_begin(d, LEDE_KIND_BOOKMARK);
            d->entry.url = url;
            d->entry.headline = lede_draft_line(d, name);
            lede_draft_reason(d, LEDE_REASON_HEADLINE, "name or title");
            lede_draft_reason(d, LEDE_REASON_CAPTURED, "when it was added");
            take_number(lede_json_member_text(value, "date_added"),
                        &d->entry.captured);
            take_number(lede_json_member_text(value, "dateAdded"),
                        &d->entry.captured);
            take_tags(d, lede_json_member_text(value, "tags"));
            return give(r, err);
        }
    }
    if (value->type != LEDE_JSON_OBJECT && value->type != LEDE_JSON_ARRAY) {
        return LEDE_OK;
    }
    for (child = value->first; child != NULL && status == LEDE_OK;
         child = child->next) {
        status = give_value(r, child, depth + 1, err);
    }
    return status;
}

static lede_status give_json(bookmark_reader *r, lede_span text,
                             lede_error *err)
{
    const lede_json_value *root = NULL;
    lede_status status = lede_json_tree_read(text, &r->tree, &root, err);

    return status == LEDE_OK ? give_value(r, root, 0, err) : status;
}

/* Reading. ---------------------------------------------------------------- */

static lede_status read_bookmarks(lede_input *input,
                                  const lede_read_context *context,
                                  const lede_sink *sink, lede_error *err)
{
    const lede_page page = {.format = "bookmarks",
                            .captured = lede_when_none(),
                            .updated = lede_when_none()};
    bookmark_reader r = {.sink = sink};
    lede_buf text = {0};
    lede_error damage = {0};
    lede_status status;

    lede_draft_init(&r.draft, context);
    status = lede_draft_load(input, context, sink, file_max_bytes, &text,
                             &damage, err);
    if (status == LEDE_OK) {
        status = sink->page_begin(sink->ctx, &page, err);
    }
    if (status == LEDE_OK) {
        lede_span all = lede_span_trim(lede_buf_span(&text));

        status = lede_span_starts(all, "{") ? give_json(&r, all, err)
                                            : give_links(&r, all, err);
    }
    if (status == LEDE_OK) {
        status = sink->page_end(sink->ctx, err);
    }
    if (status == LEDE_OK && damage.status != LEDE_OK) {
        status = damage.status;
        if (err != NULL) {
            *err = damage;
        }
    }
    if (status == LEDE_OK && r.entries == 0) {
        status =
            lede_fail(err, LEDE_BAD_INPUT, "a bookmark file without addresses");
    }
    lede_arena_done(&r.tree);
    lede_draft_done(&r.draft);
    lede_buf_done(&text);
    return status;
}

const lede_format lede_format_bookmarks = {"bookmarks", claims_bookmarks,
                                           read_bookmarks};
