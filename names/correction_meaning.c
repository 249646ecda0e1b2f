#include "names/correction_lines.h"

#include <stdlib.h>
#include <string.h>

static bool has_entry(const lede_correction *c, uint64_t entry)
{
    return bsearch(&entry, c->entries, c->entry_count, sizeof entry,
                   lede_correction_entry_compare) != NULL;
}

/* Whether a line changes the name with this key, and into which of its names;
 * SIZE_MAX hides it. */
static bool changes(const lede_correction_line *at, lede_name_kind kind,
                    lede_span key, const uint64_t *entry, size_t *into)
{
    const lede_correction *c = &at->parsed;
    size_t i;

    if (!at->is_correction || c->kind != kind) {
        return false;
    }
    switch (c->verb) {
    case LEDE_CORRECTION_MERGE:
        for (i = 0; i < c->name_count; i++) {
            if (lede_span_equal(at->keys[i], key)) {
                *into = 0;
                return true;
            }
        }
        return false;
    case LEDE_CORRECTION_RENAME:
    case LEDE_CORRECTION_SPLIT:
        *into = 1;
        return lede_span_equal(at->keys[0], key) &&
               (c->verb == LEDE_CORRECTION_RENAME ||
                (entry != NULL && has_entry(c, *entry)));
    case LEDE_CORRECTION_HIDE:
        *into = SIZE_MAX;
        return lede_span_equal(at->keys[0], key);
    default:
        return false;
    }
}

/* What a key means in an entry, or (NULL) in one that no split names. False if
 * it is hidden. *name is only written where a line changed it. */
static bool apply_all(const lede_corrections *self, lede_name_kind kind,
                      lede_span *key, const uint64_t *entry, lede_span *name)
{
    size_t i;

    for (i = 0; i < self->line_count; i++) {
        const lede_correction_line *at = &self->lines[i];
        size_t into;

        if (changes(at, kind, *key, entry, &into)) {
            if (into == SIZE_MAX) {
                return false;
            }
            *key = at->keys[into];
            *name = at->parsed.names[into];
        }
    }
    return true;
}

static void apply(const lede_corrections *self, lede_name_kind kind,
                  lede_span name, const uint64_t *entry, lede_span *out)
{
    lede_buf buf = {0};
    lede_span key;

    *out = name;
    if (self->correction_count == 0) {
        return;
    }
    lede_correction_key(kind, name, &buf);
    key = lede_buf_span(&buf);
    if (!apply_all(self, kind, &key, entry, out)) {
        *out = lede_span_of(NULL, 0);
    }
    lede_buf_done(&buf);
}

void lede_corrections_apply(const lede_corrections *self, lede_name_kind kind,
                            lede_span name, uint64_t entry, lede_span *out)
{
    apply(self, kind, name, &entry, out);
}

void lede_corrections_usual(const lede_corrections *self, lede_name_kind kind,
                            lede_span name, lede_span *out)
{
    apply(self, kind, name, NULL, out);
}

typedef struct source {
    lede_span name, key;
} source;

static bool has_source(const source *all, size_t count, lede_span key)
{
    size_t i;

    for (i = 0; i < count && !lede_span_equal(all[i].key, key); i++) {
    }
    return i < count;
}

/* Backwards through the lines: whatever can become one of `all` joins it. */
static size_t gather_sources(const lede_corrections *self, lede_name_kind kind,
                             source *all, size_t count)
{
    size_t i;

    for (i = self->line_count; i-- > 0;) {
        const lede_correction_line *at = &self->lines[i];
        const lede_correction *c = &at->parsed;
        size_t target = c->verb == LEDE_CORRECTION_MERGE ? 0 : 1;
        size_t k;

        if (!at->is_correction || c->kind != kind || target >= c->name_count ||
            !has_source(all, count, at->keys[target])) {
            continue;
        }
        for (k = 0; k < c->name_count; k++) {
            if (k != target && !has_source(all, count, at->keys[k])) {
                all[count].name = c->names[k];
                all[count].key = at->keys[k];
                count++;
            }
        }
    }
    return count;
}

static size_t count_names(const lede_corrections *self)
{
    size_t names = 1;
    size_t i;

    for (i = 0; i < self->line_count; i++) {
        names += self->lines[i].parsed.name_count;
    }
    return names;
}

/* All entries that splits name, ascending, each once. */
static size_t gather_entries(const lede_corrections *self, lede_name_kind kind,
                             uint64_t *out)
{
    size_t count = 0;
    size_t kept = 0;
    size_t i;

    for (i = 0; i < self->line_count; i++) {
        const lede_correction_line *at = &self->lines[i];

        if (at->is_correction && at->parsed.kind == kind) {
            memcpy(out + count, at->parsed.entries,
                   at->parsed.entry_count * sizeof *out);
            count += at->parsed.entry_count;
        }
    }
    qsort(out, count, sizeof *out, lede_correction_entry_compare);
    for (i = 0; i < count; i++) {
        if (i == 0 || out[i] != out[kept - 1]) {
            out[kept++] = out[i];
        }
    }
    return kept;
}

static size_t count_entries(const lede_corrections *self)
{
    size_t entries = 1;
    size_t i;

    for (i = 0; i < self->line_count; i++) {
        entries += self->lines[i].parsed.entry_count;
    }
    return entries;
}

typedef lede_status (*source_fn)(void *ctx,
                                 const lede_correction_source *source,
                                 lede_error *err);

/* Says of one name in which entries it is shown as `wanted`. */
static lede_status tell_source(const lede_corrections *self,
                               lede_name_kind kind, const source *from,
                               lede_span wanted, const uint64_t *entries,
                               size_t entry_count, uint64_t *differ,
                               source_fn fn, void *ctx, lede_error *err)
{
    lede_correction_source told = {from->name, false, differ, 0};
    lede_span key = from->key;
    lede_span name;
    bool usual = apply_all(self, kind, &key, NULL, &name) &&
                 lede_span_equal(key, wanted);
    size_t i;

    for (i = 0; i < entry_count; i++) {
        bool here;

        key = from->key;
        here = apply_all(self, kind, &key, &entries[i], &name) &&
               lede_span_equal(key, wanted);
        if (here != usual) {
            differ[told.entry_count++] = entries[i];
        }
    }
    told.only = !usual;
    return usual || told.entry_count > 0 ? fn(ctx, &told, err) : LEDE_OK;
}

lede_status lede_corrections_sources(const lede_corrections *self,
                                     lede_name_kind kind, lede_span name,
                                     source_fn fn, void *ctx, lede_error *err)
{
    lede_status status = LEDE_OK;
    lede_buf key = {0};
    source *all = malloc(count_names(self) * sizeof *all);
    uint64_t *entries = malloc(count_entries(self) * sizeof *entries);
    uint64_t *differ = malloc(count_entries(self) * sizeof *differ);
    size_t count = 0;
    size_t entry_count;
    size_t i;

    lede_correction_key(kind, name, &key);
    if (all == NULL || entries == NULL || differ == NULL || key.failed) {
        status = lede_fail(err, LEDE_NO_MEMORY, "no memory for a name");
        goto done;
    }
    all[0].name = name;
    all[0].key = lede_buf_span(&key);
    count = gather_sources(self, kind, all, 1);
    entry_count = gather_entries(self, kind, entries);
    for (i = 0; status == LEDE_OK && i < count; i++) {
        status = tell_source(self, kind, &all[i], all[0].key, entries,
                             entry_count, differ, fn, ctx, err);
    }

done:
    free(all);
    free(entries);
    free(differ);
    lede_buf_done(&key);
    return status;
}
