#include "corpus/json_entry.h"

#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "corpus/dates.h"
#include "corpus/entities.h"
#include "corpus/entry_parts.h"
#include "corpus/json_deck.h"
#include "corpus/json_media.h"
#include "corpus/json_pasted.h"
#include "corpus/markup.h"
#include "corpus/text_match.h"
#include "corpus/text_wrap.h"

enum {
    PARAGRAPH_MAX_BYTES = 1 << 20,
    DERIVED_HEADLINE_CHARS = 120,
    STUB_MARK_MAX_BYTES = 32,
    HEAD_LINE_BYTES = 100 /* a head without headline is no longer */
};

typedef struct maker {
    const lede_json_record *record;
    const lede_read_options *options;
    lede_arena *arena;
    lede_entry *entry;
    lede_body body;
    lede_reasons reasons;  /* filled in only where they are wanted */
    lede_media_list media; /* shown in the body's HTML */
    lede_authors authors;  /* named in the text */
    const char *date_key;  /* that the last date came from */
    bool failed;           /* out of memory */
} maker;

static lede_span line(maker *m, lede_span text)
{
    return lede_markup_line(text, m->arena, &m->failed);
}

/* Addresses. */

static bool is_url(lede_span text)
{
    return lede_match_starts(text, "http://") ||
           lede_match_starts(text, "https://");
}

/* The host of an address, lower case, without www. */
static lede_span host_of(maker *m, lede_span url)
{
    size_t begin = lede_match_find(url, 0, "://");
    lede_span host;
    uint8_t *copy;
    size_t i;

    if (begin == LEDE_MATCH_NONE) {
        return lede_span_of(NULL, 0);
    }
    host = lede_span_part(url, begin + 3, url.len);
    for (i = 0; i < host.len && strchr("/?#:", host.bytes[i]) == NULL; i++) {
    }
    host.len = i;
    if (lede_match_starts(host, "www.")) {
        host = lede_span_part(host, 4, host.len);
    }
    if (host.len == 0) {
        return lede_span_of(NULL, 0);
    }
    copy = lede_arena_get(m->arena, host.len);
    if (copy == NULL) {
        m->failed = true;
        return lede_span_of(NULL, 0);
    }
    for (i = 0; i < host.len; i++) {
        uint8_t c = host.bytes[i];

        copy[i] = (uint8_t)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    return lede_span_of(copy, host.len);
}

static void make_addresses(maker *m)
{
    const lede_json_record *record = m->record;
    lede_span url = lede_span_trim(record->url);

    if (is_url(url)) {
        m->entry->url = url;
    } else {
        /* "urn:newsml:...", "tag:...", a bare number: a name, not a place. */
        m->entry->native_id = url.len > 0 ? url : lede_span_trim(record->id);
    }
    m->entry->source = line(m, record->site);
    if (is_url(m->entry->source)) {
        m->entry->source = host_of(m, m->entry->source);
    }
    if (m->entry->source.len == 0) {
        m->entry->source = host_of(m, url);
    }
}

/* Languages. */

typedef struct language_name {
    const char *name;
    const char *tag;
} language_name;

static const language_name language_names[] = {
    {"english", "en"},    {"german", "de"},     {"french", "fr"},
    {"spanish", "es"},    {"italian", "it"},    {"portuguese", "pt"},
    {"dutch", "nl"},      {"russian", "ru"},    {"polish", "pl"},
    {"turkish", "tr"},    {"swedish", "sv"},    {"danish", "da"},
    {"norwegian", "no"},  {"finnish", "fi"},    {"czech", "cs"},
    {"hungarian", "hu"},  {"romanian", "ro"},   {"greek", "el"},
    {"arabic", "ar"},     {"hebrew", "he"},     {"persian", "fa"},
    {"hindi", "hi"},      {"chinese", "zh"},    {"japanese", "ja"},
    {"korean", "ko"},     {"ukrainian", "uk"},  {"catalan", "ca"},
    {"indonesian", "id"}, {"vietnamese", "vi"}, {"thai", "th"},
};

/* "EN_us" as "en-us"; a name as its tag; nothing for what is neither. */
static lede_span language_of(maker *m, lede_span text)
{
    lede_span copy;
    uint8_t *bytes;
    size_t i;

    text = lede_span_trim(text);
    for (i = 0; i < sizeof language_names / sizeof language_names[0]; i++) {
        if (lede_match_is(text, language_names[i].name)) {
            return lede_span_text(language_names[i].tag);
        }
    }
    if (text.len < 2 || text.len > 35) {
        return lede_span_of(NULL, 0);
    }
    copy = lede_arena_copy(m->arena, text);
    if (copy.bytes == NULL) {
        m->failed = true;
        return copy;
    }
    bytes = (uint8_t *)(uintptr_t)copy.bytes; /* the arena's, so ours */
    for (i = 0; i < copy.len; i++) {
        uint8_t c = bytes[i];

        bytes[i] = (uint8_t)(c == '_'               ? '-'
                             : c >= 'A' && c <= 'Z' ? c + 32
                                                    : c);
        if (!(bytes[i] == '-' || (bytes[i] >= 'a' && bytes[i] <= 'z') ||
              (bytes[i] >= '0' && bytes[i] <= '9'))) {
            return lede_span_of(NULL, 0);
        }
    }
    return copy;
}

static void make_language(maker *m)
{
    m->entry->lang = language_of(m, m->record->language);
    if (m->entry->lang.len == 0) {
        m->entry->lang = lede_span_text(m->options->default_language);
    }
}

/* Dates. */

static bool parse_number(lede_span text, int64_t *out)
{
    int64_t value = 0;
    size_t i;

    /* "1612137600.0" and "1612137600" both come. */
    for (i = 0;
         i < text.len && i < 19 && text.bytes[i] >= '0' && text.bytes[i] <= '9';
         i++) {
        if (value > INT64_MAX / 10 - 1) {
            return false;
        }
        value = value * 10 + (text.bytes[i] - '0');
    }
    *out = value;
    return i >= 9 && (i == text.len || text.bytes[i] == '.');
}

static lede_date_hints hints_of(const maker *m)
{
    lede_date_hints hints = {0};
    lede_civil civil;
    int64_t now = m->options->now != 0 ? m->options->now : (int64_t)time(NULL);

    lede_civil_from_instant(now, 0, &civil);
    hints.year_max = civil.year + 2;
    hints.default_zone = m->options->default_zone;
    hints.site = m->entry->source;
    lede_date_order_hint(m->record->order, m->entry->lang, &hints);
    return hints;
}

static bool parse_date(const maker *m, lede_span text,
                       const lede_date_hints *hints, lede_when *out)
{
    int64_t number;
    lede_civil civil;

    text = lede_span_trim(text);
    if (parse_number(text, &number)) {
        if (!lede_date_from_number(number, out)) {
            return false;
        }
        lede_civil_from_instant(out->instant, 0, &civil);
        if (civil.year < LEDE_YEAR_MIN || civil.year > hints->year_max) {
            return false;
        }
        out->text = text;
        out->year_source = LEDE_YEAR_METADATA;
        return true;
    }
    if (!lede_date_parse(text, hints, out)) {
        return false;
    }
    if (out->instant == LEDE_INSTANT_NONE && m->options->year != 0) {
        lede_when_set_year(out, m->options->year, LEDE_YEAR_OPTION, hints);
    }
    if (out->year_source == LEDE_YEAR_EXPLICIT) {
        out->year_source = LEDE_YEAR_METADATA;
    }
    lede_when_midnight_to_day(out);
    return true;
}

/* Keys that tell of an article's making, but of a bookmark's in a list of
 * things to read. */
static bool is_of_saving(const maker *m, const char *key)
{
    return m->record->is_saved &&
           (strcmp(key, "createdat") == 0 || strcmp(key, "created") == 0 ||
            strcmp(key, "time") == 0 || strcmp(key, "updatedat") == 0);
}

/* The first of a field's values that is a date. */
static lede_when pick_date(maker *m, lede_json_field field,
                           const lede_json_dates *dates,
                           const lede_date_hints *hints, bool of_saving)
{
    lede_when when;
    lede_reason what;
    uint32_t i;

    for (i = 0; i < dates->count; i++) {
        const char *key = lede_json_key_name(
            dates == &m->record->published ? LEDE_JSON_FIELD_PUBLISHED : field,
            dates->ranks[i]);

        if (is_of_saving(m, key) == of_saving &&
            parse_date(m, dates->texts[i], hints, &when)) {
            m->date_key = key;
            if (m->options->explains && lede_json_field_reason(field, &what)) {
                lede_reasons_set(&m->reasons, what, key);
            }
            return when;
        }
    }
    return lede_when_none();
}

/* The time of an item's version is that of its publication, unless it tells
 * that too and it is earlier. */
static void place_version(maker *m)
{
    lede_entry *entry = m->entry;

    if (entry->published.precision == LEDE_PRECISION_NONE) {
        entry->published = entry->updated;
        entry->updated = lede_when_none();
        lede_reasons_set(&m->reasons, LEDE_REASON_PUBLISHED, m->date_key);
    } else if (entry->updated.instant <= entry->published.instant) {
        entry->updated = lede_when_none();
    }
}

static void make_dates(maker *m)
{
    const int64_t day = 24 * 60 * 60;
    lede_date_hints hints = hints_of(m);
    lede_entry *entry = m->entry;

    entry->published = pick_date(m, LEDE_JSON_FIELD_PUBLISHED,
                                 &m->record->published, &hints, false);
    entry->captured = pick_date(m, LEDE_JSON_FIELD_CAPTURED,
                                &m->record->captured, &hints, false);
    if (entry->captured.precision == LEDE_PRECISION_NONE) {
        entry->captured = pick_date(m, LEDE_JSON_FIELD_CAPTURED,
                                    &m->record->published, &hints, true);
    }
    m->date_key = "";
    entry->updated = pick_date(m, LEDE_JSON_FIELD_UPDATED, &m->record->updated,
                               &hints, false);
    if (strcmp(m->date_key, "versioncreated") == 0) {
        place_version(m);
    }
    if (entry->published.precision == LEDE_PRECISION_NONE &&
        entry->url.len > 0) {
        lede_reasons_set(&m->reasons, LEDE_REASON_PUBLISHED, "the address");
        if (!lede_date_in_path(entry->url, true, &entry->published)) {
            entry->published = lede_when_none();
        }
    }
    if (entry->updated.instant != LEDE_INSTANT_NONE &&
        entry->published.instant != LEDE_INSTANT_NONE &&
        entry->updated.instant < entry->published.instant - day) {
        entry->updated = lede_when_none();
    }
    entry->flags |= lede_when_flags(&entry->published) &
                    (LEDE_FLAG_ZONE_GUESSED | LEDE_FLAG_DAY_GUESSED);
}

/* Bodies. */

/* A paragraph larger than anyone reads is cut, between words if it has any. */
static void put_paragraph(maker *m, lede_block_type type, lede_span text)
{
    while (text.len > PARAGRAPH_MAX_BYTES) {
        size_t cut = PARAGRAPH_MAX_BYTES;

        while (cut > PARAGRAPH_MAX_BYTES / 2 && text.bytes[cut] != ' ') {
            cut--;
        }
        if (text.bytes[cut] != ' ') {
            cut = lede_utf8_floor(text, PARAGRAPH_MAX_BYTES);
        }
        lede_body_add(&m->body, m->arena, type, lede_span_part(text, 0, cut));
        text = lede_span_trim(lede_span_part(text, cut, text.len));
    }
    lede_body_add(&m->body, m->arena, type, text);
}

static size_t count_lines(lede_span text)
{
    const uint8_t *p = text.bytes;
    const uint8_t *end = p + text.len;
    size_t count = 1;

    while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
        count++;
        p++;
    }
    return count;
}

static void put_lines(maker *m, const lede_text_block *block,
                      lede_block_type type, bool is_wrapped)
{
    uint32_t before = m->body.count;

    if (block->line_count == 0) {
        return;
    }
    if (is_wrapped) {
        lede_body_add_wrapped(&m->body, m->arena, block, 0);
    } else {
        lede_body_add_lines(&m->body, m->arena, block, 0);
    }
    for (; type != LEDE_BLOCK_P && before < m->body.count; before++) {
        m->body.blocks[before].type = type;
    }
}

/* Text with a paragraph per line, or wrapped to a width. A paragraph begins
 * behind a blank line, and where a line is indented and the one before is not.
 */
static void put_text(maker *m, lede_block_type type, lede_span text)
{
    lede_text_block block = {0};
    lede_span line_text;
    bool is_wrapped;
    bool indented = false;
    bool was_indented = false;

    text = lede_span_trim(text);
    if (text.len == 0) {
        return;
    }
    if (memchr(text.bytes, '\n', text.len) == NULL) {
        put_paragraph(m, type, text);
        return;
    }
    block.lines =
        lede_arena_array(m->arena, count_lines(text), sizeof *block.lines);
    if (block.lines == NULL) {
        m->failed = true;
        return;
    }
    is_wrapped = lede_text_is_wrapped(text);
    while (lede_text_next_line(&text, &line_text, &indented)) {
        if (line_text.len == 0 || (indented && !was_indented)) {
            put_lines(m, &block, type, is_wrapped);
            block.lines += block.line_count;
            block.line_count = 0;
        }
        if (line_text.len > 0) {
            block.lines[block.line_count++] = line_text;
        }
        was_indented = indented;
    }
    put_lines(m, &block, type, is_wrapped);
}

static void put_markup(maker *m, lede_block_type type, lede_span html)
{
    uint32_t before = m->body.count;

    lede_markup_read(html, m->arena, &m->body, &m->media);
    for (; type != LEDE_BLOCK_P && before < m->body.count; before++) {
        m->body.blocks[before].type = type;
    }
}

/* HTML is stripped; text that has entities without tags is decoded, and may
 * turn out to be HTML that was encoded. */
static void put_part(maker *m, const lede_json_part *part)
{
    lede_span text = part->text;

    if (lede_markup_is_likely(text)) {
        put_markup(m, part->type, text);
        return;
    }
    if (memchr(text.bytes, '&', text.len) != NULL) {
        lede_buf decoded = {0};

        if (lede_entity_decode_all(text, &decoded)) {
            text = lede_arena_copy(m->arena, lede_buf_span(&decoded));
            m->failed |= text.bytes == NULL;
        }
        m->failed |= decoded.failed;
        lede_buf_done(&decoded);
        if (!m->failed && lede_markup_is_likely(text)) {
            put_markup(m, part->type, text);
            return;
        }
    }
    put_text(m, part->type, text);
}

/* "... [+6534 chars]": a teaser whose rest is elsewhere. The mark is no text.
 */
static bool cut_stub_mark(lede_span *text)
{
    size_t from =
        text->len > STUB_MARK_MAX_BYTES ? text->len - STUB_MARK_MAX_BYTES : 0;
    size_t at = lede_match_find(*text, from, "[+");
    size_t i;

    if (at == LEDE_MATCH_NONE || !lede_match_ends(*text, "chars]")) {
        return false;
    }
    for (i = at + 2;
         i < text->len && text->bytes[i] >= '0' && text->bytes[i] <= '9'; i++) {
    }
    if (i == at + 2 || i + 7 != text->len) {
        return false;
    }
    *text = lede_span_trim(lede_span_part(*text, 0, at));
    return true;
}

static void make_deck(maker *m)
{
    const lede_json_decks *decks = &m->record->decks;
    lede_span texts[LEDE_JSON_DECKS_MAX];
    uint32_t i;

    for (i = 0; i < decks->count; i++) {
        texts[i] = line(m, decks->texts[i]);
    }
    m->entry->deck = lede_json_deck_join(texts, decks->count, &m->body,
                                         m->arena, &m->failed);
    if (m->entry->deck.len == 0) {
        m->entry->deck = line(m, m->record->lead);
    }
}

/* The lead goes before the body, unless that or the deck has it. */
static void put_lead(maker *m)
{
    lede_json_part part = {LEDE_BLOCK_P, m->record->lead};
    lede_span text = line(m, part.text);
    lede_body rest = m->body;
    uint32_t i;

    if (lede_json_deck_says(m->entry->deck, text, &m->failed) ||
        lede_json_body_says(&m->body, text, &m->failed)) {
        return;
    }
    if (rest.count == 0) {
        m->entry->flags |= LEDE_FLAG_STUB;
    }
    m->body = (lede_body){.failed = rest.failed};
    put_part(m, &part);
    for (i = 0; i < rest.count; i++) {
        lede_body_add(&m->body, m->arena, rest.blocks[i].type,
                      rest.blocks[i].text);
    }
}

static void unpaste(maker *m)
{
    lede_json_pasted pasted = {0};
    uint32_t i;

    lede_json_unpaste(&m->body, m->arena, &pasted);
    for (i = 0; i < pasted.media_count; i++) {
        lede_media_list_add(&m->media, m->arena, &pasted.media[i]);
    }
    m->authors = pasted.authors;
    m->failed |= pasted.failed;
}

static void make_body(maker *m)
{
    const lede_json_record *record = m->record;
    uint32_t i;

    for (i = 0; i < record->part_count && !m->failed; i++) {
        put_part(m, &record->parts[i]);
    }
    if (lede_match_find(m->entry->source, 0, "bbc") != LEDE_MATCH_NONE) {
        unpaste(m);
    }
    make_deck(m);
    put_lead(m);
    if (record->media.len > 0) {
        lede_json_media_read(record->media, m->arena, &m->media);
    }
    m->failed |= m->body.failed || m->media.failed;
    m->entry->media = m->media.items;
    m->entry->media_count = m->media.count;
    if (m->body.count > 0) {
        lede_block *last = &m->body.blocks[m->body.count - 1];

        if (cut_stub_mark(&last->text)) {
            m->entry->flags |= LEDE_FLAG_STUB;
            m->body.count -= last->text.len == 0;
        }
    }
    m->entry->body = m->body.blocks;
    m->entry->block_count = m->body.count;
}

static void make_headline(maker *m)
{
    lede_entry *entry = m->entry;

    entry->headline = line(m, m->record->headline);
    if (entry->headline.len == 0 && entry->block_count > 0) {
        entry->headline = lede_match_first_sentence(entry->body[0].text,
                                                    DERIVED_HEADLINE_CHARS);
        entry->headline_derived = true;
    }
    lede_entry_drop_headline(entry);
}

static void make_tags(maker *m)
{
    const lede_json_record *record = m->record;
    uint32_t i;

    m->entry->section = line(m, record->section);
    for (i = 0; i < record->tag_count; i++) {
        record->tags[i] = line(m, record->tags[i]);
    }
    m->entry->tags = record->tags;
    m->entry->tag_count = record->tag_count;
}

static void make_labels(maker *m)
{
    lede_span status = lede_span_trim(m->record->status);

    if (lede_match_ends(status, "canceled") ||
        lede_match_ends(status, "cancelled") ||
        lede_match_ends(status, "withheld")) {
        m->failed |= !lede_entry_add_label(m->entry, m->arena,
                                           lede_span_text("Withdrawn"));
    }
}

static void make_authors(maker *m)
{
    const lede_json_record *record = m->record;
    bool is_told = record->author_count > 0;

    m->entry->authors = is_told ? record->authors : m->authors.items;
    m->entry->author_count = is_told ? record->author_count : m->authors.count;
}

static void make_kind(lede_entry *entry)
{
    entry->kind = LEDE_KIND_ARTICLE;
    if (entry->block_count == 0) {
        if (entry->deck.len > 0) {
            entry->flags |= LEDE_FLAG_STUB;
        } else {
            entry->kind = LEDE_KIND_BOOKMARK;
        }
    }
}

/* The keys that gave what the entry has. */
static void tell_reasons(maker *m)
{
    static const lede_json_field fields[] = {
        LEDE_JSON_FIELD_HEADLINE, LEDE_JSON_FIELD_BODY, LEDE_JSON_FIELD_AUTHORS,
        LEDE_JSON_FIELD_LANGUAGE, LEDE_JSON_FIELD_SITE};
    lede_reason what;
    size_t i;

    for (i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (lede_json_field_reason(fields[i], &what)) {
            lede_reasons_set(
                &m->reasons, what,
                lede_json_key_name(fields[i], m->record->ranks[fields[i]]));
        }
    }
    if (m->record->language.len == 0) {
        m->reasons.from[LEDE_REASON_LANGUAGE] = lede_span_of(NULL, 0);
    }
    if (m->record->site.len == 0) {
        m->reasons.from[LEDE_REASON_OUTLET] = lede_span_of(NULL, 0);
    }
    if (m->record->author_count == 0 && m->authors.count > 0) {
        lede_reasons_set(&m->reasons, LEDE_REASON_AUTHORS, "the text");
    }
    if (m->record->part_count == 0) {
        lede_reasons_set(&m->reasons, LEDE_REASON_TEXT, "its lead alone");
    }
    m->failed |= !lede_reasons_tell(&m->reasons, m->arena, m->entry);
}

/* NewsAPI's word for what it must not show any more. */
static bool is_removed(const lede_json_record *record)
{
    return lede_span_is(record->headline, "[Removed]") &&
           (record->part_count == 0 ||
            lede_span_is(record->parts[0].text, "[Removed]"));
}

bool lede_json_record_is_entry(const lede_json_record *record)
{
    if (is_removed(record)) {
        return false;
    }
    if (record->part_count > 0) {
        return true;
    }
    if (record->headline.len == 0 || record->is_schema) {
        return false;
    }
    return record->url.len > 0 || record->decks.count > 0 ||
           record->lead.len > 0 ||
           (!record->is_name &&
            (record->published.count > 0 || record->updated.count > 0 ||
             record->author_count > 0 || record->site.len > 0));
}

lede_status lede_json_entry_make(const lede_json_record *record,
                                 const lede_read_options *options,
                                 lede_arena *arena, lede_entry *out,
                                 lede_error *err)
{
    maker m = {
        .record = record, .options = options, .arena = arena, .entry = out};

    lede_entry_init(out);
    make_addresses(&m);
    make_language(&m);
    make_dates(&m);
    make_body(&m);
    make_headline(&m);
    make_tags(&m);
    make_labels(&m);
    make_kind(out);
    make_authors(&m);
    out->flags |= record->repaired > 0 ? LEDE_FLAG_BAD_BYTES : 0;
    out->flags |= record->is_cut ? LEDE_FLAG_TRUNCATED : 0;
    if (options->explains) {
        tell_reasons(&m);
    }
    if (m.failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    return LEDE_OK;
}

lede_status lede_entry_set_captured(const lede_when *captured,
                                    const lede_read_options *options,
                                    lede_arena *arena, lede_entry *entry,
                                    lede_error *err)
{
    if (entry->captured.precision != LEDE_PRECISION_NONE ||
        captured->precision == LEDE_PRECISION_NONE) {
        return LEDE_OK;
    }
    entry->captured = *captured;
    return !options->explains ||
                   lede_reasons_add(LEDE_REASON_CAPTURED, "what it came in",
                                    arena, entry)
               ? LEDE_OK
               : lede_fail(err, LEDE_NO_MEMORY, "out of memory");
}

static bool is_digit_at(lede_span text, size_t at)
{
    return at < text.len && text.bytes[at] >= '0' && text.bytes[at] <= '9';
}

/* What a line says for a live page. */
typedef enum live_sign { SIGN_NONE, SIGN_WEAK, SIGN_STRONG } live_sign;

/* A time of day in a short line may be a head; behind "published at" it is one,
 * however long the line. */
static live_sign sign_of_times(lede_span text, uint8_t mark)
{
    const uint8_t *end = text.bytes + text.len;
    const uint8_t *p = text.bytes;
    live_sign sign = SIGN_NONE;

    for (; p < end && (p = memchr(p, mark, (size_t)(end - p))) != NULL; p++) {
        size_t at = (size_t)(p - text.bytes);
        size_t begin = at;

        if (at == 0 || !is_digit_at(text, at - 1) ||
            !is_digit_at(text, at + 1) || !is_digit_at(text, at + 2)) {
            continue;
        }
        while (begin > 0 && is_digit_at(text, begin - 1)) {
            begin--;
        }
        if (begin >= 6 &&
            lede_match_is(lede_span_part(text, begin - 6, 6), "ed at ")) {
            return SIGN_STRONG;
        }
        if (text.len <= HEAD_LINE_BYTES) {
            sign = SIGN_WEAK;
        }
    }
    return sign;
}

static live_sign sign_of_line(lede_span line)
{
    live_sign colon = sign_of_times(line, ':');
    live_sign point = sign_of_times(line, '.');

    if (colon != SIGN_NONE || point != SIGN_NONE) {
        return colon > point ? colon : point;
    }
    return lede_match_ends(line, " ago") ||
                   lede_match_starts(line, "skip next section")
               ? SIGN_WEAK
               : SIGN_NONE;
}

bool lede_json_record_may_be_live(const lede_json_record *record)
{
    unsigned weak = 0;
    lede_span text;
    lede_span next;
    bool indented;

    if (record->part_count != 1 || record->parts[0].type != LEDE_BLOCK_P) {
        return false;
    }
    text = record->parts[0].text;
    while (lede_text_next_line(&text, &next, &indented)) {
        live_sign sign = sign_of_line(next);

        weak += sign == SIGN_WEAK;
        if (sign == SIGN_STRONG || weak >= 2) {
            return true;
        }
    }
    return false;
}
