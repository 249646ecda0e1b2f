/* The promise of storage/copies.h: groups are those of the live entries, as a
 * comparison of all with all makes them, in whatever order entries came, were
 * deleted and merged. */
#include "tests/support/check.h"

#include "base/time.h"
#include "storage/archive.h"
#include "storage/record.h"
#include "tests/storage/model.h"
#include "tests/support/folder.h"

enum { ENTRIES = 220, SEGMENTS = 64, STEPS = 14 };

#define NOWHERE UINT32_MAX

typedef struct one {
    uint64_t key, page;
    int64_t time;
    lede_sketch sketch;
    uint32_t segment, entry; /* where it is; NOWHERE: not yet, or gone */
    uint32_t group;          /* the twin's: index of an entry */
} one;

typedef struct world {
    one entries[ENTRIES];
    uint32_t segments[SEGMENTS]; /* live ids */
    uint32_t segment_count;
    model_random random;
    lede_archive *archive;
    lede_writer *writer;
} world;

static lede_error err;

/* Families of sketches: near the bound, so that some members are a pair only
 * over a third; some are equal; some entries have none, some share a page. */
static void make_entries(world *w)
{
    uint32_t i;
    unsigned j;

    for (i = 0; i < ENTRIES; i++) {
        one *e = &w->entries[i];
        model_random family = {1 + model_below(&w->random, 25)};
        uint32_t changes = model_below(&w->random, 16);

        *e = (one){.key = model_next(&w->random),
                   .page = model_below(&w->random, 3) == 0
                               ? 1 + model_below(&w->random, 4)
                               : 0,
                   .time = model_below(&w->random, 50),
                   .segment = NOWHERE};
        if (model_below(&w->random, 10) == 0) {
            continue;
        }
        for (j = 0; j < LEDE_SKETCH_BYTES; j++) {
            e->sketch.bytes[j] = (uint8_t)(1 + model_below(&family, 255));
        }
        while (changes-- > 0) {
            e->sketch.bytes[model_below(&w->random, LEDE_SKETCH_BYTES)] =
                (uint8_t)(1 + model_below(&w->random, 255));
        }
    }
}

static int compare_entries(const void *a, const void *b)
{
    const one *x = *(one *const *)a, *y = *(one *const *)b;

    return x->time != y->time ? (x->time < y->time) - (x->time > y->time)
                              : (x->key > y->key) - (x->key < y->key);
}

static uint32_t write_segment(world *w, one **entries, uint32_t count)
{
    lede_segment_writer *out = NULL;
    lede_buf record = {0};
    uint32_t id, i;

    qsort(entries, count, sizeof entries[0], compare_entries);
    assert_ok(lede_segment_writer_new(w->writer, count, &out, &err));
    for (i = 0; i < count; i++) {
        lede_segment_row row = {
            .columns = {[LEDE_COLUMN_TIME] = entries[i]->time,
                        [LEDE_COLUMN_KEY] = (int64_t)entries[i]->key,
                        [LEDE_COLUMN_PAGE] = (int64_t)entries[i]->page},
            .source = lede_span_text("test"),
            .sketch = entries[i]->sketch};

        assert_ok(lede_segment_writer_put_row(out, &row, &err));
    }
    for (i = 0; i < count; i++) {
        lede_entry entry;

        lede_entry_init(&entry);
        entry.key = entries[i]->key;
        entry.page_id = entries[i]->page;
        entry.published.instant = entries[i]->time;
        entry.published.precision = LEDE_PRECISION_SECOND;
        lede_buf_clear(&record);
        lede_record_encode(&entry, &record);
        assert_ok(lede_segment_writer_put_record(out, i, lede_buf_span(&record),
                                                 &err));
    }
    assert_ok(lede_segment_writer_finish(out, &id, &err));
    lede_segment_writer_free(out);
    lede_buf_done(&record);
    for (i = 0; i < count; i++) {
        entries[i]->segment = id;
        entries[i]->entry = i;
    }
    w->segments[w->segment_count++] = id;
    return id;
}

/* Up to `most` entries of some deletions, which the next publish makes. */
static uint32_t choose_deletions(world *w, lede_deletion *out, uint32_t most)
{
    uint32_t count = 0, i;

    for (i = 0; i < most; i++) {
        one *e = &w->entries[model_below(&w->random, ENTRIES)];

        if (e->segment != NOWHERE) {
            out[count++] = (lede_deletion){e->segment, e->entry};
            e->segment = NOWHERE;
        }
    }
    return count;
}

/* New entries, some that were deleted before; and deletions. */
static void add_some(world *w)
{
    one *chosen[ENTRIES];
    lede_deletion deletions[ENTRIES];
    uint32_t wanted = 1 + model_below(&w->random, 60), count = 0, i, id = 0;
    lede_publish change = {.added = &id, .deletions = deletions};

    change.deletion_count =
        choose_deletions(w, deletions, model_below(&w->random, 20));
    for (i = 0; i < ENTRIES && count < wanted; i++) {
        one *e = &w->entries[model_below(&w->random, ENTRIES)];

        if (e->segment == NOWHERE) {
            e->segment = 0; /* chosen once */
            chosen[count++] = e;
        }
    }
    if (count > 0) {
        id = write_segment(w, chosen, count);
        change.added_count = 1;
    }
    assert_ok(lede_writer_publish(w->writer, &change, &err));
}

/* Two segments into one, or one anew, with deletions in the same change. */
static void merge_some(world *w)
{
    one *chosen[ENTRIES];
    lede_deletion deletions[8];
    uint32_t removed[2], count = 0, id = 0, i, at;
    lede_publish change = {
        .added = &id, .removed = removed, .deletions = deletions};

    change.deletion_count = choose_deletions(w, deletions, 3);
    for (i = 0; i < 2 && w->segment_count > 0; i++) {
        at = model_below(&w->random, w->segment_count);
        removed[change.removed_count++] = w->segments[at];
        w->segments[at] = w->segments[--w->segment_count];
    }
    for (i = 0; i < ENTRIES; i++) {
        one *e = &w->entries[i];

        if (e->segment != NOWHERE &&
            (e->segment == removed[0] ||
             (change.removed_count > 1 && e->segment == removed[1]))) {
            chosen[count++] = e;
        }
    }
    if (change.removed_count > 0 && count > 0) {
        id = write_segment(w, chosen, count);
        change.added_count = 1;
    }
    assert_ok(lede_writer_publish(w->writer, &change, &err));
}

/* --- The twin --------------------------------------------------------------
 */

static bool is_pair(const one *a, const one *b)
{
    return (a->page == 0 || a->page != b->page) &&
           lede_sketch_are_copies(a->sketch.bytes, b->sketch.bytes);
}

/* Gives the label of one to all of the other's until nothing changes. */
static void find_groups(world *w)
{
    bool changed = true;
    uint32_t i, j;

    for (i = 0; i < ENTRIES; i++) {
        w->entries[i].group = i;
    }
    while (changed) {
        changed = false;
        for (i = 0; i < ENTRIES; i++) {
            for (j = 0; j < i; j++) {
                one *a = &w->entries[i], *b = &w->entries[j];

                if (a->segment != NOWHERE && b->segment != NOWHERE &&
                    a->group != b->group && is_pair(a, b)) {
                    a->group = b->group =
                        a->group < b->group ? a->group : b->group;
                    changed = true;
                }
            }
        }
    }
}

static uint32_t count_rows(const lede_snapshot *snapshot)
{
    uint32_t rows = 0, i;

    for (i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        lede_span found;

        assert_ok(lede_segment_copies(lede_snapshot_segment(snapshot, i),
                                      &found, &err));
        rows += (uint32_t)(found.len / 16);
    }
    return rows;
}

static const uint8_t *row_of(const lede_snapshot *snapshot, const one *e)
{
    uint32_t i;

    for (i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, i);
        lede_span rows;
        size_t at;

        if (lede_segment_id(segment) != e->segment) {
            continue;
        }
        assert_ok(lede_segment_copies(segment, &rows, &err));
        for (at = 0; at < rows.len; at += 16) {
            if (lede_load_u32(rows.bytes + at) == e->entry) {
                return rows.bytes + at;
            }
        }
    }
    return NULL;
}

/* Returns how many entries are in groups. */
static uint32_t compare(world *w)
{
    lede_snapshot *snapshot = NULL;
    uint32_t grouped = 0, i, j;

    find_groups(w);
    assert_ok(lede_snapshot_open(w->archive, &snapshot, &err));
    for (i = 0; i < ENTRIES; i++) {
        const one *e = &w->entries[i];
        const uint8_t *row;
        uint32_t members = 0;
        uint64_t least = UINT64_MAX;

        if (e->segment == NOWHERE) {
            continue;
        }
        for (j = 0; j < ENTRIES; j++) {
            const one *other = &w->entries[j];

            if (other->segment != NOWHERE && other->group == e->group) {
                members++;
                least = other->key < least ? other->key : least;
            }
        }
        row = row_of(snapshot, e);
        assert_int_equal(row != NULL, members > 1);
        if (row != NULL) {
            assert_int_equal(lede_load_u32(row + 4), members);
            assert_true(lede_load_u64(row + 8) == least);
            grouped++;
        }
    }
    assert_int_equal(count_rows(snapshot), grouped);
    lede_snapshot_close(snapshot);
    return grouped;
}

/* What check says, with the groups recomputed. */
static void test_copies__are_those_of_a_comparison_of_all_with_all(void **state)
{
    const char *rounds = getenv("LEDE_TEST_LONG");
    uint32_t most = rounds == NULL ? 25 : 2000, grouped = 0, round, step;

    (void)state;
    for (round = 0; round < most; round++) {
        lede_archive_options how = {.create = true, .map_bytes = 1u << 26};
        static world w;
        char directory[256];

        w = (world){.random = {round + 1}};
        folder_make(directory);
        make_entries(&w);
        assert_ok(lede_archive_open(directory, &how, &w.archive, &err));
        assert_ok(lede_writer_open(w.archive, 0, &w.writer, &err));
        for (step = 0; step < STEPS; step++) {
            if (model_below(&w.random, 3) == 0) {
                merge_some(&w);
            } else {
                add_some(&w);
            }
            grouped += compare(&w);
        }
        lede_writer_close(w.writer);
        lede_archive_close(w.archive);
        folder_remove(directory);
    }
    assert_true(grouped > 100 * most);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_copies__are_those_of_a_comparison_of_all_with_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
