#include "base/analyze_private.h"

#include <stdlib.h>
#include <string.h>

#include <libstemmer.h>

#include "base/hash.h"
#include "base/utf8.h"

typedef struct stem_language {
    const char *tag;   /* ISO 639-1 */
    const char *codes; /* it, and those of ISO 639-2 and 639-3 */
    const char *algorithm;
} stem_language;

/* The numbers are on disk (docs/TOKENS.md): add at the end, never move. */
static const stem_language languages[LEDE_LANGUAGE_COUNT] = {
    {"", "", ""},
    {"en", "en eng", "english"},
    {"ar", "ar ara", "arabic"},
    {"hy", "hy hye arm", "armenian"},
    {"eu", "eu eus baq", "basque"},
    {"ca", "ca cat", "catalan"},
    {"da", "da dan", "danish"},
    {"nl", "nl nld dut", "dutch"},
    {"fi", "fi fin", "finnish"},
    {"fr", "fr fra fre", "french"},
    {"de", "de deu ger", "german"},
    {"el", "el ell gre", "greek"},
    {"hi", "hi hin", "hindi"},
    {"hu", "hu hun", "hungarian"},
    {"id", "id ind in", "indonesian"},
    {"ga", "ga gle", "irish"},
    {"it", "it ita", "italian"},
    {"lt", "lt lit", "lithuanian"},
    {"ne", "ne nep npi", "nepali"},
    {"no", "no nor nb nob nn nno", "norwegian"},
    {"pt", "pt por", "portuguese"},
    {"ro", "ro ron rum mo", "romanian"},
    {"ru", "ru rus", "russian"},
    {"sr", "sr srp sh", "serbian"},
    {"es", "es spa", "spanish"},
    {"sv", "sv swe", "swedish"},
    {"ta", "ta tam", "tamil"},
    {"tr", "tr tur", "turkish"},
    {"yi", "yi yid ji", "yiddish"},
};

/* True if `tag` is one of the words of `list`. */
static bool is_listed(const char *list, const char *tag)
{
    size_t len = strlen(tag);
    const char *p = list;

    while (len > 0 && (p = strstr(p, tag)) != NULL) {
        if ((p == list || p[-1] == ' ') && (p[len] == ' ' || p[len] == '\0')) {
            return true;
        }
        p += len;
    }
    return false;
}

lede_language lede_language_of(lede_span tag, lede_language fallback)
{
    char primary[4];
    size_t len = 0;
    unsigned i;

    if (tag.len == 0) {
        return fallback;
    }
    while (len < tag.len && tag.bytes[len] != '-' && tag.bytes[len] != '_') {
        uint8_t byte = tag.bytes[len] | 0x20;

        if (len == 3 || byte < 'a' || byte > 'z') {
            return LEDE_LANGUAGE_NONE;
        }
        primary[len++] = (char)byte;
    }
    primary[len] = '\0';
    for (i = 1; len >= 2 && i < LEDE_LANGUAGE_COUNT; i++) {
        if (is_listed(languages[i].codes, primary)) {
            return (lede_language)i;
        }
    }
    return LEDE_LANGUAGE_NONE;
}

const char *lede_language_tag(lede_language language)
{
    return language < LEDE_LANGUAGE_COUNT ? languages[language].tag : "";
}

const char *lede_language_codes(const char *code)
{
    static const char *const kinds[] = {"nb nob", "nn nno"};
    lede_language language =
        lede_language_of(lede_span_text(code), LEDE_LANGUAGE_NONE);

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (is_listed(kinds[i], code)) {
            return kinds[i];
        }
    }
    return languages[language].codes;
}

/* --- The memory of stems ------------------------------------------------- */

struct lede_stem_slot {
    const uint8_t *word; /* NULL: free. The stem follows it unless it is a
                            beginning of the word, as it mostly is. */
    uint32_t hash;
    uint8_t word_len, stem_len;
    uint8_t language;
    bool is_prefix;
};

static lede_span stem_of_slot(const lede_stem_slot *slot)
{
    const uint8_t *stem =
        slot->is_prefix ? slot->word : slot->word + slot->word_len;

    return lede_span_of(stem, slot->stem_len);
}

static lede_stem_slot *find_slot(const lede_analyzer *analyzer, uint32_t hash,
                                 lede_language language, lede_span word)
{
    size_t mask = analyzer->slot_count - 1;
    size_t at = hash & mask;

    for (;; at = (at + 1) & mask) {
        lede_stem_slot *slot = &analyzer->slots[at];

        if (slot->word == NULL ||
            (slot->hash == hash && slot->word_len == word.len &&
             slot->language == language &&
             memcmp(slot->word, word.bytes, word.len) == 0)) {
            return slot;
        }
    }
}

static bool grow_slots(lede_analyzer *analyzer)
{
    size_t count = analyzer->slot_count == 0 ? 64 : analyzer->slot_count * 2;
    lede_stem_slot *slots;
    size_t i;

    if (analyzer->slots_used < analyzer->slot_count / 4 * 3) {
        return true;
    }
    slots = calloc(count, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    for (i = 0; i < analyzer->slot_count; i++) {
        const lede_stem_slot *old = &analyzer->slots[i];
        size_t at = old->hash & (count - 1);

        if (old->word == NULL) {
            continue;
        }
        while (slots[at].word != NULL) {
            at = (at + 1) & (count - 1);
        }
        slots[at] = *old;
    }
    free(analyzer->slots);
    analyzer->slots = slots;
    analyzer->slot_count = count;
    return true;
}

/* Words with a digit or a sign, and words of CJK (from U+3000 on), have no
 * endings to take off. */
static bool has_stem(lede_span word)
{
    size_t i;

    for (i = 0; i < word.len; i++) {
        uint8_t byte = word.bytes[i];

        if ((byte < 0x80 && (byte < 'a' || byte > 'z')) || byte >= 0xE3) {
            return false;
        }
    }
    return true;
}

/* Snowball's stem, lent until the next; the word itself if there is none. An
 * empty span when out of memory. */
static lede_span make_stem(lede_analyzer *analyzer, lede_language language,
                           lede_span word)
{
    struct sb_stemmer **stemmer;
    const sb_symbol *stem;
    int len;

    if (language == LEDE_LANGUAGE_NONE || language >= LEDE_LANGUAGE_COUNT ||
        !has_stem(word)) {
        return word;
    }
    stemmer = &analyzer->stemmers[language];
    if (*stemmer == NULL) {
        *stemmer = sb_stemmer_new(languages[language].algorithm, NULL);
    }
    if (*stemmer == NULL) {
        return lede_span_of(NULL, 0);
    }
    stem = sb_stemmer_stem(*stemmer, word.bytes, (int)word.len);
    len = stem == NULL ? 0 : sb_stemmer_length(*stemmer);
    if (stem == NULL) {
        return lede_span_of(NULL, 0);
    }
    return len == 0 || len > LEDE_WORD_MAX_BYTES
               ? word
               : lede_span_of(stem, (size_t)len);
}

static bool fill_slot(lede_analyzer *analyzer, lede_stem_slot *slot,
                      uint32_t hash, lede_language language, lede_span word)
{
    lede_span stem = make_stem(analyzer, language, word);
    uint8_t *bytes;
    bool is_prefix;

    if (stem.len == 0) {
        return false;
    }
    is_prefix =
        stem.len <= word.len && memcmp(stem.bytes, word.bytes, stem.len) == 0;
    bytes =
        lede_arena_get(&analyzer->stems, word.len + (is_prefix ? 0 : stem.len));
    if (bytes == NULL) {
        return false;
    }
    memcpy(bytes, word.bytes, word.len);
    if (!is_prefix) {
        memcpy(bytes + word.len, stem.bytes, stem.len);
    }
    slot->word = bytes;
    slot->hash = hash;
    slot->word_len = (uint8_t)word.len;
    slot->stem_len = (uint8_t)stem.len;
    slot->language = language;
    slot->is_prefix = is_prefix;
    analyzer->slots_used++;
    return true;
}

lede_span lede_analyzer_stem(lede_analyzer *analyzer, lede_language language,
                             lede_span word)
{
    uint64_t hash64 = lede_hash64_seeded(word, language);
    uint32_t hash = (uint32_t)(hash64 ^ hash64 >> 32);
    lede_stem_slot *slot;

    if (word.len == 0) {
        return word;
    }
    word.len = lede_utf8_floor(word, LEDE_WORD_MAX_BYTES);
    if (!grow_slots(analyzer)) {
        analyzer->failed = true;
        return lede_span_of(NULL, 0);
    }
    slot = find_slot(analyzer, hash, language, word);
    if (slot->word == NULL &&
        !fill_slot(analyzer, slot, hash, language, word)) {
        analyzer->failed = true;
        return lede_span_of(NULL, 0);
    }
    return stem_of_slot(slot);
}

size_t lede_analyzer_stems_bytes(const lede_analyzer *analyzer)
{
    return analyzer->stems.held_bytes +
           analyzer->slot_count * sizeof(lede_stem_slot);
}

void lede_analyzer_clear_stems(lede_analyzer *analyzer)
{
    lede_arena_clear(&analyzer->stems);
    free(analyzer->slots);
    analyzer->slots = NULL;
    analyzer->slot_count = 0;
    analyzer->slots_used = 0;
}

void lede_analyzer_free_stems(lede_analyzer *analyzer)
{
    unsigned i;

    for (i = 0; i < LEDE_LANGUAGE_COUNT; i++) {
        sb_stemmer_delete(analyzer->stemmers[i]);
    }
    lede_arena_done(&analyzer->stems);
    free(analyzer->slots);
}
