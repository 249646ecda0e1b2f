#include "base/analyze_private.h"

#include <stdlib.h>

lede_status lede_analyzer_new(lede_analyzer **out, lede_error *err)
{
    lede_analyzer *analyzer = calloc(1, sizeof *analyzer);

    if (analyzer == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for an analyzer");
    }
    *out = analyzer;
    return LEDE_OK;
}

void lede_analyzer_free(lede_analyzer *analyzer)
{
    if (analyzer == NULL) {
        return;
    }
    lede_analyzer_free_stems(analyzer);
    free(analyzer);
}

bool lede_analyzer_failed(const lede_analyzer *analyzer)
{
    return analyzer->failed;
}
