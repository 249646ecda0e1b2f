#!/bin/sh
# Who may include whom: the table of docs/ARCHITECTURE.md, held against the
# sources. Usage: layering.sh ROOT
set -eu
cd "$1"

# The project's folders that each folder may include, and the libraries that
# only it may see.
may_include() {
    case $1 in
    base) echo "base" ;;
    corpus) echo "base corpus" ;;
    names) echo "base names" ;;
    storage) echo "base storage" ;;
    indexer) echo "base corpus names storage indexer" ;;
    query) echo "base names storage query" ;;
    app) echo "base corpus names storage indexer query app" ;;
    esac
}

home_of_library() {
    case $1 in
    libstemmer.h | utf8proc.h | uniwbrk.h | unicase.h | uninorm.h | \
        unictype.h | unistr.h | xxhash.h) echo base ;;
    lmdb.h | xapian.h | xapian/*) echo storage ;;
    zlib.h | archive.h | archive_entry.h | expat.h | libxml/*) echo corpus ;;
    zstd.h) echo "corpus storage" ;;
    esac
}

fail=0
complain() {
    echo "$1"
    fail=1
}

contains() {
    case " $1 " in *" $2 "*) return 0 ;; esac
    return 1
}

includes() { # FILE QUOTE...: the names that it includes in that kind of quote
    sed -n "s/^[[:space:]]*#[[:space:]]*include[[:space:]]*$2\\([^$3]*\\)$3.*/\\1/p" \
        "$1"
}

checked=0
for folder in base corpus names storage indexer query app; do
    [ -d "$folder" ] || continue
    for file in $(find "$folder" -name '*.[ch]' -o -name '*.cc' | sort); do
        checked=$((checked + 1))
        for included in $(includes "$file" '"' '"'); do
            case $included in
            */*) ;;
            *)
                complain "$file: \"$included\" is not written from the root"
                continue
                ;;
            esac
            [ -f "$included" ] ||
                complain "$file: \"$included\" does not exist"
            contains "$(may_include "$folder")" "${included%%/*}" ||
                complain "$file: $folder/ must not include $included"
        done
        for included in $(includes "$file" '<' '>'); do
            home=$(home_of_library "$included")
            [ -z "$home" ] || contains "$home" "$folder" ||
                complain "$file: <$included> belongs to $home/"
        done
        case $file in
        *.cc) [ "$file" = storage/xapian_shim.cc ] ||
            complain "$file: C++ stands in storage/xapian_shim.cc alone" ;;
        *.h)
            grep -q "^ \* Threads:" "$file" ||
                complain "$file: the header does not say its thread rule"
            ;;
        esac
    done
done
[ "$checked" -gt 0 ] || complain "no sources found under $1"
echo "$checked files checked"
exit $fail
