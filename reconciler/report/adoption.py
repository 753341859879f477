"""What an adoption did, as lines and as a JSON document: the fields it wrote, and those it left with the reason."""

from collections.abc import Sequence
from typing import Any

from reconciler.model.drift import Done, Refused
from reconciler.report.lines import CAUTION, DIM, GOOD, Line, line
from reconciler.report.wording import number


def adoption_lines(done: Sequence[Done], refused: Sequence[Refused], *, dry_run: bool) -> list[Line]:
    """One line for each field."""
    verb = "would be adopted" if dry_run else "adopted"
    rows = [
        line(
            (f"{verb}: ", GOOD),
            f"{item.address} {item.path}",
            (f"  {item.file}:{item.line}{', set in the object itself' if item.override else ''}", DIM),
        )
        for item in done
    ]
    for left in refused:
        rows.append(line(("left: ", CAUTION), f"{left.address} {left.path}".rstrip(), f": {left.reason}"))
        rows.append(line(f"{left.remedy[:1].upper()}{left.remedy[1:]}.", indent=6))
    if not rows:
        return [line(("Nothing to adopt: live is as declared.", GOOD))]
    closing = f"{number(len(done), 'field')} {verb}" + (f", {len(refused):,} left" if refused else "")
    return [*rows, line(f"{closing}.")]


def adoption_document(done: Sequence[Done], refused: Sequence[Refused], *, diff: str, dry_run: bool) -> dict[str, Any]:
    """The same for programs."""
    return {
        "format_version": "1.0",
        "dry_run": dry_run,
        "adopted": [
            {
                "address": str(item.address),
                "path": item.path,
                "file": item.file,
                "line": item.line,
                "override": item.override,
            }
            for item in done
        ],
        "refused": [
            {"address": str(item.address), "path": item.path, "reason": item.reason, "remedy": item.remedy}
            for item in refused
        ],
        "diff": diff,
        "diagnostics": [],
    }
