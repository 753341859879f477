"""The outline of a model: what its fields are and which values fit, as data, so that the model need not be imported.

In: the dotted name of a model's class. Out: its `Outline`, from the file beside the class's module that
`tools/make_outlines.py` wrote.
To import pydantic and to build the models of four kinds takes longer than all else that a small plan does. Where
nothing is wrong with a body, its outline says so; what it does not accept is looked at with the model, which has the
words. An outline accepts nothing that its model refuses, and one that was not made from the sources that are here is
not used.
"""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from hashlib import blake2b
from pathlib import Path as FilePath
from typing import Any

import msgspec
from msgspec import Raw, Struct, field

from reconciler.kinds.shared.texts import CHECKS
from reconciler.model.shape import Shape
from reconciler.model.values import Path, SecretRef

KINDS = FilePath(__file__).parent
PACKAGE = f"{__package__}."
Fits = Callable[[Any], bool]


class Document(Struct, frozen=True, omit_defaults=True):
    """A file. `sources` are the modules that the model is made of, as paths below `reconciler/`, and
    `digest` is that of their texts; `shapes` and `roots` are per root field, `shared` are parts that several have."""

    digest: str
    sources: tuple[str, ...]
    required: frozenset[str]
    shapes: dict[str, Raw]
    roots: dict[str, Raw]
    shared: dict[str, Raw] = field(default_factory=dict)


class _Shapes(Mapping[str, Shape]):
    """The shapes of the root fields, each made when it is asked for."""

    def __init__(self, texts: Mapping[str, Raw]) -> None:
        self._texts = texts
        self._made: dict[str, Shape] = {}

    def __getitem__(self, name: str) -> Shape:
        if name not in self._made:
            self._made[name] = _shape(self._texts[name])
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


class Outline:
    """What a model's fields are and which values fit."""

    def __init__(self, document: Document) -> None:
        self.shape = Shape(fields=_Shapes(document.shapes))
        self._document = document
        self._roots: dict[str, Fits] = {}
        self._places: dict[Path, Fits] = {}
        self._shared: dict[tuple[str, bool], Fits] = {}

    def fits(self, body: Mapping[str, Any]) -> bool:
        """Whether the model accepts a body for sure. A secret that was not looked up counts as accepted: what is wrong
        with it is told elsewhere."""
        if not self._document.required <= body.keys():
            return False
        for name, value in body.items():
            check = self._roots.get(name) or self._root(name)
            if not check(value) and not isinstance(value, SecretRef):
                return False
        return True

    def fits_at(self, path: Path, value: Any) -> bool:
        """The same for one value at a path of a body."""
        if path not in self._places:
            root, *rest = path
            node = self._node(self._document.roots.get(str(root)))
            for step in rest:
                node = self._below(node, step)
            self._places[path] = self._compiled(node, loose=False)
        return self._places[path](value)

    def _root(self, name: str) -> Fits:
        self._roots[name] = self._compiled(self._node(self._document.roots.get(name)), loose=True)
        return self._roots[name]

    def _node(self, text: Raw | None) -> Any:
        return ["never"] if text is None else msgspec.json.decode(text)

    def _below(self, node: Any, step: str | int) -> Any:
        """The node that a step leads to, where there is just one."""
        word, *parts = node
        if word == "null":
            return self._below(parts[0], step)
        if word == "shared":
            return self._below(self._node(self._document.shared[parts[0]]), step)
        if word == "object" and step in parts[0]:
            return parts[0][step]
        if (word == "list" and isinstance(step, int)) or word == "map":
            return parts[-1]
        return ["never"]

    def _compiled(self, node: Any, *, loose: bool) -> Fits:
        """The check of a node. `loose`: a secret that was not looked up fits in it; not below what has one message for
        all that is in it."""
        word, *parts = node
        spared = SecretRef if loose else _Nothing
        if word == "shared":
            return self._of_shared(parts[0], loose=loose)
        if word == "null":
            return _null(self._compiled(parts[0], loose=loose))
        if word == "told":
            return self._compiled(parts[0], loose=False)
        if word == "either":
            return _either(tuple(self._compiled(part, loose=False) for part in parts))
        if word == "list":
            return _list(self._compiled(parts[0], loose=loose), spared)
        if word == "map":
            keys, values = parts
            return _map(self._compiled(keys, loose=False), self._compiled(values, loose=loose), spared)
        if word == "object":
            return self._object(*parts, loose=loose)
        if word == "call":
            name, options, part = parts
            return _call(
                partial(CHECKS[name], **options) if options else CHECKS[name], self._compiled(part, loose=False)
            )
        return _SINGLE[word](*parts)

    def _object(self, fields: Mapping[str, Any], required: list[str], keys: Any, values: Any, *, loose: bool) -> Fits:
        """The check of an object, of which each field's is made when the first object has it."""
        known: dict[str, Fits] = {}
        needed, spared = frozenset(required), SecretRef if loose else _Nothing
        key_fits = self._compiled(keys, loose=False) if keys else None
        value_fits = self._compiled(values, loose=loose) if keys else None

        def check_of(key: Any) -> Fits | None:
            if key in fields:
                known[key] = self._compiled(fields[key], loose=loose)
                return known[key]
            return value_fits if key_fits is not None and key_fits(key) else None

        def fits(value: Any) -> bool:
            if not isinstance(value, dict) or not needed <= value.keys():
                return False
            for key, item in value.items():
                check = known.get(key) or check_of(key)
                if check is None or not (check(item) or isinstance(item, spared)):
                    return False
            return True

        return fits

    def _of_shared(self, name: str, *, loose: bool) -> Fits:
        """The check of a shared part, which may be a part of itself."""
        if (name, loose) not in self._shared:
            made: list[Fits] = []
            self._shared[name, loose] = lambda value: made[0](value)
            made.append(self._compiled(self._node(self._document.shared[name]), loose=loose))
        return self._shared[name, loose]


@cache
def outline_of(fields: str, folder: FilePath = KINDS) -> Outline | None:
    """The outline of the class with this dotted name; None where there is none that is made from the sources here."""
    try:
        document = msgspec.json.decode((folder / file_of(fields)).read_bytes(), type=Document)
        return Outline(document) if digest_of(document.sources) == document.digest else None
    except (OSError, msgspec.MsgspecError):
        return None


def file_of(fields: str) -> FilePath:
    """Where the outline of the class with this dotted name is, below `kinds/`: beside its module."""
    *folders, module, _ = fields.removeprefix(PACKAGE).split(".")
    return FilePath(*folders, f"{module}.outline.json")


def digest_of(sources: tuple[str, ...]) -> str:
    """The digest of modules' texts, whatever their line ends. Raises `OSError` where one is not there."""
    found = blake2b(digest_size=16)
    for name in sources:
        found.update((KINDS.parent / name).read_bytes().replace(b"\r\n", b"\n"))
    return found.hexdigest()


def _shape(text: Raw) -> Shape:
    return msgspec.json.decode(text, type=Shape, dec_hook=lambda _type, name: TYPES[name])


TYPES: Mapping[str, type] = {item.__name__: item for item in (bool, int, float)}
"""The types that a shape may name."""


class _Nothing:
    """Is never there: what is spared where no secret is."""


def _null(check: Fits) -> Fits:
    return lambda value: value is None or check(value)


def _either(checks: tuple[Fits, ...]) -> Fits:
    return lambda value: any(check(value) for check in checks)


def _list(check: Fits, spared: type) -> Fits:
    def fits(value: Any) -> bool:
        return isinstance(value, list) and all(check(item) or isinstance(item, spared) for item in value)

    return fits


def _map(keys: Fits, values: Fits, spared: type) -> Fits:
    def fits(value: Any) -> bool:
        return isinstance(value, dict) and all(
            keys(key) and (values(item) or isinstance(item, spared)) for key, item in value.items()
        )

    return fits


def _call(check: Callable[[str], bool], first: Fits) -> Fits:
    return lambda value: first(value) and check(value)


def _any() -> Fits:
    return lambda _value: True


def _never() -> Fits:
    return lambda _value: False


def _bool() -> Fits:
    return lambda value: value is True or value is False


def _int(low: int | None, high: int | None) -> Fits:
    return lambda value: type(value) is int and _within(value, low, high)


def _float(low: float | None, high: float | None) -> Fits:
    return lambda value: type(value) in (int, float) and _within(value, low, high)


def _within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def _str(pattern: str | None, shortest: int | None, longest: int | None) -> Fits:
    """A text; where there is a pattern only what is ASCII, in which all engines mean the same by `\\w`."""
    search = None if pattern is None else re.compile(pattern, re.ASCII).search
    least, most = shortest or 0, sys.maxsize if longest is None else longest

    def fits(value: Any) -> bool:
        if type(value) is not str or not least <= len(value) <= most:
            return False
        return search is None or (value.isascii() and search(value) is not None)

    return fits


def _text() -> Fits:
    return lambda value: type(value) is str


def _one(*values: Any) -> Fits:
    known = frozenset((type(value), value) for value in values)
    return lambda value: isinstance(value, str | int) and (type(value), value) in known


_SINGLE: Mapping[str, Callable[..., Fits]] = {
    "any": _any,
    "never": _never,
    "bool": _bool,
    "int": _int,
    "float": _float,
    "str": _str,
    "text": _text,
    "one": _one,
}
"""The words for single values."""
