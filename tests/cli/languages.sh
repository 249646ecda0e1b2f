# A word, by its stems, in an archive of several languages.
cat >here.jsonl <<'X'
{"lang": "fr", "headline": "La loi", "published": "2025-02-01", "body": "Il paraît que la loi passe par le peuple, par la rue, et par là."}
{"lang": "fr", "headline": "Demain", "published": "2025-02-02", "body": "Paraît demain, par la poste, ce qui part par ici."}
{"lang": "fr", "headline": "Le pari", "published": "2025-02-03", "body": "Un pari perdu par le maire."}
{"lang": "fr", "headline": "Promenade", "published": "2025-02-04", "body": "Une promenade dans les rues de Paris."}
{"lang": "pt", "headline": "Passeio", "published": "2025-02-05", "body": "Um passeio pelas ruas de Paris."}
{"lang": "en", "headline": "A walk", "published": "2025-02-06", "body": "A walk in the streets of Paris."}
X
lede index -q here.jsonl
lede export -q --to xapian:shards --shards 2
for archive in "$LEDE_ARCHIVE" xapian:shards; do
    echo "== $(basename "$archive")"
    for query in paris 'Paris rues' '=paris' '-paris' 'paris lang:pt' '"paris"' 'par' 'pari'; do
        echo "$query:" $(lede search -A "$archive" -l --sort newest "$query" |
            while read -r key; do
                lede show -A "$archive" --format json "$key" | sed 's/.*"headline": "\([^"]*\)".*/\1;/'
            done)
    done
    lede search -A "$archive" --no-recency paris --color always | sed -n 's/\x1b\[1;33m/[/g; s/\x1b\[0m\x1b\[0m/]/g; s/\x1b\[[0-9;]*m//g; s/^    \([^0-9]\)/\1/p'
done
lede search -n 1 --explain --sort newest 'paris lang:pt' | sed -n 's/^ *\(paris ->.*\)/\1/p'
