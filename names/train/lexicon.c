#include "names/train/lexicon.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names/train/plain.h"
#include "names/train/subject.h"

enum {
    MAX_FIELDS = 32,
    LARGE_PLACE = 15000,
    /* Towns smaller than this give their own name only. */
    ALTERNATES_FROM = 5000
};

static void add(lexicon *self, lede_span name, lede_known known)
{
    lede_word words[LEDE_PHRASE_MAX_WORDS + 1];
    size_t at = 0;
    size_t count;
    uint32_t phrase = 0;
    size_t i;

    name = lede_span_trim(name);
    count = lede_words_read(name, 0, &at, words, LEDE_PHRASE_MAX_WORDS + 1);
    if (name.len < 2 || count == 0 || count > LEDE_PHRASE_MAX_WORDS) {
        return;
    }
    for (i = 0; i < count; i++) {
        phrase = lede_phrase_hash(phrase, words[i].low);
    }
    if ((lede_filter_get(self->filter, LEXICON_LINES - 1, phrase) >> known &
         1) == 0) {
        lede_filter_put(self->filter, LEXICON_LINES - 1, phrase, known);
        self->counts[known]++;
    }
}

/* Names in Latin letters, with or without accents. */
static bool is_latin(lede_span name)
{
    size_t i;

    for (i = 0; i < name.len; i++) {
        if (name.bytes[i] >= 0xC8 &&
            !(name.bytes[i] == 0xE1 || name.bytes[i] == 0xE2)) {
            return false;
        }
    }
    return name.len > 0;
}

static bool is_name_like(lede_span name)
{
    return is_latin(name) && name.len >= 3 && name.bytes[0] >= 'A' &&
           !(name.bytes[0] >= 'a' && name.bytes[0] <= 'z') &&
           !(name.len == 3 && name.bytes[1] < 'a'); /* airport codes */
}

static size_t split(char *line, char separator, char **fields)
{
    size_t count = 1;

    fields[0] = line;
    for (; *line != '\0' && count < MAX_FIELDS; line++) {
        if (*line == separator) {
            *line = '\0';
            fields[count++] = line + 1;
        }
    }
    return count;
}

static void add_geonames(lexicon *self, char *line)
{
    char *fields[MAX_FIELDS];
    size_t count = split(line, '\t', fields);
    unsigned long people;
    lede_known known;
    char *alternate;

    if (count < 15) {
        return;
    }
    people = strtoul(fields[14], NULL, 10);
    known = people >= LARGE_PLACE ? LEDE_KNOWN_PLACE : LEDE_KNOWN_SMALL_PLACE;
    add(self, lede_span_text(fields[1]), known);
    add(self, lede_span_text(fields[2]), known);
    alternate = people >= ALTERNATES_FROM ? strtok(fields[3], ",") : NULL;
    for (; alternate != NULL; alternate = strtok(NULL, ",")) {
        if (is_name_like(lede_span_text(alternate))) {
            add(self, lede_span_text(alternate), known);
        }
    }
}

/* "name": "Escaldes-Engordany" */
static void add_json(lexicon *self, char *line)
{
    char *at = line;

    while ((at = strstr(at, "\"name\"")) != NULL) {
        char *begin = strchr(at + 6, '"');
        char *end = begin == NULL ? NULL : strchr(begin + 1, '"');

        if (end == NULL) {
            return;
        }
        add(self, lede_span_of(begin + 1, (size_t)(end - begin - 1)),
            LEDE_KNOWN_PLACE);
        at = end;
    }
}

static lede_status open_list(const char *path, FILE **file, lede_error *err)
{
    *file = fopen(path, "rb");
    return *file != NULL
               ? LEDE_OK
               : lede_fail(err, LEDE_IO, "%s: %s", path, strerror(errno));
}

lede_status lexicon_add_places(lexicon *self, const char *path, lede_error *err)
{
    FILE *file = NULL;
    char *line = NULL;
    size_t line_cap = 0;
    lede_status status = open_list(path, &file, err);

    while (status == LEDE_OK && getline(&line, &line_cap, file) > 0) {
        if (strchr(line, '\t') != NULL) {
            add_geonames(self, line);
        } else {
            add_json(self, line);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    free(line);
    return status;
}

lede_status lexicon_add_people(lexicon *self, const char *path,
                               lede_known known, size_t most, lede_error *err)
{
    FILE *file = NULL;
    char *line = NULL;
    size_t line_cap = 0;
    size_t columns[2] = {0, MAX_FIELDS};
    size_t lines = 0;
    lede_status status = open_list(path, &file, err);

    while (status == LEDE_OK && (most == 0 || lines < most) &&
           getline(&line, &line_cap, file) > 0) {
        bool csv = strchr(line, ',') != NULL;
        char *fields[MAX_FIELDS];
        size_t count;
        size_t i;

        line[strcspn(line, "\r\n")] = '\0';
        count = split(line, csv ? ',' : ' ', fields);
        for (i = 0; csv && lines == 0 && i < count; i++) {
            columns[0] =
                strcmp(fields[i], "Romanized Name") == 0 ? i : columns[0];
            columns[1] =
                strcmp(fields[i], "Localized Name") == 0 ? i : columns[1];
        }
        for (i = 0; i < 2 && !(csv && lines == 0); i++) {
            if (columns[i] < count) {
                add(self, lede_span_text(fields[columns[i]]), known);
            }
        }
        lines++;
    }
    if (file != NULL) {
        fclose(file);
    }
    free(line);
    return status;
}

static void add_subject(lexicon *self, lede_span name, subject_kind kind)
{
    size_t first = 0;
    size_t last = name.len;
    size_t blanks = 0;
    size_t i;

    if (!is_latin(name)) {
        return;
    }
    for (i = 0; i < name.len; i++) {
        if (name.bytes[i] == ' ') {
            first = blanks++ == 0 ? i : first;
            last = i + 1;
        }
    }
    if (kind == SUBJECT_PLACE && blanks < 4) {
        add(self, name, LEDE_KNOWN_SMALL_PLACE);
    } else if (kind == SUBJECT_PERSON && blanks > 0 && blanks < 3) {
        add(self, lede_span_part(name, 0, first), LEDE_KNOWN_FORENAME);
        add(self, lede_span_part(name, last, SIZE_MAX), LEDE_KNOWN_SURNAME);
    }
}

lede_status lexicon_add_subjects(lexicon *self, const char *path, size_t skip,
                                 lede_error *err)
{
    plain_reader reader;
    lede_status status = plain_open(&reader, path, err);
    lede_span text;
    size_t n;

    for (n = 0; status == LEDE_OK; n++) {
        status = plain_next(&reader, &text, err);
        if (status == LEDE_OK && n >= skip) {
            lede_span name =
                subject_name(lede_span_part(text, 0, reader.title_bytes));

            add_subject(
                self, name,
                subject_of(name, lede_span_part(text, reader.title_bytes + 1,
                                                SIZE_MAX)));
        }
    }
    plain_close(&reader);
    return status == LEDE_END ? LEDE_OK : status;
}
