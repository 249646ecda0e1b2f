/* recognize.h - "who and where is named in these texts?"
 *
 * Finds the people and places that an entry names. A recogniser reads all
 * texts of one entry together, because an entry explains itself: who is "Keir
 * Starmer" in the first paragraph is "Starmer" in the tenth, and a word that
 * also stands there in small letters is hardly a name.
 *
 * Words are cut (words.h), and only runs of capitalised ones are looked at: a
 * sixth of a news text. A linear-chain conditional random field (model.h) reads
 * each run from hashed features of its words and surroundings (features.h);
 * then rules look at the entry as a whole (agree.h). Where there is no model,
 * rules from short lists (rules.h) take its place: less is found, nothing
 * fails. Bylines and datelines are evidence by themselves, whatever the model
 * thinks. What is found are spans of text; which person or place is meant is
 * another question.
 *
 * The field follows Lafferty, McCallum and Pereira, "Conditional Random
 * Fields" (2001); features that look at the whole document follow Chieu and Ng,
 * "Named Entity Recognition with a Maximum Entropy Approach" (2003), and the
 * agreement of equal names Krishnan and Manning, "An Effective Two-Stage Model
 * for Exploiting Non-Local Dependencies" (2006).
 *
 * The same texts and model give the same mentions on every machine: scores are
 * whole numbers.
 *
 * Threads: a model is shared by any number of threads; a recogniser belongs to
 * one at a time. */
#ifndef LEDE_NAMES_RECOGNIZE_H
#define LEDE_NAMES_RECOGNIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

typedef struct lede_name_model lede_name_model;
typedef struct lede_recognizer lede_recognizer;

typedef enum lede_name_kind {
    LEDE_NAME_PERSON = 0,
    LEDE_NAME_PLACE = 1,
    LEDE_NAME_KIND_COUNT
} lede_name_kind;

/* How sure a mention is. Stored on disk later, in two bits. */
typedef enum lede_name_trust {
    LEDE_NAME_BY_RULE = 0, /* found by rules alone */
    LEDE_NAME_LOW = 1,     /* the model was in doubt */
    LEDE_NAME_HIGH = 2,
    LEDE_NAME_SURE = 3 /* a byline or a dateline */
} lede_name_trust;

/* What a text is to its entry. */
typedef enum lede_name_text_role {
    LEDE_NAME_TEXT_BODY = 0, /* also decks, captions: anything in sentences */
    LEDE_NAME_TEXT_OPENING,  /* the first paragraph: may have a dateline */
    LEDE_NAME_TEXT_HEADLINE, /* one line; case says less in it */
    LEDE_NAME_TEXT_BYLINE,   /* who wrote it: "By Ann Lee and Bo Ek" */
    LEDE_NAME_TEXT_DATELINE  /* where it was written: "RIYADH" */
} lede_name_text_role;

typedef struct lede_name_text {
    lede_span text; /* UTF-8; other bytes are read as if they were letters */
    lede_name_text_role role;
} lede_name_text;

/* Who or where is named, and in what part. Bytes [begin, end) of text number
 * `text`; in order, never overlapping, never empty, without titles ("Mr") and
 * possessives ("'s"). */
typedef struct lede_mention {
    uint32_t text;
    uint32_t begin, end;
    uint8_t kind;   /* lede_name_kind */
    uint8_t trust;  /* lede_name_trust */
    bool is_source; /* the writer, or where it was written: not spoken of */
} lede_mention;

/* Texts are read up to here, words in pieces of this many: names agree with
 * each other within a piece. Together with the bound on mentions, a recogniser
 * stays under 16 MB whatever it reads. */
enum {
    LEDE_NAME_TEXT_MAX_BYTES = 1 << 30,
    LEDE_NAME_PIECE_WORDS = 1 << 16,
    LEDE_NAME_MAX_MENTIONS = 1 << 17,
    LEDE_NAME_MAX_KNOWN = 256
};

/* A model out of the bytes of its file, which are copied; no bytes give one
 * that knows the rules alone. LEDE_CORRUPT if it is damaged or none;
 * LEDE_TOO_NEW from a newer lede. Freeing takes NULL too. */
lede_status lede_name_model_new(lede_span file, lede_name_model **out,
                                lede_error *err);
void lede_name_model_free(lede_name_model *model);

/* The same from a file. LEDE_NOT_FOUND if there is no such file. */
lede_status lede_name_model_open(const char *path, lede_name_model **out,
                                 lede_error *err);

/* False if it knows the rules alone. */
bool lede_name_model_is_learnt(const lede_name_model *model);

/* Two models with the same mark are the same; 0 of rules alone. */
uint64_t lede_name_model_mark(const lede_name_model *model);

/* The model must outlive the recogniser. NULL when out of memory. */
lede_recognizer *lede_recognizer_new(const lede_name_model *model);
void lede_recognizer_free(lede_recognizer *recognizer);

/* Full names of people whom other entries of the page name, likeliest first:
 * until this is said anew, their last names are names of people wherever they
 * stand alone. Those beyond LEDE_NAME_MAX_KNOWN are passed over. */
void lede_recognizer_know(lede_recognizer *recognizer, const lede_span *people,
                          size_t count);

/* Reads the texts of one entry. *out lends *count mentions until the next call;
 * those beyond LEDE_NAME_MAX_MENTIONS are left out. LEDE_NO_MEMORY is the only
 * failure. */
lede_status lede_recognizer_read(lede_recognizer *recognizer,
                                 const lede_name_text *texts, size_t text_count,
                                 const lede_mention **out, size_t *count,
                                 lede_error *err);

#endif
