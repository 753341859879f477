"""What devices said of what an apply wrote, as text and as JSON data: a watch in, lines or a document out."""

from typing import Any

from reconciler.model.watch import Answer, Heard, Watch
from reconciler.report.lines import ALARM, BLANK, BOLD, CAUTION, DIM, GOOD, Line, line
from reconciler.report.wording import number

_STYLES = {Answer.REFUSED: ALARM, Answer.SILENT: CAUTION, Answer.AWAY: CAUTION, Answer.CONFIGURED: GOOD}
_WIDTH = max(len(answer.value) for answer in Answer)
SHOWN_DONE = 20


def watch_document(watch: Watch) -> dict[str, Any]:
    """What was heard of devices."""
    rows = [
        {
            "mac": item.mac,
            "name": item.name,
            "site": item.site,
            "answer": item.answer.value,
            "event": item.event,
            "text": item.text,
            "time": item.time,
        }
        for item in watch.devices
    ]
    return {"calls": watch.calls, "problem": watch.problem, "ended_early": watch.ended, "heard": rows}


def watch_text(watch: Watch, *, verbose: bool = False, summary: bool = False) -> list[Line]:
    """The devices that took their configuration (the first few of many), then the others, and a last line that counts
    them. `summary` leaves out all that went well."""
    if watch.problem:
        return [line(f"What the devices say could not be read: {watch.problem}", hang=2)]
    if not watch.devices:
        return [line("Devices: no switch and no WAN edge is concerned.")]
    done = watch.of(Answer.CONFIGURED)
    shown = () if summary else done if verbose or len(done) <= SHOWN_DONE + 1 else done[:SHOWN_DONE]
    rows = [_row(item) for item in shown]
    if len(shown) < len(done) and not summary:
        rows.append(line((f"... {number(len(done) - len(shown), 'more device')} (--verbose lists all)", DIM), indent=2))
    for answer in (Answer.AWAY, Answer.SILENT, Answer.REFUSED):
        for item in watch.of(answer):
            rows.append(_row(item))
            rows += [line(text, indent=_WIDTH + 4, hang=0) for text in item.text.splitlines()]
    rows += [BLANK] if rows else []
    return [*rows, line((_sentence(watch), BOLD if watch.of(Answer.REFUSED) else ""))]


def _row(item: Heard) -> Line:
    called = item.name if item.name == item.mac else f"{item.name} ({item.mac})"
    event = (f"  {item.event}", DIM) if item.event else ""
    return line((f"{item.answer.value:<{_WIDTH}}  ", _STYLES[item.answer]), f"{called} at {item.site}", event, indent=2)


def _sentence(watch: Watch) -> str:
    counts = {answer: len(watch.of(answer)) for answer in Answer}
    told = [f"{count:,} {answer.value}" for answer, count in counts.items() if count]
    silent = "" if not counts[Answer.SILENT] else " What the silent ones make of it is not known."
    away = "" if not counts[Answer.AWAY] else " Who is not connected takes it when it comes back."
    return f"Devices: {', '.join(told)}.{silent}{away}"
