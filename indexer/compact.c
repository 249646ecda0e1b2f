#include <stdlib.h>

#include "indexer/merge.h"
#include "indexer/run.h"

/* Segments of the snapshot, newest first, so neighbours in time. */
static lede_status merge_from(lede_run *run, uint64_t entries_max,
                              uint32_t *from, bool *changed, lede_error *err)
{
    uint32_t count = lede_snapshot_segment_count(run->snapshot);
    uint32_t chosen[LEDE_MERGE_MOST], n = 0;
    uint64_t live = 0;
    bool has_deleted = false;

    while (*from + n < count && n < LEDE_MERGE_MOST) {
        const lede_segment *s = lede_snapshot_segment(run->snapshot, *from + n);
        uint32_t own = lede_segment_live(s);

        if (n > 0 && live + own > entries_max) {
            break;
        }
        live += own;
        has_deleted |= lede_segment_entries(s) > own;
        chosen[n] = *from + n;
        n++;
    }
    *changed = n > 1 || has_deleted;
    if (!*changed) {
        *from += n;
        return LEDE_OK;
    }
    return lede_run_merge_chosen(run, chosen, n, err);
}

/* Each merge makes one segment of as many as fit; a merge that came out full is
 * passed over from then on. */
static lede_status merge_all(lede_run *run, lede_error *err)
{
    uint64_t entries_max = run->budget.merge_bytes / LEDE_MERGE_ENTRY_BYTES;
    lede_status status = LEDE_OK;
    uint32_t from = 0;

    if (entries_max > LEDE_SEGMENT_MAX_ENTRIES) {
        entries_max = LEDE_SEGMENT_MAX_ENTRIES;
    }
    while (status == LEDE_OK &&
           from < lede_snapshot_segment_count(run->snapshot)) {
        bool changed;

        if (lede_run_is_stopped(run)) {
            return lede_fail(err, LEDE_INTERRUPTED, "stopped");
        }
        status = merge_from(run, entries_max, &from, &changed, err);
        if (status == LEDE_OK && changed) {
            status = lede_run_refresh(run, err);
        }
    }
    return status;
}

lede_status lede_index_compact(lede_archive *archive,
                               const lede_index_options *options,
                               lede_error *err)
{
    static const lede_index_options defaults = {0};
    lede_index_report report = {0};
    lede_run run;
    lede_status status;

    status = lede_run_open(archive, options == NULL ? &defaults : options,
                           &report, &run, err);
    if (status == LEDE_OK) {
        status = merge_all(&run, err);
        lede_run_close(&run);
    }
    return status;
}
