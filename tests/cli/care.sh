# show, stats, check, compact, backup, upgrade; indexing again costs nothing.
status() {
    "$@"
    echo "status $?"
}
lede index -q "$SAMPLE"
key=$(lede search --format json 'krakow whale' -n 1 |
    sed 's/.*"key": "\([0-9a-f]*\)".*/\1/')
status lede show "$key"
status lede show "$(printf %.8s "$key")" --format json
lede index --format json "$SAMPLE" | sed 's/"seconds": [0-9.e-]*/"seconds": S/'
lede stats --format json | tr ',' '\n' | grep -E '"(entries|deleted|segments|terms|oldest|newest)"' | head -6
status lede check
status lede check --format json
lede search --format json 'harbour bridge' -n 50 | sed 's/"generation": [0-9]*//' >before
status lede compact -q
status lede backup -q copy
status lede backup -q copy
status lede upgrade -q
status lede check -q
lede search --format json 'harbour bridge' -n 50 | sed 's/"generation": [0-9]*//' >after
LEDE_ARCHIVE=copy lede search --format json 'harbour bridge' -n 50 | sed 's/"generation": [0-9]*//' >copied
cmp before after && cmp before copied && echo same answers
