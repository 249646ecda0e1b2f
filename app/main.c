/* main.c - the program `lede`: finds the command, reads its options, runs it.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"

#define LEDE_VERSION "0.1.0"

static const lede_command *const commands[] = {
    &lede_command_index,  &lede_command_search,  &lede_command_timeline,
    &lede_command_first,  &lede_command_last,    &lede_command_show,
    &lede_command_stats,  &lede_command_check,   &lede_command_compact,
    &lede_command_backup, &lede_command_upgrade, &lede_command_names,
    &lede_command_export, &lede_command_inspect, &lede_command_watch,
    &lede_command_people, &lede_command_places,  &lede_command_who,
    &lede_command_where,  &lede_command_with,
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

/* Options that every command has; negative so that they never meet a command's
 * own. */
enum {
    OPT_ARCHIVE = -1,
    OPT_FORMAT = -2,
    OPT_QUIET = -3,
    OPT_HELP = -5,
    OPT_COLOR = -6,
    OPT_PARTIAL = -7,
    OPT_TIMEOUT = -8
};

enum { WAIT_MS = 30000 };

static const lede_option common_options[] = {
    {"archive", 'A', "DIR",
     "the archive (else LEDE_ARCHIVE, else the XDG data folder); xapian:DIR, "
     "xapian:FILE or xapian:tcp:HOST:PORT,... for shards",
     OPT_ARCHIVE},
    {"partial", 0, NULL, "an answer without the shards that are down will do",
     OPT_PARTIAL},
    {"timeout", 0, "TIME", "how long to wait for a server of shards (30s)",
     OPT_TIMEOUT},
    {"format", 0, "FORMAT", "text (for people), json, ndjson, csv or atom",
     OPT_FORMAT},
    {"color", 0, "WHEN", "auto, always or never (NO_COLOR is heeded)",
     OPT_COLOR},
    {"quiet", 'q', NULL,
     "results and problems only: no progress, counts, notes", OPT_QUIET},
    {"help", 'h', NULL, "this help", OPT_HELP},
    {NULL, 0, NULL, NULL, 0},
};

static void print_options(const lede_option *options)
{
    for (; options->name != NULL; options++) {
        char left[64];

        if (options->short_name != 0) {
            snprintf(left, sizeof left, "-%c, --%s%s%s", options->short_name,
                     options->name, options->argument != NULL ? " " : "",
                     options->argument != NULL ? options->argument : "");
        } else {
            snprintf(left, sizeof left, "    --%s%s%s", options->name,
                     options->argument != NULL ? " " : "",
                     options->argument != NULL ? options->argument : "");
        }
        printf("  %-26s %s\n", left, options->help);
    }
}

static void print_command_help(const lede_command *command)
{
    printf("lede %s [OPTION]... %s\n%s\n", command->name, command->operands,
           command->summary);
    if (command->options[0].name != NULL) {
        printf("\nOptions:\n");
        print_options(command->options);
    }
    printf("\nOptions of every command:\n");
    print_options(common_options);
}

static void print_help(FILE *to)
{
    int i;

    fprintf(to, "lede: full-text search for news archives\n\n"
                "  lede index ~/articles     read files into the archive\n"
                "  lede search 'some words'  find entries, best first\n\n"
                "Commands:\n");
    for (i = 0; i < COMMAND_COUNT; i++) {
        fprintf(to, "  %-8s  %s\n", commands[i]->name, commands[i]->summary);
    }
    fprintf(to, "\n'lede COMMAND --help' has the options of a command. The "
                "manual is 'man lede'\nwhere lede is installed, and 'man -l "
                "docs/man/lede.1' in its sources.\n");
}

static const lede_option *find_option(const lede_option *options,
                                      const char *name, size_t len)
{
    for (; options->name != NULL; options++) {
        if (strlen(options->name) == len &&
            memcmp(options->name, name, len) == 0) {
            return options;
        }
    }
    return NULL;
}

/* The one whose name begins as `name` does, or begins `name`; or NULL. */
static const lede_option *find_like(const lede_option *options,
                                    const char *name, size_t len)
{
    for (; options->name != NULL; options++) {
        size_t known = strlen(options->name);

        if (len >= 3 &&
            memcmp(options->name, name, len < known ? len : known) == 0) {
            return options;
        }
    }
    return NULL;
}

static const lede_option *find_short(const lede_option *options, char name)
{
    for (; options->name != NULL; options++) {
        if (options->short_name == name && name != 0) {
            return options;
        }
    }
    return NULL;
}

static bool wants_color(const char *when)
{
    const char *term = getenv("TERM");
    const char *refused = getenv("NO_COLOR");

    if (strcmp(when, "auto") != 0) {
        return strcmp(when, "always") == 0;
    }
    return isatty(STDOUT_FILENO) && (refused == NULL || refused[0] == '\0') &&
           term != NULL && strcmp(term, "dumb") != 0;
}

static bool set_format(lede_app *app, const char *value, lede_error *err)
{
    if (strcmp(value, "text") == 0) {
        app->format = LEDE_OUTPUT_TEXT;
    } else if (strcmp(value, "json") == 0) {
        app->format = LEDE_OUTPUT_JSON;
    } else if (strcmp(value, "ndjson") == 0) {
        app->format = LEDE_OUTPUT_NDJSON;
    } else if (strcmp(value, "csv") == 0) {
        app->format = LEDE_OUTPUT_CSV;
    } else if (strcmp(value, "atom") == 0) {
        app->format = LEDE_OUTPUT_ATOM;
    } else {
        lede_fail(err, LEDE_BAD_INPUT,
                  "--format '%s': the formats are text, json, ndjson, csv and "
                  "atom",
                  value);
        return false;
    }
    return true;
}

static bool set_timeout(lede_app *app, const char *value, lede_error *err)
{
    int64_t seconds = 0;

    if (!lede_parse_duration(value, &seconds) || seconds > 86400) {
        lede_fail(err, LEDE_BAD_INPUT,
                  "--timeout '%s': give a time of at most a day, such as 30s",
                  value);
        return false;
    }
    app->wait_ms = (uint32_t)seconds * 1000;
    return true;
}

static bool set_common(lede_app *app, int id, const char *value,
                       lede_error *err)
{
    switch (id) {
    case OPT_ARCHIVE:
        if (value[0] == '\0') {
            lede_fail(err, LEDE_BAD_INPUT, "--archive needs a folder");
            return false;
        }
        app->archive = value;
        return true;
    case OPT_FORMAT:
        return set_format(app, value, err);
    case OPT_COLOR:
        if (strcmp(value, "auto") != 0 && strcmp(value, "always") != 0 &&
            strcmp(value, "never") != 0) {
            lede_fail(err, LEDE_BAD_INPUT,
                      "--color '%s': it is auto, always or never", value);
            return false;
        }
        app->color = wants_color(value);
        return true;
    case OPT_PARTIAL:
        app->partial = true;
        return true;
    case OPT_TIMEOUT:
        return set_timeout(app, value, err);
    default:
        app->quiet = true;
        return true;
    }
}

typedef struct command_line {
    lede_app *app;
    const lede_command *command;
    void *settings;
    char **args; /* the words behind the command */
    int count;
    int at;
    const char **operands;
    uint32_t operand_count;
    bool help;
} command_line;

static bool apply(command_line *line, const lede_option *option,
                  const char *value, lede_error *err)
{
    if (option->id == OPT_HELP) {
        line->help = true;
        return true;
    }
    if (option->id < 0) {
        return set_common(line->app, option->id, value, err);
    }
    return line->command->set(line->settings, option->id, value, err);
}

/* The value of an option: behind "=", or the next word. */
static bool take_value(command_line *line, const lede_option *option,
                       const char *attached, const char **value,
                       lede_error *err)
{
    *value = attached;
    if (option->argument == NULL) {
        if (attached != NULL) {
            lede_fail(err, LEDE_BAD_INPUT, "--%s takes no value", option->name);
            return false;
        }
        return true;
    }
    if (attached == NULL) {
        if (line->at >= line->count) {
            lede_fail(err, LEDE_BAD_INPUT, "--%s needs a value (%s)",
                      option->name, option->argument);
            return false;
        }
        *value = line->args[line->at++];
    }
    return true;
}

static bool refuse_long(const command_line *line, const char *word, size_t len,
                        lede_error *err)
{
    const lede_option *like = find_like(line->command->options, word, len);

    if (like == NULL) {
        like = find_like(common_options, word, len);
    }
    if (like != NULL) {
        lede_fail(err, LEDE_BAD_INPUT, "unknown option --%.*s (--%s?)",
                  (int)len, word, like->name);
    } else {
        lede_fail(err, LEDE_BAD_INPUT,
                  "unknown option --%.*s ('lede %s --help' lists them)",
                  (int)len, word, line->command->name);
    }
    return false;
}

static bool take_long(command_line *line, const char *word, lede_error *err)
{
    const char *equals = strchr(word, '=');
    size_t len = equals != NULL ? (size_t)(equals - word) : strlen(word);
    const lede_option *option = find_option(line->command->options, word, len);
    const char *value;

    if (option == NULL) {
        option = find_option(common_options, word, len);
    }
    if (option == NULL) {
        return refuse_long(line, word, len, err);
    }
    return take_value(line, option, equals != NULL ? equals + 1 : NULL, &value,
                      err) &&
           apply(line, option, value, err);
}

static const lede_option *known_short(const command_line *line, char name)
{
    const lede_option *option = find_short(line->command->options, name);

    return option != NULL ? option : find_short(common_options, name);
}

/* "-n5" is -n with its value. */
static bool is_attached_number(const char *word)
{
    return word[2] != '\0' &&
           strspn(word + 2, "0123456789") == strlen(word + 2);
}

/* "-n5", "-n 5", "-q". Where a query may leave words out with "-word", every
 * longer word behind a dash is such a one. */
static bool take_short(command_line *line, const char *word, bool *operand,
                       lede_error *err)
{
    const lede_option *option = known_short(line, word[1]);
    bool attached = word[2] != '\0';
    const char *value;

    *operand = line->command->dash_operands && attached &&
               (option == NULL || !is_attached_number(word));
    if (*operand) {
        return true;
    }
    if (option == NULL || (attached && option->argument == NULL)) {
        lede_fail(err, LEDE_BAD_INPUT,
                  "unknown option %s ('lede %s --help' lists them)", word,
                  line->command->name);
        return false;
    }
    return take_value(line, option, attached ? word + 2 : NULL, &value, err) &&
           apply(line, option, value, err);
}

static bool read_line(command_line *line, lede_error *err)
{
    bool options_end = false;

    while (line->at < line->count) {
        const char *word = line->args[line->at++];
        bool operand = true;

        if (!options_end && strcmp(word, "--") == 0) {
            options_end = true;
            continue;
        }
        if (!options_end && strncmp(word, "--", 2) == 0) {
            if (!take_long(line, word + 2, err)) {
                return false;
            }
            operand = false;
        } else if (!options_end && word[0] == '-' && word[1] != '\0') {
            if (!take_short(line, word, &operand, err)) {
                return false;
            }
        }
        if (operand) {
            line->operands[line->operand_count++] = word;
        }
    }
    return true;
}

static int run_command(const lede_command *command, char **args, int count)
{
    lede_app app = {.color = wants_color("auto"), .wait_ms = WAIT_MS};
    lede_error err = {0};
    command_line line = {
        .app = &app, .command = command, .args = args, .count = count};
    int result = LEDE_EXIT_ERROR;

    line.operands = calloc((size_t)count + 1, sizeof *line.operands);
    line.settings = calloc(1, command->settings_bytes + 1);
    if (line.operands == NULL || line.settings == NULL) {
        lede_say("out of memory");
    } else if (!read_line(&line, &err)) {
        lede_say("%s", err.message);
    } else if (line.help) {
        print_command_help(command);
        result = LEDE_EXIT_DONE;
    } else if (app.format > LEDE_OUTPUT_NDJSON &&
               (command->formats >> app.format & 1) == 0) {
        lede_say("'lede %s' does not know this format ('lede %s --help')",
                 command->name, command->name);
    } else {
        result = command->run(&app, line.settings, line.operands,
                              line.operand_count);
    }
    free(app.archive_owned);
    free(line.operands);
    free(line.settings);
    return result;
}

static const lede_command *find_command(const char *name)
{
    int i;

    for (i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

static bool is_one_of(const char *word, const char *a, const char *b,
                      const char *c)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

static int no_such_command(const char *name)
{
    if (name[0] == '-') {
        lede_say("%s: a command comes first, and options behind it: "
                 "lede search -n 3 harbour ('lede help' lists the commands)",
                 name);
    } else {
        lede_say("there is no command '%s' ('lede help' lists them)", name);
    }
    return LEDE_EXIT_ERROR;
}

static int help_on(const char *name)
{
    const lede_command *command = name != NULL ? find_command(name) : NULL;

    if (name != NULL && command == NULL) {
        return no_such_command(name);
    }
    if (command != NULL) {
        print_command_help(command);
    } else {
        print_help(stdout);
    }
    return LEDE_EXIT_DONE;
}

static int run_line(int argc, char **argv)
{
    const lede_command *command;

    if (argc < 2) {
        print_help(stderr);
        return LEDE_EXIT_ERROR;
    }
    if (is_one_of(argv[1], "help", "--help", "-h")) {
        return help_on(argc > 2 ? argv[2] : NULL);
    }
    if (is_one_of(argv[1], "version", "--version", "-V")) {
        printf("lede " LEDE_VERSION "\n");
        return LEDE_EXIT_DONE;
    }
    command = find_command(argv[1]);
    return command != NULL ? run_command(command, argv + 2, argc - 2)
                           : no_such_command(argv[1]);
}

/* A program that is started with a standard stream closed gets its number for
 * the next file it opens, and a message would be written into the archive. What
 * stands there now is open for the wrong direction: to use it is an error, as
 * it would have been. */
static bool fill_streams(void)
{
    int number;

    for (number = STDIN_FILENO; number <= STDERR_FILENO; number++) {
        if (fcntl(number, F_GETFD) == -1 &&
            open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY) !=
                number) {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    int result;

    if (!fill_streams()) {
        return LEDE_EXIT_ERROR;
    }
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL);
    result = run_line(argc, argv);
    if (fflush(stdout) != 0 && result == LEDE_EXIT_DONE) {
        if (errno != EPIPE) {
            lede_say("writing the answer failed: %s", strerror(errno));
        }
        result = LEDE_EXIT_ERROR;
    }
    return result;
}
