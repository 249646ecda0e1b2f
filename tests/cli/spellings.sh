# Names of every shape are found, recognised or not: particles, apostrophes,
# initials, hyphens, other alphabets, headlines in capitals.
cat >news.jsonl <<'END'
{"id": "urn:lede-test:1", "headline": "VAN DER BERGEN TO LEAVE", "date": "2025-02-10", "body": "Mr Pieter van der Bergen, the minister, leaves office on Monday."}
{"id": "urn:lede-test:2", "headline": "Cairo", "date": "2025-02-11", "body": "President Abdel Fattah al-Sisi spoke. Mr al-Sisi said so in Cairo."}
{"id": "urn:lede-test:3", "headline": "Books", "date": "2025-02-12", "body": "Yesterday J. K. Rowling wrote to Jean-Luc Melenchon in Paris."}
{"id": "urn:lede-test:4", "headline": "More books", "date": "2025-02-13", "body": "Then the author J.K. Rowling left London with George R. R. Martin."}
{"id": "urn:lede-test:5", "headline": "Новости", "date": "2025-02-14", "lang": "ru", "body": "Президент Владимир Путин прилетел в Москву."}
{"id": "urn:lede-test:6", "headline": "QUILLEBERT AND O'BRIEN MEET IN KYIV", "date": "2025-02-15", "body": "The leaders met today."}
{"id": "urn:lede-test:7", "headline": "Dublin", "date": "2025-02-16", "body": "Ann O’Brien met Mary O'Brien's son."}
{"id": "urn:lede-test:8", "headline": "Fire", "date": "2025-02-17", "body": "There was a fire in Springfield, the mayor said."}
{"id": "urn:lede-test:9", "headline": "Sails", "date": "2025-02-18", "body": "The old quillebert was a boat; she saw the brien, too."}
END
lede index -q news.jsonl
while read -r wanted query; do
    got=$(lede search -q --count "$query")
    [ "$got" = "$wanted" ] || echo "$query: $got, not $wanted"
done <<'END'
1 person:bergen
1 person:"van der bergen"
1 person:"pieter van der bergen"
1 person:"Van Der Bergen"
1 person:al-sisi
1 person:sisi
1 person:"al sisi"
1 person:"abdel fattah al-sisi"
2 person:rowling
2 person:"j. k. rowling"
2 person:"J.K. Rowling"
1 person:=rowling -paris
1 person:"George R.R. Martin"
1 person:jean-luc
1 person:"jean luc melenchon"
1 person:mélenchon
1 person:путин
1 person:"владимир путин"
1 place:москву
1 person:quillebert
2 person:o'brien
2 person:obrien
2 person:O’Brien
2 person:=O'Brien
1 person:"ann o'brien"
1 person:"mary obrien"
0 person:brienne
1 place:kyiv
1 place:kiev
0 place:=kiev
1 place:springfield
1 place:us
1 place:=springfield
0 place:"paris, texas"
1 place:"paris, france"
0 person:paris
END
# What the recogniser missed counts as a match, and in no facet; it comes last.
cat >more.jsonl <<'END'
{"id": "urn:lede-test:11", "headline": "One", "date": "2025-02-01", "body": "Mr Paul Nabokov-Smythe spoke. Mr Nabokov-Smythe went to Oslo, it was said."}
{"id": "urn:lede-test:12", "headline": "Two", "date": "2025-02-02", "body": "They wrote of the Nabokov-Smythe house, and of Nabokov-Smythe chairs."}
END
lede index -q more.jsonl
lede search -q --format json --facet person person:nabokov-smythe |
    grep -o '"total": [0-9]*\|"values": \[[^]]*\]\|"recognized": [a-z]*'
lede search -q person:nabokov-smythe
# What was typed comes before its other spellings, though these are rarer; and
# before who has a middle name.
export LEDE_ARCHIVE="$PWD/typed"
cat >typed.jsonl <<'END'
{"id": "urn:lede-test:21", "headline": "One", "date": "2025-02-01", "body": "The leader Muammar Gaddafi spoke in Tripoli. Mr Gaddafi said no."}
{"id": "urn:lede-test:22", "headline": "Two", "date": "2025-02-01", "body": "The leader Muammar Qaddafi spoke in Tripoli. Mr Qaddafi said yes."}
{"id": "urn:lede-test:23", "headline": "Three", "date": "2025-02-01", "body": "Colonel Moammar Kadhafi spoke in Rome. Mr Kadhafi said nothing."}
{"id": "urn:lede-test:24", "headline": "Four", "date": "2025-02-01", "body": "The leader Muammar Gaddafi spoke in Tripoli. Mr Gaddafi said no."}
{"id": "urn:lede-test:25", "headline": "Five", "date": "2025-02-01", "body": "The leader Muammar Gaddafi spoke in Tripoli. Mr Gaddafi said so."}
{"id": "urn:lede-test:26", "headline": "Six", "date": "2025-02-01", "body": "President George Bush rode to Texas. Mr Bush was glad."}
{"id": "urn:lede-test:27", "headline": "Seven", "date": "2025-02-01", "body": "President George W. Bush rode to Texas. Mr Bush was glad."}
{"id": "urn:lede-test:28", "headline": "Eight", "date": "2025-02-01", "body": "President George Bush flew to Texas. Mr Bush was late."}
{"id": "urn:lede-test:29", "headline": "Nine", "date": "2025-02-01", "body": "President George Bush ran to Texas. Mr Bush was tired."}
END
lede index -q typed.jsonl
forms() {
    for query in person:gaddafi 'person:"muammar gaddafi"' 'person:"george bush"'; do
        lede search -q --format json "$@" "$query dup:show" |
            grep -o '"form": "[^"]*"'
    done
}
forms >forms
uniq -c <forms
export ASAN_OPTIONS=new_delete_type_mismatch=0 # Xapian 1.4's check
lede export -q --to xapian:shards --shards 2 >/dev/null
forms -A xapian:shards | cmp - forms && echo shards say the same
