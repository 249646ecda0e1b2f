#include <assert.h>
#include <stdint.h>

#include "base/utf8.h"
#include "corpus/format.h"

enum { READ_MAX_BYTES = 8 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static lede_status read_all(lede_input *input, size_t *total)
{
    uint8_t buffer[3000];
    lede_status status = LEDE_OK;
    size_t got = 0;

    *total = 0;
    while (status == LEDE_OK && *total < READ_MAX_BYTES) {
        status = lede_input_read(input, buffer, sizeof buffer, &got, NULL);
        *total += status == LEDE_OK ? got : 0;
    }
    return status;
}

/* Reading twice gives the same; lines are UTF-8. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    lede_input *input = NULL;
    lede_line_reader *lines = NULL;
    lede_error err = {0};
    lede_span line;
    uint32_t repaired;
    lede_status status;
    size_t first;
    size_t second;

    status = lede_input_open_bytes(lede_span_of(bytes, len), "", &input, &err);
    if (status != LEDE_OK) {
        return 0;
    }
    status = read_all(input, &first);
    assert(lede_input_rewind(input, &err) == LEDE_OK);
    assert(read_all(input, &second) == status && first == second);
    assert(lede_input_rewind(input, &err) == LEDE_OK);
    if (lede_line_reader_new(input, &lines, &err) == LEDE_OK) {
        size_t total = 0;

        while (total < READ_MAX_BYTES &&
               lede_line_reader_next(lines, &line, &repaired, &err) ==
                   LEDE_OK) {
            assert(lede_utf8_valid_prefix(line) == line.len);
            total += line.len + 1;
        }
    }
    lede_line_reader_free(lines);
    lede_input_close(input);
    return 0;
}
