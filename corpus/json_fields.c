#include "corpus/json_fields.h"

#include <stdlib.h>
#include <string.h>

#include "corpus/text_match.h"

typedef struct known_key {
    const char *key;
    uint8_t field, rank;
} known_key;

/* Short names, for the table. */
enum {
    HEADLINE = LEDE_JSON_FIELD_HEADLINE,
    BODY = LEDE_JSON_FIELD_BODY,
    DECK = LEDE_JSON_FIELD_DECK,
    LEAD = LEDE_JSON_FIELD_LEAD,
    PUBLISHED = LEDE_JSON_FIELD_PUBLISHED,
    UPDATED = LEDE_JSON_FIELD_UPDATED,
    CAPTURED = LEDE_JSON_FIELD_CAPTURED,
    AUTHORS = LEDE_JSON_FIELD_AUTHORS,
    URL = LEDE_JSON_FIELD_URL,
    SITE = LEDE_JSON_FIELD_SITE,
    LANGUAGE = LEDE_JSON_FIELD_LANGUAGE,
    SECTION = LEDE_JSON_FIELD_SECTION,
    TAGS = LEDE_JSON_FIELD_TAGS,
    ID = LEDE_JSON_FIELD_ID,
    STATUS = LEDE_JSON_FIELD_STATUS,
    MEDIA = LEDE_JSON_FIELD_MEDIA,
};

/* In byte order of the folded keys. The number ranks the keys of one field,
 * best first; two keys of a field never share one. */
static const known_key keys[] = {
    {"abstract", DECK, 2},
    {"accessed", CAPTURED, 13},
    {"article", BODY, 20},
    {"articleauthor", AUTHORS, 13},
    {"articlebody", BODY, 4},
    {"articleexcerpt", DECK, 13},
    {"articleid", ID, 4},
    {"articlelink", URL, 11},
    {"articlesection", SECTION, 2},
    {"articletext", BODY, 5},
    {"articletitle", HEADLINE, 5},
    {"articleurl", URL, 6},
    {"associations", MEDIA, 0},
    {"author", AUTHORS, 0},
    {"authors", AUTHORS, 1},
    {"bodies", BODY, 19},
    {"body", BODY, 2},
    {"bodyhtml", BODY, 10},
    {"bodytext", BODY, 11},
    {"bodyxhtml", BODY, 8},
    {"by", AUTHORS, 6},
    {"byline", AUTHORS, 2},
    {"byline.original", AUTHORS, 3},
    {"bylines", AUTHORS, 15},
    {"canonicalurl", URL, 1},
    {"categories", TAGS, 4},
    {"category", SECTION, 3},
    {"content", BODY, 3},
    {"content:encoded", BODY, 14},
    {"contentcreated", PUBLISHED, 12},
    {"contenthtml", BODY, 13},
    {"contents", BODY, 18},
    {"contenttext", BODY, 15},
    {"contributor", AUTHORS, 10},
    {"contributors", AUTHORS, 9},
    {"crawldate", CAPTURED, 8},
    {"crawled", CAPTURED, 0},
    {"crawledat", CAPTURED, 9},
    {"created", PUBLISHED, 21},
    {"createdat", PUBLISHED, 19},
    {"creator", AUTHORS, 4},
    {"creators", AUTHORS, 5},
    {"date", PUBLISHED, 15},
    {"dateadded", CAPTURED, 14},
    {"datedownload", CAPTURED, 1},
    {"dategmt", PUBLISHED, 20},
    {"datemodified", UPDATED, 3},
    {"datemodify", UPDATED, 2},
    {"datepublish", PUBLISHED, 3},
    {"datepublished", PUBLISHED, 2},
    {"datesaved", CAPTURED, 4},
    {"datetime", PUBLISHED, 16},
    {"dateupdated", UPDATED, 8},
    {"deck", DECK, 11},
    {"description", DECK, 0},
    {"descriptions", DECK, 15},
    {"descriptiontext", DECK, 14},
    {"docid", ID, 2},
    {"documentid", ID, 3},
    {"domain", SITE, 12},
    {"domainname", SITE, 13},
    {"downloaddate", CAPTURED, 10},
    {"excerpt", DECK, 10},
    {"fetchtime", CAPTURED, 2},
    {"fields.body", BODY, 12},
    {"fields.bodytext", BODY, 9},
    {"fields.byline", AUTHORS, 12},
    {"fields.headline", HEADLINE, 7},
    {"fields.standfirst", DECK, 8},
    {"fields.trailtext", DECK, 7},
    {"firstcreated", PUBLISHED, 13},
    {"firstpublishdate", PUBLISHED, 10},
    {"firstpublished", PUBLISHED, 9},
    {"fulltext", BODY, 6},
    {"givenurl", URL, 9},
    {"guid", ID, 1},
    {"headline", HEADLINE, 0},
    {"headline.main", HEADLINE, 1},
    {"headlines", HEADLINE, 8},
    {"href", URL, 5},
    {"id", ID, 0},
    {"inlanguage", LANGUAGE, 2},
    {"journalist", AUTHORS, 14},
    {"keywords", TAGS, 1},
    {"labels", TAGS, 2},
    {"lang", LANGUAGE, 1},
    {"language", LANGUAGE, 0},
    {"languagecode", LANGUAGE, 3},
    {"lastmodified", UPDATED, 4},
    {"lastupdated", UPDATED, 7},
    {"leadparagraph", LEAD, 0},
    {"link", URL, 4},
    {"locale", LANGUAGE, 4},
    {"mainentityofpage", URL, 12},
    {"maintext", BODY, 0},
    {"metadata.warcdate", CAPTURED, 6},
    {"modified", UPDATED, 1},
    {"modifiedat", UPDATED, 6},
    {"modifiedgmt", UPDATED, 10},
    {"name", HEADLINE, 4},
    {"newsdesk", SECTION, 4},
    {"newspaper", SITE, 9},
    {"outlet", SITE, 3},
    {"permalink", URL, 3},
    {"plaintext", BODY, 17},
    {"provider", SITE, 10},
    {"pubdate", PUBLISHED, 5},
    {"publication", SITE, 7},
    {"publicationdate", PUBLISHED, 8},
    {"publishdate", PUBLISHED, 4},
    {"published", PUBLISHED, 0},
    {"publishedat", PUBLISHED, 1},
    {"publishedby", AUTHORS, 11},
    {"publisheddate", PUBLISHED, 7},
    {"publishedon", PUBLISHED, 11},
    {"publisher", SITE, 2},
    {"pubstatus", STATUS, 0},
    {"resolvedurl", URL, 10},
    {"retrieved", CAPTURED, 12},
    {"savedat", CAPTURED, 3},
    {"saveddate", CAPTURED, 17},
    {"scrapedat", CAPTURED, 11},
    {"section", SECTION, 0},
    {"sectionname", SECTION, 1},
    {"shortdescription", DECK, 9},
    {"site", SITE, 4},
    {"sitename", SITE, 5},
    {"snippet", DECK, 3},
    {"source", SITE, 0},
    {"source.name", SITE, 1},
    {"sourcedomain", SITE, 11},
    {"sourcename", SITE, 8},
    {"sourceurl", URL, 8},
    {"standfirst", DECK, 5},
    {"story", BODY, 7},
    {"subheadline", DECK, 12},
    {"subject", TAGS, 5},
    {"subjects", TAGS, 6},
    {"summary", DECK, 1},
    {"tags", TAGS, 0},
    {"text", BODY, 1},
    {"textcontent", BODY, 16},
    {"thread.site", SITE, 6},
    {"time", PUBLISHED, 18},
    {"timeadded", CAPTURED, 15},
    {"timestamp", PUBLISHED, 17},
    {"title", HEADLINE, 2},
    {"titlepage", HEADLINE, 6},
    {"topics", TAGS, 3},
    {"trailtext", DECK, 6},
    {"ts", CAPTURED, 16},
    {"updated", UPDATED, 0},
    {"updatedat", UPDATED, 5},
    {"updateddate", UPDATED, 9},
    {"uri", URL, 7},
    {"url", URL, 0},
    {"versioncreated", UPDATED, 11},
    {"warcdate", CAPTURED, 5},
    {"warcheaders.warcdate", CAPTURED, 7},
    {"webpublicationdate", PUBLISHED, 6},
    {"website", SITE, 14},
    {"webtitle", HEADLINE, 3},
    {"weburl", URL, 2},
    {"writer", AUTHORS, 7},
    {"writers", AUTHORS, 8},
};

/* Keys whose object is the record itself, as written. */
static const char *const wrappers[] = {"_source",  "article",    "fields",
                                       "document", "attributes", "node",
                                       "item",     "post",       "story"};
static const char *const prefixes[] = {"thread", "metadata", "warcheaders"};

/* Where the text of an object stands, best first. */
static const char *const text_keys[] = {
    "main",        "rendered", "value",   "$value", "text",
    "name",        "html",     "content", "body",   "title",
    "original",    "full",     "default", "label",  "#text",
    "@value",      "$date",    "date",    "iso",    "utc",
    "$numberlong", "url",      "href",    "@id",    "en"};

static const char *const list_paths[] = {
    "data",
    "data.articles",
    "data.items",
    "data.results",
    "articles",
    "results",
    "docs",
    "documents",
    "response.docs",
    "response.results",
    "items",
    "posts",
    "news",
    "stories",
    "records",
    "hits",
    "hits.hits",
    "value",
    "bookmarks",
    "entries",
    "livetextstream.content.data.results",
    "blocks",
    "@graph",
};

size_t lede_json_key_fold(lede_span key, char out[LEDE_JSON_KEY_MAX_BYTES])
{
    size_t len = 0;
    size_t i;

    for (i = 0; i < key.len; i++) {
        uint8_t c = key.bytes[i];

        if (c == '_' || c == '-' || c == ' ') {
            continue;
        }
        if (c == 0 || len == LEDE_JSON_KEY_MAX_BYTES - 1) {
            return 0;
        }
        out[len++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    out[len] = 0;
    return len;
}

lede_json_key lede_json_key_find(lede_span folded)
{
    size_t low = 0;
    size_t high = sizeof keys / sizeof keys[0];

    while (low < high) {
        size_t middle = (low + high) / 2;
        const known_key *key = &keys[middle];
        int order = strncmp((const char *)folded.bytes, key->key, folded.len);

        order = order == 0 ? -(key->key[folded.len] != 0) : order;

        if (order == 0) {
            return (lede_json_key){(lede_json_field)key->field, key->rank};
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return (lede_json_key){LEDE_JSON_FIELD_NONE, 0xFF};
}

const char *lede_json_key_name(lede_json_field field, uint8_t rank)
{
    size_t i;

    for (i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (keys[i].field == (uint8_t)field && keys[i].rank == rank) {
            return keys[i].key;
        }
    }
    return "";
}

/* What the role of a description makes of it: the smaller is nearer to a deck,
 * negative is none (whom to credit, who wrote it). */
static int deck_distance(lede_span role)
{
    static const char *const near[] = {"",        "caption",   "summary",
                                       "deck",    "abstract",  "description",
                                       "excerpt", "standfirst"};
    static const char *const none[] = {"credit",   "creditline", "writer",
                                       "author",   "byline",     "copyright",
                                       "keywords", "editor",     "headline"};
    size_t i;

    for (i = 0; i < sizeof near / sizeof near[0]; i++) {
        if (lede_match_is(role, near[i])) {
            return 0;
        }
    }
    for (i = 0; i < sizeof none / sizeof none[0]; i++) {
        if (lede_match_is(role, none[i])) {
            return -1;
        }
    }
    return 1;
}

/* The main one, else one that says nothing of itself, else any. */
static int headline_distance(lede_span role)
{
    return lede_match_is(role, "main") || lede_match_is(role, "headline") ? 0
           : role.len == 0                                                ? 1
                                                                          : 2;
}

int lede_json_role_distance(lede_json_field field, lede_span role)
{
    return field == LEDE_JSON_FIELD_HEADLINE ? headline_distance(role)
                                             : deck_distance(role);
}

bool lede_json_field_reason(lede_json_field field, lede_reason *out)
{
    static const struct {
        lede_json_field field;
        lede_reason reason;
    } reasons[] = {
        {LEDE_JSON_FIELD_HEADLINE, LEDE_REASON_HEADLINE},
        {LEDE_JSON_FIELD_BODY, LEDE_REASON_TEXT},
        {LEDE_JSON_FIELD_PUBLISHED, LEDE_REASON_PUBLISHED},
        {LEDE_JSON_FIELD_UPDATED, LEDE_REASON_UPDATED},
        {LEDE_JSON_FIELD_CAPTURED, LEDE_REASON_CAPTURED},
        {LEDE_JSON_FIELD_AUTHORS, LEDE_REASON_AUTHORS},
        {LEDE_JSON_FIELD_LANGUAGE, LEDE_REASON_LANGUAGE},
        {LEDE_JSON_FIELD_SITE, LEDE_REASON_OUTLET},
    };
    size_t i;

    for (i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].field == field) {
            *out = reasons[i].reason;
            return true;
        }
    }
    return false;
}

const char *lede_json_key_at(size_t index)
{
    return index < sizeof keys / sizeof keys[0] ? keys[index].key : NULL;
}

static int index_in(const char *const *list, size_t count, lede_span word)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (word.len > 0 && (uint8_t)list[i][0] == word.bytes[0] &&
            lede_span_is(word, list[i])) {
            return (int)i;
        }
    }
    return -1;
}

bool lede_json_key_is_wrapper(lede_span key)
{
    return index_in(wrappers, sizeof wrappers / sizeof wrappers[0], key) >= 0;
}

bool lede_json_key_is_prefix(lede_span folded)
{
    return index_in(prefixes, sizeof prefixes / sizeof prefixes[0], folded) >=
           0;
}

uint8_t lede_json_text_key_rank(lede_span folded)
{
    int rank =
        index_in(text_keys, sizeof text_keys / sizeof text_keys[0], folded);

    return rank < 0 ? 0xFF : (uint8_t)rank;
}

bool lede_json_is_list_path(lede_span path)
{
    return index_in(list_paths, sizeof list_paths / sizeof list_paths[0],
                    path) >= 0;
}

bool lede_json_is_list_prefix(lede_span path)
{
    size_t i;

    if (path.len == 0) {
        return true;
    }
    for (i = 0; i < sizeof list_paths / sizeof list_paths[0]; i++) {
        if ((uint8_t)list_paths[i][0] == path.bytes[0] &&
            strncmp(list_paths[i], (const char *)path.bytes, path.len) == 0 &&
            list_paths[i][path.len] == '.') {
            return true;
        }
    }
    return false;
}
