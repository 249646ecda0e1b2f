#include "tests/indexer/plain.h"

#include <inttypes.h>

#include "base/entry_terms.h"
#include "indexer/accumulate.h"
#include "storage/record.h"
#include "tests/indexer/dump.h"
#include "tests/support/check.h"

enum { OCCURRENCES_MAX = 20000 };

typedef struct occurrence {
    char term[260], form[260], word[260];
    uint32_t position, width;
    unsigned weight, field;
    uint32_t number; /* in the walk */
} occurrence;

static int compare_occurrences(const void *left, const void *right)
{
    const occurrence *a = left, *b = right;
    int order = strcmp(a->term, b->term);

    if (order == 0) {
        order = (a->position > b->position) - (a->position < b->position);
    }
    return order != 0 ? order
                      : (a->number > b->number) - (a->number < b->number);
}

/* Where each section begins. */
static void put_sections(lede_analyzer *analyzer, const lede_entry *entry,
                         unsigned length_byte, lede_buf *out)
{
    lede_entry_walk walk;
    lede_occurrence o;
    uint32_t section = UINT32_MAX, count = 0;
    lede_buf positions = {0};

    lede_entry_walk_init(&walk, analyzer, entry);
    while (lede_entry_walk_next(&walk, &o)) {
        if (o.section != section) {
            lede_buf_put_format(&positions, " %u:XPAR/0/0/1", o.token.position);
            count++;
        }
        section = o.section;
    }
    if (count > 0) {
        lede_buf_put_format(out, "T XPAR %016" PRIx64 " %u 0 %u%s\n",
                            entry->key, 2 * count, length_byte,
                            lede_buf_text(&positions));
    }
    lede_buf_done(&positions);
}

static void put_values(const lede_entry *entry, unsigned length_byte,
                       lede_buf *out)
{
    unsigned day = lede_when_month_day(&entry->published);

    if (day != 0) {
        lede_buf_put_format(out, "T XMD%04u %016" PRIx64 " 1 0 %u\n", day,
                            entry->key, length_byte);
    }
    lede_buf_put_format(out, "T XK%s %016" PRIx64 " 1 0 %u\n",
                        lede_kind_name(entry->kind), entry->key, length_byte);
    lede_buf_put_format(out, "T Len %016" PRIx64 " 1 0 %u\n", entry->key,
                        length_byte);
    if (entry->page_id != 0) {
        lede_buf_put_format(out, "T XPG%016" PRIx64 " %016" PRIx64 " 1 0 %u\n",
                            entry->page_id, entry->key, length_byte);
    }
}

/* The pairs of an entry: every two occurrences are looked at. */
static void put_pairs(const lede_pair_words *words, const lede_entry *entry,
                      const occurrence *all, uint32_t n, unsigned length_byte,
                      lede_buf *out)
{
    static uint8_t met[LEDE_PAIR_WORDS_MOST + 1][LEDE_PAIR_WORDS_MOST + 1];
    uint32_t i, j;

    memset(met, 0, sizeof met);
    for (i = 0; i < n; i++) {
        uint32_t first =
            lede_pair_words_find(words, lede_span_text(all[i].word));

        for (j = 0; j < n && first != 0 && all[i].field != 0; j++) {
            if (all[j].field != 0 &&
                all[j].position == all[i].position + all[i].width) {
                met[first]
                   [lede_pair_words_find(words, lede_span_text(all[j].word))] |=
                    (uint8_t)all[i].field;
            }
        }
    }
    for (i = 1; i <= words->count; i++) {
        for (j = 1; j <= words->count; j++) {
            if (met[i][j] != 0) {
                lede_buf_put_format(out,
                                    "T P%.*s %.*s %016" PRIx64 " 1 %u %u\n",
                                    (int)words->words[i - 1].len,
                                    (const char *)words->words[i - 1].bytes,
                                    (int)words->words[j - 1].len,
                                    (const char *)words->words[j - 1].bytes,
                                    entry->key, met[i][j], length_byte);
            }
        }
    }
}

/* All lines of one entry, in no order; those of pairs apart. */
static void put_entry(lede_analyzer *analyzer, const lede_entry *entry,
                      const lede_pair_words *words, occurrence *all,
                      lede_buf *out, lede_buf *pairs)
{
    lede_entry_walk walk;
    lede_occurrence o;
    uint32_t n = 0, i, j;
    unsigned length = 0, length_byte;

    lede_entry_walk_init(&walk, analyzer, entry);
    while (lede_entry_walk_next(&walk, &o)) {
        lede_span stem =
            lede_analyzer_stem(analyzer, LEDE_LANGUAGE_ENGLISH, o.token.word);
        bool is_default = o.field < LEDE_DEFAULT_FIELDS;

        assert_true(n < OCCURRENCES_MAX);
        snprintf(all[n].term, sizeof all[n].term, "%s%.*s",
                 lede_field_prefix(o.field), (int)stem.len,
                 (const char *)stem.bytes);
        snprintf(all[n].form, sizeof all[n].form, "%.*s/%d/%d/%d",
                 (int)o.token.word.len, (const char *)o.token.word.bytes,
                 (int)o.token.letter_case, o.token.marks, o.token.width);
        snprintf(all[n].word, sizeof all[n].word, "%.*s", (int)o.token.word.len,
                 (const char *)o.token.word.bytes);
        all[n].position = o.token.position;
        all[n].width = o.token.width;
        all[n].number = n;
        all[n].weight = lede_field_weight(o.field);
        all[n].field = is_default ? 1u << o.field : 0;
        if (is_default && o.token.width == o.token.parts) {
            length += all[n].weight;
        }
        n++;
    }
    qsort(all, n, sizeof all[0], compare_occurrences);
    length_byte = lede_length_encode(length);
    if (words != NULL) {
        put_pairs(words, entry, all, n, length_byte, pairs);
    }
    for (i = 0; i < n; i = j) {
        unsigned frequency = 0, fields = 0;

        for (j = i; j < n && strcmp(all[i].term, all[j].term) == 0; j++) {
            frequency += all[j].weight;
            fields |= all[j].field;
        }
        lede_buf_put_format(out, "T %s %016" PRIx64 " %u %u %u", all[i].term,
                            entry->key, frequency, fields, length_byte);
        for (; i < j; i++) {
            lede_buf_put_format(out, " %u:%s", all[i].position, all[i].form);
        }
        lede_buf_put_byte(out, '\n');
    }
    put_values(entry, length_byte, out);
    put_sections(analyzer, entry, length_byte, out);
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorts the lines of `in` that begin with "T ", but for aliases. */
static void sort_lines(lede_buf *in, lede_buf *out)
{
    size_t count = 0, n = 0, i;
    char **lines, *at = (char *)(uintptr_t)lede_buf_text(in);

    for (i = 0; i < in->len; i++) {
        count += in->bytes[i] == '\n';
    }
    lines = calloc(count + 1, sizeof lines[0]);
    while (at != NULL && *at != '\0') {
        char *end = strchr(at, '\n');

        *end = '\0';
        if (strncmp(at, "T ", 2) == 0 &&
            strncmp(at + 2, LEDE_TERM_ALIAS, strlen(LEDE_TERM_ALIAS)) != 0) {
            lines[n++] = at;
        }
        at = end + 1;
    }
    if (n > 0) {
        qsort(lines, n, sizeof lines[0], compare_lines);
    }
    for (i = 0; i < n; i++) {
        lede_buf_put_text(out, lines[i]);
        lede_buf_put_byte(out, '\n');
    }
    free(lines);
}

static void walk_archive(lede_archive *archive, lede_buf *out, lede_buf *pairs)
{
    lede_error err = {0};
    lede_snapshot *snapshot = NULL;
    lede_analyzer *analyzer = NULL;
    occurrence *all = calloc(OCCURRENCES_MAX, sizeof all[0]);
    lede_buf record = {0};
    lede_arena arena = {0};
    uint32_t s, i;

    assert_non_null(all);
    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    assert_ok(lede_analyzer_new(&analyzer, &err));
    for (s = 0; s < lede_snapshot_segment_count(snapshot); s++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, s);
        const lede_pair_words *words = NULL;

        assert_ok(lede_segment_pair_words(segment, &words, &err));
        for (i = 0; i < lede_segment_entries(segment); i++) {
            lede_entry entry;

            if (lede_segment_is_deleted(segment, i)) {
                continue;
            }
            lede_arena_clear(&arena);
            assert_ok(lede_segment_record(segment, i, &record, &err));
            assert_ok(lede_record_decode(lede_buf_span(&record), &arena, &entry,
                                         &err));
            put_entry(analyzer, &entry, words, all, out, pairs);
        }
    }
    lede_analyzer_free(analyzer);
    lede_snapshot_close(snapshot);
    lede_arena_done(&arena);
    lede_buf_done(&record);
    free(all);
}

void assert_plain(lede_archive *archive)
{
    lede_buf walked = {0}, wanted = {0}, dumped = {0}, got = {0};
    lede_buf pairs = {0};

    walk_archive(archive, &walked, &pairs);
    sort_lines(&walked, &wanted);
    dump_archive(archive, &dumped);
    sort_lines(&dumped, &got);
    assert_false(wanted.failed || got.failed);
    assert_same_dump(&got, &wanted);
    lede_buf_clear(&wanted);
    lede_buf_clear(&got);
    lede_buf_clear(&dumped);
    sort_lines(&pairs, &wanted);
    dump_pairs(archive, &dumped);
    sort_lines(&dumped, &got);
    assert_same_dump(&got, &wanted);
    lede_buf_done(&pairs);
    lede_buf_done(&walked);
    lede_buf_done(&wanted);
    lede_buf_done(&dumped);
    lede_buf_done(&got);
}
