/* tally_read.c - counting by value, entry by entry; see tally.h. What an engine
 * does that has no better way, and the twin of tally.c. */
#include "base/entry_terms.h"
#include "base/entry_values.h"
#include "query/engine.h"
#include "query/tally.h"

enum { PAGE_HITS = 1 << 16 };

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "out of memory for counting");
}

/* What is found in one entry. */
typedef struct reading {
    const lede_tally *tally;
    bool has_date;
    unsigned kinds; /* bit set of those it has a value of */
} reading;

static bool put(reading *r, lede_tally_kind kind, lede_span value)
{
    if ((r->tally->wanted >> kind & 1) == 0 || value.len == 0) {
        return true;
    }
    r->kinds |= 1u << kind;
    return r->tally->put_value(r->tally->ctx, kind, value, 1);
}

static bool put_exact(void *ctx, const char *prefix, lede_span value)
{
    reading *r = ctx;

    if (strcmp(prefix, LEDE_TERM_AUTHOR) == 0) {
        return put(r, LEDE_TALLY_AUTHOR, value);
    }
    if (strcmp(prefix, LEDE_TERM_LABEL) == 0) {
        return put(r, LEDE_TALLY_LABEL, value);
    }
    if (strcmp(prefix, LEDE_TERM_DATE) != 0) {
        return true;
    }
    r->has_date = true;
    return !r->tally->wants_times ||
           r->tally->put_date(r->tally->ctx, value, 1);
}

bool lede_tally_put_entry(const lede_tally *tally, const lede_entry *entry,
                          lede_language language)
{
    char lower[LEDE_TAG_MAX_BYTES];
    lede_span tag = lede_primary_tag(entry->lang, lower);
    reading r = {.tally = tally};

    if (tag.len == 0) {
        tag = lede_span_text(lede_language_tag(language));
    }
    if (!put(&r, LEDE_TALLY_SOURCE, entry->source) ||
        !put(&r, LEDE_TALLY_LANGUAGE, tag) ||
        !put(&r, LEDE_TALLY_KIND,
             lede_span_text(lede_kind_name(entry->kind))) ||
        !lede_entry_values(entry, put_exact, &r)) {
        return false;
    }
    for (unsigned i = 0; i < LEDE_TALLY_KINDS; i++) {
        if ((r.kinds >> i & 1) != 0 &&
            !tally->put_any(tally->ctx, (lede_tally_kind)i, 1)) {
            return false;
        }
    }
    return !tally->wants_times || r.has_date ||
           tally->put_time(tally->ctx, entry->published.instant);
}

static lede_status put_names(lede_engine *engine, const lede_tally *tally,
                             const lede_match_hit *hit, int64_t instant,
                             lede_buf *list, lede_error *err)
{
    lede_status status = LEDE_OK;

    lede_buf_clear(list);
    if (engine->calls->names != NULL) {
        status = engine->calls->names(engine, hit, list, err);
    }
    return status == LEDE_OK ? tally->put_names(tally->ctx, lede_buf_span(list),
                                                hit->key, instant, err)
                             : status;
}

/* A page of hits, read one by one. */
typedef struct page {
    lede_engine_tree *tree;
    const lede_tally *tally;
    lede_arena arena;
    lede_buf record, list;
} page;

static lede_status put_page(page *p, const lede_match_result *found,
                            lede_error *err)
{
    lede_engine *engine = p->tree->engine;
    lede_status status = LEDE_OK;

    for (uint64_t i = 0; i < found->hit_count && status == LEDE_OK; i++) {
        lede_language language;
        lede_entry entry;

        lede_arena_clear(&p->arena);
        status = engine->calls->load(engine, &found->hits[i], &p->record,
                                     &p->arena, &entry, &language, err);
        if (status == LEDE_OK &&
            !lede_tally_put_entry(p->tally, &entry, language)) {
            status = no_memory(err);
        }
        if (status == LEDE_OK && p->tally->put_names != NULL) {
            status = put_names(engine, p->tally, &found->hits[i],
                               entry.published.instant, &p->list, err);
        }
    }
    return status;
}

lede_status lede_tally_read(lede_engine_tree *tree,
                            const lede_match_options *options,
                            const lede_tally *tally, uint64_t *matches,
                            lede_error *err)
{
    lede_match_options next = *options;
    page p = {.tree = tree, .tally = tally};
    uint64_t count = 0;
    bool is_over = false;
    lede_status status = LEDE_OK;

    next.sort = LEDE_SORT_NEWEST;
    next.k = PAGE_HITS;
    next.recency = 0;
    next.has_after = false;
    next.totals = LEDE_TOTALS_NONE;
    while (status == LEDE_OK && !is_over) {
        lede_match_result found = {0};

        status = tree->engine->calls->run(tree, &next, &found, err);
        if (status == LEDE_OK) {
            status = put_page(&p, &found, err);
        }
        is_over = found.hit_count < next.k;
        count += found.hit_count;
        if (found.hit_count > 0) {
            next.has_after = true;
            next.after = found.hits[found.hit_count - 1];
        }
        lede_match_result_done(&found);
    }
    if (status == LEDE_OK) {
        *matches = count;
    }
    lede_arena_done(&p.arena);
    lede_buf_done(&p.record);
    lede_buf_done(&p.list);
    return status;
}

lede_status lede_tally_matches(lede_engine_tree *tree,
                               const lede_match_options *options,
                               const lede_tally *tally, uint64_t *matches,
                               lede_error *err)
{
    const lede_engine_calls *calls = tree->engine->calls;

    return calls->tally != NULL
               ? calls->tally(tree, options, tally, matches, err)
               : lede_tally_read(tree, options, tally, matches, err);
}
