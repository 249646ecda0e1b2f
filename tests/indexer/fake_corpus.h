/* fake_corpus.h - a reader for tests that want every field in their hands.
 *
 * Linked in place of corpus/reader.c. A file begins with the line LEDEFAKE and
 * has lines of fields between bars; empty fields are unset:
 *
 *   P|live or plain|url|form|captured          a page begins
 *   E|native id|headline|published|year source|updated|url|body|location
 *
 * `published` is seconds since 1970, or MM-DDThh:mm (UTC) without a year. In
 * the body a / ends a paragraph. "X" on a line: a note. T instead of E: the
 * entry was cut off. "CUT" on a line: the file is damaged. */
#ifndef LEDE_TESTS_INDEXER_FAKE_CORPUS_H
#define LEDE_TESTS_INDEXER_FAKE_CORPUS_H

#include "corpus/reader.h"

/* How often files were read since the last look. */
extern unsigned fake_corpus_reads;
/* If not 0: after so many entries in all *fake_corpus_stop becomes 1. */
extern unsigned fake_corpus_stop_after;
extern volatile int fake_corpus_stop;

#endif
