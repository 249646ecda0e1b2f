/* naming.h - "what are names found with?"
 *
 * The model of the recogniser and the table of places, opened once and shared
 * by all who read entries for the names in them (namer.h). Without the model
 * the rules alone work, without the table places have no ids: less is found,
 * nothing fails.
 *
 * Threads: shared by any number of threads. */
#ifndef LEDE_INDEXER_NAMING_H
#define LEDE_INDEXER_NAMING_H

#include "base/status.h"
#include "names/gazetteer.h"
#include "names/recognize.h"
#include "storage/segment.h"

typedef struct lede_naming {
    lede_name_model *model;    /* never NULL */
    lede_gazetteer *gazetteer; /* NULL: none */
    lede_name_makers makers;
} lede_naming;

/* Looks for both files where names/files.h says; `folder` may be NULL. `note`
 * is told of each that is missing or damaged, and may be NULL. LEDE_NO_MEMORY
 * is the only failure. */
lede_status lede_naming_open(const char *folder,
                             void (*note)(void *ctx, const char *what),
                             void *ctx, lede_naming *out, lede_error *err);
void lede_naming_close(lede_naming *naming);

#endif
