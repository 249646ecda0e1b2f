#include "corpus/json_record.h"

#include <limits.h>
#include <string.h>

#include "corpus/json_byline.h"
#include "corpus/json_list.h"
#include "corpus/markup.h"
#include "corpus/text_match.h"

enum { PARTS_MAX = 100000, TAGS_MAX = 256, PATH_BYTES = 128 };

/* The reading of one record. A function that takes a token reads the value that
 * begins with it, whole. */
typedef struct extract {
    lede_json *json;
    lede_span text; /* that it reads */
    lede_arena *arena;
    lede_json_record *record;
    lede_error *err;
    uint32_t part_room, tag_room;
    bool has_schema, has_properties;
    char path[PATH_BYTES]; /* folded keys, for lists and prefixes */
} extract;

static lede_status next(extract *x, lede_json_token *token)
{
    lede_status status = lede_json_next(x->json, token, x->err);

    if (status == LEDE_OK) {
        x->record->repaired += token->repaired;
    }
    return status;
}

static lede_status fail_memory(extract *x)
{
    return lede_fail(x->err, LEDE_NO_MEMORY, "out of memory");
}

/* Grows an array of the arena for one more item; NULL when out of memory. */
static void *grown(extract *x, void *items, uint32_t count, uint32_t *room,
                   size_t item_bytes)
{
    uint32_t wanted = *room == 0 ? 4 : *room * 2;
    void *more;

    if (count < *room) {
        return items;
    }
    more = lede_arena_array(x->arena, wanted, item_bytes);
    if (more != NULL) {
        if (count > 0) {
            memcpy(more, items, count * item_bytes);
        }
        *room = wanted;
    }
    return more;
}

static bool is_open(const lede_json_token *token)
{
    return token->type == LEDE_JSON_OBJECT || token->type == LEDE_JSON_ARRAY;
}

static bool is_text(const lede_json_token *token)
{
    return token->type == LEDE_JSON_STRING || token->type == LEDE_JSON_NUMBER;
}

/* Passes over the value that `token` began. */
static lede_status pass(extract *x, const lede_json_token *token)
{
    return is_open(token) ? lede_json_skip(x->json, x->err) : LEDE_OK;
}

static uint8_t text_rank(lede_span key)
{
    char folded[LEDE_JSON_KEY_MAX_BYTES];
    size_t len = lede_json_key_fold(key, folded);

    return lede_json_text_key_rank(lede_span_of(folded, len));
}

static bool key_is(lede_span key, const char *folded_name)
{
    char folded[LEDE_JSON_KEY_MAX_BYTES];
    size_t len = lede_json_key_fold(key, folded);

    return lede_span_is(lede_span_of(folded, len), folded_name);
}

/* Texts. */

/* The text of a value: itself, the first of a list, the best key of an object.
 * Empty if there is none. */
static lede_status read_text(extract *x, const lede_json_token *token,
                             lede_span *out)
{
    lede_json_token inner;
    lede_status status = LEDE_OK;
    uint8_t best = 0xFF;

    *out = lede_span_of(NULL, 0);
    if (is_text(token)) {
        *out = token->text;
    }
    if (!is_open(token)) {
        return LEDE_OK;
    }
    while ((status = next(x, &inner)) == LEDE_OK) {
        uint8_t rank = 0;
        lede_span text;

        if (inner.type == LEDE_JSON_OBJECT_END ||
            inner.type == LEDE_JSON_ARRAY_END) {
            break;
        }
        if (inner.type == LEDE_JSON_KEY) {
            rank = text_rank(inner.text);
            status = next(x, &inner);
        }
        if (status == LEDE_OK) {
            status = rank == 0xFF ? (text = *out, pass(x, &inner))
                                  : read_text(x, &inner, &text);
        }
        if (status != LEDE_OK) {
            break;
        }
        if (rank < best && text.len > 0) {
            best = rank;
            *out = text;
        }
    }
    return status;
}

/* Puts a text at its rank; of more than there is room for the last goes. */
static void put_ranked(lede_span *texts, uint8_t *ranks, uint32_t *count,
                       uint32_t room, lede_span text, uint8_t rank)
{
    uint32_t at = *count;

    if (text.len == 0) {
        return;
    }
    if (at == room) {
        if (rank >= ranks[--at]) {
            return;
        }
    } else {
        (*count)++;
    }
    for (; at > 0 && ranks[at - 1] > rank; at--) {
        ranks[at] = ranks[at - 1];
        texts[at] = texts[at - 1];
    }
    ranks[at] = rank;
    texts[at] = text;
}

static lede_status put_tag(extract *x, lede_span tag)
{
    lede_json_record *record = x->record;
    lede_span *tags;

    tag = lede_span_trim(tag);
    if (tag.len == 0 || record->tag_count == TAGS_MAX) {
        return LEDE_OK;
    }
    tags =
        grown(x, record->tags, record->tag_count, &x->tag_room, sizeof *tags);
    if (tags == NULL) {
        return fail_memory(x);
    }
    record->tags = tags;
    tags[record->tag_count++] = tag;
    return LEDE_OK;
}

static lede_status put_tags(extract *x, lede_span list)
{
    lede_status status = LEDE_OK;
    lede_span tag;
    size_t at = 0;

    while (status == LEDE_OK && lede_json_list_next(list, &at, &tag)) {
        status = put_tag(x, tag);
    }
    return status;
}

static lede_status read_tags(extract *x, const lede_json_token *token)
{
    lede_json_token inner;
    lede_status status;
    lede_span text;

    if (token->type != LEDE_JSON_ARRAY) {
        status = read_text(x, token, &text);
        return status == LEDE_OK ? put_tags(x, text) : status;
    }
    while ((status = next(x, &inner)) == LEDE_OK &&
           inner.type != LEDE_JSON_ARRAY_END) {
        status = read_text(x, &inner, &text);
        if (status == LEDE_OK) {
            status = put_tag(x, text);
        }
        if (status != LEDE_OK) {
            break;
        }
    }
    return status;
}

/* Bodies. */

typedef struct block_name {
    const char *name;
    lede_block_type type;
    bool is_text; /* false: no part of the body */
} block_name;

static const block_name block_names[] = {
    {"li", LEDE_BLOCK_LI, true},
    {"listitem", LEDE_BLOCK_LI, true},
    {"bullet", LEDE_BLOCK_LI, true},
    {"heading", LEDE_BLOCK_HEADING, true},
    {"header", LEDE_BLOCK_HEADING, true},
    {"subheading", LEDE_BLOCK_HEADING, true},
    {"subheadline", LEDE_BLOCK_HEADING, true},
    {"crosshead", LEDE_BLOCK_HEADING, true},
    {"h1", LEDE_BLOCK_HEADING, true},
    {"h2", LEDE_BLOCK_HEADING, true},
    {"h3", LEDE_BLOCK_HEADING, true},
    {"h4", LEDE_BLOCK_HEADING, true},
    {"quote", LEDE_BLOCK_QUOTE, true},
    {"blockquote", LEDE_BLOCK_QUOTE, true},
    {"pullquote", LEDE_BLOCK_QUOTE, true},
    {"table", LEDE_BLOCK_TABLE, true},
    {"title", LEDE_BLOCK_P, false},
    {"headline", LEDE_BLOCK_P, false},
    {"kicker", LEDE_BLOCK_P, false},
    {"byline", LEDE_BLOCK_P, false},
    {"date", LEDE_BLOCK_P, false},
    {"timestamp", LEDE_BLOCK_P, false},
    {"authorinfo", LEDE_BLOCK_P, false},
    {"image", LEDE_BLOCK_P, false},
    {"video", LEDE_BLOCK_P, false},
    {"gallery", LEDE_BLOCK_P, false},
};

static const block_name *find_block_name(lede_span text)
{
    char folded[LEDE_JSON_KEY_MAX_BYTES];
    size_t len = lede_json_key_fold(text, folded);
    size_t i;

    for (i = 0; i < sizeof block_names / sizeof block_names[0]; i++) {
        if (lede_span_is(lede_span_of(folded, len), block_names[i].name)) {
            return &block_names[i];
        }
    }
    return NULL;
}

static lede_status put_part(extract *x, lede_block_type type, lede_span text)
{
    lede_json_record *record = x->record;
    lede_json_part *parts;

    if (text.len == 0 || record->part_count == PARTS_MAX) {
        return LEDE_OK;
    }
    parts = grown(x, record->parts, record->part_count, &x->part_room,
                  sizeof *parts);
    if (parts == NULL) {
        return fail_memory(x);
    }
    record->parts = parts;
    parts[record->part_count].type = type;
    parts[record->part_count].text = text;
    record->part_count++;
    return LEDE_OK;
}

static lede_status read_body(extract *x, const lede_json_token *token,
                             lede_block_type type);

/* One block: its text under the best key, its type, and lists inside it. */
static lede_status read_block(extract *x, lede_block_type type)
{
    uint32_t parts_before = x->record->part_count;
    uint8_t best = 0xFF;
    lede_span text = {NULL, 0};
    lede_json_token token;
    bool is_text_block = true;
    lede_status status;

    while ((status = next(x, &token)) == LEDE_OK &&
           token.type == LEDE_JSON_KEY) {
        lede_span key = token.text;
        uint8_t rank = text_rank(key);

        status = next(x, &token);
        if (status != LEDE_OK) {
            break;
        }
        if (is_open(&token)) {
            bool is_list = rank != 0xFF || key_is(key, "items") ||
                           key_is(key, "blocks") || key_is(key, "children") ||
                           key_is(key, "paragraphs") || key_is(key, "model");

            status = is_list ? read_body(x, &token, type) : pass(x, &token);
        } else if (is_text(&token) &&
                   (key_is(key, "type") || key_is(key, "subtype"))) {
            const block_name *name = find_block_name(token.text);

            type = name == NULL ? type : name->type;
            is_text_block &= name == NULL || name->is_text;
        } else if (token.type == LEDE_JSON_STRING && rank < best &&
                   token.text.len > 0) {
            best = rank;
            text = token.text;
        }
        if (status != LEDE_OK) {
            break;
        }
    }
    if (status != LEDE_OK) {
        return status;
    }
    if (!is_text_block) {
        x->record->part_count = parts_before;
        return LEDE_OK;
    }
    return put_part(x, type, text);
}

static lede_status read_body(extract *x, const lede_json_token *token,
                             lede_block_type type)
{
    lede_json_token inner;
    lede_status status;

    if (token->type == LEDE_JSON_STRING) {
        return put_part(x, type, token->text);
    }
    if (token->type == LEDE_JSON_OBJECT) {
        return read_block(x, type);
    }
    if (token->type != LEDE_JSON_ARRAY) {
        return LEDE_OK;
    }
    while ((status = next(x, &inner)) == LEDE_OK &&
           inner.type != LEDE_JSON_ARRAY_END) {
        status = read_body(x, &inner, type);
        if (status != LEDE_OK) {
            break;
        }
    }
    return status;
}

/* How well a rendition of a body can be read: HTML has its paragraphs, and the
 * elements of other XML would show. 0 if there is none. */
static int rendition_worth(const lede_json_record *record)
{
    lede_span text;

    if (record->part_count == 0) {
        return 0;
    }
    text = lede_span_trim(record->parts[0].text);
    if (lede_match_starts(text, "<?xml") || lede_match_starts(text, "<nitf")) {
        return 1;
    }
    return lede_markup_is_likely(text) ? 3 : 2;
}

/* The best of a list of renditions, the first of equals. */
static lede_status read_renditions(extract *x, const lede_json_token *token)
{
    lede_json_record *record = x->record;
    lede_json_record best = {0};
    lede_json_token inner;
    lede_status status;

    if (token->type != LEDE_JSON_ARRAY) {
        return read_body(x, token, LEDE_BLOCK_P);
    }
    while ((status = next(x, &inner)) == LEDE_OK &&
           inner.type != LEDE_JSON_ARRAY_END) {
        record->parts = NULL;
        record->part_count = x->part_room = 0;
        status = read_body(x, &inner, LEDE_BLOCK_P);
        if (status != LEDE_OK) {
            break;
        }
        if (rendition_worth(record) > rendition_worth(&best)) {
            best.parts = record->parts;
            best.part_count = record->part_count;
        }
    }
    record->parts = best.parts;
    record->part_count = x->part_room = best.part_count;
    return status;
}

/* How much text a body has; none if it ends like a teaser, whose rest another
 * key may have. */
static size_t body_worth(const lede_json_record *record)
{
    static const char *const ends[] = {"...", "\u2026", "chars]"};
    size_t worth = 0;
    lede_span last;
    uint32_t i;

    if (record->part_count == 0) {
        return 0;
    }
    last = lede_span_trim(record->parts[record->part_count - 1].text);
    for (i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (lede_match_ends(last, ends[i])) {
            return 0;
        }
    }
    for (i = 0; i < record->part_count; i++) {
        worth += record->parts[i].text.len;
    }
    return worth;
}

/* A body under a better key than the one before takes its place, unless it is a
 * teaser. */
static lede_status take_body(extract *x, const lede_json_token *token,
                             uint8_t rank, bool is_renditions)
{
    lede_json_part *before = x->record->parts;
    uint32_t count = x->record->part_count;
    uint32_t room = x->part_room;
    size_t worth = body_worth(x->record);
    bool is_better =
        count == 0 || rank < x->record->ranks[LEDE_JSON_FIELD_BODY];
    lede_status status;

    if (!is_better && worth > 0) {
        return pass(x, token);
    }
    x->record->parts = NULL;
    x->record->part_count = x->part_room = 0;
    status = is_renditions ? read_renditions(x, token)
                           : read_body(x, token, LEDE_BLOCK_P);
    if (x->record->part_count > 0 &&
        (body_worth(x->record) > 0 || (is_better && worth == 0))) {
        x->record->ranks[LEDE_JSON_FIELD_BODY] = rank;
    } else {
        x->record->parts = before;
        x->record->part_count = count;
        x->part_room = room;
    }
    return status;
}

/* The record. */

static lede_span *text_field(lede_json_record *record, lede_json_field field)
{
    switch (field) {
    case LEDE_JSON_FIELD_HEADLINE:
        return &record->headline;
    case LEDE_JSON_FIELD_LEAD:
        return &record->lead;
    case LEDE_JSON_FIELD_URL:
        return &record->url;
    case LEDE_JSON_FIELD_SITE:
        return &record->site;
    case LEDE_JSON_FIELD_LANGUAGE:
        return &record->language;
    case LEDE_JSON_FIELD_SECTION:
        return &record->section;
    case LEDE_JSON_FIELD_ID:
        return &record->id;
    case LEDE_JSON_FIELD_STATUS:
        return &record->status;
    default:
        return NULL;
    }
}

/* Half a text is something to read; half a date or address is a wrong one. */
static bool is_whole(const extract *x, lede_json_field field)
{
    return !lede_json_is_cut(x->json) || field == LEDE_JSON_FIELD_HEADLINE ||
           field == LEDE_JSON_FIELD_LEAD;
}

/* One of a list: a text, or an object of its role and its text. */
static lede_status read_description(extract *x, const lede_json_token *token,
                                    lede_span *text, lede_span *role)
{
    uint8_t best = 0xFF;
    lede_json_token inner;
    lede_status status;

    *role = *text = lede_span_of(NULL, 0);
    if (token->type != LEDE_JSON_OBJECT) {
        return read_text(x, token, text);
    }
    while ((status = next(x, &inner)) == LEDE_OK &&
           inner.type == LEDE_JSON_KEY) {
        bool is_role = key_is(inner.text, "role");
        uint8_t rank = text_rank(inner.text);
        lede_span value;

        status = next(x, &inner);
        if (status == LEDE_OK) {
            status = read_text(x, &inner, &value);
        }
        if (status != LEDE_OK) {
            break;
        }
        if (is_role) {
            *role = lede_span_trim(value);
        } else if (rank < best && value.len > 0) {
            best = rank;
            *text = value;
        }
    }
    return status;
}

/* The first of the listed texts whose role is nearest to the field. */
static lede_status read_nearest(extract *x, lede_json_field field,
                                lede_span *out)
{
    int best = INT_MAX;
    lede_json_token inner;
    lede_status status;

    *out = lede_span_of(NULL, 0);
    while ((status = next(x, &inner)) == LEDE_OK &&
           inner.type != LEDE_JSON_ARRAY_END) {
        lede_span text, role;
        int distance;

        status = read_description(x, &inner, &text, &role);
        if (status != LEDE_OK) {
            break;
        }
        distance = lede_json_role_distance(field, role);
        if (text.len > 0 && distance >= 0 && distance < best) {
            best = distance;
            *out = text;
        }
    }
    return status;
}

static lede_status take_text(extract *x, lede_span folded, lede_json_key key,
                             const lede_json_token *token)
{
    lede_span *field = text_field(x->record, key.field);
    lede_status status;
    lede_span text;

    if (field == NULL ||
        (field->len > 0 && key.rank >= x->record->ranks[key.field])) {
        return pass(x, token);
    }
    if (key.field == LEDE_JSON_FIELD_ID && is_open(token)) {
        return pass(x, token);
    }
    status = token->type == LEDE_JSON_ARRAY && lede_span_is(folded, "headlines")
                 ? read_nearest(x, key.field, &text)
                 : read_text(x, token, &text);
    if (status == LEDE_OK && text.len > 0 && is_whole(x, key.field)) {
        *field = text;
        x->record->ranks[key.field] = key.rank;
        if (key.field == LEDE_JSON_FIELD_HEADLINE) {
            x->record->is_name = lede_span_is(folded, "name");
        }
    }
    return status;
}

static lede_status take_date(extract *x, const lede_json_token *token,
                             lede_json_key key)
{
    lede_json_dates *dates =
        key.field == LEDE_JSON_FIELD_PUBLISHED ? &x->record->published
        : key.field == LEDE_JSON_FIELD_UPDATED ? &x->record->updated
                                               : &x->record->captured;
    lede_span text;
    lede_status status = read_text(x, token, &text);

    if (status == LEDE_OK && is_whole(x, key.field)) {
        put_ranked(dates->texts, dates->ranks, &dates->count,
                   LEDE_JSON_DATES_MAX, text, key.rank);
    }
    return status;
}

static lede_status take_deck(extract *x, const lede_json_token *token,
                             lede_json_key key)
{
    lede_json_decks *decks = &x->record->decks;
    lede_span text;
    lede_status status = token->type == LEDE_JSON_ARRAY
                             ? read_nearest(x, key.field, &text)
                             : read_text(x, token, &text);

    if (status == LEDE_OK) {
        put_ranked(decks->texts, decks->ranks, &decks->count,
                   LEDE_JSON_DECKS_MAX, text, key.rank);
    }
    return status;
}

static lede_status take_authors(extract *x, const lede_json_token *token,
                                uint8_t rank)
{
    lede_json_byline byline = {.json = x->json, .arena = x->arena};
    lede_status status;

    if (x->record->author_count > 0 &&
        rank >= x->record->ranks[LEDE_JSON_FIELD_AUTHORS]) {
        return pass(x, token);
    }
    status = lede_json_byline_read(&byline, token, x->err);
    if (status == LEDE_OK && byline.count > 0) {
        x->record->authors = byline.authors;
        x->record->author_count = byline.count;
        x->record->ranks[LEDE_JSON_FIELD_AUTHORS] = rank;
    }
    return status;
}

/* Kept as it stands. */
static lede_status take_media(extract *x, const lede_json_token *token)
{
    size_t begin = lede_json_position(x->json) - 1;
    lede_status status = pass(x, token);

    if (status == LEDE_OK && is_open(token) && x->record->media.len == 0) {
        x->record->media =
            lede_span_part(x->text, begin, lede_json_position(x->json) - begin);
    }
    return status;
}

static lede_status take_field(extract *x, lede_span folded, lede_json_key key,
                              const lede_json_token *token)
{
    switch (key.field) {
    case LEDE_JSON_FIELD_BODY:
        return take_body(x, token, key.rank, lede_span_is(folded, "bodies"));
    case LEDE_JSON_FIELD_PUBLISHED:
    case LEDE_JSON_FIELD_UPDATED:
    case LEDE_JSON_FIELD_CAPTURED:
        return take_date(x, token, key);
    case LEDE_JSON_FIELD_DECK:
        return take_deck(x, token, key);
    case LEDE_JSON_FIELD_AUTHORS:
        return take_authors(x, token, key.rank);
    case LEDE_JSON_FIELD_TAGS:
        return read_tags(x, token);
    case LEDE_JSON_FIELD_MEDIA:
        return take_media(x, token);
    default:
        return take_text(x, folded, key, token);
    }
}

static lede_status read_members(extract *x, size_t path_len, bool is_wrapped);

/* What a record is can show in keys that say nothing of the article. */
static void note_shape(extract *x, lede_span key)
{
    x->record->is_saved |=
        lede_span_is(key, "isarchived") || lede_span_is(key, "isstarred") ||
        lede_span_is(key, "toread") || lede_span_is(key, "isread") ||
        lede_span_is(key, "favorite") || lede_span_is(key, "readingprogress");
    x->has_schema |= lede_span_is(key, "$schema");
    x->has_properties |= lede_span_is(key, "properties") ||
                         lede_span_is(key, "definitions") ||
                         lede_span_is(key, "$defs");
}

/* A member whose value has begun. The key is folded in x->path, behind
 * path_len; `wrapper` is the key as written where an object may be one. */
static lede_status read_member(extract *x, size_t path_len, size_t folded_len,
                               lede_span wrapper, const lede_json_token *token)
{
    size_t len = path_len + folded_len;
    lede_span path = lede_span_of(x->path, len);
    lede_json_key key;

    if (path_len == 0) {
        note_shape(x, path);
    }
    if (token->type == LEDE_JSON_OBJECT && lede_json_key_is_wrapper(wrapper)) {
        return read_members(x, 0, true);
    }
    key = lede_json_key_find(path);
    if (key.field != LEDE_JSON_FIELD_NONE) {
        return take_field(x, path, key, token);
    }
    if (token->type == LEDE_JSON_OBJECT && path_len == 0 &&
        lede_json_key_is_prefix(path) && len + 1 < PATH_BYTES) {
        x->path[len] = '.';
        return read_members(x, len + 1, true);
    }
    if (is_open(token) &&
        (lede_json_is_list_path(path) || lede_json_is_list_prefix(path))) {
        x->record->has_list |= path_len == 0 && folded_len > 0;
    }
    return pass(x, token);
}

/* The rest of an object whose members count as the record's. */
static lede_status read_members(extract *x, size_t path_len, bool is_wrapped)
{
    lede_json_token token;
    lede_status status;

    while ((status = next(x, &token)) == LEDE_OK &&
           token.type == LEDE_JSON_KEY) {
        char folded[LEDE_JSON_KEY_MAX_BYTES];
        size_t len = lede_json_key_fold(token.text, folded);
        /* Wrappers do not nest. */
        lede_span wrapper = is_wrapped ? lede_span_of(NULL, 0) : token.text;

        status = next(x, &token);
        if (status == LEDE_OK && (len == 0 || path_len + len >= PATH_BYTES)) {
            status = pass(x, &token);
        } else if (status == LEDE_OK) {
            memcpy(x->path + path_len, folded, len);
            status = read_member(x, path_len, len, wrapper, &token);
        }
        if (status != LEDE_OK) {
            break;
        }
    }
    return status;
}

lede_status lede_json_record_read(lede_json *json, lede_span text,
                                  lede_arena *arena, lede_json_record *out,
                                  lede_error *err)
{
    extract x = {
        .json = json, .text = text, .arena = arena, .record = out, .err = err};
    lede_json_token token;
    lede_status status;

    memset(out, 0, sizeof *out);
    lede_json_begin(json, text);
    status = next(&x, &token);
    if (status != LEDE_OK) {
        return status == LEDE_END ? LEDE_NOT_FOUND : status;
    }
    if (token.type != LEDE_JSON_OBJECT) {
        return LEDE_NOT_FOUND;
    }
    status = read_members(&x, 0, false);
    out->is_schema = x.has_schema && x.has_properties;
    out->len = lede_json_position(json);
    out->is_cut = lede_json_is_cut(json);
    return status;
}
