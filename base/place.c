#include "base/place.h"

#include <string.h>

/* The number behind `mark` at the end of the path, and where the mark begins;
 * 0 if there is none. */
static uint64_t number_at_end(lede_span path, const char *mark, size_t *begin)
{
    size_t len = strlen(mark);
    size_t at = path.len;
    uint64_t number = 0;
    size_t i;

    while (at > 0 && path.bytes[at - 1] >= '0' && path.bytes[at - 1] <= '9') {
        at--;
    }
    if (at == path.len || path.len - at > 19 || path.bytes[at] == '0' ||
        at < len || memcmp(path.bytes + at - len, mark, len) != 0) {
        return 0;
    }
    for (i = at; i < path.len; i++) {
        number = number * 10 + (uint64_t)(path.bytes[i] - '0');
    }
    *begin = at - len;
    return number;
}

static bool has_place(lede_span path, lede_place *out)
{
    size_t end = 0;

    out->line = number_at_end(path, "#line=", &end);
    out->record = out->line > 0 ? 0 : number_at_end(path, "#record=", &end);
    out->file = lede_span_part(path, 0, end);
    return out->line > 0 || out->record > 0;
}

static lede_span without_marks(lede_span path)
{
    while (path.len > 0 && path.bytes[path.len - 1] == '#') {
        path.len--;
    }
    return path;
}

lede_place lede_place_parse(lede_span path)
{
    lede_span bare = without_marks(path);
    lede_place place = {0};

    if (has_place(bare, &place) && bare.len == path.len) {
        return place;
    }
    /* With marks behind its place it is a name that one was put behind. */
    if (place.line > 0 || place.record > 0) {
        path.len--;
    }
    return (lede_place){.file = path};
}

bool lede_place_is_misread(lede_span file)
{
    lede_place place;

    return has_place(without_marks(file), &place);
}

void lede_place_put(lede_span file, lede_span location, lede_buf *out)
{
    lede_buf_put_span(out, file);
    if (location.len > 0) {
        lede_buf_put_span(out, location);
    } else if (lede_place_is_misread(file)) {
        lede_buf_put_byte(out, '#');
    }
}
