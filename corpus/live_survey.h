/* live_survey.h - "what kind of live page is this, and where are its heads?"
 *
 * The first pass over a live page: it finds the heads, decides which form the
 * page has (one page has one form; lines of others are body), whether it is
 * numbered, titled, newest first, and gathers the evidence for the year. Heads
 * that lost bytes are recovered by their numbers. What it keeps is some bytes
 * per head, whatever the size of the page.
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_CORPUS_LIVE_SURVEY_H
#define LEDE_CORPUS_LIVE_SURVEY_H

#include "corpus/format.h"
#include "corpus/live_heads.h"
#include "corpus/years.h"

enum { LEDE_LIVE_MAX_HEADS = 1000000 };

typedef struct lede_live_head {
    uint64_t line;      /* where the update begins: its label or title */
    uint64_t head_line; /* where its head stands */
    uint32_t begin;     /* byte of that line where the head begins */
    uint32_t ordinal;   /* 0 = none */
    lede_civil local;   /* filled in by lede_live_dates_resolve */
    int32_t ago_s;
    uint8_t form;    /* lede_head_form */
    uint8_t weekday; /* printed with the day: 1 Monday to 7; 0 = none */
    bool has_clock, has_day, has_year, is_relative, is_damaged;
    bool is_broken;   /* that line is the beginning of the headline */
    bool has_text;    /* something stands between it and the head before */
    bool is_counted;  /* it speaks for its form */
    bool is_stacked;  /* its headline stands right on its text */
    bool is_signed;   /* form J: its line ends in a name */
    bool is_joined;   /* its number stands with a label on a line before it */
    uint8_t gap;      /* blank lines behind it */
    uint8_t first;    /* lede_live_first: the block behind it */
    bool is_followed; /* another block comes behind that one */
    uint32_t back; /* lines up to a one-line block just before it, 0 = none */
} lede_live_head;

typedef enum lede_live_first {
    LEDE_LIVE_FIRST_NONE = 0,
    LEDE_LIVE_FIRST_SHORT, /* could be a headline */
    LEDE_LIVE_FIRST_LONG,
    LEDE_LIVE_FIRST_BYLINE
} lede_live_first;

typedef struct lede_live_survey {
    lede_live_head *heads; /* of the page's form, in the order of the file */
    uint32_t count, room;
    lede_head_form form;
    bool rejoined; /* line breaks were lost: see live_lines.h */
    bool newest_first;
    bool is_numbered;    /* most heads have a number */
    bool is_titled;      /* forms C to F, I: the first block is a headline */
    bool is_stacked;     /* the same: the first line of that block is */
    bool is_signed;      /* form J: names stand at the end of the line */
    bool title_before;   /* form H: the headline stands before the head */
    bool is_dense;       /* no blank lines between paragraphs */
    bool are_dates_text; /* lines of forms D and E are no heads */
    bool takes_days;     /* form C: a time with a day is a head like others */
    bool is_bbc;
    bool is_zone_assumed; /* the default zone is a guess */
    uint8_t min_gap;

    lede_date_hints hints;
    char zone[LEDE_HEAD_ZONE_BYTES]; /* as most heads print it */
    lede_year_source year_source;    /* of heads that print none */
    bool is_first_local, is_last_local, is_printed_local; /* without a zone */
    lede_when first_published, last_modified; /* of the page's furniture */
    lede_when printed; /* a date and time without a word: one of these two */
    lede_years years;
    uint64_t lines, blank_lines;
} lede_live_survey;

/* Surveys the whole input. LEDE_NOT_FOUND: not a live page. The hints' site is
 * lent from `context`. */
lede_status lede_live_survey_run(lede_input *input,
                                 const lede_read_context *context,
                                 lede_live_survey *out, lede_error *err);
void lede_live_survey_done(lede_live_survey *survey);

/* live_page_dates.c: a line that gives the page's own date: "First published on
 * Fri 19 Feb 2021 17.20 GMT", or, if `bare`, a full date alone. */
bool lede_live_furniture_date(lede_span line, bool bare,
                              const lede_date_hints *hints, bool *is_first,
                              lede_when *out);

/* "04/02/2025April 2, 2025": the day of a line that may print it twice. */
bool lede_live_doubled_day(lede_span line, const lede_date_hints *hints,
                           lede_head_time *out);

/* live_dates.c: gives every head its day and year, as far as they can be told,
 * and decides newest_first. */
void lede_live_dates_resolve(lede_live_survey *survey,
                             const lede_read_context *context,
                             const char *path);

#endif
