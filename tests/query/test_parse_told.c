/* The promises of query/parse.h about what is broken, or another language's:
 * what it is read as, and what is told of it. */
#include "tests/query/readings.h"

#include <stdlib.h>

static void test_parse_told__broken_operators_are_words(void **state)
{
    static const reading table[] = {
        {"OR", "OR", 0},           {"a OR", "a AND OR", 2},
        {"OR a", "OR AND a", 0},   {"a OR OR b", "a OR (OR AND b)", 5},
        {"AND a", "AND AND a", 0}, {"a AND", "a AND AND", 2},
        {"NOT", "NOT", 0},         {"a (b OR) c", "a AND b AND OR AND c", 5},
        {"(a b", "a AND b", 0},    {"a) b", "a AND b", 1},
        {"a ) OR b", "a OR b", 2},
    };

    (void)state;
    CHECK_ALL(table);
}

/* All notes of a query as "column text; column text", or their end. */
typedef struct broken {
    const char *query;
    const char *form;
    const char *notes;
} broken;

static void check_broken(const broken *wanted)
{
    lede_error err = {0};
    lede_arena arena = {0};
    lede_notes notes = {0};
    lede_parse_options options = {.analyzer = analyzer, .now = NOW};
    lede_parsed parsed;
    lede_buf out = {0};
    uint32_t i;

    assert_ok(lede_query_parse(lede_span_text(wanted->query), &options, &arena,
                               &notes, &parsed, &err));
    lede_ast_format(parsed.root, false, &out);
    for (i = 0; i < notes.count; i++) {
        lede_buf_put_format(&out, "\n  %u %s", notes.items[i].column,
                            notes.items[i].text);
    }
    i = (uint32_t)strlen(wanted->form);
    if (!lede_span_starts(lede_buf_span(&out), wanted->form) ||
        !lede_span_is(lede_span_part(lede_buf_span(&out), i, SIZE_MAX),
                      wanted->notes)) {
        print_error("%s\n  is read as %s\n  and not %s%s\n", wanted->query,
                    lede_buf_text(&out), wanted->form, wanted->notes);
        fail();
    }
    lede_buf_done(&out);
    lede_arena_done(&arena);
}

#define ALONE(c) "nothing stands behind this '" c "': it is ignored"
#define FRUITLESS(c) " there is nothing to search for in '" c "'"
#define NO_WORDS(c) " there are no words in '" c "': it is ignored"
#define NOT_HERE(c) " '" c "' has no meaning here: it is ignored"
#define NO_OPERAND(c) " " c " has nothing to work on here: it is read as a word"
#define EMPTY_GROUP " there are no words between these parentheses"
#define NO_MINUS " this '-' excludes nothing here: it is ignored"

static void test_parse_told__what_is_broken_is_told(void **state)
{
    static const broken table[] = {
        /* Signs alone. */
        {"-", "", "\n  0 " ALONE("-")},
        {"=", "", "\n  0 " ALONE("=")},
        {"a -", "a", "\n  2 " ALONE("-")},
        {"a AND - OR b", "a OR b", "\n  6 " ALONE("-")},
        {"- - -a", "NOT a", "\n  0 " ALONE("-") "\n  2 " ALONE("-")},
        {"== a", "a", "\n  1 " ALONE("=")},
        /* Nothing to search for at all. */
        {"!!!", "", "\n  0" FRUITLESS("!!!")},
        {" \u3000 --\n", "", "\n  5" FRUITLESS("--")},
        {"\U0001F600", "", "\n  0" FRUITLESS("\U0001F600")},
        {"headline:()", "",
         "\n  0" FRUITLESS("headline:()") "\n  9" EMPTY_GROUP},
        {"-()", "", "\n  0" FRUITLESS("-()") "\n  1" EMPTY_GROUP},
        {"()", "", "\n  0" EMPTY_GROUP},
        {"(())", "", "\n  0" FRUITLESS("(())") "\n  1" EMPTY_GROUP},
        {"\"\" ", "", "\n  0 there are no words between these quotation marks"},
        {"((", "",
         "\n  0 this parenthesis is never closed"
         "\n  1 this parenthesis is never closed"},
        {"))", "",
         "\n  0 this parenthesis closes nothing"
         "\n  1 this parenthesis closes nothing"},
        {"-!!!", "", "\n  0" FRUITLESS("-!!!") "\n  1" NO_WORDS("!!!")},
        {"headline:=!", "",
         "\n  0" FRUITLESS("headline:=!") "\n  9" NO_WORDS("=!")},
        {"................................................................", "",
         "\n  0" FRUITLESS("........................................")},
        /* Operands that are none. */
        {"a OR !!!", "a", "\n  5" NO_WORDS("!!!")},
        {"!!! OR a", "a", "\n  0" NO_WORDS("!!!")},
        {"a AND !!!", "a", "\n  6" NO_WORDS("!!!")},
        {"a !!! AND b", "a AND b", "\n  2" NO_WORDS("!!!")},
        {"a NOT !!!", "a", "\n  6" NO_WORDS("!!!")},
        {"a !!! b", "a AND b", ""},
        {"a OR ()", "a", "\n  5" EMPTY_GROUP},
        /* Operators that have nothing to work on. */
        {"a AND AND b", "a AND AND AND b", "\n  6" NO_OPERAND("AND")},
        {"a AND OR b", "a AND OR AND b", "\n  6" NO_OPERAND("OR")},
        {"a OR AND b", "a OR (AND AND b)", "\n  5" NO_OPERAND("AND")},
        {"a NOT OR b", "a AND NOT OR AND b", "\n  6" NO_OPERAND("OR")},
        {"(a OR) b", "a AND OR AND b", "\n  3" NO_OPERAND("OR")},
        {"(NOT) a", "NOT AND a", "\n  1" NO_OPERAND("NOT")},
        {"\u00E9 OR", "\u00E9 AND OR", "\n  3" NO_OPERAND("OR")},
        /* Minus where it excludes nothing. */
        {"headline:-a", "headline:-a", "\n  9" NO_MINUS},
        {"=-a", "=-a", "\n  1" NO_MINUS},
        {"---a", "---a", "\n  0" NO_MINUS},
        {"\"a\"-b", "\"a\" AND -b", "\n  3" NO_MINUS},
        {"“a”-\"b\"", "\"a\" AND \"b\"", "\n  7" NO_MINUS},
        {"\u00E9\u3000-a", "\u00E9 AND NOT a", ""},
        {"==a", "=a", "\n  1 one '=' is enough: this one is ignored"},
        /* What other languages know. */
        {"example.org/~1", "example.org/~1", "\n  12" NOT_HERE("~")},
        {"what? why?", "what? AND why?", ""},
        {"http://a.b/c?d=1", "http://a.b/c?d=1", ""},
        {"a || b|c", "a AND b|c",
         "\n  2 '||' is no operator here (OR is): it is ignored"
         "\n  6 '|' is no operator here (OR is): it is ignored"},
        {"a && b", "a AND b",
         "\n  2 '&&' is no operator here (AND is): it is ignored"},
        {"AT&T a & b", "AT&T AND a AND b", ""},
        {"a ~ b", "a AND b", "\n  2 " ALONE("~")},
        {"a + b ^ c", "a AND b AND c", "\n  2 " ALONE("+") "\n  6 " ALONE("^")},
        {"~", "", "\n  0 " ALONE("~")},
        {"ab+cd C++ 1+1 Canal+ +1", "ab+cd AND C++ AND 1+1 AND Canal+ AND +1",
         "\n  2 '+' is no operator here: it is read as a mark between two "
         "words, side by side"},
        {"ab! Ab! 100% US$", "ab! AND Ab! AND 100% AND US$",
         "\n  2 '!' has no meaning here ('*' stands for any letters): it is "
         "ignored"},
        {"ab$", "ab$",
         "\n  2 '$' has no meaning here ('*' stands for any letters): it is "
         "ignored"},
        {"a#b c# #a", "a#b AND c# AND #a",
         "\n  1 '#' has no meaning here ('?' stands for a letter): it is "
         "ignored"},
        {"!a", "!a",
         "\n  0 '!' excludes nothing here ('-' does): it is ignored"},
        {"+\"a b\"", "\"a b\"", "\n  0" NOT_HERE("+")},
        {"headline:*", "*", "\n  9 '*' finds everything, whatever the field"},
        {"person:*", "*",
         "\n  7 '*' finds everything, also what names nobody: --facet person "
         "counts that as 'without'"},
        {"place:*", "*",
         "\n  6 '*' finds everything, also what names no place: --facet place "
         "counts that as 'without'"},
        {"title:(a b)", "title: AND a AND b",
         "\n  0 there is no field 'title' (headline: is): it is read as a "
         "word"},
        /* Pairs of syllables are words, one alone is where it stands alone. */
        {"a 駅", "a AND 駅",
         "\n  2 a single character of this script is found only where it "
         "stands alone"},
        {"\"a AI駅\"", "\"a AI駅\"",
         "\n  5 a single character of this script is found only where it "
         "stands alone"},
        {"東京 駅前", "東京 AND 駅前", ""},
        {"ไทย", "ไทย", ""},
        {"a か\u3099", "a AND か\u3099",
         "\n  2 a single character of this script is found only where it "
         "stands alone"},
        /* One kind of note is worth so many. */
        {"a^ b^ c^ d^ e^", "a AND b AND c AND d AND e",
         "\n  1" NOT_HERE("^") "\n  4" NOT_HERE("^") "\n  7" NOT_HERE("^")},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof table[0]; i++) {
        check_broken(&table[i]);
    }
}

/* Operators that people know from elsewhere, and what lede has for them. */
typedef struct foreign {
    const char *typed, *instead; /* "": nothing; NULL: is not told of */
} foreign;

static const foreign foreigners[] = {
    {"w/5", "NEAR/5"},     {"W/12", "NEAR/12"},   {"n/3", "NEAR/3"},
    {"/5", "NEAR/5"},      {"near/4", "NEAR/4"},  {"within/9", "NEAR/9"},
    {"pre/2", "ADJ/2"},    {"P/7", "ADJ/7"},      {"ONEAR/6", "ADJ/6"},
    {"adj/3", "ADJ/3"},    {"adj3", "ADJ/3"},     {"NEAR3", "NEAR/3"},
    {"near:8", "NEAR/8"},  {"w/0", "NEAR"},       {"w/99999999999", "NEAR"},
    {"/s", "SAME"},        {"/p", "SAME"},        {"w/s", "SAME"},
    {"W/PARA", "SAME"},    {"w/seg", "SAME"},     {"AROUND(5)", "NEAR/5"},
    {"NEAR(5)", "NEAR/5"}, {"ONEAR(5)", "ADJ/5"}, {"XOR", ""},
    {"ANDNOT", "NOT"},     {"w/o", NULL},         {"24/7", NULL},
    {"9/11", NULL},        {"n/a", NULL},         {"around", NULL},
    {"near", NULL},        {"adj", NULL},         {"and/or", NULL},
    {"w/5x", NULL},        {"xor", NULL},         {"around(5x)", NULL},
};

/* What may stand around them, and where the operator is in it: %s. */
static const char *const around[] = {
    "ab %s cd",       "\u00e9\u6771\u4eac  %s cd", "(ab OR x) %s \"c d\"",
    "x (ab %s cd)",   "headline:(ab %s cd)",       "\"ab cd\" %s =cd",
    "ab NOT x %s cd", "-ab \u3000%s\tcd",
};

/* The notes of a query; its text and columns live in the arena. */
static lede_notes notes_of(const char *query, lede_arena *arena)
{
    lede_parse_options options = {.analyzer = analyzer, .now = NOW};
    lede_notes notes = {0};
    lede_parsed parsed;
    lede_error err = {0};

    assert_ok(lede_query_parse(lede_span_text(query), &options, arena, &notes,
                               &parsed, &err));
    return notes;
}

static void check_foreign(const foreign *f, const char *frame)
{
    size_t before = (size_t)(strstr(frame, "%s") - frame);
    lede_arena arena = {0};
    lede_notes notes;
    char query[120], wanted[120];
    bool found = false;

    snprintf(query, sizeof query, "%.*s%s%s", (int)before, frame, f->typed,
             frame + before + 2);
    notes = notes_of(query, &arena);
    if (f->instead == NULL || f->instead[0] == '\0') {
        snprintf(wanted, sizeof wanted,
                 "'%s' is no operator here: it is read as words", f->typed);
    } else {
        snprintf(wanted, sizeof wanted,
                 "'%s' is no operator here (%s is): it is read as words",
                 f->typed, f->instead);
    }
    for (uint32_t i = 0; i < notes.count; i++) {
        found = found || (notes.items[i].column == before &&
                          strcmp(notes.items[i].text, wanted) == 0);
        if (f->instead == NULL &&
            strstr(notes.items[i].text, "no operator") != NULL) {
            fail_msg("%s: %s", query, notes.items[i].text);
        }
    }
    if (found != (f->instead != NULL)) {
        fail_msg("%s: not told at %u: %s", query, (unsigned)before, wanted);
    }
    lede_arena_done(&arena);
}

static void
test_parse_told__operators_of_others_are_told_where_they_stand(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof foreigners / sizeof foreigners[0]; i++) {
        for (size_t j = 0; j < sizeof around / sizeof around[0]; j++) {
            check_foreign(&foreigners[i], around[j]);
        }
    }
}

/* Where nothing stands before or behind them they are words. */
static void test_parse_told__operators_of_others_alone_are_words(void **state)
{
    static const char *const queries[] = {
        "w/5 magazine",
        "the w/5",
        "/s",
        "/5 a",
        "a (w/5 b)",
        "(a adj3) b",
        "XOR gate",
        "\"a w/5 b\"",
        "a \u201cb XOR c\u201d",
        "A WORD W/5 OF MANY WORDS THAT ARE ALL SHOUTED AND LOUD"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        lede_arena arena = {0};
        lede_notes notes = notes_of(queries[i], &arena);

        for (uint32_t n = 0; n < notes.count; n++) {
            if (strstr(notes.items[n].text, "no operator") != NULL) {
                fail_msg("%s: %s", queries[i], notes.items[n].text);
            }
        }
        lede_arena_done(&arena);
    }
}

static void test_parse_told__fields_of_others_are_told(void **state)
{
    static const broken table[] = {
        {"a ATLEAST5(b c)", "a AND ATLEAST5 AND b AND c",
         "\n  2 'ATLEAST5' is no operator here: it is read as words"},
        {"a intitle:b", "a AND intitle:b",
         "\n  2 there is no field 'intitle' (headline: is): it is read as a "
         "word"},
        {"allintext:b", "allintext:b",
         "\n  0 there is no field 'allintext' (body: is): it is read as a "
         "word"},
        {"\u00e9 site:example.com", "\u00e9 AND site:example.com",
         "\n  3 there is no field 'site' (url: is): it is read as a word"},
        {"before=2024", "before=2024",
         "\n  0 'before=' is no field here (before: is): it is read as a "
         "word"},
        {"a date>=2024-01-01", "a AND date>=2024-01-01",
         "\n  2 'date>=' is no field here (since: is): it is read as a word"},
        {"date<2024 title=\"a b\"", "date<2024 AND title= AND \"a b\"",
         "\n  0 'date<' is no field here (before: is): it is read as a word"
         "\n  10 'title=' is no field here (headline: is): it is read as a "
         "word"},
        {"date:>2024", "date:>2024",
         "\n  5 '>' is no sign for dates here (after: is): it is read as "
         "words"},
        {"date:<=2024", "date:<=2024",
         "\n  5 '<=' is no sign for dates here (until: is): it is read as "
         "words"},
        {"HEADLINE(a b) x", "HEADLINE AND a AND b AND x",
         "\n  0 'HEADLINE(' is no field here (headline:( is): it is read as "
         "a word"},
        {"a BYLINE(b)", "a AND BYLINE AND b",
         "\n  2 'BYLINE(' is no field here (author:( is): it is read as a "
         "word"},
        {"text(a) US(b) e=mc2 before= a=b",
         "text AND a AND US AND b AND "
         "e=mc2 AND before= AND a=b",
         ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        check_broken(&table[i]);
    }
}

#define NO_NUMBER(c)                                                           \
    " '" c "' wants a number from 1 to 1000 behind the slash: it is read as "  \
    "words"
#define NEAR_IS_AND(c)                                                         \
    " " c " works on words, phrases, and these joined by OR: it is read as "   \
    "AND"

#define NO_ROOM(c)                                                             \
    " " c " works on no phrase that leaves room with ~: it is read as AND"

static void test_parse_told__near(void **state)
{
    static const broken table[] = {
        {"a NEAR/3 b", "a NEAR/3 b", ""},
        {"a NEAR b", "a NEAR/10 b", ""},
        {"a ADJ b", "a ADJ/10 b", ""},
        {"a ADJ/1 \"b c\"", "a ADJ/1 \"b c\"", ""},
        {"a SAME b c", "(a SAME b) AND c", ""},
        {"a NEAR/3 b NEAR/3 a", "a NEAR/3 b NEAR/3 a", ""},
        {"a NEAR/3 b OR c", "(a NEAR/3 b) OR c", ""},
        {"-a NEAR/3 b", "NOT (a NEAR/3 b)", ""},
        {"c -(a SAME b)", "c AND NOT (a SAME b)", ""},
        {"(a OR \"b c\") NEAR/2 d", "(a OR \"b c\") NEAR/2 d", ""},
        {"headline:(a NEAR/2 b)", "headline:a NEAR/2 headline:b", ""},
        {"headline:a NEAR/2 =B*", "headline:a NEAR/2 =B*", ""},
        {"a NEAR/2 b ADJ/2 c", "(a NEAR/2 b) AND (b ADJ/2 c)", ""},
        {"a NEAR/2 b NEAR/3 c NEAR/3 d",
         "(a NEAR/2 b) AND (b NEAR/3 c NEAR/3 d)", ""},
        {"a NEAR/2 b NEAR/2 c NEAR/2 d NEAR/2 e NEAR/2 f NEAR/2 g NEAR/2 h "
         "NEAR/2 i",
         "(a NEAR/2 b NEAR/2 c NEAR/2 d NEAR/2 e NEAR/2 f NEAR/2 g NEAR/2 h) "
         "AND (h NEAR/2 i)",
         ""},
        {"near a adj/2 b", "near AND a AND adj/2 AND b",
         "\n  7 'adj/2' is no operator here (ADJ/2 is): it is read as words"},
        {"NEARBY ADJUST SAMEY", "NEARBY AND ADJUST AND SAMEY", ""},
        {"SEVEN DIE AS STORM HITS COAST NEAR TOWN",
         "SEVEN AND DIE AND AS AND STORM AND HITS AND COAST AND NEAR AND TOWN",
         "\n  30 the whole query is in capitals: AND, OR, NOT and the like are "
         "read as words"},
        {"A B C D E F G NEAR/2 H",
         "A AND B AND C AND D AND E AND F AND (G NEAR/2 H)", ""},
        /* What has no operand, no number, no places. */
        {"NEAR/3 a", "NEAR/3 AND a", "\n  0" NO_OPERAND("NEAR/3")},
        {"a NEAR/3", "a AND NEAR/3", "\n  2" NO_OPERAND("NEAR/3")},
        {"a SAME", "a AND SAME", "\n  2" NO_OPERAND("SAME")},
        {"a NEAR/3 OR b", "(a AND NEAR/3) OR b", "\n  2" NO_OPERAND("NEAR/3")},
        {"a NEAR/3 NEAR/3 b", "a AND (NEAR/3 NEAR/3 b)",
         "\n  2" NO_OPERAND("NEAR/3")},
        {"(a NEAR/3) b", "a AND NEAR/3 AND b", "\n  3" NO_OPERAND("NEAR/3")},
        {"a NEAR/0 b", "a AND NEAR/0 AND b", "\n  2" NO_NUMBER("NEAR/0")},
        {"a NEAR/1001 b", "a AND NEAR/1001 AND b",
         "\n  2" NO_NUMBER("NEAR/1001")},
        {"a ADJ/x b", "a AND ADJ/x AND b", "\n  2" NO_NUMBER("ADJ/x")},
        {"a NEAR/ b", "a AND NEAR/ AND b", "\n  2" NO_NUMBER("NEAR/")},
        {"a NEAR/99999999999999999999 b",
         "a AND NEAR/99999999999999999999 AND b",
         "\n  2" NO_NUMBER("NEAR/99999999999999999999")},
        {"a NEAR/3 !!!", "a", "\n  9" NO_WORDS("!!!")},
        {"a NEAR/3 (b c)", "a AND b AND c", "\n  2" NEAR_IS_AND("NEAR/3")},
        {"a NEAR/3 (b c) ADJ/2 d NEAR/4 e",
         "a AND b AND c AND d AND (d NEAR/4 e)",
         "\n  2" NEAR_IS_AND("NEAR/3") "\n  15" NEAR_IS_AND("ADJ/2")},
        {"(a b) NEAR/3 c ADJ/3 (d OR e) NEAR/2 f",
         "a AND b AND c AND (c ADJ/3 (d OR e)) AND ((d OR e) NEAR/2 f)",
         "\n  6" NEAR_IS_AND("NEAR/3")},
        {"a SAME kind:article", "a AND kind:article",
         "\n  2" NEAR_IS_AND("SAME")},
        {"a NEAR/3 (b NEAR/2 c)", "a AND (b NEAR/2 c)",
         "\n  2" NEAR_IS_AND("NEAR/3")},
        {"a NEAR/3 -b", "a NEAR/3 -b", "\n  9" NO_MINUS},
        {"a NEAR/3 \"b c\"~2", "a AND \"b c\"~2", "\n  2" NO_ROOM("NEAR/3")},
        {"\"a b\"~3 NEAR/2 c", "\"a b\"~3 AND c", "\n  8" NO_ROOM("NEAR/2")},
        {"a SAME/3 b", "a SAME b",
         "\n  6 SAME takes no number: this one is ignored"},
        {"SAME/3 a", "SAME/3 AND a", "\n  0" NO_OPERAND("SAME/3")},
        {"a SAME/x b", "a AND SAME/x AND b", ""},
        {"a NEAR 3 b", "(a NEAR/10 3) AND b",
         "\n  7 a distance is typed NEAR/3, without a blank: here '3' is a "
         "word"},
        {"a ADJ 12 b", "(a ADJ/10 12) AND b",
         "\n  6 a distance is typed ADJ/12, without a blank: here '12' is a "
         "word"},
        {"a NEAR 3", "a NEAR/10 3", ""},
        {"a NEAR/2 3 b", "(a NEAR/2 3) AND b", ""},
        {"headline:a NEAR/2 body:b", "headline:a NEAR/2 body:b",
         "\n  11 NEAR/2 reaches from no field into another: headline: and "
         "body: are never near each other"},
        {"headline:(a OR \"b c\") SAME d SAME body:e",
         "(headline:a OR headline:\"b c\") SAME d SAME body:e",
         "\n  22 SAME reaches from no field into another: headline: and body: "
         "are never near each other"},
        {"(headline:a OR body:b) NEAR/2 body:c",
         "(headline:a OR body:b) NEAR/2 body:c", ""},
        {"a NEAR/3 *", "a AND *", "\n  2" NEAR_IS_AND("NEAR/3")},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof table[0]; i++) {
        check_broken(&table[i]);
    }
}

#define TOO_MUCH(c, as) " '" c "' is more than can be: it is read as " as

#define LONE_SIGN(c)                                                           \
    " '" c                                                                     \
    "' stands for no word here (\"...\"~1 leaves room for one): it is ignored"
#define LONE_COLON(c)                                                          \
    " this ':' has a blank before it (" c ":word is a field): it is ignored"
#define NO_OR                                                                  \
    " dup: says what is shown of all that is found: the OR beside it is "      \
    "ignored"

static void test_parse_told__patterns_and_suffixes(void **state)
{
    static const broken table[] = {
        {"\"a b\"~-1", "\"a b\"", "\n  5" NOT_HERE("~-1")},
        {"storm^-1", "storm", "\n  5" NOT_HERE("^-1")},
        {"storm~-1 (a b)^-2", "storm AND a AND b",
         "\n  5" NOT_HERE("~-1") "\n  14" NOT_HERE("^-2")},
        {"storm~-", "storm~-", ""},
        {"^storm", "^storm", "\n  0" NOT_HERE("^")},
        {"alpha~beta a^b x/~a", "alpha~beta AND a^b AND x/~a",
         "\n  5 '~' is no operator here: it is read as a mark between two "
         "words, side by side"
         "\n  12 '^' is no operator here: it is read as a mark between two "
         "words, side by side"},
        {"\"a b\"~2~3", "\"a b\"~2", "\n  7" NOT_HERE("~3")},
        {"storm~1~2", "storm~1", "\n  7" NOT_HERE("~2")},
        {"\"prime * minister\"", "\"prime * minister\"", ""},
        {"\"prime * minister\"~2", "\"prime * minister\"~2",
         "\n  7" LONE_SIGN("*")},
        {"\"* prime minister *\"", "\"* prime minister *\"", ""},
        {"\"a * * * * * * * b\"", "\"a * * * * * * * b\"", ""},
        {"person:\"prime * minister\"", "person:\"prime * minister\"",
         "\n  14" LONE_SIGN("*")},
        {"\"a ? b\"", "\"a ? b\"", "\n  3" LONE_SIGN("?")},
        {"\"who ?\"", "\"who ?\"", ""},
        {"headline : storm", "headline AND storm",
         "\n  9" LONE_COLON("headline")},
        {"a title :storm", "a AND title AND :storm",
         "\n  8" LONE_COLON("headline")},
        {"a ratio : b", "a AND ratio AND b", ""},
        {"dup:only OR oil", "oil AND dup:only", "\n  0" NO_OR},
        {"oil OR (dup:only)", "oil AND dup:only", "\n  8" NO_OR},
        {"word* *word wo*rd w?rd w??d *o*",
         "word* AND *word AND wo*rd AND w?rd AND w??d AND *o*", ""},
        {"headline:st* =St*", "headline:st* AND =St*", ""},
        {"o'b* cease-f*", "o'b* AND cease-f*", ""},
        {"what? why?", "what? AND why?", ""},
        {"http://a.b/c?d=1", "http://a.b/c?d=1", ""},
        {"a*b* **", "a*b* AND *", ""},
        {"東*", "東*", ""},
        {"AC/D*", "AC/D*", "\n  4" NOT_HERE("*")},
        {"日本語*", "日本語*", "\n  9" NOT_HERE("*")},
        {"*!*", "", "\n  0" NOT_HERE("*")},
        {"\"storm* of the cent?ry\"", "\"storm* of the cent?ry\"", ""},
        {"a~1 a~2 a~", "a~1 AND a~2 AND a~1", ""},
        {"Storm~1^2 =Storm~2", "Storm~1^2 AND =Storm~2", ""},
        {"storm^2~1", "storm~1^2", ""},
        {"a~9", "a~2", "\n  1" TOO_MUCH("~9", "~2")},
        {"a~0 a~1.5", "a AND a",
         "\n  1" NOT_HERE("~0") "\n  5" NOT_HERE("~1.5")},
        {"AC/DC~1", "AC/DC", "\n  5" NOT_HERE("~1")},
        {"st*~1", "st*", "\n  3" NOT_HERE("~1")},
        {"~5 a", "~5 AND a", "\n  0" NOT_HERE("~")},
        {"\"a b\"~5 c", "\"a b\"~5 AND c", ""},
        {"\"a b\"~0", "\"a b\"", ""},
        {"\"a b\"~", "\"a b\"", "\n  5" NOT_HERE("~")},
        {"\"a b\"~1001", "\"a b\"~1000", "\n  5" TOO_MUCH("~1001", "~1000")},
        {"(a b)~2", "a AND b", "\n  5" NOT_HERE("~2")},
        {"(a)~2", "a", "\n  3" NOT_HERE("~2")},
        {"a^2 b^0.5 c^.5 d^1 e^0", "a^2 AND b^0.5 AND c AND d AND e^0",
         "\n  11" NOT_HERE("^.5")},
        {"(a b)^1.5 c", "(a AND b)^1.5 AND c", ""},
        {"(a b)^1.5", "(a AND b)^1.5", ""},
        {"(a^2)^3", "a^6", ""},
        {"\"a b\"^2 =x^3 headline:y^4", "\"a b\"^2 AND =x^3 AND headline:y^4",
         ""},
        {"(a NEAR/2 b)^2 c", "(a NEAR/2 b)^2 AND c", ""},
        {"a^20 b^20.01", "a^20 AND b^20", "\n  6" TOO_MUCH("^20.01", "^20")},
        {"a^99999999999999999999", "a^20",
         "\n  1" TOO_MUCH("^99999999999999999999", "^20")},
        {"a^2.5.1 b^", "a AND b",
         "\n  1" NOT_HERE("^2.5.1") "\n  9" NOT_HERE("^")},
        {"C++^2 a*^2", "C++^2 AND a*^2", ""},
        {"example.org/~1", "example.org/~1", "\n  12" NOT_HERE("~")},
        {"!!!^2", "", "\n  0" FRUITLESS("!!!^2")},
        {"-a^2", "NOT a^2", ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof table[0]; i++) {
        check_broken(&table[i]);
    }
}

/* Parentheses that go too deep are ignored in pairs: what stands behind them
 * belongs where it seems to. */
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_told__broken_operators_are_words),
        cmocka_unit_test(test_parse_told__what_is_broken_is_told),
        cmocka_unit_test(
            test_parse_told__operators_of_others_are_told_where_they_stand),
        cmocka_unit_test(test_parse_told__operators_of_others_alone_are_words),
        cmocka_unit_test(test_parse_told__fields_of_others_are_told),
        cmocka_unit_test(test_parse_told__near),
        cmocka_unit_test(test_parse_told__patterns_and_suffixes),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
