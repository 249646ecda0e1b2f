#!/usr/bin/env python3
"""Main text of saved pages, scored as the article extraction benchmark does.

Usage: main_text.py LEDE PAGES.tar.zst [--verbose] [--least F1]

PAGES has one truth file of JSON per publisher ("V1": {"body": ...}, ...) beside
its pages, which begin with its name and are in the same order. A text is a bag
of runs of four words. Per page, precision is the share of the found runs that
are in the truth, recall the share of the truth's runs that were found; both are
averaged over the pages, and F1 is the harmonic mean of the two averages
(github.com/scrapinghub/article-extraction-benchmark, evaluate.py). An entry's
text is its body; decks, which the truth often has too, are told apart. Exit
status 1 if F1 is below --least.
"""
import argparse
import collections
import glob
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

RUN = 4


def runs(text):
    words = re.findall(r"\w+", text)
    count = max(1, len(words) - RUN + 1)
    return collections.Counter(
        tuple(words[i:i + RUN]) for i in range(count) if words)


def score(truth, found):
    """Precision and recall; None for what cannot be said of the page."""
    truth, found = runs(truth), runs(found)
    shared = sum((truth & found).values())
    given, there = sum(found.values()), sum(truth.values())
    if given == there == shared:
        return 1.0, 1.0
    return (shared / given if given else None,
            shared / there if there else None)


def truth_text(version):
    body = version["body"]
    parts = list(body["summary"])
    for section in body["sections"]:
        parts += section["headline"] + section["paragraphs"]
    return "\n".join(parts)


def entries_of(lede, path):
    got = subprocess.run([lede, "inspect", path], stdout=subprocess.PIPE,
                         check=False)
    return [json.loads(line)["entry"] for line in got.stdout.splitlines()]


def found_text(entries, has_deck):
    parts = []
    for entry in entries:
        if has_deck and entry["deck"]:
            parts.append(entry["deck"])
        parts += [block["text"] for block in entry["body"]]
    return "\n".join(parts)


def pages_of(folder):
    """(path of a page, its truth), by publisher."""
    for path in sorted(glob.glob(folder + "/**/*.json", recursive=True)):
        with open(path, encoding="utf-8") as file:
            versions = list(json.load(file).values())
        saved = sorted(glob.glob(glob.escape(path[:-5]) + "_[0-9]*.html.gz"))
        for page, version in zip(saved, versions):
            yield page, truth_text(version)


def f1_of(scores):
    precision = statistics.mean(p for p, _ in scores if p is not None)
    recall = statistics.mean(r for _, r in scores if r is not None)
    return precision, recall, 2 * precision * recall / (precision + recall)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("lede")
    parser.add_argument("pages")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--least", type=float, default=0)
    args = parser.parse_args()
    if not os.path.exists(args.pages):
        print("skipped: no test material at " + args.pages)
        sys.exit(77)
    bodies, with_decks = [], []
    with tempfile.TemporaryDirectory() as folder:
        unpack = subprocess.Popen(["zstd", "-dcq", args.pages],
                                  stdout=subprocess.PIPE)
        subprocess.run(["tar", "-xf", "-", "-C", folder], stdin=unpack.stdout,
                       check=True)
        for page, truth in pages_of(folder):
            entries = entries_of(args.lede, page)
            bodies.append(score(truth, found_text(entries, False)))
            with_decks.append(score(truth, found_text(entries, True)))
            if args.verbose:
                print("%s\t%s\t%s" % (*bodies[-1], os.path.basename(page)))
    for name, scores in (("body", bodies), ("deck and body", with_decks)):
        print("%d pages, %s: precision %.3f, recall %.3f, F1 %.3f" %
              (len(scores), name, *f1_of(scores)))
    if f1_of(bodies)[2] < args.least:
        sys.exit("F1 of bodies is below %.3f" % args.least)


if __name__ == "__main__":
    main()
