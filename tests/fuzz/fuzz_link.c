/* Any bytes through the recogniser and the linker, with the table of places:
 * each mention has its entity, entities are counted right and lend spans of the
 * texts or of the context, and are the same again. The first bytes choose where
 * the texts are cut, and what else is known. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names/link.h"

enum { MAX_TEXTS = 4, MAX_PEOPLE = 2 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static lede_gazetteer *gazetteer;
static lede_recognizer *recognizer;
static lede_linker *linkers[2]; /* with the table, and without */

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "fuzz_link: %s\n", what);
        abort();
    }
}

static void open_all(void)
{
    lede_name_model *model = NULL;

    demand(lede_gazetteer_open(LEDE_SOURCE_DIR "/names/gazetteer/places.table",
                               &gazetteer, NULL) == LEDE_OK,
           "no table of places");
    demand(lede_name_model_open(LEDE_SOURCE_DIR "/names/model/names.model",
                                &model, NULL) == LEDE_OK,
           "no model");
    recognizer = lede_recognizer_new(model);
    linkers[0] = lede_linker_new(gazetteer);
    linkers[1] = lede_linker_new(NULL);
    demand(recognizer != NULL && linkers[0] != NULL && linkers[1] != NULL,
           "out of memory");
}

static bool lies_in(lede_span part, lede_span whole)
{
    return part.bytes >= whole.bytes &&
           part.bytes + part.len <= whole.bytes + whole.len;
}

static void check_entity(const lede_entity *e, const lede_name_text *texts,
                         size_t text_count, const lede_link_context *context,
                         const lede_mention *mentions)
{
    bool found = false;
    size_t i;

    for (i = 0; i < text_count && !found; i++) {
        found = lies_in(e->name, texts[i].text);
    }
    for (i = 0; i < context->people_count && !found; i++) {
        found = e->name_is_lent && lies_in(e->name, context->people[i]);
    }
    demand(found && e->name.len > 0, "a name that nobody wrote");
    demand(e->kind == mentions[e->first].kind, "an entity of another kind");
    demand(e->candidate_count <= LEDE_ENTITY_MAX_CANDIDATES &&
               (e->candidate_count > 0) == (e->state != LEDE_PLACE_UNRESOLVED),
           "a place without candidates");
    for (i = 0; i < e->candidate_count; i++) {
        demand(e->candidates[i] < lede_gazetteer_count(gazetteer),
               "a place that the table has not");
    }
}

static void check(lede_linker *linker, const lede_name_text *texts,
                  size_t text_count, const lede_link_context *context)
{
    const lede_mention *mentions;
    const lede_entity *entities;
    const uint32_t *entity_of;
    lede_entity *kept;
    size_t count, again, mention_count, i;
    uint64_t counted = 0;

    demand(lede_recognizer_read(recognizer, texts, text_count, &mentions,
                                &mention_count, NULL) == LEDE_OK &&
               lede_linker_link(linker, texts, text_count, mentions,
                                mention_count, context, &entities, &count,
                                &entity_of, NULL) == LEDE_OK,
           "out of memory");
    for (i = 0; i < mention_count; i++) {
        demand(entity_of[i] < count, "a mention of nobody");
    }
    kept = malloc((count + 1) * sizeof *kept);
    demand(kept != NULL, "out of memory");
    for (i = 0; i < count; i++) {
        check_entity(&entities[i], texts, text_count, context, mentions);
        counted += entities[i].mentions + entities[i].sources;
        kept[i] = entities[i];
    }
    demand(counted == mention_count, "mentions are lost");
    demand(lede_linker_link(linker, texts, text_count, mentions, mention_count,
                            context, &entities, &again, &entity_of,
                            NULL) == LEDE_OK &&
               again == count,
           "other entities the second time");
    for (i = 0; i < count; i++) {
        demand(lede_span_equal(kept[i].name, entities[i].name) &&
                   kept[i].mentions == entities[i].mentions &&
                   kept[i].state == entities[i].state &&
                   kept[i].candidates[0] == entities[i].candidates[0],
               "another entity the second time");
    }
    free(kept);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const char *const homes[] = {"", "g4684888", "c:GB", "nowhere"};
    lede_name_text texts[MAX_TEXTS];
    lede_span people[MAX_PEOPLE];
    lede_link_context context = {.people = people};
    size_t count, i;

    if (gazetteer == NULL) {
        open_all();
    }
    if (len < 2) {
        return 0;
    }
    count = 1 + bytes[0] % MAX_TEXTS;
    context.home = lede_span_text(homes[bytes[1] % 4]);
    context.people_count = bytes[1] / 4 % (MAX_PEOPLE + 1);
    for (i = 0; i < count; i++) {
        size_t begin = 2 + (len - 2) * i / count;
        size_t end = 2 + (len - 2) * (i + 1) / count;

        texts[i].text = lede_span_of(bytes + begin, end - begin);
        texts[i].role = (lede_name_text_role)((bytes[0] / MAX_TEXTS + i) % 5);
    }
    for (i = 0; i < MAX_PEOPLE; i++) {
        people[i] = lede_span_part(texts[0].text, i * 20, 20);
    }
    lede_recognizer_know(recognizer, people, context.people_count);
    check(linkers[0], texts, count, &context);
    check(linkers[1], texts, count, &context);
    return 0;
}
