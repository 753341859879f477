"""A plan or a drift report as text: `Plan` in, lines out. It is what people read before they say yes.

Site Paris-HQ  (1 to create, 1 to update)
  ~ site.Paris-HQ/wlan.Guest  sites/paris.yaml:12
      ~ vlan_id   10 -> 20
      ~ auth.psk  (secret, changed)
"""

from collections.abc import Iterable, Iterator, Sequence

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.model.change import Action, Cause, Change, FieldChange, Plan, RootSummary
from reconciler.model.drift import Drift
from reconciler.report.diagnostics import diagnostic_lines, validate_lines
from reconciler.report.exceptions import exception_lines
from reconciler.report.field_text import DRIFT_STYLES, INDENT, STYLES, drop_line, field_lines
from reconciler.report.format import Format, View
from reconciler.report.grouping import Group, Item, grouped
from reconciler.report.lines import ALARM, BLANK, BOLD, CAUTION, DIM, GOOD, Line, Part, line
from reconciler.report.wording import (
    CAUSE_WORDS,
    DRIFT_SYMBOLS,
    SYMBOLS,
    cause_sentences,
    compared_sentences,
    counts,
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

_DRIFT_WORDS = {Action.CREATE: "missing in live", Action.UPDATE: "differs", Action.DELETE: "not declared"}
_PAD_MOST = 48
_SHOWN_WARNINGS = 10


def plan_summary(plan: Plan) -> list[Line]:
    """Its errors and its last line."""
    errors = [item for item in plan.diagnostics if item.severity is Severity.ERROR]
    return [*diagnostic_lines(errors), _closing(plan_sentence(plan), plan)]


def drift_summary(report: Drift) -> list[Line]:
    """The errors of a report and its last line."""
    errors = [item for item in report.plan.diagnostics if item.severity is Severity.ERROR]
    return [*diagnostic_lines(errors), _closing(drift_sentence(report.plan, elsewhere=_made(report)), report.plan)]


def plan_text(plan: Plan, *, verbose: bool = False) -> list[Line]:
    """The plan; `verbose` shows every object and every line."""
    return [
        *_header("Plan", plan),
        *_body(plan, drift=False, verbose=verbose),
        *_members(plan.beside, verbose=verbose),
        *_scope(plan, verbose=verbose),
        _closing(plan_sentence(plan), plan),
    ]


def drift_text(report: Drift, *, verbose: bool = False) -> list[Line]:
    """The same differences told as drift: what is declared, what is live, what nobody declared, and apart, what
    exceptions hide."""
    plan = report.plan
    return [
        *_header("Drift", plan),
        *_body(plan, drift=True, verbose=verbose),
        *_undeclared(report),
        *_members(member_sentences(report), verbose=verbose),
        *exception_lines(report.exceptions, verbose=verbose),
        *_scope(plan, verbose=verbose),
        *(line(sentence) for sentence in owned_of_read(report.shares)),
        _closing(drift_sentence(plan, elsewhere=_made(report)), plan),
    ]


def _made(report: Drift) -> int:
    return sum(item.made for item in report.elsewhere)


def _members(rows: Sequence[str], *, verbose: bool) -> Iterator[Line]:
    """What nobody declared inside of what is declared; it stays as it is."""
    if not rows:
        return
    yield line((f"Also there, inside of what is declared ({len(rows):,}); it stays as it is:", BOLD))
    shown = rows if verbose else rows[:_SHOWN_WARNINGS]
    yield from (line((row, CAUTION), indent=2) for row in shown)
    if len(shown) < len(rows):
        yield line((f"... {len(rows) - len(shown):,} more (--verbose shows all)", DIM), indent=2)
    yield BLANK


def _undeclared(report: Drift) -> Iterator[Line]:
    """Every object by name: what somebody made by hand is worth a line."""
    rows = undeclared_sentences(report)
    if not rows:
        return
    yield line((f"Live, and nobody declared it ({len(rows):,}):", BOLD))
    yield from (line((f"! {row}", CAUTION), indent=2) for row in rows)
    yield line(
        "declare it, delete it, or accept it: `reconciler drift ignore ADDRESS`, or --undeclared for all of them",
        indent=2,
    )
    yield BLANK


def _header(what: str, plan: Plan) -> list[Line]:
    return [line((f"{what} for {plan.org_name or 'the organisation'}", BOLD), (f"  ({plan.org_id})", DIM)), BLANK]


def _closing(sentence: str, plan: Plan) -> Line:
    return line((sentence, ALARM if plan.errors else BOLD if plan.changes else GOOD))


def _scope(plan: Plan, *, verbose: bool) -> list[Line]:
    return [line((sentence, DIM)) for sentence in compared_sentences(plan, verbose=verbose)]


def _body(plan: Plan, *, drift: bool, verbose: bool) -> Iterator[Line]:
    for group in grouped(plan.changes, collapse=not verbose, tabled=not verbose):
        yield from _group(group, drift=drift, verbose=verbose)
        yield BLANK
    yield from _findings(plan.diagnostics, verbose=verbose)
    if not drift:
        yield from _unmanaged(plan, verbose=verbose)


def _findings(diagnostics: Sequence[Diagnostic], *, verbose: bool) -> Iterator[Line]:
    """Every error; of many warnings the first ones."""
    minor = [item for item in diagnostics if item.severity is not Severity.ERROR]
    shown = minor if verbose or len(minor) <= _SHOWN_WARNINGS + 1 else minor[:_SHOWN_WARNINGS]
    yield from diagnostic_lines(shown)
    if len(shown) < len(minor):
        yield line((f"... {number(len(minor) - len(shown), 'more warning')} (--verbose shows all)", DIM))
    yield from diagnostic_lines(item for item in diagnostics if item.severity is Severity.ERROR)
    yield from [BLANK] if diagnostics else []


def _unmanaged(plan: Plan, *, verbose: bool) -> Iterator[Line]:
    if not plan.unmanaged:
        return
    one = len(plan.unmanaged) == 1
    yield line(
        f"{number(len(plan.unmanaged), 'live object')} {'is' if one else 'are'} not declared and "
        f"{'stays as it is' if one else 'stay as they are'}" + (":" if verbose else " (--verbose lists them)."),
    )
    if verbose:
        yield from (line((str(address), DIM), indent=2) for address in plan.unmanaged)
    yield BLANK


def _group(group: Group, *, drift: bool, verbose: bool) -> Iterator[Line]:
    tally = "" if drift else f"  ({counts(group.actions)})"
    yield line((group.title, BOLD), (tally, DIM))
    for item in group.items:
        yield from _item(item, drift=drift, verbose=verbose)


def _item(item: Item, *, drift: bool, verbose: bool) -> Iterator[Line]:
    change = item.change
    symbol, style = (DRIFT_SYMBOLS, DRIFT_STYLES) if drift else (SYMBOLS, STYLES)
    remarks: list[Part] = [f"  {_DRIFT_WORDS[change.action]}"] if drift else []
    if change.cause:
        remarks.append((f"  ({CAUSE_WORDS[change.cause]})", DIM if change.cause is Cause.CONFIG else CAUTION))
    if change.renamed_from:
        remarks.append(f"  renamed from {change.renamed_from}")
    if change.moved_from:
        remarks.append(f"  moved from {change.moved_from}")
    if change.source:
        remarks.append((f"  {change.source.file}:{change.source.line}", DIM))
    yield line((f"{symbol[change.action]} {change.address}", style[change.action]), *remarks, indent=2)
    notes = [*cause_sentences(change), *edit_sentences(change)]
    yield from (line((sentence, CAUTION), indent=INDENT) for sentence in notes)
    yield from _fields(change, drift=drift, verbose=verbose)
    yield from _consequences(change, drift=drift, verbose=verbose)
    if item.also:
        sites = listed(item.also)
        words = f"the same change in {len(item.also):,} more sites: {sites} (--verbose shows each)"
        yield line((words, CAUTION), indent=INDENT)
    if item.table:
        yield line((table_sentence(item.table, "--verbose shows each whole"), CAUTION), indent=INDENT)
        yield from (line((row, DIM), indent=INDENT) for row in item.table.lines())


def _fields(change: Change, *, drift: bool, verbose: bool) -> Iterator[Line]:
    """Fields root by root, each root that is replaced whole with its own line first."""
    if drift and change.action is Action.CREATE and not verbose:
        return
    summaries = {} if drift else remarkable(change)
    pads = _paddings(change.fields)
    previous = None
    for item in change.fields:
        root = _root_of(item.path)
        if root != previous and root in summaries:
            yield from _root(summaries.pop(root), verbose=verbose)
        previous = root
        yield from field_lines(
            item, within=change.action, pad=pads[_column_of(item.path)], drift=drift, verbose=verbose
        )
    for summary in summaries.values():
        yield from _root(summary, verbose=verbose)


def _paddings(fields: Iterable[FieldChange]) -> dict[str, int]:
    """How wide paths are that stand below each other: plain roots, and the nested paths of each root."""
    widths: dict[str, int] = {}
    for item in fields:
        column = _column_of(item.path)
        width = len(item.path) if len(item.path) <= _PAD_MOST else 0
        widths[column] = max(widths.get(column, 0), width)
    return widths


def _column_of(path: str) -> str:
    root = _root_of(path)
    return "" if root == path else root


def _root_of(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


def _root(root: RootSummary, *, verbose: bool) -> Iterator[Line]:
    yield line((f"  {root.root}: {root_sentence(root)}", DIM), indent=INDENT)
    if root.drops:
        yield drop_line(root.root, root.drops, verbose=verbose)


def _consequences(change: Change, *, drift: bool, verbose: bool) -> Iterator[Line]:
    names = 1000 if verbose else 8
    for sentence in filter(None, (taken_sentence(change, shown=names), released_sentence(change, shown=names))):
        yield line((sentence, ALARM), indent=INDENT)
    if drift:
        return
    yield from (line((sentence, CAUTION), indent=INDENT) for sentence in result_sentences(change))
    shown = len(change.reaches) if verbose else 8
    if change.reaches:
        style = ALARM if change.action is Action.DELETE else CAUTION
        yield line((reach_sentence(change.reaches, change.action, shown=shown), style), indent=INDENT)
    if change.deferred:
        roots = ", ".join(change.deferred)
        yield line((f"second pass: {roots} (refers to objects that refer back)", DIM), indent=INDENT)
    if verbose and change.depends_on:
        yield line((f"after: {', '.join(map(str, change.depends_on))}", DIM), indent=INDENT)


def _drift(report: Drift, view: View) -> list[Line]:
    return drift_summary(report) if view.summary else drift_text(report, verbose=view.verbose)


def _plan(plan: Plan, view: View) -> list[Line]:
    return plan_summary(plan) if view.summary else plan_text(plan, verbose=view.verbose)


FORMAT = Format(
    plan=_plan,
    drift=_drift,
    findings=validate_lines,
)
