#include "names/place_hints.h"

enum { MOST_ADJECTIVES = 4 };

/* A text and where in it. */
typedef struct spot {
    lede_span text;
    size_t at;
} spot;

static bool is_letter(uint8_t byte)
{
    return ((byte | 32) - 'a' + 0u) < 26u || byte >= 0x80;
}

/* The word before `at`, of which it becomes the begin; empty if more than a
 * blank or a hyphen parts them. */
static lede_span word_before(spot *s)
{
    size_t at = s->at;
    size_t end;

    while (at > 0 &&
           (s->text.bytes[at - 1] == ' ' || s->text.bytes[at - 1] == '-')) {
        at--;
    }
    end = at;
    while (at > 0 && is_letter(s->text.bytes[at - 1])) {
        at--;
    }
    s->at = at;
    return lede_span_part(s->text, at, end - at);
}

static lede_span word_behind(spot *s)
{
    size_t begin;

    while (s->at < s->text.len && s->text.bytes[s->at] == ' ') {
        s->at++;
    }
    begin = s->at;
    while (s->at < s->text.len && is_letter(s->text.bytes[s->at])) {
        s->at++;
    }
    return lede_span_part(s->text, begin, s->at - begin);
}

static bool is_one_of(lede_span word, const char *const *words, size_t count)
{
    uint8_t low[16];
    size_t i;

    if (word.len == 0 || word.len > sizeof low) {
        return false;
    }
    for (i = 0; i < word.len; i++) {
        low[i] = word.bytes[i] >= 'A' && word.bytes[i] <= 'Z'
                     ? word.bytes[i] | 32
                     : word.bytes[i];
    }
    word.bytes = low;
    for (i = 0; i < count &&
                (words[i][0] != (char)low[0] || !lede_span_is(word, words[i]));
         i++) {
    }
    return i < count;
}

/* What a place is said to be. */
static bool is_kind(lede_span word)
{
    static const char *const kinds[] = {
        "city",     "town",     "capital",    "port",
        "village",  "province", "region",     "state",
        "suburb",   "resort",   "island",     "enclave",
        "district", "county",   "stronghold", "municipality"};

    return is_one_of(word, kinds, sizeof kinds / sizeof kinds[0]);
}

static bool is_of(lede_span word)
{
    static const char *const words[] = {"of", "from"};

    return is_one_of(word, words, sizeof words / sizeof words[0]);
}

/* Whom the parts of a country have. */
static bool is_of_state(lede_span word)
{
    static const char *const words[] = {
        "gov",         "governor",    "governors",    "senator",   "senators",
        "legislature", "legislators", "democrat",     "democrats", "republican",
        "republicans", "congressman", "congresswoman"};

    return is_one_of(word, words, sizeof words / sizeof words[0]);
}

/* "The northern Lebanese port city of". */
static lede_place_number country_before(const lede_place_peoples *peoples,
                                        spot s)
{
    lede_span word = word_before(&s);
    lede_place_number found = LEDE_PLACE_NONE;
    int i;

    if (is_of(word)) {
        word = word_before(&s);
    }
    for (i = 0; is_kind(word) && i < 2; i++) { /* "port city" */
        word = word_before(&s);
    }
    if (i == 0) {
        return found;
    }
    for (i = 0; found == LEDE_PLACE_NONE && word.len > 0 && i < MOST_ADJECTIVES;
         i++) {
        size_t at = 0;

        found = lede_place_peoples_next(peoples, word, &at);
        word = word_before(&s);
    }
    return found;
}

static bool is_state_here(spot before, spot behind)
{
    lede_span word = word_before(&before);

    return is_of_state(word_behind(&behind)) ||
           (is_of(word) && is_of_state(word_before(&before)));
}

void lede_place_hints_read(lede_place_groups *groups,
                           const lede_place_peoples *peoples,
                           const lede_name_text *texts,
                           const lede_mention *mentions, size_t count,
                           const uint32_t *group_of)
{
    size_t i;

    for (i = 0; i < count; i++) {
        const lede_mention *m = &mentions[i];
        lede_place_group *g = &groups->all[group_of[i]];
        spot before = {texts[m->text].text, m->begin};
        spot behind = {texts[m->text].text, m->end};

        if (m->kind != LEDE_NAME_PLACE || g->count < 2) {
            continue;
        }
        if (g->inside == LEDE_PLACE_NONE) {
            g->inside = country_before(peoples, before);
        }
        g->is_state = g->is_state || is_state_here(before, behind);
    }
}
