# Lists of shards: what may stand in them, and what is refused with a word on
# what to write instead.
status() {
    "$@"
    echo "status $?"
}
lede index -q "$SAMPLE" 2>/dev/null
lede export -q --to xapian:set --shards 2
lede export -q --to xapian:one

# Blanks, ends of lines, comments.
printf '# mine\r\n\n  auto set/shard-000  \r\n\tauto\tset/shard-001' >list
status lede search -A xapian:list -c ferry
printf 'remote 127.0.0.1:1  # is down\nremote 127.0.0.1:2\t\n' >list
lede search -A xapian:list -c ferry 2>&1 | sed 's/xapian: .*/.../'
printf 'remote 127.0.0.1:1 127.0.0.1:2\n' >list
status lede search -A xapian:list -c ferry
lede search -A 'xapian:tcp: 127.0.0.1:1, 127.0.0.1:2 ' -c ferry 2>&1 |
    sed 's/xapian: .*/.../'
status lede search -A 'xapian:tcp:127.0.0.1 :1' -c ferry

# A list that names itself, another one, or a folder that has one: Xapian would
# follow it, for ever.
echo 'auto list' >list
status lede search -A xapian:list -c ferry
status lede check -A xapian:list
echo 'auto list' >other
status lede search -A xapian:other -c ferry
echo 'auto set' >list
status lede search -A xapian:list -c ferry
mkdir itself
echo 'auto ../itself' >itself/XAPIANDB
status lede search -A xapian:itself -c ferry
echo 'auto one' >list
status lede search -A xapian:list -c ferry

# What can't be read to its end is no list.
mkfifo pipe
status lede search -A xapian:pipe -c ferry
echo 'auto pipe' >list
status lede search -A xapian:list -c ferry
rm itself/XAPIANDB
mkfifo itself/XAPIANDB
status lede search -A xapian:itself -c ferry

# The other kind of name.
status lede search -A one -c ferry
status lede search -A set -c ferry
status lede search -A "xapian:$LEDE_ARCHIVE" -c ferry
mkdir begun
(
    ulimit -f 0
    trap '' XFSZ
    lede index -q -A xapian:begun "$SAMPLE" >/dev/null 2>&1
)
status lede search -A xapian:begun -c ferry

# Corrections that came with shards are shown; they are made in the archive.
status lede names -A xapian:set
lede names -q hide place Skarholm
lede export -q --to xapian:set
status lede names -A xapian:set
status lede names -A xapian:set hide place Oslo
