/* xapian_shim.cc - the only C++ of the project; see xapian_shim.h. */
#include "storage/xapian_shim.h"

#include <xapian.h>

#include <memory>
#include <new>
#include <ostream>
#include <stdexcept>
#include <streambuf>
#include <string>
#include <vector>

struct lede_xapian {
    Xapian::Database db;
    std::string lent, values[LEDE_XAPIAN_MOST_VALUES];
};

struct lede_xapian_document {
    Xapian::Document document;
    lede_error failure;
};

struct lede_xapian_writer {
    Xapian::WritableDatabase db;
    lede_xapian reader;
};

struct lede_xapian_queries {
    struct node {
        Xapian::Query query;
        uint64_t leaves;
    };
    std::vector<node> items;
    lede_error failure;
};

struct lede_xapian_found {
    Xapian::MSet hits;
    Xapian::MSetIterator at;
    std::string value;
    std::vector<std::unique_ptr<Xapian::ValueCountMatchSpy>> counts;
};

namespace {

lede_status fail(lede_error *err, lede_status status, const Xapian::Error &e)
{
    const char *system = e.get_error_string();
    const std::string &context = e.get_context();

    return lede_fail(err, status, "xapian: %s%s%s%s%s%s", e.get_msg().c_str(),
                     system != nullptr ? ": " : "",
                     system != nullptr ? system : "",
                     context.empty() ? "" : " (", context.c_str(),
                     context.empty() ? "" : ")");
}

/* The one place that catches. Making a message can fail too, hence the try
 * around the other. */
template <class Body> lede_status guarded(lede_error *err, Body body) noexcept
{
    try {
        try {
            return body();
        } catch (const Xapian::DatabaseModifiedError &e) {
            return fail(err, LEDE_STALE, e);
        } catch (const Xapian::DatabaseLockError &e) {
            return fail(err, LEDE_BUSY, e);
        } catch (const Xapian::DatabaseCorruptError &e) {
            return fail(err, LEDE_CORRUPT, e);
        } catch (const Xapian::DatabaseVersionError &e) {
            return fail(err, LEDE_TOO_NEW, e);
        } catch (const Xapian::DatabaseNotFoundError &e) {
            return fail(err, LEDE_NOT_FOUND, e);
        } catch (const Xapian::DocNotFoundError &e) {
            return fail(err, LEDE_NOT_FOUND, e);
        } catch (const Xapian::DatabaseError &e) {
            bool packed = e.get_msg().find("inflate failed") != std::string::npos;

            return fail(err, packed ? LEDE_CORRUPT : LEDE_IO, e);
        } catch (const Xapian::NetworkError &e) {
            return fail(err, LEDE_IO, e);
        } catch (const Xapian::SerialisationError &e) { /* of a server */
            return fail(err, LEDE_IO, e);
        } catch (const Xapian::InvalidArgumentError &e) {
            return fail(err, LEDE_BAD_INPUT, e);
        } catch (const Xapian::Error &e) {
            return fail(err, LEDE_BUG, e);
        }
    } catch (const std::bad_alloc &) {
        return lede_fail(err, LEDE_NO_MEMORY, "xapian: out of memory");
    } catch (const std::length_error &) {
        return lede_fail(err, LEDE_NO_MEMORY, "xapian: out of memory");
    } catch (const std::exception &e) {
        return lede_fail(err, LEDE_BUG, "xapian: %s", e.what());
    } catch (...) {
        return lede_fail(err, LEDE_BUG, "xapian: an unknown exception");
    }
}

std::string to_string(lede_span span)
{
    return span.len == 0
               ? std::string()
               : std::string(reinterpret_cast<const char *>(span.bytes),
                             span.len);
}

lede_span to_span(const std::string &text)
{
    return lede_span_of(text.data(), text.size());
}

/* Hands over each line that is written to it, when it is whole. */
class line_sink : public std::streambuf {
    void (*said)(void *ctx, const char *line);
    void *ctx;
    std::string line;

  public:
    line_sink(void (*fn)(void *, const char *), void *for_fn)
        : said(fn), ctx(for_fn)
    {
    }

    int_type overflow(int_type c) override
    {
        if (c == '\n') {
            said(ctx, line.c_str());
            line.clear();
        } else if (c != traits_type::eof()) {
            line.push_back(traits_type::to_char_type(c));
        }
        return traits_type::not_eof(c);
    }
};

} // namespace

/* --- Databases ------------------------------------------------------------ */

lede_status lede_xapian_open(const char *path, lede_xapian **out,
                             lede_error *err)
{
    return guarded(err, [&] {
        *out = new lede_xapian{Xapian::Database(path), {}, {}};
        return LEDE_OK;
    });
}

lede_status lede_xapian_open_remote(const char *host, uint16_t port,
                                    uint32_t connect_ms, uint32_t answer_ms,
                                    lede_xapian **out, lede_error *err)
{
    return guarded(err, [&] {
        *out = new lede_xapian{
            Xapian::Remote::open(host, port, answer_ms == 0 ? 1 : answer_ms,
                                 connect_ms == 0 ? 1 : connect_ms),
            {},
            {}};
        return LEDE_OK;
    });
}

lede_status lede_xapian_join(lede_xapian *const *parts, uint32_t count,
                             lede_xapian **out, lede_error *err)
{
    return guarded(err, [&] {
        Xapian::Database all;

        for (uint32_t i = 0; i < count; i++) {
            all.add_database(parts[i]->db);
        }
        *out = new lede_xapian{all, {}, {}};
        return LEDE_OK;
    });
}

void lede_xapian_close(lede_xapian *db)
{
    guarded(nullptr, [&] {
        delete db;
        return LEDE_OK;
    });
}

lede_status lede_xapian_count(lede_xapian *db, lede_xapian_statistics *out,
                              lede_error *err)
{
    return guarded(err, [&] {
        lede_xapian_statistics found = {};

        found.documents = db->db.get_doccount();
        found.last = db->db.get_lastdocid();
        found.average_length = db->db.get_avlength();
        *out = found;
        return LEDE_OK;
    });
}

lede_status lede_xapian_term_count(lede_xapian *db, lede_span term,
                                   uint32_t *out, lede_error *err)
{
    return guarded(err, [&] {
        *out = db->db.get_termfreq(to_string(term));
        return LEDE_OK;
    });
}

lede_status lede_xapian_metadata(lede_xapian *db, const char *name,
                                 lede_span *out, lede_error *err)
{
    return guarded(err, [&] {
        db->lent = db->db.get_metadata(name);
        *out = to_span(db->lent);
        return LEDE_OK;
    });
}

lede_status lede_xapian_uuid(lede_xapian *db, lede_span *out, lede_error *err)
{
    return guarded(err, [&] {
        db->lent = db->db.get_uuid();
        *out = to_span(db->lent);
        return LEDE_OK;
    });
}

lede_status lede_xapian_each_term(lede_xapian *db, lede_span prefix,
                                  bool (*fn)(void *ctx, lede_span term),
                                  void *ctx, lede_error *err)
{
    return guarded(err, [&] {
        std::string begin = to_string(prefix);
        Xapian::TermIterator end = db->db.allterms_end(begin);

        for (Xapian::TermIterator at = db->db.allterms_begin(begin); at != end;
             ++at) {
            db->lent = *at;
            if (!fn(ctx, to_span(db->lent))) {
                break;
            }
        }
        return LEDE_OK;
    });
}

lede_status lede_xapian_each_count(lede_xapian *db, lede_span prefix,
                                   bool (*fn)(void *ctx, lede_span term,
                                              uint32_t count),
                                   void *ctx, lede_error *err)
{
    return guarded(err, [&] {
        std::string begin = to_string(prefix);
        Xapian::TermIterator end = db->db.allterms_end(begin);

        for (Xapian::TermIterator at = db->db.allterms_begin(begin); at != end;
             ++at) {
            db->lent = *at;
            if (!fn(ctx, to_span(db->lent), at.get_termfreq())) {
                break;
            }
        }
        return LEDE_OK;
    });
}

lede_status lede_xapian_find(lede_xapian *db, lede_span term, uint32_t after,
                             uint32_t *out, lede_error *err)
{
    return guarded(err, [&] {
        std::string wanted = to_string(term);
        Xapian::PostingIterator at = db->db.postlist_begin(wanted);

        if (after == UINT32_MAX) {
            return LEDE_NOT_FOUND;
        }
        at.skip_to(after + 1);
        if (at == db->db.postlist_end(wanted)) {
            return LEDE_NOT_FOUND;
        }
        *out = *at;
        return LEDE_OK;
    });
}

lede_status lede_xapian_data(lede_xapian *db, uint32_t document, lede_span *out,
                             lede_error *err)
{
    return guarded(err, [&] {
        db->lent = db->db.get_document(document).get_data();
        *out = to_span(db->lent);
        return LEDE_OK;
    });
}

lede_status lede_xapian_value(lede_xapian *db, uint32_t document, uint32_t slot,
                              lede_span *out, lede_error *err)
{
    return guarded(err, [&] {
        db->lent = db->db.get_document(document).get_value(slot);
        *out = to_span(db->lent);
        return LEDE_OK;
    });
}

lede_status lede_xapian_stored(lede_xapian *db, uint32_t document,
                               const uint32_t *slots, uint32_t count,
                               lede_span *data, lede_span *values,
                               lede_error *err)
{
    return guarded(err, [&] {
        Xapian::Document found = db->db.get_document(document);

        if (count > LEDE_XAPIAN_MOST_VALUES) {
            throw Xapian::InvalidArgumentError("too many values at once");
        }
        db->lent = found.get_data();
        *data = to_span(db->lent);
        for (uint32_t i = 0; i < count; i++) {
            db->values[i] = found.get_value(slots[i]);
            values[i] = to_span(db->values[i]);
        }
        return LEDE_OK;
    });
}

lede_status lede_xapian_check(const char *path,
                              void (*said)(void *ctx, const char *line),
                              void *ctx, lede_error *err)
{
    return guarded(err, [&] {
        line_sink sink(said, ctx);
        std::ostream words(&sink);
        size_t errors = Xapian::Database::check(path, 0, &words);

        return errors == 0
                   ? LEDE_OK
                   : lede_fail(err, LEDE_CORRUPT, "xapian: %zu errors in %s",
                               errors, path);
    });
}

/* --- Writing -------------------------------------------------------------- */

lede_status lede_xapian_document_new(lede_xapian_document **out,
                                     lede_error *err)
{
    return guarded(err, [&] {
        *out = new lede_xapian_document{};
        return LEDE_OK;
    });
}

void lede_xapian_document_free(lede_xapian_document *document)
{
    guarded(nullptr, [&] {
        delete document;
        return LEDE_OK;
    });
}

void lede_xapian_document_clear(lede_xapian_document *document)
{
    document->failure = {};
    guarded(&document->failure, [&] {
        document->document = Xapian::Document();
        return LEDE_OK;
    });
}

void lede_xapian_document_post(lede_xapian_document *document, lede_span term,
                               uint32_t position, uint32_t frequency)
{
    if (document->failure.status == LEDE_OK) {
        guarded(&document->failure, [&] {
            document->document.add_posting(to_string(term), position,
                                           frequency);
            return LEDE_OK;
        });
    }
}

void lede_xapian_document_term(lede_xapian_document *document, lede_span term,
                               uint32_t frequency)
{
    if (document->failure.status == LEDE_OK) {
        guarded(&document->failure, [&] {
            document->document.add_term(to_string(term), frequency);
            return LEDE_OK;
        });
    }
}

void lede_xapian_document_value(lede_xapian_document *document, uint32_t slot,
                                lede_span value)
{
    if (document->failure.status == LEDE_OK) {
        guarded(&document->failure, [&] {
            document->document.add_value(slot, to_string(value));
            return LEDE_OK;
        });
    }
}

void lede_xapian_document_data(lede_xapian_document *document, lede_span data)
{
    if (document->failure.status == LEDE_OK) {
        guarded(&document->failure, [&] {
            document->document.set_data(to_string(data));
            return LEDE_OK;
        });
    }
}

/* All is done in transactions, as a database outside of one commits when it is
 * closed. */
lede_status lede_xapian_writer_open(const char *path, bool anew,
                                    lede_xapian_writer **out, lede_error *err)
{
    return guarded(err, [&] {
        Xapian::WritableDatabase db(path, anew ? Xapian::DB_CREATE_OR_OVERWRITE
                                               : Xapian::DB_CREATE_OR_OPEN);

        db.begin_transaction();
        *out = new lede_xapian_writer{db, {db, {}, {}}};
        return LEDE_OK;
    });
}

void lede_xapian_writer_close(lede_xapian_writer *writer)
{
    if (writer == nullptr) {
        return;
    }
    guarded(nullptr, [&] {
        writer->db.cancel_transaction();
        return LEDE_OK;
    });
    guarded(nullptr, [&] {
        delete writer;
        return LEDE_OK;
    });
}

lede_xapian *lede_xapian_writer_database(lede_xapian_writer *writer)
{
    return &writer->reader;
}

lede_status lede_xapian_writer_put(lede_xapian_writer *writer, lede_span key,
                                   const lede_xapian_document *document,
                                   lede_error *err)
{
    return guarded(err, [&] {
        if (document->failure.status != LEDE_OK) {
            return lede_fail(err, document->failure.status, "%s",
                             document->failure.message);
        }
        if (key.len == 0) {
            writer->db.add_document(document->document);
        } else {
            writer->db.replace_document(to_string(key), document->document);
        }
        return LEDE_OK;
    });
}

lede_status lede_xapian_writer_delete(lede_xapian_writer *writer,
                                      uint32_t document, lede_error *err)
{
    return guarded(err, [&] {
        writer->db.delete_document(document);
        return LEDE_OK;
    });
}

lede_status lede_xapian_writer_metadata(lede_xapian_writer *writer,
                                        const char *name, lede_span value,
                                        lede_error *err)
{
    return guarded(err, [&] {
        writer->db.set_metadata(name, to_string(value));
        return LEDE_OK;
    });
}

lede_status lede_xapian_writer_commit(lede_xapian_writer *writer,
                                      lede_error *err)
{
    return guarded(err, [&] {
        writer->db.commit_transaction();
        writer->db.begin_transaction();
        return LEDE_OK;
    });
}

lede_status lede_xapian_merge(const char *const *paths, uint32_t count,
                              const char *to, lede_error *err)
{
    return guarded(err, [&] {
        Xapian::Database all;

        for (uint32_t i = 0; i < count; i++) {
            all.add_database(Xapian::Database(paths[i]));
        }
        all.compact(to, Xapian::Compactor::STANDARD);
        return LEDE_OK;
    });
}

/* --- Queries -------------------------------------------------------------- */

namespace {

/* Adds what `make` makes, with so many leaves, to the set. */
template <class Make>
lede_xapian_query add(lede_xapian_queries *queries, uint64_t leaves,
                      Make make) noexcept
{
    lede_xapian_query number = 0;

    if (queries->failure.status == LEDE_OK) {
        guarded(&queries->failure, [&] {
            queries->items.push_back({make(), leaves});
            number = static_cast<lede_xapian_query>(queries->items.size() - 1);
            return LEDE_OK;
        });
    }
    return number;
}

Xapian::Query::op operator_of(lede_xapian_operator how)
{
    switch (how) {
    case LEDE_XAPIAN_AND:
        return Xapian::Query::OP_AND;
    case LEDE_XAPIAN_OR:
        return Xapian::Query::OP_OR;
    case LEDE_XAPIAN_AND_NOT:
        return Xapian::Query::OP_AND_NOT;
    case LEDE_XAPIAN_AND_MAYBE:
        return Xapian::Query::OP_AND_MAYBE;
    case LEDE_XAPIAN_FILTER:
        return Xapian::Query::OP_FILTER;
    case LEDE_XAPIAN_SYNONYM:
        return Xapian::Query::OP_SYNONYM;
    case LEDE_XAPIAN_PHRASE:
        return Xapian::Query::OP_PHRASE;
    }
    throw Xapian::InvalidArgumentError("there is no such operator");
}

} // namespace

lede_status lede_xapian_queries_new(lede_xapian_queries **out, lede_error *err)
{
    return guarded(err, [&] {
        lede_xapian_queries *queries = new lede_xapian_queries{};

        try {
            queries->items.push_back({Xapian::Query(), 0});
        } catch (...) {
            delete queries;
            throw;
        }
        *out = queries;
        return LEDE_OK;
    });
}

void lede_xapian_queries_free(lede_xapian_queries *queries)
{
    guarded(nullptr, [&] {
        delete queries;
        return LEDE_OK;
    });
}

lede_status lede_xapian_queries_status(const lede_xapian_queries *queries,
                                       lede_error *err)
{
    return queries->failure.status == LEDE_OK
               ? LEDE_OK
               : lede_fail(err, queries->failure.status, "%s",
                           queries->failure.message);
}

/* Not Xapian::Query::MatchAll: threads share its reference count. */
uint64_t lede_xapian_query_leaves(const lede_xapian_queries *queries,
                                  lede_xapian_query query)
{
    return query < queries->items.size() ? queries->items[query].leaves : 0;
}

lede_xapian_query lede_xapian_query_all(lede_xapian_queries *queries)
{
    return add(queries, 1, [&] { return Xapian::Query(std::string()); });
}

lede_xapian_query lede_xapian_query_term(lede_xapian_queries *queries,
                                         lede_span term)
{
    return add(queries, 1, [&] { return Xapian::Query(to_string(term)); });
}

lede_xapian_query lede_xapian_query_range(lede_xapian_queries *queries,
                                          uint32_t slot, lede_span first,
                                          lede_span last)
{
    return add(queries, 1, [&] {
        return Xapian::Query(Xapian::Query::OP_VALUE_RANGE, slot,
                             to_string(first), to_string(last));
    });
}

lede_xapian_query lede_xapian_query_join(lede_xapian_queries *queries,
                                         lede_xapian_operator how,
                                         const lede_xapian_query *items,
                                         uint32_t count)
{
    uint64_t leaves = 0;

    for (uint32_t i = 0; i < count; i++) {
        uint64_t more = lede_xapian_query_leaves(queries, items[i]);

        leaves = more > UINT64_MAX - leaves ? UINT64_MAX : leaves + more;
    }
    return add(queries, leaves, [&] {
        std::vector<Xapian::Query> parts;

        for (uint32_t i = 0; i < count; i++) {
            parts.push_back(queries->items.at(items[i]).query);
        }
        return Xapian::Query(operator_of(how), parts.begin(), parts.end());
    });
}

lede_xapian_query lede_xapian_query_scale(lede_xapian_queries *queries,
                                          lede_xapian_query query,
                                          double factor)
{
    return add(queries, lede_xapian_query_leaves(queries, query), [&] {
        return Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT,
                             queries->items.at(query).query, factor);
    });
}

/* --- Searching ------------------------------------------------------------ */

lede_status lede_xapian_run(lede_xapian *db, const lede_xapian_queries *queries,
                            const lede_xapian_search *search,
                            lede_xapian_found **out, lede_error *err)
{
    return guarded(err, [&] {
        Xapian::Enquire enquire(db->db);
        Xapian::doccount least =
            search->counts ? db->db.get_doccount() : Xapian::doccount(0);
        std::unique_ptr<lede_xapian_found> found(new lede_xapian_found{});

        enquire.set_query(queries->items.at(search->query).query);
        if (search->weighs) {
            enquire.set_weighting_scheme(
                Xapian::BM25Weight(search->k1, 0, 1, search->b, 0));
        } else if (search->votes) {
            enquire.set_weighting_scheme(Xapian::CoordWeight());
        } else {
            enquire.set_weighting_scheme(Xapian::BoolWeight());
        }
        if (search->by_value) {
            enquire.set_sort_by_value(search->slot, true);
        } else {
            enquire.set_sort_by_relevance_then_value(search->slot, true);
        }
        for (uint32_t i = 0; i < search->counted_count; i++) {
            found->counts.emplace_back(
                new Xapian::ValueCountMatchSpy(search->counted[i]));
            enquire.add_matchspy(found->counts.back().get());
        }
        found->hits = enquire.get_mset(search->offset, search->size, least);
        found->at = found->hits.begin();
        *out = found.release();
        return LEDE_OK;
    });
}

void lede_xapian_found_free(lede_xapian_found *found)
{
    guarded(nullptr, [&] {
        delete found;
        return LEDE_OK;
    });
}

uint32_t lede_xapian_found_count(const lede_xapian_found *found)
{
    return found->hits.size();
}

uint32_t lede_xapian_found_total(const lede_xapian_found *found)
{
    return found->hits.get_matches_estimated();
}

lede_status lede_xapian_found_next(lede_xapian_found *found,
                                   lede_xapian_hit *out, lede_error *err)
{
    return guarded(err, [&] {
        if (found->at == found->hits.end()) {
            return LEDE_END;
        }
        found->value = found->at.get_sort_key();
        out->document = *found->at;
        out->weight = found->at.get_weight();
        out->value = to_span(found->value);
        ++found->at;
        return LEDE_OK;
    });
}

lede_status
lede_xapian_found_counts(const lede_xapian_found *found, uint32_t index,
                         bool (*fn)(void *ctx, lede_span value, uint32_t count),
                         void *ctx, lede_error *err)
{
    return guarded(err, [&] {
        Xapian::ValueCountMatchSpy &counts = *found->counts.at(index);
        Xapian::TermIterator end = counts.values_end();

        for (Xapian::TermIterator at = counts.values_begin(); at != end; ++at) {
            std::string value = *at;

            if (!fn(ctx, to_span(value), at.get_termfreq())) {
                break;
            }
        }
        return LEDE_OK;
    });
}
