"""Values into what a template made: its pieces in, a document of marked values out.

The template's own text is parsed with a placeholder for each value; then the values take the places of their
placeholders in the parsed tree. No value is ever parsed. Most rows make the same text, which is parsed once.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic
from reconciler.model.values import Mark, SecretRef, YamlList, YamlMap
from reconciler.stages.compose.pieces import Literal, Piece
from reconciler.yamltext.events import Parsed, parse

_OPEN, _CLOSE, _OPEN_QUOTED = "\ue100", "\ue101", "\ue102"
_PLACEHOLDER = re.compile(f"[{_OPEN}{_OPEN_QUOTED}]([0-9]+){_CLOSE}")
_LINE_BREAK = re.compile("[\n\x85\u2028\u2029]")
_QUOTES = ("'", '"')


class Hole(Struct, frozen=True):
    """The place of one value: which insert, whether in quotes, and whether it is a site variable's."""

    index: int
    quoted: bool
    variable: bool
    mark: Mark


class Pasted(Struct, frozen=True):
    """A text with values in it: its own parts, and the numbers of the inserts between them."""

    parts: Sequence[str | int]
    mark: Mark

    @property
    def indexes(self) -> list[int]:
        """The inserts of the text."""
        return [part for part in self.parts if isinstance(part, int)]


class SecretName(Struct, frozen=True):
    """A reference to a secret with values in its name."""

    scheme: str
    name: Pasted


class MapOf(Struct, frozen=True):
    """A mapping with values below it. `entries` are those of its keys that change from row to row; where a key itself
    does, `computed` has the text of each such key."""

    base: YamlMap
    entries: Sequence[tuple[str, "Recipe | None"]]
    computed: dict[str, Pasted]


class ListOf(Struct, frozen=True):
    """A list with values below it."""

    base: YamlList
    items: Sequence[tuple[int, "Recipe"]]


Recipe = Hole | Pasted | SecretName | MapOf | ListOf


class Form(Struct, frozen=True):
    """What one text of a template comes to: its value with placeholders, and how to fill them (None: nothing is to be
    filled). `diagnostics` have their places in the template; `lines` are the texts of their lines."""

    value: Any
    recipe: Recipe | None
    has_secrets: bool
    diagnostics: Sequence[tuple[Diagnostic, Sequence[str | int]]]


def key_of(pieces: Sequence[Piece]) -> tuple[int, ...]:
    """The same for two renderings of a template that make the same text at the same places."""
    key: list[int] = []
    for item in pieces:
        if isinstance(item, Literal):
            key.append(item.offset)
            key.append(len(item.text))
        else:
            key.append(-2 - item.offset)
    return tuple(key)


def form_of(pieces: Sequence[Piece], file: str, place: Callable[[int], tuple[int, int]]) -> Form:
    """Parses the text of some pieces. `place` leads from offsets of the template to lines and columns."""
    text, starts = _assembled(pieces)
    parsed = parse(text.encode("utf-8", "replace"), file)
    line_starts = [0, *(found.end() for found in _LINE_BREAK.finditer(text))]

    def moved(mark: Mark) -> Mark:
        at = line_starts[min(mark[1], len(line_starts)) - 1] + mark[2] - 1
        index = max(bisect_right(starts, at) - 1, 0)
        piece = pieces[index] if pieces else Literal(0, "")
        offset = piece.offset + (at - starts[index] if isinstance(piece, Literal) else 0)
        return (file, *place(max(offset, 0)))

    value = parsed.value
    _move_marks(value, moved)
    recipe = _Recipes().of(value, (file, 1, 1), variable=False)
    return Form(value, recipe, parsed.has_secrets, _moved_findings(parsed, text, moved))


def _assembled(pieces: Sequence[Piece]) -> tuple[str, list[int]]:
    """The text with placeholders, and where each piece begins in it."""
    parts: list[str] = []
    starts: list[int] = []
    size, inserts = 0, 0
    for position, item in enumerate(pieces):
        starts.append(size)
        if isinstance(item, Literal):
            parts.append(item.text)
        else:
            before, after = pieces[position - 1 : position], pieces[position + 1 : position + 2]
            quoted = _text(before)[-1:] in _QUOTES and _text(before)[-1:] == _text(after)[:1]
            parts.append(f"{_OPEN_QUOTED if quoted else _OPEN}{inserts}{_CLOSE}")
            inserts += 1
        size += len(parts[-1])
    return "".join(parts), starts


def _text(pieces: Sequence[Piece]) -> str:
    return pieces[0].text if pieces and isinstance(pieces[0], Literal) else ""


def _moved_findings(
    parsed: Parsed, text: str, moved: Callable[[Mark], Mark]
) -> list[tuple[Diagnostic, Sequence[str | int]]]:
    found: list[tuple[Diagnostic, Sequence[str | int]]] = []
    for item in parsed.diagnostics:
        place = moved(item.source) if item.source else None
        line = text.split("\n")[item.source.line - 1 : item.source.line] if item.source else []
        shown = _parts(line[0].strip()) if line and item.rule == "yaml-syntax" else ()
        detail = _PLACEHOLDER.sub("${ }", item.detail)
        source = item.source._replace(line=place[1], column=place[2]) if item.source and place else None
        found.append((replace(item, detail=detail, source=source), shown))
    return found


def _parts(text: str) -> list[str | int]:
    """A text as its own parts and the numbers of the values in it."""
    parts: list[str | int] = []
    at = 0
    for found in _PLACEHOLDER.finditer(text):
        if found.start() > at:
            parts.append(text[at : found.start()])
        parts.append(int(found[1]))
        at = found.end()
    if at < len(text):
        parts.append(text[at:])
    return parts


class _Recipes:
    """Finds the placeholders in one parsed tree, in which aliases may show one value at several places."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, bool], Recipe | None] = {}

    def of(self, value: Any, mark: Mark, *, variable: bool) -> Recipe | None:
        """How to fill a value; None when nothing in it is to be filled."""
        if isinstance(value, str):
            if _CLOSE not in value:
                return None
            found = _PLACEHOLDER.fullmatch(value)
            if found:
                return Hole(int(found[1]), value[0] == _OPEN_QUOTED, variable, mark)
            return Pasted(_parts(value), mark)
        if isinstance(value, SecretRef):
            name = Pasted(_parts(value.target), value.mark)
            return SecretName(value.scheme, name) if _CLOSE in value.target else None
        if not isinstance(value, YamlMap | YamlList):
            return None
        known = (id(value), variable)
        if known not in self._known:
            self._known[known] = self._map(value, variable) if isinstance(value, YamlMap) else self._list(value)
        return self._known[known]

    def _map(self, value: YamlMap, variable: bool) -> MapOf | None:
        entries: list[tuple[str, Recipe | None]] = []
        computed: dict[str, Pasted] = {}
        for key, item in value.items():
            recipe = self.of(item, value.marks[key], variable=variable or key == "vars")
            if _CLOSE in key:
                computed[key] = Pasted(_parts(key), value.marks[key])
            if recipe or key in computed:
                entries.append((key, recipe))
        return MapOf(value, entries, computed) if entries else None

    def _list(self, value: YamlList) -> ListOf | None:
        items = []
        for index, item in enumerate(value):
            recipe = self.of(item, value.marks[index], variable=False)
            if recipe:
                items.append((index, recipe))
        return ListOf(value, items) if items else None


def _move_marks(root: Any, moved: Callable[[Mark], Mark]) -> None:
    """Makes every mark at and below `root` point to the template instead of the parsed text."""
    waiting: list[Any] = [root]
    seen: set[int] = set()
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, SecretRef):
            value.mark = moved(value.mark)
        elif isinstance(value, YamlMap):
            value.mark = moved(value.mark) if value.mark else None
            value.marks = {key: moved(mark) for key, mark in value.marks.items()}
            waiting += value.values()
        elif isinstance(value, YamlList):
            value.mark = moved(value.mark) if value.mark else None
            value.marks = [moved(mark) for mark in value.marks]
            waiting += value
