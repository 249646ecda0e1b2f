/* pdf.c - PDF documents: their text as pdftotext gives it, read as a plain
 * article, and what pdfinfo says of them (both of poppler-utils). */
#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "corpus/pdf_text.h"
#include "corpus/program.h"

enum { COPY_BYTES = 64 * 1024 };

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

/* What the document says of itself: what pdfinfo wrote, as UTF-8, in `text`.
 * Without the program, or its word, nothing is known. */
static lede_status say_facts(int document, const lede_read_context *context,
                             lede_buf *text, lede_error *err)
{
    static const char *const words[] = {"pdfinfo",   "-enc",       "UTF-8",
                                        "-isodates", "/dev/stdin", NULL};
    lede_source *out = lede_spool_new();
    lede_error cut = {0};
    lede_error why = {0};
    uint8_t bytes[4096];
    lede_buf raw = {0};
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
    lede_utf8_repair(lede_buf_span(&raw), text);
    if (raw.failed || text->failed) {
        status = LEDE_NO_MEMORY;
    }
    lede_buf_done(&raw);
    return status == LEDE_NO_MEMORY || status == LEDE_INTERRUPTED
               ? lede_fail(err, status, "%s",
                           status == LEDE_INTERRUPTED ? "interrupted"
                                                      : "out of memory")
               : LEDE_OK;
}

/* The document's text in `text`. */
static lede_status convert(int document, const lede_read_context *context,
                           lede_source *text, lede_error *err)
{
    static const char *const words[] = {
        "pdftotext", "-q",   "-enc",       "UTF-8", "-nopgbrk",
        "-eol",      "unix", "/dev/stdin", "-",     NULL};
    lede_error cut = {0};
    lede_error why = {0};
    lede_status status =
        lede_program_run(words, document, context->options->stop,
                         text_max_bytes, text, &cut, &why);

    if (status == LEDE_NOT_FOUND) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "a PDF document: reading it takes the program "
                         "pdftotext (of poppler-utils), which is not "
                         "installed");
    }
    if (status != LEDE_OK) {
        return lede_fail(err, status, "a PDF document: %s", why.message);
    }
    if (cut.status != LEDE_OK) {
        lede_spool_fail(text, &cut);
    }
    return LEDE_OK;
}

static lede_status read_pdf(lede_input *input, const lede_read_context *context,
                            const lede_sink *sink, lede_error *err)
{
    lede_source *document = lede_spool_new();
    lede_source *text = lede_spool_new();
    lede_buf said = {0};
    lede_pdf_facts known;
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
        status = say_facts(fd, context, &said, err);
    }
    lede_source_close(document);
    if (status == LEDE_OK) {
        lede_pdf_facts_parse(lede_buf_span(&said), &known);
        status = lede_pdf_text_read(text, lede_input_path(input), context,
                                    &known, sink, err);
    } else {
        lede_source_close(text);
    }
    lede_buf_done(&said);
    return status;
}

static bool claims_pdf(lede_span head, bool whole, const char *path)
{
    (void)whole;
    (void)path;
    return lede_span_starts(head, "%PDF-");
}

const lede_format lede_format_pdf = {"PDF", claims_pdf, read_pdf};
