#include "corpus/html_tags.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { BLOCK = 1, UNREAD = 2, VOID = 4 };

typedef struct tag_row {
    const char *name; /* in the order of the enum, which is that of names */
    unsigned char is;
} tag_row;

static const tag_row tags[LEDE_TAG_COUNT] = {
    [LEDE_TAG_TEXT] = {"", 0},
    [LEDE_TAG_OTHER] = {"", 0},
    [LEDE_TAG_A] = {"a", 0},
    [LEDE_TAG_ADDRESS] = {"address", BLOCK},
    [LEDE_TAG_ARTICLE] = {"article", BLOCK},
    [LEDE_TAG_ASIDE] = {"aside", BLOCK},
    [LEDE_TAG_AUDIO] = {"audio", UNREAD},
    [LEDE_TAG_BLOCKQUOTE] = {"blockquote", BLOCK},
    [LEDE_TAG_BODY] = {"body", BLOCK},
    [LEDE_TAG_BR] = {"br", VOID},
    [LEDE_TAG_BUTTON] = {"button", UNREAD},
    [LEDE_TAG_CENTER] = {"center", BLOCK},
    [LEDE_TAG_CITE] = {"cite", 0},
    [LEDE_TAG_DD] = {"dd", BLOCK},
    [LEDE_TAG_DETAILS] = {"details", BLOCK},
    [LEDE_TAG_DIV] = {"div", BLOCK},
    [LEDE_TAG_DL] = {"dl", BLOCK},
    [LEDE_TAG_DT] = {"dt", BLOCK},
    [LEDE_TAG_FIELDSET] = {"fieldset", BLOCK},
    [LEDE_TAG_FIGCAPTION] = {"figcaption", BLOCK},
    [LEDE_TAG_FIGURE] = {"figure", BLOCK},
    [LEDE_TAG_FOOTER] = {"footer", BLOCK},
    [LEDE_TAG_FORM] = {"form", BLOCK},
    [LEDE_TAG_H1] = {"h1", BLOCK},
    [LEDE_TAG_H2] = {"h2", BLOCK},
    [LEDE_TAG_H3] = {"h3", BLOCK},
    [LEDE_TAG_H4] = {"h4", BLOCK},
    [LEDE_TAG_H5] = {"h5", BLOCK},
    [LEDE_TAG_H6] = {"h6", BLOCK},
    [LEDE_TAG_HEAD] = {"head", BLOCK},
    [LEDE_TAG_HEADER] = {"header", BLOCK},
    [LEDE_TAG_HR] = {"hr", BLOCK | VOID},
    [LEDE_TAG_HTML] = {"html", BLOCK},
    [LEDE_TAG_IFRAME] = {"iframe", UNREAD},
    [LEDE_TAG_IMG] = {"img", VOID},
    [LEDE_TAG_INPUT] = {"input", VOID | UNREAD},
    [LEDE_TAG_LI] = {"li", BLOCK},
    [LEDE_TAG_LINK] = {"link", VOID | UNREAD},
    [LEDE_TAG_MAIN] = {"main", BLOCK},
    [LEDE_TAG_META] = {"meta", VOID | UNREAD},
    [LEDE_TAG_NAV] = {"nav", BLOCK},
    [LEDE_TAG_NOSCRIPT] = {"noscript", UNREAD},
    [LEDE_TAG_OL] = {"ol", BLOCK},
    [LEDE_TAG_P] = {"p", BLOCK},
    [LEDE_TAG_PRE] = {"pre", BLOCK},
    [LEDE_TAG_SCRIPT] = {"script", UNREAD},
    [LEDE_TAG_SECTION] = {"section", BLOCK},
    [LEDE_TAG_SELECT] = {"select", UNREAD},
    [LEDE_TAG_SPAN] = {"span", 0},
    [LEDE_TAG_STRONG] = {"strong", 0},
    [LEDE_TAG_STYLE] = {"style", UNREAD},
    [LEDE_TAG_SUP] = {"sup", 0},
    [LEDE_TAG_SVG] = {"svg", UNREAD},
    [LEDE_TAG_TABLE] = {"table", BLOCK},
    [LEDE_TAG_TD] = {"td", 0},
    [LEDE_TAG_TEMPLATE] = {"template", UNREAD},
    [LEDE_TAG_TEXTAREA] = {"textarea", UNREAD},
    [LEDE_TAG_TH] = {"th", 0},
    [LEDE_TAG_TIME] = {"time", 0},
    [LEDE_TAG_TITLE] = {"title", UNREAD},
    [LEDE_TAG_TR] = {"tr", BLOCK},
    [LEDE_TAG_UL] = {"ul", BLOCK},
    [LEDE_TAG_VIDEO] = {"video", UNREAD},
};

static const char *const attrs[LEDE_ATTR_COUNT] = {
    "",
    "alt",
    "aria-hidden",
    "class",
    "content",
    "data-component",
    "data-datetime",
    "data-last-updated",
    "data-seconds",
    "data-src",
    "data-testid",
    "data-timestamp",
    "datetime",
    "hidden",
    "href",
    "http-equiv",
    "id",
    "itemprop",
    "itemscope",
    "itemtype",
    "lang",
    "name",
    "property",
    "pubdate",
    "rel",
    "role",
    "src",
    "style",
    "title",
    "type",
};

lede_tag lede_tag_find(const char *name)
{
    size_t low = LEDE_TAG_A;
    size_t high = LEDE_TAG_COUNT;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcasecmp(name, tags[middle].name);

        if (order == 0) {
            return (lede_tag)middle;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return LEDE_TAG_OTHER;
}

lede_attr lede_attr_find(const char *name)
{
    size_t low = 1;
    size_t high = LEDE_ATTR_COUNT;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcasecmp(name, attrs[middle]);

        if (order == 0) {
            return (lede_attr)middle;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return LEDE_ATTR_NONE;
}

bool lede_tag_is_block(lede_tag tag)
{
    return (tags[tag].is & BLOCK) != 0;
}

bool lede_tag_is_unread(lede_tag tag)
{
    return (tags[tag].is & UNREAD) != 0;
}

bool lede_tag_is_void(lede_tag tag)
{
    return (tags[tag].is & VOID) != 0;
}

bool lede_tag_is_heading(lede_tag tag)
{
    return tag >= LEDE_TAG_H1 && tag <= LEDE_TAG_H6;
}
