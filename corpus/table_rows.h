/* table_rows.h - "which cells has the next row?"
 *
 * Rows as RFC 4180 has them: a cell in quotation marks may hold separators and
 * line ends, and "" is a mark. What real tables get wrong is mended: a mark
 * inside such a cell that is not followed by the cell's end is text; one that
 * opens a cell and is never closed does so too, and its row ends with its line,
 * lest it swallow the rows that follow. That a mark is never closed is seen at
 * the end, after LEDE_ROW_MAX_BYTES, or where a later line opens a cell of its
 * own inside. Each byte is looked at three times at most.
 *
 * Threads: a reader belongs to one thread. */
#ifndef LEDE_CORPUS_TABLE_ROWS_H
#define LEDE_CORPUS_TABLE_ROWS_H

#include "base/buf.h"
#include "corpus/format.h"
#include "corpus/table.h"

enum { LEDE_ROW_MAX_BYTES = 16 << 20, LEDE_COLUMNS_MAX = 512 };

typedef struct lede_rows {
    lede_input *input;
    lede_table_form form;
    lede_buf window;  /* read and not done with */
    size_t at;        /* in it */
    bool is_kept;     /* a quoted cell began in it */
    size_t bound_end; /* up to here cells end with their line */
    lede_status ended;
    lede_error failure;
    /* The row. */
    lede_buf cells;                /* one behind the other */
    size_t ends[LEDE_COLUMNS_MAX]; /* where each ends */
    size_t count;                  /* kept of them */
    bool is_too_long;              /* and cut */
    bool is_mended;                /* a mark was never closed */
} lede_rows;

/* Begins where the input stands, behind what the form leaves out. */
void lede_rows_init(lede_rows *rows, lede_input *input, lede_table_form form);
void lede_rows_done(lede_rows *rows);
/* False at the end; then rows->ended says which: LEDE_END or a failure of the
 * input (in rows->failure). Out of memory: the buffers have failed. */
bool lede_rows_next(lede_rows *rows);
/* A cell of the row; lives until the next one. */
lede_span lede_rows_cell(const lede_rows *rows, size_t i);

#endif
