#include "query/xapian_words.h"

#include <string.h>

#include "base/varint.h"
#include "storage/xapian_terms.h"

typedef struct listing {
    lede_xapian_words *words;
    size_t prefix_len;
} listing;

static bool put_term(void *ctx, lede_span term)
{
    listing *l = ctx;
    lede_buf *out = &l->words->bytes;

    /* Behind the prefix a word begins, which no capital does. */
    if (term.len > l->prefix_len && !(term.bytes[l->prefix_len] >= 'A' &&
                                      term.bytes[l->prefix_len] <= 'Z')) {
        lede_buf_put_u32(out, (uint32_t)(term.len - l->prefix_len));
        lede_buf_put_span(out, lede_span_part(term, l->prefix_len, term.len));
    }
    return !out->failed;
}

/* The space of a field's prefix. */
static unsigned space_of(const char *prefix)
{
    unsigned field = LEDE_DEFAULT_FIELDS;

    while (field < LEDE_FIELD_COUNT &&
           strcmp(lede_field_prefix((lede_field)field), prefix) != 0) {
        field++;
    }
    return prefix[0] == 0 || field == LEDE_FIELD_COUNT ? LEDE_XAPIAN_ANY_FIELD
                                                       : field;
}

lede_status lede_xapian_words_read(void *ctx, lede_xapian *db, lede_error *err)
{
    lede_xapian_words *words = ctx;
    unsigned space = space_of(words->prefix);
    lede_xapian_name empty, name;
    listing l = {.words = words};
    lede_span begin;
    lede_status status;

    l.prefix_len = lede_xapian_name_word(&empty, false, LEDE_XAPIAN_WORD, space,
                                         lede_span_of(NULL, 0))
                       .len;
    begin = lede_xapian_name_word(&name, false, LEDE_XAPIAN_WORD, space,
                                  words->begin);
    lede_buf_clear(&words->bytes);
    status = lede_xapian_each_term(db, begin, put_term, &l, err);
    return status == LEDE_OK && words->bytes.failed
               ? lede_fail(err, LEDE_NO_MEMORY,
                           "no memory to look through words")
               : status;
}

void lede_xapian_words_each(const lede_xapian_words *words,
                            lede_vocabulary_fn *fn, void *ctx)
{
    lede_span bytes = lede_buf_span(&words->bytes);
    size_t at = 0;

    while (at < bytes.len) {
        uint32_t len = lede_load_u32(bytes.bytes + at);

        fn(ctx, lede_span_part(bytes, at + 4, len), lede_span_of(NULL, 0),
           UINT64_MAX);
        at += 4 + (size_t)len;
    }
}
