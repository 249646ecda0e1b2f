#include "query/xapian_at_least.h"

#include <string.h>

/* Terms that "at least so many of these" may be spelt out in. */
enum { MOST_SPELT_OUT = 8192 };

/* --- Lists ---------------------------------------------------------------- */

void lede_xapian_list_add(lede_xapian_builder *b, lede_xapian_list *list,
                          lede_xapian_query query)
{
    if (list->count == list->cap) {
        uint32_t cap = list->cap * 2 + 4;
        lede_xapian_query *items =
            lede_arena_array(b->arena, cap, sizeof *items);

        if (items == NULL) {
            b->no_memory = true;
            return;
        }
        if (list->count > 0) {
            memcpy(items, list->items, list->count * sizeof *items);
        }
        list->items = items;
        list->cap = cap;
    }
    list->items[list->count++] = query;
}

lede_xapian_query lede_xapian_list_join(lede_xapian_builder *b,
                                        lede_xapian_operator how,
                                        const lede_xapian_list *list)
{
    return list->count == 0   ? 0
           : list->count == 1 ? list->items[0]
                              : lede_xapian_query_join(
                                    b->queries, how, list->items, list->count);
}

lede_xapian_query lede_xapian_join_two(lede_xapian_builder *b,
                                       lede_xapian_operator how,
                                       lede_xapian_query one,
                                       lede_xapian_query other)
{
    const lede_xapian_query pair[2] = {one, other};

    return lede_xapian_query_join(b->queries, how, pair, 2);
}

/* --- At least so many ----------------------------------------------------- */

static uint64_t leaves_of(const lede_xapian_builder *b,
                          const lede_xapian_query *items, uint32_t count)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < count && sum <= MOST_SPELT_OUT; i++) {
        sum += lede_xapian_query_leaves(b->queries, items[i]);
    }
    return sum;
}

/* How many leaves "at least `need` of these" has, cut in halves, if they are
 * not more than MOST_SPELT_OUT; what stands in several parts of it is in each.
 */
static uint64_t spelt_out(const lede_xapian_builder *b,
                          const lede_xapian_query *items, uint32_t count,
                          uint32_t need)
{
    uint32_t half = count / 2;
    uint64_t sum = 0;

    if (need == 0) {
        return 0;
    }
    if (need == 1 || need == count) {
        return leaves_of(b, items, count);
    }
    if (count > 64) {
        return UINT32_MAX;
    }
    for (uint32_t i = 0; i <= need && i <= half; i++) {
        if (need - i <= count - half) {
            sum += spelt_out(b, items, half, i) +
                   spelt_out(b, items + half, count - half, need - i);
        }
        if (sum > MOST_SPELT_OUT) {
            break;
        }
    }
    return sum;
}

/* At least `need` of them: i of the one half and the rest of the other. */
static lede_xapian_query at_least(lede_xapian_builder *b,
                                  const lede_xapian_query *items,
                                  uint32_t count, uint32_t need)
{
    lede_xapian_list all = {(lede_xapian_query *)(uintptr_t)items, count,
                            count};
    uint32_t half = count / 2;
    lede_xapian_list ways = {0};

    if (need == 1 || need == count) {
        return lede_xapian_list_join(
            b, need == 1 ? LEDE_XAPIAN_OR : LEDE_XAPIAN_AND, &all);
    }
    for (uint32_t i = 0; i <= need && i <= half; i++) {
        uint32_t rest = need - i;
        lede_xapian_list both = {0};

        if (rest > count - half) {
            continue;
        }
        if (i > 0) {
            lede_xapian_list_add(b, &both, at_least(b, items, half, i));
        }
        if (rest > 0) {
            lede_xapian_list_add(b, &both,
                                 at_least(b, items + half, count - half, rest));
        }
        lede_xapian_list_add(b, &ways,
                             lede_xapian_list_join(b, LEDE_XAPIAN_AND, &both));
    }
    return lede_xapian_list_join(b, LEDE_XAPIAN_OR, &ways);
}

bool lede_xapian_can_spell_out(const lede_xapian_builder *b,
                               const lede_xapian_list *items, uint32_t need)
{
    return spelt_out(b, items->items, items->count, need) <= MOST_SPELT_OUT;
}

lede_xapian_query lede_xapian_at_least(lede_xapian_builder *b,
                                       const lede_xapian_list *items,
                                       uint32_t need)
{
    return at_least(b, items->items, items->count, need);
}

/* Of any count - need + 1 of them, one is there: so of as many such parts as
 * there are. */
lede_xapian_query lede_xapian_at_least_roughly(lede_xapian_builder *b,
                                               const lede_xapian_list *items,
                                               uint32_t need)
{
    uint32_t size = items->count - need + 1;
    lede_xapian_list parts = {0};

    for (uint32_t i = 0; i + size <= items->count; i += size) {
        lede_xapian_list part = {items->items + i, size, size};

        lede_xapian_list_add(b, &parts,
                             lede_xapian_list_join(b, LEDE_XAPIAN_OR, &part));
    }
    return lede_xapian_list_join(b, LEDE_XAPIAN_AND, &parts);
}

lede_xapian_query lede_xapian_votes(lede_xapian_builder *b,
                                    const lede_xapian_list *items)
{
    lede_xapian_list votes = {0};

    for (uint32_t i = 0; i < items->count; i++) {
        if (items->items[i] != 0) {
            lede_xapian_list_add(b, &votes,
                                 lede_xapian_query_join(b->queries,
                                                        LEDE_XAPIAN_SYNONYM,
                                                        &items->items[i], 1));
        }
    }
    return lede_xapian_list_join(b, LEDE_XAPIAN_OR, &votes);
}
