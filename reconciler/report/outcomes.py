"""What an apply did, as text: outcomes in, lines out; what needs attention last, where the eye is."""

from collections.abc import Sequence

from reconciler.model.change import Action, Outcome, Status
from reconciler.report.lines import ALARM, BLANK, BOLD, CAUTION, DIM, GOOD, Line, Part, line
from reconciler.report.wording import number, outcome_sentence

_DONE = {Action.CREATE: "created", Action.UPDATE: "updated", Action.DELETE: "deleted"}
_STYLES = {
    Status.APPLIED: GOOD,
    Status.UNCHANGED: DIM,
    Status.STALE: CAUTION,
    Status.FAILED: ALARM,
    Status.BLOCKED: CAUTION,
}
_READ_BACK = {True: GOOD, None: CAUTION, False: ALARM}
_WIDTH = max(len(status.value) for status in Status)
SHOWN_DONE = 20


def outcome_text(outcomes: Sequence[Outcome], *, verbose: bool = False, summary: bool = False) -> list[Line]:
    """Applied objects (the first few of many), then what there is to say something about, then everything that was not
    applied or not read back as declared, with its reason. `summary` leaves out all that went well."""
    rest = [item for item in outcomes if not _is_fine(item)]
    noted = [item for item in outcomes if _is_fine(item) and item.status is Status.APPLIED and item.detail]
    done = [item for item in outcomes if _is_fine(item) and not (item.status is Status.APPLIED and item.detail)]
    shown = done if verbose or len(done) <= SHOWN_DONE + 1 else done[:SHOWN_DONE]
    rows = [] if summary else [_row(item) for item in shown]
    if len(shown) < len(done) and not summary:
        rows.append(line((f"... {number(len(done) - len(shown), 'more object')} (--verbose lists all)", DIM), indent=2))
    for item in (*noted, *rest):
        rows.append(_row(item))
        rows += [line(text, indent=_WIDTH + 4, hang=0) for text in _reason(item).splitlines()]
    rows += [BLANK] if rows else []
    return [*rows, line((outcome_sentence(outcomes), GOOD if not rest else BOLD))]


def _is_fine(item: Outcome) -> bool:
    return item.status is Status.UNCHANGED or (item.status is Status.APPLIED and item.verified is True)


def _row(item: Outcome) -> Line:
    if item.status is Status.APPLIED:
        word, style = _DONE[item.action], _READ_BACK[item.verified]
    else:
        word, style = item.status.value, _STYLES[item.status]
    parts: list[Part] = [(f"{word:<{_WIDTH}}  ", style), str(item.address)]
    if item.status not in (Status.APPLIED, Status.UNCHANGED):
        parts.append((f"  ({item.action.value})", DIM))
    return line(*parts, indent=2)


def _reason(item: Outcome) -> str:
    if item.detail or item.status is not Status.APPLIED:
        return item.detail
    return "The cloud does not hold what was sent." if item.verified is False else "It was not read back."
