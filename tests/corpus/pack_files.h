/* pack_files.h - archives of files, made on the spot. */
#ifndef LEDE_TESTS_CORPUS_PACK_FILES_H
#define LEDE_TESTS_CORPUS_PACK_FILES_H

#include <archive.h>
#include <archive_entry.h>
#include <bzlib.h>
#include <locale.h>
#include <lzma.h>

#include "base/buf.h"

/* A file of an archive to be made; the list ends with a NULL name. */
typedef struct pack_file {
    const char *name;
    lede_span bytes;
} pack_file;

static inline la_ssize_t pack_write(struct archive *a, void *ctx,
                                    const void *bytes, size_t len)
{
    (void)a;
    lede_buf_put(ctx, bytes, len);
    return (la_ssize_t)len;
}

/* Appends an archive of the files. In a zip archive names with other letters
 * than ASCII are flagged as UTF-8. */
static inline void pack_files(lede_buf *out, bool as_zip,
                              const pack_file *files)
{
    struct archive *a = archive_write_new();
    locale_t letters = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t before = uselocale(letters);

    if (as_zip) {
        archive_write_set_format_zip(a);
    } else {
        archive_write_set_format_ustar(a);
    }
    archive_write_add_filter_none(a);
    archive_write_set_bytes_per_block(a, 0);
    out->failed |= archive_write_open(a, out, NULL, pack_write, NULL) != 0;
    for (; files->name != NULL; files++) {
        struct archive_entry *entry = archive_entry_new();

        archive_entry_set_pathname_utf8(entry, files->name);
        archive_entry_set_pathname(entry, files->name);
        archive_entry_set_size(entry, (la_int64_t)files->bytes.len);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_mtime(entry, 1700000000, 0);
        out->failed |= archive_write_header(a, entry) != ARCHIVE_OK;
        out->failed |=
            archive_write_data(a, files->bytes.bytes, files->bytes.len) < 0;
        archive_entry_free(entry);
    }
    archive_write_free(a);
    uselocale(before);
    freelocale(letters);
}

static inline void pack_bzip2(lede_buf *out, lede_span data)
{
    unsigned room = (unsigned)(data.len + data.len / 50 + 1024);
    char *at = (char *)lede_buf_extend(out, room);
    unsigned len = room;

    if (at == NULL ||
        BZ2_bzBuffToBuffCompress(at, &len, (char *)(uintptr_t)data.bytes,
                                 (unsigned)data.len, 9, 0, 0) != BZ_OK) {
        out->failed = true;
        return;
    }
    out->len -= room - len;
}

static inline void pack_xz(lede_buf *out, lede_span data)
{
    size_t room = lzma_stream_buffer_bound(data.len);
    uint8_t *at = lede_buf_extend(out, room);
    size_t len = 0;

    if (at == NULL ||
        lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, NULL, data.bytes, data.len,
                                at, &len, room) != LZMA_OK) {
        out->failed = true;
        return;
    }
    out->len -= room - len;
}

#endif
