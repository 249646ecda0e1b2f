/* xapian_world.c - entries of chance, and their three homes; see
 * xapian_world.h. */
#include "tests/support/check.h"

#include "tests/query/xapian_world.h"

#include "indexer/export.h"
#include "indexer/name_terms.h"
#include "query/xapian_engine.h"
#include "storage/name_list.h"
#include "tests/support/folder.h"
#include "tests/support/small_archive.h"

const char *const world_words[WORDS] = {"storm",
                                        "storms",
                                        "Storm",
                                        "STORMS",
                                        "cease-fire",
                                        "ceasefire",
                                        "cease",
                                        "fire",
                                        "Fires",
                                        "O'Brien",
                                        "obrien",
                                        "covid-19",
                                        "19",
                                        "talks",
                                        "talking",
                                        "U.S.",
                                        "us",
                                        "\u6771\u4eac\u90fd",
                                        "vice-president-elect",
                                        "president"};
static const char *const languages[] = {"en", "fr", "de", "zh", ""};

static lede_span some_words(world *w, uint32_t count)
{
    lede_buf text = {0};
    lede_span kept;
    uint32_t i;

    for (i = 0; i < count; i++) {
        lede_buf_put_text(&text, i == 0 ? "" : below(w, 12) == 0 ? ", " : " ");
        lede_buf_put_text(&text, world_words[below(w, WORDS)]);
    }
    kept = lede_arena_copy(&w->arena, lede_buf_span(&text));
    lede_buf_done(&text);
    return kept;
}

static lede_span maybe_words(world *w, uint32_t most)
{
    return below(w, 2) == 0 ? lede_span_of(NULL, 0)
                            : some_words(w, below(w, most + 1));
}

/* As a page that prints the day, the month or the year only, somewhere. */
static void print_date(world *w, lede_entry *entry)
{
    lede_when *when = &entry->published;
    int offset_min = 15 * ((int)below(w, 97) - 40);
    lede_civil civil;

    lede_civil_from_instant(when->instant, offset_min * 60, &civil);
    civil.hour = civil.minute = civil.second = 0;
    when->precision = LEDE_PRECISION_DAY;
    if (civil.day % 2 == 0) {
        civil.day = 1;
        when->precision = LEDE_PRECISION_MONTH;
        if (below(w, 4) == 0) {
            civil.month = 1;
            when->precision = LEDE_PRECISION_YEAR;
        }
    }
    when->local = civil;
    when->offset_min = (int16_t)offset_min;
    when->instant = lede_instant_from_civil(&civil, offset_min * 60);
}

static void make_entry(world *w, lede_entry *entry, uint32_t number)
{
    static const lede_year_source sources[] = {
        LEDE_YEAR_EXPLICIT, LEDE_YEAR_WEEKDAY, LEDE_YEAR_PAGE};
    uint32_t i;

    lede_entry_init(entry);
    entry->key = random_next(&w->state) | 1;
    entry->kind = below(w, 2) == 0 ? LEDE_KIND_ARTICLE : LEDE_KIND_MESSAGE;
    entry->lang = lede_span_text(languages[below(w, 5)]);
    entry->headline = maybe_words(w, 5);
    entry->headline_derived = below(w, 10) == 0;
    entry->deck = maybe_words(w, 4);
    entry->source = maybe_words(w, 2);
    entry->url = maybe_words(w, 3);
    entry->page_title = maybe_words(w, 3);
    entry->section = maybe_words(w, 2);
    entry->tag_count = below(w, 3) == 0;
    entry->tags = lede_arena_array(&w->arena, 1, sizeof entry->tags[0]);
    entry->tags[0] = some_words(w, 2);
    entry->label_count = below(w, 3) == 0;
    entry->labels = lede_arena_array(&w->arena, 1, sizeof entry->labels[0]);
    entry->labels[0] = some_words(w, 1 + below(w, 2));
    if (number % 11 == 0) {
        entry->page_id = 1 + number % 3;
    }
    entry->author_count = below(w, 2);
    entry->authors = lede_arena_array(&w->arena, 2, sizeof entry->authors[0]);
    entry->authors[0].name = some_words(w, 2);
    entry->authors[0].role = maybe_words(w, 2);
    entry->media_count = below(w, 2);
    entry->media = lede_arena_array(&w->arena, 2, sizeof entry->media[0]);
    entry->media[0].caption = maybe_words(w, 6);
    entry->media[0].alt = maybe_words(w, 3);
    entry->media[0].credit = maybe_words(w, 2);
    entry->block_count = below(w, 4);
    entry->body = lede_arena_array(&w->arena, 4, sizeof entry->body[0]);
    for (i = 0; i < entry->block_count; i++) {
        entry->body[i].type = below(w, 6) == 0 ? LEDE_BLOCK_ALT : LEDE_BLOCK_P;
        entry->body[i].text = some_words(w, below(w, 12));
    }
    if (below(w, 4) == 0) { /* a body that others have, too */
        if (w->long_body.len == 0 || below(w, 5) == 0) {
            w->long_body = some_words(w, 60);
        }
        entry->block_count = 1;
        entry->body[0].type = LEDE_BLOCK_P;
        entry->body[0].text = w->long_body;
        entry->body[0].text.len -= below(w, 9);
        while ((w->long_body.bytes[entry->body[0].text.len - 1] & 0x80) != 0) {
            entry->body[0].text.len--; /* not in a character */
        }
    }
    if (below(w, 8) != 0) {
        entry->published.instant = EPOCH + 86400 * (int64_t)below(w, 40);
        entry->published.precision = LEDE_PRECISION_SECOND;
        entry->published.year_source = sources[below(w, 3)];
        if (below(w, 4) == 0) {
            print_date(w, entry);
        }
    }
    if (below(w, 3) == 0) {
        entry->updated.instant = EPOCH + 86400 * (int64_t)below(w, 60);
        entry->updated.precision = LEDE_PRECISION_SECOND;
        entry->updated.year_source = LEDE_YEAR_EXPLICIT;
    }
}

const char *const world_ids[IDS] = {"1", "22", "333", "4444"};

/* People and places of the same words as the texts have. */
static lede_span make_names(world *w)
{
    lede_named named[4] = {0};
    uint32_t count = below(w, 5), i;
    lede_buf list = {0};
    lede_span kept;

    for (i = 0; i < count; i++) {
        lede_named *n = &named[i];

        n->kind = (uint8_t)below(w, 2);
        n->name = some_words(w, 1 + below(w, 3));
        n->mentions = below(w, 4);
        n->in_headline = below(w, 4) == 0;
        n->sources = n->mentions == 0 ? 1 : below(w, 2);
        if (n->kind == LEDE_NAMED_PERSON) {
            continue;
        }
        n->state = (uint8_t)below(w, 3);
        n->id_count = below(w, 3);
        n->ids[0] = lede_span_text(world_ids[below(w, IDS)]);
        n->ids[1] = lede_span_text(world_ids[below(w, IDS)]);
        n->parent_count = below(w, 2);
        n->parents[0] = lede_span_text(world_ids[below(w, IDS)]);
        n->form_count = below(w, 2);
        n->forms[0] = some_words(w, 1 + below(w, 2));
    }
    lede_name_list_encode(named, count, &list);
    kept = lede_arena_copy(&w->arena, lede_buf_span(&list));
    lede_buf_done(&list);
    return kept;
}

/* The term looked for, the one kept (of the last that there is). */
typedef struct seeking {
    const char *prefix;
    lede_arena *arena;
    lede_span found;
} seeking;

static bool keep_name(void *ctx, const lede_name_term *named)
{
    seeking *s = ctx;
    lede_buf term = {0};

    if (strcmp(lede_name_space_prefix(named->space), s->prefix) == 0) {
        lede_buf_put_text(&term, s->prefix);
        lede_buf_put_span(&term, named->token.word);
        s->found = lede_arena_copy(s->arena, lede_buf_span(&term));
        lede_buf_done(&term);
    }
    return true;
}

lede_span world_whole_name(world *w, const char *prefix, lede_arena *arena)
{
    seeking s = {prefix, arena, lede_span_text(prefix)};

    assert_true(lede_name_terms_each(w->names[below(w, ENTRIES)], w->analyzer,
                                     keep_name, &s));
    return s.found;
}

enum { WAIT_MS = 600000 }; /* however busy the machine is */

static void open_engine(const char *name, lede_engine **out)
{
    lede_shards *shards = NULL;
    lede_error err = {0};

    assert_ok(lede_shards_open(name, WAIT_MS, &shards, &err));
    assert_ok(lede_engine_of_shards(shards, out, &err));
}

/* Three shards: behind servers if there are any, else from the list. */
static void open_many(world *w)
{
    char name[256] = "tcp:";
    int i;

    if (!tcpsrv_is_there()) {
        open_engine(w->many, &w->engines[2]);
        return;
    }
    for (i = 0; i < SHARDS; i++) {
        char path[400];
        size_t len = strlen(name);

        snprintf(path, sizeof path, "%s/shard-%03d", w->many, i);
        tcpsrv_start(&w->servers[i], path);
        snprintf(name + len, sizeof name - len, "%s127.0.0.1:%u",
                 i > 0 ? "," : "", (unsigned)w->servers[i].port);
    }
    open_engine(name, &w->engines[2]);
}

void world_open(world **out, uint64_t seed)
{
    world *w = calloc(1, sizeof *w);
    lede_export_options options = {.shards = 1};
    lede_export_report report;
    lede_error err = {0};
    uint32_t i;

    w->state = seed;
    folder_make(w->folder);
    snprintf(w->one, sizeof w->one, "%s/one", w->folder);
    snprintf(w->many, sizeof w->many, "%s/many", w->folder);
    for (i = 0; i < ENTRIES; i++) {
        make_entry(w, &w->entries[i], i);
        w->names[i] = make_names(w);
    }
    assert_ok(small_archive_make_named(
        w->entries, w->names, lede_name_terms_each, ENTRIES,
        1 + below(w, ENTRIES), EPOCH + 86400 * 30, w->directory, &w->archive,
        &err));
    assert_ok(lede_snapshot_open(w->archive, &w->snapshot, &err));
    w->languages = lede_snapshot_totals(w->snapshot)->languages;
    assert_ok(lede_analyzer_new(&w->analyzer, &err));
    assert_ok(lede_export(w->snapshot, w->one, &options, &report, &err));
    options.shards = SHARDS;
    options.by_time = below(w, 2) == 0;
    assert_ok(lede_export(w->snapshot, w->many, &options, &report, &err));
    assert_ok(lede_engine_of_snapshot(w->snapshot, &w->engines[0], &err));
    open_engine(w->one, &w->engines[1]);
    open_many(w);
    for (i = 1; i < ENGINES; i++) { /* so few that windows are turned */
        lede_engine_of_shards_hold(w->engines[i], 1 + below(w, 40));
    }
    *out = w;
}

void world_close(world *w)
{
    int i;

    for (i = 0; i < ENGINES; i++) {
        lede_engine_close(w->engines[i]);
    }
    for (i = 0; i < SHARDS; i++) {
        tcpsrv_kill(&w->servers[i]);
    }
    lede_analyzer_free(w->analyzer);
    lede_snapshot_close(w->snapshot);
    small_archive_remove(w->archive, w->directory);
    folder_remove(w->folder);
    lede_arena_done(&w->arena);
    free(w);
}
