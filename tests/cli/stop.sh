# Ctrl-C in backup, compact, upgrade and index: exit status 130, nothing is left
# behind, nothing lost. When the signal comes is chance, so each command is
# stopped later and later until it was caught at work; it must be once.
make() { # make SEED YEAR COUNT
    awk -v seed="$1" -v year="$2" -v count="$3" 'BEGIN {
        srand(seed)
        for (i = 0; i < count; i++) {
            printf "{\"headline\": \"Report %d of %d\", ", i, year
            printf "\"published\": \"%d-%02d-%02dT10:00:00Z\", ", year,
                1 + i % 12, 1 + i % 28
            printf "\"body\": \""
            for (j = 0; j < 150; j++)
                printf "w%d ", int(exp(rand() * 9))
            print "ferry.\"}"
        }
    }'
}
answers() {
    lede search --format json 'ferry w17' -n 40 --no-recency |
        sed 's/"generation": [0-9]*, "next": "[^"]*"//'
}
# stopped COMMAND...: whether it was caught at work in one of the tries. Each has
# the archive as it was (a signal that comes before the program listens is lost).
stopped() {
    caught=0
    for delay in 0.02 0.05 0.1 0.15 0.2 0.3 0.4 0.6 0.8 1.2 1.6 2.4; do
        rm -r "$LEDE_ARCHIVE"
        cp -r original "$LEDE_ARCHIVE"
        "$@" 2>errors &
        child=$!
        until_begun $child $delay
        kill -INT $child 2>/dev/null
        result=0
        wait $child || result=$?
        if [ $result = 130 ] && grep -q 'stopped\|interrupted' errors; then
            caught=1
        elif [ $result != 0 ] && [ $result != 130 ]; then
            echo "status $result"
            cat errors
        fi
        look
        if [ $caught = 1 ]; then
            break
        fi
    done
    echo "caught $caught"
}
for year in 2011 2012 2013; do
    make $year $year 900 >$year.jsonl
    lede index -q $year.jsonl
done
cp -r "$LEDE_ARCHIVE" original
answers >before
same() {
    answers >after
    cmp before after
    lede check -q || echo "check $?"
}
# Here it can be seen when it is at work. A copy that was finished is not left to
# the next try.
until_begun() {
    while kill -0 $1 2>/dev/null && [ ! -e copy.partial-$1 ]; do :; done
}
look() {
    ls -d copy.* 2>/dev/null
    if [ $result = 0 ]; then
        LEDE_ARCHIVE=copy lede check -q || echo "check of the copy $?"
        rm -r copy
    elif [ -e copy ]; then
        echo "a copy is left"
    fi
}
stopped lede backup copy
until_begun() { sleep $2; }
look() { same; }
stopped lede compact
stopped lede upgrade
lede compact -q
same
# An index run keeps what it read, and the next one goes on.
make 2020 2020 2000 >2020.jsonl
look() { lede check -q || echo "check $?"; }
stopped lede index 2020.jsonl
lede index -q 2020.jsonl
lede stats --format json | tr ',' '\n' | grep '"entries"' | head -1
