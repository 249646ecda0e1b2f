#include "storage/name_words.h"

#include <string.h>

static const char *const prefixes[LEDE_NAME_SPACE_COUNT] = {
    LEDE_TERM_PERSON,       LEDE_TERM_PERSON_WHOLE, LEDE_TERM_PERSON_SHORT,
    LEDE_TERM_PLACE,        LEDE_TERM_PLACE_WHOLE,  LEDE_TERM_PLACE_ID,
    LEDE_TERM_PLACE_INSIDE, LEDE_TERM_FROM,         LEDE_TERM_FROM_ID,
};

typedef struct writer {
    lede_analyzer *analyzer;
    bool (*put)(void *ctx, const lede_name_term *term);
    void *ctx;
    uint32_t next[LEDE_NAME_SPACE_COUNT]; /* position */
    lede_buf name, form;                  /* folded */
} writer;

const char *lede_name_space_prefix(lede_name_space space)
{
    return prefixes[space];
}

bool lede_name_space_of(lede_span term, lede_name_space *space,
                        lede_span *value)
{
    for (int i = 0; i < LEDE_NAME_SPACE_COUNT; i++) {
        size_t len = strlen(prefixes[i]);

        if (lede_span_starts(term, prefixes[i])) {
            *space = (lede_name_space)i;
            *value = lede_span_part(term, len, term.len);
            return true;
        }
    }
    return false;
}

bool lede_name_space_has_words(lede_name_space space)
{
    return space == LEDE_NAME_SPACE_PERSON || space == LEDE_NAME_SPACE_PLACE ||
           space == LEDE_NAME_SPACE_FROM;
}

bool lede_name_space_has_positions(lede_name_space space)
{
    return space != LEDE_NAME_SPACE_PERSON_WHOLE &&
           space != LEDE_NAME_SPACE_PERSON_SHORT &&
           space != LEDE_NAME_SPACE_PLACE_WHOLE;
}

lede_name_space lede_name_space_of_whole(const lede_named *named)
{
    if (named->mentions == 0) {
        return LEDE_NAME_SPACE_COUNT;
    }
    if (named->kind == LEDE_NAMED_PERSON) {
        return LEDE_NAME_SPACE_PERSON_WHOLE;
    }
    return named->state == LEDE_NAMED_RESOLVED ? LEDE_NAME_SPACE_COUNT
                                               : LEDE_NAME_SPACE_PLACE_WHOLE;
}

/* The words of a name, as far as they fit before the next one's. */
static bool put_words(writer *w, lede_name_space space, lede_span name,
                      uint32_t count)
{
    lede_name_term term = {.space = space, .count = count};
    uint32_t base = w->next[space];
    lede_tokenizer tokenizer;
    lede_token token;

    w->next[space] += LEDE_NAME_STEP;
    lede_tokenizer_init(&tokenizer, w->analyzer, name);
    while (lede_tokenizer_next(&tokenizer, &token)) {
        if (token.position + token.width >= LEDE_NAME_STEP) {
            break;
        }
        term.token = token;
        term.token.position += base;
        if (!w->put(w->ctx, &term)) {
            return false;
        }
    }
    return !lede_analyzer_failed(w->analyzer);
}

static bool put_id(writer *w, lede_name_space space, lede_span id,
                   uint32_t count)
{
    lede_name_term term = {.space = space,
                           .token = {.word = id,
                                     .position = w->next[space],
                                     .width = 1,
                                     .parts = 1,
                                     .letter_case = LEDE_CASE_LOWER},
                           .count = count};

    w->next[space]++;
    return id.len == 0 || w->put(w->ctx, &term);
}

static bool put_ids(writer *w, const lede_named *n, lede_name_space own,
                    lede_name_space around, uint32_t count)
{
    bool fine = n->state != LEDE_NAMED_RESOLVED || n->id_count == 0 ||
                put_id(w, own, n->ids[0], count);
    uint32_t i;

    for (i = 0; i < n->parent_count && fine; i++) {
        fine = put_id(w, around, n->parents[i], count);
    }
    return fine;
}

static bool put_place(writer *w, const lede_named *n, uint32_t count)
{
    bool fine = put_words(w, LEDE_NAME_SPACE_PLACE, n->name, count);
    uint32_t i;

    for (i = 0; i < n->form_count && fine; i++) {
        fine = put_words(w, LEDE_NAME_SPACE_PLACE, n->forms[i], 1);
    }
    return fine && put_ids(w, n, LEDE_NAME_SPACE_PLACE_ID,
                           LEDE_NAME_SPACE_PLACE_INSIDE, count);
}

static bool has_words(lede_span whole, lede_span part)
{
    for (size_t at = 0; at + part.len <= whole.len; at++) {
        size_t end = at + part.len;

        if ((at == 0 || whole.bytes[at - 1] == ' ') &&
            (end == whole.len || whole.bytes[end] == ' ') &&
            memcmp(whole.bytes + at, part.bytes, part.len) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether a form's words do not stand in the name, side by side: JK Rowling,
 * Yuri Ushakov where the name is Yuri Viktorovich Ushakov. */
static bool is_other_form(writer *w, lede_span form)
{
    lede_buf_clear(&w->form);
    lede_fold_text(form, true, &w->form);
    return w->form.len > 0 &&
           !has_words(lede_buf_span(&w->name), lede_buf_span(&w->form));
}

static bool put_person(writer *w, const lede_named *n, uint32_t count)
{
    bool fine = put_words(w, LEDE_NAME_SPACE_PERSON, n->name, count);

    lede_buf_clear(&w->name);
    if (n->form_count > 0) {
        lede_fold_text(n->name, true, &w->name);
    }
    for (uint32_t i = 0; i < n->form_count && fine; i++) {
        fine = !is_other_form(w, n->forms[i]) ||
               put_words(w, LEDE_NAME_SPACE_PERSON, n->forms[i], 1);
    }
    return fine && !w->name.failed && !w->form.failed;
}

static bool put_source(writer *w, const lede_named *n)
{
    return put_words(w, LEDE_NAME_SPACE_FROM, n->name, 1) &&
           put_ids(w, n, LEDE_NAME_SPACE_FROM_ID, LEDE_NAME_SPACE_FROM_ID, 1);
}

static bool put_named(writer *w, const lede_named *n)
{
    uint64_t count = (uint64_t)n->mentions + (n->in_headline ? 2 : 0);
    bool fine = true;

    count = count > LEDE_NAME_COUNT_MOST ? LEDE_NAME_COUNT_MOST : count;
    if (n->mentions > 0) {
        fine = n->kind == LEDE_NAMED_PERSON ? put_person(w, n, (uint32_t)count)
                                            : put_place(w, n, (uint32_t)count);
    }
    if (fine && n->sources > 0 && n->kind == LEDE_NAMED_PLACE) {
        fine = put_source(w, n);
    }
    return fine;
}

bool lede_name_words_each(lede_span list, lede_analyzer *analyzer,
                          bool (*put)(void *ctx, const lede_name_term *term),
                          void *ctx)
{
    writer w = {.analyzer = analyzer, .put = put, .ctx = ctx};
    lede_name_reader reader = lede_name_reader_of(list);
    lede_named named;
    bool fine = true;

    while (fine && lede_name_reader_next(&reader, &named)) {
        fine = put_named(&w, &named);
    }
    lede_buf_done(&w.name);
    lede_buf_done(&w.form);
    return fine;
}
