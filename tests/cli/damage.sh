# A damaged archive: what depends on the damage is refused, and named.
status() {
    "$@" >out 2>&1
    result=$?
    cut -c 1-90 out | head -1
    echo "status $result"
}
lede index -q "$SAMPLE" 2>/dev/null
key=$(lede search --format json 'krakow whale' -n 1 |
    sed 's/.*"key": "\([0-9a-f]*\)".*/\1/')
for kind in keys records 'record blocks' dictionary lists positions lengths column \
    checksums footer; do
    echo "== $kind"
    rm -rf copy
    cp -r "$LEDE_ARCHIVE" copy
    flip_bit copy "$kind"
    status lede show --archive copy "$key" --format json
    status lede search --archive copy --format json '"the harbour bridge"' -n 1
    status lede check --archive copy
done
