# A shard of which some entries cannot be read: these are named in place of the
# hits, and all others are there. By itself, and behind a server.
awk 'BEGIN {
    srand(5)
    for (i = 0; i < 400; i++) {
        printf "{\"headline\": \"Report %d\", \"published\": ", i
        printf "\"2020-%02d-%02dT10:00:00Z\", \"body\": \"", 1 + i % 12, 1 + i % 28
        for (j = 0; j < 150; j++)
            printf "w%d ", int(exp(rand() * 9))
        print (i % 8 == 0 ? "A pilot on a" : "The") " ferry.\"}"
    }
}' >many.jsonl
touch -d 2021-01-01 many.jsonl
lede index -q many.jsonl
lede export -q --to xapian:bad --shards 3
lede search -A xapian:bad --format ndjson pilot -n 0 >sound
keys() { sed -n 's/^{"rank": .*"key": "\([0-9a-f]*\)".*/\1/p' "$1" | sort; }
keys sound >keys.sound
wc -l <keys.sound
# Every other block of the texts, as the disk might lose them: all of them leaves.
size=$(wc -c <bad/shard-001/docdata.glass)
at=3
while [ $((at * 8192)) -lt "$size" ]; do
    dd if=/dev/zero of=bad/shard-001/docdata.glass bs=8192 count=1 \
        seek=$at conv=notrunc 2>/dev/null
    at=$((at + 2))
done
answers() {
    for format in json ndjson; do
        lede search -A "$1" --format $format pilot -n 0 >$format 2>errors
        echo "status $?"
        sed 's/[0-9][0-9]* of/SOME of/; s/hits cannot be read: .*;/hits cannot be read: ...;/' \
            errors
    done
    is_json <json && is_json lines <ndjson && echo 'JSON is whole'
    keys ndjson >keys.ndjson
    cmp keys.sound keys.ndjson && echo 'all keys are there'
    grep -v '"error"' ndjson >readable
    damaged=$(grep -c '"error"' ndjson)
    [ "$damaged" -gt 0 ] && [ "$damaged" -lt 40 ] && echo 'some are damaged'
    sed 's/.*"hits": //; s/{"rank"/\n&/g' json | grep -c '"error"' |
        grep -qx "$damaged" && echo 'the same in JSON'
    lede search -A "$1" pilot -n 0 >text 2>errors
    echo "status $?, $(wc -l <errors) line on stderr"
    grep -c 'cannot be read: .*shard-001\|cannot be read: 127' text |
        grep -qx "$damaged" && echo 'the same in text'
    lede search -A "$1" -l pilot -n 0 >text 2>errors
    echo "status $?, $(wc -l <text) keys, $(wc -l <errors) line on stderr"
    # A long query learns from the best hits, and some of them are damaged.
    lede search -A "$1" --match any -n 0 --format json pilot w1 w2 w3 w4 w5 w6 w7 \
        w8 w9 w10 w11 w12 w13 w14 w15 w16 >json 2>errors
    echo "status $?, $(wc -l <errors) line on stderr"
    is_json <json && echo 'JSON is whole'
    # What the damaged entries have no part in is as ever.
    lede search -A "$1" -c pilot
}
answers xapian:bad
# Blocks that say they are of another revision are no sign of a writer, and text
# that cannot be unpacked is damage, too.
lede export -q --to xapian:other
cp -r other packed
at=3
while [ $at -lt 12 ]; do
    printf '\177\177\177\177' |
        dd of=other/docdata.glass bs=1 seek=$((at * 8192)) conv=notrunc 2>/dev/null
    printf '\377\377\377\377\377\377\377\377' |
        dd of=packed/docdata.glass bs=1 seek=$((at * 8192 + 7000)) conv=notrunc 2>/dev/null
    at=$((at + 1))
done
for of in other packed; do
    lede search -A xapian:$of --format ndjson ferry -n 0 >out 2>errors
    echo "status $?, $(keys out | wc -l) keys"
    sed 's/^lede: [0-9]* of/lede: SOME of/' errors | cut -c 1-90
done
tcpsrv=$(command -v xapian-tcpsrv) || exit 0
port=$((32000 + $$ % 500))
"$tcpsrv" --quiet --interface 127.0.0.1 --port $port bad/shard-001 >/dev/null 2>&1 &
pid=$!
trap 'kill -9 $pid' EXIT # by any other signal it kills its group, too
sleep 1
printf 'auto bad/shard-000\nremote 127.0.0.1:%s\nauto bad/shard-002\n' $port >list
echo '== behind a server'
answers xapian:list
