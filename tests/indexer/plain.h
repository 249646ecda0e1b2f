/* plain.h - the postings that an archive's entries should have, made without
 * any of the indexer's cleverness: each record is read, its words are walked
 * and stemmed, one line per term and entry. */
#ifndef LEDE_TESTS_INDEXER_PLAIN_H
#define LEDE_TESTS_INDEXER_PLAIN_H

#include "storage/archive.h"

/* Fails the test unless pairs are those of the segments' words, and terms,
 * frequencies, fields, positions, forms and length bytes are what the records
 * say. Aliases are left out. */
void assert_plain(lede_archive *archive);

#endif
