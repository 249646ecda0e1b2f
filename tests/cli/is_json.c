/* is_json.c - whether standard input is JSON, by the letter
 *
 *     is_json          one value
 *     is_json lines    a value per line
 *
 * Exit status 0 if so, 1 if not. */
#include <stdio.h>

#include "base/buf.h"
#include "tests/support/strict_json.h"

int main(int argc, char **argv)
{
    lede_buf text = {0};
    char piece[4096];
    size_t len;
    bool is_good;

    (void)argv;
    while ((len = fread(piece, 1, sizeof piece, stdin)) > 0) {
        lede_buf_put(&text, piece, len);
    }
    is_good = !text.failed && text.len > 0 &&
              (argc > 1 ? strict_json_are_lines : strict_json_is_one)(
                  (const char *)text.bytes, text.len);
    lede_buf_done(&text);
    return is_good ? 0 : 1;
}
