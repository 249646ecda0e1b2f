#include "storage/xapian_terms.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/entry_values.h"
#include "base/utf8.h"
#include "base/varint.h"

enum { SAMPLE_BYTES = 200 };

/* --- Terms ---------------------------------------------------------------- */

/* Prefixes of a space, by Xapian's conventions where these have one: capitals
 * only, several beginning with X. */
typedef struct space_prefixes {
    const char *word, *begin, *tail;
} space_prefixes;

static const space_prefixes spaces[LEDE_XAPIAN_SPACES] = {
    [LEDE_FIELD_HEADLINE] = {"S", "XWS", "XES"},
    [LEDE_FIELD_DECK] = {"XD", "XWD", "XED"},
    [LEDE_FIELD_AUTHOR] = {"A", "XWA", "XEA"},
    [LEDE_FIELD_BODY] = {NULL, NULL, NULL},
    [LEDE_FIELD_CAPTION] = {"XC", "XWC", "XEC"},
    [LEDE_FIELD_ROLE] = {"XR", "XWR", "XER"},
    [LEDE_FIELD_CREDIT] = {"XCR", "XWCR", "XECR"},
    [LEDE_FIELD_LABEL] = {"XLB", "XWLB", "XELB"},
    [LEDE_FIELD_SOURCE] = {"XSR", "XWSR", "XESR"},
    [LEDE_FIELD_PAGE] = {"XPT", "XWPT", "XEPT"},
    [LEDE_FIELD_TAG] = {"K", "XWK", "XEK"},
    [LEDE_FIELD_URL] = {"XU", "XWU", "XEU"},
    [LEDE_XAPIAN_ANY_FIELD] = {"", "XW", "XE"},
    [LEDE_XAPIAN_PERSONS] = {"XP", "XWP", "XEP"},
    [LEDE_XAPIAN_PLACES] = {"XL", "XWL", "XEL"},
    [LEDE_XAPIAN_FROM] = {"XF", "XWF", "XEF"},
};

/* The colon keeps values apart from words, as it does in base/entry_values.h.
 */
static const char *const name_values[LEDE_NAME_SPACE_COUNT] = {
    [LEDE_NAME_SPACE_PERSON_WHOLE] = "XP:",
    [LEDE_NAME_SPACE_PERSON_SHORT] = "XPS:",
    [LEDE_NAME_SPACE_PLACE_WHOLE] = "XL:",
    [LEDE_NAME_SPACE_PLACE_ID] = "XLG:",
    [LEDE_NAME_SPACE_PLACE_INSIDE] = "XLI:",
    [LEDE_NAME_SPACE_FROM_ID] = "XFG:",
};

static const char *prefix_of(lede_xapian_part part, unsigned space)
{
    switch (part) {
    case LEDE_XAPIAN_WORD:
        return spaces[space].word;
    case LEDE_XAPIAN_BEGIN:
        return spaces[space].begin;
    case LEDE_XAPIAN_TAIL:
        return spaces[space].tail;
    case LEDE_XAPIAN_NOT_BODY:
        return "XN";
    case LEDE_XAPIAN_CAPITAL:
        return "XHC";
    case LEDE_XAPIAN_ALL_UPPER:
        return "XHU";
    case LEDE_XAPIAN_BY_AUTHOR:
        return "XHA";
    }
    return NULL;
}

static void put(lede_xapian_name *name, const void *bytes, size_t len)
{
    size_t room = sizeof name->bytes - name->len;

    len = len < room ? len : room;
    if (len > 0) {
        memcpy(name->bytes + name->len, bytes, len);
    }
    name->len += len;
}

lede_span lede_xapian_name_word(lede_xapian_name *name, bool is_stem,
                                lede_xapian_part part, unsigned space,
                                lede_span word)
{
    const char *prefix = prefix_of(part, space);

    name->len = 0;
    put(name, "Z", is_stem);
    put(name, prefix, strlen(prefix));
    put(name, word.bytes, word.len);
    return lede_span_of(name->bytes, name->len);
}

static lede_span name_number(lede_xapian_name *name, const char *prefix,
                             uint64_t number)
{
    char text[24];
    int len = snprintf(text, sizeof text, "%s%016" PRIx64, prefix, number);

    name->len = 0;
    put(name, text, (size_t)len);
    return lede_span_of(name->bytes, name->len);
}

lede_span lede_xapian_name_group(lede_xapian_name *name, uint64_t group)
{
    return name_number(name, "XG", group);
}

lede_span lede_xapian_name_key(lede_xapian_name *name, uint64_t key)
{
    return name_number(name, "Q", key);
}

bool lede_xapian_parse_key(lede_span term, uint64_t *out)
{
    uint64_t key = 0;
    size_t i;

    if (term.len != 17 || term.bytes[0] != 'Q') {
        return false;
    }
    for (i = 1; i < 17; i++) {
        uint8_t c = term.bytes[i];

        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
            return false;
        }
        key = key << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    *out = key;
    return true;
}

static bool is_capital(uint8_t c)
{
    return c >= 'A' && c <= 'Z';
}

bool lede_xapian_space_has_stems(unsigned space)
{
    return space <= LEDE_XAPIAN_ANY_FIELD;
}

unsigned lede_xapian_space_of_names(lede_name_space space)
{
    return space == LEDE_NAME_SPACE_PERSON  ? LEDE_XAPIAN_PERSONS
           : space == LEDE_NAME_SPACE_PLACE ? LEDE_XAPIAN_PLACES
                                            : LEDE_XAPIAN_FROM;
}

bool lede_xapian_split_term(lede_span term, unsigned *space, lede_span *stem)
{
    lede_name_space of;
    lede_span word;
    unsigned field;

    if (term.len == 0 || !is_capital(term.bytes[0])) {
        *space = LEDE_XAPIAN_ANY_FIELD;
        *stem = term;
        return true;
    }
    if (lede_name_space_of(term, &of, &word) && lede_name_space_has_words(of)) {
        *space = lede_xapian_space_of_names(of);
        *stem = word;
        return true;
    }
    for (field = LEDE_DEFAULT_FIELDS; field < LEDE_FIELD_COUNT; field++) {
        const char *prefix = lede_field_prefix((lede_field)field);
        size_t len = strlen(prefix);

        if (lede_span_starts(term, prefix) && term.len > len &&
            !is_capital(term.bytes[len]) &&
            !lede_span_starts(term, LEDE_TERM_KIND)) {
            *space = field;
            *stem = lede_span_part(term, len, term.len);
            return true;
        }
    }
    return false;
}

lede_span lede_xapian_name_value(lede_xapian_name *name, lede_span term)
{
    lede_name_space of;
    lede_span value = term;

    name->len = 0;
    if (lede_name_space_of(term, &of, &value) && name_values[of] != NULL) {
        put(name, name_values[of], strlen(name_values[of]));
    }
    if (value.len > sizeof name->bytes - name->len) {
        return lede_span_of(NULL, 0);
    }
    put(name, value.bytes, value.len);
    return lede_span_of(name->bytes, name->len);
}

lede_span lede_xapian_name_term(lede_xapian_name *name, lede_span term)
{
    unsigned space;
    lede_span word;

    return lede_xapian_split_term(term, &space, &word)
               ? lede_xapian_name_word(name, lede_xapian_space_has_stems(space),
                                       LEDE_XAPIAN_WORD, space, word)
               : lede_xapian_name_value(name, term);
}

/* --- Values --------------------------------------------------------------- */

static void store_big(uint8_t *out, uint64_t value)
{
    int i;

    for (i = 7; i >= 0; i--) {
        out[i] = (uint8_t)value;
        value >>= 8;
    }
}

static uint64_t load_big(const uint8_t *bytes)
{
    uint64_t value = 0;
    int i;

    for (i = 0; i < 8; i++) {
        value = value << 8 | bytes[i];
    }
    return value;
}

static const uint64_t sign = (uint64_t)1 << 63;

void lede_xapian_time_encode(int64_t time, uint8_t out[LEDE_XAPIAN_TIME_BYTES])
{
    store_big(out, (uint64_t)time ^ sign);
}

bool lede_xapian_time_decode(lede_span value, int64_t *out)
{
    if (value.len != LEDE_XAPIAN_TIME_BYTES) {
        return false;
    }
    *out = (int64_t)(load_big(value.bytes) ^ sign);
    return true;
}

enum { ORDER_LEAST_BYTES = 17 }; /* of an entry without copies */

lede_span lede_xapian_order_encode(const lede_xapian_order *order,
                                   bool oldest_first,
                                   uint8_t out[LEDE_XAPIAN_ORDER_BYTES])
{
    uint64_t time = (uint64_t)order->time ^ sign; /* unknown: 0 */

    if (oldest_first && time != 0) {
        time = ~time;
    }
    store_big(out, time);
    store_big(out + 8, ~order->key);
    out[16] = order->trusted;
    store_big(out + 17, order->group);
    return lede_span_of(out, order->group == 0 ? ORDER_LEAST_BYTES
                                               : LEDE_XAPIAN_ORDER_BYTES);
}

bool lede_xapian_order_decode(lede_span value, bool oldest_first,
                              lede_xapian_order *out)
{
    uint64_t time;

    if ((value.len != ORDER_LEAST_BYTES &&
         value.len != LEDE_XAPIAN_ORDER_BYTES) ||
        value.bytes[16] > 1) {
        return false;
    }
    time = load_big(value.bytes);
    if (oldest_first && time != 0) {
        time = ~time;
    }
    out->time = (int64_t)(time ^ sign);
    out->key = ~load_big(value.bytes + 8);
    out->trusted = value.bytes[16] != 0;
    out->group =
        value.len == ORDER_LEAST_BYTES ? 0 : load_big(value.bytes + 17);
    return true;
}

static bool put_date(void *out, const char *prefix, lede_span value)
{
    if (strcmp(prefix, LEDE_TERM_DATE) == 0) {
        lede_buf_put_byte(out, 'd');
        lede_buf_put_span(out, value);
    }
    return true;
}

enum { QUARTER_S = 900, QUARTERS_SINCE = 63072000 }; /* 1972 */

void lede_xapian_when_put(lede_buf *out, const lede_entry *entry)
{
    int64_t instant = entry->published.instant;
    uint8_t bytes[8];
    size_t before = out->len;

    lede_entry_values(entry, put_date, out);
    if (out->len > before || instant == LEDE_INSTANT_NONE) {
        return;
    }
    instant -= instant >= QUARTERS_SINCE ? instant % QUARTER_S : 0;
    store_big(bytes, (uint64_t)instant ^ sign);
    lede_buf_put_byte(out, 't');
    lede_buf_put(out, bytes, sizeof bytes);
}

bool lede_xapian_when_parse(lede_span value, lede_xapian_when *out)
{
    *out = (lede_xapian_when){0};
    if (value.len > 1 && value.bytes[0] == 'd') {
        out->is_date = true;
        out->date = lede_span_part(value, 1, value.len);
        return true;
    }
    if (value.len != 9 || value.bytes[0] != 't') {
        return false;
    }
    out->instant = (int64_t)(load_big(value.bytes + 1) ^ sign);
    return true;
}

bool lede_xapian_take_block(lede_span *value, lede_span *out)
{
    lede_reader reader = lede_reader_of(*value);
    lede_span block = lede_read_block(&reader);

    if (value->len == 0 || reader.bad) {
        return false;
    }
    *out = block;
    *value = lede_span_of(reader.p, (size_t)(reader.end - reader.p));
    return true;
}

void lede_xapian_named_put(lede_buf *out, lede_span names, lede_span newest)
{
    lede_buf_put_span(out, names);
    lede_buf_put_span(out, newest);
    lede_buf_put_byte(out, (uint8_t)newest.len);
}

bool lede_xapian_named_parse(lede_span value, lede_span *names,
                             lede_xapian_order *out)
{
    size_t len = value.len == 0 ? 0 : value.bytes[value.len - 1];

    if (value.len < len + 1) {
        return false;
    }
    *names = lede_span_part(value, 0, value.len - 1 - len);
    return lede_xapian_order_decode(
        lede_span_part(value, value.len - 1 - len, len), false, out);
}

/* --- Data ----------------------------------------------------------------- */

static const char record_field[] = "\nlede=";

/* A line of at most so many bytes, cut between characters. */
static void put_line(lede_buf *out, const char *name, lede_span text,
                     size_t most)
{
    size_t i;

    if (text.len > most) {
        while (most > 0 && (text.bytes[most] & 0xC0) == 0x80) {
            most--;
        }
        text.len = most;
    }
    lede_buf_put_format(out, "%s=", name);
    for (i = 0; i < text.len; i++) {
        uint8_t c = text.bytes[i];

        lede_buf_put_byte(out, c == '\n' || c == '\r' ? ' ' : c);
    }
    lede_buf_put_byte(out, '\n');
}

static lede_span sample_of(const lede_entry *entry)
{
    uint32_t i;

    for (i = 0; i < entry->block_count; i++) {
        if (entry->body[i].type != LEDE_BLOCK_ALT &&
            entry->body[i].text.len > 0) {
            return entry->body[i].text;
        }
    }
    return entry->deck;
}

void lede_xapian_data_put(lede_buf *out, const lede_entry *entry,
                          lede_span record)
{
    if (entry->url.len > 0) {
        put_line(out, "url", entry->url, SIZE_MAX);
    }
    put_line(out, "caption", entry->headline, SIZE_MAX);
    put_line(out, "sample", sample_of(entry), SAMPLE_BYTES);
    if (entry->published.instant != LEDE_INSTANT_NONE) {
        lede_buf_put_format(out, "modtime=%" PRId64 "\n",
                            entry->published.instant);
    }
    lede_buf_put_text(out, record_field + 1);
    lede_buf_put_span(out, record);
}

lede_status lede_xapian_data_record(lede_span data, lede_span *out,
                                    lede_error *err)
{
    size_t len = strlen(record_field);
    size_t at = 0;

    while (at < data.len) {
        lede_span rest = lede_span_part(data, at, data.len);
        const uint8_t *next = memchr(rest.bytes, '\n', rest.len);

        if (next == NULL) {
            break;
        }
        at = (size_t)(next - data.bytes);
        rest = lede_span_part(data, at, data.len);
        if (lede_span_starts(rest, record_field)) {
            *out = lede_span_part(rest, len, rest.len);
            return LEDE_OK;
        }
        at++;
    }
    return lede_fail(err, LEDE_CORRUPT, "a document has no record of lede's");
}

/* --- The mark ------------------------------------------------------------- */

void lede_xapian_mark_format(const lede_xapian_mark *mark, lede_buf *out)
{
    lede_buf_put_format(out, "lede %d\n", LEDE_XAPIAN_VERSION);
    lede_buf_put_format(out, "complete %d\n", mark->complete);
    lede_buf_put_format(out, "languages %" PRIu32 "\n", mark->languages);
    lede_buf_put_format(out, "generation %" PRIu64 "\n", mark->generation);
    lede_buf_put_format(out, "oldest %" PRId64 "\n", mark->oldest);
    lede_buf_put_format(out, "newest %" PRId64 "\n", mark->newest);
    lede_buf_put_format(out, "newest_trusted %" PRId64 "\n",
                        mark->newest_trusted);
    lede_buf_put_format(out, "half_life %" PRId64 "\n", mark->half_life_s);
    lede_buf_put_format(out, "rules %" PRIu32 "\n", mark->rules);
    lede_buf_put_format(out, "names %d\n", mark->has_names);
    lede_buf_put_format(out, "copies %d\n", mark->has_copies);
}

#define MARK_MAX_S (INT64_C(1) << 60)

/* Takes "NAME NUMBER\n" off the front of a text. */
static bool take_number(lede_span *text, const char *name, uint64_t *out)
{
    size_t len = strlen(name);
    bool negative;
    uint64_t value = 0;
    size_t digits = 0;
    size_t at = len + 1;

    if (!lede_span_starts(*text, name) || text->len <= at ||
        text->bytes[len] != ' ') {
        return false;
    }
    negative = text->bytes[at] == '-';
    at += negative;
    for (; at < text->len && text->bytes[at] != '\n'; at++, digits++) {
        unsigned digit = (unsigned)text->bytes[at] - '0';

        if (digit > 9 || value > (UINT64_MAX - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    if (digits == 0 || at == text->len) {
        return false;
    }
    *text = lede_span_part(*text, at + 1, text->len);
    *out = negative ? 0 - value : value;
    return true;
}

/* Times that differences can be made of. */
static bool is_sane(int64_t time)
{
    return time == LEDE_INSTANT_NONE ||
           (time >= -MARK_MAX_S && time <= MARK_MAX_S);
}

lede_status lede_xapian_mark_parse(lede_span text, lede_xapian_mark *out,
                                   lede_error *err)
{
    static const char *const names[] = {
        "complete", "languages",      "generation", "oldest",
        "newest",   "newest_trusted", "half_life"};
    enum { COUNT = sizeof names / sizeof names[0] };
    uint64_t values[COUNT];
    uint64_t version, rules = 1, has_names = 0, has_copies = 0;
    size_t i;

    if (text.len == 0) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "a database, but none that lede made");
    }
    if (!take_number(&text, "lede", &version) || version == 0) {
        return lede_fail(err, LEDE_CORRUPT, "its mark is damaged");
    }
    if (version > LEDE_XAPIAN_VERSION) {
        return lede_fail(err, LEDE_TOO_NEW,
                         "made by a newer lede (format %" PRIu64 ")", version);
    }
    for (i = 0; i < COUNT; i++) {
        if (!take_number(&text, names[i], &values[i])) {
            return lede_fail(err, LEDE_CORRUPT, "its mark is damaged");
        }
    }
    if (version >= 2 && (!take_number(&text, "rules", &rules) ||
                         !take_number(&text, "names", &has_names) ||
                         !take_number(&text, "copies", &has_copies))) {
        return lede_fail(err, LEDE_CORRUPT, "its mark is damaged");
    }
    if (values[0] > 1 || rules > version || has_names > 1 || has_copies > 1 ||
        values[1] > UINT32_MAX || !is_sane((int64_t)values[5]) ||
        (int64_t)values[6] < 0 || (int64_t)values[6] > MARK_MAX_S) {
        return lede_fail(err, LEDE_CORRUPT, "its mark is damaged");
    }
    out->complete = values[0] != 0;
    out->languages = (uint32_t)values[1];
    out->generation = values[2];
    out->oldest = (int64_t)values[3];
    out->newest = (int64_t)values[4];
    out->newest_trusted = (int64_t)values[5];
    out->half_life_s = (int64_t)values[6];
    out->rules = (uint32_t)rules;
    out->has_names = has_names != 0;
    out->has_copies = has_copies != 0;
    return LEDE_OK;
}
