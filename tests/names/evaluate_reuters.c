/* evaluate_reuters.c - which countries and people of the tags are found?
 *
 *     evaluate_reuters MODEL TABLE MIN_PLACES MIN_PEOPLE MIN_HEADLINES
 *                      FILE.sgm... [--errors]
 *
 * The stories of Reuters-21578 carry the countries and the people that they are
 * about. Printed is how many of those the linker finds named (recall, in
 * percent): a country, or a place in it; a person by the tag's last word. Tags
 * of people whose last word is not in the text do not count. The titles are in
 * capitals: of the people found in those with a text below, printed is how many
 * have names that the text has with capitals, too (precision). With minima it
 * fails below them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "names/link.h"
#include "names/variants.h"

enum { MAX_FOUND = 512 };

typedef struct tally {
    size_t found, wanted;
} tally;

typedef struct story {
    lede_recognizer *recognizer;
    lede_linker *linker;
    const lede_gazetteer *gazetteer;
    lede_buf parts[3];                      /* title, dateline, body */
    lede_place_number countries[MAX_FOUND]; /* or areas */
    size_t country_count;
    lede_buf people; /* keys, each between line ends */
    tally headlines; /* all people in them, by what the text says */
} story;

static bool errors;

static bool read_file(const char *path, lede_buf *out)
{
    FILE *file = fopen(path, "rb");
    char piece[65536];
    size_t len;

    lede_buf_clear(out);
    if (file == NULL) {
        return false;
    }
    while ((len = fread(piece, 1, sizeof piece, file)) > 0) {
        lede_buf_put(out, piece, len);
    }
    fclose(file);
    return !out->failed;
}

static const char *find(const char *from, const char *end, const char *what)
{
    size_t len = strlen(what);

    for (; from != NULL && from + len <= end; from++) {
        if (*from == *what && memcmp(from, what, len) == 0) {
            return from;
        }
    }
    return NULL;
}

static lede_span element(const char *from, const char *end, const char *name)
{
    char open[32];
    char close[32];
    const char *begin;
    const char *stop;

    snprintf(open, sizeof open, "<%s>", name);
    snprintf(close, sizeof close, "</%s>", name);
    begin = find(from, end, open);
    stop = begin == NULL ? NULL : find(begin, end, close);
    if (stop == NULL) {
        return lede_span_of(NULL, 0);
    }
    begin += strlen(open);
    return lede_span_of(begin, (size_t)(stop - begin));
}

static void decode(lede_span in, lede_buf *out)
{
    size_t at = 0;

    lede_buf_clear(out);
    while (at < in.len) {
        lede_span rest = lede_span_part(in, at, 8);

        if (lede_span_starts(rest, "&lt;")) {
            lede_buf_put_byte(out, '<');
            at += 4;
        } else if (lede_span_starts(rest, "&amp;")) {
            lede_buf_put_byte(out, '&');
            at += 5;
        } else if (lede_span_starts(rest, "&#")) {
            while (at < in.len && in.bytes[at] != ';') {
                at++;
            }
            at++;
        } else if (in.bytes[at] == '\n' && at + 1 < in.len &&
                   in.bytes[at + 1] != ' ') {
            /* Lines are cut at 65 characters; paragraphs are indented. */
            lede_buf_put_byte(out, ' ');
            at++;
        } else {
            lede_buf_put_byte(out, in.bytes[at++]);
        }
    }
}

static void note_country(story *s, lede_place_number place)
{
    lede_place_facts facts;

    if (place == LEDE_PLACE_NONE || s->country_count == MAX_FOUND) {
        return;
    }
    lede_gazetteer_get(s->gazetteer, place, &facts);
    s->countries[s->country_count++] =
        facts.country_place != LEDE_PLACE_NONE ? facts.country_place : place;
    if (facts.kind == LEDE_PLACE_AREA && s->country_count < MAX_FOUND) {
        s->countries[s->country_count++] = place;
    }
}

static bool is_letter(uint8_t byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
           byte >= 0x80;
}

/* Whether a text has the word with a capital. */
static bool has_capital_word(lede_span text, lede_span word)
{
    size_t at;

    for (at = 0; at + word.len <= text.len; at++) {
        size_t i;

        for (i = 0;
             i < word.len && (text.bytes[at + i] | 32) == (word.bytes[i] | 32);
             i++) {
        }
        if (i == word.len && text.bytes[at] >= 'A' && text.bytes[at] <= 'Z' &&
            (at == 0 || !is_letter(text.bytes[at - 1])) &&
            (at + i == text.len || !is_letter(text.bytes[at + i]))) {
            return true;
        }
    }
    return false;
}

/* Whether the text below has all words of a headline's name with capitals. */
static bool is_borne_out(lede_span text, lede_span name)
{
    size_t at = 0;
    size_t end;

    for (; at < name.len; at = end + (end == at)) {
        for (end = at; end < name.len && is_letter(name.bytes[end]); end++) {
        }
        if (end > at &&
            !has_capital_word(text, lede_span_part(name, at, end - at))) {
            return false;
        }
    }
    return true;
}

static void judge_headline(story *s, const lede_entity *person)
{
    enum { TEXT_ENOUGH = 200 }; /* bytes */
    lede_span text = lede_buf_span(&s->parts[2]);

    if (!person->in_headline || text.len < TEXT_ENOUGH) {
        return;
    }
    s->headlines.wanted++;
    if (is_borne_out(text, person->name)) {
        s->headlines.found++;
    } else if (errors) {
        printf("headline\t%.*s\t%.60s\n", (int)person->name.len,
               (const char *)person->name.bytes, lede_buf_text(&s->parts[0]));
    }
}

static void read_names(story *s)
{
    lede_name_text texts[3] = {
        {lede_buf_span(&s->parts[0]), LEDE_NAME_TEXT_HEADLINE},
        {lede_buf_span(&s->parts[1]), LEDE_NAME_TEXT_DATELINE},
        {lede_buf_span(&s->parts[2]), LEDE_NAME_TEXT_BODY}};
    const lede_mention *mentions;
    const lede_entity *entities;
    const uint32_t *entity_of;
    size_t mention_count;
    size_t count;
    size_t i;

    s->country_count = 0;
    lede_buf_clear(&s->people);
    if (lede_recognizer_read(s->recognizer, texts, 3, &mentions, &mention_count,
                             NULL) != LEDE_OK ||
        lede_linker_link(s->linker, texts, 3, mentions, mention_count, NULL,
                         &entities, &count, &entity_of, NULL) != LEDE_OK) {
        exit(2);
    }
    lede_buf_put_byte(&s->people, ' ');
    for (i = 0; i < count; i++) {
        if (entities[i].kind == LEDE_NAME_PERSON) {
            lede_person_key(entities[i].name, &s->people);
            lede_buf_put_byte(&s->people, ' ');
            judge_headline(s, &entities[i]);
        } else if (entities[i].state != LEDE_PLACE_UNRESOLVED) {
            note_country(s, entities[i].candidates[0]);
        }
    }
}

/* The country, or former one, that a tag means. */
static lede_place_number place_of_tag(const story *s, lede_span tag)
{
    lede_place_number found[8];
    lede_place_facts facts;
    size_t count = lede_gazetteer_find(s->gazetteer, tag, found, 8);
    size_t i;

    for (i = 0; i < count; i++) {
        lede_gazetteer_get(s->gazetteer, found[i], &facts);
        if (facts.kind == LEDE_PLACE_COUNTRY || facts.kind == LEDE_PLACE_AREA) {
            return found[i];
        }
    }
    return LEDE_PLACE_NONE;
}

static void judge_place(const story *s, lede_span tag, tally *places)
{
    lede_place_number wanted = place_of_tag(s, tag);
    size_t i;

    if (wanted == LEDE_PLACE_NONE) {
        if (errors) {
            printf("no place\t%.*s\n", (int)tag.len, (const char *)tag.bytes);
        }
        return;
    }
    places->wanted++;
    for (i = 0; i < s->country_count; i++) {
        if (s->countries[i] == wanted) {
            places->found++;
            return;
        }
    }
    if (errors) {
        printf("place\t%.*s\t%.60s\n", (int)tag.len, (const char *)tag.bytes,
               lede_buf_text((lede_buf *)&s->parts[0]));
    }
}

/* Whether the words of a text have one, in any case. */
static bool has_word(lede_span text, lede_span word)
{
    size_t at;

    for (at = 0; at + word.len <= text.len; at++) {
        size_t i;

        for (i = 0; i < word.len && (text.bytes[at + i] | 32) == word.bytes[i];
             i++) {
        }
        if (i == word.len) {
            return true;
        }
    }
    return false;
}

static void judge_person(const story *s, lede_span tag, tally *people)
{
    char wanted[128];
    size_t begin = tag.len;

    while (begin > 0 && tag.bytes[begin - 1] != '-') {
        begin--;
    }
    tag = lede_span_part(tag, begin, SIZE_MAX);
    if (!has_word(lede_buf_span(&s->parts[0]), tag) &&
        !has_word(lede_buf_span(&s->parts[2]), tag)) {
        return;
    }
    people->wanted++;
    snprintf(wanted, sizeof wanted, " %.*s ", (int)tag.len,
             (const char *)tag.bytes);
    if (strstr(lede_buf_text((lede_buf *)&s->people), wanted) != NULL) {
        people->found++;
    } else if (errors) {
        printf("person\t%.*s\t%.60s\n", (int)tag.len, (const char *)tag.bytes,
               lede_buf_text((lede_buf *)&s->parts[0]));
    }
}

static void judge_tags(const story *s, lede_span tags, tally *all,
                       void (*judge)(const story *, lede_span, tally *))
{
    const char *at = (const char *)tags.bytes;
    const char *end = at + tags.len;

    while (tags.len > 0) {
        lede_span tag = element(at, end, "D");

        if (tag.bytes == NULL) {
            break;
        }
        judge(s, tag, all);
        at = (const char *)tag.bytes + tag.len;
    }
}

static void judge_story(story *s, const char *from, const char *end,
                        tally *places, tally *people)
{
    lede_span tagged = element(from, end, "PLACES");
    lede_span named = element(from, end, "PEOPLE");

    if (tagged.len == 0 && named.len == 0) {
        return;
    }
    decode(element(from, end, "TITLE"), &s->parts[0]);
    decode(element(from, end, "DATELINE"), &s->parts[1]);
    decode(element(from, end, "BODY"), &s->parts[2]);
    read_names(s);
    judge_tags(s, tagged, places, judge_place);
    judge_tags(s, named, people, judge_person);
}

static double show(const char *what, const tally *all)
{
    double recall =
        all->wanted == 0 ? 0 : 100.0 * (double)all->found / (double)all->wanted;

    printf("%s: %zu of %zu, %.1f %%\n", what, all->found, all->wanted, recall);
    return recall;
}

int main(int argc, char **argv)
{
    lede_name_model *model = NULL;
    lede_gazetteer *gazetteer = NULL;
    lede_error err = {0};
    lede_buf file = {0};
    story s = {0};
    tally places = {0};
    tally people = {0};
    double place_recall;
    double person_recall;
    double headline_precision;
    int i;

    errors = argc > 1 && strcmp(argv[argc - 1], "--errors") == 0;
    if (argc < 7 || lede_name_model_open(argv[1], &model, &err) != LEDE_OK ||
        lede_gazetteer_open(argv[2], &gazetteer, &err) != LEDE_OK ||
        (s.recognizer = lede_recognizer_new(model)) == NULL ||
        (s.linker = lede_linker_new(gazetteer)) == NULL) {
        fprintf(stderr,
                "evaluate_reuters MODEL TABLE MIN_PLACES MIN_PEOPLE "
                "MIN_HEADLINES FILE... [--errors]\n%s\n",
                err.message);
        return 2;
    }
    s.gazetteer = gazetteer;
    for (i = 6; i < argc - errors; i++) {
        const char *at;
        const char *end;

        if (!read_file(argv[i], &file)) {
            return 2;
        }
        at = (const char *)file.bytes;
        end = at + file.len;
        while ((at = find(at, end, "<REUTERS ")) != NULL) {
            const char *stop = find(at, end, "</REUTERS>");

            stop = stop == NULL ? end : stop;
            judge_story(&s, at, stop, &places, &people);
            at = stop;
        }
    }
    place_recall = show("countries", &places);
    person_recall = show("people", &people);
    headline_precision = show("people of headlines borne out", &s.headlines);
    for (i = 0; i < 3; i++) {
        lede_buf_done(&s.parts[i]);
    }
    lede_buf_done(&s.people);
    lede_buf_done(&file);
    lede_linker_free(s.linker);
    lede_recognizer_free(s.recognizer);
    lede_gazetteer_close(gazetteer);
    lede_name_model_free(model);
    return place_recall < atof(argv[3]) || person_recall < atof(argv[4]) ||
           headline_precision < atof(argv[5]);
}
