"""What `reconciler validate` does."""

from datetime import UTC, datetime
from pathlib import Path

import click

from reconciler.cli.failures import INVALID, OK
from reconciler.cli.formats import format_of
from reconciler.cli.inventory import inventory_of, load, without_secrets
from reconciler.cli.screen import Screen
from reconciler.diagnostics import Severity, has_errors
from reconciler.report.format import Findings


def check(context: click.Context, inventory: Path | None, *, strict: bool) -> int:
    """Checks an inventory and shows what is found; returns the exit code."""
    style = format_of(context)
    found = load(context, inventory_of(context, inventory))
    resources = found.inventory.resources
    diagnostics = found.inventory.diagnostics if strict else without_secrets(found.inventory.diagnostics)
    findings = Findings(
        diagnostics=diagnostics,
        resources=len(resources),
        files=found.files,
        with_objects=sorted({item.source.file for item in resources if item.source}),
        root=found.root,
        strict=strict,
        verbose=Screen.of(context).output.verbose,
        made=datetime.now(UTC),
    )
    if style.findings:
        Screen.of(context).result(style.findings(findings))
    warned = any(item.severity is Severity.WARNING for item in diagnostics)
    return INVALID if has_errors(diagnostics) or (strict and warned) else OK
