#include "indexer/namer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/analyze.h"
#include "base/buf.h"
#include "base/entry_terms.h"
#include "names/link.h"
#include "names/titles.h"

_Static_assert((int)LEDE_NAMED_PERSON == LEDE_NAME_PERSON &&
                   (int)LEDE_NAMED_PLACE == LEDE_NAME_PLACE,
               "kinds of names are the same on disk");
_Static_assert((int)LEDE_NAMED_UNRESOLVED == LEDE_PLACE_UNRESOLVED &&
                   (int)LEDE_NAMED_AMBIGUOUS == LEDE_PLACE_AMBIGUOUS &&
                   (int)LEDE_NAMED_RESOLVED == LEDE_PLACE_RESOLVED,
               "states of places are the same on disk");
_Static_assert((int)LEDE_NAMED_IDS >= LEDE_ENTITY_MAX_CANDIDATES,
               "a list has room for the candidates");

enum {
    JOBS = 128, /* a power of two */
    JOB_KEPT_BYTES = 16 * 1024,
    /* Texts are handed to the thread, and awaited from it, so many together:
     * where both threads share a processor, neither finds its tables in the
     * caches again when they take turns at every entry. */
    TOGETHER = 32,
    TOGETHER_BYTES = LEDE_NAMER_BYTES / 8
};

/* The texts of an entry, and then its list. */
typedef struct job {
    lede_buf bytes;
    lede_name_text *texts; /* in `bytes`, once it is whole */
    uint32_t *sections;    /* of each text */
    size_t *begins;
    uint32_t count, cap;
    bool is_skipped;
    lede_surroundings around;
    lede_buf list;
    lede_status status;
} job;

struct lede_namer {
    const lede_naming *naming;
    lede_recognizer *recognizer;
    lede_linker *linker;
    lede_named *named; /* LEDE_NAMED_MOST */
    lede_buf id_bytes;
    lede_surroundings around;          /* the next entry */
    lede_buf home;                     /* that was looked up last, */
    char home_id[LEDE_PLACE_ID_BYTES]; /* and what it was; or "" */
    job jobs[JOBS];
    uint32_t first, end; /* jobs that were not taken; they count on */
    size_t bytes;        /* of their texts, */
    size_t held_bytes;   /* and of those that the thread was not given yet */

    bool has_thread;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t changed;
    uint32_t put, done; /* jobs given to the thread, and done by it */
    uint32_t wanted;    /* what `done` is awaited to become */
    bool is_ending;
};

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "names: out of memory");
}

/* --- Texts -----------------------------------------------------------------
 */

static bool grow_texts(job *j)
{
    uint32_t cap = j->cap == 0 ? 32 : 2 * j->cap;
    lede_name_text *texts = realloc(j->texts, cap * sizeof texts[0]);
    uint32_t *sections;
    size_t *begins;

    if (texts == NULL) {
        return false;
    }
    j->texts = texts;
    sections = realloc(j->sections, cap * sizeof sections[0]);
    if (sections == NULL) {
        return false;
    }
    j->sections = sections;
    begins = realloc(j->begins, cap * sizeof begins[0]);
    if (begins == NULL) {
        return false;
    }
    j->begins = begins;
    j->cap = cap;
    return true;
}

/* With `lent` the text stays where it is. */
static bool put_text(job *j, lede_span text, lede_name_text_role role,
                     uint32_t section, bool lent)
{
    if (j->count == j->cap && !grow_texts(j)) {
        return false;
    }
    j->sections[j->count] = section;
    j->begins[j->count] = j->bytes.len;
    j->texts[j->count++] = (lede_name_text){text, role};
    if (!lent) {
        lede_buf_put_span(&j->bytes, text);
    }
    return !j->bytes.failed;
}

static bool put_locations(job *j, const lede_entry *entry, bool lent)
{
    bool fine = true;
    uint32_t i;

    for (i = 0; i < entry->author_count && fine; i++) {
        fine = entry->authors[i].location.len == 0 ||
               put_text(j, entry->authors[i].location, LEDE_NAME_TEXT_DATELINE,
                        0, lent);
    }
    return fine;
}

static bool fill_texts(job *j, const lede_entry *entry, bool lent)
{
    lede_section_walk walk = {.entry = entry};
    lede_field field;
    lede_span text;
    bool is_opening = true, fine = put_locations(j, entry, lent);
    uint32_t i;

    while (fine && lede_section_walk_next(&walk, &field, &text) &&
           field < LEDE_DEFAULT_FIELDS) {
        lede_name_text_role role = LEDE_NAME_TEXT_BODY;

        if (field == LEDE_FIELD_HEADLINE) {
            role = LEDE_NAME_TEXT_HEADLINE;
        } else if (field == LEDE_FIELD_AUTHOR) {
            role = LEDE_NAME_TEXT_BYLINE;
        } else if (field == LEDE_FIELD_BODY && is_opening) {
            role = LEDE_NAME_TEXT_OPENING;
            is_opening = false;
        }
        fine = put_text(j, text, role, walk.number - 1, lent);
    }
    for (i = 0; i < j->count && fine && !lent; i++) {
        j->texts[i].text.bytes = j->bytes.bytes + j->begins[i];
    }
    return fine;
}

static void empty_job(job *j)
{
    if (j->bytes.cap > JOB_KEPT_BYTES) {
        lede_buf_done(&j->bytes);
    }
    lede_buf_clear(&j->bytes);
    lede_buf_clear(&j->list);
    j->count = 0;
    j->is_skipped = false;
    j->status = LEDE_OK;
}

static bool has_capital_nouns(const lede_entry *entry)
{
    return lede_language_of(entry->lang, LEDE_LANGUAGE_ENGLISH) ==
           lede_language_of(lede_span_text("de"), LEDE_LANGUAGE_NONE);
}

/* --- Names -----------------------------------------------------------------
 */

static lede_span mention_text(const job *j, const lede_mention *m)
{
    return lede_span_part(j->texts[m->text].text, m->begin, m->end - m->begin);
}

/* The other ways in which the entry writes a name. */
static void add_form(lede_named *n, lede_span form)
{
    uint32_t i;

    if (n->form_count == LEDE_NAMED_FORMS || form.len > LEDE_NAMED_BYTES ||
        lede_span_equal(form, n->name)) {
        return;
    }
    for (i = 0; i < n->form_count; i++) {
        if (lede_span_equal(n->forms[i], form)) {
            return;
        }
    }
    n->forms[n->form_count++] = form;
}

/* The first title that it has. */
static void add_title(lede_named *n, const job *j, const lede_mention *m)
{
    if (n->kind == LEDE_NAMED_PERSON && n->title.len == 0 && !m->is_source) {
        n->title = lede_title_beside(j->texts[m->text].text, m->begin, m->end);
    }
}

static lede_span keep_id(lede_namer *namer, lede_place_number place)
{
    char id[LEDE_PLACE_ID_BYTES];
    size_t at = namer->id_bytes.len;

    lede_gazetteer_put_id(namer->naming->gazetteer, place, id);
    lede_buf_put_text(&namer->id_bytes, id);
    /* There is room for all of an entry: spans into it stay. */
    return lede_span_of(namer->id_bytes.bytes + at, namer->id_bytes.len - at);
}

static bool is_among(const lede_place_number *places, size_t count,
                     lede_place_number place)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (places[i] == place) {
            return true;
        }
    }
    return false;
}

/* What contains all candidates: "Springfield" is in the United States,
 * whichever it is. */
static void add_places(lede_namer *namer, const lede_entity *e, lede_named *n)
{
    const lede_gazetteer *gazetteer = namer->naming->gazetteer;
    lede_place_number all[LEDE_PLACE_MAX_PARENTS], own[LEDE_PLACE_MAX_PARENTS];
    size_t count, own_count, i, kept;
    uint32_t c, used = e->state == LEDE_PLACE_RESOLVED ? 1 : e->candidate_count;

    if (gazetteer == NULL || e->kind != LEDE_NAME_PLACE ||
        e->candidate_count == 0) {
        return;
    }
    count = lede_gazetteer_parents(gazetteer, e->candidates[0], all);
    for (c = 0; c < used; c++) {
        n->ids[n->id_count++] = keep_id(namer, e->candidates[c]);
        own_count = lede_gazetteer_parents(gazetteer, e->candidates[c], own);
        for (i = 0, kept = 0; i < count; i++) {
            if (is_among(own, own_count, all[i])) {
                all[kept++] = all[i];
            }
        }
        count = kept;
    }
    for (i = 0; i < count && i < LEDE_NAMED_PARENTS; i++) {
        n->parents[n->parent_count++] = keep_id(namer, all[i]);
    }
}

static void add_named(lede_namer *namer, const job *j, const lede_entity *e,
                      const lede_mention *mentions, lede_named *n)
{
    const lede_mention *first = &mentions[e->first];

    *n = (lede_named){.kind = e->kind,
                      .state = e->kind == LEDE_NAME_PLACE ? e->state : 0,
                      .trust = e->trust,
                      .in_headline = e->in_headline,
                      .mentions = e->mentions,
                      .sources = e->sources,
                      .section = j->sections[first->text],
                      .offset = first->begin,
                      .name = e->name};
    add_places(namer, e, n);
}

/* Reads a home as a dateline: the first place is meant. */
static lede_status look_up_home(lede_namer *namer, lede_span home)
{
    lede_name_text text = {home, LEDE_NAME_TEXT_DATELINE};
    const lede_mention *mentions = NULL;
    const lede_entity *entities = NULL;
    const uint32_t *entity_of = NULL;
    size_t mention_count = 0, count = 0;
    lede_error err = {0};
    lede_status status;

    namer->home_id[0] = '\0';
    lede_buf_clear(&namer->home);
    lede_buf_put_span(&namer->home, home);
    status = lede_recognizer_read(namer->recognizer, &text, 1, &mentions,
                                  &mention_count, &err);
    if (status == LEDE_OK) {
        status =
            lede_linker_link(namer->linker, &text, 1, mentions, mention_count,
                             NULL, &entities, &count, &entity_of, &err);
    }
    if (status == LEDE_OK && count > 0 && entities[0].candidate_count > 0) {
        lede_gazetteer_put_id(namer->naming->gazetteer,
                              entities[0].candidates[0], namer->home_id);
    }
    return status == LEDE_OK && namer->home.failed ? LEDE_NO_MEMORY : status;
}

static lede_status find_home(lede_namer *namer, lede_span home, lede_span *out)
{
    lede_status status = LEDE_OK;

    if (home.len > 0 && !lede_span_equal(home, lede_buf_span(&namer->home))) {
        status = look_up_home(namer, home);
    }
    *out =
        home.len > 0 ? lede_span_text(namer->home_id) : lede_span_of(NULL, 0);
    return status;
}

static lede_status find_names(lede_namer *namer, job *j)
{
    enum {
        ID_ROOM = LEDE_PLACE_ID_BYTES * (LEDE_NAMED_IDS + LEDE_NAMED_PARENTS) *
                  LEDE_NAMED_MOST
    };
    const lede_mention *mentions = NULL;
    const lede_entity *entities = NULL;
    const uint32_t *entity_of = NULL;
    size_t mention_count = 0, count = 0, i;
    lede_link_context context = {.people = j->around.people,
                                 .people_count = j->around.people_count,
                                 .places = j->around.places,
                                 .place_count = j->around.place_count};
    lede_error err = {0};
    lede_status status = find_home(namer, j->around.home, &context.home);

    if (status != LEDE_OK) {
        return status;
    }
    lede_recognizer_know(namer->recognizer, j->around.people,
                         j->around.people_count);
    status = lede_recognizer_read(namer->recognizer, j->texts, j->count,
                                  &mentions, &mention_count, &err);
    if (status == LEDE_OK) {
        status = lede_linker_link(namer->linker, j->texts, j->count, mentions,
                                  mention_count, &context, &entities, &count,
                                  &entity_of, &err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    count = count > LEDE_NAMED_MOST ? LEDE_NAMED_MOST : count;
    lede_buf_clear(&namer->id_bytes);
    if (!lede_buf_reserve(&namer->id_bytes, ID_ROOM)) {
        return LEDE_NO_MEMORY;
    }
    for (i = 0; i < count; i++) {
        add_named(namer, j, &entities[i], mentions, &namer->named[i]);
    }
    for (i = 0; i < mention_count; i++) {
        if (entity_of[i] < count) {
            lede_named *n = &namer->named[entity_of[i]];

            add_form(n, mention_text(j, &mentions[i]));
            add_title(n, j, &mentions[i]);
        }
    }
    lede_name_list_encode(namer->named, (uint32_t)count, &j->list);
    return j->list.failed ? LEDE_NO_MEMORY : LEDE_OK;
}

static void do_job(lede_namer *namer, job *j)
{
    j->status = j->is_skipped ? LEDE_OK : find_names(namer, j);
}

/* --- The thread ------------------------------------------------------------
 */

static void *work(void *ctx)
{
    lede_namer *namer = ctx;

    pthread_mutex_lock(&namer->mutex);
    while (!namer->is_ending) {
        job *j;

        if (namer->done == namer->put) {
            pthread_cond_wait(&namer->changed, &namer->mutex);
            continue;
        }
        j = &namer->jobs[namer->done % JOBS];
        pthread_mutex_unlock(&namer->mutex);
        do_job(namer, j);
        pthread_mutex_lock(&namer->mutex);
        namer->done++;
        if (namer->done == namer->wanted) {
            pthread_cond_signal(&namer->changed);
        }
    }
    pthread_mutex_unlock(&namer->mutex);
    return NULL;
}

/* Gives the thread what it was not given yet. The mutex is held. */
static void release(lede_namer *namer)
{
    if (namer->put != namer->end) {
        namer->put = namer->end;
        namer->held_bytes = 0;
        pthread_cond_signal(&namer->changed);
    }
}

/* Waits until so many jobs are done. The mutex is held. */
static void await(lede_namer *namer, uint32_t done)
{
    namer->wanted = done;
    while ((int32_t)(namer->done - done) < 0) {
        pthread_cond_wait(&namer->changed, &namer->mutex);
    }
}

/* Waits until the thread has nothing more to do: then all of the namer is the
 * caller's. */
static void rest(lede_namer *namer)
{
    pthread_mutex_lock(&namer->mutex);
    release(namer);
    await(namer, namer->put);
    pthread_mutex_unlock(&namer->mutex);
}

/* --- The namer -------------------------------------------------------------
 */

lede_status lede_namer_new(const lede_naming *naming, lede_namer **out,
                           lede_error *err)
{
    lede_namer *namer = calloc(1, sizeof *namer);

    if (namer == NULL) {
        return no_memory(err);
    }
    pthread_mutex_init(&namer->mutex, NULL);
    pthread_cond_init(&namer->changed, NULL);
    namer->naming = naming;
    namer->recognizer = lede_recognizer_new(naming->model);
    namer->linker = lede_linker_new(naming->gazetteer);
    namer->named = calloc(LEDE_NAMED_MOST, sizeof namer->named[0]);
    if (namer->recognizer == NULL || namer->linker == NULL ||
        namer->named == NULL) {
        lede_namer_free(namer);
        return no_memory(err);
    }
    namer->has_thread = pthread_create(&namer->thread, NULL, work, namer) == 0;
    *out = namer;
    return LEDE_OK;
}

void lede_namer_free(lede_namer *namer)
{
    uint32_t i;

    if (namer == NULL) {
        return;
    }
    if (namer->has_thread) {
        pthread_mutex_lock(&namer->mutex);
        namer->is_ending = true;
        pthread_cond_signal(&namer->changed);
        pthread_mutex_unlock(&namer->mutex);
        pthread_join(namer->thread, NULL);
    }
    pthread_cond_destroy(&namer->changed);
    pthread_mutex_destroy(&namer->mutex);
    for (i = 0; i < JOBS; i++) {
        lede_buf_done(&namer->jobs[i].bytes);
        lede_buf_done(&namer->jobs[i].list);
        free(namer->jobs[i].texts);
        free(namer->jobs[i].sections);
        free(namer->jobs[i].begins);
    }
    lede_buf_done(&namer->id_bytes);
    lede_buf_done(&namer->home);
    free(namer->named);
    lede_linker_free(namer->linker);
    lede_recognizer_free(namer->recognizer);
    free(namer);
}

const lede_naming *lede_namer_naming(const lede_namer *namer)
{
    return namer->naming;
}

static size_t bytes_of(const lede_entry *entry)
{
    lede_section_walk walk = {.entry = entry};
    lede_field field;
    lede_span text;
    size_t bytes = 0;

    while (lede_section_walk_next(&walk, &field, &text) &&
           field < LEDE_DEFAULT_FIELDS) {
        bytes += text.len;
    }
    return bytes;
}

uint32_t lede_namer_waiting(const lede_namer *namer)
{
    return namer->end - namer->first;
}

/* A large one is read where it lies, when the thread rests. */
static bool is_large(size_t bytes)
{
    return bytes > LEDE_NAMER_BYTES / 2;
}

bool lede_namer_is_full(const lede_namer *namer, const lede_entry *entry)
{
    uint32_t waiting = lede_namer_waiting(namer);
    size_t bytes = bytes_of(entry);

    return waiting == JOBS ||
           (waiting > 0 &&
            (is_large(bytes) || namer->bytes + bytes > LEDE_NAMER_BYTES));
}

void lede_namer_know(lede_namer *namer, const lede_surroundings *around)
{
    namer->around = *around;
}

lede_status lede_namer_put(lede_namer *namer, const lede_entry *entry,
                           lede_error *err)
{
    job *j = &namer->jobs[namer->end % JOBS];
    bool at_once = !namer->has_thread || is_large(bytes_of(entry));

    empty_job(j);
    j->around = namer->around;
    namer->around = (lede_surroundings){0};
    j->is_skipped = has_capital_nouns(entry);
    if (!j->is_skipped && !fill_texts(j, entry, at_once)) {
        return no_memory(err);
    }
    if (at_once) {
        rest(namer);
        do_job(namer, j);
    }
    namer->bytes += j->bytes.len;
    namer->held_bytes += j->bytes.len;
    namer->end++;
    pthread_mutex_lock(&namer->mutex);
    if (at_once) {
        namer->put++;
        namer->done++;
    } else if (namer->end - namer->put >= TOGETHER ||
               namer->held_bytes >= TOGETHER_BYTES) {
        release(namer);
    }
    pthread_mutex_unlock(&namer->mutex);
    return LEDE_OK;
}

/* Whether the first job is done; those behind it are awaited with it. */
static bool is_done(lede_namer *namer, bool wait)
{
    bool done;

    pthread_mutex_lock(&namer->mutex);
    if (wait && namer->done == namer->first) {
        uint32_t count;

        release(namer);
        count = namer->put - namer->first;
        await(namer, namer->first + (count < TOGETHER ? count : TOGETHER));
    }
    done = namer->done != namer->first;
    pthread_mutex_unlock(&namer->mutex);
    return done;
}

lede_status lede_namer_take(lede_namer *namer, bool wait, lede_span *out,
                            lede_error *err)
{
    job *j = &namer->jobs[namer->first % JOBS];

    if (namer->first == namer->end || !is_done(namer, wait)) {
        return LEDE_NOT_FOUND;
    }
    namer->first++;
    namer->bytes -= j->bytes.len;
    if (j->status != LEDE_OK) {
        return no_memory(err);
    }
    *out = lede_buf_span(&j->list);
    return LEDE_OK;
}

void lede_namer_clear(lede_namer *namer)
{
    rest(namer);
    namer->around = (lede_surroundings){0};
    namer->first = namer->end;
    namer->bytes = 0;
}
