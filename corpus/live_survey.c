#include "corpus/live_survey.h"

#include "corpus/live_scan.h"
#include "corpus/page_words.h"
#include "corpus/text_match.h"

#include <stdlib.h>
#include <time.h>

enum { TOP_LINES = 20 };

void lede_live_survey_done(lede_live_survey *survey)
{
    free(survey->heads);
    *survey = (lede_live_survey){0};
}

/* The form. ------------------------------------------------------------- */

/* A single head of form A makes a live page only if it cannot be a line of an
 * article's furniture. */
static bool is_lone_head(const lede_live_survey *survey)
{
    for (uint32_t i = 0; i < survey->count; i++) {
        if (survey->heads[i].form == LEDE_HEAD_A) {
            return survey->heads[i].ordinal != 0;
        }
    }
    return false;
}

/* Lines of forms I and J stand in articles too, in timelines and tables: heads
 * begin near the top of the page, and their times go one way. */
static bool are_heads(const lede_live_survey *survey, lede_head_form form)
{
    const lede_live_head *before = NULL;
    uint32_t rising = 0;
    uint32_t falling = 0;
    bool has_zero = false;

    for (uint32_t i = 0; i < survey->count; i++) {
        const lede_live_head *head = &survey->heads[i];
        int apart;

        if (head->form != form) {
            continue;
        }
        if (before == NULL) {
            if (head->line > TOP_LINES) {
                return false;
            }
            has_zero = head->local.hour == 0 && head->local.minute < 5;
        } else if (head->local.month == before->local.month &&
                   head->local.day == before->local.day) {
            apart = (head->local.hour - before->local.hour) * 60 +
                    head->local.minute - before->local.minute;
            if (apart > 720 || apart < -720) {
                apart = -apart;
            }
            rising += apart > 0;
            falling += apart < 0;
        }
        before = head;
    }
    /* From 0:00 on counts from the beginning of a film. */
    return rising > falling ? falling * 4 <= rising && !has_zero
                            : rising * 4 <= falling;
}

static lede_head_form choose_form(const lede_live_survey *survey)
{
    uint32_t counts[LEDE_HEAD_FORMS] = {0};
    lede_head_form best = LEDE_HEAD_NONE;

    for (uint32_t i = 0; i < survey->count; i++) {
        counts[survey->heads[i].form] += survey->heads[i].is_counted;
    }
    for (int form = LEDE_HEAD_A; form < LEDE_HEAD_FORMS; form++) {
        uint32_t least = form >= LEDE_HEAD_H ? 3 : 2;

        if (form == LEDE_HEAD_A && counts[form] == 1 && is_lone_head(survey)) {
            least = 1;
        }
        if (counts[form] >= least && counts[form] > counts[best] &&
            (form < LEDE_HEAD_I || are_heads(survey, (lede_head_form)form))) {
            best = (lede_head_form)form;
        }
    }
    return best;
}

/* On a numbered page, a head without number and day is a sentence. */
static bool is_stray(const lede_live_survey *survey, const lede_live_head *head,
                     bool has_days)
{
    if (survey->form != LEDE_HEAD_A || !survey->is_numbered ||
        head->is_damaged) {
        return false;
    }
    if (has_days) {
        return (head->ordinal == 0 || head->is_joined) && !head->has_day &&
               !head->is_relative;
    }
    return head->ordinal == 0 && head == survey->heads;
}

static void keep_form(lede_live_survey *survey)
{
    uint32_t kept = 0;
    uint32_t numbered = 0;
    uint32_t days = 0;
    uint32_t of_form = 0;

    for (uint32_t i = 0; i < survey->count; i++) {
        const lede_live_head *head = &survey->heads[i];

        if (head->form == survey->form) {
            of_form++;
            numbered += head->ordinal != 0;
            days += head->has_day;
        }
    }
    survey->is_numbered = numbered * 2 > of_form;
    for (uint32_t i = 0; i < survey->count; i++) {
        lede_live_head head = survey->heads[i];

        if (head.form == survey->form &&
            !is_stray(survey, &head, days * 2 > of_form)) {
            survey->heads[kept++] = head;
        }
    }
    survey->count = kept;
}

/* Where headlines stand, on pages whose heads have none on their line. */
static void decide_titles(lede_live_survey *survey)
{
    uint32_t titled = 0;
    uint32_t untitled = 0;
    uint32_t before = 0;
    uint32_t behind = 0;
    uint32_t stacked = 0;
    uint32_t named = 0;

    survey->min_gap = 255;
    for (uint32_t i = 0; i < survey->count; i++) {
        const lede_live_head *head = &survey->heads[i];

        titled += head->first == LEDE_LIVE_FIRST_SHORT && head->is_followed;
        untitled += head->first == LEDE_LIVE_FIRST_LONG ||
                    head->first == LEDE_LIVE_FIRST_BYLINE;
        behind += head->first == LEDE_LIVE_FIRST_SHORT;
        before += head->back > 0;
        stacked += head->is_stacked;
        named += head->is_signed;
        if (head->first != LEDE_LIVE_FIRST_NONE &&
            head->gap < survey->min_gap) {
            survey->min_gap = head->gap;
        }
    }
    survey->is_titled = untitled * 5 <= titled + untitled;
    survey->is_stacked = stacked * 2 > survey->count;
    survey->is_signed = named * 2 > survey->count;
    survey->title_before = survey->form == LEDE_HEAD_H && before > behind;
    for (uint32_t i = 0; survey->title_before && i < survey->count; i++) {
        survey->heads[i].line -= survey->heads[i].back;
    }
}

/* The passes. ------------------------------------------------------------ */

static void set_hints(lede_live_survey *survey,
                      const lede_read_context *context)
{
    const lede_read_options *options = context->options;
    int64_t now = options == NULL ? 0 : options->now;
    lede_civil civil;

    lede_civil_from_instant(now != 0 ? now : (int64_t)time(NULL), 0, &civil);
    survey->hints.site = lede_words_site(context->site, context->url);
    survey->hints.default_zone = options == NULL ? NULL : options->default_zone;
    survey->hints.year_max = civil.year + 2;
    survey->hints.month_first = lede_match_starts(context->language, "en-us");
    survey->years.year_max = civil.year + 2;
    survey->first_published = lede_when_none();
    survey->last_modified = lede_when_none();
    survey->printed = lede_when_none();
}

/* How a pass reads the page. */
typedef struct pass {
    bool rejoined, month_first, is_dense, are_dates_text, takes_days;
} pass;

static lede_status run_pass(lede_input *input, const lede_read_context *context,
                            pass how, lede_live_survey *out,
                            lede_live_facts *facts, lede_error *err)
{
    const lede_read_options *options = context->options;
    lede_status status;

    lede_live_survey_done(out);
    set_hints(out, context);
    out->hints.month_first |= how.month_first;
    out->rejoined = how.rejoined;
    out->is_dense = how.is_dense;
    out->are_dates_text = how.are_dates_text;
    out->takes_days = how.takes_days;
    status = lede_live_scan(input, options == NULL ? NULL : options->stop, out,
                            facts, err);
    if (status == LEDE_OK) {
        out->form = choose_form(out);
    }
    return status;
}

static uint32_t count_form(const lede_live_survey *survey)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < survey->count; i++) {
        count += survey->form != LEDE_HEAD_NONE &&
                 survey->heads[i].form == survey->form;
    }
    return count;
}

static bool is_rejoined_page(lede_live_survey *survey)
{
    if (survey->form != LEDE_HEAD_A) {
        return false;
    }
    keep_form(survey);
    return survey->is_numbered && survey->count >= 2;
}

static bool is_too_dense(const lede_live_survey *survey)
{
    return !survey->rejoined && !survey->is_dense &&
           survey->form != LEDE_HEAD_NONE &&
           survey->blank_lines * 2 < survey->count;
}

/* "Fri 19 Feb 2021 19.41 GMT" on a page whose heads are others is the date of
 * the page. */
static bool has_page_dates(const lede_live_survey *survey,
                           const lede_live_facts *facts)
{
    return facts->dated > 0 && survey->form != LEDE_HEAD_D &&
           survey->form != LEDE_HEAD_E;
}

/* A first pass, and others where it shows that the page should have been read
 * in another way. */
static lede_status find_heads(lede_input *input,
                              const lede_read_context *context,
                              lede_live_survey *out, lede_error *err)
{
    lede_live_facts facts = {0};
    pass how = {0};
    bool is_lone;
    lede_status status = run_pass(input, context, how, out, &facts, err);

    how.month_first = facts.month_first > facts.day_first;
    how.is_dense = is_too_dense(out);
    how.are_dates_text = has_page_dates(out, &facts);
    how.takes_days = out->form == LEDE_HEAD_C && facts.days > 0;
    if (status == LEDE_OK && (how.month_first || how.is_dense ||
                              how.are_dates_text || how.takes_days)) {
        status = run_pass(input, context, how, out, &facts, err);
    }
    if (status != LEDE_OK || facts.keywords < 2 || count_form(out) >= 2) {
        return status;
    }
    is_lone = out->form != LEDE_HEAD_NONE;
    status =
        run_pass(input, context, (pass){.rejoined = true}, out, &facts, err);
    if (status != LEDE_OK || is_rejoined_page(out)) {
        return status;
    }
    out->form = LEDE_HEAD_NONE; /* a text that tells of times */
    return is_lone ? run_pass(input, context, how, out, &facts, err) : LEDE_OK;
}

/* Pages of the BBC have hidden words; without a site the form tells. */
static void decide_site(lede_live_survey *survey)
{
    bool has_site = survey->hints.site.len > 0;
    bool has_form = survey->form == LEDE_HEAD_A || survey->form == LEDE_HEAD_B;

    survey->is_bbc =
        has_site ? lede_words_is_bbc(survey->hints.site) : has_form;
    if (survey->is_bbc && survey->hints.default_zone == NULL) {
        survey->hints.default_zone = "Europe/London";
        survey->is_zone_assumed = !has_site && survey->form != LEDE_HEAD_B;
    }
}

/* Dates of the page without a zone are in that of its updates. */
static void settle_page_dates(lede_live_survey *survey)
{
    lede_when *const dates[] = {&survey->first_published,
                                &survey->last_modified, &survey->printed};
    const bool are_local[] = {survey->is_first_local, survey->is_last_local,
                              survey->is_printed_local};

    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        lede_when when;

        if (are_local[i] && dates[i]->precision >= LEDE_PRECISION_HOUR &&
            lede_when_make(&dates[i]->local, dates[i]->precision,
                           lede_span_text(survey->zone), &survey->hints,
                           &when)) {
            when.zone_text = lede_span_of(NULL, 0);
            when.text = lede_span_of(NULL, 0);
            *dates[i] = when;
        }
    }
}

lede_status lede_live_survey_run(lede_input *input,
                                 const lede_read_context *context,
                                 lede_live_survey *out, lede_error *err)
{
    lede_status status;

    *out = (lede_live_survey){0};
    status = find_heads(input, context, out, err);
    if (status == LEDE_OK && out->form == LEDE_HEAD_NONE) {
        status = LEDE_NOT_FOUND;
    }
    if (status != LEDE_OK) {
        lede_live_survey_done(out);
        return status;
    }
    keep_form(out);
    decide_titles(out);
    decide_site(out);
    settle_page_dates(out);
    lede_live_dates_resolve(out, context, lede_input_path(input));
    return LEDE_OK;
}
