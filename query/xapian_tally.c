/* xapian_tally.c - counting by value on shards; see query/tally.h.
 *
 * Xapian counts the values of a slot over all matches where they are, so only
 * different values cross the network. No two lists of names are the same: these
 * come all, a window of them after another. What only may match is read. */
#include <stdlib.h>

#include "base/varint.h"
#include "query/xapian_running.h"

enum { NAMES_WINDOW = 1 << 14, MOST_SLOTS = 5 };

/* What a tally is to be told, once nothing can fail any more: for each, a u8
 * what, u8 kind, u64 count, i64 instant, block of bytes. */
typedef enum told { TOLD_VALUE, TOLD_ANY, TOLD_TIME, TOLD_DATE } told;

typedef struct tallying {
    lede_running r;
    const lede_tally *tally;
    lede_buf told;
    uint64_t matches;
    uint64_t dated; /* of them, in counting one slot */
    lede_status status;
    /* Names: where the last window ended, and what this one has. */
    lede_buf last, window;
    uint32_t window_count;
    uint32_t missing; /* shards, when entries were judged */
    uint64_t named;
} tallying;

static void tell(lede_buf *out, told what, lede_tally_kind kind, uint64_t count,
                 int64_t instant, lede_span bytes)
{
    lede_buf_put_byte(out, (uint8_t)what);
    lede_buf_put_byte(out, (uint8_t)kind);
    lede_buf_put_u64(out, count);
    lede_buf_put_u64(out, (uint64_t)instant);
    lede_buf_put_block(out, bytes);
}

static bool put_one(const lede_tally *tally, told what, lede_tally_kind kind,
                    uint64_t count, int64_t instant, lede_span bytes)
{
    bool fine = true;

    switch (what) {
    case TOLD_VALUE:
        return tally->put_value(tally->ctx, kind, bytes, count);
    case TOLD_ANY:
        return tally->put_any(tally->ctx, kind, count);
    case TOLD_TIME:
        for (uint64_t i = 0; i < count && fine; i++) {
            fine = tally->put_time(tally->ctx, instant);
        }
        return fine;
    case TOLD_DATE:
        return tally->put_date(tally->ctx, bytes, count);
    }
    return false;
}

static lede_status tell_all(const tallying *t, lede_error *err)
{
    lede_reader reader = lede_reader_of(lede_buf_span(&t->told));
    bool fine = !t->told.failed;

    while (fine && reader.p != reader.end) {
        told what = (told)lede_read_byte(&reader);
        lede_tally_kind kind = (lede_tally_kind)lede_read_byte(&reader);
        uint64_t count = lede_read_u64(&reader);
        int64_t instant = (int64_t)lede_read_u64(&reader);
        lede_span bytes = lede_read_block(&reader);

        fine =
            !reader.bad && put_one(t->tally, what, kind, count, instant, bytes);
    }
    return fine ? LEDE_OK : lede_sharded_no_memory(err);
}

/* --- Entries that were looked at ------------------------------------------ */

static bool note_value(void *ctx, lede_tally_kind kind, lede_span value,
                       uint64_t count)
{
    tell(ctx, TOLD_VALUE, kind, count, 0, value);
    return true;
}

static bool note_any(void *ctx, lede_tally_kind kind, uint64_t count)
{
    tell(ctx, TOLD_ANY, kind, count, 0, lede_span_of(NULL, 0));
    return true;
}

static bool note_time(void *ctx, int64_t instant)
{
    tell(ctx, TOLD_TIME, LEDE_TALLY_KINDS, 1, instant, lede_span_of(NULL, 0));
    return true;
}

static bool note_date(void *ctx, lede_span date, uint64_t count)
{
    tell(ctx, TOLD_DATE, LEDE_TALLY_KINDS, count, 0, date);
    return true;
}

static lede_status note_entry(void *ctx, const lede_running_match *match,
                              lede_error *err)
{
    tallying *t = ctx;
    const lede_xapian_reading *reading = &t->r.s->reading;
    lede_tally own = {.ctx = &t->told,
                      .wanted = t->tally->wanted,
                      .wants_times = t->tally->wants_times,
                      .put_value = note_value,
                      .put_any = note_any,
                      .put_time = note_time,
                      .put_date = note_date};

    (void)match;
    return lede_tally_put_entry(&own, &reading->entry, reading->language)
               ? LEDE_OK
               : lede_sharded_no_memory(err);
}

/* --- Values that shards count --------------------------------------------- */

static bool is_wanted(const tallying *t, lede_tally_kind kind)
{
    return (t->tally->wanted >> kind & 1) != 0;
}

static void tell_value(tallying *t, lede_tally_kind kind, lede_span value,
                       uint32_t count)
{
    if (is_wanted(t, kind) && value.len > 0) {
        tell(&t->told, TOLD_VALUE, kind, count, 0, value);
        tell(&t->told, TOLD_ANY, kind, count, 0, lede_span_of(NULL, 0));
    }
}

/* Several values of one entry; some of them are one match. */
static bool tell_blocks(tallying *t, lede_tally_kind kind, lede_span value,
                        uint32_t count)
{
    lede_span block;

    tell(&t->told, TOLD_ANY, kind, count, 0, lede_span_of(NULL, 0));
    while (lede_xapian_take_block(&value, &block)) {
        tell(&t->told, TOLD_VALUE, kind, count, 0, block);
    }
    return value.len == 0;
}

static bool take_source(void *ctx, lede_span value, uint32_t count)
{
    tell_value(ctx, LEDE_TALLY_SOURCE, value, count);
    return true;
}

static bool take_authors(void *ctx, lede_span value, uint32_t count)
{
    tallying *t = ctx;

    t->status = tell_blocks(t, LEDE_TALLY_AUTHOR, value, count) ? LEDE_OK
                                                                : LEDE_CORRUPT;
    return t->status == LEDE_OK;
}

static bool take_labels(void *ctx, lede_span value, uint32_t count)
{
    tallying *t = ctx;

    t->status =
        tell_blocks(t, LEDE_TALLY_LABEL, value, count) ? LEDE_OK : LEDE_CORRUPT;
    return t->status == LEDE_OK;
}

static bool take_kind(void *ctx, lede_span value, uint32_t count)
{
    tallying *t = ctx;
    lede_span kind, language;

    if (!lede_xapian_take_block(&value, &kind) ||
        !lede_xapian_take_block(&value, &language)) {
        t->status = LEDE_CORRUPT;
        return false;
    }
    tell_value(t, LEDE_TALLY_KIND, kind, count);
    tell_value(t, LEDE_TALLY_LANGUAGE, language, count);
    return true;
}

static bool take_when(void *ctx, lede_span value, uint32_t count)
{
    tallying *t = ctx;
    lede_xapian_when when;

    if (!lede_xapian_when_parse(value, &when)) {
        t->status = LEDE_CORRUPT;
        return false;
    }
    t->dated += count;
    tell(&t->told, when.is_date ? TOLD_DATE : TOLD_TIME, LEDE_TALLY_KINDS,
         count, when.instant, when.date);
    return true;
}

typedef struct counted {
    uint32_t slot;
    bool (*take)(void *ctx, lede_span value, uint32_t count);
} counted;

static uint32_t choose_slots(const tallying *t, counted *out)
{
    uint32_t count = 0;

    if (is_wanted(t, LEDE_TALLY_SOURCE)) {
        out[count++] = (counted){LEDE_XAPIAN_SLOT_SOURCE, take_source};
    }
    if (is_wanted(t, LEDE_TALLY_AUTHOR)) {
        out[count++] = (counted){LEDE_XAPIAN_SLOT_AUTHORS, take_authors};
    }
    if (is_wanted(t, LEDE_TALLY_LABEL)) {
        out[count++] = (counted){LEDE_XAPIAN_SLOT_LABELS, take_labels};
    }
    if (is_wanted(t, LEDE_TALLY_KIND) || is_wanted(t, LEDE_TALLY_LANGUAGE)) {
        out[count++] = (counted){LEDE_XAPIAN_SLOT_KIND, take_kind};
    }
    if (t->tally->wants_times) {
        out[count++] = (counted){LEDE_XAPIAN_SLOT_WHEN, take_when};
    }
    return count;
}

/* Of all that surely match. */
static lede_status count_values(tallying *t, lede_xapian *db, lede_error *err)
{
    counted chosen[MOST_SLOTS];
    uint32_t slots[MOST_SLOTS], count = choose_slots(t, chosen);
    lede_xapian_search search = {.query = t->r.plan.match.least,
                                 .counts = true,
                                 .by_value = true,
                                 .slot = LEDE_XAPIAN_SLOT_NEWEST,
                                 .counted = slots,
                                 .counted_count = count};
    lede_xapian_found *found = NULL;
    lede_status status;

    for (uint32_t i = 0; i < count; i++) {
        slots[i] = chosen[i].slot;
    }
    status = lede_xapian_run(db, t->r.queries, &search, &found, err);
    t->dated = 0;
    for (uint32_t i = 0; i < count && status == LEDE_OK; i++) {
        t->status = LEDE_OK;
        status = lede_xapian_found_counts(found, i, chosen[i].take, t, err);
        if (status == LEDE_OK && t->status != LEDE_OK) {
            status =
                lede_fail(err, LEDE_CORRUPT, "a document's values are damaged");
        }
    }
    if (status == LEDE_OK) {
        uint64_t sure = lede_xapian_found_total(found);

        t->matches += sure;
        if (t->tally->wants_times && t->dated < sure) {
            tell(&t->told, TOLD_TIME, LEDE_TALLY_KINDS, sure - t->dated,
                 LEDE_INSTANT_NONE, lede_span_of(NULL, 0));
        }
    }
    lede_xapian_found_free(found);
    return status;
}

static lede_status tally_once(void *ctx, lede_xapian *db, lede_error *err)
{
    tallying *t = ctx;
    lede_status status = LEDE_OK;

    lede_running_clear(&t->r);
    lede_buf_clear(&t->told);
    t->matches = 0;
    if (!t->r.plan.match.is_exact) {
        status = lede_running_check(&t->r, db, note_entry, t, &t->matches, err);
    }
    t->missing = t->r.s->base.calls->missing(&t->r.s->base);
    return status == LEDE_OK ? count_values(t, db, err) : status;
}

/* --- Names ---------------------------------------------------------------- */

/* Shards that are gone leave other numbers to the documents of the rest. */
static lede_status judge_again(tallying *t, lede_xapian *db, lede_error *err)
{
    uint32_t missing = t->r.s->base.calls->missing(&t->r.s->base);
    uint64_t matching;

    if (t->r.plan.match.is_exact || t->missing == missing) {
        return LEDE_OK;
    }
    lede_running_clear(&t->r);
    t->missing = missing;
    return lede_running_check(&t->r, db, NULL, NULL, &matching, err);
}

static lede_xapian_query next_window(tallying *t)
{
    static const uint8_t least[1] = {0};
    lede_xapian_queries *queries = t->r.queries;
    lede_span last = lede_buf_span(&t->last);
    lede_xapian_query pair[2] = {t->r.plan.match.most, 0};
    lede_xapian_query all, end;

    if (last.len == 0) {
        return pair[0];
    }
    all = lede_xapian_query_range(queries, LEDE_XAPIAN_SLOT_NAMED,
                                  lede_span_of(least, 1), last);
    end = lede_xapian_query_range(queries, LEDE_XAPIAN_SLOT_NAMED, last, last);
    pair[1] = all;
    pair[0] = lede_xapian_query_join(queries, LEDE_XAPIAN_FILTER, pair, 2);
    pair[1] = end;
    return lede_xapian_query_join(queries, LEDE_XAPIAN_AND_NOT, pair, 2);
}

static lede_status window_once(void *ctx, lede_xapian *db, lede_error *err)
{
    tallying *t = ctx;
    lede_xapian_search search = {.size = NAMES_WINDOW,
                                 .counts = true,
                                 .by_value = true,
                                 .slot = LEDE_XAPIAN_SLOT_NAMED};
    lede_xapian_found *found = NULL;
    lede_status status = judge_again(t, db, err);

    lede_buf_clear(&t->window);
    t->window_count = 0;
    search.query = next_window(t);
    if (status == LEDE_OK) {
        status = lede_xapian_queries_status(t->r.queries, err);
    }
    if (status == LEDE_OK) {
        status = lede_xapian_run(db, t->r.queries, &search, &found, err);
    }
    while (status == LEDE_OK) {
        lede_xapian_hit hit;

        status = lede_xapian_found_next(found, &hit, err);
        if (status != LEDE_OK || hit.value.len == 0) {
            break; /* those without come last */
        }
        t->window_count++;
        lede_buf_put_byte(&t->window,
                          !lede_running_rejects(&t->r, hit.document));
        lede_buf_put_block(&t->window, hit.value);
    }
    lede_xapian_found_free(found);
    if (status == LEDE_OK || status == LEDE_END) {
        status = t->window.failed ? lede_sharded_no_memory(err) : LEDE_OK;
    }
    return status;
}

static lede_status put_window(tallying *t, lede_error *err)
{
    lede_reader reader = lede_reader_of(lede_buf_span(&t->window));
    lede_status status = LEDE_OK;

    while (reader.p != reader.end && status == LEDE_OK) {
        bool counts = lede_read_byte(&reader) != 0;
        lede_span value = lede_read_block(&reader), names;
        lede_xapian_order order;

        if (reader.p == reader.end) {
            lede_buf_clear(&t->last);
            lede_buf_put_span(&t->last, value);
        }
        if (!lede_xapian_named_parse(value, &names, &order)) {
            status =
                lede_fail(err, LEDE_CORRUPT, "a document's values are damaged");
        } else if (counts) {
            t->named++;
            status = t->tally->put_names(t->tally->ctx, names, order.key,
                                         order.time, err);
        }
    }
    return t->last.failed ? lede_sharded_no_memory(err) : status;
}

static lede_status tally_names(tallying *t, lede_error *err)
{
    lede_status status = LEDE_OK;

    do {
        status = lede_sharded_ask(t->r.s, window_once, t, err);
        if (status == LEDE_OK) {
            status = put_window(t, err);
        }
    } while (status == LEDE_OK && t->window_count == NAMES_WINDOW);
    for (; t->named < t->matches && status == LEDE_OK; t->named++) {
        status = t->tally->put_names(t->tally->ctx, lede_span_of(NULL, 0), 0,
                                     LEDE_INSTANT_NONE, err);
    }
    return status;
}

lede_status lede_sharded_tally(lede_engine_tree *tree,
                               const lede_match_options *options,
                               const lede_tally *tally, uint64_t *matches,
                               lede_error *err)
{
    lede_match_options counting = *options;
    tallying t = {.tally = tally};
    lede_status status;
    bool must_read;

    counting.sort = LEDE_SORT_NEWEST; /* no scores */
    counting.recency = 0;
    counting.k = 0;
    counting.has_after = false;
    status = lede_running_open(&t.r, tree, &counting, err);
    must_read = status == LEDE_OK &&
                (t.r.plan.need > 0 || !lede_shards_are_of_today(t.r.s->shards));
    if (status == LEDE_OK && !must_read) {
        status = lede_sharded_ask(t.r.s, tally_once, &t, err);
    }
    if (status == LEDE_OK && !must_read) {
        status = tell_all(&t, err);
    }
    if (status == LEDE_OK && !must_read && tally->put_names != NULL) {
        status = tally_names(&t, err);
    }
    if (status == LEDE_OK) {
        *matches = t.matches;
    }
    lede_buf_done(&t.told);
    lede_buf_done(&t.last);
    lede_buf_done(&t.window);
    lede_running_close(&t.r);
    return must_read ? lede_tally_read(tree, options, tally, matches, err)
                     : status;
}
