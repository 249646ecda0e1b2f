#!/usr/bin/env python3
"""The benchmark: lede beside Lucene 8, Xapian and SQLite FTS5.

Usage: bench.py --programs DIR [--corpus JSONL] [--queries TSV] [--json FILE]
                [--svg FILE] [--engines NAMES] [--passes N] [--work DIR]
                [--per-class N] [--turns mode|query]

Without a corpus, entries are made of words drawn by Zipf's law. One run, one
machine, the same words and queries for all. Each engine is a
process that times its own API (protocol.h). In each of several passes and for
each mode, the engines answer all queries one after the other; the best time of
each query counts. With --turns query they take turns at each query, so that each
finds the caches full of another's data. A run in which the engines disagree on a
total is not reported.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import growth

MODES = ["top10", "top10_count", "count", "recency", "newest"]
LEDE_MODES = MODES + ["top10_fit", "recency_fit"]
TYPES = ["term", "and", "or", "phrase", "and_date", "mixed"]
LUCENE_JARS = ["core", "analyzers-common", "queries"]


def say(*words):
    print(*words, file=sys.stderr, flush=True)


class Engine:
    def __init__(self, name, command, documents):
        self.name, self.command, self.documents = name, command, documents
        self.process = None

    def index(self, prepared, folder, kind):
        """CPU seconds, bytes, and peak memory of one index run."""
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        docs = os.path.join(prepared, ("raw" if kind == "raw" else "words")
                            + self.documents)
        before = time.monotonic()
        process = subprocess.Popen(self.command + ["index", docs, folder, kind],
                                   stdout=subprocess.PIPE, text=True)
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            raise SystemExit(f"{self.name}: indexing failed")
        size = int(re.search(r"bytes\t(\d+)", out).group(1))
        row = {"cpu_s": round(usage.ru_utime + usage.ru_stime, 2),
               "wall_s": round(time.monotonic() - before, 2),
               "bytes": size, "peak_rss": usage.ru_maxrss * 1024}
        apart = re.search(r"apart\t(\d+)\t(\d+)", out)
        if apart:
            row["bytes_pairs"], row["bytes_sketches"] = map(int, apart.groups())
        return row

    def start(self, folder):
        self.process = subprocess.Popen(
            self.command + ["serve", folder], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, bufsize=1)
        if self.process.stdout.readline().strip() != "ready":
            raise SystemExit(f"{self.name}: does not serve")

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"{self.name}: died on {line!r}")
        fields = answer.split("\t")
        return int(fields[0]) / 1000.0, int(fields[1])

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def percentile(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(part * len(values)))]


def read_facts(path):
    with open(path, encoding="utf-8") as file:
        return {name: int(value) for name, value in
                (line.rstrip("\n").split("\t") for line in file)}


def query_file_rows(path):
    """Rows SET, TYPE, TEXT of a file of queries: the search benchmark game's
    form (query, tab, tags), or TREC titles (set, number, title)."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            fields = line.rstrip("\n").split("\t")
            if len(fields) == 3:
                text = re.sub(r'["+]', " ", fields[2])
                for kind in ("and", "or"):
                    yield "trec", kind, text
            elif len(fields) == 2:
                tag = fields[1].split(",")[0].split(":")[0]
                kind = {"intersection": "and", "union": "or",
                        "phrase": "phrase", "term": "term"}.get(tag)
                if kind:
                    yield "game", kind, re.sub(r'["+]', " ", fields[0])


def in_turns(engines, queries, by_query):
    """(engine, mode, number) in the order in which they are asked."""
    modes = [(m, [e for e in engines if m in MODES or e.name == "lede"])
             for m in LEDE_MODES]
    if by_query:
        for number in range(len(queries)):
            for mode, askable in modes:
                for engine in askable:
                    yield engine, mode, number
    else:
        for mode, askable in modes:
            for engine in askable:
                for number in range(len(queries)):
                    yield engine, mode, number


def measure(engines, queries, facts, passes, by_query):
    """best[engine][mode][type] = list of microseconds, one per query."""
    recency = f"\t0.3\t{max(facts['median_age'], 3600)}\t{facts['newest']}"
    best = {e.name: {} for e in engines}
    totals = {}
    for one_pass in range(passes):
        say(f"pass {one_pass + 1} of {passes}")
        for engine, mode, number in in_turns(engines, queries, by_query):
            if engine.slow and one_pass > 0:
                continue
            kind, words = queries[number]
            line = f"{mode}\t{kind}\t{words}"
            if mode.startswith("recency"):
                line += recency
            taken, total = engine.ask(line)
            if total >= 0:
                totals.setdefault((mode, number), set()).add(total)
            times = best[engine.name].setdefault(mode, {}).setdefault(kind, {})
            times[number] = min(times.get(number, 1e18), taken)
    wrong = [(at, found) for at, found in totals.items() if len(found) > 1]
    for (mode, number), found in wrong:
        kind, words = queries[number]
        say(f"totals differ: {kind} {words!r} {mode}: {found}")
    if wrong:
        raise SystemExit(f"{len(wrong)} totals differ: not reported")
    return best


def summarise(best):
    return {mode: {kind: {name: round(percentile(list(times.values()), part), 2)
                          for name, part in
                          (("p50", .5), ("p90", .9), ("p99", .99))}
                   for kind, times in kinds.items()}
            for mode, kinds in best.items()}


def print_table(result):
    engines = result["engines"]
    base = engines.get("lucene8")
    print(f"corpus {result['corpus']}: {result['documents']} documents\n")
    print("index          CPU s    bytes (MB)  peak (MB)   of words | of raw text")
    for name, engine in engines.items():
        row = "".join(
            f"{i['cpu_s']:8.1f} {i['bytes'] / 1e6:11.1f} "
            f"{i['peak_rss'] / 1e6:9.0f}   "
            for i in (engine["index"], engine.get("index_raw")) if i)
        print(f"{name:12s} {row}")
        if "bytes_pairs" in engine["index"]:
            print(f"{'  without':12s} " + "".join(
                f"{'':8s} {(i['bytes'] - i['bytes_pairs']) / 1e6:11.1f} "
                f"{(i['bytes'] - i['bytes_pairs'] - i['bytes_sketches']) / 1e6:9.1f}   "
                for i in (engine["index"], engine.get("index_raw")) if i)
                + "(pairs; pairs and sketches)")
        stored = engine.get("index_stored")
        if stored:
            print(f"{'  with text':12s} {stored['cpu_s']:8.1f} {'':11s} "
                  f"{stored['peak_rss'] / 1e6:9.0f}")
    for mode in LEDE_MODES:
        print(f"\n{mode}: microseconds p50/p90/p99 (p50 and p99 to Lucene 8)")
        for name, engine in engines.items():
            kinds = engine["queries"].get(mode)
            if not kinds:
                continue
            row = f"  {name:9s}"
            for kind in TYPES:
                q = kinds.get(kind)
                if not q:
                    continue
                row += f" {kind} {q['p50']:.0f}/{q['p90']:.0f}/{q['p99']:.0f}"
                peer = base and base["queries"].get(
                    mode.replace("_fit", ""), {}).get(kind)
                if peer and name != "lucene8":
                    row += (f" ({q['p50'] / peer['p50']:.2f}"
                            f"/{q['p99'] / peer['p99']:.2f})")
            print(row)


def write_svg(result, path):
    """Bars on a logarithmic scale: p50 of each engine, class and mode."""
    import math
    colours = {"lede": "#c0392b", "lucene8": "#2e6da4", "xapian": "#7f8c8d",
               "fts5": "#c7a252"}
    shown = [(m, k) for m in MODES for k in TYPES
             if any(k in e["queries"].get(m, {})
                    for e in result["engines"].values())]
    height, width, left = 24 + 14 * len(shown) * 4 // 3, 900, 150
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
           f'height="{height + 60}" font-family="sans-serif" font-size="10">',
           f'<rect width="{width}" height="{height + 60}" fill="white"/>']
    scale = (width - left - 60) / 7

    def x(us):
        return left + scale * max(0.0, math.log10(max(us, .1)) + 1)
    for power in range(-1, 7):
        at = x(10 ** power)
        out.append(f'<line x1="{at:.0f}" y1="20" x2="{at:.0f}" y2="{height}" '
                   f'stroke="#ddd"/><text x="{at:.0f}" y="14" '
                   f'text-anchor="middle">{10 ** power:g} µs</text>')
    y = 24
    for mode, kind in shown:
        out.append(f'<text x="4" y="{y + 12}">{mode} {kind}</text>')
        for name, engine in result["engines"].items():
            q = engine["queries"].get(mode, {}).get(kind)
            if q:
                out.append(f'<rect x="{left}" y="{y}" height="4" '
                           f'width="{x(q["p50"]) - left:.1f}" '
                           f'fill="{colours.get(name, "#333")}"/>')
            y += 4
        y += 3
    y += 16
    for i, name in enumerate(result["engines"]):
        out.append(f'<rect x="{left + i * 120}" y="{y}" width="10" height="10" '
                   f'fill="{colours.get(name, "#333")}"/><text '
                   f'x="{left + i * 120 + 14}" y="{y + 9}">{name} (p50)</text>')
    out.append("</svg>")
    text = "\n".join(out).replace(f'height="{height + 60}"', f'height="{y + 20}"')
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def engine_list(programs, names):
    jars = ":".join([os.path.join(programs, "java")] +
                    [f"/usr/share/java/lucene-{j}-8.7.0.jar"
                     for j in LUCENE_JARS])
    every = [
        Engine("lede", [os.path.join(programs, "engine_lede")], ".jsonl"),
        Engine("lucene8", ["java", "-Xmx2g", "-cp", jars, "EngineLucene"],
               ".tsv"),
        Engine("xapian", [os.path.join(programs, "engine_xapian")], ".tsv"),
        Engine("fts5", [os.path.join(programs, "engine_fts5")], ".tsv"),
    ]
    chosen = [e for e in every if e.name in names.split(",")]
    for engine in chosen:
        # Tens of milliseconds a query: one pass says enough.
        engine.slow = engine.name in ("xapian", "fts5")
    return chosen


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--programs", required=True)
    p.add_argument("--corpus")
    p.add_argument("--queries")
    p.add_argument("--json")
    p.add_argument("--svg")
    p.add_argument("--engines", default="lede,lucene8,xapian,fts5")
    p.add_argument("--passes", type=int, default=5)
    p.add_argument("--per-class", type=int, default=250)
    p.add_argument("--turns", choices=["mode", "query"], default="mode")
    p.add_argument("--work")
    a = p.parse_args()
    work = a.work or tempfile.mkdtemp(prefix="lede-bench-")
    os.makedirs(work, exist_ok=True)
    engines = engine_list(a.programs, a.engines)
    if not a.corpus:
        a.corpus = os.path.join(work, "drawn-words.jsonl")
        say("no corpus given: 50,000 entries of words drawn by Zipf's law")
        growth.write_entries(a.corpus, 50000, [], 200)
    prepare = [os.path.join(a.programs, "prepare"), a.corpus, work]
    if a.queries:
        raw = os.path.join(work, "raw-queries.tsv")
        with open(raw, "w", encoding="utf-8") as file:
            file.writelines("\t".join(r) + "\n" for r in query_file_rows(a.queries))
        prepare.append(raw)
    if not os.path.exists(os.path.join(work, "facts.tsv")):
        say("preparing", a.corpus)
        subprocess.run(prepare, check=True)
    facts = read_facts(os.path.join(work, "facts.tsv"))
    wanted = "corpus" if not a.queries else None
    queries, seen = [], {}
    with open(os.path.join(work, "queries.tsv"), encoding="utf-8") as file:
        for line in file:
            origin, kind, words = line.rstrip("\n").split("\t")
            if (wanted and origin != wanted) or (not wanted and origin == "corpus"):
                continue
            if seen.get(kind, 0) < a.per_class:
                seen[kind] = seen.get(kind, 0) + 1
                queries.append((kind, words))
    result = {"corpus": os.path.basename(a.corpus),
              "documents": facts["documents"], "engines": {}}
    for engine in engines:
        result["engines"][engine.name] = {}
        kinds = [("words", "index"), ("raw", "index_raw")]
        if engine.name == "lucene8":
            # What lede does: its index is of entries that can be shown.
            kinds.append(("stored", "index_stored"))
        for kind, member in kinds:
            say(f"{engine.name}: indexing {kind}")
            folder = os.path.join(work, f"{engine.name}-{kind}")
            result["engines"][engine.name][member] = \
                engine.index(work, folder, kind)
            if kind != "words":
                shutil.rmtree(folder)
    for engine in engines:
        engine.start(os.path.join(work, f"{engine.name}-words"))
    best = measure(engines, queries, facts, a.passes, a.turns == "query")
    for engine in engines:
        engine.stop()
        result["engines"][engine.name]["queries"] = summarise(best[engine.name])
    print_table(result)
    if a.json:
        with open(a.json, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=1)
    if a.svg:
        write_svg(result, a.svg)
    if not a.work:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
