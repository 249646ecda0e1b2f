#include "base/zone.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/zone_rule.h"

enum {
    ZONE_FILE_MAX_BYTES = 1024 * 1024, /* the largest is about 4 KiB */
    ZONE_NAME_MAX_BYTES = 64,
    ZONE_PATH_MAX_BYTES = 1024,
    TZIF_HEADER_BYTES = 44,
    OFFSET_MAX_S = 26 * 3600, /* RFC 8536 asks for no more */
    ZONE_PAST_RULES = 3
};

typedef struct change {
    int64_t at;
    int32_t offset_s;
} change;

/* From an instant on, a rule holds. */
typedef struct period {
    int64_t since;
    lede_zone_rule rule;
} period;

struct lede_zone {
    int32_t first_s; /* before the first change */
    change *changes; /* in order of time */
    size_t change_count;
    period rules[ZONE_PAST_RULES]; /* newest first */
    size_t rule_count;
};

/* For a machine without tz database: what the common zones do. Years: since
 * when each rule holds; the oldest stands for all before. */
static const struct {
    const char *name;
    int32_t year;
    const char *rule;
} known_rules[] = {
    {"America/New_York", 2007, "EST5EDT,M3.2.0,M11.1.0"},
    {"America/New_York", 1987, "EST5EDT,M4.1.0,M10.5.0"},
    {"America/New_York", 1967, "EST5EDT,M4.5.0,M10.5.0"},
    {"America/Chicago", 2007, "CST6CDT,M3.2.0,M11.1.0"},
    {"America/Chicago", 1987, "CST6CDT,M4.1.0,M10.5.0"},
    {"America/Chicago", 1967, "CST6CDT,M4.5.0,M10.5.0"},
    {"America/Denver", 2007, "MST7MDT,M3.2.0,M11.1.0"},
    {"America/Denver", 1987, "MST7MDT,M4.1.0,M10.5.0"},
    {"America/Denver", 1967, "MST7MDT,M4.5.0,M10.5.0"},
    {"America/Los_Angeles", 2007, "PST8PDT,M3.2.0,M11.1.0"},
    {"America/Los_Angeles", 1987, "PST8PDT,M4.1.0,M10.5.0"},
    {"America/Los_Angeles", 1967, "PST8PDT,M4.5.0,M10.5.0"},
    {"America/Toronto", 2007, "EST5EDT,M3.2.0,M11.1.0"},
    {"America/Halifax", 2007, "AST4ADT,M3.2.0,M11.1.0"},
    {"Europe/London", 1996, "GMT0BST,M3.5.0/1,M10.5.0"},
    {"Europe/Dublin", 1996, "GMT0IST,M3.5.0/1,M10.5.0"},
    {"Europe/Lisbon", 1996, "WET0WEST,M3.5.0/1,M10.5.0"},
    {"Europe/Paris", 1996, "CET-1CEST,M3.5.0,M10.5.0/3"},
    {"Europe/Berlin", 1996, "CET-1CEST,M3.5.0,M10.5.0/3"},
    {"Europe/Brussels", 1996, "CET-1CEST,M3.5.0,M10.5.0/3"},
    {"Europe/Amsterdam", 1996, "CET-1CEST,M3.5.0,M10.5.0/3"},
    {"Europe/Madrid", 1996, "CET-1CEST,M3.5.0,M10.5.0/3"},
    {"Europe/Rome", 1996, "CET-1CEST,M3.5.0,M10.5.0/3"},
    {"Europe/Vienna", 1996, "CET-1CEST,M3.5.0,M10.5.0/3"},
    {"Europe/Zurich", 1996, "CET-1CEST,M3.5.0,M10.5.0/3"},
    {"Europe/Stockholm", 1996, "CET-1CEST,M3.5.0,M10.5.0/3"},
    {"Europe/Oslo", 1996, "CET-1CEST,M3.5.0,M10.5.0/3"},
    {"Europe/Copenhagen", 1996, "CET-1CEST,M3.5.0,M10.5.0/3"},
    {"Europe/Warsaw", 1996, "CET-1CEST,M3.5.0,M10.5.0/3"},
    {"Europe/Prague", 1996, "CET-1CEST,M3.5.0,M10.5.0/3"},
    {"Europe/Budapest", 1996, "CET-1CEST,M3.5.0,M10.5.0/3"},
    {"Europe/Helsinki", 1996, "EET-2EEST,M3.5.0/3,M10.5.0/4"},
    {"Europe/Athens", 1996, "EET-2EEST,M3.5.0/3,M10.5.0/4"},
    {"Europe/Kyiv", 1996, "EET-2EEST,M3.5.0/3,M10.5.0/4"},
};

/* ---- Names ---- */

static bool is_name_byte(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-';
}

/* Only names of the tz database pass, so that no name leads out of its folder:
 * no dots at all, no empty part. */
static bool is_zone_name(const char *name)
{
    size_t len = strlen(name);
    size_t i;

    if (len == 0 || len > ZONE_NAME_MAX_BYTES || name[len - 1] == '/') {
        return false;
    }
    for (i = 0; i < len; i++) {
        if (name[i] == '/' ? i == 0 || name[i - 1] == '/'
                           : !is_name_byte(name[i])) {
            return false;
        }
    }
    return true;
}

static bool take_two(const char **p, int32_t max, int32_t *out)
{
    const char *s = *p;

    if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9') {
        return false;
    }
    *out = (s[0] - '0') * 10 + (s[1] - '0');
    *p = s + 2;
    return *out <= max;
}

/* "UTC", "Z", "GMT", "+01", "+01:00", "-0530" */
static bool parse_fixed(const char *name, int32_t *offset_s)
{
    const char *p = name + 1;
    int32_t hours;
    int32_t minutes = 0;

    if (strcmp(name, "UTC") == 0 || strcmp(name, "GMT") == 0 ||
        strcmp(name, "Z") == 0) {
        *offset_s = 0;
        return true;
    }
    if ((name[0] != '+' && name[0] != '-') || !take_two(&p, 23, &hours)) {
        return false;
    }
    p += *p == ':';
    if ((*p != '\0' || p[-1] == ':') && !take_two(&p, 59, &minutes)) {
        return false;
    }
    if (*p != '\0') {
        return false;
    }
    *offset_s = (hours * 3600 + minutes * 60) * (name[0] == '-' ? -1 : 1);
    return true;
}

/* ---- TZif ---- */

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           p[3];
}

static int64_t be_signed(const uint8_t *p, size_t width)
{
    if (width == 4) {
        return (int32_t)be32(p);
    }
    return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

/* One block of a TZif file (the first has 4-byte times, the second 8-byte). */
typedef struct block {
    uint32_t changes, types;
    const uint8_t *times, *indices, *type_bytes;
    size_t width, end; /* bytes of a time; where the block ends */
} block;

static bool read_block(lede_span file, size_t begin, size_t width, block *out)
{
    const uint8_t *head = file.bytes + begin;
    uint64_t size;
    uint32_t counts[6];
    size_t i;

    if (file.len < begin || file.len - begin < TZIF_HEADER_BYTES ||
        memcmp(head, "TZif", 4) != 0) {
        return false;
    }
    for (i = 0; i < 6; i++) { /* isut, isstd, leap, time, type, char */
        counts[i] = be32(head + 20 + i * 4);
        if (counts[i] > ZONE_FILE_MAX_BYTES) {
            return false;
        }
    }
    size = (uint64_t)counts[3] * (width + 1) + (uint64_t)counts[4] * 6 +
           counts[5] + (uint64_t)counts[2] * (width + 4) + counts[1] +
           counts[0];
    if (counts[4] == 0 || size > file.len - begin - TZIF_HEADER_BYTES) {
        return false;
    }
    out->changes = counts[3];
    out->types = counts[4];
    out->width = width;
    out->times = head + TZIF_HEADER_BYTES;
    out->indices = out->times + (size_t)counts[3] * width;
    out->type_bytes = out->indices + counts[3];
    out->end = begin + TZIF_HEADER_BYTES + (size_t)size;
    return true;
}

static bool type_offset(const block *b, uint32_t type, int32_t *out)
{
    int64_t offset;

    if (type >= b->types) {
        return false;
    }
    offset = be_signed(b->type_bytes + (size_t)type * 6, 4);
    if (offset < -OFFSET_MAX_S || offset > OFFSET_MAX_S) {
        return false;
    }
    *out = (int32_t)offset;
    return true;
}

static bool load_changes(const block *b, lede_zone *zone)
{
    uint32_t i;

    if (!type_offset(b, 0, &zone->first_s)) {
        return false;
    }
    for (i = 0; i < b->changes; i++) {
        change *c = &zone->changes[i];

        c->at = be_signed(b->times + (size_t)i * b->width, b->width);
        if (!type_offset(b, b->indices[i], &c->offset_s) ||
            (i > 0 && c->at <= zone->changes[i - 1].at)) {
            return false;
        }
    }
    zone->change_count = b->changes;
    return true;
}

/* The rule between the newlines behind the second block. */
static void load_footer(lede_span file, size_t at, lede_zone *zone)
{
    const uint8_t *end;
    lede_span text;

    if (at >= file.len || file.bytes[at] != '\n') {
        return;
    }
    text = lede_span_part(file, at + 1, file.len);
    end = text.len == 0 ? NULL : memchr(text.bytes, '\n', text.len);
    if (end == NULL) {
        return;
    }
    text.len = (size_t)(end - text.bytes);
    if (lede_zone_rule_parse(text, &zone->rules[0].rule)) {
        zone->rule_count = 1;
        zone->rules[0].since = zone->change_count == 0
                                   ? INT64_MIN
                                   : zone->changes[zone->change_count - 1].at;
    }
}

static lede_status parse_tzif(lede_span file, const char *name, lede_zone *zone,
                              lede_error *err)
{
    block b;
    bool is_wide;

    if (!read_block(file, 0, 4, &b)) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "the tz database's '%s' is no time zone", name);
    }
    is_wide = file.bytes[4] >= '2';
    if (is_wide && !read_block(file, b.end, 8, &b)) {
        goto damaged;
    }
    zone->changes = calloc(b.changes + 1u, sizeof *zone->changes);
    if (zone->changes == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for time zone '%s'",
                         name);
    }
    if (!load_changes(&b, zone)) {
        goto damaged;
    }
    if (is_wide) {
        load_footer(file, b.end, zone);
    }
    return LEDE_OK;

damaged:
    return lede_fail(err, LEDE_BAD_INPUT,
                     "the tz database's file of '%s' is damaged", name);
}

/* LEDE_NOT_FOUND if there is no such file. */
static lede_status read_zone_file(const char *name, lede_buf *out)
{
    const char *folder = getenv("TZDIR");
    char path[ZONE_PATH_MAX_BYTES];
    lede_status status = LEDE_NOT_FOUND;
    struct stat st;
    int len;
    int fd;

    if (folder == NULL || folder[0] == '\0') {
        folder = "/usr/share/zoneinfo";
    }
    len = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (len < 0 || (size_t)len >= sizeof path) {
        return LEDE_NOT_FOUND;
    }
    /* a pipe in a TZDIR must not block us */
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        return LEDE_NOT_FOUND;
    }
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
        st.st_size > ZONE_FILE_MAX_BYTES) {
        goto done;
    }
    while (out->len < ZONE_FILE_MAX_BYTES) {
        ssize_t got;

        if (!lede_buf_reserve(out, 8192)) {
            status = LEDE_NO_MEMORY;
            goto done;
        }
        got = read(fd, out->bytes + out->len, 8192);
        if (got <= 0) {
            status = got == 0 ? LEDE_OK : LEDE_NOT_FOUND;
            break;
        }
        out->len += (size_t)got;
    }

done:
    close(fd);
    return status;
}

/* The built-in rules of `name`; false if there are none. */
static bool load_known(const char *name, lede_zone *zone)
{
    size_t i;

    for (i = 0; i < sizeof known_rules / sizeof known_rules[0]; i++) {
        period *p = &zone->rules[zone->rule_count];

        if (strcmp(known_rules[i].name, name) != 0 ||
            zone->rule_count == ZONE_PAST_RULES) {
            continue;
        }
        if (!lede_zone_rule_parse(lede_span_text(known_rules[i].rule),
                                  &p->rule)) {
            continue;
        }
        p->since = lede_days_from_civil(known_rules[i].year, 1, 1) * 86400;
        zone->rule_count++;
    }
    if (zone->rule_count == 0) {
        return false;
    }
    zone->rules[zone->rule_count - 1].since = INT64_MIN;
    zone->first_s = zone->rules[0].rule.standard_s;
    return true;
}

lede_status lede_zone_open(const char *name, lede_zone **out, lede_error *err)
{
    lede_zone *zone = calloc(1, sizeof *zone);
    lede_buf file = {0};
    lede_status status = LEDE_OK;

    if (zone == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for a time zone");
    }
    if (parse_fixed(name, &zone->first_s)) {
        goto done;
    }
    if (!is_zone_name(name)) {
        status = lede_fail(err, LEDE_BAD_INPUT,
                           "'%.80s' is no time zone (write Europe/London, UTC "
                           "or +01:00)",
                           name);
        goto done;
    }
    status = read_zone_file(name, &file);
    if (status == LEDE_OK) {
        status = parse_tzif(lede_buf_span(&file), name, zone, err);
    } else if (status == LEDE_NO_MEMORY) {
        status = lede_fail(err, status, "no memory for time zone '%s'", name);
    } else if (load_known(name, zone)) {
        status = LEDE_OK;
    } else {
        status =
            lede_fail(err, LEDE_BAD_INPUT,
                      "the tz database of this machine has no zone '%s'", name);
    }

done:
    lede_buf_done(&file);
    if (status != LEDE_OK) {
        lede_zone_close(zone);
        return status;
    }
    *out = zone;
    return LEDE_OK;
}

void lede_zone_close(lede_zone *zone)
{
    if (zone != NULL) {
        free(zone->changes);
        free(zone);
    }
}

/* How many changes lie at or before the instant. */
static size_t changes_until(const lede_zone *zone, int64_t instant)
{
    size_t low = 0;
    size_t high = zone->change_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (zone->changes[middle].at <= instant) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

int32_t lede_zone_offset_at(const lede_zone *zone, int64_t instant)
{
    size_t count = changes_until(zone, instant);
    size_t i;

    if (count == zone->change_count) {
        for (i = 0; i < zone->rule_count; i++) {
            if (instant >= zone->rules[i].since) {
                return lede_zone_rule_offset_at(&zone->rules[i].rule, instant);
            }
        }
    }
    return count == 0 ? zone->first_s : zone->changes[count - 1].offset_s;
}

int32_t lede_zone_offset_for_local(const lede_zone *zone,
                                   const lede_civil *local)
{
    int64_t clock = lede_instant_from_civil(local, 0);
    int32_t before = lede_zone_offset_at(zone, clock - OFFSET_MAX_S);
    int32_t after = lede_zone_offset_at(zone, clock + OFFSET_MAX_S);

    /* The clocks show `clock` under the old offset until the change; twice, or
     * never, when the offset before is asked for. */
    if (before == after ||
        lede_zone_offset_at(zone, clock - before) == before ||
        lede_zone_offset_at(zone, clock - after) != after) {
        return before;
    }
    return after;
}
