# A full disk: index, compact, upgrade and backup say so and end with status 2,
# nothing committed is lost, and with space the work is finished.
#
# The disk is a small tmpfs where one can be mounted (by root, or in a name space
# of its own), and else a limit on the size of a file, which ends writes in the
# same way. What is printed is the same.
if [ -z "${INSIDE-}" ]; then
    for how in -m -Urm; do
        unshare $how sh -c 'mkdir t && mount -t tmpfs -o size=1m none t' \
            2>/dev/null && exec env INSIDE=disk unshare $how sh "$0"
        rm -rf t
    done
    INSIDE=limit
fi
make() { # make SEED COUNT
    awk -v seed="$1" -v count="$2" 'BEGIN {
        srand(seed)
        for (i = 0; i < count; i++) {
            printf "{\"headline\": \"Report %d of %d\", ", i, seed
            printf "\"published\": \"%d-%02d-%02dT10:00:00Z\", ", 2000 + seed,
                1 + i % 12, 1 + i % 28
            printf "\"body\": \""
            for (j = 0; j < 150; j++)
                printf "w%d ", int(exp(rand() * 9))
            print "ferry.\"}"
        }
    }'
}
rm -rf t
mkdir disk
if [ $INSIDE = disk ]; then
    mount -t tmpfs -o size=16m none disk || exit
    # 200 KB are left, which is too little for anything.
    fill() {
        free=$(df -k disk | awk 'END { print $4 }')
        head -c $(((free - 200) * 1024)) /dev/zero >disk/.ballast
    }
    empty() { rm disk/.ballast; }
else
    limit=
    lede() {
        if [ -n "$limit" ]; then
            (ulimit -f "$limit" && command lede "$@")
        else
            command lede "$@"
        fi
    }
    # In units of 512 bytes.
    fill() { limit=$(($(wc -c <disk/archive/data.mdb) / 512 + 400)); }
    empty() { limit=; }
fi
export LEDE_ARCHIVE=disk/archive
make 1 300 >1.jsonl
make 2 300 >2.jsonl
make 3 8000 >3.jsonl
clean() {
    lede check -q
    echo "check $?"
}
# Says how it ended, without what depends on when.
ended() {
    echo "status $?"
    grep -q 'no space is left\|No space left\|may not grow\|File too large' errors &&
        echo "the message says why"
}
# The same through a pipe: where no file may grow, that of the messages may not.
piped() {
    {
        lede "$@" 2>&1
        echo "$?" >status
    } | cat >errors
    (exit "$(cat status)")
    ended
}
# LMDB's table of readers is a file that is mapped and written: where it has no
# room on the disk, that must not end in a signal.
without_a_page() {
    rm disk/archive/lock.mdb
    [ $INSIDE = disk ] && cat /dev/zero >disk/.rest 2>/dev/null || limit=0
    echo "a new archive where not a page is left"
    piped index -A disk/new 1.jsonl
    echo "a writer without a table of readers"
    piped compact
    [ $INSIDE = disk ] || limit=200 # the table itself, and no more
    echo "a reader without one"
    lede search --count 'ferry w3 date:..2002' | cmp - count.before
    echo "status $?"
    rm -rf disk/.rest disk/new
}
work() {
    for file in 1 2; do
        lede index -q $file.jsonl
    done
    lede search --format json 'ferry w3' -n 700 --no-recency |
        sed 's/"generation": [0-9]*//' >before
    lede search --count 'ferry w3 date:..2002' >count.before
    fill
    echo index
    lede index 3.jsonl 2>errors
    ended
    clean
    echo compact
    lede compact 2>errors
    ended
    clean
    echo upgrade
    lede upgrade 2>errors
    ended
    clean
    echo backup
    [ $INSIDE = disk ] || limit=400 # a copy is no larger than the archive
    lede backup disk/copy 2>errors
    ended
    ls disk
    # What was there is there: more may have come.
    lede search --format json 'ferry w3 date:..2002' -n 700 --no-recency |
        sed 's/"generation": [0-9]*//' >after
    grep -o '"key": "[0-9a-f]*"' before | sort >keys.before
    grep -o '"key": "[0-9a-f]*"' after | sort >keys.after
    cmp keys.before keys.after && echo "nothing is lost"
    without_a_page
    empty
    echo "with space"
    lede index -q 3.jsonl
    echo "status $?"
    clean
    lede compact -q
    lede stats --format json | tr ',' '\n' | grep '"\(entries\|segments\)"' |
        head -2
}
work
