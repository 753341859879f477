"""One field's change as lines: `~ vlan_id  10 -> 20`, a block for what is long, only the difference of what was long.

A `FieldChange` in, `Line` values out.
"""

from collections.abc import Iterator

from reconciler.model.change import Action, FieldChange, Note
from reconciler.report.differences import Members, action_of, difference, is_inline, members
from reconciler.report.lines import ALARM, DIM, Line, Part, line
from reconciler.report.values import inline
from reconciler.report.wording import DRIFT_SYMBOLS, SYMBOLS, number

STYLES = {Action.CREATE: "green", Action.UPDATE: "yellow", Action.DELETE: "red"}
DRIFT_STYLES = {Action.CREATE: "red", Action.UPDATE: "yellow", Action.DELETE: "yellow"}
_OTHER = {"+": "-", "-": "+"}
SHOWN_LINES = 12
INDENT = 6


def field_lines(item: FieldChange, *, within: Action, pad: int, drift: bool, verbose: bool) -> Iterator[Line]:
    """The lines of one field of a change whose action is `within`; paths are padded to `pad` columns."""
    action = action_of(item, within)
    reverse = drift and action is not Action.UPDATE
    symbols, styles = (DRIFT_SYMBOLS, DRIFT_STYLES) if reverse else (SYMBOLS, STYLES)
    head: list[Part] = [(f"{symbols[action]} ", styles[action]), f"{item.path:<{pad}}  "]
    silent = not item.remark or item.note is Note.UNORDERED
    note: list[Part] = [] if silent else [(f"  ({item.remark})", DIM)]
    if item.sensitive:
        yield line(*head, (_secret_words(item, within, drift=drift), DIM), indent=INDENT)
    elif is_inline(item):
        yield line(*head, *_inline_parts(item, action, drift=drift and within is Action.UPDATE), *note, indent=INDENT)
    else:
        words = "live (-) and declared (+)" if drift and action is Action.UPDATE else ""
        yield line(*head[:1], item.path, (f"  {words}" if words else "", DIM), *note, indent=INDENT)
        yield from _block_lines(item, action, verbose=verbose, reverse=reverse)


def _secret_words(item: FieldChange, within: Action, *, drift: bool) -> str:
    if within is not Action.UPDATE:
        return "(secret)"
    return f"(secret, {'differs' if drift else item.remark or 'changed'})"


def _inline_parts(item: FieldChange, action: Action, *, drift: bool) -> list[Part]:
    found = members(item) if action is Action.UPDATE else None
    if found:
        return _member_parts(found, drift=drift)
    before, after = inline(item.before), inline(item.after)
    if drift:
        declared = "cleared" if item.after is None else after
        live = "not set" if item.before is None else before
        return [("declared ", DIM), declared, (", live ", DIM), live]
    if action is Action.UPDATE:
        return [before, (" -> ", DIM), after]
    return [after if action is Action.CREATE else f"was {before}"]


def _member_parts(found: Members, *, drift: bool) -> list[Part]:
    signs = ("only declared ", "only live ") if drift else ("+ ", "- ")
    parts: list[Part] = []
    for sign, style, names in zip(signs, ("green", "red"), (found.gains, found.loses), strict=True):
        parts += (
            [f"{'; ' if parts and drift else ', ' if parts else ''}", (sign + ", ".join(names), style)] if names else []
        )
    return [*parts, (f"  ({found.stay:,} as before)", DIM)] if found.stay and not drift else parts


def _block_lines(item: FieldChange, action: Action, *, verbose: bool, reverse: bool) -> Iterator[Line]:
    rows = difference(item, action)
    if reverse:
        rows = [(_OTHER.get(symbol, symbol), text) for symbol, text in rows]
    shown = rows if verbose or len(rows) <= SHOWN_LINES + 1 else rows[:SHOWN_LINES]
    for symbol, text in shown:
        style = {"+": "green", "-": "red"}.get(symbol, DIM)
        yield line((f"{symbol} {text}", style), indent=INDENT + 4)
    if len(shown) < len(rows):
        yield line((f"... {number(len(rows) - len(shown), 'more line')} (--verbose shows all)", DIM), indent=INDENT + 4)


def drop_line(root: str, drops: tuple[str, ...], *, verbose: bool) -> Line:
    """The loud line for undeclared values that a write would lose."""
    shown = drops if verbose or len(drops) <= 11 else drops[:10]
    more = f", ... {len(drops) - len(shown):,} more (--verbose shows all)" if len(shown) < len(drops) else ""
    what = number(len(drops), "undeclared value")
    return line((f"! WARNING: {root} loses {what}: {', '.join(shown)}{more}", ALARM), indent=INDENT)
