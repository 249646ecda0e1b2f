/* html_next.c - articles and updates in the __NEXT_DATA__ of BBC pages: blocks
 * of blocks, each {type, model}, whose texts end in fragments. */
#include <string.h>

#include "base/buf.h"
#include "corpus/entry_parts.h"
#include "corpus/html_page.h"
#include "corpus/live_bylines.h"
#include "corpus/text_match.h"

enum { MEDIA_MAX = 64, POSTS_LIST_DEPTH = 24 };

typedef struct reading {
    lede_html_page *page;
    lede_entry *entry;
    lede_body body;
    lede_authors authors;
    lede_media *media;
    uint32_t media_count;
} reading;

static bool is_type(const lede_json_value *block, const char *type)
{
    const lede_json_value *value = lede_json_member(block, "type");

    return value != NULL && value->type == LEDE_JSON_STRING &&
           lede_span_is(value->text, type);
}

static const lede_json_value *blocks_of(const lede_json_value *block)
{
    const lede_json_value *model = lede_json_member(block, "model");
    const lede_json_value *blocks =
        lede_json_member(model == NULL ? block : model, "blocks");

    return blocks != NULL && blocks->type == LEDE_JSON_ARRAY ? blocks->first
                                                             : NULL;
}

/* All text inside a block. A model's own text is that of its fragments. */
static void put_inner(const lede_json_value *block, lede_buf *out)
{
    const lede_json_value *model = lede_json_member(block, "model");
    const lede_json_value *text = lede_json_member(model, "text");
    const lede_json_value *child;

    if (text != NULL && text->type == LEDE_JSON_STRING) {
        lede_buf_put_span(out, text->text);
        return;
    }
    for (child = blocks_of(block); child != NULL; child = child->next) {
        if (out->len > 0 && !is_type(child, "fragment") &&
            !is_type(child, "urlLink")) {
            lede_buf_put_byte(out, ' ');
        }
        put_inner(child, out);
    }
}

static lede_span inner_text(lede_html_page *page, const lede_json_value *block)
{
    lede_buf buf = {0};
    lede_span text;

    put_inner(block, &buf);
    text = lede_arena_copy(page->arena, lede_buf_span(&buf));
    page->failed |= buf.failed || text.bytes == NULL;
    lede_buf_done(&buf);
    return lede_html_clean(page, text);
}

static void put_media(reading *r, const lede_json_value *block,
                      lede_media_type type)
{
    const lede_json_value *child;
    lede_media *media;

    if (r->media == NULL) {
        r->media = lede_arena_array(r->page->arena, MEDIA_MAX, sizeof *media);
        r->page->failed |= r->media == NULL;
    }
    if (r->media == NULL || r->media_count == MEDIA_MAX) {
        return;
    }
    media = &r->media[r->media_count];
    media->type = type;
    for (child = blocks_of(block); child != NULL; child = child->next) {
        const lede_json_value *model = lede_json_member(child, "model");

        if (is_type(child, "altText")) {
            media->alt = inner_text(r->page, child);
        } else if (is_type(child, "caption")) {
            media->caption = inner_text(r->page, child);
        } else if (is_type(child, "rawImage")) {
            media->url = lede_json_member_text(model, "href");
            media->credit = lede_html_clean(
                r->page, lede_json_member_text(model, "copyrightHolder"));
        }
    }
    if (media->alt.len + media->caption.len + media->credit.len +
            media->url.len >
        0) {
        r->media_count++;
    }
}

static void put_contributor(reading *r, const lede_json_value *block)
{
    const lede_span none = {NULL, 0};
    lede_span name = none;
    lede_span role = none;
    const lede_json_value *child;

    for (child = blocks_of(block); child != NULL; child = child->next) {
        if (is_type(child, "name")) {
            name = inner_text(r->page, child);
        } else if (is_type(child, "role")) {
            role = inner_text(r->page, child);
        }
    }
    if (name.len > 0) {
        lede_authors_add(&r->authors, r->page->arena, name, role,
                         lede_byline_location(role));
    }
}

/* Whether all that a block shows is links: a pointer to other articles. */
static bool is_link_only(const lede_json_value *block)
{
    const lede_json_value *child = blocks_of(block);

    if (child == NULL || is_type(block, "fragment")) {
        return false;
    }
    for (; child != NULL; child = child->next) {
        if (!is_type(child, "urlLink") && !is_link_only(child)) {
            return false;
        }
    }
    return true;
}

/* Bounded by the depth of JSON. */
static void put_blocks(reading *r, const lede_json_value *block,
                       lede_block_type type)
{
    for (; block != NULL && !r->page->failed; block = block->next) {
        if (is_type(block, "headline")) {
            if (r->entry->headline.len == 0) {
                r->entry->headline = inner_text(r->page, block);
            }
        } else if (is_type(block, "subheadline") ||
                   is_type(block, "subheading")) {
            lede_body_add(&r->body, r->page->arena, LEDE_BLOCK_HEADING,
                          inner_text(r->page, block));
        } else if (is_type(block, "listItem") && is_link_only(block)) {
            continue;
        } else if (is_type(block, "paragraph") || is_type(block, "listItem") ||
                   is_type(block, "introduction")) {
            lede_body_add(&r->body, r->page->arena,
                          is_type(block, "listItem") ? LEDE_BLOCK_LI : type,
                          inner_text(r->page, block));
        } else if (is_type(block, "image")) {
            put_media(r, block, LEDE_MEDIA_IMAGE);
        } else if (is_type(block, "video") || is_type(block, "media")) {
            put_media(r, block, LEDE_MEDIA_VIDEO);
        } else if (is_type(block, "contributor")) {
            put_contributor(r, block);
        } else if (is_type(block, "blockQuote") || is_type(block, "quote")) {
            put_blocks(r, blocks_of(block), LEDE_BLOCK_QUOTE);
        } else if (is_type(block, "text") || is_type(block, "byline") ||
                   is_type(block, "unorderedList") ||
                   is_type(block, "orderedList") || is_type(block, "content")) {
            put_blocks(r, blocks_of(block), type);
        }
    }
}

static void finish(reading *r)
{
    lede_entry *entry = r->entry;

    r->page->failed |= r->body.failed || r->authors.failed;
    entry->body = r->body.blocks;
    entry->block_count = r->body.count;
    if (entry->author_count == 0 || r->authors.count > 0) {
        entry->authors = r->authors.items;
        entry->author_count = r->authors.count;
    }
    if (r->media_count > 0) {
        entry->media = r->media;
        entry->media_count = r->media_count;
    }
}

/* The data. --------------------------------------------------------------- */

static const lede_json_value *next_data(lede_html_page *page)
{
    lede_html_node *node = page->tree.root;
    const lede_json_value *values = NULL;

    if (!page->reads_next) {
        page->reads_next = true;
        for (; node != NULL; node = lede_html_next(page->tree.root, node)) {
            if (node->tag == LEDE_TAG_SCRIPT && node->text.len > 0 &&
                lede_html_attr_is(node, LEDE_ATTR_ID, "__next_data__") &&
                lede_match_find(node->text, 0, "\"model\"") !=
                    LEDE_MATCH_NONE) {
                if (lede_json_tree_read(node->text, page->arena, &values,
                                        NULL) != LEDE_OK) {
                    page->failed = true;
                    return NULL;
                }
                page->next = lede_json_member(
                    lede_json_member(values->first, "props"), "pageProps");
                break;
            }
        }
    }
    return page->next;
}

static bool is_block_list(const lede_json_value *list)
{
    return list != NULL && list->type == LEDE_JSON_ARRAY &&
           list->first != NULL &&
           lede_json_member(list->first, "type") != NULL &&
           lede_json_member(list->first, "model") != NULL;
}

/* page.<some key>.contents, or anything.content.model.blocks of older ones. */
static const lede_json_value *article_blocks(const lede_json_value *props)
{
    const lede_json_value *pages = lede_json_member(props, "page");
    const lede_json_value *page;
    const lede_json_value *list;

    for (page = pages == NULL ? NULL : pages->first; page != NULL;
         page = page->next) {
        list = lede_json_member(page, "contents");
        if (is_block_list(list)) {
            return list->first;
        }
    }
    list = lede_json_member(
        lede_json_member(
            lede_json_member(lede_json_member(props, "pageData"), "content"),
            "model"),
        "blocks");
    return is_block_list(list) ? list->first : NULL;
}

bool lede_html_next_article(lede_html_page *page, lede_entry *entry)
{
    reading r = {.page = page, .entry = entry};
    const lede_json_value *blocks = article_blocks(next_data(page));

    put_blocks(&r, blocks, LEDE_BLOCK_P);
    if (r.body.count == 0) {
        return false;
    }
    finish(&r);
    return true;
}

/* Updates: objects with a urn, dates and content, wherever they are. */

static bool is_post(const lede_json_value *value)
{
    return lede_json_member(value, "urn") != NULL &&
           lede_json_member(value, "dates") != NULL &&
           lede_json_member(value, "content") != NULL;
}

static bool date_of(const lede_html_page *page, const lede_json_value *value,
                    lede_when *out)
{
    if (value != NULL && value->type == LEDE_JSON_NUMBER) {
        int64_t number = 0;
        size_t i;

        for (i = 0; i < value->text.len && i < 18; i++) {
            if (value->text.bytes[i] < '0' || value->text.bytes[i] > '9') {
                return false;
            }
            number = number * 10 + (value->text.bytes[i] - '0');
        }
        return lede_date_from_number(number, out);
    }
    return lede_html_date_parse(page, lede_json_value_text(value), out);
}

static void put_header(reading *r, const lede_json_value *header)
{
    const lede_json_value *block;

    for (block = blocks_of(header); block != NULL; block = block->next) {
        lede_span text;

        if (is_type(block, "headline") || is_type(block, "subheadline")) {
            text = inner_text(r->page, block);
            if (r->entry->headline.len == 0) {
                r->entry->headline = text;
            } else {
                lede_body_add(&r->body, r->page->arena, LEDE_BLOCK_HEADING,
                              text);
            }
        } else {
            put_blocks(r, block, LEDE_BLOCK_P);
            break;
        }
    }
}

static void put_post(lede_html_page *page, const lede_json_value *post,
                     lede_html_posts *posts)
{
    const lede_json_value *dates = lede_json_member(post, "dates");
    const lede_json_value *breaking =
        lede_json_member(lede_json_member(post, "options"), "isBreakingNews");
    reading r = {.page = page, .entry = lede_html_post_new(page, posts)};

    if (r.entry == NULL) {
        return;
    }
    r.entry->native_id = lede_json_member_text(post, "urn");
    if (!date_of(page, lede_json_member(dates, "firstPublished"),
                 &r.entry->published)) {
        date_of(page, lede_json_member(dates, "curated"), &r.entry->published);
    }
    date_of(page, lede_json_member(dates, "lastPublished"), &r.entry->updated);
    put_header(&r, lede_json_member(post, "header"));
    put_blocks(&r, blocks_of(lede_json_member(post, "content")), LEDE_BLOCK_P);
    if (breaking != NULL && breaking->type == LEDE_JSON_TRUE &&
        !lede_entry_add_label(r.entry, page->arena,
                              lede_span_text("Breaking"))) {
        page->failed = true;
    }
    finish(&r);
    if (r.entry->headline.len == 0 && r.entry->block_count == 0 &&
        r.entry->media_count == 0) {
        posts->count--;
    }
}

static void find_posts(lede_html_page *page, const lede_json_value *value,
                       unsigned depth, lede_html_posts *posts)
{
    for (value = value->first; value != NULL; value = value->next) {
        if (is_post(value)) {
            put_post(page, value, posts);
        } else if (value->first != NULL && depth < POSTS_LIST_DEPTH) {
            find_posts(page, value, depth + 1, posts);
        }
    }
}

void lede_html_next_posts(lede_html_page *page, lede_html_posts *posts)
{
    const lede_json_value *props = next_data(page);

    if (props != NULL) {
        find_posts(page, props, 0, posts);
    }
}
