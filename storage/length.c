#include "storage/postings.h"

enum { EXACT = 24 };

/* Four significant bits: values below 8 as they are; then three bits of
 * mantissa behind an implied one, and the shift above them. */
static uint32_t encode_four_bits(uint32_t v)
{
    uint32_t bits = 32 - (uint32_t)__builtin_clz(v | 1);

    if (bits < 4) {
        return v;
    }
    return (v >> (bits - 4) & 7) | (bits - 3) << 3;
}

static uint32_t decode_four_bits(uint32_t code)
{
    uint32_t shift = code >> 3;

    return shift == 0 ? code : ((code & 7) | 8) << (shift - 1);
}

uint8_t lede_length_encode(uint32_t length)
{
    /* Code 231 is the largest of a signed 32-bit number: what is above it is
     * cut, which is safe, since a shorter length is the larger bound. */
    uint32_t largest = (uint32_t)INT32_MAX;

    if (length < EXACT) {
        return (uint8_t)length;
    }
    length -= EXACT;
    return (uint8_t)(EXACT +
                     encode_four_bits(length < largest ? length : largest));
}

uint32_t lede_length_decode(uint8_t byte)
{
    return byte < EXACT ? byte : EXACT + decode_four_bits(byte - EXACT);
}
