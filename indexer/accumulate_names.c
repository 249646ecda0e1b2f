#include "indexer/accumulate_private.h"

#include <assert.h>
#include <string.h>

#include "base/status.h"
#include "indexer/namer.h"

static bool put_names(lede_accumulator *a, lede_span list)
{
    row *r = &a->rows[a->named];
    uint8_t *copy = lede_page_arena_get(&a->arena, list.len + 1);

    if (copy == NULL || !accumulate_name_list(a, list)) {
        return false;
    }
    if (list.len > 0) {
        memcpy(copy, list.bytes, list.len);
    }
    r->names = copy;
    r->names_len = (uint32_t)list.len;
    a->named++;
    return true;
}

lede_status lede_accumulator_keep_names(lede_accumulator *a, lede_span list,
                                        const lede_name_makers *makers,
                                        lede_error *err)
{
    assert(a->namer == NULL && a->named + 1 == a->row_count);
    a->makers = *makers;
    return put_names(a, list)
               ? LEDE_OK
               : lede_fail(err, LEDE_NO_MEMORY, "accumulator: out of memory");
}

lede_status accumulate_names(lede_accumulator *a, const lede_entry *next,
                             bool wait, lede_error *err)
{
    lede_status status = LEDE_OK;

    while (a->namer != NULL && status == LEDE_OK) {
        lede_span list;
        bool must =
            wait || (next != NULL && lede_namer_is_full(a->namer, next));

        status = lede_namer_take(a->namer, must, &list, err);
        if (status == LEDE_OK && !put_names(a, list)) {
            status =
                lede_fail(err, LEDE_NO_MEMORY, "accumulator: out of memory");
        }
    }
    return status == LEDE_NOT_FOUND ? LEDE_OK : status;
}
