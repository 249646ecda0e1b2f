/* reuters_to_jsonl.c - the stories of Reuters-21578 as JSON Lines.
 *
 *   reuters_to_jsonl < reut2-000.sgm > out.jsonl
 *
 * The files are SGML that no XML parser takes (control references, a stray
 * Latin-1 byte), so this looks for the tags it needs. For tests and benchmarks:
 * the program reads the SGML itself some day. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

static bool read_all(FILE *file, lede_buf *out)
{
    char chunk[65536];
    size_t got;

    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0) {
        lede_buf_put(out, chunk, got);
    }
    return !out->failed && ferror(file) == 0;
}

static const char *find(const char *from, const char *end, const char *what)
{
    size_t len = strlen(what);

    for (; from + len <= end; from++) {
        if (memcmp(from, what, len) == 0) {
            return from;
        }
    }
    return NULL;
}

/* The text between <NAME...> and </NAME>. */
static lede_span element(const char *story, const char *end, const char *name)
{
    char open[32];
    char close[32];
    const char *begin;
    const char *stop;

    snprintf(open, sizeof open, "<%s", name);
    snprintf(close, sizeof close, "</%s>", name);
    begin = find(story, end, open);
    if (begin == NULL || (begin = find(begin, end, ">")) == NULL ||
        (stop = find(begin, end, close)) == NULL) {
        return lede_span_of(NULL, 0);
    }
    return lede_span_of(begin + 1, (size_t)(stop - begin - 1));
}

/* Entities decoded, control references dropped. */
static void decode(lede_span in, lede_buf *out)
{
    size_t i = 0;

    while (i < in.len) {
        lede_span rest = lede_span_part(in, i, in.len);

        if (lede_span_starts(rest, "&lt;")) {
            lede_buf_put_byte(out, '<');
            i += 4;
        } else if (lede_span_starts(rest, "&gt;")) {
            lede_buf_put_byte(out, '>');
            i += 4;
        } else if (lede_span_starts(rest, "&amp;")) {
            lede_buf_put_byte(out, '&');
            i += 5;
        } else if (lede_span_starts(rest, "&#")) {
            while (i < in.len && in.bytes[i] != ';') {
                i++;
            }
            i++;
        } else {
            lede_buf_put_byte(out, in.bytes[i++]);
        }
    }
}

static void put_json(lede_buf *out, lede_span text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        uint8_t c = text.bytes[i];

        if (c == '"' || c == '\\') {
            lede_buf_put_format(out, "\\%c", c);
        } else if (c == '\n') {
            lede_buf_put_text(out, "\\n");
        } else if (c < 0x20) {
            lede_buf_put_byte(out, ' ');
        } else {
            lede_buf_put_byte(out, c);
        }
    }
}

static void put_member(lede_buf *out, const char *name, lede_span raw)
{
    lede_buf text = {0};
    lede_buf valid = {0};

    decode(lede_span_trim(raw), &text);
    lede_utf8_repair(lede_buf_span(&text), &valid);
    lede_buf_put_format(out, ", \"%s\": \"", name);
    put_json(out, lede_buf_span(&valid));
    lede_buf_put_byte(out, '"');
    lede_buf_done(&text);
    lede_buf_done(&valid);
}

/* "26-FEB-1987 15:01:01.79" to ISO 8601; nothing if it is irregular. */
static void put_date(lede_buf *out, lede_span raw)
{
    static const char months[] = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
    char text[64] = "";
    char month[8] = "";
    unsigned day = 0;
    unsigned year = 0;
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    const char *at;

    raw = lede_span_trim(raw);
    if (raw.len >= sizeof text) {
        return;
    }
    memcpy(text, raw.bytes, raw.len);
    if (sscanf(text, "%u-%3[A-Z]-%u %u:%u:%u", &day, month, &year, &hour,
               &minute, &second) != 6 ||
        (at = strstr(months, month)) == NULL) {
        return;
    }
    lede_buf_put_format(
        out, ", \"published\": \"%04u-%02d-%02uT%02u:%02u:%02uZ\"", year,
        (int)(at - months) / 3 + 1, day, hour, minute, second);
}

static unsigned number_of(const char *story, const char *end)
{
    const char *at = find(story, end, "NEWID=\"");

    return at == NULL ? 0 : (unsigned)strtoul(at + 7, NULL, 10);
}

static void put_story(lede_buf *out, const char *story, const char *end)
{
    lede_span body = element(story, end, "BODY");

    lede_buf_put_format(out, "{\"id\": \"reuters-%u\"", number_of(story, end));
    put_date(out, element(story, end, "DATE"));
    put_member(out, "title", element(story, end, "TITLE"));
    put_member(out, "author", element(story, end, "AUTHOR"));
    put_member(out, "dateline", element(story, end, "DATELINE"));
    put_member(out, "body", body.len > 0 ? body : element(story, end, "TEXT"));
    lede_buf_put_text(out, "}\n");
}

int main(void)
{
    lede_buf in = {0};
    lede_buf out = {0};
    const char *at;
    const char *end;

    if (!read_all(stdin, &in) || in.len == 0) {
        fprintf(stderr, "nothing to read\n");
        return 2;
    }
    at = (const char *)in.bytes;
    end = at + in.len;
    while ((at = find(at, end, "<REUTERS ")) != NULL) {
        const char *stop = find(at, end, "</REUTERS>");

        if (stop == NULL) {
            break;
        }
        put_story(&out, at, stop);
        at = stop;
    }
    if (out.failed || fwrite(out.bytes, 1, out.len, stdout) != out.len) {
        fprintf(stderr, "could not write\n");
        return 2;
    }
    lede_buf_done(&in);
    lede_buf_done(&out);
    return 0;
}
