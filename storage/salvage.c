#include "storage/salvage.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/varint.h"
#include "storage/archive_internal.h"
#include "storage/record.h"

/* A damaged segment. */
struct damaged {
    lede_manifest_segment row;
    lede_segment bare; /* without seals: each value is looked at before use */
    lede_span table;   /* of checksums; may be damaged itself */
    bool has_deleted;  /* which entries are deleted is known */
    bool has_keys, has_numbers, has_trust;
    lede_segment segment; /* as others open it */
    bool is_open;
};

struct lede_salvage {
    lede_archive *archive;
    lede_snapshot rest;
    bool rest_ready;
    struct damaged *damaged;
    uint32_t count;
    const volatile int *stop;
};

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "repairing: out of memory");
}

/* --- Which are whole -------------------------------------------------------
 */

static lede_status look_at_values(const lede_salvage *s,
                                  const lede_segment *segment, lede_error *err)
{
    lede_status status = LEDE_OK;
    unsigned kind;
    uint32_t i;

    for (kind = 0; kind < LEDE_VALUE_KIND_COUNT; kind++) {
        for (i = 0; i < segment->footer.counts[kind] && status == LEDE_OK;
             i++) {
            lede_span value;

            if (s->stop != NULL && *s->stop != 0) {
                return lede_fail(err, LEDE_INTERRUPTED, "stopped");
            }
            status = lede_segment_value(segment, (lede_value_kind)kind, i,
                                        &value, err);
            if (status == LEDE_OK && kind == LEDE_VALUE_RECORDS &&
                !lede_seals_agree(segment->seals, segment->kind_base[kind] + i,
                                  value)) {
                status =
                    lede_segment_fail(segment, err, "records: wrong checksum");
            }
        }
    }
    return status;
}

/* --- A damaged one ---------------------------------------------------------
 */

static lede_status get_raw(const lede_salvage *s, uint32_t segment,
                           lede_value_kind kind, uint32_t index, lede_span *out,
                           lede_error *err)
{
    uint8_t key[LEDE_VALUE_KEY_BYTES];

    lede_value_key(segment, kind, index, key);
    return lede_txn_get(s->archive, s->rest.txn, s->archive->segments,
                        lede_span_of(key, sizeof key), out, err);
}

/* The footer may be gone: what values there are is seen from the values. */
static lede_status count_values(const lede_salvage *s, struct damaged *d,
                                lede_error *err)
{
    lede_segment *bare = &d->bare;
    uint32_t count = 0;
    unsigned kind;

    for (kind = 0; kind < LEDE_VALUE_KIND_COUNT; kind++) {
        lede_status status = LEDE_OK;
        lede_span value;
        uint32_t n = 0;

        bare->kind_base[kind] = count;
        while (status == LEDE_OK) {
            status =
                get_raw(s, d->row.id, (lede_value_kind)kind, n, &value, err);
            n += status == LEDE_OK;
        }
        if (status != LEDE_NOT_FOUND) {
            return status;
        }
        bare->footer.counts[kind] = n;
        count += n;
    }
    bare->kind_base[kind] = count;
    bare->cache = calloc(1, sizeof *bare->cache);
    if (bare->cache != NULL) {
        bare->cache->values = calloc((size_t)count + 1, sizeof(lede_span));
    }
    return bare->cache == NULL || bare->cache->values == NULL ? no_memory(err)
                                                              : LEDE_OK;
}

/* A row that agrees with its value vouches for both, whatever else is wrong. */
static bool is_whole(const lede_salvage *s, const struct damaged *d,
                     lede_value_kind kind, uint32_t index)
{
    lede_reader rows = lede_reader_of(d->table);
    lede_span value;

    if (get_raw(s, d->row.id, kind, index, &value, NULL) != LEDE_OK) {
        return false;
    }
    while (rows.p < rows.end && !rows.bad) {
        unsigned own_kind = lede_read_byte(&rows);
        uint32_t own_index = lede_read_u32(&rows);
        uint32_t bytes = lede_read_u32(&rows);
        uint64_t hash = lede_read_u64(&rows);

        if (!rows.bad && own_kind == kind && own_index == index) {
            return bytes == value.len && hash == lede_hash64(value);
        }
    }
    return false;
}

static bool find_deleted(const lede_salvage *s, struct damaged *d)
{
    lede_span bits;

    if (d->row.deleted == 0) {
        return true;
    }
    if (get_raw(s, d->row.id, LEDE_VALUE_DELETED, 0, &bits, NULL) != LEDE_OK ||
        bits.len != ((size_t)d->row.entries + 63) / 64 * 8 ||
        lede_hash64(bits) != d->row.deleted_hash) {
        return false;
    }
    d->bare.deleted = bits;
    return true;
}

static lede_status look_at_damaged(const lede_salvage *s, struct damaged *d,
                                   lede_error *err)
{
    lede_segment *bare = &d->bare;
    lede_column unused;
    uint32_t begin, end;
    lede_status status;

    *bare = (lede_segment){0};
    bare->snapshot = &s->rest;
    bare->id = d->row.id;
    bare->footer.entries = d->row.entries;
    status = count_values(s, d, err);
    if (status == LEDE_OK) {
        status = get_raw(s, d->row.id, LEDE_VALUE_CHECKSUMS, 0, &d->table, err);
        status = status == LEDE_NOT_FOUND ? LEDE_OK : status;
    }
    if (status != LEDE_OK) {
        return status;
    }
    d->has_deleted = find_deleted(s, d);
    d->has_keys =
        is_whole(s, d, LEDE_VALUE_COLUMN, LEDE_COLUMN_KEY) &&
        is_whole(s, d, LEDE_VALUE_KEYS, 0) &&
        lede_segment_key_range(bare, 0, 0, &begin, &end, NULL) == LEDE_OK;
    d->has_trust =
        is_whole(s, d, LEDE_VALUE_COLUMN, LEDE_COLUMN_TRUST) &&
        lede_segment_column(bare, LEDE_COLUMN_TRUST, &unused, NULL) == LEDE_OK;
    d->has_numbers = is_whole(s, d, LEDE_VALUE_RECORD_BLOCKS, 0) &&
                     is_whole(s, d, LEDE_VALUE_RECORD_SEQUENCE, 0);
    d->is_open =
        lede_segment_open(&s->rest, &d->row, &d->segment, NULL) == LEDE_OK;
    return LEDE_OK;
}

/* --- Opening ---------------------------------------------------------------
 */

static lede_status sort_out(lede_salvage *s, lede_error *err)
{
    lede_snapshot *rest = &s->rest;
    uint32_t count = rest->manifest.segment_count, i;
    lede_status status = LEDE_OK;

    rest->segments = calloc(count + 1u, sizeof rest->segments[0]);
    s->damaged = calloc(count + 1u, sizeof s->damaged[0]);
    if (rest->segments == NULL || s->damaged == NULL) {
        return no_memory(err);
    }
    for (i = 0; i < count && status == LEDE_OK; i++) {
        const lede_manifest_segment *row = &rest->manifest.segments[i];
        lede_segment *segment = &rest->segments[rest->segment_count];

        status = lede_segment_open(rest, row, segment, err);
        if (status == LEDE_OK) {
            status = look_at_values(s, segment, err);
            if (status == LEDE_OK) {
                rest->segment_count++;
            } else {
                lede_segment_close(segment);
            }
        }
        if (status == LEDE_CORRUPT) {
            struct damaged *d = &s->damaged[s->count++];

            d->row = *row;
            status = look_at_damaged(s, d, err);
        }
    }
    return status;
}

static int compare_damaged(const void *left, const void *right)
{
    uint32_t a = ((const struct damaged *)left)->row.id;
    uint32_t b = ((const struct damaged *)right)->row.id;

    return a > b ? -1 : a < b;
}

lede_status lede_salvage_open(lede_archive *archive, const volatile int *stop,
                              lede_salvage **out, lede_error *err)
{
    lede_salvage *s = calloc(1, sizeof *s);
    lede_pages_head head;
    MDB_txn *txn = NULL;
    lede_status status;

    if (s == NULL) {
        return no_memory(err);
    }
    s->archive = archive;
    s->stop = stop;
    status = lede_pages_begin(archive, &txn, &head, err);
    if (status == LEDE_OK) {
        status = lede_pages_check(archive, &head, LEDE_PAGES_SEARCH, err);
    }
    if (status == LEDE_OK) {
        status = lede_snapshot_init_bare(archive, txn, &s->rest, err);
        s->rest_ready = status == LEDE_OK;
    }
    if (status == LEDE_OK) {
        s->rest.head = head;
        status = sort_out(s, err);
    }
    if (status == LEDE_OK) {
        qsort(s->damaged, s->count, sizeof s->damaged[0], compare_damaged);
        *out = s;
        return LEDE_OK;
    }
    if (!s->rest_ready) {
        lede_txn_abort(archive, txn);
    }
    lede_salvage_close(s);
    return status;
}

void lede_salvage_close(lede_salvage *salvage)
{
    uint32_t i;

    if (salvage == NULL) {
        return;
    }
    for (i = 0; i < salvage->count; i++) {
        struct damaged *d = &salvage->damaged[i];

        lede_segment_close(&d->bare);
        if (d->is_open) {
            lede_segment_close(&d->segment);
        }
    }
    free(salvage->damaged);
    if (salvage->rest_ready) {
        MDB_txn *txn = salvage->rest.txn;

        lede_snapshot_done(&salvage->rest);
        lede_txn_abort(salvage->archive, txn);
    }
    free(salvage);
}

const lede_snapshot *lede_salvage_rest(const lede_salvage *salvage)
{
    return &salvage->rest;
}

uint32_t lede_salvage_count(const lede_salvage *salvage)
{
    return salvage->count;
}

uint32_t lede_salvage_id(const lede_salvage *salvage, uint32_t index)
{
    return salvage->damaged[index].row.id;
}

const lede_segment *lede_salvage_segment(const lede_salvage *salvage,
                                         uint32_t index)
{
    const struct damaged *d = &salvage->damaged[index];

    return d->is_open ? &d->segment : NULL;
}

/* --- Records ---------------------------------------------------------------
 */

typedef struct walk {
    const lede_salvage *salvage;
    const struct damaged *d;
    const lede_salvage_callbacks *callbacks;
    uint32_t *entry_of; /* a record's number; NULL: not known */
    uint8_t *met;       /* bits of entries */
    uint64_t read;      /* records */
    lede_record_cache block;
    lede_arena arena;
} walk;

/* The entry of a record, by its number or by its key. */
static uint32_t entry_of(const walk *w, uint32_t number,
                         const lede_entry *entry)
{
    uint32_t begin, end;

    if (w->entry_of != NULL) {
        return number < w->d->row.entries ? w->entry_of[number] : UINT32_MAX;
    }
    if (!w->d->has_keys ||
        lede_segment_key_range(&w->d->bare, entry->key, entry->key, &begin,
                               &end, NULL) != LEDE_OK ||
        end - begin != 1) {
        return UINT32_MAX;
    }
    return lede_segment_key_entry(&w->d->bare, begin);
}

static lede_status tell_record(walk *w, uint32_t number, lede_span record,
                               lede_error *err)
{
    const struct damaged *d = w->d;
    lede_salvaged found = {.record = record};
    lede_entry entry;
    lede_status status;

    lede_arena_clear(&w->arena);
    status = lede_record_decode(record, &w->arena, &entry, err);
    if (status != LEDE_OK) {
        return status == LEDE_CORRUPT ? LEDE_OK : status; /* it is lost */
    }
    found.entry = &entry;
    found.number = entry_of(w, number, &entry);
    w->read++;
    if (found.number != UINT32_MAX) {
        w->met[found.number / 8] |= (uint8_t)(1u << found.number % 8);
        if (d->has_deleted && lede_segment_is_deleted(&d->bare, found.number)) {
            return LEDE_OK;
        }
        found.has_trust = d->has_trust;
        if (d->has_trust) {
            lede_column trust;

            status =
                lede_segment_column(&d->bare, LEDE_COLUMN_TRUST, &trust, err);
            if (status != LEDE_OK) {
                return status;
            }
            found.is_trusted = lede_column_get(&trust, found.number) != 0;
        }
    }
    found.is_doubtful =
        d->row.deleted > 0 && (!d->has_deleted || found.number == UINT32_MAX);
    return w->callbacks->found(w->callbacks->ctx, &found, err);
}

/* The records of the block at hand, the first of which has this number. */
static lede_status tell_block(walk *w, uint32_t first, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < w->block.block.count && status == LEDE_OK; i++) {
        lede_span record;

        status = lede_record_cache_get(&w->block, i, &record, err);
        if (status == LEDE_OK) {
            status = tell_record(w, first + i, record, err);
        } else if (status == LEDE_CORRUPT) {
            status = LEDE_OK;
        }
        if (w->salvage->stop != NULL && *w->salvage->stop != 0) {
            return lede_fail(err, LEDE_INTERRUPTED, "stopped");
        }
    }
    return status;
}

static lede_status walk_by_table(walk *w, lede_error *err)
{
    const lede_segment *bare = &w->d->bare;
    const lede_record_blocks *blocks;
    lede_column sequence;
    uint32_t i;
    lede_status status = lede_segment_store(bare, &blocks, &sequence, err);

    for (i = 0; status == LEDE_OK && i < blocks->block_count; i++) {
        lede_record_block block;
        lede_address at;
        lede_span packed;

        status = lede_record_blocks_get(blocks, i, &block, err);
        if (status == LEDE_OK) {
            at = (lede_address){block.value, block.offset, block.bytes};
            status =
                lede_segment_part(bare, LEDE_VALUE_RECORDS, &at, &packed, err);
        }
        if (status == LEDE_OK) {
            status = lede_record_cache_fill(&w->block, &block, packed, err);
        }
        if (status == LEDE_OK) {
            status = tell_block(w, block.first, err);
        } else if (status == LEDE_CORRUPT) { /* the next may be whole */
            status = LEDE_OK;
        }
    }
    return status;
}

/* Without the table: blocks stand end to end, and know their own ends. */
static lede_status walk_by_blocks(walk *w, lede_error *err)
{
    const lede_segment *bare = &w->d->bare;
    uint32_t values = bare->footer.counts[LEDE_VALUE_RECORDS], i;
    lede_status status = LEDE_OK;

    for (i = 0; i < values && status == LEDE_OK; i++) {
        lede_span left;

        status = lede_segment_value(bare, LEDE_VALUE_RECORDS, i, &left, err);
        while (status == LEDE_OK && left.len > 0) {
            size_t bytes = 0;

            status = lede_record_cache_fill_next(&w->block, left, &bytes, err);
            if (status == LEDE_OK) {
                status = tell_block(w, UINT32_MAX / 2, err);
            } else if (status == LEDE_CORRUPT && bytes > 0) {
                status = LEDE_OK;
            }
            left = lede_span_part(left, bytes, left.len);
        }
        status = status == LEDE_CORRUPT ? LEDE_OK : status;
    }
    return status;
}

static lede_status tell_lost(const walk *w, lede_error *err)
{
    const struct damaged *d = w->d;
    uint64_t live = d->row.entries - d->row.deleted, unnamed = 0;
    lede_status status = LEDE_OK;
    uint32_t i;

    if (w->entry_of == NULL && !d->has_keys) {
        unnamed = d->row.entries > w->read ? d->row.entries - w->read : 0;
        unnamed = unnamed < live ? unnamed : live;
    }
    for (i = 0; i < d->row.entries && status == LEDE_OK &&
                (w->entry_of != NULL || d->has_keys);
         i++) {
        if ((w->met[i / 8] >> i % 8 & 1) != 0 ||
            (d->has_deleted && lede_segment_is_deleted(&d->bare, i))) {
            continue;
        }
        if (d->has_keys) {
            uint64_t key = lede_segment_key(&d->bare, i);

            status = w->callbacks->lost(w->callbacks->ctx, &key, 1, err);
        } else {
            unnamed++;
        }
    }
    if (unnamed > 0 && status == LEDE_OK) {
        status = w->callbacks->lost(w->callbacks->ctx, NULL, unnamed, err);
    }
    return status;
}

lede_status lede_salvage_each(const lede_salvage *salvage, uint32_t index,
                              const lede_salvage_callbacks *callbacks,
                              lede_error *err)
{
    walk w = {.salvage = salvage,
              .d = &salvage->damaged[index],
              .callbacks = callbacks};
    uint32_t entries = w.d->row.entries;
    lede_status status = LEDE_OK;

    w.met = calloc((size_t)entries / 8 + 1, 1);
    if (w.d->has_numbers) {
        w.entry_of = malloc(((size_t)entries + 1) * sizeof w.entry_of[0]);
    }
    if (w.met == NULL || (w.d->has_numbers && w.entry_of == NULL)) {
        status = no_memory(err);
    }
    if (status == LEDE_OK && w.entry_of != NULL) {
        status = lede_segment_record_entries(&w.d->bare, w.entry_of, err);
        if (status == LEDE_CORRUPT) {
            free(w.entry_of);
            w.entry_of = NULL;
            status = LEDE_OK;
        }
    }
    if (status == LEDE_OK) {
        status = w.entry_of != NULL ? walk_by_table(&w, err)
                                    : walk_by_blocks(&w, err);
    }
    if (status == LEDE_OK) {
        status = tell_lost(&w, err);
    }
    free(w.entry_of);
    free(w.met);
    lede_record_cache_done(&w.block);
    lede_arena_done(&w.arena);
    return status;
}
