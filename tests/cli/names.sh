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

# The line is passed over, and kept.
lede names add person 'Kyiv Tuesday'
cat "$LEDE_ARCHIVE/names.txt"
printf '%s\n' 'hide person "Volodymyr Zelensky"' >"$LEDE_ARCHIVE/names.txt"
count person:zelensky
count person:zelenskiy
key=$(lede search --format json person:zelenskiy |
    sed -n 's/.*"key": "\([0-9a-f]*\)".*/\1/p')
rm "$LEDE_ARCHIVE/names.txt"
lede names merge person 'Volodymyr Zelensky' 'Vladimir Zelenskiy'
lede names split person 'Volodymyr Zelensky' 'Wladimir Other' "$key"
count person:zelensky
count person:other
lede people
lede names undo
count person:other
lede names rename place g703448 g702550
count place:kyiv
count place:lviv
lede search -q --format text place:lviv | head -n 4
lede names undo

# What the recogniser missed.
lede names add person Tuesday
lede people tue
lede search --format json person:tuesday | grep -o '"recognized": [a-z]*'
lede names undo
lede people tue

# An editor that writes nonsense loses nothing, and the next one mends it.
cat >editor <<'END'
echo '# mine' >>"$1"
echo 'marry person "A B" "C D"' >>"$1"
END
export EDITOR="sh $PWD/editor"
status lede names edit
status lede names
cat >editor <<'END'
sed 's/marry/merge/' "$1" >edited && mv edited "$1"
END
status lede names edit
status lede names
EDITOR=false
status lede names edit
VISUAL=true EDITOR=false
export VISUAL
status lede names edit
status lede names
status lede names propose
status lede names undo
status lede names undo
status lede names propose
status lede names propose --format json zelensky
status lede names propose nobody

# Places by their names; what several places, or none, are called.
cat >more.jsonl <<'EOF'
{"id": "urn:lede-test:3", "headline": "Three", "date": "2025-02-03", "body": "BORIS JOHNSON went home, said the papers. BORIS JOHNSON was tired."}
{"id": "urn:lede-test:4", "headline": "Four", "date": "2025-02-04", "body": "Mr Boris Johnson flew from Paris, France, to Paris, Texas."}
{"id": "urn:lede-test:5", "headline": "Five", "date": "2025-02-05", "body": "Boris Johnson said BORIS JOHNSON was not in Russia, nor in Moscow."}
{"id": "urn:lede-test:6", "headline": "Six", "date": "2025-02-06", "body": "BORIS JOHNSON sat in the rain, said the papers."}
EOF
lede index -q more.jsonl
lede people -q boris
lede places -q
status lede names hide place Kyiv
count place:kyiv
status lede names hide place Paris
status lede names hide place Nowhereville
status lede names hide person Nobody
status lede names rename place Russia 'Russian Federation'
status lede names rename place Moscow Lviv
status lede names merge place London g2988507
status lede names
lede places -q
count place:russia
count 'place:"russian federation"'
count place:moscow
count place:paris

# What would change nothing, or more than is meant, is refused; a name that was
# given up is followed.
rm "$LEDE_ARCHIVE/names.txt"
status lede names rename person 'Boris Johnson' President
status lede names rename person 'Boris Johnson' 'Boris Johnson'
status lede names merge person 'Boris Johnson' 'Boris Johnson'
status lede names merge place Kyiv Kiev
status lede names rename place Kyiv Kyiv
status lede names hide place Kiev
status lede names
lede names merge person 'Volodymyr Zelensky' 'Vladimir Zelenskiy'
lede names merge person 'Boris Johnson' 'Vladimir Zelenskiy'
lede people -q
lede names undo
lede names merge person 'Vladimir Zelenskiy' 'Boris Johnson'
lede people -q
lede names undo
lede names merge person 'Vladimir Zelenskiy' 'Volodymyr Zelensky'
lede people -q zel
lede people -q vla
lede names undo
status lede names merge person 'Volodymyr Zelensky' 'Vladimir Zelenskiy'
status lede names hide person 'Vladimir Zelenskiy'
status lede names hide person 'Volodymyr Zelensky'
status lede names hide person 'Volodymyr Zelensky'
status lede names add person 'Volodymyr Zelensky'
status lede names rename person 'Volodymyr Zelensky' 'Someone Else'
status lede names
