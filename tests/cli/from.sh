# from: asks where something was written, and corrections hold for it as for
# place:, in an archive and in shards.
export ASAN_OPTIONS=new_delete_type_mismatch=0 # Xapian 1.4's check
cat >news.jsonl <<'END'
{"id": "urn:lede-test:1", "headline": "One", "date": "2025-02-01", "body": "RIYADH, Feb 1 (Reuters) - The ministers met on Monday."}
{"id": "urn:lede-test:2", "headline": "Two", "date": "2025-02-02", "body": "KYIV, Feb 2 (Reuters) - The ministers left for Riyadh."}
{"id": "urn:lede-test:3", "headline": "Three", "date": "2025-02-03", "body": "QUILLEBERTVILLE, Feb 3 (Reuters) - The mayor was tired."}
{"id": "urn:lede-test:4", "headline": "Four", "date": "2025-02-04", "body": "LVIV, Feb 4 (Reuters) - It rained."}
END
lede index -q news.jsonl
export_it() {
    rm -rf shards
    lede export -q --to xapian:shards --shards 2 >/dev/null
}
check() {
    while read -r wanted query; do
        for archive in "$LEDE_ARCHIVE" xapian:shards; do
            got=$(lede search -q -A "$archive" --sort oldest --format json "$query" 2>/dev/null |
                grep -o '"headline": "[A-Z][a-z]*"' | sed 's/.*: "\(.*\)"/\1/' | tr '\n' ',')
            [ "$got" = "${wanted#-}" ] || echo "$query in $archive: '$got', not '$wanted'"
        done
    done
}
export_it
check <<'END'
One, from:riyadh
Two, from:kiev
Two,Four, from:ukraine
Three, from:quillebertville
END

echo 'A place that is no such place.'
lede names hide place Riyadh
lede names hide place Quillebertville
export_it
check <<'END'
- from:riyadh
- from:quillebertville
Two, from:kyiv
One, from:=riyadh
END
lede names undo
lede names undo

echo 'Another one is meant.'
lede names rename place g703448 g702550
lede names rename place Quillebertville g108410
export_it
check <<'END'
Two,Four, from:lviv
One,Three, from:riyadh
Two,Four, from:ukraine
END
lede names undo
lede names undo

echo 'It has a name of its own.'
lede names rename place g703448 'The Capital'
lede names merge place Quillebertville Quilbert
export_it
check <<'END'
Two, from:"the capital"
Two, from:kyiv
Three, from:quilbert
Three, from:quillebertville
Two,Three, from:"the capital" OR from:quilbert
END
lede names undo
lede names undo

echo 'In one entry alone.'
key=$(lede search -q --format json from:riyadh | sed -n 's/.*"key": "\([0-9a-f]*\)".*/\1/p')
lede names split place g108410 g702550 "$key"
export_it
check <<'END'
- from:riyadh
One,Four, from:lviv
END
