#include "query/snippet.h"

#include "base/utf8.h"
#include "query/parse.h"

#define ELLIPSIS "\xE2\x80\xA6"

enum {
    ELLIPSIS_BYTES = 3,
    MAX_WORD_BYTES = 48, /* longer ones may be cut */
    PART_BYTES = 1000    /* longer texts are no labels */
};

/* The sections of one field put together, and what was found in them. */
typedef struct passage_source {
    uint8_t *text;
    size_t len;
    lede_found *found; /* bytes count in `text` */
    uint32_t count;
} passage_source;

static bool has_found(const lede_spots *spots, const lede_found *found,
                      uint32_t count, lede_field field)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        if (spots->sections[found[i].section].field == field) {
            return true;
        }
    }
    return false;
}

static bool has_section(const lede_spots *spots, lede_field field)
{
    uint32_t i;

    for (i = 0; i < spots->section_count; i++) {
        if (spots->sections[i].field == field) {
            return true;
        }
    }
    return false;
}

static lede_field choose_field(const lede_spots *spots, const lede_found *found,
                               uint32_t count)
{
    static const lede_field order[] = {LEDE_FIELD_BODY, LEDE_FIELD_CAPTION,
                                       LEDE_FIELD_DECK};
    size_t i;

    for (i = 0; i < 3; i++) {
        if (has_found(spots, found, count, order[i])) {
            return order[i];
        }
    }
    for (i = 0; i < 3; i++) {
        if (has_section(spots, order[i])) {
            return order[i];
        }
    }
    return LEDE_FIELD_BODY;
}

/* Control characters would end a line, or worse, where the snippet is shown. */
static void copy_clean(uint8_t *to, lede_span from)
{
    size_t i;

    for (i = 0; i < from.len; i++) {
        uint8_t byte = from.bytes[i];

        to[i] = byte < 0x20 || byte == 0x7F ? ' ' : byte;
    }
}

static void take_found(passage_source *source, const lede_found *found,
                       uint32_t count, uint32_t section, size_t shift,
                       uint32_t *at)
{
    while (*at < count && found[*at].section < section) {
        (*at)++;
    }
    while (*at < count && found[*at].section == section) {
        lede_found *into = &source->found[source->count++];

        *into = found[(*at)++];
        into->begin += shift;
        into->end += shift;
    }
}

static bool gather(const lede_spots *spots, const lede_found *found,
                   uint32_t count, lede_field field, lede_arena *arena,
                   passage_source *out)
{
    size_t len = 0;
    uint32_t at = 0;
    uint32_t i;

    for (i = 0; i < spots->section_count; i++) {
        if (spots->sections[i].field == field) {
            len += spots->sections[i].text.len + 1;
        }
    }
    out->text = lede_arena_get(arena, len + 1);
    out->found = lede_arena_array(arena, count + 1, sizeof *out->found);
    if (out->text == NULL || out->found == NULL) {
        return false;
    }
    for (i = 0; i < spots->section_count; i++) {
        const lede_spot_section *section = &spots->sections[i];

        if (section->field != field) {
            continue;
        }
        if (out->len > 0) {
            out->text[out->len++] = ' ';
        }
        take_found(out, found, count, i, out->len, &at);
        copy_clean(out->text + out->len, section->text);
        out->len += section->text.len;
    }
    return true;
}

/* --- The best passage
 * ---------------------------------------------------------- */

typedef struct window {
    uint32_t first, last; /* of found, `last` included */
    double weight;
} window;

/* Slides over what was found: for each first one, as many more as fit. */
static window best_window(const passage_source *source, const double *weights,
                          uint32_t *counts, size_t budget)
{
    window best = {0, 0, -1};
    double weight = 0;
    uint32_t distinct = 0;
    uint32_t best_distinct = 0;
    uint32_t end = 0; /* behind the last in the window */
    uint32_t i;

    for (i = 0; i < source->count; i++) {
        while (end < source->count &&
               (end == i ||
                source->found[end].end <= source->found[i].begin + budget)) {
            uint32_t leaf = source->found[end++].leaf;

            if (counts[leaf]++ == 0) {
                weight += weights[leaf];
                distinct++;
            }
        }
        if (distinct > best_distinct ||
            (distinct == best_distinct &&
             (weight > best.weight + 1e-9 ||
              (weight > best.weight - 1e-9 &&
               end - i > best.last + 1 - best.first)))) {
            best = (window){i, end - 1, weight};
            best_distinct = distinct;
        }
        if (--counts[source->found[i].leaf] == 0) {
            weight -= weights[source->found[i].leaf];
            distinct--;
        }
    }
    return best;
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ';
}

/* A place in [low, high] where a sentence begins, the first; else 0. */
static size_t sentence_start(const passage_source *source, size_t low,
                             size_t high)
{
    size_t at;

    for (at = low < 2 ? 2 : low; at <= high && at < source->len; at++) {
        uint8_t stop = source->text[at - 2];

        if (is_blank(source->text[at - 1]) && !is_blank(source->text[at]) &&
            (stop == '.' || stop == '!' || stop == '?')) {
            return at;
        }
    }
    return 0;
}

/* The passage's begin, at a word, in [low, high]. */
static size_t snap_begin(const passage_source *source, size_t low, size_t high)
{
    lede_span text = lede_span_of(source->text, source->len);
    size_t sentence = sentence_start(source, low, high);
    size_t at;

    if (low == 0) {
        return 0;
    }
    if (sentence != 0) {
        return sentence;
    }
    for (at = low; at < high; at++) {
        if (is_blank(source->text[at - 1]) && !is_blank(source->text[at])) {
            return at;
        }
    }
    /* No blank: a script without them, or the mark itself. */
    return high - low > MAX_WORD_BYTES ? lede_utf8_floor(text, low) : high;
}

/* The passage's end, behind a word, in [low, high]. */
static size_t snap_end(const passage_source *source, size_t low, size_t high)
{
    size_t at;

    if (high >= source->len) {
        return source->len;
    }
    for (at = high; at > low; at--) {
        if (is_blank(source->text[at])) {
            while (at > low && is_blank(source->text[at - 1])) {
                at--;
            }
            return at;
        }
    }
    if (is_blank(source->text[low])) {
        return low;
    }
    at = lede_utf8_floor(lede_span_of(source->text, source->len), high);
    return at < low || high - low <= MAX_WORD_BYTES ? low : at;
}

/* Sets [begin, end) around what must be shown, [low, high), of which too long a
 * rest is cut. */
static void frame(const passage_source *source, size_t low, size_t high,
                  size_t budget, size_t *begin, size_t *end)
{
    size_t slack = budget > high - low ? budget - (high - low) : 0;
    size_t from = low > slack / 3 ? low - slack / 3 : 0;
    size_t to;

    if (high - low > 4 * budget) {
        high = lede_utf8_floor(lede_span_of(source->text, source->len),
                               low + 4 * budget);
    }
    if (source->len - from <= budget) {
        from = source->len > budget ? source->len - budget : 0;
        from = from > low ? low : from;
    }
    *begin = snap_begin(source, from, low);
    to = *begin + budget;
    *end = snap_end(source, high, to > high ? to : high);
}

static bool finish(const passage_source *source, size_t begin, size_t end,
                   lede_arena *arena, lede_snippet *out)
{
    bool cut_before = begin > 0;
    bool cut_behind = end < source->len;
    size_t len = (end - begin) + (cut_before ? ELLIPSIS_BYTES : 0) +
                 (cut_behind ? ELLIPSIS_BYTES : 0);
    uint8_t *text = lede_arena_get(arena, len + 1);
    size_t at = 0;

    if (text == NULL) {
        return false;
    }
    if (cut_before) {
        memcpy(text, ELLIPSIS, ELLIPSIS_BYTES);
        at = ELLIPSIS_BYTES;
    }
    memcpy(text + at, source->text + begin, end - begin);
    if (cut_behind) {
        memcpy(text + at + (end - begin), ELLIPSIS, ELLIPSIS_BYTES);
    }
    out->text = lede_span_of(text, len);
    return lede_marks_merge(source->found, source->count, begin, end,
                            (int64_t)at - (int64_t)begin, arena, &out->marks,
                            &out->mark_count);
}

bool lede_snippet_make(const lede_spots *spots, const lede_found *found,
                       uint32_t found_count, const double *weights,
                       uint32_t leaf_count, uint32_t about_bytes,
                       lede_arena *arena, lede_snippet *out)
{
    passage_source source = {0};
    uint32_t *counts = lede_arena_array(arena, leaf_count + 1, sizeof *counts);
    lede_field field = choose_field(spots, found, found_count);
    size_t begin = 0;
    size_t end;

    if (counts == NULL ||
        !gather(spots, found, found_count, field, arena, &source)) {
        return false;
    }
    if (source.count > 0) {
        window best = best_window(&source, weights, counts, about_bytes);
        size_t low = source.found[best.first].begin;
        size_t high = source.found[best.first].end;
        uint32_t i;

        for (i = best.first; i <= best.last; i++) {
            high = source.found[i].end > high ? source.found[i].end : high;
        }
        frame(&source, low, high, about_bytes, &begin, &end);
    } else {
        frame(&source, 0, 0, about_bytes, &begin, &end);
    }
    return finish(&source, begin, end, arena, out);
}

bool lede_snippet_headline(const lede_spots *spots, const lede_found *found,
                           uint32_t found_count, lede_arena *arena,
                           const lede_mark **marks, uint32_t *mark_count)
{
    uint32_t count = 0;

    *marks = NULL;
    *mark_count = 0;
    if (spots->section_count == 0 ||
        spots->sections[0].field != LEDE_FIELD_HEADLINE) {
        return true;
    }
    while (count < found_count && found[count].section == 0) {
        count++;
    }
    return lede_marks_merge(found, count, 0, SIZE_MAX, 0, arena, marks,
                            mark_count);
}

/* --- Other texts ------------------------------------------------------------
 */

/* Whether a field is one of short texts, each of which is shown whole. */
static bool is_short(lede_field field)
{
    return field != LEDE_FIELD_HEADLINE && field != LEDE_FIELD_DECK &&
           field != LEDE_FIELD_BODY && field != LEDE_FIELD_CAPTION;
}

bool lede_snippet_parts(const lede_spots *spots, const lede_found *found,
                        uint32_t found_count, lede_arena *arena,
                        const lede_hit_part **out, uint32_t *out_count)
{
    lede_hit_part *parts =
        lede_arena_array(arena, LEDE_SNIPPET_PARTS, sizeof *parts);
    uint32_t count = 0, next;

    for (uint32_t i = 0; parts != NULL && i < found_count; i = next) {
        const lede_spot_section *section = &spots->sections[found[i].section];
        lede_hit_part *part = &parts[count];

        for (next = i + 1;
             next < found_count && found[next].section == found[i].section;
             next++) {
        }
        if (!is_short(section->field) || section->text.len > PART_BYTES ||
            count == LEDE_SNIPPET_PARTS) {
            continue;
        }
        part->field = lede_ast_field_name((int)section->field);
        part->text = section->text;
        if (!lede_marks_merge(found + i, next - i, 0, section->text.len, 0,
                              arena, &part->marks, &part->mark_count)) {
            return false;
        }
        count += part->mark_count > 0;
    }
    *out = parts;
    *out_count = count;
    return parts != NULL;
}
