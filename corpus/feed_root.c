#include "corpus/feed_root.h"

#include <string.h>

#include "corpus/text_match.h"
#include "corpus/xml_tree.h"

enum { DIRT_BYTES = 4096 };

static bool has_feed_root(lede_span head)
{
    static const char *const roots[] = {"rss",    "rdf",          "feed",
                                        "urlset", "sitemapindex", "channel"};
    char name[64];
    size_t at;
    size_t i;

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

bool lede_feed_find(lede_span head, size_t *begin)
{
    lede_span front = lede_span_part(head, 0, DIRT_BYTES);

    *begin = 0;
    if (has_feed_root(head)) {
        return true;
    }
    *begin = lede_match_find(front, 0, "<?xml");
    if (*begin == LEDE_MATCH_NONE) {
        *begin = lede_match_find(front, 0, "<rss version");
    }
    front.len = *begin == LEDE_MATCH_NONE ? 0 : *begin;
    return front.len > 0 &&
           lede_match_find(front, 0, "<html") == LEDE_MATCH_NONE &&
           lede_match_find(front, 0, "<body") == LEDE_MATCH_NONE &&
           has_feed_root(lede_span_part(head, *begin, head.len));
}
