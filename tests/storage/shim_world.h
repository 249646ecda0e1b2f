/* Small databases for the tests of storage/xapian_shim.h.
 *
 * Ownership: what shim_setup makes, shim_teardown removes. Errors are failed
 * assertions. Threads: one. */
#ifndef LEDE_TESTS_STORAGE_SHIM_WORLD_H
#define LEDE_TESTS_STORAGE_SHIM_WORLD_H

#include "storage/xapian_shim.h"

typedef struct shim_world {
    char folder[256];
    char path[3][300]; /* of databases; none is there yet */
} shim_world;

int shim_setup(void **state); /* cmocka's: *state is a shim_world */
int shim_teardown(void **state);

static inline lede_span text(const char *s)
{
    return lede_span_text(s);
}

/* Document `n` has the key "Qn", the word "all", "even" or "odd" n times, the
 * value n as a letter in slot 3, and the data "data n". */
void shim_put(lede_xapian_writer *writer, unsigned n);
/* Adds `count` of them, from document `first` on, to a database. */
void shim_make(const char *path, unsigned first, unsigned count);
/* How many documents have the term. */
uint32_t shim_count_of(lede_xapian *db, const char *term);

/* Counts of values, as they are told. */
typedef struct shim_counted {
    char values[64]; /* each with a blank behind it */
    uint32_t sum;
    bool ends; /* after the first */
} shim_counted;

bool shim_take_count(void *ctx, lede_span value, uint32_t count);
bool shim_take_term(void *ctx, lede_span term); /* and forgets it */
void shim_note(void *ctx, const char *line); /* counts, into an unsigned */

#endif
