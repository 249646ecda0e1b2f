/* speed.c - how fast are names found in plain text?
 *
 *     speed_names MODEL FILE [PASSES [TABLE]]
 *
 * FILE is JSON Lines; the bodies of articles of the first 64 MB are read as
 * entries, PASSES times over. Prints megabytes of text a second; with a table
 * of places also what linking takes of that time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "names/link.h"

enum { MAX_BYTES = 64 << 20, MAX_TEXTS = 1 << 18 };

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* The body of one line, unescaped where it stands. */
static lede_span body_of(char *line)
{
    char *from = strstr(line, "\"body\": \"");
    char *to = from;
    char *begin = from;

    if (from == NULL) {
        return lede_span_of(NULL, 0);
    }
    for (from += 9; *from != '\0' && *from != '"'; from++) {
        if (*from == '\\' && from[1] != '\0') {
            from++;
            *to++ = *from == 'n' ? '\n' : *from;
        } else {
            *to++ = *from;
        }
    }
    return lede_span_of(begin, (size_t)(to - begin));
}

int main(int argc, char **argv)
{
    lede_name_text *texts = malloc(MAX_TEXTS * sizeof *texts);
    char *bytes = malloc(MAX_BYTES + 1);
    FILE *file = argc > 2 ? fopen(argv[2], "rb") : NULL;
    int passes = argc > 3 ? atoi(argv[3]) : 3;
    lede_name_model *model = NULL;
    lede_recognizer *recognizer;
    lede_gazetteer *gazetteer = NULL;
    lede_linker *linker = NULL;
    double linking = 0;
    lede_error err = {0};
    size_t count = 0;
    size_t total = 0;
    size_t found = 0;
    size_t len;
    char *line;
    double start;
    size_t i;
    int pass;

    if (file == NULL || bytes == NULL || texts == NULL ||
        lede_name_model_open(argv[1], &model, &err) != LEDE_OK) {
        fprintf(stderr, "usage: speed_names MODEL FILE [PASSES]\n");
        return 2;
    }
    len = fread(bytes, 1, MAX_BYTES, file);
    bytes[len] = '\0';
    fclose(file);
    for (line = strtok(bytes, "\n"); line != NULL && count < MAX_TEXTS;
         line = strtok(NULL, "\n")) {
        texts[count].text = body_of(line);
        texts[count].role = LEDE_NAME_TEXT_BODY;
        total += texts[count++].text.len;
    }
    recognizer = lede_recognizer_new(model);
    if (argc > 4 &&
        (lede_gazetteer_open(argv[4], &gazetteer, &err) != LEDE_OK ||
         (linker = lede_linker_new(gazetteer)) == NULL)) {
        return 2;
    }
    if (recognizer == NULL) {
        return 2;
    }
    start = seconds();
    for (pass = 0; pass < passes; pass++) {
        for (i = 0; i < count; i++) {
            const lede_mention *mentions;
            size_t n;

            if (lede_recognizer_read(recognizer, &texts[i], 1, &mentions, &n,
                                     &err) != LEDE_OK) {
                return 2;
            }
            if (linker != NULL) {
                const lede_entity *entities;
                const uint32_t *entity_of;
                double before = seconds();
                size_t entity_count;

                if (lede_linker_link(linker, &texts[i], 1, mentions, n, NULL,
                                     &entities, &entity_count, &entity_of,
                                     &err) != LEDE_OK) {
                    return 2;
                }
                linking += seconds() - before;
            }
            found += n;
        }
    }
    start = seconds() - start;
    printf("%zu texts, %.1f MB, %zu mentions, %.1f MB/s\n", count,
           (double)total / 1e6, found / (size_t)(passes > 0 ? passes : 1),
           (double)total * passes / 1e6 / start);
    if (linker != NULL) {
        printf("linking takes %.1f %%\n", 100 * linking / start);
    }
    lede_linker_free(linker);
    lede_gazetteer_close(gazetteer);
    lede_recognizer_free(recognizer);
    lede_name_model_free(model);
    free(texts);
    free(bytes);
    return 0;
}
