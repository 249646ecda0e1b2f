#include "query/name_marks.h"

#include <stdlib.h>
#include <string.h>

#include "query/plan_names.h"

enum { MOST_FORMS = 64 };

/* A way in which the entry writes a name, word by word. */
typedef struct form {
    uint32_t *words; /* numbers of marker.known */
    uint32_t count;
    lede_case letter_case; /* of the first, ... */
    lede_span first;       /* ... which is written so */
    uint32_t leaf;         /* that the marks are because of */
} form;

/* A word of a text that some form has. */
typedef struct word {
    uint32_t number; /* of marker.known */
    size_t begin, end;
    lede_case letter_case;
} word;

typedef struct marker {
    lede_analyzer *analyzer;
    lede_arena *arena;
    form forms[MOST_FORMS];
    uint32_t form_count;
    lede_span *known; /* the words of all forms, folded */
    uint32_t known_count, known_cap;
    word *words; /* side by side in the text at hand */
    uint32_t word_count, word_cap;
    lede_found *found;
    uint32_t count, cap;
    bool no_memory;
} marker;

/* Room for one more item; what it was, when out of memory. */
static void *grow(marker *m, void *items, uint32_t count, uint32_t *cap,
                  size_t size)
{
    uint32_t more = *cap == 0 ? 16 : *cap * 2;
    void *grown;

    if (count < *cap) {
        return items;
    }
    grown = lede_arena_array(m->arena, more, size);
    if (grown == NULL) {
        m->no_memory = true;
        return items;
    }
    if (count > 0) {
        memcpy(grown, items, count * size);
    }
    *cap = more;
    return grown;
}

/* --- Forms ------------------------------------------------------------------
 */

/* The number of a word among those of the forms, or how many those are. */
static uint32_t number_of(const marker *m, lede_span folded)
{
    uint32_t i = 0;

    while (i < m->known_count && !lede_span_equal(m->known[i], folded)) {
        i++;
    }
    return i;
}

static void know(marker *m, lede_span folded)
{
    lede_span copy = lede_arena_copy(m->arena, folded);

    m->known =
        grow(m, m->known, m->known_count, &m->known_cap, sizeof *m->known);
    m->no_memory = m->no_memory || copy.bytes == NULL;
    if (!m->no_memory) {
        m->known[m->known_count++] = copy;
    }
}

static void put_word(marker *m, const lede_token *token, uint32_t number)
{
    m->words = grow(m, m->words, m->word_count, &m->word_cap, sizeof *m->words);
    if (!m->no_memory) {
        m->words[m->word_count++] = (word){.number = number,
                                           .begin = token->begin,
                                           .end = token->end,
                                           .letter_case = token->letter_case};
    }
}

/* The next word of a text; of a compound its joined form. */
static bool next_word(marker *m, lede_tokenizer *tokenizer, uint32_t *end,
                      lede_token *out)
{
    while (!m->no_memory && lede_tokenizer_next(tokenizer, out)) {
        if (out->position >= *end) {
            *end = out->position + out->width;
            return true;
        }
    }
    m->no_memory = m->no_memory || lede_analyzer_failed(m->analyzer);
    return false;
}

static void read_form(marker *m, lede_span text)
{
    lede_tokenizer tokenizer;
    lede_token token;
    uint32_t end = 0;

    m->word_count = 0;
    lede_tokenizer_init(&tokenizer, m->analyzer, text);
    while (next_word(m, &tokenizer, &end, &token)) {
        uint32_t number = number_of(m, token.word);

        if (number == m->known_count) {
            know(m, token.word);
        }
        put_word(m, &token, number);
    }
}

static void add_form(marker *m, lede_span text, uint32_t leaf)
{
    form *f = &m->forms[m->form_count];

    if (m->form_count == MOST_FORMS || text.len == 0) {
        return;
    }
    read_form(m, text);
    if (m->no_memory || m->word_count == 0) {
        return;
    }
    f->words = lede_arena_array(m->arena, m->word_count, sizeof *f->words);
    if (f->words == NULL) {
        m->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < m->word_count; i++) {
        f->words[i] = m->words[i].number;
    }
    f->count = m->word_count;
    f->letter_case = m->words[0].letter_case;
    f->first = lede_span_part(text, m->words[0].begin,
                              m->words[0].end - m->words[0].begin);
    f->leaf = leaf;
    m->form_count++;
}

static void add_names(marker *m, const struct lede_plan_named *named,
                      uint32_t leaf, lede_span list, uint64_t entry)
{
    lede_name_reader reader = lede_name_reader_of(list);
    lede_named n;

    while (lede_name_reader_next(&reader, &n)) {
        if (!lede_plan_named_is(named, &n, entry)) {
            continue;
        }
        add_form(m, n.name, leaf);
        for (uint32_t i = 0; i < n.form_count; i++) {
            add_form(m, n.forms[i], leaf);
        }
    }
}

/* Marks need a leaf: one that the name asked for. */
static bool find_leaf(const lede_tree *tree, uint32_t column, uint32_t *out)
{
    for (uint32_t i = 0; i < tree->leaf_count; i++) {
        if (tree->leaves[i].column == column) {
            *out = i;
            return true;
        }
    }
    return false;
}

/* --- Texts ------------------------------------------------------------------
 */

static void put_found(marker *m, uint32_t section, const form *f,
                      const word *first)
{
    m->found = grow(m, m->found, m->count, &m->cap, sizeof *m->found);
    if (m->no_memory) {
        return;
    }
    m->found[m->count++] = (lede_found){.section = section,
                                        .leaf = f->leaf,
                                        .begin = first->begin,
                                        .end = first[f->count - 1].end};
}

static bool stands_at(const marker *m, const form *f, uint32_t at)
{
    if (at + f->count > m->word_count ||
        m->words[at].letter_case < f->letter_case) {
        return false;
    }
    for (uint32_t i = 0; i < f->count; i++) {
        if (m->words[at + i].number != f->words[i]) {
            return false;
        }
    }
    return true;
}

static bool has_text(lede_span text, lede_span part)
{
    const uint8_t *at = text.bytes;
    size_t left = text.len;

    while (part.len > 0 && left >= part.len) {
        const uint8_t *next = memchr(at, part.bytes[0], left - part.len + 1);

        if (next == NULL) {
            return false;
        }
        if (memcmp(next, part.bytes, part.len) == 0) {
            return true;
        }
        left -= (size_t)(next - at) + 1;
        at = next + 1;
    }
    return false;
}

/* Most texts can be passed over unread: forms are in the entry's own letters,
 * but for headlines in capitals. */
static bool may_have(const marker *m, const lede_spot_section *section)
{
    for (uint32_t i = 0; i < m->form_count; i++) {
        if (section->field == LEDE_FIELD_HEADLINE ||
            has_text(section->text, m->forms[i].first)) {
            return true;
        }
    }
    return false;
}

/* Marks the forms among words that stand side by side. */
static void mark_words(marker *m, uint32_t section)
{
    for (uint32_t at = 0; at < m->word_count && !m->no_memory; at++) {
        const form *best = NULL;

        for (uint32_t i = 0; i < m->form_count; i++) {
            const form *f = &m->forms[i];

            if ((best == NULL || f->count > best->count) &&
                stands_at(m, f, at)) {
                best = f;
            }
        }
        if (best != NULL) {
            put_found(m, section, best, &m->words[at]);
            at += best->count - 1;
        }
    }
    m->word_count = 0;
}

static void mark_section(marker *m, uint32_t section, lede_span text)
{
    lede_tokenizer tokenizer;
    lede_token token;
    uint32_t end = 0;

    m->word_count = 0;
    lede_tokenizer_init(&tokenizer, m->analyzer, text);
    while (next_word(m, &tokenizer, &end, &token)) {
        uint32_t number = number_of(m, token.word);

        if (number < m->known_count) {
            put_word(m, &token, number);
        } else {
            mark_words(m, section);
        }
    }
    mark_words(m, section);
}

static int compare_found(const void *a, const void *b)
{
    const lede_found *x = a, *y = b;

    if (x->section != y->section) {
        return x->section < y->section ? -1 : 1;
    }
    if (x->begin != y->begin) {
        return x->begin < y->begin ? -1 : 1;
    }
    if (x->end != y->end) {
        return x->end < y->end ? -1 : 1;
    }
    return (x->leaf > y->leaf) - (x->leaf < y->leaf);
}

bool lede_name_marks_add(const lede_plan *plan, lede_analyzer *analyzer,
                         lede_span list, uint64_t entry,
                         const lede_spots *spots, lede_arena *arena,
                         lede_found **found, uint32_t *count)
{
    marker m = {.analyzer = analyzer,
                .arena = arena,
                .found = *found,
                .count = *count,
                .cap = *count};

    for (uint32_t i = 0; i < plan->named_count; i++) {
        uint32_t leaf;

        if (!plan->named[i].is_excluded &&
            find_leaf(&plan->tree, plan->named[i].column, &leaf)) {
            add_names(&m, &plan->named[i], leaf, list, entry);
        }
    }
    for (uint32_t i = 0; m.form_count > 0 && i < spots->section_count; i++) {
        if (may_have(&m, &spots->sections[i])) {
            mark_section(&m, i, spots->sections[i].text);
        }
    }
    if (m.count > *count) {
        qsort(m.found, m.count, sizeof *m.found, compare_found);
    }
    *found = m.found;
    *count = m.count;
    return !m.no_memory;
}
