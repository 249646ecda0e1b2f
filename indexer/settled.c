#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "indexer/grow.h"
#include "indexer/resolve.h"
#include "indexer/sort.h"
#include "storage/record.h"

void lede_resolution_done(lede_resolution *resolution)
{
    lede_arena_done(&resolution->arena);
    lede_universe_free(resolution->universe);
    lede_scratch_free(resolution->scratch);
    *resolution = (lede_resolution){0};
}

/* --- Loading ---------------------------------------------------------------
 */

void lede_text_loader_done(lede_text_loader *loader)
{
    lede_buf_done(&loader->record);
    lede_arena_done(&loader->arena);
}

/* The numbers of a settled date; its words stay as they were printed. */
static void overrule(lede_entry *entry, const lede_settled *settled)
{
    lede_span zone = entry->published.zone_text, text = entry->published.text;

    entry->published = *settled->published;
    entry->published.zone_text = zone;
    entry->published.text = text;
    entry->flags &= ~(uint32_t)LEDE_FLAG_YEAR_GUESSED;
    if (settled->year_is_guessed) {
        entry->flags |= LEDE_FLAG_YEAR_GUESSED;
    }
}

lede_status lede_text_load(lede_text_loader *loader,
                           const lede_settled *settled, lede_entry *out,
                           lede_error *err)
{
    lede_entry entry;
    lede_status status;

    lede_arena_clear(&loader->arena);
    if (settled->source == LEDE_TEXT_SPILLED) {
        status = lede_spill_get(loader->spill, settled->text_at,
                                settled->text_bytes, &loader->record, err);
    } else {
        status = lede_segment_record(settled->segment, settled->entry,
                                     &loader->record, err);
    }
    if (status == LEDE_OK) {
        status = lede_record_decode(lede_buf_span(&loader->record),
                                    &loader->arena, &entry, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    entry.key = settled->key;
    entry.page_id = settled->page_id;
    /* A decoded entry is only read, so the cast takes nothing from anybody. */
    entry.paths = (lede_span *)(uintptr_t)settled->paths;
    entry.path_count = settled->path_count;
    if (settled->published != NULL) {
        overrule(&entry, settled);
    }
    *out = entry;
    return LEDE_OK;
}

lede_status lede_text_record(lede_text_loader *loader,
                             const lede_settled *settled, lede_buf *out,
                             lede_error *err)
{
    lede_entry entry = {.key = settled->key,
                        .page_id = settled->page_id,
                        .paths = (lede_span *)(uintptr_t)settled->paths,
                        .path_count = settled->path_count};
    lede_status status = LEDE_OK;

    lede_buf_clear(out);
    if (settled->source == LEDE_TEXT_SPILLED && settled->published == NULL) {
        status = lede_spill_get(loader->spill, settled->text_at,
                                settled->text_bytes, &loader->record, err);
        if (status != LEDE_OK ||
            lede_record_complete(lede_buf_span(&loader->record), &entry, out)) {
            return status;
        }
    }
    status = lede_text_load(loader, settled, &entry, err);
    if (status == LEDE_OK) {
        lede_record_encode(&entry, out);
    }
    return status;
}

/* --- Finishing -------------------------------------------------------------
 */

/* Whether a stored record is damaged, in a run that repairs. */
static lede_status look_for_damage(const lede_resolution *resolution,
                                   const lede_stored_entry *stored,
                                   lede_buf *record, bool *is_damaged,
                                   lede_error *err)
{
    lede_status status = LEDE_OK;

    *is_damaged = false;
    if (resolution->batch->repairs) {
        status =
            lede_segment_record(stored->segment, stored->entry, record, err);
        *is_damaged = status == LEDE_CORRUPT;
        status = *is_damaged ? LEDE_OK : status;
    }
    return status;
}

/* What a former save had, and no text of any claim is there: the version that
 * is stored under the key stays. So does a damaged one that no file can
 * repair. */
static lede_status keep_stored(lede_resolution *resolution, lede_settled *e,
                               lede_buf *record, lede_error *err)
{
    uint32_t count;
    const lede_stored_entry *stored =
        lede_universe_stored(resolution->universe, &count);
    lede_column times;
    lede_status status;

    if (e->stored == LEDE_MAP_NONE) {
        return LEDE_OK;
    }
    status = look_for_damage(resolution, &stored[e->stored], record,
                             &e->is_unchanged, err);
    if (status != LEDE_OK || e->is_unchanged || !e->was_kept) {
        return status;
    }
    e->source = LEDE_TEXT_STORED;
    e->segment = stored[e->stored].segment;
    e->entry = stored[e->stored].entry;
    if (e->published != NULL) {
        return LEDE_OK;
    }
    status = lede_segment_column(e->segment, LEDE_COLUMN_TIME, &times, err);
    if (status == LEDE_OK) {
        e->time = lede_column_get(&times, e->entry);
    }
    return status;
}

/* Lists the files of wishes that were not met, once each. */
static lede_status list_unread(lede_resolution *resolution, lede_error *err)
{
    lede_map seen = {.arena = &resolution->arena};
    lede_status status = LEDE_OK;
    uint32_t i, j;

    for (i = 0; i < resolution->count && status == LEDE_OK; i++) {
        const lede_settled *e = &resolution->entries[i];

        for (j = 0; j < e->wish_found && status == LEDE_OK; j++) {
            lede_span file = e->wishes[j].file, *unread;
            uint64_t hash = lede_hash64(file);

            if (lede_map_get(&seen, hash) != LEDE_MAP_NONE) {
                continue;
            }
            unread = lede_grown_in(&resolution->arena, resolution->unread,
                                   resolution->unread_count,
                                   &resolution->unread_cap, sizeof unread[0]);
            if (unread == NULL || !lede_map_put(&seen, hash, i)) {
                resolution->unread =
                    unread == NULL ? resolution->unread : unread;
                status =
                    lede_fail(err, LEDE_NO_MEMORY, "settling: out of memory");
                break;
            }
            resolution->unread = unread;
            unread[resolution->unread_count++] = file;
        }
    }
    return status;
}

/* Whether what is stored under the key is this very entry. */
static lede_status compare_stored(lede_resolution *resolution,
                                  lede_text_loader *loader, lede_buf *stored,
                                  lede_buf *wanted, lede_settled *e,
                                  lede_error *err)
{
    uint32_t count;
    const lede_stored_entry *s;
    lede_entry entry;
    lede_status status;

    if (e->stored == LEDE_MAP_NONE || e->alias_count > 0) {
        return LEDE_OK;
    }
    s = &lede_universe_stored(resolution->universe, &count)[e->stored];
    if (s->has_alias) {
        return LEDE_OK;
    }
    status = lede_text_load(loader, e, &entry, err);
    if (status == LEDE_OK) {
        lede_buf_clear(wanted);
        lede_record_encode(&entry, wanted);
        status = lede_segment_record(s->segment, s->entry, stored, err);
        if (status == LEDE_CORRUPT && resolution->batch->repairs) {
            return LEDE_OK; /* it is written anew */
        }
    }
    if (status == LEDE_OK && wanted->failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "settling: out of memory");
    }
    if (status == LEDE_OK) {
        e->is_unchanged =
            lede_span_equal(lede_buf_span(wanted), lede_buf_span(stored));
    }
    return status;
}

static int compare_settled(const void *left, const void *right)
{
    const lede_settled *a = left, *b = right;

    if (a->time != b->time) {
        return a->time > b->time ? -1 : 1; /* newest first, unknown last */
    }
    return a->key == b->key ? 0 : a->key < b->key ? -1 : 1;
}

bool lede_resolution_note(lede_resolution *resolution, uint64_t key,
                          lede_change change)
{
    lede_key_change *changes = lede_grown_in(
        &resolution->arena, resolution->changes, resolution->change_count,
        &resolution->change_cap, sizeof changes[0]);

    if (changes == NULL) {
        return false;
    }
    resolution->changes = changes;
    changes[resolution->change_count++] = (lede_key_change){key, change};
    return true;
}

/* An entry whose key is not a raw key is known by its aliases. These stand in
 * the terms alone, which a repair may have had to do without: then it is found
 * by its key. *was_there: it was, and goes. */
static lede_status replace_unknown(lede_resolution *resolution,
                                   const lede_settled *e, bool *was_there,
                                   lede_error *err)
{
    const lede_segment *segment;
    uint32_t entry;
    lede_status status;

    *was_there = false;
    if (e->alias_count == 0) {
        return LEDE_OK;
    }
    status = lede_snapshot_find_key(resolution->snapshot, e->key, &segment,
                                    &entry, err);
    if (status == LEDE_OK) {
        *was_there = true;
        resolution->deletions[resolution->deletion_count++] =
            (lede_deletion){lede_segment_id(segment), entry};
    }
    return status == LEDE_NOT_FOUND ? LEDE_OK : status;
}

/* Keeps what is to be written, and deletes what it replaces. */
static lede_status keep_changed(lede_resolution *resolution, lede_error *err)
{
    uint32_t count, n = 0, i;
    const lede_stored_entry *stored =
        lede_universe_stored(resolution->universe, &count);
    bool ok = true;

    for (i = 0; i < resolution->count && ok; i++) {
        const lede_settled *e = &resolution->entries[i];
        bool is_gone = e->source == LEDE_TEXT_MISSING;
        bool was_there = e->stored != LEDE_MAP_NONE;

        if (e->is_unchanged) {
            ok = lede_resolution_note(resolution, e->key, LEDE_CHANGE_NONE);
            continue;
        }
        if (!was_there && !is_gone) {
            lede_status status =
                replace_unknown(resolution, e, &was_there, err);

            if (status != LEDE_OK) {
                return status;
            }
        } else if (was_there) {
            resolution->deletions[resolution->deletion_count++] =
                (lede_deletion){lede_segment_id(stored[e->stored].segment),
                                stored[e->stored].entry};
        }
        if (was_there || !is_gone) {
            ok = lede_resolution_note(resolution, e->key,
                                      is_gone     ? LEDE_CHANGE_REMOVED
                                      : was_there ? LEDE_CHANGE_UPDATED
                                                  : LEDE_CHANGE_ADDED);
        }
        if (!is_gone) {
            resolution->entries[n++] = *e;
        }
    }
    resolution->count = n;
    return ok ? LEDE_OK
              : lede_fail(err, LEDE_NO_MEMORY, "settling: out of memory");
}

lede_status lede_resolution_finish(lede_resolution *resolution, lede_error *err)
{
    lede_text_loader loader = {.snapshot = resolution->snapshot,
                               .spill = resolution->batch->spill};
    lede_buf stored = {0}, wanted = {0};
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < resolution->count && status == LEDE_OK; i++) {
        lede_settled *e = &resolution->entries[i];

        if (e->source == LEDE_TEXT_MISSING) {
            status = keep_stored(resolution, e, &stored, err);
        }
        if (status == LEDE_OK && e->source != LEDE_TEXT_MISSING) {
            status =
                compare_stored(resolution, &loader, &stored, &wanted, e, err);
        }
    }
    if (status == LEDE_OK) {
        status = list_unread(resolution, err);
    }
    if (status == LEDE_OK) {
        status = keep_changed(resolution, err);
    }
    if (status == LEDE_OK) {
        lede_sort(resolution->entries, resolution->count,
                  sizeof resolution->entries[0], compare_settled);
    }
    lede_buf_done(&stored);
    lede_buf_done(&wanted);
    lede_text_loader_done(&loader);
    return status;
}
