/* steps.h - a program whose n-th change of a file goes wrong.
 *
 * The steps are the calls by which LMDB and lede change files: a program that
 * links this has its own pwrite, writev, fdatasync, fsync and ftruncate, which
 * count them, and at a chosen one kill the process or fail. How many there are
 * depends on the work alone, not on how busy the machine is.
 *
 * Threads: calls of different processes are counted apart; within one they must
 * not be made at the same time. */
#ifndef LEDE_TESTS_CRASH_STEPS_H
#define LEDE_TESTS_CRASH_STEPS_H

typedef enum steps_fate {
    STEPS_NONE,
    STEPS_KILL,     /* halfway through, when bytes are written */
    STEPS_KILL_ALL, /* likewise, with all others of the process group */
    STEPS_NO_SPACE, /* this step fails, and all that follow */
    STEPS_IO        /* this step alone fails */
} steps_fate;

/* Counts from 0 again; `fate` comes at step `at` (from 1). */
void steps_reset(steps_fate fate, long at);
long steps_taken(void);

#endif
