#include "app/names_propose.h"

#include <inttypes.h>
#include <string.h>

#include "app/json_out.h"
#include "app/opened.h"
#include "app/partial.h"
#include "query/proposals.h"

static const char *reason_text(const char *reason)
{
    static const char *const texts[][2] = {
        {"spelling", "spelled alike"},
        {"initial", "one has an initial"},
        {"part", "one is a part of the other"},
        {"order", "the same words in another order"},
        {"surname", "the last name alone"},
    };
    unsigned i;

    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(texts[i][0], reason) == 0) {
            return texts[i][1];
        }
    }
    return reason;
}

/* As a shell reads it. */
static void put_quoted(lede_buf *out, lede_span name)
{
    size_t begin = 0, end;

    lede_buf_put_text(out, " '");
    for (end = 0; end < name.len; end++) {
        if (name.bytes[end] == '\'') {
            lede_put_safe(out, lede_span_part(name, begin, end - begin));
            lede_buf_put_text(out, "'\\''");
            begin = end + 1;
        }
    }
    lede_put_safe(out, lede_span_part(name, begin, end - begin));
    lede_buf_put_byte(out, '\'');
}

static void put_text(lede_buf *out, const lede_proposal *p)
{
    lede_put_safe(out, p->names[0]);
    lede_buf_put_text(out, " (");
    lede_put_entries(out, p->entries[0]);
    lede_buf_put_text(out, ") and ");
    lede_put_safe(out, p->names[1]);
    lede_buf_put_format(out, " (%" PRIu64 "): %s", p->entries[1],
                        reason_text(p->reason));
    for (uint32_t i = 0; i < p->title_count; i++) {
        lede_buf_put_text(out, i == 0 ? "; both called " : ", ");
        lede_put_safe(out, p->titles[i]);
    }
    for (uint32_t i = 0; i < p->company_count; i++) {
        lede_buf_put_text(out, i == 0 ? "; beside both: " : ", ");
        lede_put_safe(out, p->company[i]);
    }
    if (p->shared > p->company_count) {
        lede_buf_put_format(out, " and %" PRIu32 " more",
                            p->shared - p->company_count);
    }
    if (p->together > 0) {
        lede_buf_put_text(out, "; but side by side in ");
        lede_put_entries(out, p->together);
    }
    lede_buf_put_text(out, "\n    lede names merge person");
    put_quoted(out, p->names[0]);
    put_quoted(out, p->names[1]);
    lede_buf_put_byte(out, '\n');
}

static void put_number(lede_json_out *json, const char *name, uint64_t value)
{
    lede_json_name(json, name);
    lede_json_unsigned(json, value);
}

static void put_json(lede_json_out *json, const lede_proposal *p)
{
    lede_json_begin_object(json);
    lede_json_name(json, "names");
    lede_json_begin_array(json);
    for (int i = 0; i < 2; i++) {
        lede_json_begin_object(json);
        lede_json_name(json, "name");
        lede_json_span(json, p->names[i]);
        put_number(json, "entries", p->entries[i]);
        lede_json_end_object(json);
    }
    lede_json_end_array(json);
    lede_json_name(json, "reason");
    lede_json_span(json, lede_span_text(p->reason));
    lede_json_name(json, "titles");
    lede_json_begin_array(json);
    for (uint32_t i = 0; i < p->title_count; i++) {
        lede_json_span(json, p->titles[i]);
    }
    lede_json_end_array(json);
    put_number(json, "shared", p->shared);
    lede_json_name(json, "company");
    lede_json_begin_array(json);
    for (uint32_t i = 0; i < p->company_count; i++) {
        lede_json_span(json, p->company[i]);
    }
    lede_json_end_array(json);
    put_number(json, "together", p->together);
    lede_json_name(json, "weight");
    lede_json_double(json, p->weight);
    lede_json_end_object(json);
}

static int print(const lede_app *app, const lede_engine *engine,
                 const lede_proposals *proposals)
{
    lede_buf out = {0};
    bool fine;

    if (app->format == LEDE_OUTPUT_TEXT) {
        for (uint32_t i = 0; i < proposals->count; i++) {
            put_text(&out, &proposals->items[i]);
        }
        if (proposals->count == 0 && !app->quiet) {
            lede_buf_put_text(&out, "no two names look like one person's\n");
        }
    } else {
        lede_json_out json;

        lede_json_out_init(&json, &out);
        lede_json_begin_object(&json);
        lede_json_name(&json, "proposals");
        lede_json_begin_array(&json);
        for (uint32_t i = 0; i < proposals->count; i++) {
            put_json(&json, &proposals->items[i]);
        }
        lede_json_end_array(&json);
        lede_json_partial(&json, engine);
        lede_json_end_object(&json);
        lede_buf_put_byte(&out, '\n');
    }
    fine = lede_flush(&out, stdout);
    lede_buf_done(&out);
    return !fine                   ? LEDE_EXIT_ERROR
           : proposals->count == 0 ? LEDE_EXIT_NOTHING
                                   : LEDE_EXIT_DONE;
}

int lede_names_propose(lede_app *app, lede_span prefix, uint32_t limit)
{
    lede_proposals proposals = {0};
    lede_opened opened;
    lede_error err = {0};
    int result = lede_open(app, &opened);

    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    lede_say_without_names(app, opened.engine);
    err.status =
        lede_engine_proposals(opened.engine, prefix, limit, &proposals, &err);
    result = err.status == LEDE_OK ? print(app, opened.engine, &proposals)
                                   : lede_say_failure(&err);
    if (result == LEDE_EXIT_DONE && app->format == LEDE_OUTPUT_TEXT &&
        !app->quiet && lede_app_is_exported(app)) {
        lede_say("to accept one: in the archive that these shards were "
                 "exported from, which then is exported again");
    }
    lede_proposals_done(&proposals);
    return lede_close(app, &opened, result);
}
