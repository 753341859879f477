"""What is wrong with policies themselves: exceptions of other people's code in, diagnostics with file and line out."""

import traceback

from reconciler.diagnostics import Diagnostic, Severity, SourceRange

TITLES = {
    "bad-policy": "A policy file can't be used",
    "duplicate-policy": "Two policies have the same id",
    "policies-not-run": "The policies were not run",
    "policies-of-base": "The policies that were run are not those of the files",
    "policy-failed": "A policy failed",
    "rule-fixed": "This rule can't be changed",
    "unknown-policy-file": "There is no such policy file",
    "unknown-rule": "There is no such rule",
}
_LONGEST = 300


def problem(rule: str, detail: str, source: SourceRange | None, *, severity: Severity = Severity.ERROR) -> Diagnostic:
    """A diagnostic of one of the rules above."""
    return Diagnostic(severity=severity, rule=rule, summary=TITLES[rule], detail=detail, source=source)


def reason_of(error: BaseException) -> str:
    """An exception in one line: `KeyError: 'ssid'`."""
    words = error.msg if isinstance(error, SyntaxError) else str(error)
    text = f"{type(error).__name__}: {' '.join(words.split())}" if words else type(error).__name__
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def place_in(error: BaseException, path: str) -> SourceRange:
    """Where in the file at `path` an exception comes from: the innermost line of that file."""
    if isinstance(error, SyntaxError) and error.filename in (path, "") and error.lineno:
        return SourceRange(path, error.lineno, max(1, error.offset or 1))
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    return SourceRange(path, lines[-1] if lines and lines[-1] else 1, 1)
