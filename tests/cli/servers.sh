# Three shards behind servers of Xapian's: as docs/SCALING.md says, and when one
# of them is down, dies, or never answers.
tcpsrv=$(command -v xapian-tcpsrv) || {
    echo "skipped: no xapian-tcpsrv (Debian package xapian-tools)"
    exit 77
}
trap 'pkill -9 -f "port $((base / 10))[0-9] "' EXIT
status() {
    "$@"
    echo "status $?"
}
# Free ports, in the place of those of the page: below those that the system
# gives to connections.
base=$((20000 + $$ % 120 * 100))
page() {
    sed -n '/^## Three servers/,/^## When a shard/p' "$ROOT/docs/SCALING.md" |
        sed -n 's/^    //p' | sed "s/3333\\([0-9%]\\)/$((base / 10))\\1/g"
}
mkdir home
mkdir home/later-articles
ln -s "$SAMPLE" home/articles
echo '{"headline": "A later ferry", "published": "2026-01-02T10:00:00Z", "body": "It was late."}' \
    >home/later-articles/1.jsonl
HOME=$PWD/home
export HOME
page >commands
grep -c . commands
. ./commands >out 2>err
grep -v 'damaged.jsonl\| added, ' err
grep -q 'Harbour bridge' out && echo found
cat servers | sed "s/:$((base / 10))/:3333/"
tail -n 2 out

p1=127.0.0.1:$((base + 1)) p2=127.0.0.1:$((base + 2)) p3=127.0.0.1:$((base + 3))
all=xapian:tcp:$p1,$p2,$p3
lede search --format json --sort newest -n 0 'dup:show' |
    sed 's/"stories": [0-9a-z]*, //; s/"copies": [0-9]*, "group": "[0-9a-f]*", //g' >want
lede search -A $all --format json --sort newest -n 0 'dup:show' |
    sed 's/"stories": [0-9a-z]*, //; s/"copies": [0-9]*, "group": "[0-9a-f]*", //g' >got
cmp want got && echo same
status lede search -A $all -c ferry
# One that is named twice would count twice.
lede search -A xapian:tcp:$p1,$p2,$p1 -c ferry >out 2>err
echo "status $?"
quiet() { sed "s/127.0.0.1:$((base / 10))/HOST:3333/g; s/ (remote:.*)//; s/\\(timeout\\|Timeout\\|Connection\\).*/.../"; }
quiet <err

# One that never answers: a stopped process.
pid=$(pgrep -f "port $((base + 2)) ")
kill -STOP $pid
begin=$(date +%s)
lede search -A $all --timeout 1s -c '' >out 2>err
echo "status $?"
wc -l <out
grep -c "this is only a part: $p2" err
lede search -A $all --timeout 1s --partial -c '' >out2 2>err
echo "status $?"
cmp out out2
lede search -A $all --timeout 1s --format json -n 1 '' 2>err |
    grep -o '"partial": \[{"shard": "[^"]*", "reason": "' | quiet
[ $(($(date +%s) - begin)) -lt 60 ] && echo in time
kill -CONT $pid
status lede search -A $all -c ''

# One that is killed, with all that it is doing, while searches are made.
cat >many.sh <<'END'
for i in 1 2 3 4 5 6 7 8; do
    lede search -A $1 --timeout 5s --sort newest --format json -n 0 '' >o 2>e
    case $? in
    0) grep -q '"total": 54' o || echo "wrong: $(cat o)" ;;
    2) grep -q . e || echo "says nothing" ;;
    *) echo "status?" ;;
    esac
done
END
(sleep 0.4 && pkill -9 -f "port $((base + 2)) ") &
sh many.sh $all
wait $!
lede search -A $all -c '' >out 2>err
echo "status $?"
quiet <err | cut -c 1-46
for asks in 'people' 'places' 'who bridge' 'where bridge' 'with bergen' \
    'timeline bridge' 'first bridge'; do
    # shellcheck disable=SC2086 # words
    lede $asks -A $all --partial --format json 2>err |
        grep -c '"partial": \[{"shard": "[^"]*", "reason": "'
done
lede stats -A $all --partial >out
echo "status $?"
lede check -A $all >out 2>err
echo "status $?"
lede show -A $all 0123456789abcdef >out 2>err
echo "status $?"
# None left.
pkill -9 -f "port $((base + 1)) "
pkill -9 -f "port $((base + 3)) "
lede search -A $all --partial -c '' >out 2>err
echo "status $?"
wc -l <out
quiet <err | cut -c 1-20
# Corrections of a database that is indexed into reach who asks its server, and
# so do those of a file that was edited when no one looked.
lede index -q -A xapian:written "$SAMPLE" 2>err
"$tcpsrv" --quiet --interface 127.0.0.1 --port $((base + 7)) written >/dev/null 2>&1 &
sleep 1
server=xapian:tcp:127.0.0.1:$((base + 7))
told() {
    lede places -A xapian:written --format json >want
    lede places -A $server --format json >got
    cmp want got && grep -o '"name": "Skarholm"' got | wc -l
}
told
lede names -q -A xapian:written hide place Skarholm
told
cp written/names.txt edited
lede names -q -A xapian:written undo
told
cp edited written/names.txt
lede index -q -A xapian:written "$SAMPLE" 2>err
told
