/* names_propose.h - lede names propose: pairs of names that may be one
 * person's, with what speaks for it and the command that makes them one.
 *
 * Threads: the program's main thread. */
#ifndef LEDE_APP_NAMES_PROPOSE_H
#define LEDE_APP_NAMES_PROPOSE_H

#include "app/app.h"

/* Gives an exit status. `limit` may be UINT32_MAX. */
int lede_names_propose(lede_app *app, lede_span prefix, uint32_t limit);

#endif
