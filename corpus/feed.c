/* feed.c - RSS of all versions, Atom, and sitemaps of news: an entry per item.
 * JSON Feeds are lists of records (json_records.c). */
#include <string.h>

#include "base/utf8.h"
#include "corpus/address.h"
#include "corpus/draft.h"
#include "corpus/feed_root.h"
#include "corpus/feed_space.h"
#include "corpus/markup.h"
#include "corpus/page_words.h"
#include "corpus/text_match.h"
#include "corpus/transfer.h"
#include "corpus/xml_tree.h"

enum { STUB_CHARS = 400 };

/* Of a larger feed the rest is left out. */
static const size_t feed_max_bytes = (size_t)64 << 20;

typedef struct feed {
    lede_draft draft;
    const lede_sink *sink;
    lede_arena arena; /* of the whole feed */
    lede_xml_node *root;
    lede_feed_spaces spaces;
    lede_span title, url, language, author;
    lede_span start;            /* where links lead from, but for xml:base */
    const lede_xml_node *based; /* the element that `base` is of */
    lede_span base;
    const lede_xml_node *described; /* whose texts of media these are */
    lede_span caption, credit;      /* in the draft's arena */
    uint64_t entries;
    bool failed;
} feed;

/* Recognition. ------------------------------------------------------------ */

static bool claims_feed(lede_span head, bool whole, const char *path)
{
    size_t begin;

    (void)whole;
    (void)path;
    return lede_feed_find(head, &begin);
}

/* Namespaces. ------------------------------------------------------------- */

static lede_feed_space space_of(const feed *f, const lede_xml_node *node)
{
    return lede_feed_space_of(&f->spaces, node);
}

static bool is_core(const feed *f, const lede_xml_node *node, const char *name)
{
    return lede_xml_is(node, name) && space_of(f, node) == LEDE_FEED_CORE;
}

/* Texts. ------------------------------------------------------------------ */

/* How a text is written. */
typedef enum feed_writing {
    WRITTEN_TEXT,
    WRITTEN_HTML,
    WRITTEN_XHTML
} feed_writing;

static bool has_elements(const lede_xml_node *node)
{
    const lede_xml_node *child = node->first;

    while (child != NULL && child->name.len == 0) {
        child = child->next;
    }
    return child != NULL;
}

static feed_writing writing_of(const lede_xml_node *node)
{
    lede_span type = lede_xml_attr_get(node, "type");
    lede_span mode = lede_xml_attr_get(node, "mode");

    if (lede_match_find(type, 0, "xhtml") != LEDE_MATCH_NONE ||
        has_elements(node)) {
        return WRITTEN_XHTML;
    }
    if ((lede_match_is(type, "text") || lede_match_is(type, "text/plain")) &&
        !lede_match_is(mode, "base64")) {
        return WRITTEN_TEXT;
    }
    return WRITTEN_HTML;
}

/* As Atom 0.3 says it, or, as Atom 1.0 does, by the type: what is no text. */
static bool is_base64(const lede_xml_node *node)
{
    lede_span type = lede_xml_attr_get(node, "type");

    return lede_match_is(lede_xml_attr_get(node, "mode"), "base64") ||
           lede_match_is(lede_xml_attr_get(node, "encoding"), "base64") ||
           (lede_match_starts(type, "application/") &&
            lede_xml_attr_get(node, "mode").len == 0 &&
            lede_match_find(type, 0, "xml") == LEDE_MATCH_NONE &&
            lede_match_find(type, 0, "html") == LEDE_MATCH_NONE);
}

/* The text of an element as it was meant: HTML, or plain. */
static lede_span content_of(feed *f, const lede_xml_node *node)
{
    lede_draft *d = &f->draft;
    lede_span text;

    if (writing_of(node) == WRITTEN_XHTML) {
        return node->inner;
    }
    text = lede_xml_text(node, &d->arena, &d->failed);
    if (is_base64(node)) {
        lede_buf bytes = {0};
        lede_buf valid = {0};

        lede_base64_decode(text, &bytes);
        lede_utf8_repair(lede_buf_span(&bytes), &valid);
        text = lede_draft_copy(d, lede_buf_span(&valid));
        d->failed |= bytes.failed || valid.failed;
        lede_buf_done(&bytes);
        lede_buf_done(&valid);
    }
    return text;
}

static lede_span line_of(feed *f, const lede_xml_node *node)
{
    if (node == NULL) {
        return lede_span_of(NULL, 0);
    }
    if (writing_of(node) == WRITTEN_TEXT) {
        return lede_xml_line(node, &f->draft.arena, &f->draft.failed);
    }
    return lede_draft_line(&f->draft, content_of(f, node));
}

static void put_content(feed *f, const lede_xml_node *node)
{
    lede_span text = content_of(f, node);

    if (writing_of(node) != WRITTEN_TEXT &&
        (lede_markup_is_likely(text) ||
         (text.len > 0 && memchr(text.bytes, '&', text.len) != NULL))) {
        lede_draft_put_html(&f->draft, text);
    } else {
        lede_draft_put_text(&f->draft, text);
    }
}

/* Items. ------------------------------------------------------------------ */

/* The elements of one item that count, best ones. */
typedef struct item {
    const lede_xml_node *title, *content, *summary, *link, *id;
    int title_rank, content_rank, summary_rank, published_rank;
} item;

static void choose(const lede_xml_node **best, int *best_rank,
                   const lede_xml_node *node, int rank)
{
    if (*best == NULL || rank < *best_rank) {
        *best = node;
        *best_rank = rank;
    }
}

/* Where links in an element lead from. */
static lede_span base_of(feed *f, const lede_xml_node *node)
{
    lede_span own, outer;

    if (node == NULL) {
        return f->start;
    }
    if (node == f->based) {
        return f->base;
    }
    own = lede_xml_attr_get(node, "base");
    outer = base_of(f, node->parent);
    return own.len == 0 ? outer
                        : lede_address_join(outer, own, &f->draft.arena,
                                            &f->draft.failed);
}

static bool has_host(lede_span link)
{
    size_t at = lede_match_find(link, 0, "://");

    return lede_match_starts(link, "www.") ||
           (at != LEDE_MATCH_NONE && lede_address_has_scheme(link) &&
            at + 3 < link.len && link.bytes[at + 3] != '/');
}

/* The address that a link in the element has. */
static lede_span join(feed *f, const lede_xml_node *node, lede_span link)
{
    link = lede_match_trim(link);
    if (link.len == 0 || has_host(link)) {
        return link;
    }
    return lede_address_join(base_of(f, node), link, &f->draft.arena,
                             &f->draft.failed);
}

/* What items have in common is sought once. */
static void keep_base(feed *f, const lede_xml_node *parent)
{
    if (parent != f->based) {
        f->base = lede_arena_copy(&f->arena, base_of(f, parent));
        f->based = parent;
    }
}

/* An address: of Atom's links the one of the page. */
static void take_link(feed *f, const lede_xml_node *node)
{
    lede_entry *entry = &f->draft.entry;
    lede_span href = lede_xml_attr_get(node, "href");
    lede_span rel = lede_xml_attr_get(node, "rel");
    lede_span type = lede_xml_attr_get(node, "type");

    if (lede_match_is(rel, "enclosure")) {
        lede_media media = {.url = join(f, node, href)};

        media.type = lede_match_starts(type, "video")   ? LEDE_MEDIA_VIDEO
                     : lede_match_starts(type, "audio") ? LEDE_MEDIA_AUDIO
                                                        : LEDE_MEDIA_IMAGE;
        lede_draft_put_media(&f->draft, &media);
        return;
    }
    if (href.len == 0) {
        href = lede_xml_text(node, &f->draft.arena, &f->draft.failed);
    }
    if (entry->url.len == 0 &&
        (rel.len == 0 || lede_match_is(rel, "alternate"))) {
        entry->url = join(f, node, href);
    }
}

static bool is_address(lede_span text)
{
    return lede_match_starts(text, "http://") ||
           lede_match_starts(text, "https://");
}

static void take_author(feed *f, const lede_xml_node *node)
{
    lede_draft *d = &f->draft;
    const lede_xml_node *name = lede_xml_child(node, "name");
    lede_span none = {NULL, 0};

    lede_draft_put_names(d, line_of(f, name != NULL ? name : node), none, none);
}

/* What the children of `from` say of the media in it: sought once for all of
 * them. */
static void describe_media(feed *f, const lede_xml_node *from,
                           lede_media *media)
{
    if (f->described != from) {
        f->caption = line_of(f, lede_xml_child(from, "description"));
        f->credit = line_of(f, lede_xml_child(from, "credit"));
        f->described = from;
    }
    media->caption = f->caption;
    media->credit = f->credit;
}

static void take_media(feed *f, const lede_xml_node *node)
{
    lede_draft *d = &f->draft;
    lede_span type = lede_xml_attr_get(node, "type");
    lede_span medium = lede_xml_attr_get(node, "medium");
    lede_media media = {.url = join(f, node, lede_xml_attr_get(node, "url"))};
    const lede_xml_node *from =
        lede_xml_is(node, "content") ? node : node->parent;

    media.type =
        lede_match_starts(type, "video") || lede_match_is(medium, "video")
            ? LEDE_MEDIA_VIDEO
        : lede_match_starts(type, "audio") || lede_match_is(medium, "audio")
            ? LEDE_MEDIA_AUDIO
            : LEDE_MEDIA_IMAGE;
    describe_media(f, from, &media);
    if (media.caption.len == 0 && from == node) {
        media.caption = line_of(f, lede_xml_child(from, "title"));
    }
    lede_draft_put_media(d, &media);
}

static void take_tag(feed *f, const lede_xml_node *node)
{
    lede_span label = lede_xml_attr_get(node, "label");

    label = label.len > 0 ? label : lede_xml_attr_get(node, "term");
    lede_draft_put_tag(&f->draft, label.len > 0
                                      ? lede_draft_line(&f->draft, label)
                                      : line_of(f, node));
}

/* The element's name as written, for people. */
static void say_from(feed *f, lede_reason what, const lede_xml_node *node)
{
    f->draft.reasons.from[what] = node->name;
}

/* Said twice, the later one holds. */
static void take_date(feed *f, const lede_xml_node *node, lede_when *into)
{
    lede_when when = lede_when_none();

    lede_draft_date(&f->draft,
                    lede_xml_line(node, &f->draft.arena, &f->draft.failed), "",
                    &when);
    if (when.precision != LEDE_PRECISION_NONE) {
        *into = when;
        say_from(f,
                 into == &f->draft.entry.published ? LEDE_REASON_PUBLISHED
                                                   : LEDE_REASON_UPDATED,
                 node);
    }
}

/* Of several kinds of beginning the one that says "published". */
static void take_published(feed *f, const lede_xml_node *node, item *it,
                           int rank)
{
    lede_when *into = &f->draft.entry.published;

    if (into->precision == LEDE_PRECISION_NONE || rank <= it->published_rank) {
        take_date(f, node, into);
        it->published_rank = rank;
    }
}

static void take_first_date(feed *f, const lede_xml_node *node, item *it)
{
    static const char *const names[] = {"pubdate", "published", "issued",
                                        "date", "created"};
    int i;

    for (i = 0; i < 5; i++) {
        if (lede_xml_is(node, names[i])) {
            take_published(f, node, it, i);
        }
    }
}

static bool is_one_of(const lede_xml_node *node, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (lede_xml_is(node, *names)) {
            return true;
        }
    }
    return false;
}

/* Those of RSS and Atom. */
static void take_core(feed *f, const lede_xml_node *node, item *it)
{
    static const char *const published[] = {"pubdate", "published", "issued",
                                            "date",    "created",   NULL};
    static const char *const updated[] = {"updated", "modified",
                                          "lastbuilddate", NULL};
    lede_entry *entry = &f->draft.entry;

    if (lede_xml_is(node, "title")) {
        choose(&it->title, &it->title_rank, node, 0);
    } else if (lede_xml_is(node, "link")) {
        take_link(f, node);
    } else if (lede_xml_is(node, "guid") || lede_xml_is(node, "id")) {
        it->id = node;
    } else if (is_one_of(node, published)) {
        take_first_date(f, node, it);
    } else if (is_one_of(node, updated)) {
        take_date(f, node, &entry->updated);
    } else if (lede_xml_is(node, "content") || lede_xml_is(node, "body") ||
               lede_xml_is(node, "fullitem")) {
        choose(&it->content, &it->content_rank, node, 1);
    } else if (lede_xml_is(node, "description")) {
        choose(&it->summary, &it->summary_rank, node, 1);
    } else if (lede_xml_is(node, "summary")) {
        choose(&it->summary, &it->summary_rank, node, 0);
    } else if (lede_xml_is(node, "author")) {
        take_author(f, node);
    } else if (lede_xml_is(node, "category")) {
        take_tag(f, node);
    } else if (lede_xml_is(node, "enclosure")) {
        take_media(f, node);
    } else if (lede_xml_is(node, "language")) {
        entry->lang = lede_draft_language(&f->draft, line_of(f, node));
    } else if (lede_xml_is(node, "source")) {
        const lede_xml_node *title = lede_xml_child(node, "title");

        entry->source = line_of(f, title != NULL ? title : node);
    }
}

static void take_dc(feed *f, const lede_xml_node *node, item *it)
{
    lede_entry *entry = &f->draft.entry;

    if (lede_xml_is(node, "title")) {
        choose(&it->title, &it->title_rank, node, 1);
    } else if (lede_xml_is(node, "creator") || lede_xml_is(node, "author")) {
        take_author(f, node);
    } else if (lede_xml_is(node, "date") || lede_xml_is(node, "issued") ||
               lede_xml_is(node, "created")) {
        take_first_date(f, node, it);
    } else if (lede_xml_is(node, "modified")) {
        take_date(f, node, &entry->updated);
    } else if (lede_xml_is(node, "subject")) {
        take_tag(f, node);
    } else if (lede_xml_is(node, "description") ||
               lede_xml_is(node, "abstract")) {
        choose(&it->summary, &it->summary_rank, node, 2);
    } else if (lede_xml_is(node, "language")) {
        entry->lang = lede_draft_language(&f->draft, line_of(f, node));
    } else if (lede_xml_is(node, "publisher") && entry->source.len == 0) {
        entry->source = line_of(f, node);
    }
}

static void take_other(feed *f, const lede_xml_node *node, item *it,
                       lede_feed_space space)
{
    if (space == LEDE_FEED_CONTENT && lede_xml_is(node, "encoded")) {
        choose(&it->content, &it->content_rank, node, 0);
    } else if (space == LEDE_FEED_XHTML) {
        choose(&it->content, &it->content_rank, node, 2);
    } else if (space == LEDE_FEED_FEEDBURNER && lede_xml_is(node, "origlink")) {
        f->draft.entry.url = join(f, node, line_of(f, node));
    } else if (space == LEDE_FEED_ITUNES && lede_xml_is(node, "author")) {
        if (f->draft.authors.count == 0) {
            take_author(f, node);
        }
    } else if (space == LEDE_FEED_ITUNES && (lede_xml_is(node, "summary") ||
                                             lede_xml_is(node, "subtitle"))) {
        choose(&it->summary, &it->summary_rank, node, 3);
    } else if (space == LEDE_FEED_MEDIA &&
               (lede_xml_is(node, "content") ||
                (lede_xml_is(node, "thumbnail") &&
                 f->draft.entry.media_count == 0))) {
        take_media(f, node);
    } else if (space == LEDE_FEED_MEDIA && lede_xml_is(node, "title")) {
        choose(&it->title, &it->title_rank, node, 2);
    } else if (space == LEDE_FEED_MEDIA && lede_xml_is(node, "description")) {
        choose(&it->summary, &it->summary_rank, node, 4);
    } else if (space == LEDE_FEED_MEDIA && lede_xml_is(node, "group")) {
        const lede_xml_node *child = node->first;

        for (; child != NULL; child = child->next) {
            if (child->name.len > 0 && !lede_xml_is(child, "group")) {
                take_other(f, child, it, space_of(f, child));
            }
        }
    }
}

/* The text, and what tells of it. */
static void put_texts(feed *f, const item *it)
{
    lede_draft *d = &f->draft;

    d->entry.headline = line_of(f, it->title);
    if (it->title != NULL) {
        say_from(f, LEDE_REASON_HEADLINE, it->title);
    }
    if (it->content != NULL) {
        put_content(f, it->content);
        say_from(f, LEDE_REASON_TEXT, it->content);
    }
    if (d->body.count > 0 && it->summary != NULL) {
        d->entry.deck = line_of(f, it->summary);
    } else if (it->summary != NULL) {
        size_t bytes = 0;
        uint32_t i;

        put_content(f, it->summary);
        say_from(f, LEDE_REASON_TEXT, it->summary);
        for (i = 0; i < d->body.count; i++) {
            bytes += d->body.blocks[i].text.len;
        }
        d->entry.flags |= bytes < STUB_CHARS ? LEDE_FLAG_STUB : 0;
    }
}

static void put_address(feed *f, const item *it, const lede_xml_node *node)
{
    lede_entry *entry = &f->draft.entry;
    lede_span id =
        it->id != NULL ? line_of(f, it->id) : lede_xml_attr_get(node, "about");

    if (entry->url.len == 0 && is_address(id) &&
        !lede_match_is(lede_xml_attr_get(it->id, "ispermalink"), "false")) {
        entry->url = id;
    }
    if (!has_host(entry->url)) { /* else the address is what articles share */
        entry->native_id = id.len > 0 ? id : entry->url;
        entry->url = lede_span_of(NULL, 0);
    }
}

static bool says_something(const lede_draft *d)
{
    return !lede_draft_is_empty(d) || d->entry.url.len > 0 ||
           d->entry.published.precision != LEDE_PRECISION_NONE ||
           d->entry.updated.precision != LEDE_PRECISION_NONE;
}

static lede_status give_item(feed *f, const lede_xml_node *node,
                             lede_error *err)
{
    lede_draft *d = &f->draft;
    const lede_xml_node *child;
    item it = {0};

    lede_draft_begin(d, LEDE_KIND_FEED_ITEM);
    f->described = NULL; /* its texts are gone */
    d->entry.lang = lede_draft_language(d, lede_xml_attr_get(node, "lang"));
    for (child = node->first; child != NULL; child = child->next) {
        lede_feed_space space = space_of(f, child);

        if (child->name.len == 0) {
            continue;
        }
        if (space == LEDE_FEED_CORE) {
            take_core(f, child, &it);
        } else if (space == LEDE_FEED_DC) {
            take_dc(f, child, &it);
        } else {
            take_other(f, child, &it, space);
        }
    }
    lede_draft_date(d, lede_xml_attr_get(node, "lastmod"), "lastmod",
                    &d->entry.updated);
    put_texts(f, &it);
    put_address(f, &it, node);
    if (!says_something(d)) {
        return LEDE_OK;
    }
    if (d->entry.published.precision == LEDE_PRECISION_NONE) {
        d->entry.published = d->entry.updated;
        lede_draft_reason(d, LEDE_REASON_PUBLISHED,
                          "its last change, the only date");
    }
    if (d->authors.count == 0) {
        lede_span none = {NULL, 0};

        lede_draft_put_names(d, f->author, none, none);
        lede_draft_reason(d, LEDE_REASON_AUTHORS, "the feed's author");
    }
    if (d->entry.lang.len == 0) {
        d->entry.lang = f->language;
        lede_draft_reason(d, LEDE_REASON_LANGUAGE, "the feed's language");
    }
    if (d->entry.source.len == 0) {
        d->entry.source = f->title;
        lede_draft_reason(d, LEDE_REASON_OUTLET, "the feed's title");
    }
    f->entries++;
    return lede_draft_give(d, f->sink, d->context->location, err);
}

/* Sitemaps of news. ------------------------------------------------------- */

static lede_status give_url(feed *f, const lede_xml_node *node, lede_error *err)
{
    lede_draft *d = &f->draft;
    const lede_xml_node *news = lede_xml_child(node, "news");
    const lede_xml_node *publication = lede_xml_child(news, "publication");
    const lede_xml_node *image = lede_xml_child(node, "image");
    lede_span words;
    size_t at = 0;

    lede_draft_begin(d, LEDE_KIND_BOOKMARK);
    d->entry.headline = line_of(f, lede_xml_child(news, "title"));
    if (d->entry.headline.len == 0) {
        return LEDE_OK; /* an address alone says nothing */
    }
    d->entry.url = join(f, node, line_of(f, lede_xml_child(node, "loc")));
    d->entry.source = line_of(f, lede_xml_child(publication, "name"));
    d->entry.lang = lede_draft_language(
        d, line_of(f, lede_xml_child(publication, "language")));
    if (lede_xml_child(news, "publication_date") != NULL) {
        take_date(f, lede_xml_child(news, "publication_date"),
                  &d->entry.published);
    }
    if (lede_xml_child(node, "lastmod") != NULL) {
        take_date(f, lede_xml_child(node, "lastmod"), &d->entry.updated);
    }
    words = line_of(f, lede_xml_child(news, "keywords"));
    while (at < words.len) {
        size_t comma = lede_match_find(words, at, ",");

        comma = comma == LEDE_MATCH_NONE ? words.len : comma;
        lede_draft_put_tag(d, lede_span_part(words, at, comma - at));
        at = comma + 1;
    }
    if (image != NULL) {
        lede_media media = {.url = line_of(f, lede_xml_child(image, "loc")),
                            .caption =
                                line_of(f, lede_xml_child(image, "caption"))};

        lede_draft_put_media(d, &media);
    }
    f->entries++;
    return lede_draft_give(d, f->sink, d->context->location, err);
}

/* Feeds. ------------------------------------------------------------------ */

/* The feed's page, from which its links lead; else they lead from where the
 * feed itself is. */
static void take_own_link(feed *f, const lede_xml_node *node)
{
    lede_span from = f->draft.context->url;

    lede_draft_begin(&f->draft, LEDE_KIND_FEED_ITEM);
    if (lede_match_is(lede_xml_attr_get(node, "rel"), "self")) {
        from = join(f, node, lede_xml_attr_get(node, "href"));
    } else if (f->url.len == 0) {
        take_link(f, node);
        f->url = lede_arena_copy(&f->arena, f->draft.entry.url);
        from = f->url;
    }
    if (lede_address_is_web(from) && !lede_address_is_web(f->url)) {
        f->start = lede_arena_copy(&f->arena, from);
    } else if (lede_address_is_web(f->url)) {
        f->start = f->url;
    }
}

/* What the feed says of itself. Its texts live as long as it does. */
static void take_head(feed *f)
{
    const lede_xml_node *top = lede_xml_child(f->root, "channel");
    const lede_xml_node *node;

    top = top != NULL ? top : f->root;
    f->start = f->draft.context->url;
    lede_draft_begin(&f->draft, LEDE_KIND_FEED_ITEM);
    f->language = lede_xml_attr_get(f->root, "lang");
    for (node = top->first; node != NULL; node = node->next) {
        lede_feed_space space = space_of(f, node);
        lede_span line;

        if (node->name.len == 0 || lede_xml_is(node, "item") ||
            lede_xml_is(node, "entry")) {
            continue;
        }
        if (space != LEDE_FEED_CORE && space != LEDE_FEED_DC) {
            continue;
        }
        line = lede_xml_is(node, "author")
                   ? line_of(f, lede_xml_child(node, "name"))
                   : line_of(f, node);
        if (lede_xml_is(node, "title") &&
            (f->title.len == 0 || space == LEDE_FEED_CORE)) {
            f->title = lede_arena_copy(&f->arena, line);
        } else if (lede_xml_is(node, "author") && line.len > 0) {
            f->author = lede_arena_copy(&f->arena, line);
        } else if (lede_xml_is(node, "language")) {
            f->language = line;
        } else if (lede_xml_is(node, "link")) {
            take_own_link(f, node);
        }
        f->language = lede_arena_copy(&f->arena, f->language);
    }
    f->language = lede_draft_language(&f->draft, f->language);
    f->language = lede_arena_copy(&f->arena, f->language);
    f->failed |= f->title.bytes == NULL && f->title.len > 0;
    f->draft.hints.site = lede_words_site(f->draft.context->site, f->url);
}

static lede_status give_items(feed *f, lede_error *err)
{
    lede_xml_node *node = f->root;
    lede_status status = LEDE_OK;

    while (node != NULL && status == LEDE_OK) {
        bool is_item =
            (lede_xml_is(node, "item") || lede_xml_is(node, "entry")) &&
            (is_core(f, node, "item") || is_core(f, node, "entry") ||
             space_of(f, node) == LEDE_FEED_OTHER);

        if (is_item) {
            keep_base(f, node->parent);
            status = give_item(f, node, err);
        } else if (lede_xml_is(node, "url")) {
            status = give_url(f, node, err);
            is_item = true;
        }
        /* An item that never ends holds those behind it. */
        is_item = is_item && node->is_closed;
        node = is_item ? lede_xml_next_outside(f->root, node)
                       : lede_xml_next(f->root, node);
    }
    return status;
}

static const char *kind_of(const feed *f)
{
    return lede_xml_is(f->root, "rdf")       ? "a feed (RSS 1.0)"
           : lede_xml_is(f->root, "feed")    ? "a feed (Atom)"
           : lede_xml_is(f->root, "rss")     ? "a feed (RSS)"
           : lede_xml_is(f->root, "channel") ? "a feed (RSS)"
                                             : "a sitemap";
}

static lede_status read_items(feed *f, lede_error *err)
{
    lede_page page = {.format = "feed",
                      .captured = f->draft.context->captured,
                      .updated = lede_when_none()};
    lede_status status;

    lede_feed_spaces_declare(&f->spaces, f->root);
    take_head(f);
    if (f->failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    page.title = f->title;
    page.url = f->url;
    page.site = f->title;
    status = f->sink->page_begin(f->sink->ctx, &page, err);
    if (status == LEDE_OK) {
        status = give_items(f, err);
    }
    if (status == LEDE_OK) {
        status = f->sink->page_end(f->sink->ctx, err);
    }
    if (status == LEDE_OK && f->entries == 0) {
        status = lede_fail(err, LEDE_BAD_INPUT, "%s without items", kind_of(f));
    }
    return status;
}

static lede_status read_feed(lede_input *input,
                             const lede_read_context *context,
                             const lede_sink *sink, lede_error *err)
{
    feed f = {.sink = sink};
    lede_buf text = {0};
    lede_error damage = {0};
    size_t at = 0;
    lede_status status;

    lede_draft_init(&f.draft, context);
    f.draft.is_of_many = true;
    status = lede_draft_load(input, context, sink, feed_max_bytes, &text,
                             &damage, err);
    if (status == LEDE_OK) {
        at = lede_feed_find(lede_buf_span(&text), &at) ? at : 0;
        status =
            lede_xml_read(lede_buf_span(&text), &at, &f.arena, &f.root, err);
    }
    if (status == LEDE_END) {
        status = lede_fail(err, LEDE_BAD_INPUT, "a feed that is empty");
    }
    if (status == LEDE_OK) {
        status = read_items(&f, err);
    }
    if (status == LEDE_OK && damage.status != LEDE_OK) {
        status = damage.status;
        if (err != NULL) {
            *err = damage;
        }
    }
    lede_arena_done(&f.arena);
    lede_draft_done(&f.draft);
    lede_buf_done(&text);
    return status;
}

const lede_format lede_format_feed = {"feed", claims_feed, read_feed};
