/* xapian_shim.h - "Xapian, for C"
 *
 * What lede needs of libxapian 1.4, as C: databases, local or behind
 * xapian-tcpsrv, and many as one; documents that are put, found by key and
 * deleted; queries built node by node; searches with offset, size and order.
 * No logic of lede's own: which terms and values there are, storage/
 * xapian_terms.h says.
 *
 * No exception leaves: each function is one guarded block, and what Xapian (or
 * the C++ library) throws becomes a status with Xapian's message. LEDE_STALE:
 * the database was written to meanwhile, reopen it; LEDE_BUSY: another writer;
 * LEDE_CORRUPT; LEDE_TOO_NEW: of another version of Xapian; LEDE_IO: disk or
 * network, timeouts too; LEDE_NOT_FOUND, with a message: no database there, or
 * no such document.
 *
 * Documents are numbered from 1; terms have at most 245 bytes.
 *
 * Threads: an object belongs to one thread at a time, joined databases and
 * their parts together. */
#ifndef LEDE_STORAGE_XAPIAN_SHIM_H
#define LEDE_STORAGE_XAPIAN_SHIM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- Databases ------------------------------------------------------------ */

typedef struct lede_xapian lede_xapian;

lede_status lede_xapian_open(const char *path, lede_xapian **out,
                             lede_error *err);
/* A database that xapian-tcpsrv serves. Each wait, for the connection or for an
 * answer, ends with LEDE_IO after so many milliseconds (at least 1). */
lede_status lede_xapian_open_remote(const char *host, uint16_t port,
                                    uint32_t connect_ms, uint32_t answer_ms,
                                    lede_xapian **out, lede_error *err);
/* All of the parts as one. Document `d` of part `i` of `n` has the number
 * (d - 1) n + i + 1. The parts stay open, and usable by themselves. */
lede_status lede_xapian_join(lede_xapian *const *parts, uint32_t count,
                             lede_xapian **out, lede_error *err);
void lede_xapian_close(lede_xapian *db); /* accepts NULL */

typedef struct lede_xapian_statistics {
    uint32_t documents;
    uint32_t last; /* the highest number given out */
    double average_length;
} lede_xapian_statistics;
lede_status lede_xapian_count(lede_xapian *db, lede_xapian_statistics *out,
                              lede_error *err);
/* In how many documents a term is; 0 is no failure. */
lede_status lede_xapian_term_count(lede_xapian *db, lede_span term,
                                   uint32_t *out, lede_error *err);
/* What was kept under a name beside the documents, empty if nothing was; of
 * joined databases, the first one's. As all spans here it is lent until the
 * next call for `db`. */
lede_status lede_xapian_metadata(lede_xapian *db, const char *name,
                                 lede_span *out, lede_error *err);
/* Which database it is, as text: copies and replicas of one have the same. */
lede_status lede_xapian_uuid(lede_xapian *db, lede_span *out, lede_error *err);
/* Terms that begin with a prefix, in byte order, until `fn` says false. */
lede_status lede_xapian_each_term(lede_xapian *db, lede_span prefix,
                                  bool (*fn)(void *ctx, lede_span term),
                                  void *ctx, lede_error *err);
/* The same with in how many documents each is; of servers that came with the
 * list. */
lede_status lede_xapian_each_count(lede_xapian *db, lede_span prefix,
                                   bool (*fn)(void *ctx, lede_span term,
                                              uint32_t count),
                                   void *ctx, lede_error *err);
/* The first document above `after` that has a term (the empty term: any
 * document); LEDE_NOT_FOUND, without a message, if there is none. */
lede_status lede_xapian_find(lede_xapian *db, lede_span term, uint32_t after,
                             uint32_t *out, lede_error *err);
lede_status lede_xapian_data(lede_xapian *db, uint32_t document, lede_span *out,
                             lede_error *err);
/* Empty if the document has no value there. */
lede_status lede_xapian_value(lede_xapian *db, uint32_t document, uint32_t slot,
                              lede_span *out, lede_error *err);

/* The data and the values of some slots at once: over a network one exchange
 * instead of several. */
enum { LEDE_XAPIAN_MOST_VALUES = 4 };
lede_status lede_xapian_stored(lede_xapian *db, uint32_t document,
                               const uint32_t *slots, uint32_t count,
                               lede_span *data, lede_span *values,
                               lede_error *err);

/* Xapian's own check of a local database, which it opens for writing; `said`
 * gets its words, line by line as it goes, also on what is well. LEDE_OK if
 * nothing is wrong, else LEDE_CORRUPT. What is damaged can crash it
 * (1.4.22): storage/apart.h. */
lede_status lede_xapian_check(const char *path,
                              void (*said)(void *ctx, const char *line),
                              void *ctx, lede_error *err);

/* --- Writing -------------------------------------------------------------- */

typedef struct lede_xapian_document lede_xapian_document;
typedef struct lede_xapian_writer lede_xapian_writer;

/* Failing is remembered, as in a lede_buf: after it, putting does nothing, and
 * putting the document into a database fails with the first failure. */
lede_status lede_xapian_document_new(lede_xapian_document **out,
                                     lede_error *err);
void lede_xapian_document_free(lede_xapian_document *document);
void lede_xapian_document_clear(lede_xapian_document *document);
/* An occurrence; `frequency` more of the term's. */
void lede_xapian_document_post(lede_xapian_document *document, lede_span term,
                               uint32_t position, uint32_t frequency);
/* The same without a position. */
void lede_xapian_document_term(lede_xapian_document *document, lede_span term,
                               uint32_t frequency);
void lede_xapian_document_value(lede_xapian_document *document, uint32_t slot,
                                lede_span value);
void lede_xapian_document_data(lede_xapian_document *document, lede_span data);

/* Opens a database for writing, or makes one; `anew`: in the place of what is
 * there. Nothing is seen by others, or kept, before commit: closing drops the
 * rest. After a failure of put, delete or commit only closing makes sense. */
lede_status lede_xapian_writer_open(const char *path, bool anew,
                                    lede_xapian_writer **out, lede_error *err);
void lede_xapian_writer_close(lede_xapian_writer *writer); /* accepts NULL */
/* The database as it will be; lent as long as the writer. */
lede_xapian *lede_xapian_writer_database(lede_xapian_writer *writer);
/* Puts a document in the place of those that have the term `key`, or as a new
 * one with the next number; an empty `key`: as a new one. */
lede_status lede_xapian_writer_put(lede_xapian_writer *writer, lede_span key,
                                   const lede_xapian_document *document,
                                   lede_error *err);
lede_status lede_xapian_writer_delete(lede_xapian_writer *writer,
                                      uint32_t document, lede_error *err);
lede_status lede_xapian_writer_metadata(lede_xapian_writer *writer,
                                        const char *name, lede_span value,
                                        lede_error *err);
lede_status lede_xapian_writer_commit(lede_xapian_writer *writer,
                                      lede_error *err);

/* Makes a database at `to`, a folder that may be there, but with none in it, of
 * local ones, in order: documents are numbered on from one to the next, blocks
 * are full. It is there as a whole, or not at all. */
lede_status lede_xapian_merge(const char *const *paths, uint32_t count,
                              const char *to, lede_error *err);

/* --- Queries -------------------------------------------------------------- */

/* Queries are numbers in a set that owns them; 0 matches nothing. Failing is
 * remembered: what is built afterwards is 0, and `status` tells. */
typedef struct lede_xapian_queries lede_xapian_queries;
typedef uint32_t lede_xapian_query;

typedef enum lede_xapian_operator {
    LEDE_XAPIAN_AND,
    LEDE_XAPIAN_OR,
    LEDE_XAPIAN_AND_NOT,   /* of the others, none */
    LEDE_XAPIAN_AND_MAYBE, /* the others only add weight */
    LEDE_XAPIAN_FILTER,    /* the others only match */
    LEDE_XAPIAN_SYNONYM,   /* OR, weighed as one term */
    LEDE_XAPIAN_PHRASE     /* terms, or OR of terms, side by side */
} lede_xapian_operator;

lede_status lede_xapian_queries_new(lede_xapian_queries **out, lede_error *err);
void lede_xapian_queries_free(lede_xapian_queries *queries);
lede_status lede_xapian_queries_status(const lede_xapian_queries *queries,
                                       lede_error *err);

/* How many terms and ranges it has when it is written out, as it is for servers
 * and when it runs: what is joined twice counts twice. */
uint64_t lede_xapian_query_leaves(const lede_xapian_queries *queries,
                                  lede_xapian_query query);

lede_xapian_query lede_xapian_query_all(lede_xapian_queries *queries);
lede_xapian_query lede_xapian_query_term(lede_xapian_queries *queries,
                                         lede_span term);
/* Documents whose value is in [first, last], byte by byte. */
lede_xapian_query lede_xapian_query_range(lede_xapian_queries *queries,
                                          uint32_t slot, lede_span first,
                                          lede_span last);
lede_xapian_query lede_xapian_query_join(lede_xapian_queries *queries,
                                         lede_xapian_operator how,
                                         const lede_xapian_query *items,
                                         uint32_t count);
lede_xapian_query lede_xapian_query_scale(lede_xapian_queries *queries,
                                          lede_xapian_query query,
                                          double factor);

/* --- Searching ------------------------------------------------------------ */

typedef struct lede_xapian_search {
    lede_xapian_query query;
    uint32_t offset, size; /* hits to pass over, and to give */
    bool counts;           /* the total is wanted, exactly */
    /* BM25 with these; or 1 for each term (and each SYNONYM) that is there; or
     * all weights are 0. */
    bool weighs, votes;
    double k1, b;
    /* Hits come by weight, the highest first, and, of equal ones, by the value
     * of `slot`, the highest first; or by the value alone. Their values come
     * with them. */
    bool by_value;
    uint32_t slot;
    /* Slots whose values are counted over all that match; needs `counts`. */
    const uint32_t *counted;
    uint32_t counted_count;
} lede_xapian_search;

typedef struct lede_xapian_hit {
    uint32_t document;
    double weight;
    lede_span value; /* of the slot */
} lede_xapian_hit;

typedef struct lede_xapian_found lede_xapian_found;

lede_status lede_xapian_run(lede_xapian *db, const lede_xapian_queries *queries,
                            const lede_xapian_search *search,
                            lede_xapian_found **out, lede_error *err);
void lede_xapian_found_free(lede_xapian_found *found); /* accepts NULL */
uint32_t lede_xapian_found_count(const lede_xapian_found *found);
/* How many match; exact if it was asked for. */
uint32_t lede_xapian_found_total(const lede_xapian_found *found);
/* Moves to the next hit, from before the first; LEDE_END past the last. */
lede_status lede_xapian_found_next(lede_xapian_found *found,
                                   lede_xapian_hit *out, lede_error *err);

/* Calls `fn`, until it says false, for each value of the `index`-th of the
 * counted slots, in how many matches it is. Shards count, and only different
 * values cross the network. */
lede_status
lede_xapian_found_counts(const lede_xapian_found *found, uint32_t index,
                         bool (*fn)(void *ctx, lede_span value, uint32_t count),
                         void *ctx, lede_error *err);

#ifdef __cplusplus
}
#endif
#endif
