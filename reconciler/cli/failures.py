"""How a run that failed ends: an exception in, a message (or one JSON document) and an exit code out."""

import json
import signal
import sys
import textwrap
import traceback
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import click

from reconciler.cli.progress import Writes

OK = 0
FAILED = 1
CHANGES = 2
INVALID = 3
STALE = 4
REFUSED = 5
IN_PART = 6
USAGE = 64
INTERRUPTED = 130
TERMINATED = 143
"""Ended by SIGINT and by SIGTERM: 128 and the signal's number, as shells have it."""
ISSUES = "https://github.com/mist-reconciler/mist-reconciler/issues"


def report_failure(error: BaseException, *, argv: Sequence[str], writes: Writes) -> int:
    """Says what went wrong, on stderr, or on stdout as JSON when JSON was asked for; returns the exit code.

    `writes` knows whether an apply had begun."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    described = _described(
        error, writes.sentence(), ended=TERMINATED if writes.signal == signal.SIGTERM else INTERRUPTED
    )
    if wants_json(argv):
        document = {"format_version": "1.0", "error": described, "diagnostics": _diagnostics(error)}
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
        sys.stdout.flush()
    else:
        _report(error, described)
    if "--debug" in argv and not isinstance(error, click.ClickException):
        sys.stderr.write(safe_traceback(error))
    code: int = described["exit_code"]
    return code


def wants_json(argv: Sequence[str]) -> bool:
    """Whether these arguments ask for JSON; also where they are too broken to be parsed."""
    return "--json" in argv or "--format=json" in argv or ("--format", "json") in pairwise(argv)


def safe_traceback(error: BaseException) -> str:
    """Where the error came from, without the texts of exceptions: only their own authors know what is in those."""
    rows = []
    step: BaseException | None = error
    while step is not None:
        rows += [f"{type(step).__module__}.{type(step).__qualname__}\n"]
        rows += traceback.format_list(traceback.extract_tb(step.__traceback__))
        step = step.__cause__ or step.__context__
    return "".join(rows)


def _described(error: BaseException, written: str, *, ended: int) -> dict[str, Any]:
    from reconciler.errors import ApiError, ReconcilerError

    if isinstance(error, click.exceptions.Abort | KeyboardInterrupt):
        return _document("Interrupted", "Terminated" if ended == TERMINATED else "Interrupted", written, ended)
    if isinstance(error, click.ClickException):
        return _document("UsageError", error.format_message(), _usage_remedy(error), USAGE)
    if isinstance(error, ReconcilerError):
        described = _document(type(error).__name__, error.message, error.remedy, error.exit_code)
        if isinstance(error, ApiError):
            described |= {"method": error.method, "path": error.path, "status": error.status}
        return described
    if isinstance(error, OSError):
        name = f"{error.filename}: " if error.filename else ""
        return _document("OSError", f"{name}{error.strerror or 'input or output failed'}", written, FAILED)
    return _document(
        "InternalError",
        f"An unforeseen error, which is a mistake in reconciler itself: {type(error).__name__}",
        f"{written} Please report it with the output of --debug: {ISSUES}",
        FAILED,
    )


def _document(kind: str, message: str, remedy: str, code: int) -> dict[str, Any]:
    return {"type": kind, "message": message, "remedy": remedy, "exit_code": code}


def _usage_remedy(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"See `{context.command_path} --help`" if context else "See `reconciler --help`"


def _diagnostics(error: BaseException) -> list[dict[str, Any]]:
    from reconciler.errors import InventoryError

    if not isinstance(error, InventoryError):
        return []
    from reconciler.report.json_report import diagnostic_document

    return [diagnostic_document(item) for item in error.diagnostics]


def _report(error: BaseException, described: dict[str, Any]) -> None:
    from reconciler.errors import InventoryError
    from reconciler.report.values import printable

    if isinstance(error, InventoryError):
        from reconciler.cli.screen import width_of
        from reconciler.report.diagnostics import bounded, diagnostic_lines
        from reconciler.report.lines import as_text

        shown, rest = bounded(error.diagnostics)
        sys.stderr.write(
            as_text(diagnostic_lines(shown), width=width_of(sys.stderr)) + "".join(f"{row}\n" for row in rest)
        )
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        sys.stderr.write(f"{error.format_message()}\n")
        return
    if described["type"] == "Interrupted":
        sentence = _wrapped(f"{described['message']}. {described['remedy']}")
        sys.stderr.write(f"\n{sentence}\n")
        return
    message = "\n".join(printable(row) for row in described["message"].splitlines())
    sys.stderr.write("\n".join(_wrapped(row) for row in f"error: {message}".splitlines()) + "\n")
    if described["remedy"]:
        remedy = printable(described["remedy"])
        end = "" if remedy.endswith((".", "`", "?")) else "."
        remedy = f"  {remedy[:1].upper()}{remedy[1:]}{end}"
        sys.stderr.write(f"{_wrapped(remedy)}\n")


def _wrapped(text: str) -> str:
    """A line that breaks between words where the terminal ends; as it is where there is none."""
    from reconciler.cli.screen import width_of

    width = width_of(sys.stderr)
    if width is None:
        return text
    return textwrap.fill(text, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
