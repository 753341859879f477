"""Creates that one line of a template made for many sites: one is shown whole, the others as a table of what differs.
Changes in, the tables out. What a person wrote by hand stands at a line of its own and is never told this way.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from reconciler.model.address import Address
from reconciler.model.change import Action, Change
from reconciler.model.values import Secret
from reconciler.report.values import inline

ALIKE_FROM = 4
_MOST_COLUMNS = 5
_WIDEST = 28
_HIDDEN = "(secret)"


class Table(Struct, frozen=True, kw_only=True):
    """What differs: a row for each further object, its address first; `more` says how many columns were left out."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int = 0

    def lines(self, most: int | None = None) -> list[str]:
        """As text in columns, of the rows at most so many."""
        shown = self.rows if most is None or len(self.rows) <= most else self.rows[:most]
        cells = [[_cut(cell) for cell in row] for row in (("", *self.columns), *shown)]
        for row, whole in zip(cells, (("",), *shown), strict=True):
            row[0] = whole[0]
        widths = [max(len(row[at]) for row in cells) for at in range(len(cells[0]))]
        found = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
        ]
        if len(shown) < len(self.rows):
            found.append(f"... {len(self.rows) - len(shown):,} more")
        return found if self.columns else found[1:]


def tables(changes: Iterable[Change]) -> dict[Address, Table]:
    """For the first of `ALIKE_FROM` or more changes of one template line: the others, by the address of the first."""
    alike: defaultdict[tuple[str, ...], list[Change]] = defaultdict(list)
    for change in changes:
        if change.action is Action.CREATE and change.source is not None:
            alike[_shape(change)].append(change)
    return {each[0].address: _table(each) for each in alike.values() if len(each) >= ALIKE_FROM}


def _shape(change: Change) -> tuple[str, ...]:
    """What is not in the table must be equal."""
    place = change.source and f"{change.source.file}:{change.source.line}:{change.source.column}"
    rest = (change.cause, change.clears, change.deferred, change.reaches, change.renamed_from, change.edited)
    remarks = [(item.path, item.remark) for item in change.fields if item.remark]
    return (change.kind, change.action, place or "", repr(rest), repr(remarks), repr(change.results))


def _table(changes: list[Change]) -> Table:
    values = [dict(_leaves(change)) for change in changes]
    paths = list(dict.fromkeys(path for each in values for path in each))
    differing = [path for path in paths if len({each.get(path, "") for each in values}) > 1]
    shown = differing[:_MOST_COLUMNS]
    rows = tuple(
        (change.address.text, *(each.get(path, "") for path in shown))
        for change, each in zip(changes[1:], values[1:], strict=True)
    )
    return Table(columns=tuple(shown), rows=rows, more=len(differing) - len(shown))


def _leaves(change: Change) -> Iterator[tuple[str, str]]:
    """Every value by its path, but for the name: the address has it."""
    for item in change.fields:
        if item.sensitive:
            yield item.path, _HIDDEN
        elif item.after != change.address.name:
            yield from _below(item.path, item.after)


def _below(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _below(f"{path}.{key}", inner)
    elif isinstance(value, Secret):
        yield path, _HIDDEN if value.hidden else inline(value.shown)
    else:
        yield path, inline(value)


def _cut(text: str) -> str:
    """What is too long without its middle: names and numbers differ at the end."""
    half = (_WIDEST - 3) // 2
    return text if len(text) <= _WIDEST else f"{text[:half]}...{text[-half:]}"
