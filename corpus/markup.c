#include "corpus/markup.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "corpus/entities.h"
#include "corpus/page_words.h"

enum {
    TAG_NAME_MAX_BYTES = 12,
    CLOSING_TAG_MAX_BYTES = 24,
    BRACKETED_MAX_BYTES = 80,
    TITLE_MAX_BYTES = 2048,
    CREDIT_MAX_BYTES = 100 /* a second line of a caption */
};

typedef enum tag_action {
    TAG_NONE,    /* inline: vanishes */
    TAG_BLOCK,   /* parts blocks */
    TAG_BREAK,   /* one is a blank, two part blocks */
    TAG_ITEM,    /* li */
    TAG_LIST,    /* ends an item that was not closed */
    TAG_HEADING, /* h1 to h6 */
    TAG_QUOTE,   /* blockquote */
    TAG_CELL,    /* a blank between cells of a row */
    TAG_ROW,     /* tr */
    TAG_FIGURE,  /* a picture with its caption */
    TAG_CAPTION, /* figcaption */
    TAG_MEDIA,   /* img, video, audio, source */
    TAG_TITLE,   /* says what metadata says, too, if it ends soon */
    TAG_DROPPED  /* with all that is inside */
} tag_action;

typedef struct tag_rule {
    const char *name;
    tag_action action;
} tag_rule;

static const tag_rule rules[] = {
    {"p", TAG_BLOCK},
    {"div", TAG_BLOCK},
    {"br", TAG_BREAK},
    {"li", TAG_ITEM},
    {"ul", TAG_LIST},
    {"ol", TAG_LIST},
    {"h1", TAG_HEADING},
    {"h2", TAG_HEADING},
    {"h3", TAG_HEADING},
    {"h4", TAG_HEADING},
    {"h5", TAG_HEADING},
    {"h6", TAG_HEADING},
    {"blockquote", TAG_QUOTE},
    {"td", TAG_CELL},
    {"th", TAG_CELL},
    {"tr", TAG_ROW},
    {"script", TAG_DROPPED},
    {"style", TAG_DROPPED},
    {"noscript", TAG_DROPPED},
    {"template", TAG_DROPPED},
    {"iframe", TAG_DROPPED},
    {"svg", TAG_DROPPED},
    {"table", TAG_BLOCK},
    {"section", TAG_BLOCK},
    {"article", TAG_BLOCK},
    {"header", TAG_BLOCK},
    {"footer", TAG_BLOCK},
    {"main", TAG_BLOCK},
    {"aside", TAG_BLOCK},
    {"figure", TAG_FIGURE},
    {"figcaption", TAG_CAPTION},
    {"pre", TAG_BLOCK},
    {"address", TAG_BLOCK},
    {"dl", TAG_BLOCK},
    {"dt", TAG_BLOCK},
    {"dd", TAG_BLOCK},
    {"hr", TAG_BLOCK},
    {"form", TAG_BLOCK},
    {"nav", TAG_BLOCK},
    {"center", TAG_BLOCK},
    {"body", TAG_BLOCK},
    {"html", TAG_BLOCK},
    {"head", TAG_BLOCK},
    {"title", TAG_TITLE},
    {"img", TAG_MEDIA},
    {"video", TAG_MEDIA},
    {"audio", TAG_MEDIA},
    {"source", TAG_MEDIA},
};

/* Elements inside a line. Others vanish too, unless they look like text. */
static const char *const inline_names[] = {
    "a",       "abbr",   "acronym", "audio",  "b",     "bdi",     "bdo",
    "big",     "button", "caption", "cite",   "code",  "data",    "del",
    "details", "dfn",    "dialog",  "em",     "embed", "font",    "i",
    "img",     "input",  "ins",     "kbd",    "label", "link",    "mark",
    "meta",    "nobr",   "object",  "option", "param", "picture", "q",
    "ruby",    "rp",     "rt",      "s",      "samp",  "select",  "small",
    "source",  "span",   "strike",  "strong", "sub",   "summary", "sup",
    "tbody",   "tfoot",  "thead",   "time",   "track", "tt",      "u",
    "var",     "video",  "wbr",
};

typedef struct stripper {
    lede_span left; /* what is unread */
    lede_arena *arena;
    lede_body *out;
    lede_media_list *media; /* NULL if it is not wanted */
    uint32_t figure;        /* media before the figure at hand */
    bool in_caption;
    lede_buf text; /* of the block at hand */
    bool owes_blank;
    unsigned breaks; /* in a row */
    bool in_item, in_heading, in_row;
    unsigned quotes;
    bool no_more_tags; /* no > follows: what looks like a tag is text */
    bool no_more_comments;
    bool has_closing;   /* the text has a closing tag */
    bool ignore_quotes; /* a quotation mark was never closed */
} stripper;

static bool is_letter(uint8_t c)
{
    c |= 0x20;
    return c >= 'a' && c <= 'z';
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static lede_block_type type_here(const stripper *s)
{
    return s->in_heading   ? LEDE_BLOCK_HEADING
           : s->in_row     ? LEDE_BLOCK_TABLE
           : s->in_item    ? LEDE_BLOCK_LI
           : s->quotes > 0 ? LEDE_BLOCK_QUOTE
                           : LEDE_BLOCK_P;
}

/* A caption is what its figure shows says, and no text of the article; where
 * the figure is a table or a quotation, it is text. */
static bool put_caption(stripper *s, lede_span text)
{
    lede_media *last;

    if (!s->in_caption || s->media == NULL || s->media->count == s->figure) {
        return false;
    }
    last = &s->media->items[s->media->count - 1];
    if (last->caption.len == 0) {
        last->caption = text;
        lede_words_cut_credit(&last->caption, &last->credit);
    } else if (last->credit.len == 0 && text.len <= CREDIT_MAX_BYTES) {
        last->credit = text;
    } else {
        return false;
    }
    return true;
}

static void end_block(stripper *s)
{
    if (s->text.len > 0) {
        lede_span text = lede_arena_copy(s->arena, lede_buf_span(&s->text));

        if (text.bytes == NULL || s->text.failed) {
            s->out->failed = true;
        } else if (!put_caption(s, text)) {
            lede_body_add(s->out, s->arena, type_here(s), text);
        }
    }
    lede_buf_clear(&s->text);
    s->owes_blank = false;
    s->breaks = 0;
}

/* Text without blanks. */
static void put_text(stripper *s, lede_span text)
{
    if (s->breaks >= 2) {
        end_block(s);
    }
    s->breaks = 0;
    if (s->owes_blank && s->text.len > 0) {
        lede_buf_put_byte(&s->text, ' ');
    }
    s->owes_blank = false;
    lede_buf_put_span(&s->text, text);
}

/* Tags. */

/* The lower-case name of the tag at `tag` ("<p ...", "</p"), "" if it has none
 * or a longer one than any rule. */
static void tag_name(lede_span tag, char name[TAG_NAME_MAX_BYTES])
{
    size_t at = tag.len > 1 && tag.bytes[1] == '/' ? 2 : 1;
    size_t len = 0;

    for (; at < tag.len && (is_letter(tag.bytes[at]) ||
                            (tag.bytes[at] >= '0' && tag.bytes[at] <= '9'));
         at++) {
        if (len == TAG_NAME_MAX_BYTES - 1) {
            len = 0;
            break;
        }
        name[len++] = (char)(is_letter(tag.bytes[at]) ? tag.bytes[at] | 0x20
                                                      : tag.bytes[at]);
    }
    name[len] = 0;
}

static tag_action action_of(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (strcmp(rules[i].name, name) == 0) {
            return rules[i].action;
        }
    }
    return TAG_NONE;
}

static bool is_inline(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof inline_names / sizeof inline_names[0]; i++) {
        if (strcmp(inline_names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* What stands in angle brackets and is no tag: <BP>, the sign of a share; <Rio
 * Tinto PLC>; an address of mail or web. `tag` ends with its >. */
static bool is_bracketed_text(lede_span tag, bool has_closing)
{
    char name[TAG_NAME_MAX_BYTES];
    tag_action action;
    size_t at = 1;
    uint8_t next;

    if (tag.len > BRACKETED_MAX_BYTES ||
        memchr(tag.bytes + 1, '<', tag.len - 1) != NULL) {
        return false;
    }
    while (is_letter(tag.bytes[at]) ||
           (tag.bytes[at] >= '0' && tag.bytes[at] <= '9')) {
        at++;
    }
    next = tag.bytes[at];
    if (at == 1 || tag.bytes[tag.len - 2] == '/') {
        return false; /* closing, standing alone, a declaration */
    }
    if (!is_blank(next) && next != '>' && next != '-' && next != '/') {
        return next != ':' || tag.bytes[at + 1] == '/'; /* else <o:p> */
    }
    if ((tag.bytes[1] & 0x20) != 0 || memchr(tag.bytes, '=', tag.len) != NULL) {
        return false;
    }
    tag_name(tag, name);
    action = action_of(name);
    return (action == TAG_NONE || action == TAG_MEDIA) &&
           !(has_closing && is_inline(name));
}

/* The length of the tag at the beginning of s->left, 0 if it is none. A >
 * inside quotation marks does not end it, unless those are never closed. */
static size_t tag_len(stripper *s)
{
    lede_span text = s->left;
    const uint8_t *close;
    uint8_t quote = 0;
    size_t i;

    if (s->no_more_tags || text.len < 3) {
        return 0;
    }
    for (i = 1; i < text.len && !s->ignore_quotes; i++) {
        uint8_t c = text.bytes[i];

        if (quote != 0) {
            quote = c == quote ? 0 : quote;
        } else if (c == '>') {
            return i + 1;
        } else if ((c == '"' || c == '\'') && text.bytes[i - 1] == '=') {
            quote = c;
        }
    }
    s->ignore_quotes = true;
    close = memchr(text.bytes, '>', text.len);
    if (close == NULL) {
        s->no_more_tags = true;
        return 0;
    }
    return (size_t)(close - text.bytes) + 1;
}

/* Where `lower`, which begins with no letter, stands in any case; text.len if
 * it does not. */
static size_t find_text(lede_span text, const char *lower)
{
    size_t len = strlen(lower);
    size_t at = 0;

    while (at + len <= text.len) {
        const uint8_t *p =
            memchr(text.bytes + at, lower[0], text.len - len - at + 1);
        size_t k = 1;

        if (p == NULL) {
            break;
        }
        while (k < len &&
               (is_letter(p[k]) ? p[k] | 0x20 : p[k]) == (uint8_t)lower[k]) {
            k++;
        }
        at = (size_t)(p - text.bytes);
        if (k == len) {
            return at;
        }
        at++;
    }
    return text.len;
}

/* Passes over an element whose content is no text. */
static void drop_element(stripper *s, const char *name)
{
    char close[TAG_NAME_MAX_BYTES + 2] = "</";

    strcpy(close + 2, name);
    s->left = lede_span_part(s->left, find_text(s->left, close), s->left.len);
}

static void drop_title(stripper *s)
{
    lede_span near = lede_span_part(s->left, 0, TITLE_MAX_BYTES);
    size_t end = find_text(near, "</title");

    if (end < near.len) {
        s->left = lede_span_part(s->left, end, s->left.len);
    }
}

static void apply_tag(stripper *s, lede_span tag)
{
    bool is_close = tag.bytes[1] == '/';
    char name[TAG_NAME_MAX_BYTES];
    tag_action action;

    tag_name(tag, name);
    action = action_of(name);
    if (action == TAG_NONE) {
        return;
    }
    if (action == TAG_BREAK) {
        s->owes_blank = true;
        s->breaks++;
        return;
    }
    if (action == TAG_CELL) {
        s->owes_blank = true;
        return;
    }
    if (action == TAG_MEDIA) {
        if (s->media != NULL && !is_close) {
            lede_media_list_add_tag(s->media, s->arena, name, tag);
        }
        return;
    }
    end_block(s);
    if (action == TAG_DROPPED && !is_close) {
        drop_element(s, name);
    } else if (action == TAG_TITLE && !is_close) {
        drop_title(s);
    } else if (action == TAG_ITEM) {
        s->in_item = !is_close;
    } else if (action == TAG_LIST) {
        s->in_item = false;
    } else if (action == TAG_ROW) {
        s->in_row = !is_close;
    } else if (action == TAG_FIGURE) {
        s->figure = s->media == NULL ? 0 : s->media->count;
        s->in_caption = false;
    } else if (action == TAG_CAPTION) {
        s->in_caption = !is_close;
    } else if (action == TAG_QUOTE) {
        s->quotes += is_close ? (unsigned)-(s->quotes > 0) : 1;
    }
    s->in_heading = action == TAG_HEADING && !is_close;
    s->in_row = s->in_row && strcmp(name, "table") != 0;
}

/* What begins with <. */
static void read_tag(stripper *s)
{
    uint8_t next = s->left.len > 1 ? s->left.bytes[1] : 0;
    size_t len = 0;

    if (lede_span_starts(s->left, "<!--")) {
        size_t end =
            s->no_more_comments ? s->left.len : find_text(s->left, "-->");

        /* One that never ends hides nothing but its beginning. */
        s->no_more_comments = end == s->left.len;
        s->left = lede_span_part(s->left, s->no_more_comments ? 4 : end + 3,
                                 s->left.len);
        return;
    }
    if (lede_span_starts(s->left, "<![CDATA[")) {
        s->left = lede_span_part(s->left, 9, s->left.len);
        return;
    }
    if (is_letter(next) || next == '!' || next == '?' ||
        (next == '/' && s->left.len > 2 && is_letter(s->left.bytes[2]))) {
        len = tag_len(s);
    }
    if (len > 0 &&
        is_bracketed_text(lede_span_part(s->left, 0, len), s->has_closing)) {
        len = 0;
    }
    if (len == 0) {
        put_text(s, lede_span_part(s->left, 0, 1));
        s->left = lede_span_part(s->left, 1, s->left.len);
    } else {
        lede_span tag = lede_span_part(s->left, 0, len);

        s->left = lede_span_part(s->left, len, s->left.len);
        apply_tag(s, tag);
    }
}

static void read_entity(stripper *s)
{
    uint8_t bytes[4];
    uint32_t c;
    size_t len = lede_entity_decode(s->left, &c);

    if (len == 0) {
        len = 1;
        c = '&';
    }
    s->left = lede_span_part(s->left, len, s->left.len);
    if (c < 0x80 && is_blank((uint8_t)c)) {
        s->owes_blank = true;
        return;
    }
    put_text(s, lede_span_of(bytes, lede_utf8_encode(bytes, c)));
}

static void read_text(stripper *s)
{
    size_t len = 0;

    while (len < s->left.len && !is_blank(s->left.bytes[len]) &&
           s->left.bytes[len] != '<' && s->left.bytes[len] != '&') {
        len++;
    }
    if (len == 0) {
        s->owes_blank = true;
        len = 1;
    } else {
        put_text(s, lede_span_part(s->left, 0, len));
    }
    s->left = lede_span_part(s->left, len, s->left.len);
}

static bool has_closing_tag(lede_span text)
{
    return find_text(text, "</") < text.len;
}

void lede_markup_read(lede_span html, lede_arena *arena, lede_body *out,
                      lede_media_list *media)
{
    stripper s = {.left = html, .arena = arena, .out = out, .media = media};

    s.has_closing = has_closing_tag(html);

    while (s.left.len > 0) {
        if (s.left.bytes[0] == '<') {
            read_tag(&s);
        } else if (s.left.bytes[0] == '&') {
            read_entity(&s);
        } else {
            read_text(&s);
        }
    }
    end_block(&s);
    lede_buf_done(&s.text);
}

/* Whether a closing tag, or one that stands alone, is at `p`. */
static bool is_telling_tag(const uint8_t *p, const uint8_t *end)
{
    size_t len = (size_t)(end - p);

    if (len > 4 && p[1] == '/' && is_letter(p[2])) {
        if (len > CLOSING_TAG_MAX_BYTES) {
            len = CLOSING_TAG_MAX_BYTES;
        }
        return memchr(p + 3, '>', len - 3) != NULL;
    }
    return len >= 4 && ((memcmp(p, "<br", 3) == 0 &&
                         (p[3] == '>' || p[3] == ' ' || p[3] == '/')) ||
                        memcmp(p, "<p>", 3) == 0);
}

bool lede_markup_is_likely(lede_span text)
{
    lede_span trimmed = lede_span_trim(text);
    const uint8_t *end;
    const uint8_t *p = trimmed.bytes;

    if (trimmed.len == 0) {
        return false;
    }
    end = p + trimmed.len;
    if (trimmed.len > 2 && p[0] == '<' && (is_letter(p[1]) || p[1] == '!')) {
        const uint8_t *close = memchr(p, '>', trimmed.len);

        if (close != NULL &&
            !is_bracketed_text(lede_span_of(p, (size_t)(close - p) + 1),
                               has_closing_tag(trimmed))) {
            return true;
        }
    }
    while (p < end && (p = memchr(p, '<', (size_t)(end - p))) != NULL) {
        if (is_telling_tag(p, end)) {
            return true;
        }
        p++;
    }
    return false;
}

/* Blocks joined by blanks. */
static lede_span join_blocks(const lede_body *list, lede_arena *arena,
                             bool *failed)
{
    lede_buf line = {0};
    lede_span copy = {NULL, 0};
    uint32_t i;

    if (list->count == 1) {
        return list->blocks[0].text;
    }
    for (i = 0; i < list->count; i++) {
        if (i > 0) {
            lede_buf_put_byte(&line, ' ');
        }
        lede_buf_put_span(&line, list->blocks[i].text);
    }
    if (line.len > 0) {
        copy = lede_arena_copy(arena, lede_buf_span(&line));
        *failed |= copy.bytes == NULL;
    }
    *failed |= line.failed;
    lede_buf_done(&line);
    return copy;
}

static bool is_plain_line(lede_span text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        uint8_t c = text.bytes[i];

        if (c == '<' || c == '&' || c < ' ' ||
            (c == ' ' && i > 0 && text.bytes[i - 1] == ' ')) {
            return false;
        }
    }
    return true;
}

lede_span lede_markup_line(lede_span text, lede_arena *arena, bool *failed)
{
    int round;

    text = lede_span_trim(text);
    for (round = 0; round < 2 && !is_plain_line(text); round++) {
        lede_body blocks = {0};

        lede_markup_read(text, arena, &blocks, NULL);
        *failed |= blocks.failed;
        text = join_blocks(&blocks, arena, failed);
    }
    return text;
}
