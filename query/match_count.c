/* match_count.c - how many match, without scoring; see match_paths.h.
 *
 * One word: its document frequency less its deleted entries. Any of several, or
 * all of several dense ones: windows of bits, into which blocks that are sets
 * are ORed as they are; others write bytes (which beats setting bits, which
 * reads first what it writes), folded into the bits. At least so many: windows
 * in which a byte per entry counts the lists that have it. Sparse ANDs: the
 * rarest list probes the others. Words that must not be there are looked up in
 * the same ways; of one word alone, those that have the other, too, are taken
 * from its document frequency. The rest: a walk. */
#include <stdlib.h>
#include <string.h>

#include "query/match_paths.h"

/* Probing an entry costs about so many times counting a posting; more, where
 * hits are counted. */
enum { PROBE_COST = 4, COVER_PROBE_COST = 6 };
/* A list that has more than one in so many entries is mostly sets of bits. */
enum { DENSE = 16 };

static uint32_t deleted_between(const lede_matching *matching, uint32_t begin,
                                uint32_t end)
{
    uint32_t count = 0;

    if (matching->deleted.len == 0) {
        return 0;
    }
    while (begin < end) {
        if (begin % 8 == 0 && end - begin >= 8) {
            count += (uint32_t)__builtin_popcount(
                matching->deleted.bytes[begin / 8]);
            begin += 8;
        } else {
            count += lede_matching_is_deleted(matching, begin);
            begin++;
        }
    }
    return count;
}

/* --- One word
 * ------------------------------------------------------------------- */

/* How many postings of a block lie before `entry`. */
static uint32_t before(lede_match_stream *stream, uint32_t block,
                       uint32_t entry)
{
    return lede_match_stream_load(stream, block)
               ? lede_match_lower_bound(stream->entries, stream->size, entry)
               : 0;
}

/* Postings in [begin, end) of a stream with one list, deleted or not. */
static uint64_t postings_between(lede_match_stream *stream, uint32_t begin,
                                 uint32_t end)
{
    uint32_t from = lede_match_stream_find(stream, 0, begin);
    uint32_t to = lede_match_stream_find(stream, from, end);
    uint64_t count;

    if (from == stream->block_count) {
        return 0;
    }
    if (to == stream->block_count) {
        count = stream->lists->items[0].entry_count;
    } else {
        count = (uint64_t)to * LEDE_BLOCK_POSTINGS + before(stream, to, end);
    }
    return count - (uint64_t)from * LEDE_BLOCK_POSTINGS -
           before(stream, from, begin);
}

/* The deleted entries in [begin, end) that a stream has. */
static uint64_t deleted_in(lede_match_stream *stream, uint32_t begin,
                           uint32_t end)
{
    lede_matching *matching = stream->matching;
    uint32_t block = 0;
    uint64_t count = 0;

    for (uint32_t entry = begin; entry < end; entry++) {
        uint32_t at;

        if (entry % 8 == 0 && matching->deleted.bytes[entry / 8] == 0) {
            entry += 7;
            continue;
        }
        if (!lede_matching_is_deleted(matching, entry)) {
            continue;
        }
        block = lede_match_stream_find(stream, block, entry);
        if (block == stream->block_count) {
            break;
        }
        if (!lede_match_stream_load(stream, block)) {
            break;
        }
        at = lede_match_lower_bound(stream->entries, stream->size, entry);
        count += at < stream->size && stream->entries[at] == entry;
    }
    return count;
}

static uint64_t count_one(lede_match_plan *plan, lede_match_stream *stream)
{
    lede_matching *matching = plan->matching;
    uint64_t count = plan->begin == 0 && plan->end == matching->entries
                         ? stream->lists->items[0].entry_count
                         : postings_between(stream, plan->begin, plan->end);

    return matching->deleted.len == 0
               ? count
               : count - deleted_in(stream, plan->begin, plan->end);
}

/* --- Windows of bytes
 * ------------------------------------------------------------ */

static void mark(lede_matching *matching, lede_match_stream *stream,
                 uint32_t begin, uint32_t end, uint8_t worth)
{
    uint8_t *counts = matching->windows->counts;

    stream->hint = lede_match_stream_find(stream, stream->hint, begin);
    for (uint32_t block = stream->hint;
         block < stream->block_count &&
         lede_match_stream_first(stream, block) < end;
         block++) {
        const uint32_t *entries;
        uint32_t from, to;

        if (!lede_match_stream_load(stream, block)) {
            return;
        }
        from = lede_match_lower_bound(stream->entries, stream->size, begin);
        to = lede_match_lower_bound(stream->entries, stream->size, end);
        entries = stream->entries;
        for (uint32_t i = from; i < to; i++) {
            counts[entries[i] - begin] += worth;
        }
    }
}

static void unmark_deleted(lede_matching *matching, uint32_t begin,
                           uint32_t end)
{
    if (matching->deleted.len == 0) {
        return;
    }
    for (uint32_t entry = begin; entry < end; entry++) {
        if (entry % 8 == 0 && matching->deleted.bytes[entry / 8] == 0) {
            entry += 7;
        } else if (lede_matching_is_deleted(matching, entry)) {
            matching->windows->counts[entry - begin] = 0;
        }
    }
}

/* --- Windows of bits
 * ------------------------------------------------------------- */

/* Blocks whose entries lie further apart than this set bits, others bytes that
 * are folded to bits: a bit next to the one set last waits for it. */
enum { FAR_APART = 32 };

/* A set of bits into the words, from bit `at` on. */
static void put_set(uint64_t *words, uint32_t at, lede_span set)
{
    unsigned shift = at % 64;
    size_t i = 0;

    words += at / 64;
    for (; i + 8 <= set.len; i += 8, words++) {
        uint64_t word = lede_load_u64(set.bytes + i);

        words[0] |= word << shift;
        words[1] |= word >> 1 >> (63 - shift);
    }
    for (unsigned bit = shift; i < set.len; i++, bit += 8) {
        uint64_t byte = set.bytes[i];

        words[bit / 64] |= byte << bit % 64;
        words[bit / 64 + 1] |= byte >> 1 >> (63 - bit % 64);
    }
}

/* Marks a stream's entries in [begin, end), a window from `base` on, in
 * matching->windows->set; more may be marked in its margins. True if there are
 * bytes to be folded into it. */
static bool mark_set(lede_matching *matching, lede_match_stream *stream,
                     uint32_t base, uint32_t begin, uint32_t end)
{
    uint64_t *words = matching->windows->set;
    uint8_t *bytes = matching->windows->counts;
    bool has_bytes = false;

    stream->hint = lede_match_stream_find(stream, stream->hint, begin);
    for (uint32_t block = stream->hint; block < stream->block_count; block++) {
        uint32_t first = lede_match_stream_first(stream, block);
        const uint32_t *entries;
        uint32_t set_first, from, to;
        lede_span set;

        if (first >= end) {
            break;
        }
        if (lede_match_stream_bits(stream, block, &set_first, &set) &&
            set.len <= LEDE_MATCH_SET_MARGIN / 8) {
            put_set(words, set_first + LEDE_MATCH_SET_MARGIN - base, set);
            continue;
        }
        if (!lede_match_stream_load(stream, block)) {
            break;
        }
        entries = stream->entries;
        from = lede_match_lower_bound(entries, stream->size, begin);
        to = lede_match_lower_bound(entries, stream->size, end);
        if (lede_match_stream_last(stream, block) - first >
            FAR_APART * LEDE_BLOCK_POSTINGS) {
            for (uint32_t i = from; i < to; i++) {
                uint32_t bit = entries[i] + LEDE_MATCH_SET_MARGIN - base;

                words[bit / 64] |= UINT64_C(1) << bit % 64;
            }
        } else {
            for (uint32_t i = from; i < to; i++) {
                bytes[entries[i] - base] = 1;
            }
            has_bytes = true;
        }
    }
    return has_bytes;
}

static void fold(lede_matching *matching, uint32_t words)
{
    matching->kernels->fold_bytes(matching->windows->counts, (size_t)words * 64,
                                  matching->windows->set +
                                      LEDE_MATCH_SET_MARGIN / 64);
}

static void clear(lede_matching *matching, uint32_t words)
{
    words += 2 * LEDE_MATCH_SET_MARGIN / 64 + 1;
    memset(matching->windows->set, 0, words * sizeof *matching->windows->set);
}

/* The bits of [begin, end) among words from `base` on, less deleted ones. */
static uint64_t count_live(const lede_matching *matching, uint64_t *words,
                           uint32_t base, uint32_t begin, uint32_t end)
{
    size_t count = (end - base + 63) / 64;

    words[0] &= UINT64_MAX << (begin - base);
    if (end % 64 != 0) {
        words[count - 1] &= UINT64_MAX >> (64 - end % 64);
    }
    for (size_t i = 0; matching->deleted.len != 0 && i < count; i++) {
        lede_span rest = lede_span_part(matching->deleted, base / 8 + 8 * i, 8);

        for (size_t j = 0; j < rest.len; j++) {
            words[i] &= ~((uint64_t)rest.bytes[j] << 8 * j);
        }
    }
    return matching->kernels->count_words(words, count);
}

/* all = the set, or what it has of `all`, or what it leaves of it. */
static void join_set(uint64_t *all, const uint64_t *set, uint32_t words,
                     bool is_first, bool is_excluded)
{
    if (is_first) {
        memcpy(all, set, words * sizeof *all);
    } else if (is_excluded) {
        for (uint32_t i = 0; i < words; i++) {
            all[i] &= ~set[i];
        }
    } else {
        for (uint32_t i = 0; i < words; i++) {
            all[i] &= set[i];
        }
    }
}

/* Live entries of a window that the first `required` streams have, and none of
 * the others; or, if none is required, that any has. */
static uint64_t count_set_window(lede_match_plan *plan,
                                 lede_match_stream *streams, uint32_t required,
                                 uint32_t count, uint32_t need, uint32_t begin,
                                 uint32_t end)
{
    lede_matching *matching = plan->matching;
    uint32_t base = begin & ~63u;
    uint32_t words = (end - base + 63) / 64;
    uint64_t *set = matching->windows->set + LEDE_MATCH_SET_MARGIN / 64;
    uint64_t *all = required == 0 ? set : matching->windows->all;
    bool has_bytes = false;
    uint64_t found;

    (void)need;
    for (uint32_t i = 0; i < count; i++) {
        has_bytes |= mark_set(matching, &streams[i], base, begin, end);
        if (has_bytes && (required > 0 || i + 1 == count)) {
            fold(matching, words);
            has_bytes = false;
        }
        if (required > 0) {
            join_set(all, set, words, i == 0, i >= required);
            clear(matching, words);
        }
    }
    found = count_live(matching, all, base, begin, end);
    clear(matching, words);
    return found;
}

/* A required stream is worth more than all that count together. */
enum { REQUIRED_WORTH = 64, MOST_REQUIRED = UINT8_MAX / REQUIRED_WORTH };

/* Live entries of a window that the first `required` streams have, and at least
 * plan->need of the others: at most MOST_REQUIRED and fewer than
 * REQUIRED_WORTH, or none and at most 255. */
static uint64_t count_window(lede_match_plan *plan, lede_match_stream *streams,
                             uint32_t required, uint32_t count, uint32_t need,
                             uint32_t begin, uint32_t end)
{
    lede_matching *matching = plan->matching;
    uint64_t found;

    for (uint32_t i = 0; i < count; i++) {
        mark(matching, &streams[i], begin, end,
             i < required ? REQUIRED_WORTH : 1);
    }
    unmark_deleted(matching, begin, end);
    found = matching->kernels->count_bytes(
        matching->windows->counts, end - begin,
        (uint8_t)(required * REQUIRED_WORTH + need));
    memset(matching->windows->counts, 0, end - begin);
    return found;
}

/* --- The rarest list probes
 * ------------------------------------------------------- */

static uint64_t count_settled(lede_match_plan *plan)
{
    const lede_match_batch *batch = &plan->matching->batch;
    uint64_t found = 0;

    for (uint32_t i = 0; i < batch->count; i++) {
        found += lede_match_plan_accepts(plan, batch->entries[i]);
    }
    return found;
}

/* Behind the required streams are those of the cover, or else excluded ones. */
static uint64_t count_batch(lede_match_plan *plan, lede_match_stream *streams,
                            uint32_t required, uint32_t count)
{
    lede_match_batch *batch = &plan->matching->batch;
    bool covered = plan->cover_count > 0;
    uint32_t need = covered ? plan->need : 0;

    memset(batch->hits, 0, batch->count * sizeof *batch->hits);
    for (uint32_t i = 1; i < count && batch->count > 0; i++) {
        lede_match_intersect(batch, &streams[i],
                             i < required ? LEDE_MATCH_REQUIRED
                             : covered    ? LEDE_MATCH_COUNTED
                                          : LEDE_MATCH_EXCLUDED,
                             i < required ? count - required : count - i - 1,
                             need);
    }
    return count_settled(plan);
}

/* The cover is rarer than what is required: its windows lead. */
static uint64_t probe_window(lede_match_plan *plan, lede_match_stream *streams,
                             uint32_t required, uint32_t count, uint32_t need,
                             uint32_t begin, uint32_t end)
{
    lede_matching *matching = plan->matching;
    lede_match_batch *batch = &matching->batch;
    uint64_t found = 0;

    for (uint32_t i = required; i < count; i++) {
        mark(matching, &streams[i], begin, end, 1);
    }
    for (uint32_t from = 0; from < end - begin; from += LEDE_MATCH_BATCH) {
        uint32_t n = end - begin - from;

        n = n > LEDE_MATCH_BATCH ? LEDE_MATCH_BATCH : n;
        batch->count = matching->kernels->filter_bytes(
            matching->windows->counts + from, n, (uint8_t)need, begin + from,
            batch->entries);
        for (uint32_t i = 0; i < required && batch->count > 0; i++) {
            lede_match_intersect(batch, &streams[i], LEDE_MATCH_REQUIRED, 0, 0);
        }
        found += count_settled(plan);
    }
    memset(matching->windows->counts, 0, end - begin);
    return found;
}

typedef uint64_t window_counter(lede_match_plan *plan,
                                lede_match_stream *streams, uint32_t required,
                                uint32_t count, uint32_t need, uint32_t begin,
                                uint32_t end);

static uint64_t count_windows(lede_match_plan *plan, window_counter *counter,
                              lede_match_stream *streams, uint32_t required,
                              uint32_t count, uint32_t need)
{
    lede_matching *matching = plan->matching;
    uint64_t found = 0;

    if (!lede_matching_make_windows(matching)) {
        return 0;
    }
    for (uint32_t begin = plan->begin;
         begin < plan->end && matching->status == LEDE_OK;) {
        uint32_t rest = LEDE_MATCH_COUNT_WINDOW - begin % 64;
        uint32_t end = plan->end - begin > rest ? begin + rest : plan->end;

        found += counter(plan, streams, required, count, need, begin, end);
        begin = end;
    }
    return found;
}

static uint64_t count_probing(lede_match_plan *plan, lede_match_stream *streams,
                              uint32_t required, uint32_t count)
{
    lede_matching *matching = plan->matching;
    lede_match_stream *lead = &streams[0];
    uint64_t found = 0;

    for (uint32_t block = lede_match_stream_find(lead, 0, plan->begin);
         block < lead->block_count && matching->status == LEDE_OK; block++) {
        uint32_t from, to;

        if (lede_match_stream_first(lead, block) >= plan->end ||
            !lede_match_stream_load(lead, block)) {
            break;
        }
        from = lede_match_lower_bound(lead->entries, lead->size, plan->begin);
        to = lede_match_lower_bound(lead->entries, lead->size, plan->end);
        while (from < to) {
            uint32_t n =
                to - from > LEDE_MATCH_BATCH ? LEDE_MATCH_BATCH : to - from;

            memcpy(matching->batch.entries, lead->entries + from,
                   n * sizeof *lead->entries);
            matching->batch.count = n;
            found += count_batch(plan, streams, required, count);
            from += n;
        }
    }
    return found;
}

/* --- Anything
 * ------------------------------------------------------------------------ */

static uint64_t count_set(const lede_match_plan *plan,
                          const lede_match_node *node)
{
    const lede_matching *matching = plan->matching;
    uint64_t found = 0;

    for (uint32_t entry = plan->begin; entry < plan->end;
         entry = (entry / 64 + 1) * 64) {
        uint64_t bits = node->set[entry / 64] & UINT64_MAX << (entry % 64);
        uint32_t end = (entry / 64 + 1) * 64;

        if (end > plan->end) {
            bits &= UINT64_MAX >> (end - plan->end);
        }
        found += (uint64_t)__builtin_popcountll(bits);
        for (; matching->deleted.len > 0 && bits != 0; bits &= bits - 1) {
            found -= lede_matching_is_deleted(
                matching, entry / 64 * 64 + (uint32_t)__builtin_ctzll(bits));
        }
    }
    return found;
}

/* All that match are asked about: of lists that are not thin, sets are made,
 * and most trees come down to one set. */
static void expect_all(lede_match_plan *plan)
{
    uint64_t postings = 0;

    for (uint32_t i = 0; i < plan->cover_count; i++) {
        postings +=
            lede_matching_lists(plan->matching, plan->cover[i])->postings;
    }
    if (postings >= plan->matching->entries / 64) {
        plan->nodes.checks = postings;
    }
}

/* Entries that a node matches and that are not in a set, which may be NULL. */
static uint64_t count_node(lede_match_plan *plan, lede_match_node *node,
                           const uint64_t *set)
{
    lede_matching *matching = plan->matching;
    uint32_t entry = plan->begin;
    uint64_t found = 0;

    while (matching->status == LEDE_OK) {
        entry = lede_match_node_advance(node, entry);
        if (entry >= plan->end) {
            break;
        }
        found += (set == NULL || (set[entry / 64] >> entry % 64 & 1) == 0) &&
                 !lede_matching_is_deleted(matching, entry) &&
                 lede_match_node_matches(&plan->nodes, node, entry);
        entry++;
    }
    return found;
}

/* Entries that the compiled root matches. Of a set or something else, what is
 * in the set is not asked about. */
static uint64_t count_root(lede_match_plan *plan)
{
    lede_match_node rest = *plan->root;
    uint32_t last = rest.child_count - 1;

    if (rest.type == LEDE_NODE_TERM) {
        return count_set(plan, plan->root);
    }
    for (uint32_t i = 0; rest.type == LEDE_NODE_GROUP && rest.need == 1 &&
                         rest.child_count > 1 && i < rest.child_count;
         i++) {
        lede_match_node *child = rest.children[i];

        if (child->type == LEDE_NODE_TERM) {
            rest.children[i] = rest.children[last];
            rest.children[last] = child;
            rest.child_count = last;
            return count_set(plan, child) + count_node(plan, &rest, child->set);
        }
    }
    return count_node(plan, plan->root, NULL);
}

static uint64_t count_walking(lede_match_plan *plan)
{
    expect_all(plan);
    return lede_match_plan_compile_root(plan) ? count_root(plan) : 0;
}

/* Whether all that is wanted is one word in certain forms or fields. */
static bool is_one_check(const lede_match_plan *plan)
{
    return plan->required_count == 1 && plan->pair_count == 0 &&
           plan->cover_count == 0 && plan->check_count == 1 &&
           plan->checks[0]->type == LEDE_NODE_WORD &&
           plan->checks[0]->leaf == plan->required[0];
}

/* Such a word: its blocks are read one after the other into a set. */
static uint64_t count_one_check(lede_match_plan *plan)
{
    plan->nodes.checks =
        lede_matching_lists(plan->matching, plan->required[0])->postings;
    plan->root = lede_match_node_compile(&plan->nodes, plan->checks[0]);
    return plan->root != NULL ? count_root(plan) : 0;
}

static int by_postings(const void *left, const void *right)
{
    const lede_match_stream *a = left;
    const lede_match_stream *b = right;

    return (a->postings > b->postings) - (a->postings < b->postings);
}

/* What is required, the rarest first: pairs, and the leaves of which they say
 * nothing; then the cover, then what is excluded. */
static lede_match_stream *open_streams(lede_match_plan *plan,
                                       const lede_match_excluded *without,
                                       uint32_t *required)
{
    lede_match_stream *streams =
        lede_matching_get(plan->matching,
                          plan->pair_count + plan->required_count +
                              plan->cover_count + without->count,
                          sizeof *streams);
    bool good = streams != NULL;
    uint32_t count = 0;

    for (uint32_t i = 0; i < plan->pair_count && good; i++) {
        good = lede_match_stream_open_lists(&streams[count++], plan->matching,
                                            plan->pairs[i]);
    }
    for (uint32_t i = 0; i < plan->required_count && good; i++) {
        if (!plan->implied[plan->required[i]]) {
            good = lede_match_stream_open(&streams[count++], plan->matching,
                                          plan->required[i]);
        }
    }
    *required = count;
    for (uint32_t i = 0; i < plan->cover_count && good; i++) {
        good = lede_match_stream_open(&streams[count++], plan->matching,
                                      plan->cover[i]);
    }
    for (uint32_t i = 0; i < without->count && good; i++) {
        good = lede_match_stream_open(&streams[count++], plan->matching,
                                      without->leaves[i]);
    }
    for (uint32_t i = 0; i < count && good; i++) {
        streams[i].weight = 0.0f;
    }
    if (good && *required > 1) {
        qsort(streams, *required, sizeof *streams, by_postings);
    }
    return good ? streams : NULL;
}

/* What reading a list in windows costs, in postings: of one that is mostly sets
 * of bits, words are read. */
static uint64_t cost_of(const lede_match_plan *plan,
                        const lede_match_stream *stream)
{
    return plan->cover_count == 0 &&
                   (uint64_t)stream->postings * DENSE > plan->matching->entries
               ? stream->postings / 4
               : stream->postings;
}

/* Whether reading all `count` lists is cheaper than looking the rarest's
 * entries (or the cover's) up in the others. */
static bool suits_windows(const lede_match_plan *plan,
                          const lede_match_stream *streams, uint32_t required,
                          uint32_t count)
{
    uint64_t each = plan->cover_count == 0 ? PROBE_COST : COVER_PROBE_COST;
    uint64_t postings = 0, cover = 0, probes;

    for (uint32_t i = 0; i < count; i++) {
        postings += cost_of(plan, &streams[i]);
        cover += i < required ? 0 : streams[i].postings;
    }
    probes = (uint64_t)streams[0].postings * (count - 1) * each;
    if (plan->cover_count > 0 && cover + cover * required * each < probes) {
        probes = cover + cover * required * each;
    }
    return plan->check_count == 0 &&
           (plan->cover_count == 0 ? required <= UINT8_MAX
                                   : required <= MOST_REQUIRED &&
                                         plan->cover_count < REQUIRED_WORTH) &&
           postings < probes;
}

/* Entries that the first `required` of `count` streams have, and as many as
 * needed of the cover behind them, or none of what is excluded. */
static uint64_t count_streams(lede_match_plan *plan, lede_match_stream *streams,
                              uint32_t required, uint32_t count)
{
    if (suits_windows(plan, streams, required, count)) {
        return count_windows(
            plan, plan->cover_count == 0 ? count_set_window : count_window,
            streams, required, count, plan->need);
    }
    return plan->cover_count <= UINT8_MAX && lede_match_plan_cover_leads(plan)
               ? count_windows(plan, probe_window, streams, required, count,
                               plan->need)
               : count_probing(plan, streams, required, count);
}

/* Entries of the first stream, which has one list, without those of the second:
 * the rarer is looked up in the other. */
static uint64_t count_without(lede_match_plan *plan, lede_match_stream *streams)
{
    uint64_t count = count_one(plan, &streams[0]);
    uint64_t both;

    if (streams[1].postings < streams[0].postings) {
        lede_match_stream rarer = streams[1];

        streams[1] = streams[0];
        streams[0] = rarer;
    }
    both = count_streams(plan, streams, 2, 2);
    return both < count ? count - both : 0; /* not more, unless damaged */
}

static bool is_one_list(const lede_match_plan *plan,
                        const lede_match_stream *streams, uint32_t required)
{
    return required == 1 && plan->cover_count == 0 && plan->check_count == 0 &&
           streams[0].lists->count == 1;
}

static uint64_t count_required(lede_match_plan *plan)
{
    lede_match_excluded without;
    uint32_t required;
    lede_match_stream *streams;

    without.count = 0;
    if (plan->cover_count == 0) {
        lede_match_plan_take_excluded(plan, &without);
    }
    streams = open_streams(plan, &without, &required);
    if (streams == NULL) {
        return 0;
    }
    plan->nodes.checks = streams[0].postings;
    if (is_one_list(plan, streams, required) && without.count == 0) {
        return count_one(plan, &streams[0]);
    }
    if (is_one_list(plan, streams, required) && without.count == 1) {
        return count_without(plan, streams);
    }
    return count_streams(plan, streams, required,
                         required + plan->cover_count + without.count);
}

uint64_t lede_match_count(lede_match_plan *plan)
{
    bool simple = plan->check_count == 0 && !plan->matching->general;

    if (plan->none) {
        return 0;
    }
    lede_match_plan_rewind(plan);
    if (is_one_check(plan) && !plan->matching->general) {
        return count_one_check(plan);
    }
    if (plan->required_count > 0 && !plan->matching->general) {
        return count_required(plan);
    }
    if (simple && plan->cover_count > 0 && plan->cover_count <= UINT8_MAX) {
        static const lede_match_excluded nothing = {.count = 0};
        uint32_t required;
        lede_match_stream *streams = open_streams(plan, &nothing, &required);

        return streams == NULL
                   ? 0
                   : count_windows(plan,
                                   plan->need == 1 ? count_set_window
                                                   : count_window,
                                   streams, 0, plan->cover_count, plan->need);
    }
    if (simple && plan->cover_count == 0) {
        return plan->end - plan->begin -
               deleted_between(plan->matching, plan->begin, plan->end);
    }
    return count_walking(plan);
}
