/* Zone words: every name of the tables against the tz database, the ambiguous
 * ones by site, and what is taken of a longer line. */
#include "base/zone.h"
#include "corpus/date_scan.h"

#include "tests/support/check.h"

static lede_error err;

static size_t take(const char *text, const char *site, lede_zone_word *out)
{
    lede_date_hints hints = {.site = lede_span_text(site)};

    memset(out, 0, sizeof *out);
    return lede_zone_word_take(lede_span_text(text), &hints, out);
}

static void check_fixed(const char *text, const char *site, size_t len,
                        int32_t offset_min)
{
    lede_zone_word word;
    size_t got = take(text, site, &word);

    if (got != len || word.tz.len != 0 || word.offset_s != offset_min * 60) {
        print_error("\"%s\" at %s: %zu bytes, %.*s %d\n", text, site, got,
                    (int)word.tz.len, (const char *)word.tz.bytes,
                    word.offset_s / 60);
        fail();
    }
}

static void check_rule(const char *text, const char *site, size_t len,
                       const char *tz)
{
    lede_zone_word word;
    size_t got = take(text, site, &word);

    if (got != len || !lede_span_is(word.tz, tz)) {
        print_error("\"%s\" at %s: %zu bytes, %.*s %d\n", text, site, got,
                    (int)word.tz.len, (const char *)word.tz.bytes,
                    word.offset_s / 60);
        fail();
    }
}

static void test_zones__figures(void **state)
{
    (void)state;
    check_fixed("Z", "", 1, 0);
    check_fixed("z", "", 1, 0);
    check_fixed("+01:00", "", 6, 60);
    check_fixed("+0100", "", 5, 60);
    check_fixed("-5", "", 2, -300);
    check_fixed("+5:30", "", 5, 330);
    check_fixed("-03:30 x", "", 6, -210);
    check_fixed("\u221205:00", "", 8, -300);
    check_fixed("GMT", "", 3, 0);
    check_fixed("gmt", "", 3, 0);
    check_fixed("UTC", "", 3, 0);
    check_fixed("GMT-5", "", 5, -300);
    check_fixed("GMT+5:30", "", 8, 330);
    check_fixed("GMT +0530", "", 9, 330);
    check_fixed("UTC+01:00", "", 9, 60);
    check_fixed("UTC\u22123", "", 7, -180);
    check_fixed("GMT 17 February", "", 3, 0);
}

static void test_zones__what_is_none(void **state)
{
    static const char *const texts[] = {"",
                                        "x",
                                        "Zurich",
                                        "Zoo",
                                        "Z5",
                                        "gmtx",
                                        "GMTX",
                                        "+",
                                        "+19",
                                        "+1:7x" /* +1 */,
                                        "+12345",
                                        "est",
                                        "met",
                                        "cat",
                                        "EATS",
                                        "ETA",
                                        "Et",
                                        "Eastern Europe and more",
                                        "Green",
                                        "London",
                                        "local time",
                                        "local time in Atlantis",
                                        "Mars/Phobos",
                                        "and/or",
                                        "a/b/c",
                                        "Standard Time",
                                        "Time"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        lede_zone_word word;
        size_t len = take(texts[i], "", &word);

        /* words that begin with a name are taken as far as it goes */
        if (len != 0 && strcmp(texts[i], "+1:7x") != 0 &&
            strncmp(texts[i], "Eastern ", 8) != 0) {
            print_error("\"%s\": %zu\n", texts[i], len);
            fail();
        }
    }
}

static void test_zones__names_as_far_as_they_go(void **state)
{
    (void)state;
    check_fixed("Greenwich Mean Time 17 February", "", 19, 0);
    check_fixed("GREENWICH MEAN TIME", "", 19, 0);
    check_fixed("Greenwich Mean 17 February", "", 14, 0);
    check_fixed("British Summer Time", "", 19, 60);
    check_fixed("Eastern Standard Time", "", 21, -300);
    check_fixed("Eastern Daylight Time 18 July", "", 21, -240);
    check_fixed("India Standard Time, 7 October", "", 19, 330);
    check_fixed("Central European Standard Time", "", 30, 60);
    check_fixed("Central European Summer Time", "", 28, 120);
    check_fixed("Australian Eastern Daylight Time", "", 32, 660);
    check_fixed("Coordinated Universal Time)", "", 26, 0);
    check_fixed("Central  European\u00A0Summer Time", "", 30, 120);
    check_fixed("Dumont\u2019Urville Time", "", 0, 0);
    check_fixed("Dumont-d\u2019Urville Time", "", 23, 600);
    check_fixed("R\u00E9union Time", "", 13, 240);
    check_fixed("St. Pierre & Miquelon Daylight Time", "", 35, -120);
    check_rule("Central European Time", "", 21, "Europe/Paris");
    check_rule("Central European, 17 May", "", 16, "Europe/Paris");
    check_rule("Eastern Time", "", 12, "America/New_York");
    check_rule("Eastern", "", 7, "America/New_York");
    check_rule("Pacific time", "", 12, "America/Los_Angeles");
    check_rule("UK time", "", 7, "Europe/London");
    check_rule("London time.", "", 11, "Europe/London");
    check_rule("New York time", "", 13, "America/New_York");
    check_rule("local time in Paris", "", 19, "Europe/Paris");
    check_rule("local time in S\u00E3o Paulo", "", 24, "America/Sao_Paulo");
}

static void test_zones__letters(void **state)
{
    static const struct {
        const char *name;
        int32_t offset_min;
    } cases[] = {{"UTC", 0},     {"WET", 0},     {"BST", 60},   {"WEST", 60},
                 {"CET", 60},    {"MET", 60},    {"CEST", 120}, {"EET", 120},
                 {"EEST", 180},  {"MSK", 180},   {"TRT", 180},  {"GST", 240},
                 {"PKT", 300},   {"IST", 330},   {"SGT", 480},  {"HKT", 480},
                 {"JST", 540},   {"KST", 540},   {"AWST", 480}, {"ACST", 570},
                 {"AEST", 600},  {"AEDT", 660},  {"NZST", 720}, {"NZDT", 780},
                 {"WAT", 60},    {"CAT", 120},   {"EAT", 180},  {"SAST", 120},
                 {"EST", -300},  {"EDT", -240},  {"CST", -360}, {"CDT", -300},
                 {"MST", -420},  {"MDT", -360},  {"PST", -480}, {"PDT", -420},
                 {"AKST", -540}, {"AKDT", -480}, {"HST", -600}, {"AST", -240},
                 {"ADT", -180},  {"NST", -210},  {"NDT", -150}, {"WIB", 420},
                 {"WITA", 480},  {"WIT", 540}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        check_fixed(cases[i].name, "", strlen(cases[i].name),
                    cases[i].offset_min);
    }
    check_rule("ET", "", 2, "America/New_York");
    check_rule("ET, October 6", "", 2, "America/New_York");
    check_rule("E.T.", "", 4, "America/New_York");
    check_rule("CT", "", 2, "America/Chicago");
    check_rule("MT", "", 2, "America/Denver");
    check_rule("PT", "", 2, "America/Los_Angeles");
    check_rule("AT", "", 2, "America/Halifax");
    check_fixed("GMT.", "", 3, 0);
    check_fixed("EST.", "", 3, -300);
}

static void test_zones__the_site_decides(void **state)
{
    (void)state;
    check_fixed("BST", "www.thedailystar.net", 3, 360);
    check_fixed("BST", "news.example.bd", 3, 360);
    check_fixed("BST", "www.bbc.co.uk", 3, 60);
    check_fixed("IST", "www.irishtimes.com", 3, 60);
    check_fixed("IST", "RTE.IE", 3, 60);
    check_rule("IST", "www.timesofisrael.com", 3, "Asia/Jerusalem");
    check_rule("IST", "ynet.co.il:443", 3, "Asia/Jerusalem");
    check_fixed("IST", "timesofindia.indiatimes.com", 3, 330);
    check_fixed("CST", "www.xinhuanet.com", 3, 480);
    check_fixed("CST", "scmp.com", 3, 480);
    check_fixed("CST", "notscmp.com", 3, -360);
    check_fixed("AST", "www.arabnews.com", 3, 180);
    check_fixed("EST", "www.abc.net.au", 3, 600);
    check_fixed("PST", "www.rappler.com", 3, 480);
}

static void test_zones__names_of_the_database(void **state)
{
    (void)state;
    if (access("/usr/share/zoneinfo/Europe/Paris", R_OK) != 0) {
        skip();
    }
    check_rule("Europe/Paris]", "", 12, "Europe/Paris");
    check_rule("Etc/GMT", "", 7, "Etc/GMT");
    check_rule("America/Argentina/Buenos_Aires", "", 30,
               "America/Argentina/Buenos_Aires");
}

static void test_zones__sites_have_homes(void **state)
{
    (void)state;
    assert_string_equal(lede_site_zone(lede_span_text("www.bbc.co.uk")),
                        "Europe/London");
    assert_string_equal(lede_site_zone(lede_span_text("BBC.com")),
                        "Europe/London");
    assert_string_equal(lede_site_zone(lede_span_text("edition.cnn.com")),
                        "America/New_York");
    assert_string_equal(lede_site_zone(lede_span_text("lemonde.fr:8080")),
                        "Europe/Paris");
    assert_null(lede_site_zone(lede_span_text("notbbc.com")));
    assert_null(lede_site_zone(lede_span_text("")));
    assert_null(lede_site_zone(lede_span_text("example.org")));
}

/* Where each long name is kept, for names that are kept in one place. */
static const char *const homes[][2] = {
    {"acre", "America/Rio_Branco"},
    {"afghanistan", "Asia/Kabul"},
    {"alaska", "America/Anchorage"},
    {"almaty", "Asia/Almaty"},
    {"amazon", "America/Manaus"},
    {"american samoa", "Pacific/Pago_Pago"},
    {"anadyr", "Asia/Anadyr"},
    {"apia", "Pacific/Apia"},
    {"aqtau", "Asia/Aqtau"},
    {"aqtobe", "Asia/Aqtobe"},
    {"arabian", "Asia/Baghdad"},
    {"argentina", "America/Argentina/Buenos_Aires"},
    {"armenia", "Asia/Yerevan"},
    {"atlantic", "America/Halifax"},
    {"australian central", "Australia/Adelaide"},
    {"australian central western", "Australia/Eucla"},
    {"australian eastern", "Australia/Sydney"},
    {"australian western", "Australia/Perth"},
    {"azerbaijan", "Asia/Baku"},
    {"azores", "Atlantic/Azores"},
    {"bangladesh", "Asia/Dhaka"},
    {"bhutan", "Asia/Thimphu"},
    {"bolivia", "America/La_Paz"},
    {"brasilia", "America/Sao_Paulo"},
    {"british", "Europe/London"},
    {"brunei darussalam", "Asia/Brunei"},
    {"cape verde", "Atlantic/Cape_Verde"},
    {"casey", "Antarctica/Casey"},
    {"central", "America/Chicago"},
    {"central africa", "Africa/Maputo"},
    {"central european", "Europe/Paris"},
    {"central indonesia", "Asia/Makassar"},
    {"chamorro", "Pacific/Guam"},
    {"chatham", "Pacific/Chatham"},
    {"chile", "America/Santiago"},
    {"china", "Asia/Shanghai"},
    {"choibalsan", "Asia/Choibalsan"},
    {"christmas island", "Indian/Christmas"},
    {"chuuk", "Pacific/Chuuk"},
    {"cocos islands", "Indian/Cocos"},
    {"colombia", "America/Bogota"},
    {"cook islands", "Pacific/Rarotonga"},
    {"cook islands half", "Pacific/Rarotonga"},
    {"coordinated universal", "Etc/UTC"},
    {"cuba", "America/Havana"},
    {"davis", "Antarctica/Davis"},
    {"dumont-d'urville", "Antarctica/DumontDUrville"},
    {"east africa", "Africa/Nairobi"},
    {"east greenland", "America/Scoresbysund"},
    {"east kazakhstan", "Asia/Almaty"},
    {"east timor", "Asia/Dili"},
    {"easter island", "Pacific/Easter"},
    {"eastern", "America/New_York"},
    {"eastern european", "Europe/Helsinki"},
    {"eastern indonesia", "Asia/Jayapura"},
    {"ecuador", "America/Guayaquil"},
    {"falkland islands", "Atlantic/Stanley"},
    {"fernando de noronha", "America/Noronha"},
    {"fiji", "Pacific/Fiji"},
    {"french guiana", "America/Cayenne"},
    {"french southern & antarctic", "Indian/Kerguelen"},
    {"further-eastern european", "Europe/Minsk"},
    {"galapagos", "Pacific/Galapagos"},
    {"gambier", "Pacific/Gambier"},
    {"georgia", "Asia/Tbilisi"},
    {"gilbert islands", "Pacific/Tarawa"},
    {"greenland", "America/Nuuk"},
    {"greenwich mean", "Africa/Abidjan"},
    {"guam", "Pacific/Guam"},
    {"gulf", "Asia/Dubai"},
    {"guyana", "America/Guyana"},
    {"hawaii", "Pacific/Honolulu"},
    {"hawaii-aleutian", "America/Adak"},
    {"hong kong", "Asia/Hong_Kong"},
    {"hovd", "Asia/Hovd"},
    {"india", "Asia/Kolkata"},
    {"indian ocean", "Indian/Chagos"},
    {"indochina", "Asia/Bangkok"},
    {"iran", "Asia/Tehran"},
    {"irish", "Europe/Dublin"},
    {"irkutsk", "Asia/Irkutsk"},
    {"israel", "Asia/Jerusalem"},
    {"japan", "Asia/Tokyo"},
    {"kazakhstan", "Asia/Almaty"},
    {"korea", "Asia/Seoul"},
    {"korean", "Asia/Seoul"},
    {"kosrae", "Pacific/Kosrae"},
    {"krasnoyarsk", "Asia/Krasnoyarsk"},
    {"kyrgyzstan", "Asia/Bishkek"},
    {"lanka", "Asia/Colombo"},
    {"line islands", "Pacific/Kiritimati"},
    {"lord howe", "Australia/Lord_Howe"},
    {"macau", "Asia/Macau"},
    {"macquarie island", "Antarctica/Macquarie"},
    {"magadan", "Asia/Magadan"},
    {"malaysia", "Asia/Kuala_Lumpur"},
    {"maldives", "Indian/Maldives"},
    {"marquesas", "Pacific/Marquesas"},
    {"marshall islands", "Pacific/Majuro"},
    {"mauritius", "Indian/Mauritius"},
    {"mawson", "Antarctica/Mawson"},
    {"mexican pacific", "America/Mazatlan"},
    {"mongolia", "Asia/Ulaanbaatar"},
    {"moscow", "Europe/Moscow"},
    {"mountain", "America/Denver"},
    {"myanmar", "Asia/Yangon"},
    {"nauru", "Pacific/Nauru"},
    {"nepal", "Asia/Kathmandu"},
    {"new caledonia", "Pacific/Noumea"},
    {"new zealand", "Pacific/Auckland"},
    {"newfoundland", "America/St_Johns"},
    {"niue", "Pacific/Niue"},
    {"norfolk island", "Pacific/Norfolk"},
    {"north mariana islands", "Pacific/Saipan"},
    {"northwest mexico", "America/Tijuana"},
    {"novosibirsk", "Asia/Novosibirsk"},
    {"omsk", "Asia/Omsk"},
    {"pacific", "America/Los_Angeles"},
    {"pakistan", "Asia/Karachi"},
    {"palau", "Pacific/Palau"},
    {"papua new guinea", "Pacific/Port_Moresby"},
    {"paraguay", "America/Asuncion"},
    {"peru", "America/Lima"},
    {"petropavlovsk-kamchatski", "Asia/Kamchatka"},
    {"philippine", "Asia/Manila"},
    {"phoenix islands", "Pacific/Kanton"},
    {"pitcairn", "Pacific/Pitcairn"},
    {"pohnpei", "Pacific/Pohnpei"},
    {"ponape", "Pacific/Pohnpei"},
    {"pyongyang", "Asia/Pyongyang"},
    {"qyzylorda", "Asia/Qyzylorda"},
    {"reunion", "Indian/Reunion"},
    {"rothera", "Antarctica/Rothera"},
    {"sakhalin", "Asia/Sakhalin"},
    {"samara", "Europe/Samara"},
    {"samoa", "Pacific/Pago_Pago"},
    {"seychelles", "Indian/Mahe"},
    {"singapore", "Asia/Singapore"},
    {"solomon islands", "Pacific/Guadalcanal"},
    {"south africa", "Africa/Johannesburg"},
    {"south georgia", "Atlantic/South_Georgia"},
    {"st. pierre & miquelon", "America/Miquelon"},
    {"suriname", "America/Paramaribo"},
    {"syowa", "Antarctica/Syowa"},
    {"tahiti", "Pacific/Tahiti"},
    {"taipei", "Asia/Taipei"},
    {"taiwan", "Asia/Taipei"},
    {"tajikistan", "Asia/Dushanbe"},
    {"timor-leste", "Asia/Dili"},
    {"tokelau", "Pacific/Fakaofo"},
    {"tonga", "Pacific/Tongatapu"},
    {"turkey", "Europe/Istanbul"},
    {"turkiye", "Europe/Istanbul"},
    {"turkmenistan", "Asia/Ashgabat"},
    {"tuvalu", "Pacific/Funafuti"},
    {"ulaanbaatar", "Asia/Ulaanbaatar"},
    {"universal", "Etc/UTC"},
    {"uruguay", "America/Montevideo"},
    {"uzbekistan", "Asia/Tashkent"},
    {"vanuatu", "Pacific/Efate"},
    {"venezuela", "America/Caracas"},
    {"vladivostok", "Asia/Vladivostok"},
    {"volgograd", "Europe/Volgograd"},
    {"vostok", "Antarctica/Vostok"},
    {"wake island", "Pacific/Wake"},
    {"wallis & futuna", "Pacific/Wallis"},
    {"west africa", "Africa/Lagos"},
    {"west greenland", "America/Nuuk"},
    {"west kazakhstan", "Asia/Oral"},
    {"western argentina", "America/Argentina/San_Luis"},
    {"western european", "Europe/Lisbon"},
    {"western indonesia", "Asia/Jakarta"},
    {"yakutsk", "Asia/Yakutsk"},
    {"yekaterinburg", "Asia/Yekaterinburg"},
    {"yukon", "America/Whitehorse"},
};

/* The tz zone of "new zealand daylight": that of the name without its season.
 */
static const char *home_of(const char *name)
{
    static const char *const seasons[] = {" standard", " daylight", " summer",
                                          ""};
    size_t len = strlen(name);
    size_t i;
    size_t s;

    for (s = 0; s < sizeof seasons / sizeof seasons[0]; s++) {
        size_t size = strlen(seasons[s]);

        if (len <= size || strcmp(name + len - size, seasons[s]) != 0) {
            continue;
        }
        for (i = 0; i < sizeof homes / sizeof homes[0]; i++) {
            if (strlen(homes[i][0]) == len - size &&
                memcmp(homes[i][0], name, len - size) == 0) {
                return homes[i][1];
            }
        }
    }
    return NULL;
}

/* CLDR has words for these, but no clock has shown them since 1940. */
static bool is_only_a_word(const char *name)
{
    return strcmp(name, "cape verde summer") == 0 ||
           strcmp(name, "samoa daylight") == 0 ||
           strcmp(name, "west africa summer") == 0;
}

/* Whether the clocks there ever showed that offset, from 1970 to 2030, of late
 * for the time that is called standard. */
static bool ever_has(const lede_zone *zone, int32_t offset_s, int32_t since)
{
    int64_t t = lede_days_from_civil(since, 1, 1) * 86400;
    int64_t end = lede_days_from_civil(2030, 1, 1) * 86400;

    for (; t < end; t += 86400 * 20) {
        if (lede_zone_offset_at(zone, t) == offset_s) {
            return true;
        }
    }
    return false;
}

static void test_zones__every_long_name_says_what_clocks_show(void **state)
{
    size_t failures = 0;
    size_t i;

    (void)state;
    if (access("/usr/share/zoneinfo/Asia/Kabul", R_OK) != 0) {
        print_message("skipped: no tz database here\n");
        skip();
    }
    for (i = 0; i < lede_zone_long_name_count; i++) {
        const lede_zone_name *name = &lede_zone_long_names[i];
        const char *home = home_of(name->name);
        bool is_winter = strstr(name->name, "summer") == NULL &&
                         strstr(name->name, "daylight") == NULL;
        lede_zone *zone = NULL;
        lede_zone_word word;

        assert_int_equal(take(name->name, "", &word), strlen(name->name));
        if (name->tz != NULL) {
            assert_ok(lede_zone_open(name->tz, &zone, &err));
            lede_zone_close(zone);
            continue;
        }
        if (home == NULL || lede_zone_open(home, &zone, &err) != LEDE_OK) {
            print_error("%s: no home\n", name->name);
            failures++;
            continue;
        }
        if (!is_only_a_word(name->name) &&
            !ever_has(zone, name->offset_min * 60, is_winter ? 2005 : 1940)) {
            print_error("%s: never %d in %s\n", name->name, name->offset_min,
                        home);
            failures++;
        }
        lede_zone_close(zone);
    }
    assert_int_equal(failures, 0);
}

static void test_zones__tables_are_in_order(void **state)
{
    size_t i;

    (void)state;
    assert_true(lede_zone_long_name_count > 212);
    for (i = 1; i < lede_zone_long_name_count; i++) {
        assert_true(strcmp(lede_zone_long_names[i - 1].name,
                           lede_zone_long_names[i].name) < 0);
    }
    for (i = 1; i < lede_zone_abbreviation_count; i++) {
        assert_true(strcmp(lede_zone_abbreviations[i - 1].name,
                           lede_zone_abbreviations[i].name) < 0);
    }
}

static void check_zones_open(const lede_zone_place *places, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        lede_zone *zone = NULL;

        assert_ok(lede_zone_open(places[i].tz, &zone, &err));
        lede_zone_close(zone);
    }
}

static void test_zones__places_are_in_zones(void **state)
{
    (void)state;
    if (access("/usr/share/zoneinfo/Asia/Kabul", R_OK) != 0) {
        skip();
    }
    check_zones_open(lede_zone_cities, lede_zone_city_count);
    check_zones_open(lede_zone_sites, lede_zone_site_count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zones__figures),
        cmocka_unit_test(test_zones__what_is_none),
        cmocka_unit_test(test_zones__names_as_far_as_they_go),
        cmocka_unit_test(test_zones__letters),
        cmocka_unit_test(test_zones__the_site_decides),
        cmocka_unit_test(test_zones__names_of_the_database),
        cmocka_unit_test(test_zones__sites_have_homes),
        cmocka_unit_test(test_zones__every_long_name_says_what_clocks_show),
        cmocka_unit_test(test_zones__tables_are_in_order),
        cmocka_unit_test(test_zones__places_are_in_zones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
