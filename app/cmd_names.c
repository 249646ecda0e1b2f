/* cmd_names.c - lede names: corrections of names, by hand or by these. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/names_edit.h"
#include "app/names_known.h"
#include "app/names_propose.h"
#include "app/naming.h"
#include "app/opened.h"
#include "app/query_options.h"
#include "app/show_name_counts.h"
#include "app/written.h"
#include "indexer/xapian_home.h"

static const lede_option options[] = {
    {"limit", 'n', "N", "how many pairs to propose (20); 0 = all",
     LEDE_OPT_NAME_LIMIT},
    {NULL, 0, NULL, NULL, 0},
};

typedef struct settings {
    uint32_t limit; /* 0: LEDE_NAME_LIMIT */
} settings;

static bool set(void *any, int id, const char *value, lede_error *err)
{
    settings *s = any;

    (void)id;
    return lede_name_limit_set(value, &s->limit, err);
}

static int fail(const lede_error *err)
{
    lede_say("%s", err->message);
    return LEDE_EXIT_ERROR;
}

static bool find_kind(const char *text, lede_name_kind *out)
{
    *out = strcmp(text, "place") == 0 ? LEDE_NAME_PLACE : LEDE_NAME_PERSON;
    return *out == LEDE_NAME_PLACE || strcmp(text, "person") == 0;
}

static bool find_verb(const char *text, lede_correction_verb *out)
{
    static const char *const verbs[LEDE_CORRECTION_VERB_COUNT] = {
        [LEDE_CORRECTION_MERGE] = "merge",
        [LEDE_CORRECTION_RENAME] = "rename",
        [LEDE_CORRECTION_SPLIT] = "split",
        [LEDE_CORRECTION_HIDE] = "hide",
        [LEDE_CORRECTION_ADD] = "add"};
    unsigned i;

    for (i = 0; i < LEDE_CORRECTION_VERB_COUNT; i++) {
        if (strcmp(text, verbs[i]) == 0) {
            *out = (lede_correction_verb)i;
            return true;
        }
    }
    return false;
}

/* The keys behind the two names of a split. */
static bool read_keys(const char **operands, uint32_t count, uint64_t *keys)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        char *end = NULL;

        errno = 0;
        keys[i] = strtoull(operands[i], &end, 16);
        if (strlen(operands[i]) != 16 || *end != '\0' || errno != 0) {
            lede_say("'%s' is no key: a split wants all 16 hex digits",
                     operands[i]);
            return false;
        }
    }
    return true;
}

static int compare_keys(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* VERB KIND NAME... [KEY...] */
static int put(lede_app *app, lede_corrections *corrections,
               const char **operands, uint32_t count)
{
    static lede_span names[LEDE_CORRECTION_MAX_NAMES];
    lede_correction c = {.names = names};
    uint64_t *keys = calloc(count + 1u, sizeof *keys);
    lede_arena arena = {0};
    lede_error err = {0};
    uint32_t i, most = LEDE_CORRECTION_MAX_NAMES;
    int result = LEDE_EXIT_ERROR;

    if (keys == NULL) {
        lede_say("out of memory");
        return LEDE_EXIT_ERROR;
    }
    if (count < 3 || !find_verb(operands[0], &c.verb) ||
        !find_kind(operands[1], &c.kind)) {
        lede_say("give merge, rename, split, hide or add; person or place; and "
                 "the names");
        goto done;
    }
    most = c.verb == LEDE_CORRECTION_SPLIT ? 2 : most;
    for (i = 2; i < count && c.name_count < most; i++) {
        names[c.name_count++] = lede_span_text(operands[i]);
    }
    if (!read_keys(operands + i, count - i, keys)) {
        goto done;
    }
    c.entry_count = count - i;
    c.entries = keys;
    qsort(keys, c.entry_count, sizeof *keys, compare_keys);
    result = lede_names_known(app, corrections, &c, names, &arena);
    if (result == LEDE_EXIT_DONE &&
        lede_corrections_put(corrections, &c, &err) != LEDE_OK) {
        result = fail(&err);
    }

done:
    lede_arena_done(&arena);
    free(keys);
    return result;
}

static int undo(lede_corrections *corrections)
{
    lede_error err = {0};

    if (lede_corrections_undo(corrections, &err) == LEDE_NOT_FOUND) {
        lede_say("there is no correction to undo");
        return LEDE_EXIT_NOTHING;
    }
    return LEDE_EXIT_DONE;
}

static int print(const lede_corrections *corrections)
{
    lede_buf text = {0};
    int result = LEDE_EXIT_DONE;

    lede_corrections_format(corrections, &text);
    if (!lede_flush(&text, stdout)) {
        result = LEDE_EXIT_ERROR;
    }
    lede_buf_done(&text);
    return result;
}

static int change(lede_app *app, const char *path, const char **operands,
                  uint32_t count)
{
    lede_corrections *corrections = NULL;
    lede_error err = {0};
    int result;

    if (lede_corrections_open(path, &corrections, &err) != LEDE_OK) {
        return fail(&err);
    }
    lede_app_say_corrections(path, corrections);
    if (count == 0) {
        result = print(corrections);
    } else {
        result = count == 1 && strcmp(operands[0], "undo") == 0
                     ? undo(corrections)
                     : put(app, corrections, operands, count);
        if (result == LEDE_EXIT_DONE &&
            lede_corrections_save(corrections, path, &err) != LEDE_OK) {
            result = fail(&err);
        }
    }
    lede_corrections_free(corrections);
    return result;
}

static int propose(lede_app *app, const settings *s, const char **operands,
                   uint32_t count)
{
    uint32_t limit = s->limit > 0 ? s->limit : (uint32_t)LEDE_NAME_LIMIT;
    lede_buf prefix = {0};
    int result = LEDE_EXIT_ERROR;

    if (lede_join_operands(operands, count, &prefix)) {
        result = lede_names_propose(app, lede_buf_span(&prefix), limit);
    }
    lede_buf_done(&prefix);
    return result;
}

/* Those that came with an export. */
static int print_of_shards(lede_app *app)
{
    lede_opened opened;
    int result = lede_open(app, &opened);

    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    if (opened.names.corrections != NULL) {
        result = print(opened.names.corrections);
    } else if (!app->quiet) {
        lede_say("no corrections came with these shards");
    }
    return lede_close(app, &opened, result);
}

/* Where the corrections of an archive, or a database that is indexed into, are
 * kept. */
static int find_path(lede_app *app, lede_buf *out)
{
    lede_archive *archive = NULL;
    int result = LEDE_EXIT_DONE;
    const char *shards = lede_app_shards(app, &result);

    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    if (shards != NULL && !lede_xapian_home_is_at(shards)) {
        lede_say("%s: shards have the corrections of the archive that they "
                 "were exported from: put them right there, and export again",
                 app->archive);
        return LEDE_EXIT_ERROR;
    }
    if (shards == NULL) {
        result = lede_app_open(app, false, &archive);
    }
    if (result == LEDE_EXIT_DONE) {
        lede_buf_put_format(out, "%s/%s",
                            shards != NULL ? shards
                                           : lede_archive_directory(archive),
                            LEDE_CORRECTIONS_FILE);
    }
    lede_archive_close(archive);
    return result;
}

/* Those of a database go into it, for its servers. */
static int take_along(lede_app *app)
{
    lede_written written;
    int result = LEDE_EXIT_DONE;

    if (lede_app_shards(app, &result) == NULL) {
        return result;
    }
    result = lede_open_to_write(app, false, &written);
    if (result == LEDE_EXIT_DONE) {
        result = lede_written_correct(&written);
        lede_close_written(&written);
    }
    return result;
}

static int run(lede_app *app, void *any, const char **operands, uint32_t count)
{
    lede_buf path = {0};
    bool edits = count == 1 && strcmp(operands[0], "edit") == 0;
    int result;

    if (count == 0 && lede_app_is_exported(app)) {
        return print_of_shards(app);
    }
    if (count > 0 && strcmp(operands[0], "propose") == 0) {
        return propose(app, any, operands + 1, count - 1);
    }
    result = find_path(app, &path);
    if (result == LEDE_EXIT_DONE) {
        result = path.failed ? LEDE_EXIT_ERROR
                 : edits     ? lede_names_edit(lede_buf_text(&path))
                         : change(app, lede_buf_text(&path), operands, count);
    }
    lede_buf_done(&path);
    return result == LEDE_EXIT_DONE && count > 0 ? take_along(app) : result;
}

const lede_command lede_command_names = {
    .name = "names",
    .operands = "[edit | undo | propose [PREFIX] | "
                "merge|rename|split|hide|add person|place NAME... [KEY...]]",
    .summary = "Put names right: print, add or take back corrections.",
    .options = options,
    .set = set,
    .settings_bytes = sizeof(settings),
    .run = run,
};
