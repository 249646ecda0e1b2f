#include "corpus/json_list.h"

/* What stands between two marks, if it does. */
static lede_span inside(lede_span text, uint8_t open, uint8_t close)
{
    return text.len >= 2 && text.bytes[0] == open &&
                   text.bytes[text.len - 1] == close
               ? lede_span_part(text, 1, text.len - 2)
               : text;
}

bool lede_json_list_next(lede_span list, size_t *at, lede_span *item)
{
    lede_span whole = lede_span_trim(list);
    size_t begin = *at;
    size_t end = begin;

    list = inside(whole, '[', ']');
    if (begin > list.len) {
        return false;
    }
    while (end < list.len && list.bytes[end] != ',' && list.bytes[end] != ';') {
        end++;
    }
    *item = lede_span_trim(lede_span_part(list, begin, end - begin));
    if (list.len < whole.len) {
        *item = inside(inside(*item, '"', '"'), '\'', '\'');
    }
    *at = end + 1;
    return true;
}
