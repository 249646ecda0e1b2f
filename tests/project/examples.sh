#!/bin/sh
# Every example of the documents does what its page says. Usage: examples.sh
# ROOT LEDE
#
# docs/QUERY.md: each row of a table with a column "read as" is what --parse
# prints, and has the note of the column "the note", or none. README.md, the
# sample's README and the manual: each command is run, with the sample archive
# in the place of the reader's folder; each query of README's table, and each
# form of a query in the manual, is understood without a note.
set -eu
root=$1
lede=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail=0
ran=0

mkdir -p "$work/home" "$work/build" "$work/bin" "$work/corpus"
ln -s "$root/corpus/sample" "$work/corpus/sample"
ln -s "$root/corpus/sample/archive" "$work/home/articles"
ln -s "$lede" "$work/build/lede"
ln -s "$lede" "$work/bin/lede"
export HOME="$work/home" XDG_DATA_HOME="$work/data" PATH="$work/bin:$PATH"
unset LEDE_ARCHIVE
cd "$work"

wrong() {
    printf '%s\n' "$*"
    fail=1
}

# The notes of a query, one a line.
notes_of() {
    lede search -n 1 --format json -- "$1" | grep -o '{"column": [^}]*}' |
        sed 's/.*"text": "\(.*\)"}/\1/; s/\\"/"/g'
}

# --- Commands ---------------------------------------------------------------

# A command of a page: 0 and 1 (nothing found) are answers. What other programs
# do with lede's output is not tried.
run() {
    page=$1
    command=${2%% | *}
    ran=$((ran + 1))
    status=0
    sh -c "$command" >out 2>err </dev/null || status=$?
    # Words that the sample does not have are no mistake of the example's.
    if [ "$status" -gt 1 ] ||
        grep 'lede: query, column' err | grep -qv "no entry has '"; then
        wrong "$page: $command: status $status: $(cat err)"
    fi
}

# The lines of a text that begin with four blanks, as commands.
run_indented() {
    grep -E '^    (build/)?lede ' "$1" >commands || true
    while read -r command; do
        run "$1" "$command"
    done <commands
}

# The first command makes the archive that all others search.
run_indented "$root/README.md"
lede search -n 1 'harbour bridge' >out || wrong "README.md: nothing was indexed"
run_indented "$root/corpus/sample/README.md"
grep -q -i bridge out || wrong "corpus/sample/README.md: finds no bridge"
for page in lede.1 lede-query.7; do
    sed -n '/^\.SH EXAMPLES/,$p' "$root/docs/man/$page" | grep '^lede ' |
        sed 's/\\-/-/g' >examples
    while read -r command; do
        run "$page" "$command"
    done <examples
done

# Options that README names come with what they take.
grep -o '`--[^`]*`' "$root/README.md" | tr -d '`' >options
while read -r option; do
    run README.md "lede search $option harbour"
done <options

# bootstrap knows what the pages call it with.
grep -ho '\./bootstrap [a-z]*' "$root/README.md" "$root/CONTRIBUTING.md" |
    sort -u >calls
while read -r _ call; do
    ran=$((ran + 1))
    grep -q "^$call)" "$root/bootstrap" || wrong "there is no ./bootstrap $call"
done <calls

# --- Queries ----------------------------------------------------------------

# Rows "| `query` ... | `read as` | note |", by what the table's head says.
awk -F ' *\\| *' '
    /^\|/ && !inside {
        inside = 1; query = as = note = 0
        for (i = 2; i <= NF; i++) {
            if ($i == "query") query = i
            if ($i == "read as") as = i
            if ($i == "the note") note = i
        }
        next
    }
    !/^\|/ { inside = 0 }
    inside && as && !/^\|-/ {
        gsub(/^`|`$/, "", $query); gsub(/^`|`$/, "", $as)
        print $query "\t" $as "\t" (note ? $note : "")
    }' "$root/docs/QUERY.md" >rows
tab=$(printf '\t')
while IFS=$tab read -r query as note; do
    ran=$((ran + 1))
    got=$(lede search --parse -- "$query")
    [ "$got" = "$as" ] || wrong "QUERY.md: $query is read as $got, not $as"
    got=$(notes_of "$query")
    [ "$got" = "$note" ] || wrong "QUERY.md: $query: note '$got', not '$note'"
done <rows

# README: all that stands between backticks in the first column.
sed -n '/^| you type/,/^$/p' "$root/README.md" | sed '1,2d' |
    cut -d '|' -f 2 | grep -o '`[^`]*`' | tr -d '`' >queries
# The manual: the tags of its list of query forms, without commas.
sed -n '/^Query language:/,/^Any text is/p' "$root/docs/man/lede.1" |
    sed -n 's/^\.B //p; s/.*\(date:[0-9.\\-]*[0-9.]\).*/\1/p' |
    sed 's/\\-/-/g; s/\\(dq/"/g' >>queries
# The manual of the language: all its tags.
sed -n 's/^\.B //p' "$root/docs/man/lede-query.7" | grep -v '^lede ' |
    sed 's/\\-/-/g; s/\\(dq/"/g' >>queries
while read -r query; do
    ran=$((ran + 1))
    got=$(notes_of "$query")
    [ -z "$got" ] || wrong "$query: $got"
done <queries

echo "$ran examples"
[ "$(wc -l <rows)" -ge 30 ] && [ "$(wc -l <queries)" -ge 15 ] &&
    [ "$ran" -ge 60 ] || wrong "too few examples were found: is a page cut differently?"
exit $fail
