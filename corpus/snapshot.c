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

enum { INDEX_BYTES_MAX = 1 << 20, FACT_BYTES_MAX = 2048 };

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
    return n == 0 && !out->failed;
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

/* A copy that is not too long. */
static lede_span keep(lede_span text, lede_arena *arena)
{
    text.len = lede_utf8_floor(
        text, text.len < FACT_BYTES_MAX ? text.len : FACT_BYTES_MAX);
    text = text.len == 0 ? text : lede_arena_copy(arena, text);
    return text.bytes == NULL ? lede_span_of(NULL, 0) : text;
}

/* "a,b", ["a", "b"] or [{"name": "a"}]. */
static lede_span join_tags(const lede_json_value *tags, lede_arena *arena)
{
    lede_buf text = {0};
    const lede_json_value *tag;
    lede_span joined;

    if (tags == NULL || tags->type != LEDE_JSON_ARRAY) {
        return keep(lede_json_value_text(tags), arena);
    }
    for (tag = tags->first; tag != NULL; tag = tag->next) {
        lede_buf_put_text(&text, text.len > 0 ? "," : "");
        lede_buf_put_span(&text, lede_json_value_text(tag));
    }
    joined = keep(lede_buf_span(&text), arena);
    lede_buf_done(&text);
    return joined;
}

bool lede_snapshot_facts_read(lede_span json, lede_arena *arena,
                              lede_snapshot_facts *out)
{
    const lede_json_value *all = NULL, *facts = NULL;
    lede_arena local = {0};
    bool is_one = false;

    *out = (lede_snapshot_facts){.captured = lede_when_none()};
    if (lede_utf8_valid_prefix(json) == json.len &&
        lede_json_tree_read(json, &local, &all, NULL) == LEDE_OK) {
        facts = all->first;
        is_one = lede_json_member_text(facts, "url").len > 0 &&
                 lede_json_member_text(facts, "timestamp").len > 0 &&
                 (lede_json_member(facts, "history") != NULL ||
                  lede_json_member(facts, "canonical") != NULL);
    }
    if (is_one) {
        out->url = keep(lede_json_member_text(facts, "url"), arena);
        out->title = keep(lede_json_member_text(facts, "title"), arena);
        out->tags = join_tags(lede_json_member(facts, "tags"), arena);
        out->captured = when_saved(lede_json_member_text(facts, "timestamp"));
    }
    lede_arena_done(&local);
    return is_one;
}

/* False if the folder is no snapshot. */
static bool find_facts(const char *folder, size_t len, lede_arena *arena,
                       lede_snapshot_facts *out)
{
    lede_buf text = {0};
    bool is_one = read_index(folder, len, &text) &&
                  lede_snapshot_facts_read(lede_buf_span(&text), arena, out);

    lede_buf_done(&text);
    return is_one;
}

int lede_snapshot_rank(lede_span name)
{
    int i;

    for (i = 0; i < RENDERINGS; i++) {
        if (lede_span_is(name, renderings[i])) {
            return i < PAGES ? i : LEDE_SNAPSHOT_WARC + i;
        }
    }
    return lede_span_starts(name, "warc/") &&
                   (lede_match_ends(name, ".warc.gz") ||
                    lede_match_ends(name, ".warc"))
               ? LEDE_SNAPSHOT_WARC
               : LEDE_SNAPSHOT_NONE;
}

bool lede_snapshot_is_own(lede_span name)
{
    static const char *const known[] = {
        "index.json",      "index.html",     "favicon.ico",
        "headers.json",    "screenshot.png", "output.pdf",
        "singlefile.html", "output.html",    "archive.org.txt",
        "title.txt",       "media",          "git",
        "readability",     "mercury",        "warc",
        "htmltotext.txt"};
    size_t slash = lede_match_find(name, 0, "/");
    lede_span first = lede_span_part(name, 0, slash);
    size_t i;

    for (i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (lede_span_is(first, known[i])) {
            return true;
        }
    }
    return false;
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
    const struct dirent *child;
    DIR *dir = opendir(folder);
    bool has = false;

    while (dir != NULL && !has && (child = readdir(dir)) != NULL) {
        has = child->d_name[0] != '.' &&
              !lede_snapshot_is_own(lede_span_text(child->d_name));
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
    lede_snapshot_facts facts;
    bool is_one = find_facts(folder, len, &arena, &facts);

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

void lede_snapshot_describe(const char *path, lede_arena *arena,
                            lede_read_context *context)
{
    size_t len = strlen(path), i;

    for (i = 0; i < RENDERINGS; i++) {
        size_t tail = strlen(renderings[i]);
        lede_snapshot_facts facts;
        const char *chosen;

        if (len <= tail || path[len - tail - 1] != '/' ||
            strcmp(path + len - tail, renderings[i]) != 0) {
            continue;
        }
        chosen = find_facts(path, len - tail - 1, arena, &facts)
                     ? choose(path, len - tail - 1, 0, RENDERINGS)
                     : NULL;
        if (chosen != NULL && strcmp(chosen, renderings[i]) == 0) {
            context->url = facts.url;
            context->title = facts.title;
            context->tags = facts.tags;
            context->captured = facts.captured;
        }
        return;
    }
}
