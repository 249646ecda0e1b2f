#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* vsnprintf may cut inside a UTF-8 sequence; drop the broken tail. */
static void trim_partial_char(char *text)
{
    size_t len = strlen(text);
    size_t start = len;

    if (len < LEDE_ERROR_MESSAGE_BYTES - 1) {
        return;
    }
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0u) == 0x80u) {
        start--;
    }
    if (start > 0 && (unsigned char)text[start - 1] >= 0xC0u) {
        text[start - 1] = '\0';
    }
}

lede_status lede_fail(lede_error *err, lede_status status, const char *format,
                      ...)
{
    va_list args;

    if (err == NULL) {
        return status;
    }
    err->status = status;
    va_start(args, format);
    vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    trim_partial_char(err->message);
    return status;
}

lede_status lede_fail_in(lede_error *err, lede_status status,
                         const char *format, ...)
{
    char lower[LEDE_ERROR_MESSAGE_BYTES];
    va_list args;
    size_t len;

    if (err == NULL) {
        return status;
    }
    memcpy(lower, err->message, sizeof lower);
    err->status = status;
    va_start(args, format);
    vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    len = strlen(err->message);
    snprintf(err->message + len, sizeof err->message - len, ": %s", lower);
    trim_partial_char(err->message);
    return status;
}

const char *lede_status_name(lede_status status)
{
    switch (status) {
    case LEDE_OK:
        return "ok";
    case LEDE_NOT_FOUND:
        return "not found";
    case LEDE_END:
        return "end";
    case LEDE_EXISTS:
        return "exists";
    case LEDE_BAD_INPUT:
        return "bad input";
    case LEDE_NO_MEMORY:
        return "out of memory";
    case LEDE_IO:
        return "input/output error";
    case LEDE_CORRUPT:
        return "corrupt";
    case LEDE_BUSY:
        return "busy";
    case LEDE_STALE:
        return "stale";
    case LEDE_TOO_NEW:
        return "too new";
    case LEDE_INTERRUPTED:
        return "interrupted";
    case LEDE_BUG:
        return "bug";
    }
    return "unknown";
}
