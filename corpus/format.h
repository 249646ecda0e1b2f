/* format.h - "what may a format's reader rely on?"
 *
 * The interface between corpus/reader.c and the files that read one format
 * each. A format looks at the first bytes and says whether they are its own;
 * the first in the table of corpus/reader.c that claims them reads the input.
 *
 * Threads: tables are constant; an input belongs to one thread. */
#ifndef LEDE_CORPUS_FORMAT_H
#define LEDE_CORPUS_FORMAT_H

#include "corpus/reader.h"

/* The bytes of a document as a stream that can start again from the beginning
 * (a page whose dates have no year is read twice). gzip, zstd, bzip2 and xz are
 * undone, up to three deep, by their first bytes; a byte order mark is dropped
 * and UTF-16 that has one converted to UTF-8. Otherwise the bytes are as they
 * are: maybe not UTF-8. */
typedef struct lede_input lede_input;
struct lede_source;                         /* corpus/source.h */
typedef struct lede_unpacked lede_unpacked; /* corpus/member.h */

/* Opens a file. LEDE_IO if it cannot be opened or read at all, LEDE_BAD_INPUT
 * if it is no regular file. */
lede_status lede_input_open_file(const char *path, lede_input **out,
                                 lede_error *err);
/* Opens bytes, which are lent, as if they were a file's. */
lede_status lede_input_open_bytes(lede_span bytes, const char *path,
                                  lede_input **out, lede_error *err);
/* The same for a source, which is taken over. */
lede_status lede_input_open_source(struct lede_source *source, const char *path,
                                   lede_input **out, lede_error *err);
/* The same for a document inside of another: undoing compression gives at most
 * `max_bytes`, then it is refused. */
lede_status lede_input_open_member(struct lede_source *source, const char *path,
                                   uint64_t max_bytes, lede_input **out,
                                   lede_error *err);
/* An input over memory, for text inside records: never unwrapped nor
 * converted; lives while `bytes` does. NULL when out of memory. */
lede_input *lede_input_of_bytes(lede_span bytes, const char *path);
void lede_input_close(lede_input *input); /* accepts NULL */

/* Reads up to `len` bytes, at least one; LEDE_END when there are no more;
 * LEDE_IO, LEDE_INTERRUPTED or LEDE_CORRUPT otherwise. Corrupt is compressed
 * data that is cut off, damaged, or refused because it expands too far: what
 * came before is good and has been delivered, the message says what it was. */
lede_status lede_input_read(lede_input *input, uint8_t *bytes, size_t len,
                            size_t *got, lede_error *err);
lede_status lede_input_rewind(lede_input *input, lede_error *err);
/* The first bytes (up to 64 KiB), without consuming them. */
enum { LEDE_INPUT_HEAD_BYTES = 64 * 1024 };
lede_span lede_input_head(const lede_input *input);
/* Whether the head is all there is. */
bool lede_input_is_whole(const lede_input *input);
/* Whether compressed data was damaged from its beginning on, and what can be
 * read is what follows the damage. */
bool lede_input_has_lost_beginning(const lede_input *input);
/* Path as given to the reader (maybe ""). */
const char *lede_input_path(const lede_input *input);
/* Bytes of the file (compressed, if it is) read so far. */
uint64_t lede_input_consumed(const lede_input *input);
/* Bytes in all, where that is known without reading them: 0 if the document is
 * compressed. */
uint64_t lede_input_size(const lede_input *input);
/* Bytes that undoing compression gave since the beginning; 0 where there was
 * nothing to undo. */
uint64_t lede_input_unwrapped(const lede_input *input);
/* Bytes of the whole file, compressed as it is. */
uint64_t lede_input_file_size(const lede_input *input);
/* Whether the input can go to any byte, and going there. */
bool lede_input_can_seek(const lede_input *input);
lede_status lede_input_seek(lede_input *input, uint64_t at, lede_error *err);
/* After a read that failed with LEDE_CORRUPT, for formats whose records are
 * compressed one by one: goes on with the next one behind the damage.
 * LEDE_NOT_FOUND if there is none. */
lede_status lede_input_resync(lede_input *input, lede_error *err);
/* LEDE_OK unless the very first bytes could not be read: then why. */
lede_status lede_input_check(const lede_input *input, lede_error *err);
/* From now on reads fail with LEDE_INTERRUPTED when *stop is nonzero, and tell
 * the sink's progress. Either may be NULL. */
void lede_input_watch(lede_input *input, const volatile int *stop,
                      const lede_sink *sink);

/* Lines of any length from an input: ends at \n, \r\n, \r, U+2028, U+2029,
 * U+0085, \v and \f; bad UTF-8 repaired; NULs dropped. A line of more than
 * LEDE_LINE_MAX_BYTES is cut behind a blank, if it has one, else between two
 * characters. The span lives until the next call. */
enum { LEDE_LINE_MAX_BYTES = 64 * 1024 };
typedef struct lede_line_reader lede_line_reader;
/* Begins where the input stands; the input must outlive the reader. */
lede_status lede_line_reader_new(lede_input *input, lede_line_reader **out,
                                 lede_error *err);
void lede_line_reader_free(lede_line_reader *reader); /* accepts NULL */
/* LEDE_END behind the last line, else the failures of lede_input_read, final
 * either way. *repaired: how many bad sequences (or NULs) this line had. */
lede_status lede_line_reader_next(lede_line_reader *reader, lede_span *line,
                                  uint32_t *repaired, lede_error *err);
/* Whether the last line read was ended by a line end (and not by a cut or the
 * end of the input). */
bool lede_line_reader_was_ended(const lede_line_reader *reader);
/* Whether that was a form feed. */
bool lede_line_reader_was_page_end(const lede_line_reader *reader);

/* What a record around the text knows (a JSON record whose body is a live
 * page); all-zero outside records. */
typedef struct lede_read_context {
    const lede_read_options *options;
    lede_span url, title, site, source, language;
    lede_when published, captured;
    const char *location;    /* "" or "#line=N" */
    lede_span tags;          /* of the document, with commas between */
    lede_span charset;       /* declared around the document, or empty */
    const char *path;        /* the document's, NULL in records */
    unsigned depth;          /* containers around it */
    lede_unpacked *unpacked; /* corpus/member.h; NULL in records */
} lede_read_context;

typedef struct lede_format {
    const char *name;
    /* True if the document is of this format: `head` is its beginning (maybe
     * all of it: `whole`). */
    bool (*claims)(lede_span head, bool whole, const char *path);
    lede_status (*read)(lede_input *input, const lede_read_context *context,
                        const lede_sink *sink, lede_error *err);
} lede_format;

extern const lede_format lede_format_archive;   /* corpus/archive_file.c */
extern const lede_format lede_format_warc;      /* corpus/warc.c */
extern const lede_format lede_format_pdf;       /* corpus/pdf.c */
extern const lede_format lede_format_json;      /* corpus/json_records.c */
extern const lede_format lede_format_feed;      /* corpus/feed.c */
extern const lede_format lede_format_html;      /* corpus/html.c */
extern const lede_format lede_format_mail;      /* corpus/mail.c */
extern const lede_format lede_format_bookmarks; /* corpus/bookmarks.c */
extern const lede_format lede_format_markdown;  /* corpus/markdown.c */
extern const lede_format lede_format_table;     /* corpus/table.c */
extern const lede_format lede_format_newsml;    /* corpus/newsml.c */
extern const lede_format lede_format_reuters;   /* corpus/reuters.c */
extern const lede_format lede_format_trec;      /* corpus/trec.c */
extern const lede_format lede_format_live_text; /* corpus/live_text.c */
extern const lede_format lede_format_article;   /* corpus/article_text.c */

#endif
