/* engine_xapian.cc - Xapian behind the benchmark's protocol (protocol.h). */
#include <cmath>
#include <cstdlib>
#include <dirent.h>
#include <fstream>
#include <iostream>
#include <string>
#include <sys/stat.h>
#include <vector>
#include <xapian.h>

#include "tests/bench/protocol.h"

namespace {

const Xapian::valueno TIME = 0;

void index_docs(const char *docs, const std::string &dir, bool raw)
{
    {
        Xapian::WritableDatabase db(dir, Xapian::DB_CREATE_OR_OVERWRITE);
        Xapian::TermGenerator generator;
        generator.set_stemmer(Xapian::Stem("en"));
        generator.set_stemming_strategy(Xapian::TermGenerator::STEM_ALL);
        std::ifstream in(docs);
        std::string line;
        while (std::getline(in, line)) {
            size_t tab = line.find('\t');
            Xapian::Document doc;
            double time = double(std::strtoll(line.c_str(), nullptr, 10));
            doc.add_value(TIME, Xapian::sortable_serialise(time));
            if (raw) {
                generator.set_document(doc);
                generator.index_text(line.substr(tab + 1));
            } else {
                Xapian::termpos position = 0;
                size_t at = tab + 1;
                while (at < line.size()) {
                    size_t end = line.find(' ', at);
                    if (end == std::string::npos) {
                        end = line.size();
                    }
                    if (end > at && end - at < 240) {
                        doc.add_posting(line.substr(at, end - at), position);
                    }
                    position++;
                    at = end + 1;
                }
            }
            db.add_document(doc);
        }
        db.commit();
        db.compact(dir + ".compact");
    }
    std::string command =
        "rm -rf '" + dir + "' && mv '" + dir + ".compact' '" + dir + "'";
    if (std::system(command.c_str()) != 0) {
        std::exit(2);
    }
    long long bytes = 0;
    DIR *folder = opendir(dir.c_str());
    while (dirent *item = folder == nullptr ? nullptr : readdir(folder)) {
        struct stat st;
        if (stat((dir + "/" + item->d_name).c_str(), &st) == 0 &&
            S_ISREG(st.st_mode)) {
            bytes += st.st_size;
        }
    }
    closedir(folder);
    std::cout << "bytes\t" << bytes << "\n";
}

Xapian::Query group(const bench_query &q, int from, Xapian::Query::op op)
{
    std::vector<std::string> words(q.words + from, q.words + q.word_count);
    return Xapian::Query(op, words.begin(), words.end());
}

Xapian::Query build(const bench_query &q)
{
    std::string type = q.type;
    if (type == "or") {
        return group(q, 0, Xapian::Query::OP_OR);
    }
    if (type == "phrase") {
        return group(q, 0, Xapian::Query::OP_PHRASE);
    }
    if (type == "mixed") {
        return Xapian::Query(Xapian::Query::OP_AND,
                             Xapian::Query(std::string(q.words[0])),
                             group(q, 1, Xapian::Query::OP_OR));
    }
    Xapian::Query words = group(q, 0, Xapian::Query::OP_AND);
    if (type == "and_date") {
        return Xapian::Query(
            Xapian::Query::OP_FILTER, words,
            Xapian::Query(Xapian::Query::OP_VALUE_RANGE, TIME,
                          Xapian::sortable_serialise(double(q.begin)),
                          Xapian::sortable_serialise(double(q.end - 1))));
    }
    return words;
}

/* Text-ranked hits in batches, multiplied by the factor, until the next text
 * score cannot reach the tenth. */
int best_with_recency(Xapian::Enquire &enquire, const bench_query &q)
{
    std::vector<double> best;
    Xapian::doccount offset = 0;
    const Xapian::doccount batch = 200;
    for (;;) {
        Xapian::MSet set = enquire.get_mset(offset, batch);
        for (auto hit = set.begin(); hit != set.end(); ++hit) {
            if (best.size() >= BENCH_K && hit.get_weight() <= best.back()) {
                return int(best.size());
            }
            double time = Xapian::sortable_unserialise(
                hit.get_document().get_value(TIME));
            double age = double(q.origin) - time;
            double score =
                hit.get_weight() *
                (1 - q.w + q.w * std::exp2(-(age > 0 ? age : 0) / q.half_life));
            auto at = best.begin();
            while (at != best.end() && *at >= score) {
                ++at;
            }
            best.insert(at, score);
            if (best.size() > BENCH_K) {
                best.pop_back();
            }
        }
        if (set.size() < batch) {
            return int(best.size());
        }
        offset += batch;
    }
}

void serve(const char *dir)
{
    Xapian::Database db(dir);
    static char line[BENCH_LINE_BYTES];
    bench_query q;
    std::cout << "ready" << std::endl;
    while (fgets(line, sizeof line, stdin) != nullptr) {
        if (!bench_parse(line, &q)) {
            continue;
        }
        std::string mode = q.mode;
        long long total = -1;
        int shown = 0;
        int64_t begin = bench_now_ns();
        Xapian::Enquire enquire(db);
        enquire.set_weighting_scheme(Xapian::BM25Weight(1.2, 0, 1, 0.75, 0.5));
        enquire.set_query(build(q));
        if (mode == "count") {
            enquire.set_weighting_scheme(Xapian::BoolWeight());
            enquire.set_docid_order(Xapian::Enquire::DONT_CARE);
            total = enquire.get_mset(0, 0, db.get_doccount())
                        .get_matches_estimated();
        } else if (mode == "recency") {
            shown = best_with_recency(enquire, q);
        } else if (mode == "newest") {
            enquire.set_weighting_scheme(Xapian::BoolWeight());
            enquire.set_sort_by_value(TIME, true);
            shown = int(enquire.get_mset(0, BENCH_K).size());
        } else {
            bool exact = mode == "top10_count";
            Xapian::MSet set =
                enquire.get_mset(0, BENCH_K, exact ? db.get_doccount() : 0);
            shown = int(set.size());
            total = exact ? (long long)set.get_matches_estimated() : -1;
        }
        std::cout << bench_now_ns() - begin << "\t" << total << "\t" << shown
                  << std::endl;
    }
}

} // namespace

int main(int argc, char **argv)
{
    try {
        if (argc == 5 && strcmp(argv[1], "index") == 0) {
            index_docs(argv[2], argv[3], strcmp(argv[4], "raw") == 0);
        } else if (argc == 3 && strcmp(argv[1], "serve") == 0) {
            serve(argv[2]);
        } else {
            std::cerr << "usage: index DOCS.tsv DIR words|raw, or serve DIR\n";
            return 2;
        }
    } catch (const Xapian::Error &error) {
        std::cerr << "xapian: " << error.get_description() << "\n";
        return 2;
    }
    return 0;
}
