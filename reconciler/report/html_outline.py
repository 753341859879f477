"""The coasts and borders under the sites of the picture: a projection and the size of what is shown in, paths out.

The outline is in the public domain (Natural Earth, written by tools/make_outline.py). A side of it that lies outside of
what is shown is left out, and so is a point nearer to the one before it than a reader could tell.
"""

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files

HUNDREDTHS = 100
NEAR = 1.2
"""Points nearer to each other than so many units are one."""

Point = tuple[float, float]
Place = Callable[[float, float], Point]
"""From latitude and longitude to where it is drawn."""


def outline(place: Place, *, width: float, height: float) -> tuple[str, str]:
    """The coasts and the borders as paths of SVG, empty where none is in sight."""
    coasts, borders = _lines()
    return _path(coasts, place, width, height), _path(borders, place, width, height)


@cache
def _lines() -> tuple[list[list[Point]], list[list[Point]]]:
    """Lines of latitude and longitude."""
    document = json.loads(files("reconciler.report").joinpath("outline.json").read_text(encoding="utf-8"))
    return [_degrees(item) for item in document["coasts"]], [_degrees(item) for item in document["borders"]]


def _degrees(steps: Sequence[int]) -> list[Point]:
    found, longitude, latitude = [], 0, 0
    for east, north in zip(steps[::2], steps[1::2], strict=True):
        longitude, latitude = longitude + east, latitude + north
        found.append((latitude / HUNDREDTHS, longitude / HUNDREDTHS))
    return found


def _path(lines: Sequence[Sequence[Point]], place: Place, width: float, height: float) -> str:
    shown = (
        stretch
        for line in lines
        for stretch in _in_sight([place(latitude, longitude) for latitude, longitude in line], width, height)
    )
    return "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in _thinned(stretch)) for stretch in shown)


def _in_sight(points: Sequence[Point], width: float, height: float) -> Iterator[list[Point]]:
    """The stretches of a line whose sides may cross what is shown."""
    stretch: list[Point] = []
    for one, other in itertools.pairwise(points):
        outside = (
            max(one[0], other[0]) < 0
            or min(one[0], other[0]) > width
            or max(one[1], other[1]) < 0
            or min(one[1], other[1]) > height
        )
        if outside:
            if stretch:
                yield stretch
            stretch = []
        else:
            stretch = stretch or [one]
            stretch.append(other)
    if stretch:
        yield stretch


def _thinned(points: Sequence[Point]) -> Iterator[Point]:
    """The first and the last point, and those between that are not too near."""
    last: Point | None = None
    for at, (x, y) in enumerate(points):
        near = last is not None and abs(x - last[0]) + abs(y - last[1]) < NEAR
        if not near or at == len(points) - 1:
            last = (round(x, 1), round(y, 1))
            yield last
