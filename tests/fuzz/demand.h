/* demand.h - what a fuzz target does when a promise is broken: it aborts, in
 * release builds too. */
#ifndef LEDE_TESTS_FUZZ_DEMAND_H
#define LEDE_TESTS_FUZZ_DEMAND_H

#include <stdio.h>
#include <stdlib.h>

#define DEMAND(holds)                                                          \
    do {                                                                       \
        if (!(holds)) {                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #holds);        \
            abort();                                                           \
        }                                                                      \
    } while (0)

#endif
