#include "names/places.h"

#include <stdlib.h>
#include <string.h>

#include "names/place_choice.h"

enum { MAX_GIVEN = 32 };

struct lede_places {
    lede_place_names names;
    lede_place_groups groups;
    lede_place_choice choice;
    lede_place_answer *answers;
    size_t answer_cap;
};

void lede_places_free(lede_places *self)
{
    if (self != NULL) {
        lede_place_names_done(&self->names);
        lede_place_groups_done(&self->groups);
        lede_place_choice_done(&self->choice);
        free(self->answers);
        free(self);
    }
}

lede_places *lede_places_new(const lede_gazetteer *gazetteer)
{
    lede_places *self = calloc(1, sizeof *self);

    if (self == NULL) {
        return NULL;
    }
    if (!lede_place_names_init(&self->names, gazetteer)) {
        lede_places_free(self);
        return NULL;
    }
    self->choice.names = &self->names;
    self->choice.groups = &self->groups;
    return self;
}

static void answer(const lede_places *self, const lede_place_group *g,
                   lede_place_answer *out)
{
    const lede_place_candidate *best = lede_place_best_of(&self->choice, g);
    uint32_t i;

    memset(out, 0, sizeof *out);
    if (best == NULL) {
        return;
    }
    out->state = lede_place_is_sure(&self->choice, g) ? LEDE_PLACE_RESOLVED
                                                      : LEDE_PLACE_AMBIGUOUS;
    out->candidates[out->count++] = best->place;
    if (g->second != LEDE_PLACE_NO_GROUP) {
        out->candidates[out->count++] =
            self->names.candidates[g->begin + (uint32_t)g->second].place;
    }
    for (i = 0; i < g->count && out->count < LEDE_ENTITY_MAX_CANDIDATES; i++) {
        lede_place_number place = self->names.candidates[g->begin + i].place;
        uint32_t k;

        for (k = 0; k < out->count && out->candidates[k] != place; k++) {
        }
        if (k == out->count) {
            out->candidates[out->count++] = place;
        }
    }
}

/* Groups that were found to be the same place, "Kiev" and "Kyiv", become the
 * first of them. */
static void unite(lede_places *self)
{
    size_t i;

    for (i = 0; i < self->groups.count; i++) {
        const lede_place_candidate *best =
            lede_place_best_of(&self->choice, &self->groups.all[i]);
        size_t k;

        for (k = 0; best != NULL && k < i && k < LEDE_PLACE_MAX_VOTERS; k++) {
            const lede_place_candidate *other =
                lede_place_best_of(&self->choice, &self->groups.all[k]);

            if (other != NULL && other->place == best->place &&
                self->groups.all[k].same_as == k) {
                self->groups.all[i].same_as = (uint32_t)k;
                if (self->answers[i].state > self->answers[k].state) {
                    self->answers[k] = self->answers[i];
                }
                break;
            }
        }
    }
    for (i = 0; i < self->groups.count; i++) {
        self->groups.all[i].same_as =
            self->groups.all[self->groups.all[i].same_as].same_as;
    }
}

static bool put_answers(lede_places *self)
{
    size_t i;

    if (self->groups.count > self->answer_cap) {
        lede_place_answer *made =
            realloc(self->answers, (self->groups.count + 64) * sizeof *made);

        if (made == NULL) {
            return false;
        }
        self->answers = made;
        self->answer_cap = self->groups.count + 64;
    }
    for (i = 0; i < self->groups.count; i++) {
        answer(self, &self->groups.all[i], &self->answers[i]);
    }
    return true;
}

/* The places of the context, as candidates; home is the first one. */
static size_t read_given(const lede_places *self,
                         const lede_link_context *context,
                         lede_place_candidate *out, size_t max)
{
    size_t count = 0;
    size_t i;

    for (i = 0; self->names.gazetteer != NULL && i <= context->place_count &&
                count < max;
         i++) {
        lede_span id = i == 0 ? context->home : context->places[i - 1];
        lede_place_number place =
            id.len == 0 ? LEDE_PLACE_NONE
                        : lede_gazetteer_by_id(self->names.gazetteer, id);

        if (place != LEDE_PLACE_NONE) {
            out[count++] =
                lede_place_candidate_of(self->names.gazetteer, place);
        }
    }
    return count;
}

bool lede_places_link(lede_places *self, const lede_name_text *texts,
                      size_t text_count, const lede_mention *mentions,
                      size_t mention_count, const lede_link_context *context,
                      uint32_t *group_of, const lede_place_answer **answers,
                      uint32_t *count)
{
    lede_place_candidate given[MAX_GIVEN];
    size_t i;

    lede_place_names_tidy(&self->names);
    self->choice.given = given;
    self->choice.given_count = read_given(self, context, given, MAX_GIVEN);
    self->choice.has_home =
        self->choice.given_count > 0 && context->home.len > 0 &&
        self->names.gazetteer != NULL &&
        lede_gazetteer_by_id(self->names.gazetteer, context->home) ==
            given[0].place;
    if (!lede_place_groups_make(&self->groups, &self->names, texts, mentions,
                                mention_count, group_of) ||
        !lede_place_choose(&self->choice, texts, text_count, mentions,
                           mention_count, group_of) ||
        !put_answers(self)) {
        return false;
    }
    unite(self);
    for (i = 0; i < mention_count; i++) {
        if (mentions[i].kind == LEDE_NAME_PLACE) {
            group_of[i] = self->groups.all[group_of[i]].same_as;
        }
    }
    *answers = self->answers;
    *count = (uint32_t)self->groups.count;
    return true;
}
