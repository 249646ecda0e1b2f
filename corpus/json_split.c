#include "corpus/json_split.h"

#include <stdlib.h>
#include <string.h>

#include "corpus/json_fields.h"
#include "corpus/json_scan.h"
#include "corpus/json_trim.h"

enum {
    WINDOW_BYTES = 256 * 1024, /* at first */
    READ_BYTES = 64 * 1024,    /* the least room worth a read */
    LEVELS = 8,
    /* A record of this share of the largest is trimmed from then on. */
    TRIM_SHARE = 64,
    /* Broken records may be given back in vain; this bounds the work, for each
     * byte of the input and in all. */
    WALK_AGAIN_TIMES = 256,
    WALK_AGAIN_MAX_BYTES = 256 << 20,
    PATH_BYTES = 160
};

typedef struct level {
    bool is_object;
    size_t path_len; /* of the path that led here */
} level;

struct lede_json_split {
    lede_input *input;
    lede_status ended; /* of the input; passed on behind the last record */
    lede_error failure;
    size_t max_bytes;
    bool is_lines;

    uint8_t *bytes; /* the window */
    size_t cap, at, len;
    uint64_t line; /* of bytes[at] */

    /* How the line that `at` is in begins: only blanks so far, how many. */
    bool only_blanks;
    size_t indent;

    level levels[LEVELS];
    size_t depth;
    char path[PATH_BYTES]; /* folded keys of the open objects */
    size_t path_len;
    uint64_t junk_line;    /* the last that was told of; 0 = none */
    uint64_t entered_line; /* of an object at the top that was entered, until
                              something in it is given; else 0 */

    /* The last piece, for a new start behind its beginning. */
    size_t piece_at;
    uint64_t piece_line;
    size_t piece_indent;
    bool piece_began_line, piece_was_one_line;
    uint64_t taken, walked_again; /* bytes */
};

/* The window. */

/* Reads more behind what is there; what stands before *keep may go, and *keep
 * moves with the rest. False at the end of the input. */
static bool fill(lede_json_split *split, size_t *keep)
{
    size_t gone = *keep; /* keep may point at split->at */
    size_t rest = split->len - gone;
    size_t got = 0;

    if (split->ended != LEDE_OK) {
        return false;
    }
    if (split->cap - split->len < READ_BYTES && gone > 0) {
        memmove(split->bytes, split->bytes + gone, rest);
        *keep = 0;
        split->at -= keep == &split->at ? 0 : gone;
        split->piece_at -= split->piece_at < gone ? split->piece_at : gone;
        split->len = rest;
    }
    if (split->cap - split->len < READ_BYTES) {
        uint8_t *bytes = realloc(split->bytes, split->cap * 2);

        if (bytes == NULL) {
            split->ended =
                lede_fail(&split->failure, LEDE_NO_MEMORY, "out of memory");
            return false;
        }
        split->bytes = bytes;
        split->cap *= 2;
    }
    split->ended =
        lede_input_read(split->input, split->bytes + split->len,
                        split->cap - split->len, &got, &split->failure);
    if (split->ended != LEDE_OK) {
        return false;
    }
    split->len += got;
    split->taken += got;
    return true;
}

/* A window that has grown for one huge record is given back. */
static void shrink(lede_json_split *split)
{
    size_t rest = split->len - split->at;
    uint8_t *bytes;

    if (split->cap <= 4 * 1024 * 1024 || rest > WINDOW_BYTES / 2) {
        return;
    }
    memmove(split->bytes, split->bytes + split->at, rest);
    split->at = 0;
    split->len = rest;
    bytes = realloc(split->bytes, WINDOW_BYTES);
    if (bytes != NULL) {
        split->bytes = bytes;
        split->cap = WINDOW_BYTES;
    }
}

static uint64_t count_newlines(const uint8_t *bytes, size_t len)
{
    const uint8_t *end = bytes + len;
    uint64_t count = 0;

    while ((bytes = memchr(bytes, '\n', (size_t)(end - bytes))) != NULL) {
        count++;
        bytes++;
    }
    return count;
}

/* Moves to `to`, counting lines on the way. */
static void move_to(lede_json_split *split, size_t to)
{
    if (to == split->at) {
        return;
    }
    split->only_blanks = false;
    split->line += count_newlines(split->bytes + split->at, to - split->at);
    split->at = to;
}

/* Blanks; also keeps in mind how the line begins. False at the end. */
static bool skip_blanks(lede_json_split *split)
{
    for (;;) {
        uint8_t c;

        if (split->at == split->len && !fill(split, &split->at)) {
            return false;
        }
        c = split->bytes[split->at];
        if (c > ' ') {
            return true;
        }
        split->at++;
        if (c == '\n') {
            split->line++;
            split->only_blanks = true;
            split->indent = 0;
        } else {
            split->indent++;
        }
    }
}

/* Pieces. */

static void begin_piece(lede_json_split *split)
{
    split->piece_at = split->at;
    split->piece_line = split->line;
    split->piece_indent = split->indent;
    split->piece_began_line = split->only_blanks;
}

static lede_status give(lede_json_split *split, size_t len, size_t behind,
                        lede_json_piece *out)
{
    uint64_t line = split->line;

    split->entered_line = 0;
    out->text = lede_span_of(split->bytes + split->at, len);
    out->line = line;
    out->is_line = false;
    out->is_top = split->depth == 0;
    out->is_too_large = false;
    move_to(split, behind);
    split->piece_was_one_line = split->line == line;
    return LEDE_OK;
}

static lede_status give_too_large(lede_json_split *split, uint64_t line,
                                  lede_json_piece *out)
{
    split->entered_line = 0;
    out->text = lede_span_of(NULL, 0);
    out->line = line;
    out->is_line = out->is_top = false;
    out->is_too_large = true;
    return LEDE_OK;
}

static lede_status give_end(const lede_json_split *split, lede_error *err)
{
    if (err != NULL && split->ended != LEDE_END) {
        *err = split->failure;
    }
    return split->ended;
}

/* An object at `at` that is trimmed as it is read. Both counted from `at`. */
typedef struct trimming {
    lede_json_trim trim;
    size_t kept; /* bytes, at the beginning */
    size_t read; /* where the bytes begin that are still to be read */
} trimming;

/* Trims what is in the window, up to `end` at the most. */
static void trim_on(lede_json_split *split, trimming *t, size_t end,
                    bool only_drop)
{
    uint8_t *begin = split->bytes + split->at;
    size_t used;

    t->kept +=
        lede_json_trim_on(&t->trim, begin + t->read, end - split->at - t->read,
                          only_drop, begin + t->kept, &used);
    t->read += used;
}

/* Joins what is still to be read to what was kept. */
static void close_gap(lede_json_split *split, trimming *t)
{
    uint8_t *begin = split->bytes + split->at;

    memmove(begin + t->kept, begin + t->read, split->len - split->at - t->read);
    split->len -= t->read - t->kept;
    t->read = t->kept;
}

/* Walks over the object at `at`, leaving out what is of no use. False if even
 * so it is larger than may be held: it then lies in the window as far as it has
 * been read, and the rest behind it. */
static bool trim_object(lede_json_split *split, trimming *t)
{
    *t = (trimming){0};
    for (;;) {
        bool is_too_large = t->kept > split->max_bytes;

        trim_on(split, t, split->len, is_too_large);
        close_gap(split, t);
        if (t->trim.is_done || (is_too_large && !t->trim.drops)) {
            return t->kept <= split->max_bytes;
        }
        if (split->at + t->read == split->len && !fill(split, &split->at)) {
            return t->kept <= split->max_bytes;
        }
    }
}

/* Passes over the rest of an object of which nothing is held. */
static void drop_trimmed(lede_json_split *split, trimming *t)
{
    size_t kept = t->kept;

    while (!t->trim.is_done) {
        t->kept = kept;
        trim_on(split, t, split->len, false);
        t->trim.newlines +=
            count_newlines(split->bytes + split->at + kept, t->kept - kept);
        t->kept = kept;
        close_gap(split, t);
        if (!t->trim.is_done && !fill(split, &split->at)) {
            return;
        }
    }
}

/* Passes over the rest of a line that is too long. */
static void drop_line(lede_json_split *split)
{
    for (;;) {
        const uint8_t *newline =
            memchr(split->bytes + split->at, '\n', split->len - split->at);

        if (newline != NULL) {
            move_to(split, (size_t)(newline - split->bytes) + 1);
            return;
        }
        split->at = split->len;
        if (!fill(split, &split->at)) {
            return;
        }
    }
}

/* Trims a line's object up to `len` bytes from `at`. What stands behind it in
 * the line is kept. Returns how long the line is now. */
static size_t trim_line(lede_json_split *split, trimming *t, size_t len)
{
    uint8_t *begin = split->bytes + split->at;

    trim_on(split, t, split->at + len, false);
    memmove(begin + t->kept, begin + t->read, len - t->read);
    t->kept += len - t->read;
    t->read = len;
    close_gap(split, t);
    return t->kept;
}

static lede_status next_line(lede_json_split *split, lede_json_piece *out,
                             lede_error *err)
{
    size_t scanned = 0;
    bool trims = false;
    trimming t = {0};

    if (!skip_blanks(split)) {
        return give_end(split, err);
    }
    begin_piece(split);
    for (;;) {
        const uint8_t *begin = split->bytes + split->at;
        size_t left = split->len - split->at;
        const uint8_t *newline = memchr(begin + scanned, '\n', left - scanned);
        size_t len = newline == NULL ? left : (size_t)(newline - begin);

        trims =
            trims || (len > split->max_bytes / TRIM_SHARE && begin[0] == '{');
        if (trims) {
            len = trim_line(split, &t, len);
        }
        if (len > split->max_bytes) {
            uint64_t line = split->line;

            drop_line(split);
            give_too_large(split, line, out);
            out->is_line = out->is_top = true;
            return LEDE_OK;
        }
        if (newline == NULL) {
            scanned = len;
            if (fill(split, &split->at)) {
                continue;
            }
        }
        out->text = lede_span_of(split->bytes + split->at, len);
        out->line = split->line;
        out->is_line = out->is_top = true;
        out->is_too_large = false;
        split->at += len;
        return LEDE_OK;
    }
}

/* Walks over the value at `at`. *behind is the byte behind it. LEDE_NOT_FOUND
 * if it is large: *behind is how far the walk has come. */
static lede_status walk_value(lede_json_split *split, lede_json_walk *walk,
                              size_t *behind)
{
    size_t from = 0; /* from `at` on */

    for (;;) {
        const uint8_t *p = split->bytes + split->at;
        const uint8_t *end = split->bytes + split->len;

        from = (size_t)(lede_json_walk_on(walk, p + from, end) - p);
        *behind = split->at + from;
        if (from > split->max_bytes / TRIM_SHARE) {
            return LEDE_NOT_FOUND;
        }
        if (walk->is_done || !fill(split, &split->at)) {
            *behind = split->at + from;
            return LEDE_OK;
        }
    }
}

/* Passes over the rest of a value that is not held. */
static void drop_value(lede_json_split *split, lede_json_walk *walk)
{
    while (!walk->is_done) {
        const uint8_t *behind = lede_json_walk_on(
            walk, split->bytes + split->at, split->bytes + split->len);

        move_to(split, (size_t)(behind - split->bytes));
        if (!walk->is_done && !fill(split, &split->at)) {
            return;
        }
    }
}

static void push(lede_json_split *split, bool is_object, size_t path_len)
{
    split->levels[split->depth].is_object = is_object;
    split->levels[split->depth].path_len = path_len;
    split->depth++;
    move_to(split, split->at + 1);
}

static void pop(lede_json_split *split)
{
    move_to(split, split->at + 1);
    if (split->depth > 0) {
        split->depth--;
        split->path_len = split->levels[split->depth].path_len;
    }
}

/* The object at `at`, as a piece. One at the top that is too large to be held
 * is entered: LEDE_NOT_FOUND. If nothing is given that is inside, it was a
 * record, and too large. */
static lede_status next_object(lede_json_split *split, lede_json_piece *out)
{
    lede_json_walk walk = {0};
    uint64_t line = split->line;
    trimming t;
    size_t behind;

    begin_piece(split);
    if (walk_value(split, &walk, &behind) == LEDE_OK) {
        return give(split, behind - split->at, behind, out);
    }
    if (trim_object(split, &t)) {
        lede_status status = give(split, t.kept, split->at + t.kept, out);

        split->line += t.trim.newlines;
        split->piece_was_one_line &= t.trim.newlines == 0;
        return status;
    }
    if (split->depth == 0) {
        split->entered_line = line;
        split->line += t.trim.newlines;
        push(split, true, 0);
        return LEDE_NOT_FOUND;
    }
    drop_trimmed(split, &t);
    move_to(split, split->at + t.kept);
    split->line += t.trim.newlines;
    return give_too_large(split, line, out);
}

/* Passes over the string at `at`. */
static void drop_string(lede_json_split *split)
{
    lede_json_walk walk = {.in_string = true};

    move_to(split, split->at + 1);
    while (walk.in_string) {
        const uint8_t *p = lede_json_walk_string(
            &walk, split->bytes + split->at, split->bytes + split->len);

        move_to(split, (size_t)(p - split->bytes));
        if (walk.in_string && !fill(split, &split->at)) {
            return;
        }
    }
}

/* A number, word, or whatever else stands where a record should. */
static void skip_scalar(lede_json_split *split)
{
    if (split->bytes[split->at] == '"') {
        drop_string(split);
        return;
    }
    move_to(split, split->at + 1);
    while (split->at < split->len || fill(split, &split->at)) {
        uint8_t c = split->bytes[split->at];

        if (c <= ' ' || strchr(",:{}[]\"", c) != NULL) {
            return;
        }
        move_to(split, split->at + 1);
    }
}

/* Passes over what stands between values at the top: true if it is worth a
 * word, and its line has had none. */
static bool skip_between(lede_json_split *split)
{
    static const uint8_t mark[] = {0xEF, 0xBB, 0xBF}; /* of joined files */
    uint64_t line = split->line;
    size_t left;

    while (split->len - split->at < sizeof mark && fill(split, &split->at)) {
    }
    left = split->len - split->at;
    if (left >= sizeof mark &&
        memcmp(split->bytes + split->at, mark, sizeof mark) == 0) {
        split->at += sizeof mark; /* what begins the line is still to come */
        return false;
    }
    if (split->bytes[split->at] == ',' || split->bytes[split->at] == ';') {
        move_to(split, split->at + 1);
        return false;
    }
    skip_scalar(split);
    if (line == split->junk_line) {
        return false;
    }
    split->junk_line = line;
    return true;
}

static lede_status give_junk(lede_json_split *split, lede_json_piece *out)
{
    *out = (lede_json_piece){
        .line = split->junk_line, .is_top = true, .is_junk = true};
    return LEDE_OK;
}

/* Inside an object that is too large to be held. */

/* Reads the key at `at` and the colon behind it, and adds it to the path. False
 * if that is no key, or too long a one. */
static bool read_key(lede_json_split *split)
{
    char folded[LEDE_JSON_KEY_MAX_BYTES];
    size_t begin = split->at + 1;
    size_t end = begin;
    size_t len;

    while (end - begin < 2 * LEDE_JSON_KEY_MAX_BYTES) {
        if (end == split->len) {
            size_t keep = split->at;

            if (!fill(split, &keep)) {
                return false;
            }
            begin = split->at + 1;
            end = begin;
            continue;
        }
        if (split->bytes[end] == '"' || split->bytes[end] == '\\') {
            break;
        }
        end++;
    }
    if (end >= split->len || split->bytes[end] != '"') {
        return false;
    }
    len = lede_json_key_fold(lede_span_of(split->bytes + begin, end - begin),
                             folded);
    move_to(split, end + 1);
    if (len == 0 || split->path_len + len + 1 > PATH_BYTES) {
        return false;
    }
    if (split->path_len > 0) {
        split->path[split->path_len++] = '.';
    }
    memcpy(split->path + split->path_len, folded, len);
    split->path_len += len;
    return skip_blanks(split) && split->bytes[split->at] == ':';
}

/* A value of any kind. */
static void drop_any(lede_json_split *split)
{
    uint8_t c = split->bytes[split->at];

    if (c == '{' || c == '[') {
        lede_json_walk walk = {0};

        drop_value(split, &walk);
    } else {
        skip_scalar(split);
    }
}

/* One member of an object at the top: enters its value if records may be
 * inside, passes over it otherwise. */
static void next_member(lede_json_split *split)
{
    size_t before = split->path_len;
    lede_span path;
    uint8_t c;

    if (split->bytes[split->at] != '"' || !read_key(split)) {
        split->path_len = before;
        drop_any(split);
        return;
    }
    move_to(split, split->at + 1);
    if (!skip_blanks(split)) {
        return;
    }
    path = lede_span_of(split->path, split->path_len);
    c = split->bytes[split->at];
    if (split->depth < LEVELS &&
        ((c == '[' && lede_json_is_list_path(path)) ||
         (c == '{' && lede_json_is_list_prefix(path)))) {
        push(split, c == '{', before);
        return;
    }
    split->path_len = before;
    drop_any(split);
}

/* JSON Lines. */

static bool is_object_line(lede_span line)
{
    line = lede_span_trim(line);
    return line.len >= 2 && line.bytes[0] == '{' &&
           line.bytes[line.len - 1] == '}';
}

/* A line that opens something, and more than a bracket alone. */
static bool is_broken_line(lede_span line)
{
    line = lede_span_trim(line);
    return line.len > 1 && (memchr(line.bytes, '{', line.len) != NULL ||
                            memchr(line.bytes, '[', line.len) != NULL);
}

/* Whether the beginning of the input has two lines in a row, the first an
 * object, the second begun as one: it does when only its first line is broken,
 * too. Or when a broken line stands between two objects. */
static bool looks_like_lines(lede_span head)
{
    bool before = false;
    bool was_before = false; /* and a broken line since */
    int count;

    for (count = 0; count < 8 && head.len > 0; count++) {
        const uint8_t *newline = memchr(head.bytes, '\n', head.len);
        size_t len =
            newline == NULL ? head.len : (size_t)(newline - head.bytes);
        lede_span line = lede_span_part(head, 0, len);

        if (before && line.len > 0 && line.bytes[0] == '{' &&
            (newline == NULL || is_object_line(line))) {
            return true;
        }
        if (was_before && line.len > 0 && line.bytes[0] == '{' &&
            is_object_line(line)) {
            return true;
        }
        was_before = before && is_broken_line(line);
        before = line.len > 0 && line.bytes[0] == '{' && is_object_line(line);
        head = lede_span_part(head, len + 1, head.len);
    }
    return false;
}

/* The same for input whose first line is longer than the head: the piece before
 * was one line at the top, and another object's line begins at `at`. */
static bool has_become_lines(const lede_json_split *split)
{
    const uint8_t *begin = split->bytes + split->at;
    size_t left = split->len - split->at;
    const uint8_t *newline = memchr(begin, '\n', left);

    return split->depth == 0 && split->piece_was_one_line &&
           split->piece_began_line && split->piece_indent == 0 &&
           split->only_blanks && split->indent == 0 &&
           split->line > split->piece_line && left > 1 && begin[1] == '"' &&
           (newline == NULL ||
            is_object_line(lede_span_of(begin, (size_t)(newline - begin))));
}

static lede_status next_value(lede_json_split *split, lede_json_piece *out,
                              lede_error *err)
{
    for (;;) {
        lede_status status;
        uint8_t c;

        if (!skip_blanks(split)) {
            return split->entered_line > 0
                       ? give_too_large(split, split->entered_line, out)
                       : give_end(split, err);
        }
        c = split->bytes[split->at];
        if (c == '}' || c == ']') {
            pop(split);
            if (split->depth == 0 && split->entered_line > 0) {
                split->piece_was_one_line = split->line == split->piece_line;
                return give_too_large(split, split->entered_line, out);
            }
            continue;
        }
        if (split->depth > 0 && split->levels[split->depth - 1].is_object) {
            next_member(split);
            continue;
        }
        if (c == '{') {
            if (has_become_lines(split)) {
                split->is_lines = true;
                return next_line(split, out, err);
            }
            status = next_object(split, out);
            if (status == LEDE_OK) {
                return LEDE_OK;
            }
        } else if (c == '[' && split->depth < LEVELS) {
            push(split, false, split->path_len);
        } else if (split->depth == 0) {
            if (skip_between(split)) {
                return give_junk(split, out);
            }
        } else {
            skip_scalar(split);
        }
    }
}

lede_status lede_json_split_next(lede_json_split *split, lede_json_piece *out,
                                 lede_error *err)
{
    shrink(split);
    out->is_junk = false;
    return split->is_lines ? next_line(split, out, err)
                           : next_value(split, out, err);
}

/* Whether a line like the piece's begins at `at`: its blanks, then {. Reads on
 * as needed. */
static bool line_begins_alike(lede_json_split *split)
{
    size_t i;

    for (i = 0; i <= split->piece_indent; i++) {
        uint8_t c;

        if (split->at + i == split->len) {
            size_t keep = split->at;

            if (!fill(split, &keep)) {
                return false;
            }
        }
        c = split->bytes[split->at + i];
        if (i == split->piece_indent ? c != '{' : c != ' ' && c != '\t') {
            return false;
        }
    }
    return true;
}

lede_status lede_json_split_resync(lede_json_split *split, lede_error *err)
{
    if (split->is_lines || !split->piece_began_line ||
        split->walked_again > WALK_AGAIN_MAX_BYTES ||
        split->walked_again / WALK_AGAIN_TIMES > split->taken) {
        return LEDE_OK;
    }
    split->walked_again += split->at - split->piece_at;
    split->at = split->piece_at;
    split->line = split->piece_line;
    do {
        drop_line(split);
    } while (split->at < split->len && !line_begins_alike(split));
    split->only_blanks = true;
    split->indent = 0;
    if (split->ended == LEDE_NO_MEMORY) {
        return give_end(split, err);
    }
    return LEDE_OK;
}

lede_status lede_json_split_new(lede_input *input, size_t max_bytes,
                                lede_json_split **out, lede_error *err)
{
    lede_json_split *split = calloc(1, sizeof *split);

    if (split != NULL) {
        split->bytes = malloc(WINDOW_BYTES);
    }
    if (split == NULL || split->bytes == NULL) {
        lede_json_split_free(split);
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    split->input = input;
    split->cap = WINDOW_BYTES;
    split->max_bytes = max_bytes == 0 ? LEDE_JSON_RECORD_MAX_BYTES : max_bytes;
    split->line = 1;
    split->only_blanks = true;
    split->is_lines = looks_like_lines(lede_input_head(input));
    *out = split;
    return LEDE_OK;
}

void lede_json_split_free(lede_json_split *split)
{
    if (split != NULL) {
        free(split->bytes);
        free(split);
    }
}
