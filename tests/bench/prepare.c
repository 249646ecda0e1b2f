/* prepare.c - a corpus made ready for the benchmark.
 *
 *   prepare CORPUS.jsonl DIR [RAW_QUERIES.tsv]
 *
 * Reads the corpus with lede's own reader and analysis and writes to DIR:
 *   words.tsv     TIME<TAB>stems between blanks, one document a line
 *   words.jsonl   the same for lede ("lang": "zxx" keeps the words as they are)
 *   raw.tsv       TIME<TAB>the text on one line
 *   raw.jsonl     the same for lede
 *   queries.tsv   SET<TAB>TYPE<TAB>WORDS: 250 of each type drawn from the
 * corpus by a fixed seed, and those of RAW_QUERIES.tsv (SET, TYPE and text)
 * analysed in the same way facts.tsv     documents, oldest and newest time,
 * median age */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/analyze.h"
#include "base/buf.h"
#include "base/hash.h"
#include "corpus/reader.h"

enum { PER_TYPE = 250, SAMPLE = 20000, TITLE_WORDS = 24, PASSAGE_WORDS = 4 };

typedef struct word_slot {
    char *word;
    uint32_t entries;
    uint32_t last_entry; /* the last document counted, plus one */
} word_slot;

typedef struct sample {
    char *title;   /* words between blanks */
    char *passage; /* up to PASSAGE_WORDS words in a row */
    int64_t time;
} sample;

typedef struct state {
    lede_analyzer *analyzer;
    FILE *words, *words_json, *raw, *raw_json;
    lede_buf title, text, raw_text, json;
    word_slot *slots;
    size_t slot_count, slot_mask;
    sample *samples;
    size_t sample_count;
    int64_t *times;
    size_t time_room;
    uint32_t entries;
    uint64_t random;
} state;

static void die(const char *what)
{
    fprintf(stderr, "prepare: %s\n", what);
    exit(2);
}

static void *must(void *memory)
{
    if (memory == NULL) {
        die("out of memory");
    }
    return memory;
}

/* splitmix64 (Steele, Lea and Flood, OOPSLA 2014). */
static uint64_t next_random(state *s)
{
    uint64_t z = (s->random += 0x9E3779B97F4A7C15u);

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static double uniform(state *s)
{
    return (double)(next_random(s) >> 11) / 9007199254740992.0;
}

static size_t below(state *s, size_t n)
{
    return (size_t)(next_random(s) % n);
}

static word_slot *find_slot(state *s, const char *word, size_t len)
{
    size_t at = (size_t)lede_hash64(lede_span_of(word, len)) & s->slot_mask;

    while (s->slots[at].word != NULL &&
           (strncmp(s->slots[at].word, word, len) != 0 ||
            s->slots[at].word[len] != '\0')) {
        at = (at + 1) & s->slot_mask;
    }
    return &s->slots[at];
}

static void grow_slots(state *s)
{
    word_slot *old = s->slots;
    size_t count = s->slot_mask + 1;
    size_t i;

    s->slot_mask = count * 2 - 1;
    s->slots = must(calloc(count * 2, sizeof *s->slots));
    for (i = 0; i < count; i++) {
        if (old[i].word != NULL) {
            *find_slot(s, old[i].word, strlen(old[i].word)) = old[i];
        }
    }
    free(old);
}

static void count_word(state *s, lede_span word)
{
    word_slot *slot = find_slot(s, (const char *)word.bytes, word.len);

    if (slot->word == NULL) {
        slot->word = must(strndup((const char *)word.bytes, word.len));
        if (++s->slot_count * 2 > s->slot_mask) {
            grow_slots(s);
            slot = find_slot(s, (const char *)word.bytes, word.len);
        }
    }
    if (slot->last_entry != s->entries + 1) {
        slot->last_entry = s->entries + 1;
        slot->entries++;
    }
}

/* A word that every engine's blank-splitting leaves whole. */
static bool is_plain(lede_span word)
{
    size_t i;

    for (i = 0; i < word.len; i++) {
        uint8_t c = word.bytes[i];

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80)) {
            return false;
        }
    }
    return true;
}

/* Appends the stems of a text; joined forms are left out, so that each word
 * has one position. */
static void put_words(state *s, lede_span text, lede_buf *out, bool count)
{
    lede_tokenizer tokenizer;
    lede_token token;

    lede_tokenizer_init(&tokenizer, s->analyzer, text);
    while (lede_tokenizer_next(&tokenizer, &token)) {
        lede_span stem =
            lede_analyzer_stem(s->analyzer, LEDE_LANGUAGE_ENGLISH, token.word);

        if (token.width != 1 || stem.len == 0 || !is_plain(stem)) {
            continue;
        }
        if (out->len > 0) {
            lede_buf_put_byte(out, ' ');
        }
        lede_buf_put_span(out, stem);
        if (count) {
            count_word(s, stem);
        }
    }
}

static void put_raw(lede_buf *out, lede_span text)
{
    size_t i;

    if (out->len > 0) {
        lede_buf_put_byte(out, ' ');
    }
    for (i = 0; i < text.len; i++) {
        uint8_t c = text.bytes[i];

        lede_buf_put_byte(out, c < 0x20 ? ' ' : c);
    }
}

static void put_json_text(lede_buf *out, lede_span text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        uint8_t c = text.bytes[i];

        if (c == '"' || c == '\\') {
            lede_buf_put_byte(out, '\\');
        }
        lede_buf_put_byte(out, c);
    }
}

static void write_json(state *s, FILE *file, const char *lang, int64_t time,
                       lede_span text)
{
    lede_buf_clear(&s->json);
    lede_buf_put_format(&s->json,
                        "{\"id\": \"d%u\", \"lang\": \"%s\", \"published\": "
                        "\"",
                        s->entries, lang);
    lede_instant_format(time, &s->json);
    lede_buf_put_text(&s->json, "\", \"body\": \"");
    put_json_text(&s->json, text);
    lede_buf_put_text(&s->json, "\"}\n");
    if (s->json.failed) {
        die("out of memory");
    }
    fwrite(s->json.bytes, 1, s->json.len, file);
}

static char *random_passage(state *s)
{
    const char *text = lede_buf_text(&s->text);
    size_t from = s->text.len == 0 ? 0 : below(s, s->text.len);
    const char *at;
    const char *end;
    int words;

    while (from > 0 && text[from - 1] != ' ') {
        from--;
    }
    at = text + from;
    end = at;
    for (words = 0; words < PASSAGE_WORDS && *end != '\0'; words++) {
        end += strcspn(end, " ");
        end += *end == ' ' && words + 1 < PASSAGE_WORDS;
    }
    while (end > at && end[-1] == ' ') {
        end--;
    }
    return must(strndup(at, (size_t)(end - at)));
}

/* A reservoir sample of documents. */
static void sample_entry(state *s, int64_t time)
{
    size_t at = s->entries < SAMPLE ? s->entries : below(s, s->entries + 1);

    if (at >= SAMPLE) {
        return;
    }
    if (at < s->sample_count) {
        free(s->samples[at].title);
        free(s->samples[at].passage);
    } else {
        s->sample_count = at + 1;
    }
    s->samples[at].title =
        must(strdup(must((void *)(uintptr_t)lede_buf_text(&s->title))));
    s->samples[at].passage = random_passage(s);
    s->samples[at].time = time;
}

static void remember_time(state *s, int64_t time)
{
    if (s->entries == s->time_room) {
        s->time_room = s->time_room == 0 ? 4096 : s->time_room * 2;
        s->times = must(realloc(s->times, s->time_room * sizeof *s->times));
    }
    s->times[s->entries] = time;
}

static lede_status on_entry(void *ctx, lede_entry *entry, const char *location,
                            lede_error *err)
{
    state *s = ctx;
    int64_t time = entry->published.instant;
    uint32_t i;

    (void)location;
    (void)err;
    if (time == LEDE_INSTANT_NONE) {
        time = 0;
    }
    lede_buf_clear(&s->title);
    lede_buf_clear(&s->text);
    lede_buf_clear(&s->raw_text);
    if (!entry->headline_derived) {
        put_words(s, entry->headline, &s->title, false);
        put_words(s, entry->headline, &s->text, true);
        put_raw(&s->raw_text, entry->headline);
    }
    for (i = 0; i < entry->block_count; i++) {
        put_words(s, entry->body[i].text, &s->text, true);
        put_raw(&s->raw_text, entry->body[i].text);
    }
    if (s->text.len == 0) {
        return LEDE_OK;
    }
    fprintf(s->words, "%lld\t%s\n", (long long)time, lede_buf_text(&s->text));
    fprintf(s->raw, "%lld\t%s\n", (long long)time, lede_buf_text(&s->raw_text));
    write_json(s, s->words_json, "zxx", time, lede_buf_span(&s->text));
    write_json(s, s->raw_json, "en", time, lede_buf_span(&s->raw_text));
    sample_entry(s, time);
    remember_time(s, time);
    s->entries++;
    return lede_analyzer_failed(s->analyzer) ? LEDE_NO_MEMORY : LEDE_OK;
}

static lede_status on_page(void *ctx, const lede_page *page, lede_error *err)
{
    (void)ctx;
    (void)page;
    (void)err;
    return LEDE_OK;
}

static lede_status on_page_end(void *ctx, lede_error *err)
{
    (void)ctx;
    (void)err;
    return LEDE_OK;
}

static void on_note(void *ctx, const char *location, const char *what)
{
    (void)ctx;
    fprintf(stderr, "prepare: %s %s\n", location, what);
}

static int by_entries(const void *a, const void *b)
{
    const word_slot *x = *(const word_slot *const *)a;
    const word_slot *y = *(const word_slot *const *)b;

    if (x->entries != y->entries) {
        return x->entries < y->entries ? 1 : -1;
    }
    return strcmp(x->word, y->word);
}

static const word_slot **rank_words(state *s)
{
    const word_slot **ranked = must(calloc(s->slot_count, sizeof *ranked));
    size_t count = 0;
    size_t i;

    for (i = 0; i <= s->slot_mask; i++) {
        if (s->slots[i].word != NULL) {
            ranked[count++] = &s->slots[i];
        }
    }
    qsort(ranked, count, sizeof *ranked, by_entries);
    return ranked;
}

/* Up to `want` distinct words of a sampled title, or of the passage where there
 * is no title; 0 if it has fewer than two. */
static int pick_words(state *s, int want, char *copy, size_t size,
                      char *out[TITLE_WORDS], const sample **from)
{
    const sample *chosen = &s->samples[below(s, s->sample_count)];
    char *words[TITLE_WORDS];
    int count = 0;
    int picked = 0;
    char *at;

    *from = chosen;
    snprintf(copy, size, "%s",
             strchr(chosen->title, ' ') != NULL ? chosen->title
                                                : chosen->passage);
    for (at = strtok(copy, " "); at != NULL && count < TITLE_WORDS;
         at = strtok(NULL, " ")) {
        int i;

        for (i = 0; i < count && strcmp(words[i], at) != 0; i++) {
        }
        if (i == count) {
            words[count++] = at;
        }
    }
    while (picked < want && count > 0) {
        size_t i = below(s, (size_t)count);

        out[picked++] = words[i];
        words[i] = words[--count];
    }
    return picked >= 2 ? picked : 0;
}

static void write_title_queries(state *s, FILE *file, const char *type)
{
    int written = 0;
    int tries = 0;

    while (written < PER_TYPE && tries++ < PER_TYPE * 1000) {
        char copy[8192];
        char *words[TITLE_WORDS];
        const sample *from = NULL;
        int want = strcmp(type, "mixed") == 0 ? 3 : 2 + (int)below(s, 4);
        int count = pick_words(s, want, copy, sizeof copy, words, &from);
        int i;

        if (count == 0 || (strcmp(type, "mixed") == 0 && count < 3)) {
            continue;
        }
        fprintf(file, "corpus\t%s\t", type);
        for (i = 0; i < count; i++) {
            fprintf(file, "%s%s", i > 0 ? " " : "", words[i]);
        }
        if (strcmp(type, "and_date") == 0) {
            int64_t half = (int64_t)(15 + below(s, 3650)) * 86400;

            fprintf(file, " %lld %lld", (long long)(from->time - half),
                    (long long)(from->time + half));
        }
        fputc('\n', file);
        written++;
    }
}

static void write_term_queries(state *s, FILE *file)
{
    const word_slot **ranked = rank_words(s);
    int i;

    for (i = 0; i < PER_TYPE; i++) {
        double rank = exp(uniform(s) * log((double)s->slot_count)) - 1;

        fprintf(file, "corpus\tterm\t%s\n", ranked[(size_t)rank]->word);
    }
    free(ranked);
}

static void write_phrase_queries(state *s, FILE *file)
{
    int written = 0;
    int tries = 0;

    while (written < PER_TYPE && tries++ < PER_TYPE * 1000) {
        char copy[2048];
        int want = 2 + (int)below(s, PASSAGE_WORDS - 1);
        char *at;

        snprintf(copy, sizeof copy, "%s",
                 s->samples[below(s, s->sample_count)].passage);
        for (at = copy; want > 0 && *at != '\0'; want--) {
            at += strcspn(at, " ");
            at += want > 1 && *at == ' ';
        }
        if (want > 0) {
            continue;
        }
        *at = '\0';
        fprintf(file, "corpus\tphrase\t%s\n", copy);
        written++;
    }
}

static void write_given_queries(state *s, FILE *file, const char *path)
{
    FILE *in = fopen(path, "r");
    static char line[65536];

    if (in == NULL) {
        die("cannot open the queries");
    }
    while (fgets(line, sizeof line, in) != NULL) {
        char *type = strchr(line, '\t');
        char *text = type == NULL ? NULL : strchr(type + 1, '\t');

        if (text == NULL) {
            continue;
        }
        *type++ = '\0';
        *text++ = '\0';
        text[strcspn(text, "\n")] = '\0';
        lede_buf_clear(&s->text);
        put_words(s, lede_span_text(text), &s->text, false);
        if (s->text.len > 0) {
            fprintf(file, "%s\t%s\t%s\n", line, type, lede_buf_text(&s->text));
        }
    }
    fclose(in);
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void write_facts(state *s, FILE *file)
{
    int64_t newest;

    qsort(s->times, s->entries, sizeof *s->times, by_value);
    newest = s->times[s->entries - 1];
    fprintf(file,
            "documents\t%u\nwords\t%zu\noldest\t%lld\nnewest\t%lld\n"
            "median_age\t%lld\n",
            s->entries, s->slot_count, (long long)s->times[0],
            (long long)newest, (long long)(newest - s->times[s->entries / 2]));
}

static FILE *create(const char *dir, const char *name)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    file = fopen(path, "w");
    if (file == NULL) {
        die(path);
    }
    return file;
}

static void close_all(FILE **files, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (fclose(files[i]) != 0) {
            die("cannot write");
        }
    }
}

int main(int argc, char **argv)
{
    state s = {.random = 20250217};
    lede_read_options options = {0};
    lede_error err = {0};
    FILE *queries;
    FILE *facts;

    if (argc != 3 && argc != 4) {
        die("usage: prepare CORPUS.jsonl DIR [RAW_QUERIES.tsv]");
    }
    if (lede_analyzer_new(&s.analyzer, &err) != LEDE_OK) {
        die(err.message);
    }
    s.slot_mask = (1u << 20) - 1;
    s.slots = must(calloc(s.slot_mask + 1, sizeof *s.slots));
    s.samples = must(calloc(SAMPLE, sizeof *s.samples));
    s.words = create(argv[2], "words.tsv");
    s.words_json = create(argv[2], "words.jsonl");
    s.raw = create(argv[2], "raw.tsv");
    s.raw_json = create(argv[2], "raw.jsonl");
    {
        lede_sink sink = {.ctx = &s,
                          .page_begin = on_page,
                          .entry = on_entry,
                          .page_end = on_page_end,
                          .note = on_note};

        if (lede_corpus_read_file(argv[1], &options, &sink, &err) != LEDE_OK) {
            die(err.message);
        }
    }
    if (s.entries == 0) {
        die("no documents");
    }
    queries = create(argv[2], "queries.tsv");
    facts = create(argv[2], "facts.tsv");
    write_term_queries(&s, queries);
    write_title_queries(&s, queries, "and");
    write_title_queries(&s, queries, "or");
    write_phrase_queries(&s, queries);
    write_title_queries(&s, queries, "and_date");
    write_title_queries(&s, queries, "mixed");
    if (argc == 4) {
        write_given_queries(&s, queries, argv[3]);
    }
    write_facts(&s, facts);
    {
        FILE *files[] = {s.words,    s.words_json, s.raw,
                         s.raw_json, queries,      facts};

        close_all(files, sizeof files / sizeof files[0]);
    }
    return 0;
}
