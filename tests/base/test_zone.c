/* The promises of base/zone.h: against the C library, which reads the same
 * database by its own code, and against a plain search for local times. */
/* tzset and mkdtemp */
#define _XOPEN_SOURCE 700

#include "base/zone.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "base/zone_rule.h"
#include "tests/support/check.h"

#define DATABASE "/usr/share/zoneinfo"

static lede_error err;

static lede_zone *open_zone(const char *name)
{
    lede_zone *zone = NULL;

    assert_ok(lede_zone_open(name, &zone, &err));
    assert_non_null(zone);
    return zone;
}

static int32_t offset_at(const char *name, int32_t year, unsigned month,
                         unsigned day)
{
    lede_zone *zone = open_zone(name);
    int32_t offset = lede_zone_offset_at(
        zone, lede_days_from_civil(year, month, day) * 86400 + 43200);

    lede_zone_close(zone);
    return offset;
}

static int32_t offset_for(const char *name, int32_t year, uint8_t month,
                          uint8_t day, uint8_t hour, uint8_t minute)
{
    lede_zone *zone = open_zone(name);
    lede_civil local = {year, month, day, hour, minute, 0};
    int32_t offset = lede_zone_offset_for_local(zone, &local);

    lede_zone_close(zone);
    return offset;
}

static void test_zone__opens_fixed_offsets(void **state)
{
    static const struct {
        const char *name;
        int32_t offset_s;
    } cases[] = {{"UTC", 0},         {"GMT", 0},        {"Z", 0},
                 {"+01:00", 3600},   {"+01", 3600},     {"-0530", -19800},
                 {"-05:30", -19800}, {"+05:45", 20700}, {"+14:00", 50400},
                 {"-00:00", 0},      {"+23:59", 86340}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(offset_at(cases[i].name, 2025, 7, 1),
                         cases[i].offset_s);
        assert_int_equal(offset_for(cases[i].name, 1850, 1, 1, 0, 0),
                         cases[i].offset_s);
    }
}

static void test_zone__refuses_what_is_no_name(void **state)
{
    static const char *const names[] = {"",
                                        "/",
                                        "..",
                                        "../zoneinfo/UTC",
                                        "Europe/../UTC",
                                        "/etc/localtime",
                                        "/usr/share/zoneinfo/Europe/London",
                                        "Europe//London",
                                        "Europe/London/",
                                        "Europe/London ",
                                        "Europe/L\xC3\xB6ndon",
                                        ":Europe/London",
                                        "./UTC",
                                        "Europe",
                                        "Europe/Atlantis",
                                        "Mars/Phobos",
                                        "tzdata.zi",
                                        "zone1970.tab",
                                        "+1",
                                        "+1:00",
                                        "+24:00",
                                        "+01:60",
                                        "+01:",
                                        "+01:0",
                                        "+01:000",
                                        "+",
                                        "-",
                                        "EST5EDT,M3.2.0,M11.1.0",
                                        ("a/very/long/name/that/goes/on/and/on/"
                                         "and/on/and/on/and/on/and/on/and/on")};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        lede_zone *zone = NULL;

        memset(&err, 0, sizeof err);
        assert_status(lede_zone_open(names[i], &zone, &err), LEDE_BAD_INPUT);
        assert_null(zone);
        assert_true(err.message[0] != '\0');
    }
    lede_zone_close(NULL);
}

static void test_zone__knows_the_edges_of_summer(void **state)
{
    (void)state;
    assert_int_equal(offset_for("Europe/London", 2025, 3, 30, 0, 59), 0);
    assert_int_equal(offset_for("Europe/London", 2025, 3, 30, 2, 0), 3600);
    assert_int_equal(offset_for("Europe/London", 2025, 3, 30, 1, 30), 0);
    assert_int_equal(offset_for("Europe/London", 2025, 10, 26, 1, 30), 3600);
    assert_int_equal(offset_for("Europe/London", 2025, 10, 26, 2, 0), 0);
    assert_int_equal(offset_for("America/New_York", 2025, 3, 9, 1, 59), -18000);
    assert_int_equal(offset_for("America/New_York", 2025, 3, 9, 2, 30), -18000);
    assert_int_equal(offset_for("America/New_York", 2025, 3, 9, 3, 0), -14400);
    assert_int_equal(offset_for("America/New_York", 2025, 11, 2, 1, 0), -14400);
    assert_int_equal(offset_for("America/New_York", 2025, 11, 2, 2, 0), -18000);
    /* beyond what the files list */
    assert_int_equal(offset_for("Europe/Paris", 2150, 7, 1, 12, 0), 7200);
    assert_int_equal(offset_for("Europe/Paris", 2150, 12, 1, 12, 0), 3600);
}

/* Before 2007 America changed in April, and in the war all year. */
static void test_zone__knows_the_past(void **state)
{
    (void)state;
    if (access(DATABASE "/America/New_York", R_OK) != 0) {
        skip();
    }
    assert_int_equal(offset_at("America/New_York", 2006, 3, 20), -18000);
    assert_int_equal(offset_at("America/New_York", 1943, 1, 20), -14400);
    assert_int_equal(offset_at("Europe/London", 1970, 1, 20), 3600);
    assert_int_equal(offset_at("Europe/Dublin", 2024, 1, 20), 0);
    assert_int_equal(offset_at("Pacific/Apia", 2011, 12, 29), -36000);
    assert_int_equal(offset_at("Pacific/Apia", 2011, 12, 31), 50400);
    assert_int_equal(offset_at("Asia/Kathmandu", 2024, 1, 1), 20700);
    assert_int_equal(offset_at("Australia/Sydney", 2024, 1, 1), 39600);
}

static void use_folder(const char *folder)
{
    assert_int_equal(setenv("TZDIR", folder, 1), 0);
}

static int forget_folder(void **state)
{
    (void)state;
    return unsetenv("TZDIR") + unsetenv("TZ");
}

static void test_zone__does_without_a_database(void **state)
{
    lede_zone *zone = NULL;

    (void)state;
    use_folder("/nonexistent");
    assert_int_equal(offset_at("America/New_York", 2025, 7, 1), -14400);
    assert_int_equal(offset_at("America/New_York", 2025, 1, 1), -18000);
    assert_int_equal(offset_at("America/New_York", 2006, 3, 20), -18000);
    assert_int_equal(offset_at("America/New_York", 2006, 4, 20), -14400);
    assert_int_equal(offset_at("America/Chicago", 2025, 7, 1), -18000);
    assert_int_equal(offset_at("America/Denver", 2025, 7, 1), -21600);
    assert_int_equal(offset_at("America/Los_Angeles", 2025, 7, 1), -25200);
    assert_int_equal(offset_at("Europe/London", 2025, 7, 1), 3600);
    assert_int_equal(offset_at("Europe/London", 2025, 1, 1), 0);
    assert_int_equal(offset_at("Europe/Paris", 2025, 7, 1), 7200);
    assert_int_equal(offset_at("Europe/Helsinki", 2025, 1, 1), 7200);
    assert_int_equal(offset_for("Europe/London", 2025, 10, 26, 1, 30), 3600);
    assert_int_equal(offset_at("UTC", 2025, 1, 1), 0);
    assert_status(lede_zone_open("Asia/Tokyo", &zone, &err), LEDE_BAD_INPUT);
    assert_non_null(strstr(err.message, "Asia/Tokyo"));
}

/* The names of the database's own list, one at a time. */
typedef void zone_check(const char *name, lede_zone *zone);

static void for_all_zones(zone_check *check)
{
    FILE *list = fopen(DATABASE "/tzdata.zi", "r");
    char line[512];
    size_t count = 0;

    if (list == NULL) {
        print_message("skipped: no tz database here\n");
        skip();
    }
    while (fgets(line, sizeof line, list) != NULL) {
        char kind[2];
        char first[128];
        char second[128];
        int words = sscanf(line, "%1s %127s %127s", kind, first, second);
        const char *name = words >= 2 && kind[0] == 'Z'   ? first
                           : words == 3 && kind[0] == 'L' ? second
                                                          : NULL;
        lede_zone *zone = NULL;

        if (name == NULL || lede_zone_open(name, &zone, &err) != LEDE_OK) {
            continue;
        }
        check(name, zone);
        lede_zone_close(zone);
        count++;
    }
    fclose(list);
    assert_true(count > 300);
}

static void same_as_libc(const char *name, lede_zone *zone)
{
    uint64_t random = 88172645463325252u;
    unsigned i;

    assert_int_equal(setenv("TZ", name, 1), 0);
    tzset();
    for (i = 0; i < 400; i++) {
        struct tm tm;
        time_t t;
        lede_civil c;
        int64_t local;

        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        t = (time_t)(random % 9000000000u) - 3000000000; /* 1874 to 2160 */
        if (localtime_r(&t, &tm) == NULL) {
            continue;
        }
        c = (lede_civil){tm.tm_year + 1900,   (uint8_t)(tm.tm_mon + 1),
                         (uint8_t)tm.tm_mday, (uint8_t)tm.tm_hour,
                         (uint8_t)tm.tm_min,  (uint8_t)tm.tm_sec};
        local = lede_instant_from_civil(&c, 0);
        if (lede_zone_offset_at(zone, t) != local - t) {
            print_error("%s at %lld: %d, libc %d\n", name, (long long)t,
                        lede_zone_offset_at(zone, t), (int)(local - t));
            fail();
        }
    }
}

static void test_zone__agrees_with_the_c_library(void **state)
{
    (void)state;
    for_all_zones(same_as_libc);
}

/* The promise itself, searched for: of all instants at which the clocks show
 * `clock`, the first; if there are none, the offset before the change that
 * skips it. */
static int32_t plain_offset_for(const lede_zone *zone, int64_t clock)
{
    int32_t offset = lede_zone_offset_at(zone, clock - 100000);
    int64_t t;

    for (t = clock - 100000; t <= clock + 100000; t += 300) {
        int32_t now = lede_zone_offset_at(zone, t);

        if (lede_zone_offset_at(zone, clock - now) == now) {
            return now;
        }
        if (t + now > clock) {
            return offset;
        }
        offset = now;
    }
    return offset;
}

static void local_times_hold(const char *name, lede_zone *zone)
{
    int64_t step = 86400 * 17 + 5400;
    int64_t t = lede_days_from_civil(1965, 1, 1) * 86400;
    int64_t end = lede_days_from_civil(2045, 1, 1) * 86400;

    for (; t < end; t += step) {
        int32_t before = lede_zone_offset_at(zone, t);
        int64_t low = t;
        int64_t high = t + step;
        int64_t clock;

        if (lede_zone_offset_at(zone, high) == before) {
            continue;
        }
        while (high - low > 1) { /* a change lies between: find it */
            int64_t middle = low + (high - low) / 2;

            if (lede_zone_offset_at(zone, middle) == before) {
                low = middle;
            } else {
                high = middle;
            }
        }
        for (clock = high + before - 7200; clock <= high + before + 7200;
             clock += 2400) {
            lede_civil local;

            lede_civil_from_instant(clock, 0, &local);
            if (lede_zone_offset_for_local(zone, &local) !=
                plain_offset_for(zone, clock)) {
                print_error("%s near %lld, clock %lld: %d, not %d\n", name,
                            (long long)high, (long long)clock,
                            lede_zone_offset_for_local(zone, &local),
                            plain_offset_for(zone, clock));
                fail();
            }
        }
    }
}

static void test_zone__reads_local_times_as_promised(void **state)
{
    (void)state;
    for_all_zones(local_times_hold);
}

/* One file "X/Y" in a folder of its own, with the bytes given. */
static void write_zone(const char *folder, const uint8_t *bytes, size_t len)
{
    char path[512];
    int fd;

    (void)snprintf(path, sizeof path, "%s/X", folder);
    (void)mkdir(path, 0755);
    (void)snprintf(path, sizeof path, "%s/X/Y", folder);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), len);
    close(fd);
}

static void remove_zone(const char *folder)
{
    char path[512];

    (void)snprintf(path, sizeof path, "%s/X/Y", folder);
    (void)remove(path);
    (void)snprintf(path, sizeof path, "%s/X", folder);
    (void)rmdir(path);
    (void)rmdir(folder);
}

static void put32(uint8_t **p, uint32_t value)
{
    *(*p)++ = (uint8_t)(value >> 24);
    *(*p)++ = (uint8_t)(value >> 16);
    *(*p)++ = (uint8_t)(value >> 8);
    *(*p)++ = (uint8_t)value;
}

static void put_header(uint8_t **p, char version, uint32_t changes,
                       uint32_t types, uint32_t chars)
{
    memcpy(*p, "TZif", 4);
    (*p)[4] = (uint8_t)version;
    memset(*p + 5, 0, 15);
    *p += 20;
    put32(p, 0);
    put32(p, 0);
    put32(p, 0);
    put32(p, changes);
    put32(p, types);
    put32(p, chars);
}

static void put_type(uint8_t **p, int32_t offset)
{
    put32(p, (uint32_t)offset);
    *(*p)++ = 0;
    *(*p)++ = 0;
}

/* Two types, one change at `at` from +1:00 to +2:00. */
static size_t version_1(uint8_t *out, uint32_t at)
{
    uint8_t *p = out;

    put_header(&p, 0, 1, 2, 4);
    put32(&p, at);
    *p++ = 1;
    put_type(&p, 3600);
    put_type(&p, 7200);
    memcpy(p, "ABC", 4);
    return (size_t)(p + 4 - out);
}

static size_t version_2(uint8_t *out, const char *footer)
{
    uint8_t *p = out + version_1(out, 1000);

    out[4] = '2';
    put_header(&p, '2', 1, 2, 4);
    put32(&p, 0);
    put32(&p, 500000000);
    *p++ = 1;
    put_type(&p, 3600);
    put_type(&p, 7200);
    memcpy(p, "ABC", 4);
    p += 4;
    return (size_t)(p - out) +
           (size_t)snprintf((char *)p, 64, "\n%s\n", footer);
}

static void test_zone__reads_each_version(void **state)
{
    char folder[] = "/tmp/lede-zone-XXXXXX";
    uint8_t file[512];

    (void)state;
    assert_non_null(mkdtemp(folder));
    use_folder(folder);
    write_zone(folder, file, version_1(file, 500000000));
    assert_int_equal(offset_at("X/Y", 1980, 1, 1), 3600);
    assert_int_equal(offset_at("X/Y", 2020, 7, 1), 7200);
    write_zone(folder, file, version_2(file, ""));
    assert_int_equal(offset_at("X/Y", 1980, 1, 1), 3600);
    assert_int_equal(offset_at("X/Y", 2020, 7, 1), 7200);
    write_zone(folder, file, version_2(file, "<+03>-3"));
    assert_int_equal(offset_at("X/Y", 1980, 1, 1), 3600);
    assert_int_equal(offset_at("X/Y", 2020, 7, 1), 10800);
    write_zone(folder, file, version_2(file, "A-3B,nonsense"));
    assert_int_equal(offset_at("X/Y", 2020, 7, 1), 7200);
    remove_zone(folder);
}

static void test_zone__bears_damaged_files(void **state)
{
    char folder[] = "/tmp/lede-zone-XXXXXX";
    uint8_t whole[512];
    uint8_t file[512];
    uint64_t random = 1;
    size_t len = version_2(whole, "EST5EDT,M3.2.0,M11.1.0");
    unsigned opened = 0;
    unsigned i;

    (void)state;
    assert_non_null(mkdtemp(folder));
    use_folder(folder);
    for (i = 0; i < 3000; i++) {
        lede_zone *zone = NULL;
        size_t cut = i < len ? i : len;
        unsigned flips;

        memcpy(file, whole, len);
        for (flips = 0; i >= len && flips < 1 + i % 3; flips++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            file[(random >> 33) % len] = (uint8_t)(random >> 20);
        }
        write_zone(folder, file, cut);
        if (lede_zone_open("X/Y", &zone, &err) == LEDE_OK) {
            lede_civil local = {2025, 3, 9, 2, 30, 0};
            int32_t offset = lede_zone_offset_for_local(zone, &local);

            assert_true(offset >= -100000 && offset <= 100000);
            (void)lede_zone_offset_at(zone, INT64_MIN / 4);
            (void)lede_zone_offset_at(zone, 1LL << 40);
            opened++;
        }
        lede_zone_close(zone);
    }
    assert_true(opened > 100 && opened < 3000);
    remove_zone(folder);
}

static void test_zone__does_not_wait_for_a_pipe(void **state)
{
    char folder[] = "/tmp/lede-zone-XXXXXX";
    char path[512];
    lede_zone *zone = NULL;

    (void)state;
    assert_non_null(mkdtemp(folder));
    use_folder(folder);
    (void)snprintf(path, sizeof path, "%s/X", folder);
    assert_int_equal(mkfifo(path, 0644), 0);
    assert_status(lede_zone_open("X", &zone, &err), LEDE_BAD_INPUT);
    (void)remove(path);
    (void)rmdir(folder);
}

static int32_t rule_at(const char *text, int32_t year, unsigned month,
                       unsigned day)
{
    lede_zone_rule rule;

    assert_true(lede_zone_rule_parse(lede_span_text(text), &rule));
    return lede_zone_rule_offset_at(
        &rule, lede_days_from_civil(year, month, day) * 86400 + 43200);
}

static void test_zone__rules_of_every_form(void **state)
{
    (void)state;
    assert_int_equal(rule_at("UTC0", 2025, 1, 1), 0);
    assert_int_equal(rule_at("<+0545>-5:45", 2025, 1, 1), 20700);
    assert_int_equal(rule_at("AEST-10AEDT,M10.1.0,M4.1.0/3", 2025, 1, 1),
                     39600);
    assert_int_equal(rule_at("AEST-10AEDT,M10.1.0,M4.1.0/3", 2025, 7, 1),
                     36000);
    assert_int_equal(rule_at("XXX3YYY,J60,J300", 2024, 2, 29), -10800);
    assert_int_equal(rule_at("XXX3YYY,J60,J300", 2024, 3, 1), -7200);
    assert_int_equal(rule_at("XXX3YYY,59,300", 2024, 2, 29), -7200);
    assert_int_equal(rule_at("XXX3YYY,59,300", 2023, 2, 28), -10800);
    /* negative summer, hours beyond a day, summer all year round */
    assert_int_equal(rule_at("IST-1GMT0,M10.5.0,M3.5.0/1", 2025, 1, 1), 0);
    assert_int_equal(rule_at("IST-1GMT0,M10.5.0,M3.5.0/1", 2025, 7, 1), 3600);
    assert_int_equal(rule_at("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2025, 7, 1),
                     -3600);
    assert_int_equal(rule_at("IST-2IDT,M3.4.4/26,M10.5.0", 2025, 3, 27), 7200);
    assert_int_equal(rule_at("IST-2IDT,M3.4.4/26,M10.5.0", 2025, 3, 28), 10800);
    assert_int_equal(rule_at("XXX3EDT4,0/0,J365/23", 2025, 1, 1), -14400);
    assert_int_equal(rule_at("XXX3EDT4,0/0,J365/23", 2025, 12, 31), -14400);
}

static void test_zone__refuses_broken_rules(void **state)
{
    static const char *const texts[] = {"",
                                        "UTC",
                                        "5",
                                        "U0",
                                        "<+3>",
                                        "<>0",
                                        "<UTC0",
                                        "UTC0x",
                                        "EST5EDT",
                                        "EST5EDT,",
                                        "EST5EDT,M3",
                                        "EST5EDT,M3.2.0",
                                        "EST25",
                                        "EST5:60",
                                        "EST5EDT,M3.2.0,M11.1.0,",
                                        "EST5EDT,M13.2.0,M11.1.0",
                                        "EST5EDT,M3.6.0,M11.1.0",
                                        "EST5EDT,M3.2.7,M11.1.0",
                                        "EST5EDT,J0,M11.1.0",
                                        "EST5EDT,366,M11.1.0",
                                        "EST5EDT,M3.2.0/168,M11.1.0"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        lede_zone_rule rule;

        if (lede_zone_rule_parse(lede_span_text(texts[i]), &rule)) {
            print_error("taken: %s\n", texts[i]);
            fail();
        }
    }
}

#define ZONE_TEST(name) cmocka_unit_test_teardown(name, forget_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ZONE_TEST(test_zone__opens_fixed_offsets),
        ZONE_TEST(test_zone__refuses_what_is_no_name),
        ZONE_TEST(test_zone__knows_the_edges_of_summer),
        ZONE_TEST(test_zone__knows_the_past),
        ZONE_TEST(test_zone__does_without_a_database),
        ZONE_TEST(test_zone__agrees_with_the_c_library),
        ZONE_TEST(test_zone__reads_local_times_as_promised),
        ZONE_TEST(test_zone__reads_each_version),
        ZONE_TEST(test_zone__bears_damaged_files),
        ZONE_TEST(test_zone__does_not_wait_for_a_pipe),
        ZONE_TEST(test_zone__rules_of_every_form),
        ZONE_TEST(test_zone__refuses_broken_rules),
    };

    (void)unsetenv("TZDIR");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
