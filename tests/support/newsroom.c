#include "tests/support/newsroom.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "indexer/export.h"
#include "query/xapian_engine.h"
#include "tests/support/folder.h"
#include "tests/support/random_archive.h"
#include "tests/support/small_archive.h"

static const char *const words[] = {"storm", "storms", "flood",   "flooding",
                                    "coast", "coasts", "harbour", "minister",
                                    "talks", "talk",   "Storm",   "quiet"};
enum { WORDS = sizeof words / sizeof words[0] };

static void must(lede_status status, const lede_error *err)
{
    if (status != LEDE_OK) {
        fprintf(stderr, "newsroom: %s\n", err->message);
        abort();
    }
}

static uint32_t below(newsroom *n, uint32_t limit)
{
    return random_below(&n->state, limit);
}

static lede_span some_words(newsroom *n, uint32_t count)
{
    lede_buf text = {0};
    lede_span kept;

    for (uint32_t i = 0; i < count; i++) {
        lede_buf_put_text(&text, i == 0 ? "" : " ");
        lede_buf_put_text(&text, words[below(n, WORDS)]);
    }
    kept = lede_arena_copy(&n->arena, lede_buf_span(&text));
    lede_buf_done(&text);
    return kept;
}

/* Years, months and days without a time are those printed; finer ones are in a
 * zone of their own. */
static void set_date(newsroom *n, lede_when *when)
{
    static const char *const dates[] = {"2023",
                                        "2023-05",
                                        "2024-02-29",
                                        "2023-12-31T23:30:00+00:00",
                                        "2024-01-01T00:30:00+01:00",
                                        "2024-03-10T08:15:00Z",
                                        "2024-03-10T08:45:00Z",
                                        "2024-03-11T14:00:00Z"};
    uint32_t which = below(n, 9);
    int64_t end;

    if (which == 8) {
        return; /* unknown */
    }
    if (!lede_period_parse(lede_span_text(dates[which]), 0, &when->instant,
                           &end)) {
        abort();
    }
    when->precision = which == 0   ? LEDE_PRECISION_YEAR
                      : which == 1 ? LEDE_PRECISION_MONTH
                      : which == 2 ? LEDE_PRECISION_DAY
                                   : LEDE_PRECISION_MINUTE;
    when->year_source =
        below(n, 5) == 0 ? LEDE_YEAR_WEEKDAY : LEDE_YEAR_EXPLICIT;
    if (when->precision >= LEDE_PRECISION_HOUR) {
        when->instant += 86400 * (int64_t)below(n, 20) + 60 * below(n, 30);
    }
    lede_civil_from_instant(when->instant, 0, &when->local);
}

static void make_entry(newsroom *n, lede_entry *entry)
{
    static const char *const sources[] = {"Argus", "Herald", "The Daily Post",
                                          ""};
    static const char *const authors[] = {"Ann O'Neill", "Bo Lindqvist",
                                          "=cmd|calc"};
    static const char *const labels[] = {"Breaking", "Analysis"};
    static const char *const langs[] = {"en", "en-gb", "fr", ""};

    lede_entry_init(entry);
    entry->key = random_next(&n->state) | 1;
    entry->kind = (lede_kind)below(n, 3);
    entry->lang = lede_span_text(langs[below(n, 4)]);
    entry->headline = some_words(n, 1 + below(n, 4));
    entry->source = lede_span_text(sources[below(n, 4)]);
    entry->author_count = below(n, 3);
    entry->authors = lede_arena_array(&n->arena, 2, sizeof entry->authors[0]);
    entry->authors[0].name = lede_span_text(authors[below(n, 3)]);
    entry->authors[1].name = lede_span_text(authors[below(n, 3)]);
    entry->label_count = below(n, 2);
    entry->labels = lede_arena_array(&n->arena, 1, sizeof entry->labels[0]);
    entry->labels[0] = lede_span_text(labels[below(n, 2)]);
    entry->block_count = 1 + below(n, 2);
    entry->body = lede_arena_array(&n->arena, 2, sizeof entry->body[0]);
    for (uint32_t i = 0; i < entry->block_count; i++) {
        entry->body[i].type = LEDE_BLOCK_P;
        entry->body[i].text = some_words(n, 1 + below(n, 8));
    }
    set_date(n, &entry->published);
}

newsroom *newsroom_open(uint64_t seed, uint32_t count)
{
    newsroom *n = calloc(1, sizeof *n);
    lede_export_options options = {.shards = 1};
    lede_export_report report;
    lede_shards *shards = NULL;
    lede_error err = {0};
    char path[300];

    if (n == NULL) {
        abort();
    }
    n->state = seed;
    n->count = count;
    n->entries = lede_arena_array(&n->arena, count, sizeof *n->entries);
    for (uint32_t i = 0; i < count; i++) {
        make_entry(n, &n->entries[i]);
    }
    folder_make(n->folder);
    snprintf(path, sizeof path, "%s/shard", n->folder);
    must(small_archive_make(n->entries, count, 1 + count / 3, 1710400000,
                            n->directory, &n->archive, &err),
         &err);
    must(lede_snapshot_open(n->archive, &n->snapshot, &err), &err);
    must(lede_export(n->snapshot, path, &options, &report, &err), &err);
    must(lede_engine_of_snapshot(n->snapshot, &n->engines[0], &err), &err);
    must(lede_shards_open(path, 20000, &shards, &err), &err);
    must(lede_engine_of_shards(shards, &n->engines[1], &err), &err);
    return n;
}

void newsroom_close(newsroom *n)
{
    for (int i = 0; i < NEWSROOM_ENGINES; i++) {
        lede_engine_close(n->engines[i]);
    }
    lede_snapshot_close(n->snapshot);
    small_archive_remove(n->archive, n->directory);
    folder_remove(n->folder);
    lede_arena_done(&n->arena);
    free(n);
}

static bool text_has(lede_span text, const char *word)
{
    size_t len = strlen(word);

    for (size_t i = 0; i + len <= text.len; i++) {
        if (memcmp(text.bytes + i, word, len) == 0 &&
            (i == 0 || text.bytes[i - 1] == ' ') &&
            (i + len == text.len || text.bytes[i + len] == ' ')) {
            return true;
        }
    }
    return false;
}

/* Words are lower case but for their first letter. */
static bool text_has_folded(lede_span text, const char *word)
{
    char capital[32];

    snprintf(capital, sizeof capital, "%s", word);
    capital[0] = (char)toupper((unsigned char)capital[0]);
    return text_has(text, word) || text_has(text, capital);
}

bool newsroom_has(const lede_entry *entry, const char *word)
{
    bool has = text_has_folded(entry->headline, word);

    for (uint32_t i = 0; i < entry->block_count; i++) {
        has = has || text_has_folded(entry->body[i].text, word);
    }
    return has;
}

const lede_entry *newsroom_find(const newsroom *n, uint64_t key)
{
    for (uint32_t i = 0; i < n->count; i++) {
        if (n->entries[i].key == key) {
            return &n->entries[i];
        }
    }
    return NULL;
}
