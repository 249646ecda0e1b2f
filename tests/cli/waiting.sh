# A full disk (files that may not grow) stops the database behind an archive
# that knows of its entries already: that is said, by all who ask meanwhile, and
# the run that makes the change reports it.
export ASAN_OPTIONS=new_delete_type_mismatch=0 # Xapian 1.4's check
ulimit -c 0
awk 'BEGIN {
    for (i = 0; i < 500; i++) {
        printf "{\"headline\": \"Report %d\", \"published\": \"2024-%02d-%02dT10:00:00Z\", \"body\": \"", i, 1 + i % 12, 1 + i % 28
        for (j = 0; j < 200; j++)
            printf "w%d ", (i * 7919 + j * 104729) % 5003
        print "ferry\"}"
    }
}' >many.jsonl
touch -d 2025-01-01 many.jsonl
said() {
    "$@" >out 2>err
    echo "status $?"
    cat out err | sed '/^reading/d; /^indexing/d; /^checking/d; s/ in [0-9.]* s$//; s/;[^;]* KB/; SIZE/; s/xapian: [^;]*; what/xapian: ...; what/; s/xapian: [^;]*; the change/xapian: ...; the change/'
}
export LSAN_OPTIONS=detect_leaks=0 # Xapian's, when it cannot write
echo '{"headline": "First", "published": "2023-01-01T10:00:00Z", "body": "A ferry."}' >first.jsonl
lede index -q -A xapian:home --no-names first.jsonl
limit() {
    (ulimit -f 1600 && said lede index -A xapian:home --no-names many.jsonl)
}
limit
echo '== between'
said lede search -A xapian:home -c ferry
said lede search -q -A xapian:home -c ferry
said lede stats -A xapian:home | grep -v '^archive\|oldest\|newest'
said lede check -A xapian:home
echo '== still no room'
limit
echo '== with room'
said lede index -A xapian:home --no-names many.jsonl
said lede search -A xapian:home -c ferry
said lede index -A xapian:home --no-names many.jsonl --format json |
    grep -o 'status.*\|"entries_[a-z]*": [0-9]*'
