# Whatever is damaged is made anew: from the archive, or from the files.
report() {
    tr ',' '\n' | grep 'added\|updated\|removed'
}
for kind in records 'record blocks' 'record sequence' keys column lengths sources dictionary lists positions checksums footer; do
    echo "== $kind"
    rm -rf "$LEDE_ARCHIVE"
    lede index -q "$SAMPLE" 2>/dev/null
    lede search --format json 'krakow whale' >before
    flip_bit "$LEDE_ARCHIVE" "$kind"
    lede check -q 2>errors || echo "check $?"
    sed 's/[0-9a-f]\{16\}/KEY/g' errors |
        sort -u
    lede search 'krakow whale' >/dev/null 2>&1 || echo "search $?"
    lede index --format json --reread "$SAMPLE" 2>/dev/null | report
    lede check
    lede search --format json 'krakow whale' >after
    sed -i 's/"generation": [0-9]*//' before after
    cmp before after
done
echo "== the manifest, which nothing can be made anew from"
cp -r "$LEDE_ARCHIVE" copy
flip_bit copy manifest
lede index --archive copy --reread "$SAMPLE" || echo "status $?"
lede check --archive copy -q || echo "check $?"
echo "== nothing to do"
lede index --format json --reread "$SAMPLE" 2>/dev/null | report
echo "== no archive is made for nothing"
lede index --archive new nowhere || echo "status $?"
test ! -e new
