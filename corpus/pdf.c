/* pdf.c - PDF documents: their text as pdftotext gives it, read as a plain
 * article, and what pdfinfo says of them (both of poppler-utils). */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "corpus/draft.h"
#include "corpus/program.h"
#include "corpus/text_match.h"

enum { COPY_BYTES = 64 * 1024, FACT_MAX_BYTES = 500, TITLE_WORDS = 3 };

static const uint64_t document_max_bytes = UINT64_C(512) << 20;
static const uint64_t text_max_bytes = UINT64_C(16) << 20;
static const uint64_t facts_max_bytes = UINT64_C(64) << 10;

/* The program wants a file that it can go back and forth in. */
static lede_status copy_document(lede_input *input, lede_source *spool,
                                 lede_error *err)
{
    uint8_t *bytes = malloc(COPY_BYTES);
    lede_status status = bytes == NULL
                             ? lede_fail(err, LEDE_NO_MEMORY, "out of memory")
                             : LEDE_OK;
    uint64_t all = 0;
    size_t got;

    while (status == LEDE_OK) {
        status = lede_input_read(input, bytes, COPY_BYTES, &got, err);
        if (status == LEDE_OK && (all += got) > document_max_bytes) {
            status = lede_fail(err, LEDE_BAD_INPUT,
                               "a PDF document of more than 512 MiB");
        }
        if (status == LEDE_OK) {
            status = lede_spool_put(spool, bytes, got, err);
        }
    }
    free(bytes);
    return status == LEDE_END ? LEDE_OK : status;
}

/* What the document says of itself. --------------------------------------- */

typedef struct facts {
    lede_buf text;           /* what pdfinfo wrote, as UTF-8 */
    lede_span title, author; /* in it, or empty */
    lede_when made;
} facts;

/* Titles that programs give: the name of a file, of a program. */
static bool is_title(lede_span text)
{
    static const char *const ends[] = {".doc", ".docx", ".indd", ".qxd",
                                       ".pdf", ".qxp",  ".odt",  ".rtf",
                                       ".txt", ".html", ".tif",  ".pub"};
    size_t i;

    for (i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (lede_match_ends(text, ends[i])) {
            return false;
        }
    }
    return text.len <= FACT_MAX_BYTES &&
           lede_match_word_count(text) >= TITLE_WORDS &&
           !lede_match_starts(text, "microsoft ") &&
           lede_match_find(text, 0, "untitled") == LEDE_MATCH_NONE;
}

/* "CreationDate:   2024-06-03T10:00:00+02" */
static void take_fact(facts *f, lede_span line)
{
    const uint8_t *colon =
        line.len == 0 ? NULL : memchr(line.bytes, ':', line.len);
    size_t len = colon == NULL ? 0 : (size_t)(colon - line.bytes);
    lede_span name = lede_span_part(line, 0, len);
    lede_span value = lede_match_trim(lede_span_part(line, len + 1, line.len));
    lede_date_hints hints = {0};

    if (lede_match_is(name, "title") && is_title(value)) {
        f->title = value;
    } else if (lede_match_is(name, "author") && value.len <= FACT_MAX_BYTES &&
               lede_match_word_count(value) >= 2) {
        f->author = value;
    } else if (lede_match_is(name, "creationdate") &&
               !lede_date_parse(value, &hints, &f->made)) {
        f->made = lede_when_none();
    }
}

/* Without the program, or its word, nothing is known. */
static lede_status read_facts(facts *f, int document,
                              const lede_read_context *context, lede_error *err)
{
    static const char *const words[] = {"pdfinfo",   "-enc",       "UTF-8",
                                        "-isodates", "/dev/stdin", NULL};
    lede_source *out = lede_spool_new();
    lede_error cut = {0};
    lede_error why = {0};
    uint8_t bytes[4096];
    lede_buf raw = {0};
    lede_span left;
    size_t got = 0;
    lede_status status = LEDE_NO_MEMORY;

    if (out != NULL) {
        status = lede_program_run(words, document, context->options->stop,
                                  facts_max_bytes, out, &cut, &why);
    }
    while (status == LEDE_OK &&
           lede_source_read(out, bytes, sizeof bytes, &got, &why) == LEDE_OK) {
        lede_buf_put(&raw, bytes, got);
    }
    lede_source_close(out);
    lede_utf8_repair(lede_buf_span(&raw), &f->text);
    left = lede_buf_span(&f->text);
    while (left.len > 0) {
        const uint8_t *end = memchr(left.bytes, '\n', left.len);
        size_t len = end == NULL ? left.len : (size_t)(end - left.bytes);

        take_fact(f, lede_span_part(left, 0, len));
        left = lede_span_part(left, len + 1, left.len);
    }
    if (raw.failed || f->text.failed) {
        status = LEDE_NO_MEMORY;
    }
    lede_buf_done(&raw);
    return status == LEDE_NO_MEMORY || status == LEDE_INTERRUPTED
               ? lede_fail(err, status, "%s",
                           status == LEDE_INTERRUPTED ? "interrupted"
                                                      : "out of memory")
               : LEDE_OK;
}

/* Its text. --------------------------------------------------------------- */

/* The sink that the reader of articles sees. */
typedef struct pdf_sink {
    const lede_sink *sink;
    const facts *facts;
} pdf_sink;

static lede_status on_page_begin(void *ctx, const lede_page *page,
                                 lede_error *err)
{
    const pdf_sink *s = ctx;
    lede_page about = *page;

    about.format = "PDF";
    return s->sink->page_begin(s->sink->ctx, &about, err);
}

static lede_status on_page_end(void *ctx, lede_error *err)
{
    const pdf_sink *s = ctx;

    return s->sink->page_end(s->sink->ctx, err);
}

static lede_status on_entry(void *ctx, lede_entry *entry, const char *location,
                            lede_error *err)
{
    const pdf_sink *s = ctx;
    lede_arena arena = {0};
    lede_authors authors = {0};
    lede_span none = {NULL, 0};
    lede_status status;

    if (entry->author_count == 0 && s->facts->author.len > 0) {
        lede_authors_add_names(&authors, &arena, s->facts->author, none, none);
        entry->authors = authors.items;
        entry->author_count = authors.count;
    }
    status = authors.failed
                 ? lede_fail(err, LEDE_NO_MEMORY, "out of memory")
                 : s->sink->entry(s->sink->ctx, entry, location, err);
    lede_arena_done(&arena);
    return status;
}

static void on_note(void *ctx, const char *location, const char *what)
{
    const pdf_sink *s = ctx;

    if (s->sink->note != NULL) {
        s->sink->note(s->sink->ctx, location, what);
    }
}

/* Takes the text over. */
static lede_status read_text(lede_source *text, const char *path,
                             const lede_read_context *context,
                             const facts *known, const lede_sink *sink,
                             lede_error *err)
{
    pdf_sink inner = {sink, known};
    const lede_sink outer = {.ctx = &inner,
                             .page_begin = on_page_begin,
                             .entry = on_entry,
                             .page_end = on_page_end,
                             .note = on_note,
                             .is_damaged = sink->is_damaged};
    lede_read_context with = *context;
    lede_input *input = NULL;
    lede_status status = lede_input_open_source(text, path, &input, err);

    if (with.title.len == 0) {
        with.title = known->title;
    }
    if (with.captured.precision == LEDE_PRECISION_NONE) {
        with.captured = known->made;
    }
    if (status == LEDE_OK) {
        lede_input_watch(input, context->options->stop, NULL);
        status = lede_format_article.read(input, &with, &outer, err);
        lede_input_close(input);
    }
    return status;
}

/* The document's text in `text`. */
static lede_status convert(int document, const lede_read_context *context,
                           lede_source *text, lede_error *err)
{
    static const char *const words[] = {
        "pdftotext", "-q",   "-enc",       "UTF-8", "-nopgbrk",
        "-eol",      "unix", "/dev/stdin", "-",     NULL};
    lede_error cut = {0};
    lede_status status =
        lede_program_run(words, document, context->options->stop,
                         text_max_bytes, text, &cut, err);

    if (status == LEDE_NOT_FOUND) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "a PDF document: reading it takes the program "
                         "pdftotext (of poppler-utils), which is not "
                         "installed");
    }
    if (status == LEDE_OK && cut.status != LEDE_OK) {
        lede_spool_fail(text, &cut);
    }
    return status;
}

static lede_status read_pdf(lede_input *input, const lede_read_context *context,
                            const lede_sink *sink, lede_error *err)
{
    lede_source *document = lede_spool_new();
    lede_source *text = lede_spool_new();
    facts known = {.made = lede_when_none()};
    int fd = -1;
    lede_status status = document == NULL || text == NULL
                             ? lede_fail(err, LEDE_NO_MEMORY, "out of memory")
                             : copy_document(input, document, err);

    if (status == LEDE_OK) {
        status = lede_spool_file(document, &fd, err);
    }
    if (status == LEDE_OK) {
        status = convert(fd, context, text, err);
    }
    if (status == LEDE_OK) {
        status = read_facts(&known, fd, context, err);
    }
    lede_source_close(document);
    if (status == LEDE_OK) {
        status =
            read_text(text, lede_input_path(input), context, &known, sink, err);
    } else {
        lede_source_close(text);
    }
    lede_buf_done(&known.text);
    return status;
}

static bool claims_pdf(lede_span head, bool whole, const char *path)
{
    (void)whole;
    (void)path;
    return lede_span_starts(head, "%PDF-");
}

const lede_format lede_format_pdf = {"PDF", claims_pdf, read_pdf};
