/* plan_languages.h - "in which languages is this a form of that word?"
 *
 * A word typed is the group of its stems in the archive's languages. A stem in
 * one language may be another word's in another: paris is "par" in Portuguese,
 * and so are par and paraît in French. Where more entries have such a stem than
 * there are of the languages in which it is one, so that most of them speak of
 * something else, the word becomes
 *
 *     the other stems OR (that stem AND one of those languages)
 *
 * which loses no form: every entry is stemmed in its own language. Words of
 * phrases and of NEAR stay groups.
 *
 * Private to query/plan*.c.
 *
 * Threads: as the plan. */
#ifndef LEDE_QUERY_PLAN_LANGUAGES_H
#define LEDE_QUERY_PLAN_LANGUAGES_H

#include "query/plan_words.h"

/* What a WORD node becomes: itself, mostly. Leaves from `first_new` on were
 * made for it alone. */
lede_node *lede_plan_by_language(lede_planner *planner, lede_node *word,
                                 uint32_t first_new);

#endif
