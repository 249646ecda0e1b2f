#!/bin/sh
# The manual knows every command and option of the program, and no others.
# Usage: docs.sh ROOT LEDE
set -eu
manual=$1/docs/man/lede.1
lede=$2
fail=0

in_manual() {
    # Options are written \-\-name in the source of a manual page.
    grep -qF -e "$(printf '%s' "$1" | sed 's/-/\\-/g')" "$manual"
}

commands=$("$lede" help | sed -n 's/^  \([a-z]*\)  .*[.]$/\1/p')
for command in $commands; do
    grep -q "^\.SS .*$command" "$manual" || {
        echo "the manual does not describe: lede $command"
        fail=1
    }
    for option in $("$lede" "$command" --help |
        sed -n 's/^  \(-., \|    \)\(--[a-z-]*\).*/\2/p'); do
        in_manual "$option" || {
            echo "the manual does not describe: lede $command $option"
            fail=1
        }
    done
done
for option in $(grep -o '\\-\\-[a-z\\-]*' "$manual" | sed 's/\\//g' | sort -u); do
    [ "$option" = -- ] && continue
    found=0
    for command in $commands; do
        "$lede" "$command" --help | grep -q -e "$option\\b" && found=1
    done
    [ "$found" = 1 ] || {
        echo "the manual describes an option that is not there: $option"
        fail=1
    }
done
exit $fail
