#include "storage/check_internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "storage/ages.h"
#include "storage/copies.h"
#include "storage/file_records.h"

/* --- Telling ---------------------------------------------------------------
 */

void lede_check_found(lede_check *check, const char *format, ...)
{
    const lede_check_callbacks *callbacks = check->callbacks;
    char text[LEDE_ERROR_MESSAGE_BYTES];
    va_list args;

    check->problems++;
    if (callbacks == NULL || callbacks->found == NULL ||
        check->problems > LEDE_CHECK_TOLD) {
        return;
    }
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    callbacks->found(callbacks->ctx, text);
}

/* As many keys as a line has room for. */
enum { KEYS_TOLD = 3 };

void lede_check_lost(lede_check *check, const char *problem,
                     const uint64_t *keys, uint32_t count)
{
    const lede_check_callbacks *callbacks = check->callbacks;
    lede_buf some = {0};
    uint32_t i;

    if (callbacks != NULL && callbacks->lost != NULL) {
        if (++check->problems <= LEDE_CHECK_TOLD) {
            callbacks->lost(callbacks->ctx, problem, keys, count);
        }
        return;
    }
    for (i = 0; i < count && i < KEYS_TOLD; i++) {
        lede_buf_put_format(&some, "%s%016" PRIx64, i == 0 ? ": " : ", ",
                            keys[i]);
    }
    if (count > KEYS_TOLD) {
        lede_buf_put_format(&some, " and %" PRIu32 " more", count - KEYS_TOLD);
    }
    lede_check_found(check, "%s: %" PRIu32 " entries cannot be read%s", problem,
                     count, some.len == 0 ? "" : lede_buf_text(&some));
    lede_buf_done(&some);
}

bool lede_check_is_fatal(lede_status status)
{
    return status == LEDE_NO_MEMORY || status == LEDE_IO ||
           status == LEDE_STALE || status == LEDE_BUSY;
}

void lede_check_failed(lede_check *check, lede_status status,
                       const lede_error *why, const char *where)
{
    if (!lede_check_is_fatal(status)) {
        lede_check_found(check, "%s: %s", where, why->message);
    } else if (check->fatal.status == LEDE_OK) {
        lede_fail(&check->fatal, status, "%s: check: %s: %s",
                  check->archive->directory, where, why->message);
    }
}

void lede_check_progress(lede_check *check, uint64_t bytes)
{
    const lede_check_callbacks *callbacks = check->callbacks;

    check->done_bytes += bytes;
    if (callbacks != NULL && callbacks->progress != NULL) {
        callbacks->progress(callbacks->ctx, check->done_bytes,
                            check->all_bytes);
    }
}

bool lede_check_stopped(const lede_check *check)
{
    return check->fatal.status != LEDE_OK ||
           (check->callbacks != NULL && check->callbacks->stop != NULL &&
            *check->callbacks->stop != 0);
}

/* --- Values that belong to nothing -----------------------------------------
 */

static bool has_rows(const lede_snapshot *snapshot, uint32_t segment)
{
    uint32_t i;

    for (i = 0; i < lede_copies_table_count(snapshot->copies); i++) {
        if (lede_copies_table_get(snapshot->copies, i).segment == segment) {
            return true;
        }
    }
    return false;
}

/* A key of the segments: a whole segment that is not listed is work that a
 * writer is at, or left; but a listed one has nothing beyond its footer. */
static void check_value_key(lede_check *check, const lede_snapshot *snapshot,
                            lede_span key)
{
    const lede_segment *segment = NULL;
    uint32_t id, index, i;
    unsigned kind;

    if (key.len != LEDE_VALUE_KEY_BYTES) {
        lede_check_found(check, "a value with a key of %zu bytes", key.len);
        return;
    }
    id = lede_load_u32_be(key.bytes);
    kind = key.bytes[4];
    index = lede_load_u32_be(key.bytes + 5);
    for (i = 0; i < snapshot->segment_count; i++) {
        if (snapshot->segments[i].id == id) {
            segment = &snapshot->segments[i];
        }
    }
    if (segment == NULL || (kind == LEDE_VALUE_DELETED && index == 0 &&
                            segment->deleted.len > 0)) {
        return;
    }
    if (kind == LEDE_VALUE_COPIES && index == 0 && has_rows(snapshot, id)) {
        return;
    }
    if (kind >= LEDE_VALUE_KIND_COUNT ||
        index >= segment->footer.counts[kind]) {
        lede_check_found(check, "segment %u: a value that nothing names: %s %u",
                         id, lede_value_kind_name((lede_value_kind)kind),
                         index);
    }
}

typedef void (*key_check)(lede_check *check, const lede_snapshot *snapshot,
                          lede_span key, lede_span value);

static void check_segment_value(lede_check *check,
                                const lede_snapshot *snapshot, lede_span key,
                                lede_span value)
{
    (void)value;
    check_value_key(check, snapshot, key);
}

static void check_meta_value(lede_check *check, const lede_snapshot *snapshot,
                             lede_span key, lede_span value)
{
    lede_error err = {0};
    lede_span items;

    (void)snapshot;
    if (lede_span_is(key, "copies") &&
        lede_copies_table_decode(value, &items, &err) != LEDE_OK) {
        lede_check_found(check, "%s", err.message);
    }
    if (!lede_span_is(key, "format") && !lede_span_is(key, "manifest") &&
        !lede_span_is(key, "copies")) {
        lede_check_found(check, "a value that nothing names: meta '%.*s'",
                         (int)key.len, (const char *)key.bytes);
    }
}

static void check_file_value(lede_check *check, const lede_snapshot *snapshot,
                             lede_span key, lede_span value)
{
    lede_file_record record;
    lede_error err = {LEDE_NO_MEMORY, "out of memory"};
    lede_buf wanted = {0};
    lede_status status = lede_file_record_decode(value, &record, &err);

    (void)snapshot;
    if (status != LEDE_OK) {
        lede_file_record_put_name(key, value, &wanted);
        lede_check_found(check, "the record of the file %s is damaged",
                         wanted.failed ? "?" : lede_buf_text(&wanted));
        lede_buf_done(&wanted);
        return;
    }
    lede_file_key(record.path, &wanted);
    if (wanted.failed) {
        lede_check_failed(check, LEDE_NO_MEMORY, &err, "a file record");
    } else if (!lede_span_equal(lede_buf_span(&wanted), key)) {
        lede_check_found(check,
                         "the record of '%.*s' is not where it would be "
                         "looked for",
                         (int)record.path.len, (const char *)record.path.bytes);
    }
    lede_buf_done(&wanted);
    lede_check_progress(check, value.len);
}

static void check_all_keys(lede_check *check, const lede_snapshot *snapshot,
                           MDB_dbi dbi, key_check fn)
{
    MDB_cursor *cursor = NULL;
    MDB_val key, value;
    int rc = mdb_cursor_open(snapshot->txn, dbi, &cursor);

    if (rc == 0) {
        rc = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
    }
    while (rc == 0 && !lede_check_stopped(check)) {
        fn(check, snapshot, lede_span_of(key.mv_data, key.mv_size),
           lede_span_of(value.mv_data, value.mv_size));
        rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
    if (cursor != NULL) {
        mdb_cursor_close(cursor);
    }
    if (rc != 0 && rc != MDB_NOTFOUND) {
        lede_error err = {0};

        lede_check_failed(check,
                          lede_lmdb_fail(&err, rc, check->archive, "read"),
                          &err, "keys");
    }
}

/* --- Keys over all segments ------------------------------------------------
 */

/* No two live entries share a key: a merge of all tables of keys. */
static void check_unique(lede_check *check, const lede_snapshot *snapshot)
{
    uint32_t count = snapshot->segment_count;
    uint32_t *at = calloc(count + 1u, sizeof *at);
    lede_error err = {LEDE_NO_MEMORY, "out of memory"};
    bool has_last = false;
    uint64_t last = 0;
    uint32_t i;

    if (at == NULL) {
        lede_check_failed(check, LEDE_NO_MEMORY, &err, "keys");
        return;
    }
    for (;;) {
        const lede_segment *least = NULL;
        uint32_t least_index = 0, entry;
        uint64_t key = 0;

        for (i = 0; i < count; i++) {
            const lede_segment *segment = &snapshot->segments[i];
            uint64_t own;

            if (at[i] == segment->footer.entries) {
                continue;
            }
            own = lede_segment_key(segment,
                                   lede_segment_key_entry(segment, at[i]));
            if (least == NULL || own < key) {
                least = segment;
                least_index = i;
                key = own;
            }
        }
        if (least == NULL || lede_check_stopped(check)) {
            break;
        }
        entry = lede_segment_key_entry(least, at[least_index]++);
        if (lede_segment_is_deleted(least, entry)) {
            continue;
        }
        if (has_last && key == last) {
            lede_check_found(check, "two entries have the key %016llx",
                             (unsigned long long)key);
        }
        has_last = true;
        last = key;
    }
    free(at);
}

/* --- Totals ----------------------------------------------------------------
 */

static void add_bytes(lede_manifest *sums, const uint64_t *bytes)
{
    sums->bytes_terms += bytes[LEDE_VALUE_DICTIONARY] +
                         bytes[LEDE_VALUE_DICTIONARY_INDEX] +
                         bytes[LEDE_VALUE_PAIR_WORDS];
    sums->bytes_postings += bytes[LEDE_VALUE_LISTS];
    sums->bytes_positions += bytes[LEDE_VALUE_POSITIONS];
    sums->bytes_columns +=
        bytes[LEDE_VALUE_COLUMN] + bytes[LEDE_VALUE_LENGTHS] +
        bytes[LEDE_VALUE_NAMES] + bytes[LEDE_VALUE_NAME_BLOCKS] +
        bytes[LEDE_VALUE_SKETCHES] + bytes[LEDE_VALUE_SOURCES];
    sums->bytes_entries += bytes[LEDE_VALUE_RECORDS] +
                           bytes[LEDE_VALUE_RECORD_BLOCKS] +
                           bytes[LEDE_VALUE_RECORD_SEQUENCE];
    sums->bytes_keys += bytes[LEDE_VALUE_KEYS];
}

static bool are_sums_equal(const lede_manifest *a, const lede_manifest *b)
{
    return a->length == b->length && a->languages == b->languages &&
           a->oldest == b->oldest && a->newest == b->newest &&
           a->bytes_terms == b->bytes_terms &&
           a->bytes_postings == b->bytes_postings &&
           a->bytes_positions == b->bytes_positions &&
           a->bytes_columns == b->bytes_columns &&
           a->bytes_entries == b->bytes_entries &&
           a->bytes_keys == b->bytes_keys;
}

static void check_sums(lede_check *check, const lede_snapshot *snapshot)
{
    const lede_manifest *manifest = &snapshot->manifest;
    lede_manifest sums;
    uint32_t i;

    lede_manifest_init(&sums);
    for (i = 0; i < snapshot->segment_count; i++) {
        const lede_manifest_segment *row = &manifest->segments[i];
        const lede_footer *footer = &snapshot->segments[i].footer;

        sums.length += footer->total_length;
        sums.languages |= footer->languages;
        add_bytes(&sums, footer->bytes);
        if (row->live_newest == LEDE_INSTANT_NONE) {
            continue;
        }
        if (row->live_newest > sums.newest) {
            sums.newest = row->live_newest;
        }
        if (sums.oldest == LEDE_INSTANT_NONE ||
            row->live_oldest < sums.oldest) {
            sums.oldest = row->live_oldest;
        }
    }
    if (!are_sums_equal(&sums, manifest)) {
        lede_check_found(check, "the manifest's totals are wrong");
    }
}

/* The words of a segment's deletions, in the machine's order. */
static bool copy_deletions(const lede_segment *segment, uint64_t **out)
{
    size_t words = segment->deleted.len / 8, i;

    *out = NULL;
    if (words == 0) {
        return true;
    }
    *out = malloc(words * sizeof **out);
    for (i = 0; *out != NULL && i < words; i++) {
        (*out)[i] = lede_load_u64(segment->deleted.bytes + 8 * i);
    }
    return *out != NULL;
}

/* The groups from the entries alone, beside those that are kept. */
static void check_copies(lede_check *check, const lede_snapshot *snapshot)
{
    uint32_t count = snapshot->segment_count, i;
    lede_copies_segment *segments = calloc(count + 1u, sizeof *segments);
    uint64_t **deleted = calloc(count + 1u, sizeof *deleted);
    lede_error err = {LEDE_NO_MEMORY, "out of memory"};
    lede_status status =
        segments == NULL || deleted == NULL ? LEDE_NO_MEMORY : LEDE_OK;

    for (i = 0; i < count && status == LEDE_OK; i++) {
        segments[i].segment = &snapshot->segments[i];
        if (!copy_deletions(&snapshot->segments[i], &deleted[i])) {
            status = LEDE_NO_MEMORY;
        }
        segments[i].deleted = deleted[i];
    }
    if (status == LEDE_OK) {
        status = lede_copies_compute(segments, count, NULL, 0, true, &err);
    }
    for (i = 0; i < count && status == LEDE_OK; i++) {
        lede_span rows;

        if (lede_segment_copies(&snapshot->segments[i], &rows, &err) !=
            LEDE_OK) {
            lede_check_failed(check, err.status, &err, "copies");
        } else if (segments[i].has_changed) {
            lede_check_found(check,
                             "segment %u: its copies are not those of "
                             "its entries",
                             snapshot->segments[i].id);
        }
    }
    if (status != LEDE_OK) {
        lede_check_failed(check, status, &err, "copies");
    }
    for (i = 0; i < count && segments != NULL && deleted != NULL; i++) {
        lede_buf_done(&segments[i].rows);
        free(deleted[i]);
    }
    free(segments);
    free(deleted);
}

static void check_ages(lede_check *check, const lede_snapshot *snapshot)
{
    const lede_manifest *manifest = &snapshot->manifest;
    uint32_t count = snapshot->segment_count;
    lede_ages_segment *segments = calloc(count + 1u, sizeof *segments);
    lede_error err = {LEDE_NO_MEMORY, "out of memory"};
    lede_buf bits = {0};
    lede_ages ages;
    size_t bytes = 0;
    uint32_t i;
    lede_status status = LEDE_NO_MEMORY;

    for (i = 0; i < count; i++) {
        bytes += snapshot->segments[i].deleted.len;
    }
    if (segments == NULL || !lede_buf_reserve(&bits, bytes)) {
        goto done;
    }
    for (i = 0; i < count; i++) {
        segments[i].segment = &snapshot->segments[i];
        if (snapshot->segments[i].deleted.len > 0) {
            /* Words of eight bytes each, so the copy stays aligned. */
            segments[i].deleted = (const void *)(bits.bytes + bits.len);
            lede_buf_put_span(&bits, snapshot->segments[i].deleted);
        }
    }
    status =
        lede_ages_compute(segments, count, manifest->now, NULL, &ages, &err);
    if (status == LEDE_OK && (ages.newest_trusted != manifest->newest_trusted ||
                              ages.half_life_s != manifest->half_life_s)) {
        lede_check_found(check, "the manifest's median age is wrong");
    }

done:
    if (status != LEDE_OK) {
        lede_check_failed(check, status, &err, "ages");
    }
    free(segments);
    lede_buf_done(&bits);
}

/* --- All -------------------------------------------------------------------
 */

static void check_content(lede_check *check, const lede_snapshot *snapshot)
{
    lede_archive *archive = check->archive;
    uint32_t i;

    for (i = 0; i < snapshot->segment_count; i++) {
        lede_check_segment(check, &snapshot->segments[i],
                           &snapshot->manifest.segments[i]);
    }
    /* Keys and dates can be relied upon, and were all looked at. */
    if (check->problems == 0 && !lede_check_stopped(check)) {
        check_unique(check, snapshot);
    }
    check_sums(check, snapshot);
    check_ages(check, snapshot);
    if (check->problems == 0 && !lede_check_stopped(check)) {
        check_copies(check, snapshot);
    }
    check_all_keys(check, snapshot, archive->segments, check_segment_value);
    check_all_keys(check, snapshot, archive->meta, check_meta_value);
    check_all_keys(check, snapshot, archive->files, check_file_value);
}

/* What the progress counts to. */
static uint64_t bytes_of(const lede_snapshot *snapshot)
{
    uint64_t sum = 0;
    uint32_t i;
    unsigned kind;

    for (i = 0; i < snapshot->segment_count; i++) {
        for (kind = 0; kind < LEDE_VALUE_KIND_COUNT; kind++) {
            sum += snapshot->segments[i].footer.bytes[kind];
        }
    }
    return sum;
}

static void check_state(lede_check *check, MDB_txn *txn,
                        const lede_pages_head *head)
{
    lede_snapshot snapshot;
    lede_error err = {0};
    int dead = 0;
    lede_status status =
        lede_pages_check(check->archive, head, LEDE_PAGES_ALL, &err);

    if (status == LEDE_OK) {
        status = lede_snapshot_init(check->archive, txn, true, &snapshot, &err);
    }
    if (status != LEDE_OK) {
        lede_check_failed(check, status, &err, "the file");
        return;
    }
    if (mdb_reader_check(check->archive->env, &dead) != 0) {
        lede_check_found(check, "the table of readers is damaged");
    }
    check->all_bytes = bytes_of(&snapshot);
    check_content(check, &snapshot);
    lede_snapshot_done(&snapshot);
}

lede_status lede_archive_check(lede_archive *archive,
                               const lede_check_callbacks *callbacks,
                               lede_error *err)
{
    lede_check check = {.archive = archive, .callbacks = callbacks};
    lede_pages_head head;
    MDB_txn *txn = NULL;
    lede_error own = {0};
    lede_status status = lede_pages_begin(archive, &txn, &head, &own);

    if (status == LEDE_OK) {
        check_state(&check, txn, &head);
    } else {
        lede_check_failed(&check, status, &own, "the file");
    }
    lede_txn_abort(archive, txn);
    if (check.fatal.status != LEDE_OK) {
        return lede_fail(err, check.fatal.status, "%s", check.fatal.message);
    }
    if (lede_check_stopped(&check)) {
        return lede_fail(err, LEDE_INTERRUPTED, "%s: the check was stopped",
                         archive->directory);
    }
    if (check.problems > 0) {
        return lede_fail(err, LEDE_CORRUPT, "%s: %llu %s wrong with it",
                         archive->directory, (unsigned long long)check.problems,
                         check.problems == 1 ? "thing is" : "things are");
    }
    return LEDE_OK;
}
