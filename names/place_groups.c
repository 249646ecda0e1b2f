#include "names/place_groups.h"

#include <stdlib.h>
#include <string.h>

void lede_place_groups_done(lede_place_groups *self)
{
    free(self->all);
    free(self->slots);
    memset(self, 0, sizeof *self);
}

static bool clear_groups(lede_place_groups *self, size_t mentions)
{
    size_t size = 64;
    size_t i;

    while (size < mentions * 2) {
        size *= 2;
    }
    if (size > self->slot_cap) {
        int32_t *slots = realloc(self->slots, size * sizeof *slots);

        if (slots == NULL) {
            return false;
        }
        self->slots = slots;
        self->slot_cap = size;
    }
    self->slot_count = size;
    for (i = 0; i < self->slot_count; i++) {
        self->slots[i] = LEDE_PLACE_NO_GROUP;
    }
    self->count = 0;
    return true;
}

/* The slot of a group, which holds its number or none. */
static int32_t *group_slot(const lede_place_groups *self, uint64_t key,
                           uint64_t container_key)
{
    size_t at =
        (size_t)((key ^ container_key * 31) >> 24) & (self->slot_count - 1);

    while (self->slots[at] != LEDE_PLACE_NO_GROUP) {
        const lede_place_group *g = &self->all[self->slots[at]];

        if (g->key == key && g->container_key == container_key) {
            break;
        }
        at = (at + 1) & (self->slot_count - 1);
    }
    return &self->slots[at];
}

static bool group_of_name(lede_place_groups *self, const lede_place_name *name,
                          uint64_t container_key, uint32_t *out)
{
    int32_t *slot = group_slot(self, name->key, container_key);
    lede_place_group *made;

    if (*slot != LEDE_PLACE_NO_GROUP) {
        *out = (uint32_t)*slot;
        return true;
    }
    if (self->count == self->cap) {
        size_t cap = self->cap == 0 ? 64 : self->cap * 2;

        made = realloc(self->all, cap * sizeof *made);
        if (made == NULL) {
            return false;
        }
        self->all = made;
        self->cap = cap;
    }
    made = &self->all[self->count];
    memset(made, 0, sizeof *made);
    made->key = name->key;
    made->container_key = container_key;
    made->begin = name->begin;
    made->count = name->count;
    made->container = LEDE_PLACE_NO_GROUP;
    made->inside = LEDE_PLACE_NONE;
    made->best = LEDE_PLACE_NO_GROUP;
    made->second = LEDE_PLACE_NO_GROUP;
    *out = (uint32_t)self->count;
    made->same_as = *out;
    *slot = (int32_t)self->count++;
    return true;
}

static lede_span name_of(const lede_name_text *texts, const lede_mention *m)
{
    return lede_span_part(texts[m->text].text, m->begin, m->end - m->begin);
}

static bool may_lie_in(const lede_place_names *names,
                       const lede_place_name *inner,
                       const lede_place_name *outer)
{
    bool may = false;
    uint32_t i;
    uint32_t k;

    for (i = 0; i < inner->count; i++) {
        for (k = 0; k < outer->count; k++) {
            const lede_place_candidate *a =
                &names->candidates[inner->begin + i];
            const lede_place_candidate *b =
                &names->candidates[outer->begin + k];

            if (lede_place_is_list(a, b)) {
                return false;
            }
            may = may || lede_place_lies_in(names->gazetteer, a, b);
        }
    }
    return may;
}

/* Words that stand between a place and what it lies in: "in northern". */
static bool leads_outwards(lede_span word)
{
    static const char *const words[] = {
        "in",           "the",          "north",        "south",
        "east",         "west",         "northern",     "southern",
        "eastern",      "western",      "northeast",    "northwest",
        "southeast",    "southwest",    "northeastern", "northwestern",
        "southeastern", "southwestern", "central",      "coastal",
        "rural",        "upstate",      "mainland"};
    size_t k;

    for (k = 0; k < sizeof words / sizeof words[0]; k++) {
        if (lede_span_is(word, words[k])) {
            return true;
        }
    }
    return false;
}

/* Whether b is said to be around a: nothing but a comma (or a bracket) and
 * words like "in northern" stand between them. */
static bool is_said_around(const lede_name_text *texts, const lede_mention *a,
                           const lede_mention *b)
{
    enum { MOST_BETWEEN = 24 };
    lede_span between;
    size_t i;

    if (a->text != b->text || b->begin <= a->end ||
        b->begin - a->end > MOST_BETWEEN) {
        return false;
    }
    between = lede_span_part(texts[a->text].text, a->end, b->begin - a->end);
    for (i = 0; i < between.len; i++) {
        size_t begin = i;

        while (i < between.len && between.bytes[i] >= 'a' &&
               between.bytes[i] <= 'z') {
            i++;
        }
        if ((i > begin &&
             !leads_outwards(lede_span_part(between, begin, i - begin))) ||
            (i < between.len && between.bytes[i] != ' ' &&
             between.bytes[i] != ',' && between.bytes[i] != '(')) {
            return false;
        }
    }
    return true;
}

/* The container that the next mention is of this one, if it is. */
static bool find_container(lede_place_names *names, const lede_name_text *texts,
                           const lede_mention *mention,
                           const lede_mention *next,
                           const lede_place_name *name, lede_place_name *out)
{
    out->key = 0;
    if (next == NULL || next->kind != LEDE_NAME_PLACE ||
        !is_said_around(texts, mention, next)) {
        return true;
    }
    if (!lede_place_names_find(names, name_of(texts, next), out)) {
        return false;
    }
    if (out->key == name->key || !may_lie_in(names, name, out)) {
        out->key = 0;
    }
    return true;
}

/* Makes groups; a name with a container is one of its own. */
static bool make_groups(lede_place_groups *self, lede_place_names *names,
                        const lede_name_text *texts,
                        const lede_mention *mentions, size_t count,
                        uint32_t *group_of)
{
    size_t i;

    for (i = 0; i < count; i++) {
        lede_place_name name;
        lede_place_name outer;
        lede_place_group *made;

        if (mentions[i].kind != LEDE_NAME_PLACE) {
            continue;
        }
        if (!lede_place_names_find(names, name_of(texts, &mentions[i]),
                                   &name) ||
            !find_container(names, texts, &mentions[i],
                            i + 1 < count ? &mentions[i + 1] : NULL, &name,
                            &outer) ||
            !group_of_name(self, &name, outer.key, &group_of[i])) {
            return false;
        }
        if (outer.key != 0) {
            uint32_t container;

            if (!group_of_name(self, &outer, 0, &container)) {
                return false;
            }
            self->all[group_of[i]].container = (int32_t)container;
        }
        made = &self->all[group_of[i]];
        made->mentions += !mentions[i].is_source;
        made->sources += mentions[i].is_source;
    }
    return true;
}

/* Whether two mentions stand in a list: nothing but a comma, "and" or "or"
 * between them. */
static bool is_listed(const lede_name_text *texts, const lede_mention *a,
                      const lede_mention *b)
{
    lede_span between;
    size_t begin = 0;

    if (a->text != b->text || b->begin < a->end || b->begin - a->end > 7) {
        return false;
    }
    between = lede_span_part(texts[a->text].text, a->end, b->begin - a->end);
    while (begin < between.len &&
           (between.bytes[begin] == ' ' || between.bytes[begin] == ',')) {
        begin++;
    }
    between = lede_span_trim(lede_span_part(between, begin, SIZE_MAX));
    return between.len == 0
               ? begin > 0
               : lede_span_is(between, "and") || lede_span_is(between, "or");
}

static void add_sibling(lede_place_group *g, uint32_t other)
{
    if (g->sibling_count < LEDE_PLACE_MAX_SIBLINGS) {
        g->siblings[g->sibling_count++] = other;
    }
}

static void note_lists(lede_place_groups *self, const lede_name_text *texts,
                       const lede_mention *mentions, size_t count,
                       const uint32_t *group_of)
{
    size_t i;

    for (i = 1; i < count; i++) {
        uint32_t a = group_of[i - 1];
        uint32_t b = group_of[i];

        if (mentions[i - 1].kind == LEDE_NAME_PLACE &&
            mentions[i].kind == LEDE_NAME_PLACE && a != b &&
            self->all[a].container == LEDE_PLACE_NO_GROUP &&
            is_listed(texts, &mentions[i - 1], &mentions[i])) {
            add_sibling(&self->all[a], b);
            add_sibling(&self->all[b], a);
        }
    }
}

/* "Paris" in a text that also says "Paris, Texas" is that one: of several, the
 * one most spoken of. */
static void adopt_bare_names(lede_place_groups *self)
{
    size_t i;

    for (i = 0; i < self->count; i++) {
        const lede_place_group *with = &self->all[i];
        lede_place_group *bare;
        int32_t slot;

        if (with->container == LEDE_PLACE_NO_GROUP) {
            continue;
        }
        slot = *group_slot(self, with->key, 0);
        if (slot == LEDE_PLACE_NO_GROUP) {
            continue;
        }
        bare = &self->all[slot];
        if (bare->same_as == (uint32_t)slot ||
            self->all[bare->same_as].mentions < with->mentions) {
            bare->same_as = (uint32_t)i;
        }
    }
    for (i = 0; i < self->count; i++) {
        lede_place_group *bare = &self->all[i];

        if (bare->same_as != i) {
            self->all[bare->same_as].mentions += bare->mentions;
            self->all[bare->same_as].sources += bare->sources;
            bare->count = 0;
        }
    }
}

bool lede_place_groups_make(lede_place_groups *self, lede_place_names *names,
                            const lede_name_text *texts,
                            const lede_mention *mentions, size_t count,
                            uint32_t *group_of)
{
    if (!clear_groups(self, count) ||
        !make_groups(self, names, texts, mentions, count, group_of)) {
        return false;
    }
    note_lists(self, texts, mentions, count, group_of);
    adopt_bare_names(self);
    return true;
}
