#include "indexer/accumulate.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/entry_values.h"
#include "base/varint.h"
#include "indexer/accumulate_terms.h"

enum { ITEM_MAX_BYTES = 15, DAY_S = 24 * 60 * 60 };
/* What writing takes besides: rows in the segment's writer, order of terms. */
enum { WRITER_ROW_BYTES = 80, TERM_ORDER_BYTES = 16 };

static void set_weights(lede_accumulator *a)
{
    unsigned i;

    for (i = 0; i < LEDE_FIELD_COUNT; i++) {
        a->weights[i] = (uint8_t)lede_field_weight((lede_field)i);
    }
}

lede_status lede_accumulator_new(lede_analyzer *analyzer,
                                 lede_accumulator **out, lede_error *err)
{
    lede_accumulator *a = calloc(1, sizeof *a);

    if (a == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "accumulator: out of memory");
    }
    a->analyzer = analyzer;
    set_weights(a);
    *out = a;
    return LEDE_OK;
}

void lede_accumulator_clear(lede_accumulator *a)
{
    lede_analyzer *analyzer = a->analyzer;
    const lede_pair_words *words = a->pairs.words;
    lede_namer *namer = a->namer;

    lede_page_arena_done(&a->arena);
    free(a->forms.slots);
    free(a->terms.slots);
    free(a->rows);
    free(a->extents);
    lede_analyzer_clear_stems(analyzer);
    lede_pairs_done(&a->pairs);
    if (namer != NULL) {
        lede_namer_clear(namer);
    }
    *a = (lede_accumulator){.analyzer = analyzer, .namer = namer};
    set_weights(a);
    lede_pairs_init(&a->pairs, words);
}

lede_status lede_accumulator_set_pair_words(lede_accumulator *a,
                                            const lede_pair_words *words,
                                            lede_error *err)
{
    if (a->row_count > 0) {
        return lede_fail(err, LEDE_BUG, "accumulator: pair words come first");
    }
    lede_pairs_done(&a->pairs);
    lede_pairs_init(&a->pairs, words);
    return LEDE_OK;
}

lede_status lede_accumulator_set_namer(lede_accumulator *a, lede_namer *namer,
                                       lede_error *err)
{
    if (a->row_count > 0) {
        return lede_fail(err, LEDE_BUG, "accumulator: the namer comes first");
    }
    a->namer = namer;
    return LEDE_OK;
}

void lede_accumulator_free(lede_accumulator *a)
{
    if (a != NULL) {
        lede_accumulator_clear(a);
        free(a);
    }
}

uint32_t lede_accumulator_entries(const lede_accumulator *a)
{
    return a->row_count;
}

uint64_t lede_accumulator_source_bytes(const lede_accumulator *a)
{
    return a->source_bytes;
}

static size_t table_bytes(const table *t)
{
    return t->slots == NULL ? 0 : ((size_t)t->mask + 1) * sizeof t->slots[0];
}

size_t lede_accumulator_bytes(const lede_accumulator *a)
{
    size_t held = lede_page_arena_bytes(&a->arena) + table_bytes(&a->forms) +
                  table_bytes(&a->terms) +
                  a->row_cap * (sizeof a->rows[0] + sizeof a->extents[0]) +
                  lede_analyzer_stems_bytes(a->analyzer) +
                  lede_pairs_bytes(&a->pairs);
    size_t pairs = lede_pairs_walk_bytes(&a->pairs, a->row_count);
    size_t writing = a->largest_list + pairs + 6 * (size_t)a->most_tokens +
                     a->row_count * (size_t)WRITER_ROW_BYTES +
                     a->terms.count * (size_t)TERM_ORDER_BYTES +
                     a->most_forms * (sizeof(lede_form) + sizeof(form *) + 2);

    return held + writing;
}

/* A token on its way to its list. Each step of the way is a miss of the caches
 * for all but the most frequent words, so several tokens are under way at once
 * and the memory that the next step needs is asked for ahead. */
typedef struct lookup {
    ends ends;
    uint32_t hash, meta, position;
    uint16_t len;
    uint8_t field;
    bool is_sketched;
    form *guess; /* the form that the hash led to, some tokens ago, or NULL */
    uint8_t word[LEDE_NAMED_BYTES]; /* ids of damaged lists are no words */
} lookup;

_Static_assert((int)LEDE_NAMED_BYTES >= (int)LEDE_WORD_MAX_BYTES,
               "there is room for words, and for ids of places");

enum {
    LOOKUPS = 16,   /* under way; a power of two */
    FORM_STEP = 4,  /* tokens behind: its slot has come, ask for the form */
    TERM_STEP = 8,  /* its form has come, ask for the term */
    LIST_STEP = 12, /* its term has come, ask for the end of its list */
    POST_STEP = 15
};

static void copy_word(lookup *l, lede_span word)
{
    if (word.len > 16) {
        memcpy(l->word, word.bytes, word.len);
    } else if (word.len >= 8) {
        lede_store_u64(l->word, l->ends.first);
        lede_store_u64(l->word + word.len - 8, l->ends.last);
    } else if (word.len >= 4) {
        lede_store_u32(l->word, (uint32_t)l->ends.first);
        lede_store_u32(l->word + word.len - 4, (uint32_t)l->ends.last);
    } else {
        l->word[0] = (uint8_t)l->ends.first;
        l->word[word.len / 2] = (uint8_t)(l->ends.first >> 8);
        l->word[word.len - 1] = (uint8_t)(l->ends.first >> 16);
    }
}

/* Begins a lookup, of which field, kind and language are known. */
static inline void take_word(const lede_accumulator *a, lookup *l,
                             const lede_token *token)
{
    l->ends = ends_of(token->word.bytes, token->word.len);
    l->meta |= (uint32_t)token->letter_case | (uint32_t)token->width << 2 |
               (uint32_t)token->marks << 24;
    l->hash = hash_ends(l->ends, token->word, l->meta);
    l->position = token->position;
    l->len = (uint16_t)token->word.len;
    l->guess = NULL;
    copy_word(l, token->word);
    if (a->forms.slots != NULL) {
        __builtin_prefetch(&a->forms.slots[l->hash & a->forms.mask]);
    }
}

static void begin_lookup(const lede_accumulator *a, lookup *l,
                         const lede_occurrence *o, lede_language language)
{
    const lede_token *token = &o->token;
    /* All default fields are one. */
    uint32_t kind = o->field < LEDE_DEFAULT_FIELDS ? 0 : (uint32_t)o->field;

    l->meta = (uint32_t)language << 10 | kind << 18;
    l->field = (uint8_t)o->field;
    l->is_sketched = o->field == LEDE_FIELD_BODY && lede_token_counts(token);
    take_word(a, l, token);
}

/* The form that the hash leads to, without a look at it: nearly always the
 * right one. NULL if there is none yet. */
static inline form *guess_form(const lede_accumulator *a, const lookup *l)
{
    uint32_t at = l->hash & a->forms.mask;

    while (a->forms.slots != NULL && a->forms.slots[at].hash != 0) {
        if (a->forms.slots[at].hash == l->hash) {
            return lede_page_arena_at(&a->arena, a->forms.slots[at].reference);
        }
        at = (at + 1) & a->forms.mask;
    }
    return NULL;
}

static void ask_for_form(const lede_accumulator *a, lookup *l)
{
    l->guess = guess_form(a, l);
    if (l->guess != NULL) {
        __builtin_prefetch(l->guess);
    }
}

static void ask_for_term(const lookup *l)
{
    if (l->guess != NULL) {
        __builtin_prefetch(l->guess->term, 1);
        __builtin_prefetch((const uint8_t *)l->guess->term + 64, 1);
    }
}

static void ask_for_list(const lookup *l)
{
    if (l->guess != NULL) {
        __builtin_prefetch(l->guess->term->list.at, 1);
    }
}

/* Asks for what the lookups before number n, which has just begun, need next.
 */
static inline void ask_ahead(const lede_accumulator *a, lookup *under_way,
                             uint32_t n)
{
    if (n >= FORM_STEP) {
        ask_for_form(a, &under_way[(n - FORM_STEP) % LOOKUPS]);
    }
    if (n >= TERM_STEP) {
        ask_for_term(&under_way[(n - TERM_STEP) % LOOKUPS]);
    }
    if (n >= LIST_STEP) {
        ask_for_list(&under_way[(n - LIST_STEP) % LOOKUPS]);
    }
}

static bool is_form(const form *f, const lookup *l)
{
    return f->meta == l->meta && f->len == l->len &&
           is_word(f->word, l->ends, lede_span_of(l->word, l->len));
}

/* NULL if there is none yet. */
static form *find_known_form(const lede_accumulator *a, const lookup *l)
{
    uint32_t at = l->hash & a->forms.mask;

    if (l->guess != NULL && is_form(l->guess, l)) {
        return l->guess;
    }
    while (a->forms.slots != NULL && a->forms.slots[at].hash != 0) {
        if (a->forms.slots[at].hash == l->hash) {
            form *f =
                lede_page_arena_at(&a->arena, a->forms.slots[at].reference);

            if (is_form(f, l)) {
                return f;
            }
        }
        at = (at + 1) & a->forms.mask;
    }
    return NULL;
}

static form *find_form(lede_accumulator *a, const lookup *l,
                       lede_language language)
{
    form *f = find_known_form(a, l);

    return f != NULL
               ? f
               : accumulate_new_form(a, l->hash, l->meta, (lede_field)l->field,
                                     language, lede_span_of(l->word, l->len));
}

/* --- Posting ---------------------------------------------------------------
 */

static inline uint8_t *put_varint(uint8_t *p, uint64_t value)
{
    while (value >= 0x80) {
        *p++ = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    *p++ = (uint8_t)value;
    return p;
}

static inline uint8_t *put_item(uint8_t *p, term *t, uint32_t entry,
                                uint32_t form_index, uint32_t position)
{
    bool is_new = t->last_entry != entry;
    uint32_t gap = is_new ? position : position - t->last_position;

    p = put_varint(p, (uint64_t)gap << 2 | (form_index != 0 ? 2 : 0) | is_new);
    if (is_new) {
        p = put_varint(p, entry - t->last_entry);
        t->last_entry = entry;
    }
    if (form_index != 0) {
        p = put_varint(p, form_index);
    }
    t->last_position = position;
    return p;
}

/* `entry` counts from 1. */
static bool post(lede_accumulator *a, term *t, uint32_t entry,
                 uint32_t form_index, uint32_t position)
{
    lede_word_list *list = &t->list;

    if (list->end - list->at >= ITEM_MAX_BYTES &&
        list->bytes <= UINT32_MAX - ITEM_MAX_BYTES) {
        uint8_t *p = put_item(list->at, t, entry, form_index, position);

        list->bytes += (uint32_t)(p - list->at);
        list->at = p;
    } else {
        uint8_t item[ITEM_MAX_BYTES];
        uint8_t *p = put_item(item, t, entry, form_index, position);

        if (!lede_word_list_put(list, &a->arena, item, (size_t)(p - item))) {
            return false;
        }
    }
    if (list->bytes > a->largest_list) {
        a->largest_list = list->bytes;
    }
    return true;
}

static bool post_value_of(lede_accumulator *a, uint32_t entry,
                          const char *prefix, lede_span value)
{
    term *t = accumulate_find_term(a, lede_span_text(prefix), value);

    return t != NULL && (t->last_entry == entry || post(a, t, entry, 0, 0));
}

static bool post_value(lede_accumulator *a, const char *prefix, lede_span value)
{
    return post_value_of(a, a->row_count + 1, prefix, value);
}

static bool post_number(lede_accumulator *a, const char *prefix, uint64_t value)
{
    char hex[17];

    snprintf(hex, sizeof hex, "%016" PRIx64, value);
    return post_value(a, prefix, lede_span_text(hex));
}

static bool post_month_day(lede_accumulator *a, const lede_when *when)
{
    unsigned day = lede_when_month_day(when);
    char figures[8];

    snprintf(figures, sizeof figures, "%04u", day % 10000);
    return day == 0 ||
           post_value(a, LEDE_TERM_MONTH_DAY, lede_span_text(figures));
}

static bool post_one(void *a, const char *prefix, lede_span value)
{
    return post_value(a, prefix, value);
}

static bool post_values(lede_accumulator *a, const lede_entry *entry,
                        const row *r, const uint64_t *aliases,
                        uint32_t alias_count)
{
    char lower[LEDE_TAG_MAX_BYTES];
    lede_span tag = lede_primary_tag(entry->lang, lower);
    uint32_t i;

    if (tag.len == 0) {
        tag = lede_span_text(lede_language_tag(r->language));
    }
    if (!post_value(a, LEDE_TERM_KIND,
                    lede_span_text(lede_kind_name(entry->kind))) ||
        !post_month_day(a, &entry->published) ||
        (tag.len > 0 && !post_value(a, LEDE_TERM_LANGUAGE, tag)) ||
        (r->page != 0 && !post_number(a, LEDE_TERM_PAGE, r->page)) ||
        !lede_entry_values(entry, post_one, a)) {
        return false;
    }
    for (i = 0; i < alias_count; i++) {
        if (!post_number(a, LEDE_TERM_ALIAS, aliases[i])) {
            return false;
        }
    }
    return true;
}

/* --- Entries ---------------------------------------------------------------
 */

static bool is_in_order(const row *before, const row *r)
{
    if (before->time != r->time) {
        return r->time < before->time; /* NONE is the least of all */
    }
    return before->key < r->key;
}

static bool add_row(lede_accumulator *a)
{
    if (a->row_count == a->row_cap) {
        uint32_t cap = a->row_cap + a->row_cap / 2 + 256;
        row *rows = realloc(a->rows, cap * sizeof rows[0]);
        extent *extents;

        if (rows == NULL) {
            return false;
        }
        a->rows = rows;
        extents = realloc(a->extents, cap * sizeof extents[0]);
        if (extents == NULL) {
            return false;
        }
        a->extents = extents;
        a->row_cap = cap;
    }
    return true;
}

static bool copy_source(lede_accumulator *a, lede_span source, row *r)
{
    const row *before = a->row_count == 0 ? NULL : &a->rows[a->row_count - 1];
    uint8_t *copy;

    if (source.len > UINT16_MAX) {
        source.len = UINT16_MAX;
    }
    r->source_len = (uint32_t)source.len;
    if (before != NULL &&
        lede_span_equal(source,
                        lede_span_of(before->source, before->source_len))) {
        r->source = before->source;
        return true;
    }
    copy = lede_page_arena_get(&a->arena, source.len + 1);
    if (copy != NULL && source.len > 0) {
        memcpy(copy, source.bytes, source.len);
    }
    r->source = copy;
    a->source_bytes += source.len + sizeof(uint32_t);
    return copy != NULL;
}

bool lede_accumulator_trusts(const lede_when *when, int64_t now)
{
    return when->instant != LEDE_INSTANT_NONE && lede_when_is_trusted(when) &&
           when->instant - DAY_S <= now;
}

static bool end_lookup(lede_accumulator *a, const lookup *l,
                       lede_language language, lede_sketch_builder *sketch)
{
    form *f = find_form(a, l, language);

    if (f == NULL) {
        return false;
    }
    if (l->is_sketched) {
        lede_sketch_add_hash(sketch, f->hash);
    }
    return post(a, f->term, a->row_count + 1, f->index, l->position) &&
           (f->pair_word == 0 ||
            lede_pairs_add(&a->pairs, a->row_count + 1, f->pair_word,
                           (lede_field)l->field, l->position, form_width(f)));
}

/* Where the fields end, and the length, token by token. */
typedef struct measure {
    uint64_t length;
    uint32_t end;
    unsigned field;
} measure;

static void add_to_measure(const lede_accumulator *a, measure *m,
                           const lede_occurrence *o, extent *e)
{
    while (m->field < o->field) {
        e->ends[m->field++] = m->end;
    }
    if (o->token.position + o->token.width > m->end) {
        m->end = o->token.position + o->token.width;
    }
    if (lede_token_counts(&o->token)) {
        m->length += a->weights[o->field];
    }
}

static void end_measure(measure *m, row *r, extent *e)
{
    while (m->field < LEDE_DEFAULT_FIELDS) {
        e->ends[m->field++] = m->end;
    }
    r->length = m->length > UINT32_MAX ? UINT32_MAX : (uint32_t)m->length;
    e->length_byte = lede_length_encode(r->length);
}

/* The term that says where sections begin; its one form is itself. */
static term *sections_term(lede_accumulator *a)
{
    lede_span word = lede_span_text(LEDE_TERM_SECTIONS);
    term *t = accumulate_find_term(a, lede_span_of(NULL, 0), word);
    form *f;

    if (t == NULL || t->has_positions) {
        return t;
    }
    f = lede_page_arena_get(&a->arena, sizeof *f + word.len);
    if (f == NULL) {
        return NULL;
    }
    *f = (form){.term = t, .meta = 1u << 2, .len = (uint8_t)word.len};
    memcpy(f->word, word.bytes, word.len);
    t->forms = lede_page_arena_reference(&a->arena, f) + 1;
    t->form_count = t->has_positions = 1;
    if (a->most_forms < 1) {
        a->most_forms = 1;
    }
    return t;
}

/* Posts every token of the default fields and the fields by name. */
static bool post_words(lede_accumulator *a, const lede_entry *entry, row *r,
                       extent *e)
{
    lede_language language = (lede_language)r->language;
    lookup under_way[LOOKUPS];
    lede_entry_walk walk;
    lede_occurrence o;
    lede_sketch_builder sketch;
    measure m = {0};
    uint32_t n = 0, section = UINT32_MAX, i;

    lede_sketch_begin(&sketch);

    lede_entry_walk_init(&walk, a->analyzer, entry);
    while (lede_entry_walk_next(&walk, &o)) {
        begin_lookup(a, &under_way[n % LOOKUPS], &o, language);
        ask_ahead(a, under_way, n);
        if (n >= POST_STEP &&
            !end_lookup(a, &under_way[(n - POST_STEP) % LOOKUPS], language,
                        &sketch)) {
            return false;
        }
        if (o.field < LEDE_DEFAULT_FIELDS) {
            add_to_measure(a, &m, &o, e);
        }
        if (o.section != section) {
            term *sections = sections_term(a);

            if (sections == NULL ||
                !post(a, sections, a->row_count + 1, 0, o.token.position)) {
                return false;
            }
        }
        section = o.section;
        n++;
    }
    for (i = n > POST_STEP ? n - POST_STEP : 0; i < n; i++) {
        if (!end_lookup(a, &under_way[i % LOOKUPS], language, &sketch)) {
            return false;
        }
    }
    end_measure(&m, r, e);
    r->sketch = lede_sketch_end(&sketch);
    if (n > a->most_tokens) {
        a->most_tokens = n;
    }
    return !lede_analyzer_failed(a->analyzer);
}

/* --- Names -----------------------------------------------------------------
 */

/* The posts of one entry's names. */
typedef struct name_posts {
    lede_accumulator *a;
    lookup under_way[LOOKUPS]; /* `field` is the space */
    uint32_t counts[LOOKUPS];  /* how often each counts */
    uint32_t begun;
    uint64_t count; /* of all with positions */
} name_posts;

static form *find_name_form(lede_accumulator *a, const lookup *l)
{
    const char *prefix = lede_name_space_prefix((lede_name_space)l->field);
    lede_span word = lede_span_of(l->word, l->len);
    form *f = find_known_form(a, l);

    return f != NULL ? f
                     : accumulate_add_form(a, l->hash, l->meta,
                                           accumulate_find_term(
                                               a, lede_span_text(prefix), word),
                                           word);
}

static bool end_name(name_posts *posts, uint32_t number)
{
    lede_accumulator *a = posts->a;
    const lookup *l = &posts->under_way[number % LOOKUPS];
    form *f = find_name_form(a, l);
    uint32_t i;

    for (i = 0; i < posts->counts[number % LOOKUPS] && f != NULL; i++) {
        if (!post(a, f->term, a->named + 1, f->index, l->position)) {
            return false;
        }
    }
    return f != NULL;
}

static bool begin_name(void *ctx, const lede_name_term *named)
{
    name_posts *posts = ctx;
    uint32_t n = posts->begun;
    lookup *l = &posts->under_way[n % LOOKUPS];

    if (!lede_name_space_has_positions(named->space)) {
        return post_value_of(posts->a, posts->a->named + 1,
                             lede_name_space_prefix(named->space),
                             named->token.word);
    }
    l->meta = (uint32_t)(KIND_NAMES + named->space) << 18;
    l->field = (uint8_t)named->space;
    take_word(posts->a, l, &named->token);
    posts->counts[n % LOOKUPS] = named->count;
    posts->count += named->count;
    ask_ahead(posts->a, posts->under_way, n);
    posts->begun++;
    return n < POST_STEP || end_name(posts, n - POST_STEP);
}

bool accumulate_name_list(lede_accumulator *a, lede_span list)
{
    name_posts posts;
    uint32_t i;

    posts.a = a;
    posts.begun = 0;
    posts.count = 0;
    if (!lede_name_terms_each(list, a->analyzer, begin_name, &posts)) {
        return false;
    }
    for (i = posts.begun > POST_STEP ? posts.begun - POST_STEP : 0;
         i < posts.begun; i++) {
        if (!end_name(&posts, i)) {
            return false;
        }
    }
    if (posts.count > a->most_tokens) {
        a->most_tokens = (uint32_t)posts.count;
    }
    return true;
}

lede_status lede_accumulator_add(lede_accumulator *a, const lede_entry *entry,
                                 const uint64_t *aliases, uint32_t alias_count,
                                 int64_t now, lede_error *err)
{
    row r = {.time = entry->published.instant,
             .updated = entry->updated.instant,
             .key = entry->key,
             .page = entry->page_id,
             .kind = (uint8_t)entry->kind,
             .trust = lede_accumulator_trusts(&entry->published, now),
             .language = lede_language_of(entry->lang, LEDE_LANGUAGE_ENGLISH)};
    extent e = {0};
    lede_status status;

    if (a->row_count > 0 && !is_in_order(&a->rows[a->row_count - 1], &r)) {
        return lede_fail(err, LEDE_BUG, "accumulator: entries out of order");
    }
    lede_pairs_begin_entry(&a->pairs);
    if (!add_row(a) || !copy_source(a, entry->source, &r) ||
        !post_words(a, entry, &r, &e) ||
        !post_values(a, entry, &r, aliases, alias_count)) {
        return lede_fail(err, LEDE_NO_MEMORY, "accumulator: out of memory");
    }
    a->extents[a->row_count] = e;
    a->rows[a->row_count++] = r;
    if (a->namer == NULL) {
        return LEDE_OK;
    }
    status = accumulate_names(a, entry, false, err);
    return status == LEDE_OK ? lede_namer_put(a->namer, entry, err) : status;
}

void lede_accumulator_give_sketch(lede_accumulator *a,
                                  const lede_sketch *sketch)
{
    assert(a->row_count > 0);
    a->rows[a->row_count - 1].sketch = *sketch;
}
