/* Any string as a query: what the grammar makes, the same with a byte or a
 * piece of it changed, and plain garbage. Embedded archive, shards of Xapian's
 * and the matcher's twin find the same entries, and say the same of the query;
 * also where a pattern stands for a few of the words that fit.
 * LEDE_TEST_LONG=1 asks 100,000 of them; LEDE_TEST_SEED=N begins elsewhere. */
#include "tests/support/check.h"

#include <strings.h>

#include "indexer/export.h"
#include "indexer/indexer.h"
#include "query/plan.h"
#include "query/xapian_engine.h"
#include "tests/query/exhaustive.h"
#include "tests/support/folder.h"
#include "tests/support/random_archive.h"

enum { ENTRIES = 60, NOW = 1740744000 /* 2025-02-28 12:00 UTC */ };

/* What texts are made of, and most of what is typed: forms that share stems,
 * compounds, initials, marks, scripts without blanks. */
static const char *const words[] = {"storm",        "storms",
                                    "Storm",        "STORM",
                                    "cease-fire",   "ceasefire",
                                    "cease",        "fire",
                                    "fires",        "O'Brien",
                                    "O\u2019Brien", "obrien",
                                    "Erdo\u011fan", "erdogan",
                                    "U.S.",         "us",
                                    "US",           "talks",
                                    "talking",      "coast",
                                    "harbour",      "1,000",
                                    "1000",         "19",
                                    "covid-19",     "\u6771\u4eac\u90fd",
                                    "\u6771\u4eac", "\u041a\u0438\u0457\u0432",
                                    "the",          "of",
                                    "AC/DC",        "example.com",
                                    "Paris",        "par",
                                    "para\u00eet",  "rues"};
enum { WORDS = sizeof words / sizeof words[0] };

/* Whom and what places some texts name, in several spellings. */
static const char *const people[] = {
    "Starmer",   "Keir Starmer", "Zelensky", "Volodymyr Zelenskyy",
    "Zelenskiy", "Ann O'Brien",  "Kyiv",     "Kiev",
    "Ukraine",   "Paris",        "Odesa",    "Paris, Texas",
    "Riyadh",    "nobody"};
enum { NAMES = sizeof people / sizeof people[0] };
static const char *const sentences[] = {
    "Mr Keir Starmer met President Volodymyr Zelenskyy in Kyiv, Ukraine.",
    "President Zelensky flew to Riyadh, and Keir Starmer stayed in Paris.",
    "Volodymyr Zelenskiy spoke in Kiev. Zelenskiy had been in Odesa.",
    "The fire in Paris, Texas, was put out, said Ann O'Brien.",
    "Starmer is a boat, and Paris Jackson came to see it."};
enum { SENTENCES = sizeof sentences / sizeof sentences[0] };

/* Some have copies. */
static const char copied[] =
    "The harbour was closed on Monday when a storm came in from the sea, and "
    "the ferry that was due at noon had to turn back to the coast, where it "
    "lay until the wind dropped and the pilots would talk to each other again";

/* What means something in the language, or looks as if it did. */
static const char *const signs[] = {
    "(",        ")",        "\"",       "-",         "=",
    "~",        "^",        "*",        "?",         ":",
    " ",        " ",        " ",        " AND ",     " OR ",
    " NOT ",    " NEAR/3 ", " NEAR ",   " ADJ/2 ",   " SAME ",
    "AND",      "OR",       "NOT",      "NEAR/0",    "NEAR/9999999999",
    "~2",       "~1",       "^2",       "^0.5",      "^99",
    "..",       "date:",    "updated:", "headline:", "body:",
    "caption:", "author:",  "source:",  "kind:",     "lang:",
    "since:",   "person:",  "place:",   "dup:",      "tag:",
    "url:",     "page:",    "town:",    "\u201c",    "\u201d",
    "\u00ab",   "\u00bb",   "\u2018",   "\u2019",    ",",
    ";",        "&&",       "||",       "!",         "+",
    "/",        "\\",       "[",        "]",         "{",
    "}",        "\xff",     "\xc3",     "\xe2\x80",  "\xf0\x9f",
    "\t",       "\n",       "\xc2\xa0", "\u0301",    "\u200d",
    "\x01"};
enum { SIGNS = sizeof signs / sizeof signs[0] };

enum { ENGINES = 2 };

typedef struct world {
    char folder[256];
    lede_naming naming;
    lede_archive *archive;
    lede_snapshot *snapshot;
    lede_engine *engines[ENGINES]; /* embedded; shards */
    uint64_t state;
    uint32_t asked, telling; /* queries; with some entries, but not all */
} world;

static uint32_t below(world *w, uint32_t limit)
{
    return random_below(&w->state, limit);
}

/* --- The archive ---------------------------------------------------------- */

static void put_words(world *w, uint32_t count, lede_buf *out)
{
    for (uint32_t i = 0; i < count; i++) {
        lede_buf_put_text(out, i == 0 ? "" : below(w, 12) == 0 ? ", " : " ");
        lede_buf_put_text(out, words[below(w, WORDS)]);
    }
}

static void put_member(world *w, const char *name, uint32_t most, lede_buf *out)
{
    if (below(w, 3) > 0) {
        lede_buf_put_format(out, ", \"%s\": \"", name);
        put_words(w, 1 + below(w, most), out);
        lede_buf_put_text(out, "\"");
    }
}

static void put_entry(world *w, uint32_t number, lede_buf *out)
{
    /* Stems of the few are other words in what most are in. */
    static const char *const langs[] = {"en", "fr", "fr", "fr",
                                        "de", "fr", "fr", "pt"};

    lede_buf_put_format(out, "{\"id\": \"n%u\", \"lang\": \"%s\"", number,
                        langs[below(w, 8)]);
    put_member(w, "headline", 4, out);
    put_member(w, "description", 4, out);
    put_member(w, "author", 2, out);
    put_member(w, "source", 1, out);
    put_member(w, "section", 1, out);
    put_member(w, "label", 1, out);
    if (below(w, 3) == 0) {
        lede_buf_put_format(out, ", \"url\": \"https://example.com/%s/%u\"",
                            below(w, 2) == 0 ? "storm" : "coast-talks", number);
    }
    if (below(w, 8) > 0) {
        lede_buf_put_format(out,
                            ", \"published\": \"2025-02-%02uT%02u:10:00Z\"",
                            1 + below(w, 28), below(w, 24));
    }
    if (below(w, 2) > 0) {
        lede_buf_put_format(out, ", \"updated\": \"2025-03-%02uT%02u:10:00Z\"",
                            1 + below(w, 28), below(w, 24));
    }
    lede_buf_put_text(out, ", \"body\": \"");
    if (below(w, 8) == 0) {
        lede_buf_put_text(out, "KYIV, Feb 3 (Reuters) - ");
    }
    if (below(w, 5) == 0) {
        lede_buf_put_text(out, copied);
        lede_buf_put_text(out, "\\n\\n");
    }
    for (uint32_t i = 1 + below(w, 3); i > 0; i--) {
        if (below(w, 3) == 0) {
            lede_buf_put_text(out, sentences[below(w, SENTENCES)]);
        } else {
            put_words(w, 1 + below(w, 10), out);
        }
        lede_buf_put_text(out, i > 1 ? "\\n\\n" : "");
    }
    lede_buf_put_text(out, "\"}\n");
}

static void write_file(const char *path, const lede_buf *text)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(text->bytes, 1, text->len, file), text->len);
    assert_int_equal(fclose(file), 0);
}

static void open_shards(world *w, const char *path)
{
    lede_export_options options = {.shards = 2};
    lede_export_report report;
    lede_shards *shards = NULL;
    lede_error err = {0};

    assert_ok(lede_export(w->snapshot, path, &options, &report, &err));
    assert_ok(lede_shards_open(path, 20000, &shards, &err));
    assert_ok(lede_engine_of_shards(shards, &w->engines[1], &err));
}

static void open_world(world *w, uint64_t seed)
{
    lede_archive_options create = {.create = true};
    lede_index_options options = {.memory_bytes = 64u << 20};
    lede_index_report report = {0};
    lede_error err = {0};
    lede_buf text = {0};
    char path[300];
    const char *paths[] = {path};

    *w = (world){.state = seed};
    assert_ok(lede_naming_open(LEDE_TEST_SHARE, NULL, NULL, &w->naming, &err));
    options.naming = &w->naming;
    folder_make(w->folder);
    snprintf(path, sizeof path, "%s/archive", w->folder);
    assert_ok(lede_archive_open(path, &create, &w->archive, &err));
    snprintf(path, sizeof path, "%s/entries.jsonl", w->folder);
    for (uint32_t i = 0; i < ENTRIES; i++) { /* two runs make two segments */
        put_entry(w, i, &text);
        if (i == ENTRIES / 2 || i == ENTRIES - 1) {
            write_file(path, &text);
            assert_ok(lede_index_paths(w->archive, paths, 1, &options, &report,
                                       &err));
        }
    }
    lede_buf_done(&text);
    assert_ok(lede_snapshot_open(w->archive, &w->snapshot, &err));
    assert_ok(lede_engine_of_snapshot(w->snapshot, &w->engines[0], &err));
    snprintf(path, sizeof path, "%s/shards", w->folder);
    open_shards(w, path);
    for (int i = 0; i < ENGINES; i++) {
        w->engines[i]->gazetteer = w->naming.gazetteer;
    }
}

static void close_world(world *w)
{
    for (int i = 0; i < ENGINES; i++) {
        lede_engine_close(w->engines[i]);
    }
    lede_snapshot_close(w->snapshot);
    lede_archive_close(w->archive);
    lede_naming_close(&w->naming);
    folder_remove(w->folder);
}

/* --- Strings -------------------------------------------------------------- */

static void put_query(world *w, unsigned depth, lede_buf *out);

static void put_pattern(world *w, lede_buf *out)
{
    lede_span word = lede_span_text(words[below(w, WORDS)]);
    size_t at = below(w, (uint32_t)word.len + 1);

    lede_buf_put_span(out, lede_span_part(word, 0, at));
    lede_buf_put_text(out, below(w, 3) == 0 ? "?" : "*");
    lede_buf_put_span(out, lede_span_part(word, at + below(w, 3), word.len));
}

static void put_suffix(world *w, bool is_phrase, lede_buf *out)
{
    static const char *const fuzzy[] = {"", "", "", "~", "~1", "~2"};
    static const char *const boosts[] = {"", "", "", "^2", "^0.5", "^0"};

    if (is_phrase && below(w, 3) == 0) {
        lede_buf_put_format(out, "~%u", below(w, 5));
    } else if (!is_phrase) {
        lede_buf_put_text(out, fuzzy[below(w, 6)]);
    }
    lede_buf_put_text(out, boosts[below(w, 6)]);
}

static void put_phrase(world *w, lede_buf *out)
{
    static const char *const marks[][2] = {
        {"\"", "\""}, {"\u201c", "\u201d"}, {"\u00ab", "\u00bb"}};
    uint32_t which = below(w, 6) % 3 * (below(w, 4) == 0);

    lede_buf_put_text(out, marks[which][0]);
    put_words(w, 1 + below(w, 4), out);
    lede_buf_put_text(out, marks[which][1]);
}

static void put_text(world *w, lede_buf *out)
{
    uint32_t kind = below(w, 8);

    if (below(w, 8) == 0) {
        lede_buf_put_text(out, "=");
    }
    if (kind == 0) {
        put_pattern(w, out);
    } else if (kind < 3) {
        put_phrase(w, out);
    } else {
        lede_buf_put_text(out, words[below(w, WORDS)]);
    }
    put_suffix(w, kind == 1 || kind == 2, out);
}

static void put_date(world *w, lede_buf *out)
{
    static const char *const names[] = {
        "date:", "updated:", "since:", "before:", "after:", "until:"};
    static const char *const dates[] = {"2025",
                                        "2025-02",
                                        "2025-02-11",
                                        "2025-03..",
                                        "..2025-02-20",
                                        "yesterday",
                                        "last-week",
                                        "2w",
                                        "1m..2d",
                                        "02-11",
                                        "02-25..01-02",
                                        "2025-02-11T05:10",
                                        "last month",
                                        "monday",
                                        "3d",
                                        "\"5 days ago\"",
                                        "(2025-02-01 OR 2025-03-04)",
                                        "2025-02-20..2025-02-10"};

    lede_buf_put_text(out, names[below(w, 6)]);
    lede_buf_put_text(out, dates[below(w, 18)]);
}

/* person:, place: and from:, and what they work on. */
static void put_name(world *w, lede_buf *out)
{
    static const char *const fields[] = {
        "person:", "person:", "place:", "place:", "from:"};
    const char *name = people[below(w, NAMES)];

    lede_buf_put_text(out, fields[below(w, 5)]);
    switch (below(w, 6)) {
    case 0:
        lede_buf_put_format(out, "(\"%s\" OR \"%s\")", name,
                            people[below(w, NAMES)]);
        break;
    case 1:
        lede_buf_put_format(out, "=\"%s\"", name);
        break;
    case 2:
        lede_buf_put_format(out, "%.*s*", 3 + (int)below(w, 2), name);
        break;
    default:
        lede_buf_put_format(out, "\"%s\"", name);
        break;
    }
}

static void put_field(world *w, unsigned depth, lede_buf *out)
{
    static const char *const fields[] = {
        "headline:", "body:",    "deck:",   "author:", "source:",
        "tag:",      "caption:", "label:",  "role:",   "credit:",
        "page:",     "url:",     "person:", "place:",  "from:"};
    static const char *const values[] = {
        "kind:article", "kind:(message OR article)",
        "lang:fr",      "lang:en-GB",
        "lang:german",  "dup:show",
        "dup:only",     "dup:fold"};
    uint32_t kind = below(w, 8);

    if (kind < 2) {
        put_date(w, out);
    } else if (kind == 2) {
        lede_buf_put_text(out, values[below(w, 8)]);
    } else if (kind < 5) {
        put_name(w, out);
    } else {
        lede_buf_put_text(out, fields[below(w, 15)]);
        if (kind == 5 && depth > 0) {
            lede_buf_put_text(out, "(");
            put_query(w, depth - 1, out);
            lede_buf_put_text(out, ")");
        } else {
            put_text(w, out);
        }
    }
}

static void put_near(world *w, lede_buf *out)
{
    static const char *const operators[] = {"NEAR",  "NEAR/1", "NEAR/4", "ADJ",
                                            "ADJ/2", "SAME",   "NEAR/20"};

    put_text(w, out);
    for (uint32_t i = 1 + below(w, 2); i > 0; i--) {
        lede_buf_put_format(out, " %s ", operators[below(w, 7)]);
        if (below(w, 5) == 0) {
            lede_buf_put_text(out, "(");
            put_text(w, out);
            lede_buf_put_text(out, " OR ");
            put_text(w, out);
            lede_buf_put_text(out, ")");
        } else {
            put_text(w, out);
        }
    }
}

static void put_item(world *w, unsigned depth, lede_buf *out)
{
    uint32_t kind = below(w, 10);

    if (below(w, 7) == 0) {
        lede_buf_put_text(out, below(w, 2) == 0 ? "-" : "NOT ");
    }
    if (kind == 0 && depth > 0) {
        lede_buf_put_text(out, "(");
        put_query(w, depth - 1, out);
        lede_buf_put_text(out, ")");
        lede_buf_put_text(out, below(w, 4) == 0 ? "^2" : "");
    } else if (kind < 3) {
        put_field(w, depth, out);
    } else if (kind == 3) {
        put_near(w, out);
    } else {
        put_text(w, out);
    }
}

static void put_query(world *w, unsigned depth, lede_buf *out)
{
    static const char *const operators[] = {" ",     " ",    " ",
                                            " AND ", " OR ", " OR "};
    uint32_t count = 1 + below(w, 4);

    for (uint32_t i = 0; i < count; i++) {
        lede_buf_put_text(out, i == 0 ? "" : operators[below(w, 6)]);
        put_item(w, depth, out);
    }
}

/* Takes a piece out, doubles or moves it, or puts a sign or any byte in. */
static void mutate(world *w, lede_buf *out)
{
    lede_span all = lede_buf_span(out);
    size_t at = below(w, (uint32_t)all.len + 1);
    size_t end = at + below(w, 6);
    lede_buf changed = {0};
    uint32_t how = below(w, 5);

    end = end < all.len ? end : all.len;
    lede_buf_put_span(&changed, lede_span_part(all, 0, at));
    if (how == 1) {
        lede_buf_put_span(&changed, lede_span_part(all, at, end - at));
    } else if (how == 2) {
        lede_buf_put_text(&changed, signs[below(w, SIGNS)]);
    } else if (how == 3) {
        lede_buf_put_byte(&changed, (uint8_t)below(w, 256));
    }
    lede_buf_put_span(&changed,
                      lede_span_part(all, how == 0 ? end : at, all.len));
    if (how == 4) {
        lede_buf_put_text(&changed, " ");
        lede_buf_put_span(&changed, lede_span_part(all, at, end - at));
    }
    lede_buf_clear(out);
    lede_buf_put_span(out, lede_buf_span(&changed));
    lede_buf_done(&changed);
}

static void put_garbage(world *w, lede_buf *out)
{
    for (uint32_t i = 1 + below(w, 12); i > 0; i--) {
        switch (below(w, 5)) {
        case 0:
            lede_buf_put_text(out, words[below(w, WORDS)]);
            break;
        case 1:
            lede_buf_put_byte(out, (uint8_t)below(w, 256));
            break;
        default:
            lede_buf_put_text(out, signs[below(w, SIGNS)]);
            break;
        }
    }
}

static void make_query(world *w, lede_buf *out)
{
    uint32_t kind = below(w, 10);

    lede_buf_clear(out);
    if (kind == 0) {
        put_garbage(w, out);
        return;
    }
    put_query(w, 2, out);
    for (uint32_t i = kind < 4 ? 1 + below(w, 4) : 0; i > 0; i--) {
        mutate(w, out);
    }
}

/* --- Asking --------------------------------------------------------------- */

static void differ(const lede_buf *query, uint64_t seed, const char *what)
{
    fprintf(stderr, "query: %.*s\nbytes:", (int)query->len,
            (const char *)query->bytes);
    for (size_t i = 0; i < query->len; i++) {
        fprintf(stderr, " %02x", query->bytes[i]);
    }
    fputc('\n', stderr);
    fail_msg("seed %llu: %s", (unsigned long long)seed, what);
}

static lede_search_options options_of(world *w)
{
    return (lede_search_options){.sort = below(w, 2) == 0 ? LEDE_SORT_NEWEST
                                                          : LEDE_SORT_OLDEST,
                                 .limit = ENTRIES,
                                 .unfolded = true,
                                 .match_any = below(w, 8) == 0,
                                 .no_relax = below(w, 3) == 0,
                                 .now_given = true,
                                 .now = NOW,
                                 .as_of_given = below(w, 8) == 0,
                                 .as_of = NOW - 86400 * (int64_t)below(w, 20),
                                 .totals = LEDE_TOTALS_EXACT};
}

/* Prints the hits of one answer that the other lacks. */
static void print_lacking(lede_results *has, lede_results *lacks,
                          const char *who)
{
    for (uint32_t i = 0; i < lede_results_count(has); i++) {
        const lede_hit *hit = NULL;
        bool is_there = false;

        for (uint32_t j = 0; j < lede_results_count(lacks); j++) {
            is_there = is_there || lede_results_place(lacks, j).key ==
                                       lede_results_place(has, i).key;
        }
        if (!is_there && lede_results_get(has, i, &hit, NULL) == LEDE_OK) {
            fprintf(stderr, "%s: %.*s\n", who, (int)hit->snippet.len,
                    (const char *)hit->snippet.bytes);
        }
    }
}

static void compare_notes(const lede_buf *query, uint64_t seed,
                          lede_results *const results[ENGINES])
{
    uint32_t count = lede_results_note_count(results[0]);

    if (count != lede_results_note_count(results[1])) {
        differ(query, seed, "the engines tell more or less");
    }
    for (uint32_t i = 0; i < count; i++) {
        lede_query_note a = lede_results_note(results[0], i);
        lede_query_note b = lede_results_note(results[1], i);

        if (a.column != b.column || strcmp(a.text, b.text) != 0) {
            fprintf(stderr, "%s\n%s\n", a.text, b.text);
            differ(query, seed, "the engines tell something else");
        }
    }
}

/* Both engines say and find the same. */
static void compare(const lede_buf *query, uint64_t seed,
                    lede_results *const results[ENGINES])
{
    uint32_t a = 0, b = 0, c = 0, d = 0;

    if (lede_results_total(results[0]) != lede_results_total(results[1]) ||
        lede_results_count(results[0]) != lede_results_count(results[1])) {
        fprintf(stderr, "embedded %llu, shards %llu\n",
                (unsigned long long)lede_results_total(results[0]),
                (unsigned long long)lede_results_total(results[1]));
        print_lacking(results[0], results[1], "embedded only");
        print_lacking(results[1], results[0], "shards only");
        differ(query, seed, "the engines count otherwise");
    }
    for (uint32_t i = 0; i < lede_results_count(results[0]); i++) {
        if (lede_results_place(results[0], i).key !=
            lede_results_place(results[1], i).key) {
            differ(query, seed, "the engines find others");
        }
    }
    if (lede_results_relaxed(results[0], &a, &b) !=
            lede_results_relaxed(results[1], &c, &d) ||
        a != c || b != d) {
        differ(query, seed, "the engines relax otherwise");
    }
    compare_notes(query, seed, results);
}

static void check_notes(const lede_buf *query, uint64_t seed,
                        const lede_results *results)
{
    for (uint32_t i = 0; i < lede_results_note_count(results); i++) {
        lede_query_note note = lede_results_note(results, i);

        if (note.column > query->len ||
            (note.column < query->len &&
             (query->bytes[note.column] & 0xC0) == 0x80 && note.column > 0 &&
             query->bytes[note.column - 1] >= 0xC0 &&
             query->bytes[note.column - 1] < 0xF8)) {
            differ(query, seed, note.text);
        }
    }
}

static uint64_t count_term(void *ctx, lede_span term)
{
    lede_engine *engine = ctx;

    return engine->calls->count(engine, term);
}

/* What the twin finds of the query as it is planned, all words required. */
static void ask_twin(world *w, const lede_buf *query,
                     const lede_search_options *options, lede_match_result *out,
                     bool *is_nothing)
{
    lede_engine *engine = w->engines[0];
    lede_plan_source source = {.languages =
                                   engine->calls->totals(engine)->languages,
                               .ctx = engine,
                               .entry_count = count_term,
                               .words = engine->calls->words,
                               .words_most = engine->words_most};
    lede_match_options match = {.k = UINT64_MAX,
                                .sort = options->sort,
                                .totals = LEDE_TOTALS_EXACT,
                                .has_as_of = options->as_of_given,
                                .as_of = options->as_of};
    lede_parse_options parse = {.now = options->now};
    lede_analyzer *analyzer = NULL;
    lede_arena arena = {0};
    lede_notes notes = {0};
    lede_parsed parsed;
    lede_plan plan;
    lede_error err = {0};

    assert_ok(engine->calls->take_analyzer(engine, &analyzer, &err));
    parse.analyzer = analyzer;
    assert_ok(lede_query_parse(lede_buf_span(query), &parse, &arena, &notes,
                               &parsed, &err));
    assert_ok(lede_plan_make(&parsed, lede_buf_span(query), &source, analyzer,
                             options->match_any, &arena, &notes, &plan, &err));
    *is_nothing = parsed.root == NULL;
    assert_ok(exhaustive_run(w->snapshot, &plan.tree, &match, out, &err));
    engine->calls->put_analyzer(engine, analyzer);
    lede_arena_done(&arena);
}

/* What a name asks for depends on what the engine knows of names, and dup: is
 * no part of the tree: the twin is not asked. */
static bool has_names(const lede_buf *query)
{
    static const char *const fields[] = {"person:", "place:", "from:", "dup:"};
    lede_span all = lede_buf_span(query);

    for (size_t i = 0; i < all.len; i++) {
        for (size_t j = 0; j < 4; j++) {
            size_t len = strlen(fields[j]);

            if (all.len - i >= len &&
                strncasecmp((const char *)all.bytes + i, fields[j], len) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void compare_with_twin(world *w, const lede_buf *query, uint64_t seed,
                              const lede_search_options *options,
                              const lede_results *results)
{
    lede_match_result wanted = {0};
    uint32_t required, of;
    bool is_nothing;

    if (lede_results_relaxed(results, &required, &of) || has_names(query)) {
        return;
    }
    ask_twin(w, query, options, &wanted, &is_nothing);
    if (lede_results_total(results) != wanted.total) {
        fprintf(stderr, "found %llu, the twin %llu\n",
                (unsigned long long)lede_results_total(results),
                (unsigned long long)wanted.total);
        differ(query, seed, "the twin counts otherwise");
    }
    for (uint32_t i = 0; i < lede_results_count(results); i++) {
        if (lede_results_place(results, i).key != wanted.hits[i].key) {
            differ(query, seed, "the twin finds others");
        }
    }
    lede_match_result_done(&wanted);
}

static void ask_for(world *w, uint64_t seed, const lede_buf *query,
                    const lede_search_options *options)
{
    lede_results *results[ENGINES] = {NULL};
    lede_error err = {0};

    for (int i = 0; i < ENGINES; i++) {
        if (lede_engine_search(w->engines[i], lede_buf_span(query), options,
                               &results[i], &err) != LEDE_OK) {
            differ(query, seed, err.message);
        }
        check_notes(query, seed, results[i]);
    }
    compare(query, seed, results);
    compare_with_twin(w, query, seed, options, results[0]);
    w->asked++;
    w->telling += lede_results_total(results[0]) > 0 &&
                  lede_results_total(results[0]) < ENTRIES;
    for (int i = 0; i < ENGINES; i++) {
        lede_results_free(results[i]);
    }
}

static void ask(world *w, uint64_t seed, lede_buf *query)
{
    lede_search_options options;

    w->state = seed * UINT64_C(0x9E3779B97F4A7C15);
    options = options_of(w);
    for (int i = 0, most = below(w, 4) == 0 ? 1 + (int)below(w, 5) : 0;
         i < ENGINES; i++) {
        w->engines[i]->words_most = (uint32_t)most;
    }
    make_query(w, query);
    ask_for(w, seed, query, &options);
}

/* Queries on which the engines once differed. */
static void test_query_strings__that_differed_do_so_no_more(void **state)
{
    static const char *const known[] = {
        "person:Ukr*", "place:Ukr*", "place:Par*", "storm OR -person:Ukr*",
        "place:Par* OR \u6771\u4eac\u90fd Storm~^2 AND -person:Ukr*"};
    lede_search_options options = {.sort = LEDE_SORT_NEWEST,
                                   .limit = ENTRIES,
                                   .unfolded = true,
                                   .no_relax = true,
                                   .now_given = true,
                                   .now = NOW,
                                   .totals = LEDE_TOTALS_EXACT};
    lede_buf query = {0};
    world w;

    (void)state;
    open_world(&w, 1);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        lede_buf_clear(&query);
        lede_buf_put_text(&query, known[i]);
        ask_for(&w, i, &query, &options);
    }
    close_world(&w);
    lede_buf_done(&query);
}

static void test_query_strings__mean_the_same_to_all(void **state)
{
    const char *first = getenv("LEDE_TEST_SEED");
    bool is_long = getenv("LEDE_TEST_LONG") != NULL;
    uint64_t seed = first != NULL ? strtoull(first, NULL, 10) : 1;
    uint32_t worlds = is_long ? 100 : 2, queries = is_long ? 1000 : 400;
    lede_buf query = {0};

    (void)state;
    for (uint32_t i = 0; i < worlds; i++) {
        world w;

        open_world(&w, seed);
        for (uint32_t j = 0; j < queries; j++) {
            ask(&w, seed++, &query);
        }
        assert_true(w.telling > w.asked / 3);
        close_world(&w);
    }
    lede_buf_done(&query);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_query_strings__that_differed_do_so_no_more),
        cmocka_unit_test(test_query_strings__mean_the_same_to_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
