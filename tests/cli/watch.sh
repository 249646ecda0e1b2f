# Files that come while a folder is watched are found soon.
wait_for() { # COMMAND...: until it holds, ten seconds at most
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 100 ] || return 1
        sleep 0.1
    done
}
found() {
    [ "$(lede search --count "$1" 2>/dev/null)" = "$2" ]
}
lede watch
echo "status $?"
lede watch nowhere
echo "status $?"
lede watch --settle soon .
echo "status $?"
mkdir news
printf '{"title": "Rain", "body": "It rained."}\n' >news/a.json
LEDE_ARCHIVE=$PWD/news/archive # inside of what is watched
export LEDE_ARCHIVE
lede watch --settle 1s --once -q news &
watcher=$!
wait_for found rain 1 && echo "what is there is read"
mkdir news/deep
printf '{"title": "Snow", "body": "It snowed."}\n' >news/deep/b.json
wait "$watcher"
echo "status $?"
found snow 1 && echo "what came is read"
lede watch --settle 1s -q news &
watcher=$!
sleep 1
printf '{"title": "Hail", "body": "It hailed."}\n' >news/deep/new
mv news/deep/new news/deep/c.json
wait_for found hail 1 && echo "what was moved there is read"
# as a walk would: no folder of a page, one rendering of a snapshot, links
mkdir -p news/page_files news/1739803800
echo '<html><h1>An advert</h1><p>A frame that nobody wants.' >news/page_files/ad.html
echo '<html><h1>Sleet</h1><p>Sleet fell on the town for two days.' >news/page.html
wait_for found sleet 1 && found advert 0 && echo "what belongs to a page is not read"
echo '<html><h1>A snapshot</h1><p>The ferry sailed again.' | tee news/1739803800/output.html >news/1739803800/singlefile.html
echo '{"url": "https://p.example/f", "timestamp": "1739803800.0", "tags": "sea", "history": {}}' >news/1739803800/index.json
wait_for found snapshot 1 && found tag:sea 1 && echo "a snapshot is read once"
printf '{"title": "Fog", "body": "It was foggy."}\n' >fog.json
ln fog.json news/fog.json
wait_for found fog 1 && echo "what was linked there is read"
# one that is still being written is read again when it is whole
exec 3>news/long.json
printf '{"title": "Frost", "body": "The pond froze over' >&3
printf '{"title": "Wind", "body": "It blew."}\n' >news/wind.json
wait_for found wind 1 && echo "what is whole is read meanwhile"
printf ' in one night."}\n{"title": "Thaw", "body": "The ice thawed."}\n' >&3
exec 3>&-
wait_for found thaw 1 && found '"froze over in one night"' 1 && echo "what was being written is read to its end"
# more events than the system keeps: what came behind them is found by a walk
limit=$(cat /proc/sys/fs/inotify/max_queued_events)
kill -STOP "$watcher"
while [ "$limit" -ge 0 ]; do
    : >news/.one
    : >news/.other
    limit=$((limit - 2))
done
printf '{"title": "Gale", "body": "It blew harder."}\n' >news/deep/gale.json
kill -CONT "$watcher"
wait_for found gale 1 && echo "what no event told of is read"
# another folder in its place, and one that is made anew: both are read
watched() { # FOLDER NAME WORD: a page in it that comes some time later
    sleep 2
    printf '{"title": "%s", "body": "It was %s."}\n' "$3" "$3" >"$1/$2.json"
}
mkdir other
lede watch --settle 1s -q other 2>said &
second=$!
sleep 1
mv other other.old
mkdir other
watched other k Drizzle
wait_for found drizzle 1 && echo "what stands in the place of a folder is read"
watched other.old l Squall
rm -rf other
mkdir other
watched other m Monsoon
wait_for found monsoon 1 && found squall 0 && echo "what is made anew is watched"
grep -c 'all of it is read' said
kill "$second"
wait "$second"
kill "$watcher"
wait "$watcher"
echo "status $?"
lede check >/dev/null && echo "all is well"
