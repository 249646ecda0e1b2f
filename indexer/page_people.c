#include "indexer/page_people.h"

#include <stdlib.h>

#include "indexer/map.h"
#include "storage/name_list.h"

enum { PERSON_BYTES = 64, LEAST_WORDS = 2 };

/* A person by name, or a place by id. */
typedef struct spoken_of {
    lede_span name;
    uint32_t mentions;
} spoken_of;

typedef struct names {
    uint32_t count;
    spoken_of *all;   /* while they are gathered */
    lede_span *names; /* and in order */
} names;

typedef struct page {
    uint32_t entries;
    names of[2]; /* by kind: lede_named_kind */
} page;

struct lede_page_people {
    lede_arena arena;
    lede_map numbers; /* of pages, by id */
    page *pages;
    uint32_t page_count, page_cap;
    uint32_t shared; /* pages of several entries */
};

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "names of pages: out of memory");
}

static page *page_of(const lede_page_people *self, uint64_t id)
{
    uint32_t number =
        id == 0 ? LEDE_MAP_NONE : lede_map_get(&self->numbers, id);

    return number == LEDE_MAP_NONE ? NULL : &self->pages[number];
}

static bool has_others(const page *p)
{
    return p != NULL && p->entries > 1;
}

static bool count_entry(lede_page_people *self, uint64_t id, bool make)
{
    page *p = page_of(self, id);

    if (p == NULL && make && id != 0) {
        page *pages = self->pages;

        if (self->page_count == self->page_cap) {
            uint32_t cap = self->page_cap == 0 ? 64 : 2 * self->page_cap;

            pages = realloc(pages, cap * sizeof *pages);
            if (pages == NULL) {
                return false;
            }
            self->pages = pages;
            self->page_cap = cap;
        }
        if (!lede_map_put(&self->numbers, id, self->page_count)) {
            return false;
        }
        p = &self->pages[self->page_count++];
        *p = (page){0};
    }
    if (p != NULL) {
        self->shared += ++p->entries == 2;
    }
    return true;
}

/* ----- names ----- */

static uint32_t count_words(lede_span name)
{
    uint32_t words = 1;
    size_t i;

    for (i = 0; i < name.len; i++) {
        words += name.bytes[i] == ' ';
    }
    return words;
}

static bool add_name(lede_page_people *self, names *to, uint32_t most,
                     lede_span name, uint32_t mentions)
{
    uint32_t i;

    for (i = 0; i < to->count; i++) {
        if (lede_span_equal(to->all[i].name, name)) {
            to->all[i].mentions += mentions;
            return true;
        }
    }
    if (to->count == most || self->arena.used_bytes > LEDE_PAGE_PEOPLE_BYTES) {
        return true;
    }
    if (to->all == NULL) {
        to->all = lede_arena_array(&self->arena, most, sizeof *to->all);
        if (to->all == NULL) {
            return false;
        }
    }
    to->all[to->count].name = lede_arena_copy(&self->arena, name);
    to->all[to->count].mentions = mentions;
    return to->all[to->count++].name.bytes != NULL;
}

static bool add_named(lede_page_people *self, page *p, const lede_named *named)
{
    if (named->mentions == 0) {
        return true;
    }
    if (named->kind == LEDE_NAMED_PLACE) {
        return named->state != LEDE_NAMED_RESOLVED || named->id_count == 0 ||
               add_name(self, &p->of[LEDE_NAMED_PLACE], LEDE_PAGE_PLACES,
                        named->ids[0], named->mentions);
    }
    return named->name.len > PERSON_BYTES ||
           count_words(named->name) < LEAST_WORDS ||
           add_name(self, &p->of[LEDE_NAMED_PERSON], LEDE_PAGE_PEOPLE,
                    named->name, named->mentions);
}

/* A name that was itself lent by others says nothing new, and harms nothing. */
static lede_status add_list(lede_page_people *self, uint64_t id, lede_span list,
                            lede_error *err)
{
    lede_name_reader reader = lede_name_reader_of(list);
    page *p = page_of(self, id);
    lede_named named;

    while (lede_name_reader_next(&reader, &named)) {
        if (!add_named(self, p, &named)) {
            return no_memory(err);
        }
    }
    return LEDE_OK;
}

/* ----- the archive's entries ----- */

static lede_status count_stored(lede_page_people *self,
                                const lede_snapshot *snapshot, bool read,
                                lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t s, i, count = lede_snapshot_segment_count(snapshot);

    for (s = 0; s < count && status == LEDE_OK; s++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, s);
        lede_column pages;

        if (!lede_segment_has_names(segment)) {
            continue;
        }
        status = lede_segment_column(segment, LEDE_COLUMN_PAGE, &pages, err);
        for (i = 0; status == LEDE_OK && i < lede_segment_entries(segment);
             i++) {
            uint64_t id = (uint64_t)lede_column_get(&pages, i);
            lede_span list;

            if (page_of(self, id) == NULL) {
                continue;
            }
            if (!read) {
                count_entry(self, id, false);
                continue;
            }
            status = lede_segment_names(segment, i, &list, err);
            if (status == LEDE_OK) {
                status = add_list(self, id, list, err);
            }
        }
        /* A damaged segment is mended by others; its names are not missed. */
        status = status == LEDE_CORRUPT ? LEDE_OK : status;
    }
    return status;
}

/* ----- the batch's ----- */

/* Takes what is ready; all of it before the end, else what the next entry has
 * no room beside. */
static lede_status take_lists(lede_page_people *self, const uint64_t *ids,
                              uint32_t *first, lede_namer *namer,
                              const lede_entry *next, lede_error *err)
{
    lede_status status = LEDE_OK;

    while (status == LEDE_OK) {
        bool wait = next == NULL || lede_namer_is_full(namer, next);
        lede_span list;

        status = lede_namer_take(namer, wait, &list, err);
        if (status == LEDE_OK) {
            status = add_list(self, ids[(*first)++], list, err);
        }
    }
    return status == LEDE_NOT_FOUND ? LEDE_OK : status;
}

static lede_status look_through(lede_page_people *self,
                                const lede_resolution *resolution,
                                lede_text_loader *loader, lede_namer *namer,
                                lede_error *err)
{
    uint64_t *ids = malloc((resolution->count + 1) * sizeof *ids);
    uint32_t i, put = 0, taken = 0;
    lede_status status = ids == NULL ? no_memory(err) : LEDE_OK;

    for (i = 0; i < resolution->count && status == LEDE_OK; i++) {
        const lede_settled *settled = &resolution->entries[i];
        lede_entry entry;

        if (!has_others(page_of(self, settled->page_id))) {
            continue;
        }
        status = lede_text_load(loader, settled, &entry, err);
        if (status == LEDE_OK) {
            status = take_lists(self, ids, &taken, namer, &entry, err);
        }
        if (status == LEDE_OK) {
            ids[put++] = settled->page_id;
            status = lede_namer_put(namer, &entry, err);
        }
    }
    if (status == LEDE_OK) {
        status = take_lists(self, ids, &taken, namer, NULL, err);
    }
    lede_namer_clear(namer);
    free(ids);
    return status;
}

static int compare_spoken(const void *left, const void *right)
{
    const spoken_of *a = left, *b = right;

    return a->mentions != b->mentions
               ? (a->mentions < b->mentions) - (a->mentions > b->mentions)
               : lede_span_compare(a->name, b->name);
}

static bool put_names_in_order(lede_page_people *self, names *of)
{
    uint32_t k;

    if (of->count == 0) {
        return true;
    }
    qsort(of->all, of->count, sizeof *of->all, compare_spoken);
    of->names = lede_arena_array(&self->arena, of->count, sizeof *of->names);
    for (k = 0; of->names != NULL && k < of->count; k++) {
        of->names[k] = of->all[k].name;
    }
    return of->names != NULL;
}

static bool put_in_order(lede_page_people *self)
{
    bool fine = true;
    uint32_t i;

    for (i = 0; i < self->page_count && fine; i++) {
        fine = put_names_in_order(self, &self->pages[i].of[0]) &&
               put_names_in_order(self, &self->pages[i].of[1]);
    }
    return fine;
}

lede_status lede_page_people_new(const lede_resolution *resolution,
                                 lede_text_loader *loader, lede_namer *namer,
                                 lede_page_people **out, lede_error *err)
{
    lede_page_people *self = calloc(1, sizeof *self);
    lede_status status = self == NULL ? no_memory(err) : LEDE_OK;
    uint32_t i;

    for (i = 0; i < resolution->count && status == LEDE_OK; i++) {
        status = count_entry(self, resolution->entries[i].page_id, true)
                     ? LEDE_OK
                     : no_memory(err);
    }
    if (status == LEDE_OK && self->page_count > 0) {
        status = count_stored(self, resolution->snapshot, false, err);
    }
    if (status == LEDE_OK && self->shared > 0) {
        status = count_stored(self, resolution->snapshot, true, err);
    }
    if (status == LEDE_OK && self->shared > 0) {
        status = look_through(self, resolution, loader, namer, err);
    }
    if (status == LEDE_OK && !put_in_order(self)) {
        status = no_memory(err);
    }
    if (status != LEDE_OK || self->shared == 0) {
        lede_page_people_free(self);
        self = NULL;
    }
    if (status == LEDE_OK) {
        *out = self;
    }
    return status;
}

void lede_page_people_free(lede_page_people *self)
{
    if (self != NULL) {
        lede_arena_done(&self->arena);
        lede_map_done(&self->numbers);
        free(self->pages);
        free(self);
    }
}

static const lede_span *get(const lede_page_people *self, uint64_t id,
                            lede_named_kind kind, uint32_t *count)
{
    const page *p = self == NULL ? NULL : page_of(self, id);

    *count = has_others(p) ? p->of[kind].count : 0;
    return *count == 0 ? NULL : p->of[kind].names;
}

const lede_span *lede_page_people_get(const lede_page_people *self, uint64_t id,
                                      uint32_t *count)
{
    return get(self, id, LEDE_NAMED_PERSON, count);
}

const lede_span *lede_page_people_places(const lede_page_people *self,
                                         uint64_t id, uint32_t *count)
{
    return get(self, id, LEDE_NAMED_PLACE, count);
}
