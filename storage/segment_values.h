/* segment_values.h - "where do the bytes of a new segment go?"
 *
 * The values of a segment being written: gathers them for transactions of a few
 * megabytes, packs small things into values that fill their pages, and keeps
 * the table of checksums. Part of the segment writer.
 *
 * Threads: belongs to the segment writer's thread. */
#ifndef LEDE_STORAGE_SEGMENT_VALUES_H
#define LEDE_STORAGE_SEGMENT_VALUES_H

#include "storage/dictionary.h"
#include "storage/footer.h"

struct lede_writer;

typedef struct lede_segment_values lede_segment_values;

/* Counts values and bytes in `footer`, which must outlive it. */
lede_status lede_segment_values_new(struct lede_writer *writer, uint32_t id,
                                    lede_footer *footer,
                                    lede_segment_values **out, lede_error *err);
void lede_segment_values_free(lede_segment_values *values); /* accepts NULL */

/* Writes the next value of its kind, sooner or later. */
lede_status lede_segment_values_put(lede_segment_values *values,
                                    lede_value_kind kind, lede_span bytes,
                                    lede_error *err);
/* The same from a buffer, whose failure to grow is reported. */
lede_status lede_segment_values_put_buf(lede_segment_values *values,
                                        lede_value_kind kind,
                                        const lede_buf *buf, lede_error *err);

/* Stores bytes in one piece, in a value shared with others of the kind, and
 * says where they will be. end_pack ends the value at hand. */
lede_status lede_segment_values_pack(lede_segment_values *values,
                                     lede_value_kind kind, lede_span bytes,
                                     lede_address *out, lede_error *err);
lede_status lede_segment_values_end_pack(lede_segment_values *values,
                                         lede_value_kind kind, lede_error *err);

/* Puts the checksums and the footer, and writes what is left. */
lede_status lede_segment_values_finish(lede_segment_values *values,
                                       lede_error *err);

#endif
