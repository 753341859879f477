"""`reconciler validate`: schema, references and rules, offline."""

from datetime import UTC, datetime
from pathlib import Path

import click

from reconciler.cli.failures import INVALID, OK
from reconciler.cli.formats import format_of, format_options
from reconciler.cli.inventory import inventory_of, load, without_secrets
from reconciler.cli.options import (
    environment_option,
    inventory_argument,
    output_options,
    policy_option,
    untrusted_option,
)
from reconciler.cli.screen import Screen
from reconciler.diagnostics import Severity, has_errors
from reconciler.report.format import Findings


@click.command()
@inventory_argument
@format_options("findings")
@click.option("--strict", is_flag=True, help="Warnings, and secrets that can't be found here, are errors.")
@policy_option
@untrusted_option
@environment_option
@output_options
@click.pass_context
def validate(context: click.Context, inventory: Path | None, strict: bool) -> int:
    """Check the inventory without touching the network."""
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
