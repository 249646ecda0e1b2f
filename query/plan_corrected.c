#include "query/plan_corrected.h"

#include <stdlib.h>
#include <string.h>

#include "names/variants.h"
#include "query/added_names.h"

bool lede_name_has_words(lede_span whole, lede_span key)
{
    size_t at;

    for (at = 0; key.len > 0 && at + key.len <= whole.len; at++) {
        bool begins = at == 0 || whole.bytes[at - 1] == ' ';
        bool ends =
            at + key.len == whole.len || whole.bytes[at + key.len] == ' ';

        if (begins && ends &&
            memcmp(whole.bytes + at, key.bytes, key.len) == 0) {
            return true;
        }
    }
    return false;
}

bool lede_place_is_inside(const lede_gazetteer *gazetteer,
                          lede_place_number place,
                          const lede_place_number *around, size_t count)
{
    lede_place_number parents[LEDE_PLACE_MAX_PARENTS];
    size_t n = lede_gazetteer_parents(gazetteer, place, parents), i, j;

    for (i = 0; i < n; i++) {
        for (j = 0; j < count; j++) {
            if (parents[i] == around[j]) {
                return true;
            }
        }
    }
    return false;
}

lede_place_number lede_place_by_id(const lede_gazetteer *gazetteer,
                                   lede_span name)
{
    return gazetteer != NULL && name.len > 1 &&
                   (name.bytes[1] == ':' || name.bytes[0] == 'g')
               ? lede_gazetteer_by_id(gazetteer, name)
               : LEDE_PLACE_NONE;
}

static lede_name_kind kind_of(const struct lede_plan_named *named)
{
    return named->field == LEDE_AST_PERSON ? LEDE_NAME_PERSON : LEDE_NAME_PLACE;
}

/* --- Whether it is the one asked for ----------------------------------------
 */

static bool has_any(const struct lede_plan_named *named, lede_span key)
{
    for (uint32_t i = 0; i < named->spelling_count; i++) {
        if (lede_name_has_words(key, named->keys[i])) {
            return true;
        }
    }
    return false;
}

/* Whether the name with this key was split off from the very name that was
 * typed: "John Smith (golfer)" is not "John Smith". */
static bool is_split_off(const struct lede_plan_named *named, lede_span key)
{
    lede_correction c;
    lede_buf from = {0}, to = {0};
    bool is = false;
    size_t line = 0;

    while (!is && named->corrections != NULL &&
           lede_corrections_next(named->corrections, &line, &c)) {
        if (c.verb != LEDE_CORRECTION_SPLIT || c.kind != LEDE_NAME_PERSON) {
            continue;
        }
        lede_buf_clear(&from);
        lede_buf_clear(&to);
        lede_correction_key(c.kind, c.names[0], &from);
        lede_correction_key(c.kind, c.names[1], &to);
        is = lede_span_equal(lede_buf_span(&to), key) &&
             lede_span_equal(lede_buf_span(&from), named->keys[0]) &&
             !lede_span_equal(key, named->keys[0]);
    }
    lede_buf_done(&from);
    lede_buf_done(&to);
    return is;
}

/* Whether one of them is the first and the last word of a longer name. */
static bool has_short(const struct lede_plan_named *named, lede_span name)
{
    lede_buf key = {0};
    bool has = false;

    if (!named->is_exact) {
        lede_person_short_key(name, &key);
    }
    for (uint32_t i = 0; i < named->spelling_count && key.len > 0; i++) {
        has = has || lede_span_equal(named->keys[i], lede_buf_span(&key));
    }
    lede_buf_done(&key);
    return has;
}

/* Whether a person is called so by a name; of several words, also by the first
 * and the last. */
static bool has_person(const struct lede_plan_named *named, lede_span name,
                       bool *is_split)
{
    lede_buf key = {0};
    bool has;

    lede_correction_key(LEDE_NAME_PERSON, name, &key);
    has = has_any(named, lede_buf_span(&key)) || has_short(named, name);
    *is_split = has && is_split_off(named, lede_buf_span(&key));
    lede_buf_done(&key);
    return has;
}

static bool has_form(const struct lede_plan_named *named, const lede_named *n)
{
    bool has = false, is_split;

    for (uint32_t i = 0; i < n->form_count && !has; i++) {
        has = has_person(named, n->forms[i], &is_split);
    }
    return has;
}

static bool is_person(const struct lede_plan_named *named, const lede_named *n,
                      uint64_t entry)
{
    lede_span shown = n->name, usual = n->name;
    bool is, is_split;

    if (named->corrections != NULL) {
        lede_corrections_apply(named->corrections, LEDE_NAME_PERSON, n->name,
                               entry, &shown);
        lede_corrections_usual(named->corrections, LEDE_NAME_PERSON, n->name,
                               &usual);
    }
    if (shown.len == 0) {
        return false;
    }
    is = has_person(named, shown, &is_split) && !is_split;
    if (!is && !is_split && lede_span_equal(shown, usual)) {
        is = has_form(named, n); /* it is also called so */
        if (!is && !lede_span_equal(shown, n->name)) {
            is = has_person(named, n->name, &is_split);
        }
    }
    return is;
}

static bool has_id(const lede_span *ids, uint32_t count, lede_span id)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        if (lede_span_equal(ids[i], id)) {
            return true;
        }
    }
    return false;
}

static bool is_called(const struct lede_plan_named *named, lede_span name)
{
    lede_buf key = {0};
    bool is;

    lede_place_key(name, &key);
    is = has_any(named, lede_buf_span(&key));
    lede_buf_done(&key);
    return is;
}

/* Whether it is the very name that was typed. */
static bool is_named(const struct lede_plan_named *named, lede_span name)
{
    lede_buf key = {0};
    bool is;

    lede_place_key(name, &key);
    is = lede_span_equal(lede_buf_span(&key), named->keys[0]);
    lede_buf_done(&key);
    return is;
}

/* Whether a name that a correction gave is the one asked for: of a place that
 * the table knows, too, all of it. */
static bool is_shown_so(const struct lede_plan_named *named, lede_span name)
{
    return named->id.len == 0 ? is_called(named, name) : is_named(named, name);
}

/* A place by its id or by what is around it, or, if nobody knows which it is,
 * by its name; of a place that nobody knows, by one of its names. */
static bool is_place(const struct lede_plan_named *named, const lede_named *n,
                     uint64_t entry)
{
    bool is_known = n->state == LEDE_NAMED_RESOLVED && n->id_count > 0;
    lede_span name = is_known ? n->ids[0] : n->name, shown = name, usual;
    lede_place_number place;

    if (named->corrections != NULL) {
        lede_corrections_apply(named->corrections, LEDE_NAME_PLACE, name, entry,
                               &shown);
    }
    if (shown.len == 0) {
        return false;
    }
    if (!lede_span_equal(shown, name)) {
        place = lede_place_by_id(named->gazetteer, shown);
        if (place != LEDE_PLACE_NONE) {
            return lede_span_equal(shown, named->id) ||
                   (named->meant != LEDE_PLACE_NONE &&
                    lede_place_is_inside(named->gazetteer, place, &named->meant,
                                         1));
        }
        if (is_shown_so(named, shown)) {
            return true;
        }
        lede_corrections_usual(named->corrections, LEDE_NAME_PLACE, name,
                               &usual);
        if (!lede_span_equal(shown, usual)) {
            return false;
        }
        /* Shown under a name of its own, it is where it was. */
    }
    if (named->id.len > 0) {
        return (is_known && lede_span_equal(name, named->id)) ||
               (!is_known && is_named(named, name)) ||
               has_id(n->parents, n->parent_count, named->id);
    }
    for (uint32_t i = 0; i < n->form_count; i++) {
        if (is_called(named, n->forms[i])) {
            return true;
        }
    }
    return is_called(named, n->name);
}

bool lede_plan_named_is(const struct lede_plan_named *named,
                        const lede_named *other, uint64_t entry)
{
    if (named->field == LEDE_AST_PERSON) {
        return other->kind == LEDE_NAMED_PERSON && other->mentions > 0 &&
               is_person(named, other, entry);
    }
    return other->kind == LEDE_NAMED_PLACE &&
           (named->field == LEDE_AST_FROM ? other->sources : other->mentions) >
               0 &&
           is_place(named, other, entry);
}

/* A name that a correction adds, as if the entry's list had it. */
static bool is_added(const struct lede_plan_named *named, lede_span name,
                     uint64_t entry)
{
    lede_named n = {
        .kind = (uint8_t)kind_of(named), .mentions = 1, .name = name};

    if (lede_place_by_id(named->gazetteer, name) != LEDE_PLACE_NONE) {
        n.state = LEDE_NAMED_RESOLVED;
        n.ids[0] = name;
        n.id_count = 1;
    }
    return lede_plan_named_is(named, &n, entry);
}

bool lede_plan_named_speaks(const struct lede_plan_named *named, lede_span list,
                            uint64_t entry)
{
    lede_name_reader reader = lede_name_reader_of(list);
    uint32_t at;
    lede_named n;

    while (lede_name_reader_next(&reader, &n)) {
        if (lede_plan_named_is(named, &n, entry)) {
            return true;
        }
    }
    if (named->field == LEDE_AST_FROM) {
        return false;
    }
    at = lede_added_find(named->added, entry);
    for (; lede_added_is(named->added, at, entry); at++) {
        const lede_added_item *item = &named->added->items[at];

        if (item->kind == (lede_named_kind)kind_of(named) &&
            is_added(named, named->added->names[item->name], entry)) {
            return true;
        }
    }
    return false;
}

/* --- Names besides ----------------------------------------------------------
 */

static void add_name(lede_corrected_names *out, lede_span name)
{
    uint32_t i;

    for (i = 0; i < out->count; i++) {
        if (lede_span_equal(out->items[i], name)) {
            return;
        }
    }
    if (out->count < LEDE_PLAN_SPELLINGS_MOST) {
        out->items[out->count++] = name;
    }
}

static bool is_item(const lede_corrected_names *out, lede_span key)
{
    lede_buf own = {0};
    bool is = false;
    uint32_t i;

    for (i = 1; i < out->count && !is; i++) {
        lede_buf_clear(&own);
        lede_correction_key(LEDE_NAME_PERSON, out->items[i], &own);
        is = lede_span_equal(lede_buf_span(&own), key);
    }
    lede_buf_done(&own);
    return is;
}

static bool is_letter(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_capital(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z';
}

static bool is_vowel(uint8_t byte)
{
    return memchr("aeiouyAEIOUY", byte, 12) != NULL;
}

/* Letters that can only be initials: "J.", "J.K.", "J"; and in front "JK",
 * "jk", which are no word. */
static bool is_initials(lede_span word, bool in_front)
{
    enum { MOST_TOGETHER = 3 };
    size_t letters = 0, dots = 0, vowels = 0, capitals = 0;

    for (size_t i = 0; i < word.len; i++) {
        if (word.bytes[i] == '.') {
            if (i == 0 || word.bytes[i - 1] == '.') {
                return false;
            }
            dots++;
        } else if (is_letter(word.bytes[i])) {
            letters++;
            vowels += is_vowel(word.bytes[i]);
            capitals += is_capital(word.bytes[i]);
        } else {
            return false;
        }
    }
    return letters == 1 || (dots > 0 && dots + 1 >= letters) ||
           (in_front && dots == 0 && letters <= MOST_TOGETHER &&
            (capitals == letters || vowels == 0));
}

static lede_span word_at(lede_span name, size_t at)
{
    size_t end = at;

    while (end < name.len && name.bytes[end] != ' ') {
        end++;
    }
    return lede_span_part(name, at, end - at);
}

/* Initials apart and together are one: J. K. Rowling, J.K. Rowling and JK
 * Rowling. Puts the name with a blank between them, or (`joined`) with none;
 * false if it has not several. */
static bool put_initials(lede_span name, bool joined, lede_buf *out)
{
    size_t letters = 0, most = 0;

    for (size_t at = 0; at < name.len;) {
        lede_span word = word_at(name, at);

        at += word.len + 1;
        if (word.len == 0) {
            continue;
        }
        /* (A name is more than its initials.) */
        if (!is_initials(word, out->len == 0 && at < name.len)) {
            lede_buf_put_text(out, out->len > 0 ? " " : "");
            lede_buf_put_span(out, word);
            letters = 0;
            continue;
        }
        for (size_t i = 0; i < word.len; i++) {
            if (word.bytes[i] != '.') {
                lede_buf_put_text(
                    out, out->len > 0 && (!joined || letters == 0) ? " " : "");
                lede_buf_put_byte(out, word.bytes[i]);
                lede_buf_put_byte(out, '.');
                letters++;
            }
        }
        most = letters > most ? letters : most;
    }
    return most > 1 && !out->failed;
}

static void add_initials(lede_planner *planner, lede_span typed,
                         lede_corrected_names *out)
{
    for (int joined = 0; joined < 2; joined++) {
        lede_buf text = {0};

        if (put_initials(typed, joined == 1, &text)) {
            lede_span kept =
                lede_arena_copy(planner->arena, lede_buf_span(&text));

            planner->no_memory = planner->no_memory || kept.bytes == NULL;
            if (kept.bytes != NULL) {
                add_name(out, kept);
            }
        }
        planner->no_memory = planner->no_memory || text.failed;
        lede_buf_done(&text);
    }
}

/* The names of a merge or a rename of which one is meant. */
static void add_corrected(lede_planner *planner, const lede_correction *c,
                          lede_span key, lede_corrected_names *out)
{
    lede_buf own = {0};
    bool is_meant = false;
    size_t i;

    for (i = 0; i < c->name_count && !is_meant; i++) {
        lede_buf_clear(&own);
        lede_correction_key(c->kind, c->names[i], &own);
        is_meant = lede_name_has_words(lede_buf_span(&own), key) ||
                   is_item(out, lede_buf_span(&own));
    }
    for (i = 0; i < c->name_count && is_meant; i++) {
        add_name(out, c->names[i]);
    }
    planner->no_memory = planner->no_memory || own.failed;
    lede_buf_done(&own);
}

void lede_plan_people(lede_planner *planner, lede_span typed,
                      lede_corrected_names *out)
{
    const lede_corrections *corrections = planner->source->corrections;
    lede_buf key = {0};
    lede_correction c;
    lede_span usual;
    uint32_t before;

    *out = (lede_corrected_names){.items = {typed}, .count = 1};
    add_initials(planner, typed, out);
    if (corrections == NULL) {
        return;
    }
    lede_correction_key(LEDE_NAME_PERSON, typed, &key);
    do { /* what a name means may mean another */
        size_t line = 0;

        before = out->count;
        while (lede_corrections_next(corrections, &line, &c)) {
            if (c.kind == LEDE_NAME_PERSON &&
                (c.verb == LEDE_CORRECTION_MERGE ||
                 c.verb == LEDE_CORRECTION_RENAME)) {
                add_corrected(planner, &c, lede_buf_span(&key), out);
            }
        }
    } while (out->count > before);
    lede_corrections_usual(corrections, LEDE_NAME_PERSON, typed, &usual);
    out->is_hidden = usual.len == 0;
    planner->no_memory = planner->no_memory || key.failed;
    lede_buf_done(&key);
}

/* Whether a corrected place is the one asked for, or inside it. */
static bool touches(const struct lede_plan_named *named, lede_span shown)
{
    lede_place_number place = lede_place_by_id(named->gazetteer, shown);

    if (place == LEDE_PLACE_NONE) {
        return shown.len > 0 && is_shown_so(named, shown);
    }
    return named->meant != LEDE_PLACE_NONE &&
           (place == named->meant ||
            lede_place_is_inside(named->gazetteer, place, &named->meant, 1));
}

void lede_plan_places(lede_planner *planner,
                      const struct lede_plan_named *named,
                      lede_corrected_names *out)
{
    const lede_corrections *corrections = planner->source->corrections;
    lede_correction c;
    size_t line = 0;

    *out = (lede_corrected_names){.items = {named->typed}, .count = 1};
    while (corrections != NULL &&
           lede_corrections_next(corrections, &line, &c)) {
        for (size_t i = 0; c.kind == LEDE_NAME_PLACE && i < c.name_count; i++) {
            lede_span usual;

            lede_corrections_usual(corrections, LEDE_NAME_PLACE, c.names[i],
                                   &usual);
            if (touches(named, usual)) {
                add_name(out, c.names[i]);
            }
        }
    }
}

/* --- Entries one by one -----------------------------------------------------
 */

typedef struct entries {
    uint64_t *keys;
    uint32_t count, cap;
} entries;

typedef struct sorting {
    const struct lede_plan_named *named;
    entries come, gone;
} sorting;

static bool put_entry(entries *all, uint64_t key)
{
    if (all->count == all->cap) {
        uint32_t cap = all->cap == 0 ? 64 : all->cap * 2;
        uint64_t *grown = all->cap >= 1u << 30
                              ? NULL
                              : realloc(all->keys, cap * sizeof *grown);

        if (grown == NULL) {
            return false;
        }
        all->keys = grown;
        all->cap = cap;
    }
    all->keys[all->count++] = key;
    return true;
}

static lede_status sort_entry(void *ctx, lede_span list, uint64_t key,
                              int64_t instant, lede_error *err)
{
    sorting *s = ctx;

    (void)instant;
    return put_entry(lede_plan_named_speaks(s->named, list, key) ? &s->come
                                                                 : &s->gone,
                     key)
               ? LEDE_OK
               : lede_fail(err, LEDE_NO_MEMORY, "no memory for corrections");
}

/* Entries given by their keys. */
static lede_status sort_keys(const lede_planner *planner, sorting *s,
                             const uint64_t *keys, size_t count)
{
    const lede_plan_source *source = planner->source;
    lede_status status = LEDE_OK;
    lede_buf list = {0};

    for (size_t i = 0; i < count && status == LEDE_OK; i++) {
        status = source->names_of(source->ctx, keys[i], &list, planner->err);
        if (status == LEDE_OK) {
            status =
                sort_entry(s, lede_buf_span(&list), keys[i], 0, planner->err);
        } else if (status == LEDE_NOT_FOUND) {
            status = LEDE_OK; /* it is there no more */
        }
    }
    lede_buf_done(&list);
    return status;
}

static lede_status sort_tree(lede_planner *planner, sorting *s,
                             const lede_tree *tree)
{
    return planner->source->each_names(planner->source->ctx, tree, sort_entry,
                                       s, planner->err);
}

/* Entries written where the name without an id says. What the plan makes of it
 * is gone afterwards: it is no part of the query. */
static lede_status sort_from(lede_planner *planner, sorting *s, lede_span name)
{
    const lede_ast ast = {.text = name, .column = s->named->column, .boost = 1};
    uint32_t leaf_count = planner->leaf_count, size = planner->size;
    lede_status status = LEDE_OK;
    lede_tree tree = {0};

    planner->is_alias = true; /* leaves that were there stay as they are */
    tree.root =
        lede_plan_name_words(planner, &ast, name, LEDE_TERM_FROM, false);
    planner->is_alias = false;
    tree.leaves = planner->leaves;
    tree.leaf_count = planner->leaf_count;
    if (tree.root != NULL && !planner->no_memory) {
        status = sort_tree(planner, s, &tree);
    }
    planner->leaf_count = leaf_count;
    planner->size = size;
    return status;
}

static const char *space_of(const sorting *s, lede_span name)
{
    if (s->named->field == LEDE_AST_PERSON) {
        return LEDE_TERM_PERSON_WHOLE;
    }
    if (lede_place_by_id(s->named->gazetteer, name) == LEDE_PLACE_NONE) {
        return LEDE_TERM_PLACE_WHOLE;
    }
    return s->named->field == LEDE_AST_FROM ? LEDE_TERM_FROM_ID
                                            : LEDE_TERM_PLACE_ID;
}

/* Entries whose texts have the name. */
static lede_status sort_named(lede_planner *planner, sorting *s, lede_span name)
{
    const char *prefix = space_of(s, name);
    lede_buf term = {0};
    lede_span terms[1];
    lede_leaf leaf = {
        .typed = name, .terms = terms, .term_count = 1, .boost = 1};
    lede_node root = {.type = LEDE_NODE_TERM};
    lede_tree tree = {.root = &root, .leaves = &leaf, .leaf_count = 1};
    lede_status status;

    if (s->named->field == LEDE_AST_FROM &&
        strcmp(prefix, LEDE_TERM_FROM_ID) != 0) {
        return sort_from(planner, s, name);
    }
    lede_buf_put_text(&term, prefix);
    lede_correction_key(kind_of(s->named), name, &term);
    terms[0] = lede_buf_span(&term);
    status = term.failed ? lede_fail(planner->err, LEDE_NO_MEMORY,
                                     "no memory for corrections")
                         : sort_tree(planner, s, &tree);
    lede_buf_done(&term);
    return status;
}

/* Whether a name of the texts is one that was asked for, as they have it. */
static bool is_asked(const struct lede_plan_named *named, lede_span name)
{
    lede_buf key = {0};
    bool is;

    if (kind_of(named) == LEDE_NAME_PLACE) {
        if (lede_place_by_id(named->gazetteer, name) != LEDE_PLACE_NONE) {
            return touches(named, name);
        }
        return is_called(named, name);
    }
    lede_correction_key(LEDE_NAME_PERSON, name, &key);
    is = has_any(named, lede_buf_span(&key)) || has_short(named, name);
    lede_buf_done(&key);
    return is;
}

/* Whether it usually means something else, or nothing. */
static bool is_moved(const struct lede_plan_named *named, lede_span name)
{
    lede_span usual;

    lede_corrections_usual(named->corrections, kind_of(named), name, &usual);
    return kind_of(named) == LEDE_NAME_PERSON ? usual.len == 0
                                              : !touches(named, usual);
}

static lede_status sort_line(lede_planner *planner, sorting *s,
                             const lede_correction *c)
{
    lede_status status = LEDE_OK;
    bool is_meant = false;

    for (size_t i = 0; i < c->name_count && status == LEDE_OK; i++) {
        bool asked = is_asked(s->named, c->names[i]);

        is_meant = is_meant || asked;
        if (asked && c->verb != LEDE_CORRECTION_ADD &&
            is_moved(s->named, c->names[i])) {
            status = sort_named(planner, s, c->names[i]);
        }
    }
    if (status == LEDE_OK && is_meant && c->verb == LEDE_CORRECTION_SPLIT) {
        status = sort_keys(planner, s, c->entries, c->entry_count);
    }
    return status;
}

static lede_status sort_added(const lede_planner *planner, sorting *s)
{
    const lede_added *added = s->named->added;
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; added != NULL && i < added->count; i++) {
        const lede_added_item *item = &added->items[i];

        if (item->kind == (lede_named_kind)kind_of(s->named) &&
            is_added(s->named, added->names[item->name], item->entry) &&
            !put_entry(&s->come, item->entry)) {
            status = lede_fail(planner->err, LEDE_NO_MEMORY,
                               "no memory for corrections");
        }
    }
    return status;
}

static int compare_keys(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static lede_node *node_of(lede_planner *planner, const entries *all)
{
    lede_node *node;
    uint64_t *keys;
    uint32_t count = 0;

    if (all->count == 0) {
        return NULL;
    }
    node = lede_plan_node(planner, LEDE_NODE_ENTRIES);
    keys = lede_plan_array(planner, all->count, sizeof *keys);
    if (node == NULL || keys == NULL) {
        return NULL;
    }
    qsort(all->keys, all->count, sizeof *all->keys, compare_keys);
    for (uint32_t i = 0; i < all->count; i++) {
        if (count == 0 || keys[count - 1] != all->keys[i]) {
            keys[count++] = all->keys[i];
        }
    }
    node->keys = keys;
    node->key_count = count;
    return node;
}

void lede_plan_corrected(lede_planner *planner,
                         const struct lede_plan_named *named,
                         lede_corrected *out)
{
    const lede_plan_source *source = planner->source;
    sorting s = {.named = named};
    lede_status status = LEDE_OK;
    lede_correction c;
    size_t line = 0;

    *out = (lede_corrected){0};
    if (named->corrections == NULL || source->names_of == NULL ||
        source->each_names == NULL) {
        return;
    }
    while (status == LEDE_OK &&
           lede_corrections_next(named->corrections, &line, &c)) {
        if (c.kind == kind_of(named)) {
            status = sort_line(planner, &s, &c);
        }
    }
    if (status == LEDE_OK && named->field != LEDE_AST_FROM) {
        status = sort_added(planner, &s);
    }
    if (status == LEDE_OK) {
        out->come = node_of(planner, &s.come);
        out->gone = node_of(planner, &s.gone);
    } else if (planner->status == LEDE_OK) {
        planner->status = status;
    }
    free(s.come.keys);
    free(s.gone.keys);
}
