#!/bin/sh
# Fails below the least figures. Usage: figures_places.sh PROGRAM TABLE SET.xml
# MIN_ALL MIN_SURE
[ -r "$3" ] || {
    echo "skipped: no test material at $3"
    exit 77
}
exec "$@"
