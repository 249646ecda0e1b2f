#!/usr/bin/env python3
"""How an archive grows: lede from ten thousand entries to a million.

Usage: growth.py --programs DIR [--corpus JSONL] [--sizes N,N,...] [--words N]
                 [--piles N,N,...] [--pile-entries N] [--json FILE] [--svg FILE]
                 [--work DIR]

Entries of --words words each (60) are cut from the texts of the corpus, from a
random place on (by a fixed seed), one a minute; where that is not enough they
repeat, at other times and under other ids: ten million (--sizes 10000000) are
mostly repetition. Without a corpus the words are drawn by Zipf's law. For each
size: CPU seconds, peak memory and bytes of one run, and the time of queries drawn
from the entries. Then the same for --pile-entries entries in so many segments,
before and after they are merged.
"""
import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

CLASSES = ["term", "and", "or", "phrase"]
MODES = ["top10", "count", "recency", "newest"]
BEGIN = 1000000000  # the oldest entry's second
PER_CLASS = 200


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def corpus_words(path):
    """The words of all texts, one list a document."""
    documents = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            words = re.findall(r"[^\W_]+", json.loads(line).get("body", ""))
            if words:
                documents.append(words)
            if len(documents) == 50000:
                break
    return documents


def zipf_words(rng, count):
    names = [f"{chr(97 + i % 26)}{chr(97 + i // 26 % 26)}{i:x}z"
             for i in range(100000)]
    total, cumulative = 0.0, []
    for rank in range(len(names)):
        total += 1 / (rank + 2.7)
        cumulative.append(total)
    return rng.choices(names, cum_weights=cumulative, k=count)


def texts(rng, documents, words):
    """Texts without end."""
    while True:
        if documents:
            source = documents[rng.randrange(len(documents))]
            at = rng.randrange(max(1, len(source) - words + 1))
            yield source[at:at + words]
        else:
            many = zipf_words(rng, words * 1000)
            for i in range(1000):
                yield many[i * words:(i + 1) * words]


def write_entries(path, count, documents, words, queries=None):
    """JSON Lines; `queries` gets some of the words, by class."""
    rng = random.Random(11)
    draw = random.Random(12)
    every = max(1, count // PER_CLASS)
    source = texts(rng, documents, words)
    with open(path, "w", encoding="utf-8") as file:
        for i in range(count):
            text = next(source)
            published = time.strftime("%Y-%m-%dT%H:%M:%SZ",
                                      time.gmtime(BEGIN + 60 * i))
            file.write(f'{{"id": "e{i}", "lang": "en", "published": '
                       f'"{published}", "body": "{" ".join(text)}"}}\n')
            if queries is not None and i % every == 0 and len(set(text)) > 3:
                at = draw.randrange(len(text) - 2)
                queries["term"].append(text[at])
                queries["phrase"].append(" ".join(text[at:at + 2]))
                three = " ".join(draw.sample(sorted(set(text)), 3))
                queries["and"].append(three)
                queries["or"].append(three)


def run(command):
    """What it printed, CPU seconds and, as it says itself, peak memory."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    out, err = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"failed: {' '.join(command)}\n{err}")
    peak = int(re.search(r"peak (\d+)", err).group(1)) * 1024
    return out + err, usage.ru_utime + usage.ru_stime, peak


def numbers_of(printed):
    found = dict(re.findall(r"(terms|postings|positions|columns|entries) (\d+)",
                            printed))
    found["segments"] = re.search(r"(\d+) segments", printed).group(1)
    return {name: int(value) for name, value in found.items()}


def percentile(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(part * len(values)))]


def ask(engine, folder, queries, entries):
    """Microseconds, p50 and p99 of the best of three, by mode and class."""
    tail = f"\t0.3\t{60 * entries // 2}\t{BEGIN + 60 * entries}"
    lines, keys = [], []
    for mode in MODES:
        for kind in CLASSES:
            for words in queries[kind]:
                lines.append(f"{mode}\t{kind}\t{words.lower()}" +
                             (tail if mode == "recency" else ""))
                keys.append((mode, kind))
    out = subprocess.run([engine, "serve", folder], text=True, check=True,
                         input="\n".join(lines * 3) + "\n",
                         capture_output=True).stdout.split("\n")[1:]
    best = [1e18] * len(lines)
    for i in range(3 * len(lines)):
        at = i % len(lines)
        best[at] = min(best[at], int(out[i].split("\t")[0]) / 1000)
    result = {}
    for key, value in zip(keys, best):
        result.setdefault(key[0], {}).setdefault(key[1], []).append(value)
    return {mode: {kind: [round(percentile(v, .5), 1), round(percentile(v, .99), 1)]
                   for kind, v in kinds.items()}
            for mode, kinds in result.items()}


def measure(engine, work, entries, documents, words, command, compact=False):
    """One archive: made by `command`, then asked."""
    docs, folder = os.path.join(work, "entries.jsonl"), os.path.join(work, "archive")
    queries = {kind: [] for kind in CLASSES}
    write_entries(docs, entries, documents, words, queries)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    before = time.monotonic()
    printed, cpu, peak = run([engine, command[0], docs, folder] + command[1:])
    row = {"entries": entries, "input": os.path.getsize(docs),
           "cpu_s": round(cpu, 2), "wall_s": round(time.monotonic() - before, 2),
           "peak_rss": peak, "bytes": numbers_of(printed),
           "queries": ask(engine, folder, queries, entries)}
    if compact:
        printed, cpu, peak = run([engine, "compact", folder])
        row["compact"] = {"cpu_s": round(cpu, 2), "peak_rss": peak,
                          "bytes": numbers_of(printed),
                          "queries": ask(engine, folder, queries, entries)}
    os.unlink(docs)
    shutil.rmtree(folder)
    return row


def index_bytes(row):
    return sum(row["bytes"][k] for k in ("terms", "postings", "positions", "columns"))


def cells(queries, mode):
    return " | ".join("{:g}/{:g}".format(*queries[mode][kind]) for kind in CLASSES)


def print_tables(result):
    print("| entries | input MB | CPU s | MB/s | peak MB | index MB | bytes an entry "
          "| stored MB |\n|" + "---|" * 8)
    for r in result["sizes"]:
        size = index_bytes(r)
        print(f"| {r['entries']:,} | {r['input'] / 1e6:.1f} | {r['cpu_s']} "
              f"| {r['input'] / 1e6 / max(r['cpu_s'], .01):.0f} "
              f"| {r['peak_rss'] / 1e6:.0f} | {size / 1e6:.1f} "
              f"| {size / r['entries']:.0f} | {r['bytes']['entries'] / 1e6:.1f} |")
    for mode in MODES:
        print(f"\n{mode}, p50/p99 in microseconds\n\n| entries | "
              + " | ".join(CLASSES) + " |\n|" + "---|" * (1 + len(CLASSES)))
        for r in result["sizes"]:
            print(f"| {r['entries']:,} | {cells(r['queries'], mode)} |")
    if result["piles"]:
        print("\n| segments | index MB | " + " | ".join(f"top10 {k}" for k in CLASSES)
              + " | merging CPU s |\n|" + "---|" * (3 + len(CLASSES)))
        for r in result["piles"]:
            print(f"| {r['bytes']['segments']} | {index_bytes(r) / 1e6:.1f} "
                  f"| {cells(r['queries'], 'top10')} | {r['compact']['cpu_s']} |")
        last = result["piles"][-1]["compact"]
        print(f"| merged: {last['bytes']['segments']} | {index_bytes(last) / 1e6:.1f} "
              f"| {cells(last['queries'], 'top10')} | |")


PANELS = [
    ("CPU seconds of indexing", lambda r: {"index": r["cpu_s"]}),
    ("megabytes", lambda r: {"index": index_bytes(r) / 1e6,
                             "stored": r["bytes"]["entries"] / 1e6,
                             "peak memory": r["peak_rss"] / 1e6}),
    ("top10, p50 in microseconds",
     lambda r: {k: r["queries"]["top10"][k][0] for k in CLASSES}),
    ("top10, p99 in microseconds",
     lambda r: {k: r["queries"]["top10"][k][1] for k in CLASSES}),
]
COLOURS = ["#c0392b", "#2e6da4", "#7f8c8d", "#c7a252"]


def write_svg(rows, path):
    """Four panels, both axes logarithmic, by number of entries."""
    import math
    width, height = 420, 260
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{2 * width}" '
           f'height="{2 * height}" font-family="sans-serif" font-size="10">',
           f'<rect width="{2 * width}" height="{2 * height}" fill="white"/>']
    xs = [math.log10(r["entries"]) for r in rows]
    for number, (title, values_of) in enumerate(PANELS):
        left, top = number % 2 * width + 46, number // 2 * height + 24
        w, h = width - 130, height - 60
        values = [values_of(r) for r in rows]
        flat = [math.log10(max(v, .01)) for row in values for v in row.values()]
        low, high = math.floor(min(flat)), math.ceil(max(flat) + .01)

        def x(v):
            return left + w * (v - xs[0]) / max(xs[-1] - xs[0], .1)

        def y(v):
            return top + h - h * (math.log10(max(v, .01)) - low) / max(high - low, 1)
        out.append(f'<text x="{left}" y="{top - 8}" font-size="12">{title}</text>')
        for power in range(low, high + 1):
            out.append(f'<line x1="{left}" x2="{left + w}" y1="{y(10 ** power):.1f}" '
                       f'y2="{y(10 ** power):.1f}" stroke="#ddd"/><text '
                       f'x="{left - 4}" y="{y(10 ** power) + 3:.1f}" '
                       f'text-anchor="end">{10 ** power:g}</text>')
        for at, r in zip(xs, rows):
            out.append(f'<text x="{x(at):.1f}" y="{top + h + 14}" '
                       f'text-anchor="middle">{r["entries"]:,}</text>')
        for i, name in enumerate(values[0]):
            points = " ".join(f"{x(at):.1f},{y(v[name]):.1f}"
                              for at, v in zip(xs, values))
            colour = COLOURS[i % len(COLOURS)]
            out.append(f'<polyline points="{points}" fill="none" '
                       f'stroke="{colour}" stroke-width="1.5"/><text '
                       f'x="{left + w + 6}" y="{y(values[-1][name]) + 3:.1f}" '
                       f'fill="{colour}">{name}</text>')
    out.append("</svg>")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")


def numbers(text):
    return [int(n) for n in text.split(",") if n]


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--programs", required=True)
    p.add_argument("--corpus")
    p.add_argument("--sizes", type=numbers,
                   default=[10000, 30000, 100000, 300000, 1000000])
    p.add_argument("--words", type=int, default=60)
    p.add_argument("--piles", type=numbers, default=[4, 16, 64])
    p.add_argument("--pile-entries", type=int, default=100000)
    p.add_argument("--json")
    p.add_argument("--svg")
    p.add_argument("--work")
    a = p.parse_args()
    work = a.work or tempfile.mkdtemp(prefix="lede-growth-")
    os.makedirs(work, exist_ok=True)
    engine = os.path.join(a.programs, "engine_lede")
    documents = corpus_words(a.corpus) if a.corpus else []
    result = {"words": a.words, "sizes": [], "piles": []}
    for entries in a.sizes:
        say(f"{entries:,} entries")
        result["sizes"].append(measure(engine, work, entries, documents, a.words,
                                       ["index", "raw"]))
    for segments in a.piles:
        say(f"{a.pile_entries:,} entries in {segments} segments")
        result["piles"].append(measure(
            engine, work, a.pile_entries, documents, a.words,
            ["pile", str(segments)], compact=True))
    print_tables(result)
    if a.json:
        with open(a.json, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=1)
    if a.svg:
        write_svg(result["sizes"], a.svg)
    if not a.work:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
