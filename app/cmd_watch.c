/* cmd_watch.c - lede watch: keeps the archive up to date with folders.
 *
 * inotify says which files change. When nothing has changed for a while (the
 * settle time), what did is indexed, as `lede index` would. Where the system
 * loses count, or has no room for as many folders, all is walked again. What
 * stands at a path that was named is looked at every second: inotify goes by
 * what a name meant when it was asked, and is silent about what takes its
 * place. */
/* realpath is of the X/Open part of POSIX */
#define _XOPEN_SOURCE 700

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "app/index_files.h"
#include "app/path_list.h"
#include "corpus/walk.h"

enum {
    OPT_SETTLE = LEDE_INDEX_OPTIONS,
    OPT_ONCE,
    EVENT_BYTES = 64 * 1024,
    CHANGED_MAX = 4096, /* paths; with more all is walked */
    DEPTH_MAX = 256,
    LONGEST_SETTLES = 15, /* then what changes all the time is read, too */
    IDLE_MS = 1000,
    PAUSE_MAX_MS = 60000, /* behind runs that failed */
    POLL_IDLES = 60       /* between walks, where inotify has no room */
};

static const uint32_t events = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM |
                               IN_CREATE | IN_DELETE | IN_ONLYDIR;

static const lede_option options[] = {
    {"settle", 0, "TIME", "how long nothing must change before it reads (2s)",
     OPT_SETTLE},
    {"once", 0, NULL, "end after the first change was read", OPT_ONCE},
    {"memory", 'm', "SIZE", "bound on memory, such as 512M (the default)",
     LEDE_INDEX_MEMORY},
    {"zone", 0, "ZONE", "time zone of dates that name none (Europe/London)",
     LEDE_INDEX_ZONE},
    {"language", 0, "TAG", "language of entries that name none (en)",
     LEDE_INDEX_LANGUAGE},
    {"year", 0, "YEAR", "year of dates that name none", LEDE_INDEX_YEAR},
    {"prune", 0, NULL, "drop entries whose file is gone", LEDE_INDEX_PRUNE},
    {"no-names", 0, NULL, "do not look for people and places",
     LEDE_INDEX_NO_NAMES},
    {"sources", 0, "FILE", "settings per folder (ARCHIVE.sources)",
     LEDE_INDEX_SOURCES},
    {"wait", 0, "TIME", "how long to wait for another writer (10s)",
     LEDE_INDEX_WAIT},
    {NULL, 0, NULL, NULL, 0},
};

typedef struct settings {
    lede_index_settings index;
    int64_t settle_s;
    bool has_settle;
    bool once;
} settings;

/* A folder that is watched. */
typedef struct folder {
    int id; /* inotify's */
    char *path;
} folder;

/* What stands at a path that was named. */
typedef struct root {
    dev_t device;
    ino_t inode;
    int id;        /* inotify's, of a file; else 0 */
    bool is_there; /* and watched */
} root;

typedef struct watcher {
    int fd;
    const char *const *paths; /* that were named */
    root *roots;              /* one of each */
    uint32_t path_count;
    folder *folders; /* by id */
    size_t count, room;
    lede_path_list changed;
    bool is_dirty;  /* something changed */
    bool walks_all; /* and not all of it is known */
    bool must_poll; /* there is no room to watch everything */
    int failures;   /* of runs, one after another */
    bool failed;    /* out of memory */
    char *own;      /* the archive's folder: not watched */
} watcher;

static bool set(void *any, int id, const char *value, lede_error *err)
{
    settings *s = any;

    switch (id) {
    case OPT_SETTLE:
        if (lede_parse_duration(value, &s->settle_s) && s->settle_s <= 3600) {
            s->has_settle = true;
            return true;
        }
        lede_fail(err, LEDE_BAD_INPUT,
                  "--settle '%s': give a time of at most an hour, such as 5s",
                  value);
        return false;
    case OPT_ONCE:
        s->once = true;
        return true;
    default:
        return lede_index_set(&s->index, id, value, err);
    }
}

/* Folders. ---------------------------------------------------------------- */

static folder *find_folder(const watcher *w, int id)
{
    size_t low = 0;
    size_t high = w->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (w->folders[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < w->count && w->folders[low].id == id ? &w->folders[low] : NULL;
}

/* New ids are larger than all before, but for a folder that is watched. */
static void keep_folder(watcher *w, int id, const char *path)
{
    folder *known = find_folder(w, id);
    char *copy = strdup(path);

    if (copy == NULL) {
        w->failed = true;
        return;
    }
    if (known != NULL) {
        free(known->path);
        known->path = copy;
        return;
    }
    if (w->count == w->room) {
        size_t room = w->room == 0 ? 64 : w->room * 2;
        folder *grown = realloc(w->folders, room * sizeof *grown);

        if (grown == NULL) {
            free(copy);
            w->failed = true;
            return;
        }
        w->folders = grown;
        w->room = room;
    }
    w->folders[w->count++] = (folder){id, copy};
}

/* Watches a folder and those inside. */
static void watch_folder(watcher *w, const char *path, unsigned depth)
{
    char *real = w->own == NULL ? NULL : realpath(path, NULL);
    bool is_own = real != NULL && strcmp(real, w->own) == 0;
    int id = is_own ? -1 : inotify_add_watch(w->fd, path, events);
    DIR *dir = id < 0 || depth >= DEPTH_MAX ? NULL : opendir(path);
    struct dirent *item;

    free(real);
    if (is_own) {
        return;
    }
    if (id < 0) {
        w->must_poll |= errno == ENOSPC || errno == ENOMEM;
        return;
    }
    keep_folder(w, id, path);
    while (dir != NULL && (item = readdir(dir)) != NULL) {
        char inner[PATH_MAX];
        struct stat st;

        if (item->d_name[0] == '.' ||
            snprintf(inner, sizeof inner, "%s/%s", path, item->d_name) >=
                (int)sizeof inner) {
            continue;
        }
        if (lstat(inner, &st) == 0 && S_ISDIR(st.st_mode)) {
            watch_folder(w, inner, depth + 1);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
}

/* A file by itself is told of as long as it has that name. */
static bool watch_path(watcher *w, root *known, const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0) {
        lede_say("%s: %s", path, strerror(errno));
        return false;
    }
    if (S_ISDIR(st.st_mode)) {
        watch_folder(w, path, 0);
        return true;
    }
    known->id = inotify_add_watch(w->fd, path, IN_CLOSE_WRITE | IN_MODIFY);
    w->must_poll |= known->id < 0;
    return true;
}

static bool is_below(const char *top, const char *path)
{
    size_t len = strlen(top);

    return strncmp(top, path, len) == 0 &&
           (path[len] == '/' || path[len] == '\0' ||
            (len > 0 && path[len - 1] == '/'));
}

/* Folders that stood below a path are none of it when they go elsewhere. */
static void forget_below(watcher *w, const char *path)
{
    size_t kept = 0;
    size_t i;

    for (i = 0; i < w->count; i++) {
        if (is_below(path, w->folders[i].path)) {
            (void)inotify_rm_watch(w->fd, w->folders[i].id);
            free(w->folders[i].path);
        } else {
            w->folders[kept++] = w->folders[i];
        }
    }
    w->count = kept;
}

static root look_at(const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0) {
        return (root){.is_there = false};
    }
    return (root){st.st_dev, st.st_ino, 0, true};
}

/* Watches and reads what took the place of something that was named. */
static void check_roots(watcher *w)
{
    uint32_t i;

    for (i = 0; i < w->path_count; i++) {
        const char *path = w->paths[i];
        root *known = &w->roots[i];
        root now = look_at(path);

        if (now.is_there == known->is_there && now.inode == known->inode &&
            now.device == known->device) {
            continue;
        }
        forget_below(w, path);
        if (known->id > 0) {
            (void)inotify_rm_watch(w->fd, known->id);
        }
        if (!now.is_there) {
            lede_say("%s is gone: it is read when it is back", path);
        } else if (watch_path(w, &now, path)) {
            lede_say("%s is %s: all of it is read", path,
                     known->is_there ? "another one now" : "back");
            w->is_dirty = w->walks_all = true;
        }
        *known = now;
    }
}

/* Events. ----------------------------------------------------------------- */

static void note_change(watcher *w, const char *path)
{
    uint32_t i;

    w->is_dirty = true;
    for (i = 0; i < w->changed.count; i++) {
        if (strcmp(w->changed.paths[i], path) == 0) {
            return;
        }
    }
    if (w->changed.count >= CHANGED_MAX) {
        w->walks_all = true;
    } else {
        w->failed |= !lede_path_list_add(&w->changed, path);
    }
}

/* Nobody writes to what was made as another name of a file: no more is to come
 * of it. */
static bool is_link(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0 &&
           (S_ISLNK(st.st_mode) || (S_ISREG(st.st_mode) && st.st_nlink > 1));
}

/* A path whose watch has ended is looked at anew, since what takes its place
 * may look the same (file systems use numbers again). */
static void end_watch(watcher *w, int id, const folder *ended)
{
    uint32_t i;

    for (i = 0; i < w->path_count; i++) {
        if (ended != NULL ? strcmp(w->paths[i], ended->path) == 0
                          : w->roots[i].id == id) {
            w->roots[i] = (root){.is_there = false, .inode = 1};
        }
    }
}

static void take_event(watcher *w, const struct inotify_event *event)
{
    const folder *inside = find_folder(w, event->wd);
    char path[PATH_MAX];

    if ((event->mask & IN_Q_OVERFLOW) != 0) {
        w->is_dirty = w->walks_all = true;
        return;
    }
    if ((event->mask & IN_IGNORED) != 0) {
        end_watch(w, event->wd, inside); /* others are told by the one around */
        return;
    }
    if (inside == NULL || event->len == 0) { /* a file that was named */
        w->is_dirty = w->walks_all = true;
        return;
    }
    if (event->name[0] == '.' ||
        snprintf(path, sizeof path, "%s/%s", inside->path, event->name) >=
            (int)sizeof path) {
        return;
    }
    if ((event->mask & IN_ISDIR) != 0 &&
        (event->mask & (IN_CREATE | IN_MOVED_TO)) != 0) {
        watch_folder(w, path, 1);
        note_change(w, path); /* it may have had files before it was watched */
    } else if ((event->mask & (IN_DELETE | IN_MOVED_FROM)) != 0) {
        w->is_dirty = w->walks_all = true; /* entries may go with it */
    } else if ((event->mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) != 0 ||
               is_link(path)) {
        note_change(w, path);
    }
}

/* Reads what there is to read. */
static void take_events(watcher *w)
{
    static _Alignas(struct inotify_event) char bytes[EVENT_BYTES];
    ssize_t len = read(w->fd, bytes, sizeof bytes);
    ssize_t at = 0;

    while (at < len) {
        const struct inotify_event *event =
            (const struct inotify_event *)(const void *)(bytes + at);

        take_event(w, event);
        at += (ssize_t)(sizeof *event + event->len);
    }
}

static bool wait_events(watcher *w, int ms)
{
    struct pollfd poll_fd = {.fd = w->fd, .events = POLLIN};

    return poll(&poll_fd, 1, ms) > 0;
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Until something changed and nothing has for the settle time, or it has been
 * going on for long; false when asked to stop. */
static bool wait_change(watcher *w, int settle_ms)
{
    const volatile int *stop = lede_app_stop_flag();
    int64_t began = 0;
    int idles = 0;

    if (w->failures > 0) { /* longer each time */
        settle_ms = w->failures > 5 || settle_ms << w->failures > PAUSE_MAX_MS
                        ? PAUSE_MAX_MS
                        : settle_ms << w->failures;
    }
    while (*stop == 0 && !w->failed) {
        bool was_dirty;

        check_roots(w);
        was_dirty = w->is_dirty;
        if (wait_events(w, was_dirty ? settle_ms : IDLE_MS)) {
            take_events(w);
            began = was_dirty ? began : now_ms();
            if (!w->is_dirty ||
                now_ms() - began < (int64_t)settle_ms * LONGEST_SETTLES) {
                continue;
            }
        } else if (!was_dirty && w->must_poll && ++idles >= POLL_IDLES) {
            w->is_dirty = w->walks_all = true;
        }
        if (w->is_dirty && *stop == 0) {
            return true;
        }
    }
    return false;
}

/* The path that was named and that `path` is below, or is. */
static const char *root_of(const watcher *w, const char *path)
{
    uint32_t i;

    for (i = 0; i < w->path_count; i++) {
        if (is_below(w->paths[i], path)) {
            return w->paths[i];
        }
    }
    return NULL;
}

/* What is to be read of the changes: as a walk of everything would, and only
 * what is still there. */
static void choose_changes(watcher *w)
{
    lede_path_list changed = w->changed;
    uint32_t i;

    w->changed = (lede_path_list){0};
    for (i = 0; i < changed.count; i++) {
        char *path = changed.paths[i];
        const char *from = root_of(w, path);

        if (access(path, F_OK) == 0 &&
            (from == NULL || lede_walk_gives(from, path))) {
            note_change(w, path);
        }
    }
    lede_path_list_done(&changed);
}

static int read_all(watcher *w, lede_app *app, settings *s)
{
    bool has_any = false;
    uint32_t i;

    for (i = 0; i < w->path_count; i++) {
        if (access(w->paths[i], F_OK) == 0) {
            has_any = true;
            watch_path(w, &w->roots[i], w->paths[i]);
        }
    }
    return has_any
               ? lede_index_files(app, &s->index, w->paths, w->path_count)
               : LEDE_EXIT_DONE;
}

/* What changed and is still there; of all paths if that is not known. What
 * could not be kept, since another writer is at work, say, is tried again. */
static int read_changes(watcher *w, lede_app *app, settings *s)
{
    int result = LEDE_EXIT_DONE;

    choose_changes(w);
    if (w->walks_all) {
        result = read_all(w, app, s);
    } else if (w->changed.count > 0) {
        result = lede_index_files(app, &s->index,
                                  (const char *const *)w->changed.paths,
                                  w->changed.count);
    }
    lede_path_list_done(&w->changed);
    w->is_dirty = w->walks_all = result == LEDE_EXIT_ERROR;
    w->failures = w->is_dirty ? w->failures + 1 : 0;
    return result;
}

/* An archive that is made by the first run may stand inside of what is
 * watched. */
static bool make_archive(lede_app *app)
{
    lede_archive *archive = NULL;
    int result = lede_app_open(app, true, &archive);

    lede_archive_close(archive);
    return result == LEDE_EXIT_DONE;
}

static int watch(watcher *w, lede_app *app, settings *s)
{
    int settle_ms = s->has_settle ? (int)s->settle_s * 1000 : 2000;
    int result;
    uint32_t i;

    for (i = 0; i < w->path_count; i++) {
        w->roots[i] = look_at(w->paths[i]);
        if (!watch_path(w, &w->roots[i], w->paths[i])) {
            return LEDE_EXIT_ERROR;
        }
    }
    if (w->must_poll) {
        lede_say("too many folders to watch (fs.inotify.max_user_watches): "
                 "all of them are looked through every minute instead");
    }
    result = lede_index_files(app, &s->index, w->paths, w->path_count);
    w->is_dirty = w->walks_all = false;
    while (result != LEDE_EXIT_INTERRUPTED && wait_change(w, settle_ms)) {
        result = read_changes(w, app, s);
        if (s->once) {
            break;
        }
    }
    if (w->failed) {
        lede_say("out of memory");
        return LEDE_EXIT_ERROR;
    }
    return *lede_app_stop_flag() != 0 ? LEDE_EXIT_INTERRUPTED : result;
}

static int run(lede_app *app, void *any, const char **operands, uint32_t count)
{
    settings *s = any;
    watcher w = {.fd = -1};
    lede_path_list list = {0};
    int result = LEDE_EXIT_ERROR;
    uint32_t i;

    if (count == 0) {
        lede_say("which folders? Give one or more files or folders to watch");
        return LEDE_EXIT_ERROR;
    }
    for (i = 0; i < count; i++) {
        if (!lede_path_list_add(&list, operands[i])) {
            lede_say("out of memory");
            goto done;
        }
    }
    if (!lede_app_find_archive(app) || !make_archive(app)) {
        goto done;
    }
    w.own = realpath(app->archive, NULL);
    w.fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (w.fd < 0) {
        lede_say("folders cannot be watched: %s", strerror(errno));
        goto done;
    }
    lede_app_catch_signals();
    w.paths = (const char *const *)list.paths;
    w.path_count = list.count;
    w.roots = calloc(list.count, sizeof *w.roots);
    if (w.roots == NULL) {
        lede_say("out of memory");
        goto done;
    }
    result = watch(&w, app, s);

done:
    if (w.fd >= 0) {
        close(w.fd);
    }
    for (i = 0; i < w.count; i++) {
        free(w.folders[i].path);
    }
    free(w.folders);
    free(w.roots);
    free(w.own);
    lede_path_list_done(&w.changed);
    lede_path_list_done(&list);
    return result;
}

const lede_command lede_command_watch = {
    .name = "watch",
    .operands = "PATH...",
    .summary = "Index files and folders, and again whenever they change.",
    .options = options,
    .set = set,
    .settings_bytes = sizeof(settings),
    .run = run,
};
