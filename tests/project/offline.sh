#!/bin/sh
# Nothing leaves the machine: what is indexed names addresses to fetch pictures,
# styles, entities and links from, and no command asks the network for anything.
# Usage: offline.sh LEDE
set -eu
lede=$1
for tool in strace; do
    if ! command -v $tool >/dev/null; then
        echo "skipped: no $tool"
        exit 77
    fi
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir archive.in
cat >archive.in/page.html <<'X'
<html><head><title>A storm</title><base href="http://127.0.0.1:9/">
<link rel="stylesheet" href="http://127.0.0.1:9/style.css"><link rel="canonical" href="http://127.0.0.1:9/storm">
<script src="http://127.0.0.1:9/x.js"></script></head><body><article><h1>A storm</h1>
<p>A storm hit the eastern coast on Monday, and roofs were torn off in three towns, the mayor said.</p>
<img src="http://127.0.0.1:9/storm.jpg" alt="A roof in the street"></article></body></html>
X
cat >archive.in/feed.xml <<'X'
<?xml version="1.0"?>
<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/rss.dtd" [<!ENTITY more SYSTEM "http://127.0.0.1:9/more.txt">]>
<?xml-stylesheet href="http://127.0.0.1:9/feed.xsl"?>
<rss version="2.0"><channel><title>News</title><link>http://127.0.0.1:9/</link>
<item><title>A flood</title><link>http://127.0.0.1:9/flood</link><description>A flood. &more;</description></item>
</channel></rss>
X
fail=0
# LeakSanitizer cannot be traced; what is traced here does not leak elsewhere.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" LEDE_ARCHIVE="$work/archive"
quiet() {
    if ! strace -f -o calls -e trace=%network "$lede" "$@" >out 2>&1 &&
        grep -qi 'ptrace' out; then
        echo "skipped: nothing can be traced here"
        exit 77
    fi
    if grep -E 'socket|connect|sendto|sendmsg' calls | grep -v AF_UNIX; then
        echo "lede $* asked the network"
        fail=1
    fi
}
quiet index archive.in
grep -q '2 added\|2 entries' out || { cat out; fail=1; }
quiet search storm OR flood --explain
grep -q '^2 entries' out || { cat out; fail=1; }
quiet search --format atom storm
quiet show --format json "$("$lede" search -l storm)"
quiet who storm
quiet timeline storm
quiet check
quiet stats
# (What does ask the network is seen: a server of Xapian's, if it is named.)
strace -f -o calls -e trace=%network "$lede" search -A xapian:tcp:127.0.0.1:9 storm >out 2>&1 || true
grep -q 'connect.*AF_INET' calls || { echo "the trace sees no network"; fail=1; }
exit $fail
