#include "corpus/json_pasted.h"

#include "corpus/live_media.h"
#include "corpus/text_match.h"

/* Takes a block that is none of the article's. */
static bool take(const lede_block *from, bool is_first, lede_arena *arena,
                 lede_media_list *media, lede_authors *authors)
{
    lede_span line = from->text;
    lede_text_block block = {.lines = &line, .line_count = 1};
    uint32_t taken = 0;

    if (from->type != LEDE_BLOCK_P) {
        return false;
    }
    if (is_first && lede_match_starts(line, "by ")) {
        return lede_byline_take(&block, true, arena, authors);
    }
    if (lede_media_is_line(line)) {
        lede_media_take(media, arena, &block, &taken);
        return taken == 1;
    }
    return media->wants_caption &&
           lede_media_take_caption(media, arena, &block);
}

void lede_json_unpaste(lede_body *body, lede_arena *arena,
                       lede_json_pasted *out)
{
    lede_media_list media = {0};
    uint32_t kept = 0;
    uint32_t i;

    for (i = 0; i < body->count; i++) {
        if (!take(&body->blocks[i], i == 0, arena, &media, &out->authors)) {
            body->blocks[kept++] = body->blocks[i];
        }
    }
    body->count = kept;
    out->media = media.items;
    out->media_count = media.count;
    out->failed = media.failed || out->authors.failed;
}
