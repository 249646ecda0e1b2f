/* app.h - "how does a person ask?"
 *
 * What the commands of the program share: the table of commands and options,
 * values typed on a command line, where the archive is, messages, and output
 * that is safe on a terminal. Results go to stdout, messages to stderr, one
 * line each.
 *
 * Threads: the program's main thread. */
#ifndef LEDE_APP_APP_H
#define LEDE_APP_APP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "storage/archive.h"

/* Exit statuses. */
enum {
    LEDE_EXIT_DONE = 0,
    LEDE_EXIT_NOTHING = 1, /* search, show: nothing found; check: damage */
    LEDE_EXIT_ERROR = 2,
    LEDE_EXIT_INTERRUPTED = 130,
    LEDE_EXIT_AGAIN = -1 /* of no program: lede_asked_lost */
};

typedef enum lede_format_wanted {
    LEDE_OUTPUT_TEXT = 0,
    LEDE_OUTPUT_JSON,
    LEDE_OUTPUT_NDJSON,
    LEDE_OUTPUT_CSV,
    LEDE_OUTPUT_ATOM
} lede_format_wanted;

/* Options that several commands know. */
typedef struct lede_app {
    const char *archive; /* --archive, LEDE_ARCHIVE, or the XDG data folder */
    char *archive_owned; /* freed at the end */
    lede_format_wanted format;
    bool color; /* stdout is a terminal that wants it */
    bool quiet;
    bool partial;     /* an answer without some of the shards will do */
    uint32_t wait_ms; /* for a server of shards, at each step */
} lede_app;

/* One option of a command. An option without `argument` is a switch. */
typedef struct lede_option {
    const char *name;     /* "limit": typed --limit */
    char short_name;      /* 'n', or 0 */
    const char *argument; /* "N", or NULL */
    const char *help;     /* one line */
    int id;               /* passed to the command's set function */
} lede_option;

enum { LEDE_MAX_OPERANDS = 65536 };

typedef struct lede_command lede_command;
struct lede_command {
    const char *name;
    const char *operands; /* "PATH..." for the usage line */
    const char *summary;
    const lede_option *options; /* ends with a NULL name */
    bool dash_operands;         /* "-word" is an operand, "-w" an option */
    unsigned formats; /* bit set of the formats that it knows beside text, json
                         and ndjson */
    /* Takes one option's value; false (with err filled) refuses it. */
    bool (*set)(void *settings, int id, const char *value, lede_error *err);
    size_t settings_bytes;
    int (*run)(lede_app *app, void *settings, const char **operands,
               uint32_t count);
};

extern const lede_command lede_command_index;
extern const lede_command lede_command_inspect;
extern const lede_command lede_command_watch;
extern const lede_command lede_command_search;
extern const lede_command lede_command_timeline;
extern const lede_command lede_command_first;
extern const lede_command lede_command_last;
extern const lede_command lede_command_show;
extern const lede_command lede_command_stats;
extern const lede_command lede_command_check;
extern const lede_command lede_command_compact;
extern const lede_command lede_command_backup;
extern const lede_command lede_command_upgrade;
extern const lede_command lede_command_export;
extern const lede_command lede_command_names;
extern const lede_command lede_command_people;
extern const lede_command lede_command_places;
extern const lede_command lede_command_who;
extern const lede_command lede_command_where;
extern const lede_command lede_command_with;

/* --- Values ------------------------------------------------------------- */

/* Whole numbers: digits only, at most `max`. */
bool lede_parse_count(const char *text, uint64_t max, uint64_t *out);
/* Bytes: a number with K, M, G (of 1024) behind it or nothing. */
bool lede_parse_bytes(const char *text, uint64_t *out);
/* Seconds: a number with s, m (minutes), h, d, w or y behind it. */
bool lede_parse_duration(const char *text, int64_t *out);
/* A decimal number from `min` to `max`. */
bool lede_parse_number(const char *text, double min, double max, double *out);

/* Puts the option's name before what is wrong with its value; false. */
bool lede_refuse(const char *option, lede_error *err);

/* --- Messages ------------------------------------------------------------ */

/* "lede: message" on stderr, with control characters made harmless. */
void lede_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Says what failed, and what to do about it; gives the exit status for it. */
int lede_say_failure(const lede_error *err);

/* Fills in where the archive is, and says why if nobody said it. */
bool lede_app_find_archive(lede_app *app);
/* The same without a word: for what needs no archive. */
bool lede_app_knows_archive(lede_app *app);
/* Opens the archive for reading and says why when it can't. */
int lede_app_open(lede_app *app, bool create, lede_archive **out);
/* Opens archive and snapshot. */
int lede_app_open_snapshot(lede_app *app, lede_archive **archive,
                           lede_snapshot **snapshot);

/* --- Interruption --------------------------------------------------------- */

/* Ctrl-C and SIGTERM set the flag; the second Ctrl-C kills. */
const volatile int *lede_app_stop_flag(void);
void lede_app_catch_signals(void);

/* --- Output --------------------------------------------------------------- */

/* Controls (C0, DEL, C1) and the bidi marks that reorder a line. */
bool lede_is_harmful(uint32_t code_point);

/* Appends text for a terminal: control characters (escapes, C1, bidi controls)
 * become U+FFFD, line breaks blanks. Nothing from an archive can move the
 * cursor or change colours. */
void lede_put_safe(lede_buf *out, lede_span text);

/* Writes and empties the buffer; false when the reader is gone or the disk is
 * full (said once, unless the pipe was closed). */
bool lede_flush(lede_buf *out, FILE *stream);

/* "1,234,567", "1 entry" or "1,234 entries", and "12.3 MB". */
void lede_put_grouped(lede_buf *out, uint64_t number);
void lede_put_entries(lede_buf *out, uint64_t count);
void lede_put_bytes(lede_buf *out, uint64_t bytes);

/* A line of a table of names and values: a number, an instant or "-". */
void lede_put_count_line(lede_buf *out, const char *name, uint64_t number);
void lede_put_instant_line(lede_buf *out, const char *name, int64_t instant);

#endif
