/* show_entry.h - "what does an entry look like?"
 *
 * The pieces that search and show have in common when they print an entry, as
 * JSON and as text.
 *
 * Threads: pure functions. */
#ifndef LEDE_APP_SHOW_ENTRY_H
#define LEDE_APP_SHOW_ENTRY_H

#include "app/app.h"
#include "app/json_out.h"
#include "base/entry.h"
#include "base/zone.h"
#include "query/hit_names.h"
#include "query/marking.h"

struct lede_engine;

/* Styles of the terminal; each appends nothing when colours are off. */
typedef enum lede_style {
    LEDE_STYLE_PLAIN = 0,
    LEDE_STYLE_BOLD,
    LEDE_STYLE_DIM,
    LEDE_STYLE_MARK,
    LEDE_STYLE_NOTE
} lede_style;
void lede_put_style(const lede_app *app, lede_buf *out, lede_style style);

/* Name and value of the members that search and show share. */
void lede_json_entry_authors(lede_json_out *json, const lede_entry *entry);
void lede_json_entry_labels(lede_json_out *json, const lede_entry *entry);
/* published, published_precision, published_text, year_source. */
void lede_json_entry_dates(lede_json_out *json, const lede_entry *entry);

/* path, line and record (base/place.h) of one of an entry's paths. */
void lede_json_place(lede_json_out *json, lede_span path);

/* "2025-02-17 14:50 UTC", "2025-02", "date unknown (17 February, 14:50)"; a
 * guessed date ends in "?". */
void lede_put_when(lede_buf *out, const lede_when *when, const lede_zone *zone,
                   const char *zone_name);

/* "live update · BBC · Analysis · Name, role": what stands under a headline. */
void lede_put_byline(lede_buf *out, const lede_entry *entry);

/* The whole entry, for `show`; `names` is NULL where they are not known, the
 * marking where nothing is to be marked, the engine where none was asked: of one
 * that lacks shards this is said. */
void lede_put_entry_json(lede_buf *out, const lede_entry *entry,
                         const lede_hit_names *names,
                         const lede_marking *marking,
                         const struct lede_engine *engine);
void lede_put_entry_text(const lede_app *app, lede_buf *out,
                         const lede_entry *entry, const lede_hit_names *names,
                         const lede_marking *marking);

/* Text with marks: colours on a terminal and nothing elsewhere, so that text
 * that is piped on is the text. */
void lede_put_marked(const lede_app *app, lede_buf *out, lede_span text,
                     const lede_mark *marks, uint32_t count, lede_style base);
void lede_json_marks(lede_json_out *json, const lede_mark *marks,
                     uint32_t count);

#endif
