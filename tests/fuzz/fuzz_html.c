#include "tests/fuzz/read_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    format_read(&lede_format_html, lede_span_of(bytes, len));
    return 0;
}
