#include "corpus/transfer.h"

static int base64_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    if (c == '+' || c == '-') {
        return 62;
    }
    return c == '/' || c == '_' ? 63 : -1;
}

void lede_base64_decode(lede_span text, lede_buf *out)
{
    uint32_t bits = 0;
    unsigned count = 0;
    size_t i;

    for (i = 0; i < text.len; i++) {
        int value = base64_value(text.bytes[i]);

        if (text.bytes[i] == '=') {
            bits = 0; /* the end, or of one of several in a row */
            count = 0;
        }
        if (value < 0) {
            continue;
        }
        bits = bits << 6 | (uint32_t)value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            lede_buf_put_byte(out, (uint8_t)(bits >> count));
        }
    }
}

static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Bytes of a line end behind "=" and maybe blanks: 0 if there is none. */
static size_t soft_break(lede_span text, size_t at)
{
    size_t i = at;

    while (i < text.len && (text.bytes[i] == ' ' || text.bytes[i] == '\t')) {
        i++;
    }
    if (i < text.len && text.bytes[i] == '\r') {
        i++;
    }
    if (i < text.len && text.bytes[i] == '\n') {
        return i + 1 - at;
    }
    return i > at && i < text.len && text.bytes[i - 1] == '\r' ? i - at : 0;
}

void lede_quoted_decode(lede_span text, bool is_word, lede_buf *out)
{
    size_t i = 0;

    while (i < text.len) {
        uint8_t c = text.bytes[i];
        size_t len;

        if (c == '_' && is_word) {
            c = ' ';
        }
        if (c != '=') {
            lede_buf_put_byte(out, c);
            i++;
            continue;
        }
        if (i + 2 < text.len && hex_value(text.bytes[i + 1]) >= 0 &&
            hex_value(text.bytes[i + 2]) >= 0) {
            lede_buf_put_byte(out, (uint8_t)(hex_value(text.bytes[i + 1]) * 16 +
                                             hex_value(text.bytes[i + 2])));
            i += 3;
            continue;
        }
        len = soft_break(text, i + 1);
        if (len == 0 && i + 1 < text.len) {
            lede_buf_put_byte(out, c); /* no code: as it stands */
        }
        i += 1 + len;
    }
}
