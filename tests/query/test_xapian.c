/* The two engines against each other: what one matches, the other does, in the
 * same order by date, with the same places; on one database, and on three,
 * behind servers where there are any. Each is the other's oracle. */
#include "tests/support/check.h"

#include "indexer/export.h"
#include "query/copies.h"
#include "query/places.h"
#include "query/tally.h"
#include "query/xapian_engine.h"
#include "storage/name_list.h"
#include "tests/support/folder.h"
#include "tests/support/random_archive.h"
#include "tests/support/small_archive.h"
#include "tests/support/tcpsrv.h"

enum { ENTRIES = 150, WORDS = 20, SHARDS = 3, ENGINES = 3, EPOCH = 1700000000 };

/* Forms that share stems, in one language and not in another; compounds and
 * their parts; numbers, initials, two scripts. */
static const char *const words[WORDS] = {"storm",
                                         "storms",
                                         "Storm",
                                         "STORMS",
                                         "cease-fire",
                                         "ceasefire",
                                         "cease",
                                         "fire",
                                         "Fires",
                                         "O'Brien",
                                         "obrien",
                                         "covid-19",
                                         "19",
                                         "talks",
                                         "talking",
                                         "U.S.",
                                         "us",
                                         "\u6771\u4eac\u90fd",
                                         "vice-president-elect",
                                         "president"};
static const char *const languages[] = {"en", "fr", "de", "zh", ""};

typedef struct world {
    char folder[256], directory[256], one[300], many[300];
    lede_archive *archive;
    lede_snapshot *snapshot;
    lede_arena arena;
    lede_entry entries[ENTRIES];
    lede_span names[ENTRIES];
    lede_analyzer *analyzer;
    uint32_t languages;
    tcpsrv servers[SHARDS];
    lede_engine *engines[ENGINES];
    lede_span long_body; /* that some entries have all or most of */
    uint64_t state;
} world;

static uint32_t below(world *w, uint32_t limit)
{
    return random_below(&w->state, limit);
}

static lede_span some_words(world *w, uint32_t count)
{
    lede_buf text = {0};
    lede_span kept;
    uint32_t i;

    for (i = 0; i < count; i++) {
        lede_buf_put_text(&text, i == 0 ? "" : below(w, 12) == 0 ? ", " : " ");
        lede_buf_put_text(&text, words[below(w, WORDS)]);
    }
    kept = lede_arena_copy(&w->arena, lede_buf_span(&text));
    lede_buf_done(&text);
    return kept;
}

static lede_span maybe_words(world *w, uint32_t most)
{
    return below(w, 2) == 0 ? lede_span_of(NULL, 0)
                            : some_words(w, below(w, most + 1));
}

static void make_entry(world *w, lede_entry *entry, uint32_t number)
{
    static const lede_year_source sources[] = {
        LEDE_YEAR_EXPLICIT, LEDE_YEAR_WEEKDAY, LEDE_YEAR_PAGE};
    uint32_t i;

    lede_entry_init(entry);
    entry->key = random_next(&w->state) | 1;
    entry->kind = below(w, 2) == 0 ? LEDE_KIND_ARTICLE : LEDE_KIND_MESSAGE;
    entry->lang = lede_span_text(languages[below(w, 5)]);
    entry->headline = maybe_words(w, 5);
    entry->headline_derived = below(w, 10) == 0;
    entry->deck = maybe_words(w, 4);
    entry->source = maybe_words(w, 2);
    entry->url = maybe_words(w, 3);
    entry->page_title = maybe_words(w, 3);
    entry->section = maybe_words(w, 2);
    if (number % 11 == 0) {
        entry->page_id = 1 + number % 3;
    }
    entry->author_count = below(w, 2);
    entry->authors = lede_arena_array(&w->arena, 2, sizeof entry->authors[0]);
    entry->authors[0].name = some_words(w, 2);
    entry->authors[0].role = maybe_words(w, 2);
    entry->media_count = below(w, 2);
    entry->media = lede_arena_array(&w->arena, 2, sizeof entry->media[0]);
    entry->media[0].caption = maybe_words(w, 6);
    entry->media[0].alt = maybe_words(w, 3);
    entry->media[0].credit = maybe_words(w, 2);
    entry->block_count = below(w, 4);
    entry->body = lede_arena_array(&w->arena, 4, sizeof entry->body[0]);
    for (i = 0; i < entry->block_count; i++) {
        entry->body[i].type = below(w, 6) == 0 ? LEDE_BLOCK_ALT : LEDE_BLOCK_P;
        entry->body[i].text = some_words(w, below(w, 12));
    }
    if (below(w, 4) == 0) { /* a body that others have, too */
        if (w->long_body.len == 0 || below(w, 5) == 0) {
            w->long_body = some_words(w, 60);
        }
        entry->block_count = 1;
        entry->body[0].type = LEDE_BLOCK_P;
        entry->body[0].text = w->long_body;
        entry->body[0].text.len -= below(w, 9);
        while ((w->long_body.bytes[entry->body[0].text.len - 1] & 0x80) != 0) {
            entry->body[0].text.len--; /* not in a character */
        }
    }
    if (below(w, 8) != 0) {
        entry->published.instant = EPOCH + 86400 * (int64_t)below(w, 40);
        entry->published.precision = LEDE_PRECISION_SECOND;
        entry->published.year_source = sources[below(w, 3)];
    }
    if (below(w, 3) == 0) {
        entry->updated.instant = EPOCH + 86400 * (int64_t)below(w, 60);
        entry->updated.precision = LEDE_PRECISION_SECOND;
        entry->updated.year_source = LEDE_YEAR_EXPLICIT;
    }
}

static const char *const ids[] = {"1", "22", "333", "4444"};

/* People and places of the same words as the texts have. */
static lede_span make_names(world *w)
{
    lede_named named[4] = {0};
    uint32_t count = below(w, 5), i;
    lede_buf list = {0};
    lede_span kept;

    for (i = 0; i < count; i++) {
        lede_named *n = &named[i];

        n->kind = (uint8_t)below(w, 2);
        n->name = some_words(w, 1 + below(w, 3));
        n->mentions = below(w, 4);
        n->in_headline = below(w, 4) == 0;
        n->sources = n->mentions == 0 ? 1 : below(w, 2);
        if (n->kind == LEDE_NAMED_PERSON) {
            continue;
        }
        n->state = (uint8_t)below(w, 3);
        n->id_count = below(w, 3);
        n->ids[0] = lede_span_text(ids[below(w, 4)]);
        n->ids[1] = lede_span_text(ids[below(w, 4)]);
        n->parent_count = below(w, 2);
        n->parents[0] = lede_span_text(ids[below(w, 4)]);
        n->form_count = below(w, 2);
        n->forms[0] = some_words(w, 1 + below(w, 2));
    }
    lede_name_list_encode(named, count, &list);
    kept = lede_arena_copy(&w->arena, lede_buf_span(&list));
    lede_buf_done(&list);
    return kept;
}

static void open_engine(const char *name, lede_engine **out)
{
    lede_shards *shards = NULL;
    lede_error err = {0};

    assert_ok(lede_shards_open(name, 20000, &shards, &err));
    assert_ok(lede_engine_of_shards(shards, out, &err));
}

/* Three shards: behind servers if there are any, else from the list. */
static void open_many(world *w)
{
    char name[256] = "tcp:";
    int i;

    if (!tcpsrv_is_there()) {
        open_engine(w->many, &w->engines[2]);
        return;
    }
    for (i = 0; i < SHARDS; i++) {
        char path[400];
        size_t len = strlen(name);

        snprintf(path, sizeof path, "%s/shard-%03d", w->many, i);
        tcpsrv_start(&w->servers[i], path);
        snprintf(name + len, sizeof name - len, "%s127.0.0.1:%u",
                 i > 0 ? "," : "", (unsigned)w->servers[i].port);
    }
    open_engine(name, &w->engines[2]);
}

static int setup_world(void **state, uint64_t seed)
{
    world *w = calloc(1, sizeof *w);
    lede_export_options options = {.shards = 1};
    lede_export_report report;
    lede_error err = {0};
    uint32_t i;

    w->state = seed;
    folder_make(w->folder);
    snprintf(w->one, sizeof w->one, "%s/one", w->folder);
    snprintf(w->many, sizeof w->many, "%s/many", w->folder);
    for (i = 0; i < ENTRIES; i++) {
        make_entry(w, &w->entries[i], i);
        w->names[i] = make_names(w);
    }
    assert_ok(small_archive_make_named(
        w->entries, w->names, ENTRIES, 1 + below(w, ENTRIES),
        EPOCH + 86400 * 30, w->directory, &w->archive, &err));
    assert_ok(lede_snapshot_open(w->archive, &w->snapshot, &err));
    w->languages = lede_snapshot_totals(w->snapshot)->languages;
    assert_ok(lede_analyzer_new(&w->analyzer, &err));
    assert_ok(lede_export(w->snapshot, w->one, &options, &report, &err));
    options.shards = SHARDS;
    options.by_time = below(w, 2) == 0;
    assert_ok(lede_export(w->snapshot, w->many, &options, &report, &err));
    assert_ok(lede_engine_of_snapshot(w->snapshot, &w->engines[0], &err));
    open_engine(w->one, &w->engines[1]);
    open_many(w);
    for (i = 1; i < ENGINES; i++) { /* so few that windows are turned */
        lede_engine_of_shards_hold(w->engines[i], 1 + below(w, 40));
    }
    *state = w;
    return 0;
}

static int teardown_world(void **state)
{
    world *w = *state;
    int i;

    for (i = 0; i < ENGINES; i++) {
        lede_engine_close(w->engines[i]);
    }
    for (i = 0; i < SHARDS; i++) {
        tcpsrv_kill(&w->servers[i]);
    }
    lede_analyzer_free(w->analyzer);
    lede_snapshot_close(w->snapshot);
    small_archive_remove(w->archive, w->directory);
    folder_remove(w->folder);
    lede_arena_done(&w->arena);
    free(w);
    return 0;
}

/* --- Trees ---------------------------------------------------------------- */

typedef struct making {
    world *w;
    lede_arena *arena;
    lede_leaf leaves[64];
    uint32_t leaf_count;
} making;

static int by_bytes(const void *a, const void *b)
{
    return lede_span_compare(*(const lede_span *)a, *(const lede_span *)b);
}

static uint32_t unite(lede_span *spans, uint32_t count)
{
    uint32_t kept = 0, i;

    qsort(spans, count, sizeof *spans, by_bytes);
    for (i = 0; i < count; i++) {
        if (kept == 0 || !lede_span_equal(spans[kept - 1], spans[i])) {
            spans[kept++] = spans[i];
        }
    }
    return kept;
}

/* A pattern that fits the words of two leaves (one of which may be of a field,
 * or a pattern by itself). */
static void join_forms(making *m, lede_leaf *leaf, const lede_leaf *other)
{
    lede_span *terms = lede_arena_array(
        m->arena, leaf->term_count + other->term_count, sizeof *terms);
    lede_span *forms =
        lede_arena_array(m->arena, other->form_count + 2u, sizeof *forms);

    if (other->word.len == 0 || other->terms[0].len == 0 ||
        (other->terms[0].bytes[0] >= 'A' && other->terms[0].bytes[0] <= 'Z') !=
            (leaf->terms[0].bytes[0] >= 'A' &&
             leaf->terms[0].bytes[0] <= 'Z') ||
        other->terms[0].bytes[0] <= 'Z') {
        return; /* not of one field, or exact values */
    }
    memcpy(terms, leaf->terms, leaf->term_count * sizeof *terms);
    memcpy(terms + leaf->term_count, other->terms,
           other->term_count * sizeof *terms);
    leaf->terms = terms;
    leaf->term_count = unite(terms, leaf->term_count + other->term_count);
    forms[0] = leaf->word;
    forms[1] = other->word;
    leaf->form_count = 2;
    if (other->forms != NULL) {
        memcpy(forms + 1, other->forms, other->form_count * sizeof *forms);
        leaf->form_count = other->form_count + 1;
    }
    leaf->forms = forms;
    leaf->form_count = unite(forms, leaf->form_count);
}

/* A word in some form of the archive's, as the planner would ask for it. */
static uint32_t make_leaf(making *m, lede_case *letter_case)
{
    world *w = m->w;
    lede_leaf *leaf = &m->leaves[m->leaf_count];
    const char *typed = words[below(w, WORDS)];
    const char *prefix =
        below(w, 8) > 0 ? ""
                        : lede_field_prefix(
                              (lede_field)(LEDE_DEFAULT_FIELDS +
                                           below(w, LEDE_FIELD_COUNT -
                                                        LEDE_DEFAULT_FIELDS)));
    lede_tokenizer tokenizer;
    lede_token token;
    uint32_t skip = below(w, 3);
    unsigned language;

    if (m->leaf_count == 60) {
        return 0;
    }
    *leaf = (lede_leaf){.scores = below(w, 8) > 0, .boost = 1};
    if (below(w, 6) == 0) {
        leaf->boost = 0.5 + below(w, 4);
    }
    lede_tokenizer_init(&tokenizer, w->analyzer, lede_span_text(typed));
    while (lede_tokenizer_next(&tokenizer, &token)) {
        leaf->word = lede_arena_copy(m->arena, token.word);
        *letter_case = token.letter_case;
        if (skip-- == 0) {
            break;
        }
    }
    leaf->typed = leaf->word;
    leaf->terms =
        lede_arena_array(m->arena, LEDE_LANGUAGE_COUNT, sizeof *leaf->terms);
    for (language = 0; language < LEDE_LANGUAGE_COUNT; language++) {
        lede_buf term = {0};
        uint32_t i;

        if ((w->languages >> language & 1) == 0) {
            continue;
        }
        lede_buf_put_text(&term, prefix);
        lede_buf_put_span(&term, lede_analyzer_stem(w->analyzer,
                                                    (lede_language)language,
                                                    leaf->word));
        for (i = 0; i < leaf->term_count &&
                    !lede_span_equal(leaf->terms[i], lede_buf_span(&term));
             i++) {
        }
        if (i == leaf->term_count) {
            leaf->terms[leaf->term_count++] =
                lede_arena_copy(m->arena, lede_buf_span(&term));
        }
        lede_buf_done(&term);
    }
    qsort(leaf->terms, leaf->term_count, sizeof *leaf->terms, by_bytes);
    if (m->leaf_count > 0 && below(w, 6) == 0) {
        join_forms(m, leaf, &m->leaves[below(w, m->leaf_count)]);
    }
    return m->leaf_count++;
}

/* A word of a name, as the planner would ask for it. */
static uint32_t make_name_leaf(making *m, const char *prefix,
                               lede_case *letter_case)
{
    world *w = m->w;
    lede_leaf *leaf = &m->leaves[m->leaf_count];
    lede_tokenizer tokenizer;
    lede_token token;
    uint32_t skip = below(w, 3);
    lede_buf term = {0};

    if (m->leaf_count == 60) {
        return 0;
    }
    *leaf = (lede_leaf){.scores = below(w, 4) > 0, .boost = 1};
    lede_tokenizer_init(&tokenizer, w->analyzer,
                        lede_span_text(words[below(w, WORDS)]));
    while (lede_tokenizer_next(&tokenizer, &token)) {
        leaf->word = lede_arena_copy(m->arena, token.word);
        *letter_case = token.letter_case;
        if (skip-- == 0) {
            break;
        }
    }
    lede_buf_put_text(&term, prefix);
    lede_buf_put_span(&term, leaf->word);
    leaf->terms = lede_arena_array(m->arena, 1, sizeof *leaf->terms);
    leaf->terms[0] = lede_arena_copy(m->arena, lede_buf_span(&term));
    leaf->term_count = 1;
    lede_buf_done(&term);
    return m->leaf_count++;
}

static const char *a_space_of_names(making *m)
{
    static const char *const prefixes[] = {LEDE_TERM_PERSON, LEDE_TERM_PLACE,
                                           LEDE_TERM_FROM};

    return prefixes[below(m->w, 3)];
}

/* Ids, some of them of what is around. */
static uint32_t make_id_leaf(making *m)
{
    static const char *const prefixes[] = {
        LEDE_TERM_PLACE_ID, LEDE_TERM_PLACE_INSIDE, LEDE_TERM_FROM_ID};
    world *w = m->w;
    lede_leaf *leaf = &m->leaves[m->leaf_count];
    uint32_t i;

    if (m->leaf_count == 60) {
        return 0;
    }
    *leaf = (lede_leaf){.scores = below(w, 2) == 0, .boost = 1};
    leaf->term_count = 1 + below(w, 3);
    leaf->terms =
        lede_arena_array(m->arena, leaf->term_count, sizeof *leaf->terms);
    for (i = 0; i < leaf->term_count; i++) {
        char term[16];

        snprintf(term, sizeof term, "%s%s", prefixes[below(w, 3)],
                 ids[below(w, 4)]);
        leaf->terms[i] = lede_arena_copy(m->arena, lede_span_text(term));
    }
    leaf->term_count = unite(leaf->terms, leaf->term_count);
    leaf->word = leaf->terms[0];
    return m->leaf_count++;
}

static lede_constraint make_constraint(making *m, lede_case letter_case)
{
    world *w = m->w;
    lede_constraint c = {.fields = LEDE_ALL_FIELDS};

    if (below(w, 3) == 0) {
        c.exact = true;
        if (below(w, 2) == 0) {
            c.case_least = letter_case;
        }
    } else if (below(w, 10) == 0) {
        c.case_least = letter_case;
    }
    if (below(w, 4) == 0) {
        c.fields =
            (uint8_t)(below(w, 3) > 0 ? 1u << below(w, LEDE_DEFAULT_FIELDS)
                                      : below(w, LEDE_ALL_FIELDS + 1u));
        if (below(w, 3) == 0) { /* as what stands in for a name */
            c.fields = LEDE_ALL_FIELDS & ~(1u << LEDE_FIELD_AUTHOR);
            c.exact = true;
            c.case_least = LEDE_CASE_CAPITAL;
        }
    }
    return c;
}

static lede_node *new_node(making *m, lede_node_type type)
{
    lede_node *node = lede_arena_get(m->arena, sizeof *node);

    node->type = type;
    node->constraint.fields = LEDE_ALL_FIELDS;
    return node;
}

static lede_node *make_word(making *m, bool plain)
{
    lede_node *node = new_node(m, LEDE_NODE_WORD);
    lede_case letter_case = LEDE_CASE_LOWER;

    node->leaf = make_leaf(m, &letter_case);
    if (!plain) {
        node->constraint = make_constraint(m, letter_case);
    }
    return node;
}

/* The one of a name: a word, some words, or ids. */
static lede_node *make_name(making *m)
{
    world *w = m->w;
    lede_node *node = new_node(m, LEDE_NODE_WORD);
    const char *space = a_space_of_names(m);
    lede_case letter_case = LEDE_CASE_LOWER;
    uint32_t i;

    if (below(w, 4) == 0) {
        node->leaf = make_id_leaf(m);
        return node;
    }
    if (below(w, 2) == 0) {
        node->leaf = make_name_leaf(m, space, &letter_case);
        node->constraint.case_least =
            below(w, 4) == 0 ? letter_case : LEDE_CASE_LOWER;
        return node;
    }
    node->type = LEDE_NODE_PHRASE;
    node->slot_count = 1 + below(w, 3);
    node->slots =
        lede_arena_array(m->arena, node->slot_count, sizeof *node->slots);
    for (i = 0; i < node->slot_count; i++) {
        node->slots[i].leaf = make_name_leaf(m, space, &letter_case);
        node->slots[i].constraint = (lede_constraint){
            .fields = LEDE_ALL_FIELDS,
            .case_least = below(w, 8) == 0 ? letter_case : LEDE_CASE_LOWER};
    }
    return node;
}

static lede_node *make_phrase(making *m)
{
    world *w = m->w;
    lede_node *node = new_node(m, LEDE_NODE_PHRASE);
    bool exact = below(w, 2) == 0;
    uint8_t fields = LEDE_ALL_FIELDS;
    uint32_t i;

    if (below(w, 3) == 0) {
        fields = (uint8_t)(1u << below(w, LEDE_DEFAULT_FIELDS));
    }
    node->slot_count = 1 + below(w, 4);
    node->slots =
        lede_arena_array(m->arena, node->slot_count, sizeof *node->slots);
    for (i = 0; i < node->slot_count; i++) {
        lede_case letter_case = LEDE_CASE_LOWER;

        node->slots[i].leaf = make_leaf(m, &letter_case);
        node->slots[i].constraint =
            below(w, 10) == 0
                ? make_constraint(m, letter_case)
                : (lede_constraint){.exact = exact, .fields = fields};
    }
    return node;
}

static lede_node *make_term(making *m)
{
    static const char *const terms[] = {
        "XKarticle", "XKmessage",          "XMD1114", "XMD1201", "Len",
        "Lfr",       "XPG0000000000000001"};
    lede_node *node = new_node(m, LEDE_NODE_TERM);
    lede_leaf *leaf = &m->leaves[m->leaf_count];

    if (m->leaf_count == 60) {
        return new_node(m, LEDE_NODE_ALL);
    }
    /* Small archives post kinds and days only. */
    *leaf = (lede_leaf){.boost = 1, .term_count = 1 + below(m->w, 2)};
    leaf->terms = lede_arena_array(m->arena, 2, sizeof *leaf->terms);
    leaf->terms[0] = lede_span_text(terms[below(m->w, 4)]);
    leaf->terms[1] = lede_span_text(terms[below(m->w, 4)]);
    leaf->word = leaf->terms[0];
    node->leaf = m->leaf_count++;
    return node;
}

static lede_node *make_time(making *m)
{
    world *w = m->w;
    lede_node *node =
        new_node(m, below(w, 3) == 0 ? LEDE_NODE_UPDATED : LEDE_NODE_TIME);

    node->begin =
        below(w, 4) == 0 ? INT64_MIN : EPOCH + 86400 * (int64_t)below(w, 42);
    node->end = below(w, 4) == 0
                    ? INT64_MAX
                    : EPOCH + 86400 * (int64_t)below(w, 60) + below(w, 2);
    return node;
}

/* An operand of NEAR; sometimes one of two. */
static lede_node *make_operand(making *m, bool may_choose)
{
    lede_node *node;
    uint32_t i;

    if (!may_choose || below(m->w, 4) > 0) {
        return below(m->w, 4) == 0 ? make_phrase(m) : make_word(m, false);
    }
    node = new_node(m, LEDE_NODE_GROUP);
    node->child_count = 2;
    node->need = 1;
    node->children = lede_arena_array(m->arena, 2, sizeof *node->children);
    for (i = 0; i < 2; i++) {
        node->children[i] = make_operand(m, false);
    }
    return node;
}

static lede_node *make_near(making *m)
{
    static const uint32_t distances[] = {1, 3, 8, 9, 30};
    lede_node *node = new_node(m, LEDE_NODE_NEAR);
    uint32_t i;

    node->near.how = (lede_near_how)below(m->w, 4);
    node->near.distance = distances[below(m->w, 5)];
    node->child_count = 2 + below(m->w, 3);
    node->children =
        lede_arena_array(m->arena, node->child_count, sizeof *node->children);
    for (i = 0; i < node->child_count; i++) {
        node->children[i] = i > 0 && below(m->w, 4) == 0
                                ? node->children[below(m->w, i)]
                                : make_operand(m, true);
    }
    return node;
}

static lede_node *make_node(making *m, uint32_t depth);

static lede_node *make_group(making *m, uint32_t depth)
{
    world *w = m->w;
    lede_node *node = new_node(m, LEDE_NODE_GROUP);
    uint32_t kind = below(w, 6);
    bool plain = below(w, 2) == 0;
    uint32_t i;

    node->child_count =
        kind == 5 && below(w, 4) == 0 ? 8 + below(w, 12) : 1 + below(w, 4);
    node->children =
        lede_arena_array(m->arena, node->child_count, sizeof *node->children);
    for (i = 0; i < node->child_count; i++) {
        node->children[i] = plain ? make_word(m, true) : make_node(m, depth);
    }
    node->need = kind < 2   ? node->child_count
                 : kind < 4 ? 1
                            : 1 + below(w, node->child_count);
    return node;
}

static lede_node *make_node(making *m, uint32_t depth)
{
    lede_node *node;

    switch (below(m->w, depth == 0 ? 8 : 16)) {
    case 14:
    case 15:
        return make_name(m);
    case 0:
        return below(m->w, 2) == 0 ? make_near(m) : make_name(m);
    case 1:
    case 2:
        return make_word(m, false);
    case 3:
    case 4:
    case 5:
        return make_phrase(m);
    case 6:
        return make_term(m);
    case 7:
        return below(m->w, 3) > 0
                   ? make_time(m)
                   : new_node(m, below(m->w, 2) == 0 ? LEDE_NODE_ALL
                                                     : LEDE_NODE_NONE);
    case 8:
    case 9:
        node = new_node(m, LEDE_NODE_NOT);
        node->child_count = 1;
        node->children = lede_arena_array(m->arena, 1, sizeof *node->children);
        node->children[0] = make_node(m, depth - 1);
        return node;
    default:
        return make_group(m, depth - 1);
    }
}

/* At least so many of very many words, as long questions are relaxed to; by
 * themselves, or with something else that is wanted. */
static lede_node *make_long(making *m)
{
    world *w = m->w;
    lede_node *node = new_node(m, LEDE_NODE_GROUP), *both;
    uint32_t count = 12 + below(w, 20), i;

    node->child_count = count;
    node->need = 2 + below(w, count - 2);
    node->children = lede_arena_array(m->arena, count, sizeof *node->children);
    for (i = 0; i < count; i++) {
        node->children[i] = i > 0 && below(w, 8) == 0
                                ? node->children[below(w, i)]
                            : below(w, 12) == 0 ? make_phrase(m)
                                                : make_word(m, true);
    }
    if (below(w, 2) == 0) {
        return node;
    }
    both = new_node(m, LEDE_NODE_GROUP);
    both->child_count = both->need = 2;
    both->children = lede_arena_array(m->arena, 2, sizeof *both->children);
    both->children[below(w, 2)] = node;
    both->children[both->children[0] == node] = make_node(m, 1);
    return both;
}

static lede_tree make_tree(making *m)
{
    lede_tree tree = {0};
    uint32_t kind = below(m->w, 12);

    tree.root = kind < 4    ? make_group(m, 0)
                : kind == 4 ? make_long(m)
                            : make_node(m, 3);
    tree.leaves = m->leaves;
    tree.leaf_count = m->leaf_count;
    return tree;
}

/* --- Comparing ------------------------------------------------------------ */

static int by_key(const void *a, const void *b)
{
    uint64_t x = ((const lede_match_hit *)a)->key;
    uint64_t y = ((const lede_match_hit *)b)->key;

    return (x > y) - (x < y);
}

static void print_node(const lede_tree *tree, const lede_node *node);

static void print_slot(const lede_tree *tree, uint32_t leaf,
                       const lede_constraint *c)
{
    const lede_leaf *l = &tree->leaves[leaf];

    fprintf(stderr, "%.*s:%.*s%s^%d@%02x ", (int)l->terms[0].len,
            (const char *)l->terms[0].bytes, (int)l->word.len,
            (const char *)l->word.bytes, c->exact ? "=" : "",
            (int)c->case_least, (unsigned)c->fields);
}

static void print_node(const lede_tree *tree, const lede_node *node)
{
    uint32_t i;

    fprintf(stderr, "%d(", (int)node->type);
    if (node->type == LEDE_NODE_WORD || node->type == LEDE_NODE_TERM) {
        print_slot(tree, node->leaf, &node->constraint);
    }
    if (node->type == LEDE_NODE_GROUP) {
        fprintf(stderr, "%u of ", node->need);
    }
    for (i = 0; i < node->slot_count; i++) {
        print_slot(tree, node->slots[i].leaf, &node->slots[i].constraint);
    }
    for (i = 0; i < node->child_count; i++) {
        print_node(tree, node->children[i]);
    }
    fputc(')', stderr);
}

static void differ(world *w, const lede_tree *tree, int engine,
                   const char *what)
{
    print_node(tree, tree->root);
    fputc('\n', stderr);
    fail_msg("engine %d: %s (state %llu)", engine, what,
             (unsigned long long)w->state);
}

typedef struct noted {
    lede_place *items[ENTRIES];
    uint32_t counts[ENTRIES], headlines[ENTRIES];
} noted;

static void note_places(void *ctx, uint32_t hit, const lede_places *places)
{
    noted *n = ctx;

    n->items[hit] = malloc((places->count + 1u) * sizeof *n->items[hit]);
    if (places->count > 0) {
        memcpy(n->items[hit], places->items,
               places->count * sizeof *places->items);
    }
    n->counts[hit] = places->count;
    n->headlines[hit] = places->headline_positions;
}

static bool same_place(const lede_place *a, const lede_place *b)
{
    return a->leaf == b->leaf && a->position == b->position &&
           a->field == b->field && a->letter_case == b->letter_case &&
           a->is_exact == b->is_exact && a->marks == b->marks &&
           a->width == b->width;
}

/* Hits of two engines, in the same order. */
static void compare_places(world *w, const lede_tree *tree, int engine,
                           lede_engine_tree *const *trees,
                           const lede_match_result *a,
                           const lede_match_result *b)
{
    static bool wanted[64];
    noted *notes = calloc(2, sizeof *notes);
    lede_error err = {0};
    uint32_t i, j;

    memset(wanted, 1, sizeof wanted);
    assert_ok(w->engines[0]->calls->places(trees[0], wanted, a->hits,
                                           (uint32_t)a->hit_count, note_places,
                                           &notes[0], &err));
    assert_ok(w->engines[engine]->calls->places(trees[engine], wanted, b->hits,
                                                (uint32_t)b->hit_count,
                                                note_places, &notes[1], &err));
    for (i = 0; i < a->hit_count; i++) {
        if (notes[0].counts[i] != notes[1].counts[i] ||
            notes[0].headlines[i] != notes[1].headlines[i]) {
            differ(w, tree, engine, "places");
        }
        for (j = 0; j < notes[0].counts[i]; j++) {
            if (!same_place(&notes[0].items[i][j], &notes[1].items[i][j])) {
                differ(w, tree, engine, "a place");
            }
        }
        free(notes[0].items[i]);
        free(notes[1].items[i]);
    }
    free(notes);
}

static void compare_by_date(world *w, const lede_tree *tree,
                            lede_engine_tree *const *trees,
                            lede_match_options options, lede_sort sort)
{
    lede_match_result results[ENGINES] = {{0}};
    lede_error err = {0};
    int i;
    uint64_t j;

    options.sort = sort;
    options.k = below(w, 3) == 0 ? 1 + below(w, 20) : UINT64_MAX;
    options.totals = LEDE_TOTALS_EXACT;
    for (i = 0; i < ENGINES; i++) {
        bool matches = false;

        if (w->engines[i]->calls->run(trees[i], &options, &results[i], &err) !=
            LEDE_OK) {
            differ(w, tree, i, err.message);
        }
        assert_ok(
            w->engines[i]->calls->any(trees[i], &options, &matches, &err));
        if (results[i].total != results[0].total ||
            results[i].hit_count != results[0].hit_count ||
            matches != (results[0].total > 0)) {
            fprintf(stderr, "%llu, not %llu\n",
                    (unsigned long long)results[i].total,
                    (unsigned long long)results[0].total);
            differ(w, tree, i, "total");
        }
        for (j = 0; j < results[i].hit_count; j++) {
            if (results[i].hits[j].key != results[0].hits[j].key ||
                results[i].hits[j].time != results[0].hits[j].time) {
                differ(w, tree, i, "order");
            }
        }
        if (i > 0 && below(w, 8) == 0) {
            compare_places(w, tree, i, trees, &results[0], &results[i]);
        }
    }
    for (i = 0; i < ENGINES; i++) {
        lede_match_result_done(&results[i]);
    }
}

static bool has_synonyms(const lede_tree *tree)
{
    for (uint32_t i = 0; i < tree->leaf_count; i++) {
        if (tree->leaves[i].scores && tree->leaves[i].term_count > 1) {
            return true;
        }
    }
    return false;
}

/* Whether another hit has the same score, but for rounding. */
static bool has_twin(const lede_match_result *all, uint64_t index)
{
    double score = all->hits[index].score;

    for (uint64_t i = 0; i < all->hit_count; i++) {
        double other = all->hits[i].score;

        if (i != index && other > score * (1 - 1e-5) &&
            other < score * (1 + 1e-5)) {
            return true;
        }
    }
    return false;
}

/* All that match, whatever their scores. And the best k are those of the whole
 * order, however the batches were cut. */
static void compare_by_score(world *w, const lede_tree *tree,
                             lede_engine_tree *const *trees,
                             lede_match_options options)
{
    lede_match_result all[ENGINES] = {{0}}, best = {0};
    lede_error err = {0};
    int i;
    uint64_t j;

    options.sort = LEDE_SORT_RELEVANCE;
    options.totals = LEDE_TOTALS_EXACT;
    for (i = 0; i < ENGINES; i++) {
        options.k = UINT64_MAX;
        if (w->engines[i]->calls->run(trees[i], &options, &all[i], &err) !=
            LEDE_OK) {
            differ(w, tree, i, err.message);
        }
        options.k = 1 + below(w, 12);
        assert_ok(w->engines[i]->calls->run(trees[i], &options, &best, &err));
        if (best.total != all[i].total ||
            best.hit_count !=
                (options.k < best.total ? options.k : best.total)) {
            differ(w, tree, i, "total of the best");
        }
        for (j = 0; j < best.hit_count; j++) {
            uint64_t text = all[i].hits[j].text;

            /* Xapian may add weights in another order. */
            if (best.hits[j].text + 1 < text || best.hits[j].text > text + 1 ||
                (best.hits[j].key != all[i].hits[j].key &&
                 !has_twin(&all[i], j))) {
                differ(w, tree, i, "the best");
            }
        }
        lede_match_result_done(&best);
        best = (lede_match_result){0};
        if (all[i].hit_count > 1) {
            qsort(all[i].hits, all[i].hit_count, sizeof all[i].hits[0], by_key);
        }
        if (all[i].hit_count != all[0].hit_count) {
            differ(w, tree, i, "count by score");
        }
        for (j = 0; j < all[i].hit_count; j++) {
            if (all[i].hits[j].key != all[0].hits[j].key) {
                differ(w, tree, i, "set by score");
            }
        }
    }
    /* One database or several: the same statistics, so the same scores. (How
     * many entries have one of several synonyms, Xapian guesses.) */
    for (j = 0; j < all[1].hit_count && !has_synonyms(tree); j++) {
        if (llabs((long long)all[1].hits[j].text -
                  (long long)all[2].hits[j].text) > 2) {
            differ(w, tree, 2, "text");
        }
    }
    for (i = 0; i < ENGINES; i++) {
        lede_match_result_done(&all[i]);
    }
}

/* Hits behind one another, a page after a page, are those of the whole. */
static void compare_pages(world *w, const lede_tree *tree,
                          lede_engine_tree *const *trees,
                          lede_match_options options)
{
    int engine = (int)below(w, ENGINES);
    const lede_engine_calls *calls = w->engines[engine]->calls;
    lede_match_result all = {0}, page = {0};
    lede_error err = {0};
    uint64_t done = 0, i;

    options.sort = (lede_sort)below(w, 3);
    options.totals = LEDE_TOTALS_NONE;
    options.k = UINT64_MAX;
    assert_ok(calls->run(trees[engine], &options, &all, &err));
    options.k = 1 + below(w, 40);
    do {
        lede_match_result_done(&page);
        page = (lede_match_result){0};
        assert_ok(calls->run(trees[engine], &options, &page, &err));
        for (i = 0; i < page.hit_count; i++, done++) {
            if (done >= all.hit_count ||
                (page.hits[i].key != all.hits[done].key &&
                 !has_twin(&all, done))) {
                differ(w, tree, engine, "a page");
            }
        }
        if (page.hit_count > 0) {
            options.has_after = true;
            options.after = page.hits[page.hit_count - 1];
        }
    } while (page.hit_count == options.k);
    if (done != all.hit_count) {
        differ(w, tree, engine, "pages");
    }
    lede_match_result_done(&page);
    lede_match_result_done(&all);
}

/* --- Copies --------------------------------------------------------------- */

/* The first of each group, and who has none: of all that match, in order. */
static void fold_naively(world *w, int engine, lede_match_result *all)
{
    uint64_t seen[ENTRIES], kept = 0, count = 0, i, j;

    for (i = 0; i < all->hit_count; i++) {
        uint64_t name = 0;
        uint32_t members = 0;
        lede_error err = {0};

        assert_ok(w->engines[engine]->calls->group(
            w->engines[engine], &all->hits[i], &name, &members, &err));
        for (j = 0; j < count && members > 0 && seen[j] != name; j++) {
        }
        if (members > 0 && j < count) {
            continue;
        }
        if (members > 0) {
            seen[count++] = name;
        }
        all->hits[kept++] = all->hits[i];
    }
    all->hit_count = kept;
}

/* Folded page by page, and asked for behind a hit. */
static void compare_folds(world *w, const lede_tree *tree,
                          lede_engine_tree *const *trees,
                          lede_match_options options)
{
    static const lede_chosen any = {.segment_count = 0};
    uint64_t folded[ENGINES];
    lede_error err = {0};
    int engine;

    options.sort = (lede_sort)below(w, 3);
    options.totals = LEDE_TOTALS_NONE;
    for (engine = 0; engine < ENGINES; engine++) {
        const lede_engine_calls *calls = w->engines[engine]->calls;
        lede_match_result all = {0}, page = {0};
        uint64_t done = 0, matching, i;

        options.has_after = false;
        options.k = UINT64_MAX;
        assert_ok(calls->run(trees[engine], &options, &all, &err));
        matching = all.hit_count;
        fold_naively(w, engine, &all);
        assert_ok(
            calls->folded(trees[engine], &options, &folded[engine], &err));
        if (folded[engine] != matching - all.hit_count ||
            folded[engine] != folded[0]) {
            differ(w, tree, engine, "stories");
        }
        options.k = 1 + below(w, 30);
        do {
            bool is_full;

            lede_match_result_done(&page);
            page = (lede_match_result){0};
            assert_ok(calls->run(trees[engine], &options, &page, &err));
            is_full = page.hit_count == options.k;
            options.has_after = page.hit_count > 0;
            if (page.hit_count > 0) {
                options.after = page.hits[page.hit_count - 1];
            }
            assert_ok(calls->fold(trees[engine], &options, &page, &err));
            for (i = 0; i < page.hit_count; i++, done++) {
                if (done >= all.hit_count ||
                    (page.hits[i].key != all.hits[done].key &&
                     !has_twin(&all, done))) {
                    differ(w, tree, engine, "a fold");
                }
            }
            if (!is_full) {
                break;
            }
        } while (true);
        if (done != all.hit_count) {
            differ(w, tree, engine, "folds");
        }
        lede_match_result_done(&page);
        lede_match_result_done(&all);
    }
    options.has_after = false;
    options.k = UINT64_MAX;
    options.sort = LEDE_SORT_NEWEST;
    for (engine = 0; engine < ENGINES; engine++) { /* dup:only */
        const lede_engine_calls *calls = w->engines[engine]->calls;
        lede_match_result found = {0};
        lede_chosen chosen = any;
        uint64_t with = 0;

        assert_ok(calls->with_copies(w->engines[engine], &with, &err));
        assert_ok(calls->all_copies(w->engines[engine], &chosen, &err));
        options.chosen = &chosen;
        assert_ok(calls->run(trees[engine], &options, &found, &err));
        folded[engine] = found.hit_count << 32 | with;
        if (folded[engine] != folded[0]) {
            differ(w, tree, engine, "only what has copies");
        }
        lede_match_result_done(&found);
        lede_chosen_done(&chosen);
    }
}

/* --- Counting by value ---------------------------------------------------- */

/* A line for each thing that a tally is told, as often as it counts. */
typedef struct told {
    lede_buf lines;
    uint32_t count;
} told;

static void tell(told *t, const char *what, int kind, lede_span value,
                 int64_t number, uint64_t count)
{
    for (; count > 0; count--, t->count++) {
        lede_buf_put_format(&t->lines, "%s %d %lld %.*s%c", what, kind,
                            (long long)number, (int)value.len,
                            (const char *)value.bytes, '\n');
    }
}

static bool tell_value(void *ctx, lede_tally_kind kind, lede_span value,
                       uint64_t count)
{
    tell(ctx, "value", (int)kind, value, 0, count);
    return true;
}

static bool tell_any(void *ctx, lede_tally_kind kind, uint64_t count)
{
    tell(ctx, "any", (int)kind, lede_span_of(NULL, 0), 0, count);
    return true;
}

static bool tell_time(void *ctx, int64_t instant)
{
    tell(ctx, "time", 0, lede_span_of(NULL, 0),
         instant == LEDE_INSTANT_NONE ? 0 : instant / 3600, 1);
    return true;
}

static bool tell_date(void *ctx, lede_span date, uint64_t count)
{
    tell(ctx, "date", 0, date, 0, count);
    return true;
}

static lede_status tell_names(void *ctx, lede_span list, uint64_t key,
                              int64_t instant, lede_error *err)
{
    lede_name_reader reader = lede_name_reader_of(list);
    lede_named named;

    (void)err;
    tell(ctx, "entry", 0, lede_span_of(NULL, 0),
         (int64_t)(key % 1000000) + instant % 1000, 1);
    while (lede_name_reader_next(&reader, &named)) {
        tell(ctx, "name", named.kind, named.name, (int64_t)named.mentions, 1);
    }
    return LEDE_OK;
}

static int by_line(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted lines, as one text. */
static void sort_told(told *t)
{
    char **lines = malloc((t->count + 1u) * sizeof *lines);
    char *text = strdup(lede_buf_text(&t->lines)), *rest = NULL;
    uint32_t count = 0, i;

    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        lines[count++] = line;
    }
    assert_int_equal(count, t->count);
    qsort(lines, count, sizeof *lines, by_line);
    lede_buf_clear(&t->lines);
    for (i = 0; i < count; i++) {
        lede_buf_put_format(&t->lines, "%s%c", lines[i], '\n');
    }
    free(lines);
    free(text);
}

static void compare_tallies(world *w, const lede_tree *tree,
                            lede_engine_tree *const *trees,
                            const lede_match_options *options)
{
    told all[ENGINES + 1] = {{.count = 0}};
    lede_tally tally = {.wanted = below(w, 1u << LEDE_TALLY_KINDS),
                        .wants_times = below(w, 2) == 0,
                        .put_value = tell_value,
                        .put_any = tell_any,
                        .put_time = tell_time,
                        .put_date = tell_date,
                        .put_names = below(w, 2) == 0 ? tell_names : NULL};
    lede_error err = {0};
    int i;

    for (i = 0; i <= ENGINES; i++) {
        uint64_t matches = 0;

        tally.ctx = &all[i];
        lede_buf_put_text(&all[i].lines, "");
        if (i == ENGINES) { /* one after another */
            assert_ok(
                lede_tally_read(trees[1], options, &tally, &matches, &err));
        } else {
            assert_ok(
                lede_tally_matches(trees[i], options, &tally, &matches, &err));
        }
        tell(&all[i], "matches", 0, lede_span_of(NULL, 0), (int64_t)matches, 1);
        sort_told(&all[i]);
        if (!lede_span_equal(lede_buf_span(&all[i].lines),
                             lede_buf_span(&all[0].lines))) {
            fprintf(stderr, "%s\nnot\n%s\n", lede_buf_text(&all[i].lines),
                    lede_buf_text(&all[0].lines));
            differ(w, tree, i, "counts by value");
        }
    }
    for (i = 0; i <= ENGINES; i++) {
        lede_buf_done(&all[i].lines);
    }
}

static void compare_tree(world *w, const lede_tree *tree)
{
    lede_match_options options = {
        .recency = below(w, 3) == 0 ? 0 : 0.3,
        .half_life_s = 86400 * (1 + (int64_t)below(w, 20)),
        .origin = lede_snapshot_totals(w->snapshot)->newest_trusted,
        .has_as_of = below(w, 5) == 0,
        .as_of = EPOCH + 86400 * (int64_t)below(w, 40)};
    lede_engine_tree *trees[ENGINES] = {NULL};
    lede_error err = {0};
    int i;

    for (i = 0; i < ENGINES; i++) {
        assert_ok(
            w->engines[i]->calls->open(w->engines[i], tree, &trees[i], &err));
    }
    compare_by_date(w, tree, trees, options, LEDE_SORT_NEWEST);
    compare_by_date(w, tree, trees, options, LEDE_SORT_OLDEST);
    compare_by_score(w, tree, trees, options);
    compare_pages(w, tree, trees, options);
    compare_folds(w, tree, trees, options);
    compare_tallies(w, tree, trees, &options);
    for (i = 0; i < ENGINES; i++) {
        w->engines[i]->calls->close_tree(trees[i]);
    }
}

static void test_xapian__random_trees_match_the_same(void **state)
{
    bool is_long = getenv("LEDE_TEST_LONG") != NULL;
    uint64_t worlds = is_long ? 20 : 3;
    uint32_t trees = is_long ? 500 : 120, i;
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= worlds; seed++) {
        void *made = NULL;

        setup_world(&made, seed);
        for (i = 0; i < trees; i++) {
            making m = {.w = made};
            lede_arena arena = {0};
            lede_tree tree;

            m.arena = &arena;
            tree = make_tree(&m);
            compare_tree(made, &tree);
            lede_arena_done(&arena);
        }
        teardown_world(&made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xapian__random_trees_match_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
