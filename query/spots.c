#include "query/spots.h"

#include <stdlib.h>

#include "base/hash.h"
#include "names/gazetteer.h"
#include "names/variants.h"
#include "storage/name_words.h"

/* Terms hashed to leaves; several leaves may share a term. */
typedef struct term_slot {
    lede_span term;
    uint32_t leaf;
} term_slot;

struct lede_spotter {
    const lede_tree *tree;
    lede_analyzer *analyzer;
    term_slot *slots;
    size_t slot_count; /* a power of two */
    bool has_prefixed; /* some term is of a field by name */
};

void lede_spots_done(lede_spots *spots)
{
    free(spots->items);
    free(spots->sections);
    *spots = (lede_spots){0};
}

/* --- The table
 * ---------------------------------------------------------------- */

static void put_term(lede_spotter *spotter, lede_span term, uint32_t leaf)
{
    size_t at = lede_hash64(term) & (spotter->slot_count - 1);

    while (spotter->slots[at].term.len > 0) {
        at = (at + 1) & (spotter->slot_count - 1);
    }
    spotter->slots[at].term = term;
    spotter->slots[at].leaf = leaf;
    if (term.bytes[0] >= 'A' && term.bytes[0] <= 'Z') {
        spotter->has_prefixed = true;
    }
}

lede_spotter *lede_spotter_new(const lede_tree *tree, lede_analyzer *analyzer,
                               lede_arena *arena)
{
    lede_spotter *spotter = lede_arena_get(arena, sizeof *spotter);
    size_t terms = 0;
    uint32_t i;
    uint32_t j;

    for (i = 0; i < tree->leaf_count; i++) {
        terms += tree->leaves[i].term_count;
    }
    if (spotter == NULL) {
        return NULL;
    }
    spotter->tree = tree;
    spotter->analyzer = analyzer;
    spotter->slot_count = 8;
    while (spotter->slot_count < terms * 2) {
        spotter->slot_count *= 2;
    }
    spotter->slots =
        lede_arena_array(arena, spotter->slot_count, sizeof *spotter->slots);
    if (spotter->slots == NULL) {
        return NULL;
    }
    for (i = 0; i < tree->leaf_count; i++) {
        for (j = 0; j < tree->leaves[i].term_count; j++) {
            if (tree->leaves[i].terms[j].len > 0) {
                put_term(spotter, tree->leaves[i].terms[j], i);
            }
        }
    }
    return spotter;
}

/* --- Finding
 * -------------------------------------------------------------------- */

static bool put_spot(lede_spots *spots, const lede_spot *spot)
{
    if (spots->count == spots->cap) {
        uint32_t cap = spots->cap == 0 ? 64 : spots->cap * 2;
        lede_spot *items = cap < spots->cap
                               ? NULL
                               : realloc(spots->items, cap * sizeof *items);

        if (items == NULL) {
            return false;
        }
        spots->items = items;
        spots->cap = cap;
    }
    spots->items[spots->count++] = *spot;
    return true;
}

static lede_spot_section *put_section(lede_spots *spots)
{
    if (spots->section_count == spots->section_cap) {
        uint32_t cap = spots->section_cap == 0 ? 16 : spots->section_cap * 2;
        lede_spot_section *sections =
            cap < spots->section_cap
                ? NULL
                : realloc(spots->sections, cap * sizeof *sections);

        if (sections == NULL) {
            return NULL;
        }
        spots->sections = sections;
        spots->section_cap = cap;
    }
    return &spots->sections[spots->section_count++];
}

/* The term that a token has in the dictionary: its stem, behind the prefix of a
 * field by name. Empty when no query word could have it. */
static lede_span token_term(const lede_spotter *spotter, lede_field field,
                            lede_language language, lede_span word,
                            uint8_t room[LEDE_WORD_MAX_BYTES + 8])
{
    const char *prefix = lede_field_prefix(field);
    size_t len = strlen(prefix);
    lede_span stem;

    if (len > 0 && !spotter->has_prefixed) {
        return lede_span_of(NULL, 0);
    }
    stem = lede_analyzer_stem(spotter->analyzer, language, word);
    if (len == 0 || stem.len == 0 || stem.len > LEDE_WORD_MAX_BYTES) {
        return stem;
    }
    memcpy(room, prefix, len);
    memcpy(room + len, stem.bytes, stem.len);
    return lede_span_of(room, len + stem.len);
}

/* Whether the leaf's stems are another word's in an entry of that language. */
static bool is_foreign(const lede_leaf *leaf, lede_language language)
{
    return leaf->languages != 0 && (leaf->languages >> language & 1) == 0;
}

static bool spot_token(lede_spotter *spotter, const lede_token *token,
                       lede_field field, lede_language language,
                       lede_spots *out)
{
    uint8_t room[LEDE_WORD_MAX_BYTES + 8];
    lede_span term = token_term(spotter, field, language, token->word, room);
    size_t mask = spotter->slot_count - 1;
    size_t at = lede_hash64(term) & mask;

    for (; term.len > 0 && spotter->slots[at].term.len > 0;
         at = (at + 1) & mask) {
        lede_spot spot;

        if (!lede_span_equal(spotter->slots[at].term, term)) {
            continue;
        }
        spot.leaf = spotter->slots[at].leaf;
        spot.section = out->section_count - 1;
        spot.position = token->position;
        spot.width = token->width;
        spot.letter_case = token->letter_case;
        spot.marks = token->marks;
        spot.is_exact =
            lede_leaf_has_form(&spotter->tree->leaves[spot.leaf], token->word);
        spot.begin = token->begin;
        spot.end = token->end;
        if (is_foreign(&spotter->tree->leaves[spot.leaf], language)) {
            continue;
        }
        if (!put_spot(out, &spot)) {
            return false;
        }
        out->sections[out->section_count - 1].spot_count++;
    }
    return true;
}

static bool open_section(lede_spots *out, lede_field field, lede_span text,
                         uint32_t position)
{
    lede_spot_section *section = put_section(out);

    if (section == NULL) {
        return false;
    }
    *section = (lede_spot_section){0};
    section->field = field;
    section->text = text;
    section->first_spot = out->count;
    section->begin = position;
    section->end = position;
    return true;
}

static bool find_in_headline(lede_spotter *spotter, const lede_entry *entry,
                             lede_language language, lede_spots *out)
{
    lede_tokenizer tokenizer;
    lede_token token;

    if (!entry->headline_derived || entry->headline.len == 0) {
        return true;
    }
    if (!open_section(out, LEDE_FIELD_HEADLINE, entry->headline, 0)) {
        return false;
    }
    lede_tokenizer_init(&tokenizer, spotter->analyzer, entry->headline);
    while (lede_tokenizer_next(&tokenizer, &token)) {
        if (!spot_token(spotter, &token, LEDE_FIELD_HEADLINE, language, out)) {
            return false;
        }
    }
    out->sections[0].end = lede_tokenizer_end_position(&tokenizer);
    out->sections[0].is_derived = true;
    return true;
}

bool lede_spotter_find(lede_spotter *spotter, const lede_entry *entry,
                       lede_language language, bool with_headline,
                       lede_spots *out)
{
    lede_entry_walk walk;
    lede_occurrence found;
    uint32_t section = UINT32_MAX;
    uint32_t shift = 0;

    out->count = 0;
    out->section_count = 0;
    out->length = 0;
    if (with_headline && !find_in_headline(spotter, entry, language, out)) {
        return false;
    }
    if (out->section_count > 0) {
        shift = out->sections[0].end + LEDE_SECTION_GAP;
    }
    lede_entry_walk_init(&walk, spotter->analyzer, entry);
    while (lede_entry_walk_next(&walk, &found)) {
        lede_spot_section *last;

        found.token.position += shift;
        if (found.section != section) {
            if (!open_section(out, found.field, found.text,
                              found.token.position)) {
                return false;
            }
            section = found.section;
        }
        if (found.field < LEDE_DEFAULT_FIELDS &&
            lede_token_counts(&found.token)) {
            out->length += lede_field_weight(found.field);
        }
        last = &out->sections[out->section_count - 1];
        if (last->end < found.token.position + found.token.width) {
            last->end = found.token.position + found.token.width;
        }
        if (!spot_token(spotter, &found.token, found.field, language, out)) {
            return false;
        }
    }
    return !lede_analyzer_failed(spotter->analyzer);
}

/* --- Names ---------------------------------------------------------------- */

typedef struct naming {
    lede_spotter *spotter;
    lede_spots *out;
    lede_buf term;
} naming;

static bool spot_name(void *ctx, const lede_name_term *named)
{
    naming *n = ctx;
    size_t mask = n->spotter->slot_count - 1;
    lede_span term;

    lede_buf_clear(&n->term);
    lede_buf_put_text(&n->term, lede_name_space_prefix(named->space));
    lede_buf_put_span(&n->term, named->token.word);
    if (n->term.failed) {
        return false;
    }
    term = lede_buf_span(&n->term);
    for (size_t at = lede_hash64(term) & mask;
         n->spotter->slots[at].term.len > 0; at = (at + 1) & mask) {
        const term_slot *slot = &n->spotter->slots[at];
        lede_spot spot = {.leaf = slot->leaf,
                          .position = named->token.position,
                          .width = named->token.width,
                          .letter_case = named->token.letter_case,
                          .marks = named->token.marks};

        if (!lede_span_equal(slot->term, term)) {
            continue;
        }
        spot.is_exact = lede_leaf_has_form(&n->spotter->tree->leaves[spot.leaf],
                                           named->token.word);
        for (uint32_t i = 0; i < named->count; i++) {
            if (!put_spot(n->out, &spot)) {
                return false;
            }
        }
    }
    return true;
}

/* As an entry's: a joined form before its parts. */
static int compare_spots(const void *left, const void *right)
{
    const lede_spot *a = left, *b = right;

    if (a->position != b->position) {
        return a->position < b->position ? -1 : 1;
    }
    return (b->width > a->width) - (b->width < a->width);
}

/* Whole names, which are values: they stand nowhere. */
static bool spot_wholes(naming *n, lede_span list)
{
    lede_name_reader reader = lede_name_reader_of(list);
    lede_buf key = {0};
    bool fine = true;
    lede_named named;

    while (fine && lede_name_reader_next(&reader, &named)) {
        lede_name_term term = {.space = lede_name_space_of_whole(&named),
                               .count = 1};

        lede_buf_clear(&key);
        if (term.space == LEDE_NAME_SPACE_PERSON_WHOLE) {
            lede_person_key(named.name, &key);
        } else if (term.space == LEDE_NAME_SPACE_PLACE_WHOLE) {
            lede_place_key(named.name, &key);
        }
        term.token.word = lede_buf_span(&key);
        term.token.width = 1;
        fine = !key.failed && (key.len == 0 || spot_name(n, &term));
        if (fine && term.space == LEDE_NAME_SPACE_PERSON_WHOLE) {
            lede_buf_clear(&key);
            lede_person_short_key(named.name, &key);
            term.space = LEDE_NAME_SPACE_PERSON_SHORT;
            term.token.word = lede_buf_span(&key);
            fine = !key.failed && (key.len == 0 || spot_name(n, &term));
        }
    }
    lede_buf_done(&key);
    return fine;
}

bool lede_spotter_find_names(lede_spotter *spotter, lede_span list,
                             lede_spots *out)
{
    naming n = {.spotter = spotter, .out = out};
    lede_spot_section *section;
    bool fine;

    out->count = 0;
    out->section_count = 0;
    if (!spotter->has_prefixed || list.len == 0) {
        return true;
    }
    section = put_section(out);
    if (section == NULL) {
        return false;
    }
    *section = (lede_spot_section){.field = LEDE_FIELD_TAG};
    fine = lede_name_words_each(list, spotter->analyzer, spot_name, &n) &&
           spot_wholes(&n, list);
    section->spot_count = out->count;
    if (out->count > 1) {
        qsort(out->items, out->count, sizeof out->items[0], compare_spots);
    }
    lede_buf_done(&n.term);
    return fine;
}

bool lede_spot_counts(const lede_spots *spots, const lede_spot *spot,
                      const lede_constraint *constraint)
{
    lede_field field = spots->sections[spot->section].field;

    return (!constraint->exact || spot->is_exact) &&
           spot->letter_case >= constraint->case_least &&
           (field >= LEDE_DEFAULT_FIELDS ||
            (constraint->fields >> field & 1) != 0);
}

uint32_t lede_spots_from(const lede_spots *spots, uint32_t position)
{
    uint32_t low = 0;
    uint32_t high = spots->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (spots->items[middle].position < position) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}
