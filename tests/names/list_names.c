/* list_names.c - who and where, by eye.
 *
 *     list_names MODEL TABLE < LINES
 *
 * A line is a letter for what the text is (H headline, Y byline, D dateline, O
 * opening, B body), a tab, and the text; an empty line ends an entry. Prints
 * each entry's people and places. "-" for MODEL or TABLE: without it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names/link.h"

enum { MAX_TEXTS = 4096 };

static lede_name_text texts[MAX_TEXTS];
static char *lines[MAX_TEXTS];
static size_t text_count;

static lede_name_text_role role_of(char letter)
{
    return letter == 'H'   ? LEDE_NAME_TEXT_HEADLINE
           : letter == 'Y' ? LEDE_NAME_TEXT_BYLINE
           : letter == 'D' ? LEDE_NAME_TEXT_DATELINE
           : letter == 'O' ? LEDE_NAME_TEXT_OPENING
                           : LEDE_NAME_TEXT_BODY;
}

static void show_place(const lede_gazetteer *gazetteer,
                       const lede_entity *entity)
{
    int i;

    if (entity->state == LEDE_PLACE_UNRESOLVED) {
        printf(" nowhere");
        return;
    }
    for (i = 0;
         i <
         (entity->state == LEDE_PLACE_RESOLVED ? 1 : entity->candidate_count);
         i++) {
        lede_place_facts facts;

        lede_gazetteer_get(gazetteer, entity->candidates[i], &facts);
        printf("%s %s %s (%s) %.2f %.2f",
               entity->state == LEDE_PLACE_RESOLVED ? " =" : " ?", facts.id,
               facts.name, facts.country, facts.lat, facts.lon);
    }
}

static void show_entry(lede_recognizer *recognizer, lede_linker *linker,
                       const lede_gazetteer *gazetteer)
{
    const lede_mention *mentions;
    const lede_entity *entities;
    const uint32_t *entity_of;
    size_t mention_count;
    size_t count;
    size_t i;

    if (lede_recognizer_read(recognizer, texts, text_count, &mentions,
                             &mention_count, NULL) != LEDE_OK ||
        lede_linker_link(linker, texts, text_count, mentions, mention_count,
                         NULL, &entities, &count, &entity_of,
                         NULL) != LEDE_OK) {
        return;
    }
    for (i = 0; i < count; i++) {
        const lede_entity *entity = &entities[i];

        printf("  %s %.*s x%u%s", entity->kind == LEDE_NAME_PERSON ? "P" : "L",
               (int)entity->name.len, (const char *)entity->name.bytes,
               entity->mentions, entity->is_source ? " by" : "");
        if (entity->kind == LEDE_NAME_PLACE) {
            show_place(gazetteer, entity);
        }
        printf("\n");
    }
}

int main(int argc, char **argv)
{
    lede_name_model *model = NULL;
    lede_gazetteer *gazetteer = NULL;
    lede_recognizer *recognizer = NULL;
    lede_linker *linker = NULL;
    static char line[1 << 20];
    lede_error err = {0};
    bool more = true;

    if (argc < 3 ||
        (strcmp(argv[1], "-") == 0
             ? lede_name_model_new(lede_span_of(NULL, 0), &model, &err)
             : lede_name_model_open(argv[1], &model, &err)) != LEDE_OK ||
        (strcmp(argv[2], "-") != 0 &&
         lede_gazetteer_open(argv[2], &gazetteer, &err) != LEDE_OK) ||
        (recognizer = lede_recognizer_new(model)) == NULL ||
        (linker = lede_linker_new(gazetteer)) == NULL) {
        fprintf(stderr, "list_names MODEL TABLE < LINES\n%s\n", err.message);
        return 2;
    }
    while (more) {
        more = fgets(line, sizeof line, stdin) != NULL;
        line[strcspn(line, "\n")] = '\0';
        if (more && strlen(line) > 2 && text_count < MAX_TEXTS) {
            lines[text_count] = malloc(strlen(line));
            if (lines[text_count] == NULL) {
                return 2;
            }
            strcpy(lines[text_count], line + 2);
            texts[text_count].text = lede_span_text(lines[text_count]);
            texts[text_count].role = role_of(line[0]);
            printf("%s\n", line);
            text_count++;
        } else {
            show_entry(recognizer, linker, gazetteer);
            printf("\n");
            while (text_count > 0) {
                free(lines[--text_count]);
            }
        }
    }
    lede_linker_free(linker);
    lede_recognizer_free(recognizer);
    lede_gazetteer_close(gazetteer);
    lede_name_model_free(model);
    return 0;
}
