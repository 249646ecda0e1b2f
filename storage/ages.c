#include "storage/ages.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"

typedef struct trust_row {
    uint32_t id;
    uint64_t *bits;
} trust_row;

struct lede_trust_cache {
    trust_row *rows;
    uint32_t count, cap;
};

/* A segment's part in the count: live and trusted bits, and where the
 * entries that are not too far ahead begin. */
struct part {
    const lede_segment *segment;
    uint64_t *bits;
    uint32_t begin, dated;
};

static size_t words_of(uint32_t entries)
{
    return ((size_t)entries + 63) / 64;
}

/* --- The cache -------------------------------------------------------------
 */

lede_trust_cache *lede_trust_cache_new(void)
{
    return calloc(1, sizeof(lede_trust_cache));
}

void lede_trust_cache_free(lede_trust_cache *cache)
{
    if (cache != NULL) {
        lede_trust_cache_keep(cache, NULL, 0);
        free(cache->rows);
        free(cache);
    }
}

static bool is_among(uint32_t id, const uint32_t *ids, uint32_t count)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        if (ids[i] == id) {
            return true;
        }
    }
    return false;
}

void lede_trust_cache_keep(lede_trust_cache *cache, const uint32_t *ids,
                           uint32_t count)
{
    uint32_t i, kept = 0;

    for (i = 0; i < cache->count; i++) {
        if (is_among(cache->rows[i].id, ids, count)) {
            cache->rows[kept++] = cache->rows[i];
        } else {
            free(cache->rows[i].bits);
        }
    }
    cache->count = kept;
}

static const uint64_t *find_cached(const lede_trust_cache *cache, uint32_t id)
{
    uint32_t i;

    for (i = 0; cache != NULL && i < cache->count; i++) {
        if (cache->rows[i].id == id) {
            return cache->rows[i].bits;
        }
    }
    return NULL;
}

/* Failing to remember is no failure. True: the cache owns the bits now. */
static bool remember(lede_trust_cache *cache, uint32_t id, uint64_t *bits)
{
    if (cache == NULL) {
        return false;
    }
    if (cache->count == cache->cap) {
        uint32_t cap = cache->cap == 0 ? 16 : cache->cap * 2;
        trust_row *rows = realloc(cache->rows, cap * sizeof *rows);

        if (rows == NULL) {
            return false;
        }
        cache->rows = rows;
        cache->cap = cap;
    }
    cache->rows[cache->count++] = (trust_row){id, bits};
    return true;
}

static lede_status read_trust(const lede_segment *segment, uint64_t *bits,
                              lede_error *err)
{
    uint32_t dated = lede_segment_dated(segment);
    lede_column trust;
    uint32_t i;
    lede_status status =
        lede_segment_column(segment, LEDE_COLUMN_TRUST, &trust, err);

    for (i = 0; status == LEDE_OK && i < dated; i++) {
        if (lede_column_get(&trust, i) == 1) {
            bits[i / 64] |= (uint64_t)1 << (i % 64);
        }
    }
    return status;
}

/* Fills part->bits, which the caller has zeroed, with live and trusted. */
static lede_status fill_bits(struct part *part, const uint64_t *deleted,
                             lede_trust_cache *cache, lede_error *err)
{
    uint32_t id = lede_segment_id(part->segment);
    size_t words = words_of(lede_segment_entries(part->segment));
    const uint64_t *known = find_cached(cache, id);
    uint64_t *bits = NULL;
    lede_status status = LEDE_OK;
    size_t i;

    if (known == NULL) {
        bits = calloc(words, sizeof *bits);
        if (bits == NULL) {
            return lede_fail(err, LEDE_NO_MEMORY, "ages: out of memory");
        }
        status = read_trust(part->segment, bits, err);
        known = bits;
    }
    for (i = 0; status == LEDE_OK && i < words; i++) {
        part->bits[i] = known[i] & (deleted == NULL ? UINT64_MAX : ~deleted[i]);
    }
    if (status != LEDE_OK || (bits != NULL && !remember(cache, id, bits))) {
        free(bits);
    }
    return status;
}

/* --- Counting --------------------------------------------------------------
 */

/* Bits set in [begin, end). */
static uint64_t count_bits(const uint64_t *bits, uint32_t begin, uint32_t end)
{
    uint64_t count = 0;
    uint32_t word;

    if (begin >= end) {
        return 0;
    }
    for (word = begin / 64; word <= (end - 1) / 64; word++) {
        uint64_t value = bits[word];

        if (word == begin / 64) {
            value &= UINT64_MAX << (begin % 64);
        }
        if (word == (end - 1) / 64) {
            value &= UINT64_MAX >> (63 - (end - 1) % 64);
        }
        count += (uint64_t)__builtin_popcountll(value);
    }
    return count;
}

/* How many have a time >= `instant`. */
static uint64_t count_since(const struct part *parts, uint32_t count,
                            int64_t instant)
{
    uint64_t sum = 0;
    uint32_t i;

    for (i = 0; i < count; i++) {
        sum += count_bits(parts[i].bits, parts[i].begin,
                          lede_segment_first_before(parts[i].segment, instant));
    }
    return sum;
}

/* The greatest instant with at least `wanted` entries at or after it. */
static int64_t find_instant(const struct part *parts, uint32_t count,
                            uint64_t wanted, int64_t low, int64_t high)
{
    while (low < high) {
        /* The middle, rounded up, without overflow. */
        int64_t middle =
            low + (int64_t)(((uint64_t)high - (uint64_t)low + 1) / 2);

        if (count_since(parts, count, middle) >= wanted) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

static lede_ages measure(const struct part *parts, uint32_t count)
{
    lede_ages ages = {LEDE_INSTANT_NONE, LEDE_HALF_LIFE_MIN_S};
    const int64_t low = LEDE_INSTANT_NONE + 1;
    uint64_t all = count_since(parts, count, low);
    int64_t median;
    uint64_t age;

    if (all == 0) {
        return ages;
    }
    ages.newest_trusted = find_instant(parts, count, 1, low, INT64_MAX);
    median =
        find_instant(parts, count, (all + 1) / 2, low, ages.newest_trusted);
    age = (uint64_t)ages.newest_trusted - (uint64_t)median;
    if (age > LEDE_HALF_LIFE_MIN_S) {
        ages.half_life_s = age > INT64_MAX ? INT64_MAX : (int64_t)age;
    }
    return ages;
}

lede_status lede_ages_compute(const lede_ages_segment *segments, uint32_t count,
                              int64_t now, lede_trust_cache *cache,
                              lede_ages *out, lede_error *err)
{
    struct part *parts = calloc(count == 0 ? 1 : count, sizeof *parts);
    int64_t first_untrusted = now > INT64_MAX - LEDE_TRUST_MARGIN_S - 1
                                  ? INT64_MAX
                                  : now + LEDE_TRUST_MARGIN_S + 1;
    lede_status status = LEDE_OK;
    uint32_t i;

    if (parts == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "ages: out of memory");
    }
    for (i = 0; i < count && status == LEDE_OK; i++) {
        const lede_segment *segment = segments[i].segment;

        parts[i].segment = segment;
        parts[i].dated = lede_segment_dated(segment);
        parts[i].begin = lede_segment_first_before(segment, first_untrusted);
        parts[i].bits =
            calloc(words_of(lede_segment_entries(segment)), sizeof(uint64_t));
        status = parts[i].bits == NULL
                     ? lede_fail(err, LEDE_NO_MEMORY, "ages: out of memory")
                     : fill_bits(&parts[i], segments[i].deleted, cache, err);
    }
    if (status == LEDE_OK) {
        *out = measure(parts, count);
    }
    for (i = 0; i < count; i++) {
        free(parts[i].bits);
    }
    free(parts);
    return status;
}
