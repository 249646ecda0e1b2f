/* html_tags.h - "what does this element do to text?"
 *
 * The elements and attributes that the reader of pages knows; all others are
 * one.
 *
 * Threads: constant tables. */
#ifndef LEDE_CORPUS_HTML_TAGS_H
#define LEDE_CORPUS_HTML_TAGS_H

#include <stdbool.h>

typedef enum lede_tag {
    LEDE_TAG_TEXT = 0, /* no element */
    LEDE_TAG_OTHER,
    LEDE_TAG_A,
    LEDE_TAG_ADDRESS,
    LEDE_TAG_ARTICLE,
    LEDE_TAG_ASIDE,
    LEDE_TAG_AUDIO,
    LEDE_TAG_BLOCKQUOTE,
    LEDE_TAG_BODY,
    LEDE_TAG_BR,
    LEDE_TAG_BUTTON,
    LEDE_TAG_CENTER,
    LEDE_TAG_CITE,
    LEDE_TAG_DD,
    LEDE_TAG_DETAILS,
    LEDE_TAG_DIV,
    LEDE_TAG_DL,
    LEDE_TAG_DT,
    LEDE_TAG_FIELDSET,
    LEDE_TAG_FIGCAPTION,
    LEDE_TAG_FIGURE,
    LEDE_TAG_FOOTER,
    LEDE_TAG_FORM,
    LEDE_TAG_H1,
    LEDE_TAG_H2,
    LEDE_TAG_H3,
    LEDE_TAG_H4,
    LEDE_TAG_H5,
    LEDE_TAG_H6,
    LEDE_TAG_HEAD,
    LEDE_TAG_HEADER,
    LEDE_TAG_HR,
    LEDE_TAG_HTML,
    LEDE_TAG_IFRAME,
    LEDE_TAG_IMG,
    LEDE_TAG_INPUT,
    LEDE_TAG_LI,
    LEDE_TAG_LINK,
    LEDE_TAG_MAIN,
    LEDE_TAG_META,
    LEDE_TAG_NAV,
    LEDE_TAG_NOSCRIPT,
    LEDE_TAG_OL,
    LEDE_TAG_P,
    LEDE_TAG_PRE,
    LEDE_TAG_SCRIPT,
    LEDE_TAG_SECTION,
    LEDE_TAG_SELECT,
    LEDE_TAG_SPAN,
    LEDE_TAG_STRONG,
    LEDE_TAG_STYLE,
    LEDE_TAG_SUP,
    LEDE_TAG_SVG,
    LEDE_TAG_TABLE,
    LEDE_TAG_TD,
    LEDE_TAG_TEMPLATE,
    LEDE_TAG_TEXTAREA,
    LEDE_TAG_TH,
    LEDE_TAG_TIME,
    LEDE_TAG_TITLE,
    LEDE_TAG_TR,
    LEDE_TAG_UL,
    LEDE_TAG_VIDEO,
    LEDE_TAG_COUNT
} lede_tag;

typedef enum lede_attr {
    LEDE_ATTR_NONE = 0,
    LEDE_ATTR_ALT,
    LEDE_ATTR_ARIA_HIDDEN,
    LEDE_ATTR_CLASS,
    LEDE_ATTR_CONTENT,
    LEDE_ATTR_DATA_COMPONENT,
    LEDE_ATTR_DATA_DATETIME,
    LEDE_ATTR_DATA_LAST_UPDATED,
    LEDE_ATTR_DATA_SECONDS,
    LEDE_ATTR_DATA_SRC,
    LEDE_ATTR_DATA_TESTID,
    LEDE_ATTR_DATA_TIMESTAMP,
    LEDE_ATTR_DATETIME,
    LEDE_ATTR_HIDDEN,
    LEDE_ATTR_HREF,
    LEDE_ATTR_HTTP_EQUIV,
    LEDE_ATTR_ID,
    LEDE_ATTR_ITEMPROP,
    LEDE_ATTR_ITEMSCOPE,
    LEDE_ATTR_ITEMTYPE,
    LEDE_ATTR_LANG,
    LEDE_ATTR_NAME,
    LEDE_ATTR_PROPERTY,
    LEDE_ATTR_PUBDATE,
    LEDE_ATTR_REL,
    LEDE_ATTR_ROLE,
    LEDE_ATTR_SRC,
    LEDE_ATTR_STYLE,
    LEDE_ATTR_TITLE,
    LEDE_ATTR_TYPE,
    LEDE_ATTR_COUNT
} lede_attr;

/* By name, in any case; OTHER and NONE for those that are not known. */
lede_tag lede_tag_find(const char *name);
lede_attr lede_attr_find(const char *name);

/* Whether an element begins and ends a block of text. */
bool lede_tag_is_block(lede_tag tag);
/* Whether what is inside is no text of the page. */
bool lede_tag_is_unread(lede_tag tag);
/* Whether nothing can be inside. */
bool lede_tag_is_void(lede_tag tag);
bool lede_tag_is_heading(lede_tag tag);

#endif
