# The same hits in every format, all of them, and page by page.
status() {
    "$@"
    echo "status $?"
}
lede index -q "$SAMPLE"
status lede search --format csv 'ferry' -n 2 | tr -d '\r'
status lede search --format atom '"one lane"'
status lede search --format atom zeppelin
lede search --format atom zeppelin --self 'https://example.org/feed?q=a b&c="' | grep rel=
status lede search --format atom zeppelin --self feed.xml
status lede search -l ferry -n 3 --sort oldest
status lede search -c --format csv ferry
status lede search -l --format json ferry
status lede show --format csv 012345
# Cursors: all hits, three at a time, are the same as all at once.
for how in '--sort newest' '--sort oldest' '--rank plain' ''; do
    lede search -n 0 -l ferry $how >all
    after=
    : >pieces
    while
        lede search -n 3 --format ndjson ferry $how ${after:+--after "$after"} >page
        sed -n 's/.*"key": "\([0-9a-f]*\)".*/\1/p' page >>pieces
        after=$(sed -n '$s/.*"next": "\([^"]*\)".*/\1/p' page)
        test -n "$after"
    do :; done
    cmp all pieces && echo "$(wc -l <all) hits $how"
done
cursor=$(lede search -n 3 --format json ferry --sort newest | sed 's/.*"next": "\([^"]*\)".*/\1/')
fitting=$(lede search -n 3 --format json ferry | sed 's/.*"next": "\([^"]*\)".*/\1/')
status lede search --after nonsense ferry
status lede search --after "$cursor" ferry
status lede search --after "$cursor" ferry --sort newest --offset 1
# An archive that has changed: by date it goes on, by relevance it can't.
echo '{"headline": "A new ferry", "published": "2031-01-01", "body": "A ferry."}' >new.jsonl
lede search -l -n 5 ferry --sort newest | tail -n 2 >before
lede index -q new.jsonl
lede search -l -n 2 ferry --sort newest --after "$cursor" | cmp before - && echo goes on
status lede search --after "$fitting" ferry
