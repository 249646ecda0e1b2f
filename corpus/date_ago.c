/* date_ago.c - "3 hours ago", when it is known as of when. */
#include "corpus/date_scan.h"

enum { DAYS_MAX = 30, LINE_BYTES = 60 };

/* Words of a unit, by the seconds in it. */
static int64_t unit_of(const char *word)
{
    static const struct {
        int64_t seconds;
        const char *words;
    } units[] = {
        {60, "m min mins minute minutes minuten minuto minutos minuti minuut "
             "minuter minutter"},
        {3600, "h hr hrs hour hours stunde stunden std heure heures hora horas "
               "ora ore uur timmar timer timme time"},
        {86400, "d day days tag tagen jour jours dia dias giorno giorni dag "
                "dagen dagar dage dager"},
    };
    size_t i;

    for (i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (lede_scan_is_listed(units[i].words,
                                units[i].words + strlen(units[i].words), word,
                                strlen(word))) {
            return units[i].seconds;
        }
    }
    return 0;
}

/* Takes words before the number, or behind the unit: *is_past when one of them
 * says that it is over. False at any other word. */
static bool take_words(lede_span text, size_t *at, bool *is_past)
{
    static const char past[] = "ago vor il hace ha fa geleden sedan siden";
    static const char others[] = "published posted updated last y a for "
                                 "publie publicado";

    for (;;) {
        char word[LEDE_SCAN_WORD_BYTES];
        size_t len;

        *at += lede_scan_blanks(text, *at);
        len = lede_scan_fold(text, *at, word);
        if (len == 0) {
            uint8_t c = lede_scan_at(text, *at);

            if (c != ':' && c != '.') {
                return true;
            }
            len = 1;
        } else if (lede_scan_is_listed(past, past + strlen(past), word,
                                       strlen(word))) {
            *is_past = true;
        } else if (!lede_scan_is_listed(others, others + strlen(others), word,
                                        strlen(word))) {
            return false;
        }
        *at += len;
    }
}

bool lede_date_ago(lede_span text, int64_t now, lede_when *out)
{
    char word[LEDE_SCAN_WORD_BYTES];
    bool is_past = false;
    size_t at = 0;
    size_t len;
    uint32_t number;
    int64_t unit;

    if (text.len > LINE_BYTES || !take_words(text, &at, &is_past)) {
        return false;
    }
    len = lede_scan_digits(text, at, &number);
    if (len == 0 || len > 3) {
        return false;
    }
    at += len;
    at += lede_scan_blanks(text, at);
    len = lede_scan_fold(text, at, word);
    unit = len == 0 ? 0 : unit_of(word);
    at += len;
    if (unit == 0 || !take_words(text, &at, &is_past) || at < text.len ||
        !is_past || (int64_t)number * unit > (int64_t)DAYS_MAX * 86400) {
        return false;
    }
    *out = lede_when_none();
    out->instant = now - (int64_t)number * unit;
    out->instant -= out->instant % (unit == 86400 ? 86400 : 3600);
    lede_civil_from_instant(out->instant, 0, &out->local);
    out->precision = unit == 86400 ? LEDE_PRECISION_DAY : LEDE_PRECISION_HOUR;
    out->year_source = LEDE_YEAR_CAPTURE;
    out->text = text;
    return true;
}
