#include "storage/record.h"

#include "base/utf8.h"
#include "base/varint.h"

/* A record has the least version that knows all its parts, so that what is the
 * same is written the same. */
enum { FIRST_VERSION = 1, PAGE_MEDIA_VERSION = 2 };

/* Which parts follow; the ones that most entries lack cost nothing. */
enum {
    HAS_PAGE_ID = 1 << 0,
    HAS_NATIVE_ID = 1 << 1,
    HAS_PLACE = 1 << 2, /* ordinal and rank from the bottom */
    HAS_FLAGS = 1 << 3,
    HAS_HEADLINE = 1 << 4,
    HEADLINE_DERIVED = 1 << 5,
    HAS_DECK = 1 << 6,
    HAS_UPDATED = 1 << 7,
    HAS_CAPTURED = 1 << 8,
    HAS_LANG = 1 << 9,
    HAS_URL = 1 << 10,
    HAS_PAGE_URL = 1 << 11,
    HAS_PAGE_TITLE = 1 << 12,
    HAS_SOURCE = 1 << 13,
    HAS_SECTION = 1 << 14,
    HAS_AUTHORS = 1 << 15,
    HAS_LABELS = 1 << 16,
    HAS_MEDIA = 1 << 17,
    HAS_TAGS = 1 << 18,
    HAS_PAGE_MEDIA = 1 << 19, /* from PAGE_MEDIA_VERSION on */
    HAS_ALL = (1 << 20) - 1
};

/* Parts of a date. */
enum {
    WHEN_INSTANT = 1 << 0,
    WHEN_LOCAL = 1 << 1,   /* written; else it follows from the instant, or, */
    WHEN_DERIVED = 1 << 2, /* without this bit, is all zero */
    WHEN_OFFSET = 1 << 3,
    WHEN_ZONE_GUESSED = 1 << 4,
    WHEN_ZONE_TEXT = 1 << 5,
    WHEN_TEXT = 1 << 6,
    WHEN_ALL = (1 << 7) - 1
};

/* Calendar parts are derived only where that cannot overflow. */
#define DERIVED_MOST INT64_C(400000000000)

/* Parts of a medium, above its type in the low three bits. */
enum {
    MEDIA_ALT = 1 << 3,
    MEDIA_CAPTION = 1 << 4,
    MEDIA_CREDIT = 1 << 5,
    MEDIA_URL = 1 << 6
};

/* --- Writing ---------------------------------------------------------------
 */

static bool is_civil_equal(const lede_civil *a, const lede_civil *b)
{
    return a->year == b->year && a->month == b->month && a->day == b->day &&
           a->hour == b->hour && a->minute == b->minute &&
           a->second == b->second;
}

static bool is_derivable(int64_t instant)
{
    return instant >= -DERIVED_MOST && instant <= DERIVED_MOST;
}

static unsigned local_bits(const lede_when *when)
{
    static const lede_civil zero = {0};
    lede_civil derived;

    if (is_derivable(when->instant)) {
        lede_civil_from_instant(when->instant, when->offset_min * 60, &derived);
        if (is_civil_equal(&derived, &when->local)) {
            return WHEN_DERIVED;
        }
    }
    return is_civil_equal(&zero, &when->local) ? 0 : WHEN_LOCAL;
}

static void put_civil(const lede_civil *civil, lede_buf *out)
{
    lede_buf_put_varint(out, lede_zigzag_encode(civil->year));
    lede_buf_put_byte(out, civil->month);
    lede_buf_put_byte(out, civil->day);
    lede_buf_put_byte(out, civil->hour);
    lede_buf_put_byte(out, civil->minute);
    lede_buf_put_byte(out, civil->second);
}

static void put_when(const lede_when *when, lede_buf *out)
{
    unsigned parts = local_bits(when);

    parts |= when->instant != LEDE_INSTANT_NONE ? WHEN_INSTANT : 0u;
    parts |= when->offset_min != 0 ? WHEN_OFFSET : 0u;
    parts |= when->zone_guessed ? WHEN_ZONE_GUESSED : 0u;
    parts |= when->zone_text.len > 0 ? WHEN_ZONE_TEXT : 0u;
    parts |= when->text.len > 0 ? WHEN_TEXT : 0u;
    lede_buf_put_byte(out, (uint8_t)parts);
    lede_buf_put_byte(out, (uint8_t)((unsigned)when->precision |
                                     (unsigned)when->year_source << 4));
    if ((parts & WHEN_INSTANT) != 0) {
        lede_buf_put_varint(out, lede_zigzag_encode(when->instant));
    }
    if ((parts & WHEN_OFFSET) != 0) {
        lede_buf_put_varint(out, lede_zigzag_encode(when->offset_min));
    }
    if ((parts & WHEN_LOCAL) != 0) {
        put_civil(&when->local, out);
    }
    if ((parts & WHEN_ZONE_TEXT) != 0) {
        lede_buf_put_block(out, when->zone_text);
    }
    if ((parts & WHEN_TEXT) != 0) {
        lede_buf_put_block(out, when->text);
    }
}

static bool is_set(const lede_when *when)
{
    static const lede_civil zero = {0};

    return when->instant != LEDE_INSTANT_NONE || when->precision != 0 ||
           when->year_source != 0 || !is_civil_equal(&when->local, &zero) ||
           when->offset_min != 0 || when->zone_guessed ||
           when->zone_text.len > 0 || when->text.len > 0;
}

static uint32_t parts_of(const lede_entry *entry)
{
    uint32_t parts = 0;

    parts |= entry->page_id != 0 ? HAS_PAGE_ID : 0u;
    parts |= entry->native_id.len > 0 ? HAS_NATIVE_ID : 0u;
    parts |=
        entry->ordinal != 0 || entry->rank_from_bottom != 0 ? HAS_PLACE : 0u;
    parts |= entry->flags != 0 ? HAS_FLAGS : 0u;
    parts |= entry->headline.len > 0 ? HAS_HEADLINE : 0u;
    parts |= entry->headline_derived ? HEADLINE_DERIVED : 0u;
    parts |= entry->deck.len > 0 ? HAS_DECK : 0u;
    parts |= is_set(&entry->updated) ? HAS_UPDATED : 0u;
    parts |= is_set(&entry->captured) ? HAS_CAPTURED : 0u;
    parts |= entry->lang.len > 0 ? HAS_LANG : 0u;
    parts |= entry->url.len > 0 ? HAS_URL : 0u;
    parts |= entry->page_url.len > 0 ? HAS_PAGE_URL : 0u;
    parts |= entry->page_title.len > 0 ? HAS_PAGE_TITLE : 0u;
    parts |= entry->source.len > 0 ? HAS_SOURCE : 0u;
    parts |= entry->section.len > 0 ? HAS_SECTION : 0u;
    parts |= entry->author_count > 0 ? HAS_AUTHORS : 0u;
    parts |= entry->label_count > 0 ? HAS_LABELS : 0u;
    parts |= entry->media_count > 0 ? HAS_MEDIA : 0u;
    parts |= entry->tag_count > 0 ? HAS_TAGS : 0u;
    parts |= entry->page_media_count > 0 ? HAS_PAGE_MEDIA : 0u;
    return parts;
}

static void put_if_any(lede_span span, lede_buf *out)
{
    if (span.len > 0) {
        lede_buf_put_block(out, span);
    }
}

static void put_spans(const lede_span *spans, uint32_t count, lede_buf *out)
{
    uint32_t i;

    lede_buf_put_varint(out, count);
    for (i = 0; i < count; i++) {
        lede_buf_put_block(out, spans[i]);
    }
}

static void put_authors(const lede_entry *entry, lede_buf *out)
{
    uint32_t i;

    lede_buf_put_varint(out, entry->author_count);
    for (i = 0; i < entry->author_count; i++) {
        lede_buf_put_block(out, entry->authors[i].name);
        lede_buf_put_block(out, entry->authors[i].role);
        lede_buf_put_block(out, entry->authors[i].location);
    }
}

static void put_medium(const lede_media *media, lede_buf *out)
{
    unsigned head = (unsigned)media->type;

    head |= media->alt.len > 0 ? MEDIA_ALT : 0u;
    head |= media->caption.len > 0 ? MEDIA_CAPTION : 0u;
    head |= media->credit.len > 0 ? MEDIA_CREDIT : 0u;
    head |= media->url.len > 0 ? MEDIA_URL : 0u;
    lede_buf_put_byte(out, (uint8_t)head);
    put_if_any(media->alt, out);
    put_if_any(media->caption, out);
    put_if_any(media->credit, out);
    put_if_any(media->url, out);
}

static void put_media(const lede_media *media, uint32_t count, lede_buf *out)
{
    uint32_t i;

    lede_buf_put_varint(out, count);
    for (i = 0; i < count; i++) {
        put_medium(&media[i], out);
    }
}

static void put_lists(const lede_entry *entry, uint32_t parts, lede_buf *out)
{
    uint32_t i;

    if ((parts & HAS_AUTHORS) != 0) {
        put_authors(entry, out);
    }
    if ((parts & HAS_LABELS) != 0) {
        put_spans(entry->labels, entry->label_count, out);
    }
    if ((parts & HAS_MEDIA) != 0) {
        put_media(entry->media, entry->media_count, out);
    }
    if ((parts & HAS_TAGS) != 0) {
        put_spans(entry->tags, entry->tag_count, out);
    }
    if ((parts & HAS_PAGE_MEDIA) != 0) {
        put_media(entry->page_media, entry->page_media_count, out);
    }
    lede_buf_put_varint(out, entry->block_count);
    for (i = 0; i < entry->block_count; i++) {
        lede_buf_put_byte(out, (uint8_t)entry->body[i].type);
        lede_buf_put_block(out, entry->body[i].text);
    }
    put_spans(entry->paths, entry->path_count, out);
}

void lede_record_encode(const lede_entry *entry, lede_buf *out)
{
    uint32_t parts = parts_of(entry);

    lede_buf_put_byte(out, (parts & HAS_PAGE_MEDIA) != 0 ? PAGE_MEDIA_VERSION
                                                         : FIRST_VERSION);
    lede_buf_put_varint(out, parts);
    lede_buf_put_byte(out, (uint8_t)entry->kind);
    lede_buf_put_u64(out, entry->key);
    if ((parts & HAS_PAGE_ID) != 0) {
        lede_buf_put_u64(out, entry->page_id);
    }
    put_if_any(entry->native_id, out);
    if ((parts & HAS_PLACE) != 0) {
        lede_buf_put_varint(out, entry->ordinal);
        lede_buf_put_varint(out, entry->rank_from_bottom);
    }
    if ((parts & HAS_FLAGS) != 0) {
        lede_buf_put_varint(out, entry->flags);
    }
    put_if_any(entry->headline, out);
    put_if_any(entry->deck, out);
    put_when(&entry->published, out);
    if ((parts & HAS_UPDATED) != 0) {
        put_when(&entry->updated, out);
    }
    if ((parts & HAS_CAPTURED) != 0) {
        put_when(&entry->captured, out);
    }
    put_if_any(entry->lang, out);
    put_if_any(entry->url, out);
    put_if_any(entry->page_url, out);
    put_if_any(entry->page_title, out);
    put_if_any(entry->source, out);
    put_if_any(entry->section, out);
    put_lists(entry, parts, out);
}

bool lede_record_complete(lede_span bare, const lede_entry *about,
                          lede_buf *out)
{
    lede_reader reader = lede_reader_of(bare);
    uint8_t version = lede_read_byte(&reader), kind;
    uint32_t parts = (uint32_t)lede_read_varint_max(&reader, HAS_ALL);
    lede_span middle;

    kind = lede_read_byte(&reader);
    if (lede_read_u64(&reader) != 0 || (parts & HAS_PAGE_ID) != 0 ||
        reader.bad || reader.p == reader.end || reader.end[-1] != 0) {
        return false;
    }
    middle = lede_span_of(reader.p, (size_t)(reader.end - reader.p) - 1);
    parts |= about->page_id != 0 ? HAS_PAGE_ID : 0u;
    lede_buf_put_byte(out, version);
    lede_buf_put_varint(out, parts);
    lede_buf_put_byte(out, kind);
    lede_buf_put_u64(out, about->key);
    if (about->page_id != 0) {
        lede_buf_put_u64(out, about->page_id);
    }
    lede_buf_put_span(out, middle);
    put_spans(about->paths, about->path_count, out);
    return true;
}

/* --- Reading ---------------------------------------------------------------
 */

/* A record being decoded; `bad` of the reader also stands for bad values. */
typedef struct decoder {
    lede_reader reader;
    lede_arena *arena;
    bool is_out_of_memory;
} decoder;

static lede_span read_text(decoder *d)
{
    lede_span span = lede_read_block(&d->reader);

    if (span.len > 0 && lede_utf8_valid_prefix(span) != span.len) {
        d->reader.bad = true;
    }
    return span;
}

static lede_span read_text_if(decoder *d, uint32_t parts, uint32_t part)
{
    lede_span none = {NULL, 0};

    return (parts & part) != 0 ? read_text(d) : none;
}

/* An array of a count that is read; each item has `least` bytes or more, which
 * bounds what is allocated by the record's size. */
static void *read_array(decoder *d, size_t least, size_t item_bytes,
                        uint32_t *count)
{
    size_t most = (size_t)(d->reader.end - d->reader.p) / least;
    void *array;

    *count = (uint32_t)lede_read_varint_max(
        &d->reader, most < UINT32_MAX ? most : UINT32_MAX);
    if (*count == 0) {
        return NULL;
    }
    array = lede_arena_array(d->arena, *count, item_bytes);
    if (array == NULL) {
        d->is_out_of_memory = true;
        *count = 0;
    }
    return array;
}

static lede_span *read_spans(decoder *d, bool is_text, uint32_t *count)
{
    lede_span *spans = read_array(d, 1, sizeof *spans, count);
    uint32_t i;

    for (i = 0; i < *count; i++) {
        spans[i] = is_text ? read_text(d) : lede_read_block(&d->reader);
    }
    return spans;
}

static void read_civil(decoder *d, lede_civil *out)
{
    int64_t year = lede_zigzag_decode(lede_read_varint(&d->reader));

    if (year < INT32_MIN || year > INT32_MAX) {
        d->reader.bad = true;
        return;
    }
    out->year = (int32_t)year;
    out->month = lede_read_byte(&d->reader);
    out->day = lede_read_byte(&d->reader);
    out->hour = lede_read_byte(&d->reader);
    out->minute = lede_read_byte(&d->reader);
    out->second = lede_read_byte(&d->reader);
}

static void read_local(decoder *d, unsigned parts, lede_when *out)
{
    if ((parts & WHEN_LOCAL) != 0) {
        read_civil(d, &out->local);
    } else if ((parts & WHEN_DERIVED) != 0) {
        if (!is_derivable(out->instant)) {
            d->reader.bad = true;
            return;
        }
        lede_civil_from_instant(out->instant, out->offset_min * 60,
                                &out->local);
    }
}

static void read_when(decoder *d, lede_when *out)
{
    unsigned parts = lede_read_byte(&d->reader);
    unsigned kinds = lede_read_byte(&d->reader);
    int64_t offset;

    out->precision = (lede_precision)(kinds & 15);
    out->year_source = (lede_year_source)(kinds >> 4);
    if (parts > WHEN_ALL || out->precision > LEDE_PRECISION_SECOND ||
        out->year_source > LEDE_YEAR_MTIME) {
        d->reader.bad = true;
        return;
    }
    if ((parts & WHEN_INSTANT) != 0) {
        out->instant = lede_zigzag_decode(lede_read_varint(&d->reader));
    }
    if ((parts & WHEN_OFFSET) != 0) {
        offset = lede_zigzag_decode(lede_read_varint(&d->reader));
        if (offset < INT16_MIN || offset > INT16_MAX) {
            d->reader.bad = true;
            return;
        }
        out->offset_min = (int16_t)offset;
    }
    read_local(d, parts, out);
    out->zone_guessed = (parts & WHEN_ZONE_GUESSED) != 0;
    out->zone_text = read_text_if(d, parts, WHEN_ZONE_TEXT);
    out->text = read_text_if(d, parts, WHEN_TEXT);
}

static void read_authors(decoder *d, lede_entry *out)
{
    uint32_t i;

    out->authors = read_array(d, 3, sizeof *out->authors, &out->author_count);
    for (i = 0; i < out->author_count; i++) {
        out->authors[i].name = read_text(d);
        out->authors[i].role = read_text(d);
        out->authors[i].location = read_text(d);
    }
}

static lede_media *read_media(decoder *d, uint32_t *count)
{
    lede_media *media = read_array(d, 1, sizeof *media, count);
    uint32_t i;

    for (i = 0; i < *count; i++) {
        unsigned head = lede_read_byte(&d->reader);

        if ((head & 7) >= LEDE_MEDIA_COUNT || head >= MEDIA_URL * 2) {
            d->reader.bad = true;
            break;
        }
        media[i].type = (lede_media_type)(head & 7);
        media[i].alt = read_text_if(d, head, MEDIA_ALT);
        media[i].caption = read_text_if(d, head, MEDIA_CAPTION);
        media[i].credit = read_text_if(d, head, MEDIA_CREDIT);
        media[i].url = read_text_if(d, head, MEDIA_URL);
    }
    return media;
}

static void read_body(decoder *d, lede_entry *out)
{
    uint32_t i;

    out->body = read_array(d, 2, sizeof *out->body, &out->block_count);
    for (i = 0; i < out->block_count; i++) {
        unsigned type = lede_read_byte(&d->reader);

        if (type >= LEDE_BLOCK_COUNT) {
            d->reader.bad = true;
            return;
        }
        out->body[i].type = (lede_block_type)type;
        out->body[i].text = read_text(d);
    }
}

static void read_identity(decoder *d, uint32_t parts, lede_entry *out)
{
    unsigned kind = lede_read_byte(&d->reader);

    if (kind >= LEDE_KIND_COUNT) {
        d->reader.bad = true;
        return;
    }
    out->kind = (lede_kind)kind;
    out->key = lede_read_u64(&d->reader);
    if ((parts & HAS_PAGE_ID) != 0) {
        out->page_id = lede_read_u64(&d->reader);
    }
    out->native_id = read_text_if(d, parts, HAS_NATIVE_ID);
    if ((parts & HAS_PLACE) != 0) {
        out->ordinal = (uint32_t)lede_read_varint_max(&d->reader, UINT32_MAX);
        out->rank_from_bottom =
            (uint32_t)lede_read_varint_max(&d->reader, UINT32_MAX);
    }
    if ((parts & HAS_FLAGS) != 0) {
        out->flags = (uint32_t)lede_read_varint_max(&d->reader, UINT32_MAX);
    }
}

static void read_entry(decoder *d, uint32_t parts, lede_entry *out)
{
    read_identity(d, parts, out);
    out->headline = read_text_if(d, parts, HAS_HEADLINE);
    out->headline_derived = (parts & HEADLINE_DERIVED) != 0;
    out->deck = read_text_if(d, parts, HAS_DECK);
    read_when(d, &out->published);
    if ((parts & HAS_UPDATED) != 0) {
        read_when(d, &out->updated);
    }
    if ((parts & HAS_CAPTURED) != 0) {
        read_when(d, &out->captured);
    }
    out->lang = read_text_if(d, parts, HAS_LANG);
    out->url = read_text_if(d, parts, HAS_URL);
    out->page_url = read_text_if(d, parts, HAS_PAGE_URL);
    out->page_title = read_text_if(d, parts, HAS_PAGE_TITLE);
    out->source = read_text_if(d, parts, HAS_SOURCE);
    out->section = read_text_if(d, parts, HAS_SECTION);
    if ((parts & HAS_AUTHORS) != 0) {
        read_authors(d, out);
    }
    if ((parts & HAS_LABELS) != 0) {
        out->labels = read_spans(d, true, &out->label_count);
    }
    if ((parts & HAS_MEDIA) != 0) {
        out->media = read_media(d, &out->media_count);
    }
    if ((parts & HAS_TAGS) != 0) {
        out->tags = read_spans(d, true, &out->tag_count);
    }
    if ((parts & HAS_PAGE_MEDIA) != 0) {
        out->page_media = read_media(d, &out->page_media_count);
    }
    read_body(d, out);
    /* A path is what the file system says, whatever its encoding. */
    out->paths = read_spans(d, false, &out->path_count);
}

lede_status lede_record_decode(lede_span record, lede_arena *arena,
                               lede_entry *out, lede_error *err)
{
    decoder d = {lede_reader_of(record), arena, false};
    uint8_t version = lede_read_byte(&d.reader);
    uint32_t parts;
    lede_entry entry;

    if (version > PAGE_MEDIA_VERSION) {
        return lede_fail(err, LEDE_TOO_NEW, "record: version %u", version);
    }
    if (version < FIRST_VERSION) {
        return lede_fail(err, LEDE_CORRUPT, "record: no version");
    }
    lede_entry_init(&entry);
    parts = (uint32_t)lede_read_varint_max(
        &d.reader, version == FIRST_VERSION ? HAS_PAGE_MEDIA - 1 : HAS_ALL);
    read_entry(&d, parts, &entry);
    if (d.is_out_of_memory) {
        return lede_fail(err, LEDE_NO_MEMORY, "record: %zu bytes", record.len);
    }
    if (d.reader.bad || d.reader.p != d.reader.end) {
        return lede_fail(err, LEDE_CORRUPT, "record: damaged");
    }
    *out = entry;
    return LEDE_OK;
}
