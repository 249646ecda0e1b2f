#include "corpus/html_overlap.h"

#include <string.h>

#include "base/utf8.h"

enum { RUN_WORDS = 3 };

/* The hashes of the last words. */
typedef struct run {
    uint64_t words[RUN_WORDS];
    size_t count; /* of words seen */
} run;

typedef struct word_walk {
    const uint8_t *p, *end;
} word_walk;

static bool is_ideograph(uint32_t c)
{
    return c >= 0x2E80 && !(c >= 0xAC00 && c < 0xD7B0) && c < 0x2FA20 &&
           !(c >= 0x3000 && c < 0x3040) && !(c >= 0xFE00 && c < 0xFFFE);
}

static bool is_letter(uint32_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           (c >= 0xC0 && !(c >= 0x2000 && c < 0x2E80) &&
            !(c >= 0x3000 && c < 0x3040) && !(c >= 0xFE00));
}

/* The next word's hash; false at the end. */
static bool next_word(word_walk *walk, uint64_t *out)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    bool has_letters = false;

    while (walk->p < walk->end) {
        uint32_t c;
        size_t len = lede_utf8_decode(walk->p, walk->end, &c);

        if (is_ideograph(c) && has_letters) {
            break;
        }
        if (c == 0xAD || c == 0x200B) { /* soft hyphens, no width */
            walk->p += len;
            continue;
        }
        if (!is_letter(c)) {
            walk->p += len;
            if (has_letters) {
                break;
            }
            continue;
        }
        hash = (hash ^ c) * UINT64_C(1099511628211);
        has_letters = true;
        walk->p += len;
        if (is_ideograph(c)) {
            break;
        }
    }
    *out = hash;
    return has_letters;
}

/* Whether the word ends a run, whose hash is *out. */
static bool push_word(run *r, uint64_t word, uint64_t *out)
{
    uint64_t hash = 0;
    size_t i;

    for (i = 0; i + 1 < RUN_WORDS; i++) {
        r->words[i] = r->words[i + 1];
    }
    r->words[RUN_WORDS - 1] = word;
    r->count++;
    for (i = 0; i < RUN_WORDS; i++) {
        hash = (hash ^ r->words[i]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    *out = hash == 0 ? 1 : hash;
    return r->count >= RUN_WORDS;
}

static size_t slot_of(const lede_overlap *set, uint64_t hash)
{
    size_t at = (size_t)hash & set->mask;

    while (set->slots[at] != 0 && set->slots[at] != hash) {
        at = (at + 1) & set->mask;
    }
    return at;
}

lede_status lede_overlap_read(const lede_body *text, lede_arena *arena,
                              lede_overlap *out, lede_error *err)
{
    size_t room = 64;
    size_t len = 0;
    uint32_t i;

    for (i = 0; i < text->count; i++) {
        len += text->blocks[i].text.len;
    }
    /* A word has a byte and a blank, an ideograph three: at least half of the
     * slots stay empty. */
    while (room < len) {
        room *= 2;
    }
    *out = (lede_overlap){.mask = room - 1};
    out->slots = lede_arena_array(arena, room, sizeof *out->slots);
    out->is_met = lede_arena_array(arena, room, sizeof *out->is_met);
    if (out->slots == NULL || out->is_met == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    for (i = 0; i < text->count; i++) {
        lede_span block = text->blocks[i].text;
        word_walk walk = {block.bytes, block.bytes + block.len};
        run r = {.count = 0};
        uint64_t word;
        uint64_t hash;

        while (next_word(&walk, &word)) {
            if (push_word(&r, word, &hash)) {
                size_t at = slot_of(out, hash);

                out->count += out->slots[at] == 0;
                out->slots[at] = hash;
            }
        }
    }
    return LEDE_OK;
}

int lede_overlap_share(lede_overlap *set, lede_span text)
{
    word_walk walk = {text.bytes, text.bytes + text.len};
    run r = {.count = 0};
    size_t all = 0;
    size_t shared = 0;
    uint64_t word;
    uint64_t hash;

    while (next_word(&walk, &word)) {
        if (push_word(&r, word, &hash)) {
            size_t at = slot_of(set, hash);

            all++;
            if (set->slots[at] == hash) {
                shared++;
                set->met += !set->is_met[at];
                set->is_met[at] = 1;
            }
        }
    }
    return all == 0 ? -1 : (int)(shared * 100 / all);
}
