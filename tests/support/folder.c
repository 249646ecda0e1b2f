#include "tests/support/folder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void folder_make(char *out)
{
    const char *base = getenv("TMPDIR");

    snprintf(out, 256, "%s/lede-test-XXXXXX",
             base != NULL && strlen(base) < 200 ? base : "/tmp");
    if (mkdtemp(out) == NULL) {
        abort();
    }
}

void folder_remove(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *item;

    while (dir != NULL && (item = readdir(dir)) != NULL) {
        char inner[1024];

        if (strcmp(item->d_name, ".") == 0 || strcmp(item->d_name, "..") == 0) {
            continue;
        }
        snprintf(inner, sizeof inner, "%s/%s", path, item->d_name);
        if (unlink(inner) != 0) {
            folder_remove(inner);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    rmdir(path);
}
