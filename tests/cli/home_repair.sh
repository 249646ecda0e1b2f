# Damage of what lede index keeps beside a database of Xapian's: it is told, and
# a run with --reread mends it.
export ASAN_OPTIONS=new_delete_type_mismatch=0 # Xapian 1.4's check
answers() {
    for query in 'ferry' 'person:brannigan' 'place:skarholm' 'ferry dup:only'; do
        lede search -A xapian:home --format json --sort newest -n 0 \
            --facet person,place -- "$query" |
            sed 's/"generation": [0-9]*//'
    done
}
for kind in records keys column lengths sources dictionary checksums \
    sketches footer; do
    echo "== $kind"
    rm -rf home
    lede index -q -A xapian:home "$SAMPLE" 2>/dev/null
    answers >before
    flip_bit home/lede "$kind"
    # The database is whole: searches do not look beside it.
    answers >during
    cmp before during
    lede check -q -A xapian:home >out 2>&1
    echo "check $?"
    lede index -A xapian:home --format json --reread "$SAMPLE" 2>/dev/null |
        tr ',' '\n' | grep 'added\|updated\|removed'
    lede check -A xapian:home
    answers >after
    cmp before after
    # And goes on as before.
    lede index -A xapian:home --format json "$SAMPLE" 2>/dev/null |
        tr ',' '\n' | grep 'added\|updated\|removed'
done
echo "== the manifest, which nothing can be made anew from"
flip_bit home/lede manifest
lede index -A xapian:home --reread "$SAMPLE" || echo "status $?"
lede check -A xapian:home -q || echo "check $?"
answers >after
cmp before after
echo "== all of it is gone"
rm -r home/lede
lede index -A xapian:home --reread "$SAMPLE" || echo "status $?"
lede check -A xapian:home -q || echo "check $?"
answers >after
cmp before after
