/* html_live.c - the updates of a live page: from its LiveBlogPosting, from the
 * data of a BBC page, else from elements that hold an update each. */
#include <string.h>

#include "corpus/entry_parts.h"
#include "corpus/html_live.h"
#include "corpus/text_match.h"

enum { POSTS_MAX = 20000 };

lede_entry *lede_html_post_new(lede_html_page *page, lede_html_posts *posts)
{
    lede_entry *entry;

    if (posts->count == posts->room) {
        uint32_t room = posts->room == 0 ? 32 : posts->room * 2;
        lede_entry *grown;

        if (posts->count >= POSTS_MAX) {
            return NULL;
        }
        grown = lede_arena_array(page->arena, room, sizeof *grown);
        if (grown == NULL) {
            page->failed = true;
            return NULL;
        }
        if (posts->count > 0) {
            memcpy(grown, posts->items, posts->count * sizeof *grown);
        }
        posts->items = grown;
        posts->room = room;
    }
    entry = &posts->items[posts->count++];
    lede_entry_init(entry);
    entry->kind = LEDE_KIND_LIVE_UPDATE;
    entry->flags = page->flags;
    entry->lang = page->lang;
    entry->source = page->source;
    entry->page_url = page->url;
    return entry;
}

/* JSON-LD. ---------------------------------------------------------------- */

static lede_span fragment_of(lede_span url)
{
    const uint8_t *hash = url.len == 0 ? NULL : memchr(url.bytes, '#', url.len);

    return hash == NULL
               ? lede_span_of(NULL, 0)
               : lede_span_part(url, (size_t)(hash - url.bytes) + 1, url.len);
}

static void put_image(lede_html_page *page, const lede_json_value *image,
                      lede_entry *entry)
{
    const lede_json_value *of_page = lede_json_member(page->ld.live, "image");
    lede_span url;

    if (image != NULL && image->type == LEDE_JSON_ARRAY) {
        image = image->first;
    }
    if (of_page != NULL && of_page->type == LEDE_JSON_ARRAY) {
        of_page = of_page->first;
    }
    url = lede_json_value_text(image);
    /* The page's own picture says nothing of the update. */
    if (url.len == 0 || lede_json_member(image, "caption") == NULL ||
        lede_span_equal(url, lede_json_value_text(of_page))) {
        return;
    }
    entry->media = lede_arena_get(page->arena, sizeof *entry->media);
    if (entry->media == NULL) {
        page->failed = true;
        return;
    }
    entry->media->url = url;
    entry->media->caption =
        lede_html_clean(page, lede_json_member_text(image, "caption"));
    entry->media_count = 1;
}

/* A text, or a list of paragraphs. */
static void put_texts(lede_html_page *page, const lede_json_value *value,
                      lede_body *body)
{
    if (value == NULL || value->type != LEDE_JSON_ARRAY) {
        lede_html_put_text(page, lede_json_value_text(value), body);
        return;
    }
    for (value = value->first; value != NULL; value = value->next) {
        lede_html_put_text(page, lede_json_value_text(value), body);
    }
}

static void put_update(lede_html_page *page, const lede_json_value *update,
                       lede_html_posts *posts)
{
    lede_span publisher = lede_html_ld_publisher(&page->ld, update);
    const lede_json_value *author = lede_json_member(update, "author");
    lede_entry *entry = lede_html_post_new(page, posts);
    lede_body body = {0};
    lede_span url;

    if (entry == NULL) {
        return;
    }
    if (publisher.len == 0) {
        publisher = lede_html_ld_publisher(&page->ld, page->ld.live);
    }
    url = lede_json_member_text(update, "url");
    if (url.len == 0) {
        url = lede_json_member_text(update, "@id");
    }
    entry->native_id = fragment_of(url).len > 0 ? url : lede_span_of(NULL, 0);
    entry->url = url;
    entry->headline =
        lede_html_clean(page, lede_json_member_text(update, "headline"));
    lede_html_date_parse(page, lede_json_member_text(update, "datePublished"),
                         &entry->published);
    lede_html_date_parse(page, lede_json_member_text(update, "dateModified"),
                         &entry->updated);
    lede_html_ld_set_authors(page, author, publisher, entry);
    put_texts(page, lede_json_member(update, "articleBody"), &body);
    if (body.count == 0) {
        lede_html_live_join(page, fragment_of(url), entry->headline, &body);
    }
    entry->body = body.blocks;
    entry->block_count = body.count;
    put_image(page, lede_json_member(update, "image"), entry);
    if (entry->headline.len == 0 && body.count == 0) {
        posts->count--;
    }
}

static void from_ld(lede_html_page *page, lede_html_posts *posts)
{
    const lede_json_value *updates =
        lede_json_member(page->ld.live, "liveBlogUpdate");
    const lede_json_value *update;

    if (updates == NULL) {
        return;
    }
    if (updates->type == LEDE_JSON_OBJECT) {
        put_update(page, updates, posts);
        return;
    }
    for (update = updates->first; update != NULL; update = update->next) {
        if (update->type == LEDE_JSON_OBJECT) {
            put_update(page, update, posts);
        }
    }
}

/* All together. ----------------------------------------------------------- */

static bool is_newest_first(const lede_html_posts *posts)
{
    uint32_t down = 0;
    uint32_t up = 0;
    uint32_t i;

    for (i = 1; i < posts->count; i++) {
        int64_t before = posts->items[i - 1].published.instant;
        int64_t here = posts->items[i].published.instant;

        if (before != LEDE_INSTANT_NONE && here != LEDE_INSTANT_NONE) {
            down += here < before;
            up += here > before;
        }
    }
    return down >= up;
}

static void finish(lede_html_posts *posts)
{
    bool newest_first = is_newest_first(posts);
    uint32_t i;

    for (i = 0; i < posts->count; i++) {
        lede_entry *entry = &posts->items[i];

        entry->rank_from_bottom = newest_first ? posts->count - i : i + 1;
        entry->flags |= lede_when_flags(&entry->published);
        lede_entry_derive_headline(entry);
    }
}

void lede_html_live_read(lede_html_page *page, lede_html_posts *out)
{
    *out = (lede_html_posts){0};
    from_ld(page, out);
    page->from_updates = "JSON-LD liveBlogUpdate";
    if (out->count == 0) {
        lede_html_next_posts(page, out);
        page->from_updates = "the page's data (__NEXT_DATA__)";
    }
    if (out->count == 0) {
        lede_html_live_elements(page, out);
        page->from_updates = "the update's element";
    }
    finish(out);
}
