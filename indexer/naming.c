#include "indexer/naming.h"

#include <stdio.h>

#include "base/hash.h"
#include "names/files.h"

typedef struct teller {
    void (*note)(void *ctx, const char *what);
    void *ctx;
} teller;

static void tell(const teller *t, const char *what, const char *effect)
{
    char text[LEDE_ERROR_MESSAGE_BYTES + 128];

    if (t->note != NULL) {
        snprintf(text, sizeof text, "%s: %s", what, effect);
        t->note(t->ctx, text);
    }
}

static lede_status open_model(const char *folder, const teller *t,
                              lede_naming *naming, lede_error *err)
{
    static const char effect[] = "names are found by rules alone, so fewer";
    lede_buf path = {0};
    lede_error why = {0};
    lede_status status =
        lede_names_find_file(LEDE_NAMES_MODEL_FILE, folder, &path);

    if (status == LEDE_NOT_FOUND) {
        tell(t, "no file " LEDE_NAMES_MODEL_FILE, effect);
    } else if (status == LEDE_OK) {
        status =
            lede_name_model_open(lede_buf_text(&path), &naming->model, &why);
        if (status != LEDE_OK && status != LEDE_NO_MEMORY) {
            tell(t, why.message, effect);
        }
    }
    lede_buf_done(&path);
    if (status == LEDE_NO_MEMORY) {
        return lede_fail(err, LEDE_NO_MEMORY, "names: out of memory");
    }
    if (naming->model == NULL) {
        return lede_name_model_new(lede_span_of(NULL, 0), &naming->model, err);
    }
    naming->makers.model = lede_name_model_mark(naming->model);
    return LEDE_OK;
}

static lede_status open_table(const char *folder, const teller *t,
                              lede_naming *naming, lede_error *err)
{
    static const char effect[] = "places are known by their names alone";
    lede_buf path = {0};
    lede_error why = {0};
    lede_status status =
        lede_names_find_file(LEDE_NAMES_TABLE_FILE, folder, &path);

    if (status == LEDE_NOT_FOUND) {
        tell(t, "no file " LEDE_NAMES_TABLE_FILE, effect);
    } else if (status == LEDE_OK) {
        status =
            lede_gazetteer_open(lede_buf_text(&path), &naming->gazetteer, &why);
        if (status != LEDE_OK && status != LEDE_NO_MEMORY) {
            tell(t, why.message, effect);
        }
    }
    lede_buf_done(&path);
    if (status == LEDE_NO_MEMORY) {
        return lede_fail(err, LEDE_NO_MEMORY, "names: out of memory");
    }
    if (naming->gazetteer != NULL) {
        naming->makers.table = lede_gazetteer_mark(naming->gazetteer);
    }
    return LEDE_OK;
}

lede_status lede_naming_open(const char *folder,
                             void (*note)(void *ctx, const char *what),
                             void *ctx, lede_naming *out, lede_error *err)
{
    teller t = {note, ctx};
    lede_naming naming = {0};
    lede_status status = open_model(folder, &t, &naming, err);

    if (status == LEDE_OK) {
        status = open_table(folder, &t, &naming, err);
    }
    if (status != LEDE_OK) {
        lede_naming_close(&naming);
        return status;
    }
    *out = naming;
    return LEDE_OK;
}

void lede_naming_close(lede_naming *naming)
{
    lede_name_model_free(naming->model);
    lede_gazetteer_close(naming->gazetteer);
    *naming = (lede_naming){0};
}
