#include "corpus/html_live_byline.h"

#include "corpus/text_match.h"

enum { LINE_MAX_BYTES = 400 };

static bool class_has(const lede_html_node *node, const char *part)
{
    return lede_html_attr_contains(node, LEDE_ATTR_CLASS, part);
}

static bool is_named_byline(const lede_html_node *node)
{
    return class_has(node, "byline") || class_has(node, "contributor") ||
           class_has(node, "author") ||
           lede_html_attr_contains(node, LEDE_ATTR_DATA_TESTID, "byline") ||
           lede_html_attr_contains(node, LEDE_ATTR_DATA_TESTID,
                                   "contributor") ||
           lede_html_attr_is(node, LEDE_ATTR_REL, "author") ||
           lede_html_attr_has_word(node, LEDE_ATTR_ITEMPROP, "author");
}

/* The texts of an element, name and role, or all of it as one line: names in a
 * line are often links. */
static bool take_byline(lede_html_page *page, lede_html_node *node,
                        lede_authors *authors)
{
    lede_html_node *inner = node;
    lede_span lines[3];
    lede_text_block block = {lines, 0};
    lede_span nothing = {NULL, 0};

    while ((inner = lede_html_next(node, inner)) != NULL &&
           block.line_count < 3) {
        lede_span text = lede_match_trim(inner->text);

        if (inner->tag == LEDE_TAG_TEXT && text.len > 0 &&
            text.len < LINE_MAX_BYTES) {
            lines[block.line_count++] = text;
        }
    }
    if (block.line_count == 0) {
        return false;
    }
    if (block.line_count > 1) {
        lede_span line =
            lede_html_line(node, LINE_MAX_BYTES, page->arena, &page->failed);
        const lede_text_block whole = {&line, 1};

        if (lede_byline_take(&whole, true, page->arena, authors)) {
            return true;
        }
        block.line_count = 2;
    }
    if (lede_byline_take(&block, true, page->arena, authors)) {
        return true;
    }
    if (block.line_count == 1 && lede_byline_is_name(lines[0])) {
        lede_authors_add(authors, page->arena, lines[0], nothing, nothing);
        return true;
    }
    return false;
}

const lede_html_node *lede_html_live_byline(lede_html_page *page,
                                            lede_html_node *top,
                                            lede_authors *authors)
{
    lede_html_node *node = top;

    while ((node = lede_html_next(top, node)) != NULL) {
        if (node->tag != LEDE_TAG_TEXT && is_named_byline(node) &&
            take_byline(page, node, authors)) {
            return node;
        }
    }
    return NULL;
}

bool lede_html_live_byline_line(lede_html_page *page, lede_span line,
                                lede_authors *authors)
{
    const lede_text_block block = {&line, 1};
    lede_authors more = {0};
    uint32_t i, k;

    if (authors == NULL || !lede_byline_is_line(&block) ||
        !lede_byline_take(&block, false, page->arena, &more)) {
        return false;
    }
    for (i = 0; i < more.count; i++) {
        const lede_author *who = &more.items[i];

        for (k = 0; k < authors->count &&
                    !lede_span_equal(authors->items[k].name, who->name);
             k++) {
        }
        if (k == authors->count) {
            lede_authors_add(authors, page->arena, who->name, who->role,
                             who->location);
        }
    }
    page->failed |= more.failed;
    return true;
}
