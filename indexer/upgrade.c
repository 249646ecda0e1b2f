#include <stdlib.h>
#include <string.h>

#include "indexer/grow.h"
#include "indexer/merge_policy.h"
#include "indexer/run.h"
#include "indexer/scratch.h"
#include "indexer/sort.h"
#include "storage/record.h"

typedef struct upgrade {
    lede_run *run;
    const lede_segment *segment;
    const lede_watch *watch;
    uint64_t steps; /* done: three for each entry */
    lede_scratch *scratch;
    lede_arena alias_arena; /* there can be many: beyond memory, in a file */
    lede_aliases aliases;
    uint32_t *kept; /* entries of the segment being built */
    uint32_t kept_count, kept_cap;
    uint32_t *added;
    uint32_t added_count, added_cap;
    lede_buf record;
    lede_arena arena;
} upgrade;

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "upgrading: out of memory");
}

static void tell(const upgrade *u, uint64_t steps)
{
    lede_watch_step(u->watch, steps,
                    3 * (uint64_t)lede_segment_live(u->segment));
}

static void take_step(upgrade *u)
{
    tell(u, ++u->steps);
}

/* Terms: their share of the steps of the entries at hand. */
static void on_term(void *ctx, uint64_t done, uint64_t all)
{
    const upgrade *u = ctx;

    tell(u, u->steps + u->kept_count * done / all);
}

/* --- Segments ------------------------------------------------------------- */

static lede_status write_segment(upgrade *u, lede_error *err)
{
    lede_segment_writer *writer = NULL;
    lede_watch watch = {.ctx = u, .step = on_term};
    uint32_t *added, id, i;
    lede_status status;

    if (u->kept_count == 0) {
        return LEDE_OK;
    }
    status =
        lede_segment_writer_new(u->run->writer, u->kept_count, &writer, err);
    if (status == LEDE_OK) {
        status = lede_accumulator_write(u->run->accumulator, writer,
                                        u->run->budget.term_forms, &watch, err);
        u->steps += u->kept_count;
    }
    lede_accumulator_clear(u->run->accumulator);
    for (i = 0; i < u->kept_count && status == LEDE_OK; i++) {
        lede_entry entry;

        lede_arena_clear(&u->arena);
        status =
            lede_segment_own_record(u->segment, u->kept[i], &u->record, err);
        if (status == LEDE_OK) {
            status = lede_record_decode(lede_buf_span(&u->record), &u->arena,
                                        &entry, err);
        }
        if (status == LEDE_OK) {
            lede_buf_clear(&u->run->text);
            lede_record_encode(&entry, &u->run->text);
            status = u->run->text.failed
                         ? no_memory(err)
                         : lede_segment_writer_put_record(
                               writer, i, lede_buf_span(&u->run->text), err);
            take_step(u);
        }
    }
    if (status == LEDE_OK) {
        status = lede_segment_writer_finish(writer, &id, err);
    }
    lede_segment_writer_free(writer);
    if (status == LEDE_OK) {
        added = lede_grown(u->added, u->added_count, &u->added_cap,
                           sizeof added[0]);
        if (added == NULL) {
            return no_memory(err);
        }
        u->added = added;
        added[u->added_count++] = id;
        u->kept_count = 0;
    }
    return status;
}

static lede_status keep(upgrade *u, uint32_t entry, lede_error *err)
{
    uint32_t *kept =
        lede_grown(u->kept, u->kept_count, &u->kept_cap, sizeof kept[0]);

    if (kept == NULL) {
        return no_memory(err);
    }
    u->kept = kept;
    kept[u->kept_count++] = entry;
    return LEDE_OK;
}

/* The time as of which the date of an entry is trusted as it was stored: which
 * dates are trusted decides the ranking, and no upgrade is to change it. */
static lede_status get_now(const upgrade *u, uint32_t entry, int64_t *out,
                           lede_error *err)
{
    lede_column trust;
    lede_status status =
        lede_segment_column(u->segment, LEDE_COLUMN_TRUST, &trust, err);

    if (status == LEDE_OK) {
        *out = lede_column_get(&trust, entry) != 0 ? INT64_MAX : INT64_MIN;
    }
    return status;
}

/* Names stay as they are if nobody looks for them anew. */
static lede_status keep_names(const upgrade *u, uint32_t number,
                              lede_error *err)
{
    lede_name_makers makers;
    lede_span list;
    lede_status status;

    if (u->run->namer != NULL || !lede_segment_has_names(u->segment)) {
        return LEDE_OK;
    }
    status = lede_segment_name_makers(u->segment, &makers, err);
    if (status == LEDE_OK) {
        status = lede_segment_names(u->segment, number, &list, err);
    }
    return status == LEDE_OK ? lede_accumulator_keep_names(u->run->accumulator,
                                                           list, &makers, err)
                             : status;
}

/* Of a body that only the home has: from there, if there was none yet. */
static lede_status keep_sketch(const upgrade *u, uint32_t number, uint64_t key,
                               lede_error *err)
{
    const uint8_t *bytes;
    lede_sketch sketch;
    lede_status status;

    if (u->run->home == NULL) {
        return LEDE_OK;
    }
    status = lede_segment_sketch(u->segment, number, &bytes, err);
    if (status != LEDE_OK) {
        return status;
    }
    memcpy(sketch.bytes, bytes, sizeof sketch.bytes);
    if (lede_sketch_is_none(bytes)) {
        status = lede_run_home_sketch(u->run, key, &sketch, err);
    }
    if (status == LEDE_OK) {
        lede_accumulator_give_sketch(u->run->accumulator, &sketch);
    }
    return status;
}

static lede_status invert(upgrade *u, uint32_t number, lede_error *err)
{
    const uint64_t *raws;
    uint32_t count;
    int64_t now = 0;
    lede_entry entry;
    lede_status status;

    raws = lede_aliases_of(&u->aliases, number, &count);
    status = lede_segment_own_record(u->segment, number, &u->record, err);
    if (status == LEDE_OK) {
        status = lede_record_decode(lede_buf_span(&u->record), &u->arena,
                                    &entry, err);
    }
    if (status == LEDE_OK) {
        status = get_now(u, number, &now, err);
    }
    if (status == LEDE_OK) {
        status = lede_accumulator_add(u->run->accumulator, &entry, raws, count,
                                      now, err);
    }
    if (status == LEDE_OK) {
        status = keep_sketch(u, number, entry.key, err);
    }
    if (status == LEDE_OK) {
        status = keep_names(u, number, err);
    }
    return status == LEDE_OK ? keep(u, number, err) : status;
}

static lede_status rebuild(upgrade *u, lede_error *err)
{
    uint32_t entries = lede_segment_entries(u->segment), i;
    lede_status status;

    u->aliases = (lede_aliases){.arena = &u->alias_arena};
    status = lede_aliases_list(&u->aliases, u->segment, err);

    for (i = 0; i < entries && status == LEDE_OK; i++) {
        if (lede_segment_is_deleted(u->segment, i)) {
            continue;
        }
        if (lede_watch_is_stopped(u->watch)) {
            return lede_fail(err, LEDE_INTERRUPTED, "stopped");
        }
        lede_arena_clear(&u->arena);
        status = invert(u, i, err);
        take_step(u);
        if (status == LEDE_OK && lede_run_has_inverted_enough(u->run)) {
            status = write_segment(u, err);
        }
    }
    return status == LEDE_OK ? write_segment(u, err) : status;
}

/* One old segment becomes new ones, in one publish. */
lede_status lede_run_rewrite_segment(lede_run *run, const lede_segment *segment,
                                     const lede_watch *watch, lede_error *err)
{
    upgrade u = {.run = run, .segment = segment, .watch = watch};
    uint32_t removed = lede_segment_id(segment);
    lede_status status;

    lede_accumulator_clear(run->accumulator);
    status = lede_scratch_new(lede_archive_directory(run->archive),
                              run->budget.batch_bytes, &u.scratch, err);
    if (status == LEDE_OK) {
        u.alias_arena.source = lede_scratch_source(u.scratch);
        status = rebuild(&u, err);
    }
    if (status == LEDE_OK) {
        lede_publish change = {.added = u.added,
                               .added_count = u.added_count,
                               .removed = &removed,
                               .removed_count = 1,
                               .now = run->now};

        status = lede_writer_publish(run->writer, &change, err);
    }
    lede_arena_done(&u.alias_arena);
    lede_scratch_free(u.scratch);
    free(u.kept);
    free(u.added);
    lede_buf_done(&u.record);
    lede_arena_done(&u.arena);
    return status;
}

/* The segment at hand as a part of all. */
typedef struct part {
    lede_run *run;
    uint64_t steps_before, steps_all;
} part;

static void on_step(void *ctx, uint64_t done, uint64_t all)
{
    const part *p = ctx;

    (void)all;
    lede_run_step(p->run, "writing", p->steps_before + done, p->steps_all);
}

static lede_status upgrade_all(lede_run *run, lede_error *err)
{
    lede_snapshot *before = NULL;
    part p = {.run = run};
    lede_watch watch = {&p, on_step, run->options->stop};
    uint32_t count, i;
    lede_status status;

    status = lede_snapshot_open(run->archive, &before, err);
    if (status != LEDE_OK) {
        return status;
    }
    status = lede_run_settle_pair_words(run, err);
    count = lede_snapshot_segment_count(before);
    p.steps_all = 3 * lede_snapshot_totals(before)->entries;
    for (i = 0; i < count && status == LEDE_OK; i++) {
        const lede_segment *segment = lede_snapshot_segment(before, i);

        status = lede_run_rewrite_segment(run, segment, &watch, err);
        p.steps_before += 3 * (uint64_t)lede_segment_live(segment);
    }
    lede_snapshot_close(before);
    if (status == LEDE_OK) {
        status = lede_run_refresh(run, err);
    }
    if (status == LEDE_OK && run->home != NULL) {
        p.steps_before = 0;
        status = lede_xapian_home_upgrade(run->home, run->namer, &watch, err);
    }
    return status == LEDE_OK ? lede_run_merge(run, LEDE_MERGE_FAN, err)
                             : status;
}

lede_status lede_index_upgrade(lede_archive *archive,
                               const lede_index_options *options,
                               lede_error *err)
{
    static const lede_index_options defaults = {0};
    lede_index_report report = {0};
    lede_run run;
    lede_status status;

    status = lede_run_open(archive, options == NULL ? &defaults : options,
                           &report, &run, err);
    if (status == LEDE_OK) {
        status = upgrade_all(&run, err);
        lede_run_close(&run);
    }
    return status;
}
