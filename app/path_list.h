/* path_list.h - "which paths did somebody hand over?"
 *
 * Threads: a list belongs to one thread. */
#ifndef LEDE_APP_PATH_LIST_H
#define LEDE_APP_PATH_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

/* All-zero is an empty list. */
typedef struct lede_path_list {
    char **paths;
    uint32_t count, room;
} lede_path_list;

void lede_path_list_done(lede_path_list *list);
/* Adds a copy; false when out of memory. */
bool lede_path_list_add(lede_path_list *list, const char *path);

/* Adds the paths in a file ("-": standard input): a line each, or each with a
 * NUL behind it. Empty ones are passed over; lines may end in CR LF. */
lede_status lede_path_list_read(lede_path_list *list, const char *file,
                                bool ends_in_nul, lede_error *err);

/* Writes what a descriptor gives into a file of that folder (made if it is
 * missing), called by the hash of its content, and adds that file's path. */
lede_status lede_path_list_keep(lede_path_list *list, int fd,
                                const char *folder, const volatile int *stop,
                                lede_error *err);

#endif
