/* cmd_show.c - lede show: one entry, whole. */
#include <inttypes.h>
#include <string.h>

#include "app/opened.h"
#include "app/show_entry.h"
#include "app/show_names.h"
#include "base/arena.h"
#include "storage/record.h"

enum { MIN_KEY_DIGITS = 6, MAX_KEY_DIGITS = 16, SHOWN_CANDIDATES = 8 };

static const lede_option options[] = {{NULL, 0, NULL, NULL, 0}};

static bool set(void *settings, int id, const char *value, lede_error *err)
{
    (void)settings;
    (void)id;
    (void)value;
    lede_fail(err, LEDE_BUG, "show has no options of its own");
    return false;
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

static int print_record(const lede_app *app, lede_engine *engine,
                        lede_span record)
{
    lede_arena arena = {0};
    lede_hit_names names = {0};
    lede_buf out = {0}, list = {0};
    lede_error err = {0};
    lede_entry entry;
    int result = LEDE_EXIT_DONE;

    err.status = lede_record_decode(record, &arena, &entry, &err);
    if (err.status == LEDE_OK) {
        err.status = lede_engine_names_of(engine, entry.key, &list, &arena,
                                          &names, &err);
    }
    if (err.status != LEDE_OK) {
        result = lede_say_failure(&err);
    } else {
        if (app->format == LEDE_OUTPUT_TEXT) {
            lede_put_entry_text(app, &out, &entry, &names);
        } else {
            lede_put_entry_json(&out, &entry, &names);
        }
        if (!lede_flush(&out, stdout)) {
            result = LEDE_EXIT_ERROR;
        }
    }
    lede_buf_done(&out);
    lede_buf_done(&list);
    lede_arena_done(&arena);
    return result;
}

static int print_entry(const lede_app *app, lede_engine *engine, uint64_t key)
{
    lede_buf record = {0};
    lede_error err = {0};
    int result;

    err.status = engine->calls->record(engine, key, &record, &err);
    if (err.status == LEDE_NOT_FOUND) {
        lede_say("no entry with the key %016" PRIx64, key);
        return LEDE_EXIT_NOTHING;
    }
    result = err.status != LEDE_OK
                 ? lede_say_failure(&err)
                 : print_record(app, engine, lede_buf_span(&record));
    lede_buf_done(&record);
    return result;
}

static int show_prefix(const lede_app *app, lede_engine *engine,
                       const char *typed, uint64_t prefix, unsigned digits)
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
        lede_say("no entry has a key that begins with %s", typed);
        return LEDE_EXIT_NOTHING;
    }
    if (count == 1) {
        return print_entry(app, engine, keys[0]);
    }
    lede_say("%" PRIu64 " keys begin with %s; give more digits:", count, typed);
    for (i = 0; i < count && i < SHOWN_CANDIDATES; i++) {
        lede_say("  %016" PRIx64, keys[i]);
    }
    return LEDE_EXIT_ERROR;
}

static int run(lede_app *app, void *settings, const char **operands,
               uint32_t count)
{
    lede_opened opened;
    uint64_t prefix = 0;
    unsigned digits = 0;
    int result;

    (void)settings;
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
    result = show_prefix(app, opened.engine, operands[0], prefix, digits);
    return lede_close(app, &opened, result);
}

const lede_command lede_command_show = {
    .name = "show",
    .operands = "KEY",
    .summary = "Print one entry, whole.",
    .options = options,
    .set = set,
    .settings_bytes = 1,
    .run = run,
};
