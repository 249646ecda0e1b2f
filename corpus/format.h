/* format.h - "what may a format's reader rely on?"
 *
 * The interface between corpus/reader.c and the files that read one format
 * each. A format looks at the first bytes and says whether they are its own; the
 * first in the table of corpus/reader.c that claims them reads the input.
 *
 * Threads: tables are constant; an input belongs to one thread. */
#ifndef LEDE_CORPUS_FORMAT_H
#define LEDE_CORPUS_FORMAT_H

#include "corpus/reader.h"

/* The bytes of a document, after decompression, as a stream that can start
 * again from the beginning (a page whose dates have no year is read twice). */
typedef struct lede_input lede_input;

/* Reads up to `len` bytes; LEDE_END when there are no more; LEDE_IO or
 * LEDE_CORRUPT (compressed data cut off or damaged: what came before is good)
 * otherwise. */
lede_status lede_input_read(lede_input *input, uint8_t *bytes, size_t len,
                            size_t *got, lede_error *err);
lede_status lede_input_rewind(lede_input *input, lede_error *err);
/* The first bytes (up to 64 KiB), without consuming them. */
lede_span lede_input_head(const lede_input *input);
/* Path as given to the reader (maybe ""). */
const char *lede_input_path(const lede_input *input);

/* An input over memory, for text inside records; lives while `bytes` does.
 * NULL when out of memory. */
lede_input *lede_input_of_bytes(lede_span bytes, const char *path);
void lede_input_close(lede_input *input); /* accepts NULL */

/* Lines of any length from an input: ends at \n, \r\n, \r, U+2028, U+2029,
 * U+0085, \v and \f; bad UTF-8 repaired; a leading BOM dropped; UTF-16 with a
 * BOM converted; a line longer than LEDE_LINE_MAX_BYTES cut at a blank. The
 * span lives until the next call. */
enum { LEDE_LINE_MAX_BYTES = 64 * 1024 };
typedef struct lede_line_reader lede_line_reader;
lede_status lede_line_reader_new(lede_input *input, lede_line_reader **out,
                                 lede_error *err);
void lede_line_reader_free(lede_line_reader *reader);
/* *repaired: how many bad sequences were replaced in this line. */
lede_status lede_line_reader_next(lede_line_reader *reader, lede_span *line,
                                  uint32_t *repaired, lede_error *err);
/* Whether the last line read was ended by a line end. */
bool lede_line_reader_was_ended(const lede_line_reader *reader);

/* What a record around the text knows (a JSON record whose body is a live
 * page); all-zero outside records. */
typedef struct lede_read_context {
    const lede_read_options *options;
    lede_span url, title, site, source, language;
    lede_when published, captured;
    const char *location; /* "" or "#line=N" */
} lede_read_context;

typedef struct lede_format {
    const char *name;
    /* True if the document is of this format: `head` is its beginning (maybe
     * all of it: `whole`). */
    bool (*claims)(lede_span head, bool whole, const char *path);
    lede_status (*read)(lede_input *input, const lede_read_context *context,
                        const lede_sink *sink, lede_error *err);
} lede_format;

extern const lede_format lede_format_json;      /* corpus/json_records.c */
extern const lede_format lede_format_live_text; /* corpus/live_text.c */
extern const lede_format lede_format_article;   /* corpus/article_text.c */

#endif
