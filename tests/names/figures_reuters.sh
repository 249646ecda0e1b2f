#!/bin/sh
# Fails below the least figures. Usage: figures_reuters.sh PROGRAM MODEL TABLE
# MIN_PLACES MIN_PEOPLE MIN_HEADLINES ARCHIVE
[ -r "$7" ] || {
    echo "skipped: no test material at $7"
    exit 77
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
zstd -q -dc "$7" | tar -C "$folder" -xf - || exit 77
"$1" "$2" "$3" "$4" "$5" "$6" $(find "$folder" -name '*.sgm' | sort)
