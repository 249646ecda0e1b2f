#include "corpus/entry_parts.h"

#include <inttypes.h>
#include <stdio.h>

#include "corpus/text_match.h"

void lede_entry_derive_headline(lede_entry *entry)
{
    lede_span text = {NULL, 0};

    if (entry->headline.len > 0) {
        return;
    }
    for (uint32_t i = 0; i < entry->block_count && text.len == 0; i++) {
        text = entry->body[i].text;
    }
    for (uint32_t i = 0; i < entry->media_count && text.len == 0; i++) {
        text = entry->media[i].caption.len > 0 ? entry->media[i].caption
                                               : entry->media[i].alt;
    }
    entry->headline = lede_match_first_sentence(text, LEDE_DERIVED_CHARS);
    entry->headline_derived = entry->headline.len > 0;
}

void lede_entry_drop_headline(lede_entry *entry)
{
    if (entry->block_count > 1 && !entry->headline_derived &&
        lede_span_equal(entry->body[0].text, entry->headline)) {
        entry->body++;
        entry->block_count--;
    }
}

bool lede_entry_add_label(lede_entry *entry, lede_arena *arena, lede_span label)
{
    lede_span *grown;

    label = lede_match_trim(label);
    while (label.len > 0 && label.bytes[label.len - 1] == ':') {
        label.len--;
    }
    if (label.len == 0) {
        return true;
    }
    for (uint32_t i = 0; i < entry->label_count; i++) {
        if (lede_match_equal(entry->labels[i], label)) {
            return true;
        }
    }
    grown = lede_arena_array(arena, entry->label_count + 1, sizeof *grown);
    label = lede_arena_copy(arena, label);
    if (grown == NULL || label.bytes == NULL) {
        return false;
    }
    if (entry->label_count > 0) {
        memcpy(grown, entry->labels, entry->label_count * sizeof *grown);
    }
    grown[entry->label_count] = label;
    entry->labels = grown;
    entry->label_count++;
    return true;
}

static bool is_unbalanced(lede_span text)
{
    size_t opened = 0;
    size_t closed = 0;
    size_t plain = 0;

    for (size_t i = 0; i < text.len; i++) {
        plain += text.bytes[i] == '"';
        if (i + 3 <= text.len && text.bytes[i] == 0xE2 &&
            text.bytes[i + 1] == 0x80) {
            opened += text.bytes[i + 2] == 0x9C;
            closed += text.bytes[i + 2] == 0x9D;
        }
    }
    return plain % 2 != 0 || opened > closed;
}

bool lede_body_ends_open(const lede_body *body)
{
    const lede_block *last;

    if (body->count == 0) {
        return false;
    }
    last = &body->blocks[body->count - 1];
    return is_unbalanced(last->text) ||
           (last->type == LEDE_BLOCK_P &&
            !lede_match_ends_in(last->text, ".!?\"')]:;", true) &&
            !lede_span_equal(
                lede_span_part(last->text,
                               last->text.len < 3 ? 0 : last->text.len - 3, 3),
                lede_span_text("\u2026")));
}

uint32_t lede_when_flags(const lede_when *when)
{
    uint32_t flags = 0;

    if (when->year_source != LEDE_YEAR_NONE &&
        !lede_year_source_is_trusted(when->year_source)) {
        flags |= LEDE_FLAG_YEAR_GUESSED;
    }
    flags |= when->zone_guessed ? LEDE_FLAG_ZONE_GUESSED : 0;
    flags |= when->day_guessed ? LEDE_FLAG_DAY_GUESSED : 0;
    return flags;
}

void lede_note_repaired(const lede_sink *sink, const char *location,
                        uint64_t count)
{
    char text[96];

    if (count > 0 && sink->note != NULL) {
        snprintf(text, sizeof text,
                 "not UTF-8 (or NUL) in %" PRIu64
                 " place%s: replaced there by U+FFFD",
                 count, count == 1 ? "" : "s");
        sink->note(sink->ctx, location == NULL ? "" : location, text);
    }
}
