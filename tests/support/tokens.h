/* tokens.h - what every token stream keeps, whatever the text.
 *
 * Used by the tests of base/analyze.h and by its fuzz target, so failures
 * abort after a message instead of going through cmocka. */
#ifndef LEDE_TESTS_SUPPORT_TOKENS_H
#define LEDE_TESTS_SUPPORT_TOKENS_H

#include <stdio.h>
#include <stdlib.h>

#include "base/analyze_private.h"
#include "base/utf8.h"

static inline void tokens_demand(bool holds, const char *what, lede_span text,
                                 lede_span word)
{
    size_t i;

    if (holds) {
        return;
    }
    fprintf(stderr, "%s, word \"%.*s\" of \"%.*s\"\n ", what, (int)word.len,
            (const char *)word.bytes, (int)text.len, (const char *)text.bytes);
    for (i = 0; i < text.len && i < 400; i++) {
        fprintf(stderr, " %02X", text.bytes[i]);
    }
    fputc('\n', stderr);
    abort();
}

/* A folded word is a word: it gives itself, in lower case. */
static inline void tokens_check_word(lede_analyzer *analyzer, lede_span text,
                                     lede_span word)
{
    lede_tokenizer tokenizer;
    lede_token token;
    bool found;

    lede_tokenizer_init(&tokenizer, analyzer, word);
    found = lede_tokenizer_next(&tokenizer, &token);
    tokens_demand(found && lede_span_equal(token.word, word), "not idempotent",
                  text, word);
    tokens_demand(token.letter_case == LEDE_CASE_LOWER && token.width == 1,
                  "folded but not lower", text, word);
    tokens_demand(!lede_tokenizer_next(&tokenizer, &token), "two words in one",
                  text, word);
}

static inline bool tokens_same(const lede_token *a, const lede_token *b)
{
    return lede_span_equal(a->word, b->word) && a->position == b->position &&
           a->width == b->width && a->letter_case == b->letter_case &&
           a->marks == b->marks && a->begin == b->begin && a->end == b->end;
}

/* An analyzer for each walk that goes on at the same time. */
typedef struct tokens_analyzers {
    lede_analyzer *fast;
    lede_analyzer *slow; /* never takes the fast path */
    lede_analyzer *words;
} tokens_analyzers;

static inline void tokens_analyzers_init(tokens_analyzers *all)
{
    if (lede_analyzer_new(&all->fast, NULL) != LEDE_OK ||
        lede_analyzer_new(&all->slow, NULL) != LEDE_OK ||
        lede_analyzer_new(&all->words, NULL) != LEDE_OK) {
        abort();
    }
    all->slow->slow_only = true;
}

static inline void tokens_analyzers_done(tokens_analyzers *all)
{
    lede_analyzer_free(all->fast);
    lede_analyzer_free(all->slow);
    lede_analyzer_free(all->words);
}

/* What one token promises by itself. */
static inline void tokens_check_token(const tokens_analyzers *all,
                                      lede_span text, const lede_token *token)
{
    lede_span word = token->word;

    tokens_demand(word.len > 0 && word.len <= LEDE_WORD_MAX_BYTES, "bad length",
                  text, word);
    tokens_demand(lede_utf8_valid_prefix(word) == word.len, "not UTF-8", text,
                  word);
    tokens_demand(token->begin < token->end && token->end <= text.len,
                  "bad bytes", text, word);
    tokens_demand(token->width >= 1, "no width", text, word);
    tokens_check_word(all->words, text, word);
}

/* Walks `text` on both paths and checks all that base/analyze.h promises. */
static inline void tokens_check(const tokens_analyzers *all, lede_span text)
{
    lede_tokenizer fast;
    lede_tokenizer slow;
    lede_token token;
    lede_token twin;
    uint32_t next = 0; /* where the next part must stand */
    uint32_t joined_end = 0;
    uint32_t parts = 0; /* of the compound that ends there */
    size_t begin = 0;

    lede_tokenizer_init(&fast, all->fast, text);
    lede_tokenizer_init(&slow, all->slow, text);
    while (lede_tokenizer_next(&fast, &token)) {
        tokens_demand(lede_tokenizer_next(&slow, &twin) &&
                          tokens_same(&token, &twin),
                      "the slow path differs", text, token.word);
        tokens_check_token(all, text, &token);
        tokens_demand(token.position == next && token.begin >= begin,
                      "bad order", text, token.word);
        begin = token.begin;
        if (token.width > 1) {
            tokens_demand(next >= joined_end, "nested", text, token.word);
            tokens_demand(token.parts == token.width, "not its own parts", text,
                          token.word);
            joined_end = next + token.width;
            parts = token.width;
        } else {
            tokens_demand(token.parts == (next < joined_end ? parts : 1),
                          "of another compound", text, token.word);
            next++;
        }
    }
    tokens_demand(!lede_tokenizer_next(&slow, &twin), "the slow path has more",
                  text, text);
    tokens_demand(next >= joined_end &&
                      lede_tokenizer_end_position(&fast) == next,
                  "bad end", text, text);
}

#endif
