#include <assert.h>
#include <stdint.h>

#include "base/utf8.h"
#include "corpus/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Every string is UTF-8, brackets match, and what can be read whole can be
 * skipped, too. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    lede_json *json = lede_json_new();
    lede_json_token token;
    lede_error err = {0};
    size_t depth = 0;
    lede_status status;

    assert(json != NULL);
    lede_json_begin(json, lede_span_of(bytes, len));
    while ((status = lede_json_next(json, &token, &err)) == LEDE_OK) {
        assert(lede_utf8_valid_prefix(token.text) == token.text.len);
        assert(lede_json_position(json) <= len);
        if (token.type == LEDE_JSON_OBJECT || token.type == LEDE_JSON_ARRAY) {
            depth++;
        }
        if (token.type == LEDE_JSON_OBJECT_END ||
            token.type == LEDE_JSON_ARRAY_END) {
            assert(depth-- > 0);
        }
    }
    assert(status == LEDE_BAD_INPUT || (status == LEDE_END && depth == 0));

    lede_json_begin(json, lede_span_of(bytes, len));
    while (lede_json_next(json, &token, &err) == LEDE_OK) {
        if (len % 2 == 0 || token.type == LEDE_JSON_KEY) {
            lede_json_skip(json, &err);
        }
        assert(lede_json_position(json) <= len);
    }
    lede_json_free(json);
    return 0;
}
