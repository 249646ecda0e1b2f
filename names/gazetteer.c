#include "names/gazetteer.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/analyze.h"
#include "base/hash.h"
#include "names/gazetteer_format.h"

enum { RECORDS = 0, LOWS, HIGHS, IDS, STARTS, BLOCKS, SECTIONS };
enum { FLAG_CAPITAL = 8, FLAG_SEAT = 16, NO_PARENT = 0xFFFF };

struct lede_gazetteer {
    lede_span file;
    void *map; /* NULL if the bytes are somebody else's */
    lede_span sections[SECTIONS];
    uint32_t place_count, name_count, town_count;
    uint32_t high_count, block_count;
    uint64_t mark;
};

static uint32_t u16_at(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t u32_at(const uint8_t *p)
{
    return u16_at(p) | u16_at(p + 2) << 16;
}

static uint64_t u64_at(const uint8_t *p)
{
    return u32_at(p) | (uint64_t)u32_at(p + 4) << 32;
}

static lede_status damaged(lede_error *err, const char *what)
{
    return lede_fail(err, LEDE_CORRUPT, "the table of places is damaged (%s)",
                     what);
}

static lede_status take_sections(lede_gazetteer *self, lede_error *err)
{
    size_t head = LEDE_GAZETTEER_HEAD_BYTES;
    int i;

    if (self->file.len < head + 8 * SECTIONS) {
        return damaged(err, "too short");
    }
    for (i = 0; i < SECTIONS; i++) {
        uint32_t offset = u32_at(self->file.bytes + head + 8 * i);
        uint32_t len = u32_at(self->file.bytes + head + 8 * i + 4);

        if (offset > self->file.len || len > self->file.len - offset) {
            return damaged(err, "a part is outside of it");
        }
        self->sections[i] = lede_span_of(self->file.bytes + offset, len);
    }
    return LEDE_OK;
}

/* That the parts have the lengths that the counts ask for. */
static lede_status check_counts(lede_gazetteer *self, lede_error *err)
{
    uint64_t others;

    if (self->town_count > self->place_count ||
        self->place_count > LEDE_GAZETTEER_MAX_BYTES ||
        self->name_count > LEDE_GAZETTEER_MAX_BYTES) {
        return damaged(err, "counts");
    }
    others = self->place_count - self->town_count;
    self->high_count = (uint32_t)(self->sections[HIGHS].len / 4);
    self->block_count = (self->name_count + LEDE_GAZETTEER_BLOCK_NAMES - 1) /
                        LEDE_GAZETTEER_BLOCK_NAMES;
    if (self->sections[RECORDS].len !=
            (uint64_t)self->place_count * LEDE_GAZETTEER_RECORD_BYTES ||
        self->sections[LOWS].len != (uint64_t)self->town_count * 2 ||
        self->high_count == 0 || self->sections[IDS].len < 4 * (others + 1) ||
        self->sections[STARTS].len != (uint64_t)self->block_count * 4) {
        return damaged(err, "lengths");
    }
    self->high_count--;
    return LEDE_OK;
}

static lede_status take_file(lede_gazetteer *self, lede_error *err)
{
    const uint8_t *p = self->file.bytes;
    lede_status status;

    if (self->file.len < LEDE_GAZETTEER_HEAD_BYTES ||
        memcmp(p, "ledegazt", 8) != 0) {
        return lede_fail(err, LEDE_CORRUPT, "this is no table of places");
    }
    if (u32_at(p + 8) != LEDE_GAZETTEER_VERSION) {
        return lede_fail(err, LEDE_TOO_NEW,
                         "the table of places has version %u, this program "
                         "reads %d",
                         u32_at(p + 8), LEDE_GAZETTEER_VERSION);
    }
    self->place_count = u32_at(p + 12);
    self->name_count = u32_at(p + 16);
    self->town_count = u32_at(p + 20);
    self->mark = u64_at(p + 24);
    status = take_sections(self, err);
    return status != LEDE_OK ? status : check_counts(self, err);
}

lede_status lede_gazetteer_new(lede_span file, lede_gazetteer **out,
                               lede_error *err)
{
    lede_gazetteer *self = calloc(1, sizeof *self);
    lede_status status;

    if (self == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for the places");
    }
    self->file = file;
    status = take_file(self, err);
    if (status != LEDE_OK) {
        lede_gazetteer_close(self);
        return status;
    }
    *out = self;
    return LEDE_OK;
}

static lede_status map_file(const char *path, void **map, size_t *len,
                            lede_error *err)
{
    lede_status status = LEDE_OK;
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return errno == ENOENT || errno == ENOTDIR
                   ? LEDE_NOT_FOUND
                   : lede_fail(err, LEDE_IO, "%s: %s", path, strerror(errno));
    }
    if (fstat(fd, &info) != 0) {
        status = lede_fail(err, LEDE_IO, "%s: %s", path, strerror(errno));
    } else if (!S_ISREG(info.st_mode) || info.st_size < 1 ||
               info.st_size > LEDE_GAZETTEER_MAX_BYTES) {
        status = lede_fail(err, LEDE_CORRUPT, "%s: this is no table of places",
                           path);
    } else {
        *len = (size_t)info.st_size;
        *map = mmap(NULL, *len, PROT_READ, MAP_SHARED, fd, 0);
        if (*map == MAP_FAILED) {
            status = lede_fail(err, LEDE_IO, "%s: %s", path, strerror(errno));
        }
    }
    close(fd);
    return status;
}

lede_status lede_gazetteer_open(const char *path, lede_gazetteer **out,
                                lede_error *err)
{
    void *map = NULL;
    size_t len = 0;
    lede_status status = map_file(path, &map, &len, err);

    if (status != LEDE_OK) {
        return status;
    }
    status = lede_gazetteer_new(lede_span_of(map, len), out, err);
    if (status != LEDE_OK) {
        munmap(map, len);
        return lede_fail_in(err, status, "%s", path);
    }
    (*out)->map = map;
    return LEDE_OK;
}

void lede_gazetteer_close(lede_gazetteer *self)
{
    if (self != NULL) {
        if (self->map != NULL) {
            munmap(self->map, self->file.len);
        }
        free(self);
    }
}

bool lede_gazetteer_is_whole(const lede_gazetteer *self)
{
    return lede_hash64(lede_span_part(self->file, LEDE_GAZETTEER_HEAD_BYTES,
                                      SIZE_MAX)) == self->mark;
}

uint64_t lede_gazetteer_mark(const lede_gazetteer *self)
{
    return self->mark;
}

uint32_t lede_gazetteer_count(const lede_gazetteer *self)
{
    return self->place_count;
}

lede_gazetteer_record lede_gazetteer_record_of(const lede_gazetteer *self,
                                               lede_place_number place)
{
    lede_gazetteer_record record;
    const uint8_t *p;
    uint32_t parent;
    uint32_t population;
    uint32_t flags;

    assert(place < self->place_count);
    p = self->sections[RECORDS].bytes +
        (size_t)place * LEDE_GAZETTEER_RECORD_BYTES;
    parent = u16_at(p);
    record.parent =
        parent == NO_PARENT || parent >= self->place_count - self->town_count
            ? LEDE_PLACE_NONE
            : self->town_count + parent;
    record.lat = (int16_t)u16_at(p + 2);
    record.lon = (int16_t)u16_at(p + 4);
    population = u16_at(p + 6);
    record.population =
        (uint32_t)((uint64_t)(population & 0x7FF) << (population >> 11) &
                   UINT32_MAX);
    record.name = u32_at(p + 8) >> 8;
    flags = p[8];
    record.kind = (flags & 7) < LEDE_PLACE_KIND_COUNT
                      ? (lede_place_kind)(flags & 7)
                      : LEDE_PLACE_AREA;
    record.is_capital = (flags & FLAG_CAPITAL) != 0;
    record.is_seat = (flags & FLAG_SEAT) != 0;
    return record;
}

double lede_gazetteer_lat(const lede_gazetteer_record *record)
{
    return record->lat * 90.0 / 32767;
}

double lede_gazetteer_lon(const lede_gazetteer_record *record)
{
    return record->lon * 180.0 / 32767;
}

/* The id of a place that is no town. */
static lede_span other_id(const lede_gazetteer *self, lede_place_number place)
{
    lede_span ids = self->sections[IDS];
    uint32_t others = self->place_count - self->town_count;
    uint32_t number = place - self->town_count;
    size_t bytes_at = 4 * ((size_t)others + 1);
    uint32_t begin = u32_at(ids.bytes + 4 * (size_t)number);
    uint32_t end = u32_at(ids.bytes + 4 * ((size_t)number + 1));

    if (begin > end || end > ids.len - bytes_at ||
        end - begin >= LEDE_PLACE_ID_BYTES) {
        return lede_span_of(NULL, 0);
    }
    return lede_span_of(ids.bytes + bytes_at + begin, end - begin);
}

static uint32_t high_begin(const lede_gazetteer *self, uint32_t high)
{
    uint32_t begin = u32_at(self->sections[HIGHS].bytes + 4 * (size_t)high);

    return begin > self->town_count ? self->town_count : begin;
}

/* The last high half whose towns begin at or before this one. */
static uint32_t high_of(const lede_gazetteer *self, lede_place_number town)
{
    uint32_t low = 0;
    uint32_t top = self->high_count;

    while (top - low > 1) {
        uint32_t middle = low + (top - low) / 2;

        if (high_begin(self, middle) <= town) {
            low = middle;
        } else {
            top = middle;
        }
    }
    return low;
}

void lede_gazetteer_put_id(const lede_gazetteer *self, lede_place_number place,
                           char out[LEDE_PLACE_ID_BYTES])
{
    if (place < self->town_count) {
        uint32_t low = u16_at(self->sections[LOWS].bytes + 2 * (size_t)place);
        uint32_t high = self->high_count == 0 ? 0 : high_of(self, place);

        snprintf(out, LEDE_PLACE_ID_BYTES, "g%u", (high & 0xFFFF) << 16 | low);
    } else {
        lede_span id = other_id(self, place);

        memcpy(out, id.len == 0 ? (const uint8_t *)"" : id.bytes, id.len);
        out[id.len] = '\0';
    }
}

static lede_place_number town_by_number(const lede_gazetteer *self,
                                        uint32_t number)
{
    uint32_t high = number >> 16;
    uint32_t begin;
    uint32_t end;

    if (high >= self->high_count) {
        return LEDE_PLACE_NONE;
    }
    begin = high_begin(self, high);
    end = high_begin(self, high + 1);
    while (begin < end) {
        uint32_t middle = begin + (end - begin) / 2;
        uint32_t low = u16_at(self->sections[LOWS].bytes + 2 * (size_t)middle);

        if (low == (number & 0xFFFF)) {
            return middle;
        }
        if (low < (number & 0xFFFF)) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return LEDE_PLACE_NONE;
}

lede_place_number lede_gazetteer_by_id(const lede_gazetteer *self, lede_span id)
{
    uint32_t begin = self->town_count;
    uint32_t end = self->place_count;
    size_t i;

    if (id.len >= 2 && id.len <= 11 && id.bytes[0] == 'g') {
        uint64_t number = 0;

        for (i = 1; i < id.len; i++) {
            if (id.bytes[i] < '0' || id.bytes[i] > '9') {
                return LEDE_PLACE_NONE;
            }
            number = number * 10 + (uint64_t)(id.bytes[i] - '0');
        }
        return number > UINT32_MAX || id.bytes[1] == '0'
                   ? LEDE_PLACE_NONE
                   : town_by_number(self, (uint32_t)number);
    }
    while (begin < end) {
        uint32_t middle = begin + (end - begin) / 2;
        int order = lede_span_compare(other_id(self, middle), id);

        if (order == 0) {
            return middle;
        }
        if (order < 0) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return LEDE_PLACE_NONE;
}

size_t lede_gazetteer_parents(const lede_gazetteer *self,
                              lede_place_number place,
                              lede_place_number out[LEDE_PLACE_MAX_PARENTS])
{
    size_t count = 0;

    while (count < LEDE_PLACE_MAX_PARENTS) {
        place = lede_gazetteer_record_of(self, place).parent;
        if (place == LEDE_PLACE_NONE) {
            break;
        }
        out[count++] = place;
    }
    return count;
}

/* A name by its number, into `out`. */
static size_t put_name(const lede_gazetteer *self, uint32_t number,
                       char out[LEDE_PLACE_NAME_BYTES])
{
    lede_gazetteer_names names;
    uint32_t block = number / LEDE_GAZETTEER_BLOCK_NAMES;

    names.name_len = 0;
    if (number < self->name_count) {
        lede_gazetteer_names_init(&names, self, block);
        while (names.next <= number && lede_gazetteer_names_next(&names)) {
        }
        if (names.next != number + 1) {
            names.name_len = 0;
        }
    }
    memcpy(out, names.name, names.name_len);
    out[names.name_len] = '\0';
    return names.name_len;
}

void lede_gazetteer_get(const lede_gazetteer *self, lede_place_number place,
                        lede_place_facts *out)
{
    lede_gazetteer_record record = lede_gazetteer_record_of(self, place);
    lede_place_number chain[LEDE_PLACE_MAX_PARENTS + 1];
    size_t count;
    size_t i;

    memset(out, 0, sizeof *out);
    out->kind = record.kind;
    lede_gazetteer_put_id(self, place, out->id);
    put_name(self, record.name, out->name);
    out->population = record.population;
    out->lat = lede_gazetteer_lat(&record);
    out->lon = lede_gazetteer_lon(&record);
    out->is_capital = record.is_capital;
    out->is_seat = record.is_seat;
    out->country_place = LEDE_PLACE_NONE;
    out->region_place = LEDE_PLACE_NONE;
    chain[0] = place;
    count = 1 + lede_gazetteer_parents(self, place, chain + 1);
    for (i = 0; i < count; i++) {
        lede_place_kind kind = lede_gazetteer_record_of(self, chain[i]).kind;

        if (kind == LEDE_PLACE_COUNTRY && chain[i] >= self->town_count) {
            lede_span id = other_id(self, chain[i]);

            if (id.len == 4) {
                memcpy(out->country, id.bytes + 2, 2);
                out->country_place = chain[i];
            }
        } else if (kind == LEDE_PLACE_REGION && i > 0) {
            out->region_place = chain[i];
        }
    }
}

/* ----- names ----- */

void lede_gazetteer_names_init(lede_gazetteer_names *names,
                               const lede_gazetteer *self, uint32_t block)
{
    lede_span blocks = self->sections[BLOCKS];
    uint32_t start =
        block >= self->block_count
            ? (uint32_t)blocks.len
            : u32_at(self->sections[STARTS].bytes + 4 * (size_t)block);

    names->gazetteer = self;
    names->end = blocks.bytes + blocks.len;
    names->at = start > blocks.len ? names->end : blocks.bytes + start;
    names->places = NULL;
    names->has_people = false;
    names->next = block * LEDE_GAZETTEER_BLOCK_NAMES;
    names->name_len = 0;
}

/* One varint at *at, which moves; false if there is no whole one. */
static bool take_ref(const uint8_t **at, const uint8_t *end, uint64_t *out)
{
    unsigned shift = 0;

    *out = 0;
    while (*at < end && shift < 35) {
        uint8_t byte = *(*at)++;

        *out |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) {
            return true;
        }
        shift += 7;
    }
    return false;
}

bool lede_gazetteer_names_place(lede_gazetteer_names *names,
                                lede_place_number *place, bool *people)
{
    uint64_t ref;

    if (names->places == NULL || !take_ref(&names->places, names->at, &ref) ||
        ref >> 2 >= names->gazetteer->place_count) {
        return false;
    }
    if ((ref & 1) != 0) {
        names->places = NULL;
    }
    *people = (ref & 2) != 0;
    *place = (lede_place_number)(ref >> 2);
    return true;
}

static bool read_name(lede_gazetteer_names *names)
{
    size_t shared;
    size_t rest;
    uint64_t ref = 0;

    if (names->at == names->end) {
        return false;
    }
    shared = *names->at >> 4;
    rest = *names->at++ & 15;
    if (rest == 15) {
        if (names->at == names->end) {
            return false;
        }
        rest = *names->at++;
    }
    if (shared > names->name_len || rest > (size_t)(names->end - names->at) ||
        shared + rest >= LEDE_PLACE_NAME_BYTES) {
        return false;
    }
    memcpy(names->name + shared, names->at, rest);
    names->name_len = shared + rest;
    names->at += rest;
    names->places = names->at;
    names->has_people = false;
    while ((ref & 1) == 0) {
        if (!take_ref(&names->at, names->end, &ref)) {
            return false;
        }
        names->has_people |= (ref & 2) != 0;
    }
    return true;
}

bool lede_gazetteer_names_next(lede_gazetteer_names *names)
{
    if (names->next >= names->gazetteer->name_count) {
        return false;
    }
    if (names->next % LEDE_GAZETTEER_BLOCK_NAMES == 0) {
        lede_gazetteer_names_init(names, names->gazetteer,
                                  names->next / LEDE_GAZETTEER_BLOCK_NAMES);
    }
    if (!read_name(names)) {
        names->at = names->end;
        names->places = NULL;
        return false;
    }
    names->next++;
    return true;
}

/* The order of a name's key and another one. */
static int compare_key(const lede_gazetteer_names *names, lede_span key,
                       lede_buf *scratch)
{
    lede_buf_clear(scratch);
    lede_place_key(lede_span_of(names->name, names->name_len), scratch);
    return lede_span_compare(lede_buf_span(scratch), key);
}

lede_gazetteer_heads *lede_gazetteer_heads_new(const lede_gazetteer *self)
{
    return calloc((size_t)self->block_count + 1, sizeof(lede_gazetteer_heads));
}

/* The first eight bytes as a number that keys are ordered by. */
static uint64_t head_of(lede_span key)
{
    uint64_t head = 0;
    size_t i;

    for (i = 0; i < 8; i++) {
        head = head << 8 | (i < key.len ? key.bytes[i] : 0);
    }
    return head;
}

/* Whether a block begins with a key before this one. */
static bool begins_before(lede_gazetteer_names *names,
                          const lede_gazetteer *self,
                          lede_gazetteer_heads *heads, uint32_t block,
                          lede_span key, lede_buf *scratch)
{
    uint64_t head = head_of(key);
    bool is_before;

    if (heads != NULL && heads[block] != 0 && heads[block] != head) {
        return heads[block] < head;
    }
    lede_gazetteer_names_init(names, self, block);
    is_before = lede_gazetteer_names_next(names) &&
                compare_key(names, key, scratch) < 0;
    if (heads != NULL && names->places != NULL) {
        heads[block] = head_of(lede_buf_span(scratch));
    }
    return is_before;
}

void lede_gazetteer_names_seek(lede_gazetteer_names *names,
                               const lede_gazetteer *self,
                               lede_gazetteer_heads *heads, lede_span key,
                               lede_buf *scratch)
{
    uint32_t begin = 0;
    uint32_t end = self->block_count;
    lede_gazetteer_names at;

    /* The first block that begins with this key or a later one: the key's
     * first name may stand in the block before it. */
    while (begin < end) {
        uint32_t middle = begin + (end - begin) / 2;

        if (begins_before(names, self, heads, middle, key, scratch)) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    lede_gazetteer_names_init(names, self, begin == 0 ? 0 : begin - 1);
    for (at = *names; lede_gazetteer_names_next(&at); *names = at) {
        if (compare_key(&at, key, scratch) >= 0) {
            break;
        }
    }
    names->places = NULL; /* of the name before */
}

static int32_t log2_256ths(uint32_t value)
{
    int top = 31;

    while (value >> top == 0) {
        top--;
    }
    return top * 256 + (int32_t)(((uint64_t)value << 8) >> top) - 256;
}

int32_t lede_gazetteer_weight(const lede_gazetteer *self,
                              lede_place_number place)
{
    static const int32_t of_kind[LEDE_PLACE_KIND_COUNT] = {0,    -512, -256,
                                                           1536, 0,    0};
    lede_gazetteer_record record = lede_gazetteer_record_of(self, place);

    return log2_256ths(record.population < 100 ? 100 : record.population) +
           of_kind[record.kind] +
           (record.is_capital ? 1024
            : record.is_seat  ? 256
                              : 0);
}

typedef lede_gazetteer_found found;

static int by_weight(const void *a, const void *b)
{
    const found *x = a;
    const found *y = b;

    if (x->weight != y->weight) {
        return x->weight > y->weight ? -1 : 1;
    }
    return (x->place > y->place) - (x->place < y->place);
}

/* Adds a place, or what else is known of it, to `count` others. */
static size_t add_found(const lede_gazetteer *self, uint32_t name,
                        lede_place_number place, found *all, size_t count)
{
    size_t i;
    bool usual = lede_gazetteer_record_of(self, place).name == name;

    for (i = 0; i < count && all[i].place != place; i++) {
    }
    if (i < count) {
        all[i].usual |= usual;
        return count;
    }
    all[i].place = place;
    all[i].weight = lede_gazetteer_weight(self, place);
    all[i].usual = usual;
    return count + 1;
}

size_t lede_gazetteer_find_all(const lede_gazetteer *self,
                               lede_gazetteer_heads *heads, lede_span name,
                               bool people, found out[LEDE_GAZETTEER_MAX_FOUND])
{
    lede_gazetteer_names names;
    lede_buf key = {0};
    lede_buf scratch = {0};
    size_t count = 0;

    lede_place_key(name, &key);
    if (key.len > 0 && !key.failed) {
        lede_gazetteer_names_seek(&names, self, heads, lede_buf_span(&key),
                                  &scratch);
        while (lede_gazetteer_names_next(&names) &&
               compare_key(&names, lede_buf_span(&key), &scratch) == 0) {
            lede_place_number place;
            bool of_people;

            while (count < LEDE_GAZETTEER_MAX_FOUND &&
                   lede_gazetteer_names_place(&names, &place, &of_people)) {
                if (of_people == people) {
                    count = add_found(self, names.next - 1, place, out, count);
                }
            }
        }
    }
    lede_buf_done(&key);
    lede_buf_done(&scratch);
    qsort(out, count, sizeof *out, by_weight);
    return count;
}

size_t lede_gazetteer_find(const lede_gazetteer *self, lede_span name,
                           lede_place_number *out, size_t max)
{
    found all[LEDE_GAZETTEER_MAX_FOUND];
    size_t count = lede_gazetteer_find_all(self, NULL, name, false, all);
    size_t i;

    for (i = 0; i < count && i < max; i++) {
        out[i] = all[i].place;
    }
    return i;
}

lede_place_number lede_gazetteer_of_people(const lede_gazetteer *self,
                                           lede_span word)
{
    found all[LEDE_GAZETTEER_MAX_FOUND];
    size_t count = lede_gazetteer_find_all(self, NULL, word, true, all);

    return count == 0 ? LEDE_PLACE_NONE : all[0].place;
}

double lede_place_distance_km(double lat_a, double lon_a, double lat_b,
                              double lon_b)
{
    const double radian = 3.14159265358979323846 / 180;
    double lat = sin((lat_b - lat_a) * radian / 2);
    double lon = sin((lon_b - lon_a) * radian / 2);
    double part =
        lat * lat + cos(lat_a * radian) * cos(lat_b * radian) * lon * lon;

    return 2 * 6371.0 * asin(part >= 1 ? 1 : sqrt(part));
}
