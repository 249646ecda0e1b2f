#!/usr/bin/env python3
"""What it costs to grow: export to shards, and search of them, measured.

Usage: shards.py --programs DIR [--lede PROGRAM] [--corpus JSONL] [--json FILE]
                 [--passes N] [--per-class N] [--work DIR]

Indexes a corpus, exports it to one database and to three shards, indexes it into
a database directly, and asks the same queries of the archive, of the database
and of three xapian-tcpsrv on loopback, in turn; the best time of each query
counts. A run in which they disagree on a total is not reported.
"""
import argparse
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time

import bench
import growth

MODES = ["top10_count", "count", "recency_fit", "newest"]
SHARDS = 3


def size_of(path):
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(size_of(os.path.join(path, name)) for name in os.listdir(path))


def measured(command):
    """CPU and wall seconds and peak memory of a command."""
    began = time.monotonic()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{command}: failed")
    return {"cpu_s": round(usage.ru_utime + usage.ru_stime, 2),
            "wall_s": round(time.monotonic() - began, 2),
            "peak_rss": usage.ru_maxrss * 1024}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start_servers(folder):
    servers, names = [], []
    for i in range(SHARDS):
        port = free_port()
        servers.append(subprocess.Popen(
            ["xapian-tcpsrv", "--quiet", "--interface", "127.0.0.1",
             "--port", str(port), f"{folder}/shard-{i:03}"],
            start_new_session=True, stderr=subprocess.DEVNULL))
        names.append(f"127.0.0.1:{port}")
    for name in names:
        host, port = name.split(":")
        for _ in range(100):
            try:
                socket.create_connection((host, int(port)), 1).close()
                break
            except OSError:
                time.sleep(0.1)
    return servers, "xapian:tcp:" + ",".join(names)


def stop_servers(servers):
    for server in servers:
        os.killpg(server.pid, 9)
        server.wait()


def write(lede, docs, work):
    """The archive and its copies, with what each took."""
    places = {
        "archive": ("archive", ["index", "-A", f"{work}/archive", docs]),
        "export to one": ("one", ["export", "-A", f"{work}/archive", "--to",
                                  f"xapian:{work}/one"]),
        "export to three": ("three", ["export", "-A", f"{work}/archive", "--to",
                                      f"xapian:{work}/three", "--shards",
                                      str(SHARDS)]),
        "index into one": ("home", ["index", "-A", f"xapian:{work}/home",
                                    docs])}
    result = {}
    for name, (folder, command) in places.items():
        shutil.rmtree(os.path.join(work, folder), ignore_errors=True)
        bench.say(name)
        result[name] = measured([lede, command[0], "-q"] + command[1:])
        result[name]["bytes"] = size_of(os.path.join(work, folder))
    result["index into one"]["own_bytes"] = size_of(f"{work}/home/lede")
    return result


def measure(engines, queries, facts, passes):
    recency = f"\t0.3\t{max(facts['median_age'], 3600)}\t{facts['newest']}"
    best = {e.name: {} for e in engines}
    for number, (kind, words) in enumerate(queries * passes):
        for mode in MODES:
            line = f"{mode}\t{kind}\t{words}"
            line += recency if mode.startswith("recency") else ""
            totals = set()
            for engine in engines:
                taken, total = engine.ask(line)
                totals |= {total} if total >= 0 else set()
                times = best[engine.name].setdefault(mode, {}) \
                    .setdefault(kind, {})
                at = number % len(queries)
                times[at] = min(times.get(at, 1e18), taken)
            if len(totals) > 1:
                raise SystemExit(f"totals differ: {kind} {words!r}: {totals}")
    return best


def print_table(result):
    entries = result["entries"]
    print(f"{entries} entries of {result['corpus_bytes'] / entries:.0f} bytes\n")
    print("                  CPU s   ms/entry   bytes/entry   peak MB")
    for name, row in result["written"].items():
        print(f"{name:16s} {row['cpu_s']:6.1f} {1e3 * row['cpu_s'] / entries:10.3f}"
              f" {row['bytes'] / entries:13.0f} {row['peak_rss'] / 1e6:9.0f}")
    own = result["written"]["index into one"]["own_bytes"]
    print(f"\nof index into one, beside the database: {own / entries:.0f} bytes/entry")
    for mode in MODES:
        print(f"\n{mode}: microseconds p50/p99")
        for name, modes in result["asked"].items():
            row = " ".join(f"{kind} {q['p50']:.0f}/{q['p99']:.0f}"
                           for kind, q in modes.get(mode, {}).items())
            print(f"  {name:14s} {row}")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--programs", required=True)
    p.add_argument("--lede", default="build/lede")
    p.add_argument("--corpus")
    p.add_argument("--json")
    p.add_argument("--passes", type=int, default=3)
    p.add_argument("--per-class", type=int, default=50)
    p.add_argument("--work")
    a = p.parse_args()
    work = a.work or tempfile.mkdtemp(prefix="lede-shards-")
    os.makedirs(work, exist_ok=True)
    if not a.corpus:
        a.corpus = os.path.join(work, "drawn-words.jsonl")
        bench.say("no corpus given: 20,000 entries of words drawn by Zipf's law")
        growth.write_entries(a.corpus, 20000, [], 200)
    subprocess.run([os.path.join(a.programs, "prepare"), a.corpus, work],
                   check=True)
    facts = bench.read_facts(os.path.join(work, "facts.tsv"))
    docs = os.path.join(work, "words.jsonl")
    result = {"entries": facts["documents"], "corpus_bytes": size_of(docs),
              "written": write(os.path.abspath(a.lede), docs, work)}
    queries, seen = [], {}
    with open(os.path.join(work, "queries.tsv"), encoding="utf-8") as file:
        for line in file:
            origin, kind, words = line.rstrip("\n").split("\t")
            if origin == "corpus" and seen.get(kind, 0) < a.per_class:
                seen[kind] = seen.get(kind, 0) + 1
                queries.append((kind, words))
    servers, remote = start_servers(f"{work}/three")
    try:
        program = [os.path.join(a.programs, "engine_lede")]
        engines = []
        for name, folder in (("archive", f"{work}/archive"),
                             ("one database", f"xapian:{work}/one"),
                             ("three servers", remote)):
            engine = bench.Engine(name, program, ".jsonl")
            engine.start(folder)
            engines.append(engine)
        best = measure(engines, queries, facts, a.passes)
        for engine in engines:
            engine.stop()
    finally:
        stop_servers(servers)
    result["asked"] = {name: bench.summarise(modes)
                       for name, modes in best.items()}
    print_table(result)
    if a.json:
        with open(a.json, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=1)
    if not a.work:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
