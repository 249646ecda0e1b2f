/* silent.h - servers that accept and say nothing
 *
 * They wait until each has been connected to, and see whether all were at the
 * same time. */
#ifndef LEDE_TESTS_SUPPORT_SILENT_H
#define LEDE_TESTS_SUPPORT_SILENT_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum { SILENT_MOST = 8 };

typedef struct silent {
    int listening[SILENT_MOST], accepted[SILENT_MOST];
    uint16_t ports[SILENT_MOST];
    int count;
    bool met; /* private */
    pthread_t thread;
} silent;

/* Listens on `count` ports of loopback: those given, or any for 0. */
void silent_start(silent *s, const uint16_t *ports, int count);
/* Waits for the end: whether all had somebody at once. */
bool silent_finish(silent *s);

#endif
