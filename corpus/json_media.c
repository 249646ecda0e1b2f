#include "corpus/json_media.h"

#include "corpus/json_tree.h"
#include "corpus/markup.h"
#include "corpus/text_match.h"

/* Whether the item is shown or heard at all, and how. */
static bool take_type(lede_span type, lede_media_type *out)
{
    static const struct {
        const char *name;
        lede_media_type type;
    } types[] = {
        {"picture", LEDE_MEDIA_IMAGE}, {"photo", LEDE_MEDIA_IMAGE},
        {"image", LEDE_MEDIA_IMAGE},   {"graphic", LEDE_MEDIA_IMAGE},
        {"video", LEDE_MEDIA_VIDEO},   {"audio", LEDE_MEDIA_AUDIO},
    };
    size_t i;

    for (i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (lede_match_is(type, types[i].name)) {
            *out = types[i].type;
            return true;
        }
    }
    return false;
}

/* The first of these members that has a text. */
static lede_span first_text(const lede_json_value *item,
                            const char *const *keys, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        lede_span text = lede_json_member_text(item, keys[i]);

        if (text.len > 0) {
            return text;
        }
    }
    return lede_span_of(NULL, 0);
}

/* [{"role": "caption", "value": ...}], the caption before others. */
static lede_span described(const lede_json_value *list)
{
    lede_span first = {NULL, 0};
    const lede_json_value *at;

    for (at = list == NULL ? NULL : list->first; at != NULL; at = at->next) {
        lede_span text = lede_json_member_text(at, "value");
        lede_span role = lede_json_member_text(at, "role");

        if (text.len > 0 && lede_match_is(role, "caption")) {
            return text;
        }
        if (first.len == 0 && !lede_match_is(role, "credit")) {
            first = text;
        }
    }
    return first;
}

/* The address of the largest rendition, or of the item itself. */
static lede_span address_of(const lede_json_value *item)
{
    const lede_json_value *list = lede_json_member(item, "renditions");
    lede_span best = lede_json_member_text(item, "uri");
    int64_t best_width = -1;
    const lede_json_value *at;

    if (!lede_match_starts(best, "http")) {
        best = lede_span_of(NULL, 0);
    }
    for (at = list == NULL ? NULL : list->first; at != NULL; at = at->next) {
        lede_span href = lede_json_member_text(at, "href");
        lede_span digits = lede_json_member_text(at, "width");
        int64_t width = 0;
        size_t i;

        for (i = 0; i < digits.len && i < 9 && digits.bytes[i] >= '0' &&
                    digits.bytes[i] <= '9';
             i++) {
            width = width * 10 + (digits.bytes[i] - '0');
        }
        if (lede_match_starts(href, "http") && width > best_width) {
            best = href;
            best_width = width;
        }
    }
    return best;
}

static void put_item(const lede_json_value *item, lede_arena *arena,
                     lede_media_list *list)
{
    static const char *const captions[] = {"description_text",
                                           "description_xhtml", "headline"};
    static const char *const credits[] = {"byline", "by", "creditline",
                                          "copyrightholder"};
    lede_media media = {0};

    if (item->type != LEDE_JSON_OBJECT ||
        !take_type(lede_json_member_text(item, "type"), &media.type)) {
        return;
    }
    media.caption = described(lede_json_member(item, "descriptions"));
    if (media.caption.len == 0) {
        media.caption = first_text(item, captions, 3);
    }
    if (media.caption.len == 0) {
        media.caption = described(lede_json_member(item, "headlines"));
    }
    media.caption = lede_markup_line(media.caption, arena, &list->failed);
    media.credit =
        lede_markup_line(first_text(item, credits, 4), arena, &list->failed);
    media.url = address_of(item);
    lede_media_list_add(list, arena, &media);
}

void lede_json_media_read(lede_span text, lede_arena *arena,
                          lede_media_list *list)
{
    const lede_json_value *all = NULL;
    const lede_json_value *at;

    if (lede_json_tree_read(text, arena, &all, NULL) != LEDE_OK) {
        list->failed = true;
        return;
    }
    for (at = all->first == NULL ? NULL : all->first->first; at != NULL;
         at = at->next) {
        put_item(at, arena, list);
    }
}
