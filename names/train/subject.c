#include "names/train/subject.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { SENTENCE_BYTES = 600, NOUN_WORDS = 24 };

static const struct nouns {
    subject_kind kind;
    const char *words; /* between blanks */
} nouns[] = {
    {SUBJECT_PERSON,
     " actor actress artist athlete author architect astronomer admiral "
     "activist attorney ambassador bishop archbishop baseballer bassist boxer "
     "businessman businesswoman botanist broadcaster biologist composer "
     "conductor cricketer cyclist chemist clergyman chef comedian coach critic "
     "choreographer cardinal designer director dancer diplomat drummer "
     "dramatist "
     "driver economist engineer editor entrepreneur explorer executive "
     "entomologist footballer filmmaker fighter financier guitarist general "
     "geologist golfer governor goalkeeper gymnast geographer historian "
     "industrialist inventor illustrator journalist judge jurist lawyer "
     "linguist musician mathematician model minister missionary merchant "
     "midfielder monk nobleman novelist naturalist nurse officer organist "
     "painter playwright philosopher photographer physicist physician pianist "
     "poet politician priest producer professor player psychologist "
     "philanthropist publisher preacher presenter pilot programmer "
     "psychiatrist "
     "pitcher quarterback rapper rower runner researcher rabbi referee "
     "saxophonist scholar scientist sculptor singer skater skier soldier "
     "singer-songwriter songwriter screenwriter socialite statesman surgeon "
     "swimmer striker sprinter songwriter sociologist soprano swordsman "
     "theologian trumpeter tenor violinist wrestler writer woman man "
     "zoologist clergyman sportsman sportswoman televangelist translator "
     "jockey defender fencer hurdler jumper skipper weightlifter bodybuilder "
     "cinematographer cartoonist animator lyricist vocalist percussionist "
     "poker-player teacher educator academic administrator banker "},
    {SUBJECT_PLACE,
     " village town city municipality hamlet settlement community commune "
     "district county province region island islet river lake mountain peak "
     "suburb neighborhood neighbourhood locality township parish creek stream "
     "valley bay peninsula cape hill glacier archipelago territory "
     "prefecture canton oblast governorate ward borough comune tributary "
     "capital country state republic kingdom desert strait lagoon volcano "
     "reservoir waterfall pass ridge plateau atoll cove fjord headland "
     "subdistrict voivodeship tehsil taluk taluka mandal upazila barangay "
     "raion quarter enclave department selsoviet gmina tambon ghost-town "
     "cdp census-designated "},
    {SUBJECT_ORG,
     " company corporation band university college organization organisation "
     "party club team newspaper airline association federation union agency "
     "bank institute group foundation charity label retailer manufacturer "
     "publisher squadron regiment brigade battalion division ministry "
     "committee council commission orchestra choir ensemble league "
     "consortium franchise supplier subsidiary conglomerate firm "
     "think-tank nonprofit non-profit society force army navy militia "
     "legislature parliament court duo trio quartet broadcaster "
     "fraternity sorority syndicate cooperative "},
    {SUBJECT_SITE,
     " school station building bridge park museum church cathedral stadium "
     "airport castle palace hospital road street highway route avenue square "
     "monastery temple mosque cemetery railway railroad line tower house "
     "hotel mall theatre theater library prison dam tunnel canal port harbor "
     "abbey mansion fort fortress arena venue reserve forest garden beach "
     "trail lighthouse depot mine ruin site cave area center centre estate "
     "farm observatory zoo monument memorial skyscraper synagogue campus "
     "academy seminary base airbase airfield halt viaduct freeway motorway "
     "expressway "},
    {SUBJECT_WORK,
     " film album song novel book single game series show episode play opera "
     "magazine journal ship destroyer submarine cruiser frigate steamship "
     "species genus family beetle moth plant fish snake bird frog spider "
     "butterfly disease battle war siege election season tournament "
     "championship competition award prize festival language dialect "
     "software aircraft locomotive car motorcycle missile rifle tank engine "
     "comic manga anime character musical poem painting soundtrack compilation "
     "ep video event race cup operation treaty act law virus drug "
     "instrument dish cheese breed programming-language protocol game-show "
     "sitcom telenovela documentary drama comedy mixtape dvd "},
};

lede_span subject_name(lede_span title)
{
    size_t i;

    for (i = 0; i < title.len; i++) {
        if (title.bytes[i] == '(' || title.bytes[i] == ',') {
            return lede_span_trim(lede_span_part(title, 0, i));
        }
    }
    return lede_span_trim(title);
}

static bool is_letter(uint8_t byte)
{
    return byte >= 0x80 || byte == '-' || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z');
}

/* The next word from *at on; empty at a stop that ends the noun's part. */
static lede_span next_word(lede_span text, size_t *at)
{
    size_t begin;

    while (*at < text.len && !is_letter(text.bytes[*at])) {
        if (text.bytes[*at] == '.' || text.bytes[*at] == '\n' ||
            text.bytes[*at] == ';') {
            return lede_span_of(NULL, 0);
        }
        *at += 1;
    }
    begin = *at;
    while (*at < text.len && is_letter(text.bytes[*at])) {
        *at += 1;
    }
    return lede_span_part(text, begin, *at - begin);
}

static bool is_verb(lede_span word)
{
    return lede_span_is(word, "is") || lede_span_is(word, "was") ||
           lede_span_is(word, "are") || lede_span_is(word, "were");
}

/* Behind these words the sentence speaks of something else. */
static bool is_stop(lede_span word)
{
    static const char stops[] = " in of at from for by who which that near on "
                                "with located situated whose where known to "
                                "based during between when as about ";
    char padded[16];

    if (word.len == 0 || word.len > 12) {
        return word.len == 0;
    }
    padded[0] = ' ';
    memcpy(padded + 1, word.bytes, word.len);
    padded[word.len + 1] = ' ';
    padded[word.len + 2] = '\0';
    return strstr(stops, padded) != NULL;
}

static subject_kind kind_of_noun(lede_span word)
{
    char padded[32];
    size_t i;

    if (word.len < 2 || word.len > sizeof padded - 3) {
        return SUBJECT_UNKNOWN;
    }
    padded[0] = ' ';
    memcpy(padded + 1, word.bytes, word.len);
    padded[word.len + 1] = ' ';
    padded[word.len + 2] = '\0';
    for (i = 0; i < sizeof nouns / sizeof nouns[0]; i++) {
        if (strstr(nouns[i].words, padded) != NULL) {
            return nouns[i].kind;
        }
    }
    return SUBJECT_UNKNOWN;
}

/* Behind the first verb outside of brackets. */
static size_t behind_verb(lede_span text, bool *is_born)
{
    size_t at = 0;
    int depth = 0;

    while (at < text.len) {
        uint8_t byte = text.bytes[at];
        size_t begin = at;

        depth += byte == '(' ? 1 : byte == ')' && depth > 0 ? -1 : 0;
        if (byte == '\n') {
            return text.len;
        }
        if (!is_letter(byte)) {
            at++;
            continue;
        }
        while (at < text.len && is_letter(text.bytes[at])) {
            at++;
        }
        if (depth > 0 &&
            lede_span_is(lede_span_part(text, begin, at - begin), "born")) {
            *is_born = true;
        }
        if (depth == 0 && is_verb(lede_span_part(text, begin, at - begin))) {
            return at;
        }
    }
    return text.len;
}

/* Whether the sentence up to its verb speaks of the name: that of the second
 * part of a long article does not. */
static bool has_last_word(lede_span text, lede_span name)
{
    size_t begin = name.len;
    size_t i;

    while (begin > 0 && name.bytes[begin - 1] != ' ') {
        begin--;
    }
    name = lede_span_part(name, begin, SIZE_MAX);
    for (i = 0; i + name.len <= text.len; i++) {
        if (memcmp(text.bytes + i, name.bytes, name.len) == 0) {
            return true;
        }
    }
    return false;
}

subject_kind subject_of(lede_span name, lede_span body)
{
    lede_span text = lede_span_part(body, 0, SENTENCE_BYTES);
    subject_kind kind = SUBJECT_UNKNOWN;
    bool is_born = false;
    size_t at = behind_verb(text, &is_born);
    lede_span word;
    int n;

    if (name.len < 3 || !has_last_word(lede_span_part(text, 0, at), name)) {
        return SUBJECT_UNKNOWN;
    }
    for (n = 0; n < NOUN_WORDS; n++) {
        subject_kind found;

        word = next_word(text, &at);
        if (is_stop(word)) {
            break;
        }
        found = kind_of_noun(word);
        kind = found == SUBJECT_UNKNOWN ? kind : found;
        /* "a writer and a fan of the city": the first one is enough */
        if (kind == SUBJECT_PERSON) {
            break;
        }
    }
    return is_born ? SUBJECT_PERSON : kind;
}
