/* match_near.c - do the operands stand near each other?
 *
 * What near.h asks, over the positions of one entry: each operand's stretches
 * are gathered from its cursors, then all are held against the operator. */
#include "query/match_node.h"

#include <stdlib.h>

/* What is the same for all operands of an entry. */
typedef struct gathering {
    lede_match_nodes *nodes;
    const lede_match_node *near;
    uint32_t entry;
    uint32_t ends[LEDE_DEFAULT_FIELDS]; /* if places matter */
    const uint32_t *sections;           /* where each begins, if not by field */
    uint32_t section_count;
    bool by_field;
    bool failed; /* noted */
} gathering;

bool lede_match_near_open(lede_match_nodes *nodes, lede_match_node *node)
{
    lede_matching *matching = nodes->matching;
    lede_term *term;
    lede_status status;

    if (!lede_near_by_paragraph(&node->near)) {
        return true;
    }
    term = lede_matching_get(matching, 1, sizeof *term);
    node->sections = lede_matching_get(matching, 1, sizeof *node->sections);
    if (term == NULL || node->sections == NULL) {
        return false;
    }
    status = lede_segment_find_term(matching->segment,
                                    lede_span_text(LEDE_TERM_SECTIONS), term,
                                    matching->err);
    if (status == LEDE_NOT_FOUND && node->near.how == LEDE_NEAR_SLOP) {
        node->sections = NULL; /* an older archive: fields are the best there is
                                */
        return true;
    }
    if (status == LEDE_NOT_FOUND &&
        lede_segment_total_length(matching->segment) > 0) {
        lede_matching_fail(matching, LEDE_BAD_INPUT,
                           "SAME wants to know where paragraphs begin, which "
                           "this archive does not: index it anew");
        return false;
    }
    if (status == LEDE_NOT_FOUND) { /* no entry has words */
        node->type = LEDE_NODE_NONE;
        node->cost = 0;
        return true;
    }
    if (status != LEDE_OK) {
        if (matching->status == LEDE_OK) {
            matching->status = status;
        }
        return false;
    }
    lede_match_list_init(&node->sections->list, matching, &term->postings);
    return true;
}

/* The field of a position, or its paragraph. */
static uint32_t place_of(const gathering *g, uint8_t field, uint32_t position)
{
    uint32_t place = 0, high = g->section_count;

    if (g->by_field && field != 0) {
        return field;
    }
    while (g->by_field && place + 1 < LEDE_DEFAULT_FIELDS &&
           position >= g->ends[place]) {
        place++;
    }
    while (!g->by_field && place < high) {
        uint32_t middle = place + (high - place) / 2;

        if (g->sections[middle] <= position) {
            place = middle + 1;
        } else {
            high = middle;
        }
    }
    return place;
}

static void put_word(gathering *g, lede_match_word *word, uint32_t operand,
                     lede_stretches *out)
{
    for (uint32_t i = 0; i < word->cursor_count; i++) {
        lede_match_cursor *cursor = &word->cursors[i];
        uint32_t count;

        if (lede_match_list_seek(&cursor->list, g->entry) != g->entry) {
            continue;
        }
        if (!lede_match_cursor_read(g->nodes, cursor, UINT32_MAX, &count)) {
            g->failed = true;
            return;
        }
        for (uint32_t j = 0; j < count; j++) {
            lede_stretch stretch = {.begin = cursor->reader.positions[j],
                                    .operand = operand};

            if (!lede_match_occurrence_counts(g->nodes->matching, cursor, j)) {
                continue;
            }
            stretch.end =
                stretch.begin + (cursor->widths == NULL
                                     ? 1u
                                     : cursor->widths[cursor->reader.forms[j]]);
            stretch.place = place_of(g, cursor->field, stretch.begin);
            lede_stretches_put(out, &stretch);
        }
    }
}

static int by_end(const void *left, const void *right)
{
    const lede_stretch *a = left;
    const lede_stretch *b = right;

    if (a->end != b->end) {
        return a->end < b->end ? -1 : 1;
    }
    return (a->begin > b->begin) - (a->begin < b->begin);
}

static void drop_doubles(lede_stretches *sorted)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < sorted->count; i++) {
        if (kept == 0 ||
            sorted->items[kept - 1].begin != sorted->items[i].begin ||
            sorted->items[kept - 1].end != sorted->items[i].end) {
            sorted->items[kept] = sorted->items[i];
            kept++;
        }
    }
    sorted->count = kept;
}

/* Puts what reaches from a stretch of `before` over one of `words`, which
 * begins where that ends. */
static void extend(lede_stretches *before, lede_stretches *words,
                   lede_stretches *out)
{
    uint32_t from = 0;

    qsort(before->items, before->count, sizeof *before->items, by_end);
    lede_stretches_sort(words->items, words->count);
    drop_doubles(before);
    drop_doubles(words);
    for (uint32_t i = 0; i < words->count; i++) {
        while (from < before->count &&
               before->items[from].end < words->items[i].begin) {
            from++;
        }
        for (uint32_t j = from;
             j < before->count && before->items[j].end == words->items[i].begin;
             j++) {
            lede_stretch whole = before->items[j];

            whole.end = words->items[i].end;
            lede_stretches_put(out, &whole);
        }
    }
}

static void swap(lede_stretches *a, lede_stretches *b)
{
    lede_stretches kept = *a;

    *a = *b;
    *b = kept;
}

static void put_phrase(gathering *g, lede_match_node *node, uint32_t operand)
{
    lede_stretches *before = &g->nodes->phrases;
    lede_stretches *words = &g->nodes->more;
    lede_stretches *out = &g->nodes->stretches;

    before->count = 0;
    if (node->word_count > 0) {
        put_word(g, &node->words[0], operand, before);
    }
    for (uint32_t i = 1; i < node->word_count && before->count > 0; i++) {
        lede_stretches next = {0};

        words->count = 0;
        put_word(g, &node->words[i], operand, words);
        if (words->count > 0) {
            extend(before, words, &next);
        }
        g->failed = g->failed || next.failed;
        swap(before, &next);
        lede_stretches_done(&next);
    }
    for (uint32_t i = 0; i < before->count && !g->failed; i++) {
        lede_stretches_put(out, &before->items[i]);
    }
}

static void put_operand(gathering *g, lede_match_node *node, uint32_t operand)
{
    switch (node->type) {
    case LEDE_NODE_WORD:
        put_word(g, &node->words[0], operand, &g->nodes->stretches);
        break;
    case LEDE_NODE_PHRASE:
        put_phrase(g, node, operand);
        break;
    default:
        for (uint32_t i = 0; i < node->child_count && !g->failed; i++) {
            put_operand(g, node->children[i], operand);
        }
        break;
    }
}

/* Reads where fields or paragraphs begin, if that matters. */
static bool read_places(gathering *g)
{
    lede_match_cursor *sections = g->near->sections;
    lede_near near = g->near->near;

    g->by_field = sections == NULL;
    if (!g->by_field) {
        if (lede_match_list_seek(&sections->list, g->entry) != g->entry ||
            !lede_match_cursor_read(g->nodes, sections, UINT32_MAX,
                                    &g->section_count)) {
            return false;
        }
        g->sections = sections->reader.positions;
        return true;
    }
    for (unsigned i = 0; i < LEDE_DEFAULT_FIELDS; i++) {
        g->ends[i] = UINT32_MAX;
        if (lede_near_needs_places(&near)) {
            lede_column_id id =
                (lede_column_id)((unsigned)LEDE_COLUMN_END_HEADLINE + i);

            g->ends[i] = (uint32_t)lede_matching_column(g->nodes->matching, id,
                                                        g->entry);
        }
    }
    return true;
}

bool lede_match_near_at(lede_match_nodes *nodes, lede_match_node *node,
                        uint32_t entry)
{
    gathering g = {.nodes = nodes, .near = node, .entry = entry};
    lede_stretches *all = &nodes->stretches;
    lede_near near = node->near;
    bool holds;

    near.operands = node->child_count;
    all->count = 0;
    if (!read_places(&g)) {
        return false;
    }
    for (uint32_t i = 0; i < node->child_count && !g.failed; i++) {
        uint32_t before = all->count;

        put_operand(&g, node->children[i], i);
        if (all->count == before) {
            return false;
        }
    }
    holds = !g.failed && lede_stretches_hold(all, &near);
    if (all->failed || nodes->phrases.failed || nodes->more.failed) {
        lede_matching_fail(nodes->matching, LEDE_NO_MEMORY,
                           "out of memory while matching");
        return false;
    }
    return holds;
}
