#include "names/agree_firms.h"

#include "names/agree_votes.h"

/* A word that firms have behind their names. */
static bool is_firm_word(const lede_word *word)
{
    return (word->flags & LEDE_WORD_CAPITAL) != 0 &&
           (word->hints & LEDE_HINT_FIRM) != 0;
}

static void mark_firm(lede_votes *votes, const lede_piece *piece, size_t begin,
                      size_t end)
{
    lede_vote *slot =
        lede_votes_find(votes, lede_piece_phrase(piece, begin, end), true);

    if (slot != NULL) {
        slot->is_firm = true;
    }
}

/* A firm's name, and its ends, by which it is called for short. */
static void mark_called(lede_votes *votes, const lede_piece *piece,
                        size_t begin, size_t end)
{
    if (begin < end) {
        mark_firm(votes, piece, begin, end);
    }
    if (end - begin > 1) {
        mark_firm(votes, piece, begin, begin + 1);
    }
    if (end - begin > 2) {
        mark_firm(votes, piece, begin, begin + 2);
    }
    if (end - begin == 2) {
        mark_firm(votes, piece, end - 1, end);
    }
}

/* Where the words with capitals begin that end before word `end`. */
static size_t capitals_begin(const lede_piece *piece, size_t end)
{
    size_t begin = end;

    while (begin > 0 && lede_piece_capital(piece, begin - 1) &&
           (begin == end || lede_piece_joined(piece, begin))) {
        begin--;
    }
    return begin;
}

/* "Philip Morris Cos", "Merrill Lynch and Co", and as news wires mark them,
 * "MERRILL LYNCH <MER>" and "<Banque Hervet>". */
static void gather_firms(lede_votes *votes, const lede_piece *piece,
                         const lede_run *run)
{
    size_t i;

    if (is_firm_word(&piece->words[run->begin]) &&
        lede_piece_joined(piece, run->begin) &&
        lede_piece_is_punct(piece, run->begin - 1, ',')) {
        mark_called(votes, piece, capitals_begin(piece, run->begin - 1),
                    run->begin - 1); /* "Cargill, Inc" */
    }
    for (i = run->begin + 1; i <= run->end; i++) {
        size_t end = i;
        size_t begin;
        bool wired = i == run->end && lede_piece_is_punct(piece, i, '<') &&
                     lede_piece_joined(piece, i);

        if (i < run->end
                ? !is_firm_word(&piece->words[i])
                : !wired && !(run->begin > 0 &&
                              lede_piece_is_punct(piece, run->begin - 1, '<') &&
                              lede_piece_is_punct(piece, i, '>'))) {
            continue;
        }
        while (end > run->begin && !lede_piece_capital(piece, end - 1)) {
            end--; /* "and" */
        }
        begin = capitals_begin(piece, end);
        if (begin == end) {
            continue;
        }
        mark_called(votes, piece, begin, end);
        if (end < i && begin > 0 &&
            lede_piece_is_punct(piece, begin - 1, ',')) {
            mark_called(votes, piece, capitals_begin(piece, begin - 1),
                        begin - 1); /* "Goldman, Sachs and Co" */
        }
    }
}

/* Whether what stands behind a name goes on with the sentence, and not with
 * the name: "the Bundesbank said", and not "the Baker plan". */
static bool is_end_of_name(const lede_piece *piece, size_t i)
{
    const lede_word *next = &piece->words[i];

    return !lede_piece_joined(piece, i) || lede_piece_is_word(piece, i, "'s") ||
           (next->shape == LEDE_SHAPE_PUNCT
                ? !lede_piece_is_punct(piece, i, '-') &&
                      !lede_piece_is_punct(piece, i, '/')
                : next->shape == LEDE_SHAPE_LOWER &&
                      ((next->hints & LEDE_HINT_HEADLINE_VERB) != 0 ||
                       (next->classes & (LEDE_CLASS_SPEECH | LEDE_CLASS_COMMON |
                                         LEDE_CLASS_LINK | LEDE_CLASS_IN)) !=
                           0));
}

/* "the Fed": nobody is called so. */
static bool has_article(const lede_piece *piece, size_t begin, size_t end)
{
    return end == begin + 1 && lede_piece_joined(piece, begin) &&
           lede_piece_is_word(piece, begin - 1, "the") &&
           !lede_piece_shouted(piece, begin) && is_end_of_name(piece, end);
}

/* Whose work is for a house, and never for somebody: analysts, not aides. */
static bool is_employed(const lede_word *word)
{
    return (word->hints & LEDE_HINT_EMPLOYED) != 0;
}

/* "Tim Harris of Phillips", "economist at Phillips", "an analyst with
 * Phillips", "president of Phillips", "brokers Phillips". */
static bool has_people(const lede_piece *piece, size_t begin)
{
    size_t before = begin - 1;
    uint8_t person = LEDE_LABEL_I_PERSON;

    if (begin < 2 || !lede_piece_joined(piece, begin) ||
        !lede_piece_joined(piece, before)) {
        return false;
    }
    if (piece->words[before].shape == LEDE_SHAPE_LOWER &&
        (piece->words[before].hints & LEDE_HINT_PAPER) != 0) {
        return true;
    }
    if (is_employed(&piece->words[before - 1]) &&
        (lede_piece_is_word(piece, before, "at") ||
         lede_piece_is_word(piece, before, "with") ||
         lede_piece_is_word(piece, before, "of") ||
         lede_piece_is_word(piece, before, "for"))) {
        return true;
    }
    if (lede_piece_is_word(piece, before, "at")) {
        return (piece->words[before - 1].classes & LEDE_CLASS_ROLE) != 0;
    }
    if (before > 1 && lede_piece_is_punct(piece, before - 1, ',')) {
        before--;
        person = piece->labels[before - 1]; /* "Martin, of Phillips" */
    }
    return lede_piece_is_word(piece, begin - 1, "of") &&
           piece->labels[before - 1] == person &&
           (person == LEDE_LABEL_B_PERSON || person == LEDE_LABEL_I_PERSON);
}

/* "Phillips analyst Tim Harris", "a Phillips subsidiary": unless somebody is
 * called so behind a title. */
static bool has_staff(const lede_piece *piece, size_t end)
{
    return lede_piece_joined(piece, end) &&
           piece->words[end].shape == LEDE_SHAPE_LOWER &&
           is_employed(&piece->words[end]) &&
           (piece->words[end].classes & LEDE_CLASS_HONORIFIC) == 0 &&
           (lede_piece_seen(piece, piece->words[end - 1].low) &
            LEDE_SEEN_TITLED) == 0;
}

static bool has_firm_word(const lede_piece *piece, size_t i)
{
    for (; lede_piece_joined(piece, i) && lede_piece_capital(piece, i); i++) {
        if (is_firm_word(&piece->words[i])) {
            return true;
        }
    }
    return false;
}

static bool is_verb(const lede_piece *piece, size_t i)
{
    const lede_word *word = &piece->words[i];

    return (word->shape == LEDE_SHAPE_LOWER &&
            (word->classes & LEDE_CLASS_SPEECH) != 0) ||
           (lede_piece_shouted(piece, i) &&
            ((word->hints & LEDE_HINT_HEADLINE_VERB) != 0 ||
             lede_piece_is_word(piece, i, "may")));
}

/* Whether nothing that somebody has is named behind his 's: "rated by Moody's
 * and Fitch". */
static bool has_nothing(const lede_piece *piece, size_t i)
{
    return !lede_piece_joined(piece, i) ||
           (piece->words[i].shape == LEDE_SHAPE_PUNCT
                ? lede_piece_is_punct(piece, i, '.') ||
                      lede_piece_is_punct(piece, i, ',') ||
                      lede_piece_is_punct(piece, i, ';')
                : lede_piece_is_word(piece, i, "and") ||
                      lede_piece_is_word(piece, i, "or"));
}

/* "Moody's said", "Moody's Investors Service Inc": what goes by somebody's
 * name, and never without the 's. */
static bool is_owned_house(const lede_piece *piece, size_t begin, size_t end)
{
    return end == begin + 1 && lede_piece_joined(piece, end) &&
           lede_piece_is_word(piece, end, "'s") &&
           (has_nothing(piece, end + 1) || has_firm_word(piece, end + 1) ||
            is_verb(piece, end + 1)) &&
           (lede_piece_seen(piece, piece->words[begin].low) & LEDE_SEEN_BARE) ==
               0;
}

/* Whether what stands beside a name is worth a closer look. */
static bool may_be_house(const lede_piece *piece, size_t begin, size_t end)
{
    const lede_word *before = &piece->words[begin - (begin > 0)];

    return (before->classes & (LEDE_CLASS_LINK | LEDE_CLASS_IN)) != 0 ||
           (before->hints & LEDE_HINT_PAPER) != 0 ||
           (before->shape == LEDE_SHAPE_LOWER &&
            before->end - before->begin <= 4) || /* with, for */
           (end < piece->count && piece->words[end].shape == LEDE_SHAPE_LOWER &&
            (piece->words[end].end - piece->words[end].begin == 2 || /* 's */
             is_employed(&piece->words[end])));
}

/* Names that nobody is spoken of by. */
static void gather_houses(lede_votes *votes, const lede_piece *piece,
                          const lede_run *run)
{
    bool listed = false; /* the one before: of "Phillips and Drew" */
    size_t i;
    size_t end;

    for (i = run->begin; i < run->end; i = end) {
        end = lede_agree_item_end(piece, i);
        if (!lede_piece_capital(piece, i)) {
            listed = listed && lede_piece_is_word(piece, i, "and");
            continue;
        }
        listed = may_be_house(piece, i, end) &&
                 ((listed && i > run->begin &&
                   lede_piece_is_word(piece, i - 1, "and")) ||
                  has_article(piece, i, end) || has_people(piece, i) ||
                  has_staff(piece, end) || is_owned_house(piece, i, end));
        if (listed && piece->labels[i] != LEDE_LABEL_B_PLACE &&
            !lede_piece_titled(piece, i)) {
            mark_firm(votes, piece, i, end);
        }
    }
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
        const lede_vote *slot;

        end = lede_agree_item_end(piece, i);
        if (label != LEDE_LABEL_B_PERSON && label != LEDE_LABEL_B_PLACE) {
            continue;
        }
        slot = lede_votes_find(votes, lede_piece_phrase(piece, i, end), false);
        if ((end > i + 1 && !lede_piece_titled(piece, i) &&
             ((slot != NULL && slot->is_firm) ||
              is_firm_word(&piece->words[end - 1]) ||
              (piece->words[i].hints & LEDE_HINT_HOUSE) != 0)) ||
            (label == LEDE_LABEL_B_PLACE && ends_like_org(piece, i, end))) {
            lede_piece_relabel(piece, i, end, LEDE_LABEL_B_ORG);
        }
    }
}

void lede_agree_firms(lede_votes *votes, lede_piece *piece)
{
    size_t r;

    for (r = 0; r < piece->run_count; r++) {
        gather_firms(votes, piece, &piece->runs[r]);
        gather_houses(votes, piece, &piece->runs[r]);
    }
    for (r = 0; r < piece->run_count; r++) {
        settle_firms(votes, piece, &piece->runs[r]);
    }
}
