#include "corpus/article_split.h"

#include "corpus/text_match.h"

static bool is_run_of(lede_span line, uint8_t byte, size_t least)
{
    for (size_t i = 0; i < line.len; i++) {
        if (line.bytes[i] != byte) {
            return false;
        }
    }
    return line.len >= least;
}

/* "Document 3 of 20", "3 of 20 DOCUMENTS". */
static bool is_counted(lede_span line)
{
    uint32_t number;
    bool has_word = lede_match_starts(line, "document ");
    size_t len;

    if (has_word) {
        line = lede_match_trim(lede_span_part(line, 9, line.len));
    }
    len = lede_match_number(line, 6, &number);
    line = lede_match_trim(lede_span_part(line, len, line.len));
    if (len == 0 || !lede_match_starts(line, "of ")) {
        return false;
    }
    line = lede_match_trim(lede_span_part(line, 3, line.len));
    len = lede_match_number(line, 6, &number);
    line = lede_match_trim(lede_span_part(line, len, line.len));
    return len > 0 &&
           (has_word ? line.len == 0 : lede_match_is(line, "documents"));
}

lede_span lede_separator_accession(lede_span line)
{
    lede_span none = {NULL, 0};
    lede_span code;
    size_t letters = 0;

    line = lede_match_trim(line);
    if (!lede_span_starts(line, "Document ")) {
        return none;
    }
    code = lede_match_trim(lede_span_part(line, 9, line.len));
    while (letters < code.len && code.bytes[letters] >= 'A' &&
           code.bytes[letters] <= 'Z') {
        letters++;
    }
    if (letters < 2 || code.len < 15 || code.len > 30) {
        return none;
    }
    for (size_t i = letters; i < code.len; i++) {
        uint8_t c = (uint8_t)(code.bytes[i] | 0x20);

        if (!(c >= 'a' && c <= 'z') &&
            !(code.bytes[i] >= '0' && code.bytes[i] <= '9')) {
            return none;
        }
    }
    return code;
}

lede_separator lede_separator_of(lede_span line, bool behind_blank)
{
    line = lede_match_trim(line);
    if (line.len < 5 || line.len > 400) {
        return LEDE_SEPARATOR_NONE;
    }
    if (is_counted(line)) {
        return LEDE_SEPARATOR_COUNTED;
    }
    if (lede_separator_accession(line).len > 0) {
        return LEDE_SEPARATOR_ACCESSION;
    }
    /* Directly below a text, such a line is its underline. */
    if (behind_blank && is_run_of(line, '=', 5)) {
        return LEDE_SEPARATOR_EQUALS;
    }
    if (behind_blank && is_run_of(line, '-', 10)) {
        return LEDE_SEPARATOR_DASHES;
    }
    return LEDE_SEPARATOR_NONE;
}

void lede_separators_add(lede_separators *separators, lede_span line,
                         bool page_end)
{
    lede_span text = lede_match_trim(line);

    separators->counts[lede_separator_of(line, !separators->is_behind_text)]++;
    separators->is_behind_text = text.len > 0 && !page_end;
    if (text.len > 0 && separators->is_behind_page) {
        separators->mid_sentence += lede_match_starts_lower(text);
        separators->is_behind_page = false;
    }
    if (page_end) {
        separators->counts[LEDE_SEPARATOR_PAGE]++;
        separators->is_behind_page = true;
    }
}

lede_separator lede_separators_choose(const lede_separators *separators)
{
    for (int kind = LEDE_SEPARATOR_COUNTED; kind < LEDE_SEPARATOR_KINDS;
         kind++) {
        uint32_t count = separators->counts[kind];

        /* Pages of one long article break inside sentences. */
        if (kind == LEDE_SEPARATOR_PAGE &&
            separators->mid_sentence * 5 > count) {
            continue;
        }
        if (count >= 2) {
            return (lede_separator)kind;
        }
    }
    return LEDE_SEPARATOR_NONE;
}
