#include "corpus/html_main.h"

#include <string.h>

#include "base/utf8.h"
#include "corpus/html_home.h"
#include "corpus/html_lines.h"
#include "corpus/html_overlap.h"
#include "corpus/page_words.h"
#include "corpus/text_match.h"

enum {
    GOOD_CHARS = 70,        /* a block of so many letters is text */
    LINKS_PER_HUNDRED = 40, /* of a block that is text still */
    OWN_PER_HUNDRED = 40,   /* of a line that is no link */
    SENTENCE_BYTES = 20,    /* beside the links in it */
    SENTENCE_PER_HUNDRED = 20,
    PLAIN_PER_HUNDRED = 5, /* of an article's text, in none of its asides */
    DOMINANT_PER_HUNDRED = 85,
    KNOWN_PER_HUNDRED = 97, /* the same of what metadata says is the text */
    NAMED_PER_HUNDRED = 40, /* of the text, in elements named for it */
    NAMED_EACH_PER_HUNDRED = 5,
    ARTICLE_PER_HUNDRED = 20,
    CARD_PER_HUNDRED = 20, /* of its text, in an article inside another */
    SHARED_PER_HUNDRED = 40,
    SHOWN_PER_HUNDRED = 60, /* of the metadata's text, by the page */
    WHOLE_PER_HUNDRED = 60, /* metadata with less is a teaser */
    TOP_LINE_BYTES = 160,
    SHORT_CHARS = 70,
    MEDIA_MAX = 100,
    BESIDE_BLOCKS = 2,
    TEXT_TWICE_BYTES = 80, /* a shorter line may well come twice */
    TEXT_MIN_BYTES = 300,  /* of the metadata, to say anything */
    ASIDE_PER_HUNDRED = 50
};

typedef struct chooser {
    const lede_html_tree *tree;
    const lede_html_blocks *blocks;
    const lede_html_hints *hints;
    lede_arena *arena;
    const lede_html_node *home; /* what is the article in any case, or NULL */
    uint64_t *good;             /* by node: bytes of text inside */
    lede_overlap set;           /* of the metadata's text */
    int8_t *shares;             /* by block: of it in the set; -1 = too short */
    bool by_text;               /* the set says which blocks are text */
} chooser;

/* Letters, at least GOOD_CHARS if there are so many; one of Chinese, Japanese
 * or Korean says as much as three. */
static size_t weight_of(lede_span text)
{
    const uint8_t *p = text.bytes;
    const uint8_t *end = p + text.len;
    size_t weight = 0;

    while (p < end && weight < GOOD_CHARS) {
        uint32_t c;

        p += lede_utf8_decode(p, end, &c);
        weight += c >= 0x2E80 ? 3 : 1;
    }
    return weight;
}

uint64_t lede_html_block_good(const lede_html_block *block)
{
    size_t own;

    if (block->is_caption || block->type == LEDE_BLOCK_HEADING) {
        return 0;
    }
    if ((uint64_t)block->link_bytes * 100 >
        (uint64_t)block->text.len * LINKS_PER_HUNDRED) {
        return 0;
    }
    own = block->text.len - block->link_bytes;
    return weight_of(block->text) < GOOD_CHARS ? 0 : own;
}

/* The same; with the metadata's text at hand, only what is in it. */
static uint64_t good_at(const chooser *c, uint32_t i)
{
    return c->by_text && c->shares[i] < SHARED_PER_HUNDRED
               ? 0
               : lede_html_block_good(&c->blocks->items[i]);
}

static void sum_up(chooser *c, bool with_asides)
{
    uint32_t i;

    memset(c->good, 0, c->tree->count * sizeof *c->good);
    for (i = 0; i < c->blocks->count; i++) {
        const lede_html_block *block = &c->blocks->items[i];
        uint64_t good = good_at(c, i);
        const lede_html_node *node = block->node;

        if (good == 0 || (block->is_aside && !with_asides)) {
            continue;
        }
        for (; node != NULL; node = node->parent) {
            c->good[node->order] += good;
        }
    }
}

static bool is_aside_mark(const lede_html_node *node)
{
    return (node->marks & LEDE_HTML_MARK_ASIDE) != 0;
}

/* Whether more of the article's text than a box or two is in no aside inside
 * it. */
static bool has_plain_text(const chooser *c)
{
    uint64_t plain = 0;
    uint32_t i;

    for (i = 0; i < c->blocks->count; i++) {
        const lede_html_block *block = &c->blocks->items[i];
        const lede_html_node *at = block->node;

        if (!lede_html_is_inside(at, c->home)) {
            continue;
        }
        while (at != c->home && !is_aside_mark(at)) {
            at = at->parent;
        }
        plain += at == c->home ? lede_html_block_good(block) : 0;
    }
    return plain * 100 >= c->good[c->home->order] * PLAIN_PER_HUNDRED &&
           plain > 0;
}

/* What is named as no article, but has most of the text, is one all the same;
 * so are several in a row that have it together. Then blocks are no longer
 * asides because of it. Comments and other articles are not forgiven where the
 * article is known and has text besides. */
static void forgive_asides(chooser *c)
{
    lede_html_node *top =
        (lede_html_node *)(uintptr_t)(c->home != NULL ? c->home
                                                      : c->tree->root);
    uint8_t never;
    uint64_t all;
    lede_html_node *node;
    bool changed = false;
    uint32_t i;

    sum_up(c, true);
    all = c->good[top->order];
    never = c->home != NULL && has_plain_text(c) ? LEDE_HTML_MARK_OTHER : 0;
    for (node = top; c->home != NULL && node != NULL; node = node->parent) {
        changed |= is_aside_mark(node);
        node->marks &= (uint8_t)~LEDE_HTML_MARK_ASIDE;
    }
    node = top;
    while (node != NULL) {
        uint64_t together = 0;
        lede_html_node *child;

        for (child = node->first; child != NULL; child = child->next) {
            together += is_aside_mark(child) && (child->marks & never) == 0
                            ? c->good[child->order]
                            : 0;
        }
        for (child = node->first;
             child != NULL && together * 100 > all * ASIDE_PER_HUNDRED;
             child = child->next) {
            if (is_aside_mark(child) && (child->marks & never) == 0) {
                child->marks &= (uint8_t)~LEDE_HTML_MARK_ASIDE;
                changed = true;
            }
        }
        node = lede_html_next(top, node);
    }
    for (i = 0; changed && i < c->blocks->count; i++) {
        lede_html_block *block = &c->blocks->items[i];
        const lede_html_node *at = block->node;

        block->is_aside = false;
        for (; at != NULL; at = at->parent) {
            block->is_aside |= is_aside_mark(at);
        }
    }
}

/* Where to begin: the article that has the headline, if it has text. */
static const lede_html_node *article_around(const chooser *c)
{
    const lede_html_node *at = c->hints->h1;
    uint64_t all = c->good[c->tree->root->order];

    if (c->home != NULL && (!c->by_text || c->good[c->home->order] * 100 >=
                                               all * ARTICLE_PER_HUNDRED)) {
        return c->home;
    }
    for (; at != NULL; at = at->parent) {
        if ((at->tag == LEDE_TAG_ARTICLE || at->tag == LEDE_TAG_MAIN) &&
            c->good[at->order] * 100 >= all * ARTICLE_PER_HUNDRED) {
            return at;
        }
    }
    return c->tree->root;
}

/* The element around all those inside `top` that are named for text, if they
 * have enough of it; NULL otherwise. */
static const lede_html_node *named_inside(const chooser *c,
                                          const lede_html_node *top)
{
    lede_html_node *node = (lede_html_node *)(uintptr_t)top;
    const lede_html_node *around = NULL;
    uint64_t all = c->good[top->order];
    uint64_t sum = 0;

    node = lede_html_next(top, node);
    while (node != NULL) {
        if ((node->marks & LEDE_HTML_MARK_TEXT) != 0 &&
            c->good[node->order] * 100 >= all * NAMED_EACH_PER_HUNDRED) {
            sum += c->good[node->order];
            if (around == NULL) {
                around = node;
            }
            while (!lede_html_is_inside(node, around)) {
                around = around->parent;
            }
            node = lede_html_next_outside(top, node);
        } else {
            node = lede_html_next(top, node);
        }
    }
    return sum * 100 >= all * NAMED_PER_HUNDRED ? around : NULL;
}

/* The smallest element that has most of the text. */
static const lede_html_node *choose(const chooser *c)
{
    const lede_html_node *at = article_around(c);
    const lede_html_node *named;
    uint64_t enough = c->by_text ? KNOWN_PER_HUNDRED : DOMINANT_PER_HUNDRED;

    if (c->good[at->order] == 0) {
        return at == c->home ? at : NULL;
    }
    named = named_inside(c, at);
    at = named != NULL ? named : at;
    for (;;) {
        const lede_html_node *best = NULL;
        const lede_html_node *child;

        for (child = at->first; child != NULL; child = child->next) {
            if (lede_tag_is_block((lede_tag)child->tag) ||
                child->tag == LEDE_TAG_OTHER || child->first != NULL) {
                if (best == NULL ||
                    c->good[child->order] > c->good[best->order]) {
                    best = child;
                }
            }
        }
        if (best == NULL ||
            c->good[best->order] * 100 < c->good[at->order] * enough) {
            return at;
        }
        if (best->tag == LEDE_TAG_P || best->tag == LEDE_TAG_LI ||
            best->tag == LEDE_TAG_UL || best->tag == LEDE_TAG_OL ||
            best->tag == LEDE_TAG_BLOCKQUOTE || best->tag == LEDE_TAG_TABLE) {
            return at;
        }
        at = best;
    }
}

/* Filtering. -------------------------------------------------------------- */

static bool ends_sentence(lede_span text)
{
    return lede_match_ends_in(text, ".!?:\"')]", true);
}

/* A sentence with long links in it is none. */
static bool is_link_line(const lede_html_block *block)
{
    size_t own = block->text.len - (block->link_bytes < block->text.len
                                        ? block->link_bytes
                                        : block->text.len);
    size_t percent = own * 100;

    if (block->type == LEDE_BLOCK_P && own >= SENTENCE_BYTES &&
        ends_sentence(block->text)) {
        return percent < block->text.len * SENTENCE_PER_HUNDRED;
    }
    return percent < block->text.len * OWN_PER_HUNDRED;
}

bool lede_html_block_is_text(const lede_html_block *block)
{
    return !block->is_caption && !lede_html_is_no_text(block->text) &&
           !is_link_line(block) && !lede_words_is_furniture(block->text);
}

/* What stands in an article that is inside the chosen element and has little of
 * its text: a teaser. */
static bool is_in_card(const chooser *c, const lede_html_block *block,
                       const lede_html_node *top)
{
    const lede_html_node *at = block->node;

    for (; at != NULL && at != top; at = at->parent) {
        if (at->tag == LEDE_TAG_ARTICLE &&
            c->good[at->order] * 100 < c->good[top->order] * CARD_PER_HUNDRED) {
            return true;
        }
    }
    return false;
}

static bool is_wanted(const chooser *c, const lede_html_block *block,
                      const lede_html_node *top)
{
    const lede_html_node *h1 = c->hints->h1;

    if (block->is_aside || !lede_html_block_is_text(block) ||
        lede_span_equal(block->text, c->hints->headline) ||
        is_in_card(c, block, top)) {
        return false;
    }
    /* The text follows its headline. */
    return h1 == NULL || !lede_html_is_inside(h1, top) ||
           (block->order > h1->order && !lede_html_is_inside(block->node, h1));
}

static bool has_text(lede_span text, lede_span part)
{
    size_t at;

    for (at = 0; at + part.len <= text.len; at++) {
        if (memcmp(text.bytes + at, part.bytes, part.len) == 0) {
            return true;
        }
    }
    return false;
}

/* "5 min read" */
static bool is_reading_time(lede_span text)
{
    static const char *const words[] = {"read",    "lesezeit", "lectura",
                                        "lecture", "lettura",  "leitura",
                                        "leestijd"};
    size_t i;

    if (text.len > SHORT_CHARS / 2 || !lede_match_has_digit(text) ||
        lede_match_find(text, 0, "min") == LEDE_MATCH_NONE) {
        return false;
    }
    for (i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (lede_match_find(text, 0, words[i]) != LEDE_MATCH_NONE) {
            return true;
        }
    }
    return false;
}

/* A line of the head: a date, an author's name, how long it takes to read. */
static bool is_head_line(const chooser *c, const lede_html_block *block)
{
    lede_span text = block->text;
    lede_when when;
    size_t begin;
    size_t end;
    uint32_t i;

    if (text.len > TOP_LINE_BYTES || block->type == LEDE_BLOCK_HEADING) {
        return false;
    }
    if (is_reading_time(text)) {
        return true;
    }
    for (i = 0; i < c->hints->author_count; i++) {
        lede_span name = c->hints->authors[i].name;

        if (name.len > 0 && text.len < name.len * 3 + 20 &&
            has_text(text, name)) {
            return true;
        }
    }
    if (lede_date_ago(text, 0, &when)) {
        return true;
    }
    return lede_date_find(text, 0, c->hints->dates, &begin, &end, &when) &&
           end - begin + SHORT_CHARS / 2 > text.len;
}

/* Headings with nothing below them are those of what was left out. */
static void drop_last_headings(lede_body *body)
{
    while (body->count > 0 &&
           body->blocks[body->count - 1].type == LEDE_BLOCK_HEADING) {
        body->count--;
    }
}

/* Behind the text: no sentence, or an item that is a link. */
static bool is_tail_line(const lede_html_block *block)
{
    if (block->type == LEDE_BLOCK_LI || block->type == LEDE_BLOCK_TABLE) {
        return block->link_bytes > 0;
    }
    return !ends_sentence(block->text);
}

/* Texts that were given out, by hash: pages show some twice, for wide screens
 * and for narrow ones. */
typedef struct seen_texts {
    uint64_t *slots;
    size_t mask;
} seen_texts;

static bool is_seen(seen_texts *seen, lede_span text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    size_t at;
    size_t i;

    for (i = 0; i < text.len; i++) {
        hash = (hash ^ text.bytes[i]) * UINT64_C(1099511628211);
    }
    hash += hash == 0;
    at = (size_t)(hash ^ hash >> 32) & seen->mask;
    while (seen->slots[at] != 0 && seen->slots[at] != hash) {
        at = (at + 1) & seen->mask;
    }
    if (seen->slots[at] == hash) {
        return true;
    }
    seen->slots[at] = hash;
    return false;
}

static bool seen_init(const chooser *c, seen_texts *seen)
{
    size_t room = 64;

    while (room < (size_t)c->blocks->count * 2) {
        room *= 2;
    }
    seen->mask = room - 1;
    seen->slots = lede_arena_array(c->arena, room, sizeof *seen->slots);
    return seen->slots != NULL;
}

/* The last good block of the article. */
static uint32_t find_last_good(const chooser *c, const lede_html_node *node)
{
    uint32_t last = 0;
    uint32_t i;

    for (i = 0; i < c->blocks->count; i++) {
        const lede_html_block *block = &c->blocks->items[i];

        if (lede_html_block_good(block) > 0 &&
            lede_html_is_inside(block->node, node) &&
            is_wanted(c, block, node)) {
            last = i;
        }
    }
    return last;
}

/* Whether a block is in the metadata's text, or is a paragraph beside those
 * that are: metadata may leave out the first one, which it has as description.
 */
static bool is_of_text(const chooser *c, uint32_t i)
{
    const lede_html_block *block = &c->blocks->items[i];
    uint32_t step;

    if (c->shares[i] < 0 || c->shares[i] >= SHARED_PER_HUNDRED) {
        return true;
    }
    if (block->link_bytes > 0 || lede_html_block_good(block) == 0 ||
        block->node->tag != LEDE_TAG_P) {
        return false;
    }
    for (step = 1; step <= BESIDE_BLOCKS; step++) {
        uint32_t at[2] = {i + step, i - step};
        int k;

        for (k = 0; k < 2; k++) {
            if (at[k] < c->blocks->count &&
                c->shares[at[k]] >= SHARED_PER_HUNDRED &&
                c->blocks->items[at[k]].node->parent == block->node->parent) {
                return true;
            }
        }
    }
    return false;
}

/* A list of what an account would give, in a box that asks for one. */
static bool is_list_of_box(const lede_html_block *block,
                           const lede_html_block *box)
{
    const lede_html_node *list = block->node->parent;

    return box != NULL && block->type == LEDE_BLOCK_LI && list != NULL &&
           list->parent == box->node->parent;
}

static void put_body(chooser *c, const lede_html_node *node,
                     lede_html_main *out)
{
    lede_body *body = &out->body;
    uint32_t last_good = find_last_good(c, node);
    seen_texts seen;
    bool has_good = false;
    bool is_gap = false;               /* something was left out */
    bool is_box = false;               /* in the gap */
    const lede_html_block *box = NULL; /* the last, if no text followed it */
    uint32_t i;

    if (!seen_init(c, &seen)) {
        body->failed = true;
        return;
    }
    for (i = 0; i < c->blocks->count; i++) {
        const lede_html_block *block = &c->blocks->items[i];
        bool is_heading = block->type == LEDE_BLOCK_HEADING;

        if (!lede_html_is_inside(block->node, node)) {
            continue;
        }
        if (!is_wanted(c, block, node) || is_list_of_box(block, box) ||
            (!has_good && is_head_line(c, block)) ||
            (c->good[node->order] > 0 && i > last_good &&
             is_tail_line(block)) ||
            (c->by_text && !is_heading && !is_of_text(c, i)) ||
            (block->text.len > TEXT_TWICE_BYTES &&
             is_seen(&seen, block->text))) {
            is_gap = true;
            if (lede_html_is_box(block->text)) {
                is_box = true;
                box = block;
            }
            continue;
        }
        /* The heading of what was left out. */
        if (is_heading && is_gap && !is_box && body->count > 0 &&
            body->blocks[body->count - 1].type == LEDE_BLOCK_HEADING) {
            body->count--;
        }
        has_good |= lede_html_block_good(block) > 0;
        is_gap = false;
        is_box = false;
        box = NULL;
        lede_body_add(body, c->arena, block->type, block->text);
    }
    drop_last_headings(body);
}

/* A page without a long paragraph: all lines that are no links are its text. */
static void put_all(chooser *c, lede_html_main *out)
{
    uint32_t i;

    for (i = 0; i < c->blocks->count; i++) {
        const lede_html_block *block = &c->blocks->items[i];

        if (is_wanted(c, block, c->tree->root)) {
            lede_body_add(&out->body, c->arena, block->type, block->text);
        }
    }
    drop_last_headings(&out->body);
}

static bool is_in_aside(const lede_html_node *node)
{
    for (; node != NULL; node = node->parent) {
        if (is_aside_mark(node)) {
            return true;
        }
    }
    return false;
}

/* Where pictures are the article's: in the element of the text. A page of
 * pictures has hardly any: what is around the headline, then. */
static const lede_html_node *around_pictures(const chooser *c,
                                             const lede_html_main *out)
{
    const lede_html_node *at = c->hints->h1;

    if (out->node != NULL) {
        return out->node;
    }
    while (at != NULL && at->tag != LEDE_TAG_ARTICLE &&
           at->tag != LEDE_TAG_MAIN) {
        at = at->parent;
    }
    return at != NULL ? at : c->tree->root;
}

/* Pictures of the article: inside the element chosen, or between the headline
 * and it. Those that say nothing are left out, and without any text those
 * without a caption: logos have names, too. */
static void put_media(chooser *c, lede_html_main *out)
{
    const lede_html_node *top = around_pictures(c, out);
    const lede_html_node *h1 = c->hints->h1;
    uint32_t i;

    if (c->blocks->picture_count == 0) {
        return;
    }
    out->media = lede_arena_array(c->arena, c->blocks->picture_count,
                                  sizeof *out->media);
    if (out->media == NULL) {
        out->body.failed = true;
        return;
    }
    for (i = 0; i < c->blocks->picture_count; i++) {
        const lede_html_picture *picture = &c->blocks->pictures[i];
        const lede_media *media = &picture->media;
        bool is_lead = h1 != NULL && picture->node->order > h1->order &&
                       picture->node->order < top->order;

        if ((is_lead || lede_html_is_inside(picture->node, top)) &&
            media->caption.len + media->credit.len +
                    (out->node == NULL ? 0 : media->alt.len) >
                0 &&
            !is_in_aside(picture->node) && out->media_count < MEDIA_MAX) {
            out->media[out->media_count++] = *media;
        }
    }
}

static size_t len_of(const lede_body *body)
{
    size_t len = 0;
    uint32_t i;

    for (i = 0; i < body->count; i++) {
        len += body->blocks[i].text.len;
    }
    return len;
}

/* Bytes of the page's text that the metadata has too. */
static size_t met_len(const chooser *c)
{
    size_t len = 0;
    uint32_t i;

    for (i = 0; i < c->blocks->count; i++) {
        if (c->shares[i] >= SHARED_PER_HUNDRED) {
            len += c->blocks->items[i].text.len;
        }
    }
    return len;
}

/* Compares the page with the metadata's text: whether the page shows it, and
 * whether it is all of what was chosen. */
static lede_status compare(chooser *c, lede_html_main *out, lede_error *err)
{
    const lede_body *text = c->hints->text;
    size_t len = text == NULL ? 0 : len_of(text);
    lede_status status;
    uint32_t i;

    if (len < TEXT_MIN_BYTES) {
        return LEDE_OK;
    }
    status = lede_overlap_read(text, c->arena, &c->set, err);
    c->shares = lede_arena_array(c->arena, c->blocks->count + 1, 1);
    if (status != LEDE_OK || c->shares == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    for (i = 0; i < c->blocks->count; i++) {
        c->shares[i] =
            (int8_t)lede_overlap_share(&c->set, c->blocks->items[i].text);
    }
    if (c->set.met * 100 < c->set.count * SHOWN_PER_HUNDRED) {
        if (len * 2 > len_of(&out->body) * 3) {
            out->body = *text;
        }
        return LEDE_OK;
    }
    c->by_text = met_len(c) * 100 >= len_of(&out->body) * WHOLE_PER_HUNDRED;
    return LEDE_OK;
}

static void read_text(chooser *c, lede_html_main *out)
{
    sum_up(c, false);
    out->node = choose(c);
    out->body.count = 0;
    if (out->node != NULL) {
        put_body(c, out->node, out);
    } else {
        put_all(c, out);
    }
}

lede_status lede_html_main_read(const lede_html_tree *tree,
                                const lede_html_blocks *blocks,
                                const lede_html_hints *hints, lede_arena *arena,
                                lede_html_main *out, lede_error *err)
{
    chooser c = {
        .tree = tree, .blocks = blocks, .hints = hints, .arena = arena};
    lede_status status;

    *out = (lede_html_main){0};
    c.good = lede_arena_array(arena, tree->count, sizeof *c.good);
    if (c.good == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    c.home = lede_html_home(tree, blocks, hints->h1);
    forgive_asides(&c);
    read_text(&c, out);
    status = compare(&c, out, err);
    if (status == LEDE_OK && c.by_text) {
        read_text(&c, out);
    }
    put_media(&c, out);
    if (status == LEDE_OK && out->body.failed) {
        status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    return status;
}
