# Whatever is asked of shards of which one is down says so in its answer, too,
# where the form has a place for it.
export ASAN_OPTIONS=new_delete_type_mismatch=0 # Xapian 1.4's check
lede index -q "$SAMPLE" 2>/dev/null
lede export -q --to xapian:many --shards 3
lede search -A xapian:many/shard-001 --format ndjson -n 0 '' >gone
gone=$(sed -n '1s/.*"key": "\([0-9a-f]*\)".*/\1/p' gone)
there=$(lede search -A xapian:many/shard-000 --format ndjson -n 1 '' |
    sed -n '1s/.*"key": "\([0-9a-f]*\)".*/\1/p')
lede show -A xapian:many "$gone" --format json | grep -c '"partial"'
mv many/shard-001 aside
while read -r asks; do
    what=$(echo "$asks" | sed "s/$there/KEY/")
    for may in '' --partial; do
        # shellcheck disable=SC2086 # words
        lede $asks -A xapian:many $may --format json >out 2>err
        echo "$what: status $?, $(is_json <out && grep -c '"partial": \[{"shard": "[^"]*shard-001", "reason": "' out)"
    done
done <<LIST
search ferry
search -c ferry
people
places
who bridge
with bergen
timeline bridge
first bridge
names propose
show $there
stats
check
LIST
sed 's/"reason": "[^"]*"/"reason": .../' out
echo '== csv and atom'
lede search -A xapian:many --format csv ferry >out 2>err
echo "status $?, $(grep -c partial out) in the table, $(wc -l <err) on stderr"
lede search -A xapian:many --format atom ferry >out 2>err
echo "status $?"
grep -c '^<subtitle>This is only a part: many/shard-001: [^<]*</subtitle>$' out
lede search --format atom ferry | grep -c subtitle
echo '== a key that may be on it'
for key in "$gone" 000000; do
    for may in '' --partial; do
        # shellcheck disable=SC2086 # words
        lede show -A xapian:many "$key" $may 2>err
        echo "status $?"
        sed "s/$gone/KEY/; s/\(part: [^:]*\): .*/\1: .../" err
    done
done
mv aside many/shard-001
lede show -A xapian:many 000000
