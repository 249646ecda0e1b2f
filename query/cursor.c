#include "query/cursor.h"

#include "base/hash.h"
#include "base/varint.h"

enum { VERSION = 1, BODY_BYTES = 1 + 6 * 8, CURSOR_BYTES = BODY_BYTES + 4 };

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* --- What it belongs to --------------------------------------------------- */

static uint64_t hash_of(lede_buf *buf)
{
    uint64_t hash = lede_hash64(lede_buf_span(buf));

    lede_buf_done(buf);
    return hash;
}

uint64_t lede_cursor_archive(const lede_engine *engine)
{
    const lede_totals *totals = engine->calls->totals(engine);
    lede_buf buf = {0};

    lede_buf_put_u64(&buf, totals->generation);
    lede_buf_put_u64(&buf, totals->entries);
    lede_buf_put_u64(&buf, totals->deleted);
    lede_buf_put_u64(&buf, totals->length);
    lede_buf_put_u64(&buf, (uint64_t)totals->newest_trusted);
    lede_buf_put_u64(&buf, (uint64_t)totals->half_life_s);
    lede_buf_put_u32(&buf, engine->calls->missing(engine));
    return hash_of(&buf);
}

static void put_double(lede_buf *buf, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    lede_buf_put_u64(buf, bits);
}

static double load_double(const uint8_t *at)
{
    uint64_t bits = lede_load_u64(at);
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

uint64_t lede_cursor_search(lede_span query, const lede_search_options *options)
{
    lede_buf buf = {0};

    lede_buf_put_block(&buf, query);
    lede_buf_put_byte(&buf, (uint8_t)options->sort);
    lede_buf_put_byte(&buf, options->match_any);
    lede_buf_put_byte(&buf, options->no_relax);
    lede_buf_put_byte(&buf, (uint8_t)options->matched);
    lede_buf_put_byte(&buf, options->rank_plain);
    lede_buf_put_byte(&buf, options->no_recency);
    lede_buf_put_byte(&buf, options->recency_given);
    put_double(&buf, options->recency);
    lede_buf_put_u64(&buf, (uint64_t)options->half_life_s);
    lede_buf_put_byte(&buf, options->as_of_given);
    lede_buf_put_u64(&buf, (uint64_t)options->as_of);
    lede_buf_put_u32(&buf, (uint32_t)options->zone_offset_s);
    lede_buf_put_text(&buf, options->zone == NULL ? "" : options->zone);
    return hash_of(&buf);
}

/* --- As text -------------------------------------------------------------- */

static void put_base64(lede_buf *out, const uint8_t *bytes, size_t len)
{
    uint32_t bits = 0;
    unsigned count = 0;

    for (size_t i = 0; i < len; i++) {
        bits = bits << 8 | bytes[i];
        for (count += 8; count >= 6; count -= 6) {
            lede_buf_put_byte(out, (uint8_t)digits[bits >> (count - 6) & 63]);
        }
    }
    if (count > 0) {
        lede_buf_put_byte(out, (uint8_t)digits[bits << (6 - count) & 63]);
    }
}

/* Exactly `len` bytes, with nothing over: each cursor is written in one way. */
static bool read_base64(lede_span text, uint8_t *bytes, size_t len)
{
    uint32_t bits = 0;
    unsigned count = 0;
    size_t at = 0;

    if (text.len != (len * 8 + 5) / 6) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        const char *digit =
            text.bytes[i] == 0 ? NULL : strchr(digits, (char)text.bytes[i]);

        if (digit == NULL) {
            return false;
        }
        bits = bits << 6 | (uint32_t)(digit - digits);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes[at++] = (uint8_t)(bits >> count);
        }
    }
    return at == len && (bits & ((1u << count) - 1)) == 0;
}

static uint32_t check_of(const uint8_t *bytes)
{
    return (uint32_t)lede_hash64(lede_span_of(bytes, BODY_BYTES));
}

void lede_cursor_format(const lede_cursor *cursor, lede_buf *out)
{
    uint8_t bytes[CURSOR_BYTES];
    uint64_t score;

    memcpy(&score, &cursor->score, sizeof score);
    bytes[0] = VERSION;
    lede_store_u64(bytes + 1, cursor->archive);
    lede_store_u64(bytes + 9, cursor->search);
    lede_store_u64(bytes + 17, cursor->rank);
    lede_store_u64(bytes + 25, score);
    lede_store_u64(bytes + 33, (uint64_t)cursor->time);
    lede_store_u64(bytes + 41, cursor->key);
    lede_store_u32(bytes + BODY_BYTES, check_of(bytes));
    put_base64(out, bytes, sizeof bytes);
}

bool lede_cursor_parse(lede_span text, lede_cursor *out)
{
    uint8_t bytes[CURSOR_BYTES];

    if (!read_base64(text, bytes, sizeof bytes) || bytes[0] != VERSION ||
        lede_load_u32(bytes + BODY_BYTES) != check_of(bytes)) {
        return false;
    }
    *out = (lede_cursor){.archive = lede_load_u64(bytes + 1),
                         .search = lede_load_u64(bytes + 9),
                         .rank = lede_load_u64(bytes + 17),
                         .score = load_double(bytes + 25),
                         .time = (int64_t)lede_load_u64(bytes + 33),
                         .key = lede_load_u64(bytes + 41)};
    return out->rank > 0 && out->rank <= UINT64_MAX / 2 && out->score >= 0 &&
           out->score <= 1e300;
}
