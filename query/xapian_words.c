#include "query/xapian_words.h"

#include <string.h>

#include "base/varint.h"
#include "storage/xapian_terms.h"

enum { MOST_STEMS = 1 << 20 }; /* of others the counts are asked for */

typedef struct listing {
    lede_xapian_words *words;
    size_t prefix_len;
    bool failed;
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

/* The space of a prefix: of a field's, or of names'. */
static unsigned space_of(const char *prefix)
{
    unsigned field = LEDE_DEFAULT_FIELDS;
    lede_name_space of;
    lede_span rest;

    if (lede_name_space_of(lede_span_text(prefix), &of, &rest)) {
        return lede_xapian_space_of_names(of);
    }
    while (field < LEDE_FIELD_COUNT &&
           strcmp(lede_field_prefix((lede_field)field), prefix) != 0) {
        field++;
    }
    return prefix[0] == 0 || field == LEDE_FIELD_COUNT ? LEDE_XAPIAN_ANY_FIELD
                                                       : field;
}

static bool put_stem(void *ctx, lede_span term, uint32_t count)
{
    listing *l = ctx;

    l->failed = !lede_counts_add(&l->words->stems, term, count);
    return !l->failed;
}

/* Both lists of what begins so. */
static lede_status read_beginning(listing *l, lede_xapian *db, unsigned space,
                                  lede_span begin, lede_error *err)
{
    lede_xapian_name name;
    lede_status status = lede_xapian_each_term(
        db, lede_xapian_name_word(&name, false, LEDE_XAPIAN_WORD, space, begin),
        put_term, l, err);

    if (status == LEDE_OK && l->words->stems.count < MOST_STEMS &&
        lede_xapian_space_has_stems(space)) {
        status = lede_xapian_each_count(
            db,
            lede_xapian_name_word(&name, true, LEDE_XAPIAN_WORD, space, begin),
            put_stem, l, err);
    }
    return status;
}

/* Whole names and ids: values behind a prefix of their own. */
static lede_status read_values(listing *l, lede_xapian *db, lede_name_space of,
                               lede_span begin, lede_error *err)
{
    lede_xapian_name name;
    lede_buf term = {0};
    lede_status status;

    lede_buf_put_text(&term, lede_name_space_prefix(of));
    l->prefix_len = lede_xapian_name_value(&name, lede_buf_span(&term)).len;
    lede_buf_put_span(&term, begin);
    status =
        term.failed
            ? lede_fail(err, LEDE_NO_MEMORY, "no memory to look through words")
            : lede_xapian_each_term(
                  db, lede_xapian_name_value(&name, lede_buf_span(&term)),
                  put_term, l, err);
    lede_buf_done(&term);
    return status;
}

/* What a word of any script can begin with; prefixes begin with a capital. */
static bool begins_words(unsigned byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 0xC2 && byte <= 0xF4);
}

lede_status lede_xapian_words_read(void *ctx, lede_xapian *db, lede_error *err)
{
    lede_xapian_words *words = ctx;
    unsigned space = space_of(words->prefix);
    lede_xapian_name empty;
    lede_name_space of;
    lede_span rest;
    listing l = {.words = words};
    lede_status status = LEDE_OK;
    bool is_value =
        lede_name_space_of(lede_span_text(words->prefix), &of, &rest) &&
        !lede_name_space_has_words(of);

    l.prefix_len = lede_xapian_name_word(&empty, false, LEDE_XAPIAN_WORD, space,
                                         lede_span_of(NULL, 0))
                       .len;
    lede_buf_clear(&words->bytes);
    lede_counts_done(&words->stems);
    if (is_value) {
        status = read_values(&l, db, of, words->begin, err);
    } else if (words->begin.len > 0) {
        status = read_beginning(&l, db, space, words->begin, err);
    }
    /* All words: not the terms of all prefixes, which are many times more. */
    for (unsigned byte = 0;
         !is_value && words->begin.len == 0 && byte < 256 && status == LEDE_OK;
         byte++) {
        uint8_t first = (uint8_t)byte;

        if (begins_words(byte)) {
            status =
                read_beginning(&l, db, space, lede_span_of(&first, 1), err);
        }
    }
    return status == LEDE_OK && (words->bytes.failed || l.failed)
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
