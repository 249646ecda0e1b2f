/* flip_bit.c - damages an archive in a known place.
 *
 *     flip_bit ARCHIVE KIND
 *
 * Changes one bit in the middle of the newest segment's first value of a kind,
 * named as `lede check` names it; or of the manifest. The archive may be one
 * whose records are elsewhere: they are not asked for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "storage/archive_internal.h"

static int fail(const char *what)
{
    fprintf(stderr, "flip_bit: %s\n", what);
    return 2;
}

/* The file, whole; the caller frees it. */
static uint8_t *read_whole(FILE *file, size_t *len)
{
    uint8_t *bytes;
    long end;

    if (fseek(file, 0, SEEK_END) != 0 || (end = ftell(file)) <= 0) {
        return NULL;
    }
    rewind(file);
    bytes = malloc((size_t)end);
    if (bytes != NULL && fread(bytes, 1, (size_t)end, file) != (size_t)end) {
        free(bytes);
        return NULL;
    }
    *len = (size_t)end;
    return bytes;
}

/* How far into the file a byte of the map is: what is there may be there twice.
 */
static bool find_offset(const uint8_t *byte, size_t *out)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[4096 + 128];
    bool found = false;

    while (maps != NULL && !found && fgets(line, sizeof line, maps) != NULL) {
        unsigned long begin, end, offset;

        if (strstr(line, "/data.mdb") != NULL &&
            sscanf(line, "%lx-%lx %*s %lx", &begin, &end, &offset) == 3 &&
            (uintptr_t)byte >= begin && (uintptr_t)byte < end) {
            *out = (uintptr_t)byte - begin + offset;
            found = true;
        }
    }
    if (maps != NULL) {
        fclose(maps);
    }
    return found;
}

static int flip(const char *directory, lede_span value)
{
    char path[4096];
    uint8_t *bytes;
    size_t len = 0, at = 0;
    FILE *file;

    snprintf(path, sizeof path, "%s/data.mdb", directory);
    file = fopen(path, "r+b");
    if (file == NULL || (bytes = read_whole(file, &len)) == NULL) {
        return fail("cannot read the file");
    }
    if (!find_offset(value.bytes, &at) || at + value.len > len) {
        return fail("cannot find the value");
    }
    at += value.len / 2;
    if (fseek(file, (long)at, SEEK_SET) != 0 ||
        fputc(bytes[at] ^ 1, file) == EOF || fclose(file) != 0) {
        return fail("cannot write the file");
    }
    free(bytes);
    return 0;
}

static lede_status no_record(void *ctx, uint64_t key, lede_buf *out,
                             lede_error *err)
{
    (void)ctx;
    (void)key;
    (void)out;
    return lede_fail(err, LEDE_BUG, "nobody asks for records");
}

/* Of either kind. */
static lede_status open_any(const char *path, lede_archive **out,
                            lede_error *err)
{
    static const lede_record_source elsewhere = {NULL, no_record};
    const lede_archive_options bare = {.records = &elsewhere};
    lede_status status = lede_archive_open(path, NULL, out, err);

    return status == LEDE_BAD_INPUT ? lede_archive_open(path, &bare, out, err)
                                    : status;
}

int main(int argc, char **argv)
{
    lede_archive *archive = NULL;
    lede_snapshot *snapshot = NULL;
    lede_error err = {0};
    lede_span value = {0};
    lede_status status;
    unsigned kind = 0;
    int result = 2;

    if (argc != 3) {
        return fail("ARCHIVE KIND");
    }
    while (kind < LEDE_VALUE_KIND_COUNT &&
           strcmp(lede_value_kind_name((lede_value_kind)kind), argv[2]) != 0) {
        kind++;
    }
    if (kind == LEDE_VALUE_KIND_COUNT && strcmp(argv[2], "manifest") != 0) {
        return fail("no such kind of value");
    }
    status = open_any(argv[1], &archive, &err);
    if (status == LEDE_OK) {
        status = lede_snapshot_open(archive, &snapshot, &err);
    }
    if (status == LEDE_OK) {
        status =
            kind == LEDE_VALUE_KIND_COUNT
                ? lede_txn_get(archive, snapshot->txn, archive->meta,
                               lede_span_text("manifest"), &value, &err)
                : lede_segment_value(lede_snapshot_segment(snapshot, 0),
                                     (lede_value_kind)kind, 0, &value, &err);
    }
    result = status == LEDE_OK ? flip(argv[1], value) : fail(err.message);
    lede_snapshot_close(snapshot);
    lede_archive_close(archive);
    return result;
}
