"""Where a declared value was written, and whose place that is: its own object's, or one that others share.

Marks (file, line, column) in, a path in that file's YAML and a word about it out.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import cached_property
from typing import Any

from msgspec import Struct

from reconciler.diagnostics import Cell, SourceRange
from reconciler.model.project import PROJECT_FILE
from reconciler.model.resource import Resource
from reconciler.model.values import Mark, Path
from reconciler.yamltext.edit.nodes import Form, Node, parsed

Reader = Callable[[str], str]
"""A file's text by its name in the inventory."""


class Owner(StrEnum):
    """Whose place a value was written at."""

    OBJECT = "object"
    SHARED = "shared"
    GENERATED = "generated"


class Place(Struct, frozen=True, kw_only=True):
    """`path` leads to the value in `file`; `what` names a shared place for people. `cell` is the one of a table that a
    value of a template comes from."""

    owner: Owner
    file: str
    path: Path = ()
    line: int = 0
    what: str = ""
    cell: Cell | None = None


class Source:
    """One file of the inventory: its text, and the paths of its keys and mappings by line and column."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text

    @cached_property
    def _paths(self) -> tuple[dict[tuple[int, int], Path], dict[tuple[int, int], Path]]:
        keys: dict[tuple[int, int], Path] = {}
        maps: dict[tuple[int, int], Path] = {}
        root = parsed(self.text)
        starts = _line_numbers(self.text)
        for path, node, key in _walk(root, ()) if root else ():
            if node.form is Form.MAP:
                maps.setdefault(starts(node.start), path)
            if key:
                keys.setdefault(starts(key.start), path)
            elif path:
                keys.setdefault(starts(node.start), path)
        return keys, maps

    def key_at(self, mark: Mark) -> Path | None:
        """The path of the entry that was written at a mark."""
        return self._paths[0].get(mark[1:3])

    def map_at(self, mark: Mark) -> Path | None:
        """The path of the mapping that starts at a mark."""
        return self._paths[1].get(mark[1:3])


class Places:
    """Finds places; reads each file once."""

    def __init__(self, read: Reader) -> None:
        self._read = read
        self._sources: dict[str, Source] = {}

    def source(self, file: str) -> Source:
        """A file of the inventory."""
        if file not in self._sources:
            self._sources[file] = Source(file, self._read(file))
        return self._sources[file]

    def own(self, resource: Resource, parent: Resource | None) -> Place | None:
        """Where an object's own fields stand. A setting that a site has from its defaults or profiles has no place yet:
        it is the key `setting` of that site."""
        mark = resource.source
        if mark is None:
            return None
        if is_template(mark.file) or mark.cell:
            return _generated(mark)
        if mark.file == PROJECT_FILE and parent is not None:
            above = self.own(parent, None)
            if above is None or above.owner is not Owner.OBJECT:
                return above
            return Place(owner=Owner.OBJECT, file=above.file, path=(*above.path, resource.kind), line=above.line)
        path = self.source(mark.file).map_at(mark)
        return None if path is None else Place(owner=Owner.OBJECT, file=mark.file, path=path, line=mark.line)

    def of(self, resource: Resource, steps: Path, own: Place) -> Place | None:
        """Where the value at `steps` of a resource's body was written."""
        container: Any = resource.body
        for step in steps[:-1]:
            container = container[step]
        mark = container.marks.get(steps[-1])
        if mark is None:
            return None
        if is_template(mark[0]) or len(mark) > 3:
            return _generated(SourceRange(*mark))
        path = self.source(mark[0]).key_at(mark)
        if path is None:
            return None
        mine = mark[0] == own.file and own.owner is Owner.OBJECT and path[: len(own.path)] == own.path
        if mine:
            return Place(owner=Owner.OBJECT, file=mark[0], path=path, line=mark[1])
        return Place(owner=Owner.SHARED, file=mark[0], path=path, line=mark[1], what=_what(mark[0], path))


def _generated(mark: SourceRange) -> Place:
    """The line of a template, or, of an object that is a row, the row."""
    by = mark if is_template(mark.file) or mark.cell is None else mark.cell
    return Place(owner=Owner.GENERATED, file=by.file, line=by.line, cell=mark.cell)


def is_template(file: str) -> bool:
    """Whether a file makes objects instead of holding them."""
    return file.endswith(".j2")


def _what(file: str, path: Path) -> str:
    if file == PROJECT_FILE and path[0] == "defaults":
        return f"the defaults for {path[1]}"
    if file == PROJECT_FILE and path[0] == "profiles" and len(path) > 2:
        return f"the profile {path[2]!r} for {path[1]}"
    if path[0] == "acl_tags":
        return "a shared ACL tag"
    return "a value that several objects share"


def _walk(node: Node, path: Path, key: Node | None = None) -> Iterator[tuple[Path, Node, Node | None]]:
    yield path, node, key
    for name, value in node.entries:
        yield from _walk(value, (*path, name.value), name)
    for index, element in enumerate(node.elements):
        yield from _walk(element, (*path, index))


def _line_numbers(text: str) -> Callable[[int], tuple[int, int]]:
    """From an offset to line and column, both from 1."""
    starts = [0]
    for at, char in enumerate(text):
        if char == "\n" or (char == "\r" and not text.startswith("\n", at + 1)):
            starts.append(at + 1)

    def place(at: int) -> tuple[int, int]:
        line = bisect_right(starts, at)
        return line, at - starts[line - 1] + 1

    return place
