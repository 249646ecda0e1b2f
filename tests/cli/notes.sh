# Notes on a query, what --quiet leaves, and pages that lie past the end.
status() {
    "$@"
    echo "status $?"
}
lede index -q "$SAMPLE"
# Columns count characters, from 1; offsets bytes, from 0.
status lede search -n 1 'Zürich 東京 OR'
status lede search --parse 'é OR ()'
status lede search --parse --format json "$(printf 'é \377 OR')"
status lede search --format json '–– !!!' -n 1
status lede search '!!!'
status lede search --count '-()'
status lede search --parse ''
# Many of one kind are told of a few times.
status lede search -c 'a^ b^ c^ d^ e^ f^'
# A union of dates is no more than its parts, and no less.
for dates in 2021 2024 '(2021 OR 2024)' '(2024 OR 2021..2024 OR 2021)' 2021..2024 '(2021 2024)'; do
    lede search -c "date:$dates"
done
status lede search -c "$(yes 'ferry OR' | head -8000 | tr '\n' ' ')ferry"
# Hits alone, or nothing; errors still.
status lede search -q 'night ferry zeppelin OR' -n 1
status lede search -q 'violin zeppelin' --no-relax
status lede search -q --count ferry
status lede search -q --parse 'ferry OR'
status lede search -q --limit x ferry
status lede check -q
status lede compact -q
status lede backup -q copy
# Past the end.
status lede search ferry --offset 9
status lede search ferry --offset 100
status lede search '"one lane"' --offset 1
status lede search ferry --offset 9223372036854775807 -n 0
status lede search --count ferry --offset 100
status lede search --format json '"one lane"' --offset 5
# Where there is no score, there are no shares in it.
lede search --sort newest --explain -n 1 'night ferry' --rank plain
lede search --sort oldest --explain -n 1 --format ndjson ferry | grep -o '"score": null\|"text": null\|"recency": null\|"fit": null'
status lede search -c '駅'
