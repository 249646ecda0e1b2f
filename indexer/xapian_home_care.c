/* xapian_home_care.c - check, repair and upgrade of a home. */
#include "indexer/xapian_home_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "indexer/grow.h"
#include "storage/record.h"

/* --- Care ----------------------------------------------------------------- */

lede_status lede_xapian_home_has(lede_xapian_home *home, uint64_t key,
                                 bool *out, lede_error *err)
{
    lede_xapian_name name;
    uint32_t document;
    lede_status status = lede_xapian_find(
        home->db, lede_xapian_name_key(&name, key), 0, &document, err);

    if (status != LEDE_OK && status != LEDE_NOT_FOUND) {
        return lede_fail_in(err, status, "%s", home->directory);
    }
    *out = status == LEDE_OK;
    return LEDE_OK;
}

typedef struct unknown_keys {
    const lede_snapshot *snapshot;
    uint64_t *keys;
    uint32_t count, cap;
    lede_status status;
    lede_error *err;
} unknown_keys;

static bool look_at_key(void *ctx, lede_span term)
{
    unknown_keys *u = ctx;
    const lede_segment *segment;
    uint32_t entry;
    uint64_t key, *keys;

    if (!lede_xapian_parse_key(term, &key)) {
        return true;
    }
    u->status =
        lede_snapshot_find_key(u->snapshot, key, &segment, &entry, u->err);
    if (u->status != LEDE_NOT_FOUND) {
        return u->status == LEDE_OK;
    }
    u->status = LEDE_OK;
    keys = lede_grown(u->keys, u->count, &u->cap, sizeof keys[0]);
    if (keys == NULL) {
        u->status = lede_home_no_memory(u->err);
        return false;
    }
    u->keys = keys;
    keys[u->count++] = key;
    return true;
}

lede_status lede_xapian_home_drop_unknown(lede_xapian_home *home,
                                          lede_error *err)
{
    lede_snapshot *snapshot = NULL;
    unknown_keys u = {.err = err};
    uint32_t i;
    lede_status status = lede_snapshot_open(home->archive, &snapshot, err);

    u.snapshot = snapshot;
    if (status == LEDE_OK) {
        status = lede_xapian_each_term(home->db, lede_span_text("Q"),
                                       look_at_key, &u, err);
    }
    status = status == LEDE_OK ? u.status : status;
    for (i = 0; i < u.count && status == LEDE_OK; i++) {
        status = lede_home_delete(home, u.keys[i], err);
    }
    free(u.keys);
    lede_snapshot_close(snapshot);
    if (status == LEDE_OK) {
        status = lede_home_commit(home, err);
    }
    return status == LEDE_OK ? lede_home_tell_copies(home, err) : status;
}

/* The list of names to keep: found anew, if by anybody. */
static lede_status names_of(lede_xapian_home *home, uint32_t document,
                            lede_span record, lede_namer *namer, lede_buf *out,
                            lede_error *err)
{
    lede_entry entry;
    lede_span list = {0};
    lede_status status;

    if (namer == NULL) {
        status = lede_home_stored_names(home, document, &list, err);
    } else {
        lede_arena_clear(&home->arena);
        status = lede_record_decode(record, &home->arena, &entry, err);
        if (status == LEDE_OK) {
            status = lede_namer_put(namer, &entry, err);
        }
        if (status == LEDE_OK) {
            status = lede_namer_take(namer, true, &list, err);
        }
    }
    lede_buf_clear(out);
    lede_buf_put_span(out, list);
    return status == LEDE_OK && out->failed ? lede_home_no_memory(err) : status;
}

/* An upgrade under way. */
typedef struct upgrading {
    lede_xapian_home *home;
    lede_namer *namer;
    lede_buf record, names;
} upgrading;

static lede_status upgrade_document(upgrading *u, uint32_t document,
                                    lede_error *err)
{
    lede_xapian_home *home = u->home;
    lede_xapian_order order = {0};
    lede_span data, span;
    lede_status status = lede_xapian_value(home->db, document,
                                           LEDE_XAPIAN_SLOT_NEWEST, &data, err);

    if (status == LEDE_OK && !lede_xapian_order_decode(data, false, &order)) {
        status =
            lede_fail(err, LEDE_CORRUPT, "a document's values are damaged");
    }
    if (status == LEDE_OK) {
        status = lede_xapian_data(home->db, document, &data, err);
    }
    if (status == LEDE_OK) {
        status = lede_xapian_data_record(data, &span, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    lede_buf_clear(&u->record);
    lede_buf_put_span(&u->record, span);
    if (u->record.failed) {
        return lede_home_no_memory(err);
    }
    status = names_of(home, document, lede_buf_span(&u->record), u->namer,
                      &u->names, err);
    return status == LEDE_OK
               ? lede_home_put(home, lede_buf_span(&u->record), order.trusted,
                               lede_buf_span(&u->names), order.group, err)
               : status;
}

static lede_status upgrade_all(upgrading *u, const lede_watch *watch,
                               lede_error *err)
{
    static const lede_span any = {NULL, 0};
    lede_xapian_home *home = u->home;
    lede_xapian_statistics all;
    uint64_t done = 0, batch_bytes = 0;
    uint32_t document = 0;
    lede_status status = lede_xapian_count(home->db, &all, err);

    while (status == LEDE_OK && !lede_watch_is_stopped(watch)) {
        status = lede_xapian_find(home->db, any, document, &document, err);
        if (status != LEDE_OK) {
            break;
        }
        status = upgrade_document(u, document, err);
        batch_bytes += u->record.len + u->names.len;
        if (status == LEDE_OK && batch_bytes >= home->batch_bytes) {
            status = lede_xapian_writer_commit(home->writer, err);
            batch_bytes = 0;
        }
        lede_watch_step(watch, ++done, all.documents);
    }
    return status;
}

lede_status lede_xapian_home_upgrade(lede_xapian_home *home, lede_namer *namer,
                                     const lede_watch *watch, lede_error *err)
{
    upgrading u = {.home = home, .namer = namer};
    bool had_names = home->has_names;
    uint32_t rules = home->rules;
    lede_status status;

    home->has_names = true; /* until one has none */
    home->rules = LEDE_XAPIAN_VERSION;
    status = upgrade_all(&u, watch, err);
    lede_buf_done(&u.record);
    lede_buf_done(&u.names);
    if (status == LEDE_OK) {
        home->has_names = home->has_names && had_names;
        home->rules = rules;
        status = lede_home_commit(home, err);
        return status == LEDE_OK ? lede_fail(err, LEDE_INTERRUPTED, "stopped")
                                 : status;
    }
    if (status != LEDE_NOT_FOUND) {
        return lede_fail_in(err, status, "%s", home->directory);
    }
    home->has_copies = true; /* the archive has sketches of all by now */
    status = lede_home_commit(home, err);
    return status == LEDE_OK ? lede_home_tell_copies(home, err) : status;
}

/* --- Checking ------------------------------------------------------------- */

typedef struct comparing {
    lede_xapian_home *home;
    const lede_check_callbacks *callbacks;
    uint64_t entries, missing;
    uint64_t first; /* of those missing */
} comparing;

static lede_status compare_segment(comparing *c, const lede_segment *segment,
                                   lede_error *err)
{
    lede_column keys;
    lede_status status =
        lede_segment_column(segment, LEDE_COLUMN_KEY, &keys, err);

    for (uint32_t i = 0; i < lede_segment_entries(segment) && status == LEDE_OK;
         i++) {
        uint64_t key = (uint64_t)lede_column_get(&keys, i);
        bool is_here = true;

        if (lede_segment_is_deleted(segment, i)) {
            continue;
        }
        status = lede_xapian_home_has(c->home, key, &is_here, err);
        c->first = is_here || c->missing > 0 ? c->first : key;
        c->missing += !is_here;
        c->entries++;
    }
    return status;
}

static void tell_difference(const comparing *c, uint32_t documents)
{
    char text[256];

    if (c->missing > 0) {
        snprintf(text, sizeof text,
                 "%" PRIu64 " entries are not in the database; the first is "
                 "%016" PRIx64,
                 c->missing, c->first);
    } else {
        snprintf(text, sizeof text,
                 "the database has %" PRIu32 " entries, of which %" PRIu64
                 " are known",
                 documents, c->entries);
    }
    if (c->callbacks->found != NULL) {
        c->callbacks->found(c->callbacks->ctx, text);
    }
}

/* A run that writes meanwhile shows as another generation, or as a redo. */
static bool is_quiet(const lede_xapian_home *home, uint64_t generation)
{
    lede_redo_reader *redo = NULL;
    uint64_t due;
    lede_totals totals;
    bool is_due = lede_redo_open(lede_home_archive_directory(home), &redo, &due,
                                 NULL) != LEDE_NOT_FOUND;

    lede_redo_close(redo);
    return !is_due && lede_home_totals(home, &totals, NULL) == LEDE_OK &&
           totals.generation == generation;
}

static lede_status compare(comparing *c, lede_error *err)
{
    lede_xapian_home *home = c->home;
    lede_xapian_statistics statistics = {0};
    lede_snapshot *snapshot = NULL;
    uint64_t generation = 0;
    lede_status status = lede_snapshot_open(home->archive, &snapshot, err);

    if (status == LEDE_OK) {
        generation = lede_snapshot_totals(snapshot)->generation;
        status = lede_xapian_open(home->directory, &home->db, err);
    }
    if (status == LEDE_OK) {
        status = lede_xapian_count(home->db, &statistics, err);
    }
    for (uint32_t i = 0;
         status == LEDE_OK && i < lede_snapshot_segment_count(snapshot); i++) {
        status = compare_segment(c, lede_snapshot_segment(snapshot, i), err);
    }
    lede_xapian_close(home->db);
    home->db = NULL;
    lede_snapshot_close(snapshot);
    if (status == LEDE_OK &&
        (c->missing > 0 || statistics.documents != c->entries) &&
        is_quiet(home, generation)) {
        tell_difference(c, statistics.documents);
        status = lede_fail(err, LEDE_CORRUPT,
                           "%s and %s do not have the same entries",
                           home->directory, lede_home_archive_directory(home));
    }
    return status;
}

lede_status lede_xapian_home_check(lede_xapian_home *home,
                                   const lede_check_callbacks *callbacks,
                                   lede_error *err)
{
    comparing c = {.home = home, .callbacks = callbacks};
    lede_status status = lede_archive_check(home->archive, callbacks, err);

    return status == LEDE_OK ? compare(&c, err) : status;
}
