#include "corpus/json_feed.h"

#include <string.h>

#include "corpus/json_byline.h"
#include "corpus/json_tree.h"
#include "corpus/markup.h"
#include "corpus/text_match.h"

static bool is_address(lede_span text)
{
    return lede_match_starts(text, "http://") ||
           lede_match_starts(text, "https://");
}

/* The feed. --------------------------------------------------------------- */

typedef struct head {
    lede_json_feed feed;
    lede_json_byline byline;
    bool has_version, has_items, has_address; /* what tells a feed */
    bool failed;                              /* out of memory */
} head;

static lede_span kept(head *h, lede_span text)
{
    text = lede_arena_copy(h->byline.arena, text);
    h->failed |= text.bytes == NULL;
    return text;
}

static void take_text(head *h, lede_span key, lede_span text)
{
    lede_json_feed *feed = &h->feed;

    if (lede_span_is(key, "version")) {
        h->has_version |=
            lede_match_find(text, 0, "jsonfeed.org/version") != LEDE_MATCH_NONE;
    } else if (lede_span_is(key, "title")) {
        feed->title =
            lede_markup_line(kept(h, text), h->byline.arena, &h->failed);
    } else if (lede_span_is(key, "language")) {
        feed->language = kept(h, text);
    } else if (lede_span_is(key, "home_page_url")) {
        h->has_address = true;
        feed->url = kept(h, text);
    } else if (lede_span_is(key, "feed_url")) {
        h->has_address = true;
    }
}

/* A member whose key has just been read. */
static lede_status take_member(head *h, lede_span key, lede_error *err)
{
    bool is_items = lede_span_is(key, "items");
    /* "authors" is of version 1.1, "author" of 1. */
    bool is_author =
        lede_span_is(key, "authors") || lede_span_is(key, "author");
    char name[16] = "";
    lede_json_token token;
    lede_status status;

    memcpy(name, key.bytes, key.len < sizeof name - 1 ? key.len : 0);
    status = lede_json_next(h->byline.json, &token, err);
    if (status != LEDE_OK) {
        return status;
    }
    if (is_author && h->byline.count == 0) {
        return lede_json_byline_read(&h->byline, &token, err);
    }
    if (token.type == LEDE_JSON_OBJECT || token.type == LEDE_JSON_ARRAY) {
        h->has_items |= is_items && token.type == LEDE_JSON_ARRAY;
        return lede_json_skip(h->byline.json, err);
    }
    if (token.type == LEDE_JSON_STRING) {
        take_text(h, lede_span_text(name), token.text);
    }
    return h->failed ? lede_fail(err, LEDE_NO_MEMORY, "out of memory")
                     : LEDE_OK;
}

/* The texts of a byline may be its reader's, and go with it. */
static void keep_authors(head *h)
{
    uint32_t i;

    for (i = 0; i < h->byline.count; i++) {
        lede_author *author = &h->byline.authors[i];

        author->name = kept(h, author->name);
        author->role = kept(h, author->role);
        author->location = kept(h, author->location);
    }
}

lede_status lede_json_feed_read(lede_span text, lede_arena *arena,
                                lede_json_feed *out, lede_error *err)
{
    head h = {.byline = {.json = lede_json_new(), .arena = arena}};
    lede_error damage = {0};
    lede_json_token token;
    lede_status status;

    if (h.byline.json == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    lede_json_begin(h.byline.json, text);
    status = lede_json_next(h.byline.json, &token, &damage);
    if (status == LEDE_OK && token.type != LEDE_JSON_OBJECT) {
        status = LEDE_END;
    }
    while (status == LEDE_OK) {
        status = lede_json_next(h.byline.json, &token, &damage);
        if (status == LEDE_OK && token.type != LEDE_JSON_KEY) {
            break;
        }
        if (status == LEDE_OK) {
            status = take_member(&h, token.text, &damage);
        }
    }
    keep_authors(&h);
    lede_json_free(h.byline.json);
    if (status == LEDE_NO_MEMORY || h.failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    memset(out, 0, sizeof *out);
    if (h.has_version || (h.has_items && h.has_address)) {
        *out = h.feed;
        out->is_feed = true;
        out->authors = h.byline.authors;
        out->author_count = h.byline.count;
    }
    return LEDE_OK;
}

/* Its items. -------------------------------------------------------------- */

static lede_media_type type_of(lede_span mime)
{
    return lede_match_starts(mime, "video/")   ? LEDE_MEDIA_VIDEO
           : lede_match_starts(mime, "audio/") ? LEDE_MEDIA_AUDIO
                                               : LEDE_MEDIA_IMAGE;
}

static void add_new(lede_media_list *list, lede_arena *arena,
                    const lede_media *media)
{
    uint32_t i;

    for (i = 0; i < list->count; i++) {
        if (lede_span_equal(list->items[i].url, media->url)) {
            return;
        }
    }
    lede_media_list_add(list, arena, media);
}

/* The pictures in the text, the item's own, and what is attached; of a document
 * that is attached (PDF) nothing can be shown. */
static void put_media(const lede_json_value *item, lede_arena *arena,
                      lede_entry *entry, bool *failed)
{
    static const char *const pictures[] = {"image", "banner_image"};
    lede_media_list list = {.items = entry->media, .count = entry->media_count};
    const lede_json_value *attached = lede_json_member(item, "attachments");
    size_t i;

    list.room = list.count;
    for (i = 0; i < sizeof pictures / sizeof pictures[0]; i++) {
        lede_media media = {.url = lede_json_member_text(item, pictures[i])};

        if (is_address(media.url)) {
            add_new(&list, arena, &media);
        }
    }
    attached = attached == NULL ? NULL : attached->first;
    for (; attached != NULL; attached = attached->next) {
        lede_span mime = lede_json_member_text(attached, "mime_type");
        lede_media media = {.type = type_of(mime),
                            .url = lede_json_member_text(attached, "url")};

        media.caption = lede_markup_line(
            lede_json_member_text(attached, "title"), arena, failed);
        if (media.url.len > 0 && !lede_match_starts(mime, "application/")) {
            add_new(&list, arena, &media);
        }
    }
    entry->media = list.items;
    entry->media_count = list.count;
    *failed |= list.failed;
}

static void put_address(const lede_json_value *item, lede_entry *entry)
{
    lede_span outside = lede_json_member_text(item, "external_url");

    if (entry->url.len == 0 && is_address(entry->native_id)) {
        entry->url = entry->native_id;
        entry->native_id = lede_span_of(NULL, 0);
    }
    if (entry->url.len == 0 && is_address(outside)) {
        entry->url = outside;
    }
}

lede_status lede_json_feed_put(const lede_json_feed *feed, lede_span text,
                               const lede_json_record *record,
                               lede_arena *arena, lede_entry *entry,
                               lede_error *err)
{
    const lede_json_value *values = NULL;
    bool failed = false;
    lede_status status = lede_json_tree_read(text, arena, &values, err);

    if (status != LEDE_OK) {
        return status;
    }
    entry->kind = LEDE_KIND_FEED_ITEM;
    put_address(values->first, entry);
    put_media(values->first, arena, entry, &failed);
    if (entry->author_count == 0) {
        entry->authors = feed->authors;
        entry->author_count = feed->author_count;
    }
    if (record->site.len == 0 && feed->title.len > 0) {
        entry->source = feed->title;
    }
    if (entry->published.precision == LEDE_PRECISION_NONE) {
        entry->published = entry->updated;
    }
    return failed ? lede_fail(err, LEDE_NO_MEMORY, "out of memory") : LEDE_OK;
}
