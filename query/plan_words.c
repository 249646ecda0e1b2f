#include "query/plan_names.h"

#include "query/expand.h"
#include "query/lex.h"
#include "query/plan_languages.h"
#include "query/signs.h"

/* The part of the boost that the spelling has by which a compound does not
 * score: enough for entries that have no other to be worth something. */
static const double aside_boost = 0.25;

enum { MAX_CHOICES = 3 }; /* compounds in a run with all their spellings */

void *lede_plan_array(lede_planner *planner, size_t count, size_t bytes)
{
    void *items = lede_arena_array(planner->arena, count, bytes);

    if (items == NULL) {
        planner->no_memory = true;
    }
    return items;
}

lede_node *lede_plan_node(lede_planner *planner, lede_node_type type)
{
    lede_node *node = lede_plan_array(planner, 1, sizeof *node);

    if (node != NULL) {
        node->type = type;
        node->constraint.fields = LEDE_ALL_FIELDS;
        planner->size++;
    }
    return node;
}

lede_node *lede_plan_near(lede_planner *planner, lede_near_how how,
                          uint32_t distance, uint32_t cap)
{
    lede_node *node = lede_plan_node(planner, LEDE_NODE_NEAR);

    if (node == NULL) {
        return NULL;
    }
    node->near.how = how;
    node->near.distance = distance;
    node->children = lede_plan_array(planner, cap + 1u, sizeof(lede_node *));
    return node->children == NULL ? NULL : node;
}

void lede_plan_drop(lede_planner *planner, const lede_node *node)
{
    uint32_t i;

    planner->size -= 1 + node->slot_count;
    for (i = 0; i < node->child_count; i++) {
        lede_plan_drop(planner, node->children[i]);
    }
}

void lede_plan_tell_full(lede_planner *planner, size_t column)
{
    if (!planner->is_full) {
        lede_notes_put(planner->notes, planner->arena, column,
                       "too many words: from here on they are left out");
    }
    planner->is_full = true;
}

/* --- Leaves -----------------------------------------------------------------
 */

lede_span lede_plan_join_term(lede_planner *planner, const char *prefix,
                              lede_span word)
{
    size_t prefix_len = strlen(prefix);
    uint8_t *bytes = lede_plan_array(planner, prefix_len + word.len + 1, 1);

    if (bytes == NULL) {
        return lede_span_of(NULL, 0);
    }
    memcpy(bytes, prefix, prefix_len);
    if (word.len > 0) {
        memcpy(bytes + prefix_len, word.bytes, word.len);
    }
    return lede_span_of(bytes, prefix_len + word.len);
}

/* Puts a term into its place in a sorted list, unless it is there. */
static void add_term(lede_span *terms, uint32_t *count, lede_span term)
{
    uint32_t at = *count;
    uint32_t i;

    for (i = 0; i < *count; i++) {
        if (lede_span_equal(terms[i], term)) {
            return;
        }
    }
    while (at > 0 && lede_span_compare(terms[at - 1], term) > 0) {
        terms[at] = terms[at - 1];
        at--;
    }
    terms[at] = term;
    (*count)++;
}

/* The dictionary's terms for a word: its stem in each language. */
static void make_terms(lede_planner *planner, lede_leaf *leaf,
                       const char *prefix)
{
    uint32_t languages = planner->source->languages;
    unsigned language;

    if (languages == 0) {
        languages = 1u << LEDE_LANGUAGE_NONE;
    }
    leaf->terms =
        lede_plan_array(planner, LEDE_LANGUAGE_COUNT, sizeof *leaf->terms);
    if (leaf->terms != NULL &&
        lede_span_starts(lede_span_text(prefix), LEDE_TERM_NAMES)) {
        leaf->terms[leaf->term_count++] =
            lede_plan_join_term(planner, prefix, leaf->word);
        return;
    }
    for (language = 0; leaf->terms != NULL && language < LEDE_LANGUAGE_COUNT;
         language++) {
        lede_span stem;

        if ((languages >> language & 1) == 0) {
            continue;
        }
        stem = lede_analyzer_stem(planner->analyzer, (lede_language)language,
                                  leaf->word);
        stem = lede_plan_join_term(planner, prefix, stem);
        if (stem.len == strlen(prefix)) {
            planner->no_memory = true;
            return;
        }
        add_term(leaf->terms, &leaf->term_count, stem);
    }
    leaf->is_whole = prefix[0] == 0 && planner->source->languages != 0;
}

static lede_leaf *new_leaf(lede_planner *planner)
{
    if (planner->leaf_count == planner->leaf_cap) {
        uint32_t cap = planner->leaf_cap == 0 ? 8 : planner->leaf_cap * 2;
        lede_leaf *leaves = lede_plan_array(planner, cap, sizeof *leaves);
        lede_planned_leaf *planned =
            lede_plan_array(planner, cap, sizeof *planned);

        if (leaves == NULL || planned == NULL) {
            return NULL;
        }
        if (planner->leaf_count > 0) {
            memcpy(leaves, planner->leaves,
                   planner->leaf_count * sizeof *leaves);
            memcpy(planned, planner->planned,
                   planner->leaf_count * sizeof *planned);
        }
        planner->leaves = leaves;
        planner->planned = planned;
        planner->leaf_cap = cap;
    }
    return &planner->leaves[planner->leaf_count++];
}

static bool has_prefix(const lede_leaf *leaf, const char *prefix)
{
    size_t len = strlen(prefix);
    lede_span term = leaf->term_count > 0 ? leaf->terms[0] : leaf->word;
    bool is_plain =
        term.len > 0 && !(term.bytes[0] >= 'A' && term.bytes[0] <= 'Z');

    if (len == 0 || is_plain) {
        return len == 0 && is_plain;
    }
    /* Behind the prefix a word begins, which no capital does. */
    return lede_span_starts(term, prefix) && term.len > len &&
           !(term.bytes[len] >= 'A' && term.bytes[len] <= 'Z');
}

typedef struct typed_word {
    const lede_pattern *pattern; /* NULL: just this word */
    lede_span word, typed;
    lede_case letter_case;
    uint8_t width;
    size_t begin, end; /* in the run's text */
} typed_word;

/* Whether the words at hand only stand in for a name. */
static bool planner_is_weak(const lede_planner *planner)
{
    return planner->name_space != NULL && planner->name_space[0] == 0 &&
           !planner->is_only_text;
}

/* Other names of what was asked for are not in the query: they stand where that
 * does. */
static uint32_t column_of(const lede_planner *planner, lede_span typed)
{
    return planner->name_space != NULL
               ? planner->name_column
               : (uint32_t)(typed.bytes - planner->query.bytes);
}

static double boost_of(const lede_planner *planner)
{
    return planner->is_aside ? aside_boost * planner->boost : planner->boost;
}

/* A word of two other names has the smaller worth. */
static void join_alias(const lede_planner *planner, lede_leaf *leaf,
                       double *boost)
{
    if (leaf->is_alias && planner->is_alias && planner->worth > 0 &&
        planner->worth < leaf->worth) {
        *boost = leaf->boost *= planner->worth / leaf->worth;
        leaf->worth = planner->worth;
    }
    leaf->is_alias = leaf->is_alias && planner->is_alias;
}

/* The leaf of a word in a field; a word asked for twice is one leaf, with the
 * larger boost. */
static uint32_t word_leaf(lede_planner *planner, const typed_word *word,
                          const char *prefix, bool scores)
{
    lede_leaf *leaf;
    uint32_t i;

    for (i = 0; i < planner->leaf_count; i++) {
        leaf = &planner->leaves[i];
        if (lede_span_equal(leaf->word, word->word) && !leaf->is_part &&
            has_prefix(leaf, prefix)) {
            if (leaf->is_weak && scores && planner->name_space == NULL) {
                leaf->is_weak = false;
                leaf->boost = planner->planned[i].boost = boost_of(planner);
            } else if (scores && !planner_is_weak(planner) &&
                       !(leaf->is_alias && planner->worth > 0) &&
                       (!leaf->scores || leaf->boost < boost_of(planner))) {
                leaf->boost = planner->planned[i].boost = boost_of(planner);
            }
            leaf->is_aside =
                scores ? planner->is_aside && (!leaf->scores || leaf->is_aside)
                       : leaf->is_aside;
            leaf->scores = leaf->scores || scores;
            join_alias(planner, leaf, &planner->planned[i].boost);
            return i;
        }
    }
    leaf = new_leaf(planner);
    if (leaf == NULL) {
        return 0;
    }
    leaf->typed = word->typed;
    leaf->column = column_of(planner, word->typed);
    leaf->word = word->word;
    leaf->scores = scores;
    leaf->is_weak = planner_is_weak(planner);
    leaf->is_alias = planner->is_alias;
    leaf->worth = planner->is_alias ? planner->worth : 0;
    leaf->is_aside = scores && planner->is_aside;
    leaf->boost = planner->planned[i].boost =
        leaf->is_weak ? LEDE_WEAK_BOOST * planner->boost : boost_of(planner);
    if (word->pattern != NULL) {
        lede_expand(planner, leaf, word->pattern, prefix);
    } else {
        make_terms(planner, leaf, prefix);
    }
    return i;
}

uint32_t lede_plan_put_leaf(lede_planner *planner, const lede_leaf *leaf)
{
    lede_leaf *made = new_leaf(planner);

    if (made == NULL) {
        return 0;
    }
    *made = *leaf;
    planner->planned[planner->leaf_count - 1] =
        (lede_planned_leaf){.boost = leaf->boost};
    return planner->leaf_count - 1;
}

void lede_plan_forget_leaves(lede_planner *planner, uint32_t first)
{
    while (planner->leaf_count > first) {
        planner->leaf_count--;
        planner->leaves[planner->leaf_count] = (lede_leaf){0};
        planner->planned[planner->leaf_count] = (lede_planned_leaf){0};
    }
}

uint32_t lede_plan_exact_leaf(lede_planner *planner, uint32_t cap,
                              uint32_t column)
{
    lede_leaf *leaf = new_leaf(planner);

    if (leaf == NULL) {
        return 0;
    }
    leaf->typed = lede_span_part(planner->query, column, 0);
    leaf->column = column;
    leaf->boost = 1;
    leaf->terms = lede_plan_array(planner, cap, sizeof *leaf->terms);
    return planner->leaf_count - 1;
}

void lede_plan_put_value(lede_planner *planner, uint32_t leaf,
                         const char *prefix, const char *value)
{
    lede_leaf *of;

    if (planner->no_memory) {
        return;
    }
    of = &planner->leaves[leaf];
    of->terms[of->term_count++] =
        lede_plan_join_term(planner, prefix, lede_span_text(value));
    of->word = of->terms[0];
}

void lede_plan_add_value(lede_planner *planner, uint32_t leaf,
                         const char *prefix, const char *value)
{
    if (!planner->no_memory) {
        lede_leaf *of = &planner->leaves[leaf];

        add_term(of->terms, &of->term_count,
                 lede_plan_join_term(planner, prefix, lede_span_text(value)));
        of->word = of->terms[0];
    }
}

static bool same_terms(const lede_leaf *a, const lede_leaf *b)
{
    uint32_t i;

    for (i = 0; i < a->term_count && i < b->term_count; i++) {
        if (!lede_span_equal(a->terms[i], b->terms[i])) {
            return false;
        }
    }
    return a->term_count == b->term_count;
}

uint32_t lede_plan_settle_leaf(lede_planner *planner)
{
    uint32_t newest = planner->leaf_count - 1;
    uint32_t i;

    /* Prefixes keep apart what is a value and what is a word. */
    for (i = 0; i < newest; i++) {
        if (same_terms(&planner->leaves[i], &planner->leaves[newest])) {
            planner->leaves[newest] = (lede_leaf){0}; /* for the next */
            planner->leaf_count--;
            return i;
        }
    }
    return newest;
}

/* --- Runs -------------------------------------------------------------------
 */

/* One word of a run, or a compound: its joined form and its parts. */
typedef struct unit {
    const typed_word *joined; /* NULL: a plain word, its only part */
    const typed_word *parts;
    uint32_t part_count;
    bool by_parts; /* the archive mostly writes it apart: parts score */
    uint32_t gap;  /* words that stand before it, whatever they are */
} unit;

typedef struct run {
    const lede_ast *ast;
    const char *prefix;
    bool negated;
    unit *units;
    uint32_t unit_count;
    uint32_t compounds;
} run;

/* In how many entries a leaf is, at least. */
static uint64_t leaf_entries(lede_planner *planner, uint32_t leaf)
{
    const lede_leaf *of = &planner->leaves[leaf];
    uint64_t *known = &planner->planned[leaf].entry_count;
    uint64_t most = 0;
    uint32_t i;

    if (*known > 0) {
        return *known - 1;
    }
    for (i = 0; i < of->term_count; i++) {
        uint64_t count =
            planner->source->entry_count(planner->source->ctx, of->terms[i]);

        most = count > most ? count : most;
    }
    *known = most + 1;
    return most;
}

/* Whether a folded word is of a script that has capitals, as far as names go:
 * Latin, Greek, Cyrillic. */
static bool has_case(lede_span word)
{
    uint8_t first = word.bytes[0];

    return (first >= 'a' && first <= 'z') || (first >= 0xC3 && first <= 0xD1);
}

/* A name in the text: not among those who wrote it; and one word alone begins
 * with a capital. */
static void limit_name(const run *r, const typed_word *word,
                       lede_constraint *constraint)
{
    constraint->fields = LEDE_ALL_FIELDS & ~(1u << LEDE_FIELD_AUTHOR);
    if (r->unit_count == 1 && constraint->case_least == LEDE_CASE_LOWER &&
        has_case(word->word)) {
        constraint->case_least = LEDE_CASE_CAPITAL;
    }
}

static lede_slot make_slot(lede_planner *planner, const run *r,
                           const typed_word *word, bool is_aside)
{
    lede_slot slot = {0};
    bool is_phrase = r->ast->type == LEDE_AST_PHRASE;

    planner->is_aside = is_aside;
    slot.leaf = word_leaf(planner, word, r->prefix, !r->negated);
    planner->is_aside = false;
    slot.constraint.exact =
        is_phrase || r->ast->is_exact || word->pattern != NULL;
    slot.constraint.case_least =
        r->ast->is_exact ? word->letter_case : LEDE_CASE_LOWER;
    slot.constraint.fields = LEDE_ALL_FIELDS;
    if (planner->name_space != NULL && planner->name_space[0] != 0) {
        slot.constraint.exact = false; /* terms of names are no stems */
    }
    if (planner->name_space != NULL && planner->name_space[0] == 0) {
        limit_name(r, word, &slot.constraint);
    }
    if (r->ast->field >= 0 && r->ast->field < LEDE_DEFAULT_FIELDS) {
        slot.constraint.fields = (uint8_t)(1u << r->ast->field);
    }
    return slot;
}

/* One spelling of the run: bit i of `split` says that compound i is asked for
 * by its parts. */
static lede_node *make_spelling(lede_planner *planner, const run *r,
                                uint32_t split, uint32_t slot_cap)
{
    lede_node *node = lede_plan_node(planner, LEDE_NODE_PHRASE);
    uint32_t first_new = planner->leaf_count;
    uint32_t compound = 0;
    uint32_t i;
    uint32_t j;

    if (node == NULL) {
        return NULL;
    }
    node->slots = lede_plan_array(planner, slot_cap, sizeof *node->slots);
    for (i = 0; node->slots != NULL && i < r->unit_count; i++) {
        const unit *u = &r->units[i];
        bool is_compound = u->joined != NULL;

        if (is_compound && (split >> (compound % 32) & 1) == 0) {
            node->slots[node->slot_count++] =
                make_slot(planner, r, u->joined, u->by_parts);
        }
        for (j = 0; j < u->part_count &&
                    (!is_compound || (split >> (compound % 32) & 1) != 0);
             j++) {
            node->slots[node->slot_count++] = make_slot(
                planner, r, &u->parts[j], is_compound && !u->by_parts);
        }
        compound += is_compound;
    }
    if (node->slot_count == 1) {
        node->type = LEDE_NODE_WORD;
        node->leaf = node->slots[0].leaf;
        node->constraint = node->slots[0].constraint;
        node->slot_count = 0;
        return r->ast->type == LEDE_AST_WORD && r->compounds == 0
                   ? lede_plan_by_language(planner, node, first_new)
                   : node;
    }
    planner->size += node->slot_count;
    return node;
}

static bool scores_by_parts(lede_planner *planner, const run *r, const unit *u)
{
    uint32_t leaf = word_leaf(planner, u->joined, r->prefix, false);
    uint64_t rarest = UINT64_MAX;
    uint64_t joined;
    uint32_t i;

    if (planner->no_memory || planner->source->entry_count == NULL) {
        return false;
    }
    joined = leaf_entries(planner, leaf);
    for (i = 0; i < u->part_count; i++) {
        uint64_t count;

        leaf = word_leaf(planner, &u->parts[i], r->prefix, false);
        if (planner->no_memory) {
            return false;
        }
        count = leaf_entries(planner, leaf);
        rarest = count < rarest ? count : rarest;
    }
    return rarest > 2 * joined;
}

static void look_up_compounds(lede_planner *planner, run *r)
{
    uint32_t i;

    for (i = 0; i < r->unit_count && !planner->no_memory; i++) {
        if (r->units[i].joined != NULL) {
            r->units[i].by_parts = scores_by_parts(planner, r, &r->units[i]);
        }
    }
}

/* All spellings of the run; beyond MAX_CHOICES compounds only the two that
 * have all joined or all in parts. */
static lede_node *make_run(lede_planner *planner, run *r, uint32_t slot_cap)
{
    uint32_t spellings = r->compounds > MAX_CHOICES ? 2 : 1u << r->compounds;
    lede_node *group;
    uint32_t i;

    look_up_compounds(planner, r);
    if (spellings == 1) {
        return make_spelling(planner, r, 0, slot_cap);
    }
    group = lede_plan_node(planner, LEDE_NODE_GROUP);
    if (group == NULL) {
        return NULL;
    }
    group->children =
        lede_plan_array(planner, spellings, sizeof *group->children);
    group->need = 1;
    for (i = 0; group->children != NULL && i < spellings; i++) {
        uint32_t split = r->compounds > MAX_CHOICES && i == 1 ? UINT32_MAX : i;

        group->children[group->child_count++] =
            make_spelling(planner, r, split, slot_cap);
    }
    return group;
}

/* A phrase with room between its words: each, or its compound, is an operand.
 */
static lede_node *make_loose(lede_planner *planner, run *r, uint32_t slot_cap)
{
    lede_node *near = lede_plan_near(planner, LEDE_NEAR_SLOP, r->ast->distance,
                                     r->unit_count);
    uint32_t i;

    for (i = 0; near != NULL && i < r->unit_count && !planner->no_memory; i++) {
        run one = *r;

        one.units = &r->units[i];
        one.unit_count = 1;
        one.compounds = r->units[i].joined != NULL;
        near->children[near->child_count++] = make_run(planner, &one, slot_cap);
    }
    return planner->no_memory ? NULL : near;
}

/* A phrase with words in it that are not said: what stands between these is an
 * operand. */
static lede_node *make_gapped(lede_planner *planner, run *r, uint32_t slot_cap)
{
    lede_node *near =
        lede_plan_near(planner, LEDE_NEAR_GAP, 0, LEDE_NEAR_MAX_OPERANDS);
    uint32_t begin = 0;

    while (near != NULL && begin < r->unit_count && !planner->no_memory) {
        run one = *r;
        uint32_t end = begin + 1;

        one.compounds = r->units[begin].joined != NULL;
        for (; end < r->unit_count && r->units[end].gap == 0; end++) {
            one.compounds += r->units[end].joined != NULL;
        }
        one.units = &r->units[begin];
        one.unit_count = end - begin;
        if (begin > 0) {
            near->near.gaps |= r->units[begin].gap
                               << (4 * (near->child_count - 1));
        }
        near->children[near->child_count++] = make_run(planner, &one, slot_cap);
        begin = end;
    }
    return planner->no_memory ? NULL : near;
}

static bool has_gaps(const run *r)
{
    for (uint32_t i = 1; i < r->unit_count; i++) {
        if (r->units[i].gap > 0) {
            return true;
        }
    }
    return false;
}

/* True if the bytes between two words of a text without blanks leave them one
 * run: AC/DC, a.b, jo@example.org. */
static bool is_glue(lede_span text, size_t begin, size_t end)
{
    while (begin < end) {
        if (strchr("/.:@\\+#-'`_&=?%~*^|$", text.bytes[begin]) == NULL &&
            text.bytes[begin] < 0x80) {
            return false;
        }
        if (text.bytes[begin] >= 0x80 && text.bytes[begin] != 0xE2) {
            return false; /* but for U+2000 and its like: hyphens, marks */
        }
        begin += text.bytes[begin] == 0xE2 && end - begin >= 3 ? 3 : 1;
    }
    return true;
}

typedef struct reading {
    lede_planner *planner;
    const lede_ast *ast;
    typed_word *words;
    uint32_t count, cap;
    bool is_full;
} reading;

static bool has_room(reading *r, uint32_t need, size_t begin)
{
    if (need > r->cap - r->count) { /* a compound stays whole */
        lede_plan_tell_full(
            r->planner,
            (size_t)(r->ast->text.bytes - r->planner->query.bytes) + begin);
        r->is_full = true;
    }
    return !r->is_full;
}

/* Reads the words of a part of the text. */
static void read_tokens(reading *r, size_t begin, size_t end)
{
    lede_tokenizer tokenizer;
    lede_token token;

    lede_tokenizer_init(&tokenizer, r->planner->analyzer,
                        lede_span_part(r->ast->text, begin, end - begin));
    while (!r->planner->no_memory && lede_tokenizer_next(&tokenizer, &token)) {
        uint32_t need = token.width > 1 ? token.width + 1u : 1u;
        typed_word *word = &r->words[r->count];

        if (!has_room(r, need, begin + token.begin)) {
            return;
        }
        word->word = lede_arena_copy(r->planner->arena, token.word);
        word->begin = begin + token.begin;
        word->end = begin + token.end;
        word->typed =
            lede_span_part(r->ast->text, word->begin, word->end - word->begin);
        word->letter_case = token.letter_case;
        word->width = token.width;
        if (word->word.bytes == NULL) {
            r->planner->no_memory = true;
            return;
        }
        r->count++;
    }
}

/* Reads a part as one pattern; false if it is none. */
static bool read_pattern(reading *r, size_t begin, size_t end)
{
    lede_span text = lede_span_part(r->ast->text, begin, end - begin);
    lede_pattern *pattern = NULL;

    if (!lede_pattern_make(text, r->ast->edits, r->planner->analyzer,
                           r->planner->arena, &pattern)) {
        r->planner->no_memory = true;
    }
    if (pattern == NULL || !has_room(r, 1, begin)) {
        return pattern != NULL;
    }
    r->words[r->count] = (typed_word){.pattern = pattern,
                                      .word = pattern->name,
                                      .typed = text,
                                      .letter_case = pattern->letter_case,
                                      .width = 1,
                                      .begin = begin,
                                      .end = end};
    r->count++;
    return true;
}

/* Between the blanks of a phrase words with wildcards may stand. */
static void read_phrase(reading *r)
{
    lede_span text = r->ast->text;
    size_t done = 0, begin = 0, at = 0;
    bool has_wildcard = false;

    for (; at <= text.len && !r->is_full && !r->planner->no_memory; at++) {
        size_t blank = at < text.len ? lede_lex_blank(text, at) : 1;

        if (blank == 0) {
            has_wildcard = has_wildcard || lede_sign_is_wildcard(text, at);
            continue;
        }
        if (has_wildcard && begin < at) {
            lede_pattern *pattern = NULL;

            if (!lede_pattern_make(lede_span_part(text, begin, at - begin), 0,
                                   r->planner->analyzer, r->planner->arena,
                                   &pattern)) {
                r->planner->no_memory = true;
            }
            if (pattern != NULL) {
                read_tokens(r, done, begin);
                read_pattern(r, begin, at);
                done = at;
            }
        }
        begin = at + blank;
        at = begin - 1;
        has_wildcard = false;
    }
    read_tokens(r, done, text.len);
}

/* Reads the words of a text; at most `cap`. */
static uint32_t read_words(lede_planner *planner, const lede_ast *ast,
                           typed_word *words, uint32_t cap)
{
    reading r = {planner, ast, words, 0, cap, false};

    if (ast->type == LEDE_AST_PHRASE) {
        read_phrase(&r);
    } else if ((!ast->is_pattern && ast->edits == 0) ||
               !read_pattern(&r, 0, ast->text.len)) {
        read_tokens(&r, 0, ast->text.len);
    }
    return planner->no_memory ? 0 : r.count;
}

/* The folded words of a run between blanks. */
static lede_span run_key(lede_planner *planner, const typed_word *words,
                         uint32_t count)
{
    size_t len = 0;
    uint8_t *bytes;
    uint32_t i;

    for (i = 0; i < count; i++) {
        len += words[i].word.len + 1;
    }
    bytes = lede_plan_array(planner, len, 1);
    if (bytes == NULL) {
        return lede_span_of(NULL, 0);
    }
    for (len = 0, i = 0; i < count; i++) {
        memcpy(bytes + len, words[i].word.bytes, words[i].word.len);
        len += words[i].word.len;
        bytes[len++] = ' ';
    }
    return lede_span_of(bytes, len);
}

static uint32_t count_stars(lede_span text, size_t begin, size_t end)
{
    uint32_t count = 0;

    for (size_t at = begin; at < end; at++) {
        count += lede_lex_is_lone_star(text, at);
    }
    return count;
}

/* Takes the words of one run off the front; returns how many there are. */
static uint32_t gather_run(lede_planner *planner, run *r,
                           const typed_word *words, uint32_t count)
{
    bool is_word = r->ast->type == LEDE_AST_WORD;
    uint32_t at = 0;

    r->units = lede_plan_array(planner, count, sizeof *r->units);
    if (r->units == NULL) {
        return count;
    }
    while (at < count) {
        const typed_word *word = &words[at];
        unit *u = &r->units[r->unit_count];

        if (is_word && at > 0 &&
            !is_glue(r->ast->text, words[at - 1].end, word->begin)) {
            break;
        }
        if (r->ast->gaps > 0 && at > 0 && planner->name_space == NULL) {
            u->gap = count_stars(r->ast->text, words[at - 1].end, word->begin);
        }
        if (word->width > 1 && at + word->width < count) {
            u->joined = word;
            u->parts = word + 1;
            u->part_count = word->width;
            r->compounds++;
            at += 1u + word->width;
        } else {
            u->parts = word;
            u->part_count = 1;
            at++;
        }
        r->unit_count++;
    }
    return at;
}

static lede_plan_run finish_run(lede_planner *planner, run *r,
                                const typed_word *words, uint32_t count)
{
    lede_plan_run out = {0};
    const typed_word *last = &words[count - 1];

    out.typed = lede_span_part(r->ast->text, words[0].begin,
                               last->end - words[0].begin);
    out.key = run_key(planner, words, count);
    out.node = has_gaps(r) ? make_gapped(planner, r, count)
               : r->ast->distance > 0 && r->unit_count > 1
                   ? make_loose(planner, r, count)
                   : make_run(planner, r, count);
    return out;
}

lede_plan_runs lede_plan_text(lede_planner *planner, const lede_ast *ast,
                              bool negated)
{
    lede_plan_runs out = {0};
    double boost = planner->boost;
    uint32_t room = LEDE_TREE_MAX_LEAVES - planner->leaf_count;
    typed_word *words;
    uint32_t count = 0;
    uint32_t at = 0;

    /* A compound of n bytes has fewer words than bytes, joined form and all. */
    if (ast->text.len < room) {
        room = (uint32_t)ast->text.len;
    }
    words = lede_plan_array(planner, room + 1, sizeof *words);
    if (words != NULL) {
        count = read_words(planner, ast, words, room);
    }
    out.items = lede_plan_array(planner, count + 1, sizeof *out.items);
    lede_plan_boost(planner, ast->boost);
    while (at < count && out.items != NULL && !planner->no_memory) {
        run r = {0};
        uint32_t taken;

        r.ast = ast;
        r.negated = negated;
        r.prefix = planner->name_space != NULL ? planner->name_space
                   : ast->field == LEDE_AST_ANY_FIELD
                       ? ""
                       : lede_field_prefix((lede_field)ast->field);
        taken = gather_run(planner, &r, words + at, count - at);
        if (planner->no_memory) {
            break;
        }
        out.items[out.count++] = finish_run(planner, &r, words + at, taken);
        at += taken;
    }
    planner->boost = boost;
    return out;
}
