#include "tests/storage/shim_world.h"

#include "tests/support/check.h"
#include "tests/support/folder.h"

int shim_setup(void **state)
{
    shim_world *w = calloc(1, sizeof *w);
    char folder[sizeof w->folder];
    int i;

    folder_make(folder);
    memcpy(w->folder, folder, sizeof folder);
    for (i = 0; i < 3; i++) {
        snprintf(w->path[i], sizeof w->path[i], "%s/db%d", folder, i);
    }
    *state = w;
    return 0;
}

int shim_teardown(void **state)
{
    shim_world *w = *state;

    folder_remove(w->folder);
    free(w);
    return 0;
}

void shim_put(lede_xapian_writer *writer, unsigned n)
{
    lede_xapian_document *document = NULL;
    lede_error err = {0};
    char word[32];

    assert_ok(lede_xapian_document_new(&document, &err));
    snprintf(word, sizeof word, "Q%u", n);
    lede_xapian_document_term(document, text(word), 0);
    lede_xapian_document_term(document, text("all"), 1);
    lede_xapian_document_post(document, text(n % 2 == 0 ? "even" : "odd"), 7,
                              n);
    lede_xapian_document_post(document, text("side"), 8, 1);
    word[0] = (char)('a' + n);
    lede_xapian_document_value(document, 3, lede_span_of(word, 1));
    snprintf(word, sizeof word, "data %u", n);
    lede_xapian_document_data(document, text(word));
    snprintf(word, sizeof word, "Q%u", n);
    assert_ok(lede_xapian_writer_put(writer, text(word), document, &err));
    lede_xapian_document_free(document);
}

void shim_make(const char *path, unsigned first, unsigned count)
{
    lede_xapian_writer *writer = NULL;
    lede_error err = {0};
    unsigned i;

    assert_ok(lede_xapian_writer_open(path, false, &writer, &err));
    for (i = 0; i < count; i++) {
        shim_put(writer, first + i);
    }
    assert_ok(lede_xapian_writer_metadata(writer, "name", text(path), &err));
    assert_ok(lede_xapian_writer_commit(writer, &err));
    lede_xapian_writer_close(writer);
}

uint32_t shim_count_of(lede_xapian *db, const char *term)
{
    lede_error err = {0};
    uint32_t count = 0;

    assert_ok(lede_xapian_term_count(db, text(term), &count, &err));
    return count;
}

bool shim_take_count(void *ctx, lede_span value, uint32_t count)
{
    shim_counted *c = ctx;

    snprintf(c->values + strlen(c->values),
             sizeof c->values - strlen(c->values), "%.*s ", (int)value.len,
             (const char *)value.bytes);
    c->sum += count;
    return !c->ends;
}

bool shim_take_term(void *ctx, lede_span term)
{
    (void)ctx;
    (void)term;
    return true;
}

void shim_note(void *ctx, const char *line)
{
    *(unsigned *)ctx += strlen(line) > 0;
}
