# Standard streams that are closed, full or nobody's: told if an answer was lost,
# and nothing is ever written into the archive instead.
status() {
    "$@"
    echo "status $?"
}
say() {
    echo "$1"
}
lede index -q "$SAMPLE" 2>/dev/null
for command in 'search ferry' 'search ferry --format json' 'search -c ferry' \
    'search --parse ferry' stats check 'stats --format json' help version \
    'search --help' 'index --format json .'; do
    echo "== $command"
    (lede $command >&- || echo "status $?" >&2) 2>&1
    (lede $command >/dev/full || echo "status $?" >&2) 2>&1
    lede $command 2>&- >/dev/null
    say "status $?"
done
lede $command 2>/dev/full >/dev/null
say "status $?"
# All of them closed: the first file opened would be number 0, the archive 1 or 2.
for closed in '>&-' '2>&-' '>&- 2>&-' '<&- >&- 2>&-'; do
    rm -rf "$LEDE_ARCHIVE"
    sh -c "lede index \"$SAMPLE\" $closed" 2>/dev/null
    say "status $?"
    sh -c "lede search 'ferry OR' $closed" >/dev/null 2>&1
    sh -c "lede compact $closed" 2>/dev/null
    say "status $?"
    status lede check
done
# A reader that has seen enough is no accident, and nothing to talk about.
lede search '' -n 0 | head -n 1
lede search '' -n 0 --format ndjson | head -n 1 | cut -c 1-10
lede help | head -n 1
