"""Values of an inventory: mappings and lists that know where they were written, and secrets that don't print.

A mark is a plain tuple `(file, line, column)`, counted from 1, and in an object that a template makes from a row its
`Cell` too; `SourceRange(*mark)` makes it readable.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from math import isfinite
from typing import Any
from urllib.parse import quote

from reconciler.diagnostics import Cell, SourceRange
from reconciler.model.hiding import SHOWN

Mark = tuple[str, int, int] | tuple[str, int, int, Cell | None]
Path = tuple[str | int, ...]


_YAML_NUMBER = re.compile(
    r"0o[0-7]{1,40}|0x[0-9a-fA-F]{1,40}|[-+]?(?:\.[0-9]{1,400}|[0-9]{1,300}(?:\.[0-9]{0,400})?)(?:[eE][-+]?[0-9]{1,3})?"
)
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


class Untyped(str):
    """A text of which the field that holds it says what it is: a cell of a table, or an unquoted number in other digits
    than its own (`47.1000`, `0020`, `1e3`). Where the field wants a number or a boolean, it is that; everywhere else it
    stays this text (a passphrase, a code)."""

    __slots__ = ()

    @property
    def number(self) -> int | float | None:
        """The number that it is in YAML, if it is one and finite."""
        text = str(self).lower()
        if not _YAML_NUMBER.fullmatch(self):
            return None
        if text.startswith(("0x", "0o")):
            return int(text, 0)
        number = float(text) if set(text) & set(".e") else int(text)
        return number if isfinite(number) else None

    def as_one_of(self, types: Collection[type]) -> str | int | float | bool:
        """What it is in a field that takes values of these types, and no text."""
        if bool in types and self in _BOOLEANS:
            return _BOOLEANS[self]
        number = self.number if int in types or float in types else None
        return str(self) if number is None else number


class YamlMap(dict[str, Any]):
    """A mapping of the inventory. `marks[key]` is where the key's entry was written, `mark` where it starts.
    `released` are keys whose null nobody wrote: the entry is no longer declared."""

    __slots__ = ("mark", "marks", "released")

    released: frozenset[str]

    def __init__(
        self,
        items: Mapping[str, Any] | None = None,
        *,
        marks: dict[str, Mark] | None = None,
        mark: Mark | None = None,
    ) -> None:
        if items:
            super().__init__(items)
        self.marks: dict[str, Mark] = {} if marks is None else marks
        self.mark = mark

    def releasing(self, items: Mapping[str, Any], released: frozenset[str]) -> "YamlMap":
        """The same mapping with other items, of which some are released, beside those that were."""
        result = YamlMap(items, marks=self.marks, mark=self.mark)
        result.released = released | getattr(self, "released", frozenset())
        return result


class YamlList(list[Any]):
    """A list of the inventory. `marks[i]` is where element i was written; `merge` when tagged `!merge`: only the
    listed elements are declared. `place` says where among the others: `first`, `last`, `before:NAME`, `after:NAME`.
    `gone` are elements that are no longer declared, and are taken out of the live list."""

    __slots__ = ("gone", "mark", "marks", "merge", "place")

    gone: tuple[Any, ...]

    def __init__(
        self,
        items: Iterable[Any] = (),
        *,
        marks: list[Mark] | None = None,
        mark: Mark | None = None,
        merge: bool = False,
        place: str = "",
    ) -> None:
        if items:
            super().__init__(items)
        self.marks: list[Mark] = [] if marks is None else marks
        self.mark = mark
        self.merge = merge
        self.place = place

    def of(self, items: Iterable[Any]) -> "YamlList":
        """A list of other elements that was written at the same place, in the same way."""
        return YamlList(items, marks=self.marks, mark=self.mark, merge=self.merge, place=self.place)

    def releasing(self, items: Iterable[Any], gone: Iterable[Any]) -> "YamlList":
        """The same list with other elements, and those that go, beside those that went."""
        result, before = self.of(items), getattr(self, "gone", ())
        result.gone = (*before, *(item for item in gone if item not in before))
        return result


PLACES = re.compile("first|last|before:.+|after:.+", re.DOTALL)
"""What may stand behind `!merge:`."""


def merge_tag(value: Any) -> str:
    """The tag of a list as it is written: `!merge`, `!merge:before:block%20all`, or nothing."""
    if not getattr(value, "merge", False):
        return ""
    place = getattr(value, "place", "")
    return f"!merge:{quote(place, safe=':/()@&=+$;?*')}" if place else "!merge"


def written_number(text: str) -> Untyped | None:
    """A text that YAML 1.2 takes for a number (infinity aside), None for every other one."""
    return Untyped(text) if _YAML_NUMBER.fullmatch(text) else None


def copied(value: Any) -> Any:
    """A shallow copy of a mapping or list, with what an inventory's knows of its elements."""
    if isinstance(value, YamlMap):
        return YamlMap(value, marks=value.marks, mark=value.mark)
    if isinstance(value, YamlList):
        result = value.of(value)
        if gone := getattr(value, "gone", ()):
            result.gone = gone
        return result
    return dict(value) if isinstance(value, dict) else list(value)


def layered(base: YamlMap, top: YamlMap) -> YamlMap:
    """A new mapping: `base` with `top` laid over it. Mappings merge deeply, everything else is replaced, lists and null
    too; marks follow the value that won."""
    result = YamlMap(base, marks=dict(base.marks), mark=top.mark)
    for key, value in top.items():
        below = result.get(key)
        result[key] = layered(below, value) if isinstance(value, YamlMap) and isinstance(below, YamlMap) else value
        if key in top.marks:
            result.marks[key] = top.marks[key]
    return result


MASK = re.compile(r"\*+")
LIVE_MASK = re.compile(r"\*+|[^*]{4}\*{4,}|[^*.]{4}\.{3}[^*.]{4}")


class Secret:
    """A secret's value, which shows itself to nobody who does not ask with `reveal()`.

    Deliberately no `str`: formatting, `repr`, JSON and logs can't hold its value. `origin` says where it came
    from (`env:NAME`, `file:PATH`, `cmd:...`, `plain` in the inventory, `live` from the cloud). `shown` is what a reader
    may see in its place: of a text that only holds a secret the rest, of a site variable all of it.
    """

    __slots__ = ("_value", "origin", "shown")

    def __init__(self, value: str, *, origin: str, shown: str = SHOWN) -> None:
        self._value = value
        self.origin = origin
        self.shown = shown

    def reveal(self) -> str:
        """The value; called just before a request is sent, and to compare."""
        return self._value

    @property
    def hidden(self) -> bool:
        """Whether nothing of it may be shown."""
        return self.shown == SHOWN

    @property
    def masked(self) -> bool:
        """Whether the cloud showed something instead of the value: unknown, never compared, never sent.

        Asterisks are a mask wherever they come from; the forms that keep a part of it (`abcd...wxyz`, `abcd********`)
        only in what the cloud answered, for a declared secret may look like that. Source: the vendor's page on an
        organisation's API, for keys of API tokens.
        """
        return bool((LIVE_MASK if self.origin == "live" else MASK).fullmatch(self._value))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "(secret)"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a secret can't be pickled or copied into a file")

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, _memo: dict[int, Any]) -> "Secret":
        return self


class SecretRef:
    """A `!secret SCHEME:TARGET` as loaded, before compose looks it up."""

    __slots__ = ("mark", "scheme", "target")

    def __init__(self, scheme: str, target: str, *, mark: Mark) -> None:
        self.scheme = scheme
        self.target = target
        self.mark = mark

    def __repr__(self) -> str:
        return f"!secret {self.scheme}:{self.target}"


class Keep:
    """A `!keep` as loaded: a field that is handed over. `compose` takes it out of the body, and notes its place."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "!keep"


KEEP = Keep()


def mark_of(container: Any, path: Path) -> SourceRange | None:
    """Where the value at `path` below `container` was written; the nearest enclosing place that is known."""
    best: Mark | None = getattr(container, "mark", None)
    for step in path:
        marks = getattr(container, "marks", None)
        try:
            found = marks[step] if marks else None
        except (KeyError, IndexError, TypeError):
            found = None
        best = found or best
        try:
            container = container[step]
        except (KeyError, IndexError, TypeError):
            break
    return SourceRange(*best) if best else None


def revealed(value: Any) -> Any:
    """A plain copy with every secret's value in place: for validation, and for the body of a request only."""
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, dict):
        return {key: revealed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [revealed(item) for item in value]
    return value
