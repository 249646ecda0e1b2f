#include "indexer/xapian_home_private.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "storage/shards.h"
#include "storage/writer_lock.h"

enum {
    /* Of records, between commits. Xapian holds them in trees that take some 35
     * times as much, and beyond this size slow down. */
    BATCH_BYTES = 8 << 20,
    MEMORY_SHARE = 64 /* or so little of the run's memory */
};

static const char archive_name[] = "lede";

lede_status lede_home_no_memory(lede_error *err)
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

/* Whether `lede index` wrote a database, which by now stands alone. */
static bool is_left_alone(const char *directory)
{
    lede_xapian *db = NULL;
    lede_span text = {0};
    bool is_mine = lede_xapian_open(directory, &db, NULL) == LEDE_OK &&
                   lede_xapian_metadata(db, LEDE_XAPIAN_TOLD_COPIES, &text,
                                        NULL) == LEDE_OK &&
                   text.len > 0;

    lede_xapian_close(db);
    return is_mine;
}

/* Whether it has no mark of lede's: Omega's, or another program's. */
static bool is_foreign(const char *directory)
{
    lede_xapian *db = NULL;
    lede_span text = {0};
    bool is = lede_xapian_open(directory, &db, NULL) == LEDE_OK &&
              lede_xapian_metadata(db, LEDE_XAPIAN_MARK, &text, NULL) ==
                  LEDE_OK &&
              text.len == 0;

    lede_xapian_close(db);
    return is;
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
    if (is_there(directory, "iamglass") && is_left_alone(directory)) {
        return lede_fail(err, LEDE_CORRUPT,
                         "%s: its folder '%s' is gone, which tells what is new "
                         "and what is the same: put it back from a copy, or "
                         "index all into a new database (this one can still "
                         "be searched)",
                         directory, archive_name);
    }
    if (is_there(directory, "iamglass") &&
        !is_there(directory, LEDE_SHARD_BUILDING) && is_foreign(directory)) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "%s: a database that lede did not make: index into "
                         "another folder",
                         directory);
    }
    if (!S_ISDIR(st.st_mode) || is_there(directory, LEDE_SHARD_LIST) ||
        is_there(directory, "iamglass") ||
        is_there(directory, LEDE_SHARD_BUILDING)) {
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
    return out->failed ? lede_home_no_memory(err) : LEDE_OK;
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
        return lede_home_no_memory(err);
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

const char *lede_home_archive_directory(const lede_xapian_home *home)
{
    return lede_archive_directory(home->archive);
}

/* --- A run ---------------------------------------------------------------- */

/* A change is published, but the database could not take it. */
static lede_status say_waiting(const lede_xapian_home *home, lede_status status,
                               lede_error *err)
{
    const lede_error why = err == NULL ? (lede_error){0} : *err;

    if (home->taken == 0) {
        return lede_fail(err, status,
                         "%s; the change of an earlier run still waits: the "
                         "next 'lede index' makes it",
                         why.message);
    }
    return lede_fail(err, status,
                     "%s; what was read is kept, and waits to be written: %" PRIu64
                     " entries, which the next 'lede index' puts there",
                     why.message, home->taken);
}

static lede_status make_waiting(lede_xapian_home *home, lede_error *err)
{
    lede_status status;

    home->made = (lede_xapian_made){0};
    home->counts = true;
    status = lede_home_make_due(home, NULL, err);
    home->counts = false;
    if (status != LEDE_OK) {
        home->made = (lede_xapian_made){0};
    }
    return status == LEDE_IO ? say_waiting(home, status, err) : status;
}

lede_xapian_made lede_xapian_home_made(const lede_xapian_home *home)
{
    return home->made;
}

bool lede_xapian_home_is_waiting(const char *directory)
{
    lede_lock lock = LEDE_LOCK_NONE;
    char path[4096];
    bool is_idle;

    if (!lede_xapian_home_is_at(directory) ||
        !path_in(directory, archive_name, path, sizeof path) ||
        !is_there(path, LEDE_REDO_NAME)) {
        return false;
    }
    is_idle = lede_lock_share(path, &lock, NULL) == LEDE_OK;
    lede_lock_give_back(&lock);
    return is_idle && is_there(path, LEDE_REDO_NAME);
}

lede_status lede_xapian_home_begin(lede_xapian_home *home, uint32_t wait_ms,
                                   bool repairs, lede_error *err)
{
    lede_status status = lede_home_open_database(home, wait_ms, err);

    if (status == LEDE_OK) {
        status = make_waiting(home, err);
    }
    if (status == LEDE_OK && !repairs) {
        status = lede_home_compare_counts(home, err);
    }
    if (status == LEDE_OK && !repairs) {
        status = lede_home_tell_copies(home, err);
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
    status = lede_home_totals(home, &totals, err);
    return status == LEDE_OK
               ? lede_redo_begin(lede_home_archive_directory(home),
                                 totals.generation + 1, &home->redo, err)
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
        home->is_prepared ? lede_home_make_due(home, watch, err) : LEDE_OK;

    if (status == LEDE_IO) {
        status = say_waiting(home, status, err);
    }
    if (status == LEDE_OK) {
        status = lede_home_tell_copies(home, err);
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

lede_status lede_home_stored_names(lede_xapian_home *home, uint32_t document,
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
        status = lede_home_stored_names(home, document, out, err);
    } else if (status == LEDE_NOT_FOUND) {
        status = lede_fail(err, LEDE_CORRUPT,
                           "entry %016" PRIx64 " is not in the database", key);
    }
    return status == LEDE_OK ? LEDE_OK
                             : lede_fail_in(err, status, "%s", home->directory);
}
