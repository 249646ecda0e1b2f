#include "indexer/claims.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/place.h"
#include "base/varint.h"

enum { BLOCK_VERSION = 1, ROW_BYTES = 36, DOCUMENT_BYTES = 21 };
enum { IS_LIVE = 1, IS_KEPT = 2 };
/* What a pool item holds. */
enum {
    HAS_LINE = 1,
    HAS_LOCATION = 2,
    HAS_UPDATED = 4,
    HAS_CAPTURED = 8,
    HAS_POST = 16,
    YEAR_GUESSED = 32,
    ZONE_GUESSED = 64
};

bool lede_claim_equal(const lede_claim *a, const lede_claim *b)
{
    return a->raw == b->raw && a->digest == b->digest &&
           a->when_hash == b->when_hash && a->line == b->line &&
           lede_span_equal(a->location, b->location) &&
           a->updated == b->updated && a->captured == b->captured;
}

void lede_claim_put_path(const lede_claim *claim, lede_span file, lede_buf *out)
{
    char line[24];

    snprintf(line, sizeof line, "#line=%" PRIu32, claim->line);
    lede_place_put(
        file, claim->line != 0 ? lede_span_text(line) : claim->location, out);
}

/* "#line=12" as 12; 0 if it is anything else. */
static uint32_t line_of(const char *location)
{
    uint64_t line = 0;
    const char *p;

    if (strncmp(location, "#line=", 6) != 0 || location[6] == '0') {
        return 0;
    }
    for (p = location + 6; *p >= '0' && *p <= '9' && line <= UINT32_MAX; p++) {
        line = line * 10 + (uint64_t)(*p - '0');
    }
    return *p == '\0' && line <= UINT32_MAX ? (uint32_t)line : 0;
}

/* --- Blocks: writing ---------------------------------------------------- */

static int compare_claims(const void *left, const void *right)
{
    const lede_claim *a = left, *b = right;

    if (a->raw != b->raw) {
        return a->raw < b->raw ? -1 : 1;
    }
    if (a->document != b->document) {
        return a->document < b->document ? -1 : 1;
    }
    if (a->line != b->line) {
        return a->line < b->line ? -1 : 1;
    }
    if (lede_span_compare(a->location, b->location) != 0) {
        return lede_span_compare(a->location, b->location);
    }
    return (a->digest > b->digest) - (a->digest < b->digest);
}

static void put_post(const lede_claim *claim, lede_buf *pool)
{
    const lede_when *when = &claim->published;

    lede_buf_put_u64(pool, (uint64_t)when->instant);
    lede_buf_put_byte(pool, (uint8_t)when->precision);
    lede_buf_put_byte(pool, (uint8_t)when->year_source);
    lede_buf_put_varint(pool, lede_zigzag_encode(when->local.year));
    lede_buf_put_byte(pool, when->local.month);
    lede_buf_put_byte(pool, when->local.day);
    lede_buf_put_byte(pool, when->local.hour);
    lede_buf_put_byte(pool, when->local.minute);
    lede_buf_put_byte(pool, when->local.second);
    lede_buf_put_varint(pool, lede_zigzag_encode(when->offset_min));
    lede_buf_put_block(pool, claim->headline);
    lede_buf_put_block(pool, claim->shingles);
}

/* Returns the item's offset, or 0 if the claim needs none. */
static uint32_t put_pool(const lede_claim *claim, lede_buf *pool)
{
    uint32_t offset = (uint32_t)pool->len;
    uint8_t has = 0;

    has |= claim->line != 0 ? HAS_LINE : 0;
    has |= claim->line == 0 && claim->location.len > 0 ? HAS_LOCATION : 0;
    has |= claim->updated != LEDE_INSTANT_NONE ? HAS_UPDATED : 0;
    has |= claim->captured != LEDE_INSTANT_NONE ? HAS_CAPTURED : 0;
    has |= claim->is_post ? HAS_POST : 0;
    has |= claim->is_post && claim->year_was_guessed ? YEAR_GUESSED : 0;
    has |= claim->is_post && claim->published.zone_guessed ? ZONE_GUESSED : 0;
    lede_buf_put_byte(pool, has);
    lede_buf_put_byte(pool, (uint8_t)claim->kind);
    lede_buf_put_varint(pool, claim->document);
    if (has & HAS_LINE) {
        lede_buf_put_varint(pool, claim->line);
    }
    if (has & HAS_LOCATION) {
        lede_buf_put_block(pool, claim->location);
    }
    if (has & HAS_UPDATED) {
        lede_buf_put_varint(pool, lede_zigzag_encode(claim->updated));
    }
    if (has & HAS_CAPTURED) {
        lede_buf_put_varint(pool, lede_zigzag_encode(claim->captured));
    }
    if (has & HAS_POST) {
        put_post(claim, pool);
    }
    return offset;
}

void lede_claims_encode(const lede_claim_document *documents,
                        uint32_t document_count, lede_claim *claims,
                        uint32_t claim_count, lede_buf *out)
{
    lede_buf pool = {0}, rows = {0};
    uint32_t i;

    if (claim_count > 0) {
        qsort(claims, claim_count, sizeof claims[0], compare_claims);
    }
    for (i = 0; i < claim_count; i++) {
        lede_buf_put_u64(&rows, claims[i].raw);
        lede_buf_put_u64(&rows, claims[i].digest);
        lede_buf_put_u32(&rows, claims[i].when_hash);
        lede_buf_put_u32(&rows, claims[i].body_hash);
        lede_buf_put_u32(&rows, claims[i].headline_hash);
        lede_buf_put_u32(&rows, claims[i].body_bytes);
        lede_buf_put_u32(&rows, put_pool(&claims[i], &pool));
    }
    lede_buf_put_byte(out, BLOCK_VERSION);
    lede_buf_put_varint(out, document_count);
    lede_buf_put_varint(out, claim_count);
    lede_buf_put_varint(out, pool.len);
    for (i = 0; i < document_count; i++) {
        const lede_claim_document *d = &documents[i];

        lede_buf_put_byte(out, (uint8_t)((d->is_live ? IS_LIVE : 0) |
                                         (d->is_kept ? IS_KEPT : 0)));
        lede_buf_put_u64(out, d->form);
        lede_buf_put_u64(out, d->url_page_id);
        lede_buf_put_u32(out, d->group);
    }
    lede_buf_put_span(out, lede_buf_span(&rows));
    lede_buf_put_span(out, lede_buf_span(&pool));
    out->failed = out->failed || rows.failed || pool.failed;
    lede_buf_done(&rows);
    lede_buf_done(&pool);
}

/* --- Blocks: reading ----------------------------------------------------- */

static lede_status corrupt(lede_error *err)
{
    return lede_fail(err, LEDE_CORRUPT, "the record of a file is damaged");
}

lede_status lede_claims_open(lede_span bytes, lede_claims *out, lede_error *err)
{
    lede_reader reader = lede_reader_of(bytes);
    lede_claims claims = {0};
    uint64_t pool_bytes;

    if (lede_read_byte(&reader) != BLOCK_VERSION) {
        return corrupt(err);
    }
    claims.document_count =
        (uint32_t)lede_read_varint_max(&reader, bytes.len / DOCUMENT_BYTES);
    claims.claim_count =
        (uint32_t)lede_read_varint_max(&reader, bytes.len / ROW_BYTES);
    pool_bytes = lede_read_varint_max(&reader, bytes.len);
    claims.document_bytes = lede_read_bytes(
        &reader, (size_t)claims.document_count * DOCUMENT_BYTES);
    claims.rows =
        lede_read_bytes(&reader, (size_t)claims.claim_count * ROW_BYTES).bytes;
    claims.pool = lede_read_bytes(&reader, (size_t)pool_bytes);
    if (reader.bad || reader.p != reader.end) {
        return corrupt(err);
    }
    *out = claims;
    return LEDE_OK;
}

lede_status lede_claims_document(const lede_claims *claims, uint32_t index,
                                 lede_claim_document *out, lede_error *err)
{
    const uint8_t *p;

    if (index >= claims->document_count) {
        return corrupt(err);
    }
    p = claims->document_bytes.bytes + (size_t)index * DOCUMENT_BYTES;
    out->is_live = (p[0] & IS_LIVE) != 0;
    out->is_kept = (p[0] & IS_KEPT) != 0;
    out->form = lede_load_u64(p + 1);
    out->url_page_id = lede_load_u64(p + 9);
    out->group = lede_load_u32(p + 17);
    return LEDE_OK;
}

uint64_t lede_claims_raw(const lede_claims *claims, uint32_t index)
{
    return lede_load_u64(claims->rows + (size_t)index * ROW_BYTES);
}

uint32_t lede_claims_find(const lede_claims *claims, uint64_t raw)
{
    uint32_t low = 0, high = claims->claim_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (lede_claims_raw(claims, middle) < raw) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool is_sane(int64_t instant)
{
    return instant == LEDE_INSTANT_NONE ||
           (instant >= -LEDE_CLAIM_INSTANT_MAX &&
            instant <= LEDE_CLAIM_INSTANT_MAX);
}

static void read_post(lede_reader *reader, lede_claim *claim)
{
    lede_when *when = &claim->published;

    when->instant = (int64_t)lede_read_u64(reader);
    when->precision = (lede_precision)lede_read_byte(reader);
    when->year_source = (lede_year_source)lede_read_byte(reader);
    when->local.year =
        (int32_t)lede_zigzag_decode(lede_read_varint_max(reader, 40000));
    when->local.month = lede_read_byte(reader);
    when->local.day = lede_read_byte(reader);
    when->local.hour = lede_read_byte(reader);
    when->local.minute = lede_read_byte(reader);
    when->local.second = lede_read_byte(reader);
    when->offset_min =
        (int16_t)lede_zigzag_decode(lede_read_varint_max(reader, 60000));
    claim->headline = lede_read_block(reader);
    claim->shingles = lede_read_block(reader);
    if (when->precision > LEDE_PRECISION_SECOND ||
        when->year_source > LEDE_YEAR_MTIME || when->local.month > 12 ||
        when->local.day > 31 || when->local.hour > 24 ||
        when->local.minute > 60 || when->local.second > 60 ||
        !is_sane(when->instant) || claim->headline.len % 4 != 0 ||
        claim->shingles.len % 4 != 0) {
        reader->bad = true;
    }
}

static void read_pool(lede_reader *reader, lede_claim *claim)
{
    uint8_t has = lede_read_byte(reader);

    claim->kind = (lede_key_kind)lede_read_byte(reader);
    claim->document = (uint32_t)lede_read_varint_max(reader, UINT32_MAX);
    if (has & HAS_LINE) {
        claim->line = (uint32_t)lede_read_varint_max(reader, UINT32_MAX);
    }
    if (has & HAS_LOCATION) {
        claim->location = lede_read_block(reader);
        reader->bad = reader->bad || (has & HAS_LINE) != 0;
    }
    if (has & HAS_UPDATED) {
        claim->updated = lede_zigzag_decode(lede_read_varint(reader));
    }
    if (has & HAS_CAPTURED) {
        claim->captured = lede_zigzag_decode(lede_read_varint(reader));
    }
    if (has & HAS_POST) {
        claim->is_post = true;
        read_post(reader, claim);
        claim->year_was_guessed = (has & YEAR_GUESSED) != 0;
        claim->published.zone_guessed = (has & ZONE_GUESSED) != 0;
    }
}

lede_status lede_claims_get(const lede_claims *claims, uint32_t index,
                            lede_claim *out, lede_error *err)
{
    lede_claim claim = {.updated = LEDE_INSTANT_NONE,
                        .captured = LEDE_INSTANT_NONE};
    lede_reader reader;
    const uint8_t *row;

    if (index >= claims->claim_count) {
        return corrupt(err);
    }
    row = claims->rows + (size_t)index * ROW_BYTES;
    claim.raw = lede_load_u64(row);
    claim.digest = lede_load_u64(row + 8);
    claim.when_hash = lede_load_u32(row + 16);
    claim.body_hash = lede_load_u32(row + 20);
    claim.headline_hash = lede_load_u32(row + 24);
    claim.body_bytes = lede_load_u32(row + 28);
    claim.published = lede_when_none();
    reader = lede_reader_of(
        lede_span_part(claims->pool, lede_load_u32(row + 32), SIZE_MAX));
    read_pool(&reader, &claim);
    if (reader.bad || claim.kind > LEDE_KEY_ARTICLE ||
        !is_sane(claim.updated) || !is_sane(claim.captured) ||
        claim.document >= claims->document_count) {
        return corrupt(err);
    }
    claim.is_kept =
        (claims->document_bytes.bytes[(size_t)claim.document * DOCUMENT_BYTES] &
         IS_KEPT) != 0;
    *out = claim;
    return LEDE_OK;
}

/* --- Claims of readings --------------------------------------------------- */

static int compare_u32(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

/* Sorts, drops doubles, keeps the smallest `max`, and copies as bytes. */
static lede_span put_hashes(uint32_t *hashes, size_t count, size_t max,
                            lede_arena *arena)
{
    uint8_t *bytes;
    size_t i, n = 0;

    if (count > 0) {
        qsort(hashes, count, sizeof hashes[0], compare_u32);
    }
    for (i = 0; i < count; i++) {
        if (n == 0 || hashes[i] != hashes[n - 1]) {
            hashes[n++] = hashes[i];
        }
    }
    n = n > max ? max : n;
    bytes = lede_arena_get(arena, n * 4 + 1);
    for (i = 0; bytes != NULL && i < n; i++) {
        lede_store_u32(bytes + 4 * i, hashes[i]);
    }
    return lede_span_of(bytes, bytes == NULL ? 0 : n * 4);
}

/* The hashes of all runs of `words` words of folded text (of the whole text, if
 * it is shorter): one each, as u32s in host order, in `out`. */
static size_t hash_runs(lede_span folded, unsigned words, lede_buf *out)
{
    size_t begins[LEDE_SHINGLE_WORDS] = {0};
    size_t i = 0, n = 0, count = 0;

    lede_buf_clear(out);
    while (i < folded.len) {
        const uint8_t *blank = memchr(folded.bytes + i, ' ', folded.len - i);
        size_t end =
            blank == NULL ? folded.len : (size_t)(blank - folded.bytes);

        begins[n % words] = i;
        n++;
        if (n >= words || end == folded.len) {
            size_t begin = n >= words ? begins[n % words] : 0;
            uint32_t hash = (uint32_t)lede_hash64(
                lede_span_part(folded, begin, end - begin));

            lede_buf_put(out, &hash, sizeof hash);
            count++;
        }
        i = end + 1;
    }
    return out->failed ? 0 : count;
}

static lede_status put_sketches(lede_identifier *identifier,
                                const lede_entry *entry, lede_arena *arena,
                                lede_claim *claim, lede_error *err)
{
    lede_buf *hashes = &identifier->key;
    size_t count;

    count = hash_runs(lede_identity_headline(identifier, entry), 1, hashes);
    claim->headline = put_hashes((uint32_t *)(void *)hashes->bytes, count,
                                 LEDE_SKETCH_MAX, arena);
    count = hash_runs(lede_identity_body(identifier, entry), LEDE_SHINGLE_WORDS,
                      hashes);
    claim->shingles = put_hashes((uint32_t *)(void *)hashes->bytes, count,
                                 LEDE_SKETCH_MAX, arena);
    if (hashes->failed || claim->headline.bytes == NULL ||
        claim->shingles.bytes == NULL || identifier->folded.failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "claims: out of memory");
    }
    return LEDE_OK;
}

/* An all-zero date is unset too, and so is one beyond all calendars. */
static int64_t instant_of(const lede_when *when)
{
    return when->precision == LEDE_PRECISION_NONE || !is_sane(when->instant)
               ? LEDE_INSTANT_NONE
               : when->instant;
}

lede_status lede_claim_of(lede_identifier *identifier,
                          const lede_identity *identity, const lede_page *page,
                          const lede_entry *entry, const char *location,
                          bool is_post, lede_arena *arena, lede_claim *out,
                          lede_error *err)
{
    lede_claim claim = {
        .raw = identity->raw,
        .digest = identity->digest,
        .when_hash = identity->when_hash,
        .body_hash = identity->body_hash,
        .headline_hash = identity->headline_hash,
        .body_bytes = identity->body_bytes,
        .kind = identity->kind,
        .line = line_of(location),
        .updated = instant_of(&entry->updated),
        .captured = instant_of(&entry->captured),
        .is_post = is_post,
        .published = entry->published,
        .year_was_guessed = (entry->flags & LEDE_FLAG_YEAR_GUESSED) != 0,
    };
    lede_status status = LEDE_OK;

    claim.published.text = claim.published.zone_text = lede_span_of(NULL, 0);
    if (!is_sane(claim.published.instant)) {
        claim.published = lede_when_none();
    }
    if (claim.captured == LEDE_INSTANT_NONE) {
        claim.captured = instant_of(&page->captured);
    }
    if (claim.line == 0 && location[0] != '\0') {
        claim.location = lede_arena_copy(arena, lede_span_text(location));
        if (claim.location.bytes == NULL) {
            return lede_fail(err, LEDE_NO_MEMORY, "claims: out of memory");
        }
    }
    if (is_post) {
        status = put_sketches(identifier, entry, arena, &claim, err);
    }
    if (status == LEDE_OK) {
        *out = claim;
    }
    return status;
}

double lede_sketch_likeness(lede_span a, lede_span b)
{
    size_t an = a.len / 4, bn = b.len / 4, i = 0, j = 0, both = 0, all = 0;
    /* A cut list says nothing of what lies beyond its last hash. */
    size_t max = an >= LEDE_SKETCH_MAX || bn >= LEDE_SKETCH_MAX
                     ? LEDE_SKETCH_MAX
                     : SIZE_MAX;

    while ((i < an || j < bn) && all < max) {
        uint32_t x = i < an ? lede_load_u32(a.bytes + 4 * i) : UINT32_MAX;
        uint32_t y = j < bn ? lede_load_u32(b.bytes + 4 * j) : UINT32_MAX;

        if (i < an && j < bn && x == y) {
            both++;
            i++;
            j++;
        } else if (j >= bn || (i < an && x < y)) {
            i++;
        } else {
            j++;
        }
        all++;
    }
    return all == 0 ? 0 : (double)both / (double)all;
}
