"""Collects the findings of one composition."""

from collections.abc import Iterable
from difflib import get_close_matches

from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.model.address import Address
from reconciler.model.values import Mark

_HINTS = 100


class Report:
    """The diagnostics found so far."""

    def __init__(self, found: Iterable[Diagnostic] = ()) -> None:
        self.diagnostics: list[Diagnostic] = list(found)
        self._left = _HINTS

    def did_you_mean(self, word: str, known: Iterable[str]) -> str:
        """The same as `did_you_mean` for the first unknown words of a composition: a file of something else has tens of
        thousands, and each is compared with every word."""
        self._left -= 1
        return did_you_mean(word, known) if self._left >= 0 else ""

    def error(
        self, rule: str, summary: str, detail: str, place: Mark | SourceRange | None, address: Address | None = None
    ) -> None:
        """Adds an error at a place."""
        self.diagnostics.append(
            Diagnostic(
                severity=Severity.ERROR,
                rule=rule,
                summary=summary,
                detail=detail,
                address=str(address) if address else None,
                source=SourceRange(*place) if place else None,
            )
        )


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` when a known word is close, else nothing."""
    close = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""
