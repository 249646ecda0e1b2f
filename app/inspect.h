/* inspect.h - "what would lede read from these files?"
 *
 * Threads: the program's main thread. */
#ifndef LEDE_APP_INSPECT_H
#define LEDE_APP_INSPECT_H

#include "app/app.h"
#include "corpus/reader.h"

/* Prints for each file below the paths what it was recognised as and how many
 * entries it would give, or why none; then a line with the sums. No archive is
 * opened. `sources` as lede_app_open_sources takes it. Gives the exit status.
 */
int lede_dry_run(lede_app *app, const char *const *paths, uint32_t count,
                 const lede_read_options *options, const char *sources);

#endif
