/* export_private.h - what the parts of an export share
 *
 * export_folder.c knows the folder with its list of shards, export_list.c what
 * stands in such lists, export.c brings the shards up to date.
 *
 * Threads: as an export. */
#ifndef LEDE_INDEXER_EXPORT_PRIVATE_H
#define LEDE_INDEXER_EXPORT_PRIVATE_H

#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "indexer/building.h"
#include "indexer/export.h"
#include "indexer/xapian_entry.h"

typedef struct lede_export_target {
    lede_building *building;    /* NULL: the shard is there */
    lede_xapian_writer *writer; /* NULL: it is not */
    lede_xapian *db;            /* what earlier runs put; NULL: nothing */
    int64_t from;    /* by time: entries from here to that of the one before */
    uint32_t before; /* the last document that was there already */
    uint8_t *seen;   /* bit set of these: the archive still has them */
} lede_export_target;

typedef struct lede_exporting {
    const lede_snapshot *snapshot;
    const char *directory;
    const lede_export_options *options;
    lede_export_report *report;
    uint32_t count;
    bool by_time;
    bool is_new; /* no list is there yet */
    int lock;    /* the folder; -1: not locked */
    bool has_names, has_copies;
    lede_export_target *targets;
    lede_xapian_maker *maker;
    lede_xapian_document *document;
    lede_arena arena;
    lede_buf record;
    uint64_t batch_bytes;
    lede_error *err;
} lede_exporting;

/* The path of a name in the folder; of the folder itself, if it is empty. */
lede_status lede_export_path(lede_exporting *x, const char *name, char *out,
                             size_t room);
/* Refuses a folder that is one of the shards of another. */
lede_status lede_export_look_above(lede_exporting *x);
/* What is there, and what is to be: fills in count, by_time, is_new and
 * targets. */
lede_status lede_export_look(lede_exporting *x);
/* Reads the list that an earlier run wrote, in place of that. */
lede_status lede_export_read_list(lede_exporting *x, FILE *file);
lede_status lede_export_make_targets(lede_exporting *x, uint32_t count);
/* Those that are there are other ones than was asked for. */
lede_status lede_export_not_as_asked(lede_exporting *x, const char *what);
/* Makes a folder in that of the export, and those above it. */
lede_status lede_export_make_folder(lede_exporting *x, const char *name);
lede_status lede_export_write_list(lede_exporting *x);

#endif
