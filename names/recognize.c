#include "names/recognize.h"

#include <assert.h>
#include <stdlib.h>

#include "names/agree.h"
#include "names/decode.h"
#include "names/rules.h"
#include "names/word_memo.h"

struct lede_recognizer {
    const lede_name_model *model;
    lede_piece piece;
    lede_word_memo *memo;
    lede_votes *votes;
    lede_span *texts;
    size_t text_cap;
    lede_mention *mentions;
    size_t mention_count, mention_cap;
    uint32_t known[LEDE_NAME_MAX_KNOWN]; /* last names */
    size_t known_count;
};

lede_recognizer *lede_recognizer_new(const lede_name_model *model)
{
    lede_recognizer *self = calloc(1, sizeof *self);

    assert(model != NULL);
    if (self == NULL) {
        return NULL;
    }
    self->model = model;
    self->votes = lede_votes_new();
    self->memo = calloc(1, sizeof *self->memo);
    if (!lede_piece_init(&self->piece, model) || self->votes == NULL ||
        self->memo == NULL) {
        lede_recognizer_free(self);
        return NULL;
    }
    self->memo->model = model;
    return self;
}

void lede_recognizer_free(lede_recognizer *self)
{
    if (self != NULL) {
        lede_piece_done(&self->piece);
        lede_votes_free(self->votes);
        free(self->memo);
        free(self->texts);
        free(self->mentions);
        free(self);
    }
}

void lede_recognizer_know(lede_recognizer *self, const lede_span *people,
                          size_t count)
{
    size_t i;

    self->known_count = 0;
    for (i = 0; i < count && self->known_count < LEDE_NAME_MAX_KNOWN; i++) {
        lede_word words[8];
        size_t at = 0;
        size_t n = lede_words_read(people[i], 0, &at, words, 8);

        lede_lists_mark(&self->model->lists, words, n);
        if (n > 2 && (words[n - 1].classes & LEDE_CLASS_SUFFIX) != 0) {
            n--;
        }
        if (n > 1) {
            self->known[self->known_count++] = words[n - 1].low;
        }
    }
}

/* The words of one text stand together: the end of those of words[i]. */
static size_t text_end(const lede_piece *piece, size_t i)
{
    size_t end = i + 1;

    while (end + 8 < piece->count &&
           piece->words[end + 8].text == piece->words[i].text) {
        end += 8;
    }
    while (end < piece->count &&
           piece->words[end].text == piece->words[i].text) {
        end++;
    }
    return end;
}

static void trust_all(lede_piece *piece, size_t begin, size_t end)
{
    size_t i;

    for (i = begin; i < end; i++) {
        if (piece->labels[i] != LEDE_LABEL_O) {
            piece->margins[i] = INT16_MAX;
        }
    }
}

/* Bylines and datelines, once everything else has its label. */
static void label_sources(lede_recognizer *self, const lede_name_text *texts)
{
    lede_piece *piece = &self->piece;
    size_t begin;
    size_t end;

    for (begin = 0; begin < piece->count; begin = end) {
        const lede_word *first = &piece->words[begin];
        lede_name_text_role role = texts[first->text].role;
        size_t place;

        end = text_end(piece, begin);
        if (role == LEDE_NAME_TEXT_BYLINE || role == LEDE_NAME_TEXT_DATELINE) {
            memset(piece->labels + begin, LEDE_LABEL_O, end - begin);
            if (role == LEDE_NAME_TEXT_BYLINE) {
                lede_rules_label_byline(piece, begin, end);
            } else {
                lede_rules_label_dateline(piece, begin, end);
            }
            trust_all(piece, begin, end);
        } else if (role == LEDE_NAME_TEXT_OPENING && first->begin < 64) {
            place = lede_rules_dateline(piece, begin, end);
            if (place > 0) {
                lede_rules_label_dateline(piece, begin, begin + place);
                if (begin + place < end &&
                    piece->labels[begin + place] == LEDE_LABEL_I_PLACE) {
                    piece->labels[begin + place] = LEDE_LABEL_O;
                }
                trust_all(piece, begin, begin + place);
            }
        }
    }
}

/* Runs that are looked at together. */
static void label_together(lede_recognizer *self, const lede_run *runs,
                           size_t count)
{
    lede_piece *piece = &self->piece;
    lede_scores scores[LEDE_SCORES_TOGETHER];
    lede_scores *of_run = scores;
    size_t i;

    lede_scores_of_runs(self->model, piece, self->texts, runs, count, scores);
    for (i = 0; i < count; i++) {
        size_t begin = runs[i].begin;
        size_t words = runs[i].end - begin;

        lede_decode_run(self->model, of_run, words, piece->labels + begin,
                        piece->margins + begin);
        of_run += words;
    }
}

static void label_runs(lede_recognizer *self)
{
    lede_piece *piece = &self->piece;
    size_t count;
    size_t i;

    for (i = 0; i < piece->run_count; i += count) {
        const lede_run *runs = &piece->runs[i];

        if (lede_name_model_is_learnt(self->model)) {
            count = lede_scores_runs_together(runs, piece->run_count - i);
            label_together(self, runs, count);
        } else {
            count = 1;
            lede_rules_label(piece, runs);
        }
    }
}

static bool add_mention(lede_recognizer *self, const lede_mention *mention)
{
    if (self->mention_count == LEDE_NAME_MAX_MENTIONS) {
        return true;
    }
    if (self->mention_count == self->mention_cap) {
        size_t cap = self->mention_cap == 0 ? 256 : self->mention_cap * 2;
        lede_mention *grown =
            realloc(self->mentions, cap * sizeof *self->mentions);

        if (grown == NULL) {
            return false;
        }
        self->mentions = grown;
        self->mention_cap = cap;
    }
    self->mentions[self->mention_count++] = *mention;
    return true;
}

static uint8_t trust_of(const lede_recognizer *self, size_t begin, size_t end)
{
    int32_t least = INT16_MAX;
    size_t i;

    for (i = begin; i < end; i++) {
        if (self->piece.margins[i] < least) {
            least = self->piece.margins[i];
        }
    }
    if (least == INT16_MAX) {
        return LEDE_NAME_SURE;
    }
    if (!lede_name_model_is_learnt(self->model)) {
        return LEDE_NAME_BY_RULE;
    }
    /* Two units of log-odds: seven times as likely as anything else. */
    return least >= 2 * self->model->steps ? LEDE_NAME_HIGH : LEDE_NAME_LOW;
}

/* The classes of a word, whatever its letters are. */
static uint16_t classes_of(const lede_recognizer *self, lede_span word)
{
    uint8_t low[32];
    size_t i;

    if (word.len > sizeof low) {
        return 0;
    }
    for (i = 0; i < word.len; i++) {
        low[i] = word.bytes[i] >= 'A' && word.bytes[i] <= 'Z'
                     ? (uint8_t)(word.bytes[i] | 32)
                     : word.bytes[i];
    }
    return lede_lists_get(
        &self->model->lists,
        lede_phrase_hash(0, lede_word_hash(lede_span_of(low, word.len))));
}

static bool is_country(const lede_recognizer *self, lede_span word)
{
    return lede_span_is(word, "US") ||
           (classes_of(self, word) & LEDE_CLASS_COUNTRY) != 0;
}

static bool is_nation(const lede_recognizer *self, lede_span word)
{
    return (classes_of(self, word) & LEDE_CLASS_NATION) != 0;
}

/* Whether somebody in the piece has the word as last name. */
static bool is_somebody(const lede_recognizer *self, lede_span word)
{
    lede_word words[2];
    size_t at = 0;

    return lede_words_read(word, 0, &at, words, 2) == 1 &&
           (words[0].flags & LEDE_WORD_CAPITAL) != 0 &&
           lede_agree_part(self->votes, words[0].low) == LEDE_PART_LAST;
}

static bool may_join(const lede_word *word)
{
    return word->shape == LEDE_SHAPE_HYPHEN ||
           word->shape == LEDE_SHAPE_UPPER || word->shape == LEDE_SHAPE_DOTTED;
}

/* Two names in one word; one of them may be empty. */
typedef struct pair {
    uint8_t kind;
    lede_span first, second; /* in the text */
} pair;

/* "US-Russia talks", "a Trump-Putin summit", "U.S.-Soviet relations": the
 * countries or people that a word joins; false if it joins none.
 * Thorning-Schmidt is one person. */
static bool find_pair(const lede_recognizer *self, size_t i, pair *out)
{
    const lede_word *word = &self->piece.words[i];
    uint8_t label = self->piece.labels[i];
    lede_span text;
    const uint8_t *joint;

    if (!may_join(word)) {
        return false;
    }
    text = lede_span_part(self->texts[word->text], word->begin,
                          word->end - word->begin);
    joint = memchr(text.bytes, '-', text.len);
    if (joint == NULL || lede_name_end(&self->piece, i) > i + 1 ||
        label == LEDE_LABEL_I_PERSON || label == LEDE_LABEL_I_PLACE) {
        return false;
    }
    out->first = lede_span_part(text, 0, (size_t)(joint - text.bytes));
    out->second = lede_span_part(text, out->first.len + 1, SIZE_MAX);
    /* Two countries are two whatever the model made of the word. */
    out->kind = LEDE_NAME_PLACE;
    if (is_country(self, out->first)) {
        if (is_nation(self, out->second)) {
            out->second.len = 0;
            return true;
        }
        return is_country(self, out->second);
    }
    if (is_nation(self, out->first) && is_country(self, out->second)) {
        out->first.len = 0;
        return true;
    }
    out->kind = LEDE_NAME_PERSON;
    return is_somebody(self, out->first) && is_somebody(self, out->second) &&
           lede_agree_part(self->votes, word->low) == LEDE_PART_OF_NONE;
}

static bool add_part(lede_recognizer *self, size_t i, const pair *names,
                     lede_span part)
{
    const lede_word *word = &self->piece.words[i];
    lede_mention mention = {.text = word->text,
                            .kind = names->kind,
                            .trust = lede_name_model_is_learnt(self->model)
                                         ? LEDE_NAME_HIGH
                                         : LEDE_NAME_BY_RULE};

    mention.begin = (uint32_t)(part.bytes - self->texts[word->text].bytes);
    mention.end = mention.begin + (uint32_t)part.len;
    return part.len == 0 || add_mention(self, &mention);
}

/* How far words were looked at: runs before `run` end before, and from there to
 * `labelled` no word has a label. */
typedef struct progress {
    size_t run, labelled;
} progress;

/* The first word from `i` on that has a label or may join two names; those
 * that may have capitals, and stand in runs. */
static size_t next_looked_at(const lede_piece *piece, size_t i, progress *at)
{
    if (at->labelled < i || i == 0) {
        at->labelled = lede_piece_labelled(piece, i);
    }
    for (; at->run < piece->run_count &&
           piece->runs[at->run].begin < at->labelled;
         at->run++) {
        size_t k = piece->runs[at->run].begin;

        for (k = k < i ? i : k; k < piece->runs[at->run].end; k++) {
            if (k == at->labelled || may_join(&piece->words[k])) {
                return k;
            }
        }
    }
    return at->labelled;
}

static bool gather_mentions(lede_recognizer *self)
{
    const lede_piece *piece = &self->piece;
    progress at = {0, 0};
    size_t i;
    size_t end;

    for (i = 0; (i = next_looked_at(piece, i, &at)) < piece->count; i = end) {
        lede_mention mention;
        pair names;

        end = lede_name_end(piece, i);
        if (find_pair(self, i, &names)) {
            if (!add_part(self, i, &names, names.first) ||
                !add_part(self, i, &names, names.second)) {
                return false;
            }
            end = i + 1;
            continue;
        }
        if (end == i || (piece->labels[i] != LEDE_LABEL_B_PERSON &&
                         piece->labels[i] != LEDE_LABEL_B_PLACE)) {
            end = i + 1;
            continue;
        }
        mention.text = piece->words[i].text;
        mention.begin = piece->words[i].begin;
        mention.end = piece->words[end - 1].end;
        mention.kind = piece->labels[i] == LEDE_LABEL_B_PERSON
                           ? LEDE_NAME_PERSON
                           : LEDE_NAME_PLACE;
        mention.trust = trust_of(self, i, end);
        mention.is_source = mention.trust == LEDE_NAME_SURE;
        if (!add_mention(self, &mention)) {
            return false;
        }
    }
    return true;
}

static bool finish_piece(lede_recognizer *self, const lede_name_text *texts)
{
    bool ok;

    if (self->piece.count == 0) {
        return true;
    }
    lede_piece_settle(&self->piece);
    label_runs(self);
    lede_agree(self->votes, &self->piece, self->texts, self->known,
               self->known_count);
    label_sources(self, texts);
    ok = gather_mentions(self);
    self->piece.count = 0;
    return ok;
}

static bool read_text(lede_recognizer *self, const lede_name_text *texts,
                      size_t number)
{
    lede_piece *piece = &self->piece;
    lede_span text =
        lede_span_part(texts[number].text, 0, LEDE_NAME_TEXT_MAX_BYTES);
    size_t at = 0;

    for (;;) {
        size_t room;
        size_t count;

        if (!lede_piece_reserve(piece, piece->count + text.len / 8 + 64)) {
            return false;
        }
        room = piece->cap - piece->count;
        count = lede_words_recall(text, (uint32_t)number, &at, self->memo,
                                  piece->words + piece->count, room);
        piece->count += count;
        if (count < room) {
            return true;
        }
        if (piece->cap >= LEDE_NAME_PIECE_WORDS && !finish_piece(self, texts)) {
            return false;
        }
        if (piece->count == piece->cap &&
            !lede_piece_reserve(piece, piece->cap * 2)) {
            return false;
        }
    }
}

lede_status lede_recognizer_read(lede_recognizer *self,
                                 const lede_name_text *texts, size_t text_count,
                                 const lede_mention **out, size_t *count,
                                 lede_error *err)
{
    size_t i;

    self->mention_count = 0;
    self->piece.count = 0;
    if (text_count > self->text_cap) {
        lede_span *grown =
            text_count > SIZE_MAX / sizeof *grown
                ? NULL
                : realloc(self->texts, text_count * sizeof *grown);

        if (grown == NULL) {
            goto no_memory;
        }
        self->texts = grown;
        self->text_cap = text_count;
    }
    for (i = 0; i < text_count; i++) {
        self->texts[i] = texts[i].text;
    }
    for (i = 0; i < text_count; i++) {
        if (!read_text(self, texts, i)) {
            goto no_memory;
        }
    }
    if (!finish_piece(self, texts)) {
        goto no_memory;
    }
    *out = self->mentions;
    *count = self->mention_count;
    return LEDE_OK;

no_memory:
    return lede_fail(err, LEDE_NO_MEMORY, "no memory to look for names");
}
