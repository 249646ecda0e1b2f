/* speed.c - how fast are files read, apart from all that follows?
 *
 *     speed_reading PASSES FILE...
 *
 * The files are loaded first, decompressed, and then read PASSES times over,
 * one after the other, into a sink that keeps nothing. Prints megabytes (10^6
 * bytes, decompressed) a second of this process: the best pass and the median.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "corpus/format.h"
#include "corpus/reader.h"

enum { STEP_BYTES = 1 << 20, PASSES_MAX = 1000 };

typedef struct loaded {
    const char *path;
    lede_buf bytes;
} loaded;

static lede_status on_page(void *ctx, const lede_page *page, lede_error *err)
{
    (void)ctx;
    (void)page;
    (void)err;
    return LEDE_OK;
}

static lede_status on_entry(void *ctx, lede_entry *entry, const char *location,
                            lede_error *err)
{
    (void)entry;
    (void)location;
    (void)err;
    ++*(size_t *)ctx;
    return LEDE_OK;
}

static lede_status on_end(void *ctx, lede_error *err)
{
    (void)ctx;
    (void)err;
    return LEDE_OK;
}

static bool load(loaded *file, const char *path)
{
    lede_input *input = NULL;
    lede_error err = {0};
    lede_status status = lede_input_open_file(path, &input, &err);

    file->path = path;
    while (status == LEDE_OK) {
        size_t got = 0;

        if (!lede_buf_reserve(&file->bytes, STEP_BYTES)) {
            status = lede_fail(&err, LEDE_NO_MEMORY, "out of memory");
            break;
        }
        status = lede_input_read(input, file->bytes.bytes + file->bytes.len,
                                 STEP_BYTES, &got, &err);
        file->bytes.len += status == LEDE_OK ? got : 0;
    }
    lede_input_close(input);
    if (status != LEDE_END) {
        fprintf(stderr, "speed_reading: %s: %s\n", path, err.message);
    }
    return status == LEDE_END;
}

/* The number of entries. */
static size_t read_all(const loaded *files, size_t count)
{
    static const lede_read_options options = {.now = 1795000000};
    size_t entries = 0;
    lede_sink sink = {.ctx = &entries,
                      .page_begin = on_page,
                      .entry = on_entry,
                      .page_end = on_end};
    size_t i;

    for (i = 0; i < count; i++) {
        lede_error err = {0};

        lede_corpus_read_bytes(lede_buf_span(&files[i].bytes), files[i].path,
                               &options, &sink, &err);
    }
    return entries;
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    size_t count = argc > 2 ? (size_t)argc - 2 : 0;
    loaded *files = calloc(count + 1, sizeof *files);
    int passes = argc > 1 ? atoi(argv[1]) : 0;
    double took[PASSES_MAX];
    double megabytes = 0;
    size_t entries = 0;
    size_t i;
    int pass;

    if (files == NULL || count == 0 || passes < 1 || passes > PASSES_MAX) {
        fprintf(stderr, "usage: speed_reading PASSES FILE...\n");
        return 2;
    }
    for (i = 0; i < count; i++) {
        if (!load(&files[i], argv[i + 2])) {
            return 1;
        }
        megabytes += (double)files[i].bytes.len / 1e6;
    }
    for (pass = 0; pass < passes; pass++) {
        double begin = seconds();

        entries = read_all(files, count);
        took[pass] = seconds() - begin;
    }
    qsort(took, (size_t)passes, sizeof *took, by_value);
    printf("%zu files, %.1f MB, %zu entries: %.1f MB/s at best, %.1f in the "
           "median of %d\n",
           count, megabytes, entries, megabytes / took[0],
           megabytes / took[passes / 2], passes);
    for (i = 0; i < count; i++) {
        lede_buf_done(&files[i].bytes);
    }
    free(files);
    return 0;
}
