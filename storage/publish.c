#include "storage/archive_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/time.h"
#include "storage/ages.h"
#include "storage/copies.h"
#include "storage/file_records.h"
#include "storage/sweep.h"

/* One segment of the state to come. */
struct planned {
    lede_manifest_segment row;
    lede_segment segment;
    uint64_t *deleted; /* the bits to come; NULL: none, or as they are */
    bool changed;      /* the bits are to be written */
};

struct plan {
    lede_writer *writer;
    const lede_publish *change;
    MDB_txn *read; /* the state before, with the new segments' values */
    lede_snapshot before;
    bool before_ready;
    struct planned *segments;
    uint32_t segment_count;
    lede_copies_segment *copies; /* of the segments, in their order */
    lede_manifest manifest;
};

static lede_status no_memory(const struct plan *plan, lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory",
                     plan->writer->archive->directory);
}

static lede_status bad_change(const struct plan *plan, lede_error *err,
                              const char *what, uint32_t segment)
{
    return lede_fail(err, LEDE_BAD_INPUT, "%s: publish: %s %u",
                     plan->writer->archive->directory, what, segment);
}

static bool is_listed(const uint32_t *ids, uint32_t count, uint32_t id)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        if (ids[i] == id) {
            return true;
        }
    }
    return false;
}

/* --- Which segments --------------------------------------------------------
 */

static lede_status keep_segments(struct plan *plan, lede_error *err)
{
    const lede_manifest *old = &plan->before.manifest;
    const lede_publish *change = plan->change;
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < change->removed_count; i++) {
        if (lede_manifest_find(old, change->removed[i]) == old->segment_count) {
            return bad_change(plan, err,
                              "no such segment to remove:", change->removed[i]);
        }
    }
    for (i = 0; i < old->segment_count && status == LEDE_OK; i++) {
        struct planned *next = &plan->segments[plan->segment_count];

        if (is_listed(change->removed, change->removed_count,
                      old->segments[i].id)) {
            continue;
        }
        next->row = old->segments[i];
        status =
            lede_segment_open(&plan->before, &next->row, &next->segment, err);
        plan->segment_count += status == LEDE_OK;
    }
    return status;
}

/* What the manifest will say of a finished segment, from its footer. */
static lede_status read_row(const struct plan *plan, uint32_t id,
                            lede_manifest_segment *out, lede_error *err)
{
    lede_archive *archive = plan->writer->archive;
    uint8_t key[LEDE_VALUE_KEY_BYTES];
    lede_footer footer;
    lede_span bytes;
    lede_status status;

    lede_value_key(id, LEDE_VALUE_FOOTER, 0, key);
    status = lede_txn_get(archive, plan->read, archive->segments,
                          lede_span_of(key, sizeof key), &bytes, err);
    if (status == LEDE_NOT_FOUND) {
        return bad_change(plan, err, "not a finished segment:", id);
    }
    if (status == LEDE_OK) {
        status = lede_footer_decode(bytes, &footer, err);
    }
    if (status == LEDE_OK) {
        *out = (lede_manifest_segment){0};
        out->id = id;
        out->entries = footer.entries;
        out->footer_hash = lede_hash64(bytes);
        out->newest = footer.newest;
        out->live_oldest = footer.oldest;
        out->live_newest = footer.newest;
    }
    return status;
}

static lede_status add_segments(struct plan *plan, lede_error *err)
{
    const lede_publish *change = plan->change;
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < change->added_count && status == LEDE_OK; i++) {
        struct planned *next = &plan->segments[plan->segment_count];
        uint32_t id = change->added[i];

        if (lede_manifest_find(&plan->before.manifest, id) !=
                plan->before.manifest.segment_count ||
            is_listed(change->added, i, id)) {
            return bad_change(plan, err, "segment is there already:", id);
        }
        status = read_row(plan, id, &next->row, err);
        if (status == LEDE_OK) {
            status = lede_segment_open(&plan->before, &next->row,
                                       &next->segment, err);
        }
        plan->segment_count += status == LEDE_OK;
    }
    return status;
}

/* --- Deletions -------------------------------------------------------------
 */

static size_t words_of(uint32_t entries)
{
    return ((size_t)entries + 63) / 64;
}

static struct planned *find_planned(struct plan *plan, uint32_t id,
                                    struct planned *last)
{
    uint32_t i;

    if (last != NULL && last->row.id == id) {
        return last;
    }
    for (i = 0; i < plan->segment_count; i++) {
        if (plan->segments[i].row.id == id) {
            return &plan->segments[i];
        }
    }
    return NULL;
}

/* A copy of the bits as they are (words are kept in the machine's order here,
 * little-endian on disk). */
static bool copy_deleted(struct planned *planned)
{
    size_t words = words_of(planned->row.entries);
    lede_span now = planned->segment.deleted;
    size_t i;

    if (planned->deleted != NULL) {
        return true;
    }
    planned->deleted = calloc(words, sizeof *planned->deleted);
    if (planned->deleted == NULL) {
        return false;
    }
    for (i = 0; i < words && now.len > 0; i++) {
        planned->deleted[i] = lede_load_u64(now.bytes + 8 * i);
    }
    return true;
}

static lede_status apply_deletions(struct plan *plan, lede_error *err)
{
    const lede_publish *change = plan->change;
    struct planned *target = NULL;
    uint32_t i;

    for (i = 0; i < plan->segment_count; i++) {
        if (plan->segments[i].row.deleted > 0 &&
            !copy_deleted(&plan->segments[i])) {
            return no_memory(plan, err);
        }
    }
    for (i = 0; i < change->deletion_count; i++) {
        uint32_t id = change->deletions[i].segment;
        uint32_t entry = change->deletions[i].entry;
        uint64_t bit = (uint64_t)1 << (entry % 64);

        target = find_planned(plan, id, target);
        if (target == NULL) {
            if (is_listed(change->removed, change->removed_count, id)) {
                continue; /* gone as a whole */
            }
            return bad_change(plan, err, "no such segment to delete from:", id);
        }
        if (entry >= target->row.entries) {
            return bad_change(plan, err, "no such entry to delete:", entry);
        }
        if (!copy_deleted(target)) {
            return no_memory(plan, err);
        }
        if ((target->deleted[entry / 64] & bit) == 0) {
            target->deleted[entry / 64] |= bit;
            target->row.deleted++;
            target->changed = true;
        }
    }
    return LEDE_OK;
}

static bool is_deleted(const struct planned *planned, uint32_t entry)
{
    return planned->deleted != NULL &&
           (planned->deleted[entry / 64] >> (entry % 64) & 1) != 0;
}

/* The newest and oldest of the live entries with a date. */
static void find_live_period(struct planned *planned)
{
    uint32_t dated = planned->segment.footer.dated;
    uint32_t first = 0;
    uint32_t last = dated;

    planned->row.live_newest = LEDE_INSTANT_NONE;
    planned->row.live_oldest = LEDE_INSTANT_NONE;
    while (first < dated && is_deleted(planned, first)) {
        first++;
    }
    while (last > first && is_deleted(planned, last - 1)) {
        last--;
    }
    if (first < last) {
        planned->row.live_newest =
            lede_column_get(&planned->segment.times, first);
        planned->row.live_oldest =
            lede_column_get(&planned->segment.times, last - 1);
    }
}

static void encode_deleted(const struct planned *planned, lede_buf *out)
{
    size_t words = words_of(planned->row.entries);
    size_t i;

    for (i = 0; i < words; i++) {
        lede_buf_put_u64(out, planned->deleted[i]);
    }
}

static lede_status settle_deletions(struct plan *plan, lede_error *err)
{
    lede_buf bits = {0};
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < plan->segment_count && status == LEDE_OK; i++) {
        struct planned *planned = &plan->segments[i];

        if (planned->changed) {
            find_live_period(planned);
            lede_buf_clear(&bits);
            encode_deleted(planned, &bits);
            planned->row.deleted_hash = lede_hash64(lede_buf_span(&bits));
            if (bits.failed) {
                status = no_memory(plan, err);
            }
        }
    }
    lede_buf_done(&bits);
    return status;
}

/* --- The manifest ----------------------------------------------------------
 */

static void add_to_manifest(lede_manifest *manifest,
                            const struct planned *planned)
{
    const lede_footer *footer = &planned->segment.footer;
    const lede_manifest_segment *row = &planned->row;
    const uint64_t *bytes = footer->bytes;

    manifest->entries += row->entries - row->deleted;
    manifest->deleted += row->deleted;
    manifest->length += footer->total_length;
    manifest->languages |= footer->languages;
    if (row->live_newest > manifest->newest) {
        manifest->newest = row->live_newest;
    }
    if (row->live_oldest != LEDE_INSTANT_NONE &&
        (manifest->oldest == LEDE_INSTANT_NONE ||
         row->live_oldest < manifest->oldest)) {
        manifest->oldest = row->live_oldest;
    }
    manifest->bytes_terms += bytes[LEDE_VALUE_DICTIONARY] +
                             bytes[LEDE_VALUE_DICTIONARY_INDEX] +
                             bytes[LEDE_VALUE_PAIR_WORDS];
    manifest->bytes_postings += bytes[LEDE_VALUE_LISTS];
    manifest->bytes_positions += bytes[LEDE_VALUE_POSITIONS];
    manifest->bytes_columns +=
        bytes[LEDE_VALUE_COLUMN] + bytes[LEDE_VALUE_LENGTHS] +
        bytes[LEDE_VALUE_NAMES] + bytes[LEDE_VALUE_NAME_BLOCKS] +
        bytes[LEDE_VALUE_SKETCHES] + bytes[LEDE_VALUE_SOURCES];
    manifest->bytes_entries += bytes[LEDE_VALUE_RECORDS] +
                               bytes[LEDE_VALUE_RECORD_BLOCKS] +
                               bytes[LEDE_VALUE_RECORD_SEQUENCE];
    manifest->bytes_keys += bytes[LEDE_VALUE_KEYS];
}

static lede_status compute_ages(struct plan *plan, lede_error *err)
{
    uint32_t count = plan->segment_count;
    lede_ages_segment *segments = calloc(count + 1u, sizeof *segments);
    uint32_t *ids = calloc(count + 1u, sizeof *ids);
    lede_ages ages;
    lede_status status;
    uint32_t i;

    if (segments == NULL || ids == NULL) {
        status = no_memory(plan, err);
        goto done;
    }
    for (i = 0; i < count; i++) {
        segments[i].segment = &plan->segments[i].segment;
        segments[i].deleted = plan->segments[i].deleted;
        ids[i] = plan->segments[i].row.id;
    }
    lede_trust_cache_keep(plan->writer->trust, ids, count);
    status = lede_ages_compute(segments, count, plan->change->now,
                               plan->writer->trust, &ages, err);
    if (status == LEDE_OK) {
        plan->manifest.newest_trusted = ages.newest_trusted;
        plan->manifest.half_life_s = ages.half_life_s;
    }

done:
    free(segments);
    free(ids);
    return status;
}

static lede_status build_manifest(struct plan *plan, lede_error *err)
{
    lede_manifest *manifest = &plan->manifest;
    uint32_t i;

    manifest->generation = plan->before.manifest.generation + 1;
    manifest->last_segment = plan->writer->last_segment;
    manifest->now = plan->change->now;
    manifest->segments =
        calloc(plan->segment_count + 1u, sizeof *manifest->segments);
    if (manifest->segments == NULL) {
        return no_memory(plan, err);
    }
    for (i = 0; i < plan->segment_count; i++) {
        manifest->segments[i] = plan->segments[i].row;
        add_to_manifest(manifest, &plan->segments[i]);
    }
    manifest->segment_count = plan->segment_count;
    qsort(manifest->segments, manifest->segment_count,
          sizeof *manifest->segments, lede_manifest_segment_compare);
    return compute_ages(plan, err);
}

/* --- Copies ----------------------------------------------------------------
 */

static bool has_sketches(const struct plan *plan)
{
    uint32_t i;

    for (i = 0; i < plan->segment_count; i++) {
        if (plan->segments[i].segment.footer.counts[LEDE_VALUE_SKETCHES] > 0) {
            return true;
        }
    }
    return false;
}

/* From what was, unless that cannot be read. */
static lede_status compute_from(struct plan *plan,
                                const lede_segment *const *removed,
                                uint32_t removed_count, lede_error *err)
{
    lede_error own = {0};
    lede_status status = LEDE_CORRUPT;

    if (plan->before.has_copies && removed != NULL) {
        status = lede_copies_compute(plan->copies, plan->segment_count, removed,
                                     removed_count, false, &own);
    }
    if (status == LEDE_CORRUPT) {
        status = lede_copies_compute(plan->copies, plan->segment_count, NULL, 0,
                                     true, &own);
    }
    return status == LEDE_OK
               ? LEDE_OK
               : lede_fail(err, status, "%s: %s",
                           plan->writer->archive->directory, own.message);
}

static lede_status compute_copies(struct plan *plan, lede_error *err)
{
    const lede_manifest *old = &plan->before.manifest;
    uint32_t count = plan->change->removed_count, opened = 0, i;
    lede_segment *gone = calloc(count + 1u, sizeof *gone);
    const lede_segment **removed = calloc(count + 1u, sizeof *removed);
    lede_status status = LEDE_OK;

    plan->copies = calloc(plan->segment_count + 1u, sizeof *plan->copies);
    if (gone == NULL || removed == NULL || plan->copies == NULL) {
        status = no_memory(plan, err);
        goto done;
    }
    for (i = 0; i < plan->segment_count; i++) {
        plan->copies[i].segment = &plan->segments[i].segment;
        plan->copies[i].deleted = plan->segments[i].deleted;
        plan->copies[i].is_new =
            is_listed(plan->change->added, plan->change->added_count,
                      plan->segments[i].row.id);
    }
    if (!has_sketches(plan)) {
        goto done;
    }
    for (; opened < count; opened++) {
        uint32_t at = lede_manifest_find(old, plan->change->removed[opened]);

        if (lede_segment_open(&plan->before, &old->segments[at], &gone[opened],
                              NULL) != LEDE_OK) {
            break; /* damaged: being repaired */
        }
        removed[opened] = &gone[opened];
    }
    status = compute_from(plan, opened == count ? removed : NULL, count, err);

done:
    for (i = 0; i < opened; i++) {
        lede_segment_close(&gone[i]);
    }
    free(gone);
    free(removed);
    return status;
}

/* --- Writing ---------------------------------------------------------------
 */

static lede_status write_rows(const struct plan *plan, MDB_txn *txn,
                              const lede_copies_segment *copies,
                              lede_error *err)
{
    lede_archive *archive = plan->writer->archive;
    uint8_t bytes[LEDE_VALUE_KEY_BYTES];
    MDB_val key = {sizeof bytes, bytes};
    int rc;

    lede_value_key(copies->segment->id, LEDE_VALUE_COPIES, 0, bytes);
    if (copies->row_count > 0) {
        return lede_txn_put(archive, txn, archive->segments,
                            lede_span_of(bytes, sizeof bytes),
                            lede_buf_span(&copies->rows), err);
    }
    rc = mdb_del(txn, archive->segments, &key, NULL);
    return rc == 0 || rc == MDB_NOTFOUND
               ? LEDE_OK
               : lede_lmdb_fail(err, rc, archive, "forget copies");
}

static lede_status write_copies(const struct plan *plan, MDB_txn *txn,
                                lede_error *err)
{
    lede_archive *archive = plan->writer->archive;
    lede_copies_listed *listed =
        calloc(plan->segment_count + 1u, sizeof *listed);
    lede_buf table = {0};
    lede_status status = listed == NULL ? no_memory(plan, err) : LEDE_OK;
    uint32_t count = 0, i;

    for (i = 0; i < plan->segment_count && status == LEDE_OK; i++) {
        const lede_copies_segment *copies = &plan->copies[i];

        if (copies->has_changed) {
            status = write_rows(plan, txn, copies, err);
        }
        if (copies->row_count > 0) {
            listed[count++] =
                (lede_copies_listed){copies->segment->id, copies->row_count,
                                     lede_hash64(lede_buf_span(&copies->rows))};
        }
    }
    if (status == LEDE_OK) {
        lede_copies_table_encode(listed, count, &table);
        status = table.failed ? no_memory(plan, err)
                              : lede_txn_put(archive, txn, archive->meta,
                                             lede_span_text("copies"),
                                             lede_buf_span(&table), err);
    }
    free(listed);
    lede_buf_done(&table);
    return status;
}

static lede_status write_deletions(const struct plan *plan, MDB_txn *txn,
                                   lede_error *err)
{
    lede_archive *archive = plan->writer->archive;
    uint8_t key[LEDE_VALUE_KEY_BYTES];
    lede_buf bits = {0};
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < plan->segment_count && status == LEDE_OK; i++) {
        if (!plan->segments[i].changed) {
            continue;
        }
        lede_buf_clear(&bits);
        encode_deleted(&plan->segments[i], &bits);
        lede_value_key(plan->segments[i].row.id, LEDE_VALUE_DELETED, 0, key);
        status = bits.failed ? no_memory(plan, err)
                             : lede_txn_put(archive, txn, archive->segments,
                                            lede_span_of(key, sizeof key),
                                            lede_buf_span(&bits), err);
    }
    lede_buf_done(&bits);
    return status;
}

static lede_status write_removals(const struct plan *plan, MDB_txn *txn,
                                  lede_error *err)
{
    lede_status status = LEDE_OK;
    bool left;
    uint32_t i;

    for (i = 0; i < plan->change->removed_count && status == LEDE_OK; i++) {
        status = lede_sweep_segment(plan->writer->archive, txn,
                                    plan->change->removed[i], UINT32_MAX, &left,
                                    err);
    }
    return status;
}

static lede_status forget_file(const struct plan *plan, MDB_txn *txn,
                               lede_span key, lede_error *err)
{
    const lede_archive *archive = plan->writer->archive;
    MDB_val value = {key.len, (void *)key.bytes};
    int rc = mdb_del(txn, archive->files, &value, NULL);

    return rc == 0 || rc == MDB_NOTFOUND
               ? LEDE_OK
               : lede_lmdb_fail(err, rc, archive, "forget a file");
}

static lede_status write_files(const struct plan *plan, MDB_txn *txn,
                               lede_error *err)
{
    const lede_publish *change = plan->change;
    lede_archive *archive = plan->writer->archive;
    lede_buf key = {0};
    lede_buf value = {0};
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < change->forgotten_count && status == LEDE_OK; i++) {
        lede_buf_clear(&key);
        lede_file_key(change->forgotten[i], &key);
        status = key.failed ? no_memory(plan, err)
                            : forget_file(plan, txn, lede_buf_span(&key), err);
    }
    for (i = 0; i < change->file_count && status == LEDE_OK; i++) {
        lede_buf_clear(&key);
        lede_buf_clear(&value);
        lede_file_key(change->files[i].path, &key);
        lede_file_record_encode(&change->files[i], &value);
        status =
            key.failed || value.failed
                ? no_memory(plan, err)
                : lede_txn_put(archive, txn, archive->files,
                               lede_buf_span(&key), lede_buf_span(&value), err);
    }
    lede_buf_done(&key);
    lede_buf_done(&value);
    return status;
}

static lede_status write_manifest(const struct plan *plan, MDB_txn *txn,
                                  lede_error *err)
{
    lede_archive *archive = plan->writer->archive;
    lede_buf bytes = {0};
    lede_status status;

    lede_manifest_encode(&plan->manifest, &bytes);
    status = bytes.failed ? no_memory(plan, err)
                          : lede_txn_put(archive, txn, archive->meta,
                                         lede_span_text("manifest"),
                                         lede_buf_span(&bytes), err);
    lede_buf_done(&bytes);
    return status;
}

/* An archive of an older format has segments of the newer one from now on. */
static lede_status write_format(const struct plan *plan, MDB_txn *txn,
                                lede_error *err)
{
    lede_archive *archive = plan->writer->archive;
    lede_span name = lede_span_text("format");
    lede_buf bytes = {0};
    lede_span stored;
    lede_status status =
        lede_txn_get(archive, txn, archive->meta, name, &stored, err);

    lede_format_encode(archive->records != NULL, &bytes);
    if (status == LEDE_OK && bytes.failed) {
        status = no_memory(plan, err);
    }
    if (status == LEDE_OK && !lede_span_equal(stored, lede_buf_span(&bytes))) {
        status = lede_txn_put(archive, txn, archive->meta, name,
                              lede_buf_span(&bytes), err);
    }
    lede_buf_done(&bytes);
    return status == LEDE_NOT_FOUND ? LEDE_OK : status;
}

static lede_status write_all(const struct plan *plan, lede_error *err)
{
    lede_archive *archive = plan->writer->archive;
    MDB_txn *txn = NULL;
    lede_status status = lede_txn_begin(archive, true, &txn, err);

    if (status == LEDE_OK) {
        status = write_removals(plan, txn, err);
    }
    if (status == LEDE_OK) {
        status = write_deletions(plan, txn, err);
    }
    if (status == LEDE_OK) {
        status = write_files(plan, txn, err);
    }
    if (status == LEDE_OK) {
        status = write_copies(plan, txn, err);
    }
    if (status == LEDE_OK) {
        status = write_format(plan, txn, err);
    }
    if (status == LEDE_OK) {
        status = write_manifest(plan, txn, err);
    }
    if (status == LEDE_OK) {
        mdb_env_set_flags(archive->env, MDB_NOMETASYNC, 0);
        status = lede_txn_commit(archive, txn, err);
        mdb_env_set_flags(archive->env, MDB_NOMETASYNC, 1);
        txn = NULL;
    }
    lede_txn_abort(archive, txn);
    return status;
}

/* --- Publish ---------------------------------------------------------------
 */

static lede_status make_plan(struct plan *plan, lede_error *err)
{
    lede_archive *archive = plan->writer->archive;
    lede_status status = lede_txn_begin(archive, false, &plan->read, err);

    if (status == LEDE_OK) {
        status =
            lede_snapshot_init_bare(archive, plan->read, &plan->before, err);
        plan->before_ready = status == LEDE_OK;
    }
    if (status == LEDE_OK) {
        plan->segments = calloc((size_t)plan->before.manifest.segment_count +
                                    plan->change->added_count + 1,
                                sizeof *plan->segments);
        if (plan->segments == NULL) {
            status = no_memory(plan, err);
        }
    }
    if (status == LEDE_OK) {
        status = keep_segments(plan, err);
    }
    if (status == LEDE_OK) {
        status = add_segments(plan, err);
    }
    if (status == LEDE_OK) {
        status = apply_deletions(plan, err);
    }
    if (status == LEDE_OK) {
        status = settle_deletions(plan, err);
    }
    if (status == LEDE_OK) {
        status = compute_copies(plan, err);
    }
    return status == LEDE_OK ? build_manifest(plan, err) : status;
}

static void plan_done(struct plan *plan)
{
    uint32_t i;

    for (i = 0; i < plan->segment_count; i++) {
        lede_segment_close(&plan->segments[i].segment);
        free(plan->segments[i].deleted);
        if (plan->copies != NULL) {
            lede_buf_done(&plan->copies[i].rows);
        }
    }
    free(plan->copies);
    free(plan->segments);
    lede_manifest_done(&plan->manifest);
    if (plan->before_ready) {
        lede_snapshot_done(&plan->before);
    }
    lede_txn_abort(plan->writer->archive, plan->read);
}

lede_status lede_writer_publish(lede_writer *writer, const lede_publish *change,
                                lede_error *err)
{
    struct plan plan = {0};
    lede_status status;

    assert(writer != NULL && change != NULL);
    plan.writer = writer;
    plan.change = change;
    lede_manifest_init(&plan.manifest);
    pthread_mutex_lock(&writer->mutex);
    status = make_plan(&plan, err);
    if (status == LEDE_OK) {
        status = write_all(&plan, err);
    }
    pthread_mutex_unlock(&writer->mutex);
    plan_done(&plan);
    return status;
}
