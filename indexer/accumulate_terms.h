/* accumulate_terms.h - "which term is that, and which of its forms?"
 *
 * The two tables of an accumulator. Both are open, of hashes and references;
 * what they lead to lies in the arena and stays where it is.
 *
 * Threads: an accumulator belongs to one thread. */
#ifndef LEDE_INDEXER_ACCUMULATE_TERMS_H
#define LEDE_INDEXER_ACCUMULATE_TERMS_H

#include <string.h>

#include "base/hash.h"
#include "base/varint.h"
#include "indexer/accumulate_private.h"

/* Words are short: two loads, which may overlap, take all of those that have no
 * more than 16 bytes. */
typedef struct ends {
    uint64_t first, last;
} ends;

static inline ends ends_of(const uint8_t *p, size_t len)
{
    if (len >= 8) {
        return (ends){lede_load_u64(p), lede_load_u64(p + len - 8)};
    }
    if (len >= 4) {
        return (ends){lede_load_u32(p), lede_load_u32(p + len - 4)};
    }
    if (len == 0) {
        return (ends){0, 0};
    }
    return (ends){p[0] | (uint64_t)p[len / 2] << 8 | (uint64_t)p[len - 1] << 16,
                  0};
}

static inline uint32_t hash_ends(ends e, lede_span word, uint32_t meta)
{
    uint64_t a = word.len > 16 ? lede_hash64(word) : e.first;
    uint64_t b = word.len > 16 ? 0 : e.last;

    a = (a ^ (meta + word.len * 0x100000001u)) * 0x9e3779b97f4a7c15u;
    b = (b ^ a >> 29) * 0xbf58476d1ce4e5b9u;
    a = (a ^ b ^ b >> 32) * 0x94d049bb133111ebu;
    return (uint32_t)(a >> 32) | 1u << 31;
}

static inline bool is_word(const uint8_t *word, ends e, lede_span other)
{
    ends own = ends_of(word, other.len);

    return own.first == e.first && own.last == e.last &&
           (other.len <= 16 || memcmp(word, other.bytes, other.len) == 0);
}

/* All of these: NULL when out of memory. */

/* The term of that name, which is made if there is none. */
term *accumulate_find_term(lede_accumulator *a, lede_span prefix,
                           lede_span rest);
/* One more form of a term, which may be NULL: then there is none. */
form *accumulate_add_form(lede_accumulator *a, uint32_t hash, uint32_t meta,
                          term *t, lede_span word);
/* One more form of a word in a field, of the term of its stem. */
form *accumulate_new_form(lede_accumulator *a, uint32_t hash, uint32_t meta,
                          lede_field field, lede_language language,
                          lede_span word);

#endif
