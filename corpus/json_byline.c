#include "corpus/json_byline.h"

#include <string.h>

#include "corpus/json_fields.h"
#include "corpus/live_bylines.h"
#include "corpus/markup.h"
#include "corpus/text_match.h"

static bool equals_ignoring_case(const uint8_t *p, const char *lower,
                                 size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        uint8_t c = p[i];

        if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != (uint8_t)lower[i]) {
            return false;
        }
    }
    return true;
}

static bool starts_ignoring_case(lede_span text, const char *lower)
{
    size_t len = strlen(lower);

    return text.len >= len && equals_ignoring_case(text.bytes, lower, len);
}

static size_t count_words(lede_span text)
{
    size_t count = 0;
    size_t i;

    for (i = 0; i < text.len; i++) {
        count += text.bytes[i] != ' ' && (i == 0 || text.bytes[i - 1] == ' ');
    }
    return count;
}

static bool is_url(lede_span text)
{
    return starts_ignoring_case(text, "http://") ||
           starts_ignoring_case(text, "https://") ||
           starts_ignoring_case(text, "www.");
}

/* "Ann Lee in Paris": where a byline says so and nothing else does. */
static void split_place(lede_span *name, lede_span *location)
{
    size_t at = lede_match_find_last(*name, " in ");
    lede_span place;

    if (at == LEDE_MATCH_NONE || location->len > 0) {
        return;
    }
    place = lede_span_trim(lede_span_part(*name, at + 4, name->len));
    if (lede_byline_is_name(lede_span_part(*name, 0, at)) &&
        lede_byline_is_name(place)) {
        *location = place;
        *name = lede_span_part(*name, 0, at);
    }
}

static lede_status put_author(lede_json_byline *byline, lede_span name,
                              lede_span role, lede_span location,
                              lede_error *err)
{
    lede_author *author;
    uint32_t i;

    name = lede_span_trim(name);
    split_place(&name, &location);
    if (name.len == 0 || is_url(name) ||
        byline->count == LEDE_JSON_AUTHORS_MAX) {
        return LEDE_OK;
    }
    for (i = 0; i < byline->count; i++) {
        if (lede_span_equal(byline->authors[i].name, name)) {
            return LEDE_OK;
        }
    }
    if (byline->count == byline->room) {
        uint32_t room = byline->room == 0 ? 2 : byline->room * 2;
        lede_author *more = lede_arena_array(byline->arena, room, sizeof *more);

        if (more == NULL) {
            return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
        }
        if (byline->count > 0) {
            memcpy(more, byline->authors, byline->count * sizeof *more);
        }
        byline->authors = more;
        byline->room = room;
    }
    author = &byline->authors[byline->count++];
    author->name = name;
    author->role = role;
    author->location = location;
    return LEDE_OK;
}

/* A news agency behind a name: "Ann Lee, Reuters", "Ann Lee/TT". */
static bool is_agency(lede_span text)
{
    static const char *const agencies[] = {
        "reuters",      "ap",       "associated press",
        "afp",          "dpa",      "upi",
        "ansa",         "efe",      "tass",
        "itar-tass",    "pa",       "aap",
        "ntb",          "tt",       "apa",
        "stt",          "anp",      "belga",
        "ritzau",       "kyodo",    "xinhua",
        "pti",          "ani",      "ians",
        "bloomberg",    "interfax", "sda",
        "keystone-sda", "epd",      "kna",
        "sid",          "mti",      "pap",
        "ctk",          "lusa",     "ukrinform",
        "yonhap",       "antara",   "bernama"};
    size_t i;

    text = lede_span_trim(text);
    for (i = 0; i < sizeof agencies / sizeof agencies[0]; i++) {
        if (lede_match_is(text, agencies[i])) {
            return true;
        }
    }
    return false;
}

/* The bytes of what parts two names at `at`, 0 if nothing does. A comma does
 * only between full names: "Howard, John" is one. */
static size_t parting_at(lede_span line, size_t begin, size_t at)
{
    lede_span rest = lede_span_part(line, at, line.len);
    lede_span after;
    size_t end;

    if (rest.bytes[0] == ';' || rest.bytes[0] == '|') {
        return 1;
    }
    if (starts_ignoring_case(rest, " and ") ||
        lede_span_starts(rest, " und ")) {
        return 5;
    }
    if ((rest.bytes[0] == ',' || rest.bytes[0] == '/') &&
        count_words(lede_span_part(line, begin, at - begin)) >= 2 &&
        is_agency(lede_span_part(rest, 1, rest.len))) {
        return 1;
    }
    if (lede_span_starts(rest, " & ")) {
        return 3;
    }
    if (rest.bytes[0] != ',') {
        return 0;
    }
    if (starts_ignoring_case(rest, ", and ")) {
        return 6;
    }
    for (end = 1; end < rest.len && rest.bytes[end] != ','; end++) {
        if (starts_ignoring_case(lede_span_part(rest, end, rest.len),
                                 " and ")) {
            break;
        }
    }
    after = lede_span_trim(lede_span_part(rest, 1, end - 1));
    return count_words(lede_span_part(line, begin, at - begin)) >= 2 &&
                   count_words(after) >= 2
               ? 1
               : 0;
}

/* "Von Ann Lee", as German papers write it; "Von der Leyen" and "Von Trier" are
 * names. */
static lede_span without_von(lede_span line)
{
    lede_span rest = lede_span_part(line, 4, line.len);
    size_t space = lede_match_find(rest, 0, " ");

    if (!lede_span_starts(line, "Von ") || space == LEDE_MATCH_NONE ||
        space == 0 || rest.bytes[space - 1] == ',' ||
        starts_ignoring_case(rest, "der ") ||
        starts_ignoring_case(rest, "den ")) {
        return line;
    }
    return lede_span_trim(rest);
}

lede_status lede_json_byline_add(lede_json_byline *byline, lede_span line,
                                 lede_span role, lede_span location,
                                 lede_error *err)
{
    lede_status status = LEDE_OK;
    bool failed = false;
    size_t begin = 0;
    size_t at = 0;

    line = lede_markup_line(line, byline->arena, &failed);
    if (failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    if (starts_ignoring_case(line, "by ")) {
        line = lede_span_trim(lede_span_part(line, 3, line.len));
    }
    line = without_von(line);
    if (is_url(line) || line.len > 2000) {
        return LEDE_OK;
    }
    while (at < line.len && status == LEDE_OK) {
        size_t len = parting_at(line, begin, at);

        if (len == 0) {
            at++;
            continue;
        }
        status = put_author(byline, lede_span_part(line, begin, at - begin),
                            role, location, err);
        at += len;
        begin = at;
    }
    if (status == LEDE_OK) {
        status = put_author(byline, lede_span_part(line, begin, line.len), role,
                            location, err);
    }
    return status;
}

/* An object's members. */
typedef struct person {
    lede_span name, first, last, role, location;
} person;

typedef struct person_key {
    const char *key;
    size_t offset;
} person_key;

static const person_key person_keys[] = {
    {"name", offsetof(person, name)},
    {"fullname", offsetof(person, name)},
    {"displayname", offsetof(person, name)},
    {"webtitle", offsetof(person, name)},
    {"original", offsetof(person, name)},
    {"firstname", offsetof(person, first)},
    {"givenname", offsetof(person, first)},
    {"lastname", offsetof(person, last)},
    {"familyname", offsetof(person, last)},
    {"jobtitle", offsetof(person, role)},
    {"role", offsetof(person, role)},
    {"title", offsetof(person, role)},
    {"position", offsetof(person, role)},
    {"location", offsetof(person, location)},
};

static lede_span *person_field(person *who, lede_span key)
{
    char folded[LEDE_JSON_KEY_MAX_BYTES];
    size_t len = lede_json_key_fold(key, folded);
    size_t i;

    for (i = 0; i < sizeof person_keys / sizeof person_keys[0]; i++) {
        if (lede_span_is(lede_span_of(folded, len), person_keys[i].key)) {
            return (lede_span *)(void *)((char *)who + person_keys[i].offset);
        }
    }
    return NULL;
}

static bool is_list_of_people(lede_span key)
{
    char folded[LEDE_JSON_KEY_MAX_BYTES];
    size_t len = lede_json_key_fold(key, folded);
    lede_span name = lede_span_of(folded, len);

    return lede_span_is(name, "name") || lede_span_is(name, "person") ||
           lede_span_is(name, "authors") || lede_span_is(name, "names");
}

static lede_status put_person(lede_json_byline *byline, const person *who,
                              lede_error *err)
{
    lede_buf buf = {0};
    lede_span name;

    if (who->name.len > 0) {
        return lede_json_byline_add(byline, who->name, who->role, who->location,
                                    err);
    }
    if (who->first.len == 0 && who->last.len == 0) {
        return LEDE_OK;
    }
    lede_buf_put_span(&buf, who->first);
    lede_buf_put_text(&buf, " ");
    lede_buf_put_span(&buf, who->last);
    name = lede_arena_copy(byline->arena, lede_buf_span(&buf));
    if (buf.failed || name.bytes == NULL) {
        lede_buf_done(&buf);
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    lede_buf_done(&buf);
    return put_author(byline, name, who->role, who->location, err);
}

static bool is_open(const lede_json_token *token)
{
    return token->type == LEDE_JSON_OBJECT || token->type == LEDE_JSON_ARRAY;
}

static lede_status read_object(lede_json_byline *byline, lede_error *err)
{
    person who = {0};
    lede_json_token token;
    lede_status status;

    while ((status = lede_json_next(byline->json, &token, err)) == LEDE_OK &&
           token.type == LEDE_JSON_KEY) {
        lede_span key = token.text;
        lede_span *field = person_field(&who, key);

        status = lede_json_next(byline->json, &token, err);
        if (status != LEDE_OK) {
            break;
        }
        if (is_open(&token)) {
            status = is_list_of_people(key)
                         ? lede_json_byline_read(byline, &token, err)
                         : lede_json_skip(byline->json, err);
        } else if (token.type == LEDE_JSON_STRING && field != NULL &&
                   field->len == 0) {
            *field = token.text;
        }
        if (status != LEDE_OK) {
            break;
        }
    }
    return status == LEDE_OK ? put_person(byline, &who, err) : status;
}

lede_status lede_json_byline_read(lede_json_byline *byline,
                                  const lede_json_token *token, lede_error *err)
{
    const lede_span none = {NULL, 0};
    lede_json_token inner;
    lede_status status;

    if (token->type == LEDE_JSON_STRING) {
        return lede_json_byline_add(byline, token->text, none, none, err);
    }
    if (token->type == LEDE_JSON_OBJECT) {
        return read_object(byline, err);
    }
    if (token->type != LEDE_JSON_ARRAY) {
        return LEDE_OK;
    }
    while ((status = lede_json_next(byline->json, &inner, err)) == LEDE_OK &&
           inner.type != LEDE_JSON_ARRAY_END) {
        status = lede_json_byline_read(byline, &inner, err);
        if (status != LEDE_OK) {
            break;
        }
    }
    return status;
}
