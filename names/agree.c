#include "names/agree.h"

#include <stdlib.h>
#include <string.h>

#include "names/agree_alone.h"
#include "names/agree_firms.h"
#include "names/agree_shouted.h"
#include "names/agree_votes.h"
#include "names/recognize.h"

/* PROSE_RUNS: so many runs name whom a headline names. */
enum { SLOTS = 1 << 16, MAX_PROBES = 16, PROSE_RUNS = 4 };

struct lede_votes {
    lede_vote slots[SLOTS];
    uint32_t mask;
    uint16_t age; /* never 0 */
};

lede_votes *lede_votes_new(void)
{
    return calloc(1, sizeof(lede_votes));
}

void lede_votes_free(lede_votes *votes)
{
    free(votes);
}

lede_vote *lede_votes_find(lede_votes *votes, uint32_t key, bool make)
{
    uint32_t at = key >> 3;
    int probes;

    for (probes = 0; probes < MAX_PROBES; probes++, at++) {
        lede_vote *slot = &votes->slots[at & votes->mask];

        if (slot->age != votes->age) {
            if (!make) {
                return NULL;
            }
            *slot = (lede_vote){.key = key, .age = votes->age};
            return slot;
        }
        if (slot->key == key) {
            return slot;
        }
    }
    return NULL;
}

static void forget(lede_votes *votes)
{
    if (++votes->age == 0) {
        memset(votes->slots, 0, sizeof votes->slots);
        votes->age = 1;
    }
}

static int32_t margin_of(const lede_piece *piece, size_t begin, size_t end)
{
    int32_t least = INT16_MAX;

    for (; begin < end; begin++) {
        if (piece->margins[begin] < least) {
            least = piece->margins[begin];
        }
    }
    return least;
}

static void count_full(lede_votes *votes, uint32_t low, bool is_last)
{
    lede_vote *slot = lede_votes_find(votes, lede_phrase_hash(0, low), true);

    if (slot != NULL && slot->full < UINT16_MAX) {
        slot->full++;
        slot->is_last |= is_last;
    }
}

/* Which of the two is the family's depends on the country, and some people go
 * by the other one. */
static void gather_full_name(lede_votes *votes, const lede_piece *piece,
                             size_t begin, size_t end)
{
    size_t last = end - 1;

    if ((piece->words[last].classes & LEDE_CLASS_SUFFIX) != 0 &&
        last > begin + 1) {
        last--;
    }
    count_full(votes, piece->words[begin].low, false);
    count_full(votes, piece->words[last].low, true);
}

static void gather_run(lede_votes *votes, const lede_piece *piece,
                       const lede_run *run)
{
    size_t i;
    size_t end;

    for (i = run->begin; i < run->end; i = end) {
        uint8_t label = piece->labels[i];
        int32_t margin;
        lede_vote *slot;

        end = lede_agree_item_end(piece, i);
        if (!lede_piece_capital(piece, i) && end == i + 1) {
            continue;
        }
        slot = lede_votes_find(votes, lede_piece_phrase(piece, i, end), true);
        if (slot == NULL) {
            continue;
        }
        margin = margin_of(piece, i, end) + 1;
        slot->person += label == LEDE_LABEL_B_PERSON ? margin : 0;
        slot->place += label == LEDE_LABEL_B_PLACE ? margin : 0;
        slot->none +=
            label == LEDE_LABEL_B_PERSON || label == LEDE_LABEL_B_PLACE
                ? 0
                : margin;
        slot->count++;
        if (label == LEDE_LABEL_B_PERSON && end > i + 1) {
            gather_full_name(votes, piece, i, end);
        }
    }
}

static bool is_shouted_run(const lede_piece *piece, const lede_run *run)
{
    return lede_piece_shouted(piece, run->begin);
}

/* Lines of capitals come last: by then the others have said whose names they
 * know. */
static void gather(lede_votes *votes, lede_piece *piece)
{
    size_t prose = 0;
    size_t r;

    for (r = 0; r < piece->run_count; r++) {
        if (!is_shouted_run(piece, &piece->runs[r])) {
            gather_run(votes, piece, &piece->runs[r]);
            prose++;
        }
    }
    for (r = 0; prose < piece->run_count && r < piece->run_count; r++) {
        if (is_shouted_run(piece, &piece->runs[r])) {
            lede_agree_shouted(votes, piece, &piece->runs[r],
                               prose >= PROSE_RUNS);
        }
    }
    for (r = 0; prose < piece->run_count && r < piece->run_count; r++) {
        if (is_shouted_run(piece, &piece->runs[r])) {
            gather_run(votes, piece, &piece->runs[r]);
        }
    }
}

/* So it is in a line Where Most Words Begin So. */
static bool is_headline(const lede_piece *piece, size_t i)
{
    return (piece->words[i].flags & (LEDE_WORD_SHOUTED | LEDE_WORD_TITLED)) !=
           0;
}

/* "Then", "But" and the like before a name at the head of a sentence. */
static bool is_opening_word(const lede_piece *piece, size_t i)
{
    return (piece->words[i].flags & LEDE_WORD_SENTENCE_START) != 0 &&
           (piece->words[i].classes & LEDE_CLASS_COMMON) != 0 &&
           piece->labels[i] == LEDE_LABEL_O;
}

/* A word with a neighbour of the same run is part of something longer. */
static bool stands_alone(const lede_piece *piece, const lede_run *run, size_t i)
{
    return !(i > run->begin && lede_piece_capital(piece, i - 1) &&
             !is_opening_word(piece, i - 1)) &&
           !(i + 1 < run->end && lede_piece_capital(piece, i + 1));
}

/* "Washington state": a place, whoever else is called so. */
static bool is_called_a_place(const lede_piece *piece, const lede_run *run,
                              size_t i)
{
    size_t next = i + 1;

    return !(next != run->end || next >= piece->count ||
             (i > run->begin && lede_piece_capital(piece, i - 1)) ||
             !lede_piece_joined(piece, next) ||
             piece->words[next].shape != LEDE_SHAPE_LOWER ||
             (piece->known[i] & (LEDE_IS_LISTED | LEDE_IS_PLACE_BEGIN)) == 0) &&
           (piece->words[next].hints & LEDE_HINT_LAND) != 0;
}

static bool may_be_surname(const lede_piece *piece, size_t i)
{
    const lede_word *word = &piece->words[i];

    return word->end - word->begin >= 2 && word->shape != LEDE_SHAPE_INITIAL &&
           word->shape != LEDE_SHAPE_TAILED &&
           (word->classes & (LEDE_CLASS_NATION | LEDE_CLASS_DATE |
                             LEDE_CLASS_COUNTRY | LEDE_CLASS_HONORIFIC)) == 0 &&
           !((word->flags & LEDE_WORD_SENTENCE_START) != 0 &&
             (lede_piece_seen(piece, word->low) & LEDE_SEEN_LOWER) != 0);
}

static bool is_bare_title(const lede_piece *piece, size_t i)
{
    return (piece->words[i].classes & LEDE_CLASS_HONORIFIC) != 0 &&
           (piece->known[i] & LEDE_IS_SURNAME) == 0;
}

/* Among capitals: "SAID", "50 MILLION", and in the headlines of news wires
 * "LAC <LAC> FILES", what a firm does. */
static bool is_shouted_word(const lede_piece *piece, size_t i)
{
    return lede_piece_shouted(piece, i) &&
           ((piece->words[i].classes & LEDE_CLASS_SPEECH) != 0 ||
            (lede_piece_joined(piece, i) &&
             (lede_piece_is_punct(piece, i - 1, '>') ||
              piece->words[i - 1].shape == LEDE_SHAPE_DIGIT)));
}

/* Whether what looks like a name is known to be none: of a firm, of what only
 * looks like a name, or a bare title ("Queen"). */
static bool is_no_name(const lede_piece *piece, const lede_vote *slot, size_t i,
                       size_t end)
{
    const uint8_t any_place = LEDE_IS_LISTED | LEDE_IS_PLACE_BEGIN |
                              LEDE_IS_PLACE_PART | LEDE_IS_SMALL_BEGIN |
                              LEDE_IS_SMALL_PART;
    uint8_t label = piece->labels[i];
    bool is_lone = end == i + 1;

    if ((label != LEDE_LABEL_B_PERSON && label != LEDE_LABEL_B_PLACE) ||
        lede_piece_titled(piece, i) ||
        (is_lone && slot != NULL && slot->full > 0)) {
        return false;
    }
    return lede_lists_is_stranger(&piece->model->lists,
                                  lede_piece_phrase(piece, i, end)) ||
           (is_lone && slot != NULL &&
            (label == LEDE_LABEL_B_PERSON
                 ? slot->is_firm || is_bare_title(piece, i) ||
                       is_shouted_word(piece, i)
                 : slot->is_firm && (piece->known[i] & any_place) == 0));
}

/* A word that begins a sentence, and has a capital nowhere else. */
static bool is_opening_noun(const lede_piece *piece, size_t i)
{
    const lede_word *word = &piece->words[i];
    uint8_t seen = lede_piece_seen(piece, word->low);

    return (word->flags & LEDE_WORD_SENTENCE_START) != 0 &&
           ((word->classes & LEDE_CLASS_COMMON) != 0 ||
            ((seen & LEDE_SEEN_LOWER) != 0 && (seen & LEDE_SEEN_INSIDE) == 0));
}

static void settle_item(lede_votes *votes, lede_piece *piece,
                        const lede_run *run, size_t i, size_t end)
{
    uint8_t label = piece->labels[i];
    lede_vote *slot =
        lede_votes_find(votes, lede_piece_phrase(piece, i, end), false);
    int32_t steps = piece->model->steps;

    if (is_no_name(piece, slot, i, end)) {
        lede_piece_relabel(piece, i, end, LEDE_LABEL_B_ORG);
        return;
    }
    if (slot != NULL && slot->full == 0 && end == i + 1 &&
        label == LEDE_LABEL_B_PERSON && !lede_piece_titled(piece, i) &&
        is_opening_noun(piece, i)) {
        lede_piece_relabel(piece, i, end, LEDE_LABEL_O);
        return;
    }
    if (slot == NULL || (slot->count < 2 && slot->full == 0)) {
        return;
    }
    if (end == i + 1 && is_called_a_place(piece, run, i)) {
        lede_piece_relabel(piece, i, end, LEDE_LABEL_B_PLACE);
        return;
    }
    if (end == i + 1 && slot->full > 0 && label != LEDE_LABEL_B_PERSON &&
        may_be_surname(piece, i) &&
        (label == LEDE_LABEL_B_PLACE
             ? slot->place < slot->person + slot->full * 4 * steps
             : label == LEDE_LABEL_B_ORG || is_headline(piece, i) ||
                   stands_alone(piece, run, i))) {
        lede_piece_relabel(piece, i, end, LEDE_LABEL_B_PERSON);
        return;
    }
    if (label == LEDE_LABEL_B_PLACE && slot->person > 2 * slot->place &&
        margin_of(piece, i, end) < 2 * steps) {
        lede_piece_relabel(piece, i, end, LEDE_LABEL_B_PERSON);
    } else if (label == LEDE_LABEL_B_PERSON && slot->full == 0 &&
               slot->place > 2 * slot->person &&
               margin_of(piece, i, end) < 2 * steps) {
        lede_piece_relabel(piece, i, end, LEDE_LABEL_B_PLACE);
    } else if (end == i + 1 && stands_alone(piece, run, i) &&
               label != LEDE_LABEL_B_PERSON && label != LEDE_LABEL_B_PLACE &&
               margin_of(piece, i, end) < 2 * steps) {
        if (slot->person > 2 * slot->none && slot->person > slot->place &&
            !slot->is_firm) {
            lede_piece_relabel(piece, i, end, LEDE_LABEL_B_PERSON);
        } else if (slot->place > 2 * slot->none && slot->place > slot->person) {
            lede_piece_relabel(piece, i, end, LEDE_LABEL_B_PLACE);
        }
    }
}

/* The begin of "Islamic" or "Democratic People's" before "Republic of". */
static size_t state_words_begin(const lede_piece *piece, size_t i)
{
    uint32_t owner = lede_literal_hash("'s");
    uint32_t people = lede_literal_hash("people");

    for (;;) {
        if (lede_piece_joined(piece, i) && lede_piece_capital(piece, i - 1) &&
            (piece->words[i - 1].classes & LEDE_CLASS_COMMON) == 0) {
            i--;
        } else if (i > 1 && lede_piece_joined(piece, i - 1) &&
                   piece->words[i - 1].low == owner &&
                   piece->words[i - 2].low == people &&
                   lede_piece_capital(piece, i - 2)) {
            i -= 2;
        } else {
            return i;
        }
    }
}

/* The begin of "Islamic Republic of" and the like before a country. */
static size_t state_begin(const lede_piece *piece, const lede_run *run,
                          size_t i)
{
    if (i < run->begin + 2 || !lede_piece_capital(piece, i - 2) ||
        (piece->words[i - 2].hints & LEDE_HINT_STATE) == 0 ||
        piece->words[i - 1].low != lede_literal_hash("of")) {
        return i;
    }
    return state_words_begin(piece, i - 2);
}

/* What the model has as "Republic of China" behind "People's". */
static void settle_states(lede_piece *piece, const lede_run *run)
{
    uint32_t republic = lede_literal_hash("republic");
    size_t i;

    for (i = run->begin; i < run->end; i++) {
        if (piece->words[i].low == republic &&
            piece->labels[i] == LEDE_LABEL_B_PLACE) {
            lede_piece_relabel(piece, state_words_begin(piece, i),
                               lede_name_end(piece, i), LEDE_LABEL_B_PLACE);
        }
    }
}

/* How many words the longest country (or The Hague, whatever else Hague may be)
 * that begins at word i has, and nothing longer in the run: 0 if none does. */
static size_t country_at(const lede_piece *piece, const lede_run *run, size_t i)
{
    bool is_the = piece->words[i].low == lede_literal_hash("the");
    unsigned wanted = LEDE_CLASS_COUNTRY | (is_the ? LEDE_CLASS_CITY : 0);
    uint32_t phrase = 0;
    size_t found = 0;
    size_t n;

    if (lede_piece_capital(piece, i) && !is_the &&
        (piece->known[i] & LEDE_IS_LISTED) == 0) {
        return 0;
    }
    for (n = 1; n <= LEDE_PHRASE_MAX_WORDS && i + n <= run->end; n++) {
        bool inside = i + n < run->end && lede_piece_capital(piece, i + n) &&
                      !lede_piece_shouted(piece, i + n);

        phrase = lede_phrase_hash(phrase, piece->words[i + n - 1].low);
        if (!inside &&
            (lede_lists_get(&piece->model->lists, phrase) & wanted) != 0) {
            found = n;
        }
    }
    return found;
}

/* Countries (and The Hague) that nothing longer has. */
static void settle_countries(lede_piece *piece, const lede_run *run)
{
    size_t i = run->begin;

    while (i < run->end) {
        size_t found = country_at(piece, run, i);

        if (found > 0 &&
            !(i > run->begin && lede_piece_capital(piece, i - 1) &&
              !lede_piece_shouted(piece, i - 1) &&
              !is_opening_word(piece, i - 1)) &&
            piece->labels[i] != LEDE_LABEL_I_PERSON &&
            piece->labels[i] != LEDE_LABEL_I_PLACE &&
            piece->labels[i] != LEDE_LABEL_I_ORG &&
            lede_name_end(piece, i) <= i + found) {
            lede_piece_relabel(piece, state_begin(piece, run, i), i + found,
                               LEDE_LABEL_B_PLACE);
        }
        if (found > 0 && lede_piece_shouted(piece, i) &&
            piece->labels[i] == LEDE_LABEL_B_ORG &&
            lede_name_end(piece, i) > i + found) {
            /* "U.S. HOUSE PANEL": what begins where is a guess there. */
            lede_piece_relabel(piece, i, i + found, LEDE_LABEL_B_PLACE);
            piece->labels[i + found] = LEDE_LABEL_B_ORG;
        }
        i += found > 0 ? found : 1;
    }
}

static bool is_place_at(const lede_piece *piece, size_t i)
{
    return piece->labels[i] == LEDE_LABEL_B_PLACE ||
           piece->labels[i] == LEDE_LABEL_I_PLACE;
}

/* Whether the run is one name, or none at all, that can be a place. */
static bool may_be_place(const lede_piece *piece, const lede_run *run)
{
    const uint16_t barred = LEDE_CLASS_NATION | LEDE_CLASS_DATE |
                            LEDE_CLASS_ORG | LEDE_CLASS_HONORIFIC |
                            LEDE_CLASS_ROLE | LEDE_CLASS_COMMON;
    uint8_t first = piece->labels[run->begin];
    size_t i;

    if (run->end - run->begin > 3 ||
        (lede_name_end(piece, run->begin) > run->begin &&
         lede_name_end(piece, run->begin) < run->end)) {
        return false;
    }
    for (i = run->begin; i < run->end; i++) {
        if ((piece->words[i].classes & barred) != 0 ||
            piece->margins[i] >= 3 * piece->model->steps ||
            (first == LEDE_LABEL_O && piece->labels[i] != first)) {
            return false;
        }
    }
    return true;
}

/* "in Lamu, Samburu, and Laikipia": what stands between two places in a list is
 * one, when not much speaks against it. */
static void settle_lists(lede_votes *votes, lede_piece *piece)
{
    size_t r;

    for (r = 1; r + 1 < piece->run_count; r++) {
        const lede_run *run = &piece->runs[r];
        size_t next = piece->runs[r + 1].begin;

        if (piece->runs[r - 1].end + 1 == run->begin &&
            lede_piece_is_punct(piece, run->begin - 1, ',') &&
            lede_piece_joined(piece, run->begin) &&
            is_place_at(piece, run->begin - 2) &&
            lede_piece_is_punct(piece, run->end, ',') &&
            lede_piece_joined(piece, next) &&
            (next == run->end + 1 ||
             (next == run->end + 2 &&
              lede_piece_is_word(piece, next - 1, "and"))) &&
            piece->labels[next] == LEDE_LABEL_B_PLACE &&
            !is_place_at(piece, run->begin) && may_be_place(piece, run)) {
            const lede_vote *slot = lede_votes_find(
                votes, lede_piece_phrase(piece, run->begin, run->end), false);

            if (slot == NULL || slot->full == 0) {
                lede_piece_relabel(piece, run->begin, run->end,
                                   LEDE_LABEL_B_PLACE);
            }
        }
    }
}

/* "US$ 5", "10,000 US dollars": no place. "Washington, D.C.": one. */
static void settle_odds(lede_piece *piece)
{
    size_t i;

    for (i = 0; (i = lede_piece_labelled(piece, i)) + 1 < piece->count; i++) {
        if (piece->labels[i] != LEDE_LABEL_B_PLACE ||
            !lede_piece_joined(piece, i + 1)) {
            continue;
        }
        if (piece->words[i].shape >= LEDE_SHAPE_UPPER &&
            piece->words[i].shape <= LEDE_SHAPE_DOTTED &&
            (lede_piece_is_punct(piece, i + 1, '$') ||
             lede_piece_is_word(piece, i + 1, "dollar") ||
             lede_piece_is_word(piece, i + 1, "dollars"))) {
            piece->labels[i] = LEDE_LABEL_OTHER;
        } else if (lede_piece_is_word(piece, i, "washington") &&
                   lede_piece_is_punct(piece, i + 1, ',') &&
                   lede_piece_joined(piece, i + 2) &&
                   (lede_piece_is_word(piece, i + 2, "d.c.") ||
                    lede_piece_is_word(piece, i + 2, "dc"))) {
            lede_piece_relabel(piece, i, i + 3, LEDE_LABEL_B_PLACE);
        }
    }
}

void lede_agree(lede_votes *votes, lede_piece *piece, const lede_span *texts,
                const uint32_t *known, size_t known_count)
{
    size_t r;
    size_t i;
    size_t end;

    for (votes->mask = 255;
         votes->mask < SLOTS - 1 &&
         votes->mask < piece->run_count * 6 + known_count * 2;) {
        votes->mask = votes->mask * 2 + 1;
    }
    lede_agree_alone(piece, texts);
    forget(votes);
    lede_agree_firms(votes, piece);
    for (i = 0; i < known_count; i++) {
        count_full(votes, known[i], true);
    }
    gather(votes, piece);
    for (r = 0; r < piece->run_count; r++) {
        const lede_run *run = &piece->runs[r];

        for (i = run->begin; i < run->end; i = end) {
            end = lede_agree_item_end(piece, i);
            if (lede_piece_capital(piece, i) || end > i + 1) {
                settle_item(votes, piece, run, i, end);
            }
        }
        settle_countries(piece, run);
        settle_states(piece, run);
    }
    settle_lists(votes, piece);
    settle_odds(piece);
}

lede_name_part lede_agree_part(lede_votes *votes, uint32_t low)
{
    const lede_vote *slot =
        lede_votes_find(votes, lede_phrase_hash(0, low), false);

    return slot == NULL || slot->full == 0 ? LEDE_PART_OF_NONE
           : slot->is_last                 ? LEDE_PART_LAST
                                           : LEDE_PART_FIRST;
}
