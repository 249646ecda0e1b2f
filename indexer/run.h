/* run.h - what the files of one index run share: the parts of indexer/ that
 * read, flush, prune and merge, inside one writer's lock. Not for others.
 *
 * Threads: all of it belongs to the run's thread. */
#ifndef LEDE_INDEXER_RUN_H
#define LEDE_INDEXER_RUN_H

#include "base/analyze.h"
#include "corpus/source_settings.h"
#include "corpus/walk.h"
#include "indexer/accumulate.h"
#include "indexer/aliases.h"
#include "indexer/batch.h"
#include "indexer/indexer.h"
#include "indexer/merge_policy.h"
#include "indexer/pair_choice.h"
#include "indexer/repair.h"
#include "indexer/resolve.h"
#include "indexer/tally.h"
#include "indexer/watch.h"
#include "indexer/xapian_home.h"

enum { LEDE_FIXED_MEMORY = 18 << 20 }; /* readers, LMDB's pages, compression */

/* How the memory of a run is shared out. */
typedef struct lede_budget {
    size_t batch_bytes;       /* pending claims; settling takes as much again,
                                 then a file */
    size_t accumulator_bytes; /* inversion; and what a batch leaves of its
                                 own */
    size_t merge_bytes;       /* all of it, between batches */
    uint64_t spill_bytes;     /* on disk: most of a batch */
    /* The same for all, but in tests: */
    uint32_t segment_entries; /* LEDE_SEGMENT_FULL_ENTRIES */
    uint64_t segment_bytes;   /* LEDE_SEGMENT_FULL_BYTES, of a table */
    uint32_t term_forms;      /* LEDE_MAX_FORMS */
    uint32_t pair_words;      /* at most; 0: no pairs */
    uint64_t pair_tokens;     /* that a sample must have to choose them from */
} lede_budget;

/* 0 is 512 MiB; less than 32 MiB is 32 MiB. */
lede_budget lede_budget_of(uint64_t memory_bytes);

/* The old blocks of the file at hand, opened. */
typedef struct lede_old_claims {
    lede_claims *blocks;
    uint32_t count, cap;
} lede_old_claims;

/* When a piece of work began, by the steady clock and by the processor time of
 * the run's thread, in seconds. */
typedef struct lede_run_moment {
    double clock, processor;
} lede_run_moment;

typedef struct lede_run {
    lede_archive *archive;
    const lede_index_options *options;
    lede_index_report *report;
    lede_xapian_home *home; /* NULL: segments keep the entries */
    lede_writer *writer;
    lede_snapshot *snapshot; /* as the batch began */
    lede_analyzer *analyzer;
    lede_accumulator *accumulator;
    lede_namer *namer; /* NULL: names are not looked for */
    lede_identifier identifier;
    lede_batch batch;
    lede_budget budget;
    lede_run_tally tally;
    lede_buf text;       /* a record */
    lede_buf pair_bytes; /* of pair_words; empty as long as none is set */
    lede_pair_words pair_words; /* the archive's: see pair_choice.h */
    int64_t now;
    double began; /* seconds of the steady clock */
    lede_run_moment batch_began;
    uint64_t spill_limit; /* what was learnt to take a few seconds to write */
    lede_index_progress progress;
    double progress_shown;
    char *directory; /* the archive's own, or its home, resolved: not read */

    /* The file at hand. */
    const char *path;
    lede_page page;
    bool has_page;
    lede_old_claims old;
    uint32_t next_group;
    uint32_t posts_in_document;
    uint64_t bytes_before; /* progress.bytes_done when it began */
    bool has_failed;       /* the run's own fault, not the file's */
    bool is_damaged;       /* it may have said more than was read */
    bool is_unread;        /* nor could it be read on just now */
    bool keeps_texts;      /* of all that it says, also of what it said before:
                              they were wanted */
    bool texts_wanted_again; /* since it was begun */

    /* Files to be read again at the end of the run, as many as fit. */
    lede_arena wanted_names;
    const char **wanted;
    uint32_t wanted_count, wanted_cap;

    lede_losses losses; /* of a repair */
} lede_run;

lede_status lede_run_open(lede_archive *archive,
                          const lede_index_options *options,
                          lede_index_report *report, lede_run *run,
                          lede_error *err);
/* lede_index_paths with another budget than that of options->memory_bytes, so
 * that tests can have many small batches. */
lede_status lede_index_within(lede_archive *archive, const char *const *paths,
                              uint32_t path_count,
                              const lede_index_options *options,
                              const lede_budget *budget,
                              lede_index_report *report, lede_error *err);
/* lede_index_compact likewise. */
lede_status lede_index_compact_within(lede_archive *archive,
                                      const lede_index_options *options,
                                      const lede_budget *budget,
                                      lede_error *err);
void lede_run_close(lede_run *run);

bool lede_run_is_stopped(const lede_run *run);
void lede_run_note(lede_run *run, const char *path, const char *what);
void lede_run_progress(lede_run *run, const char *phase);
/* The same, with how far the phase is. */
void lede_run_step(lede_run *run, const char *phase, uint64_t done,
                   uint64_t all);
double lede_run_clock(void);
lede_run_moment lede_run_now(void);
/* Seconds that what was done since would have taken alone on this machine: the
 * processor time, and no less than a quarter of all that went by, for the
 * disk's part. A machine that is busy with other work should not be given
 * smaller batches, which make more work. */
double lede_run_effort(const lede_run_moment *since);

/* run_pairs.c: the words whose pairs are kept (pair_choice.h).
 *
 * Those of the archive, if it has some and the run has none yet: from now on
 * the accumulator, which is empty, gathers their pairs. */
lede_status lede_run_recall_pair_words(lede_run *run, lede_error *err);
bool lede_run_needs_pair_words(const lede_run *run);
/* The same with those of this segment, if it has any. */
lede_status lede_run_take_pair_words(lede_run *run, const lede_segment *segment,
                                     lede_error *err);
/* The same with those that are chosen, if any are. */
lede_status lede_run_choose_pair_words(lede_run *run, lede_pair_choice *choice,
                                       lede_error *err);
/* The same with those of the archive, or else chosen from its entries. */
lede_status lede_run_settle_pair_words(lede_run *run, lede_error *err);
/* The same, and writes small segments that lack them anew. Between batches. */
lede_status lede_run_give_pairs(lede_run *run, lede_error *err);

/* files.c: what is known of a file without reading its entries. */
typedef enum lede_file_news {
    LEDE_NEWS_NONE,    /* as it was */
    LEDE_NEWS_TOUCHED, /* same content, other time or inode */
    LEDE_NEWS_CHANGED
} lede_file_news;
/* What the walk would say of a path; false if it is not there. */
bool lede_file_stat(const char *path, lede_walk_file *out);
/* What is remembered of a file; LEDE_NOT_FOUND. Not `is_whole`: its record is
 * damaged, which is then as if there were none, or some of the parts. */
lede_status lede_file_recall(lede_run *run, lede_span path,
                             lede_file_record *record, lede_file_state *state,
                             bool *is_whole, lede_error *err);
lede_status lede_file_look(lede_run *run, const lede_walk_file *file,
                           lede_file_news *news, lede_file_record *record,
                           lede_file_state *state, lede_error *err);

/* reading.c: reads one changed file into the batch, flushing as need be. */
lede_status lede_run_read_file(lede_run *run, const lede_walk_file *file,
                               const lede_file_record *record,
                               const lede_file_state *state, lede_error *err);
/* Flushes while a file is being read, and goes on with it. */
lede_status lede_run_flush_within(lede_run *run, lede_error *err);
/* Whether the batch should be flushed now. */
bool lede_run_is_full(const lede_run *run);
/* Notes that texts of a file are wanted, for the end of the run. */
lede_status lede_run_want(lede_run *run, lede_span path, lede_error *err);
/* Learns from a flush how large the next batch may be. */
void lede_run_learn(lede_run *run, uint64_t bytes, double seconds);
/* Of the options, the settings of the file's source among them, that change
 * what is read of it; 0: none. */
uint64_t lede_run_options_hash(const lede_run *run, const char *path);
/* What the readers get to know of a file. */
lede_read_options lede_run_read_options(const lede_run *run,
                                        const lede_walk_file *file);

/* old_claims.c: what the file at hand said before. */
lede_status lede_old_open(lede_run *run, lede_error *err);
/* Whether it said exactly this; `about` too, if it is not NULL. */
bool lede_old_has(const lede_run *run, const lede_claim *claim,
                  const lede_claim_document *about);
/* Takes the old blocks from the books, one after another: what is no longer
 * said is to be settled, what a live page no longer shows is kept. Of a damaged
 * file all is kept that was not said anew. Flushes as need be. */
lede_status lede_old_finish(lede_run *run, bool is_forgotten, lede_error *err);

/* flush.c: settles the batch and publishes it; the batch is empty after. Files
 * that are still being read must be added again. */
lede_status lede_run_flush(lede_run *run, lede_error *err);

/* reread.c: meets the wishes of a resolution as well as can be. */
lede_status lede_run_reread(lede_run *run, lede_resolution *resolution,
                            lede_error *err);

/* prune.c: forgets the files under the roots that are gone. */
lede_status lede_run_prune(lede_run *run, char *const *roots,
                           uint32_t root_count, lede_error *err);

/* flush.c: whether what is inverted is enough for a segment. */
bool lede_run_has_inverted_enough(const lede_run *run);

/* merge_policy.c: merges where the policy says so, `fan` being how many
 * segments of a tier are too many. LEDE_INTERRUPTED if a stop left something
 * unmerged, or may have. */
lede_status lede_run_merge(lede_run *run, uint32_t fan, lede_error *err);
/* The most entries that a merged segment may have. */
uint32_t lede_run_merged_most(const lede_run *run);
/* What merging asks of a segment. */
lede_status lede_merge_look_at(const lede_segment *segment,
                               lede_merge_candidate *out, lede_error *err);
/* Merges segments of run->snapshot (by index, 1 to LEDE_MERGE_MOST) into new
 * ones of at most `most` live entries each, cut by time, and publishes. */
lede_status lede_run_merge_chosen(lede_run *run, const uint32_t *chosen,
                                  uint32_t count, uint32_t most,
                                  const lede_watch *watch, lede_error *err);

/* upgrade.c: replaces a segment of run->snapshot, which is as it was until it
 * is refreshed, by what its entries would become today. Three steps for each
 * live entry. */
lede_status lede_run_rewrite_segment(lede_run *run, const lede_segment *segment,
                                     const lede_watch *watch, lede_error *err);

/* Reopens run->snapshot. */
lede_status lede_run_refresh(lede_run *run, lede_error *err);

/* The sketch of a body that the archive does not get, for a home has it. */
lede_sketch lede_run_sketch(lede_run *run, const lede_entry *entry);
/* The same of an entry that the home has; LEDE_CORRUPT if it has not. */
lede_status lede_run_home_sketch(lede_run *run, uint64_t key, lede_sketch *out,
                                 lede_error *err);

#endif
