"""The way back into git: drift in, the edited texts of the user's own files out.

Pure: files are read through a function and nothing is written. The live value goes to the place that set the declared
one, with the fewest changed lines. A place that other objects share is left alone unless the person asks for an
override in the object itself; what a template made can only be changed in the template or its table; a secret is
never written.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from reconciler.diagnostics import Cell
from reconciler.drift.places import Owner, Place, Places, Reader
from reconciler.drift.values import adopted, has_secret, materialised
from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.change import Action, Change, root_of
from reconciler.model.drift import Done, Refused
from reconciler.model.inventory import Inventory
from reconciler.model.matching import is_meant
from reconciler.model.resource import Resource
from reconciler.model.values import Path
from reconciler.yamltext.edit.edits import KEEP, rewritten
from reconciler.yamltext.edit.nodes import Unwritable

ACL_TAGS = "acl_tags"

CellWriter = Callable[[Resource, Path, Any, Cell], str]
"""Writes a new value of a resource's field into a cell of a table; says why it can't, nothing where it did."""


@dataclass(slots=True, kw_only=True)
class Adoption:
    """`files` holds the new text of each file that changes."""

    files: dict[str, str] = field(default_factory=dict)
    done: list[Done] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


class Wanted(Struct, frozen=True):
    """A value for a place of a declared body: `new` may hold `KEEP`."""

    steps: Path
    new: Any


def adopt(
    changes: Iterable[Change],
    inventory: Inventory,
    read: Reader,
    *,
    kinds: Kinds,
    fields: tuple[str, ...] = (),
    override: bool = False,
    cells: CellWriter | None = None,
) -> Adoption:
    """Adopts the differences of `changes`, or those at `fields` (paths, what lies below them included; globs). What a
    row of a table made is handed to `cells`, where there is one."""
    adopter = _Adopter(inventory, read, kinds=kinds, override=override, cells=cells)
    for change in changes:
        adopter.one(change, fields)
    return adopter.result


def is_chosen(path: str, fields: tuple[str, ...]) -> bool:
    """Whether a difference at `path` is meant by `fields`; no fields mean all."""
    return not fields or any(
        path == name or path.startswith((f"{name}.", f"{name}[")) or is_meant(path, name) for name in fields
    )


class _Adopter:
    def __init__(
        self, inventory: Inventory, read: Reader, *, kinds: Kinds, override: bool, cells: CellWriter | None
    ) -> None:
        self._resources = {item.address: item for item in inventory.resources}
        self._rows = {item.template: item.rows for item in inventory.project.generate}
        self._read = read
        self._places = Places(read)
        self._kinds = kinds
        self._override = override
        self._cells = cells
        self.result = Adoption()

    def one(self, change: Change, fields: tuple[str, ...]) -> None:
        """Adopts one object's differences."""
        resource = self._resources.get(change.address)
        if change.action is not Action.UPDATE or resource is None or change.live is None:
            self._refuse(change.address, "", *_not_there(change))
            return
        chosen = [item for item in change.fields if is_chosen(item.path, fields)]
        sealed = [item.path for item in chosen if item.sensitive or has_secret(item.before)]
        for path in sealed:
            self._refuse(change.address, path, *_SECRET)
        paths = [item.path for item in chosen if item.path not in sealed]
        shape, live = self._kinds[change.kind].shape, change.live.body
        for root in dict.fromkeys(root_of(path) for path in paths):
            touched = [path for path in paths if root_of(path) == root]
            if root not in resource.body:
                self._refuse(change.address, root, *_HELD)
                continue
            value = resource.body[root]
            new = adopted(value, live.get(root), shape.below(root), root, frozenset(touched).__contains__)
            if new is KEEP:
                moved = {item.path for item in chosen if item.note == "order"}
                for path in touched:
                    self._refuse(change.address, path, *(_PLACE if path in moved else _SECRET))
                continue
            for wanted in _wanted((root,), new, value):
                self._put(resource, wanted, touched)

    def _put(self, resource: Resource, wanted: Wanted, paths: list[str]) -> None:
        path = _shown(wanted.steps)
        told = [item for item in paths if is_chosen(item, (path,))] or [path]
        places = self._places
        try:
            own = places.own(resource, self._resources.get(resource.parent) if resource.parent else None)
            place = places.of(resource, wanted.steps, own) if own else None
            if own is None or place is None:
                raise Unwritable("the place that set it was not found")
            if Owner.GENERATED in (own.owner, place.owner):
                self._generated(resource, wanted, told, place if place.owner is Owner.GENERATED else own)
            else:
                self._write(resource, wanted, own, place, told)
        except Unwritable as error:
            where = f"{resource.source.file}:{resource.source.line}" if resource.source else "the file"
            self._refuse(resource.address, path, str(error), f"change {where} by hand")

    def _write(self, resource: Resource, wanted: Wanted, own: Place, place: Place, told: list[str]) -> None:
        if place.file.endswith(".json"):
            raise Unwritable("JSON files are not edited")
        shared = place.owner is Owner.SHARED
        if shared and not self._override:
            for path in told:
                self._refuse(
                    resource.address,
                    path,
                    f"it comes from {place.what}, {place.file}:{place.line}, which other objects share",
                    "change it there for all of them, or give --override to set it in this object only",
                )
            return
        if shared:
            target, value = _overriding(resource, wanted, own)
            place = Place(owner=Owner.OBJECT, file=own.file, path=target, line=own.line)
        else:
            value = wanted.new
        text = self.result.files.get(place.file) or self._read(place.file)
        self.result.files[place.file] = rewritten(text, place.path, value)
        self.result.done += [
            Done(address=resource.address, path=path, file=place.file, line=place.line, override=shared)
            for path in told
        ]

    def _generated(self, resource: Resource, wanted: Wanted, told: list[str], place: Place) -> None:
        """Writes into the cell that a value comes from, or says why that can't be."""
        rows, cell, why = self._rows.get(place.file), place.cell, ""
        if self._cells and cell:
            why = self._cells(resource, wanted.steps, wanted.new, cell)
            if not why:
                self.result.done += [
                    Done(address=resource.address, path=path, file=cell.file, line=cell.line) for path in told
                ]
                return
        where = f"{place.file}:{place.line}" + (f" or its row in {rows}" if rows else "")
        reason = f"the object is generated from {place.file}" + (f" with {rows}" if rows else "")
        for path in told:
            self._refuse(resource.address, path, f"{reason}{why and f', and {why}'}", f"change {where} by hand")

    def _refuse(self, address: Address, path: str, reason: str, remedy: str) -> None:
        item = Refused(address=address, path=path, reason=reason, remedy=remedy)
        if item not in self.result.refused:
            self.result.refused.append(item)


_SECRET = (
    "it is, or holds, a secret, and those are never written into files",
    "set the value that its !secret names, or send the declared one with `reconciler drift revert`",
)

_HELD = (
    "it says what holds the object live, and that is no field of a file",
    "move the object to its place in the files by hand, or move it back live with `reconciler drift revert`",
)

_PLACE = (
    "its elements don't stand where its `!merge:` says",
    "change that place by hand, or move them back with `reconciler drift revert`",
)


def _not_there(change: Change) -> tuple[str, str]:
    if change.action is Action.CREATE:
        place = f"{change.source.file}:{change.source.line}" if change.source else "its file"
        return (
            "it is declared, but not live",
            f"take it out of {place}, or create it again with `reconciler drift revert`",
        )
    return "nothing declares it", "declare it in a file of the inventory, or leave it unmanaged"


def _wanted(steps: Path, new: Any, declared: Any) -> Iterator[Wanted]:
    """The deepest places that have marks of their own: keys of mappings, never inside of a list. The keys of one
    mapping may come from different layers: it counts as a whole only where all of it was written in one file."""
    if isinstance(declared, dict) and (isinstance(new, dict) or (new is None and len(_files(declared)) > 1)):
        for key, value in declared.items():
            below = None if new is None else new[key]
            if below is not KEEP:
                yield from _wanted((*steps, key), below, value)
    else:
        yield Wanted(steps, new)


def _files(value: Any) -> set[str]:
    """The files in which the parts of a value were written."""
    if not isinstance(value, dict):
        return set()
    own = {mark[0] for mark in getattr(value, "marks", {}).values()}
    return own.union(*(_files(item) for item in value.values()))


def _overriding(resource: Resource, wanted: Wanted, own: Place) -> tuple[Path, Any]:
    """Where an override stands in the object itself, and its value written out. An ACL tag is overridden whole."""
    steps = wanted.steps
    declared: Any = resource.body
    if steps[0] == ACL_TAGS and len(steps) > 2:
        new: Any = wanted.new
        for step in reversed(steps[2:]):
            new = {step: new}
        declared = declared[ACL_TAGS][steps[1]]
        value = {**materialised(declared, KEEP), **materialised(declared, new)}
        return (*own.path, *steps[:2]), value
    for step in steps:
        declared = declared[step]
    value = materialised(declared, wanted.new)
    if has_secret(value):
        raise Unwritable("it holds a secret, which can't be written out")
    return (*own.path, *steps), value


def _shown(steps: Path) -> str:
    return ".".join(str(step) for step in steps)
