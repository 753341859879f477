"""One field's change as lines: `~ vlan_id  10 -> 20`, a block for what is long, only the difference of what was long.

A `FieldChange` in, `Line` values out.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from reconciler.model.change import Action, FieldChange
from reconciler.report.lines import ALARM, DIM, Line, Part, line
from reconciler.report.values import block, inline
from reconciler.report.wording import SYMBOLS, number

STYLES = {Action.CREATE: "green", Action.UPDATE: "yellow", Action.DELETE: "red"}
ROOM = 72
SHOWN_LINES = 12
INDENT = 6


def field_lines(item: FieldChange, *, within: Action, pad: int, drift: bool, verbose: bool) -> Iterator[Line]:
    """The lines of one field of a change whose action is `within`; paths are padded to `pad` columns."""
    action = _action(item, within)
    head: list[Part] = [(f"{SYMBOLS[action]} ", STYLES[action]), f"{item.path:<{pad}}  "]
    note: list[Part] = [(f"  ({item.note})", DIM)] if item.note else []
    if item.sensitive:
        yield line(*head, (_secret_words(item, within, drift=drift), DIM), indent=INDENT)
    elif _is_inline(item):
        yield line(*head, *_inline_parts(item, action, drift=drift and within is Action.UPDATE), *note, indent=INDENT)
    else:
        words = "live (-) and declared (+)" if drift and action is Action.UPDATE else ""
        yield line(*head[:1], item.path, (f"  {words}" if words else "", DIM), *note, indent=INDENT)
        yield from _block_lines(item, action, verbose=verbose)


def _action(item: FieldChange, within: Action) -> Action:
    """Whether the field comes, changes or goes."""
    if within is not Action.UPDATE:
        return within
    if item.sensitive or (item.before is not None and item.after is not None):
        return Action.UPDATE
    return Action.CREATE if item.before is None else Action.DELETE


def _secret_words(item: FieldChange, within: Action, *, drift: bool) -> str:
    if within is not Action.UPDATE:
        return "(secret)"
    return f"(secret, {'differs' if drift else item.note or 'changed'})"


def _is_inline(item: FieldChange) -> bool:
    if any(isinstance(value, str) and "\n" in value for value in (item.before, item.after)):
        return False
    return sum(len(inline(value)) for value in (item.before, item.after) if value is not None) <= ROOM


def _inline_parts(item: FieldChange, action: Action, *, drift: bool) -> list[Part]:
    before, after = inline(item.before), inline(item.after)
    if drift:
        declared = "cleared" if item.after is None else after
        live = "not set" if item.before is None else before
        return [("declared ", DIM), declared, (", live ", DIM), live]
    if action is Action.UPDATE:
        return [before, (" -> ", DIM), after]
    return [after if action is Action.CREATE else f"was {before}"]


def _block_lines(item: FieldChange, action: Action, *, verbose: bool) -> Iterator[Line]:
    if action is Action.UPDATE:
        rows = list(_difference(_block(item.before), _block(item.after)))
    else:
        value = item.before if action is Action.DELETE else item.after
        rows = [(SYMBOLS[action], text) for text in _block(value)]
    shown = rows if verbose or len(rows) <= SHOWN_LINES + 1 else rows[:SHOWN_LINES]
    for symbol, text in shown:
        style = {"+": "green", "-": "red"}.get(symbol, DIM)
        yield line((f"{symbol} {text}", style), indent=INDENT + 4)
    if len(shown) < len(rows):
        yield line((f"... {number(len(rows) - len(shown), 'more line')} (--verbose shows all)", DIM), indent=INDENT + 4)


def _block(value: Any) -> list[str]:
    return [] if value is None else block(value)


def _difference(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    """Removed and added lines in place; what is the same between them is only counted."""
    for tag, low, high, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield (" ", before[low]) if high - low == 1 else (" ", f"... {high - low:,} lines as before")
            continue
        yield from (("-", text) for text in before[low:high])
        yield from (("+", text) for text in after[start:end])


def drop_line(root: str, drops: tuple[str, ...], *, verbose: bool) -> Line:
    """The loud line for undeclared values that a write would lose."""
    shown = drops if verbose or len(drops) <= 11 else drops[:10]
    more = f", ... {len(drops) - len(shown):,} more (--verbose shows all)" if len(shown) < len(drops) else ""
    what = number(len(drops), "undeclared value")
    return line((f"! WARNING: {root} loses {what}: {', '.join(shown)}{more}", ALARM), indent=INDENT)
