# Corrections of names hold at once, and can be taken back.
status() {
    "$@"
    echo "status $?"
}
cat >news.jsonl <<'END'
{"id": "urn:lede-test:1", "headline": "One", "date": "2025-02-01", "body": "President Volodymyr Zelensky flew to Kyiv."}
{"id": "urn:lede-test:2", "headline": "Two", "date": "2025-02-02", "body": "President Vladimir Zelenskiy flew to London on Tuesday."}
END
lede index -q news.jsonl
count() {
    lede search --count "$@"
}
count person:zelensky
status lede names
status lede names merge person 'Volodymyr Zelensky' 'Vladimir Zelenskiy'
status lede names
count person:zelensky
count person:zelenskiy
count person:=zelensky
lede search --format json person:zelenskiy | grep -o '"people": [^]]*]'
status lede names hide person 'Volodymyr Zelensky'
lede search --format json person:zelenskiy | grep -o '"people": [^]]*]'
status lede names undo
status lede names undo
count person:zelensky
status lede names undo
status lede names join person A B
status lede names merge person
status lede names split person A B 123
echo '# by hand
merge person "Volodymyr Zelensky" "Vladimir Zelenskiy"' >"$LEDE_ARCHIVE/names.txt"
count person:zelensky
lede backup -q copy
cmp copy/names.txt "$LEDE_ARCHIVE/names.txt" && lede search -A copy --count person:zelensky
echo 'nonsense' >>"$LEDE_ARCHIVE/names.txt"
count person:zelensky
