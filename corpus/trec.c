/* trec.c - collections of newspapers as evaluations of search share them: a
 * document per <DOC>, with its number in DOCNO (TREC's disks, AQUAINT, CLEF) or
 * in an attribute (Gigaword). Each paper has its own names for the rest. */
#include <string.h>

#include "corpus/stories.h"
#include "corpus/text_match.h"

enum { HEAD_BYTES = 4096, COMMAS_MAX = 4, LINE_MAX_BYTES = 1000 };

static bool claims_trec(lede_span head, bool whole, const char *path)
{
    static const char *const signs[] = {"<docno", "<docid",
                                        "<doc id=", "<text>"};
    char name[64];
    size_t at;
    size_t i;

    (void)whole;
    (void)path;
    if (!lede_xml_root(head, name, &at) || strcmp(name, "doc") != 0) {
        return false;
    }
    head = lede_span_part(head, at, HEAD_BYTES);
    for (i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (lede_match_find(head, 0, signs[i]) != LEDE_MATCH_NONE) {
            return true;
        }
    }
    return false;
}

/* The line of the first of these elements that has one, at any depth but in the
 * text. */
static lede_span line_of(lede_stories *s, const lede_xml_node *story,
                         const char *const *names)
{
    lede_draft *d = &s->draft;

    for (; *names != NULL; names++) {
        const lede_xml_node *node = lede_xml_find(story, *names);
        lede_span line = {NULL, 0};

        if (node != NULL) {
            line =
                lede_draft_line(d, lede_xml_line(node, &d->arena, &d->failed));
        }
        if (line.len > 0 && line.len <= LINE_MAX_BYTES) {
            return line;
        }
    }
    return lede_span_of(NULL, 0);
}

/* Numbers and dates. ------------------------------------------------------ */

static unsigned two_digits(const uint8_t *at)
{
    return (unsigned)(at[0] - '0') * 10 + (unsigned)(at[1] - '0');
}

/* "910514" and "19910514" as "1991-05-14". */
static lede_span iso_of(lede_stories *s, lede_span digits)
{
    lede_buf iso = {0};
    const uint8_t *at = digits.bytes;
    lede_span text;

    if (digits.len == 8) {
        lede_buf_put(&iso, at, 4);
        at += 4;
    } else if (digits.len == 6) {
        lede_buf_put_text(&iso, two_digits(at) < 40 ? "20" : "19");
        lede_buf_put(&iso, at, 2);
        at += 2;
    } else {
        return lede_span_of(NULL, 0);
    }
    lede_buf_put_byte(&iso, '-');
    lede_buf_put(&iso, at, 2);
    lede_buf_put_byte(&iso, '-');
    lede_buf_put(&iso, at + 2, 2);
    text = lede_draft_copy(&s->draft, lede_buf_span(&iso));
    s->draft.failed |= iso.failed;
    lede_buf_done(&iso);
    return text;
}

/* The first run of digits. */
static lede_span digits_of(lede_span text)
{
    size_t begin = 0;
    size_t end;

    while (begin < text.len &&
           (text.bytes[begin] < '0' || text.bytes[begin] > '9')) {
        begin++;
    }
    for (end = begin;
         end < text.len && text.bytes[end] >= '0' && text.bytes[end] <= '9';
         end++) {
    }
    return lede_span_part(text, begin, end - begin);
}

/* "January 1, 1989, Sunday, Home Edition": what stands behind the last comma
 * may be no part of it. */
static void try_date(lede_stories *s, lede_span text, const char *from)
{
    lede_draft *d = &s->draft;
    int i;

    for (i = 0; i < COMMAS_MAX && text.len > 0; i++) {
        size_t comma;

        lede_draft_date(d, text, from, &d->entry.published);
        comma = lede_match_find_last(text, ",");
        if (d->entry.published.precision != LEDE_PRECISION_NONE ||
            comma == LEDE_MATCH_NONE) {
            return;
        }
        text = lede_span_part(text, 0, comma);
    }
}

static void take_dates(lede_stories *s, const lede_xml_node *story,
                       lede_span number)
{
    static const char *const names[] = {"date_time", "datetime", "date",
                                        "date1",     "dd",       "pubdate"};
    lede_draft *d = &s->draft;
    size_t i;

    d->hints.month_first = true; /* "03/24/87": papers of the United States */
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *const one[] = {names[i], NULL};
        lede_span text = line_of(s, story, one);
        lede_span digits = digits_of(text);

        if (d->entry.published.precision != LEDE_PRECISION_NONE) {
            return;
        }
        try_date(s, digits.len == text.len ? iso_of(s, digits) : text,
                 names[i]);
    }
    /* "AP880212-0001", "NYT19980601.0001", "NYT_ENG_19940701.0001" */
    number = digits_of(number);
    try_date(s, iso_of(s, number), "the document's number");
}

/* Whose document it is, by its number. */
static const struct {
    const char *prefix, *name;
} papers[] = {
    {"apw", "Associated Press"},
    {"ap", "Associated Press"},
    {"afp", "Agence France-Presse"},
    {"cna", "Central News Agency"},
    {"fbis", "Foreign Broadcast Information Service"},
    {"ft", "Financial Times"},
    {"la", "Los Angeles Times"},
    {"ltw", "Los Angeles Times-Washington Post"},
    {"nyt", "New York Times"},
    {"sjmn", "San Jose Mercury News"},
    {"wpb", "Washington Post-Bloomberg"},
    {"wsj", "Wall Street Journal"},
    {"xie", "Xinhua"},
    {"xin", "Xinhua"},
    {"gh", "Glasgow Herald"},
};

static lede_span paper_of(lede_span number)
{
    size_t i;

    for (i = 0; i < sizeof papers / sizeof papers[0]; i++) {
        size_t len = strlen(papers[i].prefix);

        if (lede_match_starts(number, papers[i].prefix) && number.len > len &&
            (number.bytes[len] == '_' ||
             (number.bytes[len] >= '0' && number.bytes[len] <= '9'))) {
            return lede_span_text(papers[i].name);
        }
    }
    return lede_span_of(NULL, 0);
}

static void take_number(lede_stories *s, const lede_xml_node *story)
{
    static const char *const names[] = {"docno", "docid", NULL};
    static const char *const sources[] = {"pub", "source", NULL};
    lede_draft *d = &s->draft;
    lede_span number = line_of(s, story, names);
    lede_buf id = {0};

    if (number.len == 0) {
        number = lede_xml_attr_get(story, "id");
    }
    if (number.len > 0) {
        lede_buf_put_text(&id, "trec:");
        lede_buf_put_span(&id, number);
        d->entry.native_id = lede_draft_copy(d, lede_buf_span(&id));
        d->failed |= id.failed;
        lede_buf_done(&id);
    }
    d->entry.source = line_of(s, story, sources);
    if (d->entry.source.len == 0) {
        d->entry.source = paper_of(number);
    }
    take_dates(s, story, number);
}

/* People and places. ------------------------------------------------------ */

/* "BANGKOK, Thailand (AP) _" as "BANGKOK, Thailand". */
static lede_span place_of(lede_span dateline)
{
    size_t open = lede_match_find(dateline, 0, "(");

    if (open != LEDE_MATCH_NONE) {
        dateline = lede_span_part(dateline, 0, open);
    }
    while (dateline.len > 0 &&
           strchr(" ,-_", dateline.bytes[dateline.len - 1]) != NULL) {
        dateline.len--;
    }
    if (lede_match_has_digit(dateline)) {
        size_t comma = lede_match_find(dateline, 0, ",");

        dateline =
            lede_span_part(dateline, 0, comma == LEDE_MATCH_NONE ? 0 : comma);
    }
    return dateline.len > 80 ? lede_span_of(NULL, 0) : dateline;
}

/* "By ANN LEE, Times Staff Writer" */
static void take_people(lede_stories *s, const lede_xml_node *story)
{
    static const char *const bylines[] = {"byline", "author", NULL};
    static const char *const datelines[] = {"dateline", NULL};
    lede_span names = line_of(s, story, bylines);
    lede_span place = place_of(line_of(s, story, datelines));
    lede_span none = {NULL, 0};
    lede_span role = none;
    size_t comma = lede_match_find(names, 0, ",");

    if (comma != LEDE_MATCH_NONE &&
        lede_match_find(names, comma, " writer") != LEDE_MATCH_NONE) {
        role = lede_match_trim(lede_span_part(names, comma + 1, names.len));
        names = lede_span_part(names, 0, comma);
    }
    lede_draft_put_names(&s->draft, names, role, place);
    if (s->draft.authors.count == 0 && place.len > 0) {
        lede_draft_put_names(&s->draft, s->draft.entry.source, none, place);
    }
}

/* Texts. ------------------------------------------------------------------ */

/* Elements that part paragraphs; others stand inside them. */
static bool parts_paragraphs(const lede_xml_node *node)
{
    return lede_xml_is(node, "p") || lede_xml_is(node, "h3") ||
           lede_xml_is(node, "h4") || lede_xml_is(node, "ti") ||
           lede_xml_is(node, "table") || lede_xml_is(node, "tablerow");
}

/* Paragraphs are marked as such, or by their indent. */
static void put_text(lede_stories *s, const lede_xml_node *text)
{
    lede_draft *d = &s->draft;
    lede_xml_node *node = text->first;
    lede_buf block = {0};

    for (; node != NULL; node = lede_xml_next(text, node)) {
        if (node->name.len > 0 && parts_paragraphs(node)) {
            lede_draft_put_lines(d, lede_draft_copy(d, lede_buf_span(&block)),
                                 true);
            lede_buf_clear(&block);
        }
        if (node->name.len == 0) {
            lede_buf_put_span(&block, node->text);
        }
    }
    lede_draft_put_lines(d, lede_draft_copy(d, lede_buf_span(&block)), true);
    d->failed |= block.failed;
    lede_buf_done(&block);
}

/* A document's text stands in one or several elements, or in none. */
static void put_texts(lede_stories *s, const lede_xml_node *story)
{
    static const char *const names[] = {"leadpara", "text"};
    lede_xml_node *root = (lede_xml_node *)(uintptr_t)story;
    bool has_any = false;
    size_t i;

    for (i = 0; i < 2; i++) {
        lede_xml_node *node = root->first;

        while (node != NULL) {
            bool is_text = lede_xml_is(node, names[i]);

            if (is_text) {
                put_text(s, node);
                has_any = true;
            }
            node = is_text && node->is_closed
                       ? lede_xml_next_outside(root, node)
                       : lede_xml_next(root, node);
        }
    }
    if (!has_any) {
        lede_xml_node *child = root->first;

        for (; child != NULL && child->name.len == 0; child = child->next) {
        }
        if (child == NULL) { /* only text: extracts of an encyclopedia */
            put_text(s, root);
        }
    }
}

static lede_status give_story(lede_stories *s, const lede_xml_node *story,
                              lede_error *err)
{
    static const char *const titles[] = {"headline", "hl",    "head", "ti",
                                         "ttl",      "title", "hd",   NULL};
    static const char *const sections[] = {"section", "category", NULL};
    lede_draft *d = &s->draft;
    lede_span url = lede_xml_attr_get(story, "url");

    lede_draft_begin(d, LEDE_KIND_NEWSWIRE);
    take_number(s, story);
    d->entry.url = lede_match_starts(url, "http") ? url : d->entry.url;
    d->entry.headline = line_of(s, story, titles);
    if (d->entry.headline.len == 0) {
        d->entry.headline =
            lede_draft_line(d, lede_xml_attr_get(story, "title"));
    }
    d->entry.section = line_of(s, story, sections);
    take_people(s, story);
    put_texts(s, story);
    if (lede_draft_is_empty(d)) {
        return LEDE_OK;
    }
    s->entries++;
    return lede_draft_give(d, s->sink, d->context->location, err);
}

static lede_status read_trec(lede_input *input,
                             const lede_read_context *context,
                             const lede_sink *sink, lede_error *err)
{
    static const lede_stories_kind kind = {"<doc", "TREC documents", "",
                                           give_story};

    return lede_stories_read(input, context, sink, &kind, err);
}

const lede_format lede_format_trec = {"TREC documents", claims_trec, read_trec};
