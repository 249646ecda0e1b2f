#!/bin/sh
# What is installed is there, works, and can be read. Usage: install.sh ROOT
# BUILD CMAKE
set -eu
root=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail=0

DESTDIR=$work "$3" --install "$2" --prefix /usr >"$work/log"
for file in bin/lede share/man/man1/lede.1 share/man/man7/lede-query.7 \
    share/doc/lede/QUERY.md share/lede/names.model share/lede/places.table; do
    [ -s "$work/usr/$file" ] || {
        echo "not installed: $file"
        fail=1
    }
done
[ "$(find "$work/usr" -type f | wc -l)" = 6 ] || {
    echo "something else was installed:"
    find "$work/usr" -type f
    fail=1
}
"$work/usr/bin/lede" --version >"$work/version"
grep -q '^lede [0-9]' "$work/version" || fail=1

# The manual is readable where help says that it is, before and after.
"$work/usr/bin/lede" help >"$work/help"
grep -q "'man lede'" "$work/help"
grep -q "'man -l docs/man/lede.1'" "$work/help"
if command -v man >"$work/man" && [ -s "$work/man" ]; then
    for page in "$root/docs/man/lede.1" "$work/usr/share/man/man1/lede.1"; do
        LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l "$page" \
            >"$work/page" 2>"$work/warnings"
        grep -q 'lede - full-text search' "$work/page" || fail=1
        [ ! -s "$work/warnings" ] || {
            cat "$work/warnings"
            fail=1
        }
    done
    MANPATH=$work/usr/share/man LC_ALL=C.UTF-8 man -w lede |
        grep -q 'man1/lede.1' || fail=1
fi
exit $fail
