/* speed.c - how fast are names found in plain text?
 *
 *     speed_names MODEL FILE [PASSES]
 *
 * FILE is JSON Lines; the bodies of articles of the first 64 MB are read as
 * entries, PASSES times over. Prints megabytes of text a second. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "names/recognize.h"

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
            found += n;
        }
    }
    printf("%zu texts, %.1f MB, %zu mentions, %.1f MB/s\n", count,
           (double)total / 1e6, found / (size_t)(passes > 0 ? passes : 1),
           (double)total * passes / 1e6 / (seconds() - start));
    lede_recognizer_free(recognizer);
    lede_name_model_free(model);
    free(texts);
    free(bytes);
    return 0;
}
