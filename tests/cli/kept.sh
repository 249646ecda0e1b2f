# What an answer says of where an entry is: the page it stood on, the file, the
# place in it, and the date as it was read.
cat >page.txt <<'END'
Summary

Media caption,

Watch: The harbour wall at dawn

A crane on the quayImage source, Rannoch Pictures

  1. Wall holdspublished at 14:50 Greenwich Mean Time 17 February

    The wall held all night, the harbour master says.

  2. Tide comes inpublished at 13:10 Greenwich Mean Time 17 February

    The tide will be the highest in ten years.
END
touch -d @0 page.txt # nothing tells the year
lede index -q page.txt
count() {
    lede search --count "$@" || true
}
count dawn
count caption:dawn
count page:dawn
count page:rannoch
count page:quay
count 'page:"highest dawn"'
key=$(lede search --format json 'tide' | grep -o '"key": "[0-9a-f]*"' | cut -d'"' -f4)
member() {
    grep -o "\"$1\": \(\"[^\"]*\"\|{[^}]*\]}\|\[[^]]*\]\|[a-z0-9]*\)"
}
lede show "$key" | grep '^page'
lede show --format json "$key" | grep -o '"page": .*"paths"'
lede show "$key" | sed -n 2p
lede show --format json "$key" | member published
lede show --format json "$key" | member published_text
lede search --format json tide | member published_text
lede upgrade -q
count page:dawn
lede show --format json "$key" | grep -o '"page": .*"paths"'

echo --- places
mkdir news
printf '{"title": "Alpha one", "text": "Of gulls."}\n{"title": "Alpha two", "text": "Of terns."}\n' >news/lines.jsonl
printf '{"status": "ok", "articles": [{"title": "Beta one", "text": "Of herons."},\n {"title": "Beta two", "text": "Of storks."}]}' >news/wrapped.json
printf 'Gamma\n\nPublished 2 May 2021\n\nOf grebes on a pond, seen in the last days of spring.\n' >'news/of#line=3'
printf 'Delta\n\nPublished 3 May 2021\n\nOf petrels on a rock, seen in the first days of June.\n' >"$(printf 'news/caf\351.txt')"
lede index -q news
for word in terns herons storks grebes petrels; do
    lede search --format json $word | grep -o '"path": .*"source"' |
        sed 's/, "source"//; s/_bytes": "[^"]*/_bytes": "BYTES/'
    key=$(lede search --format json $word | grep -o '"key": "[0-9a-f]*"' | cut -d'"' -f4)
    lede show --format json "$key" | grep -o '"paths": .*"flags"' |
        sed 's/, "flags"//; s/_bytes": "[^"]*/_bytes": "BYTES/'
    lede show "$key" | grep '^file'
done
echo --- a name that is not UTF-8 can be opened
file=$(lede search --format json petrels | member path_bytes | cut -d'"' -f4 | base64 -d)
head -1 "$file"
lede search petrels | grep -c "$(printf '\351')"
echo --- the same files again change nothing
touch news/*
lede index --format json --reread news | grep -o '"[a-z_]*\(added\|updated\|dropped\|deleted\)": [0-9]*'
lede search --format json grebes | member path
rm 'news/of#line=3'
lede index -q --prune news
count grebes
# Old dates, before any that a clock of 1970 knows.
cat >old.jsonl <<'END'
{"id": "bazaar", "title": "Fire at the bazaar", "published": "1897-05-04", "body": "The hall burnt down in ten minutes."}
{"id": "eve", "title": "The bazaar opens", "published": "1897-05-03", "body": "The hall was full."}
END
lede index -q old.jsonl
count date:1897-05-03
count date:1897
count before:1900
count 'hall since:1897-05-04 until:1899'
lede search -q --sort oldest -n 1 bazaar
