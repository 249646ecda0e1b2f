#include "storage/name_list.h"

#include "base/varint.h"

enum {
    BIT_PLACE = 1,
    TRUST_SHIFT = 1,
    STATE_SHIFT = 3,
    BIT_HEADLINE = 1 << 5,
    BIT_IDS = 1 << 6,
    BIT_MORE = 1 << 7 /* a title, or forms */
};

/* --- Writing ---------------------------------------------------------------
 */

/* At most LEDE_NAMED_BYTES, and no torn character at the end. */
static void put_text(lede_buf *out, lede_span text)
{
    if (text.len > LEDE_NAMED_BYTES) {
        text.len = LEDE_NAMED_BYTES;
        while (text.len > 0 && (text.bytes[text.len] & 0xC0) == 0x80) {
            text.len--;
        }
    }
    lede_buf_put_block(out, text);
}

static void put_texts(lede_buf *out, const lede_span *texts, uint32_t count)
{
    uint32_t i;

    lede_buf_put_varint(out, count);
    for (i = 0; i < count; i++) {
        put_text(out, texts[i]);
    }
}

static void put_named(const lede_named *n, lede_buf *out)
{
    bool has_ids = n->id_count > 0 || n->parent_count > 0;
    bool has_more = n->title.len > 0 || n->form_count > 0;

    lede_buf_put_byte(
        out, (uint8_t)((n->kind == LEDE_NAMED_PLACE ? BIT_PLACE : 0) |
                       (n->trust & 3) << TRUST_SHIFT |
                       (n->state & 3) << STATE_SHIFT |
                       (n->in_headline ? BIT_HEADLINE : 0) |
                       (has_ids ? BIT_IDS : 0) | (has_more ? BIT_MORE : 0)));
    lede_buf_put_varint(out, n->mentions);
    lede_buf_put_varint(out, n->sources);
    lede_buf_put_varint(out, n->section);
    lede_buf_put_varint(out, n->offset);
    put_text(out, n->name);
    if (has_ids) {
        put_texts(out, n->ids, n->id_count);
        put_texts(out, n->parents, n->parent_count);
    }
    if (has_more) {
        put_text(out, n->title);
        put_texts(out, n->forms, n->form_count);
    }
}

void lede_name_list_encode(const lede_named *named, uint32_t count,
                           lede_buf *out)
{
    uint32_t i;

    count = count > LEDE_NAMED_MOST ? LEDE_NAMED_MOST : count;
    lede_buf_put_varint(out, count);
    for (i = 0; i < count; i++) {
        put_named(&named[i], out);
    }
}

/* --- Reading ---------------------------------------------------------------
 */

lede_name_reader lede_name_reader_of(lede_span list)
{
    lede_reader r = lede_reader_of(list);
    lede_name_reader reader = {0};

    if (list.len > 0) {
        reader.left = (uint32_t)lede_read_varint_max(&r, LEDE_NAMED_MOST);
        reader.is_bad = r.bad;
        reader.rest = lede_span_of(r.p, (size_t)(r.end - r.p));
    }
    return reader;
}

static lede_span read_text(lede_reader *r)
{
    lede_span text = lede_read_block(r);

    if (text.len > LEDE_NAMED_BYTES) {
        r->bad = true;
    }
    return text;
}

static uint32_t read_texts(lede_reader *r, lede_span *out, uint32_t most)
{
    uint32_t count = (uint32_t)lede_read_varint_max(r, most), i;

    for (i = 0; i < count && !r->bad; i++) {
        out[i] = read_text(r);
    }
    return r->bad ? 0 : count;
}

static uint32_t read_number(lede_reader *r)
{
    return (uint32_t)lede_read_varint_max(r, UINT32_MAX);
}

bool lede_name_reader_next(lede_name_reader *reader, lede_named *out)
{
    lede_reader r = lede_reader_of(reader->rest);
    lede_named n = {0};
    uint8_t flags;

    if (reader->left == 0 || reader->is_bad) {
        return false;
    }
    flags = lede_read_byte(&r);
    n.kind = flags & BIT_PLACE ? LEDE_NAMED_PLACE : LEDE_NAMED_PERSON;
    n.trust = flags >> TRUST_SHIFT & 3;
    n.state = flags >> STATE_SHIFT & 3;
    n.in_headline = (flags & BIT_HEADLINE) != 0;
    n.mentions = read_number(&r);
    n.sources = read_number(&r);
    n.section = read_number(&r);
    n.offset = read_number(&r);
    n.name = read_text(&r);
    if (flags & BIT_IDS) {
        n.id_count = read_texts(&r, n.ids, LEDE_NAMED_IDS);
        n.parent_count = read_texts(&r, n.parents, LEDE_NAMED_PARENTS);
    }
    if (flags & BIT_MORE) {
        n.title = read_text(&r);
        n.form_count = read_texts(&r, n.forms, LEDE_NAMED_FORMS);
    }
    if (r.bad || n.state > LEDE_NAMED_RESOLVED || n.name.len == 0) {
        reader->is_bad = true;
        return false;
    }
    reader->rest = lede_span_of(r.p, (size_t)(r.end - r.p));
    reader->left--;
    *out = n;
    return true;
}

lede_status lede_name_reader_end(const lede_name_reader *reader,
                                 lede_error *err)
{
    return reader->is_bad || reader->left > 0 || reader->rest.len > 0
               ? lede_fail(err, LEDE_CORRUPT, "a list of names is damaged")
               : LEDE_OK;
}
