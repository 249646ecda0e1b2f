#include "query/proposals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "names/variants.h"
#include "query/added_names.h"
#include "query/proposal_pairs.h"

enum {
    MOST_NAMES = 200000, /* that are compared: the most frequent ones */
    MOST_COMPANY = 256, /* names beside one: those of the least hashes, whatever
                           the order in which they are met */
    MOST_TITLES = 8     /* of one name, the first by the alphabet */
};

/* Of a name's bytes so many are compared. */
enum { MOST_COMPARED = 63 };
/* Names with the same skeleton that share fewer bytes are not told of. */
static const double least_alike = 0.6;
/* Lone words with the same skeleton are mostly two names: Bell and Bill. Of the
 * company of both so much must be the same. */
static const double least_company = 0.2;

#define NO_NAME UINT32_MAX

/* Someone named beside a name. */
typedef struct companion {
    uint32_t who; /* in `known` */
    uint32_t entries;
    uint32_t rank; /* of `who`, once all are met */
} companion;

/* A name that is of some pair. */
typedef struct candidate {
    companion *company; /* by rank, once all are met */
    uint32_t count, cap;
    lede_span titles[MOST_TITLES]; /* in small letters, in order */
    uint32_t title_count;
} candidate;

/* Everyone met in the second pass, people and places. */
typedef struct known {
    lede_span key, name;
    uint64_t hash; /* of the key */
    uint32_t rank; /* by name: not the order of meeting, which is the engine's */
    uint32_t entries;
    uint32_t item; /* of the counts, or NO_NAME */
} known;

typedef struct maker {
    lede_engine *engine;
    lede_proposals *out;
    lede_name_view view;
    uint32_t name_count;
    lede_proposal_pairs pairs;
    candidate *candidates;     /* of the counts' items */
    uint32_t *first, *partner; /* of an item: its pairs, one after another */
    known *known;
    uint32_t known_count, known_cap;
    uint32_t *slots; /* of known, + 1 */
    uint32_t slot_count;
    uint64_t entries;
    lede_arena scratch;
    lede_buf key;
} maker;

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "out of memory for proposals");
}

/* --- Who is named beside them -----------------------------------------------
 */

static uint32_t *slot_of(const maker *m, lede_span key)
{
    uint32_t mask = m->slot_count - 1;
    uint32_t at = (uint32_t)lede_hash64(key) & mask;

    while (m->slots[at] != 0 &&
           !lede_span_equal(m->known[m->slots[at] - 1].key, key)) {
        at = (at + 1) & mask;
    }
    return &m->slots[at];
}

static bool grow_known(maker *m)
{
    uint32_t slot_count = m->slot_count == 0 ? 1024 : m->slot_count * 2;
    uint32_t *slots = calloc(slot_count, sizeof *slots);
    known *grown = slots == NULL
                       ? NULL
                       : realloc(m->known, slot_count / 2 * sizeof *grown);

    if (grown == NULL) {
        free(slots);
        return false;
    }
    free(m->slots);
    m->known = grown;
    m->known_cap = slot_count / 2;
    m->slots = slots;
    m->slot_count = slot_count;
    for (uint32_t i = 0; i < m->known_count; i++) {
        *slot_of(m, m->known[i].key) = i + 1;
    }
    return true;
}

/* Of the forms of one name the last by the alphabet is shown: small letters
 * rather than capitals, accents rather than none. Those that are counted come
 * with theirs. */
static bool take_form(maker *m, known *one, lede_span name)
{
    if (one->item != NO_NAME || lede_span_compare(one->name, name) >= 0) {
        return true;
    }
    one->name = lede_arena_copy(&m->out->arena, name);
    return one->name.bytes != NULL;
}

/* The number of who has the key; NO_NAME once there are too many, or (*fine
 * false) out of memory. */
static uint32_t get_known(maker *m, lede_span key, lede_span name, bool *fine)
{
    uint32_t *slot;

    if (m->known_count == m->known_cap && !grow_known(m)) {
        *fine = false;
        return NO_NAME;
    }
    slot = slot_of(m, key);
    if (*slot == 0) {
        known *one = &m->known[m->known_count];

        if (m->known_count == LEDE_NAME_COUNTS_MOST) {
            return NO_NAME;
        }
        *one = (known){.key = lede_arena_copy(&m->out->arena, key),
                       .name = lede_arena_copy(&m->out->arena, name),
                       .hash = lede_hash64(key),
                       .item = NO_NAME};
        if (one->key.bytes == NULL || one->name.bytes == NULL) {
            *fine = false;
            return NO_NAME;
        }
        *slot = ++m->known_count;
    }
    if (!take_form(m, &m->known[*slot - 1], name)) {
        *fine = false;
        return NO_NAME;
    }
    return *slot - 1;
}

static bool make_key(maker *m, lede_named_kind kind, const lede_hit_name *name)
{
    lede_buf_clear(&m->key);
    if (name->id.len > 0) {
        lede_buf_put_byte(&m->key, 'g');
        lede_buf_put_span(&m->key, name->id);
    } else {
        lede_buf_put_byte(&m->key, kind == LEDE_NAMED_PERSON ? 'p' : 'l');
        lede_correction_key((lede_name_kind)kind, name->name, &m->key);
    }
    return !m->key.failed;
}

/* Who is dropped is never taken again, as the greatest hash only falls: the
 * entries of those who are left were all counted. */
static void meet_instead(const maker *m, candidate *c, uint32_t who)
{
    uint32_t last = 0;

    for (uint32_t i = 1; i < c->count; i++) {
        if (m->known[c->company[i].who].hash >
            m->known[c->company[last].who].hash) {
            last = i;
        }
    }
    if (m->known[who].hash < m->known[c->company[last].who].hash) {
        c->company[last] = (companion){.who = who, .entries = 1};
    }
}

static bool meet(const maker *m, candidate *c, uint32_t who)
{
    for (uint32_t i = 0; i < c->count; i++) {
        if (c->company[i].who == who) {
            c->company[i].entries++;
            return true;
        }
    }
    if (c->count == MOST_COMPANY) {
        meet_instead(m, c, who);
        return true;
    }
    if (c->count == c->cap) {
        uint32_t cap = c->cap == 0 ? 8 : c->cap * 2;
        companion *grown = realloc(c->company, cap * sizeof *grown);

        if (grown == NULL) {
            return false;
        }
        c->company = grown;
        c->cap = cap;
    }
    c->company[c->count++] = (companion){.who = who, .entries = 1};
    return true;
}

/* All of an entry meet each other. */
static bool meet_all(maker *m, const uint32_t *who, uint32_t count)
{
    bool fine = true;

    for (uint32_t i = 0; i < count && fine; i++) {
        uint32_t item = m->known[who[i]].item;

        if (item == NO_NAME || m->first[item] == m->first[item + 1]) {
            continue;
        }
        for (uint32_t j = 0; j < count && fine; j++) {
            uint32_t other = m->known[who[j]].item;

            if (i == j) {
                continue;
            }
            fine = meet(m, &m->candidates[item], who[j]);
            for (uint32_t k = m->first[item];
                 other != NO_NAME && k < m->first[item + 1]; k++) {
                lede_proposal_pair *p = &m->pairs.items[m->partner[k]];

                p->together += p->a == item && p->b == other;
            }
        }
    }
    return fine;
}

static bool insert_title(maker *m, candidate *c, lede_span title)
{
    uint32_t at = 0;
    lede_span kept;

    while (at < c->title_count && lede_span_compare(c->titles[at], title) < 0) {
        at++;
    }
    if (at == MOST_TITLES ||
        (at < c->title_count && lede_span_equal(c->titles[at], title))) {
        return true;
    }
    kept = lede_arena_copy(&m->out->arena, title);
    c->title_count += c->title_count < MOST_TITLES;
    memmove(c->titles + at + 1, c->titles + at,
            (c->title_count - at - 1) * sizeof c->titles[0]);
    c->titles[at] = kept;
    return kept.bytes != NULL;
}

static bool put_title(maker *m, candidate *c, lede_span title)
{
    lede_buf low = {0};
    bool fine;

    for (size_t i = 0; i < title.len; i++) {
        uint8_t byte = title.bytes[i] == '-' ? ' ' : title.bytes[i];

        lede_buf_put_byte(&low, byte >= 'A' && byte <= 'Z' ? byte | 32 : byte);
    }
    fine = !low.failed;
    fine = fine && insert_title(m, c, lede_buf_span(&low));
    lede_buf_done(&low);
    return fine;
}

/* What the people of an entry are called, for those that are of a pair. */
static bool meet_titles(maker *m, lede_span list, uint64_t key)
{
    lede_name_reader reader = lede_name_reader_of(list);
    lede_named n;
    bool fine = true;

    while (fine && lede_name_reader_next(&reader, &n)) {
        lede_hit_name shown = {.name = n.name};
        uint32_t one;

        if (n.kind != LEDE_NAMED_PERSON || n.title.len == 0) {
            continue;
        }
        if (m->view.corrections != NULL) {
            lede_corrections_apply(m->view.corrections, LEDE_NAME_PERSON,
                                   n.name, key, &shown.name);
        }
        if (shown.name.len == 0) {
            continue;
        }
        fine = make_key(m, LEDE_NAMED_PERSON, &shown);
        one = fine ? get_known(m, lede_buf_span(&m->key), shown.name, &fine)
                   : NO_NAME;
        if (fine && one != NO_NAME && m->known[one].item != NO_NAME) {
            uint32_t item = m->known[one].item;

            fine = m->first[item] == m->first[item + 1] ||
                   put_title(m, &m->candidates[item], n.title);
        }
    }
    return fine;
}

static lede_status meet_entry(void *ctx, lede_span list, uint64_t key,
                              int64_t instant, lede_error *err)
{
    maker *m = ctx;
    lede_hit_names names;
    uint32_t *who, count = 0;
    lede_status status;
    bool fine = true;

    (void)instant;
    lede_arena_clear(&m->scratch);
    status = lede_hit_names_make(&m->view, list, key, &m->scratch, &names, err);
    if (status != LEDE_OK) {
        return status;
    }
    m->entries++;
    who = lede_arena_array(
        &m->scratch, names.person_count + names.place_count + 1u, sizeof *who);
    fine = who != NULL;
    for (uint32_t i = 0; i < names.person_count + names.place_count && fine;
         i++) {
        bool is_person = i < names.person_count;
        const lede_hit_name *name = is_person
                                        ? &names.people[i]
                                        : &names.places[i - names.person_count];
        uint32_t one = NO_NAME;

        fine =
            make_key(m, is_person ? LEDE_NAMED_PERSON : LEDE_NAMED_PLACE, name);
        if (fine) {
            one = get_known(m, lede_buf_span(&m->key), name->name, &fine);
        }
        if (fine && one != NO_NAME) {
            m->known[one].entries++;
            who[count++] = one;
        }
    }
    fine = fine && meet_all(m, who, count) && meet_titles(m, list, key);
    return fine ? LEDE_OK : no_memory(err);
}

/* Items are known from the start, and each knows its pairs. */
static bool prepare(maker *m)
{
    const lede_name_count *items = m->out->names.items;
    bool fine = true;
    uint32_t at = 0;

    m->candidates = calloc(m->name_count + 1u, sizeof *m->candidates);
    m->first = calloc(m->name_count + 2u, sizeof *m->first);
    m->partner = calloc(2 * (size_t)m->pairs.count + 1, sizeof *m->partner);
    if (m->candidates == NULL || m->first == NULL || m->partner == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < m->pairs.count; i++) {
        m->first[m->pairs.items[i].a + 1]++;
        m->first[m->pairs.items[i].b + 1]++;
    }
    for (uint32_t i = 0; i < m->name_count; i++) {
        m->first[i + 1] += m->first[i];
    }
    for (uint32_t i = 0; i < m->pairs.count; i++) {
        m->partner[m->first[m->pairs.items[i].a]++] = i;
        m->partner[m->first[m->pairs.items[i].b]++] = i;
    }
    for (uint32_t i = m->name_count; i > 0; i--) {
        m->first[i] = m->first[i - 1];
    }
    m->first[0] = 0;
    for (; at < m->name_count && fine; at++) {
        uint32_t one = get_known(m, items[at].key, items[at].name, &fine);

        if (one != NO_NAME) {
            m->known[one].item = at;
        }
    }
    return fine;
}

static lede_status meet_everyone(maker *m, lede_error *err)
{
    lede_node everything = {.type = LEDE_NODE_ALL};
    lede_tree tree = {.root = &everything};
    lede_match_options options = {.half_life_s = 1,
                                  .origin = LEDE_INSTANT_NONE};
    lede_tally tally = {.ctx = m, .put_names = meet_entry};
    lede_engine_tree *open = NULL;
    uint64_t matches;
    lede_status status = m->engine->calls->open(m->engine, &tree, &open, err);

    if (status == LEDE_OK) {
        status = lede_tally_matches(open, &options, &tally, &matches, err);
        m->engine->calls->close_tree(open);
    }
    return status;
}

/* --- Evidence ---------------------------------------------------------------
 */

static int compare_companions(const void *a, const void *b)
{
    const companion *x = a, *y = b;

    return (x->rank > y->rank) - (x->rank < y->rank);
}

static int compare_known(const void *a, const void *b)
{
    const known *x = *(const known *const *)a, *y = *(const known *const *)b;
    int order = lede_span_compare(x->name, y->name);

    return order != 0 ? order : lede_span_compare(x->key, y->key);
}

/* Sums are of fractions: in another order they come out otherwise. */
static bool rank_known(maker *m)
{
    known **order = malloc((m->known_count + 1u) * sizeof *order);

    if (order == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < m->known_count; i++) {
        order[i] = &m->known[i];
    }
    if (m->known_count > 0) {
        qsort(order, m->known_count, sizeof *order, compare_known);
    }
    for (uint32_t i = 0; i < m->known_count; i++) {
        order[i]->rank = i;
    }
    free(order);
    return true;
}

static void sort_company(const maker *m, candidate *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        c->company[i].rank = m->known[c->company[i].who].rank;
    }
    if (c->count > 0) {
        qsort(c->company, c->count, sizeof *c->company, compare_companions);
    }
}

/* How telling it is that somebody is beside both: the rarer, the more. */
static double telling(const maker *m, uint32_t who)
{
    return log((double)(m->entries + 1) / (double)(m->known[who].entries + 1));
}

/* They come in order of rank: who is worth the same stands behind. */
static void put_company(const maker *m, lede_proposal *out, double *worths,
                        uint32_t who)
{
    double worth = telling(m, who);
    uint32_t at = out->company_count;

    if (at == LEDE_PROPOSAL_COMPANY) {
        if (worth <= worths[at - 1]) {
            return;
        }
        at--;
    } else {
        out->company_count++;
    }
    for (; at > 0 && worths[at - 1] < worth; at--) {
        worths[at] = worths[at - 1];
        out->company[at] = out->company[at - 1];
    }
    worths[at] = worth;
    out->company[at] = m->known[who].name;
}

/* What names beside both weigh, over what would be had if all were. */
static double weigh_company(const maker *m, const candidate *a,
                            const candidate *b, lede_proposal *out)
{
    double worths[LEDE_PROPOSAL_COMPANY] = {0};
    double both = 0, of_a = 0, of_b = 0;
    uint32_t i = 0, j = 0;

    for (uint32_t k = 0; k < a->count; k++) {
        of_a += telling(m, a->company[k].who);
    }
    for (uint32_t k = 0; k < b->count; k++) {
        of_b += telling(m, b->company[k].who);
    }
    while (i < a->count && j < b->count) {
        if (a->company[i].rank == b->company[j].rank) {
            both += telling(m, a->company[i].who);
            out->shared++;
            put_company(m, out, worths, a->company[i].who);
            i++;
            j++;
        } else if (a->company[i].rank < b->company[j].rank) {
            i++;
        } else {
            j++;
        }
    }
    return of_a > 0 && of_b > 0 ? both / sqrt(of_a * of_b) : 0;
}

static void share_titles(const candidate *a, const candidate *b,
                         lede_proposal *out)
{
    for (uint32_t i = 0; i < a->title_count; i++) {
        for (uint32_t j = 0;
             j < b->title_count && out->title_count < LEDE_PROPOSAL_TITLES;
             j++) {
            if (lede_span_equal(a->titles[i], b->titles[j])) {
                out->titles[out->title_count++] = a->titles[i];
            }
        }
    }
}

/* The share of the longer name's bytes that an edit of one into the other
 * leaves alone (Levenshtein's distance). */
static double similarity(lede_span a, lede_span b)
{
    uint8_t row[MOST_COMPARED + 1];
    size_t n = a.len < MOST_COMPARED ? a.len : (size_t)MOST_COMPARED;
    size_t m = b.len < MOST_COMPARED ? b.len : (size_t)MOST_COMPARED;
    size_t longer = n > m ? n : m;

    for (size_t j = 0; j <= m; j++) {
        row[j] = (uint8_t)j;
    }
    for (size_t i = 1; i <= n; i++) {
        uint8_t before = row[0]; /* of the row above, one to the left */

        row[0] = (uint8_t)i;
        for (size_t j = 1; j <= m; j++) {
            uint8_t above = row[j];
            uint8_t best =
                (uint8_t)(before + (a.bytes[i - 1] != b.bytes[j - 1]));

            best = above + 1 < best ? (uint8_t)(above + 1) : best;
            row[j] = row[j - 1] + 1 < best ? (uint8_t)(row[j - 1] + 1) : best;
            before = above;
        }
    }
    return longer == 0 ? 0 : 1 - (double)row[m] / (double)longer;
}

static double worth_of(const char *reason)
{
    return strcmp(reason, "spelling") == 0  ? 3
           : strcmp(reason, "order") == 0   ? 3
           : strcmp(reason, "surname") == 0 ? 1
                                            : 2;
}

static bool is_single(lede_span key)
{
    return key.len > 0 && memchr(key.bytes, ' ', key.len) == NULL;
}

/* Whether a person has split one of the names off the other. */
static bool is_split(const maker *m, lede_span a, lede_span b)
{
    lede_correction c;
    lede_buf keys[2] = {{0}, {0}};
    size_t line = 0;
    bool is = false;

    while (!is && m->view.corrections != NULL &&
           lede_corrections_next(m->view.corrections, &line, &c)) {
        if (c.verb != LEDE_CORRECTION_SPLIT || c.kind != LEDE_NAME_PERSON) {
            continue;
        }
        for (int i = 0; i < 2; i++) {
            lede_buf_clear(&keys[i]);
            lede_correction_key(c.kind, c.names[i], &keys[i]);
        }
        is = (lede_span_equal(lede_buf_span(&keys[0]), a) &&
              lede_span_equal(lede_buf_span(&keys[1]), b)) ||
             (lede_span_equal(lede_buf_span(&keys[0]), b) &&
              lede_span_equal(lede_buf_span(&keys[1]), a));
    }
    lede_buf_done(&keys[0]);
    lede_buf_done(&keys[1]);
    return is;
}

/* Names spelled alike may be proposed alone; what is only compatible needs
 * company or a title, and names that stand side by side are two people's. */
static bool weigh(const maker *m, const lede_proposal_pair *p,
                  lede_proposal *out)
{
    const lede_name_count *a = &m->out->names.items[p->a];
    const lede_name_count *b = &m->out->names.items[p->b];
    uint64_t fewer = a->entries < b->entries ? a->entries : b->entries;
    uint64_t more = a->entries + b->entries - fewer;
    bool is_spelling = strcmp(p->reason, "spelling") == 0;
    double alike = is_spelling ? similarity(a->key, b->key) : 1;
    double company, shared;

    *out = (lede_proposal){.names = {a->name, b->name},
                           .entries = {a->entries, b->entries},
                           .reason = p->reason,
                           .together = p->together};
    company = weigh_company(m, &m->candidates[p->a], &m->candidates[p->b], out);
    share_titles(&m->candidates[p->a], &m->candidates[p->b], out);
    shared = (double)out->shared;
    /* Behind the first byte of a key, which is its kind's. */
    if (is_split(m, lede_span_part(a->key, 1, SIZE_MAX),
                 lede_span_part(b->key, 1, SIZE_MAX))) {
        return false;
    }
    if (is_spelling && is_single(a->key) && company < least_company) {
        return false;
    }
    if (p->together * 2 > fewer || alike < least_alike ||
        (out->shared == 0 && out->title_count == 0 &&
         worth_of(p->reason) < 3)) {
        return false;
    }
    out->weight =
        worth_of(p->reason) * alike + (out->title_count > 0 ? 1.0 : 0) +
        3 * company * shared / (shared + 3) + 1.2 * log((double)(1 + fewer)) +
        0.3 * log((double)(1 + more)) - 3 * (double)p->together / (double)fewer;
    return true;
}

static bool is_wanted(const lede_proposal *p, lede_span prefix)
{
    lede_buf key = {0};
    bool is = prefix.len == 0;

    for (int i = 0; i < 2 && !is; i++) {
        lede_span own;

        lede_buf_clear(&key);
        lede_correction_key(LEDE_NAME_PERSON, p->names[i], &key);
        own = lede_buf_span(&key);
        for (size_t at = 0; at + prefix.len <= own.len && !is; at++) {
            is = (at == 0 || own.bytes[at - 1] == ' ') &&
                 memcmp(own.bytes + at, prefix.bytes, prefix.len) == 0;
        }
    }
    lede_buf_done(&key);
    return is;
}

static int compare_proposals(const void *a, const void *b)
{
    const lede_proposal *x = a, *y = b;

    if (x->weight != y->weight) {
        return x->weight > y->weight ? -1 : 1;
    }
    return lede_span_compare(x->names[0], y->names[0]) != 0
               ? lede_span_compare(x->names[0], y->names[0])
               : lede_span_compare(x->names[1], y->names[1]);
}

static lede_status judge(maker *m, lede_span prefix, uint32_t most,
                         lede_error *err)
{
    lede_proposals *out = m->out;

    out->items = calloc(m->pairs.count + 1u, sizeof *out->items);
    if (out->items == NULL) {
        return no_memory(err);
    }
    if (!rank_known(m)) {
        return no_memory(err);
    }
    for (uint32_t i = 0; i < m->name_count; i++) {
        sort_company(m, &m->candidates[i]);
    }
    for (uint32_t i = 0; i < m->pairs.count; i++) {
        lede_proposal *one = &out->items[out->count];

        out->count +=
            weigh(m, &m->pairs.items[i], one) && is_wanted(one, prefix);
    }
    if (out->count > 0) {
        qsort(out->items, out->count, sizeof *out->items, compare_proposals);
    }
    out->count = out->count < most ? out->count : most;
    return LEDE_OK;
}

static void maker_done(maker *m)
{
    for (uint32_t i = 0; m->candidates != NULL && i < m->name_count; i++) {
        free(m->candidates[i].company);
    }
    free(m->candidates);
    free(m->first);
    free(m->partner);
    lede_proposal_pairs_done(&m->pairs);
    free(m->known);
    free(m->slots);
    lede_arena_done(&m->scratch);
    lede_buf_done(&m->key);
}

lede_status lede_engine_proposals(lede_engine *engine, lede_span prefix,
                                  uint32_t most, lede_proposals *out,
                                  lede_error *err)
{
    maker m = {.engine = engine, .out = out};
    lede_buf key = {0};
    lede_status status;

    *out = (lede_proposals){0};
    lede_person_key(prefix, &key);
    status =
        key.failed
            ? no_memory(err)
            : lede_engine_name_counts(engine, 1u << LEDE_NAMED_PERSON,
                                      lede_span_of(NULL, 0), &out->names, err);
    m.name_count =
        out->names.count < MOST_NAMES ? out->names.count : (uint32_t)MOST_NAMES;
    if (status == LEDE_OK) {
        status = lede_engine_name_view(engine, &m.view, err);
    }
    if (status == LEDE_OK) {
        status = lede_proposal_pairs_find(&out->names, m.name_count, &m.pairs)
                     ? LEDE_OK
                     : no_memory(err);
    }
    if (status == LEDE_OK && !prepare(&m)) {
        status = no_memory(err);
    }
    if (status == LEDE_OK) {
        status = meet_everyone(&m, err);
    }
    if (status == LEDE_OK) {
        status = judge(&m, lede_buf_span(&key), most, err);
    }
    maker_done(&m);
    lede_buf_done(&key);
    return status;
}

void lede_proposals_done(lede_proposals *proposals)
{
    free(proposals->items);
    lede_name_counts_done(&proposals->names);
    lede_arena_done(&proposals->arena);
    *proposals = (lede_proposals){0};
}
