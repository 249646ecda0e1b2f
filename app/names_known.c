#include "app/names_known.h"

#include <inttypes.h>
#include <string.h>

#include "app/opened.h"
#include "base/entry_terms.h"
#include "query/hit_names.h"

enum { MOST_PLACES = 64, MOST_TOLD = 10 };

typedef struct finder {
    lede_opened opened;
    const lede_corrections *corrections;
    lede_correction_verb verb;
    lede_name_kind kind;
    lede_arena *arena;
} finder;

static uint64_t count(const finder *f, const char *prefix, lede_span rest)
{
    lede_buf term = {0};
    uint64_t entries = 0;

    lede_buf_put_text(&term, prefix);
    lede_buf_put_span(&term, rest);
    if (!term.failed) {
        entries = f->opened.engine->calls->count(f->opened.engine,
                                                 lede_buf_span(&term));
    }
    lede_buf_done(&term);
    return entries;
}

static uint64_t count_whole(const finder *f, lede_span name)
{
    lede_buf key = {0};
    uint64_t entries;

    lede_correction_key(f->kind, name, &key);
    entries = count(f,
                    f->kind == LEDE_NAME_PERSON ? LEDE_TERM_PERSON_WHOLE
                                                : LEDE_TERM_PLACE_WHOLE,
                    lede_buf_span(&key));
    lede_buf_done(&key);
    return entries;
}

/* Entries that speak of the place with the id, or were written there. */
static uint64_t count_id(const finder *f, lede_span id)
{
    return count(f, LEDE_TERM_PLACE_ID, id) + count(f, LEDE_TERM_FROM_ID, id);
}

/* Whether entries were written where the name says, of a place that the table
 * does not know. */
static bool is_from(const finder *f, lede_span name)
{
    lede_search_options options = {0};
    lede_results *results = NULL;
    lede_buf query = {0};
    lede_error err = {0};
    bool is = false;

    if (f->kind != LEDE_NAME_PLACE || memchr(name.bytes, '"', name.len)) {
        return false;
    }
    lede_buf_put_format(&query, "from:=\"%.*s\"", (int)name.len,
                        (const char *)name.bytes);
    if (!query.failed &&
        lede_engine_search(f->opened.engine, lede_buf_span(&query), &options,
                           &results, &err) == LEDE_OK) {
        is = lede_results_total(results) > 0;
    }
    lede_results_free(results);
    lede_buf_done(&query);
    return is;
}

/* Whether a correction so far names it: it may have been given by one. */
static bool is_in_corrections(const finder *f, lede_span name)
{
    lede_correction c;
    lede_buf key = {0}, own = {0};
    size_t line = 0;
    bool is = false;

    lede_correction_key(f->kind, name, &key);
    while (!is && lede_corrections_next(f->corrections, &line, &c)) {
        for (size_t i = 0; c.kind == f->kind && i < c.name_count && !is; i++) {
            lede_buf_clear(&own);
            lede_correction_key(f->kind, c.names[i], &own);
            is = lede_span_equal(lede_buf_span(&own), lede_buf_span(&key));
        }
    }
    lede_buf_done(&own);
    lede_buf_done(&key);
    return is;
}

/* --- What earlier corrections made of it -------------------------------------
 */

static bool is_same_name(lede_name_kind kind, lede_span a, lede_span b)
{
    lede_buf x = {0}, y = {0};
    bool is;

    lede_correction_key(kind, a, &x);
    lede_correction_key(kind, b, &y);
    is = lede_span_equal(lede_buf_span(&x), lede_buf_span(&y));
    lede_buf_done(&x);
    lede_buf_done(&y);
    return is;
}

static bool is_changed(const finder *f, lede_span name)
{
    lede_span usual;

    lede_corrections_usual(f->corrections, f->kind, name, &usual);
    return !is_same_name(f->kind, usual, name);
}

static bool is_hidden(const finder *f, lede_span name)
{
    lede_span usual;

    lede_corrections_usual(f->corrections, f->kind, name, &usual);
    return usual.len == 0;
}

static int refuse_hidden(lede_span name)
{
    lede_say("an earlier correction hides '%.*s', and later ones do not see "
             "it: remove that line first (lede names edit)",
             (int)name.len, (const char *)name.bytes);
    return LEDE_EXIT_ERROR;
}

/* Whether the correction names what a name means now, too: "merge B A" after
 * "merge A B" turns it round. */
static bool is_turned(const finder *f, const lede_correction *c, size_t number,
                      lede_span usual)
{
    bool is = false;

    for (size_t i = 0; i < c->name_count; i++) {
        is = is || (i != number && is_same_name(f->kind, c->names[i], usual));
    }
    return is && number == (c->verb == LEDE_CORRECTION_MERGE ? 0 : 1);
}

/* A name that an earlier correction gave up means what it is shown as now: only
 * that is seen by later ones. */
static int follow(const finder *f, const lede_correction *c, size_t number,
                  lede_span *name)
{
    lede_span usual;

    if (is_hidden(f, *name)) {
        return refuse_hidden(*name);
    }
    lede_corrections_usual(f->corrections, f->kind, *name, &usual);
    if (is_same_name(f->kind, usual, *name) || is_turned(f, c, number, usual)) {
        return LEDE_EXIT_DONE;
    }
    lede_say("an earlier correction shows '%.*s' as '%.*s': %s", (int)name->len,
             (const char *)name->bytes, (int)usual.len,
             (const char *)usual.bytes,
             f->verb == LEDE_CORRECTION_HIDE ? "hide that, or take it back"
                                             : "that is what is meant");
    *name = usual; /* (the corrections have it as long as this one is made) */
    return f->verb == LEDE_CORRECTION_HIDE ? LEDE_EXIT_ERROR : LEDE_EXIT_DONE;
}

/* Of those of a merge each once. */
static void drop_twins(lede_correction *c, lede_span *names)
{
    for (size_t i = 1; c->verb == LEDE_CORRECTION_MERGE && c->name_count > 2 &&
                       i < c->name_count;) {
        size_t k = 0;

        while (k < i && !lede_span_equal(names[k], names[i])) {
            k++;
        }
        if (k == i) {
            i++;
            continue;
        }
        memmove(&names[i], &names[i + 1],
                (c->name_count - i - 1) * sizeof *names);
        c->name_count--;
    }
}

static int follow_all(const finder *f, lede_correction *c, lede_span *names)
{
    int result = LEDE_EXIT_DONE;

    for (size_t i = 0; i < c->name_count && result == LEDE_EXIT_DONE; i++) {
        result = follow(f, c, i, &names[i]);
    }
    drop_twins(c, names);
    return result;
}

/* --- What the archive has ----------------------------------------------------
 */

/* Whether a correction with the verb is about a name that is there already:
 * what something is called from now on may be new. */
static bool must_be_there(lede_correction_verb verb, size_t number)
{
    switch (verb) {
    case LEDE_CORRECTION_MERGE:
        return number > 0;
    case LEDE_CORRECTION_RENAME:
    case LEDE_CORRECTION_SPLIT:
        return number == 0;
    default:
        return verb == LEDE_CORRECTION_HIDE;
    }
}

static void say_unknown(const finder *f, lede_span name)
{
    lede_say("no entry speaks of a %s called '%.*s': the correction is kept, "
             "and holds once there is one",
             f->kind == LEDE_NAME_PERSON ? "person" : "place", (int)name.len,
             (const char *)name.bytes);
}

static bool is_usual_name(const lede_place_facts *facts, lede_span name)
{
    lede_buf a = {0}, b = {0};
    bool is;

    lede_place_key(lede_span_text(facts->name), &a);
    lede_place_key(name, &b);
    is = lede_span_equal(lede_buf_span(&a), lede_buf_span(&b));
    lede_buf_done(&a);
    lede_buf_done(&b);
    return is;
}

/* The places of the name that entries speak of (or, not `in_archive`, all of
 * them): those that are usually called so, if there are some. */
static size_t find_places(const finder *f, lede_span name, bool in_archive,
                          lede_place_number *out)
{
    const lede_gazetteer *gazetteer = f->opened.names.gazetteer;
    lede_place_number all[MOST_PLACES];
    size_t found = gazetteer == NULL
                       ? 0
                       : lede_gazetteer_find(gazetteer, name, all, MOST_PLACES);
    size_t kept = 0, usual = 0;
    lede_place_facts facts;

    for (size_t i = 0; i < found; i++) {
        lede_gazetteer_get(gazetteer, all[i], &facts);
        if (in_archive && count_id(f, lede_span_text(facts.id)) == 0) {
            continue;
        }
        out[kept++] = all[i];
        if (is_usual_name(&facts, name)) {
            out[kept - 1] = out[usual];
            out[usual++] = all[i];
        }
    }
    return usual > 0 ? usual : kept;
}

static void say_choice(const finder *f, lede_span name,
                       const lede_place_number *places, size_t found)
{
    const lede_gazetteer *gazetteer = f->opened.names.gazetteer;
    lede_buf text = {0};

    for (size_t i = 0; i < found && i < MOST_TOLD; i++) {
        lede_place_facts facts, around = {0};
        lede_place_number in;

        lede_gazetteer_get(gazetteer, places[i], &facts);
        in = facts.region_place != LEDE_PLACE_NONE &&
                     facts.region_place != places[i]
                 ? facts.region_place
                 : facts.country_place;
        if (in != LEDE_PLACE_NONE && in != places[i]) {
            lede_gazetteer_get(gazetteer, in, &around);
        }
        lede_buf_put_format(&text, "%s%s (%s%s%s, %" PRIu64 ")",
                            i > 0 ? ", " : "", facts.id, facts.name,
                            around.name[0] != '\0' ? ", " : "", around.name,
                            count_id(f, lede_span_text(facts.id)));
    }
    lede_say("'%.*s' is several places; give the id of one (with the entries "
             "that speak of it): %s%s",
             (int)name.len, (const char *)name.bytes,
             text.failed ? "" : lede_buf_text(&text),
             found > MOST_TOLD ? ", ..." : "");
    lede_buf_done(&text);
}

static bool is_id(const finder *f, lede_span name)
{
    return f->opened.names.gazetteer != NULL &&
           lede_gazetteer_by_id(f->opened.names.gazetteer, name) !=
               LEDE_PLACE_NONE;
}

/* Who hides a place by one of its names may mean that name alone. */
static int refuse_name(const lede_place_facts *facts, lede_span name)
{
    lede_say("'%.*s' is one name of %s, which would be hidden under all of "
             "them: if that is meant, give its id: lede names hide place %s",
             (int)name.len, (const char *)name.bytes, facts->name, facts->id);
    return LEDE_EXIT_ERROR;
}

static int refuse_same(lede_span name)
{
    lede_say("it is called '%.*s' already: that would change nothing",
             (int)name.len, (const char *)name.bytes);
    return LEDE_EXIT_ERROR;
}

static int find_place(const finder *f, size_t number, lede_span first,
                      lede_span *name)
{
    lede_place_number places[MOST_PLACES];
    lede_place_facts facts;
    bool must = must_be_there(f->verb, number);
    size_t found;

    if (is_id(f, *name)) {
        if (must && count_id(f, *name) == 0) {
            say_unknown(f, *name);
        }
        return LEDE_EXIT_DONE;
    }
    found = find_places(f, *name, true, places);
    if (found > 1) {
        say_choice(f, *name, places, found);
        return LEDE_EXIT_ERROR;
    }
    if (found == 0 && count_whole(f, *name) == 0) {
        if (must && !is_in_corrections(f, *name) && !is_from(f, *name)) {
            say_unknown(f, *name);
        }
        /* What it is from now on, no entry needs to speak of. */
        found = must ? 0 : find_places(f, *name, false, places);
    }
    if (found == 0) {
        return LEDE_EXIT_DONE;
    }
    lede_gazetteer_get(f->opened.names.gazetteer, places[0], &facts);
    if (number > 0 && f->verb == LEDE_CORRECTION_RENAME &&
        lede_span_equal(first, lede_span_text(facts.id))) {
        /* It is to be shown under another name. */
        return !is_changed(f, first) && lede_span_is(*name, facts.name)
                   ? refuse_same(*name)
                   : LEDE_EXIT_DONE;
    }
    if (f->verb == LEDE_CORRECTION_HIDE && !is_usual_name(&facts, *name)) {
        return refuse_name(&facts, *name);
    }
    *name = lede_arena_copy(f->arena, lede_span_text(facts.id));
    if (name->bytes == NULL) {
        lede_say("out of memory");
        return LEDE_EXIT_ERROR;
    }
    return LEDE_EXIT_DONE;
}

/* Whether what is shown of an entry is the name that a split is about. */
static bool is_split_name(const finder *f, const lede_hit_name *shown,
                          lede_span name)
{
    return is_same_name(f->kind, shown->id.len > 0 ? shown->id : shown->name,
                        name);
}

static void say_others(uint64_t key, lede_span name, const lede_hit_name *all,
                       uint32_t count)
{
    lede_buf text = {0};

    for (uint32_t i = 0; i < count && i < MOST_TOLD; i++) {
        lede_buf_put_text(&text, i > 0 ? ", " : "");
        lede_buf_put_span(&text, all[i].name);
    }
    lede_say("entry %016" PRIx64 " names %s, not '%.*s': nothing moves there",
             key,
             text.failed || text.len == 0 ? "nobody" : lede_buf_text(&text),
             (int)name.len, (const char *)name.bytes);
    lede_buf_done(&text);
}

/* Says of the entries of a split which have not the name to be split. */
static int check_split(const finder *f, lede_span name, const uint64_t *keys,
                       size_t count)
{
    lede_status status = LEDE_OK;
    lede_error err = {0};
    lede_buf list = {0};

    for (size_t i = 0; i < count && status == LEDE_OK; i++) {
        lede_hit_names names = {0};
        const lede_hit_name *all;
        uint32_t n, k = 0;

        status = lede_engine_names_of(f->opened.engine, keys[i], &list,
                                      f->arena, &names, &err);
        if (status == LEDE_NOT_FOUND) {
            lede_say("no entry has the key %016" PRIx64, keys[i]);
            status = LEDE_OK;
            continue;
        }
        all = f->kind == LEDE_NAME_PERSON ? names.people : names.places;
        n = f->kind == LEDE_NAME_PERSON ? names.person_count
                                        : names.place_count;
        while (status == LEDE_OK && k < n && !is_split_name(f, &all[k], name)) {
            k++;
        }
        if (status == LEDE_OK && k == n) {
            say_others(keys[i], name, all, n);
        }
    }
    lede_buf_done(&list);
    return status == LEDE_OK ? LEDE_EXIT_DONE : lede_say_failure(&err);
}

int lede_names_known(lede_app *app, const lede_corrections *corrections,
                     lede_correction *c, lede_span *names, lede_arena *arena)
{
    finder f = {.corrections = corrections,
                .verb = c->verb,
                .kind = c->kind,
                .arena = arena};
    int result;

    if (c->verb == LEDE_CORRECTION_ADD) { /* it is as the texts have it */
        return c->name_count > 0 && is_hidden(&f, names[0])
                   ? refuse_hidden(names[0])
                   : LEDE_EXIT_DONE;
    }
    result = lede_open(app, &f.opened);
    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    for (size_t i = 0; i < c->name_count && result == LEDE_EXIT_DONE; i++) {
        if (c->kind == LEDE_NAME_PLACE) {
            result = find_place(&f, i, names[0], &names[i]);
        } else if (must_be_there(c->verb, i) &&
                   count_whole(&f, names[i]) == 0 &&
                   !is_in_corrections(&f, names[i])) {
            say_unknown(&f, names[i]);
        }
    }
    if (result == LEDE_EXIT_DONE) {
        result = follow_all(&f, c, names);
    }
    /* (A place may be no more than where the entry was written.) */
    if (result == LEDE_EXIT_DONE && c->kind == LEDE_NAME_PERSON) {
        result = check_split(&f, names[0], c->entries, c->entry_count);
    }
    return lede_close(app, &f.opened, result);
}
