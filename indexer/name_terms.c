#include "indexer/name_terms.h"

#include "names/gazetteer.h"
#include "names/variants.h"

static void put_key(lede_name_space space, lede_span name, lede_buf *out)
{
    lede_buf_clear(out);
    if (space == LEDE_NAME_SPACE_PERSON_WHOLE) {
        lede_person_key(name, out);
    } else {
        lede_place_key(name, out);
    }
}

/* Puts a value of a name; empty and too long ones are none. */
static bool put_value(lede_name_space space, const lede_buf *value,
                      bool (*put)(void *ctx, const lede_name_term *term),
                      void *ctx)
{
    lede_name_term term = {.space = space,
                           .token = {.word = lede_buf_span(value),
                                     .width = 1,
                                     .parts = 1,
                                     .letter_case = LEDE_CASE_LOWER},
                           .count = 1};

    return !value->failed &&
           (value->len == 0 || value->len > LEDE_NAMED_BYTES - 2 ||
            put(ctx, &term));
}

bool lede_name_terms_each(lede_span list, lede_analyzer *analyzer,
                          bool (*put)(void *ctx, const lede_name_term *term),
                          void *ctx)
{
    lede_name_reader reader = lede_name_reader_of(list);
    bool fine = lede_name_words_each(list, analyzer, put, ctx);
    lede_buf key = {0};
    lede_named named;

    while (fine && lede_name_reader_next(&reader, &named)) {
        lede_name_space space = lede_name_space_of_whole(&named);

        if (space == LEDE_NAME_SPACE_COUNT) {
            continue;
        }
        put_key(space, named.name, &key);
        fine = put_value(space, &key, put, ctx);
        if (fine && space == LEDE_NAME_SPACE_PERSON_WHOLE) {
            lede_buf_clear(&key);
            lede_person_short_key(named.name, &key);
            fine = put_value(LEDE_NAME_SPACE_PERSON_SHORT, &key, put, ctx);
        }
    }
    lede_buf_done(&key);
    return fine;
}
