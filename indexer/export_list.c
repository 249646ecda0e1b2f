/* export_list.c - what stands in the list of shards of an export. */
#define _GNU_SOURCE /* realpath */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "indexer/export_private.h"
#include "storage/shards.h"

static const char list_head[] = "# shards of lede, by ";
static const char list_from[] = "# from ";

enum { LINE_BYTES = 256, NAME_BYTES = 16, PATH_BYTES = 4096 };

static lede_status system_failed(lede_exporting *x, const char *path)
{
    return lede_fail(x->err, LEDE_IO, "%s: %s", path, strerror(errno));
}

static void name_of(uint32_t shard, char name[NAME_BYTES])
{
    snprintf(name, NAME_BYTES, "shard-%03u", shard % 1000);
}

/* --- Reading -------------------------------------------------------------- */

typedef struct listed {
    int64_t from[LEDE_EXPORT_MAX_SHARDS];
    uint32_t count, cuts;
    bool by_time;
} listed;

static lede_status not_its_own(lede_exporting *x, const char *line)
{
    return lede_fail(x->err, LEDE_BAD_INPUT,
                     "%s: its list %s says '%s', which no export wrote: leave "
                     "it as it was made, and keep a list of your own beside it",
                     x->directory, LEDE_SHARD_LIST, line);
}

static lede_status read_line(lede_exporting *x, const char *line, listed *l)
{
    char name[NAME_BYTES];

    if (strncmp(line, list_from, strlen(list_from)) == 0 &&
        l->cuts < LEDE_EXPORT_MAX_SHARDS) {
        l->from[l->cuts++] = strtoll(line + strlen(list_from), NULL, 10);
        return LEDE_OK;
    }
    name_of(l->count, name);
    if (line[0] == '\0' || line[0] == '#') {
        return LEDE_OK;
    }
    if (l->count == LEDE_EXPORT_MAX_SHARDS || strncmp(line, "auto ", 5) != 0 ||
        strcmp(line + 5, name) != 0) {
        return not_its_own(x, line);
    }
    l->count++;
    return LEDE_OK;
}

/* Entries are dealt out by how many shards there are: a list that lost a line
 * would have them dealt anew. */
static lede_status look_for_more(lede_exporting *x, uint32_t count)
{
    char name[NAME_BYTES], path[PATH_BYTES];
    struct stat st;
    lede_status status;

    name_of(count, name);
    status = lede_export_path(x, name, path, sizeof path);
    return status == LEDE_OK && stat(path, &st) == 0
               ? lede_fail(x->err, LEDE_BAD_INPUT,
                           "%s: its list %s does not name %s, which is there: "
                           "give it back its line, 'auto %s'",
                           x->directory, LEDE_SHARD_LIST, name, name)
               : status;
}

static lede_status compare(lede_exporting *x, const listed *l)
{
    const lede_export_options *asked = x->options;
    char what[32];

    if ((asked->shards == 0 ||
         (asked->shards == l->count && asked->by_time == l->by_time)) &&
        (!asked->by_time || l->by_time) && (!asked->by_key || !l->by_time)) {
        return LEDE_OK;
    }
    snprintf(what, sizeof what, "%u by %s", l->count,
             l->by_time ? "time" : "key");
    return lede_export_not_as_asked(x, what);
}

static lede_status read_all(lede_exporting *x, FILE *file, listed *l)
{
    char line[LINE_BYTES];
    lede_status status = LEDE_OK;

    if (fgets(line, sizeof line, file) == NULL ||
        strncmp(line, list_head, strlen(list_head)) != 0) {
        return lede_fail(x->err, LEDE_BAD_INPUT,
                         "%s: its list of shards is none of an export's",
                         x->directory);
    }
    l->by_time = strncmp(line + strlen(list_head), "time", 4) == 0;
    while (status == LEDE_OK && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        status = read_line(x, line, l);
    }
    if (status == LEDE_OK &&
        (l->count == 0 || (l->by_time && l->cuts != l->count))) {
        return lede_fail(x->err, LEDE_BAD_INPUT,
                         "%s: its list of shards is damaged", x->directory);
    }
    return status;
}

lede_status lede_export_read_list(lede_exporting *x, FILE *file)
{
    listed l = {.count = 0};
    lede_status status = read_all(x, file, &l);

    if (status == LEDE_OK) {
        status = look_for_more(x, l.count);
    }
    if (status == LEDE_OK) {
        status = compare(x, &l);
    }
    if (status == LEDE_OK) {
        status = lede_export_make_targets(x, l.count);
    }
    x->by_time = l.by_time;
    for (uint32_t i = 0; status == LEDE_OK && i < l.cuts && i < l.count; i++) {
        x->targets[i].from = l.from[i];
    }
    return status;
}

/* --- One of the shards of another ----------------------------------------- */

/* Whether a list is there that an export wrote, and it names a shard so. */
static bool lists(const char *list, const char *name)
{
    FILE *file = fopen(list, "r");
    char line[LINE_BYTES];
    bool is_first = true, is_ours = false, found = false;

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        is_ours |= is_first && strncmp(line, list_head, strlen(list_head)) == 0;
        is_first = false;
        found |= strncmp(line, "auto ", 5) == 0 && strcmp(line + 5, name) == 0;
    }
    if (file != NULL) {
        fclose(file);
    }
    return is_ours && found;
}

lede_status lede_export_look_above(lede_exporting *x)
{
    char list[PATH_BYTES + sizeof LEDE_SHARD_LIST];
    char *path = realpath(x->directory, NULL);
    char *whole = path != NULL ? path : strdup(x->directory);
    size_t len = whole == NULL ? 0 : strlen(whole);
    char *name;
    lede_status status = LEDE_OK;

    if (whole == NULL) {
        return lede_fail(x->err, LEDE_NO_MEMORY, "exporting: out of memory");
    }
    while (len > 1 && whole[len - 1] == '/') {
        whole[--len] = '\0';
    }
    name = strrchr(whole, '/');
    name = name == NULL ? whole : name + 1;
    if (snprintf(list, sizeof list, "%.*s%s", (int)(name - whole), whole,
                 LEDE_SHARD_LIST) < (int)sizeof list &&
        lists(list, name)) {
        status = lede_fail(x->err, LEDE_BAD_INPUT,
                           "%s is one of the shards that %s lists: export to "
                           "the folder of all of them, or to another one",
                           x->directory, list);
    }
    free(whole);
    return status;
}

/* --- Writing -------------------------------------------------------------- */

lede_status lede_export_write_list(lede_exporting *x)
{
    char path[PATH_BYTES], made[PATH_BYTES], name[NAME_BYTES];
    FILE *file;
    bool fine;
    lede_status status =
        lede_export_path(x, LEDE_SHARD_LIST, path, sizeof path);

    if (status == LEDE_OK) {
        status = lede_export_path(x, LEDE_SHARD_LIST ".new", made, sizeof made);
    }
    if (status != LEDE_OK) {
        return status;
    }
    file = fopen(made, "w");
    if (file == NULL) {
        return system_failed(x, made);
    }
    fprintf(file, "%s%s\n", list_head, x->by_time ? "time" : "key");
    for (uint32_t i = 0; i < x->count; i++) {
        if (x->by_time) {
            fprintf(file, "%s%" PRId64 "\n", list_from, x->targets[i].from);
        }
        name_of(i, name);
        fprintf(file, "auto %s\n", name);
    }
    fine = fflush(file) == 0 && fsync(fileno(file)) == 0;
    if (fclose(file) != 0 || !fine || rename(made, path) != 0) {
        status = system_failed(x, made);
        unlink(made);
    }
    return status;
}
