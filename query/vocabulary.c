#include "query/vocabulary.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "query/live.h"
#include "storage/name_words.h"

enum { LONGEST_TERM = 256 };

/* Stems that begin otherwise than the word come from prefixes that a language
 * cuts off (Arabic, Indonesian, Irish, Tamil, Yiddish) or from another script
 * (Serbian). */
bool lede_vocabulary_keeps_first(lede_language language)
{
    static const char *const others[] = {"ar", "id", "ga", "ta", "yi", "sr"};
    const char *tag = lede_language_tag(language);

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (strcmp(tag, others[i]) == 0) {
            return false;
        }
    }
    return true;
}

bool lede_vocabulary_has_stems(const char *prefix)
{
    lede_name_space space;
    lede_span rest;

    return !lede_name_space_of(lede_span_text(prefix), &space, &rest);
}

static size_t first_character(lede_span text)
{
    uint32_t code;

    return text.len == 0
               ? 0
               : lede_utf8_decode(text.bytes, text.bytes + text.len, &code);
}

/* How much of `begin` all terms of such words begin with: stems may be cut
 * anywhere behind the first character. */
static lede_span begin_of_terms(const char *prefix, lede_span begin)
{
    return lede_vocabulary_has_stems(prefix)
               ? lede_span_part(begin, 0, first_character(begin))
               : begin;
}

bool lede_vocabulary_has_visited(const char *prefix, lede_span begin,
                                 lede_span term)
{
    lede_span rest = lede_span_part(term, strlen(prefix), term.len);

    begin = begin_of_terms(prefix, begin);
    return begin.len == 0 || (rest.len >= begin.len &&
                              memcmp(rest.bytes, begin.bytes, begin.len) == 0);
}

typedef struct counted {
    const char *prefix;
    uint64_t (*count)(void *ctx, lede_span term);
    void *ctx;
} counted;

static uint64_t count_of(const counted *c, lede_span rest)
{
    uint8_t term[LONGEST_TERM];
    size_t len = strlen(c->prefix);

    if (rest.len > sizeof term - len) {
        return 0;
    }
    memcpy(term, c->prefix, len);
    memcpy(term + len, rest.bytes, rest.len);
    return c->count(c->ctx, lede_span_of(term, len + rest.len));
}

uint64_t lede_vocabulary_count(lede_analyzer *analyzer, uint32_t languages,
                               const char *prefix, lede_span word,
                               uint64_t (*count)(void *ctx, lede_span term),
                               void *ctx)
{
    const counted c = {prefix, count, ctx};
    uint64_t most = 0;

    if (!lede_vocabulary_has_stems(prefix)) {
        return count_of(&c, word);
    }
    for (unsigned i = 0; i < LEDE_LANGUAGE_COUNT; i++) {
        uint64_t of_stem =
            (languages >> i & 1) == 0
                ? 0
                : count_of(
                      &c, lede_analyzer_stem(analyzer, (lede_language)i, word));

        most = of_stem > most ? of_stem : most;
    }
    return most;
}

/* One segment's place in its dictionary. */
typedef struct source {
    const lede_segment *segment;
    lede_term_cursor *cursor;
    lede_term term;
    bool is_there;
} source;

typedef struct walk {
    source *sources;
    uint32_t count;
    lede_span prefix;
    bool are_kept;      /* terms are the words */
    lede_buf low, high; /* terms are in [low, high); empty: no bound */
    lede_arena arena;   /* forms of one term */
    lede_vocabulary_matters *matters; /* NULL: none, or none is deleted */
    lede_vocabulary_fn *fn;
    void *fn_ctx;
    lede_error *err;
} walk;

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "no memory to look through words");
}

static bool is_capital(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z';
}

/* Moves to the next term that can be the stem of a word of the field. */
static lede_status settle(walk *w, source *s, lede_status status)
{
    while (status == LEDE_OK) {
        lede_span term = s->term.bytes;

        if (w->high.len > 0 &&
            lede_span_compare(term, lede_buf_span(&w->high)) >= 0) {
            break;
        }
        if (w->prefix.len == 0 && is_capital(term.bytes[0])) {
            status = lede_term_cursor_seek(s->cursor, lede_span_text("["),
                                           &s->term, w->err);
        } else if (term.len > w->prefix.len &&
                   !is_capital(term.bytes[w->prefix.len])) {
            s->is_there = true;
            return LEDE_OK;
        } else {
            status = lede_term_cursor_next(s->cursor, &s->term, w->err);
        }
    }
    s->is_there = false;
    return status == LEDE_END ? LEDE_OK : status;
}

/* The least string that is greater than all that begin with these bytes; empty
 * if there is none. */
static void put_end(lede_span begin, lede_buf *out)
{
    while (begin.len > 0 && begin.bytes[begin.len - 1] == 0xFF) {
        begin.len--;
    }
    if (begin.len > 0) {
        lede_buf_put_span(out, lede_span_part(begin, 0, begin.len - 1));
        lede_buf_put_byte(out, (uint8_t)(begin.bytes[begin.len - 1] + 1));
    }
}

static lede_status open_sources(walk *w, const lede_snapshot *snapshot)
{
    lede_status status = LEDE_OK;

    w->count = lede_snapshot_segment_count(snapshot);
    w->sources = calloc(w->count + 1u, sizeof *w->sources);
    if (w->sources == NULL) {
        return no_memory(w->err);
    }
    for (uint32_t i = 0; i < w->count && status == LEDE_OK; i++) {
        source *s = &w->sources[i];

        s->segment = lede_snapshot_segment(snapshot, i);
        status = lede_term_cursor_open(s->segment, &s->cursor, w->err);
        if (status == LEDE_OK) {
            status = settle(
                w, s,
                w->low.len == 0
                    ? lede_term_cursor_next(s->cursor, &s->term, w->err)
                    : lede_term_cursor_seek(s->cursor, lede_buf_span(&w->low),
                                            &s->term, w->err));
        }
    }
    return status;
}

static int by_word(const void *left, const void *right)
{
    return lede_span_compare(*(const lede_span *)left,
                             *(const lede_span *)right);
}

/* The words of one term, and how many entries have it. */
typedef struct visited {
    lede_span *words;
    uint32_t count;
    uint64_t entries;
} visited;

/* Whether a live entry has one of the forms [from, to), which are one word. */
static lede_status is_live(walk *w, const source *s, uint32_t from, uint32_t to,
                           bool *out)
{
    const lede_postings *list = &s->term.postings;
    bool *wanted =
        lede_arena_array(&w->arena, list->form_count, sizeof *wanted);

    if (wanted == NULL) {
        return no_memory(w->err);
    }
    for (uint32_t i = from; i < to; i++) {
        wanted[i] = true;
    }
    return lede_live_has_form(s->segment, list, wanted, out, w->err);
}

/* Adds the words of a segment's list of the term, and how many entries; forms
 * are in the order of their words. */
static lede_status read_words(walk *w, const source *s, bool is_live_only,
                              visited *v)
{
    const lede_postings *list = &s->term.postings;
    lede_form *forms =
        lede_arena_array(&w->arena, list->form_count + 1u, sizeof *forms);
    lede_span *all = lede_arena_array(
        &w->arena, (size_t)v->count + list->form_count + 1u, sizeof *all);
    uint64_t entries = list->entry_count;
    bool has_dead;
    lede_status status;

    if (forms == NULL || all == NULL) {
        return no_memory(w->err);
    }
    status = lede_postings_forms(list, s->term.bytes, &w->arena, forms, w->err);
    if (status == LEDE_OK && is_live_only) {
        status = lede_live_count(s->segment, list, &entries, w->err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    if (v->count > 0) {
        memcpy(all, v->words, v->count * sizeof *all);
    }
    has_dead = entries < list->entry_count;
    for (uint32_t i = 0, next; i < list->form_count && status == LEDE_OK;
         i = next) {
        bool counts = true;

        for (next = i + 1; next < list->form_count &&
                           lede_span_equal(forms[next].word, forms[i].word);
             next++) {
        }
        if (has_dead) {
            status = is_live(w, s, i, next, &counts);
        }
        if (counts) {
            all[v->count++] = forms[i].word;
        }
    }
    v->words = all;
    v->entries += entries;
    return status;
}

/* The words of one term in all segments. */
static lede_status read_all(walk *w, lede_span term, bool is_live_only,
                            visited *out)
{
    lede_status status = LEDE_OK;
    uint32_t segments = 0;

    *out = (visited){0};
    for (uint32_t i = 0; i < w->count && status == LEDE_OK; i++) {
        source *s = &w->sources[i];

        if (s->is_there && lede_span_equal(s->term.bytes, term)) {
            status = read_words(w, s, is_live_only, out);
            segments++;
        }
    }
    if (segments > 1 && out->count > 1) {
        qsort(out->words, out->count, sizeof *out->words, by_word);
    }
    return status;
}

static lede_status visit(walk *w, lede_span term)
{
    visited v;
    bool matters = false;
    lede_status status = read_all(w, term, false, &v);

    for (uint32_t i = 0; w->matters != NULL && i < v.count && !matters; i++) {
        matters = w->matters(w->fn_ctx, v.words[i]);
    }
    if (status == LEDE_OK && matters) {
        status = read_all(w, term, true, &v);
    }
    if (w->are_kept && v.count == 0 && status == LEDE_OK) { /* a value */
        w->fn(w->fn_ctx, lede_span_part(term, w->prefix.len, term.len), term,
              v.entries);
    }
    for (uint32_t i = 0; i < v.count && status == LEDE_OK; i++) {
        if (i == 0 || !lede_span_equal(v.words[i], v.words[i - 1])) {
            w->fn(w->fn_ctx, v.words[i], term, v.entries);
        }
    }
    return status;
}

static lede_status visit_all(walk *w)
{
    uint8_t name[LONGEST_TERM];

    for (;;) {
        lede_span least = {0};
        lede_status status;

        for (uint32_t i = 0; i < w->count; i++) {
            const source *s = &w->sources[i];

            if (s->is_there && (least.len == 0 ||
                                lede_span_compare(s->term.bytes, least) < 0)) {
                least = s->term.bytes;
            }
        }
        if (least.len == 0 || least.len > sizeof name) {
            return LEDE_OK;
        }
        memcpy(name, least.bytes, least.len); /* the cursors move on */
        least = lede_span_of(name, least.len);
        status = visit(w, least);
        for (uint32_t i = 0; i < w->count && status == LEDE_OK; i++) {
            source *s = &w->sources[i];

            if (s->is_there && lede_span_equal(s->term.bytes, least)) {
                status = settle(
                    w, s, lede_term_cursor_next(s->cursor, &s->term, w->err));
            }
        }
        if (status != LEDE_OK) {
            return status;
        }
        lede_arena_clear(&w->arena);
    }
}

static bool keep_first(uint32_t languages)
{
    for (unsigned i = 0; i < LEDE_LANGUAGE_COUNT; i++) {
        if ((languages >> i & 1) != 0 &&
            !lede_vocabulary_keeps_first((lede_language)i)) {
            return false;
        }
    }
    return true;
}

lede_status lede_vocabulary_of_snapshot(const lede_snapshot *snapshot,
                                        uint32_t languages, const char *prefix,
                                        lede_span begin,
                                        lede_vocabulary_matters *matters,
                                        lede_vocabulary_fn *fn, void *fn_ctx,
                                        lede_error *err)
{
    bool has_deleted = lede_snapshot_totals(snapshot)->deleted > 0;
    walk w = {.prefix = lede_span_text(prefix),
              .are_kept = !lede_vocabulary_has_stems(prefix),
              .matters = has_deleted ? matters : NULL,
              .fn = fn,
              .fn_ctx = fn_ctx,
              .err = err};
    lede_status status = LEDE_OK;

    lede_buf_put_text(&w.low, prefix);
    if (w.are_kept || keep_first(languages)) {
        lede_buf_put_span(&w.low, begin_of_terms(prefix, begin));
    }
    put_end(lede_buf_span(&w.low), &w.high);
    status = w.low.failed || w.high.failed ? no_memory(err)
                                           : open_sources(&w, snapshot);
    if (status == LEDE_OK) {
        status = visit_all(&w);
    }
    for (uint32_t i = 0; w.sources != NULL && i < w.count; i++) {
        lede_term_cursor_close(w.sources[i].cursor);
    }
    free(w.sources);
    lede_buf_done(&w.low);
    lede_buf_done(&w.high);
    lede_arena_done(&w.arena);
    return status;
}
