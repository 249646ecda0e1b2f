#include "query/hit_names.h"

#include <stdlib.h>
#include <string.h>

#include "query/added_names.h"
#include "query/engine.h"

typedef struct maker {
    const lede_name_view *view;
    uint64_t key;
    lede_arena *arena;
    lede_hit_name *items[2]; /* by kind */
    uint32_t counts[2];
} maker;

static const char *keep(lede_arena *arena, const char *text)
{
    return (const char *)lede_arena_copy(arena, lede_span_text(text)).bytes;
}

/* What the table says of an id. False when out of memory. */
static bool look_up(const maker *m, lede_span id, lede_hit_name *out)
{
    const lede_gazetteer *gazetteer = m->view->gazetteer;
    lede_place_number place = gazetteer == NULL
                                  ? LEDE_PLACE_NONE
                                  : lede_gazetteer_by_id(gazetteer, id);
    lede_place_facts facts;
    const char *name;

    if (place == LEDE_PLACE_NONE) {
        return true;
    }
    lede_gazetteer_get(gazetteer, place, &facts);
    name = keep(m->arena, facts.name);
    out->country = keep(m->arena, facts.country);
    out->has_point = true;
    out->lat = facts.lat;
    out->lon = facts.lon;
    if (name != NULL) {
        out->name = lede_span_text(name);
    }
    return name != NULL && out->country != NULL;
}

/* Of a place that may be several: the country that has them all. */
static void set_country(const maker *m, const lede_named *n, lede_hit_name *out)
{
    uint32_t i;

    for (i = 0; i < n->parent_count; i++) {
        if (lede_span_starts(n->parents[i], "c:") && n->parents[i].len == 4) {
            lede_span code =
                lede_arena_copy(m->arena, lede_span_part(n->parents[i], 2, 2));

            out->country = code.bytes == NULL ? "" : (const char *)code.bytes;
        }
    }
}

static bool fill_place(const maker *m, const lede_named *n, lede_hit_name *out)
{
    bool is_known = n->state == LEDE_NAMED_RESOLVED && n->id_count > 0;

    out->id = is_known ? n->ids[0] : lede_span_of(NULL, 0);
    out->country = "";
    if (is_known) {
        return look_up(m, n->ids[0], out);
    }
    set_country(m, n, out);
    return true;
}

/* Corrections by id where a place has one, else by name. False: hidden. */
static bool correct(const maker *m, const lede_named *n, lede_hit_name *out)
{
    lede_span known = out->id.len > 0 ? out->id : n->name, shown;

    if (m->view->corrections == NULL) {
        return true;
    }
    lede_corrections_apply(m->view->corrections, (lede_name_kind)n->kind, known,
                           m->key, &shown);
    if (shown.len == 0) {
        return false;
    }
    if (!lede_span_equal(shown, known)) {
        out->name = shown;
        if (n->kind == LEDE_NAMED_PLACE && look_up(m, shown, out) &&
            !lede_span_equal(out->name, shown)) {
            out->id = shown;
        }
    }
    return true;
}

static bool is_same(const lede_hit_name *a, const lede_hit_name *b)
{
    return a->id.len > 0 || b->id.len > 0 ? lede_span_equal(a->id, b->id)
                                          : lede_span_equal(a->name, b->name);
}

static void put(maker *m, unsigned kind, const lede_hit_name *name)
{
    lede_hit_name *items = m->items[kind];
    uint32_t i;

    for (i = 0; i < m->counts[kind]; i++) {
        if (is_same(&items[i], name)) {
            items[i].mentions += name->mentions;
            return;
        }
    }
    items[m->counts[kind]++] = *name;
}

/* Insertion keeps equal ones in order; lists are short. */
static void sort(lede_hit_name *items, uint32_t count)
{
    uint32_t i, at;

    for (i = 1; i < count; i++) {
        lede_hit_name name = items[i];

        for (at = i; at > 0 && items[at - 1].mentions < name.mentions; at--) {
            items[at] = items[at - 1];
        }
        items[at] = name;
    }
}

/* False when out of memory. */
static bool put_named(maker *m, const lede_named *n)
{
    lede_hit_name name = {.name = n->name,
                          .form = n->name,
                          .country = "",
                          .mentions = n->mentions};

    if (n->kind == LEDE_NAMED_PLACE && !fill_place(m, n, &name)) {
        return false;
    }
    if (correct(m, n, &name)) {
        put(m, n->kind, &name);
    }
    return true;
}

/* A name that a correction adds, as if the list had it. */
static lede_named named_of(const lede_name_view *view,
                           const lede_added_item *item)
{
    lede_named n = {.kind = (uint8_t)item->kind,
                    .mentions = item->mentions,
                    .name = view->added->names[item->name]};

    if (item->kind == LEDE_NAMED_PLACE && view->gazetteer != NULL &&
        lede_gazetteer_by_id(view->gazetteer, n.name) != LEDE_PLACE_NONE) {
        n.state = LEDE_NAMED_RESOLVED;
        n.ids[0] = n.name;
        n.id_count = 1;
    }
    return n;
}

lede_status lede_hit_names_make(const lede_name_view *view, lede_span list,
                                uint64_t key, lede_arena *arena,
                                lede_hit_names *out, lede_error *err)
{
    maker m = {.view = view, .key = key, .arena = arena};
    lede_name_reader reader = lede_name_reader_of(list);
    uint32_t added = lede_added_find(view->added, key), end = added;
    size_t room;
    lede_named n;

    while (lede_added_is(view->added, end, key)) {
        end++;
    }
    room = (size_t)reader.left + (end - added) + 1;

    m.items[0] = lede_arena_array(arena, room, sizeof *m.items[0]);
    m.items[1] = lede_arena_array(arena, room, sizeof *m.items[1]);
    if (m.items[0] == NULL || m.items[1] == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for names");
    }
    while (lede_name_reader_next(&reader, &n)) {
        if (n.mentions > 0 && !put_named(&m, &n)) {
            return lede_fail(err, LEDE_NO_MEMORY, "no memory for names");
        }
    }
    for (; added < end; added++) {
        n = named_of(view, &view->added->items[added]);
        if (!put_named(&m, &n)) {
            return lede_fail(err, LEDE_NO_MEMORY, "no memory for names");
        }
    }
    sort(m.items[0], m.counts[0]);
    sort(m.items[1], m.counts[1]);
    *out = (lede_hit_names){m.items[0], m.items[1], m.counts[0], m.counts[1]};
    return lede_name_reader_end(&reader, err);
}

lede_status lede_engine_names_of(lede_engine *engine, uint64_t key,
                                 lede_buf *list, lede_arena *arena,
                                 lede_hit_names *out, lede_error *err)
{
    lede_name_view view;
    lede_status status = lede_engine_name_view(engine, &view, err);

    lede_buf_clear(list);
    if (status == LEDE_OK && engine->calls->names_of_key != NULL) {
        status = engine->calls->names_of_key(engine, key, list, err);
    }
    return status == LEDE_OK ? lede_hit_names_make(&view, lede_buf_span(list),
                                                   key, arena, out, err)
                             : status;
}
