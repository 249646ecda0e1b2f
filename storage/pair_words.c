#include "storage/pair_words.h"

#include <string.h>

#include "base/varint.h"

void lede_pair_words_encode(const lede_span *words, uint32_t count,
                            lede_buf *out)
{
    uint32_t i;

    lede_buf_put_byte(out, (uint8_t)count);
    for (i = 0; i < count; i++) {
        lede_buf_put_block(out, words[i]);
    }
}

lede_status lede_pair_words_decode(lede_span bytes, lede_pair_words *out,
                                   lede_error *err)
{
    lede_reader reader = lede_reader_of(bytes);
    lede_pair_words read = {.bytes = bytes};
    bool is_good = true;
    uint32_t i;

    read.count = lede_read_byte(&reader);
    for (i = 0; i < read.count && is_good; i++) {
        read.words[i] = lede_read_block(&reader);
        is_good =
            !reader.bad && read.words[i].len > 0 &&
            read.words[i].len <= LEDE_PAIR_WORD_BYTES &&
            (i == 0 || lede_span_compare(read.words[i - 1], read.words[i]) < 0);
    }
    if (!is_good || reader.bad || reader.p != reader.end || read.count == 0) {
        return lede_fail(err, LEDE_CORRUPT, "pair words: damaged");
    }
    *out = read;
    return LEDE_OK;
}

uint32_t lede_pair_words_find(const lede_pair_words *words, lede_span word)
{
    uint32_t low = 0, high = words->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = lede_span_compare(words->words[middle], word);

        if (order == 0) {
            return middle + 1;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return 0;
}

lede_span lede_pair_term(lede_span first, lede_span second,
                         uint8_t out[LEDE_PAIR_TERM_BYTES])
{
    out[0] = (uint8_t)LEDE_TERM_PAIR[0];
    memcpy(out + 1, first.bytes, first.len);
    out[1 + first.len] = ' ';
    memcpy(out + 2 + first.len, second.bytes, second.len);
    return lede_span_of(out, 2 + first.len + second.len);
}

bool lede_term_is_pair(lede_span term)
{
    return lede_span_starts(term, LEDE_TERM_PAIR);
}

bool lede_pair_words_have(const lede_pair_words *words, lede_span term)
{
    size_t at = 1;

    while (at < term.len && term.bytes[at] != ' ') {
        at++;
    }
    return lede_term_is_pair(term) && at < term.len &&
           lede_pair_words_find(words, lede_span_part(term, 1, at - 1)) != 0 &&
           lede_pair_words_find(
               words, lede_span_part(term, at + 1, term.len - at - 1)) != 0;
}
