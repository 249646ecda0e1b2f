/* Any bytes as a query, asked of the sample: whatever command asks, in whatever
 * format, it ends with an answer. The first three bytes choose the command, its
 * format and its options; the rest is the query.
 *
 * (libFuzzer's own option -close_fd_mask=1 hides what is printed.) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "indexer/indexer.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define DEMAND(holds)                                                          \
    do {                                                                       \
        if (!(holds)) {                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #holds);        \
            abort();                                                           \
        }                                                                      \
    } while (0)

enum { HEAD = 3, QUERY_BYTES = 4096 };

/* Options by the bits of the second and third byte; those that a command does
 * not have are passed over. */
static const struct {
    const char *name, *value;
} options[] = {{"explain", NULL},
               {"match", "any"},
               {"sort", "newest"},
               {"facet", "person,place,source,label,kind,lang,month,author"},
               {"limit", "0"},
               {"no-relax", NULL},
               {"matched", "stem"},
               {"as-of", "2025-02-20"},
               {"rank", "plain"},
               {"parse", NULL},
               {"offset", "2"},
               {"keys", NULL},
               {"count", NULL},
               {"sort", "oldest"},
               {"share", NULL},
               {"recency", "0.5"}};

static char directory[] = "/tmp/lede-fuzz-XXXXXX";

static void remove_archive(void)
{
    char command[64];

    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    if (system(command) != 0) {
        fprintf(stderr, "could not remove %s\n", directory);
    }
}

static void make_archive(void)
{
    const char *paths[] = {LEDE_SOURCE_DIR "/corpus/sample/archive"};
    lede_archive_options create = {.create = true};
    lede_naming naming = {0};
    lede_index_options how = {.memory_bytes = 64u << 20, .naming = &naming};
    lede_index_report report = {0};
    lede_archive *archive = NULL;

    DEMAND(mkdtemp(directory) != NULL);
    atexit(remove_archive);
    DEMAND(lede_naming_open(LEDE_TEST_SHARE, NULL, NULL, &naming, NULL) ==
           LEDE_OK);
    DEMAND(lede_archive_open(directory, &create, &archive, NULL) == LEDE_OK);
    DEMAND(lede_index_paths(archive, paths, 1, &how, &report, NULL) == LEDE_OK);
    lede_archive_close(archive);
    lede_naming_close(&naming);
}

static void set_option(const lede_command *command, void *settings,
                       const char *name, const char *value)
{
    for (const lede_option *o = command->options; o->name != NULL; o++) {
        if (strcmp(o->name, name) == 0) {
            DEMAND(command->set(settings, o->id, value, NULL));
        }
    }
}

static void ask(const lede_command *command, unsigned format, unsigned bits,
                const char *query)
{
    lede_app app = {.archive = directory, .quiet = true};
    void *settings = calloc(1, command->settings_bytes + 1);
    const char *operands[] = {query};
    int status;

    DEMAND(settings != NULL);
    app.format = (lede_format_wanted)(format % 5);
    if (app.format > LEDE_OUTPUT_NDJSON &&
        (command->formats >> app.format & 1u) == 0) {
        app.format = LEDE_OUTPUT_JSON;
    }
    app.color = format / 5 % 2 == 1;
    for (unsigned i = 0; i < sizeof options / sizeof options[0]; i++) {
        if ((bits >> i & 1) != 0) {
            set_option(command, settings, options[i].name, options[i].value);
        }
    }
    set_option(command, settings, "now", "2025-02-28");
    status = command->run(&app, settings, operands, 1);
    DEMAND(status == LEDE_EXIT_DONE || status == LEDE_EXIT_NOTHING ||
           status == LEDE_EXIT_ERROR);
    free(settings);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const lede_command *const commands[] = {
        &lede_command_search, &lede_command_search,   &lede_command_search,
        &lede_command_search, &lede_command_timeline, &lede_command_first,
        &lede_command_last,   &lede_command_who,      &lede_command_where};
    static bool is_made;
    char query[QUERY_BYTES + 1];

    if (!is_made) {
        is_made = true;
        make_archive();
        DEMAND(freopen("/dev/null", "w", stdout) != NULL);
    }
    if (len < HEAD || len - HEAD > QUERY_BYTES) {
        return 0;
    }
    memcpy(query, bytes + HEAD, len - HEAD);
    query[len - HEAD] = '\0';
    ask(commands[bytes[0] % 9], bytes[0] / 9,
        bytes[1] | (unsigned)bytes[2] << 8, query);
    return 0;
}
