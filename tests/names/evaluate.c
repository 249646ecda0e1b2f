/* evaluate.c - how well are people and places found in annotated text?
 *
 *     evaluate_names MODEL SET.bio [MIN_PERSON MIN_PLACE] [--errors]
 *
 * Prints precision, recall and F1 of exact spans per kind, and the speed. With
 * minima (of F1, in percent) it fails below them. "-" for MODEL: rules alone.
 * --errors lists what was missed and what was invented. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "names/recognize.h"
#include "names/train/bio.h"

typedef struct tally {
    size_t right, found, wanted;
} tally;

static bool errors;

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void show(const bio_document *document, const char *what, size_t begin,
                 size_t end)
{
    size_t from = begin < 40 ? 0 : begin - 40;
    size_t to = end + 40 > document->text.len ? document->text.len : end + 40;
    size_t i;

    printf("%s\t", what);
    for (i = from; i < to; i++) {
        if (i == begin) {
            printf("[[");
        }
        putchar(document->text.bytes[i] == '\n' ? '|'
                                                : document->text.bytes[i]);
        if (i + 1 == end) {
            printf("]]");
        }
    }
    putchar('\n');
}

/* The kind of a span that the annotators have there, or "none". */
static const char *gold_at(const bio_document *document, size_t begin,
                           size_t end)
{
    static const char *const kinds[] = {"PER", "LOC", "ORG", "other"};
    size_t i;

    for (i = 0; i < document->span_count; i++) {
        if (document->spans[i].begin < end && document->spans[i].end > begin) {
            return kinds[document->spans[i].kind];
        }
    }
    return "none";
}

static void compare(const bio_document *document, const lede_mention *mentions,
                    size_t count, tally tallies[LEDE_NAME_KIND_COUNT])
{
    static const char *const names[] = {"PER", "LOC"};
    char what[32];
    size_t i;
    size_t s = 0;

    for (i = 0; i < document->span_count; i++) {
        if (document->spans[i].kind < BIO_ORG) {
            tallies[document->spans[i].kind].wanted++;
        }
    }
    for (i = 0; i < count; i++) {
        bool right = false;

        while (s < document->span_count &&
               document->spans[s].begin < mentions[i].begin) {
            s++;
        }
        if (s < document->span_count) {
            right = document->spans[s].begin == mentions[i].begin &&
                    document->spans[s].end == mentions[i].end &&
                    (int)document->spans[s].kind == mentions[i].kind;
        }
        tallies[mentions[i].kind].found++;
        tallies[mentions[i].kind].right += right;
        if (errors && !right) {
            snprintf(what, sizeof what, "+%s for %s", names[mentions[i].kind],
                     gold_at(document, mentions[i].begin, mentions[i].end));
            show(document, what, mentions[i].begin, mentions[i].end);
        }
    }
    for (i = 0, s = 0; errors && i < document->span_count; i++) {
        const bio_span *span = &document->spans[i];

        while (s < count && mentions[s].begin < span->begin) {
            s++;
        }
        if (span->kind < BIO_ORG &&
            !(s < count && mentions[s].begin == span->begin &&
              mentions[s].end == span->end &&
              mentions[s].kind == (int)span->kind)) {
            const char *found = "none";
            size_t k;

            for (k = 0; k < count; k++) {
                if (mentions[k].begin < span->end &&
                    mentions[k].end > span->begin) {
                    found = names[mentions[k].kind];
                }
            }
            snprintf(what, sizeof what, "-%s found %s", names[span->kind],
                     found);
            show(document, what, span->begin, span->end);
        }
    }
}

static double percent(size_t part, size_t whole)
{
    return whole == 0 ? 0 : 100.0 * (double)part / (double)whole;
}

int main(int argc, char **argv)
{
    tally tallies[LEDE_NAME_KIND_COUNT] = {{0, 0, 0}, {0, 0, 0}};
    static const char *const names[] = {"people", "places"};
    lede_name_model *model = NULL;
    lede_recognizer *recognizer = NULL;
    bio_document document = {0};
    lede_error err = {0};
    lede_status status;
    FILE *file;
    double spent = 0;
    size_t bytes = 0;
    int failed = 0;
    int i;

    errors = argc > 3 && strcmp(argv[argc - 1], "--errors") == 0;
    argc -= errors;
    if (argc != 3 && argc != 5) {
        fprintf(stderr, "usage: evaluate_names MODEL SET.bio [MIN_PERSON "
                        "MIN_PLACE] [--errors]\n");
        return 2;
    }
    status = strcmp(argv[1], "-") == 0
                 ? lede_name_model_new(lede_span_of(NULL, 0), &model, &err)
                 : lede_name_model_open(argv[1], &model, &err);
    file = fopen(argv[2], "rb");
    recognizer = status == LEDE_OK ? lede_recognizer_new(model) : NULL;
    if (file == NULL || recognizer == NULL) {
        fprintf(stderr, "evaluate_names: cannot read %s: %s\n",
                file == NULL ? argv[2] : argv[1], err.message);
        return 2;
    }
    while ((status = bio_read(file, &document, &err)) == LEDE_OK) {
        lede_name_text text = {lede_buf_span(&document.text),
                               LEDE_NAME_TEXT_BODY};
        const lede_mention *mentions;
        size_t count;
        double start = seconds();

        if (lede_recognizer_read(recognizer, &text, 1, &mentions, &count,
                                 &err) != LEDE_OK) {
            fprintf(stderr, "evaluate_names: %s\n", err.message);
            return 2;
        }
        spent += seconds() - start;
        bytes += document.text.len;
        compare(&document, mentions, count, tallies);
    }
    for (i = 0; i < LEDE_NAME_KIND_COUNT; i++) {
        const tally *t = &tallies[i];
        double f1 = percent(2 * t->right, t->found + t->wanted);

        printf("%s: precision %.1f recall %.1f F1 %.2f (%zu of %zu)\n",
               names[i], percent(t->right, t->found),
               percent(t->right, t->wanted), f1, t->right, t->wanted);
        if (argc == 5 && f1 < atof(argv[3 + i])) {
            printf("%s: below %s\n", names[i], argv[3 + i]);
            failed = 1;
        }
    }
    printf("%.1f MB/s\n", (double)bytes / 1e6 / (spent > 0 ? spent : 1));
    fclose(file);
    bio_document_done(&document);
    lede_recognizer_free(recognizer);
    lede_name_model_free(model);
    return failed;
}
