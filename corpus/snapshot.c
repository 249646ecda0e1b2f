#include "corpus/snapshot.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "corpus/dates.h"
#include "corpus/json_tree.h"

enum { INDEX_BYTES_MAX = 1 << 20 };

/* Best first: what has the article alone comes behind what has its facts. */
static const char *const renderings[] = {
    "singlefile.html", "readability/content.html", "mercury/content.html",
    "output.html",     "readability/content.txt",  "mercury/content.txt",
};
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

static const char *choose(const char *folder, size_t len)
{
    const char *chosen = NULL;
    size_t i;

    for (i = 0; i < RENDERINGS && chosen == NULL; i++) {
        lede_buf path = {0};
        struct stat st;

        lede_buf_put_span(&path, lede_span_of(folder, len));
        lede_buf_put_byte(&path, '/');
        lede_buf_put_text(&path, renderings[i]);
        if (lede_buf_text(&path) != NULL &&
            lstat(lede_buf_text(&path), &st) == 0 && S_ISREG(st.st_mode) &&
            st.st_size > 0) {
            chosen = renderings[i];
        }
        lede_buf_done(&path);
    }
    return chosen;
}

const char *lede_snapshot_rendering(const char *folder)
{
    lede_arena arena = {0};
    bool is_one = find_facts(folder, strlen(folder), &arena) != NULL;

    lede_arena_done(&arena);
    return is_one ? choose(folder, strlen(folder)) : NULL;
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
        chosen = facts == NULL ? NULL : choose(path, len - tail - 1);
        if (chosen != NULL && strcmp(chosen, renderings[i]) == 0) {
            context->url = lede_json_member_text(facts, "url");
            context->title = lede_json_member_text(facts, "title");
            context->captured =
                when_saved(lede_json_member_text(facts, "timestamp"));
        }
        return;
    }
}
