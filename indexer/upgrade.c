#include <stdlib.h>
#include <string.h>

#include "indexer/grow.h"
#include "indexer/merge_policy.h"
#include "indexer/run.h"
#include "indexer/scratch.h"
#include "indexer/sort.h"
#include "storage/record.h"

/* The other raw keys of an entry: they stand in the terms only. */
typedef struct alias {
    uint32_t entry;
    uint64_t raw;
} alias;

typedef struct upgrade {
    lede_run *run;
    const lede_segment *segment;
    const lede_watch *watch;
    uint64_t steps; /* done: three for each entry */
    lede_scratch *scratch;
    lede_arena alias_arena; /* there can be many: beyond memory, in a file */
    alias *aliases;
    uint32_t alias_count, alias_cap, alias_at;
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

/* --- Aliases ------------------------------------------------------------- */

static bool parse_hex(lede_span text, uint64_t *out)
{
    uint64_t value = 0;
    size_t i;

    if (text.len != 16) {
        return false;
    }
    for (i = 0; i < text.len; i++) {
        uint8_t c = text.bytes[i];

        if (c >= '0' && c <= '9') {
            value = value << 4 | (uint64_t)(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            value = value << 4 | (uint64_t)(c - 'a' + 10);
        } else {
            return false;
        }
    }
    *out = value;
    return true;
}

static lede_status add_aliases(upgrade *u, const lede_term *term,
                               lede_error *err)
{
    size_t prefix = strlen(LEDE_TERM_ALIAS);
    uint32_t entries[LEDE_BLOCK_POSTINGS], block, i;
    uint64_t raw;

    if (!parse_hex(lede_span_part(term->bytes, prefix, term->bytes.len),
                   &raw)) {
        return LEDE_OK;
    }
    for (block = 0; block < term->postings.block_count; block++) {
        uint32_t size = lede_postings_block_size(&term->postings, block);

        if (!lede_postings_entries(&term->postings, block, entries)) {
            return lede_fail(err, LEDE_CORRUPT, "segment %u: damaged postings",
                             lede_segment_id(u->segment));
        }
        for (i = 0; i < size; i++) {
            alias *grown =
                lede_grown_in(&u->alias_arena, u->aliases, u->alias_count,
                              &u->alias_cap, sizeof grown[0]);

            if (grown == NULL) {
                return no_memory(err);
            }
            u->aliases = grown;
            grown[u->alias_count++] = (alias){entries[i], raw};
        }
    }
    return LEDE_OK;
}

static int compare_aliases(const void *left, const void *right)
{
    const alias *a = left, *b = right;

    if (a->entry != b->entry) {
        return a->entry < b->entry ? -1 : 1;
    }
    return (a->raw > b->raw) - (a->raw < b->raw);
}

static lede_status list_aliases(upgrade *u, lede_error *err)
{
    lede_span prefix = lede_span_text(LEDE_TERM_ALIAS);
    lede_term_cursor *cursor = NULL;
    lede_term term;
    lede_status status;

    u->alias_count = 0;
    u->alias_at = 0;
    status = lede_term_cursor_open(u->segment, &cursor, err);
    if (status == LEDE_OK) {
        status = lede_term_cursor_seek(cursor, prefix, &term, err);
    }
    while (status == LEDE_OK && lede_span_starts(term.bytes, LEDE_TERM_ALIAS)) {
        status = add_aliases(u, &term, err);
        if (status == LEDE_OK) {
            status = lede_term_cursor_next(cursor, &term, err);
        }
    }
    lede_term_cursor_close(cursor);
    lede_sort(u->aliases, u->alias_count, sizeof u->aliases[0],
              compare_aliases);
    return status == LEDE_END ? LEDE_OK : status;
}

/* The aliases of an entry, in the arena; entries come in ascending order. */
static bool take_aliases(upgrade *u, uint32_t entry, uint64_t **out,
                         uint32_t *count)
{
    uint32_t end, n = 0;
    uint64_t *raws;

    while (u->alias_at < u->alias_count &&
           u->aliases[u->alias_at].entry < entry) {
        u->alias_at++;
    }
    for (end = u->alias_at;
         end < u->alias_count && u->aliases[end].entry == entry;) {
        end++;
    }
    raws = lede_arena_array(&u->arena, end - u->alias_at, sizeof raws[0]);
    while (raws != NULL && u->alias_at < end) {
        raws[n++] = u->aliases[u->alias_at++].raw;
    }
    *out = raws;
    *count = n;
    return raws != NULL;
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
        status = lede_segment_record(u->segment, u->kept[i], &u->record, err);
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

static lede_status invert(upgrade *u, uint32_t number, lede_error *err)
{
    uint64_t *raws;
    uint32_t count;
    int64_t now = 0;
    lede_entry entry;
    lede_status status;

    if (!take_aliases(u, number, &raws, &count)) {
        return no_memory(err);
    }
    status = lede_segment_record(u->segment, number, &u->record, err);
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
    return status == LEDE_OK ? keep(u, number, err) : status;
}

static lede_status rebuild(upgrade *u, lede_error *err)
{
    uint32_t entries = lede_segment_entries(u->segment), i;
    lede_status status = list_aliases(u, err);

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
