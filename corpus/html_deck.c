#include "corpus/html_deck.h"

#include <string.h>

#include "corpus/text_match.h"

enum {
    DECKS_MAX = 8,
    DECK_MAX_BYTES = 4 << 10, /* what is compared of it */
    BODY_BLOCKS = 3,    /* where a body may begin that a description repeats */
    LEAD_BYTES = 40,    /* what may stand in front of a description: a place */
    SHOWN_BYTES = 40,   /* shorter lines are labels and names */
    BEHIND_H1 = 300,    /* nodes */
    LONG_WORD_BYTES = 5 /* and as many of a word's letters are compared */
};

typedef struct decks {
    lede_span items[DECKS_MAX];
    uint32_t count;
} decks;

static void put(lede_html_page *page, decks *out, lede_span text)
{
    text = lede_match_trim(lede_html_clean(page, text));
    if (text.len > 0 && out->count < DECKS_MAX) {
        out->items[out->count++] = text;
    }
}

static decks find_decks(lede_html_page *page)
{
    static const char *const keys[] = {"og:description", "description",
                                       "twitter:description", "dc.description"};
    decks found = {.count = 0};
    size_t i;

    put(page, &found, lede_json_member_text(page->ld.article, "description"));
    for (i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        put(page, &found, lede_html_meta_get(&page->meta, keys[i]));
    }
    return found;
}

lede_span lede_html_deck_first(lede_html_page *page)
{
    decks found = find_decks(page);

    return found.count > 0 ? found.items[0] : lede_span_of(NULL, 0);
}

/* How the body begins. ---------------------------------------------------- */

static lede_span without_dots(lede_span deck)
{
    if (lede_match_ends(deck, "\u2026") || lede_match_ends(deck, "...")) {
        deck.len -= 3;
    } else if (lede_match_ends(deck, "[\u2026]") ||
               lede_match_ends(deck, "[...]")) {
        deck.len -= 5;
    }
    return lede_match_trim(deck);
}

/* Whether the words of the body from a block on begin with those of `deck`,
 * which may end within a word. */
static bool begins_with(const lede_entry *entry, uint32_t block, lede_span deck)
{
    size_t in_deck = 0;
    size_t in_block = 0;

    for (;;) {
        lede_span wanted = lede_match_word(deck, &in_deck);
        lede_span word = {NULL, 0};

        if (wanted.len == 0) {
            return true;
        }
        for (; block < entry->block_count && word.len == 0;) {
            word = lede_match_word(entry->body[block].text, &in_block);
            if (word.len == 0) {
                block++;
                in_block = 0;
            }
        }
        if (in_deck == deck.len && word.len > wanted.len) {
            word.len = wanted.len;
        }
        if (!lede_span_equal(word, wanted)) {
            return false;
        }
    }
}

/* Without an author's name at the beginning. */
static lede_span without_author(const lede_entry *entry, lede_span deck)
{
    uint32_t i;

    for (i = 0; i < entry->author_count; i++) {
        lede_span name = entry->authors[i].name;

        if (deck.len > name.len &&
            lede_match_equal(lede_span_part(deck, 0, name.len), name)) {
            return lede_match_trim(lede_span_part(deck, name.len, deck.len));
        }
    }
    return deck;
}

static bool is_doubled(const lede_entry *entry, lede_span deck)
{
    uint32_t i;

    deck = without_dots(without_author(entry, deck));
    for (i = 0; i < entry->block_count && i < BODY_BLOCKS; i++) {
        if (begins_with(entry, i, deck)) {
            return true;
        }
    }
    return false;
}

/* What is shown. ---------------------------------------------------------- */

/* Whether a text has a long word of the headline: else it may be the site's
 * motto, or what it says to its subscribers. */
static bool is_on_topic(const lede_entry *entry, lede_span text)
{
    size_t at = 0;
    lede_span word;

    text = lede_span_part(text, 0, DECK_MAX_BYTES);
    while ((word = lede_match_word(entry->headline, &at)).len > 0) {
        size_t in_text = 0;
        lede_span other;

        while (word.len >= LONG_WORD_BYTES &&
               (other = lede_match_word(text, &in_text)).len > 0) {
            if (other.len >= LONG_WORD_BYTES &&
                lede_match_equal(lede_span_part(word, 0, LONG_WORD_BYTES),
                                 lede_span_part(other, 0, LONG_WORD_BYTES))) {
                return true;
            }
        }
    }
    return false;
}

static bool is_in_body(const lede_entry *entry, lede_span text)
{
    uint32_t i;

    for (i = 0; i < entry->block_count && i < BODY_BLOCKS; i++) {
        if (lede_span_equal(entry->body[i].text, text)) {
            return true;
        }
    }
    return false;
}

/* Whether a block is `deck`, or has a place in front of it. */
static bool says(lede_span text, lede_span deck)
{
    return text.len >= deck.len && text.len - deck.len <= LEAD_BYTES &&
           memcmp(text.bytes + text.len - deck.len, deck.bytes, deck.len) == 0;
}

/* Whether a description says this and more. */
static bool is_said(const decks *found, lede_span text)
{
    uint32_t i;
    size_t at;

    for (i = 0; i < found->count; i++) {
        lede_span deck = lede_span_part(found->items[i], 0, DECK_MAX_BYTES);

        for (at = 0; at + text.len <= deck.len; at++) {
            if (memcmp(deck.bytes + at, text.bytes, text.len) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* Whether a block stands between headline and text and may be a standfirst. */
static bool may_be_deck(const lede_html_page *page,
                        const lede_html_block *block)
{
    return block->order > page->h1->order &&
           !lede_html_is_inside(block->node, page->h1) && !block->is_caption &&
           !block->is_aside && block->text.len >= SHOWN_BYTES &&
           block->text.len <= DECK_MAX_BYTES &&
           (block->type == LEDE_BLOCK_P || block->type == LEDE_BLOCK_HEADING) &&
           lede_html_block_is_text(block);
}

/* The block between headline and text that a description says too; else the
 * only one that is a sentence with a word of the headline. */
static lede_span shown_deck(const lede_html_page *page, const decks *found,
                            const lede_entry *entry)
{
    lede_span only = {NULL, 0};
    unsigned sentences = 0;
    uint32_t i, k;

    for (i = 0; page->h1 != NULL && i < page->blocks.count; i++) {
        const lede_html_block *block = &page->blocks.items[i];

        if (block->order > page->h1->order + BEHIND_H1 ||
            (block->order > page->h1->order && entry->block_count > 0 &&
             lede_span_equal(block->text, entry->body[0].text))) {
            break;
        }
        if (!may_be_deck(page, block) || is_in_body(entry, block->text) ||
            lede_match_equal(block->text, entry->headline) ||
            lede_match_equal(block->text, entry->page_title)) {
            continue;
        }
        for (k = 0; k < found->count; k++) {
            if (says(block->text, found->items[k])) {
                return block->text;
            }
        }
        if (block->type == LEDE_BLOCK_P && block->link_bytes == 0 &&
            is_on_topic(entry, block->text) && !is_said(found, block->text) &&
            lede_match_ends_in(block->text, ".!?", true)) {
            only = block->text;
            sentences++;
        }
    }
    return sentences == 1 && i < page->blocks.count &&
                   page->blocks.items[i].order <= page->h1->order + BEHIND_H1
               ? only
               : lede_span_of(NULL, 0);
}

void lede_html_deck_set(lede_html_page *page, lede_entry *entry)
{
    decks found = find_decks(page);
    lede_span deck = shown_deck(page, &found, entry);
    uint32_t i;

    for (i = 0; i < found.count && deck.len == 0; i++) {
        if (!is_doubled(entry, found.items[i]) &&
            (i == 0 || is_on_topic(entry, found.items[i]))) {
            deck = found.items[i];
        }
    }
    entry->deck = deck;
}
