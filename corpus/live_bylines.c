#include "corpus/live_bylines.h"

#include "base/utf8.h"
#include "corpus/page_words.h"
#include "corpus/text_match.h"

enum { LINE_CHARS = 100, NAME_WORDS = 6 };

static const lede_span nothing = {NULL, 0};

void lede_authors_add(lede_authors *authors, lede_arena *arena, lede_span name,
                      lede_span role, lede_span location)
{
    if (authors->failed || name.len == 0) {
        return;
    }
    if (authors->count == authors->room) {
        uint32_t room = authors->room == 0 ? 4 : authors->room * 2;
        lede_author *grown = lede_arena_array(arena, room, sizeof *grown);

        if (grown == NULL) {
            authors->failed = true;
            return;
        }
        if (authors->count > 0) {
            memcpy(grown, authors->items, authors->count * sizeof *grown);
        }
        authors->items = grown;
        authors->room = room;
    }
    authors->items[authors->count++] = (lede_author){name, role, location};
}

bool lede_byline_is_name(lede_span text)
{
    size_t words = 0;
    size_t at = 0;
    bool has_capital = false;

    if (lede_match_has_digit(text)) {
        return false;
    }
    for (;;) {
        lede_span word = lede_match_word(text, &at);

        if (word.len == 0) {
            break;
        }
        words++;
        if (lede_match_starts_upper(word) ||
            (word.len > 2 && word.bytes[1] == '\'')) {
            has_capital = true; /* also "d'Artagnan" */
        } else if (!lede_words_is_particle(word) &&
                   !lede_match_is_damaged(word)) {
            return false;
        }
    }
    return words >= 1 && words <= NAME_WORDS && has_capital;
}

static bool is_short(lede_span line)
{
    return lede_utf8_count(line) <= LINE_CHARS &&
           !lede_match_ends_in(line, ".!?:;\"", false) &&
           !lede_span_equal(
               lede_span_part(line, line.len < 3 ? 0 : line.len - 3, 3),
               lede_span_text("\u201D"));
}

/* A name's line may end in "Jr." */
static bool is_name_line(lede_span line)
{
    return (is_short(line) || lede_match_ends(line, " jr.") ||
            lede_match_ends(line, " sr.")) &&
           lede_byline_is_name(line);
}

lede_span lede_byline_location(lede_span role)
{
    static const char *const openings[] = {
        "reporting from ", " from ", " in ", " at ", "from ", "in "};
    size_t best = LEDE_MATCH_NONE;
    size_t best_end = 0;
    lede_span place;

    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        size_t at = lede_match_find_last(role, openings[i]);
        size_t end = at + strlen(openings[i]);
        bool is_start = openings[i][0] != ' ' && openings[i][0] != 'r';

        if (at == LEDE_MATCH_NONE || (is_start && at != 0)) {
            continue;
        }
        if (best == LEDE_MATCH_NONE || end > best_end) {
            best = at;
            best_end = end;
        }
    }
    if (best == LEDE_MATCH_NONE) {
        return nothing;
    }
    place = lede_match_trim(lede_span_part(role, best_end, role.len));
    if (lede_match_is(place, "chief") || lede_match_is(place, "residence")) {
        return nothing;
    }
    return lede_match_starts_upper(place) || lede_match_starts(place, "the ")
               ? place
               : nothing;
}

/* "BBC News, Delhi": what follows the outlet's name. */
static lede_span outlet_location(lede_span role)
{
    size_t comma = lede_match_find_last(role, ", ");
    lede_span place;
    lede_span outlet;

    if (comma == LEDE_MATCH_NONE) {
        return nothing;
    }
    outlet = lede_span_part(role, 0, comma);
    place = lede_match_trim(lede_span_part(role, comma + 1, role.len));
    return (lede_match_ends(outlet, "news") ||
            lede_match_ends(outlet, "service")) &&
                   lede_byline_is_name(place) && !lede_words_has_role(place)
               ? place
               : nothing;
}

static lede_span location_of(lede_span role)
{
    lede_span place = lede_byline_location(role);

    return place.len > 0 ? place : outlet_location(role);
}

/* "Inc.", "Jr.": what follows a comma within a name. */
static bool is_name_end(lede_span word)
{
    static const char *const ends[] = {"inc", "ltd", "llc", "plc", "gmbh",
                                       "s.a", "jr",  "sr",  "phd", "ph.d"};

    while (word.len > 0 && (word.bytes[word.len - 1] == '.' ||
                            word.bytes[word.len - 1] == ',')) {
        word.len--;
    }
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (lede_match_is(word, ends[i])) {
            return true;
        }
    }
    return false;
}

/* The comma between two names. */
static size_t comma_between(lede_span names)
{
    size_t comma = 0;

    while ((comma = lede_match_find(names, comma, ", ")) != LEDE_MATCH_NONE) {
        size_t at = comma + 2;

        if (!is_name_end(lede_match_word(names, &at))) {
            return comma;
        }
        comma += 2;
    }
    return LEDE_MATCH_NONE;
}

void lede_authors_add_names(lede_authors *authors, lede_arena *arena,
                            lede_span names, lede_span role, lede_span location)
{
    while (names.len > 0) {
        size_t comma = comma_between(names);
        size_t both = lede_match_find(names, 0, " and ");
        size_t cut = comma < both ? comma : both;
        size_t skip = comma < both ? 2 : 5;
        lede_span name = nothing;

        if (cut == LEDE_MATCH_NONE) {
            cut = names.len;
            skip = 0;
        }
        name = lede_match_trim(lede_span_part(names, 0, cut));
        lede_authors_add(authors, arena, name, role, location);
        names = lede_match_trim(lede_span_part(names, cut + skip, names.len));
    }
}

/* Where "Vikas PandeyBBC News" or "By A Bone By C Dtwo" was glued: a small
 * letter directly followed by the word. LEDE_MATCH_NONE if nowhere. */
static size_t find_glue(lede_span text, const char *word)
{
    size_t len = strlen(word);

    for (size_t at = 1; at + len <= text.len; at++) {
        if (text.bytes[at - 1] >= 'a' && text.bytes[at - 1] <= 'z' &&
            memcmp(text.bytes + at, word, len) == 0) {
            return at;
        }
    }
    return LEDE_MATCH_NONE;
}

/* Every name of a list is a name. */
static bool are_names(lede_span names)
{
    while (names.len > 0) {
        size_t comma = comma_between(names);
        size_t both = lede_match_find(names, 0, " and ");
        size_t cut = comma < both ? comma : both;
        size_t skip = comma < both ? 2 : 5;

        if (cut == LEDE_MATCH_NONE) {
            cut = names.len;
            skip = 0;
        }
        if (!lede_byline_is_name(
                lede_match_trim(lede_span_part(names, 0, cut)))) {
            return false;
        }
        names = lede_match_trim(lede_span_part(names, cut + skip, names.len));
    }
    return true;
}

/* "CNN's Ada Finch" as "Ada Finch", with "CNN" as the outlet. */
static lede_span without_owner(lede_span name, lede_span *outlet)
{
    size_t owner = lede_match_find(name, 0, "'s ");
    size_t skip;

    if (owner == LEDE_MATCH_NONE) {
        owner = lede_match_find(name, 0, "\u2019s ");
    }
    if (owner == LEDE_MATCH_NONE) {
        return name;
    }
    if (outlet != NULL) {
        *outlet = lede_span_part(name, 0, owner);
    }
    skip = owner;
    lede_match_word(name, &skip);
    return lede_match_trim(lede_span_part(name, skip, name.len));
}

/* Where the first " in " or " at " from `from` on begins, or LEDE_MATCH_NONE.
 */
static size_t place_begin(lede_span text, size_t from)
{
    size_t in = lede_match_find(text, from, " in ");
    size_t at = lede_match_find(text, from, " at ");

    return in < at ? in : at;
}

/* Behind a town and a comma stands its country, a state or another town: the
 * first words of those countries, capitals and states of several words, and of
 * towns, that are no first names of people; and the last words of others. */
static bool is_place(lede_span text)
{
    static const char *const firsts[] = {
        "abu",         "addis",   "antigua", "baton",    "bosnia",
        "british",     "buenos",  "burkina", "cabo",     "cape",
        "cayman",      "central", "costa",   "czech",    "dominican",
        "dr",          "east",    "eastern", "el",       "equatorial",
        "falkland",    "faroe",   "fort",    "great",    "guatemala",
        "guinea",      "isle",    "ivory",   "kansas",   "kuala",
        "kuwait",      "lake",    "las",     "los",      "mexico",
        "mount",       "new",     "north",   "northern", "oklahoma",
        "palestinian", "panama",  "papua",   "phnom",    "port",
        "puerto",      "rhode",   "rio",     "saint",    "salt",
        "san",         "santa",   "sao",     "saudi",    "south",
        "southern",    "sri",     "st",      "st.",      "s\u00E3o",
        "tel",         "the",     "turks",   "u.s.",     "united",
        "upper",       "us",      "vatican", "west",     "western"};
    static const char *const lasts[] = {" city",     " coast", " county",
                                        " islands",  " kong",  " leone",
                                        " republic", " town",  " tobago"};
    size_t at = 0;
    lede_span word = lede_match_word(text, &at);

    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        if (lede_match_is(word, firsts[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof lasts / sizeof *lasts; i++) {
        if (lede_match_ends(text, lasts[i])) {
            return true;
        }
    }
    return false;
}

/* A name of two words and more that is no place. */
static bool is_full_name(lede_span text)
{
    return lede_match_word_count(text) >= 2 && lede_byline_is_name(text) &&
           !is_place(text);
}

/* Text between two places, "Kyiv, Ukraine, and B Two": the last part is who is
 * at the second place; parts before it are too, unless a comma stands before
 * the "and". Where the part ends that belongs to the first place, and where the
 * next author begins; false if nobody does. */
static bool cut_authors(lede_span text, size_t *end, size_t *begin)
{
    size_t cut = text.len;
    bool is_found = false;
    bool is_list = true;

    for (;;) {
        lede_span before = lede_span_part(text, 0, cut);
        size_t both = lede_match_find_last(before, " and ");
        size_t comma = lede_match_find_last(before, ", ");
        bool is_and = both != LEDE_MATCH_NONE &&
                      (comma == LEDE_MATCH_NONE || both > comma);
        size_t at = is_and ? both : comma;
        size_t skip = is_and ? 5 : 2;
        lede_span part;

        if (at == LEDE_MATCH_NONE) {
            return is_found;
        }
        part =
            lede_match_trim(lede_span_part(text, at + skip, cut - at - skip));
        if (!is_full_name(without_owner(part, NULL)) || !is_list) {
            return is_found;
        }
        is_list = !is_and || at == 0 || text.bytes[at - 1] != ',';
        is_found = true;
        *begin = at + skip;
        *end = at - (at > 0 && text.bytes[at - 1] == ',');
        cut = at;
    }
}

/* "A One in Kyiv and B Two in London": takes what belongs to the first place
 * off the text, which is left empty when there is no more. */
static lede_span take_place_group(lede_span *text)
{
    lede_span all = *text;
    size_t first = place_begin(all, 0);

    while (first != LEDE_MATCH_NONE) {
        size_t next = place_begin(all, first + 4);
        size_t end = 0;
        size_t begin = 0;

        if (next == LEDE_MATCH_NONE) {
            break;
        }
        if (cut_authors(lede_span_part(all, first + 4, next - first - 4), &end,
                        &begin)) {
            *text = lede_span_part(all, first + 4 + begin, all.len);
            return lede_match_trim(lede_span_part(all, 0, first + 4 + end));
        }
        first = next;
    }
    *text = nothing;
    return all;
}

/* "Name, role", "Name role" of a byline whose "By " is gone: where the role
 * begins, or the whole length. */
static size_t role_begin(lede_span text)
{
    size_t glue = find_glue(text, "BBC");
    size_t comma = 0;

    if (glue != LEDE_MATCH_NONE) {
        return glue;
    }
    while ((comma = lede_match_find(text, comma, ", ")) != LEDE_MATCH_NONE) {
        lede_span rest =
            lede_match_trim(lede_span_part(text, comma + 1, text.len));

        if (lede_words_has_role(rest)) {
            return comma;
        }
        comma++;
    }
    comma = place_begin(text, 0);
    return comma == LEDE_MATCH_NONE ? text.len : comma;
}

/* One author's part of a "By ..." line. */
static bool take_by_part(lede_span text, lede_arena *arena,
                         lede_authors *authors)
{
    size_t cut = role_begin(text);
    lede_span names = lede_match_trim(lede_span_part(text, 0, cut));
    lede_span role = lede_match_trim(lede_span_part(text, cut, text.len));

    while (role.len > 0 && role.bytes[0] == ',') {
        role = lede_match_trim(lede_span_part(role, 1, role.len));
    }
    if (names.len == 0 || !are_names(names)) {
        return false;
    }
    if (authors != NULL) {
        lede_authors_add_names(authors, arena, names, role, location_of(role));
    }
    return true;
}

/* What stands between two "By ", which may be people at several places. */
static bool take_by_parts(lede_span text, lede_arena *arena,
                          lede_authors *authors)
{
    do {
        if (!take_by_part(take_place_group(&text), arena, authors)) {
            return false;
        }
    } while (text.len > 0);
    return true;
}

static bool take_by(lede_span line, lede_arena *arena, lede_authors *authors)
{
    size_t glue;

    if (!lede_match_starts(line, "by ") || !is_short(line) ||
        !lede_match_starts_upper(line)) {
        return false;
    }
    line = lede_match_trim(lede_span_part(line, 3, line.len));
    while ((glue = find_glue(line, "By ")) != LEDE_MATCH_NONE) {
        if (!take_by_parts(lede_span_part(line, 0, glue), arena, authors)) {
            return false;
        }
        line = lede_match_trim(lede_span_part(line, glue + 3, line.len));
    }
    return take_by_parts(line, arena, authors);
}

/* "staff", "CNN staff". */
static bool is_staff(lede_span text)
{
    return lede_match_is(text, "staff") ||
           (lede_match_ends(text, " staff") && lede_match_starts_upper(text) &&
            lede_match_word_count(text) <= 3);
}

/* "CNN's Ada Finch in Boston", "staff in London"; `is_next`: others stand
 * before it in the line. */
static bool take_from_part(lede_span text, bool is_next, lede_arena *arena,
                           lede_authors *authors)
{
    size_t in = place_begin(text, 0);
    lede_span names = text;
    lede_span place = nothing;
    lede_span outlet = nothing;

    if (in != LEDE_MATCH_NONE) {
        place = lede_match_trim(lede_span_part(text, in + 4, text.len));
        names = lede_match_trim(lede_span_part(text, 0, in));
    }
    names = without_owner(names, &outlet);
    if (place.len > 0 && !lede_match_starts_upper(place) &&
        !lede_match_starts(place, "the ")) {
        return false;
    }
    if (outlet.len == 0 && place.len == 0 && !is_next &&
        !lede_match_ends(names, " staff")) {
        return false;
    }
    if (names.len == 0 || (!are_names(names) && !is_staff(names))) {
        return false;
    }
    if (authors != NULL) {
        lede_authors_add_names(authors, arena, names, outlet, place);
    }
    return true;
}

/* "From CNN's Ada Finch in Boston and Tom Reed in Leeds". */
static bool take_from(lede_span line, lede_arena *arena, lede_authors *authors)
{
    bool is_next = false;

    if (!lede_span_starts(line, "From ") || !is_short(line)) {
        return false;
    }
    line = lede_match_trim(lede_span_part(line, 5, line.len));
    do {
        if (!take_from_part(take_place_group(&line), is_next, arena, authors)) {
            return false;
        }
        is_next = true;
    } while (line.len > 0);
    return true;
}

static bool is_team(lede_span line)
{
    return lede_span_starts(line, "BBC ") && is_short(line) &&
           (lede_match_ends(line, " team") || lede_match_ends(line, "verify") ||
            lede_match_ends(line, "monitoring"));
}

/* Each word has a capital, or belongs to a role. */
static bool is_title_like(lede_span text)
{
    size_t at = 0;

    for (;;) {
        lede_span word = lede_match_word(text, &at);

        if (word.len == 0) {
            return true;
        }
        if (!lede_match_starts_upper(word) && !lede_words_is_particle(word) &&
            !lede_words_has_role(word)) {
            return false;
        }
    }
}

/* "Name, BBC correspondent", "Russia editor". */
static bool take_noun_line(lede_span line, lede_arena *arena,
                           lede_authors *authors)
{
    size_t comma = lede_match_find(line, 0, ", ");
    lede_span name = lede_span_part(line, 0, comma);
    lede_span role = nothing;

    if (!is_short(line) || lede_match_word_count(line) > 10 ||
        !lede_words_ends_in_role(line) || !lede_match_starts_upper(line)) {
        return false;
    }
    if (comma != LEDE_MATCH_NONE) {
        role = lede_match_trim(lede_span_part(line, comma + 1, line.len));
        if (!lede_byline_is_name(name)) {
            return false;
        }
    } else if (lede_match_word_count(line) > 5 || !is_title_like(line)) {
        return false;
    }
    if (authors != NULL) {
        lede_authors_add(authors, arena, name, role, location_of(role));
    }
    return true;
}

static bool take_line(lede_span line, lede_arena *arena, lede_authors *authors)
{
    if (is_team(line)) {
        if (authors != NULL) {
            lede_authors_add(authors, arena, line, nothing, nothing);
        }
        return true;
    }
    return take_by(line, arena, authors) || take_from(line, arena, authors) ||
           take_noun_line(line, arena, authors);
}

bool lede_byline_is_line(const lede_text_block *block)
{
    return block->line_count == 1 && take_line(block->lines[0], NULL, NULL);
}

/* "By Name" with the role on the line behind it. */
static lede_span without_by(lede_span line)
{
    return lede_match_starts(line, "by ")
               ? lede_match_trim(lede_span_part(line, 3, line.len))
               : line;
}

static bool is_pair(const lede_span *lines, bool needs_role)
{
    return is_name_line(without_by(lines[0])) && is_short(lines[1]) &&
           lede_bullet_len(lines[1]) == 0 &&
           (!needs_role || lede_words_has_role(lines[1]));
}

bool lede_byline_take(const lede_text_block *block, bool is_first,
                      lede_arena *arena, lede_authors *authors)
{
    if (block->line_count == 1) {
        return take_line(block->lines[0], arena, authors);
    }
    if (block->line_count % 2 != 0 || block->line_count > 12) {
        return false;
    }
    for (uint32_t i = 0; i < block->line_count; i += 2) {
        if (!is_pair(block->lines + i, !is_first || block->line_count > 2)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < block->line_count; i += 2) {
        lede_span role = block->lines[i + 1];

        lede_authors_add_names(authors, arena, without_by(block->lines[i]),
                               role, location_of(role));
    }
    return true;
}

bool lede_byline_is_pair(const lede_text_block *name,
                         const lede_text_block *role)
{
    return name->line_count == 1 && role->line_count == 1 &&
           lede_match_starts(role->lines[0], "reporting from ") &&
           is_name_line(name->lines[0]) && is_short(role->lines[0]);
}

bool lede_byline_take_pair(const lede_text_block *name,
                           const lede_text_block *role, lede_arena *arena,
                           lede_authors *authors)
{
    lede_span text;

    if (!lede_byline_is_pair(name, role)) {
        return false;
    }
    text = role->lines[0];
    lede_authors_add_names(authors, arena, name->lines[0], text,
                           location_of(text));
    return true;
}
