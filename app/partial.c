#include "app/partial.h"

#include "app/app.h"

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
        lede_json_begin_object(json);
        lede_json_name(json, "shard");
        lede_json_text(json, name);
        lede_json_name(json, "reason");
        lede_json_text(json, why);
        lede_json_end_object(json);
    }
    lede_json_end_array(json);
}
