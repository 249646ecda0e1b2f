#include "tests/indexer/world.h"

static const char *const words[] = {
    "harbour",     "minister",  "Talks",   "rain",    "the",     "of",
    "budget",      "O'Brien",   "strike",  "night",   "a",       "train",
    "Kyiv",        "statement", "running", "runs",    "ran",     "police",
    "and",         "mayor's",   "U.S.",    "vote",    "far-off", "bridge",
    "ferry",       "NATO",      "said",    "letters", "letter",  "court",
    "caf\xc3\xa9", "100",       "3.5",     "flood",   "to",      "we",
};
enum { WORDS = sizeof words / sizeof words[0] };

uint64_t world_next(world_random *random)
{
    uint64_t z = random->state += 0x9e3779b97f4a7c15u; /* splitmix64 */

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint32_t world_below(world_random *random, uint32_t bound)
{
    return (uint32_t)(world_next(random) % bound);
}

static void put_words(world_random *random, uint32_t count, lede_buf *out)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        lede_buf_put_text(out, i == 0 ? "" : " ");
        lede_buf_put_text(out, words[world_below(random, WORDS)]);
    }
}

/* An article by number: its versions have the same url, or id, or headline. */
static void put_article(world_random *random, uint32_t line, lede_buf *out)
{
    uint32_t number = world_below(random, 60);
    uint32_t version = world_below(random, 4);
    world_random own = {number * 977u}, text = {number * 977u + version};

    lede_buf_put_text(out, "E|");
    if (number % 5 == 1) {
        lede_buf_put_format(out, "%u", number);
    } else if (number % 5 == 2) {
        lede_buf_put_format(out, "urn:example:%u", number);
    }
    lede_buf_put_byte(out, '|');
    put_words(number % 7 == 0 ? &text : &own, 4, out);
    if (number % 11 == 0) {
        lede_buf_put_text(out, "||"); /* no date */
    } else {
        lede_buf_put_format(out, "|%u|%s",
                            1600000000 + number % 50 * 3600 +
                                (number % 9 == 0 ? version * 60 : 0),
                            number % 4 == 0 ? "9" : "");
    }
    lede_buf_put_byte(out, '|');
    if (version > 1 && number % 3 == 0) {
        lede_buf_put_format(out, "%u", 1700000000 + version);
    }
    lede_buf_put_byte(out, '|');
    if (number % 5 == 0 || number % 5 == 3) {
        lede_buf_put_format(out, "https://example.org/%u", number);
    }
    lede_buf_put_byte(out, '|');
    put_words(&text, 5 + number % 20, out);
    lede_buf_put_byte(out, '/');
    put_words(&own, 3, out);
    lede_buf_put_format(out, "|#line=%u\n", line);
}

void world_articles(world_random *random, uint32_t count, lede_buf *out)
{
    uint32_t i;

    lede_buf_clear(out);
    lede_buf_put_text(out, "LEDEFAKE\nP|plain||articles|\n");
    for (i = 0; i < count; i++) {
        put_article(random, i + 1, out);
    }
}

static void put_post(uint64_t page, uint32_t post, uint32_t save, lede_buf *out)
{
    world_random own = {page * 1000 + post};
    uint32_t minute = post * 7 % 1440;
    bool is_edited = post % 4 == 1 && save > post;
    bool has_year = save % 3 == 2;
    bool is_same_minute = post % 10 == 3; /* as the one before */

    minute -= is_same_minute && minute >= 7 ? 7 : 0;
    lede_buf_put_text(out, "E||");
    if (post % 6 != 5) {
        put_words(&own, 5, out);
        lede_buf_put_text(out, is_edited && post % 8 == 1 ? " edited" : "");
    }
    if (has_year) {
        lede_buf_put_format(out, "|%u|3|",
                            (uint32_t)(1700000000 / 86400 * 86400 +
                                       page % 300 * 86400 + minute * 60));
    } else {
        lede_civil day;

        lede_civil_from_days((int64_t)(1700000000 / 86400 + page % 300), &day);
        lede_buf_put_format(out, "|%02u-%02uT%02u:%02u||", day.month, day.day,
                            minute / 60, minute % 60);
    }
    lede_buf_put_text(out, "||");
    put_words(&own, post % 6 == 5 ? 30 : 12 + post % 30, out);
    if (is_edited) {
        lede_buf_put_byte(out, ' ');
        put_words(&own, 3, out);
    }
    lede_buf_put_text(out, "|\n");
}

void world_live(uint64_t page, uint32_t save, lede_buf *out)
{
    uint32_t newest = 4 + save * 3, oldest = newest > 14 ? newest - 14 : 0;
    uint32_t post;

    lede_buf_clear(out);
    lede_buf_put_text(out, "LEDEFAKE\n");
    if (page % 3 == 0) {
        lede_buf_put_format(out, "P|live|https://example.org/live/%u|A|\n",
                            (uint32_t)page);
    } else {
        lede_buf_put_text(out, "P|live||A|\n");
    }
    for (post = newest + 1; post-- > oldest;) {
        put_post(page, post, save, out);
    }
}

/* What a busy page's post says of its time: style 0 has no year. */
static void put_busy_date(world_random *random, uint32_t style, uint32_t minute,
                          lede_buf *out)
{
    lede_civil when = {
        2024, 2, 17, (uint8_t)(10 + minute / 60), (uint8_t)(minute % 60), 0};

    if (style == 0 || world_below(random, 12) == 0) {
        lede_buf_put_format(out, "|02-17T%02u:%02u||", when.hour, when.minute);
        return;
    }
    when.year = style == 3 ? 2024 + (int32_t)world_below(random, 2)
                           : 2026 - (int32_t)style;
    lede_buf_put_format(out, "|%lld|%u|",
                        (long long)lede_instant_from_civil(&when, 0),
                        1 + world_below(random, 9));
}

static void put_busy_post(world_random *random, uint32_t page, uint32_t post,
                          uint32_t style, lede_buf *out)
{
    world_random own = {page * 1000 + post};
    bool is_common = world_below(&own, 6) == 0;
    uint32_t minute = post * 4;

    if (is_common) {
        own.state = 777 + post % 5;
        minute = post % 5 * 30;
    } else if (world_below(random, 8) == 0) {
        minute += world_below(random, 9);
    }
    lede_buf_put_text(out, "E||");
    if (world_below(&own, 6) != 0) {
        put_words(&own, 2 + world_below(&own, 3), out);
        lede_buf_put_text(out, world_below(random, 8) == 0 ? " edited" : "");
    }
    put_busy_date(random, style, minute, out);
    lede_buf_put_format(out, "%s||",
                        world_below(random, 10) == 0 ? "1750000000" : "");
    put_words(&own, 8 + world_below(&own, 20), out);
    if (world_below(random, 4) == 0) {
        lede_buf_put_byte(out, ' ');
        put_words(random, 1 + world_below(random, 3), out);
    }
    if (world_below(random, 20) == 0) {
        lede_buf_put_byte(out, ' ');
        put_words(random, 30, out);
    }
    lede_buf_put_text(out, "|\n");
}

void world_busy_live(world_random *random, uint32_t page, lede_buf *out)
{
    uint32_t count = 2 + world_below(random, 12);
    uint32_t first = world_below(random, 20), style = world_below(random, 4);
    uint32_t documents = 1 + (world_below(random, 6) == 0), d, i;

    lede_buf_clear(out);
    lede_buf_put_text(out, "LEDEFAKE\n");
    for (d = 0; d < documents; d++) {
        uint32_t shown = page + (d > 0 ? world_below(random, 3) : 0);

        lede_buf_put_format(out, "P|live|%s|%s|%s\n",
                            shown % 4 == 0 ? "https://x.org/live" : "",
                            shown % 5 == 1 ? "B" : "A",
                            world_below(random, 3) == 0 ? "1700000500" : "");
        for (i = first; i < first + count; i++) {
            put_busy_post(random, shown, i, style, out);
            if (world_below(random, 20) == 0) { /* once more */
                put_busy_post(random, shown, i, style, out);
            }
        }
    }
}
