#include "names/agree.h"

#include <stdlib.h>
#include <string.h>

#include "names/agree_alone.h"
#include "names/recognize.h"

enum { SLOTS = 1 << 16, MAX_PROBES = 16 };

typedef struct vote {
    uint32_t key;                /* phrase hash */
    int32_t person, place, none; /* sums of margins */
    uint16_t full;               /* how often it ends a full name of a person */
    uint16_t count;
    uint16_t age; /* of lede_votes: another one, and the slot is free */
    bool is_last; /* it ends one */
    bool is_firm; /* stands before Inc and the like, or a firm's short name */
} vote;

struct lede_votes {
    vote slots[SLOTS];
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

/* NULL in a table that is full hereabouts: then the name has no say. */
static vote *vote_of(lede_votes *votes, uint32_t key, bool make)
{
    uint32_t at = key >> 3;
    int probes;

    for (probes = 0; probes < MAX_PROBES; probes++, at++) {
        vote *slot = &votes->slots[at & votes->mask];

        if (slot->age != votes->age) {
            if (!make) {
                return NULL;
            }
            *slot = (vote){.key = key, .age = votes->age};
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

static bool is_begin(uint8_t label)
{
    return label == LEDE_LABEL_B_PERSON || label == LEDE_LABEL_B_PLACE ||
           label == LEDE_LABEL_B_ORG;
}

size_t lede_name_end(const lede_piece *piece, size_t i)
{
    size_t end = i + 1;

    if (!is_begin(piece->labels[i])) {
        return i;
    }
    while (end < piece->count && piece->labels[end] == piece->labels[i] + 1) {
        end++;
    }
    return end;
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

/* What is put to the vote from word i on: a name, or one capitalised word that
 * is none. Returns its end. */
static size_t item_end(const lede_piece *piece, size_t i)
{
    size_t end = lede_name_end(piece, i);

    return end > i ? end : i + 1;
}

static void count_full(lede_votes *votes, uint32_t low, bool is_last)
{
    vote *slot = vote_of(votes, lede_phrase_hash(0, low), true);

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

static void gather(lede_votes *votes, const lede_piece *piece)
{
    size_t r;

    for (r = 0; r < piece->run_count; r++) {
        size_t i = piece->runs[r].begin;
        size_t end;

        for (; i < piece->runs[r].end; i = end) {
            uint8_t label = piece->labels[i];
            int32_t margin;
            vote *slot;

            end = item_end(piece, i);
            if (!lede_piece_capital(piece, i) && end == i + 1) {
                continue;
            }
            slot = vote_of(votes, lede_piece_phrase(piece, i, end), true);
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

/* A word that firms have behind their names. */
static bool is_firm_word(const lede_word *word)
{
    return (word->flags & LEDE_WORD_CAPITAL) != 0 &&
           (word->hints & LEDE_HINT_FIRM) != 0;
}

static bool is_punct(const lede_piece *piece, size_t i, char punct)
{
    return i < piece->count && piece->words[i].shape == LEDE_SHAPE_PUNCT &&
           piece->words[i].low == lede_byte_hash((uint8_t)punct);
}

static bool is_word(const lede_piece *piece, size_t i, const char *word)
{
    return i < piece->count &&
           piece->words[i].low == lede_word_hash(lede_span_text(word));
}

static void mark_firm(lede_votes *votes, const lede_piece *piece, size_t begin,
                      size_t end)
{
    vote *slot = vote_of(votes, lede_piece_phrase(piece, begin, end), true);

    if (slot != NULL) {
        slot->is_firm = true;
    }
}

/* "Philip Morris Cos", "Merrill Lynch and Co", and as news wires mark them,
 * "MERRILL LYNCH <MER>" and "<Banque Hervet>": the name, and its ends, by which
 * it is called for short. */
static void gather_firms(lede_votes *votes, const lede_piece *piece,
                         const lede_run *run)
{
    size_t i;

    for (i = run->begin + 1; i <= run->end; i++) {
        size_t end = i;
        size_t begin;
        bool wired = i == run->end && is_punct(piece, i, '<') &&
                     lede_piece_joined(piece, i);

        if (i < run->end ? !is_firm_word(&piece->words[i])
                         : !wired && !(run->begin > 0 &&
                                       is_punct(piece, run->begin - 1, '<') &&
                                       is_punct(piece, i, '>'))) {
            continue;
        }
        while (end > run->begin && !lede_piece_capital(piece, end - 1)) {
            end--; /* "and" */
        }
        for (begin = end;
             begin > run->begin && lede_piece_capital(piece, begin - 1);
             begin--) {
        }
        if (begin == end) {
            continue;
        }
        mark_firm(votes, piece, begin, end);
        if (end - begin > 1) {
            mark_firm(votes, piece, begin, begin + 1);
        }
        if (end - begin == 2) {
            mark_firm(votes, piece, end - 1, end);
        }
    }
}

static bool is_bare_title(const lede_piece *piece, size_t i)
{
    return (piece->words[i].classes & LEDE_CLASS_HONORIFIC) != 0 &&
           (piece->known[i] & LEDE_IS_SURNAME) == 0;
}

/* "Paris Club", "China Daily": a known place in front does not make one of
 * it. */
static bool ends_like_org(const lede_piece *piece, size_t begin, size_t end)
{
    uint16_t last = piece->words[end - 1].classes;

    return end > begin + 1 && (last & LEDE_CLASS_ORG) != 0 &&
           (last & LEDE_CLASS_SITE) == 0 &&
           (piece->known[begin] & LEDE_IS_WHOLE) == 0 &&
           (piece->known[begin] & LEDE_IS_LISTED) == 0;
}

/* People and places that are firms. */
static void settle_firms(lede_votes *votes, lede_piece *piece,
                         const lede_run *run)
{
    size_t i;
    size_t end;

    for (i = run->begin; i < run->end; i = end) {
        uint8_t label = piece->labels[i];
        const vote *slot;

        end = item_end(piece, i);
        if (label != LEDE_LABEL_B_PERSON && label != LEDE_LABEL_B_PLACE) {
            continue;
        }
        slot = vote_of(votes, lede_piece_phrase(piece, i, end), false);
        if ((end > i + 1 && !lede_piece_titled(piece, i) &&
             ((slot != NULL && slot->is_firm) ||
              is_firm_word(&piece->words[end - 1]))) ||
            (label == LEDE_LABEL_B_PLACE && ends_like_org(piece, i, end))) {
            lede_piece_relabel(piece, i, end, LEDE_LABEL_B_ORG);
        }
    }
}

/* Whether what looks like a name is known to be none: of a firm, of what only
 * looks like a name, or a bare title ("Queen"). */
static bool is_no_name(const lede_piece *piece, const vote *slot, size_t i,
                       size_t end)
{
    uint8_t label = piece->labels[i];
    bool is_lone = end == i + 1;

    if ((label != LEDE_LABEL_B_PERSON && label != LEDE_LABEL_B_PLACE) ||
        lede_piece_titled(piece, i) ||
        (is_lone && slot != NULL && slot->full > 0)) {
        return false;
    }
    return lede_lists_is_stranger(&piece->model->lists,
                                  lede_piece_phrase(piece, i, end)) ||
           (label == LEDE_LABEL_B_PERSON && is_lone && slot != NULL &&
            (slot->is_firm || is_bare_title(piece, i)));
}

static void settle_item(lede_votes *votes, lede_piece *piece,
                        const lede_run *run, size_t i, size_t end)
{
    uint8_t label = piece->labels[i];
    vote *slot = vote_of(votes, lede_piece_phrase(piece, i, end), false);
    int32_t steps = piece->model->steps;

    if (is_no_name(piece, slot, i, end)) {
        lede_piece_relabel(piece, i, end, LEDE_LABEL_B_ORG);
        return;
    }
    if (slot != NULL && slot->full == 0 && end == i + 1 &&
        label == LEDE_LABEL_B_PERSON && !lede_piece_titled(piece, i) &&
        (piece->words[i].flags & LEDE_WORD_SENTENCE_START) != 0 &&
        (piece->words[i].classes & LEDE_CLASS_COMMON) != 0) {
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
        if (slot->person > 2 * slot->none && slot->person > slot->place) {
            lede_piece_relabel(piece, i, end, LEDE_LABEL_B_PERSON);
        } else if (slot->place > 2 * slot->none && slot->place > slot->person) {
            lede_piece_relabel(piece, i, end, LEDE_LABEL_B_PLACE);
        }
    }
}

/* The begin of "Islamic" or "Democratic People's" before "Republic of". */
static size_t state_words_begin(const lede_piece *piece, size_t i)
{
    uint32_t owner = lede_word_hash(lede_span_text("'s"));
    uint32_t people = lede_word_hash(lede_span_text("people"));

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
        piece->words[i - 1].low != lede_word_hash(lede_span_text("of"))) {
        return i;
    }
    return state_words_begin(piece, i - 2);
}

/* What the model has as "Republic of China" behind "People's". */
static void settle_states(lede_piece *piece, const lede_run *run)
{
    uint32_t republic = lede_word_hash(lede_span_text("republic"));
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
    bool is_the = piece->words[i].low == lede_word_hash(lede_span_text("the"));
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
            is_punct(piece, run->begin - 1, ',') &&
            lede_piece_joined(piece, run->begin) &&
            is_place_at(piece, run->begin - 2) &&
            is_punct(piece, run->end, ',') && lede_piece_joined(piece, next) &&
            (next == run->end + 1 ||
             (next == run->end + 2 && is_word(piece, next - 1, "and"))) &&
            piece->labels[next] == LEDE_LABEL_B_PLACE &&
            !is_place_at(piece, run->begin) && may_be_place(piece, run)) {
            const vote *slot = vote_of(
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
            (is_punct(piece, i + 1, '$') || is_word(piece, i + 1, "dollar") ||
             is_word(piece, i + 1, "dollars"))) {
            piece->labels[i] = LEDE_LABEL_OTHER;
        } else if (is_word(piece, i, "washington") &&
                   is_punct(piece, i + 1, ',') &&
                   lede_piece_joined(piece, i + 2) &&
                   (is_word(piece, i + 2, "d.c.") ||
                    is_word(piece, i + 2, "dc"))) {
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
    for (r = 0; r < piece->run_count; r++) {
        gather_firms(votes, piece, &piece->runs[r]);
    }
    for (r = 0; r < piece->run_count; r++) {
        settle_firms(votes, piece, &piece->runs[r]);
    }
    for (i = 0; i < known_count; i++) {
        count_full(votes, known[i], true);
    }
    gather(votes, piece);
    for (r = 0; r < piece->run_count; r++) {
        const lede_run *run = &piece->runs[r];

        for (i = run->begin; i < run->end; i = end) {
            end = item_end(piece, i);
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
    const vote *slot = vote_of(votes, lede_phrase_hash(0, low), false);

    return slot == NULL || slot->full == 0 ? LEDE_PART_OF_NONE
           : slot->is_last                 ? LEDE_PART_LAST
                                           : LEDE_PART_FIRST;
}
