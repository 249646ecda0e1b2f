# Files of several shapes: what would be read, what is read, from where.
feed() {
    cat <<'END'
<rss version="2.0"><channel><title>Evening Paper</title>
<item><title>Rain at the coast</title><link>https://p.example/rain</link>
<pubDate>Mon, 17 Feb 2025 14:50:00 GMT</pubDate>
<description>The coast road is shut.</description></item>
</channel></rss>
END
}
sum() {
    sed 's/; [0-9.]* [kMG]\{0,1\}B in .*\| bytes in .*//; s/; [0-9]* bytes.*//'
}
mkdir news
feed >news/feed.xml
printf 'title,url,time_added\nStorm,https://p.example/storm,1739803800\n' >news/list.csv
printf -- '---\ntitle: A note\ndate: 2025-02-16\n---\nIt was calm.\n' >news/note.md
printf '\211PNG\r\n\032\n\0\0\0' >news/a.png
lede index --dry-run news
echo "status $?"
lede stats >/dev/null 2>&1 || echo "no archive was made"
lede index news 2>&1 | sum
lede search --format ndjson rain | sed 's/.*"headline": "\([^"]*\)".*/\1/'
lede inspect news/feed.xml | grep -o '"format": "[a-z]*"\|"headline": "[^"]*"\|"published_source": "[a-z]*"'
lede inspect news/feed.xml | is_json && echo "is JSON"
feed | lede inspect - | grep -o '"headline": "[^"]*"'
feed | lede index --dry-run - news/note.md 2>&1
echo news/feed.xml | lede index --dry-run --files-from - -
echo "status $?"
lede inspect news/a.png
echo "status $?"
lede inspect
echo "status $?"
# paths from standard input
find news -type f | sort | lede index --files-from - 2>&1 | sum
find news -type f -print0 | sort -z | lede index --files-from - -0 2>&1 | sum
{ printf '\357\273\277'; find news -type f | sort | sed 's/$/\r/'; } >list
lede index --files-from list 2>&1 | sum
lede index --files-from nowhere
echo "status $?"
printf '' | lede index --files-from -
echo "status $?"
# a document from standard input
feed | sed 's/Rain/Snow/; s/rain/snow/' | lede index - 2>&1 | sum
feed | sed 's/Rain/Snow/; s/rain/snow/' | lede index - 2>&1 | sum
lede search --format ndjson snow | sed 's/.*"headline": "\([^"]*\)".*/\1/'
echo a | lede index --files-from - -
echo "status $?"
# a container of several formats
tar -C news -cf mixed.tar feed.xml list.csv note.md
lede index --dry-run mixed.tar 2>&1
lede inspect mixed.tar | grep -o '"format": "[a-z]*"\|"headline": "[^"]*"'
