#include "indexer/aliases.h"

#include <string.h>

#include "base/varint.h"
#include "indexer/accumulate.h"
#include "indexer/grow.h"
#include "indexer/sort.h"

typedef struct alias {
    uint32_t entry;
    uint64_t raw;
} alias;

typedef struct list {
    alias *items;
    uint32_t count, cap;
} list;

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "aliases: out of memory");
}
static bool parse_hex(lede_span text, uint64_t *out)
{
    uint64_t value = 0;
    size_t i;

    if (text.len != 16) {
        return false;
    }
    for (i = 0; i < text.len; i++) {
        uint8_t c = text.bytes[i];

        if (c >= '0' && c <= '9') {
            value = value << 4 | (uint64_t)(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            value = value << 4 | (uint64_t)(c - 'a' + 10);
        } else {
            return false;
        }
    }
    *out = value;
    return true;
}

static lede_status add_aliases(lede_arena *arena, const lede_segment *segment,
                               const lede_term *term, list *all,
                               lede_error *err)
{
    size_t prefix = strlen(LEDE_TERM_ALIAS);
    uint32_t entries[LEDE_BLOCK_POSTINGS], block, i;
    uint64_t raw;

    if (!parse_hex(lede_span_part(term->bytes, prefix, term->bytes.len),
                   &raw)) {
        return LEDE_OK;
    }
    for (block = 0; block < term->postings.block_count; block++) {
        uint32_t size = lede_postings_block_size(&term->postings, block);

        if (!lede_postings_entries(&term->postings, block, entries)) {
            return lede_fail(err, LEDE_CORRUPT, "segment %u: damaged postings",
                             lede_segment_id(segment));
        }
        for (i = 0; i < size; i++) {
            alias *grown = lede_grown_in(arena, all->items, all->count,
                                         &all->cap, sizeof grown[0]);

            if (grown == NULL) {
                return no_memory(err);
            }
            all->items = grown;
            grown[all->count++] = (alias){entries[i], raw};
        }
    }
    return LEDE_OK;
}

static int compare_aliases(const void *left, const void *right)
{
    const alias *a = left, *b = right;

    if (a->entry != b->entry) {
        return a->entry < b->entry ? -1 : 1;
    }
    return (a->raw > b->raw) - (a->raw < b->raw);
}

lede_status lede_aliases_list(lede_aliases *aliases,
                              const lede_segment *segment, lede_error *err)
{
    lede_span prefix = lede_span_text(LEDE_TERM_ALIAS);
    lede_term_cursor *cursor = NULL;
    list all = {0};
    lede_term term;
    uint32_t i;
    lede_status status = lede_term_cursor_open(segment, &cursor, err);

    if (status == LEDE_OK) {
        status = lede_term_cursor_seek(cursor, prefix, &term, err);
    }
    while (status == LEDE_OK && lede_span_starts(term.bytes, LEDE_TERM_ALIAS)) {
        status = add_aliases(aliases->arena, segment, &term, &all, err);
        if (status == LEDE_OK) {
            status = lede_term_cursor_next(cursor, &term, err);
        }
    }
    lede_term_cursor_close(cursor);
    if (status != LEDE_OK && status != LEDE_END) {
        return status;
    }
    lede_sort(all.items, all.count, sizeof all.items[0], compare_aliases);
    aliases->entries = lede_arena_array(aliases->arena, all.count + 1u,
                                        sizeof aliases->entries[0]);
    aliases->raws = lede_arena_array(aliases->arena, all.count + 1u,
                                     sizeof aliases->raws[0]);
    if (aliases->entries == NULL || aliases->raws == NULL) {
        return no_memory(err);
    }
    for (i = 0; i < all.count; i++) {
        aliases->entries[i] = all.items[i].entry;
        aliases->raws[i] = all.items[i].raw;
    }
    aliases->count = all.count;
    return LEDE_OK;
}

const uint64_t *lede_aliases_of(const lede_aliases *aliases, uint32_t entry,
                                uint32_t *count)
{
    uint32_t low = 0, high = aliases->count, end;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (aliases->entries[middle] < entry) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (end = low; end < aliases->count && aliases->entries[end] == entry;) {
        end++;
    }
    *count = end - low;
    return aliases->raws == NULL ? NULL : aliases->raws + low;
}
