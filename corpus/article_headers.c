/* article_headers.c - "Source: The Bay Times" above an article. */
#include "base/utf8.h"
#include "corpus/article_parts.h"
#include "corpus/text_match.h"

enum { REACH_UNITS = 14, MAX_HEADERS = 10 };

static const lede_span nothing = {NULL, 0};

static lede_span rest_of(lede_span text, size_t at)
{
    return lede_match_trim(lede_span_part(text, at, text.len));
}

typedef enum header_key {
    HEADER_NONE = 0,
    HEADER_TITLE,
    HEADER_DECK,
    HEADER_URL,
    HEADER_SOURCE,
    HEADER_DATE,
    HEADER_UPDATED,
    HEADER_CAPTURED,
    HEADER_AUTHOR,
    HEADER_SECTION,
    HEADER_TAGS,
    HEADER_LANGUAGE,
    HEADER_LOCATION,
    HEADER_PASSED /* of no interest */
} header_key;

static header_key find_key(lede_span name)
{
    static const struct key {
        const char *name;
        header_key key;
    } keys[] = {
        {"title", HEADER_TITLE},
        {"headline", HEADER_TITLE},
        {"subtitle", HEADER_DECK},
        {"subhead", HEADER_DECK},
        {"standfirst", HEADER_DECK},
        {"description", HEADER_DECK},
        {"url", HEADER_URL},
        {"link", HEADER_URL},
        {"source url", HEADER_URL},
        {"permalink", HEADER_URL},
        {"source", HEADER_SOURCE},
        {"publication", HEADER_SOURCE},
        {"publisher", HEADER_SOURCE},
        {"outlet", HEADER_SOURCE},
        {"newspaper", HEADER_SOURCE},
        {"site", HEADER_SOURCE},
        {"date", HEADER_DATE},
        {"published", HEADER_DATE},
        {"publication date", HEADER_DATE},
        {"published at", HEADER_DATE},
        {"date published", HEADER_DATE},
        {"pub date", HEADER_DATE},
        {"pubdate", HEADER_DATE},
        {"posted", HEADER_DATE},
        {"updated", HEADER_UPDATED},
        {"modified", HEADER_UPDATED},
        {"last updated", HEADER_UPDATED},
        {"last modified", HEADER_UPDATED},
        {"saved", HEADER_CAPTURED},
        {"captured", HEADER_CAPTURED},
        {"retrieved", HEADER_CAPTURED},
        {"accessed", HEADER_CAPTURED},
        {"clipped", HEADER_CAPTURED},
        {"author", HEADER_AUTHOR},
        {"authors", HEADER_AUTHOR},
        {"byline", HEADER_AUTHOR},
        {"by", HEADER_AUTHOR},
        {"section", HEADER_SECTION},
        {"category", HEADER_SECTION},
        {"tags", HEADER_TAGS},
        {"keywords", HEADER_TAGS},
        {"language", HEADER_LANGUAGE},
        {"lang", HEADER_LANGUAGE},
        {"dateline", HEADER_LOCATION},
        {"location", HEADER_LOCATION},
        {"length", HEADER_PASSED},
        {"word count", HEADER_PASSED},
        {"load-date", HEADER_PASSED},
        {"body", HEADER_PASSED},
        {"text", HEADER_PASSED},
    };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (lede_match_is(name, keys[i].name)) {
            return keys[i].key;
        }
    }
    return HEADER_NONE;
}

static header_key split_header(lede_span line, lede_span *value)
{
    size_t colon = lede_match_find(lede_span_part(line, 0, 24), 0, ":");
    header_key key;

    if (colon == LEDE_MATCH_NONE) {
        return HEADER_NONE;
    }
    key = find_key(lede_match_trim(lede_span_part(line, 0, colon)));
    *value = rest_of(line, colon + 1);
    return value->len == 0 && key != HEADER_PASSED ? HEADER_NONE : key;
}

static bool set_date(lede_when *slot, lede_span value,
                     const lede_date_hints *hints)
{
    lede_when when;

    if (!lede_date_parse(value, hints, &when) || when.local.month == 0) {
        return false;
    }
    *slot = when;
    return true;
}

static void add_tags(lede_article_head *head, lede_span value)
{
    while (value.len > 0) {
        size_t comma = lede_match_find(value, 0, ",");
        size_t semicolon = lede_match_find(value, 0, ";");
        size_t cut = comma < semicolon ? comma : semicolon;
        lede_span tag = cut == LEDE_MATCH_NONE
                            ? value
                            : lede_match_trim(lede_span_part(value, 0, cut));

        if (tag.len > 0) {
            lede_article_add_span(head, &head->tags, &head->tag_count, tag);
        }
        value = cut == LEDE_MATCH_NONE ? nothing : rest_of(value, cut + 1);
    }
}

static void add_authors(lede_article_head *head, lede_span value)
{
    lede_text_block block = {&value, 1};

    if (!lede_byline_is_line(&block) ||
        !lede_byline_take(&block, false, head->arena, &head->authors)) {
        lede_authors_add_names(&head->authors, head->arena, value, nothing,
                               nothing);
    }
}

/* What one header line says; false if its value cannot be that. */
static bool take_header(lede_article_head *head, header_key key,
                        lede_span value)
{
    switch (key) {
    case HEADER_TITLE:
        lede_article_set_span(&head->headline, value);
        return true;
    case HEADER_DECK:
        lede_article_set_span(&head->deck, value);
        return true;
    case HEADER_URL:
        if (lede_article_is_address(value)) {
            lede_article_set_span(&head->url, value);
        }
        return lede_article_is_address(value);
    case HEADER_SOURCE:
        lede_article_set_span(
            lede_article_is_address(value) ? &head->url : &head->source, value);
        return true;
    case HEADER_DATE:
        return set_date(&head->published, value, head->hints);
    case HEADER_UPDATED:
        return set_date(&head->updated, value, head->hints);
    case HEADER_CAPTURED:
        return set_date(&head->captured, value, head->hints);
    case HEADER_AUTHOR:
        add_authors(head, value);
        return true;
    case HEADER_SECTION:
        lede_article_set_span(&head->section, value);
        return true;
    case HEADER_TAGS:
        add_tags(head, value);
        return true;
    case HEADER_LANGUAGE:
        lede_article_set_span(&head->lang, value);
        return true;
    case HEADER_LOCATION:
        lede_article_set_span(&head->location, value);
        return true;
    default:
        return true;
    }
}

/* Alone, only these are taken for header lines: "Location: ..." may well be a
 * sentence. */
static bool is_strong(header_key key)
{
    return key == HEADER_TITLE || key == HEADER_URL || key == HEADER_DATE ||
           key == HEADER_SOURCE || key == HEADER_AUTHOR ||
           key == HEADER_UPDATED;
}

void lede_article_headers_read(lede_article_unit *units, size_t count,
                               lede_article_head *head)
{
    size_t reach = count < REACH_UNITS ? count : REACH_UNITS;
    size_t found = 0;
    size_t taken = 0;
    lede_span value;

    for (size_t i = 0; i < reach; i++) {
        found += split_header(units[i].text, &value) != HEADER_NONE;
        if (lede_utf8_count(units[i].text) > LEDE_HEADLINE_CHARS) {
            reach = i;
        }
    }
    for (size_t i = 0; i < reach && taken < MAX_HEADERS; i++) {
        header_key key = split_header(units[i].text, &value);

        if (key != HEADER_NONE && (found >= 2 || is_strong(key)) &&
            take_header(head, key, value)) {
            units[i].is_used = true;
            taken++;
        }
    }
}
