#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "indexer/run.h"
#include "indexer/sort.h"
#include "storage/record.h"

/* A wish of an entry. */
typedef struct wanted {
    lede_settled *settled;
    uint32_t wish;
} wanted;

/* The texts wanted of one file. */
typedef struct search {
    lede_run *run;
    wanted *wanted; /* sorted by file; [first, end) of the one at hand */
    uint32_t first, end, count;
    lede_page page;
    bool has_failed; /* the run's own fault, not the file's */
} search;

static const lede_text_wish *wish_of(const wanted *w)
{
    return &w->settled->wishes[w->wish];
}

static int compare_files(const void *left, const void *right)
{
    const lede_text_wish *a = wish_of(left), *b = wish_of(right);
    int order = lede_span_compare(a->file, b->file);

    if (order == 0 && a->raw != b->raw) {
        order = a->raw < b->raw ? -1 : 1;
    }
    return order;
}

static lede_status on_page_begin(void *ctx, const lede_page *page,
                                 lede_error *err)
{
    search *s = ctx;

    (void)err;
    s->page = *page;
    return LEDE_OK;
}

static lede_status on_page_end(void *ctx, lede_error *err)
{
    (void)ctx;
    (void)err;
    return LEDE_OK;
}

static lede_status spill(search *s, const lede_entry *entry, const wanted *w,
                         lede_error *err)
{
    lede_run *run = s->run;
    lede_settled *settled = w->settled;
    lede_entry bare = *entry;
    lede_status status;

    bare.key = 0;
    bare.page_id = 0;
    bare.paths = NULL;
    bare.path_count = 0;
    lede_buf_clear(&run->text);
    lede_record_encode(&bare, &run->text);
    if (run->text.failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "reading: out of memory");
    }
    status = lede_spill_put(run->batch.spill, lede_buf_span(&run->text),
                            &settled->text_at, err);
    if (status == LEDE_OK) {
        settled->text_bytes = (uint32_t)run->text.len;
        settled->source = LEDE_TEXT_SPILLED;
        settled->wish_found = w->wish;
        if (settled->published == NULL) {
            settled->time = entry->published.instant;
        }
    }
    return status;
}

static lede_status on_entry(void *ctx, lede_entry *entry, const char *location,
                            lede_error *err)
{
    search *s = ctx;
    uint32_t low = s->first, high = s->end;
    lede_identity identity;
    lede_status status;

    (void)location;
    status =
        lede_identity_of(&s->run->identifier, &s->page, entry, &identity, err);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (wish_of(&s->wanted[middle])->raw < identity.raw) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; status == LEDE_OK && low < s->end; low++) {
        const wanted *w = &s->wanted[low];
        const lede_text_wish *wish = wish_of(w);

        if (wish->raw != identity.raw) {
            break;
        }
        if (w->wish < w->settled->wish_found &&
            wish->digest == identity.digest &&
            (w->settled->published != NULL ||
             wish->when_hash == identity.when_hash)) {
            status = spill(s, entry, w, err);
        }
    }
    s->has_failed = s->has_failed || status != LEDE_OK;
    return status;
}

static void on_note(void *ctx, const char *location, const char *what)
{
    (void)ctx; /* said when it was read first */
    (void)location;
    (void)what;
}

/* The walk knows more of a file than its status does. */
static lede_status on_file(void *ctx, const lede_walk_file *file,
                           lede_error *err)
{
    search *s = ctx;
    lede_sink sink = {.ctx = s,
                      .page_begin = on_page_begin,
                      .entry = on_entry,
                      .page_end = on_page_end,
                      .note = on_note};
    lede_read_options options = lede_run_read_options(s->run, file);

    options.stop = NULL; /* what was begun is published */
    return lede_corpus_read_file(file->path, &options, &sink, err);
}

/* What is not found is settled without it. */
static lede_status read_again(search *s, lede_error *err)
{
    lede_walk_callbacks callbacks = {
        .ctx = s, .file = on_file, .note = on_note};
    lede_error reason = {0};
    lede_buf name = {0};
    lede_status status;
    const char *text;

    lede_buf_put_span(&name, wish_of(&s->wanted[s->first])->file);
    text = lede_buf_text(&name);
    if (text == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "reading: out of memory");
    }
    status = lede_walk(text, &callbacks, &reason);
    if (s->has_failed || status == LEDE_NO_MEMORY || status == LEDE_BUG) {
        if (err != NULL) {
            *err = reason;
        }
    } else {
        if (status != LEDE_OK) {
            lede_run_note(s->run, text, reason.message);
        }
        status = LEDE_OK;
    }
    lede_buf_done(&name);
    return status;
}

static lede_status read_files(search *s, lede_error *err)
{
    lede_status status = LEDE_OK;

    lede_sort(s->wanted, s->count, sizeof s->wanted[0], compare_files);
    s->end = 0;
    while (s->end < s->count && status == LEDE_OK) {
        s->first = s->end;
        while (s->end < s->count &&
               lede_span_equal(wish_of(&s->wanted[s->end])->file,
                               wish_of(&s->wanted[s->first])->file)) {
            s->end++;
        }
        status = read_again(s, err);
    }
    return status;
}

/* Lists the first wishes; in the second round, the others of those whose first
 * one was not met. */
static lede_status list_wanted(search *s, lede_resolution *resolution,
                               bool is_first, lede_error *err)
{
    size_t count = 0;
    uint32_t i, j;

    for (i = 0; i < resolution->count; i++) {
        count += is_first ? 1 : resolution->entries[i].wish_count;
    }
    s->count = 0;
    s->wanted =
        lede_arena_array(&resolution->arena, count + 1, sizeof s->wanted[0]);
    if (s->wanted == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "reading: out of memory");
    }
    for (i = 0; i < resolution->count; i++) {
        lede_settled *e = &resolution->entries[i];
        uint32_t begin = is_first ? 0 : 1, end = is_first ? 1 : e->wish_found;

        for (j = begin; j < end && j < e->wish_count; j++) {
            s->wanted[s->count++] = (wanted){e, j};
        }
    }
    return LEDE_OK;
}

lede_status lede_run_reread(lede_run *run, lede_resolution *resolution,
                            lede_error *err)
{
    search s = {.run = run};
    lede_status status = list_wanted(&s, resolution, true, err);

    if (status == LEDE_OK) {
        status = read_files(&s, err);
    }
    if (status == LEDE_OK) {
        status = list_wanted(&s, resolution, false, err);
    }
    return status == LEDE_OK ? read_files(&s, err) : status;
}
