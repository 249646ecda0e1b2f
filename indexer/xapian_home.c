#include "indexer/xapian_home.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/hash.h"
#include "base/varint.h"
#include "indexer/grow.h"
#include "indexer/redo.h"
#include "indexer/xapian_entry.h"
#include "storage/copies.h"
#include "storage/record.h"
#include "storage/shards.h"

enum {
    /* Of records, between commits. Xapian holds them in trees that take some 35
     * times as much, and beyond this size slow down. */
    BATCH_BYTES = 8 << 20,
    MEMORY_SHARE = 64, /* or so little of the run's memory */
    WAIT_STEP_MS = 50
};

static const char archive_name[] = "lede";

struct lede_xapian_home {
    char *directory;
    lede_record_source source;
    lede_archive *archive;
    lede_xapian_writer *writer; /* from begin to end */
    lede_xapian *db;            /* the writer's */
    lede_redo_writer *redo;     /* of the change that is being gathered */
    uint64_t taken;             /* items in it */
    uint64_t batch_bytes;
    bool is_prepared;
    bool finds_names; /* of what it takes */
    bool has_names;   /* so has all that is in the database */
    bool has_copies;  /* the archive knows those of all */
    uint32_t rules;   /* by which all of that was made */
    lede_xapian_maker *maker;
    lede_xapian_document *document;
    lede_arena arena;
};

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "indexing: out of memory");
}

/* --- The folder ----------------------------------------------------------- */

static bool path_in(const char *directory, const char *name, char *out,
                    size_t room)
{
    int len = snprintf(out, room, "%s/%s", directory, name);

    return len >= 0 && (size_t)len < room;
}

static bool is_there(const char *directory, const char *name)
{
    char path[4096];
    struct stat st;

    return path_in(directory, name, path, sizeof path) && stat(path, &st) == 0;
}

bool lede_xapian_home_is_at(const char *directory)
{
    char path[4096];

    return path_in(directory, archive_name, path, sizeof path) &&
           is_there(path, "data.mdb");
}

static bool is_empty_folder(const char *directory)
{
    DIR *dir = opendir(directory);
    struct dirent *item;
    bool is_empty = true;

    while (dir != NULL && (item = readdir(dir)) != NULL) {
        is_empty = is_empty && (strcmp(item->d_name, ".") == 0 ||
                                strcmp(item->d_name, "..") == 0);
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return is_empty;
}

/* Whether a home is there, or may be made. */
static lede_status look_at_folder(const char *directory, bool create,
                                  lede_error *err)
{
    struct stat st;

    if (is_there(directory, archive_name)) {
        return LEDE_OK;
    }
    if (stat(directory, &st) != 0) {
        return errno == ENOENT && create
                   ? LEDE_OK
                   : lede_fail(err, errno == ENOENT ? LEDE_NOT_FOUND : LEDE_IO,
                               "%s: %s", directory, strerror(errno));
    }
    if (!S_ISDIR(st.st_mode) || is_there(directory, LEDE_SHARD_LIST) ||
        is_there(directory, "iamglass")) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "%s: these shards come from an export: index into the "
                         "archive they were made of, and export it again",
                         directory);
    }
    if (!is_empty_folder(directory)) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "%s: this folder has something else in it", directory);
    }
    return create ? LEDE_OK
                  : lede_fail(err, LEDE_NOT_FOUND, "%s: there is no archive",
                              directory);
}

/* --- Records -------------------------------------------------------------- */

static lede_status get_record(void *ctx, uint64_t key, lede_buf *out,
                              lede_error *err)
{
    lede_xapian_home *home = ctx;
    lede_xapian_name name;
    uint32_t document;
    lede_span data, record;
    lede_status status;

    if (home->db == NULL) {
        return lede_fail(err, LEDE_BUG, "%s: is not open", home->directory);
    }
    status = lede_xapian_find(home->db, lede_xapian_name_key(&name, key), 0,
                              &document, err);
    if (status == LEDE_NOT_FOUND) {
        return lede_fail(err, LEDE_CORRUPT,
                         "%s: entry %016" PRIx64 " is not in the database",
                         home->directory, key);
    }
    if (status == LEDE_OK) {
        status = lede_xapian_data(home->db, document, &data, err);
    }
    if (status == LEDE_OK) {
        status = lede_xapian_data_record(data, &record, err);
    }
    if (status != LEDE_OK) {
        return lede_fail_in(err, status, "%s", home->directory);
    }
    lede_buf_clear(out);
    lede_buf_put_span(out, record);
    return out->failed ? no_memory(err) : LEDE_OK;
}

lede_status lede_xapian_home_record(lede_xapian_home *home, uint64_t key,
                                    lede_buf *out, lede_error *err)
{
    return get_record(home, key, out, err);
}

/* --- Opening -------------------------------------------------------------- */

lede_status lede_xapian_home_open(const char *directory, bool create,
                                  lede_xapian_home **out, lede_error *err)
{
    lede_archive_options options = {.create = create};
    lede_xapian_home *home;
    char path[4096];
    lede_status status = look_at_folder(directory, create, err);

    if (status != LEDE_OK) {
        return status;
    }
    if (!path_in(directory, archive_name, path, sizeof path)) {
        return lede_fail(err, LEDE_BAD_INPUT, "'%s' is too long a path",
                         directory);
    }
    home = calloc(1, sizeof *home);
    if (home == NULL || (home->directory = strdup(directory)) == NULL) {
        free(home);
        return no_memory(err);
    }
    home->batch_bytes = BATCH_BYTES;
    home->source = (lede_record_source){home, get_record};
    options.records = &home->source;
    status = lede_archive_open(path, &options, &home->archive, err);
    if (status == LEDE_OK) {
        status = lede_xapian_maker_new(&home->maker, err);
    }
    if (status == LEDE_OK) {
        status = lede_xapian_document_new(&home->document, err);
    }
    if (status != LEDE_OK) {
        lede_xapian_home_close(home);
        return status;
    }
    *out = home;
    return LEDE_OK;
}

void lede_xapian_home_close(lede_xapian_home *home)
{
    if (home == NULL) {
        return;
    }
    lede_xapian_home_end(home);
    lede_archive_close(home->archive);
    lede_xapian_document_free(home->document);
    lede_xapian_maker_free(home->maker);
    lede_arena_done(&home->arena);
    free(home->directory);
    free(home);
}

void lede_xapian_home_bound(lede_xapian_home *home, uint64_t memory_bytes)
{
    if (memory_bytes / MEMORY_SHARE < BATCH_BYTES) {
        home->batch_bytes = memory_bytes / MEMORY_SHARE;
    }
}

const char *lede_xapian_home_directory(const lede_xapian_home *home)
{
    return home->directory;
}

lede_archive *lede_xapian_home_archive(const lede_xapian_home *home)
{
    return home->archive;
}

static const char *archive_directory(const lede_xapian_home *home)
{
    return lede_archive_directory(home->archive);
}

/* --- The database --------------------------------------------------------- */

/* The totals of the archive as it is now. */
static lede_status get_totals(const lede_xapian_home *home, lede_totals *out,
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
static lede_status commit_as(lede_xapian_home *home, lede_error *err)
{
    const lede_xapian_mark has = {.complete = true,
                                  .rules = home->rules,
                                  .has_names = home->has_names,
                                  .has_copies = home->has_copies};
    lede_totals totals;
    lede_status status = get_totals(home, &totals, err);

    if (status == LEDE_OK) {
        status = lede_xapian_put_mark(home->writer, &totals, &has, err);
    }
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

static lede_status open_database(lede_xapian_home *home, uint32_t wait_ms,
                                 lede_error *err)
{
    /* It is the last file that a new database gets. */
    bool is_new = !is_there(home->directory, "iamglass");
    lede_xapian_statistics statistics;
    lede_xapian_mark mark;
    lede_totals totals;
    lede_span text;
    lede_status status = get_totals(home, &totals, err);

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
        return commit_as(home, err);
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
static lede_status compare_counts(const lede_xapian_home *home, lede_error *err)
{
    lede_xapian_statistics statistics;
    lede_totals totals;
    lede_status status = get_totals(home, &totals, err);

    if (status == LEDE_OK) {
        status = lede_xapian_count(home->db, &statistics, err);
    }
    if (status == LEDE_OK && statistics.documents != totals.entries) {
        status = lede_fail(err, LEDE_CORRUPT,
                           "%s: the database has %" PRIu32
                           " entries, and %s knows of %" PRIu64,
                           home->directory, statistics.documents,
                           archive_directory(home), totals.entries);
    }
    return status;
}

/* --- Changes -------------------------------------------------------------- */

static lede_status put_entry(lede_xapian_home *home, lede_span record,
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

static lede_status delete_key(lede_xapian_home *home, uint64_t key,
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
        status = item.is_put ? put_entry(home, item.record, item.trusted,
                                         item.names, 0, err)
                             : delete_key(home, item.key, err);
        batch_bytes += item.is_put ? item.record.len + item.names.len : 0;
        if (status == LEDE_OK && batch_bytes >= home->batch_bytes) {
            status = lede_xapian_writer_commit(home->writer, err);
            batch_bytes = 0;
        }
        lede_watch_step(watch, ++done, home->taken);
    }
    return status == LEDE_END ? commit_as(home, err) : status;
}

/* Makes the change that is due, if there is one. */
static lede_status make_due(lede_xapian_home *home, const lede_watch *watch,
                            lede_error *err)
{
    lede_redo_reader *reader = NULL;
    uint64_t generation = 0;
    lede_xapian_mark mark;
    lede_totals totals;
    lede_status status =
        lede_redo_open(archive_directory(home), &reader, &generation, err);

    if (status == LEDE_NOT_FOUND) {
        return LEDE_OK;
    }
    if (status == LEDE_OK) {
        status = get_totals(home, &totals, err);
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
    return status == LEDE_OK ? lede_redo_forget(archive_directory(home), err)
                             : status;
}

/* --- Copies --------------------------------------------------------------- */

/* Of which groups documents were told to be: a hash of what the archive said.
 */
static const char told_copies[] = "lede-copies";

typedef struct member {
    uint64_t key, group;
    bool is_right; /* its document says so */
} member;

static int compare_members(const void *left, const void *right)
{
    const member *a = left, *b = right;

    return (a->key > b->key) - (a->key < b->key);
}

static lede_status hash_copies(const lede_snapshot *snapshot, uint64_t *out,
                               lede_error *err)
{
    uint64_t hash = 0;

    for (uint32_t i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, i);
        lede_span rows;
        lede_status status = lede_segment_copies(segment, &rows, err);

        if (status != LEDE_OK) {
            return status;
        }
        if (rows.len > 0) {
            hash =
                hash * 31 + lede_hash64_seeded(rows, lede_segment_id(segment));
        }
    }
    *out = hash;
    return LEDE_OK;
}

static lede_status list_members(const lede_snapshot *snapshot, member **out,
                                uint32_t *count, lede_error *err)
{
    uint32_t cap = 0;
    lede_status status = LEDE_OK;

    for (uint32_t i = 0;
         i < lede_snapshot_segment_count(snapshot) && status == LEDE_OK; i++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, i);
        lede_column keys;
        lede_span rows;

        status = lede_segment_copies(segment, &rows, err);
        if (status == LEDE_OK) {
            status = lede_segment_column(segment, LEDE_COLUMN_KEY, &keys, err);
        }
        for (size_t at = 0;
             status == LEDE_OK && at + LEDE_COPY_ROW_BYTES <= rows.len;
             at += LEDE_COPY_ROW_BYTES) {
            uint32_t entry = lede_load_u32(rows.bytes + at);
            member *grown = lede_grown(*out, *count, &cap, sizeof grown[0]);

            if (grown == NULL) {
                return no_memory(err);
            }
            *out = grown;
            grown[(*count)++] =
                (member){.key = (uint64_t)lede_column_get(&keys, entry),
                         .group = lede_load_u64(rows.bytes + at + 8)};
        }
    }
    return status;
}

/* Makes a document anew, as one of a group; 0: of none. */
static lede_status regroup(lede_xapian_home *home, uint32_t document,
                           uint64_t group, uint64_t *bytes, lede_error *err)
{
    static const uint32_t slots[] = {LEDE_XAPIAN_SLOT_NEWEST,
                                     LEDE_XAPIAN_SLOT_NAMED,
                                     LEDE_XAPIAN_SLOT_NAMES};
    lede_span data, values[3], names, record = {0};
    lede_xapian_order order = {0}, other;
    lede_buf kept = {0}, kept_names = {0};
    lede_status status =
        lede_xapian_stored(home->db, document, slots, 3, &data, values, err);

    if (status == LEDE_OK) {
        status = lede_xapian_data_record(data, &record, err);
    }
    if (status == LEDE_OK) {
        names = values[2];
        if (!lede_xapian_order_decode(values[0], false, &order) ||
            (values[1].len > 0 &&
             !lede_xapian_named_parse(values[1], &names, &other))) {
            status =
                lede_fail(err, LEDE_CORRUPT, "a document's values are damaged");
        } else if (order.group != group) {
            lede_buf_put_span(&kept, record);
            lede_buf_put_span(&kept_names, names);
            status = kept.failed || kept_names.failed
                         ? no_memory(err)
                         : put_entry(home, lede_buf_span(&kept), order.trusted,
                                     lede_buf_span(&kept_names), group, err);
            *bytes += kept.len + kept_names.len;
        }
    }
    lede_buf_done(&kept);
    lede_buf_done(&kept_names);
    return status;
}

static lede_status commit_if_much(lede_xapian_home *home, uint64_t *bytes,
                                  lede_error *err)
{
    if (*bytes < home->batch_bytes) {
        return LEDE_OK;
    }
    *bytes = 0;
    return lede_xapian_writer_commit(home->writer, err);
}

/* Documents that say of which group they are: right or wrong. */
static lede_status mend_members(lede_xapian_home *home, member *members,
                                uint32_t count, uint64_t *bytes,
                                lede_error *err)
{
    uint32_t document = 0;
    lede_status status = LEDE_OK;

    while (status == LEDE_OK) {
        lede_xapian_order order = {0};
        lede_span value;
        member wanted = {0}, *found;

        status =
            lede_xapian_find(home->db, lede_span_text(LEDE_XAPIAN_HAS_COPIES),
                             document, &document, err);
        if (status == LEDE_OK) {
            status = lede_xapian_value(home->db, document,
                                       LEDE_XAPIAN_SLOT_NEWEST, &value, err);
        }
        if (status != LEDE_OK) {
            break;
        }
        if (!lede_xapian_order_decode(value, false, &order)) {
            return lede_fail(err, LEDE_CORRUPT,
                             "a document's values are damaged");
        }
        wanted.key = order.key;
        found = count == 0 ? NULL
                           : bsearch(&wanted, members, count, sizeof members[0],
                                     compare_members);
        if (found != NULL) {
            found->is_right = true;
        }
        status = regroup(home, document, found == NULL ? 0 : found->group,
                         bytes, err);
        if (status == LEDE_OK) {
            status = commit_if_much(home, bytes, err);
        }
    }
    return status == LEDE_NOT_FOUND ? LEDE_OK : status;
}

static lede_status add_members(lede_xapian_home *home, const member *members,
                               uint32_t count, uint64_t *bytes, lede_error *err)
{
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < count && status == LEDE_OK; i++) {
        lede_xapian_name name;
        uint32_t document;

        if (members[i].is_right) {
            continue;
        }
        status = lede_xapian_find(home->db,
                                  lede_xapian_name_key(&name, members[i].key),
                                  0, &document, err);
        if (status == LEDE_NOT_FOUND) { /* a repair may have lost it */
            status = LEDE_OK;
            continue;
        }
        if (status == LEDE_OK) {
            status = regroup(home, document, members[i].group, bytes, err);
        }
        if (status == LEDE_OK) {
            status = commit_if_much(home, bytes, err);
        }
    }
    return status;
}

static lede_status tell_groups(lede_xapian_home *home,
                               const lede_snapshot *snapshot, lede_error *err)
{
    char told[20];
    lede_span text;
    member *members = NULL;
    uint32_t count = 0;
    uint64_t hash = 0, bytes = 0;
    lede_status status = hash_copies(snapshot, &hash, err);

    snprintf(told, sizeof told, "%016" PRIx64, hash);
    if (status == LEDE_OK) {
        status = lede_xapian_metadata(home->db, told_copies, &text, err);
    }
    if (status != LEDE_OK || lede_span_is(text, told)) {
        return status;
    }
    status = list_members(snapshot, &members, &count, err);
    if (status == LEDE_OK && count > 1) {
        qsort(members, count, sizeof members[0], compare_members);
    }
    if (status == LEDE_OK) {
        status = mend_members(home, members, count, &bytes, err);
    }
    if (status == LEDE_OK) {
        status = add_members(home, members, count, &bytes, err);
    }
    free(members);
    if (status == LEDE_OK) {
        status = lede_xapian_writer_metadata(home->writer, told_copies,
                                             lede_span_text(told), err);
    }
    return status == LEDE_OK ? commit_as(home, err) : status;
}

/* Gives the documents the groups that the archive says, if these have changed
 * since. */
static lede_status sync_copies(lede_xapian_home *home, lede_error *err)
{
    lede_snapshot *snapshot = NULL;
    lede_status status = home->has_copies
                             ? lede_snapshot_open(home->archive, &snapshot, err)
                             : LEDE_OK;

    if (status == LEDE_OK && home->has_copies) {
        status = tell_groups(home, snapshot, err);
    }
    lede_snapshot_close(snapshot);
    return status == LEDE_OK ? LEDE_OK
                             : lede_fail_in(err, status, "%s", home->directory);
}

lede_status lede_xapian_home_begin(lede_xapian_home *home, uint32_t wait_ms,
                                   bool repairs, lede_error *err)
{
    lede_status status = open_database(home, wait_ms, err);

    if (status == LEDE_OK) {
        status = make_due(home, NULL, err);
    }
    if (status == LEDE_OK && !repairs) {
        status = compare_counts(home, err);
    }
    if (status == LEDE_OK && !repairs) {
        status = sync_copies(home, err);
    }
    if (status != LEDE_OK) {
        lede_xapian_home_end(home);
    }
    return status;
}

void lede_xapian_home_end(lede_xapian_home *home)
{
    lede_redo_free(home->redo);
    home->redo = NULL;
    home->taken = 0;
    home->is_prepared = false;
    lede_xapian_writer_close(home->writer);
    home->writer = NULL;
    home->db = NULL;
}

/* --- Taking --------------------------------------------------------------- */

lede_entry lede_xapian_home_bare(const lede_entry *entry)
{
    lede_entry bare;

    lede_entry_init(&bare);
    bare.key = entry->key;
    bare.page_id = entry->page_id;
    bare.kind = entry->kind;
    bare.published = entry->published;
    bare.published.text = bare.published.zone_text = lede_span_of(NULL, 0);
    bare.lang = entry->lang;
    return bare;
}

static lede_status begin_change(lede_xapian_home *home, lede_error *err)
{
    lede_totals totals;
    lede_status status;

    home->taken++;
    if (home->redo != NULL) {
        return LEDE_OK;
    }
    status = get_totals(home, &totals, err);
    return status == LEDE_OK
               ? lede_redo_begin(archive_directory(home), totals.generation + 1,
                                 &home->redo, err)
               : status;
}

lede_status lede_xapian_home_take(lede_xapian_home *home, lede_span record,
                                  bool trusted, lede_span names,
                                  lede_error *err)
{
    lede_status status = begin_change(home, err);

    return status == LEDE_OK
               ? lede_redo_put(home->redo, record, trusted, names, err)
               : status;
}

lede_status lede_xapian_home_drop(lede_xapian_home *home, uint64_t key,
                                  lede_error *err)
{
    lede_status status = begin_change(home, err);

    return status == LEDE_OK ? lede_redo_delete(home->redo, key, err) : status;
}

lede_status lede_xapian_home_prepare(lede_xapian_home *home, lede_error *err)
{
    lede_status status = LEDE_OK;

    if (home->redo != NULL) {
        status = lede_redo_finish(home->redo, err);
        home->is_prepared = status == LEDE_OK;
        lede_redo_free(home->redo);
        home->redo = NULL;
    }
    return status;
}

lede_status lede_xapian_home_apply(lede_xapian_home *home,
                                   const lede_watch *watch, lede_error *err)
{
    lede_status status =
        home->is_prepared ? make_due(home, watch, err) : LEDE_OK;

    if (status == LEDE_OK) {
        status = sync_copies(home, err);
    }
    home->is_prepared = false;
    home->taken = 0;
    return status;
}

/* --- Names ---------------------------------------------------------------- */

void lede_xapian_home_will_find_names(lede_xapian_home *home)
{
    home->finds_names = true;
}

bool lede_xapian_home_has_names(const lede_xapian_home *home)
{
    return home->has_names;
}

bool lede_xapian_home_has_copies(const lede_xapian_home *home)
{
    return home->has_copies;
}

static lede_status stored_names(lede_xapian_home *home, uint32_t document,
                                lede_span *out, lede_error *err)
{
    lede_xapian_order order;
    lede_span value;
    lede_status status = lede_xapian_value(home->db, document,
                                           LEDE_XAPIAN_SLOT_NAMED, &value, err);

    if (status == LEDE_OK && value.len == 0) {
        return lede_xapian_value(home->db, document, LEDE_XAPIAN_SLOT_NAMES,
                                 out, err);
    }
    if (status == LEDE_OK && !lede_xapian_named_parse(value, out, &order)) {
        status =
            lede_fail(err, LEDE_CORRUPT, "a document's values are damaged");
    }
    return status;
}

lede_status lede_xapian_home_names(lede_xapian_home *home, uint64_t key,
                                   lede_span *out, lede_error *err)
{
    lede_xapian_name name;
    uint32_t document;
    lede_status status = lede_xapian_find(
        home->db, lede_xapian_name_key(&name, key), 0, &document, err);

    if (status == LEDE_OK) {
        status = stored_names(home, document, out, err);
    } else if (status == LEDE_NOT_FOUND) {
        status = lede_fail(err, LEDE_CORRUPT,
                           "entry %016" PRIx64 " is not in the database", key);
    }
    return status == LEDE_OK ? LEDE_OK
                             : lede_fail_in(err, status, "%s", home->directory);
}

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
        u->status = no_memory(u->err);
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
        status = delete_key(home, u.keys[i], err);
    }
    free(u.keys);
    lede_snapshot_close(snapshot);
    if (status == LEDE_OK) {
        status = commit_as(home, err);
    }
    return status == LEDE_OK ? sync_copies(home, err) : status;
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
        status = stored_names(home, document, &list, err);
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
    return status == LEDE_OK && out->failed ? no_memory(err) : status;
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
        return no_memory(err);
    }
    status = names_of(home, document, lede_buf_span(&u->record), u->namer,
                      &u->names, err);
    return status == LEDE_OK
               ? put_entry(home, lede_buf_span(&u->record), order.trusted,
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
        status = commit_as(home, err);
        return status == LEDE_OK ? lede_fail(err, LEDE_INTERRUPTED, "stopped")
                                 : status;
    }
    if (status != LEDE_NOT_FOUND) {
        return lede_fail_in(err, status, "%s", home->directory);
    }
    home->has_copies = true; /* the archive has sketches of all by now */
    status = commit_as(home, err);
    return status == LEDE_OK ? sync_copies(home, err) : status;
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
    bool is_due = lede_redo_open(archive_directory(home), &redo, &due, NULL) !=
                  LEDE_NOT_FOUND;

    lede_redo_close(redo);
    return !is_due && get_totals(home, &totals, NULL) == LEDE_OK &&
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
                           home->directory, archive_directory(home));
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
