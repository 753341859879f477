"""The outline of a model: what its fields are and which values fit, as data, so that the model need not be imported.

In: the dotted name of a model's class. Out: its `Outline`, from `outlines/`, where `tools/make_outlines.py` wrote it.
To import pydantic and to build the models of four kinds takes longer than all else that a small plan does. Where
nothing is wrong with a body, its outline says so; what it does not accept is looked at with the model, which has the
words. An outline accepts nothing that its model refuses, and one that was not made from the sources that are here is
not used.
"""

import re
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
FOLDER = KINDS / "outlines"
Fits = Callable[[Any], bool]


class Document(Struct, frozen=True, omit_defaults=True):
    """A file of `outlines/`. `sources` are the modules that the model is made of, as paths below `reconciler/`, and
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
        self._shared: dict[tuple[str, bool], Fits] = {}

    def fits(self, body: Mapping[str, Any]) -> bool:
        """Whether the model accepts a body for sure. A secret that was not looked up counts as accepted: what is wrong
        with it is told elsewhere."""
        return self._document.required <= body.keys() and all(self._root(name)(body[name]) for name in body)

    def fits_at(self, path: Path, value: Any) -> bool:
        """The same for one value at a path of a body."""
        root, *rest = path
        node = self._node(self._document.roots.get(str(root)))
        for step in rest:
            node = self._below(node, step)
        return self._compiled(node, loose=False)(value)

    def _root(self, name: str) -> Fits:
        if name not in self._roots:
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
        """The check of a node. `loose`: a secret that was not looked up fits; not below what has one message for all
        that is in it."""
        word, *parts = node
        if word == "shared":
            check = self._of_shared(parts[0], loose=loose)
        elif word == "null":
            check = partial(_null, self._compiled(parts[0], loose=loose))
        elif word == "told":
            check = self._compiled(parts[0], loose=False)
        elif word == "either":
            check = partial(_either, tuple(self._compiled(part, loose=False) for part in parts))
        elif word == "list":
            check = partial(_list, self._compiled(parts[0], loose=loose))
        elif word == "map":
            keys, values = parts
            check = partial(_map, self._compiled(keys, loose=False), self._compiled(values, loose=loose))
        elif word == "object":
            fields, required, keys, values = parts
            known = {name: self._compiled(part, loose=loose) for name, part in fields.items()}
            others = keys and (self._compiled(keys, loose=False), self._compiled(values, loose=loose))
            check = partial(_object, known, frozenset(required), others)
        elif word == "call":
            name, options, part = parts
            check = partial(_call, partial(CHECKS[name], **options), self._compiled(part, loose=False))
        else:
            check = _SINGLE[word](*parts)
        return partial(_secret_or, check) if loose else check

    def _of_shared(self, name: str, *, loose: bool) -> Fits:
        """The check of a shared part, which may be a part of itself."""
        if (name, loose) not in self._shared:
            made: list[Fits] = []
            self._shared[name, loose] = lambda value: made[0](value)
            made.append(self._compiled(self._node(self._document.shared[name]), loose=loose))
        return self._shared[name, loose]


@cache
def outline_of(fields: str, folder: FilePath = FOLDER) -> Outline | None:
    """The outline of the class with this dotted name; None where there is none that is made from the sources here."""
    try:
        document = msgspec.json.decode((folder / f"{fields.removeprefix(PACKAGE)}.json").read_bytes(), type=Document)
        return Outline(document) if digest_of(document.sources) == document.digest else None
    except (OSError, msgspec.MsgspecError):
        return None


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


def _secret_or(check: Fits, value: Any) -> bool:
    return check(value) or isinstance(value, SecretRef)


def _null(check: Fits, value: Any) -> bool:
    return value is None or check(value)


def _either(checks: tuple[Fits, ...], value: Any) -> bool:
    return any(check(value) for check in checks)


def _list(check: Fits, value: Any) -> bool:
    return isinstance(value, list) and all(map(check, value))


def _map(keys: Fits, values: Fits, value: Any) -> bool:
    return isinstance(value, dict) and all(map(keys, value)) and all(map(values, value.values()))


def _object(known: Mapping[str, Fits], required: frozenset[str], others: tuple[Fits, Fits] | None, value: Any) -> bool:
    if not isinstance(value, dict) or not required <= value.keys():
        return False
    for key, item in value.items():
        check = known.get(key)
        if check is None:
            if others is None or not others[0](key):
                return False
            check = others[1]
        if not check(item):
            return False
    return True


def _call(check: Callable[[str], bool], first: Fits, value: Any) -> bool:
    return first(value) and check(value)


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

    def check(value: Any) -> bool:
        return (
            type(value) is str
            and _within(len(value), shortest, longest)
            and (search is None or (value.isascii() and search(value) is not None))
        )

    return check


def _text() -> Fits:
    return lambda value: type(value) is str


def _one(*values: Any) -> Fits:
    known = frozenset((type(value), value) for value in values)
    return lambda value: type(value) in (str, int, bool) and (type(value), value) in known


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
