/* reuters.c - the SGML of the Reuters-21578 collection: a story per <REUTERS>.
 * No XML parser takes it: control references, tags in capitals. */
#include <string.h>

#include "corpus/stories.h"
#include "corpus/text_match.h"

static bool claims_reuters(lede_span head, bool whole, const char *path)
{
    char name[64];
    size_t at;

    (void)whole;
    (void)path;
    return lede_xml_root(head, name, &at) && strcmp(name, "reuters") == 0;
}

/* An element's text without what was meant for teleprinters. */
static lede_span text_of(lede_stories *r, const lede_xml_node *node)
{
    lede_draft *d = &r->draft;
    lede_span text = lede_xml_text(node, &d->arena, &d->failed);
    lede_buf out = {0};
    size_t i;

    for (i = 0; i < text.len; i++) {
        uint8_t c = text.bytes[i];

        if (c >= ' ' || c == '\n' || c == '\t') {
            lede_buf_put_byte(&out, c);
        }
    }
    text = lede_draft_copy(d, lede_buf_span(&out));
    d->failed |= out.failed;
    lede_buf_done(&out);
    return text;
}

/* "26-FEB-1987 15:01:01.79", behind which other things may stand. */
static void take_date(lede_stories *r, const lede_xml_node *story)
{
    lede_draft *d = &r->draft;
    lede_span text = lede_match_trim(
        lede_xml_text(lede_xml_child(story, "date"), &d->arena, &d->failed));
    size_t at = 0;
    lede_span day;
    lede_span clock;
    lede_buf both = {0};
    size_t i;

    for (i = 0; i < text.len && text.bytes[i] >= ' '; i++) {
    }
    text = lede_span_part(text, 0, i);
    day = lede_match_word(text, &at);
    clock = lede_match_word(text, &at);
    lede_buf_put_span(&both, day);
    lede_buf_put_byte(&both, ' ');
    lede_buf_put_span(&both, clock);
    lede_draft_date(d, lede_draft_copy(d, lede_buf_span(&both)), "DATE",
                    &d->entry.published);
    lede_draft_date(d, lede_draft_copy(d, day), "DATE", &d->entry.published);
    d->failed |= both.failed;
    lede_buf_done(&both);
}

/* Topics, places, people, organisations, exchanges. */
static void take_tags(lede_stories *r, const lede_xml_node *story)
{
    static const char *const lists[] = {"topics", "places",    "people",
                                        "orgs",   "exchanges", "companies"};
    size_t i;

    for (i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        const lede_xml_node *item =
            lede_xml_child(lede_xml_child(story, lists[i]), "d");

        if (i == 0 && item != NULL) {
            r->draft.entry.section = text_of(r, item);
        }
        for (; item != NULL; item = lede_xml_sibling(item, "d")) {
            lede_draft_put_tag(&r->draft, text_of(r, item));
        }
    }
}

/* "    SALVADOR, Feb 26 - " as "SALVADOR". */
static lede_span place_of(lede_span dateline)
{
    size_t comma = lede_match_find_last(dateline, ",");

    if (comma != LEDE_MATCH_NONE) {
        dateline = lede_span_part(dateline, 0, comma);
    }
    dateline = lede_match_trim(dateline);
    return lede_match_has_digit(dateline) || dateline.len > 80
               ? lede_span_of(NULL, 0)
               : dateline;
}

/* "    By Janie Gabbett, Reuters" */
static void take_people(lede_stories *r, const lede_xml_node *text)
{
    lede_draft *d = &r->draft;
    lede_span agency = lede_span_text("Reuters");
    lede_span place = place_of(text_of(r, lede_xml_child(text, "dateline")));
    lede_span names =
        lede_match_trim(text_of(r, lede_xml_child(text, "author")));

    if (lede_match_ends(names, ", reuters")) {
        names = lede_span_part(names, 0, names.len - strlen(", reuters"));
    }
    lede_draft_put_names(d, names, lede_span_of(NULL, 0), place);
    lede_draft_reason(d, LEDE_REASON_AUTHORS, "AUTHOR");
    if (d->authors.count == 0) {
        lede_draft_put_names(d, agency, lede_span_of(NULL, 0), place);
        lede_draft_reason(d, LEDE_REASON_AUTHORS, "the agency");
    }
}

/* The story without its last line, "Reuter". */
static lede_span without_end(lede_span body)
{
    body = lede_match_trim(body);
    if (lede_match_ends(body, "\n reuter") ||
        lede_match_ends(body, " reuter")) {
        body = lede_match_trim(lede_span_part(body, 0, body.len - 7));
    } else if (lede_match_is(body, "reuter")) {
        body = lede_span_of(NULL, 0);
    }
    return body;
}

/* What stands in TEXT itself, where nobody marked up the parts. */
static lede_span loose_text(lede_stories *r, const lede_xml_node *text)
{
    const lede_xml_node *node = text->first;
    lede_xml_node loose = {0};
    lede_xml_node *copy;

    for (; node != NULL; node = node->next) {
        if (node->name.len > 0) {
            continue;
        }
        copy = lede_arena_get(&r->draft.arena, sizeof *copy);
        if (copy == NULL) {
            r->draft.failed = true;
            break;
        }
        copy->text = node->text;
        copy->parent = &loose;
        if (loose.last == NULL) {
            loose.first = copy;
        } else {
            loose.last->next = copy;
        }
        loose.last = copy;
    }
    return text_of(r, &loose);
}

static lede_status give_story(lede_stories *r, const lede_xml_node *story,
                              lede_error *err)
{
    lede_draft *d = &r->draft;
    const lede_xml_node *text = lede_xml_child(story, "text");
    const lede_xml_node *body = lede_xml_child(text, "body");
    lede_span id = lede_xml_attr_get(story, "newid");
    lede_buf name = {0};

    lede_draft_begin(d, LEDE_KIND_NEWSWIRE);
    d->entry.source = lede_span_text("Reuters");
    d->entry.lang = lede_span_text("en");
    if (id.len > 0) {
        lede_buf_put_text(&name, "reuters21578:");
        lede_buf_put_span(&name, id);
        d->entry.native_id = lede_draft_copy(d, lede_buf_span(&name));
        d->failed |= name.failed;
        lede_buf_done(&name);
    }
    take_date(r, story);
    take_tags(r, story);
    if (text != NULL) {
        d->entry.headline =
            lede_draft_line(d, text_of(r, lede_xml_child(text, "title")));
        lede_draft_reason(d, LEDE_REASON_HEADLINE, "TITLE");
        lede_draft_reason(d, LEDE_REASON_TEXT,
                          body != NULL ? "BODY" : "TEXT, which has no BODY");
        take_people(r, text);
        lede_draft_put_lines(
            d,
            without_end(body != NULL ? text_of(r, body) : loose_text(r, text)),
            true);
    }
    if (lede_draft_is_empty(d) && id.len == 0) {
        return LEDE_OK;
    }
    r->entries++;
    return lede_draft_give(d, r->sink, d->context->location, err);
}

static lede_status read_reuters(lede_input *input,
                                const lede_read_context *context,
                                const lede_sink *sink, lede_error *err)
{
    static const lede_stories_kind kind = {"<reuters", "Reuters SGML",
                                           "Reuters", give_story};

    return lede_stories_read(input, context, sink, &kind, err);
}

const lede_format lede_format_reuters = {"Reuters SGML", claims_reuters,
                                         read_reuters};
