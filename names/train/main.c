/* lede-train-names - makes the model that names/ recognises people and places
 * with, from annotated and from plain text. names/model/README.md has the
 * command and says where the material is from.
 *
 * Annotated sets are told by their file names: a weak one (annotated by
 * machine) is cleaned first, by leaving out runs on which fields trained on
 * the rest of it do not agree with it; sets without tags for other capitals
 * permit both readings there. Then the field reads plain text, whole documents
 * agree with themselves (agree.h), and another one learns from what it was sure
 * of, and from what the articles say of their own subjects (subject.h). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names/agree.h"
#include "names/decode.h"
#include "names/recognize.h"
#include "names/train/bio.h"
#include "names/train/field.h"
#include "names/train/lexicon.h"
#include "names/train/plain.h"
#include "names/train/subject.h"

enum {
    MAX_SETS = 32,
    FOLDS = 4,
    ROWS = 1 << 17,
    /* Of the fields that read plain text: nobody has to ship them. */
    TEACHER_ROWS = 1 << 20
};

typedef struct set_facts {
    const char *name;
    bool weak;     /* annotated by machine */
    bool no_other; /* other capitals carry no tag */
} set_facts;

static const set_facts known_sets[] = {
    {"gmb", true, false},
    {"btc", false, true},
    {"uner_ewt", false, true},
};

typedef struct trainer {
    const char *out_path;
    const char *text_path;
    const char *sets[MAX_SETS];
    size_t set_count;
    size_t text_documents;
    uint64_t seed;
    int passes;
    int rounds; /* of learning to read plain text */
    double rate, pull;
    lexicon known;
    lede_name_model *model; /* filter and lists; weights once there are any */
    lede_piece piece;
    lede_votes *votes;
    examples all;
    uint32_t (*features)[LEDE_FEATURE_COUNT];
} trainer;

static const set_facts *facts_of(const char *path)
{
    const char *name = strrchr(path, '/');
    size_t i;

    name = name == NULL ? path : name + 1;
    for (i = 0; i < sizeof known_sets / sizeof known_sets[0]; i++) {
        size_t len = strlen(known_sets[i].name);

        if (strncmp(name, known_sets[i].name, len) == 0 && name[len] == '.') {
            return &known_sets[i];
        }
    }
    return NULL;
}

/* The words of one text as a settled piece. */
static bool make_piece(trainer *self, lede_span text)
{
    size_t at = 0;

    if (!lede_piece_reserve(&self->piece, text.len + 1)) {
        return false;
    }
    self->piece.count =
        lede_words_read(text, 0, &at, self->piece.words, self->piece.cap);
    lede_words_mark_lines(self->piece.words, self->piece.count);
    lede_lists_mark(&self->piece.model->lists, self->piece.words,
                    self->piece.count);
    lede_piece_settle(&self->piece);
    return true;
}

/* Some annotators take "President" into the person, some do not: here it
 * never is. */
static void strip_titles(const trainer *self, bio_document *document)
{
    size_t i = 0;
    size_t s;

    for (s = 0; s < document->span_count; s++) {
        bio_span *span = &document->spans[s];

        while (i < self->piece.count &&
               self->piece.words[i].begin < span->begin) {
            i++;
        }
        while (span->kind == BIO_PERSON && i + 1 < self->piece.count &&
               (self->piece.words[i].classes & LEDE_CLASS_HONORIFIC) != 0 &&
               self->piece.words[i].begin == span->begin &&
               self->piece.words[i + 1].end <= span->end) {
            span->begin = self->piece.words[++i].begin;
        }
    }
}

/* Bit sets of the labels that the spans permit for the words of a run. */
static void permit(const trainer *self, const lede_run *run,
                   const bio_document *document, bool no_other,
                   uint8_t permitted[LEDE_RUN_MAX_WORDS])
{
    size_t low = 0;
    size_t i;

    for (i = run->begin; i < run->end; i++) {
        const lede_word *word = &self->piece.words[i];
        int label = LEDE_LABEL_O;
        size_t s;

        while (low < document->span_count &&
               document->spans[low].end <= word->begin) {
            low++;
        }
        s = low;
        if (s < document->span_count && document->spans[s].begin < word->end) {
            const bio_span *span = &document->spans[s];
            bool first =
                i == run->begin || self->piece.words[i - 1].end <= span->begin;

            label = span->kind == BIO_PERSON  ? LEDE_LABEL_B_PERSON
                    : span->kind == BIO_PLACE ? LEDE_LABEL_B_PLACE
                    : span->kind == BIO_ORG   ? LEDE_LABEL_B_ORG
                                              : LEDE_LABEL_OTHER;
            label += label != LEDE_LABEL_OTHER && !first;
        }
        permitted[i - run->begin] = (uint8_t)(1u << label);
        if (label == LEDE_LABEL_O && no_other) {
            permitted[i - run->begin] |= 1u << LEDE_LABEL_OTHER;
        }
    }
}

static bool add_run(trainer *self, lede_span const *text, const lede_run *run,
                    const uint8_t *permitted, size_t set, size_t document)
{
    lede_features_of_run(&self->piece, text, run, self->features);
    return examples_add(&self->all, self->features, permitted,
                        run->end - run->begin, (uint8_t)set,
                        (uint8_t)(document % FOLDS));
}

/* Headlines are rare in the sets: some sentences come again in capitals. */
static void shout(lede_buf *text)
{
    size_t i;

    for (i = 0; i < text->len; i++) {
        if (text->bytes[i] >= 'a' && text->bytes[i] <= 'z') {
            text->bytes[i] = (uint8_t)(text->bytes[i] - 32);
        }
    }
}

static void entitle(lede_buf *text)
{
    size_t i;

    for (i = 0; i < text->len; i++) {
        if (text->bytes[i] >= 'a' && text->bytes[i] <= 'z' &&
            (i == 0 || text->bytes[i - 1] == ' ' ||
             text->bytes[i - 1] == '\n') &&
            i + 3 < text->len && text->bytes[i + 1] >= 'a' &&
            text->bytes[i + 2] >= 'a' && text->bytes[i + 3] >= 'a') {
            text->bytes[i] = (uint8_t)(text->bytes[i] - 32);
        }
    }
}

static bool add_document(trainer *self, bio_document *document, size_t set,
                         size_t number)
{
    const set_facts *facts = facts_of(self->sets[set]);
    lede_span text = lede_buf_span(&document->text);
    uint8_t permitted[LEDE_RUN_MAX_WORDS];
    size_t i;

    if (!make_piece(self, text)) {
        return false;
    }
    strip_titles(self, document);
    for (i = 0; i < self->piece.run_count; i++) {
        permit(self, &self->piece.runs[i], document,
               facts != NULL && facts->no_other, permitted);
        if (!add_run(self, &text, &self->piece.runs[i], permitted, set,
                     number)) {
            return false;
        }
    }
    return true;
}

static lede_status read_set(trainer *self, size_t set, lede_error *err)
{
    bio_document document = {0};
    FILE *file = fopen(self->sets[set], "rb");
    lede_status status = LEDE_OK;
    size_t number;

    if (file == NULL) {
        return lede_fail(err, LEDE_IO, "%s: %s", self->sets[set],
                         strerror(errno));
    }
    for (number = 0; status == LEDE_OK; number++) {
        status = bio_read(file, &document, err);
        if (status != LEDE_OK) {
            break;
        }
        if (!add_document(self, &document, set, number)) {
            status = lede_fail(err, LEDE_NO_MEMORY, "no memory for examples");
        } else if (number % 32 == 7 || number % 32 == 23) {
            (number % 32 == 7 ? shout : entitle)(&document.text);
            if (!add_document(self, &document, set, number)) {
                status = lede_fail(err, LEDE_NO_MEMORY, "no memory");
            }
        }
    }
    fclose(file);
    bio_document_done(&document);
    printf("%s: %zu documents\n", self->sets[set], number);
    return status == LEDE_END ? LEDE_OK : status;
}

static bool train(trainer *self, field *out, int held_out, int passes,
                  uint32_t rows)
{
    field_options options = {passes, held_out, self->seed, (float)self->rate,
                             (float)self->pull};

    if (!field_init(out, rows)) {
        return false;
    }
    field_train(out, &self->all, &options);
    return true;
}

static lede_status clean_weak_sets(trainer *self, lede_error *err)
{
    size_t left_out = 0;
    size_t asked = 0;
    size_t i;
    int fold;

    for (fold = 0; fold < FOLDS; fold++) {
        field one;

        if (!train(self, &one, fold, 4, ROWS)) {
            field_done(&one);
            return lede_fail(err, LEDE_NO_MEMORY, "no memory for a field");
        }
        for (i = 0; i < self->all.run_count; i++) {
            example *run = &self->all.runs[i];
            const set_facts *facts = facts_of(self->sets[run->source]);

            if (run->fold == fold && facts != NULL && facts->weak) {
                asked++;
                run->skipped = !field_agrees(&one, &self->all, run);
                left_out += run->skipped;
            }
        }
        field_done(&one);
    }
    printf("weak sets: %zu of %zu runs left out\n", left_out, asked);
    return LEDE_OK;
}

/* Puts the filter, and weights if there are any, to use. */
static lede_status renew_model(trainer *self, const field *weights,
                               lede_buf *file, lede_error *err)
{
    field none = {0};
    lede_name_model *model = NULL;
    lede_status status;

    lede_buf_clear(file);
    if (weights == NULL && !field_init(&none, 1)) {
        field_done(&none);
        return lede_fail(err, LEDE_NO_MEMORY, "no memory");
    }
    field_write(weights == NULL ? &none : weights, self->known.filter,
                LEXICON_LINES, file);
    field_done(&none);
    if (file->failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for a model");
    }
    status = lede_name_model_new(lede_buf_span(file), &model, err);
    if (status == LEDE_OK) {
        lede_name_model_free(self->model);
        self->model = model;
        self->piece.model = model;
    }
    return status;
}

static bool is_capital(const lede_piece *piece, size_t i)
{
    return (piece->words[i].flags & LEDE_WORD_CAPITAL) != 0;
}

/* What an article is about, wherever it is called by its whole name: nobody has
 * to be asked for its label. */
static void mark_subject(lede_piece *piece, const lede_word *name, size_t count,
                         subject_kind kind)
{
    static const uint8_t firsts[] = {[SUBJECT_PERSON] = LEDE_LABEL_B_PERSON,
                                     [SUBJECT_PLACE] = LEDE_LABEL_B_PLACE,
                                     [SUBJECT_ORG] = LEDE_LABEL_B_ORG,
                                     [SUBJECT_WORK] = LEDE_LABEL_OTHER};
    size_t r;
    size_t i;
    size_t k;

    for (r = 0; r < piece->run_count; r++) {
        const lede_run *run = &piece->runs[r];

        for (i = run->begin; i + count <= run->end; i++) {
            for (k = 0; k < count && piece->words[i + k].low == name[k].low;
                 k++) {
            }
            if (k < count || (i > run->begin && is_capital(piece, i - 1)) ||
                (i + count < run->end && is_capital(piece, i + count))) {
                continue;
            }
            for (k = 0; k < count; k++) {
                piece->labels[i + k] =
                    (uint8_t)(firsts[kind] +
                              (k > 0 && firsts[kind] != LEDE_LABEL_OTHER));
                piece->margins[i + k] = kind == SUBJECT_SITE ? 0 : INT16_MAX;
            }
        }
    }
}

/* Learns from one plain document what the field reads there itself. */
static bool add_plain(trainer *self, lede_span text, size_t title_bytes,
                      size_t number)
{
    lede_span name = subject_name(lede_span_part(text, 0, title_bytes));
    subject_kind kind =
        subject_of(name, lede_span_part(text, title_bytes + 1, SIZE_MAX));
    lede_word words[LEDE_PHRASE_MAX_WORDS + 1];
    size_t at = 0;
    size_t count =
        lede_words_read(name, 0, &at, words, LEDE_PHRASE_MAX_WORDS + 1);
    lede_piece *piece = &self->piece;
    uint8_t permitted[LEDE_RUN_MAX_WORDS];
    lede_scores scores[LEDE_RUN_MAX_WORDS];
    size_t i;
    size_t k;

    if (!make_piece(self, text)) {
        return false;
    }
    for (i = 0; i < piece->run_count; i++) {
        const lede_run *run = &piece->runs[i];

        lede_features_of_run(piece, &text, run, self->features);
        lede_scores_of_features(self->model, self->features,
                                run->end - run->begin, scores);
        lede_decode_run(self->model, scores, run->end - run->begin,
                        piece->labels + run->begin,
                        piece->margins + run->begin);
    }
    if (kind != SUBJECT_UNKNOWN && count > 0 &&
        count <= LEDE_PHRASE_MAX_WORDS) {
        mark_subject(piece, words, count, kind);
    }
    lede_agree(self->votes, piece, &text, NULL, 0);
    for (i = 0; i < piece->run_count; i++) {
        const lede_run *run = &piece->runs[i];
        bool sure = true;

        for (k = run->begin; k < run->end; k++) {
            sure &= piece->margins[k] >= self->model->steps;
            permitted[k - run->begin] = (uint8_t)(1u << piece->labels[k]);
        }
        if (sure &&
            !add_run(self, &text, run, permitted, self->set_count, number)) {
            return false;
        }
    }
    return true;
}

static lede_status read_plain(trainer *self, lede_error *err)
{
    plain_reader reader;
    lede_status status = plain_open(&reader, self->text_path, err);
    size_t before = self->all.run_count;
    size_t number = 0;
    lede_span text;

    while (status == LEDE_OK && number < self->text_documents) {
        status = plain_next(&reader, &text, err);
        if (status == LEDE_OK &&
            !add_plain(self, text, reader.title_bytes, number++)) {
            status = lede_fail(err, LEDE_NO_MEMORY, "no memory for examples");
        }
    }
    plain_close(&reader);
    printf("%s: %zu documents, %zu runs\n", self->text_path, number,
           self->all.run_count - before);
    return status == LEDE_END ? LEDE_OK : status;
}

static lede_status write_file(const char *path, const lede_buf *file,
                              lede_error *err)
{
    FILE *out = fopen(path, "wb");
    bool ok =
        out != NULL && fwrite(file->bytes, 1, file->len, out) == file->len;

    ok = (out == NULL || fclose(out) == 0) && ok;
    return ok ? LEDE_OK
              : lede_fail(err, LEDE_IO, "%s: %s", path, strerror(errno));
}

/* Trains a field and lets it read the plain text, in place of what another one
 * made of that before. */
static lede_status learn_from_plain(trainer *self, lede_buf *file,
                                    lede_error *err)
{
    field teacher = {0};
    lede_status status = LEDE_OK;

    if (!train(self, &teacher, -1, self->passes, TEACHER_ROWS)) {
        status = lede_fail(err, LEDE_NO_MEMORY, "no memory for a field");
    }
    if (status == LEDE_OK) {
        status = renew_model(self, &teacher, file, err);
    }
    field_done(&teacher);
    while (self->all.run_count > 0 &&
           self->all.runs[self->all.run_count - 1].source == self->set_count) {
        self->all.run_count--;
        self->all.word_count = self->all.runs[self->all.run_count].first;
    }
    return status == LEDE_OK ? read_plain(self, err) : status;
}

static lede_status run(trainer *self, lede_error *err)
{
    lede_buf file = {0};
    field weights = {0};
    lede_status status = LEDE_OK;
    size_t i;
    int round;

    if (self->text_path != NULL) {
        status = lexicon_add_subjects(&self->known, self->text_path,
                                      self->text_documents, err);
    }
    printf("known: %zu places, %zu small ones, %zu forenames, %zu surnames\n",
           self->known.counts[0], self->known.counts[1], self->known.counts[2],
           self->known.counts[3]);
    if (status == LEDE_OK) {
        status = renew_model(self, NULL, &file, err);
    }
    self->votes = lede_votes_new();
    self->features = malloc(LEDE_RUN_MAX_WORDS * sizeof *self->features);
    if (status == LEDE_OK && (self->votes == NULL || self->features == NULL ||
                              !lede_piece_init(&self->piece, self->model))) {
        status = lede_fail(err, LEDE_NO_MEMORY, "no memory");
    }
    for (i = 0; status == LEDE_OK && i < self->set_count; i++) {
        status = read_set(self, i, err);
    }
    if (status == LEDE_OK) {
        printf("%zu runs, %zu words\n", self->all.run_count,
               self->all.word_count);
        status = clean_weak_sets(self, err);
    }
    for (round = 0;
         status == LEDE_OK && self->text_path != NULL && round < self->rounds;
         round++) {
        status = learn_from_plain(self, &file, err);
    }
    if (status == LEDE_OK && !train(self, &weights, -1, self->passes, ROWS)) {
        status = lede_fail(err, LEDE_NO_MEMORY, "no memory for a field");
    }
    if (status == LEDE_OK) {
        status = renew_model(self, &weights, &file, err);
    }
    if (status == LEDE_OK) {
        status = write_file(self->out_path, &file, err);
    }
    field_done(&weights);
    lede_buf_done(&file);
    return status;
}

static lede_status take_option(trainer *self, const char *name,
                               const char *value, lede_error *err)
{
    if (strcmp(name, "--out") == 0) {
        self->out_path = value;
    } else if (strcmp(name, "--places") == 0) {
        return lexicon_add_places(&self->known, value, err);
    } else if (strcmp(name, "--forenames") == 0) {
        return lexicon_add_people(&self->known, value, LEDE_KNOWN_FORENAME, 0,
                                  err);
    } else if (strcmp(name, "--surnames") == 0) {
        return lexicon_add_people(&self->known, value, LEDE_KNOWN_SURNAME,
                                  20000, err);
    } else if (strcmp(name, "--text") == 0) {
        self->text_path = value;
    } else if (strcmp(name, "--documents") == 0) {
        self->text_documents = strtoul(value, NULL, 10);
    } else if (strcmp(name, "--passes") == 0) {
        self->passes = atoi(value);
    } else if (strcmp(name, "--rate") == 0) {
        self->rate = atof(value);
    } else if (strcmp(name, "--pull") == 0) {
        self->pull = atof(value);
    } else if (strcmp(name, "--rounds") == 0) {
        self->rounds = atoi(value);
    } else if (strcmp(name, "--seed") == 0) {
        self->seed = strtoull(value, NULL, 10);
    } else {
        return lede_fail(err, LEDE_BAD_INPUT, "unknown option %s", name);
    }
    return LEDE_OK;
}

int main(int argc, char **argv)
{
    trainer self = {0};
    lede_error err = {0};
    lede_status status = LEDE_OK;
    int i;

    self.seed = 1;
    self.passes = 8;
    self.rounds = 1;
    self.rate = 0.015;
    self.pull = 3e-4;
    self.text_documents = 12000;
    self.known.filter = calloc(LEXICON_LINES, LEDE_FILTER_LINE_BYTES);
    if (self.known.filter == NULL) {
        return 2;
    }
    for (i = 1; i < argc && status == LEDE_OK; i++) {
        if (strncmp(argv[i], "--", 2) == 0 && i + 1 < argc) {
            status = take_option(&self, argv[i], argv[i + 1], &err);
            i++;
        } else if (self.set_count < MAX_SETS) {
            self.sets[self.set_count++] = argv[i];
        }
    }
    if (status == LEDE_OK &&
        (self.out_path == NULL || self.set_count == 0 || self.passes < 1)) {
        fprintf(stderr,
                "usage: lede-train-names --out FILE [--places FILE]...\n"
                "           [--forenames FILE]... [--surnames FILE]...\n"
                "           [--text JSONL [--documents N]] [--seed N]\n"
                "           [--passes N] [--rounds N] SET.bio...\n");
        return 2;
    }
    if (status == LEDE_OK) {
        status = run(&self, &err);
    }
    if (status != LEDE_OK) {
        fprintf(stderr, "lede-train-names: %s\n", err.message);
    }
    lede_name_model_free(self.model);
    lede_piece_done(&self.piece);
    lede_votes_free(self.votes);
    examples_done(&self.all);
    free(self.features);
    free(self.known.filter);
    return status == LEDE_OK ? 0 : 2;
}
