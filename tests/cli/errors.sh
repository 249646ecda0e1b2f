# What goes wrong is said in one line, and the exit status tells.
status() {
    "$@"
    echo "status $?"
}
status lede
status lede frobnicate
status lede search nothing
status lede index
status lede index --memory 3 .
status lede index --zone Atlantis/City .
status lede index --language xx .
status lede index --language english .
status lede index --language en- .
next=$(($(date -u +%Y) + 1))
lede index --year $((next + 1)) . 2>&1 | sed "s/$((next + 1))/AFTER/; s/$next/NEXT/"
status lede index --year 1799 . 2>&1 | sed "s/$next/NEXT/"
status lede index --frob .
status lede search --limit -3 x
status lede search --limit
status lede search --sort sideways x
status lede search --recency 1.5 x
status lede search --half-life soon x
status lede search --as-of someday x
status lede search --format yaml x
status lede search --zone Mars x
status lede search --limit 4294967296 x
status lede search --offset 18446744073709551616 x
status lede search --recency nan x
status lede search --zone '' x
lede index --year 99999 . 2>&1 | sed "s/$next/NEXT/"
status lede index ''
status lede index --wait 0 .
status lede -q search x
status lede help nosuch
status lede search --lim 3 x
status lede search --counted x
status lede search --archive= x
status lede show
mkdir empty
status lede index -q empty
status lede show 123
status lede show zzzzzz
status lede show 123456
status lede search x
status lede check extra
status lede backup
status lede backup ''
status lede search --limit 0 --offset 18446744073709551615 --sort newest --explain --rank plain ''
# Of two that contradict each other the last counts.
status lede search --no-recency --recency 2 ''
status lede search --limit 3 --limit 0 --format text --format json --count ''
status lede index -q nowhere
printf 'PK\003\004xxxxxxxxxxxxxxxxxxxxxxxx' >a.zip
printf '\000\001\002\003' >b.bin
: >c.txt
printf 'A\n\nB.\n' | gzip | gzip | gzip | gzip >four.txt.gz
status lede index -q .
status lede check
printf 'not an archive' >"$LEDE_ARCHIVE/data.mdb"
status lede search x
status lede check
