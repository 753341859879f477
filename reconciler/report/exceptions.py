"""Exceptions with a date as text and as rows: what `ignore` in reconciler.yaml hides, why, and until when."""

from collections.abc import Iterable, Iterator, Sequence

from reconciler.model.drift import DriftException
from reconciler.report.lines import BLANK, CAUTION, DIM, Line, line
from reconciler.report.wording import listed, number

_SHOWN_ACCEPTED = 3


def exception_lines(exceptions: Sequence[DriftException], *, verbose: bool = False) -> Iterator[Line]:
    """A section of its own; nothing when there are no exceptions. What hides nothing is told with `verbose` only."""
    shown = [item for item in exceptions if verbose or item.hides]
    if not shown:
        return
    yield line(f"{number(len(shown), 'exception')} in reconciler.yaml:")
    accepted = [item for item in shown if _is_accepted(item)]
    folded = [] if verbose or len(accepted) <= _SHOWN_ACCEPTED else accepted
    yield from (
        line((sentence(item), CAUTION if item.expired else DIM), indent=2) for item in shown if item not in folded
    )
    if folded:
        yield line((f"{number(len(folded), 'accepted object')} (--verbose lists them)", DIM), indent=2)
    yield BLANK


def _is_accepted(item: DriftException) -> bool:
    """Whether an exception hides whole objects only: a baseline has many of these."""
    return bool(item.hides) and all(not hidden.path for hidden in item.hides)


def exception_rows(exceptions: Iterable[DriftException]) -> list[str]:
    """One sentence for each exception that hides something."""
    return [sentence(item) for item in exceptions if item.hides]


def sentence(item: DriftException) -> str:
    """`site.Lyon/setting auto_upgrade*, until 2027-01-31: monthly window (hides auto_upgrade.day_of_week)`."""
    what = f"{item.address} {item.field}" if item.field else item.address
    until = f", {'expired on' if item.expired else 'until'} {item.until}" if item.until else ""
    reason = f": {item.reason.rstrip('.')}" if item.reason else ""
    names = [f"{hidden.address} {hidden.path}".strip() for hidden in item.hides]
    if len({hidden.address for hidden in item.hides}) == 1 and "*" not in item.address:
        names = [hidden.path or "the whole object" for hidden in item.hides]
    return f"{what}{until}{reason} (hides {listed(names) if names else 'nothing'})"
