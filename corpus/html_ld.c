#include "corpus/html_ld.h"

#include <string.h>

#include "corpus/text_match.h"

enum {
    AUTHOR_DEPTH_MAX = 8, /* names in lists in objects that stand for others */
    AUTHOR_VISITS_MAX = 512 /* however they refer to one another */
};

typedef struct gatherer {
    lede_html_ld *ld;
    lede_arena *arena;
    lede_span url;
    uint32_t room;
    int best_article, best_page;
    bool failed;
} gatherer;

bool lede_html_ld_is(const lede_json_value *object, const char *type)
{
    const lede_json_value *types = lede_json_member(object, "@type");

    if (types != NULL && types->type == LEDE_JSON_ARRAY) {
        for (types = types->first; types != NULL; types = types->next) {
            if (types->type == LEDE_JSON_STRING &&
                lede_span_is(types->text, type)) {
                return true;
            }
        }
        return false;
    }
    return types != NULL && types->type == LEDE_JSON_STRING &&
           lede_span_is(types->text, type);
}

static bool ends_in(lede_span text, const char *end)
{
    size_t len = strlen(end);

    return text.len >= len &&
           memcmp(text.bytes + text.len - len, end, len) == 0;
}

/* NewsArticle, ReportageNewsArticle, BlogPosting, Report... */
static bool is_article_type(const lede_json_value *type)
{
    return type->type == LEDE_JSON_STRING &&
           (ends_in(type->text, "Article") || ends_in(type->text, "Posting") ||
            lede_span_is(type->text, "Report"));
}

static bool is_article(const lede_json_value *object)
{
    const lede_json_value *type = lede_json_member(object, "@type");

    if (type == NULL) {
        return false;
    }
    if (type->type != LEDE_JSON_ARRAY) {
        return is_article_type(type);
    }
    for (type = type->first; type != NULL; type = type->next) {
        if (is_article_type(type)) {
            return true;
        }
    }
    return false;
}

static bool is_page(const lede_json_value *object)
{
    static const char *const types[] = {
        "WebPage",        "ItemPage",       "VideoObject", "Review",
        "PodcastEpisode", "AudioObject",    "Recipe",      "Event",
        "MediaObject",    "CollectionPage", "Episode",     "ClaimReview",
    };
    size_t i;

    for (i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (lede_html_ld_is(object, types[i])) {
            return true;
        }
    }
    return false;
}

static bool has(const lede_json_value *object, const char *key)
{
    return lede_json_member_text(object, key).len > 0;
}

/* Addresses without scheme, www and what stands behind the path. */
static lede_span bare_url(lede_span url)
{
    size_t at = lede_match_find(url, 0, "://");
    size_t len = 0;

    if (at != LEDE_MATCH_NONE) {
        url = lede_span_part(url, at + 3, url.len);
    }
    if (lede_match_starts(url, "www.")) {
        url = lede_span_part(url, 4, url.len);
    }
    while (len < url.len && url.bytes[len] != '?' && url.bytes[len] != '#') {
        len++;
    }
    while (len > 0 && url.bytes[len - 1] == '/') {
        len--;
    }
    return lede_span_part(url, 0, len);
}

static bool is_of_page(const gatherer *g, const lede_json_value *object)
{
    static const char *const keys[] = {"url", "mainEntityOfPage", "@id"};
    lede_span page = bare_url(g->url);
    size_t i;

    for (i = 0; i < sizeof keys / sizeof keys[0] && page.len > 0; i++) {
        const lede_json_value *member = lede_json_member(object, keys[i]);
        lede_span url = lede_json_value_text(member);

        if (url.len == 0) {
            url = lede_json_member_text(member, "@id");
        }
        if (lede_span_equal(bare_url(url), page)) {
            return true;
        }
    }
    return false;
}

static int worth_of(const gatherer *g, const lede_json_value *object)
{
    return 1 + 3 * (has(object, "headline") || has(object, "name")) +
           2 * has(object, "datePublished") + has(object, "articleBody") +
           (lede_json_member(object, "author") != NULL) +
           4 * is_of_page(g, object);
}

static bool has_updates(const lede_json_value *object)
{
    const lede_json_value *updates = lede_json_member(object, "liveBlogUpdate");

    return updates != NULL && updates->first != NULL;
}

static void weigh(gatherer *g, const lede_json_value *object)
{
    int worth;

    if (is_article(object)) {
        worth = worth_of(g, object);
        if (worth > g->best_article) {
            g->best_article = worth;
            g->ld->article = object;
        }
        if (g->ld->live == NULL && has_updates(object)) {
            g->ld->live = object;
        }
    } else if (is_page(object)) {
        worth = worth_of(g, object);
        if (worth > g->best_page) {
            g->best_page = worth;
            g->ld->page = object;
        }
    }
}

static void put_object(gatherer *g, const lede_json_value *object)
{
    lede_html_ld *ld = g->ld;

    if (ld->count == LEDE_HTML_LD_MAX_OBJECTS) {
        return;
    }
    if (ld->count == g->room) {
        uint32_t room = g->room == 0 ? 32 : g->room * 2;
        const lede_json_value **grown =
            lede_arena_array(g->arena, room, sizeof *grown);

        if (grown == NULL) {
            g->failed = true;
            return;
        }
        if (ld->count > 0) {
            memcpy(grown, ld->objects, ld->count * sizeof *grown);
        }
        ld->objects = grown;
        g->room = room;
    }
    ld->objects[ld->count++] = object;
}

/* Where the page's own article may stand; elsewhere are those of others. */
static bool leads_to_article(lede_span key)
{
    static const char *const keys[] = {
        "@graph", "mainEntity", "mainEntityOfPage", "hasPart", "subjectOf",
    };
    size_t i;

    for (i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (lede_span_is(key, keys[i])) {
            return true;
        }
    }
    return false;
}

/* Bounded by the depth of JSON. */
static void gather(gatherer *g, const lede_json_value *value, bool is_own)
{
    const lede_json_value *child;

    if (value->type == LEDE_JSON_OBJECT) {
        if (lede_json_member(value, "@type") != NULL ||
            lede_json_member(value, "@id") != NULL) {
            put_object(g, value);
        }
        if (is_own) {
            weigh(g, value);
        }
    }
    for (child = value->first; child != NULL; child = child->next) {
        if (child->first != NULL) {
            gather(g, child,
                   is_own && (value->type == LEDE_JSON_ARRAY ||
                              leads_to_article(child->key)));
        }
    }
}

lede_status lede_html_ld_read(const lede_html_tree *tree, lede_span url,
                              lede_arena *arena, lede_html_ld *out,
                              lede_error *err)
{
    gatherer g = {.ld = out, .arena = arena, .url = url};
    lede_html_node *node = tree->root;
    lede_status status = LEDE_OK;

    *out = (lede_html_ld){0};
    for (; node != NULL && status == LEDE_OK;
         node = lede_html_next(tree->root, node)) {
        const lede_json_value *values = NULL;

        if (node->tag != LEDE_TAG_SCRIPT || node->text.len == 0 ||
            !lede_html_attr_contains(node, LEDE_ATTR_TYPE, "ld+json")) {
            continue;
        }
        status = lede_json_tree_read(node->text, arena, &values, err);
        if (status == LEDE_OK) {
            gather(&g, values, true);
        }
    }
    if (status == LEDE_OK && g.failed) {
        status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    return status;
}

const lede_json_value *lede_html_ld_resolve(const lede_html_ld *ld,
                                            const lede_json_value *value)
{
    const lede_json_value *id = lede_json_member(value, "@id");
    uint32_t i;

    if (id == NULL || id->type != LEDE_JSON_STRING ||
        lede_json_member(value, "name") != NULL) {
        return value;
    }
    for (i = 0; i < ld->count; i++) {
        const lede_json_value *other = ld->objects[i];

        if (other != value && lede_json_member(other, "name") != NULL) {
            const lede_json_value *other_id = lede_json_member(other, "@id");

            if (other_id != NULL && other_id->type == LEDE_JSON_STRING &&
                lede_span_equal(other_id->text, id->text)) {
                return other;
            }
        }
    }
    return value;
}

/* Objects may stand for others, and these for the first again. */
typedef struct authors_walk {
    const lede_html_ld *ld;
    lede_json_byline *byline;
    unsigned visits;
} authors_walk;

static lede_status put_authors(authors_walk *walk, const lede_json_value *value,
                               unsigned depth, lede_error *err);

static lede_status put_parts_of_name(authors_walk *walk,
                                     const lede_json_value *who, lede_span role,
                                     lede_error *err)
{
    const lede_span none = {NULL, 0};
    lede_buf both = {0};
    lede_span full;
    lede_status status;

    lede_buf_put_span(&both, lede_json_member_text(who, "givenName"));
    lede_buf_put_text(&both, " ");
    lede_buf_put_span(&both, lede_json_member_text(who, "familyName"));
    full = lede_arena_copy(walk->byline->arena, lede_buf_span(&both));
    status = both.failed || full.bytes == NULL
                 ? lede_fail(err, LEDE_NO_MEMORY, "out of memory")
                 : lede_json_byline_add(walk->byline, full, role, none, err);
    lede_buf_done(&both);
    return status;
}

static lede_status put_person(authors_walk *walk, const lede_json_value *who,
                              unsigned depth, lede_error *err)
{
    const lede_json_value *name = lede_json_member(who, "name");
    const lede_span none = {NULL, 0};
    lede_span role = lede_json_member_text(who, "jobTitle");

    if (name != NULL && name->type == LEDE_JSON_ARRAY) {
        return put_authors(walk, name, depth + 1, err);
    }
    if (name != NULL && name->type == LEDE_JSON_STRING) {
        return lede_json_byline_add(walk->byline, name->text, role, none, err);
    }
    if (has(who, "givenName") || has(who, "familyName")) {
        return put_parts_of_name(walk, who, role, err);
    }
    return LEDE_OK;
}

static lede_status put_authors(authors_walk *walk, const lede_json_value *value,
                               unsigned depth, lede_error *err)
{
    const lede_span none = {NULL, 0};
    lede_status status = LEDE_OK;

    if (value == NULL || depth > AUTHOR_DEPTH_MAX ||
        walk->visits++ >= AUTHOR_VISITS_MAX) {
        return LEDE_OK;
    }
    if (value->type == LEDE_JSON_STRING) {
        return lede_json_byline_add(walk->byline, value->text, none, none, err);
    }
    if (value->type == LEDE_JSON_OBJECT) {
        return put_person(walk, lede_html_ld_resolve(walk->ld, value), depth,
                          err);
    }
    for (value = value->first; value != NULL && status == LEDE_OK;
         value = value->next) {
        status = put_authors(walk, value, depth + 1, err);
    }
    return status;
}

lede_status lede_html_ld_authors(const lede_html_ld *ld,
                                 const lede_json_value *value,
                                 lede_json_byline *byline, lede_error *err)
{
    authors_walk walk = {.ld = ld, .byline = byline};

    return put_authors(&walk, value, 0, err);
}

lede_span lede_html_ld_publisher(const lede_html_ld *ld,
                                 const lede_json_value *article)
{
    const lede_json_value *publisher = lede_json_member(article, "publisher");

    if (publisher != NULL && publisher->type == LEDE_JSON_ARRAY) {
        publisher = publisher->first;
    }
    if (publisher != NULL && publisher->type == LEDE_JSON_OBJECT) {
        return lede_json_member_text(lede_html_ld_resolve(ld, publisher),
                                     "name");
    }
    return lede_json_value_text(publisher);
}
