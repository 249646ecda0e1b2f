/* replay.c - the driver of a fuzz target where there is no libFuzzer.
 *
 *     fuzz_X FOLDER [MUTATIONS]
 *
 * Runs each file of the folder through the target, then seeded random changes
 * of them (2000, or as many as said), always the same ones. A failure aborts;
 * the input that did it is then in the file replay-failed in the working
 * directory. */
#include <dirent.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_SEEDS = 256, MAX_BYTES = 1 << 16, MAX_CHANGES = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

typedef struct seed {
    uint8_t *bytes;
    size_t len;
} seed;

static seed seeds[MAX_SEEDS];
static size_t seed_count;
static const uint8_t *current;
static size_t current_len;
static uint64_t random_state = 0x9E3779B97F4A7C15u;

static size_t random_below(size_t bound)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return bound == 0 ? 0 : (size_t)(random_state >> 16) % bound;
}

static void keep_failed(int signal_number)
{
    FILE *file = fopen("replay-failed", "wb");

    if (file != NULL) {
        fwrite(current, 1, current_len, file);
        fclose(file);
    }
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

/* An exact copy on the heap, so that the sanitizer sees reads past its end. */
static void run(const uint8_t *bytes, size_t len)
{
    uint8_t *copy = malloc(len == 0 ? 1 : len);

    if (copy == NULL) {
        abort();
    }
    if (len > 0) {
        memcpy(copy, bytes, len);
    }
    current = copy;
    current_len = len;
    LLVMFuzzerTestOneInput(copy, len);
    free(copy);
}

static void load_seed(const char *folder, const char *name)
{
    char path[4096];
    FILE *file;
    seed *into = &seeds[seed_count];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "rb");
    into->bytes = malloc(MAX_BYTES);
    if (file == NULL || into->bytes == NULL) {
        fprintf(stderr, "replay: cannot read %s\n", path);
        exit(2);
    }
    into->len = fread(into->bytes, 1, MAX_BYTES, file);
    fclose(file);
    seed_count++;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In order of names, so that every run is the same. */
static void load_seeds(const char *folder)
{
    char *names[MAX_SEEDS];
    size_t count = 0;
    size_t i;
    struct dirent *item;
    DIR *dir = opendir(folder);

    if (dir == NULL) {
        fprintf(stderr, "replay: cannot open %s\n", folder);
        exit(2);
    }
    while (count < MAX_SEEDS && (item = readdir(dir)) != NULL) {
        if (item->d_name[0] != '.') {
            names[count] = strdup(item->d_name);
            if (names[count] == NULL) {
                abort();
            }
            count++;
        }
    }
    closedir(dir);
    qsort(names, count, sizeof names[0], compare_names);
    for (i = 0; i < count; i++) {
        load_seed(folder, names[i]);
        free(names[i]);
    }
}

/* One small change of `len` bytes in a buffer of MAX_BYTES; the new length. */
static size_t change(uint8_t *bytes, size_t len)
{
    size_t at = random_below(len + 1);
    size_t span = 1 + random_below(16);
    const seed *other = &seeds[random_below(seed_count)];
    size_t from;

    switch (random_below(6)) {
    case 0: /* another byte */
        if (at < len) {
            bytes[at] = (uint8_t)random_below(256);
        }
        return len;
    case 1: /* a flipped bit */
        if (at < len) {
            bytes[at] ^= (uint8_t)(1u << random_below(8));
        }
        return len;
    case 2: /* a hole */
        span = span > len - at ? len - at : span;
        memmove(bytes + at, bytes + at + span, len - at - span);
        return len - span;
    case 3: /* a run of one byte */
        if (len + span > MAX_BYTES) {
            return len;
        }
        memmove(bytes + at + span, bytes + at, len - at);
        memset(bytes + at, (int)random_below(256), span);
        return len + span;
    case 4: /* the end cut off */
        return random_below(8) == 0 ? at : len;
    default: /* a piece of another seed */
        from = random_below(other->len);
        span = span > other->len - from ? other->len - from : span;
        if (len + span > MAX_BYTES) {
            return len;
        }
        memmove(bytes + at + span, bytes + at, len - at);
        memcpy(bytes + at, other->bytes + from, span);
        return len + span;
    }
}

static void run_mutations(unsigned long count)
{
    static uint8_t bytes[MAX_BYTES];

    while (count-- > 0) {
        const seed *base = &seeds[random_below(seed_count)];
        size_t changes = 1 + random_below(MAX_CHANGES);
        size_t len = base->len;

        memcpy(bytes, base->bytes, len);
        while (changes-- > 0) {
            len = change(bytes, len);
        }
        run(bytes, len);
    }
}

int main(int argc, char **argv)
{
    size_t i;

    if (argc < 2) {
        fprintf(stderr, "usage: %s FOLDER [MUTATIONS]\n", argv[0]);
        return 2;
    }
    signal(SIGABRT, keep_failed);
    load_seeds(argv[1]);
    if (seed_count == 0) {
        fprintf(stderr, "replay: no seeds in %s\n", argv[1]);
        return 2;
    }
    for (i = 0; i < seed_count; i++) {
        run(seeds[i].bytes, seeds[i].len);
    }
    run(NULL, 0);
    run_mutations(argc > 2 ? strtoul(argv[2], NULL, 10) : 2000);
    for (i = 0; i < seed_count; i++) {
        free(seeds[i].bytes);
    }
    return 0;
}
