#include "corpus/page_words.h"

#include "corpus/text_match.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

typedef struct label_word {
    const char *text;
    bool is_flag; /* says nothing of the content */
    bool leads;   /* no headline begins with it and a capital */
} label_word;

static const label_word labels[] = {
    {"analysis", false, true},     {"breaking", true, true},
    {"breaking news", true, true}, {"explainer", false, true},
    {"eyewitness", false, true},   {"at the scene", false, true},
    {"watch", true, false},        {"listen", true, false},
    {"live", true, false},         {"latest", true, false},
    {"recap", false, false},       {"summary", false, false},
    {"in pictures", false, false}, {"profile", false, false},
    {"opinion", false, false},     {"fact check", false, true},
    {"bbc verify", false, true},   {"your questions answered", false, true},
    {"pinned", true, false},       {"pinned post", true, false},
    {"key event", true, false},    {"key events", true, false},
};

static const char *const summary_words[] = {
    "summary",      "key points",  "at a glance",
    "what we know", "key events",  "what you need to know",
    "the latest",   "top stories",
};

/* "*" stands for anything, also nothing; "#" for a number. */
static const char *const furniture[] = {
    "share",
    "share this post*",
    "copy link",
    "link copied*",
    "about sharing",
    "about sharing, external",
    "read more about sharing*",
    "article share tools",
    "related topics",
    "view more on *",
    "view content on *",
    "skip * post",
    "skip * post by *",
    "skip * content",
    "end of * post",
    "end of * post by *",
    "end of * content",
    "allow * content?",
    "warning: third party content may contain adverts",
    "video caption, warning: third party content may contain adverts",
    "content is not available",
    "key events",
    "newest first",
    "oldest first",
    "page # of #",
    "previous page",
    "next page",
    "load more updates",
    "load more posts",
    "advertisement",
    "all times stated are *",
    "skip next section *",
};

/* In a role as whole words. */
static const char *const role_words[] = {
    "bbc",          "afp",           "ap",
    "reuters",      "correspondent", "correspondents",
    "editor",       "editors",       "reporter",
    "reporters",    "presenter",     "producer",
    "journalist",   "journalists",   "analyst",
    "team",         "service",       "verify",
    "monitoring",   "news",          "reporting",
    "political",    "chief",         "columnist",
    "staff",        "writer",        "contributor",
    "bureau",       "cnn",           "cnn's",
    "senior",       "broadcaster",   "commentator",
    "photographer", "freelance",
};

static const char *const role_nouns[] = {
    "correspondent", "correspondents", "editor",    "editors",
    "reporter",      "reporters",      "presenter", "producer",
    "journalist",    "journalists",    "analyst",   "columnist",
};

static const char *const particles[] = {
    "de",    "van", "von", "bin", "al",  "el",  "der", "la",  "le",   "du",
    "dos",   "jr",  "da",  "di",  "den", "ter", "ten", "ibn", "bint", "del",
    "della", "af",  "av",  "zu",  "y",   "e",   "do",  "das", "and",  "&",
};

/* Hidden words before a credit, as their languages print them. */
static const char *const credit_words[] = {
    "image source, ",
    "image source,",
    "image source: ",
    "image copyright",
    "media source, ",
    "video source, ",
    "wia dis foto come from, ",
    "wia di foto come from, ",
    "chanzo cha picha, ",
    "ahavuye isanamu, ",
    "asalin hoton, ",
    "fonte da imagem, ",
    "fuente de la imagen, ",
    "crédit photo, ",
    "nguồn hình ảnh, ",
    "sumber gambar, ",
    "Автор фото, ",
    "사진 출처, ",
    "ఫొటో సోర్స్, ",
    "صدر الصورة، ",
    " ، منبع تصویر",
    "منبع تصویر، ",
    "،تصویر کا ذریعہ",
};

/* Words before a credit that people are to see, at the end of a caption. */
static const char *const shown_credit_words[] = {
    "photograph:",
    "photographs:",
    "photo:",
    "photos:",
    "picture:",
    "pictures:",
    "image:",
    "images:",
    "photo credit:",
    "image credit:",
    "picture credit:",
    "credit:",
    "photograph by ",
    "photo by ",
    "photos by ",
    "picture by ",
    "image by ",
    "photo courtesy",
    "image courtesy",
    "illustration:",
    "illustration by ",
    "graphic:",
    "photo :",
    "crédit :",
    "crédits :",
    "crédit photo :",
    "crédit:",
    "foto:",
    "fotos:",
    "bild:",
    "bilder:",
    "fotografía:",
    "fotografia:",
    "foto de ",
    "foto di ",
    "zdjęcie:",
    "фото:",
    "©",
    "(c) ",
};

static const struct caption_word {
    const char *text;
    lede_media_type type;
} caption_words[] = {
    {"image caption,", LEDE_MEDIA_IMAGE},
    {"image caption:", LEDE_MEDIA_IMAGE},
    {"media caption,", LEDE_MEDIA_VIDEO},
    {"media caption:", LEDE_MEDIA_VIDEO},
    {"video caption,", LEDE_MEDIA_VIDEO},
    {"audio caption,", LEDE_MEDIA_AUDIO},
    {"wetin we call dis foto,", LEDE_MEDIA_IMAGE},
    {"maelezo ya picha,", LEDE_MEDIA_IMAGE},
    {"insiguro y'isanamu,", LEDE_MEDIA_IMAGE},
    {"pie de foto,", LEDE_MEDIA_IMAGE},
    {"legenda da foto,", LEDE_MEDIA_IMAGE},
    {"légende image,", LEDE_MEDIA_IMAGE},
    {"사진 설명,", LEDE_MEDIA_IMAGE},
};

static const char *const link_marks[] = {
    ", external",
    ", outside",
    ", ya nje",
    "، بیرو",
};

static const label_word *find_label(lede_span line)
{
    line = lede_match_trim(line);
    while (line.len > 0 && line.bytes[line.len - 1] == ':') {
        line.len--;
    }
    for (size_t i = 0; i < COUNT(labels); i++) {
        if (lede_match_is(line, labels[i].text)) {
            return &labels[i];
        }
    }
    return NULL;
}

bool lede_words_is_label(lede_span line)
{
    return find_label(line) != NULL;
}

bool lede_words_is_flag_label(lede_span line)
{
    const label_word *label = find_label(line);

    return label != NULL && label->is_flag;
}

size_t lede_words_leading_label(lede_span line)
{
    size_t best = 0;

    for (size_t i = 0; i < COUNT(labels); i++) {
        size_t len = strlen(labels[i].text);

        if (labels[i].leads && len > best && line.len > len + 1 &&
            lede_match_starts(line, labels[i].text) &&
            lede_match_blank(line, len) != 0 &&
            lede_match_starts_upper(
                lede_match_trim(lede_span_part(line, len, line.len)))) {
            best = len;
        }
    }
    return best;
}

bool lede_words_is_summary(lede_span line)
{
    line = lede_match_trim(line);
    while (line.len > 0 && line.bytes[line.len - 1] == ':') {
        line.len--;
    }
    for (size_t i = 0; i < COUNT(summary_words); i++) {
        if (lede_match_is(line, summary_words[i])) {
            return true;
        }
    }
    return false;
}

/* Whether the line is the pattern; each "*" stands for at most 60 bytes. */
static bool fits(lede_span line, const char *pattern)
{
    size_t len = strcspn(pattern, "*#");
    lede_span front = lede_span_part(line, 0, len);
    lede_span rest = lede_span_part(line, len, line.len);
    char head[80];
    uint32_t number;

    if (len >= sizeof head || front.len < len) {
        return false;
    }
    memcpy(head, pattern, len);
    head[len] = '\0';
    if (!lede_match_is(front, head)) {
        return false;
    }
    if (pattern[len] == '\0') {
        return rest.len == 0;
    }
    if (pattern[len] == '#') {
        size_t digits = lede_match_number(rest, 5, &number);

        return digits > 0 &&
               fits(lede_span_part(rest, digits, rest.len), pattern + len + 1);
    }
    for (size_t skip = 0; skip <= 60 && skip <= rest.len; skip++) {
        if (fits(lede_span_part(rest, skip, rest.len), pattern + len + 1)) {
            return true;
        }
    }
    return false;
}

bool lede_words_is_furniture(lede_span line)
{
    line = lede_match_trim(line);
    if (line.len == 0 || line.len > 120) {
        return false;
    }
    for (size_t i = 0; i < COUNT(furniture); i++) {
        if (fits(line, furniture[i])) {
            return true;
        }
    }
    return false;
}

/* A word without the punctuation around it. */
static lede_span bare(lede_span word)
{
    while (word.len > 0 && strchr(",.;:()/", word.bytes[0]) != NULL) {
        word = lede_span_part(word, 1, word.len);
    }
    while (word.len > 0 &&
           strchr(",.;:()/", word.bytes[word.len - 1]) != NULL) {
        word.len--;
    }
    return word;
}

static bool is_one_of(lede_span word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (lede_match_is(word, words[i])) {
            return true;
        }
    }
    return false;
}

/* "in Moscow", "from Palm Beach": a preposition before a capital. */
static bool is_place_word(lede_span word, lede_span next)
{
    return (lede_match_is(word, "in") || lede_match_is(word, "at") ||
            lede_match_is(word, "from")) &&
           lede_match_starts_upper(next);
}

bool lede_words_has_role(lede_span line)
{
    lede_span word = {NULL, 0};
    size_t at = 0;

    for (;;) {
        lede_span next = lede_match_word(line, &at);

        if (word.len > 0 && is_place_word(word, next)) {
            return true;
        }
        if (next.len == 0) {
            return false;
        }
        word = bare(next);
        if (lede_match_ends(word, "'s")) {
            word.len -= 2;
        }
        if (is_one_of(word, role_words, COUNT(role_words))) {
            return true;
        }
    }
}

bool lede_words_ends_in_role(lede_span line)
{
    lede_span last = {NULL, 0};
    size_t at = 0;

    for (;;) {
        lede_span word = lede_match_word(line, &at);

        if (word.len == 0) {
            break;
        }
        last = word;
    }
    return is_one_of(last, role_nouns, COUNT(role_nouns));
}

bool lede_words_is_particle(lede_span word)
{
    return is_one_of(bare(word), particles, COUNT(particles));
}

bool lede_words_find_credit(lede_span line, size_t *begin, size_t *end)
{
    bool found = false;

    /* All of them have a comma, but one old one. */
    if (line.len == 0 ||
        (memchr(line.bytes, ',', line.len) == NULL &&
         memchr(line.bytes, 0xD8, line.len) == NULL &&
         memchr(line.bytes, ':', line.len) == NULL &&
         lede_match_find(line, 0, "copyright") == LEDE_MATCH_NONE)) {
        return false;
    }
    for (size_t i = 0; i < COUNT(credit_words); i++) {
        size_t at = lede_match_find_last(line, credit_words[i]);
        size_t len = strlen(credit_words[i]);

        if (at == LEDE_MATCH_NONE) {
            continue;
        }
        if (!found || at > *begin || (at == *begin && at + len > *end)) {
            *begin = at;
            *end = at + len;
            found = true;
        }
    }
    while (found && (*end < line.len && (line.bytes[*end] == ',' ||
                                         lede_match_blank(line, *end) != 0))) {
        *end += line.bytes[*end] == ',' ? 1 : lede_match_blank(line, *end);
    }
    return found;
}

/* A sentence or the like has ended before `at`; for words with a colon a blank
 * and a capital will do. */
static bool is_credit_border(lede_span caption, size_t at, bool is_soft)
{
    static const char *const ends[] = {
        ".",      "!",      "?",      ")",      "\"",    "|", "/",
        "-",      "(",      "[",      ",",      ":",     ";", "\u201D",
        "\u2019", "\u00BB", "\u2013", "\u2014", "\u2026"};
    lede_span before = lede_match_trim(lede_span_part(caption, 0, at));

    if (before.len == 0) {
        return true;
    }
    for (size_t i = 0; i < COUNT(ends); i++) {
        if (lede_match_ends(before, ends[i])) {
            return true;
        }
    }
    return is_soft && lede_match_blank(caption, at - 1) == 1 &&
           lede_match_starts_upper(lede_span_part(caption, at, caption.len));
}

static size_t credit_begin(lede_span caption)
{
    enum { CREDIT_BYTES = 120, CREDIT_WORDS = 12 };
    size_t best = caption.len;

    for (size_t i = 0; i < COUNT(shown_credit_words); i++) {
        const char *word = shown_credit_words[i];
        size_t len = strlen(word);
        size_t at = lede_match_find_last(caption, word);
        lede_span rest;

        if (at == LEDE_MATCH_NONE || caption.len - at > CREDIT_BYTES ||
            !is_credit_border(caption, at,
                              word[len - 1] == ':' ||
                                  (uint8_t)word[0] == 0xC2)) {
            continue;
        }
        rest = lede_match_trim(lede_span_part(caption, at + len, caption.len));
        if (rest.len == 0 || lede_match_word_count(rest) > CREDIT_WORDS ||
            lede_match_find(rest, 0, ". ") != LEDE_MATCH_NONE) {
            continue;
        }
        /* "Photo credit:" begins before "credit:". */
        best = at < best ? at : best;
    }
    return best;
}

void lede_words_cut_credit(lede_span *caption, lede_span *credit)
{
    size_t at = credit_begin(*caption);
    lede_span rest = lede_match_trim(lede_span_part(*caption, 0, at));
    lede_span end = lede_match_trim(lede_span_part(*caption, at, caption->len));
    uint8_t open = rest.len > 0 ? rest.bytes[rest.len - 1] : 0;

    if (at == caption->len) {
        return;
    }
    if (open == '(' || open == '[') {
        rest = lede_match_trim(lede_span_part(rest, 0, rest.len - 1));
        end.len -= lede_match_ends(end, open == '(' ? ")" : "]");
    }
    *caption = rest;
    *credit = end;
}

size_t lede_words_take_caption(lede_span line, lede_media_type *type)
{
    for (size_t i = 0; i < COUNT(caption_words); i++) {
        if (lede_match_starts(line, caption_words[i].text)) {
            *type = caption_words[i].type;
            return strlen(caption_words[i].text);
        }
    }
    return 0;
}

size_t lede_words_take_link_mark(lede_span line, size_t at)
{
    lede_span rest = lede_span_part(line, at, line.len);

    for (size_t i = 0; i < COUNT(link_marks); i++) {
        size_t len = strlen(link_marks[i]);

        if (lede_match_starts(rest, link_marks[i]) &&
            (rest.len == len || lede_match_blank(rest, len) != 0 ||
             strchr(".,);", rest.bytes[len]) != NULL)) {
            return len;
        }
    }
    return 0;
}

bool lede_words_is_bbc(lede_span site)
{
    return lede_match_is(site, "bbc.com") || lede_match_is(site, "bbc.co.uk") ||
           lede_match_ends(site, ".bbc.com") ||
           lede_match_ends(site, ".bbc.co.uk") || lede_match_is(site, "bbc") ||
           lede_match_starts(site, "bbc ");
}

lede_span lede_words_host(lede_span url)
{
    size_t begin = lede_match_find(url, 0, "://");
    lede_span host;
    size_t len = 0;

    if (begin == LEDE_MATCH_NONE) {
        return lede_span_of(NULL, 0);
    }
    host = lede_span_part(url, begin + 3, url.len);
    while (len < host.len && strchr("/:?#", host.bytes[len]) == NULL) {
        len++;
    }
    return lede_span_part(host, 0, len);
}

lede_span lede_words_site(lede_span site, lede_span url)
{
    lede_span host = lede_words_host(url);
    bool is_host = site.len > 0 && memchr(site.bytes, '.', site.len) != NULL;

    return is_host || host.len == 0 ? site : host;
}
