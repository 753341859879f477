"""One field's difference as signed lines, for every report that shows it: a `FieldChange` in, `("+", "text")` out."""

from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from msgspec import Struct

from reconciler.model.change import Action, FieldChange, Note
from reconciler.report.values import block, inline
from reconciler.report.wording import SYMBOLS

ROOM = 72

Signed = tuple[str, str]


def action_of(item: FieldChange, within: Action) -> Action:
    """Whether the field comes, changes or goes in an object's change `within`."""
    if within is not Action.UPDATE:
        return within
    if item.sensitive or (item.before is not None and item.after is not None):
        return Action.UPDATE
    return Action.CREATE if item.before is None else Action.DELETE


def is_inline(item: FieldChange) -> bool:
    """Whether both values are short enough for one line."""
    if any(isinstance(value, str) and "\n" in value for value in (item.before, item.after)):
        return False
    found = members(item)
    if found:
        return sum(map(len, (*found.gains, *found.loses))) <= ROOM
    return sum(len(inline(value)) for value in (item.before, item.after) if value is not None) <= ROOM


class Members(Struct, frozen=True):
    """What a list whose order does not count gains and loses, as text, and how many of it stay."""

    gains: list[str]
    loses: list[str]
    stay: int


def members(item: FieldChange) -> Members | None:
    """The change of a list without order; None for every other one. The cloud's order of it is of no meaning."""
    if item.note is not Note.UNORDERED or not isinstance(item.before, list) or not isinstance(item.after, list):
        return None
    before, after = Counter(map(inline, item.before)), Counter(map(inline, item.after))
    return Members(
        gains=sorted((after - before).elements()),
        loses=sorted((before - after).elements()),
        stay=(before & after).total(),
    )


def difference(item: FieldChange, action: Action) -> list[Signed]:
    """The lines that come and go, in place; what is the same between them is only counted."""
    if action is not Action.UPDATE:
        return [(SYMBOLS[action], text) for text in block(item.before if action is Action.DELETE else item.after)]
    found = members(item)
    if found:
        rest = [(" ", f"... {found.stay:,} as before")] if found.stay else []
        return [*(("-", text) for text in found.loses), *(("+", text) for text in found.gains), *rest]
    return list(_changed(_lines(item.before), _lines(item.after)))


def _lines(value: Any) -> list[str]:
    return [] if value is None else block(value)


def _changed(before: list[str], after: list[str]) -> Iterator[Signed]:
    for tag, low, high, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield (" ", before[low]) if high - low == 1 else (" ", f"... {high - low:,} lines as before")
            continue
        yield from (("-", text) for text in before[low:high])
        yield from (("+", text) for text in after[start:end])
