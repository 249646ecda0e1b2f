/* mail.c - messages: newsletters in .eml files and mbox folders, and pages that
 * a browser saved as one (MHTML). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "corpus/draft.h"
#include "corpus/html_charset.h"
#include "corpus/mail_text.h"
#include "corpus/member.h"
#include "corpus/mime.h"
#include "corpus/text_match.h"

enum {
    READ_BYTES = 64 * 1024,
    HEAD_LINES = 20,
    HEADERS_MIN = 3,
    NAME_BYTES = 200 /* of an attachment */
};

/* What is behind that of a message is left out. */
static const size_t message_max_bytes = (size_t)64 << 20;

typedef struct mail_reader {
    lede_input *input;
    const lede_read_context *context;
    const lede_sink *sink;
    lede_draft draft;
    uint64_t messages, entries;
    bool page_is_open;
    bool failed;
} mail_reader;

/* Recognition. ------------------------------------------------------------ */

static lede_span take_line(lede_span *text)
{
    const uint8_t *newline =
        text->len == 0 ? NULL : memchr(text->bytes, '\n', text->len);
    size_t len = newline == NULL ? text->len : (size_t)(newline - text->bytes);
    lede_span line = lede_span_part(*text, 0, len);

    *text = lede_span_part(*text, len + 1, text->len);
    if (line.len > 0 && line.bytes[line.len - 1] == '\r') {
        line.len--;
    }
    return line;
}

/* Whether a word of three letters is in a list of such. */
static bool is_listed(const char *list, lede_span word)
{
    size_t at;

    for (at = 0; word.len == 3 && list[at] != '\0'; at += 4) {
        if (lede_match_starts(
                word, (char[]){list[at], list[at + 1], list[at + 2], '\0'})) {
            return true;
        }
        if (list[at + 3] == '\0') {
            break;
        }
    }
    return false;
}

static bool are_digits(lede_span word)
{
    size_t i;

    for (i = 0; i < word.len; i++) {
        if (word.bytes[i] < '0' || word.bytes[i] > '9') {
            return false;
        }
    }
    return word.len > 0;
}

static bool is_clock(lede_span word)
{
    size_t colon = word.bytes[1] == ':' ? 1 : 2;

    return word.bytes[colon] == ':' &&
           are_digits(lede_span_part(word, 0, colon)) &&
           are_digits(lede_span_part(word, colon + 1, 2));
}

/* "Mon Feb 17 14:50:00 2025", of asctime, or with a zone or the day first. */
static bool has_mbox_date(lede_span line, size_t at)
{
    static const char days[] = "mon tue wed thu fri sat sun";
    static const char months[] =
        "jan feb mar apr may jun jul aug sep oct nov dec";
    lede_span word;

    while ((word = lede_match_word(line, &at)).len > 0) {
        size_t next = at, i;
        bool has_month = false, has_clock = false, has_year = false;

        if (word.len > 1 && word.bytes[word.len - 1] == ',') {
            word.len--;
        }
        if (!is_listed(days, word)) {
            continue;
        }
        for (i = 0; i < 6; i++) {
            word = lede_match_word(line, &next);
            has_month = has_month || is_listed(months, word);
            has_clock = has_clock || (word.len >= 4 && is_clock(word));
            has_year = has_year || (word.len == 4 && are_digits(word));
        }
        if (has_month && has_clock && has_year) {
            return true;
        }
    }
    return false;
}

/* "From ann@n.example Mon Feb 17 14:50:00 2025", and a header behind it. The
 * sender may be anything, also nothing or "ann at n.example". */
static bool is_mbox_line(lede_span text)
{
    lede_span line = take_line(&text);
    bool is_end = text.len == 0; /* what follows is not known */
    lede_span header = take_line(&text);
    size_t name = 0;

    if (!lede_span_starts(line, "From ") || !has_mbox_date(line, 5)) {
        return false;
    }
    if (lede_span_starts(header, ">From ")) {
        return true;
    }
    while (name < header.len && header.bytes[name] > ' ' &&
           header.bytes[name] < 0x7F && header.bytes[name] != ':') {
        name++;
    }
    return is_end ||
           (name > 0 && name < header.len && header.bytes[name] == ':');
}

/* Plain articles begin with "Date: " and "Subject: " too: one of the headers
 * must be one that only mail has. */
static bool is_message(lede_span head)
{
    static const char *const headers[] = {
        "subject: ",      "date: ",        "from: ",
        "mime-version: ", "message-id: ",  "content-type: ",
        "received: ",     "return-path: ", "delivered-to: ",
        "reply-to: ",     "list-id: ",     "snapshot-content-location: "};
    unsigned count = 0;
    unsigned telling = 0;
    int lines;

    for (lines = 0; lines < HEAD_LINES && head.len > 0; lines++) {
        lede_span line = take_line(&head);
        size_t i;

        if (line.len == 0) {
            break;
        }
        for (i = 0; i < sizeof headers / sizeof headers[0]; i++) {
            if (lede_match_starts(line, headers[i])) {
                count++;
                telling += i >= 2;
            }
        }
    }
    return count >= HEADERS_MIN && telling > 0;
}

static bool claims_mail(lede_span head, bool whole, const char *path)
{
    (void)whole;
    (void)path;
    return is_mbox_line(head) || is_message(head);
}

/* Saved pages. ------------------------------------------------------------ */

/* The part that is the page: the one with the address, else the first. */
typedef struct page_search {
    mail_reader *reader;
    lede_span address;
    lede_mime_part first, best;
    bool has_first, has_best;
} page_search;

static bool on_page_part(void *ctx, const lede_mime_part *part)
{
    page_search *s = ctx;
    lede_draft *d = &s->reader->draft;
    lede_span type =
        lede_mime_header(part, "content-type", &d->arena, &d->failed);
    lede_span place =
        lede_mime_header(part, "content-location", &d->arena, &d->failed);

    if (!lede_match_starts(type, "text/html") &&
        !lede_match_starts(type, "application/xhtml")) {
        return true;
    }
    if (!s->has_first) {
        s->first = *part;
        s->has_first = true;
    }
    if (s->address.len > 0 && lede_span_equal(place, s->address)) {
        s->best = *part;
        s->has_best = true;
    }
    return !s->has_best;
}

static lede_status
read_saved_page(mail_reader *r, const lede_mime_part *message, lede_error *err)
{
    lede_draft *d = &r->draft;
    page_search s = {.reader = r};
    lede_member member = {.location = r->context->location,
                          .published = lede_when_none(),
                          .captured = lede_when_none()};
    lede_member_fate fate = {0};
    lede_buf bytes = {0};
    lede_source *source;
    lede_span type;
    lede_status status;

    /* The page is all there is to it: it may be one deeper than others. */
    if (r->context->depth > LEDE_CONTAINERS_MAX) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "a saved page more than %d deep: not unpacked",
                         LEDE_CONTAINERS_MAX);
    }
    s.address = lede_mime_header(message, "snapshot-content-location",
                                 &d->arena, &d->failed);
    lede_mime_each(message, &d->arena, &d->failed, on_page_part, &s);
    if (!s.has_first && !s.has_best) {
        return lede_fail(err, LEDE_BAD_INPUT, "MHTML without a page in it");
    }
    s.best = s.has_best ? s.best : s.first;
    type = lede_mime_header(&s.best, "content-type", &d->arena, &d->failed);
    member.charset = lede_mime_parameter(type, "charset");
    member.url = s.address.len > 0
                     ? s.address
                     : lede_mime_header(&s.best, "content-location", &d->arena,
                                        &d->failed);
    if (!lede_match_starts(member.url, "http")) {
        member.url = lede_span_of(NULL, 0);
    }
    lede_draft_date(d, lede_mime_header(message, "date", &d->arena, &d->failed),
                    "Date", &member.captured);
    lede_mime_decode(&s.best, &d->arena, &d->failed, &bytes);
    source = lede_source_of_bytes(lede_buf_span(&bytes));
    if (source == NULL || bytes.failed || d->failed) {
        lede_source_close(source);
        status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    } else {
        status =
            lede_member_read(r->context, &member, source, r->sink, &fate, err);
    }
    r->entries += fate.entries;
    lede_buf_done(&bytes);
    return status;
}

/* Newsletters. ------------------------------------------------------------ */

/* The text of a message, HTML if it has both. */
typedef struct text_search {
    mail_reader *reader;
    lede_mime_part html, plain;
    bool has_html, has_plain;
} text_search;

static bool on_text_part(void *ctx, const lede_mime_part *part)
{
    text_search *s = ctx;
    lede_draft *d = &s->reader->draft;
    lede_span type =
        lede_mime_header(part, "content-type", &d->arena, &d->failed);
    lede_span use =
        lede_mime_header(part, "content-disposition", &d->arena, &d->failed);

    if (lede_match_starts(use, "attachment")) {
        return true;
    }
    if (!s->has_html && lede_match_starts(type, "text/html")) {
        s->html = *part;
        s->has_html = true;
    } else if (!s->has_plain &&
               (type.len == 0 || lede_match_starts(type, "text/plain"))) {
        s->plain = *part;
        s->has_plain = true;
    }
    return !s->has_html || !s->has_plain;
}

/* A part's text as UTF-8, in the arena. */
static lede_span text_of(mail_reader *r, const lede_mime_part *part)
{
    lede_draft *d = &r->draft;
    lede_span type =
        lede_mime_header(part, "content-type", &d->arena, &d->failed);
    lede_buf bytes = {0};
    lede_buf valid = {0};
    uint32_t repaired = 0;
    lede_span text;

    lede_mime_decode(part, &d->arena, &d->failed, &bytes);
    if (lede_html_decode(lede_buf_span(&bytes), lede_mail_charset(type), &valid,
                         &repaired, NULL) != LEDE_OK) {
        d->failed = true;
    }
    d->entry.flags |= repaired > 0 ? LEDE_FLAG_BAD_BYTES : 0;
    text = lede_draft_copy(d, lede_buf_span(&valid));
    d->failed |= bytes.failed || valid.failed;
    lede_buf_done(&bytes);
    lede_buf_done(&valid);
    return text;
}

/* "The Morning <a.list-id.example>" as "The Morning". */
static lede_span list_name(lede_span text)
{
    size_t angle = lede_match_find(text, 0, "<");

    text = lede_match_trim(
        lede_span_part(text, 0, angle == LEDE_MATCH_NONE ? text.len : angle));
    if (text.len > 1 && text.bytes[0] == '"' &&
        text.bytes[text.len - 1] == '"') {
        text = lede_span_part(text, 1, text.len - 2);
    }
    return text;
}

static lede_span without_angles(lede_span text)
{
    if (text.len > 2 && text.bytes[0] == '<' &&
        text.bytes[text.len - 1] == '>') {
        text = lede_span_part(text, 1, text.len - 2);
    }
    return text;
}

static lede_status begin_page(mail_reader *r, lede_error *err)
{
    const lede_page page = {.format = "mail",
                            .captured = lede_when_none(),
                            .updated = lede_when_none()};

    if (r->page_is_open) {
        return LEDE_OK;
    }
    r->page_is_open = true;
    return r->sink->page_begin(r->sink->ctx, &page, err);
}

static lede_status read_message(mail_reader *r, const lede_mime_part *message,
                                const char *location, lede_error *err)
{
    lede_draft *d = &r->draft;
    lede_entry *entry = &d->entry;
    text_search s = {.reader = r};
    lede_span none = {NULL, 0};
    lede_span from;
    lede_status status;

    entry->headline = lede_match_trim(
        lede_mime_header(message, "subject", &d->arena, &d->failed));
    from = lede_mime_header(message, "from", &d->arena, &d->failed);
    lede_draft_date(d, lede_mime_header(message, "date", &d->arena, &d->failed),
                    "Date", &entry->published);
    lede_draft_reason(d, LEDE_REASON_HEADLINE, "Subject");
    lede_draft_reason(d, LEDE_REASON_AUTHORS, "From");
    lede_draft_put_names(d, from, none, none);
    entry->source =
        list_name(lede_mime_header(message, "list-id", &d->arena, &d->failed));
    if (entry->source.len == 0 && d->authors.count > 0) {
        entry->source = d->authors.items[0].name;
    }
    entry->native_id = without_angles(
        lede_mime_header(message, "message-id", &d->arena, &d->failed));
    entry->lang =
        lede_draft_language(d, lede_mime_header(message, "content-language",
                                                &d->arena, &d->failed));
    lede_mime_each(message, &d->arena, &d->failed, on_text_part, &s);
    if (s.has_html) {
        lede_draft_put_html(d, text_of(r, &s.html));
        lede_draft_reason(d, LEDE_REASON_TEXT, "the HTML part");
    }
    if (d->body.count == 0 && s.has_plain) {
        lede_draft_reason(d, LEDE_REASON_TEXT, "the plain part");
        lede_mail_put_plain(
            d, text_of(r, &s.plain),
            lede_mime_header(&s.plain, "content-type", &d->arena, &d->failed));
    }
    lede_mail_drop_furniture(&d->body);
    if (lede_draft_is_empty(d)) {
        return LEDE_OK;
    }
    status = begin_page(r, err);
    r->entries++;
    return status == LEDE_OK ? lede_draft_give(d, r->sink, location, err)
                             : status;
}

/* Attachments. ------------------------------------------------------------ */

typedef struct attachments {
    mail_reader *r;
    const char *location; /* of the message */
    unsigned count;
    lede_when sent;
    lede_status status;
    lede_error *err;
} attachments;

/* What is sent along for programs, not for people. */
static bool is_for_programs(lede_span type)
{
    static const char *const types[] = {
        "image/",
        "audio/",
        "video/",
        "font/",
        "text/calendar",
        "text/vcard",
        "text/x-vcard",
        "text/css",
        "text/rfc822-headers",
        "message/delivery-status",
        "application/pgp",
        "application/pkcs7",
        "application/x-pkcs7",
        "application/ms-tnef",
        "application/ics",
    };
    size_t i;

    for (i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (lede_match_starts(type, types[i])) {
            return true;
        }
    }
    return false;
}

/* The name of the file that was attached; empty if it has none. Folders in it
 * are the sender's. */
static lede_span attachment_name(lede_draft *d, const lede_mime_part *part)
{
    lede_span use =
        lede_mime_header(part, "content-disposition", &d->arena, &d->failed);
    lede_span type =
        lede_mime_header(part, "content-type", &d->arena, &d->failed);
    lede_span name = lede_mime_parameter(use, "filename");
    lede_buf clean = {0};
    size_t i;

    if (name.len == 0) {
        name = lede_mime_parameter(type, "name");
    }
    for (i = name.len; i > 0; i--) {
        if (name.bytes[i - 1] == '/' || name.bytes[i - 1] == '\\') {
            name = lede_span_part(name, i, name.len);
            break;
        }
    }
    name = lede_match_trim(name);
    name.len = lede_utf8_floor(name, NAME_BYTES);
    for (i = 0; i < name.len; i++) {
        lede_buf_put_byte(&clean, name.bytes[i] < ' ' || name.bytes[i] == 0x7F
                                      ? '?'
                                      : name.bytes[i]);
    }
    name = lede_draft_copy(d, lede_buf_span(&clean));
    d->failed |= clean.failed;
    lede_buf_done(&clean);
    return name;
}

static bool is_attachment(lede_draft *d, const lede_mime_part *part)
{
    lede_span type =
        lede_mime_header(part, "content-type", &d->arena, &d->failed);
    lede_span use =
        lede_mime_header(part, "content-disposition", &d->arena, &d->failed);

    if (is_for_programs(type)) {
        return false;
    }
    return lede_match_starts(use, "attachment") ||
           lede_match_starts(type, "message/rfc822") ||
           lede_mime_parameter(use, "filename").len > 0 ||
           lede_mime_parameter(type, "name").len > 0;
}

static lede_status read_attachment(attachments *all, const lede_mime_part *part)
{
    mail_reader *r = all->r;
    lede_draft *d = &r->draft;
    lede_member member = {.published = lede_when_none(), .captured = all->sent};
    lede_span type =
        lede_mime_header(part, "content-type", &d->arena, &d->failed);
    lede_member_fate fate = {0};
    lede_source *source = NULL;
    lede_status status = LEDE_OK;
    lede_buf place = {0};
    lede_buf bytes = {0};

    member.name = attachment_name(d, part);
    member.charset = lede_mime_parameter(type, "charset");
    lede_buf_put_text(&place, all->location);
    lede_buf_put_byte(&place, '!');
    if (member.name.len > 0) {
        lede_buf_put_span(&place, member.name);
    } else {
        lede_buf_put_format(&place, "attachment %u", all->count);
    }
    member.location = lede_buf_text(&place);
    lede_mime_decode(part, &d->arena, &d->failed, &bytes);
    if (bytes.len == 0 && !bytes.failed) {
        goto done;
    }
    source = lede_source_of_bytes(lede_buf_span(&bytes));
    if (source == NULL || bytes.failed || d->failed ||
        member.location == NULL) {
        lede_source_close(source);
        status = lede_fail(all->err, LEDE_NO_MEMORY, "out of memory");
        goto done;
    }
    status =
        lede_member_read(r->context, &member, source, r->sink, &fate, all->err);
    r->entries += fate.entries;

done:
    lede_buf_done(&bytes);
    lede_buf_done(&place);
    return status;
}

static lede_status end_page(mail_reader *r, lede_error *err)
{
    if (!r->page_is_open) {
        return LEDE_OK;
    }
    r->page_is_open = false;
    return r->sink->page_end(r->sink->ctx, err);
}

static bool on_attachment(void *ctx, const lede_mime_part *part)
{
    attachments *all = ctx;
    mail_reader *r = all->r;

    if (!is_attachment(&r->draft, part)) {
        return true;
    }
    all->count++;
    if (r->context->depth >= LEDE_CONTAINERS_MAX) {
        if (r->sink->note != NULL) {
            r->sink->note(r->sink->ctx, all->location,
                          "an attachment more than 3 deep: not unpacked");
        }
        return true;
    }
    all->status = end_page(r, all->err); /* pages do not nest */
    if (all->status == LEDE_OK) {
        all->status = read_attachment(all, part);
    }
    return all->status == LEDE_OK;
}

/* Documents that came with a message, each as if it lay beside it. */
static lede_status read_attachments(mail_reader *r,
                                    const lede_mime_part *message,
                                    const char *location, lede_error *err)
{
    lede_draft *d = &r->draft;
    attachments all = {.r = r, .location = location, .err = err};

    lede_draft_begin(d, LEDE_KIND_MESSAGE);
    all.sent = lede_when_none();
    lede_draft_date(d, lede_mime_header(message, "date", &d->arena, &d->failed),
                    "Date", &all.sent);
    lede_mime_each(message, &d->arena, &d->failed, on_attachment, &all);
    return all.status;
}

static bool is_saved_page(mail_reader *r, const lede_mime_part *message)
{
    lede_draft *d = &r->draft;
    lede_span type =
        lede_mime_header(message, "content-type", &d->arena, &d->failed);
    lede_span from = lede_mime_header(message, "from", &d->arena, &d->failed);

    return lede_match_starts(from, "<saved by") ||
           lede_mime_header(message, "snapshot-content-location", &d->arena,
                            &d->failed)
                   .len > 0 ||
           (lede_match_starts(type, "multipart/related") &&
            lede_mime_header(message, "message-id", &d->arena, &d->failed)
                    .len == 0 &&
            memchr(from.bytes == NULL ? (const uint8_t *)"" : from.bytes, '@',
                   from.len) == NULL);
}

/* Folders. ---------------------------------------------------------------- */

/* Where the next message begins, behind `from`: SIZE_MAX if not here. */
static size_t find_message(lede_span text, size_t from)
{
    size_t at = from;

    while ((at = lede_match_find(text, at, "\nfrom ")) != LEDE_MATCH_NONE) {
        lede_span rest = lede_span_part(text, at + 1, text.len);
        bool is_blank_before = at == 0 || text.bytes[at - 1] == '\n' ||
                               (at > 1 && text.bytes[at - 1] == '\r' &&
                                text.bytes[at - 2] == '\n');

        if (is_blank_before && is_mbox_line(rest)) {
            return at + 1;
        }
        at++;
    }
    return SIZE_MAX;
}

/* ">From " was "From ", before somebody put it into a folder, and ">>From " was
 * ">From ". */
static bool is_escaped(lede_span text)
{
    size_t marks = 0;

    while (marks < text.len && text.bytes[marks] == '>') {
        marks++;
    }
    return marks > 0 &&
           lede_span_starts(lede_span_part(text, marks, text.len), "From ");
}

static void unescape(lede_buf *text)
{
    size_t from;
    size_t to = 0;

    for (from = 0; from < text->len; from++) {
        lede_span rest = lede_span_of(text->bytes + from, text->len - from);

        if ((from == 0 || text->bytes[from - 1] == '\n') && is_escaped(rest)) {
            continue;
        }
        text->bytes[to++] = text->bytes[from];
    }
    text->len = to;
}

static lede_status read_one(mail_reader *r, lede_span bytes, bool is_folder,
                            lede_error *err)
{
    char location[40];
    lede_buf text = {0};
    lede_mime_part message;
    lede_status status;

    r->messages++;
    snprintf(location, sizeof location, "#record=%" PRIu64, r->messages);
    lede_draft_begin(&r->draft, LEDE_KIND_MESSAGE);
    if (is_folder) {
        take_line(&bytes);
        lede_buf_put_span(&text, bytes);
        unescape(&text);
        bytes = lede_buf_span(&text);
    }
    message = lede_mime_split(bytes);
    if (!is_folder && is_saved_page(r, &message)) {
        status = read_saved_page(r, &message, err);
    } else {
        const char *place = is_folder ? location : r->context->location;

        status = read_message(r, &message, place, err);
        if (status == LEDE_OK) {
            status = read_attachments(r, &message, place, err);
        }
    }
    if (status == LEDE_OK && (text.failed || r->draft.failed)) {
        status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    lede_buf_done(&text);
    return status;
}

/* Reads on until the buffer has a whole message, or all there is. */
static lede_status read_messages(mail_reader *r, bool is_folder,
                                 lede_error *damage, lede_error *err)
{
    lede_buf in = {0};
    lede_status ended = LEDE_OK;
    lede_status status = LEDE_OK;
    size_t looked_at = 0;

    while (status == LEDE_OK && (ended == LEDE_OK || in.len > 0)) {
        size_t next =
            is_folder ? find_message(lede_buf_span(&in), looked_at) : SIZE_MAX;
        size_t got = 0;

        if (next == SIZE_MAX && ended == LEDE_OK &&
            in.len < message_max_bytes) {
            looked_at = in.len > 400 ? in.len - 400 : 0;
            if (!lede_buf_reserve(&in, READ_BYTES)) {
                status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
                break;
            }
            ended = lede_input_read(r->input, in.bytes + in.len, READ_BYTES,
                                    &got, damage);
            in.len += ended == LEDE_OK ? got : 0;
            continue;
        }
        if (next == SIZE_MAX) {
            next = in.len;
        }
        status = read_one(r, lede_span_of(in.bytes, next), is_folder, err);
        memmove(in.bytes, in.bytes + next, in.len - next);
        in.len -= next;
        looked_at = 0;
        if (!is_folder && ended == LEDE_OK) {
            break; /* what is behind the bound is left out */
        }
    }
    lede_buf_done(&in);
    if (status == LEDE_OK && ended != LEDE_OK && ended != LEDE_END) {
        status = ended;
        if (err != NULL) {
            *err = *damage;
        }
    }
    return status;
}

static lede_status read_mail(lede_input *input,
                             const lede_read_context *context,
                             const lede_sink *sink, lede_error *err)
{
    mail_reader r = {.input = input, .context = context, .sink = sink};
    lede_span head = lede_input_head(input);
    bool is_folder = is_mbox_line(head);
    lede_error damage = {0};
    lede_status status;

    lede_draft_init(&r.draft, context);
    status = read_messages(&r, is_folder, &damage, err);
    if (status == LEDE_OK || status == LEDE_CORRUPT) {
        lede_status closed = end_page(&r, err);

        status = closed == LEDE_OK ? status : closed;
    }
    if (status == LEDE_OK && r.entries == 0) {
        status =
            lede_fail(err, LEDE_BAD_INPUT, "%s without a text",
                      is_folder ? "an mbox mail folder" : "a mail message");
    }
    lede_draft_done(&r.draft);
    return status;
}

const lede_format lede_format_mail = {"mail", claims_mail, read_mail};
