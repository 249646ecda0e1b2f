#include "indexer/xapian_entry.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/entry_terms.h"
#include "base/entry_values.h"
#include "base/hash.h"
#include "base/varint.h"
#include "indexer/name_terms.h"
#include "storage/xapian_terms.h"

enum { FIRST_SLOTS = 1024, STEMS_MAX_BYTES = 32 << 20 };

/* A word or stem of the entry at hand. */
typedef struct seen {
    lede_span word; /* empty: a free slot */
    bool is_stem;
    uint8_t fields;   /* default ones that have it, ... */
    uint8_t capitals; /* ... and that have it with a capital */
} seen;

struct lede_xapian_maker {
    lede_analyzer *analyzer;
    lede_arena arena;
    seen *slots;
    size_t slot_count, used;
    lede_buf data, value, labels;
};

lede_status lede_xapian_maker_new(lede_xapian_maker **out, lede_error *err)
{
    lede_xapian_maker *maker = calloc(1, sizeof *maker);
    lede_status status;

    if (maker == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory to make documents");
    }
    status = lede_analyzer_new(&maker->analyzer, err);
    if (status != LEDE_OK) {
        lede_xapian_maker_free(maker);
        return status;
    }
    *out = maker;
    return LEDE_OK;
}

void lede_xapian_maker_free(lede_xapian_maker *maker)
{
    if (maker != NULL) {
        lede_analyzer_free(maker->analyzer);
        lede_arena_done(&maker->arena);
        lede_buf_done(&maker->data);
        lede_buf_done(&maker->value);
        lede_buf_done(&maker->labels);
        free(maker);
    }
}

uint64_t lede_xapian_digest(lede_span record, const lede_xapian_known *known)
{
    uint8_t group[8];
    uint64_t digest =
        lede_hash64_seeded(record, LEDE_XAPIAN_VERSION) + known->trusted;

    if (known->names.len > 0) {
        digest += lede_hash64_seeded(known->names, 'n');
    }
    if (known->group != 0) {
        lede_store_u64(group, known->group);
        digest += lede_hash64_seeded(lede_span_of(group, sizeof group), 'g');
    }
    return digest;
}

/* --- Which fields has a word? --------------------------------------------- */

static seen *find_slot(seen *slots, size_t count, lede_span word, bool is_stem)
{
    size_t at = (lede_hash64(word) + is_stem) & (count - 1);

    while (slots[at].word.len > 0 && (slots[at].is_stem != is_stem ||
                                      !lede_span_equal(slots[at].word, word))) {
        at = (at + 1) & (count - 1);
    }
    return &slots[at];
}

static bool make_slots(lede_xapian_maker *maker, size_t count)
{
    seen *slots = lede_arena_array(&maker->arena, count, sizeof *slots);
    size_t i;

    if (slots == NULL) {
        return false;
    }
    for (i = 0; i < maker->slot_count; i++) {
        const seen *old = &maker->slots[i];

        if (old->word.len > 0) {
            *find_slot(slots, count, old->word, old->is_stem) = *old;
        }
    }
    maker->slots = slots;
    maker->slot_count = count;
    return true;
}

static bool note_field(lede_xapian_maker *maker, lede_span word, bool is_stem,
                       lede_field field, lede_case letter_case)
{
    seen *slot;

    if (maker->used * 2 >= maker->slot_count &&
        !make_slots(maker, maker->slot_count * 2)) {
        return false;
    }
    slot = find_slot(maker->slots, maker->slot_count, word, is_stem);
    if (slot->word.len == 0) {
        slot->word = lede_arena_copy(&maker->arena, word);
        if (slot->word.bytes == NULL) {
            return false;
        }
        slot->is_stem = is_stem;
        maker->used++;
    }
    slot->fields |= (uint8_t)(1u << field);
    if (letter_case >= LEDE_CASE_CAPITAL) {
        slot->capitals |= (uint8_t)(1u << field);
    }
    return true;
}

/* --- Terms ---------------------------------------------------------------- */

/* An occurrence in one space. Positions count from 1 there: Xapian overlooks
 * some phrases that begin at 0. */
static void post(lede_xapian_document *document, bool is_stem, unsigned space,
                 const lede_token *token, lede_span word, uint32_t weight)
{
    lede_xapian_name name;
    lede_span term =
        lede_xapian_name_word(&name, is_stem, LEDE_XAPIAN_WORD, space, word);

    if (token->width <= 1) {
        lede_xapian_document_post(document, term, token->position + 1, weight);
        return;
    }
    lede_xapian_document_post(document, term, LEDE_XAPIAN_NOWHERE, weight);
    lede_xapian_document_post(
        document,
        lede_xapian_name_word(&name, is_stem, LEDE_XAPIAN_BEGIN, space, word),
        token->position + 1, 0);
    lede_xapian_document_post(
        document,
        lede_xapian_name_word(&name, is_stem, LEDE_XAPIAN_TAIL, space, word),
        token->position + token->width, 0);
}

static void post_case(lede_xapian_document *document, const lede_token *token)
{
    lede_xapian_name name;

    if (token->letter_case >= LEDE_CASE_CAPITAL) {
        lede_xapian_document_term(
            document,
            lede_xapian_name_word(&name, false, LEDE_XAPIAN_CAPITAL,
                                  LEDE_XAPIAN_ANY_FIELD, token->word),
            0);
    }
    if (token->letter_case >= LEDE_CASE_UPPER) {
        lede_xapian_document_term(
            document,
            lede_xapian_name_word(&name, false, LEDE_XAPIAN_ALL_UPPER,
                                  LEDE_XAPIAN_ANY_FIELD, token->word),
            0);
    }
}

/* Weights count where plain words are looked for: as written and stemmed alike,
 * so that lengths are doubled evenly. */
static bool post_token(lede_xapian_maker *maker, lede_xapian_document *document,
                       const lede_occurrence *found, lede_language language)
{
    const lede_token *token = &found->token;
    uint32_t weight = lede_field_weight(found->field);
    lede_span stem = lede_analyzer_stem(maker->analyzer, language, token->word);

    if (stem.len == 0) {
        return false;
    }
    if (found->field >= LEDE_DEFAULT_FIELDS) {
        post(document, false, found->field, token, token->word, 0);
        post(document, true, found->field, token, stem, weight);
        return true;
    }
    post(document, false, LEDE_XAPIAN_ANY_FIELD, token, token->word, weight);
    post(document, true, LEDE_XAPIAN_ANY_FIELD, token, stem, weight);
    if (found->field != LEDE_FIELD_BODY) {
        post(document, false, found->field, token, token->word, 0);
        post(document, true, found->field, token, stem, 0);
    }
    post_case(document, token);
    return note_field(maker, token->word, false, found->field,
                      token->letter_case) &&
           note_field(maker, stem, true, found->field, token->letter_case);
}

/* What a word's fields, all being known, have to say. */
static void post_fields(const seen *slot, lede_xapian_document *document)
{
    lede_xapian_name name;

    if (slot->word.len > 0 && (slot->fields >> LEDE_FIELD_BODY & 1) == 0) {
        lede_xapian_document_term(
            document,
            lede_xapian_name_word(&name, slot->is_stem, LEDE_XAPIAN_NOT_BODY,
                                  LEDE_XAPIAN_ANY_FIELD, slot->word),
            0);
    }
    if (!slot->is_stem && slot->capitals == 1u << LEDE_FIELD_AUTHOR) {
        lede_xapian_document_term(
            document,
            lede_xapian_name_word(&name, false, LEDE_XAPIAN_BY_AUTHOR,
                                  LEDE_XAPIAN_ANY_FIELD, slot->word),
            0);
    }
}

static bool post_words(lede_xapian_maker *maker, const lede_entry *entry,
                       lede_xapian_document *document)
{
    lede_language language =
        lede_language_of(entry->lang, LEDE_LANGUAGE_ENGLISH);
    lede_entry_walk walk;
    lede_occurrence found;
    size_t i;

    lede_entry_walk_init(&walk, maker->analyzer, entry);
    while (lede_entry_walk_next(&walk, &found)) {
        if (!post_token(maker, document, &found, language)) {
            return false;
        }
    }
    for (i = 0; i < maker->slot_count; i++) {
        post_fields(&maker->slots[i], document);
    }
    return !lede_analyzer_failed(maker->analyzer);
}

/* --- Names ---------------------------------------------------------------- */

typedef struct naming {
    lede_xapian_maker *maker;
    lede_xapian_document *document;
    lede_language language;
} naming;

/* A whole name that is too long for Xapian has no term. */
static void post_value(lede_xapian_document *document,
                       const lede_name_term *named)
{
    const char *prefix = lede_name_space_prefix(named->space);
    bool counts = lede_name_space_has_positions(named->space);
    uint8_t term[LEDE_NAMED_BYTES + 8];
    lede_xapian_name name;
    size_t len = strlen(prefix);
    lede_span value = named->token.word;

    if (value.len > sizeof term - len) {
        return;
    }
    memcpy(term, prefix, len);
    memcpy(term + len, value.bytes, value.len);
    value = lede_xapian_name_value(&name, lede_span_of(term, len + value.len));
    if (value.len > 0) {
        lede_xapian_document_term(document, value,
                                  counts ? 2 * named->count : 0);
    }
}

/* Words of names are searched for as written; their stems are for others who
 * read the shard, and stem what they are asked for. */
static bool post_name(void *ctx, const lede_name_term *named)
{
    naming *n = ctx;
    unsigned space;
    lede_xapian_name name;
    lede_span stem;

    if (!lede_name_space_has_words(named->space)) {
        post_value(n->document, named);
        return true;
    }
    space = lede_xapian_space_of_names(named->space);
    post(n->document, false, space, &named->token, named->token.word,
         2 * named->count);
    stem =
        lede_analyzer_stem(n->maker->analyzer, n->language, named->token.word);
    if (stem.len > 0) {
        lede_xapian_document_term(
            n->document,
            lede_xapian_name_word(&name, true, LEDE_XAPIAN_WORD, space, stem),
            1);
    }
    return stem.len > 0;
}

/* --- Exact values --------------------------------------------------------- */

static void put_exact(lede_xapian_document *document, const char *prefix,
                      lede_span value)
{
    uint8_t term[LEDE_XAPIAN_TERM_BYTES];
    size_t len = strlen(prefix);

    if (value.len <= sizeof term - len) {
        memcpy(term, prefix, len);
        memcpy(term + len, value.bytes, value.len);
        lede_xapian_document_term(document, lede_span_of(term, len + value.len),
                                  0);
    }
}

/* D, M and Y: the day, month and year of publishing, as far as known, in UTC.
 */
static void put_date(lede_xapian_document *document, const lede_when *when)
{
    lede_civil civil;
    char text[32];

    if (when->instant == LEDE_INSTANT_NONE) {
        return;
    }
    lede_civil_from_instant(when->instant, 0, &civil);
    if (civil.year < 0 || civil.year > 9999) {
        return;
    }
    snprintf(text, sizeof text, "%04d%02u%02u", (int)civil.year,
             (unsigned)civil.month, (unsigned)civil.day);
    if (when->precision >= LEDE_PRECISION_DAY) {
        put_exact(document, "D", lede_span_of(text, 8));
    }
    if (when->precision >= LEDE_PRECISION_MONTH) {
        put_exact(document, "M", lede_span_of(text, 6));
    }
    if (when->precision >= LEDE_PRECISION_YEAR) {
        put_exact(document, "Y", lede_span_of(text, 4));
    }
}

static bool put_one(void *document, const char *prefix, lede_span value)
{
    put_exact(document, prefix, value);
    return true;
}

static void put_values_of(const lede_entry *entry,
                          lede_xapian_document *document)
{
    lede_language language =
        lede_language_of(entry->lang, LEDE_LANGUAGE_ENGLISH);
    unsigned day = lede_when_month_day(&entry->published);
    char lower[LEDE_TAG_MAX_BYTES];
    lede_span tag = lede_primary_tag(entry->lang, lower);
    lede_xapian_name name;
    char text[32];

    lede_xapian_document_term(document, lede_xapian_name_key(&name, entry->key),
                              0);
    put_exact(document, LEDE_TERM_KIND,
              lede_span_text(lede_kind_name(entry->kind)));
    if (day != 0) {
        snprintf(text, sizeof text, "%04u", day % 10000);
        put_exact(document, LEDE_TERM_MONTH_DAY, lede_span_text(text));
    }
    if (tag.len == 0) {
        tag = lede_span_text(lede_language_tag(language));
    }
    if (tag.len > 0) {
        put_exact(document, LEDE_TERM_LANGUAGE, tag);
    }
    lede_entry_values(entry, put_one, document);
    if (entry->page_id != 0) {
        snprintf(text, sizeof text, "%016" PRIx64, entry->page_id);
        put_exact(document, LEDE_TERM_PAGE, lede_span_text(text));
    }
    put_date(document, &entry->published);
}

/* --- Values and data ------------------------------------------------------ */

static void put_slot(lede_xapian_document *document, uint32_t slot,
                     lede_span value)
{
    if (value.len > 0) {
        lede_xapian_document_value(document, slot, value);
    }
}

static bool put_block(void *ctx, const char *prefix, lede_span value)
{
    lede_xapian_maker *maker = ctx;

    if (strcmp(prefix, LEDE_TERM_AUTHOR) == 0) {
        lede_buf_put_block(&maker->value, value);
    } else if (strcmp(prefix, LEDE_TERM_LABEL) == 0) {
        lede_buf_put_block(&maker->labels, value);
    }
    return true;
}

/* What facets count. */
static void put_facets(lede_xapian_maker *maker, const lede_entry *entry,
                       lede_xapian_document *document)
{
    lede_language language =
        lede_language_of(entry->lang, LEDE_LANGUAGE_ENGLISH);
    char lower[LEDE_TAG_MAX_BYTES];
    lede_span tag = lede_primary_tag(entry->lang, lower);

    if (tag.len == 0) {
        tag = lede_span_text(lede_language_tag(language));
    }
    put_slot(document, LEDE_XAPIAN_SLOT_SOURCE, entry->source);
    lede_buf_clear(&maker->value);
    lede_buf_clear(&maker->labels);
    lede_entry_values(entry, put_block, maker);
    put_slot(document, LEDE_XAPIAN_SLOT_AUTHORS, lede_buf_span(&maker->value));
    put_slot(document, LEDE_XAPIAN_SLOT_LABELS, lede_buf_span(&maker->labels));
    lede_buf_clear(&maker->value);
    lede_buf_put_block(&maker->value,
                       lede_span_text(lede_kind_name(entry->kind)));
    lede_buf_put_block(&maker->value, tag);
    put_slot(document, LEDE_XAPIAN_SLOT_KIND, lede_buf_span(&maker->value));
    lede_buf_clear(&maker->value);
    lede_xapian_when_put(&maker->value, entry);
    put_slot(document, LEDE_XAPIAN_SLOT_WHEN, lede_buf_span(&maker->value));
}

static void put_slots(lede_xapian_maker *maker, const lede_entry *entry,
                      lede_span record, const lede_xapian_known *known,
                      lede_xapian_document *document)
{
    lede_xapian_order order = {entry->published.instant, entry->key,
                               known->trusted, known->group};
    uint64_t digest = lede_xapian_digest(record, known);
    uint8_t bytes[LEDE_XAPIAN_ORDER_BYTES];
    lede_span newest;
    int i;

    put_slot(document, LEDE_XAPIAN_SLOT_OLDEST,
             lede_xapian_order_encode(&order, true, bytes));
    newest = lede_xapian_order_encode(&order, false, bytes);
    put_slot(document, LEDE_XAPIAN_SLOT_NEWEST, newest);
    if (known->names.len > 0) {
        lede_buf_clear(&maker->value);
        lede_xapian_named_put(&maker->value, known->names, newest);
        put_slot(document, LEDE_XAPIAN_SLOT_NAMED,
                 lede_buf_span(&maker->value));
    }
    for (i = 7; i >= 0; i--) {
        bytes[i] = (uint8_t)digest;
        digest >>= 8;
    }
    put_slot(document, LEDE_XAPIAN_SLOT_DIGEST, lede_span_of(bytes, 8));
    if (entry->updated.instant != LEDE_INSTANT_NONE) {
        lede_xapian_time_encode(entry->updated.instant, bytes);
        put_slot(document, LEDE_XAPIAN_SLOT_UPDATED,
                 lede_span_of(bytes, LEDE_XAPIAN_TIME_BYTES));
    }
    if (order.time >= 0 && order.time <= UINT32_MAX) {
        for (i = 0; i < 4; i++) {
            bytes[i] = (uint8_t)(order.time >> (24 - 8 * i));
        }
        put_slot(document, LEDE_XAPIAN_SLOT_PUBLISHED, lede_span_of(bytes, 4));
    }
}

static void put_group(uint64_t group, lede_xapian_document *document)
{
    lede_xapian_name name;

    if (group != 0) {
        lede_xapian_document_term(document,
                                  lede_span_text(LEDE_XAPIAN_HAS_COPIES), 0);
        lede_xapian_document_term(document,
                                  lede_xapian_name_group(&name, group), 0);
    }
}

lede_status lede_xapian_maker_fill(lede_xapian_maker *maker,
                                   const lede_entry *entry, lede_span record,
                                   const lede_xapian_known *known,
                                   lede_xapian_document *document,
                                   lede_error *err)
{
    naming n = {maker, document,
                lede_language_of(entry->lang, LEDE_LANGUAGE_ENGLISH)};

    lede_arena_clear(&maker->arena);
    maker->slots = NULL;
    maker->slot_count = maker->used = 0;
    if (lede_analyzer_stems_bytes(maker->analyzer) > STEMS_MAX_BYTES) {
        lede_analyzer_clear_stems(maker->analyzer);
    }
    lede_xapian_document_clear(document);
    lede_buf_clear(&maker->data);
    lede_xapian_data_put(&maker->data, entry, record);
    if (maker->data.failed || !make_slots(maker, FIRST_SLOTS) ||
        !post_words(maker, entry, document) ||
        !lede_name_terms_each(known->names, maker->analyzer, post_name, &n)) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory to make a document");
    }
    put_values_of(entry, document);
    put_slots(maker, entry, record, known, document);
    put_facets(maker, entry, document);
    put_group(known->group, document);
    if (maker->value.failed || maker->labels.failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory to make a document");
    }
    lede_xapian_document_data(document, lede_buf_span(&maker->data));
    return LEDE_OK;
}

lede_status lede_xapian_put_mark(lede_xapian_writer *writer,
                                 const lede_totals *totals,
                                 const lede_xapian_mark *has, lede_error *err)
{
    lede_xapian_mark mark = *has;
    lede_buf text = {0};
    lede_status status;

    mark.languages = totals->languages;
    mark.generation = totals->generation;
    mark.oldest = totals->oldest;
    mark.newest = totals->newest;
    mark.newest_trusted = totals->newest_trusted;
    mark.half_life_s = totals->half_life_s;

    lede_xapian_mark_format(&mark, &text);
    status = text.failed
                 ? lede_fail(err, LEDE_NO_MEMORY, "no memory for a mark")
                 : lede_xapian_writer_metadata(writer, LEDE_XAPIAN_MARK,
                                               lede_buf_span(&text), err);
    lede_buf_done(&text);
    return status;
}
