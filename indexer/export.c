#include "indexer/export.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/varint.h"
#include "indexer/sort.h"
#include "indexer/xapian_entry.h"
#include "storage/copies.h"
#include "storage/record.h"
#include "storage/shards.h"

enum {
    BATCH_BYTES = 8 << 20,
    TIME_SAMPLE = 1 << 18, /* of which the cuts by time are made */
    STEP_ENTRIES = 64      /* between two looks at the watch */
};

static const char list_head[] = "# shards of lede, by ";
static const char list_from[] = "# from ";

typedef struct target {
    lede_xapian_writer *writer;
    lede_xapian *db;
    int64_t from;    /* by time: entries from here to that of the one before */
    uint32_t before; /* the last document that was there already */
    uint8_t *seen;   /* bit set of these: the archive still has them */
} target;

typedef struct exporting {
    const lede_snapshot *snapshot;
    const char *directory;
    const lede_export_options *options;
    lede_export_report *report;
    uint32_t count;
    bool by_time;
    bool is_new; /* no list is there yet */
    bool has_names, has_copies;
    target *targets;
    lede_xapian_maker *maker;
    lede_xapian_document *document;
    lede_arena arena;
    lede_buf record;
    uint64_t batch_bytes;
    lede_error *err;
} exporting;

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "exporting: out of memory");
}

static lede_status system_failed(exporting *x, const char *path)
{
    return lede_fail(x->err, LEDE_IO, "%s: %s", path, strerror(errno));
}

/* --- The folder ----------------------------------------------------------- */

static lede_status path_in(exporting *x, const char *name, char *out,
                           size_t room)
{
    int len = snprintf(out, room, "%s%s%s", x->directory,
                       name[0] == '\0' ? "" : "/", name);

    return len < 0 || (size_t)len >= room
               ? lede_fail(x->err, LEDE_BAD_INPUT, "'%s' is too long a path",
                           x->directory)
               : LEDE_OK;
}

/* What a database consists of, or is begun with. */
static bool is_of_database(const char *name)
{
    size_t len = strlen(name);

    return strcmp(name, LEDE_SHARD_LIST ".new") == 0 ||
           strcmp(name, "flintlock") == 0 ||
           strncmp(name, "iamglass", 8) == 0 ||
           (len > 6 && strcmp(name + len - 6, ".glass") == 0);
}

/* Or has no more than pieces of a database that was never made. */
static lede_status is_empty_folder(exporting *x, bool *out)
{
    DIR *dir = opendir(x->directory);
    struct dirent *item;

    *out = true;
    if (dir == NULL) {
        return errno == ENOENT ? LEDE_OK : system_failed(x, x->directory);
    }
    while ((item = readdir(dir)) != NULL) {
        if (strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0 &&
            !is_of_database(item->d_name)) {
            *out = false;
        }
    }
    closedir(dir);
    return LEDE_OK;
}

static lede_status make_targets(exporting *x, uint32_t count)
{
    x->count = count;
    x->targets = calloc(count, sizeof *x->targets);
    return x->targets == NULL ? no_memory(x->err) : LEDE_OK;
}

static lede_status not_as_asked(exporting *x, const char *what)
{
    return lede_fail(x->err, LEDE_BAD_INPUT,
                     "%s: there are shards here already, %s: name another "
                     "folder, or ask for the same",
                     x->directory, what);
}

/* Reads what an earlier run wrote about its shards. */
static lede_status read_list(exporting *x, FILE *file)
{
    int64_t from[LEDE_EXPORT_MAX_SHARDS];
    char line[256];
    uint32_t count = 0, cuts = 0;
    bool by_time = false;
    lede_status status;

    if (fgets(line, sizeof line, file) == NULL ||
        strncmp(line, list_head, strlen(list_head)) != 0) {
        return lede_fail(x->err, LEDE_BAD_INPUT,
                         "%s: its list of shards is none of an export's",
                         x->directory);
    }
    by_time = strncmp(line + strlen(list_head), "time", 4) == 0;
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, list_from, strlen(list_from)) == 0 &&
            cuts < LEDE_EXPORT_MAX_SHARDS) {
            from[cuts++] = strtoll(line + strlen(list_from), NULL, 10);
        } else if (strncmp(line, "auto ", 5) == 0) {
            count++;
        }
    }
    if (count == 0 || count > LEDE_EXPORT_MAX_SHARDS ||
        (by_time && cuts != count)) {
        return lede_fail(x->err, LEDE_BAD_INPUT,
                         "%s: its list of shards is damaged", x->directory);
    }
    if (x->options->shards != 0 &&
        (x->options->shards != count || x->options->by_time != by_time)) {
        snprintf(line, sizeof line, "%u by %s", count,
                 by_time ? "time" : "key");
        return not_as_asked(x, line);
    }
    status = make_targets(x, count);
    x->by_time = by_time;
    for (uint32_t i = 0; status == LEDE_OK && i < cuts && i < count; i++) {
        x->targets[i].from = from[i];
    }
    return status;
}

/* What is there, and what is to be. */
static lede_status look_at_folder(exporting *x)
{
    char path[4096];
    struct stat st;
    bool empty = true;
    FILE *file;
    lede_status status = path_in(x, LEDE_SHARD_LIST, path, sizeof path);

    if (status != LEDE_OK) {
        return status;
    }
    file = fopen(path, "r");
    if (file != NULL) {
        status = read_list(x, file);
        fclose(file);
        return status;
    }
    if (lede_xapian_home_is_at(x->directory)) {
        return lede_fail(x->err, LEDE_BAD_INPUT,
                         "%s: 'lede index' writes here: name another folder",
                         x->directory);
    }
    status = path_in(x, "iamglass", path, sizeof path);
    if (status == LEDE_OK && stat(path, &st) == 0) {
        return x->options->shards > 1 ? not_as_asked(x, "one")
                                      : make_targets(x, 1);
    }
    if (status == LEDE_OK) {
        status = is_empty_folder(x, &empty);
    }
    if (status == LEDE_OK && !empty) {
        status =
            lede_fail(x->err, LEDE_BAD_INPUT,
                      "%s: this folder has something else in it", x->directory);
    }
    if (status == LEDE_OK) {
        status =
            make_targets(x, x->options->shards == 0 ? 1 : x->options->shards);
        x->by_time = x->options->by_time && x->count > 1;
        x->is_new = true;
    }
    return status;
}

/* Makes a folder, and those above it. */
static lede_status make_folder(exporting *x)
{
    char path[4096];
    size_t i;
    lede_status status = path_in(x, "", path, sizeof path);

    for (i = 1; status == LEDE_OK && path[i - 1] != '\0'; i++) {
        char here = path[i];

        if (here == '/' || here == '\0') {
            path[i] = '\0';
            if (mkdir(path, 0777) != 0 && errno != EEXIST) {
                status = system_failed(x, path);
            }
            path[i] = here;
        }
        if (here == '\0') {
            break;
        }
    }
    return status;
}

static lede_status write_list(exporting *x)
{
    char path[4096], made[4096];
    FILE *file;
    bool fine;
    lede_status status = path_in(x, LEDE_SHARD_LIST, path, sizeof path);

    if (status == LEDE_OK) {
        status = path_in(x, LEDE_SHARD_LIST ".new", made, sizeof made);
    }
    if (status != LEDE_OK) {
        return status;
    }
    file = fopen(made, "w");
    if (file == NULL) {
        return system_failed(x, made);
    }
    fprintf(file, "%s%s\n", list_head, x->by_time ? "time" : "key");
    for (uint32_t i = 0; i < x->count; i++) {
        if (x->by_time) {
            fprintf(file, "%s%" PRId64 "\n", list_from, x->targets[i].from);
        }
        fprintf(file, "auto shard-%03u\n", i);
    }
    fine = fflush(file) == 0 && fsync(fileno(file)) == 0;
    if (fclose(file) != 0 || !fine || rename(made, path) != 0) {
        status = system_failed(x, made);
        unlink(made);
    }
    return status;
}

/* --- Cuts by time --------------------------------------------------------- */

static int newest_first(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;

    return (*a < *b) - (*a > *b);
}

/* Times of every n-th live entry. */
static lede_status sample_times(exporting *x, int64_t *times, uint32_t *count)
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
static lede_status choose_cuts(exporting *x)
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

static target *target_of(exporting *x, uint64_t key, int64_t time)
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

static lede_status put_mark(exporting *x, target *t, bool complete)
{
    const lede_xapian_mark has = {.complete = complete,
                                  .rules = LEDE_XAPIAN_VERSION,
                                  .has_names = x->has_names,
                                  .has_copies = x->has_copies};

    return lede_xapian_put_mark(t->writer, lede_snapshot_totals(x->snapshot),
                                &has, x->err);
}

static lede_status open_target(exporting *x, target *t, const char *path)
{
    lede_xapian_statistics statistics;
    lede_xapian_mark mark;
    lede_span text;
    char made[4096 + 16];
    struct stat st;
    lede_status status;

    /* It is the last file that a new database gets. */
    snprintf(made, sizeof made, "%s/iamglass", path);
    status = lede_xapian_writer_open(
        path, stat(made, &st) != 0 && errno == ENOENT, &t->writer, x->err);
    if (status != LEDE_OK) {
        return status;
    }
    t->db = lede_xapian_writer_database(t->writer);
    status = lede_xapian_count(t->db, &statistics, x->err);
    if (status == LEDE_OK) {
        status = lede_xapian_metadata(t->db, LEDE_XAPIAN_MARK, &text, x->err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    if (text.len > 0 || statistics.documents > 0) {
        status = lede_xapian_mark_parse(text, &mark, x->err);
    }
    t->before = statistics.last;
    if (status == LEDE_OK && t->before > 0) {
        t->seen = calloc(1, t->before / 8 + 1u);
        status = t->seen == NULL ? no_memory(x->err) : LEDE_OK;
    }
    /* Readers are told that a shard which never was complete isn't. */
    if (status == LEDE_OK && text.len == 0) {
        status = put_mark(x, t, false);
        if (status == LEDE_OK) {
            status = lede_xapian_writer_commit(t->writer, x->err);
        }
    }
    return status;
}

static lede_status open_targets(exporting *x)
{
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < x->count && status == LEDE_OK; i++) {
        char name[16] = "";
        char path[4096];

        if (x->count > 1) {
            snprintf(name, sizeof name, "shard-%03u", i % 1000);
        }
        status = path_in(x, name, path, sizeof path);
        if (status == LEDE_OK) {
            status = open_target(x, &x->targets[i], path);
        }
        if (status != LEDE_OK) {
            status = lede_fail_in(x->err, status, "%s", path);
        }
    }
    return status;
}

/* --- Is it the same archive? -----------------------------------------------
 */

enum { LOOKED_AT = 256, FEW = 4 };

/* Counts documents, spread over the shard, and those that the archive has. */
static lede_status sample(exporting *x, const target *t, uint32_t *looked_at,
                          uint32_t *known)
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
static lede_status check_archive(exporting *x)
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

static lede_status commit_all(exporting *x)
{
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < x->count && status == LEDE_OK; i++) {
        status = lede_xapian_writer_commit(x->targets[i].writer, x->err);
    }
    x->batch_bytes = 0;
    return status;
}

/* Whether the shard has the entry just so. */
static lede_status is_there(exporting *x, target *t, lede_span key,
                            uint64_t digest, bool *out)
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
    if (document <= t->before) {
        t->seen[document / 8] |= (uint8_t)(1u << document % 8);
    }
    for (i = 7; i >= 0; i--) {
        wanted[i] = (uint8_t)digest;
        digest >>= 8;
    }
    *out = lede_span_equal(value, lede_span_of(wanted, sizeof wanted));
    return LEDE_OK;
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

static lede_status export_entry(exporting *x, const lede_segment *segment,
                                columns *c, uint32_t number)
{
    uint64_t key = (uint64_t)lede_column_get(&c->key, number);
    lede_xapian_known known = {.trusted =
                                   lede_column_get(&c->trust, number) != 0,
                               .group = group_of(c, number)};
    target *t = target_of(x, key, lede_column_get(&c->time, number));
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
        status = lede_xapian_writer_put(
            t->writer, t->before == 0 ? lede_span_of(NULL, 0) : term,
            x->document, x->err);
    }
    x->report->put += status == LEDE_OK;
    x->batch_bytes += x->record.len;
    return status;
}

static lede_status export_segment(exporting *x, const lede_segment *segment)
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
static lede_status delete_rest(exporting *x, target *t)
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
            status = lede_xapian_writer_delete(t->writer, document, x->err);
            x->report->deleted += status == LEDE_OK;
        }
    }
    return status == LEDE_NOT_FOUND ? LEDE_OK : status;
}

static lede_status finish(exporting *x)
{
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < x->count && status == LEDE_OK; i++) {
        status = delete_rest(x, &x->targets[i]);
        if (status == LEDE_OK) {
            status = lede_xapian_writer_metadata(
                x->targets[i].writer, LEDE_XAPIAN_CORRECTIONS,
                x->options->corrections, x->err);
        }
        if (status == LEDE_OK) {
            status = put_mark(x, &x->targets[i], true);
        }
    }
    return status == LEDE_OK ? commit_all(x) : status;
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

static lede_status run(exporting *x)
{
    lede_status status = look_at_folder(x);

    x->report->shards = x->count;
    x->has_names = has_names(x->snapshot, x->options->home);
    x->has_copies = x->options->home == NULL ||
                    lede_xapian_home_has_copies(x->options->home);
    if (status == LEDE_OK) {
        status = make_folder(x);
    }
    if (status == LEDE_OK && x->is_new && x->count > 1) {
        status = x->by_time ? choose_cuts(x) : LEDE_OK;
        if (status == LEDE_OK) {
            status = write_list(x);
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
    exporting x = {.snapshot = snapshot,
                   .directory = directory,
                   .options = options,
                   .report = report,
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
        free(x.targets[i].seen);
    }
    free(x.targets);
    lede_xapian_document_free(x.document);
    lede_xapian_maker_free(x.maker);
    lede_arena_done(&x.arena);
    lede_buf_done(&x.record);
    return status == LEDE_OK ? LEDE_OK
                             : lede_fail(err, status, "%s", mine.message);
}
