/* index_files.h - "how does a person say what is to be indexed?"
 *
 * What the commands index and watch have in common.
 *
 * Threads: the program's main thread. */
#ifndef LEDE_APP_INDEX_FILES_H
#define LEDE_APP_INDEX_FILES_H

#include "app/app.h"

typedef struct lede_index_settings {
    uint64_t memory_bytes;
    const char *zone;
    const char *language;
    int32_t year;
    bool prune;
    bool reread;
    bool dry_run;
    bool ends_in_nul;
    const char *files_from;
    bool no_names;
    const char *sources;
    int64_t wait_s;
} lede_index_settings;

/* Options' numbers, for lede_index_set. */
enum {
    LEDE_INDEX_MEMORY = 1,
    LEDE_INDEX_ZONE,
    LEDE_INDEX_LANGUAGE,
    LEDE_INDEX_YEAR,
    LEDE_INDEX_PRUNE,
    LEDE_INDEX_REREAD,
    LEDE_INDEX_WAIT,
    LEDE_INDEX_DRY_RUN,
    LEDE_INDEX_FILES_FROM,
    LEDE_INDEX_NUL,
    LEDE_INDEX_NO_NAMES,
    LEDE_INDEX_SOURCES,
    LEDE_INDEX_OPTIONS /* how many, and one */
};

/* A command's `set`: takes one option's value. */
bool lede_index_set(void *settings, int id, const char *value, lede_error *err);

/* Reads files and folders into the archive and says what came of it; gives the
 * exit status. */
int lede_index_files(lede_app *app, lede_index_settings *settings,
                     const char *const *paths, uint32_t count);

#endif
