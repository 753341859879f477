"""Diagnostics as text, `file:line:column: error[rule]: summary`, and as GitHub annotations.

The line of the file itself is never quoted: it may hold a secret written in plain.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from reconciler.diagnostics import Diagnostic, Severity, shortened
from reconciler.report.format import Findings, Format
from reconciler.report.lines import ALARM, BOLD, CAUTION, DIM, Line, Part, line
from reconciler.report.values import printable
from reconciler.report.wording import number

_STYLES = {Severity.ERROR: ALARM, Severity.WARNING: CAUTION, Severity.INFO: DIM}
_ADDRESS = 300
"""How much of an address is shown: a name may be as long as a file."""
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def diagnostic_lines(diagnostics: Iterable[Diagnostic], *, root: str = "") -> list[Line]:
    """Every finding with its detail indented below it; `root` goes before file names."""
    return [row for item in diagnostics for row in _lines(item, root)]


def findings_sentence(diagnostics: Sequence[Diagnostic]) -> str:
    """`2 errors, 1 warning`; empty for none."""
    tally = [
        (sum(item.severity is severity for item in diagnostics), noun)
        for severity, noun in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note"))
    ]
    return ", ".join(number(count, noun) for count, noun in tally if count)


def validate_lines(checked: Findings) -> list[Line]:
    """What `validate` prints: the findings and one closing line."""
    diagnostics = checked.diagnostics
    objects = f"{number(checked.resources, 'object')} in {number(checked.files, 'file')}"
    found = findings_sentence(diagnostics)
    failed = any(item.severity is Severity.ERROR for item in diagnostics)
    if failed:
        closing = line((f"Invalid: {found}. ", ALARM), f"({objects})")
    elif found:
        closing = line((f"Valid, with {found}. ", CAUTION), f"({objects})")
    else:
        closing = line(("Valid. ", "green"), f"({objects})")
    shown, rest = (list(diagnostics), []) if checked.verbose else bounded(diagnostics)
    more = [line((text, DIM)) for text in rest]
    return [*diagnostic_lines(shown, root=checked.root), *more, closing]


SHOWN_OF_RULE = 50


def bounded(diagnostics: Iterable[Diagnostic]) -> tuple[list[Diagnostic], list[str]]:
    """The first findings of each rule, in their order, and a sentence for each rule that has more."""
    seen: Counter[str] = Counter()
    shown = []
    for item in diagnostics:
        seen[item.rule] += 1
        if seen[item.rule] <= SHOWN_OF_RULE:
            shown.append(item)
    left = {rule: count - SHOWN_OF_RULE for rule, count in sorted(seen.items()) if count > SHOWN_OF_RULE}
    return shown, [f"... {count:,} more of {rule} (`validate --verbose` shows all)" for rule, count in left.items()]


def github_annotations(diagnostics: Iterable[Diagnostic], *, root: str = "") -> str:
    """Workflow commands that put each finding at its line of a pull request; `root` goes before file names."""
    rows = []
    for item in diagnostics:
        properties = {"title": f"{item.summary} [{item.rule}]"}
        if item.source:
            place = {"file": root + item.source.file, "line": str(item.source.line), "col": str(item.source.column)}
            properties = {**place, **properties}
        listed = ",".join(f"{key}={_escaped(value, more=True)}" for key, value in properties.items())
        message = _escaped(message_of(item) or item.summary)
        rows.append(f"::{_GITHUB[item.severity]} {listed}::{message}\n")
    return "".join(rows)


def message_of(item: Diagnostic) -> str:
    """The detail, with the address where the place in a file is not known."""
    about = f"{item.address}: " if item.address and not item.source else ""
    return f"{about}{item.detail}".strip()


def _lines(item: Diagnostic, root: str) -> list[Line]:
    place = f"{root}{item.source}: " if item.source else f"{item.address}: " if item.address else ""
    head: list[Part] = [(place, BOLD), (f"{item.severity.value}[{item.rule}]", _STYLES[item.severity])]
    rows = [line(*head, f": {item.summary}")]
    if item.address and item.source:
        rows.append(line((f"in {shortened(item.address, _ADDRESS)}", DIM), indent=4))
    return rows + [line(text, indent=4, hang=0) for text in item.detail.splitlines() if text.strip()]


def _escaped(text: str, *, more: bool = False) -> str:
    for raw, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), *(((":", "%3A"), (",", "%2C")) if more else ())):
        text = text.replace(raw, code)
    return "".join(printable(char) for char in text)


GITHUB = Format(findings=lambda checked: github_annotations(checked.diagnostics, root=checked.root))
