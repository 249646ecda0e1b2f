#include "names/train/plain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

lede_status plain_open(plain_reader *reader, const char *path, lede_error *err)
{
    memset(reader, 0, sizeof *reader);
    reader->file = fopen(path, "rb");
    return reader->file != NULL
               ? LEDE_OK
               : lede_fail(err, LEDE_IO, "%s: %s", path, strerror(errno));
}

void plain_close(plain_reader *reader)
{
    if (reader->file != NULL) {
        fclose(reader->file);
    }
    free(reader->line);
    lede_buf_done(&reader->text);
    memset(reader, 0, sizeof *reader);
}

static void put_code(lede_buf *out, const char *hex)
{
    char digits[5] = {0};
    uint8_t bytes[4];

    memcpy(digits, hex, strlen(hex) < 4 ? strlen(hex) : 4);
    lede_buf_put(out, bytes,
                 lede_utf8_encode(bytes, (uint32_t)strtoul(digits, NULL, 16)));
}

/* Appends the string behind `"name": "`, unescaped. */
static bool put_member(lede_buf *out, const char *line, const char *name)
{
    const char *at = strstr(line, name);

    if (at == NULL) {
        return false;
    }
    for (at += strlen(name); *at != '\0' && *at != '"'; at++) {
        if (*at != '\\') {
            lede_buf_put_byte(out, (uint8_t)*at);
            continue;
        }
        at++;
        if (*at == 'u' && strlen(at) > 4) {
            put_code(out, at + 1);
            at += 4;
        } else if (*at == 'n' || *at == 't' || *at == 'r') {
            lede_buf_put_byte(out, *at == 'n' ? '\n' : ' ');
        } else if (*at == '\0') {
            break;
        } else {
            lede_buf_put_byte(out, (uint8_t)*at);
        }
    }
    return true;
}

lede_status plain_next(plain_reader *reader, lede_span *text, lede_error *err)
{
    while (getline(&reader->line, &reader->line_cap, reader->file) > 0) {
        lede_buf_clear(&reader->text);
        if (strncmp(reader->line, "{\"id\": \"wiki", 12) == 0 &&
            put_member(&reader->text, reader->line, "\"title\": \"")) {
            reader->title_bytes = reader->text.len;
            lede_buf_put_byte(&reader->text, '\n');
            if (put_member(&reader->text, reader->line, "\"body\": \"")) {
                *text = lede_buf_span(&reader->text);
                return reader->text.failed
                           ? lede_fail(err, LEDE_NO_MEMORY, "no memory")
                           : LEDE_OK;
            }
        }
    }
    return LEDE_END;
}
