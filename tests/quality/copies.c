/* copies.c - are near-copies found, and nothing else?
 *
 *   copies FILE [MIN_SHARE]
 *
 * Reads the stories of a file and compares their sketches, all with all, with
 * the truth: the share of runs of three words that two bodies have in common
 * (Jaccard), counted exactly. Right are pairs that share half of them or more;
 * all pairs that share 0.7 or more should be found, and so should stories that
 * were edited here (seeded): words changed, a paragraph cut or added, lines of
 * the agency's around it, all in capitals. Then the groups that pairs make are
 * judged in the same way. With MIN_SHARE (0 to 1) the status is 1 when a figure
 * falls below it; 77 when the file is absent. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/analyze.h"
#include "base/hash.h"
#include "base/sketch.h"
#include "corpus/reader.h"

enum { STORIES = 1 << 16, EDITED_WORDS = 1 << 16, DRAWS = 3000, RUN = 3 };

typedef struct story {
    lede_span *words; /* interned: equal words share their bytes */
    uint32_t count;
    uint64_t *runs; /* distinct, ascending */
    uint32_t run_count;
    lede_sketch sketch;
} story;

static struct {
    lede_arena arena;
    lede_analyzer *analyzer;
    story *items;
    uint32_t count;
} all;

static uint64_t state = 21578;

static uint32_t draw(uint32_t below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((state >> 33) % below);
}

static void *need(void *p)
{
    if (p == NULL) {
        fprintf(stderr, "copies: out of memory\n");
        exit(2);
    }
    return p;
}

/* --- Stories ---------------------------------------------------------------
 */

static int compare_hashes(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void sketch_words(const lede_span *words, uint32_t count,
                         lede_sketch *out)
{
    lede_sketch_builder builder;
    uint32_t i;

    lede_sketch_begin(&builder);
    for (i = 0; i < count; i++) {
        lede_sketch_add(&builder, words[i]);
    }
    *out = lede_sketch_end(&builder);
}

static void count_runs(story *s)
{
    uint32_t n = s->count < RUN ? 0 : s->count - RUN + 1, i, kept = 0;

    s->runs = need(lede_arena_array(&all.arena, n + 1u, sizeof s->runs[0]));
    for (i = 0; i < n; i++) {
        uint64_t hashes[RUN];
        unsigned j;

        for (j = 0; j < RUN; j++) {
            hashes[j] = lede_hash64(s->words[i + j]);
        }
        s->runs[i] = lede_hash64(lede_span_of(hashes, sizeof hashes));
    }
    qsort(s->runs, n, sizeof s->runs[0], compare_hashes);
    for (i = 0; i < n; i++) {
        if (kept == 0 || s->runs[kept - 1] != s->runs[i]) {
            s->runs[kept++] = s->runs[i];
        }
    }
    s->run_count = kept;
}

static lede_status page_begin(void *ctx, const lede_page *page, lede_error *err)
{
    (void)ctx, (void)page, (void)err;
    return LEDE_OK;
}

static lede_status page_end(void *ctx, lede_error *err)
{
    (void)ctx, (void)err;
    return LEDE_OK;
}

static void note(void *ctx, const char *location, const char *what)
{
    (void)ctx, (void)location, (void)what;
}

static lede_status take(void *ctx, lede_entry *entry, const char *location,
                        lede_error *err)
{
    static lede_span words[EDITED_WORDS];
    uint32_t count = 0, i;
    story *s;

    (void)ctx, (void)location, (void)err;
    if (all.count == STORIES) {
        return LEDE_OK;
    }
    for (i = 0; i < entry->block_count; i++) {
        lede_tokenizer tokenizer;
        lede_token token;

        lede_tokenizer_init(&tokenizer, all.analyzer, entry->body[i].text);
        while (lede_tokenizer_next(&tokenizer, &token)) {
            if (lede_token_counts(&token) && count < EDITED_WORDS) {
                words[count] = lede_arena_copy(&all.arena, token.word);
                need((void *)words[count++].bytes);
            }
        }
    }
    s = &all.items[all.count++];
    s->words = need(lede_arena_array(&all.arena, count + 1u, sizeof words[0]));
    memcpy(s->words, words, count * sizeof words[0]);
    s->count = count;
    count_runs(s);
    sketch_words(words, count, &s->sketch);
    return LEDE_OK;
}

/* --- The truth, all with all ------------------------------------------------
 */

typedef struct posting {
    uint64_t run;
    uint32_t story;
} posting;

static int compare_postings(const void *a, const void *b)
{
    const posting *x = a, *y = b;

    return x->run != y->run ? (x->run > y->run) - (x->run < y->run)
                            : (x->story > y->story) - (x->story < y->story);
}

static double jaccard(const story *a, const story *b)
{
    uint32_t i = 0, j = 0, both = 0;

    while (i < a->run_count && j < b->run_count) {
        if (a->runs[i] == b->runs[j]) {
            both++, i++, j++;
        } else if (a->runs[i] < b->runs[j]) {
            i++;
        } else {
            j++;
        }
    }
    return a->run_count + b->run_count == both
               ? 0
               : (double)both / (a->run_count + b->run_count - both);
}

static bool has_sketch(const story *s)
{
    return s->count >= LEDE_SKETCH_LEAST_WORDS;
}

/* Calls `fn` for each pair with a share of at least `least`: by the runs. */
static void each_near_pair(double least,
                           void (*fn)(uint32_t a, uint32_t b, double share))
{
    uint64_t total = 0, n = 0, i;
    posting *postings;
    uint64_t *begins;
    uint32_t *both, a, r;

    for (a = 0; a < all.count; a++) {
        total += all.items[a].run_count;
    }
    postings = need(malloc((total + 1) * sizeof postings[0]));
    begins = need(malloc((total + 1) * sizeof begins[0]));
    both = need(calloc(all.count + 1u, sizeof both[0]));
    for (a = 0; a < all.count; a++) {
        for (r = 0; r < all.items[a].run_count; r++) {
            postings[n++] = (posting){all.items[a].runs[r], a};
        }
    }
    qsort(postings, total, sizeof postings[0], compare_postings);
    for (i = 0; i < total; i++) {
        begins[i] =
            i > 0 && postings[i - 1].run == postings[i].run ? begins[i - 1] : i;
    }
    for (a = 0; a < all.count; a++) {
        const story *s = &all.items[a];
        uint32_t b;

        for (r = 0; r < s->run_count && has_sketch(s); r++) {
            posting wanted = {s->runs[r], a};
            const posting *at = bsearch(&wanted, postings, total, sizeof wanted,
                                        compare_postings);

            for (i = begins[at - postings]; postings[i].story < a; i++) {
                both[postings[i].story]++;
            }
        }
        for (b = 0; b < a; b++) {
            if (both[b] > 0 && has_sketch(&all.items[b])) {
                double share =
                    (double)both[b] /
                    (s->run_count + all.items[b].run_count - both[b]);

                if (share >= least) {
                    fn(b, a, share);
                }
            }
            both[b] = 0;
        }
    }
    free(postings);
    free(begins);
    free(both);
}

/* --- Figures ---------------------------------------------------------------
 */

static double min_share;
static int result;

static void tell(const char *what, uint64_t right, uint64_t of)
{
    double share = of == 0 ? 1 : (double)right / (double)of;

    printf("%-44s %7lu of %7lu  %.4f\n", what, (unsigned long)right,
           (unsigned long)of, share);
    if (share < min_share) {
        result = 1;
    }
}

static struct {
    uint64_t equal, equal_found, near, near_found;
} seen;

static void judge_near(uint32_t a, uint32_t b, double share)
{
    bool found = lede_sketch_are_copies(all.items[a].sketch.bytes,
                                        all.items[b].sketch.bytes);

    if (share >= 1) {
        seen.equal++;
        seen.equal_found += found;
    }
    seen.near++;
    seen.near_found += found;
}

static uint32_t find(uint32_t *parents, uint32_t a)
{
    while (parents[a] != a) {
        a = parents[a] = parents[parents[a]];
    }
    return a;
}

static void judge_pairs(void)
{
    uint32_t *parents = need(malloc((all.count + 1u) * sizeof parents[0]));
    uint64_t found = 0, right = 0, grouped = 0, grouped_right = 0;
    uint32_t a, b;

    for (a = 0; a < all.count; a++) {
        parents[a] = a;
    }
    for (a = 0; a < all.count; a++) {
        for (b = 0; b < a; b++) {
            if (lede_sketch_are_copies(all.items[a].sketch.bytes,
                                       all.items[b].sketch.bytes)) {
                double share = jaccard(&all.items[a], &all.items[b]);

                found++;
                right += share >= 0.5;
                if (share < 0.5 && getenv("VERBOSE") != NULL) {
                    printf("%u %u: %.3f\n", b + 1, a + 1, share);
                }
                parents[find(parents, a)] = find(parents, b);
            }
        }
    }
    tell("pairs found that share 0.5 or more", right, found);
    for (a = 0; a < all.count; a++) {
        double best = 0;

        for (b = 0; b < all.count; b++) {
            if (b != a && find(parents, a) == find(parents, b)) {
                double share = jaccard(&all.items[a], &all.items[b]);

                best = share > best ? share : best;
                grouped++;
                grouped_right += share >= 0.4;
            }
        }
    }
    tell("pairs of one group that share 0.4 or more", grouped_right, grouped);
    free(parents);
}

/* --- Edits -----------------------------------------------------------------
 */

static lede_span edited[2 * EDITED_WORDS];
static uint32_t edited_count;

static void put_words(const lede_span *words, uint32_t count)
{
    memcpy(edited + edited_count, words, count * sizeof words[0]);
    edited_count += count;
}

static void put_text(const char *text)
{
    while (*text != '\0') {
        size_t len = strcspn(text, " ");

        edited[edited_count++] = lede_span_of(text, len);
        text += len + (text[len] != '\0');
    }
}

/* A stretch of another story. */
static void put_foreign(uint32_t count)
{
    const story *other = &all.items[draw(all.count)];
    uint32_t take_count = other->count < count ? other->count : count;

    put_words(other->words, take_count);
}

static lede_span foreign_word(void)
{
    const story *other = &all.items[draw(all.count)];

    return other->count == 0 ? lede_span_text("word")
                             : other->words[draw(other->count)];
}

static void change_words(const story *s)
{
    uint32_t changes = s->count / 25 + 1;

    put_words(s->words, s->count);
    while (changes-- > 0) {
        edited[draw(s->count)] = foreign_word();
    }
}

static void cut_paragraph(const story *s)
{
    uint32_t cut = s->count / 5, at = draw(s->count - cut + 1);

    put_words(s->words, at);
    put_words(s->words + at + cut, s->count - at - cut);
}

static void cut_end(const story *s)
{
    put_words(s->words, s->count - s->count / 4);
}

static void add_paragraph(const story *s)
{
    uint32_t at = draw(s->count + 1);

    put_words(s->words, at);
    put_foreign(s->count / 5);
    put_words(s->words + at, s->count - at);
}

static void add_lines(const story *s)
{
    static const char *const before[] = {
        "london reuters", "by our staff and agencies in new york",
        "this story first appeared in the morning edition",
        "paris april 3 afp"};
    static const char *const behind[] = {
        "reporting by a smith editing by b jones", "reuter",
        "copyright the agency all rights reserved",
        "with additional reporting by the news desk"};

    put_text(before[draw(4)]);
    put_words(s->words, s->count);
    put_text(behind[draw(4)]);
}

/* As much as a page puts under all of its stories. */
static void add_boilerplate(const story *s)
{
    put_words(s->words, s->count);
    put_text("sign up to our newsletter to get the news of the day in your "
             "inbox every morning follow us on all channels");
}

static void mix(const story *s)
{
    uint32_t changes = s->count / 50 + 1;

    add_lines(s);
    edited_count -= s->count / 10;
    while (changes-- > 0) {
        edited[draw(edited_count)] = foreign_word();
    }
}

static const struct {
    const char *what;
    void (*edit)(const story *s);
    uint32_t least_words;
} edits[] = {
    {"4 words in a hundred changed", change_words, 40},
    {"a fifth cut somewhere", cut_paragraph, 40},
    {"the last quarter cut", cut_end, 40},
    {"a fifth of another story put in", add_paragraph, 40},
    {"lines of an agency around it", add_lines, 40},
    {"21 words of a page under it", add_boilerplate, 60},
    {"lines added, the end cut, words changed", mix, 40},
};

static void judge_edits(void)
{
    unsigned e;

    for (e = 0; e < sizeof edits / sizeof edits[0]; e++) {
        uint32_t draws = 0, found = 0;

        while (draws < DRAWS) {
            const story *s = &all.items[draw(all.count)];
            lede_sketch sketch;

            if (s->count < edits[e].least_words || s->count >= EDITED_WORDS) {
                continue;
            }
            edited_count = 0;
            edits[e].edit(s);
            sketch_words(edited, edited_count, &sketch);
            found += lede_sketch_are_copies(s->sketch.bytes, sketch.bytes);
            draws++;
        }
        tell(edits[e].what, found, draws);
    }
}

/* The same edits joined to stories that they were not made of. */
static void judge_strangers(void)
{
    uint32_t draws = 0, apart = 0;

    while (draws < DRAWS) {
        const story *a = &all.items[draw(all.count)];
        const story *b = &all.items[draw(all.count)];
        lede_sketch of_a, of_b;

        if (a->count < 40 || b->count < 40 || jaccard(a, b) > 0.2) {
            continue;
        }
        edited_count = 0;
        add_boilerplate(a);
        sketch_words(edited, edited_count, &of_a);
        edited_count = 0;
        add_boilerplate(b);
        sketch_words(edited, edited_count, &of_b);
        apart += !lede_sketch_are_copies(of_a.bytes, of_b.bytes);
        draws++;
    }
    tell("strangers under one page's words kept apart", apart, draws);
}

int main(int argc, char **argv)
{
    lede_read_options options = {0};
    lede_sink sink = {.page_begin = page_begin,
                      .entry = take,
                      .page_end = page_end,
                      .note = note};
    lede_error err = {0};

    if (argc < 2) {
        fprintf(stderr, "usage: copies FILE [MIN_SHARE]\n");
        return 2;
    }
    if (access(argv[1], R_OK) != 0) {
        printf("skipped: no %s\n", argv[1]);
        return 77;
    }
    min_share = argc > 2 ? strtod(argv[2], NULL) : 0;
    all.items = need(calloc(STORIES, sizeof all.items[0]));
    if (lede_analyzer_new(&all.analyzer, &err) != LEDE_OK ||
        lede_corpus_read_file(argv[1], &options, &sink, &err) != LEDE_OK ||
        all.count == 0) {
        fprintf(stderr, "copies: %s: %s\n", argv[1], err.message);
        return 2;
    }
    each_near_pair(0.7, judge_near);
    tell("equal bodies found", seen.equal_found, seen.equal);
    tell("pairs that share 0.7 or more found", seen.near_found, seen.near);
    judge_edits();
    judge_strangers();
    judge_pairs();
    lede_analyzer_free(all.analyzer);
    lede_arena_done(&all.arena);
    free(all.items);
    return result;
}
