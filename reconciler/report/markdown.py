"""A plan or drift for a pull request: the summary first, each object's details folded, never longer than a comment.

`Plan` in, Markdown out. What does not fit is left out by whole objects and counted; deletes are always named on top.
"""

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from reconciler.model.change import Action, Change, FieldChange, Note, Plan
from reconciler.model.drift import Drift
from reconciler.report.alike import Table
from reconciler.report.diagnostics import message_of
from reconciler.report.differences import Members, action_of, difference, is_inline, members
from reconciler.report.exceptions import exception_rows
from reconciler.report.format import Format, View
from reconciler.report.grouping import Item, grouped
from reconciler.report.values import SECRET, inline, printable
from reconciler.report.wording import (
    CAUSE_WORDS,
    DRIFT_SYMBOLS,
    SYMBOLS,
    cause_sentences,
    compared_sentences,
    drift_sentence,
    edit_sentences,
    listed,
    member_sentences,
    number,
    owned_of_read,
    plan_sentence,
    reach_sentence,
    released_sentence,
    remarkable,
    result_sentences,
    root_sentence,
    table_sentence,
    taken_sentence,
    undeclared_sentences,
)

LIMIT = 65_000
"""Characters; GitHub's own limit for a comment is 65,536."""

_ESCAPES = str.maketrans({char: f"&#{ord(char)};" for char in "&<>\\`*_[]|~#@"})
_RESERVE = 300
_MOST_ROWS = 50
_SHOWN_DIAGNOSTICS = 50
_SHOWN_DELETES = 50
_WORDS = {Action.CREATE: "create", Action.UPDATE: "update", Action.DELETE: "delete"}
_DRIFT_WORDS = {Action.CREATE: "missing in live", Action.UPDATE: "differs", Action.DELETE: "not declared"}


def plan_markdown(plan: Plan, *, limit: int = LIMIT) -> str:
    """The plan as a comment."""
    return _document(plan, "plan", plan_sentence(plan), limit)


def drift_markdown(report: Drift, *, limit: int = LIMIT) -> str:
    """The drift as a comment, and apart, what nobody declared and what exceptions hide."""
    plan = report.plan
    apart = _listed("Live, and nobody declared it", undeclared_sentences(report), limit // 4)
    apart += _listed("Also there, inside of what is declared", member_sentences(report), limit // 8)
    apart += _listed("Exceptions", exception_rows(report.exceptions), limit // 8)
    sentence = drift_sentence(plan, elsewhere=sum(item.made for item in report.elsewhere))
    owned = "".join(f"\n{_text(one)}\n" for one in owned_of_read(report.shares))
    return _document(replace(plan, unmanaged=()), "drift", sentence, limit - len(apart) - len(owned)) + apart + owned


def _listed(title: str, rows: Sequence[str], room: int) -> str:
    """A list with its heading, whole rows only; nothing without rows."""
    kept: list[str] = []
    for row in rows:
        text = f"- {_text(row)}\n"
        if len(text) > room:
            kept.append(f"- ... {len(rows) - len(kept):,} more\n")
            break
        kept.append(text)
        room -= len(text)
    return f"\n#### {title}\n\n{''.join(kept)}" if kept else ""


def _document(plan: Plan, what: str, sentence: str, limit: int) -> str:
    head = [
        f"<!-- mist-reconciler:{what} -->",
        f"### {what.capitalize()} for {_text(plan.org_name or plan.org_id)}",
        "",
        f"**{_text(sentence)}**",
        "",
        *_scope(plan),
        *_diagnostics(plan),
        *_deletes(plan),
    ]
    tail = _unmanaged(plan)
    text = "\n".join(head)[: limit // 2]
    room = limit - len(text) - len(tail) - _RESERVE
    parts, left = _fitting(_objects(plan, drift=what == "drift"), room)
    text += "".join(parts)
    if left:
        text += f"\n_{number(left, 'more object')} left out here: the whole {what} is in the log of the job._\n"
    return text + tail


def _fitting(blocks: Iterable[tuple[str, str]], room: int) -> tuple[list[str], int]:
    """The blocks that fit, each with its group's heading where that is new, and how many did not."""
    parts: list[str] = []
    heading, left = "", 0
    for title, body in blocks:
        part = body if title == heading else f"\n#### {title}\n\n{body}"
        if len(part) > room:
            left += 1
            continue
        heading = title
        room -= len(part)
        parts.append(part)
    return parts, left


def _objects(plan: Plan, *, drift: bool) -> Iterator[tuple[str, str]]:
    for group in grouped(plan.changes, tabled=True):
        for item in group.items:
            yield _text(group.title), _object(item, drift=drift)


def _object(item: Item, *, drift: bool) -> str:
    change = item.change
    word = (_DRIFT_WORDS if drift else _WORDS)[change.action]
    renamed = f", renamed from {change.renamed_from}" if change.renamed_from else ""
    renamed += f", moved from {change.moved_from}" if change.moved_from else ""
    cause = f", {CAUSE_WORDS[change.cause]}" if change.cause else ""
    also = f", and the same in {len(item.also):,} more sites" if item.also else ""
    also += f", and {len(item.table.rows):,} more of the same template" if item.table else ""
    size = f" ({number(len(change.fields), 'field')})" if change.fields else ""
    rows = [
        "<details>",
        f"<summary><code>{(DRIFT_SYMBOLS if drift else SYMBOLS)[change.action]} {_text(str(change.address))}</code> "
        f"{_text(f'{word}{renamed}{size}{cause}{also}')}</summary>",
        "",
        *_details(change, item.also, drift=drift),
        *_tabled(item.table),
        "</details>",
        "",
    ]
    return "\n".join(rows)


def _tabled(table: Table | None) -> list[str]:
    if table is None:
        return []
    rows = table.lines(_MOST_ROWS)
    return [_text(table_sentence(table, "the plan with --verbose shows each whole")), "", *_fenced(rows), ""]


def _fenced(rows: list[str]) -> list[str]:
    fence = _fence(rows)
    return [f"{fence}text", *rows, fence]


def _details(change: Change, also: tuple[str, ...], *, drift: bool) -> Iterator[str]:
    rows = [row for item in change.fields for row in _field(item, change.action)]
    if drift and change.action is Action.CREATE:  # what is declared and gone is what the cloud lost
        rows = [f"-{row[1:]}" if row.startswith("+") else row for row in rows]
    if rows:
        fence = _fence(rows)
        yield from (f"{fence}diff", *rows, fence, "")
    notes = (
        [] if drift else [f"{_code(root.root)}: {_text(root_sentence(root))}" for root in remarkable(change).values()]
    )
    notes += [
        f"**Warning: {_code(root.root)} loses undeclared values:** {_text(listed(root.drops))}"
        for root in change.roots
        if root.drops
    ]
    notes += [] if drift else [_text(sentence) for sentence in result_sentences(change)]
    notes += [_text(reach_sentence(change.reaches, change.action))] if change.reaches and not drift else []
    notes += [_text(told) for told in (taken_sentence(change, shown=50), released_sentence(change, shown=50)) if told]
    notes += [f"Sent in a second pass: {_text(', '.join(change.deferred))}"] if change.deferred and not drift else []
    notes += [_text(sentence) for sentence in (*cause_sentences(change), *edit_sentences(change))]
    notes += [f"The same in: {_text(listed(also, shown=30))}"] if also else []
    notes += [f"Declared at {_code(str(change.source))}"] if change.source else []
    yield from (f"- {note}" for note in notes)
    yield ""


def _field(item: FieldChange, action: Action) -> Iterator[str]:
    note = f"  ({item.remark})" if item.remark and item.note is not Note.UNORDERED else ""
    if item.sensitive:
        yield f"{'!' if action is Action.UPDATE else SYMBOLS[action]} {printable(item.path)}: {SECRET}{note}"
        return
    own = action_of(item, action)
    if is_inline(item):
        yield from _short(item, own, note)
        return
    yield f"  {printable(item.path)}:{note}"
    yield from (f"{sign}   {row}" for sign, row in difference(item, own))


def _short(item: FieldChange, action: Action, note: str) -> Iterator[str]:
    found = members(item) if action is Action.UPDATE else None
    if found:
        yield from (f"{sign} {printable(item.path)}: {', '.join(names)}" for sign, names in _signed(found) if names)
        return
    if action is not Action.CREATE:
        yield f"- {printable(item.path)}: {inline(item.before)}"
    if action is not Action.DELETE:
        yield f"+ {printable(item.path)}: {inline(item.after)}{note}"


def _signed(found: Members) -> tuple[tuple[str, list[str]], ...]:
    return (("-", found.loses), ("+", found.gains))


def _fence(rows: Iterable[str]) -> str:
    """A fence that nothing inside can close."""
    fence = "```"
    while any(fence in row for row in rows):
        fence += "`"
    return fence


def _scope(plan: Plan) -> Iterator[str]:
    for sentence in compared_sentences(plan):
        yield from (_text(sentence), "")


def _diagnostics(plan: Plan) -> Iterator[str]:
    for item in plan.diagnostics[:_SHOWN_DIAGNOSTICS]:
        place = f" at {_code(str(item.source))}" if item.source else ""
        yield f"- **{item.severity.value}** {_text(item.summary)}{place}: {_text(message_of(item))}"
    left = len(plan.diagnostics) - _SHOWN_DIAGNOSTICS
    if left > 0:
        yield f"- {number(left, 'more finding')}"
    if plan.diagnostics:
        yield ""


def _deletes(plan: Plan) -> Iterator[str]:
    names = [str(change.address) for change in plan.changes if change.action is Action.DELETE]
    if names:
        yield f"**Deletes:** {_text(listed(names, shown=_SHOWN_DELETES))}"
        yield ""


def _unmanaged(plan: Plan) -> str:
    count = len(plan.unmanaged)
    return f"\n{number(count, 'live object')} not declared, left as they are.\n" if count else ""


def _code(text: str) -> str:
    """A file name or a field as code; one that could close the span itself is escaped instead."""
    return f"<code>{_text(text)}</code>" if "`" in text or not text.isprintable() else f"`{text}`"


def _text(text: str) -> str:
    """Text that can't become markup, a mention or a link of its own."""
    return printable(text.replace("\n", " ")).translate(_ESCAPES)


def _drift(report: Drift, _view: View) -> str:
    return drift_markdown(report)


FORMAT = Format(plan=lambda plan, _view: plan_markdown(plan), drift=_drift)
