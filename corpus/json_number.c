#include "corpus/json_number.h"

#include <math.h>

enum { EXPONENT_MAX = 100000 };

/* The parts of a number as written. */
typedef struct parts {
    bool negative;
    bool is_plain;    /* no . or exponent */
    bool fits;        /* all digits are in `digits` */
    uint64_t digits;  /* the first 19 */
    int32_t exponent; /* of ten, to multiply digits with */
} parts;

static bool is_digit(const uint8_t *p, const uint8_t *end)
{
    return p < end && *p >= '0' && *p <= '9';
}

static void put_digit(parts *number, uint8_t c, bool is_fraction)
{
    if (number->digits < UINT64_C(1000000000000000000)) {
        number->digits = number->digits * 10 + (uint64_t)(c - '0');
        number->exponent -= is_fraction && number->exponent > -EXPONENT_MAX;
        return;
    }
    number->fits = false;
    number->exponent += !is_fraction && number->exponent < EXPONENT_MAX;
}

static const uint8_t *scan_exponent(const uint8_t *p, const uint8_t *end,
                                    parts *number)
{
    bool negative = false;
    int32_t value = 0;

    if (p < end && (*p == '+' || *p == '-')) {
        negative = *p++ == '-';
    }
    if (!is_digit(p, end)) {
        return NULL;
    }
    for (; is_digit(p, end); p++) {
        if (value < EXPONENT_MAX) {
            value = value * 10 + (*p - '0');
        }
    }
    number->exponent += negative ? -value : value;
    return p;
}

/* NULL if it is no number. */
static const uint8_t *scan(const uint8_t *p, const uint8_t *end, parts *number)
{
    number->negative = p < end && *p == '-';
    p += number->negative;
    if (!is_digit(p, end)) {
        return NULL;
    }
    if (*p == '0' && is_digit(p + 1, end)) {
        return NULL;
    }
    for (; is_digit(p, end); p++) {
        put_digit(number, *p, false);
    }
    if (p < end && *p == '.') {
        number->is_plain = false;
        p++;
        if (!is_digit(p, end)) {
            return NULL;
        }
        for (; is_digit(p, end); p++) {
            put_digit(number, *p, true);
        }
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        number->is_plain = false;
        p = scan_exponent(p + 1, end, number);
    }
    return p;
}

static double to_double(const parts *number)
{
    double value = (double)number->digits;
    int32_t exponent = number->exponent;

    if (exponent == 0) {
        return number->negative ? -value : value;
    }
    if (number->digits == 0) {
        return number->negative ? -0.0 : 0.0;
    }
    /* In two steps, so that 1e-320 does not pass through 0. */
    if (exponent < -300) {
        value *= 1e-300;
        exponent += 300;
    }
    value = exponent < 0 && exponent >= -22 ? value / pow(10, -(double)exponent)
                                            : value * pow(10, (double)exponent);
    return number->negative ? -value : value;
}

size_t lede_json_number_parse(const uint8_t *p, const uint8_t *end,
                              lede_json_number *out)
{
    parts number = {.is_plain = true, .fits = true};
    const uint8_t *behind = scan(p, end, &number);
    uint64_t limit;

    if (behind == NULL) {
        return 0;
    }
    out->number = to_double(&number);
    limit = (uint64_t)INT64_MAX + number.negative;
    out->is_integer = number.is_plain && number.fits && number.digits <= limit;
    out->integer = 0;
    if (out->is_integer) {
        out->integer = number.negative ? (int64_t)(0 - number.digits)
                                       : (int64_t)number.digits;
    }
    return (size_t)(behind - p);
}

bool lede_json_number_is_cut(const uint8_t *p, const uint8_t *end)
{
    /* It wants a digit at the very end: "-", "1.", "1e", "1e+". */
    const uint8_t *q;

    if (p == end) {
        return false;
    }
    for (q = p; q < end; q++) {
        if (!is_digit(q, end) && *q != '-' && *q != '+' && *q != '.' &&
            *q != 'e' && *q != 'E') {
            return false;
        }
    }
    return end[-1] < '0' || end[-1] > '9';
}
