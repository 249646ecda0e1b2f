/* walk.h - "which files are there?"
 *
 * Recursive walk of folders in name order (bytes), so that the same tree always
 * gives the same order. Links to files are followed once (not at all where the
 * file is met under its own name), links to folders are not and are noted;
 * hidden names (".git") are passed over unless named; devices, sockets and
 * pipes, and folders that cannot be listed, are noted. "X_files" beside
 * "X.html" is passed over; of a page that ArchiveBox saved in many ways one is
 * given (snapshot.h). Folders nest at most 256 deep.
 *
 * Threads: a walk belongs to one thread. */
#ifndef LEDE_CORPUS_WALK_H
#define LEDE_CORPUS_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

typedef struct lede_walk_file {
    const char *path; /* absolute, links in it resolved as far as its folder */
    uint64_t size;
    int64_t mtime_ns;
    uint64_t inode, device;
    bool mtime_is_copy; /* more than 50 files of its folder share the minute
                           (of a file named itself: of the first 1000) */
} lede_walk_file;

typedef struct lede_walk_callbacks {
    void *ctx;
    lede_status (*file)(void *ctx, const lede_walk_file *file, lede_error *err);
    void (*note)(void *ctx, const char *path, const char *what);
    const volatile int *stop;
} lede_walk_callbacks;

/* Walks one path: a file or a folder. LEDE_NOT_FOUND (with a message) if it
 * does not exist or cannot be read. */
lede_status lede_walk(const char *path, const lede_walk_callbacks *callbacks,
                      lede_error *err);

/* What a walk of the folder `root` makes of `path`, which begins with it: true
 * if it gives that file or enters that folder. False if it passes over it (a
 * hidden name, or what belongs to a saved page). Of a page that ArchiveBox
 * saved in many ways the path is cut to its folder, to be walked instead. */
bool lede_walk_gives(const char *root, char *path);

#endif
