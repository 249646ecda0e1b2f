/* pdf_text.h - "what did the programs say of this PDF document?"
 *
 * The half of reading PDF that starts no program: the lines of pdfinfo, and the
 * text of pdftotext as a plain article.
 *
 * Threads: plain values. */
#ifndef LEDE_CORPUS_PDF_TEXT_H
#define LEDE_CORPUS_PDF_TEXT_H

#include "corpus/format.h"
#include "corpus/source.h"

/* Empty where the document does not say, or says what a program put there. */
typedef struct lede_pdf_facts {
    lede_span title, author; /* in the text that was parsed */
    lede_when made;
} lede_pdf_facts;

/* Of what pdfinfo wrote, as UTF-8. */
void lede_pdf_facts_parse(lede_span text, lede_pdf_facts *out);

/* Reads the text as a document; takes it over. */
lede_status lede_pdf_text_read(lede_source *text, const char *path,
                               const lede_read_context *context,
                               const lede_pdf_facts *known,
                               const lede_sink *sink, lede_error *err);

#endif
