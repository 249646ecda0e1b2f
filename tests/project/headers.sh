#!/bin/sh
# Each header compiles alone, as C17 with all warnings; those that say so, as
# C++ too. Usage: headers.sh ROOT CC CXX
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
    grep -q __cplusplus "$header" || continue
    "$3" -std=c++17 -D_POSIX_C_SOURCE=200809L -I. -Wall -Wextra -Wpedantic \
        -Werror -fsyntax-only -x c++ "$header" || {
        echo "$header does not compile alone as C++"
        fail=1
    }
done
exit $fail
