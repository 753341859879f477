"""Compare the models with the vendor's OpenAPI document. In: the document. Out: the differences that nobody explained.

Every known difference stands with its reason in `known_differences.json`; an entry there that no longer explains
anything is told, too.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import astuple, replace

from reconciler.kinds import Kind, kinds
from reconciler.kinds.sources import Line, lines, lines_of
from reconciler.schema.normal import Lazy, Node, node


class Difference(Struct, frozen=True):
    """One difference. `what` is `missing` (the document has it), `extra` (the models have it), `type`, `enum`, a
    bound's name, or `stale` for a known difference that is none any more. `path` begins with the kind."""

    path: str
    what: str
    document: str
    models: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}: the document says {self.document}, the models say {self.models}"


class Known(Struct, frozen=True):
    """A reviewed difference: a path in which `*` stands for any text, what it is, and why."""

    path: str
    what: str
    reason: str

    def explains(self, difference: Difference) -> bool:
        """Whether this entry is about that difference."""
        return self.what == difference.what and _pattern(self.path).fullmatch(difference.path) is not None


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, path.split("*"))))


def known_differences() -> tuple[Known, ...]:
    """The reviewed list."""
    text = files("reconciler.schema").joinpath("known_differences.json").read_text("utf-8")
    return tuple(Known(**entry) for entry in json.loads(text))


FACTS = Path(__file__).parent / "facts.json"
"""Names, types, enums and bounds of the vendor's document for all kinds; tools/make_facts.py writes it."""


def audit(document: Mapping[str, Any], *, known: tuple[Known, ...] | None = None) -> list[Difference]:
    """The differences between the models and the document that `known` (the reviewed list) does not explain, in
    order, and its entries that explain nothing."""
    known = known_differences() if known is None else known
    found = differences(document)
    used = {entry for entry in known for difference in found if entry.explains(difference)}
    stale = [
        Difference(entry.path, "stale", "no such difference", f"a known one ({entry.what})")
        for entry in known
        if entry not in used
    ]
    return sorted(
        [*stale, *contradictions(), *(item for item in found if not any(entry.explains(item) for entry in known))],
        key=astuple,
    )


def contradictions(rows: Mapping[str, Any] | None = None) -> list[Difference]:
    """The lines about other sources (those of the facts, when `rows` is left out) that contradict nothing any more:
    the models take what that source takes, and no other source spells the field differently."""
    found = [line for items in lines().values() for line in items] if rows is None else lines_of(rows)
    told = []
    for line in found:
        head, *steps = line.pattern.split(".")
        kind = next((one for one in kinds() if one.name == head and one.model is not None), None)
        part = _node_at(kind, steps) if kind else None
        if line.other is None and not line.pattern.endswith("**") and (kind is None or _agrees(line, part)):
            told.append(Difference(line.pattern, "stale", f"{line.source} takes it", "they take it too"))
    return sorted(told, key=astuple)


@cache
def _schema(kind: str) -> Mapping[str, Any]:
    model = kinds()[kind].model
    return model.model_json_schema(by_alias=True) if model else {}


def _node_at(kind: Kind, steps: list[str]) -> Node | None:
    ours = _schema(kind.name)
    part: Node | None = node(ours, ours.get("$defs", {}))
    for step in steps:
        below = None
        if part is not None:
            below = part.items if step == "[]" else part.fields.get(step) or part.values
        part = below() if below else None
    return part


def _agrees(line: Line, part: Node | None) -> bool:
    if part is None:
        return False
    if line.values:
        return set(line.values) <= part.enum or not part.enum
    if line.shape:
        names = {"text": "string", "list": "array", "number": "number"}
        return names.get(line.shape, line.shape) in part.types or not part.types
    most, least = part.limits.get("maximum"), part.limits.get("minimum")
    if line.most is not None or line.least is not None:
        return (most is None or line.most is None or line.most <= most) and (
            least is None or line.least is None or line.least >= least
        )
    return True


def differences(document: Mapping[str, Any]) -> list[Difference]:
    """Every difference between the models and the document, explained or not, in order."""
    definitions = document.get("components", {}).get("schemas", {})
    found: list[Difference] = []
    for kind in kinds():
        if kind.schema is None or kind.model is None:
            continue
        if kind.schema not in definitions:
            found.append(Difference(kind.name, "missing", f"nothing called {kind.schema}", "a kind"))
            continue
        theirs = node(definitions[kind.schema], definitions, skip_read_only=True)
        ours = kind.model.model_json_schema(by_alias=True)
        found += _compared(kind.name, _in_inventory_form(theirs, kind), node(ours, ours.get("$defs", {})))
    return sorted(set(found), key=astuple)


def _in_inventory_form(theirs: Node, kind: Kind) -> Node:
    """The document's object with references under their readable names and without what the cloud makes."""
    fields = {kind.renamed.get(name, name): part for name, part in theirs.fields.items() if name not in kind.read_only}
    found = replace(theirs, fields=fields)
    for reference in kind.references:
        if not reference.by_name:
            found = _renamed(found, reference.api_place.split("."), reference.place.split("."))
    return found


def _renamed(part: Node, old: list[str], new: list[str]) -> Node:
    """A node in which the field at one path has the name of the other's last step."""
    (head, *rest), (new_head, *new_rest) = old, new

    def later(below: Lazy) -> Lazy:
        return (lambda: _renamed(below(), rest, new_rest)) if rest else below

    if head == "[]":
        return replace(part, items=later(part.items) if part.items else None)
    if head == "*":
        return replace(part, values=later(part.values) if part.values else None)
    fields = {new_head if name == head else name: field for name, field in part.fields.items()}
    if head in part.fields:
        fields[new_head] = later(part.fields[head])
    return replace(part, fields=fields)


def _compared(path: str, theirs: Node, ours: Node) -> Iterator[Difference]:
    if theirs.types != ours.types and theirs.types:
        yield Difference(path, "type", _listed(theirs.types), _listed(ours.types))
    if theirs.enum != ours.enum:
        yield Difference(path, "enum", _only(theirs.enum, ours.enum), _only(ours.enum, theirs.enum))
    for name in sorted(theirs.limits.keys() | ours.limits.keys()):
        if theirs.limits.get(name) != ours.limits.get(name):
            yield Difference(path, name, str(theirs.limits.get(name, "none")), str(ours.limits.get(name, "none")))
    yield from _fields(path, theirs, ours)
    for suffix, one, other in (("{}", theirs.values, ours.values), ("[]", theirs.items, ours.items)):
        if one and other:
            yield from _compared(path + suffix, one(), other())


def _fields(path: str, theirs: Node, ours: Node) -> Iterator[Difference]:
    for name in sorted(theirs.fields.keys() | ours.fields.keys()):
        below = f"{path}.{name}"
        if name not in ours.fields:
            yield Difference(below, "missing", "a field", "nothing")
        elif name not in theirs.fields:
            yield Difference(below, "extra", "nothing", "a field")
        else:
            yield from _compared(below, theirs.fields[name](), ours.fields[name]())


def _listed(values: frozenset[Any]) -> str:
    return " or ".join(sorted(map(str, values))) or "anything"


def _only(values: frozenset[Any], others: frozenset[Any]) -> str:
    return ", ".join(sorted(map(str, values - others))) or "nothing more"
