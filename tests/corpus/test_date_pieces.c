/* Pieces of dates inside lines, the whole put together again from random
 * instants, and bytes that are no dates at all. */
#include "corpus/date_scan.h"

#include "base/buf.h"
#include "tests/support/check.h"

static uint64_t seed;

static uint64_t random_next(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static uint32_t random_below(uint32_t end)
{
    return (uint32_t)(random_next() >> 33) % end;
}

static void test_date_pieces__times_of_day(void **state)
{
    static const struct {
        const char *text;
        size_t len;
        const char *means; /* hhmmss */
        lede_precision precision;
    } cases[] = {
        {"14:50 Greenwich", 5, "145000", LEDE_PRECISION_MINUTE},
        {"14.50 GMT", 5, "145000", LEDE_PRECISION_MINUTE},
        {"4:05", 4, "040500", LEDE_PRECISION_MINUTE},
        {"14h50", 5, "145000", LEDE_PRECISION_MINUTE},
        {"14H50", 5, "145000", LEDE_PRECISION_MINUTE},
        {"14h", 3, "140000", LEDE_PRECISION_HOUR},
        {"14h,", 3, "140000", LEDE_PRECISION_HOUR},
        {"2.50pm", 6, "145000", LEDE_PRECISION_MINUTE},
        {"2:50 p.m. ET", 9, "145000", LEDE_PRECISION_MINUTE},
        {"2:50 p.m., ", 9, "145000", LEDE_PRECISION_MINUTE},
        {"2:50 PM", 7, "145000", LEDE_PRECISION_MINUTE},
        {"2:50\u00A0PM", 8, "145000", LEDE_PRECISION_MINUTE},
        {"2:50\u202Fa.m.", 11, "025000", LEDE_PRECISION_MINUTE},
        {"12:05am", 7, "000500", LEDE_PRECISION_MINUTE},
        {"12:05pm", 7, "120500", LEDE_PRECISION_MINUTE},
        {"2pm", 3, "140000", LEDE_PRECISION_HOUR},
        {"2 pm.", 4, "140000", LEDE_PRECISION_HOUR},
        {"noon.", 4, "120000", LEDE_PRECISION_MINUTE},
        {"Noon", 4, "120000", LEDE_PRECISION_MINUTE},
        {"12 noon", 7, "120000", LEDE_PRECISION_MINUTE},
        {"midnight", 8, "000000", LEDE_PRECISION_MINUTE},
        {"24:05", 5, "000500", LEDE_PRECISION_MINUTE},
        {"15:01:01.79", 11, "150101", LEDE_PRECISION_SECOND},
        {"15:01:01,790 x", 12, "150101", LEDE_PRECISION_SECOND},
        {"15:01:01", 8, "150101", LEDE_PRECISION_SECOND},
        {"23:59:60", 8, "235959", LEDE_PRECISION_SECOND},
        {"01:38:07 PM IST", 11, "133807", LEDE_PRECISION_SECOND},
        {"14:50pm", 7, "145000", LEDE_PRECISION_MINUTE},
        {"14:50 amber", 5, "145000", LEDE_PRECISION_MINUTE},
        {"14:50GMT", 5, "145000", LEDE_PRECISION_MINUTE},
        {"14:50 17 February", 5, "145000", LEDE_PRECISION_MINUTE},
        {"14:50:", 5, "145000", LEDE_PRECISION_MINUTE},
        {"14.50.", 5, "145000", LEDE_PRECISION_MINUTE},
        {"14", 0, "", LEDE_PRECISION_NONE},
        {"14 February", 0, "", LEDE_PRECISION_NONE},
        {"14:5", 0, "", LEDE_PRECISION_NONE},
        {"14:500", 0, "", LEDE_PRECISION_NONE},
        {"14:60", 0, "", LEDE_PRECISION_NONE},
        {"25:00", 0, "", LEDE_PRECISION_NONE},
        {"114:50", 0, "", LEDE_PRECISION_NONE},
        {"14hours", 0, "", LEDE_PRECISION_NONE},
        {"14: 50", 0, "", LEDE_PRECISION_NONE},
        {"noontime", 0, "", LEDE_PRECISION_NONE},
        {" 14:50", 0, "", LEDE_PRECISION_NONE},
        {"pm", 0, "", LEDE_PRECISION_NONE},
        {"", 0, "", LEDE_PRECISION_NONE},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lede_civil out = {7, 7, 7, 77, 77, 77};
        lede_precision precision = LEDE_PRECISION_NONE;
        size_t len =
            lede_clock_take(lede_span_text(cases[i].text), &out, &precision);
        char means[16] = "";

        if (len > 0) {
            (void)snprintf(means, sizeof means, "%02u%02u%02u", out.hour,
                           out.minute, out.second);
        } else {
            assert_int_equal(out.hour, 77);
        }
        if (len != cases[i].len || strcmp(means, cases[i].means) != 0 ||
            precision != cases[i].precision) {
            print_error("\"%s\": %zu bytes, %s, %s\n", cases[i].text, len,
                        means, lede_precision_name(precision));
            fail();
        }
        assert_true(out.year == 7 && out.month == 7 && out.day == 7);
    }
}

static void test_date_pieces__days(void **state)
{
    static const struct {
        const char *text;
        size_t len;
        int32_t year;
        unsigned month, day;
        bool guessed;
    } cases[] = {
        {"17 February", 11, 0, 2, 17, false},
        {"17 February 2025", 16, 2025, 2, 17, false},
        {"17 February, 2025 x", 17, 2025, 2, 17, false},
        {"17 February 2025Image source", 16, 2025, 2, 17, false},
        {"17 February 14:50", 11, 0, 2, 17, false},
        {"17 February 1999:", 11, 0, 2, 17, false},
        {"17 Feb and", 6, 0, 2, 17, false},
        {"17 Feb. 2025", 12, 2025, 2, 17, false},
        {"17th February", 13, 0, 2, 17, false},
        {"1ST MARCH 2024", 14, 2024, 3, 1, false},
        {"Monday, 17 February", 19, 0, 2, 17, false},
        {"Mon 17 Feb", 10, 0, 2, 17, false},
        {"Fri Feb 19 2021 14.41", 15, 2021, 2, 19, false},
        {"Wednesday, February 19, 2025,", 28, 2025, 2, 19, false},
        {"February 17", 11, 0, 2, 17, false},
        {"February 17, 2025", 17, 2025, 2, 17, false},
        {"Feb. 17, 2025, 2:40", 13, 2025, 2, 17, false},
        {"October 6, 2020", 15, 2020, 10, 6, false},
        {"Sept 3", 6, 0, 9, 3, false},
        {"17/02/2025", 10, 2025, 2, 17, false},
        {"02/17/2025", 10, 2025, 2, 17, false},
        {"04/02/2025April 2, 2025", 10, 2025, 2, 4, true},
        {"5.6.2024", 8, 2024, 6, 5, false},
        {"2025-02-17", 10, 2025, 2, 17, false},
        {"17. Februar", 11, 0, 2, 17, false},
        {"mardi 17 f\u00E9vrier 2026", 22, 2026, 2, 17, false},
        {"mar. 17 f\u00E9vr.", 14, 0, 2, 17, false},
        {"17 de mayo de 2024", 18, 2024, 5, 17, false},
        {"17 lutego", 9, 0, 2, 17, false},
        {"17 \u0444\u0435\u0432\u0440\u0430\u043B\u044F", 17, 0, 2, 17, false},
        {"17 Kas\u0131m 2024", 14, 2024, 11, 17, false},
        {"17", 0, 0, 0, 0, false},
        {"17 people", 0, 0, 0, 0, false},
        {"32 May", 0, 0, 0, 0, false},
        {"0 May", 0, 0, 0, 0, false},
        {"117 May", 0, 0, 0, 0, false},
        {"May", 0, 0, 0, 0, false},
        {"May 2024", 0, 0, 0, 0, false},
        {"March 5pm", 0, 0, 0, 0, false},
        {"Feb 17:30", 0, 0, 0, 0, false},
        {"March 3.5 million", 0, 0, 0, 0, false},
        {"Marching 3", 0, 0, 0, 0, false},
        {"Monday", 0, 0, 0, 0, false},
        {"13/13/2025", 0, 0, 0, 0, false},
        {"1/2/25", 0, 0, 0, 0, false},
        {"", 0, 0, 0, 0, false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lede_civil out = {.hour = 5, .minute = 6};
        bool guessed = false;
        size_t len =
            lede_day_take(lede_span_text(cases[i].text), NULL, &out, &guessed);

        if (len != cases[i].len || out.year != cases[i].year ||
            out.month != cases[i].month || out.day != cases[i].day ||
            guessed != cases[i].guessed) {
            print_error("\"%s\": %zu bytes, %d-%u-%u%s\n", cases[i].text, len,
                        out.year, out.month, out.day, guessed ? "?" : "");
            fail();
        }
        assert_true(out.hour == 5 && out.minute == 6);
    }
}

static void test_date_pieces__are_put_together(void **state)
{
    lede_date_hints bbc = {.site = lede_span_text("www.bbc.co.uk")};
    lede_civil local = {2025, 7, 17, 14, 50, 0};
    lede_when when;

    (void)state;
    assert_true(lede_when_make(&local, LEDE_PRECISION_MINUTE,
                               lede_span_text("ET"), NULL, &when));
    assert_int_equal(when.offset_min, -240);
    assert_int_equal(when.year_source, LEDE_YEAR_EXPLICIT);
    assert_true(lede_when_make(&local, LEDE_PRECISION_MINUTE,
                               lede_span_text(""), &bbc, &when));
    assert_int_equal(when.offset_min, 60);
    assert_false(when.zone_guessed);
    bbc.default_zone = "Asia/Kolkata";
    assert_true(lede_when_make(&local, LEDE_PRECISION_MINUTE,
                               lede_span_text(""), &bbc, &when));
    assert_int_equal(when.offset_min, 330);
    assert_true(lede_when_make(&local, LEDE_PRECISION_MINUTE,
                               lede_span_text(""), NULL, &when));
    assert_true(when.zone_guessed);
    local.year = 0;
    assert_true(lede_when_make(&local, LEDE_PRECISION_MINUTE,
                               lede_span_text("ET"), NULL, &when));
    assert_int_equal(when.instant, LEDE_INSTANT_NONE);
    assert_int_equal(when.local.minute, 50);
    local.day = 32;
    assert_false(lede_when_make(&local, LEDE_PRECISION_MINUTE,
                                lede_span_text("ET"), NULL, &when));
    assert_int_equal(when.precision, LEDE_PRECISION_NONE);
    local = (lede_civil){2030, 7, 17, 0, 0, 0};
    bbc.year_max = 2029;
    assert_false(lede_when_make(&local, LEDE_PRECISION_DAY, lede_span_text(""),
                                &bbc, &when));
}

static void test_date_pieces__midnight_is_a_day_for_metadata(void **state)
{
    lede_when when;

    (void)state;
    assert_true(lede_date_parse(lede_span_text("2025-02-17T00:00:00+01:00"),
                                NULL, &when));
    lede_when_midnight_to_day(&when);
    assert_int_equal(when.precision, LEDE_PRECISION_DAY);
    assert_true(
        lede_date_parse(lede_span_text("2025-02-17T00:00:01Z"), NULL, &when));
    lede_when_midnight_to_day(&when);
    assert_int_equal(when.precision, LEDE_PRECISION_SECOND);
}

/* ---- Whole dates, printed and read ---- */

static const char *const month_words[][12] = {
    {"January", "February", "March", "April", "May", "June", "July", "August",
     "September", "October", "November", "December"},
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
     "Nov", "Dec"},
    {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August",
     "September", "Oktober", "November", "Dezember"},
    {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
     "septembre", "octobre", "novembre", "décembre"},
    {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
     "septiembre", "octubre", "noviembre", "diciembre"},
    {"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio",
     "agosto", "settembre", "ottobre", "novembre", "dicembre"},
    {"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho",
     "agosto", "setembro", "outubro", "novembro", "dezembro"},
    {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus",
     "september", "oktober", "november", "december"},
    {"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа",
     "сентября", "октября", "ноября", "декабря"},
    {"stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca",
     "sierpnia", "września", "października", "listopada", "grudnia"},
    {"Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos",
     "Eylül", "Ekim", "Kasım", "Aralık"},
    {"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti",
     "september", "oktober", "november", "december"},
    {"januar", "februar", "marts", "april", "maj", "juni", "juli", "august",
     "september", "oktober", "november", "december"},
    {"januar", "februar", "mars", "april", "mai", "juni", "juli", "august",
     "september", "oktober", "november", "desember"},
    {"ledna", "února", "března", "dubna", "května", "června", "července",
     "srpna", "září", "října", "listopadu", "prosince"},
    {"Ιανουαρίου", "Φεβρουαρίου", "Μαρτίου", "Απριλίου", "Μαΐου", "Ιουνίου",
     "Ιουλίου", "Αυγούστου", "Σεπτεμβρίου", "Οκτωβρίου", "Νοεμβρίου",
     "Δεκεμβρίου"},
    {"január", "február", "március", "április", "május", "június", "július",
     "augusztus", "szeptember", "október", "november", "december"},
};
enum { LANGUAGES = sizeof month_words / sizeof month_words[0] };

static const char *const weekday_words[7] = {"Mon", "Tue", "Wed", "Thu",
                                             "Fri", "Sat", "Sun"};

/* Prints the instant in one of the spellings, in a zone of that offset.
 * Returns what it keeps of it: 1, 60 or 86400 seconds. */
static int64_t print_date(unsigned form, int64_t instant, int32_t offset_min,
                          lede_buf *out)
{
    lede_civil c;
    const char *month;
    const char *day;
    char zone[16];
    char sign = offset_min < 0 ? '-' : '+';
    unsigned size = (unsigned)abs(offset_min);
    unsigned hour12;

    lede_civil_from_instant(instant, offset_min * 60, &c);
    month = month_words[random_below(LANGUAGES)][c.month - 1];
    day = weekday_words[lede_weekday(
        lede_days_from_civil(c.year, c.month, c.day))];
    hour12 = c.hour % 12 == 0 ? 12 : c.hour % 12;
    (void)snprintf(zone, sizeof zone, "%c%02u:%02u", sign, size / 60 % 24,
                   size % 60);
    lede_buf_clear(out);
    switch (form) {
    case 0:
        lede_buf_put_format(out, "%04d-%02u-%02uT%02u:%02u:%02u%s", c.year,
                            c.month, c.day, c.hour, c.minute, c.second, zone);
        return 1;
    case 1:
        lede_buf_put_format(out, "%04d%02u%02uT%02u%02u%02u%s", c.year, c.month,
                            c.day, c.hour, c.minute, c.second, zone);
        return 1;
    case 2:
        lede_buf_put_format(out, "%s, %u %s %04d %02u:%02u:%02u %c%02u%02u",
                            day, c.day, month_words[1][c.month - 1], c.year,
                            c.hour, c.minute, c.second, sign, size / 60 % 24,
                            size % 60);
        return 1;
    case 3:
        lede_buf_put_format(
            out, "%s %s %02u %04d %02u:%02u:%02u GMT%c%02u%02u (somewhere)",
            day, month_words[1][c.month - 1], c.day, c.year, c.hour, c.minute,
            c.second, sign, size / 60 % 24, size % 60);
        return 1;
    case 4:
        lede_buf_put_format(out, "%u:%02u GMT%s %u %s %04d", c.hour, c.minute,
                            zone, c.day, month, c.year);
        return 60;
    case 5:
        lede_buf_put_format(out, "%u:%02u %s GMT%s, %s %u, %04d", hour12,
                            c.minute, c.hour < 12 ? "a.m." : "p.m.", zone,
                            month, c.day, c.year);
        return 60;
    case 6:
        lede_buf_put_format(out, "%u. %s %04d, %02u.%02u Uhr %s", c.day, month,
                            c.year, c.hour, c.minute, zone);
        return 60;
    case 7:
        lede_buf_put_format(out, "%04d-%u-%u %u:%02u:%02u.%06u%s", c.year,
                            c.month, c.day, c.hour, c.minute, c.second,
                            random_below(1000000), zone);
        return 1;
    case 8:
        lede_buf_put_format(out, "%u de %s de %04d a las %uh%02u %s", c.day,
                            month, c.year, c.hour, c.minute, zone);
        return 60;
    case 9:
        lede_buf_put_format(out, "%s %s %2u %02u:%02u:%02u %s %04d", day,
                            month_words[1][c.month - 1], c.day, c.hour,
                            c.minute, c.second, zone, c.year);
        return 1;
    case 10:
        lede_buf_put_format(out, "%02u-%s-%04d %02u:%02u:%02u %s", c.day,
                            month_words[1][c.month - 1], c.year, c.hour,
                            c.minute, c.second, zone);
        return 1;
    case 11:
        lede_buf_put_format(out, "%u.%u.%04d %02u:%02u %s", c.day, c.month,
                            c.year, c.hour, c.minute, zone);
        return 60;
    case 12:
        lede_buf_put_format(out, "%04d年%u月%u日 %02u:%02u:%02u %s", c.year,
                            c.month, c.day, c.hour, c.minute, c.second, zone);
        return 1;
    default:
        lede_buf_put_format(out, "Last updated: %s %u %s %04d %02u.%02u %s",
                            day, c.day, month, c.year, c.hour, c.minute, zone);
        return 60;
    }
}

static void test_date_pieces__what_is_printed_is_read(void **state)
{
    lede_buf text = {0};
    unsigned i;

    (void)state;
    seed = 0x2545F4914F6CDD1Du;
    for (i = 0; i < 40000; i++) {
        int64_t instant = -5000000000 + (int64_t)(random_next() % 12000000000u);
        int32_t offset_min = ((int32_t)random_below(105) - 48) * 15;
        int64_t kept = print_date(i % 14, instant, offset_min, &text);
        int64_t wanted = (instant - (instant % kept + kept) % kept);
        lede_when when;

        if (!lede_date_parse(lede_buf_span(&text), NULL, &when) ||
            when.instant != wanted || when.offset_min != offset_min) {
            print_error("\"%s\"\n", lede_buf_text(&text));
            fail();
        }
    }
    lede_buf_done(&text);
}

/* Every day of 30 years in words, with no clock or zone near. */
static void test_date_pieces__days_in_every_language(void **state)
{
    lede_buf text = {0};
    int64_t day;
    size_t language;

    (void)state;
    for (language = 0; language < LANGUAGES; language++) {
        for (day = 5000; day < 16000; day += 23) {
            lede_civil c;
            lede_when when;

            lede_civil_from_days(day, &c);
            lede_buf_clear(&text);
            lede_buf_put_format(&text, "%u %s %d", c.day,
                                month_words[language][c.month - 1], c.year);
            if (!lede_date_parse(lede_buf_span(&text), NULL, &when) ||
                when.instant != day * 86400 ||
                when.precision != LEDE_PRECISION_DAY) {
                print_error("\"%s\"\n", lede_buf_text(&text));
                fail();
            }
        }
    }
    lede_buf_done(&text);
}

/* ---- Bytes ---- */

/* Pieces of dates, whole and broken, in random order. */
static void put_scrap(lede_buf *out)
{
    static const char *const scraps[] = {
        "2025",    "-",      "02",
        "/",       "17",     "T",
        "14:50",   ":",      "GMT",
        "+",       "01",     " ",
        ",",       "Feb",    "p.m.",
        "(",       ")",      "[",
        "Mon",     "19",     "Z",
        "\u2212",  "年",     "月",
        "오후",    "mar.",   "de",
        "1e9",     "99999",  "\u00A0",
        "ET",      "at",     "\xFF",
        "\xC3",    ".",      "local time in ",
        "Paris",   "'",      "W08",
        "Europe/", "London", "24",
        "60",      "00",     "999999999999999999999"};

    lede_buf_put_text(out,
                      scraps[random_below(sizeof scraps / sizeof scraps[0])]);
}

static void check_any_bytes(lede_span text)
{
    lede_date_hints hints = {.site = lede_span_text("bbc.co.uk")};
    lede_when when;
    lede_civil civil = {0};
    lede_precision precision;
    lede_zone_word zone;
    size_t begin = 0;
    size_t end = 0;
    size_t at = 0;
    bool guessed;

    if (lede_date_parse(text, &hints, &when) &&
        when.instant != LEDE_INSTANT_NONE) {
        lede_civil back;

        lede_civil_from_instant(when.instant, 0, &back);
        assert_true(back.year >= LEDE_YEAR_MIN - 1 && back.year <= 10000);
    }
    while (lede_date_find(text, at, &hints, &begin, &end, &when)) {
        assert_true(begin >= at && end > begin && end <= text.len);
        assert_true(when.local.month >= 1 && when.local.month <= 12);
        at = end;
    }
    assert_true(lede_clock_take(text, &civil, &precision) <= text.len);
    assert_true(lede_day_take(text, &hints, &civil, &guessed) <= text.len);
    assert_true(lede_zone_word_take(text, &hints, &zone) <= text.len);
    (void)lede_date_in_path(text, at % 2 == 0, &when);
}

static void test_date_pieces__any_bytes_are_borne(void **state)
{
    unsigned i;

    (void)state;
    seed = 42;
    for (i = 0; i < 60000; i++) {
        lede_buf buf = {0};
        unsigned count = random_below(12);
        uint8_t *exact;

        while (count-- > 0) {
            if (random_below(8) == 0) {
                lede_buf_put_byte(&buf, (uint8_t)random_next());
            } else {
                put_scrap(&buf);
            }
        }
        /* a copy of just this size, for the sanitizer to guard its end */
        exact = malloc(buf.len + 1);
        assert_non_null(exact);
        if (buf.len > 0) {
            memcpy(exact + 1, buf.bytes, buf.len);
        }
        check_any_bytes(lede_span_of(exact + 1, buf.len));
        free(exact);
        lede_buf_done(&buf);
    }
}

static void test_date_pieces__nothing_depends_on_the_process(void **state)
{
    lede_when plain;
    lede_when other;
    lede_span text = lede_span_text("17 July 2025 14:50");

    (void)state;
    assert_true(lede_date_parse(text, NULL, &plain));
    assert_int_equal(setenv("TZ", "Asia/Tokyo", 1), 0);
    assert_int_equal(setenv("LC_ALL", "tr_TR.UTF-8", 1), 0);
    assert_true(lede_date_parse(text, NULL, &other));
    assert_int_equal(plain.instant, other.instant);
    assert_int_equal(unsetenv("TZ") + unsetenv("LC_ALL"), 0);
}

static void test_date_pieces__months_fold_to_their_tables(void **state)
{
    size_t language;
    size_t i;

    (void)state;
    for (language = 0; language < LANGUAGES; language++) {
        for (i = 0; i < 12; i++) {
            char word[LEDE_SCAN_WORD_BYTES];
            lede_month_name name;
            lede_span text = lede_span_text(month_words[language][i]);

            assert_int_equal(lede_scan_fold(text, 0, word), text.len);
            assert_true(lede_month_name_get(word, &name));
            assert_int_equal(name.number, i + 1);
        }
    }
}

static void test_date_pieces__words_are_in_order_and_folded(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < lede_month_word_count; i++) {
        const char *text = lede_month_words[i].word;
        char word[LEDE_SCAN_WORD_BYTES];

        assert_true(i == 0 || strcmp(lede_month_words[i - 1].word, text) < 0);
        assert_int_equal(lede_scan_fold(lede_span_text(text), 0, word),
                         strlen(text));
        assert_string_equal(word, text);
    }
    for (i = 0; i < lede_weekday_word_count; i++) {
        const char *text = lede_weekday_words[i];
        char word[LEDE_SCAN_WORD_BYTES];

        assert_true(i == 0 || strcmp(lede_weekday_words[i - 1], text) < 0);
        assert_int_equal(lede_scan_fold(lede_span_text(text), 0, word),
                         strlen(text));
        assert_string_equal(word, text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_date_pieces__times_of_day),
        cmocka_unit_test(test_date_pieces__days),
        cmocka_unit_test(test_date_pieces__are_put_together),
        cmocka_unit_test(test_date_pieces__midnight_is_a_day_for_metadata),
        cmocka_unit_test(test_date_pieces__what_is_printed_is_read),
        cmocka_unit_test(test_date_pieces__days_in_every_language),
        cmocka_unit_test(test_date_pieces__any_bytes_are_borne),
        cmocka_unit_test(test_date_pieces__nothing_depends_on_the_process),
        cmocka_unit_test(test_date_pieces__months_fold_to_their_tables),
        cmocka_unit_test(test_date_pieces__words_are_in_order_and_folded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
