/* lists.h - "which words say something about the names beside them?"
 *
 * Titles, roles, verbs of speech, words of organisations and of places, the
 * countries, the commonest forenames: written by hand, and all that the
 * rules know when there is no model. A class is a bit, so that a word can be
 * several things. Hints are more of the same kind, which features do not look
 * at.
 *
 * Private to names/.
 *
 * Threads: filled once, then shared by readers. */
#ifndef LEDE_NAMES_LISTS_H
#define LEDE_NAMES_LISTS_H

#include <stdbool.h>
#include <stdint.h>

#include "names/words.h"

enum {
    LEDE_CLASS_HONORIFIC = 1 << 0, /* Mr, Sir, Dr: never part of a name */
    LEDE_CLASS_ROLE = 1 << 1,      /* president, minister, spokesman */
    LEDE_CLASS_SPEECH = 1 << 2,    /* said, told */
    LEDE_CLASS_IN = 1 << 3,        /* in, near: a place follows */
    LEDE_CLASS_ORG = 1 << 4,       /* University, Bank, Party */
    LEDE_CLASS_SITE = 1 << 5,      /* River, Street, Province */
    LEDE_CLASS_PARTICLE = 1 << 6,  /* van, de, al: small words in names */
    LEDE_CLASS_LINK = 1 << 7,      /* of, and, the: small words between */
    LEDE_CLASS_DATE = 1 << 8,      /* Monday, March */
    LEDE_CLASS_COUNTRY = 1 << 9,   /* as a whole phrase */
    LEDE_CLASS_CITY = 1 << 10,     /* a large city, as a whole phrase */
    LEDE_CLASS_FORENAME = 1 << 11,
    LEDE_CLASS_NATION = 1 << 12, /* French, Iraqi: neither person nor place */
    LEDE_CLASS_SUFFIX = 1 << 13, /* Jr, III */
    LEDE_CLASS_COMMON = 1 << 14, /* begins sentences: The, But, However */
    LEDE_CLASS_MISTER = 1 << 15  /* Mr, Mrs, Dr: a person follows, always */
};

/* For names that are to agree with each other (agree.h), and for words.c. */
enum {
    LEDE_HINT_FIRM = 1 << 0,  /* Inc, Ltd: firms have it behind their names */
    LEDE_HINT_STATE = 1 << 1, /* Republic, of a country */
    LEDE_HINT_LAND = 1 << 2,  /* what stands before is a place */
    LEDE_HINT_PAPER = 1 << 3, /* ... what stands behind is no person */
    LEDE_HINT_HEADLINE_VERB = 1 << 4,
    LEDE_HINT_ABBREVIATION = 1 << 5, /* its full stop ends no sentence */
    LEDE_HINT_AREA = 1 << 6,         /* Calif, a state behind a city's comma */
    LEDE_HINT_HOUSE = 1 << 7,    /* Banque: firms have it before their names */
    LEDE_HINT_STREET = 1 << 8,   /* ends what is named after somebody */
    LEDE_HINT_LANDS = 1 << 9,    /* Heights, Plains: ends a place's name */
    LEDE_HINT_EMPLOYED = 1 << 10 /* analyst: whose work is for a house */
};

/* Titles and their like. */
#define LEDE_ABBREVIATIONS                                                     \
    "adm,ald,atty,capt,cmdr,col,cpl,dr,fr,ft,gen,gov,hon,insp,jr,lt,maj,"      \
    "messrs,mme,mr,mrs,ms,mt,no,pres,prof,rep,rev,sen,sens,reps,sgt,sr,st,"    \
    "ste,supt,vs,jan,feb,aug,sept,oct,nov,dec,mlle"

enum {
    LEDE_LISTS_SLOTS = 8192,
    LEDE_LISTS_BITS = 1 << 15,  /* a tenth is set */
    LEDE_LISTS_STRANGERS = 512, /* a third is used */
    LEDE_PHRASE_MAX_WORDS = 6
};

typedef struct lede_lists {
    uint64_t bits[LEDE_LISTS_BITS / 64]; /* what is none of these, in 4 KiB */
    uint32_t keys[LEDE_LISTS_SLOTS];     /* phrase hashes; 0 = free */
    uint16_t classes[LEDE_LISTS_SLOTS];
    uint16_t hints[LEDE_LISTS_SLOTS];
    uint32_t strangers[LEDE_LISTS_STRANGERS]; /* phrase hashes; 0 = free */
} lede_lists;

void lede_lists_init(lede_lists *lists);

/* The classes of a phrase hash; 0 if it is in no list. */
uint16_t lede_lists_get(const lede_lists *lists, uint32_t phrase);

/* Whether a phrase is one that looks like a name and is nobody's and no
 * place's: an agency, a paper, a parliament, a firm, a disease. */
bool lede_lists_is_stranger(const lede_lists *lists, uint32_t phrase);

/* Sets the classes and hints of each word by itself, if they are not recalled.
 */
void lede_lists_mark(const lede_lists *lists, lede_word *words, size_t count);

#endif
