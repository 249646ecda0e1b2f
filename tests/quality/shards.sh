#!/bin/sh
# The two engines on real archives: the same answers, with all counts, by date,
# for every query, on one database and on three shards, which are behind servers
# where there are any; and how much of the first ten by relevance they share.
# Every sixth of shard_forms, or all with LEDE_TEST_LONG.
# Usage: shards.sh LEDE CONVERTER SAMPLE DATA
set -eu
lede=$1
converter=$2
sample=$3
data=$4
forms=$(cd "$(dirname "$0")" && pwd)/shard_forms
work=$(mktemp -d)
# A server that is asked to end takes its whole process group with it.
stop() {
    while read -r server; do
        kill -9 "$server" 2>/dev/null || true
    done <"$work/pids"
    : >"$work/pids"
}
trap 'stop; rm -rf "$work"' EXIT
cd "$work"
: >pids
fail=0
port=$((20000 + $$ % 120 * 100))
every=${LEDE_TEST_LONG:+1}
every=${every:-6}

# serve FOLDER: puts where its shards are into $where. A server whose port is
# taken says so, and ends: the next one is tried.
serve() {
    where=xapian:$1
    command -v xapian-tcpsrv >/dev/null || return 0
    where=
    for shard in "$1"/shard-*; do
        server=
        while [ -z "$server" ]; do
            port=$((port + 1))
            : >said
            xapian-tcpsrv --interface 127.0.0.1 --port $port "$shard" \
                >said 2>&1 &
            server=$!
            until grep -q Listening said; do
                kill -0 $server 2>/dev/null || {
                    server=
                    break
                }
                sleep 0.1
            done
        done
        echo $server >>pids
        where=$where${where:+,}127.0.0.1:$port
    done
    where=xapian:tcp:$where
}

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
    serve "$work/$1.three"
    shared=0 wanted=0 asked=0
    while IFS= read -r query; do
        asked=$((asked + 1))
        for sort in newest oldest; do
            "$lede" search --format json --sort $sort -n 0 --facet $counted \
                -- "$query" 2>/dev/null | said >want
            for shards in "xapian:$work/$1.one" "$where"; do
                "$lede" search -A "$shards" --format json --sort $sort \
                    -n 0 --facet $counted -- "$query" 2>/dev/null | said >got
                cmp -s want got || {
                    echo "$1, $shards, $sort: $query:"
                    diff want got | head -n 4 | cut -c 1-200
                    fail=1
                }
            done
        done
        "$lede" search --format json --rank plain -- "dup:show $query" 2>/dev/null |
            keys | sort >want
        "$lede" search -A "$where" --format json --rank plain \
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
    stop
}

# put_forms SCRIPT: adds queries of all forms, with words of the collection.
put_forms() {
    awk -v every=$every 'NR % every == 0' "$forms" | sed "$1" >>queries
}

"$lede" index -q -A "$work/sample" "$sample" 2>/dev/null || true # damaged.jsonl
printf '%s\n' '"harbour bridge"' ferr* '*' >queries
put_forms 's/@a/ferry/g; s/@b/harbour/g; s/@c/storm/g; s/@p/harbour/g
s/@q/bridge/g; s/@A/Ferry/g; s/@B/Harbour/g; s/@P/Harbour/g; s/@Q/Bridge/g
s/@1/fer/g; s/@2/ha/g; s/@3/har/g; s/@4/rry/g; s/@n/cardenas/g; s/@N/Cárdenas/g
s/@f/jose/g; s/@l/iceland/g; s/@s/northline/g; s/@k/article/g; s/@y/2023/g
s/@m/2023-05/g; s/@t/2023-05-04/g; s/@v/2023-12-01/g; s/@x/sea-wall/g
s/@u/UK/g'
compare sample queries
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
    put_forms 's/@a/ukraine/g; s/@b/starmer/g; s/@c/peace/g; s/@p/security/g
s/@q/guarantees/g; s/@A/Ukraine/g; s/@B/Starmer/g; s/@P/Security/g
s/@Q/Guarantees/g; s/@1/ukr/g; s/@2/st/g; s/@3/sec/g; s/@4/ine/g
s/@n/zelensky/g; s/@N/Zelensky/g; s/@f/volodymyr/g; s/@l/paris/g; s/@s/seed/g
s/@k/live_update/g; s/@y/2025/g; s/@m/2025-02/g; s/@t/2025-02-17/g
s/@v/2025-02-18/g; s/@x/cease-fire/g; s/@u/US/g'
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
    put_forms 's/@a/kennedy/g; s/@b/soviet/g; s/@c/nuclear/g; s/@p/prime/g
s/@q/minister/g; s/@A/Kennedy/g; s/@B/Soviet/g; s/@P/Prime/g; s/@Q/Minister/g
s/@1/ken/g; s/@2/so/g; s/@3/pri/g; s/@4/edy/g; s/@n/macmillan/g
s/@N/Macmillan/g; s/@f/harold/g; s/@l/moscow/g; s/@s/time1963/g
s/@k/article/g; s/@y/1963/g; s/@m/1963-03/g; s/@t/1963-03-01/g
s/@v/1963-03-29/g; s/@x/u.s./g; s/@u/U.S./g'
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
    put_forms 's/@a/oil/g; s/@b/price/g; s/@c/bank/g; s/@p/crude/g; s/@q/oil/g
s/@A/Oil/g; s/@B/Price/g; s/@P/Crude/g; s/@Q/Oil/g; s/@1/oil/g; s/@2/pr/g
s/@3/cru/g; s/@4/oil/g; s/@n/baker/g; s/@N/Baker/g; s/@f/james/g
s/@l/london/g; s/@s/reuters/g; s/@k/article/g; s/@y/1987/g; s/@m/1987-03/g
s/@t/1987-03-02/g; s/@v/1987-04-10/g; s/@x/cease-fire/g; s/@u/U.S./g'
    compare reuters queries
fi
[ -r "$data" ] || echo "no test material at $data: the sample archive alone"
exit $fail
