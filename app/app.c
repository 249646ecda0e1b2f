#include "app/app.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/opened.h"
#include "base/time.h"
#include "base/utf8.h"
#include "storage/shards.h"

static volatile int stop_requested;

static void on_signal(int number)
{
    struct sigaction plain = {.sa_handler = SIG_DFL};

    stop_requested = 1;
    sigaction(number, &plain, NULL); /* a second one kills */
}

const volatile int *lede_app_stop_flag(void)
{
    return &stop_requested;
}

void lede_app_catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

bool lede_parse_count(const char *text, uint64_t max, uint64_t *out)
{
    uint64_t value = 0;
    const char *p;

    if (text[0] == '\0') {
        return false;
    }
    for (p = text; *p != '\0'; p++) {
        uint64_t digit = (uint64_t)(*p - '0');

        if (*p < '0' || *p > '9' || value > (UINT64_MAX - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    if (value > max) {
        return false;
    }
    *out = value;
    return true;
}

/* Splits "36h" into 36 and 'h'; no unit is 0. */
static bool parse_with_unit(const char *text, double *number, char *unit)
{
    size_t len = strlen(text);
    char digits[32];

    if (len == 0 || len >= sizeof digits) {
        return false;
    }
    memcpy(digits, text, len + 1);
    *unit = 0;
    if (strchr("0123456789.", digits[len - 1]) == NULL) {
        *unit = digits[len - 1];
        digits[--len] = '\0';
    }
    return lede_parse_number(digits, 0, 1e18, number);
}

bool lede_parse_bytes(const char *text, uint64_t *out)
{
    static const char units[] = "KMGT";
    double number;
    double factor = 1;
    char unit;
    const char *at;

    if (!parse_with_unit(text, &number, &unit)) {
        return false;
    }
    if (unit != 0) {
        char upper =
            unit >= 'a' && unit <= 'z' ? (char)(unit - 'a' + 'A') : unit;

        at = strchr(units, upper);
        if (at == NULL || *at == '\0') {
            return false;
        }
        factor = pow(1024, (double)(at - units + 1));
    }
    if (number * factor > 9e18) {
        return false;
    }
    *out = (uint64_t)(number * factor);
    return true;
}

bool lede_parse_duration(const char *text, int64_t *out)
{
    double number;
    double factor;
    char unit;

    if (!parse_with_unit(text, &number, &unit)) {
        return false;
    }
    switch (unit) {
    case 's':
        factor = 1;
        break;
    case 'm':
        factor = 60;
        break;
    case 'h':
        factor = 3600;
        break;
    case 'd':
        factor = 86400;
        break;
    case 'w':
        factor = 7 * 86400;
        break;
    case 'y':
        factor = 365.25 * 86400;
        break;
    default:
        return false;
    }
    if (number * factor < 1 || number * factor > 1e12) {
        return false;
    }
    *out = (int64_t)(number * factor);
    return true;
}

bool lede_parse_number(const char *text, double min, double max, double *out)
{
    char *end = NULL;
    double value;

    if (text[0] == '\0' || strspn(text, "0123456789.") != strlen(text)) {
        return false;
    }
    value = strtod(text, &end);
    if (*end != '\0' || !(value >= min && value <= max)) {
        return false;
    }
    *out = value;
    return true;
}

bool lede_refuse(const char *option, lede_error *err)
{
    lede_error inner = *err;

    lede_fail(err, inner.status, "%s: %s", option, inner.message);
    return false;
}

/* C0, DEL, C1, and the bidi controls that reorder a line. */
bool lede_is_harmful(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

void lede_put_safe(lede_buf *out, lede_span text)
{
    const uint8_t *p = text.bytes;
    const uint8_t *end = text.len == 0 ? p : p + text.len;

    while (p < end) {
        uint32_t c;
        size_t len = lede_utf8_decode(p, end, &c);

        if (c == '\n' || c == '\r' || c == '\t' || c == 0x2028 || c == 0x2029) {
            lede_buf_put_byte(out, ' ');
        } else if (c == LEDE_UTF8_REPLACEMENT || lede_is_harmful(c)) {
            lede_buf_put_text(out, "\xEF\xBF\xBD");
        } else {
            lede_buf_put(out, p, len);
        }
        p += len;
    }
}

void lede_say(const char *format, ...)
{
    char text[2048];
    lede_buf line = {0};
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    lede_buf_put_text(&line, "lede: ");
    lede_put_safe(&line, lede_span_text(text));
    lede_buf_put_byte(&line, '\n');
    if (!line.failed) {
        fwrite(line.bytes, 1, line.len, stderr);
    }
    lede_buf_done(&line);
}

int lede_say_failure(const lede_error *err)
{
    lede_say("%s%s",
             err->message[0] != '\0' ? err->message
                                     : lede_status_name(err->status),
             err->status == LEDE_CORRUPT ? "; run 'lede check'" : "");
    return err->status == LEDE_INTERRUPTED ? LEDE_EXIT_INTERRUPTED
                                           : LEDE_EXIT_ERROR;
}

static bool find_archive(lede_app *app, lede_error *err)
{
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    const char *named = getenv("LEDE_ARCHIVE");
    lede_buf path = {0};

    if (app->archive != NULL) {
        return true;
    }
    if (named != NULL && named[0] != '\0') {
        app->archive = named;
        return true;
    }
    if (data != NULL && data[0] == '/') {
        lede_buf_put_format(&path, "%s/lede", data);
    } else if (home != NULL && home[0] == '/') {
        lede_buf_put_format(&path, "%s/.local/share/lede", home);
    } else {
        lede_fail(err, LEDE_BAD_INPUT,
                  "which archive? Give --archive DIR or set LEDE_ARCHIVE "
                  "(there is no home folder to keep it in)");
        return false;
    }
    app->archive = lede_buf_text(&path);
    app->archive_owned = (char *)path.bytes;
    if (app->archive == NULL) {
        lede_fail(err, LEDE_NO_MEMORY, "out of memory");
        return false;
    }
    return true;
}

bool lede_app_find_archive(lede_app *app)
{
    lede_error err = {0};

    if (!find_archive(app, &err)) {
        lede_say_failure(&err);
        return false;
    }
    return true;
}

bool lede_app_knows_archive(lede_app *app)
{
    return find_archive(app, NULL);
}

const char *lede_app_shards(lede_app *app, int *result)
{
    size_t len = strlen(LEDE_XAPIAN_SCHEME);
    lede_error err = {0};

    *result = LEDE_EXIT_DONE;
    if (!find_archive(app, &err)) {
        *result = lede_say_failure(&err);
        return NULL;
    }
    return strncmp(app->archive, LEDE_XAPIAN_SCHEME, len) == 0
               ? app->archive + len
               : NULL;
}

/* A database, or a folder with a list of them. */
static bool is_of_xapian(const char *directory)
{
    static const char *const files[] = {"iamglass", LEDE_SHARD_LIST};
    bool found = false;

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        lede_buf path = {0};
        const char *text;

        lede_buf_put_format(&path, "%s/%s", directory, files[i]);
        text = lede_buf_text(&path);
        found |= text != NULL && access(text, F_OK) == 0;
        lede_buf_done(&path);
    }
    return found;
}

int lede_app_open(lede_app *app, bool create, lede_archive **out)
{
    lede_archive_options options = {.create = create};
    lede_error err = {0};
    lede_status status;

    int result;

    if (lede_app_shards(app, &result) != NULL) {
        lede_say("%s: this command is for an archive in a folder of its own; "
                 "databases of Xapian's are copied as they are, or by "
                 "xapian-replicate",
                 app->archive);
        return LEDE_EXIT_ERROR;
    }
    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    status = lede_archive_open(app->archive, &options, out, &err);
    if (status == LEDE_NOT_FOUND && is_of_xapian(app->archive)) {
        lede_say("%s: no archive here, but what Xapian reads: name it %s%s",
                 app->archive, LEDE_XAPIAN_SCHEME, app->archive);
        return LEDE_EXIT_ERROR;
    }
    if (status == LEDE_NOT_FOUND) {
        lede_say("%s: no archive here. Make one with: lede index PATH...",
                 app->archive);
        return LEDE_EXIT_ERROR;
    }
    if (status != LEDE_OK) {
        lede_say("%s", err.message); /* the check could not open it, either */
        return LEDE_EXIT_ERROR;
    }
    return LEDE_EXIT_DONE;
}

int lede_app_open_snapshot(lede_app *app, lede_archive **archive,
                           lede_snapshot **snapshot)
{
    lede_error err = {0};
    int result = lede_app_open(app, false, archive);

    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    err.status = lede_snapshot_open(*archive, snapshot, &err);
    if (err.status != LEDE_OK) {
        lede_archive_close(*archive);
        *archive = NULL;
        return lede_say_failure(&err);
    }
    return LEDE_EXIT_DONE;
}

bool lede_flush(lede_buf *out, FILE *stream)
{
    bool fine = !out->failed;

    if (!fine) {
        lede_say("out of memory");
    } else if (out->len > 0 &&
               (fwrite(out->bytes, 1, out->len, stream) != out->len ||
                fflush(stream) != 0)) {
        if (errno != EPIPE) {
            lede_say("writing the answer failed: %s", strerror(errno));
        }
        fine = false;
    }
    lede_buf_clear(out);
    return fine;
}

void lede_put_grouped(lede_buf *out, uint64_t number)
{
    char digits[32];
    int len = snprintf(digits, sizeof digits, "%" PRIu64, number);
    int i;

    for (i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) {
            lede_buf_put_byte(out, ',');
        }
        lede_buf_put_byte(out, (uint8_t)digits[i]);
    }
}

void lede_put_count_line(lede_buf *out, const char *name, uint64_t number)
{
    lede_buf_put_format(out, "%-10s ", name);
    lede_put_grouped(out, number);
    lede_buf_put_byte(out, '\n');
}

void lede_put_instant_line(lede_buf *out, const char *name, int64_t instant)
{
    lede_buf_put_format(out, "%-10s ", name);
    if (instant == LEDE_INSTANT_NONE) {
        lede_buf_put_byte(out, '-');
    } else {
        lede_instant_format(instant, out);
    }
    lede_buf_put_byte(out, '\n');
}

void lede_put_entries(lede_buf *out, uint64_t count)
{
    lede_put_grouped(out, count);
    lede_buf_put_text(out, count == 1 ? " entry" : " entries");
}

void lede_put_bytes(lede_buf *out, uint64_t bytes)
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
    double value = (double)bytes;
    unsigned unit = 0;

    while (value >= 999.5 && unit < 4) {
        value /= 1000;
        unit++;
    }
    lede_buf_put_format(out,
                        unit == 0 || value >= 99.95 ? "%.0f %s" : "%.1f %s",
                        value, units[unit]);
}
