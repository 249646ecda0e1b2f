#include "names/link.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "names/people.h"
#include "names/person.h"
#include "names/places.h"

struct lede_linker {
    lede_people *people;
    lede_places *places;
    lede_buf folded;
    uint32_t *group_of, *entity_of;
    size_t mention_cap;
    uint32_t *entity_of_group[LEDE_NAME_KIND_COUNT]; /* + 1; 0 = none yet */
    size_t group_cap[LEDE_NAME_KIND_COUNT];
    lede_entity *entities;
    size_t entity_count, entity_cap;
};

lede_linker *lede_linker_new(const lede_gazetteer *gazetteer)
{
    lede_linker *self = calloc(1, sizeof *self);

    if (self == NULL) {
        return NULL;
    }
    self->people = lede_people_new();
    self->places = lede_places_new(gazetteer);
    if (self->people == NULL || self->places == NULL) {
        lede_linker_free(self);
        return NULL;
    }
    return self;
}

void lede_linker_free(lede_linker *self)
{
    int kind;

    if (self != NULL) {
        lede_people_free(self->people);
        lede_places_free(self->places);
        lede_buf_done(&self->folded);
        free(self->group_of);
        free(self->entity_of);
        for (kind = 0; kind < LEDE_NAME_KIND_COUNT; kind++) {
            free(self->entity_of_group[kind]);
        }
        free(self->entities);
        free(self);
    }
}

static bool reserve_mentions(lede_linker *self, size_t count)
{
    uint32_t *group_of;
    uint32_t *entity_of;

    if (count < self->mention_cap) {
        return true;
    }
    group_of = realloc(self->group_of, (count + 64) * sizeof *group_of);
    if (group_of != NULL) {
        self->group_of = group_of;
    }
    entity_of = realloc(self->entity_of, (count + 64) * sizeof *entity_of);
    if (entity_of != NULL) {
        self->entity_of = entity_of;
    }
    if (group_of == NULL || entity_of == NULL) {
        return false;
    }
    self->mention_cap = count + 64;
    return true;
}

static bool clear_groups(lede_linker *self, int kind, size_t count)
{
    if (count > self->group_cap[kind]) {
        uint32_t *made =
            realloc(self->entity_of_group[kind], (count + 64) * sizeof *made);

        if (made == NULL) {
            return false;
        }
        self->entity_of_group[kind] = made;
        self->group_cap[kind] = count + 64;
    }
    if (count > 0) {
        memset(self->entity_of_group[kind], 0,
               count * sizeof *self->entity_of_group[kind]);
    }
    return true;
}

static lede_entity *add_entity(lede_linker *self)
{
    if (self->entity_count == self->entity_cap) {
        size_t cap = self->entity_cap == 0 ? 64 : self->entity_cap * 2;
        lede_entity *made = realloc(self->entities, cap * sizeof *made);

        if (made == NULL) {
            return NULL;
        }
        self->entities = made;
        self->entity_cap = cap;
    }
    self->entities[self->entity_count] = (lede_entity){0};
    return &self->entities[self->entity_count++];
}

static bool is_shouted(lede_span name)
{
    size_t i;

    for (i = 0; i < name.len; i++) {
        if ((name.bytes[i] >= 'a' && name.bytes[i] <= 'z') ||
            name.bytes[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

static size_t count_words(lede_span name)
{
    size_t words = 1;
    size_t i;

    for (i = 0; i < name.len; i++) {
        words += name.bytes[i] == ' ';
    }
    return words;
}

/* Whether a person is better called by a than by b: in more words, not in
 * capitals, in more letters ("Keir" rather than "K."). */
static bool is_fuller(lede_span a, lede_span b)
{
    size_t words_a = count_words(a);
    size_t words_b = count_words(b);

    if (words_a != words_b) {
        return words_a > words_b;
    }
    if (is_shouted(a) != is_shouted(b)) {
        return is_shouted(b);
    }
    return a.len > b.len;
}

static void add_mention(lede_entity *entity, const lede_name_text *texts,
                        const lede_mention *mention)
{
    const lede_name_text *text = &texts[mention->text];
    lede_span name = lede_span_part(text->text, mention->begin,
                                    mention->end - mention->begin);

    if (entity->name.len == 0 ||
        (entity->kind == LEDE_NAME_PERSON
             ? is_fuller(name, entity->name)
             : is_shouted(entity->name) && !is_shouted(name))) {
        entity->name = name;
    }
    if (mention->is_source) {
        entity->is_source = true;
        entity->sources++;
    } else {
        entity->mentions++;
        entity->in_headline |= text->role == LEDE_NAME_TEXT_HEADLINE;
    }
    if (mention->trust > entity->trust) {
        entity->trust = mention->trust;
    }
}

static bool gather(lede_linker *self, const lede_name_text *texts,
                   const lede_mention *mentions, size_t count,
                   const lede_place_answer *answers)
{
    size_t i;

    for (i = 0; i < count; i++) {
        uint8_t kind = mentions[i].kind;
        uint32_t group = self->group_of[i];
        uint32_t *number = &self->entity_of_group[kind][group];

        if (*number == 0) {
            lede_entity *made = add_entity(self);

            if (made == NULL) {
                return false;
            }
            *number = (uint32_t)self->entity_count;
            made->kind = kind;
            made->first = (uint32_t)i;
            if (kind == LEDE_NAME_PLACE) {
                made->state = answers[group].state;
                made->candidate_count = answers[group].count;
                memcpy(made->candidates, answers[group].candidates,
                       sizeof made->candidates);
            }
        }
        self->entity_of[i] = *number - 1;
        add_mention(&self->entities[*number - 1], texts, &mentions[i]);
    }
    return true;
}

static void lend_names(lede_linker *self, const lede_link_context *context)
{
    size_t i;

    for (i = 0; i < self->entity_count; i++) {
        lede_entity *entity = &self->entities[i];
        lede_span name;

        if (entity->kind != LEDE_NAME_PERSON) {
            continue;
        }
        name = lede_people_lend(self->people, self->group_of[entity->first],
                                context->people, context->people_count,
                                &self->folded);
        if (name.len > 0) {
            entity->name = name;
            entity->name_is_lent = true;
        }
    }
}

lede_status lede_linker_link(lede_linker *self, const lede_name_text *texts,
                             size_t text_count, const lede_mention *mentions,
                             size_t mention_count,
                             const lede_link_context *context,
                             const lede_entity **out, size_t *count,
                             const uint32_t **entity_of, lede_error *err)
{
    static const lede_link_context nothing = {0};
    const lede_place_answer *answers = NULL;
    uint32_t people = 0;
    uint32_t places = 0;

    context = context == NULL ? &nothing : context;
    self->entity_count = 0;
    if (!reserve_mentions(self, mention_count) ||
        !lede_people_link(self->people, texts, mentions, mention_count,
                          self->group_of, &people) ||
        !lede_places_link(self->places, texts, text_count, mentions,
                          mention_count, context, self->group_of, &answers,
                          &places) ||
        !clear_groups(self, LEDE_NAME_PERSON, people) ||
        !clear_groups(self, LEDE_NAME_PLACE, places) ||
        !gather(self, texts, mentions, mention_count, answers)) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory to link names");
    }
    if (context->people_count > 0) {
        lend_names(self, context);
    }
    *out = self->entities;
    *count = self->entity_count;
    *entity_of = self->entity_of;
    return LEDE_OK;
}
