/* tell.h - names of a text, recognised and linked, in one line a test reads. */
#ifndef LEDE_TESTS_NAMES_TELL_H
#define LEDE_TESTS_NAMES_TELL_H

#include "names/link.h"

/* What the tests of a program share; made once. */
typedef struct told_by {
    lede_gazetteer *gazetteer;
    lede_name_model *model;
    lede_recognizer *recognizer;
    lede_linker *linker;
} told_by;

static inline int tell_setup(void **state)
{
    static told_by by;
    lede_error err = {0};

    assert_ok(lede_gazetteer_open(
        LEDE_SOURCE_DIR "/names/gazetteer/places.table", &by.gazetteer, &err));
    assert_ok(lede_name_model_open(LEDE_SOURCE_DIR "/names/model/names.model",
                                   &by.model, &err));
    by.recognizer = lede_recognizer_new(by.model);
    by.linker = lede_linker_new(by.gazetteer);
    assert_non_null(by.recognizer);
    assert_non_null(by.linker);
    *state = &by;
    return 0;
}

static inline int tell_teardown(void **state)
{
    told_by *by = *state;

    lede_linker_free(by->linker);
    lede_recognizer_free(by->recognizer);
    lede_name_model_free(by->model);
    lede_gazetteer_close(by->gazetteer);
    return 0;
}

/* "Keir Starmer x3; Riyadh x1 = g108410; Paris x2 ? g2988507" */
static inline void tell_entities(const told_by *by, const lede_entity *entities,
                                 size_t count, lede_buf *out)
{
    size_t i;

    for (i = 0; i < count; i++) {
        const lede_entity *entity = &entities[i];
        lede_place_facts facts;

        lede_buf_put_text(out, i == 0 ? "" : "; ");
        lede_buf_put_span(out, entity->name);
        lede_buf_put_format(out, " x%u", entity->mentions);
        if (entity->is_source) {
            lede_buf_put_text(out, " by");
        }
        if (entity->kind == LEDE_NAME_PLACE) {
            if (entity->state == LEDE_PLACE_UNRESOLVED) {
                lede_buf_put_text(out, " nowhere");
                continue;
            }
            lede_gazetteer_get(by->gazetteer, entity->candidates[0], &facts);
            lede_buf_put_format(
                out, " %s %s", entity->state == LEDE_PLACE_RESOLVED ? "=" : "?",
                facts.id);
        }
    }
}

static inline void tell_texts(const told_by *by, const lede_name_text *texts,
                              size_t text_count,
                              const lede_link_context *context, lede_buf *out)
{
    lede_error err = {0};
    const lede_mention *mentions;
    const lede_entity *entities;
    const uint32_t *entity_of;
    size_t mention_count;
    size_t count;

    assert_ok(lede_recognizer_read(by->recognizer, texts, text_count, &mentions,
                                   &mention_count, &err));
    assert_ok(lede_linker_link(by->linker, texts, text_count, mentions,
                               mention_count, context, &entities, &count,
                               &entity_of, &err));
    lede_buf_clear(out);
    tell_entities(by, entities, count, out);
}

#endif
