#include "indexer/universe.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/entry_terms.h"
#include "base/hash.h"
#include "indexer/accumulate.h"
#include "indexer/grow.h"
#include "indexer/universe_private.h"
#include "storage/record.h"

lede_status lede_universe_no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "settling entries: out of memory");
}

/* --- Life -------------------------------------------------------------- */

/* Segments without aliases need no look-ups of them. */
static lede_status find_aliases(lede_universe *u, lede_error *err)
{
    uint32_t count = lede_snapshot_segment_count(u->snapshot), i;
    lede_status status = LEDE_OK;

    u->has_aliases = lede_arena_array(&u->arena, count + 1u, sizeof(bool));
    if (u->has_aliases == NULL) {
        return lede_universe_no_memory(err);
    }
    for (i = 0; i < count && status == LEDE_OK; i++) {
        lede_term_cursor *cursor = NULL;
        lede_term term;

        status = lede_term_cursor_open(lede_snapshot_segment(u->snapshot, i),
                                       &cursor, err);
        if (status == LEDE_OK) {
            status = lede_term_cursor_seek(
                cursor, lede_span_text(LEDE_TERM_ALIAS), &term, err);
            u->has_aliases[i] = status == LEDE_OK &&
                                lede_span_starts(term.bytes, LEDE_TERM_ALIAS);
            status = status == LEDE_END ? LEDE_OK : status;
        }
        lede_term_cursor_close(cursor);
    }
    return status;
}

lede_status lede_universe_new(const lede_batch *batch,
                              const lede_snapshot *snapshot,
                              const lede_arena_source *source,
                              lede_universe **out, lede_error *err)
{
    lede_universe *u = calloc(1, sizeof *u);
    lede_status status;

    if (u == NULL) {
        return lede_universe_no_memory(err);
    }
    u->batch = batch;
    u->snapshot = snapshot;
    u->arena.source = source;
    u->raw_at.arena = u->stored_at.arena = u->file_at.arena = &u->arena;
    u->page_done.arena = u->pending_raws.arena = &u->arena;
    lede_page_finder_init(&u->finder, &u->arena);
    status = find_aliases(u, err);
    if (status != LEDE_OK) {
        lede_universe_free(u);
        return status;
    }
    *out = u;
    return LEDE_OK;
}

void lede_universe_free(lede_universe *u)
{
    if (u == NULL) {
        return;
    }
    lede_arena_done(&u->arena);
    lede_arena_done(&u->decoded);
    lede_buf_done(&u->record);
    lede_buf_done(&u->name);
    free(u);
}

bool lede_universe_is_at_stake(const lede_universe *u, uint64_t raw)
{
    uint32_t at = lede_map_get(&u->raw_at, raw);

    return at != LEDE_MAP_NONE && u->infos[at].is_at_stake;
}

const uint64_t *lede_universe_raws(const lede_universe *u, uint32_t *count)
{
    *count = u->raw_count;
    return u->raws;
}

const lede_universe_document *lede_universe_documents(const lede_universe *u,
                                                      uint32_t *count)
{
    *count = u->document_count;
    return u->documents;
}

const lede_stored_entry *lede_universe_stored(const lede_universe *u,
                                              uint32_t *count)
{
    *count = u->stored_count;
    return u->stored;
}

void lede_universe_each_stored(const lede_universe *u, uint64_t raw,
                               void (*fn)(void *ctx, uint32_t stored),
                               void *ctx)
{
    uint32_t at = lede_map_get(&u->raw_at, raw), node;

    if (at == LEDE_MAP_NONE) {
        return;
    }
    for (node = u->infos[at].stored; node != LEDE_MAP_NONE;
         node = u->nodes[node].next) {
        fn(ctx, u->nodes[node].item);
    }
}

void lede_universe_each_article(const lede_universe *u, uint64_t raw,
                                void (*fn)(void *ctx,
                                           const lede_version *version),
                                void *ctx)
{
    uint32_t at = lede_map_get(&u->raw_at, raw), node;

    if (at == LEDE_MAP_NONE) {
        return;
    }
    for (node = u->infos[at].articles; node != LEDE_MAP_NONE;
         node = u->nodes[node].next) {
        fn(ctx, u->articles[u->nodes[node].item]);
    }
}

bool universe_add_node(lede_universe *u, uint32_t *head, uint32_t item)
{
    universe_node *nodes = lede_grown_in(&u->arena, u->nodes, u->node_count,
                                         &u->node_cap, sizeof nodes[0]);

    if (nodes == NULL) {
        return false;
    }
    u->nodes = nodes;
    nodes[u->node_count] = (universe_node){item, *head};
    *head = u->node_count++;
    return true;
}

uint32_t lede_universe_raw(lede_universe *u, uint64_t raw)
{
    uint32_t at = lede_map_get(&u->raw_at, raw);
    raw_info *infos;

    if (at != LEDE_MAP_NONE) {
        return at;
    }
    infos = lede_grown_in(&u->arena, u->infos, u->info_count, &u->info_cap,
                          sizeof infos[0]);
    if (infos == NULL) {
        return LEDE_MAP_NONE;
    }
    u->infos = infos;
    infos[u->info_count] = (raw_info){.stored = LEDE_MAP_NONE,
                                      .documents = LEDE_MAP_NONE,
                                      .articles = LEDE_MAP_NONE};
    if (!lede_map_put(&u->raw_at, raw, u->info_count)) {
        return LEDE_MAP_NONE;
    }
    return u->info_count++;
}

/* --- Stored entries ------------------------------------------------------ */

static lede_status key_of(const lede_segment *segment, uint32_t entry,
                          uint64_t *out, lede_error *err)
{
    lede_column keys;
    lede_status status =
        lede_segment_column(segment, LEDE_COLUMN_KEY, &keys, err);

    if (status == LEDE_OK) {
        *out = (uint64_t)lede_column_get(&keys, entry);
    }
    return status;
}

/* Posts of live pages are known by all keys that their versions had. */
static lede_status find_kind(const lede_universe *u, lede_stored_entry *e,
                             lede_error *err)
{
    lede_column pages;
    uint32_t i = 0;
    lede_status status =
        lede_segment_column(e->segment, LEDE_COLUMN_PAGE, &pages, err);

    while (lede_snapshot_segment(u->snapshot, i) != e->segment) {
        i++;
    }
    if (status == LEDE_OK) {
        e->can_have_aliases =
            u->has_aliases[i] && lede_column_get(&pages, e->entry) != 0;
    }
    return status;
}

/* Notes that a raw key names a live stored entry. */
static lede_status add_stored(lede_universe *u, uint32_t info,
                              const lede_segment *segment, uint32_t entry,
                              bool by_alias, lede_error *err)
{
    uint64_t place = (uint64_t)lede_segment_id(segment) << 32 | entry;
    uint32_t at = lede_map_get(&u->stored_at, place);

    if (at == LEDE_MAP_NONE) {
        lede_stored_entry *stored =
            lede_grown_in(&u->arena, u->stored, u->stored_count, &u->stored_cap,
                          sizeof stored[0]);
        lede_status status;

        if (stored == NULL) {
            return lede_universe_no_memory(err);
        }
        u->stored = stored;
        at = u->stored_count;
        stored[at] = (lede_stored_entry){.segment = segment, .entry = entry};
        status = key_of(segment, entry, &stored[at].key, err);
        if (status == LEDE_OK) {
            status = find_kind(u, &stored[at], err);
        }
        if (status != LEDE_OK) {
            return status;
        }
        if (!lede_map_put(&u->stored_at, place, at)) {
            return lede_universe_no_memory(err);
        }
        u->stored_count++;
    }
    u->stored[at].has_alias |= by_alias;
    if (!universe_add_node(u, &u->infos[info].stored, at)) {
        return lede_universe_no_memory(err);
    }
    return LEDE_OK;
}

typedef lede_status (*entry_fn)(lede_universe *u, const lede_segment *segment,
                                uint32_t entry, uint32_t number,
                                lede_error *err);

/* Calls `fn` for the live entries that have an exact-value term. */
static lede_status each_with_value(lede_universe *u, uint32_t segment_index,
                                   const char *prefix, uint64_t value,
                                   entry_fn fn, uint32_t number,
                                   lede_error *err)
{
    const lede_segment *segment =
        lede_snapshot_segment(u->snapshot, segment_index);
    uint32_t entries[LEDE_BLOCK_POSTINGS], block, i;
    char text[32];
    lede_term term;
    lede_status status;

    snprintf(text, sizeof text, "%s%016" PRIx64, prefix, value);
    status = lede_segment_find_term(segment, lede_span_text(text), &term, err);
    if (status != LEDE_OK) {
        return status == LEDE_NOT_FOUND ? LEDE_OK : status;
    }
    for (block = 0; block < term.postings.block_count; block++) {
        uint32_t size = lede_postings_block_size(&term.postings, block);

        if (!lede_postings_entries(&term.postings, block, entries)) {
            return lede_fail(err, LEDE_CORRUPT, "postings of %s are damaged",
                             text);
        }
        for (i = 0; i < size && status == LEDE_OK; i++) {
            if (!lede_segment_is_deleted(segment, entries[i])) {
                status = fn(u, segment, entries[i], number, err);
            }
        }
    }
    return status;
}

static lede_status add_by_alias(lede_universe *u, const lede_segment *segment,
                                uint32_t entry, uint32_t info, lede_error *err)
{
    return add_stored(u, info, segment, entry, true, err);
}

lede_status lede_universe_look_up(lede_universe *u, uint64_t raw,
                                  lede_error *err)
{
    const lede_segment *segment;
    uint32_t info = lede_universe_raw(u, raw), entry, i;
    lede_status status;

    if (info == LEDE_MAP_NONE) {
        return lede_universe_no_memory(err);
    }
    if (u->infos[info].is_looked_up) {
        return LEDE_OK;
    }
    u->infos[info].is_looked_up = true;
    status = lede_snapshot_find_key(u->snapshot, raw, &segment, &entry, err);
    if (status == LEDE_OK) {
        status = add_stored(u, info, segment, entry, false, err);
    } else if (status == LEDE_NOT_FOUND) {
        status = LEDE_OK;
    } else {
        return status;
    }
    for (i = 0;
         status == LEDE_OK && i < lede_snapshot_segment_count(u->snapshot);
         i++) {
        if (u->has_aliases[i]) {
            status = each_with_value(u, i, LEDE_TERM_ALIAS, raw, add_by_alias,
                                     info, err);
        }
    }
    return status;
}

/* --- What files say of a key
 * -------------------------------------------------- */

static lede_status add_article(lede_universe *u, uint32_t file, uint32_t info,
                               const lede_claim *claim, lede_error *err)
{
    lede_version **articles =
        lede_grown_in(&u->arena, u->articles, u->article_count, &u->article_cap,
                      sizeof articles[0]);
    lede_version *version = lede_arena_get(&u->arena, sizeof *version);

    if (articles == NULL) {
        return lede_universe_no_memory(err);
    }
    u->articles = articles;
    if (version == NULL) {
        return lede_universe_no_memory(err);
    }
    *version = (lede_version){.claim = *claim, .tag = LEDE_MAP_NONE};
    if (!universe_set_path(u, file, version) ||
        !universe_add_node(u, &u->infos[info].articles, u->article_count)) {
        return lede_universe_no_memory(err);
    }
    articles[u->article_count++] = version;
    return LEDE_OK;
}

static bool is_pending_in(const lede_universe *u, uint32_t file, uint64_t raw)
{
    const lede_pending_file *pending = u->files[file].pending;

    return pending != NULL &&
           lede_map_get(&u->pending_raws,
                        raw ^ lede_hash64(u->files[file].path)) !=
               LEDE_MAP_NONE;
}

/* The stored claims of one file with one raw key (0: all live documents). What
 * the present reading of the file says supersedes what older ones said. */
static lede_status load_claims(lede_universe *u, uint32_t file, uint64_t raw,
                               uint32_t info, lede_error *err)
{
    uint32_t fresh = lede_file_new_blocks(&u->files[file].state);
    bool superseded = is_pending_in(u, file, raw), has_live = false;
    lede_status status = LEDE_OK;
    uint32_t block, i;

    if (raw == 0) {
        return universe_load_live(u, file, err);
    }
    for (block = 0;
         block < universe_block_count(&u->files[file]) && status == LEDE_OK;
         block++) {
        lede_claims claims;

        if (!universe_block_counts(&u->files[file], block) ||
            (block >= fresh && superseded)) {
            continue;
        }
        status = universe_get_block(u, file, block, &claims, err);
        for (i = status == LEDE_OK ? lede_claims_find(&claims, raw) : 0;
             status == LEDE_OK && i < claims.claim_count &&
             lede_claims_raw(&claims, i) == raw;
             i++) {
            lede_claim claim;

            status = lede_claims_get(&claims, i, &claim, err);
            if (status == LEDE_OK && claim.is_post) {
                has_live = true;
            } else if (status == LEDE_OK) {
                superseded |= block < fresh;
                status = add_article(u, file, info, &claim, err);
            }
        }
    }
    return status == LEDE_OK && has_live ? universe_load_live(u, file, err)
                                         : status;
}

/* The files that a stored path can mean: as it is, or with its location cut
 * off.
 */
static uint32_t path_names(lede_span path, lede_span names[2])
{
    size_t cut = path.len;

    while (cut > 0 && path.bytes[cut - 1] != '#') {
        cut--;
    }
    names[0] = path;
    names[1] = lede_span_part(path, 0, cut - 1);
    return cut < 2 ? 1 : 2;
}

static lede_status load_path(lede_universe *u, lede_span path, uint64_t raw,
                             uint32_t info, lede_map *seen, lede_error *err)
{
    lede_span names[2];
    uint32_t count = path_names(path, names), i;

    for (i = 0; i < count; i++) {
        lede_status status;
        uint32_t file;

        status = universe_find_file(u, names[i], &file, err);
        if (status == LEDE_NOT_FOUND) {
            continue;
        }
        if (status == LEDE_OK && lede_map_get(seen, file) == LEDE_MAP_NONE) {
            if (!lede_map_put(seen, file, 1)) {
                return lede_universe_no_memory(err);
            }
            status = load_claims(u, file, raw, info, err);
        }
        if (status != LEDE_OK) {
            return status;
        }
    }
    return LEDE_OK;
}

static lede_status load_entry(lede_universe *u, const lede_segment *segment,
                              uint32_t entry, uint64_t raw, uint32_t info,
                              lede_map *seen, lede_error *err)
{
    lede_entry decoded;
    lede_status status;
    uint32_t i;

    lede_arena_clear(&u->decoded);
    status = lede_segment_record(segment, entry, &u->record, err);
    if (status == LEDE_OK) {
        status = lede_record_decode(lede_buf_span(&u->record), &u->decoded,
                                    &decoded, err);
    }
    if (status == LEDE_CORRUPT && u->batch->repairs) {
        return LEDE_OK; /* other files that have it add theirs when read */
    }
    for (i = 0; status == LEDE_OK && i < decoded.path_count; i++) {
        status = load_path(u, decoded.paths[i], raw, info, seen, err);
    }
    return status;
}

/* --- What is at stake ---------------------------------------------------- */

/* Whether a file says anything of a raw key, in what it said before. */
static lede_status says(lede_universe *u, uint32_t file, uint64_t raw,
                        bool *out, lede_error *err)
{
    lede_status status = LEDE_OK;
    lede_claims claims;
    uint32_t block, row;

    *out = false;
    for (block = 0; block < universe_block_count(&u->files[file]) &&
                    status == LEDE_OK && !*out;
         block++) {
        if (!universe_block_counts(&u->files[file], block)) {
            continue;
        }
        status = universe_get_block(u, file, block, &claims, err);
        row = status == LEDE_OK ? lede_claims_find(&claims, raw) : 0;
        *out = status == LEDE_OK && row < claims.claim_count &&
               lede_claims_raw(&claims, row) == raw;
    }
    return status;
}

/* A file of an entry that does not have it by the raw key has it by another
 * one: that too is at stake, whichever it is (universe_gather.c looks). */
static lede_status cover_path(lede_universe *u, lede_span path, uint64_t raw,
                              lede_error *err)
{
    uint32_t file;
    bool is_clear = false;
    lede_status status = universe_find_file(u, path, &file, err);

    if (status != LEDE_OK) {
        return status == LEDE_NOT_FOUND ? LEDE_OK : status;
    }
    if (u->files[file].pending == NULL) {
        status = says(u, file, raw, &is_clear, err);
    }
    if (status != LEDE_OK || is_clear) {
        return status;
    }
    u->files[file].is_unclear = true;
    return universe_load_live(u, file, err);
}

static lede_status cover_entry(lede_universe *u, const lede_stored_entry *e,
                               uint64_t raw, lede_error *err)
{
    lede_entry decoded;
    lede_status status;
    uint32_t i;

    lede_arena_clear(&u->decoded);
    status = lede_segment_record(e->segment, e->entry, &u->record, err);
    if (status == LEDE_OK) {
        status = lede_record_decode(lede_buf_span(&u->record), &u->decoded,
                                    &decoded, err);
    }
    for (i = 0; status == LEDE_OK && i < decoded.path_count; i++) {
        lede_span names[2];
        uint32_t count = path_names(decoded.paths[i], names), n;

        for (n = 0; n < count && status == LEDE_OK; n++) {
            status = cover_path(u, names[n], raw, err);
        }
    }
    return status;
}

static lede_status stake_raw(lede_universe *u, uint64_t raw, uint32_t info,
                             lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t node;

    if (u->infos[info].is_at_stake) {
        return LEDE_OK;
    }
    u->infos[info].is_at_stake = true;
    for (node = u->infos[info].stored;
         node != LEDE_MAP_NONE && status == LEDE_OK;
         node = u->nodes[node].next) {
        lede_stored_entry *e = &u->stored[u->nodes[node].item];

        e->is_at_stake = true;
        if (e->can_have_aliases || e->has_alias) {
            status = cover_entry(u, e, raw, err);
        }
    }
    return status;
}

lede_status lede_universe_load_raw(lede_universe *u, uint64_t raw,
                                   bool is_at_stake, lede_error *err)
{
    lede_status status = lede_universe_look_up(u, raw, err);
    uint32_t info = lede_map_get(&u->raw_at, raw), node;
    lede_map seen = {0};

    if (status == LEDE_OK && is_at_stake) {
        status = stake_raw(u, raw, info, err);
    }
    if (status != LEDE_OK || u->infos[info].is_loaded) {
        return status;
    }
    u->infos[info].is_loaded = true;
    for (node = u->infos[info].stored;
         node != LEDE_MAP_NONE && status == LEDE_OK;
         node = u->nodes[node].next) {
        const lede_stored_entry *e = &u->stored[u->nodes[node].item];

        status = load_entry(u, e->segment, e->entry, raw, info, &seen, err);
    }
    lede_map_done(&seen);
    return status;
}

/* --- Pages with urls
 * ------------------------------------------------------------ */

static lede_status load_files_of(lede_universe *u, const lede_segment *segment,
                                 uint32_t entry, uint32_t unused,
                                 lede_error *err)
{
    lede_map seen = {0};
    lede_status status;

    (void)unused;
    status = load_entry(u, segment, entry, 0, LEDE_MAP_NONE, &seen, err);
    lede_map_done(&seen);
    return status;
}

lede_status lede_universe_load_page(lede_universe *u, uint64_t page_id,
                                    lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t i;

    if (lede_map_get(&u->page_done, page_id) != LEDE_MAP_NONE) {
        return LEDE_OK;
    }
    if (!lede_map_put(&u->page_done, page_id, 1)) {
        return lede_universe_no_memory(err);
    }
    for (i = 0;
         status == LEDE_OK && i < lede_snapshot_segment_count(u->snapshot);
         i++) {
        status = each_with_value(u, i, LEDE_TERM_PAGE, page_id, load_files_of,
                                 0, err);
    }
    return status;
}
