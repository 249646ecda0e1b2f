#include "app/partial.h"

#include "app/app.h"
#include "query/engine.h"

uint32_t lede_partial_count(const lede_engine *engine)
{
    return engine == NULL ? 0 : engine->calls->missing(engine);
}

void lede_say_partial(const lede_engine *engine)
{
    uint32_t count = lede_partial_count(engine);

    for (uint32_t i = 0; i < count; i++) {
        const char *name, *why;

        engine->calls->missing_part(engine, i, &name, &why);
        lede_say("this is only a part: %s: %s", name, why);
    }
}

static void put_part(lede_json_out *json, const char *name, const char *why)
{
    lede_json_begin_object(json);
    lede_json_name(json, "shard");
    lede_json_text(json, name);
    lede_json_name(json, "reason");
    lede_json_text(json, why);
    lede_json_end_object(json);
}

void lede_json_partial(lede_json_out *json, const lede_engine *engine)
{
    uint32_t count = lede_partial_count(engine);

    if (count == 0) {
        return;
    }
    lede_json_name(json, "partial");
    lede_json_begin_array(json);
    for (uint32_t i = 0; i < count; i++) {
        const char *name, *why;

        engine->calls->missing_part(engine, i, &name, &why);
        put_part(json, name, why);
    }
    lede_json_end_array(json);
}

void lede_json_partial_shards(lede_json_out *json, const lede_shards *shards)
{
    bool has_begun = false;

    for (uint32_t i = 0; i < lede_shards_count(shards); i++) {
        const lede_shard *shard = lede_shards_get(shards, i);

        if (shard->db != NULL) {
            continue;
        }
        if (!has_begun) {
            lede_json_name(json, "partial");
            lede_json_begin_array(json);
            has_begun = true;
        }
        put_part(json, shard->name, shard->failure.message);
    }
    if (has_begun) {
        lede_json_end_array(json);
    }
}

void lede_put_partial(lede_buf *out, const lede_engine *engine)
{
    uint32_t count = lede_partial_count(engine);

    for (uint32_t i = 0; i < count; i++) {
        const char *name, *why;

        engine->calls->missing_part(engine, i, &name, &why);
        lede_buf_put_text(out, i > 0 ? "; " : "");
        lede_put_safe(out, lede_span_text(name));
        lede_buf_put_text(out, ": ");
        lede_put_safe(out, lede_span_text(why));
    }
}
