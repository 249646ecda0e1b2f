#include "storage/archive_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "storage/copies.h"

static lede_status read_manifest(lede_snapshot *snapshot, lede_error *err)
{
    lede_archive *archive = snapshot->archive;
    lede_span bytes;
    lede_status status = lede_txn_get(archive, snapshot->txn, archive->meta,
                                      lede_span_text("manifest"), &bytes, err);

    if (status == LEDE_NOT_FOUND) {
        return lede_fail(err, LEDE_CORRUPT, "%s: the manifest is missing",
                         archive->directory);
    }
    if (status == LEDE_OK) {
        status = lede_manifest_decode(bytes, &snapshot->manifest, err);
        if (status != LEDE_OK) {
            return lede_fail_in(err, status, "%s", archive->directory);
        }
    }
    return status;
}

/* A damaged table is no table: who publishes next makes it anew, and check
 * tells. */
static lede_status read_copies(lede_snapshot *snapshot, lede_error *err)
{
    lede_archive *archive = snapshot->archive;
    lede_span bytes;
    lede_status status = lede_txn_get(archive, snapshot->txn, archive->meta,
                                      lede_span_text("copies"), &bytes, err);

    if (status == LEDE_OK) {
        snapshot->has_copies =
            lede_copies_table_decode(bytes, &snapshot->copies, NULL) == LEDE_OK;
    }
    return status == LEDE_NOT_FOUND ? LEDE_OK : status;
}

static void fill_totals(lede_snapshot *snapshot)
{
    const lede_manifest *manifest = &snapshot->manifest;
    lede_totals *totals = &snapshot->totals;
    struct stat info;

    totals->generation = manifest->generation;
    totals->entries = manifest->entries;
    totals->deleted = manifest->deleted;
    totals->length = manifest->length;
    totals->oldest = manifest->oldest;
    totals->newest = manifest->newest;
    totals->newest_trusted = manifest->newest_trusted;
    totals->half_life_s = manifest->half_life_s;
    totals->languages = manifest->languages;
    totals->bytes_terms = manifest->bytes_terms;
    totals->bytes_postings = manifest->bytes_postings;
    totals->bytes_positions = manifest->bytes_positions;
    totals->bytes_columns = manifest->bytes_columns;
    totals->bytes_entries = manifest->bytes_entries;
    totals->bytes_keys = manifest->bytes_keys;
    if (fstat(snapshot->archive->data_fd, &info) == 0) {
        totals->bytes_file = (uint64_t)info.st_size;
    }
}

lede_status lede_snapshot_init_bare(lede_archive *archive, MDB_txn *txn,
                                    lede_snapshot *out, lede_error *err)
{
    lede_status status;

    *out = (lede_snapshot){0};
    out->archive = archive;
    out->txn = txn;
    lede_manifest_init(&out->manifest);
    status = read_manifest(out, err);
    if (status == LEDE_OK) {
        status = read_copies(out, err);
    }
    if (status == LEDE_OK) {
        fill_totals(out);
    }
    return status;
}

lede_status lede_snapshot_init(lede_archive *archive, MDB_txn *txn,
                               bool is_for_check, lede_snapshot *out,
                               lede_error *err)
{
    lede_status status = lede_snapshot_init_bare(archive, txn, out, err);
    uint32_t i;

    if (status != LEDE_OK) {
        return status;
    }
    out->is_for_check = is_for_check;
    if (out->manifest.segment_count > 0) {
        out->segments =
            calloc(out->manifest.segment_count, sizeof *out->segments);
        if (out->segments == NULL) {
            status = lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory",
                               archive->directory);
            goto done;
        }
    }
    for (i = 0; i < out->manifest.segment_count; i++) {
        status = lede_segment_open(out, &out->manifest.segments[i],
                                   &out->segments[i], err);
        if (status != LEDE_OK) {
            goto done;
        }
        out->segment_count++;
    }
    lede_seals_forget(archive);

done:
    if (status != LEDE_OK) {
        lede_snapshot_done(out);
    }
    return status;
}

void lede_snapshot_done(lede_snapshot *snapshot)
{
    uint32_t i;

    for (i = 0; i < snapshot->segment_count; i++) {
        lede_segment_close(&snapshot->segments[i]);
    }
    free(snapshot->segments);
    snapshot->segments = NULL;
    snapshot->segment_count = 0;
    lede_manifest_done(&snapshot->manifest);
    lede_snapshot_keep(snapshot, NULL, NULL);
}

/* What is kept is not the archive's: who reads may change it. */
void lede_snapshot_keep(const lede_snapshot *snapshot, void *kept,
                        void (*free_kept)(void *kept))
{
    lede_snapshot *own = (lede_snapshot *)(uintptr_t)snapshot;

    if (own->kept != NULL && own->free_kept != NULL) {
        own->free_kept(own->kept);
    }
    own->kept = kept;
    own->free_kept = free_kept;
}

void *lede_snapshot_kept(const lede_snapshot *snapshot)
{
    return snapshot->kept;
}

static lede_status open_snapshot(lede_archive *archive, bool with_segments,
                                 lede_snapshot **out, lede_error *err)
{
    lede_snapshot *snapshot = calloc(1, sizeof *snapshot);
    lede_pages_head head;
    MDB_txn *txn = NULL;
    lede_status status;

    if (snapshot == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory",
                         archive->directory);
    }
    status = lede_pages_begin(archive, &txn, &head, err);
    if (status == LEDE_OK) {
        status = lede_pages_check(archive, &head, LEDE_PAGES_SEARCH, err);
    }
    if (status == LEDE_OK) {
        status = with_segments
                     ? lede_snapshot_init(archive, txn, false, snapshot, err)
                     : lede_snapshot_init_bare(archive, txn, snapshot, err);
    }
    if (status != LEDE_OK) {
        lede_txn_abort(archive, txn);
        free(snapshot);
        return status;
    }
    snapshot->head = head;
    *out = snapshot;
    return LEDE_OK;
}

lede_status lede_snapshot_open(lede_archive *archive, lede_snapshot **out,
                               lede_error *err)
{
    return open_snapshot(archive, true, out, err);
}

lede_status lede_snapshot_open_files(lede_archive *archive, lede_snapshot **out,
                                     lede_error *err)
{
    return open_snapshot(archive, false, out, err);
}

void lede_snapshot_close(lede_snapshot *snapshot)
{
    if (snapshot != NULL) {
        lede_snapshot_done(snapshot);
        lede_txn_abort(snapshot->archive, snapshot->txn);
        free(snapshot);
    }
}

const lede_totals *lede_snapshot_totals(const lede_snapshot *snapshot)
{
    return &snapshot->totals;
}

uint32_t lede_snapshot_segment_count(const lede_snapshot *snapshot)
{
    return snapshot->segment_count;
}

const lede_segment *lede_snapshot_segment(const lede_snapshot *snapshot,
                                          uint32_t index)
{
    assert(index < snapshot->segment_count);
    return &snapshot->segments[index];
}

/* --- Keys ------------------------------------------------------------------
 */

lede_status lede_snapshot_find_key(const lede_snapshot *snapshot, uint64_t key,
                                   const lede_segment **segment,
                                   uint32_t *entry, lede_error *err)
{
    uint32_t i;

    for (i = 0; i < snapshot->segment_count; i++) {
        const lede_segment *candidate = &snapshot->segments[i];
        uint32_t at, end, found;
        lede_status status =
            lede_segment_key_range(candidate, key, key, &at, &end, err);

        if (status != LEDE_OK) {
            return status;
        }
        for (; at < end; at++) {
            found = lede_segment_key_entry(candidate, at);
            if (!lede_segment_is_deleted(candidate, found)) {
                *segment = candidate;
                *entry = found;
                return LEDE_OK;
            }
        }
    }
    return LEDE_NOT_FOUND;
}

/* Whether a live key of a later segment was met in an earlier one, all of whose
 * tables of keys are open. */
static bool is_met_before(const lede_snapshot *snapshot, uint32_t index,
                          uint64_t key)
{
    uint32_t i, at, end;

    for (i = 0; i < index; i++) {
        const lede_segment *segment = &snapshot->segments[i];

        if (lede_segment_key_range(segment, key, key, &at, &end, NULL) !=
            LEDE_OK) {
            continue;
        }
        for (; at < end; at++) {
            if (!lede_segment_is_deleted(segment,
                                         lede_segment_key_entry(segment, at))) {
                return true;
            }
        }
    }
    return false;
}

lede_status lede_snapshot_find_key_prefix(const lede_snapshot *snapshot,
                                          uint64_t prefix, unsigned digits,
                                          uint64_t *keys, uint32_t max,
                                          uint64_t *count, lede_error *err)
{
    uint64_t mask, met = 0;
    uint32_t i, at, end;

    assert(digits >= 1 && digits <= 16);
    mask = digits == 16 ? 0 : UINT64_MAX >> (4 * digits);
    for (i = 0; i < snapshot->segment_count; i++) {
        const lede_segment *segment = &snapshot->segments[i];
        bool has_last = false;
        uint64_t last = 0;
        lede_status status = lede_segment_key_range(
            segment, prefix & ~mask, prefix | mask, &at, &end, err);

        if (status != LEDE_OK) {
            return status;
        }
        for (; at < end; at++) {
            uint32_t entry = lede_segment_key_entry(segment, at);
            uint64_t key = lede_segment_key(segment, entry);

            if (lede_segment_is_deleted(segment, entry) ||
                (has_last && key == last) || is_met_before(snapshot, i, key)) {
                continue;
            }
            has_last = true;
            last = key;
            if (met < max) {
                keys[met] = key;
            }
            met++;
        }
    }
    *count = met;
    return LEDE_OK;
}
