/* cmd_show.c - lede show: one entry, whole. */
#include <inttypes.h>
#include <string.h>

#include "app/opened.h"
#include "app/partial.h"
#include "app/show_entry.h"
#include "app/show_hits.h"
#include "app/show_names.h"
#include "base/arena.h"
#include "storage/record.h"

enum { MIN_KEY_DIGITS = 6, MAX_KEY_DIGITS = 16, SHOWN_CANDIDATES = 8 };

enum { OPT_QUERY = 1 };

static const lede_option options[] = {
    {"query", 0, "QUERY", "mark what this query finds in it", OPT_QUERY},
    {NULL, 0, NULL, NULL, 0},
};

typedef struct settings {
    const char *query; /* NULL: no marks */
} settings;

static bool set(void *any, int id, const char *value, lede_error *err)
{
    settings *s = any;

    (void)id;
    (void)err;
    s->query = value;
    return true;
}

/* Hex digits, left-aligned in 64 bits. */
static bool parse_key(const char *text, uint64_t *prefix, unsigned *digits)
{
    size_t len = strlen(text);
    uint64_t value = 0;
    size_t i;

    if (len < MIN_KEY_DIGITS || len > MAX_KEY_DIGITS) {
        return false;
    }
    for (i = 0; i < len; i++) {
        char c = text[i];
        unsigned digit;

        if (c >= '0' && c <= '9') {
            digit = (unsigned)(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            digit = (unsigned)(c - 'a') + 10;
        } else if (c >= 'A' && c <= 'F') {
            digit = (unsigned)(c - 'A') + 10;
        } else {
            return false;
        }
        value |= (uint64_t)digit << (60 - 4 * i);
    }
    *prefix = value;
    *digits = (unsigned)len;
    return true;
}

/* An entry with its names, marked if there are results of a query. */
static lede_status put_entry(const lede_app *app, lede_engine *engine,
                             lede_results *results, lede_span record,
                             lede_buf *out, lede_error *err)
{
    lede_arena arena = {0};
    lede_hit_names names = {0};
    lede_buf list = {0};
    lede_marking marking = {0};
    const lede_marking *marked = results != NULL ? &marking : NULL;
    lede_entry entry;
    lede_status status = lede_record_decode(record, &arena, &entry, err);

    if (status == LEDE_OK) {
        status =
            lede_engine_names_of(engine, entry.key, &list, &arena, &names, err);
    }
    if (status == LEDE_OK && results != NULL) {
        status = lede_results_mark(results, &entry, &arena, &marking, err);
    }
    if (status == LEDE_OK && app->format == LEDE_OUTPUT_TEXT) {
        lede_put_entry_text(app, out, &entry, &names, marked);
    } else if (status == LEDE_OK) {
        lede_put_entry_json(out, &entry, &names, marked, engine);
    }
    lede_buf_done(&list);
    lede_arena_done(&arena);
    return status;
}

static int print_record(const lede_app *app, lede_engine *engine,
                        const settings *s, lede_span record)
{
    /* What the query finds elsewhere is no matter: it is counted, since that is
     * the least that can be asked. */
    lede_search_options counting = {.count_only = true, .no_relax = true};
    lede_results *results = NULL;
    lede_buf out = {0};
    lede_error err = {0};
    int result = LEDE_EXIT_DONE;

    if (s->query != NULL) {
        err.status = lede_engine_search(engine, lede_span_text(s->query),
                                        &counting, &results, &err);
    }
    if (err.status == LEDE_OK) {
        err.status = put_entry(app, engine, results, record, &out, &err);
    }
    if (err.status != LEDE_OK) {
        result = lede_say_failure(&err);
    } else {
        if (results != NULL) {
            lede_say_answer(app, lede_span_text(s->query), results);
        }
        if (!lede_flush(&out, stdout)) {
            result = LEDE_EXIT_ERROR;
        }
    }
    lede_results_free(results);
    lede_buf_done(&out);
    return result;
}

static int say_nothing(const lede_engine *engine, const char *typed)
{
    if (lede_partial_count(engine) > 0) {
        lede_say("no shard that answers has an entry whose key begins with "
                 "%s; whether those that are missing have one is not known",
                 typed);
    } else {
        lede_say("no entry has a key that begins with %s", typed);
    }
    return LEDE_EXIT_NOTHING;
}

static int print_entry(const lede_app *app, lede_engine *engine,
                       const settings *s, uint64_t key)
{
    lede_buf record = {0};
    lede_error err = {0};
    int result;

    err.status = engine->calls->record(engine, key, &record, &err);
    if (err.status == LEDE_NOT_FOUND) {
        char digits[17];

        lede_buf_done(&record);
        snprintf(digits, sizeof digits, "%016" PRIx64, key);
        return say_nothing(engine, digits);
    }
    result = err.status != LEDE_OK
                 ? lede_say_failure(&err)
                 : print_record(app, engine, s, lede_buf_span(&record));
    lede_buf_done(&record);
    return result;
}

static int show_prefix(const lede_app *app, lede_engine *engine,
                       const settings *s, const char *typed, uint64_t prefix,
                       unsigned digits)
{
    uint64_t keys[SHOWN_CANDIDATES] = {0};
    uint64_t count = 0, i;
    lede_error err = {0};

    err.status = engine->calls->find_keys(engine, prefix, digits, keys,
                                          SHOWN_CANDIDATES, &count, &err);
    if (err.status != LEDE_OK) {
        return lede_say_failure(&err);
    }
    if (count == 0) {
        return say_nothing(engine, typed);
    }
    if (count == 1) {
        return print_entry(app, engine, s, keys[0]);
    }
    lede_say("%" PRIu64 " keys begin with %s; give more digits:", count, typed);
    for (i = 0; i < count && i < SHOWN_CANDIDATES; i++) {
        lede_say("  %016" PRIx64, keys[i]);
    }
    return LEDE_EXIT_ERROR;
}

static int run(lede_app *app, void *any, const char **operands, uint32_t count)
{
    lede_opened opened;
    uint64_t prefix = 0;
    unsigned digits = 0;
    int result;

    if (count != 1) {
        lede_say("show takes one key, as search prints it");
        return LEDE_EXIT_ERROR;
    }
    if (!parse_key(operands[0], &prefix, &digits)) {
        lede_say("'%s' is no key: keys are 16 hex digits, of which the first 6 "
                 "or more will do",
                 operands[0]);
        return LEDE_EXIT_ERROR;
    }
    result = lede_open(app, &opened);
    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    result = show_prefix(app, opened.engine, any, operands[0], prefix, digits);
    return lede_close(app, &opened, result);
}

const lede_command lede_command_show = {
    .name = "show",
    .operands = "KEY",
    .summary = "Print one entry, whole.",
    .options = options,
    .set = set,
    .settings_bytes = sizeof(settings),
    .run = run,
};
