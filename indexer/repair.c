#include "indexer/repair.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"
#include "indexer/grow.h"
#include "indexer/run.h"
#include "indexer/scratch.h"
#include "indexer/sort.h"
#include "storage/record.h"
#include "storage/salvage.h"

/* A record that waits to be written. */
typedef struct kept {
    int64_t time;
    uint64_t key, text_at;
    uint32_t text_bytes;
    uint32_t number; /* of its entry in the damaged segment */
    int64_t now;     /* as of which its date is trusted */
} kept;

/* A key of a record that may be of a deleted entry. */
typedef struct doubt {
    uint64_t key;
    bool is_claimed; /* some file has it */
    bool is_settled; /* the entry is elsewhere */
} doubt;

typedef struct repair {
    lede_run *run;
    lede_salvage *salvage;
    lede_scratch *scratch;
    lede_arena doubt_arena, kept_arena, alias_arena;
    doubt *doubts;
    uint32_t doubt_count, doubt_cap;
    kept *kept;
    uint32_t kept_count, kept_cap;
    lede_aliases aliases; /* of the segment at hand */
    bool takes_doubtful;
    uint32_t *added, *removed;
    uint32_t added_count, added_cap;
    lede_arena marks_arena; /* of the records of files to be read again */
    lede_file_record *marks;
    uint32_t mark_count, mark_cap;
    lede_buf record;
    lede_arena decoded;
} repair;

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "repairing: out of memory");
}

void lede_losses_done(lede_losses *losses)
{
    free(losses->keys);
    *losses = (lede_losses){0};
}

/* --- What there is ---------------------------------------------------------
 */

static lede_status add_doubt(repair *r, uint64_t key, lede_error *err)
{
    doubt *grown = lede_grown_in(&r->doubt_arena, r->doubts, r->doubt_count,
                                 &r->doubt_cap, sizeof grown[0]);

    if (grown == NULL) {
        return no_memory(err);
    }
    r->doubts = grown;
    grown[r->doubt_count++] = (doubt){.key = key};
    return LEDE_OK;
}

static lede_status list_found(void *ctx, const lede_salvaged *salvaged,
                              lede_error *err)
{
    repair *r = ctx;

    lede_run_progress(r->run, "repairing");
    return salvaged->is_doubtful ? add_doubt(r, salvaged->entry->key, err)
                                 : LEDE_OK;
}

static lede_status list_lost(void *ctx, const uint64_t *key, uint64_t count,
                             lede_error *err)
{
    repair *r = ctx;
    lede_losses *losses = &r->run->losses;
    uint64_t *grown;

    if (key == NULL) {
        losses->unnamed += count;
        return LEDE_OK;
    }
    grown =
        lede_grown(losses->keys, losses->count, &losses->cap, sizeof grown[0]);
    if (grown == NULL) {
        return no_memory(err);
    }
    losses->keys = grown;
    grown[losses->count++] = *key;
    return LEDE_OK;
}

static int compare_u64(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return a < b ? -1 : a > b;
}

static int compare_doubts(const void *left, const void *right)
{
    return compare_u64(&((const doubt *)left)->key,
                       &((const doubt *)right)->key);
}

static void sort_lists(repair *r)
{
    lede_losses *losses = &r->run->losses;
    uint32_t i, n = 0;

    lede_sort(losses->keys, losses->count, sizeof losses->keys[0], compare_u64);
    for (i = 0; i < losses->count; i++) {
        if (n == 0 || losses->keys[n - 1] != losses->keys[i]) {
            losses->keys[n++] = losses->keys[i];
        }
    }
    losses->count = n;
    lede_sort(r->doubts, r->doubt_count, sizeof r->doubts[0], compare_doubts);
    for (i = n = 0; i < r->doubt_count; i++) {
        if (n == 0 || r->doubts[n - 1].key != r->doubts[i].key) {
            r->doubts[n++] = r->doubts[i];
        }
    }
    r->doubt_count = n;
}

static doubt *find_doubt(const repair *r, uint64_t key)
{
    doubt wanted = {.key = key};

    return r->doubt_count == 0 ? NULL
                               : bsearch(&wanted, r->doubts, r->doubt_count,
                                         sizeof r->doubts[0], compare_doubts);
}

/* --- Which files have it ---------------------------------------------------
 */

static lede_status mark_file(void *ctx, uint32_t key,
                             const lede_file_record *file,
                             const lede_file_state *state, lede_error *err)
{
    repair *r = ctx;
    const lede_file_record *last =
        r->mark_count == 0 ? NULL : &r->marks[r->mark_count - 1];
    lede_file_state wanting = *state;
    lede_file_record *grown, mark = *file;
    lede_buf payload = {0};

    (void)key;
    if (last != NULL && lede_span_equal(last->path, file->path)) {
        return LEDE_OK;
    }
    wanting.texts_wanted = true;
    wanting.texts_in_vain = false;
    lede_file_state_encode(&wanting, &payload);
    mark.path = lede_arena_copy(&r->marks_arena, file->path);
    mark.payload = lede_arena_copy(&r->marks_arena, lede_buf_span(&payload));
    grown = lede_grown_in(&r->marks_arena, r->marks, r->mark_count,
                          &r->mark_cap, sizeof grown[0]);
    if (payload.failed || mark.path.bytes == NULL ||
        mark.payload.bytes == NULL || grown == NULL) {
        lede_buf_done(&payload);
        return no_memory(err);
    }
    lede_buf_done(&payload);
    r->marks = grown;
    grown[r->mark_count++] = mark;
    return LEDE_OK;
}

static lede_status claim_doubt(void *ctx, uint32_t key,
                               const lede_file_record *file,
                               const lede_file_state *state, lede_error *err)
{
    repair *r = ctx;

    (void)file;
    (void)state;
    (void)err;
    r->doubts[key].is_claimed = true;
    return LEDE_OK;
}

static lede_status settle_doubts(repair *r, lede_error *err)
{
    const lede_snapshot *rest = lede_salvage_rest(r->salvage);
    uint64_t *keys =
        lede_arena_array(&r->doubt_arena, r->doubt_count + 1u, sizeof keys[0]);
    lede_status status = keys == NULL ? no_memory(err) : LEDE_OK;
    uint32_t i;

    for (i = 0; i < r->doubt_count && status == LEDE_OK; i++) {
        const lede_segment *segment;
        uint32_t entry;

        keys[i] = r->doubts[i].key;
        status = lede_snapshot_find_key(rest, keys[i], &segment, &entry, err);
        r->doubts[i].is_settled = status == LEDE_OK;
        status = status == LEDE_NOT_FOUND ? LEDE_OK : status;
    }
    return status == LEDE_OK ? lede_claimants_find(rest, keys, r->doubt_count,
                                                   claim_doubt, r, err)
                             : status;
}

/* Looks through the damaged segments for what is lost and what is doubtful. */
static lede_status look(repair *r, lede_error *err)
{
    lede_salvage_callbacks callbacks = {r, list_found, list_lost};
    const lede_losses *losses = &r->run->losses;
    uint32_t i;
    lede_status status = LEDE_OK;

    for (i = 0; i < lede_salvage_count(r->salvage) && status == LEDE_OK; i++) {
        status = lede_salvage_each(r->salvage, i, &callbacks, err);
    }
    if (status == LEDE_OK) {
        sort_lists(r);
        status = settle_doubts(r, err);
    }
    return status == LEDE_OK
               ? lede_claimants_find(lede_salvage_rest(r->salvage),
                                     losses->keys, losses->count, mark_file, r,
                                     err)
               : status;
}

/* --- Writing anew ----------------------------------------------------------
 */

static int compare_kept(const void *left, const void *right)
{
    const kept *a = left, *b = right;

    if (a->time != b->time) {
        return a->time > b->time ? -1 : 1; /* newest first, unknown last */
    }
    return compare_u64(&a->key, &b->key);
}

/* Whether a doubtful record is to be kept; else who has the key. */
static bool is_wanted(repair *r, const lede_salvaged *salvaged)
{
    doubt *d = find_doubt(r, salvaged->entry->key);

    if (!salvaged->is_doubtful) {
        if (d != NULL) {
            d->is_settled = true;
        }
        return !r->takes_doubtful;
    }
    if (!r->takes_doubtful || d == NULL || d->is_settled || !d->is_claimed) {
        return false;
    }
    d->is_settled = true;
    return true;
}

static lede_status keep(void *ctx, const lede_salvaged *salvaged,
                        lede_error *err)
{
    repair *r = ctx;
    kept k = {.time = salvaged->entry->published.instant,
              .key = salvaged->entry->key,
              .text_bytes = (uint32_t)salvaged->record.len,
              .number = salvaged->number,
              .now = !salvaged->has_trust   ? r->run->now
                     : salvaged->is_trusted ? INT64_MAX
                                            : INT64_MIN};
    kept *grown;
    lede_status status;

    if (!is_wanted(r, salvaged)) {
        return LEDE_OK;
    }
    lede_run_progress(r->run, "repairing");
    status =
        lede_spill_put(r->run->batch.spill, salvaged->record, &k.text_at, err);
    if (status != LEDE_OK) {
        return status;
    }
    grown = lede_grown_in(&r->kept_arena, r->kept, r->kept_count, &r->kept_cap,
                          sizeof grown[0]);
    if (grown == NULL) {
        return no_memory(err);
    }
    r->kept = grown;
    grown[r->kept_count++] = k;
    return LEDE_OK;
}

static lede_status pass_over(void *ctx, const uint64_t *key, uint64_t count,
                             lede_error *err)
{
    (void)ctx;
    (void)key;
    (void)count;
    (void)err;
    return LEDE_OK;
}

static lede_status load(repair *r, const kept *k, lede_entry *out,
                        lede_error *err)
{
    lede_status status = lede_spill_get(r->run->batch.spill, k->text_at,
                                        k->text_bytes, &r->record, err);

    lede_arena_clear(&r->decoded);
    return status == LEDE_OK ? lede_record_decode(lede_buf_span(&r->record),
                                                  &r->decoded, out, err)
                             : status;
}

static lede_status add_segment(repair *r, uint32_t id, lede_error *err)
{
    uint32_t *grown =
        lede_grown(r->added, r->added_count, &r->added_cap, sizeof grown[0]);

    if (grown == NULL) {
        return no_memory(err);
    }
    r->added = grown;
    grown[r->added_count++] = id;
    return LEDE_OK;
}

static lede_status write_segment(repair *r, uint32_t begin, uint32_t end,
                                 lede_error *err)
{
    lede_run *run = r->run;
    lede_segment_writer *writer = NULL;
    uint32_t id, i;
    lede_status status =
        lede_segment_writer_new(run->writer, end - begin, &writer, err);

    if (status == LEDE_OK) {
        status = lede_accumulator_write(run->accumulator, writer,
                                        run->budget.term_forms, NULL, err);
    }
    lede_accumulator_clear(run->accumulator);
    for (i = begin; i < end && status == LEDE_OK; i++) {
        status = lede_spill_get(run->batch.spill, r->kept[i].text_at,
                                r->kept[i].text_bytes, &r->record, err);
        if (status == LEDE_OK) {
            status = lede_segment_writer_put_record(
                writer, i - begin, lede_buf_span(&r->record), err);
        }
        lede_run_progress(run, "repairing");
    }
    if (status == LEDE_OK) {
        status = lede_segment_writer_finish(writer, &id, err);
    }
    lede_segment_writer_free(writer);
    return status == LEDE_OK ? add_segment(r, id, err) : status;
}

/* Inverts what is kept, newest first, and writes it. */
/* Of a body that the home has, if it still does. */
static lede_status give_sketch(repair *r, uint64_t key, lede_error *err)
{
    lede_sketch sketch;
    lede_error why = {0};
    lede_status status = lede_run_home_sketch(r->run, key, &sketch, &why);

    if (status == LEDE_OK) {
        lede_accumulator_give_sketch(r->run->accumulator, &sketch);
    }
    return status == LEDE_OK || status == LEDE_CORRUPT
               ? LEDE_OK
               : lede_fail(err, status, "%s", why.message);
}

static lede_status write_kept(repair *r, lede_error *err)
{
    lede_run *run = r->run;
    uint32_t begin = 0, i;
    lede_status status = LEDE_OK;

    lede_sort(r->kept, r->kept_count, sizeof r->kept[0], compare_kept);
    lede_accumulator_clear(run->accumulator);
    for (i = 0; i < r->kept_count && status == LEDE_OK; i++) {
        const kept *k = &r->kept[i];
        const uint64_t *raws;
        uint32_t count;
        lede_entry entry;

        if (lede_run_is_stopped(run)) {
            return lede_fail(err, LEDE_INTERRUPTED, "stopped");
        }
        status = load(r, k, &entry, err);
        if (status == LEDE_OK) {
            raws = lede_aliases_of(&r->aliases, k->number, &count);
            status = lede_accumulator_add(run->accumulator, &entry, raws, count,
                                          k->now, err);
        }
        if (status == LEDE_OK && run->home != NULL) {
            status = give_sketch(r, k->key, err);
        }
        if (status == LEDE_OK && lede_run_has_inverted_enough(run)) {
            status = write_segment(r, begin, i + 1, err);
            begin = i + 1;
        }
    }
    return status == LEDE_OK && begin < r->kept_count
               ? write_segment(r, begin, r->kept_count, err)
               : status;
}

/* Pair words and aliases are had from the damaged segment where they are whole;
 * searches do without the one, and files that are read again say the other. */
static lede_status recall_terms(repair *r, uint32_t index, lede_error *err)
{
    const lede_segment *segment = lede_salvage_segment(r->salvage, index);
    lede_status status = LEDE_OK;

    lede_arena_clear(&r->alias_arena);
    r->aliases = (lede_aliases){.arena = &r->alias_arena};
    if (segment == NULL) {
        return LEDE_OK;
    }
    if (lede_run_needs_pair_words(r->run)) {
        status = lede_run_take_pair_words(r->run, segment, err);
        status = status == LEDE_CORRUPT ? LEDE_OK : status;
    }
    if (status == LEDE_OK) {
        status = lede_aliases_list(&r->aliases, segment, err);
        if (status == LEDE_CORRUPT) {
            r->aliases = (lede_aliases){.arena = &r->alias_arena};
            status = LEDE_OK;
        }
    }
    return status;
}

/* One damaged segment; first all records that are not in doubt. */
static lede_status rebuild(repair *r, uint32_t index, lede_error *err)
{
    lede_salvage_callbacks callbacks = {r, keep, pass_over};
    lede_status status;

    lede_arena_clear(&r->kept_arena);
    r->kept = NULL;
    r->kept_count = r->kept_cap = 0;
    status = recall_terms(r, index, err);
    if (status == LEDE_OK) {
        status = lede_salvage_each(r->salvage, index, &callbacks, err);
    }
    if (status == LEDE_OK) {
        status = write_kept(r, err);
    }
    return status == LEDE_OK ? lede_spill_clear(r->run->batch.spill, err)
                             : status;
}

static lede_status rebuild_all(repair *r, lede_error *err)
{
    uint32_t count = lede_salvage_count(r->salvage), i;
    lede_status status = LEDE_OK;
    unsigned round;

    r->removed = calloc(count + 1u, sizeof r->removed[0]);
    if (r->removed == NULL) {
        return no_memory(err);
    }
    for (round = 0; round < (r->doubt_count > 0 ? 2u : 1u); round++) {
        r->takes_doubtful = round == 1;
        for (i = 0; i < count && status == LEDE_OK; i++) {
            r->removed[i] = lede_salvage_id(r->salvage, i);
            status = rebuild(r, i, err);
        }
    }
    return status;
}

/* --- Publishing ------------------------------------------------------------
 */

static void name(lede_run *run, uint64_t key, const char *what)
{
    char text[17];

    snprintf(text, sizeof text, "%016" PRIx64, key);
    lede_run_note(run, text, what);
}

/* A doubtful record that no file has is as good as deleted; but nobody can say
 * that it was. */
static void tell_doubts(const repair *r)
{
    uint32_t i;

    for (i = 0; i < r->doubt_count; i++) {
        if (!r->doubts[i].is_claimed && !r->doubts[i].is_settled) {
            name(r->run, r->doubts[i].key,
                 "left out: damage hides whether it was deleted, and no known "
                 "file has it");
        }
    }
}

static lede_status publish(repair *r, lede_error *err)
{
    lede_publish change = {.added = r->added,
                           .added_count = r->added_count,
                           .removed = r->removed,
                           .removed_count = lede_salvage_count(r->salvage),
                           .files = r->marks,
                           .file_count = r->mark_count,
                           .now = r->run->now};

    tell_doubts(r);
    return lede_writer_publish(r->run->writer, &change, err);
}

static lede_status repair_all(repair *r, lede_error *err)
{
    lede_run *run = r->run;
    lede_snapshot *before = run->snapshot;
    lede_status status =
        lede_scratch_new(lede_archive_directory(run->archive),
                         run->budget.batch_bytes, &r->scratch, err);

    if (status != LEDE_OK) {
        return status;
    }
    r->doubt_arena.source = lede_scratch_source(r->scratch);
    r->kept_arena.source = r->alias_arena.source = r->doubt_arena.source;
    status = look(r, err);
    if (status == LEDE_OK) {
        /* Pair words are recalled from what is whole. */
        run->snapshot =
            (lede_snapshot *)(uintptr_t)lede_salvage_rest(r->salvage);
        status = lede_run_recall_pair_words(run, err);
        run->snapshot = before;
    }
    if (status == LEDE_OK) {
        status = rebuild_all(r, err);
    }
    return status == LEDE_OK ? publish(r, err) : status;
}

/* --- Records elsewhere ------------------------------------------------------
 */

/* Entries whose records their home does not have. */
static lede_status list_lost_of_segment(repair *r, const lede_segment *segment,
                                        lede_deletion **deletions,
                                        uint32_t *count, uint32_t *cap,
                                        lede_error *err)
{
    lede_column keys;
    lede_status status =
        lede_segment_column(segment, LEDE_COLUMN_KEY, &keys, err);

    for (uint32_t i = 0; i < lede_segment_entries(segment) && status == LEDE_OK;
         i++) {
        uint64_t key = (uint64_t)lede_column_get(&keys, i);
        lede_deletion *grown;
        bool is_there = true;

        if (!lede_segment_is_deleted(segment, i)) {
            status = lede_xapian_home_has(r->run->home, key, &is_there, err);
        }
        if (status != LEDE_OK || is_there) {
            continue;
        }
        grown = lede_grown(*deletions, *count, cap, sizeof grown[0]);
        if (grown == NULL) {
            return no_memory(err);
        }
        *deletions = grown;
        grown[(*count)++] = (lede_deletion){lede_segment_id(segment), i};
        status = list_lost(r, &key, 1, err);
        lede_run_progress(r->run, "repairing");
    }
    return status;
}

/* Forgets them, so that they are lost like those of a damaged segment. */
static lede_status repair_home(repair *r, lede_error *err)
{
    lede_snapshot *snapshot = NULL;
    lede_deletion *deletions = NULL;
    uint32_t count = 0, cap = 0;
    lede_status status = lede_snapshot_open(r->run->archive, &snapshot, err);

    for (uint32_t i = 0;
         status == LEDE_OK && i < lede_snapshot_segment_count(snapshot); i++) {
        status = list_lost_of_segment(r, lede_snapshot_segment(snapshot, i),
                                      &deletions, &count, &cap, err);
    }
    if (status == LEDE_OK && count > 0) {
        lede_publish change = {.deletions = deletions,
                               .deletion_count = count,
                               .now = r->run->now};

        sort_lists(r);
        r->mark_count = 0;
        status = lede_claimants_find(snapshot, r->run->losses.keys,
                                     r->run->losses.count, mark_file, r, err);
        change.files = r->marks;
        change.file_count = r->mark_count;
        if (status == LEDE_OK) {
            status = lede_writer_publish(r->run->writer, &change, err);
        }
    }
    free(deletions);
    lede_snapshot_close(snapshot);
    return status;
}

lede_status lede_run_repair(lede_run *run, lede_error *err)
{
    repair r = {.run = run};
    lede_status status =
        lede_salvage_open(run->archive, run->options->stop, &r.salvage, err);

    if (status == LEDE_OK && lede_salvage_count(r.salvage) > 0) {
        status = repair_all(&r, err);
    }
    if (status == LEDE_OK && run->home != NULL) {
        status = repair_home(&r, err);
    }
    lede_arena_done(&r.doubt_arena);
    lede_arena_done(&r.kept_arena);
    lede_arena_done(&r.alias_arena);
    lede_scratch_free(r.scratch);
    lede_arena_done(&r.marks_arena);
    lede_arena_done(&r.decoded);
    lede_buf_done(&r.record);
    lede_salvage_close(r.salvage);
    free(r.added);
    free(r.removed);
    if (status != LEDE_OK) {
        lede_losses_done(&run->losses);
    }
    return status;
}

/* --- What is still lost ----------------------------------------------------
 */

typedef struct telling {
    const lede_losses *losses;
    bool *has_file;
    lede_run *run;
} telling;

static lede_status tell_file(void *ctx, uint32_t key,
                             const lede_file_record *file,
                             const lede_file_state *state, lede_error *err)
{
    telling *t = ctx;
    lede_buf what = {0};
    const char *text;

    (void)state;
    (void)err;
    if (!t->has_file[key]) {
        t->has_file[key] = true;
        lede_buf_put_text(&what, "lost by damage; to have it back, index ");
        lede_buf_put_span(&what, file->path);
        text = lede_buf_text(&what);
        name(t->run, t->losses->keys[key], text == NULL ? "lost" : text);
        lede_buf_done(&what);
    }
    return LEDE_OK;
}

/* Leaves of the losses those that are not in the archive. */
static lede_status drop_found(lede_run *run, lede_losses *losses,
                              lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t i, n = 0;

    for (i = 0; i < losses->count && status == LEDE_OK; i++) {
        const lede_segment *segment;
        uint32_t entry;

        status = lede_snapshot_find_key(run->snapshot, losses->keys[i],
                                        &segment, &entry, err);
        if (status == LEDE_NOT_FOUND) {
            losses->keys[n++] = losses->keys[i];
            status = LEDE_OK;
        }
    }
    losses->count = n;
    return status;
}

lede_status lede_run_tell_losses(lede_run *run, lede_error *err)
{
    lede_losses *losses = &run->losses;
    telling t = {losses, NULL, run};
    lede_status status;
    uint32_t i;

    if (losses->count == 0 && losses->unnamed == 0) {
        return LEDE_OK;
    }
    status = lede_run_refresh(run, err);
    if (status == LEDE_OK) {
        status = drop_found(run, losses, err);
    }
    t.has_file = calloc(losses->count + 1u, sizeof t.has_file[0]);
    if (status == LEDE_OK) {
        status = t.has_file == NULL
                     ? no_memory(err)
                     : lede_claimants_find(run->snapshot, losses->keys,
                                           losses->count, tell_file, &t, err);
    }
    for (i = 0; i < losses->count && status == LEDE_OK; i++) {
        if (!t.has_file[i]) {
            name(run, losses->keys[i], "lost by damage: no known file has it");
        }
    }
    if (losses->unnamed > 0 && status == LEDE_OK) {
        char text[80];

        snprintf(text, sizeof text,
                 "%" PRIu64 " entries whose keys were damaged too",
                 losses->unnamed);
        lede_run_note(run, text,
                      "lost, unless they were in the files just read");
    }
    free(t.has_file);
    return status;
}
