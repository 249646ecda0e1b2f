/* newsml.c - what newsrooms exchange as XML: NewsML-G2, NewsML 1.2, NITF, and
 * the items of Reuters' first corpus (RCV1). ninjs is JSON (json_records.c). */
#include <string.h>

#include "corpus/draft.h"
#include "corpus/text_match.h"
#include "corpus/xml_tree.h"

static const size_t file_max_bytes = (size_t)64 << 20;

typedef struct news_reader {
    lede_draft draft;
    lede_arena tree;
    const lede_sink *sink;
    uint64_t entries;
} news_reader;

static const lede_span nothing;

/* Recognition. ------------------------------------------------------------ */

static bool claims_newsml(lede_span head, bool whole, const char *path)
{
    static const char *const roots[] = {
        "newsitem",      "newsmessage",  "itemset",    "packageitem",
        "newsml",        "nitf",         "contentset", "conceptitem",
        "knowledgeitem", "planningitem", "catalogitem"};
    char name[64];
    size_t at;
    size_t i;

    (void)whole;
    (void)path;
    if (!lede_xml_root(head, name, &at)) {
        return false;
    }
    for (i = 0; i < sizeof roots / sizeof roots[0]; i++) {
        if (strcmp(name, roots[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Texts. ------------------------------------------------------------------ */

static lede_span line_of(news_reader *r, const lede_xml_node *node)
{
    lede_draft *d = &r->draft;

    return node == NULL ? nothing : lede_xml_line(node, &d->arena, &d->failed);
}

static lede_span child_line(news_reader *r, const lede_xml_node *node,
                            const char *name)
{
    return line_of(r, lede_xml_child(node, name));
}

/* The headline that an element has, unless there is one. */
static void take_headline(news_reader *r, const lede_xml_node *node)
{
    lede_entry *entry = &r->draft.entry;

    if (entry->headline.len == 0 && node != NULL) {
        entry->headline = line_of(r, node);
        r->draft.reasons.from[LEDE_REASON_HEADLINE] = node->name;
    }
}

static void put_authors(news_reader *r, lede_span names, lede_span role,
                        lede_span place, const char *from)
{
    lede_draft_put_names(&r->draft, names, role, place);
    if (r->draft.authors.count > 0) {
        lede_reasons_default(&r->draft.reasons, LEDE_REASON_AUTHORS, from);
    }
}

static void take_date(news_reader *r, const lede_xml_node *node,
                      const char *name, lede_when *into)
{
    lede_draft_date(&r->draft, child_line(r, node, name), name, into);
}

/* Only the text that stands in the element itself. */
static lede_span own_line(news_reader *r, const lede_xml_node *node)
{
    lede_buf text = {0};
    const lede_xml_node *child = node->first;
    lede_span line;
    lede_span word;

    for (; child != NULL; child = child->next) {
        size_t from = 0;

        if (child->name.len > 0) {
            continue;
        }
        while ((word = lede_match_word(child->text, &from)).len > 0) {
            if (text.len > 0) {
                lede_buf_put_byte(&text, ' ');
            }
            lede_buf_put_span(&text, word);
        }
    }
    line = lede_draft_copy(&r->draft, lede_buf_span(&text));
    r->draft.failed |= text.failed;
    lede_buf_done(&text);
    while (lede_match_ends(line, ",") || lede_match_ends(line, ";")) {
        line = lede_match_trim(lede_span_part(line, 0, line.len - 1));
    }
    return line;
}

/* NITF. ------------------------------------------------------------------- */

static bool is_any(const lede_xml_node *node, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (lede_xml_is(node, *names)) {
            return true;
        }
    }
    return false;
}

static void take_nitf_media(news_reader *r, const lede_xml_node *node)
{
    const lede_xml_node *reference = lede_xml_child(node, "media-reference");
    lede_span type = lede_xml_attr_get(node, "media-type");
    lede_media media = {.url = lede_xml_attr_get(reference, "source"),
                        .alt = lede_xml_attr_get(reference, "alternate-text"),
                        .caption = child_line(r, node, "media-caption"),
                        .credit = child_line(r, node, "media-producer")};

    media.type = lede_match_is(type, "video")   ? LEDE_MEDIA_VIDEO
                 : lede_match_is(type, "audio") ? LEDE_MEDIA_AUDIO
                                                : LEDE_MEDIA_IMAGE;
    lede_draft_put_media(&r->draft, &media);
}

static void take_row(news_reader *r, const lede_xml_node *row)
{
    const lede_xml_node *cell = row->first;
    lede_buf line = {0};

    for (; cell != NULL; cell = cell->next) {
        lede_span text = cell->name.len > 0 ? line_of(r, cell) : nothing;

        if (text.len > 0) {
            lede_buf_put_text(&line, line.len > 0 ? " | " : "");
            lede_buf_put_span(&line, text);
        }
    }
    lede_draft_put_block(&r->draft, LEDE_BLOCK_TABLE,
                         lede_draft_copy(&r->draft, lede_buf_span(&line)));
    r->draft.failed |= line.failed;
    lede_buf_done(&line);
}

/* The blocks of a body: of elements it does not know the text in them. */
static void take_blocks(news_reader *r, const lede_xml_node *body)
{
    static const char *const paragraphs[] = {"p",  "dt",   "dd",
                                             "fn", "note", NULL};
    static const char *const headings[] = {"hl1", "hl2", "h1", "h2", "h3",
                                           "h4",  "h5",  "h6", NULL};
    static const char *const quotes[] = {"bq", "blockquote", NULL};
    static const char *const nothings[] = {"style", "script", "head", NULL};
    lede_xml_node *node = (lede_xml_node *)(uintptr_t)body;

    node = node == NULL ? NULL : lede_xml_next(body, node);
    while (node != NULL) {
        bool is_done = true;

        if (node->name.len == 0) {
            lede_draft_put_block(&r->draft, LEDE_BLOCK_P,
                                 lede_draft_copy(&r->draft, node->text));
        } else if (is_any(node, paragraphs)) {
            lede_draft_put_block(&r->draft, LEDE_BLOCK_P, line_of(r, node));
        } else if (is_any(node, headings)) {
            lede_draft_put_block(&r->draft, LEDE_BLOCK_HEADING,
                                 line_of(r, node));
        } else if (lede_xml_is(node, "li")) {
            lede_draft_put_block(&r->draft, LEDE_BLOCK_LI, line_of(r, node));
        } else if (is_any(node, quotes)) {
            lede_draft_put_block(&r->draft, LEDE_BLOCK_QUOTE, line_of(r, node));
        } else if (lede_xml_is(node, "tr")) {
            take_row(r, node);
        } else if (lede_xml_is(node, "media")) {
            take_nitf_media(r, node);
        } else if (lede_xml_is(node, "pre")) {
            lede_draft_put_text(&r->draft, lede_xml_text(node, &r->draft.arena,
                                                         &r->draft.failed));
        } else {
            is_done = is_any(node, nothings);
        }
        node = is_done ? lede_xml_next_outside(body, node)
                       : lede_xml_next(body, node);
    }
}

/* "By <person>Ann Lee</person>, <byttl>Staff Reporter</byttl>" */
static void take_nitf_byline(news_reader *r, const lede_xml_node *byline,
                             lede_span place)
{
    for (; byline != NULL; byline = lede_xml_sibling(byline, "byline")) {
        const lede_xml_node *person = lede_xml_find(byline, "person");
        lede_span role = child_line(r, byline, "byttl");
        lede_span names = person != NULL ? nothing : own_line(r, byline);

        for (; person != NULL; person = lede_xml_sibling(person, "person")) {
            put_authors(r, line_of(r, person), role, place, "byline");
        }
        if (names.len == 0 && r->draft.authors.count == 0) {
            names = role;
            role = nothing;
        }
        put_authors(r, names, role, place, "byline");
    }
}

/* Names in the body and head that say what it is about. */
static void take_nitf_tags(news_reader *r, const lede_xml_node *docdata)
{
    const lede_xml_node *list = lede_xml_child(docdata, "identified-content");
    const lede_xml_node *item = list == NULL ? NULL : list->first;
    const lede_xml_node *word =
        lede_xml_child(lede_xml_child(docdata, "key-list"), "keyword");

    for (; item != NULL; item = item->next) {
        lede_span value = lede_xml_attr_get(item, "value");

        if (item->name.len > 0) {
            lede_draft_put_tag(&r->draft,
                               lede_xml_is(item, "classifier") && value.len > 0
                                   ? value
                                   : line_of(r, item));
        }
    }
    for (; word != NULL; word = lede_xml_sibling(word, "keyword")) {
        lede_draft_put_tag(&r->draft, lede_xml_attr_get(word, "key"));
    }
}

/* The first date that there is, but a later one of that day which has a clock.
 */
static void take_nitf_date(news_reader *r, lede_span text, const char *from)
{
    enum { DAY_S = 24 * 60 * 60 };
    lede_when *published = &r->draft.entry.published;
    lede_when other = {0};

    lede_draft_date(&r->draft, text, "", &other);
    if (other.precision > LEDE_PRECISION_DAY &&
        published->precision == LEDE_PRECISION_DAY &&
        other.instant >= published->instant - DAY_S &&
        other.instant < published->instant + 2 * DAY_S) {
        *published = (lede_when){0};
    }
    lede_draft_date(&r->draft, text, from, published);
}

static void take_nitf_head(news_reader *r, const lede_xml_node *nitf)
{
    lede_entry *entry = &r->draft.entry;
    const lede_xml_node *head = lede_xml_child(nitf, "head");
    const lede_xml_node *docdata = lede_xml_child(head, "docdata");
    const lede_xml_node *id = lede_xml_child(docdata, "doc-id");

    if (entry->native_id.len == 0) {
        entry->native_id = lede_xml_attr_get(id, "id-string");
    }
    take_nitf_date(
        r, lede_xml_attr_get(lede_xml_child(docdata, "date.issue"), "norm"),
        "date.issue");
    take_nitf_date(
        r, lede_xml_attr_get(lede_xml_child(docdata, "date.release"), "norm"),
        "date.release");
    take_nitf_date(
        r,
        lede_xml_attr_get(lede_xml_child(head, "pubdata"), "date.publication"),
        "pubdata");
    take_nitf_tags(r, docdata);
    take_headline(r, lede_xml_child(head, "title"));
    if (entry->source.len == 0) {
        entry->source =
            lede_xml_attr_get(lede_xml_child(head, "pubdata"), "name");
    }
}

/* "London, 17 February (AP)" stands for where it was written. */
static lede_span take_dateline(news_reader *r, const lede_xml_node *dateline)
{
    lede_span place = line_of(r, lede_xml_find(dateline, "location"));
    const lede_xml_node *date = lede_xml_child(dateline, "story.date");

    lede_draft_date(&r->draft, lede_xml_attr_get(date, "norm"), "story.date",
                    &r->draft.entry.published);
    return place.len > 0 || dateline == NULL || dateline->first == NULL
               ? place
               : own_line(r, dateline);
}

static void take_nitf(news_reader *r, const lede_xml_node *nitf)
{
    lede_entry *entry = &r->draft.entry;
    const lede_xml_node *body = lede_xml_child(nitf, "body");
    const lede_xml_node *head = lede_xml_child(body, "body.head");
    const lede_xml_node *hedline = lede_xml_child(head, "hedline");
    const lede_xml_node *abstract = lede_xml_child(head, "abstract");
    const lede_xml_node *headline = hedline != NULL
                                        ? lede_xml_child(hedline, "hl1")
                                    : head != NULL ? lede_xml_find(head, "hl1")
                                                   : NULL;
    lede_span place;

    if (line_of(r, headline).len > 0) {
        entry->headline = nothing;
        take_headline(r, headline);
    }
    if (entry->deck.len == 0) {
        entry->deck = child_line(r, hedline, "hl2");
    }
    if (entry->deck.len == 0) {
        entry->deck = line_of(r, abstract);
    }
    place = take_dateline(r, lede_xml_child(head, "dateline"));
    if (r->draft.authors.count == 0) {
        take_nitf_byline(r, lede_xml_child(head, "byline"), place);
    }
    if (entry->source.len == 0) {
        entry->source = child_line(r, head, "distributor");
    }
    take_nitf_head(r, nitf);
    take_blocks(r, lede_xml_child(body, "body.content"));
    take_nitf_byline(
        r, lede_xml_child(lede_xml_child(body, "body.end"), "byline"), place);
}

/* Content of any kind inside `node`. */
static void take_content(news_reader *r, const lede_xml_node *node)
{
    const lede_xml_node *nitf = lede_xml_find(node, "nitf");
    const lede_xml_node *html = lede_xml_find(node, "html");
    const lede_xml_node *body;

    if (nitf != NULL) {
        take_nitf(r, nitf);
        return;
    }
    if (html != NULL) {
        body = lede_xml_child(html, "body");
        take_headline(r, lede_xml_child(lede_xml_child(html, "head"), "title"));
        take_blocks(r, body != NULL ? body : html);
        return;
    }
    take_blocks(r, node);
}

/* NewsML-G2. -------------------------------------------------------------- */

/* A name, or what stands for one. */
static lede_span name_of(news_reader *r, const lede_xml_node *node)
{
    lede_span name = child_line(r, node, "name");

    return name.len > 0 ? name : lede_xml_attr_get(node, "literal");
}

static void take_people(news_reader *r, const lede_xml_node *meta)
{
    lede_span place = name_of(r, lede_xml_child(meta, "located"));
    const lede_xml_node *by = lede_xml_child(meta, "by");
    const lede_xml_node *creator = lede_xml_child(meta, "creator");

    for (; by != NULL; by = lede_xml_sibling(by, "by")) {
        put_authors(r, line_of(r, by), nothing, place, "by");
    }
    if (r->draft.authors.count > 0) {
        return;
    }
    for (; creator != NULL; creator = lede_xml_sibling(creator, "creator")) {
        put_authors(r, name_of(r, creator), child_line(r, creator, "jobtitle"),
                    place, "creator");
    }
}

static void take_g2_status(news_reader *r, const lede_xml_node *meta)
{
    lede_span status =
        lede_xml_attr_get(lede_xml_child(meta, "pubstatus"), "qcode");

    if (lede_match_is(status, "stat:canceled") ||
        lede_match_is(status, "stat:withheld")) {
        lede_draft_put_label(&r->draft, lede_span_text("Withdrawn"));
    }
}

static void take_g2_meta(news_reader *r, const lede_xml_node *item)
{
    lede_entry *entry = &r->draft.entry;
    const lede_xml_node *meta = lede_xml_child(item, "itemmeta");
    const lede_xml_node *content = lede_xml_child(item, "contentmeta");
    const lede_xml_node *subject = lede_xml_child(content, "subject");
    const lede_xml_node *word = lede_xml_child(content, "keyword");

    entry->native_id = lede_xml_attr_get(item, "guid");
    entry->lang = lede_draft_language(
        &r->draft,
        lede_xml_attr_get(lede_xml_child(content, "language"), "tag"));
    if (entry->lang.len == 0) {
        entry->lang =
            lede_draft_language(&r->draft, lede_xml_attr_get(item, "lang"));
    }
    take_date(r, content, "contentcreated", &entry->published);
    take_date(r, meta, "firstcreated", &entry->published);
    take_date(r, meta, "versioncreated", &entry->published);
    take_date(r, meta, "versioncreated", &entry->updated);
    take_date(r, content, "contentmodified", &entry->updated);
    take_headline(r, lede_xml_child(content, "headline"));
    take_headline(r, lede_xml_child(meta, "title"));
    take_headline(r, lede_xml_child(content, "slugline"));
    entry->deck = child_line(r, content, "description");
    entry->source = name_of(r, lede_xml_child(meta, "provider"));
    if (entry->source.len == 0) {
        entry->source = name_of(r, lede_xml_child(content, "infosource"));
    }
    take_people(r, content);
    take_g2_status(r, meta);
    for (; subject != NULL; subject = lede_xml_sibling(subject, "subject")) {
        lede_draft_put_tag(&r->draft, name_of(r, subject));
    }
    for (; word != NULL; word = lede_xml_sibling(word, "keyword")) {
        lede_draft_put_tag(&r->draft, line_of(r, word));
    }
}

static void take_remote(news_reader *r, const lede_xml_node *set)
{
    const lede_xml_node *remote = lede_xml_child(set, "remotecontent");
    lede_span type = lede_xml_attr_get(remote, "contenttype");
    lede_media media = {.url = lede_xml_attr_get(remote, "href"),
                        .caption = r->draft.entry.deck};

    if (remote == NULL) {
        return;
    }
    media.type = lede_match_starts(type, "video")   ? LEDE_MEDIA_VIDEO
                 : lede_match_starts(type, "audio") ? LEDE_MEDIA_AUDIO
                                                    : LEDE_MEDIA_IMAGE;
    lede_draft_put_media(&r->draft, &media);
}

static void take_g2(news_reader *r, const lede_xml_node *item)
{
    const lede_xml_node *set = lede_xml_child(item, "contentset");
    const lede_xml_node *data = lede_xml_child(set, "inlinedata");

    take_g2_meta(r, item);
    if (lede_xml_child(set, "inlinexml") != NULL) {
        take_content(r, lede_xml_child(set, "inlinexml"));
    } else if (data != NULL) {
        lede_span text = lede_xml_text(data, &r->draft.arena, &r->draft.failed);

        if (lede_match_find(lede_xml_attr_get(data, "contenttype"), 0,
                            "html") != LEDE_MATCH_NONE) {
            lede_draft_put_html(&r->draft, text);
        } else {
            lede_draft_put_text(&r->draft, text);
        }
    }
    take_remote(r, set);
}

/* NewsML 1.2. ------------------------------------------------------------- */

static lede_span party_of(const lede_xml_node *item, const char *role)
{
    const lede_xml_node *party =
        lede_xml_child(lede_xml_find(item, role), "party");

    return lede_xml_attr_get(party, "formalname");
}

/* The content that says most; style sheets say nothing. */
static const lede_xml_node *main_content(const lede_xml_node *item)
{
    lede_xml_node *node = (lede_xml_node *)(uintptr_t)item;
    const lede_xml_node *best = NULL;

    while ((node = lede_xml_next(item, node)) != NULL) {
        lede_span type = lede_xml_attr_get(
            lede_xml_child(node->parent, "mimetype"), "formalname");

        if (lede_xml_is(node, "datacontent") &&
            !lede_match_is(type, "text/css") &&
            (best == NULL || node->inner.len > best->inner.len)) {
            best = node;
        }
    }
    return best;
}

static void take_newsml_1(news_reader *r, const lede_xml_node *item)
{
    lede_entry *entry = &r->draft.entry;
    const lede_xml_node *management = lede_xml_child(item, "newsmanagement");
    const lede_xml_node *word = lede_xml_find(item, "keywordline");
    const lede_xml_node *content = main_content(item);
    lede_span place = line_of(r, lede_xml_find(item, "dateline"));

    entry->native_id = line_of(r, lede_xml_find(item, "publicidentifier"));
    take_headline(r, lede_xml_find(item, "headline"));
    entry->deck = line_of(r, lede_xml_find(item, "subheadline"));
    take_date(r, management, "firstcreated", &entry->published);
    take_date(r, management, "thisrevisioncreated", &entry->published);
    take_date(r, management, "thisrevisioncreated", &entry->updated);
    lede_draft_date(&r->draft, line_of(r, lede_xml_find(item, "dateid")),
                    "DateId", &entry->published);
    entry->source = party_of(item, "provider");
    if (entry->source.len == 0) {
        entry->source = party_of(item, "source");
    }
    entry->lang = lede_draft_language(
        &r->draft,
        lede_xml_attr_get(lede_xml_find(item, "language"), "formalname"));
    put_authors(r, line_of(r, lede_xml_find(item, "byline")), nothing, place,
                "byline");
    for (; word != NULL; word = lede_xml_sibling(word, "keywordline")) {
        lede_draft_put_tag(&r->draft, line_of(r, word));
    }
    if (content != NULL) {
        take_content(r, content);
    }
    if (r->draft.authors.count == 0 && entry->source.len > 0) {
        put_authors(r, entry->source, nothing, place, "the agency");
    }
}

/* RCV1. ------------------------------------------------------------------- */

static void take_rcv1(news_reader *r, const lede_xml_node *item)
{
    lede_entry *entry = &r->draft.entry;
    lede_xml_node *node = (lede_xml_node *)(uintptr_t)item;
    lede_span place = child_line(r, item, "dateline");
    lede_span id = lede_xml_attr_get(item, "itemid");
    lede_buf name = {0};
    size_t i;

    lede_buf_put_text(&name, "rcv1:");
    lede_buf_put_span(&name, id);
    entry->native_id = lede_draft_copy(&r->draft, lede_buf_span(&name));
    lede_buf_done(&name);
    entry->kind = LEDE_KIND_NEWSWIRE;
    entry->source = lede_span_text("Reuters");
    entry->lang =
        lede_draft_language(&r->draft, lede_xml_attr_get(item, "lang"));
    take_headline(r, lede_xml_child(item, "headline"));
    take_headline(r, lede_xml_child(item, "title"));
    for (i = 0;
         i < place.len && !(place.bytes[i] >= '0' && place.bytes[i] <= '9');
         i++) {
    }
    place = lede_match_trim(lede_span_part(place, 0, i));
    lede_draft_date(&r->draft, lede_xml_attr_get(item, "date"), "date",
                    &entry->published);
    put_authors(r, child_line(r, item, "byline"), nothing, place, "byline");
    if (r->draft.authors.count == 0) {
        put_authors(r, entry->source, nothing, place, "the agency");
    }
    while ((node = lede_xml_next(item, node)) != NULL) {
        if (lede_xml_is(node, "code")) {
            lede_draft_put_tag(&r->draft, lede_xml_attr_get(node, "code"));
        }
    }
    take_blocks(r, lede_xml_child(item, "text"));
}

/* Reading. ---------------------------------------------------------------- */

static lede_status give_item(news_reader *r, const lede_xml_node *node,
                             lede_error *err)
{
    lede_draft *d = &r->draft;

    lede_draft_begin(d, LEDE_KIND_ARTICLE);
    lede_draft_reason(d, LEDE_REASON_TEXT, "the item's content");
    if (lede_xml_is(node, "nitf")) {
        take_nitf(r, node);
    } else if (lede_xml_is(node, "contentset")) {
        take_content(r, node);
    } else if (lede_xml_attr_get(node, "itemid").len > 0 ||
               lede_xml_child(node, "text") != NULL) {
        take_rcv1(r, node);
    } else if (lede_xml_child(node, "identification") != NULL ||
               lede_xml_child(node, "newscomponent") != NULL) {
        take_newsml_1(r, node);
    } else {
        take_g2(r, node);
    }
    if (lede_draft_is_empty(d)) {
        return LEDE_OK;
    }
    r->entries++;
    return lede_draft_give(d, r->sink, d->context->location, err);
}

static bool is_item(const lede_xml_node *node)
{
    return lede_xml_is(node, "newsitem") || lede_xml_is(node, "nitf") ||
           lede_xml_is(node, "contentset");
}

/* Each item of the document, which may be one, or hold many. */
static lede_status give_items(news_reader *r, lede_span text, lede_error *err)
{
    const lede_page page = {.format = "newsroom",
                            .captured = lede_when_none(),
                            .updated = lede_when_none()};
    size_t at = 0;
    lede_status status = r->sink->page_begin(r->sink->ctx, &page, err);

    while (status == LEDE_OK) {
        lede_xml_node *root = NULL;
        lede_xml_node *node;

        lede_arena_clear(&r->tree);
        status = lede_xml_read(text, &at, &r->tree, &root, err);
        if (status != LEDE_OK) {
            break;
        }
        for (node = root; node != NULL && status == LEDE_OK;) {
            bool found = is_item(node);

            status = found ? give_item(r, node, err) : LEDE_OK;
            node = found ? lede_xml_next_outside(root, node)
                         : lede_xml_next(root, node);
        }
    }
    return status == LEDE_END ? r->sink->page_end(r->sink->ctx, err) : status;
}

static lede_status read_newsml(lede_input *input,
                               const lede_read_context *context,
                               const lede_sink *sink, lede_error *err)
{
    news_reader r = {.sink = sink};
    lede_buf text = {0};
    lede_error damage = {0};
    lede_status status;

    lede_draft_init(&r.draft, context);
    status = lede_draft_load(input, context, sink, file_max_bytes, &text,
                             &damage, err);
    if (status == LEDE_OK) {
        status = give_items(&r, lede_buf_span(&text), err);
    }
    if (status == LEDE_OK && damage.status != LEDE_OK) {
        status = damage.status;
        if (err != NULL) {
            *err = damage;
        }
    }
    if (status == LEDE_OK && r.entries == 0) {
        status = lede_fail(err, LEDE_BAD_INPUT,
                           "NewsML or NITF without a text or picture");
    }
    lede_arena_done(&r.tree);
    lede_draft_done(&r.draft);
    lede_buf_done(&text);
    return status;
}

const lede_format lede_format_newsml = {"newsroom", claims_newsml, read_newsml};
