#include "names/correction_lines.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "names/gazetteer.h"
#include "names/person.h"
#include "names/variants.h"

static const char *const verb_names[LEDE_CORRECTION_VERB_COUNT] = {
    "merge", "rename", "split", "hide", "add"};
static const char *const kind_names[LEDE_NAME_KIND_COUNT] = {"person", "place"};

/* ----- reading ----- */

typedef struct reader {
    lede_span text;
    size_t at;
    uint32_t number; /* of the line; 0 = it is in no file */
} reader;

static lede_status bad(const reader *in, lede_error *err, const char *what)
{
    return in->number == 0 ? lede_fail(err, LEDE_BAD_INPUT, "%s", what)
                           : lede_fail(err, LEDE_BAD_INPUT, "line %u: %s",
                                       in->number, what);
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

static void skip_blanks(reader *in)
{
    while (in->at < in->text.len && is_blank(in->text.bytes[in->at])) {
        in->at++;
    }
}

/* A word up to the next blank; empty at the end. */
static lede_span take_word(reader *in)
{
    size_t begin;

    skip_blanks(in);
    begin = in->at;
    while (in->at < in->text.len && !is_blank(in->text.bytes[in->at])) {
        in->at++;
    }
    return lede_span_part(in->text, begin, in->at - begin);
}

static lede_status take_quoted(reader *in, lede_arena *arena, lede_span *out,
                               lede_error *err)
{
    uint8_t name[LEDE_CORRECTION_NAME_BYTES];
    size_t len = 0;

    for (in->at++; in->at < in->text.len; in->at++) {
        uint8_t byte = in->text.bytes[in->at];

        if (byte == '"') {
            in->at++;
            if (lede_span_trim(lede_span_of(name, len)).len == 0) {
                return bad(in, err, "a name is empty");
            }
            *out = lede_arena_copy(arena, lede_span_of(name, len));
            return out->bytes == NULL
                       ? lede_fail(err, LEDE_NO_MEMORY,
                                   "no memory for the corrections")
                       : LEDE_OK;
        }
        if (byte == '\\') {
            in->at++;
            byte = in->at < in->text.len ? in->text.bytes[in->at] : '\0';
            if (byte != '"' && byte != '\\') {
                return bad(in, err, "behind \\ stands neither \" nor \\");
            }
        }
        if (len == sizeof name) {
            return bad(in, err, "a name is too long");
        }
        name[len++] = byte;
    }
    return bad(in, err, "the quotation mark behind a name is missing");
}

static bool is_place_id(lede_span word)
{
    return word.len >= 2 && word.len < LEDE_PLACE_ID_BYTES &&
           (word.bytes[1] == ':' ||
            (word.bytes[0] == 'g' && word.bytes[1] >= '0' &&
             word.bytes[1] <= '9'));
}

static bool parse_entry(lede_span word, uint64_t *out)
{
    size_t i;

    *out = 0;
    for (i = 0; i < word.len; i++) {
        uint8_t byte = word.bytes[i] | 32;
        int digit = word.bytes[i] >= '0' && word.bytes[i] <= '9'
                        ? word.bytes[i] - '0'
                    : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
                                                 : -1;

        if (digit < 0) {
            return false;
        }
        *out = *out << 4 | (uint64_t)digit;
    }
    return word.len == 16;
}

static int index_of(lede_span word, const char *const *names, int count)
{
    int i;

    for (i = 0; i < count && !lede_span_is(word, names[i]); i++) {
    }
    return i;
}

int lede_correction_entry_compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* How many names a verb takes at the least and at the most. */
static const struct bounds {
    size_t least, most;
} names_of_verb[LEDE_CORRECTION_VERB_COUNT] = {
    {2, LEDE_CORRECTION_MAX_NAMES}, {2, 2}, {2, 2}, {1, 1}, {1, 1}};

static const char *complaint(const lede_correction *c)
{
    if (c->name_count < names_of_verb[c->verb].least) {
        return names_of_verb[c->verb].least == 1
                   ? "a name is missing (\"...\", or a place's id)"
                   : "two names are needed";
    }
    if (c->name_count > names_of_verb[c->verb].most) {
        return "there are too many names";
    }
    if (c->verb == LEDE_CORRECTION_SPLIT && c->entry_count == 0) {
        return "split names the entries that move, by their keys of 16 digits";
    }
    if (c->verb != LEDE_CORRECTION_SPLIT && c->entry_count > 0) {
        return "entries are named by split alone";
    }
    return NULL;
}

static lede_status take_names(reader *in, lede_arena *arena,
                              lede_correction *out, lede_error *err)
{
    lede_span names[LEDE_CORRECTION_MAX_NAMES];
    lede_span *kept;

    for (;;) {
        lede_span *name = &names[out->name_count];
        size_t before;

        skip_blanks(in);
        before = in->at;
        if (in->at == in->text.len) {
            break;
        }
        if (out->name_count == LEDE_CORRECTION_MAX_NAMES) {
            return bad(in, err, "there are too many names");
        }
        if (in->text.bytes[in->at] == '"') {
            lede_status status = take_quoted(in, arena, name, err);

            if (status != LEDE_OK) {
                return status;
            }
        } else {
            lede_span word = take_word(in);

            if (out->kind != LEDE_NAME_PLACE || !is_place_id(word)) {
                in->at = before;
                break;
            }
            *name = lede_arena_copy(arena, word);
        }
        out->name_count++;
    }
    kept = lede_arena_array(arena, out->name_count + 1, sizeof *kept);
    if (kept == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for the corrections");
    }
    memcpy(kept, names, out->name_count * sizeof *kept);
    out->names = kept;
    return LEDE_OK;
}

static lede_status take_entries(reader *in, lede_arena *arena,
                                lede_correction *out, lede_error *err)
{
    size_t most = (in->text.len - in->at) / 16 + 1;
    uint64_t *entries = lede_arena_array(arena, most, sizeof *entries);
    lede_span word;

    if (entries == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for the corrections");
    }
    while ((word = take_word(in)).len > 0) {
        if (word.bytes[0] == '#') {
            break;
        }
        if (!parse_entry(word, &entries[out->entry_count])) {
            return bad(in, err,
                       out->kind == LEDE_NAME_PLACE
                           ? "this is neither a name between quotation marks, "
                             "nor a place's id, nor the key of an entry (16 "
                             "digits)"
                           : "this is neither a name between quotation marks "
                             "nor the key of an entry (16 digits)");
        }
        out->entry_count++;
    }
    qsort(entries, out->entry_count, sizeof *entries,
          lede_correction_entry_compare);
    out->entries = entries;
    return LEDE_OK;
}

static lede_status make_keys(lede_arena *arena, lede_correction_line *out,
                             lede_error *err)
{
    lede_buf key = {0};
    size_t i;
    bool ok = true;

    out->keys =
        lede_arena_array(arena, out->parsed.name_count + 1, sizeof *out->keys);
    for (i = 0; ok && out->keys != NULL && i < out->parsed.name_count; i++) {
        lede_span name = out->parsed.names[i];

        lede_buf_clear(&key);
        lede_correction_key(out->parsed.kind, name, &key);
        out->keys[i] = lede_arena_copy(arena, lede_buf_span(&key));
        ok = !key.failed && out->keys[i].bytes != NULL;
    }
    ok = ok && out->keys != NULL;
    lede_buf_done(&key);
    return ok ? LEDE_OK
              : lede_fail(err, LEDE_NO_MEMORY, "no memory for the corrections");
}

static bool is_one_name(const lede_correction *c)
{
    size_t i = 1;

    while (i < c->name_count && lede_span_equal(c->names[i], c->names[0])) {
        i++;
    }
    return i > 1 && i == c->name_count;
}

/* Whether a title is all that it is: "President". */
static bool is_mere_title(lede_span name)
{
    lede_buf folded = {0};
    lede_person person = {0};
    bool is = lede_person_read(name, &folded, &person) && person.is_title &&
              person.count == 1;

    lede_buf_done(&folded);
    return is;
}

/* What a name is to be called from now on; SIZE_MAX: nothing new. */
static size_t new_name(lede_correction_verb verb)
{
    return verb == LEDE_CORRECTION_MERGE    ? 0
           : verb == LEDE_CORRECTION_RENAME ? 1
           : verb == LEDE_CORRECTION_SPLIT  ? 1
                                            : SIZE_MAX;
}

/* What would change nothing, or more than is meant. */
static const char *complaint_of_names(const lede_correction_line *line)
{
    const lede_correction *c = &line->parsed;
    size_t made = new_name(c->verb);

    if (c->verb == LEDE_CORRECTION_SPLIT &&
        lede_span_equal(line->keys[0], line->keys[1])) {
        return "the two names are one when they are compared (a title, a Jr. "
               "or an accent makes no other name): give the second another "
               "word, such as \"John Smith (golfer)\"";
    }
    if (is_one_name(c)) {
        return "all names are the same one: that changes nothing";
    }
    if (made < c->name_count && c->kind == LEDE_NAME_PERSON &&
        is_mere_title(c->names[made])) {
        return "the new name is a title, which many may have: give a name "
               "with it";
    }
    return NULL;
}

lede_status lede_correction_line_parse(lede_arena *arena, uint32_t number,
                                       lede_correction_line *out,
                                       lede_error *err)
{
    reader line = {out->text, 0, number};
    reader *in = &line;
    lede_correction *c = &out->parsed;
    lede_span word = take_word(in);
    const char *wrong;
    lede_status status;
    int found;

    if (word.len == 0 || word.bytes[0] == '#') {
        return LEDE_OK;
    }
    found = index_of(word, verb_names, LEDE_CORRECTION_VERB_COUNT);
    if (found == LEDE_CORRECTION_VERB_COUNT) {
        return bad(in, err,
                   "a line begins with merge, rename, split, hide or add");
    }
    c->verb = (lede_correction_verb)found;
    found = index_of(take_word(in), kind_names, LEDE_NAME_KIND_COUNT);
    if (found == LEDE_NAME_KIND_COUNT) {
        return bad(in, err, "behind the verb stands person or place");
    }
    c->kind = (lede_name_kind)found;
    c->line = in->number;
    status = take_names(in, arena, c, err);
    if (status == LEDE_OK) {
        status = take_entries(in, arena, c, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    wrong = complaint(c);
    if (wrong != NULL) {
        return bad(in, err, wrong);
    }
    status = make_keys(arena, out, err);
    if (status != LEDE_OK) {
        return status;
    }
    wrong = complaint_of_names(out);
    if (wrong != NULL) {
        return bad(in, err, wrong);
    }
    out->is_correction = true;
    return LEDE_OK;
}

void lede_correction_key(lede_name_kind kind, lede_span name, lede_buf *out)
{
    size_t before = out->len;

    if (kind == LEDE_NAME_PERSON) {
        lede_person_key(name, out);
    } else if (is_place_id(name)) {
        lede_buf_put_span(out, name);
    } else {
        lede_place_key(name, out);
    }
    /* A name without letters is still one. */
    if (out->len == before) {
        lede_buf_put_span(out, name);
    }
}

/* ----- writing ----- */

static void put_quoted(lede_span name, lede_buf *out)
{
    size_t i;

    lede_buf_put_text(out, " \"");
    for (i = 0; i < name.len; i++) {
        if (name.bytes[i] == '"' || name.bytes[i] == '\\') {
            lede_buf_put_byte(out, '\\');
        }
        lede_buf_put_byte(out, name.bytes[i]);
    }
    lede_buf_put_byte(out, '"');
}

lede_status lede_correction_line_format(const lede_correction *c, lede_buf *out,
                                        lede_error *err)
{
    size_t i;

    assert(c->verb < LEDE_CORRECTION_VERB_COUNT &&
           c->kind < LEDE_NAME_KIND_COUNT);
    lede_buf_put_format(out, "%s %s", verb_names[c->verb], kind_names[c->kind]);
    for (i = 0; i < c->name_count; i++) {
        if (memchr(c->names[i].bytes == NULL ? (const void *)""
                                             : c->names[i].bytes,
                   '\n', c->names[i].len) != NULL) {
            return lede_fail(err, LEDE_BAD_INPUT, "a name is of one line");
        }
        if (c->kind == LEDE_NAME_PLACE && is_place_id(c->names[i])) {
            lede_buf_put_byte(out, ' ');
            lede_buf_put_span(out, c->names[i]);
        } else {
            put_quoted(c->names[i], out);
        }
    }
    for (i = 0; i < c->entry_count; i++) {
        lede_buf_put_format(out, " %016" PRIx64, c->entries[i]);
    }
    return out->failed
               ? lede_fail(err, LEDE_NO_MEMORY, "no memory for a correction")
               : LEDE_OK;
}
