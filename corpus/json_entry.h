/* json_entry.h - "which entry is that record?"
 *
 * Makes an entry of a record's fields: dates from words, paragraphs from text
 * or HTML, outlet and language in one spelling.
 *
 * Threads: plain values. */
#ifndef LEDE_CORPUS_JSON_ENTRY_H
#define LEDE_CORPUS_JSON_ENTRY_H

#include "corpus/format.h"
#include "corpus/json_record.h"

/* Whether a record is one: it has a body, or a headline and something else that
 * news has: an address, a summary, a date, an author, an outlet. A "name" needs
 * one of the first two. */
bool lede_json_record_is_entry(const lede_json_record *record);

/* Fills *out, whose spans live as long as the record's and the arena's.
 * LEDE_NO_MEMORY is the only failure. */
lede_status lede_json_entry_make(const lede_json_record *record,
                                 const lede_read_options *options,
                                 lede_arena *arena, lede_entry *out,
                                 lede_error *err);

/* An entry that does not say when it was saved is from when what it came in (a
 * web archive, a message) was. LEDE_NO_MEMORY is the only failure. */
lede_status lede_entry_set_captured(const lede_when *captured,
                                    const lede_read_options *options,
                                    lede_arena *arena, lede_entry *entry,
                                    lede_error *err);

/* A body that may be a live page's text dump: one text with a line that may be
 * the head of an update. Cheap, and right only in saying no. */
bool lede_json_record_may_be_live(const lede_json_record *record);

#endif
