#include "base/chars.h"

#include "base/analyze.h"
#include "base/utf8.h"

/* One text on its way: codes wait until the run of marks behind them is
 * complete, so that each run is composed as a whole. */
typedef struct text_folder {
    lede_span text;
    bool strip;
    uint8_t pending;      /* the sign or blank to put before the next letter */
    lede_char_class last; /* of the last character kept */
    uint32_t codes[64];
    unsigned count;
    lede_buf *out;
} text_folder;

static void flush_codes(text_folder *folder)
{
    unsigned i;

    folder->count = lede_codes_compose(folder->codes, folder->count);
    for (i = 0; i < folder->count; i++) {
        uint8_t bytes[4];

        lede_buf_put(folder->out, bytes,
                     lede_utf8_encode(bytes, folder->codes[i]));
    }
    folder->count = 0;
}

/* Blanks and signs stand between composed runs. */
static void put_sign(text_folder *folder, uint8_t sign)
{
    flush_codes(folder);
    lede_buf_put_byte(folder->out, sign);
}

static void put_codes(text_folder *folder, const uint32_t *codes,
                      unsigned count)
{
    unsigned i;

    for (i = 0; i < count; i++) {
        bool is_starter = !lede_char_composes(codes[i]);

        if (is_starter || folder->count == 64) {
            flush_codes(folder);
        }
        folder->codes[folder->count++] = codes[i];
    }
}

static bool is_word_char(lede_char_class class)
{
    return class == LEDE_CHAR_LETTER || class == LEDE_CHAR_DIGIT ||
           class == LEDE_CHAR_CONTINUOUS || class == LEDE_CHAR_JAMO;
}

/* The class of the next character from `at` that counts. */
static lede_char_class class_after(lede_span text, size_t at)
{
    lede_char_class class = LEDE_CHAR_IGNORED;

    while (at < text.len && class == LEDE_CHAR_IGNORED) {
        uint32_t code;

        at += lede_utf8_decode(text.bytes + at, text.bytes + text.len, &code);
        class = lede_char_class_of(code);
    }
    return class == LEDE_CHAR_IGNORED ? LEDE_CHAR_OTHER : class;
}

/* What stays of a sign between `last` and `next`: a blank, mostly. */
static uint8_t sign_between(lede_char_class sign, uint32_t code,
                            lede_char_class last, lede_char_class next)
{
    if (!is_word_char(last) || !is_word_char(next)) {
        return ' ';
    }
    if (sign == LEDE_CHAR_APOSTROPHE) {
        return '\'';
    }
    if (sign == LEDE_CHAR_HYPHEN) {
        return code == '&' || code == 0xFF06 || code == 0xFE60 ? '&' : '-';
    }
    if (last == LEDE_CHAR_DIGIT && next == LEDE_CHAR_DIGIT) {
        return sign == LEDE_CHAR_STOP    ? '.'
               : sign == LEDE_CHAR_COMMA ? ','
                                         : ' ';
    }
    return ' ';
}

static unsigned leading_marks(const uint32_t *codes, unsigned count)
{
    unsigned marks = 0;

    while (marks < count &&
           lede_char_class_of(codes[marks]) == LEDE_CHAR_MARK) {
        marks++;
    }
    return marks;
}

static void fold_char(text_folder *folder, uint32_t code, size_t after)
{
    uint32_t codes[LEDE_CHAR_FOLD_MAX];
    lede_char_class class = lede_char_class_of(code);
    bool is_word = is_word_char(class);
    unsigned count;
    unsigned begin = 0;

    if (class == LEDE_CHAR_IGNORED || class == LEDE_CHAR_DROPPED) {
        return;
    }
    if (!is_word && (class != LEDE_CHAR_MARK || folder->pending != 0 ||
                     folder->last == LEDE_CHAR_OTHER)) {
        folder->pending = folder->pending != 0
                              ? ' '
                              : sign_between(class, code, folder->last,
                                             class_after(folder->text, after));
        return;
    }
    count = lede_char_fold(code, folder->strip, codes);
    if (folder->pending != 0 || folder->last == LEDE_CHAR_OTHER) {
        begin = leading_marks(codes, count); /* of no letter */
    }
    if (begin == count) {
        return;
    }
    if (folder->pending != 0 && folder->last != LEDE_CHAR_OTHER) {
        put_sign(folder, folder->pending);
    }
    folder->pending = 0;
    put_codes(folder, codes + begin, count - begin);
    folder->last = is_word ? class : folder->last;
}

void lede_fold_text(lede_span text, bool strip_accents, lede_buf *out)
{
    text_folder folder = {0};
    size_t at = 0;

    folder.text = text;
    folder.strip = strip_accents;
    folder.out = out;
    while (at < text.len) {
        uint32_t code;

        at += lede_utf8_decode(text.bytes + at, text.bytes + text.len, &code);
        fold_char(&folder, code, at);
    }
    flush_codes(&folder);
}
