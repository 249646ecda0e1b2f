#include "corpus/live_preamble.h"

#include "base/utf8.h"
#include "corpus/live_entry.h"
#include "corpus/page_words.h"
#include "corpus/text_match.h"

enum { TITLE_CHARS = 200, SENTENCE_CHARS = 80, TOLD_CHARS = 40 };

static bool is_date(const lede_live_survey *survey, lede_span line)
{
    lede_when when;
    bool is_first;

    return lede_live_furniture_date(line, true, &survey->hints, &is_first,
                                    &when);
}

static bool is_title(const lede_live_survey *survey, lede_span line)
{
    return lede_utf8_count(line) <= TITLE_CHARS && !lede_words_is_label(line) &&
           !lede_words_is_summary(line) && !lede_media_is_line(line) &&
           !lede_words_is_furniture(line) && lede_bullet_len(line) == 0 &&
           !(lede_match_ends_in(line, ".", false) &&
             lede_utf8_count(line) > SENTENCE_CHARS) &&
           !is_date(survey, line);
}

/* Text that the page's own furniture would not print. */
static bool is_told(lede_block_type type, lede_span text)
{
    return type == LEDE_BLOCK_LI || (lede_utf8_count(text) >= TOLD_CHARS &&
                                     lede_match_ends_in(text, ".!?\"", true));
}

static void read_line(const lede_live_survey *survey, lede_arena *arena,
                      lede_span line, lede_live_preamble *out)
{
    lede_text_block block = {&line, 1};
    uint32_t before = out->body.count;

    if (lede_words_is_summary(line) && !out->is_summary) {
        out->is_summary = true;
        out->has_title = true;
        return;
    }
    if (!out->has_title && is_title(survey, line)) {
        out->has_title = true;
        out->title = line;
        return;
    }
    if (lede_words_is_label(line) || lede_words_is_furniture(line) ||
        is_date(survey, line)) {
        return;
    }
    if (lede_byline_is_line(&block)) {
        lede_byline_take(&block, false, arena, &out->authors);
        return;
    }
    lede_body_add_lines(&out->body, arena, &block, 0);
    for (uint32_t i = before; i < out->body.count; i++) {
        out->has_told |=
            is_told(out->body.blocks[i].type, out->body.blocks[i].text);
    }
}

/* Whole sentences over several lines: the page's dates are none. */
static bool is_paragraph(const lede_live_survey *survey,
                         const lede_text_block *block)
{
    return lede_block_is_wrapped(block) && !lede_media_is_block(block) &&
           !is_date(survey, block->lines[0]) &&
           !is_date(survey, block->lines[block->line_count - 1]);
}

static void read_block(const lede_live_survey *survey, lede_arena *arena,
                       const lede_text_block *block, lede_live_preamble *out)
{
    uint32_t from = 0;

    if (lede_media_take_caption(&out->media, arena, block)) {
        return;
    }
    if (is_paragraph(survey, block)) {
        lede_body_add_lines(&out->body, arena, block, 0);
        out->has_told = true;
        out->has_title = true;
        return;
    }
    while (from < block->line_count) {
        lede_media_take(&out->media, arena, block, &from);
        if (from < block->line_count) {
            read_line(survey, arena, block->lines[from++], out);
        }
    }
}

void lede_live_preamble_read(const lede_text_gather *text,
                             const lede_live_survey *survey,
                             lede_live_preamble *out)
{
    *out = (lede_live_preamble){.failed = text->failed};
    for (uint32_t i = 0; i < text->count; i++) {
        read_block(survey, text->arena, &text->blocks[i], out);
    }
    out->failed |= out->body.failed || out->media.failed || out->authors.failed;
    if (survey->is_bbc && !out->failed) {
        lede_drop_link_marks(&out->body, text->arena);
        out->failed |= out->body.failed;
    }
    out->has_summary =
        out->body.count > 0 && (out->is_summary || out->has_told);
}
