#include "names/place_choice.h"

#include <stdlib.h>
#include <string.h>

#include "names/place_hints.h"

enum { ROUNDS = 2 };

/* What an entry's evidence is worth, in 256ths of a doubling of people. */
enum {
    FOR_CONTAINER = 16 * 256,
    FOR_COUNTRY = 3 * 256, /* another place of the same country, */
    FOR_MORE = 256,        /* each doubling of their number, */
    MOST_FOR_COUNTRY = 6 * 256,
    FOR_REGION = 3 * 256, /* of the same region as well, */
    MOST_FOR_REGION = 5 * 256,
    FOR_NEAR = 3 * 256,    /* within NEAR_KM */
    FOR_SIBLING = 5 * 256, /* "Oregon, Washington and Idaho" */
    FOR_STATE = 10 * 256,  /* "the governor of Georgia" */
    FOR_HOME = 4 * 256,    /* country, region and nearness, each */
    /* A name that no town of so many people has may be that of a thing that is
     * not in the table: then nothing is sure. */
    SURE_WEIGHT = 16 * 256,
    SURE_WEIGHT_ALONE = 14 * 256, /* of the one place with the name */
    SURE_LEAD = 3 * 256,
    SURE_LEAD_SAID = 1 * 256,   /* if the entry speaks for that one alone */
    SURE_LEAD_UNSAID = 4 * 256, /* of a town, if it says nothing */
    /* Of a place in a country that the entry says nothing of, while it speaks
     * of others: "Dome" may be a town in Ghana, but not in Alberta. */
    SURE_WEIGHT_ABROAD = 18 * 256,
    /* What a country's weight has over its people (gazetteer.h): Georgia, of
     * which nothing is said, may be either. */
    FOR_BEING_COUNTRY = 6 * 256
};

static const double NEAR_KM = 160;
static const double SAME_KM = 160;

void lede_place_choice_done(lede_place_choice *self)
{
    lede_place_peoples_done(&self->peoples);
    free(self->votes);
    memset(self, 0, sizeof *self);
}

static lede_place_vote *vote_of(lede_place_choice *self,
                                lede_place_number place, bool make)
{
    size_t i;
    lede_place_vote *votes;

    for (i = 0; i < self->vote_count; i++) {
        if (self->votes[i].place == place) {
            return &self->votes[i];
        }
    }
    if (!make || self->vote_count >= LEDE_PLACE_MAX_VOTERS * 4) {
        return NULL;
    }
    if (self->vote_count == self->vote_cap) {
        size_t cap = self->vote_cap == 0 ? 64 : self->vote_cap * 2;

        votes = realloc(self->votes, cap * sizeof *votes);
        if (votes == NULL) {
            return NULL;
        }
        self->votes = votes;
        self->vote_cap = cap;
    }
    self->votes[self->vote_count] = (lede_place_vote){place, 0};
    return &self->votes[self->vote_count++];
}

static void add_vote(lede_place_choice *self, lede_place_number place,
                     uint32_t weight)
{
    lede_place_vote *v =
        place == LEDE_PLACE_NONE ? NULL : vote_of(self, place, true);

    if (v != NULL) {
        v->weight += weight;
    }
}

static uint32_t votes_for(lede_place_choice *self, lede_place_number place)
{
    lede_place_vote *v =
        place == LEDE_PLACE_NONE ? NULL : vote_of(self, place, false);

    return v == NULL ? 0 : v->weight;
}

static uint32_t weight_of(const lede_place_group *g)
{
    uint32_t mentions = g->mentions + 2 * g->sources;

    return mentions > 4 ? 4 : mentions;
}

/* "Kenyan police": a vote for Kenya. */
static void vote_by_people(lede_place_choice *self, lede_span text)
{
    lede_place_number country;
    size_t at = 0;

    text = lede_span_part(text, 0, 1 << 16);
    while ((country = lede_place_peoples_next(&self->peoples, text, &at)) !=
           LEDE_PLACE_NONE) {
        add_vote(self, country, 1);
    }
}

static void keep_people_votes(lede_place_choice *self)
{
    self->people_vote_count = self->vote_count < LEDE_PLACE_MAX_PEOPLE_VOTES
                                  ? self->vote_count
                                  : LEDE_PLACE_MAX_PEOPLE_VOTES;
    if (self->people_vote_count > 0) {
        memcpy(self->people_votes, self->votes,
               self->people_vote_count * sizeof *self->votes);
    }
}

const lede_place_candidate *lede_place_best_of(const lede_place_choice *self,
                                               const lede_place_group *g)
{
    return g->best == LEDE_PLACE_NO_GROUP
               ? NULL
               : &self->names->candidates[g->begin + (uint32_t)g->best];
}

static int32_t for_votes(uint32_t votes, int32_t first, int32_t most)
{
    int32_t score = first;

    if (votes == 0) {
        return 0;
    }
    while (votes > 1 && score < most) {
        votes /= 2;
        score += FOR_MORE;
    }
    return score;
}

static bool has_neighbour(const lede_place_choice *self,
                          const lede_place_group *g,
                          const lede_place_candidate *c)
{
    size_t i;

    for (i = 0; i < self->groups->count && i < LEDE_PLACE_MAX_VOTERS; i++) {
        const lede_place_group *other = &self->groups->all[i];
        const lede_place_candidate *best = lede_place_best_of(self, other);

        if (other != g && best != NULL && other->key != g->key &&
            best->kind != LEDE_PLACE_COUNTRY && best->kind != LEDE_PLACE_AREA &&
            best->kind != LEDE_PLACE_REGION &&
            lede_place_is_near(best, c, NEAR_KM)) {
            return true;
        }
    }
    return false;
}

/* Whether the group may be the place: then that place is on the page for what
 * was made of the same name there, and no evidence. */
static bool is_candidate(const lede_place_choice *self,
                         const lede_place_group *g, lede_place_number place)
{
    uint32_t i;

    for (i = 0; i < g->count; i++) {
        if (self->names->candidates[g->begin + i].place == place) {
            return true;
        }
    }
    return false;
}

static bool may_be_country(const lede_place_choice *self,
                           const lede_place_group *g)
{
    uint32_t i;

    for (i = 0; i < g->count; i++) {
        if (self->names->candidates[g->begin + i].kind == LEDE_PLACE_COUNTRY) {
            return true;
        }
    }
    return false;
}

/* Home, or where the other entries of the page play: the one that has most.
 * A town that has a country's name is meant at home only: Us near Paris is not,
 * on a page about Paris. */
static int32_t for_given(const lede_place_choice *self,
                         const lede_place_group *own,
                         const lede_place_candidate *c)
{
    size_t count = self->given_count;
    int32_t score = 0;
    size_t i;

    if (c->kind == LEDE_PLACE_TOWN && may_be_country(self, own)) {
        count = self->has_home && count > 0 ? 1 : 0;
    }
    for (i = 0; i < count; i++) {
        const lede_place_candidate *g = &self->given[i];
        int32_t here = 0;

        if ((i > 0 || !self->has_home) && is_candidate(self, own, g->place)) {
            continue;
        }
        if (c->country != LEDE_PLACE_NONE && c->country == g->country) {
            here += FOR_HOME;
            if (c->region != LEDE_PLACE_NONE && c->region == g->region) {
                here += FOR_HOME;
            }
            if (g->kind == LEDE_PLACE_TOWN &&
                lede_place_is_near(c, g, NEAR_KM)) {
                here += FOR_HOME;
            }
        }
        score = here > score ? here : score;
    }
    return score;
}

static int32_t for_siblings(const lede_place_choice *self,
                            const lede_place_group *g,
                            const lede_place_candidate *c)
{
    size_t i;

    for (i = 0; i < g->sibling_count; i++) {
        const lede_place_candidate *other =
            lede_place_best_of(self, &self->groups->all[g->siblings[i]]);

        if (other != NULL && lede_place_is_list(c, other)) {
            return FOR_SIBLING;
        }
    }
    return 0;
}

static int32_t score_of(lede_place_choice *self, const lede_place_group *g,
                        const lede_place_candidate *c)
{
    int32_t score = c->weight;
    uint32_t own = weight_of(g);
    const lede_place_candidate *best = lede_place_best_of(self, g);
    uint32_t votes;

    if (g->container != LEDE_PLACE_NO_GROUP) {
        const lede_place_group *outer = &self->groups->all[g->container];
        uint32_t k;

        for (k = 0; k < outer->count; k++) {
            if (lede_place_lies_in(
                    self->names->gazetteer, c,
                    &self->names->candidates[outer->begin + k])) {
                score += FOR_CONTAINER;
                break;
            }
        }
    }
    if (g->inside != LEDE_PLACE_NONE && c->country == g->inside) {
        score += FOR_CONTAINER;
    }
    if (g->is_state && c->kind == LEDE_PLACE_REGION) {
        score += FOR_STATE;
    }
    votes = votes_for(self, c->country);
    votes -=
        best != NULL && best->country == c->country && votes >= own ? own : 0;
    score += for_votes(votes, FOR_COUNTRY, MOST_FOR_COUNTRY);
    if (c->kind != LEDE_PLACE_COUNTRY) {
        votes = votes_for(self, c->region);
        votes -=
            best != NULL && best->region == c->region && votes >= own ? own : 0;
        score += for_votes(votes, FOR_REGION, MOST_FOR_REGION);
        score += has_neighbour(self, g, c) ? FOR_NEAR : 0;
    }
    return score + for_siblings(self, g, c) + for_given(self, g, c);
}

/* Whether it makes no difference to a reader which of the two is meant. */
static bool is_same_place(const lede_place_choice *self,
                          const lede_place_candidate *a,
                          const lede_place_candidate *b)
{
    return lede_place_is_near(a, b, SAME_KM) ||
           lede_place_lies_in(self->names->gazetteer, a, b) ||
           lede_place_lies_in(self->names->gazetteer, b, a);
}

/* What of a score the entry itself says; its surroundings are no more than
 * likely. */
static int32_t gain_of(const lede_place_choice *self, const lede_place_group *g,
                       int32_t candidate, int32_t score)
{
    const lede_place_candidate *c;

    if (candidate == LEDE_PLACE_NO_GROUP) {
        return 0;
    }
    c = &self->names->candidates[g->begin + (uint32_t)candidate];
    return score - c->weight - for_given(self, g, c);
}

static void choose(lede_place_choice *self, lede_place_group *g)
{
    int32_t scores[LEDE_PLACE_MAX_CANDIDATES];
    int32_t best = LEDE_PLACE_NO_GROUP;
    int32_t second = LEDE_PLACE_NO_GROUP;
    int32_t i;

    for (i = 0; i < (int32_t)g->count; i++) {
        scores[i] =
            score_of(self, g, &self->names->candidates[g->begin + (uint32_t)i]);
        if (best == LEDE_PLACE_NO_GROUP || scores[i] > scores[best]) {
            best = i;
        }
    }
    for (i = 0; i < (int32_t)g->count; i++) {
        if (i != best &&
            (second == LEDE_PLACE_NO_GROUP || scores[i] > scores[second]) &&
            !is_same_place(self,
                           &self->names->candidates[g->begin + (uint32_t)best],
                           &self->names->candidates[g->begin + (uint32_t)i])) {
            second = i;
        }
    }
    g->best = best;
    g->second = second;
    g->best_score = best == LEDE_PLACE_NO_GROUP ? 0 : scores[best];
    g->second_score = second == LEDE_PLACE_NO_GROUP ? 0 : scores[second];
    g->best_gain = gain_of(self, g, best, g->best_score);
    g->second_gain = gain_of(self, g, second, g->second_score);
}

/* How far the best must lead for nobody to think of the second. */
static int32_t lead_needed(const lede_place_group *g,
                           const lede_place_candidate *best,
                           const lede_place_candidate *second)
{
    if (best->kind == LEDE_PLACE_COUNTRY && second->kind == LEDE_PLACE_REGION &&
        g->best_gain <= g->second_gain) {
        return SURE_LEAD + FOR_BEING_COUNTRY;
    }
    if (g->best_gain >= FOR_COUNTRY && g->second_gain <= 0) {
        return SURE_LEAD_SAID;
    }
    if (g->best_gain <= 0 && best->kind == LEDE_PLACE_TOWN && !best->capital) {
        return SURE_LEAD_UNSAID;
    }
    return SURE_LEAD;
}

/* Whether the entry speaks of countries, and not of the place's. */
static bool is_abroad(const lede_place_choice *self, const lede_place_group *g,
                      const lede_place_candidate *c)
{
    size_t i;

    if (g->best_gain > 0 || c->kind == LEDE_PLACE_COUNTRY ||
        c->kind == LEDE_PLACE_AREA || c->capital) {
        return false;
    }
    for (i = 0; i < self->groups->count && i < LEDE_PLACE_MAX_VOTERS; i++) {
        const lede_place_candidate *other =
            lede_place_best_of(self, &self->groups->all[i]);

        if (other != NULL && other->country != LEDE_PLACE_NONE &&
            other->country != c->country) {
            return true;
        }
    }
    return self->people_vote_count > 0;
}

bool lede_place_is_sure(const lede_place_choice *self,
                        const lede_place_group *g)
{
    const lede_place_candidate *best = lede_place_best_of(self, g);

    if (best == NULL ||
        g->best_score <
            (g->count == 1 && best->usual ? SURE_WEIGHT_ALONE : SURE_WEIGHT) ||
        (g->best_score < SURE_WEIGHT_ABROAD && is_abroad(self, g, best))) {
        return false;
    }
    return g->second == LEDE_PLACE_NO_GROUP ||
           g->best_score - g->second_score >=
               lead_needed(
                   g, best,
                   &self->names->candidates[g->begin + (uint32_t)g->second]);
}

static void vote_all(lede_place_choice *self)
{
    size_t i;

    self->vote_count = 0;
    for (i = 0; i < self->groups->count && i < LEDE_PLACE_MAX_VOTERS; i++) {
        const lede_place_group *g = &self->groups->all[i];
        const lede_place_candidate *best = lede_place_best_of(self, g);

        if (best != NULL) {
            add_vote(self, best->country, weight_of(g));
            add_vote(self, best->region, weight_of(g));
        }
    }
    for (i = 0; i < self->people_vote_count; i++) {
        add_vote(self, self->people_votes[i].place,
                 self->people_votes[i].weight);
    }
}

static bool is_open(const lede_place_choice *self)
{
    size_t i;

    for (i = 0; i < self->groups->count && self->groups->all[i].count < 2;
         i++) {
    }
    return i < self->groups->count;
}

bool lede_place_choose(lede_place_choice *self, const lede_name_text *texts,
                       size_t text_count, const lede_mention *mentions,
                       size_t mention_count, const uint32_t *group_of)
{
    size_t given_count = self->given_count;
    size_t i;
    int round;

    self->vote_count = 0;
    self->given_count = 0;
    for (i = 0; i < self->groups->count; i++) {
        choose(self, &self->groups->all[i]);
    }
    self->given_count = given_count;
    if (!is_open(self)) {
        return true;
    }
    if (!lede_place_peoples_read(&self->peoples, self->names->gazetteer)) {
        return false;
    }
    lede_place_hints_read(self->groups, &self->peoples, texts, mentions,
                          mention_count, group_of);
    for (i = 0; i < text_count; i++) {
        vote_by_people(self, texts[i].text);
    }
    keep_people_votes(self);
    for (round = 0; round < ROUNDS; round++) {
        vote_all(self);
        for (i = 0; i < self->groups->count; i++) {
            choose(self, &self->groups->all[i]);
        }
    }
    return true;
}
