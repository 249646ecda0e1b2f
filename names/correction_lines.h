/* correction_lines.h - "what does this line correct?"
 *
 * The lines of a file of corrections, as they stand there and as they are
 * meant: corrections.c keeps them and the file, correction_meaning.c lays them
 * over names.
 *
 * Private to names/.
 *
 * Threads: as the corrections that they belong to (corrections.h). */
#ifndef LEDE_NAMES_CORRECTION_LINES_H
#define LEDE_NAMES_CORRECTION_LINES_H

#include "base/arena.h"
#include "names/corrections.h"

typedef struct lede_correction_line {
    lede_span text; /* as it stands in the file, without its end */
    bool is_correction;
    const char *wrong; /* why it cannot be read; or NULL */
    lede_correction parsed;
    lede_span *keys; /* of parsed.names: what they are compared by */
} lede_correction_line;

struct lede_corrections {
    lede_arena arena; /* holds what the lines lend */
    lede_correction_line *lines;
    size_t line_count, line_cap;
    size_t correction_count;
};

/* Reads out->text, which stands in line `number` of a file, or (0) in none; an
 * empty line or a comment is no correction. LEDE_BAD_INPUT says what is wrong
 * with it. */
lede_status lede_correction_line_parse(lede_arena *arena, uint32_t number,
                                       lede_correction_line *out,
                                       lede_error *err);

/* Appends a correction as a line, without its end. LEDE_BAD_INPUT for a name
 * that no line can hold. */
lede_status lede_correction_line_format(const lede_correction *correction,
                                        lede_buf *out, lede_error *err);

/* The order of the keys of entries, for qsort and bsearch. */
int lede_correction_entry_compare(const void *a, const void *b);

#endif
