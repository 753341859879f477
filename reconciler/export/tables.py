"""Objects that differ in a few scalars, as one template and a table: items in; templates, CSV files and the rest out.

Objects of one kind whose trees have the same lists and the same keys are rows of one table. What is the same in all of
them stands in the template, what differs is a column, and a key that some lack is a cell that is empty there. What lies
in an object goes along, or is a table of its own where it differs from one object to the next (devices, maps). One
pass over all leaves: the work grows with their number.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from reconciler.export.columns import Column, columns_of, is_of_words
from reconciler.export.items import Item
from reconciler.export.layout import Writer, below_of, directory_of, is_only_one, slug_of, with_own_file
from reconciler.kinds import Kind, Kinds
from reconciler.model.address import Address
from reconciler.model.values import Path, SecretRef, merge_tag
from reconciler.yamltext.edit.order import in_canonical_order, order_of
from reconciler.yamltext.edit.scalars import block_lines

_LONGEST_CELL = 10_000
_USUAL = 0.5
"""The share of those that hold objects of a kind from which on these are the same for all, and go along with them."""


class Bounds(Struct, frozen=True, kw_only=True):
    """When a table is easier to read than objects: how many rows it has, how many values an object and how many
    columns; a key that less than `rare` of a kind's objects have is no column, and those that have it are a table of
    their own."""

    rows: int = 5
    leaves: int = 3
    columns: int = 24
    rare: float = 0.1


READABLE = Bounds()
ALL_ROWS = Bounds(rows=1, leaves=1, columns=1000, rare=0)
"""For what was a table before."""


class Tables(Struct, frozen=True, kw_only=True):
    """The items that are in no table, and the rest: templates and tables by path, their entries of `generate`, and the
    kinds of which objects are in them."""

    items: tuple[Item, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    generate: tuple[Mapping[str, str], ...] = ()
    kinds: frozenset[str] = frozenset()


class _Row(Struct, frozen=True):
    """One object with what goes along: its addresses, its tree as a file has it, and the values of that."""

    item: Item
    addresses: tuple[Address, ...]
    tree: dict[str, Any]
    leaves: dict[Path, Any]


def tables_of(
    items: Sequence[Item],
    kinds: Kinds,
    *,
    apart: Collection[Address] = (),
    bounds: Bounds = READABLE,
    taken: Collection[str] = (),
) -> Tables:
    """What becomes templates and tables, and what does not; the objects `apart` do not. No file of those `taken` is
    one of them."""
    rows = _rows(items, kinds, apart, bounds)
    files: dict[str, str] = {}
    generate: list[Mapping[str, str]] = []
    gone: set[Address] = set()
    found: set[str] = set()
    counts = Counter(item.kind for item in items)
    for name, of_kind in rows.items():
        groups, own_file = _groups(of_kind, bounds), name in with_own_file(kinds)
        for group in groups:
            file = _file(
                kinds[name], group, own_file=own_file, whole=len(group) == counts[name], taken=(*files, *taken)
            )
            texts = _texts(kinds[name], group, file, bounds)
            if texts is None:
                continue
            files |= texts
            generate.append(dict(zip(("template", "rows"), texts, strict=True)))
            gone.update(address for row in group for address in row.addresses)
            found.update(address.kind for row in group for address in row.addresses)
    rest = tuple(item for item in items if item.address not in gone)
    return Tables(items=rest, files=files, generate=tuple(generate), kinds=frozenset(found))


def _rows(items: Sequence[Item], kinds: Kinds, apart: Collection[Address], bounds: Bounds) -> dict[str, list[_Row]]:
    """What could be a row, by kind: what nothing holds, and what stands apart from what holds it."""
    below = below_of(items)
    alone = _standing_alone(below, kinds)
    nested: dict[Address | None, list[Item]] = {
        parent: [item for item in held if item.kind not in alone] for parent, held in below.items() if parent
    }
    writer = Writer(kinds, nested, {})
    found: defaultdict[str, list[_Row]] = defaultdict(list)
    for item in [*below[None], *(item for parent, held in below.items() if parent for item in held)]:
        kind, parent = kinds[item.kind], item.address.parent
        if is_only_one(kind) or (parent and item.kind not in alone):
            continue
        addresses = tuple(_within(item, nested))
        if any(address in apart for address in addresses):
            continue
        tree = writer.tree(item, {parent.kind: parent.name} if parent else {})
        leaves = dict(_leaves(tree))
        if len(leaves) >= bounds.leaves and all(map(_fits, leaves.values())):
            found[item.kind].append(_Row(item, addresses, tree, leaves))
    return found


def _standing_alone(below: Mapping[Address | None, Sequence[Item]], kinds: Kinds) -> frozenset[str]:
    """The kinds whose objects differ from one holder to the next."""
    sets: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for parent, held in below.items():
        names: defaultdict[str, list[str]] = defaultdict(list)
        for item in held if parent else ():
            if not kinds[item.kind].singleton and kinds[item.kind].endpoint(parent.kind if parent else None):
                names[item.kind].append(item.address.name or "")
        for kind, own in names.items():
            sets[kind][tuple(own)] += 1
    return frozenset(kind for kind, found in sets.items() if max(found.values()) < _USUAL * sum(found.values()))


def _within(item: Item, nested: Mapping[Address | None, Sequence[Item]]) -> Iterator[Address]:
    yield item.address
    for child in nested.get(item.address, ()):
        yield from _within(child, nested)


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that holds no others, an empty mapping and list among them; a list of words is one value."""
    if not value or not isinstance(value, dict | list) or is_of_words(value):
        yield path, value
        return
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in entries:
        yield from _leaves(item, (*path, key))


def _fits(value: Any) -> bool:
    """Whether a value would be the same in a cell: blanks around it are cut off there."""
    return not isinstance(value, str) or (value == value.strip() and len(value) <= _LONGEST_CELL and "\0" not in value)


def _groups(rows: Sequence[_Row], bounds: Bounds) -> list[list[_Row]]:
    """The rows of each table, the largest first."""
    often = Counter(path for row in rows for path in row.leaves)
    rare = {path for path, count in often.items() if count < max(bounds.rows, bounds.rare * len(rows))}
    groups: defaultdict[tuple[object, ...], list[_Row]] = defaultdict(list)
    for row in rows:
        groups[_form(row, rare)].append(row)
    large = [group for group in groups.values() if len(group) >= bounds.rows]
    return sorted(large, key=lambda group: (-len(group), group[0].item.address))


def _form(row: _Row, rare: Collection[Path]) -> tuple[object, ...]:
    """What two rows of one table have in common: their lists, what no cell can say, and what must be in all."""
    found: list[object] = [*_lists(row.tree)]
    for path, value in row.leaves.items():
        fixed = "vars" in path or any(isinstance(step, int) for step in path) or path in rare
        fixed = fixed or isinstance(value, list)
        if isinstance(value, SecretRef):
            found.append((path, value.scheme))
        elif value is None or value in ("", {}, []):
            found.append((path, repr(value)))
        elif fixed:
            found.append(path)
    return tuple(sorted(found, key=repr))


def _lists(value: Any, path: Path = ()) -> Iterator[object]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if isinstance(value, list) and not is_of_words(value):
        yield path, len(value), merge_tag(value)
    for key, item in entries:
        yield from _lists(item, (*path, key))


def _file(kind: Kind, group: Sequence[_Row], *, own_file: bool, whole: bool, taken: Collection[str]) -> str:
    """The path of a table without its ending."""
    parent = group[0].item.address.parent
    directory = directory_of(kind) if own_file else directory_of(kind).rpartition("/")[0]
    if parent:
        directory = f"{parent.kind}s"
    words = kind.plural if whole else _shared_word(group) or kind.plural
    name, number = f"{directory}/{words}", 1
    while f"{name}.csv" in taken:
        number += 1
        name = f"{directory}/{words}-{number}"
    return name


def _shared_word(group: Sequence[_Row]) -> str:
    """The first template or group that all rows name."""
    first = group[0].leaves
    for path, value in first.items():
        words = value[0] if isinstance(value, list) and value else value
        named = str(path[0]).endswith(("template", "groups", "profiles")) and isinstance(words, str)
        if named and all(row.leaves.get(path) == value for row in group):
            return slug_of(words)
    return ""


def _texts(kind: Kind, group: Sequence[_Row], file: str, bounds: Bounds) -> dict[str, str] | None:
    """A template and its table, in this order; None where they would be no easier to read."""
    plural = kind.plural
    shape = order_of(file).below(plural).below(0)
    tree = {plural: [in_canonical_order(_whole(group), shape)]}
    order = [path[2:] for path, _ in _leaves(tree)]
    columns = columns_of(shape, order, [row.leaves for row in group], key=kind.key)
    if columns is None or len(columns) > bounds.columns:
        return None
    table = f"{file}.csv"
    for column in columns:
        _put(tree[plural][0], column.place, column.stand_in)
    text = "\n".join(block_lines(tree))
    for column in columns:
        text = text.replace(column.stand_in, column.inserted)
    head = f"{{# One {kind.title}, rendered once per row of {table.rpartition('/')[2]}. #}}"
    return {f"{file}.yaml.j2": f"{head}\n{text}\n", table: _csv(columns, group)}


def _whole(group: Sequence[_Row]) -> dict[str, Any]:
    """A tree that has every key that any of them has."""
    found: dict[str, Any] = {}
    for row in group:
        _lay(found, row.tree)
    return found


def _lay(under: dict[str, Any], over: Mapping[str, Any]) -> None:
    for key, item in over.items():
        if isinstance(item, dict) and isinstance(under.setdefault(key, {}), dict):
            _lay(under[key], item)
        elif isinstance(item, list):
            under.setdefault(key, _copied(item))
        else:
            under.setdefault(key, item)


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, list):
        found = [_copied(item) for item in value]
        return value.of(found) if hasattr(value, "of") else found
    return value


def _put(holder: Any, path: Path, value: str) -> None:
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value


def _csv(columns: Sequence[Column], group: Sequence[_Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in columns)
    writer.writerows([column.cell(row.leaves.get(column.path)) for column in columns] for row in group)
    return text.getvalue()
