#include "app/query_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/zone.h"
#include "query/ledger.h"

/* An option with two words: false is the first. */
bool lede_set_choice(const char *option, const char *value, const char *first,
                     const char *second, bool *out, lede_error *err)
{
    if (strcmp(value, first) != 0 && strcmp(value, second) != 0) {
        lede_fail(err, LEDE_BAD_INPUT, "--%s '%s': it is %s or %s", option,
                  value, first, second);
        return false;
    }
    *out = strcmp(value, second) == 0;
    return true;
}

static bool set_zone(lede_query_settings *s, const char *value, lede_error *err)
{
    lede_zone *zone = NULL;

    if (lede_zone_open(value, &zone, err) != LEDE_OK) {
        return lede_refuse("--zone", err);
    }
    lede_zone_close(zone);
    s->search.zone = value;
    return true;
}

bool lede_query_set(lede_query_settings *settings, int id, const char *value,
                    lede_error *err)
{
    switch (id) {
    case LEDE_OPT_MATCH:
        return lede_set_choice("match", value, "all", "any",
                               &settings->search.match_any, err);
    case LEDE_OPT_NO_RELAX:
        settings->search.no_relax = true;
        return true;
    case LEDE_OPT_MATCHED:
        if (lede_matched_parse(lede_span_text(value),
                               &settings->search.matched)) {
            return true;
        }
        lede_fail(err, LEDE_BAD_INPUT,
                  "--matched '%s': it is exact, stem, alias, fuzzy or any",
                  value);
        return false;
    case LEDE_OPT_AS_OF:
        settings->as_of = value;
        return true;
    case LEDE_OPT_NOW:
        settings->now = value;
        return true;
    default:
        return set_zone(settings, value, err);
    }
}

/* The period that the option's date names, in the zone asked for. */
static bool read_date(const lede_query_settings *s, const char *option,
                      const char *date, int64_t *begin, int64_t *end,
                      lede_error *err)
{
    lede_zone *zone = NULL;
    lede_civil civil;

    if (!lede_period_parse(lede_span_text(date), 0, begin, end)) {
        lede_fail(err, LEDE_BAD_INPUT,
                  "%s '%s': give a date such as 2025, 2025-02-17 or "
                  "2025-02-17T14:50Z",
                  option, date);
        return false;
    }
    if (s->search.zone != NULL && strpbrk(date, "Zz+") == NULL &&
        strlen(date) <= 19) {
        if (lede_zone_open(s->search.zone, &zone, err) != LEDE_OK) {
            return false;
        }
        lede_civil_from_instant(*begin, 0, &civil);
        *begin -= lede_zone_offset_for_local(zone, &civil);
        lede_civil_from_instant(*end, 0, &civil);
        *end -= lede_zone_offset_for_local(zone, &civil);
        lede_zone_close(zone);
    }
    return true;
}

/* SOURCE_DATE_EPOCH, by which builds and tests are repeated, is the clock. */
static bool read_epoch(lede_query_settings *s, lede_error *err)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    uint64_t now = 0;

    if (epoch == NULL || *epoch == 0 || s->search.as_of_given) {
        return true;
    }
    if (!lede_parse_count(epoch, UINT32_MAX, &now)) {
        lede_fail(err, LEDE_BAD_INPUT,
                  "SOURCE_DATE_EPOCH '%s': seconds since 1970, as a whole "
                  "number",
                  epoch);
        return false;
    }
    s->search.now_given = true;
    s->search.now = (int64_t)now;
    return true;
}

/* --as-of is the end of the period that its date names; --now its beginning. */
static bool read_dates(lede_query_settings *s, lede_error *err)
{
    int64_t begin = 0;
    int64_t end = 0;

    if (s->as_of != NULL) {
        if (!read_date(s, "--as-of", s->as_of, &begin, &end, err)) {
            return false;
        }
        s->search.as_of_given = true;
        s->search.as_of = end - 1;
    }
    if (s->now != NULL) {
        if (!read_date(s, "--now", s->now, &begin, &end, err)) {
            return false;
        }
        s->search.now_given = true;
        s->search.now = begin;
    }
    return s->now != NULL || read_epoch(s, err);
}

bool lede_join_operands(const char **operands, uint32_t count, lede_buf *out)
{
    for (uint32_t i = 0; i < count; i++) {
        lede_buf_put_text(out, i > 0 ? " " : "");
        lede_buf_put_text(out, operands[i]);
    }
    if (out->failed) {
        lede_say("out of memory");
    }
    return !out->failed;
}

bool lede_query_join(lede_query_settings *settings, const char **operands,
                     uint32_t count, lede_buf *query)
{
    lede_error err = {0};

    if (!read_dates(settings, &err)) {
        lede_say("%s", err.message);
        return false;
    }
    return lede_join_operands(operands, count, query);
}
