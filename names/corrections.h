/* corrections.h - "what has a person put right about the names?"
 *
 * A plain text file of an archive, read when a query is asked, so that a
 * correction holds at once and nothing is indexed again. One correction a line:
 *
 *     # The clubs' captains have one name.
 *     merge person "Volodymyr Zelensky" "Vladimir Zelenskiy" "Zelenskyy"
 *     rename person "Bob Dudley" "Robert Dudley"
 *     split person "John Smith" "John Smith (golfer)" 3f2a96c11d0e7b58 ...
 *     hide person "Verify"
 *     add person "Ai Weiwei"
 *     rename place "Paris" g4717560
 *
 * - merge: the first name is also called by the others.
 * - rename: who is called by the first name is shown under the second.
 * - split: in the entries given by their keys the first name means the second,
 *   which is another name when they are compared.
 * - hide: it is no name.
 * - add: where the texts have it, it is a name.
 *
 * A place is named by its id (gazetteer.h), or by a name between quotation
 * marks where it has none. Names are compared as lede_person_key and
 * lede_place_key make them; \" and \\ stand for " and \ in them. Empty lines
 * and those that begin with # are kept as they are, as is everything that is
 * not changed; so are lines that cannot be read, which are told and hold
 * nothing. Corrections hold in the order of the lines: a later one sees the
 * names that earlier ones gave.
 *
 * Threads: corrections are shared by readers while nobody changes them. */
#ifndef LEDE_NAMES_CORRECTIONS_H
#define LEDE_NAMES_CORRECTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "names/recognize.h"

typedef struct lede_corrections lede_corrections;

typedef enum lede_correction_verb {
    LEDE_CORRECTION_MERGE = 0,
    LEDE_CORRECTION_RENAME,
    LEDE_CORRECTION_SPLIT,
    LEDE_CORRECTION_HIDE,
    LEDE_CORRECTION_ADD,
    LEDE_CORRECTION_VERB_COUNT
} lede_correction_verb;

enum {
    LEDE_CORRECTIONS_MAX_BYTES = 64 << 20,
    LEDE_CORRECTION_NAME_BYTES = 512, /* longer names are refused */
    LEDE_CORRECTION_MAX_NAMES = 256
};

/* One line. Spans live as long as the corrections are not changed. */
typedef struct lede_correction {
    lede_correction_verb verb;
    lede_name_kind kind;
    uint32_t line; /* from 1 */
    const lede_span *names;
    size_t name_count;
    const uint64_t *entries; /* ascending */
    size_t entry_count;
} lede_correction;

/* Parses a file's bytes, which may go afterwards. Empty bytes are no
 * corrections. LEDE_BAD_INPUT only for a file that is too large: lines that
 * cannot be read are kept and listed (lede_corrections_error). */
lede_status lede_corrections_parse(lede_span text, lede_corrections **out,
                                   lede_error *err);
void lede_corrections_free(lede_corrections *corrections); /* accepts NULL */

/* What is wrong with the lines that cannot be read, in order: "line 7: ...".
 * NULL behind the last. */
const char *lede_corrections_error(const lede_corrections *corrections,
                                   size_t number);

/* The same from a file; without one there are no corrections. */
lede_status lede_corrections_open(const char *path, lede_corrections **out,
                                  lede_error *err);

/* Writes the file anew: all of it or nothing, also if the machine stops. */
lede_status lede_corrections_save(const lede_corrections *corrections,
                                  const char *path, lede_error *err);

/* Appends the text of the file. */
void lede_corrections_format(const lede_corrections *corrections,
                             lede_buf *out);

/* Appends the form that a name is compared in: its lede_person_key, a place's
 * id as it is, or its lede_place_key. */
void lede_correction_key(lede_name_kind kind, lede_span name, lede_buf *out);

size_t lede_corrections_count(const lede_corrections *corrections);
void lede_corrections_get(const lede_corrections *corrections, size_t number,
                          lede_correction *out);

/* The correction at or behind a line (0 begins); moves `*line` behind it.
 * False if there is none. */
bool lede_corrections_next(const lede_corrections *corrections, size_t *line,
                           lede_correction *out);

/* Adds a correction behind all others (`line` is not read). LEDE_BAD_INPUT for
 * what could not be read back: no name, a split without entries. */
lede_status lede_corrections_put(lede_corrections *corrections,
                                 const lede_correction *correction,
                                 lede_error *err);

/* Takes the last correction away; comments stay. LEDE_NOT_FOUND if there is
 * none. */
lede_status lede_corrections_undo(lede_corrections *corrections,
                                  lede_error *err);

/* What a name, as the linker found it in an entry, means after all corrections.
 * Empty *out: it is hidden. Else *out is its name or id to show, lent by the
 * corrections, or `name` itself if nothing is known of it. */
void lede_corrections_apply(const lede_corrections *corrections,
                            lede_name_kind kind, lede_span name, uint64_t entry,
                            lede_span *out);

/* The same in an entry that no split names. */
void lede_corrections_usual(const lede_corrections *corrections,
                            lede_name_kind kind, lede_span name,
                            lede_span *out);

/* The names to ask an index for when a query asks for `name`: calls `fn` with
 * each name that is (in all entries, or in those of a split) shown as it, and
 * for each with the entries that matter: `only` = only in these; otherwise in
 * all but these. `name` itself comes too, unless it always means another. */
typedef struct lede_correction_source {
    lede_span name;
    bool only;
    const uint64_t *entries; /* ascending */
    size_t entry_count;
} lede_correction_source;

lede_status lede_corrections_sources(
    const lede_corrections *corrections, lede_name_kind kind, lede_span name,
    lede_status (*fn)(void *ctx, const lede_correction_source *source,
                      lede_error *err),
    void *ctx, lede_error *err);

#endif
