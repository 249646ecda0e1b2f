#include "query/copy_groups.h"

#include <stdlib.h>

#include "base/varint.h"
#include "storage/copies.h"

enum { MOST_ROWS = INT32_MAX };

/* Names to numbers, while they are given out: an open hash table. */
typedef struct numbering {
    uint64_t *names;
    uint32_t *numbers; /* LEDE_COPY_NONE: free */
    size_t mask;
    uint32_t count;
} numbering;

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "no memory for copies");
}

static bool make_numbering(numbering *n, uint32_t rows)
{
    size_t size = 16;

    while (size < 2 * (size_t)rows) {
        size *= 2;
    }
    n->mask = size - 1;
    n->names = malloc(size * sizeof n->names[0]);
    n->numbers = malloc(size * sizeof n->numbers[0]);
    for (size_t i = 0; n->numbers != NULL && i < size; i++) {
        n->numbers[i] = LEDE_COPY_NONE;
    }
    return n->names != NULL && n->numbers != NULL;
}

static uint32_t number_of(numbering *n, uint64_t name)
{
    size_t at = (size_t)((name * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & n->mask;

    while (n->numbers[at] != LEDE_COPY_NONE && n->names[at] != name) {
        at = (at + 1) & n->mask;
    }
    if (n->numbers[at] == LEDE_COPY_NONE) {
        n->names[at] = name;
        n->numbers[at] = n->count++;
    }
    return n->numbers[at];
}

static lede_status count_rows(const lede_snapshot *snapshot,
                              lede_copy_groups *groups, lede_error *err)
{
    uint32_t count = lede_snapshot_segment_count(snapshot);
    uint64_t rows = 0;

    groups->firsts = malloc((count + (size_t)1) * sizeof groups->firsts[0]);
    if (groups->firsts == NULL) {
        return no_memory(err);
    }
    groups->segment_count = count;
    groups->firsts[0] = 0;
    for (uint32_t i = 0; i < count; i++) {
        lede_span bytes;
        lede_status status = lede_segment_copies(
            lede_snapshot_segment(snapshot, i), &bytes, err);

        if (status != LEDE_OK) {
            return status;
        }
        rows += bytes.len / LEDE_COPY_ROW_BYTES;
        if (rows > MOST_ROWS) {
            return no_memory(err);
        }
        groups->firsts[i + 1] = (uint32_t)rows;
    }
    return LEDE_OK;
}

static lede_status read_rows(const lede_snapshot *snapshot,
                             lede_copy_groups *groups, lede_error *err)
{
    uint32_t rows = groups->firsts[groups->segment_count];
    numbering n = {0};
    lede_status status = LEDE_OK;

    groups->entries = malloc((rows + (size_t)1) * sizeof groups->entries[0]);
    groups->groups = malloc((rows + (size_t)1) * sizeof groups->groups[0]);
    if (groups->entries == NULL || groups->groups == NULL ||
        !make_numbering(&n, rows)) {
        status = no_memory(err);
    }
    for (uint32_t i = 0; i < groups->segment_count && status == LEDE_OK; i++) {
        lede_span bytes;

        status = lede_segment_copies(lede_snapshot_segment(snapshot, i), &bytes,
                                     err);
        for (uint32_t row = groups->firsts[i];
             status == LEDE_OK && row < groups->firsts[i + 1]; row++) {
            const uint8_t *at = bytes.bytes + (size_t)LEDE_COPY_ROW_BYTES *
                                                  (row - groups->firsts[i]);

            groups->entries[row] = lede_load_u32(at);
            groups->groups[row] = number_of(&n, lede_load_u64(at + 8));
        }
    }
    groups->group_count = n.count;
    free(n.names);
    free(n.numbers);
    return status;
}

/* Counts, then places. */
static bool list_members(lede_copy_groups *groups)
{
    uint32_t rows = groups->firsts[groups->segment_count];
    uint32_t *begins =
        calloc(groups->group_count + (size_t)2, sizeof begins[0]);
    uint32_t *members = malloc((rows + (size_t)1) * sizeof members[0]);

    groups->begins = begins;
    groups->members = members;
    if (begins == NULL || members == NULL) {
        return false;
    }
    /* While rows are placed, a group's begin stands one further on. */
    for (uint32_t row = 0; row < rows; row++) {
        begins[groups->groups[row] + 2]++;
    }
    for (uint32_t i = 2; i < groups->group_count + 2; i++) {
        begins[i] += begins[i - 1];
    }
    for (uint32_t row = 0; row < rows; row++) {
        members[begins[groups->groups[row] + 1]++] = row;
    }
    return true;
}

lede_status lede_copy_groups_make(const lede_snapshot *snapshot,
                                  lede_copy_groups **out, lede_error *err)
{
    lede_copy_groups *groups = calloc(1, sizeof *groups);
    lede_status status =
        groups == NULL ? no_memory(err) : count_rows(snapshot, groups, err);

    if (status == LEDE_OK) {
        status = read_rows(snapshot, groups, err);
    }
    if (status == LEDE_OK && !list_members(groups)) {
        status = no_memory(err);
    }
    if (status != LEDE_OK) {
        lede_copy_groups_free(groups);
        return status;
    }
    *out = groups;
    return LEDE_OK;
}

void lede_copy_groups_free(lede_copy_groups *groups)
{
    if (groups != NULL) {
        free(groups->firsts);
        free(groups->entries);
        free(groups->groups);
        free(groups->begins);
        free(groups->members);
        free(groups);
    }
}

uint32_t lede_copy_groups_row(const lede_copy_groups *groups, uint32_t segment,
                              uint32_t entry)
{
    uint32_t low = groups->firsts[segment];
    uint32_t end = groups->firsts[segment + 1], high = end;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (groups->entries[middle] < entry) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < end && groups->entries[low] == entry ? low : LEDE_COPY_NONE;
}

uint32_t lede_copy_groups_segment(const lede_copy_groups *groups, uint32_t row)
{
    uint32_t low = 0, high = groups->segment_count;

    while (high - low > 1) { /* firsts[low] <= row < firsts[high] */
        uint32_t middle = low + (high - low) / 2;

        if (groups->firsts[middle] <= row) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}
