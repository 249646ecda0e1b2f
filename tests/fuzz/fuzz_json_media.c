/* Any bytes as the associations of a record: what is shown has text of UTF-8
 * and addresses that are some. */
#include "base/utf8.h"
#include "corpus/json_media.h"
#include "tests/fuzz/demand.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_text(lede_span text)
{
    DEMAND(lede_utf8_valid_prefix(text) == text.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    lede_arena arena = {0};
    lede_media_list list = {0};
    size_t i;

    lede_json_media_read(lede_span_of(bytes, len), &arena, &list);
    DEMAND(!list.failed);
    for (i = 0; i < list.count; i++) {
        check_text(list.items[i].alt);
        check_text(list.items[i].caption);
        check_text(list.items[i].credit);
        check_text(list.items[i].url);
    }
    lede_arena_done(&arena);
    return 0;
}
