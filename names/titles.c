#include "names/titles.h"

#include <stdbool.h>

enum { MOST_WORDS = 6, MOST_LETTERS = 16 };

/* What ends a title. */
static const char *const offices[] = {
    "president",   "premier",       "minister",     "chancellor", "secretary",
    "senator",     "governor",      "mayor",        "ambassador", "envoy",
    "spokesman",   "spokeswoman",   "spokesperson", "chairman",   "chairwoman",
    "chief",       "director",      "commissioner", "commander",  "leader",
    "king",        "queen",         "prince",       "princess",   "sultan",
    "emir",        "pope",          "archbishop",   "bishop",     "cardinal",
    "ayatollah",   "general",       "admiral",      "colonel",    "captain",
    "coach",       "manager",       "professor",    "judge",      "prosecutor",
    "congressman", "congresswoman", "speaker",      "economist",  "editor",
    "founder",     "treasurer",     "lawmaker",     "dictator"};

/* What may stand in one before that. */
static const char *const parts[] = {
    "prime",      "vice",        "deputy",      "foreign",   "defence",
    "defense",    "finance",     "interior",    "home",      "justice",
    "health",     "education",   "energy",      "trade",     "economy",
    "labour",     "labor",       "environment", "transport", "oil",
    "culture",    "agriculture", "press",       "state",     "attorney",
    "opposition", "party",       "military",    "police",    "army",
    "crown",      "chief",       "executive",   "managing",  "supreme",
    "special",    "secretary",   "national",    "security",  "team",
    "club"};

static bool is_letter(uint8_t byte)
{
    return ((byte | 32) - 'a' + 0u) < 26u;
}

static bool is_among(lede_span word, const char *const *words, size_t count)
{
    uint8_t low[MOST_LETTERS];
    size_t i;

    if (word.len == 0 || word.len > MOST_LETTERS) {
        return false;
    }
    for (i = 0; i < word.len; i++) {
        low[i] = word.bytes[i] | 32;
    }
    word = lede_span_of(low, word.len);
    for (i = 0; i < count &&
                (words[i][0] != (char)low[0] || !lede_span_is(word, words[i]));
         i++) {
    }
    return i < count;
}

static bool is_office(lede_span word)
{
    return is_among(word, offices, sizeof offices / sizeof offices[0]);
}

static bool is_part(lede_span word)
{
    return is_among(word, parts, sizeof parts / sizeof parts[0]) ||
           is_office(word);
}

/* The word that ends at `at` but for blanks and hyphens. */
static lede_span word_before(lede_span text, size_t at)
{
    size_t end;

    while (at > 0 && (text.bytes[at - 1] == ' ' || text.bytes[at - 1] == '-')) {
        at--;
    }
    end = at;
    while (at > 0 && is_letter(text.bytes[at - 1])) {
        at--;
    }
    return lede_span_part(text, at, end - at);
}

static lede_span word_at(lede_span text, size_t at)
{
    size_t end = at;

    while (end < text.len && is_letter(text.bytes[end])) {
        end++;
    }
    return lede_span_part(text, at, end - at);
}

static size_t place_of(lede_span text, lede_span word)
{
    return (size_t)(word.bytes - text.bytes);
}

/* "Secretary of State", "Minister of Foreign Affairs": the begin of the office
 * that ends at `at` with up to two words behind "of"; or `at`. */
static size_t begin_of_office(lede_span text, size_t at)
{
    lede_span word = word_before(text, at);
    int i;

    for (i = 0;
         i < 2 && word.len > 1 && word.bytes[0] >= 'A' && word.bytes[0] <= 'Z';
         i++) {
        word = word_before(text, place_of(text, word));
        if (lede_span_is(word, "of")) {
            word = word_before(text, place_of(text, word));
            return is_office(word) ? place_of(text, word) : at;
        }
    }
    return at;
}

static lede_span title_before(lede_span text, size_t begin)
{
    lede_span word = word_before(text, begin);
    size_t from = begin, end = begin;
    int i;

    while (end > 0 && text.bytes[end - 1] == ' ') {
        end--;
    }
    if (end == begin) { /* nothing may stand between but blanks */
        return lede_span_of(NULL, 0);
    }
    from = is_office(word) ? place_of(text, word) : begin_of_office(text, end);
    if (from >= end) {
        return lede_span_of(NULL, 0);
    }
    for (i = 0; i < MOST_WORDS; i++) {
        word = word_before(text, from);
        if (!is_part(word)) {
            break;
        }
        from = place_of(text, word);
    }
    return lede_span_part(text, from, end - from);
}

/* What may stand between the comma and a title: "the Russian". */
static bool may_lead(lede_span word)
{
    static const char *const words[] = {"the", "a",   "an",   "its", "his",
                                        "her", "new", "then", "s"};

    return word.len > 0 &&
           ((word.bytes[0] >= 'A' && word.bytes[0] <= 'Z') ||
            is_among(word, words, sizeof words / sizeof words[0]));
}

/* ", the Russian foreign minister": what it ends in. */
static lede_span title_behind(lede_span text, size_t end)
{
    size_t at = end, from = 0;
    bool open = false;
    int i;

    if (at + 2 >= text.len || text.bytes[at] != ',' ||
        text.bytes[at + 1] != ' ') {
        return lede_span_of(NULL, 0);
    }
    at += 2;
    for (i = 0; i < MOST_WORDS && at < text.len; i++) {
        lede_span word = word_at(text, at);

        if (!is_part(word)) {
            if (!may_lead(word)) {
                break;
            }
            open = false;
        } else if (!open) {
            from = at;
            open = true;
        }
        at += word.len;
        if (is_office(word) && !is_office(word_at(text, at + 1))) {
            return lede_span_part(text, from, at - from);
        }
        if (at < text.len && text.bytes[at] != ' ' && text.bytes[at] != '\'') {
            break;
        }
        at++;
    }
    return lede_span_of(NULL, 0);
}

lede_span lede_title_beside(lede_span text, size_t begin, size_t end)
{
    lede_span title = title_before(text, begin);

    return title.len > 0 ? title : title_behind(text, end);
}
