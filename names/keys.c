#include "names/keys.h"
#include "base/analyze.h"
#include "names/gazetteer.h"

static bool is_ascii(lede_span text)
{
    size_t i;

    for (i = 0; i < text.len && text.bytes[i] < 0x80; i++) {
    }
    return i == text.len;
}

static uint8_t lower(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 32) : byte;
}

static bool is_alnum(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || (byte | 32) - 'a' + 0u < 26u;
}

static bool is_word_byte(lede_span text, size_t i)
{
    return i < text.len && (text.bytes[i] >= 0x80 || is_alnum(text.bytes[i]));
}

bool lede_key_word_next(lede_key_words *words)
{
    lede_span text = words->text;
    size_t at = words->at;

    words->word_len = 0;
    while (at < text.len && !is_word_byte(text, at)) {
        at++;
    }
    while (at < text.len) {
        if (is_word_byte(text, at)) {
            if (words->word_len < sizeof words->word) {
                words->word[words->word_len++] = lower(text.bytes[at]);
            }
        } else if (!(text.bytes[at] == '\'' && is_word_byte(text, at + 1))) {
            break;
        }
        at++;
    }
    words->at = at;
    return words->word_len > 0;
}

bool lede_key_words_init(lede_key_words *words, lede_span name,
                         lede_buf *folded)
{
    words->at = 0;
    words->text = name;
    if (!is_ascii(name)) {
        lede_buf_clear(folded);
        lede_fold_text(name, true, folded);
        words->text = lede_buf_span(folded);
        return !folded->failed;
    }
    return true;
}

static bool word_is(const lede_key_words *words, const char *text)
{
    return lede_span_is(lede_span_of(words->word, words->word_len), text);
}

/* A name of one word of ASCII that is its own key but for the letter case;
 * false for any other. */
static bool put_plain_key(lede_span name, lede_buf *out)
{
    enum { LEAST = 6 }; /* no shorter ones: "saint", "mount", "fort" */
    size_t i;

    for (i = 0; i < name.len; i++) {
        if ((name.bytes[i] | 32) - 'a' + 0u >= 26u) {
            return false;
        }
    }
    if (name.len < LEAST || name.len > LEDE_KEY_WORD_BYTES ||
        !lede_buf_reserve(out, name.len)) {
        return false;
    }
    for (i = 0; i < name.len; i++) {
        out->bytes[out->len++] = name.bytes[i] | 32;
    }
    return true;
}

void lede_place_key(lede_span name, lede_buf *out)
{
    lede_key_words words;
    lede_buf folded = {0};
    size_t begin = out->len;
    bool after_letter = false;

    if (put_plain_key(name, out)) {
        return;
    }
    if (!lede_key_words_init(&words, name, &folded)) {
        out->failed = true;
    }
    while (!out->failed && lede_key_word_next(&words)) {
        bool letter = words.word_len == 1;
        lede_span word = lede_span_of(words.word, words.word_len);

        /* "Trinidad & Tobago", "St. John's", "Ft Worth" */
        if (word_is(&words, "and") && out->len > begin) {
            continue;
        }
        word = word_is(&words, "saint")   ? lede_span_text("st")
               : word_is(&words, "mount") ? lede_span_text("mt")
               : word_is(&words, "fort")  ? lede_span_text("ft")
                                          : word;
        if (out->len - begin == 3 &&
            memcmp(out->bytes + begin, "the", 3) == 0) {
            out->len = begin;
        } else if (out->len > begin && !(letter && after_letter)) {
            lede_buf_put_byte(out, ' ');
        }
        lede_buf_put_span(out, word);
        after_letter = letter;
    }
    lede_buf_done(&folded);
}
