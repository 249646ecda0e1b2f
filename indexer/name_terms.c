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

bool lede_name_terms_each(lede_span list, lede_analyzer *analyzer,
                          bool (*put)(void *ctx, const lede_name_term *term),
                          void *ctx)
{
    lede_name_reader reader = lede_name_reader_of(list);
    bool fine = lede_name_words_each(list, analyzer, put, ctx);
    lede_buf key = {0};
    lede_named named;

    while (fine && lede_name_reader_next(&reader, &named)) {
        lede_name_term term = {.space = lede_name_space_of_whole(&named),
                               .count = 1};

        if (term.space == LEDE_NAME_SPACE_COUNT) {
            continue;
        }
        put_key(term.space, named.name, &key);
        term.token = (lede_token){.word = lede_buf_span(&key),
                                  .width = 1,
                                  .parts = 1,
                                  .letter_case = LEDE_CASE_LOWER};
        fine = !key.failed && (key.len == 0 || key.len > LEDE_NAMED_BYTES - 2 ||
                               put(ctx, &term));
    }
    lede_buf_done(&key);
    return fine;
}
