#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/json_record.h"
#include "corpus/json_trim.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static lede_span trim(uint8_t *bytes, size_t len)
{
    lede_json_trim trim = {0};
    size_t step = 1 + len % 13, kept = 0, read = 0;

    while (read < len && !trim.is_done) {
        size_t piece = step < len - read ? step : len - read;
        size_t used;

        kept += lede_json_trim_on(&trim, bytes + read, piece, false,
                                  bytes + kept, &used);
        read += used;
        assert(kept <= read && (used == piece || trim.is_done));
    }
    return lede_span_of(bytes, kept);
}

static bool are_same_decks(const lede_json_decks *a, const lede_json_decks *b)
{
    uint32_t i;

    for (i = 0; i < a->count && i < b->count; i++) {
        if (!lede_span_equal(a->texts[i], b->texts[i])) {
            return false;
        }
    }
    return a->count == b->count;
}

static bool are_equal(const lede_json_record *a, const lede_json_record *b)
{
    return lede_span_equal(a->headline, b->headline) &&
           are_same_decks(&a->decks, &b->decks) &&
           lede_span_equal(a->url, b->url) && lede_span_equal(a->id, b->id) &&
           a->published.count == b->published.count &&
           a->part_count == b->part_count &&
           a->author_count == b->author_count && a->tag_count == b->tag_count &&
           a->has_list == b->has_list && a->is_cut == b->is_cut &&
           (a->part_count == 0 ||
            lede_span_equal(a->parts[0].text, b->parts[0].text));
}

/* What can be read says the same when it has been trimmed. (What is no JSON may
 * become some: what was wrong with it can be in what is left out.) */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    lede_json_walk walk = {0};
    lede_json *json, *twin;
    lede_arena arena = {0};
    lede_json_record whole, trimmed;
    uint8_t *copy;

    if (len == 0 || bytes[0] != '{') {
        return 0;
    }
    /* As long as it is to the splitter. */
    len = (size_t)(lede_json_walk_on(&walk, bytes, bytes + len) - bytes);
    json = lede_json_new();
    twin = lede_json_new();
    copy = malloc(len);
    assert(json != NULL && twin != NULL && copy != NULL);
    memcpy(copy, bytes, len);
    if (lede_json_record_read(json, lede_span_of(bytes, len), &arena, &whole,
                              NULL) == LEDE_OK) {
        lede_span text = trim(copy, len);

        assert(lede_json_record_read(twin, text, &arena, &trimmed, NULL) ==
               LEDE_OK);
        assert(are_equal(&whole, &trimmed));
    } else {
        trim(copy, len);
    }
    free(copy);
    lede_arena_done(&arena);
    lede_json_free(json);
    lede_json_free(twin);
    return 0;
}
