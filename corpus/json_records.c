#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "corpus/entry_parts.h"
#include "corpus/format.h"
#include "corpus/json_entry.h"
#include "corpus/json_feed.h"
#include "corpus/json_split.h"

enum {
    NOTES_MAX = 10,      /* of one file; the rest is counted */
    CONTAINER_DEPTH = 4, /* lists in records in lists ... */
    LOCATION_BYTES = 48
};

typedef struct records {
    const lede_read_options *options;
    lede_when captured; /* what the records came in */
    const lede_sink *sink;
    lede_json *json; /* of the record at hand */
    lede_date_order order;
    lede_arena arena;
    lede_json_feed feed; /* around it, if it is one's */
    lede_arena feed_arena;
    bool page_is_open;
    bool is_single;  /* one object is all there is: it has no number */
    uint64_t number; /* of the record; what only wraps records is none */
    uint64_t line;   /* of the piece */
    bool is_line;
    uint64_t entries, bad, others, repaired;
    bool is_broken; /* LEDE_BAD_INPUT is the record's, not the sink's */
    unsigned notes;
} records;

static void location_of(const records *r, char out[LOCATION_BYTES])
{
    if (r->is_line) {
        snprintf(out, LOCATION_BYTES, "#line=%" PRIu64, r->line);
    } else if (r->is_single) {
        out[0] = 0;
    } else {
        snprintf(out, LOCATION_BYTES, "#record=%" PRIu64, r->number);
    }
}

/* One line for people about the record at hand. */
static void set_damaged(records *r)
{
    if (r->sink->is_damaged != NULL) {
        *r->sink->is_damaged = true;
    }
}

static void note(records *r, const char *what)
{
    char location[LOCATION_BYTES];
    char text[LEDE_ERROR_MESSAGE_BYTES + 64];

    if (r->notes++ >= NOTES_MAX || r->sink->note == NULL) {
        return;
    }
    location_of(r, location);
    snprintf(text, sizeof text, "line %" PRIu64 ": %s", r->line, what);
    r->sink->note(r->sink->ctx, location, text);
}

/* What stands between records, or behind one in its line. */
static void tell_junk(records *r)
{
    char text[LOCATION_BYTES + 48];

    set_damaged(r);
    if (r->notes++ < NOTES_MAX && r->sink->note != NULL) {
        snprintf(text, sizeof text,
                 "line %" PRIu64 ": what is no JSON is passed over", r->line);
        r->sink->note(r->sink->ctx, "", text);
    }
}

static void note_count(records *r, uint64_t count, const char *what)
{
    char text[128];

    if (count > 0 && r->sink->note != NULL) {
        snprintf(text, sizeof text, "%s: %" PRIu64, what, count);
        r->sink->note(r->sink->ctx, "", text);
    }
}

static lede_status open_page(records *r, lede_error *err)
{
    lede_page page = {.format = "json",
                      .captured = lede_when_none(),
                      .updated = lede_when_none()};
    lede_status status;

    if (r->page_is_open) {
        return LEDE_OK;
    }
    if (r->feed.is_feed) {
        page.format = "feed";
        page.title = page.site = r->feed.title;
        page.url = r->feed.url;
    }
    status = r->sink->page_begin(r->sink->ctx, &page, err);
    r->page_is_open = status == LEDE_OK;
    return status;
}

static lede_status close_page(records *r, lede_error *err)
{
    if (!r->page_is_open) {
        return LEDE_OK;
    }
    r->page_is_open = false;
    return r->sink->page_end(r->sink->ctx, err);
}

/* A body that is the text of a live page: its updates become entries.
 * LEDE_NOT_FOUND if it is none after all. */
static lede_status give_live(records *r, const lede_json_record *record,
                             const lede_entry *entry, const char *location,
                             lede_error *err)
{
    lede_span body = record->parts[0].text;
    size_t head =
        body.len < LEDE_INPUT_HEAD_BYTES ? body.len : LEDE_INPUT_HEAD_BYTES;
    lede_read_context context = {
        .options = r->options,
        .url = entry->url,
        .title =
            entry->headline_derived ? lede_span_of(NULL, 0) : entry->headline,
        .source = entry->source,
        .site = entry->source,
        .language = entry->lang,
        .published = entry->published,
        .captured = entry->captured,
        .location = location,
    };
    lede_input *input;
    lede_status status;

    if (!lede_format_live_text.claims(lede_span_of(body.bytes, head),
                                      head == body.len, "")) {
        return LEDE_NOT_FOUND;
    }
    status = close_page(r, err);
    if (status != LEDE_OK) {
        return status;
    }
    input = lede_input_of_bytes(body, "");
    if (input == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    status = lede_format_live_text.read(input, &context, r->sink, err);
    lede_input_close(input);
    return status == LEDE_BAD_INPUT ? LEDE_NOT_FOUND : status;
}

/* The entry of the record whose JSON is `text`. */
static lede_status make_entry(records *r, const lede_json_record *record,
                              lede_span text, lede_entry *out, lede_error *err)
{
    lede_json_record item = *record;
    lede_status status;

    item.order = r->order;
    if (item.language.len == 0) {
        item.language = r->feed.language;
    }
    status = lede_json_entry_make(&item, r->options, &r->arena, out, err);
    if (status == LEDE_OK) {
        status = lede_entry_set_captured(&r->captured, r->options, &r->arena,
                                         out, err);
    }
    if (status == LEDE_OK && r->feed.is_feed) {
        status =
            lede_json_feed_put(&r->feed, lede_span_part(text, 0, record->len),
                               record, &r->arena, out, err);
    }
    return status;
}

static lede_status give_record(records *r, const lede_json_record *record,
                               lede_span text, lede_error *err)
{
    char location[LOCATION_BYTES];
    lede_entry entry;
    lede_status status;

    location_of(r, location);
    r->repaired += record->repaired;
    status = make_entry(r, record, text, &entry, err);
    if (status != LEDE_OK) {
        return status;
    }
    if (entry.headline.len == 0 && entry.block_count == 0) {
        r->others++;
        return LEDE_OK;
    }
    if (record->is_cut) {
        set_damaged(r);
        note(r, "cut off; what is there is kept");
    }
    status = LEDE_NOT_FOUND;
    if (lede_json_record_may_be_live(record)) {
        status = give_live(r, record, &entry, location, err);
    }
    if (status == LEDE_NOT_FOUND) {
        status = open_page(r, err);
        if (status == LEDE_OK) {
            status = r->sink->entry(r->sink->ctx, &entry, location, err);
        }
    }
    r->entries += status == LEDE_OK;
    return status;
}

static lede_status read_value(records *r, lede_span text, unsigned depth,
                              size_t *used, lede_error *err);

/* Whether a failure is the record's own: it is told, and the next one read. */
static bool tell_broken(records *r, lede_status status, const char *what)
{
    bool is_told = status == LEDE_BAD_INPUT && r->is_broken;

    r->is_broken = false;
    if (is_told) {
        r->bad++;
        set_damaged(r);
        note(r, what);
    }
    return is_told;
}

static lede_status read_listed(records *r, lede_span text, unsigned depth,
                               lede_error *err)
{
    lede_error failure = {0};
    size_t used;
    lede_status status;

    r->number++;
    status = read_value(r, text, depth, &used, &failure);
    if (status == LEDE_OK || tell_broken(r, status, failure.message)) {
        return LEDE_OK;
    }
    if (err != NULL) {
        *err = failure;
    }
    return status;
}

/* The array that has just begun in `json`: each object in it may be a record.
 */
static lede_status read_list(records *r, lede_json *json, lede_span text,
                             unsigned depth, lede_error *err)
{
    lede_json_token token;
    lede_status status;

    while ((status = lede_json_next(json, &token, err)) == LEDE_OK &&
           token.type != LEDE_JSON_ARRAY_END) {
        size_t begin = lede_json_position(json) - 1;

        if (token.type != LEDE_JSON_OBJECT && token.type != LEDE_JSON_ARRAY) {
            continue;
        }
        status = lede_json_skip(json, err);
        if (status == LEDE_OK && token.type == LEDE_JSON_OBJECT) {
            size_t end = lede_json_position(json);

            status = read_listed(r, lede_span_part(text, begin, end - begin),
                                 depth + 1, err);
        }
        if (status != LEDE_OK) {
            break;
        }
    }
    return status;
}

/* Walks an object's members down to the lists of records in it. */
static lede_status read_container(records *r, lede_json *json, lede_span text,
                                  lede_buf *path, unsigned depth,
                                  lede_error *err)
{
    size_t before = path->len;
    lede_json_token token;
    lede_status status;

    while ((status = lede_json_next(json, &token, err)) == LEDE_OK &&
           token.type == LEDE_JSON_KEY) {
        char folded[LEDE_JSON_KEY_MAX_BYTES];
        size_t len = lede_json_key_fold(token.text, folded);

        path->len = before;
        if (before > 0) {
            lede_buf_put_byte(path, '.');
        }
        lede_buf_put(path, folded, len);
        status = lede_json_next(json, &token, err);
        if (status != LEDE_OK) {
            break;
        }
        if (token.type == LEDE_JSON_ARRAY &&
            lede_json_is_list_path(lede_buf_span(path))) {
            status = read_list(r, json, text, depth, err);
        } else if (token.type == LEDE_JSON_OBJECT && len > 0 &&
                   lede_json_is_list_prefix(lede_buf_span(path))) {
            status = read_container(r, json, text, path, depth, err);
        } else if (token.type == LEDE_JSON_OBJECT ||
                   token.type == LEDE_JSON_ARRAY) {
            status = lede_json_skip(json, err);
        }
        if (status != LEDE_OK) {
            break;
        }
    }
    path->len = before;
    return status;
}

static lede_status read_lists(records *r, lede_json *json, lede_span text,
                              unsigned depth, lede_error *err)
{
    lede_buf path = {0};
    lede_json_token token;
    lede_status status;

    lede_json_begin(json, text);
    status = lede_json_next(json, &token, err);
    if (status == LEDE_OK) {
        status = token.type == LEDE_JSON_OBJECT
                     ? read_container(r, json, text, &path, depth, err)
                 : token.type == LEDE_JSON_ARRAY
                     ? read_list(r, json, text, depth, err)
                     : LEDE_OK;
    }
    r->is_broken |= status == LEDE_BAD_INPUT;
    lede_buf_done(&path);
    return status == LEDE_END ? LEDE_OK : status;
}

/* The same of a feed: its items are a page of their own. */
static lede_status read_feed(records *r, lede_json *json, lede_span text,
                             unsigned depth, lede_error *err)
{
    lede_status status = close_page(r, err);

    if (status == LEDE_OK) {
        status = read_lists(r, json, text, depth, err);
    }
    if (status == LEDE_OK) {
        status = close_page(r, err);
    }
    return status;
}

/* The records in an object or array that is none itself; how many is in
 * r->entries. */
static lede_status read_inside(records *r, lede_span text, unsigned depth,
                               lede_error *err)
{
    lede_json *json = lede_json_new(); /* records are read in between */
    lede_status status = LEDE_OK;

    if (json == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    if (depth == 0) {
        status = lede_json_feed_read(text, &r->feed_arena, &r->feed, err);
    }
    if (status == LEDE_OK) {
        status = depth == 0 && r->feed.is_feed
                     ? read_feed(r, json, text, depth, err)
                     : read_lists(r, json, text, depth, err);
    }
    if (depth == 0) {
        r->feed = (lede_json_feed){0};
        lede_arena_clear(&r->feed_arena);
    }
    lede_json_free(json);
    return status;
}

/* One value: a record, or a list of them somewhere inside. LEDE_BAD_INPUT only
 * if it is no JSON. */
static lede_status read_value(records *r, lede_span text, unsigned depth,
                              size_t *used, lede_error *err)
{
    uint64_t entries = r->entries;
    lede_json_record record;
    bool is_single = r->is_single;
    lede_status status;

    lede_arena_clear(&r->arena);
    status = lede_json_record_read(r->json, text, &r->arena, &record, err);
    *used = text.len;
    if (status == LEDE_OK) {
        *used = record.len;
        if (record.part_count > 0 || !record.has_list) {
            if (lede_json_record_is_entry(&record)) {
                return give_record(r, &record, text, err);
            }
            if (!record.has_list) {
                r->others++;
                return LEDE_OK;
            }
        }
    } else if (status != LEDE_NOT_FOUND) {
        r->is_broken = status == LEDE_BAD_INPUT;
        return status;
    }
    if (depth < CONTAINER_DEPTH) {
        uint64_t number = r->number--;

        r->is_single = false;
        status = read_inside(r, text, depth, err);
        r->is_single = is_single;
        if (r->number < number || r->entries == entries) {
            r->number = number; /* it wraps nothing */
        }
        if (status != LEDE_OK) {
            return status;
        }
    }
    if (r->entries > entries) {
        return LEDE_OK;
    }
    /* Not a list of records after all. Reading the lists has used the arena. */
    lede_arena_clear(&r->arena);
    status = lede_json_record_read(r->json, text, &r->arena, &record, err);
    if (status == LEDE_OK && lede_json_record_is_entry(&record)) {
        return give_record(r, &record, text, err);
    }
    r->others++;
    return status == LEDE_NOT_FOUND ? LEDE_OK : status;
}

/* What may stand between the values of a line. */
static bool is_joint(uint8_t c)
{
    return c <= ' ' || c == ',' || c == ';';
}

/* A piece: most often one value, rarely several in one line. */
static lede_status read_piece(records *r, lede_span text, lede_error *err)
{
    bool has_junk = false;

    while ((text = lede_span_trim(text)).len > 0) {
        lede_error failure = {0};
        size_t used = text.len;
        lede_status status;

        r->number++;
        status = read_value(r, text, 0, &used, &failure);
        if (status != LEDE_OK) {
            if (err != NULL) {
                *err = failure;
            }
            return status;
        }
        text = lede_span_part(text, used, text.len);
        while (text.len > 0 && text.bytes[0] != '{' && text.bytes[0] != '[') {
            has_junk |= !is_joint(text.bytes[0]);
            text = lede_span_part(text, 1, text.len);
        }
    }
    if (has_junk) {
        tell_junk(r);
    }
    return LEDE_OK;
}

static lede_status read_pieces(records *r, lede_json_split *split,
                               lede_error *err)
{
    for (;;) {
        lede_error failure = {0};
        lede_json_piece piece;
        lede_status status = lede_json_split_next(split, &piece, err);

        if (status != LEDE_OK) {
            return status;
        }
        r->line = piece.line;
        if (piece.is_junk) {
            tell_junk(r);
            continue;
        }
        r->is_line = piece.is_line;
        r->is_single = piece.is_top && !piece.is_line && r->number == 0;
        if (piece.is_too_large) {
            r->number++;
            r->bad++;
            set_damaged(r);
            note(r, "a record of more than 64 MiB is passed over");
            continue;
        }
        status = read_piece(r, piece.text, &failure);
        if (tell_broken(r, status, failure.message)) {
            status = lede_json_split_resync(split, &failure);
        }
        if (status != LEDE_OK) {
            if (err != NULL) {
                *err = failure;
            }
            return status;
        }
    }
}

static lede_status finish(records *r, lede_status status, lede_error *err)
{
    lede_error failure = {0};

    /* Damage of the input comes behind what was good. */
    if (status == LEDE_END || status == LEDE_CORRUPT || status == LEDE_IO) {
        lede_status closed = close_page(r, &failure);

        if (closed != LEDE_OK) {
            if (err != NULL) {
                *err = failure;
            }
            return closed;
        }
    }
    if (r->notes > NOTES_MAX) {
        note_count(r, r->notes - NOTES_MAX, "notes that are not shown");
    }
    if (r->entries > 0) {
        note_count(r, r->others,
                   "records without text that are no headline with an "
                   "address, summary, date, author or outlet");
        lede_note_repaired(r->sink, "", r->repaired);
    }
    if (status != LEDE_END) {
        return status;
    }
    if (r->entries == 0) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         r->bad > 0 ? "JSON, but none of it can be read"
                                    : "JSON, but no records with a headline "
                                      "and a text, address, date or the like");
    }
    return LEDE_OK;
}

static lede_status read_json(lede_input *input,
                             const lede_read_context *context,
                             const lede_sink *sink, lede_error *err)
{
    static const lede_read_options no_options;
    records r = {.sink = sink};
    lede_json_split *split = NULL;
    lede_status status;

    r.captured = context->captured;
    r.options = context->options == NULL ? &no_options : context->options;
    r.json = lede_json_new();
    if (r.json == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    status = lede_date_order_survey(input, &r.order, err);
    if (status == LEDE_OK) {
        status = lede_json_split_new(input, 0, &split, err);
    }
    if (status == LEDE_OK) {
        status = finish(&r, read_pieces(&r, split, err), err);
    }
    lede_json_split_free(split);
    lede_json_free(r.json);
    lede_arena_done(&r.arena);
    lede_arena_done(&r.feed_arena);
    return status;
}

/* The first character decides, with what must follow it: a text may begin with
 * "[Music]" or "{". */
static bool claims_json(lede_span head, bool whole, const char *path)
{
    lede_span text = lede_span_trim(head);
    lede_span rest = lede_span_trim(lede_span_part(text, 1, text.len));

    (void)path;
    if (text.len == 0) {
        return false;
    }
    if (text.bytes[0] == '{') {
        return rest.len == 0 ? whole
                             : rest.bytes[0] == '"' || rest.bytes[0] == '}';
    }
    return text.bytes[0] == '[' && rest.len > 0 &&
           (rest.bytes[0] == '{' || rest.bytes[0] == '[' ||
            rest.bytes[0] == '"' || rest.bytes[0] == ']');
}

const lede_format lede_format_json = {"json", claims_json, read_json};
