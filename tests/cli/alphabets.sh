# Names in other alphabets, what the recogniser missed, and plain words that are
# names: the same in an archive and in shards.
export ASAN_OPTIONS=new_delete_type_mismatch=0 # Xapian 1.4's check
cat >news.jsonl <<'END'
{"id": "urn:lede-test:1", "headline": "One", "date": "2025-02-01", "body": "Mr Paul Nabokov-Smythe spoke. Mr Nabokov-Smythe went to Oslo, it was said."}
{"id": "urn:lede-test:2", "headline": "Two", "date": "2025-02-02", "body": "They wrote of the Nabokov-Smythe house, and of Nabokov-Smythe chairs."}
{"id": "urn:lede-test:3", "headline": "Three", "date": "2025-02-03", "lang": "ru", "body": "Президент Владимир Путин прилетел в Москву. Путин встретился с министром."}
{"id": "urn:lede-test:4", "headline": "Four", "date": "2025-02-04", "lang": "el", "body": "Ο Κυριάκος Μητσοτάκης μίλησε στην Αθήνα."}
{"id": "urn:lede-test:5", "headline": "Five", "date": "2025-02-05", "lang": "ar", "body": "قال الرئيس عبد الفتاح السيسي في القاهرة إنه سيسافر غدا."}
{"id": "urn:lede-test:6", "headline": "Six", "date": "2025-02-06", "lang": "zh", "body": "习近平主席在北京会见了普京。"}
{"id": "urn:lede-test:7", "headline": "Seven", "date": "2025-02-07", "body": "President Xi Jinping met Vladimir Putin in Beijing, not in Moscow or Athens or Cairo."}
{"id": "urn:lede-test:8", "headline": "Eight", "date": "2025-02-08", "body": "The washington apple is a fruit. A washington grows in the garden."}
{"id": "urn:lede-test:9", "headline": "Nine", "date": "2025-02-09", "body": "Mr Denzel Washington spoke. Mr Washington was pleased."}
END
lede index -q news.jsonl
lede export -q --to xapian:shards --shards 2 >/dev/null
headlines() {
    lede search -q --no-recency --format json "$@" 2>/dev/null |
        grep -o '"headline": "[A-Z][a-z]*"' | sed 's/.*: "\(.*\)"/\1/' | tr '\n' ' '
}
while read -r query; do
    headlines "$query" >want
    headlines -A xapian:shards "$query" >got
    echo "$query: $(cat want)"
    cmp want got
done <<'END'
person:путин
person:"Владимир Путин"
person:Μητσοτάκης
person:μητσοτακης
person:السيسي
person:"عبد الفتاح السيسي"
person:习近平
person:普京
place:Αθήνα
place:القاهرة
place:北京
place:Москва
place:москву
place:peking
person:nabokov-smythe
washington
END
# Found as text alone it is told apart, comes last and is in no facet.
for archive in "$LEDE_ARCHIVE" xapian:shards; do
    lede search -q -A "$archive" --no-recency --format json --facet place person:nabokov-smythe |
        grep -o '"recognized": [a-z]*\|"total": [0-9]*\|"values": \[[^]]*\]'
done
