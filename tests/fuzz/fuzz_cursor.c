/* Any bytes as a cursor: one that is taken is written as it was; and what any
 * place is written as is taken, and says the same place. */
#include <string.h>

#include "query/cursor.h"
#include "tests/fuzz/demand.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_typed(lede_span text)
{
    lede_cursor cursor;
    lede_buf again = {0};

    if (lede_cursor_parse(text, &cursor)) {
        lede_cursor_format(&cursor, &again);
        DEMAND(lede_span_equal(lede_buf_span(&again), text));
    }
    lede_buf_done(&again);
}

/* The bytes as a place. */
static void check_made(const uint8_t *bytes, size_t len)
{
    lede_cursor cursor = {0};
    lede_cursor again;
    lede_buf text = {0};
    size_t i;

    memcpy(&cursor, bytes, len < sizeof cursor ? len : sizeof cursor);
    cursor.rank = cursor.rank % 100000 + 1;
    if (!(cursor.score >= 0 && cursor.score <= 1e300)) {
        cursor.score = 1.5;
    }
    lede_cursor_format(&cursor, &text);
    DEMAND(lede_cursor_parse(lede_buf_span(&text), &again));
    DEMAND(again.archive == cursor.archive && again.search == cursor.search &&
           again.rank == cursor.rank && again.score == cursor.score &&
           again.time == cursor.time && again.key == cursor.key);
    /* With another letter anywhere it is none. */
    for (i = 0; i < text.len; i++) {
        text.bytes[i] ^= 1;
        if (lede_cursor_parse(lede_buf_span(&text), &again)) {
            DEMAND(false);
        }
        text.bytes[i] ^= 1;
    }
    lede_buf_done(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    check_typed(lede_span_of(bytes, len));
    if (len > 0) {
        check_made(bytes, len);
    }
    return 0;
}
