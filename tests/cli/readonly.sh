# Another user's archive: read without LMDB's locks, writers being kept out.
# As root one is nobody for it (whom the modes of files bind).
if [ "$(id -u)" = 0 ]; then
    chmod a+rx .. && chmod a+rwx .
    other() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
else
    other() { "$@"; }
fi
status() {
    other "$@" 2>&1 | sed 's/process [0-9]*/process N/'
}
for tool in flock $([ "$(id -u)" = 0 ] && echo setpriv); do
    if ! command -v $tool >/dev/null; then
        echo "skipped: there is no $tool here"
        exit 77
    fi
done
wait_held() {
    tries=0
    while [ ! -e held ] && [ $((tries += 1)) -lt 300 ]; do sleep 0.1; done
}
read_all() {
    status lede check -q | sed 's/ in [0-9.]* s$//'
    status lede search -c ferry
    key=$(other lede search -n 1 --format json ferry |
        sed 's/.*"key": "\([0-9a-f]*\)".*/\1/')
    status lede show "$key" | sed -n 1p
    status lede stats | sed -n 1p
    status lede backup -q "copy$1" && other lede search -c --archive "copy$1" ferry
}
lede index -q "$SAMPLE"
echo '== folder and files'
chmod 444 "$LEDE_ARCHIVE"/* && chmod 555 "$LEDE_ARCHIVE"
read_all 1
status lede index -q "$SAMPLE"
echo '== only the table of readers'
chmod 755 "$LEDE_ARCHIVE" && chmod 666 "$LEDE_ARCHIVE"/*
chmod 444 "$LEDE_ARCHIVE/lock.mdb"
read_all 2
echo '== a writer at work'
flock "$LEDE_ARCHIVE/data.mdb" sh -c ': >held; while [ -e held ]; do sleep 0.1; done' &
wait_held
status lede search -c ferry
rm held
wait
status lede search -c ferry
echo '== a writer waits for the reader'
chmod 644 "$LEDE_ARCHIVE"/*
flock -s "$LEDE_ARCHIVE/data.mdb" sh -c ': >held; while [ -e held ]; do sleep 0.1; done' &
wait_held
(sleep 1; echo reader ends; rm held) &
lede index -q "$SAMPLE" && echo written
wait
echo '== no writer ever, in a folder closed to others'
rm "$LEDE_ARCHIVE/writer.lock" "$LEDE_ARCHIVE/lock.mdb"
chmod 444 "$LEDE_ARCHIVE"/* && chmod 555 "$LEDE_ARCHIVE"
status lede search -c ferry
echo '== one who may not look at the lock of writers'
chmod 755 "$LEDE_ARCHIVE" && : >"$LEDE_ARCHIVE/writer.lock"
chmod 0 "$LEDE_ARCHIVE/writer.lock" && chmod 555 "$LEDE_ARCHIVE"
status lede search -c ferry
chmod 755 "$LEDE_ARCHIVE"
echo '== databases of Xapian'
lede export -q --to xapian:set --shards 2
lede index -q -A xapian:home "$SAMPLE"
for archive in set home; do
    chmod -R a-w,a+rX $archive
    status lede search -c -A xapian:$archive ferry
    status lede check -A xapian:$archive | sed 's/ in [0-9.]* s$//'
    chmod -R u+w $archive
done
