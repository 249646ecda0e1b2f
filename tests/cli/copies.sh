# Near-copies: folded, shown, alone; counted; the same by pages and cursors.
body='The council of Port Ellery voted on Monday to rebuild the harbour wall that fell in the storm of last winter, and to pay for it out of the ferry fund until the spring.'
{
    printf '{"id": "a", "published": "2024-01-01T10:00:00Z", "title": "Council rebuilds wall", "body": "%s"}\n' "$body"
    printf '{"id": "b", "published": "2024-01-02T10:00:00Z", "title": "Harbour wall to rise again", "body": "%s Reporting by A. Smith."}\n' "$body"
    printf '{"id": "c", "published": "2024-01-03T10:00:00Z", "title": "Storm wall vote", "body": "PORT ELLERY - %s"}\n' "$body"
    printf '{"id": "d", "published": "2024-01-04T10:00:00Z", "title": "Wall of sound", "body": "The choir sang behind the harbour wall."}\n'
    printf '{"id": "e", "published": "2024-01-05T10:00:00Z", "title": "Wall of sound, again", "body": "The choir sang behind the harbour wall."}\n'
} >stories.jsonl
lede index -q stories.jsonl
keys() {
    lede search --format json -n 0 "$@" |
        grep -o -e '"total": [0-9]*, "stories": [0-9a-z]*' -e '"headline": "[^"]*"' -e '"copies": [0-9]*'
}
for order in newest oldest; do
    for query in 'harbour wall' 'harbour wall dup:show' 'dup:only wall' 'wall dup:fold before:2024-01-03'; do
        echo "== $query, $order"
        keys --sort $order "$query"
    done
done
lede search --sort newest 'harbour wall'
echo == by cursor
cursor=$(lede search --format json -n 2 --sort newest 'harbour wall' | sed 's/.*"next": "\([^"]*\)".*/\1/')
lede search --format json -n 2 --sort newest --after "$cursor" 'harbour wall' | grep -o '"headline": "[^"]*"'
lede search --sort newest --after "$cursor" 'harbour wall' | head -n 1
echo == when one goes
sed -i 2d stories.jsonl
lede index -q stories.jsonl
keys --sort newest 'harbour wall'
lede check
lede search --parse 'wall dup:show'
lede search -n 1 'wall dup:some' >/dev/null
echo == where it stands is no matter
for query in 'wall OR dup:show' '(dup:show) OR "ferry fund"' 'dup:show dup:only' '-(dup:show OR ferry)' 'dup:show OR dup:only' 'wall -dup:only' 'dup:show NOT dup:only' '-dup:only'; do
    echo "$query: $(lede search --parse "$query" 2>&1), $(lede search --count -q "$query" 2>&1)"
done
