/* engine_fts5.c - SQLite FTS5 behind the benchmark's protocol (protocol.h).
 *
 * Rows are numbered in order of time, so that a date range is a range of rowids
 * and the newest rows are the last: the best that FTS5 can do with dates. */
#include <math.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "tests/bench/protocol.h"

static void die(sqlite3 *db, const char *what)
{
    fprintf(stderr, "fts5: %s: %s\n", what, sqlite3_errmsg(db));
    exit(2);
}

static void run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        die(db, sql);
    }
}

static sqlite3 *open_db(const char *dir, char path[1024])
{
    sqlite3 *db = NULL;

    snprintf(path, 1024, "%s/fts5.db", dir);
    if (sqlite3_open(path, &db) != SQLITE_OK) {
        die(db, path);
    }
    return db;
}

typedef struct row {
    int64_t time;
    long offset;
} row;

static int by_time(const void *a, const void *b)
{
    const row *x = a;
    const row *y = b;

    return (x->time > y->time) - (x->time < y->time);
}

static row *list_rows(FILE *file, char **line, size_t *cap, size_t *count)
{
    row *rows = NULL;
    size_t room = 0;
    long offset = 0;
    ssize_t len;

    *count = 0;
    while ((len = getline(line, cap, file)) > 0) {
        if (*count == room) {
            room = room == 0 ? 4096 : room * 2;
            rows = realloc(rows, room * sizeof *rows);
            if (rows == NULL) {
                exit(2);
            }
        }
        rows[*count].time = strtoll(*line, NULL, 10);
        rows[(*count)++].offset = offset;
        offset += (long)len;
    }
    qsort(rows, *count, sizeof *rows, by_time);
    return rows;
}

static void insert_rows(sqlite3 *db, FILE *file, const row *rows, size_t count,
                        char **line, size_t *cap)
{
    sqlite3_stmt *put = NULL;
    sqlite3_stmt *put_time = NULL;
    size_t i;

    if (sqlite3_prepare_v2(db, "INSERT INTO docs(rowid, text) VALUES(?, ?)", -1,
                           &put, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "INSERT INTO times(id, time) VALUES(?, ?)", -1,
                           &put_time, NULL) != SQLITE_OK) {
        die(db, "prepare");
    }
    for (i = 0; i < count; i++) {
        char *text;
        ssize_t len;

        if (fseek(file, rows[i].offset, SEEK_SET) != 0 ||
            (len = getline(line, cap, file)) <= 0) {
            exit(2);
        }
        text = strchr(*line, '\t') + 1;
        sqlite3_bind_int64(put, 1, (sqlite3_int64)i + 1);
        sqlite3_bind_text(put, 2, text, (int)(*line + len - text),
                          SQLITE_STATIC);
        sqlite3_bind_int64(put_time, 1, (sqlite3_int64)i + 1);
        sqlite3_bind_int64(put_time, 2, rows[i].time);
        if (sqlite3_step(put) != SQLITE_DONE ||
            sqlite3_step(put_time) != SQLITE_DONE) {
            die(db, "insert");
        }
        sqlite3_reset(put);
        sqlite3_reset(put_time);
    }
    sqlite3_finalize(put);
    sqlite3_finalize(put_time);
}

static void index_docs(const char *docs, const char *dir, bool raw)
{
    char path[1024];
    sqlite3 *db = open_db(dir, path);
    FILE *file = fopen(docs, "r");
    char *line = NULL;
    size_t cap = 0;
    size_t count = 0;
    row *rows;
    struct stat st;

    if (file == NULL) {
        exit(2);
    }
    run(db, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; "
            "PRAGMA cache_size=-262144;");
    run(db, raw ? "CREATE VIRTUAL TABLE docs USING fts5(text, content='', "
                  "tokenize='porter unicode61')"
                : "CREATE VIRTUAL TABLE docs USING fts5(text, content='', "
                  "tokenize=\"unicode61 remove_diacritics 0 tokenchars "
                  "'.,_-+#&@'\")");
    run(db, "CREATE TABLE times(id INTEGER PRIMARY KEY, time INTEGER); BEGIN");
    rows = list_rows(file, &line, &cap, &count);
    insert_rows(db, file, rows, count, &line, &cap);
    run(db, "INSERT INTO docs(docs) VALUES('optimize')");
    run(db, "COMMIT");
    sqlite3_close(db);
    if (stat(path, &st) == 0) {
        printf("bytes\t%lld\n", (long long)st.st_size);
    }
    free(rows);
    free(line);
    fclose(file);
}

static void factor(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
    double age = sqlite3_value_double(argv[0]);
    double w = sqlite3_value_double(argv[1]);
    double half_life = sqlite3_value_double(argv[2]);

    (void)argc;
    sqlite3_result_double(ctx,
                          1 - w + w * exp2(-(age > 0 ? age : 0) / half_life));
}

static void put_words(char *out, size_t size, const bench_query *q, int from,
                      const char *between)
{
    int i;

    for (i = from; i < q->word_count; i++) {
        size_t len = strlen(out);

        snprintf(out + len, size - len, "%s\"%s\"", i > from ? between : "",
                 q->words[i]);
    }
}

static void match_text(const bench_query *q, char *out, size_t size)
{
    out[0] = '\0';
    if (strcmp(q->type, "or") == 0) {
        put_words(out, size, q, 0, " OR ");
    } else if (strcmp(q->type, "phrase") == 0) {
        put_words(out, size, q, 0, " + ");
    } else if (strcmp(q->type, "mixed") == 0) {
        size_t len;

        snprintf(out, size, "\"%s\" AND (", q->words[0]);
        put_words(out, size, q, 1, " OR ");
        len = strlen(out);
        snprintf(out + len, size - len, ")");
    } else {
        put_words(out, size, q, 0, " AND ");
    }
}

enum { TOP, COUNT, NEWEST, RECENCY, SQL_COUNT };
static const char *const sql_texts[SQL_COUNT] = {
    "SELECT rowid FROM docs WHERE docs MATCH ?1 AND rowid BETWEEN ?2 AND ?3 "
    "ORDER BY rank LIMIT 10",
    "SELECT count(*) FROM docs WHERE docs MATCH ?1 AND rowid BETWEEN ?2 AND ?3",
    "SELECT rowid FROM docs WHERE docs MATCH ?1 AND rowid BETWEEN ?2 AND ?3 "
    "ORDER BY rowid DESC LIMIT 10",
    "SELECT docs.rowid FROM docs JOIN times ON times.id = docs.rowid WHERE "
    "docs MATCH ?1 AND docs.rowid BETWEEN ?2 AND ?3 ORDER BY "
    "rank * recency(?4 - times.time, ?5, ?6) LIMIT 10",
};

static int64_t first_row(sqlite3 *db, int64_t time)
{
    sqlite3_stmt *find = NULL;
    int64_t row_id = INT64_MAX;

    /* times is small and ordered both ways; asked outside of the timing. */
    if (sqlite3_prepare_v2(db, "SELECT min(id) FROM times WHERE time >= ?", -1,
                           &find, NULL) != SQLITE_OK) {
        die(db, "prepare");
    }
    sqlite3_bind_int64(find, 1, time);
    if (sqlite3_step(find) == SQLITE_ROW &&
        sqlite3_column_type(find, 0) != SQLITE_NULL) {
        row_id = sqlite3_column_int64(find, 0);
    }
    sqlite3_finalize(find);
    return row_id;
}

static int64_t step_all(sqlite3 *db, sqlite3_stmt *statement, int *rows)
{
    int64_t value = -1;
    int rc;

    *rows = 0;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
        value = sqlite3_column_int64(statement, 0);
        (*rows)++;
    }
    if (rc != SQLITE_DONE) {
        die(db, "step");
    }
    sqlite3_reset(statement);
    return value;
}

static void answer(sqlite3 *db, sqlite3_stmt **statements, bench_query *q)
{
    static char text[BENCH_LINE_BYTES * 2];
    bool dated = strcmp(q->type, "and_date") == 0;
    int64_t low = dated ? first_row(db, q->begin) : 0;
    int64_t high = dated ? first_row(db, q->end) - 1 : INT64_MAX;
    bool counts = strcmp(q->mode, "count") == 0;
    bool both = strcmp(q->mode, "top10_count") == 0;
    int which = counts                            ? COUNT
                : strcmp(q->mode, "newest") == 0  ? NEWEST
                : strcmp(q->mode, "recency") == 0 ? RECENCY
                                                  : TOP;
    sqlite3_stmt *main_statement = statements[which];
    int64_t begin = bench_now_ns();
    int64_t total = -1;
    int64_t value;
    int rows;

    match_text(q, text, sizeof text);
    sqlite3_bind_text(main_statement, 1, text, -1, SQLITE_STATIC);
    sqlite3_bind_int64(main_statement, 2, low);
    sqlite3_bind_int64(main_statement, 3, high);
    if (which == RECENCY) {
        sqlite3_bind_int64(main_statement, 4, q->origin);
        sqlite3_bind_double(main_statement, 5, q->w);
        sqlite3_bind_double(main_statement, 6, q->half_life);
    }
    value = step_all(db, main_statement, &rows);
    if (both) {
        int ignored;

        sqlite3_bind_text(statements[COUNT], 1, text, -1, SQLITE_STATIC);
        sqlite3_bind_int64(statements[COUNT], 2, low);
        sqlite3_bind_int64(statements[COUNT], 3, high);
        total = step_all(db, statements[COUNT], &ignored);
    }
    printf("%lld\t%lld\t%d\n", (long long)(bench_now_ns() - begin),
           (long long)(counts ? value : total), counts ? 0 : rows);
    fflush(stdout);
}

static void serve(const char *dir)
{
    char path[1024];
    sqlite3 *db = open_db(dir, path);
    sqlite3_stmt *statements[SQL_COUNT];
    static char line[BENCH_LINE_BYTES];
    bench_query q;
    int i;

    run(db, "PRAGMA cache_size=-1048576; PRAGMA mmap_size=4294967296;");
    if (sqlite3_create_function(db, "recency", 3,
                                SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                                factor, NULL, NULL) != SQLITE_OK) {
        die(db, "recency");
    }
    for (i = 0; i < SQL_COUNT; i++) {
        if (sqlite3_prepare_v2(db, sql_texts[i], -1, &statements[i], NULL) !=
            SQLITE_OK) {
            die(db, sql_texts[i]);
        }
    }
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (bench_parse(line, &q)) {
            answer(db, statements, &q);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "index") == 0) {
        index_docs(argv[2], argv[3], strcmp(argv[4], "raw") == 0);
    } else if (argc == 3 && strcmp(argv[1], "serve") == 0) {
        serve(argv[2]);
    } else {
        fprintf(stderr, "usage: index DOCS.tsv DIR words|raw, or serve DIR\n");
        return 2;
    }
    return 0;
}
