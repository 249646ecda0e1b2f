# lede index into a database of Xapian's: the same reports, answers and exit
# statuses as into an archive of its own.
export ASAN_OPTIONS=new_delete_type_mismatch=0 # Xapian 1.4's check
status() {
    "$@"
    echo "status $?"
}
# What a command says, without the time it took.
said() {
    "$@" 2>&1 | sed 's/ in [0-9.]* s//'
}
cp -r "$SAMPLE" some
same_run() {
    said lede index "$@" >want
    said lede index -A xapian:home "$@" >got
    cat got
    diff want got
}
# How often something was published may differ.
all_hits() {
    lede search --format json --sort newest -n 0 --facet person,place,author \
        "$@" | sed 's/"generation": [0-9]*/"generation": N/'
}
same_answers() {
    for query in ferry 'night ferry' '"one lane"' -ferry 'ferry OR bridge' \
        author:Brannigan 'date:2024..' cease-fire '*' person:brannigan \
        place:skarholm 'ferry dup:only'; do
        all_hits -- "$query" >want
        all_hits -A xapian:home -- "$query" >got
        cmp -s want got || {
            echo "$query differs"
            tr ',' '\n' <want >want.lines
            tr ',' '\n' <got | diff want.lines - | head -n 8
        }
    done
}
same_run some
same_answers
same_run some
first=$(find some -type f | sort | head -n 1)
rm "$first"
same_run some
same_answers
same_run --prune some
same_answers
printf 'Ferry runs aground\n\nThe night ferry ran aground off the pier.\n' >some/new.txt
touch -d '2024-05-01 12:00' some/new.txt
same_run some
same_answers
same_run --reread some
same_answers
status lede index -q -A xapian:home nowhere
status lede check -A xapian:home
status lede compact -q -A xapian:home
status lede upgrade -q -A xapian:home
same_answers
status lede check -q -A xapian:home
same_run some

# Corrections are kept beside it.
lede names -q hide place Skarholm
lede names -q -A xapian:home hide place Skarholm
lede places --format json >want
lede places --format json -A xapian:home >got
diff want got
same_answers
lede export -q -A xapian:home --to xapian:dealt --shards 2
lede places --format json >want
lede places --format json -A xapian:dealt >got
diff want got
all_hits -- ferry >want
all_hits -A xapian:dealt -- ferry >got
diff want got | cut -c 1-300

# What it is not for.
status lede backup -A xapian:home copy
status lede search -A home/lede ferry
status lede index -A home/lede some
status lede export --to xapian:home
mkdir other
echo x >other/letter
status lede index -A xapian:other some
status lede index -A xapian:tcp:127.0.0.1:1 some
status lede compact -A xapian:nowhere

# Export, from there.
status lede export -q -A xapian:home --to xapian:shards --shards 2
lede search -A xapian:shards -c ''
lede search -c ''

# Stopped, a run goes on with the next.
(
    lede index -q -A xapian:home2 some &
    kill -TERM $!
    wait $!
) 2>/dev/null
status lede index -q -A xapian:home2 some 2>/dev/null
lede search -A xapian:home2 -c ''

# A full disk (files that may not grow), on either side. Xapian 1.4 leaks a
# little when it can't write.
echo 'leak:libxapian' >leaks
for blocks in 96 256; do
    (
        ulimit -f $blocks
        export LSAN_OPTIONS=suppressions=leaks:print_suppressions=0
        lede index -q -A xapian:full some 2>err
        echo "status $?"
    )
    grep -c 'File too large\|may not grow' err
done
status lede index -q -A xapian:full some 2>/dev/null
status lede check -q -A xapian:full
lede search -A xapian:full -c ''

# Somebody else deleted some of it.
rm home2/iamglass
status lede index -A xapian:home2 some

# What the updates of a page, and where its source is at home, say of names.
mkdir page
cat >page/live.txt <<'END'
Summary

  1. Ferries will sailpublished at 14:50 Greenwich Mean Time 17 February 2025

    Ostrander told reporters in Bergen that the ferries would sail. The police in Paris closed a road.

  2. Minister to speakpublished at 12:05 Greenwich Mean Time 17 February 2025

    The minister, Helen Ostrander, is to speak in Bergen at two o'clock.
END
printf '[%s]\nhome = Dallas, Texas\n' "$PWD/page" >sources
lede index -q -A plain --sources sources page
lede index -q -A xapian:home3 --sources sources page
for command in people places; do
    lede $command -A plain --format json >want
    lede $command -A xapian:home3 --format json >got
    diff want got
done
lede people -q -A xapian:home3
lede places -q -A xapian:home3
