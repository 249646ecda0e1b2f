#include "tests/support/heap.h"

#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER
size_t __sanitizer_get_current_allocated_bytes(void);
#endif

static atomic_int watching;
static atomic_size_t most;
static size_t before;
static pthread_t thread;

static size_t in_use(void)
{
#ifdef HAS_SANITIZER
    return __sanitizer_get_current_allocated_bytes();
#else
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
#endif
}

static void *watch(void *unused)
{
    struct timespec nap = {0, 1000000};

    (void)unused;
    while (watching != 0) {
        size_t now = in_use();

        if (now > most) {
            most = now;
        }
        nanosleep(&nap, NULL);
    }
    return NULL;
}

void heap_watch_begin(void)
{
    before = in_use();
    most = before;
    watching = 1;
    if (pthread_create(&thread, NULL, watch, NULL) != 0) {
        abort();
    }
}

size_t heap_watch_end(void)
{
    watching = 0;
    pthread_join(thread, NULL);
    return most - before;
}
