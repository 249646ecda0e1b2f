# Dates that are known to the day, the month or the year: date: and its kin say
# the same in every zone, on an archive and on shards, and what facets count.
export ASAN_OPTIONS=new_delete_type_mismatch=0 # Xapian 1.4's check
cat >dates.jsonl <<'END'
{"id": "1", "headline": "One", "date": "1963-04-05", "body": "A storm came over the sea."}
{"id": "2", "headline": "Two", "date": "1963-04", "body": "A storm came over the hills."}
{"id": "3", "headline": "Three", "date": "1963", "body": "A storm came over the town."}
{"id": "4", "headline": "Four", "date": "1963-04-05T23:30:00Z", "body": "A storm came by night."}
{"id": "5", "headline": "Five", "date": "1963-04-06", "body": "A storm came at noon."}
{"id": "6", "headline": "Six", "date": "1963-01-01", "body": "A storm came at last."}
{"id": "7", "headline": "Seven", "date": "1964-02", "body": "A storm is to come."}
END
for zone in UTC Asia/Tokyo America/New_York; do
    lede index -q -A "archive/$zone" --zone "$zone" dates.jsonl
    lede export -q -A "archive/$zone" --to "xapian:shards/$zone" 2>/dev/null
done

found() {
    lede search --format csv -n 0 --sort oldest --now 1964-02-10T12:00Z "$@" |
        grep -o 'One\|Two\|Three\|Four\|Five\|Six\|Seven' | tr '\n' ' '
}
# Wherever it was indexed and is kept, whatever the zone that is asked in. The
# one that has a time of day is left out: it is another day in Tokyo.
ask() {
    for kept in archive/UTC archive/Asia/Tokyo xapian:shards/Asia/Tokyo \
        xapian:shards/America/New_York; do
        for zone in America/New_York Pacific/Kiritimati; do
            found -A "$kept" --zone "$zone" -- "$1 -headline:four"
            echo
        done
    done | sort -u | sed "s|^|$1: |"
}
ask date:1963-04-05
ask date:1963-04
ask date:1963
ask date:1963-01-01
ask date:1963-04-05..1963-05
ask since:1963-04-05
ask after:1963-04
ask until:1963-04
ask before:1963-04-06
ask date:..1963-12
ask 'storm date:1963-04-05'
ask 'storm -date:1963-04-05'
ask 'date:1963 -date:1963-04'
ask '(date:1963-01 OR date:1963-04-06)'
ask date:1963-04-05T00:00
ask date:04-05

echo "== until now, what began may not be over"
ask date:2w
ask date:1963-12..now
ask date:this-month
ask date:today
ask before:1964-02-15

echo "== an instant is another day elsewhere"
for zone in UTC Asia/Tokyo; do
    found -A archive/Asia/Tokyo --zone "$zone" date:1963-04-05
    echo
done

echo "== what facets and timelines count is what date: finds"
lede search -A archive/Asia/Tokyo --zone America/New_York -n 1 \
    --facet year,month,day --format json '*' | tr -d '\n ' |
    grep -o '"value":"[-0-9]*","count":[0-9]*' | tr -d '"' | tr ':,' '  ' |
    while read -r _ value _ count; do
        echo "$value: $count $(lede search -A archive/Asia/Tokyo \
            --zone America/New_York --count "date:$value")"
    done
lede timeline -A archive/Asia/Tokyo --zone America/New_York --by month storm
