#include "corpus/html_charset_guess.h"

#include <stdint.h>
#include <string.h>
#include <uchardet.h>

enum {
    OTHER_PER_HUNDRED = 30,   /* of the letters, in other scripts */
    MARKED_PER_THOUSAND = 25, /* of the letters, in languages of Latin script */
    MARKED_MIN = 20,
    HIGH_MIN = 10,
    BYTES_LOOKED_AT = 1 << 20
};

typedef struct sample {
    uint8_t bytes[LEDE_CHARSET_GUESS_BYTES];
    size_t len;
    size_t letters; /* ASCII ones and those below */
    size_t high;    /* bytes that are not ASCII */
    size_t marked;  /* of these, letters in encodings of Latin script */
} sample;

/* Letters in windows-1250 to 1258: quotation marks, dashes and signs of money
 * are none, and the same in most of them. */
static bool is_marked(uint8_t c)
{
    static const uint8_t letters[] = {
        0xA1, 0xA6, 0xB1, 0xB6, 0x8A, 0x8C, 0x8D, 0x8E, 0x8F, 0x9A, 0x9C, 0x9D,
        0x9E, 0x9F, 0xA3, 0xA5, 0xAA, 0xAF, 0xB3, 0xB9, 0xBA, 0xBC, 0xBE, 0xBF};

    return c >= 0xC0 ? c != 0xD7 : memchr(letters, c, sizeof letters) != NULL;
}

/* Adds a text between two tags. */
static void put_text(sample *out, lede_span text)
{
    size_t i;

    text = lede_span_part(text, 0, sizeof out->bytes - out->len);
    for (i = 0; i < text.len; i++) {
        uint8_t c = text.bytes[i];

        out->high += c >= 0x80;
        out->marked += is_marked(c) && c >= 0x80;
        out->letters +=
            c >= 0x80 ? is_marked(c) : (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    }
    memcpy(out->bytes + out->len, text.bytes, text.len);
    out->len += text.len;
    if (out->len < sizeof out->bytes) {
        out->bytes[out->len++] = '\n';
    }
}

static bool has_high(lede_span text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        if (text.bytes[i] >= 0x80) {
            return true;
        }
    }
    return false;
}

/* The texts between tags that are not ASCII, as many as there is room for. */
static void take_sample(lede_span page, sample *out)
{
    size_t begin = 0;
    size_t i;

    out->len = out->letters = out->high = out->marked = 0;
    page = lede_span_part(page, 0, BYTES_LOOKED_AT);
    for (i = 0; i <= page.len && out->len < sizeof out->bytes; i++) {
        if (i == page.len || page.bytes[i] == '<' || page.bytes[i] == '>') {
            lede_span text = lede_span_part(page, begin, i - begin);

            if (has_high(text)) {
                put_text(out, text);
            }
            begin = i + 1;
        }
    }
}

/* Names of uchardet's that iconv does not know, or that mean more there. */
static const char *name_of(const char *guess)
{
    static const struct {
        const char *guess, *name;
    } names[] = {
        {"UHC", "CP949"},           {"EUC-KR", "CP949"},
        {"SHIFT_JIS", "CP932"},     {"ISO-8859-9", "CP1254"},
        {"ISO-8859-13", "CP1257"},  {"TIS-620", "CP874"},
        {"ISO-8859-11", "CP874"},   {"BIG5", "BIG5-HKSCS"},
        {"ISO-8859-8", "CP1255"},   {"MAC-CYRILLIC", "MAC-CYRILLIC"},
        {"WINDOWS-1250", "CP1250"}, {"WINDOWS-1251", "CP1251"},
        {"WINDOWS-1253", "CP1253"}, {"WINDOWS-1255", "CP1255"},
        {"WINDOWS-1256", "CP1256"}, {"WINDOWS-1257", "CP1257"},
        {"WINDOWS-1258", "CP1258"}, {"IBM855", "CP855"},
        {"IBM866", "CP866"},        {"IBM852", "CP852"},
    };
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(guess, names[i].guess) == 0) {
            return names[i].name;
        }
    }
    return guess;
}

/* Encodings of Latin script that are taken for what they are. */
static bool is_telling(const char *guess)
{
    static const char *const guesses[] = {"WINDOWS-1250", "ISO-8859-2",
                                          "ISO-8859-9",   "ISO-8859-13",
                                          "WINDOWS-1257", "WINDOWS-1258"};
    size_t i;

    for (i = 0; i < sizeof guesses / sizeof guesses[0]; i++) {
        if (strcmp(guess, guesses[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_western(const char *guess)
{
    return guess[0] == 0 || strcmp(guess, "ASCII") == 0 ||
           strncmp(guess, "UTF-", 4) == 0 ||
           strcmp(guess, "WINDOWS-1252") == 0 ||
           strcmp(guess, "ISO-8859-1") == 0 ||
           strcmp(guess, "ISO-8859-15") == 0 ||
           strcmp(guess, "ISO-8859-3") == 0 ||
           strcmp(guess, "MAC-CENTRALEUROPE") == 0;
}

bool lede_html_guess_charset(lede_span page, bool *is_other_script,
                             char out[LEDE_CHARSET_NAME_BYTES])
{
    sample found;
    const char *guess;
    const char *name;
    uchardet_t detector;
    bool is_told;

    take_sample(page, &found);
    if (found.high < HIGH_MIN) {
        return false;
    }
    *is_other_script = found.high * 100 >= found.letters * OTHER_PER_HUNDRED;
    if (!*is_other_script &&
        (found.marked < MARKED_MIN ||
         found.marked * 1000 < found.letters * MARKED_PER_THOUSAND)) {
        return false;
    }
    detector = uchardet_new();
    if (detector == NULL ||
        uchardet_handle_data(detector, (const char *)found.bytes, found.len) !=
            0) {
        if (detector != NULL) {
            uchardet_delete(detector);
        }
        return false;
    }
    uchardet_data_end(detector);
    guess = uchardet_get_charset(detector);
    name = name_of(guess);
    is_told = (*is_other_script ? !is_western(guess) : is_telling(guess)) &&
              strlen(name) < LEDE_CHARSET_NAME_BYTES;
    if (is_told) {
        strcpy(out, name);
    }
    uchardet_delete(detector);
    return is_told;
}
