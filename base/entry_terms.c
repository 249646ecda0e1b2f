#include "base/entry_terms.h"

typedef struct field_info {
    const char *name;
    const char *prefix;
    unsigned weight;
} field_info;

/* Prefixes follow Xapian's conventions where it has one. */
static const field_info fields[LEDE_FIELD_COUNT] = {
    {"headline", "", 6}, {"deck", "", 4},    {"author", "", 2},
    {"body", "", 2},     {"caption", "", 1}, {"role", "XR", 2},
    {"credit", "XC", 2}, {"label", "XL", 2}, {"source", "XS", 2},
    {"page", "XP", 2},   {"tag", "K", 2},    {"url", "XU", 2},
};

const char *lede_field_name(lede_field field)
{
    return (unsigned)field < LEDE_FIELD_COUNT ? fields[field].name : "";
}

unsigned lede_field_weight(lede_field field)
{
    return (unsigned)field < LEDE_FIELD_COUNT ? fields[field].weight : 0;
}

const char *lede_field_prefix(lede_field field)
{
    return (unsigned)field < LEDE_FIELD_COUNT ? fields[field].prefix : "";
}

/* The sections of a field are the texts of its items (authors, blocks, media,
 * labels ...), each of which may have a few parts. */
typedef struct section_place {
    lede_field field;
    uint32_t item, part;
} section_place;

static bool one_text(uint32_t item, lede_span text, lede_span *out)
{
    *out = text;
    return item == 0;
}

static bool author_text(const lede_entry *entry, section_place at,
                        lede_span *out)
{
    if (at.item >= entry->author_count) {
        return false;
    }
    *out = at.field == LEDE_FIELD_AUTHOR ? entry->authors[at.item].name
                                         : entry->authors[at.item].role;
    return true;
}

static bool block_text(const lede_entry *entry, uint32_t item, bool alts,
                       lede_span *out)
{
    if (item >= entry->block_count) {
        return false;
    }
    if ((entry->body[item].type == LEDE_BLOCK_ALT) == alts) {
        *out = entry->body[item].text;
    }
    return true;
}

/* Alt texts that stand in the body first, then those of the media. */
static bool caption_text(const lede_entry *entry, section_place at,
                         lede_span *out)
{
    if (at.item < entry->block_count) {
        return block_text(entry, at.item, true, out);
    }
    at.item -= entry->block_count;
    if (at.item >= entry->media_count) {
        return false;
    }
    *out = at.part == 0 ? entry->media[at.item].caption
                        : entry->media[at.item].alt;
    return true;
}

static bool credit_text(const lede_entry *entry, uint32_t item, lede_span *out)
{
    if (item >= entry->media_count) {
        return false;
    }
    *out = entry->media[item].credit;
    return true;
}

/* The title, then three texts of each medium. */
static bool page_text(const lede_entry *entry, uint32_t item, lede_span *out)
{
    const lede_media *media;

    if (item == 0) {
        *out = entry->page_title;
        return true;
    }
    if ((item - 1) / 3 >= entry->page_media_count) {
        return false;
    }
    media = &entry->page_media[(item - 1) / 3];
    *out = (item - 1) % 3 == 0   ? media->caption
           : (item - 1) % 3 == 1 ? media->alt
                                 : media->credit;
    return true;
}

static bool listed_text(const lede_span *list, uint32_t count, uint32_t item,
                        lede_span *out)
{
    if (item >= count) {
        return false;
    }
    *out = list[item];
    return true;
}

static bool tag_text(const lede_entry *entry, uint32_t item, lede_span *out)
{
    if (item == entry->tag_count) {
        *out = entry->section;
        return true;
    }
    return listed_text(entry->tags, entry->tag_count, item, out);
}

static bool url_text(const lede_entry *entry, uint32_t item, lede_span *out)
{
    if (item == 1 && !lede_span_equal(entry->url, entry->page_url)) {
        *out = entry->page_url;
        return true;
    }
    return one_text(item, entry->url, out);
}

/* The text at a place, maybe empty; false past the field's last item. */
static bool text_at(const lede_entry *entry, section_place at, lede_span *out)
{
    *out = lede_span_of(NULL, 0);
    switch (at.field) {
    case LEDE_FIELD_HEADLINE:
        return !entry->headline_derived &&
               one_text(at.item, entry->headline, out);
    case LEDE_FIELD_DECK:
        return one_text(at.item, entry->deck, out);
    case LEDE_FIELD_AUTHOR:
    case LEDE_FIELD_ROLE:
        return author_text(entry, at, out);
    case LEDE_FIELD_BODY:
        return block_text(entry, at.item, false, out);
    case LEDE_FIELD_CAPTION:
        return caption_text(entry, at, out);
    case LEDE_FIELD_CREDIT:
        return credit_text(entry, at.item, out);
    case LEDE_FIELD_LABEL:
        return listed_text(entry->labels, entry->label_count, at.item, out);
    case LEDE_FIELD_SOURCE:
        return one_text(at.item, entry->source, out);
    case LEDE_FIELD_PAGE:
        return page_text(entry, at.item, out);
    case LEDE_FIELD_TAG:
        return tag_text(entry, at.item, out);
    case LEDE_FIELD_URL:
        return url_text(entry, at.item, out);
    default:
        return false;
    }
}

static bool has_parts(const lede_entry *entry, section_place at)
{
    return at.field == LEDE_FIELD_CAPTION && at.item >= entry->block_count;
}

/* Moves to the first text that is not empty, from `at` on; `at` is left behind
 * it. */
static bool next_section(const lede_entry *entry, section_place *at,
                         lede_field *field, lede_span *text)
{
    while (at->field < LEDE_FIELD_COUNT) {
        if (!text_at(entry, *at, text)) {
            at->field++;
            at->item = 0;
            at->part = 0;
            continue;
        }
        *field = at->field;
        if (has_parts(entry, *at) && at->part == 0) {
            at->part = 1;
        } else {
            at->item++;
            at->part = 0;
        }
        if (text->len > 0) {
            return true;
        }
    }
    return false;
}

bool lede_section_walk_next(lede_section_walk *walk, lede_field *field,
                            lede_span *text)
{
    section_place at = {walk->field, walk->item, walk->part};

    if (!next_section(walk->entry, &at, field, text)) {
        return false;
    }
    walk->field = at.field;
    walk->item = at.item;
    walk->part = at.part;
    walk->number++;
    return true;
}

bool lede_entry_section(const lede_entry *entry, uint32_t n, lede_field *field,
                        lede_span *text)
{
    section_place at = {LEDE_FIELD_HEADLINE, 0, 0};
    lede_field found;
    lede_span found_text;
    uint32_t i;

    for (i = 0; i <= n; i++) {
        if (!next_section(entry, &at, &found, &found_text)) {
            return false;
        }
    }
    *field = found;
    *text = found_text;
    return true;
}

void lede_entry_walk_init(lede_entry_walk *walk, lede_analyzer *analyzer,
                          const lede_entry *entry)
{
    *walk = (lede_entry_walk){0};
    walk->entry = entry;
    walk->analyzer = analyzer;
}

/* Closes the section at hand, if any, and opens the next. */
static bool open_section(lede_entry_walk *walk)
{
    section_place at = {walk->next_field, walk->item, walk->part};
    uint32_t positions;

    if (walk->in_section) {
        positions = lede_tokenizer_end_position(&walk->tokenizer);
        if (positions > 0) {
            walk->base += positions + LEDE_SECTION_GAP;
        }
        walk->section++;
        walk->in_section = false;
    }
    if (!next_section(walk->entry, &at, &walk->field, &walk->text)) {
        return false;
    }
    walk->next_field = at.field;
    walk->item = at.item;
    walk->part = at.part;
    walk->in_section = true;
    lede_tokenizer_init(&walk->tokenizer, walk->analyzer, walk->text);
    return true;
}

bool lede_entry_walk_next(lede_entry_walk *walk, lede_occurrence *out)
{
    for (;;) {
        if (walk->in_section &&
            lede_tokenizer_next(&walk->tokenizer, &out->token)) {
            break;
        }
        if (!open_section(walk)) {
            return false;
        }
    }
    out->token.position += walk->base;
    out->field = walk->field;
    out->section = walk->section;
    out->text = walk->text;
    return true;
}
