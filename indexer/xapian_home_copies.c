/* xapian_home_copies.c - documents are told of which group they are. */
#include "indexer/xapian_home_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/varint.h"
#include "indexer/grow.h"
#include "storage/copies.h"

typedef struct member {
    uint64_t key, group;
    bool is_right; /* its document says so */
} member;

static int compare_members(const void *left, const void *right)
{
    const member *a = left, *b = right;

    return (a->key > b->key) - (a->key < b->key);
}

static lede_status hash_copies(const lede_snapshot *snapshot, uint64_t *out,
                               lede_error *err)
{
    uint64_t hash = 0;

    for (uint32_t i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, i);
        lede_span rows;
        lede_status status = lede_segment_copies(segment, &rows, err);

        if (status != LEDE_OK) {
            return status;
        }
        if (rows.len > 0) {
            hash =
                hash * 31 + lede_hash64_seeded(rows, lede_segment_id(segment));
        }
    }
    *out = hash;
    return LEDE_OK;
}

static lede_status list_members(const lede_snapshot *snapshot, member **out,
                                uint32_t *count, lede_error *err)
{
    uint32_t cap = 0;
    lede_status status = LEDE_OK;

    for (uint32_t i = 0;
         i < lede_snapshot_segment_count(snapshot) && status == LEDE_OK; i++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, i);
        lede_column keys;
        lede_span rows;

        status = lede_segment_copies(segment, &rows, err);
        if (status == LEDE_OK) {
            status = lede_segment_column(segment, LEDE_COLUMN_KEY, &keys, err);
        }
        for (size_t at = 0;
             status == LEDE_OK && at + LEDE_COPY_ROW_BYTES <= rows.len;
             at += LEDE_COPY_ROW_BYTES) {
            uint32_t entry = lede_load_u32(rows.bytes + at);
            member *grown = lede_grown(*out, *count, &cap, sizeof grown[0]);

            if (grown == NULL) {
                return lede_home_no_memory(err);
            }
            *out = grown;
            grown[(*count)++] =
                (member){.key = (uint64_t)lede_column_get(&keys, entry),
                         .group = lede_load_u64(rows.bytes + at + 8)};
        }
    }
    return status;
}

/* Makes a document anew, as one of a group; 0: of none. */
static lede_status regroup(lede_xapian_home *home, uint32_t document,
                           uint64_t group, uint64_t *bytes, lede_error *err)
{
    static const uint32_t slots[] = {LEDE_XAPIAN_SLOT_NEWEST,
                                     LEDE_XAPIAN_SLOT_NAMED,
                                     LEDE_XAPIAN_SLOT_NAMES};
    lede_span data, values[3], names, record = {0};
    lede_xapian_order order = {0}, other;
    lede_buf kept = {0}, kept_names = {0};
    lede_status status =
        lede_xapian_stored(home->db, document, slots, 3, &data, values, err);

    if (status == LEDE_OK) {
        status = lede_xapian_data_record(data, &record, err);
    }
    if (status == LEDE_OK) {
        names = values[2];
        if (!lede_xapian_order_decode(values[0], false, &order) ||
            (values[1].len > 0 &&
             !lede_xapian_named_parse(values[1], &names, &other))) {
            status =
                lede_fail(err, LEDE_CORRUPT, "a document's values are damaged");
        } else if (order.group != group) {
            lede_buf_put_span(&kept, record);
            lede_buf_put_span(&kept_names, names);
            status =
                kept.failed || kept_names.failed
                    ? lede_home_no_memory(err)
                    : lede_home_put(home, lede_buf_span(&kept), order.trusted,
                                    lede_buf_span(&kept_names), group, err);
            *bytes += kept.len + kept_names.len;
        }
    }
    lede_buf_done(&kept);
    lede_buf_done(&kept_names);
    return status;
}

static lede_status commit_if_much(lede_xapian_home *home, uint64_t *bytes,
                                  lede_error *err)
{
    if (*bytes < home->batch_bytes) {
        return LEDE_OK;
    }
    *bytes = 0;
    return lede_xapian_writer_commit(home->writer, err);
}

/* Documents that say of which group they are: right or wrong. */
static lede_status mend_members(lede_xapian_home *home, member *members,
                                uint32_t count, uint64_t *bytes,
                                lede_error *err)
{
    uint32_t document = 0;
    lede_status status = LEDE_OK;

    while (status == LEDE_OK) {
        lede_xapian_order order = {0};
        lede_span value;
        member wanted = {0}, *found;

        status =
            lede_xapian_find(home->db, lede_span_text(LEDE_XAPIAN_HAS_COPIES),
                             document, &document, err);
        if (status == LEDE_OK) {
            status = lede_xapian_value(home->db, document,
                                       LEDE_XAPIAN_SLOT_NEWEST, &value, err);
        }
        if (status != LEDE_OK) {
            break;
        }
        if (!lede_xapian_order_decode(value, false, &order)) {
            return lede_fail(err, LEDE_CORRUPT,
                             "a document's values are damaged");
        }
        wanted.key = order.key;
        found = count == 0 ? NULL
                           : bsearch(&wanted, members, count, sizeof members[0],
                                     compare_members);
        if (found != NULL) {
            found->is_right = true;
        }
        status = regroup(home, document, found == NULL ? 0 : found->group,
                         bytes, err);
        if (status == LEDE_OK) {
            status = commit_if_much(home, bytes, err);
        }
    }
    return status == LEDE_NOT_FOUND ? LEDE_OK : status;
}

static lede_status add_members(lede_xapian_home *home, const member *members,
                               uint32_t count, uint64_t *bytes, lede_error *err)
{
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < count && status == LEDE_OK; i++) {
        lede_xapian_name name;
        uint32_t document;

        if (members[i].is_right) {
            continue;
        }
        status = lede_xapian_find(home->db,
                                  lede_xapian_name_key(&name, members[i].key),
                                  0, &document, err);
        if (status == LEDE_NOT_FOUND) { /* a repair may have lost it */
            status = LEDE_OK;
            continue;
        }
        if (status == LEDE_OK) {
            status = regroup(home, document, members[i].group, bytes, err);
        }
        if (status == LEDE_OK) {
            status = commit_if_much(home, bytes, err);
        }
    }
    return status;
}

static lede_status tell_groups(lede_xapian_home *home,
                               const lede_snapshot *snapshot, lede_error *err)
{
    char told[20];
    lede_span text;
    member *members = NULL;
    uint32_t count = 0;
    uint64_t hash = 0, bytes = 0;
    lede_status status = hash_copies(snapshot, &hash, err);

    snprintf(told, sizeof told, "%016" PRIx64, hash);
    if (status == LEDE_OK) {
        status =
            lede_xapian_metadata(home->db, LEDE_XAPIAN_TOLD_COPIES, &text, err);
    }
    if (status != LEDE_OK || lede_span_is(text, told)) {
        return status;
    }
    status = list_members(snapshot, &members, &count, err);
    if (status == LEDE_OK && count > 1) {
        qsort(members, count, sizeof members[0], compare_members);
    }
    if (status == LEDE_OK) {
        status = mend_members(home, members, count, &bytes, err);
    }
    if (status == LEDE_OK) {
        status = add_members(home, members, count, &bytes, err);
    }
    free(members);
    if (status == LEDE_OK) {
        status = lede_xapian_writer_metadata(
            home->writer, LEDE_XAPIAN_TOLD_COPIES, lede_span_text(told), err);
    }
    return status == LEDE_OK ? lede_home_commit(home, err) : status;
}

/* Gives the documents the groups that the archive says, if these have changed
 * since. */
lede_status lede_home_tell_copies(lede_xapian_home *home, lede_error *err)
{
    lede_snapshot *snapshot = NULL;
    lede_status status = home->has_copies
                             ? lede_snapshot_open(home->archive, &snapshot, err)
                             : LEDE_OK;

    if (status == LEDE_OK && home->has_copies) {
        status = tell_groups(home, snapshot, err);
    }
    lede_snapshot_close(snapshot);
    return status == LEDE_OK ? LEDE_OK
                             : lede_fail_in(err, status, "%s", home->directory);
}
