/* folder.h - folders that tests make and remove */
#ifndef LEDE_TESTS_SUPPORT_FOLDER_H
#define LEDE_TESTS_SUPPORT_FOLDER_H

/* A fresh folder below $TMPDIR or /tmp; its path is put in `out` (of at least
 * 256 bytes). */
void folder_make(char *out);
/* Removes a folder with all that is in it; one that is gone is no failure. */
void folder_remove(const char *path);

#endif
