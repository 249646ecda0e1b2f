#include "names/model.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/large.h"

bool lede_label_may_follow(lede_label before, lede_label label)
{
    switch (label) {
    case LEDE_LABEL_I_PERSON:
    case LEDE_LABEL_I_PLACE:
    case LEDE_LABEL_I_ORG:
        return before == label || before + 1 == label;
    default:
        return true;
    }
}

static uint32_t get_u32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

static bool is_power_of_two(uint32_t number)
{
    return number != 0 && (number & (number - 1)) == 0;
}

void lede_model_settle(lede_name_model *model)
{
    int label;
    int before;

    for (label = 0; label < LEDE_LABEL_COUNT; label++) {
        for (before = 0; before < LEDE_LABEL_COUNT; before++) {
            model->back[label][before] = model->transitions[before][label];
        }
        model->alone[label] = model->transitions[LEDE_LABEL_O][label] +
                              model->transitions[label][LEDE_LABEL_O];
    }
}

/* Transitions are bounded, so that no sum along a run can overflow. */
static bool read_transitions(lede_name_model *model, const uint8_t *p)
{
    int from;
    int to;

    for (from = 0; from < LEDE_LABEL_COUNT; from++) {
        for (to = 0; to < LEDE_LABEL_COUNT; to++, p += 4) {
            int32_t score = (int32_t)get_u32(p);

            if (score < -100000 || score > 100000) {
                return false;
            }
            model->transitions[from][to] =
                lede_label_may_follow((lede_label)from, (lede_label)to)
                    ? score
                    : LEDE_IMPOSSIBLE;
        }
    }
    lede_model_settle(model);
    return true;
}

uint64_t lede_model_hash(lede_span file)
{
    return lede_hash64_seeded(lede_span_part(file, 32, file.len),
                              lede_hash64(lede_span_part(file, 0, 24)));
}

/* Rows and filter are read here and there: one large page is enough for them.
 */
static size_t whole_pages(size_t bytes)
{
    return (bytes + LEDE_LARGE_PAGE_BYTES - 1) / LEDE_LARGE_PAGE_BYTES *
           LEDE_LARGE_PAGE_BYTES;
}

static lede_status read_file(lede_name_model *model, lede_span file,
                             lede_error *err)
{
    uint32_t rows;
    uint32_t lines;
    uint64_t hash;

    if (file.len < LEDE_MODEL_HEAD_BYTES ||
        !lede_span_starts(file, "ledename")) {
        return lede_fail(err, LEDE_CORRUPT, "not a model of names");
    }
    if (get_u32(file.bytes + 8) > LEDE_MODEL_VERSION) {
        return lede_fail(err, LEDE_TOO_NEW,
                         "the model of names is for a newer lede");
    }
    rows = get_u32(file.bytes + 12);
    lines = get_u32(file.bytes + 16);
    hash = get_u32(file.bytes + 24) | (uint64_t)get_u32(file.bytes + 28) << 32;
    model->steps = (int32_t)get_u32(file.bytes + 20);
    if (get_u32(file.bytes + 8) != LEDE_MODEL_VERSION ||
        !is_power_of_two(rows) || !is_power_of_two(lines) ||
        rows > LEDE_MODEL_MAX_BYTES || lines > LEDE_MODEL_MAX_BYTES ||
        file.len != LEDE_MODEL_HEAD_BYTES + (size_t)rows * LEDE_LABEL_COUNT +
                        (size_t)lines * LEDE_FILTER_LINE_BYTES ||
        model->steps < 1 || model->steps > 127 ||
        !read_transitions(model, file.bytes + 32) ||
        hash != lede_model_hash(file)) {
        return lede_fail(err, LEDE_CORRUPT, "the model of names is damaged");
    }
    model->bytes = lede_large_get(whole_pages(file.len));
    if (model->bytes == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for a model of names");
    }
    memcpy(model->bytes, file.bytes, file.len);
    model->row_mask = rows - 1;
    model->line_mask = lines - 1;
    model->rows = (const int8_t *)model->bytes + LEDE_MODEL_HEAD_BYTES;
    model->filter =
        model->bytes + LEDE_MODEL_HEAD_BYTES + (size_t)rows * LEDE_LABEL_COUNT;
    return LEDE_OK;
}

lede_status lede_name_model_new(lede_span file, lede_name_model **out,
                                lede_error *err)
{
    lede_name_model *model = calloc(1, sizeof *model);
    lede_status status = LEDE_OK;

    if (model == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for a model of names");
    }
    lede_lists_init(&model->lists);
    if (file.len > 0) {
        status = read_file(model, file, err);
    }
    if (status != LEDE_OK) {
        lede_name_model_free(model);
        return status;
    }
    *out = model;
    return LEDE_OK;
}

lede_status lede_name_model_open(const char *path, lede_name_model **out,
                                 lede_error *err)
{
    lede_status status;
    uint8_t *bytes = malloc(LEDE_MODEL_MAX_BYTES + 1);
    FILE *file = NULL;
    size_t len;

    if (bytes == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for a model of names");
    }
    file = fopen(path, "rb");
    if (file == NULL) {
        status = errno == ENOENT
                     ? LEDE_NOT_FOUND
                     : lede_fail(err, LEDE_IO, "%s: %s", path, strerror(errno));
        goto done;
    }
    len = fread(bytes, 1, LEDE_MODEL_MAX_BYTES + 1, file);
    if (ferror(file)) {
        status = lede_fail(err, LEDE_IO, "%s: cannot be read", path);
    } else if (len == 0 || len > LEDE_MODEL_MAX_BYTES) {
        status = lede_fail(err, LEDE_CORRUPT, "%s: not a model of names", path);
    } else {
        status = lede_name_model_new(lede_span_of(bytes, len), out, err);
        if (status != LEDE_OK) {
            lede_fail_in(err, status, "%s", path);
        }
    }

done:
    if (file != NULL) {
        fclose(file);
    }
    free(bytes);
    return status;
}

bool lede_name_model_is_learnt(const lede_name_model *model)
{
    return model->bytes != NULL;
}

uint64_t lede_name_model_mark(const lede_name_model *model)
{
    return model->bytes == NULL
               ? 0
               : get_u32(model->bytes + 24) |
                     (uint64_t)get_u32(model->bytes + 28) << 32;
}

void lede_name_model_free(lede_name_model *model)
{
    if (model != NULL) {
        free(model->bytes);
        free(model);
    }
}
