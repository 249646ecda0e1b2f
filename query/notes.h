/* notes.h - "what should the user be told about the query?"
 *
 * Remarks that point at a byte of the query, in the order of the query, no more
 * than are worth reading. Private to query/.
 *
 * Threads: notes belong to one search. */
#ifndef LEDE_QUERY_NOTES_H
#define LEDE_QUERY_NOTES_H

#include <stdarg.h>

#include "base/arena.h"
#include "query/search.h"

enum {
    LEDE_NOTES_MAX = 16,
    LEDE_NOTES_ALIKE = 3 /* of one text */
};

typedef struct lede_notes {
    lede_query_note items[LEDE_NOTES_MAX]; /* ascending columns */
    uint32_t count;
} lede_notes;

/* Adds a note unless there are enough, or one for that column; the text is
 * copied to the arena. */
void lede_notes_put(lede_notes *notes, lede_arena *arena, size_t column,
                    const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void lede_notes_put_list(lede_notes *notes, lede_arena *arena, size_t column,
                         const char *format, va_list arguments)
    __attribute__((format(printf, 4, 0)));

/* So much of a text's beginning as a note can quote, without the blanks around
 * it; cut between characters. */
lede_span lede_notes_quotable(lede_span text);

#endif
