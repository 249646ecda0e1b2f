#include "storage/pages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "storage/pages_internal.h"

struct walk {
    const lede_archive *archive;
    uint32_t page_bytes;
    uint64_t last_page;
    uint64_t file_pages;        /* whole ones; free pages at the end may lack */
    uint8_t *owned;             /* a bit a page, or NULL */
    uint8_t *pages[DEPTH_MAX];  /* buffers, one a level */
    bool is_main, is_free_list; /* of the database at hand */
    lede_pages_database seen;   /* counted in the database at hand */
    lede_pages_database named[8]; /* databases found in the main one */
    char names[8][16];
    unsigned named_count;
};

/* --- Pages -----------------------------------------------------------------
 */

/* Notes the owner of `count` pages; false if one has an owner already. */
static bool own_pages(struct walk *walk, uint64_t first, uint64_t count)
{
    uint64_t page;

    if (first < 2 || first > walk->last_page ||
        count > walk->last_page + 1 - first) {
        return false;
    }
    if (walk->owned == NULL) {
        return true;
    }
    for (page = first; page < first + count; page++) {
        uint8_t bit = (uint8_t)(1u << (page % 8));

        if ((walk->owned[page / 8] & bit) != 0) {
            return false;
        }
        walk->owned[page / 8] |= bit;
    }
    return true;
}

struct node {
    uint64_t page; /* a branch's child, or a big value's first page */
    uint64_t len;  /* of the value */
    uint16_t flags;
    lede_span key;
    const uint8_t *value; /* in the page, unless big */
    size_t bytes;         /* of the page that it takes */
};

/* Reads node `index` of a page whose offsets lie inside it. */
static bool read_node(const struct walk *walk, const uint8_t *page,
                      uint16_t index, bool is_leaf, struct node *out)
{
    uint32_t upper = lede_load_u16(page + 14);
    uint32_t offset = lede_load_u16(page + PAGE_HEAD + 2 * (size_t)index);
    const uint8_t *at = page + offset;
    uint32_t room, key_len, inside;

    if (offset < upper || offset > walk->page_bytes - NODE_HEAD ||
        offset % 2 != 0) {
        return false;
    }
    room = walk->page_bytes - offset - NODE_HEAD;
    key_len = lede_load_u16(at + 6);
    if (key_len > KEY_MAX || key_len > room) {
        return false;
    }
    out->flags = lede_load_u16(at + 4);
    out->key = lede_span_of(at + NODE_HEAD, key_len);
    out->value = at + NODE_HEAD + key_len;
    inside = 0;
    if (!is_leaf) {
        out->page = (uint64_t)lede_load_u32(at) | (uint64_t)out->flags << 32;
        out->flags = 0;
    } else {
        out->len = lede_load_u32(at);
        inside = (out->flags & NODE_BIG) != 0 ? 8 : (uint32_t)out->len;
        if (out->len > UINT32_MAX / 2 && (out->flags & NODE_BIG) == 0) {
            return false;
        }
        if (inside > room - key_len) {
            return false;
        }
        if ((out->flags & NODE_BIG) != 0) {
            out->page = lede_load_u64(out->value);
        }
    }
    out->bytes = ((size_t)NODE_HEAD + key_len + inside + 1) & ~(size_t)1;
    return true;
}

static int compare_keys(const struct walk *walk, lede_span a, lede_span b)
{
    if (walk->is_free_list && a.len == 8 && b.len == 8) {
        uint64_t x = lede_load_u64(a.bytes);
        uint64_t y = lede_load_u64(b.bytes);

        return (x > y) - (x < y);
    }
    return lede_span_compare(a, b);
}

/* Notes pages in use, which must be in the file. */
static lede_status use_pages(struct walk *walk, uint64_t first, uint64_t count,
                             lede_error *err)
{
    if (!own_pages(walk, first, count)) {
        return lede_pages_damaged(walk->archive, err, first,
                                  "it is out of range, or used twice");
    }
    if (first + count > walk->file_pages) {
        return lede_fail(err, LEDE_CORRUPT,
                         "%s: the file is cut off: it has %llu pages, but page "
                         "%llu is in use",
                         walk->archive->directory,
                         (unsigned long long)walk->file_pages,
                         (unsigned long long)(first + count - 1));
    }
    return LEDE_OK;
}

/* The pages of a value too big for its leaf. */
static lede_status check_big(struct walk *walk, const struct node *node,
                             lede_error *err)
{
    uint64_t pages =
        (node->len + PAGE_HEAD + walk->page_bytes - 1) / walk->page_bytes;
    uint8_t bytes[PAGE_HEAD];
    lede_status status = use_pages(walk, node->page, pages, err);

    if (status != LEDE_OK) {
        return status;
    }
    walk->seen.overflows += pages;
    if (walk->owned == NULL) {
        return LEDE_OK;
    }
    /* Only a writer, who frees pages, goes by their count. */
    status = lede_pages_read(walk->archive, node->page * walk->page_bytes,
                             bytes, sizeof bytes, err);
    if (status == LEDE_OK && (lede_load_u64(bytes) != node->page ||
                              lede_load_u16(bytes + 10) != PAGE_OVERFLOW ||
                              lede_load_u32(bytes + 12) != pages)) {
        status = lede_pages_damaged(walk->archive, err, node->page,
                                    "the head of a value is wrong");
    }
    return status;
}

/* A named database in the main one. */
static lede_status note_database(struct walk *walk, const struct node *node,
                                 uint64_t page, lede_error *err)
{
    lede_pages_database found;

    if (node->flags != NODE_DATABASE || node->len != DATABASE_BYTES ||
        walk->named_count == 8 || node->key.len >= sizeof walk->names[0]) {
        return lede_pages_damaged(walk->archive, err, page,
                                  "an unknown database");
    }
    found = lede_pages_read_database(node->value);
    if (found.flags != 0 || !lede_pages_is_sound(&found, walk->last_page)) {
        return lede_pages_damaged(walk->archive, err, page,
                                  "a database is damaged");
    }
    memcpy(walk->names[walk->named_count], node->key.bytes, node->key.len);
    walk->names[walk->named_count][node->key.len] = '\0';
    walk->named[walk->named_count++] = found;
    return LEDE_OK;
}

/* One record of the free list: a count and so many page numbers, falling. */
static lede_status check_free_pages(struct walk *walk, const struct node *node,
                                    uint64_t page, lede_error *err)
{
    uint8_t *bytes;
    uint64_t count, i, last = UINT64_MAX;
    lede_status status = LEDE_OK;

    if (node->key.len != 8 || node->len < 8 || node->len % 8 != 0) {
        return lede_pages_damaged(walk->archive, err, page,
                                  "the free list is damaged");
    }
    bytes = malloc(node->len);
    if (bytes == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory",
                         walk->archive->directory);
    }
    if ((node->flags & NODE_BIG) != 0) {
        status = lede_pages_read(walk->archive,
                                 node->page * walk->page_bytes + PAGE_HEAD,
                                 bytes, (size_t)node->len, err);
    } else {
        memcpy(bytes, node->value, (size_t)node->len);
    }
    count = status == LEDE_OK ? lede_load_u64(bytes) : 0;
    if (count > node->len / 8 - 1) {
        status = lede_pages_damaged(walk->archive, err, page,
                                    "the free list is damaged");
    }
    for (i = 1; i <= count && status == LEDE_OK; i++) {
        uint64_t number = lede_load_u64(bytes + 8 * i);

        if (number >= last || !own_pages(walk, number, 1)) {
            status = lede_pages_damaged(walk->archive, err, number,
                                        "is free and in use, or free twice");
        }
        last = number;
    }
    free(bytes);
    return status;
}

static lede_status check_leaf_node(struct walk *walk, const struct node *node,
                                   uint64_t page, lede_error *err)
{
    lede_status status = LEDE_OK;

    walk->seen.entries++;
    if (node->key.len == 0) {
        return lede_pages_damaged(walk->archive, err, page, "a key is empty");
    }
    if (walk->is_main) {
        return note_database(walk, node, page, err);
    }
    if ((node->flags & ~NODE_BIG) != 0) {
        return lede_pages_damaged(walk->archive, err, page,
                                  "a value of unknown kind");
    }
    if ((node->flags & NODE_BIG) != 0) {
        status = check_big(walk, node, err);
    }
    if (status == LEDE_OK && walk->is_free_list) {
        status = check_free_pages(walk, node, page, err);
    }
    return status;
}

/* The head of a page, and that its offsets lie inside it. */
static const char *fault_of_head(const struct walk *walk, const uint8_t *page,
                                 uint64_t number, bool is_leaf)
{
    uint16_t lower = lede_load_u16(page + 12);
    uint16_t upper = lede_load_u16(page + 14);
    uint32_t count = lower < PAGE_HEAD ? 0 : (lower - PAGE_HEAD) / 2u;

    if (lede_load_u64(page) != number) {
        return "it has another page's number";
    }
    if (lede_load_u16(page + 10) != (is_leaf ? PAGE_LEAF : PAGE_BRANCH)) {
        return "it is of the wrong kind";
    }
    if (lower < PAGE_HEAD || lower % 2 != 0 || lower > upper ||
        upper > walk->page_bytes || count < (is_leaf ? 1u : 2u)) {
        return "its bounds are wrong";
    }
    return NULL;
}

static lede_status check_page(struct walk *walk, uint64_t number,
                              unsigned level, unsigned depth, lede_span least,
                              lede_span bound, lede_error *err);

/* One child of a branch: its keys lie between its own separator and the next.
 */
static lede_status check_child(struct walk *walk, const uint8_t *page,
                               uint16_t index, uint16_t count, unsigned level,
                               unsigned depth, lede_span least, lede_span bound,
                               uint64_t number, lede_error *err)
{
    struct node child, next;

    if (!read_node(walk, page, index, false, &child)) {
        return lede_pages_damaged(walk->archive, err, number,
                                  "a branch is damaged");
    }
    if (index > 0) {
        least = child.key;
    }
    if (index + 1 < count) {
        if (!read_node(walk, page, (uint16_t)(index + 1), false, &next)) {
            return lede_pages_damaged(walk->archive, err, number,
                                      "a branch is damaged");
        }
        if (index > 0 && compare_keys(walk, child.key, next.key) >= 0) {
            return lede_pages_damaged(walk->archive, err, number,
                                      "keys out of order");
        }
        bound = next.key;
    }
    return check_page(walk, child.page, level + 1, depth, least, bound, err);
}

/* All nodes of a page; every byte behind `upper` belongs to one of them. */
static lede_status check_nodes(struct walk *walk, const uint8_t *page,
                               uint64_t number, unsigned level, unsigned depth,
                               lede_span least, lede_span bound,
                               lede_error *err)
{
    bool is_leaf = level + 1 == depth;
    uint16_t count = (uint16_t)((lede_load_u16(page + 12) - PAGE_HEAD) / 2);
    lede_span before = least;
    size_t used = 0;
    lede_status status = LEDE_OK;
    uint16_t i;

    for (i = 0; i < count && status == LEDE_OK; i++) {
        struct node node = {0};

        if (!read_node(walk, page, i, is_leaf, &node)) {
            return lede_pages_damaged(walk->archive, err, number,
                                      "a node is damaged");
        }
        used += node.bytes;
        if (!is_leaf) {
            continue;
        }
        if ((before.bytes != NULL &&
             compare_keys(walk, before, node.key) >= (i == 0 ? 1 : 0)) ||
            (bound.bytes != NULL && compare_keys(walk, node.key, bound) >= 0)) {
            return lede_pages_damaged(walk->archive, err, number,
                                      "keys out of order");
        }
        before = node.key;
        status = check_leaf_node(walk, &node, number, err);
    }
    if (status == LEDE_OK &&
        used != walk->page_bytes - lede_load_u16(page + 14)) {
        status =
            lede_pages_damaged(walk->archive, err, number, "nodes overlap");
    }
    for (i = 0; i < count && status == LEDE_OK && !is_leaf; i++) {
        status = check_child(walk, page, i, count, level, depth, least, bound,
                             number, err);
    }
    return status;
}

static lede_status check_page(struct walk *walk, uint64_t number,
                              unsigned level, unsigned depth, lede_span least,
                              lede_span bound, lede_error *err)
{
    bool is_leaf = level + 1 == depth;
    uint8_t *page;
    const char *fault;
    lede_status status = use_pages(walk, number, 1, err);

    if (status != LEDE_OK) {
        return status;
    }
    if (walk->pages[level] == NULL) {
        walk->pages[level] = malloc(walk->page_bytes);
    }
    page = walk->pages[level];
    if (page == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory",
                         walk->archive->directory);
    }
    status = lede_pages_read(walk->archive, number * walk->page_bytes, page,
                             walk->page_bytes, err);
    if (status != LEDE_OK) {
        return status;
    }
    fault = fault_of_head(walk, page, number, is_leaf);
    if (fault != NULL) {
        return lede_pages_damaged(walk->archive, err, number, fault);
    }
    walk->seen.leaves += is_leaf;
    walk->seen.branches += !is_leaf;
    return check_nodes(walk, page, number, level, depth, least, bound, err);
}

/* --- Databases -------------------------------------------------------------
 */

static lede_status check_database(struct walk *walk,
                                  const lede_pages_database *claimed,
                                  lede_error *err)
{
    const lede_span none = {NULL, 0};
    lede_status status;

    walk->seen = (lede_pages_database){0};
    if (claimed->root == LEDE_NO_PAGE) {
        return LEDE_OK;
    }
    status =
        check_page(walk, claimed->root, 0, claimed->depth, none, none, err);
    if (status == LEDE_OK && (walk->seen.entries != claimed->entries ||
                              walk->seen.leaves != claimed->leaves ||
                              walk->seen.branches != claimed->branches ||
                              walk->seen.overflows != claimed->overflows)) {
        status = lede_pages_damaged(walk->archive, err, claimed->root,
                                    "a database does not have what it counts");
    }
    return status;
}

static bool is_wanted(const char *name, lede_pages_scope scope)
{
    switch (scope) {
    case LEDE_PAGES_SEARCH:
        return strcmp(name, "files") != 0;
    case LEDE_PAGES_FILES:
        return strcmp(name, "files") == 0;
    case LEDE_PAGES_ALL:
        return true;
    }
    return true;
}

static lede_status check_trees(struct walk *walk, const lede_pages_head *head,
                               lede_pages_scope scope, lede_error *err)
{
    lede_status status;
    unsigned i;

    walk->is_main = true;
    status = check_database(walk, &head->main, err);
    walk->is_main = false;
    for (i = 0; i < walk->named_count && status == LEDE_OK; i++) {
        if (is_wanted(walk->names[i], scope)) {
            status = check_database(walk, &walk->named[i], err);
        }
    }
    if (status == LEDE_OK && scope == LEDE_PAGES_ALL) {
        walk->is_free_list = true;
        status = check_database(walk, &head->free_list, err);
        walk->is_free_list = false;
    }
    return status;
}

static lede_status check_state(const lede_archive *archive,
                               const lede_pages_head *head,
                               lede_pages_scope scope, lede_error *err)
{
    struct walk walk = {0};
    struct stat info;
    unsigned i;
    lede_status status;

    walk.archive = archive;
    walk.page_bytes = head->page_bytes;
    walk.last_page = head->last_page;
    if (fstat(archive->data_fd, &info) != 0) {
        return lede_fail(err, LEDE_IO, "%s: %s", archive->directory,
                         strerror(errno));
    }
    walk.file_pages = (uint64_t)info.st_size / head->page_bytes;
    if (scope == LEDE_PAGES_ALL) {
        walk.owned = calloc((size_t)(head->last_page / 8 + 1), 1);
        if (walk.owned == NULL) {
            return lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory",
                             archive->directory);
        }
    }
    status = check_trees(&walk, head, scope, err);
    for (i = 0; i < DEPTH_MAX; i++) {
        free(walk.pages[i]);
    }
    free(walk.owned);
    return status;
}

/* Whether a state needs no look. */
static bool is_known(lede_archive *archive, uint64_t txn,
                     lede_pages_scope scope)
{
    bool result;

    pthread_mutex_lock(&archive->mutex);
    result = scope != LEDE_PAGES_ALL &&
             (archive->is_ours ||
              (scope == LEDE_PAGES_FILES ? archive->checked_files
                                         : archive->checked_txn) == txn + 1);
    pthread_mutex_unlock(&archive->mutex);
    return result;
}

static void note_known(lede_archive *archive, uint64_t txn,
                       lede_pages_scope scope)
{
    pthread_mutex_lock(&archive->mutex);
    if (scope != LEDE_PAGES_FILES) {
        archive->checked_txn = txn + 1;
    }
    if (scope != LEDE_PAGES_SEARCH) {
        archive->checked_files = txn + 1;
    }
    pthread_mutex_unlock(&archive->mutex);
}

lede_status lede_pages_check(lede_archive *archive, const lede_pages_head *head,
                             lede_pages_scope scope, lede_error *err)
{
    lede_status status;

    if (is_known(archive, head->txn, scope)) {
        return LEDE_OK;
    }
    status = check_state(archive, head, scope, err);
    if (status == LEDE_OK) {
        note_known(archive, head->txn, scope);
    }
    return status;
}
