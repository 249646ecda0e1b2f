#!/usr/bin/env python3
"""Makes the table of places that lede reads (names/gazetteer.h).

    make_table.py --towns cities500.txt --regions admin1.json \\
        --districts admin2.json --fold lede-fold-names --out places.table

Towns come from GeoNames' dump of places of 500 people and more, names of
regions and districts from the same data in JSON; countries.txt, areas.txt and
aliases.txt beside this script are written by hand. The same input gives the
same bytes. The result is named in the README here, with the source of each.
"""

import argparse
import collections
import json
import os
import re
import struct
import subprocess
import sys
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
VERSION = 1
TOWN, DISTRICT, REGION, COUNTRY, AREA, SITE = range(6)
CAPITAL, SEAT = 8, 16
NONE = 0xFFFF
NAMES_IN_BLOCK = 16
MAX_NAME_BYTES = 100

# Other names are kept of towns of so many people and more: those in Latin
# letters, and those in other scripts.
LATIN_FROM = 4000
OTHER_SCRIPTS_FROM = 150000

# Countries whose districts stand in the news by themselves.
DISTRICTS_OF = {"US", "GB", "IE", "FR", "IT", "ES", "PH", "IN", "PK", "ZA",
                "AU"}

# What a region is, before or behind its name.
GENERIC = re.compile(
    r"^(?:(?:state|province|region|governorate|department|canton|republic|"
    r"prefecture|county|district|emirate|territory|autonomous region|city|"
    r"royal borough) of |provínci?a d[ei'] ?|provincia d[ei'] ?)"
    r"|(?: (?:province|region|governorate|oblast['’]?|krai|kray|department|"
    r"prefecture|county|state|district|division|canton|wilayah|voivodeship|"
    r"autonomous region|autonomous okrug|republic|municipality|parish))$",
    re.I)


class Place:
    def __init__(self, kind, ident, name, lat, lon, population):
        self.kind = kind
        self.id = ident
        self.name = name
        self.lat = lat
        self.lon = lon
        self.population = population
        self.flags = 0
        self.parent = None
        self.names = []
        self.people = []
        self.number = 0

    def weight(self):
        """As lede_gazetteer_weight, for the order only."""
        return log2_256ths(max(self.population, 100)) + BONUS[self.kind] + (
            1024 if self.flags & CAPITAL else 256 if self.flags & SEAT else 0)


BONUS = [0, -512, -256, 1536, 0, 0]


def log2_256ths(value):
    top = value.bit_length() - 1
    return top * 256 + (value << 8 >> top) - 256


def rows_of(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line and not line.startswith("#"):
                yield [cell.strip() for cell in line.split("|")]


def list_of(cell):
    return [part.strip() for part in cell.split(",") if part.strip()]


def script_of(name):
    """'latin', 'other', or 'mixed'."""
    latin = other = 0
    for char in name:
        if char.isalpha():
            if "LATIN" in unicodedata.name(char, ""):
                latin += 1
            else:
                other += 1
    return "mixed" if latin and other else "other" if other else "latin"


def read_towns(path):
    towns = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            cells = line.rstrip("\n").split("\t")
            town = Place(TOWN, int(cells[0]), cells[1].strip(),
                         float(cells[4]), float(cells[5]),
                         int(cells[14] or 0))
            town.feature = cells[7]
            town.country = cells[8]
            town.region = cells[8] + "." + cells[10]
            town.district = town.region + "." + cells[11]
            # Seats of townships of which nothing but the name is known, most
            # of them in China and Indonesia: a seventh of all, hardly ever met.
            if town.population == 0 and town.feature in ("PPLA3", "PPLA4"):
                continue
            if town.feature in ("PPLC", "PPLA"):
                town.flags |= SEAT
            for other in cells[3].split(","):
                other = other.strip()
                # Codes of airports and stations; transcriptions by machine,
                # which are in small letters.
                if (re.fullmatch(r"[A-Z]{2,5}|[0-9]+.*", other) or
                        other.isascii() and other.islower()):
                    continue
                script = script_of(other)
                if (script == "latin" and
                        (town.population >= LATIN_FROM or
                         town.flags & SEAT)) or (
                             script == "other" and
                             town.population >= OTHER_SCRIPTS_FROM):
                    town.names.append(other)
            towns.append(town)
    towns.sort(key=lambda town: town.id)
    return towns


def middle(towns):
    """The middle of a region: half-way between its outermost towns, without the
    hundredth part that lies farthest out: some are of another region."""
    lats = sorted(town.lat for town in towns)
    lons = sorted(town.lon for town in towns)
    if lons[-1] - lons[0] > 180:
        lons = sorted(lon % 360 for lon in lons)
    out = len(towns) // 100
    lon = (lons[out] + lons[-1 - out]) / 2
    return ((lats[out] + lats[-1 - out]) / 2, lon - 360 if lon > 180 else lon)


def read_divisions(path, kind, letter, towns_in, wanted):
    with open(path, encoding="utf-8") as file:
        for item in json.load(file):
            code = item["code"]
            towns = towns_in.get(code)
            if not towns or not wanted(code) or not item["name"]:
                continue
            lat, lon = middle(towns)
            place = Place(kind, letter + ":" + code, item["name"], lat, lon,
                          sum(town.population for town in towns
                              if town.feature != "PPLX"))
            place.code = code
            bare = GENERIC.sub("", item["name"])
            if bare != item["name"] and (kind == REGION or
                                         not code.startswith("US.")):
                place.bare = bare
                place.names.append(bare)
            if bare != item["name"] and kind == REGION:
                for word in ("region", "province", "state", "oblast"):
                    place.names.append(bare + " " + word)
            yield place


def read_countries():
    for code, name, capital, at, people, words, others in rows_of(
            "countries.txt"):
        lat, lon = (float(part) for part in at.split(","))
        place = Place(COUNTRY, "c:" + code, name, lat, lon,
                      int(people) * 1000)
        place.code = code
        place.capital = capital
        place.names = list_of(others)
        place.people = list_of(words)
        yield place


def read_areas(countries):
    for ident, name, at, weight, country, others, words in rows_of(
            "areas.txt"):
        lat, lon = (float(part) for part in at.split(","))
        place = Place(SITE if ident.startswith("s:") else AREA, ident, name,
                      lat, lon, int(weight) * 1000)
        place.names = list_of(others)
        place.people = list_of(words)
        if country:
            place.parent = countries[country]
        yield place


def merge_into_regions(areas, regions):
    """An area that is a region too, by name and country, adds what it knows to
    it."""
    by_name = {}
    for place in regions.values():
        for name in [place.name, getattr(place, "bare", place.name)]:
            by_name.setdefault((place.parent.id, name), place)
    rest = []
    for area in areas:
        region = area.parent and by_name.get((area.parent.id, area.name))
        if region:
            region.names += area.names
            region.people += area.people
            region.lat, region.lon = area.lat, area.lon
        else:
            rest.append(area)
    return rest


def fold_all(program, names):
    done = subprocess.run([program], input="\n".join(names) + "\n",
                          encoding="utf-8", stdout=subprocess.PIPE,
                          check=True)
    keys = done.stdout.split("\n")[:-1]
    if len(keys) != len(names):
        sys.exit("fold program gave %d keys for %d names" %
                 (len(keys), len(names)))
    return dict(zip(names, keys))


def plural(word):
    return word + ("es" if word.endswith(("ch", "sh")) else
                   "" if word.endswith(("ese", "ish", "s", "men")) else "s")


def put_varint(out, value):
    while value >= 128:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)


def pack_population(value):
    exponent = max(0, value.bit_length() - 11)
    return exponent << 11 | value >> exponent


def xxh3_of(program, data):
    return struct.unpack("<Q", subprocess.run(
        [program, "--hash"], input=data, stdout=subprocess.PIPE,
        check=True).stdout)[0]


def main():
    parser = argparse.ArgumentParser()
    for name in ("towns", "regions", "districts", "fold", "out"):
        parser.add_argument("--" + name, required=True)
    args = parser.parse_args()

    towns = read_towns(args.towns)
    countries = {place.code: place for place in read_countries()}
    areas = list(read_areas(countries))
    in_region = collections.defaultdict(list)
    in_district = collections.defaultdict(list)
    for town in towns:
        in_region[town.region].append(town)
        in_district[town.district].append(town)
    regions = {place.code: place for place in read_divisions(
        args.regions, REGION, "a", in_region,
        lambda code: code.split(".")[0] in countries)}
    districts = {place.code: place for place in read_divisions(
        args.districts, DISTRICT, "d", in_district,
        lambda code: code.split(".")[0] in DISTRICTS_OF)}
    for place in regions.values():
        place.parent = countries[place.code.split(".")[0]]
    for place in districts.values():
        place.parent = regions.get(place.code.rsplit(".", 1)[0],
                                   countries[place.code.split(".")[0]])
    for town in towns:
        town.parent = districts.get(town.district) or regions.get(
            town.region) or countries.get(town.country)
    areas = merge_into_regions(areas, regions)
    others = sorted(list(countries.values()) + areas +
                    list(regions.values()) + list(districts.values()),
                    key=lambda place: place.id.encode())
    by_id = {("g%d" % town.id): town for town in towns}
    by_id.update((place.id, place) for place in others)
    for ident, names in rows_of("aliases.txt"):
        if ident not in by_id:
            sys.exit("aliases.txt: no place has the id " + ident)
        by_id[ident].names += list_of(names)
    places = towns + others
    for number, place in enumerate(places):
        place.number = number
    for place in others:
        if len(place.id) >= 24:
            sys.exit("too long an id: " + place.id)

    wanted = set()
    for place in places:
        place.names = [name for name in place.names
                       if len(name.encode()) <= MAX_NAME_BYTES]
        place.people += [plural(word) for word in place.people]
        wanted.update([place.name] + place.names + place.people)
    for country in countries.values():
        wanted.add(country.capital)
    key_of = fold_all(args.fold, sorted(wanted))

    # A capital is the largest town of its country that is called so.
    by_key = collections.defaultdict(list)
    for town in towns:
        for key in {key_of[name] for name in [town.name] + town.names}:
            by_key[town.country, key].append(town)
    for country in countries.values():
        if not country.capital:
            continue
        found = by_key.get((country.code, key_of[country.capital]), [])
        if not found:
            print("no capital of %s: %s" % (country.name, country.capital))
            continue
        best = max(found, key=lambda town: (town.feature == "PPLC",
                                            town.population))
        best.flags |= CAPITAL | SEAT

    # The bare name of a region is that of its town, where it has such a one.
    for place in list(regions.values()) + list(districts.values()):
        bare = getattr(place, "bare", None)
        within = in_region if place.kind == REGION else in_district
        if bare and any(
                key_of[bare] in {key_of[name]
                                 for name in [town.name] + town.names}
                for town in within[place.code]):
            place.names.remove(bare)

    meant = collections.defaultdict(dict)  # name -> {(place, people)}
    for place in places:
        seen = {""}
        for name in [place.name] + place.names:
            if key_of[name] not in seen or name == place.name:
                seen.add(key_of[name])
                meant[name][place.number, 0] = place
        for word in place.people:
            meant[word][place.number, 1] = place
    names = sorted(meant, key=lambda name: (key_of[name].encode(),
                                            name.encode()))
    number_of = {name: number for number, name in enumerate(names)}

    blocks = bytearray()
    starts = []
    before = b""
    for number, name in enumerate(names):
        raw = name.encode()
        if number % NAMES_IN_BLOCK == 0:
            starts.append(len(blocks))
            before = b""
        shared = 0
        while (shared < min(15, len(raw), len(before)) and
               raw[shared] == before[shared]):
            shared += 1
        rest = raw[shared:]
        blocks.append(shared << 4 | min(len(rest), 15))
        if len(rest) >= 15:
            blocks.append(len(rest))
        blocks += rest
        refs = sorted(meant[name].items(),
                      key=lambda item: (-item[1].weight(), item[0]))
        for at, ((place, people), _) in enumerate(refs):
            put_varint(blocks, place << 2 | people << 1 |
                       (at == len(refs) - 1))
        before = raw

    records = bytearray()
    for place in places:
        parent = NONE if place.parent is None else (
            place.parent.number - len(towns))
        records += struct.pack(
            "<HhhHI", parent, round(place.lat * 32767 / 90),
            round(place.lon * 32767 / 180),
            pack_population(place.population),
            number_of[place.name] << 8 | place.kind | place.flags)
    low = b"".join(struct.pack("<H", town.id & 0xFFFF) for town in towns)
    highs = (towns[-1].id >> 16) + 1
    begins = [0] * (highs + 1)
    for town in towns:
        begins[(town.id >> 16) + 1] += 1
    for high in range(highs):
        begins[high + 1] += begins[high]
    idents = bytearray()
    ident_at = []
    for place in others:
        ident_at.append(len(idents))
        idents += place.id.encode()
    ident_at.append(len(idents))
    sections = [
        bytes(records), low,
        struct.pack("<%dI" % len(begins), *begins),
        struct.pack("<%dI" % len(ident_at), *ident_at) + bytes(idents),
        struct.pack("<%dI" % len(starts), *starts), bytes(blocks),
    ]
    offset = 32 + 8 * len(sections)
    table = bytearray()
    body = bytearray()
    for section in sections:
        table += struct.pack("<II", offset + len(body), len(section))
        body += section + bytes(-len(section) % 4)
    head = struct.pack("<8sIIII", b"ledegazt", VERSION, len(places),
                       len(names), len(towns))
    rest = bytes(table) + bytes(body)
    with open(args.out, "wb") as file:
        file.write(head + struct.pack("<Q", xxh3_of(args.fold, rest)) + rest)
    print("%d places, %d names, %d bytes: %s" % (
        len(places), len(names), len(head) + 8 + len(rest),
        ", ".join(str(len(section)) for section in sections)))


if __name__ == "__main__":
    main()
