/* date_names.c - words of dates: characters, months and weekdays of fourteen
 * languages (and Greek, Hungarian), folded so that Février, FEVRIER and fevrier
 * are one. */
#include "corpus/date_scan.h"

#include "base/utf8.h"

/* U+00C0 to U+017F without accent and case. */
static const char latin_bases[] =
    "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiii"
    "dnooooo ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggg"
    "gggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooo"
    "oooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

static bool is_blank(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 ||
           c == 0x1680 || (c >= 0x2000 && c <= 0x200F) || c == 0x2028 ||
           c == 0x2029 || (c >= 0x202A && c <= 0x202F) || c == 0x205F ||
           (c >= 0x2060 && c <= 0x2069) || c == 0x3000 || c == 0xFEFF;
}

static bool is_letter(uint32_t c)
{
    if (c < 0x80) {
        return lede_scan_is_alpha((uint8_t)c);
    }
    return c >= 0xC0 && c != 0xD7 && c != 0xF7 && !is_blank(c) &&
           !(c >= 0x2000 && c <= 0x2BFF) && !(c >= 0x3000 && c <= 0x303F) &&
           c < 0xFE00;
}

static size_t decode(lede_span text, size_t at, uint32_t *out)
{
    if (at >= text.len) {
        *out = 0;
        return 0;
    }
    return lede_utf8_decode(text.bytes + at, text.bytes + text.len, out);
}

bool lede_scan_is_letter(lede_span text, size_t at)
{
    uint32_t c;

    return decode(text, at, &c) > 0 && is_letter(c);
}

size_t lede_scan_blanks(lede_span text, size_t at)
{
    size_t begin = at;
    uint32_t c;
    size_t len;

    while ((len = decode(text, at, &c)) > 0 && is_blank(c)) {
        at += len;
    }
    return at - begin;
}

size_t lede_scan_digits(lede_span text, size_t at, uint32_t *value)
{
    uint32_t number = 0;
    size_t count = 0;

    while (lede_scan_is_digit(lede_scan_at(text, at + count))) {
        if (count < 9) {
            number = number * 10 + (uint32_t)(text.bytes[at + count] - '0');
        }
        count++;
    }
    *value = number;
    return count;
}

size_t lede_scan_word(lede_span text, size_t at, const char *word)
{
    size_t i;

    for (i = 0; word[i] != '\0'; i++) {
        uint8_t c = lede_scan_at(text, at + i);

        if (c >= 'A' && c <= 'Z') {
            c = (uint8_t)(c + ('a' - 'A'));
        }
        if (c != (uint8_t)word[i]) {
            return 0;
        }
    }
    return i;
}

static uint32_t fold_greek(uint32_t c)
{
    static const uint16_t accented[][2] = {
        {0x386, 0x3B1}, {0x388, 0x3B5}, {0x389, 0x3B7}, {0x38A, 0x3B9},
        {0x38C, 0x3BF}, {0x38E, 0x3C5}, {0x38F, 0x3C9}, {0x390, 0x3B9},
        {0x3AC, 0x3B1}, {0x3AD, 0x3B5}, {0x3AE, 0x3B7}, {0x3AF, 0x3B9},
        {0x3B0, 0x3C5}, {0x3C2, 0x3C3}, {0x3CA, 0x3B9}, {0x3CB, 0x3C5},
        {0x3CC, 0x3BF}, {0x3CD, 0x3C5}, {0x3CE, 0x3C9}};
    size_t i;

    for (i = 0; i < sizeof accented / sizeof accented[0]; i++) {
        if (accented[i][0] == c) {
            return accented[i][1];
        }
    }
    return c >= 0x391 && c <= 0x3A9 ? c + 0x20 : c;
}

static uint32_t fold_cyrillic(uint32_t c)
{
    if (c >= 0x410 && c <= 0x42F) {
        c += 0x20;
    } else if (c >= 0x400 && c <= 0x40F) {
        c += 0x50;
    }
    if (c == 0x451) {
        return 0x435;
    }
    return c == 0x439 ? 0x438 : c;
}

/* 0 for a combining accent, which vanishes. */
static uint32_t fold_letter(uint32_t c)
{
    if (c >= 'A' && c <= 'Z') {
        return c + ('a' - 'A');
    }
    if (c >= 0xC0 && c < 0x180) {
        return (uint8_t)latin_bases[c - 0xC0];
    }
    if (c >= 0x218 && c <= 0x21B) {
        return c < 0x21A ? 's' : 't';
    }
    if (c >= 0x300 && c <= 0x36F) {
        return 0;
    }
    if (c >= 0x386 && c <= 0x3CE) {
        return fold_greek(c);
    }
    return c >= 0x400 && c <= 0x45F ? fold_cyrillic(c) : c;
}

size_t lede_scan_fold(lede_span text, size_t at, char out[LEDE_SCAN_WORD_BYTES])
{
    size_t begin = at;
    size_t used = 0;
    uint32_t c;
    size_t len;

    while ((len = decode(text, at, &c)) > 0 && is_letter(c)) {
        uint32_t folded = fold_letter(c);
        uint8_t bytes[4];
        size_t width = folded == 0 ? 0 : lede_utf8_encode(bytes, folded);

        if (used + width >= LEDE_SCAN_WORD_BYTES) {
            return 0;
        }
        memcpy(out + used, bytes, width);
        used += width;
        at += len;
    }
    out[used] = '\0';
    return used == 0 ? 0 : at - begin; /* accents alone are no word */
}

/* One line per month: English, then the others; shortened forms behind "|".
 * Each name is its own fold. */
static const char *const english_months[12] = {
    "january|jan", "february|feb", "march|mar",
    "april|apr",   "may|",         "june|jun",
    "july|jul",    "august|aug",   "september|sep sept",
    "october|oct", "november|nov", "december|dec"};

/* de fr es it pt nl ru pl tr sv da no cs el hu */
static const char *const other_months[12] = {
    "januar janner janvier enero gennaio janeiro januari января январь "
    "stycznia styczen ocak ledna leden ιανουαριου ιανουαριοσ|"
    "janv ene gen янв sty oca led ιαν",
    "februar feber fevrier febrero febbraio fevereiro februari февраля февраль "
    "lutego luty subat unora unor φεβρουαριου φεβρουαριοσ|"
    "fevr fev февр фев lut sub uno φεβ febr",
    "marz maerz mars marzo marco maart марта март marca marzec mart marts "
    "brezna brezen μαρτιου μαρτιοσ marcius|mrz mrt мар bre μαρ marc",
    "avril abril aprile апреля апрель kwietnia kwiecien nisan dubna duben "
    "απριλιου απριλιοσ aprilis|avr abr апр kwi nis dub απρ",
    "mai mayo maggio maio mei мая маи maja maj mayis kvetna kveten μαιου "
    "μαιοσ majus|mag kve μαι",
    "juni juin junio giugno junho июня июнь czerwca czerwiec haziran cervna "
    "cerven ιουνιου ιουνιοσ junius|giu июн cze haz cvn ιουν",
    "juli juillet julio luglio julho июля июль lipca lipiec temmuz cervence "
    "cervenec ιουλιου ιουλιοσ julius|juil lug июл lip tem cvc ιουλ",
    "aout agosto augustus августа август sierpnia sierpien agustos augusti "
    "srpna srpen αυγουστου αυγουστοσ augusztus|ago авг sie agu srp αυγ",
    "septembre septiembre setiembre settembre setembro сентября сентябрь "
    "wrzesnia wrzesien eylul zari σεπτεμβριου σεπτεμβριοσ szeptember|"
    "set сент сен wrz eyl zar σεπ σεπτ szept",
    "oktober octobre octubre ottobre outubro октября октябрь pazdziernika "
    "pazdziernik ekim rijna rijen οκτωβριου οκτωβριοσ|"
    "okt ott out окт paz eki rij οκτ",
    "novembre noviembre novembro ноября ноябрь kasim listopada listopadu "
    "listopad "
    "νοεμβριου "
    "νοεμβριοσ|нояб ноя kas lis νοε",
    "dezember decembre diciembre dicembre dezembro декабря декабрь grudnia "
    "grudzien aralik desember prosince prosinec δεκεμβριου δεκεμβριοσ|"
    "dez dic дек gru ara des pro δεκ"};

static const char weekdays[] =
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed "
    "weds thu thur thurs fri sat sun "
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo "
    "di mi do fr sa so "
    "lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven "
    "sam dim "
    "lunes martes miercoles jueves viernes sabado domingo mie jue vie sab dom "
    "lunedi martedi mercoledi giovedi venerdi sabato domenica gio "
    "segunda terca quarta quinta sexta seg ter qua qui sex feira "
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo "
    "понедельник вторник среда среду четверг пятница пятницу суббота субботу "
    "воскресенье пн вт ср чт пт сб вс "
    "poniedzialek wtorek sroda czwartek piatek sobota niedziela pon wt sr czw "
    "pt sob ndz niedz nd "
    "pazartesi sali carsamba persembe cuma cumartesi pazar pzt sal car per cum "
    "cmt paz "
    "mandag tisdag onsdag torsdag fredag lordag sondag tirsdag man tis tir ons "
    "tor tors fre lor son "
    "pondeli utery streda ctvrtek patek nedele po ut st ct pa ne "
    "δευτερα τριτη τεταρτη πεμπτη παρασκευη σαββατο κυριακη δευ τρι τετ πεμ "
    "παρ σαβ κυρ "
    "hetfo kedd szerda csutortok pentek szombat vasarnap";

bool lede_scan_is_listed(const char *list, const char *end, const char *word,
                         size_t len)
{
    const char *p = list;

    while (p < end) {
        const char *stop = memchr(p, ' ', (size_t)(end - p));

        if (stop == NULL) {
            stop = end;
        }
        if ((size_t)(stop - p) == len && memcmp(p, word, len) == 0) {
            return true;
        }
        p = stop + 1;
    }
    return false;
}

static bool find_month(const char *const list[12], const char *word,
                       lede_month_name *out)
{
    size_t len = strlen(word);
    unsigned i;

    for (i = 0; i < 12; i++) {
        const char *bar = strchr(list[i], '|');
        const char *end = list[i] + strlen(list[i]);

        out->number = i + 1;
        out->is_short = lede_scan_is_listed(bar + 1, end, word, len);
        if (out->is_short || lede_scan_is_listed(list[i], bar, word, len)) {
            return true;
        }
    }
    return false;
}

bool lede_month_name_get(const char *folded, lede_month_name *out)
{
    lede_month_name found = {0, true, false};

    if (folded[0] == '\0') {
        return false;
    }
    if (!find_month(english_months, folded, &found)) {
        found.is_english = false;
        if (!find_month(other_months, folded, &found)) {
            return false;
        }
    }
    *out = found;
    return true;
}

bool lede_weekday_name_get(const char *folded)
{
    return folded[0] != '\0' &&
           lede_scan_is_listed(weekdays, weekdays + sizeof weekdays - 1, folded,
                               strlen(folded));
}
