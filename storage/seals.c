#include "storage/seals.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/varint.h"
#include "storage/archive_internal.h"

struct seal {
    uint64_t hash;
    uint32_t bytes;
    bool is_sealed;      /* false: the footer and the table have none */
    atomic_bool is_good; /* found to agree */
};

struct lede_seals {
    lede_seals *next;
    uint32_t segment;
    uint32_t holders; /* guarded by the archive's mutex, like the list */
    uint64_t table_hash;
    uint32_t count;
    struct seal seals[];
};

/* --- The archive's list ----------------------------------------------------
 */

static lede_seals *find_locked(const lede_archive *archive, uint32_t segment,
                               uint64_t table_hash)
{
    lede_seals *seals = archive->seals;

    /* A number that a killed writer had used is given out again, with other
     * content: the hash tells them apart. */
    while (seals != NULL &&
           (seals->segment != segment || seals->table_hash != table_hash)) {
        seals = seals->next;
    }
    if (seals != NULL) {
        seals->holders++;
    }
    return seals;
}

lede_seals *lede_seals_find(lede_archive *archive, uint32_t segment,
                            const lede_footer *footer)
{
    lede_seals *seals;

    pthread_mutex_lock(&archive->mutex);
    seals = find_locked(archive, segment, footer->checksums_hash);
    pthread_mutex_unlock(&archive->mutex);
    return seals;
}

/* Puts them into the list, unless another thread was faster. */
static lede_seals *add(lede_archive *archive, lede_seals *made)
{
    lede_seals *other;

    pthread_mutex_lock(&archive->mutex);
    other = find_locked(archive, made->segment, made->table_hash);
    if (other == NULL) {
        made->holders = 1;
        made->next = archive->seals;
        archive->seals = made;
    }
    pthread_mutex_unlock(&archive->mutex);
    if (other != NULL) {
        free(made);
    }
    return other == NULL ? made : other;
}

void lede_seals_give_back(lede_archive *archive, lede_seals *seals)
{
    if (seals != NULL) {
        pthread_mutex_lock(&archive->mutex);
        assert(seals->holders > 0);
        seals->holders--;
        pthread_mutex_unlock(&archive->mutex);
    }
}

void lede_seals_forget(lede_archive *archive)
{
    lede_seals **at;

    pthread_mutex_lock(&archive->mutex);
    at = &archive->seals;
    while (*at != NULL) {
        lede_seals *seals = *at;

        if (seals->holders == 0) {
            *at = seals->next;
            free(seals);
        } else {
            at = &seals->next;
        }
    }
    pthread_mutex_unlock(&archive->mutex);
}

/* --- The table -------------------------------------------------------------
 */

/* Every value but the footer and the table itself has one row, those of a kind
 * in order. */
static bool read_table(lede_seals *seals, const lede_footer *footer,
                       const uint32_t *bases, lede_span table)
{
    lede_reader rows = lede_reader_of(table);
    uint32_t met[LEDE_VALUE_KIND_COUNT] = {0};
    unsigned kind;

    while (rows.p < rows.end) {
        struct seal *seal;

        kind = lede_read_byte(&rows);
        if (kind >= LEDE_VALUE_KIND_COUNT ||
            lede_read_u32(&rows) != met[kind] ||
            met[kind] >= footer->counts[kind]) {
            return false;
        }
        seal = &seals->seals[bases[kind] + met[kind]++];
        seal->bytes = lede_read_u32(&rows);
        seal->hash = lede_read_u64(&rows);
        seal->is_sealed = true;
    }
    met[LEDE_VALUE_FOOTER]++;
    met[LEDE_VALUE_CHECKSUMS]++;
    for (kind = 0; kind < LEDE_VALUE_KIND_COUNT; kind++) {
        if (met[kind] != footer->counts[kind]) {
            return false;
        }
    }
    return !rows.bad;
}

lede_status lede_seals_make(lede_archive *archive, uint32_t segment,
                            const lede_footer *footer,
                            const uint32_t bases[LEDE_VALUE_KIND_COUNT + 1],
                            lede_span table, lede_seals **out, lede_error *err)
{
    uint32_t count = bases[LEDE_VALUE_KIND_COUNT];
    lede_seals *made;

    if (table.len % LEDE_CHECKSUM_BYTES != 0 ||
        lede_hash64(table) != footer->checksums_hash) {
        return lede_fail(err, LEDE_CORRUPT, "checksums: damaged");
    }
    made = calloc(1, sizeof *made + count * sizeof made->seals[0]);
    if (made == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    made->segment = segment;
    made->table_hash = footer->checksums_hash;
    made->count = count;
    if (!read_table(made, footer, bases, table)) {
        free(made);
        return lede_fail(err, LEDE_CORRUPT,
                         "checksums: not of the values that the footer counts");
    }
    *out = add(archive, made);
    return LEDE_OK;
}

/* The flag guards nothing but itself: the value's bytes are never written while
 * anyone can see them. So no order of memory is needed. */
bool lede_seals_agree(lede_seals *seals, uint32_t place, lede_span value)
{
    struct seal *seal;

    assert(place < seals->count);
    seal = &seals->seals[place];
    if (atomic_load_explicit(&seal->is_good, memory_order_relaxed)) {
        return true;
    }
    if (seal->is_sealed &&
        (value.len != seal->bytes || lede_hash64(value) != seal->hash)) {
        return false;
    }
    atomic_store_explicit(&seal->is_good, true, memory_order_relaxed);
    return true;
}
