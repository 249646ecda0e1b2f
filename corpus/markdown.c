/* markdown.c - notes in Markdown: what stands in front (YAML or TOML), and the
 * text without its marks. */
#include <stdlib.h>
#include <string.h>

#include "corpus/article_head.h"
#include "corpus/draft.h"
#include "corpus/front_matter.h"
#include "corpus/json_fields.h"
#include "corpus/json_list.h"
#include "corpus/markup.h"
#include "corpus/text_match.h"

enum {
    HEAD_UNITS = 6, /* paragraphs that may be part of the head */
    /* A link is no longer, and has no more brackets open in its text, so that
     * looking for ends is quick. */
    LINK_BYTES = 4096,
    HEADING_BYTES = 200, /* of one that is underlined */
    LINK_DEPTH = 8
};

static const size_t file_max_bytes = (size_t)64 << 20;

typedef struct note_reader {
    lede_draft draft;
    uint8_t ranks[LEDE_JSON_FIELD_COUNT]; /* of the key that was taken */
    bool has[LEDE_JSON_FIELD_COUNT];
    lede_buf paragraph;
    lede_block_type type; /* of the paragraph at hand */
} note_reader;

/* Lines. ------------------------------------------------------------------ */

static lede_span take_line(lede_span *text)
{
    const uint8_t *newline =
        text->len == 0 ? NULL : memchr(text->bytes, '\n', text->len);
    size_t len = newline == NULL ? text->len : (size_t)(newline - text->bytes);
    lede_span line = lede_span_part(*text, 0, len);

    *text = lede_span_part(*text, len + 1, text->len);
    if (line.len > 0 && line.bytes[line.len - 1] == '\r') {
        line.len--;
    }
    return line;
}

static lede_span behind(lede_span text, size_t len)
{
    return lede_span_trim(lede_span_part(text, len, text.len));
}

static bool claims_markdown(lede_span head, bool whole, const char *path)
{
    lede_span name = lede_span_text(path);

    (void)whole;
    return lede_front_len(head, NULL) > 0 || lede_match_ends(name, ".md") ||
           lede_match_ends(name, ".markdown");
}

/* What stands in front. --------------------------------------------------- */

/* "[[Ann Lee]]", a link to a note, as its name; of "[[people/lee|Ann Lee]]" the
 * one with a blank. A tag goes without its mark. */
static lede_span unlinked(lede_span value)
{
    size_t bar;

    if (value.len > 1 && value.bytes[0] == '#') {
        value = lede_span_part(value, 1, value.len);
    }
    if (!lede_span_starts(value, "[[") || !lede_match_ends(value, "]]")) {
        return value;
    }
    value = lede_span_trim(lede_span_part(value, 2, value.len - 4));
    bar = lede_match_find(value, 0, "|");
    if (bar != LEDE_MATCH_NONE) {
        lede_span name = lede_span_trim(lede_span_part(value, 0, bar));

        value = memchr(name.bytes, ' ', name.len) != NULL &&
                        memchr(name.bytes, '/', name.len) == NULL
                    ? name
                    : behind(value, bar + 1);
    }
    return value;
}

static bool is_address(lede_span value)
{
    return lede_match_starts(value, "http://") ||
           lede_match_starts(value, "https://");
}

static void take_text(note_reader *r, lede_json_field field, lede_span value)
{
    lede_entry *entry = &r->draft.entry;

    switch (field) {
    case LEDE_JSON_FIELD_HEADLINE:
        entry->headline = lede_draft_line(&r->draft, value);
        break;
    case LEDE_JSON_FIELD_DECK:
    case LEDE_JSON_FIELD_LEAD:
        entry->deck = lede_draft_line(&r->draft, value);
        break;
    case LEDE_JSON_FIELD_URL:
        /* Programs that make sites of notes have paths there. */
        if (is_address(value)) {
            entry->url = value;
        }
        break;
    case LEDE_JSON_FIELD_SITE:
        entry->source = value;
        break;
    case LEDE_JSON_FIELD_LANGUAGE:
        entry->lang = lede_draft_language(&r->draft, value);
        break;
    case LEDE_JSON_FIELD_SECTION:
        entry->section = value;
        break;
    case LEDE_JSON_FIELD_ID:
        entry->native_id = value;
        break;
    default:
        break;
    }
}

/* Keys of programs for notes and sites, which records have not, or use
 * otherwise: clippers call the time of clipping "created". */
static bool find_note_key(lede_span folded, lede_json_key *known)
{
    static const struct {
        const char *key;
        lede_json_field field;
        uint8_t rank;
    } keys[] = {{"created", LEDE_JSON_FIELD_CAPTURED, 50},
                {"createdat", LEDE_JSON_FIELD_CAPTURED, 51},
                {"datecreated", LEDE_JSON_FIELD_CAPTURED, 52},
                {"clipped", LEDE_JSON_FIELD_CAPTURED, 53},
                {"saved", LEDE_JSON_FIELD_CAPTURED, 54},
                {"lastmod", LEDE_JSON_FIELD_UPDATED, 50},
                {"lastmodifiedat", LEDE_JSON_FIELD_UPDATED, 51},
                {"subtitle", LEDE_JSON_FIELD_DECK, 50}};
    size_t i;

    for (i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (lede_span_is(folded, keys[i].key)) {
            *known = (lede_json_key){keys[i].field, keys[i].rank};
            return true;
        }
    }
    *known = lede_json_key_find(folded);
    return known->field != LEDE_JSON_FIELD_NONE;
}

/* A text alone may have several tags with commas between. */
static void take_tags(note_reader *r, const lede_span *values, size_t count)
{
    lede_span tag;
    size_t at = 0;
    size_t i;

    for (i = 0; i < count; i++) {
        at = 0;
        while (count == 1 && lede_json_list_next(values[0], &at, &tag)) {
            lede_draft_put_tag(&r->draft, unlinked(tag));
        }
        if (count > 1) {
            lede_draft_put_tag(&r->draft, unlinked(values[i]));
        }
    }
}

static void take_value(void *ctx, lede_span key, const lede_span *values,
                       size_t count)
{
    note_reader *r = ctx;
    lede_entry *entry = &r->draft.entry;
    char folded[LEDE_JSON_KEY_MAX_BYTES];
    lede_span name = lede_span_of(folded, lede_json_key_fold(key, folded));
    lede_span value = unlinked(values[0]);
    lede_span none = {NULL, 0};
    lede_json_key known;
    lede_reason what;
    size_t i;

    if (!find_note_key(name, &known)) {
        return;
    }
    if (known.field == LEDE_JSON_FIELD_SITE && is_address(value)) {
        known.field = LEDE_JSON_FIELD_URL; /* as clippers have it */
    }
    if (r->has[known.field] && r->ranks[known.field] <= known.rank &&
        known.field != LEDE_JSON_FIELD_AUTHORS &&
        known.field != LEDE_JSON_FIELD_TAGS) {
        return;
    }
    r->has[known.field] = true;
    r->ranks[known.field] = known.rank;
    if (lede_json_field_reason(known.field, &what)) {
        r->draft.reasons.from[what] = key;
    }
    switch (known.field) {
    case LEDE_JSON_FIELD_PUBLISHED:
        entry->published = lede_when_none();
        lede_draft_date(&r->draft, value, "", &entry->published);
        break;
    case LEDE_JSON_FIELD_UPDATED:
        entry->updated = lede_when_none();
        lede_draft_date(&r->draft, value, "", &entry->updated);
        break;
    case LEDE_JSON_FIELD_CAPTURED:
        lede_draft_date(&r->draft, value, "", &entry->captured);
        break;
    case LEDE_JSON_FIELD_AUTHORS:
        for (i = 0; i < count; i++) {
            lede_draft_put_names(&r->draft, unlinked(values[i]), none, none);
        }
        break;
    case LEDE_JSON_FIELD_TAGS:
        take_tags(r, values, count);
        break;
    default:
        take_text(r, known.field, value);
        break;
    }
}

/* The text. --------------------------------------------------------------- */

/* Where a mark stands first at or behind `from`: looked for once, however often
 * it is asked for. */
typedef struct next_mark {
    const char *mark;
    size_t from, at; /* LEDE_MATCH_NONE: nowhere */
    bool is_known;
} next_mark;

static size_t find_next(lede_span line, size_t from, next_mark *next)
{
    if (!next->is_known || from < next->from || from > next->at) {
        next->is_known = true;
        next->from = from;
        next->at = lede_match_find(line, from, next->mark);
    }
    return next->at;
}

/* Bytes of "[text](address)" from `at` on; *text and *address are set. */
static size_t link_len(lede_span line, size_t at, next_mark *round,
                       lede_span *text, lede_span *address)
{
    size_t window = line.len - at < LINK_BYTES ? line.len : at + LINK_BYTES;
    size_t close = at + 1;
    size_t depth = 1;
    size_t end;

    for (; close < window && depth > 0 && depth <= LINK_DEPTH; close++) {
        depth += line.bytes[close] == '[';
        depth -= line.bytes[close] == ']';
    }
    if (depth > 0 || close >= window || line.bytes[close] != '(') {
        return 0;
    }
    end = find_next(line, close + 1, round);
    if (end >= window) {
        return 0;
    }
    *text = lede_span_part(line, at + 1, close - at - 2);
    *address = lede_span_trim(lede_span_part(line, close + 1, end - close - 1));
    return end + 1 - at;
}

static void put_inline(note_reader *r, lede_span line, unsigned depth);

static void put_picture(note_reader *r, lede_span alt, lede_span address)
{
    lede_media media = {.alt = alt, .url = address};
    size_t at = 0;

    media.url = lede_match_word(address, &at);
    lede_draft_put_media(&r->draft, &media);
}

/* Omnivore's notes have a link where others say the address in front. */
static void take_original(note_reader *r, lede_span text, lede_span address)
{
    if (r->draft.entry.url.len == 0 && lede_match_is(text, "read original") &&
        is_address(address)) {
        r->draft.entry.url = address;
    }
}

/* A mark at `at` that says how something looks: its length, else 0. */
static size_t mark_len(lede_span line, size_t at)
{
    static const char *const marks[] = {"***", "**", "__", "~~",
                                        "==",  "*",  "`"};
    lede_span rest = lede_span_part(line, at, line.len);
    size_t i;

    for (i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (lede_span_starts(rest, marks[i])) {
            size_t len = strlen(marks[i]);
            bool is_free =
                (at == 0 || line.bytes[at - 1] == ' ') &&
                (at + len >= line.len || line.bytes[at + len] == ' ');

            return is_free ? 0 : len; /* "2 * 3" */
        }
    }
    if (line.bytes[at] == '_' &&
        (at == 0 || line.bytes[at - 1] == ' ' || at + 1 == line.len ||
         line.bytes[at + 1] == ' ' || line.bytes[at + 1] == '.')) {
        return 1; /* not inside of names_like_this */
    }
    return 0;
}

static void put_inline(note_reader *r, lede_span line, unsigned depth)
{
    lede_buf *out = &r->paragraph;
    next_mark round = {.mark = ")"};
    next_mark square = {.mark = "]]"};
    size_t at = 0;

    while (at < line.len) {
        lede_span rest = lede_span_part(line, at, line.len);
        lede_span text;
        lede_span address;
        size_t len;

        if (line.bytes[at] == '\\' && at + 1 < line.len) {
            lede_buf_put_byte(out, line.bytes[at + 1]);
            at += 2;
            continue;
        }
        if (lede_span_starts(rest, "![") &&
            (len = link_len(line, at + 1, &round, &text, &address)) > 0) {
            put_picture(r, text, address);
            at += len + 1;
            continue;
        }
        if (lede_span_starts(rest, "[[")) {
            size_t end = find_next(line, at, &square);

            if (end != LEDE_MATCH_NONE && end - at < LINK_BYTES) {
                lede_span name = lede_span_part(line, at + 2, end - at - 2);
                size_t bar = lede_match_find(name, 0, "|");

                name = bar == LEDE_MATCH_NONE ? name : behind(name, bar + 1);
                lede_buf_put_span(out, name);
                at = end + 2;
                continue;
            }
        }
        if (line.bytes[at] == '[' && depth < 4 &&
            (len = link_len(line, at, &round, &text, &address)) > 0) {
            take_original(r, text, address);
            put_inline(r, text, depth + 1);
            at += len;
            continue;
        }
        len = mark_len(line, at);
        if (len == 0) {
            lede_buf_put_byte(out, line.bytes[at]);
        }
        at += len == 0 ? 1 : len;
    }
}

static void end_paragraph(note_reader *r)
{
    lede_draft *d = &r->draft;
    lede_span text = lede_match_trim(lede_buf_span(&r->paragraph));

    if (text.len > 0 && lede_markup_is_likely(text) &&
        r->type == LEDE_BLOCK_P) {
        lede_draft_put_html(d, text);
    } else if (text.len > 0) {
        lede_draft_put_block(d, r->type,
                             lede_draft_line(d, lede_draft_copy(d, text)));
    }
    d->failed |= r->paragraph.failed;
    lede_buf_clear(&r->paragraph);
    r->type = LEDE_BLOCK_P;
}

/* What was put is a heading; the first of the first kind is the headline, if
 * there is none. */
static void end_heading(note_reader *r)
{
    if (r->draft.entry.headline.len == 0 && r->draft.body.count == 0) {
        lede_span text = lede_match_trim(lede_buf_span(&r->paragraph));

        r->draft.entry.headline = lede_draft_copy(&r->draft, text);
        lede_draft_reason(&r->draft, LEDE_REASON_HEADLINE, "the first heading");
        lede_buf_clear(&r->paragraph);
        return;
    }
    r->type = LEDE_BLOCK_HEADING;
    end_paragraph(r);
}

static void take_heading(note_reader *r, lede_span line)
{
    size_t level = 0;

    end_paragraph(r);
    while (level < line.len && line.bytes[level] == '#') {
        level++;
    }
    put_inline(r, behind(line, level), 0);
    end_heading(r);
}

static bool is_rule(lede_span line)
{
    size_t i;

    for (i = 0; i < line.len; i++) {
        if (line.bytes[i] != line.bytes[0] && line.bytes[i] != ' ') {
            return false;
        }
    }
    return line.len >= 3 && strchr("-*_=", line.bytes[0]) != NULL;
}

/* Below a line: that is a heading. */
static bool is_underline(const note_reader *r, lede_span line)
{
    return r->paragraph.len > 0 && r->paragraph.len <= HEADING_BYTES &&
           r->type == LEDE_BLOCK_P && is_rule(line) &&
           (line.bytes[0] == '=' || line.bytes[0] == '-') &&
           memchr(line.bytes, ' ', line.len) == NULL;
}

/* Whether "| a | b |" has cells and is not the line below the names. */
static bool is_table_row(lede_span line)
{
    return line.len > 2 && line.bytes[0] == '|' &&
           line.bytes[line.len - 1] == '|';
}

static void take_row(note_reader *r, lede_span line)
{
    size_t i;

    end_paragraph(r);
    for (i = 0; i < line.len && strchr("|-: ", line.bytes[i]) != NULL; i++) {
    }
    if (i == line.len) {
        return;
    }
    put_inline(r, lede_span_trim(lede_span_part(line, 1, line.len - 2)), 0);
    r->type = LEDE_BLOCK_TABLE;
    end_paragraph(r);
}

static void take_text_line(note_reader *r, lede_span line)
{
    size_t bullet = lede_bullet_len(line);

    if (bullet == 0 && line.len > 2 &&
        (line.bytes[0] == '*' || line.bytes[0] == '+') &&
        line.bytes[1] == ' ') {
        bullet = 2;
    }
    if (is_underline(r, line)) {
        end_heading(r);
    } else if (line.len == 0 || is_rule(line)) {
        end_paragraph(r);
    } else if (line.bytes[0] == '#' && lede_match_find(line, 0, "# ") < 6) {
        take_heading(r, line);
    } else if (is_table_row(line)) {
        take_row(r, line);
    } else if (line.bytes[0] == '>') {
        if (r->type != LEDE_BLOCK_QUOTE) {
            end_paragraph(r);
        }
        r->type = LEDE_BLOCK_QUOTE;
        lede_buf_put_text(&r->paragraph, r->paragraph.len > 0 ? " " : "");
        put_inline(r, behind(line, 1), 0);
    } else if (bullet > 0 || lede_is_numbered_item(line)) {
        end_paragraph(r);
        r->type = LEDE_BLOCK_LI;
        put_inline(r, behind(line, bullet), 0);
    } else {
        lede_buf_put_text(&r->paragraph, r->paragraph.len > 0 ? " " : "");
        put_inline(r, line, 0);
    }
}

static void take_body(note_reader *r, lede_span text)
{
    bool is_code = false;

    while (text.len > 0) {
        lede_span line = lede_span_trim(take_line(&text));

        if (lede_span_starts(line, "```") || lede_span_starts(line, "~~~")) {
            end_paragraph(r);
            is_code = !is_code;
        } else if (is_code) {
            lede_draft_put_block(&r->draft, LEDE_BLOCK_P,
                                 lede_draft_copy(&r->draft, line));
        } else {
            take_text_line(r, line);
        }
    }
    end_paragraph(r);
}

/* Byline, date and the like below the headline, as in any article
 * (article_head.h); what the front matter says counts more. */
static void read_head(lede_draft *d)
{
    lede_article_unit units[HEAD_UNITS] = {{{NULL, 0}, 0, 0, 0, 0}};
    lede_article_head head = {.arena = &d->arena,
                              .hints = &d->hints,
                              .published = lede_when_none(),
                              .updated = lede_when_none(),
                              .captured = lede_when_none(),
                              .dateline = lede_when_none()};
    lede_body *body = &d->body;
    uint32_t count = 0;
    uint32_t kept = 0;
    uint32_t i;

    while (count < HEAD_UNITS && count < body->count &&
           body->blocks[count].type == LEDE_BLOCK_P) {
        units[count] = (lede_article_unit){.text = body->blocks[count].text,
                                           .is_first = true,
                                           .is_last = true};
        count++;
    }
    if (d->entry.headline.len == 0 || count < 2) {
        return;
    }
    lede_article_head_read(units, count, d->entry.headline, &head);
    for (i = 0; i < body->count; i++) {
        if (i >= count || !units[i].is_used) {
            body->blocks[kept++] = body->blocks[i];
        }
    }
    body->count = kept;
    if (d->authors.count == 0 && head.authors.count > 0) {
        d->authors = head.authors;
        lede_draft_reason(d, LEDE_REASON_AUTHORS, "the byline");
    }
    if (d->entry.published.precision == LEDE_PRECISION_NONE &&
        head.published.precision != LEDE_PRECISION_NONE) {
        d->entry.published = head.published;
        lede_draft_reason(d, LEDE_REASON_PUBLISHED, "a line of the text");
    }
    if (d->entry.updated.precision == LEDE_PRECISION_NONE &&
        head.updated.precision != LEDE_PRECISION_NONE) {
        d->entry.updated = head.updated;
        lede_draft_reason(d, LEDE_REASON_UPDATED, "a line of the text");
    }
    d->entry.url = d->entry.url.len > 0 ? d->entry.url : head.url;
    d->entry.source = d->entry.source.len > 0 ? d->entry.source : head.source;
    for (i = 0; i < head.label_count; i++) {
        lede_draft_put_label(d, head.labels[i]);
    }
    d->failed |= head.failed;
}

static lede_status give_note(note_reader *r, lede_span text,
                             const lede_sink *sink, lede_error *err)
{
    const lede_page page = {.format = "markdown",
                            .captured = lede_when_none(),
                            .updated = lede_when_none()};
    lede_draft *d = &r->draft;
    bool is_toml;
    size_t front = lede_front_len(text, &is_toml);
    lede_status status;

    lede_draft_begin(d, LEDE_KIND_ARTICLE);
    if (front > 0) {
        d->failed |= !lede_front_read(lede_span_part(text, 0, front), is_toml,
                                      &d->arena, take_value, r);
    }
    take_body(r, lede_span_part(text, front, text.len));
    read_head(d);
    if (d->entry.published.precision == LEDE_PRECISION_NONE) {
        if (lede_date_in_path(lede_span_text(d->context->path), false,
                              &d->entry.published)) {
            lede_draft_reason(d, LEDE_REASON_PUBLISHED, "the file's name");
        } else {
            d->entry.published = lede_when_none();
        }
    }
    if (lede_draft_is_empty(d)) {
        return lede_fail(err, LEDE_BAD_INPUT, "a note without a text");
    }
    status = sink->page_begin(sink->ctx, &page, err);
    if (status == LEDE_OK) {
        status = lede_draft_give(d, sink, d->context->location, err);
    }
    return status == LEDE_OK ? sink->page_end(sink->ctx, err) : status;
}

static lede_status read_markdown(lede_input *input,
                                 const lede_read_context *context,
                                 const lede_sink *sink, lede_error *err)
{
    note_reader r = {.type = LEDE_BLOCK_P};
    lede_buf text = {0};
    lede_error damage = {0};
    lede_status status;

    lede_draft_init(&r.draft, context);
    status = lede_draft_load(input, context, sink, file_max_bytes, &text,
                             &damage, err);
    if (status == LEDE_OK) {
        status = give_note(&r, lede_buf_span(&text), sink, err);
    }
    if (status == LEDE_OK && damage.status != LEDE_OK) {
        status = damage.status;
        if (err != NULL) {
            *err = damage;
        }
    }
    lede_buf_done(&r.paragraph);
    lede_draft_done(&r.draft);
    lede_buf_done(&text);
    return status;
}

const lede_format lede_format_markdown = {"markdown", claims_markdown,
                                          read_markdown};
