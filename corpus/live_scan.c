#include "corpus/live_scan.h"

#include "base/utf8.h"
#include "corpus/live_bylines.h"
#include "corpus/live_head_parts.h"
#include "corpus/live_lines.h"
#include "corpus/page_words.h"
#include "corpus/paragraphs.h"
#include "corpus/text_match.h"

#include <stdio.h>
#include <stdlib.h>

/* Updates of one line each, and nothing above them but a title: else it is a
 * timeline in an article. */
enum { TOP_LINES = 6 };

enum { MAX_LOST = 16, LABEL_REACH = 3, TITLE_CHARS = 140 };

/* A numbered line that would be the next head, if it were one. */
typedef struct lost_head {
    uint64_t line;
    uint32_t ordinal;
    bool has_trace; /* or else shows that it is a head, cut off */
} lost_head;

/* Such lines behind a head, each with the number next to the one before: they
 * rise, or fall on a page that prints its oldest update, number 1, last. */
typedef struct lost_run {
    lost_head heads[MAX_LOST];
    uint32_t count;
} lost_run;

/* Short lines of a page in which a lost byte is looked for: it takes long. */
enum { MOST_MENDS = 1000, MEND_BYTES = 120 };

typedef struct surveyor {
    lede_live_survey *out;
    uint32_t mends;
    lost_run lost, lost_down;
    uint32_t ordinal; /* of the last head of form A */
    bool is_falling;  /* it was one less than the one before */
    size_t head_indent, body_indent;
    bool has_a;

    uint64_t label_line; /* a pending "9. Analysis" */
    uint32_t label_ordinal;
    bool label_is_label; /* it could be one */
    bool label_is_known; /* it is one of the table */

    uint32_t blanks; /* since the last line with text */
    bool has_text;   /* since the last head */
    bool has_first;  /* the block behind the last head has begun */
    bool first_ended;
    uint32_t first_lines; /* of that block */
    bool first_is_sentence;

    uint64_t block_line; /* of the current or last block */
    uint32_t block_lines;
    bool block_ended;
    bool block_is_title; /* could be one */
    lede_live_first block_kind;

    uint64_t first_j_line; /* of a head of form J */
    lede_live_facts facts;
} surveyor;

static lede_live_head *last_head(const surveyor *s)
{
    return s->out->count == 0 ? NULL : &s->out->heads[s->out->count - 1];
}

static lede_status push(surveyor *s, const lede_live_head *head,
                        lede_error *err)
{
    lede_live_survey *out = s->out;

    if (out->count == LEDE_LIVE_MAX_HEADS) {
        return LEDE_OK;
    }
    if (out->count == out->room) {
        uint32_t room = out->room == 0 ? 64 : out->room * 2;
        lede_live_head *grown = realloc(out->heads, room * sizeof *grown);

        if (grown == NULL) {
            return lede_fail(err, LEDE_NO_MEMORY, "live text: out of memory");
        }
        out->heads = grown;
        out->room = room;
    }
    out->heads[out->count++] = *head;
    return LEDE_OK;
}

static void note_furniture(surveyor *s, lede_span line)
{
    lede_when when;
    bool is_first;
    bool is_local;
    bool is_bare = false;

    if (!lede_live_furniture_date(line, false, &s->out->hints, &is_first,
                                  &when)) {
        is_bare = s->out->count == 0 &&
                  lede_live_furniture_date(line, true, &s->out->hints,
                                           &is_first, &when);
        if (!is_bare) {
            return;
        }
    }
    is_local = when.zone_text.len == 0;
    when.zone_text = lede_span_of(NULL, 0);
    when.text = lede_span_of(NULL, 0);
    if (is_bare && when.precision >= LEDE_PRECISION_MINUTE) {
        s->out->printed = when;
        s->out->is_printed_local = is_local;
    } else if (is_first) {
        s->out->first_published = when;
        s->out->is_first_local = is_local;
    } else {
        s->out->last_modified = when;
        s->out->is_last_local = is_local;
    }
    s->out->years.furniture = when.local;
}

/* Dates and weekdays in the text. -------------------------------------- */

static bool has_year(lede_span text)
{
    for (size_t i = 0; i + 4 <= text.len; i++) {
        const uint8_t *p = text.bytes + i;

        if (((p[0] == '1' && (p[1] == '8' || p[1] == '9')) ||
             (p[0] == '2' && (p[1] == '0' || p[1] == '1'))) &&
            p[2] >= '0' && p[2] <= '9' && p[3] >= '0' && p[3] <= '9') {
            return true;
        }
    }
    return false;
}

static void note_dates(surveyor *s, lede_span line)
{
    size_t credit;
    size_t end;
    size_t at = 0;
    size_t begin;
    lede_when when;

    if (lede_words_find_credit(line, &credit, &end)) {
        line = lede_span_part(line, 0, credit);
    }
    if (!has_year(line)) {
        return;
    }
    while (lede_date_find(line, at, &s->out->hints, &begin, &end, &when)) {
        if (when.local.year != 0 && when.local.month != 0 &&
            when.local.day != 0) {
            lede_years_add_text_date(&s->out->years, &when.local);
        }
        at = end > at ? end : at + 1;
    }
}

/* Heads. ---------------------------------------------------------------- */

/* The next number and its dot inside a head whose own number is missing: the
 * byte where the head really begins, or 0. */
static size_t find_inner_number(lede_span line, uint32_t expected)
{
    char text[16];
    size_t at;

    snprintf(text, sizeof text, "%u. ", (unsigned)expected);
    at = lede_match_find(line, 1, text);
    while (at != LEDE_MATCH_NONE) {
        if (line.bytes[at - 1] == ' ' || line.bytes[at - 1] == 0xBD) {
            return at;
        }
        at = lede_match_find(line, at + 1, text);
    }
    return 0;
}

static size_t indent_of(lede_span line)
{
    size_t at = 0;

    while (at < line.len && line.bytes[at] == ' ') {
        at++;
    }
    return at;
}

static void add_lost(surveyor *s, lost_run *run, const lede_live_line *line,
                     uint32_t ordinal)
{
    /* How far the number is from that of the last head. */
    uint32_t apart =
        run == &s->lost ? ordinal - s->ordinal : s->ordinal - ordinal;
    bool has_trace = lede_head_has_keyword_trace(line->text) ||
                     (!line->ended && s->head_indent < s->body_indent &&
                      indent_of(line->text) == s->head_indent);

    for (uint32_t i = 0; i < run->count; i++) {
        if (run->heads[i].ordinal == ordinal) {
            if (has_trace && !run->heads[i].has_trace) {
                run->heads[i].line = line->number;
                run->heads[i].has_trace = true;
                run->count = i + 1;
            }
            return;
        }
    }
    if (run->count < MAX_LOST && apart == run->count + 1) {
        run->heads[run->count++] =
            (lost_head){line->number, ordinal, has_trace};
    }
}

static lede_status push_lost(surveyor *s, const lost_head *lost,
                             lede_error *err)
{
    lede_live_head head = {.line = lost->line,
                           .head_line = lost->line,
                           .ordinal = lost->ordinal,
                           .form = LEDE_HEAD_A,
                           .is_damaged = true,
                           .is_counted = false};

    s->ordinal = lost->ordinal;
    return push(s, &head, err);
}

/* Takes the lost heads before number `next` (0: those that must be heads by
 * themselves) for heads. */
static lede_status accept_lost(surveyor *s, uint32_t next, lede_error *err)
{
    const lost_run *run = next == 0 && s->is_falling ? &s->lost_down : &s->lost;
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < run->count && status == LEDE_OK; i++) {
        const lost_head *lost = &run->heads[i];

        if (next == 0 ? !lost->has_trace : lost->ordinal >= next) {
            break;
        }
        status = push_lost(s, lost, err);
    }
    return status;
}

/* The same where numbers fall. A page may begin again at 1 behind a list: a
 * line without a trace is a head only if the numbers fell before. */
static lede_status accept_lost_down(surveyor *s, uint32_t next, lede_error *err)
{
    const lost_run *run = &s->lost_down;
    uint32_t count = s->ordinal - next - 1;
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < count; i++) {
        if (!run->heads[i].has_trace && !s->is_falling) {
            return LEDE_OK;
        }
    }
    for (uint32_t i = 0; i < count && status == LEDE_OK; i++) {
        status = push_lost(s, &run->heads[i], err);
    }
    return status;
}

/* The lost heads between the last number and `next`. */
static lede_status fill_gap(surveyor *s, uint32_t next, lede_error *err)
{
    uint32_t last = s->ordinal;
    lede_status status = LEDE_OK;

    if (next > last + 1 && next <= last + 1 + s->lost.count) {
        status = accept_lost(s, next, err);
    } else if (next != 0 && last > next + 1 &&
               last - next - 1 <= s->lost_down.count) {
        status = accept_lost_down(s, next, err);
    }
    return status;
}

static lede_status on_a(surveyor *s, const lede_live_line *line,
                        const lede_head *head, lede_live_head *out,
                        lede_error *err)
{
    lede_status status = LEDE_OK;

    if (out->ordinal == 0 && s->label_line != 0 &&
        (s->label_is_label || s->blanks == 0)) {
        out->line = s->label_line;
        out->is_joined = true;
        out->ordinal = s->label_ordinal;
        out->is_broken = s->blanks == 0 && !s->label_is_known;
    } else if (out->ordinal == 0 && s->has_a && head->headline.len > 0) {
        size_t at = find_inner_number(line->text, s->ordinal + 1);

        if (at > 0) {
            out->begin = (uint32_t)at;
            out->ordinal = s->ordinal + 1;
            out->is_damaged = true;
        } else if (s->ordinal > 0 &&
                   lede_match_is_damaged(lede_span_part(line->text, 0, 20))) {
            out->ordinal = s->ordinal + 1; /* its own was lost */
            out->is_damaged = true;
        }
    }
    if (s->has_a) {
        status = fill_gap(s, out->ordinal, err);
    }
    s->lost.count = 0;
    s->lost_down.count = 0;
    if (out->ordinal != 0) {
        s->is_falling = out->ordinal + 1 == s->ordinal;
        s->ordinal = out->ordinal;
    }
    s->head_indent = indent_of(line->text);
    s->has_a = true;
    return status;
}

static void remember_zone(surveyor *s, const lede_head_time *time)
{
    if (s->out->zone[0] == '\0') {
        memcpy(s->out->zone, time->zone, sizeof s->out->zone);
    }
}

static lede_status on_head(surveyor *s, const lede_live_line *line,
                           const lede_head *head, lede_error *err)
{
    const lede_head_time *time = &head->time;
    lede_live_head out = {
        .line = line->number,
        .head_line = line->number,
        .ordinal = head->ordinal,
        .local = time->local,
        .ago_s = time->ago_s > INT32_MAX ? INT32_MAX : (int32_t)time->ago_s,
        .form = (uint8_t)head->form,
        .weekday = time->weekday,
        .has_clock = time->has_clock,
        .has_day = time->local.month != 0,
        .has_year = time->local.year != 0,
        .is_relative = time->is_relative,
        .is_damaged = head->is_damaged,
        .has_text = s->has_text || s->out->count == 0,
    };
    lede_status status = LEDE_OK;

    /* Without a headline of its own, a line before it may be that. */
    if (s->block_is_title && s->block_lines == 1 && s->block_line != 0) {
        out.back = (uint32_t)(line->number - s->block_line);
    }
    if (head->form == LEDE_HEAD_A) {
        status = on_a(s, line, head, &out, err);
    }
    if (head->form == LEDE_HEAD_J) {
        lede_span headline;
        lede_span name;

        if (s->first_j_line == 0) {
            s->first_j_line = line->number;
        }

        out.is_signed =
            lede_head_parse_signed(head->headline, &headline, &name);
        out.has_text |= s->first_j_line < TOP_LINES &&
                        lede_match_ends_in(head->headline, ".!?", true);
    }
    out.is_counted =
        out.has_text || (head->form == LEDE_HEAD_A && out.ordinal != 0);
    if (head->form != LEDE_HEAD_G) {
        remember_zone(s, time);
    } else {
        out.is_counted = false; /* until its date is found */
    }
    if (status == LEDE_OK) {
        status = push(s, &out, err);
    }
    s->has_text = false;
    s->has_first = false;
    s->first_ended = false;
    s->label_line = 0;
    s->block_line = 0;
    s->block_lines = 0;
    s->block_is_title = false;
    return status;
}

/* Text. ----------------------------------------------------------------- */

static lede_live_first classify(lede_span text)
{
    lede_text_block block = {&text, 1};
    size_t begin;
    size_t end;
    lede_media_type type;

    if (lede_byline_is_line(&block)) {
        return LEDE_LIVE_FIRST_BYLINE;
    }
    if (lede_utf8_count(text) > TITLE_CHARS ||
        lede_match_ends_in(text, ".", false) || lede_bullet_len(text) > 0 ||
        lede_words_find_credit(text, &begin, &end) ||
        lede_words_take_caption(text, &type) > 0) {
        return LEDE_LIVE_FIRST_LONG;
    }
    return LEDE_LIVE_FIRST_SHORT;
}

/* The date that a head of form G has on a line behind it. */
static bool take_g_date(surveyor *s, lede_span text)
{
    lede_live_head *head = last_head(s);
    lede_head_time time;

    if (head == NULL || head->form != LEDE_HEAD_G || head->has_day ||
        head->is_followed ||
        !lede_live_doubled_day(text, &s->out->hints, &time)) {
        return false;
    }
    head->local = time.local;
    head->weekday = time.weekday;
    head->has_day = time.local.month != 0;
    head->has_year = time.local.year != 0;
    head->has_clock = time.has_clock;
    head->is_counted = head->has_day;
    return true;
}

static void on_block_begin(surveyor *s, const lede_live_line *line,
                           lede_span text)
{
    lede_live_head *head = last_head(s);

    s->block_line = line->number;
    s->block_lines = 0;
    s->block_kind = classify(text);
    s->block_is_title = s->block_kind == LEDE_LIVE_FIRST_SHORT;
    if (head == NULL) {
        return;
    }
    if (!s->has_first) {
        head->gap = (uint8_t)(s->blanks > 200 ? 200 : s->blanks);
        head->first = (uint8_t)s->block_kind;
        s->has_first = !lede_words_is_flag_label(text);
        s->first_is_sentence = lede_match_ends_in(text, ".!?:;,", true);
        s->first_lines = 1;
    } else if (s->first_ended) {
        if (!head->is_followed && head->first == LEDE_LIVE_FIRST_LONG &&
            s->block_kind == LEDE_LIVE_FIRST_BYLINE && s->first_lines == 1) {
            head->first = LEDE_LIVE_FIRST_SHORT; /* a long headline */
        }
        head->is_followed = true;
    }
}

/* The second line of the block behind a head: the first is a headline if it is
 * too short to have been wrapped there and this one is text. */
static void note_stacked(surveyor *s, lede_live_head *head, lede_span text)
{
    if (head == NULL || !s->has_first || s->first_ended ||
        s->first_lines != 2 || head->first != LEDE_LIVE_FIRST_SHORT) {
        return;
    }
    head->is_stacked = !s->first_is_sentence &&
                       (lede_match_ends_in(text, ".!?:", true) ||
                        lede_byline_is_line(&(lede_text_block){&text, 1}) ||
                        lede_utf8_count(text) > TITLE_CHARS);
}

static void on_text(surveyor *s, const lede_live_line *line, lede_span text)
{
    uint32_t ordinal;
    lede_span rest;
    lede_head_time updated;
    bool is_furniture = lede_words_is_furniture(text) ||
                        lede_head_parse_updated(text, &s->out->hints, &updated);

    s->has_text = true;
    if (lede_match_starts(text, "all times stated are uk")) {
        s->out->hints.default_zone = "Europe/London";
    }
    if (is_furniture || take_g_date(s, text)) {
        s->block_is_title = false;
        return;
    }
    if (s->block_ended || s->block_line == 0 || s->out->is_dense) {
        if (s->has_first) {
            s->first_ended = true;
        }
        on_block_begin(s, line, text);
    } else if (s->block_lines >= 1) {
        lede_live_head *head = last_head(s);

        s->block_is_title = false;
        s->first_lines += !s->first_ended;
        note_stacked(s, head, text);
        if (head != NULL && s->has_first && !s->first_ended &&
            head->first == LEDE_LIVE_FIRST_SHORT) {
            head->first = LEDE_LIVE_FIRST_LONG; /* more than one line */
        }
    }
    s->block_lines++;
    s->block_ended = false;
    if (line->ended) {
        s->body_indent = indent_of(line->text);
    }

    if (lede_head_parse_number(line->text, &ordinal, &rest)) {
        lede_span label;

        if (s->has_a && ordinal > s->ordinal &&
            ordinal <= s->ordinal + MAX_LOST) {
            add_lost(s, &s->lost, line, ordinal);
        } else if (s->has_a && ordinal < s->ordinal &&
                   s->ordinal - ordinal <= MAX_LOST) {
            add_lost(s, &s->lost_down, line, ordinal);
        }
        s->label_is_label = lede_head_parse_label(line->text, &ordinal, &label);
        s->label_is_known = lede_words_is_label(rest);
        if (s->label_is_label || !s->has_a || ordinal == s->ordinal + 1) {
            s->label_line = line->number;
            s->label_ordinal = ordinal;
        }
    } else if (s->label_line != 0) {
        s->label_line = 0;
    }
    note_furniture(s, text);
    note_dates(s, text);
    lede_years_add_weekdays(&s->out->years, text);
}

/* "31/12/2025" shows which way round the page writes its days. */
static void note_order_of_days(surveyor *s, lede_span text)
{
    for (size_t i = 0; i + 10 <= text.len; i++) {
        const uint8_t *p = text.bytes + i;
        uint32_t first;
        uint32_t second;

        if (p[2] != '/' || p[5] != '/' ||
            lede_match_number(lede_span_part(text, i, 2), 2, &first) != 2 ||
            lede_match_number(lede_span_part(text, i + 3, 2), 2, &second) !=
                2) {
            continue;
        }
        s->facts.day_first += first > 12 && second <= 12;
        s->facts.month_first += second > 12 && first <= 12;
    }
}

/* "22:00 GMT 31 December", on a page where times alone are the rule. */
static bool is_day_of_c(const surveyor *s, const lede_head *head,
                        lede_span line)
{
    lede_span text = lede_match_trim(line);

    return s->out->count > 0 &&
           (head->form == LEDE_HEAD_D || head->form == LEDE_HEAD_I) &&
           head->time.local.month != 0 && head->time.zone[0] != '\0' &&
           lede_head_take_clock(text, 0, &(lede_head_time){0}) > 0;
}

/* A damaged form A is the last guess; so is a mended other form, and it is the
 * better one. */
static bool parse_or_mend(surveyor *s, lede_span line, lede_head *out)
{
    lede_head mended;
    bool is_head = lede_head_parse(line, &s->out->hints, out);

    if ((is_head && !out->is_damaged) || line.len > MEND_BYTES ||
        s->mends == MOST_MENDS || !lede_match_is_damaged(line)) {
        return is_head;
    }
    s->mends++;
    if (!lede_head_parse_mended(line, &s->out->hints, &mended)) {
        return is_head;
    }
    *out = mended;
    return true;
}

static bool parse_head(surveyor *s, lede_span line, lede_head *out)
{
    bool is_dated;

    if (!parse_or_mend(s, line, out)) {
        return false;
    }
    is_dated = out->form == LEDE_HEAD_D || out->form == LEDE_HEAD_E;
    s->facts.dated += is_dated;
    if (is_day_of_c(s, out, line)) {
        s->facts.days++;
        if (s->out->takes_days) {
            out->form = LEDE_HEAD_C;
            return true;
        }
    }
    return !is_dated || !s->out->are_dates_text;
}

static lede_status on_line(surveyor *s, const lede_live_line *line,
                           lede_error *err)
{
    lede_span text = lede_match_trim(line->text);
    lede_status status = LEDE_OK;
    lede_head head;

    s->out->lines++;
    if (text.len == 0) {
        s->out->blank_lines++;
        s->blanks++;
        s->block_ended = true;
        if (s->label_line != 0 && line->number - s->label_line > LABEL_REACH) {
            s->label_line = 0;
        }
        return LEDE_OK;
    }
    if (parse_head(s, line->text, &head)) {
        status = on_head(s, line, &head, err);
    } else if (!line->ended &&
               lede_head_parse_cut(line->text, &s->out->hints, &head) &&
               s->has_a && head.ordinal == s->ordinal + 1) {
        status = on_head(s, line, &head, err);
    } else {
        on_text(s, line, text);
    }
    if (lede_match_find(text, 0, "ed at ") != LEDE_MATCH_NONE) {
        size_t begin;
        size_t end;
        size_t at = 0;

        while (lede_head_find_in_text(text, at, &s->out->hints, &begin, &end)) {
            s->facts.keywords++;
            at = end;
        }
    }
    note_order_of_days(s, text);
    s->blanks = 0;
    return status;
}

lede_status lede_live_scan(lede_input *input, const volatile int *stop,
                           lede_live_survey *survey, lede_live_facts *facts,
                           lede_error *err)
{
    surveyor *s = calloc(1, sizeof *s);
    lede_live_lines *lines = NULL;
    lede_status status;
    lede_live_line line;

    if (s == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "live text: out of memory");
    }
    s->out = survey;
    status = lede_live_lines_new(input, survey->rejoined, &survey->hints,
                                 &lines, err);
    while (status == LEDE_OK) {
        status = lede_live_lines_next(lines, &line, err);
        if (status == LEDE_OK) {
            status = on_line(s, &line, err);
        }
        if (status == LEDE_OK && stop != NULL && *stop != 0) {
            status = lede_fail(err, LEDE_INTERRUPTED, "interrupted");
        }
    }
    if (status == LEDE_END) {
        status = s->has_a ? accept_lost(s, 0, err) : LEDE_OK;
    }
    *facts = s->facts;
    lede_live_lines_free(lines);
    free(s);
    return status;
}
