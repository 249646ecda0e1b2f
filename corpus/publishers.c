/* publishers.c - publishers by their hosts. A row stands here only for what the
 * rules for all pages get wrong on a publisher's pages, and was seen to hold on
 * each of those at hand. */
#include "corpus/publishers.h"

#include <string.h>

#include "corpus/page_words.h"
#include "corpus/text_match.h"

typedef struct publisher {
    const char *host;
    lede_headline_place headline;
} publisher;

static const publisher publishers[] = {
    {"20min.ch", LEDE_HEADLINE_OG},     {"apnews.com", LEDE_HEADLINE_LD},
    {"br.de", LEDE_HEADLINE_LD},        {"dailymail.co.uk", LEDE_HEADLINE_OG},
    {"euronews.com", LEDE_HEADLINE_OG}, {"express.co.uk", LEDE_HEADLINE_OG},
    {"faz.net", LEDE_HEADLINE_OG},      {"metro.co.uk", LEDE_HEADLINE_TITLE},
    {"mirror.co.uk", LEDE_HEADLINE_OG}, {"nrk.no", LEDE_HEADLINE_OG},
    {"spiegel.de", LEDE_HEADLINE_OG},   {"standard.co.uk", LEDE_HEADLINE_OG},
    {"vg.no", LEDE_HEADLINE_OG},        {"wired.com", LEDE_HEADLINE_LD},
    {"zdf.de", LEDE_HEADLINE_OG},       {"zdfheute.de", LEDE_HEADLINE_OG},
};

lede_headline_place lede_publisher_headline(lede_span url)
{
    lede_span host = lede_words_host(url);
    size_t i;

    for (i = 0; i < sizeof publishers / sizeof publishers[0]; i++) {
        const char *name = publishers[i].host;
        size_t len = strlen(name);

        if (lede_match_ends(host, name) &&
            (host.len == len || host.bytes[host.len - len - 1] == '.')) {
            return publishers[i].headline;
        }
    }
    return LEDE_HEADLINE_ANY;
}
