/* model.h - an archive in memory, to compare the real one with.
 *
 * A model segment is made from a seed, so that it can be made again at any time
 * and in any process. model_write puts it into an archive through the segment
 * writer; model_compare reads everything back through the public interface. */
#ifndef LEDE_TESTS_STORAGE_MODEL_H
#define LEDE_TESTS_STORAGE_MODEL_H

#include "storage/archive.h"

typedef struct model_random {
    uint64_t state;
} model_random;

uint64_t model_next(model_random *random);
uint32_t model_below(model_random *random, uint32_t bound);

typedef struct model_term {
    uint8_t bytes[40];
    uint32_t len;
} model_term;

typedef struct model_posting {
    uint32_t entry, frequency, count;
    uint8_t fields;
    uint32_t positions[6];
    uint16_t forms[6];
} model_posting;

typedef struct model_segment {
    uint64_t seed;
    uint32_t id; /* once written */
    uint32_t entries, dated;
    lede_segment_row *rows;
    bool *deleted;
    model_term *terms;
    uint32_t term_count;
} model_segment;

typedef struct model_options {
    uint32_t entries, terms;
    int64_t first_time; /* the newest */
    uint32_t gap_s;     /* between entries, at most */
} model_options;

model_segment *model_segment_new(uint64_t seed, const model_options *options);
/* Of a random size. */
model_segment *model_segment_random(uint64_t seed);
void model_segment_free(model_segment *segment);

/* Zeroed, and the caller's to free(); not malloc's, which is made to fail in
 * some tests, for lede's sake. */
void *model_alloc(size_t count, size_t size);

uint32_t model_live(const model_segment *segment);
/* Whether it has the term. */
bool model_has_term(const model_segment *segment, const model_term *term);
/* The postings of a term; the caller frees them. */
model_posting *model_postings(const model_segment *segment, uint32_t term,
                              uint32_t *count, bool *has_positions);
void model_record(const model_segment *segment, uint32_t entry, lede_buf *out);
/* Two segments of three have names; some of their entries were not looked at,
 * and have an empty list. */
bool model_has_names(const model_segment *segment);
void model_names(const model_segment *segment, uint32_t entry, lede_buf *out);

/* Writes the segment and sets its id. */
lede_status model_write(model_segment *segment, lede_writer *writer,
                        lede_error *err);

/* Compare; they fail the test at the first difference. */
void model_compare_segment(const model_segment *model,
                           const lede_segment *segment);
/* All segments of a snapshot, and the totals; `now` of the last publish. */
void model_compare(model_segment *const *models, uint32_t count,
                   const lede_snapshot *snapshot, int64_t now);

/* Several segments, changed at random. All follows from the seeds, so that any
 * process can make the same world. */
enum { MODEL_MAX_SEGMENTS = 16 };
typedef struct model_world {
    model_segment *segments[MODEL_MAX_SEGMENTS];
    uint32_t count;
} model_world;

void model_world_free(model_world *world);
model_world model_world_copy(const model_world *world);
/* Makes the change that follows from `seed`: writes segments, publishes. With a
 * NULL writer only the model changes, and its new segments get no numbers. */
lede_status model_world_change(model_world *world, uint64_t seed,
                               lede_writer *writer, int64_t now,
                               lede_error *err);

/* Runs the check and returns how many things it found, told on stderr. */
unsigned model_check(lede_archive *archive);

/* A fresh folder under TMPDIR; model_remove_folder deletes it with its files.
 */
void model_make_folder(char path[256]);
void model_remove_folder(const char *path);

#endif
