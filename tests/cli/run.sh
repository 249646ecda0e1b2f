#!/bin/sh
# Runs NAME.sh and compares what it prints with NAME.out, byte for byte.
# Usage: run.sh NAME ROOT LEDE [TOOL...]
#
# The script runs in an empty folder with `lede` and the tools on its PATH, the
# sample archive at $SAMPLE and LEDE_ARCHIVE set; what depends on the machine
# (the folder, times taken) is for the script to leave out. UPDATE=1 writes
# NAME.out anew. A script that ends with 77 is skipped.
set -eu
name=$1
root=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/here"
ln -s "$@" "$work/bin"
expected=$root/tests/cli/$name.out
cd "$work/here"
status=0
env -u NO_COLOR PATH="$work/bin:$PATH" ROOT="$root" SAMPLE="$root/corpus/sample/archive" \
    LEDE_ARCHIVE="$work/archive" XDG_DATA_HOME="$work/data" LC_ALL=C.UTF-8 \
    sh "$root/tests/cli/$name.sh" >"$work/got" 2>&1 || status=$?
if [ "$status" = 77 ]; then # the script says what is missing here
    tail -n 1 "$work/got"
    exit 77
fi
sed -i "s|$root|ROOT|g; s|$work|WORK|g" "$work/got"
echo "exit $status" >>"$work/got"
if [ "${UPDATE-}" = 1 ]; then
    cp "$work/got" "$expected"
fi
diff -u "$expected" "$work/got"
