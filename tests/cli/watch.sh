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
kill "$watcher"
wait "$watcher"
echo "status $?"
lede check >/dev/null && echo "all is well"
