"""What the kinds' rules share: careful access to bodies, field paths as patterns, and conditions as data.

A rule gets any tree that YAML can hold, also one that the models refuse: these helpers never raise on it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache
from typing import Any, Generic, TypeVar

from msgspec import Struct

from reconciler.kinds.kind import Violation
from reconciler.kinds.shared.rules import violation
from reconciler.model.values import Path

Body = Mapping[str, Any]
Values = tuple[Any, ...]
_NO_MAPS = (str, list, int, float)


def as_map(value: Any) -> Body:
    """The value when it is a mapping, else an empty one. A live body is one, and no `dict`."""
    if isinstance(value, dict):
        return value
    # Asked very often, and about scalars most of all: those are told fastest.
    if value is None or isinstance(value, _NO_MAPS) or not isinstance(value, Mapping):
        return {}
    return value


def as_list(value: Any) -> Sequence[Any]:
    """The value when it is a list, else an empty one."""
    return value if isinstance(value, list) else ()


def texts(value: Any) -> list[tuple[int, str]]:
    """The texts of a list with their positions, without those that hold a site variable."""
    return [(index, item) for index, item in enumerate(as_list(value)) if is_literal(item)]


def is_literal(value: Any) -> bool:
    """Whether this is a text that names something itself: not empty, without a site variable."""
    return isinstance(value, str) and value != "" and "{{" not in value


def is_partial(value: Any) -> bool:
    """Whether a list declares only some of its elements (`!merge`): what is not in it says nothing."""
    return bool(getattr(value, "merge", False))


def given(value: Any) -> bool:
    """Whether a field says anything: `null`, empty texts, lists and maps don't."""
    return value is not None and not (isinstance(value, str | list | dict) and not value)


def one_of(value: Any, allowed: Iterable[Any]) -> bool:
    """Membership that tells `1` from `true` and works for lists and maps too."""
    for item in allowed:  # noqa: SIM110 - asked very often, and a generator costs more than the answer
        if type(value) is type(item) and value == item:
            return True
    return False


@lru_cache(maxsize=4096)
def split(dotted: str) -> tuple[str, ...]:
    """A dotted path as steps."""
    return tuple(dotted.split(".")) if dotted else ()


def get(body: Body, dotted: str) -> Any:
    """The value at a dotted path, None where any step is missing."""
    if "." not in dotted:
        return body.get(dotted) if dotted else body
    value: Any = body
    for step in split(dotted):
        value = as_map(value).get(step)
    return value


def each(value: Any, pattern: Sequence[str | int], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that a pattern reaches, with its path. Steps are keys, `*` (each value of a map), `[]` (each
    element of a list) and `{}` (each key of a map, as the value; last step only)."""
    if not pattern:
        yield path, value
        return
    step, rest = pattern[0], pattern[1:]
    if step == "*":
        below: Iterable[tuple[str | int, Any]] = as_map(value).items()
    elif step == "[]":
        below = enumerate(as_list(value))
    elif step == "{}":
        yield from (((*path, key), key) for key in as_map(value))
        return
    else:
        found = as_map(value)
        below = [(step, found[step])] if isinstance(step, str) and step in found else ()
    for key, item in below:
        yield from each(item, rest, (*path, key))


def path_text(path: Path) -> str:
    """A path as people write it: `acl_policies[2].actions[0].dst_tag`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def any_of(names: Iterable[str]) -> str:
    """Names as a sentence holds them: `a, b or c`, at most twelve of them."""
    listed = [f"`{name}`" for name in names]
    if len(listed) > 12:
        listed = [*listed[:11], f"{len(listed) - 11} more"]
    return " or ".join(filter(None, [", ".join(listed[:-1]), *listed[-1:]]))


@lru_cache(maxsize=4096)
def closest(word: str, names: frozenset[str]) -> str | None:
    """The name that was probably meant: equal but for case, blanks and separators, else the most similar one."""
    by_form = {_form(name): name for name in sorted(names)}
    if _form(word) in by_form:
        return by_form[_form(word)]
    near = [name for name in names if abs(len(name) - len(word)) <= 4]
    found = get_close_matches(word, sorted(near), n=3, cutoff=0.65)
    return next((name for name in found if _stems_alike(word, name)), None)


def _stems_alike(word: str, name: str) -> bool:
    """Whether two names are alike in what tells them apart: `stp_config` and `snmp_config` share only an ending."""
    (stem, _, end), (other, _, other_end) = word.rpartition("_"), name.rpartition("_")
    if not stem or not other or end != other_end:
        return True
    return SequenceMatcher(None, stem, other).ratio() >= 0.65


def _form(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign not in "-_ .")


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """` Did you mean ...?` with a leading blank, or nothing."""
    near = closest(word, frozenset(names))
    return f" Did you mean `{near}`?" if near is not None and near != word else ""


class Hints:
    """`did_you_mean` for the first hundred unknown names of a run: a file that is missing makes thousands unknown, and
    to look for each of them among thousands of others would take minutes."""

    def __init__(self, limit: int = 100) -> None:
        self._left = limit
        self._given: dict[tuple[str, frozenset[str]], str | None] = {}

    def about(self, word: str, names: frozenset[str]) -> str:
        """` Did you mean ...?` with a leading blank, or nothing."""
        near = self.nearest(word, names)
        return f" Did you mean `{near}`?" if near is not None and near != word else ""

    def nearest(self, word: str, names: frozenset[str]) -> str | None:
        """The name that was probably meant; None for none, and after the first hundred."""
        question = (word, names)
        if question not in self._given and self._left:
            self._left -= 1
            self._given[question] = closest(word, names)
        return self._given.get(question)


class When(Struct, frozen=True, kw_only=True):
    """A condition on one object: `field` (dotted below the object) has one of `values`; with `other`, it has a
    value that is none of them. `default` is what an absent field counts as; without one the condition is not met.
    `said` are the words for it, where the values don't say it."""

    field: str
    values: Values
    other: bool = False
    default: Any = None
    said: str = ""

    def met(self, item: Body) -> bool:
        """Whether an object meets it; a value with a site variable meets nothing."""
        value = get(item, self.field)
        value = self.default if value is None else value
        if value is None or (isinstance(value, str) and "{{" in value):
            return False
        return one_of(value, self.values) is not self.other

    def __str__(self) -> str:
        if self.said:
            return self.said
        values = any_of(_yaml(value) for value in self.values)
        return f"`{self.field}` is {'not ' if self.other else ''}{values}"


def _yaml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class Needs(Struct, frozen=True, kw_only=True):
    """One line of a table: in the objects at `at` (a pattern of steps joined by dots), `when` requires each of
    `fields`. `instead` are fields of the object of which any one will do as well. `warning` lowers the rule."""

    rule: str
    when: When
    fields: tuple[str, ...]
    at: str = ""
    instead: tuple[str, ...] = ()
    warning: bool = False

    @property
    def triggers(self) -> tuple[str, ...]:
        """Fields of which an object must have one for the line to say anything about it; none: it always may."""
        return () if self.when.default is not None else (self.when.field,)


class Ignored(Struct, frozen=True, kw_only=True):
    """One line of a table: in the objects at `at`, `when` makes each of `fields` useless. `warning` lowers the rule."""

    rule: str
    when: When
    fields: tuple[str, ...]
    at: str = ""
    warning: bool = False

    @property
    def triggers(self) -> tuple[str, ...]:
        """Fields of which an object must have one for the line to say anything about it."""
        return self.fields


Line = TypeVar("Line", bound=Needs | Ignored)


class Table(Generic[Line]):
    """Lines, indexed: an object has few of the fields that a table knows, and only their lines are looked at."""

    def __init__(self, *lines: Line) -> None:
        self._lines: tuple[Line, ...] = lines
        self._always: dict[Path, list[int]] = {}
        self._by_root: dict[Path, dict[str, list[int]]] = {}
        for number, line in enumerate(lines):
            at, roots = split(line.at), [split(field)[0] for field in line.triggers]
            always, by_root = self._always.setdefault(at, []), self._by_root.setdefault(at, {})
            for numbers in [by_root.setdefault(root, []) for root in roots] or [always]:
                numbers.append(number)

    def __len__(self) -> int:
        return len(self._lines)

    def candidates(self, body: Body) -> Iterator[tuple[Line, Path, Body]]:
        """The lines that may say something, each with an object of the body and its path."""
        for at, by_root in self._by_root.items():
            if at and at[0] not in body:
                continue
            objects: Iterable[tuple[Path, Any]] = each(body, at) if at else (((), body),)
            for path, item in objects:
                found = as_map(item)
                numbers = self._always[at]
                if not by_root.keys().isdisjoint(found):
                    named = [number for root in found for number in by_root.get(root, ())]
                    numbers = sorted({*numbers, *named})
                for number in numbers:
                    yield self._lines[number], path, found


def check_needs(body: Body, table: Table[Needs]) -> Iterator[Violation]:
    """A finding for every field that a condition requires and the object lacks."""
    for line, path, item in table.candidates(body):
        if not line.when.met(item) or any(given(get(item, name)) for name in line.instead):
            continue
        for name in line.fields:
            if not given(get(item, name)):
                where = path_text((*path, *split(name)))
                choice = f" (or {any_of(line.instead)})" if line.instead else ""
                lacks = "is empty, but required" if name in item else "is required"
                detail = f"`{where}` {lacks} when {line.when}. {'Fill it' if name in item else 'Add it'}{choice}."
                yield violation(line.rule, detail, path, warning=line.warning)


def check_ignored(body: Body, table: Table[Ignored]) -> Iterator[Violation]:
    """A finding for every field that is declared although a condition makes it useless."""
    for line, path, item in table.candidates(body):
        if not line.when.met(item):
            continue
        for name in line.fields:
            if given(get(item, name)) and get(item, name) is not False:
                where = (*path, *split(name))
                detail = f"`{path_text(where)}` does nothing when {line.when}. Remove it, or change that."
                yield violation(line.rule, detail, where, warning=line.warning)


def duplicates(names: Iterable[tuple[Path, Any]]) -> Iterator[tuple[Path, Path, str]]:
    """Texts that occur twice: (path of the later one, path of the first, the text)."""
    seen: dict[str, Path] = {}
    for path, name in names:
        if isinstance(name, str):
            if name in seen:
                yield path, seen[name], name
            seen.setdefault(name, path)
