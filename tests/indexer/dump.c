#define _XOPEN_SOURCE 700

#include "tests/indexer/dump.h"

#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <time.h>

#include "base/arena.h"
#include "base/hash.h"
#include "storage/record.h"
#include "tests/support/check.h"

typedef struct lines {
    char **items;
    size_t count, cap;
} lines;

static void add_line(lines *l, lede_buf *text)
{
    if (l->count == l->cap) {
        l->cap = l->cap * 2 + 64;
        l->items = realloc(l->items, l->cap * sizeof l->items[0]);
        assert_non_null(l->items);
    }
    l->items[l->count] = strdup(lede_buf_text(text));
    assert_non_null(l->items[l->count]);
    l->count++;
    lede_buf_clear(text);
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void put_lines(lines *l, lede_buf *out)
{
    size_t i;

    if (l->count > 0) {
        qsort(l->items, l->count, sizeof l->items[0], compare_lines);
    }
    for (i = 0; i < l->count; i++) {
        lede_buf_put_text(out, l->items[i]);
        lede_buf_put_byte(out, '\n');
        free(l->items[i]);
    }
    free(l->items);
    *l = (lines){0};
}

static lede_snapshot *snapshot_of(lede_archive *archive)
{
    lede_snapshot *snapshot = NULL;
    lede_error err = {0};

    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    return snapshot;
}

static int64_t column_at(const lede_segment *segment, lede_column_id id,
                         uint32_t entry)
{
    lede_error err = {0};
    lede_column column;

    assert_ok(lede_segment_column(segment, id, &column, &err));
    return lede_column_get(&column, entry);
}

static void put_entry_line(const lede_segment *segment, uint32_t entry,
                           lede_buf *line)
{
    lede_error err = {0};
    lede_buf record = {0};
    lede_span names;
    const uint8_t *sketch;
    unsigned c;

    assert_ok(lede_segment_record(segment, entry, &record, &err));
    assert_ok(lede_segment_names(segment, entry, &names, &err));
    assert_ok(lede_segment_sketch(segment, entry, &sketch, &err));
    lede_buf_put_format(
        line, "E %016" PRIx64 " %016" PRIx64 " %016" PRIx64 " %016" PRIx64,
        (uint64_t)column_at(segment, LEDE_COLUMN_KEY, entry),
        lede_hash64(lede_buf_span(&record)), lede_hash64(names),
        lede_hash64(lede_span_of(sketch, LEDE_SKETCH_BYTES)));
    for (c = 0; c < LEDE_COLUMN_COUNT; c++) {
        if (c != LEDE_COLUMN_SOURCE && c != LEDE_COLUMN_KEY) {
            lede_buf_put_format(line, " %" PRId64,
                                column_at(segment, (lede_column_id)c, entry));
        }
    }
    lede_buf_done(&record);
}

/* Where the entries of each segment are by their keys. */
static void put_posting_lines(const lede_segment *segment,
                              const lede_term *term, lines *out)
{
    const lede_postings *list = &term->postings;
    uint32_t entries[LEDE_BLOCK_POSTINGS], frequencies[LEDE_BLOCK_POSTINGS];
    uint8_t fields[LEDE_BLOCK_POSTINGS];
    lede_error err = {0};
    lede_arena arena = {0};
    lede_position_reader reader;
    lede_buf line = {0};
    lede_form *forms =
        lede_arena_array(&arena, list->form_count + 1u, sizeof forms[0]);
    uint32_t block, i, p;

    assert_ok(lede_postings_forms(list, term->bytes, &arena, forms, &err));
    lede_position_reader_init(&reader, list);
    for (block = 0; block < list->block_count; block++) {
        assert_true(lede_postings_entries(list, block, entries));
        assert_true(lede_postings_frequencies(list, block, frequencies));
        assert_true(lede_postings_fields(list, block, fields));
        for (i = 0; i < lede_postings_block_size(list, block); i++) {
            uint32_t count = 0;

            if (lede_segment_is_deleted(segment, entries[i])) {
                continue;
            }
            lede_buf_put_format(
                &line, "T %.*s %016" PRIx64 " %u %u %d", (int)term->bytes.len,
                (const char *)term->bytes.bytes,
                (uint64_t)column_at(segment, LEDE_COLUMN_KEY, entries[i]),
                frequencies[i], fields[i],
                lede_segment_lengths(segment)[entries[i]]);
            assert_ok(
                lede_position_reader_get(&reader, block, i, &count, &err));
            for (p = 0; p < count; p++) {
                const lede_form *form = &forms[reader.forms[p]];

                lede_buf_put_format(
                    &line, " %u:%.*s/%d/%d/%d", reader.positions[p],
                    (int)form->word.len, (const char *)form->word.bytes,
                    (int)form->letter_case, form->marks, form->width);
            }
            add_line(out, &line);
        }
    }
    lede_position_reader_done(&reader);
    lede_arena_done(&arena);
    lede_buf_done(&line);
}

void dump_archive(lede_archive *archive, lede_buf *out)
{
    lede_snapshot *snapshot = snapshot_of(archive);
    lede_error err = {0};
    lines all = {0};
    lede_buf line = {0};
    uint32_t s, i;

    for (s = 0; s < lede_snapshot_segment_count(snapshot); s++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, s);
        lede_term_cursor *cursor = NULL;
        lede_term term;

        for (i = 0; i < lede_segment_entries(segment); i++) {
            if (!lede_segment_is_deleted(segment, i)) {
                put_entry_line(segment, i, &line);
                add_line(&all, &line);
            }
        }
        assert_ok(lede_term_cursor_open(segment, &cursor, &err));
        while (lede_term_cursor_next(cursor, &term, &err) == LEDE_OK) {
            if (!lede_term_is_pair(term.bytes)) {
                put_posting_lines(segment, &term, &all);
            }
        }
        lede_term_cursor_close(cursor);
    }
    put_lines(&all, out);
    lede_buf_done(&line);
    lede_snapshot_close(snapshot);
}

void dump_pairs(lede_archive *archive, lede_buf *out)
{
    lede_snapshot *snapshot = snapshot_of(archive);
    lede_error err = {0};
    lines all = {0};
    uint32_t s;

    for (s = 0; s < lede_snapshot_segment_count(snapshot); s++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, s);
        lede_term_cursor *cursor = NULL;
        lede_term term;

        assert_ok(lede_term_cursor_open(segment, &cursor, &err));
        while (lede_term_cursor_next(cursor, &term, &err) == LEDE_OK) {
            if (lede_term_is_pair(term.bytes)) {
                put_posting_lines(segment, &term, &all);
            }
        }
        lede_term_cursor_close(cursor);
    }
    put_lines(&all, out);
    lede_snapshot_close(snapshot);
}

void dump_entries(lede_archive *archive, lede_buf *out)
{
    lede_snapshot *snapshot = snapshot_of(archive);
    lede_error err = {0};
    lines all = {0};
    lede_buf line = {0}, record = {0};
    lede_arena arena = {0};
    lede_entry entry;
    uint32_t s, i, p;

    for (s = 0; s < lede_snapshot_segment_count(snapshot); s++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, s);

        for (i = 0; i < lede_segment_entries(segment); i++) {
            if (lede_segment_is_deleted(segment, i)) {
                continue;
            }
            lede_arena_clear(&arena);
            assert_ok(lede_segment_record(segment, i, &record, &err));
            assert_ok(lede_record_decode(lede_buf_span(&record), &arena, &entry,
                                         &err));
            lede_when_format(&entry.published, &line);
            lede_buf_put_byte(&line, ' ');
            lede_buf_put_span(&line, entry.headline);
            lede_buf_put_byte(&line, ':');
            for (p = 0; p < entry.block_count; p++) {
                lede_buf_put_byte(&line, ' ');
                lede_buf_put_span(&line, entry.body[p].text);
            }
            lede_buf_put_text(&line, " [");
            for (p = 0; p < entry.path_count; p++) {
                const uint8_t *slash = entry.paths[p].bytes;
                size_t at;

                for (at = 0; at < entry.paths[p].len; at++) {
                    slash = entry.paths[p].bytes[at] == '/'
                                ? entry.paths[p].bytes + at + 1
                                : slash;
                }
                lede_buf_put_text(&line, p == 0 ? "" : " ");
                lede_buf_put(&line, slash,
                             (size_t)(entry.paths[p].bytes +
                                      entry.paths[p].len - slash));
            }
            lede_buf_put_byte(&line, ']');
            add_line(&all, &line);
        }
    }
    put_lines(&all, out);
    lede_buf_done(&line);
    lede_buf_done(&record);
    lede_arena_done(&arena);
    lede_snapshot_close(snapshot);
}

uint64_t count_live(lede_archive *archive)
{
    lede_snapshot *snapshot = snapshot_of(archive);
    uint64_t live = 0;
    uint32_t s;

    for (s = 0; s < lede_snapshot_segment_count(snapshot); s++) {
        live += lede_segment_live(lede_snapshot_segment(snapshot, s));
    }
    assert_int_equal(live, lede_snapshot_totals(snapshot)->entries);
    lede_snapshot_close(snapshot);
    return live;
}

uint32_t count_segments(lede_archive *archive)
{
    lede_snapshot *snapshot = snapshot_of(archive);
    uint32_t count = lede_snapshot_segment_count(snapshot);

    lede_snapshot_close(snapshot);
    return count;
}

void assert_same_dump(const lede_buf *a, const lede_buf *b)
{
    size_t i, begin = 0, len = a->len < b->len ? a->len : b->len;

    for (i = 0; i < len && a->bytes[i] == b->bytes[i]; i++) {
        begin = a->bytes[i] == '\n' ? i + 1 : begin;
    }
    if (i < len || a->len != b->len) {
        print_error("dumps differ:\n< %.*s\n> %.*s\n",
                    (int)(a->len - begin < 300 ? a->len - begin : 300),
                    (const char *)a->bytes + begin,
                    (int)(b->len - begin < 300 ? b->len - begin : 300),
                    (const char *)b->bytes + begin);
        fail();
    }
}

void assert_same_archives(lede_archive *a, lede_archive *b)
{
    lede_buf x = {0}, y = {0};

    dump_entries(a, &x);
    dump_entries(b, &y);
    assert_same_dump(&x, &y); /* the readable difference first */
    lede_buf_clear(&x);
    lede_buf_clear(&y);
    dump_archive(a, &x);
    dump_archive(b, &y);
    assert_false(x.failed || y.failed);
    assert_same_dump(&x, &y);
    lede_buf_done(&x);
    lede_buf_done(&y);
}

/* --- Folders ------------------------------------------------------------- */

char *folder_new(void)
{
    char *name = strdup("/tmp/lede-test-XXXXXX");

    assert_non_null(name);
    assert_non_null(mkdtemp(name));
    return name;
}

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *place)
{
    (void)st;
    (void)type;
    (void)place;
    return remove(path);
}

void folder_remove(char *folder)
{
    if (folder != NULL) {
        nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
        free(folder);
    }
}

const char *in_folder(const char *folder, const char *name)
{
    static char paths[8][512];
    static unsigned at;

    at = (at + 1) % 8;
    snprintf(paths[at], sizeof paths[at], "%s/%s", folder, name);
    return paths[at];
}

void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    fclose(file);
}

void set_time(const char *path, long seconds)
{
    struct timespec times[2] = {{seconds, 0}, {seconds, 0}};

    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

lede_archive *open_archive(const char *directory)
{
    lede_archive_options options = {.create = true,
                                    .map_bytes = UINT64_C(1) << 30};
    lede_archive *archive = NULL;
    lede_error err = {0};

    assert_ok(lede_archive_open(directory, &options, &archive, &err));
    return archive;
}
