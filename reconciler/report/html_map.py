"""The picture of the organisation: sites in, marks, names and lines with their coordinates out. Pure geometry.

Sites with a latitude and longitude are placed as on a map, those that would cover each other side by side; the others
stand in rows below. What needs attention is placed first and drawn last, so that it is where it is and on top. When
there are hundreds, those in sync stay where they are and lie over each other: then they show where many are.
"""

import math
from collections.abc import Iterable, Sequence

from msgspec import Struct

from reconciler.model.drift import SitePlace, SiteState
from reconciler.report.html_outline import outline

WIDTH = 1000.0
MAP_MOST = 560.0
MAP_LEAST = 300.0
MARGIN = 44.0
SPREAD_MOST = 250
NAMES_MOST = 24
"""Up to so many sites all get their name, beyond that only those that need attention, if they are not too many."""

URGENCY = {SiteState.IN_SYNC: 0, SiteState.UNMANAGED: 1, SiteState.UNREAD: 2, SiteState.DRIFTED: 3}
_STEPS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
_GOLDEN = math.pi * (3 - math.sqrt(5))
_CHAR = 6.9
_LINE = 15.0


class Mark(Struct, frozen=True):
    """One site: its middle and its size; `halo` where there is room around it."""

    site: SitePlace
    x: float
    y: float
    size: float
    halo: bool = True


class Name(Struct, frozen=True):
    """A site's name, beside its mark."""

    text: str
    x: float
    y: float
    anchor: str
    state: SiteState


class Rule(Struct, frozen=True):
    """A line of latitude or longitude, and what is written at it."""

    x1: float
    y1: float
    x2: float
    y2: float
    text: str


class Picture(Struct, frozen=True):
    """Everything to draw; `map_height` is 0 when no site has a place, `rows_top` when all have one. `coasts` and
    `borders` are paths."""

    height: float
    marks: tuple[Mark, ...]
    names: tuple[Name, ...] = ()
    rules: tuple[Rule, ...] = ()
    map_height: float = 0.0
    rows_top: float = 0.0
    coasts: str = ""
    borders: str = ""


def picture(sites: Sequence[SitePlace]) -> Picture:
    """The picture of all sites, in the same order every time."""
    ordered = sorted(sites, key=lambda site: (-URGENCY[site.state], site.name.casefold(), site.name))
    placed = [site for site in ordered if site.latitude is not None and site.longitude is not None]
    rest = [site for site in ordered if site.latitude is None or site.longitude is None]
    marks: list[Mark] = []
    rules: tuple[Rule, ...] = ()
    height, coasts, borders = 0.0, "", ""
    if placed:
        projection = _Projection(placed)
        height, rules = projection.height, projection.rules()
        coasts, borders = outline(projection.point, width=WIDTH, height=height)
        marks = _spread(placed, projection, len(sites))
    rows_top = 0.0
    map_height = height
    if rest:
        rows_top = height
        below, height = _rows(rest, height + (34 if placed else 14), most=_size(len(sites)) * 1.3 if placed else 11.0)
        marks += below
    drawn = sorted(marks, key=lambda mark: (URGENCY[mark.site.state], mark.site.name))
    return Picture(
        height=round(height, 1),
        marks=tuple(drawn),
        names=_names(marks, len(sites)),
        rules=rules,
        map_height=map_height,
        rows_top=rows_top,
        coasts=coasts,
        borders=borders,
    )


def _size(count: int) -> float:
    """The radius of a mark, smaller when there are many."""
    return 8.0 if count <= 40 else 6.0 if count <= 200 else 4.4 if count <= 800 else 3.2


class _Projection:
    """Places on a plane: true in the middle of what is shown, with room at the edges."""

    def __init__(self, sites: Sequence[SitePlace]) -> None:
        latitudes = [site.latitude or 0.0 for site in sites]
        longitudes = [site.longitude or 0.0 for site in sites]
        self.north, self.south = max(latitudes), min(latitudes)
        self.east, self.west = max(longitudes), min(longitudes)
        middle = (self.north + self.south) / 2
        self.squeeze = max(0.2, math.cos(math.radians(middle)))
        wide = max((self.east - self.west) * self.squeeze, 0.4)
        high = max(self.north - self.south, 0.2)
        usable = WIDTH - 2 * MARGIN
        scale = min(usable / wide, (MAP_MOST - 2 * MARGIN) / high)
        self.scale = scale
        self.height = min(MAP_MOST, max(MAP_LEAST, high * scale + 2 * MARGIN))
        self.middle = (middle, (self.east + self.west) / 2)

    def point(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a place is drawn."""
        x = WIDTH / 2 + (longitude - self.middle[1]) * self.squeeze * self.scale
        return x, self.height / 2 - (latitude - self.middle[0]) * self.scale

    def rules(self) -> tuple[Rule, ...]:
        """Lines of latitude and longitude, four to eight of the longer side."""
        across = WIDTH / (self.squeeze * self.scale)
        step = next((step for step in _STEPS if across / step <= 8), _STEPS[-1])
        found = []
        for count in range(math.ceil(-180 / step), math.floor(180 / step) + 1):
            x, _ = self.point(0, count * step)
            if 10 < x < WIDTH - 10:
                found.append(Rule(round(x, 1), 0, round(x, 1), self.height, _degrees(count * step, "E", "W")))
        for count in range(math.ceil(-90 / step), math.floor(90 / step) + 1):
            _, y = self.point(count * step, 0)
            if 10 < y < self.height - 10:
                found.append(Rule(0, round(y, 1), WIDTH, round(y, 1), _degrees(count * step, "N", "S")))
        return tuple(found)


def _degrees(value: float, positive: str, negative: str) -> str:
    return f"{abs(value):g}°{positive if value > 0 else negative if value < 0 else ''}"


def _spread(sites: Iterable[SitePlace], projection: _Projection, count: int) -> list[Mark]:
    """Each site at its place, or as near to it as there is room."""
    size = _size(count)
    urgent = max(size, 6.0)
    room = _Room(2 * urgent + 1.5)
    marks = []
    for site in sites:
        x, y = projection.point(site.latitude or 0.0, site.longitude or 0.0)
        stays = count > SPREAD_MOST and site.state is SiteState.IN_SYNC
        if not stays:
            x, y = room.nearest(x, y, projection.height)
        own = size if site.state is SiteState.IN_SYNC else urgent
        marks.append(Mark(site, round(x, 1), round(y, 1), own))
    return marks


class _Room:
    """What is taken already; looks only at the neighbourhood."""

    def __init__(self, distance: float) -> None:
        self.distance = distance
        self.cells: dict[tuple[int, int], list[tuple[float, float]]] = {}

    def nearest(self, x: float, y: float, height: float) -> tuple[float, float]:
        """The free spot nearest to (x, y), on a spiral around it; taken from now on."""
        spot = (x, y)
        for turn in range(4000):
            reach = self.distance * 0.5 * math.sqrt(turn)
            spot = (x + reach * math.cos(turn * _GOLDEN), y + reach * math.sin(turn * _GOLDEN))
            inside = 8 <= spot[0] <= WIDTH - 8 and 8 <= spot[1] <= height - 8
            if inside and self._free(*spot):
                break
        self.cells.setdefault(self._cell(*spot), []).append(spot)
        return spot

    def _cell(self, x: float, y: float) -> tuple[int, int]:
        return int(x // self.distance), int(y // self.distance)

    def _free(self, x: float, y: float) -> bool:
        column, row = self._cell(x, y)
        return all(
            math.hypot(x - other[0], y - other[1]) >= self.distance
            for across in (column - 1, column, column + 1)
            for down in (row - 1, row, row + 1)
            for other in self.cells.get((across, down), ())
        )


def _rows(sites: Sequence[SitePlace], top: float, *, most: float) -> tuple[list[Mark], float]:
    """Sites without a place, row by row; few of them with room for their names. The bottom comes back too."""
    named = len(sites) <= NAMES_MOST
    size = 8.0 if named else min(most, max(3.2, math.sqrt(WIDTH * 360 / len(sites)) / 2.6))
    across, down = (200.0, 42.0) if named else (size * 2.6, size * 2.6)
    columns = min(int((WIDTH - MARGIN) // across), len(sites))
    left = MARGIN / 2
    marks = [
        Mark(
            site,
            round(left + (at % columns) * across + (size if named else across / 2), 1),
            round(top + (at // columns) * down + down / 2, 1),
            size,
            named,
        )
        for at, site in enumerate(sites)
    ]
    return marks, top + math.ceil(len(sites) / columns) * down + 14


def _names(marks: Sequence[Mark], count: int) -> tuple[Name, ...]:
    """Names that fit beside their marks without covering other names or marks; the most urgent first."""
    urgent = [mark for mark in marks if URGENCY[mark.site.state] >= URGENCY[SiteState.UNREAD]]
    wanted = list(marks) if count <= NAMES_MOST else urgent if len(urgent) <= NAMES_MOST else []
    boxes = [(mark.x - mark.size, mark.y - mark.size, mark.x + mark.size, mark.y + mark.size) for mark in wanted]
    found = []
    for mark in wanted:
        text = mark.site.name if len(mark.site.name) <= 22 else f"{mark.site.name[:21]}…"
        spot = _spot(mark, len(text) * _CHAR, boxes)
        if spot:
            x, y, anchor, box = spot
            boxes.append(box)
            found.append(Name(text, round(x, 1), round(y, 1), anchor, mark.site.state))
    return tuple(found)


Box = tuple[float, float, float, float]


def _spot(mark: Mark, width: float, boxes: Sequence[Box]) -> tuple[float, float, str, Box] | None:
    """Right of a mark, left of it, above or below: the first place that is free."""
    gap = mark.size * (1.75 if mark.site.state is SiteState.DRIFTED else 1.0) + 5
    for x, y, anchor, left in (
        (mark.x + gap, mark.y, "start", mark.x + gap),
        (mark.x - gap, mark.y, "end", mark.x - gap - width),
        (mark.x, mark.y - gap - 4, "middle", mark.x - width / 2),
        (mark.x, mark.y + gap + 4, "middle", mark.x - width / 2),
    ):
        box = (left, y - _LINE / 2, left + width, y + _LINE / 2)
        own = (mark.x - mark.size, mark.y - mark.size, mark.x + mark.size, mark.y + mark.size)
        others = (other for other in boxes if other != own)
        if box[0] >= 2 and box[2] <= WIDTH - 2 and box[1] >= 0 and not any(_cross(box, other) for other in others):
            return x, y + 4.5, anchor, box
    return None


def _cross(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
