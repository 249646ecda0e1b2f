#!/bin/sh
# Each header compiles alone, as C17 with all warnings. Usage: headers.sh ROOT CC
set -eu
cd "$1"
fail=0
for header in */*.h; do
    case $header in tests/*) continue ;; esac
    "$2" -std=c17 -D_POSIX_C_SOURCE=200809L -I. -Wall -Wextra -Wpedantic \
        -Werror -fsyntax-only -x c "$header" || {
        echo "$header does not compile alone"
        fail=1
    }
done
exit $fail
