#include "corpus/pdf_text.h"

#include <string.h>

#include "corpus/draft.h"
#include "corpus/text_match.h"

enum { FACT_MAX_BYTES = 500, TITLE_WORDS = 3 };

/* What the document says of itself. --------------------------------------- */

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
static void take_fact(lede_pdf_facts *f, lede_span line)
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

void lede_pdf_facts_parse(lede_span text, lede_pdf_facts *out)
{
    *out = (lede_pdf_facts){.made = lede_when_none()};
    while (text.len > 0) {
        const uint8_t *end = memchr(text.bytes, '\n', text.len);
        size_t len = end == NULL ? text.len : (size_t)(end - text.bytes);

        take_fact(out, lede_span_part(text, 0, len));
        text = lede_span_part(text, len + 1, text.len);
    }
}

/* Its text. --------------------------------------------------------------- */

/* The sink that the reader of articles sees. */
typedef struct pdf_sink {
    const lede_sink *sink;
    const lede_pdf_facts *facts;
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

lede_status lede_pdf_text_read(lede_source *text, const char *path,
                               const lede_read_context *context,
                               const lede_pdf_facts *known,
                               const lede_sink *sink, lede_error *err)
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
