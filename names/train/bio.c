#include "names/train/bio.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 4096 };

void bio_document_done(bio_document *document)
{
    lede_buf_done(&document->text);
    free(document->spans);
    memset(document, 0, sizeof *document);
}

static bio_kind kind_of(const char *name)
{
    return strcmp(name, "PER") == 0   ? BIO_PERSON
           : strcmp(name, "LOC") == 0 ? BIO_PLACE
           : strcmp(name, "ORG") == 0 ? BIO_ORG
                                      : BIO_OTHER;
}

static bool add_span(bio_document *document, const bio_span *span)
{
    if (document->span_count == document->span_cap) {
        size_t cap = document->span_cap == 0 ? 64 : document->span_cap * 2;
        bio_span *grown = realloc(document->spans, cap * sizeof *grown);

        if (grown == NULL) {
            return false;
        }
        document->spans = grown;
        document->span_cap = cap;
    }
    document->spans[document->span_count++] = *span;
    return true;
}

/* One word and its tag; the tag begins a name, or goes on with the last. */
static bool add_word(bio_document *document, const char *word, const char *tag,
                     bool inside)
{
    bio_span span = {0};
    bool goes_on;

    if (document->text.len > 0 &&
        document->text.bytes[document->text.len - 1] != '\n') {
        lede_buf_put_byte(&document->text, ' ');
    }
    span.begin = document->text.len;
    lede_buf_put_text(&document->text, word);
    span.end = document->text.len;
    if (document->text.failed) {
        return false;
    }
    if (tag[0] == 'O' || strlen(tag) < 3) {
        return true;
    }
    span.kind = kind_of(tag + 2);
    goes_on = inside && tag[0] == 'I' && document->span_count > 0 &&
              document->spans[document->span_count - 1].kind == span.kind;
    if (goes_on) {
        document->spans[document->span_count - 1].end = span.end;
        return true;
    }
    return add_span(document, &span);
}

static void end_sentence(bio_document *document)
{
    const lede_buf *text = &document->text;
    uint8_t last = text->len == 0 ? '\n' : text->bytes[text->len - 1];

    if (last != '\n' && strchr(".!?\"'", last) == NULL) {
        lede_buf_put_byte(&document->text, '\n');
    }
}

lede_status bio_read(FILE *file, bio_document *document, lede_error *err)
{
    char line[LINE_MAX_BYTES];
    bool inside = false;

    lede_buf_clear(&document->text);
    document->span_count = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        char *tab;

        line[strcspn(line, "\r\n")] = '\0';
        tab = strchr(line, '\t');
        if (strncmp(line, "-DOCSTART-", 10) == 0) {
            if (document->text.len > 0) {
                return LEDE_OK;
            }
        } else if (tab == NULL) {
            end_sentence(document);
            inside = false;
        } else {
            char *tag = strrchr(line, '\t') + 1;

            *tab = '\0';
            if (!add_word(document, line, tag, inside)) {
                return lede_fail(err, LEDE_NO_MEMORY, "no memory for a text");
            }
            inside = tag[0] != 'O';
        }
    }
    if (ferror(file)) {
        return lede_fail(err, LEDE_IO, "annotated text cannot be read");
    }
    return document->text.len > 0 ? LEDE_OK : LEDE_END;
}
