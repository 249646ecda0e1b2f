/* archive_file.c - zip and tar archives: each member is a document. libarchive
 * finds the members; a WACZ (a zip archive of web archives) is one, too. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "corpus/archive_names.h"
#include "corpus/member.h"
#include "corpus/spool.h"
#include "corpus/text_match.h"
#include "corpus/wacz_pages.h"

enum {
    TAR_BYTES = 512,
    TAR_SUM_AT = 148,
    TAR_SUM_BYTES = 8,
    BLOCK_BYTES = 64 * 1024,
    INDEX_BUDGET_BYTES = 256 << 20, /* of all that describe snapshots */
    MEMBERS_MAX = 1000000,          /* more are no archive of articles */
    REASON_BYTES = 160
};

/* A member waits on disk while it is read. */
static const uint64_t member_max_bytes = UINT64_C(4) << 30;

typedef struct archive_reader {
    lede_input *input;
    const lede_read_context *context;
    const lede_sink *sink;
    lede_archive_names names;
    lede_wacz_pages pages; /* of a WACZ */
    bool is_listing;       /* its lists of pages are read, behind the rest */
    lede_buf name;         /* of the member at hand */
    lede_buf location;     /* "!" and the name */
    lede_error failure;    /* of the input, under libarchive */
    uint64_t seen;         /* members, whatever became of them */
    bool waits;            /* the next one does, for the names of all */
    uint64_t entries, members, no_text, encrypted, nameless;
    uint8_t block[BLOCK_BYTES];
} archive_reader;

/* Recognition. ------------------------------------------------------------ */

/* The sum of a header's bytes, its own field counted as blanks, which all kinds
 * of tar have; "ustar" stands in most only. */
static bool is_tar(lede_span head)
{
    uint32_t sum = 0;
    uint32_t wanted = 0;
    bool has_digit = false;
    size_t i;

    if (head.len < TAR_BYTES || head.bytes[0] == 0) {
        return false;
    }
    for (i = 0; i < TAR_BYTES; i++) {
        bool is_sum = i >= TAR_SUM_AT && i < TAR_SUM_AT + TAR_SUM_BYTES;

        sum += is_sum ? ' ' : head.bytes[i];
    }
    for (i = TAR_SUM_AT; i < TAR_SUM_AT + TAR_SUM_BYTES; i++) {
        uint8_t c = head.bytes[i];

        if (c >= '0' && c <= '7') {
            wanted = wanted * 8 + (uint32_t)(c - '0');
            has_digit = true;
        } else if (has_digit) {
            break;
        } else if (c != ' ') {
            return false;
        }
    }
    return has_digit && sum == wanted;
}

static bool is_zip(lede_span head)
{
    return lede_span_starts(head, "PK\3\4") || lede_span_starts(head, "PK\5\6");
}

static bool claims_archive(lede_span head, bool whole, const char *path)
{
    (void)whole;
    (void)path;
    return is_zip(head) || is_tar(head);
}

/* libarchive. ------------------------------------------------------------- */

static la_ssize_t on_read(struct archive *a, void *ctx, const void **bytes)
{
    archive_reader *r = ctx;
    size_t got = 0;
    lede_status status =
        lede_input_read(r->input, r->block, sizeof r->block, &got, &r->failure);

    *bytes = r->block;
    if (status == LEDE_OK) {
        return (la_ssize_t)got;
    }
    if (status == LEDE_END) {
        return 0;
    }
    archive_set_error(a, EIO, "%s", r->failure.message);
    return -1;
}

static la_int64_t on_seek(struct archive *a, void *ctx, la_int64_t offset,
                          int whence)
{
    archive_reader *r = ctx;
    int64_t size = (int64_t)lede_input_size(r->input);
    int64_t at = offset;

    if (whence == SEEK_END) {
        at = size + offset;
    } else if (whence == SEEK_CUR) {
        return ARCHIVE_FATAL;
    }
    if (at < 0 || at > size ||
        lede_input_seek(r->input, (uint64_t)at, &r->failure) != LEDE_OK) {
        archive_set_error(a, EIO, "cannot be read again");
        return ARCHIVE_FATAL;
    }
    return at;
}

/* From the beginning; NULL when out of memory. */
static struct archive *open_archive(archive_reader *r)
{
    struct archive *a = archive_read_new();

    if (a == NULL) {
        return NULL;
    }
    archive_read_support_format_zip(a);
    archive_read_support_format_tar(a);
    archive_read_set_read_callback(a, on_read);
    archive_read_set_callback_data(a, r);
    if (lede_input_can_seek(r->input)) {
        archive_read_set_seek_callback(a, on_seek);
    }
    return a;
}

static lede_status failed(const archive_reader *r, struct archive *a,
                          lede_error *err)
{
    const char *why = archive_error_string(a);
    char line[REASON_BYTES];
    size_t i;

    if (r->failure.status != LEDE_OK) {
        if (err != NULL) {
            *err = r->failure;
        }
        return r->failure.status;
    }
    /* The library may quote the archive, and say more than one thing. */
    (void)snprintf(line, sizeof line, "%s", why == NULL ? "unreadable" : why);
    for (i = 0; line[i] != '\0'; i++) {
        line[i] = (uint8_t)line[i] < ' ' ? ' ' : line[i];
    }
    while (i > 0 && line[i - 1] == ' ') {
        line[--i] = '\0';
    }
    return lede_fail(err, LEDE_CORRUPT, "damaged %s archive: %s",
                     is_zip(lede_input_head(r->input)) ? "zip" : "tar", line);
}

/* Names. ------------------------------------------------------------------ */

/* A member's name as valid UTF-8 without control characters in r->name: false
 * if there is none. */
static bool take_name(archive_reader *r, struct archive_entry *entry)
{
    const char *name = archive_entry_pathname_utf8(entry);
    lede_span span;
    size_t i;

    if (name == NULL) {
        name = archive_entry_pathname(entry);
    }
    lede_buf_clear(&r->name);
    span = lede_span_text(name);
    while (lede_span_starts(span, "./")) {
        span = lede_span_part(span, 2, span.len);
    }
    lede_utf8_repair(span, &r->name);
    for (i = 0; i < r->name.len; i++) {
        if (r->name.bytes[i] < ' ' || r->name.bytes[i] == 0x7F) {
            r->name.bytes[i] = '?';
        }
    }
    lede_buf_clear(&r->location);
    lede_buf_put_byte(&r->location, '!');
    lede_buf_put_span(&r->location, lede_buf_span(&r->name));
    return r->name.len > 0 && !r->name.failed;
}

/* What says of a snapshot what it is. */
static void take_index(archive_reader *r, struct archive *a,
                       struct archive_entry *entry, size_t *budget)
{
    size_t size = (size_t)archive_entry_size(entry);
    lede_buf text = {0};

    if (!archive_entry_size_is_set(entry) || archive_entry_size(entry) <= 0 ||
        size > LEDE_ARCHIVE_INDEX_MAX_BYTES || size > *budget) {
        return;
    }
    *budget -= size;
    if (lede_buf_reserve(&text, size) &&
        archive_read_data(a, text.bytes, size) == (la_ssize_t)size) {
        text.len = size;
        lede_archive_names_put_index(&r->names, lede_buf_span(&r->name),
                                     lede_buf_span(&text));
    }
    lede_buf_done(&text);
}

/* Lists all names, from the beginning to the beginning. Where the input can
 * seek that costs little; else everything is unpacked once more. */
static lede_status list_names(archive_reader *r, lede_error *err)
{
    struct archive *a = open_archive(r);
    struct archive_entry *entry;
    size_t budget = INDEX_BUDGET_BYTES;
    size_t count = 0;

    if (a == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    if (archive_read_open1(a) == ARCHIVE_OK) {
        while (count++ < MEMBERS_MAX &&
               archive_read_next_header(a, &entry) >= ARCHIVE_WARN) {
            if (!take_name(r, entry)) {
                continue;
            }
            lede_archive_names_put(&r->names, lede_buf_span(&r->name));
            if (lede_archive_names_is_index(lede_buf_span(&r->name))) {
                take_index(r, a, entry, &budget);
            }
        }
    }
    archive_read_free(a);
    r->names.is_whole = true;
    memset(&r->failure, 0, sizeof r->failure);
    return lede_input_rewind(r->input, err);
}

static bool is_hidden(lede_span name)
{
    size_t begin = 0;
    size_t i;

    for (i = 0; i <= name.len; i++) {
        if (i == name.len || name.bytes[i] == '/') {
            lede_span part = lede_span_part(name, begin, i - begin);

            if (lede_span_starts(part, ".") && !lede_span_is(part, ".") &&
                !lede_span_is(part, "..")) {
                return true;
            }
            begin = i + 1;
        }
    }
    return lede_span_starts(name, "__MACOSX/");
}

static bool is_wacz(const archive_reader *r)
{
    return r->names.has_package && r->names.has_web_archives;
}

static lede_archive_verdict judge(const archive_reader *r,
                                  struct archive_entry *entry)
{
    lede_span name = lede_buf_span(&r->name);

    if (archive_entry_filetype(entry) != AE_IFREG ||
        archive_entry_hardlink(entry) != NULL) {
        return LEDE_ARCHIVE_PASS;
    }
    if (is_wacz(r)) {
        return (r->is_listing ? lede_wacz_is_list(name)
                              : lede_span_starts(name, "archive/"))
                   ? LEDE_ARCHIVE_READ
                   : LEDE_ARCHIVE_PASS;
    }
    return is_hidden(name) ? LEDE_ARCHIVE_PASS
                           : lede_archive_names_judge(&r->names, name);
}

/* Members. ---------------------------------------------------------------- */

/* Unpacks the member at hand. What could be had of a damaged one is in the
 * spool, which then ends with the damage. */
static lede_status unpack(archive_reader *r, struct archive *a,
                          lede_source *spool, lede_error *err)
{
    uint8_t *bytes = malloc(BLOCK_BYTES);
    lede_status status = LEDE_OK;
    lede_error damage = {0};

    if (bytes == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    while (status == LEDE_OK) {
        la_ssize_t got = archive_read_data(a, bytes, BLOCK_BYTES);

        if (got == 0) {
            break;
        }
        if (got < 0) {
            status = failed(r, a, &damage);
            if (status == LEDE_CORRUPT) {
                lede_spool_fail(spool, &damage);
                status = LEDE_OK;
            } else if (err != NULL) {
                *err = damage;
            }
            break;
        }
        status = lede_unpacked_add(r->context->unpacked, (size_t)got, err);
        if (status == LEDE_OK) {
            status = lede_spool_put(spool, bytes, (size_t)got, err);
        }
        if (status == LEDE_OK && spool->size > member_max_bytes) {
            lede_fail(&damage, LEDE_CORRUPT, "refused: larger than 4 GiB");
            lede_spool_fail(spool, &damage);
            break;
        }
    }
    free(bytes);
    return status;
}

static lede_status read_one(archive_reader *r, struct archive *a,
                            struct archive_entry *entry, lede_error *err)
{
    lede_member member = {.location = lede_buf_text(&r->location),
                          .name = lede_buf_span(&r->name),
                          .published = lede_when_none(),
                          .captured = lede_when_none(),
                          .mtime = archive_entry_mtime(entry)};
    lede_source *spool = lede_spool_new();
    const lede_snapshot_facts *facts =
        lede_archive_names_facts(&r->names, lede_buf_span(&r->name));
    lede_member_fate fate = {0};
    lede_sink wacz = r->is_listing ? lede_wacz_list_sink(&r->pages)
                                   : lede_wacz_archive_sink(&r->pages);
    lede_status status;

    if (facts != NULL) {
        member.url = facts->url;
        member.title = facts->title;
        member.tags = facts->tags;
        member.captured = facts->captured;
    }
    if (spool == NULL || member.location == NULL) {
        lede_source_close(spool);
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    status = unpack(r, a, spool, err);
    if (status != LEDE_OK) {
        lede_source_close(spool);
        return status;
    }
    status = lede_member_read(r->context, &member, spool,
                              is_wacz(r) ? &wacz : r->sink, &fate, err);
    r->entries += fate.entries;
    r->no_text += fate.is_no_text;
    return status;
}

/* From the beginning up to the member of that number, which is read next. NULL
 * after a failure. */
static struct archive *open_at(archive_reader *r, uint64_t number,
                               lede_error *err)
{
    struct archive *a = open_archive(r);
    struct archive_entry *entry;

    if (a == NULL) {
        lede_fail(err, LEDE_NO_MEMORY, "out of memory");
        return NULL;
    }
    if (archive_read_open1(a) != ARCHIVE_OK) {
        failed(r, a, err);
        archive_read_free(a);
        return NULL;
    }
    while (number > 0) {
        int rc = archive_read_next_header(a, &entry);

        if (rc == ARCHIVE_EOF || (rc < ARCHIVE_WARN && rc != ARCHIVE_RETRY)) {
            failed(r, a, err);
            archive_read_free(a);
            return NULL;
        }
        number -= rc != ARCHIVE_RETRY;
    }
    return a;
}

static lede_status read_member(archive_reader *r, struct archive *a,
                               struct archive_entry *entry, lede_error *err)
{
    if (archive_entry_is_encrypted(entry)) {
        r->encrypted++;
        return LEDE_OK;
    }
    r->members++;
    return read_one(r, a, entry, err);
}

/* Reads on, to the end or to a member that waits for the names of all. */
static lede_status read_members(archive_reader *r, struct archive *a,
                                lede_error *err)
{
    lede_status status = LEDE_OK;

    while (status == LEDE_OK) {
        struct archive_entry *entry;
        int rc = archive_read_next_header(a, &entry);
        lede_archive_verdict verdict;

        if (rc == ARCHIVE_EOF) {
            return LEDE_OK;
        }
        if (rc < ARCHIVE_WARN && rc != ARCHIVE_RETRY) {
            return failed(r, a, err);
        }
        if (rc == ARCHIVE_RETRY) {
            continue;
        }
        if (++r->context->unpacked->members > MEMBERS_MAX) {
            return lede_fail(err, LEDE_CORRUPT, "refused: more than %d members",
                             MEMBERS_MAX);
        }
        if (take_name(r, entry)) {
            if (!r->names.is_whole) {
                lede_archive_names_put(&r->names, lede_buf_span(&r->name));
            }
            verdict = judge(r, entry);
            if (verdict == LEDE_ARCHIVE_WAIT) {
                r->context->unpacked->members--;
                r->waits = true;
                return LEDE_OK;
            }
            if (verdict == LEDE_ARCHIVE_READ) {
                status = read_member(r, a, entry, err);
            }
        } else {
            r->nameless += archive_entry_filetype(entry) == AE_IFREG;
        }
        r->seen++;
    }
    return status;
}

static void note_count(const archive_reader *r, uint64_t count,
                       const char *what)
{
    char text[128];

    if (count > 0 && r->sink->note != NULL) {
        snprintf(text, sizeof text, "%llu of its files %s",
                 (unsigned long long)count, what);
        r->sink->note(r->sink->ctx, "", text);
    }
}

/* From the first member to the last, or to that which waits. */
static lede_status read_once(archive_reader *r, lede_error *err)
{
    struct archive *a = open_at(r, r->seen, err);
    lede_status status = a == NULL ? err->status : read_members(r, a, err);

    archive_read_free(a);
    return status;
}

/* What a WACZ lists beside what its web archives hold. */
static lede_status read_lists(archive_reader *r, lede_error *err)
{
    lede_status status = lede_input_rewind(r->input, err);

    r->seen = 0;
    r->is_listing = true;
    return status == LEDE_OK ? read_once(r, err) : status;
}

static lede_status read_all(archive_reader *r, lede_error *err)
{
    lede_status status = LEDE_OK;
    lede_error failure = {0};

    if (lede_input_can_seek(r->input)) {
        status = list_names(r, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    if (r->names.other != NULL && is_zip(lede_input_head(r->input))) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "%s: not a kind of file that lede reads",
                         r->names.other);
    }
    do {
        r->waits = false;
        status = read_once(r, &failure);
        if (status == LEDE_OK && r->waits) {
            status = lede_input_rewind(r->input, &failure);
        }
        if (status == LEDE_OK && r->waits) {
            status = list_names(r, &failure);
        }
    } while (status == LEDE_OK && r->waits);
    if (status == LEDE_OK && is_wacz(r)) {
        status = read_lists(r, &failure);
    }
    if (status != LEDE_OK && err != NULL) {
        *err = failure;
    }
    note_count(r, r->no_text, "hold no articles and were passed over");
    note_count(r, r->encrypted, "are encrypted and were passed over");
    note_count(r, r->nameless,
               "have names that cannot be read and were passed over");
    if (status == LEDE_OK && r->entries == 0) {
        status =
            lede_fail(err, LEDE_BAD_INPUT, "an archive without articles in it");
    }
    return status;
}

/* libarchive gives names in the letters of the thread's locale, and none where
 * that lacks one of them. */
static lede_status read_all_names(archive_reader *r, lede_error *err)
{
    locale_t letters = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t before;
    lede_status status;

    if (letters == (locale_t)0) {
        return read_all(r, err);
    }
    before = uselocale(letters);
    status = read_all(r, err);
    uselocale(before);
    freelocale(letters);
    return status;
}

static lede_status read_archive(lede_input *input,
                                const lede_read_context *context,
                                const lede_sink *sink, lede_error *err)
{
    archive_reader *r;
    lede_status status;

    if (context->depth >= LEDE_CONTAINERS_MAX) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "an archive more than %d deep: not unpacked",
                         LEDE_CONTAINERS_MAX);
    }
    r = calloc(1, sizeof *r);
    if (r == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    r->input = input;
    r->context = context;
    r->sink = sink;
    lede_wacz_pages_init(&r->pages, sink);
    status = read_all_names(r, err);
    lede_wacz_pages_done(&r->pages);
    lede_archive_names_done(&r->names);
    lede_buf_done(&r->name);
    lede_buf_done(&r->location);
    free(r);
    return status;
}

const lede_format lede_format_archive = {"archive", claims_archive,
                                         read_archive};
