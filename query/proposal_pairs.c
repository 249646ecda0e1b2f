#include "query/proposal_pairs.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "names/variants.h"

enum {
    MOST_ALIKE = 64, /* of names with one key, the most frequent ones */
    MOST_PAIRS = 50000,
    /* How much more frequent the full name must be that a lone last name is
     * taken for than the next one so called. */
    SURNAME_SHARE = 4
};

typedef struct finder {
    const lede_name_counts *names;
    lede_proposal_pairs *out;
} finder;

typedef struct block {
    uint64_t hash;
    uint32_t item;
} block;

static int compare_blocks(const void *a, const void *b)
{
    const block *x = a, *y = b;

    if (x->hash != y->hash) {
        return x->hash < y->hash ? -1 : 1;
    }
    return (x->item > y->item) - (x->item < y->item);
}

/* Each word of a key is one way to meet: last names, and names turned round. */
static uint32_t put_blocks(lede_span key, uint32_t item, block *out)
{
    uint32_t count = 0;
    size_t at = 0, end;

    for (; at < key.len && count < 8; at = end + 1) {
        uint64_t hash;
        uint32_t i = 0;

        end = at;
        while (end < key.len && key.bytes[end] != ' ') {
            end++;
        }
        hash = lede_hash64(lede_span_part(key, at, end - at));
        while (i < count && out[i].hash != hash) {
            i++;
        }
        if (i == count && end - at > 1) {
            out[count++] = (block){hash, item};
        }
    }
    return count;
}

static bool put_pair(finder *m, uint32_t a, uint32_t b, const char *reason)
{
    if (m->out->count == MOST_PAIRS) {
        return true;
    }
    for (uint32_t i = m->out->count; i-- > 0 && m->out->items[i].a == a;) {
        if (m->out->items[i].b == b) {
            return true;
        }
    }
    if (m->out->count == m->out->cap) {
        uint32_t cap = m->out->cap == 0 ? 256 : m->out->cap * 2;
        lede_proposal_pair *grown = realloc(m->out->items, cap * sizeof *grown);

        if (grown == NULL) {
            return false;
        }
        m->out->items = grown;
        m->out->cap = cap;
    }
    m->out->items[m->out->count++] =
        (lede_proposal_pair){.a = a, .b = b, .reason = reason};
    return true;
}

static bool is_single(lede_span key)
{
    return key.len > 0 && memchr(key.bytes, ' ', key.len) == NULL;
}

static bool ends_with(lede_span key, lede_span word)
{
    return key.len > word.len && key.bytes[key.len - word.len - 1] == ' ' &&
           memcmp(key.bytes + key.len - word.len, word.bytes, word.len) == 0;
}

/* Whether the name is the first, in the order of frequency, of those with the
 * last name, and by far. */
static bool is_the_one(const finder *m, const block *blocks, uint32_t count,
                       uint32_t full, lede_span last)
{
    const lede_name_count *items = m->names->items;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t other = blocks[i].item;

        if (other == full || is_single(items[other].key) ||
            !ends_with(items[other].key, last)) {
            continue;
        }
        if (items[other].entries * SURNAME_SHARE > items[full].entries) {
            return false;
        }
    }
    return true;
}

static bool compare_in(finder *m, const block *blocks, uint32_t count)
{
    const lede_name_count *items = m->names->items;
    bool fine = true;

    count = count > MOST_ALIKE ? (uint32_t)MOST_ALIKE : count;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = i + 1; j < count && fine; j++) {
            uint32_t a = blocks[i].item, b = blocks[j].item;
            lede_variant_reason reason =
                lede_person_variant(items[a].name, items[b].name);
            /* Behind the first byte of a key, which is its kind's. */
            lede_span x = lede_span_part(items[a].key, 1, SIZE_MAX);
            lede_span y = lede_span_part(items[b].key, 1, SIZE_MAX);

            if (reason != LEDE_VARIANT_NONE) {
                fine = put_pair(m, a, b, lede_variant_reason_name(reason));
            } else if (is_single(x) != is_single(y)) {
                lede_span last = is_single(x) ? x : y;
                uint32_t full = is_single(x) ? b : a;

                if (ends_with(items[full].key, last) &&
                    is_the_one(m, blocks, count, full, last)) {
                    fine = put_pair(m, a, b, "surname");
                }
            }
        }
    }
    return fine;
}

static int compare_pairs(const void *left, const void *right)
{
    const lede_proposal_pair *x = left, *y = right;

    if (x->a != y->a) {
        return x->a < y->a ? -1 : 1;
    }
    return (x->b > y->b) - (x->b < y->b);
}

/* Pairs by item, each once. */
static void settle_pairs(finder *m)
{
    uint32_t kept = 0;

    if (m->out->count == 0) {
        return;
    }
    qsort(m->out->items, m->out->count, sizeof *m->out->items, compare_pairs);
    for (uint32_t i = 0; i < m->out->count; i++) {
        if (kept == 0 ||
            compare_pairs(&m->out->items[kept - 1], &m->out->items[i]) != 0) {
            m->out->items[kept++] = m->out->items[i];
        }
    }
    m->out->count = kept;
}

bool lede_proposal_pairs_find(const lede_name_counts *names,
                              uint32_t name_count, lede_proposal_pairs *out)
{
    finder m = {.names = names, .out = out};
    block *blocks = malloc(((size_t)name_count * 8 + 1) * sizeof *blocks);
    uint32_t count = 0, begin, end;
    lede_buf key = {0};
    bool fine = blocks != NULL;

    for (uint32_t i = 0; i < name_count && fine; i++) {
        lede_buf_clear(&key);
        lede_person_spelling_key(names->items[i].name, &key);
        fine = !key.failed;
        count += put_blocks(lede_buf_span(&key), i, blocks + count);
    }
    if (fine && count > 0) {
        qsort(blocks, count, sizeof *blocks, compare_blocks);
    }
    for (begin = 0; begin < count && fine; begin = end) {
        end = begin + 1;
        while (end < count && blocks[end].hash == blocks[begin].hash) {
            end++;
        }
        fine = compare_in(&m, blocks + begin, end - begin);
    }
    free(blocks);
    lede_buf_done(&key);
    settle_pairs(&m);
    return fine;
}

void lede_proposal_pairs_done(lede_proposal_pairs *pairs)
{
    free(pairs->items);
    *pairs = (lede_proposal_pairs){0};
}
