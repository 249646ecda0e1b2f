#include "query/marking.h"

#include "query/marks.h"
#include "query/results.h"

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "no memory to mark an entry");
}

/* Of an entry that names no language, that of the archive, if there is one
 * only. */
static lede_language language_of(const lede_results *results,
                                 const lede_entry *entry)
{
    uint32_t languages =
        results->engine->calls->totals(results->engine)->languages;
    lede_language fallback = LEDE_LANGUAGE_ENGLISH;

    for (int i = 0; i < LEDE_LANGUAGE_COUNT; i++) {
        if (languages == 1u << i) {
            fallback = (lede_language)i;
        }
    }
    return lede_language_of(entry->lang, fallback);
}

lede_status lede_results_mark(lede_results *results, const lede_entry *entry,
                              lede_arena *arena, lede_marking *out,
                              lede_error *err)
{
    lede_spots *spots = &results->spots;
    lede_marking made = {0};
    lede_found *found;
    uint32_t count, at = 0;

    if (!lede_spotter_find(results->spotter, entry, language_of(results, entry),
                           true, spots) ||
        !lede_marks_find(&results->plan.tree, spots, arena, &found, &count)) {
        return no_memory(err);
    }
    made.items =
        lede_arena_array(arena, spots->section_count + 1u, sizeof *made.items);
    for (uint32_t i = 0; i < spots->section_count && made.items != NULL; i++) {
        lede_marked_text *item = &made.items[made.count++];
        uint32_t first = at;

        item->text = spots->sections[i].text;
        while (at < count && found[at].section == i) {
            at++;
        }
        if (!lede_marks_merge(found + first, at - first, 0, SIZE_MAX, 0, arena,
                              &item->marks, &item->count)) {
            return no_memory(err);
        }
    }
    if (made.items == NULL) {
        return no_memory(err);
    }
    *out = made;
    return LEDE_OK;
}

const lede_mark *lede_marking_of(const lede_marking *marking, lede_span text,
                                 uint32_t *count)
{
    *count = 0;
    for (uint32_t i = 0; marking != NULL && i < marking->count; i++) {
        const lede_marked_text *item = &marking->items[i];

        if (item->text.bytes == text.bytes && item->text.len == text.len) {
            *count = item->count;
            return item->marks;
        }
    }
    return NULL;
}
