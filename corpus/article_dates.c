#include "corpus/article_dates.h"

#include "corpus/years.h"

static bool is_set(const lede_when *when)
{
    return when->precision != LEDE_PRECISION_NONE;
}

static void civil_of(const lede_when *when, lede_civil *out)
{
    if (when->instant != LEDE_INSTANT_NONE &&
        when->precision >= LEDE_PRECISION_DAY) {
        lede_civil_from_instant(when->instant, when->offset_min * 60, out);
    }
}

/* Full dates in the text, for a head date without year. */
static void gather_text_dates(const lede_article_dates *with,
                              const lede_body *body, lede_years *years)
{
    for (uint32_t i = 0; i < body->count; i++) {
        lede_span text = body->blocks[i].text;
        size_t at = 0;
        size_t begin;
        size_t end;
        lede_when when;

        while (lede_date_find(text, at, with->hints, &begin, &end, &when)) {
            if (when.local.year != 0 && when.local.month != 0 &&
                when.local.day != 0) {
                lede_years_add_text_date(years, &when.local);
            }
            at = end > at ? end : at + 1;
        }
        lede_years_add_weekdays(years, text);
    }
}

static void infer_year(const lede_article_dates *with, lede_span url,
                       const lede_body *body, lede_when *when)
{
    const lede_read_options *options = with->context->options;
    lede_years years = {.year_max = with->hints->year_max};
    lede_year_source source;
    lede_when found;
    int32_t year;

    if (when->instant != LEDE_INSTANT_NONE || when->local.month == 0) {
        return;
    }
    civil_of(&with->context->published, &years.page);
    civil_of(&with->context->captured, &years.captured);
    if (url.len > 0 && lede_date_in_path(url, true, &found)) {
        years.url = found.local;
    }
    if (lede_date_in_path(lede_span_text(with->path), false, &found)) {
        years.name = found.local;
    }
    if (options != NULL) {
        years.option = options->year;
        if (options->mtime != 0 && options->mtime != LEDE_INSTANT_NONE &&
            !options->mtime_is_copy) {
            lede_civil_from_instant(options->mtime, 0, &years.mtime);
        }
    }
    gather_text_dates(with, body, &years);
    if (lede_years_choose(&years, &when->local, &when->local, &year, &source)) {
        lede_when_set_year(when, year, source, with->hints);
    }
}

void lede_article_dates_settle(const lede_article_dates *with,
                               const lede_article_head *head,
                               const lede_body *body, lede_entry *entry,
                               lede_reasons *reasons)
{
    lede_span url = with->context->url.len > 0 ? with->context->url : head->url;
    const char *from = is_set(&head->published)
                           ? "a line at the head of the text"
                           : "the dateline";
    lede_when found;

    entry->published =
        is_set(&head->published) ? head->published : head->dateline;
    infer_year(with, url, body, &entry->published);
    if (is_set(&with->context->published)) {
        entry->published = with->context->published;
        from = "the record it came in";
    }
    if (!is_set(&entry->published)) {
        if (url.len > 0 && lede_date_in_path(url, true, &found)) {
            entry->published = found;
            from = "the address";
        } else if (!with->is_in_record &&
                   lede_date_in_path(lede_span_text(with->path), false,
                                     &found)) {
            entry->published = found;
            from = "the name of the file";
        }
    }
    lede_reasons_set(reasons, LEDE_REASON_PUBLISHED, from);
    lede_reasons_set(reasons, LEDE_REASON_UPDATED,
                     "a line at the head of the text");
    lede_reasons_set(reasons, LEDE_REASON_CAPTURED,
                     is_set(&with->context->captured)
                         ? "the record it came in"
                         : "a line at the head of the text");
    entry->updated = head->updated;
    infer_year(with, url, body, &entry->updated);
    entry->captured = is_set(&with->context->captured) ? with->context->captured
                                                       : head->captured;
}
