/* Any bytes as a file of corrections: refused with a line's number, or read,
 * and then written as they were and read the same. */
#include <stdlib.h>
#include <string.h>

#include "names/corrections.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static lede_status count_source(void *ctx, const lede_correction_source *source,
                                lede_error *err)
{
    (void)err;
    *(size_t *)ctx += source->name.len + source->entry_count;
    return LEDE_OK;
}

static void use(const lede_corrections *c)
{
    size_t i;

    for (i = 0; i < lede_corrections_count(c) && i < 16; i++) {
        lede_correction one;
        lede_span shown;
        size_t sum = 0;

        lede_corrections_get(c, i, &one);
        require(one.name_count > 0);
        lede_corrections_apply(c, one.kind, one.names[0], 1, &shown);
        require(lede_corrections_sources(c, one.kind, one.names[0],
                                         count_source, &sum, NULL) == LEDE_OK);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    lede_corrections *c = NULL;
    lede_corrections *again = NULL;
    lede_error err = {0};
    lede_buf text = {0};
    lede_status status =
        lede_corrections_parse(lede_span_of(bytes, len), &c, &err);

    if (status != LEDE_OK) {
        require(status == LEDE_BAD_INPUT &&
                strstr(err.message, "line ") != NULL);
        return 0;
    }
    use(c);
    lede_corrections_format(c, &text);
    require(lede_corrections_parse(lede_buf_span(&text), &again, &err) ==
            LEDE_OK);
    require(lede_corrections_count(again) == lede_corrections_count(c));
    while (lede_corrections_undo(again, NULL) == LEDE_OK) {
    }
    lede_corrections_free(again);
    lede_corrections_free(c);
    lede_buf_done(&text);
    return 0;
}
