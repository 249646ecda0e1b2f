/* hits_atom.c - an answer as a feed that a news reader can follow (Atom, RFC
 * 4287).
 *
 * Ids are the same whenever the same search is made: those of entries are made
 * from their keys, that of the feed from the query. They are UUIDs of version 8
 * (RFC 9562), which leaves the bits to whoever makes them. An entry must have a
 * date of its last change: that of its update, else when it was published, else
 * when it was captured; else 1970, and it is said in the summary. */
#include <inttypes.h>

#include "app/hits_out.h"
#include "app/partial.h"
#include "base/hash.h"
#include "base/utf8.h"

/* Text as XML has it, with nothing in it that XML forbids or a terminal obeys.
 */
static void put_xml(lede_buf *out, lede_span text)
{
    lede_buf safe = {0};

    lede_put_safe(&safe, text);
    for (size_t i = 0; i < safe.len; i++) {
        switch (safe.bytes[i]) {
        case '<':
            lede_buf_put_text(out, "&lt;");
            break;
        case '>':
            lede_buf_put_text(out, "&gt;");
            break;
        case '&':
            lede_buf_put_text(out, "&amp;");
            break;
        case '"':
            lede_buf_put_text(out, "&quot;");
            break;
        case 0xEF: /* U+FFFE and U+FFFF are no characters */
            if (i + 2 < safe.len && safe.bytes[i + 1] == 0xBF &&
                safe.bytes[i + 2] >= 0xBE) {
                lede_buf_put_text(out, "\xEF\xBF\xBD");
                i += 2;
                break;
            }
            /* fall through */
        default:
            lede_buf_put_byte(out, safe.bytes[i]);
        }
    }
    out->failed = out->failed || safe.failed;
    lede_buf_done(&safe);
}

static void put_element(lede_buf *out, const char *name, lede_span text)
{
    lede_buf_put_format(out, "<%s>", name);
    put_xml(out, text);
    lede_buf_put_format(out, "</%s>\n", name);
}

static void put_id(lede_buf *out, const char *what, uint64_t number)
{
    uint64_t space = lede_hash64(lede_span_text(what));

    lede_buf_put_format(
        out, "<id>urn:uuid:%08" PRIx32 "-%04x-8%03x-%04x-%012" PRIx64 "</id>\n",
        (uint32_t)(space >> 32), (unsigned)(space >> 16 & 0xFFFF),
        (unsigned)((space & 0x3FF) << 2 | number >> 62),
        0x8000u | (unsigned)(number >> 48 & 0x3FFF), number & 0xFFFFFFFFFFFFu);
}

static void put_instant(lede_buf *out, const char *name, int64_t instant)
{
    lede_buf_put_format(out, "<%s>", name);
    lede_instant_format(instant, out);
    lede_buf_put_format(out, "</%s>\n", name);
}

static int64_t changed(const lede_entry *entry)
{
    const lede_when *whens[] = {&entry->updated, &entry->published,
                                &entry->captured};

    for (int i = 0; i < 3; i++) {
        if (whens[i]->instant != LEDE_INSTANT_NONE) {
            return whens[i]->instant;
        }
    }
    return 0;
}

/* The passage as HTML with marks, which is then text of the XML. */
static void put_summary(lede_buf *out, const lede_hit *hit)
{
    lede_buf html = {0};
    size_t at = 0;

    if (hit->entry->published.instant == LEDE_INSTANT_NONE) {
        lede_buf_put_text(&html, "(date unknown) ");
    }
    for (uint32_t i = 0; i < hit->mark_count; i++) {
        const lede_mark *mark = &hit->marks[i];

        put_xml(&html, lede_span_part(hit->snippet, at, mark->begin - at));
        lede_buf_put_text(&html, "<b>");
        put_xml(&html, lede_span_part(hit->snippet, mark->begin,
                                      mark->end - mark->begin));
        lede_buf_put_text(&html, "</b>");
        at = mark->end;
    }
    put_xml(&html, lede_span_part(hit->snippet, at, hit->snippet.len));
    lede_buf_put_text(out, "<summary type=\"html\">");
    put_xml(out, lede_buf_span(&html));
    lede_buf_put_text(out, "</summary>\n");
    out->failed = out->failed || html.failed;
    lede_buf_done(&html);
}

/* A feed reader makes links of nothing else. */
bool lede_is_web_address(lede_span url)
{
    return (url.len > 8 && memcmp(url.bytes, "https://", 8) == 0) ||
           (url.len > 7 && memcmp(url.bytes, "http://", 7) == 0);
}

/* What is no character of a URI (RFC 3986) as its bytes. */
static void put_address(lede_buf *out, lede_span url)
{
    static const char others[] = "-._~:/?#[]@!$&'()*+,;=%";

    for (size_t i = 0; i < url.len; i++) {
        uint8_t c = url.bytes[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c >= '0' && c <= '9') ||
                     (c != 0 && strchr(others, c) != NULL);

        if (!plain) {
            lede_buf_put_format(out, "%%%02X", c);
        } else {
            put_xml(out, lede_span_of(&c, 1));
        }
    }
}

static void put_link(lede_buf *out, const char *relation, lede_span url)
{
    lede_buf_put_format(out, "<link rel=\"%s\" href=\"", relation);
    put_address(out, url);
    lede_buf_put_text(out, "\"/>\n");
}

static void begin(lede_hits_out *out)
{
    const lede_hits_page *page = out->page;
    int64_t newest = page->totals->newest;
    lede_buf *buf = &out->buf;

    lede_buf_put_text(buf, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                           "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
    put_id(buf, "search", lede_hash64(page->query));
    lede_buf_put_text(buf, "<title>");
    put_xml(buf, page->query.len > 0 ? page->query : lede_span_text("*"));
    lede_buf_put_text(buf, "</title>\n<generator>lede</generator>\n"
                           "<author><name>lede</name></author>\n");
    put_instant(buf, "updated", newest == LEDE_INSTANT_NONE ? 0 : newest);
    if (page->self != NULL) {
        put_link(buf, "self", lede_span_text(page->self));
    }
}

/* An entry that has no address must bring its text (RFC 4287, 4.1.2). */
static void put_content(lede_buf *out, const lede_entry *entry)
{
    lede_buf_put_text(out, "<content type=\"text\">");
    for (uint32_t i = 0; i < entry->block_count; i++) {
        if (i > 0) {
            lede_buf_put_text(out, "\n\n");
        }
        put_xml(out, entry->body[i].text);
    }
    if (entry->block_count == 0) {
        put_xml(out, entry->headline);
    }
    lede_buf_put_text(out, "</content>\n");
}

static void put_hit(lede_hits_out *out, const lede_hit *hit)
{
    const lede_entry *entry = hit->entry;
    lede_buf *buf = &out->buf;

    lede_buf_put_text(buf, "<entry>\n");
    put_id(buf, "entry", entry->key);
    put_element(buf, "title",
                entry->headline.len > 0 ? entry->headline
                                        : lede_span_text("(no headline)"));
    put_instant(buf, "updated", changed(entry));
    if (entry->published.instant != LEDE_INSTANT_NONE) {
        put_instant(buf, "published", entry->published.instant);
    }
    for (uint32_t i = 0; i < entry->author_count; i++) {
        if (entry->authors[i].name.len == 0) {
            continue;
        }
        lede_buf_put_text(buf, "<author>");
        put_element(buf, "name", entry->authors[i].name);
        lede_buf_put_text(buf, "</author>\n");
    }
    if (lede_is_web_address(entry->url)) {
        put_link(buf, "alternate", entry->url);
    }
    for (uint32_t i = 0; i < entry->label_count; i++) {
        lede_buf_put_text(buf, "<category term=\"");
        put_xml(buf, entry->labels[i]);
        lede_buf_put_text(buf, "\"/>\n");
    }
    put_summary(buf, hit);
    if (!lede_is_web_address(entry->url)) {
        put_content(buf, entry);
    }
    lede_buf_put_text(buf, "</entry>\n");
}

/* A feed has no place for what is missing; it is said on stderr. */
static void put_damaged(lede_hits_out *out, const lede_hit_place *place,
                        const lede_error *err)
{
    (void)out;
    (void)place;
    (void)err;
}

/* What a feed has to tell of itself may stand behind its entries (RFC 4287,
 * 4.1.1). */
static void end(lede_hits_out *out, const lede_error *err)
{
    lede_buf missing = {0};

    (void)err;
    lede_put_partial(&missing, out->page->engine);
    if (missing.len > 0) {
        lede_buf_put_text(&out->buf, "<subtitle>This is only a part: ");
        put_xml(&out->buf, lede_buf_span(&missing));
        lede_buf_put_text(&out->buf, "</subtitle>\n");
    }
    out->buf.failed = out->buf.failed || missing.failed;
    lede_buf_done(&missing);
    lede_buf_put_text(&out->buf, "</feed>\n");
}

const lede_hits_writer lede_hits_atom = {begin, put_hit, put_damaged, end,
                                         NULL};
