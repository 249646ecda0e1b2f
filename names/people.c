#include "names/people.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "names/person.h"

enum {
    NONE = -1,
    /* So many clusters with a word are looked at, the youngest first: a list
     * of thousands of Smiths takes no time squared. */
    MAX_PROBES = 64,
    READ_NAMES = 128 /* a power of two */
};

/* What a word is to a name, as bits; and their numbers. */
enum { ROLE_LAST = 1, ROLE_FIRST = 2, ROLE_INNER = 4, ROLE_TITLE = 8 };
enum { TITLE = 3, ROLES = 4 };

typedef struct cluster {
    lede_person name;     /* the one with the most words */
    int64_t last_mention; /* NONE: spoken of later only */
    int64_t first_mention;
    uint32_t mentions; /* so far */
    uint8_t sex;
    bool spoken_of; /* not only a writer */
} cluster;

/* One word of a cluster's name. */
typedef struct node {
    uint32_t hash;
    uint32_t cluster;
    int32_t next;
    uint8_t roles;
} node;

/* A name as it is written, and what was read of it. */
typedef struct read_name {
    uint64_t written; /* hash, never 0 */
    lede_person name;
} read_name;

struct lede_people {
    lede_buf folded;
    read_name read[READ_NAMES]; /* the last ones: most are written again */
    lede_person *names;         /* of each mention */
    size_t name_cap;
    cluster *clusters;
    size_t cluster_count, cluster_cap;
    node *nodes;
    size_t node_count, node_cap;
    int32_t *heads;
    size_t head_count; /* a power of two */
};

lede_people *lede_people_new(void)
{
    return calloc(1, sizeof(lede_people));
}

void lede_people_free(lede_people *self)
{
    if (self != NULL) {
        lede_buf_done(&self->folded);
        free(self->names);
        free(self->clusters);
        free(self->nodes);
        free(self->heads);
        free(self);
    }
}

static void *grown(void *array, size_t *cap, size_t need, size_t item_bytes)
{
    size_t more = *cap == 0 ? 64 : *cap;
    void *moved;

    if (need <= *cap) {
        return array;
    }
    while (more < need) {
        more *= 2;
    }
    moved = realloc(array, more * item_bytes);
    if (moved != NULL) {
        *cap = more;
    }
    return moved;
}

/* The word before a mention, if a blank is all that parts them. */
static lede_span word_before(lede_span text, size_t at)
{
    size_t end;

    while (at > 0 && (text.bytes[at - 1] == ' ' || text.bytes[at - 1] == '.')) {
        at--;
    }
    end = at;
    while (at > 0 && ((text.bytes[at - 1] | 32) - 'a' + 0u) < 26u) {
        at--;
    }
    return lede_span_part(text, at, end - at);
}

static lede_sex sex_before(lede_span text, size_t at)
{
    lede_span word = word_before(text, at);
    uint8_t low[16];
    size_t i;

    if (word.len == 0 || word.len > sizeof low) {
        return LEDE_SEX_UNKNOWN;
    }
    for (i = 0; i < word.len; i++) {
        low[i] = word.bytes[i] | 32;
    }
    return lede_title_sex(lede_span_of(low, word.len));
}

/* Recalls the words of a name, or reads them. */
static bool read_name_of(lede_people *self, lede_span written, lede_person *out)
{
    uint64_t hash = lede_hash64(written) | 1;
    read_name *read = &self->read[hash >> 32 & (READ_NAMES - 1)];

    if (read->written != hash) {
        read->written = 0;
        if (!lede_person_read(written, &self->folded, &read->name)) {
            return false;
        }
        read->written = hash;
    }
    *out = read->name;
    return true;
}

static bool read_names(lede_people *self, const lede_name_text *texts,
                       const lede_mention *mentions, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        const lede_mention *mention = &mentions[i];
        lede_span text = texts[mention->text].text;
        lede_person *name = &self->names[i];

        name->count = 0;
        if (mention->kind != LEDE_NAME_PERSON) {
            continue;
        }
        if (!read_name_of(self,
                          lede_span_part(text, mention->begin,
                                         mention->end - mention->begin),
                          name)) {
            return false;
        }
        if (name->sex == LEDE_SEX_UNKNOWN) {
            name->sex = (uint8_t)sex_before(text, mention->begin);
        }
    }
    return true;
}

static bool clear_heads(lede_people *self, size_t mentions)
{
    size_t size = 64;
    size_t i;

    while (size < mentions * 2) {
        size *= 2;
    }
    if (size > self->head_count) {
        int32_t *heads = realloc(self->heads, size * sizeof *heads);

        if (heads == NULL) {
            return false;
        }
        self->heads = heads;
    }
    self->head_count = size;
    for (i = 0; i < size; i++) {
        self->heads[i] = NONE;
    }
    self->node_count = 0;
    self->cluster_count = 0;
    return true;
}

static int32_t *head_of(const lede_people *self, uint32_t hash)
{
    return &self->heads[(hash ^ hash >> 16) & (self->head_count - 1)];
}

static bool add_word(lede_people *self, uint32_t number, uint32_t hash,
                     uint8_t role)
{
    int32_t *head = head_of(self, hash);
    node *made;

    made =
        grown(self->nodes, &self->node_cap, self->node_count + 1, sizeof *made);
    if (made == NULL) {
        return false;
    }
    self->nodes = made;
    made += self->node_count;
    made->hash = hash;
    made->cluster = number;
    made->roles = role;
    made->next = *head;
    *head = (int32_t)self->node_count++;
    return true;
}

static bool add_words(lede_people *self, uint32_t number,
                      const lede_person *name)
{
    size_t i;

    for (i = 0; i < name->count; i++) {
        uint8_t role = i + 1u == name->count ? ROLE_LAST
                       : i == 0              ? ROLE_FIRST
                                             : ROLE_INNER;

        if (!add_word(self, number, name->hashes[i], role)) {
            return false;
        }
    }
    return name->title == 0 || name->is_title ||
           add_word(self, number, name->title, ROLE_TITLE);
}

static bool same_words(const lede_person *a, const lede_person *b)
{
    return a->count == b->count &&
           memcmp(a->hashes, b->hashes, a->count * sizeof a->hashes[0]) == 0;
}

static bool sexes_agree(uint8_t a, uint8_t b)
{
    return a == b || a == LEDE_SEX_UNKNOWN || b == LEDE_SEX_UNKNOWN;
}

/* The cluster that a full name belongs to; NONE for a new one. */
static int64_t find_full(const lede_people *self, const lede_person *name,
                         bool is_source)
{
    int64_t best = NONE;
    size_t i;

    for (i = 0; i < name->count; i++) {
        int32_t at = *head_of(self, name->hashes[i]);
        int probes = 0;

        for (; at != NONE && probes < MAX_PROBES; at = self->nodes[at].next) {
            const node *here = &self->nodes[at];
            const cluster *c = &self->clusters[here->cluster];
            bool whole = c->spoken_of != is_source;

            if (here->hash != name->hashes[i]) {
                continue;
            }
            probes++;
            if ((int64_t)here->cluster > best &&
                (whole ? lede_person_agrees(&c->name, name) &&
                             sexes_agree(c->sex, name->sex)
                       : same_words(&c->name, name))) {
                best = here->cluster;
            }
        }
    }
    return best;
}

static bool new_cluster(lede_people *self, const lede_person *name, size_t at,
                        bool is_source, uint32_t *out)
{
    cluster *made = grown(self->clusters, &self->cluster_cap,
                          self->cluster_count + 1, sizeof *made);

    if (made == NULL) {
        return false;
    }
    self->clusters = made;
    made += self->cluster_count;
    made->name = *name;
    made->first_mention = (int64_t)at;
    made->last_mention = NONE;
    made->mentions = 0;
    made->sex = name->sex;
    made->spoken_of = !is_source;
    *out = (uint32_t)self->cluster_count++;
    return add_words(self, *out, name);
}

static bool join(lede_people *self, uint32_t number, const lede_person *name,
                 bool is_source)
{
    cluster *c = &self->clusters[number];

    c->spoken_of |= !is_source;
    if (c->sex == LEDE_SEX_UNKNOWN) {
        c->sex = name->sex;
    }
    if (name->count > c->name.count ||
        (c->name.is_particled && lede_person_is_family(&c->name, name))) {
        c->name = *name;
        return add_words(self, number, name);
    }
    return true;
}

static bool link_full_names(lede_people *self, const lede_mention *mentions,
                            size_t count, uint32_t *group_of)
{
    size_t i;

    for (i = 0; i < count; i++) {
        const lede_person *name = &self->names[i];
        int64_t found;

        if (name->count < 2) {
            continue;
        }
        found = find_full(self, name, mentions[i].is_source);
        if (found != NONE) {
            group_of[i] = (uint32_t)found;
            if (!join(self, group_of[i], name, mentions[i].is_source)) {
                return false;
            }
        } else if (!new_cluster(self, name, i, mentions[i].is_source,
                                &group_of[i])) {
            return false;
        }
    }
    return true;
}

/* Whether a is a better cluster than b for a single name: one that was spoken
 * of, and rather one that was spoken of much more; else the one spoken of last,
 * or the one that comes next. A text returns to whom it is about. */
static bool is_nearer(const cluster *a, const cluster *b)
{
    if (a->mentions > 2 * b->mentions || b->mentions > 2 * a->mentions) {
        return a->mentions > b->mentions;
    }
    if (a->last_mention != b->last_mention) {
        return a->last_mention > b->last_mention;
    }
    return a->first_mention < b->first_mention;
}

/* The best cluster for each role of a word in names. */
static void find_word(const lede_people *self, uint32_t hash, uint8_t sex,
                      int64_t best[ROLES])
{
    int32_t at = *head_of(self, hash);
    int probes = 0;
    int r;

    for (; at != NONE && probes < MAX_PROBES; at = self->nodes[at].next) {
        const node *here = &self->nodes[at];
        const cluster *c = &self->clusters[here->cluster];

        if (here->hash != hash) {
            continue;
        }
        probes++;
        if (!c->spoken_of || !sexes_agree(c->sex, sex)) {
            continue;
        }
        for (r = 0; r < ROLES; r++) {
            if ((here->roles & 1 << r) != 0 &&
                (best[r] == NONE || is_nearer(c, &self->clusters[best[r]]))) {
                best[r] = here->cluster;
            }
        }
    }
}

/* The cluster that a single name belongs to; NONE for a new one. */
static int64_t find_single(const lede_people *self, const lede_person *name)
{
    int64_t best[ROLES] = {NONE, NONE, NONE, NONE};
    int r;

    find_word(self, name->hashes[0], name->sex, best);
    if (name->is_title) {
        int64_t titled[ROLES] = {NONE, NONE, NONE, NONE};

        find_word(self, name->title, name->sex, titled);
        return titled[TITLE] != NONE ? titled[TITLE] : best[0];
    }
    for (r = 0; r < TITLE; r++) {
        if (best[r] != NONE) {
            return best[r];
        }
    }
    return NONE;
}

static bool link_single_names(lede_people *self, const lede_mention *mentions,
                              size_t count, uint32_t *group_of)
{
    size_t i;

    for (i = 0; i < count; i++) {
        const lede_person *name = &self->names[i];

        if (mentions[i].kind != LEDE_NAME_PERSON) {
            continue;
        }
        if (name->count < 2) {
            int64_t found = name->count == 0 || mentions[i].is_source
                                ? NONE
                                : find_single(self, name);

            if (found != NONE) {
                group_of[i] = (uint32_t)found;
                if (!join(self, group_of[i], name, false)) {
                    return false;
                }
            } else if (!new_cluster(self, name, i, mentions[i].is_source,
                                    &group_of[i])) {
                return false;
            }
        }
        self->clusters[group_of[i]].last_mention = (int64_t)i;
        self->clusters[group_of[i]].mentions++;
    }
    return true;
}

bool lede_people_link(lede_people *self, const lede_name_text *texts,
                      const lede_mention *mentions, size_t mention_count,
                      uint32_t *group_of, uint32_t *count)
{
    lede_person *names =
        grown(self->names, &self->name_cap, mention_count + 1, sizeof *names);

    if (names == NULL) {
        return false;
    }
    self->names = names;
    if (!clear_heads(self, mention_count) ||
        !read_names(self, texts, mentions, mention_count) ||
        !link_full_names(self, mentions, mention_count, group_of) ||
        !link_single_names(self, mentions, mention_count, group_of)) {
        return false;
    }
    *count = (uint32_t)self->cluster_count;
    return true;
}

lede_span lede_people_lend(const lede_people *self, uint32_t group,
                           const lede_span *names, size_t name_count,
                           lede_buf *folded)
{
    const cluster *c = &self->clusters[group];
    lede_span found = lede_span_of(NULL, 0);
    lede_person kept;
    size_t i;

    if (!c->spoken_of || c->name.count > 1 + (uint8_t)c->name.is_particled) {
        return found;
    }
    for (i = 0; i < name_count; i++) {
        lede_person name;

        if (!lede_person_read(names[i], folded, &name) ||
            !lede_person_is_family(&c->name, &name) ||
            !sexes_agree(name.sex, c->sex)) {
            continue;
        }
        if (found.len == 0) {
            found = names[i];
            kept = name;
        } else if (!lede_person_agrees(&kept, &name)) {
            return lede_span_of(NULL, 0);
        }
    }
    return found;
}
