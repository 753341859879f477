"""`reconciler validate`: schema, references and rules, offline."""

from pathlib import Path

import click

from reconciler.cli.failures import INVALID, OK
from reconciler.cli.options import (
    environment_option,
    inventory_argument,
    output_options,
    policy_option,
    untrusted_option,
)
from reconciler.cli.screen import Screen
from reconciler.cli.steps import Found, load, without_secrets
from reconciler.diagnostics import Diagnostic, Severity, has_errors

FORMATS = ("text", "json", "github", "sarif", "junit")


@click.command()
@inventory_argument
@click.option("--format", "style", type=click.Choice(FORMATS), default="text", show_default=True, help="Output format.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--strict", is_flag=True, help="Warnings, and secrets that can't be found here, are errors.")
@policy_option
@untrusted_option
@environment_option
@output_options
@click.pass_context
def validate(context: click.Context, inventory: Path, style: str, as_json: bool, strict: bool) -> int:
    """Check the inventory without touching the network."""
    found = load(context, inventory)
    diagnostics = found.inventory.diagnostics if strict else without_secrets(found.inventory.diagnostics)
    _report(Screen.of(context), found, diagnostics, "json" if as_json else style, strict)
    warned = any(item.severity is Severity.WARNING for item in diagnostics)
    return INVALID if has_errors(diagnostics) or (strict and warned) else OK


def _report(screen: Screen, found: Found, diagnostics: tuple[Diagnostic, ...], style: str, strict: bool) -> None:
    from reconciler.report import json_report
    from reconciler.report.diagnostics import github_annotations, validate_lines

    resources = len(found.inventory.resources)
    if style == "json":
        screen.write(json_report.dump(json_report.validate_document(diagnostics, resources=resources)))
    elif style == "github":
        screen.write(github_annotations(diagnostics, root=found.root))
    elif style == "sarif":
        from reconciler import __version__
        from reconciler.report.sarif import sarif_document

        screen.write(json_report.dump(sarif_document(diagnostics, version=__version__, root=found.root)))
    elif style == "junit":
        from datetime import UTC, datetime

        from reconciler.report.junit import junit_document

        files = {item.source.file for item in found.inventory.resources if item.source}
        made = datetime.now(UTC)
        screen.write(junit_document(diagnostics, files=files, made=made, root=found.root, strict=strict))
    else:
        screen.show(validate_lines(diagnostics, resources=resources, files=found.files, root=found.root))
