# Xapian's own programs read what lede exports: as docs/SCALING.md says.
omega=/usr/lib/cgi-bin/omega/omega
[ -x $omega ] || {
    echo "skipped: no Omega (Debian package xapian-omega)"
    exit 77
}
for program in quest xapian-delve; do
    command -v $program >/dev/null || {
        echo "skipped: no $program (Debian package xapian-tools)"
        exit 77
    }
done
lede index -q "$SAMPLE" 2>/dev/null
page() {
    sed -n '/^## With Xapian/,/^## Same answers/p' "$ROOT/docs/SCALING.md" |
        sed -n 's/^    //p'
}
page >commands
grep -c . commands
. ./commands >out 2>err
cat err
# The page of hits, and the lists of the two others.
grep -ac 'Harbour bridge' out
grep -ac '^caption=' out
grep -a 'number of documents' out

# One hit with all that Omega shows of it.
ask() {
    QUERY_STRING="FMT=xml&MINHITS=1000&$1" $omega
}
hits() {
    ask "$1" | grep -o 'Matches="[0-9]*"'
}
ask 'DB=shards&P=passengers+sing' >out
grep -c '<hit id' out
for name in url title sample modtime; do
    grep -o "$name=\"[^\"]*\"" out | head -n 1
done
# All shards, or one that lede index wrote; a field by name; a range of dates.
hits 'DB=shards&P=ferry'
lede index -q -A xapian:indexed "$SAMPLE" 2>/dev/null
hits 'DB=indexed&P=ferry'
lede search -c ferry
hits 'DB=shards&P=title:ferry'
lede search -c headline:ferry
hits 'DB=shards&P=author:brannigan'
lede search -c author:brannigan
hits 'DB=shards&P=person:aldous'
lede people aldous --format csv | cut -d , -f 2,5 | tail -n 1
hits 'DB=shards&P=place:"port+ellery"'
lede places 'port ellery' --format csv | cut -d , -f 2,5 | tail -n 1
hits 'DB=shards&P=ferry&DATEVALUE=0&START=20230101&END=20231231'
lede search -c 'ferry date:2023'
# Of before 1970 by terms alone: Omega's range knows nothing of these.
for day in 1963-11-22 1963-11-23 1969-12-31 1971-01-01; do
    printf '{"headline": "On %s", "published": "%sT10:00:00Z", "body": "A ferry."}\n' $day $day
done >old.jsonl
lede index -q --archive old old.jsonl
lede export -q --archive old --to xapian:oldies
for asked in 'DATEVALUE=0&START=19600101&END=19721231' 'B=Y1963' 'B=M196311' \
    'B=D19631122' 'B=Y1963&B=Y1969'; do
    echo "$asked: $(hits "DB=oldies&P=ferry&$asked")"
done
lede search --archive old -c 'ferry date:1963'
