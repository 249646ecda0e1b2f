/* realpath is of the X/Open part of POSIX */
#define _XOPEN_SOURCE 700

#include "indexer/run.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/entry_terms.h"
#include "base/hash.h"
#include "indexer/grow.h"
#include "storage/record.h"

static const uint64_t default_memory = UINT64_C(512) << 20;
static const uint64_t least_memory = UINT64_C(32) << 20;
static const double progress_seconds = 0.1;
static const double least_share = 0.25; /* of the time that went by */
enum { WANTED_MOST_BYTES = 1 << 20, TALLY_BYTES = 1 << 20 };

lede_budget lede_budget_of(uint64_t memory_bytes)
{
    uint64_t memory = memory_bytes == 0 ? default_memory : memory_bytes;
    uint64_t rest, most_batch = UINT64_C(64) << 20;
    uint64_t most_spill = UINT64_C(1024) << 20;
    lede_budget budget;

    memory = memory < least_memory ? least_memory : memory;
    rest = memory - LEDE_FIXED_MEMORY;
    budget.batch_bytes =
        (size_t)(rest / 8 < most_batch ? rest / 8 : most_batch);
    budget.accumulator_bytes = (size_t)rest - 2 * budget.batch_bytes;
    budget.merge_bytes = (size_t)(rest - rest / 8);
    budget.spill_bytes = memory < most_spill ? memory : most_spill;
    budget.segment_entries = LEDE_SEGMENT_FULL_ENTRIES;
    budget.segment_bytes = LEDE_SEGMENT_FULL_BYTES;
    budget.term_forms = LEDE_MAX_FORMS;
    budget.pair_words = LEDE_PAIR_WORDS;
    budget.pair_tokens = LEDE_PAIR_TOKENS;
    return budget;
}

static double seconds_of(clockid_t clock)
{
    struct timespec now = {0};

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double lede_run_clock(void)
{
    return seconds_of(CLOCK_MONOTONIC);
}

lede_run_moment lede_run_now(void)
{
    return (lede_run_moment){lede_run_clock(),
                             seconds_of(CLOCK_THREAD_CPUTIME_ID)};
}

double lede_run_effort(const lede_run_moment *since)
{
    lede_run_moment now = lede_run_now();
    double processor = now.processor - since->processor;
    double least = (now.clock - since->clock) * least_share;

    return processor > least ? processor : least;
}

bool lede_run_is_stopped(const lede_run *run)
{
    return run->options->stop != NULL && *run->options->stop != 0;
}

void lede_run_note(lede_run *run, const char *path, const char *what)
{
    run->report->notes++;
    if (run->options->note != NULL) {
        run->options->note(run->options->ctx, path, what);
    }
}

void lede_run_progress(lede_run *run, const char *phase)
{
    double now;

    if (run->options->progress == NULL) {
        return;
    }
    now = lede_run_clock();
    if (phase == run->progress.phase &&
        now - run->progress_shown < progress_seconds) {
        return;
    }
    run->progress_shown = now;
    run->progress.phase = phase;
    run->options->progress(run->options->ctx, &run->progress);
}

void lede_run_step(lede_run *run, const char *phase, uint64_t done,
                   uint64_t all)
{
    run->progress.phase_done = done < all ? done : all;
    run->progress.phase_all = all;
    lede_run_progress(run, phase);
}

uint64_t lede_run_options_hash(const lede_run *run, const char *path)
{
    lede_read_options read = run->options->read;
    lede_buf buf = {0};
    uint64_t hash = 0;

    lede_source_settings_apply(run->options->sources, path, &read);
    if (read.default_zone != NULL || read.default_language != NULL ||
        read.year != 0 || read.source_name != NULL ||
        read.source_home != NULL) {
        lede_buf_put_block(&buf, lede_span_text(read.default_zone));
        lede_buf_put_block(&buf, lede_span_text(read.default_language));
        lede_buf_put_u32(&buf, (uint32_t)read.year);
        if (read.source_name != NULL) { /* archives have hashes without it */
            lede_buf_put_block(&buf, lede_span_text(read.source_name));
        }
        if (read.source_home != NULL) {
            lede_buf_put_byte(&buf, 'h');
            lede_buf_put_block(&buf, lede_span_text(read.source_home));
        }
        hash = lede_hash64(lede_buf_span(&buf)) | 1;
        lede_buf_done(&buf);
    }
    return hash;
}

lede_status lede_run_want(lede_run *run, lede_span path, lede_error *err)
{
    const char **wanted;
    lede_span copy;

    if (run->wanted_names.held_bytes > WANTED_MOST_BYTES) {
        return LEDE_OK; /* its record says it, for the next run */
    }
    wanted = lede_grown(run->wanted, run->wanted_count, &run->wanted_cap,
                        sizeof wanted[0]);
    copy = lede_arena_copy(&run->wanted_names, path);
    run->wanted = wanted == NULL ? run->wanted : wanted;
    if (wanted == NULL || copy.bytes == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "files: out of memory");
    }
    wanted[run->wanted_count++] = (const char *)copy.bytes;
    return LEDE_OK;
}

lede_status lede_run_refresh(lede_run *run, lede_error *err)
{
    lede_snapshot_close(run->snapshot);
    run->snapshot = NULL;
    return lede_snapshot_open(run->archive, &run->snapshot, err);
}

lede_status lede_run_open(lede_archive *archive,
                          const lede_index_options *options,
                          lede_index_report *report, lede_run *run,
                          lede_error *err)
{
    const char *directory = lede_archive_directory(archive);
    lede_status status;
    uint32_t i;

    *run = (lede_run){.archive = archive,
                      .options = options,
                      .report = report,
                      .home = options->home,
                      .now = options->read.now,
                      .began = lede_run_clock(),
                      .batch_began = lede_run_now(),
                      .budget = lede_budget_of(options->memory_bytes)};
    if (run->now == 0) {
        run->now = (int64_t)time(NULL);
    }
    run->directory = realpath(
        run->home == NULL ? directory : lede_xapian_home_directory(run->home),
        NULL);
    status = lede_writer_open(archive, options->wait_ms, &run->writer, err);
    if (status == LEDE_OK && run->home != NULL) {
        if (options->memory_bytes > 0) {
            lede_xapian_home_bound(run->home, options->memory_bytes);
        }
        if (options->naming != NULL) {
            lede_xapian_home_will_find_names(run->home);
        }
        status = lede_xapian_home_begin(run->home, options->wait_ms,
                                        options->reread, err);
        report->entries_added = lede_xapian_home_made(run->home).added;
        report->entries_updated = lede_xapian_home_made(run->home).updated;
        report->entries_removed = lede_xapian_home_made(run->home).removed;
    }
    if (status == LEDE_OK) {
        status = lede_analyzer_new(&run->analyzer, err);
    }
    if (status == LEDE_OK) {
        status = lede_accumulator_new(run->analyzer, &run->accumulator, err);
    }
    if (status == LEDE_OK && options->naming != NULL) {
        status = lede_namer_new(options->naming, &run->namer, err);
        /* Of what a home has, the archive knows no texts. */
        if (status == LEDE_OK && run->home == NULL) {
            status =
                lede_accumulator_set_namer(run->accumulator, run->namer, err);
        }
    }
    if (status == LEDE_OK) {
        status = lede_batch_init(&run->batch, directory, err);
    }
    if (status == LEDE_OK && options->reread) {
        status = lede_run_repair(run, err);
    }
    if (status == LEDE_OK) {
        status = lede_snapshot_open(archive, &run->snapshot, err);
    }
    if (status == LEDE_OK) {
        status = lede_run_tally_init(
            &run->tally, directory, TALLY_BYTES,
            lede_snapshot_segment_count(run->snapshot) == 0 &&
                run->losses.count == 0 && run->losses.unnamed == 0,
            err);
    }
    for (i = 0; status == LEDE_OK && i < run->losses.count; i++) {
        lede_run_tally_note(&run->tally, run->losses.keys[i],
                            LEDE_CHANGE_REMOVED, report);
    }
    if (status != LEDE_OK) {
        lede_run_close(run);
    }
    return status;
}

void lede_run_close(lede_run *run)
{
    lede_batch_done(&run->batch);
    lede_run_tally_done(&run->tally);
    lede_accumulator_free(run->accumulator);
    lede_namer_free(run->namer);
    lede_analyzer_free(run->analyzer);
    lede_identifier_done(&run->identifier);
    lede_buf_done(&run->text);
    lede_buf_done(&run->pair_bytes);
    lede_snapshot_close(run->snapshot);
    if (run->home != NULL) {
        lede_xapian_home_end(run->home);
    }
    lede_writer_close(run->writer);
    free(run->old.blocks);
    free(run->wanted);
    lede_losses_done(&run->losses);
    lede_arena_done(&run->wanted_names);
    free(run->directory);
    run->report->seconds = lede_run_clock() - run->began;
}

lede_sketch lede_run_sketch(lede_run *run, const lede_entry *entry)
{
    lede_sketch_builder sketch;
    lede_entry_walk walk;
    lede_occurrence found;

    lede_sketch_begin(&sketch);
    lede_entry_walk_init(&walk, run->analyzer, entry);
    while (lede_entry_walk_next(&walk, &found)) {
        if (found.field == LEDE_FIELD_BODY && lede_token_counts(&found.token)) {
            lede_sketch_add(&sketch, found.token.word);
        }
    }
    return lede_sketch_end(&sketch);
}

lede_status lede_run_home_sketch(lede_run *run, uint64_t key, lede_sketch *out,
                                 lede_error *err)
{
    lede_arena arena = {0};
    lede_buf record = {0};
    lede_entry entry;
    lede_status status = lede_xapian_home_record(run->home, key, &record, err);

    if (status == LEDE_OK) {
        status =
            lede_record_decode(lede_buf_span(&record), &arena, &entry, err);
    }
    if (status == LEDE_OK) {
        *out = lede_run_sketch(run, &entry);
    }
    lede_buf_done(&record);
    lede_arena_done(&arena);
    return status;
}
