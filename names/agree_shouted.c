#include "names/agree_shouted.h"

#include "names/agree_votes.h"

/* Of the people whom other lines name. */
static bool is_somebodys(lede_votes *votes, const lede_piece *piece, size_t i)
{
    const lede_vote *slot =
        lede_votes_find(votes, lede_phrase_hash(0, piece->words[i].low), false);

    return slot != NULL && !slot->is_firm &&
           (slot->full > 0 ||
            (slot->person > slot->none && slot->person > slot->place));
}

static bool is_whole_somebody(lede_votes *votes, const lede_piece *piece,
                              size_t begin, size_t end)
{
    const lede_vote *slot =
        lede_votes_find(votes, lede_piece_phrase(piece, begin, end), false);

    return slot != NULL && slot->person > slot->none;
}

/* What stands in names, by the lists. */
static bool is_name_word(const lede_piece *piece, size_t i)
{
    return (piece->known[i] & (LEDE_IS_SURNAME | LEDE_IS_FORENAME)) != 0 ||
           piece->words[i].shape == LEDE_SHAPE_INITIAL ||
           piece->words[i].shape == LEDE_SHAPE_DOTTED ||
           (piece->words[i].classes &
            (LEDE_CLASS_PARTICLE | LEDE_CLASS_SUFFIX)) != 0;
}

/* A word that is no part of a name: the entry has it in small letters, or it
 * says what somebody does or is; or nothing is known of it but that what
 * stands before is a whole name. */
static bool is_plain(const lede_piece *piece, size_t begin, size_t i)
{
    const uint16_t plain = LEDE_CLASS_SPEECH | LEDE_CLASS_ROLE |
                           LEDE_CLASS_COMMON | LEDE_CLASS_ORG |
                           LEDE_CLASS_DATE | LEDE_CLASS_NATION |
                           LEDE_CLASS_COUNTRY | LEDE_CLASS_IN;
    const lede_word *word = &piece->words[i];
    uint8_t seen = lede_piece_seen(piece, word->low);

    if ((word->classes & LEDE_CLASS_PARTICLE) != 0) {
        return false;
    }
    return ((seen & LEDE_SEEN_LOWER) != 0 && (seen & LEDE_SEEN_INSIDE) == 0) ||
           (word->hints & LEDE_HINT_HEADLINE_VERB) != 0 ||
           (word->classes & plain) != 0 ||
           (i > begin && (seen & LEDE_SEEN_INSIDE) == 0 &&
            !is_name_word(piece, i) &&
            (piece->known[i - 1] & LEDE_IS_SURNAME) != 0 &&
            (piece->known[i - 1] & LEDE_IS_FORENAME) == 0);
}

static bool has_surname(const lede_piece *piece, size_t begin, size_t end)
{
    while (begin < end && ((piece->known[begin] & LEDE_IS_SURNAME) == 0 ||
                           piece->words[begin].shape != LEDE_SHAPE_UPPER)) {
        begin++;
    }
    return begin < end;
}

/* Whether the model is sure of a name that other lines are silent about. */
static bool is_sure(const lede_piece *piece, size_t begin, size_t end)
{
    size_t i;

    for (i = begin; i < end; i++) {
        if (piece->margins[i] < 2 * piece->model->steps ||
            !is_name_word(piece, i) ||
            (lede_piece_seen(piece, piece->words[i].low) & LEDE_SEEN_INSIDE) !=
                0) {
            return false;
        }
    }
    return has_surname(piece, begin, end);
}

/* Makes [from, to) of the name [begin, end) what is left of it. */
static void keep(lede_piece *piece, size_t begin, size_t from, size_t to,
                 size_t end)
{
    lede_piece_relabel(piece, begin, from, LEDE_LABEL_O);
    lede_piece_relabel(piece, from, to, LEDE_LABEL_B_PERSON);
    lede_piece_relabel(piece, to, end, LEDE_LABEL_O);
}

static void settle(lede_votes *votes, lede_piece *piece, bool has_prose,
                   size_t begin, size_t end)
{
    size_t from = begin;
    size_t to;

    if (is_whole_somebody(votes, piece, begin, end)) {
        return;
    }
    while (from < end && !is_somebodys(votes, piece, from)) {
        from++;
    }
    if (from < end) { /* "MEETS STOLTENBERG", "PAUL VOLCKER SAYS" */
        for (to = from + 1; to < end && is_somebodys(votes, piece, to); to++) {
        }
        while (from > begin && is_name_word(piece, from - 1) &&
               !is_plain(piece, begin, from - 1)) {
            from--;
        }
        keep(piece, begin, from, to, end);
        return;
    }
    for (from = begin; from < end && is_plain(piece, begin, from); from++) {
    }
    for (to = from; to < end && !is_plain(piece, from, to); to++) {
    }
    if (has_prose && !is_sure(piece, from, to)) {
        to = from;
    }
    keep(piece, begin, from, to, end);
}

void lede_agree_shouted(lede_votes *votes, lede_piece *piece,
                        const lede_run *run, bool has_prose)
{
    size_t i;
    size_t end;

    for (i = run->begin; i < run->end; i = end) {
        end = lede_agree_item_end(piece, i);
        if (piece->labels[i] == LEDE_LABEL_B_PERSON &&
            lede_piece_shouted(piece, i)) {
            settle(votes, piece, has_prose, i, end);
        }
    }
}
