/* run_pairs.c - the pair words of an archive, and segments that lack them. */
#include "indexer/run.h"
#include "storage/record.h"

/* A segment without pairs is rewritten on the way if it is so short (weighted,
 * so about half as many words): those of an archive that began in small
 * steps. */
static const uint64_t rewritten_length = UINT64_C(1) << 22;

static lede_status use_pair_words(lede_run *run, lede_error *err)
{
    lede_status status;

    if (run->pair_bytes.failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "pair words: out of memory");
    }
    if (run->pair_bytes.len == 0) {
        return LEDE_OK;
    }
    status = lede_pair_words_decode(lede_buf_span(&run->pair_bytes),
                                    &run->pair_words, err);
    return status == LEDE_OK ? lede_accumulator_set_pair_words(
                                   run->accumulator, &run->pair_words, err)
                             : status;
}

bool lede_run_needs_pair_words(const lede_run *run)
{
    return run->home == NULL && run->budget.pair_words > 0 &&
           run->pair_bytes.len == 0;
}

/* Segments may differ, after a copy was made by another lede, say: then most
 * entries decide. */
lede_status lede_run_recall_pair_words(lede_run *run, lede_error *err)
{
    uint32_t count = lede_snapshot_segment_count(run->snapshot), most = 0, i;

    if (!lede_run_needs_pair_words(run)) {
        return LEDE_OK;
    }
    for (i = 0; i < count; i++) {
        const lede_segment *s = lede_snapshot_segment(run->snapshot, i);
        const lede_pair_words *words = NULL;
        lede_status status = lede_segment_pair_words(s, &words, err);

        if (status != LEDE_OK) {
            return status;
        }
        if (words != NULL && lede_segment_entries(s) > most) {
            most = lede_segment_entries(s);
            lede_buf_clear(&run->pair_bytes);
            lede_buf_put_span(&run->pair_bytes, words->bytes);
        }
    }
    return use_pair_words(run, err);
}

lede_status lede_run_take_pair_words(lede_run *run, const lede_segment *segment,
                                     lede_error *err)
{
    const lede_pair_words *words = NULL;
    lede_status status = lede_segment_pair_words(segment, &words, err);

    if (status != LEDE_OK || words == NULL) {
        return status;
    }
    lede_buf_clear(&run->pair_bytes);
    lede_buf_put_span(&run->pair_bytes, words->bytes);
    return use_pair_words(run, err);
}

lede_status lede_run_choose_pair_words(lede_run *run, lede_pair_choice *choice,
                                       lede_error *err)
{
    lede_status status =
        lede_pair_choice_end(choice, run->budget.pair_words,
                             run->budget.pair_tokens, &run->pair_bytes, err);

    return status == LEDE_OK ? use_pair_words(run, err) : status;
}

/* --- Segments that lack them ----------------------------------------------
 */

static lede_status sample_segment(lede_pair_choice *choice,
                                  const lede_segment *segment, uint64_t step,
                                  uint64_t *next, lede_buf *record,
                                  lede_arena *arena, lede_error *err)
{
    uint32_t entries = lede_segment_entries(segment);
    lede_status status = LEDE_OK;

    for (; *next < entries && status == LEDE_OK; *next += step) {
        lede_entry entry;

        if (lede_segment_is_deleted(segment, (uint32_t)*next)) {
            continue;
        }
        lede_arena_clear(arena);
        status = lede_segment_record(segment, (uint32_t)*next, record, err);
        if (status == LEDE_OK) {
            status =
                lede_record_decode(lede_buf_span(record), arena, &entry, err);
        }
        if (status == LEDE_OK) {
            status = lede_pair_choice_add(choice, &entry, err);
        }
    }
    *next -= entries;
    return status;
}

lede_status lede_run_settle_pair_words(lede_run *run, lede_error *err)
{
    const lede_totals *totals = lede_snapshot_totals(run->snapshot);
    uint32_t count = lede_snapshot_segment_count(run->snapshot), i;
    lede_pair_choice choice = {.analyzer = run->analyzer};
    uint64_t step = totals->entries / LEDE_PAIR_SAMPLE + 1, next = 0;
    uint64_t length = 0;
    lede_buf record = {0};
    lede_arena arena = {0};
    lede_status status = lede_run_recall_pair_words(run, err);

    for (i = 0; i < count; i++) {
        length +=
            lede_segment_total_length(lede_snapshot_segment(run->snapshot, i));
    }
    /* A word of the body counts two. */
    if (status != LEDE_OK || !lede_run_needs_pair_words(run) ||
        length / 2 < run->budget.pair_tokens) {
        return status;
    }
    for (i = 0; i < count && status == LEDE_OK; i++) {
        status =
            sample_segment(&choice, lede_snapshot_segment(run->snapshot, i),
                           step, &next, &record, &arena, err);
    }
    if (status == LEDE_OK) {
        lede_accumulator_clear(run->accumulator);
        status = lede_run_choose_pair_words(run, &choice, err);
    }
    lede_pair_choice_done(&choice);
    lede_buf_done(&record);
    lede_arena_done(&arena);
    return status;
}

static lede_status lacks_pairs(const lede_run *run, const lede_segment *segment,
                               bool *out, lede_error *err)
{
    const lede_pair_words *words = NULL;
    lede_status status = lede_segment_pair_words(segment, &words, err);

    *out = status == LEDE_OK && lede_segment_live(segment) > 0 &&
           (words == NULL ||
            !lede_span_equal(words->bytes, run->pair_words.bytes)) &&
           lede_segment_total_length(segment) <= rewritten_length;
    return status;
}

static uint32_t newest_segment(const lede_run *run)
{
    uint32_t count = lede_snapshot_segment_count(run->snapshot), newest = 0, i;

    for (i = 0; i < count; i++) {
        uint32_t id = lede_segment_id(lede_snapshot_segment(run->snapshot, i));

        newest = id > newest ? id : newest;
    }
    return newest;
}

static void on_step(void *ctx, uint64_t done, uint64_t all)
{
    lede_run_step(ctx, "writing", done, all);
}

lede_status lede_run_give_pairs(lede_run *run, lede_error *err)
{
    lede_watch watch = {run, on_step, run->options->stop};
    lede_status status = lede_run_settle_pair_words(run, err);
    /* What is written from here on is left alone: it may have to do without. */
    uint32_t newest = newest_segment(run), i = 0;

    while (status == LEDE_OK && run->pair_bytes.len > 0 &&
           i < lede_snapshot_segment_count(run->snapshot) &&
           !lede_run_is_stopped(run)) {
        const lede_segment *segment = lede_snapshot_segment(run->snapshot, i);
        bool lacks = false;

        status = lacks_pairs(run, segment, &lacks, err);
        if (status == LEDE_OK && lacks && lede_segment_id(segment) <= newest) {
            status = lede_run_rewrite_segment(run, segment, &watch, err);
            if (status == LEDE_OK) {
                status = lede_run_refresh(run, err);
            }
            i = 0;
        } else {
            i++;
        }
    }
    return status;
}
