#!/bin/sh
# Fails below the least figures. Usage: figures_reuters.sh PROGRAM MODEL TABLE
# MIN_PLACES MIN_PEOPLE ARCHIVE
[ -r "$6" ] || {
    echo "skipped: no test material at $6"
    exit 77
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
zstd -q -dc "$6" | tar -C "$folder" -xf - || exit 77
"$1" "$2" "$3" "$4" "$5" $(find "$folder" -name '*.sgm' | sort)
