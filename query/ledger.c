#include "query/ledger.h"

#include "query/plan_names.h"
#include "query/results.h"

static const char *const names[LEDE_MATCHED_COUNT] = {
    [LEDE_MATCHED_ANY] = "any",     [LEDE_MATCHED_EXACT] = "exact",
    [LEDE_MATCHED_STEM] = "stem",   [LEDE_MATCHED_ALIAS] = "alias",
    [LEDE_MATCHED_FUZZY] = "fuzzy",
};

const char *lede_matched_name(lede_matched matched)
{
    return names[matched];
}

bool lede_matched_parse(lede_span name, lede_matched *out)
{
    for (int i = 0; i < LEDE_MATCHED_COUNT; i++) {
        if (lede_span_is(name, names[i])) {
            *out = (lede_matched)i;
            return true;
        }
    }
    return false;
}

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "no memory for the query");
}

/* --- Fuzzy words ------------------------------------------------------------
 */

/* The word of a fuzzy leaf as typed ("storm" of storm~1); empty if it is none.
 */
static lede_span typed_word(const lede_leaf *leaf)
{
    lede_span word = leaf->word;

    if (leaf->forms == NULL || word.len < 3 ||
        word.bytes[word.len - 2] != '~') {
        return lede_span_of(NULL, 0);
    }
    return lede_span_part(word, 0, word.len - 2);
}

lede_status lede_ledger_prepare(lede_plan *plan, lede_arena *arena,
                                lede_error *err)
{
    uint32_t count = plan->tree.leaf_count;
    uint32_t fuzzy = 0;
    lede_leaf *leaves;

    plan->typed_leaves = NULL;
    for (uint32_t i = 0; i < count; i++) {
        fuzzy += typed_word(&plan->tree.leaves[i]).len > 0;
    }
    if (fuzzy == 0 || count + fuzzy > LEDE_TREE_MAX_LEAVES) {
        return LEDE_OK;
    }
    /* (Learning words may add leaves behind these, of which none is fuzzy.) */
    leaves = lede_arena_array(arena, LEDE_TREE_MAX_LEAVES + 1, sizeof *leaves);
    plan->typed_leaves = lede_arena_array(arena, LEDE_TREE_MAX_LEAVES + 1,
                                          sizeof *plan->typed_leaves);
    if (leaves == NULL || plan->typed_leaves == NULL) {
        return no_memory(err);
    }
    memcpy(leaves, plan->tree.leaves, count * sizeof *leaves);
    for (uint32_t i = 0; i < count; i++) {
        lede_leaf *made = &leaves[plan->tree.leaf_count];

        if (typed_word(&leaves[i]).len == 0) {
            continue;
        }
        *made = leaves[i];
        made->forms = lede_arena_get(arena, sizeof *made->forms);
        if (made->forms == NULL) {
            return no_memory(err);
        }
        made->forms[0] = typed_word(&leaves[i]);
        made->form_count = 1;
        made->scores = false;
        plan->typed_leaves[i] = plan->tree.leaf_count++;
    }
    plan->tree.leaves = leaves;
    return LEDE_OK;
}

/* --- Readings ---------------------------------------------------------------
 */

typedef struct reading {
    const lede_plan *plan;
    lede_matched level; /* the loosest that counts */
    bool is_recognized; /* names by their words in the text do not count */
    lede_arena *arena;
    bool changed, failed;
} reading;

/* Ids and whole names have no other forms. */
static bool is_id(const lede_leaf *leaf)
{
    static const char *const prefixes[] = {
        LEDE_TERM_PERSON_WHOLE, LEDE_TERM_PERSON_SHORT, LEDE_TERM_PLACE_ID,
        LEDE_TERM_PLACE_INSIDE, LEDE_TERM_PLACE_WHOLE,  LEDE_TERM_FROM_ID};

    for (unsigned i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (lede_span_starts(leaf->terms[0], prefixes[i])) {
            return true;
        }
    }
    return false;
}

static bool is_word(const lede_leaf *leaf)
{
    return leaf->word.len > 0 && leaf->term_count > 0 && !is_id(leaf);
}

/* Makes a word stricter; false if it cannot match at all. */
static bool tighten(reading *r, uint32_t *leaf, lede_constraint *constraint)
{
    const lede_leaf *at = &r->plan->tree.leaves[*leaf];

    if (at->is_alias) {
        r->changed = r->changed || r->level < LEDE_MATCHED_ALIAS;
        return r->level >= LEDE_MATCHED_ALIAS;
    }
    if (typed_word(at).len > 0 && r->level < LEDE_MATCHED_FUZZY) {
        r->changed = true;
        if (r->plan->typed_leaves == NULL) {
            return false;
        }
        *leaf = r->plan->typed_leaves[*leaf];
        constraint->exact = true;
        return true;
    }
    if (r->level < LEDE_MATCHED_STEM && !constraint->exact && is_word(at)) {
        r->changed = true;
        constraint->exact = true;
    }
    return true;
}

static lede_node *strict(reading *r, const lede_node *node);

static bool tighten_slots(reading *r, lede_node *made, const lede_node *node)
{
    made->slots =
        lede_arena_array(r->arena, node->slot_count + 1, sizeof *made->slots);
    if (made->slots == NULL) {
        r->failed = true;
        return true;
    }
    memcpy(made->slots, node->slots, node->slot_count * sizeof *made->slots);
    for (uint32_t i = 0; i < node->slot_count; i++) {
        if (!tighten(r, &made->slots[i].leaf, &made->slots[i].constraint)) {
            return false;
        }
    }
    return true;
}

static void tighten_children(reading *r, lede_node *made, const lede_node *node)
{
    made->children = lede_arena_array(r->arena, node->child_count + 1,
                                      sizeof *made->children);
    if (made->children == NULL) {
        r->failed = true;
        return;
    }
    made->child_count = 0;
    for (uint32_t i = 0; i < node->child_count && !r->failed; i++) {
        lede_node *child = strict(r, node->children[i]);

        /* Of a choice, as NEAR has them, what cannot match is none. */
        if (child != NULL &&
            (node->type != LEDE_NODE_GROUP || node->need != 1 ||
             child->type != LEDE_NODE_NONE)) {
            made->children[made->child_count++] = child;
        }
    }
}

/* Whether it finds a name that was not recognised. */
static bool is_text_alone(const reading *r, const lede_node *node)
{
    for (uint32_t i = 0; r->is_recognized && i < r->plan->named_count; i++) {
        const struct lede_plan_named *named = &r->plan->named[i];

        if (node == named->text && !named->is_near && !named->is_excluded) {
            return true;
        }
    }
    return false;
}

/* A copy of the node, read at the level. What is excluded stays as it is. */
static lede_node *strict(reading *r, const lede_node *node)
{
    lede_node *made = lede_arena_get(r->arena, sizeof *made);
    bool can_match = true;

    if (made == NULL) {
        r->failed = true;
        return NULL;
    }
    *made = *node;
    if (is_text_alone(r, node)) {
        r->changed = true;
        made->type = LEDE_NODE_NONE;
        return made;
    }
    switch (node->type) {
    case LEDE_NODE_WORD:
        can_match = tighten(r, &made->leaf, &made->constraint);
        break;
    case LEDE_NODE_PHRASE:
        can_match = tighten_slots(r, made, node);
        break;
    case LEDE_NODE_ENTRIES: /* corrections bring them to the name */
        can_match = r->level >= LEDE_MATCHED_ALIAS;
        r->changed = r->changed || !can_match;
        break;
    case LEDE_NODE_GROUP:
    case LEDE_NODE_NEAR:
        tighten_children(r, made, node);
        can_match = made->child_count > 0;
        for (uint32_t i = 0; i < made->child_count; i++) {
            can_match =
                can_match && (node->type == LEDE_NODE_GROUP ||
                              made->children[i]->type != LEDE_NODE_NONE);
        }
        break;
    default:
        break;
    }
    if (!can_match) {
        made->type = LEDE_NODE_NONE;
    }
    return made;
}

/* The root at a level; *changed: it is not as it was. */
static lede_status read_at(const lede_plan *plan, lede_matched level,
                           lede_arena *arena, lede_node **out, bool *changed,
                           lede_error *err)
{
    reading r = {.plan = plan, .level = level, .arena = arena};

    *out = strict(&r, plan->tree.root);
    *changed = r.changed;
    return r.failed ? no_memory(err) : LEDE_OK;
}

/* --- One class alone --------------------------------------------------------
 */

static lede_node *new_node(lede_arena *arena, lede_node_type type,
                           lede_node *first, lede_node *second)
{
    lede_node *made = lede_arena_get(arena, sizeof *made);
    lede_node **children = lede_arena_array(arena, 2, sizeof *children);

    if (made == NULL || children == NULL) {
        return NULL;
    }
    children[0] = first;
    children[1] = second;
    *made = (lede_node){.type = type,
                        .children = children,
                        .child_count = second == NULL ? 1 : 2};
    made->need = type == LEDE_NODE_GROUP ? made->child_count : 0;
    return made;
}

/* `wide` without `narrow`. */
static lede_node *difference(lede_node *wide, lede_node *narrow,
                             lede_arena *arena)
{
    lede_node *excluded = new_node(arena, LEDE_NODE_NOT, narrow, NULL);

    return excluded == NULL ? NULL
                            : new_node(arena, LEDE_NODE_GROUP, wide, excluded);
}

lede_status lede_ledger_filter(const lede_plan *plan, lede_matched matched,
                               lede_arena *arena, lede_node **out,
                               lede_error *err)
{
    lede_node *wide = plan->tree.root, *narrow = NULL;
    bool changed = false;
    lede_status status = LEDE_OK;

    if (matched == LEDE_MATCHED_ANY) {
        return LEDE_OK;
    }
    if (matched < LEDE_MATCHED_FUZZY) {
        status = read_at(plan, matched, arena, &wide, &changed, err);
    }
    if (status == LEDE_OK && matched > LEDE_MATCHED_EXACT) {
        status = read_at(plan, matched - 1, arena, &narrow, &changed, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    if (narrow != NULL) {
        wide = difference(wide, narrow, arena);
    }
    if (wide == NULL) {
        return no_memory(err);
    }
    *out = wide;
    return LEDE_OK;
}

lede_status lede_ledger_classify(lede_results *results,
                                 const lede_match_hit *hit, lede_arena *arena,
                                 lede_matched *out, lede_error *err)
{
    int level = LEDE_MATCHED_EXACT;

    if (results->options.matched != LEDE_MATCHED_ANY) {
        *out = results->options.matched;
        return LEDE_OK;
    }
    for (; level < LEDE_MATCHED_FUZZY; level++) {
        lede_node *root;
        bool changed, matches = true;
        lede_status status = read_at(&results->plan, (lede_matched)level, arena,
                                     &root, &changed, err);

        if (status == LEDE_OK && changed) {
            status = results->engine->calls->matches(
                results->engine, &results->plan.tree, root, hit, &matches, err);
        }
        if (status != LEDE_OK) {
            return status;
        }
        if (matches) {
            break;
        }
    }
    *out = (lede_matched)level;
    return LEDE_OK;
}

/* --- Counting ---------------------------------------------------------------
 */

static lede_status count_root(lede_results *results, lede_node *root,
                              uint64_t *out, lede_error *err)
{
    lede_match_options options = results->match;
    lede_node *kept = results->plan.tree.root;
    lede_match_result found = {0};
    lede_status status;

    options.k = 0;
    options.sort = LEDE_SORT_NEWEST;
    options.recency = 0;
    options.totals = LEDE_TOTALS_EXACT;
    options.has_after = false;
    results->plan.tree.root = root;
    status = results->engine->calls->run(results->tree, &options, &found, err);
    results->plan.tree.root = kept;
    if (status == LEDE_OK) {
        *out = found.total;
        lede_match_result_done(&found);
    }
    return status;
}

lede_status lede_results_ledger(lede_results *results,
                                uint64_t counts[LEDE_MATCHED_COUNT],
                                lede_error *err)
{
    uint64_t total = lede_results_total(results);
    uint64_t before = 0;
    lede_status status = LEDE_OK;

    memset(counts, 0, LEDE_MATCHED_COUNT * sizeof *counts);
    counts[LEDE_MATCHED_ANY] = total;
    if (results->options.matched != LEDE_MATCHED_ANY) {
        counts[results->options.matched] = total;
        return LEDE_OK;
    }
    for (int level = LEDE_MATCHED_EXACT; level < LEDE_MATCHED_COUNT; level++) {
        uint64_t here = total;
        lede_node *root;
        bool changed;

        status = read_at(&results->plan, (lede_matched)level, &results->arena,
                         &root, &changed, err);
        if (status == LEDE_OK && changed && before < total) {
            status = count_root(results, root, &here, err);
        }
        if (status != LEDE_OK) {
            return status;
        }
        counts[level] = here > before ? here - before : 0;
        before = here > before ? here : before;
    }
    return LEDE_OK;
}

lede_status lede_results_recognized(lede_results *results, bool *has,
                                    uint64_t *out, lede_error *err)
{
    reading r = {.plan = &results->plan,
                 .level = LEDE_MATCHED_FUZZY,
                 .is_recognized = true,
                 .arena = &results->arena};
    lede_node *root = strict(&r, results->plan.tree.root);

    *has = false;
    for (uint32_t i = 0; i < results->plan.named_count; i++) {
        *has = *has || (!results->plan.named[i].is_excluded &&
                        !results->plan.named[i].is_near);
    }
    *out = lede_results_total(results);
    if (r.failed) {
        return no_memory(err);
    }
    return r.changed && *out > 0 ? count_root(results, root, out, err)
                                 : LEDE_OK;
}
