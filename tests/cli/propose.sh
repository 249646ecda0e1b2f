# Pairs of names that may be one person's are proposed for their spelling, their
# title and their company, and nothing is done before somebody accepts.
cat >news.jsonl <<'END'
{"id": "urn:lede-test:1", "headline": "One", "date": "2025-02-01", "body": "Foreign Minister Karel Novotny spoke on Monday, officials said."}
{"id": "urn:lede-test:2", "headline": "Two", "date": "2025-02-02", "body": "The talks went on. K. Novotny, the foreign minister, left on Tuesday."}
{"id": "urn:lede-test:3", "headline": "Three", "date": "2025-02-03", "body": "The painter Dmitry Medvedkov met Helen Oakheart in Oslo."}
{"id": "urn:lede-test:4", "headline": "Four", "date": "2025-02-04", "body": "The painter Dmitri Medvedkow met Helen Oakheart in Oslo."}
{"id": "urn:lede-test:5", "headline": "Five", "date": "2025-02-05", "body": "Mr Johan Bergkvist went home and slept, his sister said."}
{"id": "urn:lede-test:6", "headline": "Six", "date": "2025-02-06", "body": "Mr J. Bergkvist bought a horse on Friday, his brother said."}
{"id": "urn:lede-test:7", "headline": "Seven", "date": "2025-02-07", "body": "President Miriam Stanhope met Miriam Stanhopp, a nurse, in Bergen."}
{"id": "urn:lede-test:8", "headline": "Eight", "date": "2025-02-08", "body": "Governor Paul Ackerman spoke in Lima and in Quito."}
{"id": "urn:lede-test:9", "headline": "Nine", "date": "2025-02-09", "body": "Governor Paul Ackerman slept in Lima and in Quito."}
END
lede index -q news.jsonl
lede names propose
lede people -q
lede names propose --format json novotny
lede names merge person 'Karel Novotny' 'K. Novotny'
lede names propose novotny
lede names undo
lede names propose novotny

# Whom somebody has told apart nobody proposes to join again.
key=$(lede search -q --format json date:2025-02-09 | sed -n 's/.*"key": "\([0-9a-f]*\)".*/\1/p')
lede names split person 'Paul Ackerman' 'Paul Ackerman (diver)' "$key"
lede people -q ackerman
lede names propose ackerman
lede names split person 'Paul Ackerman' 'Paul Ackerman Jr.' "$key"

# A split that moves nothing says so.
lede names split person 'Karel Novotny' 'Karel Novotny (diver)' "$key" 0000000000000001

# Of very many names beside one, the same are looked at, whatever keeps the
# entries and however they are dealt out.
n=0
for first in John Peter Maria Susan David Linda Robert Karen Thomas Helen \
    Martin Laura Daniel Emma Simon Alice Victor Nina Oscar Ruth; do
    for last in Smith Jones Walker Turner Cooper Parker Bennett Foster Hughes \
        Palmer Morgan Russell Carter Fisher Harvey Spencer; do
        n=$((n + 1))
        for who in Hanna Hannah; do
            printf '{"headline": "Meeting %s of %s", "published": "2024-%02d-%02dT10:00:00Z", "body": "Mr %s %s met %s Brightmore in the office. %s Brightmore thanked %s %s for coming."}\n' \
                $n $who $((n % 12 + 1)) $((n % ${#who} + 1)) $first $last $who $who $first $last
        done
    done
done >many.jsonl
lede index -q --archive many many.jsonl
lede export -q --archive many --to xapian:shards --shards 3
lede names --archive many propose brightmore
lede names --archive many propose brightmore --format json >want
lede names --archive xapian:shards propose brightmore --format json >got
cmp want got && echo same
lede names --archive xapian:shards propose brightmore 2>&1 | tail -n 1
