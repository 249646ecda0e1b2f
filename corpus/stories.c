#include "corpus/stories.h"

#include <string.h>

#include "corpus/text_match.h"

static const size_t file_max_bytes = (size_t)256 << 20;

/* Where the next document begins: "<doc" is not "<docno". */
static size_t find_tag(lede_span text, size_t at, const char *tag)
{
    size_t len = strlen(tag);

    for (;; at++) {
        at = lede_match_find(text, at, tag);
        if (at == LEDE_MATCH_NONE || at + len >= text.len ||
            text.bytes[at + len] == '>' || text.bytes[at + len] <= ' ') {
            return at;
        }
    }
}

static lede_status give_all(lede_stories *s, lede_span text,
                            const lede_stories_kind *kind, lede_error *err)
{
    const lede_page page = {.site = lede_span_text(kind->site),
                            .format = kind->format,
                            .captured = lede_when_none(),
                            .updated = lede_when_none()};
    lede_status status = s->sink->page_begin(s->sink->ctx, &page, err);
    size_t at = find_tag(text, 0, kind->tag);

    while (status == LEDE_OK && at != LEDE_MATCH_NONE) {
        size_t next = find_tag(text, at + 1, kind->tag);
        lede_span one = lede_span_part(text, at, next - at);
        lede_xml_node *story = NULL;
        size_t begin = 0;

        lede_arena_clear(&s->tree);
        at = next;
        status = lede_xml_read(one, &begin, &s->tree, &story, err);
        if (status == LEDE_OK) {
            status = kind->give(s, story, err);
        }
        status = status == LEDE_END ? LEDE_OK : status;
    }
    return status == LEDE_OK ? s->sink->page_end(s->sink->ctx, err) : status;
}

lede_status lede_stories_read(lede_input *input,
                              const lede_read_context *context,
                              const lede_sink *sink,
                              const lede_stories_kind *kind, lede_error *err)
{
    lede_stories s = {.sink = sink};
    lede_buf text = {0};
    lede_error damage = {0};
    lede_status status;

    lede_draft_init(&s.draft, context);
    status = lede_draft_load(input, context, sink, file_max_bytes, &text,
                             &damage, err);
    if (status == LEDE_OK) {
        status = give_all(&s, lede_buf_span(&text), kind, err);
    }
    if (status == LEDE_OK && damage.status != LEDE_OK) {
        status = damage.status;
        if (err != NULL) {
            *err = damage;
        }
    }
    if (status == LEDE_OK && s.entries == 0) {
        status =
            lede_fail(err, LEDE_BAD_INPUT, "%s without a story", kind->format);
    }
    lede_arena_done(&s.tree);
    lede_draft_done(&s.draft);
    lede_buf_done(&text);
    return status;
}
