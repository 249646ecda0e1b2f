/* live_text.c - live pages as text.
 *
 * Two passes: live_survey.c finds the heads and what the page says of its
 * dates; here, in the second, each update is gathered from its head to the
 * next, read (live_entry.c) and handed on, so that memory holds one update. */
#include "corpus/format.h"

#include "corpus/entry_parts.h"
#include "corpus/live_claims.h"
#include "corpus/live_entry.h"
#include "corpus/live_lines.h"
#include "corpus/live_preamble.h"
#include "corpus/live_survey.h"
#include "corpus/live_when.h"
#include "corpus/page_words.h"
#include "corpus/reasons.h"
#include "corpus/text_match.h"

/* Of the media at the head of a page, which every entry of it carries. */
enum { PAGE_MEDIA_MOST = 32, PAGE_MEDIA_BYTES = 16 << 10 };

typedef struct emitter {
    const lede_read_context *context;
    const lede_live_survey *survey;
    const lede_sink *sink;
    lede_input *input;
    lede_page page;
    lede_arena of_page; /* its title and media, when they come from the text */
    lede_buf carried;   /* a label before a head, for the next update */
    bool is_open;       /* page_begin was called */

    lede_arena arena; /* of the update at hand */
    lede_text_gather text;
    uint32_t next;  /* the next head of the survey */
    bool in_update; /* else in the preamble */
    bool in_head;   /* between the first line of the head and the last */
    uint32_t repaired;
    uint64_t all_repaired; /* in all updates */
    lede_entry entry;
    lede_head head;
    lede_span when_text;
    bool has_g_date;
    bool ended; /* the last line was */
} emitter;

static const lede_when *captured_of(const emitter *e)
{
    return &e->context->captured;
}

static bool is_in_record(const emitter *e)
{
    const lede_read_context *context = e->context;

    return (context->location != NULL && context->location[0] != '\0') ||
           context->url.len > 0 || context->title.len > 0;
}

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "live text: out of memory");
}

static void note(const emitter *e, const char *what)
{
    if (e->sink->note != NULL) {
        const char *location = e->context->location;

        e->sink->note(e->sink->ctx, location == NULL ? "" : location, what);
    }
}

/* An empty entry of this page, in a cleared arena. */
static void begin_entry(emitter *e)
{
    lede_arena_clear(&e->arena);
    e->text =
        (lede_text_gather){.arena = &e->arena, .is_dense = e->survey->is_dense};
    e->repaired = 0;
    e->head = (lede_head){0};
    e->when_text = lede_span_of(NULL, 0);
    e->has_g_date = false;
    lede_entry_init(&e->entry);
    e->entry.captured = e->context->captured.precision == LEDE_PRECISION_NONE
                            ? lede_when_none()
                            : e->context->captured;
    e->entry.page_url = e->context->url;
    e->entry.page_title = e->page.title;
    e->entry.page_media = e->page.media;
    e->entry.page_media_count = e->page.media_count;
    e->entry.source =
        e->context->source.len > 0 ? e->context->source : e->context->site;
    e->entry.lang = e->context->language;
    if (e->entry.lang.len == 0 && e->context->options != NULL) {
        e->entry.lang = lede_span_text(e->context->options->default_language);
    }
}

/* Where headline and time were found, for people. */
static bool tell_reasons(emitter *e)
{
    lede_reasons reasons = {0};
    char form[] = "the head of the update (form A)";

    if (e->context->options == NULL || !e->context->options->explains) {
        return true;
    }
    lede_reasons_set(&reasons, LEDE_REASON_TEXT, "below the head");
    lede_reasons_set(&reasons, LEDE_REASON_AUTHORS, "a byline");
    lede_reasons_set(&reasons, LEDE_REASON_CAPTURED, "what it came in");
    if (e->entry.kind == LEDE_KIND_LIVE_SUMMARY) {
        lede_reasons_set(&reasons, LEDE_REASON_TEXT, "above the updates");
        lede_reasons_set(&reasons, LEDE_REASON_HEADLINE, "the page's title");
        lede_reasons_set(&reasons, LEDE_REASON_PUBLISHED, "the newest update");
    } else {
        form[sizeof form - 3] = (char)('A' + (e->survey->form - LEDE_HEAD_A));
        lede_reasons_set(&reasons, LEDE_REASON_HEADLINE,
                         e->survey->form == LEDE_HEAD_A ||
                                 e->survey->form == LEDE_HEAD_G
                             ? "the head of the update"
                             : "a line next to the update's head");
        lede_reasons_set(&reasons, LEDE_REASON_PUBLISHED, form);
        lede_reasons_set(&reasons, LEDE_REASON_UPDATED, "the update's end");
    }
    return lede_reasons_tell(&reasons, &e->arena, &e->entry);
}

static lede_status give(emitter *e, lede_error *err)
{
    const char *location = e->context->location;

    if (e->text.is_full) {
        note(e, "an update is too long: the rest of it was left out");
    }
    if (e->repaired > 0) {
        e->entry.flags |= LEDE_FLAG_BAD_BYTES;
    }
    e->entry.flags |= lede_when_flags(&e->entry.published);
    if (!tell_reasons(e)) {
        return no_memory(err);
    }
    return e->sink->entry(e->sink->ctx, &e->entry,
                          location == NULL ? "" : location, err);
}

/* The preamble. ---------------------------------------------------------- */

/* When the newest update was: a summary above it is as of then. */
static bool set_newest_when(emitter *e, lede_when *out)
{
    const lede_live_survey *survey = e->survey;
    const lede_live_head *head =
        &survey->heads[survey->newest_first ? 0 : survey->count - 1];
    lede_head_time time = {
        .local = head->local,
        .precision =
            head->has_clock ? LEDE_PRECISION_MINUTE : LEDE_PRECISION_DAY,
        .has_clock = head->has_clock,
        .is_relative = head->is_relative,
        .ago_s = head->ago_s,
    };

    if (!head->has_year) {
        time.local.year = 0;
    }
    memcpy(time.zone, survey->zone, sizeof time.zone);
    return lede_live_when_make(survey, captured_of(e), &head->local, &time,
                               lede_span_of(NULL, 0), &e->arena, out);
}

static lede_status give_summary(emitter *e, const lede_live_preamble *preamble,
                                lede_error *err)
{
    lede_entry *entry = &e->entry;

    entry->kind = LEDE_KIND_LIVE_SUMMARY;
    entry->page_title = e->page.title;
    entry->page_media = e->page.media;
    entry->page_media_count = e->page.media_count;
    entry->headline = e->page.title;
    entry->body = preamble->body.blocks;
    entry->block_count = preamble->body.count;
    entry->authors = preamble->authors.items;
    entry->author_count = preamble->authors.count;
    entry->media = preamble->media.items;
    entry->media_count = preamble->media.count;
    if (!lede_entry_add_label(entry, &e->arena, lede_span_text("Summary")) ||
        !set_newest_when(e, &entry->published)) {
        return no_memory(err);
    }
    lede_entry_derive_headline(entry);
    return give(e, err);
}

static size_t media_bytes(const lede_media *media)
{
    return media->alt.len + media->caption.len + media->credit.len +
           media->url.len;
}

/* Copies the media at the head of the page, as many as fit. */
static bool keep_page_media(emitter *e, const lede_media_list *list)
{
    lede_arena *arena = &e->of_page;
    size_t left = PAGE_MEDIA_BYTES;
    lede_media *kept;

    if (list->count == 0) {
        return true;
    }
    kept = lede_arena_array(arena, PAGE_MEDIA_MOST, sizeof *kept);
    if (kept == NULL) {
        return false;
    }
    e->page.media = kept;
    for (uint32_t i = 0; i < list->count; i++) {
        const lede_media *from = &list->items[i];

        if (e->page.media_count == PAGE_MEDIA_MOST ||
            media_bytes(from) > left) {
            note(e, "not all media at the head of the page are kept");
            break;
        }
        left -= media_bytes(from);
        *kept = (lede_media){from->type, lede_arena_copy(arena, from->alt),
                             lede_arena_copy(arena, from->caption),
                             lede_arena_copy(arena, from->credit),
                             lede_arena_copy(arena, from->url)};
        if (kept->alt.bytes == NULL || kept->caption.bytes == NULL ||
            kept->credit.bytes == NULL || kept->url.bytes == NULL) {
            return false;
        }
        kept++;
        e->page.media_count++;
    }
    return true;
}

static lede_status open_page(emitter *e, lede_error *err)
{
    static const char *const formats[LEDE_HEAD_FORMS] = {
        "live text",   "live text A", "live text B", "live text C",
        "live text D", "live text E", "live text F", "live text G",
        "live text H", "live text I", "live text J"};
    lede_live_preamble preamble;
    lede_status status;

    lede_live_preamble_read(&e->text, e->survey, &preamble);
    if (e->page.title.len == 0) {
        e->page.title = lede_arena_copy(&e->of_page, preamble.title);
        preamble.failed |= e->page.title.bytes == NULL;
    }
    if (preamble.failed || !keep_page_media(e, &preamble.media)) {
        return no_memory(err);
    }
    if (e->text.is_full && !preamble.has_summary) {
        note(e, "what stands above the updates is too long: the rest of it "
                "was left out");
    }
    e->page.format = formats[e->survey->form];
    status = e->sink->page_begin(e->sink->ctx, &e->page, err);
    if (status != LEDE_OK) {
        return status;
    }
    return preamble.has_summary ? give_summary(e, &preamble, err) : LEDE_OK;
}

/* Updates. --------------------------------------------------------------- */

static lede_live_title title_rule(const emitter *e)
{
    const lede_live_survey *survey = e->survey;
    const lede_live_head *head = &survey->heads[e->next - 1];

    switch (survey->form) {
    case LEDE_HEAD_A:
    case LEDE_HEAD_G:
    case LEDE_HEAD_J:
        return LEDE_LIVE_TITLE_ON_HEAD;
    case LEDE_HEAD_B:
        return LEDE_LIVE_TITLE_ALWAYS;
    default:
        break;
    }
    if (survey->title_before) {
        return LEDE_LIVE_TITLE_ON_HEAD;
    }
    if (head->first != LEDE_LIVE_FIRST_NONE &&
        head->gap >= survey->min_gap + 2) {
        return LEDE_LIVE_TITLE_NEVER; /* its place is there, and empty */
    }
    return survey->is_titled ? LEDE_LIVE_TITLE_OFTEN : LEDE_LIVE_TITLE_SELDOM;
}

/* A label in the last block is the next update's: pages of forms C to F print
 * it above the time. */
static void carry_label(emitter *e)
{
    lede_text_gather *text = &e->text;
    lede_text_block *block;

    lede_buf_clear(&e->carried);
    if (text->count == 0 || e->next >= e->survey->count ||
        ((e->survey->form < LEDE_HEAD_C || e->survey->form > LEDE_HEAD_F) &&
         e->survey->form != LEDE_HEAD_I)) {
        return;
    }
    block = &text->blocks[text->count - 1];
    if (block->line_count == 1 && lede_words_is_flag_label(block->lines[0])) {
        lede_buf_put_span(&e->carried, block->lines[0]);
        text->count--;
    }
}

static bool set_updated(emitter *e, const lede_live_head *head,
                        const lede_live_found *found)
{
    lede_civil known = head->local;
    lede_head_time time = found->updated;
    int apart = (time.local.hour - e->head.time.local.hour) * 60 +
                time.local.minute - e->head.time.local.minute;

    if (time.local.month == 0 && known.month != 0 && known.year != 0 &&
        apart < 0) {
        lede_civil next;

        lede_civil_from_days(
            lede_days_from_civil(known.year, known.month, known.day) + 1,
            &next);
        known.year = next.year;
        known.month = next.month;
        known.day = next.day;
    }
    return lede_live_when_make(e->survey, captured_of(e), &known, &time,
                               lede_span_of(NULL, 0), &e->arena,
                               &e->entry.updated);
}

static lede_status finish_update(emitter *e, bool is_last, bool is_cut,
                                 lede_error *err)
{
    const lede_live_survey *survey = e->survey;
    const lede_live_head *head = &survey->heads[e->next - 1];
    lede_entry *entry = &e->entry;
    lede_live_entry_rules rules = {
        .title = title_rule(e),
        .is_stacked = survey->is_stacked,
        .has_names = survey->form == LEDE_HEAD_E,
        .is_bbc = survey->is_bbc,
        .hints = &survey->hints,
    };
    lede_live_found found;
    lede_status status;

    carry_label(e);
    entry->kind = LEDE_KIND_LIVE_UPDATE;
    entry->ordinal = head->ordinal;
    entry->rank_from_bottom =
        survey->newest_first ? survey->count - e->next + 1 : e->next;
    status = lede_live_entry_fill(&e->text, &rules, entry, &found, err);
    if (status != LEDE_OK) {
        return status;
    }
    if (!lede_live_when_make(survey, captured_of(e), &head->local,
                             &e->head.time, e->when_text, &e->arena,
                             &entry->published) ||
        (found.has_updated && !set_updated(e, head, &found))) {
        return no_memory(err);
    }
    if (head->is_damaged) {
        entry->flags |= LEDE_FLAG_BAD_BYTES;
    }
    if (is_last && (is_cut || (!e->ended && !is_in_record(e) &&
                               (found.ends_open || head->is_damaged)))) {
        entry->flags |= LEDE_FLAG_TRUNCATED;
        entry->flags &= e->repaired > 0 ? ~0u : ~(uint32_t)LEDE_FLAG_BAD_BYTES;
    }
    lede_entry_derive_headline(entry);
    return give(e, err);
}

/* Without what is left of "published at ...". */
static lede_span without_trace(lede_span text)
{
    size_t at = lede_match_find_last(text, "publ");

    if (at == LEDE_MATCH_NONE) {
        at = lede_match_find_last(text, "ished at");
    }
    return at == LEDE_MATCH_NONE ? text
                                 : lede_match_trim(lede_span_part(text, 0, at));
}

/* Takes the name from the end of the line, where the page has names there. */
static bool read_signed(emitter *e, lede_span *headline)
{
    lede_span name = e->head.author;
    lede_span text = *headline;
    lede_author *author;

    if (name.len == 0 && (!e->survey->is_signed ||
                          !lede_head_parse_signed(*headline, &text, &name))) {
        return true;
    }
    author = lede_arena_array(&e->arena, 1, sizeof *author);
    if (author == NULL) {
        return false;
    }
    author->name = lede_arena_copy(&e->arena, name);
    e->entry.authors = author;
    e->entry.author_count = 1;
    *headline = text;
    return author->name.bytes != NULL;
}

/* Reads the head's line again, now for what it says. */
static bool read_head_line(emitter *e, const lede_live_line *line)
{
    const lede_live_head *head = &e->survey->heads[e->next - 1];
    lede_span text = lede_span_part(line->text, head->begin, line->text.len);
    lede_head *out = &e->head;
    lede_span headline;

    if (!(head->is_damaged && head->form != LEDE_HEAD_A &&
          lede_head_parse_mended(text, &e->survey->hints, out)) &&
        !lede_head_parse(text, &e->survey->hints, out) &&
        !lede_head_parse_cut(text, &e->survey->hints, out)) {
        uint32_t ordinal;

        *out = (lede_head){.form = LEDE_HEAD_A, .is_damaged = true};
        if (lede_head_parse_number(text, &ordinal, &out->headline)) {
            out->headline = without_trace(out->headline);
        }
    }
    if (out->is_damaged && out->time.zone[0] == '\0') {
        memcpy(out->time.zone, e->survey->zone, sizeof out->time.zone);
    }
    headline = out->headline;
    if (!read_signed(e, &headline)) {
        return false;
    }
    if (out->form == LEDE_HEAD_J) {
        if (lede_match_ends_in(headline, ".", false)) {
            /* All of the update is in the line. */
            lede_text_gather_add(&e->text, headline, true);
            lede_text_gather_end_block(&e->text);
            headline = lede_span_of(NULL, 0);
        }
    }
    if (e->survey->rejoined) {
        size_t label = lede_words_leading_label(headline);

        if (!lede_entry_add_label(&e->entry, &e->arena,
                                  lede_span_part(headline, 0, label))) {
            return false;
        }
        headline =
            lede_match_trim(lede_span_part(headline, label, headline.len));
    }
    if (headline.len > 0) {
        lede_span lines[2] = {e->entry.headline, headline};
        lede_text_block block = {lines, 2};

        e->entry.headline = lines[0].len == 0
                                ? lede_arena_copy(&e->arena, headline)
                                : lede_block_join(&block, 0, 2, &e->arena);
        if (e->entry.headline.bytes == NULL) {
            return false;
        }
    }
    out->headline = e->entry.headline;
    e->when_text = lede_arena_copy(
        &e->arena,
        lede_span_part(text, out->time.begin, out->time.end - out->time.begin));
    return e->when_text.bytes != NULL;
}

/* A line of a head before the one that has its time: its label or headline. */
static bool read_line_before_head(emitter *e, lede_span line)
{
    uint32_t ordinal;
    lede_span label;
    lede_span text = lede_match_trim(line);

    if (text.len == 0) {
        return true;
    }
    if (e->survey->heads[e->next - 1].is_broken &&
        lede_head_parse_number(line, &ordinal, &text)) {
        e->entry.headline = lede_arena_copy(&e->arena, text);
        return e->entry.headline.bytes != NULL;
    }
    if (e->survey->title_before) {
        if (e->entry.headline.len == 0) {
            e->entry.headline = lede_arena_copy(&e->arena, text);
        }
        return e->entry.headline.bytes != NULL;
    }
    return !lede_head_parse_label(line, &ordinal, &label) ||
           lede_entry_add_label(&e->entry, &e->arena, label);
}

static void add_line(emitter *e, const lede_live_line *line, lede_span text)
{
    e->repaired += line->repaired;
    if (e->in_update && e->survey->form == LEDE_HEAD_G && e->text.count <= 1) {
        lede_head_time time;

        if (!e->has_g_date &&
            lede_live_doubled_day(text, &e->survey->hints, &time)) {
            e->has_g_date = true;
            e->head.time = time;
            e->when_text = lede_arena_copy(&e->arena, lede_match_trim(text));
            e->text.failed |= e->when_text.bytes == NULL;
            return;
        }
        if (e->text.count == 0 &&
            lede_span_equal(lede_match_trim(text), e->entry.headline)) {
            return; /* printed twice */
        }
    }
    lede_text_gather_add(&e->text, text, line->ended);
}

static lede_status finish_part(emitter *e, bool is_last, bool is_cut,
                               lede_error *err)
{
    return e->in_update ? finish_update(e, is_last, is_cut, err)
                        : open_page(e, err);
}

static lede_status on_line(emitter *e, const lede_live_line *line,
                           lede_error *err)
{
    const lede_live_survey *survey = e->survey;
    const lede_live_head *head =
        e->next < survey->count ? &survey->heads[e->next] : NULL;
    lede_status status = LEDE_OK;

    if (head != NULL && line->number == head->line) {
        if (head->begin > 0) {
            add_line(e, line, lede_span_part(line->text, 0, head->begin));
        }
        status = finish_part(e, false, false, err);
        if (status != LEDE_OK) {
            return status;
        }
        begin_entry(e);
        e->in_update = true;
        e->in_head = true;
        e->next++;
        if (e->carried.len > 0 &&
            !lede_entry_add_label(&e->entry, &e->arena,
                                  lede_buf_span(&e->carried))) {
            return no_memory(err);
        }
    }
    if (!e->in_head) {
        add_line(e, line, line->text);
        return e->text.failed ? no_memory(err) : LEDE_OK;
    }
    e->repaired += line->repaired;
    head = &survey->heads[e->next - 1];
    if (line->number < head->head_line) {
        return read_line_before_head(e, line->text) ? LEDE_OK : no_memory(err);
    }
    e->in_head = false;
    return read_head_line(e, line) ? LEDE_OK : no_memory(err);
}

static lede_status emit(emitter *e, lede_error *err)
{
    const lede_read_options *options = e->context->options;
    const volatile int *stop = options == NULL ? NULL : options->stop;
    lede_live_lines *lines = NULL;
    lede_live_line line;
    const char *failure;
    lede_status status = lede_live_lines_new(e->input, e->survey->rejoined,
                                             &e->survey->hints, &lines, err);

    begin_entry(e);
    while (status == LEDE_OK) {
        status = lede_live_lines_next(lines, &line, err);
        if (status != LEDE_OK) {
            break;
        }
        e->ended = line.ended;
        e->all_repaired += line.repaired;
        status = on_line(e, &line, err);
        if (status == LEDE_OK && stop != NULL && *stop != 0) {
            status = lede_fail(err, LEDE_INTERRUPTED, "interrupted");
        }
    }
    if (status == LEDE_END) {
        failure = lede_live_lines_failure(lines);
        if (failure != NULL) {
            note(e, failure);
        }
        status = finish_part(e, true, failure != NULL, err);
    }
    if (status == LEDE_OK) {
        lede_note_repaired(e->sink, e->context->location, e->all_repaired);
        status = e->sink->page_end(e->sink->ctx, err);
    }
    lede_live_lines_free(lines);
    return status;
}

static lede_status read_live(lede_input *input,
                             const lede_read_context *context,
                             const lede_sink *sink, lede_error *err)
{
    lede_live_survey survey = {0};
    emitter e = {
        .context = context, .survey = &survey, .sink = sink, .input = input};
    lede_status status = lede_live_survey_run(input, context, &survey, err);

    if (status == LEDE_NOT_FOUND) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "this is no live page: it has no heads of updates");
    }
    if (status != LEDE_OK) {
        return status;
    }
    e.page = (lede_page){
        .url = context->url,
        .title = context->title,
        .site = survey.hints.site,
        .is_live = true,
        .captured = context->captured.precision == LEDE_PRECISION_NONE
                        ? lede_when_none()
                        : context->captured,
        .updated = survey.last_modified,
    };
    status = emit(&e, err);
    lede_arena_done(&e.arena);
    lede_arena_done(&e.of_page);
    lede_buf_done(&e.carried);
    lede_live_survey_done(&survey);
    return status;
}

const lede_format lede_format_live_text = {"live text", lede_live_claims,
                                           read_live};
