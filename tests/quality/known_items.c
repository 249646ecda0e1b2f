/* known_items.c - does a story that someone remembers come first?
 *
 *   known_items FILE COUNT [MIN_SHARE]
 *
 * Indexes the file into a temporary archive, draws entries (seeded) and asks
 * for each as a person would who remembers it: by its whole headline, by half
 * of one, by some words in a row out of its text, or by a name in it and the
 * month, always without quotes and with the defaults of the command line. Only
 * what can mean one entry is asked: as a phrase, these words match no other.
 * Prints how often the entry came first, per kind of question, and with VERBOSE
 * in the environment what did not. With MIN_SHARE (0 to 1) the status
 * is 1 when a kind falls below it; 77 when the file is absent. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "indexer/indexer.h"
#include "query/search.h"

enum {
    WORDS = 4096,
    QUERY_BYTES = 4096,
    PHRASE_WORDS = 6,
    DRAWS = 40,
    SEEN = 999,
    MONTH_BYTES = 7 /* YYYY-MM */
};

typedef enum kind {
    KIND_HEADLINE,
    KIND_HALF,
    KIND_PHRASE,
    KIND_NAME,
    KIND_COUNT
} kind;

static const char *const kind_names[KIND_COUNT] = {
    "whole headline", "half a headline", "words in a row", "name and month"};

static uint64_t state = 1963;

static uint32_t draw(uint32_t below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((state >> 33) % below);
}

/* --- Words out of an entry -------------------------------------------------
 */

typedef struct words {
    lede_span items[WORDS];
    uint32_t count;
} words;

static bool is_space(uint8_t byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

static bool is_inner(uint8_t byte)
{
    return isalnum(byte) || byte >= 0x80 || byte == '\'' || byte == '-';
}

/* Runs of characters between blanks, without the marks around them. */
static void cut(lede_span text, words *out)
{
    size_t at = 0;

    out->count = 0;
    while (at < text.len && out->count < WORDS) {
        size_t begin, end;

        while (at < text.len && is_space(text.bytes[at])) {
            at++;
        }
        begin = at;
        while (at < text.len && !is_space(text.bytes[at])) {
            at++;
        }
        end = at;
        while (begin < end && !is_inner(text.bytes[begin])) {
            begin++;
        }
        while (end > begin && !is_inner(text.bytes[end - 1])) {
            end--;
        }
        if (end > begin) {
            out->items[out->count].bytes = text.bytes + begin;
            out->items[out->count++].len = end - begin;
        }
    }
}

/* Puts words [begin, end) into `query`, in small letters: nobody types
 * headlines in capitals. False if they are too long. */
static bool say(const words *from, uint32_t begin, uint32_t end,
                bool small_letters, char *query)
{
    size_t used = 0;

    for (uint32_t i = begin; i < end; i++) {
        lede_span word = from->items[i];

        if (used + word.len + 2 > QUERY_BYTES / 2) {
            return false;
        }
        if (i > begin) {
            query[used++] = ' ';
        }
        for (size_t j = 0; j < word.len; j++) {
            uint8_t byte = word.bytes[j];

            if (strchr("\"()[]:^~*?", byte) != NULL) {
                byte = ' ';
            }
            query[used++] = (char)(small_letters ? tolower(byte) : byte);
        }
    }
    query[used] = '\0';
    return used > 0 && query[0] != '-' && query[0] != '=';
}

static bool is_name_word(lede_span word)
{
    return word.len > 2 && isupper(word.bytes[0]) && islower(word.bytes[1]) &&
           islower(word.bytes[word.len - 1]);
}

/* Two capitalised words in a row, the first not after a full stop. */
static bool find_name(const words *from, uint32_t *at)
{
    uint32_t start = draw(from->count);

    for (uint32_t n = 0; n < from->count; n++) {
        uint32_t i = (start + n) % from->count;

        if (i > 0 && i + 1 < from->count && is_name_word(from->items[i]) &&
            is_name_word(from->items[i + 1]) &&
            islower(from->items[i - 1].bytes[0]) &&
            from->items[i].bytes + from->items[i].len + 1 ==
                from->items[i + 1].bytes) {
            *at = i;
            return true;
        }
    }
    return false;
}

/* --- Questions
 * ----------------------------------------------------------------------------
 */

typedef struct question {
    char typed[QUERY_BYTES];       /* what is asked */
    char phrase[QUERY_BYTES + 16]; /* what must match this entry alone */
} question;

static bool ask_headline(const lede_entry *entry, bool half, question *out)
{
    static words cut_words;
    uint32_t from = 0, to;

    cut(entry->headline, &cut_words);
    to = cut_words.count;
    if (entry->headline_derived || to < (half ? 6u : 3u)) {
        return false;
    }
    if (half) {
        from = draw(2) == 0 ? 0 : to - (to + 1) / 2;
        to = from + (to + 1) / 2;
    }
    if (!say(&cut_words, from, to, true, out->typed)) {
        return false;
    }
    snprintf(out->phrase, sizeof out->phrase, "headline:\"%s\"", out->typed);
    return true;
}

static bool longest_block(const lede_entry *entry, words *out)
{
    lede_span text = {0};

    for (uint32_t i = 0; i < entry->block_count; i++) {
        if (entry->body[i].text.len > text.len) {
            text = entry->body[i].text;
        }
    }
    cut(text, out);
    return out->count >= 2 * PHRASE_WORDS;
}

static bool ask_phrase(const lede_entry *entry, question *out)
{
    static words cut_words;
    uint32_t from;

    if (!longest_block(entry, &cut_words)) {
        return false;
    }
    from = draw(cut_words.count - PHRASE_WORDS);
    if (!say(&cut_words, from, from + PHRASE_WORDS, true, out->typed)) {
        return false;
    }
    snprintf(out->phrase, sizeof out->phrase, "\"%s\"", out->typed);
    return true;
}

static bool ask_name(const lede_entry *entry, question *out)
{
    static words cut_words;
    char name[QUERY_BYTES];
    lede_buf date = {0};
    uint32_t at;

    if (!longest_block(entry, &cut_words) || !find_name(&cut_words, &at) ||
        !say(&cut_words, at, at + 2, false, name) ||
        entry->published.precision < LEDE_PRECISION_MONTH) {
        return false;
    }
    lede_when_format(&entry->published, &date);
    if (date.len < MONTH_BYTES) {
        lede_buf_done(&date);
        return false;
    }
    snprintf(out->typed, sizeof out->typed, "%.2000s date:%.*s", name,
             MONTH_BYTES, (const char *)date.bytes);
    snprintf(out->phrase, sizeof out->phrase, "\"%.2000s\" date:%.*s", name,
             MONTH_BYTES, (const char *)date.bytes);
    lede_buf_done(&date);
    return true;
}

static bool ask(kind k, const lede_entry *entry, question *out)
{
    switch (k) {
    case KIND_HEADLINE:
        return ask_headline(entry, false, out);
    case KIND_HALF:
        return ask_headline(entry, true, out);
    case KIND_PHRASE:
        return ask_phrase(entry, out);
    default:
        return ask_name(entry, out);
    }
}

/* --- Answers
 * ------------------------------------------------------------------------------
 */

static bool search(const lede_snapshot *snapshot, const char *query,
                   const lede_search_options *options, lede_results **out)
{
    lede_error err = {0};

    if (lede_search(snapshot, lede_span_text(query), options, out, &err) !=
        LEDE_OK) {
        fprintf(stderr, "%s: %s\n", query, err.message);
        return false;
    }
    return true;
}

static uint64_t matches(const lede_snapshot *snapshot, const char *query)
{
    lede_search_options options = {.count_only = true, .no_relax = true};
    lede_results *results = NULL;
    uint64_t total = 0;

    if (search(snapshot, query, &options, &results)) {
        total = lede_results_total(results);
    }
    lede_results_free(results);
    return total;
}

static uint64_t first_key(const lede_snapshot *snapshot, const char *query)
{
    lede_search_options options = {.limit = 1};
    lede_results *results = NULL;
    uint64_t key = 0;

    if (search(snapshot, query, &options, &results) &&
        lede_results_count(results) > 0) {
        key = lede_results_place(results, 0).key;
    }
    lede_results_free(results);
    return key;
}

/* Where the entry stands in the answer, from 1; 0: not in the first SEEN. */
static uint32_t place_of(const lede_snapshot *snapshot, const char *query,
                         uint64_t key)
{
    lede_search_options options = {.limit = SEEN};
    lede_results *results = NULL;
    uint32_t place = 0;

    if (search(snapshot, query, &options, &results)) {
        while (place < lede_results_count(results) &&
               lede_results_place(results, place).key != key) {
            place++;
        }
        place = place < lede_results_count(results) ? place + 1 : 0;
    }
    lede_results_free(results);
    return place;
}

typedef struct tally {
    uint32_t asked, first;
} tally;

/* Asks `count` questions of a kind. */
static bool ask_all(const lede_snapshot *snapshot, lede_results *all, kind k,
                    uint32_t count, tally *out)
{
    static question q;
    uint32_t entries = lede_results_count(all);

    for (uint32_t n = 0; n < count * DRAWS && out->asked < count; n++) {
        const lede_hit *hit = NULL;
        lede_error err = {0};
        uint64_t key;

        if (lede_results_get(all, draw(entries), &hit, &err) != LEDE_OK) {
            fprintf(stderr, "%s\n", err.message);
            return false;
        }
        key = hit->entry->key;
        if (!ask(k, hit->entry, &q) || matches(snapshot, q.phrase) != 1) {
            continue;
        }
        out->asked++;
        if (first_key(snapshot, q.typed) == key) {
            out->first++;
        } else if (getenv("VERBOSE") != NULL) {
            printf("not first but %3u of %llu: %016llx  %s\n",
                   place_of(snapshot, q.typed, key),
                   (unsigned long long)matches(snapshot, q.typed),
                   (unsigned long long)key, q.typed);
        }
    }
    return out->asked > 0;
}

static bool measure(const lede_snapshot *snapshot, uint32_t count, double least,
                    bool *reached)
{
    lede_search_options options = {.unlimited = true, .sort = LEDE_SORT_NEWEST};
    lede_results *all = NULL;
    bool fine = search(snapshot, "", &options, &all);

    *reached = true;
    for (int k = 0; fine && k < KIND_COUNT; k++) {
        tally t = {0};

        fine = ask_all(snapshot, all, (kind)k, count, &t);
        printf("%-16s asked %4u  first %.3f\n", kind_names[k], t.asked,
               t.asked > 0 ? (double)t.first / t.asked : 0);
        *reached = *reached && t.first >= least * t.asked;
    }
    lede_results_free(all);
    return fine;
}

static bool index_and_measure(const char *directory, const char *path,
                              uint32_t count, double least, bool *reached)
{
    lede_archive_options create = {.create = true};
    lede_index_options options = {.memory_bytes = 256u << 20};
    lede_index_report report = {0};
    lede_archive *archive = NULL;
    lede_snapshot *snapshot = NULL;
    lede_naming naming = {0};
    lede_error err = {0};
    bool fine = false;

    options.naming = &naming;
    if (lede_naming_open(LEDE_TEST_SHARE, NULL, NULL, &naming, &err) !=
            LEDE_OK ||
        lede_archive_open(directory, &create, &archive, &err) != LEDE_OK ||
        lede_index_paths(archive, &path, 1, &options, &report, &err) !=
            LEDE_OK ||
        lede_snapshot_open(archive, &snapshot, &err) != LEDE_OK) {
        fprintf(stderr, "%s\n", err.message);
    } else {
        fine = measure(snapshot, count, least, reached);
    }
    lede_snapshot_close(snapshot);
    if (archive != NULL) {
        lede_archive_close(archive);
    }
    lede_naming_close(&naming);
    return fine;
}

static void remove_archive(const char *directory)
{
    char command[512];

    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    if (system(command) != 0) {
        fprintf(stderr, "could not remove %s\n", directory);
    }
}

int main(int argc, char **argv)
{
    char directory[] = "/tmp/lede-known-XXXXXX";
    bool reached = false;
    bool fine;

    if (argc != 3 && argc != 4) {
        fprintf(stderr, "usage: known_items FILE COUNT [MIN_SHARE]\n");
        return 2;
    }
    if (access(argv[1], R_OK) != 0) {
        printf("skipped: no test material at %s\n", argv[1]);
        return 77;
    }
    if (mkdtemp(directory) == NULL) {
        fprintf(stderr, "cannot make a folder in /tmp\n");
        return 2;
    }
    fine = index_and_measure(directory, argv[1], (uint32_t)atoi(argv[2]),
                             argc == 4 ? atof(argv[3]) : 0, &reached);
    remove_archive(directory);
    if (!fine) {
        return 2;
    }
    return reached ? 0 : 1;
}
