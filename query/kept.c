/* kept.c - see kept.h. */
#include "query/kept.h"

#include <stdlib.h>

#include "base/entry_values.h"
#include "query/rank.h"

/* Stems of more words than this are not worth their memory. */
enum { MOST_STEM_BYTES = 1 << 18 };

enum { MOST_ARENAS = 4 };

typedef struct kept {
    lede_analyzer *analyzer;        /* NULL: none, or it is in use */
    lede_arena arenas[MOST_ARENAS]; /* the first `arena_count` */
    uint32_t arena_count;
    lede_match_windows *windows; /* NULL: none, or they are in use */
    bool has_norms;
    double average;
    float norms[256];
    lede_copy_groups *copies; /* NULL until made */
    uint32_t segments;
    struct {
        lede_fading *fading; /* NULL until made */
        bool is_looked_for, has_dates;
    } of[]; /* each segment */
} kept;

static void free_kept(void *memory)
{
    kept *own = memory;

    lede_analyzer_free(own->analyzer);
    for (uint32_t i = 0; i < own->arena_count; i++) {
        lede_arena_done(&own->arenas[i]);
    }
    free(own->windows);
    lede_copy_groups_free(own->copies);
    for (uint32_t i = 0; i < own->segments; i++) {
        free(own->of[i].fading);
    }
    free(own);
}

static kept *kept_of(const lede_snapshot *snapshot)
{
    uint32_t segments = lede_snapshot_segment_count(snapshot);
    kept *own = lede_snapshot_kept(snapshot);

    if (own == NULL) {
        own = calloc(1, sizeof *own + segments * sizeof own->of[0]);
        if (own != NULL) {
            own->segments = segments;
            lede_snapshot_keep(snapshot, own, free_kept);
        }
    }
    return own;
}

lede_status lede_kept_take_analyzer(const lede_snapshot *snapshot,
                                    lede_analyzer **out, lede_error *err)
{
    kept *own = kept_of(snapshot);

    if (own == NULL || own->analyzer == NULL) {
        return lede_analyzer_new(out, err);
    }
    *out = own->analyzer;
    own->analyzer = NULL;
    return LEDE_OK;
}

void lede_kept_put_analyzer(const lede_snapshot *snapshot,
                            lede_analyzer *analyzer)
{
    kept *own = kept_of(snapshot);

    if (analyzer == NULL) {
        return;
    }
    if (own == NULL || own->analyzer != NULL ||
        lede_analyzer_failed(analyzer)) {
        lede_analyzer_free(analyzer);
        return;
    }
    if (lede_analyzer_stems_bytes(analyzer) > MOST_STEM_BYTES) {
        lede_analyzer_clear_stems(analyzer);
    }
    own->analyzer = analyzer;
}

lede_arena lede_kept_take_arena(const lede_snapshot *snapshot)
{
    kept *own = kept_of(snapshot);

    return own != NULL && own->arena_count > 0 ? own->arenas[--own->arena_count]
                                               : (lede_arena){0};
}

void lede_kept_put_arena(const lede_snapshot *snapshot, lede_arena *arena)
{
    kept *own = kept_of(snapshot);

    lede_arena_clear(arena);
    if (own == NULL || own->arena_count == MOST_ARENAS) {
        lede_arena_done(arena);
    } else if (arena->chunks != NULL) {
        own->arenas[own->arena_count++] = *arena;
    }
    *arena = (lede_arena){0};
}

lede_match_windows *lede_kept_take_windows(const lede_snapshot *snapshot)
{
    kept *own = kept_of(snapshot);
    lede_match_windows *windows = own == NULL ? NULL : own->windows;

    if (windows == NULL) {
        return calloc(1, sizeof *windows);
    }
    own->windows = NULL;
    return windows;
}

void lede_kept_put_windows(const lede_snapshot *snapshot,
                           lede_match_windows *windows)
{
    kept *own = kept_of(snapshot);

    if (own == NULL || own->windows != NULL) {
        free(windows);
    } else {
        own->windows = windows;
    }
}

const float *lede_kept_norms(const lede_snapshot *snapshot, double average)
{
    kept *own = kept_of(snapshot);

    if (own == NULL) {
        return NULL;
    }
    if (!own->has_norms || own->average != average) {
        lede_rank_norms(average, own->norms);
        own->average = average;
        own->has_norms = true;
    }
    return own->norms;
}

static bool is_for(const lede_fading *fading, const lede_match_options *options)
{
    return fading->recency == options->recency &&
           fading->half_life_s == options->half_life_s &&
           fading->origin == options->origin;
}

lede_status lede_kept_fading(const lede_snapshot *snapshot, uint32_t index,
                             const lede_match_options *options,
                             const lede_fading **out, lede_error *err)
{
    kept *own = kept_of(snapshot);
    lede_fading **place = own == NULL ? NULL : &own->of[index].fading;
    lede_status status;

    if (place != NULL && *place != NULL && is_for(*place, options)) {
        *out = *place;
        return LEDE_OK;
    }
    if (place != NULL && *place == NULL) {
        *place = malloc(sizeof **place);
    }
    if (place == NULL || *place == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for recency");
    }
    status = lede_fading_make(lede_snapshot_segment(snapshot, index), options,
                              *place, err);
    if (status != LEDE_OK) {
        free(*place);
        *place = NULL;
        return status;
    }
    *out = *place;
    return LEDE_OK;
}

/* Whether a term begins so. */
static lede_status look_for(const lede_segment *segment, const char *prefix,
                            bool *out, lede_error *err)
{
    lede_term_cursor *cursor = NULL;
    lede_term term;
    lede_status status = lede_term_cursor_open(segment, &cursor, err);

    if (status == LEDE_OK) {
        status =
            lede_term_cursor_seek(cursor, lede_span_text(prefix), &term, err);
    }
    *out = status == LEDE_OK && lede_span_starts(term.bytes, prefix);
    lede_term_cursor_close(cursor);
    return status == LEDE_END ? LEDE_OK : status;
}

lede_status lede_kept_has_dates(const lede_snapshot *snapshot, uint32_t index,
                                bool *out, lede_error *err)
{
    kept *own = kept_of(snapshot);
    lede_status status;

    if (own != NULL && own->of[index].is_looked_for) {
        *out = own->of[index].has_dates;
        return LEDE_OK;
    }
    status = look_for(lede_snapshot_segment(snapshot, index), LEDE_TERM_DATE,
                      out, err);
    if (own != NULL && status == LEDE_OK) {
        own->of[index].has_dates = *out;
        own->of[index].is_looked_for = true;
    }
    return status;
}

lede_status lede_kept_copies(const lede_snapshot *snapshot,
                             const lede_copy_groups **out, lede_error *err)
{
    kept *own = kept_of(snapshot);
    lede_status status = LEDE_OK;

    if (own == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for copies");
    }
    if (own->copies == NULL) {
        status = lede_copy_groups_make(snapshot, &own->copies, err);
    }
    if (status == LEDE_OK) {
        *out = own->copies;
    }
    return status;
}
