/* realpath is of the X/Open part of POSIX */
#define _XOPEN_SOURCE 700

#include "corpus/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "corpus/side_folder.h"
#include "corpus/snapshot.h"

enum {
    WALK_DEPTH_MAX = 256,
    COPY_FILES = 50,          /* more of one minute are a copy */
    SIBLINGS_LOOKED_AT = 1000 /* around a file that was named itself */
};

/* A child of a folder, as it was when the folder was listed. */
typedef struct child {
    size_t name; /* offset in the folder's names */
    struct stat st;
    bool is_link;
} child;

typedef struct folder {
    lede_buf names; /* each ends in NUL */
    child *children;
    size_t count, cap;
} folder;

/* A set of files that links have led to: open addressing, (0,0) is free. */
typedef struct file_id {
    uint64_t device, inode;
} file_id;

typedef struct walk {
    const lede_walk_callbacks *callbacks;
    const char *root; /* resolved; "" if a file was named */
    lede_buf path;    /* of what is being looked at, without NUL */
    file_id *followed;
    size_t followed_count, followed_cap; /* cap: a power of two, or 0 */
    lede_error *err;
} walk;

static lede_status no_memory(walk *w)
{
    return lede_fail(w->err, LEDE_NO_MEMORY, "no memory to list folders");
}

static bool is_stopped(const walk *w)
{
    return w->callbacks->stop != NULL && *w->callbacks->stop != 0;
}

/* ---- Notes ---- */

static void note(walk *w, const char *what)
{
    const char *path = lede_buf_text(&w->path);

    if (w->callbacks->note != NULL && path != NULL) {
        w->callbacks->note(w->callbacks->ctx, path, what);
    }
}

static void note_errno(walk *w, const char *what, int error)
{
    char reason[128] = "";
    char text[256];

    (void)strerror_r(error, reason, sizeof reason);
    (void)snprintf(text, sizeof text, "%s: %s", what, reason);
    note(w, text);
}

static void note_kind(walk *w, mode_t mode)
{
    if (S_ISFIFO(mode)) {
        note(w, "a pipe: not read");
    } else if (S_ISSOCK(mode)) {
        note(w, "a socket: not read");
    } else {
        note(w, "a device: not read");
    }
}

/* ---- Names ---- */

/* Appends "/name"; the length before, to go back to. */
static size_t path_push(walk *w, const char *name)
{
    size_t before = w->path.len;

    if (before == 0 || w->path.bytes[before - 1] != '/') {
        lede_buf_put_byte(&w->path, '/');
    }
    lede_buf_put_text(&w->path, name);
    return before;
}

static const char *child_name(const folder *f, const child *c)
{
    return (const char *)f->names.bytes + c->name;
}

/* The child called `stem` and `ending`, by bisection. */
static bool has_child(const folder *f, const char *stem, size_t stem_len,
                      const char *ending)
{
    size_t low = 0;
    size_t high = f->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *name = child_name(f, &f->children[middle]);
        int order = strncmp(name, stem, stem_len);

        if (order == 0) {
            order = strcmp(name + stem_len, ending);
        }
        if (order == 0) {
            return true;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

/* The folder that a browser made for a saved page's pictures and scripts. */
static bool belongs_to_page(const folder *f, const char *name)
{
    size_t stem = lede_side_folder_stem(lede_span_text(name));

    return stem > 0 && (has_child(f, name, stem, ".html") ||
                        has_child(f, name, stem, ".htm") ||
                        has_child(f, name, stem, ".xhtml"));
}

/* ---- Listing ---- */

static void folder_done(folder *f)
{
    lede_buf_done(&f->names);
    free(f->children);
}

static bool folder_put(folder *f, const char *name)
{
    if (f->count == f->cap) {
        size_t cap = f->cap == 0 ? 64 : f->cap * 2;
        child *grown = realloc(f->children, cap * sizeof *grown);

        if (grown == NULL) {
            return false;
        }
        f->children = grown;
        f->cap = cap;
    }
    memset(&f->children[f->count], 0, sizeof f->children[0]);
    f->children[f->count].name = f->names.len;
    lede_buf_put(&f->names, name, strlen(name) + 1);
    f->count += !f->names.failed;
    return !f->names.failed;
}

/* qsort has no context: children are sorted through their names' pointers. */
static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool sort_names(folder *f)
{
    const char **names = calloc(f->count + 1, sizeof *names);
    size_t i;

    if (names == NULL) {
        return false;
    }
    for (i = 0; i < f->count; i++) {
        names[i] = child_name(f, &f->children[i]);
    }
    qsort(names, f->count, sizeof *names, compare_names);
    for (i = 0; i < f->count; i++) {
        f->children[i].name = (size_t)(names[i] - (const char *)f->names.bytes);
    }
    free(names);
    return true;
}

/* Asks what each child is, relative to the open folder; what is gone by now is
 * noted and left out. */
static void look_at_children(walk *w, int fd, folder *f)
{
    size_t kept = 0;
    size_t i;

    for (i = 0; i < f->count && !is_stopped(w); i++) {
        child c = f->children[i];
        const char *name = child_name(f, &c);
        int failed = fstatat(fd, name, &c.st, AT_SYMLINK_NOFOLLOW);

        if (failed == 0 && S_ISLNK(c.st.st_mode)) {
            c.is_link = true;
            failed = fstatat(fd, name, &c.st, 0);
        }
        if (failed != 0) {
            int error = errno;
            size_t before = path_push(w, name);

            note_errno(w, c.is_link ? "a link that leads nowhere" : "skipped",
                       error);
            w->path.len = before;
            continue;
        }
        f->children[kept++] = c;
    }
    f->count = kept;
}

/* Lists the folder at w->path. LEDE_NOT_FOUND if it cannot be: noted. */
static lede_status list_folder(walk *w, folder *f)
{
    const char *path = lede_buf_text(&w->path);
    lede_status status = LEDE_OK;
    struct dirent *entry;
    DIR *dir = NULL;
    int fd;

    if (path == NULL) {
        return no_memory(w);
    }
    fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    dir = fd < 0 ? NULL : fdopendir(fd);
    if (dir == NULL) {
        note_errno(w, "cannot list this folder", errno);
        if (fd >= 0) {
            close(fd);
        }
        return LEDE_NOT_FOUND;
    }
    errno = 0;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.' && !folder_put(f, entry->d_name)) {
            status = no_memory(w);
            goto done;
        }
        errno = 0;
    }
    if (errno != 0) {
        note_errno(w, "cannot list all of this folder", errno);
    }
    if (!sort_names(f)) {
        status = no_memory(w);
        goto done;
    }
    look_at_children(w, dirfd(dir), f);

done:
    closedir(dir);
    return status;
}

/* ---- Times ---- */

static int64_t minute_of(const struct stat *st)
{
    return (int64_t)st->st_mtim.tv_sec / 60;
}

static int compare_minutes(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* The minutes of the folder's files, sorted; NULL when out of memory. */
static int64_t *sorted_minutes(const folder *f, size_t *count)
{
    int64_t *minutes = calloc(f->count + 1, sizeof *minutes);
    size_t i;

    *count = 0;
    for (i = 0; minutes != NULL && i < f->count; i++) {
        if (S_ISREG(f->children[i].st.st_mode)) {
            minutes[(*count)++] = minute_of(&f->children[i].st);
        }
    }
    if (minutes != NULL) {
        qsort(minutes, *count, sizeof *minutes, compare_minutes);
    }
    return minutes;
}

static bool is_copy_minute(const int64_t *minutes, size_t count, int64_t minute)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (minutes[middle] < minute) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return count - low > COPY_FILES && minutes[low + COPY_FILES] == minute;
}

/* ---- Links ---- */

static size_t id_slot(const walk *w, file_id id)
{
    uint64_t hash =
        (id.inode + id.device * 0x9E3779B97F4A7C15u) * 0xD6E8FEB86659FD93u;
    size_t slot = (size_t)(hash >> 32) & (w->followed_cap - 1);

    while ((w->followed[slot].inode != 0 || w->followed[slot].device != 0) &&
           (w->followed[slot].inode != id.inode ||
            w->followed[slot].device != id.device)) {
        slot = (slot + 1) & (w->followed_cap - 1);
    }
    return slot;
}

static bool grow_followed(walk *w)
{
    walk old = *w;
    size_t cap = w->followed_cap == 0 ? 64 : w->followed_cap * 2;
    size_t i;

    w->followed = calloc(cap, sizeof *w->followed);
    if (w->followed == NULL) {
        w->followed = old.followed;
        return false;
    }
    w->followed_cap = cap;
    for (i = 0; i < old.followed_cap; i++) {
        if (old.followed[i].inode != 0 || old.followed[i].device != 0) {
            w->followed[id_slot(w, old.followed[i])] = old.followed[i];
        }
    }
    free(old.followed);
    return true;
}

/* Remembers a file that a link led to; *is_new is false if one did before. */
static lede_status remember(walk *w, const struct stat *st, bool *is_new)
{
    file_id id = {(uint64_t)st->st_dev, (uint64_t)st->st_ino};
    size_t slot;

    if (w->followed_count * 2 >= w->followed_cap && !grow_followed(w)) {
        return no_memory(w);
    }
    slot = id_slot(w, id);
    *is_new = w->followed[slot].inode == 0 && w->followed[slot].device == 0;
    w->followed[slot] = id;
    w->followed_count += *is_new;
    return LEDE_OK;
}

/* The link at w->path leads to a file that the walk meets under its own name:
 * inside the root, with no hidden folder on the way. */
static bool leads_inside(walk *w)
{
    const char *path = lede_buf_text(&w->path);
    size_t root_len = strlen(w->root);
    char *target = path == NULL ? NULL : realpath(path, NULL);
    bool inside;

    if (target == NULL) {
        return false;
    }
    inside = root_len > 0 && strncmp(target, w->root, root_len) == 0 &&
             (target[root_len] == '/' || w->root[root_len - 1] == '/') &&
             strstr(target + root_len - (w->root[root_len - 1] == '/'), "/.") ==
                 NULL;
    free(target);
    return inside;
}

/* ---- The walk ---- */

static lede_status give_file(walk *w, const struct stat *st, bool is_copy)
{
    lede_walk_file file = {
        .path = lede_buf_text(&w->path),
        .size = (uint64_t)st->st_size,
        .mtime_ns = (int64_t)((uint64_t)st->st_mtim.tv_sec * 1000000000u) +
                    st->st_mtim.tv_nsec,
        .inode = (uint64_t)st->st_ino,
        .device = (uint64_t)st->st_dev,
        .mtime_is_copy = is_copy,
    };

    if (file.path == NULL) {
        return no_memory(w);
    }
    return w->callbacks->file(w->callbacks->ctx, &file, w->err);
}

static lede_status give_link(walk *w, const struct stat *st, bool is_copy)
{
    bool is_new = true;
    lede_status status;

    if (leads_inside(w)) {
        return LEDE_OK;
    }
    status = remember(w, st, &is_new);
    if (status != LEDE_OK || !is_new) {
        return status;
    }
    return give_file(w, st, is_copy);
}

static lede_status walk_folder(walk *w, unsigned depth);

/* The child whose path is at w->path. */
static lede_status walk_child(walk *w, const folder *f, const child *c,
                              bool is_copy, unsigned depth)
{
    mode_t mode = c->st.st_mode;

    if (S_ISREG(mode)) {
        return c->is_link ? give_link(w, &c->st, is_copy)
                          : give_file(w, &c->st, is_copy);
    }
    if (!S_ISDIR(mode)) {
        note_kind(w, mode);
        return LEDE_OK;
    }
    if (c->is_link) {
        note(w, "a link to a folder: not followed");
        return LEDE_OK;
    }
    if (belongs_to_page(f, child_name(f, c))) {
        return LEDE_OK;
    }
    if (depth + 1 >= WALK_DEPTH_MAX) {
        note(w, "folders nested too deeply: not entered");
        return LEDE_OK;
    }
    return walk_folder(w, depth + 1);
}

/* Of a page that was saved in many ways one is given. *is_one: it was. */
static lede_status walk_snapshot(walk *w, const folder *f, bool *is_one)
{
    lede_status status = LEDE_OK;
    lede_buf chosen = {0};
    const char *path;
    struct stat st;
    size_t before;

    *is_one = false;
    if (!has_child(f, "index", strlen("index"), ".json")) {
        return LEDE_OK;
    }
    path = lede_buf_text(&w->path);
    if (path == NULL || !lede_snapshot_rendering(path, &chosen) ||
        lede_buf_text(&chosen) == NULL) {
        lede_buf_done(&chosen);
        return LEDE_OK;
    }
    before = path_push(w, lede_buf_text(&chosen));
    lede_buf_done(&chosen);
    path = lede_buf_text(&w->path);
    if (path != NULL && lstat(path, &st) == 0 && S_ISREG(st.st_mode)) {
        *is_one = true;
        status = give_file(w, &st, true); /* the time is of no page */
    }
    w->path.len = before;
    w->path.failed = false;
    return status;
}

/* The folder at w->path. */
static lede_status walk_folder(walk *w, unsigned depth)
{
    folder f = {0};
    int64_t *minutes = NULL;
    size_t minute_count = 0;
    bool is_one;
    lede_status status = list_folder(w, &f);
    size_t i;

    if (status != LEDE_OK) {
        goto done;
    }
    if (is_stopped(w)) {
        status = lede_fail(w->err, LEDE_INTERRUPTED, "interrupted");
        goto done;
    }
    status = walk_snapshot(w, &f, &is_one);
    if (status != LEDE_OK || is_one) {
        goto done;
    }
    minutes = sorted_minutes(&f, &minute_count);
    if (minutes == NULL) {
        status = no_memory(w);
        goto done;
    }
    for (i = 0; i < f.count && status == LEDE_OK; i++) {
        const child *c = &f.children[i];
        size_t before = path_push(w, child_name(&f, c));

        status = is_stopped(w)
                     ? lede_fail(w->err, LEDE_INTERRUPTED, "interrupted")
                     : walk_child(w, &f, c,
                                  is_copy_minute(minutes, minute_count,
                                                 minute_of(&c->st)),
                                  depth);
        w->path.len = before;
        w->path.failed = false;
    }

done:
    free(minutes);
    folder_done(&f);
    /* a folder below the root that cannot be listed was noted */
    return status == LEDE_NOT_FOUND && depth > 0 ? LEDE_OK : status;
}

/* Whether more than COPY_FILES neighbours of a named file share its minute. */
static bool has_copies_beside(const char *dir_path, const struct stat *st)
{
    DIR *dir = opendir(dir_path);
    struct dirent *entry;
    size_t looked_at = 0;
    size_t same = 0;

    while (dir != NULL && same <= COPY_FILES &&
           looked_at < SIBLINGS_LOOKED_AT && (entry = readdir(dir)) != NULL) {
        struct stat other;

        looked_at++;
        if (entry->d_name[0] != '.' &&
            fstatat(dirfd(dir), entry->d_name, &other, 0) == 0 &&
            S_ISREG(other.st_mode) && minute_of(&other) == minute_of(st)) {
            same++;
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return same > COPY_FILES;
}

/* Cuts "a/b//" into folder "a" and name "b"; the folder of "b" is ".". Both are
 * the caller's to free. */
static bool split_path(const char *path, char **dir, char **name)
{
    size_t end = strlen(path);
    size_t begin;

    while (end > 1 && path[end - 1] == '/') {
        end--;
    }
    begin = end;
    while (begin > 0 && path[begin - 1] != '/') {
        begin--;
    }
    *name = strndup(path + begin, end - begin);
    *dir = begin == 0 ? strdup(".") : strndup(path, begin);
    return *name != NULL && *dir != NULL;
}

static lede_status walk_named_file(walk *w, const char *path,
                                   const struct stat *st)
{
    char *dir = NULL;
    char *name = NULL;
    char *resolved = NULL;
    lede_status status = LEDE_OK;

    if (!split_path(path, &dir, &name)) {
        status = no_memory(w);
        goto done;
    }
    resolved = realpath(dir, NULL);
    if (resolved == NULL) {
        status =
            lede_fail(w->err, LEDE_NOT_FOUND, "%s: cannot be reached", path);
        goto done;
    }
    lede_buf_put_text(&w->path, resolved);
    (void)path_push(w, name);
    if (S_ISREG(st->st_mode)) {
        status = give_file(w, st, has_copies_beside(resolved, st));
    } else {
        note_kind(w, st->st_mode);
    }

done:
    free(resolved);
    free(dir);
    free(name);
    return status;
}

/* Whether a folder belongs to a page: "X_files" stands beside "X.html". */
static bool stands_beside_page(const char *name, size_t len)
{
    static const char *const endings[] = {".html", ".htm", ".xhtml"};
    size_t stem =
        lede_side_folder_stem(lede_span_of((const uint8_t *)name, len));
    bool does = false;
    size_t i;

    for (i = 0; stem > 0 && i < sizeof endings / sizeof endings[0] && !does;
         i++) {
        lede_buf page = {0};

        lede_buf_put(&page, name, stem);
        lede_buf_put_text(&page, endings[i]);
        does = lede_buf_text(&page) != NULL &&
               access(lede_buf_text(&page), F_OK) == 0;
        lede_buf_done(&page);
    }
    return does;
}

static bool is_snapshot(char *path, size_t len)
{
    lede_buf chosen = {0};
    char end = path[len];
    bool is_one;

    path[len] = '\0';
    is_one = lede_snapshot_rendering(path, &chosen);
    path[len] = end;
    lede_buf_done(&chosen);
    return is_one;
}

bool lede_walk_gives(const char *root, char *path)
{
    size_t begin = strlen(root);
    size_t at;

    while (begin > 0 && path[begin - 1] == '/') {
        begin--;
    }
    for (at = begin; path[at] != '\0'; at++) {
        size_t name = begin;

        if (path[at] != '/') {
            continue;
        }
        while (path[name] == '/') {
            name++;
        }
        if (at > begin && (path[name] == '.' || stands_beside_page(path, at))) {
            return false;
        }
        if (is_snapshot(path, at)) {
            path[at] = '\0';
            return true;
        }
        begin = at;
    }
    while (path[begin] == '/') {
        begin++;
    }
    return path[begin] != '.' && !stands_beside_page(path, at);
}

static lede_status not_found(walk *w, const char *path, int error)
{
    char reason[128] = "";

    (void)strerror_r(error, reason, sizeof reason);
    return lede_fail(w->err, LEDE_NOT_FOUND, "%s: %s", path, reason);
}

lede_status lede_walk(const char *path, const lede_walk_callbacks *callbacks,
                      lede_error *err)
{
    walk w = {.callbacks = callbacks, .root = "", .err = err};
    lede_status status;
    char *resolved = NULL;
    struct stat st;

    if (stat(path, &st) != 0) {
        return not_found(&w, path, errno);
    }
    if (!S_ISDIR(st.st_mode)) {
        status = walk_named_file(&w, path, &st);
        goto done;
    }
    resolved = realpath(path, NULL);
    if (resolved == NULL) {
        return not_found(&w, path, errno);
    }
    w.root = resolved;
    lede_buf_put_text(&w.path, resolved);
    status = walk_folder(&w, 0);
    if (status == LEDE_NOT_FOUND) {
        status = lede_fail(err, LEDE_NOT_FOUND, "%s: cannot be listed", path);
    }

done:
    lede_buf_done(&w.path);
    free(w.followed);
    free(resolved);
    return status;
}
