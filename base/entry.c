#include "base/entry.h"

static const char *const kind_names[LEDE_KIND_COUNT] = {
    "article",   "live_update", "live_summary", "live_page",
    "feed_item", "newswire",    "message",      "bookmark"};
static const char *const media_names[LEDE_MEDIA_COUNT] = {
    "image", "video", "audio", "social", "map"};
static const char *const block_names[LEDE_BLOCK_COUNT] = {
    "p", "li", "quote", "heading", "alt", "table", "embed"};
static const char *const flag_names[LEDE_FLAG_COUNT] = {
    "truncated",    "bad_bytes",      "stub",      "year_guessed",
    "zone_guessed", "binary_skipped", "paywalled", "day_guessed"};

const char *lede_kind_name(lede_kind kind)
{
    return (unsigned)kind < LEDE_KIND_COUNT ? kind_names[kind] : "article";
}

const char *lede_media_type_name(lede_media_type type)
{
    return (unsigned)type < LEDE_MEDIA_COUNT ? media_names[type] : "image";
}

const char *lede_block_type_name(lede_block_type type)
{
    return (unsigned)type < LEDE_BLOCK_COUNT ? block_names[type] : "p";
}

const char *lede_flag_name(unsigned number)
{
    return number < LEDE_FLAG_COUNT ? flag_names[number] : "unknown";
}

bool lede_kind_parse(lede_span name, lede_kind *out)
{
    unsigned i;

    for (i = 0; i < LEDE_KIND_COUNT; i++) {
        if (lede_span_is(name, kind_names[i])) {
            *out = (lede_kind)i;
            return true;
        }
    }
    return false;
}

void lede_entry_init(lede_entry *entry)
{
    *entry = (lede_entry){0};
    entry->published = lede_when_none();
    entry->updated = lede_when_none();
    entry->captured = lede_when_none();
}
