# Answers for people and for programs, over the sample archive.
status() {
    "$@"
    echo "status $?"
}
lede index -q "$SAMPLE"
status lede search 'night ferry' -n 2
status lede search '"one lane"'
status lede search --count ferry
status lede search -c --no-relax 'violin zeppelin'
status lede search -c 'violin zeppelin' --format json
status lede search 'violin zeppelin'
status lede search --no-relax 'violin zeppelin'
status lede search herring -gannets
status lede search '-ferry' --sort oldest -n 1
status lede search 'date:2023-01-01' --sort newest --zone Europe/Oslo
status lede search --format json 'caption:ladder'
status lede search --format ndjson 'krakow whale' --explain
status lede search --format json '' -n 1 --offset 53 --sort newest
status lede search 'foo:(bar "baz' -n 1
status lede search --parse 'a b OR c -"d e" headline:=F date:2024..'
status lede search 'date:12-31..01-01' --sort oldest -n 2
status lede search --parse 'storm date:12-31..01-01 date:02-17'
# A day of no known year, next to those of known years.
echo '{"headline": "A ferry turns back", "published": "31 December 14:50", "body": "The ferry turned back."}' >ferry.jsonl
lede index -q ferry.jsonl
status lede search 'ferry date:12-31'
status lede search --no-relax 'ferry date:01-01..12-30 turns back'
status lede search --parse 'turns date:12-32'
status lede search -n 1 --sort oldest label:breaking
lede search -n 1 --sort oldest 'author:brannigan' --format ndjson | sed -n 's/.*\("found_in": .*]]}\]\).*/\1/p'
