/* article_text.c - plain articles as text.
 *
 * The format that takes whatever text no other claims. A first pass counts
 * separators (article_split.h); the second gathers one article at a time, reads
 * its head (article_head.h) and gives the rest as body. */
#include "base/utf8.h"
#include "corpus/article_dates.h"
#include "corpus/article_head.h"
#include "corpus/article_parts.h"
#include "corpus/article_split.h"
#include "corpus/entry_parts.h"
#include "corpus/format.h"
#include "corpus/page_words.h"
#include "corpus/text_gather.h"
#include "corpus/text_match.h"

#include <stdio.h>
#include <time.h>

enum { SUBHEAD_CHARS = 80, SUBHEAD_WORDS = 12 };

typedef struct article_reader {
    const lede_read_context *context;
    const lede_sink *sink;
    const char *path;
    lede_date_hints hints;
    lede_separator separator;
    bool is_failed_input; /* it ended early */

    lede_arena arena;
    lede_text_gather text;
    lede_span accession;
    uint64_t first_line; /* of the article at hand; 0 = none yet */
    uint32_t repaired;
    uint64_t all_repaired; /* in all articles */
    size_t last_indent;
    bool last_was_bullet;
    bool is_open; /* page_begin was called */
    uint64_t given;
} article_reader;

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "article text: out of memory");
}

static bool is_in_record(const lede_read_context *context)
{
    return (context->location != NULL && context->location[0] != '\0') ||
           context->url.len > 0 || context->title.len > 0;
}

/* Units. ------------------------------------------------------------------ */

typedef struct units {
    lede_article_unit *items;
    size_t count;
} units;

static bool add_unit(units *all, const lede_text_block *block, uint32_t from,
                     uint32_t end, lede_arena *arena)
{
    lede_span text = lede_block_join(block, from, end, arena);

    if (text.bytes == NULL) {
        return false;
    }
    all->items[all->count++] =
        (lede_article_unit){.text = text,
                            .is_first = from == 0,
                            .is_last = end == block->line_count,
                            .is_joined = end - from > 1};
    return true;
}

/* Lines about the text: an address may be as long as a line is wide. */
static bool has_address(const lede_text_block *block)
{
    for (uint32_t i = 0; i < block->line_count; i++) {
        if (lede_article_is_address(block->lines[i])) {
            return true;
        }
    }
    return false;
}

/* One unit per paragraph: per line, or per wrapped run of lines. */
static bool add_block(units *all, const lede_text_block *block,
                      lede_arena *arena)
{
    lede_text_block rest = {block->lines + 1, block->line_count - 1};
    bool is_head = all->count == 0 && has_address(block);
    bool is_wrapped = !is_head && lede_block_is_wrapped(block);
    bool rest_wrapped = !is_head && !is_wrapped && rest.line_count > 1 &&
                        lede_block_is_wrapped(&rest);

    for (uint32_t i = 0; i < block->line_count;) {
        uint32_t end = i + 1;

        while (end < block->line_count &&
               (is_wrapped || (rest_wrapped && i > 0)) &&
               lede_bullet_len(block->lines[end]) == 0 &&
               !lede_is_numbered_item(block->lines[end])) {
            end++;
        }
        if (!add_unit(all, block, i, end, arena)) {
            return false;
        }
        i = end;
    }
    return true;
}

static bool make_units(article_reader *r, units *all)
{
    size_t lines = 0;

    for (uint32_t i = 0; i < r->text.count; i++) {
        lines += r->text.blocks[i].line_count;
    }
    all->items = lede_arena_array(&r->arena, lines + 1, sizeof *all->items);
    if (all->items == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < r->text.count; i++) {
        if (!add_block(all, &r->text.blocks[i], &r->arena)) {
            return false;
        }
    }
    return true;
}

/* Body. -------------------------------------------------------------------- */

/* A short line of its own, before a paragraph. */
static bool is_subhead(const units *all, size_t at)
{
    const lede_article_unit *unit = &all->items[at];

    return unit->is_first && unit->is_last && !unit->is_joined &&
           lede_utf8_count(unit->text) <= SUBHEAD_CHARS &&
           lede_match_word_count(unit->text) <= SUBHEAD_WORDS &&
           !lede_match_ends_in(unit->text, ".!?:;,\"')", true) &&
           lede_match_starts_upper(unit->text) && at + 1 < all->count &&
           lede_utf8_count(all->items[at + 1].text) > SUBHEAD_CHARS;
}

/* "## Words": how many bytes the marks take. */
static size_t heading_marks(lede_span text)
{
    size_t len = 0;

    while (len < text.len && text.bytes[len] == '#') {
        len++;
    }
    return len > 0 && len <= 6 && lede_match_blank(text, len) != 0 ? len : 0;
}

static bool is_quote(lede_span text)
{
    return text.len > 1 && text.bytes[0] == '>' &&
           lede_match_blank(text, 1) != 0;
}

static void add_body(lede_body *body, lede_arena *arena, const units *all)
{
    for (size_t i = 0; i < all->count; i++) {
        lede_span text = all->items[i].text;
        lede_block_type type = LEDE_BLOCK_P;
        size_t skip = 0;

        if (all->items[i].is_used) {
            continue;
        }
        if (lede_bullet_len(text) > 0) {
            skip = lede_bullet_len(text);
            type = LEDE_BLOCK_LI;
        } else if (heading_marks(text) > 0) {
            skip = heading_marks(text);
            type = LEDE_BLOCK_HEADING;
        } else if (is_quote(text)) {
            skip = 1;
            type = LEDE_BLOCK_QUOTE;
        } else if (lede_is_numbered_item(text)) {
            type = LEDE_BLOCK_LI;
        } else if (is_subhead(all, i)) {
            type = LEDE_BLOCK_HEADING;
        }
        lede_body_add(body, arena, type, lede_span_part(text, skip, text.len));
    }
}

/* "... [+6534 chars]": a dump of teasers. */
static bool is_stub(const lede_body *body)
{
    lede_span text;
    size_t at;

    if (body->count == 0) {
        return false;
    }
    text = body->blocks[body->count - 1].text;
    at = lede_match_find_last(text, "[+");
    return at != LEDE_MATCH_NONE && lede_match_ends(text, " chars]");
}

/* Articles. -----------------------------------------------------------------
 */

static lede_span either(lede_span first, lede_span second)
{
    return first.len > 0 ? first : second;
}

/* Where it was reported from, and by which agency. */
static void settle_authors(lede_article_head *head, lede_entry *entry)
{
    lede_span none = {NULL, 0};

    if (head->authors.count == 0 && head->agency.len > 0) {
        lede_authors_add(&head->authors, head->arena, head->agency, none,
                         head->location);
    }
    for (uint32_t i = 0; i < head->authors.count; i++) {
        if (head->authors.items[i].location.len == 0) {
            head->authors.items[i].location = head->location;
        }
    }
    entry->authors = head->authors.items;
    entry->author_count = head->authors.count;
}

static void fill_entry(article_reader *r, lede_article_head *head,
                       const lede_body *body, lede_entry *entry,
                       lede_reasons *reasons)
{
    const lede_read_context *context = r->context;
    lede_article_dates dates = {context, &r->hints, r->path,
                                is_in_record(context)};

    lede_entry_init(entry);
    entry->kind = LEDE_KIND_ARTICLE;
    entry->native_id = r->accession;
    entry->headline = head->headline;
    entry->deck = head->deck;
    entry->url = either(context->url, head->url);
    entry->page_url = entry->url;
    entry->source =
        either(either(context->source, context->site),
               either(head->source,
                      either(head->agency, lede_words_host(entry->url))));
    entry->section = head->section;
    entry->lang = either(context->language, head->lang);
    if (entry->lang.len == 0 && context->options != NULL) {
        entry->lang = lede_span_text(context->options->default_language);
    }
    entry->labels = head->labels;
    entry->label_count = head->label_count;
    entry->tags = head->tags;
    entry->tag_count = head->tag_count;
    entry->body = body->blocks;
    entry->block_count = body->count;
    settle_authors(head, entry);
    lede_article_dates_settle(&dates, head, body, entry, reasons);
}

static lede_status give(article_reader *r, lede_entry *entry, lede_error *err)
{
    char line[48] = "";
    const char *location = r->context->location;
    lede_status status = LEDE_OK;

    if (!r->is_open) {
        lede_page page = {.url = r->context->url,
                          .title = r->context->title,
                          .site = r->context->site,
                          .format = "article text",
                          .captured = lede_when_none(),
                          .updated = lede_when_none()};

        status = r->sink->page_begin(r->sink->ctx, &page, err);
        if (status != LEDE_OK) {
            return status;
        }
        r->is_open = true;
    }
    if (location == NULL || location[0] == '\0') {
        if (r->separator != LEDE_SEPARATOR_NONE) {
            snprintf(line, sizeof line, "#line=%llu",
                     (unsigned long long)r->first_line);
        }
        location = line;
    }
    r->given++;
    return r->sink->entry(r->sink->ctx, entry, location, err);
}

static void note(const article_reader *r, const char *what)
{
    if (r->sink->note != NULL) {
        const char *location = r->context->location;

        r->sink->note(r->sink->ctx, location == NULL ? "" : location, what);
    }
}

/* A line of hyphens or a number of pages is no article. */
static bool has_words(const units *all)
{
    for (size_t i = 0; i < all->count; i++) {
        lede_span text = all->items[i].text;

        for (size_t at = 0; at < text.len; at++) {
            uint8_t c = text.bytes[at];

            if (c >= 0x80 || (c >= '0' && c <= '9') ||
                ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')) {
                return true;
            }
        }
    }
    return false;
}

static lede_status finish_article(article_reader *r, bool is_last,
                                  bool was_ended, lede_error *err)
{
    lede_article_head head = {.arena = &r->arena,
                              .hints = &r->hints,
                              .published = lede_when_none(),
                              .updated = lede_when_none(),
                              .captured = lede_when_none(),
                              .dateline = lede_when_none()};
    units all = {NULL, 0};
    lede_body body = {0};
    lede_reasons reasons = {0};
    lede_entry entry;

    if (r->text.failed || !make_units(r, &all)) {
        return no_memory(err);
    }
    if (!has_words(&all)) {
        return LEDE_OK;
    }
    lede_article_head_read(all.items, all.count, r->context->title, &head);
    add_body(&body, &r->arena, &all);
    if (head.failed || body.failed) {
        return no_memory(err);
    }
    fill_entry(r, &head, &body, &entry, &reasons);
    if (head.failed || head.authors.failed) {
        return no_memory(err);
    }
    entry.flags |= lede_when_flags(&entry.published);
    entry.flags |= r->repaired > 0 ? LEDE_FLAG_BAD_BYTES : 0;
    entry.flags |= is_stub(&body) ? LEDE_FLAG_STUB : 0;
    if (r->text.is_full ||
        (is_last && !is_in_record(r->context) &&
         (r->is_failed_input || (!was_ended && lede_body_ends_open(&body))))) {
        entry.flags |= LEDE_FLAG_TRUNCATED;
    }
    if (r->text.is_full) {
        note(r, "an article is too long: the rest of it was left out");
    }
    lede_entry_derive_headline(&entry);
    lede_reasons_set(&reasons, LEDE_REASON_HEADLINE,
                     r->context->title.len > 0 ? "the record it came in"
                                               : "the head of the text");
    lede_reasons_set(&reasons, LEDE_REASON_AUTHORS, "the head of the text");
    lede_reasons_set(&reasons, LEDE_REASON_TEXT, "below the head");
    if (!lede_reasons_tell(&reasons, &r->arena, &entry)) {
        return no_memory(err);
    }
    return give(r, &entry, err);
}

static void begin_article(article_reader *r)
{
    lede_arena_clear(&r->arena);
    r->text = (lede_text_gather){.arena = &r->arena};
    r->accession = lede_span_of(NULL, 0);
    r->first_line = 0;
    r->repaired = 0;
    r->last_indent = 0;
    r->last_was_bullet = false;
}

static size_t indent_of(lede_span line)
{
    size_t at = 0;

    while (at < line.len && (line.bytes[at] == ' ' || line.bytes[at] == '\t')) {
        at += 1;
    }
    return at;
}

/* A line that is set in begins a paragraph where the lines before are not. */
static void add_line(article_reader *r, lede_span line, bool ended)
{
    lede_span text = lede_match_trim(line);
    size_t indent = indent_of(line);

    if (text.len > 0 && indent >= 2 && r->last_indent == 0 && r->text.is_open &&
        !r->text.is_unended && !r->last_was_bullet) {
        lede_text_gather_end_block(&r->text);
    }
    r->last_indent = indent;
    r->last_was_bullet =
        lede_bullet_len(text) > 0 || (r->last_was_bullet && indent > 0);
    lede_text_gather_add(&r->text, line, ended);
}

static bool is_separator(const article_reader *r, lede_span line,
                         bool behind_blank)
{
    return r->separator != LEDE_SEPARATOR_NONE &&
           r->separator != LEDE_SEPARATOR_PAGE &&
           lede_separator_of(line, behind_blank) == r->separator;
}

/* What a pass over the lines does with each. */
typedef lede_status (*line_fn)(article_reader *r, lede_separators *separators,
                               lede_span line, uint64_t number,
                               uint32_t repaired, bool ended, bool page_end,
                               lede_error *err);

static lede_status count_line(article_reader *r, lede_separators *separators,
                              lede_span line, uint64_t number,
                              uint32_t repaired, bool ended, bool page_end,
                              lede_error *err)
{
    (void)r;
    (void)number;
    (void)repaired;
    (void)ended;
    (void)err;
    lede_separators_add(separators, line, page_end);
    return LEDE_OK;
}

static lede_status take_line(article_reader *r, lede_separators *separators,
                             lede_span line, uint64_t number, uint32_t repaired,
                             bool ended, bool page_end, lede_error *err)
{
    bool is_cut = is_separator(r, line, !separators->is_behind_text);
    lede_status status = LEDE_OK;

    separators->is_behind_text = lede_match_trim(line).len > 0 && !page_end;
    if (!is_cut) {
        if (r->first_line == 0 && lede_match_trim(line).len > 0) {
            r->first_line = number;
        }
        r->repaired += repaired;
        r->all_repaired += repaired;
        add_line(r, line, ended);
    } else if (r->separator == LEDE_SEPARATOR_ACCESSION) {
        r->accession =
            lede_arena_copy(&r->arena, lede_separator_accession(line));
    }
    if (r->text.failed) {
        return no_memory(err);
    }
    if (is_cut || (page_end && r->separator == LEDE_SEPARATOR_PAGE)) {
        status = finish_article(r, false, true, err);
        begin_article(r);
        separators->is_behind_text = false;
    }
    return status;
}

/* Runs over all lines; *ended: the last was ended by a line end. */
static lede_status each_line(article_reader *r, lede_input *input, line_fn fn,
                             lede_separators *separators, bool *ended,
                             lede_error *err)
{
    const lede_read_options *options = r->context->options;
    const volatile int *stop = options == NULL ? NULL : options->stop;
    lede_line_reader *lines = NULL;
    lede_error failure = {0};
    uint64_t number = 0;
    lede_status status = lede_input_rewind(input, err);

    if (status == LEDE_OK) {
        status = lede_line_reader_new(input, &lines, err);
    }
    while (status == LEDE_OK) {
        lede_span line;
        uint32_t repaired;

        status = lede_line_reader_next(lines, &line, &repaired, &failure);
        if (status != LEDE_OK) {
            break;
        }
        *ended = lede_line_reader_was_ended(lines);
        status = fn(r, separators, line, ++number, repaired, *ended,
                    lede_line_reader_was_page_end(lines), err);
        if (status == LEDE_OK && stop != NULL && *stop != 0) {
            status = lede_fail(err, LEDE_INTERRUPTED, "interrupted");
        }
        if (status != LEDE_OK) {
            lede_line_reader_free(lines);
            return status;
        }
    }
    lede_line_reader_free(lines);
    if (status == LEDE_CORRUPT || status == LEDE_IO) {
        if (fn == take_line) {
            note(r, failure.message); /* what came before is good */
        }
        r->is_failed_input = true;
        return LEDE_OK;
    }
    if (status != LEDE_END && failure.status != LEDE_OK) {
        return lede_fail(err, status, "%s", failure.message);
    }
    return status == LEDE_END ? LEDE_OK : status;
}

static void set_hints(article_reader *r)
{
    const lede_read_context *context = r->context;
    const lede_read_options *options = context->options;
    int64_t now = options == NULL ? 0 : options->now;
    lede_civil civil;

    lede_civil_from_instant(now != 0 ? now : (int64_t)time(NULL), 0, &civil);
    r->hints = (lede_date_hints){
        .site = lede_words_site(context->site, context->url),
        .default_zone = options == NULL ? NULL : options->default_zone,
        .month_first = lede_match_starts(context->language, "en-us"),
        .year_max = civil.year + 2,
    };
}

static lede_status read_article(lede_input *input,
                                const lede_read_context *context,
                                const lede_sink *sink, lede_error *err)
{
    article_reader r = {
        .context = context, .sink = sink, .path = lede_input_path(input)};
    lede_separators separators = {0};
    bool ended = true;
    lede_status status;

    set_hints(&r);
    begin_article(&r);
    status = each_line(&r, input, count_line, &separators, &ended, err);
    if (status == LEDE_OK) {
        r.separator = is_in_record(context)
                          ? LEDE_SEPARATOR_NONE
                          : lede_separators_choose(&separators);
        separators = (lede_separators){0};
        status = each_line(&r, input, take_line, &separators, &ended, err);
    }
    if (status == LEDE_OK) {
        status = finish_article(&r, true, ended, err);
    }
    if (status == LEDE_OK && r.is_open) {
        lede_note_repaired(sink, context->location, r.all_repaired);
        status = sink->page_end(sink->ctx, err);
    } else if (status == LEDE_OK) {
        status = lede_fail(err, LEDE_BAD_INPUT, "there is no text in it");
    }
    lede_arena_done(&r.arena);
    return status;
}

/* Any text will do: this is the last format to be asked. */
static bool claims_text(lede_span head, bool whole, const char *path)
{
    (void)whole;
    (void)path;
    return lede_match_trim(head).len > 0;
}

const lede_format lede_format_article = {"article text", claims_text,
                                         read_article};
