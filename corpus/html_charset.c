#include "corpus/html_charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"
#include "corpus/html_charset_guess.h"
#include "corpus/text_match.h"

enum {
    DECLARATION_BYTES = 16 * 1024, /* a saver's comment may stand before it */
    NAME_MAX_BYTES = LEDE_CHARSET_NAME_BYTES,
    CHANCE_SEQUENCES = 4, /* so many letters are not UTF-8 by chance */
    SURE_LETTERS = 0x100, /* below: an A with circumflex or tilde and a sign */
    BYTES_PER_BAD = 2000, /* UTF-8 with fewer bad sequences is UTF-8 */
    CONVERT_BYTES = 64 * 1024
};

/* Names. ------------------------------------------------------------------ */

typedef struct charset_name {
    const char *name;
    const char *charset; /* for iconv; NULL = UTF-8 */
} charset_name;

/* What names mean that do not mean what they say. */
static const charset_name names[] = {
    {"utf-8", NULL},
    {"utf8", NULL},
    {"unicode", NULL},
    {"utf-16", NULL}, /* its declaration could not have been read */
    {"utf-16le", NULL},
    {"utf-16be", NULL},
    {"utf16", NULL},
    {"utf_16", NULL},
    {"u16", NULL},
    {"utf-32", NULL},
    {"utf-32le", NULL},
    {"utf-32be", NULL},
    {"utf32", NULL},
    {"utf_32", NULL},
    {"u32", NULL},
    {"iso-8859-1", "CP1252"},
    {"iso8859-1", "CP1252"},
    {"iso_8859-1", "CP1252"},
    {"latin1", "CP1252"},
    {"latin-1", "CP1252"},
    {"l1", "CP1252"},
    {"ascii", "CP1252"},
    {"us-ascii", "CP1252"},
    {"ansi", "CP1252"},
    {"windows-1252", "CP1252"},
    {"x-cp1252", "CP1252"},
    {"x-user-defined", "CP1252"},
    {"latin2", "ISO-8859-2"},
    {"iso-8859-9", "CP1254"},
    {"latin5", "CP1254"},
    {"iso-8859-11", "CP874"},
    {"tis-620", "CP874"},
    {"windows-874", "CP874"},
    {"gb2312", "GB18030"},
    {"gb_2312-80", "GB18030"},
    {"gbk", "GB18030"},
    {"x-gbk", "GB18030"},
    {"big5", "BIG5-HKSCS"},
    {"shift_jis", "CP932"},
    {"shift-jis", "CP932"},
    {"sjis", "CP932"},
    {"x-sjis", "CP932"},
    {"windows-31j", "CP932"},
    {"x-euc-jp", "EUC-JP"},
    {"euc-kr", "CP949"},
    {"ks_c_5601-1987", "CP949"},
    {"windows-949", "CP949"},
    {"x-mac-roman", "MACINTOSH"},
    {"x-mac-cyrillic", "MAC-CYRILLIC"},
};

/* What was usual where a language is spoken. */
static const charset_name languages[] = {
    {"be", "CP1251"}, {"bg", "CP1251"}, {"ru", "CP1251"},  {"uk", "CP1251"},
    {"mk", "CP1251"}, {"sr", "CP1251"}, {"cs", "CP1250"},  {"hu", "CP1250"},
    {"pl", "CP1250"}, {"sk", "CP1250"}, {"sl", "CP1250"},  {"hr", "CP1250"},
    {"ro", "CP1250"}, {"el", "CP1253"}, {"tr", "CP1254"},  {"az", "CP1254"},
    {"he", "CP1255"}, {"ar", "CP1256"}, {"fa", "CP1256"},  {"et", "CP1257"},
    {"lt", "CP1257"}, {"lv", "CP1257"}, {"vi", "CP1258"},  {"th", "CP874"},
    {"ja", "CP932"},  {"ko", "CP949"},  {"zh", "GB18030"},
};

static bool is_name_byte(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           c == '-' || c == '_' || c == ':' || c == '.';
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The name behind `key` and =, inside quotes of any kind or none. */
static lede_span value_behind(lede_span text, const char *key)
{
    size_t at = 0;

    while ((at = lede_match_find(text, at, key)) != LEDE_MATCH_NONE) {
        size_t begin;

        at += strlen(key);
        while (at < text.len && is_blank(text.bytes[at])) {
            at++;
        }
        if (at == text.len || text.bytes[at] != '=') {
            continue;
        }
        for (at++;
             at < text.len && (is_blank(text.bytes[at]) ||
                               text.bytes[at] == '"' || text.bytes[at] == '\'');
             at++) {
        }
        begin = at;
        while (at < text.len && is_name_byte(text.bytes[at])) {
            at++;
        }
        if (at > begin && at - begin < NAME_MAX_BYTES) {
            return lede_span_part(text, begin, at - begin);
        }
    }
    return lede_span_of(NULL, 0);
}

static lede_span tag_at(lede_span text, size_t at)
{
    lede_span rest = lede_span_part(text, at, text.len);
    const uint8_t *end = memchr(rest.bytes, '>', rest.len);

    return end == NULL ? rest
                       : lede_span_part(rest, 0, (size_t)(end - rest.bytes));
}

lede_span lede_html_declared_charset(lede_span page)
{
    lede_span head = lede_span_part(page, 0, DECLARATION_BYTES);
    lede_span found = {NULL, 0};
    size_t at = 0;

    if (lede_match_starts(lede_span_trim(head), "<?xml")) {
        found = value_behind(tag_at(head, 0), "encoding");
    }
    while (found.len == 0 &&
           (at = lede_match_find(head, at, "<meta")) != LEDE_MATCH_NONE) {
        found = value_behind(tag_at(head, at), "charset");
        at += 5;
    }
    return found;
}

/* What to convert from; false for UTF-8 and names that nobody knows. */
static bool charset_of(lede_span name, char out[NAME_MAX_BYTES])
{
    const char *charset = NULL;
    size_t i;

    out[0] = 0;
    if (name.len == 0 || name.len >= NAME_MAX_BYTES) {
        return false;
    }
    for (i = 0; i < name.len; i++) {
        if (!is_name_byte(name.bytes[i])) {
            return false;
        }
    }
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (lede_match_is(name, names[i].name)) {
            charset = names[i].charset;
            if (charset == NULL) {
                return false;
            }
        }
    }
    if (charset != NULL) {
        strcpy(out, charset);
        return true;
    }
    memcpy(out, name.bytes, name.len);
    out[name.len] = 0;
    return true;
}

static const char *charset_by_language(lede_span page)
{
    lede_span head = lede_span_part(page, 0, DECLARATION_BYTES);
    size_t at = lede_match_find(head, 0, "<html");
    size_t i;

    if (at != LEDE_MATCH_NONE) {
        lede_span lang = value_behind(tag_at(head, at), "lang");

        for (i = 0; i < sizeof languages / sizeof languages[0]; i++) {
            if (lede_match_starts(lang, languages[i].name) &&
                (lang.len == 2 || lang.bytes[2] == '-' ||
                 lang.bytes[2] == '_')) {
                return languages[i].charset;
            }
        }
    }
    return NULL;
}

/* The encoding of a page that names none. What was usual where its language is
 * spoken goes before a guess, but for other scripts, which had several. */
static void suppose(lede_span page, char out[NAME_MAX_BYTES])
{
    const char *usual = charset_by_language(page);
    char guess[NAME_MAX_BYTES];
    bool is_other_script = false;

    strcpy(out, usual == NULL ? "CP1252" : usual);
    if (lede_html_guess_charset(page, &is_other_script, guess) &&
        (usual == NULL || is_other_script)) {
        strcpy(out, guess);
    }
}

/* Bytes. ------------------------------------------------------------------ */

typedef struct utf8_survey {
    size_t bad;     /* sequences that are none */
    size_t letters; /* sequences of more than one byte */
    size_t sure;    /* those that hardly any text of one byte a letter has */
} utf8_survey;

static utf8_survey survey_utf8(lede_span page)
{
    utf8_survey survey = {0};
    const uint8_t *p = page.bytes;
    const uint8_t *end;

    if (page.len == 0) {
        return survey;
    }
    end = p + page.len;
    while (p < end) {
        uint32_t c;
        size_t len;
        uint64_t word;

        while (end - p >= 8) {
            memcpy(&word, p, 8);
            if ((word & UINT64_C(0x8080808080808080)) != 0) {
                break;
            }
            p += 8;
        }
        if (p == end) {
            break;
        }
        if (*p < 0x80) {
            p++;
            continue;
        }
        len = lede_utf8_decode(p, end, &c);
        /* One that is cut off by the end says nothing, where others are. */
        if (c == LEDE_UTF8_REPLACEMENT &&
            (p + len < end || survey.letters == 0) &&
            !(len == 3 && memcmp(p, "\xEF\xBF\xBD", 3) == 0)) {
            survey.bad++;
        } else {
            survey.letters++;
            survey.sure += c < SURE_LETTERS || len > 2;
        }
        p += len;
    }
    return survey;
}

/* Appends without NULs; returns how many there were. */
static size_t put_without_nuls(lede_buf *out, lede_span text)
{
    size_t nuls = 0;

    while (text.len > 0) {
        const uint8_t *nul = memchr(text.bytes, 0, text.len);
        size_t len = nul == NULL ? text.len : (size_t)(nul - text.bytes);

        nuls += nul != NULL;
        lede_buf_put_span(out, lede_span_part(text, 0, len));
        text = lede_span_part(text, len + 1, text.len);
    }
    return nuls;
}

/* False if the machine cannot convert from that charset. */
static bool convert(const char *charset, lede_span page, lede_buf *out,
                    uint32_t *repaired)
{
    iconv_t cd = iconv_open("UTF-8", charset);
    char *in = (char *)(uintptr_t)page.bytes; /* iconv does not write to it */
    size_t in_left = page.len;

    if (cd == (iconv_t)-1) {
        return false;
    }
    while (in_left > 0 && !out->failed) {
        char room[CONVERT_BYTES];
        char *to = room;
        size_t to_left = sizeof room;
        size_t done = iconv(cd, &in, &in_left, &to, &to_left);

        /* Some charsets have surrogates and the like in their tables. */
        *repaired += (uint32_t)lede_utf8_repair(
            lede_span_of(room, (size_t)(to - room)), out);
        if (done == (size_t)-1 && errno != E2BIG && in_left > 0) {
            lede_buf_put_text(out, "\xEF\xBF\xBD");
            (*repaired)++;
            in++;
            in_left--;
            iconv(cd, NULL, NULL, NULL, NULL);
        }
    }
    iconv_close(cd);
    return true;
}

/* Encodings in which two bytes of any kind are a letter: a few of those may be
 * UTF-8 by chance. */
static bool has_pairs(const char *charset)
{
    static const char *const charsets[] = {
        "GB", "BIG5", "CP932", "CP949", "CP950", "EUC", "euc", "gb", "big5"};
    size_t i;

    for (i = 0; i < sizeof charsets / sizeof charsets[0]; i++) {
        if (strncmp(charset, charsets[i], strlen(charsets[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether all that is not ASCII is UTF-8, and not by chance. */
static bool is_all_utf8(const utf8_survey *survey, const char *charset)
{
    return survey->letters >= CHANCE_SEQUENCES ||
           (survey->sure > 0 && !has_pairs(charset));
}

lede_status lede_html_decode(lede_span page, lede_span declared, lede_buf *out,
                             uint32_t *repaired, lede_error *err)
{
    utf8_survey survey = survey_utf8(page);
    char charset[NAME_MAX_BYTES];
    lede_buf text = {0};
    lede_span done = page;
    bool is_utf8;
    bool is_named;

    *repaired = 0;
    is_named = charset_of(declared.len > 0 ? declared
                                           : lede_html_declared_charset(page),
                          charset);
    is_utf8 = survey.bad == 0 ? !is_named || is_all_utf8(&survey, charset)
                              : survey.letters > survey.bad &&
                                    survey.bad * BYTES_PER_BAD < page.len;
    if (!is_utf8 && !is_named) {
        suppose(page, charset);
    }
    if (is_utf8 || !convert(charset, page, &text, repaired)) {
        if (survey.bad > 0 || lede_utf8_valid_prefix(page) < page.len) {
            *repaired += (uint32_t)lede_utf8_repair(page, &text);
            done = lede_buf_span(&text);
        }
    } else {
        done = lede_buf_span(&text);
    }
    if (!text.failed) {
        *repaired += (uint32_t)put_without_nuls(out, done);
    }
    if (text.failed || out->failed) {
        lede_buf_done(&text);
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    lede_buf_done(&text);
    return LEDE_OK;
}
