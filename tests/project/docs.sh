#!/bin/sh
# The manual knows every command and option of the program, and no others.
# Usage: docs.sh ROOT LEDE
set -eu
manual=$1/docs/man/lede.1
lede=$2
fail=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Options are written \-\-name in the source of a manual page.
sed 's/\\-/-/g' "$manual" >"$work/manual"
grep -o -e '--[a-z-]*' "$work/manual" | sort -u >"$work/in_manual"
: >"$work/in_help"

commands=$("$lede" help | sed -n 's/^  \([a-z]*\)  .*[.]$/\1/p')
for command in $commands; do
    grep -q "^\.SS .*$command" "$manual" || {
        echo "the manual does not describe: lede $command"
        fail=1
    }
    "$lede" "$command" --help >"$work/help"
    sed -n 's/^  \(-., \|    \)\(--[a-z-]*\).*/\2/p' "$work/help" |
        sort -u >"$work/options"
    grep -o -e '--[a-z-]*' "$work/help" >>"$work/in_help" || true
    for option in $(comm -23 "$work/options" "$work/in_manual"); do
        echo "the manual does not describe: lede $command $option"
        fail=1
    done
done
[ -n "$commands" ] && [ -s "$work/in_help" ] || {
    echo "no commands, or no options, were found"
    fail=1
}
sort -u -o "$work/in_help" "$work/in_help"
for option in $(comm -13 "$work/in_help" "$work/in_manual"); do
    [ "$option" = -- ] && continue
    echo "the manual describes an option that is not there: $option"
    fail=1
done
exit $fail
