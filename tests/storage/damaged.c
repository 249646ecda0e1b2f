#include "tests/storage/damaged.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "storage/archive_internal.h"
#include "tests/support/check.h"

enum { NOW = DAMAGED_NOW };

unsigned damaged_rounds(unsigned plain, unsigned in_the_long_form)
{
    const char *text = getenv("LEDE_TEST_LONG");

    return text != NULL && text[0] == '1' ? in_the_long_form : plain;
}

static void read_file(damaged *made)
{
    FILE *file = fopen(made->file, "rb");
    struct stat info;

    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &info), 0);
    made->len = (size_t)info.st_size;
    made->bytes = malloc(made->len);
    assert_non_null(made->bytes);
    assert_int_equal(fread(made->bytes, 1, made->len, file), made->len);
    fclose(file);
}

void damaged_write(const damaged *made, const uint8_t *bytes, size_t len)
{
    FILE *file = fopen(made->file, "wb");
    char lock[320];

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
    snprintf(lock, sizeof lock, "%s/lock.mdb", made->path);
    unlink(lock);
}

static void put_files(lede_writer *writer)
{
    lede_file_record files[200] = {{.size = 0}};
    char names[200][40];
    lede_publish change = {.files = files, .file_count = 200, .now = NOW};
    lede_error err = {0};
    int i;

    for (i = 0; i < 200; i++) {
        snprintf(names[i], sizeof names[i], "/folder/%d/file-%d.txt", i / 50,
                 i);
        files[i].path = lede_span_text(names[i]);
        files[i].size = (uint64_t)i;
        files[i].payload = files[i].path;
    }
    assert_ok(lede_writer_publish(writer, &change, &err));
}

int damaged_setup(void **state)
{
    static damaged made;
    const lede_archive_options options = {.create = true};
    const model_options large = {1500, 200, NOW, 5000};
    lede_error err = {0};
    lede_archive *archive = NULL;
    lede_writer *writer = NULL;
    lede_publish change = {.now = NOW};
    model_segment *segment = model_segment_new(5, &large);
    uint64_t i;

    made = (damaged){0};
    model_make_folder(made.folder);
    snprintf(made.path, sizeof made.path, "%s/a", made.folder);
    snprintf(made.file, sizeof made.file, "%s/data.mdb", made.path);
    assert_ok(lede_archive_open(made.path, &options, &archive, &err));
    assert_ok(lede_writer_open(archive, 0, &writer, &err));
    for (i = 0; i < 6; i++) {
        assert_ok(model_world_change(&made.world, 90 + i, writer, NOW, &err));
    }
    assert_ok(model_write(segment, writer, &err));
    change.added = &segment->id;
    change.added_count = 1;
    assert_ok(lede_writer_publish(writer, &change, &err));
    made.world.segments[made.world.count++] = segment;
    put_files(writer);
    lede_writer_close(writer);
    assert_int_equal(model_check(archive), 0);
    lede_archive_close(archive);
    read_file(&made);
    *state = &made;
    return 0;
}

int damaged_teardown(void **state)
{
    damaged *made = *state;

    free(made->bytes);
    model_world_free(&made->world);
    model_remove_folder(made->folder);
    return 0;
}

/* Where a value of an open archive lies in its file, which is mapped whole. */
static size_t find_value(const damaged *made, lede_span value)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[1024];
    size_t found = SIZE_MAX;

    assert_non_null(maps);
    while (fgets(line, sizeof line, maps) != NULL) {
        char *rest = NULL;
        uintptr_t begin = (uintptr_t)strtoull(line, &rest, 16);
        uintptr_t end = (uintptr_t)strtoull(rest + 1, NULL, 16);

        if (strstr(line, "data.mdb") != NULL &&
            (uintptr_t)value.bytes >= begin && (uintptr_t)value.bytes < end) {
            found = (size_t)((uintptr_t)value.bytes - begin);
        }
    }
    fclose(maps);
    assert_true(found < made->len);
    assert_memory_equal(made->bytes + found, value.bytes, value.len);
    return found;
}

unsigned damaged_places(const damaged *made,
                        damaged_place places[LEDE_VALUE_KIND_COUNT])
{
    lede_archive *archive = NULL;
    lede_snapshot *snapshot = NULL;
    const lede_segment *largest;
    lede_error err = {0};
    unsigned kind, count = 0;
    uint32_t i;

    assert_ok(lede_archive_open(made->path, NULL, &archive, &err));
    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    largest = lede_snapshot_segment(snapshot, 0);
    for (i = 1; i < lede_snapshot_segment_count(snapshot); i++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, i);

        if (segment->footer.entries > largest->footer.entries) {
            largest = segment;
        }
    }
    for (kind = 0; kind < LEDE_VALUE_KIND_COUNT; kind++) {
        lede_span value;

        if (largest->footer.counts[kind] == 0 || kind == LEDE_VALUE_FOOTER) {
            continue;
        }
        assert_ok(lede_segment_value(largest, (lede_value_kind)kind, 0, &value,
                                     &err));
        places[count++] =
            (damaged_place){find_value(made, value), value.len, kind};
    }
    lede_snapshot_close(snapshot);
    lede_archive_close(archive);
    return count;
}
