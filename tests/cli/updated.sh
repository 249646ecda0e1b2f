# When entries were last changed: updated: on an archive and on shards.
export ASAN_OPTIONS=new_delete_type_mismatch=0 # Xapian 1.4's check
status() {
    "$@"
    echo "status $?"
}
cat >feed.xml <<'END'
<feed xmlns="http://www.w3.org/2005/Atom"><title>The Skarholm Courier</title>
<entry><title>Harbour wall to be raised</title><id>urn:1</id>
<published>2025-02-03T08:00:00Z</published><updated>2025-02-17T14:50:00Z</updated>
<content>The harbour wall is to be raised by a metre.</content></entry>
<entry><title>Ferry fares go up</title><id>urn:2</id>
<published>2024-11-05T08:00:00Z</published><updated>2024-11-06T09:00:00Z</updated>
<content>Fares of the harbour ferry go up in spring.</content></entry>
</feed>
END
cat >page.html <<'END'
<html><head><title>Harbour dredged</title><script type="application/ld+json">
{"@type": "NewsArticle", "headline": "Harbour dredged",
 "datePublished": "2025-01-10T10:00:00+01:00", "dateModified": "2025-02-17T23:30:00+01:00"}
</script></head><body><article><h1>Harbour dredged</h1>
<p>The harbour was dredged over two weeks in winter, and is open to ferries again.</p>
<p>No ship of more than ninety metres could enter while the work went on, said its master.</p>
</article></body></html>
END
echo '{"headline": "Harbour lights", "published": "2025-02-01", "body": "The harbour lights are lit."}' >plain.jsonl
echo '{"headline": "Harbour seals", "published": "2025-02-01T10:00:00Z", "updated": "2025-02", "body": "Seals in the harbour."}' >month.jsonl
lede index -q feed.xml page.html plain.jsonl month.jsonl
lede export -q --to xapian:shards --shards 2 2>/dev/null

# Keys, under both engines; a difference is printed.
ask() {
    echo "$1"
    lede search -l -n 0 --sort newest --now 2025-02-18T12:00Z "$@" >one
    lede search -A xapian:shards -l -n 0 --sort newest --now 2025-02-18T12:00Z \
        "$@" >two
    cmp -s one two || diff one two
    lede search --format csv -n 0 --sort newest --now 2025-02-18T12:00Z "$@" |
        grep -o 'Harbour [a-z]*\|Ferry fares' | sort -u
}
ask 'harbour updated:2025-02-17'
ask 'harbour updated:2025-02-17' --zone Europe/Oslo
ask 'harbour updated:2025-02-18' --zone Europe/Oslo
ask 'harbour updated:yesterday'
ask 'updated:2w'
ask 'harbour updated:last month'
ask 'harbour updated:2024..'
ask 'updated:..2024'
ask '-updated:2000..'
ask 'updated:(2024 OR 2025-02-17) ferry'
ask 'ferry -updated:2025 date:2024..'
ask 'harbour NEAR/3 wall updated:2025'
status lede search -c 'updated:2030'
lede show "$(lede search -l dredged)" | grep updated
status lede search --parse 'updated:02-17 updated:"last month" modified:2w' --now 2025-02-18T12:00Z
lede check
# The date goes with the entry through merges.
lede compact -q
ask 'harbour updated:2025-02'
lede check
