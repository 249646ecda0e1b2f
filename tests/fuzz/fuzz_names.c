/* Any bytes through the recogniser, with and without what looks like a model:
 * what it finds lies inside the texts, in order, and is found again. The first
 * byte chooses where the bytes are cut into texts and what these are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names/model.h"
#include "names/recognize.h"

enum { ROWS = 1024, LINES = 64, MAX_TEXTS = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static lede_recognizer *recognizers[2];

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "fuzz_names: %s\n", what);
        abort();
    }
}

/* A small model of noise, so that every label comes up somewhere. */
static lede_recognizer *noisy_recognizer(void)
{
    static uint8_t file[LEDE_MODEL_HEAD_BYTES + ROWS * LEDE_LABEL_COUNT +
                        LINES * LEDE_FILTER_LINE_BYTES];
    static const uint8_t head[24] = {
        'l', 'e', 'd', 'e', 'n',       'a', 'm', 'e',   LEDE_MODEL_VERSION,
        0,   0,   0,   0,   ROWS >> 8, 0,   0,   LINES, 0,
        0,   0,   16};
    lede_name_model *model = NULL;
    uint64_t hash;
    uint32_t random = 1;
    size_t i;

    memcpy(file, head, sizeof head);
    for (i = LEDE_MODEL_HEAD_BYTES; i < sizeof file; i++) {
        random = random * 1664525u + 1013904223u;
        file[i] = (uint8_t)(random >> 24);
    }
    hash = lede_model_hash(lede_span_of(file, sizeof file));
    for (i = 0; i < 8; i++) {
        file[24 + i] = (uint8_t)(hash >> (8 * i));
    }
    demand(lede_name_model_new(lede_span_of(file, sizeof file), &model, NULL) ==
               LEDE_OK,
           "the small model is refused");
    return lede_recognizer_new(model);
}

static void check(lede_recognizer *recognizer, const lede_name_text *texts,
                  size_t text_count)
{
    const lede_mention *mentions;
    lede_mention *kept;
    size_t count;
    size_t again;
    size_t i;

    demand(lede_recognizer_read(recognizer, texts, text_count, &mentions,
                                &count, NULL) == LEDE_OK,
           "out of memory");
    for (i = 0; i < count; i++) {
        const lede_mention *m = &mentions[i];

        demand(m->text < text_count && m->begin < m->end &&
                   m->end <= texts[m->text].text.len,
               "a mention outside its text");
        demand(i == 0 || m->text > m[-1].text ||
                   (m->text == m[-1].text && m->begin >= m[-1].end),
               "mentions out of order");
        demand(m->kind < LEDE_NAME_KIND_COUNT && m->trust <= LEDE_NAME_SURE,
               "a kind that does not exist");
    }
    kept = malloc(count * sizeof *kept + 1);
    demand(kept != NULL, "out of memory");
    for (i = 0; i < count; i++) {
        kept[i] = mentions[i];
    }
    demand(lede_recognizer_read(recognizer, texts, text_count, &mentions,
                                &again, NULL) == LEDE_OK &&
               again == count,
           "another number of mentions the second time");
    for (i = 0; i < count; i++) {
        demand(kept[i].text == mentions[i].text &&
                   kept[i].begin == mentions[i].begin &&
                   kept[i].end == mentions[i].end &&
                   kept[i].kind == mentions[i].kind,
               "another mention the second time");
    }
    free(kept);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    lede_name_text texts[MAX_TEXTS];
    lede_name_model *model = NULL;
    size_t count;
    size_t i;

    if (recognizers[0] == NULL) {
        recognizers[0] = noisy_recognizer();
        demand(lede_name_model_new(lede_span_of(NULL, 0), &model, NULL) ==
                   LEDE_OK,
               "no model of rules");
        recognizers[1] = lede_recognizer_new(model);
        demand(recognizers[0] != NULL && recognizers[1] != NULL,
               "out of memory");
    }
    if (lede_name_model_new(lede_span_of(bytes, len), &model, NULL) ==
        LEDE_OK) {
        lede_name_model_free(model);
    }
    if (len == 0) {
        return 0;
    }
    count = 1 + bytes[0] % MAX_TEXTS;
    for (i = 0; i < count; i++) {
        size_t begin = 1 + (len - 1) * i / count;
        size_t end = 1 + (len - 1) * (i + 1) / count;

        texts[i].text = lede_span_of(bytes + begin, end - begin);
        texts[i].role = (lede_name_text_role)((bytes[0] / MAX_TEXTS + i) % 5);
    }
    check(recognizers[0], texts, count);
    check(recognizers[1], texts, count);
    return 0;
}
