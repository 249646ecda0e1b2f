/* person.h - "which words are a person's name made of?"
 *
 * The words of a name as they are compared (keys.h), without titles in front,
 * Jr. and Sr. behind, and the small words between: particles in small letters,
 * and al- however it is written. "Sir Keir Starmer" is keir starmer, "Bashar
 * al-Assad" bashar assad.
 *
 * Private to names/.
 *
 * Threads: pure functions. */
#ifndef LEDE_NAMES_PERSON_H
#define LEDE_NAMES_PERSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/* Words beyond, and letters beyond, do not count. */
enum { LEDE_PERSON_MAX_WORDS = 8, LEDE_PERSON_END_BYTES = 16 };

/* What titles, or a common forename, say of a person's sex: only to keep Mr and
 * Mrs Clinton apart. */
typedef enum lede_sex {
    LEDE_SEX_UNKNOWN = 0,
    LEDE_SEX_MAN = 1,
    LEDE_SEX_WOMAN = 2
} lede_sex;

typedef struct lede_person {
    uint32_t hashes[LEDE_PERSON_MAX_WORDS]; /* of its words; 0 is never one */
    uint8_t firsts[LEDE_PERSON_MAX_WORDS];  /* their first bytes */
    uint8_t lengths[LEDE_PERSON_MAX_WORDS];
    uint8_t ends[2][LEDE_PERSON_END_BYTES]; /* its first and last word */
    uint32_t title;    /* hash of the last title in front; 0 = none */
    uint32_t particle; /* the same of the one left out before the last word */
    uint8_t count;
    uint8_t sex;       /* lede_sex, by the name itself */
    bool is_title;     /* a title is all that it is: "the Pope" */
    bool is_particled; /* its first word may be a particle: De Gaulle */
} lede_person;

/* Reads the words of a name; further ones than fit are left out. `folded` is
 * for the fold. False when out of memory. */
bool lede_person_read(lede_span name, lede_buf *folded, lede_person *out);

/* Appends the words with blanks between. */
void lede_person_put_words(lede_span name, lede_buf *out);

lede_sex lede_title_sex(lede_span folded_word);

/* A word in small letters, by its hash and its first letter. */
typedef struct lede_person_word {
    uint32_t hash;
    uint8_t first;
} lede_person_word;

/* Whether two words are a forename and its short form. */
bool lede_person_is_short_form(lede_person_word a, lede_person_word b);

/* Whether a name is the family's of a full one: Gaulle, or De Gaulle with the
 * capital that begins a sentence, of Charles de Gaulle. */
bool lede_person_is_family(const lede_person *name, const lede_person *full);

/* Whether two names, of two words each at the least, can be one person's. */
bool lede_person_agrees(const lede_person *a, const lede_person *b);

#endif
