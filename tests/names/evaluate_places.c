/* evaluate_places.c - how well are places resolved in annotated texts?
 *
 *     evaluate_places TABLE SET.xml [MIN_ALL MIN_SURE] [--errors]
 *
 * The set is XML of the form of GeoVirus (Gritta and others 2018): articles
 * with a text and locations, each with a name, its begin and end in characters,
 * latitude and longitude. The spans are given to the linker, so that this
 * measures linking alone; what the table has not is counted apart.
 *
 * A place is right within 161 km, a region within 700 km, a country within
 * 1,500 km, an area anywhere; "strict" is 161 km for all. "Sure" are those that
 * the linker does not leave open. With minima (in percent) it fails below
 * them: of all that the table has, and of the sure ones. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "names/link.h"

enum { MAX_LOCATIONS = 4096 };

typedef struct location {
    size_t begin, end; /* bytes */
    double lat, lon;
} location;

typedef struct tally {
    size_t all, known, right, strict, sure, sure_right;
} tally;

static bool errors;

static bool read_file(const char *path, lede_buf *out)
{
    FILE *file = fopen(path, "rb");
    char piece[65536];
    size_t len;

    if (file == NULL) {
        return false;
    }
    while ((len = fread(piece, 1, sizeof piece, file)) > 0) {
        lede_buf_put(out, piece, len);
    }
    fclose(file);
    return !out->failed;
}

static const char *find(const char *from, const char *end, const char *what)
{
    size_t len = strlen(what);

    for (; from != NULL && from + len <= end; from++) {
        if (*from == *what && memcmp(from, what, len) == 0) {
            return from;
        }
    }
    return NULL;
}

/* What stands between <NAME> and </NAME>, and where that ends. */
static lede_span element(const char *from, const char *end, const char *name,
                         const char **behind)
{
    char open[32];
    char close[32];
    const char *begin;
    const char *stop;

    snprintf(open, sizeof open, "<%s>", name);
    snprintf(close, sizeof close, "</%s>", name);
    begin = find(from, end, open);
    if (begin == NULL) {
        return lede_span_of(NULL, 0);
    }
    begin += strlen(open);
    stop = find(begin, end, close);
    if (stop == NULL) {
        return lede_span_of(NULL, 0);
    }
    if (behind != NULL) {
        *behind = stop + strlen(close);
    }
    return lede_span_of(begin, (size_t)(stop - begin));
}

static void decode(lede_span in, lede_buf *out)
{
    static const char *const entities[][2] = {{"&amp;", "&"},
                                              {"&lt;", "<"},
                                              {"&gt;", ">"},
                                              {"&quot;", "\""},
                                              {"&apos;", "'"}};
    size_t at = 0;

    lede_buf_clear(out);
    while (at < in.len) {
        size_t k;

        for (k = 0; k < 5; k++) {
            if (lede_span_starts(lede_span_part(in, at, 8), entities[k][0])) {
                break;
            }
        }
        lede_buf_put_byte(out,
                          k < 5 ? (uint8_t)entities[k][1][0] : in.bytes[at]);
        at += k < 5 ? strlen(entities[k][0]) : 1;
    }
}

static double number(const char *from, const char *end, const char *name)
{
    return strtod((const char *)element(from, end, name, NULL).bytes, NULL);
}

/* The byte of a character's number. */
static size_t byte_of(lede_span text, size_t character)
{
    size_t at = 0;
    uint32_t code;

    while (character > 0 && at < text.len) {
        at += lede_utf8_decode(text.bytes + at, text.bytes + text.len, &code);
        character--;
    }
    return at;
}

static int by_begin(const void *a, const void *b)
{
    const location *x = a;
    const location *y = b;

    return (x->begin > y->begin) - (x->begin < y->begin);
}

/* Moves a span to where its name stands: the set counts from 1, mostly. */
static bool settle_span(lede_span text, lede_span name, location *at)
{
    size_t off;

    for (off = 0; off < 64; off++) {
        size_t k;

        for (k = 0; k < 2; k++) {
            size_t begin = k == 0 ? at->begin - off : at->begin + off;

            if (name.len > 0 && begin <= text.len &&
                lede_span_equal(lede_span_part(text, begin, name.len), name)) {
                at->begin = begin;
                at->end = begin + name.len;
                return true;
            }
        }
    }
    return false;
}

/* Locations in their order, none within another. */
static size_t read_locations(const char *from, const char *end, lede_span text,
                             location *out)
{
    size_t count = 0;
    size_t kept = 0;
    size_t i;
    const char *at = from;
    lede_buf name = {0};

    while (count < MAX_LOCATIONS) {
        const char *begin = find(at, end, "<location>");
        lede_span one = begin == NULL ? lede_span_of(NULL, 0)
                                      : element(begin, end, "location", &at);
        const char *stop = (const char *)one.bytes + one.len;

        if (one.len == 0) {
            break;
        }
        out[count].begin = byte_of(
            text, (size_t)number((const char *)one.bytes, stop, "start"));
        out[count].end =
            byte_of(text, (size_t)number((const char *)one.bytes, stop, "end"));
        out[count].lat = number((const char *)one.bytes, stop, "lat");
        out[count].lon = number((const char *)one.bytes, stop, "lon");
        decode(element((const char *)one.bytes, stop, "name", NULL), &name);
        count += settle_span(text, lede_buf_span(&name), &out[count]);
    }
    qsort(out, count, sizeof *out, by_begin);
    for (i = 0; i < count; i++) {
        if (kept == 0 || out[i].begin >= out[kept - 1].end) {
            out[kept++] = out[i];
        }
    }
    lede_buf_done(&name);
    return kept;
}

static double allowed_km(const lede_place_facts *facts)
{
    return facts->kind == LEDE_PLACE_COUNTRY  ? 1500
           : facts->kind == LEDE_PLACE_AREA   ? 30000
           : facts->kind == LEDE_PLACE_REGION ? 700
                                              : 161;
}

static void judge(const lede_gazetteer *gazetteer, const location *gold,
                  lede_span name, const lede_entity *entity, tally *all)
{
    lede_place_facts facts;
    double km;
    bool sure = entity->state == LEDE_PLACE_RESOLVED;

    all->all++;
    if (entity->state == LEDE_PLACE_UNRESOLVED) {
        if (errors) {
            printf("unknown\t%.*s\n", (int)name.len, (const char *)name.bytes);
        }
        return;
    }
    all->known++;
    lede_gazetteer_get(gazetteer, entity->candidates[0], &facts);
    km = lede_place_distance_km(gold->lat, gold->lon, facts.lat, facts.lon);
    all->strict += km <= 161;
    all->sure += sure;
    if (km <= allowed_km(&facts)) {
        all->right++;
        all->sure_right += sure;
    } else if (errors) {
        printf("wrong%s\t%.*s\t%s %s, %s (%u) is %.0f km off %.2f %.2f\n",
               sure ? "!" : "", (int)name.len, (const char *)name.bytes,
               facts.id, facts.name, facts.country, facts.population, km,
               gold->lat, gold->lon);
    }
    if (errors && km > 161 && km <= allowed_km(&facts)) {
        printf("far\t%.*s\t%s %.2f %.2f is %.0f km off %.2f %.2f\n",
               (int)name.len, (const char *)name.bytes, facts.id, facts.lat,
               facts.lon, km, gold->lat, gold->lon);
    }
    if (errors && !sure) {
        printf("open\t%.*s\t%s %s\n", (int)name.len, (const char *)name.bytes,
               facts.id, facts.name);
    }
}

static bool judge_article(const lede_gazetteer *gazetteer, lede_linker *linker,
                          const char *from, const char *end, lede_buf *text,
                          tally *all)
{
    static location gold[MAX_LOCATIONS];
    static lede_mention mentions[MAX_LOCATIONS];
    lede_name_text one = {{NULL, 0}, LEDE_NAME_TEXT_BODY};
    const lede_entity *entities;
    const uint32_t *entity_of;
    size_t entity_count;
    size_t count;
    size_t i;
    lede_error err = {0};

    decode(element(from, end, "text", NULL), text);
    one.text = lede_buf_span(text);
    count = read_locations(from, end, one.text, gold);
    for (i = 0; i < count; i++) {
        mentions[i] = (lede_mention){.begin = (uint32_t)gold[i].begin,
                                     .end = (uint32_t)gold[i].end,
                                     .kind = LEDE_NAME_PLACE,
                                     .trust = LEDE_NAME_HIGH};
    }
    if (lede_linker_link(linker, &one, 1, mentions, count, NULL, &entities,
                         &entity_count, &entity_of, &err) != LEDE_OK) {
        return false;
    }
    for (i = 0; i < count; i++) {
        judge(gazetteer, &gold[i],
              lede_span_part(one.text, gold[i].begin,
                             gold[i].end - gold[i].begin),
              &entities[entity_of[i]], all);
    }
    return true;
}

static double percent(size_t part, size_t whole)
{
    return whole == 0 ? 0 : 100.0 * (double)part / (double)whole;
}

static int show(const tally *all, double min_all, double min_sure)
{
    double right = percent(all->right, all->known);
    double sure = percent(all->sure_right, all->sure);

    printf("places %zu  in the table %.1f %%  right %.1f %%  strict %.1f %%\n",
           all->all, percent(all->known, all->all), right,
           percent(all->strict, all->known));
    printf("sure %.1f %%, of them right %.1f %%; left open %.1f %%\n",
           percent(all->sure, all->known), sure,
           percent(all->known - all->sure, all->known));
    if (right < min_all || sure < min_sure) {
        printf("below the least of %.1f and %.1f\n", min_all, min_sure);
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    lede_gazetteer *gazetteer = NULL;
    lede_linker *linker;
    lede_buf file = {0};
    lede_buf text = {0};
    lede_error err = {0};
    tally all = {0};
    const char *at;
    const char *end;

    errors = argc > 3 && strcmp(argv[argc - 1], "--errors") == 0;
    if (argc < 3 || !read_file(argv[2], &file) ||
        lede_gazetteer_open(argv[1], &gazetteer, &err) != LEDE_OK) {
        fprintf(stderr,
                "evaluate_places TABLE SET.xml [MIN_ALL MIN_SURE] "
                "[--errors]\n%s\n",
                err.message);
        return 2;
    }
    linker = lede_linker_new(gazetteer);
    at = (const char *)file.bytes;
    end = at + file.len;
    while (linker != NULL && at != NULL) {
        const char *begin = find(at, end, "<article>");

        at = begin == NULL ? NULL : find(begin, end, "</article>");
        if (at != NULL &&
            !judge_article(gazetteer, linker, begin, at, &text, &all)) {
            return 2;
        }
    }
    lede_linker_free(linker);
    lede_gazetteer_close(gazetteer);
    lede_buf_done(&file);
    lede_buf_done(&text);
    return show(&all, argc > 4 ? atof(argv[3]) : 0,
                argc > 4 ? atof(argv[4]) : 0);
}
