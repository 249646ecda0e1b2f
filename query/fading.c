/* fading.c - see fading.h. */
#include "query/fading.h"

#include "base/time.h"

/* exp2 is not promised to be monotone to the last bit. */
static const double slack = 0x1p-40;

static int64_t time_of(const lede_segment *segment, const lede_column *times,
                       uint32_t entry)
{
    return entry < lede_segment_dated(segment) ? lede_column_get(times, entry)
                                               : LEDE_INSTANT_NONE;
}

static bool all_trusted(const lede_segment *segment, const lede_column *trust,
                        uint32_t from, uint32_t to)
{
    if (to > lede_segment_dated(segment)) {
        return false;
    }
    while (from < to && lede_column_get(trust, from) != 0) {
        from++;
    }
    return from == to;
}

lede_status lede_fading_make(const lede_segment *segment,
                             const lede_match_options *options,
                             lede_fading *out, lede_error *err)
{
    uint32_t entries = lede_segment_entries(segment);
    lede_column times, trust;
    lede_status status =
        lede_segment_column(segment, LEDE_COLUMN_TIME, &times, err);

    if (status == LEDE_OK) {
        status = lede_segment_column(segment, LEDE_COLUMN_TRUST, &trust, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    out->recency = options->recency;
    out->half_life_s = options->half_life_s;
    out->origin = options->origin;
    out->shift = 0;
    out->untrusted[0] = 0;
    out->floor = 0;
    while (entries > 0 &&
           (entries - 1) >> out->shift >= LEDE_FADING_STRETCHES) {
        out->shift++;
    }
    for (uint32_t i = 0; i < LEDE_FADING_STRETCHES; i++) {
        uint64_t from = (uint64_t)i << out->shift;
        uint64_t to = (uint64_t)(i + 1) << out->shift;
        double floor = lede_recency_factor(options, false, LEDE_INSTANT_NONE);

        to = to < entries ? to : entries;
        out->most[i] = out->least[i] = floor;
        if (from < to) {
            out->most[i] = lede_recency_factor(
                options, true, time_of(segment, &times, (uint32_t)from));
        }
        out->is_trusted[i] =
            from < to &&
            all_trusted(segment, &trust, (uint32_t)from, (uint32_t)to);
        if (out->is_trusted[i]) {
            out->least[i] = lede_recency_factor(
                options, true, time_of(segment, &times, (uint32_t)to - 1));
        }
        out->most[i] *= 1.0 + slack;
        out->least[i] *= 1.0 - slack;
        out->untrusted[i + 1] =
            (uint16_t)(out->untrusted[i] + !out->is_trusted[i]);
        out->floor = floor * (1.0 - slack);
    }
    return LEDE_OK;
}
