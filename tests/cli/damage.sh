# A damaged archive: what depends on the damage is refused, and named.
status() {
    "$@" >out 2>&1
    result=$?
    cut -c 1-90 out | head -1
    echo "status $result"
}
lede index -q "$SAMPLE" 2>/dev/null
key=$(lede search --format json 'krakow whale' -n 1 |
    sed 's/.*"key": "\([0-9a-f]*\)".*/\1/')
for kind in keys records 'record blocks' dictionary lists positions lengths column \
    checksums footer; do
    echo "== $kind"
    rm -rf copy
    cp -r "$LEDE_ARCHIVE" copy
    flip_bit copy "$kind"
    status lede show --archive copy "$key" --format json
    status lede search --archive copy --format json '"the harbour bridge"' -n 1
    status lede check --archive copy
done
# One block of records of many: its entries are named in place of the hits, all
# others are there, and JSON is whole.
echo '== one block among many'
awk 'BEGIN {
    srand(3)
    for (i = 0; i < 600; i++) {
        printf "{\"headline\": \"Report %d\", \"published\": ", i
        printf "\"2020-%02d-%02dT10:00:00Z\", \"body\": \"", 1 + i % 12, 1 + i % 28
        for (j = 0; j < 150; j++)
            printf "w%d ", int(exp(rand() * 9))
        print "ferry.\"}"
    }
}' >many.jsonl
touch -d 2021-01-01 many.jsonl
rm -rf copy
export LEDE_ARCHIVE=copy
lede index -q many.jsonl
lede search --format ndjson ferry -n 0 --sort newest >sound
flip_bit copy records
for format in json ndjson; do
    lede search --format $format ferry -n 0 --sort newest >$format 2>errors ||
        echo "status $?"
    sed 's/[0-9][0-9]* of/SOME of/' errors
done
is_json <json && is_json lines <ndjson && echo 'JSON is whole'
# The same hits, in the same order, or their keys and what is wrong.
grep '"error"' ndjson | sed 's/"rank": [0-9]*/"rank": N/; s/[0-9a-f]\{16\}/KEY/' |
    sort -u
damaged=$(grep -c '"error"' ndjson)
test "$damaged" -gt 10 && test "$damaged" -lt 200 && echo 'some are damaged'
keys() { sed -n 's/^{"rank": \([0-9]*\).*"key": "\([0-9a-f]*\)".*/\1 \2/p' "$1"; }
keys sound >keys.sound
keys ndjson >keys.ndjson
cmp keys.sound keys.ndjson && wc -l <keys.ndjson
sed 's/.*"hits": //; s/{"rank"/\n&/g' json | grep -c '"error"' | grep -qx "$damaged" &&
    echo 'the same in JSON'
grep -v '"error"\|"summary"' ndjson >readable
grep -cxFf readable sound | grep -qx $((600 - damaged)) && echo 'all others are as before'
lede search ferry -n 0 --sort newest 2>errors >text || echo "status $?"
wc -l <errors
grep -c 'cannot be read: copy: segment 1: entry store: damaged block$' text |
    grep -qx "$damaged" && echo 'the same in text'
# A long query learns from the best hits, of which the first is damaged: from
# those that can be read.
key=$(grep '"error"' ndjson | sed -n '1s/.*"key": "\([0-9a-f]*\)".*/\1/p')
number=$(sed -n "s/.*\"key\": \"$key\".*\"Report \([0-9]*\)\".*/\1/p" sound)
lede search --match any -n 1 --offset 1 --format json report "$number" w1 w2 w3 \
    w4 w5 w6 w7 w8 w9 w10 w11 w12 w13 w14 w15 w16 >json 2>errors || echo "status $?"
is_json <json && wc -l <errors
