/* link.h - "which of these mentions mean the same person or place, and where is
 * that?"
 *
 * A recogniser finds spans; a linker makes people and places of them. Within an
 * entry "Keir Starmer", "Starmer" and "Sir Keir" become one person under his
 * longest name; a lone last name may borrow the full name from the other
 * entries of its page. A place is looked up in the gazetteer, and of several
 * that are called so the likeliest is chosen: by size, by what stands beside it
 * ("Paris, Texas"), by the countries and places that the entry also names, by
 * its dateline and by where its source is at home. Where two remain about as
 * likely the place is left open, with the candidates in order; a wrong place
 * would be worse.
 *
 * The rules of people follow section 3 of Bagga and Baldwin's entity-based
 * view ("Entity-Based Cross-Document Coreferencing", 1998) in their simplest
 * form; those of places Leidner, "Toponym Resolution in Text" (2007):
 * population, one sense per text, and geographic nearness.
 *
 * The same texts, mentions, context and table give the same entities on every
 * machine.
 *
 * Threads: a linker belongs to one thread at a time; the gazetteer is shared.
 */
#ifndef LEDE_NAMES_LINK_H
#define LEDE_NAMES_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "names/gazetteer.h"
#include "names/recognize.h"

typedef struct lede_linker lede_linker;

/* How much is known of where a place is. Stored on disk later. */
typedef enum lede_place_state {
    LEDE_PLACE_UNRESOLVED = 0, /* no place of the table is called so */
    LEDE_PLACE_AMBIGUOUS = 1,  /* "Paris, France or Paris, Texas?" */
    LEDE_PLACE_RESOLVED = 2
} lede_place_state;

enum { LEDE_ENTITY_MAX_CANDIDATES = 4 };

/* A person or place of an entry. */
typedef struct lede_entity {
    uint8_t kind;  /* lede_name_kind */
    uint8_t trust; /* the most of its mentions, lede_name_trust */
    uint8_t state; /* of a place: lede_place_state */
    uint8_t candidate_count;
    bool is_source;    /* a writer, or where it was written */
    bool in_headline;  /* a mention stands in a headline */
    bool name_is_lent; /* `name` is the context's, not of the texts */
    uint32_t mentions; /* that speak of it; 0 for what is only a source */
    uint32_t sources;  /* bylines and datelines */
    uint32_t first;    /* its first mention's number */
    lede_span name;    /* the longest mention (people), the first one (places);
                          in the texts given, or in the context */
    /* Of a place that is not unresolved, likeliest first. The first one is
     * what it is taken for, if it must be something. */
    lede_place_number candidates[LEDE_ENTITY_MAX_CANDIDATES];
} lede_entity;

/* What else is known; all-zero is "nothing". */
typedef struct lede_link_context {
    /* Full names of people whom other entries of the page name, likeliest
     * first. */
    const lede_span *people;
    size_t people_count;
    /* Where the source is at home, and where the page's other entries play:
     * ids of places (gazetteer.h). Those the table has not are passed over. */
    lede_span home;
    const lede_span *places;
    size_t place_count;
} lede_link_context;

/* `gazetteer` may be NULL: then all places stay unresolved. It must outlive the
 * linker. NULL when out of memory. */
lede_linker *lede_linker_new(const lede_gazetteer *gazetteer);
void lede_linker_free(lede_linker *linker);

/* Links the mentions of one entry, as lede_recognizer_read gave them for these
 * texts. *out lends *count entities, in the order of their first mentions, and
 * *entity_of the entity's number of each mention, until the next call.
 * `context` may be NULL. LEDE_NO_MEMORY is the only failure. */
lede_status lede_linker_link(lede_linker *linker, const lede_name_text *texts,
                             size_t text_count, const lede_mention *mentions,
                             size_t mention_count,
                             const lede_link_context *context,
                             const lede_entity **out, size_t *count,
                             const uint32_t **entity_of, lede_error *err);

#endif
