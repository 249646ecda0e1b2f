#include "app/asked.h"

#include "app/partial.h"

int lede_asked_begin(lede_query_settings *settings, const char **operands,
                     uint32_t count, lede_asked *out)
{
    *out = (lede_asked){0};
    return lede_query_join(settings, operands, count, &out->query)
               ? LEDE_EXIT_DONE
               : LEDE_EXIT_ERROR;
}

int lede_asked_open(lede_app *app, lede_asked *asked)
{
    return lede_open(app, &asked->opened);
}

int lede_asked_search(const lede_query_settings *settings, lede_asked *asked)
{
    lede_error err = {0};

    lede_results_free(asked->results);
    asked->results = NULL;
    err.status =
        lede_engine_search(asked->opened.engine, lede_buf_span(&asked->query),
                           &settings->search, &asked->results, &err);
    asked->missing = lede_partial_count(asked->opened.engine);
    return err.status == LEDE_OK ? LEDE_EXIT_DONE : lede_say_failure(&err);
}

bool lede_asked_lost(const lede_asked *asked)
{
    return lede_partial_count(asked->opened.engine) > asked->missing;
}

int lede_ask(lede_app *app, lede_query_settings *settings,
             const char **operands, uint32_t count, lede_asked *out)
{
    int result = lede_asked_begin(settings, operands, count, out);

    if (result == LEDE_EXIT_DONE) {
        result = lede_asked_open(app, out);
    }
    return result == LEDE_EXIT_DONE ? lede_asked_search(settings, out) : result;
}

int lede_asked_done(const lede_app *app, lede_asked *asked, int result)
{
    lede_results_free(asked->results);
    lede_buf_done(&asked->query);
    return lede_close(app, &asked->opened, result);
}
