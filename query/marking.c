#include "query/marking.h"

#include "query/marks.h"
#include "query/name_marks.h"
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

/* The list of names of an entry, perhaps one that the archive has no more. */
static lede_status read_names(lede_results *results, uint64_t key,
                              lede_buf *out, lede_error *err)
{
    lede_engine *engine = results->engine;
    lede_status status = LEDE_NOT_FOUND;

    if (results->plan.named_count > 0 && engine->calls->names_of_key != NULL) {
        status = engine->calls->names_of_key(engine, key, out, err);
    }
    return status == LEDE_NOT_FOUND ? LEDE_OK : status;
}

lede_status lede_results_mark(lede_results *results, const lede_entry *entry,
                              lede_arena *arena, lede_marking *out,
                              lede_error *err)
{
    lede_spots *spots = &results->spots;
    lede_marking made = {0};
    lede_found *found;
    lede_buf list = {0};
    uint32_t count, at = 0;
    lede_status status = read_names(results, entry->key, &list, err);
    bool has_room;

    if (status != LEDE_OK) {
        lede_buf_done(&list);
        return status;
    }
    has_room =
        lede_spotter_find(results->spotter, entry, language_of(results, entry),
                          true, spots) &&
        lede_marks_find(&results->plan.tree, spots, arena, &found, &count) &&
        lede_name_marks_add(&results->plan, results->analyzer,
                            lede_buf_span(&list), entry->key, spots, arena,
                            &found, &count);
    lede_buf_done(&list);
    if (!has_room) {
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
