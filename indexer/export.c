#include "indexer/export_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/varint.h"
#include "indexer/folder_lock.h"
#include "indexer/sort.h"
#include "storage/copies.h"
#include "storage/record.h"
#include "storage/shards.h"

enum {
    BATCH_BYTES = 8 << 20,
    TIME_SAMPLE = 1 << 18, /* of which the cuts by time are made */
    STEP_ENTRIES = 64,     /* between two looks at the watch */
    WAIT_MS = 5000 /* for the folder: a merge outlives its export by a moment */
};

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "exporting: out of memory");
}

/* Says in which shard it failed, if the message does not. */
static lede_status in_shard(lede_exporting *x, const lede_export_target *t,
                            lede_status status)
{
    char name[16] = "", path[4096];

    if (x->count > 1) {
        snprintf(name, sizeof name, "shard-%03u",
                 (unsigned)(t - x->targets) % 1000);
    }
    if (status == LEDE_OK || status == LEDE_INTERRUPTED ||
        lede_export_path(x, name, path, sizeof path) != LEDE_OK ||
        strncmp(x->err->message, path, strlen(path)) == 0) {
        return status;
    }
    return lede_fail_in(x->err, status, "%s", path);
}

/* --- Cuts by time --------------------------------------------------------- */

static int newest_first(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;

    return (*a < *b) - (*a > *b);
}

/* Times of every n-th live entry. */
static lede_status sample_times(lede_exporting *x, int64_t *times,
                                uint32_t *count)
{
    uint64_t every =
        lede_snapshot_totals(x->snapshot)->entries / TIME_SAMPLE + 1;
    uint64_t at = 0;

    *count = 0;
    for (uint32_t i = 0; i < lede_snapshot_segment_count(x->snapshot); i++) {
        const lede_segment *segment = lede_snapshot_segment(x->snapshot, i);
        lede_column column;
        lede_status status =
            lede_segment_column(segment, LEDE_COLUMN_TIME, &column, x->err);

        if (status != LEDE_OK) {
            return status;
        }
        for (uint32_t j = 0; j < lede_segment_entries(segment); j++) {
            if (!lede_segment_is_deleted(segment, j) && at++ % every == 0 &&
                *count < TIME_SAMPLE) {
                times[(*count)++] = lede_column_get(&column, j);
            }
        }
    }
    return LEDE_OK;
}

/* Shards of about as many entries each, the newest first. */
static lede_status choose_cuts(lede_exporting *x)
{
    int64_t *times = malloc(TIME_SAMPLE * sizeof *times);
    uint32_t count;
    lede_status status;

    if (times == NULL) {
        return no_memory(x->err);
    }
    status = sample_times(x, times, &count);
    if (status == LEDE_OK) {
        lede_sort(times, count, sizeof *times, newest_first);
    }
    for (uint32_t i = 0; i < x->count && status == LEDE_OK; i++) {
        size_t at = (size_t)((uint64_t)count * (i + 1) / x->count);

        x->targets[i].from =
            i + 1 == x->count || at >= count ? LEDE_INSTANT_NONE : times[at];
    }
    free(times);
    return status;
}

static lede_export_target *target_of(lede_exporting *x, uint64_t key,
                                     int64_t time)
{
    uint32_t i = 0;

    if (!x->by_time) {
        return &x->targets[key % x->count];
    }
    while (i + 1 < x->count && time < x->targets[i].from) {
        i++;
    }
    return &x->targets[i];
}

/* --- Marks ---------------------------------------------------------------- */

static lede_status put_mark(lede_exporting *x, lede_export_target *t,
                            bool complete)
{
    const lede_xapian_mark has = {.complete = complete,
                                  .rules = LEDE_XAPIAN_VERSION,
                                  .has_names = x->has_names,
                                  .has_copies = x->has_copies};

    return lede_xapian_put_mark(t->writer, lede_snapshot_totals(x->snapshot),
                                &has, x->err);
}

/* --- Merging -------------------------------------------------------------- */

/* Bytes of several merges. */
typedef struct merging {
    const lede_watch *watch;
    uint64_t before, all;
} merging;

static void on_share(void *ctx, uint64_t done, uint64_t all)
{
    const merging *m = ctx;

    lede_watch_step(m->watch, m->before + done, m->all > all ? m->all : all);
}

/* Tells of one merge, or of a part of them. */
static lede_watch watch_merging(const lede_exporting *x, merging *part)
{
    lede_watch watch = {0};

    if (x->options->merging != NULL) {
        watch = *x->options->merging;
    }
    if (part != NULL) {
        part->watch = x->options->merging;
        watch.ctx = part;
        watch.step = on_share;
    }
    watch.stop = x->options->watch != NULL ? x->options->watch->stop : NULL;
    return watch;
}

/* --- Databases ------------------------------------------------------------ */

/* Opens what is to be brought up to date, or begins to make it. */
static lede_status open_database(lede_exporting *x, lede_export_target *t,
                                 const char *path)
{
    char made[4096 + 16];
    struct stat st;
    lede_status status = lede_building_sweep(path, x->err);
    lede_xapian_writer *writer = NULL;

    /* It is the last file that a new database gets. */
    snprintf(made, sizeof made, "%s/iamglass", path);
    if (status == LEDE_OK && (lede_building_is_at(path) ||
                              (stat(made, &st) != 0 && errno == ENOENT))) {
        lede_watch watch = watch_merging(x, NULL);

        status = lede_building_open(path, &watch, &t->building, x->err);
        if (status == LEDE_OK) {
            writer = lede_building_earlier(t->building);
        }
    } else if (status == LEDE_OK) {
        status = lede_xapian_writer_open(path, false, &t->writer, x->err);
        writer = t->writer;
    }
    if (status == LEDE_OK && writer != NULL) {
        t->db = lede_xapian_writer_database(writer);
    }
    return status;
}

/* Readers are told of a shard that never was complete. What never had a document
 * (`last` is the highest number given out) is new; any other without a mark is
 * somebody else's, even if it is empty by now. */
static lede_status check_mark(lede_exporting *x, lede_export_target *t,
                              uint32_t last)
{
    lede_xapian_mark mark;
    lede_span text;
    lede_status status =
        lede_xapian_metadata(t->db, LEDE_XAPIAN_MARK, &text, x->err);

    if (status != LEDE_OK || text.len > 0 || last > 0) {
        return status == LEDE_OK ? lede_xapian_mark_parse(text, &mark, x->err)
                                 : status;
    }
    status = put_mark(x, t, false);
    return status == LEDE_OK ? lede_xapian_writer_commit(t->writer, x->err)
                             : status;
}

static lede_status open_target(lede_exporting *x, lede_export_target *t,
                               const char *path)
{
    lede_xapian_statistics statistics = {0};
    lede_status status = open_database(x, t, path);

    if (status == LEDE_OK && t->db != NULL) {
        status = lede_xapian_count(t->db, &statistics, x->err);
    }
    if (status == LEDE_OK && t->building == NULL) {
        status = check_mark(x, t, statistics.last);
    }
    t->before = statistics.last;
    if (status == LEDE_OK && t->before > 0) {
        t->seen = calloc(1, t->before / 8 + 1u);
        status = t->seen == NULL ? no_memory(x->err) : LEDE_OK;
    }
    return status;
}

static lede_status open_targets(lede_exporting *x)
{
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < x->count && status == LEDE_OK; i++) {
        char name[16] = "";
        char path[4096];

        if (x->count > 1) {
            snprintf(name, sizeof name, "shard-%03u", i % 1000);
        }
        status = lede_export_path(x, name, path, sizeof path);
        if (status == LEDE_OK) {
            status = lede_export_make_folder(x, name);
        }
        if (status == LEDE_OK) {
            status = open_target(x, &x->targets[i], path);
        }
        status = in_shard(x, &x->targets[i], status);
    }
    return status;
}

/* --- Is it the same archive? -----------------------------------------------
 */

enum { LOOKED_AT = 256, FEW = 4 };

/* Counts documents, spread over the shard, and those that the archive has. */
static lede_status sample(lede_exporting *x, const lede_export_target *t,
                          uint32_t *looked_at, uint32_t *known)
{
    static const lede_span any = {NULL, 0};
    uint32_t step = t->before / (LOOKED_AT / x->count + 1u);
    uint32_t document = 0;
    lede_status status = LEDE_OK;

    while (status == LEDE_OK && document < t->before) {
        lede_xapian_order order;
        const lede_segment *segment;
        uint32_t entry;
        lede_span value;

        status = lede_xapian_find(t->db, any, document, &document, x->err);
        if (status == LEDE_OK) {
            status = lede_xapian_value(t->db, document, LEDE_XAPIAN_SLOT_NEWEST,
                                       &value, x->err);
        }
        if (status == LEDE_OK &&
            lede_xapian_order_decode(value, false, &order)) {
            status = lede_snapshot_find_key(x->snapshot, order.key, &segment,
                                            &entry, x->err);
            *known += status == LEDE_OK;
            *looked_at += 1;
            status = status == LEDE_NOT_FOUND ? LEDE_OK : status;
        }
        document += step;
    }
    return status == LEDE_NOT_FOUND ? LEDE_OK : status;
}

/* Shards of another archive would be emptied: most likely its name was
 * mistyped. */
static lede_status check_archive(lede_exporting *x)
{
    uint32_t looked_at = 0, known = 0;
    lede_status status = LEDE_OK;

    if (x->options->replaces || x->options->home != NULL) {
        return LEDE_OK;
    }
    for (uint32_t i = 0; i < x->count && status == LEDE_OK; i++) {
        status = sample(x, &x->targets[i], &looked_at, &known);
    }
    return status == LEDE_OK && looked_at >= FEW && known < looked_at / 2
               ? lede_fail(x->err, LEDE_BAD_INPUT,
                           "%s: the shards have mostly entries that this "
                           "archive does not have (of %u looked at it has %u): "
                           "name the archive that they were made from, or "
                           "--replace them",
                           x->directory, looked_at, known)
               : status;
}

/* --- Entries -------------------------------------------------------------- */

/* What is merged can be stopped, so all is committed before. */
static lede_status commit_all(lede_exporting *x)
{
    lede_watch watch = watch_merging(x, NULL);
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < x->count && status == LEDE_OK; i++) {
        lede_export_target *t = &x->targets[i];

        status = t->building != NULL
                     ? lede_building_commit(t->building, x->err)
                     : lede_xapian_writer_commit(t->writer, x->err);
        status = in_shard(x, t, status);
    }
    for (uint32_t i = 0; i < x->count && status == LEDE_OK; i++) {
        if (x->targets[i].building != NULL) {
            status = lede_building_tidy(x->targets[i].building, &watch, x->err);
        }
    }
    x->batch_bytes = 0;
    return status;
}

static lede_status put_document(lede_exporting *x, lede_export_target *t,
                                lede_span key)
{
    return t->building != NULL
               ? lede_building_put(t->building, x->document, x->err)
               : lede_xapian_writer_put(
                     t->writer, t->before == 0 ? lede_span_of(NULL, 0) : key,
                     x->document, x->err);
}

static lede_status delete_document(lede_exporting *x, lede_export_target *t,
                                   uint32_t document)
{
    return lede_xapian_writer_delete(
        t->building != NULL ? lede_building_earlier(t->building) : t->writer,
        document, x->err);
}

/* Whether the shard has the entry just so. One that is being made loses what it
 * has otherwise, as nothing is put in the place of something there. */
static lede_status is_there(lede_exporting *x, lede_export_target *t,
                            lede_span key, uint64_t digest, bool *out)
{
    uint8_t wanted[8];
    uint32_t document;
    lede_span value;
    lede_status status;
    int i;

    *out = false;
    if (t->before == 0) {
        return LEDE_OK;
    }
    status = lede_xapian_find(t->db, key, 0, &document, x->err);
    if (status == LEDE_NOT_FOUND) {
        return LEDE_OK;
    }
    if (status == LEDE_OK) {
        status = lede_xapian_value(t->db, document, LEDE_XAPIAN_SLOT_DIGEST,
                                   &value, x->err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    for (i = 7; i >= 0; i--) {
        wanted[i] = (uint8_t)digest;
        digest >>= 8;
    }
    *out = lede_span_equal(value, lede_span_of(wanted, sizeof wanted));
    if (document <= t->before) {
        t->seen[document / 8] |= (uint8_t)(1u << document % 8);
    }
    return *out || t->building == NULL ? LEDE_OK
                                       : delete_document(x, t, document);
}

typedef struct columns {
    lede_column key, time, trust;
    lede_span copies; /* rows of storage/copies.h that are left */
} columns;

/* Entries come in order, as the rows do. */
static uint64_t group_of(columns *c, uint32_t entry)
{
    while (c->copies.len >= LEDE_COPY_ROW_BYTES &&
           lede_load_u32(c->copies.bytes) < entry) {
        c->copies =
            lede_span_part(c->copies, LEDE_COPY_ROW_BYTES, c->copies.len);
    }
    return c->copies.len >= LEDE_COPY_ROW_BYTES &&
                   lede_load_u32(c->copies.bytes) == entry
               ? lede_load_u64(c->copies.bytes + 8)
               : 0;
}

static lede_status export_entry(lede_exporting *x, const lede_segment *segment,
                                columns *c, uint32_t number)
{
    uint64_t key = (uint64_t)lede_column_get(&c->key, number);
    lede_xapian_known known = {.trusted =
                                   lede_column_get(&c->trust, number) != 0,
                               .group = group_of(c, number)};
    lede_export_target *t =
        target_of(x, key, lede_column_get(&c->time, number));
    lede_xapian_name name;
    lede_span term = lede_xapian_name_key(&name, key);
    bool there = false;
    lede_entry entry;
    lede_status status =
        lede_segment_record(segment, number, &x->record, x->err);

    if (status == LEDE_OK) {
        status = x->options->home == NULL
                     ? lede_segment_names(segment, number, &known.names, x->err)
                     : lede_xapian_home_names(x->options->home, key,
                                              &known.names, x->err);
    }
    if (status == LEDE_OK) {
        lede_span record = lede_buf_span(&x->record);

        status =
            is_there(x, t, term, lede_xapian_digest(record, &known), &there);
    }
    if (status != LEDE_OK || there) {
        x->report->unchanged += there;
        return status;
    }
    lede_arena_clear(&x->arena);
    status = lede_record_decode(lede_buf_span(&x->record), &x->arena, &entry,
                                x->err);
    if (status == LEDE_OK) {
        status =
            lede_xapian_maker_fill(x->maker, &entry, lede_buf_span(&x->record),
                                   &known, x->document, x->err);
    }
    if (status == LEDE_OK) {
        status = in_shard(x, t, put_document(x, t, term));
    }
    x->report->put += status == LEDE_OK;
    x->batch_bytes += x->record.len;
    return status;
}

static lede_status export_segment(lede_exporting *x,
                                  const lede_segment *segment)
{
    uint64_t all = lede_snapshot_totals(x->snapshot)->entries;
    uint64_t batch =
        x->options->batch_bytes > 0 ? x->options->batch_bytes : BATCH_BYTES;
    columns c;
    lede_status status =
        lede_segment_column(segment, LEDE_COLUMN_KEY, &c.key, x->err);

    if (status == LEDE_OK) {
        status =
            lede_segment_column(segment, LEDE_COLUMN_TIME, &c.time, x->err);
    }
    if (status == LEDE_OK) {
        status =
            lede_segment_column(segment, LEDE_COLUMN_TRUST, &c.trust, x->err);
    }
    if (status == LEDE_OK) {
        status = lede_segment_copies(segment, &c.copies, x->err);
    }
    for (uint32_t i = 0; i < lede_segment_entries(segment) && status == LEDE_OK;
         i++) {
        if (lede_segment_is_deleted(segment, i)) {
            continue;
        }
        status = export_entry(x, segment, &c, i);
        if (status == LEDE_OK && ++x->report->entries % STEP_ENTRIES == 0) {
            lede_watch_step(x->options->watch, x->report->entries, all);
        }
        if (status == LEDE_OK && x->batch_bytes >= batch) {
            status = commit_all(x);
        }
        if (status == LEDE_OK && lede_watch_is_stopped(x->options->watch)) {
            status = commit_all(x);
            return status == LEDE_OK
                       ? lede_fail(x->err, LEDE_INTERRUPTED, "stopped")
                       : status;
        }
    }
    return status;
}

/* Deletes what was there before the run and is in the archive no more. */
static lede_status delete_rest(lede_exporting *x, lede_export_target *t)
{
    static const lede_span any = {NULL, 0};
    uint32_t document = 0;
    lede_status status = LEDE_OK;

    while (status == LEDE_OK && t->seen != NULL) {
        status = lede_xapian_find(t->db, any, document, &document, x->err);
        if (status != LEDE_OK || document > t->before) {
            break;
        }
        if ((t->seen[document / 8] >> document % 8 & 1) == 0) {
            status = delete_document(x, t, document);
            x->report->deleted += status == LEDE_OK;
        }
    }
    return status == LEDE_NOT_FOUND ? LEDE_OK : status;
}

/* Whatever shards have that is not committed, and what is to go. */
static lede_status settle(lede_exporting *x)
{
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < x->count && status == LEDE_OK; i++) {
        status = in_shard(x, &x->targets[i], delete_rest(x, &x->targets[i]));
    }
    for (uint32_t i = 0; i < x->count && status == LEDE_OK; i++) {
        if (x->targets[i].building != NULL) {
            status =
                in_shard(x, &x->targets[i],
                         lede_building_commit(x->targets[i].building, x->err));
        }
    }
    return status;
}

static lede_status finish_target(lede_exporting *x, lede_export_target *t,
                                 merging *part)
{
    lede_watch watch = watch_merging(x, part);
    lede_status status = LEDE_OK;

    if (t->building != NULL) {
        uint64_t bytes = lede_building_left(t->building);

        status = lede_building_finish(t->building, &watch, &t->writer, x->err);
        part->before += bytes;
    }
    if (status == LEDE_OK) {
        status = lede_xapian_writer_metadata(t->writer, LEDE_XAPIAN_CORRECTIONS,
                                             x->options->corrections, x->err);
    }
    return status == LEDE_OK ? put_mark(x, t, true) : status;
}

/* Shards that were being made are there, for others too, when all are. */
static lede_status publish(lede_exporting *x)
{
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < x->count && status == LEDE_OK; i++) {
        status =
            in_shard(x, &x->targets[i],
                     lede_xapian_writer_commit(x->targets[i].writer, x->err));
    }
    for (uint32_t i = 0; i < x->count && status == LEDE_OK; i++) {
        lede_export_target *t = &x->targets[i];

        if (t->building != NULL) {
            lede_xapian_writer_close(t->writer);
            t->writer = NULL;
            status = in_shard(x, t, lede_building_end(t->building, x->err));
        }
    }
    return status;
}

static lede_status finish(lede_exporting *x)
{
    merging part = {0};
    lede_status status = settle(x);

    lede_watch_step(x->options->watch, x->report->entries, x->report->entries);
    for (uint32_t i = 0; i < x->count && status == LEDE_OK; i++) {
        part.all += x->targets[i].building == NULL
                        ? 0
                        : lede_building_left(x->targets[i].building);
    }
    for (uint32_t i = 0; i < x->count && status == LEDE_OK; i++) {
        status = in_shard(x, &x->targets[i],
                          finish_target(x, &x->targets[i], &part));
    }
    return status == LEDE_OK ? publish(x) : status;
}

/* Whether names were looked for in all entries. */
static bool has_names(const lede_snapshot *snapshot, lede_xapian_home *home)
{
    if (home != NULL) {
        return lede_xapian_home_has_names(home);
    }
    for (uint32_t i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        if (!lede_segment_has_names(lede_snapshot_segment(snapshot, i))) {
            return false;
        }
    }
    return true;
}

/* What is there stays as it is seen: another export could be making it. */
static lede_status enter(lede_exporting *x)
{
    lede_status status = lede_export_look_above(x);

    if (status == LEDE_OK) {
        status = lede_export_make_folder(x, "");
    }
    if (status == LEDE_OK) {
        status = lede_folder_lock(x->directory, WAIT_MS, &x->lock, x->err);
    }
    if (status == LEDE_BUSY) {
        return lede_fail(x->err, status,
                         "%s: another export writes here: wait for it",
                         x->directory);
    }
    /* Without such locks there are still those of each shard. */
    return status == LEDE_OK || status == LEDE_IO ? lede_export_look(x)
                                                  : status;
}

static lede_status run(lede_exporting *x)
{
    lede_status status = enter(x);

    x->report->shards = x->count;
    x->has_names = has_names(x->snapshot, x->options->home);
    x->has_copies = x->options->home == NULL ||
                    lede_xapian_home_has_copies(x->options->home);
    if (status == LEDE_OK && x->is_new && x->count > 1) {
        status = x->by_time ? choose_cuts(x) : LEDE_OK;
        if (status == LEDE_OK) {
            status = lede_export_write_list(x);
        }
    }
    if (status == LEDE_OK) {
        status = open_targets(x);
    }
    if (status == LEDE_OK) {
        status = check_archive(x);
    }
    if (status == LEDE_OK) {
        status = lede_xapian_maker_new(&x->maker, x->err);
    }
    if (status == LEDE_OK) {
        status = lede_xapian_document_new(&x->document, x->err);
    }
    for (uint32_t i = 0;
         i < lede_snapshot_segment_count(x->snapshot) && status == LEDE_OK;
         i++) {
        status = export_segment(x, lede_snapshot_segment(x->snapshot, i));
    }
    return status == LEDE_OK ? finish(x) : status;
}

lede_status lede_export(const lede_snapshot *snapshot, const char *directory,
                        const lede_export_options *options,
                        lede_export_report *report, lede_error *err)
{
    lede_error mine = {0};
    lede_exporting x = {.snapshot = snapshot,
                        .directory = directory,
                        .options = options,
                        .report = report,
                        .lock = -1,
                        .err = &mine};
    lede_status status;

    *report = (lede_export_report){0};
    if (options->shards > LEDE_EXPORT_MAX_SHARDS) {
        return lede_fail(err, LEDE_BAD_INPUT, "more than %d shards",
                         LEDE_EXPORT_MAX_SHARDS);
    }
    status = run(&x);
    for (uint32_t i = 0; i < x.count && x.targets != NULL; i++) {
        lede_xapian_writer_close(x.targets[i].writer);
        lede_building_close(x.targets[i].building);
        free(x.targets[i].seen);
    }
    free(x.targets);
    if (x.lock >= 0) {
        close(x.lock);
    }
    lede_xapian_document_free(x.document);
    lede_xapian_maker_free(x.maker);
    lede_arena_done(&x.arena);
    lede_buf_done(&x.record);
    return status == LEDE_OK ? LEDE_OK
                             : lede_fail(err, status, "%s", mine.message);
}
