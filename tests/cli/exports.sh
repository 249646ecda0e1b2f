# Exports that would put entries where nobody looks for them are refused, and
# two at once do not meet.
status() {
    "$@"
    echo "status $?"
}
lede index -q "$SAMPLE" 2>/dev/null
all=$(lede search -c '')

# A server is nowhere to write to.
status lede export -q --to xapian:tcp:127.0.0.1:1
ls
# A shard of a set belongs to its list, by whatever name it goes.
status lede export -q --to xapian:set --shards 3
status lede export -q --to xapian:set/shard-000
status lede export -q --to xapian:set/shard-001/
(cd set/shard-002 && lede export -q --to xapian:.) 2>&1 | sed 's/that .* lists/that ... lists/'
rm -r set/shard-001
status lede export -q --to xapian:set/shard-001
status lede export -q --to xapian:set
lede search -A xapian:set -c '' | grep -cx "$all"
# A list that an export did not write so.
cp set/XAPIANDB kept
lede export -q --to xapian:one
echo 'auto ../one' >>set/XAPIANDB
status lede export -q --to xapian:set
sed '$d' kept >set/XAPIANDB
status lede export -q --to xapian:set
cp kept set/XAPIANDB
lede search -A xapian:set -c '' | grep -cx "$all"
ls set

# Shards are as they were dealt out.
status lede export -q --to xapian:set --by time
status lede export -q --to xapian:one --by time
status lede export -q --to xapian:new --by time
status lede export -q --to xapian:times --by time --shards 2
status lede export -q --to xapian:times --by time
status lede export -q --to xapian:times --by key
status lede export -q --to xapian:times

# Two at once, and again: one waits or is told, and nothing is lost.
for try in 1 2 3 4 5 6; do
    lede export -q --to xapian:both --shards 2 2>err2 &
    lede export -q --to xapian:both --shards 3 2>err3 &
    wait
    cat err2 err3 | sed 's/here already, . by.*/.../; s/another export writes.*/there are shards .../'
    lede search -A xapian:both -c '' | grep -cx "$all"
    rm -r both
done | sort | uniq -c | sed 's/^ *//'
# One that waits in vain says where, once.
if command -v flock >/dev/null; then
    flock set sh -c ': >held; while [ -e held ]; do sleep 0.1; done' &
    while [ ! -e held ]; do sleep 0.1; done
    status lede export -q --to xapian:set
    rm held
    wait
fi
