#include "corpus/draft.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "corpus/entry_parts.h"
#include "corpus/html_charset.h"
#include "corpus/json_deck.h"
#include "corpus/markup.h"
#include "corpus/page_words.h"
#include "corpus/text_match.h"
#include "corpus/text_wrap.h"

enum {
    READ_BYTES = 64 * 1024,
    PARAGRAPH_MAX_BYTES = 1 << 20,
    LANGUAGE_BYTES = 35,
    TAGS_MAX = 256,
    MEDIA_MAX = 256
};

/* Texts. ------------------------------------------------------------------ */

static lede_status load_bytes(lede_input *input, size_t max, lede_buf *out,
                              bool *is_cut, lede_error *err)
{
    lede_status status = LEDE_OK;

    while (status == LEDE_OK && out->len < max) {
        size_t room = max - out->len < READ_BYTES ? max - out->len : READ_BYTES;
        size_t got = 0;

        if (!lede_buf_reserve(out, room)) {
            return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
        }
        status = lede_input_read(input, out->bytes + out->len, room, &got, err);
        out->len += status == LEDE_OK ? got : 0;
    }
    if (status == LEDE_OK) {
        uint8_t more;
        size_t got;

        status = lede_input_read(input, &more, 1, &got, err);
        *is_cut = status == LEDE_OK;
    }
    return status == LEDE_END ? LEDE_OK : status;
}

lede_status lede_draft_load(lede_input *input, const lede_read_context *context,
                            const lede_sink *sink, size_t max, lede_buf *out,
                            lede_error *damage, lede_error *err)
{
    lede_buf bytes = {0};
    bool is_cut = false;
    uint32_t repaired = 0;
    lede_status status = load_bytes(input, max, &bytes, &is_cut, damage);

    if (status == LEDE_CORRUPT && bytes.len > 0) {
        status = LEDE_OK;
    } else if (status != LEDE_OK && err != NULL) {
        *err = *damage;
    }
    if (is_cut && sink->note != NULL) {
        char text[96];

        snprintf(text, sizeof text,
                 "larger than %zu MiB: what is behind them is left out",
                 max >> 20);
        sink->note(sink->ctx, context->location, text);
    }
    if (status == LEDE_OK) {
        status = lede_html_decode(lede_buf_span(&bytes), context->charset, out,
                                  &repaired, err);
    }
    if (status == LEDE_OK) {
        lede_note_repaired(sink, context->location, repaired);
    }
    lede_buf_done(&bytes);
    return status;
}

lede_span lede_draft_line(lede_draft *draft, lede_span text)
{
    return lede_match_trim(
        lede_markup_line(text, &draft->arena, &draft->failed));
}

lede_span lede_draft_copy(lede_draft *draft, lede_span text)
{
    lede_span copy = {NULL, 0};

    if (text.len > 0) {
        copy = lede_arena_copy(&draft->arena, text);
        draft->failed |= copy.bytes == NULL;
    }
    return copy.bytes == NULL ? lede_span_of(NULL, 0) : copy;
}

lede_span lede_draft_language(lede_draft *draft, lede_span text)
{
    lede_span copy = lede_draft_copy(draft, lede_span_trim(text));
    size_t i;

    if (copy.len < 2 || copy.len > LANGUAGE_BYTES) {
        return lede_span_of(NULL, 0);
    }
    for (i = 0; i < copy.len; i++) {
        uint8_t *c = (uint8_t *)(uintptr_t)copy.bytes + i; /* our own */

        *c = *c == '_' ? '-' : *c >= 'A' && *c <= 'Z' ? (uint8_t)(*c + 32) : *c;
        if (!(*c == '-' || (*c >= 'a' && *c <= 'z') ||
              (*c >= '0' && *c <= '9'))) {
            return lede_span_of(NULL, 0);
        }
    }
    return copy;
}

/* Beginning and end. ------------------------------------------------------ */

void lede_draft_init(lede_draft *draft, const lede_read_context *context)
{
    const lede_read_options *options = context->options;
    lede_civil civil;

    *draft = (lede_draft){.context = context};
    lede_civil_from_instant(
        options->now != 0 ? options->now : (int64_t)time(NULL), 0, &civil);
    draft->hints.year_max = civil.year + 2;
    draft->hints.default_zone = options->default_zone;
    draft->hints.site = lede_words_site(context->site, context->url);
    draft->hints.month_first = lede_match_starts(context->language, "en-us");
    lede_entry_init(&draft->entry);
}

void lede_draft_done(lede_draft *draft)
{
    lede_arena_done(&draft->arena);
}

void lede_draft_begin(lede_draft *draft, lede_kind kind)
{
    lede_arena_clear(&draft->arena);
    lede_entry_init(&draft->entry);
    draft->entry.kind = kind;
    draft->body = (lede_body){0};
    draft->authors = (lede_authors){0};
    draft->reasons = (lede_reasons){0};
    draft->tag_room = draft->media_room = 0;
    draft->failed = false;
}

/* Parts. ------------------------------------------------------------------ */

void lede_draft_reason(lede_draft *draft, lede_reason what, const char *from)
{
    lede_reasons_set(&draft->reasons, what, from);
}

void lede_draft_date(lede_draft *draft, lede_span text, const char *from,
                     lede_when *into)
{
    lede_when when;

    text = lede_match_trim(text);
    if (into->precision != LEDE_PRECISION_NONE || text.len == 0 ||
        !lede_date_parse(text, &draft->hints, &when) ||
        when.instant == LEDE_INSTANT_NONE) {
        return;
    }
    when.year_source = LEDE_YEAR_METADATA;
    lede_when_midnight_to_day(&when);
    *into = when;
    if (from[0] == '\0') {
        return; /* the caller says it */
    }
    if (into == &draft->entry.published) {
        lede_draft_reason(draft, LEDE_REASON_PUBLISHED, from);
    } else if (into == &draft->entry.updated) {
        lede_draft_reason(draft, LEDE_REASON_UPDATED, from);
    } else if (into == &draft->entry.captured) {
        lede_draft_reason(draft, LEDE_REASON_CAPTURED, from);
    }
}

static bool is_mail_address(lede_span text)
{
    return text.len > 2 && memchr(text.bytes, '@', text.len) != NULL &&
           memchr(text.bytes, ' ', text.len) == NULL;
}

/* "mail (Name)", "Name <mail>", "mail Name" as Name; a mail address alone is
 * the name. */
static lede_span name_of_mail(lede_span text)
{
    size_t open = lede_match_find(text, 0, "(");
    size_t close = lede_match_find_last(text, ")");
    size_t angle = lede_match_find(text, 0, "<");
    size_t at = 0;
    lede_span word;

    if (memchr(text.bytes, '@', text.len) == NULL) {
        return text;
    }
    if (open != LEDE_MATCH_NONE && close != LEDE_MATCH_NONE &&
        close > open + 1) {
        word = lede_span_part(text, open + 1, close - open - 1);
        if (!is_mail_address(word)) {
            return lede_match_trim(word);
        }
        return lede_match_trim(lede_span_part(text, 0, open));
    }
    if (angle != LEDE_MATCH_NONE && angle > 0) {
        text = lede_match_trim(lede_span_part(text, 0, angle));
        if (text.len > 1 && text.bytes[0] == '"' &&
            text.bytes[text.len - 1] == '"') {
            text = lede_span_part(text, 1, text.len - 2);
        }
        return text;
    }
    word = lede_match_word(text, &at);
    if (is_mail_address(word) && at < text.len) {
        return lede_match_trim(lede_span_part(text, at, text.len));
    }
    return text;
}

void lede_draft_put_names(lede_draft *draft, lede_span names, lede_span role,
                          lede_span location)
{
    names = lede_match_trim(names);
    if (names.len == 0 || lede_match_starts(names, "http://") ||
        lede_match_starts(names, "https://")) {
        return;
    }
    if (memchr(names.bytes, '@', names.len) != NULL) {
        names = name_of_mail(names);
        lede_authors_add(&draft->authors, &draft->arena, names, role, location);
    } else {
        if (lede_match_starts(names, "by ")) {
            names = lede_span_part(names, 3, names.len);
        }
        lede_authors_add_names(&draft->authors, &draft->arena,
                               lede_match_trim(names), role, location);
    }
    draft->failed |= draft->authors.failed;
}

/* Room for one more of `count` things of `size` bytes. */
static void *grow(lede_draft *draft, void *items, uint32_t count,
                  uint32_t *room, size_t size)
{
    uint32_t wider = *room == 0 ? 8 : *room * 2;
    void *grown;

    if (count < *room) {
        return items;
    }
    grown = lede_arena_array(&draft->arena, wider, size);
    if (grown == NULL) {
        draft->failed = true;
        return NULL;
    }
    if (count > 0) {
        memcpy(grown, items, count * size);
    }
    *room = wider;
    return grown;
}

void lede_draft_put_tag(lede_draft *draft, lede_span tag)
{
    lede_entry *entry = &draft->entry;
    lede_span *grown;
    uint32_t i;

    tag = lede_match_trim(tag);
    for (i = 0; i < entry->tag_count; i++) {
        if (lede_span_equal(entry->tags[i], tag)) {
            return;
        }
    }
    if (tag.len == 0 || entry->tag_count >= TAGS_MAX) {
        return;
    }
    grown = grow(draft, entry->tags, entry->tag_count, &draft->tag_room,
                 sizeof tag);
    if (grown != NULL) {
        entry->tags = grown;
        entry->tags[entry->tag_count++] = tag;
    }
}

void lede_draft_put_label(lede_draft *draft, lede_span label)
{
    draft->failed |= !lede_entry_add_label(&draft->entry, &draft->arena, label);
}

void lede_draft_put_media(lede_draft *draft, const lede_media *media)
{
    lede_entry *entry = &draft->entry;
    lede_media *grown;

    if (entry->media_count >= MEDIA_MAX ||
        (media->url.len == 0 && media->caption.len == 0 &&
         media->alt.len == 0)) {
        return;
    }
    grown = grow(draft, entry->media, entry->media_count, &draft->media_room,
                 sizeof *media);
    if (grown != NULL) {
        entry->media = grown;
        entry->media[entry->media_count++] = *media;
    }
}

void lede_draft_put_block(lede_draft *draft, lede_block_type type,
                          lede_span text)
{
    text = lede_match_trim(text);
    while (text.len > PARAGRAPH_MAX_BYTES) {
        size_t cut = lede_utf8_floor(text, PARAGRAPH_MAX_BYTES);

        while (cut > PARAGRAPH_MAX_BYTES / 2 && text.bytes[cut] != ' ') {
            cut--;
        }
        if (text.bytes[cut] != ' ') {
            cut = lede_utf8_floor(text, PARAGRAPH_MAX_BYTES);
        }
        lede_body_add(&draft->body, &draft->arena, type,
                      lede_span_part(text, 0, cut));
        text = lede_match_trim(lede_span_part(text, cut, text.len));
    }
    lede_body_add(&draft->body, &draft->arena, type, text);
    draft->failed |= draft->body.failed;
}

void lede_draft_put_html(lede_draft *draft, lede_span html)
{
    lede_media_list media = {0};
    uint32_t i;

    lede_markup_read(html, &draft->arena, &draft->body, &media);
    for (i = 0; i < media.count; i++) {
        lede_draft_put_media(draft, &media.items[i]);
    }
    draft->failed |= draft->body.failed || media.failed;
}

/* The lines of a block of `wrapped` text as one paragraph. */
static void put_joined(lede_draft *draft, lede_buf *paragraph)
{
    lede_draft_put_block(draft, LEDE_BLOCK_P,
                         lede_draft_copy(draft, lede_buf_span(paragraph)));
    draft->failed |= paragraph->failed;
    lede_buf_clear(paragraph);
}

void lede_draft_put_text(lede_draft *draft, lede_span text)
{
    lede_draft_put_lines(draft, text, lede_text_is_wrapped(text));
}

void lede_draft_put_lines(lede_draft *draft, lede_span text, bool is_wrapped)
{
    lede_buf paragraph = {0};
    bool is_indented = false;
    lede_span line;

    while (lede_text_next_line(&text, &line, &is_indented)) {
        size_t bullet = lede_bullet_len(line);

        if (line.len == 0 || is_indented || bullet > 0 || !is_wrapped) {
            put_joined(draft, &paragraph);
        }
        if (bullet > 0) {
            lede_draft_put_block(
                draft, LEDE_BLOCK_LI,
                lede_draft_copy(draft, lede_span_part(line, bullet, line.len)));
            continue;
        }
        if (paragraph.len > 0) {
            lede_buf_put_byte(&paragraph, ' ');
        }
        lede_buf_put_span(&paragraph, line);
    }
    put_joined(draft, &paragraph);
    lede_buf_done(&paragraph);
}

/* Giving. ----------------------------------------------------------------- */

bool lede_draft_is_empty(const lede_draft *draft)
{
    const lede_entry *entry = &draft->entry;

    return entry->headline.len == 0 && entry->deck.len == 0 &&
           draft->body.count == 0 && entry->media_count == 0;
}

static lede_span either(lede_span first, lede_span second)
{
    return first.len > 0 ? first : second;
}

lede_status lede_draft_give(lede_draft *draft, const lede_sink *sink,
                            const char *location, lede_error *err)
{
    const lede_read_context *context = draft->context;
    const int64_t day = 24 * 60 * 60;
    lede_entry *entry = &draft->entry;

    entry->body = draft->body.blocks;
    entry->block_count = draft->body.count;
    entry->authors = draft->authors.items;
    entry->author_count = draft->authors.count;
    if (!draft->is_of_many) {
        entry->url = either(entry->url, context->url);
    }
    entry->source = either(entry->source, context->site);
    entry->lang = either(entry->lang, context->language);
    entry->lang =
        either(entry->lang, lede_span_text(context->options->default_language));
    if (entry->published.precision == LEDE_PRECISION_NONE) {
        entry->published = context->published;
        lede_draft_reason(draft, LEDE_REASON_PUBLISHED, "what it came in");
    }
    if (entry->captured.precision == LEDE_PRECISION_NONE) {
        entry->captured = context->captured;
        lede_draft_reason(draft, LEDE_REASON_CAPTURED, "what it came in");
    }
    if (entry->updated.instant != LEDE_INSTANT_NONE &&
        entry->published.instant != LEDE_INSTANT_NONE &&
        entry->updated.instant < entry->published.instant - day) {
        entry->updated = lede_when_none();
    }
    entry->flags |= lede_when_flags(&entry->published);
    if (entry->deck.len > 0 &&
        lede_json_body_says(&draft->body, entry->deck, &draft->failed)) {
        entry->deck = lede_span_of(NULL, 0);
    }
    lede_entry_derive_headline(entry);
    lede_entry_drop_headline(entry);
    draft->failed |= !lede_reasons_tell(&draft->reasons, &draft->arena, entry);
    if (draft->failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    return sink->entry(sink->ctx, entry, location, err);
}
