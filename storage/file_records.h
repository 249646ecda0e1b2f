/* file_records.h - "which files were read, and in what state were they?"
 *
 * The key and the bytes of a file record. Keys keep a folder's files together
 * and in name order, so that a run, which walks that way, changes few pages of
 * the tree:
 *
 *   key    hash of the folder u64 BE, name (at most 200 bytes), hash of the
 *          path u64 BE
 *   value  path block, size, mtime (zigzag), inode, device (varints), hash of
 *          the content (low, high u64), payload, XXH3 of all that precedes
 *
 * Threads: pure functions. */
#ifndef LEDE_STORAGE_FILE_RECORDS_H
#define LEDE_STORAGE_FILE_RECORDS_H

#include "storage/archive.h"

void lede_file_key(lede_span path, lede_buf *out);
void lede_file_record_encode(const lede_file_record *record, lede_buf *out);
/* For messages about a damaged record: the path, if what is left of it agrees
 * with the key, or the key in hex. */
void lede_file_record_put_name(lede_span key, lede_span bytes, lede_buf *out);
/* The record's spans are lent from `bytes`. LEDE_CORRUPT unless the bytes are
 * those that were written. */
lede_status lede_file_record_decode(lede_span bytes, lede_file_record *out,
                                    lede_error *err);

#endif
