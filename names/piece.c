#include "names/piece.h"

#include <stdlib.h>
#include <string.h>

#include "names/recognize.h"

enum { SEEN_MIN = 1 << 12, SEEN_MAX = 1 << 19, MAX_LINKS = 3, ARRAYS = 6 };

bool lede_piece_init(lede_piece *piece, const lede_name_model *model)
{
    memset(piece, 0, sizeof *piece);
    piece->model = model;
    piece->seen = malloc(SEEN_MAX);
    return piece->seen != NULL && lede_piece_reserve(piece, 1024);
}

void lede_piece_done(lede_piece *piece)
{
    free(piece->words);
    free(piece->known);
    free(piece->labels);
    free(piece->margins);
    free(piece->runs);
    free(piece->capitals);
    free(piece->seen);
    memset(piece, 0, sizeof *piece);
}

static bool grow(void **memory, size_t count, size_t item_bytes)
{
    void *grown = realloc(*memory, count * item_bytes);

    if (grown == NULL) {
        return false;
    }
    *memory = grown;
    return true;
}

bool lede_piece_reserve(lede_piece *piece, size_t words)
{
    size_t cap = piece->cap == 0 ? 1024 : piece->cap;
    void *arrays[ARRAYS] = {piece->words,   piece->known, piece->labels,
                            piece->margins, piece->runs,  piece->capitals};
    static const size_t item_bytes[ARRAYS] = {
        sizeof(lede_word), 1, 1, sizeof(int16_t), sizeof(lede_run),
        sizeof(uint32_t)};
    bool ok = true;
    int i;

    if (words > LEDE_NAME_PIECE_WORDS) {
        words = LEDE_NAME_PIECE_WORDS;
    }
    if (words <= piece->cap) {
        return true;
    }
    while (cap < words) {
        cap *= 2;
    }
    for (i = 0; i < ARRAYS && ok; i++) {
        ok = grow(&arrays[i], cap, item_bytes[i]);
    }
    piece->words = arrays[0];
    piece->known = arrays[1];
    piece->labels = arrays[2];
    piece->margins = arrays[3];
    piece->runs = arrays[4];
    piece->capitals = arrays[5];
    piece->cap = ok ? cap : piece->cap;
    return ok;
}

static bool is_capital(const lede_piece *piece, size_t i)
{
    return (piece->words[i].flags & LEDE_WORD_CAPITAL) != 0;
}

/* Small words from `i` on that a capital follows in the same line: how many. */
static size_t links_at(const lede_piece *piece, size_t i)
{
    size_t n = 0;

    while (n < MAX_LINKS && lede_piece_joined(piece, i + n) &&
           !is_capital(piece, i + n) &&
           (piece->words[i + n].classes &
            (LEDE_CLASS_LINK | LEDE_CLASS_PARTICLE)) != 0) {
        n++;
    }
    return n > 0 && lede_piece_joined(piece, i + n) && is_capital(piece, i + n)
               ? n
               : 0;
}

/* The particles right before a run: "van der" of van der Bellen. */
static size_t run_begin(const lede_piece *piece, size_t i, size_t floor)
{
    int n;

    for (n = 0; n < 2 && i > floor && lede_piece_joined(piece, i); n++) {
        const lede_word *before = &piece->words[i - 1];

        if ((before->classes & LEDE_CLASS_PARTICLE) == 0 ||
            before->shape != LEDE_SHAPE_LOWER ||
            before->end - before->begin < 2) {
            break;
        }
        i--;
    }
    return i;
}

/* The end of the run whose first word with a capital is word i. */
static size_t run_end(const lede_piece *piece, size_t begin, size_t i)
{
    for (i++; i < piece->count && i - begin < LEDE_RUN_MAX_WORDS - 4;) {
        if (!lede_piece_joined(piece, i)) {
            break;
        }
        if (is_capital(piece, i)) {
            i++;
        } else {
            size_t links = links_at(piece, i);

            if (links == 0) {
                break;
            }
            i += links;
        }
    }
    return i;
}

static void find_runs(lede_piece *piece)
{
    size_t floor = 0;
    size_t k;

    piece->run_count = 0;
    for (k = 0; k < piece->capital_count; k++) {
        size_t i = piece->capitals[k];

        if (i >= floor) {
            lede_run *run = &piece->runs[piece->run_count++];
            size_t begin = run_begin(piece, i, floor);

            floor = run_end(piece, begin, i);
            run->begin = (uint32_t)begin;
            run->end = (uint32_t)floor;
        }
    }
}

/* What the filter knows of word i by itself. */
static unsigned known_of_word(const lede_piece *piece, size_t i)
{
    const lede_word *word = &piece->words[i];

    if ((word->flags & LEDE_WORD_RECALLED) != 0) {
        return word->filtered;
    }
    return piece->model->filter == NULL
               ? 0
               : lede_filter_get(piece->model->filter, piece->model->line_mask,
                                 lede_phrase_hash(0, word->low));
}

static unsigned known_of_phrase(const lede_piece *piece, uint32_t phrase)
{
    return piece->model->filter == NULL
               ? 0
               : lede_filter_get_place(piece->model->filter,
                                       piece->model->line_mask, phrase);
}

typedef struct place_length {
    size_t listed, large, small;
    unsigned first; /* what is known of the first word alone */
} place_length;

/* The longest places that begin at word i. */
static place_length places_at(const lede_piece *piece, size_t i, size_t end)
{
    place_length found = {0, 0, 0, 0};
    uint32_t phrase = 0;
    size_t n;

    for (n = 1; i + n <= end && n <= LEDE_PHRASE_MAX_WORDS; n++) {
        unsigned known;
        unsigned classes;

        phrase = lede_phrase_hash(phrase, piece->words[i + n - 1].low);
        if (n == 1) {
            classes = piece->words[i].classes;
            known = known_of_word(piece, i);
            found.first = known;
        } else {
            classes = lede_lists_get(&piece->model->lists, phrase);
            known = known_of_phrase(piece, phrase);
        }
        if ((classes & (LEDE_CLASS_COUNTRY | LEDE_CLASS_CITY)) != 0) {
            found.listed = n;
            found.large = n;
        }
        found.large = (known & 1u << LEDE_KNOWN_PLACE) != 0 ? n : found.large;
        found.small =
            (known & 1u << LEDE_KNOWN_SMALL_PLACE) != 0 ? n : found.small;
    }
    return found;
}

static void set_bits(uint8_t *known, size_t count, int first, int other)
{
    size_t i;

    for (i = 0; i < count; i++) {
        known[i] |= (uint8_t)(i == 0 ? first : other);
    }
}

static void look_up_run(lede_piece *piece, const lede_run *run)
{
    size_t i;
    size_t large_end = run->begin;
    size_t small_end = run->begin;

    memset(piece->known + run->begin, 0, run->end - run->begin);
    for (i = run->begin; i < run->end; i++) {
        const lede_word *word = &piece->words[i];
        place_length found;

        if ((word->flags & LEDE_WORD_CAPITAL) == 0) {
            continue;
        }
        found = places_at(piece, i, run->end);
        if ((word->classes & LEDE_CLASS_FORENAME) != 0 ||
            (found.first & 1u << LEDE_KNOWN_FORENAME) != 0) {
            piece->known[i] |= LEDE_IS_FORENAME;
        }
        if ((found.first & 1u << LEDE_KNOWN_SURNAME) != 0) {
            piece->known[i] |= LEDE_IS_SURNAME;
        }
        set_bits(piece->known + i, found.listed, LEDE_IS_LISTED,
                 LEDE_IS_LISTED);
        if (i >= large_end && found.large > 0) {
            set_bits(piece->known + i, found.large, LEDE_IS_PLACE_BEGIN,
                     LEDE_IS_PLACE_PART);
            large_end = i + found.large;
        }
        if (i >= small_end && found.small > 0) {
            set_bits(piece->known + i, found.small, LEDE_IS_SMALL_BEGIN,
                     LEDE_IS_SMALL_PART);
            small_end = i + found.small;
        }
        if (i == run->begin &&
            (found.large > found.small ? found.large : found.small) ==
                run->end - run->begin) {
            set_bits(piece->known + i, run->end - run->begin, LEDE_IS_WHOLE,
                     LEDE_IS_WHOLE);
        }
    }
}

static void note(lede_piece *piece, const lede_word *word, int bits)
{
    piece->seen[word->low & piece->seen_mask] |= (uint8_t)bits;
}

/* What the surroundings of one word of a run say of it. */
static int seen_of(const lede_piece *piece, const lede_run *run, size_t i)
{
    const lede_word *word = &piece->words[i];
    int bits = 0;

    if ((word->flags & (LEDE_WORD_SENTENCE_START | LEDE_WORD_SHOUTED |
                        LEDE_WORD_TITLED)) == 0) {
        bits |= LEDE_SEEN_INSIDE;
    }
    if (lede_piece_joined(piece, i)) {
        const lede_word *before = &piece->words[i - 1];

        if ((before->classes & (LEDE_CLASS_HONORIFIC | LEDE_CLASS_ROLE)) != 0) {
            bits |= LEDE_SEEN_TITLED;
        }
        if (i == run->begin && (before->classes & LEDE_CLASS_IN) != 0 &&
            before->shape == LEDE_SHAPE_LOWER) {
            bits |= LEDE_SEEN_IN;
        }
        if (i > run->begin && (before->shape == LEDE_SHAPE_INITIAL ||
                               ((piece->known[i - 1] & LEDE_IS_FORENAME) != 0 &&
                                (before->flags & LEDE_WORD_CAPITAL) != 0))) {
            bits |= LEDE_SEEN_LAST;
        }
    }
    if (i + 1 != run->end || !lede_piece_joined(piece, i + 1) ||
        !lede_piece_is_word(piece, i + 1, "'s")) {
        bits |= LEDE_SEEN_BARE;
    }
    if (i + 1 == run->end && lede_piece_joined(piece, i + 1)) {
        const lede_word *after = &piece->words[i + 1];

        if ((after->classes & LEDE_CLASS_SPEECH) != 0 &&
            after->shape == LEDE_SHAPE_LOWER) {
            bits |= LEDE_SEEN_SPEAKING;
        }
    }
    return bits;
}

static bool has_org_word(const lede_piece *piece, const lede_run *run)
{
    size_t i;

    for (i = run->begin; i < run->end; i++) {
        if ((piece->words[i].classes & LEDE_CLASS_ORG) != 0 &&
            is_capital(piece, i)) {
            return true;
        }
    }
    return false;
}

/* Which words stand there in small letters, and which have capitals. */
static void read_words(lede_piece *piece)
{
    uint32_t size = SEEN_MIN;
    size_t capitals = 0;
    size_t i;

    while (size < SEEN_MAX && size < piece->count * 8) {
        size *= 2;
    }
    piece->seen_mask = size - 1;
    memset(piece->seen, 0, size);
    for (i = 0; i < piece->count; i++) {
        const lede_word *word = &piece->words[i];

        /* Without a branch, which nothing would foretell. */
        note(piece, word, (word->shape == LEDE_SHAPE_LOWER) * LEDE_SEEN_LOWER);
        piece->capitals[capitals] = (uint32_t)i;
        capitals += is_capital(piece, i);
    }
    piece->capital_count = capitals;
}

static void gather_seen(lede_piece *piece)
{
    size_t i;

    for (i = 0; i < piece->run_count; i++) {
        const lede_run *run = &piece->runs[i];
        int org = has_org_word(piece, run) ? LEDE_SEEN_ORG : 0;
        size_t k;

        for (k = run->begin; k < run->end; k++) {
            if (is_capital(piece, k)) {
                note(piece, &piece->words[k], seen_of(piece, run, k) | org);
            }
        }
    }
}

/* Asks for what look_up_run will want to know of the phrases of a run. */
static void ask_for_run(const lede_piece *piece, const lede_run *run)
{
    size_t i;

    if (piece->model->filter == NULL) {
        return;
    }
    for (i = run->begin; i + 1 < run->end; i++) {
        uint32_t phrase = lede_phrase_hash(0, piece->words[i].low);
        size_t n;

        for (n = 1; is_capital(piece, i) && i + n < run->end &&
                    n < LEDE_PHRASE_MAX_WORDS;
             n++) {
            phrase = lede_phrase_hash(phrase, piece->words[i + n].low);
            lede_filter_ask(piece->model->filter, piece->model->line_mask,
                            phrase);
        }
    }
}

void lede_piece_settle(lede_piece *piece)
{
    enum { AHEAD = 8 }; /* runs */
    size_t i;

    read_words(piece);
    find_runs(piece);
    for (i = 0; i < piece->run_count + AHEAD; i++) {
        if (i < piece->run_count) {
            ask_for_run(piece, &piece->runs[i]);
        }
        if (i >= AHEAD) {
            look_up_run(piece, &piece->runs[i - AHEAD]);
        }
    }
    gather_seen(piece);
    memset(piece->labels, LEDE_LABEL_O, piece->count);
    memset(piece->margins, 0, piece->count * sizeof piece->margins[0]);
}
