/* xapian_home_change.c - the database of a home, and changes of it. */
#include "indexer/xapian_home_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "storage/record.h"

enum { WAIT_STEP_MS = 50 };

/* `iamglass` is the last file that a new one gets. */
static bool has_database(const lede_xapian_home *home)
{
    char path[4096];
    struct stat st;
    int len = snprintf(path, sizeof path, "%s/iamglass", home->directory);

    return len >= 0 && (size_t)len < sizeof path && stat(path, &st) == 0;
}

/* --- The database --------------------------------------------------------- */

/* The totals of the archive as it is now. */
lede_status lede_home_totals(const lede_xapian_home *home, lede_totals *out,
                             lede_error *err)
{
    lede_snapshot *snapshot = NULL;
    lede_status status =
        lede_snapshot_open_files(home->archive, &snapshot, err);

    if (status == LEDE_OK) {
        *out = *lede_snapshot_totals(snapshot);
    }
    lede_snapshot_close(snapshot);
    return status;
}

/* Says of the database that it is as the archive says, and commits. */
lede_status lede_home_commit(lede_xapian_home *home, lede_error *err)
{
    const lede_xapian_mark has = {.complete = true,
                                  .rules = home->rules,
                                  .has_names = home->has_names,
                                  .has_copies = home->has_copies};
    lede_totals totals;
    lede_status status = lede_home_totals(home, &totals, err);

    if (status == LEDE_OK) {
        status = lede_xapian_put_mark(home->writer, &totals, &has, err);
    }
    return status == LEDE_OK ? lede_xapian_writer_commit(home->writer, err)
                             : status;
}

lede_status lede_xapian_home_correct(lede_xapian_home *home, lede_span text,
                                     lede_error *err)
{
    lede_span before;
    lede_status status =
        lede_xapian_metadata(home->db, LEDE_XAPIAN_CORRECTIONS, &before, err);

    if (status != LEDE_OK || lede_span_equal(before, text)) {
        return status;
    }
    status = lede_xapian_writer_metadata(home->writer, LEDE_XAPIAN_CORRECTIONS,
                                         text, err);
    return status == LEDE_OK ? lede_xapian_writer_commit(home->writer, err)
                             : status;
}

/* The lock of one who was killed may be held for a moment longer. */
static lede_status open_writer(lede_xapian_home *home, bool anew,
                               uint32_t wait_ms, lede_error *err)
{
    const struct timespec step = {0, WAIT_STEP_MS * 1000000L};
    uint32_t waited = 0;
    lede_status status;

    for (;;) {
        status =
            lede_xapian_writer_open(home->directory, anew, &home->writer, err);
        if (status != LEDE_BUSY || waited >= wait_ms) {
            break;
        }
        nanosleep(&step, NULL);
        waited += WAIT_STEP_MS;
    }
    if (status != LEDE_OK) {
        return lede_fail_in(err, status, "%s", home->directory);
    }
    home->db = lede_xapian_writer_database(home->writer);
    return LEDE_OK;
}

static lede_status get_mark(const lede_xapian_home *home, lede_xapian_mark *out,
                            lede_error *err)
{
    lede_span text;
    lede_status status =
        lede_xapian_metadata(home->db, LEDE_XAPIAN_MARK, &text, err);

    if (status == LEDE_OK) {
        status = lede_xapian_mark_parse(text, out, err);
    }
    return status == LEDE_OK ? LEDE_OK
                             : lede_fail_in(err, status, "%s", home->directory);
}

lede_status lede_home_open_database(lede_xapian_home *home, uint32_t wait_ms,
                                    lede_error *err)
{
    bool is_new = !has_database(home);
    lede_xapian_statistics statistics;
    lede_xapian_mark mark;
    lede_totals totals;
    lede_span text;
    lede_status status = lede_home_totals(home, &totals, err);

    if (status == LEDE_OK && is_new && totals.entries > 0) {
        return lede_fail(err, LEDE_CORRUPT,
                         "%s: its database is gone, and the entries with it: "
                         "index all into a new one",
                         home->directory);
    }
    if (status == LEDE_OK) {
        status = open_writer(home, is_new, wait_ms, err);
    }
    if (status == LEDE_OK) {
        status = lede_xapian_count(home->db, &statistics, err);
    }
    if (status == LEDE_OK) {
        status = lede_xapian_metadata(home->db, LEDE_XAPIAN_MARK, &text, err);
    }
    if (status == LEDE_OK && text.len == 0 && statistics.documents == 0) {
        home->has_names = home->finds_names;
        home->has_copies = true;
        home->rules = LEDE_XAPIAN_VERSION;
        return lede_home_commit(home, err);
    }
    if (status == LEDE_OK) {
        status = get_mark(home, &mark, err);
        home->has_names = status == LEDE_OK && mark.has_names;
        home->has_copies = status == LEDE_OK && mark.has_copies;
        home->rules = status == LEDE_OK ? mark.rules : 1;
    }
    return status;
}

/* Whether both sides have as many entries. */
lede_status lede_home_compare_counts(const lede_xapian_home *home,
                                     lede_error *err)
{
    lede_xapian_statistics statistics;
    lede_totals totals;
    lede_status status = lede_home_totals(home, &totals, err);

    if (status == LEDE_OK) {
        status = lede_xapian_count(home->db, &statistics, err);
    }
    if (status == LEDE_OK && statistics.documents != totals.entries) {
        status = lede_fail(err, LEDE_CORRUPT,
                           "%s: the database has %" PRIu32
                           " entries, and %s knows of %" PRIu64,
                           home->directory, statistics.documents,
                           lede_home_archive_directory(home), totals.entries);
    }
    return status;
}

/* --- Changes -------------------------------------------------------------- */

lede_status lede_home_put(lede_xapian_home *home, lede_span record,
                          bool trusted, lede_span names, uint64_t group,
                          lede_error *err)
{
    const lede_xapian_known known = {
        .trusted = trusted, .names = names, .group = group};
    lede_xapian_name name;
    lede_entry entry;
    lede_status status;

    lede_arena_clear(&home->arena);
    status = lede_record_decode(record, &home->arena, &entry, err);
    if (status == LEDE_OK) {
        home->has_names = home->has_names && names.len > 0;
        status = lede_xapian_maker_fill(home->maker, &entry, record, &known,
                                        home->document, err);
    }
    return status == LEDE_OK
               ? lede_xapian_writer_put(home->writer,
                                        lede_xapian_name_key(&name, entry.key),
                                        home->document, err)
               : status;
}

lede_status lede_home_delete(lede_xapian_home *home, uint64_t key,
                             lede_error *err)
{
    lede_xapian_name name;
    uint32_t document;
    lede_status status = lede_xapian_find(
        home->db, lede_xapian_name_key(&name, key), 0, &document, err);

    return status == LEDE_OK
               ? lede_xapian_writer_delete(home->writer, document, err)
           : status == LEDE_NOT_FOUND ? LEDE_OK
                                      : status;
}

/* What an item is going to do to the database. */
static lede_status count_item(lede_xapian_home *home,
                              const lede_redo_item *item, lede_error *err)
{
    lede_xapian_made *made = &home->made;
    uint64_t key = item->key;
    lede_xapian_name name;
    lede_entry entry;
    uint32_t document;
    lede_status status = LEDE_OK;

    if (item->is_put) {
        lede_arena_clear(&home->arena);
        status = lede_record_decode(item->record, &home->arena, &entry, err);
        if (status != LEDE_OK) {
            return status;
        }
        key = entry.key;
    }
    status = lede_xapian_find(home->db, lede_xapian_name_key(&name, key), 0,
                              &document, err);
    if (status == LEDE_OK) {
        made->updated += item->is_put;
        made->removed += !item->is_put;
    } else if (status == LEDE_NOT_FOUND) {
        made->added += item->is_put;
        status = LEDE_OK;
    }
    return status;
}

/* Makes a change, in commits; only the last one says that it was made. */
static lede_status make_change(lede_xapian_home *home, lede_redo_reader *reader,
                               const lede_watch *watch, lede_error *err)
{
    uint64_t batch_bytes = 0, done = 0;
    lede_status status = LEDE_OK;

    while (status == LEDE_OK) {
        lede_redo_item item;

        status = lede_redo_next(reader, &item, err);
        if (status != LEDE_OK) {
            break;
        }
        status = home->counts ? count_item(home, &item, err) : LEDE_OK;
        if (status != LEDE_OK) {
            break;
        }
        status = item.is_put ? lede_home_put(home, item.record, item.trusted,
                                             item.names, 0, err)
                             : lede_home_delete(home, item.key, err);
        batch_bytes += item.is_put ? item.record.len + item.names.len : 0;
        if (status == LEDE_OK && batch_bytes >= home->batch_bytes) {
            status = lede_xapian_writer_commit(home->writer, err);
            batch_bytes = 0;
        }
        lede_watch_step(watch, ++done, home->taken);
    }
    return status == LEDE_END ? lede_home_commit(home, err) : status;
}

/* Makes the change that is due, if there is one. */
lede_status lede_home_make_due(lede_xapian_home *home, const lede_watch *watch,
                               lede_error *err)
{
    lede_redo_reader *reader = NULL;
    uint64_t generation = 0;
    lede_xapian_mark mark;
    lede_totals totals;
    lede_status status = lede_redo_open(lede_home_archive_directory(home),
                                        &reader, &generation, err);

    if (status == LEDE_NOT_FOUND) {
        return LEDE_OK;
    }
    if (status == LEDE_OK) {
        status = lede_home_totals(home, &totals, err);
    }
    if (status == LEDE_OK) {
        status = get_mark(home, &mark, err);
    }
    if (status == LEDE_OK && totals.generation >= generation &&
        mark.generation < generation) {
        status = make_change(home, reader, watch, err);
        if (status != LEDE_OK) {
            status = lede_fail_in(err, status, "%s", home->directory);
        }
    }
    lede_redo_close(reader);
    return status == LEDE_OK
               ? lede_redo_forget(lede_home_archive_directory(home), err)
               : status;
}
