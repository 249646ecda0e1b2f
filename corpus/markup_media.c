#include "corpus/markup_media.h"

#include <string.h>

#include "base/buf.h"
#include "corpus/entities.h"
#include "corpus/text_match.h"

enum { VALUE_MAX_BYTES = 8192 };

void lede_media_list_add(lede_media_list *list, lede_arena *arena,
                         const lede_media *media)
{
    if (list->count >= LEDE_MEDIA_LIST_MAX ||
        (media->url.len == 0 && media->alt.len == 0 &&
         media->caption.len == 0)) {
        return;
    }
    if (list->count == list->room) {
        uint32_t room = list->room == 0 ? 8 : list->room * 2;
        lede_media *grown = lede_arena_array(arena, room, sizeof *grown);

        if (grown == NULL) {
            list->failed = true;
            return;
        }
        if (list->count > 0) {
            memcpy(grown, list->items, list->count * sizeof *grown);
        }
        list->items = grown;
        list->room = room;
    }
    list->items[list->count++] = *media;
}

/* Attributes. ------------------------------------------------------------- */

static bool is_blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t skip_blanks(lede_span text, size_t at)
{
    while (at < text.len && is_blank(text.bytes[at])) {
        at++;
    }
    return at;
}

/* The value at `at`, and where it ends: in quotation marks, or one word. */
static lede_span take_value(lede_span tag, size_t at, size_t *end)
{
    size_t begin = at;

    if (at < tag.len && (tag.bytes[at] == '"' || tag.bytes[at] == '\'')) {
        const uint8_t *close =
            memchr(tag.bytes + at + 1, tag.bytes[at], tag.len - at - 1);

        begin = at + 1;
        at = close == NULL ? tag.len : (size_t)(close - tag.bytes);
        *end = at + 1;
        return lede_span_part(tag, begin, at - begin);
    }
    while (at < tag.len && !is_blank(tag.bytes[at]) && tag.bytes[at] != '>') {
        at++;
    }
    *end = at;
    return lede_span_part(tag, begin, at - begin);
}

/* The raw value of an attribute. */
static lede_span find_attr(lede_span tag, const char *name)
{
    size_t at = 1;

    if (tag.len > 1 && tag.bytes[tag.len - 1] == '>') {
        tag.len--;
    }
    /* Past the tag's name. */
    while (at < tag.len && !is_blank(tag.bytes[at])) {
        at++;
    }
    while ((at = skip_blanks(tag, at)) < tag.len) {
        size_t begin = at;
        lede_span key;
        lede_span value = {NULL, 0};

        while (at < tag.len && !is_blank(tag.bytes[at]) &&
               tag.bytes[at] != '=' && tag.bytes[at] != '>') {
            at++;
        }
        key = lede_span_part(tag, begin, at - begin);
        at = skip_blanks(tag, at);
        if (at < tag.len && tag.bytes[at] == '=') {
            value = take_value(tag, skip_blanks(tag, at + 1), &at);
        } else if (at == begin) {
            at++; /* a stray > */
        }
        if (lede_match_is(key, name)) {
            return value;
        }
    }
    return lede_span_of(NULL, 0);
}

lede_span lede_markup_attr(lede_span tag, const char *name, lede_arena *arena,
                           bool *failed)
{
    lede_span raw = find_attr(tag, name);
    lede_buf decoded = {0};
    lede_buf line = {0};
    lede_span word;
    size_t at = 0;

    if (raw.len == 0 || raw.len > VALUE_MAX_BYTES) {
        return lede_span_of(NULL, 0); /* or a picture itself, in letters */
    }
    lede_entity_decode_all(raw, &decoded);
    raw = lede_buf_span(&decoded);
    while ((word = lede_match_word(raw, &at)).len > 0) {
        if (line.len > 0) {
            lede_buf_put_byte(&line, ' ');
        }
        lede_buf_put_span(&line, word);
    }
    *failed |= decoded.failed || line.failed;
    raw = line.len == 0 ? lede_span_of(NULL, 0)
                        : lede_arena_copy(arena, lede_buf_span(&line));
    *failed |= line.len > 0 && raw.bytes == NULL;
    lede_buf_done(&decoded);
    lede_buf_done(&line);
    return raw;
}

/* Tags. ------------------------------------------------------------------- */

/* "1", "0", "1px": of a picture that nobody is to see. */
static bool is_dot(lede_span size)
{
    return size.len > 0 && (size.bytes[0] == '0' || size.bytes[0] == '1') &&
           (size.len == 1 || lede_match_is(lede_span_part(size, 1, 2), "px"));
}

void lede_media_list_add_tag(lede_media_list *list, lede_arena *arena,
                             const char *name, lede_span tag)
{
    static const char *const places[] = {"src", "data-src", "poster"};
    lede_media media = {0};
    size_t i;

    media.type = strcmp(name, "video") == 0   ? LEDE_MEDIA_VIDEO
                 : strcmp(name, "audio") == 0 ? LEDE_MEDIA_AUDIO
                                              : LEDE_MEDIA_IMAGE;
    if (is_dot(find_attr(tag, "width")) || is_dot(find_attr(tag, "height"))) {
        return;
    }
    for (i = 0; i < sizeof places / sizeof places[0] && media.url.len == 0;
         i++) {
        media.url = lede_markup_attr(tag, places[i], arena, &list->failed);
        if (lede_match_starts(media.url, "data:")) {
            media.url = lede_span_of(NULL, 0);
        }
    }
    if (strcmp(name, "source") == 0) {
        /* Of the film or sound that it stands in. */
        if (list->count > 0 && list->items[list->count - 1].url.len == 0 &&
            list->items[list->count - 1].type != LEDE_MEDIA_IMAGE) {
            list->items[list->count - 1].url = media.url;
        }
        return;
    }
    media.alt = lede_markup_attr(tag, "alt", arena, &list->failed);
    if (media.alt.len == 0) {
        media.alt = lede_markup_attr(tag, "title", arena, &list->failed);
    }
    lede_media_list_add(list, arena, &media);
}
