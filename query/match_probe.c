/* match_probe.c - score first, then probe; see match_paths.h.
 *
 * The lead list's block is scored as a whole, what is below the threshold less
 * the other lists' bounds is dropped without a branch, and only survivors are
 * looked up in the other lists: one list after the other, so that each look-up
 * finds its list in the cache. Before a block of another list is decoded, its
 * own bound has its say. */
#include <string.h>

#include "query/match_paths.h"
#include "query/rank.h"

static uint32_t part_at(lede_match_stream *stream, uint32_t entry,
                        uint32_t index)
{
    lede_matching *matching = stream->matching;
    uint32_t frequency = lede_match_stream_frequency(stream, index);

    return lede_rank_part(stream->weight,
                          matching->norms[matching->lengths[entry]],
                          lede_rank_frequency(frequency));
}

/* How a probe decides what stays in the batch. */
typedef struct terms_of_stay {
    uint64_t least;  /* what the sum has to be after it */
    uint32_t need;   /* in how many streams that count it has to be ... */
    uint32_t behind; /* ... of which so many are still to be asked */
} terms_of_stay;

/* Keeps those of batch places [from, to) that may stay, behind `kept`; returns
 * the new `kept`. `places` has the posting of each, `from` first. */
static uint32_t keep(lede_match_batch *batch, const lede_match_probe *probe,
                     const terms_of_stay *terms, uint32_t from, uint32_t to,
                     const uint16_t *places, uint32_t kept)
{
    for (uint32_t i = from; i < to; i++) {
        bool present = places[i - from] != LEDE_MATCH_NO_PLACE;
        uint32_t hits = batch->hits[i] + (uint32_t)(present & probe->counts);
        bool stays = (present | !probe->required) &
                     (batch->sums[i] >= terms->least) &
                     (hits + terms->behind >= terms->need);

        batch->entries[kept] = batch->entries[i];
        batch->sums[kept] = batch->sums[i];
        batch->hits[kept] = (uint16_t)hits;
        kept += stays;
    }
    return kept;
}

/* Adds the parts of the postings at `places` of the block at hand to batch
 * places [from, to). */
static void add_parts(lede_match_batch *batch, lede_match_stream *stream,
                      uint32_t from, uint32_t to, const uint16_t *places)
{
    uint16_t present[LEDE_MATCH_BATCH];
    uint32_t count = 0;

    for (uint32_t i = from; i < to; i++) {
        present[count] = (uint16_t)i;
        count += places[i - from] != LEDE_MATCH_NO_PLACE;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = present[i];

        batch->sums[at] +=
            part_at(stream, batch->entries[at], places[at - from]);
    }
}

/* Whether any of places [from, to) could reach `least` with `bound` more. */
static bool can_reach(const lede_match_batch *batch, uint32_t from, uint32_t to,
                      uint64_t bound, uint64_t least)
{
    for (uint32_t i = from; i < to; i++) {
        if (batch->sums[i] + bound >= least) {
            return true;
        }
    }
    return false;
}

/* Asks one stream about the batch, block by block of the stream. */
static void ask(lede_match_batch *batch, const lede_match_probe *probe,
                const terms_of_stay *terms)
{
    lede_match_stream *stream = probe->stream;
    lede_match_runs *runs = &stream->matching->runs;
    uint16_t places[LEDE_MATCH_BATCH];
    uint32_t kept = 0;
    uint32_t from = 0;

    lede_match_stream_cut(stream, batch->entries, batch->count, runs);
    for (uint32_t i = 0; i < runs->count; i++) {
        uint32_t block = runs->blocks[i];
        uint32_t to = runs->ends[i];
        bool hopeless =
            block < stream->block_count && block != stream->block &&
            terms->least > 0 &&
            !can_reach(batch, from, to, lede_match_stream_bound(stream, block),
                       terms->least);

        lede_match_stream_ask_ahead(stream, runs, i);
        if (!hopeless) {
            if (block < stream->block_count &&
                lede_match_stream_look_up(stream, block, batch->entries + from,
                                          to - from, places)) {
                if (stream->weight > 0.0f) {
                    add_parts(batch, stream, from, to, places);
                }
            } else {
                memset(places, UINT8_MAX, (to - from) * sizeof *places);
            }
            kept = keep(batch, probe, terms, from, to, places, kept);
        }
        from = to;
    }
    batch->count = kept;
}

void lede_match_intersect(lede_match_batch *batch, lede_match_stream *stream,
                          lede_match_role role, uint32_t behind, uint32_t need)
{
    lede_match_runs *runs = &stream->matching->runs;
    uint16_t places[LEDE_MATCH_BATCH];
    bool counted = role == LEDE_MATCH_COUNTED;
    bool required = role == LEDE_MATCH_REQUIRED;
    uint32_t kept = 0;
    uint32_t from = 0;

    lede_match_stream_cut(stream, batch->entries, batch->count, runs);
    for (uint32_t i = 0; i < runs->count; i++) {
        uint32_t to = runs->ends[i];

        lede_match_stream_ask_ahead(stream, runs, i);
        if (runs->blocks[i] == stream->block_count ||
            !lede_match_stream_look_up(stream, runs->blocks[i],
                                       batch->entries + from, to - from,
                                       places)) {
            memset(places, UINT8_MAX, (to - from) * sizeof *places);
        }
        for (uint32_t j = from; j < to; j++) {
            bool present = places[j - from] != LEDE_MATCH_NO_PLACE;
            uint32_t hits = batch->hits[j] + (uint32_t)(present & counted);

            batch->entries[kept] = batch->entries[j];
            batch->hits[kept] = (uint16_t)hits;
            kept += ((present == required) | counted) & (hits + behind >= need);
        }
        from = to;
    }
    batch->count = kept;
}

void lede_match_settle(lede_match_plan *plan, lede_match_batch *batch,
                       lede_match_probe *probes, uint32_t count, uint32_t need)
{
    lede_matching *matching = plan->matching;
    uint64_t rest = 0, least;
    uint32_t behind = 0;

    for (uint32_t i = 0; i < count; i++) {
        rest += probes[i].bound;
        behind += probes[i].counts;
    }
    for (uint32_t i = 0; i < count && batch->count > 0; i++) {
        rest -= probes[i].bound;
        behind -= probes[i].counts;
        least = lede_matching_need(matching, batch->entries[0]);
        ask(batch, &probes[i],
            &(terms_of_stay){.least = least > rest ? least - rest : 0,
                             .need = need,
                             .behind = behind});
    }
    for (uint32_t i = 0; i < batch->count; i++) {
        uint32_t entry = batch->entries[i];

        if (batch->hits[i] >= need &&
            batch->sums[i] >= lede_matching_need(matching, entry) &&
            lede_match_plan_accepts(plan, entry)) {
            lede_matching_offer(matching, entry, batch->sums[i]);
        }
    }
}

/* Bounds of the probes for entries in [first, last], close ones if they are
 * compared with a threshold; false if a required one has none of them. */
static bool narrow(lede_match_probe *probes, uint32_t count, uint32_t first,
                   uint32_t last, bool is_close, uint64_t *rest)
{
    *rest = 0;
    for (uint32_t i = 0; i < count; i++) {
        lede_match_probe *probe = &probes[i];
        lede_match_stream *stream = probe->stream;
        uint32_t from = lede_match_stream_find(stream, probe->window, first);

        probe->window = from;
        probe->bound = 0;
        if (from == stream->block_count) {
            if (probe->required) {
                return false;
            }
            continue;
        }
        probe->bound = stream->most;
        if (is_close && stream->bounds != NULL) {
            uint32_t to = lede_match_stream_find(stream, from, last);

            to = to < stream->block_count ? to + 1 : to;
            probe->bound = lede_match_stream_most_in(stream, from, to);
        }
        *rest += probe->bound;
    }
    return true;
}

/* The largest norm in the block at hand, by its impacts; that of the shortest
 * entry there is where there are none. */
static float most_norm(const lede_match_stream *stream)
{
    const lede_postings *list = &stream->lists->items[0];
    uint8_t length = UINT8_MAX;

    if (stream->lists->count > 1) {
        return stream->matching->norms[0];
    }
    for (unsigned which = 0; which < LEDE_BLOCK_IMPACTS; which++) {
        uint8_t one = lede_postings_impact_lengths(list, which)[stream->block];

        length = one < length ? one : length;
    }
    return stream->matching->norms[length];
}

/* Puts the postings [from, to) of the lead's block whose frequency alone does
 * not rule out a part of `least` into the batch; lengths, which lie all over,
 * are looked at only after that. Frequencies go to `sums`. */
static void gather_frequent(lede_matching *matching,
                            const lede_match_stream *lead, uint32_t from,
                            uint32_t to, uint32_t least)
{
    lede_match_batch *batch = &matching->batch;
    uint32_t frequency =
        least < 2
            ? 0
            : lede_rank_least_frequency(lead->weight, most_norm(lead), least);

    batch->count = to - from;
    if (frequency < 2) {
        memcpy(batch->entries, lead->entries + from,
               batch->count * sizeof *batch->entries);
        memcpy(batch->sums, lead->frequencies + from,
               batch->count * sizeof *batch->sums);
        return;
    }
    batch->count = matching->kernels->filter(
        lead->frequencies + from, to - from, frequency, matching->indices);
    for (uint32_t i = 0; i < batch->count; i++) {
        uint32_t at = from + matching->indices[i];

        batch->entries[i] = lead->entries[at];
        batch->sums[i] = lead->frequencies[at];
    }
}

/* Scores postings [from, to) of the lead's block, at most a batch, and keeps
 * what can reach `need` with `rest`. */
static void score_first(lede_matching *matching, lede_match_stream *lead,
                        uint32_t from, uint32_t to, uint64_t need,
                        uint64_t rest)
{
    lede_match_batch *batch = &matching->batch;
    uint64_t least = need > rest ? need - rest : 0;
    uint32_t kept;

    batch->count = 0;
    if (least >= 0x80000000u) {
        return;
    }
    if (lead->weight <= 0.0f) {
        if (least > 0) {
            return;
        }
        batch->count = to - from;
        memcpy(batch->entries, lead->entries + from,
               batch->count * sizeof *batch->entries);
        memset(batch->sums, 0, batch->count * sizeof *batch->sums);
    } else if (lede_match_stream_load_frequencies(lead)) {
        gather_frequent(matching, lead, from, to, (uint32_t)least);
        matching->kernels->parts(lead->weight, matching->norms,
                                 matching->lengths, batch->entries, batch->sums,
                                 batch->count, matching->parts);
        kept = matching->kernels->filter(matching->parts, batch->count,
                                         (uint32_t)least, matching->indices);
        for (uint32_t i = 0; i < kept; i++) {
            uint32_t at = matching->indices[i];

            batch->entries[i] = batch->entries[at];
            batch->sums[i] = matching->parts[at];
        }
        batch->count = kept;
    }
    for (uint32_t i = 0; i < batch->count; i++) {
        batch->hits[i] = 1;
    }
}

/* --- The other lists first
 * ------------------------------------------------------ */

/* Where no score rules an entry out, and so few are in all lists that scoring
 * the others is in vain. What agrees is looked up a second time for its score,
 * which is half of all there is to do with one other list alone. */
static bool should_ask_first(const lede_matching *matching,
                             const lede_match_stream *lead, uint64_t need,
                             uint64_t rest, uint32_t probe_count)
{
    uint64_t one_in = probe_count > 1 ? 4 : 16;

    return need <= rest && probe_count > 0 && lead->lists->count == 1 &&
           lead->weight > 0.0f && matching->agreed * one_in <= matching->asked;
}

/* Postings [from, to) of the lead's block, at most a batch, that the required
 * probes have, into the batch, with the lead's parts. The probes may be asked
 * about them again. */
static void ask_first(lede_matching *matching, lede_match_stream *lead,
                      uint32_t from, uint32_t to, lede_match_probe *probes,
                      uint32_t count)
{
    lede_match_batch *batch = &matching->batch;
    uint16_t places[LEDE_MATCH_BATCH];

    batch->count = to - from;
    memcpy(batch->entries, lead->entries + from,
           batch->count * sizeof *batch->entries);
    memset(batch->hits, 0, batch->count * sizeof *batch->hits);
    for (uint32_t i = 0; i < count && batch->count > 0; i++) {
        uint32_t hint = probes[i].stream->hint;

        if (probes[i].required) {
            lede_match_intersect(batch, probes[i].stream, LEDE_MATCH_REQUIRED,
                                 0, 0);
            probes[i].stream->hint = hint;
        }
    }
    matching->asked += to - from;
    matching->agreed += batch->count;
    if (batch->count == 0) {
        return;
    }
    matching->kernels->places(lead->entries, lead->size, batch->entries,
                              batch->count, LEDE_MATCH_NO_PLACE, places);
    for (uint32_t i = 0; i < batch->count; i++) {
        batch->sums[i] = part_at(lead, batch->entries[i], places[i]);
        batch->hits[i] = 1;
    }
}

static void lead_block(lede_match_plan *plan, lede_match_stream *lead,
                       uint32_t begin, uint32_t end, lede_match_probe *probes,
                       uint32_t count, uint32_t need_hits, uint64_t rest)
{
    lede_matching *matching = plan->matching;
    uint32_t from = lede_match_lower_bound(lead->entries, lead->size, begin);
    uint32_t to = lede_match_lower_bound(lead->entries, lead->size, end);

    while (from < to) {
        uint32_t until =
            to - from > LEDE_MATCH_BATCH ? from + LEDE_MATCH_BATCH : to;

        uint64_t least = lede_matching_need(matching, lead->entries[from]);

        if (should_ask_first(matching, lead, least, rest, count)) {
            ask_first(matching, lead, from, until, probes, count);
        } else {
            score_first(matching, lead, from, until, least, rest);
        }
        lede_match_settle(plan, &matching->batch, probes, count, need_hits);
        from = until;
    }
}

static uint32_t bound_of_lead(lede_match_stream *lead, uint32_t block)
{
    return lead->bounds != NULL
               ? lede_match_stream_most_in(lead, block, block + 1)
               : lede_match_stream_bound(lead, block);
}

void lede_match_lead(lede_match_plan *plan, lede_match_stream *lead,
                     uint32_t begin, uint32_t end, lede_match_probe *probes,
                     uint32_t count, uint32_t need)
{
    lede_matching *matching = plan->matching;

    for (uint32_t block = lede_match_stream_find(lead, 0, begin);
         block < lead->block_count && matching->status == LEDE_OK; block++) {
        uint32_t first = lede_match_stream_first(lead, block);
        uint32_t last = lede_match_stream_last(lead, block);
        uint64_t least, rest;

        first = first < begin ? begin : first;
        if (first >= end) {
            break;
        }
        last = last >= end ? end - 1 : last;
        least = lede_matching_need(matching, first);
        if (!narrow(probes, count, first, last, least > 0, &rest)) {
            break;
        }
        if ((least > rest && least - rest > bound_of_lead(lead, block)) ||
            !lede_match_stream_may_count(lead, block) ||
            !lede_match_stream_load(lead, block)) {
            continue;
        }
        lead_block(plan, lead, begin, end, probes, count, need, rest);
    }
}
