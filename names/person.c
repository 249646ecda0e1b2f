#include "names/person.h"

#include <string.h>

#include "names/keys.h"
#include "names/variants.h"
#include "names/words.h"

/* All lists are ascending: they are searched by halves. */

/* In front of a name, never a part of it. Forenames that are titles too (Earl,
 * Duke, Dean, Major) stay. */
static const char *const titles[] = {"abbot",
                                     "admiral",
                                     "ambassador",
                                     "archbishop",
                                     "aunt",
                                     "ayatollah",
                                     "baroness",
                                     "bishop",
                                     "brother",
                                     "caliph",
                                     "capt",
                                     "captain",
                                     "cardinal",
                                     "chancellor",
                                     "cmdr",
                                     "col",
                                     "colonel",
                                     "countess",
                                     "cpl",
                                     "czar",
                                     "dame",
                                     "detective",
                                     "dr",
                                     "duchess",
                                     "emir",
                                     "emperor",
                                     "empress",
                                     "father",
                                     "frau",
                                     "gen",
                                     "general",
                                     "gens",
                                     "gov",
                                     "governor",
                                     "herr",
                                     "hon",
                                     "imam",
                                     "inspector",
                                     "judge",
                                     "justice",
                                     "kaiser",
                                     "king",
                                     "lady",
                                     "lieutenant",
                                     "lord",
                                     "lt",
                                     "madame",
                                     "maj",
                                     "mayor",
                                     "minister",
                                     "miss",
                                     "mlle",
                                     "mme",
                                     "monsieur",
                                     "mother",
                                     "mr",
                                     "mrs",
                                     "ms",
                                     "mullah",
                                     "officer",
                                     "pastor",
                                     "pharaoh",
                                     "pope",
                                     "president",
                                     "prime",
                                     "prince",
                                     "princess",
                                     "prof",
                                     "professor",
                                     "queen",
                                     "rabbi",
                                     "rep",
                                     "representative",
                                     "rev",
                                     "reverend",
                                     "saint",
                                     "secretary",
                                     "sen",
                                     "senator",
                                     "sergeant",
                                     "sgt",
                                     "sheik",
                                     "sheikh",
                                     "sir",
                                     "sister",
                                     "speaker",
                                     "st",
                                     "sultan",
                                     "tsar",
                                     "tsarina",
                                     "uncle",
                                     "vice"};
static const char *const suffixes[] = {"ii",     "iii",    "iv", "jr",
                                       "junior", "senior", "sr"};
static const char *const particles[] = {
    "abd", "abu", "af",  "al",    "av",  "ben",  "bin", "bint", "da",
    "das", "de",  "del", "della", "den", "der",  "di",  "dos",  "du",
    "e",   "el",  "ibn", "la",    "le",  "ould", "st",  "ten",  "ter",
    "ul",  "ur",  "van", "von",   "y",   "zu"};
static const char *const of_men[] = {"emperor", "herr",     "king",
                                     "lord",    "monsieur", "mr",
                                     "pope",    "prince",   "sir"};
static const char *const of_women[] = {"dame", "frau",     "lady", "madame",
                                       "miss", "mlle",     "mme",  "mrs",
                                       "ms",   "princess", "queen"};

/* Forenames that say it too, in most countries. */
static const char *const men[] = {
    "aaron",   "adam",     "ahmed",     "alan",     "albert",   "alexander",
    "ali",     "andrew",   "anthony",   "antonio",  "arthur",   "barack",
    "ben",     "benjamin", "bernard",   "bill",     "bob",      "boris",
    "brian",   "bruce",    "carl",      "carlos",   "charles",  "christopher",
    "colin",   "craig",    "daniel",    "david",    "dennis",   "dmitry",
    "donald",  "douglas",  "edward",    "emmanuel", "eric",     "ernest",
    "francis", "frank",    "frederick", "gareth",   "gary",     "geoffrey",
    "george",  "gerald",   "gordon",    "graham",   "greg",     "hans",
    "harold",  "harry",    "hassan",    "henry",    "howard",   "hugh",
    "ian",     "ibrahim",  "igor",      "ivan",     "jack",     "jacob",
    "jacques", "james",    "jason",     "javier",   "jeff",     "jeffrey",
    "jeremy",  "jim",      "joe",       "john",     "jonathan", "jorge",
    "jose",    "joseph",   "joshua",    "juan",     "julian",   "karl",
    "keith",   "ken",      "kenneth",   "kevin",    "larry",    "lawrence",
    "leonard", "louis",    "luis",      "luke",     "marco",    "mario",
    "mark",    "martin",   "matthew",   "michael",  "miguel",   "mike",
    "mohamed", "mohammed", "muhammad",  "nathan",   "neil",     "nicholas",
    "nick",    "nigel",    "norman",    "oliver",   "oscar",    "patrick",
    "paul",    "pedro",    "peter",     "philip",   "pierre",   "ralph",
    "raymond", "richard",  "robert",    "roger",    "ronald",   "roy",
    "russell", "ryan",     "samuel",    "scott",    "sean",     "sergei",
    "simon",   "stephen",  "steve",     "steven",   "stuart",   "thomas",
    "tim",     "timothy",  "tom",       "tony",     "victor",   "viktor",
    "vincent", "vladimir", "volodymyr", "walter",   "wayne",    "william",
    "yuri"};
static const char *const women[] = {
    "abigail",    "alice",    "alison",   "amanda",    "amy",       "ana",
    "angela",     "ann",      "anna",     "anne",      "barbara",   "betty",
    "camilla",    "carol",    "caroline", "catherine", "charlotte", "christina",
    "christine",  "claire",   "claudia",  "deborah",   "diana",     "donna",
    "dorothy",    "eleanor",  "elena",    "elizabeth", "ella",      "emily",
    "emma",       "eva",      "fatima",   "fiona",     "frances",   "hannah",
    "heather",    "helen",    "hillary",  "irene",     "isabel",    "isabella",
    "jacqueline", "jane",     "janet",    "jennifer",  "jessica",   "jill",
    "joan",       "joanna",   "joanne",   "judith",    "julia",     "julie",
    "kamala",     "karen",    "kate",     "katherine", "kathleen",  "laura",
    "lauren",     "linda",    "lisa",     "liz",       "louise",    "lucy",
    "margaret",   "maria",    "marie",    "martha",    "mary",      "megan",
    "melania",    "michelle", "nancy",    "natalie",   "nicola",    "nicole",
    "olivia",     "pamela",   "patricia", "paula",     "rachel",    "rebecca",
    "rosa",       "rose",     "ruth",     "sally",     "samantha",  "sandra",
    "sara",       "sarah",    "sharon",   "sophia",    "sophie",    "susan",
    "suzanne",    "sylvia",   "teresa",   "theresa",   "ursula",    "valerie",
    "victoria",   "wendy",    "yulia",    "yvonne",    "zoe"};

/* Pairs that are one forename. */
static const char *const short_forms[][2] = {
    {"bill", "william"},     {"will", "william"},    {"billy", "william"},
    {"bob", "robert"},       {"bobby", "robert"},    {"rob", "robert"},
    {"dick", "richard"},     {"rick", "richard"},    {"jim", "james"},
    {"jimmy", "james"},      {"jamie", "james"},     {"joe", "joseph"},
    {"jack", "john"},        {"johnny", "john"},     {"mike", "michael"},
    {"mick", "michael"},     {"tony", "anthony"},    {"ted", "edward"},
    {"ed", "edward"},        {"eddie", "edward"},    {"ted", "theodore"},
    {"tom", "thomas"},       {"tim", "timothy"},     {"steve", "stephen"},
    {"steve", "steven"},     {"dave", "david"},      {"andy", "andrew"},
    {"charlie", "charles"},  {"chuck", "charles"},   {"harry", "henry"},
    {"larry", "lawrence"},   {"liz", "elizabeth"},   {"betty", "elizabeth"},
    {"kate", "katherine"},   {"kate", "catherine"},  {"kathy", "katherine"},
    {"cathy", "catherine"},  {"peggy", "margaret"},  {"maggie", "margaret"},
    {"sue", "susan"},        {"debbie", "deborah"},  {"jenny", "jennifer"},
    {"mandy", "amanda"},     {"sandy", "alexander"}, {"sasha", "alexander"},
    {"alex", "alexander"},   {"alex", "alexandra"},  {"gerry", "gerald"},
    {"jerry", "gerald"},     {"jeff", "geoffrey"},   {"jeff", "jeffrey"},
    {"ron", "ronald"},       {"ken", "kenneth"},     {"dan", "daniel"},
    {"danny", "daniel"},     {"sam", "samuel"},      {"ben", "benjamin"},
    {"matt", "matthew"},     {"nick", "nicholas"},   {"pat", "patrick"},
    {"phil", "philip"},      {"pete", "peter"},      {"greg", "gregory"},
    {"fred", "frederick"},   {"frank", "francis"},   {"bernie", "bernard"},
    {"volodya", "vladimir"}, {"misha", "mikhail"},   {"pepe", "jose"},
    {"paco", "francisco"},   {"hank", "henry"},      {"chris", "christopher"},
    {"don", "donald"},       {"ray", "raymond"},     {"walt", "walter"},
    {"gene", "eugene"},      {"al", "albert"},       {"abe", "abraham"},
};

/* Whether a word is in an ascending list. */
static bool is_among(lede_span word, const char *const *list, size_t count)
{
    size_t begin = 0;

    while (begin < count && word.len > 0) {
        size_t middle = begin + (count - begin) / 2;
        int order = word.bytes[0] - (uint8_t)list[middle][0];

        if (order == 0) {
            order = lede_span_compare(word, lede_span_text(list[middle]));
        }

        if (order == 0) {
            return true;
        }
        if (order < 0) {
            count = middle;
        } else {
            begin = middle + 1;
        }
    }
    return false;
}

#define IS_AMONG(word, list)                                                   \
    is_among(word, list, sizeof(list) / sizeof(list)[0])

static bool is_particle(lede_span word)
{
    enum { MOST_BYTES = 5 };

    return word.len <= MOST_BYTES && IS_AMONG(word, particles);
}

static bool is_suffix(lede_span word)
{
    enum { MOST_BYTES = 6 };

    return word.len <= MOST_BYTES && IS_AMONG(word, suffixes);
}

lede_sex lede_title_sex(lede_span word)
{
    return IS_AMONG(word, of_men)     ? LEDE_SEX_MAN
           : IS_AMONG(word, of_women) ? LEDE_SEX_WOMAN
                                      : LEDE_SEX_UNKNOWN;
}

typedef struct parts {
    lede_key_words words;
    lede_span name;
    lede_buf *folded;
    size_t taken;
    lede_sex sex;
    uint32_t title;
    uint32_t particle; /* the last one left out since the last part */
} parts;

/* Whether the word last read is followed by another one. */
static bool has_more(const parts *in)
{
    lede_key_words ahead = in->words;

    return lede_key_word_next(&ahead);
}

static bool is_before_particle(const parts *in)
{
    lede_key_words ahead = in->words;

    return lede_key_word_next(&ahead) &&
           is_particle(lede_span_of(ahead.word, ahead.word_len)) &&
           lede_key_word_next(&ahead);
}

/* Whether the name has a word in small letters, so that case tells something
 * of particles, and whether this word is one of them. */
static bool is_small(lede_span name, lede_span word)
{
    size_t at;

    for (at = 0; at + word.len <= name.len; at++) {
        if (memcmp(name.bytes + at, word.bytes, word.len) == 0 &&
            (at == 0 || name.bytes[at - 1] == ' ' ||
             name.bytes[at - 1] == '-') &&
            (at + word.len == name.len || name.bytes[at + word.len] == ' ' ||
             name.bytes[at + word.len] == '-')) {
            return true;
        }
    }
    return false;
}

/* The next word that counts. */
static bool next_part(parts *in)
{
    in->particle = 0;
    while (lede_key_word_next(&in->words)) {
        lede_span word = lede_span_of(in->words.word, in->words.word_len);

        if (in->taken == 0 && IS_AMONG(word, titles) && has_more(in)) {
            if (lede_title_sex(word) != LEDE_SEX_UNKNOWN) {
                in->sex = lede_title_sex(word);
            }
            in->title = lede_word_hash(word) | 1;
            continue;
        }
        if (in->taken > 0 && is_suffix(word) && !has_more(in)) {
            continue;
        }
        if (is_particle(word) && has_more(in) &&
            (is_small(in->name, word) || lede_span_is(word, "al") ||
             lede_span_is(word, "el"))) {
            in->particle = lede_word_hash(word);
            continue;
        }
        /* "Van der Linden", but not Van Morrison */
        if (in->taken == 0 && is_particle(word) && is_before_particle(in)) {
            continue;
        }
        in->taken++;
        return true;
    }
    return false;
}

static bool begin_parts(parts *in, lede_span name, lede_buf *folded)
{
    memset(in, 0, sizeof *in);
    in->name = name;
    in->folded = folded;
    return lede_key_words_init(&in->words, name, folded);
}

static void keep_end(lede_person *out, const uint8_t *word, size_t len)
{
    len = len < LEDE_PERSON_END_BYTES ? len : LEDE_PERSON_END_BYTES;
    memset(out->ends[1], 0, sizeof out->ends[1]);
    memcpy(out->ends[1], word, len);
    if (out->count == 0) {
        memcpy(out->ends[0], out->ends[1], sizeof out->ends[0]);
    }
}

bool lede_person_read(lede_span name, lede_buf *folded, lede_person *out)
{
    parts in;

    memset(out, 0, sizeof *out);
    if (!begin_parts(&in, name, folded)) {
        return false;
    }
    while (out->count < LEDE_PERSON_MAX_WORDS && next_part(&in)) {
        uint32_t hash =
            lede_word_hash(lede_span_of(in.words.word, in.words.word_len));

        out->hashes[out->count] = hash == 0 ? 1 : hash;
        keep_end(out, in.words.word, in.words.word_len);
        out->particle = in.particle;
        out->firsts[out->count] = in.words.word[0];
        out->lengths[out->count] = (uint8_t)in.words.word_len;
        out->is_title =
            out->count == 0 &&
            IS_AMONG(lede_span_of(in.words.word, in.words.word_len), titles);
        out->is_particled |=
            out->count == 0 &&
            is_particle(lede_span_of(in.words.word, in.words.word_len));
        out->count++;
    }
    out->title = in.title;
    out->sex = (uint8_t)in.sex;
    if (out->count > 1 && in.sex == LEDE_SEX_UNKNOWN) {
        lede_span forename =
            lede_span_of(out->ends[0], strnlen((const char *)out->ends[0],
                                               LEDE_PERSON_END_BYTES));

        out->sex = IS_AMONG(forename, men)     ? LEDE_SEX_MAN
                   : IS_AMONG(forename, women) ? LEDE_SEX_WOMAN
                                               : LEDE_SEX_UNKNOWN;
    }
    if (out->is_title) {
        out->title = out->hashes[0] | 1;
    }
    return true;
}

void lede_person_put_words(lede_span name, lede_buf *out)
{
    lede_buf folded = {0};
    size_t begin = out->len;
    parts in;

    if (!begin_parts(&in, name, &folded)) {
        out->failed = true;
    }
    while (!out->failed && next_part(&in)) {
        if (out->len > begin) {
            lede_buf_put_byte(out, ' ');
        }
        lede_buf_put(out, in.words.word, in.words.word_len);
    }
    lede_buf_done(&folded);
}

static bool is_pair(const char *const pair[2], uint32_t a, uint32_t b)
{
    return a == lede_word_hash(lede_span_text(pair[0])) &&
           b == lede_word_hash(lede_span_text(pair[1]));
}

bool lede_person_is_short_form(lede_person_word a, lede_person_word b)
{
    size_t i;

    for (i = 0; i < sizeof short_forms / sizeof short_forms[0]; i++) {
        const char *const *pair = short_forms[i];
        uint8_t first = (uint8_t)pair[0][0];
        uint8_t second = (uint8_t)pair[1][0];

        if ((a.first == first && b.first == second &&
             is_pair(pair, a.hash, b.hash)) ||
            (a.first == second && b.first == first &&
             is_pair(pair, b.hash, a.hash))) {
            return true;
        }
    }
    return false;
}

/* Whether two words of a name are one in two spellings, "Yuri" and "Yuriy",
 * "Kristin" and "Kristen": alike but for a vowel, at the end or near it. An a
 * at the end makes another name: Paul is not Paula. */
static bool is_respelt(const uint8_t *a, const uint8_t *b)
{
    size_t len_a = strnlen((const char *)a, LEDE_PERSON_END_BYTES);
    size_t len_b = strnlen((const char *)b, LEDE_PERSON_END_BYTES);
    size_t same = 0;
    size_t end = 0;
    size_t least = len_a < len_b ? len_a : len_b;
    static const char vowels[] = "eiyjo";

    if (least < 4 || (len_a > len_b ? len_a - len_b : len_b - len_a) > 1 ||
        (a[len_a - 1] == 'a') != (b[len_b - 1] == 'a')) {
        return false;
    }
    while (same < least && a[same] == b[same]) {
        same++;
    }
    while (end < least - same && a[len_a - 1 - end] == b[len_b - 1 - end]) {
        end++;
    }
    if (same < 3 || len_a - same - end > 1 || len_b - same - end > 1) {
        return false;
    }
    return (len_a == same + end || strchr(vowels, a[same]) != NULL) &&
           (len_b == same + end || strchr(vowels, b[same]) != NULL);
}

/* Two forenames: equal, an initial, or a short form. */
static bool forename_agrees(const lede_person *a, size_t i,
                            const lede_person *b, size_t k)
{
    return a->hashes[i] == b->hashes[k] ||
           ((a->lengths[i] == 1 || b->lengths[k] == 1) &&
            a->firsts[i] == b->firsts[k]) ||
           lede_person_is_short_form(
               (lede_person_word){a->hashes[i], a->firsts[i]},
               (lede_person_word){b->hashes[k], b->firsts[k]});
}

/* Whether all words of `part` stand in `whole`, in order. */
static bool is_within(const lede_person *part, const lede_person *whole)
{
    size_t i = 0;
    size_t k;

    for (k = 0; k < whole->count && i < part->count; k++) {
        i += part->hashes[i] == whole->hashes[k];
    }
    return i == part->count;
}

/* Middle names and initials: those of the shorter list must be met in the
 * longer one. "George W." is not "George H. W.": both have some. */
static bool middles_agree(const lede_person *a, const lede_person *b)
{
    size_t i = 1;
    size_t k = 1;

    if (a->count > b->count) {
        const lede_person *other = a;

        a = b;
        b = other;
    }
    if (a->count == 2) {
        return true;
    }
    for (; i + 1 < a->count; i++, k++) {
        if (k + 1 >= b->count || !forename_agrees(a, i, b, k)) {
            return false;
        }
    }
    return true;
}

static bool has_middle_initial(const lede_person *a)
{
    size_t i;

    for (i = 1; i + 1 < a->count && a->lengths[i] > 1; i++) {
    }
    return i + 1 < a->count;
}

bool lede_person_is_family(const lede_person *name, const lede_person *full)
{
    return full->count > 1 && name->count > 0 && name->count <= 2 &&
           name->hashes[name->count - 1] == full->hashes[full->count - 1] &&
           (name->count == 1 ||
            (full->particle != 0 && name->hashes[0] == full->particle));
}

bool lede_person_agrees(const lede_person *a, const lede_person *b)
{
    if (a->count < 2 || b->count < 2) {
        return false;
    }
    if (lede_person_is_family(a, b) || lede_person_is_family(b, a)) {
        return true;
    }
    if (a->hashes[a->count - 1] == b->hashes[b->count - 1] &&
        (forename_agrees(a, 0, b, 0) || is_respelt(a->ends[0], b->ends[0]))) {
        if (middles_agree(a, b)) {
            return true;
        }
        if (has_middle_initial(a) || has_middle_initial(b)) {
            return false;
        }
    }
    if (a->hashes[0] == b->hashes[0] && a->count == b->count &&
        is_respelt(a->ends[1], b->ends[1]) && middles_agree(a, b)) {
        return true;
    }
    /* "Higuchi Ichiyo": some put the family's name first. */
    if (a->count == 2 && b->count == 2) {
        return a->hashes[0] == b->hashes[1] && a->hashes[1] == b->hashes[0];
    }
    return a->count <= b->count ? is_within(a, b) : is_within(b, a);
}
