#include "corpus/snapshot.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "corpus/dates.h"
#include "corpus/json_tree.h"
#include "corpus/text_match.h"

enum { INDEX_BYTES_MAX = 1 << 20 };

/* Best first: what has the article alone comes behind what has its facts. */
static const char *const renderings[] = {
    "singlefile.html", "readability/content.html", "mercury/content.html",
    "output.html",     "readability/content.txt",  "mercury/content.txt",
};
/* A web archive of the page comes before its bare texts. */
enum { PAGES = 4 };
enum { RENDERINGS = sizeof renderings / sizeof renderings[0] };

static bool read_index(const char *folder, size_t len, lede_buf *out)
{
    uint8_t bytes[4096];
    lede_buf path = {0};
    ssize_t n = -1;
    int fd = -1;

    lede_buf_put_span(&path, lede_span_of(folder, len));
    lede_buf_put_text(&path, "/index.json");
    if (lede_buf_text(&path) != NULL) {
        fd = open(lede_buf_text(&path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    }
    lede_buf_done(&path);
    while (fd >= 0 && out->len <= INDEX_BYTES_MAX &&
           (n = read(fd, bytes, sizeof bytes)) > 0) {
        lede_buf_put_span(out, lede_span_of(bytes, (size_t)n));
    }
    if (fd >= 0) {
        close(fd);
    }
    return n == 0 && !out->failed &&
           lede_utf8_valid_prefix(lede_buf_span(out)) == out->len;
}

/* What index.json has at its top; NULL if the folder is no snapshot. */
static const lede_json_value *find_facts(const char *folder, size_t len,
                                         lede_arena *arena)
{
    const lede_json_value *all = NULL, *facts = NULL;
    lede_buf text = {0};

    if (read_index(folder, len, &text) &&
        lede_json_tree_read(lede_buf_span(&text), arena, &all, NULL) ==
            LEDE_OK) {
        facts = all->first;
    }
    lede_buf_done(&text);
    return lede_json_member_text(facts, "url").len > 0 &&
                   lede_json_member_text(facts, "timestamp").len > 0 &&
                   (lede_json_member(facts, "history") != NULL ||
                    lede_json_member(facts, "canonical") != NULL)
               ? facts
               : NULL;
}

/* Whether the folder has a file of that name with something in it. */
static bool has_file(lede_span folder, const char *name)
{
    lede_buf path = {0};
    struct stat st;
    bool has = false;

    lede_buf_put_span(&path, folder);
    lede_buf_put_byte(&path, '/');
    lede_buf_put_text(&path, name);
    if (lede_buf_text(&path) != NULL) {
        has = lstat(lede_buf_text(&path), &st) == 0 && S_ISREG(st.st_mode) &&
              st.st_size > 0;
    }
    lede_buf_done(&path);
    return has;
}

static const char *choose(const char *folder, size_t len, size_t from,
                          size_t end)
{
    for (; from < end; from++) {
        if (has_file(lede_span_of(folder, len), renderings[from])) {
            return renderings[from];
        }
    }
    return NULL;
}

/* The web archive of the folder; of several the first by name. */
static bool find_warc(const char *folder, lede_buf *out)
{
    lede_buf path = {0};
    const struct dirent *child;
    DIR *dir = NULL;

    lede_buf_put_text(&path, folder);
    lede_buf_put_text(&path, "/warc");
    if (lede_buf_text(&path) != NULL) {
        dir = opendir(lede_buf_text(&path));
    }
    lede_buf_done(&path);
    lede_buf_clear(out);
    while (dir != NULL && (child = readdir(dir)) != NULL) {
        lede_span name = lede_span_text(child->d_name);

        if ((lede_match_ends(name, ".warc.gz") ||
             lede_match_ends(name, ".warc")) &&
            child->d_name[0] != '.' &&
            (out->len == 0 ||
             strcmp(child->d_name, lede_buf_text(out) + 5) < 0)) {
            lede_buf_clear(out);
            lede_buf_put_text(out, "warc/");
            lede_buf_put_span(out, name);
        }
        if (out->failed || lede_buf_text(out) == NULL) {
            break;
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return out->len > 0 && !out->failed &&
           has_file(lede_span_text(folder), lede_buf_text(out));
}

/* Whether the folder has anything that is none of ArchiveBox's own: the copy
 * that wget made, say, which is called as it was on its site. */
static bool has_more(const char *folder)
{
    static const char *const known[] = {
        "index.json",      "index.html",     "favicon.ico",
        "headers.json",    "screenshot.png", "output.pdf",
        "singlefile.html", "output.html",    "archive.org.txt",
        "title.txt",       "media",          "git",
        "readability",     "mercury",        "warc",
        "htmltotext.txt"};
    const struct dirent *child;
    DIR *dir = opendir(folder);
    bool has = false;

    while (dir != NULL && !has && (child = readdir(dir)) != NULL) {
        size_t i;

        has = child->d_name[0] != '.';
        for (i = 0; i < sizeof known / sizeof known[0] && has; i++) {
            has = strcmp(child->d_name, known[i]) != 0;
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return has;
}

bool lede_snapshot_rendering(const char *folder, lede_buf *out)
{
    lede_arena arena = {0};
    size_t len = strlen(folder);
    const char *chosen = NULL;
    bool is_one = find_facts(folder, len, &arena) != NULL;

    if (is_one) {
        chosen = choose(folder, len, 0, PAGES);
        if (chosen == NULL && !find_warc(folder, out)) {
            chosen = choose(folder, len, PAGES, RENDERINGS);
            is_one = chosen != NULL || !has_more(folder);
            chosen = chosen == NULL ? "index.json" : chosen;
        }
    }
    if (is_one && chosen != NULL) {
        lede_buf_clear(out);
        lede_buf_put_text(out, chosen);
    }
    lede_arena_done(&arena);
    return is_one && !out->failed && out->len > 0;
}

/* "1493350273.12": seconds; the time that the page was saved at. */
static lede_when when_saved(lede_span text)
{
    lede_when when = lede_when_none();
    int64_t seconds = 0;
    size_t i;

    for (i = 0;
         i < text.len && i < 12 && text.bytes[i] >= '0' && text.bytes[i] <= '9';
         i++) {
        seconds = seconds * 10 + (text.bytes[i] - '0');
    }
    if (i < 9 || i > 10 || (i < text.len && text.bytes[i] != '.') ||
        !lede_date_from_number(seconds, &when)) {
        return lede_when_none();
    }
    return when;
}

void lede_snapshot_describe(const char *path, lede_arena *arena,
                            lede_read_context *context)
{
    size_t len = strlen(path), i;

    for (i = 0; i < RENDERINGS; i++) {
        size_t tail = strlen(renderings[i]);
        const lede_json_value *facts;
        const char *chosen;

        if (len <= tail || path[len - tail - 1] != '/' ||
            strcmp(path + len - tail, renderings[i]) != 0) {
            continue;
        }
        facts = find_facts(path, len - tail - 1, arena);
        chosen =
            facts == NULL ? NULL : choose(path, len - tail - 1, 0, RENDERINGS);
        if (chosen != NULL && strcmp(chosen, renderings[i]) == 0) {
            context->url = lede_json_member_text(facts, "url");
            context->title = lede_json_member_text(facts, "title");
            context->captured =
                when_saved(lede_json_member_text(facts, "timestamp"));
        }
        return;
    }
}
