/* zone_rule.h - "when do the clocks change, by rule?"
 *
 * The POSIX TZ string ("GMT0BST,M3.5.0/1,M10.5.0"), which stands at the end of
 * a TZif file for the times after its last listed change (RFC 8536, section
 * 3.3, with its hours from -167 to 167). Part of base/zone.h, for nobody else.
 *
 * Threads: plain values. */
#ifndef LEDE_BASE_ZONE_RULE_H
#define LEDE_BASE_ZONE_RULE_H

#include "base/span.h"

/* One day of the year and a time of that day. */
typedef struct lede_zone_change {
    char form; /* 'M' month.week.day, 'J' day without leap day, 'N' plain day */
    uint8_t month, week, weekday; /* weekday 0 = Sunday */
    uint16_t day;
    int32_t second; /* of that day; may be negative or beyond it */
} lede_zone_change;

typedef struct lede_zone_rule {
    int32_t standard_s, summer_s; /* east of UTC */
    bool has_summer;
    lede_zone_change begin, end; /* of summer time */
} lede_zone_rule;

/* False if `text` is not such a string; an empty one is not. */
bool lede_zone_rule_parse(lede_span text, lede_zone_rule *out);

/* Seconds east of UTC at an instant, the rule holding always. */
int32_t lede_zone_rule_offset_at(const lede_zone_rule *rule, int64_t instant);

#endif
