/* Any bytes as an entry record: what decodes encodes to a record that decodes
 * to the same bytes again. */
#include <stdio.h>
#include <stdlib.h>

#include "storage/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    lede_arena arena = {0};
    lede_buf once = {0};
    lede_buf twice = {0};
    lede_entry entry;
    bool holds = true;

    if (lede_record_decode(lede_span_of(bytes, len), &arena, &entry, NULL) ==
        LEDE_OK) {
        lede_record_encode(&entry, &once);
        holds = lede_record_decode(lede_buf_span(&once), &arena, &entry,
                                   NULL) == LEDE_OK;
        if (holds) {
            lede_record_encode(&entry, &twice);
            holds =
                lede_span_equal(lede_buf_span(&once), lede_buf_span(&twice));
        }
    }
    lede_buf_done(&once);
    lede_buf_done(&twice);
    lede_arena_done(&arena);
    if (!holds) {
        fprintf(stderr, "a record does not encode as it decoded\n");
        abort();
    }
    return 0;
}
