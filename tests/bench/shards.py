#!/usr/bin/env python3
"""What it costs to grow: export to shards, and search of them, measured.

Usage: shards.py --programs DIR [--lede PROGRAM] [--corpus JSONL] [--json FILE]
                 [--passes N] [--per-class N] [--work DIR]

Indexes a corpus, exports it to one database and to three shards, indexes it into
a database directly, and asks the same queries of the archive, of the database
and of three xapian-tcpsrv on loopback, in turn; the best time of each query
counts. A run in which they disagree on a total is not reported.

Then whole commands that go through many matches, or ask much: their time, their
memory, and the bytes that cross the network.
"""
import argparse
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time

import bench
import growth

# Of a frequent word, %s.
COMMANDS = {
    "ten hits": ["search", "%s"],
    "count": ["search", "-c", "%s"],
    "facets": ["search", "-c", "--facet", "source,author,label,kind,lang,year",
               "%s"],
    "facets of names": ["search", "-c", "--facet", "person,place", "%s"],
    "timeline": ["timeline", "--by", "day", "%s"],
    "pattern": ["search", "-c", "%.2s*"],
    "all keys": ["search", "-l", "-n", "0", "%s"],
    "all keys by date": ["search", "-l", "-n", "0", "--sort", "newest", "%s"],
}

MODES = ["top10_count", "count", "recency_fit", "newest"]
SHARDS = 3


def size_of(path):
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(size_of(os.path.join(path, name)) for name in os.listdir(path))


def measured(command):
    """CPU and wall seconds and peak memory of a command."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
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


class Gauge:
    """Stands before a server and counts what it answers and is asked."""

    def __init__(self, port):
        self.port = port
        self.bytes = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.name = f"127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.socket.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.port))
            for a, b in ((near, far), (far, near)):
                threading.Thread(target=self.pass_on, args=(a, b),
                                 daemon=True).start()

    def pass_on(self, a, b):
        try:
            while piece := a.recv(1 << 16):
                self.bytes += len(piece)
                b.sendall(piece)
            b.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def run_commands(lede, places, remote, word):
    gauges = [Gauge(int(name.rsplit(":", 1)[1]))
              for name in remote[len("xapian:tcp:"):].split(",")]
    behind = "xapian:tcp:" + ",".join(g.name for g in gauges)
    result = {}
    for what, command in COMMANDS.items():
        command = [c % word if "%" in c else c for c in command]
        row = result[what] = {}
        for name, place in places:
            row[name] = measured([lede, *command, "-A", place])
        before = sum(g.bytes for g in gauges)
        measured([lede, *command, "-A", behind])
        row["crossed"] = sum(g.bytes for g in gauges) - before
    for g in gauges:
        g.socket.close()
    return result


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
    print("\nwhole commands: wall s (peak MB), and MB that crossed")
    for what, row in result["commands"].items():
        places = "  ".join(f"{name} {cost['wall_s']:.2f} "
                           f"({cost['peak_rss'] / 1e6:.0f})"
                           for name, cost in row.items() if name != "crossed")
        print(f"  {what:16s} {places}  {row['crossed'] / 1e6:.2f}")


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
        places = (("archive", f"{work}/archive"),
                  ("one database", f"xapian:{work}/one"),
                  ("three servers", remote))
        for name, folder in places:
            engine = bench.Engine(name, program, ".jsonl")
            engine.start(folder)
            engines.append(engine)
        best = measure(engines, queries, facts, a.passes)
        for engine in engines:
            engine.stop()
        word = next(words for kind, words in queries if kind == "term")
        result["commands"] = run_commands(os.path.abspath(a.lede), places,
                                          remote, word)
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
