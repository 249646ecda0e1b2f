#!/bin/sh
# The model's figures on real news that it was not trained on. Usage:
# figures.sh EVALUATE MODEL SET.bio.zst MIN_PERSON MIN_PLACE
set -eu
[ -f "$3" ] || {
    echo "skipped: no $3"
    exit 77
}
command -v zstd >/dev/null || {
    echo "skipped: no zstd"
    exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
zstd -dqc "$3" >"$work/set.bio"
"$1" "$2" "$work/set.bio" "$4" "$5"
