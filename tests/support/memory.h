/* memory.h - "how much memory did that take?"
 *
 * In MB, of this process, as /proc tells it. Where it does not, all is 0. */
#ifndef LEDE_TESTS_SUPPORT_MEMORY_H
#define LEDE_TESTS_SUPPORT_MEMORY_H

#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The most there was since memory_begin_mb. */
static inline double memory_most_mb(void)
{
    static const char name[] = "VmHWM:";
    char line[256];
    double mb = 0;
    FILE *file = fopen("/proc/self/status", "r");

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, name, sizeof name - 1) == 0) {
            mb = strtod(line + sizeof name - 1, NULL) / 1024;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return mb;
}

/* What is held now; from here on the most is looked for anew. */
static inline double memory_begin_mb(void)
{
    int fd;

#ifdef __GLIBC__
    malloc_trim(0);
#endif
    fd = open("/proc/self/clear_refs", O_WRONLY);
    if (fd < 0 || write(fd, "5", 1) != 1) {
        printf("the most memory is not known here\n");
    }
    if (fd >= 0) {
        close(fd);
    }
    return memory_most_mb();
}

#endif
