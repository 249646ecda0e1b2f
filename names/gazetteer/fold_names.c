/* fold_names.c - what make_table.py needs of the program: the keys of names, a
 * line each, so that the table is in the order in which the program looks; with
 * --hash, the hash of all that comes in. */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "names/gazetteer.h"

static void fold_lines(void)
{
    char line[4096];
    lede_buf key = {0};

    while (fgets(line, sizeof line, stdin) != NULL) {
        const char *text;

        lede_buf_clear(&key);
        lede_place_key(lede_span_of(line, strcspn(line, "\n")), &key);
        text = lede_buf_text(&key);
        printf("%s\n", text == NULL ? "" : text);
    }
    lede_buf_done(&key);
}

static void hash_all(void)
{
    lede_buf all = {0};
    uint8_t piece[65536];
    size_t len;
    uint64_t hash;
    int i;

    while ((len = fread(piece, 1, sizeof piece, stdin)) > 0) {
        lede_buf_put(&all, piece, len);
    }
    hash = lede_hash64(lede_buf_span(&all));
    for (i = 0; i < 8; i++) {
        putchar((int)(hash >> 8 * i & 0xFF));
    }
    lede_buf_done(&all);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--hash") == 0) {
        hash_all();
    } else {
        fold_lines();
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
