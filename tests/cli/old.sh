# Archives of older formats are read as they are, say what they do not know, and
# learn it. old/format-1.tar.gz has no names, format-2 no sketches of copies:
# three entries of a file that is no more, made by the versions of those days.
for format in 1 2; do
    echo "== format $format"
    rm -rf archive
    gzip -dc "$ROOT/tests/cli/old/format-$format.tar.gz" | tar -xf -
    export LEDE_ARCHIVE="$PWD/archive"
    lede check
    lede search bridge
    lede search person:starmer
    lede search --count place:ukraine
    lede search --count from:kyiv
    lede search --count 'starmer -person:starmer'
    lede search --count --facet person,place bridge
    lede people
    lede who bridge
    lede names propose
    lede show --query person:lavrov 2c0c2935bd48c171
    echo '{"id": "urn:lede-test:new", "headline": "New", "date": "2025-02-05", "body": "President Volodymyr Zelensky flew to Kyiv."}' >new.jsonl
    lede index -q new.jsonl
    lede people
    lede search --count place:kyiv
    lede upgrade -q
    lede people
    lede search --count place:ukraine
    lede check
done
# Of format 3, from before longer names had a term of their first and last word:
# who has a middle name is found by the whole names.
echo "== names"
rm -rf archive
gzip -dc "$ROOT/tests/cli/old/format-3-names.tar.gz" | tar -xf -
lede search 'person:"george bush"'
lede search --count 'bush -person:"george bush"'
lede search --count 'person:="george bush"'
lede upgrade -q
lede search --count 'person:"george bush"'
