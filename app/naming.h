/* naming.h - "what does a command know of names?"
 *
 * The model, the table of places, and the archive's corrections, opened for a
 * command. What is missing is told once and done without.
 *
 * Threads: the program's main thread. */
#ifndef LEDE_APP_NAMING_H
#define LEDE_APP_NAMING_H

#include "app/app.h"
#include "indexer/naming.h"
#include "names/corrections.h"

/* The file of corrections in an archive's folder. */
#define LEDE_CORRECTIONS_FILE "names.txt"

/* Opens what finds names. An exit status: LEDE_EXIT_DONE. */
int lede_app_open_naming(const lede_app *app, lede_naming *out);

/* What queries need to know: a table that is missing, and corrections that
 * cannot be read, are told and left out (NULL). */
typedef struct lede_known_names {
    lede_gazetteer *gazetteer;
    lede_corrections *corrections;
} lede_known_names;
void lede_app_open_names(const lede_app *app, const char *directory,
                         lede_known_names *out);
/* Says in how many entries nobody looked for names, where lists of them are
 * asked for; nothing if all were looked at. */
struct lede_engine;
void lede_say_without_names(const lede_app *app,
                            const struct lede_engine *engine);

/* Says what lines of a file of corrections cannot be read; whether some. */
bool lede_app_say_corrections(const char *path,
                              const lede_corrections *corrections);
void lede_known_names_close(lede_known_names *names);

#endif
