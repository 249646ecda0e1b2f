#!/bin/sh
# Reuters-21578, 21,578 stories of 1987: indexed, checked, counted, searched.
# Usage: reuters.sh LEDE CONVERTER ARCHIVE.tar.zst KNOWN_ITEMS
#
# The counts were made by a scan of the stories' titles, authors and texts that
# shares nothing with lede: words are runs of ASCII letters and digits.
set -eu
lede=$1
converter=$2
stories=$3
known_items=$4
if [ ! -r "$stories" ] || ! command -v zstd >/dev/null; then
    echo "skipped: no test material at $stories, or no zstd"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export LEDE_ARCHIVE="$work/archive"
fail=0

wrong() {
    echo "$*"
    fail=1
}

total_of() {
    "$lede" search --no-relax --format json -n 1 -- "$1" |
        sed -n 's/.*"total": \([0-9]*\).*/\1/p'
}

expect() {
    got=$(total_of "$2")
    [ "$got" = "$1" ] || wrong "$2: $got, not $1"
}

expect_first() {
    "$lede" search --no-relax --format json -n 1 -- "$2" |
        grep -q -F "\"headline\": \"$1\"" || wrong "$2: not first: $1"
}

zstd -dcq "$stories" | tar -xf - --wildcards '*.sgm'
for file in */*.sgm; do
    "$converter" <"$file"
done >stories.jsonl
[ "$(wc -l <stories.jsonl)" = 21578 ] || wrong "not all stories were converted"

"$lede" index -q --format json stories.jsonl >report 2>notes ||
    wrong "index failed: $(cat notes)"
# Number 12793 has neither title nor text.
grep -q '"entries_added": 21577' report || wrong "index: $(cat report)"
[ "$(wc -l <notes)" = 1 ] || wrong "more notes than one: $(cat notes)"
"$lede" check -q || wrong "the archive is not sound"
"$lede" index -q --format json stories.jsonl >report
grep -q '"entries_added": 0,' report || wrong "index again: $(cat report)"

expect 21577 ''
expect 129 '=cocoa'
expect 72 'headline:=cocoa'
expect 22 '=reagan =volcker'
expect 45 '=opec =saudi'
expect 107 '=opec -=saudi'
expect 145 '=zinc OR =tin'
expect 222 '"white house"'
expect 70 'headline:"bank of japan"'
expect 229 'date:1987-02-26'
expect 128 '=sugar date:1987-03'
# One story is of "31-MAR-1987 605:12:19.12".
expect 21576 'date:1987-02-26..1987-10-20'
expect 0 'date:..1987-02-25'
expect 2 'author:"janet snyder"'

# Shares are written in angle brackets, which are no tags.
expect_first 'TEMPLE-INLAND INC <TIN> 3RD QTR NET' '"temple-inland" headline:tin'
expect_first 'BAHIA COCOA REVIEW' 'bahia cocoa review'
expect_first 'REAGAN SAYS VOLCKER WILL NOT SERVE NEW TERM' \
    'reagan says volcker will not serve new term'

"$known_items" stories.jsonl 300 0.95 >items || wrong "known items: $(cat items)"
exit $fail
