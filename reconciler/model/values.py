"""Values of an inventory: mappings and lists that know where they were written, and secrets that don't print.

A mark is a plain tuple `(file, line, column)`, counted from 1; `SourceRange(*mark)` makes it readable.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.diagnostics import SourceRange

Mark = tuple[str, int, int]
Path = tuple[str | int, ...]


class YamlMap(dict[str, Any]):
    """A mapping of the inventory. `marks[key]` is where the key's entry was written, `mark` where it starts."""

    __slots__ = ("mark", "marks")

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


class YamlList(list[Any]):
    """A list of the inventory. `marks[i]` is where element i was written; `merge` when tagged `!merge`:
    only the listed elements of a keyed list are declared."""

    __slots__ = ("mark", "marks", "merge")

    def __init__(
        self,
        items: Iterable[Any] = (),
        *,
        marks: list[Mark] | None = None,
        mark: Mark | None = None,
        merge: bool = False,
    ) -> None:
        if items:
            super().__init__(items)
        self.marks: list[Mark] = [] if marks is None else marks
        self.mark = mark
        self.merge = merge


def copied(value: Any) -> Any:
    """A shallow copy of a mapping or list, with what an inventory's knows of its elements."""
    if isinstance(value, YamlMap):
        return YamlMap(value, marks=value.marks, mark=value.mark)
    if isinstance(value, YamlList):
        return YamlList(value, marks=value.marks, mark=value.mark, merge=value.merge)
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


class Secret:
    """A secret's value, which shows itself to nobody who does not ask with `reveal()`.

    Deliberately no `str`: formatting, `repr`, JSON and logs can't hold its value. `origin` says where it came
    from (`env:NAME`, `file:PATH`, `cmd:...`, `plain` in the inventory, `live` from the cloud).
    """

    __slots__ = ("_value", "origin")

    def __init__(self, value: str, *, origin: str) -> None:
        self._value = value
        self.origin = origin

    def reveal(self) -> str:
        """The value; called just before a request is sent, and to compare."""
        return self._value

    @property
    def masked(self) -> bool:
        """Whether the cloud showed asterisks instead of the value: unknown, never compared, never sent."""
        return bool(self._value) and set(self._value) == {"*"}

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
