#include "base/hash.h"
#include "indexer/identity.h"

enum { WORD_MAX = 64, FLUSH_AT = 255 };

/* 64 counters of ones, kept as eight words of eight byte-wide counters which
 * are emptied into wide ones before they could overflow. */
typedef struct counters {
    uint64_t narrow[8];
    uint64_t wide[64];
    uint64_t count;
    unsigned since_flush;
} counters;

static void flush(counters *c)
{
    unsigned i;

    for (i = 0; i < 64; i++) {
        c->wide[i] += (c->narrow[i % 8] >> (i / 8 * 8)) & 0xff;
    }
    for (i = 0; i < 8; i++) {
        c->narrow[i] = 0;
    }
    c->since_flush = 0;
}

static void add(counters *c, uint64_t hash)
{
    unsigned i;

    for (i = 0; i < 8; i++) {
        /* bits i, i + 8, i + 16 ... each to a byte of its own */
        c->narrow[i] += (hash >> i) & 0x0101010101010101u;
    }
    c->count++;
    if (++c->since_flush == FLUSH_AT) {
        flush(c);
    }
}

static bool is_word_byte(uint8_t c)
{
    uint8_t lower = c | 0x20;

    return c >= 0x80 || (lower >= 'a' && lower <= 'z') ||
           (c >= '0' && c <= '9');
}

static uint64_t hash_word(const uint8_t *bytes, size_t len)
{
    uint8_t lower[WORD_MAX];
    size_t i;

    if (len > WORD_MAX) {
        len = WORD_MAX;
    }
    for (i = 0; i < len; i++) {
        lower[i] =
            bytes[i] >= 'A' && bytes[i] <= 'Z' ? bytes[i] | 0x20 : bytes[i];
    }
    return lede_hash64(lede_span_of(lower, len));
}

static void add_text(counters *c, lede_span text, uint64_t *before)
{
    size_t i = 0;

    while (i < text.len) {
        size_t begin;
        uint64_t hash;

        if (!is_word_byte(text.bytes[i])) {
            i++;
            continue;
        }
        begin = i;
        while (i < text.len && is_word_byte(text.bytes[i])) {
            i++;
        }
        hash = hash_word(text.bytes + begin, i - begin);
        add(c, (*before << 1 | *before >> 63) ^ hash);
        *before = hash;
    }
}

uint64_t lede_simhash_of_body(const lede_entry *entry)
{
    counters c = {0};
    uint64_t before = 0, result = 0;
    uint32_t i;

    for (i = 0; i < entry->block_count; i++) {
        add_text(&c, entry->body[i].text, &before);
    }
    flush(&c);
    for (i = 0; i < 64; i++) {
        if (2 * c.wide[i] > c.count) {
            result |= UINT64_C(1) << i;
        }
    }
    return result;
}
