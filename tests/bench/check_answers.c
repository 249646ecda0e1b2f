/* check_answers.c - are the answers right?
 *
 *   check_answers DIR [EVERY] < QUERIES
 *
 * Reads the benchmark's queries, "SET<TAB>TYPE<TAB>WORDS" a line, and asks each
 * of the archive in DIR in every mode: all through one snapshot, one after the
 * other, since a buffer that one query leaves dirty shows in the next only.
 * Hits, scores, order and totals have to be those of the exhaustive twin, which
 * is asked about every EVERYth query (default 1: of each phrase it reads all
 * positions); the answers to the others have to be the same a second time,
 * after all were asked. Exits with 1 if any differs. */
#include "query/results.h"
#include "tests/bench/lede_query.h"
#include "tests/query/exhaustive.h"

static const char *const modes[] = {"top10", "top10_count", "count", "recency",
                                    "newest"};
enum { MODES = sizeof modes / sizeof modes[0] };

typedef struct checker {
    const lede_snapshot *snapshot;
    uint64_t every;
    uint64_t asked, twins, wrong;
    uint64_t *digests; /* of the answers, in order */
    size_t cap;
} checker;

static void must(lede_status status, const lede_error *err)
{
    if (status != LEDE_OK) {
        fprintf(stderr, "check_answers: %s\n", err->message);
        exit(2);
    }
}

static bool same_hit(const lede_match_hit *a, const lede_match_hit *b)
{
    return a->score == b->score && a->text == b->text && a->time == b->time &&
           a->key == b->key && a->segment == b->segment && a->entry == b->entry;
}

static bool agrees(const lede_snapshot *snapshot, const lede_results *results)
{
    const lede_match_result *found = &results->found;
    lede_match_result twin = {0};
    lede_error err = {0};
    bool same;

    must(exhaustive_run(snapshot, &results->plan.tree, &results->match, &twin,
                        &err),
         &err);
    same =
        twin.hit_count == found->hit_count &&
        (results->match.totals == LEDE_TOTALS_EXACT
             ? twin.total == found->total
             : found->total <= twin.total && found->total >= found->hit_count);
    for (uint64_t i = 0; same && i < twin.hit_count; i++) {
        same = same_hit(&twin.hits[i], &found->hits[i]);
    }
    lede_match_result_done(&twin);
    return same;
}

static uint64_t mix(uint64_t digest, uint64_t value)
{
    return (digest ^ value) * UINT64_C(0x9E3779B97F4A7C15);
}

static uint64_t digest_of(const lede_results *results)
{
    const lede_match_result *found = &results->found;
    uint64_t digest = mix(1, found->hit_count);

    if (results->match.totals == LEDE_TOTALS_EXACT) {
        digest = mix(digest, found->total);
    }
    for (uint64_t i = 0; i < found->hit_count; i++) {
        digest = mix(digest, found->hits[i].key);
        digest = mix(digest, found->hits[i].text);
        digest = mix(digest, found->hits[i].entry);
    }
    return digest;
}

/* The first pass keeps the digests, the second compares them. */
static void ask(checker *check, const bench_query *q, const char *shown,
                bool is_second)
{
    lede_search_options options = bench_options(q);
    lede_results *results = NULL;
    lede_error err = {0};
    lede_buf text = {0};
    bool same = true;

    bench_put_query(q, &text);
    must(lede_search(check->snapshot, lede_buf_span(&text), &options, &results,
                     &err),
         &err);
    if (is_second) {
        same = check->digests[check->asked] == digest_of(results);
    } else {
        if (check->asked == check->cap) {
            check->cap = check->cap * 2 + 1024;
            check->digests =
                realloc(check->digests, check->cap * sizeof *check->digests);
            if (check->digests == NULL) {
                abort();
            }
        }
        check->digests[check->asked] = digest_of(results);
        if (check->asked / MODES % check->every == 0) {
            check->twins++;
            same = agrees(check->snapshot, results);
        }
    }
    check->asked++;
    if (!same) {
        check->wrong++;
        printf("differs%s: %s %s\n", is_second ? " from before" : "", q->mode,
               shown);
    }
    lede_results_free(results);
    lede_buf_done(&text);
}

static void ask_all(checker *check, const lede_buf *queries, int64_t newest,
                    bool is_second)
{
    static char line[BENCH_LINE_BYTES];
    const uint8_t *at = queries->bytes;
    const uint8_t *end = at + queries->len;

    check->asked = 0;
    while (at < end) {
        const uint8_t *stop = memchr(at, '\n', (size_t)(end - at));
        int len = (int)((stop == NULL ? end : stop) - at);
        const uint8_t *tab = memchr(at, '\t', (size_t)len);

        for (size_t i = 0; tab != NULL && i < MODES; i++) {
            int rest = len - (int)(tab + 1 - at);
            bench_query q;

            snprintf(line, sizeof line, "%s\t%.*s", modes[i], rest,
                     (const char *)tab + 1);
            if (bench_parse(line, &q)) {
                char *shown = malloc((size_t)rest + 1);

                memcpy(shown, tab + 1, (size_t)rest);
                shown[rest] = '\0';
                q.w = 0.3;
                q.half_life = 30 * 86400;
                q.origin = newest;
                ask(check, &q, shown, is_second);
                free(shown);
            }
        }
        at += len + 1;
    }
}

int main(int argc, char **argv)
{
    lede_archive_options options = {0};
    lede_archive *archive = NULL;
    lede_snapshot *snapshot = NULL;
    lede_error err = {0};
    lede_buf queries = {0};
    checker check = {.every = argc > 2 ? strtoull(argv[2], NULL, 10) : 1};
    uint8_t bytes[4096];
    size_t got;

    if (argc < 2 || check.every == 0) {
        fprintf(stderr, "usage: check_answers DIR [EVERY] < QUERIES\n");
        return 2;
    }
    while ((got = fread(bytes, 1, sizeof bytes, stdin)) > 0) {
        lede_buf_put(&queries, bytes, got);
    }
    must(lede_archive_open(argv[1], &options, &archive, &err), &err);
    must(lede_snapshot_open(archive, &snapshot, &err), &err);
    check.snapshot = snapshot;
    ask_all(&check, &queries, lede_snapshot_totals(snapshot)->newest_trusted,
            false);
    ask_all(&check, &queries, lede_snapshot_totals(snapshot)->newest_trusted,
            true);
    printf("%llu answers, %llu compared with the twin, %llu wrong\n",
           (unsigned long long)check.asked, (unsigned long long)check.twins,
           (unsigned long long)check.wrong);
    free(check.digests);
    lede_buf_done(&queries);
    lede_snapshot_close(snapshot);
    lede_archive_close(archive);
    return check.wrong == 0 ? 0 : 1;
}
