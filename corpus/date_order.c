#include "corpus/date_order.h"

#include <stdlib.h>
#include <string.h>

#include "corpus/date_scan.h"

enum {
    CHUNK_BYTES = 64 * 1024,
    VALUE_BYTES = 11, /* a separator before "17/02/2025" */
    AGREE_OF_TEN = 9
};

typedef struct date_counts {
    uint64_t day_first, month_first, open;
} date_counts;

static bool is_value_begin(uint8_t c)
{
    return c == '"' || c == ',' || c == ';' || c == '\t' || c == '|' ||
           c == '\n' || c == '\r';
}

/* Two numbers and a year behind the same mark: what they say of the order. */
static void count_value(lede_span text, date_counts *counts)
{
    uint32_t first;
    uint32_t second;
    uint32_t year;
    size_t at = lede_scan_digits(text, 0, &first);
    uint8_t joint = lede_scan_at(text, at);
    size_t len;

    if (at == 0 || at > 2 || (joint != '/' && joint != '-')) {
        return;
    }
    at++;
    len = lede_scan_digits(text, at, &second);
    at += len;
    if (len == 0 || len > 2 || lede_scan_at(text, at) != joint) {
        return;
    }
    len = lede_scan_digits(text, at + 1, &year);
    if ((len != 2 && len != 4) || first == 0 || second == 0 || first > 31 ||
        second > 31 || (first > 12 && second > 12)) {
        return;
    }
    counts->day_first += first > 12;
    counts->month_first += second > 12;
    counts->open += first <= 12 && second <= 12 && first != second;
}

/* Values that begin within `len` bytes; the text has VALUE_BYTES more, unless
 * it ends. */
static void count_values(lede_span text, size_t len, date_counts *counts)
{
    size_t i;

    for (i = 1; i < len; i++) {
        if (lede_scan_is_digit(text.bytes[i]) &&
            is_value_begin(text.bytes[i - 1])) {
            count_value(lede_span_part(text, i, VALUE_BYTES), counts);
        }
    }
}

static lede_status count_all(lede_input *input, date_counts *counts,
                             lede_error *err)
{
    uint8_t *bytes = malloc(CHUNK_BYTES + VALUE_BYTES);
    size_t kept = 0; /* of the chunk before */
    size_t got = 0;
    lede_status status = LEDE_OK;

    if (bytes == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    while (status == LEDE_OK) {
        status = lede_input_read(input, bytes + kept, CHUNK_BYTES, &got, err);
        if (status == LEDE_OK) {
            size_t len = kept + got;
            size_t rest = len < VALUE_BYTES ? len : VALUE_BYTES;

            count_values(lede_span_of(bytes, len), len - rest + 1, counts);
            memmove(bytes, bytes + len - rest, rest);
            kept = rest;
        }
    }
    count_values(lede_span_of(bytes, kept), kept, counts);
    free(bytes);
    return status == LEDE_INTERRUPTED ? status : LEDE_OK;
}

lede_status lede_date_order_survey(lede_input *input, lede_date_order *out,
                                   lede_error *err)
{
    lede_span head = lede_input_head(input);
    date_counts counts = {0};
    uint64_t sure;
    lede_status status;

    *out = LEDE_DATE_ORDER_UNKNOWN;
    count_values(head, head.len, &counts);
    if (counts.open == 0) {
        return LEDE_OK;
    }
    counts = (date_counts){0};
    status = count_all(input, &counts, err);
    if (status == LEDE_OK) {
        status = lede_input_rewind(input, err);
    }
    sure = counts.day_first + counts.month_first;
    if (sure > 0 && counts.day_first * 10 >= sure * AGREE_OF_TEN) {
        *out = LEDE_DATE_ORDER_DAY_FIRST;
    } else if (sure > 0 && counts.month_first * 10 >= sure * AGREE_OF_TEN) {
        *out = LEDE_DATE_ORDER_MONTH_FIRST;
    }
    return status;
}

void lede_date_order_hint(lede_date_order order, lede_span language,
                          lede_date_hints *hints)
{
    if (order == LEDE_DATE_ORDER_UNKNOWN) {
        lede_date_hints_set_language(hints, language);
    } else {
        hints->month_first = order == LEDE_DATE_ORDER_MONTH_FIRST;
        hints->day_first = order == LEDE_DATE_ORDER_DAY_FIRST;
    }
}
