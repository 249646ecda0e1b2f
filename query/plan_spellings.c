#include "query/plan_spellings.h"

#include <string.h>

#include "names/variants.h"

enum {
    MOST_LOOKED_UP = 32, /* words of a query */
    MOST_WORDS = 4,      /* of a name, that are spelled otherwise */
    MOST_SPELLINGS = 8,  /* of one word, the most frequent ones */
    MOST_BESIDES = 8,    /* names asked for besides */
    LEAST_LETTERS = 4,   /* of a word in a name of several */
    LEAST_LONE = 6,      /* of a last name alone, or if both are in use */
    LEAST_UNPROVED = 7,  /* of one whose forenames nobody gives */
    RARE = 4,            /* times as rare: then forenames need not be known */
    MOST_FORENAMES = 32, /* that are compared */
    MOST_READ = 1 << 13  /* entries with the name: more are not looked at */
};

/* What a word may begin with that sounds like one that begins with the first
 * letter; letters that are not here stand for themselves. */
static const char *const beginnings[] = {
    "ae", "ea", "ou",   "uo",  "iy",  "yi", "kqg", "qkg", "gkq", "ct",
    "tc", "sz", "zsjd", "jzd", "djz", "fp", "pf",  "vw",  "wv"};

/* Another spelling of a word, in so many entries. */
typedef struct spelling {
    lede_span word;
    uint64_t entries;
} spelling;

typedef struct word_spellings {
    lede_span raw; /* as typed */
    lede_span key;
    spelling items[MOST_SPELLINGS];
    uint32_t count;
} word_spellings;

/* What entries with a name say of who bears it. */
typedef struct bearers {
    lede_span typed, other; /* keys */
    bool are_words;         /* the names have them, or are them */
    bool are_together;
    lede_arena *arena;
    lede_span forenames[2][MOST_FORENAMES];
    uint32_t counts[2][MOST_FORENAMES];
    uint32_t used[2];
    uint64_t read;
} bearers;

typedef struct finder {
    lede_planner *planner;
    lede_corrected_names *out;
    lede_span typed, key;
    uint32_t column;
    word_spellings words[MOST_WORDS];
    uint32_t word_count;
    word_spellings *at; /* whose spellings are being found */
    lede_buf scratch;
    uint32_t before; /* names asked for without this */
    bearers own;     /* of the word typed alone */
    bool has_own;
} finder;

static lede_span keep(finder *f, lede_span bytes)
{
    lede_span copy = lede_arena_copy(f->planner->arena, bytes);

    f->planner->no_memory = f->planner->no_memory || copy.bytes == NULL;
    return copy;
}

static bool is_lone(const finder *f)
{
    return memchr(f->key.bytes, ' ', f->key.len) == NULL;
}

static uint64_t count_entries(finder *f, const char *prefix, lede_span rest)
{
    const lede_plan_source *source = f->planner->source;
    lede_span term = lede_plan_join_term(f->planner, prefix, rest);

    return f->planner->no_memory ? 0 : source->entry_count(source->ctx, term);
}

/* --- Words spelled alike ----------------------------------------------------
 */

/* As it is compared: most words of the archive are so as they stand there. */
static lede_span key_of(finder *f, lede_span word)
{
    size_t i = 0;

    while (i < word.len && word.bytes[i] >= 'a' && word.bytes[i] <= 'z') {
        i++;
    }
    if (i == word.len) {
        return word;
    }
    lede_buf_clear(&f->scratch);
    lede_person_key(word, &f->scratch);
    return lede_buf_span(&f->scratch);
}

static void take(void *ctx, lede_span word, lede_span term, uint64_t entries)
{
    finder *f = ctx;
    word_spellings *w = f->at;
    uint32_t i;

    (void)term;
    if (f->planner->no_memory || word.len > LEDE_SPELLING_MAX_BYTES ||
        !lede_person_words_alike(w->key, key_of(f, word))) {
        return;
    }
    if (entries == UINT64_MAX) {
        entries = count_entries(f, LEDE_TERM_PERSON, word);
    }
    i = w->count;
    if (i == MOST_SPELLINGS) {
        if (w->items[i - 1].entries >= entries) {
            return;
        }
        i--;
    } else {
        w->count++;
    }
    for (; i > 0 && w->items[i - 1].entries < entries; i--) {
        w->items[i] = w->items[i - 1];
    }
    w->items[i] = (spelling){keep(f, word), entries};
}

static void find_words(finder *f, word_spellings *w)
{
    lede_planner *planner = f->planner;
    const lede_plan_source *source = planner->source;
    char own[2] = {(char)w->key.bytes[0], '\0'};
    const char *first = own;

    if (own[0] < 'a' || own[0] > 'z' || planner->spelled == MOST_LOOKED_UP) {
        return;
    }
    planner->spelled++;
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        if (beginnings[i][0] == own[0]) {
            first = beginnings[i];
        }
    }
    f->at = w;
    for (; *first != '\0' && planner->status == LEDE_OK; first++) {
        planner->status =
            source->words(source->ctx, LEDE_TERM_PERSON, lede_span_of(first, 1),
                          NULL, take, f, planner->err);
    }
}

/* The words of what was typed that may be spelled otherwise, each as it stands
 * there. */
static void split(finder *f)
{
    lede_span typed = f->typed;
    size_t at = 0, end;

    for (; at < typed.len; at = end + 1) {
        word_spellings *w = &f->words[f->word_count];

        end = at;
        while (end < typed.len && typed.bytes[end] != ' ' &&
               typed.bytes[end] != '-') {
            end++;
        }
        if (f->word_count == MOST_WORDS) {
            continue;
        }
        lede_buf_clear(&f->scratch);
        lede_person_key(lede_span_part(typed, at, end - at), &f->scratch);
        if (f->scratch.len >= LEAST_LETTERS &&
            f->scratch.len <= LEDE_SPELLING_MAX_BYTES &&
            memchr(f->scratch.bytes, ' ', f->scratch.len) == NULL) {
            *w = (word_spellings){.raw = lede_span_part(typed, at, end - at),
                                  .key = keep(f, lede_buf_span(&f->scratch))};
            f->word_count++;
        }
    }
}

/* --- Names ------------------------------------------------------------------
 */

static bool is_there(const finder *f, lede_span key)
{
    lede_buf own = {0};
    bool is = false;

    for (uint32_t i = 0; i < f->out->count && !is; i++) {
        lede_buf_clear(&own);
        lede_correction_key(LEDE_NAME_PERSON, f->out->items[i], &own);
        is = lede_span_equal(lede_buf_span(&own), key);
    }
    lede_buf_done(&own);
    return is;
}

/* Whether a correction says what the name means. */
static bool is_decided(const finder *f, lede_span key)
{
    const lede_corrections *corrections = f->planner->source->corrections;
    lede_correction c;
    lede_buf own = {0};
    size_t line = 0;
    bool is = false;

    while (corrections != NULL && !is &&
           lede_corrections_next(corrections, &line, &c)) {
        for (size_t i = 0;
             c.kind == LEDE_NAME_PERSON && i < c.name_count && !is; i++) {
            lede_buf_clear(&own);
            lede_correction_key(LEDE_NAME_PERSON, c.names[i], &own);
            is = lede_span_equal(lede_buf_span(&own), key);
        }
    }
    lede_buf_done(&own);
    return is;
}

static void add(finder *f, lede_span name, lede_span key)
{
    if (f->out->count < LEDE_PLAN_SPELLINGS_MOST &&
        f->out->count < f->before + MOST_BESIDES && !is_there(f, key) &&
        !is_decided(f, key)) {
        f->out->items[f->out->count++] = keep(f, name);
    }
}

static bool bears(lede_span key, lede_span last, bool is_word)
{
    return is_word ? lede_name_has_words(key, last)
                   : lede_span_equal(key, last);
}

static void put_forename(bearers *b, int which, lede_span key, lede_span last)
{
    size_t end = 0;
    uint32_t i = 0;

    while (end < key.len && key.bytes[end] != ' ') {
        end++;
    }
    if (end == key.len ||
        !lede_span_equal(lede_span_part(key, key.len - last.len, last.len),
                         last)) {
        return;
    }
    key.len = end;
    while (i < b->used[which] &&
           !lede_span_equal(b->forenames[which][i], key)) {
        i++;
    }
    if (i == MOST_FORENAMES) {
        return;
    }
    if (i == b->used[which]) {
        key = lede_arena_copy(b->arena, key);
        if (key.bytes == NULL) {
            return;
        }
        b->forenames[which][b->used[which]++] = key;
        b->counts[which][i] = 0;
    }
    b->counts[which][i]++;
}

static lede_status read_bearers(void *ctx, lede_span list, uint64_t entry,
                                int64_t instant, lede_error *err)
{
    bearers *b = ctx;
    lede_name_reader reader = lede_name_reader_of(list);
    bool has[2] = {false, false};
    lede_buf key = {0};
    lede_status status = LEDE_OK;
    lede_named n;

    (void)entry;
    (void)instant;
    if (b->read++ >= MOST_READ || b->are_together) {
        return LEDE_END; /* that is enough */
    }
    while (lede_name_reader_next(&reader, &n)) {
        if (n.kind != LEDE_NAMED_PERSON) {
            continue;
        }
        lede_buf_clear(&key);
        lede_correction_key(LEDE_NAME_PERSON, n.name, &key);
        for (int i = 0; i < 2; i++) {
            lede_span last = i == 0 ? b->typed : b->other;

            if (last.len > 0 &&
                bears(lede_buf_span(&key), last, b->are_words)) {
                has[i] = true;
                put_forename(b, i, lede_buf_span(&key), last);
            }
        }
    }
    b->are_together = b->are_together || (has[0] && has[1]);
    if (key.failed) {
        status = lede_fail(err, LEDE_NO_MEMORY, "no memory for spellings");
    }
    lede_buf_done(&key);
    return status;
}

/* Reads the entries that have the term. */
static void read_entries(finder *f, const char *prefix, lede_span rest,
                         bearers *b)
{
    lede_planner *planner = f->planner;
    lede_span term = lede_plan_join_term(planner, prefix, rest);
    lede_leaf leaf = {
        .typed = rest, .terms = &term, .term_count = 1, .boost = 1};
    lede_node root = {.type = LEDE_NODE_TERM};
    lede_tree tree = {.root = &root, .leaves = &leaf, .leaf_count = 1};

    if (!planner->no_memory && planner->status == LEDE_OK) {
        b->read = 0;
        planner->status = planner->source->each_names(
            planner->source->ctx, &tree, read_bearers, b, planner->err);
        if (planner->status == LEDE_END) {
            planner->status = LEDE_OK;
        }
    }
}

/* Whether most who bear the other name have a forename of those who bear the
 * one typed. */
static bool share_forenames(const bearers *b)
{
    uint64_t all = 0, shared = 0;

    for (uint32_t i = 0; i < b->used[1]; i++) {
        uint32_t j = 0;

        while (j < b->used[0] && !lede_person_forenames_agree(
                                     b->forenames[0][j], b->forenames[1][i])) {
            j++;
        }
        all += b->counts[1][i];
        shared += j < b->used[0] ? b->counts[1][i] : 0;
    }
    return shared * 2 > all;
}

/* The forenames of those who bear the word typed: read once, whatever it is
 * compared with. */
static void give_own(finder *f, lede_span word, bearers *b)
{
    if (!f->has_own) {
        f->own = (bearers){
            .typed = word, .are_words = true, .arena = f->planner->arena};
        read_entries(f, LEDE_TERM_PERSON, word, &f->own);
        f->has_own = true;
    }
    memcpy(b->forenames[0], f->own.forenames[0], sizeof b->forenames[0]);
    memcpy(b->counts[0], f->own.counts[0], sizeof b->counts[0]);
    b->used[0] = f->own.used[0];
}

/* A last name, or any one word. */
static bool is_same_word(finder *f, const word_spellings *w, const spelling *s,
                         lede_span key)
{
    uint64_t own = count_entries(f, LEDE_TERM_PERSON, w->key);
    bearers b = {.typed = w->key,
                 .other = key,
                 .are_words = true,
                 .arena = f->planner->arena};

    if (key.len < LEAST_LONE || w->key.len < LEAST_LONE) {
        return false;
    }
    if (own == 0) {
        return true;
    }
    read_entries(f, LEDE_TERM_PERSON, s->word, &b);
    if (b.are_together) {
        return false;
    }
    give_own(f, w->key, &b);
    if (b.used[0] > 0 && b.used[1] > 0) {
        return share_forenames(&b);
    }
    return key.len >= LEAST_UNPROVED && w->key.len >= LEAST_UNPROVED &&
           (own * RARE <= s->entries || s->entries * RARE <= own);
}

/* A full name that somebody in the archive has. */
static bool is_same_name(finder *f, lede_span key, bool last_is_short)
{
    bearers b = {.typed = f->key, .other = key, .arena = f->planner->arena};

    if (count_entries(f, LEDE_TERM_PERSON_WHOLE, key) == 0) {
        return false;
    }
    if (count_entries(f, LEDE_TERM_PERSON_WHOLE, f->key) == 0) {
        return true;
    }
    if (last_is_short) {
        return false;
    }
    read_entries(f, LEDE_TERM_PERSON_WHOLE, key, &b);
    return !b.are_together;
}

/* All ways to spell the words: number `way`, a digit for each word, of which 0
 * is as typed. False if there is no such way. */
static bool put_way(const finder *f, uint32_t way, lede_buf *out,
                    bool *last_is_short)
{
    size_t at = 0;

    *last_is_short = false;
    for (uint32_t i = 0; i < f->word_count; i++) {
        const word_spellings *w = &f->words[i];
        uint32_t digit = way % (w->count + 1);
        size_t begin = (size_t)(w->raw.bytes - f->typed.bytes);

        way /= w->count + 1;
        lede_buf_put_span(out, lede_span_part(f->typed, at, begin - at));
        at = begin + w->raw.len;
        if (digit == 0) {
            lede_buf_put_span(out, w->raw);
            continue;
        }
        lede_buf_put_span(out, w->items[digit - 1].word);
        *last_is_short =
            *last_is_short ||
            (at == f->typed.len && (w->raw.len < LEAST_LONE ||
                                    w->items[digit - 1].word.len < LEAST_LONE));
    }
    lede_buf_put_span(out, lede_span_part(f->typed, at, SIZE_MAX));
    return way == 0 && !out->failed;
}

static void find_names(finder *f)
{
    lede_buf name = {0}, key = {0};
    bool last_is_short;

    for (uint32_t way = 1; !f->planner->no_memory; way++) {
        bool is;

        lede_buf_clear(&name);
        lede_buf_clear(&key);
        if (!put_way(f, way, &name, &last_is_short)) {
            break;
        }
        lede_correction_key(LEDE_NAME_PERSON, lede_buf_span(&name), &key);
        if (is_lone(f)) {
            is = is_same_word(f, &f->words[0], &f->words[0].items[way - 1],
                              lede_buf_span(&key));
        } else {
            is = is_same_name(f, lede_buf_span(&key), last_is_short);
        }
        if (is) {
            add(f, lede_buf_span(&name), lede_buf_span(&key));
        }
    }
    f->planner->no_memory = f->planner->no_memory || name.failed || key.failed;
    lede_buf_done(&name);
    lede_buf_done(&key);
}

/* Names are kept folded: "volodymyr zelensky". */
static void put_shown(lede_span name, lede_buf *out)
{
    for (size_t i = 0; i < name.len; i++) {
        bool begins =
            i == 0 || name.bytes[i - 1] == ' ' || name.bytes[i - 1] == '-';
        uint8_t byte = name.bytes[i];

        lede_buf_put_byte(out, begins && byte >= 'a' && byte <= 'z'
                                   ? (uint8_t)(byte - 'a' + 'A')
                                   : byte);
    }
}

static void tell(const finder *f)
{
    lede_planner *planner = f->planner;
    lede_span typed = lede_notes_quotable(f->typed);
    const char *quote =
        memchr(f->typed.bytes, ' ', f->typed.len) == NULL ? "" : "\"";
    lede_buf text = {0};

    for (uint32_t i = f->before; i < f->out->count; i++) {
        lede_buf_put_text(&text, i == f->before ? "also " : ", ");
        put_shown(f->out->items[i], &text);
    }
    lede_buf_put_format(&text, "; person:=%s%.*s%s finds this spelling only",
                        quote, (int)typed.len, (const char *)typed.bytes,
                        quote);
    planner->no_memory = planner->no_memory || text.failed;
    if (!text.failed) {
        lede_notes_put(planner->notes, planner->arena, f->column, "%s",
                       lede_buf_text(&text));
    }
    lede_buf_done(&text);
}

void lede_plan_spellings(lede_planner *planner, lede_span typed,
                         uint32_t column, lede_corrected_names *out)
{
    const lede_plan_source *source = planner->source;
    finder f = {.planner = planner,
                .out = out,
                .typed = typed,
                .column = column,
                .before = out->count};
    lede_buf key = {0};

    lede_correction_key(LEDE_NAME_PERSON, typed, &key);
    f.key = lede_buf_span(&key);
    if (source->words == NULL || source->entry_count == NULL ||
        source->each_names == NULL || f.key.len == 0 || out->is_hidden) {
        lede_buf_done(&key);
        return;
    }
    split(&f);
    if (is_lone(&f) && f.key.len < LEAST_LONE) {
        f.word_count = 0; /* too short for anything */
    }
    for (uint32_t i = 0; i < f.word_count && !planner->no_memory; i++) {
        find_words(&f, &f.words[i]);
    }
    if (f.word_count > 0 && !planner->no_memory) {
        find_names(&f);
    }
    if (out->count > f.before && !planner->no_memory) {
        tell(&f);
    }
    planner->no_memory = planner->no_memory || key.failed || f.scratch.failed;
    lede_buf_done(&f.scratch);
    lede_buf_done(&key);
}
