/* Any lines as the names of an archive's members, what follows a tab in one as
 * the member's text: what is decided before all names are known stays so, and
 * nothing waits any more once they are. */
#include <string.h>

#include "corpus/archive_names.h"
#include "tests/fuzz/demand.h"

enum { NAMES_MAX = 256 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

typedef struct member {
    lede_span name, text;
    lede_archive_verdict first;
} member;

static size_t cut_members(lede_span all, member *members)
{
    size_t count = 0;

    while (all.len > 0 && count < NAMES_MAX) {
        const uint8_t *end = memchr(all.bytes, '\n', all.len);
        size_t line_len = end == NULL ? all.len : (size_t)(end - all.bytes);
        lede_span line = lede_span_part(all, 0, line_len);
        const uint8_t *tab =
            line.len == 0 ? NULL : memchr(line.bytes, '\t', line.len);
        size_t name_len = tab == NULL ? line.len : (size_t)(tab - line.bytes);

        members[count++] =
            (member){.name = lede_span_part(line, 0, name_len),
                     .text = lede_span_part(line, name_len + 1, line.len)};
        all = lede_span_part(all, line_len + 1, all.len);
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static member members[NAMES_MAX];
    lede_archive_names names = {0};
    size_t count = cut_members(lede_span_of(bytes, len), members);
    size_t i;

    for (i = 0; i < count; i++) {
        lede_archive_names_put(&names, members[i].name);
        if (lede_archive_names_is_index(members[i].name)) {
            lede_archive_names_put_index(&names, members[i].name,
                                         members[i].text);
        }
        members[i].first = lede_archive_names_judge(&names, members[i].name);
    }
    names.is_whole = true;
    for (i = 0; i < count; i++) {
        lede_archive_verdict last =
            lede_archive_names_judge(&names, members[i].name);
        const lede_snapshot_facts *facts =
            lede_archive_names_facts(&names, members[i].name);

        DEMAND(last != LEDE_ARCHIVE_WAIT);
        DEMAND(members[i].first == LEDE_ARCHIVE_WAIT ||
               members[i].first == last);
        DEMAND(facts == NULL || facts->url.len > 0);
    }
    lede_archive_names_done(&names);
    return 0;
}
