/* place_choice.h - "which of the places that are called so is it?"
 *
 * Every group chooses the candidate with the best score: how many people live
 * there, and what the rest of the entry has for it, namely other places of the
 * same country or region, places nearby, words for its people, a list it stands
 * in, and what the caller knows of the surroundings. All choose at once, and
 * then again in the light of what the others have chosen.
 *
 * Private to names/.
 *
 * Threads: belongs to one thread at a time. */
#ifndef LEDE_NAMES_PLACE_CHOICE_H
#define LEDE_NAMES_PLACE_CHOICE_H

#include "names/place_groups.h"
#include "names/place_peoples.h"

/* A country or region with the number of those that speak for it. */
typedef struct lede_place_vote {
    lede_place_number place;
    uint32_t weight;
} lede_place_vote;

/* Groups that others are compared with: in a text with more the rest adds
 * nothing but time. */
enum { LEDE_PLACE_MAX_VOTERS = 256, LEDE_PLACE_MAX_PEOPLE_VOTES = 64 };

typedef struct lede_place_choice {
    const lede_place_names *names;
    lede_place_groups *groups;
    const lede_place_candidate *given; /* places that the caller named */
    size_t given_count;
    bool has_home; /* the first of them is where the source is at home */
    lede_place_peoples peoples; /* private from here on */
    lede_place_vote *votes;
    size_t vote_count, vote_cap;
    lede_place_vote people_votes[LEDE_PLACE_MAX_PEOPLE_VOTES];
    size_t people_vote_count;
} lede_place_choice;

void lede_place_choice_done(lede_place_choice *choice);

/* Sets the best and second of each group; `names`, `groups` and what is given
 * are the caller's to set. False when out of memory. */
bool lede_place_choose(lede_place_choice *choice, const lede_name_text *texts,
                       size_t text_count, const lede_mention *mentions,
                       size_t mention_count, const uint32_t *group_of);

/* The place that a group was found to be; NULL if the table has none. */
const lede_place_candidate *lede_place_best_of(const lede_place_choice *choice,
                                               const lede_place_group *group);

/* Whether it is that one beyond doubt. */
bool lede_place_is_sure(const lede_place_choice *choice,
                        const lede_place_group *group);

#endif
