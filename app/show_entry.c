#include "app/show_entry.h"

#include "app/partial.h"
#include "app/show_names.h"

#include <inttypes.h>
#include <string.h>

#include "base/place.h"
#include "base/utf8.h"

void lede_put_style(const lede_app *app, lede_buf *out, lede_style style)
{
    static const char *const codes[] = {"\033[0m", "\033[1m", "\033[2m",
                                        "\033[1;33m", "\033[36m"};

    if (app->color) {
        lede_buf_put_text(out, codes[style]);
    }
}

void lede_put_marked(const lede_app *app, lede_buf *out, lede_span text,
                     const lede_mark *marks, uint32_t count, lede_style base)
{
    size_t at = 0;
    uint32_t i;

    lede_put_style(app, out, base);
    for (i = 0; i < count; i++) {
        if (marks[i].begin < at || marks[i].end > text.len) {
            continue;
        }
        lede_put_safe(out, lede_span_part(text, at, marks[i].begin - at));
        lede_put_style(app, out, LEDE_STYLE_MARK);
        lede_put_safe(out, lede_span_part(text, marks[i].begin,
                                          marks[i].end - marks[i].begin));
        lede_put_style(app, out, LEDE_STYLE_PLAIN);
        lede_put_style(app, out, base);
        at = marks[i].end;
    }
    lede_put_safe(out, lede_span_part(text, at, text.len));
    lede_put_style(app, out, LEDE_STYLE_PLAIN);
}

void lede_json_marks(lede_json_out *json, const lede_mark *marks,
                     uint32_t count)
{
    uint32_t i;

    lede_json_begin_array(json);
    for (i = 0; i < count; i++) {
        lede_json_begin_array(json);
        lede_json_unsigned(json, marks[i].begin);
        lede_json_unsigned(json, marks[i].end);
        lede_json_end_array(json);
    }
    lede_json_end_array(json);
}

static void put_number(lede_json_out *json, const char *name, uint64_t value)
{
    lede_json_name(json, name);
    if (value == 0) {
        lede_json_null(json);
    } else {
        lede_json_unsigned(json, value);
    }
}

void lede_json_entry_authors(lede_json_out *json, const lede_entry *entry)
{
    uint32_t i;

    lede_json_name(json, "authors");
    lede_json_begin_array(json);
    for (i = 0; i < entry->author_count; i++) {
        const lede_author *author = &entry->authors[i];

        lede_json_begin_object(json);
        lede_json_name(json, "name");
        lede_json_span(json, author->name);
        lede_json_name(json, "role");
        lede_json_span_or_null(json, author->role);
        lede_json_name(json, "location");
        lede_json_span_or_null(json, author->location);
        lede_json_end_object(json);
    }
    lede_json_end_array(json);
}

void lede_json_entry_labels(lede_json_out *json, const lede_entry *entry)
{
    uint32_t i;

    lede_json_name(json, "labels");
    lede_json_begin_array(json);
    for (i = 0; i < entry->label_count; i++) {
        lede_json_span(json, entry->labels[i]);
    }
    lede_json_end_array(json);
}

void lede_json_entry_dates(lede_json_out *json, const lede_entry *entry)
{
    const lede_when *published = &entry->published;

    lede_json_name(json, "published");
    lede_json_when(json, published);
    lede_json_name(json, "published_precision");
    lede_json_text(json, lede_precision_name(published->precision));
    lede_json_name(json, "published_text");
    lede_json_span_or_null(json, published->text);
    lede_json_name(json, "year_source");
    lede_json_text(json, lede_year_source_name(published->year_source));
}

void lede_json_place(lede_json_out *json, lede_span path)
{
    lede_place place = lede_place_parse(path);

    lede_json_path(json, "path", place.file);
    put_number(json, "line", place.line);
    put_number(json, "record", place.record);
}

static void put_unknown_year(lede_buf *out, const lede_when *when)
{
    static const char *const months[] = {
        "January", "February", "March",     "April",   "May",      "June",
        "July",    "August",   "September", "October", "November", "December"};
    const lede_civil *c = &when->local;

    if (c->month < 1 || c->month > 12 || c->day < 1) {
        lede_buf_put_text(out, "date unknown");
        return;
    }
    lede_buf_put_format(out, "%u %s", c->day, months[c->month - 1]);
    if (when->precision >= LEDE_PRECISION_HOUR) {
        lede_buf_put_format(out, " %02u:%02u", c->hour, c->minute);
    }
    lede_buf_put_text(out, ", year unknown");
}

void lede_put_when(lede_buf *out, const lede_when *when, const lede_zone *zone,
                   const char *zone_name)
{
    lede_civil c;

    if (when->instant == LEDE_INSTANT_NONE) {
        put_unknown_year(out, when);
        return;
    }
    if (when->precision < LEDE_PRECISION_HOUR) {
        lede_when_format(when, out);
    } else {
        int32_t offset =
            zone == NULL ? 0 : lede_zone_offset_at(zone, when->instant);

        lede_civil_from_instant(when->instant, offset, &c);
        lede_buf_put_format(out, "%04d-%02u-%02u %02u:%02u", (int)c.year,
                            c.month, c.day, c.hour, c.minute);
        lede_buf_put_format(out, " %s", zone == NULL ? "UTC" : zone_name);
    }
    if (!lede_year_source_is_trusted(when->year_source)) {
        lede_buf_put_text(out, " (guessed)");
    }
}

static void put_separator(lede_buf *out, size_t begin)
{
    if (out->len > begin) {
        lede_buf_put_text(out, " \xC2\xB7 ");
    }
}

static void put_author(lede_buf *out, const lede_author *author,
                       lede_span source)
{
    lede_put_safe(out, author->name);
    if (author->role.len > 0 && !lede_span_equal(author->role, source)) {
        lede_buf_put_text(out, ", ");
        lede_put_safe(out, author->role);
    }
}

void lede_put_byline(lede_buf *out, const lede_entry *entry)
{
    size_t begin = out->len;
    uint32_t i;

    if (entry->kind != LEDE_KIND_ARTICLE) {
        const char *p = lede_kind_name(entry->kind);

        for (; *p != '\0'; p++) {
            lede_buf_put_byte(out, *p == '_' ? ' ' : (uint8_t)*p);
        }
    }
    if (entry->source.len > 0) {
        put_separator(out, begin);
        lede_put_safe(out, entry->source);
    }
    for (i = 0; i < entry->label_count; i++) {
        put_separator(out, begin);
        lede_put_safe(out, entry->labels[i]);
    }
    for (i = 0; i < entry->author_count && i < 3; i++) {
        if (!lede_span_equal(entry->authors[i].name, entry->source)) {
            put_separator(out, begin);
            put_author(out, &entry->authors[i], entry->source);
        }
    }
}

/* The member NAME_marks of a text, if the entry is marked. */
static void put_text_marks(lede_json_out *json, const char *name,
                           const lede_marking *marking, lede_span text)
{
    uint32_t count;
    const lede_mark *marks;

    if (marking != NULL) {
        marks = lede_marking_of(marking, text, &count);
        lede_json_name(json, name);
        lede_json_marks(json, marks, count);
    }
}

static void put_media_json(lede_json_out *json, const lede_media *media,
                           uint32_t count, const lede_marking *marking)
{
    const lede_media *end = media + count;

    lede_json_name(json, "media");
    lede_json_begin_array(json);
    for (; media < end; media++) {
        lede_json_begin_object(json);
        lede_json_name(json, "type");
        lede_json_text(json, lede_media_type_name(media->type));
        lede_json_name(json, "alt");
        lede_json_span_or_null(json, media->alt);
        lede_json_name(json, "caption");
        lede_json_span_or_null(json, media->caption);
        put_text_marks(json, "alt_marks", marking, media->alt);
        put_text_marks(json, "caption_marks", marking, media->caption);
        lede_json_name(json, "credit");
        lede_json_span_or_null(json, media->credit);
        lede_json_name(json, "url");
        lede_json_span_or_null(json, media->url);
        lede_json_end_object(json);
    }
    lede_json_end_array(json);
}

static void put_body_json(lede_json_out *json, const lede_entry *entry,
                          const lede_marking *marking)
{
    uint32_t i;

    lede_json_name(json, "body");
    lede_json_begin_array(json);
    for (i = 0; i < entry->block_count; i++) {
        lede_json_begin_object(json);
        lede_json_name(json, "type");
        lede_json_text(json, lede_block_type_name(entry->body[i].type));
        lede_json_name(json, "text");
        lede_json_span(json, entry->body[i].text);
        put_text_marks(json, "marks", marking, entry->body[i].text);
        lede_json_end_object(json);
    }
    lede_json_end_array(json);
}

static void put_spans_json(lede_json_out *json, const char *name,
                           const lede_span *spans, uint32_t count)
{
    uint32_t i;

    lede_json_name(json, name);
    lede_json_begin_array(json);
    for (i = 0; i < count; i++) {
        lede_json_span(json, spans[i]);
    }
    lede_json_end_array(json);
}

/* Each file once, and each place in them. */
static void put_paths_json(lede_json_out *json, const lede_entry *entry)
{
    lede_span last = {NULL, 0};
    uint32_t i;

    lede_json_name(json, "paths");
    lede_json_begin_array(json);
    for (i = 0; i < entry->path_count; i++) {
        lede_span file = lede_place_parse(entry->paths[i]).file;

        if (i == 0 || !lede_span_equal(file, last)) {
            lede_json_span(json, file);
        }
        last = file;
    }
    lede_json_end_array(json);
    lede_json_name(json, "found_in");
    lede_json_begin_array(json);
    for (i = 0; i < entry->path_count; i++) {
        lede_json_begin_object(json);
        lede_json_place(json, entry->paths[i]);
        lede_json_end_object(json);
    }
    lede_json_end_array(json);
}

static void put_flags_json(lede_json_out *json, uint32_t flags)
{
    unsigned i;

    lede_json_name(json, "flags");
    lede_json_begin_array(json);
    for (i = 0; i < LEDE_FLAG_COUNT; i++) {
        if ((flags >> i & 1u) != 0) {
            lede_json_text(json, lede_flag_name(i));
        }
    }
    lede_json_end_array(json);
}

static void put_named_span(lede_json_out *json, const char *name,
                           lede_span value)
{
    lede_json_name(json, name);
    lede_json_span_or_null(json, value);
}

static void put_head_json(lede_json_out *json, const lede_entry *entry,
                          const lede_marking *marking)
{
    lede_json_name(json, "key");
    lede_json_key(json, entry->key);
    lede_json_name(json, "kind");
    lede_json_text(json, lede_kind_name(entry->kind));
    put_number(json, "ordinal", entry->ordinal);
    lede_json_name(json, "headline");
    lede_json_span(json, entry->headline);
    put_text_marks(json, "headline_marks", marking, entry->headline);
    lede_json_name(json, "headline_derived");
    lede_json_bool(json, entry->headline_derived);
    put_named_span(json, "deck", entry->deck);
    put_text_marks(json, "deck_marks", marking, entry->deck);
    lede_json_entry_dates(json, entry);
    put_named_span(json, "zone", entry->published.zone_text);
    lede_json_name(json, "updated");
    lede_json_when(json, &entry->updated);
    lede_json_name(json, "captured");
    lede_json_when(json, &entry->captured);
}

void lede_put_entry_json(lede_buf *out, const lede_entry *entry,
                         const lede_hit_names *names,
                         const lede_marking *marking,
                         const struct lede_engine *engine)
{
    lede_json_out json;

    lede_json_out_init(&json, out);
    lede_json_begin_object(&json);
    put_head_json(&json, entry, marking);
    lede_json_entry_authors(&json, entry);
    lede_json_entry_labels(&json, entry);
    put_media_json(&json, entry->media, entry->media_count, marking);
    put_body_json(&json, entry, marking);
    put_named_span(&json, "lang", entry->lang);
    put_named_span(&json, "source", entry->source);
    put_named_span(&json, "section", entry->section);
    put_spans_json(&json, "tags", entry->tags, entry->tag_count);
    put_named_span(&json, "url", entry->url);
    lede_json_name(&json, "page");
    lede_json_begin_object(&json);
    put_named_span(&json, "title", entry->page_title);
    put_named_span(&json, "url", entry->page_url);
    put_media_json(&json, entry->page_media, entry->page_media_count, marking);
    lede_json_end_object(&json);
    put_paths_json(&json, entry);
    put_flags_json(&json, entry->flags);
    if (names != NULL) {
        lede_json_names(&json, names->people, names->person_count,
                        names->places, names->place_count);
    }
    lede_json_partial(&json, engine);
    lede_json_end_object(&json);
    lede_buf_put_byte(out, '\n');
}

static void put_line(lede_buf *out, const char *name, lede_span value)
{
    if (value.len > 0) {
        lede_buf_put_format(out, "%s ", name);
        lede_put_safe(out, value);
        lede_buf_put_byte(out, '\n');
    }
}

/* "file PATH, line 7" */
static void put_names(lede_buf *out, const char *title,
                      const lede_hit_name *names, uint32_t count)
{
    if (count > 0) {
        lede_buf_put_format(out, "%s ", title);
        lede_put_names(out, names, count);
        lede_buf_put_byte(out, '\n');
    }
}

static void put_place(lede_buf *out, lede_span path)
{
    lede_place place = lede_place_parse(path);

    lede_buf_put_text(out, "file ");
    lede_put_safe(out, place.file);
    if (place.line > 0) {
        lede_buf_put_format(out, ", line %" PRIu64, place.line);
    } else if (place.record > 0) {
        lede_buf_put_format(out, ", record %" PRIu64, place.record);
    }
    lede_buf_put_byte(out, '\n');
}

/* In a text that was made safe these stand for nothing else. */
enum { MARK_BEGIN = 1, MARK_END = 2 };

/* The text made safe, with the places of its marks. */
static void put_marked_places(lede_buf *out, lede_span text,
                              const lede_marking *marking)
{
    uint32_t count;
    const lede_mark *marks = lede_marking_of(marking, text, &count);
    size_t at = 0;

    for (uint32_t i = 0; i < count; i++) {
        lede_put_safe(out, lede_span_part(text, at, marks[i].begin - at));
        lede_buf_put_byte(out, MARK_BEGIN);
        lede_put_safe(out, lede_span_part(text, marks[i].begin,
                                          marks[i].end - marks[i].begin));
        lede_buf_put_byte(out, MARK_END);
        at = marks[i].end;
    }
    lede_put_safe(out, lede_span_part(text, at, text.len));
}

static void put_styled(const lede_app *app, lede_buf *out, lede_span line)
{
    for (size_t i = 0; i < line.len; i++) {
        if (line.bytes[i] == MARK_BEGIN) {
            lede_put_style(app, out, LEDE_STYLE_MARK);
        } else if (line.bytes[i] == MARK_END) {
            lede_put_style(app, out, LEDE_STYLE_PLAIN);
        } else {
            lede_buf_put_byte(out, line.bytes[i]);
        }
    }
}

/* Breaks text at blanks so that lines stay under 80 characters. */
static void put_wrapped(const lede_app *app, lede_buf *out, const char *indent,
                        lede_span text, const lede_marking *marking)
{
    lede_buf safe = {0};
    lede_span rest;
    bool first = true;

    put_marked_places(&safe, text, marking);
    rest = lede_buf_span(&safe);
    while (rest.len > 0) {
        size_t column = strlen(indent);
        size_t at = 0;
        size_t cut = 0;

        while (at < rest.len && (column < 78 || cut == 0)) {
            uint32_t c;

            if (rest.bytes[at] == ' ') {
                cut = at;
            }
            at += lede_utf8_decode(rest.bytes + at, rest.bytes + rest.len, &c);
            column += c != MARK_BEGIN && c != MARK_END;
        }
        if (at == rest.len && column <= 78) {
            cut = at;
        } else if (cut == 0) {
            cut = at;
        }
        lede_buf_put_text(out, first ? indent : "    ");
        put_styled(app, out, lede_span_part(rest, 0, cut));
        lede_buf_put_byte(out, '\n');
        rest = lede_span_trim(lede_span_part(rest, cut, rest.len));
        first = false;
    }
    out->failed = out->failed || safe.failed;
    lede_buf_done(&safe);
}

static void put_marked_text(const lede_app *app, lede_buf *out, lede_span text,
                            const lede_marking *marking)
{
    uint32_t count;
    const lede_mark *marks = lede_marking_of(marking, text, &count);

    lede_put_marked(app, out, text, marks, count, LEDE_STYLE_PLAIN);
}

/* "[video] caption | alt (credit)" */
static void put_medium(const lede_app *app, lede_buf *out,
                       const lede_media *media, const lede_marking *marking)
{
    lede_buf_put_format(out, "[%s]", lede_media_type_name(media->type));
    if (media->caption.len > 0) {
        lede_buf_put_byte(out, ' ');
        put_marked_text(app, out, media->caption, marking);
    }
    if (media->alt.len > 0) {
        lede_buf_put_text(out, media->caption.len > 0 ? " | " : " ");
        put_marked_text(app, out, media->alt, marking);
    }
    if (media->credit.len > 0) {
        lede_buf_put_text(out, " (");
        lede_put_safe(out, media->credit);
        lede_buf_put_text(out, ")");
    }
}

static void put_media_text(const lede_app *app, lede_buf *out,
                           const lede_entry *entry, const lede_marking *marking)
{
    uint32_t i;

    for (i = 0; i < entry->media_count; i++) {
        lede_buf_put_text(out, "\n    ");
        put_medium(app, out, &entry->media[i], marking);
    }
    if (entry->media_count > 0) {
        lede_buf_put_byte(out, '\n');
    }
}

void lede_put_entry_text(const lede_app *app, lede_buf *out,
                         const lede_entry *entry, const lede_hit_names *names,
                         const lede_marking *marking)
{
    uint32_t count;
    const lede_mark *marks = lede_marking_of(marking, entry->headline, &count);
    uint32_t i;

    lede_put_marked(app, out, entry->headline, marks, count, LEDE_STYLE_BOLD);
    lede_buf_put_byte(out, '\n');
    lede_put_when(out, &entry->published, NULL, NULL);
    lede_buf_put_text(out, " \xC2\xB7 ");
    lede_put_byline(out, entry);
    lede_buf_put_byte(out, '\n');
    if (entry->deck.len > 0) {
        lede_buf_put_byte(out, '\n');
        put_wrapped(app, out, "    ", entry->deck, marking);
    }
    for (i = 0; i < entry->block_count; i++) {
        bool item = entry->body[i].type == LEDE_BLOCK_LI;

        lede_buf_put_byte(out, '\n');
        put_wrapped(app, out, item ? "  * " : "    ", entry->body[i].text,
                    marking);
    }
    put_media_text(app, out, entry, marking);
    lede_buf_put_byte(out, '\n');
    lede_put_style(app, out, LEDE_STYLE_DIM);
    lede_buf_put_format(out, "key %016" PRIx64 "\n", entry->key);
    if (names != NULL) {
        put_names(out, "people", names->people, names->person_count);
        put_names(out, "places", names->places, names->place_count);
    }
    if (entry->updated.precision != LEDE_PRECISION_NONE) {
        lede_buf_put_text(out, "updated ");
        lede_put_when(out, &entry->updated, NULL, NULL);
        lede_buf_put_byte(out, '\n');
    }
    put_line(out, "url", entry->url);
    put_line(out, "page", entry->page_title);
    for (i = 0; i < entry->page_media_count; i++) {
        lede_buf_put_text(out, "page ");
        put_medium(app, out, &entry->page_media[i], marking);
        lede_buf_put_byte(out, '\n');
    }
    for (i = 0; i < entry->path_count; i++) {
        put_place(out, entry->paths[i]);
    }
    for (i = 0; i < LEDE_FLAG_COUNT; i++) {
        if ((entry->flags >> i & 1u) != 0) {
            put_line(out, "flag", lede_span_text(lede_flag_name(i)));
        }
    }
    lede_put_style(app, out, LEDE_STYLE_PLAIN);
}
