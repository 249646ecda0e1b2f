#include "corpus/feed_space.h"

#include "corpus/text_match.h"

static const struct {
    const char *part; /* of the address, lower case */
    lede_feed_space space;
} addresses[] = {
    {"purl.org/dc/", LEDE_FEED_DC},
    {"purl.org/rss/1.0/modules/content", LEDE_FEED_CONTENT},
    {"search.yahoo.com/mrss", LEDE_FEED_MEDIA},
    {"itunes.com/dtds", LEDE_FEED_ITUNES},
    {"itunes.apple.com", LEDE_FEED_ITUNES},
    {"feedburner", LEDE_FEED_FEEDBURNER},
    {"schemas/sitemap-news", LEDE_FEED_NEWS},
    {"1999/xhtml", LEDE_FEED_XHTML},
    {"22-rdf-syntax-ns", LEDE_FEED_RDF},
    {"2005/atom", LEDE_FEED_CORE},
    {"purl.org/atom", LEDE_FEED_CORE},
    {"purl.org/rss/1.0/", LEDE_FEED_CORE},
    {"purl.org/net/rss", LEDE_FEED_CORE},
    {"netscape.com/rdf/simple", LEDE_FEED_CORE},
    {"backend.userland.com/rss", LEDE_FEED_CORE},
    {"blogs.law.harvard.edu/tech/rss", LEDE_FEED_CORE},
    {"channel.netscape.com", LEDE_FEED_CORE},
    {"schemas/sitemap/", LEDE_FEED_CORE},
};

/* What a prefix means where nobody declared it. */
static const struct {
    const char *prefix;
    lede_feed_space space;
} usual[] = {
    {"", LEDE_FEED_CORE},       {"dc", LEDE_FEED_DC},
    {"dcterms", LEDE_FEED_DC},  {"content", LEDE_FEED_CONTENT},
    {"media", LEDE_FEED_MEDIA}, {"itunes", LEDE_FEED_ITUNES},
    {"atom", LEDE_FEED_CORE},   {"a10", LEDE_FEED_CORE},
    {"rss", LEDE_FEED_CORE},    {"feedburner", LEDE_FEED_FEEDBURNER},
    {"news", LEDE_FEED_NEWS},   {"xhtml", LEDE_FEED_XHTML},
    {"rdf", LEDE_FEED_RDF},
};

static lede_feed_space space_of_address(lede_span address)
{
    size_t i;

    for (i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        if (lede_match_find(address, 0, addresses[i].part) != LEDE_MATCH_NONE) {
            return addresses[i].space;
        }
    }
    return LEDE_FEED_OTHER;
}

void lede_feed_spaces_declare(lede_feed_spaces *spaces, lede_xml_node *root)
{
    lede_xml_node *node = root;
    uint32_t i;

    for (; node != NULL; node = lede_xml_next(root, node)) {
        for (i = 0;
             i < node->attr_count && spaces->count < LEDE_FEED_SPACES_MAX;
             i++) {
            const lede_xml_attr *attr = &node->attrs[i];

            if (lede_span_is(attr->prefix, "xmlns")) {
                spaces->items[spaces->count++] = (lede_feed_declared){
                    attr->name, space_of_address(attr->value)};
            }
        }
    }
}

lede_feed_space lede_feed_space_of(const lede_feed_spaces *spaces,
                                   const lede_xml_node *node)
{
    lede_span own = node->prefix_len > 0 ? lede_span_of(NULL, 0)
                                         : lede_xml_attr_get(node, "xmlns");
    uint32_t i;

    if (own.len > 0) {
        return space_of_address(own);
    }
    for (i = 0; i < spaces->count; i++) {
        if (lede_span_equal(spaces->items[i].prefix, lede_xml_prefix(node))) {
            return spaces->items[i].space;
        }
    }
    for (i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        if (lede_span_is(lede_xml_prefix(node), usual[i].prefix)) {
            return usual[i].space;
        }
    }
    return LEDE_FEED_OTHER;
}
