/* protocol.h - how the benchmark talks to an engine.
 *
 * Every engine is a program of its own:
 *
 *   ENGINE index DOCS.tsv DIR words|raw|stored
 *
 * reads one document a line, "TIME<TAB>TEXT" (TIME in Unix seconds), builds an
 * index in the empty folder DIR, and prints "bytes<TAB>N": what the index
 * takes, stored text apart; and it may print "apart<TAB>N<TAB>N": how much of
 * that is lists of pairs, and sketches of near-copies. `words`: TEXT is words
 * between blanks, to be taken as they are; `raw`: text for the engine's own
 * analysis of English; `stored`: words, of which an engine that stores no text
 * otherwise stores the text too.
 *
 *   ENGINE serve DIR
 *
 * prints "ready", then answers each line "MODE<TAB>TYPE<TAB>WORDS" with
 * "NANOSECONDS<TAB>TOTAL<TAB>SHOWN", timing its own API from the words to the
 * hits. MODE: top10 (no totals), top10_count (with the exact total), count,
 * recency (top 10 of the score times recency; three more fields: w, half-life
 * in seconds, origin), newest (10). TYPE: term, and, or, phrase; and_date: the
 * last two words are a time range [begin, end); mixed: the first word, and at
 * least one of the others. TOTAL is -1 where the mode gives none. A mode that
 * an engine does not have is answered with "-".
 *
 * Threads: an engine serves one query at a time. */
#ifndef LEDE_TESTS_BENCH_PROTOCOL_H
#define LEDE_TESTS_BENCH_PROTOCOL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BENCH_MAX_WORDS = 64, BENCH_K = 10, BENCH_LINE_BYTES = 1 << 16 };

typedef struct bench_query {
    const char *mode, *type;
    char *words[BENCH_MAX_WORDS];
    int word_count; /* without a date range */
    int64_t begin, end;
    double w, half_life;
    int64_t origin;
} bench_query;

static inline int64_t bench_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Cuts `line` up in place; false if it is no query. */
static inline bool bench_parse(char *line, bench_query *q)
{
    char *fields[6] = {0};
    int count = 0;
    char *at = line;

    line[strcspn(line, "\n")] = '\0';
    while (count < 6 && at != NULL) {
        fields[count++] = at;
        at = strchr(at, '\t');
        if (at != NULL) {
            *at++ = '\0';
        }
    }
    if (count < 3) {
        return false;
    }
    memset(q, 0, sizeof *q);
    q->mode = fields[0];
    q->type = fields[1];
    for (at = strtok(fields[2], " ");
         at != NULL && q->word_count < BENCH_MAX_WORDS;
         at = strtok(NULL, " ")) {
        q->words[q->word_count++] = at;
    }
    if (strcmp(q->type, "and_date") == 0) {
        if (q->word_count < 3) {
            return false;
        }
        q->begin = strtoll(q->words[q->word_count - 2], NULL, 10);
        q->end = strtoll(q->words[q->word_count - 1], NULL, 10);
        q->word_count -= 2;
    }
    if (count == 6) {
        q->w = strtod(fields[3], NULL);
        q->half_life = strtod(fields[4], NULL);
        q->origin = strtoll(fields[5], NULL, 10);
    }
    return q->word_count > 0;
}

#endif
