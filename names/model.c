#include "names/model.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"

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

/* One line and four bits in it, all out of one 64-bit product. */
static const uint8_t *filter_line(const uint8_t *filter, uint32_t line_mask,
                                  uint32_t phrase, lede_known known,
                                  uint64_t *bits)
{
    uint64_t mixed = (phrase + ((uint64_t)known << 32)) * 0x9E3779B97F4A7C15u;

    mixed ^= mixed >> 29;
    mixed *= 0xBF58476D1CE4E5B9u;
    mixed ^= mixed >> 32;
    *bits = mixed;
    return filter + (size_t)(mixed >> 40 & line_mask) * LEDE_FILTER_LINE_BYTES;
}

void lede_filter_put(uint8_t *filter, uint32_t line_mask, uint32_t phrase,
                     lede_known known)
{
    uint64_t bits;
    size_t line =
        (size_t)(filter_line(filter, line_mask, phrase, known, &bits) - filter);
    int i;

    for (i = 0; i < 4; i++) {
        unsigned bit = (unsigned)(bits >> (9 * i)) & 511;
        filter[line + bit / 8] |= (uint8_t)(1u << bit % 8);
    }
}

bool lede_filter_has(const uint8_t *filter, uint32_t line_mask, uint32_t phrase,
                     lede_known known)
{
    uint64_t bits;
    const uint8_t *line = filter_line(filter, line_mask, phrase, known, &bits);
    int i;

    for (i = 0; i < 4; i++) {
        unsigned bit = (unsigned)(bits >> (9 * i)) & 511;
        if ((line[bit / 8] >> bit % 8 & 1) == 0) {
            return false;
        }
    }
    return true;
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
    return true;
}

uint64_t lede_model_hash(lede_span file)
{
    return lede_hash64_seeded(lede_span_part(file, 32, file.len),
                              lede_hash64(lede_span_part(file, 0, 24)));
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
    model->bytes = malloc(file.len);
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
