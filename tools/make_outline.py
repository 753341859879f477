"""Write the outline of coasts and borders that the picture of a drift report shows. In: the countries of Natural Earth
at 1:110 million (a shapefile, public domain, https://www.naturalearthdata.com). Out: reconciler/report/outline.json.

    python tools/make_outline.py FILE.shp

Each line is drawn once: one that two countries share is a border, all others are coast. Numbers are hundredths of a
degree, the first pair absolute (longitude, latitude), the others steps from there.
"""

import argparse
import itertools
import json
import struct
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

OUT = Path(__file__).parent.parent / "reconciler/report/outline.json"
POLYGON = 5
SOURCE = "Natural Earth, countries at 1:110 million, public domain"
Point = tuple[int, int]
Segment = tuple[Point, Point]


def rings(data: bytes) -> Iterator[list[Point]]:
    """The rings of all polygons of a shapefile (ESRI's description of 1998), in hundredths of a degree."""
    at = 100
    while at < len(data):
        (words,) = struct.unpack_from(">i", data, at + 4)
        start, at = at + 8, at + 8 + 2 * words
        kind, *_, parts, points = struct.unpack_from("<i4d2i", data, start)
        if kind != POLYGON:
            continue
        begins = [*struct.unpack_from(f"<{parts}i", data, start + 44), points]
        numbers = struct.unpack_from(f"<{2 * points}d", data, start + 44 + 4 * parts)
        found = [(round(numbers[2 * n] * 100), round(numbers[2 * n + 1] * 100)) for n in range(points)]
        yield from (found[first:last] for first, last in itertools.pairwise(begins))


def segments(ring: Iterable[Point]) -> Iterator[Segment]:
    """The sides of a ring, each the same way round wherever it is found; not those along the date line and the pole."""
    points = list(ring)
    for one, other in itertools.pairwise(points):
        along_edge = (one[0] == other[0] and abs(one[0]) == 18000) or (one[1] == other[1] == -9000)
        if one != other and not along_edge:
            yield (one, other) if one < other else (other, one)


def lines(sides: Iterable[Segment]) -> Iterator[list[Point]]:
    """Sides joined end to end, as far as each end has just one that goes on."""
    next_to: defaultdict[Point, list[Point]] = defaultdict(list)
    for one, other in sorted(sides):
        next_to[one].append(other)
        next_to[other].append(one)
    ends = [point for point in sorted(next_to) if len(next_to[point]) != 2]
    for start in [*ends, *sorted(next_to)]:
        while next_to[start]:
            line = [start]
            while next_to[line[-1]]:
                here = line[-1]
                there = next_to[here].pop(0)
                next_to[there].remove(here)
                line.append(there)
                if len(next_to[there]) != 1:
                    break
            yield line


def steps(line: list[Point]) -> list[int]:
    """A line as numbers: where it begins, and the steps from there."""
    found = [*line[0]]
    for before, here in itertools.pairwise(line):
        found += [here[0] - before[0], here[1] - before[1]]
    return found


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("shapefile", type=Path)
    counted = Counter(side for ring in rings(parser.parse_args().shapefile.read_bytes()) for side in segments(ring))
    document = {
        "source": SOURCE,
        "coasts": [steps(line) for line in lines(side for side, count in counted.items() if count == 1)],
        "borders": [steps(line) for line in lines(side for side, count in counted.items() if count > 1)],
    }
    OUT.write_text(json.dumps(document, separators=(",", ":")).replace("],", "],\n") + "\n")


if __name__ == "__main__":
    main()
