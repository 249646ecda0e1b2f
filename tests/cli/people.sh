# People and places: of the archive, of an answer, and together.
status() {
    "$@"
    echo "status $?"
}
cat >news.jsonl <<'END'
{"id": "urn:lede-test:1", "headline": "One", "date": "2025-02-01", "body": "President Volodymyr Zelensky flew to Kyiv for the summit. Mr Keir Starmer met him in Kiev."}
{"id": "urn:lede-test:2", "headline": "Two", "date": "2025-02-02", "body": "President Vladimir Zelenskiy flew to London on Tuesday for the summit."}
{"id": "urn:lede-test:3", "headline": "Three", "date": "2025-03", "body": "Mr Keir Starmer went to London with Ann O'Brien, and to Paris."}
{"id": "urn:lede-test:4", "headline": "Four", "body": "Sir Keir Starmer was in London. It rained."}
{"id": "urn:lede-test:5", "headline": "Five", "date": "2025-04-01", "body": "The starmer was a boat, and nobody went to a summit."}
{"id": "urn:lede-test:6", "headline": "Six", "date": "2025-04-02", "body": "The fire in Paris, Texas, was put out, said Ann O'Brien."}
END
lede index -q news.jsonl
status lede people
status lede people STAR
key() {
    sed 's/_key": "[0-9a-f]\{16\}"/_key": "KEY"/g'
}
lede people zel --format json | key
first=$(lede people starmer --format json | sed 's/.*first_key": "\([^"]*\).*/\1/')
lede show "$first" | head -n 1
status lede places
status lede places k --format csv | tr -d '\r'
status lede people nosuch
status lede search -c --facet person,place summit
status lede search -c --facet person starmer
# A facet leaves out its own filter.
status lede search -c --facet person,place person:starmer place:london
status lede search -c --facet person summit -person:zelensky
status lede who summit
status lede where summit
status lede who summit -n 1
status lede where -q london
status lede who qqqq
lede who 'person:starmer london' --format json | key
status lede with starmer
status lede with London -n 2
status lede with 'Keir "Starmer"' --format csv | tr -d '\r'
status lede with nobody
status lede with
status lede who
status lede people -n x
lede names merge person 'Volodymyr Zelensky' 'Vladimir Zelenskiy'
lede names hide person "Ann O'Brien"
status lede people
status lede who summit
status lede with zelenskiy
status lede search -c --facet person summit
# Shards say the same, with the corrections that came along.
export ASAN_OPTIONS=new_delete_type_mismatch=0 # Xapian 1.4's check
lede export -q --to xapian:shards --shards 2 >/dev/null
shared() {
    lede search -c --format json --facet person,place "$@" |
        sed 's/"generation": [0-9]*//'
}
for query in 'person:starmer place:london' 'summit -person:zelensky' \
    'place:uk OR person:starmer' '(summit person:starmer)' 'place:(kyiv OR london)'; do
    shared "$query" >want
    shared -A xapian:shards "$query" >got
    cmp want got && echo "$query: the same"
done
for command in people 'places l' 'who summit' 'where summit' 'with starmer' 'with london'; do
    lede $command --format json >want
    lede $command -A xapian:shards --format json >got
    cmp want got && echo "$command: the same"
done
