/* hits_csv.c - hits for spreadsheets: a line a hit, below the names of the
 * columns. Lists are joined by "; ". */
#include <inttypes.h>

#include "app/csv_out.h"
#include "app/hits_out.h"
#include "base/place.h"

static const char *const columns[] = {
    "rank", "score",  "key",      "published", "precision", "updated",
    "kind", "source", "headline", "authors",   "labels",    "url",
    "path", "line",   "record",   "missing",   "snippet",   "error"};
enum { COLUMNS = sizeof columns / sizeof columns[0], PLACE_COLUMNS = 3 };

static void begin(lede_hits_out *out)
{
    lede_csv_out csv = {.buf = &out->buf};

    for (int i = 0; i < COLUMNS; i++) {
        lede_csv_text(&csv, columns[i]);
    }
    lede_csv_end_line(&csv);
}

static void put_place(lede_csv_out *csv, const lede_hit_place *place)
{
    char key[17];

    lede_csv_unsigned(csv, place->rank);
    if (place->has_score) {
        lede_csv_double(csv, place->score);
    } else {
        lede_csv_nothing(csv);
    }
    snprintf(key, sizeof key, "%016" PRIx64, place->key);
    lede_csv_text(csv, key);
}

static void put_buf(lede_csv_out *csv, lede_buf *text)
{
    lede_csv_span(csv, lede_buf_span(text));
    csv->buf->failed = csv->buf->failed || text->failed;
    lede_buf_done(text);
}

static void put_when(lede_csv_out *csv, const lede_when *when)
{
    lede_buf text = {0};

    lede_when_format(when, &text);
    put_buf(csv, &text);
}

static void join(lede_buf *text, lede_span item)
{
    lede_buf_put_text(text, text->len > 0 ? "; " : "");
    lede_buf_put_span(text, item);
}

static void put_lists(lede_csv_out *csv, const lede_entry *entry)
{
    lede_buf authors = {0};
    lede_buf labels = {0};

    for (uint32_t i = 0; i < entry->author_count; i++) {
        join(&authors, entry->authors[i].name);
    }
    for (uint32_t i = 0; i < entry->label_count; i++) {
        join(&labels, entry->labels[i]);
    }
    put_buf(csv, &authors);
    put_buf(csv, &labels);
}

static void put_number(lede_csv_out *csv, uint64_t number)
{
    if (number == 0) {
        lede_csv_nothing(csv);
    } else {
        lede_csv_unsigned(csv, number);
    }
}

static void put_file(lede_csv_out *csv, const lede_entry *entry)
{
    lede_place place = lede_place_parse(
        entry->path_count == 0 ? lede_span_of(NULL, 0) : entry->paths[0]);

    lede_csv_span(csv, place.file);
    put_number(csv, place.line);
    put_number(csv, place.record);
}

static void put_hit(lede_hits_out *out, const lede_hit *hit)
{
    const lede_entry *entry = hit->entry;
    lede_hit_place place = {.rank = hit->rank,
                            .score = hit->score,
                            .has_score = hit->has_score,
                            .key = entry->key};
    lede_csv_out csv = {.buf = &out->buf};
    lede_buf missing = {0};

    put_place(&csv, &place);
    put_when(&csv, &entry->published);
    lede_csv_text(&csv, lede_precision_name(entry->published.precision));
    put_when(&csv, &entry->updated);
    lede_csv_text(&csv, lede_kind_name(entry->kind));
    lede_csv_span(&csv, entry->source);
    lede_csv_span(&csv, entry->headline);
    put_lists(&csv, entry);
    lede_csv_span(&csv, entry->url);
    put_file(&csv, entry);
    for (uint32_t i = 0; i < hit->missing_count; i++) {
        join(&missing, lede_span_text(hit->missing[i]));
    }
    put_buf(&csv, &missing);
    lede_csv_span(&csv, hit->snippet);
    lede_csv_nothing(&csv);
    lede_csv_end_line(&csv);
}

static void put_damaged(lede_hits_out *out, const lede_hit_place *place,
                        const lede_error *err)
{
    lede_csv_out csv = {.buf = &out->buf};

    put_place(&csv, place);
    for (int i = PLACE_COLUMNS; i < COLUMNS - 1; i++) {
        lede_csv_nothing(&csv);
    }
    lede_csv_text(&csv, err->message);
    lede_csv_end_line(&csv);
}

const lede_hits_writer lede_hits_csv = {
    .begin = begin, .put_hit = put_hit, .put_damaged = put_damaged};
