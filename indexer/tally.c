#include "indexer/tally.h"

/* What the map has of a key: whether it was there when the run began, and what
 * it is counted as: LEDE_CHANGE_NONE for one that came and went. */
enum { WAS_THERE = 8, COUNTED = 7 };

lede_status lede_run_tally_init(lede_run_tally *tally, const char *directory,
                                size_t heap_bytes, bool was_empty,
                                lede_error *err)
{
    lede_status status;

    *tally = (lede_run_tally){.was_empty = was_empty};
    status = lede_scratch_new(directory, heap_bytes, &tally->scratch, err);
    if (status == LEDE_OK) {
        tally->arena.source = lede_scratch_source(tally->scratch);
        tally->met.arena = &tally->arena; /* so a tally must not be moved */
    }
    return status;
}

void lede_run_tally_done(lede_run_tally *tally)
{
    if (tally->scratch != NULL) {
        lede_arena_done(&tally->arena);
        lede_scratch_free(tally->scratch);
    }
    *tally = (lede_run_tally){0};
}

static uint64_t *counter(lede_index_report *report, uint32_t counted)
{
    switch ((lede_change)(counted & COUNTED)) {
    case LEDE_CHANGE_ADDED:
        return &report->entries_added;
    case LEDE_CHANGE_UPDATED:
        return &report->entries_updated;
    case LEDE_CHANGE_REMOVED:
        return &report->entries_removed;
    case LEDE_CHANGE_NONE:
        break;
    }
    return &report->entries_unchanged;
}

/* What an entry counts as that was counted as `before` and is now changed. */
static uint32_t recount(uint32_t before, lede_change change)
{
    uint32_t was_there = before & WAS_THERE;

    switch (change) {
    case LEDE_CHANGE_REMOVED:
        return was_there != 0 ? WAS_THERE | LEDE_CHANGE_REMOVED
                              : LEDE_CHANGE_NONE;
    case LEDE_CHANGE_ADDED:
    case LEDE_CHANGE_UPDATED:
        return was_there != 0 ? WAS_THERE | LEDE_CHANGE_UPDATED
                              : LEDE_CHANGE_ADDED;
    case LEDE_CHANGE_NONE:
        break;
    }
    return before;
}

/* In an archive that was empty everything there is was added. */
static void note_new(lede_change change, lede_index_report *report)
{
    report->entries_added += change == LEDE_CHANGE_ADDED;
    report->entries_added -= change == LEDE_CHANGE_REMOVED;
}

void lede_run_tally_note(lede_run_tally *tally, uint64_t key,
                         lede_change change, lede_index_report *report)
{
    uint32_t before, now;

    if (tally->was_empty) {
        note_new(change, report);
        return;
    }
    before = lede_map_get(&tally->met, key);
    now = before == LEDE_MAP_NONE
              ? (change != LEDE_CHANGE_ADDED ? WAS_THERE | (uint32_t)change
                                             : (uint32_t)change)
              : recount(before, change);
    if (before == now) {
        return;
    }
    /* Without room to remember it counts as met for the first time. */
    (void)lede_map_put(&tally->met, key, now);
    if (before != LEDE_MAP_NONE && before != LEDE_CHANGE_NONE) {
        (*counter(report, before))--;
    }
    if (now != LEDE_CHANGE_NONE) {
        (*counter(report, now))++;
    }
}
