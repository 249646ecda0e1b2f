/* html.c - a page as entries: an article, or a live page and its updates. */
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "corpus/entities.h"
#include "corpus/entry_parts.h"
#include "corpus/html_charset.h"
#include "corpus/html_deck.h"
#include "corpus/html_front.h"
#include "corpus/html_page.h"
#include "corpus/markup.h"
#include "corpus/text_match.h"

/* A page's bytes beyond these are left out, and its entries flagged. */
static const size_t page_max_bytes = (size_t)16 << 20;

enum {
    ROOT_BYTES = 4096,   /* a root element stands this early */
    SURVEY_BYTES = 8192, /* for counts of tags */
    HTML_TAGS = 5,
    PREAMBLE_BYTES = 40, /* a paragraph above the updates is longer */
    READ_BYTES = 64 * 1024
};

/* Recognition. ------------------------------------------------------------ */

static bool is_tag_end(lede_span text, size_t at)
{
    return at >= text.len || strchr(" \t\r\n>/", text.bytes[at]) != NULL;
}

static bool has_tag(lede_span text, const char *tag)
{
    size_t at = 0;

    while ((at = lede_match_find(text, at, tag)) != LEDE_MATCH_NONE) {
        at += strlen(tag);
        if (is_tag_end(text, at)) {
            return true;
        }
    }
    return false;
}

static unsigned count_tags(lede_span text, const char *tag)
{
    unsigned count = 0;
    size_t at = 0;

    while ((at = lede_match_find(text, at, tag)) != LEDE_MATCH_NONE) {
        at += strlen(tag);
        count += is_tag_end(text, at);
    }
    return count;
}

static bool claims_html(lede_span head, bool whole, const char *path)
{
    static const char *const tags[] = {"<!doctype html", "<html",    "<head",
                                       "<body",          "<article", "<meta"};
    lede_span start = lede_span_part(head, 0, ROOT_BYTES);
    lede_span survey = lede_span_part(head, 0, SURVEY_BYTES);
    size_t i;

    (void)whole;
    (void)path;
    if (lede_match_starts(lede_span_trim(start), "<")) {
        for (i = 0; i < sizeof tags / sizeof tags[0]; i++) {
            if (has_tag(start, tags[i])) {
                return true;
            }
        }
    }
    return count_tags(survey, "<p") + count_tags(survey, "<div") +
               count_tags(survey, "<span") + count_tags(survey, "<a") >=
           HTML_TAGS;
}

/* Texts in metadata. ------------------------------------------------------ */

static void put_lines(lede_html_page *page, lede_span text, lede_body *body)
{
    size_t begin = 0;
    size_t i;

    for (i = 0; i <= text.len; i++) {
        if (i == text.len || text.bytes[i] == '\n') {
            lede_body_add(
                body, page->arena, LEDE_BLOCK_P,
                lede_html_clean(page, lede_span_part(text, begin, i - begin)));
            begin = i + 1;
        }
    }
}

void lede_html_put_text(lede_html_page *page, lede_span text, lede_body *body)
{
    lede_buf decoded = {0};

    if (!lede_markup_is_likely(text) && text.len > 0 &&
        memchr(text.bytes, '&', text.len) != NULL &&
        lede_entity_decode_all(text, &decoded)) {
        text = lede_arena_copy(page->arena, lede_buf_span(&decoded));
        page->failed |= text.bytes == NULL;
    }
    page->failed |= decoded.failed;
    lede_buf_done(&decoded);
    if (lede_markup_is_likely(text)) {
        lede_markup_read(text, page->arena, body, NULL);
    } else {
        put_lines(page, text, body);
    }
    page->failed |= body->failed;
}

/* Articles. --------------------------------------------------------------- */

/* The lead picture of the metadata, if the text has none. */
static void put_lead_picture(lede_html_page *page, lede_entry *entry)
{
    const lede_json_value *image = lede_json_member(page->ld.article, "image");
    lede_media *media;

    if (entry->media_count > 0) {
        return;
    }
    if (image != NULL && image->type == LEDE_JSON_ARRAY) {
        image = image->first;
    }
    if (image != NULL) {
        image = lede_html_ld_resolve(&page->ld, image);
    }
    media = lede_arena_get(page->arena, sizeof *media);
    if (media == NULL) {
        page->failed = true;
        return;
    }
    media->type = LEDE_MEDIA_IMAGE;
    media->url = lede_json_value_text(image);
    if (image != NULL && image->type == LEDE_JSON_OBJECT) {
        lede_span url = lede_json_member_text(image, "url");

        media->url =
            url.len > 0 ? url : lede_json_member_text(image, "contentUrl");
        media->caption =
            lede_html_clean(page, lede_json_member_text(image, "caption"));
        media->credit =
            lede_html_clean(page, lede_json_member_text(image, "creditText"));
    }
    if (media->url.len == 0) {
        media->url = lede_html_meta_get(&page->meta, "og:image");
    }
    media->alt =
        lede_html_clean(page, lede_html_meta_get(&page->meta, "og:image:alt"));
    if (media->url.len > 0 || media->caption.len > 0 || media->alt.len > 0) {
        entry->media = media;
        entry->media_count = 1;
    }
}

/* What the element that has the text is, for people. */
static const char *main_name(const lede_html_node *node)
{
    return node->tag == LEDE_TAG_ARTICLE ? "an article element"
           : node->tag == LEDE_TAG_MAIN  ? "the main element"
           : lede_html_attr_has_word(node, LEDE_ATTR_ITEMPROP, "articlebody")
               ? "microdata articleBody"
           : (node->marks & LEDE_HTML_MARK_TEXT) != 0
               ? "an element that is named as an article's text"
               : "the element with most of the text";
}

/* A page of pictures: what they show is told. */
static bool has_captions(const lede_entry *entry)
{
    uint32_t i;

    for (i = 0; i < entry->media_count; i++) {
        if (entry->media[i].caption.len > 0) {
            return true;
        }
    }
    return false;
}

/* A list of teasers: where to find them is kept. */
static void make_front(lede_html_page *page, lede_entry *entry)
{
    lede_html_facts_entry(page, entry);
    entry->kind = LEDE_KIND_BOOKMARK;
    entry->published = lede_when_none();
    page->from_published = NULL;
    lede_html_deck_set(page, entry);
    lede_entry_derive_headline(entry);
}

static lede_status make_article(lede_html_page *page, lede_entry *entry,
                                lede_error *err)
{
    lede_html_main found = {0};
    lede_html_hints hints = {0};
    lede_span text = lede_json_member_text(page->ld.article, "articleBody");
    lede_body from_ld = {0};
    lede_status status;

    lede_html_facts_entry(page, entry);
    hints.headline = entry->headline;
    hints.h1 = page->h1;
    hints.authors = entry->authors;
    hints.author_count = entry->author_count;
    hints.dates = &page->hints;
    lede_html_put_text(page, text, &from_ld);
    hints.text = &from_ld;
    status = lede_html_main_read(&page->tree, &page->blocks, &hints,
                                 page->arena, &found, err);
    if (status != LEDE_OK) {
        return status;
    }
    entry->media = found.media;
    entry->media_count = found.media_count;
    page->from_text = "the page's data (__NEXT_DATA__)";
    if (!lede_html_next_article(page, entry)) {
        entry->body = found.body.blocks;
        entry->block_count = found.body.count;
        page->from_text = found.node != NULL  ? main_name(found.node)
                          : from_ld.count > 0 ? "JSON-LD articleBody"
                                              : "what text there is";
    }
    put_lead_picture(page, entry);
    lede_html_deck_set(page, entry);
    lede_entry_derive_headline(entry);
    if (entry->block_count == 0) {
        entry->flags |= entry->deck.len > 0 ? LEDE_FLAG_STUB : 0;
        entry->kind = entry->deck.len > 0 || has_captions(entry)
                          ? LEDE_KIND_ARTICLE
                          : LEDE_KIND_BOOKMARK;
    }
    return LEDE_OK;
}

/* Reading. ---------------------------------------------------------------- */

static lede_status load(lede_input *input, lede_buf *bytes, bool *is_cut,
                        lede_error *err)
{
    lede_status status = LEDE_OK;

    while (status == LEDE_OK && bytes->len < page_max_bytes) {
        size_t room = page_max_bytes - bytes->len;
        size_t got = 0;

        room = room > READ_BYTES ? READ_BYTES : room;
        if (!lede_buf_reserve(bytes, room)) {
            return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
        }
        status =
            lede_input_read(input, bytes->bytes + bytes->len, room, &got, err);
        bytes->len += status == LEDE_OK ? got : 0;
    }
    if (status == LEDE_OK) {
        uint8_t more;
        size_t got;

        status = lede_input_read(input, &more, 1, &got, err);
        *is_cut = status == LEDE_OK;
    }
    return status == LEDE_END ? LEDE_OK : status;
}

static lede_status parse(lede_html_page *page, lede_span text, lede_error *err)
{
    lede_status status =
        lede_html_tree_read(text, page->arena, &page->tree, err);

    if (status == LEDE_OK) {
        status =
            lede_html_meta_read(&page->tree, page->arena, &page->meta, err);
    }
    if (status == LEDE_OK) {
        status = lede_html_ld_read(&page->tree, page->meta.canonical,
                                   page->arena, &page->ld, err);
    }
    if (status == LEDE_OK) {
        lede_html_mark(&page->tree);
        status = lede_html_blocks_read(page->tree.root, page->arena,
                                       &page->blocks, err);
    }
    if (status == LEDE_OK) {
        lede_html_facts_page(page);
    }
    return status;
}

/* What a live page says above its updates. */
static void put_preamble(lede_html_page *page, const lede_html_posts *posts,
                         lede_entry *entry)
{
    lede_body body = {0};
    uint32_t i;

    for (i = 0; i < page->blocks.count && posts->first > 0; i++) {
        const lede_html_block *block = &page->blocks.items[i];

        if (block->order >= posts->first) {
            break;
        }
        if (!block->is_aside && page->h1 != NULL &&
            block->order > page->h1->order &&
            block->text.len > PREAMBLE_BYTES &&
            lede_html_block_is_text(block) &&
            !lede_span_equal(block->text, entry->deck)) {
            lede_body_add(&body, page->arena, block->type, block->text);
        }
    }
    page->failed |= body.failed;
    entry->body = body.blocks;
    entry->block_count = body.count;
}

static lede_status make_entries(lede_html_page *page, lede_entry *entry,
                                lede_html_posts *posts, lede_error *err)
{
    lede_html_live_read(page, posts);
    if (posts->count == 0 && lede_html_is_barrier(page)) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "what a server shows instead of an article (\"Just a "
                         "moment...\", \"404 Not Found\"): save the article "
                         "again with a browser");
    }
    if (posts->count == 0 && lede_html_is_front(page)) {
        make_front(page, entry);
        return LEDE_OK;
    }
    if (posts->count == 0) {
        return make_article(page, entry, err);
    }
    lede_html_facts_entry(page, entry);
    entry->kind = LEDE_KIND_LIVE_PAGE;
    put_preamble(page, posts, entry);
    put_lead_picture(page, entry);
    return LEDE_OK;
}

static lede_status hand_over(lede_html_page *page, const lede_sink *sink,
                             lede_entry *entry, lede_html_posts *posts,
                             lede_error *err)
{
    lede_page about = {.url = page->url,
                       .title = entry->headline,
                       .site = page->source,
                       .format = posts->count > 0 ? "html, live" : "html",
                       .is_live = posts->count > 0,
                       .captured = entry->captured,
                       .updated = entry->updated};
    const char *location = page->context->location;
    bool is_empty = posts->count > 0
                        ? entry->deck.len == 0 && entry->block_count == 0
                        : entry->headline.len == 0;
    lede_status status;
    uint32_t i;

    if (is_empty && posts->count == 0) {
        return lede_fail(err, LEDE_BAD_INPUT, "an HTML page without text");
    }
    lede_html_tell_entry(page, entry);
    for (i = 0; i < posts->count; i++) {
        lede_html_tell_post(page, &posts->items[i]);
    }
    if (page->failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    status = sink->page_begin(sink->ctx, &about, err);
    if (status == LEDE_OK && !is_empty) {
        status = sink->entry(sink->ctx, entry, location, err);
    }
    for (i = 0; i < posts->count && status == LEDE_OK; i++) {
        posts->items[i].page_title = entry->headline;
        posts->items[i].captured = entry->captured;
        status = sink->entry(sink->ctx, &posts->items[i], location, err);
    }
    return status == LEDE_OK ? sink->page_end(sink->ctx, err) : status;
}

/* The page of these bytes, which are freed, handed over. */
static lede_status read_page(lede_html_page *page, lede_buf *bytes, bool is_cut,
                             const lede_sink *sink, lede_error *err)
{
    lede_html_posts posts = {0};
    lede_buf text = {0};
    lede_entry entry;
    uint32_t repaired = 0;
    lede_status status = lede_html_decode(
        lede_buf_span(bytes), page->context->charset, &text, &repaired, err);

    lede_buf_done(bytes);
    if (status == LEDE_OK) {
        page->flags = repaired > 0 ? LEDE_FLAG_BAD_BYTES : 0;
        status = parse(page, lede_buf_span(&text), err);
        page->flags |= is_cut || page->tree.is_cut ? LEDE_FLAG_TRUNCATED : 0;
    }
    lede_buf_done(&text);
    if (status == LEDE_OK) {
        status = make_entries(page, &entry, &posts, err);
    }
    if (status == LEDE_OK && page->failed) {
        status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    if (status == LEDE_OK) {
        lede_note_repaired(sink, page->context->location, repaired);
        status = hand_over(page, sink, &entry, &posts, err);
    }
    return status;
}

static lede_status read_html(lede_input *input,
                             const lede_read_context *context,
                             const lede_sink *sink, lede_error *err)
{
    lede_arena arena = {0};
    lede_html_page page = {
        .context = context, .path = lede_input_path(input), .arena = &arena};
    lede_buf bytes = {0};
    lede_error damage = {0};
    bool is_cut = false;
    lede_status loaded = load(input, &bytes, &is_cut, &damage);
    lede_status status = loaded;

    if (is_cut && sink->note != NULL) {
        sink->note(sink->ctx, context->location,
                   "larger than 16 MiB: what is behind them is left out");
    }
    /* What came before the damage is good. */
    if (loaded == LEDE_OK || (loaded == LEDE_CORRUPT && bytes.len > 0)) {
        status =
            read_page(&page, &bytes, is_cut || loaded != LEDE_OK, sink, err);
    }
    if (status == LEDE_OK || status == loaded) {
        status = loaded;
        if (loaded != LEDE_OK && err != NULL) {
            *err = damage;
        }
    }
    lede_buf_done(&bytes);
    lede_arena_done(&arena);
    return status;
}

const lede_format lede_format_html = {"html", claims_html, read_html};
