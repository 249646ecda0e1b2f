/* entry_parts.h - "the last touches to an entry read from text"
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_CORPUS_ENTRY_PARTS_H
#define LEDE_CORPUS_ENTRY_PARTS_H

#include "base/arena.h"
#include "base/entry.h"
#include "corpus/paragraphs.h"
#include "corpus/reader.h"

enum { LEDE_DERIVED_CHARS = 120 };

/* Sets a derived headline, if there is none: the first sentence of the first
 * text, at most LEDE_DERIVED_CHARS characters. */
void lede_entry_derive_headline(lede_entry *entry);
/* Leaves out the first block of a body of several that is the headline once
 * more. */
void lede_entry_drop_headline(lede_entry *entry);

/* Adds a label (copied into the arena) unless it is there, whatever its
 * capitals. False when out of memory. */
bool lede_entry_add_label(lede_entry *entry, lede_arena *arena,
                          lede_span label);

/* Whether the body stops inside a sentence or a quotation, as a file does that
 * was cut off. A list item may end anywhere. */
bool lede_body_ends_open(const lede_body *body);

/* Tells people that a document is not all UTF-8, unless `count` (of bad
 * sequences and NULs) is 0. */
void lede_note_repaired(const lede_sink *sink, const char *location,
                        uint64_t count);

/* The flags of an entry that its date calls for. */
uint32_t lede_when_flags(const lede_when *when);

#endif
