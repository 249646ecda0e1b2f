/* damaged.h - an archive whose file can be written with anything wrong in it.
 *
 * The setup makes a sound archive of several segments and 200 file records, and
 * keeps the bytes of its file; a test changes a copy of them and writes it. */
#ifndef LEDE_TESTS_STORAGE_DAMAGED_H
#define LEDE_TESTS_STORAGE_DAMAGED_H

#include "storage/footer.h"
#include "tests/storage/model.h"

enum { DAMAGED_NOW = 1720000000 };

typedef struct damaged {
    char folder[256];
    char path[300];
    char file[320];
    uint8_t *bytes; /* the sound file */
    size_t len;
    model_world world;
} damaged;

int damaged_setup(void **state);
int damaged_teardown(void **state);

/* How often to do what is done at random. */
unsigned damaged_rounds(unsigned plain, unsigned in_the_long_form);

/* Puts these bytes in the place of the archive's file. */
void damaged_write(const damaged *made, const uint8_t *bytes, size_t len);

/* Where in the file the first value of each kind of the largest segment is. The
 * file has to be the sound one. */
typedef struct damaged_place {
    size_t offset, len;
    unsigned kind;
} damaged_place;
unsigned damaged_places(const damaged *made,
                        damaged_place places[LEDE_VALUE_KIND_COUNT]);

#endif
