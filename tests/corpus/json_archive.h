/* json_archive.h - archives of records to read in every way. */
#ifndef LEDE_TESTS_CORPUS_JSON_ARCHIVE_H
#define LEDE_TESTS_CORPUS_JSON_ARCHIVE_H

#include "tests/corpus/pack.h"

/* Records of many sizes, so that they fall on every border of the window. */
static inline void put_archive(lede_buf *out, int shape, size_t count,
                               uint64_t seed)
{
    size_t i;

    lede_buf_put_text(out, shape == 1   ? "["
                           : shape == 2 ? "{\"status\": \"ok\", \"data\": [\n"
                                        : "");
    for (i = 0; i < count; i++) {
        size_t len = pack_random(&seed) % (i % 17 == 0 ? 60000 : 900);

        lede_buf_put_format(out, "%s{\"id\":%zu,\"title\":\"T%zu\",\"x\":[{}],",
                            i > 0 && shape > 0 ? "," : "", i, i);
        lede_buf_put_text(out, "\"text\":\"b\\\"{[");
        while (len-- > 0) {
            lede_buf_put_byte(out, (uint8_t)('a' + pack_random(&seed) % 26));
        }
        lede_buf_put_text(out, shape == 0 ? "\"}\n" : "\"}");
    }
    lede_buf_put_text(out, shape == 1 ? "]" : shape == 2 ? "]}" : "");
}

#endif
