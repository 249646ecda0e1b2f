/* Any bytes as what the programs say of a PDF document: up to the first NUL
 * those of pdfinfo, then those of pdftotext. */
#include <string.h>

#include "corpus/pdf_text.h"
#include "tests/fuzz/read_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static bool lies_in(lede_span part, lede_span whole)
{
    return part.len == 0 || (part.bytes >= whole.bytes &&
                             part.bytes + part.len <= whole.bytes + whole.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const lede_read_options options = {.now = 1795000000};
    const uint8_t *nul = len == 0 ? NULL : memchr(bytes, 0, len);
    size_t info_len = nul == NULL ? 0 : (size_t)(nul - bytes);
    lede_span text = lede_span_part(lede_span_of(bytes, len),
                                    nul == NULL ? 0 : info_len + 1, len);
    lede_unpacked unpacked = {.file_bytes = len};
    lede_read_context context = {.options = &options,
                                 .location = "",
                                 .path = "a.pdf",
                                 .published = lede_when_none(),
                                 .captured = lede_when_none(),
                                 .unpacked = &unpacked};
    format_run run = {0};
    lede_sink sink = format_sink(&run);
    lede_pdf_facts facts;
    lede_buf info = {0};
    lede_source *source = lede_source_of_bytes(text);
    lede_status status;

    format_demand(source != NULL, "memory for a source");
    lede_utf8_repair(lede_span_of(bytes, info_len), &info);
    lede_pdf_facts_parse(lede_buf_span(&info), &facts);
    format_demand(lies_in(facts.title, lede_buf_span(&info)) &&
                      lies_in(facts.author, lede_buf_span(&info)),
                  "what is known of a document was said");
    format_when(&facts.made);
    status = lede_pdf_text_read(source, "a.pdf", &context, &facts, &sink, NULL);
    format_demand(status == LEDE_OK || status == LEDE_BAD_INPUT,
                  "a text ends well or says why not");
    format_demand(run.depth == 0, "pages end");
    format_demand((status == LEDE_OK) == (run.entries > 0),
                  "a text that is fine gives entries");
    lede_buf_done(&info);
    return 0;
}
