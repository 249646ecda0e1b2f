/* Any bytes through the tokenizer and the text fold: both paths agree, words
 * keep their promises (tests/support/tokens.h), folding twice is folding once.
 */
#include "tests/support/tokens.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_fold(lede_span text, bool strip)
{
    lede_buf once = {0};
    lede_buf twice = {0};

    lede_fold_text(text, strip, &once);
    lede_fold_text(lede_buf_span(&once), strip, &twice);
    tokens_demand(lede_span_equal(lede_buf_span(&once), lede_buf_span(&twice)),
                  "folding twice differs", text, lede_buf_span(&once));
    tokens_demand(lede_utf8_valid_prefix(lede_buf_span(&once)) == once.len,
                  "the fold is not UTF-8", text, lede_buf_span(&once));
    lede_buf_done(&once);
    lede_buf_done(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static tokens_analyzers all;
    lede_span text = lede_span_of(bytes, len);

    if (all.fast == NULL) {
        tokens_analyzers_init(&all);
    }
    tokens_check(&all, text);
    check_fold(text, true);
    check_fold(text, false);
    return 0;
}
