/* names_edit.h - lede names edit: the file of corrections in somebody's editor.
 *
 * Threads: the program's main thread. */
#ifndef LEDE_APP_NAMES_EDIT_H
#define LEDE_APP_NAMES_EDIT_H

/* Opens a copy of the file in $VISUAL or $EDITOR and puts it in the file's
 * place once all its lines can be read. What was written is never lost: until
 * then it stays beside the file, and the next edit goes on with it. Gives an
 * exit status. */
int lede_names_edit(const char *path);

#endif
