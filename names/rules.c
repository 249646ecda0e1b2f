#include "names/rules.h"

enum { DATELINE_MAX_WORDS = 14, DATELINE_MAX_PLACE = 4 };

static void label(lede_piece *piece, size_t begin, size_t end, lede_label first)
{
    size_t i;

    for (i = begin; i < end; i++) {
        piece->labels[i] = (uint8_t)(i == begin ? first : first + 1);
    }
}

static bool is_capital(const lede_piece *piece, size_t i)
{
    return (piece->words[i].flags & LEDE_WORD_CAPITAL) != 0;
}

static uint16_t classes_of(const lede_piece *piece, size_t i)
{
    return piece->words[i].classes;
}

/* The words of a run that can't be a name by themselves: those that begin a
 * sentence, and those that the piece also has in small letters. */
static bool is_common(const lede_piece *piece, size_t i)
{
    const lede_word *word = &piece->words[i];

    if ((word->classes &
         (LEDE_CLASS_COMMON | LEDE_CLASS_DATE | LEDE_CLASS_NATION)) != 0) {
        return true;
    }
    return (word->flags & (LEDE_WORD_SENTENCE_START | LEDE_WORD_SHOUTED |
                           LEDE_WORD_TITLED)) != 0 &&
           (lede_piece_seen(piece, word->low) & LEDE_SEEN_LOWER) != 0;
}

/* How many words of a place of the lists begin at `i`. */
static size_t listed_place(const lede_piece *piece, size_t i, size_t end)
{
    uint32_t phrase = 0;
    size_t found = 0;
    size_t n;

    for (n = 1; i + n <= end && n <= LEDE_PHRASE_MAX_WORDS; n++) {
        phrase = lede_phrase_hash(phrase, piece->words[i + n - 1].low);
        if ((lede_lists_get(&piece->model->lists, phrase) &
             (LEDE_CLASS_COUNTRY | LEDE_CLASS_CITY)) != 0) {
            found = n;
        }
    }
    return found;
}

static bool is_name_word(const lede_piece *piece, size_t i)
{
    const lede_word *word = &piece->words[i];

    uint16_t barred = LEDE_CLASS_ORG | LEDE_CLASS_SITE | LEDE_CLASS_NATION |
                      LEDE_CLASS_DATE | LEDE_CLASS_LINK;

    /* "Will" and "May" are names but where a sentence begins. */
    if ((word->flags & LEDE_WORD_SENTENCE_START) != 0) {
        barred |= LEDE_CLASS_COMMON;
    }
    return word->shape != LEDE_SHAPE_TAILED && (word->classes & barred) == 0;
}

/* Words from `i` on that can stand in one person's name. */
static size_t person_length(const lede_piece *piece, size_t i, size_t end)
{
    size_t n = 0;

    while (i + n < end) {
        bool particle = n > 0 && i + n + 1 < end &&
                        (classes_of(piece, i + n) & LEDE_CLASS_PARTICLE) != 0 &&
                        !is_capital(piece, i + n);

        if (!particle &&
            (!is_capital(piece, i + n) || !is_name_word(piece, i + n))) {
            break;
        }
        n++;
    }
    while (n > 0 && !is_capital(piece, i + n - 1)) {
        n--;
    }
    return n;
}

static bool is_titled(const lede_piece *piece, size_t i)
{
    return lede_piece_joined(piece, i) &&
           (classes_of(piece, i - 1) & LEDE_CLASS_HONORIFIC) != 0 &&
           is_capital(piece, i - 1);
}

void lede_rules_label(lede_piece *piece, const lede_run *run)
{
    size_t i = run->begin;

    while (i < run->end) {
        size_t place = listed_place(piece, i, run->end);
        size_t person = person_length(piece, i, run->end);
        bool org_behind = i + place < run->end &&
                          (classes_of(piece, i + place) & LEDE_CLASS_ORG) != 0;

        if (place > 0 && !org_behind && !is_titled(piece, i)) {
            label(piece, i, i + place, LEDE_LABEL_B_PLACE);
            i += place;
        } else if (person >= 1 && is_titled(piece, i) &&
                   (classes_of(piece, i) & LEDE_CLASS_HONORIFIC) == 0) {
            label(piece, i, i + person, LEDE_LABEL_B_PERSON);
            i += person;
        } else if (person >= 2 && person <= 5 && !is_common(piece, i) &&
                   ((classes_of(piece, i) & LEDE_CLASS_FORENAME) != 0 ||
                    (piece->known[i] & LEDE_IS_FORENAME) != 0)) {
            label(piece, i, i + person, LEDE_LABEL_B_PERSON);
            i += person;
        } else {
            i++;
        }
    }
}

static bool is_byte(const lede_piece *piece, size_t i, const char *punct)
{
    return piece->words[i].shape == LEDE_SHAPE_PUNCT &&
           piece->words[i].low == lede_word_hash(lede_span_text(punct));
}

/* Behind a comma an outlet is as likely as a person. */
static bool may_sign(const lede_piece *piece, size_t begin, size_t i)
{
    return i == begin || !is_byte(piece, i - 1, ",") ||
           (piece->known[i] & LEDE_IS_FORENAME) != 0;
}

/* "BBC Visual Journalism Team": letters for an outlet among words, or a word
 * behind that says that it is one. */
static bool is_desk(const lede_piece *piece, size_t i, size_t name_end,
                    size_t end)
{
    size_t upper = 0;
    size_t others = 0;

    if (name_end < end && is_capital(piece, name_end) &&
        (classes_of(piece, name_end) & LEDE_CLASS_ORG) != 0) {
        return true;
    }
    for (; i < name_end; i++) {
        const lede_word *word = &piece->words[i];
        bool letters = word->shape == LEDE_SHAPE_UPPER;

        upper += letters && word->end - word->begin > 2;
        others += !letters && is_capital(piece, i) &&
                  word->shape != LEDE_SHAPE_INITIAL;
    }
    return upper > 0 && others > 0;
}

void lede_rules_label_byline(lede_piece *piece, size_t begin, size_t end)
{
    size_t i = begin;

    while (i < end) {
        size_t n = person_length(piece, i, end);

        /* A single word is a desk, or an agency. */
        if (n >= 2 && n <= 6 && may_sign(piece, begin, i) &&
            !is_desk(piece, i, i + n, end)) {
            label(piece, i, i + n, LEDE_LABEL_B_PERSON);
        }
        i += n == 0 ? 1 : n;
    }
}

void lede_rules_label_dateline(lede_piece *piece, size_t begin, size_t end)
{
    size_t i = begin;

    while (i < end) {
        size_t n = 0;

        while (i + n < end && n < DATELINE_MAX_PLACE &&
               piece->words[i + n].shape != LEDE_SHAPE_PUNCT &&
               piece->words[i + n].shape != LEDE_SHAPE_DIGIT &&
               (classes_of(piece, i + n) & LEDE_CLASS_DATE) == 0) {
            n++;
        }
        if (n > 0 && is_capital(piece, i)) {
            label(piece, i, i + n, LEDE_LABEL_B_PLACE);
        }
        i += n + 1;
    }
}

size_t lede_rules_dateline(const lede_piece *piece, size_t begin, size_t end)
{
    size_t place = 0;
    size_t i;
    bool agency = false;
    bool open = false; /* within brackets: "Ann Lee (1902 - 1985)" */

    if (end - begin > DATELINE_MAX_WORDS) {
        end = begin + DATELINE_MAX_WORDS;
    }
    if ((classes_of(piece, begin) & LEDE_CLASS_COMMON) != 0) {
        place = listed_place(piece, begin, end); /* "THE HAGUE" */
    }
    while (begin + place < end && place <= DATELINE_MAX_PLACE &&
           is_capital(piece, begin + place) &&
           (classes_of(piece, begin + place) &
            (LEDE_CLASS_DATE | LEDE_CLASS_COMMON)) == 0) {
        place++;
    }
    if (place == 0 || place > DATELINE_MAX_PLACE) {
        return 0;
    }
    /* Behind it nothing but a comma, more places, a date and an agency in
     * brackets, up to the dash. */
    for (i = begin + place; i < end; i++) {
        const lede_word *word = &piece->words[i];

        if ((word->flags & LEDE_WORD_LINE_START) != 0) {
            return 0;
        }
        if (is_byte(piece, i, "-") && !open) {
            const lede_word *first = &piece->words[begin];

            return agency || first->shape == LEDE_SHAPE_UPPER ? place : 0;
        }
        if (is_byte(piece, i, "(")) {
            agency = true;
            open = true;
        } else if (is_byte(piece, i, ")")) {
            open = false;
        } else if (word->shape == LEDE_SHAPE_LOWER ||
                   (word->shape == LEDE_SHAPE_PUNCT &&
                    !is_byte(piece, i, ",") && !is_byte(piece, i, "/") &&
                    !is_byte(piece, i, "."))) {
            return 0;
        }
    }
    return 0;
}
