#include "storage/dictionary.h"

#include <assert.h>

/* In the first byte of a term's head: a byte follows with the number. */
enum { HEAD_MORE = 15 };

enum { INDEX_HEAD_BYTES = 8, INDEX_ROW_BYTES = 8 + 4 + 8 };

/* --- Writing ---------------------------------------------------------------
 */

void lede_dictionary_writer_done(lede_dictionary_writer *writer)
{
    lede_buf_done(&writer->terms);
    lede_buf_done(&writer->infos);
    lede_buf_done(&writer->previous);
    lede_buf_done(&writer->separator);
    lede_buf_done(&writer->block);
    lede_buf_done(&writer->prefixes);
    lede_buf_done(&writer->ends);
    lede_buf_done(&writer->addresses);
    lede_buf_done(&writer->strings);
    *writer = (lede_dictionary_writer){0};
}

static size_t common_prefix(lede_span a, lede_span b)
{
    size_t max = a.len < b.len ? a.len : b.len;
    size_t n = 0;

    while (n < max && a.bytes[n] == b.bytes[n]) {
        n++;
    }
    return n;
}

/* A list that lies here and has no chunks is the whole info. */
static bool is_plain(const lede_dictionary_term *term, uint32_t chunk_count)
{
    return term->is_inline && chunk_count == 0;
}

/* The block's bases: its addresses count from them, so that most take one byte.
 * Values are numbered in the order of the terms, so the first is the least. */
static void put_info(lede_dictionary_writer *writer,
                     const lede_dictionary_term *term,
                     const lede_address *chunks, uint32_t chunk_count)
{
    lede_buf *out = &writer->infos;
    uint32_t i;

    if (is_plain(term, chunk_count)) {
        lede_buf_put_span(out, term->list);
    } else if (term->is_inline) {
        lede_buf_put_varint(out, (uint64_t)term->list.len << 1 | 1);
        lede_buf_put_span(out, term->list);
    } else {
        if (writer->list_base == UINT32_MAX) {
            writer->list_base = term->list_at.value;
        }
        lede_buf_put_varint(out, term->list_at.len << 1);
        lede_buf_put_varint(out, term->list_at.value - writer->list_base);
        lede_buf_put_varint(out, term->list_at.offset);
    }
    if (chunk_count > 0 && writer->positions_base == UINT32_MAX) {
        writer->positions_base = chunks[0].value;
    }
    for (i = 0; i < chunk_count; i++) {
        lede_buf_put_varint(out, chunks[i].value - writer->positions_base);
        lede_buf_put_varint(out, chunks[i].offset);
        lede_buf_put_varint(out, chunks[i].len);
    }
}

static void put_head(lede_dictionary_writer *writer, size_t shared, size_t more,
                     uint64_t info)
{
    lede_buf *out = &writer->terms;

    lede_buf_put_byte(out,
                      (uint8_t)((shared < HEAD_MORE ? shared : HEAD_MORE) |
                                (more < HEAD_MORE ? more : HEAD_MORE) << 4));
    if (shared >= HEAD_MORE) {
        lede_buf_put_byte(out, (uint8_t)shared);
    }
    if (more >= HEAD_MORE) {
        lede_buf_put_byte(out, (uint8_t)more);
    }
    lede_buf_put_varint(out, info);
}

void lede_dictionary_writer_put(lede_dictionary_writer *writer,
                                const lede_dictionary_term *term,
                                const lede_address *chunks,
                                uint32_t chunk_count)
{
    lede_span previous = lede_buf_span(&writer->previous);
    size_t shared = common_prefix(previous, term->bytes);
    size_t infos_before;

    assert(term->bytes.len > 0 && term->bytes.len <= LEDE_TERM_MAX_BYTES);
    assert(writer->count < LEDE_DICTIONARY_BLOCK_TERMS);
    if (writer->count == 0) {
        lede_buf_clear(&writer->separator);
        lede_buf_put(&writer->separator, term->bytes.bytes,
                     shared < term->bytes.len ? shared + 1 : shared);
        writer->list_base = UINT32_MAX;
        writer->positions_base = UINT32_MAX;
        shared = 0;
    }
    infos_before = writer->infos.len;
    put_info(writer, term, chunks, chunk_count);
    put_head(writer, shared, term->bytes.len - shared,
             (uint64_t)(writer->infos.len - infos_before) << 1 |
                 is_plain(term, chunk_count));
    lede_buf_put(&writer->terms, term->bytes.bytes + shared,
                 term->bytes.len - shared);
    lede_buf_clear(&writer->previous);
    lede_buf_put_span(&writer->previous, term->bytes);
    writer->count++;
    writer->term_count++;
}

bool lede_dictionary_writer_is_full(const lede_dictionary_writer *writer)
{
    return writer->count >= LEDE_DICTIONARY_BLOCK_TERMS ||
           writer->terms.len + writer->infos.len >= LEDE_DICTIONARY_BLOCK_BYTES;
}

lede_span lede_dictionary_writer_block(lede_dictionary_writer *writer)
{
    lede_buf *block = &writer->block;

    lede_buf_clear(block);
    if (writer->count == 0) {
        return lede_buf_span(block);
    }
    lede_buf_put_byte(block, (uint8_t)writer->count);
    lede_buf_put_varint(block, writer->terms.len);
    lede_buf_put_varint(block, writer->infos.len);
    lede_buf_put_varint(
        block, writer->list_base == UINT32_MAX ? 0 : writer->list_base);
    lede_buf_put_varint(block, writer->positions_base == UINT32_MAX
                                   ? 0
                                   : writer->positions_base);
    lede_buf_put_span(block, lede_buf_span(&writer->terms));
    lede_buf_put_span(block, lede_buf_span(&writer->infos));
    return lede_buf_span(block);
}

/* The first eight bytes as a number whose order is the bytes' order. */
static uint64_t prefix_number(lede_span span)
{
    uint8_t bytes[8] = {0};

    memcpy(bytes, span.bytes, span.len < 8 ? span.len : 8);
    return (uint64_t)lede_load_u32_be(bytes) << 32 |
           lede_load_u32_be(bytes + 4);
}

void lede_dictionary_writer_placed(lede_dictionary_writer *writer,
                                   uint32_t value, uint32_t offset)
{
    lede_span separator = lede_buf_span(&writer->separator);

    if (separator.len > 0) {
        lede_buf_put_u64(&writer->prefixes, prefix_number(separator));
    }
    lede_buf_put_span(&writer->strings, separator);
    lede_buf_put_u32(&writer->ends, (uint32_t)writer->strings.len);
    lede_buf_put_u32(&writer->addresses, value);
    lede_buf_put_u32(&writer->addresses, offset);
    lede_buf_clear(&writer->terms);
    lede_buf_clear(&writer->infos);
    writer->count = 0;
    writer->block_count++;
}

void lede_dictionary_writer_index(const lede_dictionary_writer *writer,
                                  lede_buf *out)
{
    lede_buf_put_u32(out, writer->block_count);
    lede_buf_put_u32(out, (uint32_t)writer->strings.len);
    lede_buf_put_span(out, lede_buf_span(&writer->prefixes));
    lede_buf_put_span(out, lede_buf_span(&writer->ends));
    lede_buf_put_span(out, lede_buf_span(&writer->addresses));
    lede_buf_put_span(out, lede_buf_span(&writer->strings));
}

bool lede_dictionary_writer_failed(const lede_dictionary_writer *writer)
{
    return writer->terms.failed || writer->infos.failed ||
           writer->previous.failed || writer->separator.failed ||
           writer->block.failed || writer->prefixes.failed ||
           writer->ends.failed || writer->addresses.failed ||
           writer->strings.failed || writer->strings.len > UINT32_MAX;
}

/* --- The index -------------------------------------------------------------
 */

lede_status lede_dictionary_open(lede_span index, lede_dictionary *out,
                                 lede_error *err)
{
    lede_reader reader = lede_reader_of(index);
    uint64_t count = lede_read_u32(&reader);
    uint64_t string_bytes = lede_read_u32(&reader);

    if (reader.bad ||
        count * INDEX_ROW_BYTES + string_bytes + INDEX_HEAD_BYTES !=
            index.len) {
        return lede_fail(err, LEDE_CORRUPT, "dictionary index: wrong size");
    }
    out->block_count = (uint32_t)count;
    out->prefixes = index.bytes + INDEX_HEAD_BYTES;
    out->ends = out->prefixes + 8 * count;
    out->addresses = out->ends + 4 * count;
    out->strings = lede_span_of(out->addresses + 8 * count, string_bytes);
    return LEDE_OK;
}

lede_span lede_dictionary_separator(const lede_dictionary *dictionary,
                                    uint32_t block)
{
    uint32_t end = lede_load_u32(dictionary->ends + 4 * (size_t)block);
    uint32_t begin =
        block == 0 ? 0
                   : lede_load_u32(dictionary->ends + 4 * (size_t)(block - 1));

    /* Damaged ends give a wrong separator, never bytes from elsewhere. */
    return lede_span_part(dictionary->strings, begin,
                          end > begin ? end - begin : 0);
}

static bool is_after(const lede_dictionary *dictionary, uint32_t block,
                     lede_span term, uint64_t prefix)
{
    uint64_t own = lede_load_u64(dictionary->prefixes + 8 * (size_t)block);

    if (own != prefix) {
        return own > prefix;
    }
    return lede_span_compare(lede_dictionary_separator(dictionary, block),
                             term) > 0;
}

/* All searches take the same steps, one beside the other: what one waits for,
 * the others do not. */
void lede_dictionary_find_blocks(const lede_dictionary *dictionary,
                                 const lede_span *terms, uint32_t count,
                                 uint32_t *blocks)
{
    uint64_t prefixes[LEDE_DICTIONARY_AT_ONCE];
    uint32_t i, left;

    assert(count <= LEDE_DICTIONARY_AT_ONCE);
    for (i = 0; i < count; i++) {
        prefixes[i] = terms[i].len == 0 ? 0 : prefix_number(terms[i]);
        blocks[i] = 0;
    }
    /* The block is one of the `left` from blocks[i] on. */
    for (left = dictionary->block_count; left > 1; left -= left / 2) {
        for (i = 0; i < count; i++) {
            uint32_t middle = blocks[i] + left / 2;
            bool after = is_after(dictionary, middle, terms[i], prefixes[i]);

            blocks[i] = after ? blocks[i] : middle;
        }
    }
}

bool lede_dictionary_find_block(const lede_dictionary *dictionary,
                                lede_span term, uint32_t *block)
{
    if (dictionary->block_count == 0) {
        return false;
    }
    lede_dictionary_find_blocks(dictionary, &term, 1, block);
    return true;
}

lede_address lede_dictionary_block_at(const lede_dictionary *dictionary,
                                      uint32_t block)
{
    const uint8_t *row = dictionary->addresses + 8 * (size_t)block;
    lede_address at = {lede_load_u32(row), lede_load_u32(row + 4), 0};

    return at;
}

/* --- Blocks ----------------------------------------------------------------
 */

static lede_status fail_block(lede_error *err)
{
    return lede_fail(err, LEDE_CORRUPT, "dictionary: damaged block");
}

lede_status lede_dictionary_cursor_init(lede_dictionary_cursor *cursor,
                                        lede_span block, lede_error *err)
{
    lede_reader reader = lede_reader_of(block);
    uint32_t count = lede_read_byte(&reader);
    uint64_t terms = lede_read_varint_max(&reader, UINT32_MAX);
    uint64_t infos = lede_read_varint_max(&reader, UINT32_MAX);
    uint64_t list_base = lede_read_varint_max(&reader, UINT32_MAX);
    uint64_t positions_base = lede_read_varint_max(&reader, UINT32_MAX);
    lede_span term_bytes = lede_read_bytes(&reader, (size_t)terms);
    lede_span info_bytes = lede_read_bytes(&reader, (size_t)infos);

    if (reader.bad || count == 0 || count > LEDE_DICTIONARY_BLOCK_TERMS) {
        return fail_block(err);
    }
    cursor->terms = lede_reader_of(term_bytes);
    cursor->infos = lede_reader_of(info_bytes);
    cursor->count = count;
    cursor->left = count;
    cursor->list_base = (uint32_t)list_base;
    cursor->positions_base = (uint32_t)positions_base;
    cursor->term_len = 0;
    return LEDE_OK;
}

static uint32_t read_value(lede_reader *reader, uint32_t base)
{
    return base + (uint32_t)lede_read_varint_max(reader, UINT32_MAX - base);
}

/* The head of a term in a block: most have two bytes. False: cut off. */
struct term_head {
    size_t shared, more;
    uint64_t info_len;
    bool is_plain;
};

static inline bool read_head(const uint8_t **at, const uint8_t *end,
                             struct term_head *out)
{
    const uint8_t *p = *at;
    uint64_t info;

    if (end - p < 2) {
        return false;
    }
    out->shared = p[0] & HEAD_MORE;
    out->more = p[0] >> 4;
    p++;
    if (out->shared == HEAD_MORE) {
        out->shared = *p++;
    }
    if (out->more == HEAD_MORE && p < end) {
        out->more = *p++;
    }
    if (p == end) {
        return false;
    }
    info = *p++;
    if (info >= 0x80) {
        p = lede_varint_decode(p - 1, end, &info);
        if (p == NULL) {
            return false;
        }
    }
    out->info_len = info >> 1;
    out->is_plain = (info & 1) != 0;
    *at = p;
    return out->more <= (size_t)(end - p) && out->info_len <= UINT32_MAX;
}

static lede_status read_info(const lede_dictionary_cursor *cursor,
                             lede_span info, bool is_plain_list,
                             uint32_t ordinal, lede_dictionary_term *out,
                             lede_error *err)
{
    lede_reader reader = lede_reader_of(info);
    lede_dictionary_term term = {0};
    uint64_t head =
        is_plain_list ? (uint64_t)info.len << 1 | 1 : lede_read_varint(&reader);

    term.is_inline = (head & 1) != 0;
    if (term.is_inline) {
        term.list = lede_read_bytes(&reader, (size_t)(head >> 1));
    } else {
        term.list_at.value = read_value(&reader, cursor->list_base);
        term.list_at.offset =
            (uint32_t)lede_read_varint_max(&reader, UINT32_MAX);
        term.list_at.len = head >> 1;
    }
    if (reader.bad || head >> 1 == 0) {
        return fail_block(err);
    }
    term.chunks = lede_span_of(reader.p, (size_t)(reader.end - reader.p));
    term.positions_base = cursor->positions_base;
    term.ordinal = ordinal;
    term.bytes = out->bytes;
    *out = term;
    return LEDE_OK;
}

lede_status lede_dictionary_chunk(const lede_dictionary_term *term,
                                  uint32_t index, lede_address *out,
                                  lede_error *err)
{
    lede_reader reader = lede_reader_of(term->chunks);
    lede_address at = {0};
    uint64_t i;

    for (i = 0; i <= index && !reader.bad; i++) {
        at.value = read_value(&reader, term->positions_base);
        at.offset = (uint32_t)lede_read_varint_max(&reader, UINT32_MAX);
        at.len = lede_read_varint(&reader);
    }
    if (reader.bad) {
        return lede_fail(err, LEDE_CORRUPT, "dictionary: no such chunk");
    }
    *out = at;
    return LEDE_OK;
}

lede_status lede_dictionary_get(lede_span block, uint32_t ordinal,
                                lede_dictionary_term *out, lede_error *err)
{
    lede_dictionary_cursor cursor;
    uint32_t i;
    lede_status status = lede_dictionary_cursor_init(&cursor, block, err);

    if (status != LEDE_OK) {
        return status;
    }
    for (i = 0; i <= ordinal; i++) {
        struct term_head head;
        lede_span info;

        if (ordinal >= cursor.count ||
            !read_head(&cursor.terms.p, cursor.terms.end, &head)) {
            return fail_block(err);
        }
        cursor.terms.p += head.more;
        info = lede_read_bytes(&cursor.infos, (size_t)head.info_len);
        if (cursor.infos.bad) {
            return fail_block(err);
        }
        if (i == ordinal) {
            out->bytes = lede_span_of(NULL, 0);
            return read_info(&cursor, info, head.is_plain, ordinal, out, err);
        }
    }
    return fail_block(err);
}

lede_status lede_dictionary_cursor_next(lede_dictionary_cursor *cursor,
                                        lede_dictionary_term *out,
                                        lede_error *err)
{
    lede_reader *terms = &cursor->terms;
    struct term_head head;
    lede_span info;

    if (cursor->left == 0) {
        return LEDE_END;
    }
    if (!read_head(&terms->p, terms->end, &head) ||
        head.shared > cursor->term_len ||
        head.shared + head.more > LEDE_TERM_MAX_BYTES ||
        head.shared + head.more == 0) {
        cursor->left = 0;
        return fail_block(err);
    }
    info = lede_read_bytes(&cursor->infos, (size_t)head.info_len);
    if (cursor->infos.bad) {
        cursor->left = 0;
        return fail_block(err);
    }
    if (head.more > 0) {
        memcpy(cursor->term + head.shared, terms->p, head.more);
    }
    terms->p += head.more;
    cursor->term_len = (uint32_t)(head.shared + head.more);
    cursor->left--;
    out->bytes = lede_span_of(cursor->term, cursor->term_len);
    return read_info(cursor, info, head.is_plain,
                     cursor->count - cursor->left - 1, out, err);
}

/* The info of the term at hand. */
static lede_status read_found(const lede_dictionary_cursor *cursor,
                              uint64_t info_at, const struct term_head *head,
                              lede_span term, lede_dictionary_term *out,
                              lede_error *err)
{
    lede_span infos = lede_span_of(
        cursor->infos.p, (size_t)(cursor->infos.end - cursor->infos.p));

    if (info_at + head->info_len > infos.len) {
        return fail_block(err);
    }
    out->bytes = term;
    return read_info(
        cursor, lede_span_of(infos.bytes + info_at, (size_t)head->info_len),
        head->is_plain, cursor->count - cursor->left, out, err);
}

/* Compares without rebuilding the terms: `matched` bytes of the wanted term
 * agree with the term before. A term that shares more than that with it is less
 * than the wanted one as well; one that shares less is greater. */
lede_status lede_dictionary_find(lede_span block, lede_span term,
                                 lede_dictionary_term *out, lede_error *err)
{
    lede_dictionary_cursor cursor;
    struct term_head head;
    const uint8_t *p, *end;
    size_t matched = 0;
    uint64_t info_at = 0;
    lede_status status = lede_dictionary_cursor_init(&cursor, block, err);

    if (status != LEDE_OK) {
        return status;
    }
    end = cursor.terms.end;
    for (p = cursor.terms.p; cursor.left > 0; cursor.left--) {
        if (!read_head(&p, end, &head)) {
            return fail_block(err);
        }
        if (head.shared < matched) {
            return LEDE_NOT_FOUND;
        }
        if (head.shared == matched) {
            lede_span suffix = lede_span_of(p, head.more);
            lede_span rest =
                lede_span_of(term.bytes + matched, term.len - matched);
            size_t same = common_prefix(suffix, rest);

            if (same == suffix.len && same == rest.len) {
                return read_found(&cursor, info_at, &head, term, out, err);
            }
            if (same < suffix.len &&
                (same == rest.len || suffix.bytes[same] > rest.bytes[same])) {
                return LEDE_NOT_FOUND;
            }
            matched += same;
        }
        p += head.more;
        info_at += head.info_len;
    }
    return LEDE_NOT_FOUND;
}
