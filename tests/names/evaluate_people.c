/* evaluate_people.c - how well are the mentions of one person put together?
 *
 *     evaluate_people MODEL TABLE MIN_GOLD MIN_OWN FILE.conllu... [--errors]
 *
 * The files are of the form of GUM (Zeldes 2017): CoNLL-U with entities and
 * coreference. Named mentions of people are looked at: those whose head is a
 * proper noun; of each the proper nouns around the head. Two mentions of one
 * person are a pair: precision, recall and F1 of pairs, once with the
 * annotators' mentions and once with those that the recogniser finds (which
 * are one if they overlap). With minima (of F1 in percent) it fails below
 * them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "names/link.h"

enum { MAX_TOKENS = 1 << 14, MAX_OPEN = 64, MAX_MENTIONS = 1 << 13 };

typedef struct token {
    size_t begin, end; /* bytes */
    bool proper;
} token;

typedef struct open_mention {
    char group[24];
    size_t first; /* token */
    char head[24];
    bool person;
} open_mention;

typedef struct gold {
    size_t begin, end; /* bytes */
    uint32_t group;
    uint32_t found; /* entity, or UINT32_MAX */
} gold;

typedef struct tally {
    size_t right, found, wanted;
} tally;

static bool errors;
static token tokens[MAX_TOKENS];
static size_t token_count;
static open_mention opened[MAX_OPEN];
static size_t open_count;
static gold golds[MAX_MENTIONS];
static size_t gold_count;
static lede_buf text;

/* A gold mention out of tokens [first, last]: the proper nouns around its head,
 * which `head` gives by number, from 1 on. */
static void close_mention(const open_mention *m, size_t last)
{
    size_t head = m->first + (size_t)strtoul(m->head, NULL, 10) - 1;
    size_t begin = head;
    size_t end = head;

    if (!m->person || head > last || !tokens[head].proper ||
        gold_count == MAX_MENTIONS) {
        return;
    }
    while (begin > m->first && tokens[begin - 1].proper) {
        begin--;
    }
    while (end < last && tokens[end + 1].proper) {
        end++;
    }
    golds[gold_count].begin = tokens[begin].begin;
    golds[gold_count].end = tokens[end].end;
    golds[gold_count].group = (uint32_t)strtoul(m->group, NULL, 10);
    golds[gold_count].found = UINT32_MAX;
    gold_count++;
}

/* (GROUP-TYPE-STATUS-SALIENCE-CENTRE-HEAD-..., or GROUP). */
static void open_one(const char *at, size_t len, open_mention *out)
{
    char part[8][24];
    size_t n = 0;
    size_t k = 0;
    size_t i;

    memset(part, 0, sizeof part);
    for (i = 0; i < len && n < 8; i++) {
        if (at[i] == '-') {
            n++;
            k = 0;
        } else if (k + 1 < sizeof part[0]) {
            part[n][k++] = at[i];
        }
    }
    memset(out, 0, sizeof *out);
    memcpy(out->group, part[0], sizeof out->group);
    out->group[strcspn(out->group, "[")] = '\0';
    out->person = strcmp(part[1], "person") == 0;
    memcpy(out->head, part[5], sizeof out->head);
    out->first = token_count - 1;
}

static void close_one(const char *at, size_t len)
{
    char group[24] = {0};
    size_t i;

    memcpy(group, at, len < 23 ? len : 23);
    group[strcspn(group, "[")] = '\0';
    for (i = open_count; i-- > 0;) {
        if (strcmp(opened[i].group, group) == 0) {
            close_mention(&opened[i], token_count - 1);
            memmove(opened + i, opened + i + 1,
                    (open_count - i - 1) * sizeof *opened);
            open_count--;
            return;
        }
    }
}

static void read_entities(const char *at)
{
    while (*at != '\0' && *at != '|' && *at != '\n' && *at != '\t') {
        size_t len;

        if (*at == '(') {
            at++;
            len = strcspn(at, "()|\n\t");
            if (open_count < MAX_OPEN) {
                open_one(at, len, &opened[open_count++]);
            }
            at += len;
            if (*at == ')') {
                open_count--;
                close_mention(&opened[open_count], token_count - 1);
                at++;
            }
        } else {
            len = strcspn(at, "()|\n\t");
            close_one(at, len);
            at += len + (at[len] == ')');
        }
    }
}

static void read_token(char *line)
{
    char *columns[10] = {0};
    size_t n = 0;
    char *at = line;
    token *made;

    while (n < 10 && at != NULL) {
        columns[n++] = at;
        at = strchr(at, '\t');
        if (at != NULL) {
            *at++ = '\0';
        }
    }
    if (n < 10 || strpbrk(columns[0], "-.") != NULL ||
        token_count == MAX_TOKENS) {
        return;
    }
    made = &tokens[token_count++];
    made->begin = text.len;
    lede_buf_put_text(&text, columns[1]);
    made->end = text.len;
    made->proper = strcmp(columns[3], "PROPN") == 0;
    at = strstr(columns[9], "Entity=");
    if (at != NULL) {
        read_entities(at + 7);
    }
    if (strstr(columns[9], "SpaceAfter=No") == NULL) {
        lede_buf_put_byte(&text, ' ');
    }
}

static bool read_document(const char *path)
{
    static char line[1 << 16];
    FILE *file = fopen(path, "r");

    if (file == NULL) {
        return false;
    }
    token_count = 0;
    open_count = 0;
    gold_count = 0;
    lede_buf_clear(&text);
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "# newpar", 8) == 0 && text.len > 0) {
            lede_buf_put_byte(&text, '\n');
        } else if (line[0] >= '0' && line[0] <= '9') {
            read_token(line);
        }
    }
    fclose(file);
    return !text.failed;
}

static int by_begin(const void *a, const void *b)
{
    const gold *x = a;
    const gold *y = b;

    return (x->begin > y->begin) - (x->begin < y->begin);
}

static void count_pairs(tally *all)
{
    size_t i;
    size_t k;

    for (i = 0; i < gold_count; i++) {
        for (k = i + 1; k < gold_count; k++) {
            bool wanted = golds[i].group == golds[k].group;
            bool found = golds[i].found != UINT32_MAX &&
                         golds[i].found == golds[k].found;

            all->wanted += wanted;
            all->found += found;
            all->right += wanted && found;
        }
    }
}

static void show_errors(const char *path)
{
    size_t i;
    size_t k;

    for (i = 0; i < gold_count; i++) {
        size_t missed = 0;
        size_t wrong = 0;

        for (k = 0; k < gold_count; k++) {
            bool wanted = golds[i].group == golds[k].group;
            bool found = golds[i].found == golds[k].found;

            missed += wanted && !found;
            wrong += found && !wanted;
        }
        printf("%s\t%zu\t%u\t%u\t%.*s%s%s %zu %zu\n",
               strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1, i,
               golds[i].group, golds[i].found,
               (int)(golds[i].end - golds[i].begin),
               (const char *)text.bytes + golds[i].begin,
               missed > 0 ? " MISSED" : "", wrong > 0 ? " WRONG" : "", missed,
               wrong);
    }
}

static bool link_gold(lede_linker *linker, tally *all, const char *path)
{
    static lede_mention mentions[MAX_MENTIONS];
    lede_name_text one = {lede_buf_span(&text), LEDE_NAME_TEXT_BODY};
    const lede_entity *entities;
    const uint32_t *entity_of;
    size_t count;
    size_t i;

    for (i = 0; i < gold_count; i++) {
        mentions[i] = (lede_mention){.begin = (uint32_t)golds[i].begin,
                                     .end = (uint32_t)golds[i].end,
                                     .kind = LEDE_NAME_PERSON,
                                     .trust = LEDE_NAME_HIGH};
    }
    if (lede_linker_link(linker, &one, 1, mentions, gold_count, NULL, &entities,
                         &count, &entity_of, NULL) != LEDE_OK) {
        return false;
    }
    for (i = 0; i < gold_count; i++) {
        golds[i].found = entity_of[i];
    }
    count_pairs(all);
    if (errors) {
        show_errors(path);
    }
    return true;
}

/* The recogniser's mentions in the place of the annotators': a gold mention is
 * found where one overlaps it. */
static bool link_own(lede_recognizer *recognizer, lede_linker *linker,
                     tally *all)
{
    lede_name_text one = {lede_buf_span(&text), LEDE_NAME_TEXT_BODY};
    const lede_mention *mentions;
    const lede_entity *entities;
    const uint32_t *entity_of;
    size_t mention_count;
    size_t count;
    size_t i;
    size_t k;

    if (lede_recognizer_read(recognizer, &one, 1, &mentions, &mention_count,
                             NULL) != LEDE_OK ||
        lede_linker_link(linker, &one, 1, mentions, mention_count, NULL,
                         &entities, &count, &entity_of, NULL) != LEDE_OK) {
        return false;
    }
    for (i = 0; i < gold_count; i++) {
        golds[i].found = UINT32_MAX;
        for (k = 0; k < mention_count; k++) {
            if (mentions[k].kind == LEDE_NAME_PERSON &&
                mentions[k].begin < golds[i].end &&
                mentions[k].end > golds[i].begin) {
                golds[i].found = entity_of[k];
            }
        }
    }
    count_pairs(all);
    return true;
}

static double show(const char *what, const tally *all)
{
    double p =
        all->found == 0 ? 0 : 100.0 * (double)all->right / (double)all->found;
    double r =
        all->wanted == 0 ? 0 : 100.0 * (double)all->right / (double)all->wanted;
    double f = p + r == 0 ? 0 : 2 * p * r / (p + r);

    printf("%s: pairs P %.1f R %.1f F1 %.1f\n", what, p, r, f);
    return f;
}

int main(int argc, char **argv)
{
    lede_name_model *model = NULL;
    lede_gazetteer *gazetteer = NULL;
    lede_recognizer *recognizer = NULL;
    lede_linker *linker = NULL;
    lede_error err = {0};
    tally by_gold = {0};
    tally own = {0};
    size_t mentions = 0;
    double gold_f;
    double own_f;
    int i;

    errors = argc > 1 && strcmp(argv[argc - 1], "--errors") == 0;
    if (argc < 6 || lede_name_model_open(argv[1], &model, &err) != LEDE_OK ||
        lede_gazetteer_open(argv[2], &gazetteer, &err) != LEDE_OK ||
        (recognizer = lede_recognizer_new(model)) == NULL ||
        (linker = lede_linker_new(gazetteer)) == NULL) {
        fprintf(stderr,
                "evaluate_people MODEL TABLE MIN_GOLD MIN_OWN FILE... "
                "[--errors]\n%s\n",
                err.message);
        return 2;
    }
    for (i = 5; i < argc - errors; i++) {
        if (!read_document(argv[i])) {
            fprintf(stderr, "%s: cannot be read\n", argv[i]);
            return 2;
        }
        qsort(golds, gold_count, sizeof *golds, by_begin);
        mentions += gold_count;
        if (!link_gold(linker, &by_gold, argv[i]) ||
            !link_own(recognizer, linker, &own)) {
            return 2;
        }
    }
    printf("%d documents, %zu named mentions\n", argc - errors - 5, mentions);
    gold_f = show("given mentions", &by_gold);
    own_f = show("own mentions", &own);
    lede_linker_free(linker);
    lede_recognizer_free(recognizer);
    lede_gazetteer_close(gazetteer);
    lede_name_model_free(model);
    lede_buf_done(&text);
    return gold_f < atof(argv[3]) || own_f < atof(argv[4]) ? 1 : 0;
}
