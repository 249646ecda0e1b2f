# Settings per source: who reads them, and when files are read again.
status() {
    "$@"
    echo "status $?"
}
said() {
    "$@" 2>&1 | sed 's/ in [0-9.]* s//; s/; [0-9.]* B$//'
}
shown() {
    lede search --format json '*' --sort oldest | grep -o '"source": "[^"]*"\|"instant": "[^"]*"\|"published": "[^"]*"'
}
mkdir -p papers/cork papers/oslo
printf 'Rain over the harbour\n\nPublished: 3 June 2024 10:00\n\nIt rained all day long.\n' >papers/cork/a.txt
printf 'Snow over the harbour\n\nPublished: 3 June 2024 12:00\n\nIt snowed all day long.\n' >papers/oslo/b.txt
said lede index papers
shown
printf '[papers/cork]\nzone = Europe/Dublin\nname = Cork Paper\n' >sources
lede inspect --sources sources papers/cork/a.txt papers/oslo/b.txt |
    grep -o '"source": "[^"]*"\|"zone": "[^"]*"'
# What is changed is read again, and only that.
said lede index --sources sources papers
shown
said lede index --sources sources papers
# Beside the archive they are found; they are no document.
sed 's/Cork/Munster/; s/cork/oslo/' <sources | sed 's/papers/here\/papers/; s/Dublin/Oslo/' >"$LEDE_ARCHIVE.sources"
said lede index papers
shown
said lede index --dry-run --sources sources . | sed "s|$PWD||"
lede inspect papers/oslo/b.txt | grep -o '"source": "[^"]*"'
lede watch --settle 1s --sources sources -q papers &
watcher=$!
tries=0
until lede search --count 'source:"Cork Paper"' | grep -qx 1 || [ $tries = 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
kill "$watcher"
wait "$watcher"
shown
# Where a source is at home decides between places of one name.
mkdir -p towns/scotland towns/west
for town in scotland west; do
    printf 'Bridge closed\n\nPublished: 3 June 2024 10:00\n\nThe old bridge in Perth is closed.\n' \
        >towns/$town/a.txt
done
printf '[towns/scotland]\nhome = Dundee, Scotland\n' >homes
lede index -q --archive towns.lede --sources homes towns
lede search --archive towns.lede --format json bridge |
    grep -o '"source": "[^"]*"\|"name": "Perth", "id": "[^"]*", "country": "[^"]*"'
# Mistakes.
printf '[papers/cork]\nname = Cork Paper\n[papers/crok]\nname = Cork Paper\n' >slip
said lede index --sources slip papers | sed "s|$PWD||"
printf '[papers]\nzone = Mars/Base\n' >wrong
status lede index --sources wrong papers
status lede inspect --sources wrong papers/cork/a.txt
status lede index --dry-run --sources wrong papers
status lede index --sources nowhere papers
