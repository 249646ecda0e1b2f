#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "indexer/run.h"
#include "storage/record.h"

/* The texts wanted of one file. */
typedef struct search {
    lede_run *run;
    lede_settled **wanted; /* sorted by file; [first, end) of the one at hand */
    uint32_t first, end;
    lede_resolution *resolution;
    lede_page page;
    bool has_failed; /* the run's own fault, not the file's */
} search;

static int compare_files(const void *left, const void *right)
{
    const lede_settled *a = *(lede_settled *const *)left;
    const lede_settled *b = *(lede_settled *const *)right;
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

static lede_status spill(search *s, const lede_entry *entry,
                         lede_settled *settled, lede_error *err)
{
    lede_run *run = s->run;
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
        if (settled->published == NULL) {
            settled->time = entry->published.instant;
        }
        s->resolution->missing--;
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

        if (s->wanted[middle]->raw < identity.raw) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; status == LEDE_OK && low < s->end &&
           s->wanted[low]->raw == identity.raw;
         low++) {
        lede_settled *settled = s->wanted[low];

        if (settled->source == LEDE_TEXT_MISSING &&
            settled->digest == identity.digest &&
            (settled->published != NULL ||
             settled->when_hash == identity.when_hash)) {
            status = spill(s, entry, settled, err);
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

static lede_status read_again(search *s, lede_error *err)
{
    lede_sink sink = {.ctx = s,
                      .page_begin = on_page_begin,
                      .entry = on_entry,
                      .page_end = on_page_end,
                      .note = on_note};
    lede_span path = s->wanted[s->first]->file;
    lede_walk_file file;
    lede_read_options options;
    lede_error reason = {0};
    lede_buf name = {0};
    lede_status status;
    const char *text;

    lede_buf_put_span(&name, path);
    text = lede_buf_text(&name);
    if (text == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "reading: out of memory");
    }
    options = lede_run_read_options(s->run,
                                    lede_file_stat(text, &file) ? &file : NULL);
    options.stop = NULL; /* what was begun is published */
    status = lede_corpus_read_file(text, &options, &sink, &reason);
    if (s->has_failed || status == LEDE_NO_MEMORY || status == LEDE_BUG) {
        lede_buf_done(&name);
        if (err != NULL) {
            *err = reason;
        }
        return status;
    }
    if (status != LEDE_OK) {
        lede_run_note(s->run, text, reason.message);
    }
    lede_buf_done(&name);
    return LEDE_OK; /* what was not found is settled without it */
}

lede_status lede_run_reread(lede_run *run, lede_resolution *resolution,
                            lede_error *err)
{
    search s = {.run = run, .resolution = resolution};
    lede_status status = LEDE_OK;
    uint32_t n = 0, i;

    s.wanted = malloc((resolution->count + 1u) * sizeof s.wanted[0]);
    if (s.wanted == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "reading: out of memory");
    }
    for (i = 0; i < resolution->count; i++) {
        if (resolution->entries[i].source == LEDE_TEXT_MISSING) {
            s.wanted[n++] = &resolution->entries[i];
        }
    }
    qsort(s.wanted, n, sizeof s.wanted[0], compare_files);
    while (s.end < n && status == LEDE_OK) {
        s.first = s.end;
        while (s.end < n && lede_span_equal(s.wanted[s.end]->file,
                                            s.wanted[s.first]->file)) {
            s.end++;
        }
        status = read_again(&s, err);
    }
    free(s.wanted);
    return status;
}
