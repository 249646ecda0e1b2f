#include <stdlib.h>
#include <string.h>

#include "names/gazetteer_format.h"

void lede_gazetteer_walk_init(lede_gazetteer_walk *walk,
                              const lede_gazetteer *self, lede_span prefix)
{
    memset(walk, 0, sizeof *walk);
    walk->gazetteer = self;
    lede_place_key(prefix, &walk->prefix);
    walk->names = malloc(sizeof *walk->names);
    if (walk->names != NULL) {
        lede_gazetteer_names_seek(walk->names, self, NULL,
                                  lede_buf_span(&walk->prefix), &walk->key);
    }
}

bool lede_gazetteer_walk_next(lede_gazetteer_walk *walk, lede_span *name,
                              lede_place_number *place)
{
    lede_gazetteer_names *names = walk->names;
    bool people;

    while (names != NULL) {
        lede_span key;

        while (lede_gazetteer_names_place(names, place, &people)) {
            if (!people) {
                *name = lede_span_of(names->name, names->name_len);
                return true;
            }
        }
        if (!lede_gazetteer_names_next(names)) {
            return false;
        }
        lede_buf_clear(&walk->key);
        lede_place_key(lede_span_of(names->name, names->name_len), &walk->key);
        key = lede_buf_span(&walk->key);
        if (!lede_span_equal(lede_span_part(key, 0, walk->prefix.len),
                             lede_buf_span(&walk->prefix))) {
            return false;
        }
    }
    return false;
}

void lede_gazetteer_walk_done(lede_gazetteer_walk *walk)
{
    free(walk->names);
    lede_buf_done(&walk->prefix);
    lede_buf_done(&walk->key);
    memset(walk, 0, sizeof *walk);
}
