/* random_archive.c - small archives of chance; see random_archive.h. */
#include "tests/support/random_archive.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/entry_terms.h"
#include "base/entry_values.h"
#include "base/time.h"
#include "storage/record.h"

enum { PAIR_WORDS = 64 };
/* XKarticle, XKmessage, XPAR; then XR, v, w */
enum { FORMS = 6, KINDS = 3, SECTIONS = 2, GROUPS = 3 };

typedef struct occurrence {
    uint32_t term, entry, position;
    uint16_t form;
    uint8_t field;
} occurrence;

typedef struct row {
    int64_t time;
    uint64_t key;
    bool trusted;
    uint32_t number; /* as made, before sorting */
    char date[12];   /* 2023-11-14, 2023-11, 2023; else empty */
} row;

/* Two words of the set that stand side by side; words count from 0. */
typedef struct meeting {
    uint32_t first, second, entry;
    uint8_t field;
} meeting;

typedef struct making {
    const random_archive_options *options;
    uint64_t state;
    uint32_t count;
    row *rows;
    uint32_t (*ends)[LEDE_DEFAULT_FIELDS];
    uint32_t *lengths;
    occurrence *occurrences;
    size_t occurrence_count, occurrence_cap;
    char pair_names[PAIR_WORDS][16];
    lede_buf pair_bytes;
    lede_pair_words pair_words;
} making;

uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint64_t random_archive_key(uint32_t segment, uint32_t index)
{
    uint64_t state = (uint64_t)segment << 32 | index;

    return random_next(&state);
}

uint32_t random_below(uint64_t *state, uint32_t limit)
{
    return limit == 0 ? 0 : (uint32_t)((random_next(state) >> 32) % limit);
}

/* --- Making entries
 * ------------------------------------------------------------- */

static void put(making *maker, uint32_t term, uint32_t entry, uint32_t position,
                uint16_t form, uint8_t field)
{
    if (maker->occurrence_count == maker->occurrence_cap) {
        maker->occurrence_cap = maker->occurrence_cap * 2 + 1024;
        maker->occurrences =
            realloc(maker->occurrences,
                    maker->occurrence_cap * sizeof *maker->occurrences);
        if (maker->occurrences == NULL) {
            abort();
        }
    }
    maker->occurrences[maker->occurrence_count] =
        (occurrence){term, entry, position, form, field};
    maker->occurrence_count++;
}

/* Small numbers are common. */
static uint32_t choose_word(making *maker)
{
    uint32_t limit = random_below(&maker->state, maker->options->words) + 1;

    return random_below(&maker->state, random_below(&maker->state, limit) + 1);
}

static uint16_t choose_form(making *maker, uint32_t word)
{
    return word % 3 == 0 ? 0 : (uint16_t)random_below(&maker->state, FORMS - 1);
}

static uint32_t term_of(making *maker, uint32_t entry, uint32_t word)
{
    uint32_t words = maker->options->words;
    bool second =
        random_below(&maker->state, 8) == 0 ? entry % 3 != 0 : entry % 3 == 0;

    return KINDS + words * (second ? 1 : 2) + word;
}

/* One section of a field; returns the position behind it. */
static uint32_t make_section(making *maker, uint32_t entry, uint8_t field,
                             uint32_t tokens, uint32_t position)
{
    unsigned weight = lede_field_weight((lede_field)field);

    put(maker, SECTIONS, entry, position, 0, LEDE_FIELD_ROLE);
    for (uint32_t i = 0; i < tokens; i++) {
        uint32_t word = choose_word(maker);

        if (word % 3 != 0 && random_below(&maker->state, 10) == 0) {
            put(maker, term_of(maker, entry, word), entry, position, FORMS - 1,
                field);
            maker->lengths[entry] += weight;
            word = choose_word(maker);
        }
        put(maker, term_of(maker, entry, word), entry, position,
            choose_form(maker, word), field);
        maker->lengths[entry] += weight;
        position++;
    }
    /* Room for a joined form at the end, which covers two positions. */
    return position + 1;
}

static void make_entry(making *maker, uint32_t entry)
{
    uint32_t position = 0;

    for (uint8_t field = 0; field < LEDE_DEFAULT_FIELDS; field++) {
        uint32_t sections = field == LEDE_FIELD_BODY
                                ? 1 + random_below(&maker->state, 3)
                                : random_below(&maker->state, 2);
        uint32_t most = field == LEDE_FIELD_BODY
                            ? maker->options->tokens
                            : maker->options->tokens / 8 + 1;

        for (uint32_t i = 0; i < sections; i++) {
            position =
                make_section(maker, entry, field,
                             1 + random_below(&maker->state, most), position) +
                LEDE_SECTION_GAP;
        }
        maker->ends[entry][field] = position;
    }
    if (random_below(&maker->state, 3) == 0) {
        put(maker, SECTIONS, entry, position, 0, LEDE_FIELD_ROLE);
        put(maker, KINDS + choose_word(maker), entry, position, 0,
            LEDE_FIELD_ROLE);
    }
    put(maker, entry % 5 == 0 ? 1 : 0, entry, 0, 0, UINT8_MAX);
}

static int compare_rows(const void *left, const void *right)
{
    const row *a = left;
    const row *b = right;

    if (a->time != b->time) {
        return a->time > b->time ? -1 : 1;
    }
    return (a->key > b->key) - (a->key < b->key);
}

static int compare_occurrences(const void *left, const void *right)
{
    const occurrence *a = left;
    const occurrence *b = right;

    if (a->term != b->term) {
        return a->term < b->term ? -1 : 1;
    }
    if (a->entry != b->entry) {
        return a->entry < b->entry ? -1 : 1;
    }
    if (a->position != b->position) {
        return a->position < b->position ? -1 : 1;
    }
    return (a->form > b->form) - (a->form < b->form);
}

/* As printed somewhere without the time of day, or the day. */
static void print_date(making *maker, row *r)
{
    static const unsigned lengths[] = {10, 10, 10, 7, 7, 4};
    int64_t offset = 900 * ((int64_t)random_below(&maker->state, 97) - 40);
    unsigned len = lengths[random_below(&maker->state, 6)];
    lede_civil civil;
    char text[40];

    lede_civil_from_instant(r->time, (int32_t)offset, &civil);
    civil.hour = civil.minute = civil.second = 0;
    civil.day = len < 10 ? 1 : civil.day;
    civil.month = len < 7 ? 1 : civil.month;
    snprintf(text, sizeof text, "%04d-%02u-%02u", (int)civil.year, civil.month,
             civil.day);
    memcpy(r->date, text, len);
    r->time = lede_instant_from_civil(&civil, (int32_t)offset);
}

static void make_rows(making *maker, uint32_t segment)
{
    const random_archive_options *options = maker->options;

    for (uint32_t i = 0; i < maker->count; i++) {
        /* Segments overlap; where there are many times, the later ones reach
         * further. */
        uint32_t step = random_below(&maker->state, options->times + 1) +
                        (options->times > 10 ? segment : 0);
        bool dated = options->undated == 0 ||
                     random_below(&maker->state, options->undated) != 0;

        maker->rows[i] = (row){
            .time = dated ? RANDOM_ARCHIVE_EPOCH +
                                (int64_t)RANDOM_ARCHIVE_STEP * step
                          : LEDE_INSTANT_NONE,
            .key = random_archive_key(segment, i),
            .trusted = dated && random_below(&maker->state, 5) != 0,
            .number = i,
        };
        if (dated && options->printed != 0 &&
            random_below(&maker->state, options->printed) == 0) {
            print_date(maker, &maker->rows[i]);
        }
    }
    qsort(maker->rows, maker->count, sizeof *maker->rows, compare_rows);
}

/* --- Writing
 * -------------------------------------------------------------------- */

static size_t term_name(const making *maker, uint32_t term, char *out)
{
    static const char *const groups[GROUPS] = {"XRw", "v", "w"};
    uint32_t word;

    if (term < KINDS) {
        return (size_t)sprintf(out, "%s",
                               term == SECTIONS ? LEDE_TERM_SECTIONS
                               : term == 0      ? "XKarticle"
                                                : "XKmessage");
    }
    word = (term - KINDS) % maker->options->words;
    return (size_t)sprintf(
        out, "%s%03u", groups[(term - KINDS) / maker->options->words], word);
}

static uint32_t make_forms(uint32_t word, lede_form *forms, char names[3][16])
{
    static const char *const endings[3] = {"", "s", "x"};

    for (unsigned i = 0; i < 3; i++) {
        sprintf(names[i], "w%03u%s", word, endings[i]);
    }
    for (unsigned i = 0; i < FORMS; i++) {
        unsigned name = i < 3 ? 0 : i < 5 ? 1 : 2;

        forms[i] = (lede_form){.word = lede_span_text(names[name]),
                               .letter_case = (lede_case)(i < 3   ? i
                                                          : i < 5 ? i - 3
                                                                  : 0),
                               .width = name == 2 ? 2 : 1};
    }
    return word % 3 == 0 ? 1 : FORMS;
}

static lede_status write_posting(making *maker, lede_segment_writer *writer,
                                 const occurrence *first, size_t count,
                                 lede_error *err)
{
    uint32_t *positions = malloc(count * sizeof *positions);
    uint16_t *forms = malloc(count * sizeof *forms);
    lede_posting posting = {
        .entry = first->entry,
        .length = lede_length_encode(maker->lengths[first->entry]),
        .positions = positions,
        .forms = forms};
    lede_status status;

    if (positions == NULL || forms == NULL) {
        abort();
    }
    for (size_t i = 0; i < count; i++) {
        positions[i] = first[i].position;
        forms[i] = first[i].form;
        if (first[i].field < LEDE_DEFAULT_FIELDS) {
            posting.fields |= (uint8_t)(1u << first[i].field);
            posting.frequency += lede_field_weight((lede_field)first[i].field);
        } else {
            posting.frequency++;
        }
    }
    posting.count = first->field == UINT8_MAX ? 0 : (uint32_t)count;
    status = lede_segment_writer_put_posting(writer, &posting, err);
    free(positions);
    free(forms);
    return status;
}

/* --- Pairs
 * ---------------------------------------------------------------------- */

/* The folded word of an occurrence; "" if it can't be one of the set. */
static void word_of(const making *maker, const occurrence *o, char out[16])
{
    static const char *const endings[FORMS] = {"", "", "", "s", "s", "x"};
    uint32_t words = maker->options->words;

    out[0] = 0;
    if (o->field < LEDE_DEFAULT_FIELDS && o->term >= KINDS + words) {
        snprintf(out, 16, "w%03u%s", (o->term - KINDS) % words,
                 endings[o->form]);
    }
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(left, right);
}

static void choose_pair_words(making *maker)
{
    static const char *const endings[3] = {"", "s", "x"};
    lede_span spans[PAIR_WORDS];
    uint32_t count = 0, unique = 0;

    while (count < maker->options->pairs && count < PAIR_WORDS) {
        snprintf(maker->pair_names[count], 16, "w%03u%s", choose_word(maker),
                 endings[random_below(&maker->state, 3)]);
        count++;
    }
    qsort(maker->pair_names, count, sizeof maker->pair_names[0], compare_names);
    for (uint32_t i = 0; i < count; i++) {
        if (i == 0 ||
            strcmp(maker->pair_names[i], maker->pair_names[i - 1]) != 0) {
            spans[unique++] = lede_span_text(maker->pair_names[i]);
        }
    }
    lede_pair_words_encode(spans, unique, &maker->pair_bytes);
    if (lede_pair_words_decode(lede_buf_span(&maker->pair_bytes),
                               &maker->pair_words, NULL) != LEDE_OK) {
        abort();
    }
}

static int compare_meetings(const void *left, const void *right)
{
    const meeting *a = left;
    const meeting *b = right;

    if (a->first != b->first) {
        return a->first < b->first ? -1 : 1;
    }
    if (a->second != b->second) {
        return a->second < b->second ? -1 : 1;
    }
    return (a->entry > b->entry) - (a->entry < b->entry);
}

static int by_entry(const void *left, const void *right)
{
    const occurrence *a = left;
    const occurrence *b = right;

    return (a->entry > b->entry) - (a->entry < b->entry);
}

static void find_meetings(const making *maker, const occurrence *of,
                          size_t count, meeting **all, size_t *found)
{
    for (size_t i = 0; i < count; i++) {
        char name[16];
        uint32_t first;

        word_of(maker, &of[i], name);
        first = lede_pair_words_find(&maker->pair_words, lede_span_text(name));
        for (size_t j = 0; first != 0 && j < count; j++) {
            uint32_t second;

            word_of(maker, &of[j], name);
            second =
                lede_pair_words_find(&maker->pair_words, lede_span_text(name));
            if (second == 0 ||
                of[j].position !=
                    of[i].position + (of[i].form == FORMS - 1 ? 2u : 1u)) {
                continue;
            }
            *all = realloc(*all, (*found + 1) * sizeof **all);
            if (*all == NULL) {
                abort();
            }
            (*all)[*found] =
                (meeting){first - 1, second - 1, of[i].entry, of[i].field};
            (*found)++;
        }
    }
}

/* Every two occurrences of an entry are looked at. */
static lede_status write_pairs(making *maker, lede_segment_writer *writer,
                               lede_error *err)
{
    size_t count = maker->occurrence_count, found = 0;
    occurrence *sorted = malloc((count + 1) * sizeof *sorted);
    meeting *all = NULL;
    lede_status status =
        lede_segment_writer_put_pair_words(writer, &maker->pair_words, err);

    if (sorted == NULL) {
        abort();
    }
    memcpy(sorted, maker->occurrences, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_entry);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i; end < count && sorted[end].entry == sorted[i].entry;) {
            end++;
        }
        find_meetings(maker, sorted + i, end - i, &all, &found);
    }
    if (found > 0) {
        qsort(all, found, sizeof *all, compare_meetings);
    }
    for (size_t i = 0; i < found && status == LEDE_OK; i++) {
        bool is_first = i == 0 || all[i - 1].first != all[i].first ||
                        all[i - 1].second != all[i].second;
        uint8_t name[LEDE_PAIR_TERM_BYTES];
        lede_posting posting = {
            .entry = all[i].entry,
            .frequency = 1,
            .length = lede_length_encode(maker->lengths[all[i].entry]),
            .fields = (uint8_t)(1u << all[i].field)};

        if (is_first) {
            status = lede_segment_writer_begin_term(
                writer,
                lede_pair_term(maker->pair_words.words[all[i].first],
                               maker->pair_words.words[all[i].second], name),
                NULL, 0, err);
        }
        while (i + 1 < found && compare_meetings(&all[i], &all[i + 1]) == 0) {
            i++;
            posting.fields |= (uint8_t)(1u << all[i].field);
        }
        if (status == LEDE_OK) {
            status = lede_segment_writer_put_posting(writer, &posting, err);
        }
        if (status == LEDE_OK &&
            (i + 1 == found || all[i + 1].first != all[i].first ||
             all[i + 1].second != all[i].second)) {
            status = lede_segment_writer_end_term(writer, err);
        }
    }
    free(sorted);
    free(all);
    return status;
}

static lede_status write_term(making *maker, lede_segment_writer *writer,
                              const occurrence *first, size_t count,
                              lede_error *err)
{
    lede_form forms[FORMS];
    char names[3][16];
    char name[32];
    size_t len = term_name(maker, first->term, name);
    uint32_t form_count =
        first->term < KINDS
            ? first->term == SECTIONS
            : make_forms((first->term - KINDS) % maker->options->words, forms,
                         names);
    lede_status status;

    if (first->term == SECTIONS) {
        forms[0] = (lede_form){.word = lede_span_of(name, len), .width = 1};
    }
    if (first->term >= KINDS && first->term < KINDS + maker->options->words) {
        form_count = 1;
    }
    status = lede_segment_writer_begin_term(writer, lede_span_of(name, len),
                                            forms, form_count, err);
    for (size_t i = 0; i < count && status == LEDE_OK;) {
        size_t end = i;

        while (end < count && first[end].entry == first[i].entry) {
            end++;
        }
        status = write_posting(maker, writer, first + i, end - i, err);
        i = end;
    }
    return status == LEDE_OK ? lede_segment_writer_end_term(writer, err)
                             : status;
}

/* Told by the key, so that archives are what they were; whole segments have
 * none. */
static int64_t updated_of(const making *maker, const row *r)
{
    int64_t later = (int64_t)(r->key >> 8) % 40;

    return r->time == LEDE_INSTANT_NONE || maker->rows[0].key % 4 == 0
               ? LEDE_INSTANT_NONE
           : r->key % 3 == 0 ? r->time + RANDOM_ARCHIVE_STEP * later / 4
                             : LEDE_INSTANT_NONE;
}

static lede_status write_rows(making *maker, lede_segment_writer *writer,
                              lede_error *err)
{
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < maker->count && status == LEDE_OK; i++) {
        lede_segment_row out = {.source = lede_span_text("test")};

        out.columns[LEDE_COLUMN_TIME] = maker->rows[i].time;
        out.columns[LEDE_COLUMN_TRUST] = maker->rows[i].trusted;
        out.columns[LEDE_COLUMN_KEY] = (int64_t)maker->rows[i].key;
        out.columns[LEDE_COLUMN_KIND] =
            i % 5 == 0 ? LEDE_KIND_MESSAGE : LEDE_KIND_ARTICLE;
        out.columns[LEDE_COLUMN_LANGUAGE] = LEDE_LANGUAGE_ENGLISH;
        out.columns[LEDE_COLUMN_LENGTH] = maker->lengths[i];
        out.columns[LEDE_COLUMN_UPDATED] =
            lede_updated_encode(updated_of(maker, &maker->rows[i]));
        for (unsigned field = 0; field < LEDE_DEFAULT_FIELDS; field++) {
            out.columns[(unsigned)LEDE_COLUMN_END_HEADLINE + field] =
                maker->ends[i][field];
        }
        status = lede_segment_writer_put_row(writer, &out, err);
    }
    return status;
}

static lede_status write_records(making *maker, lede_segment_writer *writer,
                                 lede_error *err)
{
    lede_status status = LEDE_OK;
    lede_buf record = {0};

    for (uint32_t i = 0; i < maker->count && status == LEDE_OK; i++) {
        lede_entry entry;

        lede_entry_init(&entry);
        entry.key = maker->rows[i].key;
        entry.headline = lede_span_text("By chance");
        lede_buf_clear(&record);
        lede_record_encode(&entry, &record);
        status = lede_segment_writer_put_record(writer, i,
                                                lede_buf_span(&record), err);
    }
    lede_buf_done(&record);
    return status;
}

static lede_status write_date(making *maker, lede_segment_writer *writer,
                              const char *date, lede_error *err)
{
    char name[sizeof LEDE_TERM_DATE + sizeof maker->rows[0].date];
    lede_status status;

    snprintf(name, sizeof name, LEDE_TERM_DATE "%s", date);
    status = lede_segment_writer_begin_term(writer, lede_span_text(name), NULL,
                                            0, err);
    for (uint32_t i = 0; i < maker->count && status == LEDE_OK; i++) {
        lede_posting posting = {.entry = i,
                                .frequency = 1,
                                .length =
                                    lede_length_encode(maker->lengths[i])};

        if (strcmp(maker->rows[i].date, date) == 0) {
            status = lede_segment_writer_put_posting(writer, &posting, err);
        }
    }
    return status == LEDE_OK ? lede_segment_writer_end_term(writer, err)
                             : status;
}

static int compare_dates(const void *left, const void *right)
{
    return strcmp(left, right);
}

static lede_status write_dates(making *maker, lede_segment_writer *writer,
                               lede_error *err)
{
    char(*dates)[12] = calloc(maker->count, sizeof *dates);
    lede_status status = LEDE_OK;

    if (dates == NULL) {
        abort();
    }
    for (uint32_t i = 0; i < maker->count; i++) {
        memcpy(dates[i], maker->rows[i].date, sizeof *dates);
    }
    qsort(dates, maker->count, sizeof *dates, compare_dates);
    for (uint32_t i = 0; i < maker->count && status == LEDE_OK; i++) {
        if (dates[i][0] != 0 &&
            (i == 0 || strcmp(dates[i], dates[i - 1]) != 0)) {
            status = write_date(maker, writer, dates[i], err);
        }
    }
    free(dates);
    return status;
}

static lede_status write_segment(making *maker, lede_segment_writer *writer,
                                 uint32_t *id, lede_error *err)
{
    lede_status status = write_rows(maker, writer, err);

    if (status == LEDE_OK && maker->options->pairs > 0 &&
        random_below(&maker->state, 4) > 0) {
        status = write_pairs(maker, writer, err);
    }
    if (status == LEDE_OK) {
        status = write_dates(maker, writer, err);
    }
    for (size_t i = 0; i < maker->occurrence_count && status == LEDE_OK;) {
        size_t end = i;

        while (end < maker->occurrence_count &&
               maker->occurrences[end].term == maker->occurrences[i].term) {
            end++;
        }
        status =
            write_term(maker, writer, maker->occurrences + i, end - i, err);
        i = end;
    }
    if (status == LEDE_OK) {
        status = write_records(maker, writer, err);
    }
    return status == LEDE_OK ? lede_segment_writer_finish(writer, id, err)
                             : status;
}

static lede_status make_segment(making *maker, lede_writer *writer,
                                uint32_t segment, uint32_t *id, lede_error *err)
{
    lede_segment_writer *out = NULL;
    lede_status status;

    maker->count = maker->options->entries -
                   random_below(&maker->state, maker->options->entries / 2 + 1);
    maker->rows = calloc(maker->count, sizeof *maker->rows);
    maker->ends = calloc(maker->count, sizeof *maker->ends);
    maker->lengths = calloc(maker->count, sizeof *maker->lengths);
    maker->occurrence_count = 0;
    if (maker->rows == NULL || maker->ends == NULL || maker->lengths == NULL) {
        abort();
    }
    make_rows(maker, segment);
    for (uint32_t i = 0; i < maker->count; i++) {
        make_entry(maker, i);
    }
    qsort(maker->occurrences, maker->occurrence_count,
          sizeof *maker->occurrences, compare_occurrences);
    status = lede_segment_writer_new(writer, maker->count, &out, err);
    if (status == LEDE_OK) {
        status = write_segment(maker, out, id, err);
    }
    lede_segment_writer_free(out);
    free(maker->rows);
    free(maker->ends);
    free(maker->lengths);
    return status;
}

/* --- Archives
 * ------------------------------------------------------------------- */

static lede_status fill(const random_archive_options *options,
                        lede_writer *writer, lede_error *err)
{
    making maker = {.options = options, .state = options->seed};
    uint32_t *ids = calloc(options->segments, sizeof *ids);
    lede_deletion *deletions = NULL;
    uint32_t deletion_count = 0;
    lede_publish change = {.added = ids, .added_count = options->segments};
    lede_status status = LEDE_OK;

    if (options->pairs > 0) {
        choose_pair_words(&maker);
    }
    for (uint32_t i = 0; i < options->segments && status == LEDE_OK; i++) {
        status = make_segment(&maker, writer, i, &ids[i], err);
        deletions = realloc(deletions, (deletion_count + maker.count + 1) *
                                           sizeof *deletions);
        if (deletions == NULL) {
            abort();
        }
        for (uint32_t entry = 0; options->deleted != 0 && entry < maker.count;
             entry++) {
            if (random_below(&maker.state, options->deleted) == 0) {
                deletions[deletion_count] = (lede_deletion){ids[i], entry};
                deletion_count++;
            }
        }
    }
    change.deletions = deletions;
    change.deletion_count = deletion_count;
    change.now =
        RANDOM_ARCHIVE_EPOCH +
        (int64_t)RANDOM_ARCHIVE_STEP * (options->times + options->segments + 1);
    if (status == LEDE_OK) {
        status = lede_writer_publish(writer, &change, err);
    }
    free(maker.occurrences);
    lede_buf_done(&maker.pair_bytes);
    free(deletions);
    free(ids);
    return status;
}

lede_status random_archive_make(const random_archive_options *options,
                                char *directory, lede_archive **out,
                                lede_error *err)
{
    const char *base = getenv("TMPDIR");
    lede_archive_options how = {.create = true, .map_bytes = 1u << 30};
    lede_writer *writer = NULL;
    lede_status status;

    snprintf(directory, 256, "%s/lede-random-XXXXXX",
             base != NULL && strlen(base) < 200 ? base : "/tmp");
    if (mkdtemp(directory) == NULL) {
        return lede_fail(err, LEDE_IO, "no temporary directory");
    }
    status = lede_archive_open(directory, &how, out, err);
    if (status != LEDE_OK) {
        return status;
    }
    status = lede_writer_open(*out, 0, &writer, err);
    if (status == LEDE_OK) {
        status = fill(options, writer, err);
    }
    lede_writer_close(writer);
    return status;
}

void random_archive_remove(lede_archive *archive, const char *directory)
{
    DIR *dir;
    struct dirent *item;

    lede_archive_close(archive);
    dir = opendir(directory);
    while (dir != NULL && (item = readdir(dir)) != NULL) {
        char path[512];

        if (item->d_name[0] != '.' &&
            snprintf(path, sizeof path, "%s/%s", directory, item->d_name) <
                (int)sizeof path) {
            unlink(path);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    rmdir(directory);
}
