# Nothing from an archive or a query can reach a terminal raw.
printf '{"title": "Evil \\u001b[31m \\u009b2J \\u202e headline", "text": "A body with \\u001b]0;x\\u0007 in it."}\n' >evil.jsonl
lede index -q evil.jsonl
raw() {
    grep -c -a "$(printf '\033\|\007\|\302\233\|\342\200\256')"
}
lede search evil | raw
lede search --format json evil | raw
lede search --format ndjson --explain evil | raw
lede search --parse "$(printf 'evil \033[31m')" | raw
lede search "$(printf 'evil \033[31m nothing"')" 2>&1 | raw
key=$(lede search --format json evil | sed 's/.*"key": "\([0-9a-f]*\)".*/\1/')
lede show "$key" | raw
lede show --format json "$key" | raw
lede search --color always evil | grep -c "$(printf '\033\\[1m')"
