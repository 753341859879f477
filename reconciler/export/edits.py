"""New objects and fields into files that people wrote, and out of them: texts in, edited texts out, comments kept.

A new object goes where its like are: into the object that holds it, behind its siblings where one file has several,
else into a file of its own as `layout` names it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from reconciler.drift.places import Owner, Places
from reconciler.export.items import Item
from reconciler.export.layout import trees_of
from reconciler.export.text import yaml_text
from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.resource import Resource
from reconciler.model.values import Path
from reconciler.yamltext.edit.edits import GONE, KEEP, Aligned, rewritten
from reconciler.yamltext.edit.formatting import formatted
from reconciler.yamltext.edit.nodes import Unwritable
from reconciler.yamltext.edit.order import in_canonical_order, order_of
from reconciler.yamltext.events import parse


class Edits:
    """Edits of one inventory; `texts` holds the new text of each file that changes, `removed` the files that go."""

    def __init__(self, resources: Sequence[Resource], read: Callable[[str], str], files: Sequence[str], kinds: Kinds):
        self._resources = {item.address: item for item in resources}
        self._read = read
        self._files = frozenset(files)
        self._kinds = kinds
        self._places = Places(read)
        self.texts: dict[str, str] = {}
        self.removed: set[str] = set()

    def text(self, file: str) -> str:
        """A file's text as it is by now; empty for a new one."""
        if file in self.texts:
            return self.texts[file]
        return self._read(file) if file in self._files else ""

    def changed(self) -> dict[str, str]:
        """The texts that are not what they were; those that were canonical are so again."""
        found: dict[str, str] = {}
        for file, text in sorted(self.texts.items()):
            before = self._read(file) if file in self._files else ""
            if before != text:
                found[file] = canonical_as_before(file, before, text) if before else text
        return found

    def put(self, file: str, path: Path, value: Any) -> None:
        """Writes a value at a place of a file. Raises `Unwritable` where that can't be done."""
        self.texts[file] = rewritten(self.text(file), path, value)

    def add_fields(self, item: Item) -> list[Path]:
        """Writes what is live in a declared object and not declared there; says which fields. Raises `Unwritable`."""
        resource = self._resources[item.address]
        missing = list(extra(item.body, resource.body))
        if missing:
            file, own = self._own(resource)
            for path, value in missing:
                self.put(file, (*own, *path), value)
        return [path for path, _ in missing]

    def add_objects(self, items: Sequence[Item]) -> None:
        """Writes objects that nothing declares, each with what is new in it. Raises `Unwritable`."""
        fresh = {item.address for item in items}
        alone: list[Item] = []
        for item in items:
            parent = item.address.parent
            if parent in fresh or parent not in self._resources or not self._add_below(item, items):
                alone.append(item)
        standing = [item for item in alone if not _lies_below(item.address, {*fresh} - {one.address for one in alone})]
        for file, tree in trees_of(standing, self._kinds, profiles={}).items():
            for key, objects in tree.items():
                if isinstance(objects, dict):
                    self._append_only(file, key, objects)
                else:
                    self._append(self._file_for(file, key, objects), key, objects)

    def remove(self, addresses: Sequence[Address]) -> dict[Address, str]:
        """Takes declared objects out of their files; a file without any goes. Says which can't be, and why."""
        left: dict[Address, str] = {}
        gone: defaultdict[tuple[str, Path], list[int]] = defaultdict(list)
        for address in addresses:
            resource = self._resources[address]
            if resource.parent in addresses:
                continue  # it goes with what holds it
            try:
                file, own = self._own(resource)
            except Unwritable as error:
                left[address] = f"it stays: {error}"
                continue
            if own and isinstance(own[-1], int):
                gone[file, own[:-1]].append(own[-1])
            else:
                left[address] = "it stays: it stands in no list"
        for (file, path), indices in gone.items():
            self._without(file, path, frozenset(indices))
        return left

    def _without(self, file: str, path: Path, indices: frozenset[int]) -> None:
        holder: Any = self._loaded(file)
        for step in path:
            holder = holder[step]
        kept = [at for at in range(len(holder)) if at not in indices]
        if not kept and len(path) == 1 and len(self._loaded(file)) == 1:
            self.removed.add(file)
            self.texts.pop(file, None)
            return
        self.put(file, path, Aligned([KEEP] * len(kept), kept) if kept else GONE)

    def _own(self, resource: Resource) -> tuple[str, Path]:
        parent = self._resources.get(resource.parent) if resource.parent else None
        own = self._places.own(resource, parent)
        if own is None or own.owner is not Owner.OBJECT or own.file.endswith(".json"):
            where = own.file if own else "an unknown place"
            raise Unwritable(f"{resource.address} is made by {where}, which is changed by hand")
        return own.file, own.path

    def _add_below(self, item: Item, items: Sequence[Item]) -> bool:
        """Writes an object into the declared one that holds it; False where that one is made by a template."""
        parent = self._resources[item.address.parent or item.address]
        try:
            file, own = self._own(parent)
        except Unwritable:
            return False
        kind = self._kinds[item.kind]
        below = [one for one in items if one is item or _lies_below(one.address, {item.address})]
        ((_, tree),) = trees_of(below, self._kinds, profiles={}).items()
        written = {key: value for key, value in tree[kind.plural][0].items() if key != parent.kind}
        if kind.singleton:
            self.put(file, (*own, kind.name), written)
        else:
            self._append(file, kind.plural, [written], own)
        return True

    def _append_only(self, file: str, key: str, fields: Mapping[str, Any]) -> None:
        """The only object of its kind, which stands under its name."""
        if self.text(file):
            self.put(file, (key,), dict(fields))
        else:
            self.texts[file] = yaml_text({key: fields}, file)

    def _append(self, file: str, plural: str, objects: Sequence[Mapping[str, Any]], above: Path = ()) -> None:
        text = self.text(file)
        if not text:
            self.texts[file] = yaml_text({plural: list(objects)}, file)
            return
        ordered = in_canonical_order({plural: list(objects)}, order_of(file))[plural] if not above else list(objects)
        holder: Any = self._loaded(file)
        for step in above:
            holder = holder[step]
        known = len(holder.get(plural) or ())
        value = Aligned([KEEP] * known + ordered, [*range(known), *[None] * len(ordered)]) if known else ordered
        self.put(file, (*above, plural), value)

    def _loaded(self, file: str) -> Any:
        return parse(self.text(file).encode(), file).value

    def _file_for(self, file: str, plural: str, objects: Sequence[Mapping[str, Any]]) -> str:
        """Where the siblings stand, if one file has several of them; else the file that `layout` names, under a name
        that is free."""
        kind = next(kind for kind in self._kinds if kind.plural == plural)
        siblings = Counter(
            item.source.file
            for item in self._resources.values()
            if item.kind == kind.name
            and item.parent is None
            and item.source
            and item.source.cell is None  # a row of a table: the place is the entry's in the project file
            and item.source.file.endswith((".yaml", ".yml"))
        )
        common = siblings.most_common(1)
        if (
            common
            and (common[0][1] > 1 or file.endswith(f"/{plural}.yaml"))
            and not any(parent in objects[0] for parent in self._kinds.holders)
        ):
            return common[0][0]
        free, number = file, 1
        while free in self._files and not file.endswith(f"/{plural}.yaml"):
            number += 1
            free = f"{file.removesuffix('.yaml')}-{number}.yaml"
        return free


def canonical_as_before(file: str, before: str, after: str) -> str:
    """The new text of a file, in canonical form if the older one was."""
    if not file.endswith((".yaml", ".yml")) or formatted(before, file) != (before, ()):
        return after
    return formatted(after, file)[0]


def only_extra(item: Item, resource: Resource) -> Item:
    """An item with only what its declared object does not say anything about."""
    body: dict[str, Any] = {}
    for path, value in extra(item.body, resource.body):
        holder = body
        for step in path[:-1]:
            holder = holder.setdefault(str(step), {})
        holder[str(path[-1])] = value
    return replace(item, body=body)


def extra(live: Mapping[str, Any], declared: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """What one body has and the other one does not say anything about, by its highest keys."""
    for key, value in live.items():
        if key not in declared:
            yield (*path, key), value
        elif isinstance(value, Mapping) and isinstance(declared[key], Mapping):
            yield from extra(value, declared[key], (*path, key))


def _lies_below(address: Address, holders: set[Address]) -> bool:
    step = address.parent
    while step:
        if step in holders:
            return True
        step = step.parent
    return False
