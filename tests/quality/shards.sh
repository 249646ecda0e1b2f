#!/bin/sh
# The two engines on real archives: the same answers, with all counts, by date,
# for every query, on one database and on three shards; and how much of the
# first ten by relevance they share.
# Usage: shards.sh LEDE CONVERTER DATA
set -eu
lede=$1
converter=$2
data=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
fail=0
tried=0

# All that is not of one archive alone, in lines.
counted=person,place,source,author,month
said() {
    tr ',' '\n' | grep -v '"next":\|"generation":'
}

keys() {
    grep -o '"key": "[^"]*"' || true
}

# compare COLLECTION FILE: each line of FILE asked of both engines.
compare() {
    export LEDE_ARCHIVE="$work/$1"
    "$lede" export -q --to "xapian:$work/$1.one"
    "$lede" export -q --to "xapian:$work/$1.three" --shards 3 --by time
    shared=0 wanted=0 asked=0
    while IFS= read -r query; do
        asked=$((asked + 1))
        "$lede" search --format json --sort newest -n 0 --facet $counted \
            -- "$query" 2>/dev/null | said >want
        for shards in one three; do
            "$lede" search -A "xapian:$work/$1.$shards" --format json \
                --sort newest -n 0 --facet $counted -- "$query" 2>/dev/null |
                said >got
            cmp -s want got || {
                echo "$1, $shards: $query:"
                diff want got | head -n 4 | cut -c 1-200
                fail=1
            }
        done
        "$lede" search --format json --rank plain -- "dup:show $query" 2>/dev/null |
            keys | sort >want
        "$lede" search -A "xapian:$work/$1.three" --format json --rank plain \
            -- "dup:show $query" 2>/dev/null | keys | sort >got
        wanted=$((wanted + $(wc -l <want)))
        shared=$((shared + $(comm -12 want got | wc -l)))
    done <"$2"
    echo "$1: $asked queries; of the first ten by relevance" \
        "$shared of $wanted are the same"
    [ $((shared * 100)) -ge $((wanted * 85)) ] || {
        echo "$1: that is too little"
        fail=1
    }
    tried=$((tried + 1))
}

every=${LEDE_TEST_LONG:+1}
every=${every:-6}
if [ -r "$data/seed" ]; then
    "$lede" index -q -A "$work/seed" "$data/seed" 2>/dev/null
    cat >queries <<'END'
starmer backstop
"security guarantees"
ukraine -macron
headline:tusk
=US
cease-fire OR ceasefire
author:fokht
kind:live_update
date:2025-02-17
caption:"elysee palace"
body:peace
what does europe want in paris
peace NEAR/5 europe
macron ADJ/8 paris
starmer SAME troops
ukrain* -zelensk?y
zelenski~2
"security guarantees"~3
peace^3 europe OR trump^0.5
person:lavrov
person:"keir starmer" -place:paris
person:=Starmer
place:ukraine person:zelensky
place:"paris, france"
from:paris
person:trump SAME peace
headline:(peace NEAR ukraine)
starmer troops backstop guarantees summit paris macron europe ukraine spending aircraft washington peace deal plan
*
END
    compare seed queries
fi
if [ -r "$data/time1963" ]; then
    "$lede" index -q -A "$work/time1963" "$data/time1963/time1963.jsonl" \
        2>/dev/null
    cut -f 2 "$data/time1963/queries.tsv" | awk "NR % $every == 0" >queries
    printf '%s\n' '"prime minister"' 'U.S. OR britain' '=Kennedy -soviet' \
        'viet nam buddhist' 'headline:france' 'viet NEAR/3 buddhist*' \
        'kenedy~1 SAME moscow' '"nuclear treaty"~4' 'person:kennedy' \
        'place:moscow -person:=Khrushchev' >>queries
    compare time1963 queries
fi
if [ -r "$data/reuters21578" ] && command -v zstd >/dev/null; then
    zstd -dqc "$data/reuters21578/reuters21578-sgml.tar.zst" |
        tar -xf - --wildcards '*.sgm'
    for file in */*.sgm; do
        "$converter" <"$file"
    done >reuters.jsonl
    if [ -z "${LEDE_TEST_LONG-}" ]; then
        head -n 3000 reuters.jsonl >few && mv few reuters.jsonl
    fi
    "$lede" index -q -A "$work/reuters" reuters.jsonl 2>/dev/null
    cat >queries <<'END'
oil prices
"crude oil"
gold OR silver OR copper
japan trade -surplus
headline:bank
U.S.-Japan
"the bank of japan said"
dlrs mln loss shareholders quarter dividend
=Reagan
date:1987-03
rate increase by the federal reserve board in the first quarter
grain
"crude oil"~2 OR oil NEAR/3 price*
federel~1 SAME reserve
person:reagan
person:"james baker" OR place:japan
place:london -from:london
from:"new york" dup:only
END
    compare reuters queries
fi
[ $tried -gt 0 ] || {
    echo "skipped: no test material at $data"
    exit 77
}
exit $fail
