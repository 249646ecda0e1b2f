# Shards on this machine answer as the archive does; what is wrong with them is
# said.
export ASAN_OPTIONS=new_delete_type_mismatch=0 # Xapian 1.4's check
status() {
    "$@"
    echo "status $?"
}
lede index -q "$SAMPLE" 2>/dev/null
status lede export --to xapian:one
status lede export --to xapian:three --shards 3
status lede export --to xapian:three
status lede export --to xapian:three --shards 2
# Shards of another archive are not emptied by a slip.
i=1
while [ $i -le 6 ]; do
    echo "Headline $i" >"other-$i.txt"
    i=$((i + 1))
done
lede index -q --archive other other-?.txt
status lede export --archive other --to xapian:three
status lede export -q --archive other --to xapian:taken
status lede export --to xapian:taken
status lede export --replace --to xapian:taken
rm -r other other-?.txt taken
status lede export --to three
status lede export --to xapian:one/iamglass
cat three/XAPIANDB

# The same answers, to the byte, where scores play no part: with copies folded,
# and all counts.
counted=person,place,source,author,label,kind,lang,year,month,day
compared=0
while read -r query; do
    for sort in newest oldest; do
        lede search --format json --sort $sort -n 0 --facet $counted \
            -- "$query" >want
        for archive in xapian:one xapian:three xapian:three/XAPIANDB; do
            lede search -A $archive --format json --sort $sort -n 0 \
                --facet $counted -- "$query" >got
            cmp -s want got || {
                echo "$archive: $query ($sort) differs"
                diff want got | cut -c 1-300
            }
            compared=$((compared + 1))
        done
    done
    # By relevance: the same entries, in some order.
    lede search --format json -n 0 -- "$query dup:show" | grep -o '"key": "[^"]*"' |
        sort >want
    lede search -A xapian:three --format json -n 0 -- "$query dup:show" |
        grep -o '"key": "[^"]*"' | sort >got
    cmp -s want got || echo "$query: other entries"
done <<'END'
night ferry
"one lane"
violin zeppelin
herring -gannets
-ferry
caption:ladder
headline:(ferry OR bridge)
body:bridge
body:"one lane"
=The ferry
cease-fire
O'Brien
kind:live_update
person:brannigan
person:"ines brannigan" OR ferry
-person:brannigan ferry
person:=Brannigan
place:skarholm
place:=Skarholm -bridge
place:norway
from:skarholm
person:brann*
ferry dup:only
ferry dup:show
date:2024..
date:12-31..01-01
ferry OR bridge OR herring
author:Brannigan
source:"Skarholm Courier"
url:skarholmcourier.example
*
END
echo "$compared compared"
# Who and where, and when. A cursor is good for one archive.
asked() {
    lede "$@" --format json | sed 's/"next": "[^"]*"//'
}
while read -r command; do
    for archive in xapian:one xapian:three; do
        asked $command >want
        asked $command -A $archive >got
        cmp -s want got || {
            echo "$archive: $command differs"
            diff want got | cut -c 1-300
        }
    done
done <<'END'
people
places
people b
who ferry
where ferry
with brannigan
timeline ferry
timeline --by month ferry OR bridge
first ferry
last ferry
search zeppelin
END
# Corrections go with the entries.
lede names merge person 'Ines Brannigan' 'Brannigan the Younger'
lede names hide place Skarholm
status lede export -q --to xapian:three
for command in people places 'search person:brannigan --sort newest'; do
    lede $command --format json >want
    lede $command --format json -A xapian:three >got
    diff want got | cut -c 1-300
done
status lede names -A xapian:three hide place Oslo
lede names undo
lede names undo
status lede export -q --to xapian:three
status lede search -A xapian:one 'night ferry' -n 1
lede search -A xapian:three 'krakow whale' --explain -n 1 | grep -c 'recency'
key=$(lede search --format json -n 1 ferry | grep -o '"key": "[^"]*"' | cut -d '"' -f 4)
lede show "$key" >want
status lede show -A xapian:three "$key" >got
diff want got
status lede show -A xapian:three 000000
status lede stats -A xapian:three
status lede check -A xapian:three
status lede check -A xapian:one --format json

# What shards are not for, and what is none.
status lede index -A xapian:one "$SAMPLE"
status lede compact -A xapian:one
status lede search -A xapian: ferry
status lede search -A xapian:nowhere ferry
status lede search -A xapian:tcp:nobody ferry
mkdir empty
status lede search -A xapian:empty ferry
cp -r one spoilt
echo nothing of the kind >spoilt/iamglass
status lede search -A xapian:spoilt ferry

# Killed at any time, an export is finished by the next.
(
    for wait in 0.02 0.05 0.1 0.2; do
        lede export -q --to xapian:killed --shards 2 &
        sleep $wait
        kill -9 $!
        wait $!
    done
) 2>/dev/null
# Xapian's lock is held by a process of its own, which ends a little later.
for try in 1 2 3 4 5 6 7 8; do
    lede export -q --to xapian:killed --shards 2 2>err && break
    sleep 1
done
cat err
lede search -A xapian:killed -c ''
status lede check -q -A xapian:killed

# A full disk (files that may not grow) leaves what was committed.
cp -r "$SAMPLE" some
(
    ulimit -f 128
    lede export -q --to xapian:full 2>err
    echo "status $?"
)
grep -c 'xapian' err
lede search -A xapian:full ferry 2>&1 | grep -c 'not finished'
status lede export -q --to xapian:full
lede search -A xapian:full -c ''

# Damage, and another version of Xapian.
dd if=/dev/zero of=three/shard-001/postlist.glass bs=8192 seek=0 count=1 \
    conv=notrunc 2>/dev/null
lede search -A xapian:three -c '' >out 2>err
echo "status $?"
grep -c 'this is only a part' err
lede check -A xapian:three >out 2>err
echo "status $?"
# Xapian's own check crashes on some of these (1.4.22).
i=0
for at in 1018 5599 7126 12216 14761 30031 44283; do
    cp one/termlist.glass kept
    printf AAAAAAAAAAAAAAAAAAAAAAAA |
        dd of=one/termlist.glass bs=1 seek=$at conv=notrunc 2>/dev/null
    lede check -A xapian:one --format json >out 2>err || i=$((i + 1))
    grep -q '"ok": \(true, "problems": 0\|false, "problems": [1-9]\)' out ||
        cat out err
    cp kept one/termlist.glass
done
[ $i -gt 0 ] && echo damage is told
lede check -q -A xapian:one
printf '\177' | dd of=one/iamglass bs=1 seek=14 conv=notrunc 2>/dev/null
status lede search -A xapian:one ferry 2>&1 | sed 's/format version.*understand [0-9]*/format .../'
mv one/iamglass one/iamhoney # as later versions have it
status lede search -A xapian:one ferry
