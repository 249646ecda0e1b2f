# Nothing that stands in an archive moves the cursor, changes colours or turns a
# line around: every command and format, over an entry that tries.
status() {
    "$@"
    echo "status $?"
}
mkdir in
esc=$(printf '\033')
bell=$(printf '\007')
csi=$(printf '\302\233')
rlo=$(printf '\342\200\256')
lri=$(printf '\342\201\246')
bad="$esc]0;owned$bell$esc[31mred$csi""2Jgone$rlo backwards$lri"
{
    printf 'BODY zebra %s\n' "$bad"
} >"in/$(printf 'name\033[1m.txt')"
cat >in/hostile.jsonl <<X
{"headline": "zebra \\u001b[31m \\u009b2J \\u202e x $rlo", "published": "2019-05-06", "source": "$csi Argus $rlo", "author": "\\u001b[1mAnn $lri", "label": "\\u202eBreaking", "url": "http://example.org/\\u001b$rlo", "summary": "zebra $csi deck", "body": "zebra \\u0007 \\u001b]0;x\\u0007 $csi $rlo $lri text", "lang": "en\\u001b[31m"}
X
# What would be obeyed, but for line ends.
clean() {
    if LC_ALL=C grep -q "$(printf '[\001-\010\013\014\016-\037\177]')" "$1" ||
        LC_ALL=C grep -q "$(printf '\302[\200-\237]')" "$1" ||
        LC_ALL=C grep -q "$(printf '\342\200[\252-\256]')" "$1" ||
        LC_ALL=C grep -q "$(printf '\342\201[\246-\251]')" "$1"; then
        echo "obeyed: $2"
        cat -v "$1"
    fi
}
try() {
    "$@" >got 2>&1
    code=$?
    clean got "$*"
    test -s got && echo "lede $(printf %s "$2" | tr -cd a-z): $code"
}
printf '%s' "$bad" >probe # the test can fail
clean probe probe | head -n 1
try lede index in
for format in text json ndjson csv atom; do
    try lede search --format $format zebra --explain
done
try lede search "zebra $bad"
try lede search --parse "zebra $bad"
try lede search "\"$bad\" nothing" --no-relax
try lede search zebra --facet source,author,label,lang,kind,year
try lede search zebra --facet source,author,label,lang --format json
try lede search zebra --facet source,author,label,lang --format csv
try lede timeline zebra
try lede timeline zebra --format json
try lede timeline zebra --format csv
try lede first zebra
try lede last zebra
key=$(lede search -l zebra -n 1)
try lede show "$key"
try lede show "$key" --query 'zebra text'
try lede show "$key" --query 'zebra text' --format json
try lede stats
try lede check
try lede search --after "$bad" zebra
try lede show "$bad"
try lede "$bad"
# Marks are the only colours.
lede show "$key" --query 'zebra' --color always | sed -n 's/\x1b\[[0-9;]*m//gp' >got
clean got 'show in colour'
