#!/bin/sh
# What `./bootstrap demo` shows. Usage: demo.sh LEDE SAMPLE ARCHIVE
set -eu
lede=$1
sample=$2
archive=$3

show() {
    printf '\n$ lede'
    for word; do
        case $word in
        *[!a-zA-Z0-9_./:-]*) printf " '%s'" "$word" ;;
        *) printf ' %s' "$word" ;;
        esac
    done
    printf '\n\n'
    LEDE_ARCHIVE=$archive "$lede" "$@"
}

show index "$sample" 2>&1
show search --limit 3 'harbour bridge'
show search --limit 3 '"night ferry" date:2023..'
show search --limit 3 --explain 'headline:election'
