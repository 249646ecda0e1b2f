#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "indexer/run.h"
#include "storage/record.h"

static const double batch_seconds = 20;
static const double flush_seconds = 10;
/* Writing takes about three times as long as reading. */
static const double first_seconds = 10.0 / 3;
static const uint64_t first_spill = UINT64_C(48) << 20;
static const uint64_t least_spill = UINT64_C(16) << 20;

/* A stop has to wait for what is being written, and a search for what is not
 * yet: so a batch is what can be written within a few seconds on this machine
 * (lede_run_effort: without what it does besides). */
void lede_run_learn(lede_run *run, uint64_t bytes, double seconds)
{
    double affordable;

    if (bytes < least_spill / 2 || seconds <= 0) {
        return; /* too little to tell */
    }
    affordable = (double)bytes / seconds * flush_seconds;
    run->spill_limit = affordable < (double)least_spill ? least_spill
                       : affordable > (double)run->budget.spill_bytes
                           ? run->budget.spill_bytes
                           : (uint64_t)affordable;
}

/* Whether what was read is as much as can be written in time: as long as that
 * is not known, what reading took says it. */
static bool is_spill_full(const lede_run *run)
{
    uint64_t bytes = lede_spill_bytes(run->batch.spill);

    if (bytes >= run->budget.spill_bytes) {
        return true;
    }
    if (run->spill_limit > 0) {
        return bytes >= run->spill_limit;
    }
    return bytes >= first_spill &&
           lede_run_clock() - run->batch_began.clock >= first_seconds &&
           lede_run_effort(&run->batch_began) >= first_seconds;
}

bool lede_run_is_full(const lede_run *run)
{
    return lede_batch_bytes(&run->batch) >= run->budget.batch_bytes ||
           is_spill_full(run) ||
           (run->batch.claim_count > 0 &&
            lede_run_clock() - run->batch_began.clock >= batch_seconds);
}

lede_read_options lede_run_read_options(const lede_run *run,
                                        const lede_walk_file *file)
{
    lede_read_options options = run->options->read;

    options.now = run->now;
    options.stop = run->options->stop;
    if (file != NULL) {
        options.mtime = file->mtime_ns / 1000000000;
        options.mtime_is_copy = file->mtime_is_copy;
        lede_source_settings_apply(run->options->sources, file->path, &options);
    }
    return options;
}

/* --- Documents ------------------------------------------------------------ */

static lede_claim_document about_page(lede_run *run, const lede_page *page)
{
    lede_claim_document about = {.form =
                                     lede_hash64(lede_span_text(page->format)),
                                 .is_live = page->is_live};

    if (page->is_live) {
        about.group = run->next_group;
    }
    return about;
}

/* Where a live document ends: it is to be settled unless the file said all of
 * it before. */
static void end_document(lede_run *run)
{
    lede_batch *batch = &run->batch;
    lede_pending_document *d;
    uint32_t i;

    if (batch->document_count == 0) {
        return;
    }
    d = &batch->documents[batch->document_count - 1];
    if (!d->about.is_live || d->file != batch->file_count - 1) {
        return;
    }
    d->is_dirty = run->keeps_texts;
    for (i = d->first; i < d->first + d->count && !d->is_dirty; i++) {
        d->is_dirty = !lede_old_has(run, &batch->claims[i].claim, &d->about);
    }
}

/* Goes on with the file at hand in a fresh batch: `is_over` if its entries have
 * all been read. */
static lede_status continue_file(lede_run *run, lede_error *err)
{
    lede_file_record record;
    lede_file_state state;
    lede_claim_document about;
    lede_status status;

    status = lede_snapshot_find_file(run->snapshot, lede_span_text(run->path),
                                     &record, err);
    if (status == LEDE_OK) {
        status = lede_file_state_decode(record.payload, &state, err);
    }
    if (status == LEDE_NOT_FOUND) {
        return lede_fail(err, LEDE_BUG, "%s: its record is gone", run->path);
    }
    if (status == LEDE_OK) {
        status = lede_batch_add_file(&run->batch, &record, LEDE_FILE_READING,
                                     &state, err);
    }
    if (status == LEDE_OK) {
        status = lede_old_open(run, err);
    }
    if (status == LEDE_OK && run->has_page) {
        about = about_page(run, &run->page);
        status = lede_batch_add_document(&run->batch, &about, err);
    }
    return status;
}

lede_status lede_run_flush_within(lede_run *run, lede_error *err)
{
    lede_status status = lede_run_flush(run, err);

    return status == LEDE_OK ? continue_file(run, err) : status;
}

/* Whether the batch should be flushed between two entries: not behind one that
 * was cut off, which may be the last one and half of what the file said before.
 * Several in a row are not that. */
static bool is_time_to_flush(const lede_run *run)
{
    const lede_batch *batch = &run->batch;
    uint32_t n = batch->claim_count;

    if (n > 0 && batch->claims[n - 1].is_truncated &&
        (n == 1 || !batch->claims[n - 2].is_truncated)) {
        return false;
    }
    return lede_run_is_full(run);
}

/* --- The sink ----------------------------------------------------------------
 */

/* Tells a failure of the run from one of the file. */
static lede_status watch(lede_run *run, lede_status status)
{
    run->has_failed = run->has_failed || status != LEDE_OK;
    return status;
}

static lede_status on_page_begin(void *ctx, const lede_page *page,
                                 lede_error *err)
{
    lede_run *run = ctx;
    lede_claim_document about;

    run->next_group++;
    run->posts_in_document = 0;
    run->page = *page; /* its spans live until page_end */
    run->has_page = true;
    about = about_page(run, page);
    return watch(run, lede_batch_add_document(&run->batch, &about, err));
}

static lede_status on_page_end(void *ctx, lede_error *err)
{
    lede_run *run = ctx;

    end_document(run);
    run->has_page = false;
    run->posts_in_document = 0;
    return is_time_to_flush(run) ? watch(run, lede_run_flush_within(run, err))
                                 : LEDE_OK;
}

/* A page with more posts than anybody reads is cut, so that what is kept of one
 * in memory has a bound. */
static lede_status cut_document(lede_run *run, lede_error *err)
{
    lede_claim_document about = about_page(run, &run->page);
    lede_status status = LEDE_OK;

    end_document(run);
    run->posts_in_document = 0;
    if (lede_run_is_full(run)) {
        return lede_run_flush_within(run, err); /* begins another one */
    }
    status = lede_batch_add_document(&run->batch, &about, err);
    return status;
}

static void set_page_id(lede_run *run, uint64_t page_id)
{
    lede_batch *batch = &run->batch;
    lede_claim_document *about =
        &batch->documents[batch->document_count - 1].about;

    if (about->is_live && about->url_page_id == 0) {
        about->url_page_id = page_id;
    }
}

static lede_status add_entry(lede_run *run, const lede_entry *entry,
                             const char *location, lede_error *err)
{
    bool is_live = run->page.is_live;
    lede_entry bare = *entry;
    lede_identity identity;
    lede_claim claim;
    lede_status status;

    status =
        lede_identity_of(&run->identifier, &run->page, entry, &identity, err);
    if (status == LEDE_OK) {
        status =
            lede_claim_of(&run->identifier, &identity, &run->page, entry,
                          location, is_live, &run->batch.arena, &claim, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    set_page_id(run, identity.page_id);
    lede_buf_clear(&run->text);
    if (is_live || run->keeps_texts || !lede_old_has(run, &claim, NULL)) {
        bare.key = 0;
        bare.page_id = 0;
        bare.paths = NULL;
        bare.path_count = 0;
        lede_record_encode(&bare, &run->text);
        if (run->text.failed) {
            return lede_fail(err, LEDE_NO_MEMORY, "reading: out of memory");
        }
    } else {
        lede_run_tally_note(&run->tally, claim.raw, LEDE_CHANGE_NONE,
                            run->report);
    }
    status = lede_batch_add_claim(&run->batch, &claim,
                                  lede_buf_span(&run->text), err);
    if (status == LEDE_OK) {
        run->batch.claims[run->batch.claim_count - 1].is_truncated =
            (entry->flags & LEDE_FLAG_TRUNCATED) != 0;
    }
    return status;
}

static lede_status on_entry(void *ctx, lede_entry *entry, const char *location,
                            lede_error *err)
{
    lede_run *run = ctx;
    lede_status status;

    if (lede_run_is_stopped(run)) {
        return watch(run, lede_fail(err, LEDE_INTERRUPTED, "stopped"));
    }
    run->report->entries_read++;
    run->progress.entries++;
    if (run->page.is_live && ++run->posts_in_document > LEDE_LIVE_POSTS_MAX) {
        status = cut_document(run, err);
        if (status != LEDE_OK) {
            return watch(run, status);
        }
        run->posts_in_document = 1;
    }
    status = add_entry(run, entry, location == NULL ? "" : location, err);
    if (status == LEDE_OK && !run->page.is_live && is_time_to_flush(run)) {
        status = lede_run_flush_within(run, err);
    }
    return watch(run, status);
}

static void on_note(void *ctx, const char *location, const char *what)
{
    lede_run *run = ctx;
    lede_buf where = {0};
    const char *text;

    lede_buf_put_text(&where, run->path);
    lede_buf_put_text(&where, location == NULL ? "" : location);
    text = lede_buf_text(&where);
    lede_run_note(run, text == NULL ? run->path : text, what);
    lede_buf_done(&where);
}

static void on_progress(void *ctx, uint64_t bytes)
{
    lede_run *run = ctx;

    run->progress.bytes_done = run->bytes_before + bytes;
    lede_run_progress(run, "reading");
}

/* --- Files
 * --------------------------------------------------------------------- */

/* Reads all entries. *is_whole: what there is was read, though that may be
 * nothing. Of a damaged file, or one of which nothing came, what it said before
 * stands. If a new file could not be read it is read again. */
static lede_status read_entries(lede_run *run, const lede_walk_file *file,
                                bool *is_whole, lede_error *err)
{
    lede_read_options options = lede_run_read_options(run, file);
    lede_sink sink = {.ctx = run,
                      .page_begin = on_page_begin,
                      .entry = on_entry,
                      .page_end = on_page_end,
                      .note = on_note,
                      .progress = on_progress,
                      .is_damaged = &run->is_damaged};
    lede_error reason = {0};
    lede_status status;

    run->has_failed = false;
    run->is_damaged = false;
    status = lede_corpus_read_file(file->path, &options, &sink, &reason);
    if (run->has_page) { /* broken off inside a page */
        end_document(run);
        run->has_page = false;
    }
    *is_whole = status == LEDE_OK || status == LEDE_BAD_INPUT ||
                status == LEDE_CORRUPT ||
                (status == LEDE_IO && run->old.count > 0);
    run->is_damaged = run->is_damaged || status != LEDE_OK;
    run->is_unread = status == LEDE_IO;
    if (!run->has_failed && (*is_whole || status == LEDE_IO)) {
        if (status != LEDE_OK) {
            run->report->files_skipped++;
            lede_run_note(run, file->path, reason.message);
        }
        return LEDE_OK;
    }
    if (err != NULL) {
        *err = reason;
    }
    return status;
}

/* A file that is damaged stays as it is until it changes: it need not be read
 * again. One that could not be read just now must be: what is remembered of it
 * will be that of no file. */
static void mark_damaged(lede_run *run)
{
    lede_file_record *record = &lede_batch_file(&run->batch)->record;

    if (run->is_unread) {
        record->mtime_ns = 0;
        record->inode = record->device = 0;
        record->hash = (lede_hash128_value){0};
    }
    lede_run_note(run, run->path,
                  "damaged or cut off: entries it held before are kept");
}

lede_status lede_run_read_file(lede_run *run, const lede_walk_file *file,
                               const lede_file_record *record,
                               const lede_file_state *state, lede_error *err)
{
    lede_file_state fresh = *state;
    lede_status status;
    bool is_whole = false;

    run->path = file->path;
    run->has_page = false;
    run->next_group = 0;
    run->bytes_before = run->progress.bytes_done;
    /* Settled anew, what is stored is looked at: so damage is found. */
    run->keeps_texts = state->texts_wanted || run->options->reread;
    run->texts_wanted_again = false;
    lede_file_state_restart(&fresh);
    fresh.options = lede_run_options_hash(run, file->path);
    if (fresh.options == 0 && run->options->sources == NULL) {
        fresh.options = state->options;
    }
    status = lede_batch_add_file(&run->batch, record, LEDE_FILE_READING, &fresh,
                                 err);
    if (status == LEDE_OK) {
        status = lede_old_open(run, err);
    }
    if (status == LEDE_OK) {
        status = read_entries(run, file, &is_whole, err);
    }
    if (status == LEDE_OK && is_whole) {
        status = lede_old_finish(run, false, err);
    }
    if (status == LEDE_OK && is_whole) {
        lede_pending_file *done = lede_batch_file(&run->batch);

        done->fate = LEDE_FILE_COMPLETE;
        done->state.texts_wanted =
            run->texts_wanted_again || (state->texts_wanted && run->is_damaged);
        done->state.texts_in_vain =
            state->texts_wanted && run->is_damaged && !run->is_unread;
        if (run->is_damaged && run->old.count > 0) {
            mark_damaged(run);
        }
        run->report->files++;
        run->report->bytes += file->size;
    }
    if (status == LEDE_INTERRUPTED) { /* as far as it was read */
        run->report->files++;
        run->report->bytes += run->progress.bytes_done - run->bytes_before;
    }
    run->progress.bytes_done = run->bytes_before + file->size;
    return status;
}
