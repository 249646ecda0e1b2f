#include "names/agree_alone.h"

#include "names/agree.h"

static bool is_country(const lede_piece *piece, size_t begin, size_t end)
{
    return (lede_lists_get(&piece->model->lists,
                           lede_piece_phrase(piece, begin, end)) &
            LEDE_CLASS_COUNTRY) != 0;
}

/* Of the words that stand before a newspaper's name, so that it is no
 * person's. */
static bool calls_a_paper(const lede_word *word)
{
    return word->shape == LEDE_SHAPE_LOWER &&
           (word->hints & LEDE_HINT_PAPER) != 0;
}

static void settle_paper(lede_piece *piece, size_t begin, size_t end)
{
    size_t i;

    if (lede_piece_joined(piece, begin) &&
        calls_a_paper(&piece->words[begin - 1])) {
        for (i = begin; i < end; i++) {
            piece->labels[i] = LEDE_LABEL_OTHER;
        }
    }
}

static bool is_headline_verb(const lede_word *word)
{
    return (word->hints & LEDE_HINT_HEADLINE_VERB) != 0 ||
           (word->classes & LEDE_CLASS_SPEECH) != 0;
}

/* "TREASURY'S BAKER SAYS", "FED CHAIRMAN GREENSPAN": in a line of capitals a
 * known last name behind a role or an owner, or before a verb of speech. */
static void settle_shouted(lede_piece *piece, const lede_run *run)
{
    const uint16_t barred = LEDE_CLASS_ORG | LEDE_CLASS_SITE |
                            LEDE_CLASS_COMMON | LEDE_CLASS_NATION |
                            LEDE_CLASS_DATE | LEDE_CLASS_ROLE |
                            LEDE_CLASS_HONORIFIC | LEDE_CLASS_LINK;
    uint32_t owner = lede_literal_hash("'s");
    size_t i;

    for (i = run->begin; i < run->end; i++) {
        const lede_word *word = &piece->words[i];
        bool behind;
        bool before;

        if (!lede_piece_shouted(piece, i) || word->shape != LEDE_SHAPE_UPPER ||
            (word->classes & barred) != 0 || word->end - word->begin < 4 ||
            (piece->known[i] & LEDE_IS_SURNAME) == 0 ||
            (piece->known[i] & (LEDE_IS_LISTED | LEDE_IS_PLACE_BEGIN |
                                LEDE_IS_PLACE_PART)) != 0 ||
            (piece->labels[i] != LEDE_LABEL_O &&
             piece->labels[i] != LEDE_LABEL_OTHER)) {
            continue;
        }
        behind = lede_piece_joined(piece, i) &&
                 (piece->words[i - 1].low == owner ||
                  (piece->words[i - 1].classes & LEDE_CLASS_ROLE) != 0);
        before = lede_piece_joined(piece, i + 1) &&
                 is_headline_verb(&piece->words[i + 1]) &&
                 (i == run->begin || behind);
        if (before || (behind && piece->words[i - 1].low != owner)) {
            lede_piece_relabel(piece, i, i + 1, LEDE_LABEL_B_PERSON);
        }
    }
}

/* "of", in a language whose names have it, too. */
static bool is_romance_of(const lede_piece *piece, size_t i)
{
    static const char *const words[] = {"del", "della", "da",
                                        "dos", "das",   "di"};
    size_t k;

    for (k = 0; k < sizeof words / sizeof words[0]; k++) {
        if (lede_piece_is_word(piece, i, words[k])) {
            return true;
        }
    }
    return (piece->words[i].classes & LEDE_CLASS_LINK) != 0;
}

/* "presidente del Gobierno", "la Comisión Europea": what somebody is of, in a
 * language whose names have the same small words. */
static bool is_of_something(const lede_piece *piece, size_t begin, size_t end)
{
    const lede_word *before = &piece->words[begin - 1];

    if (lede_piece_capital(piece, begin) || !is_romance_of(piece, begin) ||
        !lede_piece_joined(piece, begin) || before->shape != LEDE_SHAPE_LOWER ||
        (before->classes & (LEDE_CLASS_SPEECH | LEDE_CLASS_COMMON)) != 0) {
        return false;
    }
    for (; begin < end; begin++) {
        if (lede_piece_capital(piece, begin) &&
            (piece->known[begin] & (LEDE_IS_SURNAME | LEDE_IS_FORENAME)) != 0) {
            return false;
        }
    }
    return true;
}

/* The begin of what is left. */
static size_t strip_titles(lede_piece *piece, size_t begin, size_t end)
{
    while (end - begin > 1 &&
           (piece->words[begin].classes & LEDE_CLASS_HONORIFIC) != 0) {
        piece->labels[begin] = LEDE_LABEL_O;
        begin++;
        piece->labels[begin] = LEDE_LABEL_B_PERSON;
    }
    return begin;
}

/* "Albert Quay", "David Baird Drive": named after somebody, and a place. */
static void settle_street(lede_piece *piece, size_t begin, size_t end)
{
    const lede_word *last = &piece->words[end - 1];

    if (end >= begin + 2 &&
        (end > begin + 2 || !lede_piece_titled(piece, begin)) &&
        last->shape == LEDE_SHAPE_CAPITAL &&
        (last->hints & LEDE_HINT_STREET) != 0) {
        lede_piece_relabel(piece, begin, end, LEDE_LABEL_B_PLACE);
    }
}

/* "San Jose Earthquakes": a team. */
static void settle_team(lede_piece *piece, const lede_span *texts, size_t begin,
                        size_t end)
{
    const uint8_t any_place = LEDE_IS_PLACE_BEGIN | LEDE_IS_PLACE_PART |
                              LEDE_IS_SMALL_BEGIN | LEDE_IS_SMALL_PART |
                              LEDE_IS_LISTED | LEDE_IS_WHOLE;
    const lede_word *last = &piece->words[end - 1];

    if (end > begin + 1 && last->shape == LEDE_SHAPE_CAPITAL &&
        last->end - last->begin > 3 && (last->classes & LEDE_CLASS_SITE) == 0 &&
        texts[last->text].bytes[last->end - 1] == 's' &&
        (piece->known[end - 1] & any_place) == 0 &&
        lede_piece_is_place(piece, begin, end - 1) &&
        (last->hints & LEDE_HINT_LANDS) == 0) {
        lede_piece_relabel(piece, begin, end, LEDE_LABEL_B_ORG);
    }
}

/* "Tim Harris", of "Tim Harris of Phillips"; not the first of "John Duke of
 * Bedford". */
static bool is_whole_name(const lede_piece *piece, size_t begin, size_t end)
{
    return end > begin + 1 && (piece->known[begin] & LEDE_IS_FORENAME) != 0 &&
           (piece->words[end - 1].classes & LEDE_CLASS_HONORIFIC) == 0 &&
           (piece->known[end - 1] & LEDE_IS_SURNAME) != 0;
}

/* "King Hussein of Jordan", "Beatrix of the Netherlands": a person and a
 * country, not one long name; but Francis of Assisi is one. "Tim Harris of
 * Phillips": a person, and a house that he is of. */
static void settle_realm(lede_piece *piece, size_t begin, size_t end)
{
    uint32_t of = lede_literal_hash("of");
    uint32_t the = lede_literal_hash("the");
    size_t i;

    for (i = begin + 1; i + 1 < end && piece->words[i].low != of; i++) {
    }
    if (i + 1 < end) {
        size_t realm = i + 1;

        realm += realm + 1 < end && piece->words[realm].low == the;
        if (is_country(piece, realm, end) ||
            (lede_piece_titled(piece, begin) &&
             lede_piece_is_place(piece, realm, end))) {
            lede_piece_relabel(piece, i, realm, LEDE_LABEL_O);
            lede_piece_relabel(piece, realm, end, LEDE_LABEL_B_PLACE);
        } else if (is_whole_name(piece, begin, i)) {
            lede_piece_relabel(piece, i, realm, LEDE_LABEL_O);
            lede_piece_relabel(piece, realm, end, LEDE_LABEL_B_ORG);
        }
    }
}

/* Behind "Mr" stands a person, at least one word of him. */
static void settle_titled(lede_piece *piece, const lede_run *run)
{
    size_t i;

    for (i = run->begin + 1; i < run->end; i++) {
        const lede_word *word = &piece->words[i];
        uint8_t label = piece->labels[i];

        if ((piece->words[i - 1].classes & LEDE_CLASS_MISTER) != 0 &&
            lede_piece_capital(piece, i) && lede_piece_capital(piece, i - 1) &&
            (word->classes & (LEDE_CLASS_HONORIFIC | LEDE_CLASS_ORG)) == 0 &&
            (label == LEDE_LABEL_O || label == LEDE_LABEL_OTHER ||
             lede_name_end(piece, i) == i + 1) &&
            piece->labels[i - 1] != LEDE_LABEL_B_ORG &&
            piece->labels[i - 1] != LEDE_LABEL_I_ORG) {
            lede_piece_relabel(piece, i, i + 1, LEDE_LABEL_B_PERSON);
        }
    }
}

/* Whether a name ends before word i. */
static bool is_name_over(const lede_piece *piece, size_t i)
{
    return !lede_piece_joined(piece, i) ||
           piece->words[i].shape == LEDE_SHAPE_PUNCT ||
           piece->words[i].shape == LEDE_SHAPE_LOWER;
}

/* "Springfield, Tenn.": a state, and the town that is in it. */
static void settle_area(lede_piece *piece, const lede_run *run)
{
    const uint8_t begins = LEDE_IS_PLACE_BEGIN | LEDE_IS_SMALL_BEGIN;
    size_t i = run->begin;

    if ((piece->words[i].hints & LEDE_HINT_AREA) == 0 || run->end != i + 1 ||
        i < 2 || !lede_piece_joined(piece, i) ||
        !lede_piece_joined(piece, i - 1) ||
        !lede_piece_is_punct(piece, i - 1, ',') ||
        !lede_piece_capital(piece, i - 2) || !is_name_over(piece, i + 1) ||
        piece->labels[i - 2] == LEDE_LABEL_I_PERSON) {
        return;
    }
    lede_piece_relabel(piece, i, i + 1, LEDE_LABEL_B_PLACE);
    if (piece->labels[i - 2] == LEDE_LABEL_O &&
        (piece->known[i - 2] & begins) != 0 &&
        !(lede_piece_joined(piece, i - 2) &&
          lede_piece_capital(piece, i - 3))) {
        lede_piece_relabel(piece, i - 2, i - 1, LEDE_LABEL_B_PLACE);
    }
}

/* Who comes from somewhere. */
static bool is_somebody(uint32_t low)
{
    static const char *const words[] = {
        "man",      "woman",     "boy",       "girl",      "men",
        "women",    "boys",      "girls",     "teenager",  "teenagers",
        "couple",   "family",    "families",  "people",    "residents",
        "resident", "pensioner", "farmer",    "farmers",   "student",
        "students", "villagers", "workers",   "tourists",  "refugees",
        "migrants", "settlers",  "delegates", "lawmakers", "fans"};
    size_t k;

    for (k = 0; k < sizeof words / sizeof words[0]; k++) {
        if (low == lede_word_hash(lede_span_text(words[k]))) {
            return true;
        }
    }
    return false;
}

/* "a man from Windsor", "Ann Merrick, 62, of Windsor": where somebody lives. */
static bool is_home(const lede_piece *piece, size_t begin)
{
    size_t before = begin - 1;

    if (begin < 3 || lede_piece_titled(piece, begin) ||
        !lede_piece_joined(piece, begin) || !lede_piece_joined(piece, before) ||
        !lede_piece_joined(piece, before - 1)) {
        return false;
    }
    if (lede_piece_is_word(piece, before, "from") &&
        is_somebody(piece->words[before - 1].low)) {
        return true;
    }
    return (lede_piece_is_word(piece, before, "from") ||
            lede_piece_is_word(piece, before, "of")) &&
           lede_piece_is_punct(piece, before - 1, ',') &&
           piece->words[before - 2].shape == LEDE_SHAPE_DIGIT;
}

static void settle_person(lede_piece *piece, size_t begin, size_t end)
{
    begin = strip_titles(piece, begin, end);
    if (begin + 1 < end && !lede_piece_capital(piece, begin) &&
        is_romance_of(piece, begin) &&
        (piece->known[begin + 1] & LEDE_IS_FORENAME) != 0) {
        piece->labels[begin++] = LEDE_LABEL_O; /* "de Donald Trump" */
        piece->labels[begin] = LEDE_LABEL_B_PERSON;
    }
    if (is_home(piece, begin)) {
        lede_piece_relabel(piece, begin, end, LEDE_LABEL_B_PLACE);
    } else if (begin > 0 && is_of_something(piece, begin, end)) {
        bool place =
            begin + 1 < end && lede_piece_is_place(piece, begin + 1, end);

        lede_piece_relabel(piece, begin, end, LEDE_LABEL_O);
        lede_piece_relabel(piece, begin + place, end,
                           place ? LEDE_LABEL_B_PLACE : LEDE_LABEL_O);
    } else {
        settle_paper(piece, begin, end);
        settle_realm(piece, begin, end);
        settle_street(piece, begin, end);
    }
}

void lede_agree_alone(lede_piece *piece, const lede_span *texts)
{
    size_t r;
    size_t i;

    for (i = 0; (i = lede_piece_labelled(piece, i)) < piece->count; i++) {
        size_t end = lede_name_end(piece, i);

        if (end > i && piece->labels[i] == LEDE_LABEL_B_PERSON) {
            settle_person(piece, i, end);
        } else if (end > i && piece->labels[i] == LEDE_LABEL_B_PLACE) {
            settle_team(piece, texts, i, end);
        }
    }
    for (r = 0; r < piece->run_count; r++) {
        settle_titled(piece, &piece->runs[r]);
        settle_shouted(piece, &piece->runs[r]);
        settle_area(piece, &piece->runs[r]);
    }
}
