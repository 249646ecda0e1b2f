#include "indexer/identity.h"

#include <string.h>
#include <strings.h>

#include "base/analyze.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "base/varint.h"
#include "indexer/url.h"
#include "storage/record.h"

enum { POST_LETTERS = 120, POST_BYTES = 4 * POST_LETTERS, SHORT_ID = 16 };

/* Words that pages put before a headline; compared without case. */
static const char *const labels[] = {
    "alert",        "analysis",
    "at the scene", "bbc verify",
    "breaking",     "breaking news",
    "explainer",    "eyewitness",
    "fact check",   "flash",
    "in pictures",  "just in",
    "key event",    "key events",
    "latest",       "listen",
    "live",         "opinion",
    "pinned",       "profile",
    "recap",        "summary",
    "update",       "updated",
    "watch",        "your questions answered",
};

void lede_identifier_done(lede_identifier *identifier)
{
    lede_buf_done(&identifier->text);
    lede_buf_done(&identifier->folded);
    lede_buf_done(&identifier->key);
}

/* --- Texts ------------------------------------------------------------- */

static bool is_label(lede_span text)
{
    size_t i;

    for (i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        if (strlen(labels[i]) == text.len &&
            strncasecmp(labels[i], (const char *)text.bytes, text.len) == 0) {
            return true;
        }
    }
    return false;
}

/* Drops "Breaking:" and the like from the front, one after another. */
static lede_span without_labels(lede_span headline)
{
    for (;;) {
        const uint8_t *colon;
        size_t len = headline.len < 32 ? headline.len : 32;
        lede_span rest;

        colon = len == 0 ? NULL : memchr(headline.bytes, ':', len);
        if (colon == NULL ||
            !is_label(lede_span_trim(lede_span_of(
                headline.bytes, (size_t)(colon - headline.bytes))))) {
            return headline;
        }
        rest = lede_span_trim(lede_span_part(
            headline, (size_t)(colon - headline.bytes) + 1, headline.len));
        if (rest.len == 0) {
            return headline;
        }
        headline = rest;
    }
}

lede_span lede_identity_headline(lede_identifier *identifier,
                                 const lede_entry *entry)
{
    lede_buf_clear(&identifier->folded);
    if (!entry->headline_derived) {
        lede_fold_text(without_labels(lede_span_trim(entry->headline)), false,
                       &identifier->folded);
    }
    return lede_buf_span(&identifier->folded);
}

/* Gathers the body's own words (not alt texts, not embeds), up to `max` bytes
 * or a little more. */
static void gather_body(lede_buf *out, const lede_entry *entry, size_t max)
{
    uint32_t i;

    lede_buf_clear(out);
    for (i = 0; i < entry->block_count && out->len < max; i++) {
        const lede_block *block = &entry->body[i];
        size_t len = block->text.len;

        if (block->type == LEDE_BLOCK_ALT || block->type == LEDE_BLOCK_EMBED) {
            continue;
        }
        if (out->len > 0) {
            lede_buf_put_byte(out, ' ');
        }
        if (len > max - out->len && out->len <= max) {
            len = lede_utf8_floor(block->text, max - out->len);
        }
        lede_buf_put_span(out, lede_span_part(block->text, 0, len));
    }
}

lede_span lede_identity_body(lede_identifier *identifier,
                             const lede_entry *entry)
{
    gather_body(&identifier->text, entry, SIZE_MAX / 2);
    lede_buf_clear(&identifier->folded);
    lede_fold_text(lede_buf_span(&identifier->text), true, &identifier->folded);
    return lede_buf_span(&identifier->folded);
}

/* The first 120 letters of the folded body. More is folded than needed, since
 * folding can drop characters. */
static lede_span post_opening(lede_identifier *identifier,
                              const lede_entry *entry)
{
    lede_span folded;
    const uint8_t *p, *end;
    unsigned n = 0;

    gather_body(&identifier->text, entry, 4 * POST_BYTES);
    lede_buf_clear(&identifier->folded);
    lede_fold_text(lede_buf_span(&identifier->text), false,
                   &identifier->folded);
    folded = lede_buf_span(&identifier->folded);
    p = folded.bytes;
    end = p + folded.len;
    while (p < end && n < POST_LETTERS) {
        uint32_t code_point;

        p += lede_utf8_decode(p, end, &code_point);
        n++;
    }
    return lede_span_trim(
        lede_span_of(folded.bytes, (size_t)(p - folded.bytes)));
}

/* --- Hashes ------------------------------------------------------------ */

static uint32_t body_hash_of(const lede_entry *entry, uint32_t *bytes)
{
    uint64_t hash = 0;
    size_t total = 0;
    uint32_t i;

    for (i = 0; i < entry->block_count; i++) {
        hash = lede_hash64_seeded(entry->body[i].text, hash + 1);
        total += entry->body[i].text.len;
    }
    *bytes = total > UINT32_MAX ? UINT32_MAX : (uint32_t)total;
    return (uint32_t)(hash ^ hash >> 32);
}

uint32_t lede_identity_when_hash(const lede_when *when)
{
    uint8_t bytes[64];
    lede_buf buf = {bytes, 0, sizeof bytes, false};
    uint64_t hash;

    if (when->instant == LEDE_INSTANT_NONE && when->local.month == 0 &&
        when->text.len == 0) {
        return 0;
    }
    /* Fits: 8 + 2 + 9 + 3 bytes, so the buffer never grows. */
    lede_buf_put_u64(&buf, (uint64_t)when->instant);
    lede_buf_put_byte(&buf, (uint8_t)when->precision);
    lede_buf_put_byte(&buf, (uint8_t)when->year_source);
    lede_buf_put_u32(&buf, (uint32_t)when->local.year);
    lede_buf_put_byte(&buf, when->local.month);
    lede_buf_put_byte(&buf, when->local.day);
    lede_buf_put_byte(&buf, when->local.hour);
    lede_buf_put_byte(&buf, when->local.minute);
    lede_buf_put_byte(&buf, when->local.second);
    lede_buf_put_u16(&buf, (uint16_t)when->offset_min);
    lede_buf_put_byte(&buf, when->zone_guessed);
    hash =
        lede_hash64_seeded(when->zone_text, lede_hash64(lede_buf_span(&buf)));
    hash = lede_hash64_seeded(when->text, hash);
    return (uint32_t)(hash ^ hash >> 32) | 1;
}

lede_status lede_identity_digest(lede_identifier *identifier,
                                 const lede_entry *entry, uint64_t *out,
                                 lede_error *err)
{
    lede_entry bare = *entry;

    bare.key = 0;
    bare.page_id = 0;
    bare.paths = NULL;
    bare.path_count = 0;
    /* Of the date its words, as printed: its numbers may be overruled. */
    bare.published = lede_when_none();
    bare.published.text = entry->published.text;
    bare.published.zone_text = entry->published.zone_text;
    bare.flags &= ~(uint32_t)LEDE_FLAG_YEAR_GUESSED;
    lede_buf_clear(&identifier->text);
    lede_record_encode(&bare, &identifier->text);
    if (identifier->text.failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "identity: out of memory");
    }
    *out = lede_hash64(lede_buf_span(&identifier->text));
    return LEDE_OK;
}

uint64_t lede_identity_split(uint64_t raw, uint32_t body_hash, int32_t year)
{
    uint8_t bytes[16];
    uint64_t key;

    lede_store_u64(bytes, raw);
    lede_store_u32(bytes + 8, body_hash);
    lede_store_u32(bytes + 12, (uint32_t)year);
    key = lede_hash64_seeded(lede_span_of(bytes, sizeof bytes), 's');
    return key == 0 ? 1 : key;
}

/* --- Dates in keys ----------------------------------------------------- */

/* An instant from local parts without a year. Three of four years have no leap
 * day, so a year with one is used for that day alone. */
static int64_t instant_in_any_year(const lede_when *when)
{
    lede_civil local = when->local;

    local.year = local.month == 2 && local.day == 29 ? 2000 : 2001;
    return lede_instant_from_civil(&local, when->offset_min * 60);
}

static bool has_local_day(const lede_when *when)
{
    return when->local.month >= 1 && when->local.month <= 12 &&
           when->local.day >= 1 && when->local.day <= 31;
}

bool lede_when_utc_parts(const lede_when *when, lede_civil *out, bool *has_time)
{
    *has_time = when->precision >= LEDE_PRECISION_MINUTE;
    if (*has_time && when->instant != LEDE_INSTANT_NONE) {
        lede_civil_from_instant(when->instant, 0, out);
        return true;
    }
    if (!has_local_day(when)) {
        if (when->instant == LEDE_INSTANT_NONE ||
            when->precision < LEDE_PRECISION_DAY) {
            return false;
        }
        lede_civil_from_instant(when->instant, 0, out);
        return true;
    }
    if (*has_time) {
        lede_civil_from_instant(instant_in_any_year(when), 0, out);
    } else {
        *out = when->local; /* a day is the day that was printed */
    }
    return true;
}

/* --- Keys -------------------------------------------------------------- */

static void put_tag(lede_buf *key, char tag)
{
    lede_buf_clear(key);
    lede_buf_put_byte(key, (uint8_t)tag);
}

static void put_canonical(lede_buf *key, lede_buf *scratch, lede_span url)
{
    lede_buf_clear(scratch);
    lede_url_canonical(url, scratch);
    lede_buf_put_block(key, lede_buf_span(scratch));
}

/* A canonical url that names a page, put as a block; false if `url` is none. */
static bool put_page(lede_identifier *identifier, lede_span url)
{
    lede_buf_clear(&identifier->text);
    lede_url_canonical(url, &identifier->text);
    if (!lede_url_has_path(lede_buf_span(&identifier->text))) {
        return false;
    }
    lede_buf_put_block(&identifier->key, lede_buf_span(&identifier->text));
    return true;
}

static lede_span page_url_of(const lede_page *page, const lede_entry *entry)
{
    return entry->page_url.len > 0 ? entry->page_url : page->url;
}

/* The site in lower case without www: as the page says, else its url's host.
 */
static bool put_site(lede_identifier *identifier, const lede_page *page,
                     const lede_entry *entry)
{
    lede_span url = page_url_of(page, entry);
    lede_span site;

    if (page->site.len == 0 && url.len == 0) {
        url = entry->url;
    }
    lede_buf_clear(&identifier->text);
    lede_url_canonical(page->site.len > 0 ? page->site : url,
                       &identifier->text);
    site = lede_url_host(lede_buf_span(&identifier->text));
    lede_buf_put_block(&identifier->key, site);
    return site.len > 0;
}

/* "#post1" means something on its own page only, and "1" or "751105" is a
 * number that many have; urns, urls and long ids are their owners' alone. */
static bool is_short_id(lede_span id)
{
    return id.bytes[0] == '#' ||
           (id.len < SHORT_ID && memchr(id.bytes, ':', id.len) == NULL);
}

static bool is_live_kind(const lede_entry *entry)
{
    return entry->kind == LEDE_KIND_LIVE_UPDATE ||
           entry->kind == LEDE_KIND_LIVE_SUMMARY;
}

/* An id that is a url loses what varies in urls, but keeps its fragment. */
static void put_native_id(lede_identifier *identifier, lede_span id)
{
    const uint8_t *hash = memchr(id.bytes, '#', id.len);
    lede_span fragment = {NULL, 0};

    if (!lede_url_is_web(id)) {
        if (id.bytes[0] == '#') {
            id = lede_span_part(id, 1, id.len);
        }
        lede_buf_put_block(&identifier->key, id);
        return;
    }
    if (hash != NULL) {
        fragment = lede_span_part(id, (size_t)(hash - id.bytes) + 1, id.len);
        id = lede_span_of(id.bytes, (size_t)(hash - id.bytes));
    }
    put_canonical(&identifier->key, &identifier->text, id);
    lede_buf_put_block(&identifier->key, fragment);
}

static lede_key_kind put_native(lede_identifier *identifier,
                                const lede_page *page, const lede_entry *entry)
{
    lede_span id = entry->native_id;
    bool is_known;

    put_tag(&identifier->key, 'n');
    if (lede_url_is_web(id)) { /* has its own site */
        is_known = true;
    } else if (is_live_kind(entry) && is_short_id(id) &&
               put_page(identifier, page_url_of(page, entry))) {
        is_known = true;
    } else {
        is_known = put_site(identifier, page, entry) && !is_short_id(id);
        is_known = is_known || lede_span_starts(id, "urn:") ||
                   lede_span_starts(id, "tag:");
    }
    put_native_id(identifier, id);
    return is_known ? LEDE_KEY_NATIVE : LEDE_KEY_NATIVE_WEAK;
}

static void put_day(lede_buf *key, const lede_when *when, bool to_the_minute)
{
    lede_civil parts;
    bool has_time;

    if (!lede_when_utc_parts(when, &parts, &has_time)) {
        lede_buf_put_byte(key, 0);
        return;
    }
    lede_buf_put_byte(key, parts.month);
    lede_buf_put_byte(key, parts.day);
    if (to_the_minute && has_time) {
        lede_buf_put_byte(key, parts.hour);
        lede_buf_put_byte(key, parts.minute);
    }
}

static void put_post(lede_identifier *identifier, const lede_page *page,
                     const lede_entry *entry)
{
    lede_span text;

    put_tag(&identifier->key, 't');
    if (!put_page(identifier, page_url_of(page, entry))) {
        put_site(identifier, page, entry);
    }
    put_day(&identifier->key, &entry->published, true);
    text = lede_identity_headline(identifier, entry);
    if (text.len == 0) {
        text = post_opening(identifier, entry);
    }
    lede_buf_put_block(&identifier->key, text);
}

static void put_article(lede_identifier *identifier, const lede_page *page,
                        const lede_entry *entry)
{
    put_tag(&identifier->key, 'a');
    put_site(identifier, page, entry);
    put_day(&identifier->key, &entry->published, false);
    lede_buf_put_block(&identifier->key,
                       lede_identity_headline(identifier, entry));
    lede_buf_put_u64(&identifier->key, lede_simhash_of_body(entry));
}

/* A post's url is mostly its page's: posts go by native id, or by time. */
static bool put_url(lede_identifier *identifier, const lede_entry *entry)
{
    if (entry->url.len == 0 || is_live_kind(entry)) {
        return false;
    }
    put_tag(&identifier->key, 'u');
    return put_page(identifier, entry->url);
}

static lede_key_kind put_key(lede_identifier *identifier, const lede_page *page,
                             const lede_entry *entry)
{
    if (entry->native_id.len > 0) {
        return put_native(identifier, page, entry);
    }
    if (put_url(identifier, entry)) {
        return LEDE_KEY_URL;
    }
    if (is_live_kind(entry)) {
        put_post(identifier, page, entry);
        return LEDE_KEY_POST;
    }
    put_article(identifier, page, entry);
    return LEDE_KEY_ARTICLE;
}

static uint64_t page_id_of(lede_identifier *identifier, const lede_page *page,
                           const lede_entry *entry)
{
    uint64_t id;

    put_tag(&identifier->key, 'p');
    if (!page->is_live || !put_page(identifier, page_url_of(page, entry))) {
        return 0;
    }
    id = lede_hash64(lede_buf_span(&identifier->key));
    return id == 0 ? 1 : id;
}

lede_status lede_identity_of(lede_identifier *identifier, const lede_page *page,
                             const lede_entry *entry, lede_identity *out,
                             lede_error *err)
{
    lede_identity identity = {0};
    lede_span headline;
    lede_status status;

    status = lede_identity_digest(identifier, entry, &identity.digest, err);
    if (status != LEDE_OK) {
        return status;
    }
    identity.page_id = page_id_of(identifier, page, entry);
    identity.kind = put_key(identifier, page, entry);
    identity.raw = lede_hash64(lede_buf_span(&identifier->key));
    identity.raw += identity.raw == 0;
    identity.when_hash = lede_identity_when_hash(&entry->published);
    identity.body_hash = body_hash_of(entry, &identity.body_bytes);
    headline = lede_identity_headline(identifier, entry);
    if (headline.len > 0) {
        identity.headline_hash = (uint32_t)lede_hash64(headline) | 1;
    }
    if (identifier->key.failed || identifier->text.failed ||
        identifier->folded.failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "identity: out of memory");
    }
    *out = identity;
    return LEDE_OK;
}
