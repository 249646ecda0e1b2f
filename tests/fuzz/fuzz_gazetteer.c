/* Any bytes as a table of places: whatever it holds, nothing is read outside of
 * it, and nothing goes on for ever. The heads of most inputs would be refused,
 * so the counts are made to fit where that can be done. */
#include <string.h>

#include "names/gazetteer.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void look_around(const lede_gazetteer *gazetteer)
{
    lede_gazetteer_walk walk;
    lede_place_number found[8];
    lede_place_number place;
    lede_span name;
    uint32_t i;
    int steps = 0;

    for (i = 0; i < lede_gazetteer_count(gazetteer) && i < 64; i++) {
        lede_place_facts facts;
        lede_place_number parents[LEDE_PLACE_MAX_PARENTS];

        lede_gazetteer_get(gazetteer, i, &facts);
        lede_gazetteer_by_id(gazetteer, lede_span_text(facts.id));
        lede_gazetteer_parents(gazetteer, i, parents);
        lede_gazetteer_find(gazetteer, lede_span_text(facts.name), found, 8);
    }
    lede_gazetteer_find(gazetteer, lede_span_text("Paris"), found, 8);
    lede_gazetteer_of_people(gazetteer, lede_span_text("French"));
    lede_gazetteer_by_id(gazetteer, lede_span_text("c:FR"));
    lede_gazetteer_by_id(gazetteer, lede_span_text("g70000"));
    lede_gazetteer_walk_init(&walk, gazetteer, lede_span_text("p"));
    while (steps < 1000 && lede_gazetteer_walk_next(&walk, &name, &place)) {
        steps++;
    }
    lede_gazetteer_walk_done(&walk);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    lede_gazetteer *gazetteer = NULL;

    if (lede_gazetteer_new(lede_span_of(bytes, len), &gazetteer, NULL) ==
        LEDE_OK) {
        (void)lede_gazetteer_is_whole(gazetteer);
        look_around(gazetteer);
    }
    lede_gazetteer_close(gazetteer);
    return 0;
}
