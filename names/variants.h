/* variants.h - "could these two be the same name in another spelling?"
 *
 * Names come out of other alphabets in many spellings: Zelensky, Zelenskyy,
 * Zelenskiy; Gaddafi, Qadhafi, Kadafi; Mohammed, Muhammad. A spelling key is
 * the skeleton that such forms have in common. One surname in five shares its
 * key with another, so a key proposes and never decides: a person accepts a
 * proposal into the corrections (corrections.h). Other names of places are in
 * the gazetteer.
 *
 * Threads: pure functions. */
#ifndef LEDE_NAMES_VARIANTS_H
#define LEDE_NAMES_VARIANTS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"

/* Appends the key of each word of a person's name, with blanks between:
 * initials, particles (al, bin, van) and honorifics are left out. Nothing is
 * appended where no letter is left. */
void lede_person_spelling_key(lede_span name, lede_buf *out);

/* Appends the form that a person's names are compared in: folded
 * (base/analyze.h) without accents, hyphens as blanks, apostrophes left out,
 * full stops gone, titles and Jr., Sr. cut off. "Sir Keir Starmer" is "keir
 * starmer". Equal forms are one name. */
void lede_person_key(lede_span name, lede_buf *out);

/* Appends the first and the last word of that form, of a name that has others
 * between them: "george bush" of George W. Bush, "jan berg" of Jan van der
 * Berg; of any other nothing. */
void lede_person_short_key(lede_span name, lede_buf *out);

/* Longer words are not compared. */
enum { LEDE_SPELLING_MAX_BYTES = 48 };

/* Whether two different words, as lede_person_key has them, are one word of a
 * name written in two ways: they have the same key, and two letters differ, of
 * eight or more three; of five or fewer one. A vowel is only exchanged for one
 * that sounds like it (in short words only i for y), and but for i and y one
 * more or less counts as two letters; what a sound is written with (kh, q, g;
 * dd) counts as one at the most. Hansen and Hanson, of two countries, are not
 * one. */
bool lede_person_words_alike(lede_span a, lede_span b);

/* Whether two forenames can be one's: equal, an initial, a short form of each
 * other, alike, with the same key of three sounds or more, or of two and not
 * far apart (Muammar, Moamer). */
bool lede_person_forenames_agree(lede_span a, lede_span b);

/* Why two names may be one person's. */
typedef enum lede_variant_reason {
    LEDE_VARIANT_NONE = 0,
    LEDE_VARIANT_SPELLING, /* all words have the same keys */
    LEDE_VARIANT_INITIAL,  /* J. Smith and John Smith */
    LEDE_VARIANT_PART,     /* Luiz da Silva and Luiz Inacio Lula da Silva */
    LEDE_VARIANT_ORDER,    /* Kim Jong Un and Jong Un Kim; Orban Viktor */
    LEDE_VARIANT_COUNT
} lede_variant_reason;

/* Compares two different names; NONE also for equal ones, and when out of
 * memory. Symmetric. */
lede_variant_reason lede_person_variant(lede_span a, lede_span b);

/* "spelling", "initial", ... */
const char *lede_variant_reason_name(lede_variant_reason reason);

#endif
