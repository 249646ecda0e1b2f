# How the hits are spread: facets, timelines, the first and the last.
status() {
    "$@"
    echo "status $?"
}
lede index -q "$SAMPLE"
cat >dates.jsonl <<'X'
{"headline": "Some time that year", "published": "2019", "source": "Argus", "body": "A zebra."}
{"headline": "That month", "published": "2019-05", "source": "Argus", "body": "A zebra."}
{"headline": "That day", "published": "2019-05-06", "source": "Herald", "author": "=cmd()", "body": "A zebra."}
{"headline": "At night", "published": "2019-05-06T23:30:00Z", "body": "A zebra."}
{"headline": "Nobody knows", "body": "A zebra."}
X
lede index -q dates.jsonl
status lede search -c ferry --facet kind,lang,label,author --facet year
status lede search -c zebra --facet year,month,day --zone +02:00
status lede search -n 1 'ferry kind:article' --facet kind,year --facet-limit 1
lede search --facet author,source zebra --format csv | tr -d '\r'
lede search -n 1 zebra --facet source --format ndjson | sed -n '$s/"next": "[^"]*"/"next": "..."/p'
status lede search --facet colour zebra
status lede search --facet kind -l zebra
export COLUMNS=60
status lede timeline zebra
status lede timeline zebra --by day
status lede timeline ferry --by year
LC_ALL=C lede timeline ferry --by year
LC_ALL=C lede timeline ferry --by year --share
lede timeline ferry --by year --color always | sed -n '3s/\x1b/ESC/gp'
lede timeline 'zebra -knows' --format json
lede timeline zebra --by hour --format csv --zone +02:00 | tr -d '\r'
status lede timeline nothing-at-all --no-relax
status lede timeline zebra --by decade
status lede first zebra
status lede last zebra
status lede last -q 'night ferry' --as-of 2023
status lede first qqqq
