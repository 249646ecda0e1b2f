#!/bin/sh
# Near-copies among the stories of Reuters-21578, and of these when edited.
# Usage: copies.sh COPIES CONVERTER ARCHIVE.tar.zst
set -eu
copies=$1
converter=$2
stories=$3
if [ ! -r "$stories" ] || ! command -v zstd >/dev/null; then
    echo "skipped: no test material at $stories, or no zstd"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
zstd -dcq "$stories" | tar -xf - --wildcards '*.sgm'
for file in */*.sgm; do
    "$converter" <"$file"
done >stories.jsonl
"$copies" stories.jsonl 0.95
