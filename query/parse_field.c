/* parse_field.c - "name:" and what stands behind it; see parser.h. */
#include "query/parser.h"

#include "query/foreign.h"
#include "query/lex.h"

/* --- Fields -----------------------------------------------------------------
 */

static bool same_name(lede_span name, const char *known)
{
    size_t i;

    if (name.len != strlen(known)) {
        return false;
    }
    for (i = 0; i < name.len; i++) {
        if ((name.bytes[i] | 0x20) != known[i]) {
            return false;
        }
    }
    return true;
}

static bool find_field(lede_span name, int *out)
{
    int field;

    for (field = 0; field < LEDE_AST_FIELD_END; field++) {
        if (same_name(name, lede_ast_field_name(field))) {
            *out = field;
            return true;
        }
    }
    return false;
}

/* The value of date: or kind:, quoted or bare, with *end behind it. */
static lede_span plain_value(const lede_parser *p, size_t at, size_t *end)
{
    size_t mark = lede_lex_quote(p->query, at);

    if (mark > 0) {
        size_t close = lede_parser_find_quote(p, at + mark);

        if (close < p->query.len) {
            *end = close + lede_lex_quote(p->query, close);
            return lede_span_trim(
                lede_span_part(p->query, at + mark, close - at - mark));
        }
    }
    *end = lede_lex_word_end(p->query, at);
    return lede_span_part(p->query, at, *end - at);
}

static bool read_period(lede_parser *p, int field, lede_span value,
                        lede_period *out, bool *swapped)
{
    *swapped = false;
    return field == LEDE_DATE_VALUES || field == LEDE_UPDATED_VALUES
               ? lede_query_parse_period(value, p->options, out, swapped)
               : lede_query_parse_side(
                     value, p->options,
                     (lede_date_side)(LEDE_SIDE_VALUES - field), out);
}

/* How many figures a word begins with. */
static size_t figures_of(lede_span word)
{
    size_t len = 0;

    while (len < word.len && word.bytes[len] >= '0' && word.bytes[len] <= '9') {
        len++;
    }
    return len;
}

/* What belongs to a date that is one already: 2025, or 5 and 5th, of August. */
static bool is_more_of_date(lede_span word)
{
    size_t len = figures_of(word);

    return (len == 4 && word.len == 4) ||
           ((len == 1 || len == 2) && word.len <= len + 3);
}

/* Where the word behind blanks begins; `at` if there are none, or no word. */
static size_t next_word(const lede_parser *p, size_t at)
{
    size_t word_at = at, blank;

    while ((blank = lede_lex_blank(p->query, word_at)) > 0) {
        word_at += blank;
    }
    return lede_lex_is_border(p->query, word_at) ? at : word_at;
}

/* Blanks and words behind a date without quotation marks that belong to it:
 * "last month", "17 march 2025", "two weeks ago"; behind what is a date by
 * itself, only a year ("march 2025") or a day ("march 17, 2025"). False if none
 * do. */
static bool read_longer(lede_parser *p, int field, size_t begin, size_t *end,
                        lede_period *out, bool *swapped)
{
    enum { MORE_WORDS = 2 };
    size_t at = *end;
    bool is_there = false, is_date;

    if (lede_lex_quote(p->query, begin) > 0) {
        return false;
    }
    is_date = read_period(p, field, lede_span_part(p->query, begin, at - begin),
                          out, swapped);
    if (is_date && lede_parser_byte(p, begin) <= '9') {
        return false;
    }
    for (unsigned i = 0; i < MORE_WORDS; i++) {
        size_t word_at = next_word(p, at);
        lede_span longer;

        if (word_at == at) {
            break;
        }
        at = lede_lex_word_end(p->query, word_at);
        longer = lede_span_part(p->query, begin, at - begin);
        if ((!is_date || is_more_of_date(lede_span_part(p->query, word_at,
                                                        at - word_at))) &&
            read_period(p, field, longer, out, swapped)) {
            is_there = true;
            *end = at;
        }
    }
    return is_there &&
           read_period(p, field, lede_span_part(p->query, begin, *end - begin),
                       out, swapped);
}

/* The date at `begin`, as far as it goes; false if there is none. */
static bool read_date(lede_parser *p, int field, size_t begin, lede_span *value,
                      size_t *end, lede_period *out, bool *swapped)
{
    *value = plain_value(p, begin, end);
    if (read_longer(p, field, begin, end, out, swapped)) {
        *value = lede_span_part(p->query, begin, *end - begin);
        return true;
    }
    return read_period(p, field, *value, out, swapped);
}

static bool ends_in_dots(lede_span text)
{
    return text.len > 2 && text.bytes[text.len - 1] == '.' &&
           text.bytes[text.len - 2] == '.';
}

/* Days of any year at `begin`: "02-17", "02-16..02-18", and with blanks, as of
 * other dates: "02-16 .. 02-18", "02-16 to 02-18". */
static bool read_month_days(lede_parser *p, size_t begin, size_t *end,
                            lede_month_days *out)
{
    lede_span first = plain_value(p, begin, end);
    bool is_open = ends_in_dots(first);
    size_t at = next_word(p, *end), close;
    lede_span word = lede_parser_word(p, at);
    lede_month_days last;

    first.len -= is_open ? 2 : 0;
    if (!lede_query_parse_month_days(first, out)) {
        return false;
    }
    if (at == *end || out->first != out->last) {
        return !is_open;
    }
    if (lede_span_is(word, "to") || lede_span_is(word, "..")) {
        at = is_open ? at : next_word(p, at + 2);
    } else if (!is_open && lede_span_starts(word, "..")) {
        at += 2;
    } else if (!is_open) {
        return true;
    }
    if (lede_query_parse_month_days(plain_value(p, at, &close), &last) &&
        last.first == last.last) {
        out->last = last.last;
        *end = close;
        return true;
    }
    return !is_open;
}

static lede_ast *take_month_days(lede_parser *p, lede_month_days days,
                                 size_t end)
{
    lede_ast *node = lede_parser_node(p, LEDE_AST_MONTH_DAYS, p->at);

    if (node != NULL) {
        node->days = days;
    }
    p->has_time = true;
    p->at = end;
    return node;
}

/* "since:2023 to 2024", which the words around it would hide. */
static void tell_of_side_range(lede_parser *p, size_t end)
{
    size_t to_at = next_word(p, end), at, close;
    lede_period period;
    lede_span value;
    bool swapped;

    if (to_at == end || !lede_span_is(lede_parser_word(p, to_at), "to")) {
        return;
    }
    at = next_word(p, to_at + 2);
    if (at != to_at + 2 && at < p->query.len &&
        read_date(p, LEDE_DATE_VALUES, at, &value, &close, &period, &swapped)) {
        lede_parser_tell(p, to_at,
                         "there are no ranges here (date:2024 to 2025 is "
                         "one): 'to' is read as a word");
    }
}

/* A range with blanks in it, whose first date is read: "2024 .. 2025",
 * "2024.. 2025", "2024 to 2025", "2024 ..". */
static void read_range(lede_parser *p, int field, lede_span first, size_t *end,
                       lede_period *out, bool *swapped)
{
    size_t at = next_word(p, *end), close;
    lede_span word = lede_parser_word(p, at), second;
    bool is_open = ends_in_dots(first), is_swapped;
    bool is_dots = !is_open && lede_span_starts(word, "..");
    lede_period other;

    if (at == *end || field <= LEDE_SIDE_VALUES ||
        !(is_open || is_dots || lede_span_is(word, "to"))) {
        return;
    }
    first.len -= is_open ? 2 : 0;
    if (is_dots && word.len > 2) {
        at += 2;
    } else if (!is_open) {
        *end = is_dots ? at + word.len : *end;
        at = next_word(p, at + word.len);
    }
    second = lede_span_of(NULL, 0);
    if ((!is_open || figures_of(word) > 0) && at < p->query.len &&
        read_date(p, field, at, &second, &close, &other, &is_swapped) &&
        lede_query_parse_range(first, second, p->options, out, swapped)) {
        *end = close;
    } else if (is_dots && word.len == 2) {
        lede_query_parse_range(first, lede_span_of(NULL, 0), p->options, out,
                               swapped);
    }
}

/* The field that dates behind a sign stand in. */
static const char *side_meant(lede_span sign)
{
    return lede_span_is(sign, ">")    ? "after"
           : lede_span_is(sign, ">=") ? "since"
           : lede_span_is(sign, "<=") ? "until"
                                      : "before";
}

/* What is no date; with < or > in front, how lede writes that. */
static void tell_of_date(lede_parser *p, int field, lede_span value,
                         size_t value_at)
{
    size_t len = value.len > 1 && value.bytes[1] == '=' ? 2 : 1;
    lede_span sign = lede_span_part(value, 0, len);

    if (field == LEDE_DATE_VALUES && value.len > 0 &&
        (value.bytes[0] == '<' || value.bytes[0] == '>')) {
        lede_parser_tell(p, value_at,
                         "'%.*s' is no sign for dates here (%s: is): it is "
                         "read as words",
                         (int)len, (const char *)sign.bytes, side_meant(sign));
        return;
    }
    lede_parser_tell(
        p, value_at,
        "this is no date (2025, 2025-02, 2025-02-17, %s%s): it is read as "
        "words",
        field == LEDE_DATE_VALUES ? "02-17, yesterday, last-month, 2w"
                                  : "yesterday, last-month, 2w",
        field <= LEDE_SIDE_VALUES ? "" : ", or a range such as 2024..2025-02");
}

static lede_ast *parse_date(lede_parser *p, int field, size_t value_at)
{
    size_t end;
    lede_span value;
    lede_month_days days;
    lede_period period;
    bool swapped;
    lede_ast *node;

    if (field == LEDE_DATE_VALUES &&
        read_month_days(p, value_at, &end, &days)) {
        return take_month_days(p, days, end);
    }
    if (!read_date(p, field, value_at, &value, &end, &period, &swapped)) {
        tell_of_date(p, field, value, value_at);
        return lede_parse_text(p, LEDE_AST_ANY_FIELD);
    }
    read_range(p, field, value, &end, &period, &swapped);
    if (field <= LEDE_SIDE_VALUES) {
        tell_of_side_range(p, end);
    }
    if (swapped) {
        lede_parser_tell(p, value_at,
                         "this range ends before it begins: it is read the "
                         "other way round");
    }
    node = lede_parser_node(
        p, field == LEDE_UPDATED_VALUES ? LEDE_AST_UPDATED : LEDE_AST_TIME,
        p->at);
    if (node != NULL) {
        node->period = period;
    }
    p->has_time = true;
    p->at = end;
    return node;
}

/* The tag of a language that is named in full; the value if it is none. */
static lede_span language_meant(lede_span value)
{
    static const char *const names[][2] = {
        {"arabic", "ar"},     {"bulgarian", "bg"},  {"catalan", "ca"},
        {"chinese", "zh"},    {"croatian", "hr"},   {"czech", "cs"},
        {"danish", "da"},     {"dutch", "nl"},      {"english", "en"},
        {"estonian", "et"},   {"finnish", "fi"},    {"french", "fr"},
        {"german", "de"},     {"greek", "el"},      {"hebrew", "he"},
        {"hindi", "hi"},      {"hungarian", "hu"},  {"indonesian", "id"},
        {"irish", "ga"},      {"italian", "it"},    {"japanese", "ja"},
        {"korean", "ko"},     {"lithuanian", "lt"}, {"norwegian", "no"},
        {"persian", "fa"},    {"polish", "pl"},     {"portuguese", "pt"},
        {"romanian", "ro"},   {"russian", "ru"},    {"serbian", "sr"},
        {"spanish", "es"},    {"swedish", "sv"},    {"tamil", "ta"},
        {"thai", "th"},       {"turkish", "tr"},    {"ukrainian", "uk"},
        {"vietnamese", "vi"}, {"welsh", "cy"},      {"yiddish", "yi"},
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (same_name(value, names[i][0])) {
            return lede_span_text(names[i][1]);
        }
    }
    return value;
}

static lede_ast *parse_language(lede_parser *p, size_t value_at)
{
    size_t end;
    lede_span value = language_meant(plain_value(p, value_at, &end));
    lede_ast *node;

    if (!lede_language_exists(value)) {
        lede_parser_tell(p, value_at,
                         "there is no such language (en, fr, de ...): it is "
                         "read as words");
        return lede_parse_text(p, LEDE_AST_ANY_FIELD);
    }
    node = lede_parser_node(p, LEDE_AST_LANGUAGE, p->at);
    if (node != NULL) {
        node->text = value;
    }
    p->at = end;
    return node;
}

static bool parse_kind_name(lede_span value, lede_kind *out)
{
    uint8_t name[24];
    size_t i;

    if (value.len > sizeof name) {
        return false;
    }
    for (i = 0; i < value.len; i++) {
        uint8_t byte = value.bytes[i];

        name[i] = byte == '-' || byte == ' ' ? '_' : (uint8_t)(byte | 0x20);
        name[i] = byte == '_' ? '_' : name[i];
    }
    return lede_kind_parse(lede_span_of(name, value.len), out);
}

static lede_ast *parse_kind(lede_parser *p, size_t value_at)
{
    size_t end;
    lede_span value = plain_value(p, value_at, &end);
    lede_kind kind;
    lede_ast *node;

    if (!parse_kind_name(value, &kind)) {
        lede_parser_tell(p, value_at,
                         "there is no such kind (article, live_update, "
                         "live_summary, feed_item ...): it is read as words");
        return lede_parse_text(p, LEDE_AST_ANY_FIELD);
    }
    node = lede_parser_node(p, LEDE_AST_KIND, p->at);
    if (node != NULL) {
        node->kind = kind;
    }
    p->at = end;
    return node;
}

const char *lede_copies_wanted_name(lede_copies_wanted wanted)
{
    static const char *const names[] = {"fold", "show", "only"};

    return (unsigned)wanted < 3 ? names[wanted] : "?";
}

static lede_ast *parse_copies(lede_parser *p, size_t value_at)
{
    size_t end;
    lede_span value = plain_value(p, value_at, &end);
    unsigned i;

    for (i = 0; i < 3; i++) {
        if (same_name(value, lede_copies_wanted_name((lede_copies_wanted)i))) {
            lede_ast *node = lede_parser_node(p, LEDE_AST_COPIES, p->at);

            if (node != NULL) {
                p->copies = node->copies = (lede_copies_wanted)i;
            }
            p->at = end;
            return node;
        }
    }
    lede_parser_tell(
        p, value_at,
        "behind dup: stands show, fold or only: it is read as words");
    return lede_parse_text(p, LEDE_AST_ANY_FIELD);
}

static const struct {
    const char *name;
    int field;
} value_fields[] = {{"date", LEDE_DATE_VALUES},
                    {"updated", LEDE_UPDATED_VALUES},
                    {"kind", LEDE_KIND_VALUES},
                    {"lang", LEDE_LANGUAGE_VALUES},
                    {"dup", LEDE_COPIES_VALUES},
                    {"since", LEDE_SIDE_VALUES - LEDE_DATE_SINCE},
                    {"after", LEDE_SIDE_VALUES - LEDE_DATE_AFTER},
                    {"until", LEDE_SIDE_VALUES - LEDE_DATE_UNTIL},
                    {"before", LEDE_SIDE_VALUES - LEDE_DATE_BEFORE}};
enum { VALUE_FIELDS = sizeof value_fields / sizeof value_fields[0] };

/* The field of a name, or one whose values are no words; and how it is written.
 */
static bool find_any_field(lede_span name, int *out, const char **written)
{
    for (size_t i = 0; i < VALUE_FIELDS; i++) {
        if (same_name(name, value_fields[i].name)) {
            *out = value_fields[i].field;
            *written = value_fields[i].name;
            return true;
        }
    }
    if (!find_field(name, out)) {
        return false;
    }
    *written = lede_ast_field_name(*out);
    return true;
}

lede_ast *lede_parse_listed_value(lede_parser *p, int field, size_t value_at)
{
    if (field == LEDE_KIND_VALUES) {
        return parse_kind(p, value_at);
    }
    if (field == LEDE_COPIES_VALUES) {
        return parse_copies(p, value_at);
    }
    return field == LEDE_LANGUAGE_VALUES ? parse_language(p, value_at)
                                         : parse_date(p, field, value_at);
}

/* What stands behind "name:". */
static lede_ast *parse_value(lede_parser *p, int field, size_t value_at)
{
    size_t told = p->told;
    lede_ast *node;

    if (field <= LEDE_DATE_VALUES) {
        return lede_parse_listed_value(p, field, value_at);
    }
    p->at = value_at;
    node = lede_parse_text(p, field);
    if (node == NULL) {
        lede_parser_tell_of_nothing(p, value_at, told);
    }
    return node;
}

/* What other programs call the fields. */
static const char *field_meant(lede_span name)
{
    static const char *const others[][2] = {
        {"title", "headline"},
        {"heading", "headline"},
        {"subject", "headline"},
        {"intitle", "headline"},
        {"allintitle", "headline"},
        {"hlead", "headline"},
        {"text", "body"},
        {"content", "body"},
        {"intext", "body"},
        {"allintext", "body"},
        {"inbody", "body"},
        {"summary", "deck"},
        {"standfirst", "deck"},
        {"abstract", "deck"},
        {"description", "deck"},
        {"byline", "author"},
        {"by", "author"},
        {"inauthor", "author"},
        {"writer", "author"},
        {"creator", "author"},
        {"people", "person"},
        {"name", "person"},
        {"places", "place"},
        {"location", "place"},
        {"country", "place"},
        {"city", "place"},
        {"dateline", "from"},
        {"outlet", "source"},
        {"publisher", "source"},
        {"publication", "source"},
        {"newspaper", "source"},
        {"feed", "source"},
        {"section", "tag"},
        {"category", "tag"},
        {"topic", "tag"},
        {"keyword", "tag"},
        {"tags", "tag"},
        {"link", "url"},
        {"site", "url"},
        {"inurl", "url"},
        {"allinurl", "url"},
        {"domain", "url"},
        {"host", "url"},
        {"image", "caption"},
        {"alt", "caption"},
        {"type", "kind"},
        {"year", "date"},
        {"published", "date"},
        {"pubdate", "date"},
        {"daterange", "date"},
        {"newer", "since"},
        {"newer_than", "since"},
        {"older", "before"},
        {"older_than", "before"},
        {"to", "until"},
        {"language", "lang"},
        {"modified", "updated"},
        {"changed", "updated"},
    };
    size_t i;

    for (i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (same_name(name, others[i][0])) {
            return others[i][1];
        }
    }
    return NULL;
}

static void tell_of_field(lede_parser *p, lede_span name)
{
    const char *meant = field_meant(name);

    if (meant != NULL) {
        lede_parser_tell(
            p, p->at, "there is no field '%.*s' (%s: is): it is read as a word",
            (int)name.len, (const char *)name.bytes, meant);
    } else {
        lede_parser_tell(p, p->at,
                         "there is no field '%.*s': it is read as a word",
                         (int)name.len, (const char *)name.bytes);
    }
}

const char *lede_parser_field_called(lede_span name)
{
    const char *written;
    int field;

    return find_any_field(name, &field, &written) ? written : field_meant(name);
}

/* "before=2024", "date>=2024": which field it would be; NULL. */
static const char *field_of_sign(lede_span name, lede_span sign)
{
    const char *meant = lede_parser_field_called(name);

    if (meant == NULL || sign.bytes[0] == '=' || strcmp(meant, "date") != 0) {
        return meant;
    }
    return side_meant(sign);
}

static bool is_upper(lede_span word)
{
    for (size_t i = 0; i < word.len; i++) {
        if (word.bytes[i] < 'A' || word.bytes[i] > 'Z') {
            return false;
        }
    }
    return word.len > 1;
}

/* What is meant for a field, but is none: before=2024, HEADLINE(storm). */
static void tell_of_no_field(lede_parser *p, lede_span word)
{
    lede_span name, sign;
    size_t len = lede_foreign_equals(p->query, p->at, &name, &sign);
    const char *meant = len > 0 ? field_of_sign(name, sign) : NULL;
    bool is_call = len == 0 && is_upper(word) && !p->is_shouted &&
                   lede_parser_byte(p, p->at + word.len) == '(';

    if (is_call) {
        meant = lede_parser_field_called(word);
        len = word.len + 1;
    }
    if (meant != NULL) {
        lede_parser_tell(
            p, p->at,
            "'%.*s' is no field here (%s:%s is): it is read as a word",
            (int)len, (const char *)word.bytes, meant, is_call ? "(" : "");
    }
}

/* If a field's name and a value stand here: *out is what they ask. */
bool lede_parse_field(lede_parser *p, lede_ast **out)
{
    lede_span word = lede_parser_word(p, p->at);
    size_t name_len = lede_lex_field_name(word);
    lede_span name = lede_span_part(word, 0, name_len);
    size_t value_at = p->at + name_len + 1;
    const char *written;
    int field;

    if (name_len == 0) {
        tell_of_no_field(p, word);
        return false;
    }
    if (!find_any_field(name, &field, &written)) {
        if (lede_parser_byte(p, value_at) == '(' ||
            (!lede_lex_is_border(p->query, value_at) &&
             lede_parser_byte(p, value_at) != '/')) {
            tell_of_field(p, name);
        }
        return false;
    }
    if (lede_parser_byte(p, value_at) == '(') {
        p->at = value_at;
        *out = lede_parse_group(p, field);
        return true;
    }
    if (lede_lex_is_border(p->query, value_at)) {
        lede_parser_tell(p, p->at,
                         "nothing stands behind '%.*s:': it is read as a word",
                         (int)name.len, (const char *)name.bytes);
        return false;
    }
    *out = parse_value(p, field, value_at);
    return true;
}
