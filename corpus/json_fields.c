#include "corpus/json_fields.h"

#include <stdlib.h>
#include <string.h>

typedef struct named_keys {
    lede_json_field field;
    const char *keys; /* folded, best first, parted by blanks */
} named_keys;

static const named_keys fields[] = {
    {LEDE_JSON_FIELD_HEADLINE,
     "headline headline.main title webtitle name articletitle titlepage "
     "fields.headline headlines"},
    {LEDE_JSON_FIELD_BODY,
     "maintext text body content articlebody articletext fulltext story "
     "bodytext fields.bodytext bodyhtml bodyxhtml fields.body contenthtml "
     "content:encoded contenttext textcontent plaintext contents bodies "
     "article"},
    {LEDE_JSON_FIELD_DECK,
     "description summary abstract snippet leadparagraph standfirst trailtext "
     "fields.trailtext fields.standfirst shortdescription excerpt deck "
     "subheadline articleexcerpt descriptiontext"},
    {LEDE_JSON_FIELD_PUBLISHED,
     "published publishedat datepublished datepublish publishdate pubdate "
     "webpublicationdate publisheddate publicationdate firstpublished "
     "firstpublishdate publishedon contentcreated versioncreated "
     "firstcreated date datetime timestamp time createdat dategmt created "
     "dateadded timeadded"},
    {LEDE_JSON_FIELD_UPDATED,
     "updated modified datemodify datemodified lastmodified updatedat "
     "modifiedat lastupdated dateupdated updateddate modifiedgmt"},
    {LEDE_JSON_FIELD_CAPTURED,
     "crawled datedownload fetchtime savedat datesaved warcdate "
     "metadata.warcdate warcheaders.warcdate crawldate crawledat "
     "downloaddate scrapedat retrieved accessed"},
    {LEDE_JSON_FIELD_AUTHORS,
     "author authors byline byline.original creator creators by writer "
     "writers contributors contributor publishedby fields.byline "
     "articleauthor journalist"},
    {LEDE_JSON_FIELD_URL,
     "url canonicalurl weburl permalink link href articleurl uri sourceurl "
     "givenurl resolvedurl articlelink mainentityofpage"},
    {LEDE_JSON_FIELD_SITE,
     "source source.name publisher outlet site sitename thread.site "
     "publication sourcename newspaper provider sourcedomain domain "
     "domainname website"},
    {LEDE_JSON_FIELD_LANGUAGE, "language lang inlanguage languagecode locale"},
    {LEDE_JSON_FIELD_SECTION,
     "section sectionname articlesection category newsdesk"},
    {LEDE_JSON_FIELD_TAGS,
     "tags keywords labels topics categories subject subjects"},
    {LEDE_JSON_FIELD_ID, "id guid docid documentid articleid"},
};

/* Keys whose object is the record itself, as written. */
static const char *const wrappers[] = {"_source",  "article",    "fields",
                                       "document", "attributes", "node",
                                       "item",     "post"};
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
        if (len == LEDE_JSON_KEY_MAX_BYTES - 1) {
            return 0;
        }
        out[len++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    out[len] = 0;
    return len;
}

/* The rank of `word` in a list parted by blanks, -1 if it is not there. */
static int rank_in(const char *list, lede_span word)
{
    const char *p = list;
    int rank = 0;

    while (*p != 0) {
        size_t len = strcspn(p, " ");

        if (len == word.len && memcmp(p, word.bytes, len) == 0) {
            return rank;
        }
        p += len;
        p += strspn(p, " ");
        rank++;
    }
    return -1;
}

lede_json_key lede_json_key_find(lede_span folded)
{
    lede_json_key key = {LEDE_JSON_FIELD_NONE, 0xFF};
    size_t i;

    if (folded.len == 0) {
        return key;
    }
    for (i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        int rank = rank_in(fields[i].keys, folded);

        if (rank >= 0) {
            key.field = fields[i].field;
            key.rank = (uint8_t)rank;
            break;
        }
    }
    return key;
}

static int index_in(const char *const *list, size_t count, lede_span word)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (lede_span_is(word, list[i])) {
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
        if (strncmp(list_paths[i], (const char *)path.bytes, path.len) == 0 &&
            list_paths[i][path.len] == '.') {
            return true;
        }
    }
    return false;
}
