#include "corpus/wacz_pages.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "corpus/text_match.h"

enum { FIRST_ROOM = 256, GIVEN_MAX = 1 << 22 };

/* Of an address without its fragment; never 0. */
static uint64_t hash_of(lede_span url)
{
    const uint8_t *mark = url.len == 0 ? NULL : memchr(url.bytes, '#', url.len);

    if (mark != NULL) {
        url.len = (size_t)(mark - url.bytes);
    }
    return lede_hash64(url) | 1;
}

static size_t slot_of(const lede_wacz_pages *p, uint64_t hash)
{
    size_t slot = (size_t)(hash >> 1) & (p->room - 1);

    while (p->given[slot] != 0 && p->given[slot] != hash) {
        slot = (slot + 1) & (p->room - 1);
    }
    return slot;
}

static bool grow(lede_wacz_pages *p)
{
    lede_wacz_pages grown = *p;
    size_t i;

    grown.room = p->room == 0 ? FIRST_ROOM : p->room * 2;
    grown.given = calloc(grown.room, sizeof *grown.given);
    if (grown.given == NULL) {
        return false;
    }
    for (i = 0; i < p->room; i++) {
        if (p->given[i] != 0) {
            grown.given[slot_of(&grown, p->given[i])] = p->given[i];
        }
    }
    free(p->given);
    *p = grown;
    return true;
}

static void put(lede_wacz_pages *p, lede_span url)
{
    size_t slot;

    if (url.len == 0 || p->is_full) {
        return;
    }
    if (p->count == GIVEN_MAX || (p->count * 2 >= p->room && !grow(p))) {
        p->is_full = true;
        return;
    }
    slot = slot_of(p, hash_of(url));
    p->count += p->given[slot] == 0;
    p->given[slot] = hash_of(url);
}

static bool is_given(const lede_wacz_pages *p, lede_span url)
{
    return p->is_full || url.len == 0 ||
           (p->room > 0 && p->given[slot_of(p, hash_of(url))] != 0);
}

/* Sinks. ------------------------------------------------------------------ */

static lede_status archive_page_begin(void *ctx, const lede_page *page,
                                      lede_error *err)
{
    lede_wacz_pages *p = ctx;

    put(p, page->url);
    return p->sink->page_begin(p->sink->ctx, page, err);
}

static lede_status archive_entry(void *ctx, lede_entry *entry,
                                 const char *location, lede_error *err)
{
    lede_wacz_pages *p = ctx;

    put(p, entry->url);
    return p->sink->entry(p->sink->ctx, entry, location, err);
}

static lede_status archive_page_end(void *ctx, lede_error *err)
{
    lede_wacz_pages *p = ctx;

    return p->sink->page_end(p->sink->ctx, err);
}

static void pass_note(void *ctx, const char *location, const char *what)
{
    lede_wacz_pages *p = ctx;

    if (p->sink->note != NULL) {
        p->sink->note(p->sink->ctx, location, what);
    }
}

static lede_status list_page_begin(void *ctx, const lede_page *page,
                                   lede_error *err)
{
    lede_wacz_pages *p = ctx;

    (void)err;
    p->page = *page;
    p->page_waits = true;
    p->page_is_open = false;
    return LEDE_OK;
}

static lede_status list_entry(void *ctx, lede_entry *entry,
                              const char *location, lede_error *err)
{
    lede_wacz_pages *p = ctx;
    lede_status status = LEDE_OK;

    if (is_given(p, entry->url)) {
        return LEDE_OK;
    }
    put(p, entry->url);
    if (p->page_waits) {
        p->page_waits = false;
        status = p->sink->page_begin(p->sink->ctx, &p->page, err);
        p->page_is_open = status == LEDE_OK;
    }
    return status == LEDE_OK
               ? p->sink->entry(p->sink->ctx, entry, location, err)
               : status;
}

static lede_status list_page_end(void *ctx, lede_error *err)
{
    lede_wacz_pages *p = ctx;

    p->page_waits = false;
    if (!p->page_is_open) {
        return LEDE_OK;
    }
    p->page_is_open = false;
    return p->sink->page_end(p->sink->ctx, err);
}

lede_sink lede_wacz_archive_sink(lede_wacz_pages *pages)
{
    return (lede_sink){.ctx = pages,
                       .page_begin = archive_page_begin,
                       .entry = archive_entry,
                       .page_end = archive_page_end,
                       .note = pass_note,
                       .is_damaged = pages->sink->is_damaged};
}

/* The first line of a list is no page: what a reader says of it is not for
 * people. */
lede_sink lede_wacz_list_sink(lede_wacz_pages *pages)
{
    return (lede_sink){.ctx = pages,
                       .page_begin = list_page_begin,
                       .entry = list_entry,
                       .page_end = list_page_end,
                       .is_damaged = pages->sink->is_damaged};
}

void lede_wacz_pages_init(lede_wacz_pages *pages, const lede_sink *sink)
{
    *pages = (lede_wacz_pages){.sink = sink};
}

void lede_wacz_pages_done(lede_wacz_pages *pages)
{
    free(pages->given);
}

bool lede_wacz_is_list(lede_span name)
{
    return lede_span_starts(name, "pages/") && lede_match_ends(name, ".jsonl");
}
