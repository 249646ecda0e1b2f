#include "corpus/archive_names.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "corpus/side_folder.h"
#include "corpus/text_match.h"

enum { SNAPSHOTS_MAX = 1 << 15, FIRST_ROOM = 256 };

typedef struct lede_archive_snapshot {
    uint64_t folder; /* hash; 0 is free */
    int best;        /* rank of the best rendering, LEDE_SNAPSHOT_NONE */
    lede_span warc;  /* the first by name, in the folder */
    bool has_facts, has_more;
    lede_snapshot_facts facts;
} snapshot;

void lede_archive_names_done(lede_archive_names *names)
{
    free(names->pages);
    free(names->snapshots);
    lede_arena_done(&names->arena);
}

/* Never 0. */
static uint64_t hash_of(lede_span text)
{
    return lede_hash64(text) | 1;
}

/* Pages. ------------------------------------------------------------------ */

/* "folder/X" of "folder/X.html"; empty if it is no page. */
static lede_span page_stem(lede_span name)
{
    static const char *const endings[] = {".html", ".htm", ".xhtml"};
    size_t i;

    for (i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (lede_match_ends(name, endings[i])) {
            return lede_span_part(name, 0, name.len - strlen(endings[i]));
        }
    }
    return lede_span_of(NULL, 0);
}

static size_t page_slot(const lede_archive_names *names, uint64_t hash)
{
    size_t slot = (size_t)(hash >> 1) & (names->page_room - 1);

    while (names->pages[slot] != 0 && names->pages[slot] != hash) {
        slot = (slot + 1) & (names->page_room - 1);
    }
    return slot;
}

static bool has_page(const lede_archive_names *names, uint64_t hash)
{
    return names->page_room > 0 && names->pages[page_slot(names, hash)] == hash;
}

static bool grow_pages(lede_archive_names *names)
{
    lede_archive_names grown = *names;
    size_t i;

    grown.page_room = names->page_room == 0 ? FIRST_ROOM : names->page_room * 2;
    grown.pages = calloc(grown.page_room, sizeof *grown.pages);
    if (grown.pages == NULL) {
        return false;
    }
    for (i = 0; i < names->page_room; i++) {
        if (names->pages[i] != 0) {
            grown.pages[page_slot(&grown, names->pages[i])] = names->pages[i];
        }
    }
    free(names->pages);
    *names = grown;
    return true;
}

static void put_page(lede_archive_names *names, lede_span stem)
{
    uint64_t hash = hash_of(stem);

    if (names->page_count * 2 >= names->page_room && !grow_pages(names)) {
        return; /* folders of pages are read like others, then */
    }
    names->page_count += !has_page(names, hash);
    names->pages[page_slot(names, hash)] = hash;
}

/* Snapshots. -------------------------------------------------------------- */

/* "1493350273", "1493350273.12" */
static bool is_epoch(lede_span folder)
{
    size_t i;

    for (i = 0; i < folder.len; i++) {
        if ((folder.bytes[i] < '0' || folder.bytes[i] > '9') &&
            !(folder.bytes[i] == '.' && i >= 9)) {
            return false;
        }
    }
    return folder.len >= 9 && folder.len <= 20;
}

/* Cuts "archive/1493350273/output.html" behind the folder of a snapshot. */
static bool cut_snapshot(lede_span name, lede_span *folder, lede_span *rest)
{
    size_t begin = 0;
    size_t i;

    for (i = 0; i < name.len; i++) {
        if (name.bytes[i] != '/') {
            continue;
        }
        if (is_epoch(lede_span_part(name, begin, i - begin))) {
            *folder = lede_span_part(name, 0, i);
            *rest = lede_span_part(name, i + 1, name.len);
            return rest->len > 0;
        }
        begin = i + 1;
    }
    return false;
}

static size_t snapshot_slot(const lede_archive_names *names, uint64_t hash)
{
    size_t slot = (size_t)(hash >> 1) & (names->snapshot_room - 1);

    while (names->snapshots[slot].folder != 0 &&
           names->snapshots[slot].folder != hash) {
        slot = (slot + 1) & (names->snapshot_room - 1);
    }
    return slot;
}

static snapshot *find_snapshot(const lede_archive_names *names,
                               lede_span folder)
{
    uint64_t hash = hash_of(folder);
    snapshot *found = names->snapshot_room == 0
                          ? NULL
                          : &names->snapshots[snapshot_slot(names, hash)];

    return found != NULL && found->folder == hash ? found : NULL;
}

static bool grow_snapshots(lede_archive_names *names)
{
    lede_archive_names grown = *names;
    size_t i;

    grown.snapshot_room =
        names->snapshot_room == 0 ? FIRST_ROOM : names->snapshot_room * 2;
    grown.snapshots = calloc(grown.snapshot_room, sizeof *grown.snapshots);
    if (grown.snapshots == NULL) {
        return false;
    }
    for (i = 0; i < names->snapshot_room; i++) {
        const snapshot *s = &names->snapshots[i];

        if (s->folder != 0) {
            grown.snapshots[snapshot_slot(&grown, s->folder)] = *s;
        }
    }
    free(names->snapshots);
    *names = grown;
    return true;
}

/* The snapshot of that folder, a new one if there is none; NULL if there is no
 * room. */
static snapshot *take_snapshot(lede_archive_names *names, lede_span folder)
{
    snapshot *found = find_snapshot(names, folder);

    if (found != NULL) {
        return found;
    }
    if (names->snapshot_count == SNAPSHOTS_MAX ||
        (names->snapshot_count * 2 >= names->snapshot_room &&
         !grow_snapshots(names))) {
        return NULL;
    }
    names->snapshot_count++;
    found = &names->snapshots[snapshot_slot(names, hash_of(folder))];
    *found = (snapshot){.folder = hash_of(folder), .best = LEDE_SNAPSHOT_NONE};
    return found;
}

static void put_rendering(lede_archive_names *names, lede_span folder,
                          lede_span rest)
{
    snapshot *s = take_snapshot(names, folder);
    int rank = lede_snapshot_rank(rest);

    if (s == NULL) {
        return;
    }
    s->has_more |= !lede_snapshot_is_own(rest);
    s->best = rank < s->best ? rank : s->best;
    if (rank == LEDE_SNAPSHOT_WARC &&
        (s->warc.len == 0 || lede_span_compare(rest, s->warc) < 0)) {
        s->warc = lede_arena_copy(&names->arena, rest);
    }
}

/* ------------------------------------------------------------------------- */

void lede_archive_names_put(lede_archive_names *names, lede_span name)
{
    lede_span stem = page_stem(name);
    lede_span folder;
    lede_span rest;

    names->has_package |= lede_span_is(name, "datapackage.json");
    names->has_web_archives |= lede_span_starts(name, "archive/");
    if (lede_span_is(name, "[Content_Types].xml")) {
        names->other = "an Office document";
    } else if (lede_span_is(name, "mimetype")) {
        names->other = "an EPUB or OpenDocument file";
    }
    if (stem.len > 0) {
        put_page(names, stem);
    }
    if (cut_snapshot(name, &folder, &rest)) {
        put_rendering(names, folder, rest);
    }
}

bool lede_archive_names_is_index(lede_span name)
{
    lede_span folder;
    lede_span rest;

    return cut_snapshot(name, &folder, &rest) &&
           lede_span_is(rest, "index.json");
}

void lede_archive_names_put_index(lede_archive_names *names, lede_span name,
                                  lede_span json)
{
    lede_span folder;
    lede_span rest;
    snapshot *s = cut_snapshot(name, &folder, &rest)
                      ? take_snapshot(names, folder)
                      : NULL;

    if (s != NULL) {
        s->has_facts = lede_snapshot_facts_read(json, &names->arena, &s->facts);
    }
}

/* The snapshot that decides about this member; NULL if none does. */
static const snapshot *decider(const lede_archive_names *names, lede_span name,
                               lede_span *rest)
{
    lede_span folder;
    const snapshot *s =
        cut_snapshot(name, &folder, rest) ? find_snapshot(names, folder) : NULL;

    return s == NULL || !s->has_facts ||
                   (s->best == LEDE_SNAPSHOT_NONE && s->has_more)
               ? NULL
               : s;
}

static bool is_chosen(const snapshot *s, lede_span rest)
{
    if (s->best == LEDE_SNAPSHOT_NONE) {
        return lede_span_is(rest, "index.json");
    }
    return s->best == LEDE_SNAPSHOT_WARC ? lede_span_equal(rest, s->warc)
                                         : lede_snapshot_rank(rest) == s->best;
}

/* One of the folders is "X_files", in some language. *is_known: "X.html" stands
 * beside it. */
static bool may_belong(const lede_archive_names *names, lede_span name,
                       bool *is_known)
{
    bool may = false;
    size_t i;

    *is_known = false;
    for (i = 1; i < name.len && !*is_known; i++) {
        size_t stem = name.bytes[i] != '/'
                          ? 0
                          : lede_side_folder_stem(lede_span_part(name, 0, i));

        if (stem > 0) {
            may = true;
            *is_known = has_page(names, hash_of(lede_span_part(name, 0, stem)));
        }
    }
    return may;
}

lede_archive_verdict lede_archive_names_judge(const lede_archive_names *names,
                                              lede_span name)
{
    lede_span folder;
    lede_span rest;
    const snapshot *s;
    bool is_known;
    bool may = may_belong(names, name, &is_known);

    if (is_known) {
        return LEDE_ARCHIVE_PASS;
    }
    if (!names->is_whole && (may || cut_snapshot(name, &folder, &rest))) {
        return LEDE_ARCHIVE_WAIT;
    }
    s = decider(names, name, &rest);
    return s == NULL || is_chosen(s, rest) ? LEDE_ARCHIVE_READ
                                           : LEDE_ARCHIVE_PASS;
}

const lede_snapshot_facts *
lede_archive_names_facts(const lede_archive_names *names, lede_span name)
{
    lede_span rest;
    const snapshot *s = decider(names, name, &rest);

    return s != NULL && is_chosen(s, rest) && s->best != LEDE_SNAPSHOT_NONE &&
                   s->best != LEDE_SNAPSHOT_WARC
               ? &s->facts
               : NULL;
}
