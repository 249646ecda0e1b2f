/* hits_keys.c - no more than the keys, for other programs: records are not
 * read. */
#include <inttypes.h>

#include "app/hits_out.h"

static void put_place(lede_hits_out *out, const lede_hit_place *place)
{
    lede_buf_put_format(&out->buf, "%016" PRIx64 "\n", place->key);
}

const lede_hits_writer lede_hits_keys = {.put_place = put_place};
