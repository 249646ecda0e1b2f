/* EngineLucene.java - Lucene 8 behind the benchmark's protocol (protocol.h). */
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.queries.function.FunctionScoreQuery;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.DoubleValues;
import org.apache.lucene.search.DoubleValuesSource;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopFieldCollector;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.FSDirectory;

public class EngineLucene {
    static final String FIELD = "text";
    static final int K = 10;

    public static void main(String[] args) throws Exception {
        if (args.length == 4 && args[0].equals("index")) {
            index(args[1], Paths.get(args[2]), args[3].equals("raw"),
                  args[3].equals("stored"));
        } else if (args.length == 2 && args[0].equals("serve")) {
            serve(Paths.get(args[1]));
        } else {
            System.err.println("usage: index DOCS.tsv DIR words|raw|stored, or serve DIR");
            System.exit(2);
        }
    }

    static void index(String docs, Path dir, boolean raw, boolean stored)
        throws Exception {
        Analyzer analyzer = raw ? new EnglishAnalyzer(CharArraySet.EMPTY_SET)
                                : new WhitespaceAnalyzer();
        IndexWriterConfig config = new IndexWriterConfig(analyzer);
        config.setSimilarity(new BM25Similarity(1.2f, 0.75f));
        config.setRAMBufferSizeMB(256);
        config.setUseCompoundFile(false);
        try (IndexWriter writer = new IndexWriter(FSDirectory.open(dir), config);
             BufferedReader in = Files.newBufferedReader(Paths.get(docs))) {
            String line;
            while ((line = in.readLine()) != null) {
                int tab = line.indexOf('\t');
                long time = Long.parseLong(line.substring(0, tab));
                Document doc = new Document();
                doc.add(new TextField(FIELD, line.substring(tab + 1),
                                      stored ? Field.Store.YES : Field.Store.NO));
                doc.add(new NumericDocValuesField("time", time));
                doc.add(new LongPoint("time", time));
                writer.addDocument(doc);
            }
            writer.forceMerge(1);
        }
        long bytes = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir)) {
            for (Path file : files) {
                bytes += Files.size(file);
            }
        }
        System.out.println("bytes\t" + bytes);
    }

    static Query all(String[] words, int from, int to, Occur occur) {
        if (to - from == 1) {
            return new TermQuery(new Term(FIELD, words[from]));
        }
        BooleanQuery.Builder builder = new BooleanQuery.Builder();
        for (int i = from; i < to; i++) {
            builder.add(new TermQuery(new Term(FIELD, words[i])), occur);
        }
        return builder.build();
    }

    /* Words of a query; a date range is the last two. */
    static Query build(String type, String[] words) {
        switch (type) {
        case "or":
            return all(words, 0, words.length, Occur.SHOULD);
        case "phrase":
            return words.length == 1 ? all(words, 0, 1, Occur.MUST)
                                     : new PhraseQuery(FIELD, words);
        case "and_date": {
            int n = words.length - 2;
            BooleanQuery.Builder builder = new BooleanQuery.Builder();
            for (int i = 0; i < n; i++) {
                builder.add(new TermQuery(new Term(FIELD, words[i])), Occur.MUST);
            }
            builder.add(LongPoint.newRangeQuery("time", Long.parseLong(words[n]),
                                                Long.parseLong(words[n + 1]) - 1),
                        Occur.FILTER);
            return builder.build();
        }
        case "mixed": {
            BooleanQuery.Builder builder = new BooleanQuery.Builder();
            builder.add(new TermQuery(new Term(FIELD, words[0])), Occur.MUST);
            builder.add(all(words, 1, words.length, Occur.SHOULD), Occur.MUST);
            return builder.build();
        }
        default:
            return all(words, 0, words.length, Occur.MUST);
        }
    }

    /* BM25 times (1 - w) + w * 2^(-age / H). */
    static class Recency extends DoubleValuesSource {
        final double w, halfLife;
        final long origin;

        Recency(double w, double halfLife, long origin) {
            this.w = w;
            this.halfLife = halfLife;
            this.origin = origin;
        }

        public DoubleValues getValues(LeafReaderContext context, DoubleValues scores)
            throws java.io.IOException {
            final org.apache.lucene.index.NumericDocValues times =
                context.reader().getNumericDocValues("time");
            return new DoubleValues() {
                double value;

                public double doubleValue() {
                    return value;
                }

                public boolean advanceExact(int doc) throws java.io.IOException {
                    if (!scores.advanceExact(doc) || !times.advanceExact(doc)) {
                        return false;
                    }
                    double age = Math.max(0, origin - times.longValue());
                    value = scores.doubleValue() *
                            ((1 - w) + w * Math.pow(2, -age / halfLife));
                    return true;
                }
            };
        }

        public boolean needsScores() {
            return true;
        }

        public DoubleValuesSource rewrite(IndexSearcher searcher) {
            return this;
        }

        public int hashCode() {
            return 1;
        }

        public boolean equals(Object other) {
            return other == this;
        }

        public String toString() {
            return "recency";
        }

        public boolean isCacheable(LeafReaderContext context) {
            return false;
        }
    }

    static void serve(Path dir) throws Exception {
        DirectoryReader reader = DirectoryReader.open(FSDirectory.open(dir));
        IndexSearcher searcher = new IndexSearcher(reader);
        searcher.setSimilarity(new BM25Similarity(1.2f, 0.75f));
        searcher.setQueryCache(null);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, false, "UTF-8");
        SortField byTime = new SortField("time", SortField.Type.LONG, true);
        byTime.setCanUsePoints();
        Sort newest = new Sort(byTime);
        out.println("ready");
        out.flush();
        String line;
        while ((line = in.readLine()) != null) {
            String[] part = line.split("\t");
            String[] words = part[2].split(" ");
            long total = -1;
            int shown = 0;
            Recency recency = part.length > 5
                ? new Recency(Double.parseDouble(part[3]), Double.parseDouble(part[4]),
                              Long.parseLong(part[5]))
                : null;
            long begin = System.nanoTime();
            Query query = build(part[1], words);
            switch (part[0]) {
            case "count":
                total = searcher.count(query);
                break;
            case "newest": {
                TopFieldCollector collector =
                    TopFieldCollector.create(newest, K, null, K);
                searcher.search(query, collector);
                shown = collector.topDocs().scoreDocs.length;
                break;
            }
            default: {
                Query ranked = part[0].equals("recency")
                    ? new FunctionScoreQuery(query, recency)
                    : query;
                boolean exact = part[0].equals("top10_count");
                TopScoreDocCollector collector = TopScoreDocCollector.create(
                    K, exact ? Integer.MAX_VALUE : K);
                searcher.search(ranked, collector);
                TopDocs top = collector.topDocs();
                shown = top.scoreDocs.length;
                total = exact ? top.totalHits.value : -1;
            }
            }
            long end = System.nanoTime();
            out.println((end - begin) + "\t" + total + "\t" + shown);
            out.flush();
        }
    }
}
