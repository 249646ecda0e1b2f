#include "corpus/html_front.h"

#include <string.h>

#include "corpus/html_home.h"
#include "corpus/text_match.h"

enum {
    FRONT_TEASERS = 5,
    SECTION_TEASERS = 8,
    LONG_BYTES = 160, /* a paragraph; teasers are shorter */
    LINE_BYTES = 40,  /* shorter ones are dates, names and labels */
    TEXT_BYTES = 500, /* in long paragraphs, or in a row: an article has more */
    HEADLINE_BYTES = 40, /* of an h1: a section's name is shorter */
    BARRIER_BYTES = 600, /* of text that is no link */
    HEADING_MAX_BYTES = 200
};

/* Bytes of a block that are no link; the blanks of links count for these. */
static size_t plain_bytes(const lede_html_block *block)
{
    return block->text.len > block->link_bytes
               ? block->text.len - block->link_bytes
               : 0;
}

static bool says_article(const lede_html_page *page)
{
    return lede_json_member_text(page->ld.article, "datePublished").len > 0 ||
           lede_json_member_text(page->ld.article, "articleBody").len > 0 ||
           lede_html_meta_get(&page->meta, "article:published_time").len > 0 ||
           lede_match_is(lede_html_meta_get(&page->meta, "og:type"), "article");
}

/* An address without a path: https://paper.example/ */
static bool is_root(lede_span url)
{
    size_t at = lede_match_find(url, 0, "://");
    size_t i;

    if (at == LEDE_MATCH_NONE) {
        return false;
    }
    for (i = at + 3; i < url.len && url.bytes[i] != '/'; i++) {
    }
    return url.len - i <= 1;
}

static bool is_outside(const lede_html_node *node)
{
    for (; node != NULL; node = node->parent) {
        if (node->tag == LEDE_TAG_NAV || node->tag == LEDE_TAG_ASIDE ||
            node->tag == LEDE_TAG_FOOTER ||
            (node->marks & LEDE_HTML_MARK_HIDDEN) != 0) {
            return true;
        }
    }
    return false;
}

/* A heading that is a link, or has one, or lies in one. */
static bool is_linked(const lede_html_node *heading)
{
    const lede_html_node *at = heading->parent;
    unsigned levels = 0;

    for (; at != NULL && levels < 3; at = at->parent, levels++) {
        if (at->tag == LEDE_TAG_A) {
            return true;
        }
    }
    return lede_html_find_tag(heading, LEDE_TAG_A) != NULL;
}

/* Text of an article: paragraphs that are long, or many without a heading or a
 * link between them. */
static bool has_text(const lede_html_blocks *blocks)
{
    size_t text = 0;
    size_t row = 0;
    uint32_t i;

    for (i = 0; i < blocks->count && text <= TEXT_BYTES && row <= TEXT_BYTES;
         i++) {
        const lede_html_block *block = &blocks->items[i];
        size_t len =
            block->is_aside || block->is_caption ? 0 : plain_bytes(block);

        text += len < LONG_BYTES ? 0 : len;
        if (block->type != LEDE_BLOCK_P || block->link_bytes > len) {
            row = 0;
        } else {
            row += len < LINE_BYTES ? 0 : len;
        }
    }
    return text > TEXT_BYTES || row > TEXT_BYTES;
}

/* Whether most headings below the first lead elsewhere. */
static bool has_teasers(const lede_html_page *page)
{
    lede_html_node *node = page->tree.root;
    size_t headings = 0;
    size_t teasers = 0;

    for (; node != NULL; node = lede_html_next(page->tree.root, node)) {
        if (lede_tag_is_heading((lede_tag)node->tag) &&
            node->tag != LEDE_TAG_H1 && !is_outside(node)) {
            headings++;
            teasers += is_linked(node);
        }
    }
    return teasers >= (is_root(page->url) ? FRONT_TEASERS : SECTION_TEASERS) &&
           teasers * 3 >= headings * 2;
}

/* An h1 as long as a headline, of another page than the outlet's first. */
static bool has_headline(lede_html_page *page)
{
    return page->h1 != NULL && !is_root(page->url) && !is_linked(page->h1) &&
           lede_html_line(page->h1, HEADING_MAX_BYTES, page->arena,
                          &page->failed)
                   .len >= HEADLINE_BYTES;
}

bool lede_html_is_front(lede_html_page *page)
{
    return !says_article(page) && has_teasers(page) &&
           !has_text(&page->blocks) && !has_headline(page) &&
           lede_html_home(&page->tree, &page->blocks, page->h1) == NULL;
}

/* What is behind the words: nothing, or the site's name. */
static bool is_rest(lede_span rest)
{
    static const char *const marks[] = {"|",      "-",      "\u2013",
                                        "\u2014", "\u00B7", "::"};
    size_t blank = 0;
    size_t i;

    while (rest.len > 0 && (rest.bytes[0] == '.' || rest.bytes[0] == '!' ||
                            rest.bytes[0] == '?')) {
        rest = lede_span_part(rest, 1, rest.len);
    }
    blank = lede_match_blank(rest, 0);
    rest = lede_match_trim(rest);
    for (i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (blank > 0 && lede_match_starts(rest, marks[i])) {
            return true;
        }
    }
    return rest.len == 0 || lede_match_is(rest, "\u2026");
}

static bool is_barrier_line(lede_span line)
{
    static const char *const lines[] = {
        "just a moment",
        "checking your browser",
        "checking your browser before accessing",
        "attention required",
        "access denied",
        "access to this page has been denied",
        "403 forbidden",
        "403 - forbidden",
        "forbidden",
        "404",
        "404 not found",
        "404 - not found",
        "404 - page not found",
        "404: not found",
        "404 error",
        "error 404",
        "not found",
        "page not found",
        "are you a robot",
        "robot check",
        "robot or human",
        "human verification",
        "verify you are human",
        "please verify you are a human",
        "verifying you are human",
        "security check",
        "bot verification",
        "500 internal server error",
        "502 bad gateway",
        "503 service unavailable",
        "503 service temporarily unavailable",
        "504 gateway time-out",
        "504 gateway timeout",
        "too many requests",
        "429 too many requests",
        "one more step",
        "ddos protection by cloudflare",
        "ddos-guard",
        "seite nicht gefunden",
        "page introuvable",
        "p\u00E1gina no encontrada",
        "pagina non trovata",
        "p\u00E1gina n\u00E3o encontrada",
        "pagina niet gevonden",
    };
    size_t i;

    line = lede_match_trim(line);
    for (i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (lede_match_starts(line, lines[i]) &&
            is_rest(lede_span_part(line, strlen(lines[i]), line.len))) {
            return true;
        }
    }
    return false;
}

bool lede_html_is_barrier(lede_html_page *page)
{
    size_t text = 0;
    uint32_t i;

    for (i = 0; i < page->blocks.count && text <= BARRIER_BYTES; i++) {
        text += plain_bytes(&page->blocks.items[i]);
    }
    return text <= BARRIER_BYTES && !says_article(page) &&
           (is_barrier_line(page->meta.title) ||
            (page->h1 != NULL && page->meta.title.len == 0 &&
             is_barrier_line(lede_html_line(page->h1, HEADING_MAX_BYTES,
                                            page->arena, &page->failed))));
}
