/* Any bytes through the date scanner: it stays inside them, ends, and what it
 * says is a date that exists. The first byte chooses the hints. */
#include <stdio.h>
#include <stdlib.h>

#include "corpus/dates.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "fuzz_dates: %s\n", what);
        abort();
    }
}

static void check_when(const lede_when *when)
{
    int32_t year = when->local.year == 0 ? 2000 : when->local.year;

    demand(when->local.day >= 1 &&
               when->local.day <= lede_days_in_month(year, when->local.month),
           "a day that does not exist");
    demand(when->local.hour < 24 && when->local.minute < 60 &&
               when->local.second < 60,
           "a time that does not exist");
    demand((when->instant == LEDE_INSTANT_NONE) == (when->local.year == 0),
           "an instant without a year, or a year without one");
    demand(when->instant == LEDE_INSTANT_NONE ||
               (when->local.year >= LEDE_YEAR_MIN && when->local.year <= 9999),
           "a year out of bounds");
}

static void check_pieces(lede_span text, const lede_date_hints *hints)
{
    lede_civil civil = {0};
    lede_precision precision;
    lede_zone_word zone;
    lede_when when;
    size_t begin = 0;
    size_t end = 0;
    size_t at = 0;
    bool guessed;

    demand(lede_clock_take(text, &civil, &precision) <= text.len &&
               lede_day_take(text, hints, &civil, &guessed) <= text.len &&
               lede_zone_word_take(text, hints, &zone) <= text.len,
           "a piece longer than the text");
    while (lede_date_find(text, at, hints, &begin, &end, &when)) {
        demand(begin >= at && end > begin && end <= text.len,
               "a find outside the text");
        check_when(&when);
        at = end;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const char *const sites[] = {"", "bbc.co.uk", "cnn.com", "x.au"};
    lede_date_hints hints = {0};
    lede_span text;
    lede_when when;

    if (len == 0 || len > 4096) {
        return 0;
    }
    hints.site = lede_span_text(sites[bytes[0] % 4]);
    hints.month_first = bytes[0] % 8 >= 4;
    text = lede_span_of(bytes + 1, len - 1);
    if (lede_date_parse(text, &hints, &when)) {
        check_when(&when);
        if (when.instant == LEDE_INSTANT_NONE) {
            lede_when_set_year(&when, 2023, LEDE_YEAR_PAGE, &hints);
        }
        lede_when_midnight_to_day(&when);
    }
    check_pieces(text, &hints);
    if (lede_date_in_path(text, bytes[0] % 2 == 0, &when)) {
        check_when(&when);
    }
    return 0;
}
