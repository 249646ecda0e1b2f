/* Any bytes through one reader, and through the choice of one. */
#include "tests/fuzz/read_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    format_read(&FUZZ_FORMAT, lede_span_of(bytes, len));
    document_read(lede_span_of(bytes, len));
    return 0;
}
