#include "tests/support/small_archive.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/entry_terms.h"
#include "base/entry_values.h"
#include "storage/record.h"

typedef struct occurrence {
    char term[256];
    lede_form form;
    char word[LEDE_WORD_MAX_BYTES];
    uint32_t entry, position;
    lede_field field;
    bool has_position;
} occurrence;

typedef struct row {
    const lede_entry *entry;
    const lede_span *names; /* NULL: nobody looked for them */
    uint32_t ends[LEDE_DEFAULT_FIELDS];
    uint32_t length;
    lede_language language;
    lede_sketch sketch;
} row;

typedef struct making {
    row *rows;
    uint32_t count;
    occurrence *items;
    size_t item_count, item_cap;
    lede_analyzer *analyzer;
    small_archive_each *each_name;
    int64_t now;
} making;

static void *must(void *memory)
{
    if (memory == NULL) {
        abort();
    }
    return memory;
}

static int compare_rows(const void *a, const void *b)
{
    const lede_entry *x = ((const row *)a)->entry;
    const lede_entry *y = ((const row *)b)->entry;

    if (x->published.instant != y->published.instant) {
        return x->published.instant > y->published.instant ? -1 : 1;
    }
    return (x->key > y->key) - (x->key < y->key);
}

static occurrence *add(making *m, uint32_t entry, const char *prefix,
                       lede_span rest)
{
    occurrence *item;

    if (m->item_count == m->item_cap) {
        m->item_cap = m->item_cap == 0 ? 256 : m->item_cap * 2;
        m->items = must(realloc(m->items, m->item_cap * sizeof *m->items));
    }
    item = &m->items[m->item_count++];
    memset(item, 0, sizeof *item);
    snprintf(item->term, sizeof item->term, "%s%.*s", prefix, (int)rest.len,
             (const char *)rest.bytes);
    item->entry = entry;
    return item;
}

typedef struct adding {
    making *m;
    uint32_t number;
} adding;

static bool add_value(void *ctx, const char *prefix, lede_span value)
{
    adding *at = ctx;

    add(at->m, at->number, prefix, value);
    return true;
}

static void post_section(making *m, uint32_t number, uint32_t position)
{
    lede_span word = lede_span_text(LEDE_TERM_SECTIONS);
    occurrence *item = add(m, number, "", word);

    memcpy(item->word, word.bytes, word.len);
    item->form.word.len = word.len;
    item->form.width = 1;
    item->position = position;
    item->field = LEDE_FIELD_ROLE;
    item->has_position = true;
}

static bool post_name(void *ctx, const lede_name_term *named)
{
    adding *at = ctx;
    const char *prefix = lede_name_space_prefix(named->space);
    lede_span word = named->token.word;
    uint32_t i;

    for (i = 0; i < named->count; i++) {
        occurrence *item = add(at->m, at->number, prefix, word);

        memcpy(item->word, word.bytes, word.len);
        item->form.word.len = word.len;
        item->form.letter_case = named->token.letter_case;
        item->form.marks = named->token.marks;
        item->form.width = named->token.width;
        item->position = named->token.position;
        item->field = LEDE_FIELD_ROLE;
        item->has_position = lede_name_space_has_positions(named->space);
    }
    return true;
}

static void post_entry(making *m, uint32_t number)
{
    adding at = {m, number};
    char lower[LEDE_TAG_MAX_BYTES];
    lede_span tag;
    row *r = &m->rows[number];
    lede_entry_walk walk;
    lede_occurrence found;
    lede_sketch_builder sketch;
    uint32_t field, section = UINT32_MAX;

    lede_sketch_begin(&sketch);
    r->language = lede_language_of(r->entry->lang, LEDE_LANGUAGE_ENGLISH);
    lede_entry_walk_init(&walk, m->analyzer, r->entry);
    while (lede_entry_walk_next(&walk, &found)) {
        lede_token *token = &found.token;
        occurrence *item;

        if (found.section != section) {
            post_section(m, number, token->position);
        }
        section = found.section;
        if (found.field == LEDE_FIELD_BODY && lede_token_counts(token)) {
            lede_sketch_add(&sketch, token->word);
        }
        item = add(m, number, lede_field_prefix(found.field),
                   lede_analyzer_stem(m->analyzer, r->language, token->word));

        memcpy(item->word, token->word.bytes, token->word.len);
        item->form.word.len = token->word.len;
        item->form.letter_case = token->letter_case;
        item->form.marks = token->marks;
        item->form.width = token->width;
        item->position = token->position;
        item->field = found.field;
        item->has_position = true;
        if (found.field < LEDE_DEFAULT_FIELDS) {
            r->length +=
                lede_token_counts(token) ? lede_field_weight(found.field) : 0;
            r->ends[found.field] = token->position + token->width;
        }
    }
    r->sketch = lede_sketch_end(&sketch);
    for (field = 1; field < LEDE_DEFAULT_FIELDS; field++) {
        if (r->ends[field] < r->ends[field - 1]) {
            r->ends[field] = r->ends[field - 1];
        }
    }
    tag = lede_primary_tag(r->entry->lang, lower);
    tag = tag.len > 0 ? tag : lede_span_text(lede_language_tag(r->language));
    if (tag.len > 0) {
        add(m, number, LEDE_TERM_LANGUAGE, tag);
    }
    lede_entry_values(r->entry, add_value, &at);
    add(m, number, LEDE_TERM_KIND,
        lede_span_text(lede_kind_name(r->entry->kind)));
    if (lede_when_month_day(&r->entry->published) != 0) {
        char day[16];

        snprintf(day, sizeof day, "%04u",
                 lede_when_month_day(&r->entry->published));
        add(m, number, LEDE_TERM_MONTH_DAY, lede_span_text(day));
    }
    if (r->entry->page_id != 0) {
        char page[24];

        snprintf(page, sizeof page, "%016" PRIx64, r->entry->page_id);
        add(m, number, LEDE_TERM_PAGE, lede_span_text(page));
    }
    if (r->names != NULL) {
        m->each_name(*r->names, m->analyzer, post_name, &at);
    }
}

static int compare_items(const void *a, const void *b)
{
    const occurrence *x = a;
    const occurrence *y = b;
    int order = strcmp(x->term, y->term);

    if (order != 0) {
        return order;
    }
    if (x->entry != y->entry) {
        return x->entry < y->entry ? -1 : 1;
    }
    if (x->position != y->position) {
        return x->position < y->position ? -1 : 1;
    }
    return (x->form.width < y->form.width) - (x->form.width > y->form.width);
}

static uint16_t form_of(lede_form *forms, uint32_t *count, occurrence *item)
{
    uint32_t i;

    item->form.word.bytes = (const uint8_t *)item->word;
    for (i = 0; i < *count; i++) {
        if (lede_span_equal(forms[i].word, item->form.word) &&
            forms[i].letter_case == item->form.letter_case &&
            forms[i].marks == item->form.marks &&
            forms[i].width == item->form.width) {
            return (uint16_t)i;
        }
    }
    forms[(*count)++] = item->form;
    return (uint16_t)i;
}

/* One entry's postings of a term, items [0, count). */
static lede_status put_posting(making *m, lede_segment_writer *writer,
                               occurrence *items, size_t count,
                               lede_form *forms, uint32_t form_count,
                               lede_error *err)
{
    uint32_t *positions = must(calloc(count, sizeof *positions));
    uint16_t *at = must(calloc(count, sizeof *at));
    lede_posting posting = {0};
    lede_status status;
    size_t i;

    posting.entry = items[0].entry;
    posting.length = lede_length_encode(m->rows[items[0].entry].length);
    for (i = 0; i < count; i++) {
        if (items[i].field < LEDE_DEFAULT_FIELDS && items[i].has_position) {
            posting.fields |= (uint8_t)(1u << items[i].field);
        }
        if (items[i].has_position) {
            posting.frequency += lede_field_weight(items[i].field);
            positions[posting.count] = items[i].position;
            at[posting.count++] = form_of(forms, &form_count, &items[i]);
        }
    }
    posting.frequency = posting.frequency == 0 ? 1 : posting.frequency;
    if (items[0].field >= LEDE_DEFAULT_FIELDS) {
        posting.fields = 0;
    }
    posting.positions = positions;
    posting.forms = at;
    status = lede_segment_writer_put_posting(writer, &posting, err);
    free(positions);
    free(at);
    return status;
}

static lede_status put_term(making *m, lede_segment_writer *writer,
                            occurrence *items, size_t count, lede_error *err)
{
    lede_form *forms = must(calloc(count, sizeof *forms));
    uint32_t form_count = 0;
    lede_status status;
    size_t i;
    size_t end;

    for (i = 0; i < count && items[i].has_position; i++) {
        form_of(forms, &form_count, &items[i]);
    }
    status = lede_segment_writer_begin_term(
        writer, lede_span_text(items[0].term), forms, form_count, err);
    for (i = 0; i < count && status == LEDE_OK; i = end) {
        for (end = i; end < count && items[end].entry == items[i].entry;
             end++) {
        }
        status =
            put_posting(m, writer, items + i, end - i, forms, form_count, err);
    }
    free(forms);
    return status == LEDE_OK ? lede_segment_writer_end_term(writer, err)
                             : status;
}

static lede_status put_rows(making *m, lede_segment_writer *writer,
                            lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t i;
    uint32_t field;

    for (i = 0; i < m->count && status == LEDE_OK; i++) {
        const lede_entry *entry = m->rows[i].entry;
        lede_segment_row out = {.source = entry->source,
                                .sketch = m->rows[i].sketch};

        out.columns[LEDE_COLUMN_TIME] = entry->published.instant;
        out.columns[LEDE_COLUMN_TRUST] =
            lede_when_is_trusted(&entry->published) &&
            entry->published.instant <= m->now + 86400;
        out.columns[LEDE_COLUMN_KEY] = (int64_t)entry->key;
        out.columns[LEDE_COLUMN_KIND] = entry->kind;
        out.columns[LEDE_COLUMN_LANGUAGE] = m->rows[i].language;
        out.columns[LEDE_COLUMN_PAGE] = (int64_t)entry->page_id;
        out.columns[LEDE_COLUMN_LENGTH] = m->rows[i].length;
        out.columns[LEDE_COLUMN_UPDATED] =
            lede_updated_encode(entry->updated.instant);
        for (field = 0; field < LEDE_DEFAULT_FIELDS; field++) {
            out.columns[LEDE_COLUMN_END_HEADLINE + field] =
                m->rows[i].ends[field];
        }
        status = lede_segment_writer_put_row(writer, &out, err);
        if (status == LEDE_OK && m->rows[i].names != NULL) {
            status =
                lede_segment_writer_put_names(writer, *m->rows[i].names, err);
        }
    }
    return status;
}

static lede_status put_records(making *m, lede_segment_writer *writer,
                               lede_error *err)
{
    lede_buf record = {0};
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < m->count && status == LEDE_OK; i++) {
        lede_buf_clear(&record);
        lede_record_encode(m->rows[i].entry, &record);
        status = lede_segment_writer_put_record(writer, i,
                                                lede_buf_span(&record), err);
    }
    lede_buf_done(&record);
    return status;
}

static lede_status put_terms(making *m, lede_segment_writer *writer,
                             lede_error *err)
{
    lede_status status = LEDE_OK;
    size_t i;
    size_t end;

    qsort(m->items, m->item_count, sizeof *m->items, compare_items);
    for (i = 0; i < m->item_count && status == LEDE_OK; i = end) {
        for (end = i; end < m->item_count &&
                      strcmp(m->items[end].term, m->items[i].term) == 0;
             end++) {
        }
        status = put_term(m, writer, m->items + i, end - i, err);
    }
    return status;
}

static lede_status make_segment(making *m, lede_writer *writer, uint32_t *id,
                                lede_error *err)
{
    lede_segment_writer *out = NULL;
    lede_status status;
    uint32_t i;

    qsort(m->rows, m->count, sizeof *m->rows, compare_rows);
    m->item_count = 0;
    for (i = 0; i < m->count; i++) {
        post_entry(m, i);
    }
    status = lede_segment_writer_new(writer, m->count, &out, err);
    if (status == LEDE_OK) {
        status = put_rows(m, out, err);
    }
    if (status == LEDE_OK) {
        status = put_terms(m, out, err);
    }
    if (status == LEDE_OK) {
        status = put_records(m, out, err);
    }
    if (status == LEDE_OK) {
        status = lede_segment_writer_finish(out, id, err);
    }
    lede_segment_writer_free(out);
    return status;
}

static lede_status fill(making *m, const lede_entry *entries,
                        const lede_span *names, uint32_t count,
                        uint32_t per_segment, lede_writer *writer,
                        lede_error *err)
{
    uint32_t *ids = must(calloc(count + 1u, sizeof *ids));
    lede_publish change = {0};
    lede_status status = LEDE_OK;
    uint32_t i;
    uint32_t j;

    for (i = 0; i < count && status == LEDE_OK; i += per_segment) {
        m->count = count - i < per_segment ? count - i : per_segment;
        m->rows = must(calloc(m->count, sizeof *m->rows));
        for (j = 0; j < m->count; j++) {
            m->rows[j].entry = &entries[i + j];
            m->rows[j].names = names == NULL ? NULL : &names[i + j];
        }
        status = make_segment(m, writer, &ids[change.added_count], err);
        change.added_count++;
        free(m->rows);
    }
    change.added = ids;
    change.now = m->now;
    if (status == LEDE_OK) {
        status = lede_writer_publish(writer, &change, err);
    }
    free(ids);
    free(m->items);
    return status;
}

lede_status small_archive_make(const lede_entry *entries, uint32_t count,
                               uint32_t per_segment, int64_t now,
                               char *directory, lede_archive **out,
                               lede_error *err)
{
    return small_archive_make_named(entries, NULL, NULL, count, per_segment,
                                    now, directory, out, err);
}

lede_status small_archive_make_named(const lede_entry *entries,
                                     const lede_span *names,
                                     small_archive_each *each, uint32_t count,
                                     uint32_t per_segment, int64_t now,
                                     char *directory, lede_archive **out,
                                     lede_error *err)
{
    const char *base = getenv("TMPDIR");
    lede_archive_options how = {0};
    making m = {0};
    lede_writer *writer = NULL;
    lede_status status;

    how.create = true;
    how.map_bytes = 1u << 30;
    m.now = now;
    m.each_name = each;
    snprintf(directory, 256, "%s/lede-small-XXXXXX",
             base != NULL && strlen(base) < 200 ? base : "/tmp");
    if (mkdtemp(directory) == NULL) {
        return lede_fail(err, LEDE_IO, "no temporary directory");
    }
    status = lede_archive_open(directory, &how, out, err);
    if (status == LEDE_OK) {
        status = lede_analyzer_new(&m.analyzer, err);
    }
    if (status == LEDE_OK) {
        status = lede_writer_open(*out, 0, &writer, err);
    }
    if (status == LEDE_OK) {
        status = fill(&m, entries, names, count,
                      per_segment == 0 ? count + 1 : per_segment, writer, err);
    }
    lede_writer_close(writer);
    lede_analyzer_free(m.analyzer);
    return status;
}

void small_archive_remove(lede_archive *archive, const char *directory)
{
    struct dirent *item;
    DIR *dir;

    lede_archive_close(archive);
    dir = opendir(directory);
    while (dir != NULL && (item = readdir(dir)) != NULL) {
        char path[512];

        if (item->d_name[0] != '.' &&
            snprintf(path, sizeof path, "%s/%s", directory, item->d_name) <
                (int)sizeof path) {
            unlink(path);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    rmdir(directory);
}
